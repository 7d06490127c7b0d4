package storage

import (
	"context"
	"fmt"

	"microcourt/model"
)

// VoidBindingCodes ends the unused codes of a party in a capacity.
func (db *DB) VoidBindingCodes(ctx context.Context, partyID int64, c model.Capacity) error {
	return translate(db.q(ctx).Model(&model.BindingCode{}).
		Where("party_id = ? AND capacity = ? AND used_at IS NULL AND voided_at IS NULL", partyID, c).
		Update("voided_at", db.Now()).Error, "binding_code")
}

// CreateBindingCode adds a code.
func (db *DB) CreateBindingCode(ctx context.Context, c *model.BindingCode) error {
	return translate(db.q(ctx).Create(c).Error, "binding_code")
}

// BindingCode is the code with the hash, locked for the rest of the
// transaction.
func (db *DB) BindingCode(ctx context.Context, hash string) (*model.BindingCode, error) {
	var c model.BindingCode
	err := db.forUpdate(ctx).Take(&c, "code_hash = ?", hash).Error
	return &c, translate(err, "binding_code")
}

// UseBindingCode marks a code as used; a code is used once.
func (db *DB) UseBindingCode(ctx context.Context, id, userID int64) error {
	return changed(db.q(ctx).Model(&model.BindingCode{}).Where("id = ? AND used_at IS NULL", id).
		Updates(map[string]any{"used_at": db.Now(), "used_by": userID}), "binding_code")
}

// CreateBinding binds a user to a party; a binding that is there already is
// left as it is and loaded.
func (db *DB) CreateBinding(ctx context.Context, b *model.Binding) (created bool, err error) {
	key := fmt.Sprintf("%d:%d", b.PartyID, b.UserID)
	b.ActiveKey = &key
	created, err = createOnce(db.q(ctx), b)
	if err == nil && !created {
		*b = model.Binding{}
		err = db.q(ctx).Take(b, "active_key = ?", key).Error
	}
	return created, translate(err, "binding")
}

// Binding is the binding with the id if its case is visible to the actor.
func (db *DB) Binding(ctx context.Context, by model.Actor, id int64) (*model.Binding, error) {
	var b model.Binding
	if err := db.q(ctx).Take(&b, "id = ?", id).Error; err != nil {
		return nil, translate(err, "binding")
	}
	if _, err := db.Case(ctx, by, b.CaseID); err != nil {
		return nil, model.E(model.NotFound, "binding.not_found", "没有找到，或您无权查看")
	}
	return &b, nil
}

// EndBinding ends a binding with a reason. An account in use that its user entered for
// the party is in doubt from then on, whoever ended it and why. by is who did, 0 for what
// followed by itself. The case is locked: a judge who begins to use such an account at
// that moment does it before, so that it is doubted, or after, so that he is refused.
func (db *DB) EndBinding(ctx context.Context, b model.Binding, by int64, reason string) error {
	if _, err := db.LockCaseByID(ctx, b.CaseID); err != nil {
		return err
	}
	err := changed(db.q(ctx).Model(&model.Binding{}).Where("id = ? AND ended_at IS NULL", b.ID).
		Updates(map[string]any{"ended_at": db.Now(), "end_reason": reason, "active_key": nil}), "binding")
	if err != nil {
		return err
	}
	return db.doubtAccounts(ctx, b, by)
}

// EndHandedOut ends the one-time codes that a user handed out in a case: for
// looking at a certificate, and for relatives.
func (db *DB) EndHandedOut(ctx context.Context, caseID, userID int64) error {
	now := db.Now()
	err := db.q(ctx).Model(&model.ShareCode{}).
		Where("user_id = ? AND used_at IS NULL AND expires_at > ? AND certificate_id IN (SELECT id FROM certificates WHERE case_id = ?)", userID, now, caseID).
		Update("expires_at", now).Error
	if err == nil {
		err = db.q(ctx).Model(&model.RelativeCode{}).Where("case_id = ? AND issued_by = ? AND used_at IS NULL AND voided_at IS NULL", caseID, userID).
			Update("voided_at", now).Error
	}
	return translate(err, "code")
}

