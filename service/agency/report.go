package agency

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// TaskLine is a task with what is to be done.
type TaskLine struct {
	model.AgencyTask
	Duty   model.AgencyDuty
	Agency string
	Today  model.Date
	// On is the measure of a task that one opened, zero for every other task. Whom
	// it is against stands masked in lists.
	On model.MeasureLine
}

// Subject is whom the measure is against, as lists show him.
func (l TaskLine) Subject() string { return model.MaskName(l.On.SubjectKind, l.On.SubjectName) }

// Standing is the task's state today.
func (l TaskLine) Standing() model.AgencyTaskState { return l.AgencyTask.Standing(l.Today) }

// Left counts the days to the deadline.
func (l TaskLine) Left() int { return l.DaysLeft(l.Today) }

// ReportLine is a report with its files and the names of whoever made and
// decided it.
type ReportLine struct {
	model.AgencyReport
	Who, Decider string
	Files        []model.File
}

// TaskDetail is a task with everything that was reported on it, newest first.
type TaskDetail struct {
	TaskLine
	IDNumber string // of whom the measure is against: in full for the agency, which has to find him
	Reports  []ReportLine
}

// reads asks whether the actor may see tasks: his agency's own, or his court's.
// The storage then gives no others.
func reads(by model.Actor) error {
	if by.Has(model.RoleAgency) {
		return by.Require(model.ActAgencyDesk)
	}
	return by.Require(model.ActAgencyRead)
}

// readsTasks is reads for what names cases and whom a measure is against.
func readsTasks(by model.Actor) error {
	if by.Has(model.RoleAgency) {
		return by.Require(model.ActAgencyDesk)
	}
	return by.Require(model.ActDutyRead)
}

func looksAs(by model.Actor) model.Role {
	if by.Has(model.RoleAgency) {
		return model.RoleAgency
	}
	return by.RoleFor(model.ActDutyRead)
}

// Tasks lists tasks: somebody from an agency gets those of his agency, the
// court's people those of the court.
func (s *Service) Tasks(ctx context.Context, by model.Actor, f model.AgencyTaskFilter) ([]TaskLine, error) {
	if err := readsTasks(by); err != nil {
		return nil, err
	}
	f.Today = model.DateOf(s.db.Now())
	list, err := s.db.AgencyTasks(ctx, by, f)
	if err != nil {
		return nil, err
	}
	return s.lines(ctx, list)
}

func (s *Service) lines(ctx context.Context, list []model.AgencyTask) ([]TaskLine, error) {
	if len(list) == 0 {
		return nil, nil
	}
	var duties, agencies []int64
	var measures []int64
	for _, t := range list {
		duties, agencies = append(duties, t.DutyID), append(agencies, t.AgencyID)
		if t.MeasureID != 0 {
			measures = append(measures, t.MeasureID)
		}
	}
	of, err := s.db.AgencyDutiesByID(ctx, duties)
	if err != nil {
		return nil, err
	}
	names, err := s.db.AgencyNames(ctx, agencies)
	if err != nil {
		return nil, err
	}
	on, err := s.db.DutyMeasures(ctx, measures)
	out := make([]TaskLine, len(list))
	for i, t := range list {
		out[i] = TaskLine{t, of[t.DutyID], names[t.AgencyID], model.DateOf(s.db.Now()), on[t.MeasureID]}
	}
	return out, err
}

// Task is the task with its reports. Another agency's is not found. Whom a
// measure is against is named here, so that the look is recorded.
func (s *Service) Task(ctx context.Context, by model.Actor, id int64) (*TaskDetail, error) {
	if err := readsTasks(by); err != nil {
		return nil, err
	}
	t, err := s.db.AgencyTask(ctx, by, id)
	if err != nil {
		return nil, err
	}
	lines, err := s.lines(ctx, []model.AgencyTask{*t})
	if err != nil {
		return nil, err
	}
	d := &TaskDetail{TaskLine: lines[0]}
	if t.MeasureID != 0 {
		err := s.db.AuditLook(ctx, by, looksAs(by), model.AuditEvent{
			CourtID: t.CourtID, Action: model.AuditDutyLook, CaseID: d.On.CaseID, Subject: model.ThingDutyTask.Of(id),
		})
		if err != nil {
			return nil, err
		}
	}
	if d.IDNumber = d.On.SubjectID; !by.Has(model.RoleAgency) {
		d.IDNumber = model.MaskID(d.IDNumber)
	}
	reports, err := s.db.AgencyReports(ctx, id)
	if err != nil {
		return nil, err
	}
	d.Reports, err = s.reportLines(ctx, by, reports)
	return d, err
}

