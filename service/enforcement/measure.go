package enforcement

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// addEntry adds a line to a measure's history, at the moment of the transaction.
func (*Service) addEntry(ctx context.Context, tx *storage.DB, by model.Actor, m *model.Measure, kind model.MeasureEntryKind, note string) error {
	_, err := tx.AddMeasureEntry(ctx, &model.MeasureEntry{CourtID: m.CourtID, CaseID: m.CaseID, MeasureID: m.ID, Kind: kind, Note: note, ByUserID: by.UserID})
	return err
}

func auditMeasure(tx *storage.DB, by model.Actor, m *model.Measure, action model.AuditAction, before any) error {
	role := by.RoleFor(model.ActMeasureRead)
	if by.IsSystem() {
		role = ""
	}
	return tx.Audit(by, role, model.AuditEvent{
		CourtID: m.CourtID, Action: action, CaseID: m.CaseID, Subject: model.ThingMeasure.Of(m.ID), Before: before, After: m,
	})
}

// tellLeaders adds a notice for each of the court's leaders.
func (*Service) tellLeaders(ctx context.Context, tx *storage.DB, courtID int64, notice func(user int64) model.Notice) error {
	leaders, err := tx.StaffWith(ctx, courtID, model.RoleLeader)
	if err != nil {
		return err
	}
	for _, l := range leaders {
		if err := tx.AddNotice(ctx, notice(l.UserID)); err != nil {
			return err
		}
	}
	return nil
}

// tellSigners adds a notice for each who may decide about the kind, for every leader
// while nobody may: one of them has the administrator mark the president.
func (s *Service) tellSigners(ctx context.Context, tx *storage.DB, courtID int64, k model.MeasureKind, notice func(user int64) model.Notice) error {
	signers, err := tx.Signers(ctx, courtID)
	if err != nil {
		return err
	}
	users := signers.Users(k)
	if len(users) == 0 {
		return s.tellLeaders(ctx, tx, courtID, notice)
	}
	for _, u := range users {
		if err := tx.AddNotice(ctx, notice(u)); err != nil {
			return err
		}
	}
	return nil
}

// signs refuses an answer to somebody who may not decide about the kind.
func signs(ctx context.Context, tx *storage.DB, by model.Actor, k model.MeasureKind) error {
	s, err := tx.Signers(ctx, by.CourtID)
	if err != nil {
		return err
	}
	return s.Check(by.UserID, k)
}

// signed is who decides, as papers print it.
func signed(ctx context.Context, tx *storage.DB, by model.Actor, k model.MeasureKind) (string, error) {
	s, err := tx.Signers(ctx, by.CourtID)
	return s.Signed(by.UserID, k), err
}

// Signers are who may decide in the court what the law gives to its president.
func (s *Service) Signers(ctx context.Context, by model.Actor) (model.Signers, error) {
	if err := by.Require(model.ActMeasureRead); err != nil {
		return model.Signers{}, err
	}
	return s.db.Signers(ctx, by.CourtID)
}

// lockedMeasure is a measure with everything that a use case needs, locked.
type lockedMeasure struct {
	m      *model.Measure
	e      *model.EnforcementFile
	cs     *model.Case
	before model.Measure // as it was
}

// lockMeasure gives a measure to the officer whose case it is, to the officer who now
// enforces against its debtor, or to a leader; for everyone else it is not
// found. The case is locked first, as everywhere.
func lockMeasure(ctx context.Context, tx *storage.DB, by model.Actor, id int64) (*lockedMeasure, error) {
	seen, err := tx.Measure(ctx, by, id)
	if err != nil {
		return nil, err
	}
	p := &lockedMeasure{}
	if p.e, p.cs, err = tx.LockEnforcement(ctx, by, seen.EnforcementCaseID); err != nil {
		return nil, err
	}
	now, err := tx.OfficerOf(ctx, seen.PartyID)
	if err != nil {
		return nil, err
	}
	if by.UserID == 0 || by.UserID != p.e.OfficerID && by.UserID != now && !by.Has(model.RoleLeader) {
		return nil, model.E(model.NotFound, "measure.not_found", "没有找到，或您无权查看")
	}
	if p.m, err = tx.LockMeasure(ctx, id); err != nil {
		return nil, err
	}
	p.before = *p.m
	return p, nil
}

// saveMeasure saves what a use case made of the measure, with a line of its history
// and of the audit trail. It is the last step.
func (s *Service) saveMeasure(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, kind model.MeasureEntryKind, note string, action model.AuditAction) error {
	if err := tx.UpdateMeasure(ctx, p.m, p.before.Version); err != nil {
		return err
	}
	if err := s.addEntry(ctx, tx, by, p.m, kind, note); err != nil {
		return err
	}
	return auditMeasure(tx, by, p.m, action, p.before)
}

// changeMeasure runs f on a measure that the actor may change.
func (s *Service) changeMeasure(ctx context.Context, by model.Actor, may model.Act, id int64, f func(tx *storage.DB, p *lockedMeasure) error) (*model.Measure, error) {
	if err := by.Require(may); err != nil {
		return nil, err
	}
	var out *model.Measure
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		p, err := lockMeasure(ctx, tx, by, id)
		if err != nil {
			return err
		}
		out = p.m
		return f(tx, p)
	})
	if err != nil {
		return nil, fmt.Errorf("measure %d: %w", id, err)
	}
	return out, nil
}

// keepFile makes a file that the actor uploaded in the case part of its record.
func keepFile(ctx context.Context, tx *storage.DB, by model.Actor, caseID, fileID int64) error {
	if fileID == 0 {
		return nil
	}
	if err := tx.KeepFile(ctx, fileID, caseID, by.UserID); err != nil {
		return model.InvalidField("file_id", "file.unknown", "没有这个文件，请重新上传").WithCause(err)
	}
	return nil
}
