package storage

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"

	"microcourt/model"
)

// ValidCertificates lists the numbers of a case's valid certificates.
func (db *DB) ValidCertificates(ctx context.Context, caseID int64) ([]string, error) {
	var out []string
	err := db.q(ctx).Model(&model.Certificate{}).Where("case_id = ? AND state = ?", caseID, model.CertificateValid).
		Order("id").Pluck("number", &out).Error
	return out, translate(err, "certificate")
}

// CertificatesFor lists the numbers of valid certificates that say that somebody
// performed an obligation.
func (db *DB) CertificatesFor(ctx context.Context, ob model.Obligation) ([]string, error) {
	var out []string
	err := db.q(ctx).Model(&model.Certificate{}).
		Where("instrument_id = ? AND state = ? AND party_id IN (SELECT party_id FROM obligors WHERE obligation_id = ?)", ob.InstrumentID, model.CertificateValid, ob.ID).
		Order("id").Pluck("number", &out).Error
	return out, translate(err, "certificate")
}

// CreateCertificate adds a certificate.
func (db *DB) CreateCertificate(ctx context.Context, c *model.Certificate) error {
	c.NumberKey = model.NormalizeNumber(c.Number)
	return translate(db.q(ctx).Create(c).Error, "certificate")
}

// ActiveCertificate is the valid certificate of an obligor under an
// instrument; nil when there is none.
func (db *DB) ActiveCertificate(ctx context.Context, key string) (*model.Certificate, error) {
	var c model.Certificate
	res := db.q(ctx).Where("active_key = ?", key).Limit(1).Find(&c)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "certificate")
	}
	return &c, nil
}

// ActiveCertificates tells which of the keys have a valid certificate.
func (db *DB) ActiveCertificates(ctx context.Context, keys []string) (map[string]bool, error) {
	out := map[string]bool{}
	for len(keys) > 0 {
		n := min(len(keys), 500)
		var found []string
		if err := db.q(ctx).Model(&model.Certificate{}).Where("active_key IN ?", keys[:n]).Pluck("active_key", &found).Error; err != nil {
			return nil, translate(err, "certificate")
		}
		for _, k := range found {
			out[k] = true
		}
		keys = keys[n:]
	}
	return out, nil
}

// Certificate is the certificate with the id if its case is visible to the
// actor; a party sees his own only.
func (db *DB) Certificate(ctx context.Context, by model.Actor, id int64) (*model.Certificate, error) {
	var c model.Certificate
	err := db.visibleCertificates(ctx, by).Take(&c, "id = ?", id).Error
	return &c, translate(err, "certificate")
}

func (db *DB) visibleCertificates(ctx context.Context, by model.Actor) *gorm.DB {
	if by.IsParty() {
		return db.q(ctx).Where("party_id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL)", by.UserID)
	}
	return db.q(ctx).Where("case_id IN (?)", db.visible(ctx, by).Model(&model.Case{}).Select("cases.id"))
}

// Certificates lists certificates, newest first: those of the cases that the
// actor may see, a party's own, and a court's for its list manager, who needs
// their standing.
func (db *DB) Certificates(ctx context.Context, by model.Actor, f model.CertificateFilter) ([]model.Certificate, error) {
	q := db.visibleCertificates(ctx, by)
	if !by.IsParty() && by.SupervisorOnly() == 0 || by.Has(model.RoleListManager) {
		q = db.q(ctx).Where("court_id = ?", by.CourtID) // along an index
	}
	q = q.Omit("facts", "check_code")
	if f.CaseID != 0 {
		q = q.Where("case_id = ?", f.CaseID)
	}
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if f.Year != 0 {
		q = q.Where("year = ?", f.Year)
	}
	if f.Before > 0 {
		q = q.Where("id < ?", f.Before)
	}
	var out []model.Certificate
	err := q.Order("id DESC").Limit(f.Limit).Find(&out).Error
	return out, translate(err, "certificate")
}

// CertificateByID is the certificate with the id, without asking who wants it.
func (db *DB) CertificateByID(ctx context.Context, id int64) (*model.Certificate, error) {
	var c model.Certificate
	err := db.q(ctx).Take(&c, "id = ?", id).Error
	return &c, translate(err, "certificate")
}

// CertificateByNumber is what verification needs of the certificate with the
// number, however that is typed; nil when there is none. It runs for every look-up, so it reads a few
// columns along the unique index and nothing else.
func (db *DB) CertificateByNumber(ctx context.Context, number string) (*model.Certificate, error) {
	c := model.Certificate{NumberKey: model.NormalizeNumber(number)}
	// Straight through gorm's pool of prepared statements, without its builder.
	row := db.gorm.ConnPool.QueryRowContext(ctx, `SELECT id, number, check_code, state, revoke_ground, revoke_reason, revoked_at, issued_at, facts
		FROM certificates WHERE number_key = ?`, c.NumberKey)
	if err := row.Err(); err != nil {
		return nil, translate(err, "certificate")
	}
	err := row.Scan(&c.ID, &c.Number, &c.CheckCode, &c.State, &c.RevokeGround, &c.RevokeReason, &c.RevokedAt, &c.IssuedAt, &c.Facts)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // documented
	}
	return &c, translate(err, "certificate")
}

