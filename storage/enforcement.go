package storage

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"microcourt/model"
)

// EnforcementCase is the enforcement case with the id if its case is visible to
// the actor.
func (db *DB) EnforcementCase(ctx context.Context, by model.Actor, id int64) (*model.EnforcementFile, error) {
	var e model.EnforcementCase
	if err := db.q(ctx).Take(&e, "id = ?", id).Error; err != nil {
		return nil, translate(err, "enforcement")
	}
	if _, err := db.Case(ctx, by, e.CaseID); err != nil {
		if model.KindOf(err) == model.NotFound {
			return nil, translate(gorm.ErrRecordNotFound, "enforcement")
		}
		return nil, err
	}
	return db.enforcementFile(ctx, e)
}

// EnforcementByID is the enforcement case with the id, without asking who wants
// it.
func (db *DB) EnforcementByID(ctx context.Context, id int64) (*model.EnforcementCase, error) {
	var e model.EnforcementCase
	err := db.q(ctx).Take(&e, "id = ?", id).Error
	return &e, translate(err, "enforcement")
}

// EnforcementFileByID is the enforcement case with the id, without asking who
// wants it: the caller has found something of his that hangs on it.
func (db *DB) EnforcementFileByID(ctx context.Context, id int64) (*model.EnforcementFile, error) {
	var e model.EnforcementCase
	if err := db.q(ctx).Take(&e, "id = ?", id).Error; err != nil {
		return nil, translate(err, "enforcement")
	}
	return db.enforcementFile(ctx, e)
}

func (db *DB) enforcementFile(ctx context.Context, e model.EnforcementCase) (*model.EnforcementFile, error) {
	list, err := db.withParts(ctx, []model.EnforcementCase{e})
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// withParts loads the parties and obligations of enforcement cases.
func (db *DB) withParts(ctx context.Context, list []model.EnforcementCase) ([]model.EnforcementFile, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(list))
	out := make([]model.EnforcementFile, len(list))
	at := map[int64]int{}
	for i, e := range list {
		ids[i], at[e.ID] = e.ID, i
		out[i].EnforcementCase = e
	}
	var parties []model.EnforcementParty
	if err := db.q(ctx).Where("enforcement_case_id IN ? AND ended_by = 0", ids).Order("enforcement_case_id, party_id").Find(&parties).Error; err != nil {
		return nil, translate(err, "enforcement")
	}
	for _, p := range parties {
		f := &out[at[p.EnforcementCaseID]]
		f.Parties = append(f.Parties, p)
	}
	var obligations []model.EnforcedObligation
	if err := db.q(ctx).Where("enforcement_case_id IN ?", ids).Order("enforcement_case_id, obligation_id").Find(&obligations).Error; err != nil {
		return nil, translate(err, "enforcement")
	}
	for _, o := range obligations {
		f := &out[at[o.EnforcementCaseID]]
		f.Obligations = append(f.Obligations, o)
	}
	return out, nil
}

// EnforcementsOf lists the enforcement cases of a case, the oldest first.
func (db *DB) EnforcementsOf(ctx context.Context, caseID int64) ([]model.EnforcementFile, error) {
	var list []model.EnforcementCase
	if err := db.q(ctx).Where("case_id = ?", caseID).Order("filed_on, id").Find(&list).Error; err != nil {
		return nil, translate(err, "enforcement")
	}
	return db.withParts(ctx, list)
}

// EnforcedSum is what is owed today in an enforcement case of debts that were read.
func (db *DB) EnforcedSum(ctx context.Context, d *model.Debts, e model.EnforcementFile) (sum model.EnforcedSum, err error) {
	court, err := db.Court(ctx, e.CourtID)
	if err != nil {
		return sum, err
	}
	paid, err := db.Payments(ctx, e.CaseID)
	if err != nil {
		return sum, err
	}
	return d.EnforcedSum(e, paid, court.Settings, model.DateOf(db.Now())), nil
}

