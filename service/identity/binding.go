package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Limits on guessing.
const (
	maxCodeFailures = 10 // wrong binding codes by one user
	codeBlock       = 24 * time.Hour
)

// IssueBindingCode makes a one-time code with which whoever holds the paper
// becomes the party (or its agent). Older unused codes for the same party and
// capacity end.
func (s *Service) IssueBindingCode(ctx context.Context, by model.Actor, caseID, partyID int64, capacity model.Capacity, authority string) (
	*model.IssuedCode, error,
) {
	if err := by.Require(model.ActBindingIssue); err != nil {
		return nil, err
	}
	if capacity == "" {
		capacity = model.CapacitySelf
	}
	code := model.PaperCode(s.cfg.NewSecret)
	out := &model.IssuedCode{
		Code: model.GroupCode(code), Scene: "b=" + code,
	}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		cs, err := tx.Case(ctx, by, caseID)
		if err != nil {
			return err
		}
		p, err := tx.Party(ctx, caseID, partyID)
		if err != nil {
			return err
		}
		if p.GoneBy != 0 {
			return model.E(model.Conflict, "party.gone", p.Name+"已由他人承继，请为承继人领取绑定码")
		}
		if err := capacity.Check(*p, authority); err != nil {
			return err
		}
		court, err := tx.Court(ctx, cs.CourtID)
		if err != nil {
			return err
		}
		if err := tx.VoidBindingCodes(ctx, partyID, capacity); err != nil {
			return err
		}
		out.Case, out.Party, out.Court = *cs, *p, *court
		out.ExpiresAt = model.DateOf(tx.Now()).AddDays(court.Settings.BindingCodeDays + 1).Start()
		bc := model.BindingCode{
			CourtID: cs.CourtID, CaseID: caseID, PartyID: partyID, Capacity: capacity, Authority: authority,
			CodeHash: tx.LookupHash(storage.LookupCode, code), IssuedBy: by.UserID, ExpiresAt: out.ExpiresAt,
		}
		if err := tx.CreateBindingCode(ctx, &bc); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActBindingIssue), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditBindingCodeIssue, CaseID: caseID, Subject: model.ThingParty.Of(partyID),
		})
	})
	if err != nil {
		return nil, fmt.Errorf("issue binding code: %w", err)
	}
	return out, nil
}

// BindByCode makes the user the party that the code was printed for.
func (s *Service) BindByCode(ctx context.Context, by model.Actor, code string) (*model.Binding, error) {
	if err := by.Require(model.ActBind); err != nil {
		return nil, err
	}
	subject := fmt.Sprintf("bind-code:%d", by.UserID)
	if err := s.notBlocked(ctx, subject, maxCodeFailures); err != nil {
		return nil, err
	}
	code = strings.TrimPrefix(model.Fold(code), "b=")
	var b *model.Binding
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		bc, err := tx.BindingCode(ctx, tx.LookupHash(storage.LookupCode, model.ReadCode(code)))
		if err != nil {
			return err
		}
		switch {
		case bc.UsedAt != nil && bc.UsedBy == by.UserID: // the answer got lost, the phone asks again
		case bc.UsedAt != nil:
			return model.InvalidField("code", "binding_code.used", "该绑定码已被使用；如非本人操作，请立即联系法院")
		case bc.VoidedAt != nil:
			return model.InvalidField("code", "binding_code.voided", "该绑定码已被新的绑定码取代，请使用最近一次领取的告知书")
		case !bc.ExpiresAt.After(tx.Now()):
			return model.InvalidField("code", "binding_code.expired", "该绑定码已过期，请联系法院重新领取")
		}
		if err := tx.OtherEyes(ctx, model.MatterBinding, by.UserID, bc.IssuedBy); err != nil {
			return err // nobody makes himself a party
		}
		if bc.UsedAt == nil {
			if err := tx.UseBindingCode(ctx, bc.ID, by.UserID); err != nil {
				return err
			}
		}
		b = &model.Binding{
			CourtID: bc.CourtID, CaseID: bc.CaseID, PartyID: bc.PartyID, UserID: by.UserID, Capacity: bc.Capacity,
			Authority: bc.Authority, Method: model.BoundByCode,
		}
		return errors.Join(s.bind(ctx, tx, by, b), tx.ClearFailures(ctx, subject))
	})
	if err != nil && model.KindOf(err) == model.NotFound {
		if ferr := s.addFailure(ctx, subject, codeBlock); ferr != nil {
			return nil, ferr
		}
		return nil, model.InvalidField("code", "binding_code.wrong", "绑定码不正确，请对照告知书核对；连续输错 10 次将暂停绑定 24 小时")
	}
	if err != nil {
		return nil, fmt.Errorf("bind by code: %w", err)
	}
	return b, nil
}

func (s *Service) notBlocked(ctx context.Context, subject string, limit int) error {
	n, err := s.db.Failures(ctx, subject)
	if err != nil {
		return err
	}
	if n >= limit {
		return model.E(model.TooMany, "binding.blocked", "输错次数过多，请 24 小时后再试，或持身份证件到法院诉讼服务窗口办理")
	}
	return nil
}

