package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// PenaltyLedger is everything from which it follows how far a convict's items of
// property (财产性判项) are performed.
type PenaltyLedger struct {
	Case         Case
	Instruments  []Instrument
	Obligations  []Obligation
	Obligors     []Obligor
	Installments []Installment
	Entries      []Confirmation
	Allocations  []Allocation
	Receipts     []Receipt
	Names        map[int64]string // of parties
}

// PenaltyLine is one item: what was adjudged and what arrived of it.
type PenaltyLine struct {
	Category    Category `json:"category"`
	What        string   `json:"what"` // the other party, or what is to be done
	Joint       bool     `json:"joint,omitempty"`
	Money       bool     `json:"money"`
	AdjudgedFen Fen      `json:"adjudged_fen"`
	PrepaidFen  Fen      `json:"prepaid_fen"` // before the judgment
	PaidFen     Fen      `json:"paid_fen"`    // after it
	// ForgivenFen is what its creditor forgave: nothing arrived of it, and nothing of it
	// is open.
	ForgivenFen Fen  `json:"forgiven_fen,omitempty"`
	PerformedOn Date `json:"performed_on,omitzero"`
}

// ArrivedFen is what arrived of the item, whenever it was.
func (l PenaltyLine) ArrivedFen() Fen { return l.PrepaidFen + l.PaidFen }

// RestFen is what is still open of it.
func (l PenaltyLine) RestFen() Fen { return max(0, l.AdjudgedFen-l.ArrivedFen()-l.ForgivenFen) }

// PenaltyPayment is money that arrived for one item.
type PenaltyPayment struct {
	PaidOn      Date      `json:"paid_on"`
	ConfirmedOn Date      `json:"confirmed_on"`
	Category    Category  `json:"category"`
	AmountFen   Fen       `json:"amount_fen"`
	PayerKind   PayerKind `json:"payer_kind"`
	PayerName   string    `json:"payer_name"`
	Proof       ProofKind `json:"proof"`
	Prepaid     bool      `json:"prepaid,omitempty"`
	// CoDebtor is the joint debtor for whom it was paid, "" for the convict.
	CoDebtor string `json:"co_debtor,omitempty"`
}

// PenaltyStatement is how far a convict's items are performed on a day.
type PenaltyStatement struct {
	Lines    []PenaltyLine    `json:"lines"`
	Payments []PenaltyPayment `json:"payments"`
	// Held is what was paid before the judgment and is not set off: no performance,
	// and in none of the sums.
	Held []DepositLine `json:"held,omitempty"`
}

// Statement is how far the items of one convict are performed. Entries that were
// taken back do not count. Joint debts count with their whole amount, and are
// performed once any of the debtors performed them (减刑、假释财产性判项规定 2).
func (l PenaltyLedger) Statement(partyID int64) PenaltyStatement {
	var out PenaltyStatement
	line := map[int64]int{}
	debtors := map[int64]int{}
	mine := map[int64]bool{}
	for _, o := range l.Obligors {
		debtors[o.ObligationID]++
		mine[o.ObligationID] = mine[o.ObligationID] || o.PartyID == partyID
	}
	order := PriorityOf(CaseCriminal, l.Obligations)
	list := slices.Clone(l.Obligations)
	slices.SortStableFunc(list, func(a, b Obligation) int {
		return order.rank(Installment{ObligationID: a.ID}) - order.rank(Installment{ObligationID: b.ID})
	})
	for _, ob := range list {
		if !mine[ob.ID] || ob.Replaced() {
			continue
		}
		v := PenaltyLine{Category: ob.Category, Joint: debtors[ob.ID] > 1, Money: ob.Kind == ObligationMoney, AdjudgedFen: ob.AmountFen}
		var all []Installment
		for _, i := range l.Installments {
			if i.ObligationID == ob.ID {
				all = append(all, i)
			}
		}
		v.PerformedOn, v.ForgivenFen = LastPerformed(all), ForgivenFen(all)
		switch {
		case ob.Description != "":
			v.What = ob.Description
		case ob.ToCourt && ob.Category.ToState():
			v.What = "上缴国库"
		case ob.ToCourt:
			v.What = "缴入法院账户"
		default:
			var to []string
			for _, id := range ob.Obligees() {
				to = append(to, l.Names[id])
			}
			v.What = "向" + strings.Join(to, "、") + "给付"
		}
		if v.ForgivenFen > 0 {
			v.What += "（其中权利人免除 " + v.ForgivenFen.Yuan() + " 元）"
		}
		line[ob.ID] = len(out.Lines)
		out.Lines = append(out.Lines, v)
	}
	l.payments(&out, line, partyID)
	return out
}

