package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/notice"
	"microcourt/service/performance"
)

// windowRoutes are what a clerk does for people at the court's window.
func (d *Desk) windowRoutes() []Route {
	return []Route{
		post("/cases/:id/slip", model.ActBindingIssue, d.slip),
		{Method: http.MethodPost, Path: "/cases/:id/consents", Act: model.ActConsent, MaxBody: 12 << 20, Timeout: time.Minute, handle: d.consent},
		post("/notices/:id/paper", model.ActPaperRequest, d.requestPaper),
		get("/cases/:id/window", model.ActReceiptWindow, d.windowPage),
		{Method: http.MethodPost, Path: "/cases/:id/window", Act: model.ActReceiptWindow, MaxBody: 96 << 20, Timeout: 3 * time.Minute, stream: true, handle: d.submitAtWindow},
		listed("/papers", model.ActPaperDo, d.papers),
		post("/papers/:id", model.ActPaperDo, d.finishPaper),
		get("/deliveries/move", model.ActDeliveryManage, d.movePage),
		post("/deliveries/move", model.ActDeliveryManage, d.moveAll),
		listed("/deliveries", model.ActDeliveryManage, d.deliveries),
		post("/deliveries/:id", model.ActDeliveryManage, d.resend),
		post("/deliveries", model.ActDeliveryManage, d.resendAll),
	}
}

// slip prints a binding code: the paper is the only place where it is readable.
func (d *Desk) slip(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	ctx, by, f := c.Request.Context(), web.Actor(c), d.form(c)
	party := f.number("party")
	var code *model.IssuedCode
	if err := f.do(func() (err error) {
		code, err = d.svc.Identity.IssueBindingCode(ctx, by, id, party, model.Capacity(c.PostForm("capacity")), f.text("authority"))
		return err
	}); err != nil {
		return d.refuseOnCase(c, "documents", err)
	}
	var b []byte
	if c.PostForm("paper") == "notice" {
		b, err = d.svc.Paper.PrintPerformanceNotice(ctx, by, code)
	} else {
		b, err = d.svc.Paper.PrintBindingSlip(ctx, by, code)
	}
	if err != nil {
		return err
	}
	sendPDF(c, "绑定码-"+code.Party.Name, b)
	return nil
}

func (d *Desk) consent(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	k := model.Consent{
		CaseID: id, IdemKey: f.key(), PartyID: f.number("party"), Act: model.ConsentAct(c.PostForm("act")), How: model.ConsentHow(c.PostForm("how")), Note: f.text("note"),
	}
	k.FileID = f.file(id, k.IdemKey)
	if err := f.do(func() error { return d.svc.Notice.Consent(c.Request.Context(), web.Actor(c), k) }); err != nil {
		return d.refuseOnCase(c, "notices", err)
	}
	return done(c, caseAddress(id, "notices"), "consent")
}

// keepScan takes the scan of a signed paper.
func (d *Desk) keepScan(c *gin.Context, caseID int64, key string, scan *multipart.FileHeader) (int64, error) {
	f, err := scan.Open()
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }() // read only
	by := web.Actor(c)
	by.Asked = model.Asked{} // the form's key is for what the form does; a file has one of its own
	file, _, err := d.svc.Performance.Upload(c.Request.Context(), by, performance.Upload{
		CaseID: caseID, Key: key, Name: scan.Filename, Size: -1, Body: f,
	})
	if err != nil {
		return 0, err
	}
	return file.ID, nil
}

func (d *Desk) requestPaper(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	caseID := f.number("case")
	if err := f.do(func() error { return d.svc.Notice.RequestPaper(c.Request.Context(), web.Actor(c), id) }); err != nil {
		return err
	}
	return done(c, caseAddress(caseID, "notices"), "asked")
}

type windowData struct {
	CaseID  int64
	CaseNo  string
	Debtors []model.Party
	// Creditors are towards whom something can be set off or lodged.
	Creditors []model.Party
	Grounds   []model.LodgementGround
	Files     []int64 // uploaded already
	// Group are the cases that share a plan with this one, none where it has none.
	Group  []groupCase
	Values map[string]string
}

