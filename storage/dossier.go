package storage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// dossierFrom says of each source which rows belong into a case's file: its table t,
// the condition, the kind and when the thing came about. A file of a conversation
// with a family is between it and the court and in no file; the record that is made
// of the conversation is.
var dossierFrom = map[model.DossierSource]struct{ table, where, kind, at string }{
	model.DossierReceipt: {"receipts t", "t.case_id <> 0", "''", "t.submitted_at"},
	model.DossierFile: {
		"files t", "t.case_id IS NOT NULL AND t.state = 'attached' AND NOT EXISTS (SELECT 1 FROM message_files mf JOIN conversations co ON co.id = mf.conversation_id WHERE mf.file_id = t.id AND co.relative_id <> 0)",
		"''", "t.created_at",
	},
	model.DossierAnswer:       {"obligee_responses t", "t.responded_at IS NOT NULL", "''", "t.responded_at"},
	model.DossierConfirmation: {"confirmations t", "t.case_id <> 0", "''", "t.created_at"},
	model.DossierDocument:     {"documents t", "t.case_id <> 0", "t.kind", "t.created_at"},
	model.DossierCertificate:  {"certificates t", "t.case_id <> 0", "''", "t.issued_at"},
	model.DossierNotice:       {"notices t", "t.case_id <> 0 AND t.party_id <> 0", "t.kind", "t.created_at"},
	model.DossierDelivery: {
		"outbox t JOIN notices n ON n.id = t.notice_id AND n.case_id <> 0 AND n.party_id <> 0",
		"(t.delivered_at IS NOT NULL OR t.state NOT IN ('queued', 'sending', 'accepted', 'skipped') OR t.state = 'accepted' AND t.updated_at < ?)", "n.kind", "t.updated_at",
	},
	model.DossierPaperServed: {"paper_tasks t", "t.state = 'done' AND t.done_at IS NOT NULL", "''", "t.done_at"},
	model.DossierContact:     {"contacts t", "t.case_id <> 0", "''", "t.created_at"},
}

// deliveryKnown is how long one waits for a channel to say that a message arrived,
// before what is known of it goes into the file.
const deliveryKnown = 72 * time.Hour

// CollectDossier finds what belongs into files and is not listed yet, whichever way
// it came about, and lists it: of one case, or of all among the rows of a source with
// ids above after, limit at most. It tells how many.
func (db *DB) CollectDossier(ctx context.Context, source model.DossierSource, caseID, after, until int64, limit int) (int64, error) {
	from, known := dossierFrom[source]
	if !known {
		return 0, fmt.Errorf("no dossier source %q", source)
	}
	caseOf := "t.case_id"
	var args []any
	now := db.Now()
	where := from.where
	args = append(args, source, now, now, now, source)
	if source == model.DossierDelivery {
		caseOf = "n.case_id"
		args = append(args, now.Add(-deliveryKnown))
	}
	if caseID != 0 {
		where += " AND " + caseOf + " = ?"
		args = append(args, caseID)
	} else {
		where += " AND t.id > ? AND t.id <= ?"
		args = append(args, after, until)
	}
	args = append(args, limit)
	var n int64
	err := db.Transact(ctx, func(tx *DB) error {
		res := tx.q(ctx).Exec(`INSERT INTO dossier_items (court_id, case_id, source, source_id, kind, made_at, attempts, next_at, created_at, updated_at)
SELECT t.court_id, `+caseOf+`, ?, t.id, `+from.kind+`, `+from.at+`, 0, ?, ?, ?
FROM `+from.table+` LEFT JOIN dossier_items d ON d.source = ? AND d.source_id = t.id
WHERE d.id IS NULL AND `+where+` ORDER BY t.id LIMIT ?`, args...)
		n = res.RowsAffected
		return translate(res.Error, "dossier_item")
	})
	return n, err
}