// payments adds what arrived, in the order of payment.
func (l PenaltyLedger) payments(out *PenaltyStatement, line map[int64]int, partyID int64) {
	back := map[int64]bool{}
	for _, e := range l.Entries {
		if e.Kind == EntryReverse {
			back[e.ReversesID] = true
		}
	}
	receipts := map[int64]Receipt{}
	for _, r := range l.Receipts {
		receipts[r.ID] = r
	}
	judged := map[int64]Instrument{} // by obligation
	for _, ob := range l.Obligations {
		for _, in := range l.Instruments {
			if in.ID == ob.InstrumentID {
				judged[ob.ID] = in
			}
		}
	}
	for _, e := range l.Entries {
		if e.Kind != EntryConfirm || back[e.ID] {
			continue
		}
		sums := map[int64]Fen{} // by obligation
		var ids []int64
		for _, a := range l.Allocations {
			if _, known := line[a.ObligationID]; a.ConfirmationID != e.ID || !known || a.Part != PartPrincipal {
				continue
			}
			if sums[a.ObligationID] == 0 {
				ids = append(ids, a.ObligationID)
			}
			sums[a.ObligationID] += a.AmountFen
		}
		r := receipts[e.ReceiptID]
		for _, id := range ids {
			v := &out.Lines[line[id]]
			p := PenaltyPayment{
				PaidOn: e.PaidOn, ConfirmedOn: DateOf(e.CreatedAt), Category: v.Category, AmountFen: sums[id], PayerKind: r.PayerKind, PayerName: r.PayerName,
				Proof: r.ProofKind, Prepaid: judged[id].Prepaid(e.PaidOn),
			}
			if r.PartyID != partyID {
				p.CoDebtor = l.Names[r.PartyID]
			}
			if p.Prepaid {
				v.PrepaidFen += p.AmountFen
			} else {
				v.PaidFen += p.AmountFen
			}
			out.Payments = append(out.Payments, p)
		}
	}
	slices.SortStableFunc(out.Payments, func(a, b PenaltyPayment) int { return a.PaidOn.Compare(b.PaidOn) })
}

// Totals are the sums of a statement's items of money.
type Totals struct{ AdjudgedFen, PrepaidFen, PaidFen, ArrivedFen, ForgivenFen, RestFen Fen }

// Totals sums the items of money.
func (s PenaltyStatement) Totals() (t Totals) {
	for _, l := range s.Lines {
		if l.Money {
			t.AdjudgedFen += l.AdjudgedFen
			t.PrepaidFen += l.PrepaidFen
			t.PaidFen += l.PaidFen
			t.ArrivedFen += l.ArrivedFen()
			t.ForgivenFen += l.ForgivenFen
			t.RestFen += l.RestFen()
		}
	}
	return t
}

// ByPayer sums what arrived by who paid it. What relatives paid counts as the
// convict's own (减刑、假释财产性判项规定 2 (3)); who paid is told all the same.
func (s PenaltyStatement) ByPayer() map[PayerKind]Fen {
	out := map[PayerKind]Fen{}
	for _, p := range s.Payments {
		kind := p.PayerKind
		if p.CoDebtor != "" {
			kind = PayerOther
		}
		out[kind] += p.AmountFen
	}
	return out
}

