package storage

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"microcourt/model"
)

// insertBatch is how many rows one INSERT carries in imports: well below both
// databases' limits on parameters.
const insertBatch = 200

// LockCaseNo is the case with the number, locked for the rest of the
// transaction; nil when there is none. It is for filing, which decides itself
// whose case it is.
func (db *DB) LockCaseNo(ctx context.Context, caseNo string) (*model.Case, error) {
	var cs model.Case
	res := db.forUpdate(ctx).Where("case_no = ?", caseNo).Limit(1).Find(&cs)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "case")
	}
	return &cs, nil
}

// CasesByNo maps those of the numbers that exist to their cases.
func (db *DB) CasesByNo(ctx context.Context, numbers []string) (map[string]model.Case, error) {
	out := map[string]model.Case{}
	for len(numbers) > 0 {
		n := min(len(numbers), 500)
		var rows []model.Case
		if err := db.q(ctx).Where("case_no IN ?", numbers[:n]).Find(&rows).Error; err != nil {
			return nil, translate(err, "case")
		}
		for _, c := range rows {
			out[c.CaseNo] = c
		}
		numbers = numbers[n:]
	}
	return out, nil
}

// CaseNumbers are the numbers of cases by id.
func (db *DB) CaseNumbers(ctx context.Context, ids []int64) (map[int64]string, error) {
	out := map[int64]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []model.Case
	err := db.q(ctx).Select("id", "case_no").Where("id IN ?", ids).Find(&rows).Error
	for _, r := range rows {
		out[r.ID] = r.CaseNo
	}
	return out, translate(err, "case")
}

// SamePerson is a party of the court with all the parties that are the same person,
// those of the newest cases first.
func (db *DB) SamePerson(ctx context.Context, courtID, partyID int64) (model.Party, []model.Party, error) {
	var p model.Party
	if err := db.q(ctx).Take(&p, "id = ? AND court_id = ?", partyID, courtID).Error; err != nil {
		return p, nil, translate(err, "party")
	}
	if p.IDNumberHash == "" {
		return p, []model.Party{p}, nil
	}
	var all []model.Party
	err := db.q(ctx).Where("court_id = ? AND id_number_hash = ? AND kind = ?", courtID, p.IDNumberHash, p.Kind).Order("case_id DESC, id").Limit(maxPersonCases).Find(&all).Error
	return p, all, translate(err, "party")
}

// CasesOfPerson are the cases of a court in which somebody of the name is a
// party.
func (db *DB) CasesOfPerson(ctx context.Context, courtID int64, name string) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.Party{}).Distinct().Where("court_id = ? AND name_norm = ?", courtID, model.NormalizeName(name)).
		Order("case_id DESC").Limit(200).Pluck("case_id", &out).Error
	return out, translate(err, "party")
}

// Labels reads the names of a court's cases and parties.
func (db *DB) Labels(ctx context.Context, courtID int64, cases, parties []int64) (model.Labels, error) {
	out := model.Labels{Cases: map[int64]string{}, Parties: map[int64]string{}}
	var numbers []model.Case
	if err := db.q(ctx).Select("id", "case_no").Where("id IN ? AND court_id = ?", cases, courtID).Find(&numbers).Error; err != nil {
		return out, translate(err, "case")
	}
	for _, c := range numbers {
		out.Cases[c.ID] = c.CaseNo
	}
	var names []model.Party
	err := db.q(ctx).Select("id", "name").Where("id IN ? AND court_id = ?", parties, courtID).Find(&names).Error
	for _, p := range names {
		out.Parties[p.ID] = p.Name
	}
	return out, translate(err, "party")
}

// Insert adds rows of one type in batches and fills in their ids. It is what
// filing and imports add cases with.
func Insert[T any](ctx context.Context, db *DB, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	var zero T
	what := "case"
	if _, ok := any(zero).(model.Notice); ok {
		what = "notice"
	}
	if err := db.q(ctx).CreateInBatches(rows, insertBatch).Error; err != nil {
		return translate(err, what)
	}
	switch rows := any(rows).(type) {
	case []model.Case:
		for _, cs := range rows {
			db.tally(standingOf(cs), 1)
		}
		return db.addCaseWords(ctx, rows...)
	case []model.Party:
		return db.addPartyWords(ctx, rows...)
	}
	return nil
}

