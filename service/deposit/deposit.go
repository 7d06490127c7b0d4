// Package deposit is money that an accused, or his family, pays into the court's
// account of his own accord before there is a judgment (暂存款): entered with his
// written wish, verified by the judge, kept apart from performance, set off when
// the judgment takes effect, and given back where nothing is left to set it off
// against.
package deposit

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Ledger is the ledger of performance.
type Ledger interface {
	// SetOff enters that money paid before the judgment pays items of it; reason is
	// why a later item is paid while an earlier one is open.
	SetOff(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt, shares []model.Share, reason string) error
}

// Service is the area.
type Service struct {
	db     *storage.DB
	ledger Ledger
}

// New makes the service.
func New(db *storage.DB, ledger Ledger) *Service { return &Service{db, ledger} }

// Submit takes the record of money that was paid, from the accused's side by
// phone or from a clerk at the window. A repeat under the same key is the first.
// The judge gets a task, a defender is told.
func (s *Service) Submit(ctx context.Context, by model.Actor, d model.Deposit) (*model.Deposit, error) {
	if err := by.Require(model.ActDepositMake); err != nil {
		return nil, err
	}
	var out *model.Deposit
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		d := d // a run that is undone leaves nothing in it
		cs, err := lock(ctx, tx, by, &d)
		if err != nil {
			return err
		}
		if out, err = tx.DepositByKey(ctx, by.UserID, d.IdemKey); err != nil || out != nil {
			return err
		}
		p, err := accused(ctx, tx, by, cs, &d)
		if err != nil {
			return err
		}
		if err := d.Check(model.DateOf(tx.Now())); err != nil {
			return err
		}
		if judged, err := judged(ctx, tx, cs.ID, p.ID, d.Purpose); err != nil {
			return err
		} else if judged {
			return model.E(model.Conflict, "deposit.judged", "判决（或者附带民事调解书）已经生效，不再收取该用途的暂存款；请按判项付款并提交汇款回执")
		}
		if err := keepFile(ctx, tx, by, cs.ID, "proof_file_id", d.ProofFileID); err != nil {
			return err
		}
		if err := keepFile(ctx, tx, by, cs.ID, "wish_file_id", d.WishFileID); err != nil {
			return err
		}
		d.CourtID, d.UserID, d.State = cs.CourtID, by.UserID, model.DepositSubmitted
		if told, err := tx.CounselOf(ctx, p.ID); err != nil {
			return err
		} else if told {
			now := tx.Now()
			d.CounselTold = &now
		}
		if err := tx.CreateDeposit(ctx, &d); err != nil {
			return err
		}
		out = &d
		if err := tellRelative(ctx, tx, d); err != nil {
			return err
		}
		for _, n := range []model.Notice{model.DepositReceivedNotice(*cs, d), model.DepositSubmittedNotice(*cs, d, p.Name)} {
			if err := tx.AddNotice(ctx, n); err != nil {
				return err
			}
		}
		if err := task(ctx, tx, *cs, d, model.TaskDepositVerify, p.Name); err != nil {
			return err
		}
		return audit(tx, by, model.ActDepositMake, model.AuditDepositSubmit, nil, d)
	})
	if err != nil {
		return nil, fmt.Errorf("submit deposit: %w", err)
	}
	return out, nil
}

// lock locks the case of somebody who enters money: a party's or the court's own,
// or that of the accused to whom a relative is connected. What a relative enters he
// paid himself.
func lock(ctx context.Context, tx *storage.DB, by model.Actor, d *model.Deposit) (*model.Case, error) {
	if d.RelativeID == 0 {
		return tx.LockCase(ctx, by, d.CaseID)
	}
	r, err := tx.AdmittedRelative(ctx, by, d.RelativeID)
	if err != nil {
		return nil, err
	}
	d.CaseID, d.PartyID, d.PayerKind, d.PayerName = r.CaseID, r.PartyID, model.PayerRelative, r.Name
	cs, err := tx.LockCaseByID(ctx, d.CaseID)
	if err != nil {
		return nil, err
	}
	_, err = tx.AdmittedRelative(ctx, by, d.RelativeID) // as it is under the lock
	return cs, err
}

// tellRelative tells the relative who paid what became of it, also one who is not
// connected any more: it is his money.
func tellRelative(ctx context.Context, tx *storage.DB, d model.Deposit) error {
	if d.RelativeID == 0 {
		return nil
	}
	r, err := tx.RelativeByID(ctx, d.RelativeID)
	if err != nil {
		return err
	}
	return tx.AddNotice(ctx, model.RelativeDepositNotice(*r, d))
}

