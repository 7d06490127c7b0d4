package model

import (
	"strings"
	"time"
	"unicode/utf8"
)

// PetitionKind is what somebody asks the officer for.
type PetitionKind string

// The kinds of petition.
const (
	PetitionRemorse PetitionKind = "remorse"       // 具结悔过书
	PetitionRelease PetitionKind = "early_release" // 提前解除拘留申请
)

// Chinese is the kind's name, "" for an unknown one.
func (k PetitionKind) Chinese() string {
	return map[PetitionKind]string{PetitionRemorse: "具结悔过书", PetitionRelease: "提前解除拘留申请"}[k]
}

// PetitionState is how far a petition has come.
type PetitionState string

// The states. Early release is the president's decision: the officer forwards
// the request or refuses to, and records what became of it.
// Source: 适用民事诉讼法的解释第一百八十二条.
const (
	PetitionOpen      PetitionState = "open"      // 待答复
	PetitionForwarded PetitionState = "forwarded" // 已提请院长批准
	PetitionGranted   PetitionState = "granted"   // 已批准
	PetitionAccepted  PetitionState = "accepted"  // 已收悉, of a remorse statement
	PetitionRefused   PetitionState = "refused"   // 未同意
)

// Chinese is the state's name on screens.
func (s PetitionState) Chinese() string {
	return map[PetitionState]string{
		PetitionOpen: "待答复", PetitionForwarded: "已提请院长批准", PetitionGranted: "已批准", PetitionAccepted: "已收悉", PetitionRefused: "未同意",
	}[s]
}

// Petition is a debtor's remorse statement (具结悔过书), or a request for early
// release by him or his relative.
type Petition struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64
	PartyID           int64 // the debtor
	RelativeID        int64 // whose request it is, 0 for the debtor's own
	UserID            int64 // who entered it: the petitioner, or the officer who took it down
	Kind              PetitionKind
	Body              string
	FileID            int64 // the scan of a signed paper, 0 for none
	State             PetitionState
	Answer            string
	DecidedBy         int64
	DecidedAt         *time.Time
	IdemKey           string
	Version           int64
	CreatedAt         time.Time
}

// PetitionEntry is one answer to a petition. Entries are only added.
type PetitionEntry struct {
	ID         int64
	PetitionID int64
	State      PetitionState
	Answer     string
	ByUserID   int64
	CreatedAt  time.Time
}

// TableName is the table of entries.
func (PetitionEntry) TableName() string { return "petition_entries" }

// Check trims and checks what a petitioner wrote.
func (p *Petition) Check() error {
	p.Body = strings.TrimSpace(p.Body)
	var wrong Faults
	wrong.If(p.Kind.Chinese() == "", "kind", "petition.kind", "请选择具结悔过书或者提前解除拘留申请")
	wrong.If(p.Kind == PetitionRemorse && p.RelativeID != 0 && p.FileID == 0, "file_id", "petition.signature", "具结悔过书应由被执行人本人签名，请上传其签名的照片")
	wrong.If(utf8.RuneCountInString(p.Body) < 10 && p.FileID == 0 || utf8.RuneCountInString(p.Body) > 3000, "text", "petition.text", "请填写内容，10 至 3000 字；有签名扫描件的可以从简")
	return wrong.Err()
}

// Next are the answers that a petition may get now.
func (p Petition) Next() []PetitionState {
	switch {
	case !PetitionMachine.May(p.State, PetitionAccepted):
		return nil // what is forwarded is the president's to decide, see Conclude
	case p.Kind == PetitionRemorse:
		return []PetitionState{PetitionAccepted}
	}
	return []PetitionState{PetitionForwarded, PetitionRefused}
}

// Decide answers the petition. Every answer but a mere receipt says why.
func (p *Petition) Decide(to PetitionState, answer string, by int64, now time.Time) error {
	answer = strings.TrimSpace(answer)
	allowed := false
	for _, s := range p.Next() {
		allowed = allowed || s == to
	}
	switch {
	case p.State == PetitionForwarded:
		return E(Conflict, "petition.forwarded", "该申请已提请院长决定，由院长决定后自动答复对方；需要撤回提请的，请院长不予批准")
	case len(p.Next()) == 0:
		return E(Conflict, "petition.decided", "该"+p.Kind.Chinese()+p.State.Chinese()+"，请刷新后查看")
	case !allowed:
		return InvalidField("state", "petition.answer", "请选择可以作出的答复")
	case to != PetitionAccepted && answer == "" || utf8.RuneCountInString(answer) > 500:
		return InvalidField("answer", "reason.required", "请填写答复的理由，不超过 500 字，对方会看到")
	}
	p.State, p.Answer, p.DecidedBy, p.DecidedAt = to, answer, by, &now
	return nil
}

// PetitionLine is a line of the officer's list.
type PetitionLine struct {
	Petition
	CaseNo  string // of the enforcement case
	Debtor  string
	Officer string
	OwnerID int64
}

// Conclude is the president's word, whatever the officer said before.
func (p *Petition) Conclude(to PetitionState, answer string, by int64, now time.Time) {
	p.State, p.Answer, p.DecidedBy, p.DecidedAt = to, answer, by, &now
}

// After is the answer that a request for early release gets from what became of the
// detention, before as it was and m as it is: its end answers it whatever ended it,
// and the president's no, with its reason note, answers all that lay before the court
// when he was asked, not only the one that was put to him. "" when it still waits.
func (p Petition) After(before, m Measure, note string) (PetitionState, string) {
	forwarded := p.State == PetitionForwarded
	switch {
	case m.State == MeasureExpired && forwarded:
		return PetitionRefused, "院长决定以前期限已满，已经释放。"
	case m.State == MeasureExpired:
		return PetitionRefused, "答复以前期限已满，已经释放。"
	case m.State == MeasureLifted && m.FromAt == nil:
		return PetitionGranted, "拘留已经解除，不再收拘。"
	case m.State == MeasureLifted && m.LiftGround == LiftRevoked:
		return PetitionGranted, "拘留决定已经撤销，拘留所办理手续后释放。"
	case m.State == MeasureLifted:
		return PetitionGranted, "院长已决定提前解除拘留，拘留所办理手续后释放。"
	case forwarded, before.LiftGround == LiftRemorse && before.LiftAskedAt != nil && !p.CreatedAt.After(*before.LiftAskedAt):
		return PetitionRefused, note
	}
	return "", ""
}

// PetitionFilter narrows a list of petitions.
type PetitionFilter struct {
	CaseID        int64
	EnforcementID int64
	RelativeID    int64
	Undecided     bool
	Before        int64
	Limit         int
}
