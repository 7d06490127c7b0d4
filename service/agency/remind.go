package agency

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"microcourt/model"
)

const (
	batch = 500
	// remindHour is when reminders begin to go out, court time.
	remindHour = 8
)

// Pass opens the tasks whose time has come, those of measures that were in force
// before their duties, and sends the reminders of the day.
// It is harmless to repeat, also by several processes at once: a task has a
// number, a reminder a key.
func (s *Service) Pass(ctx context.Context) error {
	return errors.Join(s.openTasks(ctx), s.backfills(ctx), s.remind(ctx))
}

func (s *Service) remind(ctx context.Context) error {
	if s.db.Now().In(model.CourtZone).Hour() < remindHour {
		return nil
	}
	courts, err := s.db.Courts(ctx)
	if err != nil {
		return err
	}
	var errs error
	for _, c := range courts {
		if err := s.remindCourt(ctx, c); err != nil {
			errs = errors.Join(errs, fmt.Errorf("reminders of court %d: %w", c.ID, err))
		}
	}
	return errs
}

func (s *Service) remindCourt(ctx context.Context, court model.Court) error {
	rule, today := court.Settings.RemindsOfDuties(), model.DateOf(s.db.Now())
	until := today.AddDays(slices.Max(append([]int{0}, rule.Before...)))
	var errs error
	for after := int64(0); ; {
		tasks, err := s.db.OpenAgencyTasks(ctx, court.ID, until, after, batch)
		if err != nil || len(tasks) == 0 {
			return errors.Join(errs, err)
		}
		after = tasks[len(tasks)-1].ID
		notices, err := s.reminders(ctx, court, rule, today, tasks)
		if err != nil {
			return err
		}
		keys := make([]string, len(notices))
		for i, n := range notices {
			keys[i] = n.DedupeKey
		}
		known, err := s.db.KnownNotices(ctx, keys)
		if err != nil {
			return err
		}
		notices = slices.DeleteFunc(notices, func(n model.Notice) bool { return known[n.DedupeKey] })
		if len(notices) == 0 {
			continue
		}
		errs = errors.Join(errs, s.db.AddEach(ctx, notices))
		if s.cfg.Outbox != nil {
			s.cfg.Outbox.Wake()
		}
	}
}

// reminders are the notices that stand today for tasks: to everybody with an
// account in the agency, and to the list managers when it is overdue or nobody
// there can be told.
func (s *Service) reminders(ctx context.Context, court model.Court, rule model.DutyReminders, today model.Date, tasks []model.AgencyTask) ([]model.Notice, error) {
	lines, err := s.lines(ctx, tasks)
	if err != nil {
		return nil, err
	}
	agencies := make([]int64, len(tasks))
	for i, t := range tasks {
		agencies[i] = t.AgencyID
	}
	users, err := s.db.AgencyUsers(ctx, agencies...)
	if err != nil {
		return nil, err
	}
	managers, err := s.db.StaffWith(ctx, court.ID, model.RoleListManager)
	if err != nil {
		return nil, err
	}
	type owed struct {
		agency int64
		due    model.Date
		days   int
		kind   model.DutyKind
	}
	var order []owed
	groups := map[owed][]model.DutyOwed{}
	names := map[int64]string{}
	for _, l := range lines {
		days, ok := rule.At(l.DueOn, today)
		if !ok {
			continue
		}
		k := owed{l.AgencyID, l.DueOn, days, l.Kind}
		if len(groups[k]) == 0 {
			order = append(order, k)
		}
		groups[k], names[l.AgencyID] = append(groups[k], model.DutyOwed{AgencyTask: l.AgencyTask, Duty: l.Duty}), l.Agency
	}
	var out []model.Notice
	for _, k := range order {
		list, name, people := groups[k], names[k.agency], users[k.agency]
		for _, u := range people {
			out = append(out, model.DutyReminderNotice(list, name, k.days, today, u))
		}
		for _, m := range managers {
			switch {
			case len(people) == 0:
				out = append(out, model.DutyUnreachableNotice(list, name, k.days, m.UserID))
			case k.days > 0:
				out = append(out, model.DutyReminderNotice(list, name, k.days, today, m.UserID).AtDesk())
			}
		}
	}
	return out, nil
}
