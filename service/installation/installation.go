// Package installation proves at every start that the configuration and the
// state belong together: the bucket with the evidence, the mini-program whose
// people are bound, the certificate that signed the papers. (The keys are
// proved by the database itself, before anything else; see storage.ProveKeys.)
package installation

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// markerKey is the object that carries the bucket's id.
const markerKey = "installation/id"

// ErrMismatch is wrapped by every refusal. Nothing was written then.
var ErrMismatch = errors.New("configuration and database do not belong together; nothing was written")

// Configured is what the configuration says.
type Configured struct {
	AppID        string // of the mini-program
	ServiceAppID string // of the 服务号, "" without one
	// Certificate is the one that signs papers.
	Certificate *x509.Certificate
	// Accept names kinds of marks whose change an operator has confirmed.
	Accept []model.MarkKind
	// Restoring is set while a backup's database is being put in place: the store
	// may be new, and its objects come back afterwards.
	Restoring bool
}

// Service is the area.
type Service struct {
	db      *storage.DB
	objects object.Store
	log     *slog.Logger
}

// New makes the service.
func New(db *storage.DB, objects object.Store, log *slog.Logger) *Service {
	return &Service{db, objects, log}
}

// plan is what a start will note once everything has been found right.
type plan struct {
	add, end      []model.InstallationMark
	store, former string // the object store's id when it is new, and the one before
}

// Prove compares the configuration with the database's marks, and notes what
// is new. It looks at everything before it writes anything. Errors: ErrMismatch
// with what is expected, what is configured and what to do.
func (s *Service) Prove(ctx context.Context, c Configured) error {
	err := s.prove(ctx, c)
	if errors.Is(err, ErrMismatch) {
		// Another first start may have written its marks between our look at the
		// database and the one at the store. A second look sees them.
		err = s.prove(ctx, c)
	}
	return err
}

func (s *Service) prove(ctx context.Context, c Configured) error {
	marks, err := s.db.Marks(ctx, model.MarkObjects, model.MarkApp, model.MarkServiceApp, model.MarkCertificate)
	if err != nil {
		return err
	}
	var p plan
	for _, check := range []func(context.Context, *plan, []model.InstallationMark, Configured) error{s.proveObjects, s.proveApps, s.proveCertificate} {
		if err := check(ctx, &p, marks, c); err != nil {
			return err
		}
	}
	return s.carryOut(ctx, c, p)
}

func (c Configured) mismatch(kind model.MarkKind, format string, args ...any) error {
	confirm := "installation accept"
	if c.Restoring { // a backup from before the change; nothing else can be run now
		confirm = "restore -accept"
	}
	return fmt.Errorf("%w: %s. If it was changed on purpose, confirm it with `microcourt %s %s`", ErrMismatch, fmt.Sprintf(format, args...), confirm, kind)
}

// of are the marks of a kind that count.
func of(marks []model.InstallationMark, kind model.MarkKind) (out []model.InstallationMark) {
	for _, m := range marks {
		if m.Kind == kind && m.State != model.MarkEnded {
			out = append(out, m)
		}
	}
	return out
}

func (s *Service) proveObjects(ctx context.Context, p *plan, marks []model.InstallationMark, c Configured) error {
	found, err := s.marker(ctx)
	if err != nil {
		return fmt.Errorf("object store: %w", err)
	}
	known := of(marks, model.MarkObjects)
	fresh := strings.ToLower(rand.Text())
	switch {
	case len(known) > 0 && found == known[0].Value && known[0].State == model.MarkCurrent:
	case len(known) > 0 && known[0].State == model.MarkPending && (found == "" || found == known[0].Value):
		p.store = known[0].Value // a start was ended before it was done
	case c.Restoring && len(known) > 0 && found == "":
		p.store = known[0].Value
	case slices.Contains(c.Accept, model.MarkObjects), c.Restoring && s.holdsNothing(ctx):
		p.store = cmp.Or(found, fresh)
		if len(known) > 0 {
			p.former = known[0].Value
		}
	case len(known) > 0 && found == "":
		return c.mismatch(model.MarkObjects, "the object store has no id, the database expects the store %s: it is another bucket or folder, or its objects have not been restored", known[0].Value)
	case len(known) > 0:
		return c.mismatch(model.MarkObjects, "the object store is that of another database: its id is %s, expected is %s", found, known[0].Value)
	case found != "":
		return c.mismatch(model.MarkObjects, "the object store %s belongs to another database: this one has never used it", found)
	default:
		// A database from before marks must find its evidence in the bucket.
		if err := s.seesItsFiles(ctx, c); err != nil {
			return err
		}
		p.store = fresh
	}
	return nil
}

