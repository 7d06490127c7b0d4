package model

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// RoundEntryKind is what an entry on the way to 终结本次执行程序 says.
type RoundEntryKind string

// The kinds of entry.
const (
	RoundStatement RoundEntryKind = "statement" // what only the officer knows of a condition
	RoundFind      RoundEntryKind = "find"      // what became of what an answer names
	RoundTold      RoundEntryKind = "told"      // 告知申请执行人并听取意见
	RoundConsent   RoundEntryKind = "consent"   // 申请执行人签字确认
	RoundPanel     RoundEntryKind = "panel"     // 合议庭审查核实
	RoundApproval  RoundEntryKind = "approval"  // 院长批准
	RoundRefusal   RoundEntryKind = "refusal"   // 院长不批准
	RoundRuling    RoundEntryKind = "ruling"    // 裁定书送达申请执行人
)

// RoundEntryKinds lists the kinds in the order in which they come.
var RoundEntryKinds = []RoundEntryKind{RoundStatement, RoundFind, RoundTold, RoundConsent, RoundPanel, RoundApproval, RoundRefusal, RoundRuling}

// Chinese is the kind's name on screens.
func (k RoundEntryKind) Chinese() string {
	return map[RoundEntryKind]string{
		RoundStatement: "说明", RoundFind: "查到财产的处理", RoundTold: "告知申请执行人并听取意见", RoundConsent: "申请执行人签字确认",
		RoundPanel: "合议庭审查核实", RoundApproval: "批准", RoundRefusal: "不批准", RoundRuling: "裁定书送达",
	}[k]
}

// FindOutcome is what became of property that a query found.
type FindOutcome string

// The outcomes. Source: 法〔2016〕373号 4 for what cannot be disposed of.
const (
	FindDisposed  FindOutcome = "disposed"   // 已经处置
	FindUnsold    FindOutcome = "unsold"     // 拍卖、变卖不成，不能抵债，也不能强制管理
	FindNotSeized FindOutcome = "not_seized" // 登记查封的车辆、船舶没有实际扣押
	FindNotHis    FindOutcome = "not_assets" // 不是被执行人可供执行的财产
)

// FindOutcomes lists the outcomes in the order of screens.
var FindOutcomes = []FindOutcome{FindDisposed, FindUnsold, FindNotSeized, FindNotHis}

// Chinese is the outcome's name on screens.
func (o FindOutcome) Chinese() string {
	return map[FindOutcome]string{
		FindDisposed: "已经扣划、变价等处置完毕", FindUnsold: "经法定程序拍卖、变卖未成交，申请执行人不接受抵债或者依法不能抵债，又不能强制管理",
		FindNotSeized: "在登记机关查封的车辆、船舶等，未能实际扣押", FindNotHis: "不是被执行人的，或者依法不得执行的",
	}[o]
}

// RoundEntry is one thing that was done or said on the way to 终结本次执行程序.
// Entries are only added; what is wrong is said again.
type RoundEntry struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64
	Kind              RoundEntryKind
	Code              string // of a statement its condition, of a find its FindOutcome
	PartyID           int64  // the creditor who was told, signed or was served; otherwise 0
	QueryID           int64  // of a find
	Note              string
	OnDay             Date
	FileID            int64 // proof, 0 for none
	ByUserID          int64
	IdemKey           string // unique per user
	CreatedAt         time.Time
}

// RoundDebtor is what the file says of a debtor whose duty is open.
type RoundDebtor struct {
	Party       Party
	Notice      bool // the 执行通知书 reached him, or somebody recorded how it was served
	Consumption bool // his consumption is restricted
	Listed      bool
}

// RoundCase is all that 终结本次执行程序 depends on.
type RoundCase struct {
	Enforcement EnforcementFile
	Debtors     []RoundDebtor
	Creditors   []Party
	Queries     []AssetQuery
	Entries     []RoundEntry // the oldest first
	Today       Date
}

// RoundCondition is one thing that the law asks before 终结本次执行程序.
type RoundCondition struct {
	Code, Says string
	Rules      []Citation
	// Stated: the program cannot know it; the officer says how it is met, with a file
	// where Proof is set.
	Stated, Proof bool
	// Mend is the kind of entry that mends it, otherwise Page the page of the case.
	Mend RoundEntryKind
	Page string
	// missing names what is missing, "" when the condition is met.
	missing func(RoundCase) string
}

// RoundAnswer is a condition as it stands.
type RoundAnswer struct {
	RoundCondition
	Missing string // "" when it is met
}

