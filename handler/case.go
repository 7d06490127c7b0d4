package handler

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/model"
	"microcourt/service/filing"
)

func (s *server) caseRoutes() []route {
	notFound := []reason{{model.NotFound, "case.not_found"}, {model.NotFound, "path.not_found"}}
	write := append([]reason{
		{model.Invalid, "case.invalid"},
		{model.Invalid, "case.exists"},
		{model.Invalid, "instrument.exists"},
		{model.Invalid, "case_no.court"},
		{model.Conflict, "case.changed"},
	}, notFound...)
	return []route{
		{
			method: http.MethodPut, path: "/cases/*case_no", act: model.ActCasePut, summary: "审判管理系统推送案件（幂等，按版本号）",
			input: casePut{}, output: caseWritten{}, maxBody: 8 << 20, handle: s.putCase, reasons: append(write,
				reason{model.Invalid, "version.format"}, reason{model.Invalid, "case_no.mismatch"},
				reason{model.Conflict, "case.stale"}, reason{model.Conflict, "case.version_reused"}, reason{model.Conflict, "case.exists"}),
		},
		{
			method: http.MethodPost, path: "/cases", act: model.ActCaseFile, summary: "录入案件", input: filing.CaseInput{}, output: caseWritten{},
			status: http.StatusCreated, maxBody: 8 << 20, reasons: write, handle: s.fileCase,
		},
		{
			method: http.MethodGet, path: "/cases", act: model.ActCaseRead, summary: "案件列表（新的在前）", input: caseQuery{}, output: caseList{},
			handle: s.listCases, reasons: []reason{{model.Invalid, "filter.unknown"}},
		},
		{
			method: http.MethodGet, path: "/cases/:id", act: model.ActCaseRead, summary: "案件详情", input: caseLook{}, output: caseView{},
			reasons: notFound, handle: s.readCase,
		},
		{
			method: http.MethodPost, path: "/cases/:id/instruments", act: model.ActCaseFile, summary: "补充法律文书及其义务",
			input: addInstrument{}, output: instrumentView{}, status: http.StatusCreated, reasons: write, handle: s.addInstrument,
		},
		{
			method: http.MethodPost, path: "/cases/:id/hand-over", act: model.ActCaseHandOver, summary: "移交案件", input: handOver{},
			status: http.StatusNoContent, handle: s.handOver, reasons: append(notFound, reason{model.Invalid, "reason.required"},
				reason{model.Invalid, "judge.unknown"}, reason{model.Invalid, "judge.same"}, reason{model.Conflict, "case.changed"}),
		},
		{
			method: http.MethodGet, path: "/cases/:id/contacts", act: model.ActContactLog, summary: "联系记录", input: casePath{}, output: contactList{},
			reasons: notFound, handle: s.listContacts,
		},
		{
			method: http.MethodPost, path: "/cases/:id/contacts", act: model.ActContactLog, summary: "登记联系情况（电话、走访、谅解等）",
			input: newContact{}, output: contactView{}, status: http.StatusCreated, handle: s.logContact, reasons: append(notFound,
				reason{model.Invalid, "contact.channel"}, reason{model.Invalid, "contact.note"}, reason{model.Invalid, "date.future"},
				reason{model.NotFound, "party.not_found"}, reason{model.Invalid, "idempotency.required"}),
		},
		{
			method: http.MethodPost, path: "/cases/:id/promises", act: model.ActPromise, summary: "义务人作出履行承诺", input: newPromise{},
			output: promiseView{}, status: http.StatusCreated, handle: s.promise, reasons: append(notFound,
				reason{model.Invalid, "promise.text"}, reason{model.Invalid, "date.past"}, reason{model.Invalid, "party.not_obligor"},
				reason{model.Invalid, "idempotency.required"}),
		},
	}
}

type casePath struct {
	ID int64 `path:"id" json:"-"`
}

type casePut struct {
	CaseNo  string `path:"case_no" json:"-" description:"案号，需按 URL 规则转义"`
	Version int64  `json:"version" required:"true" description:"审判管理系统中的版本号，从 1 递增"`
	filing.CaseInput
}

type caseWritten struct {
	ID      int64  `json:"id" required:"true"`
	CaseNo  string `json:"case_no" required:"true"`
	Outcome string `json:"outcome" required:"true" enum:"created,updated,unchanged"`
	Version int64  `json:"version" required:"true"`
}

type caseQuery struct {
	pageQuery
	Performance string `query:"performance" enum:",pending,partial,fulfilled,none"`
	Kind        string `query:"kind" enum:",civil,criminal,administrative"`
	Text        string `query:"text" description:"案号开头，或当事人全名"`
}

