package enforcement

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// exposureToday is how much of a measure others see today: everything, unless it is
// a listing that credit repair works on.
func exposureToday(ctx context.Context, tx *storage.DB, m *model.Measure) (model.Exposure, error) {
	grants, err := tx.RepairsOf(ctx, m.EnforcementCaseID, m.PartyID)
	return model.ExposureOf(*m, grants, model.DateOf(tx.Now())), err
}

// lockedRepair is an application with everything that a leader's act on it
// needs, locked; the measure is the listing that stands against the applicant,
// nil when none does, or the restriction that the application is about.
type lockedRepair struct {
	lockedMeasure
	a      *model.RepairApplication
	checks []model.RepairCheck
}

// errRepeated ends an act that was done already: its answer got lost.
var errRepeated = errors.New("enforcement: done already")

// ruleOnRepair runs a leader's act on an application and writes what became of
// it.
func (s *Service) ruleOnRepair(ctx context.Context, by model.Actor, id int64, action model.AuditAction, f func(tx *storage.DB, r *lockedRepair) error) (*RepairView, error) {
	if err := by.Require(model.ActRepairDecide); err != nil {
		return nil, err
	}
	out := &RepairView{}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		a, e, cs, err := lockRepair(ctx, tx, by, id, false)
		if err != nil {
			return err
		}
		r := &lockedRepair{lockedMeasure: lockedMeasure{e: e, cs: cs}, a: a}
		if r.checks, err = tx.RepairChecks(ctx, a.ID); err != nil {
			return err
		}
		if err := lockListing(ctx, tx, r); err != nil {
			return err
		}
		before := *a
		if err := f(tx, r); err != nil && !errors.Is(err, errRepeated) {
			return err
		} else if err == nil {
			if err := tx.UpdateRepair(ctx, a, before.Version); err != nil {
				return err
			}
			if err := tx.Audit(by, model.RoleLeader, model.AuditEvent{
				CourtID: cs.CourtID, Action: action, CaseID: cs.ID, Subject: model.ThingRepair.Of(a.ID), Before: before, After: a,
			}); err != nil {
				return err
			}
		}
		out.RepairApplication, out.Checks = *a, r.checks
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("credit repair %d: %w", id, err)
	}
	return out, nil
}

func lockListing(ctx context.Context, tx *storage.DB, r *lockedRepair) error {
	all, err := tx.MeasuresOf(ctx, r.e.ID, r.a.PartyID)
	if err != nil {
		return err
	}
	for _, m := range all {
		wanted := r.a.MeasureID == 0 && m.Kind == model.MeasureListing || m.ID == r.a.MeasureID
		if wanted && m.State.Stands() {
			if r.m, err = tx.LockMeasure(ctx, m.ID); err != nil {
				return err
			}
			r.before = *r.m
		}
	}
	return nil
}

// refusePauseWhileListed refuses to pause the restriction of whoever is on the list: he has
// to be restricted (限高规定 1 (2)).
func refusePauseWhileListed(ctx context.Context, tx *storage.DB, r *lockedRepair) error {
	all, err := tx.MeasuresOf(ctx, r.e.ID, r.a.PartyID)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Kind != model.MeasureListing || m.State != model.MeasureInForce {
			continue
		}
		seen, err := exposureToday(ctx, tx, &m)
		if err != nil {
			return err
		}
		if seen != model.ExposureHidden {
			return model.E(model.Conflict, "repair.listed", "该被执行人在失信被执行人名单中，应当限制消费，不能暂停，依据《最高人民法院关于限制被执行人高消费及有关消费的若干规定》第一条第二款")
		}
	}
	return nil
}

// tellPause tells the agencies that a restriction is paused, or holds again.
func (s *Service) tellPause(ctx context.Context, tx *storage.DB, m *model.Measure, a *model.RepairApplication) error {
	if a.State != model.RepairPaused || m == nil || s.cfg.Sanctions == nil {
		return nil
	}
	return s.cfg.Sanctions.Paused(ctx, tx, *m, *a)
}

// endRepairPauses ends the pauses of a restriction whose subject is listed now: the
// list demands the restriction.
func (s *Service) endRepairPauses(ctx context.Context, tx *storage.DB, by model.Actor, of *lockedMeasure, restriction model.Measure) error {
	grants, err := tx.RepairsOf(ctx, restriction.EnforcementCaseID, restriction.PartyID)
	if err != nil {
		return err
	}
	for i := range grants {
		a := &grants[i]
		if a.State != model.RepairPaused || a.MeasureID != restriction.ID || !a.Holds(model.DateOf(tx.Now())) {
			continue
		}
		before := *a
		if err := a.Revoke("已纳入失信被执行人名单，应当同时限制消费", &restriction, by.UserID, tx.Now()); err != nil {
			return err
		}
		if err := tx.UpdateRepair(ctx, a, before.Version); err != nil {
			return err
		}
		if err := s.addEntry(ctx, tx, by, &restriction, model.EntryRepairEnded, a.RevokeReason); err != nil {
			return err
		}
		if err := s.tellPause(ctx, tx, &restriction, a); err != nil {
			return err
		}
		if err := tx.AddNotice(ctx, model.RepairRevokedNotice(*of.cs, *of.e, *a)); err != nil {
			return err
		}
		if err := tx.Audit(by, by.RoleFor(model.ActMeasureDecide), model.AuditEvent{
			CourtID: a.CourtID, Action: model.AuditRepairRevoke, CaseID: a.CaseID, Subject: model.ThingRepair.Of(a.ID), Before: before, After: a,
		}); err != nil {
			return err
		}
	}
	return nil
}