// RevokeCertificate writes a revocation.
func (db *DB) RevokeCertificate(ctx context.Context, c *model.Certificate, seen int64) error {
	c.Version = seen + 1
	return changed(db.q(ctx).Model(&model.Certificate{}).Where("id = ? AND version = ?", c.ID, seen).
		Select("state", "revoke_ground", "revoke_reason", "revoked_by", "revoked_at", "active_key", "version").Updates(c), "certificate")
}

// SetCertificateContent records what is going to be signed, as long as no signed
// paper is there.
func (db *DB) SetCertificateContent(ctx context.Context, id int64, sum string) error {
	return translate(db.q(ctx).Model(&model.Certificate{}).Where("id = ? AND pdf_key = ''", id).Update("content_sha256", sum).Error, "certificate")
}

// SetCertificatePDF records where the signed paper is, once.
func (db *DB) SetCertificatePDF(ctx context.Context, id int64, key, sum string) (bool, error) {
	res := db.q(ctx).Model(&model.Certificate{}).Where("id = ? AND pdf_key = ''", id).
		Updates(map[string]any{"pdf_key": key, "pdf_sha256": sum})
	return res.RowsAffected == 1, translate(res.Error, "certificate")
}

// CertificatesWithoutPDF lists certificates whose paper is still to be made.
func (db *DB) CertificatesWithoutPDF(ctx context.Context, after int64, limit int) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.Certificate{}).Where("pdf_key = '' AND id > ?", after).Order("id").Limit(limit).Pluck("id", &out).Error
	return out, translate(err, "certificate")
}

// CreateApplication adds an application unless one is open, and tells which.
func (db *DB) CreateApplication(ctx context.Context, a *model.CertificateApplication) (bool, error) {
	created, err := createOnce(db.q(ctx), a)
	if err == nil && !created {
		err = db.q(ctx).Take(a, "open_key = ?", a.OpenKey).Error
	}
	return created, translate(err, "application")
}

// Applications lists a court's open applications, oldest first; a judge's own
// cases when judgeID is not 0.
func (db *DB) Applications(ctx context.Context, courtID, judgeID, after int64, limit int) ([]model.CertificateApplication, error) {
	q := db.q(ctx).Where("court_id = ? AND state = ? AND id > ?", courtID, model.ApplicationOpen, after)
	if judgeID != 0 {
		q = q.Where("case_id IN (SELECT id FROM cases WHERE judge_id = ?)", judgeID)
	}
	var out []model.CertificateApplication
	err := q.Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "application")
}

// Application is the application with the id.
func (db *DB) Application(ctx context.Context, id int64) (*model.CertificateApplication, error) {
	var a model.CertificateApplication
	err := db.q(ctx).Take(&a, "id = ?", id).Error
	return &a, translate(err, "application")
}

// DecideApplications closes the open applications with a key.
func (db *DB) DecideApplications(ctx context.Context, key string, state model.ApplicationState, reason string, by int64) error {
	return translate(db.q(ctx).Model(&model.CertificateApplication{}).Where("open_key = ?", key).Updates(map[string]any{
		"state": state, "reason": reason, "decided_by": by, "decided_at": db.Now(), "open_key": gorm.Expr("NULL"),
	}).Error, "application")
}

// CreateShareCode adds a one-time code.
func (db *DB) CreateShareCode(ctx context.Context, c *model.ShareCode) error {
	return translate(db.q(ctx).Create(c).Error, "share_code")
}

// ShareCode is the code with the hash, locked for the rest of the transaction.
func (db *DB) ShareCode(ctx context.Context, hash string) (*model.ShareCode, error) {
	var c model.ShareCode
	err := db.forUpdate(ctx).Take(&c, "code_hash = ?", hash).Error
	return &c, translate(err, "share_code")
}

// UseShareCode marks a code as used, once.
func (db *DB) UseShareCode(ctx context.Context, id int64) error {
	return changed(db.q(ctx).Model(&model.ShareCode{}).Where("id = ? AND used_at IS NULL", id).Update("used_at", db.Now()), "share_code")
}

// CreateLookups adds look-ups in one statement.
func (db *DB) CreateLookups(ctx context.Context, rows []model.Lookup) error {
	return Insert(ctx, db, rows)
}

// LogLookups adds look-ups by a single statement that commits itself: nothing
// else belongs to them, and a transaction would cost two more round trips.
func (db *DB) LogLookups(ctx context.Context, rows []model.Lookup) error {
	return translate(db.writer.WithContext(withKeys(ctx, db)).Create(&rows).Error, "certificate")
}

// Lookups lists who verified a certificate, newest first.
func (db *DB) Lookups(ctx context.Context, certificateID, before int64, limit int) ([]model.Lookup, error) {
	q := db.q(ctx).Where("certificate_id = ?", certificateID)
	if before > 0 {
		q = q.Where("id < ?", before)
	}
	var out []model.Lookup
	err := q.Order("id DESC").Limit(limit).Find(&out).Error
	return out, translate(err, "certificate")
}

// WaitingCertificates are the applications of parties of a case that wait for a
// decision.
func (db *DB) WaitingCertificates(ctx context.Context, caseID int64, parties []int64) ([]model.CertificateApplication, error) {
	var out []model.CertificateApplication
	err := db.q(ctx).Where("case_id = ? AND party_id IN ? AND state = ?", caseID, parties, model.ApplicationOpen).Order("id").Find(&out).Error
	return out, translate(err, "application")
}
