package identity

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"golang.org/x/crypto/argon2"

	"microcourt/model"
	"microcourt/storage"
)

// Parameters of argon2id: 64 MB and about 60 ms. Two run at a time.
const (
	argonTime, argonMemory, argonThreads, argonKey = 1, 64 << 10, 2, 32
)

// memory is how much hashing a new password takes, in KiB. A hash names its own,
// so that the setting can change without ending anybody's password.
func (s *Service) memory() uint32 { return cmp.Or(s.cfg.PasswordMemory, argonMemory) }

// memoryOf is the memory that a hash names; a row must not decide that a log-in
// takes more than any setting has.
func memoryOf(parts []string) (kib uint32, ok bool) {
	n, err := strconv.ParseUint(parts[2], 10, 32)
	ok = err == nil && n >= 8*argonThreads && n <= argonMemory && parts[1] == strconv.Itoa(argonTime) && parts[3] == strconv.Itoa(argonThreads)
	return uint32(n), ok
}

// placeLife is how long a browser or a network stays known after its last
// log-in.
const placeLife = 90 * 24 * time.Hour

var errLogin = model.E(model.Unauthenticated, "login.wrong",
	"账号、密码或动态口令不正确；首次登录和重置后的一次性密码 7 日内有效，过期请联系系统管理员重置")

// throttled is the answer to somebody who has to wait.
func throttled(wait time.Duration) error {
	return model.E(model.TooMany, "login.locked",
		"尝试次数过多，请 "+model.WaitText(wait)+"后再试；本人也可以换用登录过的浏览器、扫码登录，或者请系统管理员解除")
}

// Hashed is the argon2id of a password with its salt and parameters. It opens
// nothing until PasswordOf made it an account's.
type Hashed string

// hashPassword hashes for whoever still waits for it: nothing is hashed for a
// client that has left.
func (s *Service) hashPassword(ctx context.Context, password string, salt []byte, memory uint32) (Hashed, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if err := ctx.Err(); err != nil { // both were ready
		return "", err
	}
	s.hashed.Add(1)
	key := argon2.IDKey([]byte(password), salt, argonTime, memory, argonThreads, argonKey)
	return Hashed(fmt.Sprintf("argon2id$%d$%d$%d$%s$%s", argonTime, memory, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))), nil
}

// PasswordOf is what an account keeps of its password: instead of the hash a
// keyed digest of the hash and the account. In another account's row it opens
// nothing, and who can write to the database but has no key cannot make one.
func (s *Service) PasswordOf(userID int64, h Hashed) string {
	begin := strings.LastIndexByte(string(h), '$') + 1
	return string(h[:begin]) + s.db.LookupHash(storage.LookupPassword, fmt.Sprintf("%d:%s", userID, h))
}

// HashPassword hashes a new password with a fresh salt. It returns the
// context's error when that ends first.
func (s *Service) HashPassword(ctx context.Context, password string) (Hashed, error) {
	return s.hashPassword(ctx, password, newSalt(), s.memory())
}

// Hashed is how many passwords were hashed since the start.
func (s *Service) Hashed() int64 { return s.hashed.Load() }

func newSalt() []byte {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails: crypto/rand aborts the program instead
	return b
}

// passwordMatches compares. A hash that is none, of an account that nobody has,
// costs as much as any other and never matches.
func (s *Service) passwordMatches(ctx context.Context, a *model.StaffAccount, password string) (bool, error) {
	salt, memory, valid := newSalt(), s.memory(), false
	if parts := strings.Split(a.PasswordHash, "$"); len(parts) == 6 {
		b, err := base64.RawStdEncoding.DecodeString(parts[4])
		if named, ok := memoryOf(parts); err == nil && ok {
			salt, memory, valid = b, named, true
		}
	}
	got, err := s.hashPassword(ctx, password, salt, memory)
	if err != nil {
		return false, err
	}
	return valid && subtle.ConstantTimeCompare([]byte(s.PasswordOf(a.UserID, got)), []byte(a.PasswordHash)) == 1, nil
}

// LoginStaff logs a staff member in by password and one-time code; who has no
// second factor yet, because his account is new or was reset, by the one-time
// password alone, into a session that may only enrol one and that ends with the
// next such log-in. An unknown login costs
// as much time, gives the same answers and is slowed down as a known one.
func (s *Service) LoginStaff(ctx context.Context, from model.Actor, login, password, code string) (*Session, error) {
	a, u, err := s.checkCredentials(ctx, from, login, password, code)
	if err != nil {
		return nil, err
	}
	sess, err := s.staffSession(ctx, from, *u, map[string]any{keyMust: a.MustChange})
	if err != nil {
		return nil, err
	}
	sess.MustChange, sess.MustEnrol = a.MustChange, a.MustEnrol
	return sess, nil
}

