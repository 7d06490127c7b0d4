package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// InstallationMark is something by which an installation's parts know each
// other again: the database keeps it, and every start compares it with the
// configuration, so that a database is never written to with other keys,
// another court's bucket, mini-program or signing certificate. Marks are ended,
// never deleted.
type InstallationMark struct {
	Kind MarkKind `gorm:"primaryKey"`
	// Name is a sealing key's id, one fixed name for the look-up and the audit key,
	// of which there is one each, the app id, the certificate's SHA-256 in hexadecimal,
	// or the bucket's id.
	Name string `gorm:"primaryKey"`
	// Value is a key's check value (never the key), or the certificate in PEM.
	Value     string
	State     MarkState
	CreatedAt time.Time
	EndedAt   *time.Time
}

// MarkKind is what a mark is of.
type MarkKind string

// The kinds of marks.
const (
	MarkSealKey     MarkKind = "seal"
	MarkLookupKey   MarkKind = "lookup"
	MarkAuditKey    MarkKind = "audit"
	MarkObjects     MarkKind = "objects"     // the bucket or folder of files
	MarkApp         MarkKind = "app"         // the mini-program
	MarkServiceApp  MarkKind = "service_app" // the 服务号
	MarkCertificate MarkKind = "certificate" // by which papers are signed
)

// MarkState is how far a mark counts.
type MarkState string

// The states of marks.
const (
	// MarkPending is a bucket's id that may not have reached the bucket yet.
	MarkPending MarkState = "pending"
	// MarkKnown is a sealing key that has never been the active one: nothing
	// depends on it.
	MarkKnown MarkState = "known"
	// MarkCurrent is in use; a sealing key so marked may have sealed something.
	MarkCurrent MarkState = "current"
	// MarkRetired is a sealing key with which nothing new is sealed; what was
	// may still be there.
	MarkRetired MarkState = "retired"
	// MarkEnded is out of use: nothing is sealed with the key any more, or the
	// court went on to another app or bucket.
	MarkEnded MarkState = "ended"
)

// KeyCheck is a configured key as it may be shown: its id and its check value,
// a keyed hash from which the key cannot be found.
type KeyCheck struct {
	Kind   MarkKind
	ID     string
	Value  string
	Active bool // the sealing key of new values
}

// CompareKeys tells what is wrong with the configured keys for a database with
// these marks, one sentence for each key; none when they belong together. A
// sealing key that the marks do not have is a new one, and right.
func CompareKeys(marks []InstallationMark, configured []KeyCheck) (problems []string) {
	for _, c := range configured {
		i := slices.IndexFunc(marks, func(m InstallationMark) bool {
			// There is one key for look-ups and one for the audit trail.
			return m.Kind == c.Kind && (m.Name == c.ID || c.Kind != MarkSealKey)
		})
		if i >= 0 && marks[i].Value != c.Value {
			name := string(c.Kind) + " key"
			if c.Kind == MarkSealKey {
				name = fmt.Sprintf("%s %q", name, c.ID)
			}
			problems = append(problems, fmt.Sprintf("%s: the database expects the key with check value %s, the configured one has %s",
				name, short(marks[i].Value), short(c.Value)))
		} else if i >= 0 && c.Active && (marks[i].State == MarkRetired || marks[i].State == MarkEnded) {
			problems = append(problems, fmt.Sprintf("seal key %q: it is the active one in the file, but was replaced: make its successor active", c.ID))
		}
	}
	for _, m := range marks {
		if m.Kind != MarkSealKey || m.State != MarkCurrent && m.State != MarkRetired {
			continue
		}
		if !slices.ContainsFunc(configured, func(c KeyCheck) bool { return c.Kind == m.Kind && c.ID == m.Name }) {
			var have []string
			for _, c := range configured {
				if c.Kind == MarkSealKey {
					have = append(have, c.ID)
				}
			}
			problems = append(problems, fmt.Sprintf("seal key %q: personal data may still be sealed with it (check value %s), the configured keys are only %s",
				m.Name, short(m.Value), strings.Join(have, ", ")))
		}
	}
	return problems
}

// short is enough of a check value to tell two apart.
func short(v string) string { return v[:min(len(v), 12)] }
