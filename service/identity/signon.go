package identity

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

var (
	errSignOnUnknown = model.E(model.Forbidden, "signon.unknown", "统一身份认证已通过，但本系统没有您的账号或账号已停用，请联系系统管理员")
	errSignOnOther   = model.E(model.Forbidden, "signon.other", "统一身份认证已通过，但该登录名的账号已绑定统一身份认证中的另一人；请联系系统管理员核实并重新开放绑定")
)

// LoginSignOn logs in the staff member whom the court's single sign-on
// (统一身份认证) named. The sign-on has proved who he is, so that there is no
// further password. An account belongs to the person (issuer and subject) who
// claimed it by its name first; afterwards the name says nothing: who was
// renamed still comes in, who was given the name of another does not, until an
// administrator opens the account again. An account that this court did not
// make, or closed, is refused. A first password that nobody changed yet stays
// as it is: it opens nothing that the sign-on does not.
func (s *Service) LoginSignOn(ctx context.Context, from model.Actor, who model.SignedOn) (*Session, error) {
	if who.Issuer == "" || who.Subject == "" || len(who.Issuer) > 255 || len(who.Subject) > 255 {
		return nil, errSignOnUnknown
	}
	var user *model.User
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		var err error
		if user, err = s.signedOn(ctx, tx, from, who); err != nil {
			return err
		}
		from.UserID = user.ID
		return tx.Audit(from, model.RolePublic, model.AuditEvent{CourtID: user.CourtID, Action: model.AuditSessionSignon, Subject: model.ThingUser.Of(user.ID)})
	})
	if err != nil {
		return nil, fmt.Errorf("sign on: %w", err)
	}
	return s.staffSession(ctx, from, *user, nil)
}

// signedOn is the account of the person, claimed at this moment if it is open.
func (s *Service) signedOn(ctx context.Context, tx *storage.DB, from model.Actor, who model.SignedOn) (*model.User, error) {
	active := func(id int64) (*model.User, error) {
		u, err := tx.User(ctx, id)
		if err == nil && u.State != model.UserActive {
			err = errSignOnUnknown
		}
		return u, err
	}
	tie, err := tx.SignOnIdentity(ctx, who.Issuer, who.Subject)
	if err == nil {
		u, err := active(tie.UserID)
		if err != nil {
			return nil, err
		}
		return u, tx.UseSignOn(ctx, tie.ID)
	}
	if model.KindOf(err) != model.NotFound {
		return nil, err
	}
	a, err := tx.StaffByLogin(ctx, model.NormalizeLogin(who.Login)) // locked: one of two claims it
	if err != nil {
		if model.KindOf(err) == model.NotFound {
			err = errSignOnUnknown
		}
		return nil, err
	}
	u, err := active(a.UserID)
	if err != nil {
		return nil, err
	}
	if a.SignOnClosed {
		return nil, errSignOnOther
	}
	a.SignOnClosed = true
	if err := tx.UpdateStaffAccount(ctx, a); err != nil {
		return nil, err
	}
	if err := tx.CreateSignOn(ctx, who, u.ID); err != nil {
		return nil, err
	}
	from.UserID = u.ID
	return u, tx.Audit(from, model.RolePublic, model.AuditEvent{
		CourtID: u.CourtID, Action: model.AuditSignonBind, Subject: model.ThingUser.Of(u.ID), After: []string{who.Issuer, who.Subject},
	})
}
