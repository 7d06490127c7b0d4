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

// Letter is a letter by which an authority asks, as it came in.
type Letter struct {
	CaseID     int64
	PartyID    int64
	AskerKind  model.AskerKind
	Asker      string
	DocumentNo string
	ReceivedOn model.Date
	Note       string
}

func (l *Letter) check(today model.Date) error {
	l.Asker, l.DocumentNo, l.Note = strings.TrimSpace(l.Asker), strings.TrimSpace(l.DocumentNo), strings.TrimSpace(l.Note)
	long := func(s string, n int) bool { return utf8.RuneCountInString(s) > n }
	switch {
	case l.AskerKind.Chinese() == "":
		return model.InvalidField("asker_kind", "prison_letter.asker", "请选择来函机关的种类")
	case l.Asker == "" || long(l.Asker, 100):
		return model.InvalidField("asker", "field.required", "请填写来函机关的名称，不超过 100 字")
	case l.DocumentNo == "" || long(l.DocumentNo, 100):
		return model.InvalidField("document_no", "field.required", "请填写来函文号，不超过 100 字；没有文号的写明“无”及来函日期")
	case l.ReceivedOn.IsZero():
		return model.InvalidField("received_on", "field.required", "请填写收到公函的日期")
	case l.ReceivedOn.After(today):
		return model.InvalidField("received_on", "date.future", "收到公函的日期不能晚于今天")
	case long(l.Note, 500):
		return model.InvalidField("note", "field.too_long", "备注不能超过 500 字")
	}
	return nil
}

// Register enters a letter: its clock starts, the judge is told and gets a task.
// The letter is its natural key: the same letter about the same convict again is
// the first one; with anything else in it it is refused.
func (s *Service) Register(ctx context.Context, by model.Actor, l Letter) (*model.PrisonLetter, error) {
	if err := by.Require(model.ActPenaltyManage); err != nil {
		return nil, err
	}
	var out model.PrisonLetter
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, l.CaseID)
		if err != nil {
			return err
		}
		if err := notCriminal(cs); err != nil {
			return err
		}
		if err := l.check(model.DateOf(tx.Now())); err != nil {
			return err
		}
		if err := model.Past("案件立案", cs.FiledOn, model.DateOf(tx.Now())).Check("received_on", "date.range", l.ReceivedOn); err != nil {
			return err
		}
		p, err := tx.Party(ctx, cs.ID, l.PartyID)
		if err != nil {
			return err
		}
		debtors, err := tx.Obligors(ctx, cs.ID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(debtors, func(o model.Obligor) bool { return o.PartyID == p.ID }) {
			return model.InvalidField("party_id", "party.not_obligor", "所选的当事人没有财产性判项")
		}
		days, err := tx.Calendar(ctx)
		if err != nil {
			return err
		}
		key := fmt.Sprintf("%d:%d:%s:%s", cs.ID, p.ID, tx.LookupHash("prison_letter", model.NormalizeName(l.Asker))[:32], tx.LookupHash("prison_letter", model.NormalizeSerial(l.DocumentNo))[:32])
		due := model.PrisonLetterDue(days, l.AskerKind, l.ReceivedOn)
		out = model.PrisonLetter{
			CourtID: cs.CourtID, CaseID: cs.ID, PartyID: p.ID, AskerKind: l.AskerKind, Asker: l.Asker, DocumentNo: l.DocumentNo, ReceivedOn: l.ReceivedOn,
			Note: l.Note, DueOn: due.Last, DueReason: due.Reason, State: model.PrisonLetterOpen, RegisteredBy: by.UserID, ActiveKey: &key, Version: 1,
		}
		created, err := tx.CreatePrisonLetter(ctx, &out)
		if err != nil {
			return err
		}
		if !created {
			if out.ReceivedOn != l.ReceivedOn || out.AskerKind != l.AskerKind || out.Note != l.Note {
				return model.InvalidField("document_no", "prison_letter.exists", "该公函已经登记，且内容不同，请核对；登记有误的，先作废再重新登记")
			}
			return nil
		}
		if err := tx.AddNotice(ctx, model.PrisonLetterRegisteredNotice(*cs, out, p.Name)); err != nil {
			return err
		}
		if _, err := tx.AddTask(ctx, model.PrisonLetterTask(*cs, out, p.Name)); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActPenaltyManage), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditPrisonLetterRegister, CaseID: cs.ID, Subject: model.ThingPrisonLetter.Of(out.ID), After: out,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("register letter: %w", err)
	}
	return &out, nil
}

// PrisonLetters lists prison letters in the order of their clocks: a judge's own, the
// court's for everybody else who may see them.
func (s *Service) PrisonLetters(ctx context.Context, by model.Actor, f model.PrisonLetterFilter) ([]model.PrisonLetterLine, error) {
	if err := by.Require(model.ActPenaltyRead); err != nil {
		return nil, err
	}
	f.JudgeID = by.Owner().JudgeID
	if by.Has(model.RoleOfficer) {
		f.JudgeID = 0 // an officer sees the court's cases
	}
	return s.db.PrisonLetters(ctx, by, f)
}

