package model

import "time"

// Asked is a request that has a key, chosen by its client, under which it may be
// sent again. The door that took the request fills it in; the zero Asked is a
// request without a key.
type Asked struct {
	Key    string // at most 64 characters; one request of one actor
	Digest string // of everything that he asks: equal for equal requests alone
}

// AskedKey is a key that an actor used, and for what. It is kept as long as what
// was done under it, so that the key never means anything else.
type AskedKey struct {
	UserID    int64
	APIKeyID  int64
	Name      string
	Digest    string // keyed hash of what was asked
	CreatedAt time.Time
}

// ErrKeyReused refuses a request whose key was used for another one: answered
// like the first it would be lost, and nobody would know.
var ErrKeyReused = E(Conflict, "idempotency.reused",
	"这一份先前已经提交并保存，而这次的内容与先前不同，没有保存。请刷新后查看已保存的内容；需要更改或另行提交的，请核对后重新提交")

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
