package model

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ShareRule is the rule by which money that enforcement brought is shared among
// the creditors of one debtor, after the costs and what has priority.
type ShareRule string

// The rules.
const (
	ShareInProportion  ShareRule = "in_proportion" // 同一份法律文书, 按比例
	ShareByMeasures    ShareRule = "by_measures"   // 多份法律文书, 按采取执行措施的先后
	ShareParticipation ShareRule = "participation" // 参与分配, 按比例
)

// ShareRules lists them in the order of screens.
var ShareRules = []ShareRule{ShareInProportion, ShareByMeasures, ShareParticipation}

// Chinese is the rule's name on screens.
func (r ShareRule) Chinese() string {
	return map[ShareRule]string{
		ShareInProportion: "一份法律文书的各债权人按比例受偿", ShareByMeasures: "多份法律文书的债权人按采取执行措施的先后受偿", ShareParticipation: "参与分配，普通债权按比例受偿",
	}[r]
}

// Citation is where the rule stands. Of a legal person that is not sent to the
// bankruptcy court the order of measures follows from 民诉解释 514 as well.
func (r ShareRule) Citation(legalPerson bool) string {
	switch {
	case r == ShareInProportion:
		return CitesShort(CiteShareOneInstrument, CiteSharePriority)
	case r == ShareParticipation:
		return CitesShort(CiteParticipation, CiteParticipationOrder, CiteDoubledLast)
	case legalPerson:
		return CitesShort(CiteShareMeasures, CiteSharePriority, CiteShareNoBankruptcy)
	}
	return CitesShort(CiteShareMeasures, CiteSharePriority)
}

// DistributionState is how far a plan of distribution has come.
type DistributionState string

// The states. Only a plan that is drafted is changed; a served one is replaced.
const (
	DistributionDrafted   DistributionState = "drafted"   // 拟定中
	DistributionServed    DistributionState = "served"    // 已送达，异议期内
	DistributionAllocated DistributionState = "allocated" // 已分配
	DistributionWithdrawn DistributionState = "withdrawn" // 已撤销
)

// Chinese is the state's name on screens.
func (s DistributionState) Chinese() string {
	return map[DistributionState]string{
		DistributionDrafted: "拟定中", DistributionServed: "已送达", DistributionAllocated: "已分配", DistributionWithdrawn: "已撤销",
	}[s]
}

// Distribution is a plan (财产分配方案) by which money that enforcement against one
// debtor brought is shared among his creditors. Source: 执行工作规定 55; 民诉解释
// 506–514.
type Distribution struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64 // of the court that presides, in which the money came
	PartyID           int64 // the debtor
	Rule              ShareRule
	// LegalPerson says that the debtor is an enterprise with legal personality: there
	// is no participation against it, but bankruptcy.
	LegalPerson bool
	AmountFen   Fen // in the court's account
	CostsFen    Fen // 执行费用, taken first
	// AsOf is when the money was transferred, or the sale took effect: interest runs
	// until then, and it counts as paid on it (法释〔2014〕8号 3 para. 2).
	AsOf        Date
	Source      string // which property it came from
	Reason      string // that the property does not satisfy all claims, for participation
	State       DistributionState
	ServedOn    Date // when the last of those concerned got the plan
	ObjectUntil Date
	RestFen     Fen // goes back to the debtor; known once it is served
	AllocatedOn Date
	EndReason   string // why it was withdrawn
	ByUserID    int64
	IdemKey     string
	Version     int64
	CreatedAt   time.Time
}

