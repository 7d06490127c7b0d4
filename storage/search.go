package storage

import (
	"context"
	"strconv"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"microcourt/model"
)

// addCaseWords keeps the words under which cases are found by their running
// numbers.
func (db *DB) addCaseWords(ctx context.Context, cases ...model.Case) error {
	var words []model.SearchWord
	for _, cs := range cases {
		if w := model.RunningWord(cs.CaseNo); w != "" {
			words = append(words, model.SearchWord{CourtID: cs.CourtID, Word: w, CaseID: cs.ID})
		}
	}
	return db.addWords(ctx, words)
}

// addPartyWords keeps the words under which cases are found by the names of their
// parties. Writing a party takes some 2.6 times as long with them, which
// BenchmarkWordsOfNames measures beside what they save.
func (db *DB) addPartyWords(ctx context.Context, parties ...model.Party) error {
	var words []model.SearchWord
	for _, p := range parties {
		for _, w := range model.SearchWords(p.Name) {
			words = append(words, model.SearchWord{CourtID: p.CourtID, Word: w, CaseID: p.CaseID, PartyID: p.ID})
		}
	}
	return db.addWords(ctx, words)
}

func (db *DB) addWords(ctx context.Context, words []model.SearchWord) error {
	if len(words) == 0 {
		return nil
	}
	return translate(db.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(words, insertBatch).Error, "case")
}

// renameParty keeps the words of a party whose name may have changed.
func (db *DB) renameParty(ctx context.Context, p model.Party) error {
	words := model.SearchWords(p.Name)
	if len(words) == 0 {
		words = []string{""}
	}
	q := db.q(ctx).Where("court_id = ? AND case_id = ? AND party_id = ? AND word NOT IN ?", p.CourtID, p.CaseID, p.ID, words)
	if err := q.Delete(&model.SearchWord{}).Error; err != nil {
		return translate(err, "party")
	}
	return db.addPartyWords(ctx, p)
}

