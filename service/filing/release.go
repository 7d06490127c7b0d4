package filing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Imports lists the court's imports, the newest first; before is the id of the
// last one seen, 0 for the first page.
func (s *Service) Imports(ctx context.Context, by model.Actor, before int64, n int) ([]model.Import, error) {
	if err := by.Require(model.ActCaseFile); err != nil {
		return nil, err
	}
	return s.db.Imports(ctx, by.CourtID, before, n)
}

// ImportState is an import and how far its notices are.
type ImportState struct {
	model.Import
	Held    int64 // cases whose parties have not been told
	Pending int64 // entries of earlier performance that no judge has decided
	Samples []model.ImportSample
}

// Imported is an import of the court.
func (s *Service) Imported(ctx context.Context, by model.Actor, id int64) (*ImportState, error) {
	if err := by.Require(model.ActCaseFile); err != nil {
		return nil, err
	}
	m, err := s.db.Import(ctx, by.CourtID, id)
	if err != nil {
		return nil, err
	}
	out := &ImportState{Import: *m}
	if out.Held, err = s.db.CountUntold(ctx, id); err != nil {
		return nil, err
	}
	if out.Pending, err = s.db.CountPendingImported(ctx, by.CourtID, id); err != nil {
		return nil, err
	}
	out.Samples, err = s.db.ImportSamples(ctx, id)
	return out, err
}

// Sample is a notice as it would go out now.
type Sample struct {
	CaseID int64
	CaseNo string
	Party  model.Party
	Notice model.Notice // without a number: that is given when it goes out
}

// unnumbered stands for the number of a paper that is not made yet.
const unnumbered = "（放行时编号）"

// Sample shows one notice of a kind that an import will make, and records that
// the actor looked at it.
func (s *Service) Sample(ctx context.Context, by model.Actor, id int64, kind model.NoticeKind) (*Sample, error) {
	if err := by.Require(model.ActCaseFile); err != nil {
		return nil, err
	}
	var out *Sample
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		if _, err := tx.Import(ctx, by.CourtID, id); err != nil {
			return err
		}
		samples, err := tx.ImportSamples(ctx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(samples, func(x model.ImportSample) bool { return x.Kind == kind })
		if i < 0 {
			return model.E(model.NotFound, "import.no_sample", "这次导入没有这种通知")
		}
		if out, err = sampleOf(ctx, tx, samples[i]); err != nil {
			return err
		}
		return tx.LookAtSample(ctx, id, kind, by.UserID)
	})
	if err != nil {
		return nil, fmt.Errorf("sample of import %d: %w", id, err)
	}
	return out, nil
}

func sampleOf(ctx context.Context, tx *storage.DB, x model.ImportSample) (*Sample, error) {
	cs, err := tx.CaseByID(ctx, x.CaseID)
	if err != nil {
		return nil, err
	}
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return nil, err
	}
	debts, err := tx.Debts(ctx, *cs)
	if err != nil {
		return nil, err
	}
	out := &Sample{CaseID: cs.ID, CaseNo: cs.CaseNo}
	if i := slices.IndexFunc(debts.Parties, func(p model.Party) bool { return p.Ref == x.PartyRef }); i >= 0 {
		out.Party = debts.Parties[i]
	}
	switch x.Kind {
	case model.NoticeFiled:
		out.Notice = model.FiledNotice(*court, *cs, out.Party, unnumbered)
		return out, nil
	case model.NoticeInstrument:
		for _, n := range instrumentNotices(*court, planOf(*debts)) {
			if n.PartyID == out.Party.ID {
				out.Notice = n
			}
		}
		return out, nil
	default:
		out.Notice, err = sampleStep(ctx, tx, *court, debts, x.Kind, out.Party.ID)
		return out, err
	}
}

// sampleStep is the first notice of a kind that the schedule would send to the
// party, as if it were sent today.
func sampleStep(ctx context.Context, tx *storage.DB, court model.Court, debts *model.Debts, kind model.NoticeKind, partyID int64) (model.Notice, error) {
	names, err := tx.UserNames(ctx, []int64{debts.Case.JudgeID})
	if err != nil {
		return model.Notice{}, err
	}
	paid, err := tx.Payments(ctx, debts.Case.ID)
	if err != nil {
		return model.Notice{}, err
	}
	today, judge := model.DateOf(tx.Now()), names[debts.Case.JudgeID]
	for _, step := range debts.Steps(court.Settings.ScheduleFor(debts.Case.Kind), tx.Now()) {
		if step.Kind != kind || step.PartyID != partyID || step.TooLate(tx.Now()) {
			continue
		}
		facts := debts.ReminderFacts(court, judge, partyID, kind == model.NoticeSecondDemand, unnumbered, paid, today)
		if kind == model.NoticeCreditorSheet {
			periods, err := tx.Periods(ctx, *debts)
			if err != nil {
				return model.Notice{}, err
			}
			facts = debts.CreditorSheetFacts(court, judge, partyID, step.InstrumentID, unnumbered, paid, periods, today)
		}
		if n, ok := debts.StepNotice(court, step, facts, tx.Now()); ok {
			return n, nil
		}
	}
	return model.Notice{Kind: kind, Title: kind.Chinese(), Body: "按案件的现状，这种通知已经不需要发出（义务已履行或期限已过）。"}, nil
}

