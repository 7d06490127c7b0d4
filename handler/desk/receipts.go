package desk

import (
	"cmp"
	"fmt"
	"html/template"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/deskact"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/statistics"
)

func (d *Desk) receiptRoutes() []Route {
	return []Route{
		liveList("/receipts", model.ActReceiptQueue, d.queue),
		get("/receipts/:id", model.ActCaseRead, d.receipt),
		post("/receipts/:id/preview", model.ActReceiptDecide, d.preview),
		post("/receipts/:id/redactions", model.ActReceiptDecide, d.redact),
		{Method: http.MethodPost, Path: "/receipts/:id/redacted-copies", Act: model.ActReceiptCopy, MaxBody: 12 << 20, Timeout: time.Minute, handle: d.giveCopy},
		post("/receipts/:id/confirm", model.ActReceiptDecide, d.confirm),
		post("/receipts/:id/return", model.ActReceiptDecide, d.sendBack),
		post("/receipts/:id/withdraw", model.ActReceiptWindow, d.withdrawAtWindow),
		post("/receipts/:id/correct", model.ActReceiptDecide, d.correct),
		post("/receipts/:id/correct-preview", model.ActReceiptDecide, d.previewCorrection),
		post("/receipts/:id/undo", model.ActReceiptDecide, d.undo),
		post("/receipt-decisions/carry-out", model.ActReceiptDecide, d.carryOut),
		get("/files/:id/view", model.ActFileRead, d.file(performance.VariantView)),
		get("/files/:id/tiles/:n", model.ActFileRead, d.tile),
		get("/files/:id/thumbnail", model.ActFileRead, d.file(performance.VariantThumb)),
		get("/files/:id/original", model.ActFileRead, d.file(performance.VariantOriginal)),
	}
}

// queuePage is how many receipts one page of the queue has.
const queuePage = 40

type queueData struct {
	model.QueueFilter
	List   *listView
	Lines  []performance.QueueLine
	Next   string
	Own    bool // only his own
	Late   bool // only those that wait too long
	Judge  int64
	Judges []model.StaffMember // to choose from, for whoever sees all
	Today  model.Date
	Query  template.URL // of the list, for the links to its receipts
	Sorts  []model.QueueSort
	Kinds  []model.FlagKind
}

// listParameters are those of an address that say which list somebody came from.
var listParameters = []string{"state", "kind", "text", "judge", "late", "flagged", "flag", "answer", "sort"}

// ofList is the part of the present address that says which list it belongs to.
func ofList(c *gin.Context) url.Values {
	out := url.Values{}
	for _, name := range listParameters {
		if v := strings.TrimSpace(c.Query(name)); v != "" {
			out.Set(name, v)
		}
	}
	return out
}

// inList is an address within the list that the present one belongs to.
func inList(c *gin.Context, to string, more ...string) string {
	q := ofList(c)
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return to
	}
	return to + "?" + q.Encode()
}

// queueFilter reads the list of the present address.
func (d *Desk) queueFilter(c *gin.Context) (model.QueueFilter, error) {
	f := model.QueueFilter{
		State: model.ReceiptSubmitted, Flagged: c.Query("flagged") == "1", Flag: model.FlagKind(c.Query("flag")), Kind: model.CaseKind(c.Query("kind")),
		Answer: model.ResponseState(c.Query("answer")), Sort: model.QueueSort(c.Query("sort")), Text: strings.TrimSpace(c.Query("text")), Limit: queuePage,
	}
	if v := c.Query("state"); v != "" {
		f.State = model.ReceiptState(v)
	}
	if !f.State.Valid() || f.Kind != "" && f.Kind.Chinese() == "" || len(f.Text) > 200 {
		return f, model.InvalidField("state", "filter.unknown", "筛选条件不正确")
	}
	if c.Query("late") == "1" {
		f.SubmittedBefore = d.cfg.Now().UTC().AddDate(0, 0, -statistics.LateDays)
	}
	asked := d.form(c)
	if judge := asked.number("judge"); judge != 0 && ownsAll(web.Actor(c)) { // of one of the court's judges
		f.Owner = model.Owner{JudgeID: judge}
	}
	return f, asked.err
}

// ownsAll tells whether the actor's list is the court's.
func ownsAll(a model.Actor) bool { return a.Has(model.RoleClerk) || a.Has(model.RoleLeader) }

