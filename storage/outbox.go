package storage

import (
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"microcourt/model"
)

// Leased is an outside message that a worker holds, with what it needs to send
// it.
type Leased struct {
	model.OutboxMessage
	OpenID string
	Notice model.Notice
	Phone  string // of the party, for text messages
	// Quiet are the court's hours in which a retry waits.
	Quiet model.QuietHours
	// Lost says that an earlier worker was sending it and never came back: the
	// message may have been sent.
	Lost bool
}

// LeaseOutbox takes up to n due messages, the oldest first and one for each
// user, for as long as the lease lasts. Paused channels are left alone. Workers of several instances do not
// wait for each other, and never hold two messages to one user between them.
func (db *DB) LeaseOutbox(ctx context.Context, appID, owner string, paused []model.ChannelName, n int, lease time.Duration) ([]Leased, error) {
	for try := 0; ; try++ {
		out, err := db.leaseOnce(ctx, appID, owner, paused, n, lease)
		// Another instance took a message to the same user at the same moment.
		if !errors.Is(err, gorm.ErrDuplicatedKey) || try == 3 {
			return out, translate(err, "outbox")
		}
	}
}

func (db *DB) leaseOnce(ctx context.Context, appID, owner string, paused []model.ChannelName, n int, lease time.Duration) ([]Leased, error) {
	// What a restored database holds may have been sent: it waits for a person.
	if wait, err := db.ProvenRecovery(ctx); err != nil || wait {
		return nil, err
	}
	var out []Leased
	err := db.Transact(ctx, func(tx *DB) error {
		out = nil
		now := tx.Now()
		var rows []model.OutboxMessage
		pick := func(where string, args ...any) error {
			q := tx.q(ctx)
			if tx.dialect == MySQL {
				q = q.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked})
			}
			if len(paused) > 0 {
				q = q.Where("channel NOT IN ?", paused)
			}
			var some []model.OutboxMessage
			err := q.Where(where, args...).Order("next_at, id").Limit(2 * n).Find(&some).Error
			rows = append(rows, some...)
			return err
		}
		if err := pick("state = ? AND next_at <= ?", model.OutboxSending, now); err != nil {
			return err
		}
		var busy []int64
		err := tx.q(ctx).Model(&model.OutboxMessage{}).Where("active_user IS NOT NULL").Pluck("active_user", &busy).Error
		if err != nil {
			return err
		}
		where, args := "state = ? AND next_at <= ?", []any{model.OutboxQueued, now}
		if len(busy) > 0 {
			where, args = where+" AND user_id NOT IN ?", append(args, busy)
		}
		if err := pick(where, args...); err != nil {
			return err
		}
		users := map[int64]bool{}
		var taken []model.OutboxMessage
		for _, r := range rows {
			if len(taken) < n && (r.UserID == 0 || !users[r.UserID]) { // WeChat refuses two at a time to one person (43108)
				users[r.UserID] = true
				taken = append(taken, r)
			}
		}
		if len(taken) == 0 {
			return nil
		}
		out, err = tx.lease(ctx, appID, owner, taken, now.Add(lease))
		return err
	})
	return out, err
}