// LockEnforcement is EnforcementCase for a transaction that is about to change
// it: its case is locked, as for every change to a case.
func (db *DB) LockEnforcement(ctx context.Context, by model.Actor, id int64) (*model.EnforcementFile, *model.Case, error) {
	seen, err := db.EnforcementCase(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	cs, err := db.LockCaseByID(ctx, seen.CaseID)
	if err != nil {
		return nil, nil, err
	}
	e, err := db.EnforcementCase(ctx, by, id) // as it is under the lock
	return e, cs, err
}

// LockOwnEnforcement is LockEnforcement for the officer whose case it is; for
// everyone else it is not found.
func (db *DB) LockOwnEnforcement(ctx context.Context, by model.Actor, id int64) (*model.EnforcementFile, *model.Case, error) {
	e, cs, err := db.LockEnforcement(ctx, by, id)
	if err == nil && (e.OfficerID != by.UserID || e.CourtID != by.CourtID || by.UserID == 0) {
		return nil, nil, translate(gorm.ErrRecordNotFound, "enforcement")
	}
	return e, cs, err
}

// LockEnforcementNo is the enforcement case with the number, nil when there is
// none. It is for filing, which decides itself whose case it is.
func (db *DB) LockEnforcementNo(ctx context.Context, caseNo string) (*model.EnforcementFile, error) {
	var list []model.EnforcementCase
	if err := db.forUpdate(ctx).Where("case_no = ?", caseNo).Limit(1).Find(&list).Error; err != nil || len(list) == 0 {
		return nil, translate(err, "enforcement")
	}
	return db.enforcementFile(ctx, list[0])
}

// EnforcementsByNo maps those of the numbers that exist to their cases.
func (db *DB) EnforcementsByNo(ctx context.Context, numbers []string) (map[string]model.EnforcementCase, error) {
	out := map[string]model.EnforcementCase{}
	for some := range slices.Chunk(numbers, 500) {
		var rows []model.EnforcementCase
		if err := db.q(ctx).Where("case_no IN ?", some).Find(&rows).Error; err != nil {
			return nil, translate(err, "enforcement")
		}
		for _, e := range rows {
			out[e.CaseNo] = e
		}
	}
	return out, nil
}

// CreateEnforcement adds an enforcement case with its parts, which need not
// know its id yet.
func (db *DB) CreateEnforcement(ctx context.Context, f *model.EnforcementFile) error {
	if err := db.q(ctx).Create(&f.EnforcementCase).Error; err != nil {
		return translate(err, "enforcement")
	}
	if w := model.RunningWord(f.CaseNo); w != "" {
		if err := db.addWords(ctx, []model.SearchWord{{CourtID: f.CourtID, Word: w, CaseID: f.CaseID}}); err != nil {
			return err
		}
	}
	return db.AddEnforcementParts(ctx, f, f.Parties, f.Obligations)
}

// AddEnforcementParts adds parties and obligations to an enforcement case.
func (db *DB) AddEnforcementParts(ctx context.Context, f *model.EnforcementFile, parties []model.EnforcementParty, obligations []model.EnforcedObligation) error {
	for i := range parties {
		parties[i].EnforcementCaseID, parties[i].CaseID = f.ID, f.CaseID
	}
	for i := range obligations {
		obligations[i].EnforcementCaseID, obligations[i].CaseID = f.ID, f.CaseID
	}
	if err := Insert(ctx, db, parties); err != nil {
		return err
	}
	return Insert(ctx, db, obligations)
}

// WidenEnforced takes later instalments of an obligation into an enforcement case.
func (db *DB) WidenEnforced(ctx context.Context, o model.EnforcedObligation) error {
	return changed(db.q(ctx).Model(&model.EnforcedObligation{}).Where("enforcement_case_id = ? AND obligation_id = ?", o.EnforcementCaseID, o.ObligationID).
		Update("due_by", o.DueBy), "enforcement")
}

// UpdateEnforcement writes what may change of an enforcement case that was at
// version seen.
func (db *DB) UpdateEnforcement(ctx context.Context, e *model.EnforcementCase, seen int64) error {
	e.Version = seen + 1
	return changed(db.q(ctx).Model(&model.EnforcementCase{}).Where("id = ? AND version = ?", e.ID, seen).
		Select("officer_id", "filed_on", "first", "amount_fen", "perform_by", "performed_on", "state", "closed_on", "close_type", "close_reason", "filed_by_mistake", "source_version",
			"source_digest", "version", "updated_at").Updates(e), "enforcement")
}

// SetEnforced derives from a case's enforcement cases since when each of its
// obligations is enforced and who enforces them, and keeps it where lists and
// queues look.
func (db *DB) SetEnforced(ctx context.Context, caseID int64) error {
	all, err := db.EnforcementsOf(ctx, caseID)
	if err != nil {
		return err
	}
	from := map[int64]model.Date{}
	officers := map[int64]int64{} // by debtor
	var first model.Date
	for _, e := range all {
		if !e.Coercive() {
			for _, o := range e.Obligations { // what a case filed by mistake named is free again
				if _, known := from[o.ObligationID]; !known {
					from[o.ObligationID] = model.Date{}
				}
			}
			continue
		}
		for _, o := range e.Obligations {
			if on := from[o.ObligationID]; on.IsZero() || e.FiledOn.Before(on) {
				from[o.ObligationID] = e.FiledOn
			}
		}
		if first.IsZero() || e.FiledOn.Before(first) {
			first = e.FiledOn
		}
		for _, p := range e.Parties {
			if p.Role == model.EnforcementDebtor && e.State == model.EnforcementOpen && e.OfficerID != 0 {
				officers[p.PartyID] = e.OfficerID
			}
		}
	}
	byDay := map[model.Date][]int64{}
	for id, on := range from {
		byDay[on] = append(byDay[on], id)
	}
	for on, ids := range byDay {
		if err := db.q(ctx).Model(&model.Obligation{}).Where("id IN ?", ids).Update("enforced_on", on).Error; err != nil {
			return translate(err, "obligation")
		}
	}
	parts, err := db.setEnforcedParts(ctx, caseID, all)
	if err != nil {
		return err
	}
	err = db.restand(ctx, caseID, func(cs *model.Case) error {
		cs.EnforcementFiledOn = first
		return translate(db.q(ctx).Model(&model.Case{}).Where("id = ?", caseID).Updates(map[string]any{
			"enforcement_filed_on": first, "voluntary_due_on": model.VoluntaryDue(parts), "plan_stale": true,
		}).Error, "case")
	})
	if err != nil {
		return err
	}
	if err := db.q(ctx).Model(&model.Receipt{}).Where("case_id = ? AND officer_id <> 0", caseID).Update("officer_id", 0).Error; err != nil {
		return translate(err, "receipt")
	}
	for party, officer := range officers {
		err := db.q(ctx).Model(&model.Receipt{}).Where("case_id = ? AND party_id = ?", caseID, party).Update("officer_id", officer).Error
		if err != nil {
			return translate(err, "receipt")
		}
	}
	if err := db.setObjectionOwners(ctx, caseID); err != nil {
		return err
	}
	return db.setConversationOwners(ctx, caseID)
}

// setEnforcedParts keeps since when each instalment of a case is enforced, and
// returns them.
func (db *DB) setEnforcedParts(ctx context.Context, caseID int64, all []model.EnforcementFile) ([]model.Installment, error) {
	parts, err := db.Installments(ctx, caseID)
	if err != nil {
		return nil, err
	}
	byDay := map[model.Date][]int64{}
	for n, i := range parts {
		var on model.Date
		for _, e := range all {
			if e.Coercive() && e.EnforcesPart(i) && (on.IsZero() || e.FiledOn.Before(on)) {
				on = e.FiledOn
			}
		}
		if on != i.EnforcedOn {
			byDay[on] = append(byDay[on], i.ID)
			parts[n].EnforcedOn = on
		}
	}
	for on, ids := range byDay {
		if err := db.q(ctx).Model(&model.Installment{}).Where("id IN ?", ids).Update("enforced_on", on).Error; err != nil {
			return nil, translate(err, "installment")
		}
	}
	return parts, nil
}

// TakeBackAcceleration takes back what an enforcement case made due that should
// never have been filed; the days move back with the next plan of its case.
func (db *DB) TakeBackAcceleration(ctx context.Context, e *model.EnforcementFile) error {
	var ids []int64
	for _, o := range e.Obligations {
		ids = append(ids, o.ObligationID)
	}
	if model.FateOf(model.EndsAcceleration, e.Ending()) != model.FateRestored || len(ids) == 0 {
		return nil
	}
	return translate(db.q(ctx).Model(&model.Obligation{}).Where("id IN ? AND accelerated_on = ?", ids, e.FiledOn).
		Updates(map[string]any{"accelerated_on": nil, "updated_at": db.Now()}).Error, "obligation")
}

// OfficerOf is who enforces against a party now, 0 when nobody does.
func (db *DB) OfficerOf(ctx context.Context, partyID int64) (int64, error) {
	var ids []int64
	err := db.q(ctx).Model(&model.EnforcementCase{}).
		Where("state = ? AND officer_id <> 0 AND kind <> ?", model.EnforcementOpen, model.EnforcementPreservation).
		Where("id IN (SELECT enforcement_case_id FROM enforcement_parties WHERE party_id = ? AND role = ?)", partyID, model.EnforcementDebtor).
		Order("id DESC").Limit(1).Pluck("officer_id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, translate(err, "enforcement")
	}
	return ids[0], nil
}

// EnforcedIn is the case in which the officer of OfficerOf enforces, 0 for none.
func (db *DB) EnforcedIn(ctx context.Context, partyID int64) (int64, error) {
	var ids []int64
	err := db.q(ctx).Model(&model.EnforcementCase{}).
		Where("state = ? AND officer_id <> 0 AND kind <> ?", model.EnforcementOpen, model.EnforcementPreservation).
		Where("id IN (SELECT enforcement_case_id FROM enforcement_parties WHERE party_id = ? AND role = ?)", partyID, model.EnforcementDebtor).
		Order("id DESC").Limit(1).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, translate(err, "enforcement")
	}
	return ids[0], nil
}

