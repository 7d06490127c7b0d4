package model

import (
	"fmt"
	"slices"
	"strings"
)

// Point is one numbered paragraph of a paper.
type Point struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

func (p Point) line(n int) string { return chineseOrdinal(n+1) + "、" + p.Title + "。" + p.Text }

const (
	measuresSentence = "本院可以依法查封、扣押、冻结、划拨您的财产；符合法定情形的，可以将您纳入失信被执行人名单、限制高消费、罚款、拘留；构成犯罪的，依法追究刑事责任。"
	uploadSentence   = "付款后请在“微法院”小程序上传汇款回执，由承办法官确认。"
	honestSentence   = "全部自动履行的，可以申请《自动履行证明书》，用于贷款、招投标等场合；符合条件的可列入诚信履行名单，依规定享受诉讼服务绿色通道、降低保全成本、行政审批绿色通道、招投标加分、财政扶持、信用评价和授信融资等激励。"
	confirmSentence  = "收到款项后，请在“微法院”小程序中确认；未收到或者金额不符的，请提出异议，双方看到的是同一本履行台账。"
	doubledSentence  = "应加倍支付迟延履行期间的债务利息"
)

// told joins what a paper says of each regime; where there are several each
// sentence says of which duties it speaks, and the same sentence is said once.
func told(list []Regime, say func(Rules) string) string {
	var out []string
	names := map[string][]string{}
	for _, r := range list {
		s := say(r.Rules())
		if s == "" {
			continue
		}
		if names[s] == nil {
			out = append(out, s)
		}
		names[s] = append(names[s], r.Rules().Name)
	}
	if len(list) > 1 {
		for n, s := range out {
			if len(names[s]) < len(list) {
				out[n] = strings.Join(names[s], "、") + "：" + s
			}
		}
	}
	return strings.Join(out, "")
}

// named are the names of those regimes for which something holds.
func named(list []Regime, holds func(Rules) bool) string {
	var out []string
	for _, r := range list {
		if holds(r.Rules()) {
			out = append(out, r.Rules().Name)
		}
	}
	return strings.Join(out, "、")
}

// payWords says where the money goes: to a party, to the court's account, or
// either.
func payWords(court Court, note string, regimes []Regime, toParty, toCourt bool) string {
	account := "本院案款账户（" + orNone(court.Account) + "），汇款附言请写：" + note
	switch {
	case len(regimes) == 1 && regimes[0] == RegimeNonLitigation && toParty:
		return "按行政决定载明的方式缴纳，也可以汇入" + account + "。"
	case toParty && toCourt:
		return "应当上缴国库的，请缴入" + account + "；其余款项可以直接向权利人付款，也可以汇入该账户。"
	case toCourt:
		return "请缴入" + account + "。"
	}
	return "可以直接向权利人付款，也可以汇入" + account + "。"
}

// destinations tells whether instalments are paid to a party and to the court.
func (d Debts) destinations(list []Installment) (party, court bool) {
	for _, i := range list {
		ob := d.Obligation(i.ObligationID)
		court = court || ob.ToCourt
		party = party || !ob.ToCourt
	}
	return party, court
}

// filingOpening is the first sentence of the 告知书. It says of nobody that he did
// what he is accused of.
func filingOpening(cs Case) string {
	const now = "现将履行的有关事项告知如下："
	switch {
	case cs.Kind == CaseCriminal:
		return fmt.Sprintf("%s一案，本院已受理，案号为%s。本告知书不代表本院对指控的事实和责任的认定。%s", cs.Cause, cs.CaseNo, now)
	case cs.Base() == RegimeNonLitigation:
		return fmt.Sprintf("行政机关申请强制执行行政决定（%s）一案，本院已立案审查，案号为%s。本告知书不代表本院对是否准予执行的认定。%s", cs.Cause, cs.CaseNo, now)
	}
	return fmt.Sprintf("您与他人%s一案，本院已立案，案号为%s。本告知书不代表本院对案件责任的认定。现将自动履行的有关事项告知如下：", cs.Cause, cs.CaseNo)
}

