package storage

import (
	"context"
	"slices"

	"microcourt/model"
)

// address names in notices whom they are for and who answers for them, in a few
// reads however many there are.
func (db *DB) address(ctx context.Context, court model.Court, rows []model.Notice) error {
	var parties, cases, people []int64
	for _, n := range rows {
		if n.PartyID != 0 && n.UserID == 0 {
			parties, cases, people = append(parties, n.PartyID), append(cases, n.CaseID), append(people, n.Responsible().UserID)
		}
	}
	if len(parties) == 0 {
		for i := range rows {
			rows[i] = rows[i].Addressed(model.Addressee{Responsible: rows[i].Responsible()})
		}
		return nil
	}
	names, err := db.partyNames(ctx, parties)
	if err != nil {
		return err
	}
	officers, err := db.officersOf(ctx, parties)
	if err != nil {
		return err
	}
	judges, err := db.judgesOf(ctx, cases)
	if err != nil {
		return err
	}
	for i := range parties {
		people = append(people, officers[parties[i]], judges[cases[i]])
	}
	slices.Sort(people)
	staff, err := db.UserNames(ctx, slices.Compact(people))
	if err != nil {
		return err
	}
	for i, n := range rows {
		to := model.Addressee{Responsible: n.Responsible(), CallAt: court.CallAt()}
		if n.UserID == 0 {
			to.Name = names[n.PartyID]
		}
		if to.Responsible.UserID == 0 {
			to.Responsible = model.ResponsibleFor(judges[n.CaseID], officers[n.PartyID])
		}
		to.Responsible.Name = staff[to.Responsible.UserID]
		rows[i] = n.Addressed(to)
	}
	return nil
}

func (db *DB) partyNames(ctx context.Context, ids []int64) (map[int64]string, error) {
	var list []model.Party
	err := db.q(ctx).Select("id", "name").Where("id IN ?", ids).Find(&list).Error
	out := make(map[int64]string, len(list))
	for _, p := range list {
		out[p.ID] = p.Name
	}
	return out, translate(err, "party")
}

// officersOf are who enforces now in the cases of parties, for or against them.
func (db *DB) officersOf(ctx context.Context, parties []int64) (map[int64]int64, error) {
	var list []struct{ PartyID, OfficerID int64 }
	err := db.q(ctx).Model(&model.EnforcementCase{}).Select("enforcement_parties.party_id, enforcement_cases.officer_id").
		Joins("JOIN enforcement_parties ON enforcement_parties.enforcement_case_id = enforcement_cases.id").
		Where("enforcement_parties.party_id IN ? AND enforcement_cases.state = ? AND enforcement_cases.officer_id <> 0 AND enforcement_cases.kind <> ?",
			parties, model.EnforcementOpen, model.EnforcementPreservation).
		Order("enforcement_cases.id").Scan(&list).Error
	out := make(map[int64]int64, len(list))
	for _, l := range list { // the newest case counts
		out[l.PartyID] = l.OfficerID
	}
	return out, translate(err, "enforcement")
}

// judgesOf are the judges of cases.
func (db *DB) judgesOf(ctx context.Context, cases []int64) (map[int64]int64, error) {
	var list []model.Case
	err := db.q(ctx).Select("id", "judge_id").Where("id IN ?", cases).Find(&list).Error
	out := make(map[int64]int64, len(list))
	for _, c := range list {
		out[c.ID] = c.JudgeID
	}
	return out, translate(err, "case")
}

// TellJudgeChanged tells the parties of a case that is not held, in the transaction
// of the hand-over, who sees to it from now on.
func (db *DB) TellJudgeChanged(ctx context.Context, cs model.Case, h model.Handover) error {
	if cs.Held { // nobody has been told of the case yet
		return nil
	}
	parties, err := db.Parties(ctx, cs.ID)
	if err != nil {
		return err
	}
	ids := make([]int64, 0, len(parties))
	for _, p := range parties {
		ids = append(ids, p.ID)
	}
	officers, err := db.officersOf(ctx, ids)
	if err != nil {
		return err
	}
	// Whoever is in an enforcement case has to do with its officer.
	ids = slices.DeleteFunc(ids, func(id int64) bool { return officers[id] != 0 })
	return db.tellChanged(ctx, cs, cs.CaseNo, model.RoleJudge, h, ids)
}

// TellOfficerChanged tells the parties of an enforcement case, and the relatives who
// are connected to its debtors, who handles it from now on.
func (db *DB) TellOfficerChanged(ctx context.Context, cs model.Case, e model.EnforcementFile, h model.Handover) error {
	ids := make([]int64, 0, len(e.Parties))
	for _, p := range e.Parties {
		if !slices.Contains(ids, p.PartyID) {
			ids = append(ids, p.PartyID)
		}
	}
	if err := db.tellChanged(ctx, cs, e.CaseNo, model.RoleOfficer, h, ids); err != nil {
		return err
	}
	var links []model.Relative
	if err := db.q(ctx).Where("enforcement_case_id = ? AND state = ?", e.ID, model.RelativeAdmitted).Order("id").Find(&links).Error; err != nil {
		return translate(err, "relative")
	}
	court, now, err := db.changedTo(ctx, cs.CourtID, h, model.RoleOfficer)
	if err != nil {
		return err
	}
	for _, r := range links {
		if err := db.AddNotice(ctx, model.RelativeOfficerNotice(*court, r, h.ID, now[1])); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) tellChanged(ctx context.Context, cs model.Case, caseNo string, role model.Role, h model.Handover, parties []int64) error {
	court, people, err := db.changedTo(ctx, cs.CourtID, h, role)
	if err != nil || len(parties) == 0 {
		return err
	}
	notices := make([]model.Notice, len(parties))
	for i, p := range parties {
		notices[i] = model.JudgeChangedNotice(*court, cs, p, h.ID, caseNo, people[0], people[1])
	}
	return db.AddNotices(ctx, notices)
}

// changedTo are who had a matter and who has it, in that order.
func (db *DB) changedTo(ctx context.Context, courtID int64, h model.Handover, role model.Role) (*model.Court, [2]model.Responsible, error) {
	court, err := db.recentCourt(ctx, courtID)
	if err != nil {
		return nil, [2]model.Responsible{}, err
	}
	names, err := db.UserNames(ctx, []int64{h.FromJudgeID, h.ToJudgeID})
	return court, [2]model.Responsible{
		{UserID: h.FromJudgeID, Role: role, Name: names[h.FromJudgeID]}, {UserID: h.ToJudgeID, Role: role, Name: names[h.ToJudgeID]},
	}, err
}