// DistributionClaim is one creditor's claim in a plan.
type DistributionClaim struct {
	ID             int64
	DistributionID int64
	CourtID        int64
	// OfCaseID, OfEnforcementID, CreditorID and DebtorID are the rows of a case of
	// this court, 0 for a creditor who comes from another court.
	OfCaseID        int64
	OfEnforcementID int64
	CreditorID      int64
	DebtorID        int64
	Creditor        string `gorm:"serializer:sealed"`
	OfCourt         string // "" for this one
	CaseNo          string // of the enforcement case, or the instrument of a secured creditor
	// AmountFen is the money of the instrument with its ordinary interest, DoubledFen
	// the doubled part, which comes last.
	AmountFen   Fen
	DoubledFen  Fen
	PriorFen    Fen // of AmountFen has priority: security, or the law's own
	PriorRank   int // 1 before 2; equal ranks in proportion
	PriorGround string
	MeasureOn   Date // when the first measure was taken for it (查封、扣押、冻结)
	AppliedOn   Date // for participation: when the application came in
	// PriorShareFen, ShareFen and DoubledShareFen are what it gets; ShareFen is
	// without the other two.
	PriorShareFen   Fen
	ShareFen        Fen
	DoubledShareFen Fen
	HeldFen         Fen // of it stays with the court because of a suit about the plan
	ReceiptID       int64
	Struck          bool // entered by mistake while the plan was drafted
	ByUserID        int64
	CreatedAt       time.Time
}

// SumFen is all that the claim gets.
func (c DistributionClaim) SumFen() Fen { return c.PriorShareFen + c.ShareFen + c.DoubledShareFen }

// Own tells whether the claim is of a case of this court, so that its share is
// entered in that case's ledger.
func (c DistributionClaim) Own() bool { return c.OfCaseID != 0 }

// ObjectionState is what became of an objection against a plan.
type ObjectionState string

// The states.
const (
	ObjectionOpen     ObjectionState = "open"     // 待处理
	ObjectionDropped  ObjectionState = "dropped"  // 撤回，或者逾期未起诉: by the plan
	ObjectionAccepted ObjectionState = "accepted" // 无人反对: the plan is mended
	ObjectionSued     ObjectionState = "sued"     // 已起诉: the disputed sum is kept
)

// ObjectionResults lists what somebody can enter of an objection.
var ObjectionResults = []ObjectionState{ObjectionDropped, ObjectionAccepted, ObjectionSued}

// Chinese is the state's name on screens.
func (s ObjectionState) Chinese() string {
	return map[ObjectionState]string{
		ObjectionOpen: "待处理", ObjectionDropped: "撤回异议，或者有人反对而逾期未起诉", ObjectionAccepted: "无人反对，依异议修正方案", ObjectionSued: "有人反对，异议人已起诉",
	}[s]
}

// DistributionObjection is a written objection (书面异议) of a creditor or the
// debtor against a plan. Source: 民诉解释 509, 510.
type DistributionObjection struct {
	ID             int64
	DistributionID int64
	CourtID        int64
	Objector       string `gorm:"serializer:sealed"`
	FiledOn        Date
	Content        string
	State          ObjectionState
	// NotifiedOn is when the last of the others heard of it: they have fifteen days to
	// oppose it.
	NotifiedOn Date
	ResultOn   Date
	Result     string
	ClaimID    int64 // whose share the suit is about
	HeldFen    Fen   // of that share
	ByUserID   int64
	CreatedAt  time.Time
}

// distributionDays is how long creditors and debtor can object to a plan, others
// oppose the objection, and the objector sue. Source: 民诉解释 509, 510.
const distributionDays = 15

// Same tells whether two rows, of two cases, are one person: by the number of his
// document where both have it, otherwise by name.
func (p Party) Same(o Party) bool {
	if p.IDNumberHash != "" && o.IDNumberHash != "" {
		return p.IDNumberHash == o.IDNumberHash
	}
	return p.Kind == o.Kind && p.NameNorm == o.NameNorm
}

// ClaimOf are the instalments of a list that are owed to a creditor of that name,
// alone or with others, and who he is; nobody is 0. Two creditors of one name are
// not told apart: the first one is taken.
func (d Debts) ClaimOf(list []Installment, name string) (creditor int64, theirs []Installment) {
	norm := NormalizeName(name)
	for _, i := range list {
		for _, p := range d.Obligation(i.ObligationID).Obligees() {
			if norm == "" || d.Party(p).NameNorm != norm || creditor != 0 && p != creditor {
				continue
			}
			creditor, theirs = p, append(theirs, i)
			break
		}
	}
	return creditor, theirs
}