// lease marks the rows and loads what belongs to them. While a row is being
// sent, next_at is the end of its lease, so that one index finds both what is
// due and what was abandoned.
func (db *DB) lease(ctx context.Context, appID, owner string, rows []model.OutboxMessage, until time.Time) ([]Leased, error) {
	var ids, users, notices []int64
	for _, r := range rows {
		ids, users, notices = append(ids, r.ID), append(users, r.UserID), append(notices, r.NoticeID)
	}
	var identities []model.WeChatIdentity
	if err := db.q(ctx).Where("app_id = ? AND user_id IN ?", appID, users).Find(&identities).Error; err != nil {
		return nil, err
	}
	openIDs := make(map[int64]string, len(identities))
	for _, w := range identities {
		openIDs[w.UserID] = w.OpenID
	}
	var follows map[int64]string
	var err error
	if slices.ContainsFunc(rows, func(r model.OutboxMessage) bool { return r.Channel == model.ChannelService }) {
		if follows, err = db.followersOf(ctx, users); err != nil {
			return nil, err
		}
	}
	var list []model.Notice
	if err := db.q(ctx).Omit("body").Where("id IN ?", notices).Find(&list).Error; err != nil {
		return nil, err
	}
	texts := make(map[int64]model.Notice, len(list))
	for _, t := range list {
		texts[t.ID] = t
	}
	err = db.q(ctx).Model(&model.OutboxMessage{}).Where("id IN ?", ids).Updates(map[string]any{
		"state": model.OutboxSending, "lease_owner": owner, "lease_until": until, "next_at": until, "active_user": gorm.Expr("NULLIF(user_id, 0)"),
		"attempts": gorm.Expr("attempts + 1"), "updated_at": db.Now(),
	}).Error
	if err != nil {
		return nil, err
	}
	phones := map[int64]string{}
	for _, r := range rows {
		if r.Channel == model.ChannelSMS && phones[r.PartyID] == "" {
			var p model.Party
			if err := db.q(ctx).Take(&p, "id = ?", r.PartyID).Error; err != nil {
				return nil, err
			}
			phones[r.PartyID] = p.Phone
		}
	}
	courts := map[int64]model.QuietHours{}
	for _, r := range rows {
		if _, known := courts[r.CourtID]; !known {
			c, err := db.recentCourt(ctx, r.CourtID)
			if err != nil {
				return nil, err
			}
			courts[r.CourtID] = c.Settings.Quiet()
		}
	}
	out := make([]Leased, len(rows))
	for i, r := range rows {
		out[i] = Leased{OutboxMessage: r, Quiet: courts[r.CourtID], Lost: r.State == model.OutboxSending, OpenID: openIDs[r.UserID], Notice: texts[r.NoticeID], Phone: phones[r.PartyID]}
		out[i].Attempts++
		if r.Channel == model.ChannelService {
			out[i].OpenID = follows[r.UserID]
		}
	}
	return out, nil
}

// SettleOutbox records what became of a leased message, in one statement. A
// worker whose lease was taken over changes nothing and gets a Conflict.
func (db *DB) SettleOutbox(ctx context.Context, id int64, owner string, m model.OutboxMessage) error {
	return db.settle(db.writer.WithContext(withKeys(ctx, db.keys)), id, owner, m)
}

// SettleAndFallBack is SettleOutbox for a message that could not reach its
// addressee: the next channel takes it up in the same transaction.
func (db *DB) SettleAndFallBack(ctx context.Context, m Leased, owner string, settled model.OutboxMessage) error {
	return db.Transact(ctx, func(tx *DB) error {
		if err := tx.settle(tx.q(ctx), m.ID, owner, settled); err != nil {
			return err
		}
		return tx.fallBack(ctx, m.Notice, m.Channel)
	})
}

func (db *DB) settle(q *gorm.DB, id int64, owner string, m model.OutboxMessage) error {
	return changed(q.Model(&model.OutboxMessage{}).
		Where("id = ? AND lease_owner = ? AND state = ?", id, owner, model.OutboxSending).
		Updates(map[string]any{
			"state": m.State, "next_at": m.NextAt, "last_code": m.LastCode, "last_error": m.LastError, "message_id": m.MessageID, "template_id": m.TemplateID,
			"lease_owner": "", "lease_until": nil, "active_user": nil, "updated_at": db.Now(),
		}), "outbox")
}

// OutboxCounts counts the messages that are not settled, by state.
func (db *DB) OutboxCounts(ctx context.Context) (map[model.OutboxState]int64, error) {
	out, err := db.countOutbox(ctx, "state IN ?", []model.OutboxState{model.OutboxQueued, model.OutboxSending})
	for _, s := range []model.OutboxState{model.OutboxQueued, model.OutboxSending} {
		out[s] += 0
	}
	return out, err
}

// OutboxDue counts the messages that are to be sent by a moment, or whose lease
// ran out.
func (db *DB) OutboxDue(ctx context.Context, at time.Time) (int64, error) {
	var n int64
	err := db.q(ctx).Model(&model.OutboxMessage{}).
		Where("state IN ? AND next_at <= ?", []model.OutboxState{model.OutboxQueued, model.OutboxSending}, at).Count(&n).Error
	return n, translate(err, "outbox")
}

