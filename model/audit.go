package model

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// AuditEntry is one link of the audit trail: who did or looked at what. Links
// of a court form a chain by a keyed hash over the previous link, so that a
// changed, removed or inserted row shows. Rows are only ever added.
type AuditEntry struct {
	CourtID   int64 `gorm:"primaryKey;autoIncrement:false"` // 0: acts that belong to no court
	Seq       int64 `gorm:"primaryKey;autoIncrement:false"` // 1, 2, 3 … without gaps
	At        time.Time
	UserID    int64
	APIKeyID  int64
	Role      Role
	Action    string // e.g. "receipt.confirm", "file.look"
	CaseID    int64
	Subject   string // e.g. "receipt:12"
	Before    string // keyed digest of the thing before, "" for looks and creations
	After     string
	IP        string
	RequestID string
	PrevHash  string
	Hash      string
}

// AuditEvent is what a use case says about an act; the storage makes the link.
type AuditEvent struct {
	CourtID int64
	Action  string
	CaseID  int64
	Subject string
	Before  any // digested, not stored
	After   any
}

// Subject names a thing in the audit trail.
func Subject(kind string, id int64) string { return fmt.Sprintf("%s:%d", kind, id) }

// Digest is the keyed digest of v's fields. It is keyed because ID numbers and
// phones have too few values to hide behind a plain hash.
func Digest(key []byte, v any) (string, error) {
	if v == nil {
		return "", nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("digest %T: %w", v, err)
	}
	m := hmac.New(sha256.New, key)
	m.Write(b)
	return hex.EncodeToString(m.Sum(nil)), nil
}

// Seal computes the link's hash from its fields and the previous link's hash.
func (e *AuditEntry) Seal(key []byte, prev string) error {
	h, err := e.expected(key, prev)
	if err != nil {
		return err
	}
	e.PrevHash, e.Hash = prev, h
	return nil
}

// Intact tells whether the link fits behind prev and its fields are unchanged.
func (e *AuditEntry) Intact(key []byte, prev string) bool {
	h, err := e.expected(key, prev)
	return err == nil && e.PrevHash == prev && hmac.Equal([]byte(h), []byte(e.Hash))
}

func (e *AuditEntry) expected(key []byte, prev string) (string, error) {
	c := *e
	c.PrevHash, c.Hash = prev, ""
	// Both databases keep microseconds; the hash must not see more.
	c.At = c.At.UTC().Truncate(time.Microsecond)
	return Digest(key, c)
}
