package relative

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

const (
	codeBlock   = 24 * time.Hour
	wrongCode   = "relative_code.wrong"
	failuresOf  = "relative-code:%d"
	scenePrefix = "f=" // of what the mini-program's QR code holds
)

// read is a code as somebody typed it, or as the mini-program's QR code held it.
func read(code string) string {
	return model.ReadCode(strings.TrimPrefix(model.Fold(code), scenePrefix))
}

func hash(tx *storage.DB, code string) string {
	return tx.LookupHash(storage.LookupCode, "relative:"+code)
}

func (s *Service) failures(by model.Actor) string {
	return fmt.Sprintf(failuresOf, by.UserID)
}

// mayTry refuses a user who guessed too often.
func (s *Service) mayTry(ctx context.Context, by model.Actor) error {
	n, err := s.db.Failures(ctx, s.failures(by))
	if err == nil && n >= model.MaxRelativeCodeFails {
		err = model.E(model.TooMany, "binding.blocked", "输错次数过多，请 24 小时后再试，或联系法院")
	}
	return err
}

func (s *Service) failed(ctx context.Context, by model.Actor, wrong error) error {
	if err := s.db.Transact(ctx, func(tx *storage.DB) error { return tx.AddFailure(ctx, s.failures(by), codeBlock) }); err != nil {
		return err
	}
	return wrong
}

// byCode fills in whom a code is about. It gives the user's link to that debtor
// when there is one already. A code that ran out, was revoked or is another
// one's is as wrong as one that never was.
func (s *Service) byCode(ctx context.Context, tx *storage.DB, r *model.Relative, code string) (*model.Relative, error) {
	wrong := model.InvalidField("code", wrongCode, "联系码不正确、已失效或者已被使用，请核对，或向法院、邀请人重新索取；连续输错 10 次将暂停 24 小时")
	c, err := tx.RelativeCode(ctx, hash(tx, read(code)))
	if err != nil && model.KindOf(err) != model.NotFound {
		return nil, err
	}
	if err != nil || !c.Usable(r.UserID, tx.Now()) {
		return nil, wrong
	}
	known, err := tx.LinkOf(ctx, r.UserID, c.EnforcementCaseID, c.PartyID)
	if err != nil || known != nil && known.State != model.RelativeBlocked {
		return known, err
	}
	e := &model.EnforcementCase{} // an accused has none, and no officer
	if c.EnforcementCaseID != 0 {
		if e, err = tx.EnforcementByID(ctx, c.EnforcementCaseID); err != nil {
			return nil, err
		}
	}
	r.Via, r.CodeID, r.CourtID, r.OfficerID = c.Via, c.ID, c.CourtID, e.OfficerID
	r.CaseID, r.EnforcementCaseID, r.PartyID = c.CaseID, c.EnforcementCaseID, c.PartyID
	if err := tx.ClearFailures(ctx, fmt.Sprintf(failuresOf, r.UserID)); err != nil {
		return nil, err
	}
	return nil, tx.UseRelativeCode(ctx, c.ID, r.UserID)
}

// Scene makes the code on the paper that tells a family of a detention, in the
// transaction that makes the paper. It replaces the one before.
func (s *Service) Scene(ctx context.Context, tx *storage.DB, m model.Measure) (string, error) {
	code, err := s.issue(ctx, tx, model.RelativeCode{
		CourtID: m.CourtID, CaseID: m.CaseID, EnforcementCaseID: m.EnforcementCaseID, PartyID: m.PartyID, Via: model.ViaNotice,
	})
	if err != nil {
		return "", err
	}
	return code.Scene, nil
}

// issue makes a code; older ones of the same way end.
func (s *Service) issue(ctx context.Context, tx *storage.DB, c model.RelativeCode) (*model.FamilyCode, error) {
	court, err := tx.Court(ctx, c.CourtID)
	if err != nil {
		return nil, err
	}
	if err := tx.VoidRelativeCodes(ctx, c.EnforcementCaseID, c.PartyID, c.Via); err != nil {
		return nil, err
	}
	days := court.Settings.BindingCodeDays
	if c.Via == model.ViaInvitation {
		days = model.DefaultInviteDays
	}
	code := model.PaperCode(rand.Text)
	c.CodeHash, c.ExpiresAt = hash(tx, code), model.DateOf(tx.Now()).AddDays(days+1).Start()
	if err := tx.CreateRelativeCode(ctx, &c); err != nil {
		return nil, err
	}
	return &model.FamilyCode{Code: model.GroupCode(code), Scene: scenePrefix + code, ExpiresAt: c.ExpiresAt}, nil
}

// Print makes a code for the family of a debtor, for a paper or a letter.
func (s *Service) Print(ctx context.Context, by model.Actor, enforcementID, partyID int64) (*model.FamilyCode, error) {
	if err := by.Require(model.ActRelativeCode); err != nil {
		return nil, err
	}
	var out *model.FamilyCode
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		c, e, err := coded(ctx, tx, by, enforcementID, partyID)
		if err != nil {
			return err
		}
		if out, err = s.issue(ctx, tx, *c); err != nil {
			return err
		}
		out.Enforcement, out.PartyID = *e, partyID
		return tx.Audit(by, by.RoleFor(model.ActRelativeCode), model.AuditEvent{
			CourtID: c.CourtID, Action: model.AuditRelativeCodeIssue, CaseID: c.CaseID, Subject: model.ThingParty.Of(partyID),
		})
	})
	if err != nil {
		return nil, fmt.Errorf("print a code for the family: %w", err)
	}
	return out, nil
}

// Void ends the court's codes for the family of a debtor, also the one on the
// notice of his detention. A repeat changes nothing.
func (s *Service) Void(ctx context.Context, by model.Actor, enforcementID, partyID int64) error {
	if err := by.Require(model.ActRelativeCode); err != nil {
		return err
	}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		c, _, err := coded(ctx, tx, by, enforcementID, partyID)
		if err != nil {
			return err
		}
		if err := tx.VoidRelativeCodes(ctx, enforcementID, partyID, model.ViaNotice); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActRelativeCode), model.AuditEvent{
			CourtID: c.CourtID, Action: model.AuditRelativeCodeVoid, CaseID: c.CaseID, Subject: model.ThingParty.Of(partyID),
		})
	})
	if err != nil {
		return fmt.Errorf("void the codes for a family: %w", err)
	}
	return nil
}

// coded is a code of the court for a debtor of an enforcement case.
func coded(ctx context.Context, tx *storage.DB, by model.Actor, enforcementID, partyID int64) (*model.RelativeCode, *model.EnforcementCase, error) {
	e, cs, err := tx.LockEnforcement(ctx, by, enforcementID)
	if err != nil {
		return nil, nil, err
	}
	if !debtorOf(*e, partyID) {
		return nil, nil, model.InvalidField("party_id", "party.not_debtor", "所选的当事人不是该执行案件的被执行人")
	}
	return &model.RelativeCode{CourtID: cs.CourtID, CaseID: cs.ID, EnforcementCaseID: e.ID, PartyID: partyID, Via: model.ViaNotice, IssuedBy: by.UserID}, &e.EnforcementCase, nil
}

func debtorOf(e model.EnforcementFile, partyID int64) bool {
	return slices.ContainsFunc(e.Parties, func(p model.EnforcementParty) bool { return p.PartyID == partyID && p.Role == model.EnforcementDebtor })
}