func (d *Desk) queue(c *gin.Context) error {
	f, err := d.queueFilter(c)
	if err != nil {
		return err
	}
	by := web.Actor(c)
	data := queueData{
		QueueFilter: f, Own: !ownsAll(by), Late: !f.SubmittedBefore.IsZero(), Judge: f.Owner.JudgeID, Today: model.DateOf(d.cfg.Now()),
		Query: template.URL(inList(c, "")), Sorts: model.QueueSorts, Kinds: model.FlagKinds(), //nolint:gosec // encoded by inList
	}
	if f.After, err = after(c, "after"); err != nil {
		return err
	}
	if no := model.CaseNoBeginning(f.Text); no != "" {
		f.Text = no
	}
	if !data.Own {
		if data.Judges, err = d.svc.Identity.Colleagues(c.Request.Context(), by, model.RoleJudge); err != nil {
			return err
		}
	}
	if as := c.Query("as"); as != "" {
		return export(d, c, d.receiptTable(c, f), as)
	}
	if data.List, err = toolsOf(d, c, d.receiptTable(c, f)); err != nil {
		return err
	}
	list, flags, err := d.svc.Performance.Queue(c.Request.Context(), by, f)
	if err != nil {
		return err
	}
	if data.Lines, err = d.svc.Performance.QueueLines(c.Request.Context(), by, list, flags); err != nil {
		return err
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
	// Copy says that he may give a creditor a blacked-out copy, Blacken that he may have
	// it made here.
	Copy, Blacken bool
	// Withdraw says that the actor handed it in at the window and may take it back.
	Withdraw bool
	// Place is where the receipt stands in the list that the page was opened from,
	// Query that list; Next is the next one of it, or its first, 0 when none.
	Place model.QueuePlace
	Query template.URL
	Next  int64
	// Marks are what stands beside the picture, Others who looks at it besides, Past
	// the debtor's other receipts, Operative what the instruments say of the debt.
	Marks     []model.MatchMark
	Others    []string
	Past      []model.Receipt
	Operative []model.Instrument
	Reasons   []string
	Answers   []answers
	Correct   bool
	// Pending is a decision that can still be taken back, nil for none; Undone is what
	// was just taken back, whose words stand in the form again.
	Pending *deskact.View
	Undone  model.DeskActKind
	// Doubts says that confirming takes a reason, Why the usual ones.
	Doubts bool
	Why    []string
	// Ticked are the conduct and delivery that the form said was done.
	Ticked   map[int64]bool
	PaidBy   string
	Proof    string
	Over     bool
	Criminal bool // payments follow the order of the law
	// Rule is by which rule the money is spread when the judge says nothing.
	Rule string
	// Allocation is what confirming would do, nil when there is nothing to confirm.
	Allocation *allocation
	// Correction is what correcting to the amount that was typed would do, nil before
	// one is.
	Correction *correction
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
	data.Decide = by.May(model.ActReceiptDecide) && r.BelongsTo(by.UserID)
	data.Copy, data.Blacken = r.MayGiveCopy(by), data.Decide
	data.Decide = data.Decide && data.OwnHand == ""
	data.Withdraw = r.State == model.ReceiptSubmitted && r.Hand() == model.HandedByWindow && r.UserID == by.UserID && by.May(model.ActReceiptWindow)
	if data.Allocation, err = d.allocationOf(c, r); err != nil {
		return nil, err
	}
	if data.Pending, err = d.svc.DeskAct.Pending(ctx, by, r); err != nil {
		return nil, err
	}
	data.Decide = data.Decide && data.Pending == nil
	data.Doubts, data.Why = len(model.Doubts(data.Flags)) > 0, model.DoubtReasons(data.Flags)
	data.Ticked = map[int64]bool{}
	for _, v := range c.PostFormArray("obligation") {
		if id, err := strconv.ParseInt(v, 10, 64); err == nil {
			data.Ticked[id] = true
		}
	}
	data.Correct = r.State == model.ReceiptConfirmed || r.State == model.ReceiptCorrected
	if data.Correction, err = d.correctionOf(c, data); err != nil {
		return nil, err
	}
	data.Over = r.ClaimedFen > data.OpenFen+data.OrdinaryFen+data.DoubledFen
	return data, d.beside(c, data)
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
func (a answers) Folded() bool { return len(a.List) > fewAnswers && !a.State.Objects() }

func answersOf(list []model.ObligeeResponse) (out []answers) {
	for _, s := range []model.ResponseState{model.ResponseDisputed, model.ResponseDiffers, model.ResponseAcknowledged, model.ResponseAsked} {
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

// nextReceipt is the receipt behind this one in the list of the present address, or
// its first one.
func (d *Desk) nextReceipt(c *gin.Context, place model.QueuePlace, f model.QueueFilter, id int64) (int64, error) {
	if place.Next != 0 {
		return place.Next, nil
	}
	f.After, f.Limit = 0, 2
	list, _, err := d.svc.Performance.Queue(c.Request.Context(), web.Actor(c), f)
	for _, r := range list {
		if r.ID != id {
			return r.ID, err
		}
	}
	return 0, err
}

// following is nextReceipt of a receipt that was just decided.
func (d *Desk) following(c *gin.Context, id int64) (int64, error) {
	f, err := d.queueFilter(c)
	if err != nil {
		return 0, err
	}
	place, err := d.svc.Performance.QueuePlace(c.Request.Context(), web.Actor(c), f, id)
	if err != nil {
		return 0, err
	}
	return d.nextReceipt(c, place, f, id)
}

// beside adds to a receipt what stands beside it: its neighbours in the list, how it
// agrees with the case, who else looks at it, what the debtor handed in before.
func (d *Desk) beside(c *gin.Context, data *reviewData) error {
	ctx, by, r := c.Request.Context(), web.Actor(c), data.Receipt
	data.Query = template.URL(inList(c, "")) //nolint:gosec // encoded by inList
	if by.May(model.ActReceiptQueue) {
		f, err := d.queueFilter(c)
		if err != nil {
			return err
		}
		if data.Place, err = d.svc.Performance.QueuePlace(ctx, by, f, r.ID); err != nil {
			return err
		}
		if data.Next, err = d.nextReceipt(c, data.Place, f, r.ID); err != nil {
			return err
		}
	}
	var err error
	if data.Others, err = d.svc.Performance.Look(ctx, by, r); err != nil {
		return err
	}
	if data.Past, err = d.svc.Performance.PartyReceipts(ctx, by, r); err != nil {
		return err
	}
	m := model.Match{Receipt: r, Debtor: data.Debtor, Court: d.courtName(c, by), OrdinaryFen: data.OrdinaryFen, DoubledFen: data.DoubledFen, Answers: data.Responses}
	for _, l := range data.Open {
		m.Open = append(m.Open, l.Installment)
	}
	for _, ob := range data.Case.Obligations {
		if !data.Case.Debts().EverOwes(r.PartyID, ob.ID) {
			continue
		}
		for _, id := range ob.Obligees() {
			m.Creditors = append(m.Creditors, data.Names[id])
		}
		for _, in := range data.Case.Instruments {
			if in.ID == ob.InstrumentID && !slices.ContainsFunc(data.Operative, func(o model.Instrument) bool { return o.ID == in.ID }) {
				data.Operative = append(data.Operative, in)
			}
		}
	}
	data.Marks = m.Marks()
	return nil
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
	return d.showAgain(c, data)
}

// decided goes on to the next receipt that waits.
func (d *Desk) decided(c *gin.Context, dec *model.DeskAct, what string) error {
	next, err := d.following(c, dec.ReceiptID)
	if err != nil {
		return err
	}
	to := "/desk/receipts"
	if next != 0 {
		to = fmt.Sprintf("/desk/receipts/%d", next)
	}
	more := []string{"decision", strconv.FormatInt(dec.ID, 10)}
	if what == "returned" && d.unreachableDebtor(c, dec.ReceiptID) != nil {
		more = append(more, untoldKey, strconv.FormatInt(dec.ReceiptID, 10))
	}
	return done(c, inList(c, to, more...), what)
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
		PerformedOn: f.date("performed_on"), Allocations: f.shares(), Spreading: f.spreading(), OrderReason: f.text("order_reason"), Reason: f.text("reason"),
		DoubtReason: f.text("doubt_reason"), SureFen: f.yuan("differs", "differs"), Stamp: f.text("stamp"),
	}, nil
}

// decides enters a decision, which can be taken back for a while.
func (d *Desk) decides(c *gin.Context, kind model.DeskActKind) (made *model.DeskAct, err error) {
	f, dec, err := d.decision(c)
	if err != nil {
		return nil, err
	}
	err = f.do(func() (err error) {
		made, err = d.svc.Performance.Decide(c.Request.Context(), web.Actor(c), kind, dec)
		return err
	})
	asked(c, err, c.PostForm("amount"))
	return made, err
}

func (d *Desk) confirm(c *gin.Context) error {
	made, err := d.decides(c, model.DecideConfirm)
	if err != nil {
		return d.refuseReceipt(c, err)
	}
	what := "confirmed"
	stands := made.State == model.DecisionPending || made.State == model.DecisionCarriedOut
	if stands && made.Completes && web.Actor(c).May(model.ActCertIssue) {
		what += fmt.Sprintf("&ready=%d", made.CaseID)
	}
	return d.decided(c, made, what)
}

func (d *Desk) correct(c *gin.Context) error {
	made, err := d.decides(c, model.DecideCorrect)
	if err != nil {
		return d.refuseReceipt(c, err)
	}
	return done(c, inList(c, fmt.Sprintf("/desk/receipts/%d", made.ReceiptID), "decision", strconv.FormatInt(made.ID, 10)), "corrected")
}

func (d *Desk) sendBack(c *gin.Context) error {
	made, err := d.decides(c, model.DecideReturn)
	if err != nil {
		return d.refuseReceipt(c, err)
	}
	return d.decided(c, made, "returned")
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
		return sendFile(c, o, f, mediaType, v, err)
	}
}

// sendFile answers with a file that was opened.
func sendFile(c *gin.Context, o io.ReadSeekCloser, f *model.File, mediaType string, v performance.Variant, err error) error {
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
