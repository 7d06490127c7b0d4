package storage

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// CreateDeskAct enters what was decided of a receipt or answered, and marks the
// receipt so that it is in no queue meanwhile. Errors: Conflict when another decision
// about it can still be taken back.
func (db *DB) CreateDeskAct(ctx context.Context, d *model.DeskAct) error {
	if err := db.q(ctx).Create(d).Error; err != nil {
		return translate(err, "decision")
	}
	return db.markDecision(ctx, d.ReceiptID, 0, d.ID)
}

// EndDeskAct writes how an act ended, and gives its receipt back. Of several who end
// it at once one succeeds: the others change no row, which is a Conflict.
func (db *DB) EndDeskAct(ctx context.Context, d *model.DeskAct) error {
	err := changed(db.q(ctx).Model(&model.DeskAct{}).Where("id = ? AND state = ?", d.ID, model.DecisionPending).
		Select("state", "ended_at", "ended_by", "problem").Updates(d), "decision")
	if err != nil {
		return err
	}
	return db.markDecision(ctx, d.ReceiptID, d.ID, 0)
}

// CarryOut lets an act take effect by act, under the name of whoever made it. What
// cannot be done any more ends as failed and is told; what only failed for now is an
// error, and is done again. The case is locked. early is who asked for it before its
// time, 0 for the clock.
func (db *DB) CarryOut(ctx context.Context, d *model.DeskAct, early int64, act func() error) error {
	who, err := db.User(ctx, d.ByUserID)
	if err != nil {
		return err
	}
	if who.State != model.UserActive { // closed while the request was under way
		return db.failDeskAct(ctx, d, early, model.StoppedDisabled)
	}
	err = db.Attempt(ctx, act)
	switch e := (*model.Error)(nil); {
	case err == nil:
	case errors.As(err, &e) && (e.Kind == model.Invalid || e.Kind == model.Conflict || e.Kind == model.NotFound || e.Kind == model.Forbidden):
		return db.failDeskAct(ctx, d, early, e.Message)
	default:
		return err
	}
	now, err := db.Clock(ctx)
	if err != nil {
		return err
	}
	d.End(early, "", now)
	return db.EndDeskAct(ctx, d)
}

// failDeskAct ends an act that does not take effect because of a problem: the receipt
// or the conversation waits again, and whoever acted and whoever is responsible now
// are told.
func (db *DB) failDeskAct(ctx context.Context, d *model.DeskAct, by int64, problem string) error {
	now, err := db.Clock(ctx)
	if err != nil {
		return err
	}
	d.End(by, problem, now)
	if err := db.EndDeskAct(ctx, d); err != nil {
		return err
	}
	if err := db.EndUnconfirmed(ctx, d); err != nil {
		return err
	}
	var responsible int64
	notice := func(user int64) model.Notice { return model.AnswerFailedNotice(*d, user) }
	if d.ConversationID != 0 {
		c, err := db.ConversationByID(ctx, d.ConversationID)
		if err != nil {
			return err
		}
		responsible = c.OwnerID
	} else {
		r, err := db.LockReceipt(ctx, d.ReceiptID)
		if err != nil {
			return err
		}
		responsible = r.Responsible().UserID
		notice = func(user int64) model.Notice { return model.DecisionFailedNotice(*r, *d, user) }
	}
	told := []int64{d.ByUserID}
	if responsible != 0 && responsible != d.ByUserID {
		told = append(told, responsible)
	}
	for _, u := range told {
		if err := db.AddNotice(ctx, notice(u)); err != nil {
			return err
		}
	}
	return db.Audit(model.System(), model.RolePublic, model.AuditEvent{
		CourtID: d.CourtID, Action: model.AuditDeskActFailed, CaseID: d.CaseID, Subject: d.Subject(), Detail: d.Kind.Chinese() + "：" + problem, After: d,
	})
}

// EndUnconfirmed ends what an objection started that came while a confirmation waited
// which is none: the receipt waits again, with what was said of it.
func (db *DB) EndUnconfirmed(ctx context.Context, d *model.DeskAct) error {
	if d.Kind != model.DecideConfirm {
		return nil
	}
	return db.EndTasks(ctx, model.TaskCancelled, 0, "对回执的确认"+d.State.Chinese(), model.TaskMatch{
		CaseID: d.CaseID, Kinds: []model.TaskKind{model.TaskObjection}, Subject: model.ThingReceipt.Of(d.ReceiptID),
	})
}

