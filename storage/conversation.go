package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// visibleConversations limits a query over conversations to those that the
// actor may see. A clerk and a leader see their court's, a judge those of the
// parties of his cases, whoever answers his own and those of whom he stands in
// for, a WeChat user those of the parties to whom he is bound, and his own as a
// relative who was admitted.
func (db *DB) visibleConversations(ctx context.Context, by model.Actor) *gorm.DB {
	q := db.q(ctx).Model(&model.Conversation{})
	switch {
	case by.Has(model.RoleClerk), by.Has(model.RoleLeader):
		return q.Where("conversations.court_id = ?", by.CourtID)
	case by.Has(model.RoleJudge), by.Has(model.RoleOfficer):
		owners, err := db.answersFor(ctx, by.UserID)
		_ = q.AddError(err)
		return q.Where("conversations.court_id = ? AND (conversations.owner_id IN ? OR conversations.party_id <> 0 AND conversations.case_id IN (SELECT id FROM cases WHERE judge_id = ?))",
			by.CourtID, owners, by.UserID)
	case by.IsParty():
		return q.Where(`(conversations.party_id <> 0 AND conversations.party_id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL)
			OR conversations.relative_id IN (?))`, by.UserID, db.admitted(ctx, by).Select("relatives.id"))
	}
	return q.Where("1 = 0")
}

// Conversation is the conversation with the id, if the actor may see it;
// otherwise NotFound.
func (db *DB) Conversation(ctx context.Context, by model.Actor, id int64) (*model.Conversation, error) {
	var c model.Conversation
	err := db.visibleConversations(ctx, by).Take(&c, "conversations.id = ?", id).Error
	return &c, translate(err, "conversation")
}

// ConversationByID is the conversation with the id, for the program itself.
func (db *DB) ConversationByID(ctx context.Context, id int64) (*model.Conversation, error) {
	var c model.Conversation
	err := db.q(ctx).Take(&c, "id = ?", id).Error
	return &c, translate(err, "conversation")
}

// EnforcementNumber is the number of an enforcement case.
func (db *DB) EnforcementNumber(ctx context.Context, id int64) (string, error) {
	var e model.EnforcementCase
	err := db.q(ctx).Select("case_no").Take(&e, "id = ?", id).Error
	return e.CaseNo, translate(err, "enforcement")
}

// Conversations lists those of a case that the actor may see, what waits
// first.
func (db *DB) Conversations(ctx context.Context, by model.Actor, caseID int64) ([]model.Conversation, error) {
	var out []model.Conversation
	err := db.visibleConversations(ctx, by).Where("conversations.case_id = ?", caseID).
		Order("CASE WHEN conversations.answer_by IS NULL THEN 1 ELSE 0 END, conversations.answer_by, conversations.last_message_id DESC").Limit(500).Find(&out).Error
	return out, translate(err, "conversation")
}

// OpenConversation is the conversation with a counterpart, made when there is
// none, for a transaction that holds the case.
func (db *DB) OpenConversation(ctx context.Context, c model.Conversation) (*model.Conversation, error) {
	var found model.Conversation
	res := db.q(ctx).Where("counterpart_kind = ? AND counterpart_id = ?", c.Counterpart.Kind, c.Counterpart.ID).Limit(1).Find(&found)
	if res.Error != nil || res.RowsAffected > 0 {
		return &found, translate(res.Error, "conversation")
	}
	c.LastAt = db.Now()
	return &c, translate(db.q(ctx).Create(&c).Error, "conversation")
}

// setConversationOwners gives the conversations of a case to whoever answers
// them now; the duty moved.
func (db *DB) setConversationOwners(ctx context.Context, caseID int64) error {
	enforcements, err := db.EnforcementsOf(ctx, caseID)
	if err != nil {
		return err
	}
	for _, e := range enforcements { // and whoever asks to be connected
		if e.OfficerID == 0 {
			continue
		}
		err := db.q(ctx).Model(&model.Relative{}).Where("enforcement_case_id = ? AND officer_id <> ?", e.ID, e.OfficerID).Update("officer_id", e.OfficerID).Error
		if err != nil {
			return translate(err, "relative")
		}
	}
	var list []model.Conversation
	if err := db.q(ctx).Where("case_id = ?", caseID).Find(&list).Error; err != nil || len(list) == 0 {
		return translate(err, "conversation")
	}
	cs, err := db.CaseByID(ctx, caseID)
	if err != nil {
		return err
	}
	for _, c := range list {
		owner := c.Owner(*cs, enforcements)
		if owner == c.OwnerID {
			continue
		}
		if err := db.q(ctx).Model(&model.Conversation{}).Where("id = ?", c.ID).Update("owner_id", owner).Error; err != nil {
			return translate(err, "conversation")
		}
		if err := db.setCallOwners(ctx, caseID, c.ID, owner); err != nil {
			return err
		}
	}
	return nil
}

