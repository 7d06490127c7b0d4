package model

// CertificateFacts is everything that a certificate of voluntary performance
// (自动履行证明书) says, frozen at issue and stored as JSON, so that the paper can
// be printed again and never says anything newer.
type CertificateFacts struct {
	Number         string          `json:"number"`
	CheckCode      string          `json:"check_code"`
	CourtName      string          `json:"court_name"`
	ObligorName    string          `json:"obligor_name"`
	ObligorKind    SubjectKind     `json:"obligor_kind"`
	ObligorID      string          `json:"obligor_id"` // masked for persons, in full for organisations
	CaseNo         string          `json:"case_no"`
	Cause          string          `json:"cause"`
	InstrumentKind string          `json:"instrument_kind"`
	InstrumentNo   string          `json:"instrument_no"`
	EffectiveOn    Date            `json:"effective_on"`
	Adjudged       string          `json:"adjudged"`
	Performed      []PerformedItem `json:"performed"`
	TotalFen       Fen             `json:"total_fen"`
	LastPaidOn     Date            `json:"last_paid_on"`
	Timeliness     Timeliness      `json:"timeliness"`
	Judge          string          `json:"judge"`
	IssuedOn       Date            `json:"issued_on"`
	VerifyURL      string          `json:"verify_url"`
}

// PerformedItem is one confirmed payment or conduct on a certificate.
type PerformedItem struct {
	On        Date   `json:"on"`
	AmountFen Fen    `json:"amount_fen"`
	What      string `json:"what"` // e.g. 银行电子回单, or what was done
}
