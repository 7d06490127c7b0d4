package api

import (
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/filing"
)

type casePut struct {
	CaseNo string `path:"case_no" json:"-" description:"案号，需按 URL 规则转义"`
	filing.PushedCase
}

type caseWritten struct {
	ID      int64  `json:"id" required:"true"`
	CaseNo  string `json:"case_no" required:"true"`
	Outcome string `json:"outcome" required:"true" enum:"created,updated,unchanged"`
	Version int64  `json:"version" required:"true"`
}

func viewWrittenCase(c *model.Case, out filing.Outcome, err error) (caseWritten, error) {
	if err != nil {
		return caseWritten{}, err
	}
	return caseWritten{ID: c.ID, CaseNo: c.CaseNo, Outcome: string(out), Version: c.Version}, nil
}

type caseQuery struct {
	pageQuery
	Performance string `query:"performance" json:"-" enum:",pending,partial,fulfilled,none"`
	Kind        string `query:"kind" json:"-" enum:",civil,criminal,administrative"`
	Text        string `query:"text" json:"-" description:"案号开头，或当事人全名"`
}

type caseLine struct {
	ID              int64      `json:"id" required:"true"`
	CaseNo          string     `json:"case_no" required:"true"`
	Kind            string     `json:"kind" required:"true" enum:"civil,criminal,administrative"`
	Cause           string     `json:"cause" required:"true"`
	FiledOn         model.Date `json:"filed_on" required:"true"`
	Performance     string     `json:"performance" required:"true" enum:",pending,partial,fulfilled,none"`
	PerformanceName string     `json:"performance_name" required:"true"`
	NextDueOn       model.Date `json:"next_due_on" required:"true"`
	InEnforcement   bool       `json:"in_enforcement" required:"true"`
	GroupRef        string     `json:"group_ref" required:"true"`
	Version         int64      `json:"version" required:"true"`
}

type caseList struct {
	Cases []caseLine `json:"cases" required:"true"`
	Next  string     `json:"next" required:"true"`
}

type caseLook struct {
	ID     int64  `path:"id" json:"-"`
	Reveal string `query:"reveal" json:"-" enum:",1" description:"书记员或法官查看完整的证件号码和手机号（留痕）"`
}

type caseView struct {
	caseLine
	Judge       string            `json:"judge" required:"true"`
	Overdue     bool              `json:"overdue" required:"true"`
	Parties     []partyView       `json:"parties" required:"true"`
	Instruments []instrumentView  `json:"instruments" required:"true"`
	Promises    []promiseView     `json:"promises" required:"true"`
	Enforcement []enforcementFact `json:"enforcement" required:"true"`
	Understood  []string          `json:"understood" required:"true" description:"对义务人表示谅解的权利人，每人一句；权利人只看到本人的；没有的为空"`
	Changes     []string          `json:"changes" required:"true" description:"当事人的变更和承继人的责任限额，每项一句；没有的为空"`
}

type partyView struct {
	ID       int64  `json:"id" required:"true"`
	Ref      string `json:"ref" required:"true"`
	Role     string `json:"role" required:"true" enum:"plaintiff,defendant,third_party,accused,victim,applicant,respondent"`
	RoleName string `json:"role_name" required:"true"`
	Kind     string `json:"kind" required:"true" enum:"person,organisation"`
	Name     string `json:"name" required:"true"`
	IDNumber string `json:"id_number,omitempty" description:"默认隐去中间部分"`
	Phone    string `json:"phone,omitempty" description:"默认隐去中间部分"`
	Own      bool   `json:"own" required:"true" description:"当前用户即为该当事人或代理该当事人"`
	Gone     bool   `json:"gone,omitempty" description:"已死亡或者终止，由他人承继"`
}

type instrumentView struct {
	ID          int64            `json:"id" required:"true"`
	Kind        string           `json:"kind" required:"true" enum:"judgment,mediation,ruling,withdrawal_ruling,decision,payment_order,confirmation_ruling,arbitral_award,notarised_debt"`
	KindName    string           `json:"kind_name" required:"true"`
	Number      string           `json:"number" required:"true"`
	MadeOn      model.Date       `json:"made_on,omitzero"`
	EffectiveOn model.Date       `json:"effective_on" required:"true"`
	Summary     string           `json:"summary" required:"true"`
	Obligations []obligationView `json:"obligations" required:"true"`
}

