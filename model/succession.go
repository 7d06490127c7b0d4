package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// SuccessionGround is why another stands in a party's place (当事人变更).
type SuccessionGround string

// The grounds.
const (
	SuccessionDeath      SuccessionGround = "death"      // 死亡或者被宣告死亡
	SuccessionDivorce    SuccessionGround = "divorce"    // 离婚时分割给配偶
	SuccessionMerger     SuccessionGround = "merger"     // 合并
	SuccessionDivision   SuccessionGround = "division"   // 分立
	SuccessionEnded      SuccessionGround = "ended"      // 单位终止
	SuccessionAssignment SuccessionGround = "assignment" // 债权转让
	SuccessionAssumption SuccessionGround = "assumption" // 债务转移
	SuccessionJoining    SuccessionGround = "joining"    // 债务加入: the debtor stays
	SuccessionUndo       SuccessionGround = "undo"       // takes an earlier entry back
)

// SuccessionGrounds lists them in the order of screens.
var SuccessionGrounds = []SuccessionGround{
	SuccessionDeath, SuccessionAssignment, SuccessionMerger, SuccessionDivision, SuccessionEnded, SuccessionDivorce, SuccessionAssumption, SuccessionJoining,
}

// Chinese is the ground on screens.
func (g SuccessionGround) Chinese() string {
	return map[SuccessionGround]string{
		SuccessionDeath: "死亡（含宣告死亡）", SuccessionDivorce: "离婚分割", SuccessionMerger: "合并", SuccessionDivision: "分立", SuccessionEnded: "单位终止",
		SuccessionAssignment: "债权转让", SuccessionAssumption: "债务转移", SuccessionJoining: "债务加入", SuccessionUndo: "撤回登记",
	}[g]
}

// Ends tells whether the party does not exist any more: nobody acts for it, and
// it is told nothing.
func (g SuccessionGround) Ends() bool {
	return g == SuccessionDeath || g == SuccessionMerger || g == SuccessionEnded
}

// moves tells whether the ground moves what a party is owed, and what it owes.
func (g SuccessionGround) moves() (claims, debts bool) {
	switch g {
	case SuccessionAssignment, SuccessionDivorce:
		return true, false
	case SuccessionAssumption, SuccessionJoining:
		return false, true
	default:
		return true, true
	}
}

// rule is what the ground rests on, on the side of the creditor or the debtor.
func (g SuccessionGround) rule(claim bool) []Citation {
	switch {
	case g == SuccessionDeath && claim:
		return []Citation{CiteHeirsClaim}
	case g == SuccessionDeath:
		return []Citation{CiteHeirsOwe, CiteEstateOwes}
	case g == SuccessionDivorce:
		return []Citation{CiteDivorceClaim}
	case g == SuccessionMerger && claim:
		return []Citation{CiteMergedParty, CiteMergedClaim}
	case g == SuccessionMerger:
		return []Citation{CiteMergedParty, CiteMergedOwes}
	case g == SuccessionDivision && claim:
		return []Citation{CiteDividedParty, CiteDividedClaim}
	case g == SuccessionDivision:
		return []Citation{CiteDividedParty, CiteDividedOwes}
	case g == SuccessionEnded && claim:
		return []Citation{CiteEndedClaim}
	case g == SuccessionEnded:
		return []Citation{CiteEndedOwes}
	case g == SuccessionAssignment:
		return []Citation{CiteAssigned, CiteAssignmentNotice, CiteAssignedClaim}
	case g == SuccessionAssumption:
		return []Citation{CiteDebtAssumed}
	case g == SuccessionJoining:
		return []Citation{CiteDebtJoined}
	}
	return nil
}

// Successor is who stands in a party's place.
type Successor struct {
	PartyID int64
	Share   string // in words, e.g. 二分之一; "" where nothing was said
	// Limited says that he owes no more than what he got of the estate, or promised:
	// LimitFen, 0 while that is not known.
	Limited  bool
	LimitFen Fen
	// Renounced is an heir who renounced: nothing passes to him.
	Renounced bool
}

