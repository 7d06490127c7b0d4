package agency

import (
	"context"
	"errors"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// DutyLine is a duty with its agency's name.
type DutyLine struct {
	model.AgencyDuty
	Agency string
}

// Duties lists the court's duties.
func (s *Service) Duties(ctx context.Context, by model.Actor, f model.AgencyDutyFilter) ([]DutyLine, error) {
	if err := by.Require(model.ActAgencyRead); err != nil {
		return nil, err
	}
	f.CourtID = by.CourtID
	list, err := s.db.AgencyDuties(ctx, f)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]int64, len(list))
	for i, d := range list {
		ids[i] = d.AgencyID
	}
	names, err := s.db.AgencyNames(ctx, ids)
	out := make([]DutyLine, len(list))
	for i, d := range list {
		out[i] = DutyLine{d, names[d.AgencyID]}
	}
	return out, err
}

// Duty is the duty with the id.
func (s *Service) Duty(ctx context.Context, by model.Actor, id int64) (*DutyLine, error) {
	if err := by.Require(model.ActAgencyRead); err != nil {
		return nil, err
	}
	d, err := s.db.AgencyDuty(ctx, by.CourtID, id)
	if err != nil {
		return nil, err
	}
	names, err := s.db.AgencyNames(ctx, []int64{d.AgencyID})
	return &DutyLine{*d, names[d.AgencyID]}, err
}

// AddDuty puts a duty on an agency and opens its first task. Agency and code
// name it: the same one again is the duty that is there, a different one under
// the code a Conflict. With all, the measures in force get their tasks too.
func (s *Service) AddDuty(ctx context.Context, by model.Actor, d model.AgencyDuty, all bool) (_ *model.AgencyDuty, created bool, err error) {
	if err := by.Require(model.ActAgencyManage); err != nil {
		return nil, false, err
	}
	since(&d, model.DateOf(s.db.Now()))
	if err := d.Check(); err != nil {
		return nil, false, err
	}
	var out *model.AgencyDuty
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		out, created = nil, false
		a, err := tx.LockAgency(ctx, by.CourtID, d.AgencyID)
		if err != nil {
			return err
		}
		fresh := d
		fresh.CourtID = by.CourtID
		old, err := tx.AgencyDutyByCode(ctx, a.ID, d.Code)
		if err == nil {
			since(&fresh, old.DueOn)
		}
		switch {
		case err == nil && old.Active() && old.Kind == d.Kind && old.Recurrence == d.Recurrence && len(old.Changes(withID(fresh, old.ID))) == 0:
			out = old
			return nil
		case err == nil:
			return model.E(model.Conflict, "duty.exists", "该单位已有编号为 "+d.Code+" 的事项，请换一个编号")
		case model.KindOf(err) != model.NotFound:
			return err
		}
		if err := active(a); err != nil {
			return err
		}
		created, out = true, &fresh
		if err := addDuty(ctx, tx, by, out); err != nil || !all || out.Recurrence != model.RecurEach {
			return err
		}
		return backfill(ctx, tx, by, 0, out.ID)
	})
	if err != nil {
		return nil, false, fmt.Errorf("add duty: %w", err)
	}
	return out, created, nil
}

// since gives a duty that measures begin the day from which it is owed: for such
// a duty nobody types one.
func since(d *model.AgencyDuty, day model.Date) {
	if d.Recurrence == model.RecurEach {
		d.DueOn = day
	}
}

func withID(d model.AgencyDuty, id int64) model.AgencyDuty {
	d.ID = id
	return d
}

// addDuty adds a checked duty of an agency that is locked.
func addDuty(ctx context.Context, tx *storage.DB, by model.Actor, d *model.AgencyDuty) error {
	d.ID, d.CourtID, d.EndedOn, d.Version = 0, by.CourtID, model.Date{}, 1
	created, err := tx.CreateAgencyDuty(ctx, d)
	if err != nil {
		return err
	}
	if !created {
		return model.E(model.Conflict, "duty.exists", "该单位已有编号为 "+d.Code+" 的事项，请换一个编号")
	}
	d.CreatedAt = tx.Now()
	if err := tx.AddAgencyTasks(ctx, d.Tasks(0, model.DateOf(tx.Now()))); err != nil {
		return err
	}
	if err := tx.AddAgencyChanges(ctx, by, model.AgencyDuty{}.Changes(*d)); err != nil {
		return err
	}
	return tx.Audit(by, keeper(by), model.AuditEvent{
		CourtID: by.CourtID, Action: model.AuditDutyAdd, Subject: model.ThingDuty.Of(d.ID), After: d,
	})
}

// ChangeDuty changes what a duty says, and the deadline of one that is owed
// once. seen is the version that the change was made for.
func (s *Service) ChangeDuty(ctx context.Context, by model.Actor, id, seen int64, asked model.AgencyDuty) (*model.AgencyDuty, error) {
	return s.changeDuty(ctx, by, id, func(tx *storage.DB, d *model.AgencyDuty) error {
		if done, err := tx.Repeated(ctx, by, model.ThingDuty.Of(id), seen, d.Version, "change", asked); err != nil || done {
			return err
		}
		typed := asked
		typed.Code = d.Code
		since(&typed, d.DueOn)
		if err := typed.Check(); err != nil {
			return err
		}
		return amend(ctx, tx, by, d, typed, seen)
	})
}

