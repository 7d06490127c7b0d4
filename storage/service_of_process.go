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

// failedStates are the ends that nobody is reached by.
var failedStates = []model.OutboxState{model.OutboxUnreachable, model.OutboxInvalid, model.OutboxUnknown, model.OutboxExpired, model.OutboxNoConsent, model.OutboxFailed}