// Succession is one entry of what a judge put on record about a party that
// changed. The party's row and what was paid to or by it stay; from a day on
// others stand in its place. Entries are only added: one that was wrong is taken
// back by another.
// Source: 民法典 67, 545–552, 1161; 民诉法 243; 变更、追加当事人规定 (法释〔2016〕21号) 2–12, 24.
type Succession struct {
	ID         int64
	CourtID    int64
	CaseID     int64
	Ground     SuccessionGround
	PartyID    int64       // whose place others take
	Successors []Successor `gorm:"serializer:json"`
	// ClaimIDs and DebtIDs are the obligations that it moves: those that the party
	// is owed, and those that it owes.
	ClaimIDs []int64 `gorm:"serializer:json"`
	DebtIDs  []int64 `gorm:"serializer:json"`
	OnDay    Date    // of the death, the registration, the agreement
	// NoticedOn is when the notice of an assignment reached the debtor, or when the
	// creditor consented to an assumption; zero for the others.
	NoticedOn Date
	Paper     string // the ruling, certificate or agreement
	Reason    string
	UndoesID  int64
	ByUserID  int64
	IdemKey   string
	CreatedAt time.Time
}

// EffectiveOn is the first day on which the successors stand in the party's place
// towards the other side: for an assignment the day on which its notice reached
// the debtor, for an assumption the day of the creditor's consent.
// Source: 民法典 546 para. 1, 551.
func (s Succession) EffectiveOn() Date {
	if !s.NoticedOn.IsZero() {
		return s.NoticedOn
	}
	return s.OnDay
}

// taking are the ids of those to whom something passes.
func (s Succession) taking() (out []int64) {
	for _, x := range s.Successors {
		if !x.Renounced {
			out = append(out, x.PartyID)
		}
	}
	return out
}

// Former is who was creditor or debtor of an obligation before somebody took his
// place. It is derived from the entry By.
type Former struct {
	PartyID   int64            `json:"party"`
	Claim     bool             `json:"claim,omitempty"` // he was the creditor
	Ground    SuccessionGround `json:"ground"`
	On        Date             `json:"on"`
	From      Date             `json:"from"` // the first day on which the others stand in his place
	To        []int64          `json:"to"`
	Renounced []int64          `json:"renounced,omitempty"`
	Before    []int64          `json:"before,omitempty"` // the creditors until then
	By        int64            `json:"by"`
}

// Obligees are the parties that are owed the obligation: one, several who took a
// creditor's place together, or none when it is owed to the court.
func (o Obligation) Obligees() []int64 {
	if o.ObligeeID == 0 {
		return nil
	}
	return append([]int64{o.ObligeeID}, o.JointIDs...)
}

// OwedTo tells whether the party is owed the obligation, alone or with others.
func (o Obligation) OwedTo(partyID int64) bool {
	return partyID != 0 && (o.ObligeeID == partyID || slices.Contains(o.JointIDs, partyID))
}

// EverOwedTo tells whether the party is or was a creditor of the obligation.
func (o Obligation) EverOwedTo(partyID int64) bool {
	return o.OwedTo(partyID) || slices.ContainsFunc(o.Formers, func(f Former) bool { return f.Claim && f.PartyID == partyID })
}

// taken tells whether others stand in an earlier creditor's place on a day.
func (o Obligation) taken(partyID int64, on Date) bool {
	taken := false
	for _, f := range o.Formers {
		if f.Claim && f.PartyID == partyID {
			taken = f.OthersTook(on)
		}
	}
	return taken
}

// EverOwes tells whether the party is or was a debtor of the obligation.
func (d Debts) EverOwes(partyID, obligationID int64) bool {
	return d.Owes(partyID, obligationID) || slices.ContainsFunc(d.Obligation(obligationID).Formers, func(f Former) bool { return !f.Claim && f.PartyID == partyID })
}

// FormerCreditor is the entry by which a party ceased to be creditor of something
// that a debtor owes, ok is false when it did not.
func (d Debts) FormerCreditor(debtorID int64, named func(Party) bool) (f Former, ok bool) {
	for _, ob := range d.Obligations {
		for _, was := range ob.Formers {
			if was.Claim && d.EverOwes(debtorID, ob.ID) && named(d.Party(was.PartyID)) {
				f, ok = was, true
			}
		}
	}
	return f, ok
}

// Predecessor is the entry by which somebody took the place of a debtor in one of
// some obligations, ok is false when he did not.
func Predecessor(obligations []Obligation, debtorID, successorID int64) (f Former, ok bool) {
	for _, ob := range obligations {
		for _, was := range ob.Formers {
			if !was.Claim && was.PartyID == debtorID && slices.Contains(was.To, successorID) {
				return was, true
			}
		}
	}
	return Former{}, false
}