// mine refuses that the accused's side disposes of what a relative paid: it is his
// to take back, and his to say what it is for.
func mine(by model.Actor, d model.Deposit) error {
	if by.IsParty() && d.RelativeID != 0 && d.UserID != by.UserID {
		return model.E(model.Conflict, "deposit.payer_only", "这笔暂存款由家属本人缴纳和登记，只能由其本人撤回、要求退还或者改变用途")
	}
	return nil
}

// OfRelative are the deposits that a relative paid by his own phone, for himself
// alone: nothing else of the case.
func (s *Service) OfRelative(ctx context.Context, by model.Actor, relativeID int64) ([]Line, error) {
	if err := by.Require(model.ActDepositRead); err != nil {
		return nil, err
	}
	r, err := s.db.AdmittedRelative(ctx, by, relativeID)
	if err != nil {
		return nil, err
	}
	list, err := s.db.RelativeDeposits(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	return s.lines(ctx, list)
}

// lines are deposits with what belongs to them, in one question each.
func (s *Service) lines(ctx context.Context, list []model.Deposit) ([]Line, error) {
	ids := make([]int64, len(list))
	for i, d := range list {
		ids[i] = d.ID
	}
	entries, err := s.db.DepositEntries(ctx, ids)
	if err != nil {
		return nil, err
	}
	wishes, err := s.db.DepositWishes(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Line, len(list))
	for i, d := range list {
		out[i] = Line{Deposit: d, Entries: entries[d.ID], Wishes: wishes[d.ID]}
	}
	return out, nil
}

// keepFile attaches a file of the field to the case; 0 is none.
func keepFile(ctx context.Context, tx *storage.DB, by model.Actor, caseID int64, field string, id int64) error {
	if id == 0 {
		return nil
	}
	err := tx.KeepFile(ctx, id, caseID, by.UserID)
	if k := model.KindOf(err); err != nil && (k == model.NotFound || k == model.Conflict) {
		return model.InvalidField(field, "file.unknown", "没有这个文件，或者已经用过，请重新上传").WithCause(err)
	}
	return err
}

// accused is the accused for whom somebody enters money: the one for whom he
// acts, or whom the clerk names.
func accused(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, d *model.Deposit) (*model.Party, error) {
	if cs.Kind != model.CaseCriminal {
		return nil, model.E(model.Conflict, "penalty.not_criminal", "只有刑事案件有财产性判项")
	}
	list, err := tx.Parties(ctx, cs.ID)
	if by.IsParty() && d.RelativeID == 0 {
		list, err = tx.PartiesOf(ctx, cs.ID, by.UserID)
	}
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(p model.Party) bool { return p.Role != model.Accused || d.PartyID != 0 && p.ID != d.PartyID })
	if len(list) != 1 {
		return nil, model.InvalidField("party_id", "deposit.not_accused", "请选择为哪一名被告人缴纳；您不是被告人一方的，不能登记暂存款")
	}
	d.PartyID = list[0].ID
	return &list[0], nil
}

func judged(ctx context.Context, tx *storage.DB, caseID, partyID int64, purpose model.DepositPurpose) (bool, error) {
	instruments, err := tx.Instruments(ctx, caseID)
	if err != nil || len(instruments) == 0 {
		return false, err
	}
	obligations, err := tx.Obligations(ctx, caseID)
	if err != nil {
		return false, err
	}
	obligors, err := tx.Obligors(ctx, caseID)
	return purpose.Judged(model.DateOf(tx.Now()), partyID, instruments, obligations, obligors), err
}

// task starts a clock of the judge.
func task(ctx context.Context, tx *storage.DB, cs model.Case, d model.Deposit, kind model.TaskKind, name string) error {
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	due, why := model.DepositClock(days, kind, model.DateOf(tx.Now()))
	_, err = tx.AddTask(ctx, model.DepositTask(cs, d, kind, name, due, why))
	return err
}

// end ends the open tasks of some kinds about a deposit.
func end(ctx context.Context, tx *storage.DB, by model.Actor, d model.Deposit, result string, kinds ...model.TaskKind) error {
	return tx.EndTasks(ctx, model.TaskDone, by.UserID, result, model.TaskMatch{CaseID: d.CaseID, Kinds: kinds, Subject: model.ThingDeposit.Of(d.ID)})
}

func audit(tx *storage.DB, by model.Actor, act model.Act, action model.AuditAction, before any, d model.Deposit) error {
	return tx.Audit(by, by.RoleFor(act), model.AuditEvent{
		CourtID: d.CourtID, Action: action, CaseID: d.CaseID, Subject: model.ThingDeposit.Of(d.ID), Before: before, After: d,
	})
}