type obligationView struct {
	ID              int64             `json:"id" required:"true"`
	Kind            string            `json:"kind" required:"true" enum:"money,conduct,delivery"`
	AmountFen       model.Fen         `json:"amount_fen" required:"true"`
	ReducedFen      model.Fen         `json:"reduced_fen,omitempty" description:"依行政强制执行协议减免的加处罚款或者滞纳金"`
	Category        string            `json:"category,omitempty" enum:",medical,restitution,civil,fine,confiscation,principal,surcharge,debt,ordinary,agreed_penalty,damages,creditor_costs,court_costs,burden"`
	CategoryName    string            `json:"category_name,omitempty"`
	OutstandingFen  model.Fen         `json:"outstanding_fen" required:"true"`
	Description     string            `json:"description" required:"true"`
	ObligeeID       int64             `json:"obligee_id" required:"true" description:"0 表示缴入法院账户"`
	JointIDs        []int64           `json:"joint_obligee_ids,omitempty" description:"与 obligee_id 共同享有该项权利的人，如其他继承人"`
	ObligorIDs      []int64           `json:"obligor_ids" required:"true" description:"两人以上为连带责任"`
	Performance     string            `json:"performance" required:"true" enum:",pending,partial,fulfilled,none"`
	PerformanceName string            `json:"performance_name" required:"true" description:"履行状态的中文名称；按期给付的义务到期部分均已履行的，为“截至今日已履行”"`
	Dues            string            `json:"dues,omitempty" description:"按期给付的约定及其变更，如“每月1日给付 1,500.00 元”；各期随时间陆续列入 installments"`
	Currency        string            `json:"currency,omitempty" enum:",USD,EUR,HKD,JPY,GBP,AUD,CAD,SGD,CHF,NZD,KRW,MOP,TWD" description:"法律文书确定给付的外币，ISO 4217 代码；人民币不填"`
	ForeignMinor    int64             `json:"foreign_minor,omitempty" description:"外币金额，以该币种的最小单位计"`
	ForeignText     string            `json:"foreign_text,omitempty" description:"外币金额、折算的汇率及其日期和来源；金额（分）是登记汇率下的记账数额，没有登记的为 0，不能付款"`
	InterestTerms   string            `json:"interest_terms,omitempty" description:"法律文书确定的、计算至付清之日的一般债务利息"`
	Installments    []installmentView `json:"installments" required:"true"`
	// What the instrument says of a breach.
	Acceleration     string     `json:"acceleration,omitempty" enum:",automatic,optional" description:"分期的义务逾期时：automatic 全部到期；optional 权利人有权就剩余全部款项一并申请执行；空 没有约定"`
	AccelerationText string     `json:"acceleration_text,omitempty" description:"法律文书中加速到期的原文"`
	BurdenFen        model.Fen  `json:"burden_fen,omitempty" description:"调解书约定不履行时另行承担的金额"`
	BurdenText       string     `json:"burden_text,omitempty" description:"调解书中不履行责任的原文"`
	BurdenChoice     string     `json:"burden_choice,omitempty" enum:",burden,delay" description:"承办法官的决定：burden 承担调解书约定的责任，不再计算迟延履行期间的债务利息；delay 承担迟延履行责任；空 尚未决定"`
	BurdenOn         model.Date `json:"burden_on,omitzero" description:"约定的条件成就之日"`
	// Periods are for the creditor and for staff.
	// What took its place, or whose place it took.
	ReplacedOn   model.Date   `json:"replaced_on,omitzero" description:"该项义务自该日起由新的法律文书取代，不再履行；没有取代的不填"`
	ReplacedText string       `json:"replaced_text,omitempty" description:"由哪份法律文书取代"`
	ReplacesIDs  []int64      `json:"replaces_ids,omitempty" description:"该项义务所取代的原有义务"`
	Periods      []periodView `json:"application_periods" required:"true" description:"权利人申请执行的期间；义务人、由法院移送执行的义务、已履行完毕的义务没有"`
}

type periodView struct {
	InstallmentID int64             `json:"installment_id,omitempty" description:"逐期计算时为该期，否则不填"`
	State         string            `json:"state" required:"true" enum:"running,suspended,enforced,unlimited,ended" description:"running 未届满、suspended 中止中、enforced 已申请执行、unlimited 终结本次执行程序后再次申请不受期间限制、ended 已届满（仍可申请，由对方提出异议）"`
	StateName     string            `json:"state_name" required:"true"`
	EndsOn        model.Date        `json:"ends_on,omitzero" description:"期间的末日；中止中、已申请执行或者不受期间限制的没有"`
	Sentence      string            `json:"sentence" required:"true" description:"期间的现状和计算过程，与文书所写相同"`
	Events        []periodEventView `json:"events" required:"true" description:"中断、中止期间的事由，按日期先后"`
}

