package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gorm.io/gorm"

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

// AddNoticeOnce is AddNotice that gives the notice's id, also when it was
// there already. A party that is no more gets none, and the id is 0.
func (db *DB) AddNoticeOnce(ctx context.Context, n model.Notice) (id int64, err error) {
	if gone, err := db.gone(ctx, []int64{n.PartyID}); err != nil || gone[n.PartyID] {
		return 0, err
	}
	n.CreatedAt, n.Body = db.Now(), model.Sentences(n.Body)
	court, err := db.recentCourt(ctx, n.CourtID)
	if err != nil {
		return 0, err
	}
	one := []model.Notice{n}
	if err := db.address(ctx, *court, one); err != nil {
		return 0, err
	}
	n = one[0]
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
	way, err := n.NextWay(ctx, court.Settings, after, accounts{db})
	if err != nil {
		return err
	}
	if err := db.noteUnreached(ctx, n, way); err != nil {
		return err
	}
	return db.sendOn(ctx, n, *court, way, model.PaperFallback, 0)
}

// SendBy hands a notice to a channel that needs no WeChat account. It is safe to
// repeat.
func (db *DB) SendBy(ctx context.Context, n model.Notice, court model.Court, channel model.ChannelName, cause model.PaperCause, by int64) error {
	return db.sendOn(ctx, n, court, model.Way{Channel: channel}, cause, by)
}

// sendOn writes down that a notice goes a way, once.
func (db *DB) sendOn(ctx context.Context, n model.Notice, court model.Court, way model.Way, cause model.PaperCause, by int64) error {
	messages, papers := db.onWay(n, court, way, cause, by)
	if len(messages) > 0 {
		if _, err := createOnce(db.q(ctx), &messages); err != nil {
			return translate(err, "outbox")
		}
	}
	if len(papers) > 0 {
		if _, err := createOnce(db.q(ctx), &papers); err != nil {
			return translate(err, "paper_task")
		}
	}
	return nil
}

// onWay are the rows of a notice that goes a way: a message to each user, one to
// the party, or the task to put it on paper.
func (db *DB) onWay(n model.Notice, court model.Court, way model.Way, cause model.PaperCause, by int64) (messages []model.OutboxMessage, papers []model.PaperTask) {
	users := way.Users
	switch way.Channel {
	case "":
		return nil, nil
	case model.ChannelPaper:
		return nil, []model.PaperTask{{
			CourtID: n.CourtID, CaseID: n.CaseID, PartyID: n.PartyID, NoticeID: n.ID, Cause: cause, State: model.PaperOpen, RequestedBy: by,
		}}
	case model.ChannelSMS:
		users = []int64{0}
	}
	at := n.CardAt(court.Settings.Quiet(), db.Now())
	for _, u := range users {
		messages = append(messages, model.OutboxMessage{
			CourtID: n.CourtID, NoticeID: n.ID, Channel: way.Channel, UserID: u, PartyID: n.PartyID, State: model.OutboxQueued,
			NextAt: at, DueAt: &at, Deadline: db.Now().Add(outboxLife),
		})
	}
	return messages, nil
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
		rows[i].CreatedAt, rows[i].Body = db.Now(), model.Sentences(rows[i].Body)
	}
	if err := db.address(ctx, *court, rows); err != nil {
		return err
	}
	for i := range rows {
		rows[i].Card = rows[i].CardOf(*court)
		rows[i].CheckCode = db.checkCode(rows[i])
		parties[i] = rows[i].PartyID
	}
	gone, err := db.gone(ctx, parties)
	if err != nil {
		return err
	}
	if len(gone) > 0 {
		return db.addNoticeEach(ctx, list)
	}
	created, err := createOnce(db.q(ctx), &rows)
	if err != nil {
		return translate(err, "notice")
	}
	if !created {
		return db.addNoticeEach(ctx, list)
	}
	for i := range rows {
		list[i].ID = rows[i].ID
	}
	known := &gathered{accounts: accounts{db}}
	if err := known.gather(ctx, parties); err != nil {
		return err
	}
	var messages []model.OutboxMessage
	var papers []model.PaperTask
	var nobody []model.Unreached
	for _, n := range rows {
		way, err := n.NextWay(ctx, court.Settings, "", known)
		if err != nil {
			return err
		}
		m, p := db.onWay(n, *court, way, model.PaperFallback, 0)
		messages, papers = append(messages, m...), append(papers, p...)
		if row, is := unreached(n, way, len(known.bound[n.PartyID])); is {
			nobody = append(nobody, row)
		}
	}
	if err := Insert(ctx, db, nobody); err != nil {
		return err
	}
	if err := Insert(ctx, db, messages); err != nil {
		return err
	}
	return Insert(ctx, db, papers)
}

