package api

import (
	"time"

	"microcourt/model"
	"microcourt/service/performance"
)

type newReceipt struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID      int64      `json:"party_id" description:"为哪名义务人提交；只代理一名时可不填"`
	AmountFen    model.Fen  `json:"amount_fen" required:"true" description:"申报金额（分）"`
	PaidOn       model.Date `json:"paid_on" required:"true" description:"付款日期"`
	PayerKind    string     `json:"payer_kind" required:"true" enum:"self,relative,company,other"`
	PayerName    string     `json:"payer_name" required:"true"`
	PayeeName    string     `json:"payee_name"`
	PayeeAccount string     `json:"payee_account"`
	BankSerial   string     `json:"bank_serial" description:"银行流水号或回单编号"`
	ProofKind    string     `json:"proof_kind" required:"true" enum:"bank_receipt,screenshot,counter_slip,cash_receipt,court_account,conduct,no_proof"`
	Remark       string     `json:"remark"`
	Files        []int64    `json:"file_ids" required:"true" description:"1–9 个已上传的文件；无法举证（no_proof）的可以为空"`
	Targets      []int64    `json:"installment_ids" description:"所付的期次，可不填"`
	Replaces     int64      `json:"replaces_id" description:"替换本人被退回的回执"`
	Currency     string     `json:"currency,omitempty" enum:",USD,EUR,HKD,JPY,GBP,AUD,CAD,SGD,CHF,NZD,KRW,MOP,TWD" description:"所履行的外币义务的币种；人民币义务不填。填写的，amount_fen 填 0，由系统按登记的汇率计算"`
	ForeignMinor int64      `json:"foreign_minor,omitempty" description:"所付外币的金额，以该币种的最小单位计"`
	YuanFen      model.Fen  `json:"yuan_fen,omitempty" description:"以人民币支付以外币履行的义务时，所付的人民币（分）；同时填写付款日的汇率，不填 foreign_minor"`
	Rate         string     `json:"rate,omitempty" description:"付款日公布的汇率：rate_per 单位外币兑人民币多少元"`
	RatePer      int64      `json:"rate_per,omitempty" description:"1 或者 100"`
	RateOn       model.Date `json:"rate_on,omitzero" description:"汇率公布的日期"`
	RateSource   string     `json:"rate_source,omitempty" description:"汇率的来源"`
}

// foreign is what was paid in or for another currency, nil for yuan.
func (in newReceipt) foreign() *model.ForeignPayment {
	if in.Currency == "" {
		return nil
	}
	p := &model.ForeignPayment{Currency: model.Currency(in.Currency), Minor: in.ForeignMinor, YuanFen: in.YuanFen}
	if in.Rate != "" {
		p.Rate = &model.Rate{Yuan: in.Rate, Per: in.RatePer, OnDay: in.RateOn, Source: in.RateSource}
	}
	return p
}

type foreignView struct {
	Currency     string    `json:"currency" required:"true" enum:"USD,EUR,HKD,JPY,GBP,AUD,CAD,SGD,CHF,NZD,KRW,MOP,TWD" description:"币种，ISO 4217 代码"`
	ForeignMinor int64     `json:"foreign_minor" required:"true" description:"外币金额，以该币种的最小单位计"`
	YuanFen      model.Fen `json:"yuan_fen,omitempty" description:"以人民币支付时，所付的人民币（分）"`
	Text         string    `json:"text" required:"true" description:"所付的外币和汇率"`
}

func viewForeign(r model.Receipt) *foreignView {
	if r.Foreign == nil {
		return nil
	}
	return &foreignView{Currency: string(r.Foreign.Currency), ForeignMinor: r.Foreign.Minor, YuanFen: r.Foreign.YuanFen, Text: r.Means()}
}