// Check refuses a plan that the law does not know.
func (d *Distribution) Check(filedOn, today Date) error {
	d.Source, d.Reason = strings.TrimSpace(d.Source), strings.TrimSpace(d.Reason)
	long := func(s string) bool { return utf8.RuneCountInString(s) > 500 }
	var wrong Faults
	wrong.Add(CheckAmount("amount_fen", d.AmountFen))
	wrong.If(d.Rule.Chinese() == "", "rule", "distribution.rule", "请选择分配的规则")
	wrong.If(d.Rule == ShareParticipation && d.LegalPerson, "rule", "distribution.legal_person", "被执行人是企业法人的，不适用参与分配；符合破产条件的，经当事人同意移送破产审查；不移送或者不受理的，按采取措施的先后受偿（"+CitesShort(CiteShareBankruptcy, CiteShareNoBankruptcy)+"）")
	wrong.If(d.CostsFen < 0 || d.CostsFen > d.AmountFen, "costs_fen", "distribution.costs", "执行费用不能为负，也不能超过执行所得")
	wrong.If(d.Source == "" || long(d.Source), "source", "field.required", "请填写款项来自哪项财产，不超过 500 字")
	wrong.If(d.Rule == ShareParticipation && d.Reason == "" || long(d.Reason), "reason", "reason.required", "参与分配的，请写明被执行人的财产不能清偿所有债权的情况，不超过 500 字（"+CiteParticipation.Short()+"）")
	wrong.If(d.AsOf.IsZero() || d.AsOf.After(today) || d.AsOf.Before(filedOn), "as_of", "distribution.day", "债权计算至的日期应在执行立案以后，不晚于今天")
	return wrong.Err()
}

// CheckClaim refuses a claim that the plan's rule has no place for.
func (d Distribution) CheckClaim(c DistributionClaim, filedOn, today Date) error {
	long := func(s string, n int) bool { return utf8.RuneCountInString(s) > n }
	var wrong Faults
	wrong.If(c.Creditor == "" || long(c.Creditor, 100), "creditor", "field.required", "请填写债权人，不超过 100 字")
	wrong.If(c.CaseNo == "" || long(c.CaseNo, 64), "case_no", "distribution.basis", "请填写执行案号；优先权人没有执行案件的，填写其依据的文书编号或者登记证明编号")
	wrong.If(!c.Own() && (c.OfCourt == "" || long(c.OfCourt, 100)), "of_court", "distribution.court", "不是本院执行案件的，请填写执行法院；优先权人直接申请的，写明")
	wrong.If(d.Rule == ShareInProportion && c.OfCaseID != d.CaseID, "case_no", "distribution.one_instrument", "按比例受偿只适用于同一份法律文书的各债权人；有其他法律文书的债权人的，请选择其他规则")
	wrong.If(c.AmountFen < 0 || c.DoubledFen < 0 || c.AmountFen+c.DoubledFen <= 0 || c.AmountFen > MaxFen || c.DoubledFen > MaxFen, "amount_fen", "amount.positive", "请填写债权数额，应大于 0")
	wrong.If(c.PriorFen < 0 || c.PriorFen > c.AmountFen, "prior_fen", "distribution.prior", "优先受偿的数额不能为负，也不能超过债权数额")
	wrong.If(c.PriorFen > 0 && (c.PriorRank < 1 || c.PriorRank > 99), "prior_rank", "distribution.prior", "优先受偿的，请填写顺位，1 为最先，同一顺位按比例")
	wrong.If(c.PriorFen > 0 && (strings.TrimSpace(c.PriorGround) == "" || long(c.PriorGround, 200)), "prior_ground", "reason.required", "请写明优先受偿的依据，例如抵押登记，不超过 200 字")
	wrong.If(d.Rule == ShareByMeasures && c.MeasureOn.IsZero() && c.AmountFen > c.PriorFen, "measure_on", "distribution.measure", "按先后受偿的，请填写为该债权首次采取查封、扣押、冻结措施的日期")
	wrong.If(c.MeasureOn.After(today), "measure_on", "date.future", "采取措施的日期不能晚于今天")
	wrong.If(d.Rule == ShareParticipation && c.OfCaseID != d.CaseID && (c.AppliedOn.IsZero() || c.AppliedOn.After(today) || c.AppliedOn.Before(filedOn)), "applied_on", "distribution.applied", "请填写收到参与分配申请书的日期；申请应在执行程序开始后、财产执行终结前提出（"+CiteParticipationAsked.Short()+"）")
	return wrong.Err()
}