// StopDeskActs ends the acts that wait, somebody's or all with 0, without letting them
// take effect, and tells how many there were. by is who stopped them, 0 for the program.
func (db *DB) StopDeskActs(ctx context.Context, userID, by int64, problem string) (n int, err error) {
	q := db.q(ctx).Model(&model.DeskAct{}).Where("state = ?", model.DecisionPending)
	if userID != 0 {
		q = q.Where("by_user_id = ?", userID)
	}
	var list []model.DeskAct
	if err := q.Order("case_id, id").Find(&list).Error; err != nil {
		return 0, translate(err, "decision")
	}
	for _, found := range list {
		if _, err := db.LockCaseByID(ctx, found.CaseID); err != nil { // as whoever carries it out does
			return n, err
		}
		d, err := db.LockDeskAct(ctx, found.ID)
		if err != nil {
			return n, err
		}
		if d.State != model.DecisionPending {
			continue
		}
		if err := db.failDeskAct(ctx, d, by, problem); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// markDecision moves a receipt's mark of the decision that waits about it.
func (db *DB) markDecision(ctx context.Context, receiptID, from, to int64) error {
	if receiptID == 0 {
		return nil
	}
	return changed(db.q(ctx).Model(&model.Receipt{}).Where("id = ? AND pending_decision_id = ?", receiptID, from).
		UpdateColumn("pending_decision_id", to), "receipt")
}

// DeskAct is the act with the id.
func (db *DB) DeskAct(ctx context.Context, id int64) (*model.DeskAct, error) {
	var d model.DeskAct
	err := db.q(ctx).Take(&d, "id = ?", id).Error
	return &d, translate(err, "decision")
}

// LockDeskAct is DeskAct for whoever ends it. The caller has locked
// its case.
func (db *DB) LockDeskAct(ctx context.Context, id int64) (*model.DeskAct, error) {
	var d model.DeskAct
	err := db.forUpdate(ctx).Take(&d, "id = ?", id).Error
	return &d, translate(err, "decision")
}

// DeskActByKey is what somebody decided under a key, nil for nothing.
func (db *DB) DeskActByKey(ctx context.Context, userID int64, kind model.DeskActKind, key string) (*model.DeskAct, error) {
	var rows []model.DeskAct
	err := db.forUpdate(ctx).Where("by_user_id = ? AND kind = ? AND idem_key = ?", userID, kind, key).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err, "decision")
	}
	return &rows[0], nil
}

// PendingDecisions are the decisions about receipts of a case that can still be
// taken back, or wait to be carried out, the oldest first.
func (db *DB) PendingDecisions(ctx context.Context, caseID int64) ([]model.DeskAct, error) {
	var out []model.DeskAct
	err := db.forUpdate(ctx).Where("case_id = ? AND state = ? AND receipt_id <> 0", caseID, model.DecisionPending).Order("id").Limit(1000).Find(&out).Error
	return out, translate(err, "decision")
}

// DecidedBeside is PendingDecisions for a page: it waits for nobody.
func (db *DB) DecidedBeside(ctx context.Context, caseID, notReceipt int64) ([]model.DeskAct, error) {
	var out []model.DeskAct
	err := db.q(ctx).Where("case_id = ? AND state = ? AND receipt_id <> 0 AND receipt_id <> ?", caseID, model.DecisionPending, notReceipt).Order("id").Limit(20).Find(&out).Error
	return out, translate(err, "decision")
}

// NothingUndoable refuses an act that rests on the ledger of a case while a decision
// about one of its receipts can be taken back: receipt.undoable, a Conflict.
func (db *DB) NothingUndoable(ctx context.Context, caseID int64) error {
	list, err := db.PendingDecisions(ctx, caseID)
	if err != nil || len(list) == 0 {
		return err
	}
	return list[0].Undoable()
}

// DueDecisions are the ids of those whose time is over, the oldest first.
func (db *DB) DueDecisions(ctx context.Context, now time.Time, after int64, limit int) (ids []int64, err error) {
	err = db.q(ctx).Model(&model.DeskAct{}).Where("state = ? AND ends_at <= ? AND id > ?", model.DecisionPending, now, after).
		Order("id").Limit(limit).Pluck("id", &ids).Error
	return ids, translate(err, "decision")
}

// PendingAnswers are the answers in a conversation that can still be taken back, the
// oldest first.
func (db *DB) PendingAnswers(ctx context.Context, conversationID int64) ([]model.DeskAct, error) {
	var out []model.DeskAct
	err := db.q(ctx).Where("conversation_id = ? AND state = ?", conversationID, model.DecisionPending).Order("id").Limit(20).Find(&out).Error
	return out, translate(err, "decision")
}

// answering are the conversations in which an answer waits to be sent.
const answering = `EXISTS (SELECT 1 FROM desk_acts WHERE desk_acts.conversation_id = conversations.id AND desk_acts.state = 'pending')`

// DecisionsOf are the decisions about receipts that wait and that somebody made.
func (db *DB) DecisionsOf(ctx context.Context, by model.Actor) (ids []int64, err error) {
	err = db.q(ctx).Model(&model.DeskAct{}).Where("court_id = ? AND state = ? AND by_user_id = ? AND receipt_id <> 0", by.CourtID, model.DecisionPending, by.UserID).
		Order("id").Limit(1000).Pluck("id", &ids).Error
	return ids, translate(err, "decision")
}

// LastDecision is the newest decision of somebody that waits, nil for none.
func (db *DB) LastDecision(ctx context.Context, userID int64) (*model.DeskAct, error) {
	var rows []model.DeskAct
	err := db.q(ctx).Where("by_user_id = ? AND state = ?", userID, model.DecisionPending).Order("id DESC").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err, "decision")
	}
	return &rows[0], nil
}

// VisibleOf tells which of some cases the actor may see.
func (db *DB) VisibleOf(ctx context.Context, by model.Actor, caseIDs []int64) (map[int64]bool, error) {
	var ids []int64
	err := db.visible(ctx, by).Model(&model.Case{}).Where("cases.id IN ?", caseIDs).Pluck("cases.id", &ids).Error
	out := make(map[int64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, translate(err, "case")
}

// undecided narrows receipts to those that wait for somebody: not those about which
// a decision waits to be carried out.
func undecided(q *gorm.DB) *gorm.DB { return q.Where("pending_decision_id = 0") }