type caseLine struct {
	ID              int64      `json:"id" required:"true"`
	CaseNo          string     `json:"case_no" required:"true"`
	Kind            string     `json:"kind" required:"true"`
	Cause           string     `json:"cause" required:"true"`
	FiledOn         model.Date `json:"filed_on" required:"true"`
	Performance     string     `json:"performance" required:"true"`
	PerformanceName string     `json:"performance_name" required:"true"`
	NextDueOn       model.Date `json:"next_due_on" required:"true"`
	InEnforcement   bool       `json:"in_enforcement" required:"true"`
	GroupRef        string     `json:"group_ref" required:"true"`
	Version         int64      `json:"version" required:"true"`
}

type caseList struct {
	Cases []caseLine `json:"cases" required:"true"`
	Next  int64      `json:"next" required:"true" description:"下一页的 after，0 表示没有了"`
}

type caseLook struct {
	ID     int64  `path:"id" json:"-"`
	Reveal string `query:"reveal" enum:",1" description:"书记员或法官查看完整的证件号码和手机号（留痕）"`
}

type caseView struct {
	caseLine
	Judge                string            `json:"judge" required:"true"`
	Overdue              bool              `json:"overdue" required:"true"`
	EnforcementPeriodEnd model.Date        `json:"enforcement_period_end" required:"true" description:"申请强制执行期间的届满日"`
	Parties              []partyView       `json:"parties" required:"true"`
	Instruments          []instrumentView  `json:"instruments" required:"true"`
	Promises             []promiseView     `json:"promises" required:"true"`
	Enforcement          []enforcementView `json:"enforcement" required:"true"`
}

type partyView struct {
	ID       int64  `json:"id" required:"true"`
	Ref      string `json:"ref" required:"true"`
	Role     string `json:"role" required:"true"`
	RoleName string `json:"role_name" required:"true"`
	Kind     string `json:"kind" required:"true"`
	Name     string `json:"name" required:"true"`
	IDNumber string `json:"id_number,omitempty" description:"默认隐去中间部分"`
	Phone    string `json:"phone,omitempty" description:"默认隐去中间部分"`
	Own      bool   `json:"own" required:"true" description:"当前用户即为该当事人或代理该当事人"`
}

type instrumentView struct {
	ID          int64            `json:"id" required:"true"`
	Kind        string           `json:"kind" required:"true"`
	KindName    string           `json:"kind_name" required:"true"`
	Number      string           `json:"number" required:"true"`
	EffectiveOn model.Date       `json:"effective_on" required:"true"`
	Summary     string           `json:"summary" required:"true"`
	Obligations []obligationView `json:"obligations" required:"true"`
}

type obligationView struct {
	ID             int64             `json:"id" required:"true"`
	Kind           string            `json:"kind" required:"true"`
	AmountFen      model.Fen         `json:"amount_fen" required:"true"`
	OutstandingFen model.Fen         `json:"outstanding_fen" required:"true"`
	Description    string            `json:"description" required:"true"`
	ObligeeID      int64             `json:"obligee_id" required:"true" description:"0 表示缴入法院账户"`
	ObligorIDs     []int64           `json:"obligor_ids" required:"true" description:"两人以上为连带责任"`
	Performance    string            `json:"performance" required:"true"`
	Installments   []installmentView `json:"installments" required:"true"`
}

type installmentView struct {
	ID             int64      `json:"id" required:"true"`
	Seq            int        `json:"seq" required:"true"`
	AmountFen      model.Fen  `json:"amount_fen" required:"true"`
	ConfirmedFen   model.Fen  `json:"confirmed_fen" required:"true"`
	OutstandingFen model.Fen  `json:"outstanding_fen" required:"true"`
	DueOn          model.Date `json:"due_on" required:"true"`
	DueReason      string     `json:"due_reason" required:"true"`
	PerformedOn    model.Date `json:"performed_on" required:"true"`
	OverdueDays    int        `json:"overdue_days" required:"true"`
	InterestFen    model.Fen  `json:"interest_fen" required:"true" description:"截至今日的加倍部分债务利息"`
	PerDayFen      model.Fen  `json:"interest_per_day_fen" required:"true" description:"每多一天增加的加倍部分债务利息"`
}

type promiseView struct {
	ID      int64      `json:"id" required:"true"`
	PartyID int64      `json:"party_id" required:"true"`
	PayBy   model.Date `json:"pay_by" required:"true"`
	Text    string     `json:"text" required:"true"`
	At      time.Time  `json:"at" required:"true"`
}