// holdsNothing tells whether the store has no evidence and no papers in it.
func (s *Service) holdsNothing(ctx context.Context) bool {
	ctx, stop := context.WithCancel(ctx)
	defer stop() // ends a listing
	for _, folder := range []string{"originals/", "certificates/", "documents/"} {
		for _, err := range s.objects.List(ctx, folder) {
			_ = err // an object or an error: both mean that it may hold something
			return false
		}
	}
	return true
}

func (s *Service) marker(ctx context.Context) (string, error) {
	o, _, err := s.objects.Open(ctx, markerKey)
	if errors.Is(err, object.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer func() { _ = o.Close() }()
	b, err := io.ReadAll(io.LimitReader(o, 200))
	return strings.TrimSpace(string(b)), err
}

func (s *Service) seesItsFiles(ctx context.Context, c Configured) error {
	keys, err := s.db.NewestOriginals(ctx, 5)
	if err != nil || len(keys) == 0 {
		return err
	}
	for _, k := range keys {
		o, _, err := s.objects.Open(ctx, k)
		if err == nil {
			return o.Close()
		}
		if !errors.Is(err, object.ErrNotExist) {
			return fmt.Errorf("object store: %w", err)
		}
	}
	return c.mismatch(model.MarkObjects, "none of the newest %d uploads that the database knows is in the object store", len(keys))
}

func (s *Service) proveApps(ctx context.Context, p *plan, marks []model.InstallationMark, c Configured) error {
	for _, app := range []struct {
		kind model.MarkKind
		id   string
		name string
		uses func(ctx context.Context, appID string) (bool, error)
	}{
		{model.MarkApp, c.AppID, "mini-program (wechat.app_id)", s.db.HasIdentities},
		{model.MarkServiceApp, c.ServiceAppID, "service account (service_account.app_id)", s.db.HasFollowers},
	} {
		known := of(marks, app.kind)
		if app.id == "" || slices.ContainsFunc(known, func(m model.InstallationMark) bool { return m.Name == app.id }) {
			continue
		}
		for _, m := range known {
			used, err := app.uses(ctx, m.Name)
			if err != nil {
				return err
			}
			if used && !slices.Contains(c.Accept, app.kind) {
				return c.mismatch(app.kind, "the people in this database are known by the %s %s, configured is %s", app.name, m.Name, app.id)
			}
			p.end = append(p.end, m)
		}
		p.add = append(p.add, model.InstallationMark{Kind: app.kind, Name: app.id})
	}
	return nil
}

// Fingerprint is a certificate's SHA-256 in hexadecimal.
func Fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// proveCertificate takes a renewed certificate of the same court as it comes.
// Earlier ones stay known: they verify the papers that they signed.
func (s *Service) proveCertificate(_ context.Context, p *plan, marks []model.InstallationMark, c Configured) error {
	if c.Certificate == nil {
		return nil
	}
	known := of(marks, model.MarkCertificate)
	print := Fingerprint(c.Certificate)
	same := len(known) == 0 || slices.Contains(c.Accept, model.MarkCertificate)
	for _, m := range known {
		if m.Name == print {
			return nil
		}
		if old, err := parse(m.Value); err == nil && string(old.RawSubject) == string(c.Certificate.RawSubject) {
			same = true
		}
	}
	if !same {
		return c.mismatch(model.MarkCertificate, "the signing certificate (%s) is of another holder than the ones that signed this court's papers (expected %s)",
			c.Certificate.Subject, holders(known))
	}
	if now := s.db.Now(); now.Before(c.Certificate.NotBefore) || now.After(c.Certificate.NotAfter) {
		return nil // it signs nothing
	}
	p.add = append(p.add, model.InstallationMark{
		Kind: model.MarkCertificate, Name: print,
		Value: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate.Raw})),
	})
	return nil
}

