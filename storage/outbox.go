package storage

import (
	"context"
	"errors"
	"log/slog"
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
		busy, err := tx.busyPeople(ctx)
		if err != nil {
			return err
		}
		var taken []model.OutboxMessage
		people := map[int64]bool{}
		// One person's many messages must not hide everybody else's: what is due is
		// looked at again without those who have one already.
		for range 3 {
			rows, err := tx.dueOutbox(ctx, paused, busy, n-len(taken))
			if err != nil {
				return err
			}
			for _, r := range rows {
				// WeChat refuses two at a time to one person (43108).
				if who := r.person(); len(taken) < n && (who == 0 || !people[who]) {
					people[who] = true
					taken = append(taken, r.OutboxMessage)
					if who != 0 {
						busy = append(busy, who)
					}
				}
			}
			if len(taken) == n || len(rows) < 2*(n-len(taken)) {
				break
			}
		}
		if len(taken) == 0 {
			return nil
		}
		out, err = tx.lease(ctx, appID, owner, taken, tx.Now().Add(lease))
		return err
	})
	return out, err
}

// dueMessage is a message that is due, with the person to whom it goes.
type dueMessage struct{ model.OutboxMessage }

// person is the WeChat user, or the party of a text message as a negative
// number; 0 for nobody in particular.
func (m dueMessage) person() int64 {
	if m.UserID != 0 {
		return m.UserID
	}
	return -m.PartyID
}

// busyPeople lists those to whom a worker is sending.
func (db *DB) busyPeople(ctx context.Context) (busy []int64, err error) {
	err = db.q(ctx).Model(&model.OutboxMessage{}).Where("active_user IS NOT NULL").Pluck("active_user", &busy).Error
	return busy, err
}

// shortWait is how long a message that was put off still keeps later ones to the
// same person waiting, so that they arrive in order.
const shortWait = time.Minute

// dueOutbox picks up to 2n messages: those whose lease ran out, and those that
// are due and go to nobody who is busy.
func (db *DB) dueOutbox(ctx context.Context, paused []model.ChannelName, busy []int64, n int) (rows []dueMessage, err error) {
	now := db.Now()
	pick := func(where string, args ...any) error {
		q := db.q(ctx)
		if db.dialect == MySQL {
			q = q.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked})
		}
		if len(paused) > 0 {
			q = q.Where("channel NOT IN ?", paused)
		}
		var some []model.OutboxMessage
		err := q.Where(where, args...).Order("next_at, id").Limit(2 * n).Find(&some).Error
		for _, m := range some {
			rows = append(rows, dueMessage{m})
		}
		return err
	}
	if err := pick("state = ? AND next_at <= ?", model.OutboxSending, now); err != nil {
		return nil, err
	}
	where, args := "state = ? AND next_at <= ?", []any{model.OutboxQueued, now}
	if len(busy) > 0 {
		where, args = where+" AND (user_id = 0 OR user_id NOT IN ?) AND (user_id <> 0 OR party_id = 0 OR -party_id NOT IN ?)", append(args, busy, busy)
	}
	where += " AND (user_id = 0 OR NOT EXISTS (SELECT 1 FROM outbox o WHERE o.user_id = outbox.user_id AND o.state = ? AND o.id < outbox.id" +
		" AND o.channel = outbox.channel AND o.attempts > 0 AND o.next_at > ? AND o.next_at <= ?))"
	return rows, pick(where, append(args, model.OutboxQueued, now, now.Add(shortWait))...)
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
		"state": model.OutboxSending, "lease_owner": owner, "lease_until": until, "next_at": until, "active_user": gorm.Expr("NULLIF(CASE WHEN user_id <> 0 THEN user_id ELSE -party_id END, 0)"),
		"attempts": gorm.Expr("attempts + 1"), "updated_at": db.Now(),
	}).Error
	if err != nil {
		return nil, err
	}
	var texted []int64
	for _, r := range rows {
		if r.Channel == model.ChannelSMS {
			texted = append(texted, r.PartyID)
		}
	}
	phones, err := db.phonesOf(ctx, texted)
	if err != nil {
		return nil, err
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

// phonesOf are the phones of parties. One whose record cannot be read, e.g.
// because its sealed number was damaged, has none: his message reaches nobody and
// falls to the next channel, and nobody else's waits for it.
func (db *DB) phonesOf(ctx context.Context, ids []int64) (map[int64]string, error) {
	out := make(map[int64]string, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var list []model.Party
	err := db.q(ctx).Where("id IN ?", ids).Find(&list).Error
	if err != nil && (isDown(err) || isDeadlock(err) || ctx.Err() != nil) {
		return nil, err
	}
	if err != nil {
		list = nil
		for _, id := range ids {
			var p model.Party
			if one := db.q(ctx).Take(&p, "id = ?", id).Error; one != nil {
				slog.ErrorContext(ctx, "a party's record cannot be read", "party", id, "error", one.Error())
				continue
			}
			list = append(list, p)
		}
	}
	for _, p := range list {
		out[p.ID] = p.Phone
	}
	return out, nil
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

// ChannelCounts counts a court's outside messages that were made since a
// moment, by channel and outcome. It reads the index outbox_recent alone.
func (db *DB) ChannelCounts(ctx context.Context, courtID int64, since time.Time) ([]model.ChannelCount, error) {
	var out []model.ChannelCount
	err := db.q(ctx).Model(&model.OutboxMessage{}).Where("court_id = ? AND created_at >= ?", courtID, since).
		Select("channel, state, COUNT(*) AS n").Group("channel, state").Scan(&out).Error
	return out, translate(err, "outbox")
}

// HoldOutbox settles the messages that were being sent, were due by a moment, or
// were made since another, as of unknown outcome: they may have been sent before
// the database was lost. It returns how many they are.
func (db *DB) HoldOutbox(ctx context.Context, due, madeSince time.Time) (int64, error) {
	res := db.q(ctx).Model(&model.OutboxMessage{}).
		Where("state = ? OR state = ? AND (next_at <= ? OR created_at >= ?)", model.OutboxSending, model.OutboxQueued, due, madeSince).
		Updates(map[string]any{
			"state": model.OutboxUnknown, "last_error": Restored, "lease_owner": "", "lease_until": gorm.Expr("NULL"),
			"active_user": gorm.Expr("NULL"), "updated_at": db.Now(),
		})
	return res.RowsAffected, translate(res.Error, "outbox")
}

// CountHeld counts the messages that HoldOutbox settled and nobody decided on.
func (db *DB) CountHeld(ctx context.Context) (int64, error) {
	var n int64
	err := db.q(ctx).Model(&model.OutboxMessage{}).Where("state = ? AND last_error = ?", model.OutboxUnknown, Restored).Count(&n).Error
	return n, translate(err, "outbox")
}

// ResendHeld queues the messages that HoldOutbox settled again.
func (db *DB) ResendHeld(ctx context.Context) (int64, error) {
	res := db.q(ctx).Model(&model.OutboxMessage{}).Where("state = ? AND last_error = ?", model.OutboxUnknown, Restored).Updates(map[string]any{
		"state": model.OutboxQueued, "next_at": db.Now(), "deadline": db.Now().Add(outboxLife), "attempts": 0, "last_error": "", "updated_at": db.Now(),
	})
	return res.RowsAffected, translate(res.Error, "outbox")
}
