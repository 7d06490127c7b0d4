package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// DebtEntryKind is what was decided or declared about a debt besides payment.
type DebtEntryKind string

// The kinds.
const (
	DebtWaive   DebtEntryKind = "waive"   // 权利人放弃利息
	DebtLeave   DebtEntryKind = "leave"   // 承办法官决定不再计收
	DebtExclude DebtEntryKind = "exclude" // 不计入迟延履行期间的日子 (法释〔2014〕8号 3 para. 3)
	DebtBears   DebtEntryKind = "bears"   // 是否计算加倍部分债务利息
	DebtTerms   DebtEntryKind = "terms"   // 一般债务利息的约定
	DebtRank    DebtEntryKind = "rank"    // 担保与负担 (民法典 560)
	DebtConvert DebtEntryKind = "convert" // 外币的折算 (法释〔2014〕8号 5)
	DebtForgive DebtEntryKind = "forgive" // 免除 principal (民法典 575), see ForgivingShares
	DebtRefuse  DebtEntryKind = "refuse"  // 债务人拒绝免除: undoes it
	DebtUndo    DebtEntryKind = "undo"    // 撤回 an earlier entry

	DebtDuesAmount DebtEntryKind = "dues_amount" // 按期给付的金额变更
	DebtDuesEnd    DebtEntryKind = "dues_end"    // 按期给付终止
)

// Chinese is the kind's name on screens.
func (k DebtEntryKind) Chinese() string {
	return map[DebtEntryKind]string{
		DebtWaive: "权利人放弃利息", DebtLeave: "不再计收利息", DebtExclude: "不计入迟延履行期间", DebtBears: "加倍部分的计算", DebtTerms: "一般债务利息的约定",
		DebtRank: "担保与负担", DebtConvert: "外币的折算", DebtForgive: "免除债务", DebtRefuse: "拒绝免除", DebtUndo: "撤回",
		DebtDuesAmount: "按期给付的金额变更", DebtDuesEnd: "按期给付终止",
	}[k]
}

// DebtEntry is one entry of what was decided or declared about a debt besides
// payment. Entries are only added: one that was wrong is taken back by another.
type DebtEntry struct {
	ID            int64
	CourtID       int64
	CaseID        int64
	ObligationID  int64
	InstallmentID int64 // of a waived or forgiven amount; 0 for the whole obligation
	Kind          DebtEntryKind
	Part          Part // of interest: PartOrdinary or PartDoubled
	// AmountFen is what is waived or left; 0 is all of it, also what would still
	// grow.
	AmountFen Fen
	FromOn    Date // of days that do not count, both included
	UntilOn   Date
	Bears     bool           // whether the doubled part runs
	Terms     *InterestTerms `gorm:"serializer:json"` // that hold from now on
	// Foreign is a debt in another currency as it is booked from now on.
	Foreign     *ForeignDebt `gorm:"column:foreign_debt;serializer:json"`
	SecurityFen Fen          // the security that the creditor has for the debt
	Weight      int          // how heavy the debt weighs on the debtor, 0 to 9
	// DebtorID is the one joint debtor who is forgiven, and ShareFen the share that he
	// has to bear; 0 where all debtors are.
	DebtorID  int64
	ShareFen  Fen
	OnDay     Date   // of the declaration or decision
	PartyID   int64  // the creditor who waived or forgave, or the debtor who refused
	Paper     string // on which he did, "" when he did so by himself
	Reason    string
	UndoesID  int64 // the entry taken back
	PlanID    int64 // of what a kept agreement ended
	ByUserID  int64
	IdemKey   string
	CreatedAt time.Time
}

// CheckRank refuses a security (fen) and a weight (0 to 9) that no debt has.
func CheckRank(security Fen, weight int) error {
	if security < 0 || security > MaxFen || weight < 0 || weight > 9 {
		return InvalidField("security_fen", "debt.rank", "担保数额不能为负，负担轻重为 0 至 9")
	}
	return nil
}