func (s *Service) addFailure(ctx context.Context, subject string, window time.Duration) error {
	return s.db.Transact(ctx, func(tx *storage.DB) error { return tx.AddFailure(ctx, subject, window) })
}

func (s *Service) bind(ctx context.Context, tx *storage.DB, by model.Actor, b *model.Binding) error {
	created, err := tx.CreateBinding(ctx, b)
	if err != nil || !created {
		return err
	}
	return tx.Audit(by, model.RoleParty, model.AuditEvent{
		CourtID: b.CourtID, Action: model.AuditBindingCreate, CaseID: b.CaseID, Subject: model.ThingParty.Of(b.PartyID), After: b,
	})
}

// BindByIdentity binds the user to every party, in one case or in all, whose
// name, ID number and verified phone are his. What exactly did not match is
// not told: it would help whoever is guessing.
func (s *Service) BindByIdentity(ctx context.Context, by model.Actor, name, idNumber, phoneCode, caseNo string) ([]model.Binding, error) {
	if err := by.Require(model.ActBind); err != nil {
		return nil, err
	}
	name, idNumber = model.NormalizeName(name), model.NormalizeID(idNumber)
	if name == "" {
		return nil, model.InvalidField("name", "field.required", "请填写姓名")
	}
	if len(idNumber) < 5 || len(idNumber) > 20 {
		return nil, model.InvalidField("id_number", "id.format", "请填写完整的证件号码")
	}
	if caseNo != "" {
		c, err := model.ParseCaseNo(caseNo)
		if err != nil {
			return nil, err
		}
		caseNo = string(c)
	}
	tries := s.bindTries(by, idNumber)
	if err := s.beginBinding(ctx, tries); err != nil {
		return nil, err
	}
	phone, err := s.cfg.WeChat.PhoneNumber(ctx, phoneCode, by.OpenID)
	if err != nil {
		return nil, err
	}
	bound, err := s.bindMatching(ctx, by, name, idNumber, phone, caseNo, model.BoundByIdentity)
	if err != nil {
		return nil, err
	}
	if len(bound) == 0 {
		return nil, errNoMatch
	}
	return bound, s.db.Transact(ctx, func(tx *storage.DB) error {
		for _, t := range tries { // who proved who he is made no wrong try
			if err := tx.Untry(ctx, t.subject); err != nil {
				return err
			}
		}
		return nil
	})
}

type bindTry struct {
	subject string
	rule    model.Throttle
}

// bindTries says what a try to bind by name and number is counted against: who
// tries, wherever and whomever he names; his network; and, last, the number.
func (s *Service) bindTries(by model.Actor, idNumber string) []bindTry {
	out := []bindTry{{fmt.Sprintf("bind-id:%d", by.UserID), model.ThrottleBinder}}
	if n := model.Network(by.IP); n != "" {
		out = append(out, bindTry{"bind-from:" + n, model.ThrottleBinders})
	}
	return append(out, bindTry{"bind-to:" + s.db.LookupHash(storage.LookupIDNumber, idNumber), model.ThrottleBound})
}

// beginBinding counts a try; one that has to wait changes nothing. What others
// tried with a number slows only those who named somebody in vain before: the
// first try of its owner is always heard, so that nobody can keep him from his
// case.
func (s *Service) beginBinding(ctx context.Context, tries []bindTry) error {
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		before, err := tx.Failures(ctx, tries[0].subject)
		if err != nil {
			return err
		}
		for i, t := range tries {
			wait, err := tx.Try(ctx, t.subject, t.rule)
			if err != nil {
				return err
			}
			if wait > 0 && (before > 0 || i < len(tries)-1) {
				return model.E(model.TooMany, "binding.blocked",
					"尝试次数过多，请 "+model.WaitText(wait)+"后再试，或使用告知书上的绑定码，或持身份证件到法院诉讼服务窗口办理")
			}
		}
		return nil
	})
}

var errNoMatch = model.E(model.Invalid, "binding.no_match",
	"没有找到与您填写的信息完全一致的当事人，请核对姓名、证件号码和手机号；手机号如与立案时不同，请使用告知书上的绑定码或联系法院")

func (s *Service) bindMatching(ctx context.Context, by model.Actor, name, idNumber, phone, caseNo string, how model.BindingMethod) (
	[]model.Binding, error,
) {
	var bound []model.Binding
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		bound = nil
		parties, err := tx.PartiesMatching(ctx, name, tx.LookupHash(storage.LookupIDNumber, idNumber),
			tx.LookupHash(storage.LookupPhone, phone), caseNo)
		if err != nil {
			return err
		}
		for _, p := range parties {
			b := model.Binding{
				CourtID: p.CourtID, CaseID: p.CaseID, PartyID: p.ID, UserID: by.UserID, Capacity: model.CapacitySelf, Method: how,
			}
			if err := s.bind(ctx, tx, by, &b); err != nil {
				return err
			}
			bound = append(bound, b)
		}
		if len(bound) > 0 {
			return tx.SetUserPhone(ctx, by.UserID, phone)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("bind by identity: %w", err)
	}
	return bound, nil
}

