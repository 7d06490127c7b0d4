package storage

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"microcourt/model"
)

type pendingAudit struct{ entry model.AuditEntry }

type auditHead struct {
	CourtID int64 `gorm:"primaryKey;autoIncrement:false"`
	Seq     int64
	Hash    string
}

// Audit records that by did something. The entry is appended to its court's
// chain when the transaction commits, or not at all.
func (db *DB) Audit(by model.Actor, role model.Role, ev model.AuditEvent) error {
	before, err := model.Digest(db.keys.audit, ev.Before)
	if err != nil {
		return err
	}
	after, err := model.Digest(db.keys.audit, ev.After)
	if err != nil {
		return err
	}
	db.audits = append(db.audits, pendingAudit{model.AuditEntry{
		CourtID: ev.CourtID, At: db.Now(), UserID: by.UserID, APIKeyID: by.APIKeyID, Role: role, Action: ev.Action,
		CaseID: ev.CaseID, Subject: ev.Subject, Detail: ev.Detail, Before: before, After: after, IP: by.IP, RequestID: by.RequestID,
	}})
	return nil
}

// AuditLook records a look at personal data, in a transaction of its own. A
// look that cannot be recorded must not happen, so callers return the error.
func (db *DB) AuditLook(ctx context.Context, by model.Actor, role model.Role, ev model.AuditEvent) error {
	return db.Transact(ctx, func(tx *DB) error { return tx.Audit(by, role, ev) })
}

// appendAudits links the transaction's events. The heads are locked in the
// order of court ids, so that two transactions cannot wait for each other.
func (db *DB) appendAudits(ctx context.Context) error {
	slices.SortStableFunc(db.audits, func(a, b pendingAudit) int { return int(a.entry.CourtID - b.entry.CourtID) })
	for i := 0; i < len(db.audits); {
		court := db.audits[i].entry.CourtID
		j := i
		for j < len(db.audits) && db.audits[j].entry.CourtID == court {
			j++
		}
		if err := db.appendChain(ctx, court, db.audits[i:j]); err != nil {
			return fmt.Errorf("append to audit chain of court %d: %w", court, err)
		}
		i = j
	}
	return nil
}

func (db *DB) appendChain(ctx context.Context, court int64, events []pendingAudit) error {
	head := auditHead{CourtID: court}
	res := db.forUpdate(ctx).Where("court_id = ?", court).Limit(1).Find(&head)
	if res.Error != nil {
		return translate(res.Error, "audit")
	}
	if res.RowsAffected == 0 {
		err := db.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&auditHead{CourtID: court}).Error
		if err != nil {
			return translate(err, "audit")
		}
		if err := db.forUpdate(ctx).Where("court_id = ?", court).Take(&head).Error; err != nil {
			return translate(err, "audit")
		}
	}
	entries := make([]model.AuditEntry, len(events))
	for i, ev := range events {
		e := ev.entry
		head.Seq++
		e.Seq = head.Seq
		if err := e.Seal(db.keys.audit, head.Hash); err != nil {
			return err
		}
		head.Hash = e.Hash
		entries[i] = e
	}
	if err := db.q(ctx).CreateInBatches(&entries, insertBatch).Error; err != nil {
		return translate(err, "audit")
	}
	db.last = &entries[len(entries)-1]
	return translate(db.q(ctx).Model(&auditHead{}).Where("court_id = ?", court).
		Updates(map[string]any{"seq": head.Seq, "hash": head.Hash}).Error, "audit")
}

// AuditHead is the end of a court's chain. Kept outside (printed, logged), it
// shows later that no link was cut off the end.
type AuditHead struct {
	CourtID, Seq int64
	Hash         string
}

// AuditBreak is the first place where a chain is not intact.
type AuditBreak struct {
	CourtID, Seq int64
	What         string
}

// VerifyAudit walks every chain from its first link and returns the heads, and
// the first break of each broken chain.
func (db *DB) VerifyAudit(ctx context.Context) ([]AuditHead, []AuditBreak, error) {
	var heads []auditHead
	if err := db.q(ctx).Order("court_id").Find(&heads).Error; err != nil {
		return nil, nil, translate(err, "audit")
	}
	// A chain whose head was deleted must not pass unseen.
	var courts []int64
	if err := db.q(ctx).Model(&model.AuditEntry{}).Distinct().Order("court_id").Pluck("court_id", &courts).Error; err != nil {
		return nil, nil, translate(err, "audit")
	}
	var breaks []AuditBreak
	for _, c := range courts {
		if !slices.ContainsFunc(heads, func(h auditHead) bool { return h.CourtID == c }) {
			breaks = append(breaks, AuditBreak{CourtID: c, What: "the chain has links but no head"})
		}
	}
	var out []AuditHead
	for _, h := range heads {
		b, err := db.verifyChain(ctx, h, nil)
		if err != nil {
			return nil, nil, err
		}
		if b != nil {
			breaks = append(breaks, *b)
		}
		out = append(out, AuditHead(h))
	}
	return out, breaks, nil
}

const auditPage = 1000