// Check refuses an entry that cannot be. today is the day of the entry.
func (e DebtEntry) Check(ob Obligation, rules Rules, today Date) error {
	if ob.Kind != ObligationMoney { // nothing else is asked of it
		return InvalidField("obligation_id", "debt.money", "只有金钱义务才能登记利息、免除和抵充次序")
	}
	var wrong Faults
	wrong.If(e.OnDay.IsZero() || e.OnDay.After(today) || e.OnDay.Before(recorded), "on_day", "debt.day", "日期应为今天或者以前的日子")
	why := "" // asks for the reason, "" where none is needed
	switch e.Kind {
	case DebtWaive, DebtLeave:
		wrong.If(e.Part != PartOrdinary && e.Part != PartDoubled, "part", "debt.part", "请选择是一般债务利息，还是加倍部分债务利息")
		wrong.If(e.AmountFen < 0 || e.AmountFen > MaxFen, "amount_fen", "amount.positive", "金额不正确")
		wrong.If(e.Kind == DebtWaive && !ob.OwedTo(e.PartyID), "party_id", "debt.creditor", "只有该项义务的权利人可以放弃利息")
		if e.Kind == DebtLeave {
			why = "请填写不再计收的理由，各方将看到"
		}
	case DebtExclude:
		wrong.If(rules.Double == DoublingNever, "kind", "debt.no_doubling", "该项义务不计算加倍部分债务利息")
		wrong.If(e.FromOn.IsZero() || e.UntilOn.IsZero() || e.UntilOn.Before(e.FromOn) || e.FromOn.Before(doubledRates[0].from), "from_on", "debt.days", "请填写起止日期，截止日不早于开始日")
		wrong.Add(Window{Until: CeilingDebt.words(), To: CeilingDebt.From(today)}.Check("until_on", "debt.days", e.UntilOn))
		why = "请写明依据，例如再审中止执行的裁定文号"
	case DebtBears:
		wrong.If(rules.Double == DoublingNever, "kind", "debt.no_doubling", "该项义务不计算加倍部分债务利息")
		why = "请填写理由"
	case DebtRank:
		wrong.Add(CheckRank(e.SecurityFen, e.Weight))
		why = "请填写依据，例如抵押合同或者利率"
	case DebtConvert:
		wrong.If(ob.Foreign == nil || e.Foreign == nil, "obligation_id", "currency.duty", "该项义务不是以外币确定的")
		why = "请填写依据，例如权利人主张以人民币计算的申请"
	case DebtTerms:
		why = "请填写依据，例如判决主文的项次"
	case DebtForgive:
		owed := rules.Disposes && ob.ObligeeID != 0
		wrong.If(!owed, "obligation_id", "debt.not_disposable", "该项义务不能由权利人免除（"+rules.Name+"）")
		wrong.If(owed && e.PartyID != ob.ObligeeID, "party_id", "debt.creditor", "只有该项义务的权利人可以免除债务")
		wrong.If(e.AmountFen < 0 || e.AmountFen > MaxFen || e.ShareFen < 0 || e.ShareFen > ob.AmountFen, "amount_fen", "amount.positive", "金额不正确")
	case DebtRefuse:
	case DebtDuesAmount, DebtDuesEnd:
		wrong.Add(e.checkDues(ob, today))
		why = "请填写依据，例如变更抚养费的判决书、调解书文号，或者终止的事由"
	case DebtUndo:
		why = "请填写撤回的理由"
	default:
		wrong.Add(InvalidField("kind", "debt.kind", "请选择登记的事项"))
	}
	wrong.If(why != "" && strings.TrimSpace(e.Reason) == "", "reason", "reason.required", why)
	wrong.If(utf8.RuneCountInString(e.Reason) > 500, "reason", "field.too_long", "不能超过 500 字")
	return wrong.Err()
}

// checkDues refuses a change or an end of dues that cannot be.
func (e DebtEntry) checkDues(ob Obligation, today Date) error {
	if ob.Recurs == nil { // nothing can be held against it
		return InvalidField("kind", "debt.dues", "该项义务不是按期给付的义务")
	}
	var wrong Faults
	wrong.If(e.Kind == DebtDuesAmount && (e.AmountFen <= 0 || e.AmountFen > MaxFen), "amount_fen", "amount.positive", "请填写变更后每期的金额")
	wrong.If(e.Kind == DebtDuesAmount && (e.FromOn.Before(ob.Recurs.FirstOn) || e.FromOn.After(today.AddDays(3660))), "from_on", "debt.days", "请填写自哪一天起到期的按新金额给付，不早于首期日期")
	wrong.If(e.Kind == DebtDuesEnd && (e.UntilOn.IsZero() || e.UntilOn.Before(ob.Recurs.FirstOn.AddDays(-1)) || e.UntilOn.After(today.AddDays(3660))), "until_on", "debt.days", "请填写终止的日期：该日之后不再到期")
	return wrong.Err()
}

// Undone is the entry of the case that this one takes back, which must stand.
func (e DebtEntry) Undone(all []DebtEntry) (DebtEntry, error) {
	standing := StandingDebtEntries(all)
	i := slices.IndexFunc(standing, func(o DebtEntry) bool { return o.ID == e.UndoesID })
	if i < 0 {
		return DebtEntry{}, InvalidField("undoes_id", "debt.undo", "该项登记不存在，或者已经撤回")
	}
	return standing[i], nil
}