func (d *Desk) windowData(c *gin.Context) (*windowData, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	cs, err := d.svc.Filing.Case(c.Request.Context(), web.Actor(c), id, false)
	if err != nil {
		return nil, err
	}
	data := &windowData{CaseID: id, CaseNo: cs.Case.CaseNo, Values: map[string]string{}, Grounds: model.LodgementGrounds}
	if data.Group, err = d.groupCases(c, cs.Case.GroupRef); err != nil {
		return nil, err
	}
	for _, p := range cs.Parties {
		if slices.ContainsFunc(cs.Obligations, func(o model.Obligation) bool { return o.OwedTo(p.ID) }) {
			data.Creditors = append(data.Creditors, p)
		}
		if len(cs.Obligors) == 0 || slices.ContainsFunc(cs.Obligors, func(o model.Obligor) bool { return o.PartyID == p.ID }) {
			data.Debtors = append(data.Debtors, p)
		}
	}
	return data, nil
}

func (d *Desk) windowPage(c *gin.Context) error {
	data, err := d.windowData(c)
	if err != nil {
		return err
	}
	return d.show(c, "window", "窗口代为提交回执", data)
}

// submitAtWindow takes a receipt for somebody who has no phone. Files that
// arrived stay when the rest has to be mended.
func (d *Desk) submitAtWindow(c *gin.Context) error {
	data, err := d.windowData(c)
	if err != nil {
		return err
	}
	receiptID, err := d.windowReceipt(c, data)
	if err != nil {
		c.Request.PostForm = map[string][]string{}
		for k, v := range data.Values {
			c.Request.PostForm[k] = []string{v}
		}
		return d.again(c, "window", "窗口代为提交回执", data, err)
	}
	return done(c, fmt.Sprintf("/desk/receipts/%d", receiptID), "submitted")
}

func (d *Desk) windowReceipt(c *gin.Context, data *windowData) (int64, error) {
	reader, err := c.Request.MultipartReader()
	if err != nil {
		return 0, model.E(model.Invalid, "body.malformed", "提交的内容格式不正确，请刷新后重试").WithCause(err)
	}
	for n := 0; ; n++ {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, err
		}
		if err := d.windowPart(c, data, part, n); err != nil {
			return 0, err
		}
	}
	cl := performance.Claim{
		CaseID: data.CaseID, PayerKind: model.PayerKind(data.Values["payer_kind"]), PayerName: data.Values["payer_name"], PayeeName: data.Values["payee_name"],
		BankSerial: data.Values["bank_serial"], ProofKind: model.ProofKind(data.Values["proof_kind"]), Remark: data.Values["remark"], Files: data.Files, IdemKey: data.Values["key"],
	}
	by := web.Actor(c)
	asked := url.Values{"file": nil}
	for name, v := range data.Values {
		asked.Set(name, v)
	}
	for _, id := range data.Files { // a file that is sent again is the one that is there
		asked.Add("file", strconv.FormatInt(id, 10))
	}
	by.Asked = askedBy(c, asked)
	f := d.form(c)
	if cl.PartyID, err = strconv.ParseInt(data.Values["party"], 10, 64); err != nil {
		f.wrong("party", model.InvalidField("party", "party.not_obligor", "请选择义务人"))
	}
	cl.PaidOn = f.dateOf("paid_on", data.Values["paid_on"])
	if cl.Foreign = f.foreign(data.Values); cl.Foreign == nil {
		cl.AmountFen = f.yuanOf("amount", data.Values["amount"])
	}
	submit := d.svc.Performance.Submit
	switch cl.ProofKind { //nolint:exhaustive // the others are payments
	case model.ProofSetOff:
		cl.SetOff, submit = f.setOff(data.Values), d.svc.Performance.DeclareSetOff
	case model.ProofLodged:
		cl.Lodged, submit = f.lodgement(data.Values, cl.PaidOn), d.svc.Performance.Lodge
	}
	var id int64
	if data.Values["group"] == "1" {
		group := f.groupClaim(cl, data.Values)
		err = f.do(func() error {
			g, err := d.svc.Performance.SubmitGroup(c.Request.Context(), by, group)
			if err == nil {
				id = g.Receipts[0].ID
			}
			return err
		})
		return id, err
	}
	err = f.do(func() error {
		r, err := submit(c.Request.Context(), by, cl)
		if err != nil {
			return err
		}
		id = r.ID
		return nil
	})
	return id, err
}

// foreign reads what was paid in or for another currency, nil for yuan.
func (f *form) foreign(values map[string]string) *model.ForeignPayment {
	p := &model.ForeignPayment{Currency: model.Currency(values["currency"])}
	if p.Currency == "" {
		return nil
	}
	if values["amount"] != "" {
		per, _ := strconv.ParseInt(values["rate_per"], 10, 64) // what is no number is no unit either
		p.YuanFen = f.yuanOf("amount", values["amount"])
		p.Rate = &model.Rate{Yuan: values["rate"], Per: per, OnDay: f.dateOf("rate_on", values["rate_on"]), Source: values["source"]}
		return p
	}
	var err error
	p.Minor, err = p.Currency.ParseAmount(values["foreign"])
	if err != nil {
		f.wrong("foreign", model.AtField(err, "foreign"))
	}
	return p
}

