package storage

import (
	"cmp"
	"context"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// unreached is the row of a notice that goes no way that anybody would see: nobody is
// bound to its party, and no channel is left, or only paper.
func unreached(n model.Notice, way model.Way, bound int) (model.Unreached, bool) {
	if n.PartyID == 0 || n.UserID != 0 || bound > 0 || way.Channel != "" && way.Channel != model.ChannelPaper {
		return model.Unreached{}, false
	}
	return model.Unreached{NoticeID: n.ID, CourtID: n.CourtID, CaseID: n.CaseID, PartyID: n.PartyID}, true
}

// noteUnreached makes a notice that reached nobody a clerk's task, once.
func (db *DB) noteUnreached(ctx context.Context, n model.Notice, way model.Way) error {
	if _, may := unreached(n, way, 0); !may {
		return nil
	}
	bound, err := accounts{db}.Bound(ctx, n.PartyID)
	if err != nil {
		return err
	}
	if row, is := unreached(n, way, len(bound)); is {
		_, err = createOnce(db.q(ctx), &row)
	}
	return translate(err, "unreached")
}

// stillUnreached are the notices of a court that reached nobody to this moment: what
// was told by hand, by a paper that went out or by a channel since, and what a party
// can open because somebody is bound to it now, is not among them.
func (db *DB) stillUnreached(ctx context.Context, courtID int64) *gorm.DB {
	return db.q(ctx).Table("unreached AS u").
		Joins("JOIN cases c ON c.id = u.case_id").Joins("JOIN parties p ON p.id = u.party_id").
		Where("u.court_id = ? AND u.method = '' AND p.gone_by = 0", courtID).
		Where("NOT EXISTS (SELECT 1 FROM bindings b WHERE b.party_id = u.party_id AND b.ended_at IS NULL)").
		Where("NOT EXISTS (SELECT 1 FROM paper_tasks t WHERE t.notice_id = u.notice_id AND t.state = ?)", model.PaperDone).
		Where("NOT EXISTS (SELECT 1 FROM outbox o WHERE o.notice_id = u.notice_id AND o.state IN ?)",
			[]model.OutboxState{model.OutboxQueued, model.OutboxSending, model.OutboxAccepted})
}

func (db *DB) filteredUnreached(ctx context.Context, courtID int64, f model.UnreachedFilter) *gorm.DB {
	q := db.stillUnreached(ctx, courtID)
	switch o := f.Owner; {
	case o.JudgeID != 0 && o.OfficerID != 0:
		q = q.Where("(c.judge_id = ? OR c.id IN (SELECT case_id FROM enforcement_cases WHERE officer_id = ?))", o.JudgeID, o.OfficerID)
	case o.OfficerID != 0:
		q = q.Where("c.id IN (SELECT case_id FROM enforcement_cases WHERE officer_id = ?)", o.OfficerID)
	case o.JudgeID != 0:
		q = q.Where("c.judge_id = ?", o.JudgeID)
	}
	if f.CaseID != 0 {
		q = q.Where("u.case_id = ?", f.CaseID)
	}
	if f.Paper {
		q = q.Where("u.notice_id IN (SELECT id FROM notices WHERE kind IN ?)", paperKinds())
	}
	if text := model.Fold(f.Text); text != "" {
		q = q.Where("(c.case_no LIKE ? OR p.name LIKE ?)", likePrefix(cmp.Or(model.CaseNoBeginning(text), text)), "%"+likePrefix(text))
	}
	return q
}

func paperKinds() (out []model.NoticeKind) {
	for _, k := range model.NoticeKinds() {
		if k.IsPaper() {
			out = append(out, k)
		}
	}
	return out
}

// UnreachedLines lists the parties of a court to whom something was to be told and
// nobody was, in the order of their ids.
func (db *DB) UnreachedLines(ctx context.Context, courtID int64, f model.UnreachedFilter) ([]model.UnreachedLine, error) {
	var rows []struct {
		CaseID, PartyID, Notices, UpTo, First int64
	}
	err := db.filteredUnreached(ctx, courtID, f).Where("u.party_id > ?", f.After).
		Select("u.case_id, u.party_id, COUNT(*) AS notices, MAX(u.notice_id) AS up_to, MIN(u.notice_id) AS first").
		Group("u.case_id, u.party_id").Order("u.party_id").Limit(f.Limit).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err, "unreached")
	}
	var cases, parties, notices []int64
	for _, r := range rows {
		cases, parties, notices = append(cases, r.CaseID), append(parties, r.PartyID), append(notices, r.First, r.UpTo)
	}
	var list []model.Party
	if err := db.q(ctx).Select("id", "name", "role").Where("id IN ?", parties).Find(&list).Error; err != nil {
		return nil, translate(err, "party")
	}
	byID := map[int64]model.Party{}
	for _, p := range list {
		byID[p.ID] = p
	}
	var known []struct {
		ID            int64
		CaseNo, Judge string
	}
	err = db.q(ctx).Table("cases").Select("cases.id, cases.case_no, users.name AS judge").Joins("LEFT JOIN users ON users.id = cases.judge_id").
		Where("cases.id IN ?", cases).Scan(&known).Error
	if err != nil {
		return nil, translate(err, "case")
	}
	told, err := db.NoticesByID(ctx, notices)
	if err != nil {
		return nil, err
	}
	var consents []model.Consent
	if err := db.q(ctx).Where("party_id IN ?", parties).Order("id").Find(&consents).Error; err != nil {
		return nil, translate(err, "consent")
	}
	out := make([]model.UnreachedLine, len(rows))
	for i, r := range rows {
		l := model.UnreachedLine{CaseID: r.CaseID, PartyID: r.PartyID, Party: byID[r.PartyID].Name, Role: byID[r.PartyID].Role, Notices: r.Notices, UpTo: r.UpTo}
		l.Since, l.Newest, l.Consented = told[r.First].CreatedAt, told[r.UpTo].Title, model.Consented(consents, r.PartyID, db.Now())
		for _, k := range known {
			if k.ID == r.CaseID {
				l.CaseNo, l.Judge = k.CaseNo, k.Judge
			}
		}
		out[i] = l
	}
	return out, nil
}

