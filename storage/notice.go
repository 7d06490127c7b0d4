package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"microcourt/model"
)

// outboxLife is how long after its event an outside message is still worth
// sending; the inbox keeps the notice for ever.
const outboxLife = 7 * 24 * time.Hour

// AddNotice puts a notice into the inbox and, for every person it is for who
// has a WeChat account, one message into the outbox, all in the caller's
// transaction. The notice's DedupeKey makes it safe to repeat: the same event
// never makes two.
func (db *DB) AddNotice(ctx context.Context, n model.Notice) error {
	_, err := db.AddNoticeOnce(ctx, n)
	return err
}

// AddEach adds notices: together or, when that fails, each by itself, so that one
// that cannot be added keeps no other.
func (db *DB) AddEach(ctx context.Context, list []model.Notice) error {
	add := func(list []model.Notice) error {
		return db.Transact(ctx, func(tx *DB) error {
			for _, n := range list {
				if err := tx.AddNotice(ctx, n); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := add(list)
	if err == nil || len(list) == 1 || ctx.Err() != nil || model.KindOf(err) == model.Unavailable {
		return err
	}
	var errs error
	for i := range list {
		if err := add(list[i : i+1]); err != nil {
			errs = errors.Join(errs, fmt.Errorf("notice %s: %w", list[i].DedupeKey, err))
		}
	}
	return errs
}

// AddNoticeOnce is AddNotice that gives the notice's id, also when it was there
// already.
func (db *DB) AddNoticeOnce(ctx context.Context, n model.Notice) (id int64, err error) {
	n.CreatedAt = db.Now()
	court, err := db.recentCourt(ctx, n.CourtID)
	if err != nil {
		return 0, err
	}
	n.Card = n.CardOf(*court)
	n.CheckCode = db.checkCode(n)
	created, err := createOnce(db.q(ctx), &n)
	if err != nil {
		return 0, translate(err, "notice")
	}
	if !created {
		var old model.Notice
		err := db.q(ctx).Select("id").Take(&old, "dedupe_key = ?", n.DedupeKey).Error
		return old.ID, translate(err, "notice")
	}
	return n.ID, db.fallBack(ctx, n, "")
}

// checkCode is a short code that only this installation can make for the
// notice.
func (db *DB) checkCode(n model.Notice) string {
	const alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789" // no look-alikes
	sum := db.LookupHash("notice", n.DedupeKey)
	code := make([]byte, 8)
	for i := range code {
		v, _ := strconv.ParseUint(sum[4*i:4*i+4], 16, 16) // hex by construction
		code[i] = alphabet[v%uint64(len(alphabet))]
	}
	return string(code)
}

// fallBack hands a notice to the channel that the court tries after one that
// could not reach its addressee; after "" to the first.
func (db *DB) fallBack(ctx context.Context, n model.Notice, after model.ChannelName) error {
	court, err := db.recentCourt(ctx, n.CourtID)
	if err != nil {
		return err
	}
	channel := court.Settings.NextChannel(after, n.Kind)
	if n.PartyID == 0 { // staff have WeChat, and no other channel
		if after != "" {
			return nil
		}
		channel = model.ChannelWeChat
	}
	if channel != model.ChannelWeChat && channel != model.ChannelService {
		return db.SendBy(ctx, n, *court, channel, model.PaperFallback, 0)
	}
	users, err := db.recipients(ctx, n)
	if err == nil && channel == model.ChannelService && len(users) > 0 {
		var follows map[int64]string
		follows, err = db.followersOf(ctx, users)
		users = slices.DeleteFunc(users, func(u int64) bool { return follows[u] == "" })
	}
	switch {
	case err != nil:
		return err
	case len(users) == 0:
		return db.fallBack(ctx, n, channel)
	}
	rows := make([]model.OutboxMessage, len(users))
	for i, u := range users {
		rows[i] = db.outboxMessage(n, u, n.CardAt(court.Settings.Quiet(), db.Now()))
		rows[i].Channel = channel
	}
	_, err = createOnce(db.q(ctx), &rows)
	return translate(err, "outbox")
}

// SendBy hands a notice to a channel that needs no WeChat account. It is safe to
// repeat.
func (db *DB) SendBy(ctx context.Context, n model.Notice, court model.Court, channel model.ChannelName, cause model.PaperCause, by int64) error {
	switch channel {
	case model.ChannelPaper:
		t := paperTask(n, cause, by)
		_, err := createOnce(db.q(ctx), &t)
		return translate(err, "paper_task")
	case model.ChannelSMS:
		m := db.textMessage(n, n.CardAt(court.Settings.Quiet(), db.Now()))
		_, err := createOnce(db.q(ctx), &m)
		return translate(err, "outbox")
	}
	return nil
}

// AddNotices is AddNotice for several notices of one court to parties, in a
// few statements however many there are, and gives them their ids. If some of
// them are there already, they are added one by one.
func (db *DB) AddNotices(ctx context.Context, list []model.Notice) error {
	for some := range slices.Chunk(list, insertBatch) {
		if err := db.addNotices(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) addNotices(ctx context.Context, list []model.Notice) error {
	rows := slices.Clone(list)
	parties := make([]int64, len(rows))
	court, err := db.recentCourt(ctx, rows[0].CourtID)
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].CreatedAt = db.Now()
		rows[i].Card = rows[i].CardOf(*court)
		rows[i].CheckCode = db.checkCode(rows[i])
		parties[i] = rows[i].PartyID
	}
	created, err := createOnce(db.q(ctx), &rows)
	if err != nil {
		return translate(err, "notice")
	}
	if !created {
		for i, n := range list {
			if list[i].ID, err = db.AddNoticeOnce(ctx, n); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range rows {
		list[i].ID = rows[i].ID
	}
	var bound []model.Binding
	err = db.q(ctx).Select("party_id", "user_id").Where("party_id IN ? AND ended_at IS NULL", parties).Order("user_id").Find(&bound).Error
	if err != nil {
		return translate(err, "notice")
	}
	users := map[int64][]int64{}
	for _, b := range bound {
		if !slices.Contains(users[b.PartyID], b.UserID) {
			users[b.PartyID] = append(users[b.PartyID], b.UserID)
		}
	}
	var out []model.OutboxMessage
	var papers []model.PaperTask
	for _, n := range rows {
		at := n.CardAt(court.Settings.Quiet(), db.Now())
		channel := court.Settings.NextChannel("", n.Kind)
		if channel == model.ChannelWeChat && len(users[n.PartyID]) == 0 {
			channel = court.Settings.NextChannel(channel, n.Kind)
		}
		switch channel {
		case model.ChannelService: // who follows is asked one by one
			after := model.ChannelWeChat
			if court.Settings.NextChannel("", n.Kind) == channel {
				after = ""
			}
			if err := db.fallBack(ctx, n, after); err != nil {
				return err
			}
		case model.ChannelWeChat:
			for _, u := range users[n.PartyID] {
				out = append(out, db.outboxMessage(n, u, at))
			}
		case model.ChannelSMS:
			out = append(out, db.textMessage(n, at))
		case model.ChannelPaper:
			papers = append(papers, paperTask(n, model.PaperFallback, 0))
		}
	}
	return errors.Join(Insert(ctx, db, out), Insert(ctx, db, papers))
}

func (db *DB) textMessage(n model.Notice, at time.Time) model.OutboxMessage {
	m := db.outboxMessage(n, 0, at)
	m.Channel = model.ChannelSMS
	return m
}

func paperTask(n model.Notice, cause model.PaperCause, by int64) model.PaperTask {
	return model.PaperTask{
		CourtID: n.CourtID, CaseID: n.CaseID, PartyID: n.PartyID, NoticeID: n.ID, Cause: cause, State: model.PaperOpen, RequestedBy: by,
	}
}

func (db *DB) outboxMessage(n model.Notice, userID int64, at time.Time) model.OutboxMessage {
	return model.OutboxMessage{
		CourtID: n.CourtID, NoticeID: n.ID, Channel: model.ChannelWeChat, UserID: userID, PartyID: n.PartyID, State: model.OutboxQueued,
		NextAt: at, DueAt: &at, Deadline: db.Now().Add(outboxLife),
	}
}

// recipients lists the WeChat users that get a card about a notice: those
// bound to the party, or the one who linked the staff account. A judge gets
// one digest a day and not a card for every receipt.
func (db *DB) recipients(ctx context.Context, n model.Notice) ([]int64, error) {
	var users []int64
	if n.PartyID == 0 && n.Kind.ForRelatives() || n.Kind == model.NoticeAssistance { // relatives and liaisons are WeChat users themselves
		return []int64{n.UserID}, nil
	}
	if n.PartyID == 0 && !n.Kind.Carded() {
		return nil, nil
	}
	q := db.q(ctx).Model(&model.Binding{}).Distinct().Where("party_id = ? AND ended_at IS NULL", n.PartyID).Order("user_id")
	column := "user_id"
	if n.PartyID == 0 {
		q = db.q(ctx).Model(&model.WeChatIdentity{}).Where("staff_user_id = ? AND staff_user_id <> 0", n.UserID)
	}
	return users, translate(q.Pluck(column, &users).Error, "notice")
}