var errRealNameOff = model.E(model.Invalid, "real_name.off", "本院暂未开通实名核身，请使用告知书上的绑定码，或用姓名、证件号码和手机号绑定")

// StartRealName begins a real-name check with the court's provider.
func (s *Service) StartRealName(ctx context.Context, by model.Actor, name, idNumber string) (verifyID, seq string, err error) {
	if err := by.Require(model.ActBind); err != nil {
		return "", "", err
	}
	if s.cfg.RealName == nil {
		return "", "", errRealNameOff
	}
	name, idNumber = model.Clean(name), model.NormalizeID(idNumber)
	if name == "" {
		return "", "", model.InvalidField("name", "field.required", "请填写姓名")
	}
	if err := model.CheckID(model.IDKindOf(idNumber), idNumber, model.DateOf(s.cfg.Now())); err != nil {
		return "", "", err
	}
	return s.cfg.RealName.StartRealName(ctx, by.OpenID, name, idNumber)
}

// FinishRealName asks the provider for the result and, if it is the holder of
// the name and number, binds the user to the matching parties whose phone he
// verified before.
func (s *Service) FinishRealName(ctx context.Context, by model.Actor, name, idNumber, verifyID, seq, phoneCode string) ([]model.Binding, error) {
	if err := by.Require(model.ActBind); err != nil {
		return nil, err
	}
	if s.cfg.RealName == nil {
		return nil, errRealNameOff
	}
	name, idNumber = model.Clean(name), model.NormalizeID(idNumber)
	passed, err := s.cfg.RealName.FinishRealName(ctx, by.OpenID, name, idNumber, verifyID, seq)
	if err != nil {
		return nil, err
	}
	if !passed {
		return nil, model.E(model.Invalid, "real_name.failed", "实名核身未通过，请本人重新核验")
	}
	phone, err := s.cfg.WeChat.PhoneNumber(ctx, phoneCode, by.OpenID)
	if err != nil {
		return nil, err
	}
	bound, err := s.bindMatching(ctx, by, model.NormalizeName(name), idNumber, phone, "", model.BoundByFace)
	if err == nil && len(bound) == 0 {
		err = errNoMatch
	}
	return bound, err
}

// Bindings lists the cases to whose parties the user is bound.
func (s *Service) Bindings(ctx context.Context, by model.Actor) ([]model.BoundCase, error) {
	if err := by.Require(model.ActSelf); err != nil {
		return nil, err
	}
	if !by.IsParty() {
		return nil, nil
	}
	return s.db.Bindings(ctx, by.UserID, 0)
}

// CaseBindings lists who uses the mini-program for the parties of a case.
func (s *Service) CaseBindings(ctx context.Context, by model.Actor, caseID int64) ([]model.Binding, error) {
	if err := by.Require(model.ActBindingIssue); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	all, err := s.db.CaseBindings(ctx, caseID)
	if err != nil {
		return nil, fmt.Errorf("bindings of case %d: %w", caseID, err)
	}
	return slices.DeleteFunc(all, func(b model.Binding) bool { return b.EndedAt != nil }), nil
}

// EndBinding ends a binding of a case, e.g. when a code fell into wrong hands,
// and with it the codes that its user handed out in that case.
func (s *Service) EndBinding(ctx context.Context, by model.Actor, id int64, reason string) error {
	if err := by.Require(model.ActBindingIssue); err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return model.InvalidField("reason", "reason.required", "请填写解除绑定的原因")
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		b, err := tx.Binding(ctx, by, id)
		if err != nil {
			return err
		}
		if b.EndedAt != nil && b.EndReason == reason {
			return nil // a repeat
		}
		if b.EndedAt != nil {
			return model.E(model.Conflict, "binding.ended", "该绑定已经解除，原因以先前登记的为准，请刷新后查看")
		}
		if err := tx.EndBinding(ctx, *b, by.UserID, reason); err != nil {
			return err
		}
		if err := tx.EndHandedOut(ctx, b.CaseID, b.UserID); err != nil {
			return err
		}
		if err := s.endCarried(ctx, tx, by, *b, reason); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActBindingIssue), model.AuditEvent{
			CourtID: b.CourtID, Action: model.AuditBindingEnd, CaseID: b.CaseID, Subject: model.ThingBinding.Of(id), Before: b,
		})
	})
}

// endCarried ends the bindings that came by themselves because of one that proved who
// the user is: when the court takes the proof back, nothing rests on it any more.
func (s *Service) endCarried(ctx context.Context, tx *storage.DB, by model.Actor, b model.Binding, reason string) error {
	if !b.Method.Proves() {
		return nil
	}
	list, err := tx.EndCarried(ctx, b, by.UserID, reason)
	if err != nil {
		return err
	}
	for _, x := range list {
		if err := tx.EndHandedOut(ctx, x.CaseID, x.UserID); err != nil {
			return err
		}
		err := tx.Audit(by, by.RoleFor(model.ActBindingIssue), model.AuditEvent{
			CourtID: x.CourtID, Action: model.AuditBindingEnd, CaseID: x.CaseID, Subject: model.ThingBinding.Of(x.ID), Before: x,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