// OwnFen is what counts as performed by the convict himself.
func (s PenaltyStatement) OwnFen() Fen { p := s.ByPayer(); return p[PayerSelf] + p[PayerRelative] }

// Done tells whether every item is performed.
func (s PenaltyStatement) Done() bool {
	for _, l := range s.Lines {
		if l.PerformedOn.IsZero() {
			return false
		}
	}
	return len(s.Lines) > 0
}

// Percent is a part in a hundred with two decimals, rounded half up, e.g. 70.77%.
// Of nothing there is no share: it is written —.
func Percent(part, whole Fen) string {
	if whole <= 0 {
		return "—"
	}
	n := (int64(part)*20_000 + int64(whole)) / (2 * int64(whole))
	return fmt.Sprintf("%d.%02d%%", n/100, n%100)
}

// StatementFacts is what a statement says besides the performance itself.
type StatementFacts struct {
	PenaltyStatement
	To             string `json:"to"` // the authority that it is for
	PrisonLetterNo string `json:"prison_letter_no,omitempty"`
	ReceivedOn     Date   `json:"received_on,omitzero"`
	Convict        string `json:"convict"`
	ConvictID      string `json:"convict_id"` // masked
	Judgment       string `json:"judgment"`
	MadeOn         Date   `json:"made_on,omitzero"`
	Effective      bool   `json:"effective,omitempty"` // every judgment named is in effect
	// ClosingNo and ClosedOn are of the 结案通知书, "" while enforcement goes on or
	// never began.
	ClosingNo string `json:"closing_no,omitempty"`
	ClosedOn  Date   `json:"closed_on,omitzero"`
	Note      string `json:"note,omitempty"`
}

// PayerWords says who paid, as a statement tells it.
func (p PenaltyPayment) PayerWords() string {
	if p.CoDebtor != "" {
		return p.PayerName + "（连带义务人" + p.CoDebtor + "的履行）"
	}
	return p.PayerName + map[PayerKind]string{
		PayerSelf: "（本人）", PayerRelative: "（亲属代为履行，视为本人履行）", PayerCompany: "（单位代付）", PayerOther: "（他人代付）",
	}[p.PayerKind]
}

// When says in which part of the proceedings the money came in.
func (p PenaltyPayment) When() string {
	if p.Prepaid {
		return "判决前预缴"
	}
	return "判决后履行"
}

// variables are what the template of a statement may use.
func (f StatementFacts) variables(v map[string]any) {
	t := f.Totals()
	v["收函机关"], v["来函文号"], v["来函日期"] = f.To, f.PrisonLetterNo, f.ReceivedOn.Chinese()
	v["罪犯"], v["证件号码"], v["生效文书"], v["裁判日期"] = f.Convict, f.ConvictID, f.Judgment, f.MadeOn.Chinese()
	v["判处合计"], v["到位合计"], v["未履行合计"], v["到位率"] = t.AdjudgedFen.Yuan(), t.ArrivedFen.Yuan(), t.RestFen.Yuan(), Percent(t.ArrivedFen, t.AdjudgedFen)
	v["预缴合计"], v["判后履行合计"] = t.PrepaidFen.Yuan(), t.PaidFen.Yuan()
	v["免除合计"] = yuanOr(t.ForgivenFen)
	by := f.ByPayer()
	v["本人缴付"], v["亲属代为缴付"] = by[PayerSelf].Yuan(), yuanOr(by[PayerRelative])
	v["他人缴付"] = yuanOr(by[PayerCompany] + by[PayerOther])
	v["已判处"] = len(f.Lines) > 0
	v["履行完毕"], v["结案通知书"], v["结案日期"], v["说明"] = f.Done(), f.ClosingNo, f.ClosedOn.Chinese(), f.Note
	var lines, payments []any
	for i, l := range f.Lines {
		row := map[string]any{
			"序号": strconv.Itoa(i + 1), "判项": l.Category.Chinese(), "内容": l.What, "判处": "—", "预缴": "—", "判后履行": "—", "未履行": "—", "到位率": "—",
		}
		if l.Joint {
			row["内容"] = l.What + "（连带）"
		}
		switch {
		case l.Money:
			row["判处"], row["预缴"], row["判后履行"] = l.AdjudgedFen.Yuan(), l.PrepaidFen.Yuan(), l.PaidFen.Yuan()
			row["未履行"], row["到位率"] = l.RestFen().Yuan(), Percent(l.ArrivedFen(), l.AdjudgedFen)
		case !l.PerformedOn.IsZero():
			row["未履行"] = "已履行"
		default:
			row["未履行"] = "未履行"
		}
		lines = append(lines, row)
	}
	for i, p := range f.Payments {
		payments = append(payments, map[string]any{
			"序号": strconv.Itoa(i + 1), "付款日": p.PaidOn.String(), "判项": p.Category.Chinese(), "金额": p.AmountFen.Yuan(), "付款人": p.PayerWords(),
			"凭证": p.Proof.Chinese(), "时段": p.When(),
		})
	}
	var held []any
	sum := Fen(0)
	for i, l := range f.Held {
		sum += l.HeldFen
		held = append(held, map[string]any{
			"序号": strconv.Itoa(i + 1), "付款日": l.PaidOn.String(), "用途": l.Purpose.Chinese(), "金额": l.HeldFen.Yuan(), "付款人": l.PayerWords(),
		})
	}
	v["判项清单"], v["缴付清单"], v["暂存清单"], v["暂存合计"] = lines, payments, held, yuanOr(sum)
	v["被说明人"] = "罪犯"
	v["已生效"] = f.Effective
	if !f.Effective {
		v["被说明人"] = "被告人"
	}
}

