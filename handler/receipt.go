package handler

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/model"
	"microcourt/service/performance"
)

func (s *server) receiptRoutes() []route {
	notFound := []reason{{model.NotFound, "receipt.not_found"}, {model.NotFound, "path.not_found"}}
	decide := append([]reason{
		{model.Conflict, "receipt.decided"},
		{model.Conflict, "receipt.changed"},
	}, notFound...)
	answer := append([]reason{{model.Conflict, "receipt.decided"}}, notFound...)
	text := []reason{{model.Invalid, "reason.required"}, {model.Invalid, "field.too_long"}}
	amounts := slices.Concat(notFound, []reason{
		{model.Conflict, "receipt.changed"},
		{model.Invalid, "idempotency.required"},
		{model.Invalid, "amount.positive"},
		{model.Invalid, "amount.over_debt"},
		{model.Invalid, "amount.over_installment"},
		{model.Invalid, "amount.sum"},
		{model.Invalid, "allocation.order"},
		{model.Invalid, "installment.unknown"},
		{model.Invalid, "installment.repeated"},
		{model.Invalid, "obligation.unknown"},
		{model.Invalid, "date.future"},
		{model.Invalid, "field.too_long"},
	})
	return []route{
		{
			method: http.MethodPost, path: "/cases/:id/receipts", act: model.ActReceiptSubmit, summary: "提交汇款回执", input: newReceipt{},
			output: receiptView{}, status: http.StatusCreated, timeout: 90 * time.Second, handle: s.submitReceipt, reasons: []reason{
				{model.NotFound, "case.not_found"},
				{model.NotFound, "path.not_found"},
				{model.Invalid, "idempotency.required"},
				{model.Invalid, "proof.unknown"},
				{model.Invalid, "payer.unknown"},
				{model.Invalid, "amount.positive"},
				{model.Invalid, "amount.too_large"},
				{model.Invalid, "amount.not_money"},
				{model.Invalid, "amount.over_debt"},
				{model.Invalid, "amount.nothing_owed"},
				{model.Invalid, "date.future"},
				{model.Invalid, "date.format"},
				{model.Invalid, "field.too_long"},
				{model.Invalid, "file.missing"},
				{model.Invalid, "file.too_many"},
				{model.Invalid, "file.repeated"},
				{model.Invalid, "file.unknown"},
				{model.Invalid, "file.attached"},
				{model.Invalid, "file.damaged"},
				{model.Invalid, "installment.unknown"},
				{model.Invalid, "party.not_obligor"},
				{model.Invalid, "party.ambiguous"},
				{model.Invalid, "receipt.not_returned"},
				{model.Unavailable, "files.unavailable"},
			},
		},
		{
			method: http.MethodGet, path: "/cases/:id/receipts", act: model.ActCaseRead, summary: "本案的回执", input: casePath{},
			output: receiptList{}, handle: s.caseReceipts, reasons: []reason{{model.NotFound, "case.not_found"}, {model.NotFound, "path.not_found"}},
		},
		{
			method: http.MethodGet, path: "/cases/:id/ledger", act: model.ActCaseRead, summary: "履行台账", input: casePath{}, output: ledgerView{},
			handle: s.ledger, reasons: []reason{{model.NotFound, "case.not_found"}, {model.NotFound, "path.not_found"}},
		},
		{
			method: http.MethodGet, path: "/receipts", act: model.ActReceiptQueue, summary: "待办回执（早提交的在前）", input: queueQuery{},
			output: queueView{}, handle: s.queue, reasons: []reason{{model.Invalid, "filter.unknown"}, {model.Invalid, "date.format"}},
		},
		{
			method: http.MethodGet, path: "/receipts/:id", act: model.ActCaseRead, summary: "回执详情", input: receiptPath{}, output: receiptView{},
			reasons: notFound, handle: s.readReceipt,
		},
		{
			method: http.MethodPost, path: "/receipts/:id/confirm", act: model.ActReceiptDecide, summary: "确认履行金额", input: confirmation{},
			output: decisionView{}, handle: s.confirmReceipt, reasons: slices.Concat(amounts, []reason{
				{model.Conflict, "receipt.decided"},
				{model.Conflict, "receipt.own"},
				{model.Conflict, "case.no_obligation"},
			}),
		},
		{
			method: http.MethodPost, path: "/receipts/:id/return", act: model.ActReceiptDecide, summary: "退回回执", input: versionReason{},
			output: decisionView{}, reasons: slices.Concat(decide, text, []reason{{model.Conflict, "receipt.own"}}), handle: s.returnReceipt,
		},
		{
			method: http.MethodPost, path: "/receipts/:id/correct", act: model.ActReceiptDecide, summary: "更正已确认的金额（以冲销分录更正）",
			input: confirmation{}, output: decisionView{}, handle: s.correctReceipt, reasons: slices.Concat(amounts, []reason{
				{model.Invalid, "reason.required"},
				{model.Invalid, "amount.negative"},
				{model.Conflict, "receipt.not_confirmed"},
				{model.Conflict, "receipt.own"},
			}),
		},
		{
			method: http.MethodPost, path: "/receipts/:id/withdraw", act: model.ActReceiptSubmit, summary: "撤回尚未处理的回执", input: versionOnly{},
			output: decisionView{}, reasons: decide, handle: s.withdrawReceipt,
		},
		{
			method: http.MethodPost, path: "/receipts/:id/acknowledge", act: model.ActReceiptAnswer, summary: "权利人确认收到", input: receiptPath{},
			output: responseView{}, reasons: answer, handle: s.respond(model.ResponseAcknowledged),
		},
		{
			method: http.MethodPost, path: "/receipts/:id/dispute", act: model.ActReceiptAnswer, summary: "权利人提出异议", input: reasonOnly{},
			output: responseView{}, reasons: slices.Concat(answer, text), handle: s.respond(model.ResponseDisputed),
		},
	}
}

