package model

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// ProlongState is what became of a proposal to prolong a listing.
type ProlongState string

// The states of a proposal.
const (
	ProlongOpen     ProlongState = "open"
	ProlongApproved ProlongState = "approved"
	ProlongRefused  ProlongState = "refused"
	ProlongLapsed   ProlongState = "lapsed" // the listing ended first
)

// Chinese is the state's name on screens.
func (s ProlongState) Chinese() string {
	return map[ProlongState]string{ProlongOpen: "待决定", ProlongApproved: "已延长", ProlongRefused: "不予延长", ProlongLapsed: "名单已终止，无需决定"}[s]
}

// Prolongation prolongs the term of a listing that is in force (失信规定 art. 2
// (1)): an entry of its own, which a leader decides. A listing is prolonged
// once.
type Prolongation struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64
	MeasureID         int64
	PartyID           int64
	Years             int
	Reason            ListingExtra
	Facts             string
	State             ProlongState
	FormerUntil       Date
	Until             Date `gorm:"column:until_on"`
	ProposedBy        int64
	DecidedBy         int64
	DecidedAt         *time.Time
	DecideNote        string
	Number            string
	DocumentID        int64
	OpenKey           *string // the measure while open: one proposal at a time
	IdemKey           string  // unique per user
	Version           int64
	CreatedAt         time.Time
}

// TableName is the table of prolongations.
func (Prolongation) TableName() string { return "listing_prolongations" }

// Check refuses what the law does not allow. It is asked when it is proposed and
// again when it is decided. shortened says that credit repair shortened the
// term, performed that the debt is paid.
func (p *Prolongation) Check(m Measure, shortened, performed bool, today Date) error {
	p.Facts = strings.TrimSpace(p.Facts)
	l := listingLawOn(today)
	if m.Kind != MeasureListing || m.State != MeasureInForce || !m.Until.IsZero() && today.After(m.Until) {
		return E(Conflict, "prolong.not_listed", "该失信信息没有在公布中，不能延长期限，请刷新后查看")
	}
	if m.Until.IsZero() || l.years == 0 {
		return E(Conflict, "prolong.no_term", "该失信信息没有纳入期限，至履行完毕为止，无需延长，依据"+CitesOn(today, l.rules...))
	}
	if m.ExtraYears > 0 {
		return E(Conflict, "prolong.done", "该失信信息的期限已经延长过，不能再次延长，依据"+CitesOn(today, l.rules...))
	}
	if shortened {
		return E(Conflict, "prolong.shortened", "该失信信息因信用修复缩短了期限；不再具备条件的，请先提请撤销信用修复")
	}
	if performed {
		return E(Conflict, "obligation.performed", "被执行人的义务已经履行完毕并经确认，应当删除失信信息，不能延长期限，请刷新后查看履行情况")
	}
	var wrong Faults
	wrong.If(p.Years < l.extraLeast || p.Years > l.extraM, "years", "prolong.years", fmt.Sprintf("延长的期限应为 %d 至 %d 年，依据%s", l.extraLeast, l.extraM, CitesOn(today, l.rules...)))
	wrong.If(p.Reason.Chinese() == "", "extra_reason", "prolong.reason", "请选择延长的事由：以暴力、威胁方法妨碍、抗拒执行情节严重，或者具有多项失信行为，依据"+CitesOn(today, l.rules...))
	wrong.If(p.Facts == "" || utf8.RuneCountInString(p.Facts) > 1000, "prolong_facts", "prolong.facts", "请填写延长所依据的事实，不超过 1000 字")
	return wrong.Err()
}

// Decide answers the proposal; an approval moves the listing's last day. What
// was checked before is the caller's matter.
func (p *Prolongation) Decide(m *Measure, approve bool, note string, by, seen int64, now time.Time) error {
	note = strings.TrimSpace(note)
	switch {
	case !ProlongMachine.May(p.State, ProlongApproved) || p.Version != seen:
		return E(Conflict, "prolong.decided", "该提请已处理（"+p.State.Chinese()+"），请刷新后查看")
	case OtherEyes(MatterProlong, by, p.ProposedBy) != nil:
		return OtherEyes(MatterProlong, by, p.ProposedBy)
	case !approve && note == "", utf8.RuneCountInString(note) > 500:
		return InvalidField("prolong_note", "reason.required", "不予延长的请写明理由，不超过 500 字")
	}
	p.State, p.DecidedBy, p.DecidedAt, p.DecideNote, p.OpenKey = ProlongRefused, by, &now, note, nil
	if approve {
		p.State, p.FormerUntil = ProlongApproved, m.Until
		m.ExtraYears, m.ExtraReason = p.Years, p.Reason
		m.Until = m.ListingUntil(DateOf(*m.FromAt))
		p.Until = m.Until
	}
	return nil
}