// Share computes what each claim gets, to the fen: costs first, then what has
// priority by its rank, then the rest of the claims by the rule, last the doubled
// part by the same rule. What is left goes back to the debtor.
//
// That the doubled part of one creditor comes behind the money of another's
// instrument follows from 法释〔2014〕8号 4 (不足以清偿全部债务的); whether that holds
// among several instruments the courts answer differently. Measures of one day are
// equal. Several securities: the officer enters their order (民法典 414); 执行工作规定
// 55 para. 2 of 2020 says only that they come before money.
// Source: 执行工作规定 55; 民诉解释 508, 514.
func (d Distribution) Share(claims []DistributionClaim) (out []DistributionClaim, rest Fen) {
	out = slices.Clone(claims)
	left := max(0, d.AmountFen-d.CostsFen)
	var at []int // of the claims that count
	for n, c := range out {
		out[n].PriorShareFen, out[n].ShareFen, out[n].DoubledShareFen = 0, 0, 0
		if !c.Struck {
			at = append(at, n)
		}
	}
	pay := func(before func(a, b DistributionClaim) int, open func(DistributionClaim) Fen, set func(*DistributionClaim, Fen)) {
		order := slices.Clone(at)
		slices.SortStableFunc(order, func(a, b int) int { return before(out[a], out[b]) })
		for first := 0; first < len(order); {
			last := first + 1
			for last < len(order) && before(out[order[first]], out[order[last]]) == 0 {
				last++
			}
			parts := make([]Fen, last-first)
			for n := range parts {
				parts[n] = open(out[order[first+n]])
			}
			for n, part := range proportion(left, parts) {
				set(&out[order[first+n]], part)
				left -= part
			}
			first = last
		}
	}
	pay(func(a, b DistributionClaim) int { return cmp.Compare(a.PriorRank, b.PriorRank) },
		func(c DistributionClaim) Fen { return c.PriorFen }, func(c *DistributionClaim, f Fen) { c.PriorShareFen = f })
	turn := func(a, b DistributionClaim) int {
		if d.Rule != ShareByMeasures {
			return 0
		}
		return cmp.Or(compareBool(a.MeasureOn.IsZero(), b.MeasureOn.IsZero()), a.MeasureOn.Compare(b.MeasureOn))
	}
	pay(turn, func(c DistributionClaim) Fen { return c.AmountFen - c.PriorShareFen }, func(c *DistributionClaim, f Fen) { c.ShareFen = f })
	pay(turn, func(c DistributionClaim) Fen { return c.DoubledFen }, func(c *DistributionClaim, f Fen) { c.DoubledShareFen = f })
	return out, left
}

// CheckVersion refuses an act on a plan that its maker has not seen.
func (d Distribution) CheckVersion(seen int64) error {
	if d.Version != seen {
		return E(Conflict, "distribution.changed", "分配方案刚刚有了变化（"+d.State.Chinese()+"），请刷新后再处理")
	}
	return nil
}

