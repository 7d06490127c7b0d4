package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// MarkPresident marks a leader's account as that of the court's president (院长). One
// holds at a time: the former mark is ended first, and the authorisations that he gave
// count no more. Nobody marks himself.
func (s *Service) MarkPresident(ctx context.Context, by model.Actor, courtID int64, login string) error {
	return s.changeStaff(ctx, by, courtID, login, model.AuditPresidentMark, func(tx *storage.DB, _ *model.StaffAccount, u *model.User) error {
		if err := notSelf(ctx, tx, by, u, "不能把自己的账号登记为院长，请由另一名系统管理员操作"); err != nil {
			return err
		}
		if err := leads(ctx, tx, u, "只有“院领导”的账号可以登记为院长，请先指定该角色"); err != nil {
			return err
		}
		now, err := tx.President(ctx, courtID)
		switch {
		case err != nil:
			return err
		case now != nil && now.UserID == u.ID:
			return nil // a repeat
		case now != nil:
			return model.E(model.Conflict, "president.marked", "本院已登记院长，请先终止原来的登记（写明原因），再登记新任院长")
		}
		return tx.MarkPresident(ctx, &model.President{CourtID: courtID, UserID: u.ID, MarkedBy: by.UserID})
	})
}

// leads refuses an account that is closed or no leader's.
func leads(ctx context.Context, tx *storage.DB, u *model.User, why string) error {
	roles, err := tx.Roles(ctx, u.ID, u.CourtID)
	if err != nil {
		return err
	}
	if u.State != model.UserActive || !slices.Contains(roles, model.RoleLeader) {
		return model.E(model.Conflict, "president.leader", why)
	}
	return nil
}

// EndPresident ends the mark. Until another one has it nobody decides what the law
// gives to the president.
func (s *Service) EndPresident(ctx context.Context, by model.Actor, courtID int64, login, reason string) error {
	if err := model.CheckReason(reason); err != nil {
		return err
	}
	return s.changeStaff(ctx, by, courtID, login, model.AuditPresidentEnd, func(tx *storage.DB, _ *model.StaffAccount, u *model.User) error {
		if err := notSelf(ctx, tx, by, u, "不能终止自己的院长登记，请由另一名系统管理员操作"); err != nil {
			return err
		}
		p, err := tx.President(ctx, courtID)
		if err != nil {
			return err
		}
		if p == nil || p.UserID != u.ID {
			return model.E(model.Conflict, "president.none", "该账号没有登记为院长，请刷新后查看")
		}
		return tx.EndPresident(ctx, p.ID, by.UserID, strings.TrimSpace(reason))
	})
}

// stepDown ends the mark of an account that is closed or no leader's any more.
func stepDown(ctx context.Context, tx *storage.DB, by model.Actor, u *model.User, why string) error {
	p, err := tx.President(ctx, u.CourtID)
	if err != nil || p == nil || p.UserID != u.ID {
		return err
	}
	if err := tx.EndPresident(ctx, p.ID, by.UserID, why); err != nil {
		return err
	}
	return tx.Audit(by, model.RoleAdmin, model.AuditEvent{CourtID: u.CourtID, Action: model.AuditPresidentEnd, Subject: model.ThingUser.Of(u.ID)})
}

// Authorise enters a written authorisation of the president, with the paper that he
// signed. A repeat under the same key is the first one. Nobody enters his own.
func (s *Service) Authorise(ctx context.Context, by model.Actor, a model.SigningAuthority) (*model.SigningAuthority, error) {
	if err := manages(by, by.CourtID); err != nil {
		return nil, err
	}
	var out *model.SigningAuthority
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		p, err := tx.President(ctx, by.CourtID)
		if err != nil {
			return err
		}
		if out, err = tx.SigningAuthorityByKey(ctx, by.UserID, a.IdemKey); err != nil || out != nil {
			return err
		}
		president := int64(0)
		if p != nil {
			president, a.PresidentID = p.UserID, p.ID
		}
		a.CourtID, a.EnteredBy = by.CourtID, by.UserID
		if err := a.Check(president, model.DateOf(tx.Now())); err != nil {
			return err
		}
		u, err := tx.User(ctx, a.UserID)
		if err != nil || u.CourtID != by.CourtID {
			return model.InvalidField("user_id", "authority.user", "请选择本院的院领导").WithCause(err)
		}
		if err := notSelf(ctx, tx, by, u, "不能登记对自己的授权，请由另一名系统管理员操作"); err != nil {
			return err
		}
		if err := leads(ctx, tx, u, "只能授权给“院领导”的账号，请先指定该角色"); err != nil {
			return err
		}
		out = &a
		if err := tx.AddSigningAuthority(ctx, out); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleAdmin, model.AuditEvent{CourtID: a.CourtID, Action: model.AuditAuthorityAdd, Subject: model.ThingUser.Of(a.UserID), After: out})
	})
	if err != nil {
		return nil, fmt.Errorf("authorise: %w", err)
	}
	return out, nil
}

// EndAuthority ends an authorisation before its time. What was decided by it stands.
func (s *Service) EndAuthority(ctx context.Context, by model.Actor, id int64, reason string) error {
	if err := manages(by, by.CourtID); err != nil {
		return err
	}
	if err := model.CheckReason(reason); err != nil {
		return err
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		all, err := tx.SigningAuthorities(ctx, by.CourtID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(a model.SigningAuthority) bool { return a.ID == id })
		if i < 0 {
			return model.E(model.NotFound, "authority.not_found", "没有找到，或您无权查看")
		}
		if all[i].EndedAt != nil {
			return model.E(model.Conflict, "authority.ended", "该授权已经终止，请刷新后查看")
		}
		if err := tx.EndSigningAuthority(ctx, by.CourtID, id, by.UserID, strings.TrimSpace(reason)); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleAdmin, model.AuditEvent{CourtID: by.CourtID, Action: model.AuditAuthorityEnd, Subject: model.ThingUser.Of(all[i].UserID), Before: all[i], After: strings.TrimSpace(reason)})
	})
}

// Signing is who decides for the court, now and before, for the page of its staff.
type Signing struct {
	model.Signers
	Presidents  []model.President
	Authorities []model.SigningAuthority
	Names       map[int64]string
	Leaders     []model.StaffMember
}

// Void tells whether an authorisation counts no more because the mark of the president
// who gave it ended.
func (s Signing) Void(a model.SigningAuthority) bool {
	return a.EndedAt == nil && !slices.ContainsFunc(s.Presidents, func(p model.President) bool { return p.ID == a.PresidentID && p.EndedAt == nil })
}

// Signing tells an administrator who is the president, whom he authorised, and who was.
func (s *Service) Signing(ctx context.Context, by model.Actor) (out Signing, err error) {
	if err := manages(by, by.CourtID); err != nil {
		return out, err
	}
	if out.Signers, err = s.db.Signers(ctx, by.CourtID); err != nil {
		return out, err
	}
	if out.Leaders, err = s.db.StaffWith(ctx, by.CourtID, model.RoleLeader); err != nil {
		return out, err
	}
	if out.Presidents, err = s.db.Presidents(ctx, by.CourtID); err != nil {
		return out, err
	}
	if out.Authorities, err = s.db.SigningAuthorities(ctx, by.CourtID); err != nil {
		return out, err
	}
	var people []int64
	for _, p := range out.Presidents {
		people = append(people, p.UserID, p.MarkedBy, p.EndedBy)
	}
	for _, a := range out.Authorities {
		people = append(people, a.UserID, a.EnteredBy, a.EndedBy)
	}
	out.Names, err = s.db.UserNames(ctx, people)
	return out, err
}
