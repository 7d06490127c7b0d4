package dossier

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// Catalogue is what belongs into the file of a case.
type Catalogue struct {
	Case  model.Case
	Items []model.DossierItem
	// Filed is how many of them are in the file.
	Filed int
}

// Catalogue lists what belongs into the file of a case, what came about a moment ago
// as well.
func (s *Service) Catalogue(ctx context.Context, by model.Actor, caseID int64) (*Catalogue, error) {
	if err := by.Require(model.ActDossierRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	return s.catalogue(ctx, *cs)
}

func (s *Service) catalogue(ctx context.Context, cs model.Case) (*Catalogue, error) {
	for _, source := range model.DossierSources {
		if _, err := s.db.CollectDossier(ctx, source, cs.ID, 0, 0, 10*batch); err != nil && model.KindOf(err) != model.Conflict {
			return nil, fmt.Errorf("collect %s of case %d: %w", source, cs.ID, err)
		}
	}
	out := &Catalogue{Case: cs}
	var err error
	if out.Items, err = s.db.DossierItems(ctx, cs.ID); err != nil {
		return nil, err
	}
	for _, i := range out.Items {
		if i.FiledAt != nil {
			out.Filed++
		}
	}
	return out, nil
}

// Unfiled is an item that is not in the file, with its case.
type Unfiled = storage.Unfiled

// Unfiled lists what is not in the files of the actor's cases, with failed only what
// somebody has to look at.
func (s *Service) Unfiled(ctx context.Context, by model.Actor, failed bool, after int64, limit int) ([]Unfiled, error) {
	if err := by.Require(model.ActDossierRead); err != nil {
		return nil, err
	}
	return s.db.UnfiledItems(ctx, by, failed, after, limit)
}

// Count counts what is not in the files of the actor's cases: all, and what somebody
// has to look at.
func (s *Service) Count(ctx context.Context, by model.Actor) (all, failed int64, err error) {
	if err := by.Require(model.ActDossierRead); err != nil {
		return 0, 0, err
	}
	return s.db.CountUnfiled(ctx, by)
}

// maxAgain is how many items are handed over again at once.
const maxAgain = 500

// Again lets items of the actor's cases be handed over once more, at once. What is
// in the file already stays there: a repeat changes nothing. It tells how many.
func (s *Service) Again(ctx context.Context, by model.Actor, ids []int64) (n int, err error) {
	if err := by.Require(model.ActDossierManage); err != nil {
		return 0, err
	}
	if s.cfg.System == nil {
		return 0, model.E(model.Conflict, "dossier.off", "本院没有接通电子卷宗系统，请下载案件的卷宗后人工入卷")
	}
	if len(ids) == 0 || len(ids) > maxAgain {
		return 0, model.InvalidField("items", "dossier.items", fmt.Sprintf("请选择要重新入卷的材料，一次最多 %d 件", maxAgain))
	}
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		n = 0
		items, err := tx.LockUnfiled(ctx, by, ids)
		if err != nil {
			return err
		}
		for k := range items {
			i := &items[k]
			before := *i
			if err := i.Again(tx.Now()); err != nil {
				return err
			}
			if err := tx.SetDossier(ctx, i); err != nil {
				return err
			}
			n++
			err := tx.Audit(by, by.RoleFor(model.ActDossierManage), model.AuditEvent{
				CourtID: i.CourtID, Action: model.AuditDossierAgain, CaseID: i.CaseID, Subject: model.ThingDossierItem.Of(i.ID), Before: before, After: i,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("hand over again: %w", err)
	}
	return n, nil
}