// UpdateCase writes what a newer push may change, but for the judge: see
// SetJudge.
func (db *DB) UpdateCase(ctx context.Context, cs *model.Case, seen int64) error {
	cs.PlanStale = true
	return changed(db.q(ctx).Model(&model.Case{}).Where("id = ? AND version = ?", cs.ID, seen).
		Select("cause", "filed_on", "clerk_id", "group_ref", "family_case", "source_version", "source_digest",
			"plan_stale", "version", "updated_at").Updates(cs), "case")
}

// UpdateParty writes what a newer push may change.
func (db *DB) UpdateParty(ctx context.Context, p *model.Party) error {
	err := db.q(ctx).Model(p).Select("ref", "role", "kind", "name", "name_norm", "id_kind", "id_number", "id_number_hash",
		"phone", "phone_hash", "minor", "updated_at").Updates(p).Error
	if err != nil {
		return translate(err, "party")
	}
	return db.renameParty(ctx, *p)
}

// Parties lists the parties of a case.
func (db *DB) Parties(ctx context.Context, caseID int64) ([]model.Party, error) {
	var out []model.Party
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "party")
}

// RefreshCase derives the case's performance and next due day from its
// instalments and keeps them for lists.
func (db *DB) RefreshCase(ctx context.Context, caseID int64) error {
	all, err := db.Installments(ctx, caseID)
	if err != nil {
		return err
	}
	return db.SetPerformance(ctx, caseID, all)
}

// SetPerformance is RefreshCase for a caller who has the instalments at hand.
func (db *DB) SetPerformance(ctx context.Context, caseID int64, all []model.Installment) error {
	return db.restand(ctx, caseID, func(cs *model.Case) error {
		cs.Performance = model.PerformanceOf(all)
		if cs.Performance == model.PerformancePending { // see model.Debts.Performance
			var paid model.Fen
			if err := db.q(ctx).Model(&model.Allocation{}).Where("case_id = ?", caseID).Select("COALESCE(SUM(amount_fen), 0)").Scan(&paid).Error; err != nil {
				return translate(err, "allocation")
			}
			if paid > 0 {
				cs.Performance = model.PerformancePartial
			}
		}
		if cs.Performance == model.PerformanceFulfilled && model.PaidLate(all) {
			var err error
			if cs.Performance, err = db.performance(ctx, caseID); err != nil {
				return err
			}
		}
		return translate(db.q(ctx).Model(&model.Case{}).Where("id = ?", caseID).Updates(map[string]any{
			"performance": cs.Performance, "next_due_on": model.NextDue(all), "voluntary_due_on": model.VoluntaryDue(all), "plan_stale": true,
		}).Error, "case")
	})
}

// performance is the state of a case of which something was paid late: interest may be
// owed still.
func (db *DB) performance(ctx context.Context, caseID int64) (model.Performance, error) {
	var cs model.Case
	if err := db.q(ctx).Take(&cs, "id = ?", caseID).Error; err != nil {
		return "", translate(err, "case")
	}
	d, err := db.Debts(ctx, cs)
	if err != nil {
		return "", err
	}
	paid, err := db.Payments(ctx, caseID)
	if err != nil {
		return "", err
	}
	court, err := db.recentCourt(ctx, cs.CourtID)
	if err != nil {
		return "", err
	}
	return d.Performance(d.Installments, paid, court.Settings, model.DateOf(db.Now())), nil
}

// Cases lists the cases visible to the actor, newest first.
func (db *DB) Cases(ctx context.Context, by model.Actor, f model.CaseFilter) ([]model.Case, error) {
	q, err := db.cases(ctx, by, f)
	if err != nil {
		return nil, err
	}
	var out []model.Case
	if f.ByDue {
		if !f.AfterDue.IsZero() {
			q = q.Where("(cases.next_due_on > ? OR cases.next_due_on = ? AND cases.id > ?)", f.AfterDue, f.AfterDue, f.After)
		}
		err = q.Where("cases.next_due_on IS NOT NULL").Order("cases.next_due_on, cases.id").Limit(f.Limit).Find(&out).Error
		return out, translate(err, "case")
	}
	if f.Before > 0 {
		q = q.Where("cases.id < ?", f.Before)
	}
	err = q.Order("cases.id DESC").Limit(f.Limit).Find(&out).Error
	return out, translate(err, "case")
}

// CountCases counts the cases of a list, up to CountCeiling.
func (db *DB) CountCases(ctx context.Context, by model.Actor, f model.CaseFilter) (int64, error) {
	q, err := db.cases(ctx, by, f)
	if err != nil {
		return 0, err
	}
	if f.ByDue {
		q = q.Where("cases.next_due_on IS NOT NULL")
	}
	n, err := db.upTo(ctx, q.Model(&model.Case{}))
	return n, translate(err, "case")
}