type periodEventView struct {
	Cause      string     `json:"cause" required:"true" enum:"part_paid,promise,demand,settlement,applied,obstacle" description:"part_paid 部分履行、promise 同意履行、demand 权利人提出履行要求、settlement 达成和解协议、applied 申请执行、obstacle 不可抗力或者其他障碍"`
	On         model.Date `json:"on" required:"true" description:"事由发生的日期"`
	What       string     `json:"what" required:"true" description:"事由"`
	Effect     string     `json:"effect" required:"true" enum:",interrupted,suspended,after_end" description:"空 不影响期间、interrupted 中断并重新计算、suspended 中止、after_end 发生在期间届满之后"`
	EffectName string     `json:"effect_name" required:"true" description:"对期间的影响"`
}

func viewPeriods(d model.Debts, list model.ApplicationPeriods) []periodView {
	out := []periodView{}
	for _, p := range list {
		v := periodView{
			InstallmentID: p.InstallmentID, State: string(p.State), StateName: p.State.Chinese(), EndsOn: p.Last, Sentence: p.Sentence(), Events: []periodEventView{},
		}
		for _, e := range p.Events {
			v.Events = append(v.Events, periodEventView{Cause: string(e.Cause), On: e.On, What: e.What(d), Effect: string(e.Effect), EffectName: e.Effect.Chinese()})
		}
		out = append(out, v)
	}
	return out
}

type installmentView struct {
	ID             int64      `json:"id" required:"true"`
	Seq            int        `json:"seq" required:"true"`
	AmountFen      model.Fen  `json:"amount_fen" required:"true"`
	ConfirmedFen   model.Fen  `json:"confirmed_fen" required:"true"`
	ForgivenFen    model.Fen  `json:"forgiven_fen" required:"true"`
	OutstandingFen model.Fen  `json:"outstanding_fen" required:"true"`
	DueOn          model.Date `json:"due_on" required:"true"`
	DueReason      string     `json:"due_reason" required:"true"`
	PlanDueOn      model.Date `json:"plan_due_on,omitzero" description:"依各方达成的和解协议应付款的日期；没有协议的为空，利息和期间仍按 due_on"`
	PlanDueFen     model.Fen  `json:"plan_due_fen,omitempty" description:"依和解协议在该日前应付的金额"`
	AgreedDueOn    model.Date `json:"agreed_due_on,omitzero" description:"加速到期之前法律文书确定的日期"`
	EnforcedOn     model.Date `json:"enforced_on,omitzero" description:"本期进入强制执行的日期；没有的仍可自动履行"`
	PerformedOn    model.Date `json:"performed_on" required:"true"`
	OverdueDays    int        `json:"overdue_days" required:"true"`
	InterestFen    model.Fen  `json:"interest_fen" required:"true" description:"截至今日尚欠的加倍部分债务利息，本金付清后仍列明"`
	InterestPaid   model.Fen  `json:"interest_paid_fen" required:"true" description:"已确认付清的加倍部分债务利息"`
	PerDayFen      model.Fen  `json:"interest_per_day_fen" required:"true" description:"每多一天增加的加倍部分债务利息"`
	ordinaryView
	InterestWaived model.Fen `json:"interest_waived_fen" required:"true" description:"权利人放弃或者法院不再计收的加倍部分债务利息"`
	InterestLines  []string  `json:"interest_lines,omitempty" description:"一般债务利息、加处罚款的计算过程，逐段写明基数、利率、天数和金额"`
}

// ordinaryView is the ordinary interest of an instalment, or of several.
type ordinaryView struct {
	OrdinaryFen     model.Fen  `json:"ordinary_fen" required:"true" description:"截至今日尚欠的一般债务利息，本金付清后仍列明"`
	OrdinaryPaid    model.Fen  `json:"ordinary_paid_fen" required:"true" description:"已确认付清的一般债务利息"`
	OrdinaryWaived  model.Fen  `json:"ordinary_waived_fen" required:"true" description:"权利人放弃或者法院不再计收的一般债务利息"`
	OrdinaryPerDay  model.Fen  `json:"ordinary_per_day_fen" required:"true" description:"每多一天增加的一般债务利息"`
	ProvisionalFrom model.Date `json:"provisional_from,omitzero" description:"自该日起的一般债务利息按最近一次公布的LPR暂计"`
}

