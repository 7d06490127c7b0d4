package api

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/performance"
)

func (s *API) receiptRoutes() []Route {
	notFound := []Reason{{model.NotFound, "receipt.not_found"}, {model.NotFound, "path.not_found"}}
	decide := append([]Reason{
		{model.Conflict, "receipt.decided"},
		{model.Conflict, "receipt.changed"},
	}, notFound...)
	answer := append([]Reason{{model.Conflict, "receipt.decided"}}, notFound...)
	text := []Reason{{model.Invalid, "reason.required"}, {model.Invalid, "field.too_long"}}
	amounts := slices.Concat(notFound, []Reason{
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
	return []Route{
		{
			Method: http.MethodPost, Path: "/cases/:id/receipts", For: Phone, Act: model.ActReceiptSubmit, Summary: "提交汇款回执", Input: newReceipt{},
			Output: receiptView{}, Status: http.StatusCreated, Timeout: 90 * time.Second, Handle: s.submitReceipt, Reasons: []Reason{
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
			Method: http.MethodGet, Path: "/cases/:id/receipts", For: Phone | PhoneStaff, Act: model.ActCaseRead, Summary: "本案的回执", Input: casePath{},
			Output: receiptList{}, Handle: s.caseReceipts, Reasons: []Reason{{model.NotFound, "case.not_found"}, {model.NotFound, "path.not_found"}},
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/ledger", For: Phone, Act: model.ActCaseRead, Summary: "履行台账", Input: casePath{}, Output: ledgerView{},
			Handle: s.ledger, Reasons: []Reason{{model.NotFound, "case.not_found"}, {model.NotFound, "path.not_found"}},
		},
		{
			Method: http.MethodGet, Path: "/receipts", For: PhoneStaff, Act: model.ActReceiptQueue, Summary: "待办回执（早提交的在前）", Input: queueQuery{},
			Output: queueView{}, Handle: s.queue, Reasons: []Reason{{model.Invalid, "filter.unknown"}, {model.Invalid, "date.format"}},
		},
		{
			Method: http.MethodGet, Path: "/receipts/:id", For: Phone | PhoneStaff, Act: model.ActCaseRead, Summary: "回执详情", Input: receiptPath{}, Output: receiptView{},
			Reasons: notFound, Handle: s.readReceipt,
		},
		{
			Method: http.MethodPost, Path: "/receipts/:id/confirm", For: PhoneStaff, Act: model.ActReceiptDecide, Summary: "确认履行金额", Input: confirmation{},
			Output: decisionView{}, Handle: s.confirmReceipt, Reasons: slices.Concat(amounts, []Reason{
				{model.Conflict, "receipt.decided"},
				{model.Conflict, "receipt.own"},
				{model.Conflict, "case.no_obligation"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/receipts/:id/return", For: PhoneStaff, Act: model.ActReceiptDecide, Summary: "退回回执", Input: versionReason{},
			Output: decisionView{}, Reasons: slices.Concat(decide, text, []Reason{{model.Conflict, "receipt.own"}}), Handle: s.returnReceipt,
		},
		{
			Method: http.MethodPost, Path: "/receipts/:id/correct", For: PhoneStaff, Act: model.ActReceiptDecide, Summary: "更正已确认的金额（以冲销分录更正）",
			Input: confirmation{}, Output: decisionView{}, Handle: s.correctReceipt, Reasons: slices.Concat(amounts, []Reason{
				{model.Invalid, "reason.required"},
				{model.Invalid, "amount.negative"},
				{model.Conflict, "receipt.not_confirmed"},
				{model.Conflict, "receipt.own"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/receipts/:id/withdraw", For: Phone, Act: model.ActReceiptSubmit, Summary: "撤回尚未处理的回执", Input: versionOnly{},
			Output: decisionView{}, Reasons: decide, Handle: s.withdrawReceipt,
		},
		{
			Method: http.MethodPost, Path: "/receipts/:id/acknowledge", For: Phone, Act: model.ActReceiptAnswer, Summary: "权利人确认收到", Input: receiptPath{},
			Output: responseView{}, Reasons: answer, Handle: s.respond(model.ResponseAcknowledged),
		},
		{
			Method: http.MethodPost, Path: "/receipts/:id/dispute", For: Phone, Act: model.ActReceiptAnswer, Summary: "权利人提出异议", Input: reasonOnly{},
			Output: responseView{}, Reasons: slices.Concat(answer, text), Handle: s.respond(model.ResponseDisputed),
		},
	}
}

func (s *API) submitReceipt(c *gin.Context) error {
	caseID, key, req, err := keyed[newReceipt](c)
	if err != nil {
		return err
	}
	r, err := s.svc.Performance.Submit(c.Request.Context(), web.Actor(c), performance.Claim{
		CaseID: caseID, PartyID: req.PartyID, AmountFen: req.AmountFen, PaidOn: req.PaidOn, PayerKind: model.PayerKind(req.PayerKind),
		PayerName: req.PayerName, PayeeName: req.PayeeName, PayeeAccount: req.PayeeAccount, BankSerial: req.BankSerial,
		ProofKind: model.ProofKind(req.ProofKind), Remark: req.Remark, Files: req.Files, Targets: req.Targets, ReplacesID: req.Replaces,
		IdemKey: key,
	})
	if err != nil {
		return err
	}
	d, err := s.svc.Performance.Receipt(c.Request.Context(), web.Actor(c), r.ID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewReceipt(*d))
	return nil
}

func (s *API) caseReceipts(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	list, err := s.svc.Performance.CaseReceipts(c.Request.Context(), web.Actor(c), caseID)
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

func (s *API) ledger(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	l, err := s.svc.Performance.Ledger(c.Request.Context(), web.Actor(c), caseID)
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

func (s *API) queue(c *gin.Context) error {
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
	list, flags, err := s.svc.Performance.Queue(c.Request.Context(), web.Actor(c), f)
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

func (s *API) readReceipt(c *gin.Context) error {
	receiptID, err := id(c, "id")
	if err != nil {
		return err
	}
	d, err := s.svc.Performance.Receipt(c.Request.Context(), web.Actor(c), receiptID)
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

func (s *API) confirmReceipt(c *gin.Context) error {
	dec, err := readDecision(c)
	if err != nil {
		return err
	}
	out, err := s.svc.Performance.Confirm(c.Request.Context(), web.Actor(c), dec)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewDecision(out.Receipt, nil))
	return nil
}

func (s *API) correctReceipt(c *gin.Context) error {
	dec, err := readDecision(c)
	if err != nil {
		return err
	}
	out, err := s.svc.Performance.Correct(c.Request.Context(), web.Actor(c), dec)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewDecision(out.Receipt, out.Doubtful))
	return nil
}

func (s *API) returnReceipt(c *gin.Context) error {
	receiptID, req, err := posted[versionReason](c)
	if err != nil {
		return err
	}
	r, err := s.svc.Performance.Return(c.Request.Context(), web.Actor(c), receiptID, req.Version, req.Reason)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewDecision(*r, nil))
	return nil
}

func (s *API) withdrawReceipt(c *gin.Context) error {
	receiptID, req, err := posted[versionOnly](c)
	if err != nil {
		return err
	}
	r, err := s.svc.Performance.Withdraw(c.Request.Context(), web.Actor(c), receiptID, req.Version)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewDecision(*r, nil))
	return nil
}

func (s *API) respond(state model.ResponseState) func(*gin.Context) error {
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
		l, err := s.svc.Performance.Respond(c.Request.Context(), web.Actor(c), receiptID, state, req.Reason)
		if err != nil {
			return err
		}
		c.JSON(http.StatusOK, viewResponse(*l, ""))
		return nil
	}
}