// OutboxWaiting is how long the oldest message of each channel that is due has
// waited.
func (db *DB) OutboxWaiting(ctx context.Context) (map[model.ChannelName]time.Duration, error) {
	out := map[model.ChannelName]time.Duration{}
	for _, channel := range []model.ChannelName{model.ChannelWeChat, model.ChannelService, model.ChannelSMS} {
		out[channel] = 0
		var oldest []model.OutboxMessage
		err := db.q(ctx).Select("next_at").Where("state = ? AND next_at <= ? AND channel = ?", model.OutboxQueued, db.Now(), channel).
			Order("next_at, id").Limit(1).Find(&oldest).Error
		if err != nil {
			return nil, translate(err, "outbox")
		}
		if len(oldest) > 0 {
			out[channel] = db.Now().Sub(oldest[0].NextAt)
		}
	}
	return out, nil
}

// OutboxStates counts all messages by state.
func (db *DB) OutboxStates(ctx context.Context) (map[model.OutboxState]int64, error) {
	return db.countOutbox(ctx, "1 = 1")
}

func (db *DB) countOutbox(ctx context.Context, where string, args ...any) (map[model.OutboxState]int64, error) {
	var rows []struct {
		State model.OutboxState
		N     int64
	}
	err := db.q(ctx).Model(&model.OutboxMessage{}).Select("state, COUNT(*) AS n").Where(where, args...).Group("state").Scan(&rows).Error
	out := map[model.OutboxState]int64{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, translate(err, "outbox")
}

// inbox limits a query over notices to those that are the actor's: of the
// parties for whom he acts, or his own as staff.
func (db *DB) inbox(ctx context.Context, by model.Actor) *gorm.DB {
	if by.Has(model.RoleLiaison) { // what courts ask him comes to himself
		return db.q(ctx).Where("(user_id = ? OR party_id <> 0 AND party_id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL))",
			by.UserID, by.UserID)
	}
	if by.IsParty() {
		// Two indexes, one after the other; an OR would use neither.
		return db.q(ctx).Where(`notices.id IN (SELECT id FROM notices WHERE party_id <> 0 AND party_id IN
			(SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL) UNION ALL SELECT id FROM notices WHERE user_id = ?)`, by.UserID, by.UserID)
	}
	return db.q(ctx).Where("user_id = ? AND user_id <> 0 AND court_id = ?", by.UserID, by.CourtID)
}

// Notices lists the actor's notices, newest first.
func (db *DB) Notices(ctx context.Context, by model.Actor, caseID, before int64, limit int) ([]model.Notice, error) {
	q := db.inbox(ctx, by)
	if caseID != 0 {
		q = q.Where("case_id = ?", caseID)
	}
	if before > 0 {
		q = q.Where("id < ?", before)
	}
	var out []model.Notice
	err := q.Order("id DESC").Limit(limit).Find(&out).Error
	return out, translate(err, "notice")
}

// Notice is one of the actor's notices.
func (db *DB) Notice(ctx context.Context, by model.Actor, id int64) (*model.Notice, error) {
	var n model.Notice
	err := db.inbox(ctx, by).Take(&n, "id = ?", id).Error
	return &n, translate(err, "notice")
}

// CountUnread counts the actor's notices that he has not opened.
func (db *DB) CountUnread(ctx context.Context, by model.Actor) (int64, error) {
	var n int64
	err := db.inbox(ctx, by).Model(&model.Notice{}).
		Where("NOT EXISTS (SELECT 1 FROM notice_reads r WHERE r.notice_id = notices.id AND r.user_id = ?)", by.UserID).Count(&n).Error
	return n, translate(err, "notice")
}

// Reads tells when the user opened notices; those not opened are absent.
func (db *DB) Reads(ctx context.Context, userID int64, notices []int64) (map[int64]time.Time, error) {
	var rows []model.NoticeRead
	err := db.q(ctx).Where("user_id = ? AND notice_id IN ?", userID, notices).Find(&rows).Error
	out := map[int64]time.Time{}
	for _, r := range rows {
		out[r.NoticeID] = r.ReadAt
	}
	return out, translate(err, "notice")
}

// MarkRead records that a user opened a notice; the first time stays.
func (db *DB) MarkRead(ctx context.Context, noticeID, userID int64) error {
	_, err := createOnce(db.q(ctx), &model.NoticeRead{NoticeID: noticeID, UserID: userID, ReadAt: db.Now()})
	return translate(err, "notice")
}
