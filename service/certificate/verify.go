package certificate

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/netip"
	"sync"
	"time"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// Result is what a verification answers: the state, and what a changed paper
// would contradict. Whoever holds a real number and its code holds the paper, so
// that these words tell him nothing new; on a paper whose name or amount was
// changed they differ.
type Result struct {
	Known     bool
	State     model.CertificateState
	Number    string
	Title     string // the paper's: 自动履行证明书 or 义务履行完毕证明书
	Holder    string // masked
	CaseNo    string
	Amount    string // in words, "" when no money was owed
	IssuedOn  model.Date
	RevokedOn model.Date
	Ground    model.RevocationGround
	Reason    string
}

// Verify answers number and check code with valid, revoked or unknown. A wrong
// code and a wrong number look the same. Every look-up of a certificate is
// logged before it is answered, and the holder sees it.
func (s *Service) Verify(ctx context.Context, from model.Actor, number, code string) (*Result, error) {
	number, code = model.NormalizeNumber(number), model.NormalizeSerial(code)
	if number == "" || code == "" || utf8.RuneCountInString(number) > 100 || len(code) > 32 {
		return nil, model.E(model.Invalid, "verify.incomplete", "请填写证明书编号和校验码")
	}
	c, err := s.db.CertificateByNumber(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	if c == nil {
		return s.verifyVoid(ctx, number, code)
	}
	if subtle.ConstantTimeCompare([]byte(c.CheckCode), []byte(code)) != 1 {
		return &Result{}, nil
	}
	err = s.lookups.add(ctx, model.Lookup{CertificateID: c.ID, Method: model.LookupNumber, Result: c.State, IP: shortIP(from.IP), CreatedAt: s.db.Now()})
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	return result(c)
}

// verifyVoid answers for a number without a certificate. One that was given out
// and whose record was lost is void, and whoever holds its paper must learn so.
// Where the paper was found, its check code is asked for like any other's.
func (s *Service) verifyVoid(ctx context.Context, number, code string) (*Result, error) {
	v, err := s.db.VoidNumber(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	if v == nil || v.Kind != model.CertificateSeries ||
		v.CheckCode != "" && subtle.ConstantTimeCompare([]byte(v.CheckCode), []byte(code)) != 1 {
		return &Result{}, nil
	}
	return &Result{
		Known: true, State: model.CertificateVoid, Number: v.Number,
		Reason: "该编号曾经给出，但法院的记录在系统恢复后缺失，编号已于 " + model.DateOf(v.VoidedAt).Chinese() + "作废。持有该编号证明书的，请联系出具法院核实并重新出具。",
	}, nil
}

func result(c *model.Certificate) (*Result, error) {
	var f model.CertificateFacts
	if err := json.Unmarshal(c.Facts, &f); err != nil {
		return nil, fmt.Errorf("certificate %d: %w", c.ID, err)
	}
	r := &Result{
		Known: true, State: c.State, Number: c.Number, IssuedOn: model.DateOf(c.IssuedAt), Title: f.Title(),
		Holder: model.MaskMiddle(f.ObligorKind, f.ObligorName), CaseNo: f.CaseNo,
	}
	if f.TotalFen > 0 {
		r.Amount = "人民币" + f.TotalFen.Capital()
	}
	if c.State == model.CertificateRevoked {
		r.Ground, r.Reason = c.RevokeGround, c.RevokeReason
		if c.RevokedAt != nil {
			r.RevokedOn = model.DateOf(*c.RevokedAt)
		}
	}
	return r, nil
}

// shortIP drops the last byte of an IPv4 and the last 80 bits of an IPv6
// address: enough to see from where, not from whom.
func shortIP(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	bits := 24
	if a = a.Unmap(); a.Is6() {
		bits = 48
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.Masked().String()
}

// lookupLog writes look-ups many at a time: a look-up waits for the write that
// carries it, and while one write is under way the next ones gather. So none
// is answered before it is in the database, and a thousand a second cost a few
// dozen commits.
type lookupLog struct {
	db *storage.DB

	mu      sync.Mutex
	pending *lookupBatch
	writing bool
}

type lookupBatch struct {
	rows []model.Lookup
	done chan struct{}
	err  error
}

// maxLookupBatch bounds one INSERT.
const maxLookupBatch = 200

func newLookupLog(db *storage.DB) *lookupLog { return &lookupLog{db: db} }

func (l *lookupLog) add(ctx context.Context, row model.Lookup) error {
	l.mu.Lock()
	if l.pending == nil || len(l.pending.rows) >= maxLookupBatch {
		if l.pending != nil {
			full := l.pending
			l.mu.Unlock()
			select { // wait for room
			case <-full.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			return l.add(ctx, row)
		}
		l.pending = &lookupBatch{done: make(chan struct{})}
	}
	b := l.pending
	b.rows = append(b.rows, row)
	lead := !l.writing
	if lead {
		l.writing = true
	}
	l.mu.Unlock()
	if lead {
		l.write(context.WithoutCancel(ctx))
	}
	select {
	case <-b.done:
		return b.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write writes the batch that gathered. What gathered meanwhile is written
// behind the back of the request that began, which must not wait for others.
func (l *lookupLog) write(ctx context.Context) {
	l.mu.Lock()
	b := l.pending
	l.pending = nil
	l.mu.Unlock()
	wctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	b.err = l.db.LogLookups(wctx, b.rows)
	cancel()
	close(b.done)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pending == nil {
		l.writing = false
		return
	}
	go l.write(ctx)
}

// maxShareFailures bounds wrong one-time codes from one device at one address.
const (
	maxShareFailures = 20
	shareBlock       = time.Hour
)

// Share makes a one-time code with which its holder lets somebody see the
// details once. The code is shown once and stored as a keyed hash.
func (s *Service) Share(ctx context.Context, by model.Actor, id int64) (code string, expires time.Time, err error) {
	if err := by.Require(model.ActCertShare); err != nil {
		return "", time.Time{}, err
	}
	code = model.PaperCode(s.cfg.NewSecret)
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		c, err := tx.Certificate(ctx, by, id)
		if err != nil {
			return err
		}
		court, err := tx.Court(ctx, c.CourtID)
		if err != nil {
			return err
		}
		expires = tx.Now().Add(time.Duration(court.Settings.ShareCodeHours) * time.Hour)
		sc := model.ShareCode{CertificateID: id, CodeHash: tx.LookupHash(storage.LookupCode, "share:"+code), UserID: by.UserID, ExpiresAt: expires}
		if err := tx.CreateShareCode(ctx, &sc); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleParty, model.AuditEvent{
			CourtID: c.CourtID, Action: model.AuditCertificateShare, CaseID: c.CaseID, Subject: model.ThingCertificate.Of(id),
		})
	})
	if err != nil {
		return "", time.Time{}, fmt.Errorf("share certificate %d: %w", id, err)
	}
	return model.GroupCode(code), expires, nil
}

var errShare = model.E(model.Invalid, "share_code.wrong", "查看码不正确、已使用或已过期，请向证明书持有人索取新的查看码")

// Details shows a certificate to whoever holds a one-time code, once.
func (s *Service) Details(ctx context.Context, from model.Actor, code string) (*Result, *model.CertificateFacts, error) {
	subject := "share:" + model.ClientKey(from.IP, from.Device)
	n, err := s.db.Failures(ctx, subject)
	if err != nil {
		return nil, nil, err
	}
	if n >= maxShareFailures {
		return nil, nil, model.E(model.TooMany, "share_code.blocked", "输错次数过多，请一小时后再试")
	}
	code = model.ReadCode(code)
	var res *Result
	var facts model.CertificateFacts
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		sc, err := tx.ShareCode(ctx, tx.LookupHash(storage.LookupCode, "share:"+code))
		if err != nil {
			return err
		}
		if sc.UsedAt != nil || !sc.ExpiresAt.After(tx.Now()) {
			return errShare
		}
		if err := tx.UseShareCode(ctx, sc.ID); err != nil {
			return err
		}
		c, err := tx.CertificateByID(ctx, sc.CertificateID)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(c.Facts, &facts); err != nil {
			return err
		}
		if res, err = result(c); err != nil {
			return err
		}
		err = tx.CreateLookups(ctx, []model.Lookup{{
			CertificateID: c.ID, Method: model.LookupShare, Result: c.State, IP: shortIP(from.IP), CreatedAt: tx.Now(),
		}})
		if err != nil {
			return err
		}
		return tx.Audit(from, model.RolePublic, model.AuditEvent{
			CourtID: c.CourtID, Action: model.AuditCertificateDetails, CaseID: c.CaseID, Subject: model.ThingCertificate.Of(c.ID),
		})
	})
	if k := model.KindOf(err); err != nil && (k == model.NotFound || k == model.Invalid) {
		ferr := s.db.Transact(ctx, func(tx *storage.DB) error { return tx.AddFailure(ctx, subject, shareBlock) })
		if ferr != nil {
			return nil, nil, ferr
		}
		return nil, nil, errShare
	}
	if err != nil {
		return nil, nil, fmt.Errorf("certificate details: %w", err)
	}
	return res, &facts, nil
}

// Lookups lists who verified a certificate: for its holder and the judge.
func (s *Service) Lookups(ctx context.Context, by model.Actor, id, before int64, limit int) ([]model.Lookup, error) {
	if err := by.Require(model.ActCertOpen); err != nil {
		return nil, err
	}
	if _, err := s.db.Certificate(ctx, by, id); err != nil {
		return nil, err
	}
	return s.db.Lookups(ctx, id, before, limit)
}