// Source of all: 法〔2016〕373号 1 to 6, 民诉解释 517.
var roundConditions = []RoundCondition{
	{"round.notice", "已向被执行人发出执行通知", []Citation{CiteRoundNotice}, false, false, "", "", RoundCase.noNotice},
	{"round.report", "已向被执行人发出报告财产令，其报告已经核查；逾期、拒绝或者虚假报告的，已经处罚", []Citation{CiteRoundNotice, CiteRoundReport}, true, true, RoundStatement, "", stated("round.report")},
	{"round.consumption", "已向被执行人发出限制消费令", []Citation{CiteRoundLimits}, false, false, "", "/measures", RoundCase.unrestricted},
	{"round.listing", "符合条件的被执行人已纳入失信被执行人名单；没有纳入的，说明不符合条件的理由", []Citation{CiteRoundLimits}, true, false, RoundStatement, "/measures", RoundCase.unlisted},
	{"round.queries", "存款、车辆、不动产都已查询并得到答复", []Citation{CiteRoundSearched, CiteRoundMeans}, false, false, "", "/queries", RoundCase.unanswered},
	{"round.finds", "查到的财产已经处置，或者依法不能处置", []Citation{CiteRoundSearched, CiteRoundUnsold}, false, false, RoundFind, "", RoundCase.undisposed},
	{"round.searched", "财产线索已经核查；有价证券等不能网络查询的财产已经调查；需要搜查、审计、悬赏的已经采取", []Citation{CiteRoundSearched, CiteRoundMeans}, true, false, RoundStatement, "", stated("round.searched")},
	{"round.months", "自立案之日起已超过三个月", []Citation{CiteRoundMonths}, false, false, "", "", RoundCase.early},
	{"round.missing_person", "被执行人下落不明的，已依法查找；不是下落不明的，写明其下落", []Citation{CiteRoundMissing}, true, false, RoundStatement, "", stated("round.missing_person")},
	{"round.obstruction", "妨害执行的，已依法罚款、拘留，涉嫌犯罪的已移送；没有妨害的，写明", []Citation{CiteRoundMissing}, true, false, RoundStatement, "", stated("round.obstruction")},
	{"round.told", "已将执行情况、财产调查情况、终本的依据和后果告知每一申请执行人，并听取其意见", []Citation{CiteRoundTold}, false, false, RoundTold, "", RoundCase.untold},
	{"round.agreed", "上述各项记录以后，每一申请执行人签字确认，或者合议庭审查核实并经院长批准", []Citation{CiteRoundApproved}, false, false, RoundConsent, "", RoundCase.unagreed},
	{"round.ruling", "批准或者确认以后作出的裁定书已送达每一申请执行人", []Citation{CiteRoundRuling}, false, false, RoundRuling, "", RoundCase.unserved},
}

// RoundConditions lists what the law asks before 终结本次执行程序, in order.
func RoundConditions() []RoundCondition { return slices.Clone(roundConditions) }

// Answers are all conditions as they stand.
func (c RoundCase) Answers() []RoundAnswer {
	out := make([]RoundAnswer, len(roundConditions))
	for i, r := range roundConditions {
		out[i] = RoundAnswer{r, r.missing(c)}
	}
	return out
}

// Check refuses to end this round while something is missing, and names all of it.
func (c RoundCase) Check() error {
	var missing []string
	for _, a := range c.Answers() {
		if a.Missing != "" {
			missing = append(missing, a.Missing)
		}
	}
	if missing == nil {
		return nil
	}
	return E(Conflict, "round.missing", "还不能以终结本次执行程序结案："+strings.Join(missing, "；")+"。请在本案“终本”页补齐")
}

// last is the newest entry of a kind with the code and the party.
func (c RoundCase) last(k RoundEntryKind, code string, party int64) (e RoundEntry) {
	for _, x := range c.Entries {
		if x.Kind == k && x.Code == code && x.PartyID == party {
			e = x
		}
	}
	return e
}

// Statement is what the officer last said of a condition.
func (c RoundCase) Statement(code string) RoundEntry { return c.last(RoundStatement, code, 0) }

func stated(code string) func(RoundCase) string {
	return func(c RoundCase) string {
		if c.Statement(code).ID == 0 {
			i := slices.IndexFunc(roundSays, func(s [2]string) bool { return s[0] == code })
			return roundSays[i][1]
		}
		return ""
	}
}

// roundSays is what is missing of what only the officer knows.
var roundSays = [][2]string{
	{"round.report", "没有说明报告财产令的发出和核查情况"},
	{"round.searched", "没有说明线索核查和其他财产调查的情况"},
	{"round.missing_person", "没有说明被执行人的下落和查找情况"},
	{"round.obstruction", "没有说明有无妨害执行和处罚的情况"},
}