// Waiting counts the prison letters of PrisonLetters that wait for an answer, and those of
// them that are late.
func (s *Service) Waiting(ctx context.Context, by model.Actor) (open, late int64, err error) {
	if err := by.Require(model.ActPenaltyRead); err != nil {
		return 0, 0, err
	}
	f := model.PrisonLetterFilter{JudgeID: by.Owner().JudgeID, State: model.PrisonLetterOpen}
	if open, err = s.db.CountPrisonLetters(ctx, by.CourtID, f); err != nil || open == 0 {
		return open, 0, err
	}
	f.LateOn = model.DateOf(s.db.Now())
	late, err = s.db.CountPrisonLetters(ctx, by.CourtID, f)
	return open, late, err
}

// PrisonLetter is one letter.
func (s *Service) PrisonLetter(ctx context.Context, by model.Actor, id int64) (*model.PrisonLetter, error) {
	if err := by.Require(model.ActPenaltyRead); err != nil {
		return nil, err
	}
	return s.db.PrisonLetter(ctx, by, id)
}

// Reply is how the answer to a prison's letter was sent.
type Reply struct {
	PrisonLetterID int64
	Version        int64
	DocumentID     int64
	SentOn         model.Date
	Method         model.AnswerMethod
	Proof          string
	ProofFileID    int64
	Key            string
}

// Answer records that the statement was sent, how and with what proof. The
// letter's task ends with it. A repeat under the same key is the first answer; a
// second answer is a Conflict.
func (s *Service) Answer(ctx context.Context, by model.Actor, r Reply) (*model.PrisonLetter, error) {
	return s.decide(ctx, by, r.PrisonLetterID, model.AuditPrisonLetterAnswer, func(tx *storage.DB, q *model.PrisonLetter) (done bool, err error) {
		if done, err := tx.Repeated(ctx, by, model.ThingPrisonLetter.Of(q.ID), r.Version, q.Version, "answer", r); err != nil || done {
			return done, err
		}
		if q.State == model.PrisonLetterOpen && q.Version != r.Version {
			return false, errPrisonLetterChanged
		}
		a := model.Answer{SentOn: r.SentOn, Method: r.Method, Proof: r.Proof, ProofFileID: r.ProofFileID, Key: r.Key}
		if d, err := tx.Document(ctx, by, r.DocumentID); err == nil {
			a.Statement = *d
		} else if model.KindOf(err) != model.NotFound {
			return false, err
		}
		if err := q.Answer(a, by.UserID, model.DateOf(tx.Now())); err != nil {
			return false, err
		}
		if r.ProofFileID != 0 {
			if err := tx.KeepFile(ctx, r.ProofFileID, q.CaseID, by.UserID); err != nil {
				return false, model.InvalidField("proof_file_id", "file.unknown", "没有这个文件，请重新上传").WithCause(err)
			}
		}
		return false, tx.EndTasks(ctx, model.TaskDone, by.UserID, "已答复："+q.Method.Chinese()+"，"+q.SentOn.Chinese(), model.TaskMatch{CaseID: q.CaseID, Subject: model.ThingPrisonLetter.Of(q.ID)})
	})
}

// Void records that a prison's letter needs no answer: the authority took it back, or
// it was registered by mistake. Its task ends.
func (s *Service) Void(ctx context.Context, by model.Actor, id, seen int64, reason string) (*model.PrisonLetter, error) {
	return s.decide(ctx, by, id, model.AuditPrisonLetterVoid, func(tx *storage.DB, q *model.PrisonLetter) (done bool, err error) {
		if done, err := tx.Repeated(ctx, by, model.ThingPrisonLetter.Of(q.ID), seen, q.Version, "void", reason); err != nil || done {
			return done, err
		}
		if q.State == model.PrisonLetterOpen && q.Version != seen {
			return false, errPrisonLetterChanged
		}
		if err := q.Void(reason); err != nil {
			return false, err
		}
		return false, tx.EndTasks(ctx, model.TaskCancelled, by.UserID, "公函已作废", model.TaskMatch{CaseID: q.CaseID, Subject: model.ThingPrisonLetter.Of(q.ID)})
	})
}

var errPrisonLetterChanged = model.E(model.Conflict, "prison_letter.changed", "内容刚刚被其他人更新，请刷新后再操作")

// decide runs f on an open prison's letter under the lock of its case.
func (s *Service) decide(ctx context.Context, by model.Actor, id int64, action model.AuditAction, f func(tx *storage.DB, q *model.PrisonLetter) (done bool, err error)) (*model.PrisonLetter, error) {
	if err := by.Require(model.ActPenaltyManage); err != nil {
		return nil, err
	}
	var out *model.PrisonLetter
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		q, cs, err := tx.LockPrisonLetter(ctx, by, id)
		if err != nil {
			return err
		}
		before := *q
		out = q
		done, err := f(tx, q)
		if err != nil || done {
			return err
		}
		if err := tx.UpdatePrisonLetter(ctx, q, q.Version); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActPenaltyManage), model.AuditEvent{
			CourtID: cs.CourtID, Action: action, CaseID: cs.ID, Subject: model.ThingPrisonLetter.Of(q.ID), Before: before, After: q,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", action, id, err)
	}
	return out, nil
}