type receiptLine struct {
	ID           int64      `json:"id" required:"true"`
	CaseID       int64      `json:"case_id" required:"true"`
	CaseNo       string     `json:"case_no" required:"true"`
	PartyID      int64      `json:"party_id" required:"true"`
	State        string     `json:"state" required:"true" enum:"submitted,confirmed,returned,withdrawn,corrected"`
	StateName    string     `json:"state_name" required:"true"`
	ClaimedFen   *model.Fen `json:"claimed_fen,omitempty" description:"申报金额；权利人看不到全部金额，没有此项，见 own_fen"`
	ConfirmedFen *model.Fen `json:"confirmed_fen,omitempty" description:"已确认金额；权利人看不到全部金额，没有此项，见 own_confirmed_fen"`
	PaidOn       model.Date `json:"paid_on" required:"true"`
	PayerKind    string     `json:"payer_kind" required:"true" enum:"self,relative,company,other"`
	PayerName    string     `json:"payer_name" required:"true"`
	PayerText    string     `json:"payer_text" required:"true" description:"付款人及其身份，例如“王某（代为履行，被执行人的配偶）”"`
	DueOn        model.Date `json:"due_on" required:"true"`
	SubmittedAt  time.Time  `json:"submitted_at" required:"true"`
	Version      int64      `json:"version" required:"true"`
	Flags        []flagView `json:"flags" required:"true"`
}

type flagView struct {
	Kind           string `json:"kind" required:"true" enum:"same_bytes,same_serial,similar_picture,before_effective,over_claim,payee_mismatch,paid_by_other,same_claim,same_payment,open_claims"`
	Text           string `json:"text" required:"true"`
	Doubtful       bool   `json:"doubtful" required:"true"`
	OtherReceiptID int64  `json:"other_receipt_id,omitempty"`
	OtherCaseNo    string `json:"other_case_no,omitempty"`
}

type receiptView struct {
	receiptLine
	OwnFen       *model.Fen     `json:"own_fen,omitempty" description:"权利人：申报付给他的金额，代理几名权利人的为其合计；不知道的没有此项"`
	OwnConfirmed *model.Fen     `json:"own_confirmed_fen,omitempty" description:"权利人：已确认付给他的金额，代理几名权利人的为其合计；尚未确认的没有此项"`
	PayeeName    string         `json:"payee_name" required:"true"`
	PayeeAccount string         `json:"payee_account" required:"true" description:"只显示末四位"`
	BankSerial   string         `json:"bank_serial" required:"true"`
	ProofKind    string         `json:"proof_kind" required:"true" enum:"bank_receipt,screenshot,counter_slip,cash_receipt,court_account,conduct,no_proof,imported,set_off,lodged"`
	ProofName    string         `json:"proof_name" required:"true"`
	Remark       string         `json:"remark" required:"true"`
	ReturnReason string         `json:"return_reason" required:"true"`
	ReplacesID   int64          `json:"replaces_id" required:"true"`
	DecidedAt    *time.Time     `json:"decided_at,omitempty"`
	Files        []fileView     `json:"files" required:"true"`
	Responses    []responseView `json:"responses" required:"true"`
	Entries      []entryView    `json:"entries" required:"true"`
	SetOff       *setOffView    `json:"set_off,omitempty" description:"抵销的情况；没有款项往来"`
	Lodged       *lodgementView `json:"lodged,omitempty" description:"提存的情况"`
	Group        *groupView     `json:"group,omitempty" description:"一笔款项用于几个关联案件的，这笔付款和各案的部分；权利人看不到"`
	Foreign      *foreignView   `json:"foreign,omitempty" description:"以外币支付，或者以人民币支付以外币履行的义务；金额（分）是登记汇率下的记账数额"`
}

type responseView struct {
	PartyID     int64      `json:"party_id" required:"true"`
	PartyName   string     `json:"party_name" required:"true"`
	State       string     `json:"state" required:"true" enum:"asked,acknowledged,disputed,differs"`
	StateName   string     `json:"state_name" required:"true"`
	Reason      string     `json:"reason" required:"true"`
	DueOn       model.Date `json:"due_on" required:"true" description:"请权利人答复的期限"`
	RespondedAt *time.Time `json:"responded_at,omitempty"`
	OwnFen      *model.Fen `json:"own_fen,omitempty" description:"申报付给该权利人的金额；不知道的没有此项"`
	Confirmed   *model.Fen `json:"own_confirmed_fen,omitempty" description:"权利人：已确认付给该权利人的金额；尚未确认的没有此项"`
	SaidFen     *model.Fen `json:"said_fen,omitempty" description:"权利人称实际收到的金额；没有另称的没有此项"`
	FileID      int64      `json:"file_id,omitempty" description:"权利人为此提交的图片"`
}

