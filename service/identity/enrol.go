package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"github.com/pquerna/otp/totp"

	"microcourt/model"
	"microcourt/storage"
)

// Enrolment is a second factor that its owner is about to enrol.
type Enrolment struct {
	Secret string
	URL    string // what an authenticator app scans (otpauth://…); it holds the secret
}

// Enrol shows the staff member of the session a fresh secret for his second
// factor, the same one until he confirmed it by a code (ChangePassword) or
// somebody logged in by the one-time password again. Only
// an account that has none yet, because it is new or was reset, may ask; a nil
// Enrolment means that there is nothing to enrol.
func (s *Service) Enrol(ctx context.Context, by model.Actor) (*Enrolment, error) {
	if by.UserID == 0 || by.IsParty() {
		return nil, by.Require(model.ActSelfStaff)
	}
	var out *Enrolment
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		out = nil
		seen, err := tx.StaffAccount(ctx, by.UserID)
		if err != nil || !seen.MustEnrol {
			return err
		}
		a, err := tx.StaffByLogin(ctx, seen.Login)
		if err != nil {
			return err
		}
		if a.TOTPPending == "" {
			key, err := totp.Generate(totp.GenerateOpts{Issuer: "微法院", AccountName: a.Login})
			if err != nil {
				return err
			}
			a.TOTPPending = key.Secret()
			if err := tx.UpdateStaffAccount(ctx, a); err != nil {
				return err
			}
		}
		out = &Enrolment{Secret: a.TOTPPending, URL: "otpauth://totp/" + "微法院:" + a.Login + "?secret=" + a.TOTPPending + "&issuer=微法院"}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("enrol a second factor: %w", err)
	}
	return out, nil
}

// ChangePassword sets a new password for the staff member of the session and
// ends all of his sessions, this one included. It is the one act that a session
// with a first password may do; where a second factor is to be enrolled, code
// is the one that the authenticator made of Enrol's secret, and both become
// valid together.
func (s *Service) ChangePassword(ctx context.Context, by model.Actor, old, fresh, code string) error {
	if by.UserID == 0 || by.IsParty() {
		return by.Require(model.ActSelfStaff)
	}
	if fresh == old {
		return model.InvalidField("new_password", "password.weak", "新密码不能与原密码相同")
	}
	a, err := s.db.StaffAccount(ctx, by.UserID)
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	words, err := s.ownWords(ctx, by, a.Login)
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	if err := model.CheckPassword(fresh, words); err != nil {
		return err
	}
	// Who found an open desk does not guess the password there either.
	tries := fmt.Sprintf("password:%d", by.UserID)
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		wait, err := tx.Try(ctx, tries, model.ThrottleLogin)
		if err == nil && wait > 0 {
			err = throttled(wait)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	matches, err := s.passwordMatches(ctx, a, old)
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	if !matches {
		return model.InvalidField("old_password", "login.wrong", "原密码不正确")
	}
	hash, err := s.HashPassword(ctx, fresh)
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		now, err := tx.StaffByLogin(ctx, a.Login)
		if err != nil {
			return err
		}
		if now.PasswordHash != a.PasswordHash {
			return model.E(model.Conflict, "password.changed", "密码刚刚被更改或重置，请重新登录")
		}
		if now.MustEnrol {
			if err := s.enrolled(ctx, tx, by, now, code); err != nil {
				return err
			}
		}
		now.PasswordHash, now.MustChange, now.PasswordUntil = s.PasswordOf(now.UserID, hash), false, nil
		if err := errors.Join(tx.UpdateStaffAccount(ctx, now), tx.ClearFailures(ctx, tries), tx.EndSessions(ctx, by.UserID)); err != nil {
			return err
		}
		return tx.Audit(by, model.RolePublic, model.AuditEvent{
			CourtID: by.CourtID, Action: model.AuditPasswordChange, Subject: model.ThingUser.Of(by.UserID),
		})
	})
}

// enrolled makes the secret that its owner was shown his second factor.
func (s *Service) enrolled(_ context.Context, tx *storage.DB, by model.Actor, a *model.StaffAccount, code string) error {
	step, ok := s.checkTOTP(a.TOTPPending, 0, code, tx.Now())
	if a.TOTPPending == "" || !ok {
		return model.InvalidField("totp", "totp.wrong", "动态口令不正确，请用身份验证器扫描本页的二维码后，填写它此刻显示的 6 位数字")
	}
	a.TOTPSecret, a.TOTPPending, a.TOTPLastStep, a.MustEnrol = a.TOTPPending, "", step, false
	return tx.Audit(by, model.RolePublic, model.AuditEvent{CourtID: by.CourtID, Action: model.AuditTOTPEnrol, Subject: model.ThingUser.Of(by.UserID)})
}

// ownWords are the words of an account that its password must not be made of:
// login name, name and court, as they are and in pinyin.
func (s *Service) ownWords(ctx context.Context, by model.Actor, login string) ([]string, error) {
	out := append([]string{login}, strings.FieldsFunc(login, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })...)
	out = append(out, strings.Join(out[1:], ""))
	out = append(out, inPinyin(by.Name, 1)...)
	court, err := s.db.Court(ctx, by.CourtID)
	if err != nil {
		return nil, err
	}
	out = append(out, strings.ToLower(court.Code))
	out = append(out, inPinyin(court.Name, 2)...)
	return append(out, inPinyin(court.ShortName, 1)...), nil
}

// inPinyin are a Chinese text and all its pieces of at least so many
// characters: written, in pinyin, and by their initials.
func inPinyin(text string, least int) (out []string) {
	runes := []rune(strings.ToLower(strings.TrimSpace(text)))
	args := pinyin.NewArgs()
	args.Fallback = func(r rune, _ pinyin.Args) []string { return []string{string(r)} }
	syllables := pinyin.LazyPinyin(string(runes), args)
	if len(syllables) != len(runes) {
		return []string{string(runes)}
	}
	for from := range runes {
		for to := from + least; to <= len(runes); to++ {
			var initials strings.Builder
			for _, s := range syllables[from:to] {
				initials.WriteString(s[:min(1, len(s))])
			}
			if to-from > 1 {
				out = append(out, string(runes[from:to]), initials.String())
			}
			out = append(out, strings.Join(syllables[from:to], ""))
		}
	}
	return slices.Compact(out)
}
