package penalty

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// StatementRequest asks for a statement (财产性判项履行情况说明) about a convict.
type StatementRequest struct {
	CaseID         int64
	PartyID        int64
	PrisonLetterID int64  // that it answers, 0 for none
	To             string // the authority; the letter's when empty
	ClosingNo      string // of the 结案通知书, "" when there is none
	ClosedOn       model.Date
	// ClosingFileID is the closing notice itself: what is closed is told with it
	// (减刑、假释财产性判项规定 13).
	ClosingFileID int64
	Note          string
	Key           string
}

// State makes the numbered statement from the ledger as it is now and freezes
// it. A repeat under the same key is the first one.
func (s *Service) State(ctx context.Context, by model.Actor, r StatementRequest) (*model.Document, error) {
	if err := by.Require(model.ActPenaltyManage); err != nil {
		return nil, err
	}
	d := &model.Document{}
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		*d = model.Document{ // without the number of a run that was undone
			CaseID: r.CaseID, PartyID: r.PartyID, Kind: model.DocumentPenaltyStatement, CreatedBy: by.UserID,
			DedupeKey: fmt.Sprintf("statement:%d:%s", by.UserID, r.Key),
		}
		cs, err := tx.LockCase(ctx, by, r.CaseID)
		if err != nil {
			return err
		}
		if err := notCriminal(cs); err != nil {
			return err
		}
		if pending, err := tx.PendingImported(ctx, cs.ID); err != nil {
			return err
		} else if pending {
			return model.ErrImportPending
		}
		court, err := tx.Court(ctx, cs.CourtID)
		if err != nil {
			return err
		}
		d.CourtID = cs.CourtID
		if known, err := tx.KnownDocument(ctx, d); err != nil || known {
			return err
		}
		if err := tx.NothingUndoable(ctx, cs.ID); err != nil {
			return err
		}
		if d.Facts, err = facts(ctx, tx, *court, cs, r); err != nil {
			return err
		}
		created, err := tx.CreateDocument(ctx, d, func() (string, error) { return number(ctx, tx, *court) })
		if err != nil || !created {
			return err
		}
		if r.ClosingFileID != 0 {
			if err := tx.KeepFile(ctx, r.ClosingFileID, cs.ID, by.UserID); err != nil {
				return model.InvalidField("closing_file_id", "file.unknown", "没有这个文件，请重新上传结案通知书").WithCause(err)
			}
		}
		return tx.Audit(by, by.RoleFor(model.ActPenaltyManage), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditStatementMake, CaseID: cs.ID, Subject: model.ThingDocument.Of(d.ID), After: []any{d.Number, r.ClosingFileID},
		})
	})
	if err != nil {
		return nil, fmt.Errorf("make statement: %w", err)
	}
	return d, nil
}

func number(ctx context.Context, tx *storage.DB, court model.Court) (string, error) {
	year := model.DateOf(tx.Now()).Year
	n, err := tx.NextSerial(ctx, court.ID, model.DocumentPenaltyStatement.Series(), year)
	return model.DocumentNumber(court.Settings.Pattern(model.DocumentPenaltyStatement), court.ShortName, year, n), err
}

// facts collects what the statement says.
func facts(ctx context.Context, tx *storage.DB, court model.Court, cs *model.Case, r StatementRequest) (model.DocumentFacts, error) {
	var none model.DocumentFacts
	today := model.DateOf(tx.Now())
	p, err := tx.Party(ctx, cs.ID, r.PartyID)
	if err != nil {
		return none, err
	}
	l, err := tx.PenaltyLedger(ctx, *cs)
	if err != nil {
		return none, err
	}
	st := &model.StatementFacts{
		PenaltyStatement: l.Statement(p.ID), To: strings.TrimSpace(r.To), Convict: p.Name, ConvictID: model.MaskID(p.IDNumber),
		ClosingNo: strings.TrimSpace(r.ClosingNo), ClosedOn: r.ClosedOn, Note: strings.TrimSpace(r.Note),
	}
	deposits, err := tx.CaseDeposits(ctx, cs.ID)
	if err != nil {
		return none, err
	}
	st.Held = model.HeldLines(deposits, p.ID)
	if len(st.Lines) == 0 && len(st.Held) == 0 {
		return none, model.InvalidField("party_id", "party.not_obligor", "所选的当事人没有财产性判项，也没有暂存款")
	}
	if r.PrisonLetterID != 0 {
		q, err := tx.CasePrisonLetter(ctx, cs.ID, r.PrisonLetterID)
		if err != nil || q.PartyID != p.ID {
			return none, model.InvalidField("prison_letter_id", "prison_letter.unknown", "没有这份公函，或公函不是关于该罪犯的").WithCause(err)
		}
		st.PrisonLetterNo, st.ReceivedOn = q.DocumentNo, q.ReceivedOn
		if st.To == "" {
			st.To = q.Asker
		}
	}
	long := func(s string, n int) bool { return utf8.RuneCountInString(s) > n }
	switch {
	case st.To == "" || long(st.To, 100):
		return none, model.InvalidField("to", "field.required", "请填写收函机关，不超过 100 字")
	case long(st.ClosingNo, 100) || long(st.Note, 500):
		return none, model.InvalidField("note", "field.too_long", "结案通知书编号不超过 100 字，说明不超过 500 字")
	}
	if err := st.CheckClosing(today); err != nil {
		return none, err
	}
	if (st.ClosingNo != "") != (r.ClosingFileID != 0) {
		return none, model.InvalidField("closing_file_id", "statement.closing_file", "已经执行结案的，应当附结案通知书；未结案的不附")
	}
	judgment(st, l, p.ID, today)
	judge, err := tx.User(ctx, cs.JudgeID)
	if err != nil {
		return none, err
	}
	f := model.CaseFacts(model.DocumentPenaltyStatement, court, *cs, *p, judge.Name, "", today)
	f.Statement = st
	return f, nil
}

// judgment names the instruments that hold the convict's items.
func judgment(st *model.StatementFacts, l *model.PenaltyLedger, partyID int64, today model.Date) {
	var names []string
	st.Effective = true
	for _, in := range l.Instruments {
		holds := slices.ContainsFunc(l.Obligations, func(ob model.Obligation) bool {
			return ob.InstrumentID == in.ID && slices.ContainsFunc(l.Obligors, func(o model.Obligor) bool {
				return o.ObligationID == ob.ID && o.PartyID == partyID
			})
		})
		if holds {
			names = append(names, in.Kind.Chinese()+in.Number)
			st.Effective = st.Effective && !in.EffectiveOn.IsZero() && !in.EffectiveOn.After(today)
			st.MadeOn = in.MadeOn
		}
	}
	st.Effective = st.Effective && len(names) > 0
	if len(names) > 1 {
		st.MadeOn = model.Date{} // each has its own
	}
	st.Judgment = strings.Join(names, "、")
}