// Bindings lists the live bindings of a user, or of a case when caseID is not 0.
func (db *DB) Bindings(ctx context.Context, userID, caseID int64) ([]model.BoundCase, error) {
	q := db.q(ctx).Table("bindings").
		Select("bindings.id AS binding_id, bindings.case_id, cases.case_no, bindings.party_id, parties.name AS party_name, parties.role, bindings.capacity, bindings.method").
		Joins("JOIN cases ON cases.id = bindings.case_id").Joins("JOIN parties ON parties.id = bindings.party_id").
		Where("bindings.ended_at IS NULL")
	if userID != 0 {
		q = q.Where("bindings.user_id = ?", userID)
	}
	if caseID != 0 {
		q = q.Where("bindings.case_id = ?", caseID)
	}
	var out []model.BoundCase
	err := q.Order("bindings.id").Limit(500).Scan(&out).Error
	return out, translate(err, "binding")
}

// CaseBindings lists who is, or was, bound to the parties of a case.
func (db *DB) CaseBindings(ctx context.Context, caseID int64) ([]model.Binding, error) {
	var out []model.Binding
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "binding")
}

// CarryBindings binds to the parties of cases the persons who proved in an earlier
// case of the same court who they are, and gives the new bindings. Only the whole
// number of identity with the name tells that it is the same person, never the name
// alone; one from whom the court took a binding for that number proves himself anew.
func (db *DB) CarryBindings(ctx context.Context, cases []int64) ([]model.Binding, error) {
	var out []model.Binding
	for len(cases) > 0 {
		n := min(len(cases), 500)
		var rows []model.Binding
		err := db.q(ctx).Table("parties AS p").Distinct("p.court_id, p.case_id, p.id AS party_id, b.user_id").
			Joins("JOIN parties q ON q.id_number_hash = p.id_number_hash AND q.court_id = p.court_id AND q.case_id <> p.case_id AND q.kind = p.kind AND q.id_kind = p.id_kind AND q.name_norm = p.name_norm").
			Joins("JOIN bindings b ON b.party_id = q.id AND b.ended_at IS NULL").Joins("JOIN users u ON u.id = b.user_id").
			Where("p.case_id IN ? AND p.id_number_hash <> '' AND p.kind = ? AND p.gone_by = 0", cases[:n], model.Person).
			Where("b.capacity = ? AND b.method IN ? AND u.state = ?", model.CapacitySelf, []model.BindingMethod{model.BoundByIdentity, model.BoundByFace}, model.UserActive).
			Where(`NOT EXISTS (SELECT 1 FROM bindings x JOIN parties y ON y.id = x.party_id
				WHERE x.user_id = b.user_id AND x.ended_at IS NOT NULL AND y.court_id = p.court_id AND y.id_number_hash = p.id_number_hash)`).
			Order("p.id, b.user_id").Scan(&rows).Error
		if err != nil {
			return nil, translate(err, "binding")
		}
		for _, b := range rows {
			b.Capacity, b.Method = model.CapacitySelf, model.BoundBefore
			created, err := db.CreateBinding(ctx, &b)
			if err != nil {
				return nil, err
			}
			if created {
				out = append(out, b)
			}
		}
		cases = cases[n:]
	}
	return out, nil
}

// EndCarried ends the bindings that rested on a proof which the court took back: those
// of the same user that appeared by themselves for the same number of identity in the
// court. It gives the cases, so that what was handed out there ends as well.
func (db *DB) EndCarried(ctx context.Context, b model.Binding, by int64, reason string) ([]model.Binding, error) {
	var list []model.Binding
	err := db.q(ctx).Where("user_id = ? AND court_id = ? AND method = ? AND ended_at IS NULL AND id <> ?", b.UserID, b.CourtID, model.BoundBefore, b.ID).
		Where(`party_id IN (SELECT p.id FROM parties p JOIN parties q ON q.id_number_hash = p.id_number_hash WHERE q.id = ? AND q.id_number_hash <> '')`, b.PartyID).
		Order("case_id, id").Find(&list).Error
	if err != nil {
		return nil, translate(err, "binding")
	}
	for _, x := range list {
		if err := db.EndBinding(ctx, x, by, reason); err != nil {
			return nil, err
		}
	}
	return list, nil
}