// likeInOrder is a LIKE pattern for pieces that stand in a text in their order.
func likeInOrder(parts []string) string {
	var out []string
	for _, p := range parts {
		if p = strings.Map(func(r rune) rune {
			if r == '%' || r == '_' || r == '\\' {
				return -1 // neither stands in a name
			}
			return r
		}, p); p != "" {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "%" + strings.Join(out, "%") + "%"
}

// found narrows a query to the cases of a court that are what somebody searched
// for; caseID is the column that holds them. Each way runs along an index: a part
// of a name is found by two neighbouring signs of it that are rarest there. What is
// common is looked up case by case instead, in the order of the list, which fills
// its page soon.
func (db *DB) found(ctx context.Context, q *gorm.DB, caseID string, courtID int64, s model.Search) (*gorm.DB, error) {
	switch {
	case s.Empty():
		return q, nil
	case s.CaseNo != "":
		like := likePrefix(s.CaseNo)
		return q.Where(caseID+` IN (SELECT id FROM cases WHERE case_no LIKE ? UNION SELECT case_id FROM enforcement_cases WHERE case_no LIKE ?)`, like, like), nil
	case s.Certificate != "":
		return q.Where(caseID+` IN (SELECT case_id FROM certificates WHERE number_key = ? UNION SELECT case_id FROM certificates WHERE court_id = ? AND year = ? AND serial = ?)`,
			s.Certificate, courtID, s.Year, s.Serial), nil
	case s.Running != 0:
		word := model.RunningWord("第" + strconv.FormatInt(s.Running, 10) + "号")
		return q.Where(caseID+` IN (SELECT case_id FROM search_words WHERE court_id = ? AND word = ?)`, courtID, word), nil
	case s.Phone != "":
		hash := db.LookupHash(LookupPhone, s.Phone) // on file, or of whoever is bound
		return q.Where(caseID+` IN (SELECT case_id FROM parties WHERE phone_hash = ? AND court_id = ? UNION
			SELECT b.case_id FROM bindings b JOIN users u ON u.id = b.user_id WHERE u.phone_hash = ? AND b.court_id = ? AND b.ended_at IS NULL)`, hash, courtID, hash, courtID), nil
	case s.IDNumber != "":
		return q.Where(caseID+` IN (SELECT case_id FROM parties WHERE id_number_hash = ? AND court_id = ?)`, db.LookupHash(LookupIDNumber, s.IDNumber), courtID), nil
	}
	return db.foundByName(ctx, q, caseID, courtID, s)
}

func (db *DB) foundByName(ctx context.Context, q *gorm.DB, caseID string, courtID int64, s model.Search) (*gorm.DB, error) {
	like := likeInOrder(s.Parts)
	if like == "" {
		return q.Where("1 = 0"), nil
	}
	var words []string // of the pieces
	for _, p := range s.Parts {
		if len([]rune(p)) == 2 {
			words = append(words, p)
		}
	}
	if len(words) == 0 { // one sign: only a name that is no longer
		return q.Where(caseID+` IN (SELECT case_id FROM parties WHERE court_id = ? AND name_norm = ?)`, courtID, s.Name), nil
	}
	rarest, few := "", int64(CountCeiling+1)
	for _, w := range words {
		n, err := db.upTo(ctx, db.q(ctx).Model(&model.SearchWord{}).Where("court_id = ? AND word = ?", courtID, w))
		if err != nil {
			return nil, translate(err, "case")
		}
		if n < few {
			rarest, few = w, n
		}
	}
	named, args := `EXISTS (SELECT 1 FROM parties p WHERE p.id = s.party_id AND p.name_norm LIKE ?)`, []any{like}
	own, err := db.ownCourt(ctx, courtID, s)
	if err != nil {
		return nil, err
	}
	if few >= CountCeiling {
		sql := `EXISTS (SELECT 1 FROM search_words s WHERE s.court_id = ? AND s.word = ? AND s.case_id = ` + caseID + ` AND ` + named + `)`
		if own {
			sql = "(" + sql + ` OR EXISTS (SELECT 1 FROM obligations o WHERE o.case_id = ` + caseID + ` AND o.to_court = TRUE))`
		}
		return q.Where(sql, append([]any{courtID, rarest}, args...)...), nil
	}
	sql := caseID + ` IN (SELECT s.case_id FROM search_words s WHERE s.court_id = ? AND s.word = ? AND ` + named + `)`
	if own {
		sql = "(" + sql + ` OR EXISTS (SELECT 1 FROM obligations o WHERE o.case_id = ` + caseID + ` AND o.to_court = TRUE))`
	}
	return q.Where(sql, append([]any{courtID, rarest}, args...)...), nil
}

// ownCourt tells whether a name is the court's own: then the cases are meant whose
// money goes to the court.
func (db *DB) ownCourt(ctx context.Context, courtID int64, s model.Search) (bool, error) {
	if !strings.Contains(s.Name, "法院") {
		return false, nil
	}
	court, err := db.recentCourt(ctx, courtID)
	if err != nil {
		return false, err
	}
	rest := model.NormalizeName(court.Name)
	for _, p := range s.Parts {
		i := strings.Index(rest, p)
		if i < 0 {
			return false, nil
		}
		rest = rest[i+len(p):]
	}
	return true, nil
}

// CaseFaces tells for cases that the actor may see what identifies them in lists:
// in two reads however many there are.
func (db *DB) CaseFaces(ctx context.Context, by model.Actor, ids []int64) (map[int64]model.CaseFace, error) {
	out := map[int64]model.CaseFace{}
	if len(ids) == 0 {
		return out, nil
	}
	var seen []int64
	if err := db.visible(ctx, by).Model(&model.Case{}).Where("cases.id IN ?", ids).Pluck("cases.id", &seen).Error; err != nil || len(seen) == 0 {
		return out, translate(err, "case")
	}
	var parties []struct {
		CaseID int64
		Role   model.PartyRole
		Name   string
	}
	if err := db.q(ctx).Model(&model.Party{}).Select("case_id", "role", "name").Where("case_id IN ?", seen).Order("case_id, id").Scan(&parties).Error; err != nil {
		return nil, translate(err, "party")
	}
	var sums []struct {
		CaseID    int64
		AmountFen model.Fen
		PaidFen   model.Fen
	}
	err := db.q(ctx).Table("installments AS i").Joins("JOIN obligations o ON o.id = i.obligation_id").
		Where("o.case_id IN ? AND i.dropped_on IS NULL AND i.lapsed_on IS NULL", seen).Group("o.case_id").
		Select("o.case_id, SUM(i.amount_fen) AS amount_fen, SUM(i.confirmed_fen + i.forgiven_fen) AS paid_fen").Scan(&sums).Error
	if err != nil {
		return nil, translate(err, "obligation")
	}
	add := func(list, name string) string {
		if list == "" {
			return name
		}
		return list + "、" + name
	}
	for _, p := range parties {
		f := out[p.CaseID]
		switch p.Role {
		case model.Plaintiff, model.Applicant, model.Victim:
			f.Creditors = add(f.Creditors, p.Name)
		case model.Defendant, model.Respondent, model.Accused:
			f.Debtors = add(f.Debtors, p.Name)
		case model.ThirdParty:
		}
		out[p.CaseID] = f
	}
	var paidUp []int64
	for _, s := range sums {
		f := out[s.CaseID]
		f.AmountFen, f.OpenFen = s.AmountFen, max(s.AmountFen-s.PaidFen, 0)
		if out[s.CaseID] = f; f.OpenFen == 0 {
			paidUp = append(paidUp, s.CaseID)
		}
	}
	owed, err := db.openInterest(ctx, paidUp)
	for id, fen := range owed {
		f := out[id]
		f.InterestFen = fen
		out[id] = f
	}
	return out, err
}

// openInterest is the interest that keeps cases from being performed whose principal is
// all there.
func (db *DB) openInterest(ctx context.Context, ids []int64) (map[int64]model.Fen, error) {
	if len(ids) == 0 {
		return nil, nil //nolint:nilnil // there is none
	}
	var cases []model.Case
	if err := db.q(ctx).Where("id IN ? AND performance = ?", ids, model.PerformancePartial).Find(&cases).Error; err != nil || len(cases) == 0 {
		return nil, translate(err, "case")
	}
	debts, err := db.DebtsOf(ctx, cases)
	if err != nil {
		return nil, err
	}
	ids = ids[:0]
	for _, cs := range cases {
		ids = append(ids, cs.ID)
	}
	paid, err := db.PaymentsByCase(ctx, ids)
	if err != nil {
		return nil, err
	}
	courts, err := db.CourtsOf(ctx, cases)
	if err != nil {
		return nil, err
	}
	out := map[int64]model.Fen{}
	for _, d := range debts {
		out[d.Case.ID] = d.ReckonAll(d.Installments, paid[d.Case.ID], courts[d.Case.CourtID].Settings, model.DateOf(db.Now())).InterestFen()
	}
	return out, nil
}
