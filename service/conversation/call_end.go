package conversation

import (
	"context"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// EndCalls ends the calls to a relative that are still to come, in the
// transaction that ends his link. What became of the link tells him.
func (s *Service) EndCalls(ctx context.Context, tx *storage.DB, by model.Actor, r model.Relative) error {
	c, err := tx.RelativeConversation(ctx, r.ID)
	if err != nil || c == nil {
		return err
	}
	cs, err := tx.LockCaseByID(ctx, c.CaseID)
	if err != nil {
		return err
	}
	open, err := tx.OpenCalls(ctx, c.ID)
	if err != nil || len(open) == 0 {
		return err
	}
	d := &callActs{tx: tx, by: by, court: !by.IsParty(), cs: cs, c: c} // the debtor ends whom he invited
	if err := d.read(ctx); err != nil {
		return err
	}
	d.relative = &r // as it becomes
	for i := range open {
		k, before := &open[i], open[i]
		k.End(model.CallCancelled, by.UserID, "与此人的联系"+r.State.Chinese())
		if err := tx.UpdateCallBack(ctx, k, before.Version, d.court); err != nil {
			return err
		}
		if err := d.changed(ctx, k, &before); err != nil {
			return err
		}
	}
	return nil
}

// lapse ends the call-backs whose time came before both sides agreed on it,
// once each.
func (s *Service) lapse(ctx context.Context) error {
	_, err := s.db.Pass(ctx, "call", batch,
		func(n int) ([]int64, error) { return s.db.OverCalls(ctx, s.db.Now(), n) },
		func(tx *storage.DB, id int64) error { return lapseOne(ctx, tx, id) })
	return err
}

func lapseOne(ctx context.Context, tx *storage.DB, id int64) error {
	seen, err := tx.CallBackByID(ctx, id)
	if err != nil {
		return err
	}
	cs, err := tx.LockCaseByID(ctx, seen.CaseID)
	if err != nil {
		return err
	}
	k, err := tx.CallBackByID(ctx, id) // as it is under the lock
	if err != nil || !k.Over(tx.Now()) {
		return err
	}
	c, err := tx.ConversationByID(ctx, k.ConversationID)
	if err != nil {
		return err
	}
	d := &callActs{tx: tx, by: model.System(), court: true, cs: cs, c: c}
	if err := d.read(ctx); err != nil {
		return err
	}
	tasks, err := tx.SubjectTasks(ctx, k.CaseID, model.ThingCallBack.Of(k.ID))
	if err != nil {
		return err
	}
	// The leaders may have heard of it as a task that is late.
	d.known = slices.ContainsFunc(tasks, func(t model.Task) bool { return t.State == model.TaskOpen && t.EscalatedAt != nil })
	before := *k
	k.End(model.CallLapsed, 0, "")
	if err := tx.UpdateCallBack(ctx, k, before.Version, false); err != nil {
		return err
	}
	if err := d.tasks(ctx, k); err != nil {
		return err
	}
	if before.State == model.CallAsked { // it was the court's to answer
		if err := d.tellCourt(ctx, *k); err != nil {
			return err
		}
	}
	if err := d.tellOther(ctx, *k); err != nil {
		return err
	}
	return d.record(k, &before)
}