func (s *Service) reportLines(ctx context.Context, by model.Actor, reports []model.AgencyReport) ([]ReportLine, error) {
	var users, files []int64
	for _, r := range reports {
		users, files = append(users, r.UserID, r.DecidedBy), append(files, r.FileIDs...)
	}
	names, err := s.db.UserNames(ctx, users)
	if err != nil {
		return nil, err
	}
	of, err := s.db.Files(ctx, files)
	if err != nil {
		return nil, err
	}
	out := make([]ReportLine, len(reports))
	for i, r := range reports {
		l := ReportLine{AgencyReport: r, Who: names[r.UserID], Decider: names[r.DecidedBy]}
		if r.UserID == 0 {
			l.Who = "接口"
		}
		if by.Has(model.RoleAgency) && r.DecidedBy != 0 {
			l.Decider = "法院" // who it was is the court's own matter
		}
		for _, id := range r.FileIDs {
			l.Files = append(l.Files, of[id])
		}
		out[i] = l
	}
	return out, nil
}

// Report takes an agency's report on one of its tasks. A repeat under the same
// key is the first report. The court's list managers are told.
func (s *Service) Report(ctx context.Context, by model.Actor, taskID int64, r model.AgencyReport) (_ *ReportLine, created bool, err error) {
	if err := by.Require(model.ActAgencyDesk); err != nil {
		return nil, false, err
	}
	if err := r.Check(model.DateOf(s.db.Now())); err != nil {
		return nil, false, err
	}
	r.FileIDs = append([]int64{}, r.FileIDs...) // never nil: a column that is not null
	slices.Sort(r.FileIDs)
	r.FileIDs = slices.Compact(r.FileIDs)
	t, err := s.db.AgencyTask(ctx, by, taskID)
	if err != nil {
		return nil, false, err
	}
	// Every picture is decoded before it becomes part of the record; outside the
	// transaction, because it takes its time.
	if t.State == model.AgencyTaskOpen && s.cfg.Uploads != nil {
		if err := s.cfg.Uploads.DecodeUploads(ctx, by, r.FileIDs); err != nil {
			return nil, false, err
		}
	}
	typed := r
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		r = typed
		created, err = s.report(ctx, tx, by, taskID, &r)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("report on task %d: %w", taskID, err)
	}
	lines, err := s.reportLines(ctx, by, []model.AgencyReport{r})
	if err != nil {
		return nil, false, err
	}
	return &lines[0], created, nil
}

func (s *Service) report(ctx context.Context, tx *storage.DB, by model.Actor, taskID int64, r *model.AgencyReport) (created bool, err error) {
	t, err := tx.LockAgencyTask(ctx, by, taskID)
	if err != nil {
		return false, err
	}
	old, err := tx.AgencyReportByKey(ctx, by.AgencyID, r.IdemKey)
	if err != nil {
		return false, err
	}
	if old != nil {
		if old.TaskID != taskID {
			return false, model.ErrKeyReused
		}
		*r = *old
		return false, nil
	}
	d, err := tx.AgencyDuty(ctx, t.CourtID, t.DutyID)
	if err != nil {
		return false, err
	}
	if err := t.Report(*d, r, model.DateOf(tx.Now())); err != nil {
		return false, err
	}
	r.ID, r.CourtID, r.AgencyID, r.TaskID, r.UserID, r.APIKeyID = 0, t.CourtID, t.AgencyID, t.ID, by.UserID, by.APIKeyID
	if err := tx.CreateAgencyReport(ctx, r); err != nil {
		return false, err
	}
	if err := errors.Join(tx.KeepAgencyFiles(ctx, t.AgencyID, 0, r.FileIDs), tx.UpdateAgencyTask(ctx, t)); err != nil {
		return false, err
	}
	names, err := tx.AgencyNames(ctx, []int64{t.AgencyID})
	if err != nil {
		return false, err
	}
	managers, err := tx.StaffWith(ctx, t.CourtID, model.RoleListManager)
	if err != nil {
		return false, err
	}
	for _, m := range managers {
		if err := tx.AddNotice(ctx, model.DutyReportedNotice(*t, *d, *r, names[t.AgencyID], m.UserID)); err != nil {
			return false, err
		}
	}
	return true, tx.Audit(by, model.RoleAgency, model.AuditEvent{
		CourtID: t.CourtID, Action: model.AuditDutyReport, Subject: model.ThingAgencyReport.Of(r.ID), After: r,
	})
}

