package model

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// QueryKind is what the court asks somebody else about a debtor (查控).
type QueryKind string

// The kinds of query.
const (
	QueryVehicle    QueryKind = "vehicle"     // 车辆
	QueryRealEstate QueryKind = "real_estate" // 房地产
	QueryPopulation QueryKind = "population"  // 人口信息
	QueryBank       QueryKind = "bank"        // 银行存款
)

// QueryKinds lists the kinds in the order of screens and reports.
var QueryKinds = []QueryKind{QueryVehicle, QueryRealEstate, QueryPopulation, QueryBank}

// QueryRule is how queries of a kind are made.
type QueryRule struct {
	Kind   QueryKind
	Name   string
	Agency string // who usually answers
	// Approval says that a leader has to agree before anything is asked. The law
	// leaves that to the court's own rules: what lays open a person's household or
	// his accounts is not one officer's decision.
	Approval bool
	Why      string // why it needs approval or not, for the officer
	Citation string
}

var queryLaw = CiteAssetQuery.Short() + "：" + CiteAssetQuery.Sentence()

// identityLaw is the power to ask who and where somebody is, which the law of
// procedure leaves to its interpretation, and the limit on it.
var identityLaw = CiteIdentityQuery.Short() + "：" + CiteIdentityQuery.Sentence() + "；" + CiteOfficialDuty.Short() + "：" + CiteOfficialDuty.Sentence()

var queryRules = map[QueryKind]QueryRule{
	QueryVehicle: {
		QueryVehicle, "车辆", "公安机关交通管理部门", false, "只涉及登记在被执行人名下的机动车，由执行法官决定", queryLaw,
	},
	QueryRealEstate: {
		QueryRealEstate, "房地产", "不动产登记机构", false, "只涉及登记在被执行人名下的不动产，由执行法官决定", queryLaw,
	},
	QueryPopulation: {
		QueryPopulation, "人口信息", "公安机关人口管理部门", true, "涉及住址、家庭成员等个人信息，按本院内部规则须经院领导审批", identityLaw,
	},
	QueryBank: {
		QueryBank, "银行存款", "银行业金融机构", true, "涉及存款和交易信息，按本院内部规则须经院领导审批", queryLaw,
	},
}

// Rule is how queries of the kind are made, the zero rule for one that does not
// exist.
func (k QueryKind) Rule() QueryRule { return queryRules[k] }

// Chinese is the kind's name on screens, "" for one that does not exist.
func (k QueryKind) Chinese() string { return queryRules[k].Name }

// QueryState is how far a query has come.
type QueryState string

// The states of a query.
const (
	QueryRequested QueryState = "requested" // 待审批
	QueryApproved  QueryState = "approved"  // 可以发出
	QueryRefused   QueryState = "refused"   // 审批不同意
	QuerySent      QueryState = "sent"      // 等待答复
	QueryAnswered  QueryState = "answered"  // 已答复; nothing found is an answer too
	QueryCancelled QueryState = "cancelled" // 已撤销
)

// QueryStates lists the states in the order of screens.
var QueryStates = []QueryState{QueryRequested, QueryApproved, QuerySent, QueryAnswered, QueryRefused, QueryCancelled}

// Chinese is the state's name on screens.
func (s QueryState) Chinese() string {
	return map[QueryState]string{
		QueryRequested: "待审批", QueryApproved: "待发出", QueryRefused: "审批不同意", QuerySent: "等待答复", QueryAnswered: "已答复", QueryCancelled: "已撤销",
	}[s]
}

// AssetQuery asks an agency what a debtor has, or where he lives.
type AssetQuery struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64
	PartyID           int64 // the debtor
	Kind              QueryKind
	Purpose           string
	Agency            string // who is asked
	AgencyID          int64  // its entry in the directory when it answers at its own door, otherwise 0
	State             QueryState
	RequestedBy       int64
	IdemKey           string // unique per officer
	DecidedBy         int64  // the leader, or the officer himself where that is enough
	DecidedAt         *time.Time
	DecideReason      string
	SentBy            int64
	SentAt            *time.Time
	Reference         string // under which the agency keeps it
	DueOn             Date   // by when it is to answer
	AnsweredOn        Date   // the day of the answer
	AnsweredBy        int64  // who recorded it, 0 for an agency's program
	AnsweredKeyID     int64  // that program's key
	AnsweredAt        *time.Time
	AnswerNote        string `gorm:"serializer:sealed"`
	AnswerKey         string // of the request that recorded it
	Found             int    // findings of the answer
	CancelReason      string
	Version           int64
	CreatedAt         time.Time
}