// CountUnreached counts those parties, up to CountCeiling.
func (db *DB) CountUnreached(ctx context.Context, courtID int64, f model.UnreachedFilter) (int64, error) {
	var n int64
	q := db.filteredUnreached(ctx, courtID, f).Select("u.party_id").Group("u.party_id").Limit(CountCeiling)
	err := db.q(ctx).Table("(?) AS counted", q).Count(&n).Error
	return n, translate(err, "unreached")
}

// UnreachedNotices are the ids of a case's notices that reached nobody to this moment.
func (db *DB) UnreachedNotices(ctx context.Context, courtID, caseID int64) (map[int64]bool, error) {
	var ids []int64
	err := db.stillUnreached(ctx, courtID).Where("u.case_id = ?", caseID).Pluck("u.notice_id", &ids).Error
	out := make(map[int64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, translate(err, "unreached")
}

// UnreachedOf are the rows of notices, told or not.
func (db *DB) UnreachedOf(ctx context.Context, notices []int64) (map[int64]model.Unreached, error) {
	var list []model.Unreached
	err := db.q(ctx).Where("notice_id IN ?", notices).Find(&list).Error
	out := make(map[int64]model.Unreached, len(list))
	for _, u := range list {
		out[u.NoticeID] = u
	}
	return out, translate(err, "unreached")
}

// UnreachedToTell are the rows of a party up to a notice, locked for the rest of the
// transaction; told ones are among them.
func (db *DB) UnreachedToTell(ctx context.Context, courtID int64, t model.Telling) ([]model.Unreached, error) {
	var list []model.Unreached
	err := db.forUpdate(ctx).Where("court_id = ? AND case_id = ? AND party_id = ? AND notice_id <= ?", courtID, t.CaseID, t.PartyID, t.UpTo).
		Order("notice_id").Find(&list).Error
	return list, translate(err, "unreached")
}

// SetTold writes how the untold of some notices were told.
func (db *DB) SetTold(ctx context.Context, ids []int64, u model.Unreached) error {
	return translate(db.q(ctx).Model(&model.Unreached{}).Where("notice_id IN ? AND method = ''", ids).
		Updates(map[string]any{
			"method": u.Method, "tracking_no": u.TrackingNo, "spoke_with": u.SpokeWith, "note": u.Note, "told_at": u.ToldAt, "done_by": u.DoneBy, "done_at": u.DoneAt,
		}).Error, "unreached")
}

// FinishPapersOf writes that the open papers of some notices went out together.
func (db *DB) FinishPapersOf(ctx context.Context, ids []int64, u model.Unreached, at time.Time) error {
	return translate(db.q(ctx).Model(&model.PaperTask{}).Where("notice_id IN ? AND state = ?", ids, model.PaperOpen).
		Updates(map[string]any{
			"state": model.PaperDone, "method": u.Method, "tracking_no": u.TrackingNo, "note": u.Note, "done_by": u.DoneBy, "done_at": at,
		}).Error, "paper_task")
}