func viewOrdinary(r model.Reckoning) ordinaryView {
	return ordinaryView{OrdinaryFen: r.OrdinaryFen, OrdinaryPaid: r.OrdinaryPaid, OrdinaryWaived: r.OrdinaryWaived, OrdinaryPerDay: r.OrdinaryPerDay, ProvisionalFrom: r.ProvisionalFrom}
}

// debtEntryView is something that was waived, left or decided about a debt.
type debtEntryView struct {
	ID           int64      `json:"id" required:"true"`
	ObligationID int64      `json:"obligation_id" required:"true" description:"义务编号"`
	Kind         string     `json:"kind" required:"true" enum:"waive,leave,forgive,refuse,exclude,bears,terms,rank,convert,undo,dues_amount,dues_end" description:"事项：waive 权利人放弃利息，forgive 权利人免除本金，refuse 义务人拒绝免除，leave 不再计收利息，exclude 不计入迟延履行期间，bears 是否计算加倍部分，terms 一般债务利息的约定，rank 担保与负担，convert 外币的折算，undo 撤回此前的登记，dues_amount 按期给付的金额变更，dues_end 按期给付终止"`
	KindName     string     `json:"kind_name" required:"true"`
	Text         string     `json:"text" required:"true" description:"登记的内容"`
	Reason       string     `json:"reason" required:"true"`
	OnDay        model.Date `json:"on_day" required:"true" description:"放弃或者决定的日期"`
	UndoesID     int64      `json:"undoes_id,omitempty" description:"所撤回或者拒绝的登记的编号"`
	AmountFen    model.Fen  `json:"amount_fen,omitempty" description:"放弃、不再计收或者免除的金额；利息的 0 为全部"`
	DebtorID     int64      `json:"debtor_id,omitempty" description:"被免除的一名连带债务人；没有的为全部义务人"`
}

func viewDebtEntry(e model.DebtEntry) debtEntryView {
	return debtEntryView{
		ID: e.ID, ObligationID: e.ObligationID, Kind: string(e.Kind), KindName: e.Kind.Chinese(), Text: e.Chinese(), Reason: e.Reason, OnDay: e.OnDay, UndoesID: e.UndoesID,
		AmountFen: e.AmountFen, DebtorID: e.DebtorID,
	}
}

type newWaiver struct {
	ID int64 `path:"id" json:"-"`
	withKey
	ObligationID int64     `json:"obligation_id" required:"true" description:"义务编号"`
	Part         string    `json:"part" required:"true" enum:"ordinary,doubled" description:"ordinary 一般债务利息，doubled 加倍部分债务利息"`
	AmountFen    model.Fen `json:"amount_fen" description:"放弃的金额；0 为全部放弃，包括以后产生的"`
	Reason       string    `json:"reason"`
}

type newForgiveness struct {
	ID int64 `path:"id" json:"-"`
	withKey
	ObligationID  int64     `json:"obligation_id" required:"true" description:"义务编号"`
	InstallmentID int64     `json:"installment_id,omitempty" description:"免除哪一期；不填的从最后到期的一期起"`
	AmountFen     model.Fen `json:"amount_fen" description:"免除的本金；0 为尚欠的全部本金"`
	DebtorID      int64     `json:"debtor_id,omitempty" description:"只免除一名连带债务人的，填写该义务人：在他应当承担的份额内消灭，其他连带债务人对其余部分仍负连带责任；此时不填金额"`
	Reason        string    `json:"reason"`
}

type newRefusal struct {
	ID int64 `path:"id" json:"-"`
	withKey
	EntryID int64  `json:"entry_id" required:"true" description:"所拒绝的免除的登记编号"`
	Reason  string `json:"reason"`
}

type promiseView struct {
	ID      int64      `json:"id" required:"true"`
	PartyID int64      `json:"party_id" required:"true"`
	PayBy   model.Date `json:"pay_by" required:"true"`
	Text    string     `json:"text" required:"true"`
	At      time.Time  `json:"at" required:"true"`
}

