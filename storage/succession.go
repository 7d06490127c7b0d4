package storage

import (
	"context"
	"slices"

	"microcourt/model"
)

// Successions lists what was put on record about parties of a case that changed,
// oldest first, with what was taken back.
func (db *DB) Successions(ctx context.Context, caseID int64) ([]model.Succession, error) {
	var out []model.Succession
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "succession")
}

// CreateSuccession puts an entry on record; a repeat under the same key is the
// first one.
func (db *DB) CreateSuccession(ctx context.Context, s *model.Succession) (created bool, err error) {
	created, err = createOnce(db.q(ctx), s)
	if err == nil && !created {
		err = db.q(ctx).Take(s, "case_id = ? AND by_user_id = ? AND idem_key = ?", s.CaseID, s.ByUserID, s.IdemKey).Error
	}
	return created, translate(err, "succession")
}

// SetCreditors writes whom obligations are owed to, and to whom they were.
func (db *DB) SetCreditors(ctx context.Context, list []model.Obligation) error {
	for i := range list {
		list[i].UpdatedAt = db.Now()
		err := db.q(ctx).Model(&list[i]).Select("obligee_id", "joint_ids", "formers", "updated_at").Updates(&list[i]).Error
		if err != nil {
			return translate(err, "obligation")
		}
	}
	return nil
}

// SucceedDebtor takes a party out of the debtors of obligations and lets others
// in; what is there of earlier entries is used again.
func (db *DB) SucceedDebtor(ctx context.Context, by, partyID int64, out []int64, entering []model.Obligor) error {
	if len(out) > 0 {
		err := db.q(ctx).Model(&model.Obligor{}).Where("party_id = ? AND obligation_id IN ? AND ended_by = 0", partyID, out).Update("ended_by", by).Error
		if err != nil {
			return translate(err, "obligor")
		}
	}
	for _, o := range entering {
		res := db.q(ctx).Model(&model.Obligor{}).Where("obligation_id = ? AND party_id = ?", o.ObligationID, o.PartyID).
			Updates(map[string]any{"ended_by": 0, "released_on": nil, "since_id": o.SinceID, "limited": o.Limited, "limit_fen": o.LimitFen})
		if res.Error != nil {
			return translate(res.Error, "obligor")
		}
		if res.RowsAffected == 0 {
			if err := Insert(ctx, db, []model.Obligor{o}); err != nil {
				return err
			}
		}
	}
	return nil
}

// RestoreDebtor undoes SucceedDebtor: those who came in by the entry go out by
// the one that takes it back, and the party is a debtor again. One who had ceased to
// be a debtor before he came in again has ceased by that earlier entry, which can be
// taken back as well; back are the obligations with who was debtor of them.
func (db *DB) RestoreDebtor(ctx context.Context, entry, by int64, back []model.Obligation) error {
	err := db.q(ctx).Model(&model.Obligor{}).Where("since_id = ? AND ended_by = 0", entry).Update("ended_by", by).Error
	if err == nil {
		err = db.q(ctx).Model(&model.Obligor{}).Where("ended_by = ?", entry).Update("ended_by", 0).Error
	}
	for _, ob := range back {
		for _, f := range ob.Formers {
			if f.Claim || err != nil {
				continue
			}
			err = db.q(ctx).Model(&model.Obligor{}).Where("obligation_id = ? AND party_id = ? AND ended_by = ?", ob.ID, f.PartyID, by).Update("ended_by", f.By).Error
		}
	}
	return translate(err, "obligor")
}

// SetGone records that a party is no more by an entry, 0 for that it is after
// all; with it end who acted for it and the codes that would let others in.
func (db *DB) SetGone(ctx context.Context, p model.Party, by int64, why string) error {
	err := db.q(ctx).Model(&model.Party{}).Where("id = ?", p.ID).Updates(map[string]any{"gone_by": by, "updated_at": db.Now()}).Error
	if err != nil || by == 0 {
		return translate(err, "party")
	}
	var bound []model.Binding
	if err := db.q(ctx).Where("party_id = ? AND ended_at IS NULL", p.ID).Find(&bound).Error; err != nil {
		return translate(err, "binding")
	}
	for _, b := range bound {
		if err := db.EndBinding(ctx, b, 0, why); err != nil {
			return err
		}
		if err := db.EndHandedOut(ctx, p.CaseID, b.UserID); err != nil {
			return err
		}
	}
	return translate(db.q(ctx).Model(&model.BindingCode{}).Where("party_id = ? AND used_at IS NULL AND voided_at IS NULL", p.ID).Update("voided_at", db.Now()).Error, "binding_code")
}