// Enforcements lists a court's enforcement cases, the newest first, with their
// debtors and the next clock, in three queries however many there are.
func (db *DB) Enforcements(ctx context.Context, courtID int64, f model.EnforcementFilter) ([]model.EnforcementLine, error) {
	q, err := db.enforcements(ctx, courtID, f)
	if err != nil {
		return nil, err
	}
	if f.Before > 0 {
		q = q.Where("enforcement_cases.id < ?", f.Before)
	}
	var out []model.EnforcementLine
	err = q.Select("enforcement_cases.*, cases.case_no AS basis_no, COALESCE(users.name, '') AS officer").
		Joins("LEFT JOIN users ON users.id = enforcement_cases.officer_id").Order("enforcement_cases.id DESC").Limit(f.Limit).Scan(&out).Error
	if err != nil || len(out) == 0 {
		return nil, translate(err, "enforcement")
	}
	return out, db.completeLines(ctx, out)
}

// CountEnforcements counts the enforcement cases of a list, up to CountCeiling.
func (db *DB) CountEnforcements(ctx context.Context, courtID int64, f model.EnforcementFilter) (int64, error) {
	q, err := db.enforcements(ctx, courtID, f)
	if err != nil {
		return 0, err
	}
	n, err := db.upTo(ctx, q)
	return n, translate(err, "enforcement")
}

