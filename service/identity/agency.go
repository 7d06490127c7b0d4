package identity

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// An agency's account belongs to one agency and is nothing else in the court:
// whoever works for another unit must not decide for the court.
var errAgencyRole = model.InvalidField("roles", "role.agency", "责任单位的账号只能有“责任单位”这一个角色，请在“责任单位”页面为该单位新建账号")

// memberAgency is the agency of an account or key, 0 when it has none or the
// agency is no member any more.
func (s *Service) memberAgency(ctx context.Context, courtID, agencyID int64) (int64, error) {
	if agencyID == 0 {
		return 0, nil
	}
	a, err := s.db.Agency(ctx, courtID, agencyID)
	if err != nil || !a.Active() {
		return 0, err
	}
	return a.ID, nil
}

// member refuses an agency that the court does not have, or no more.
func member(ctx context.Context, tx *storage.DB, courtID, agencyID int64) error {
	a, err := tx.LockAgency(ctx, courtID, agencyID)
	if err == nil && !a.Active() {
		err = model.E(model.Conflict, "agency.ended", "该单位已停用，不能新建账号和密钥")
	}
	return err
}

// AddAgencyStaff makes an account for somebody in an agency, with a first
// password that must be changed.
func (s *Service) AddAgencyStaff(ctx context.Context, by model.Actor, courtID, agencyID int64, login, name string) (*Credentials, error) {
	return s.addStaff(ctx, by, model.User{CourtID: courtID, AgencyID: agencyID, Name: name}, login, []model.Role{model.RoleAgency})
}

// AgencyDoors are the ways into the system that an agency has.
type AgencyDoors struct {
	Accounts []model.StaffMember
	Keys     []model.APIKey
}

// AgencyDoors lists an agency's accounts and keys.
func (s *Service) AgencyDoors(ctx context.Context, by model.Actor, courtID, agencyID int64) (*AgencyDoors, error) {
	if err := manages(by, courtID); err != nil {
		return nil, err
	}
	if _, err := s.db.Agency(ctx, courtID, agencyID); err != nil {
		return nil, err
	}
	var d AgencyDoors
	var err error
	if d.Accounts, err = s.db.AgencyStaff(ctx, agencyID); err != nil {
		return nil, err
	}
	if err := s.fillDoors(ctx, d.Accounts); err != nil {
		return nil, err
	}
	d.Keys, err = s.db.AgencyKeys(ctx, courtID, agencyID)
	return &d, err
}

// CreateAgencyKey makes a key for an agency's program. The secret is returned
// once.
func (s *Service) CreateAgencyKey(ctx context.Context, by model.Actor, courtID, agencyID int64, name string) (string, error) {
	return s.createKey(ctx, by, model.APIKey{CourtID: courtID, AgencyID: agencyID, Name: name, Role: model.RoleAgency})
}

// unusedName refuses a second live key of an agency under one name.
func unusedName(ctx context.Context, tx *storage.DB, k model.APIKey) error {
	list, err := tx.AgencyKeys(ctx, k.CourtID, k.AgencyID)
	if err != nil {
		return err
	}
	for _, old := range list {
		if old.Name == k.Name && old.RevokedAt == nil {
			return model.E(model.Conflict, "api_key.exists", "该单位已有同名的有效密钥；密钥只显示一次，遗失的请先停用再新建")
		}
	}
	return nil
}

// RevokeAgencyKey ends a key of an agency. A repeat changes nothing.
func (s *Service) RevokeAgencyKey(ctx context.Context, by model.Actor, courtID, agencyID, keyID int64) error {
	if err := manages(by, courtID); err != nil {
		return err
	}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		live, err := tx.RevokeAgencyKey(ctx, courtID, agencyID, keyID)
		if err != nil {
			return err
		}
		if !live {
			list, err := tx.AgencyKeys(ctx, courtID, agencyID)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(list, func(k model.APIKey) bool { return k.ID == keyID }) {
				return nil
			}
			return model.E(model.NotFound, "api_key.not_found", "没有这个有效的密钥")
		}
		return tx.Audit(by, model.RoleAdmin, model.AuditEvent{
			CourtID: courtID, Action: model.AuditAPIKeyRevoke, Subject: model.ThingAPIKey.Of(keyID), Before: agencyID,
		})
	})
	if err != nil {
		return fmt.Errorf("revoke agency key: %w", err)
	}
	return nil
}