// gone are those of the parties that are no more.
func (db *DB) gone(ctx context.Context, parties []int64) (map[int64]bool, error) {
	var ids []int64
	parties = slices.DeleteFunc(slices.Clone(parties), func(id int64) bool { return id == 0 })
	if len(parties) == 0 {
		return nil, nil
	}
	err := db.q(ctx).Model(&model.Party{}).Where("id IN ? AND gone_by > 0", parties).Pluck("id", &ids).Error
	out := map[int64]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out, translate(err, "party")
}

// SucceedEnforced lets others take a party's place in the open enforcement cases
// of obligations, by an entry.
func (db *DB) SucceedEnforced(ctx context.Context, files []model.EnforcementFile, s model.Succession, d model.Debts) error {
	for _, f := range files {
		for _, p := range f.Parties {
			if p.PartyID != s.PartyID || f.State != model.EnforcementOpen {
				continue
			}
			moved := s.ClaimIDs
			if p.Role == model.EnforcementDebtor {
				moved = s.DebtIDs
			}
			if !slices.ContainsFunc(f.Obligations, func(o model.EnforcedObligation) bool { return slices.Contains(moved, o.ObligationID) }) {
				continue
			}
			stays := slices.ContainsFunc(f.Obligations, func(o model.EnforcedObligation) bool {
				return d.Owes(p.PartyID, o.ObligationID) || d.Obligation(o.ObligationID).OwedTo(p.PartyID)
			})
			if !stays {
				err := db.q(ctx).Model(&model.EnforcementParty{}).Where("enforcement_case_id = ? AND party_id = ?", f.ID, p.PartyID).Update("ended_by", s.ID).Error
				if err != nil {
					return translate(err, "enforcement")
				}
			}
			if err := db.enterEnforced(ctx, f, s, p.Role); err != nil {
				return err
			}
		}
	}
	return nil
}

func (db *DB) enterEnforced(ctx context.Context, f model.EnforcementFile, s model.Succession, role model.EnforcementRole) error {
	for _, x := range s.Successors {
		if x.Renounced {
			continue
		}
		res := db.q(ctx).Model(&model.EnforcementParty{}).Where("enforcement_case_id = ? AND party_id = ?", f.ID, x.PartyID).Update("ended_by", 0)
		if res.Error != nil {
			return translate(res.Error, "enforcement")
		}
		if res.RowsAffected > 0 {
			continue
		}
		err := Insert(ctx, db, []model.EnforcementParty{{EnforcementCaseID: f.ID, PartyID: x.PartyID, CaseID: f.CaseID, Role: role}})
		if err != nil {
			return err
		}
	}
	return nil
}

// RestoreEnforced undoes SucceedEnforced: the party is in the enforcement cases
// again, and those who took its place are out unless they owe or are owed
// something that is enforced.
func (db *DB) RestoreEnforced(ctx context.Context, files []model.EnforcementFile, of model.Succession, by int64, d model.Debts) error {
	err := db.q(ctx).Model(&model.EnforcementParty{}).Where("ended_by = ?", of.ID).Update("ended_by", 0).Error
	if err != nil {
		return translate(err, "enforcement")
	}
	for _, f := range files {
		for _, x := range of.Successors {
			stays := slices.ContainsFunc(f.Obligations, func(o model.EnforcedObligation) bool {
				return d.Owes(x.PartyID, o.ObligationID) || d.Obligation(o.ObligationID).OwedTo(x.PartyID)
			})
			if stays {
				continue
			}
			err := db.q(ctx).Model(&model.EnforcementParty{}).Where("enforcement_case_id = ? AND party_id = ?", f.ID, x.PartyID).Update("ended_by", by).Error
			if err != nil {
				return translate(err, "enforcement")
			}
		}
	}
	return nil
}
