package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/notice"
)

// serviceRoutes are about the service of papers (送达): consent, proof, paper,
// and messages that failed.
func (s *API) serviceRoutes() []Route {
	onCase := []Reason{{model.NotFound, "case.not_found"}, {model.NotFound, "path.not_found"}}
	onNotice := []Reason{{model.NotFound, "notice.not_found"}, {model.NotFound, "path.not_found"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/notices", Act: model.ActServiceRead, Summary: "本案通知及送达情况（新的在前）", Input: proofQuery{},
			Output: proofList{}, Reasons: onCase, Handle: s.proofs,
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/consents", For: Phone, Act: model.ActCaseRead, Summary: "电子送达的同意与撤回", Input: casePath{},
			Output: consentList{}, Reasons: onCase, Handle: s.consents,
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/consents", For: Phone, Act: model.ActConsent, Summary: "同意电子送达，或者撤回同意", Input: consentRequest{},
			Status: http.StatusNoContent, Handle: s.consent, Reasons: slices.Concat(onCase, []Reason{
				{model.Invalid, "idempotency.required"},
				{model.Invalid, "consent.act"},
				{model.Invalid, "consent.how"},
				{model.Invalid, "party.unknown"},
				{model.Invalid, "text.too_long"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/notices/:id/paper", For: Phone, Act: model.ActPaperRequest, Summary: "申请纸质文书", Input: noticePath{},
			Status: http.StatusNoContent, Reasons: onNotice, Handle: s.requestPaper,
		},
		{
			Method: http.MethodGet, Path: "/paper-tasks", Act: model.ActPaperDo, Summary: "待送出的纸质文书（早的在前）", Input: pageQuery{},
			Output: paperList{}, Handle: s.paperTasks,
		},
		{
			Method: http.MethodPost, Path: "/paper-tasks/:id/done", Act: model.ActPaperDo, Summary: "纸质文书已送出", Input: paperDone{},
			Status: http.StatusNoContent, Handle: s.finishPaper, Reasons: []Reason{
				{model.NotFound, "paper_task.not_found"},
				{model.NotFound, "path.not_found"},
				{model.Conflict, "paper.done"},
				{model.Invalid, "paper.method"},
				{model.Invalid, "paper.tracking"},
				{model.Invalid, "text.too_long"},
			},
		},
		{
			Method: http.MethodGet, Path: "/deliveries/failed", Act: model.ActDeliveryManage, Summary: "未能送到的消息（早的在前）", Input: pageQuery{},
			Output: deliveryList{}, Handle: s.failedDeliveries,
		},
		{
			Method: http.MethodPost, Path: "/deliveries/:id/resend", Act: model.ActDeliveryManage, Summary: "重新发送，或者改用短信、纸质",
			Input: resendRequest{}, Status: http.StatusNoContent, Handle: s.resend, Reasons: []Reason{
				{model.NotFound, "delivery.not_found"},
				{model.NotFound, "path.not_found"},
				{model.Conflict, "delivery.changed"},
				{model.Invalid, "channel.unknown"},
				{model.Invalid, "channel.off"},
			},
		},
		{
			Method: http.MethodGet, Path: "/verify/messages", For: Public, Act: model.ActPublic, Summary: "核验短信或微信消息是否由法院发出", Input: checkQuery{},
			Output: checkView{}, Limit: web.LimitVerify, Reasons: []Reason{{model.Invalid, "check.format"}}, Handle: s.checkMessage,
		},
	}
}

type proofQuery struct {
	ID     int64 `path:"id" json:"-"`
	Before int64 `query:"before" description:"上一页最后一条的编号，第一页不填"`
	Limit  int   `query:"limit" description:"每页条数，1–100，默认 20"`
}

type proofView struct {
	Notice     noticeView     `json:"notice" required:"true"`
	PartyID    int64          `json:"party_id" required:"true"`
	PartyName  string         `json:"party_name" required:"true"`
	ServedAt   *time.Time     `json:"served_at,omitempty" description:"送达时间"`
	Rule       string         `json:"rule" required:"true" description:"arrival、reply、reading，空为尚不能认定已送达"`
	RuleText   string         `json:"rule_text" required:"true"`
	Traces     []traceView    `json:"traces" required:"true"`
	Deliveries []deliveryView `json:"deliveries" required:"true"`
	Paper      []paperView    `json:"paper" required:"true"`
}

type traceView struct {
	UserID    int64      `json:"user_id" required:"true"`
	ArrivedAt time.Time  `json:"arrived_at" required:"true"`
	ReadAt    *time.Time `json:"read_at,omitempty"`
	RepliedAt *time.Time `json:"replied_at,omitempty"`
}

type deliveryView struct {
	ID        int64       `json:"id" required:"true"`
	NoticeID  int64       `json:"notice_id" required:"true"`
	Channel   string      `json:"channel" required:"true"`
	State     string      `json:"state" required:"true"`
	StateText string      `json:"state_text" required:"true"`
	Means     string      `json:"means" required:"true" description:"该状态的含义"`
	Whose     string      `json:"whose" required:"true" description:"原因在哪一方"`
	ToDo      string      `json:"to_do" required:"true" description:"应如何处理"`
	Code      int         `json:"code" required:"true" description:"渠道返回的代码"`
	Attempts  int         `json:"attempts" required:"true"`
	UpdatedAt time.Time   `json:"updated_at" required:"true"`
	Title     string      `json:"title,omitempty"`
	Shown     []shownView `json:"shown,omitempty" description:"收件人看到的内容"`
	// What the channel told later.
	DeliveredAt   *time.Time `json:"delivered_at,omitempty" description:"渠道告知已送到手机的时间"`
	DeliveryError string     `json:"delivery_error,omitempty" description:"渠道告知未能送到的原因"`
}

type paperView struct {
	ID         int64      `json:"id" required:"true"`
	NoticeID   int64      `json:"notice_id" required:"true"`
	CaseID     int64      `json:"case_id" required:"true"`
	PartyID    int64      `json:"party_id" required:"true"`
	Cause      string     `json:"cause" required:"true" description:"requested 当事人申请、fallback 电子渠道未能送到"`
	State      string     `json:"state" required:"true"`
	Method     string     `json:"method" required:"true"`
	TrackingNo string     `json:"tracking_no" required:"true"`
	CreatedAt  time.Time  `json:"created_at" required:"true"`
	DoneAt     *time.Time `json:"done_at,omitempty"`
}

type proofList struct {
	Notices []proofView `json:"notices" required:"true"`
	Next    int64       `json:"next" required:"true"`
}

type shownView struct {
	Label string `json:"label" required:"true"`
	Value string `json:"value" required:"true"`
}

func viewShown(lines []notice.Line) (out []shownView) {
	for _, l := range lines {
		out = append(out, shownView(l))
	}
	return out
}

func viewDelivery(d model.OutboxMessage, now time.Time) deliveryView {
	e := d.Explain(now)
	return deliveryView{
		ID: d.ID, NoticeID: d.NoticeID, Channel: d.Channel, State: string(d.State), StateText: d.StateText(now), Means: e.Means, Whose: e.Whose, ToDo: e.Do,
		Code: d.LastCode, Attempts: d.Attempts,
		UpdatedAt: d.UpdatedAt, DeliveredAt: d.DeliveredAt, DeliveryError: d.DeliveryError,
	}
}

func viewPaper(t model.PaperTask) paperView {
	return paperView{
		ID: t.ID, NoticeID: t.NoticeID, CaseID: t.CaseID, PartyID: t.PartyID, Cause: string(t.Cause), State: string(t.State), Method: t.Method,
		TrackingNo: t.TrackingNo, CreatedAt: t.CreatedAt, DoneAt: t.DoneAt,
	}
}

func viewProof(p notice.Proof, now time.Time) proofView {
	v := proofView{
		Notice: viewNotice(notice.Item{Notice: p.Notice}), PartyID: p.Party.ID, PartyName: p.Party.Name, Rule: string(p.Rule), RuleText: p.Rule.Chinese(),
		Traces: []traceView{}, Deliveries: []deliveryView{}, Paper: []paperView{},
	}
	if p.Rule != model.NotServed {
		v.ServedAt = &p.ServedAt
	}
	for _, t := range p.Traces {
		v.Traces = append(v.Traces, traceView(t))
	}
	for _, d := range p.Deliveries {
		v.Deliveries = append(v.Deliveries, viewDelivery(d, now))
	}
	for _, t := range p.Paper {
		v.Paper = append(v.Paper, viewPaper(t))
	}
	return v
}

func (s *API) proofs(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	before, limit, err := pageFrom(c, "before")
	if err != nil {
		return err
	}
	list, err := s.svc.Notice.Proofs(c.Request.Context(), web.Actor(c), caseID, before, limit)
	if err != nil {
		return err
	}
	v := proofList{Notices: []proofView{}}
	for _, p := range list {
		one := viewProof(p, s.cfg.Now())
		for i, d := range p.Deliveries {
			one.Deliveries[i].Title, one.Deliveries[i].Shown = p.Notice.Title, viewShown(s.svc.Notice.Shown(p.Notice, d.Channel))
		}
		v.Notices = append(v.Notices, one)
	}
	if len(list) == limit {
		v.Next = list[len(list)-1].Notice.ID
	}
	c.JSON(http.StatusOK, v)
	return nil
}

type consentRequest struct {
	ID      int64  `path:"id" json:"-"`
	Key     string `header:"Idempotency-Key" json:"-" required:"true"`
	PartyID int64  `json:"party_id" required:"true"`
	Act     string `json:"act" required:"true" enum:"given,withdrawn" description:"given 同意、withdrawn 撤回"`
	How     string `json:"how,omitempty" enum:"paper,oral" description:"由书记员记录时填写：paper 书面、oral 口头"`
	Note    string `json:"note,omitempty"`
}

type consentView struct {
	PartyID int64     `json:"party_id" required:"true"`
	Act     string    `json:"act" required:"true"`
	How     string    `json:"how" required:"true"`
	HowText string    `json:"how_text" required:"true"`
	Note    string    `json:"note" required:"true"`
	At      time.Time `json:"at" required:"true"`
}

type consentList struct {
	Consents []consentView `json:"consents" required:"true"`
}

func (s *API) consent(c *gin.Context) error {
	caseID, key, req, err := keyed[consentRequest](c)
	if err != nil {
		return err
	}
	err = s.svc.Notice.Consent(c.Request.Context(), web.Actor(c), model.Consent{
		CaseID: caseID, PartyID: req.PartyID, Act: model.ConsentAct(req.Act), How: model.ConsentHow(req.How), Note: req.Note, IdemKey: key,
	})
	if err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *API) consents(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	list, err := s.svc.Notice.Consents(c.Request.Context(), web.Actor(c), caseID)
	if err != nil {
		return err
	}
	v := consentList{Consents: []consentView{}}
	for _, x := range list {
		v.Consents = append(v.Consents, consentView{
			PartyID: x.PartyID, Act: string(x.Act), How: string(x.How), HowText: x.How.Chinese(), Note: x.Note, At: x.CreatedAt,
		})
	}
	c.JSON(http.StatusOK, v)
	return nil
}

func (s *API) requestPaper(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	if err := s.svc.Notice.RequestPaper(c.Request.Context(), web.Actor(c), n); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

type paperList struct {
	Tasks []paperView `json:"tasks" required:"true"`
	Next  int64       `json:"next" required:"true"`
}

type paperDone struct {
	ID         int64  `path:"id" json:"-"`
	Method     string `json:"method" required:"true" enum:"mail,pickup,visit" description:"mail 邮寄、pickup 到院领取、visit 上门送达"`
	TrackingNo string `json:"tracking_no,omitempty" description:"邮单号，邮寄时必填"`
	Note       string `json:"note,omitempty"`
}

func (s *API) paperTasks(c *gin.Context) error {
	after, limit, err := page(c)
	if err != nil {
		return err
	}
	list, err := s.svc.Notice.PaperTasks(c.Request.Context(), web.Actor(c), after, limit)
	if err != nil {
		return err
	}
	v := paperList{Tasks: []paperView{}}
	for _, t := range list {
		v.Tasks = append(v.Tasks, viewPaper(t))
	}
	if len(list) == limit {
		v.Next = list[len(list)-1].ID
	}
	c.JSON(http.StatusOK, v)
	return nil
}

func (s *API) finishPaper(c *gin.Context) error {
	n, req, err := posted[paperDone](c)
	if err != nil {
		return err
	}
	if err := s.svc.Notice.FinishPaper(c.Request.Context(), web.Actor(c), n, req.Method, req.TrackingNo, req.Note); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

type deliveryList struct {
	Deliveries []deliveryView `json:"deliveries" required:"true"`
	Next       int64          `json:"next" required:"true"`
}

type resendRequest struct {
	ID      int64  `path:"id" json:"-"`
	Channel string `json:"channel" required:"true" description:"原渠道为重新发送；sms 改用短信；paper 改用纸质"`
}

func (s *API) failedDeliveries(c *gin.Context) error {
	after, limit, err := page(c)
	if err != nil {
		return err
	}
	list, err := s.svc.Notice.Failed(c.Request.Context(), web.Actor(c), after, limit)
	if err != nil {
		return err
	}
	v := deliveryList{Deliveries: []deliveryView{}}
	for _, d := range list {
		one := viewDelivery(d.OutboxMessage, s.cfg.Now())
		one.Title, one.Shown = d.Title, viewShown(d.Shown)
		v.Deliveries = append(v.Deliveries, one)
	}
	if len(list) == limit {
		v.Next = list[len(list)-1].ID
	}
	c.JSON(http.StatusOK, v)
	return nil
}

func (s *API) resend(c *gin.Context) error {
	n, req, err := posted[resendRequest](c)
	if err != nil {
		return err
	}
	if err := s.svc.Notice.Resend(c.Request.Context(), web.Actor(c), n, req.Channel); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

type checkQuery struct {
	Code string `query:"code" required:"true" description:"消息上的 8 位核验码"`
}

type checkView struct {
	Known bool       `json:"known" required:"true"`
	Court string     `json:"court" required:"true"`
	Title string     `json:"title" required:"true" description:"消息的种类"`
	On    model.Date `json:"on" required:"true"`
}

func (s *API) checkMessage(c *gin.Context) error {
	m, err := s.svc.Notice.Check(c.Request.Context(), c.Query("code"))
	if err != nil {
		return err
	}
	v := checkView{}
	if m != nil {
		v = checkView{Known: true, Court: m.Court, Title: m.Title, On: m.On}
	}
	c.JSON(http.StatusOK, v)
	return nil
}
