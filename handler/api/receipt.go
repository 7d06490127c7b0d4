package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/performance"
)

// claimReasons are what each way to claim a performance can be refused for: a payment, a
// set-off and a lodgement are receipts, and handed in by the same rules.
func claimReasons() []Reason {
	return []Reason{
		{model.NotFound, "case.not_found"},
		{model.Invalid, "amount.positive"},
		{model.Invalid, "amount.over_debt"},
		{model.Invalid, "amount.nothing_owed"},
		{model.Invalid, "currency.other"},
		{model.Invalid, "file.too_many"},
		{model.Invalid, "file.repeated"},
		{model.Invalid, "file.unknown"},
		{model.Invalid, "file.attached"},
		{model.Invalid, "file.damaged"},
		{model.Invalid, "installment.unknown"},
		{model.Invalid, "party.not_obligor"},
		{model.Invalid, "party.ambiguous"},
		{model.Conflict, "receipt.before_judgment"},
		{model.Invalid, "receipt.not_returned"},
		{model.Conflict, "receipt.replaced"},
		{model.Unavailable, "files.unavailable"},
	}
}

func (s *API) receiptRoutes() []Route {
	notFound := []Reason{{model.NotFound, "receipt.not_found"}}
	decide := append([]Reason{
		{model.Conflict, "receipt.decided"},
		{model.Conflict, "receipt.changed"},
	}, notFound...)
	answer := append([]Reason{{model.Conflict, "receipt.decided"}, {model.Invalid, "party.ambiguous"}, {model.Invalid, "party.not_asked"}}, notFound...)
	text := []Reason{{model.Invalid, "reason.required"}}
	amounts := slices.Concat(notFound, []Reason{
		{model.Conflict, "receipt.pending"},
		{model.Conflict, "receipt.changed"},
		{model.Invalid, "amount.positive"},
		{model.Invalid, "amount.over_debt"},
		{model.Invalid, "amount.over_installment"},
		{model.Invalid, "amount.sum"},
		{model.Invalid, "allocation.order"},
		{model.Invalid, "currency.other"},
		{model.Invalid, "allocation.payee"},
		{model.Invalid, "allocation.interest_first"},
		{model.Invalid, "allocation.former_creditor"},
		{model.Invalid, "allocation.spreading"},
		{model.Invalid, "group.over_paid"},
		{model.Invalid, "allocation.reason"},
		{model.Invalid, "installment.unknown"},
		{model.Invalid, "installment.repeated"},
		{model.Invalid, "obligation.unknown"},
		{model.Invalid, "date.future"},
	})
	return []Route{
		{
			Method: http.MethodPost, Path: "/cases/:id/receipts", For: Phone, Act: model.ActReceiptSubmit, Summary: "提交汇款回执",
			Status: http.StatusCreated, Timeout: 90 * time.Second, Do: do(s.submitReceipt), Reasons: slices.Concat(claimReasons(), []Reason{
				{model.Invalid, "proof.unknown"},
				{model.Invalid, "payer.unknown"},
				{model.Invalid, "amount.too_large"},
				{model.Invalid, "amount.not_money"},
				{model.Invalid, "currency.unknown"},
				{model.Invalid, "currency.not_converted"},
				{model.Invalid, "currency.ambiguous"},
				{model.Invalid, "currency.rate"},
				{model.Invalid, "currency.rate_day"},
				{model.Invalid, "currency.source"},
				{model.Invalid, "date.future"},
				{model.Invalid, "file.missing"},
				{model.Invalid, "group.over_paid"},
			}),
		},
		s.groupReceiptRoute(), s.groupSharesRoute(),
		{
			Method: http.MethodGet, Path: "/cases/:id/receipts", For: Phone | PhoneStaff, Act: model.ActCaseRead, Summary: "本案的回执",
			Do: do(s.caseReceipts), Reasons: []Reason{{model.NotFound, "case.not_found"}},
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/ledger", For: Phone, Act: model.ActCaseRead, Summary: "履行台账",
			Do: do(s.readLedger), Reasons: []Reason{{model.NotFound, "case.not_found"}},
		},
		{
			Method: http.MethodGet, Path: "/receipts", For: PhoneStaff, Act: model.ActReceiptQueue, Summary: "待办回执（早提交的在前）",
			Do: do(s.receiptQueue),
		},
		{
			Method: http.MethodGet, Path: "/receipts/:id", For: Phone | PhoneStaff, Act: model.ActCaseRead, Summary: "回执详情",
			Reasons: notFound, Do: do(s.readReceipt),
		},
		{
			Method: http.MethodPost, Path: "/receipts/:id/confirm", For: PhoneStaff, Act: model.ActReceiptDecide, Summary: "确认履行金额",
			Do: do(s.confirmReceipt), Reasons: slices.Concat(amounts, []Reason{
				{model.Invalid, "receipt.doubtful"},
				{model.Conflict, "receipt.decided"},
				{model.Conflict, "receipt.reallocated"},
				{model.Conflict, "receipt.own"},
				{model.Conflict, "receipt.unproven"},
				{model.Invalid, "receipt.unproven_reason"},
				{model.Conflict, "case.no_obligation"},
				{model.Invalid, "set_off.over"},
				{model.Invalid, "set_off.silence"},
				{model.Conflict, "set_off.disputed"},
				{model.Conflict, "set_off.not_acknowledged"},
			}),
		},
		s.previewRoute(), s.correctionPreviewRoute(),
		{
			Method: http.MethodPost, Path: "/receipts/:id/return", For: PhoneStaff, Act: model.ActReceiptDecide, Summary: "退回回执",
			Reasons: slices.Concat(decide, text, []Reason{{model.Conflict, "receipt.own"}, {model.Conflict, "receipt.pending"}}), Do: do(s.returnReceipt),
		},
		{
			Method: http.MethodPost, Path: "/receipts/:id/correct", For: PhoneStaff, Act: model.ActReceiptDecide, Summary: "更正已确认的金额（以冲销分录更正）",
			Do: do(s.correctReceipt), Reasons: slices.Concat(amounts, []Reason{
				{model.Invalid, "reason.required"},
				{model.Invalid, "amount.negative"},
				{model.Conflict, "receipt.not_confirmed"},
				{model.Conflict, "receipt.reallocated"},
				{model.Conflict, "receipt.own"},
				{model.Invalid, "deposit.purpose"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/receipts/:id/withdraw", For: Phone, Act: model.ActReceiptSubmit, Summary: "提交人（当事人、代理人或者代为履行的家属）撤回尚未处理的回执",
			Reasons: append([]Reason{{model.Conflict, "receipt.deciding"}}, decide...), Do: do(s.withdrawReceipt),
		},
		{
			Method: http.MethodPost, Path: "/receipts/:id/acknowledge", For: Phone, Act: model.ActReceiptAnswer, Summary: "权利人确认收到",
			Reasons: append([]Reason{{model.Conflict, "set_off.authority"}}, answer...), Do: do(s.acknowledgeReceipt),
		},
		{
			Method: http.MethodPost, Path: "/receipts/:id/received", For: Phone, Act: model.ActReceiptAnswer, Summary: "权利人：收到了，但金额不同",
			Reasons: slices.Concat(answer, []Reason{
				{model.Invalid, "amount.positive"}, {model.Invalid, "amount.not_money"}, {model.Invalid, "answer.same"}, {model.Invalid, "file.unknown"},
			}), Do: do(s.receivedOther),
		},
		{
			Method: http.MethodPost, Path: "/receipts/:id/dispute", For: Phone, Act: model.ActReceiptAnswer, Summary: "权利人提出异议",
			Reasons: slices.Concat(answer, text), Do: do(s.disputeReceipt),
		},
	}
}

func (s *API) submitReceipt(ctx context.Context, by model.Actor, in newReceipt) (receiptView, error) {
	r, err := s.svc.Performance.Submit(ctx, by, performance.Claim{
		CaseID: in.ID, PartyID: in.PartyID, AmountFen: in.AmountFen, PaidOn: in.PaidOn, PayerKind: model.PayerKind(in.PayerKind),
		PayerName: in.PayerName, PayeeName: in.PayeeName, PayeeAccount: in.PayeeAccount, BankSerial: in.BankSerial,
		ProofKind: model.ProofKind(in.ProofKind), Remark: in.Remark, Files: in.Files, Targets: in.Targets, ReplacesID: in.Replaces,
		IdemKey: in.Key, Foreign: in.foreign(),
	})
	if err != nil {
		return receiptView{}, err
	}
	return s.receiptOf(ctx, by, idPath{r.ID})
}

func (s *API) caseReceipts(ctx context.Context, by model.Actor, in idPath) (receiptList, error) {
	list, err := s.svc.Performance.CaseReceipts(ctx, by, in.ID)
	out := each(list, viewReceipt)
	for _, r := range out {
		s.addressed(by, r.Files)
	}
	return receiptList{Receipts: out}, err
}

func (s *API) readLedger(ctx context.Context, by model.Actor, in idPath) (ledgerView, error) {
	l, err := s.svc.Performance.Ledger(ctx, by, in.ID)
	if err != nil {
		return ledgerView{}, err
	}
	return viewLedger(l), nil
}

func (s *API) receiptQueue(ctx context.Context, by model.Actor, in queueQuery) (queueView, error) {
	f := model.QueueFilter{
		State: model.ReceiptState(in.State), Owner: model.Owner{JudgeID: in.JudgeID}, Flagged: in.Flagged == "1", Kind: model.CaseKind(in.Kind),
		DueBefore: in.DueBefore, Text: in.Text, After: in.After.ID, Limit: in.more(),
	}
	if in.OlderThanDays > 0 {
		f.SubmittedBefore = s.cfg.Now().UTC().AddDate(0, 0, -in.OlderThanDays)
	}
	list, flags, err := s.svc.Performance.Queue(ctx, by, f)
	return queueView{
		Receipts: each(cut(in.pageQuery, list), func(r model.Receipt) receiptLine { return viewReceiptLine(r, flags[r.ID]) }),
		Next:     next(in.pageQuery, list, func(r model.Receipt) int64 { return r.ID }),
	}, err
}

func (s *API) readReceipt(ctx context.Context, by model.Actor, in idPath) (receiptView, error) {
	out, err := s.receiptOf(ctx, by, in)
	s.addressed(by, out.Files)
	return out, err
}

// receiptOf is a receipt as the answer to who submitted it: a repeat gets the same,
// so that it has no addresses, which differ each time.
func (s *API) receiptOf(ctx context.Context, by model.Actor, in idPath) (receiptView, error) {
	d, err := s.svc.Performance.Receipt(ctx, by, in.ID)
	if err != nil {
		return receiptView{}, err
	}
	return viewReceipt(*d), nil
}

func (s *API) confirmReceipt(ctx context.Context, by model.Actor, in confirmation) (decisionView, error) {
	return viewDecided(s.svc.Performance.Confirm(ctx, by, in.decision()))
}

func (s *API) correctReceipt(ctx context.Context, by model.Actor, in confirmation) (decisionView, error) {
	return viewDecided(s.svc.Performance.Correct(ctx, by, in.decision()))
}

func (s *API) returnReceipt(ctx context.Context, by model.Actor, in versionReason) (decisionView, error) {
	r, err := s.svc.Performance.Return(ctx, by, in.ID, in.Version, in.Reason)
	if err != nil {
		return decisionView{}, err
	}
	return viewDecision(*r, nil), nil
}

func (s *API) withdrawReceipt(ctx context.Context, by model.Actor, in versionOnly) (decisionView, error) {
	r, err := s.svc.Performance.Withdraw(ctx, by, in.ID, in.Version)
	if err != nil {
		return decisionView{}, err
	}
	return viewDecision(*r, nil), nil
}

func (s *API) acknowledgeReceipt(ctx context.Context, by model.Actor, in answerIn) (responseView, error) {
	return viewOwnResponse(s.svc.Performance.Answer(ctx, by, in.ID, model.ReceiptAnswer{PartyID: in.PartyID, State: model.ResponseAcknowledged}))
}

func (s *API) disputeReceipt(ctx context.Context, by model.Actor, in disputeIn) (responseView, error) {
	return viewOwnResponse(s.svc.Performance.Answer(ctx, by, in.ID, model.ReceiptAnswer{PartyID: in.PartyID, State: model.ResponseDisputed, Reason: in.Reason}))
}
