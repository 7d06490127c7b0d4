package storage

import (
	"context"

	"microcourt/model"
)

// References are the codes of what is paid, by what they are about; those that
// are missing are made. fresh makes a new code.
func (db *DB) References(ctx context.Context, wanted []model.PaymentReference, fresh func() string) (map[string]string, error) {
	out, err := db.referencesTo(ctx, wanted)
	if err != nil {
		return nil, err
	}
	for _, w := range wanted {
		if out[w.About] != "" {
			continue
		}
		for created := false; !created; {
			w.Code = fresh()
			if created, err = createOnce(db.q(ctx), &w); err != nil {
				return nil, translate(err, "reference")
			}
			if created {
				out[w.About] = w.Code
				break
			}
			// Either the code is taken, or somebody else made one for the same thing.
			found, err := db.referencesTo(ctx, []model.PaymentReference{w})
			if err != nil {
				return nil, err
			}
			if out[w.About] = found[w.About]; found[w.About] != "" {
				break
			}
		}
	}
	return out, nil
}

// referencesTo are the codes that there are, by what they are about.
func (db *DB) referencesTo(ctx context.Context, wanted []model.PaymentReference) (map[string]string, error) {
	out := map[string]string{}
	for len(wanted) > 0 {
		n := min(len(wanted), 500)
		about := make([]string, n)
		for i, w := range wanted[:n] {
			about[i] = w.About
		}
		var rows []model.PaymentReference
		if err := db.q(ctx).Where("about IN ?", about).Find(&rows).Error; err != nil {
			return nil, translate(err, "reference")
		}
		for _, r := range rows {
			out[r.About] = r.Code
		}
		wanted = wanted[n:]
	}
	return out, nil
}

// MissingReferences tells whether one of those wanted has no code yet.
func (db *DB) MissingReferences(ctx context.Context, wanted []model.PaymentReference) (known map[string]string, missing bool, err error) {
	known, err = db.referencesTo(ctx, wanted)
	for _, w := range wanted {
		missing = missing || known[w.About] == ""
	}
	return known, missing, err
}

// ReferenceFor is the payment reference of a debtor in an enforcement case,
// made when there is none. fresh makes a new one.
func (db *DB) ReferenceFor(ctx context.Context, e *model.EnforcementCase, partyID int64, fresh func() string) (string, error) {
	w := model.ReferenceTo(model.Case{ID: e.CaseID, CourtID: e.CourtID}, e.ID, partyID, 0)
	codes, err := db.References(ctx, []model.PaymentReference{w}, fresh)
	return codes[w.About], err
}

// ReferenceOf is the payment reference of a debtor in an enforcement case, ""
// when there is none yet.
func (db *DB) ReferenceOf(ctx context.Context, enforcementID, partyID int64) (string, error) {
	w := model.ReferenceTo(model.Case{}, enforcementID, partyID, 0)
	codes, err := db.referencesTo(ctx, []model.PaymentReference{w})
	return codes[w.About], err
}

// Reference is the payment reference with the code in a court.
func (db *DB) Reference(ctx context.Context, courtID int64, code string) (*model.PaymentReference, error) {
	var r model.PaymentReference
	err := db.q(ctx).Take(&r, "code = ? AND court_id = ?", code, courtID).Error
	return &r, translate(err, "reference")
}