func (db *DB) enforcements(ctx context.Context, courtID int64, f model.EnforcementFilter) (*gorm.DB, error) {
	q := db.q(ctx).Model(&model.EnforcementCase{}).Joins("JOIN cases ON cases.id = enforcement_cases.case_id").Where("enforcement_cases.court_id = ?", courtID)
	if f.OfficerID != 0 {
		q = q.Where("enforcement_cases.officer_id = ?", f.OfficerID)
	}
	if f.JudgeID != 0 {
		q = q.Where("cases.judge_id = ?", f.JudgeID)
	}
	if f.PartyIDs != nil {
		q = q.Where("enforcement_cases.id IN (SELECT enforcement_case_id FROM enforcement_parties WHERE party_id IN ?)", f.PartyIDs)
	}
	if f.Open {
		q = q.Where("enforcement_cases.state = ?", model.EnforcementOpen)
	}
	if f.Kind != "" {
		q = q.Where("enforcement_cases.kind = ?", f.Kind)
	}
	return db.foundEnforcement(ctx, q, courtID, model.ReadSearch(f.Text))
}

// foundEnforcement narrows a list of enforcement cases to what somebody searched
// for: by its own number, or as a case is found.
func (db *DB) foundEnforcement(ctx context.Context, q *gorm.DB, courtID int64, s model.Search) (*gorm.DB, error) {
	if s.CaseNo != "" {
		like := likePrefix(s.CaseNo)
		return q.Where("(enforcement_cases.case_no LIKE ? OR cases.case_no LIKE ?)", like, like), nil
	}
	return db.found(ctx, q, "enforcement_cases.case_id", courtID, s)
}