// Accept says that a report shows the task done. A repeat by the same person
// changes nothing; for whoever comes second it is a Conflict.
func (s *Service) Accept(ctx context.Context, by model.Actor, reportID int64) (*ReportLine, error) {
	return s.decide(ctx, by, reportID, model.ReportAccepted, "", func(t *model.AgencyTask, _ *model.AgencyDuty, r *model.AgencyReport, tx *storage.DB) error {
		return t.Accept(r, by.UserID, tx.Now())
	})
}

// Return sends a report back with the reason, so that the agency reports again.
func (s *Service) Return(ctx context.Context, by model.Actor, reportID int64, reason string) (*ReportLine, error) {
	reason = strings.TrimSpace(reason)
	return s.decide(ctx, by, reportID, model.ReportReturned, reason, func(t *model.AgencyTask, d *model.AgencyDuty, r *model.AgencyReport, tx *storage.DB) error {
		if err := t.Return(r, by.UserID, reason, tx.Now()); err != nil {
			return err
		}
		if !d.Active() && !t.Kept() {
			// Two moves: it is back, and off with its duty.
			if err := tx.UpdateAgencyTask(ctx, t); err != nil {
				return err
			}
			t.Void()
		}
		return nil
	})
}

func (s *Service) decide(ctx context.Context, by model.Actor, reportID int64, to model.ReportState, reason string,
	f func(*model.AgencyTask, *model.AgencyDuty, *model.AgencyReport, *storage.DB) error,
) (*ReportLine, error) {
	if err := by.Require(model.ActDutyDecide); err != nil {
		return nil, err
	}
	var r *model.AgencyReport
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		seen, err := tx.AgencyReport(ctx, by.CourtID, reportID)
		if err != nil {
			return err
		}
		t, err := tx.LockAgencyTask(ctx, by, seen.TaskID)
		if err != nil {
			return err
		}
		if r, err = tx.AgencyReport(ctx, by.CourtID, reportID); err != nil { // as the lock found it
			return err
		}
		if r.State == to && r.DecidedBy == by.UserID && r.Reason == reason {
			return nil // a repeat
		}
		if err := tx.OtherEyes(ctx, model.MatterDuty, by.UserID, r.UserID); err != nil {
			return err
		}
		d, err := tx.AgencyDuty(ctx, t.CourtID, t.DutyID)
		if err != nil {
			return err
		}
		if err := f(t, d, r, tx); err != nil {
			return err
		}
		if err := errors.Join(tx.DecideAgencyReport(ctx, r), tx.UpdateAgencyTask(ctx, t)); err != nil {
			return err
		}
		users, err := tx.AgencyUsers(ctx, t.AgencyID)
		if err != nil {
			return err
		}
		for _, u := range users[t.AgencyID] {
			if err := tx.AddNotice(ctx, model.DutyDecidedNotice(*t, *d, *r, u)); err != nil {
				return err
			}
		}
		return tx.Audit(by, by.RoleFor(model.ActDutyDecide), model.AuditEvent{
			CourtID: t.CourtID, Action: to.Action(), Subject: model.ThingAgencyReport.Of(r.ID), After: r,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("decide on report %d: %w", reportID, err)
	}
	lines, err := s.reportLines(ctx, by, []model.AgencyReport{*r})
	if err != nil {
		return nil, err
	}
	return &lines[0], nil
}