// staffSession opens a desk, and gives its browser a secret by which it is known
// again: a fresh one at each log-in, so that a secret that somebody else put
// into the browser before is not known afterwards. Whom the browser was known
// to, he knows it by the fresh one.
func (s *Service) staffSession(ctx context.Context, from model.Actor, u model.User, values map[string]any) (*Session, error) {
	browser := s.cfg.NewSecret()
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		if from.Browser != "" {
			if err := tx.RenamePlace(ctx, placeOfBrowser(from.Browser), placeOfBrowser(browser)); err != nil {
				return err
			}
		}
		if err := tx.KnowPlace(ctx, u.ID, placeOfBrowser(browser)); err != nil {
			return err
		}
		return tx.KnowPlace(ctx, u.ID, placeOfNetwork(from.IP))
	})
	if err != nil {
		return nil, fmt.Errorf("log in: %w", err)
	}
	if values == nil {
		values = map[string]any{}
	}
	values[keyStaff] = true
	sess, err := s.newSession(ctx, from, u, values, staffSession)
	if err != nil {
		return nil, err
	}
	sess.Browser = browser
	return sess, nil
}

func placeOfBrowser(secret string) string {
	if secret == "" {
		return ""
	}
	return "b:" + hashSecret(secret)[:40]
}

func placeOfNetwork(ip string) string {
	if n := model.Network(ip); n != "" {
		return "n:" + n
	}
	return ""
}

// trial is one try to log in: what counts it, and by which rule.
type trial struct {
	subjects  []string
	throttles []model.Throttle
	pair      string // of the account and the place
}

func accountSubject(db *storage.DB, login string) string {
	return "login-of:" + accountHash(db, login)
}

// accountHash stands for what was typed as a name, which may be a password.
func accountHash(db *storage.DB, login string) string {
	return db.LookupHash(storage.LookupLogin, "="+login)[:32]
}

// newTrial says what a try is counted against: always the account from this
// browser or network. Everything that strangers try with the account counts
// together as well, but not for places where it was used before, and a network
// counts whatever it tries, but not a browser that the account knows. So nobody
// shuts the owner out, and nobody guesses faster by coming from everywhere.
func (s *Service) newTrial(ctx context.Context, tx *storage.DB, from model.Actor, login string, userID int64) (*trial, error) {
	browser, network := placeOfBrowser(from.Browser), placeOfNetwork(from.IP)
	known, err := tx.KnownPlaces(ctx, userID, []string{browser, network}, tx.Now().Add(-placeLife))
	if err != nil {
		return nil, err
	}
	own := browser != "" && slices.Contains(known, browser)
	place := network
	if own {
		place = browser
	}
	account := accountSubject(tx, login)
	t := &trial{pair: account + "@" + hashSecret(place)[:32]}
	add := func(subject string, rule model.Throttle) {
		t.subjects, t.throttles = append(t.subjects, subject), append(t.throttles, rule)
	}
	add(t.pair, model.ThrottleLogin)
	if len(known) == 0 {
		add(account, model.ThrottleAccount)
	}
	if !own {
		add("login-from:"+network, model.ThrottleNetwork)
	}
	return t, nil
}

// begin counts the try. One that has to wait changes nothing.
func (t *trial) begin(ctx context.Context, tx *storage.DB) error {
	for i, subject := range t.subjects {
		wait, err := tx.Try(ctx, subject, t.throttles[i])
		if err != nil {
			return err
		}
		if wait > 0 {
			return throttled(wait)
		}
	}
	return nil
}

// right gives the try back to who proved who he is.
func (t *trial) right(ctx context.Context, tx *storage.DB) error {
	if err := tx.ClearFailures(ctx, t.pair); err != nil {
		return err
	}
	for _, subject := range t.subjects[1:] {
		if err := tx.Untry(ctx, subject); err != nil {
			return err
		}
	}
	return nil
}