func (d Distribution) wrongState() error {
	return E(Conflict, "distribution.state", "分配方案"+d.State.Chinese()+"，不能这样处理，请刷新后查看")
}

// CheckDrafted refuses a change of what was served: it is replaced by another plan.
func (d Distribution) CheckDrafted() error {
	if d.State != DistributionDrafted {
		return d.wrongState()
	}
	return nil
}

// Serve records that the plan reached all who are concerned, the last of them on
// a day: each has fifteen days to object from the day on which he got it. A plan
// with one creditor shares nothing.
// Source: 民诉解释 509.
func (d *Distribution) Serve(on Date, claims int, c *Calendar, today Date) error {
	switch {
	case !DistributionMachine.May(d.State, DistributionServed):
		return d.wrongState()
	case claims < 2:
		return E(Conflict, "distribution.alone", "方案中不足两名债权人，不需要分配；请直接在案件中确认款项")
	case on.IsZero() || on.After(today) || on.Before(d.AsOf):
		return InvalidField("served_on", "distribution.served", "请填写最后一名债权人、被执行人收到方案的日期，不能晚于今天，也不早于债权计算至的日期")
	}
	d.State, d.ServedOn, d.ObjectUntil = DistributionServed, on, c.DaysPeriod(on, distributionDays, "收到分配方案").Last
	return nil
}

// Object takes an objection against a served plan in time.
func (d Distribution) Object(o *DistributionObjection, today Date) error {
	o.Objector, o.Content = Clean(o.Objector), strings.TrimSpace(o.Content)
	if d.State != DistributionServed {
		return d.wrongState()
	}
	var wrong Faults
	wrong.If(o.Objector == "" || utf8.RuneCountInString(o.Objector) > 100, "objector", "field.required", "请填写提出异议的债权人或者被执行人")
	wrong.If(o.FiledOn.IsZero() || o.FiledOn.After(today), "filed_on", "date.future", "请填写收到书面异议的日期，不能晚于今天")
	wrong.If(o.FiledOn.After(d.ObjectUntil), "filed_on", "distribution.late", "异议应在收到方案之日起十五日内提出，已于"+d.ObjectUntil.Chinese()+"届满（"+CiteDistributionServed.Short()+"）")
	wrong.If(o.Content == "" || utf8.RuneCountInString(o.Content) > 500, "content", "reason.required", "请填写异议的内容，不超过 500 字")
	if err := wrong.Err(); err != nil {
		return err
	}
	o.State = ObjectionOpen
	return nil
}

