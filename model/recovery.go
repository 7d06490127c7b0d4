package model

import (
	"strconv"
	"time"
)

// StrayObject is an object of the store that no row of the database knows. What
// may be evidence or a signed paper is never removed for that: it is listed,
// reported and kept for the installation's term.
type StrayObject struct {
	Key        string `gorm:"primaryKey;column:object_key"`
	Size       int64  // bytes
	ModifiedAt time.Time
	FoundAt    time.Time
	Cause      StrayCause
	Number     string // of a signed paper, as it says itself
	// Ended is why it is not stray any more, "" while it is.
	Ended   StrayEnd
	EndedAt *time.Time
}

// StrayCause is why an object is listed.
type StrayCause string

// The causes.
const (
	StrayNoRow StrayCause = "no_row" // 数据库中没有对应的记录
	// StrayLoose is a file that was not part of anything in the backup that was
	// restored; what it became part of afterwards is lost.
	StrayLoose StrayCause = "loose_at_restore"
)

// StrayEnd is why an object is not stray any more.
type StrayEnd string

// The ends.
const (
	StrayKnown   StrayEnd = "known"   // a row names it (again)
	StrayExpired StrayEnd = "expired" // removed at the end of the installation's term
	StrayGone    StrayEnd = "gone"    // the store has it no more
)

// MissingObject is an object that a row names and of which the store has no whole
// bytes: it was lost, or what is there is not what was stored.
type MissingObject struct {
	Key     string `gorm:"primaryKey;column:object_key"`
	CourtID int64
	Damaged bool // it is there, with other bytes
	NamedBy
	FoundAt time.Time
	EndedAt *time.Time // whole again, or named by nobody any more
}

// NamedBy is the row that names an object.
type NamedBy struct {
	Kind      string // file, certificate or document
	RowID     int64
	CaseID    int64  // 0 for none
	ReceiptID int64  // of a file that is part of a receipt
	Number    string // of a paper
	SHA256    string `gorm:"column:sha256"` // "" where no row keeps it
}

// Chinese says on screens what the row is.
func (n NamedBy) Chinese() string {
	s := map[string]string{"file": "上传的文件", "certificate": "证明书", "document": "文书"}[n.Kind] + " "
	switch {
	case n.Number != "":
		return s + n.Number
	case n.ReceiptID != 0:
		return "凭证 " + strconv.FormatInt(n.ReceiptID, 10) + " 的文件"
	}
	return s + strconv.FormatInt(n.RowID, 10)
}

// String says in reports what the row is.
func (n NamedBy) String() string {
	s := n.Kind + " " + strconv.FormatInt(n.RowID, 10)
	if n.Number != "" {
		s += " " + n.Number
	}
	if n.ReceiptID != 0 {
		s += ", receipt " + strconv.FormatInt(n.ReceiptID, 10)
	}
	if n.CaseID != 0 {
		s += ", case " + strconv.FormatInt(n.CaseID, 10)
	}
	return s
}

// VoidNumber is a document number that was given out and whose record is lost:
// nobody gets it again, and whoever asks is told.
type VoidNumber struct {
	CourtID   int64  `gorm:"primaryKey;autoIncrement:false"`
	Kind      string `gorm:"primaryKey"` // of the series
	Year      int    `gorm:"primaryKey;autoIncrement:false"`
	Serial    int64  `gorm:"primaryKey;autoIncrement:false"`
	Number    string
	NumberKey string // by which it is found, however it is typed
	CheckCode string // of a certificate whose paper was found, else ""
	ObjectKey string // of the paper that bears it, "" when none was found
	Reason    string
	VoidedAt  time.Time
	VoidedBy  int64 // 0 for the system
}

// SeriesMark says how far a series of numbers has come.
type SeriesMark struct {
	CourtID int64
	Kind    string
	Year    int
	Last    int64
}

// RecoveryCause is how it was found that the database is older than what
// belongs to it.
type RecoveryCause string

// The causes.
const (
	RecoveryRestore RecoveryCause = "restore" // 恢复备份
	RecoveryJournal RecoveryCause = "journal" // 编号日志比数据库新
	RecoveryObjects RecoveryCause = "objects" // 文件比数据库新
)

// Proven tells whether the database certainly lost what it had told the
// outside: then outside messages wait, too.
func (c RecoveryCause) Proven() bool { return c != RecoveryObjects }

// Recovery is a time when the database was older than what belongs to it: from
// its finding until it was reconciled nothing is removed.
type Recovery struct {
	ID       int64
	Cause    RecoveryCause
	Detail   string
	BackupAt *time.Time // of the backup that was restored
	FoundAt  time.Time
	ClosedAt *time.Time
}

// TableName is the table of recoveries.
func (Recovery) TableName() string { return "recoveries" }

// CertificateSeries is the series of certificates' numbers.
const CertificateSeries = "certificate"
