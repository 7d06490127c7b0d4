package relative

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// Decision is a word about a link: admitted, declined, blocked or ended.
type Decision struct {
	State  model.RelativeState
	Reason string
	// EnforcementCaseID and PartyID say whom somebody means who searched.
	EnforcementCaseID int64
	PartyID           int64
	Version           int64
}

// Decide is the officer's word. A repeat of the same word changes nothing; two
// at once: one wins, the other gets a Conflict.
func (s *Service) Decide(ctx context.Context, by model.Actor, id int64, d Decision) (*model.Relative, error) {
	if err := by.Require(model.ActRelativeDecide); err != nil {
		return nil, err
	}
	var r *model.Relative
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		found, err := tx.RelativeByID(ctx, id)
		if err == nil && found.CourtID == by.CourtID { // whoever asks once more may not see it any more
			r = found
			if done, err := repeated(ctx, tx, by, r, model.ActRelativeDecide, d); err != nil || done {
				return err
			}
		}
		if r, err = tx.Relative(ctx, by, id); err != nil {
			return err
		}
		if err := duty(ctx, tx, by, r); err != nil {
			return err
		}
		if r.PartyID == 0 && d.State == model.RelativeAdmitted && d.PartyID != 0 {
			if err := meant(ctx, tx, by, r, d); err != nil {
				return err
			}
		}
		return s.decide(ctx, tx, by, model.ActRelativeDecide, r, d)
	})
	if err != nil {
		return nil, fmt.Errorf("decide about relative %d: %w", id, err)
	}
	return r, nil
}

// repeated tells whether the actor says once more what decided the link.
func repeated(ctx context.Context, tx *storage.DB, by model.Actor, r *model.Relative, act model.Act, d Decision) (bool, error) {
	return tx.Repeated(ctx, by, model.ThingRelative.Of(r.ID), d.Version, r.Version, "decide", act, d)
}

// duty lets the officer of a link decide it, his substitute, and, while it
// names no debtor yet and its officer left, any colleague. An officer who is a
// leader too sees more than he decides.
func duty(ctx context.Context, tx *storage.DB, by model.Actor, r *model.Relative) error {
	ok, err := tx.StandsInFor(ctx, by.UserID, r.OfficerID)
	if err != nil || ok {
		return err
	}
	officer, err := tx.User(ctx, r.OfficerID)
	if err != nil && model.KindOf(err) != model.NotFound {
		return err
	}
	if err == nil && officer.State == model.UserDisabled && r.State == model.RelativeAsked {
		return nil
	}
	return model.E(model.NotFound, "relative.not_found", "没有找到，或您无权查看")
}

// meant records whom somebody means who searched, in a case of the officer who
// decides or of one for whom he stands in.
func meant(ctx context.Context, tx *storage.DB, by model.Actor, r *model.Relative, d Decision) error {
	unknown := model.InvalidField("party_id", "relative.debtor", "请在您办理的执行案件中选择其要联系的被执行人")
	e, _, err := tx.LockEnforcement(ctx, by, d.EnforcementCaseID)
	if err != nil {
		if model.KindOf(err) == model.NotFound {
			err = unknown
		}
		return err
	}
	ok, err := tx.StandsInFor(ctx, by.UserID, e.OfficerID)
	if err != nil {
		return err
	}
	if !ok || !debtorOf(*e, d.PartyID) {
		return unknown
	}
	r.CaseID, r.EnforcementCaseID, r.PartyID, r.OfficerID = e.CaseID, e.ID, d.PartyID, e.OfficerID
	return nil
}

func (s *Service) decide(ctx context.Context, tx *storage.DB, by model.Actor, act model.Act, r *model.Relative, d Decision) error {
	if r.Version != d.Version {
		return model.E(model.Conflict, "relative.changed", "该联系申请刚刚被其他人处理（"+r.State.Chinese()+"），请刷新后再操作")
	}
	if act == model.ActRelativeDecide && d.State == model.RelativeAdmitted {
		if err := tx.OtherEyes(ctx, model.MatterRelative, by.UserID, r.UserID); err != nil {
			return err
		}
	}
	before := *r
	if err := r.Move(d.State, by.UserID, d.Reason, tx.Now()); err != nil {
		return err
	}
	if r.State == model.RelativeAdmitted {
		if err := s.connect(ctx, tx, r); err != nil {
			return err
		}
	}
	if err := tx.UpdateRelative(ctx, r, d.Version); err != nil {
		return err
	}
	if before.State == model.RelativeAdmitted {
		if err := s.calls.EndCalls(ctx, tx, by, *r); err != nil {
			return err
		}
	}
	if err := tx.AddNotice(ctx, model.RelativeDecidedNotice(*r)); err != nil {
		return err
	}
	return tx.Audit(by, by.RoleFor(act), model.AuditEvent{
		CourtID: r.CourtID, Action: r.State.Action(), CaseID: r.CaseID, Subject: model.ThingRelative.Of(r.ID), Before: before, After: r,
	})
}

// connect opens the conversation of a link that is admitted, and makes the
// reference by which its payments are found.
func (s *Service) connect(ctx context.Context, tx *storage.DB, r *model.Relative) error {
	cs, err := tx.LockCaseByID(ctx, r.CaseID)
	if err != nil {
		return err
	}
	other, err := tx.LinkOf(ctx, r.UserID, r.EnforcementCaseID, r.PartyID)
	if err != nil {
		return err
	}
	if other != nil && other.ID != r.ID && other.State == model.RelativeAdmitted {
		return model.E(model.Conflict, "relative.exists", "此人已作为该被执行人的家属接入，无需重复同意")
	}
	if r.BeforeJudgment() {
		return nil // there is no officer to talk to, and nothing to pay that has a reference
	}
	list, err := tx.EnforcementsOf(ctx, r.CaseID)
	if err != nil {
		return err
	}
	c := model.Conversation{
		CourtID: r.CourtID, CaseID: r.CaseID, RelativeID: r.ID, EnforcementCaseID: r.EnforcementCaseID, Counterpart: model.ThingRelative.Of(r.ID),
	}
	c.OwnerID = c.Owner(*cs, list)
	if _, err := tx.OpenConversation(ctx, c); err != nil {
		return err
	}
	e, err := tx.EnforcementByID(ctx, r.EnforcementCaseID)
	if err != nil {
		return err
	}
	_, err = tx.ReferenceFor(ctx, e, r.PartyID, newReference)
	return err
}
