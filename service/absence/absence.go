// Package absence records who answers for an officer while he is away. The
// queries of storage read these records wherever they say whose a conversation, a
// request or a petition is.
package absence

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the area.
type Service struct{ db *storage.DB }

// New makes the service.
func New(db *storage.DB) *Service { return &Service{db} }

// Away is who is away and who stands in, by their log-ins.
type Away struct {
	Officer    string // empty for the actor himself
	Substitute string
	FromOn     model.Date
	ToOn       model.Date
	Reason     string
}

// Add records an absence: an officer his own, a leader or an administrator
// anybody's. A repeat is the first one; another one over the same days is a
// Conflict, and so is a substitute who is away himself.
func (s *Service) Add(ctx context.Context, by model.Actor, w Away) (*model.AbsenceLine, error) {
	if err := by.Require(model.ActAbsence); err != nil {
		return nil, err
	}
	a := model.Absence{CourtID: by.CourtID, FromOn: w.FromOn, ToOn: w.ToOn, Reason: w.Reason, CreatedBy: by.UserID}
	var line *model.AbsenceLine
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		if err := people(ctx, tx, by, w, &a); err != nil {
			return err
		}
		if err := a.Check(model.DateOf(tx.Now())); err != nil {
			return err
		}
		if err := tx.LockUsers(ctx, a.UserID, a.SubstituteID); err != nil {
			return err
		}
		others, err := tx.OpenAbsences(ctx, a.FromOn, a.ToOn, a.UserID, a.SubstituteID)
		if err != nil {
			return err
		}
		for _, o := range others {
			switch {
			case o.Same(a):
				line, err = tx.Absence(ctx, by, o.ID)
				return err
			case o.UserID == a.UserID:
				return model.E(model.Conflict, "absence.overlaps", fmt.Sprintf("%s至%s已登记离岗，请先结束原来的登记", o.FromOn.Chinese(), o.ToOn.Chinese()))
			default:
				return model.E(model.Conflict, "absence.substitute_away", fmt.Sprintf("代理人%s至%s本人离岗，请选择其他代理人", o.FromOn.Chinese(), o.ToOn.Chinese()))
			}
		}
		if err := tx.CreateAbsence(ctx, &a); err != nil {
			return err
		}
		if line, err = tx.Absence(ctx, by, a.ID); err != nil {
			return err
		}
		return tell(ctx, tx, by, *line, model.AuditAbsenceAdd, nil, model.AbsenceNotice)
	})
	if err != nil {
		return nil, fmt.Errorf("record an absence: %w", err)
	}
	return line, nil
}

// people finds the officer and his substitute.
func people(ctx context.Context, tx *storage.DB, by model.Actor, w Away, a *model.Absence) error {
	switch {
	case w.Officer == "" && by.Has(model.RoleOfficer):
		a.UserID = by.UserID
	default:
		u, err := tx.StaffInCourt(ctx, by.CourtID, w.Officer, model.RoleOfficer)
		if err != nil && model.KindOf(err) != model.NotFound {
			return err
		}
		if err != nil || u.ID != by.UserID && !forOthers(by) {
			return model.InvalidField("officer", "absence.officer", "请选择本院的执行法官；执行法官只能登记本人离岗")
		}
		a.UserID = u.ID
	}
	u, err := tx.StaffInCourt(ctx, by.CourtID, w.Substitute, model.RoleOfficer)
	if err != nil && model.KindOf(err) != model.NotFound {
		return err
	}
	if err != nil {
		return model.InvalidField("substitute", "absence.substitute", "请选择本院在职的执行法官作为代理人")
	}
	a.SubstituteID = u.ID
	return nil
}

func forOthers(by model.Actor) bool { return by.Has(model.RoleLeader) || by.Has(model.RoleAdmin) }

// tell tells the substitute, and the officer when somebody else did it, and
// records it.
func tell(ctx context.Context, tx *storage.DB, by model.Actor, l model.AbsenceLine, action model.AuditAction, before any, notice func(model.AbsenceLine, int64) model.Notice) error {
	for _, user := range []int64{l.SubstituteID, l.UserID} {
		if user == by.UserID {
			continue
		}
		if err := tx.AddNotice(ctx, notice(l, user)); err != nil {
			return err
		}
	}
	return tx.Audit(by, by.RoleFor(model.ActAbsence), model.AuditEvent{
		CourtID: l.CourtID, Action: action, Subject: model.ThingAbsence.Of(l.ID), Before: before, After: l.Absence,
	})
}

// End ends an absence before its time. Ending what is over changes nothing.
func (s *Service) End(ctx context.Context, by model.Actor, id int64) (*model.AbsenceLine, error) {
	if err := by.Require(model.ActAbsence); err != nil {
		return nil, err
	}
	var l *model.AbsenceLine
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		found, err := tx.Absence(ctx, by, id)
		if err != nil {
			return err
		}
		if err := tx.LockUsers(ctx, found.UserID, found.SubstituteID); err != nil {
			return err
		}
		if l, err = tx.Absence(ctx, by, id); err != nil || l.Over(model.DateOf(tx.Now())) { // as it is under the lock
			return err
		}
		before, now := l.Absence, tx.Now()
		if err := tx.EndAbsence(ctx, id); err != nil {
			return err
		}
		l.EndedAt = &now
		return tell(ctx, tx, by, *l, model.AuditAbsenceEnd, before, model.AbsenceEndedNotice)
	})
	if err != nil {
		return nil, fmt.Errorf("end absence %d: %w", id, err)
	}
	return l, nil
}

// List is what is not over: an officer's own and where he stands in, for a
// leader or an administrator the court's.
func (s *Service) List(ctx context.Context, by model.Actor) ([]model.AbsenceLine, error) {
	if err := by.Require(model.ActAbsence); err != nil {
		return nil, err
	}
	user := by.UserID
	if forOthers(by) {
		user = 0
	}
	return s.db.Absences(ctx, by.CourtID, user)
}

// StandsIn tells whether the actor answers for an officer today: for himself, or
// as his substitute.
func (s *Service) StandsIn(ctx context.Context, by model.Actor, officerID int64) (bool, error) {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return false, err
	}
	return s.db.StandsInFor(ctx, by.UserID, officerID)
}

// Officers are those who can be away and stand in.
func (s *Service) Officers(ctx context.Context, by model.Actor) ([]model.StaffMember, error) {
	if err := by.Require(model.ActAbsence); err != nil {
		return nil, err
	}
	return s.db.StaffWith(ctx, by.CourtID, model.RoleOfficer)
}