func parse(text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("not PEM")
	}
	return x509.ParseCertificate(block.Bytes)
}

func holders(known []model.InstallationMark) string {
	var out []string
	for _, m := range known {
		if c, err := parse(m.Value); err == nil && !slices.Contains(out, c.Subject.String()) {
			out = append(out, c.Subject.String())
		}
	}
	return strings.Join(out, ", ")
}

// carryOut notes what is new. The store's id is noted before it is written to
// the store and confirmed after, so that a start that ends in between is
// finished by the next; of two first starts the second takes the first one's.
func (s *Service) carryOut(ctx context.Context, c Configured, p plan) error {
	if len(p.add)+len(p.end) == 0 && p.store == "" {
		return nil
	}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		for _, m := range p.end {
			if err := tx.SetMark(ctx, m.Kind, m.Name, model.MarkEnded); err != nil {
				return err
			}
		}
		for _, m := range p.add {
			m.State = model.MarkCurrent
			if err := tx.AddMark(ctx, m); err != nil {
				return err
			}
			if err := tx.SetMark(ctx, m.Kind, m.Name, m.State); err != nil { // an ended one that came back
				return err
			}
		}
		if p.store == "" {
			return nil
		}
		if p.former != "" {
			return tx.ReplaceStore(ctx, p.former, p.store)
		}
		return tx.AddMark(ctx, model.InstallationMark{Kind: model.MarkObjects, Name: storage.StoreMark, Value: p.store, State: model.MarkPending})
	})
	if err != nil {
		return err
	}
	for _, m := range p.add {
		s.log.InfoContext(ctx, "noted as part of this installation", "kind", m.Kind, "id", m.Name)
	}
	if p.store == "" {
		return nil
	}
	return s.markStore(ctx, c)
}

// markStore writes the noted id to the store, unless it is there.
func (s *Service) markStore(ctx context.Context, c Configured) error {
	marks, err := s.db.Marks(ctx, model.MarkObjects)
	if err != nil {
		return err
	}
	id := of(marks, model.MarkObjects)[0].Value // noted just now
	err = s.objects.Put(ctx, markerKey, strings.NewReader(id), int64(len(id)), object.PutOptions{ContentType: "text/plain"})
	if err != nil && !errors.Is(err, object.ErrExist) {
		return fmt.Errorf("object store: %w", err)
	}
	if found, err := s.marker(ctx); err != nil || found != id {
		return errors.Join(err, c.mismatch(model.MarkObjects, "the object store has the id %s, expected is %s", found, id))
	}
	s.log.InfoContext(ctx, "noted as part of this installation", "kind", model.MarkObjects, "id", id)
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		return tx.SetMark(ctx, model.MarkObjects, storage.StoreMark, model.MarkCurrent)
	})
}

// Certificates are all those that signed this installation's papers, earlier
// ones too.
func (s *Service) Certificates(ctx context.Context) ([]*x509.Certificate, error) {
	marks, err := s.db.Marks(ctx, model.MarkCertificate)
	if err != nil {
		return nil, err
	}
	out := make([]*x509.Certificate, 0, len(marks))
	for _, m := range marks {
		c, err := parse(m.Value)
		if err != nil {
			return nil, fmt.Errorf("certificate %s: %w", m.Name, err)
		}
		out = append(out, c)
	}
	return out, nil
}