// nobody stands for an account that there is not: its hash and secret cost what
// others cost and match nothing.
var nobody = model.StaffAccount{PasswordHash: "none", TOTPSecret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"} //nolint:gosec // of nobody

func (s *Service) checkCredentials(ctx context.Context, from model.Actor, login, password, code string) (
	*model.StaffAccount, *model.User, error,
) {
	login = model.NormalizeLogin(login)
	if len(password) > 200 || len(login) > 64 || login == "" {
		return nil, nil, errLogin
	}
	var known model.StaffAccount
	var t *trial
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		known, t = nobody, nil
		a, err := tx.StaffByLogin(ctx, login)
		if err == nil {
			known = *a
		} else if model.KindOf(err) != model.NotFound {
			return err
		}
		if t, err = s.newTrial(ctx, tx, from, login, known.UserID); err != nil {
			return err
		}
		return t.begin(ctx, tx)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("log in: %w", err)
	}
	matches, err := s.passwordMatches(ctx, &known, password) // outside the transaction: it takes its time
	if err != nil {
		return nil, nil, fmt.Errorf("log in: %w", err)
	}
	var account *model.StaffAccount
	var user *model.User
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		account, user = nil, nil
		a, u := nobody, model.User{}
		if known.UserID != 0 {
			found, err := tx.StaffByLogin(ctx, login)
			if err != nil {
				return err
			}
			who, err := tx.User(ctx, found.UserID)
			if err != nil {
				return err
			}
			a, u = *found, *who
		}
		// What was set since is not what was compared.
		right := s.secondFactor(&a, code, tx.Now()) && matches && a.PasswordHash == known.PasswordHash && u.State == model.UserActive
		if !right {
			return s.refused(ctx, tx, from, t, login, u)
		}
		// A one-time password opens more than once, and not only to its owner: each
		// log-in by it begins a second factor of its own and ends what another began.
		if a.MustEnrol {
			a.TOTPPending = ""
			if err := tx.EndSessions(ctx, u.ID); err != nil {
				return err
			}
			now, err := tx.User(ctx, u.ID) // in the epoch that began
			if err != nil {
				return err
			}
			u = *now
		}
		if err := tx.UpdateStaffAccount(ctx, &a); err != nil {
			return err
		}
		if err := t.right(ctx, tx); err != nil {
			return err
		}
		account, user, from.UserID = &a, &u, u.ID
		return tx.Audit(from, model.RolePublic, model.AuditEvent{CourtID: u.CourtID, Action: model.AuditSessionStaff, Subject: model.ThingUser.Of(u.ID)})
	})
	if err != nil {
		return nil, nil, fmt.Errorf("log in: %w", err)
	}
	if account == nil {
		return nil, nil, errLogin
	}
	return account, user, nil
}

// secondFactor checks the one-time code and spends it. An account whose owner
// has no second factor yet is opened by its one-time password, for as long as
// that is good.
func (s *Service) secondFactor(a *model.StaffAccount, code string, now time.Time) bool {
	step, ok := s.checkTOTP(a.TOTPSecret, a.TOTPLastStep, code, now)
	if a.PasswordUntil != nil && !a.PasswordUntil.After(now) {
		return false
	}
	if a.MustEnrol {
		return true
	}
	if ok {
		a.TOTPLastStep = step
	}
	return ok
}

// refused records a log-in that failed: in the account's court, and that of an
// account which there is not in the installation's court, or in the trail of
// no court when it has several. What was typed is kept as a digest only: people
// type passwords where the name belongs.
func (s *Service) refused(ctx context.Context, tx *storage.DB, from model.Actor, t *trial, login string, u model.User) error {
	e := model.AuditEvent{CourtID: u.CourtID, Action: model.AuditSessionRefused, Subject: model.ThingUser.Of(u.ID)}
	from.UserID = u.ID
	courts, err := tx.Courts(ctx) // also for known ones: both cost the same
	if err != nil {
		return err
	}
	if u.ID == 0 {
		if len(courts) == 1 {
			e.CourtID = courts[0].ID
		}
		e.Subject, e.Detail = model.ThingLogin.Of(0), accountHash(tx, login)[:12]
	}
	waiting, err := tx.Throttled(ctx, t.subjects)
	if err != nil {
		return err
	}
	if err := tx.Audit(from, model.RolePublic, e); err != nil || len(waiting) == 0 {
		return err
	}
	e.Action = model.AuditSessionThrottled
	return tx.Audit(from, model.RolePublic, e)
}

// totpPeriod is the life of a one-time code in seconds.
const totpPeriod = 30

// checkTOTP accepts the current code and its neighbours, each once: spent is
// the last step that was used.
func (s *Service) checkTOTP(secret string, spent int64, code string, now time.Time) (step int64, ok bool) {
	current := now.Unix() / totpPeriod
	for _, step := range []int64{current, current - 1, current + 1} {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*totpPeriod, 0),
			totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(model.NormalizeSerial(code))) == 1 {
			return step, step > spent
		}
	}
	return 0, false
}