type enforcementView struct {
	CaseNo  string     `json:"case_no" required:"true"`
	FiledOn model.Date `json:"filed_on" required:"true"`
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
		Parties: []partyView{}, Instruments: []instrumentView{}, Promises: []promiseView{}, Enforcement: []enforcementView{},
	}
	// What the viewer may see decides what is due next for him.
	v.NextDueOn = model.NextDue(d.Installments)
	var lastPromise, effective model.Date
	for _, p := range d.Promises {
		v.Promises = append(v.Promises, viewPromise(p))
		if on := model.DateOf(p.CreatedAt); on.After(lastPromise) || lastPromise.IsZero() {
			lastPromise = on
		}
	}
	for _, p := range d.Parties {
		pv := partyView{
			ID: p.ID, Ref: p.Ref, Role: string(p.Role), RoleName: p.Role.Chinese(), Kind: string(p.Kind), Name: p.Name,
			Own: slices.Contains(d.Own, p.ID),
		}
		switch {
		case reveal:
			pv.IDNumber, pv.Phone = p.IDNumber, p.Phone
		case len(d.Own) == 0 || pv.Own: // staff, and a party about himself
			pv.IDNumber, pv.Phone = model.MaskID(p.IDNumber), model.MaskPhone(p.Phone)
		}
		v.Parties = append(v.Parties, pv)
	}
	for _, in := range d.Instruments {
		v.Instruments = append(v.Instruments, viewInstrument(d, in))
		if effective.IsZero() || in.EffectiveOn.Before(effective) {
			effective = in.EffectiveOn
		}
	}
	if len(d.Installments) > 0 {
		v.EnforcementPeriodEnd = model.EnforcementPeriodEnd(effective, d.Installments, lastPromise)
	}
	for _, f := range d.Enforcement {
		v.Enforcement = append(v.Enforcement, enforcementView{CaseNo: f.CaseNo, FiledOn: f.FiledOn})
	}
	return v
}

func viewInstrument(d *filing.Detail, in model.Instrument) instrumentView {
	v := instrumentView{
		ID: in.ID, Kind: string(in.Kind), KindName: in.Kind.Chinese(), Number: in.Number, EffectiveOn: in.EffectiveOn,
		Summary: in.Summary, Obligations: []obligationView{},
	}
	for _, ob := range d.Obligations {
		if ob.InstrumentID != in.ID {
			continue
		}
		ov := obligationView{
			ID: ob.ID, Kind: string(ob.Kind), AmountFen: ob.AmountFen, Description: ob.Description, ObligeeID: ob.ObligeeID,
			ObligorIDs: []int64{}, Installments: []installmentView{},
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
				ov.Installments = append(ov.Installments, viewInstallment(i, d.Today, d.InterestFirstDay))
			}
		}
		ov.Performance = string(model.PerformanceOf(own))
		v.Obligations = append(v.Obligations, ov)
	}
	return v
}

func viewInstallment(i model.Installment, today model.Date, firstDay bool) installmentView {
	v := installmentView{
		ID: i.ID, Seq: i.Seq, AmountFen: i.AmountFen, ConfirmedFen: i.ConfirmedFen, OutstandingFen: i.OutstandingFen(), DueOn: i.DueOn,
		DueReason: i.DueReason, PerformedOn: i.PerformedOn,
	}
	if !i.Done() {
		v.OverdueDays = model.OverdueDays(i.DueOn, today, firstDay)
		v.InterestFen = model.DoubledInterest(i.OutstandingFen(), v.OverdueDays)
		v.PerDayFen = model.DoubledInterest(i.OutstandingFen(), 1)
	}
	return v
}

func viewPromise(p model.Promise) promiseView {
	return promiseView{ID: p.ID, PartyID: p.PartyID, PayBy: p.PayBy, Text: p.Text, At: p.CreatedAt}
}

type addInstrument struct {
	ID int64 `path:"id" json:"-"`
	filing.InstrumentInput
}

type handOver struct {
	ID      int64  `path:"id" json:"-"`
	ToJudge string `json:"to_judge" required:"true" description:"接收法官的登录名"`
	Reason  string `json:"reason" required:"true"`
	Version int64  `json:"version" required:"true" description:"案件的版本号"`
}

type newContact struct {
	ID         int64     `path:"id" json:"-"`
	Key        string    `header:"Idempotency-Key" json:"-" required:"true"`
	PartyID    int64     `json:"party_id"`
	Channel    string    `json:"channel" required:"true" enum:"phone,in_person,visit,message,forgiveness"`
	HappenedAt time.Time `json:"happened_at" required:"true"`
	Note       string    `json:"note" required:"true"`
}

