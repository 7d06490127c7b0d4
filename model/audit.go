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
	Action    AuditAction
	CaseID    int64
	Subject   Thing  `gorm:"embedded;embeddedPrefix:subject_"`
	Detail    string // what more names the subject: the form of a file, the name of a job; "" mostly
	Before    string `gorm:"column:before_digest"` // keyed digest of the thing before, "" for looks and creations
	After     string `gorm:"column:after_digest"`
	IP        string
	RequestID string
	PrevHash  string
	Hash      string
}

// AuditEvent is what a use case says about an act; the storage makes the link.
type AuditEvent struct {
	CourtID int64
	Action  AuditAction
	CaseID  int64
	Subject Thing
	Detail  string // see AuditEntry
	Before  any    // digested, not stored
	After   any
}

// AuditFilter narrows a court's audit trail.
type AuditFilter struct {
	CourtID int64
	Cases   []int64 // about one of these; nil for any
	Users   []int64 // by one of these; nil for anybody
	Looks   bool    // only AuditLooks
	Before  int64   // sequence numbers below this one; 0 from the end
	Limit   int
}

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

// expected is the keyed digest of the link as JSON, in which every field stands
// by its name: the kind, the id and the detail of the subject each by itself, so
// that no two subjects are digested alike.
func (e *AuditEntry) expected(key []byte, prev string) (string, error) {
	c := *e
	c.PrevHash, c.Hash = prev, ""
	// Both databases keep microseconds; the hash must not see more.
	c.At = c.At.UTC().Truncate(time.Microsecond)
	return Digest(key, c)
}

// About is what the entry is about, in words.
func (e AuditEntry) About() string { return e.Subject.Chinese(e.Detail) }
