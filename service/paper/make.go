package paper

import (
	"context"
	"fmt"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Request asks for a paper of a case by hand.
type Request struct {
	Kind         model.DocumentKind
	CaseID       int64
	PartyID      int64 // of a demand or a creditor's sheet
	InstrumentID int64 // of a creditor's sheet
	ContactID    int64 // of a contact record
	NoticeID     int64 // of a proof of service
	DepositID    int64 // of a payer's wish
	Key          string
}

// MakeByHand makes a numbered paper by hand: a demand, a creditor's sheet, the
// record of a contact, the proof of a notice's service, or the wish of a deposit's
// payer for him to sign. A repeat under the
// same key is the first paper.
func (s *Service) MakeByHand(ctx context.Context, by model.Actor, r Request) (*model.Document, error) {
	switch r.Kind {
	case model.DocumentReminder, model.DocumentCreditorSheet:
		return s.make(ctx, by, r.Kind, r.CaseID, r.PartyID, 0, r.Key,
			func(tx *storage.DB, court model.Court, cs model.Case, judge string) (model.DocumentFacts, error) {
				if err := tx.NothingUndoable(ctx, cs.ID); err != nil {
					return model.DocumentFacts{}, err
				}
				return debtFacts(ctx, tx, court, cs, judge, r)
			})
	case model.DocumentContactRecord:
		return s.make(ctx, by, r.Kind, r.CaseID, 0, 0, r.Key,
			func(tx *storage.DB, court model.Court, cs model.Case, judge string) (model.DocumentFacts, error) {
				return contactFacts(ctx, tx, court, cs, judge, r.ContactID)
			})
	case model.DocumentServiceProof:
		p, err := s.cfg.Proofs.ProofOf(ctx, by, r.CaseID, r.NoticeID)
		if err != nil {
			return nil, err
		}
		return s.make(ctx, by, r.Kind, r.CaseID, p.Party.ID, r.NoticeID, r.Key,
			func(tx *storage.DB, court model.Court, cs model.Case, judge string) (model.DocumentFacts, error) {
				return proofFacts(court, cs, judge, *p, tx.Now()), nil
			})
	case model.DocumentDepositWish:
		d, err := s.depositOf(ctx, by, r.CaseID, r.DepositID)
		if err != nil {
			return nil, err
		}
		return s.make(ctx, by, r.Kind, r.CaseID, d.PartyID, 0, r.Key,
			func(tx *storage.DB, court model.Court, cs model.Case, judge string) (model.DocumentFacts, error) {
				return wishFacts(ctx, tx, court, cs, judge, d.ID)
			})
	default: // the others are made by filing and by issuing a binding code
		return nil, model.InvalidField("kind", "document.kind", "只能手工制作催告书、权利人须知、联系记录、送达凭证和暂存款缴款意愿书")
	}
}

// depositOf is a deposit of the case that the actor may see.
func (s *Service) depositOf(ctx context.Context, by model.Actor, caseID, id int64) (*model.Deposit, error) {
	list, err := s.db.Deposits(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		if d.ID == id {
			return &d, nil
		}
	}
	return nil, model.E(model.NotFound, "deposit.not_found", "没有找到，或您无权查看")
}

func wishFacts(ctx context.Context, tx *storage.DB, court model.Court, cs model.Case, judge string, id int64) (model.DocumentFacts, error) {
	d, err := tx.DepositByID(ctx, id)
	if err != nil {
		return model.DocumentFacts{}, err
	}
	p, err := tx.Party(ctx, cs.ID, d.PartyID)
	if err != nil {
		return model.DocumentFacts{}, err
	}
	return d.WishFacts(court, cs, *p, judge, model.DateOf(tx.Now()))
}

func debtFacts(ctx context.Context, tx *storage.DB, court model.Court, cs model.Case, judge string, r Request) (model.DocumentFacts, error) {
	if _, err := tx.Party(ctx, cs.ID, r.PartyID); err != nil {
		return model.DocumentFacts{}, err
	}
	debts, err := tx.Debts(ctx, cs)
	if err != nil {
		return model.DocumentFacts{}, err
	}
	paid, err := tx.Payments(ctx, cs.ID)
	if err != nil {
		return model.DocumentFacts{}, err
	}
	today := model.DateOf(tx.Now())
	f := debts.ReminderFacts(court, judge, r.PartyID, false, "", paid, today)
	if r.Kind == model.DocumentCreditorSheet {
		periods, err := tx.Periods(ctx, *debts)
		if err != nil {
			return model.DocumentFacts{}, err
		}
		f = debts.CreditorSheetFacts(court, judge, r.PartyID, r.InstrumentID, "", paid, periods, today)
	}
	if len(f.Items) == 0 {
		return f, model.E(model.Conflict, "document.nothing_open", "没有需要催告或者告知的未履行义务")
	}
	return f, nil
}

func contactFacts(ctx context.Context, tx *storage.DB, court model.Court, cs model.Case, judge string, contactID int64) (model.DocumentFacts, error) {
	c, err := tx.CaseContact(ctx, cs.ID, contactID)
	if err != nil {
		return model.DocumentFacts{}, err
	}
	var p model.Party
	if c.PartyID != 0 {
		of, err := tx.Party(ctx, cs.ID, c.PartyID)
		if err != nil {
			return model.DocumentFacts{}, err
		}
		p = *of
	}
	author, err := tx.User(ctx, c.ByUserID)
	if err != nil {
		return model.DocumentFacts{}, err
	}
	f := model.CaseFacts(model.DocumentContactRecord, court, cs, p, judge, "", model.DateOf(tx.Now()))
	f.Channel, f.HappenedAt, f.Note, f.Recorder = c.Channel.Chinese(), c.HappenedAt, c.Note, author.Name
	return f, nil
}

// proofFacts tells the whole service of a notice in the order of time.
func proofFacts(court model.Court, cs model.Case, judge string, p model.ServiceProof, now time.Time) model.DocumentFacts {
	f := model.CaseFacts(model.DocumentServiceProof, court, cs, p.Party, judge, "", model.DateOf(now))
	f.PaperTitle, f.PaperNumber, f.Rule = p.Notice.Title, p.Notice.Number, p.RuleText()
	if p.Rule != model.NotServed {
		f.ServedAt = p.ServedAt
	}
	f.Trail = p.Trail()
	return f
}

// PrintPerformanceNotice prints the 《自动履行告知书》 with a binding code that was
// just issued: the paper is the only place where the code is ever readable.
func (s *Service) PrintPerformanceNotice(ctx context.Context, by model.Actor, code *model.IssuedCode) ([]byte, error) {
	f, err := s.codeFacts(ctx, model.DocumentPerformanceNotice, code)
	if err != nil {
		return nil, fmt.Errorf("print notice: %w", err)
	}
	if f.Number, err = s.db.NoticeNumber(ctx, code.Party.ID, model.NoticeFiled); err != nil {
		return nil, fmt.Errorf("print notice: %w", err)
	}
	return s.PrintOnce(ctx, by, code.Case.CourtID, code.Case.ID, f)
}

// PrintBindingSlip prints a slip with a binding code that was just issued. The
// number and the slip without its code are kept.
func (s *Service) PrintBindingSlip(ctx context.Context, by model.Actor, code *model.IssuedCode) ([]byte, error) {
	f, err := s.codeFacts(ctx, model.DocumentBindingSlip, code)
	if err != nil {
		return nil, fmt.Errorf("print slip: %w", err)
	}
	d, err := s.make(ctx, by, model.DocumentBindingSlip, code.Case.ID, code.Party.ID, 0, "slip:"+s.db.LookupHash(storage.LookupCode, code.Code)[:32],
		func(*storage.DB, model.Court, model.Case, string) (model.DocumentFacts, error) { return f, nil })
	if err != nil {
		return nil, err
	}
	f.Number = d.Number
	return s.PrintOnce(ctx, by, code.Case.CourtID, code.Case.ID, f)
}

// PrintRelativeSlip prints a slip with a code for a debtor's family that was just
// issued. The number and the slip without its code are kept.
func (s *Service) PrintRelativeSlip(ctx context.Context, by model.Actor, code *model.FamilyCode) ([]byte, error) {
	e := code.Enforcement
	var f model.DocumentFacts
	d, err := s.make(ctx, by, model.DocumentRelativeSlip, e.CaseID, code.PartyID, 0, "family:"+s.db.LookupHash(storage.LookupCode, code.Code)[:32],
		func(tx *storage.DB, court model.Court, cs model.Case, _ string) (model.DocumentFacts, error) {
			p, err := tx.Party(ctx, cs.ID, code.PartyID)
			if err != nil {
				return f, err
			}
			names, err := tx.UserNames(ctx, []int64{e.OfficerID})
			if err != nil {
				return f, err
			}
			f = model.CaseFacts(model.DocumentRelativeSlip, court, cs, *p, names[e.OfficerID], "", model.DateOf(tx.Now()))
			f.Code, f.Scene, f.CodeExpires, f.EnforcementNo = code.Code, code.Scene, model.DateOf(code.ExpiresAt).AddDays(-1), e.CaseNo
			return f, nil
		})
	if err != nil {
		return nil, err
	}
	f.Number = d.Number
	return s.PrintOnce(ctx, by, e.CourtID, e.CaseID, f)
}

func (s *Service) codeFacts(ctx context.Context, kind model.DocumentKind, code *model.IssuedCode) (model.DocumentFacts, error) {
	judge, err := s.db.User(ctx, code.Case.JudgeID)
	if err != nil {
		return model.DocumentFacts{}, err
	}
	f := model.CaseFacts(kind, code.Court, code.Case, code.Party, judge.Name, "", model.DateOf(s.db.Now()))
	f.Code, f.Scene, f.CodeExpires = code.Code, code.Scene, model.DateOf(code.ExpiresAt).AddDays(-1)
	return f, nil
}