func (s *server) submitReceipt(c *gin.Context) error {
	caseID, key, req, err := keyed[newReceipt](c)
	if err != nil {
		return err
	}
	r, err := s.svc.Performance.Submit(c.Request.Context(), actor(c), performance.Claim{
		CaseID: caseID, PartyID: req.PartyID, AmountFen: req.AmountFen, PaidOn: req.PaidOn, PayerKind: model.PayerKind(req.PayerKind),
		PayerName: req.PayerName, PayeeName: req.PayeeName, PayeeAccount: req.PayeeAccount, BankSerial: req.BankSerial,
		ProofKind: model.ProofKind(req.ProofKind), Remark: req.Remark, Files: req.Files, Targets: req.Targets, ReplacesID: req.Replaces,
		IdemKey: key,
	})
	if err != nil {
		return err
	}
	d, err := s.svc.Performance.Receipt(c.Request.Context(), actor(c), r.ID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewReceipt(*d))
	return nil
}

func (s *server) caseReceipts(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	list, err := s.svc.Performance.CaseReceipts(c.Request.Context(), actor(c), caseID)
	if err != nil {
		return err
	}
	out := receiptList{Receipts: []receiptView{}}
	for _, d := range list {
		out.Receipts = append(out.Receipts, viewReceipt(d))
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *server) ledger(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	l, err := s.svc.Performance.Ledger(c.Request.Context(), actor(c), caseID)
	if err != nil {
		return err
	}
	v := ledgerView{
		OwedFen: l.OwedFen, ConfirmedFen: l.ConfirmedFen, OutstandingFen: l.OwedFen - l.ConfirmedFen, NextDueOn: model.NextDue(l.Installments),
		Performance: string(model.PerformanceOf(l.Installments)), InterestRule: model.DoubledInterestCitation(),
		Installments: []installmentView{}, Entries: viewEntries(l.Entries), Allocations: []allocationView{},
	}
	paid := model.PaidParts(l.Entries, l.Allocations)
	for _, i := range l.Installments {
		iv := viewInstallment(i, paid[i.ID], l.Today, l.FirstDay)
		v.InterestFen += iv.InterestFen
		v.Installments = append(v.Installments, iv)
	}
	for _, a := range l.Allocations {
		v.Allocations = append(v.Allocations, allocationView{EntryID: a.ConfirmationID, InstallmentID: a.InstallmentID, AmountFen: a.AmountFen})
	}
	c.JSON(http.StatusOK, v)
	return nil
}

func (s *server) queue(c *gin.Context) error {
	after, limit, err := page(c)
	if err != nil {
		return err
	}
	f := model.QueueFilter{
		State: model.ReceiptSubmitted, Flagged: c.Query("flagged") == "1", Kind: model.CaseKind(c.Query("kind")), Text: c.Query("text"),
		After: after, Limit: limit,
	}
	if v := c.Query("state"); v != "" {
		f.State = model.ReceiptState(v)
	}
	if !f.State.Valid() || f.Kind != "" && f.Kind.Chinese() == "" || len(f.Text) > 200 {
		return model.InvalidField("state", "filter.unknown", "筛选条件不正确")
	}
	if v := c.Query("judge_id"); v != "" {
		if f.Owner.JudgeID, err = strconv.ParseInt(v, 10, 64); err != nil {
			return model.InvalidField("judge_id", "field.format", "承办法官编号应为数字")
		}
	}
	if f.DueBefore, err = queryDay(c, "due_before"); err != nil {
		return err
	}
	if v := c.Query("older_than_days"); v != "" {
		days, err := strconv.Atoi(v)
		if err != nil || days < 0 || days > 36500 {
			return model.InvalidField("older_than_days", "field.format", "天数不正确")
		}
		f.SubmittedBefore = s.cfg.Now().UTC().AddDate(0, 0, -days)
	}
	list, flags, err := s.svc.Performance.Queue(c.Request.Context(), actor(c), f)
	if err != nil {
		return err
	}
	out := queueView{Receipts: []receiptLine{}}
	for _, r := range list {
		out.Receipts = append(out.Receipts, viewReceiptLine(r, flags[r.ID]))
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *server) readReceipt(c *gin.Context) error {
	receiptID, err := id(c, "id")
	if err != nil {
		return err
	}
	d, err := s.svc.Performance.Receipt(c.Request.Context(), actor(c), receiptID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewReceipt(*d))
	return nil
}

func readDecision(c *gin.Context) (performance.Decision, error) {
	receiptID, err := id(c, "id")
	if err != nil {
		return performance.Decision{}, err
	}
	key, err := idempotencyKey(c)
	if err != nil {
		return performance.Decision{}, err
	}
	var req confirmation
	if err := bind(c, &req); err != nil {
		return performance.Decision{}, err
	}
	dec := performance.Decision{
		ReceiptID: receiptID, Version: req.Version, AmountFen: req.AmountFen, OverReason: req.OverReason, OrderReason: req.OrderReason, PerformedOn: req.PerformedOn,
		Obligations: req.Obligations, Reason: req.Reason, IdemKey: key,
	}
	for _, a := range req.Allocations {
		dec.Allocations = append(dec.Allocations, model.Share{InstallmentID: a.InstallmentID, AmountFen: a.AmountFen})
	}
	return dec, nil
}

func (s *server) confirmReceipt(c *gin.Context) error {
	dec, err := readDecision(c)
	if err != nil {
		return err
	}
	out, err := s.svc.Performance.Confirm(c.Request.Context(), actor(c), dec)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewDecision(out.Receipt, nil))
	return nil
}

func (s *server) correctReceipt(c *gin.Context) error {
	dec, err := readDecision(c)
	if err != nil {
		return err
	}
	out, err := s.svc.Performance.Correct(c.Request.Context(), actor(c), dec)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewDecision(out.Receipt, out.Doubtful))
	return nil
}

func (s *server) returnReceipt(c *gin.Context) error {
	receiptID, req, err := posted[versionReason](c)
	if err != nil {
		return err
	}
	r, err := s.svc.Performance.Return(c.Request.Context(), actor(c), receiptID, req.Version, req.Reason)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewDecision(*r, nil))
	return nil
}

func (s *server) withdrawReceipt(c *gin.Context) error {
	receiptID, req, err := posted[versionOnly](c)
	if err != nil {
		return err
	}
	r, err := s.svc.Performance.Withdraw(c.Request.Context(), actor(c), receiptID, req.Version)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewDecision(*r, nil))
	return nil
}

func (s *server) respond(state model.ResponseState) func(*gin.Context) error {
	return func(c *gin.Context) error {
		receiptID, err := id(c, "id")
		if err != nil {
			return err
		}
		var req reasonOnly
		if state == model.ResponseDisputed {
			if err := bind(c, &req); err != nil {
				return err
			}
		}
		l, err := s.svc.Performance.Respond(c.Request.Context(), actor(c), receiptID, state, req.Reason)
		if err != nil {
			return err
		}
		c.JSON(http.StatusOK, viewResponse(*l, ""))
		return nil
	}
}
