package storage

import (
	"context"
	"time"

	"microcourt/model"
)

// openCalls are the states in which a call is still to come.
var openCalls = []model.CallState{model.CallAsked, model.CallOffered, model.CallConfirmed}

// CallBack is the call-back with the id, if the actor may see its conversation.
func (db *DB) CallBack(ctx context.Context, by model.Actor, id int64) (*model.CallBack, error) {
	var k model.CallBack
	err := db.q(ctx).Where("conversation_id IN (?)", db.visibleConversations(ctx, by).Select("conversations.id")).Take(&k, "id = ?", id).Error
	return &k, translate(err, "call")
}

// CallBackByID is the call-back with the id, for the program itself.
func (db *DB) CallBackByID(ctx context.Context, id int64) (*model.CallBack, error) {
	var k model.CallBack
	err := db.q(ctx).Take(&k, "id = ?", id).Error
	return &k, translate(err, "call")
}

// CallBackByKey is what the user proposed under the key; nil when nothing.
func (db *DB) CallBackByKey(ctx context.Context, userID int64, key string) (*model.CallBack, error) {
	var k model.CallBack
	res := db.q(ctx).Where("created_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&k)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "call")
	}
	return &k, nil
}

// CreateCallBack adds a call-back and its first step, for a transaction that
// holds the case.
func (db *DB) CreateCallBack(ctx context.Context, k *model.CallBack, court bool) error {
	key := k.Key()
	k.Version, k.OpenKey = 1, &key
	if err := db.q(ctx).Create(k).Error; err != nil {
		return translate(err, "call")
	}
	return db.addCallEntry(ctx, k, k.Note, court)
}

// UpdateCallBack writes the last step of a call-back that was at version seen.
func (db *DB) UpdateCallBack(ctx context.Context, k *model.CallBack, seen int64, court bool) error {
	k.Version = seen + 1
	err := changed(db.q(ctx).Model(&model.CallBack{}).Where("id = ? AND version = ?", k.ID, seen).
		Select("user_id", "start_at", "state", "phone", "answer_by", "decided_by", "answer", "open_key", "version", "updated_at").Updates(k), "call")
	if err != nil {
		return err
	}
	return db.addCallEntry(ctx, k, k.Answer, court)
}

func (db *DB) addCallEntry(ctx context.Context, k *model.CallBack, note string, court bool) error {
	e := model.CallEntry{
		CallBackID: k.ID, ConversationID: k.ConversationID, State: k.State, StartAt: k.StartAt, Note: note, FromCourt: court, ByUserID: k.DecidedBy,
	}
	return translate(db.q(ctx).Create(&e).Error, "call")
}

// Calls lists the call-backs of a conversation, the newest first, with their
// steps in order.
func (db *DB) Calls(ctx context.Context, conversationID int64, limit int) ([]model.CallBack, map[int64][]model.CallEntry, error) {
	var out []model.CallBack
	if err := db.q(ctx).Where("conversation_id = ?", conversationID).Order("id DESC").Limit(limit).Find(&out).Error; err != nil || len(out) == 0 {
		return nil, nil, translate(err, "call")
	}
	ids := make([]int64, len(out))
	for i, k := range out {
		ids[i] = k.ID
	}
	steps, err := db.CallSteps(ctx, ids)
	return out, steps, err
}

// CallSteps lists the steps of call-backs in order.
func (db *DB) CallSteps(ctx context.Context, ids []int64) (map[int64][]model.CallEntry, error) {
	steps := map[int64][]model.CallEntry{}
	var rows []model.CallEntry
	err := db.q(ctx).Where("call_back_id IN ?", ids).Order("id").Find(&rows).Error
	for _, e := range rows {
		steps[e.CallBackID] = append(steps[e.CallBackID], e)
	}
	return steps, translate(err, "call")
}

// CallEntries lists the newest steps of a conversation's call-backs up to one
// of them, the newest first.
func (db *DB) CallEntries(ctx context.Context, conversationID, last int64, limit int) ([]model.CallEntry, error) {
	var out []model.CallEntry
	err := db.q(ctx).Where("conversation_id = ? AND id <= ?", conversationID, last).Order("id DESC").Limit(limit).Find(&out).Error
	return out, translate(err, "call")
}

// LastCallEntry is the newest step of a conversation's call-backs, 0 when there
// is none.
func (db *DB) LastCallEntry(ctx context.Context, conversationID int64) (int64, error) {
	var ids []int64
	err := db.q(ctx).Model(&model.CallEntry{}).Where("conversation_id = ?", conversationID).Order("id DESC").Limit(1).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, translate(err, "call")
	}
	return ids[0], nil
}

// OpenCalls are the call-backs of a conversation that are still to come.
func (db *DB) OpenCalls(ctx context.Context, conversationID int64) ([]model.CallBack, error) {
	var out []model.CallBack
	err := db.q(ctx).Where("conversation_id = ? AND state IN ?", conversationID, openCalls).Order("id").Find(&out).Error
	return out, translate(err, "call")
}

// TakenCalls are the times from now until a day at which somebody has agreed to
// call, other than for one call-back.
func (db *DB) TakenCalls(ctx context.Context, ownerID int64, until model.Date, except int64) ([]time.Time, error) {
	var out []time.Time
	err := db.q(ctx).Model(&model.CallBack{}).Where("owner_id = ? AND state = ? AND start_at > ? AND start_at < ? AND id <> ?",
		ownerID, model.CallConfirmed, db.Now(), until.AddDays(1).Start(), except).Order("start_at").Limit(1000).Pluck("start_at", &out).Error
	return out, translate(err, "call")
}

// CallsAsked counts for how many calls a user asked since t.
func (db *DB) CallsAsked(ctx context.Context, userID int64, t time.Time) (int64, error) {
	var n int64
	err := db.q(ctx).Model(&model.CallBack{}).Where("created_by = ? AND created_at > ?", userID, t).Count(&n).Error
	return n, translate(err, "call")
}

// OverCalls lists call-backs on which both sides did not agree before their
// time came.
func (db *DB) OverCalls(ctx context.Context, now time.Time, n int) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.CallBack{}).Where("state IN ? AND start_at <= ?", []model.CallState{model.CallAsked, model.CallOffered}, now).
		Order("start_at, id").Limit(n).Pluck("id", &out).Error
	return out, translate(err, "call")
}

// setCallOwners gives the calls of a conversation that are still to come, and
// what is to be done about them, to whoever answers it now.
func (db *DB) setCallOwners(ctx context.Context, caseID, conversationID, owner int64) error {
	calls, err := db.OpenCalls(ctx, conversationID)
	if err != nil || len(calls) == 0 {
		return err
	}
	ids := make([]int64, len(calls))
	for i, k := range calls {
		ids[i] = k.ID
	}
	err = db.q(ctx).Model(&model.CallBack{}).Where("conversation_id = ? AND state IN ?", conversationID, openCalls).Update("owner_id", owner).Error
	if err != nil {
		return translate(err, "call")
	}
	return translate(db.q(ctx).Model(&model.Task{}).Where("case_id = ? AND subject_kind = ? AND subject_id IN ? AND state = ?", caseID, model.ThingCallBack, ids, model.TaskOpen).
		Update("owner_id", owner).Error, "task")
}