// FilingPoints are the four points of the 告知书, by kind of case and by the side
// on which the addressee is.
func FilingPoints(court Court, cs Case, role PartyRole) []Point {
	side := SideOf(role)
	account := "本院案款账户（" + orNone(court.Account) + "），汇款时请注明案号和姓名"
	switch {
	case cs.Kind == CaseCriminal && role == Accused:
		return []Point{
			{"退赔与赔偿", "判决前自愿退赔被害人损失、赔偿损失的，由本院查明后在量刑时依法考虑。愿意退赔的，请先与承办法官联系；款项可以汇入" + account + "。亲属可以代为退赔。判决前的款项须由付款人写明自愿缴纳的意愿和用途，在“微法院”小程序或者本院窗口登记，由承办法官核实后作为暂存款单独保管；判决生效后依判决抵充，多余的、没有判处的退还付款人。"},
			{"罚金、没收财产", "是否判处、判处多少，以判决为准；判决之前，本院不要求缴纳。"},
			{"判决生效以后", "各判项按判决确定的期限履行。同时承担多项的，依次为：" + orderInWords() + by(CiteCriminalOrder) + "。" + RegimeFine.Rules().Hardship + meansSentence},
			{"不履行的后果", told([]Regime{RegimeFine, RegimeRestitution, RegimeIncidental}, func(r Rules) string { return r.Compels }) +
				"附带民事赔偿逾期不履行的，" + doubledSentence + "。有能力履行而拒不履行的，" + measuresSentence},
		}
	case cs.Kind == CaseCriminal && side == SideCreditor:
		return []Point{
			{"退赔与赔偿", "被告人或者其亲属自愿退赔、赔偿的，本院会告知您。款项可以直接付给您，也可以经本院案款账户发还。"},
			{"判决以后怎样执行", RegimeRestitution.Rules().Claims + "附带民事赔偿：对方逾期不履行的，您可以申请强制执行，方法和期间见判决生效后发给您的《权利人须知》。"},
			{"收款与确认", confirmSentence},
			{"谅解与和解", "您与对方自愿和解、谅解或者同意延期、分期的，请告知承办法官。"},
		}
	case cs.Base() == RegimeNonLitigation && side == SideCreditor:
		return []Point{
			{"督促履行", "本院会告知被申请人主动履行。" + RegimeNonLitigation.Rules().Claims},
			{"收款与确认", "被申请人向你单位缴纳的，请在“微法院”小程序中确认；未收到或者金额不符的，请提出异议。"},
			{"加处罚款与执行协议", RegimeNonLitigation.Rules().Until},
			{"履行情况", "被申请人已经履行或者部分履行的，请及时告知承办法官，以免重复执行。"},
		}
	case cs.Base() == RegimeNonLitigation:
		return []Point{
			{"主动履行", "在本院强制执行之前，您可以主动履行行政决定确定的义务。" + RegimeNonLitigation.Rules().Hardship},
			{"怎样履行", "可以按行政决定载明的方式缴纳，也可以汇入" + account + "。付款后请在“微法院”小程序中上传凭证，承办法官确认后记入履行台账，双方都能看到。"},
			{"履行的意义", RegimeNonLitigation.Rules().Means + honestSentence},
			{"不履行的后果", RegimeNonLitigation.Rules().Compels + "强制执行的费用由被执行人承担" + by(CiteEnforcementCosts) + "。" + measuresSentence},
		}
	case side == SideCreditor:
		return []Point{
			{"什么是自动履行", "法律文书生效后，负有义务的一方在对方申请强制执行之前主动履行的，是自动履行。本院会在履行期限届满前后提醒、催告义务人。"},
			{"收款与确认", "对方可以直接向您付款，也可以汇入本院案款账户由本院发还。" + confirmSentence},
			{"申请强制执行", "对方逾期不履行的，您可以申请强制执行，方法和期间见法律文书生效后发给您的《权利人须知》。您与对方自愿和解、同意延期或者分期的，请告知承办法官。"},
			{"您负有义务时", "法律文书确定您也应当履行义务的，请按期履行；" + honestSentence},
		}
	}
	late := "逾期不履行的，" + doubledSentence + "；"
	if cs.Base() == RegimeAdministrated {
		late = "逾期不履行的，对方可以申请强制执行；"
	}
	who := ""
	if side == SideEither {
		who = "法律文书确定您享有权利的，收到款项后请在“微法院”小程序中确认；确定您负有义务的，按以下办法履行。"
	}
	return []Point{
		{"什么是自动履行", "法律文书生效后，在对方申请强制执行之前主动履行义务，就是自动履行。履行期限以生效法律文书为准。"},
		{"怎样履行", who + "可以直接向权利人付款，也可以汇入" + account + "。付款后请在“微法院”小程序中上传汇款回执，承办法官确认后记入履行台账，双方都能看到。"},
		{"自动履行的好处", honestSentence},
		{"不履行的后果", late + "进入强制执行后，还需承担执行申请费，并可能被纳入失信被执行人名单、限制高消费、罚款、拘留，构成犯罪的依法追究刑事责任。"},
	}
}