// without names the debtors of whom something is not so.
func (c RoundCase) without(what string, so func(RoundDebtor) bool) string {
	var names []string
	for _, d := range c.Debtors {
		if !so(d) {
			names = append(names, d.Party.Name)
		}
	}
	if names == nil {
		return ""
	}
	return what + strings.Join(names, "、")
}

func (c RoundCase) noNotice() string {
	return c.without("没有执行通知书的送达记录：", func(d RoundDebtor) bool { return d.Notice })
}

func (c RoundCase) unrestricted() string {
	return c.without("没有限制高消费：", func(d RoundDebtor) bool { return d.Consumption })
}

func (c RoundCase) unlisted() string {
	if c.Statement("round.listing").ID != 0 {
		return ""
	}
	return c.without("没有纳入失信名单，也没有说明不符合条件的理由：", func(d RoundDebtor) bool { return d.Listed })
}

// roundQueries are the kinds that tell of property.
var roundQueries = []QueryKind{QueryBank, QueryVehicle, QueryRealEstate}

func (c RoundCase) unanswered() string {
	var out []string
	for _, d := range c.Debtors {
		for _, k := range roundQueries {
			answered := slices.ContainsFunc(c.Queries, func(q AssetQuery) bool {
				return q.PartyID == d.Party.ID && q.Kind == k && q.State == QueryAnswered
			})
			if !answered {
				out = append(out, d.Party.Name+k.Chinese())
			}
		}
	}
	waiting := slices.ContainsFunc(c.Queries, func(q AssetQuery) bool {
		return q.State == QueryRequested || q.State == QueryApproved || q.State == QuerySent
	})
	switch {
	case len(out) > 0:
		return "没有查询答复：" + strings.Join(out, "、")
	case waiting:
		return "还有查询没有得到答复"
	}
	return ""
}

// Open are the answers that found property of which it is not said what became.
func (c RoundCase) Open() (out []AssetQuery) {
	for _, q := range c.Queries {
		if q.State != QueryAnswered || q.Found == 0 || q.Kind == QueryPopulation {
			continue
		}
		if !slices.ContainsFunc(c.Entries, func(e RoundEntry) bool { return e.Kind == RoundFind && e.QueryID == q.ID }) {
			out = append(out, q)
		}
	}
	return out
}

func (c RoundCase) undisposed() string {
	var out []string
	for _, q := range c.Open() {
		out = append(out, q.Kind.Chinese()+"（"+q.Agency+"）")
	}
	if out == nil {
		return ""
	}
	return "查到财产而没有说明如何处理：" + strings.Join(out, "、")
}

// RoundFrom is the first day on which more than three months have passed.
func (e EnforcementCase) RoundFrom() Date { return e.FiledOn.AddMonths(3).AddDays(1) }

func (c RoundCase) early() string {
	if from := c.Enforcement.RoundFrom(); c.Today.Before(from) {
		return "自立案起未超过三个月，" + from.Chinese() + "起才可以"
	}
	return ""
}