func (db *DB) addNoticeEach(ctx context.Context, list []model.Notice) (err error) {
	for i, n := range list {
		if list[i].ID, err = db.AddNoticeOnce(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// accounts asks the database which accounts people have at WeChat; it
// implements model.Accounts.
type accounts struct{ db *DB }

func (a accounts) Bound(ctx context.Context, partyID int64) (users []int64, err error) {
	err = a.db.q(ctx).Model(&model.Binding{}).Distinct().Where("party_id = ? AND ended_at IS NULL", partyID).Order("user_id").Pluck("user_id", &users).Error
	return users, translate(err, "notice")
}

func (a accounts) Linked(ctx context.Context, staffID int64) (users []int64, err error) {
	err = a.db.q(ctx).Model(&model.WeChatIdentity{}).Where("staff_user_id = ? AND staff_user_id <> 0", staffID).Pluck("user_id", &users).Error
	return users, translate(err, "notice")
}

func (a accounts) Following(ctx context.Context, users []int64) ([]int64, error) {
	follows, err := a.db.followersOf(ctx, users)
	return slices.DeleteFunc(slices.Clone(users), func(u int64) bool { return follows[u] == "" }), err
}

// gathered answers for the parties of many notices from a few reads.
type gathered struct {
	accounts
	bound   map[int64][]int64
	users   []int64          // bound to any of them
	follows map[int64]string // of them, nil until somebody asks
}

func (g *gathered) gather(ctx context.Context, parties []int64) error {
	var list []model.Binding
	err := g.db.q(ctx).Select("party_id", "user_id").Where("party_id IN ? AND ended_at IS NULL", parties).Order("user_id").Find(&list).Error
	g.bound = map[int64][]int64{}
	for _, b := range list {
		if !slices.Contains(g.bound[b.PartyID], b.UserID) {
			g.bound[b.PartyID] = append(g.bound[b.PartyID], b.UserID)
			g.users = append(g.users, b.UserID)
		}
	}
	return translate(err, "notice")
}

func (g *gathered) Bound(_ context.Context, partyID int64) ([]int64, error) {
	return g.bound[partyID], nil
}

func (g *gathered) Following(ctx context.Context, users []int64) ([]int64, error) {
	if g.follows == nil {
		var err error
		if g.follows, err = g.db.followersOf(ctx, g.users); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(slices.Clone(users), func(u int64) bool { return g.follows[u] == "" }), nil
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

// CountUnread counts the actor's notices that he has not opened and whose matter
// nobody has done.
func (db *DB) CountUnread(ctx context.Context, by model.Actor) (int64, error) {
	var n int64
	err := unread(db.inbox(ctx, by).Model(&model.Notice{}), by.UserID).Count(&n).Error
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

// CaseNotices lists the notices to the parties of a case, newest first.
func (db *DB) CaseNotices(ctx context.Context, caseID, before int64, limit int) ([]model.Notice, error) {
	q := db.q(ctx).Where("case_id = ? AND party_id <> 0", caseID)
	if before > 0 {
		q = q.Where("id < ?", before)
	}
	var out []model.Notice
	err := q.Order("id DESC").Limit(limit).Find(&out).Error
	return out, translate(err, "notice")
}

// CourtNotice is a notice of the court with the id.
func (db *DB) CourtNotice(ctx context.Context, courtID, id int64) (*model.Notice, error) {
	var n model.Notice
	err := db.q(ctx).Take(&n, "id = ? AND court_id = ? AND party_id <> 0", id, courtID).Error
	return &n, translate(err, "notice")
}

// NoticesByID are notices without their texts, by id.
func (db *DB) NoticesByID(ctx context.Context, ids []int64) (map[int64]model.Notice, error) {
	var list []model.Notice
	err := db.q(ctx).Omit("body").Where("id IN ?", ids).Find(&list).Error
	out := make(map[int64]model.Notice, len(list))
	for _, n := range list {
		out[n.ID] = n
	}
	return out, translate(err, "notice")
}

// NoticeByCheckCode is the notice that carries the code; nil when there is none.
func (db *DB) NoticeByCheckCode(ctx context.Context, code string) (*model.Notice, error) {
	var list []model.Notice
	err := db.q(ctx).Select("id", "court_id", "kind", "title", "created_at").Where("check_code = ?", code).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "notice")
	}
	return &list[0], nil
}

// AllReads lists who opened notices, and when.
func (db *DB) AllReads(ctx context.Context, notices []int64) ([]model.NoticeRead, error) {
	var out []model.NoticeRead
	err := db.q(ctx).Where("notice_id IN ?", notices).Order("read_at").Find(&out).Error
	return out, translate(err, "notice")
}

// KnownNotices tells which of the keys belong to notices that are there.
func (db *DB) KnownNotices(ctx context.Context, keys []string) (map[string]bool, error) {
	out := map[string]bool{}
	for len(keys) > 0 {
		n := min(len(keys), 500)
		var found []string
		if err := db.q(ctx).Model(&model.Notice{}).Where("dedupe_key IN ?", keys[:n]).Pluck("dedupe_key", &found).Error; err != nil {
			return nil, translate(err, "notice")
		}
		for _, k := range found {
			out[k] = true
		}
		keys = keys[n:]
	}
	return out, nil
}