// planOf is who owes what to whom as a plan.
func planOf(d model.Debts) *plan {
	p := &plan{cs: d.Case, parties: d.Parties}
	refs := map[int64]string{}
	for _, party := range d.Parties {
		refs[party.ID] = party.Ref
	}
	for _, in := range d.Instruments {
		ip := instrumentPlan{in: in}
		for _, ob := range d.Obligations {
			if ob.Replaced() {
				continue
			}
			if ob.InstrumentID != in.ID {
				continue
			}
			op := obligationPlan{ob: ob, obligee: refs[ob.ObligeeID], installments: d.InstallmentsOf(ob.ID)}
			for _, id := range ob.JointIDs {
				op.joint = append(op.joint, refs[id])
			}
			for _, o := range d.Obligors {
				if o.ObligationID == ob.ID {
					op.obligors = append(op.obligors, refs[o.PartyID])
				}
			}
			ip.obligations = append(ip.obligations, op)
		}
		p.instruments = append(p.instruments, ip)
	}
	return p
}

// Release lets the notices of an import go, once one of each kind has been
// looked at: Conflict import.unseen otherwise. The program makes them within the
// next minutes (see Pass). A repeat changes nothing.
func (s *Service) Release(ctx context.Context, by model.Actor, id int64) (*ImportState, error) {
	if err := by.Require(model.ActCaseFile); err != nil {
		return nil, err
	}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		m, err := tx.LockImport(ctx, by.CourtID, id)
		if err != nil || !m.Waits() {
			return err
		}
		samples, err := tx.ImportSamples(ctx, id)
		if err != nil {
			return err
		}
		if err := m.Release(samples, by.UserID, tx.Now()); err != nil {
			return err
		}
		if err := tx.UpdateImport(ctx, m); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActCaseFile), model.AuditEvent{
			CourtID: m.CourtID, Action: model.AuditImportRelease, Subject: model.ThingImport.Of(m.ID), After: m,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("release import %d: %w", id, err)
	}
	return s.Imported(ctx, by, id)
}

// Pass makes the notices of imports that were released, or whose day has come,
// some cases at a time. It can stop at any moment and go on later.
func (s *Service) Pass(ctx context.Context) error {
	var errs error
	for after := int64(0); ctx.Err() == nil; {
		list, err := s.db.OpenImports(ctx, after, importBatch)
		if err != nil {
			return errors.Join(errs, err)
		}
		for _, m := range list {
			after = m.ID
			if m.Waits() && !m.Due(model.DefaultSchedule().SendHour, s.db.Now()) {
				continue
			}
			if err := s.tellAll(ctx, m); err != nil {
				errs = errors.Join(errs, fmt.Errorf("notices of import %d: %w", m.ID, err))
			}
		}
		if len(list) < importBatch {
			break
		}
	}
	return errs
}

// tellBatch is how many cases' parties are told in one transaction.
const tellBatch = 200

// tellAll tells the parties of an import's held cases. When those of a batch
// cannot be told they are told case by case: one that cannot be told stays held
// and keeps the import open, and the others go on.
func (s *Service) tellAll(ctx context.Context, m model.Import) (errs error) {
	after, n, single := int64(0), tellBatch, 0
	for ctx.Err() == nil {
		first, done, err := s.tellSome(ctx, m, after, n)
		switch {
		case done, first == 0, model.KindOf(err) == model.Unavailable:
			return errors.Join(errs, err)
		case err != nil && n > 1: // which of them is it?
			n, single = 1, tellBatch
			continue
		case err != nil:
			errs, after = errors.Join(errs, fmt.Errorf("case %d: %w", first, err)), first
		}
		if single--; single <= 0 {
			n = tellBatch
		}
	}
	return errs
}

// tellSome tells the parties of up to n held cases after one, and returns the
// first that it tried, 0 when there are none. Who has performed meanwhile, or
// is enforced against, needs no notice of voluntary performance any more.
func (s *Service) tellSome(ctx context.Context, open model.Import, after int64, n int) (first int64, done bool, err error) {
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		first, done = 0, false
		m, err := tx.LockImport(ctx, open.CourtID, open.ID)
		if err != nil {
			return err
		}
		if done = m.DoneAt != nil; done {
			return nil // another instance did it
		}
		now := tx.Now()
		if m.ReleasedAt == nil {
			m.ReleasedAt = &now
		}
		cases, err := tx.HeldCases(ctx, m.ID, after, n)
		if err != nil {
			return err
		}
		if len(cases) == 0 && after > 0 {
			return nil // those before wait
		}
		if len(cases) > 0 {
			first = cases[0].ID
		}
		if done = len(cases) == 0; done {
			m.DoneAt = &now
			return tx.UpdateImport(ctx, m)
		}
		if err := tx.UpdateImport(ctx, m); err != nil {
			return err
		}
		return s.tellCases(ctx, tx, m.CourtID, cases)
	})
	return first, done, err
}

func (s *Service) tellCases(ctx context.Context, tx *storage.DB, courtID int64, cases []model.Case) error {
	court, err := tx.Court(ctx, courtID)
	if err != nil {
		return err
	}
	if err := carry(ctx, tx, *court, cases); err != nil {
		return err
	}
	all, err := tx.DebtsOf(ctx, cases)
	if err != nil {
		return err
	}
	var plans []*plan
	ids := make([]int64, len(cases))
	for i, d := range all {
		ids[i] = d.Case.ID
		if d.Case.Performance != model.PerformanceFulfilled && d.Case.EnforcementFiledOn.IsZero() {
			plans = append(plans, planOf(d))
		}
	}
	if len(plans) > 0 {
		if err := s.notifyFiled(ctx, tx, *court, plans); err != nil {
			return err
		}
	}
	return tx.TellCases(ctx, ids)
}