// OthersTook tells whether the place of an earlier creditor has been taken by the
// day of a payment, so that money which he got is not performance by itself.
// Source: 民法典 546 para. 1.
func (f Former) OthersTook(paidOn Date) bool { return !paidOn.Before(f.From) }

const successorsMax = 20

// Settle checks an entry and says what it moves of the case's debts: only, when
// it is not empty, of these obligations. open tells whether something is still
// owed of an obligation: what is over stays with whom it was.
func (s *Succession) Settle(d Debts, only []int64, open func(Obligation) bool, today Date) error {
	s.Paper, s.Reason = strings.TrimSpace(s.Paper), strings.TrimSpace(s.Reason)
	p := d.Party(s.PartyID)
	var wrong Faults
	wrong.If(!slices.Contains(SuccessionGrounds, s.Ground), "ground", "succession.ground", "请选择变更的事由")
	wrong.If(p.ID == 0, "party", "succession.party", "请选择本案的当事人")
	wrong.If(p.GoneBy != 0, "party", "succession.gone", p.Name+"已由他人承继，请刷新后查看")
	wrong.If(p.Kind != Person && (s.Ground == SuccessionDeath || s.Ground == SuccessionDivorce) || p.Kind == Person && (s.Ground == SuccessionMerger || s.Ground == SuccessionDivision || s.Ground == SuccessionEnded), "ground", "succession.ground", "死亡、离婚分割只适用于自然人，合并、分立、终止只适用于单位")
	wrong.If(s.OnDay.IsZero() || s.OnDay.After(today) || s.OnDay.Before(NewDate(1990, 1, 1)), "on_day", "succession.day", "请填写死亡、登记或者协议的日期，不能晚于今天")
	wrong.If(s.Paper == "" || utf8.RuneCountInString(s.Paper) > 200, "paper", "succession.paper", "请填写依据的材料（如死亡证明和继承公证书、变更裁定书文号、转让协议），不超过 200 字")
	wrong.If(utf8.RuneCountInString(s.Reason) > 500, "reason", "field.too_long", "不能超过 500 字")
	if slices.Contains(SuccessionGrounds, s.Ground) {
		wrong.Add(s.checkNotice(today))
		wrong.Add(s.checkSuccessors(d))
		wrong.If(s.Ground.Ends() && len(only) > 0, "obligations", "succession.all", "当事人死亡或者终止的，其全部权利义务一并变更，不选择部分义务")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	claims, debts := s.Ground.moves()
	s.ClaimIDs, s.DebtIDs = []int64{}, []int64{}
	for _, ob := range d.Obligations {
		if len(only) > 0 && !slices.Contains(only, ob.ID) || !open(ob) {
			continue
		}
		claim, debt := claims && ob.OwedTo(p.ID), debts && d.Owes(p.ID, ob.ID)
		for _, to := range s.taking() {
			if claim && d.Owes(to, ob.ID) || debt && ob.OwedTo(to) {
				return InvalidField("successors", "succession.same", d.Party(to).Name+"是同一义务的对方，债权债务同归于一人的终止（"+CiteConfusion.Short()+"），请先处理该项义务")
			}
		}
		if claim {
			s.ClaimIDs = append(s.ClaimIDs, ob.ID)
		}
		if debt {
			s.DebtIDs = append(s.DebtIDs, ob.ID)
		}
	}
	for _, id := range only {
		if !slices.Contains(s.ClaimIDs, id) && !slices.Contains(s.DebtIDs, id) {
			return InvalidField("obligations", "succession.obligation", "所选义务与该当事人无关，或者已经履行完毕")
		}
	}
	if len(s.ClaimIDs)+len(s.DebtIDs) == 0 {
		return InvalidField("party", "succession.nothing", p.Name+"在本案没有可以变更的权利或者义务")
	}
	return nil
}

// checkNotice holds an assignment against its notice, and an assumption against
// the creditor's consent.
func (s Succession) checkNotice(today Date) error {
	needs := s.Ground == SuccessionAssignment || s.Ground == SuccessionAssumption
	switch {
	case needs && s.NoticedOn.IsZero() && s.Ground == SuccessionAssignment:
		return InvalidField("noticed_on", "succession.notice", "请填写转让通知到达义务人的日期；通知到达之前，转让对义务人不发生效力（"+CiteAssignmentNotice.Short()+"）")
	case needs && s.NoticedOn.IsZero():
		return InvalidField("noticed_on", "succession.notice", "请填写权利人同意债务转移的日期；未经权利人同意，债务不转移（"+CiteDebtAssumed.Short()+"）")
	case !needs && !s.NoticedOn.IsZero():
		return InvalidField("noticed_on", "succession.notice", "只有债权转让、债务转移填写通知到达或者权利人同意的日期")
	case needs && (s.NoticedOn.Before(s.OnDay) || s.NoticedOn.After(today)):
		return InvalidField("noticed_on", "succession.notice", "通知到达或者权利人同意的日期，应在协议之日与今天之间")
	}
	return nil
}

func (s Succession) checkSuccessors(d Debts) error {
	if len(s.Successors) == 0 || len(s.Successors) > successorsMax {
		return InvalidField("successors", "succession.successors", "请填写承继人，不超过 20 人")
	}
	_, owes := s.Ground.moves()
	for n, x := range s.Successors {
		p := d.Party(x.PartyID)
		switch {
		case p.ID == 0 || p.ID == s.PartyID || p.GoneBy != 0,
			slices.ContainsFunc(s.Successors[:n], func(o Successor) bool { return o.PartyID == x.PartyID }):
			return InvalidField("successors", "succession.successors", "承继人不能是该当事人本人或者已经变更的当事人，也不能重复")
		case x.Renounced && s.Ground != SuccessionDeath:
			return InvalidField("successors", "succession.renounced", "只有继承可以放弃")
		case x.LimitFen < 0 || x.LimitFen > MaxFen || x.LimitFen > 0 && !x.Limited,
			x.Limited && (!owes || s.Ground != SuccessionDeath && s.Ground != SuccessionJoining):
			return InvalidField("successors", "succession.limit", "只有继承、债务加入的承担人有责任限额，请填写正确的金额")
		case utf8.RuneCountInString(x.Share) > 20:
			return InvalidField("successors", "field.too_long", "份额不能超过 20 字，例如：二分之一")
		}
	}
	if len(s.taking()) == 0 {
		return InvalidField("successors", "succession.successors", "所列的人都放弃继承的，请填写遗产管理人或者其他承继人（"+CiteEstateOwes.Short()+"）")
	}
	if s.Ground == SuccessionAssignment && len(s.taking()) > 1 {
		return InvalidField("successors", "succession.successors", "债权分别转让给几人的，请分别登记各自受让的义务")
	}
	return nil
}

// StandingSuccessions are the entries that nobody took back.
func StandingSuccessions(all []Succession) (out []Succession) {
	for _, s := range all {
		if s.Ground != SuccessionUndo && !slices.ContainsFunc(all, func(o Succession) bool { return o.UndoesID == s.ID }) {
			out = append(out, s)
		}
	}
	return out
}

// Undo makes the entry one that takes another of the case back. Only the last
// change of an obligation can be taken back: others rest on it.
func (s *Succession) Undo(all []Succession, d Debts) (of Succession, err error) {
	standing := StandingSuccessions(all)
	i := slices.IndexFunc(standing, func(o Succession) bool { return o.ID == s.UndoesID })
	if i < 0 {
		return of, InvalidField("undoes", "succession.undo", "该项登记不存在，或者已经撤回")
	}
	of = standing[i]
	if s.Reason = strings.TrimSpace(s.Reason); s.Reason == "" || utf8.RuneCountInString(s.Reason) > 500 {
		return of, InvalidField("reason", "reason.required", "请填写撤回的理由，不超过 500 字")
	}
	for _, id := range slices.Concat(of.ClaimIDs, of.DebtIDs) {
		if f := d.Obligation(id).Formers; len(f) > 0 && f[len(f)-1].By != of.ID && (len(f) < 2 || f[len(f)-2].By != of.ID || f[len(f)-1].Claim == slices.Contains(of.ClaimIDs, id)) {
			return of, InvalidField("undoes", "succession.later", "该项义务此后又有变更，请先撤回后来的登记")
		}
	}
	s.Ground, s.PartyID, s.Successors, s.ClaimIDs, s.DebtIDs, s.OnDay, s.Paper = SuccessionUndo, of.PartyID, of.Successors, of.ClaimIDs, of.DebtIDs, of.OnDay, of.Paper
	return of, nil
}

// Moved is what an entry changes: the obligations with their new creditors, and
// the debtors that enter.
type Moved struct {
	Obligations []Obligation
	Entering    []Obligor
}

// Move says what the entry changes. The entry has its id.
func (s Succession) Move(d Debts) (out Moved) {
	var renounced []int64
	for _, x := range s.Successors {
		if x.Renounced {
			renounced = append(renounced, x.PartyID)
		}
	}
	for _, ob := range d.Obligations {
		claim, debt := slices.Contains(s.ClaimIDs, ob.ID), slices.Contains(s.DebtIDs, ob.ID)
		was := Former{PartyID: s.PartyID, Ground: s.Ground, On: s.OnDay, From: s.EffectiveOn(), To: s.taking(), Renounced: renounced, By: s.ID}
		ob.Formers = slices.Clone(ob.Formers)
		if claim {
			before := ob.Obligees()
			var now []int64
			for _, id := range before {
				if id != s.PartyID {
					now = append(now, id)
					continue
				}
				now = append(now, s.taking()...)
			}
			var once []int64
			for _, id := range now {
				if !slices.Contains(once, id) {
					once = append(once, id)
				}
			}
			ob.setObligees(once)
			f := was
			f.Claim, f.Before = true, before
			ob.Formers = append(ob.Formers, f)
		}
		if debt {
			if s.Ground != SuccessionJoining {
				ob.Formers = append(ob.Formers, was)
			}
			for _, x := range s.Successors {
				if !x.Renounced && !d.Owes(x.PartyID, ob.ID) {
					out.Entering = append(out.Entering, Obligor{ObligationID: ob.ID, PartyID: x.PartyID, CaseID: ob.CaseID, SinceID: s.ID, Limited: x.Limited || s.limits(), LimitFen: x.LimitFen})
				}
			}
		}
		if claim || debt {
			out.Obligations = append(out.Obligations, ob)
		}
	}
	return out
}

// limits tells whether whoever takes a debtor's place owes no more than what he
// got by it: an heir, without anybody saying so.
// Source: 民法典 1161; 变更、追加当事人规定 10.
func (s Succession) limits() bool { return s.Ground == SuccessionDeath }

// MoveBack says what taking the entry back changes of the obligations.
func (s Succession) MoveBack(d Debts) (out []Obligation) {
	for _, ob := range d.Obligations {
		kept := []Former{}
		for _, f := range ob.Formers {
			switch {
			case f.By != s.ID:
				kept = append(kept, f)
			case f.Claim:
				ob.setObligees(f.Before)
			}
		}
		if len(kept) < len(ob.Formers) {
			ob.Formers = kept
			out = append(out, ob)
		}
	}
	return out
}

func (o *Obligation) setObligees(ids []int64) {
	o.ObligeeID, o.JointIDs = ids[0], slices.Clone(ids[1:])
}

// Sentence says in words what changed, with the names of the case's parties.
func (s Succession) Sentence(d Debts) string {
	var out []string
	var renounced []int64
	for _, x := range s.Successors {
		if x.Renounced {
			renounced = append(renounced, x.PartyID)
		}
	}
	f := Former{PartyID: s.PartyID, Ground: s.Ground, On: s.OnDay, From: s.EffectiveOn(), To: s.taking(), Renounced: renounced}
	if len(s.ClaimIDs) > 0 {
		c := f
		c.Claim = true
		out = append(out, c.Sentence(d))
	}
	if len(s.DebtIDs) > 0 {
		out = append(out, f.Sentence(d))
	}
	text := strings.Join(out, "；")
	if s.Ground == SuccessionUndo {
		return d.Party(s.PartyID).Name + "变更的登记已经撤回，其权利义务恢复原状"
	}
	for _, x := range s.Successors {
		switch name := d.Party(x.PartyID).Name; {
		case x.Share != "":
			text += "；" + name + "的份额：" + x.Share
		case x.LimitFen > 0:
			text += "；" + name + "的责任以 " + x.LimitFen.Yuan() + " 元为限"
		}
	}
	return text
}

// Sentence says in words who took whose place, as papers and screens print it.
func (f Former) Sentence(d Debts) string {
	who, to, on := d.Party(f.PartyID).Name, d.names(f.To), f.On.Chinese()
	side, what := "义务人", "义务"
	if f.Claim {
		side, what = "权利人", "权利"
	}
	s := ""
	switch f.Ground {
	case SuccessionDeath:
		s = side + who + "于" + on + "死亡，其" + what + "由" + to + "承继"
		if !f.Claim {
			s += "，以所得遗产的实际价值为限清偿"
		}
		if len(f.Renounced) > 0 {
			s += "；" + d.names(f.Renounced) + "放弃继承"
			if !f.Claim {
				s += "，不负清偿责任"
			}
		}
	case SuccessionDivorce:
		s = side + who + "于" + on + "离婚，其权利分割给" + to
	case SuccessionMerger:
		s = side + who + "于" + on + "因合并终止，其" + what + "由" + to + "承继"
	case SuccessionDivision:
		s = side + who + "于" + on + "分立，其" + what + "由" + to + "承继"
		if !f.Claim && len(f.To) > 1 {
			s += "，承担连带责任"
		}
	case SuccessionEnded:
		s = side + who + "于" + on + "终止，其" + what + "由" + to + "承继"
	case SuccessionAssignment:
		s = side + who + "于" + on + "将债权转让给" + to + "，转让通知于" + f.From.Chinese() + "到达义务人"
	case SuccessionAssumption:
		s = side + who + "的债务自" + f.From.Chinese() + "起经权利人同意转移给" + to
	case SuccessionJoining:
		s = to + "自" + on + "起加入义务人" + who + "的债务，承担连带责任"
	case SuccessionUndo:
		return ""
	}
	return s + "（" + CitesShort(f.Ground.rule(f.Claim)...) + "）"
}

// Changes are what papers say of the parties that changed in some obligations,
// each entry once.
func (d Debts) Changes(obligations []Obligation) (out []string) {
	for _, ob := range obligations {
		for _, f := range ob.Formers {
			if s := f.Sentence(d); s != "" && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// LimitOf says in words up to what a debtor owes, "" where he owes all.
// Source: 民法典 1161 para. 1.
func (d Debts) LimitOf(partyID int64) string {
	for _, o := range d.Obligors {
		if o.PartyID != partyID || !o.Limited {
			continue
		}
		heir := slices.ContainsFunc(d.Obligation(o.ObligationID).Formers, func(f Former) bool { return f.By == o.SinceID && f.Ground == SuccessionDeath })
		switch {
		case heir && o.LimitFen > 0:
			return d.Party(partyID).Name + "以所得遗产的实际价值 " + o.LimitFen.Yuan() + " 元为限承担清偿责任（" + CiteHeirsOwe.Short() + "）"
		case heir:
			return d.Party(partyID).Name + "以所得遗产的实际价值为限承担清偿责任（" + CiteHeirsOwe.Short() + "）"
		case o.LimitFen > 0:
			return d.Party(partyID).Name + "在其愿意承担的 " + o.LimitFen.Yuan() + " 元范围内承担责任（" + CiteDebtJoined.Short() + "）"
		}
	}
	return ""
}

// SuccessionNotice tells a party that another took somebody's place, and why.
func (d Debts) SuccessionNotice(s Succession, partyID int64) Notice {
	text := d.Case.CaseNo + "：" + s.Sentence(d) + "。"
	if s.Paper != "" {
		text += "依据：" + s.Paper + "。"
	}
	if s.Reason != "" {
		text += "说明：" + s.Reason + "。"
	}
	tail := "此前已经履行的部分有效，台账不变；今后请向变更后的权利人履行。"
	if s.Ground == SuccessionUndo {
		tail = "请按变更前的当事人履行。"
	} else if len(s.ClaimIDs) == 0 {
		tail = "此前已经履行的部分有效，台账不变。"
	}
	return caseNotice(NoticePartyChanged, d.Case, fmt.Sprintf("%d:%d", s.ID, partyID), "当事人变更", paragraphs(text, tail+"有异议的，请联系"+inCharge+"。")).to(partyID)
}

// SuccessionConcerns are the parties that an entry is told to: the creditors and
// debtors of what it moved, before and after, but for the party that is no more.
func (d Debts) SuccessionConcerns(s Succession, before Debts) (out []int64) {
	add := func(ids ...int64) {
		for _, id := range ids {
			if !slices.Contains(out, id) && d.Party(id).GoneBy == 0 {
				out = append(out, id)
			}
		}
	}
	for _, in := range []Debts{d, before} {
		for _, id := range slices.Concat(s.ClaimIDs, s.DebtIDs) {
			add(in.Concerned(in.Obligation(id))...)
		}
	}
	return out
}