type entryView struct {
	ID          int64      `json:"id" required:"true"`
	ReceiptID   int64      `json:"receipt_id" required:"true"`
	Kind        string     `json:"kind" required:"true" enum:"confirm,reverse"`
	AmountFen   model.Fen  `json:"amount_fen" required:"true" description:"冲销为负数"`
	PaidOn      model.Date `json:"paid_on" required:"true"`
	ReversesID  int64      `json:"reverses_id" required:"true"`
	Reason      string     `json:"reason" required:"true"`
	OverFen     model.Fen  `json:"over_fen" required:"true"`
	OverReason  string     `json:"over_reason" required:"true"`
	OrderReason string     `json:"order_reason,omitempty" description:"未按通常的分配或者法定顺序抵充的理由"`
	Spreading   string     `json:"spreading,omitempty" enum:",due,proportion,chosen" description:"款项同时属于几名权利人而没有按通常方式分配的，所用的方式"`
	DoubtReason string     `json:"doubt_reason,omitempty"`
	PaidBy      string     `json:"paid_by,omitempty" description:"他人代为履行时的付款人及其身份"`
	Means       string     `json:"means,omitempty" description:"以抵销、提存方式或者以外币履行的，其情况"`
	At          time.Time  `json:"at" required:"true"`
}

type receiptList struct {
	Receipts []receiptView `json:"receipts" required:"true"`
}

type queueQuery struct {
	pageQuery
	State         string     `query:"state" json:"-" enum:",submitted,confirmed,returned,withdrawn,corrected" default:"submitted" description:"默认 submitted"`
	JudgeID       int64      `query:"judge_id" json:"-" minimum:"0" description:"书记员、院领导可按承办法官筛选"`
	Flagged       string     `query:"flagged" json:"-" enum:",1"`
	Kind          string     `query:"kind" json:"-" enum:",civil,criminal,administrative"`
	DueBefore     model.Date `query:"due_before" json:"-"`
	OlderThanDays int        `query:"older_than_days" json:"-" minimum:"0" maximum:"36500" description:"提交超过多少天"`
	Text          string     `query:"text" json:"-" description:"案号开头、付款人开头，或银行流水号"`
}

type queueView struct {
	Receipts []receiptLine `json:"receipts" required:"true"`
	Next     string        `json:"next" required:"true"`
}

type ledgerView struct {
	OwedFen        model.Fen `json:"owed_fen" required:"true"`
	ConfirmedFen   model.Fen `json:"confirmed_fen" required:"true"`
	ForgivenFen    model.Fen `json:"forgiven_fen" required:"true"`
	OutstandingFen model.Fen `json:"outstanding_fen" required:"true"`
	InterestFen    model.Fen `json:"interest_fen" required:"true" description:"截至今日尚欠的加倍部分债务利息"`
	InterestPaid   model.Fen `json:"interest_paid_fen" required:"true" description:"已确认付清的加倍部分债务利息"`
	InterestWaived model.Fen `json:"interest_waived_fen" required:"true" description:"权利人放弃或者法院不再计收的加倍部分债务利息"`
	ordinaryView
	SumFen       model.Fen         `json:"sum_fen" required:"true" description:"今日付清本案各项（含两种利息）应付的合计"`
	NextDueOn    model.Date        `json:"next_due_on" required:"true"`
	Performance  string            `json:"performance" required:"true" enum:",pending,partial,fulfilled,none"`
	InterestRule string            `json:"interest_rule" required:"true"`
	Installments []installmentView `json:"installments" required:"true"`
	Entries      []entryView       `json:"entries" required:"true"`
	Allocations  []allocationView  `json:"allocations" required:"true"`
	Declared     []debtEntryView   `json:"declared" required:"true" description:"就利息和抵充作出的放弃、决定和撤回"`
}

type allocationView struct {
	EntryID       int64     `json:"entry_id" required:"true"`
	InstallmentID int64     `json:"installment_id" required:"true"`
	Part          string    `json:"part" required:"true" enum:",ordinary,doubled" description:"空为法律文书确定的金钱债务，ordinary 为一般债务利息，doubled 为加倍部分债务利息"`
	AmountFen     model.Fen `json:"amount_fen" required:"true"`
}

