package storage

import (
	"context"

	"microcourt/model"
)

// CallBack is the call-back with the id, if the actor may see its conversation.
func (db *DB) CallBack(ctx context.Context, by model.Actor, id int64) (*model.CallBack, error) {
	var k model.CallBack
	err := db.q(ctx).Where("conversation_id IN (?)", db.visibleConversations(ctx, by).Select("conversations.id")).Take(&k, "id = ?", id).Error
	return &k, translate(err, "call_back")
}

// CallBackByKey is what the user proposed under the key; nil when nothing.
func (db *DB) CallBackByKey(ctx context.Context, userID int64, key string) (*model.CallBack, error) {
	var k model.CallBack
	res := db.q(ctx).Where("user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&k)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "call_back")
	}
	return &k, nil
}

// CreateCallBack adds a call-back unless one in the same conversation is still
// to come, and tells which.
func (db *DB) CreateCallBack(ctx context.Context, k *model.CallBack) (bool, error) {
	k.Version, k.OpenKey = 1, &k.ConversationID
	created, err := createOnce(db.q(ctx), k)
	return created, translate(err, "call_back")
}

// UpdateCallBack writes what became of a call-back that was at version seen.
func (db *DB) UpdateCallBack(ctx context.Context, k *model.CallBack, seen int64) error {
	k.Version = seen + 1
	return changed(db.q(ctx).Model(&model.CallBack{}).Where("id = ? AND version = ?", k.ID, seen).
		Select("on_day", "part", "state", "answer", "decided_by", "open_key", "version", "updated_at").Updates(k), "call_back")
}

// ConversationCalls lists the call-backs of a conversation, the newest first.
func (db *DB) ConversationCalls(ctx context.Context, conversationID int64) ([]model.CallBack, error) {
	var out []model.CallBack
	err := db.q(ctx).Where("conversation_id = ?", conversationID).Order("id DESC").Limit(50).Find(&out).Error
	return out, translate(err, "call_back")
}

// Calls lists a court's call-backs that are still to come, in the order of
// their time: those of one who answers, or the court's when owner is 0.
func (db *DB) Calls(ctx context.Context, courtID, owner int64, limit int) ([]model.CallLine, error) {
	q := db.q(ctx).Model(&model.CallBack{}).Where("call_backs.court_id = ? AND call_backs.state IN ?", courtID, []model.CallState{model.CallProposed, model.CallCountered, model.CallConfirmed})
	if owner != 0 {
		duty, args := db.duty("conversations.owner_id", owner)
		q = q.Where(duty, args...)
	}
	var out []model.CallLine
	err := q.Select(`call_backs.*, COALESCE(e.case_no, cases.case_no) AS case_no, COALESCE(p.name, '') AS who, conversations.relative_id,
		conversations.owner_id, users.name AS owner`).
		Joins("JOIN conversations ON conversations.id = call_backs.conversation_id").Joins("JOIN cases ON cases.id = call_backs.case_id").
		Joins("JOIN users ON users.id = conversations.owner_id").Joins("LEFT JOIN parties p ON p.id = conversations.party_id").
		Joins("LEFT JOIN enforcement_cases e ON e.id = conversations.enforcement_case_id").
		Order("call_backs.on_day, CASE WHEN call_backs.part = 'morning' THEN 0 ELSE 1 END, call_backs.id").Limit(limit).Find(&out).Error
	if err != nil {
		return nil, translate(err, "call_back")
	}
	names, err := relativeNames(ctx, db, out, func(l model.CallLine) int64 { return l.RelativeID })
	for i := range out {
		if out[i].RelativeID != 0 {
			out[i].Who = names[out[i].RelativeID] + "（家属）"
		}
	}
	return out, translate(err, "call_back")
}
