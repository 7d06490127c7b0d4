package storage

import (
	"context"

	"microcourt/model"
)

// CreateImport records that cases are imported.
func (db *DB) CreateImport(ctx context.Context, m *model.Import) error {
	m.CreatedAt = db.Now()
	return translate(db.q(ctx).Create(m).Error, "import")
}

// Import is an import of the court.
func (db *DB) Import(ctx context.Context, courtID, id int64) (*model.Import, error) {
	var m model.Import
	err := db.q(ctx).Take(&m, "id = ? AND court_id = ?", id, courtID).Error
	return &m, translate(err, "import")
}

// LockImport is Import for a transaction that changes it.
func (db *DB) LockImport(ctx context.Context, courtID, id int64) (*model.Import, error) {
	var m model.Import
	err := db.forUpdate(ctx).Take(&m, "id = ? AND court_id = ?", id, courtID).Error
	return &m, translate(err, "import")
}

// Imports lists a court's imports, the newest first.
func (db *DB) Imports(ctx context.Context, courtID, before int64, n int) ([]model.Import, error) {
	q := db.q(ctx).Where("court_id = ?", courtID)
	if before > 0 {
		q = q.Where("id < ?", before)
	}
	var out []model.Import
	err := q.Order("id DESC").Limit(n).Find(&out).Error
	return out, translate(err, "import")
}

// OpenImports lists imports whose notices are not all made.
func (db *DB) OpenImports(ctx context.Context, after int64, n int) ([]model.Import, error) {
	var out []model.Import
	err := db.q(ctx).Where("done_at IS NULL AND id > ?", after).Order("id").Limit(n).Find(&out).Error
	return out, translate(err, "import")
}

// UpdateImport writes how far the notices of an import are.
func (db *DB) UpdateImport(ctx context.Context, m *model.Import) error {
	return translate(db.q(ctx).Model(&model.Import{}).Where("id = ?", m.ID).Select("released_at", "released_by", "done_at").Updates(m).Error, "import")
}

// ImportSamples lists one notice of each kind that an import makes.
func (db *DB) ImportSamples(ctx context.Context, importID int64) ([]model.ImportSample, error) {
	var out []model.ImportSample
	err := db.q(ctx).Where("import_id = ?", importID).Order("kind").Find(&out).Error
	return out, translate(err, "import")
}

// LookAtSample records that somebody looked at a sample; the first time stays.
func (db *DB) LookAtSample(ctx context.Context, importID int64, kind model.NoticeKind, by int64) error {
	return translate(db.q(ctx).Model(&model.ImportSample{}).Where("import_id = ? AND kind = ? AND looked_at IS NULL", importID, kind).
		Updates(map[string]any{"looked_by": by, "looked_at": db.Now()}).Error, "import")
}

// HeldCases lists cases of an import of which nobody has been told, after a case.
func (db *DB) HeldCases(ctx context.Context, importID, after int64, n int) ([]model.Case, error) {
	var out []model.Case
	err := db.forUpdate(ctx).Where("import_id = ? AND held = ? AND id > ?", importID, true, after).Order("id").Limit(n).Find(&out).Error
	return out, translate(err, "case")
}

// CountUntold counts the cases of an import of which nobody has been told.
func (db *DB) CountUntold(ctx context.Context, importID int64) (int64, error) {
	var n int64
	err := db.q(ctx).Model(&model.Case{}).Where("import_id = ? AND held = ?", importID, true).Count(&n).Error
	return n, translate(err, "case")
}

// TellCases records that the parties of cases are told today, so that their
// schedules are made.
func (db *DB) TellCases(ctx context.Context, ids []int64) error {
	return translate(db.q(ctx).Model(&model.Case{}).Where("id IN ?", ids).Updates(map[string]any{
		"held": false, "told_on": model.DateOf(db.Now()), "plan_stale": true, "updated_at": db.Now(),
	}).Error, "case")
}

// PendingImported tells whether a case has entries of earlier performance that
// came with an import and nobody decided.
func (db *DB) PendingImported(ctx context.Context, caseID int64) (bool, error) {
	var some []int64
	err := db.q(ctx).Model(&model.Receipt{}).Where("case_id = ? AND state = ? AND import_id > 0", caseID, model.ReceiptSubmitted).
		Limit(1).Pluck("id", &some).Error
	return len(some) > 0, translate(err, "receipt")
}

// CountPendingImported counts the entries of an import that nobody decided.
func (db *DB) CountPendingImported(ctx context.Context, courtID, importID int64) (int64, error) {
	var n int64
	err := db.q(ctx).Model(&model.Receipt{}).Where("court_id = ? AND state = ? AND import_id = ?", courtID, model.ReceiptSubmitted, importID).Count(&n).Error
	return n, translate(err, "receipt")
}

// DebtsOf loads who owes what to whom in several cases, in their order.
func (db *DB) DebtsOf(ctx context.Context, cases []model.Case) ([]model.Debts, error) {
	ids := make([]int64, len(cases))
	out := make([]model.Debts, len(cases))
	at := map[int64]*model.Debts{}
	for i, cs := range cases {
		ids[i], out[i].Case = cs.ID, cs
		at[cs.ID] = &out[i]
	}
	var parties []model.Party
	var instruments []model.Instrument
	var obligations []model.Obligation
	var obligors []model.Obligor
	var installments []model.Installment
	for rows, order := range map[any]string{
		&parties: "id", &instruments: "id", &obligations: "id", &obligors: "obligation_id, party_id", &installments: "obligation_id, seq",
	} {
		if err := db.q(ctx).Where("case_id IN ?", ids).Order(order).Find(rows).Error; err != nil {
			return nil, translate(err, "case")
		}
	}
	for _, x := range parties {
		at[x.CaseID].Parties = append(at[x.CaseID].Parties, x)
	}
	for _, x := range instruments {
		at[x.CaseID].Instruments = append(at[x.CaseID].Instruments, x)
	}
	for _, x := range obligations {
		at[x.CaseID].Obligations = append(at[x.CaseID].Obligations, x)
	}
	for _, x := range obligors {
		if x.EndedBy != 0 {
			continue
		}
		at[x.CaseID].Obligors = append(at[x.CaseID].Obligors, x)
	}
	for _, x := range installments {
		if !x.LapsedOn.IsZero() || !x.DroppedOn.IsZero() {
			continue
		}
		at[x.CaseID].Installments = append(at[x.CaseID].Installments, x)
	}
	return out, nil
}