type contactView struct {
	ID          int64     `json:"id" required:"true"`
	PartyID     int64     `json:"party_id" required:"true"`
	Channel     string    `json:"channel" required:"true"`
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
	ID      int64      `path:"id" json:"-"`
	Key     string     `header:"Idempotency-Key" json:"-" required:"true"`
	PartyID int64      `json:"party_id"`
	PayBy   model.Date `json:"pay_by"`
	Text    string     `json:"text" required:"true"`
}

func (s *server) putCase(c *gin.Context) error {
	var req casePut
	if err := bind(c, &req); err != nil {
		return err
	}
	no, err := model.ParseCaseNo(c.Param("case_no")[1:]) // the wildcard keeps its slash
	if err != nil {
		return err
	}
	if body, err := model.ParseCaseNo(req.CaseInput.CaseNo); err != nil || body != no {
		return model.InvalidField("case_no", "case_no.mismatch", "地址中的案号与内容中的案号不一致")
	}
	cs, out, err := s.svc.Filing.Put(c.Request.Context(), actor(c), req.CaseInput, req.Version)
	return writeCase(c, cs, out, err)
}

func (s *server) fileCase(c *gin.Context) error {
	var req filing.CaseInput
	if err := bind(c, &req); err != nil {
		return err
	}
	cs, out, err := s.svc.Filing.File(c.Request.Context(), actor(c), req)
	return writeCase(c, cs, out, err)
}

func writeCase(c *gin.Context, cs *model.Case, out filing.Outcome, err error) error {
	if err != nil {
		return err
	}
	status := http.StatusOK
	if c.Request.Method == http.MethodPost {
		status = http.StatusCreated
	}
	c.JSON(status, caseWritten{ID: cs.ID, CaseNo: cs.CaseNo, Outcome: string(out), Version: cs.Version})
	return nil
}

func (s *server) listCases(c *gin.Context) error {
	before, limit, err := page(c)
	if err != nil {
		return err
	}
	f := model.CaseFilter{
		Performance: model.Performance(c.Query("performance")), Kind: model.CaseKind(c.Query("kind")), Text: c.Query("text"),
		Before: before, Limit: limit,
	}
	if f.Performance != "" && f.Performance.Chinese() == "" || f.Kind != "" && f.Kind.Chinese() == "" {
		return model.InvalidField("performance", "filter.unknown", "筛选条件不正确")
	}
	cases, err := s.svc.Filing.Cases(c.Request.Context(), actor(c), f)
	if err != nil {
		return err
	}
	out := caseList{Cases: []caseLine{}}
	for _, cs := range cases {
		out.Cases = append(out.Cases, viewCaseLine(cs))
	}
	if len(cases) == limit {
		out.Next = cases[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *server) readCase(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	reveal := c.Query("reveal") == "1"
	d, err := s.svc.Filing.Case(c.Request.Context(), actor(c), caseID, reveal)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewCase(d, reveal))
	return nil
}

func (s *server) addInstrument(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	var req addInstrument
	if err := bind(c, &req); err != nil {
		return err
	}
	in, err := s.svc.Filing.AddInstrument(c.Request.Context(), actor(c), caseID, req.InstrumentInput)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewInstrument(&filing.Detail{}, *in))
	return nil
}

func (s *server) handOver(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	var req handOver
	if err := bind(c, &req); err != nil {
		return err
	}
	if err := s.svc.Filing.HandOver(c.Request.Context(), actor(c), caseID, req.Version, req.ToJudge, req.Reason); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *server) listContacts(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	list, err := s.svc.Filing.Contacts(c.Request.Context(), actor(c), caseID)
	if err != nil {
		return err
	}
	out := contactList{Contacts: []contactView{}}
	for _, v := range list {
		out.Contacts = append(out.Contacts, viewContact(v))
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *server) logContact(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	var req newContact
	if err := bind(c, &req); err != nil {
		return err
	}
	v, err := s.svc.Filing.LogContact(c.Request.Context(), actor(c), model.Contact{
		CaseID: caseID, PartyID: req.PartyID, Channel: model.ContactChannel(req.Channel), HappenedAt: req.HappenedAt, Note: req.Note, IdemKey: key,
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewContact(*v))
	return nil
}

func (s *server) promise(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	var req newPromise
	if err := bind(c, &req); err != nil {
		return err
	}
	p, err := s.svc.Filing.Promise(c.Request.Context(), actor(c),
		model.Promise{CaseID: caseID, PartyID: req.PartyID, PayBy: req.PayBy, Text: req.Text, IdemKey: key})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewPromise(*p))
	return nil
}