// Undo makes the entry one that takes another of the case back. What a creditor
// declared by himself stands; terms and ranks are entered anew instead.
func (e *DebtEntry) Undo(all []DebtEntry) error {
	o, err := e.Undone(all)
	if err != nil {
		return err
	}
	switch {
	case o.PlanID != 0:
		return InvalidField("undoes_id", "debt.undo", "依和解协议免除、放弃的，不能单独撤回")
	case o.Kind == DebtTerms || o.Kind == DebtRank || o.Kind == DebtConvert:
		return InvalidField("undoes_id", "debt.undo", "利息的约定、担保与负担、外币的折算不能撤回，请按正确的内容重新登记")
	case (o.Kind == DebtWaive || o.Kind == DebtForgive) && o.Paper == "":
		return InvalidField("undoes_id", "debt.undo", "权利人本人作出的放弃、免除不能由法院撤回")
	}
	e.ObligationID, e.InstallmentID, e.Part, e.AmountFen, e.DebtorID = o.ObligationID, o.InstallmentID, o.Part, o.AmountFen, o.DebtorID
	return nil
}

// DebtEnteredNotice tells a party what was entered about its debt, or about what
// it is owed.
func DebtEnteredNotice(cs Case, e DebtEntry, partyID int64) Notice {
	text := fmt.Sprintf("%s：%s（%s）。", cs.CaseNo, e.Chinese(), e.OnDay.Chinese())
	if e.Reason != "" {
		text += "理由：" + e.Reason + "。"
	}
	kind, title := NoticeDebtEntered, "利息事项已登记"
	if e.Kind == DebtDuesAmount || e.Kind == DebtDuesEnd {
		kind, title = NoticeDutyChanged, "履行事项变更"
	}
	n := caseNotice(kind, cs, fmt.Sprintf("debt:%d:%d", e.ID, partyID), title, paragraphs(strings.Replace(text, RoleJudge.Chinese(), actedAs(e.ByUserID, cs.JudgeID), 1), "现在尚欠的各项金额见本案台账。有异议的，请联系"+inCharge+"。")).to(partyID)
	return n
}

// Chinese is the entry in words, as screens show it.
func (e DebtEntry) Chinese() string {
	sum := "全部" + e.Part.Chinese() + "（含以后产生的）"
	if e.AmountFen > 0 {
		sum = e.Part.Chinese() + " " + e.AmountFen.Yuan() + " 元"
	}
	switch e.Kind {
	case DebtWaive:
		return "权利人放弃" + sum
	case DebtLeave:
		return "承办法官决定不再计收" + sum
	case DebtForgive:
		if e.DebtorID != 0 {
			return "权利人免除一名连带债务人的债务，其份额 " + e.ShareFen.Yuan() + " 元内的本金 " + e.AmountFen.Yuan() + " 元消灭"
		}
		return "权利人免除本金 " + e.AmountFen.Yuan() + " 元"
	case DebtRefuse:
		return "义务人拒绝免除，本金 " + e.AmountFen.Yuan() + " 元恢复"
	case DebtExclude:
		return e.FromOn.Chinese() + "至" + e.UntilOn.Chinese() + "不计入迟延履行期间"
	case DebtBears:
		if e.Bears {
			return "该项义务计算加倍部分债务利息"
		}
		return "该项义务不计算加倍部分债务利息"
	case DebtTerms:
		if !e.Terms.Runs() {
			return "一般债务利息不再按利率计算"
		}
		return "一般债务利息：" + e.Terms.Chinese()
	case DebtConvert:
		return e.Foreign.Words()
	case DebtRank:
		return fmt.Sprintf("担保数额 %s 元，负担轻重 %d", e.SecurityFen.Yuan(), e.Weight)
	case DebtDuesAmount:
		return "自" + e.FromOn.Chinese() + "起到期的，每期 " + e.AmountFen.Yuan() + " 元"
	case DebtDuesEnd:
		return "按期给付于" + e.UntilOn.Chinese() + "终止，此后不再到期"
	default:
		return "撤回此前的登记"
	}
}