func (db *DB) cases(ctx context.Context, by model.Actor, f model.CaseFilter) (*gorm.DB, error) {
	q := db.visible(ctx, by)
	if f.Performance != "" {
		q = q.Where("performance = ?", f.Performance)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.GroupRef != "" {
		q = q.Where("group_ref = ?", f.GroupRef)
	}
	if f.JudgeID != 0 {
		q = q.Where("judge_id = ?", f.JudgeID)
	}
	if f.Enforced {
		q = q.Where("enforcement_filed_on IS NOT NULL")
	}
	if !f.OverdueOn.IsZero() {
		q = q.Where("performance IN ? AND voluntary_due_on < ?",
			[]model.Performance{model.PerformancePending, model.PerformancePartial}, f.OverdueOn)
	}
	return db.found(ctx, q, "cases.id", by.CourtID, model.ReadSearch(f.Text))
}

// GroupLines lists what the debtors of a group of cases owe, one line for each
// obligation: the cases share one plan. Only cases that the actor may see.
func (db *DB) GroupLines(ctx context.Context, by model.Actor, group string, limit int) ([]model.GroupLine, error) {
	var out []model.GroupLine
	err := db.visible(ctx, by).Table("cases").Where("cases.group_ref = ?", group).
		Joins("JOIN obligations o ON o.case_id = cases.id").Joins("JOIN installments i ON i.obligation_id = o.id AND i.dropped_on IS NULL AND i.lapsed_on IS NULL").
		Joins("LEFT JOIN parties p ON p.id = o.obligee_id").
		Select(`cases.id AS case_id, cases.case_no, o.id AS obligation_id, o.to_court, o.category, COALESCE(p.name, '') AS obligee, o.description,
			SUM(i.amount_fen) AS amount_fen, SUM(i.confirmed_fen) AS confirmed_fen, SUM(i.forgiven_fen) AS forgiven_fen,
			MIN(CASE WHEN i.performed_on IS NULL THEN CASE WHEN i.plan_id <> 0 THEN COALESCE(i.plan_due_on, i.due_on) ELSE i.due_on END END) AS next_due_on`).
		Group("cases.id, cases.case_no, o.id, o.to_court, o.category, p.name, o.description").Order("cases.id, o.id").Limit(limit).Scan(&out).Error
	if err != nil {
		return nil, translate(err, "case")
	}
	return out, db.jointObligees(ctx, out)
}

// jointObligees names in the lines of a group also those who are owed together with
// the first creditor.
func (db *DB) jointObligees(ctx context.Context, lines []model.GroupLine) error {
	ids := make([]int64, len(lines))
	for i, l := range lines {
		ids[i] = l.ObligationID
	}
	var joint []model.Obligation
	err := db.q(ctx).Select("id", "case_id", "joint_ids").Where("id IN ? AND joint_ids LIKE ?", ids, "[%_]").Find(&joint).Error
	if err != nil || len(joint) == 0 {
		return translate(err, "obligation")
	}
	var parties []int64
	for _, ob := range joint {
		parties = append(parties, ob.JointIDs...)
	}
	var named []model.Party
	if err := db.q(ctx).Select("id", "name").Where("id IN ?", parties).Find(&named).Error; err != nil {
		return translate(err, "party")
	}
	for _, ob := range joint {
		at := slices.IndexFunc(lines, func(l model.GroupLine) bool { return l.ObligationID == ob.ID })
		for _, id := range ob.JointIDs {
			if i := slices.IndexFunc(named, func(p model.Party) bool { return p.ID == id }); i >= 0 {
				lines[at].Obligee += "、" + named[i].Name
			}
		}
	}
	return nil
}

// SetJudge moves the duty: the case, all its receipts, its open tasks and what
// is written to its judge follow.
func (db *DB) SetJudge(ctx context.Context, caseID, seen, judgeID int64) error {
	err := db.restand(ctx, caseID, func(cs *model.Case) error {
		cs.JudgeID = judgeID
		return changed(db.q(ctx).Model(&model.Case{}).Where("id = ? AND version = ?", caseID, seen).
			Updates(map[string]any{"judge_id": judgeID, "version": gorm.Expr("version + 1"), "updated_at": db.Now()}), "case")
	})
	if err != nil {
		return err
	}
	if err := db.q(ctx).Model(&model.Receipt{}).Where("case_id = ?", caseID).Update("judge_id", judgeID).Error; err != nil {
		return translate(err, "receipt")
	}
	if err := db.setConversationOwners(ctx, caseID); err != nil {
		return err
	}
	// Tasks of the case itself are the judge's; those of its enforcement the officer's.
	err = db.q(ctx).Model(&model.Task{}).Where("case_id = ? AND enforcement_case_id = 0 AND state = ?", caseID, model.TaskOpen).
		Updates(map[string]any{"owner_id": judgeID, "version": gorm.Expr("version + 1")}).Error
	if err != nil {
		return translate(err, "task")
	}
	return db.setObjectionOwners(ctx, caseID)
}

// CreateHandover records a hand-over.
func (db *DB) CreateHandover(ctx context.Context, h *model.Handover) error {
	return translate(db.q(ctx).Create(h).Error, "handover")
}

// CreateContact logs a contact; a repeat under the same key is the first one.
func (db *DB) CreateContact(ctx context.Context, c *model.Contact) (created bool, err error) {
	created, err = createOnce(db.q(ctx), c)
	if err == nil && !created {
		err = db.q(ctx).Take(c, "by_user_id = ? AND idem_key = ?", c.ByUserID, c.IdemKey).Error
	}
	return created, translate(err, "contact")
}

// ContactByKey is what the user logged under the key; nil when nothing.
func (db *DB) ContactByKey(ctx context.Context, userID int64, key string) (*model.Contact, error) {
	var list []model.Contact
	err := db.q(ctx).Where("by_user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "contact")
	}
	return &list[0], nil
}

// Contacts lists a case's contact log, newest first.
func (db *DB) Contacts(ctx context.Context, caseID int64) ([]model.Contact, error) {
	var out []model.Contact
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id DESC").Limit(500).Find(&out).Error
	return out, translate(err, "contact")
}

// PersonContacts are what officers, judges and clerks noted about the parties, the
// newest first.
func (db *DB) PersonContacts(ctx context.Context, parties []int64) ([]model.Contact, error) {
	var out []model.Contact
	err := db.q(ctx).Where("party_id IN ?", parties).Order("id DESC").Limit(maxPersonCases).Find(&out).Error
	return out, translate(err, "contact")
}

// CreatePromise logs a promise; a repeat under the same key is the first one.
func (db *DB) CreatePromise(ctx context.Context, p *model.Promise) (created bool, err error) {
	created, err = createOnce(db.q(ctx), p)
	if err == nil && !created {
		err = db.q(ctx).Take(p, "user_id = ? AND idem_key = ?", p.UserID, p.IdemKey).Error
	}
	return created, translate(err, "promise")
}

// Promises lists the promises made in a case, newest first.
func (db *DB) Promises(ctx context.Context, caseID int64) ([]model.Promise, error) {
	var out []model.Promise
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id DESC").Limit(500).Find(&out).Error
	return out, translate(err, "promise")
}

// NoticeNumber is the document number of the notice of a kind that a party
// got, "" when it got none.
func (db *DB) NoticeNumber(ctx context.Context, partyID int64, kind model.NoticeKind) (string, error) {
	var numbers []string
	err := db.q(ctx).Model(&model.Notice{}).Where("party_id = ? AND kind = ?", partyID, kind).Limit(1).Pluck("number", &numbers).Error
	if err != nil || len(numbers) == 0 {
		return "", translate(err, "notice")
	}
	return numbers[0], nil
}

// likePrefix makes a LIKE pattern for a prefix typed by a user; where nothing is
// left of it, nothing matches.
func likePrefix(s string) string {
	out := make([]rune, 0, len(s)+1)
	for _, r := range s {
		if r == '%' || r == '_' || r == '\\' {
			continue // neither stands in a case number or a name
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		return ""
	}
	return string(append(out, '%'))
}

// CaseContact is an entry of a case's contact log.
func (db *DB) CaseContact(ctx context.Context, caseID, id int64) (*model.Contact, error) {
	var c model.Contact
	err := db.q(ctx).Take(&c, "id = ? AND case_id = ?", id, caseID).Error
	return &c, translate(err, "contact")
}

// CaseByID is the case with the id, for who was let in by something that
// belongs to it.
func (db *DB) CaseByID(ctx context.Context, id int64) (*model.Case, error) {
	var cs model.Case
	err := db.q(ctx).Take(&cs, "id = ?", id).Error
	return &cs, translate(err, "case")
}

// LockCaseByID locks a case for the system's own work.
func (db *DB) LockCaseByID(ctx context.Context, id int64) (*model.Case, error) {
	var cs model.Case
	err := db.forUpdate(ctx).Take(&cs, "id = ?", id).Error
	return &cs, translate(err, "case")
}

// Case is the case with the id, if the actor may see it; otherwise NotFound.
func (db *DB) Case(ctx context.Context, by model.Actor, id int64) (*model.Case, error) {
	var cs model.Case
	err := db.visible(ctx, by).Take(&cs, "cases.id = ?", id).Error
	return &cs, translate(err, "case")
}

// LockCase is Case for a transaction that is about to change the case or
// anything that belongs to it: changes to one case happen one after another.
func (db *DB) LockCase(ctx context.Context, by model.Actor, id int64) (*model.Case, error) {
	if _, err := db.Case(ctx, by, id); err != nil {
		return nil, err
	}
	var cs model.Case
	err := db.forUpdate(ctx).Take(&cs, "id = ?", id).Error
	return &cs, translate(err, "case")
}

// LockOwnCase is LockCase for the judge to whom the supervision belongs; for
// everyone else the case is not found.
func (db *DB) LockOwnCase(ctx context.Context, by model.Actor, id int64) (*model.Case, error) {
	var cs model.Case
	err := db.forUpdate(ctx).Take(&cs, "id = ? AND court_id = ? AND judge_id = ?", id, by.CourtID, by.UserID).Error
	return &cs, translate(err, "case")
}

// LockOwnCaseOf is the case of a receipt, locked for whoever decides it: the
// judge of the case, or the officer who enforces against the receipt's debtor.
func (db *DB) LockOwnCaseOf(ctx context.Context, by model.Actor, receiptID int64) (*model.Case, error) {
	var cs model.Case
	err := db.forUpdate(ctx).Take(&cs, `id = (SELECT case_id FROM receipts WHERE id = ? AND (judge_id = ? OR officer_id = ?))
		AND court_id = ?`, receiptID, by.UserID, by.UserID, by.CourtID).Error
	return &cs, translate(err, "case")
}

// PartiesOf lists the parties of a case for whom the user acts.
func (db *DB) PartiesOf(ctx context.Context, caseID, userID int64) ([]model.Party, error) {
	var out []model.Party
	err := db.q(ctx).Where("case_id = ? AND id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL)",
		caseID, userID).Order("id").Find(&out).Error
	return out, translate(err, "party")
}

// Party is a party of a case.
func (db *DB) Party(ctx context.Context, caseID, partyID int64) (*model.Party, error) {
	var p model.Party
	err := db.q(ctx).Take(&p, "id = ? AND case_id = ?", partyID, caseID).Error
	return &p, translate(err, "party")
}

// PartiesMatching lists the natural persons of cases whose name, ID number and
// phone are exactly these; caseNo narrows it to one case when not empty.
func (db *DB) PartiesMatching(ctx context.Context, nameNorm, idHash, phoneHash, caseNo string) ([]model.Party, error) {
	if nameNorm == "" || idHash == "" || phoneHash == "" {
		return nil, nil
	}
	q := db.q(ctx).Where("id_number_hash = ? AND phone_hash = ? AND name_norm = ? AND kind = ?",
		idHash, phoneHash, nameNorm, model.Person).Where("gone_by = 0")
	if caseNo != "" {
		q = q.Where("case_id IN (SELECT id FROM cases WHERE case_no = ?)", caseNo)
	}
	var out []model.Party
	err := q.Order("id").Limit(200).Find(&out).Error
	return out, translate(err, "party")
}

// GroupCases lists the cases of a court's group that the actor may see, by id: in this
// order they are locked. Another court may call a group of its own the same.
func (db *DB) GroupCases(ctx context.Context, by model.Actor, courtID int64, ref string) ([]model.Case, error) {
	var out []model.Case
	err := db.visible(ctx, by).Where("cases.court_id = ? AND cases.group_ref = ?", courtID, ref).Order("cases.id").Limit(maxGroup).Find(&out).Error
	return out, translate(err, "case")
}

// maxGroup bounds how many cases one payment is shared among.
const maxGroup = 500

// CasesOf are the cases with the ids, whoever may see them: the actor sees their
// receipts in his list.
func (db *DB) CasesOf(ctx context.Context, ids []int64) ([]model.Case, error) {
	var out []model.Case
	err := db.q(ctx).Where("id IN ?", ids).Order("id").Find(&out).Error
	return out, translate(err, "case")
}