// Line is a deposit with its ledger.
type Line struct {
	model.Deposit
	Accused string
	Entries []model.DepositEntry
	// Wishes are the payer's later wishes about what it is for, oldest first.
	Wishes []model.DepositWish
	// Judged tells whether the judgment about the accused is in effect.
	Judged bool
	// OwnHand is why the reader may not decide about it, "" when he may.
	OwnHand string
}

// Penalty is an accused's own page: what he was judged to pay and how far it is
// done, and apart from that what was paid before.
type Penalty struct {
	Accused model.Party
	model.PenaltyStatement
	Judged   bool
	Deposits []Line
}

// Penalties is how it stands with each accused of a case whom the actor may ask
// about: his own side for a party, all for the court's people.
func (s *Service) Penalties(ctx context.Context, by model.Actor, caseID int64) ([]Penalty, error) {
	if err := by.Require(model.ActDepositRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	if cs.Kind != model.CaseCriminal {
		return nil, model.E(model.Conflict, "penalty.not_criminal", "只有刑事案件有财产性判项")
	}
	parties, err := s.db.Parties(ctx, caseID)
	if by.IsParty() {
		parties, err = s.db.PartiesOf(ctx, caseID, by.UserID)
	}
	if err != nil {
		return nil, err
	}
	l, err := s.db.PenaltyLedger(ctx, *cs)
	if err != nil {
		return nil, err
	}
	list, err := s.db.Deposits(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	deposits, err := s.lines(ctx, list)
	if err != nil {
		return nil, err
	}
	today := model.DateOf(s.db.Now())
	ownHand := map[int64]string{} // by who entered it: asked once for each
	var out []Penalty
	for _, p := range parties {
		if p.Role != model.Accused {
			continue
		}
		v := Penalty{
			Accused: p, PenaltyStatement: l.Statement(p.ID),
			// While the judgment itself is out, money can still be entered.
			Judged: model.DepositFine.Judged(today, p.ID, l.Instruments, l.Obligations, l.Obligors),
		}
		for _, line := range deposits {
			if line.PartyID != p.ID {
				continue
			}
			line.Accused, line.Judged = p.Name, line.Purpose.Judged(today, p.ID, l.Instruments, l.Obligations, l.Obligors)
			if mine(by, line.Deposit) != nil {
				line.PayerAccount = "" // the relative's own
			}
			if !by.IsParty() && line.State == model.DepositSubmitted {
				if _, asked := ownHand[line.UserID]; !asked {
					if ownHand[line.UserID], err = s.db.OwnHand(ctx, model.MatterDeposit, by.UserID, line.UserID); err != nil {
						return nil, err
					}
				}
				line.OwnHand = ownHand[line.UserID]
			}
			v.Deposits = append(v.Deposits, line)
		}
		out = append(out, v)
	}
	return out, nil
}

// Pass gives the judge a task for what is held where the judgment about the
// accused took effect: to set it off, or to give it back.
func (s *Service) Pass(ctx context.Context) error {
	const batch = 200
	var errs error
	today := model.DateOf(s.db.Now())
	for after := int64(0); ctx.Err() == nil; {
		list, err := s.db.DepositsToSettle(ctx, today, after, batch)
		if err != nil {
			return errors.Join(errs, err)
		}
		for _, d := range list {
			after = d.ID
			if err := s.db.Transact(ctx, func(tx *storage.DB) error { return settle(ctx, tx, d) }); err != nil {
				errs = errors.Join(errs, fmt.Errorf("deposit %d: %w", d.ID, err))
			}
		}
		if len(list) < batch {
			break
		}
	}
	return errs
}

func settle(ctx context.Context, tx *storage.DB, d model.Deposit) error {
	cs, err := tx.LockCaseByID(ctx, d.CaseID)
	if err != nil {
		return err
	}
	now, err := tx.DepositByID(ctx, d.ID)
	if err != nil || now.State != model.DepositHeld {
		return err
	}
	if judged, err := judged(ctx, tx, cs.ID, d.PartyID, d.Purpose); err != nil || !judged {
		return err
	}
	p, err := tx.Party(ctx, cs.ID, d.PartyID)
	if err != nil {
		return err
	}
	return task(ctx, tx, *cs, *now, model.TaskDepositSettle, p.Name)
}

// Line is a deposit that the actor may see, with its ledger and the payer's later
// wishes, oldest first.
func (s *Service) Line(ctx context.Context, by model.Actor, id int64) (*Line, error) {
	if err := by.Require(model.ActDepositRead); err != nil {
		return nil, err
	}
	d, err := s.db.Deposit(ctx, by, id)
	if err != nil {
		return nil, err
	}
	out, err := s.lines(ctx, []model.Deposit{*d})
	if err != nil {
		return nil, err
	}
	return &out[0], nil
}