// creditorsWithout names the creditors without an entry of a kind newer than another.
func (c RoundCase) creditorsWithout(k RoundEntryKind, after int64) string {
	var names []string
	for _, p := range c.Creditors {
		if c.last(k, "", p.ID).ID <= after {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, "、")
}

func (c RoundCase) untold() string {
	if names := c.creditorsWithout(RoundTold, 0); names != "" {
		return "没有告知并听取意见：" + names
	}
	return ""
}

// newest is the newest entry of the kinds.
func (c RoundCase) newest(kinds ...RoundEntryKind) (id int64) {
	for _, e := range c.Entries {
		if slices.Contains(kinds, e.Kind) {
			id = max(id, e.ID)
		}
	}
	return id
}

// agreedAt is the entry by which it was agreed, 0 while it is not: who agrees read
// what was recorded before, so that what is recorded later asks again.
func (c RoundCase) agreedAt() int64 {
	facts := c.newest(RoundStatement, RoundFind, RoundTold)
	if len(c.Creditors) > 0 && c.creditorsWithout(RoundConsent, facts) == "" {
		return c.newest(RoundConsent)
	}
	panel, yes, no := c.newest(RoundPanel), c.newest(RoundApproval), c.newest(RoundRefusal)
	if panel > facts && yes > panel && yes > no {
		return yes
	}
	return 0
}

// AwaitsApproval is the panel's entry that waits for the president, the zero one when
// none does.
func (c RoundCase) AwaitsApproval() RoundEntry {
	panel := c.newest(RoundPanel)
	if panel <= c.newest(RoundStatement, RoundFind, RoundTold, RoundApproval, RoundRefusal) {
		return RoundEntry{}
	}
	return c.Entries[slices.IndexFunc(c.Entries, func(e RoundEntry) bool { return e.ID == panel })]
}

func (c RoundCase) unagreed() string {
	switch {
	case c.agreedAt() != 0:
		return ""
	case c.AwaitsApproval().ID != 0:
		return "合议庭意见等待院长批准"
	}
	return "申请执行人没有签字确认，也没有合议庭意见和院长批准"
}

func (c RoundCase) unserved() string {
	at := c.agreedAt()
	if at == 0 {
		return "还没有可以据以作出裁定的确认或者批准"
	}
	if names := c.creditorsWithout(RoundRuling, at); names != "" {
		return "裁定书没有送达：" + names
	}
	return ""
}

// CheckEntry refuses what cannot be recorded on the way to 终结本次执行程序.
func (c RoundCase) CheckEntry(e *RoundEntry) error {
	e.Note = strings.TrimSpace(e.Note)
	if c.Enforcement.State != EnforcementOpen || !c.Enforcement.Kind.Enforces() {
		return E(Conflict, "enforcement.closed", "该执行案件已结案或者不是执行实施案件，不能办理终结本次执行程序")
	}
	if !slices.Contains(RoundEntryKinds, e.Kind) {
		return InvalidField("kind", "round.kind", "请选择登记的内容")
	}
	var wrong Faults
	n := utf8.RuneCountInString(e.Note)
	wrong.If(n == 0 || n > 1000, "note", "round.note", "请填写具体情况和理由，不超过 1000 字")
	wrong.If(e.OnDay.IsZero() || e.OnDay.After(c.Today) || e.OnDay.Before(c.Enforcement.FiledOn), "on_day", "round.day", "日期应在执行立案（"+c.Enforcement.FiledOn.Chinese()+"）与今天之间")
	needs := e.Kind == RoundConsent || e.Kind == RoundPanel || e.Kind == RoundRuling || e.Kind == RoundStatement && roundCondition(e.Code).Proof
	wrong.If(needs && e.FileID == 0, "file", "round.file", "请上传"+e.Kind.Chinese()+"的书面材料")
	wrong.Add(c.checkSubject(e))
	return wrong.Err()
}

func roundCondition(code string) RoundCondition {
	if i := slices.IndexFunc(roundConditions, func(r RoundCondition) bool { return r.Code == code }); i >= 0 {
		return roundConditions[i]
	}
	return RoundCondition{}
}

// checkSubject: an entry is of a condition, an answer, a creditor or the whole.
func (c RoundCase) checkSubject(e *RoundEntry) error {
	switch e.Kind {
	case RoundStatement:
		if !roundCondition(e.Code).Stated {
			return InvalidField("code", "round.condition", "这一条件由系统核对，不能以说明代替")
		}
	case RoundFind:
		var wrong Faults
		wrong.If(FindOutcome(e.Code).Chinese() == "", "code", "round.outcome", "请选择查到的财产如何处理")
		found := slices.ContainsFunc(c.Queries, func(q AssetQuery) bool { return q.ID == e.QueryID && q.State == QueryAnswered && q.Found > 0 })
		wrong.If(!found, "query_id", "round.query", "请选择本案查到财产的答复")
		return wrong.Err()
	case RoundTold, RoundConsent, RoundRuling:
		if !slices.ContainsFunc(c.Creditors, func(p Party) bool { return p.ID == e.PartyID }) {
			return InvalidField("party_id", "round.creditor", "请选择本案的申请执行人")
		}
		if e.Kind == RoundRuling && c.agreedAt() == 0 {
			return E(Conflict, "round.not_agreed", "申请执行人签字确认，或者合议庭审查核实并经院长批准以后，才能作出裁定，依据"+CiteRoundApproved.String())
		}
	case RoundApproval, RoundRefusal:
		panel := c.AwaitsApproval()
		if panel.ID == 0 {
			return E(Conflict, "round.no_panel", "没有等待批准的合议庭意见，请刷新后查看")
		}
		return OtherEyes(MatterMeasure, e.ByUserID, panel.ByUserID)
	case RoundPanel:
	}
	return nil
}

// EntryOf is what an entry is of, in words: its condition, or the answer and what
// became of what it found.
func (c RoundCase) EntryOf(e RoundEntry) string {
	if e.Kind == RoundStatement {
		return roundCondition(e.Code).Says
	}
	for _, q := range c.Queries {
		if e.Kind == RoundFind && q.ID == e.QueryID {
			return q.Kind.Chinese() + "（" + q.Agency + "），" + FindOutcome(e.Code).Chinese()
		}
	}
	return ""
}