// UpdateConversation writes the court's clock and what was said last.
func (db *DB) UpdateConversation(ctx context.Context, c *model.Conversation) error {
	return translate(db.q(ctx).Model(c).Select("answer_by", "settled_id", "last_message_id", "last_at", "late_told_at").Updates(c).Error, "conversation")
}

// MessageByKey is what the user wrote under the key; nil when nothing.
func (db *DB) MessageByKey(ctx context.Context, userID int64, key string) (*model.Message, error) {
	var m model.Message
	res := db.q(ctx).Where("user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&m)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "message")
	}
	return &m, nil
}

// CreateMessage adds a message.
func (db *DB) CreateMessage(ctx context.Context, m *model.Message) error {
	return translate(db.q(ctx).Create(m).Error, "message")
}

// MessagesSince counts what a user wrote since t.
func (db *DB) MessagesSince(ctx context.Context, userID int64, t time.Time) (int64, error) {
	var n int64
	err := db.q(ctx).Model(&model.Message{}).Where("user_id = ? AND created_at > ?", userID, t).Count(&n).Error
	return n, translate(err, "message")
}

// MessagesAgo counts what a user wrote within each of the windows.
func (db *DB) MessagesAgo(ctx context.Context, userID int64, windows []model.MessageWindow) ([]int64, error) {
	out := make([]int64, len(windows))
	for i, w := range windows {
		n, err := db.MessagesSince(ctx, userID, db.Now().Add(-w.Over))
		if err != nil {
			return nil, err
		}
		out[i] = n
	}
	return out, nil
}

// AskedAfter is the first message from outside after one of a conversation, nil when
// there is none.
func (db *DB) AskedAfter(ctx context.Context, conversationID, after int64) (*model.Message, error) {
	var list []model.Message
	err := db.q(ctx).Where("conversation_id = ? AND id > ? AND from_court = ?", conversationID, after, false).Order("id").Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "message")
	}
	return &list[0], nil
}

// CountMessages counts the messages of a conversation up to one of them.
func (db *DB) CountMessages(ctx context.Context, conversationID, last int64) (int64, error) {
	var n int64
	err := db.q(ctx).Model(&model.Message{}).Where("conversation_id = ? AND id <= ?", conversationID, last).Count(&n).Error
	return n, translate(err, "message")
}

// Messages lists the messages of conversations, newest first.
func (db *DB) Messages(ctx context.Context, conversations []int64, before int64, limit int) ([]model.Message, error) {
	if len(conversations) == 0 {
		return nil, nil
	}
	q := db.q(ctx).Where("conversation_id IN ?", conversations)
	if before > 0 {
		q = q.Where("id < ?", before)
	}
	var out []model.Message
	err := q.Order("id DESC").Limit(limit).Find(&out).Error
	return out, translate(err, "message")
}

// waitingConversations are those in which the court is to answer: an owner's,
// or the court's when owner is 0.
func (db *DB) waitingConversations(ctx context.Context, courtID, owner int64) *gorm.DB {
	q := db.q(ctx).Table("conversations").Where("conversations.court_id = ? AND conversations.answer_by IS NOT NULL AND NOT "+answering, courtID)
	if owner != 0 {
		owners, err := db.answersFor(ctx, owner)
		_ = q.AddError(err)
		q = q.Where("conversations.owner_id IN ?", owners)
	}
	return q
}

// WaitingConversations lists the conversations in which the court is to
// answer, the most urgent first: an owner's, or the court's when owner is 0.
func (db *DB) WaitingConversations(ctx context.Context, courtID, owner int64, f model.WaitingFilter) ([]model.WaitingConversation, error) {
	var out []model.WaitingConversation
	q := db.waitingConversations(ctx, courtID, owner)
	if !f.LateOn.IsZero() {
		q = q.Where("conversations.answer_by < ?", f.LateOn)
	}
	if !f.AfterDay.IsZero() {
		q = q.Where("(conversations.answer_by > ? OR conversations.answer_by = ? AND conversations.id > ?)", f.AfterDay, f.AfterDay, f.AfterID)
	}
	err := q.
		Joins("JOIN cases ON cases.id = conversations.case_id").Joins("LEFT JOIN parties ON parties.id = conversations.party_id").
		Joins("LEFT JOIN enforcement_cases e ON e.id = conversations.enforcement_case_id").
		Joins("JOIN users ON users.id = conversations.owner_id").Joins("JOIN messages ON messages.id = conversations.last_message_id").
		Select(`conversations.id, conversations.case_id, COALESCE(e.case_no, cases.case_no) AS case_no, conversations.owner_id, conversations.relative_id, users.name AS owner, conversations.party_id,
			COALESCE(parties.name, '') AS party, conversations.answer_by, conversations.last_at, messages.body AS excerpt`).
		Order("conversations.answer_by, conversations.id").Limit(f.Limit).Scan(&out).Error
	if err != nil {
		return nil, translate(err, "conversation")
	}
	names, err := relativeNames(ctx, db, out, func(w model.WaitingConversation) int64 { return w.RelativeID })
	for i := range out {
		if out[i].RelativeID != 0 {
			out[i].Party = names[out[i].RelativeID] + "（家属）"
		}
	}
	return out, translate(err, "conversation")
}