// owedWords is the sentence about money of a demand or of the 执行通知书: what is
// open, which interest runs, what enforcement costs. It says nothing of interest
// where none runs.
func (f DocumentFacts) owedWords(enforced bool) string {
	if f.OpenFen == 0 && f.InterestFen == 0 && f.OrdinaryFen == 0 {
		return "请按法律文书确定的内容完成上列义务，并上传完成的证明。"
	}
	s := fmt.Sprintf("截至%s，未付金额合计 %s 元。", f.IssuedOn.Chinese(), f.OpenFen.Yuan()) + f.ordinaryWords()
	if f.InterestFen > 0 {
		if len(f.Regimes) > 1 {
			s += "其中" + named(f.Regimes, func(r Rules) bool { return r.Double != DoublingNever }) + "，"
		}
		s += fmt.Sprintf("依照%s，%s，加倍部分已产生 %s 元（日万分之一点七五，付款部分计至付款之日）", CiteDoubledInterest.Short(), doubledSentence, f.InterestFen.Yuan())
		if f.PerDayFen > 0 {
			s += fmt.Sprintf("，此后每日增加 %s 元", f.PerDayFen.Yuan())
		}
		s += "。"
		if !f.runs() {
			s += "法律文书另行确定利息的，从其确定。"
		}
	}
	if f.FeeFen > 0 && len(f.Regimes) > 1 {
		s += "就" + named(f.Regimes, func(r Rules) bool { return r.Charge == ChargeFee }) + "，"
	}
	if f.FeeFen > 0 && enforced {
		s += fmt.Sprintf("执行申请费约 %s 元由您负担。", f.FeeFen.Yuan())
	} else if f.FeeFen > 0 {
		s += fmt.Sprintf("对方申请强制执行的，您还需另行承担执行申请费约 %s 元。", f.FeeFen.Yuan())
	}
	return s + told(f.Regimes, func(r Rules) string {
		if r.Charge == ChargeCosts {
			return "强制执行的费用由被执行人承担，以实际发生的为准" + by(CiteEnforcementCosts) + "。"
		}
		return ""
	})
}

// runs tells whether the instrument's ordinary interest on what is listed is
// recorded here.
func (f DocumentFacts) runs() bool {
	return slices.ContainsFunc(f.Items, func(it DocumentItem) bool { return it.Terms != "" })
}

// ordinaryWords says what ordinary interest is owed besides, "" when none is.
func (f DocumentFacts) ordinaryWords() string {
	if f.OrdinaryFen == 0 {
		return ""
	}
	s := fmt.Sprintf("另欠法律文书确定的一般债务利息 %s 元", f.OrdinaryFen.Yuan())
	if f.OrdinaryPerDay > 0 {
		s += fmt.Sprintf("，此后每日约增加 %s 元", f.OrdinaryPerDay.Yuan())
	}
	return s + "。"
}