type confirmation struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Version     int64      `json:"version" required:"true" description:"所看到的回执版本号"`
	AmountFen   model.Fen  `json:"amount_fen" required:"true"`
	Allocations []shareIn  `json:"allocations" description:"不填时按付款人所选期次、再按先到期先抵充，最后抵充加倍部分债务利息；填写的合计少于确认金额的，余额用于加倍部分债务利息"`
	OverReason  string     `json:"over_reason" description:"超过未履行金额时必填"`
	OrderReason string     `json:"order_reason,omitempty" description:"各权利人分得的数额与通常的分配不同、刑事案件不按法定顺序，或者把付给一名权利人的款项用于他人时必填"`
	Spreading   string     `json:"spreading,omitempty" enum:",due,proportion,chosen" description:"款项同时属于几名权利人时的分配方式：due 按到期先后、同日到期的按比例（不填即此），proportion 已到期的不分先后按比例，chosen 按 allocations"`
	DoubtReason string     `json:"doubt_reason,omitempty" description:"回执的提示中有 doubtful 为 true 的，仍要确认时必填，不超过 200 字"`
	PerformedOn model.Date `json:"performed_on" description:"行为或交付义务的完成日期"`
	Obligations []int64    `json:"obligation_ids" description:"已完成的行为或交付义务"`
	Reason      string     `json:"reason" description:"更正时必填；抵销的债权尚未经权利人认可而确认的，也必填"`
	Stamp       string     `json:"stamp,omitempty" description:"试算结果中的 stamp：台账此后有变动的，不登记，请重新试算；不填的不核对"`
}

func (in confirmation) decision() performance.Decision {
	return performance.Decision{
		ReceiptID: in.ID, Version: in.Version, AmountFen: in.AmountFen, OverReason: in.OverReason, OrderReason: in.OrderReason, DoubtReason: in.DoubtReason, Spreading: model.Spreading(in.Spreading), PerformedOn: in.PerformedOn,
		Obligations: in.Obligations, Reason: in.Reason, IdemKey: in.Key, Stamp: in.Stamp,
		Allocations: each(in.Allocations, func(a shareIn) model.Share {
			return model.Share{InstallmentID: a.InstallmentID, AmountFen: a.AmountFen}
		}),
	}
}

type shareIn struct {
	InstallmentID int64     `json:"installment_id" required:"true"`
	AmountFen     model.Fen `json:"amount_fen" required:"true"`
}

type versionReason struct {
	ID      int64  `path:"id" json:"-"`
	Version int64  `json:"version" required:"true"`
	Reason  string `json:"reason" required:"true"`
}

type versionOnly struct {
	ID      int64 `path:"id" json:"-"`
	Version int64 `json:"version" required:"true"`
}

type decisionView struct {
	ID                   int64     `json:"id" required:"true"`
	State                string    `json:"state" required:"true"`
	StateName            string    `json:"state_name" required:"true"`
	ConfirmedFen         model.Fen `json:"confirmed_fen" required:"true"`
	Version              int64     `json:"version" required:"true"`
	DoubtfulCertificates []string  `json:"doubtful_certificates,omitempty" description:"更正后需要审查是否撤销的证明书编号"`
}

func viewDecision(r model.Receipt, doubtful []string) decisionView {
	return decisionView{
		ID: r.ID, State: string(r.State), StateName: r.State.Chinese(), ConfirmedFen: r.ConfirmedFen, Version: r.Version,
		DoubtfulCertificates: doubtful,
	}
}

func viewDecided(d *performance.Decided, err error) (decisionView, error) {
	if err != nil {
		return decisionView{}, err
	}
	return viewDecision(d.Receipt, d.Doubtful), nil
}

func viewReceiptLine(r model.Receipt, flags []model.ReceiptFlag) receiptLine {
	return receiptLine{
		ID: r.ID, CaseID: r.CaseID, CaseNo: r.CaseNo, PartyID: r.PartyID, State: string(r.State), StateName: r.State.Chinese(),
		ClaimedFen: &r.ClaimedFen, ConfirmedFen: &r.ConfirmedFen, PaidOn: r.PaidOn, PayerKind: string(r.PayerKind), PayerName: r.PayerName, PayerText: r.Payer(),
		DueOn: r.DueOn, SubmittedAt: r.SubmittedAt, Version: r.Version,
		Flags: each(flags, func(f model.ReceiptFlag) flagView {
			return flagView{Kind: string(f.Kind), Text: f.Kind.Chinese(), Doubtful: f.Kind.Doubtful(), OtherReceiptID: f.OtherReceiptID, OtherCaseNo: f.OtherCaseNo}
		}),
	}
}

