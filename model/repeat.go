package model

import "time"

// DoneAct is what somebody asked of a thing as he saw it, kept so that his
// repeat of the very same, whose first answer was lost, is known for one.
type DoneAct struct {
	// The thing's kind and id are fields of their own: gorm would take the ID of an
	// embedded Thing for the key of a table that has no column id.
	SubjectKind ThingKind
	SubjectID   int64
	Version     int64 // of the thing before the act
	UserID      int64
	APIKeyID    int64
	Digest      string // keyed hash of what was asked
	CreatedAt   time.Time
}