// DossierReach is the largest id of a source's table.
func (db *DB) DossierReach(ctx context.Context, source model.DossierSource) (int64, error) {
	var n *int64
	table, _, _ := strings.Cut(dossierFrom[source].table, " ")
	err := db.q(ctx).Table(table).Select("MAX(id)").Scan(&n).Error
	if n == nil {
		return 0, translate(err, "dossier_item")
	}
	return *n, translate(err, "dossier_item")
}

// DossierItems lists what belongs into the file of a case, in the order in which it
// came about. The case's own visibility is the caller's matter.
func (db *DB) DossierItems(ctx context.Context, caseID int64) ([]model.DossierItem, error) {
	var out []model.DossierItem
	err := db.q(ctx).Where("case_id = ?", caseID).Order("made_at, id").Limit(20_000).Find(&out).Error
	return out, translate(err, "dossier_item")
}

// Unfiled is an item that is not in the file, with its case.
type Unfiled struct {
	model.DossierItem
	CaseNo string
}

// unfiled are the items of an actor's cases that are not in the file.
func (db *DB) unfiled(ctx context.Context, by model.Actor) *gorm.DB {
	return db.visible(ctx, by).Table("dossier_items").Joins("JOIN cases ON cases.id = dossier_items.case_id").
		Where("dossier_items.court_id = ? AND dossier_items.filed_at IS NULL", by.CourtID)
}

// UnfiledItems lists what is not in the files of the actor's cases, what failed first.
func (db *DB) UnfiledItems(ctx context.Context, by model.Actor, failed bool, after int64, limit int) ([]Unfiled, error) {
	var out []Unfiled
	q := db.unfiled(ctx, by).Select("dossier_items.*, cases.case_no").Where("dossier_items.id > ?", after)
	if failed {
		q = q.Where("dossier_items.failed_at IS NOT NULL")
	}
	err := q.Order("dossier_items.id").Limit(limit).Scan(&out).Error
	return out, translate(err, "dossier_item")
}

// CountUnfiled counts them: all, and those that somebody has to look at.
func (db *DB) CountUnfiled(ctx context.Context, by model.Actor) (all, failed int64, err error) {
	var n struct{ Total, Failed int64 }
	err = db.unfiled(ctx, by).Select("COUNT(*) AS total, COUNT(dossier_items.failed_at) AS failed").Scan(&n).Error
	return n.Total, n.Failed, translate(err, "dossier_item")
}

// LockUnfiled locks items of the actor's cases to hand them over again; what is none
// of his is not among them.
func (db *DB) LockUnfiled(ctx context.Context, by model.Actor, ids []int64) ([]model.DossierItem, error) {
	var found []model.DossierItem
	err := db.unfiled(ctx, by).Select("dossier_items.*").Where("dossier_items.id IN ?", ids).Order("dossier_items.id").Scan(&found).Error
	return found, translate(err, "dossier_item")
}

// DueDossier takes items that are to be handed over now for a while: until then no
// other process takes them.
func (db *DB) DueDossier(ctx context.Context, lease time.Duration, limit int) (out []model.DossierItem, err error) {
	now := db.Now()
	err = db.Transact(ctx, func(tx *DB) error {
		out = nil
		var found []model.DossierItem
		if err := tx.forUpdate(ctx).Where("filed_at IS NULL AND failed_at IS NULL AND next_at <= ?", now).Order("next_at, id").Limit(limit).Find(&found).Error; err != nil {
			return translate(err, "dossier_item")
		}
		for _, i := range found {
			res := tx.q(ctx).Model(&model.DossierItem{}).Where("id = ? AND next_at = ? AND filed_at IS NULL", i.ID, i.NextAt).UpdateColumn("next_at", now.Add(lease))
			if res.Error != nil {
				return translate(res.Error, "dossier_item")
			}
			if res.RowsAffected == 1 {
				out = append(out, i)
			}
		}
		return nil
	})
	return out, err
}

// SetDossier writes how far an item has come; one that was filed stays so.
func (db *DB) SetDossier(ctx context.Context, i *model.DossierItem) error {
	i.UpdatedAt = db.Now()
	return changed(db.q(ctx).Model(i).Where("filed_at IS NULL").
		Select("attempts", "next_at", "sha256", "receipt_no", "filed_at", "failed_at", "failure", "updated_at").Updates(i), "dossier_item")
}

