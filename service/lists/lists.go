// Package lists is what the lists of the desk share: the filters that people keep
// under names of their own, and the record of every list that left as a file or
// on paper.
package lists

import (
	"context"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the area.
type Service struct{ db *storage.DB }

// New makes the service.
func New(db *storage.DB) *Service { return &Service{db} }

// Saved lists the filters that the actor keeps for a list.
func (s *Service) Saved(ctx context.Context, by model.Actor, path string) ([]model.SavedFilter, error) {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return nil, err
	}
	return s.db.SavedFilters(ctx, by.UserID, path)
}

// Save keeps a filter of the actor. One of the same name on the same list is
// replaced, so that a repeat changes nothing.
func (s *Service) Save(ctx context.Context, by model.Actor, f model.SavedFilter) error {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return err
	}
	f.ID, f.CourtID, f.UserID = 0, by.CourtID, by.UserID
	if err := f.Check(); err != nil {
		return err
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		have, err := tx.SavedFilters(ctx, by.UserID, f.Path)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(have, func(h model.SavedFilter) bool { return h.Name == f.Name })
		if i < 0 && len(have) >= model.MaxSavedFilters {
			return model.E(model.Conflict, "filter.too_many", "每个列表最多保存 20 个筛选，请先删除不用的")
		}
		if i >= 0 {
			f.ID = have[i].ID // what it is sealed for
		}
		return tx.SaveFilter(ctx, &f)
	})
}

// Delete ends a filter of the actor and tells of which list it was, "" when there
// is none any more: a repeat changes nothing.
func (s *Service) Delete(ctx context.Context, by model.Actor, id int64) (path string, err error) {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return "", err
	}
	err = s.db.Transact(ctx, func(tx *storage.DB) (err error) {
		path, err = tx.DeleteFilter(ctx, by.UserID, id)
		return err
	})
	return path, err
}

// Exported records that the actor takes a list away, before the first row leaves:
// what cannot be recorded must not happen. act is the act of the list.
func (s *Service) Exported(ctx context.Context, by model.Actor, act model.Act, e model.Export) error {
	if err := by.Require(act); err != nil {
		return err
	}
	detail := e.List + map[string]string{"xlsx": "（导出表格）", "print": "（打印）"}[e.Form]
	return s.db.AuditLook(ctx, by, by.RoleFor(act), model.AuditEvent{
		CourtID: by.CourtID, Action: model.AuditListExport, Subject: model.ThingList.Of(0), Detail: strings.TrimSpace(detail), After: e,
	})
}
