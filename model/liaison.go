package model

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Village is a village or neighbourhood (村、社区) of a town (镇、街道) in the
// court's district.
type Village struct {
	ID        int64
	CourtID   int64
	Town      string
	Name      string
	CreatedAt time.Time
}

// Check refuses a village without its names.
func (v *Village) Check() error {
	v.Town, v.Name = strings.TrimSpace(v.Town), strings.TrimSpace(v.Name)
	if v.Town == "" || v.Name == "" || utf8.RuneCountInString(v.Town) > 30 || utf8.RuneCountInString(v.Name) > 30 {
		return InvalidField("name", "village.name", "请填写镇（街道）和村（社区）的名称，各不超过 30 字")
	}
	return nil
}

// Liaison is one entry of the roster of 执行联络员: a person, his villages and
// his term. He uses his own phone once a printed code bound it.
type Liaison struct {
	ID        int64
	CourtID   int64
	Name      string
	Phone     string `gorm:"serializer:sealed"`
	PhoneHash string
	FromOn    Date
	UntilOn   Date  // the last day of his term
	UserID    int64 // his WeChat user, 0 while none is bound
	IdemKey   string
	CreatedBy int64
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Live tells whether his term runs on a day.
func (l Liaison) Live(on Date) bool { return !on.Before(l.FromOn) && !on.After(l.UntilOn) }

// Standing is the state of the entry on a day, in words.
func (l Liaison) Standing(on Date) string {
	switch {
	case on.Before(l.FromOn):
		return "任期未到"
	case on.After(l.UntilOn):
		return "任期已满"
	case l.UserID == 0:
		return "在任，未绑定手机"
	}
	return "在任"
}

// Check refuses an entry that says too little.
func (l *Liaison) Check(villages []int64, today Date) error {
	l.Name, l.Phone = strings.TrimSpace(l.Name), NormalizePhone(l.Phone)
	var wrong Faults
	wrong.If(l.Name == "" || utf8.RuneCountInString(l.Name) > 50, "name", "liaison.name", "请填写联络员姓名，不超过 50 字")
	wrong.If(CheckPhone(l.Phone) != nil || l.Phone == "", "phone", "liaison.phone", "请填写正确的 11 位手机号")
	wrong.If(l.FromOn.IsZero() || l.UntilOn.IsZero() || l.UntilOn.Before(l.FromOn), "until_on", "liaison.term", "请填写任期的起止日期，终止日期不能早于起始日期")
	wrong.If(!l.UntilOn.IsZero() && l.UntilOn.Before(today), "until_on", "liaison.term", "任期的终止日期不能早于今天")
	wrong.Add(Lasting("任期开始", l.FromOn, CeilingLiaison).Check("until_on", "date.range", l.UntilOn))
	wrong.If(len(villages) == 0 || len(villages) > 50, "village_ids", "liaison.villages", "请选择联络的村（社区），最多 50 个")
	return wrong.Err()
}

// LiaisonVillage says that a village was an entry's, from when and until when.
type LiaisonVillage struct {
	ID        int64
	LiaisonID int64
	VillageID int64
	AddedAt   time.Time
	EndedAt   *time.Time
}

// LiaisonEntry is one line of an entry's history.
type LiaisonEntry struct {
	ID        int64
	LiaisonID int64
	CourtID   int64
	Text      string
	ByUserID  int64
	CreatedAt time.Time
}

// LiaisonCode is a one-time code, printed by the court, that binds a phone to
// an entry.
type LiaisonCode struct {
	ID        int64
	CourtID   int64
	LiaisonID int64
	CodeHash  string
	IssuedBy  int64
	ExpiresAt time.Time
	UsedAt    *time.Time
	UsedBy    int64
	VoidedAt  *time.Time
	CreatedAt time.Time
}

// LiaisonLine is a line of the roster.
type LiaisonLine struct {
	Liaison
	Villages []Village `gorm:"-"` // his now
}

// VillageLine is a village with whoever is its liaison now.
type VillageLine struct {
	Village
	Liaisons []string `gorm:"-"`
}

// TownCoverage counts a town's villages and those without a liaison now.
type TownCoverage struct {
	Town     string
	Villages []VillageLine
	Without  int
}

// Coverage groups villages, which are in the order of their towns.
func Coverage(list []VillageLine) (out []TownCoverage) {
	for _, v := range list {
		if len(out) == 0 || out[len(out)-1].Town != v.Town {
			out = append(out, TownCoverage{Town: v.Town})
		}
		t := &out[len(out)-1]
		t.Villages = append(t.Villages, v)
		if len(v.Liaisons) == 0 {
			t.Without++
		}
	}
	return out
}

// AssistanceKind is what a liaison is asked for.
type AssistanceKind string

// The kinds of assistance.
const (
	AssistFindPerson   AssistanceKind = "find_person"   // 查人
	AssistFindProperty AssistanceKind = "find_property" // 找物
	AssistDeliver      AssistanceKind = "deliver"       // 协助送达
	AssistPersuade     AssistanceKind = "persuade"      // 劝导履行
)

// AssistanceKinds lists the kinds in the order of screens.
var AssistanceKinds = []AssistanceKind{AssistFindPerson, AssistFindProperty, AssistDeliver, AssistPersuade}

// Chinese is the kind's name on screens, "" for one that does not exist.
func (k AssistanceKind) Chinese() string {
	return map[AssistanceKind]string{
		AssistFindPerson: "查找被执行人", AssistFindProperty: "查找财产", AssistDeliver: "协助送达", AssistPersuade: "劝导履行",
	}[k]
}

// AssistanceState is how far a request has come.
type AssistanceState string

// The states of a request.
const (
	AssistanceAsked    AssistanceState = "asked"
	AssistanceAccepted AssistanceState = "accepted"
	AssistanceDeclined AssistanceState = "declined"
	AssistanceAnswered AssistanceState = "answered"
	AssistanceClosed   AssistanceState = "closed"
)

// AssistanceStates lists the states in the order of screens.
var AssistanceStates = []AssistanceState{AssistanceAsked, AssistanceAccepted, AssistanceAnswered, AssistanceDeclined, AssistanceClosed}

// Chinese is the state's name on screens.
func (s AssistanceState) Chinese() string {
	return map[AssistanceState]string{
		AssistanceAsked: "待接受", AssistanceAccepted: "办理中", AssistanceDeclined: "已谢绝", AssistanceAnswered: "已反馈", AssistanceClosed: "已办结",
	}[s]
}

// Assistance is an officer's request to the liaison of a village.
type Assistance struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64
	PartyID           int64
	VillageID         int64
	LiaisonID         int64
	Kind              AssistanceKind
	Name              string // of the person, as the liaison sees it
	Detail            string `gorm:"serializer:sealed"` // address, appearance
	DueOn             Date
	State             AssistanceState
	RequestedBy       int64
	IdemKey           string // unique per officer
	Reason            string // why it was declined
	Answer            string `gorm:"serializer:sealed"`
	AnsweredAt        *time.Time
	CloseNote         string
	ClosedAt          *time.Time
	Version           int64
	CreatedAt         time.Time
	UpdatedAt         time.Time
}