// enforcementFact is what a party reads of an enforcement case.
type enforcementFact struct {
	CaseNo    string     `json:"case_no" required:"true"`
	FiledOn   model.Date `json:"filed_on" required:"true"`
	State     string     `json:"state" required:"true" enum:"open,closed"`
	StateName string     `json:"state_name" required:"true"`
	PerformBy model.Date `json:"perform_by" required:"true" description:"执行通知书的限期"`
	Officer   string     `json:"officer" required:"true" description:"执行法官"`
	CloseName string     `json:"close_type_name" required:"true" description:"结案方式"`
}

func viewCaseLine(c model.Case) caseLine {
	return caseLine{
		ID: c.ID, CaseNo: c.CaseNo, Kind: string(c.Kind), Cause: c.Cause, FiledOn: c.FiledOn, Performance: string(c.Performance),
		PerformanceName: c.Performance.Chinese(), NextDueOn: c.NextDueOn, InEnforcement: !c.EnforcementFiledOn.IsZero(),
		GroupRef: c.GroupRef, Version: c.Version,
	}
}

func viewCase(d *filing.Detail, reveal bool) caseView {
	v := caseView{
		caseLine: viewCaseLine(d.Case), Judge: d.Judge.Name, Overdue: model.Overdue(d.Installments, d.Today),
		Parties: []partyView{}, Instruments: []instrumentView{}, Promises: []promiseView{}, Enforcement: []enforcementFact{}, Changes: []string{}, Understood: each(d.Understood, model.Understanding.Words),
	}
	// What the viewer may see decides what is due next for him.
	v.NextDueOn = model.NextDue(d.Installments)
	v.PerformanceName = d.Debts().PerformanceWords(d.Case.Performance, d.Installments, d.Paid.Entries, d.Today)
	for _, p := range d.Promises {
		v.Promises = append(v.Promises, viewPromise(p))
	}
	for _, p := range d.Parties {
		pv := partyView{
			ID: p.ID, Ref: p.Ref, Role: string(p.Role), RoleName: p.Role.Chinese(), Kind: string(p.Kind), Name: p.Name,
			Own: slices.Contains(d.Own, p.ID), Gone: p.GoneBy != 0,
		}
		switch {
		case reveal:
			pv.IDNumber, pv.Phone = p.IDNumber, p.Phone
		case len(d.Own) == 0 || pv.Own: // staff, and a party about himself
			pv.IDNumber, pv.Phone = model.MaskID(p.IDNumber), model.MaskPhone(p.Phone)
		}
		v.Parties = append(v.Parties, pv)
	}
	v.Changes = append(v.Changes, d.Debts().Changes(d.Obligations)...)
	for _, p := range d.Parties {
		if s := d.Debts().LimitOf(p.ID); s != "" {
			v.Changes = append(v.Changes, s)
		}
	}
	for _, in := range d.Instruments {
		v.Instruments = append(v.Instruments, viewInstrument(d, in))
	}
	for _, f := range d.Enforcement {
		v.Enforcement = append(v.Enforcement, enforcementFact{
			CaseNo: f.CaseNo, FiledOn: f.FiledOn, State: string(f.State), StateName: f.State.Chinese(), PerformBy: f.PerformBy, Officer: d.Officers[f.OfficerID],
			CloseName: f.CloseType.Chinese(),
		})
	}
	return v
}