func viewReceipt(d performance.Detail) receiptView {
	r := d.Receipt
	line := viewReceiptLine(r, d.Flags)
	if d.Hidden { // 0 would be an amount
		line.ClaimedFen, line.ConfirmedFen = nil, nil
	}
	return receiptView{
		receiptLine: line, OwnFen: d.OwnFen, OwnConfirmed: d.OwnConfirmedFen, PayeeName: r.PayeeName, PayeeAccount: model.MaskAccount(r.PayeeAccount),
		BankSerial: r.BankSerial, ProofKind: string(r.ProofKind), ProofName: r.ProofKind.Chinese(), Remark: r.Remark,
		ReturnReason: r.ReturnReason, ReplacesID: r.ReplacesID, DecidedAt: r.DecidedAt,
		Files: each(d.Files, viewFile), Entries: each(d.Entries, viewConfirmation),
		Responses: each(d.Responses, func(l model.ObligeeResponse) responseView {
			v := viewResponse(l, d.Names[l.PartyID], r.ProofKind)
			if fen, booked := d.Confirmed[l.PartyID]; booked {
				v.Confirmed = &fen
			}
			return v
		}),
		SetOff: viewSetOff(r.SetOff), Lodged: viewLodgement(r.Lodged), Foreign: viewForeign(r), Group: viewGroup(d.Group),
	}
}

func viewResponse(l model.ObligeeResponse, name string, kind model.ProofKind) responseView {
	return responseView{
		PartyID: l.PartyID, PartyName: name, State: string(l.State), StateName: l.State.Of(kind), Reason: l.Reason, DueOn: l.DueOn,
		RespondedAt: l.RespondedAt, OwnFen: l.OwnFen, SaidFen: l.SaidFen, FileID: l.FileID,
	}
}

// viewOwnResponse shows an obligee what he answered.
func viewOwnResponse(r *performance.Responded, err error) (responseView, error) {
	if err != nil {
		return responseView{}, err
	}
	return viewResponse(r.Response, r.Name, r.Kind), nil
}

func viewConfirmation(e model.Confirmation) entryView {
	return entryView{
		ID: e.ID, ReceiptID: e.ReceiptID, Kind: string(e.Kind), AmountFen: e.AmountFen, PaidOn: e.PaidOn, ReversesID: e.ReversesID,
		Reason: e.Reason, OverFen: e.OverFen, OverReason: e.OverReason, OrderReason: e.OrderReason, DoubtReason: e.DoubtReason, Spreading: string(e.Spreading), PaidBy: e.PaidBy, Means: e.Means, At: e.CreatedAt,
	}
}

func viewLedger(l *performance.Ledger) ledgerView {
	v := ledgerView{
		OwedFen: l.OwedFen, ConfirmedFen: l.ConfirmedFen, ForgivenFen: l.ForgivenFen, OutstandingFen: l.OwedFen - l.ConfirmedFen - l.ForgivenFen, NextDueOn: model.NextDue(l.Installments),
		Performance: string(l.Performance()), InterestRule: l.InterestRule(),
		Installments: each(l.Installments, func(i model.Installment) installmentView {
			return viewInstallment(i, l.Reckon(i), l.Today, l.Settings.InterestFirstDayCounts)
		}),
		Entries: each(l.Entries, viewConfirmation),
		Allocations: each(l.Allocations, func(a model.Allocation) allocationView {
			return allocationView{EntryID: a.ConfirmationID, InstallmentID: a.InstallmentID, Part: string(a.Part), AmountFen: a.AmountFen}
		}),
	}
	r := l.Sum()
	v.InterestFen, v.InterestPaid, v.InterestWaived, v.ordinaryView, v.SumFen = r.DoubledFen, r.DoubledPaid, r.DoubledWaived, viewOrdinary(r), r.SumFen()
	v.Declared = each(l.Declared, viewDebtEntry)
	return v
}