// amend turns a duty that is locked into what was typed, and moves its open task
// along with the deadline.
func amend(ctx context.Context, tx *storage.DB, by model.Actor, d *model.AgencyDuty, typed model.AgencyDuty, seen int64) error {
	if err := d.Amend(typed); err != nil {
		return err
	}
	before := *d
	d.Requirement, d.Basis, d.Evidence, d.Unit, d.DueOn = typed.Requirement, typed.Basis, typed.Evidence, typed.Unit, typed.DueOn
	d.DueDays, d.LiftDays, d.Measures, d.Subjects = typed.DueDays, typed.LiftDays, typed.Measures, typed.Subjects
	if err := tx.UpdateAgencyDuty(ctx, d, seen); err != nil {
		return err
	}
	if before.DueOn != d.DueOn && d.Recurrence != model.RecurEach {
		open, err := tx.LockOpenTasks(ctx, d.ID)
		if err != nil {
			return err
		}
		for i := range open {
			open[i].DueOn = d.Deadline(open[i].Seq)
			if err := tx.UpdateAgencyTask(ctx, &open[i]); err != nil {
				return err
			}
		}
	}
	return recordDuty(ctx, tx, by, model.AuditDutyChange, before, *d)
}

func recordDuty(ctx context.Context, tx *storage.DB, by model.Actor, action model.AuditAction, before, after model.AgencyDuty) error {
	changes := before.Changes(after)
	if len(changes) == 0 {
		return nil
	}
	if err := tx.AddAgencyChanges(ctx, by, changes); err != nil {
		return err
	}
	return tx.Audit(by, keeper(by), model.AuditEvent{
		CourtID: after.CourtID, Action: action, Subject: model.ThingDuty.Of(after.ID), Before: before, After: after,
	})
}

// EndDuty ends a duty; what was not reported of it is owed no more. A repeat
// changes nothing.
func (s *Service) EndDuty(ctx context.Context, by model.Actor, id, seen int64) (*model.AgencyDuty, error) {
	return s.changeDuty(ctx, by, id, func(tx *storage.DB, d *model.AgencyDuty) error {
		if !d.Active() {
			return nil
		}
		return endDuty(ctx, tx, by, d, seen)
	})
}

func endDuty(ctx context.Context, tx *storage.DB, by model.Actor, d *model.AgencyDuty, seen int64) error {
	before := *d
	d.EndedOn = model.DateOf(tx.Now())
	if err := tx.UpdateAgencyDuty(ctx, d, seen); err != nil {
		return err
	}
	open, err := tx.LockOpenTasks(ctx, d.ID)
	if err != nil {
		return err
	}
	for i := range open {
		if open[i].Kept() || !open[i].Void() {
			continue
		}
		if err := tx.UpdateAgencyTask(ctx, &open[i]); err != nil {
			return err
		}
	}
	return recordDuty(ctx, tx, by, model.AuditDutyEnd, before, *d)
}

func (s *Service) changeDuty(ctx context.Context, by model.Actor, id int64, f func(*storage.DB, *model.AgencyDuty) error) (*model.AgencyDuty, error) {
	if err := by.Require(model.ActAgencyManage); err != nil {
		return nil, err
	}
	var d *model.AgencyDuty
	err := s.db.Transact(ctx, func(tx *storage.DB) (err error) {
		if d, err = tx.LockAgencyDuty(ctx, by.CourtID, id); err != nil {
			return err
		}
		return f(tx, d)
	})
	if err != nil {
		return nil, fmt.Errorf("change duty %d: %w", id, err)
	}
	return d, nil
}

// openTasks opens the tasks whose time has come.
func (s *Service) openTasks(ctx context.Context) error {
	var errs error
	for after := int64(0); ctx.Err() == nil; {
		list, err := s.db.RecurringDuties(ctx, after, batch)
		if err != nil || len(list) == 0 {
			return errors.Join(errs, err)
		}
		ids := make([]int64, len(list))
		for i, d := range list {
			ids[i], after = d.ID, d.ID
		}
		next, err := s.db.NextAgencyTasks(ctx, ids...)
		if err != nil {
			return errors.Join(errs, err)
		}
		for _, d := range list {
			if len(d.Tasks(next[d.ID], model.DateOf(s.db.Now()))) == 0 {
				continue
			}
			if err := s.openTasksOf(ctx, d); err != nil {
				errs = errors.Join(errs, fmt.Errorf("duty %d: %w", d.ID, err))
			}
		}
	}
	return errs
}

// openTasksOf opens a duty's tasks; another worker may have been first.
func (s *Service) openTasksOf(ctx context.Context, d model.AgencyDuty) error {
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		d, err := tx.LockAgencyDuty(ctx, d.CourtID, d.ID)
		if err != nil {
			return err
		}
		next, err := tx.NextAgencyTasks(ctx, d.ID)
		if err != nil {
			return err
		}
		return tx.AddAgencyTasks(ctx, d.Tasks(next[d.ID], model.DateOf(tx.Now())))
	})
}