// TableName is the table of queries, of which lists show lines.
func (AssetQuery) TableName() string { return "asset_queries" }

// AssetFinding is one thing that an answer names. Answers are personal data:
// they are sealed, and every look at them is recorded.
type AssetFinding struct {
	ID        int64
	QueryID   int64
	CaseID    int64
	Seq       int
	What      string `gorm:"serializer:sealed"`
	Place     string `gorm:"serializer:sealed"`
	Value     string `gorm:"serializer:sealed"` // in words, where it is no amount
	AmountFen Fen
	Note      string `gorm:"serializer:sealed"`
}

// PersonFinding is what an answer found of a person, with the query that asked.
type PersonFinding struct {
	AssetFinding
	Kind              QueryKind
	Agency            string
	AnsweredOn        Date
	EnforcementCaseID int64
	EnforcementNo     string
}

// TableName is the table of findings: what is sealed there opens only under its name.
func (PersonFinding) TableName() string { return "asset_findings" }

// AssetQueryFile says that a file is part of an answer.
type AssetQueryFile struct {
	QueryID int64 `gorm:"primaryKey;autoIncrement:false"`
	FileID  int64 `gorm:"primaryKey;autoIncrement:false"`
	CaseID  int64
	Seq     int
}

// AssetQueryLine is a line of a list of queries.
type AssetQueryLine struct {
	AssetQuery
	CaseNo  string // of the enforcement case
	Party   string
	Officer string
}

// AssetQueryFilter narrows a list of queries.
type AssetQueryFilter struct {
	OfficerID         int64 // of the enforcement case; 0: the whole court
	EnforcementCaseID int64
	PartyIDs          []int64 // of whom, nil for all
	State             QueryState
	Kind              QueryKind
	SentFrom          Date // only those that went out from this day to SentUntil, zero for all
	SentUntil         Date
	Before            int64 // ids below this one; 0 for the first page
	Limit             int
}

// QueryCount is how many queries of a kind went out in a period (件次).
type QueryCount struct {
	Kind     QueryKind
	Sent     int64
	Answered int64 // of them
	Found    int64 // of them with findings
}

// NewAssetQuery checks a request. The debtor must be one whom the case is
// enforced against: nobody else's property is the court's business.
func NewAssetQuery(e EnforcementFile, q AssetQuery, now time.Time) (*AssetQuery, error) {
	rule := q.Kind.Rule()
	q.Purpose, q.Agency = strings.TrimSpace(q.Purpose), strings.TrimSpace(q.Agency)
	var wrong Faults
	wrong.If(rule.Name == "", "kind", "query.kind", "请选择查询类别：车辆、房地产、人口信息或银行存款")
	if e.State == EnforcementClosed {
		return nil, E(Conflict, "enforcement.closed", "该执行案件已结案，不能再提出查询")
	}
	wrong.If(!e.Has(q.PartyID, EnforcementDebtor), "party_id", "query.person", "只能查询本案的被执行人")
	wrong.If(q.Purpose == "" || utf8.RuneCountInString(q.Purpose) > 200, "purpose", "query.purpose", "请填写查询用途，不超过 200 字")
	if q.Agency == "" {
		q.Agency = rule.Agency
	}
	if rule.Name != "" {
		wrong.Add(checkAgency(q.Agency))
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	q.CourtID, q.CaseID, q.EnforcementCaseID, q.State, q.Version = e.CourtID, e.CaseID, e.ID, QueryRequested, 1
	if !rule.Approval {
		q.State, q.DecidedBy, q.DecidedAt, q.DecideReason = QueryApproved, q.RequestedBy, &now, rule.Why
	}
	return &q, nil
}

func checkAgency(name string) error {
	if name == "" || utf8.RuneCountInString(name) > 100 {
		return InvalidField("agency", "query.agency", "请填写协助查询的单位，不超过 100 字")
	}
	return nil
}

// to refuses an act that the query's state does not allow.
func (q *AssetQuery) to(seen int64, state QueryState) error {
	switch {
	case !QueryMachine.May(q.State, state):
		return E(Conflict, "query.state", "该查询"+q.State.Chinese()+"，不能进行此操作，请刷新后查看")
	case q.Version != seen:
		return E(Conflict, "query.changed", "内容刚刚被其他人更新，请刷新后再操作")
	}
	return nil
}

// Decide records a leader's decision. Nobody decides what he asked for himself.
func (q *AssetQuery) Decide(by, seen int64, approve bool, reason string, now time.Time) error {
	if err := q.to(seen, QueryRefused); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case OtherEyes(MatterQuery, by, q.RequestedBy) != nil:
		return OtherEyes(MatterQuery, by, q.RequestedBy)
	case !approve && reason == "" || utf8.RuneCountInString(reason) > 500:
		return InvalidField("reason", "reason.required", "不同意的请填写理由，不超过 500 字")
	}
	q.State = QueryRefused
	if approve {
		q.State = QueryApproved
	}
	q.DecidedBy, q.DecidedAt, q.DecideReason = by, &now, reason
	return nil
}