// WaitingMessages counts the conversations in which the court is to answer, up
// to CountCeiling, and those of them whose clock ran out before today.
func (db *DB) WaitingMessages(ctx context.Context, courtID, owner int64, today model.Date) (n, late int64, err error) {
	if n, err = db.upTo(ctx, db.waitingConversations(ctx, courtID, owner)); err != nil || n == 0 {
		return n, 0, translate(err, "conversation")
	}
	late, err = db.upTo(ctx, db.waitingConversations(ctx, courtID, owner).Where("conversations.answer_by < ?", today))
	return n, late, translate(err, "conversation")
}

// LastMessage is the newest message to or from an owner, or the court's when
// owner is 0; 0 when there is none.
func (db *DB) LastMessage(ctx context.Context, courtID, owner int64) (int64, error) {
	q := db.q(ctx).Model(&model.Conversation{}).Where("court_id = ?", courtID)
	if owner != 0 {
		owners, err := db.answersFor(ctx, owner)
		if err != nil {
			return 0, err
		}
		q = db.q(ctx).Model(&model.Conversation{}).Where("owner_id IN ?", owners)
	}
	var ids []int64
	err := q.Order("last_message_id DESC").Limit(1).Pluck("last_message_id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, translate(err, "conversation")
	}
	return ids[0], nil
}

// AttachToMessage makes files that the user uploaded for the case part of a
// message.
func (db *DB) AttachToMessage(ctx context.Context, m *model.Message, files []int64) error {
	for i, id := range files {
		if err := db.KeepFile(ctx, id, m.CaseID, m.UserID); err != nil {
			return err
		}
		f := model.MessageFile{MessageID: m.ID, Seq: i + 1, FileID: id, ConversationID: m.ConversationID}
		if err := db.q(ctx).Create(&f).Error; err != nil {
			return translate(err, "file")
		}
	}
	return nil
}

// FilesOfMessages lists the files of messages.
func (db *DB) FilesOfMessages(ctx context.Context, messages []model.Message) (map[int64][]model.File, error) {
	ids := make([]int64, len(messages))
	for i, m := range messages {
		ids[i] = m.ID
	}
	out := map[int64][]model.File{}
	if len(ids) == 0 {
		return out, nil
	}
	var links []model.MessageFile
	if err := db.q(ctx).Where("message_id IN ?", ids).Order("message_id, seq").Find(&links).Error; err != nil || len(links) == 0 {
		return out, translate(err, "file")
	}
	files := make([]int64, len(links))
	for i, l := range links {
		files[i] = l.FileID
	}
	var rows []model.File
	if err := db.q(ctx).Omit("fingerprint").Where("id IN ?", files).Find(&rows).Error; err != nil {
		return nil, translate(err, "file")
	}
	byID := map[int64]model.File{}
	for _, f := range rows {
		byID[f.ID] = f
	}
	for _, l := range links {
		out[l.MessageID] = append(out[l.MessageID], byID[l.FileID])
	}
	return out, nil
}

// ConversationOfFile is the conversation to whose messages a file belongs, 0
// when it belongs to none.
func (db *DB) ConversationOfFile(ctx context.Context, fileID int64) (int64, error) {
	var ids []int64
	err := db.q(ctx).Model(&model.MessageFile{}).Where("file_id = ?", fileID).Limit(1).Pluck("conversation_id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, translate(err, "file")
	}
	return ids[0], nil
}

// RelativeConversation is the conversation of a relative's link, nil before he
// was admitted.
func (db *DB) RelativeConversation(ctx context.Context, relativeID int64) (*model.Conversation, error) {
	var c model.Conversation
	res := db.q(ctx).Where("counterpart_kind = ? AND counterpart_id = ?", model.ThingRelative, relativeID).Limit(1).Find(&c)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "conversation")
	}
	return &c, nil
}

// LateConversations lists the conversations whose clock ran out before today
// and of which nobody was told yet.
func (db *DB) LateConversations(ctx context.Context, today model.Date, n int) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.Conversation{}).Where("late_told_at IS NULL AND answer_by < ? AND NOT "+answering, today).Order("answer_by, id").Limit(n).Pluck("id", &out).Error
	return out, translate(err, "conversation")
}
