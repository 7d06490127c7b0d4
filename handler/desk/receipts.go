package desk

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/statistics"
)

func (d *Desk) receiptRoutes() []Route {
	return []Route{
		live("/receipts", model.ActReceiptQueue, d.queue),
		get("/receipts/:id", model.ActCaseRead, d.receipt),
		post("/receipts/:id/confirm", model.ActReceiptDecide, d.confirm),
		post("/receipts/:id/return", model.ActReceiptDecide, d.sendBack),
		post("/receipts/:id/correct", model.ActReceiptDecide, d.correct),
		get("/files/:id/view", model.ActFileRead, d.file(performance.VariantView)),
		get("/files/:id/tiles/:n", model.ActFileRead, d.tile),
		get("/files/:id/original", model.ActFileRead, d.file(performance.VariantOriginal)),
	}
}

// queuePage is how many receipts one page of the queue has.
const queuePage = 40

type queueLine struct {
	model.Receipt
	Flags []model.ReceiptFlag
}

type queueData struct {
	State   model.ReceiptState
	Flagged bool
	Kind    string
	Text    string
	Lines   []queueLine
	Next    string
	Own     bool // only his own
	Late    bool // only those that wait too long
	Judge   int64
	Judges  []model.StaffMember // to choose from, for whoever sees all
}

func (d *Desk) queue(c *gin.Context) error {
	data := queueData{State: model.ReceiptSubmitted, Flagged: c.Query("flagged") == "1", Kind: c.Query("kind"), Text: strings.TrimSpace(c.Query("text"))}
	if v := c.Query("state"); v != "" {
		data.State = model.ReceiptState(v)
	}
	if !data.State.Valid() || data.Kind != "" && model.CaseKind(data.Kind).Chinese() == "" || len(data.Text) > 200 {
		return model.InvalidField("state", "filter.unknown", "筛选条件不正确")
	}
	from, err := after(c, "after")
	if err != nil {
		return err
	}
	by := web.Actor(c)
	data.Own = !by.Has(model.RoleClerk) && !by.Has(model.RoleLeader)
	f := model.QueueFilter{State: data.State, Flagged: data.Flagged, Kind: model.CaseKind(data.Kind), Text: data.Text, After: from, Limit: queuePage}
	if no := model.CaseNoBeginning(f.Text); no != "" {
		f.Text = no
	}
	if data.Late = c.Query("late") == "1"; data.Late {
		f.SubmittedBefore = d.cfg.Now().UTC().AddDate(0, 0, -statistics.LateDays)
	}
	asked := d.form(c)
	if data.Judge = asked.number("judge"); asked.err != nil {
		return asked.err
	}
	if data.Judge != 0 && !data.Own { // of one of the court's judges
		f.Owner = model.Owner{JudgeID: data.Judge}
	}
	if !data.Own {
		if data.Judges, err = d.svc.Identity.Colleagues(c.Request.Context(), by, model.RoleJudge); err != nil {
			return err
		}
	}
	list, flags, err := d.svc.Performance.Queue(c.Request.Context(), by, f)
	if err != nil {
		return err
	}
	for _, r := range list {
		data.Lines = append(data.Lines, queueLine{r, flags[r.ID]})
	}
	if len(list) == queuePage {
		data.Next = with(c, "after", list[queuePage-1].ID)
	}
	if c.GetHeader("HX-Target") == "queue" {
		d.write(c, http.StatusOK, "queue", "queue-lines", d.frame(c, "queue", "回执", data))
		return nil
	}
	return d.show(c, "queue", "回执", data)
}

// openLine is an open instalment that the receipt may pay.
type openLine struct {
	model.Installment
	Obligee     string
	Description string
	OrdinaryFen model.Fen // 一般债务利息 until the day of payment
}

type reviewData struct {
	*performance.Detail
	Case    *filing.Detail
	Ledger  *performance.Ledger
	Debtor  string
	Open    []openLine
	OpenFen model.Fen
	// DoubledFen is the doubled part of the interest that is owed until the day of
	// payment.
	DoubledFen model.Fen
	// OrdinaryFen is the ordinary interest that is owed until then, and Reasons of
	// it how it was reckoned.
	OrdinaryFen   model.Fen
	InterestLines []string
	Conduct       []model.Obligation // conduct and delivery that the debtor owes
	Decide        bool               // the actor may decide it
	Next          int64              // the next one that waits, 0 when none
	Reasons       []string
	Answers       []answers
	Correct       bool
	PaidBy        string
	Proof         string
	Over          bool
	Criminal      bool // payments follow the order of the law
	// Rule is by which rule the money is spread when the judge says nothing.
	Rule string
}

// returnReasons are the usual ones; the judge may write his own.
var returnReasons = []string{
	"图片不清晰或不完整，请重新拍摄后提交。", "图片显示“处理中”，请到账后提交银行回单。", "付款金额与所填金额不一致，请核对后重新提交。",
	"收款人不是本案权利人，请说明或更换凭证。", "缺少付款日期或流水号，请提交完整的回单。", "不是本案的付款凭证。", "与此前提交的回执重复。",
	"收条缺少权利人签名，请补签后提交。",
}