// ordinaryPoints is how the ordinary interest was reckoned, item by item; none
// where no item bears any.
func (f DocumentFacts) ordinaryPoints() []Point {
	var b strings.Builder
	for n, it := range f.Items {
		if it.Terms == "" {
			continue
		}
		if len(f.Items) > 1 {
			fmt.Fprintf(&b, "第 %d 项：", n+1)
		}
		fmt.Fprintf(&b, "%s。", it.Terms)
		if len(it.Reasons) > 0 {
			fmt.Fprintf(&b, "%s。扣除已付和已放弃、不再计收的部分，截至%s尚欠 %s 元。", strings.Join(it.Reasons, "；"), f.IssuedOn.Chinese(), it.OrdinaryFen.Yuan())
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return []Point{{"一般债务利息的计算", b.String()}}
}

// demandPoints are the points of the 催告书 after its table.
func (d Debts) demandPoints(court Court, f DocumentFacts, open []Installment) []Point {
	means := told(f.Regimes, func(r Rules) string { return r.Means })
	points := append([]Point{{"怎样履行", d.performWords(court, f, open)}, {"应付金额", f.owedWords(false)}}, f.ordinaryPoints()...)
	if means != "" {
		points = append(points, Point{"履行的意义", means})
	}
	if f.Second { // who is reminded for the first time is not threatened
		points = append(points, Point{"继续不履行的后果", told(f.Regimes, func(r Rules) string { return r.Compels }) + measuresSentence})
	}
	return append(points, Point{"异议与困难", "已经履行的，请上传凭证；有异议的，请在小程序中留言或致电承办法官。" +
		told(f.Regimes, func(r Rules) string { return r.Hardship })})
}

// changePoints say which parties changed in the duties that are listed, and up to
// what the addressee owes.
func (d Debts) changePoints(partyID int64, listed []Installment) []Point {
	var about []Obligation
	for _, ob := range d.Obligations {
		if slices.ContainsFunc(listed, func(i Installment) bool { return i.ObligationID == ob.ID }) {
			about = append(about, ob)
		}
	}
	lines := d.Changes(about)
	if s := d.LimitOf(partyID); s != "" && len(about) > 0 {
		lines = append(lines, s)
	}
	if len(lines) == 0 {
		return nil
	}
	return []Point{{"当事人变更", strings.Join(lines, "；") + "。"}}
}

// creditorPoints are the points of the 权利人须知 after its table. until says how the
// periods stand, "" where there is none.
func creditorPoints(kind InstrumentKind, regimes []Regime, until string) []Point {
	period := kind.until(regimes) + until
	last := Point{"和解与延期", "您与对方自愿和解、同意延期或者分期的，请告知承办法官。"}
	if len(regimes) == 1 && regimes[0] == RegimeNonLitigation {
		last = Point{"履行情况", "对方已经履行或者部分履行的，请及时告知承办法官，以免重复执行。"}
	}
	return []Point{
		{"督促履行", "本院会在履行期限届满前后提醒、催告对方。" + confirmSentence},
		{"强制执行", kind.claims(regimes)},
		{"期间", period},
		last,
	}
}

// enforcementPoints are the points of the 执行通知书 after its table.
func (d Debts) enforcementPoints(court Court, f DocumentFacts, open []Installment) []Point {
	points := append([]Point{{"应付金额", f.owedWords(true)}}, f.ordinaryPoints()...)
	points = append(points, Point{"怎样履行", d.performWords(court, f, open)})
	if !d.money(open) {
		points = []Point{{"怎样履行", f.owedWords(true)}}
	}
	if d.conduct(open) && bears(f.Regimes) {
		points = append(points, Point{"迟延履行金", "逾期未履行上列行为、交付义务的，无论是否已给对方造成损失，都应当支付迟延履行金：已经造成损失的，双倍补偿；没有造成损失的，由本院根据具体情况决定（" +
			CitesOn(f.IssuedOn, CiteDoubledInterest, CiteDelayPayment) + "）。"})
	}
	points = append(points,
		Point{"报告财产", "逾期不履行的，应当报告当前以及收到本通知之日前一年的财产情况。拒绝报告或者虚假报告的，可以依法予以罚款、拘留。"},
		Point{"纳入失信被执行人名单的风险提示", listingWarning(f.IssuedOn)},
	)
	if means := told(f.Regimes, func(r Rules) string { return r.Means }); means != "" {
		points = append(points, Point{"履行的意义", means})
	}
	return points
}

// listingWarning is what every 执行通知书 says of the list, with its six grounds (失信规定
// 1, 5).
func listingWarning(day Date) string {
	var b strings.Builder
	b.WriteString("未履行生效法律文书确定的义务，并具有下列情形之一的，本院将纳入失信被执行人名单，依法予以信用惩戒：")
	for i, g := range MeasureListing.Grounds() {
		if i > 0 {
			b.WriteString("；")
		}
		b.WriteString("（" + chineseOrdinal(i+1) + "）" + g.Text)
	}
	return b.String() + "（" + CitesOn(day, CiteListingGrounds, CiteListingWarning) + "）。"
}

// money and conduct tell what is owed by instalments: money, or something that
// nobody can remit.
func (d Debts) money(list []Installment) bool {
	return slices.ContainsFunc(list, func(i Installment) bool { return d.Obligation(i.ObligationID).Kind == ObligationMoney })
}

func (d Debts) conduct(list []Installment) bool {
	return slices.ContainsFunc(list, func(i Installment) bool { return d.Obligation(i.ObligationID).Kind != ObligationMoney })
}

// performWords say how to perform: where money goes, and nothing of an account
// where none is owed.
func (d Debts) performWords(court Court, f DocumentFacts, open []Installment) string {
	note := f.EnforcementNo
	if note == "" {
		note = d.Case.CaseNo
	}
	if !d.money(open) {
		return "完成后请在“微法院”小程序上传完成的证明，由承办法官确认。"
	}
	toParty, toCourt := d.destinations(slices.DeleteFunc(slices.Clone(open), func(i Installment) bool { return d.Obligation(i.ObligationID).Kind != ObligationMoney }))
	relatives := ""
	if f.Kind == DocumentEnforcementNotice {
		relatives = "亲属可以代为履行。"
	}
	return payWords(court, note, f.Regimes, toParty, toCourt) + uploadSentence + relatives
}

// startWords say in the 执行通知书 why there is an enforcement case.
func startWords(regimes []Regime) string {
	for _, r := range regimes {
		switch r.Rules().Start {
		case StartTransfer:
			return "经本院刑事审判部门移送，"
		case StartPending:
			return "经行政机关申请，"
		default: // the creditor applied, which the paper says by his name
		}
	}
	return ""
}

// some tells whether something holds for one of the regimes.
func some(regimes []Regime, holds func(Rules) bool) bool {
	return slices.ContainsFunc(regimes, func(r Regime) bool { return holds(r.Rules()) })
}

// bears tells whether the doubled part may run on one of the regimes.
func bears(regimes []Regime) bool {
	return some(regimes, func(r Rules) bool { return r.Double == DoublingRuns })
}

// warningPoints are the points of the 预告书. Each measure is one that this kind
// of enforcement knows.
func (d Debts) warningPoints(court Court, f DocumentFacts, open []Installment) []Point {
	way := told(f.Regimes, func(r Rules) string { return r.Hardship })
	return []Point{
		{"限制高消费", "未在" + f.PerformBy.By() + "履行的，本院可以限制您乘坐飞机、软卧、高铁，在星级以上宾馆、酒店等场所高消费，购买不动产，旅游、度假等。被执行人是单位的，其法定代表人、主要负责人、影响债务履行的直接责任人员、实际控制人同样受到限制。"},
		{"失信被执行人名单", "有履行能力而拒不履行，或者以伪造证据、暴力、威胁等方法妨碍、抗拒执行，以虚假诉讼、隐匿、转移财产等方法规避执行，违反财产报告制度、限制消费令，无正当理由拒不履行执行和解协议的，纳入名单，向社会公布，并在融资信贷、招标投标、行政审批等方面受到联合惩戒。"},
		{"罚款、拘留", "对个人的罚款金额为人民币十万元以下，对单位为人民币五万元以上一百万元以下；拘留的期限为十五日以下。"},
		{"刑事责任", "有能力执行而拒不执行，情节严重的，依照" + CiteRefusalCrime.Short() + "追究刑事责任。"},
		{"现在履行", "现在履行，可以避免上述措施。" + d.performWords(court, f, open) + way},
	}
}

// chargedWords say what a debtor in enforcement bears besides the duties.
func chargedWords(regimes []Regime) string {
	fee := some(regimes, func(r Rules) bool { return r.Charge == ChargeFee })
	switch {
	case fee && bears(regimes):
		return "，并承担迟延履行利息和执行申请费。"
	case fee:
		return "，并承担执行申请费。"
	case some(regimes, func(r Rules) bool { return r.Charge == ChargeCosts }):
		return "，强制执行的费用由被执行人承担。"
	}
	return "。"
}

// noticeBasis is by which rule the 执行通知书 is made: civil enforcement's, by
// reference in criminal (刑财规定 16) and administrative cases (行政诉讼法 101).
func noticeBasis(regimes []Regime) string {
	rule := CiteEnforcementNotice.Short() + "的规定"
	for _, r := range regimes {
		switch r {
		case RegimeFine, RegimeConfiscation, RegimeRestitution, RegimeUnsaid, RegimeIncidental:
			return "依照" + CitesShort(CiteCriminalScope, CiteCriminalByCivil) + "，适用" + rule
		case RegimeNonLitigation, RegimeAdministrated:
			return "依照" + CiteAdministrativeByCivil.Short() + "，适用" + rule
		default: // civil enforcement's own rule
		}
	}
	return "依照" + rule
}