// TableName is the table of requests.
func (Assistance) TableName() string { return "assistance_requests" }

// AssistanceFile says that a file is part of a liaison's answer.
type AssistanceFile struct {
	RequestID int64 `gorm:"primaryKey;autoIncrement:false"`
	FileID    int64 `gorm:"primaryKey;autoIncrement:false"`
	CaseID    int64
	Seq       int
}

// AssistanceLine is a line of a list of requests.
type AssistanceLine struct {
	Assistance
	CaseNo  string // of the enforcement case; not for liaisons
	Town    string
	Village string
	Liaison string
	Officer string
}

// AssistanceFilter narrows a list of requests.
type AssistanceFilter struct {
	EnforcementCaseID int64
	PartyIDs          []int64 // who is to be found or told, nil for all

	OfficerID int64 // of the enforcement case; 0: the whole court
	UserID    int64 // the liaison's, whose term runs on Today
	Today     Date
	State     AssistanceState
	Before    int64
	Limit     int
}

// What a liaison is told must not hold ID numbers, which are 15 or 18 long, or
// amounts: he needs to find a person, not to know his debts.
var (
	idLike     = regexp.MustCompile(`(^|[^0-9])([0-9]{17}[0-9Xx]|[0-9]{15})($|[^0-9])`)
	amountLike = regexp.MustCompile(`[0-9０-９,，.]+\s*(元|万|块|万元|亿)|[¥￥]\s*[0-9]|人民币`)
)

// NewAssistance checks a request.
func NewAssistance(e EnforcementFile, a Assistance, today Date) (*Assistance, error) {
	a.Detail = strings.TrimSpace(a.Detail)
	var wrong Faults
	wrong.If(a.Kind.Chinese() == "", "kind", "assistance.kind", "请选择请求协助的事项：查找被执行人、查找财产、协助送达或劝导履行")
	if e.State == EnforcementClosed {
		return nil, E(Conflict, "enforcement.closed", "该执行案件已结案，不能再请求协助")
	}
	wrong.If(!e.Has(a.PartyID, EnforcementDebtor), "party_id", "assistance.person", "只能就本案的被执行人请求协助")
	wrong.If(a.Detail == "" || utf8.RuneCountInString(a.Detail) > 300, "detail", "assistance.detail", "请填写住址、体貌等协助所需的信息，不超过 300 字")
	wrong.If(idLike.MatchString(a.Detail) || amountLike.MatchString(a.Detail), "detail", "assistance.private", "请不要向联络员提供证件号码或金额，只写协助所需的信息")
	wrong.If(a.DueOn.Before(today) || a.DueOn.After(today.AddDays(180)), "due_on", "assistance.due", "反馈期限应在今天之后的 180 天以内")
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	a.CourtID, a.CaseID, a.EnforcementCaseID, a.State, a.Version = e.CourtID, e.CaseID, e.ID, AssistanceAsked, 1
	return &a, nil
}

