package storage

import (
	"context"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"microcourt/model"
)

// noticeDone says for each kind of notice that asks for something
// (model.NoticeKind.Asks) when that is done, by whomever: asked of the thing that
// it speaks of whenever the inbox is read, so that no act has to think of it.
// What is asked for again is asked by a notice of its own.
var noticeDone = map[model.NoticeKind]string{
	model.NoticeCertificateApplied: `EXISTS (SELECT 1 FROM certificate_applications w WHERE w.id = notices.subject_id AND w.state <> 'open')`,
	model.NoticeReceiptSubmitted:   `EXISTS (SELECT 1 FROM receipts w WHERE w.id = notices.subject_id AND (w.state <> 'submitted' OR w.pending_decision_id <> 0))`,
	// Whatever happened to it since: it was decided again, or withdrawn.
	model.NoticeDecisionFailed:       `EXISTS (SELECT 1 FROM receipts w WHERE w.id = notices.subject_id AND (w.pending_decision_id <> 0 OR w.updated_at > notices.created_at))`,
	model.NoticeReceiptDisputed:      `EXISTS (SELECT 1 FROM receipts w WHERE w.id = notices.subject_id AND w.state <> 'submitted' AND w.updated_at > notices.created_at)`,
	model.NoticeEnforcementPerformed: `EXISTS (SELECT 1 FROM enforcement_cases w WHERE w.id = notices.subject_id AND w.state <> 'open')`,
	// Yesterday's numbers are nobody's work any more.
	model.NoticeJudgeDigest:            `EXISTS (SELECT 1 FROM notices w WHERE w.user_id = notices.user_id AND w.kind = notices.kind AND w.id > notices.id)`,
	model.NoticeTaskLate:               `EXISTS (SELECT 1 FROM tasks w WHERE w.id = notices.subject_id AND w.state <> 'open')`,
	model.NoticePrisonLetterRegistered: `EXISTS (SELECT 1 FROM prison_letters w WHERE w.id = notices.subject_id AND w.state <> 'open')`,
	model.NoticePrisonLetterDue:        `EXISTS (SELECT 1 FROM prison_letters w WHERE w.id = notices.subject_id AND w.state <> 'open')`,
	model.NoticeMessageAsked:           answered,
	model.NoticeMessageLate:            answered,
	model.NoticeAnswerFailed:           `EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = notices.subject_id AND m.from_court AND m.created_at > notices.created_at)`,
	model.NoticeRelativeAsked:          `EXISTS (SELECT 1 FROM relatives w WHERE w.id = notices.subject_id AND w.state <> 'asked')`,
	model.NoticeDepositSubmitted: `EXISTS (SELECT 1 FROM deposits w WHERE w.id = notices.subject_id AND w.state <> 'submitted'
		AND NOT EXISTS (SELECT 1 FROM deposit_wishes d WHERE d.deposit_id = w.id AND d.state = 'asked'))`,
	model.NoticeMoneyToPay:   `EXISTS (SELECT 1 FROM case_money w WHERE w.id = notices.subject_id AND w.held_fen = 0)`,
	model.NoticePetitionMade: `EXISTS (SELECT 1 FROM petitions w WHERE w.id = notices.subject_id AND w.state <> 'open')`,
	model.NoticeCallAsked: `EXISTS (SELECT 1 FROM call_backs w WHERE w.id = notices.subject_id AND
		(w.state IN ('done', 'missed') OR w.state IN ('offered', 'confirmed', 'declined') AND w.updated_at > notices.created_at))`,
	model.NoticeQueryAddressed:  `EXISTS (SELECT 1 FROM asset_queries w WHERE w.id = notices.subject_id AND w.state = 'answered')`,
	model.NoticeQueryRequested:  `EXISTS (SELECT 1 FROM asset_queries w WHERE w.id = notices.subject_id AND w.state <> 'requested')`,
	model.NoticeReleaseProposed: `EXISTS (SELECT 1 FROM release_reviews w WHERE w.id = notices.subject_id AND w.state <> 'open')`,
	model.NoticeRepairApplied:   `EXISTS (SELECT 1 FROM repair_applications w WHERE w.id = notices.subject_id AND w.state <> 'open')`,
	model.NoticeSpendingAsked:   `EXISTS (SELECT 1 FROM spending_permits w WHERE w.id = notices.subject_id AND w.state <> 'open')`,
	model.NoticeMeasureProposed: `(notices.subject_kind = 'measure' AND EXISTS (SELECT 1 FROM measures w WHERE w.id = notices.subject_id AND w.state <> 'proposed' AND w.lift_asked_at IS NULL)
		OR notices.subject_kind = 'prolongation' AND EXISTS (SELECT 1 FROM listing_prolongations w WHERE w.id = notices.subject_id AND w.state <> 'open'))`,
	model.NoticeMeasureReviewAsked: `EXISTS (SELECT 1 FROM measure_reviews w WHERE w.id = notices.subject_id AND w.state <> 'open')`,
	model.NoticeDutyOpened: `(notices.subject_kind = 'measure' AND NOT EXISTS (SELECT 1 FROM agency_tasks w JOIN users u ON u.agency_id = w.agency_id
		WHERE u.id = notices.user_id AND w.measure_id = notices.subject_id AND w.state = 'open'))`,
	model.NoticeDutyReminder:    reported,
	model.NoticeDutyUnreachable: reported,
	model.NoticeDutyReported:    `EXISTS (SELECT 1 FROM agency_tasks w WHERE w.id = notices.subject_id AND w.state <> 'reported')`,
	model.NoticeDutyDecided:     `EXISTS (SELECT 1 FROM agency_reports w WHERE w.task_id = notices.subject_id AND w.created_at > notices.created_at)`,
}