func viewInstrument(d *filing.Detail, in model.Instrument) instrumentView {
	v := instrumentView{
		ID: in.ID, Kind: string(in.Kind), KindName: in.Kind.Chinese(), Number: in.Number, MadeOn: in.MadeOn, EffectiveOn: in.EffectiveOn,
		Summary: in.Summary, Obligations: []obligationView{},
	}
	for _, ob := range d.Obligations {
		if ob.InstrumentID != in.ID {
			continue
		}
		ov := obligationView{
			ID: ob.ID, Kind: string(ob.Kind), AmountFen: ob.AmountFen, Description: ob.Description, ObligeeID: ob.ObligeeID, JointIDs: ob.JointIDs,
			Category: string(ob.Category), ReducedFen: ob.ReducedFen, InterestTerms: ob.Interest.Chinese(), ObligorIDs: []int64{}, Installments: []installmentView{},
			Acceleration: string(ob.Acceleration), AccelerationText: ob.AccelerationText, BurdenFen: ob.BurdenFen, BurdenText: ob.BurdenText,
			BurdenChoice: string(ob.BurdenChoice), BurdenOn: ob.BurdenOn,
			Periods: viewPeriods(d.Debts(), d.Periods.Of(ob.ID)),
		}
		if f := ob.Foreign; f != nil {
			ov.Currency, ov.ForeignMinor, ov.ForeignText = string(f.Currency), f.Minor, f.Words()
		}
		if ob.Category != model.CategoryNone {
			ov.CategoryName = ob.Category.Chinese()
		}
		for _, o := range d.Obligors {
			if o.ObligationID == ob.ID {
				ov.ObligorIDs = append(ov.ObligorIDs, o.PartyID)
			}
		}
		var own []model.Installment
		for _, i := range d.Installments {
			if i.ObligationID == ob.ID {
				own = append(own, i)
				ov.OutstandingFen += i.OutstandingFen()
				r := d.Reckon(i)
				ov.Installments = append(ov.Installments, viewInstallment(i, r, d.Today, d.Settings.InterestFirstDayCounts))
				if late := ob.Foreign.LateWords(r.DoubledFen); late != "" {
					ov.ForeignText += "；" + late
				}
			}
		}
		state := d.Debts().Performance(own, d.Paid, d.Settings, d.Today)
		ov.Performance, ov.Dues = string(state), ob.DuesWords(d.Paid.Entries, d.Today)
		ov.PerformanceName = d.Debts().PerformanceWords(state, own, d.Paid.Entries, d.Today)
		if ov.ReplacedOn, ov.ReplacedText, ov.ReplacesIDs = ob.ReplacedOn, d.Debts().ReplacedWords(ob), ob.Replaces; ob.Replaced() {
			ov.PerformanceName = ov.ReplacedText
		}
		v.Obligations = append(v.Obligations, ov)
	}
	return v
}

// viewInstallment shows an instalment with the interest as of today.
func viewInstallment(i model.Installment, r model.Reckoning, today model.Date, firstDay bool) installmentView {
	v := installmentView{
		ID: i.ID, Seq: i.Seq, AmountFen: i.AmountFen, ConfirmedFen: i.ConfirmedFen, ForgivenFen: i.ForgivenFen, OutstandingFen: i.OutstandingFen(), DueOn: i.DueOn,
		PlanDueOn: i.PlanDueOn, PlanDueFen: i.PlanDueFen, DueReason: i.DueReason, AgreedDueOn: i.AgreedDueOn, EnforcedOn: i.EnforcedOn, PerformedOn: i.PerformedOn,
	}
	if !i.Done() {
		v.OverdueDays = model.OverdueDays(i.Due(), today, firstDay)
	}
	v.InterestFen, v.InterestPaid, v.InterestWaived, v.PerDayFen = r.DoubledFen, r.DoubledPaid, r.DoubledWaived, r.PerDayFen
	v.ordinaryView, v.InterestLines = viewOrdinary(r), r.Reasons()
	if over := r.OverWords(); over != "" {
		v.InterestLines = append(v.InterestLines, over)
	}
	return v
}

func viewPromise(p model.Promise) promiseView {
	return promiseView{ID: p.ID, PartyID: p.PartyID, PayBy: p.PayBy, Text: p.Text, At: p.CreatedAt}
}

type newContact struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID    int64     `json:"party_id"`
	Channel    string    `json:"channel" required:"true" enum:"phone,in_person,visit,message,forgiveness,forgiveness_void"`
	HappenedAt time.Time `json:"happened_at" required:"true"`
	Note       string    `json:"note" required:"true"`
}

type contactView struct {
	ID          int64     `json:"id" required:"true"`
	PartyID     int64     `json:"party_id" required:"true"`
	Channel     string    `json:"channel" required:"true" enum:"phone,in_person,visit,message,forgiveness,forgiveness_void"`
	ChannelName string    `json:"channel_name" required:"true"`
	HappenedAt  time.Time `json:"happened_at" required:"true"`
	Note        string    `json:"note" required:"true"`
	ByUserID    int64     `json:"by_user_id" required:"true"`
}

type contactList struct {
	Contacts []contactView `json:"contacts" required:"true"`
}

func viewContact(c model.Contact) contactView {
	return contactView{
		ID: c.ID, PartyID: c.PartyID, Channel: string(c.Channel), ChannelName: c.Channel.Chinese(), HappenedAt: c.HappenedAt, Note: c.Note,
		ByUserID: c.ByUserID,
	}
}

type newPromise struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID int64      `json:"party_id"`
	PayBy   model.Date `json:"pay_by"`
	Text    string     `json:"text" required:"true"`
}