// StandingDebtEntries are the entries that nobody took back, in their order.
func StandingDebtEntries(all []DebtEntry) (out []DebtEntry) {
	undone := map[int64]bool{}
	for _, e := range all {
		undone[e.UndoesID] = true
	}
	for _, e := range all {
		if e.Kind != DebtUndo && e.Kind != DebtRefuse && !undone[e.ID] {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b DebtEntry) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// The keys under which what came in with a case stands among the terms.
const (
	filedTermsKey  = "filed"
	versionTermKey = "version:"
)

// FiledTerms is the entry of what an obligation was filed with, which is made
// when the judge enters other terms first: the earlier ones stay readable, and a
// version of the case system that repeats them is known as a repeat.
func FiledTerms(all []DebtEntry, ob Obligation, by int64) []DebtEntry {
	if !ob.Interest.Runs() || slices.ContainsFunc(all, func(e DebtEntry) bool { return e.Kind == DebtTerms && e.ObligationID == ob.ID }) {
		return nil
	}
	return []DebtEntry{{
		CourtID: ob.CourtID, CaseID: ob.CaseID, ObligationID: ob.ID, Kind: DebtTerms, Terms: ob.Interest, OnDay: DateOf(ob.CreatedAt),
		Reason: "立案时录入的约定", IdemKey: filedTermsKey, ByUserID: by,
	}}
}

// VersionTerms is the entry of what a newer version of the case system says.
func VersionTerms(cs Case, ob Obligation, was *InterestTerms, by int64, today Date) DebtEntry {
	before := was.Text()
	if before == "" {
		before = "无"
	}
	return DebtEntry{
		CourtID: cs.CourtID, CaseID: cs.ID, ObligationID: ob.ID, Kind: DebtTerms, Terms: ob.Interest, OnDay: today,
		Reason: fmt.Sprintf("审判管理系统第 %d 版；此前：%s", cs.SourceVersion, before), IdemKey: fmt.Sprintf("%s%d", versionTermKey, cs.SourceVersion), ByUserID: by,
	}
}

// RepeatsTerms tells whether a version of the case system says again what it said
// before the judge entered other terms: those stand.
func RepeatsTerms(all []DebtEntry, obligationID int64, pushed *InterestTerms) bool {
	said, judged := "", false
	for _, e := range all {
		if e.Kind != DebtTerms || e.ObligationID != obligationID {
			continue
		}
		if judged = e.IdemKey != filedTermsKey && !strings.HasPrefix(e.IdemKey, versionTermKey); !judged {
			said = e.Terms.Text()
		}
	}
	return judged && pushed.Text() == said
}

// concerns tells whether the entry waives or leaves a part of an instalment.
func (e DebtEntry) concerns(i Installment, part Part) bool {
	return (e.Kind == DebtWaive || e.Kind == DebtLeave) && e.Part == part && e.ObligationID == i.ObligationID && (e.InstallmentID == 0 || e.InstallmentID == i.ID)
}

// waivedWhole tells whether all of a part was waived or left, also what grows.
func (p Payments) waivedWhole(i Installment, part Part) bool {
	return slices.ContainsFunc(p.Entries, func(e DebtEntry) bool { return e.concerns(i, part) && e.AmountFen == 0 })
}

// waived parts what is owed into what was waived or left of it and the rest.
func (p Payments) waived(i Installment, part Part, owed Fen) (waived, rest Fen) {
	if p.waivedWhole(i, part) {
		return owed, 0
	}
	for _, e := range p.Entries {
		if e.concerns(i, part) {
			waived += e.AmountFen
		}
	}
	waived = min(waived, owed)
	return waived, owed - waived
}

// bears is what the judge decided last about the doubled part of a duty.
func (p Payments) bears(obligationID int64) (bears, said bool) {
	for _, e := range p.Entries {
		if e.Kind == DebtBears && e.ObligationID == obligationID {
			bears, said = e.Bears, true
		}
	}
	return bears, said
}

// excluded are the days that do not count for a duty.
// Source: 法释〔2014〕8号 3 para. 3.
func (p Payments) excluded(obligationID int64) (out []Days) {
	for _, e := range p.Entries {
		if e.Kind == DebtExclude && e.ObligationID == obligationID {
			out = append(out, Days{e.FromOn, e.UntilOn})
		}
	}
	return out
}

// WaiveShares spreads an amount that is waived of a part of an obligation over
// its instalments, the earliest first, so that each keeps its own. It refuses
// more than is owed.
func (d Debts) WaiveShares(obligationID int64, part Part, amount Fen, paid Payments, s CourtSettings, today Date) ([]Share, error) {
	var out []Share
	left := amount
	for _, i := range d.Installments {
		if i.ObligationID != obligationID || left == 0 {
			continue
		}
		r := d.Reckon(i, paid, s, today)
		owed := r.OrdinaryFen
		if part == PartDoubled {
			owed = r.DoubledFen
		}
		if one := min(owed, left); one > 0 {
			out, left = append(out, Share{InstallmentID: i.ID, AmountFen: one}), left-one
		}
	}
	if left > 0 {
		return nil, InvalidField("amount_fen", "debt.more_than_owed", "金额超过今日尚欠的"+part.Chinese()+" "+(amount-left).Yuan()+" 元；全部放弃或者全部不再计收的，不填金额")
	}
	return out, nil
}