// applyRepair writes what a grant, or its end, made of the listing: its term, the
// clock of its publication, and a line of its history.
func (s *Service) applyRepair(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, a *model.RepairApplication, kind model.MeasureEntryKind, note string) error {
	if p.m == nil {
		return nil
	}
	if p.m.Until != p.before.Until {
		if err := tx.UpdateMeasure(ctx, p.m, p.before.Version); err != nil {
			return err
		}
	}
	if a.State == model.RepairSuspended && !p.m.GraceUntil.IsZero() && p.m.State == model.MeasureDecided {
		if err := s.movePublication(ctx, tx, p.m, a); err != nil {
			return err
		}
	}
	return s.addEntry(ctx, tx, by, p.m, kind, note)
}

// movePublication moves the clock of a listing whose days of grace run to the
// end of its suspension, and back when that was revoked.
func (s *Service) movePublication(ctx context.Context, tx *storage.DB, m *model.Measure, a *model.RepairApplication) error {
	t, err := s.openMeasureTask(ctx, tx, m, model.TaskPublish)
	if err != nil || t == nil {
		return err
	}
	last, why := m.GraceUntil, "宽限期至"+m.GraceUntil.Chinese()+"届满"
	switch today := model.DateOf(tx.Now()); {
	case a.RevokedAt == nil && a.Until.After(last):
		last, why = a.Until, "信用修复暂缓纳入至"+a.Until.Chinese()
	case a.RevokedAt != nil && !last.After(today):
		last, why = today, "信用修复于"+today.Chinese()+"撤销"
	}
	t.DueAt, t.DueReason = last.AddDays(1).EndOfDay(), why+"，仍未履行的，次日公布或者实施"
	return tx.UpdateTask(ctx, t, t.Version)
}

// RevokeRepair is the leader's end of a grant whose condition was broken; the
// person is told why. A repeat changes nothing.
func (s *Service) RevokeRepair(ctx context.Context, by model.Actor, id int64, reason string) (*RepairView, error) {
	return s.ruleOnRepair(ctx, by, id, model.AuditRepairRevoke, func(tx *storage.DB, r *lockedRepair) error {
		if r.a.RevokedAt != nil && r.a.RevokedBy == by.UserID && r.a.RevokeReason == strings.TrimSpace(reason) {
			return errRepeated
		}
		if err := r.a.Revoke(reason, r.m, by.UserID, tx.Now()); err != nil {
			return err
		}
		if err := s.applyRepair(ctx, tx, by, &r.lockedMeasure, r.a, model.EntryRepairEnded, r.a.RevokeReason); err != nil {
			return err
		}
		if err := s.tellPause(ctx, tx, r.m, r.a); err != nil {
			return err
		}
		if err := tx.EndTasks(ctx, model.TaskDone, by.UserID, "已撤销信用修复", model.TaskMatch{CaseID: r.cs.ID, Kinds: []model.TaskKind{model.TaskRepairReview}, Subject: model.ThingRepair.Of(r.a.ID)}); err != nil {
			return err
		}
		return tx.AddNotice(ctx, model.RepairRevokedNotice(*r.cs, *r.e, *r.a))
	})
}

// Listings is a court's published list of dishonest debtors as anyone sees it,
// or what somebody looks for in it.
func (s *Service) Listings(ctx context.Context, by model.Actor, court string, search model.ListingSearch, before int64, limit int) ([]model.ListingLine, error) {
	if err := by.Require(model.ActPublic); err != nil {
		return nil, err
	}
	if err := search.Check(); err != nil {
		return nil, err
	}
	c, err := s.db.CourtByCode(ctx, court)
	if err != nil {
		return nil, err
	}
	return s.db.Listings(ctx, c.ID, search, before, limit)
}

// PublicCourts are the courts whose lists one may look at: code and name.
func (s *Service) PublicCourts(ctx context.Context) ([]model.Court, error) { return s.db.Courts(ctx) }

// AgencyListings is the list for an agency that owes sanctions, with full
// numbers; each look is recorded. What an agency does not find there any more
// no longer stands.
func (s *Service) AgencyListings(ctx context.Context, by model.Actor, before int64, limit int) ([]model.ListingLine, error) {
	if err := by.Require(model.ActListingFetch); err != nil {
		return nil, err
	}
	out, err := s.db.Listings(ctx, by.CourtID, model.ListingSearch{}, before, limit)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out, s.db.AuditLook(ctx, by, by.RoleFor(model.ActListingFetch), model.AuditEvent{
		CourtID: by.CourtID, Action: model.AuditListingLook, Subject: model.ThingAgency.Of(by.AgencyID),
	})
}