// completeLines adds names and clocks to lines.
func (db *DB) completeLines(ctx context.Context, out []model.EnforcementLine) error {
	ids := make([]int64, len(out))
	at := map[int64]int{}
	for i, l := range out {
		ids[i], at[l.ID] = l.ID, i
	}
	var names []struct {
		EnforcementCaseID int64
		Name              string
	}
	err := db.q(ctx).Table("enforcement_parties AS ep").Select("ep.enforcement_case_id, p.name").Joins("JOIN parties p ON p.id = ep.party_id").
		Where("ep.enforcement_case_id IN ? AND ep.role = ?", ids, model.EnforcementDebtor).Order("ep.enforcement_case_id, p.id").Scan(&names).Error
	if err != nil {
		return translate(err, "enforcement")
	}
	for _, n := range names {
		l := &out[at[n.EnforcementCaseID]]
		l.Debtors = strings.TrimPrefix(l.Debtors+"、"+n.Name, "、")
	}
	var open []model.Task
	err = db.q(ctx).Select("enforcement_case_id", "due_at", "state").Where("enforcement_case_id IN ? AND state = ?", ids, model.TaskOpen).
		Order("due_at").Find(&open).Error
	for _, t := range open {
		l := &out[at[t.EnforcementCaseID]]
		if l.NextDue.IsZero() {
			l.NextDue = t.DueAt
		}
		if t.Late(db.Now()) {
			l.Late++
		}
	}
	return translate(err, "task")
}

// EnforcementsLeftStanding lists the closed enforcement cases after an id on which
// something still hangs that an ending may end: measures, whatever waits for a
// decision or an answer, clocks of the case. What follows a measure, like the public
// list and the agencies' duties, stands with it.
func (db *DB) EnforcementsLeftStanding(ctx context.Context, after int64, n int) ([]int64, error) {
	var out []int64
	of := func(m any, where string, args ...any) *gorm.DB {
		return db.q(ctx).Model(m).Select("enforcement_case_id").Where("enforcement_case_id > ?", after).Where(where, args...)
	}
	left := db.q(ctx).Raw("? UNION ? UNION ? UNION ? UNION ? UNION ?",
		of(&model.Measure{}, "state IN ?", []model.MeasureState{model.MeasureProposed, model.MeasureDecided, model.MeasureInForce}),
		of(&model.Prolongation{}, "state = ?", model.ProlongOpen),
		of(&model.ReleaseReview{}, "state = ?", model.ReleaseOpen),
		of(&model.AssetQuery{}, "state IN ?", []model.QueryState{model.QueryRequested, model.QueryApproved, model.QuerySent}),
		of(&model.Assistance{}, "state IN ?", []model.AssistanceState{model.AssistanceAsked, model.AssistanceAccepted}),
		of(&model.Task{}, "state = ? AND kind IN ?", model.TaskOpen, model.EndingTasks()))
	err := db.q(ctx).Model(&model.EnforcementCase{}).Joins("JOIN (?) AS hanging ON hanging.enforcement_case_id = enforcement_cases.id", left).
		Where("enforcement_cases.state = ?", model.EnforcementClosed).Order("enforcement_cases.id").Limit(n).Pluck("enforcement_cases.id", &out).Error
	return out, translate(err, "enforcement")
}

// OpenEnforcementIDs lists the open enforcement cases of an officer.
func (db *DB) OpenEnforcementIDs(ctx context.Context, courtID, officerID int64) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.EnforcementCase{}).Where("court_id = ? AND officer_id = ? AND state = ?", courtID, officerID, model.EnforcementOpen).
		Order("id").Pluck("id", &out).Error
	return out, translate(err, "enforcement")
}
