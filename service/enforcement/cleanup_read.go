package enforcement

import (
	"context"
	"strings"

	"microcourt/model"
)

// CleanUpView is a clean-up with its steps.
type CleanUpView struct {
	model.CleanUp
	CaseNo string // of the enforcement case
	Debtor string
	Steps  []CleanUpTask
	// Lifted are the measures that were lifted because of a performance that was
	// taken back.
	Lifted []string
}

// CleanUpTask is one step with what the viewer may know of its measure.
type CleanUpTask struct {
	model.Task
	Measure model.MeasureKind
	Poster  bool
	// Own says that it is about the debtor himself and not about somebody who acts
	// for him.
	Own   bool
	Asked bool // it waits for the leader
}

// CleanUps shows a case's clean-ups, the newest first: to a party those of the
// debtors for whom he acts, to staff all of the cases that they see.
func (s *Service) CleanUps(ctx context.Context, by model.Actor, caseID int64) ([]CleanUpView, error) {
	if err := by.Require(model.ActCleanUpRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	list, err := s.db.CleanUps(ctx, by, caseID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	groups := make([]string, len(list))
	for i, c := range list {
		groups[i] = c.Group()
	}
	tasks, err := s.db.GroupTasks(ctx, groups...)
	if err != nil {
		return nil, err
	}
	measures, err := s.db.CaseMeasures(ctx, caseID)
	if err != nil {
		return nil, err
	}
	parties, err := s.db.Parties(ctx, caseID)
	if err != nil {
		return nil, err
	}
	enforcements, err := s.db.EnforcementsOf(ctx, caseID)
	if err != nil {
		return nil, err
	}
	out := make([]CleanUpView, len(list))
	for i, c := range list {
		v := &out[i]
		v.CleanUp, v.Debtor = c, model.Debts{Parties: parties}.Party(c.PartyID).Name
		for _, e := range enforcements {
			if e.ID == c.EnforcementCaseID {
				v.CaseNo = e.CaseNo
			}
		}
		for _, t := range tasks {
			if t.GroupKey == c.Group() {
				v.Steps = append(v.Steps, cleanUpTask(t, measures))
			}
		}
		if c.State == model.CleanUpCancelled {
			var of []model.Measure
			for _, m := range measures {
				if m.EnforcementCaseID == c.EnforcementCaseID && m.PartyID == c.PartyID {
					of = append(of, m)
				}
			}
			v.Lifted = liftedSince(of, &c)
		}
	}
	return out, nil
}

func cleanUpTask(t model.Task, measures []model.Measure) CleanUpTask {
	v := CleanUpTask{Task: t, Measure: model.MeasureListing, Poster: t.Kind == model.TaskTakeDown, Own: true}
	for _, m := range measures {
		if t.Subject == model.ThingMeasure.Of(m.ID) {
			v.Measure, v.Own, v.Asked = m.Kind, m.Relation == model.RelationSelf, m.LiftAskedAt != nil && m.State.Stands()
		}
	}
	return v
}

// RunningCleanUps lists the clean-ups that run: an officer's own, a judge's those
// of his cases, the court's for clerks and leaders.
func (s *Service) RunningCleanUps(ctx context.Context, by model.Actor, f model.CleanUpFilter) ([]model.CleanUpLine, error) {
	if err := by.Require(model.ActMeasureRead); err != nil {
		return nil, err
	}
	f.JudgeID = by.SupervisorOnly()
	if f.OfficerID = 0; by.Has(model.RoleOfficer) && !by.Has(model.RoleLeader) {
		f.OfficerID = by.UserID
	}
	return s.db.CleanUpLines(ctx, by.CourtID, f)
}

// ForDebtor is the step in words that the debtor may read: what is lifted, and
// no name of anybody who acts for him.
func (t CleanUpTask) ForDebtor() string {
	switch {
	case t.Poster:
		return t.Title
	case !t.Own:
		return "解除对有关负责人的" + t.Measure.Chinese()
	}
	what, _, _ := strings.Cut(t.Title, "：")
	return what
}