func (db *DB) verifyChain(ctx context.Context, head auditHead, progress func(walked, all int64)) (*AuditBreak, error) {
	prev, next := "", int64(1)
	broken := func(seq int64, what string) *AuditBreak {
		return &AuditBreak{CourtID: head.CourtID, Seq: seq, What: what}
	}
	for {
		var page []model.AuditEntry
		err := db.q(ctx).Where("court_id = ? AND seq >= ?", head.CourtID, next).Order("seq").Limit(auditPage).
			Find(&page).Error
		if err != nil {
			return nil, translate(err, "audit")
		}
		for i := range page {
			e := &page[i]
			switch {
			case e.Seq != next:
				return broken(next, "the link is missing"), nil
			case !e.Intact(db.keys.audit, prev):
				return broken(e.Seq, "the link was changed or does not follow the one before"), nil
			}
			prev, next = e.Hash, next+1
		}
		if progress != nil {
			progress(next-1, head.Seq)
		}
		if len(page) < auditPage {
			break
		}
	}
	switch {
	case next-1 < head.Seq:
		return broken(next, "links are missing at the end"), nil
	case next-1 > head.Seq || prev != head.Hash:
		return broken(next-1, "the head does not match the last link"), nil
	}
	return nil, nil
}

// AuditTrail lists a court's entries, newest first. What one person did runs
// along audit_entries_user, what was done in a case along audit_entries_case.
func (db *DB) AuditTrail(ctx context.Context, f model.AuditFilter) ([]model.AuditEntry, error) {
	if f.Looks && f.Cases == nil && f.Users == nil {
		return db.auditLooks(ctx, f)
	}
	q := db.auditPage(ctx, f)
	if f.Cases != nil {
		q = q.Where("case_id IN ?", f.Cases)
	}
	if f.Users != nil {
		q = q.Where("user_id IN ?", f.Users)
	}
	if f.Looks {
		q = q.Where("action IN ?", model.AuditLooks)
	}
	var out []model.AuditEntry
	err := q.Find(&out).Error
	return out, translate(err, "audit")
}

func (db *DB) auditPage(ctx context.Context, f model.AuditFilter) *gorm.DB {
	q := db.q(ctx).Model(&model.AuditEntry{}).Where("court_id = ?", f.CourtID)
	if f.Before > 0 {
		q = q.Where("seq < ?", f.Before)
	}
	return q.Order("seq DESC").Limit(f.Limit)
}

// auditLooks lists the court's looks, newest first: the newest of each action,
// along audit_entries_action, and of these the newest. Looks are few among many
// entries, which a walk along the chain would all read.
func (db *DB) auditLooks(ctx context.Context, f model.AuditFilter) ([]model.AuditEntry, error) {
	var parts []string
	var args []any
	for _, action := range model.AuditLooks {
		parts = append(parts, "SELECT * FROM (?) AS a"+strconv.Itoa(len(parts)))
		args = append(args, db.auditPage(ctx, f).Where("action = ?", action))
	}
	var out []model.AuditEntry
	err := db.q(ctx).Raw("SELECT * FROM ("+strings.Join(parts, " UNION ALL ")+") AS looks ORDER BY seq DESC LIMIT ?", append(args, f.Limit)...).Scan(&out).Error
	return out, translate(err, "audit")
}

// VerifyCourtAudit walks one court's chain and returns its head and its first
// break, nil when there is none. progress is told how far it is.
func (db *DB) VerifyCourtAudit(ctx context.Context, courtID int64, progress func(walked, all int64)) (*AuditHead, *AuditBreak, error) {
	var head auditHead
	if err := db.q(ctx).Where("court_id = ?", courtID).Limit(1).Find(&head).Error; err != nil {
		return nil, nil, translate(err, "audit")
	}
	head.CourtID = courtID
	b, err := db.verifyChain(ctx, head, progress)
	h := AuditHead(head)
	return &h, b, err
}

// NewestEntry is when something was last recorded: the newest end of all audit
// chains, to which every act and every look is appended. It is zero in a
// database that has seen nothing.
func (db *DB) NewestEntry(ctx context.Context) (time.Time, error) {
	var out []model.AuditEntry
	err := db.q(ctx).Select("audit_entries.at").Joins("JOIN audit_heads h ON h.court_id = audit_entries.court_id AND h.seq = audit_entries.seq").
		Order("audit_entries.at DESC").Limit(1).Find(&out).Error
	if err != nil || len(out) == 0 {
		return time.Time{}, translate(err, "audit")
	}
	return out[0].At, nil
}

// AuditHeads lists the ends of all chains.
func (db *DB) AuditHeads(ctx context.Context) ([]AuditHead, error) {
	var heads []auditHead
	err := db.q(ctx).Order("court_id").Find(&heads).Error
	out := make([]AuditHead, len(heads))
	for i, h := range heads {
		out[i] = AuditHead(h)
	}
	return out, translate(err, "audit")
}

// AuditLink is the hash of a link of a court's chain, "" when it is not there.
func (db *DB) AuditLink(ctx context.Context, courtID, seq int64) (string, error) {
	var out []string
	err := db.q(ctx).Model(&model.AuditEntry{}).Where("court_id = ? AND seq = ?", courtID, seq).Limit(1).Pluck("hash", &out).Error
	if err != nil || len(out) == 0 {
		return "", translate(err, "audit")
	}
	return out[0], nil
}