const (
	// answered: the court wrote since, or nothing waits any more.
	answered = `EXISTS (SELECT 1 FROM conversations w WHERE w.id = notices.subject_id AND (w.answer_by IS NULL
		OR EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = w.id AND m.from_court AND m.created_at > notices.created_at)))`
	// reported: the task, or each that the agency had then, was reported or ended.
	reported = `(notices.subject_kind = 'duty_task' AND EXISTS (SELECT 1 FROM agency_tasks w WHERE w.id = notices.subject_id AND w.state <> 'open')
		OR notices.subject_kind = 'agency' AND NOT EXISTS (SELECT 1 FROM agency_tasks w
			WHERE w.agency_id = notices.subject_id AND w.state = 'open' AND w.created_at <= notices.created_at))`
)

// doneNotices narrows a query over notices to those whose matter is done.
var doneNotices = func() string {
	var out []string
	for _, kind := range slices.Sorted(maps.Keys(noticeDone)) {
		out = append(out, "notices.kind = '"+string(kind)+"' AND "+noticeDone[kind])
	}
	return "(notices.user_id <> 0 AND notices.subject_id <> 0 AND (" + strings.Join(out, " OR ") + "))"
}()

// DoneNotices tells which of the notices ask for what is done meanwhile.
func (db *DB) DoneNotices(ctx context.Context, notices []int64) (map[int64]bool, error) {
	var ids []int64
	err := db.q(ctx).Model(&model.Notice{}).Where("notices.id IN ?", notices).Where(doneNotices).Pluck("id", &ids).Error
	out := make(map[int64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, translate(err, "notice")
}

// unread narrows a query over notices to those that a user neither opened nor
// has to: what they ask for is not done.
func unread(q *gorm.DB, userID int64) *gorm.DB {
	return q.Where("NOT EXISTS (SELECT 1 FROM notice_reads r WHERE r.notice_id = notices.id AND r.user_id = ?)", userID).Where("NOT " + doneNotices)
}

// readAtOnce is how many notices one statement marks.
const readAtOnce = 500

// MarkAllRead marks the actor's notices up to one as opened; those that he opened
// before keep their time. Outside the court a numbered paper is served by being opened
// (在线诉讼规则 31): a party opens each of those himself.
func (db *DB) MarkAllRead(ctx context.Context, by model.Actor, upTo int64) error {
	for last := int64(0); ; {
		var ids []int64
		q := db.inbox(ctx, by).Model(&model.Notice{}).Where("notices.id > ? AND notices.id <= ?", last, upTo)
		if by.IsParty() {
			q = q.Where("notices.number = ''")
		}
		err := q.
			Where("NOT EXISTS (SELECT 1 FROM notice_reads r WHERE r.notice_id = notices.id AND r.user_id = ?)", by.UserID).
			Order("notices.id").Limit(readAtOnce).Pluck("notices.id", &ids).Error
		if err != nil || len(ids) == 0 {
			return translate(err, "notice")
		}
		rows := make([]model.NoticeRead, len(ids))
		for i, id := range ids {
			rows[i] = model.NoticeRead{NoticeID: id, UserID: by.UserID, ReadAt: db.Now()}
		}
		if err := db.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&rows).Error; err != nil {
			return translate(err, "notice")
		}
		last = ids[len(ids)-1]
	}
}

// holders are the things on whose page a thing without one of its own stands: the
// column that names it.
var holders = map[model.ThingKind]struct {
	table, column string
	kind          model.ThingKind
}{
	model.ThingCaseMoney:    {"case_money", "enforcement_case_id", model.ThingEnforcement},
	model.ThingPetition:     {"petitions", "enforcement_case_id", model.ThingEnforcement},
	model.ThingRelease:      {"release_reviews", "enforcement_case_id", model.ThingEnforcement},
	model.ThingCleanUp:      {"clean_ups", "enforcement_case_id", model.ThingEnforcement},
	model.ThingSettlement:   {"settlements", "enforcement_case_id", model.ThingEnforcement},
	model.ThingSpending:     {"spending_permits", "measure_id", model.ThingMeasure},
	model.ThingReview:       {"measure_reviews", "measure_id", model.ThingMeasure},
	model.ThingProlongation: {"listing_prolongations", "measure_id", model.ThingMeasure},
}

// HolderOf is the thing on whose page the thing stands: itself when it has a page.
func (db *DB) HolderOf(ctx context.Context, t model.Thing) (model.Thing, error) {
	h, ok := holders[t.Kind]
	if !ok {
		return t, nil
	}
	var ids []int64
	err := db.q(ctx).Table(h.table).Where("id = ?", t.ID).Limit(1).Pluck(h.column, &ids).Error
	if err != nil || len(ids) == 0 {
		return model.Thing{}, translate(err, "notice")
	}
	return h.kind.Of(ids[0]), nil
}