// sampleStatement fills a statement's template for a preview.
func sampleStatement(today Date) *StatementFacts {
	return &StatementFacts{
		To: "浙江省某监狱", PrisonLetterNo: "浙某监函〔2026〕12号", ReceivedOn: today.AddDays(-3), Convict: "彭某", ConvictID: "330211********0013",
		Judgment: "刑事判决书（2026）浙0211刑初88号", Effective: true, MadeOn: today.AddDays(-200), ClosingNo: "（2026）浙0211执88号结案通知书", ClosedOn: today.AddDays(-9),
		PenaltyStatement: PenaltyStatement{
			Held: []DepositLine{{PaidOn: today.AddDays(-230), Purpose: DepositFine, PayerKind: PayerSelf, PayerName: "彭某", HeldFen: Yuan(1_000)}},
			Lines: []PenaltyLine{
				{Category: CategoryRestitution, What: "向甬兴建材（宁波）有限公司给付", Joint: true, Money: true, AdjudgedFen: Yuan(80_000), PaidFen: Yuan(50_000)},
				{Category: CategoryFine, What: "上缴国库", Money: true, AdjudgedFen: Yuan(20_000), PrepaidFen: Yuan(20_000), PerformedOn: today.AddDays(-220)},
			},
			Payments: []PenaltyPayment{
				{PaidOn: today.AddDays(-220), Category: CategoryFine, AmountFen: Yuan(20_000), PayerKind: PayerSelf, PayerName: "彭某", Proof: ProofCourtAccount, Prepaid: true},
				{PaidOn: today.AddDays(-90), Category: CategoryRestitution, AmountFen: Yuan(50_000), PayerKind: PayerRelative, PayerName: "彭某某", Proof: ProofBankReceipt},
			},
		},
	}
}

// CheckClosing refuses half a closing notice.
func (f StatementFacts) CheckClosing(today Date) error {
	if f.ClosingNo == "" && f.ClosedOn.IsZero() {
		return nil
	}
	var wrong Faults
	wrong.If(strings.TrimSpace(f.ClosingNo) == "" || f.ClosedOn.IsZero(), "closing_no", "statement.closing", "已经执行结案的，请同时填写结案通知书的编号和日期；未结案的都不填")
	wrong.If(f.ClosedOn.After(today), "closed_on", "date.future", "结案日期不能晚于今天")
	return wrong.Err()
}