var payerNames = map[model.PayerKind]string{
	model.PayerSelf: "本人", model.PayerRelative: "亲属代为履行", model.PayerCompany: "单位代付", model.PayerOther: "其他人代付",
}

func (d *Desk) review(c *gin.Context) (*reviewData, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	ctx, by := c.Request.Context(), web.Actor(c)
	data := &reviewData{Reasons: returnReasons}
	if data.Detail, err = d.svc.Performance.Receipt(ctx, by, id); err != nil {
		return nil, err
	}
	r := data.Receipt
	if data.Case, err = d.svc.Filing.Case(ctx, by, r.CaseID, false); err != nil {
		return nil, err
	}
	if data.Ledger, err = d.svc.Performance.Ledger(ctx, by, r.CaseID); err != nil {
		return nil, err
	}
	data.Debtor, data.PaidBy, data.Proof = data.Names[r.PartyID], payerNames[r.PayerKind], r.ProofKind.Chinese()
	data.Answers = answersOf(data.Responses)
	data.owed()
	data.Decide = by.May(model.ActReceiptDecide) && (r.JudgeID == by.UserID || r.OfficerID == by.UserID)
	data.Decide = data.Decide && data.OwnHand == ""
	data.Correct = r.State == model.ReceiptConfirmed || r.State == model.ReceiptCorrected
	data.Over = r.ClaimedFen > data.OpenFen+data.OrdinaryFen+data.DoubledFen
	if by.May(model.ActReceiptQueue) {
		if data.Next, err = d.nextReceipt(c, r.ID); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// answers are the obligees who answered alike: one debtor may owe hundreds.
type answers struct {
	State model.ResponseState
	List  []model.ObligeeResponse
}

// fewAnswers is how many of them the page shows without being asked.
const fewAnswers = 3

// Folded tells whether the page shows only how many they are. An objection is
// always shown.
func (a answers) Folded() bool { return len(a.List) > fewAnswers && a.State != model.ResponseDisputed }

func answersOf(list []model.ObligeeResponse) (out []answers) {
	for _, s := range []model.ResponseState{model.ResponseDisputed, model.ResponseAcknowledged, model.ResponseAsked} {
		a := answers{State: s}
		for _, r := range list {
			if r.State == s {
				a.List = append(a.List, r)
			}
		}
		if len(a.List) > 0 {
			out = append(out, a)
		}
	}
	return out
}

// owed collects what the debtor of the receipt still owes.
func (r *reviewData) owed() {
	for _, ob := range r.Case.Obligations {
		if ob.Replaced() || !r.Case.OwedBy(ob.ID, r.Receipt.PartyID) {
			continue
		}
		if ob.Kind != model.ObligationMoney {
			r.Conduct = append(r.Conduct, ob)
			continue
		}
		for _, i := range r.Ledger.Installments {
			if i.ObligationID != ob.ID {
				continue
			}
			reckoned := r.Case.Debts().Reckon(i, r.Case.Paid, r.Case.Settings, r.Receipt.PaidOn)
			r.DoubledFen += reckoned.DoubledFen
			r.OrdinaryFen += reckoned.OrdinaryFen
			r.InterestLines = append(r.InterestLines, reckoned.Reasons()...)
			if i.Done() {
				continue
			}
			var named []string
			for _, id := range ob.Obligees() {
				named = append(named, r.Names[id])
			}
			to := strings.Join(named, "、")
			if ob.ToCourt {
				to = "法院账户"
			}
			what := ob.Description
			if ob.Category != model.CategoryNone {
				what = ob.Category.Chinese()
			}
			r.Open = append(r.Open, openLine{i, to, what, reckoned.OrdinaryFen})
			r.OpenFen += i.OutstandingFen()
		}
	}
	// As a payment would be spread if the judge says nothing.
	var plan []model.Installment
	for _, l := range r.Open {
		plan = append(plan, l.Installment)
	}
	r.Criminal = r.Case.Case.Kind == model.CaseCriminal
	r.Rule = r.Case.Debts().SpreadRule(r.Receipt, plan, !r.Case.Case.EnforcementFiledOn.IsZero())
	shares := r.Case.Debts().Spread(model.Payment{AmountFen: r.OpenFen + r.OrdinaryFen, PaidOn: r.Receipt.PaidOn}, plan, r.Case.Paid, r.Case.Settings).Shares
	place := map[int64]int{}
	for n, s := range shares {
		place[s.InstallmentID] = n
	}
	slices.SortStableFunc(r.Open, func(a, b openLine) int { return place[a.ID] - place[b.ID] })
}

// nextReceipt is the receipt that waits after this one, or the first one.
func (d *Desk) nextReceipt(c *gin.Context, id int64) (int64, error) {
	for _, from := range []int64{id, 0} {
		list, _, err := d.svc.Performance.Queue(c.Request.Context(), web.Actor(c), model.QueueFilter{State: model.ReceiptSubmitted, After: from, Limit: 2})
		if err != nil {
			return 0, err
		}
		for _, r := range list {
			if r.ID != id {
				return r.ID, nil
			}
		}
	}
	return 0, nil
}

func (d *Desk) receipt(c *gin.Context) error {
	data, err := d.review(c)
	if err != nil {
		return err
	}
	if data.Receipt.State == model.ReceiptReturned {
		if err := d.noteUntold(c, data.Receipt.CaseID, data.Receipt.PartyID); err != nil {
			return err
		}
	}
	return d.show(c, "receipt", "回执审核", data)
}

// decided goes on to the next receipt that waits.
func (d *Desk) decided(c *gin.Context, id int64, what string) error {
	next, err := d.nextReceipt(c, id)
	if err != nil {
		return err
	}
	to := "/desk/receipts"
	if next != 0 {
		to = fmt.Sprintf("/desk/receipts/%d", next)
	}
	if what == "returned" {
		to = d.withUntold(c, to, id)
	}
	return done(c, to, what)
}

func (d *Desk) refuseReceipt(c *gin.Context, err error) error {
	data, again := d.review(c)
	if again != nil {
		return err
	}
	return d.again(c, "receipt", "回执审核", data, err)
}

func (d *Desk) decision(c *gin.Context) (*form, performance.Decision, error) {
	id, err := number(c)
	if err != nil {
		return nil, performance.Decision{}, err
	}
	f := d.form(c)
	return f, performance.Decision{
		ReceiptID: id, IdemKey: f.key(), Version: f.version(), AmountFen: f.yuan("amount", "amount"), OverReason: f.text("over_reason"),
		Obligations: f.several("obligation", model.InvalidField("obligation", "obligation.unknown", "所选义务不存在")),
		PerformedOn: f.date("performed_on"), Allocations: f.shares(), OrderReason: f.text("order_reason"), Reason: f.text("reason"),
	}, nil
}

func (d *Desk) confirm(c *gin.Context) error {
	f, dec, err := d.decision(c)
	if err != nil {
		return err
	}
	if err := f.do(func() error {
		_, err := d.svc.Performance.Confirm(c.Request.Context(), web.Actor(c), dec)
		return err
	}); err != nil {
		return d.refuseReceipt(c, err)
	}
	return d.decided(c, dec.ReceiptID, "confirmed")
}

func (d *Desk) correct(c *gin.Context) error {
	f, dec, err := d.decision(c)
	if err != nil {
		return err
	}
	if err := f.do(func() error {
		_, err := d.svc.Performance.Correct(c.Request.Context(), web.Actor(c), dec)
		return err
	}); err != nil {
		return d.refuseReceipt(c, err)
	}
	return done(c, fmt.Sprintf("/desk/receipts/%d", dec.ReceiptID), "corrected")
}

func (d *Desk) sendBack(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	seen := f.version()
	if err := f.do(func() error {
		_, err := d.svc.Performance.Return(c.Request.Context(), web.Actor(c), id, seen, f.text("reason"))
		return err
	}); err != nil {
		return d.refuseReceipt(c, err)
	}
	return d.decided(c, id, "returned")
}

// file shows a copy of a receipt's file. A PDF is shown inside of the page, by
// the browser's own viewer.
func (d *Desk) file(v performance.Variant) func(*gin.Context) error {
	return func(c *gin.Context) error {
		id, err := number(c)
		if err != nil {
			return err
		}
		o, f, mediaType, err := d.svc.Performance.OpenFile(c.Request.Context(), web.Actor(c), id, v)
		if err != nil {
			return err
		}
		defer func() { _ = o.Close() }() // read only
		if mediaType == "application/pdf" {
			c.Header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'; object-src 'self'")
		}
		c.Header("X-Frame-Options", "SAMEORIGIN")
		web.File(c, o, *f, string(v), mediaType, v == performance.VariantOriginal)
		return nil
	}
}

func (d *Desk) tile(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(c.Param("n"), 10, 32)
	if err != nil {
		return model.E(model.NotFound, "path.not_found", "没有找到，或您无权查看").WithCause(err)
	}
	tile, size, f, err := d.svc.Performance.OpenTile(c.Request.Context(), web.Actor(c), id, int(n))
	if err != nil {
		return err
	}
	defer func() { _ = tile.Close() }() // read only
	web.Tile(c, tile, size, *f, n)
	return nil
}

// shares are the instalments that the judge chose by hand, in the order of their
// numbers: the same decision is the same request, and the same one is named when
// several are wrong.
func (f *form) shares() (out []model.Share) {
	for _, name := range slices.Sorted(maps.Keys(f.c.Request.PostForm)) {
		rest, ok := strings.CutPrefix(name, "part_")
		if !ok || f.text(name) == "" {
			continue
		}
		id, err := strconv.ParseInt(rest, 10, 64)
		if err != nil {
			f.wrong(name, model.InvalidField(name, "installment.unknown", "分配的期次不存在"))
			return nil
		}
		out = append(out, model.Share{InstallmentID: id, AmountFen: f.yuan(name, name)})
	}
	slices.SortStableFunc(out, func(a, b model.Share) int { return cmp.Compare(a.InstallmentID, b.InstallmentID) })
	return out
}