// Sendable tells whether it may be put to the agency now.
func (q *AssetQuery) Sendable(seen int64) error { return q.to(seen, QuerySent) }

// Send records that it was put to the agency.
func (q *AssetQuery) Send(by, seen int64, agency, reference string, due Date, now time.Time) error {
	if err := q.Sendable(seen); err != nil {
		return err
	}
	if agency = strings.TrimSpace(agency); agency != "" {
		q.Agency = agency
	}
	if err := checkAgency(q.Agency); err != nil {
		return err
	}
	q.State, q.SentBy, q.SentAt, q.Reference, q.DueOn = QuerySent, by, &now, reference, due
	return nil
}

const (
	maxFindings    = 200
	maxAnswerFiles = 9
)

// Answer records what the agency answered. No findings is an answer.
func (q *AssetQuery) Answer(by, seen int64, on Date, note, key string, found []AssetFinding, files []int64, now time.Time) error {
	if err := q.to(seen, QueryAnswered); err != nil {
		return err
	}
	note = strings.TrimSpace(note)
	var wrong Faults
	wrong.If(on.IsZero() || on.After(DateOf(now)) || on.Before(DateOf(*q.SentAt)), "answered_on", "query.answered_on", "答复日期应在发出查询之日与今天之间")
	wrong.If(utf8.RuneCountInString(note) > 500, "note", "query.note", "说明不超过 500 字")
	wrong.If(len(found) > maxFindings, "findings", "query.finding", "一次答复最多 200 项，请以附件形式上传其余部分")
	wrong.If(len(files) > maxAnswerFiles, "file_ids", "file.too_many", "一次最多 9 个文件")
	for i := range found {
		f := &found[i]
		f.Seq, f.QueryID, f.CaseID = i+1, q.ID, q.CaseID
		f.What, f.Place, f.Value, f.Note = strings.TrimSpace(f.What), strings.TrimSpace(f.Place), strings.TrimSpace(f.Value), strings.TrimSpace(f.Note)
		if f.What == "" || f.AmountFen < 0 || utf8.RuneCountInString(f.What+f.Place+f.Value+f.Note) > 1000 {
			wrong.Add(InvalidField("findings", "query.finding", fmt.Sprintf("第 %d 项不完整：请写明查到了什么，金额不能为负数，每项不超过 1000 字", i+1)))
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	q.State, q.AnsweredOn, q.AnsweredBy, q.AnsweredAt, q.AnswerNote, q.AnswerKey, q.Found = QueryAnswered, on, by, &now, note, key, len(found)
	return nil
}

// Cancel takes a query back that was not answered.
func (q *AssetQuery) Cancel(seen int64, reason string) error {
	if err := q.to(seen, QueryCancelled); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > 500 {
		return InvalidField("reason", "reason.required", "请填写撤销的理由，不超过 500 字")
	}
	q.State, q.CancelReason = QueryCancelled, reason
	return nil
}

// QueryLetter is a query as the agency gets it: the only place where it sees
// who is meant, by the number of his papers.
type QueryLetter struct {
	QueryID  int64
	Court    string
	CaseNo   string
	Agency   string
	Kind     QueryKind
	Name     string
	IDNumber string
	Purpose  string
	Officer  string
	Phone    string // of the court
	DueOn    Date
}

// Text is the letter in words.
func (l QueryLetter) Text() string {
	out := fmt.Sprintf("%s：\n本院在执行%s一案中，需查询被执行人%s（证件号码：%s）的%s。\n查询用途：%s。\n", l.Agency, l.CaseNo, l.Name, orNone(l.IDNumber), l.Kind.Chinese(), l.Purpose)
	if !l.DueOn.IsZero() {
		out += "请于" + l.DueOn.By() + "书面答复；没有查到的，也请答复。\n"
	}
	return out + fmt.Sprintf("依据：%s。\n承办人：%s，联系电话：%s\n%s", l.Kind.Rule().Citation, l.Officer, Court{Phone: l.Phone}.CallAt(), l.Court)
}

// QueryDue is the last day on which an answer is in time, with its reason in
// words: so many working days after the day on which it was asked.
func QueryDue(c *Calendar, sent Date, days int) (Date, string) {
	d := sent
	for range days {
		d = c.NextWorkday(d.AddDays(1))
	}
	return d, fmt.Sprintf("%s发出，协助单位应在 %d 个工作日内答复（本院设置）", sent.Chinese(), days)
}

// QueryAnswerTerm is within how many working days agencies are to answer: seven
// unless the court set another.
func (s CourtSettings) QueryAnswerTerm() int {
	if s.QueryAnswerDays == 0 {
		return 7
	}
	return s.QueryAnswerDays
}

func queryNotice(kind NoticeKind, cs Case, e EnforcementCase, about Thing, key, title, body string, userID int64) Notice {
	return caseNotice(kind, cs, key, title, e.CaseNo+"："+body).staff(userID).about(about)
}

// QueryRequestedNotice asks a leader to decide. The debtor is not named.
func QueryRequestedNotice(cs Case, e EnforcementCase, q AssetQuery, leader int64) Notice {
	return queryNotice(NoticeQueryRequested, cs, e, ThingAssetQuery.Of(q.ID), fmt.Sprintf("%d:%d", q.ID, leader), "有查询待审批", "执行法官申请查询被执行人的"+q.Kind.Chinese()+"，请审批。", leader)
}

// QueryDecidedNotice tells the officer what was decided.
func QueryDecidedNotice(cs Case, e EnforcementCase, q AssetQuery) Notice {
	body := q.Kind.Chinese() + "查询已经院领导同意，请发出。"
	if q.State == QueryRefused {
		body = q.Kind.Chinese() + "查询未获同意。理由：" + q.DecideReason
	}
	return queryNotice(NoticeQueryDecided, cs, e, ThingAssetQuery.Of(q.ID), fmt.Sprint(q.ID), "查询审批结果", body, e.OfficerID)
}

// QueryAddressedNotice tells somebody in the agency that it is asked, or is no
// longer. The debtor is not named.
func QueryAddressedNotice(q AssetQuery, userID int64) Notice {
	title, body := "法院请您单位协助查询", "法院请您单位协助查询被执行人的"+q.Kind.Chinese()+"，请在"+q.DueOn.By()+"登录答复；没有查到的，也请答复。"
	if q.State == QueryCancelled {
		title, body = "法院撤销了查询请求", "法院已撤销对被执行人"+q.Kind.Chinese()+"的查询请求，无需再答复。"
	}
	return Notice{
		CourtID: q.CourtID, Kind: NoticeQueryAddressed, DedupeKey: fmt.Sprintf("%s:%d:%s", NoticeQueryAddressed, q.ID, q.State), Title: title, Body: body,
		Page: fmt.Sprintf("pages/agency/query?id=%d", q.ID),
	}.staffTo(userID).about(ThingAssetQuery.Of(q.ID))
}

// QueryAnsweredNotice tells the officer that the agency answered at its door.
func QueryAnsweredNotice(cs Case, e EnforcementCase, q AssetQuery) Notice {
	body := q.Agency + "已答复" + q.Kind.Chinese() + "查询，请登录查看。"
	return queryNotice(NoticeQueryAnswered, cs, e, ThingAssetQuery.Of(q.ID), fmt.Sprint(q.ID), "责任单位已答复查询", body, e.OfficerID)
}