// creditorOf is the party that was chosen as the creditor, 0 for none.
func (f *form) creditorOf(values map[string]string) int64 {
	id, err := strconv.ParseInt(values["creditor"], 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// setOff reads what a debtor declares at the window who sets a claim off.
func (f *form) setOff(values map[string]string) *model.SetOff {
	s := &model.SetOff{
		CreditorID: f.creditorOf(values), Basis: model.SetOffBasis(values["basis"]), InstrumentNo: values["instrument_no"], Paper: values["paper"], How: values["notice_by"],
		InstrumentOn: f.dateOf("instrument_on", values["instrument_on"]), DueOn: f.dateOf("claim_due_on", values["claim_due_on"]),
		NoticeOn: f.dateOf("notice_on", values["notice_on"]), Unconditional: values["unconditional"] == "1",
	}
	if values["claim"] != "" {
		s.ClaimFen = f.yuanOf("claim", values["claim"])
	}
	return s
}

// lodgement reads what a debtor shows at the window of money that he lodged.
func (f *form) lodgement(values map[string]string, on model.Date) *model.Lodgement {
	return &model.Lodgement{
		CreditorID: f.creditorOf(values), Ground: model.LodgementGround(values["ground"]), Reason: values["fact"], With: values["with"], Number: values["number"],
		LodgedOn: on, NoticeOn: f.dateOf("notice_on", values["notice_on"]), How: values["notice_by"],
	}
}

func (d *Desk) windowPart(c *gin.Context, data *windowData, part *multipart.Part, n int) error {
	if part.FileName() == "" {
		b, err := io.ReadAll(io.LimitReader(part, 4096))
		if err != nil {
			return err
		}
		if part.FormName() == "uploaded" {
			id, err := strconv.ParseInt(string(b), 10, 64)
			if err != nil {
				return model.InvalidField("file", "file.unknown", "文件不存在，请重新选择")
			}
			data.Files = append(data.Files, id)
			return nil
		}
		name := part.FormName()
		if _, twice := data.Values[name]; twice {
			return model.InvalidField(name, "field.repeated", "参数“"+name+"”只能填写一次")
		}
		data.Values[name] = strings.TrimSpace(string(b))
		return web.CheckForm(url.Values{name: {string(b)}}, nil)
	}
	head := make([]byte, 1)
	if _, err := io.ReadFull(part, head); err != nil {
		return nil //nolint:nilerr // no file was chosen
	}
	f, _, err := d.svc.Performance.Upload(c.Request.Context(), web.Actor(c), performance.Upload{
		CaseID: data.CaseID, Key: fmt.Sprintf("%s-%d", data.Values["key"], n), Name: part.FileName(), Size: -1, Body: io.MultiReader(bytes.NewReader(head), part),
	})
	if err != nil {
		return err
	}
	data.Files = append(data.Files, f.ID)
	return nil
}

type papersData struct {
	List   *listView
	Tasks  []faced[notice.Paper]
	Labels model.Labels
}

// paperTable is the list of papers to go out; data gets what the page's rows show.
func (d *Desk) paperTable(c *gin.Context, data *papersData) table[faced[notice.Paper]] {
	by := web.Actor(c)
	read := byID("after", func(ctx context.Context, from int64, limit int) ([]notice.Paper, error) {
		list, err := d.svc.Notice.Papers(ctx, by, from, limit)
		if err != nil {
			return nil, err
		}
		err = label(ctx, d, by, &data.Labels, list, func(p notice.Paper) (int64, int64) { return p.CaseID, p.PartyID })
		return list, err
	}, func(p notice.Paper) int64 { return p.ID })
	return table[faced[notice.Paper]]{
		title: "纸质送达", columns: paperColumns(&data.Labels), cursor: "after", limit: casePage,
		read: withFaces(d, c, read, func(p notice.Paper) int64 { return p.CaseID }), empty: "没有待办的纸质送达。",
	}
}

func (d *Desk) papersData(c *gin.Context) (*papersData, error) {
	data := &papersData{}
	var err error
	data.List, data.Tasks, err = viewOf(d, c, d.paperTable(c, data))
	return data, err
}

func (d *Desk) papers(c *gin.Context) error {
	data := &papersData{}
	return answerOwn(d, c, d.paperTable(c, data), func(v *listView, rows []faced[notice.Paper]) error {
		data.List, data.Tasks = v, rows
		return d.show(c, "papers", "纸质送达", data)
	})
}

func (d *Desk) finishPaper(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	err = d.svc.Notice.FinishPaper(c.Request.Context(), web.Actor(c), id, c.PostForm("method"), c.PostForm("tracking_no"), c.PostForm("note"))
	if err != nil {
		data, again := d.papersData(c)
		if again != nil {
			return err
		}
		return d.again(c, "papers", "纸质送达", data, err)
	}
	return done(c, "/desk/papers", "paper")
}

// labelsOf names the cases and the parties of the rows of a list.
func labelsOf[T any](ctx context.Context, d *Desk, by model.Actor, list []T, of func(T) (caseID, partyID int64)) (model.Labels, error) {
	var cases, parties []int64
	for _, row := range list {
		c, p := of(row)
		cases, parties = append(cases, c), append(parties, p)
	}
	return d.svc.Filing.Labels(ctx, by, cases, parties)
}

// label adds the names of the rows of a list to those that are known of the pages
// before.
func label[T any](ctx context.Context, d *Desk, by model.Actor, known *model.Labels, list []T, of func(T) (caseID, partyID int64)) error {
	more, err := labelsOf(ctx, d, by, list, of)
	if known.Cases == nil {
		known.Cases, known.Parties = map[int64]string{}, map[int64]string{}
	}
	maps.Copy(known.Cases, more.Cases)
	maps.Copy(known.Parties, more.Parties)
	return err
}

// sentTo is whom a message is for.
func sentTo(m notice.Delivery) (caseID, partyID int64) { return m.CaseID, m.To }

type deliveriesData struct {
	List    *listView
	Reasons []notice.Reason // of what nobody dealt with yet
	Failed  []faced[notice.Delivery]
	Labels  model.Labels
}

func (d *Desk) deliveries(c *gin.Context) error {
	by, only := web.Actor(c), c.Query("only")
	data := &deliveriesData{}
	read := byID("after", func(ctx context.Context, from int64, limit int) ([]notice.Delivery, error) {
		list, err := d.svc.Notice.Undelivered(ctx, by, only, from, limit)
		if err != nil {
			return nil, err
		}
		err = label(ctx, d, by, &data.Labels, list, sentTo)
		return list, err
	}, func(m notice.Delivery) int64 { return m.ID })
	t := table[faced[notice.Delivery]]{
		title: "未送到的消息", unit: "条", columns: deliveryColumns(&data.Labels, by.May(model.ActCaseRead)), cursor: "after", limit: casePage,
		read: withFaces(d, c, read, func(m notice.Delivery) int64 { return m.CaseID }), empty: "没有未送到的消息。",
		conditions: []condition{{"范围", map[string]string{notice.OnlyFailed: "未送到", notice.OnlySilent: "三日未确认送到"}[only]}},
	}
	var err error
	if data.Reasons, err = d.svc.Notice.Reasons(c.Request.Context(), by); err != nil {
		return err
	}
	return answerOwn(d, c, t, func(v *listView, rows []faced[notice.Delivery]) error {
		data.List, data.Failed = v, rows
		return d.show(c, "deliveries", "未送到的消息", data)
	})
}

func (d *Desk) resend(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	if err := d.svc.Notice.Resend(c.Request.Context(), web.Actor(c), id, c.PostForm("channel")); err != nil {
		return err
	}
	return done(c, "/desk/deliveries", "resent")
}

// resendAll tries the messages of one page once more, each over its channel.
// Whoever may have got his already is left out: the clerk decides that one by one.
func (d *Desk) resendAll(c *gin.Context) error {
	for _, v := range c.PostFormArray("message") {
		id, channel, _ := strings.Cut(v, " ")
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return model.InvalidField("message", "field.format", "请刷新后重试")
		}
		err = d.svc.Notice.Resend(c.Request.Context(), web.Actor(c), n, channel)
		if k := model.KindOf(err); err != nil && k != model.Conflict && k != model.NotFound { // somebody else was faster
			return err
		}
	}
	return done(c, "/desk/deliveries", "resent")
}

// withdrawAtWindow takes back what the clerk handed in at the window himself.
func (d *Desk) withdrawAtWindow(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	seen := f.version()
	if err := f.do(func() error {
		_, err := d.svc.Performance.Withdraw(c.Request.Context(), web.Actor(c), id, seen)
		return err
	}); err != nil {
		return d.refuseReceipt(c, err)
	}
	return done(c, fmt.Sprintf("/desk/receipts/%d", id), "receipt_withdrawn")
}
