package model

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// CertificateState is the state of a certificate.
type CertificateState string

// The states of a certificate.
const (
	CertificateValid   CertificateState = "valid"   // 有效
	CertificateRevoked CertificateState = "revoked" // 已撤销
	// CertificateVoid is what a verification answers for a number that was given
	// out and whose record is lost; no row has it.
	CertificateVoid CertificateState = "void" // 编号已作废
)

// Chinese is the state's name for whoever verifies.
func (s CertificateState) Chinese() string {
	return map[CertificateState]string{CertificateValid: "有效", CertificateRevoked: "已撤销", CertificateVoid: "编号已作废"}[s]
}

// RevocationGround is why a certificate may be revoked.
type RevocationGround string

// The grounds of revocation.
const (
	GroundFalseReceipt    RevocationGround = "false_receipt"       // 回执虚假
	GroundPaymentReversed RevocationGround = "payment_reversed"    // 款项被退回或撤销
	GroundForged          RevocationGround = "confirmation_forged" // 权利人确认系伪造或受胁迫
	GroundRetrial         RevocationGround = "judgment_overturned" // 原裁判被再审改判
	GroundEnforcement     RevocationGround = "later_enforcement"   // 同一债务此后进入执行
)

// Chinese is the ground's sentence for the holder and whoever verifies.
func (g RevocationGround) Chinese() string {
	return map[RevocationGround]string{
		GroundFalseReceipt: "所依据的履行凭证不真实", GroundPaymentReversed: "款项被退回或撤销",
		GroundForged: "权利人的确认系伪造或受胁迫作出", GroundRetrial: "原生效法律文书被撤销或改判",
		GroundEnforcement: "同一债务此后进入强制执行程序",
	}[g]
}

// Valid tells whether the ground is known.
func (g RevocationGround) Valid() bool { return g.Chinese() != "" }

// Certificate is the 自动履行证明书: proof that an obligor fulfilled an instrument
// voluntarily. Its number is gap-free by court and year and never reused.
type Certificate struct {
	ID           int64
	CourtID      int64
	CaseID       int64
	InstrumentID int64
	PartyID      int64
	Year         int
	Serial       int64
	Number       string // document number as it is printed, e.g. 镇法自履证〔2020〕1号
	NumberKey    string // by which it is found, however it is typed
	CheckCode    string // printed beside the number; with it anyone can verify
	State        CertificateState
	Timeliness   Timeliness
	PerformedBy  PerformedBy // whether he performed it himself
	TotalFen     Fen
	LastPaidOn   Date
	// Facts is the JSON of everything printed, frozen at issue, so that the PDF
	// can be made again byte for byte and never says anything newer.
	Facts []byte
	// ContentSHA256 is the hash of the paper without its signature, recorded before
	// it was signed.
	ContentSHA256 string `gorm:"column:content_sha256"`
	// PDFKey and PDFSHA256 are set once the signed PDF is in the object store.
	PDFKey       string
	PDFSHA256    string `gorm:"column:pdf_sha256"`
	IssuedBy     int64
	IssuedAt     time.Time
	RevokeGround RevocationGround
	RevokeReason string
	RevokedBy    int64
	RevokedAt    *time.Time
	Version      int64
	// ActiveKey is instrument and party while valid, NULL once revoked: a unique
	// index over it allows one valid certificate at a time.
	ActiveKey *string
}

// Revoke ends the certificate's validity for one of the grounds of revocation.
func (c *Certificate) Revoke(ground RevocationGround, reason string, by int64, now time.Time) error {
	if !CertificateMachine.May(c.State, CertificateRevoked) {
		return E(Conflict, "certificate.revoked", "该证明书已经撤销")
	}
	var wrong Faults
	wrong.If(!ground.Valid(), "ground", "certificate.ground", "请选择撤销事由")
	wrong.If(strings.TrimSpace(reason) == "", "reason", "reason.required", "请填写撤销的具体理由，持有人和查验人将看到该理由")
	if err := wrong.Err(); err != nil {
		return err
	}
	c.State, c.RevokeGround, c.RevokeReason = CertificateRevoked, ground, reason
	c.RevokedBy, c.RevokedAt, c.ActiveKey = by, &now, nil
	return nil
}

// DocumentNumber fills a court's pattern for document numbers, e.g.
// {short}自履证〔{year}〕{n}号.
func DocumentNumber(pattern, short string, year int, n int64) string {
	return strings.NewReplacer(
		"{short}", short, "{year}", strconv.Itoa(year), "{n}", strconv.FormatInt(n, 10),
	).Replace(pattern)
}

// ApplicationState is the state of an application for a certificate.
type ApplicationState string

// The states of an application.
const (
	ApplicationOpen    ApplicationState = "open"    // 待处理
	ApplicationGranted ApplicationState = "granted" // 已出具
	ApplicationRefused ApplicationState = "refused" // 不予出具
)

// Chinese is the state's name on screens.
func (s ApplicationState) Chinese() string {
	return map[ApplicationState]string{ApplicationOpen: "待处理", ApplicationGranted: "已出具", ApplicationRefused: "不予出具"}[s]
}

// CertificateApplication is an obligor's application for his certificate.
type CertificateApplication struct {
	ID           int64
	CourtID      int64
	CaseID       int64
	InstrumentID int64
	PartyID      int64
	UserID       int64
	State        ApplicationState
	Reason       string // of a refusal
	DecidedBy    int64
	DecidedAt    *time.Time
	OpenKey      *string // instrument and party while open: one open application at a time
	CreatedAt    time.Time
}

// ShareCode is a one-time code with which the holder lets someone see the
// certificate's details. Only its keyed hash is stored.
type ShareCode struct {
	ID            int64
	CertificateID int64
	CodeHash      string
	UserID        int64
	ExpiresAt     time.Time
	UsedAt        *time.Time
	CreatedAt     time.Time
}

// LookupMethod is how someone verified a certificate.
type LookupMethod string

// The ways to verify.
const (
	LookupNumber LookupMethod = "number_code" // 编号加校验码
	LookupShare  LookupMethod = "share_code"  // 一次性查看码
)

// Lookup is one verification of a certificate, visible to its holder.
type Lookup struct {
	ID            int64
	CertificateID int64
	Method        LookupMethod
	Result        CertificateState
	IP            string // shortened: the last byte (IPv4) or the last 80 bits (IPv6) are dropped
	CreatedAt     time.Time
}

// Requirement is one line of the check-list for a certificate: what must be
// so, whether it is, and what to do if it is not.
type Requirement struct {
	Code    string // stable
	Met     bool
	Text    string // Chinese: the requirement
	Missing string // Chinese: what to do, "" when met
}

// ReadyCertificate is somebody who performed everything under an instrument and has
// no certificate of it (履行完毕、尚未出具).
type ReadyCertificate struct {
	CaseID       int64
	CaseNo       string
	InstrumentID int64
	Instrument   InstrumentKind
	PartyID      int64
	Party        string
	AmountFen    Fen  // of the obligations
	PerformedOn  Date // the last day on which something was performed
	Applied      bool // he asked for it
}

// Key names it in a form.
func (r ReadyCertificate) Key() string {
	return fmt.Sprintf("%d-%d-%d", r.CaseID, r.InstrumentID, r.PartyID)
}

// CertificateFilter narrows a list of certificates.
type CertificateFilter struct {
	CaseID int64            // 0 for all
	State  CertificateState // "" for all
	Year   int              // of the number, 0 for all
	Before int64            // ids below this one; 0 for the first page
	Limit  int
}