// Citation is the rule of prolonging.
func (p Prolongation) Citation() string { return CiteListingTerm.On(DateOf(p.CreatedAt)) }

// ProlongFacts are what the decision says besides what every paper about a
// measure says.
type ProlongFacts struct {
	Years       int    `json:"years"`
	Reason      string `json:"reason"`
	Facts       string `json:"facts"`
	FormerUntil Date   `json:"former_until"`
	Until       Date   `json:"until"`
	Citation    string `json:"citation"`
}

// PermitFacts are what a permit to spend says.
type PermitFacts struct {
	Spender   string `json:"spender"`
	Purpose   string `json:"purpose"`
	AmountFen Fen    `json:"amount_fen"`
	From      Date   `json:"from"`
	Until     Date   `json:"until"`
	Ground    string `json:"ground"`
	Reason    string `json:"reason"`
	Answer    string `json:"answer"`
	Citation  string `json:"citation"`
}

// FactsOf states the prolongation for its paper.
func (p Prolongation) FactsOf() *ProlongFacts {
	return &ProlongFacts{Years: p.Years, Reason: p.Reason.Chinese(), Facts: p.Facts, FormerUntil: p.FormerUntil, Until: p.Until, Citation: p.Citation()}
}

// FactsOf states the permit for its paper.
func (p SpendingPermit) FactsOf() *PermitFacts {
	return &PermitFacts{
		Spender: p.Spender, Purpose: p.Purpose, AmountFen: p.AmountFen, From: p.GrantFrom, Until: p.GrantUntil, Ground: p.Ground.Chinese(), Reason: p.Reason,
		Answer: p.DecisionReason, Citation: p.Ground.Citation(),
	}
}

// ProlongAskedNotice tells a leader that a prolongation waits for him.
func ProlongAskedNotice(cs Case, e EnforcementFile, m Measure, p Prolongation, user int64) Notice {
	return measureStaffNotice(NoticeMeasureProposed, cs, e, m, user, ThingProlongation.Key(p.ID), "提请延长失信期限待批准",
		fmt.Sprintf("%s：提请将%s的失信期限延长 %d 年（%s），请审批。", e.CaseNo, m.SubjectName, p.Years, p.Reason.Chinese())).about(ThingProlongation.Of(p.ID))
}

// ProlongedNotice serves a prolongation on the debtor.
func ProlongedNotice(court Court, cs Case, e EnforcementFile, m Measure, p Prolongation) Notice {
	n := measureNotice(NoticeMeasureDecided, cs, e, m, ThingProlongation.Key(p.ID), "延长失信期限决定书",
		p.Number, fmt.Sprintf("%s：因%s，本院决定将您的失信期限由%s延长至%s。", e.CaseNo, p.Reason.Chinese(), p.FormerUntil.Chinese(), p.Until.Chinese()),
		"事实："+p.Facts, "依据："+p.Citation(), m.RemedyText(court.Settings.HigherCourt), "履行完毕后，本院将及时删除失信信息。咨询电话："+court.CallAt()+"。文书全文见本案“文书”。", court.Name)
	n.Number = p.Number
	return n
}

// DutyPausedNotice tells somebody in an agency that a measure is paused, or
// holds again.
func DutyPausedNotice(m Measure, a RepairApplication, agencyID, userID int64) Notice {
	title, body := "一项限制消费暂停", "人民法院准予信用修复，对一名被执行人暂停限制消费至"+a.Until.Chinese()+"，其间不再限制；届满自动恢复。请登录后查看对象。"
	if a.RevokedAt != nil {
		title, body = "一项限制消费恢复", "人民法院撤销了对一名被执行人暂停限制消费的决定，请登录后查看对象，即日起继续落实限制。"
	}
	return Notice{
		CourtID: m.CourtID, Kind: NoticeDutyOpened, DedupeKey: fmt.Sprintf("%s:%d:pause:%d:%t:%d", NoticeDutyOpened, m.ID, a.ID, a.RevokedAt != nil, agencyID), Title: title,
		Body: paragraphs(body), Page: "pages/agency/tasks",
	}.staffTo(userID).about(ThingRepair.Of(a.ID))
}

// DutyMovedNotice tells somebody in an agency that a listing ends later.
func DutyMovedNotice(m Measure, agencyID, userID int64) Notice {
	title := "一项惩戒的期限延长"
	return Notice{
		CourtID: m.CourtID, Kind: NoticeDutyOpened, DedupeKey: fmt.Sprintf("%s:%d:until:%s:%d", NoticeDutyOpened, m.ID, m.Until, agencyID), Title: title,
		Body: paragraphs("人民法院将一名被执行人的失信期限延长至" + m.Until.Chinese() + "，请登录后查看对象，在此之前继续落实惩戒。"), Page: "pages/agency/tasks",
	}.staffTo(userID)
}