// DossierFacts loads the records that items of one case are written from.
func (db *DB) DossierFacts(ctx context.Context, caseID int64, items []model.DossierItem) (*model.DossierFacts, error) {
	f := &model.DossierFacts{}
	if err := db.q(ctx).Take(&f.Case, "id = ?", caseID).Error; err != nil {
		return nil, translate(err, "case")
	}
	ids := map[model.DossierSource][]int64{}
	for _, i := range items {
		ids[i.Source] = append(ids[i.Source], i.SourceID)
	}
	parties, err := db.Parties(ctx, caseID)
	if err != nil {
		return nil, err
	}
	f.Parties = byKey(parties, func(p model.Party) int64 { return p.ID })
	load := []error{
		rowsOf(ctx, db, ids[model.DossierReceipt], &f.Receipts, func(r model.Receipt) int64 { return r.ID }),
		rowsOf(ctx, db, ids[model.DossierFile], &f.Files, func(r model.File) int64 { return r.ID }),
		rowsOf(ctx, db, ids[model.DossierAnswer], &f.Answers, func(r model.ObligeeResponse) int64 { return r.ID }),
		rowsOf(ctx, db, ids[model.DossierConfirmation], &f.Confirmations, func(r model.Confirmation) int64 { return r.ID }),
		rowsOf(ctx, db, ids[model.DossierDelivery], &f.Deliveries, func(r model.OutboxMessage) int64 { return r.ID }),
		rowsOf(ctx, db, ids[model.DossierPaperServed], &f.Papers, func(r model.PaperTask) int64 { return r.ID }),
		rowsOf(ctx, db, ids[model.DossierContact], &f.Contacts, func(r model.Contact) int64 { return r.ID }),
	}
	for _, err := range load {
		if err != nil {
			return nil, err
		}
	}
	notices := ids[model.DossierNotice]
	for _, m := range f.Deliveries {
		notices = append(notices, m.NoticeID)
	}
	for _, t := range f.Papers {
		notices = append(notices, t.NoticeID)
	}
	if err := rowsOf(ctx, db, notices, &f.Notices, func(r model.Notice) int64 { return r.ID }); err != nil {
		return nil, err
	}
	// The files of a receipt are named in it.
	if len(f.Receipts) > 0 {
		var of []model.File
		if err := db.q(ctx).Where("case_id = ? AND receipt_id <> 0", caseID).Find(&of).Error; err != nil {
			return nil, translate(err, "file")
		}
		for _, x := range of {
			f.Files[x.ID] = x
		}
	}
	var users []int64
	for _, r := range f.Receipts {
		users = append(users, r.UserID)
	}
	for _, a := range f.Answers {
		users = append(users, a.RespondedBy)
	}
	for _, c := range f.Confirmations {
		users = append(users, c.ByUserID)
	}
	for _, t := range f.Papers {
		users = append(users, t.DoneBy)
	}
	for _, c := range f.Contacts {
		users = append(users, c.ByUserID)
	}
	f.Users, err = db.UserNames(ctx, users)
	return f, err
}

func byKey[T any](rows []T, key func(T) int64) map[int64]T {
	out := make(map[int64]T, len(rows))
	for _, r := range rows {
		out[key(r)] = r
	}
	return out
}

// rowsOf loads rows by their ids, in batches that every database takes.
func rowsOf[T any](ctx context.Context, db *DB, ids []int64, into *map[int64]T, key func(T) int64) error {
	*into = map[int64]T{}
	for len(ids) > 0 {
		n := min(len(ids), insertBatch)
		var rows []T
		if err := db.q(ctx).Where("id IN ?", ids[:n]).Find(&rows).Error; err != nil {
			return translate(err, "dossier_item")
		}
		for _, r := range rows {
			(*into)[key(r)] = r
		}
		ids = ids[n:]
	}
	return nil
}
