package storage

import (
	"context"
	"time"

	"microcourt/model"
)

// CreateConsent records a consent once by its author's key.
func (db *DB) CreateConsent(ctx context.Context, c *model.Consent) (created bool, err error) {
	created, err = createOnce(db.q(ctx), c)
	return created, translate(err, "consent")
}

// Consents lists what was said about electronic service in a case, oldest
// first.
func (db *DB) Consents(ctx context.Context, caseID int64) ([]model.Consent, error) {
	var out []model.Consent
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "consent")
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

// Deliveries lists the outside messages of notices.
func (db *DB) Deliveries(ctx context.Context, notices []int64) ([]model.OutboxMessage, error) {
	var out []model.OutboxMessage
	err := db.q(ctx).Where("notice_id IN ?", notices).Order("id").Find(&out).Error
	return out, translate(err, "outbox")
}

// AllReads lists who opened notices, and when.
func (db *DB) AllReads(ctx context.Context, notices []int64) ([]model.NoticeRead, error) {
	var out []model.NoticeRead
	err := db.q(ctx).Where("notice_id IN ?", notices).Order("read_at").Find(&out).Error
	return out, translate(err, "notice")
}

// PaperTasksOf lists the paper tasks of notices.
func (db *DB) PaperTasksOf(ctx context.Context, notices []int64) ([]model.PaperTask, error) {
	var out []model.PaperTask
	err := db.q(ctx).Where("notice_id IN ?", notices).Order("id").Find(&out).Error
	return out, translate(err, "paper_task")
}

// PaperTasks lists a court's open paper tasks, oldest first.
func (db *DB) PaperTasks(ctx context.Context, courtID, after int64, limit int) ([]model.PaperTask, error) {
	var out []model.PaperTask
	err := db.q(ctx).Where("court_id = ? AND state = ? AND id > ?", courtID, model.PaperOpen, after).Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "paper_task")
}

// PaperTask is a court's paper task, locked for the rest of the transaction.
func (db *DB) PaperTask(ctx context.Context, courtID, id int64) (*model.PaperTask, error) {
	var t model.PaperTask
	err := db.forUpdate(ctx).Take(&t, "id = ? AND court_id = ?", id, courtID).Error
	return &t, translate(err, "paper_task")
}

// FinishPaperTask writes how a paper went out.
func (db *DB) FinishPaperTask(ctx context.Context, t *model.PaperTask) error {
	return changed(db.q(ctx).Model(&model.PaperTask{}).Where("id = ? AND state = ?", t.ID, model.PaperOpen).
		Select("state", "method", "tracking_no", "note", "done_by", "done_at").Updates(t), "paper_task")
}

// Acted is that a user did something in a case.
type Acted struct {
	UserID int64
	At     time.Time
}

// Acts lists when WeChat users submitted receipts or made promises in a case,
// in the order of time.
func (db *DB) Acts(ctx context.Context, caseID int64) ([]Acted, error) {
	var receipts []model.Receipt
	if err := db.q(ctx).Select("user_id", "submitted_at").Where("case_id = ?", caseID).Order("submitted_at").Find(&receipts).Error; err != nil {
		return nil, translate(err, "receipt")
	}
	out := make([]Acted, 0, len(receipts))
	for _, r := range receipts {
		out = append(out, Acted{r.UserID, r.SubmittedAt})
	}
	promises, err := db.Promises(ctx, caseID)
	for _, p := range promises {
		out = append(out, Acted{p.UserID, p.CreatedAt})
	}
	return out, err
}

// CaseBindings lists who is, or was, bound to the parties of a case.
func (db *DB) CaseBindings(ctx context.Context, caseID int64) ([]model.Binding, error) {
	var out []model.Binding
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "binding")
}

// failedStates are the ends that nobody is reached by.
var failedStates = []model.OutboxState{model.OutboxUnreachable, model.OutboxInvalid, model.OutboxUnknown, model.OutboxExpired, model.OutboxNoConsent, model.OutboxFailed}

// FailedDeliveries lists a court's messages that ended without reaching
// anybody, oldest first.
func (db *DB) FailedDeliveries(ctx context.Context, courtID, after int64, limit int) ([]model.OutboxMessage, error) {
	var out []model.OutboxMessage
	err := db.q(ctx).Where("court_id = ? AND state IN ? AND id > ?", courtID, failedStates, after).Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "outbox")
}

// FailedCount counts a court's messages that reached nobody, up to
// CountCeiling.
func (db *DB) FailedCount(ctx context.Context, courtID int64) (int64, error) {
	n, err := db.upTo(ctx, db.q(ctx).Model(&model.OutboxMessage{}).Where("court_id = ? AND state IN ?", courtID, failedStates))
	return n, translate(err, "outbox")
}

// LockDelivery is a court's outside message, locked for the rest of the
// transaction.
func (db *DB) LockDelivery(ctx context.Context, courtID, id int64) (*model.OutboxMessage, error) {
	var m model.OutboxMessage
	err := db.forUpdate(ctx).Take(&m, "id = ? AND court_id = ?", id, courtID).Error
	return &m, translate(err, "delivery")
}

// Requeue sends a message that failed, or that nobody confirmed, once more, after
// the court's quiet hours. The deadline of a message is of its present try only.
func (db *DB) Requeue(ctx context.Context, m *model.OutboxMessage) error {
	court, err := db.Court(ctx, m.CourtID)
	if err != nil {
		return err
	}
	at := court.Settings.Quiet().After(db.Now())
	m.Deadline = db.Now().Add(outboxLife)
	return changed(db.q(ctx).Model(&model.OutboxMessage{}).
		Where("id = ? AND (state IN ? OR state = ? AND delivered_at IS NULL AND accepted_at <= ?)",
			m.ID, failedStates, model.OutboxAccepted, db.Now().Add(-model.ConfirmWithin)).
		Updates(map[string]any{
			"state": model.OutboxQueued, "next_at": at, "due_at": at, "deadline": m.Deadline, "attempts": 0, "last_error": "",
			// What was reported of the former try stays in delivery_reports.
			"message_id": "", "delivery_error": "", "accepted_at": nil, "ask_at": nil, "updated_at": db.Now(),
		}), "delivery")
}
