package enforcement

import (
	"context"
	"errors"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Pass tells the owner and the court's leaders of every task whose clock ran
// out, once each. One that cannot be told of does not hold up the others.
func (s *Service) Pass(ctx context.Context) error {
	over := errors.Join(s.openExpiryTasks(ctx), s.openExecutionTasks(ctx))
	_, late := s.db.Pass(ctx, "task", batch,
		func(n int) ([]int64, error) { return s.db.LateTasks(ctx, s.db.Now(), n) },
		func(tx *storage.DB, id int64) error { return escalateTask(ctx, tx, id) })
	return errors.Join(over, late, s.followLateSettlements(ctx))
}

func escalateTask(ctx context.Context, tx *storage.DB, id int64) error {
	t, err := tx.LockTask(ctx, id)
	if err != nil || t.EscalatedAt != nil || !t.Late(tx.Now()) {
		return err
	}
	cs, err := tx.LockCaseByID(ctx, t.CaseID)
	if err != nil {
		return err
	}
	leaders, err := tx.StaffWith(ctx, t.CourtID, model.RoleLeader)
	if err != nil {
		return err
	}
	told := []int64{t.OwnerID}
	if slices.Contains(model.SubstituteTasks(), t.Kind) {
		people, err := tx.Substitutes(ctx, t.OwnerID)
		if err != nil {
			return err
		}
		told = append(told, people...)
	}
	for _, l := range leaders {
		told = append(told, l.UserID)
	}
	for i, user := range told {
		if user == 0 || slices.Contains(told[:i], user) {
			continue
		}
		if err := tx.AddNotice(ctx, model.TaskLateNotice(*cs, *t, user)); err != nil {
			return err
		}
	}
	now := tx.Now()
	t.EscalatedAt = &now
	return tx.UpdateTask(ctx, t, t.Version)
}