// Answer records what became of an objection. Nobody opposed it only when the
// fifteen days of the others are over.
// Source: 民诉解释 510.
func (o *DistributionObjection) Answer(r DistributionObjection, claims []DistributionClaim, c *Calendar, today Date) error {
	r.Result = strings.TrimSpace(r.Result)
	if !ObjectionMachine.May(o.State, r.State) {
		return E(Conflict, "objection.state", "该项异议"+o.State.Chinese()+"，请刷新后查看")
	}
	var wrong Faults
	wrong.If(r.NotifiedOn.IsZero() || r.NotifiedOn.Before(o.FiledOn) || r.NotifiedOn.After(today), "notified_on", "objection.notified", "请填写最后一名其他债权人、被执行人收到异议通知的日期")
	wrong.If(r.State == ObjectionAccepted && !today.After(c.DaysPeriod(r.NotifiedOn, distributionDays, "收到异议通知").Last), "notified_on", "objection.wait", "其他债权人、被执行人自收到通知之日起十五日内可以提出反对意见，期限尚未届满（"+CiteDistributionObjected.Short()+"）")
	wrong.If(r.Result == "" || utf8.RuneCountInString(r.Result) > 500, "result", "reason.required", "请写明情况：谁反对、何时起诉或者撤回，不超过 500 字")
	if r.State == ObjectionSued {
		at := slices.IndexFunc(claims, func(c DistributionClaim) bool { return c.ID == r.ClaimID && !c.Struck })
		most := MaxFen
		if at >= 0 {
			most = claims[at].SumFen() - claims[at].HeldFen
		}
		wrong.If(at < 0, "claim_id", "objection.claim", "请选择有争议的是哪一名债权人的分配数额")
		wrong.If(r.HeldFen <= 0 || r.HeldFen > most, "held_fen", "objection.held", "请填写与争议债权数额相应的款项，大于 0，不超过其分配的 "+most.Yuan()+" 元")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if r.State == ObjectionSued {
		o.ClaimID, o.HeldFen = r.ClaimID, r.HeldFen
	}
	o.State, o.NotifiedOn, o.ResultOn, o.Result = r.State, r.NotifiedOn, today, r.Result
	return nil
}

// Allocate makes the plan final: the days to object are over, every objection
// has its result, and none of them mends the plan.
// Source: 民诉解释 509, 510.
func (d *Distribution) Allocate(objections []DistributionObjection, today Date) error {
	if !DistributionMachine.May(d.State, DistributionAllocated) {
		return d.wrongState()
	}
	if !today.After(d.ObjectUntil) {
		return E(Conflict, "distribution.wait", "异议期限至"+d.ObjectUntil.Chinese()+"，届满后才能分配（"+CiteDistributionServed.Short()+"）")
	}
	for _, o := range objections {
		switch o.State {
		case ObjectionOpen:
			return E(Conflict, "distribution.objected", "还有异议没有处理，请先登记结果")
		case ObjectionAccepted:
			return E(Conflict, "distribution.amend", "异议无人反对，应依异议修正方案：请撤销本方案后另行拟定")
		case ObjectionDropped, ObjectionSued:
		}
	}
	d.State, d.AllocatedOn = DistributionAllocated, today
	return nil
}

// Withdraw ends a plan by which nothing was allocated.
func (d *Distribution) Withdraw(reason string) error {
	if !DistributionMachine.May(d.State, DistributionWithdrawn) {
		return d.wrongState()
	}
	if err := CheckReason(reason); err != nil {
		return err
	}
	d.State, d.EndReason = DistributionWithdrawn, strings.TrimSpace(reason)
	return nil
}

// SpreadRule says by which rule money of a receipt is spread over the open
// instalments of its debtor where nobody says otherwise, with its source: what the
// page of the receipt shows beside the proposed allocation. enforced tells whether an
// enforcement case takes the money in.
func (d Debts) SpreadRule(r Receipt, open []Installment, enforced bool) string {
	p := Payment{}
	for _, o := range d.Parties {
		if (r.ProofKind != ProofCourtAccount || r.DistributionID != 0) && r.PayeeName != "" && o.NameNorm == NormalizeName(r.PayeeName) {
			p.PayeeID = o.ID
		}
	}
	own := p.Of(d, open)
	switch {
	case r.DistributionID != 0:
		return "分配方案已把这笔款项分给" + r.PayeeName + "，只抵充对该债权人的义务（" + CitesShort(CiteShareMeasures, CiteParticipationOrder) + "）"
	case d.Case.Kind == CaseCriminal:
		return "按财产性判项的法定顺序（" + CiteCriminalOrder.Short() + "）"
	case p.PayeeID != 0 && len(own) > 0:
		return "款项已付给" + r.PayeeName + "，只抵充对该权利人的义务；几项义务的次序依" + CitesShort(CiteAppropriation, CiteOrderOfPayment)
	case len(own) > 0 && !d.oneCreditor(own) && enforced:
		return "同一份法律文书的各债权人，按债权比例（" + CiteShareOneInstrument.Short() + "）；还有其他案件的债权人的，先拟定分配方案"
	case len(own) > 0 && !d.oneCreditor(own):
		return "缴入本院账户或者共同收款人的，同日到期的各权利人按比例（本院的处理方式，法律没有规定，承办法官可以另行指定）"
	}
	return "依" + CitesShort(CiteAppropriation, CiteOrderOfPayment)
}
