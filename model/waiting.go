package model

import "time"

// WaitingKind is what an application that waits is for.
type WaitingKind string

// The kinds of application.
const (
	WaitingCertificate WaitingKind = "certificate" // 证明书
	WaitingRepair      WaitingKind = "repair"      // 信用修复
	WaitingSpending    WaitingKind = "spending"    // 限制消费期间的消费
	WaitingReview      WaitingKind = "review"      // 对措施的救济
	WaitingPetition    WaitingKind = "petition"    // 悔过书、提前解除拘留
	WaitingWish        WaitingKind = "wish"        // 改变暂存款的用途
	WaitingForgiveness WaitingKind = "forgiveness" // 免除, which the debtor may still refuse
)

// WaitingKinds lists the kinds.
var WaitingKinds = []WaitingKind{WaitingCertificate, WaitingRepair, WaitingSpending, WaitingReview, WaitingPetition, WaitingWish, WaitingForgiveness}

// Chinese is the kind's name on screens.
func (k WaitingKind) Chinese() string {
	return map[WaitingKind]string{
		WaitingCertificate: "出具证明书的申请", WaitingRepair: "信用修复申请", WaitingSpending: "消费申请", WaitingReview: "对措施的救济申请", WaitingPetition: "悔过书或者申请",
		WaitingWish: "改变暂存款用途的意愿", WaitingForgiveness: "债务免除",
	}[k]
}

// Waiting is an application that waits, as who made it sees it: since when, who
// decides, and by when.
type Waiting struct {
	Kind    WaitingKind
	ID      int64
	CaseID  int64
	PartyID int64
	What    string // in words
	State   string
	Since   time.Time
	Decides string // who, with his name where he is one person
	DueOn   Date   // zero when no day is set
}

// Decider names who decides: one person by title and name.
func (r Responsible) Decider() string {
	if r.Name == "" {
		return r.Title()
	}
	return r.Title() + r.Name
}

// waits makes a line.
func waits(kind WaitingKind, id, caseID, partyID int64, what, state string, since time.Time, decides string, due Date) Waiting {
	return Waiting{Kind: kind, ID: id, CaseID: caseID, PartyID: partyID, What: what, State: state, Since: since, Decides: decides, DueOn: due}
}

// WaitsFor is the application for a certificate as it waits for the judge.
func (a CertificateApplication) WaitsFor(judge Responsible) Waiting {
	return waits(WaitingCertificate, a.ID, a.CaseID, a.PartyID, "申请出具《自动履行证明书》", "等待审查", a.CreatedAt, judge.Decider(), Date{})
}

// WaitsFor is the application for credit repair as it waits: the officer checks it, the
// leaders decide.
func (a RepairApplication) WaitsFor(officer Responsible) Waiting {
	return waits(WaitingRepair, a.ID, a.CaseID, a.PartyID, "申请信用修复", a.State.Chinese(), a.CreatedAt, officer.Decider()+"核查后由院领导决定", a.DueOn)
}

// WaitsFor is the application to spend as it waits.
func (a SpendingPermit) WaitsFor(officer Responsible) Waiting {
	decides := officer.Decider()
	if a.Ground.ByLeader() {
		decides = "院领导"
	}
	return waits(WaitingSpending, a.ID, a.CaseID, a.PartyID, "申请消费："+a.Purpose, a.State.Chinese(), a.CreatedAt, decides, a.DueOn)
}

// WaitsFor is the application against a measure as it waits.
func (a MeasureReview) WaitsFor(partyID int64) Waiting {
	return waits(WaitingReview, a.ID, a.CaseID, partyID, "对措施申请救济", "等待审查", a.AskedAt, "受理该申请的法院", a.DueOn)
}

// WaitsFor is the petition as it waits: for the officer, and for the president once he
// put it before him.
func (p Petition) WaitsFor(officer Responsible) Waiting {
	decides := officer.Decider()
	if p.State == PetitionForwarded {
		decides = "院长"
	}
	return waits(WaitingPetition, p.ID, p.CaseID, p.PartyID, p.Kind.Chinese(), p.State.Chinese(), p.CreatedAt, decides, Date{})
}

// WaitsFor is the wish as it waits for the judge.
func (w DepositWish) WaitsFor(judge Responsible, partyID int64) Waiting {
	return waits(WaitingWish, w.ID, w.CaseID, partyID, "将暂存款的用途改为"+w.Purpose.Chinese(), w.State.Chinese(), w.CreatedAt, judge.Decider(), Date{})
}

// WaitsFor is a forgiveness that the debtor may still refuse.
func (e DebtEntry) WaitsFor(s CourtSettings) Waiting {
	what := "免除债务本金 " + e.AmountFen.Yuan() + " 元"
	return waits(WaitingForgiveness, e.ID, e.CaseID, e.PartyID, what, "义务人可以拒绝", e.CreatedAt, "义务人（期限届满未拒绝的，免除确定）", e.RefuseBy(s))
}