func (a *Assistance) to(seen int64, state AssistanceState) error {
	switch {
	case !AssistanceMachine.May(a.State, state):
		return E(Conflict, "assistance.state", "该请求"+a.State.Chinese()+"，不能进行此操作，请刷新后查看")
	case a.Version != seen:
		return E(Conflict, "assistance.changed", "内容刚刚被其他人更新，请刷新后再操作")
	}
	return nil
}

// Accept is the liaison's word that he will do it.
func (a *Assistance) Accept(seen int64) error {
	if err := a.to(seen, AssistanceAccepted); err != nil {
		return err
	}
	a.State = AssistanceAccepted
	return nil
}

// Decline is his word that he cannot.
func (a *Assistance) Decline(seen int64, reason string) error {
	if err := a.to(seen, AssistanceDeclined); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > 300 {
		return InvalidField("reason", "reason.required", "请填写不能协助的原因，不超过 300 字")
	}
	a.State, a.Reason = AssistanceDeclined, reason
	return nil
}

// Reply is what the liaison found or did.
func (a *Assistance) Reply(seen int64, text string, files []int64, now time.Time) error {
	if err := a.to(seen, AssistanceAnswered); err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	var wrong Faults
	wrong.If(text == "" || utf8.RuneCountInString(text) > 1000, "text", "assistance.answer", "请填写协助的情况，不超过 1000 字")
	wrong.If(len(files) > maxAnswerFiles, "file_ids", "file.too_many", "一次最多 9 个文件")
	if err := wrong.Err(); err != nil {
		return err
	}
	a.State, a.Answer, a.AnsweredAt = AssistanceAnswered, text, &now
	return nil
}

// Close ends a request, answered or not.
func (a *Assistance) Close(seen int64, note string, now time.Time) error {
	if err := a.to(seen, AssistanceClosed); err != nil {
		return err
	}
	note = strings.TrimSpace(note)
	if note == "" || utf8.RuneCountInString(note) > 500 {
		return InvalidField("note", "assistance.note", "请填写办结说明，不超过 500 字")
	}
	a.State, a.CloseNote, a.ClosedAt = AssistanceClosed, note, &now
	return nil
}

// AssistanceNotice tells the liaison of a request or that it was closed. It
// names neither the case's number nor the debtor.
func AssistanceNotice(a Assistance, userID int64) Notice {
	title, body := "法院请您协助", fmt.Sprintf("法院请您协助%s，请于%s在本小程序反馈。", a.Kind.Chinese(), a.DueOn.By())
	if a.State == AssistanceClosed {
		title, body = "协助事项已办结", "您协助的事项法院已办结，无需再办理。谢谢您的支持。"
	}
	return Notice{
		CourtID: a.CourtID, CaseID: a.CaseID, UserID: userID, Kind: NoticeAssistance, DedupeKey: fmt.Sprintf("%s:%d:%s", NoticeAssistance, a.ID, a.State),
		Title: title, Body: body, Page: fmt.Sprintf("pages/assistance/detail?id=%d", a.ID),
	}
}

// AssistanceReplyNotice tells the officer what the liaison did with a request.
func AssistanceReplyNotice(cs Case, e EnforcementCase, a Assistance, liaison string) Notice {
	return queryNotice(NoticeAssistanceReply, cs, e, ThingAssistance.Of(a.ID), fmt.Sprintf("%d:%s", a.ID, a.State), "联络员"+a.State.Chinese(),
		"联络员"+liaison+"对“"+a.Kind.Chinese()+"”请求的办理情况有更新，请查看。", e.OfficerID)
}

// LiaisonSlipFacts is what the slip with a liaison's one-time code says: of no
// case, and of no one else.
func LiaisonSlipFacts(court Court, l LiaisonLine, code string, issued, until Date) DocumentFacts {
	var areas []string
	for _, v := range l.Villages {
		areas = append(areas, v.Town+v.Name)
	}
	return DocumentFacts{
		Kind: DocumentLiaisonSlip, CourtName: court.Name, CourtPhone: court.Phone, CourtAddress: court.Address, Addressee: l.Name, Note: strings.Join(areas, "、"),
		Code: code, Scene: "l=" + ReadCode(code), CodeExpires: until, IssuedOn: issued,
	}
}

// LiaisonRole is an entry in a court's roster as the liaison himself sees it.
type LiaisonRole struct {
	LiaisonLine
	Court string
}
