package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/notice"
)

// serviceOfProcessRoutes are about the service of papers (送达): consent, proof, paper,
// and messages that failed.
func (s *API) serviceOfProcessRoutes() []Route {
	onCase := []Reason{{model.NotFound, "case.not_found"}}
	onNotice := []Reason{{model.NotFound, "notice.not_found"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/notices", Act: model.ActServiceOfProcessRead, Summary: "本案通知及送达情况（新的在前）",
			Reasons: onCase, Do: do(s.listProofs),
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/consents", For: Phone, Act: model.ActCaseRead, Summary: "电子送达的同意与撤回",
			Reasons: onCase, Do: do(s.listConsents),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/consents", For: Phone, Act: model.ActConsent, Summary: "同意电子送达，或者撤回同意",
			Do: do(s.recordConsent), Reasons: slices.Concat(onCase, []Reason{
				{model.Invalid, "consent.act"},
				{model.Invalid, "consent.how"},
				{model.Invalid, "party.unknown"},
				{model.Invalid, "text.too_long"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/notices/:id/paper", For: Phone, Act: model.ActPaperRequest, Summary: "申请纸质文书",
			Reasons: onNotice, Do: do(s.requestPaper),
		},
		{
			Method: http.MethodGet, Path: "/deliveries/failed", Act: model.ActDeliveryManage, Summary: "未能送到的消息（早的在前）",
			Do: do(s.failedDeliveries),
		},
		{
			Method: http.MethodPost, Path: "/deliveries/:id/resend", Act: model.ActDeliveryManage, Summary: "重新发送，或者改用短信、纸质",
			Do: do(s.resend), Reasons: []Reason{
				{model.NotFound, "delivery.not_found"},
				{model.Conflict, "delivery.changed"},
				{model.Invalid, "channel.unknown"},
				{model.Invalid, "channel.off"},
			},
		},
		{
			Method: http.MethodGet, Path: "/verify/messages", For: Public, Act: model.ActPublic, Summary: "核验短信或微信消息是否由法院发出",
			Limit: web.LimitVerify, Reasons: []Reason{{model.Invalid, "check.format"}}, Do: do(s.checkMessage),
		},
	}
}

type proofQuery struct {
	ID int64 `path:"id" json:"-"`
	pageQuery
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
	State     string      `json:"state" required:"true" enum:"queued,sending,accepted,no_consent,unreachable,invalid,unknown,expired,skipped,failed"`
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
	State      string     `json:"state" required:"true" enum:"open,done"`
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

func viewShown(lines []model.ShownLine) []shownView {
	return each(lines, func(l model.ShownLine) shownView { return shownView(l) })
}

func (s *API) viewDelivery(d model.OutboxMessage, title string, shown []model.ShownLine) deliveryView {
	now := s.cfg.Now()
	e := d.Explain(now)
	return deliveryView{
		ID: d.ID, NoticeID: d.NoticeID, Channel: d.Channel, State: string(d.State), StateText: d.StateText(now), Means: e.Means, Whose: e.Whose, ToDo: e.Do,
		Code: d.LastCode, Attempts: d.Attempts, UpdatedAt: d.UpdatedAt, DeliveredAt: d.DeliveredAt, DeliveryError: d.DeliveryError,
		Title: title, Shown: viewShown(shown),
	}
}

func viewPaper(t model.PaperTask) paperView {
	return paperView{
		ID: t.ID, NoticeID: t.NoticeID, CaseID: t.CaseID, PartyID: t.PartyID, Cause: string(t.Cause), State: string(t.State), Method: t.Method,
		TrackingNo: t.TrackingNo, CreatedAt: t.CreatedAt, DoneAt: t.DoneAt,
	}
}

func (s *API) viewProof(p model.ServiceProof) proofView {
	v := proofView{
		Notice: viewNotice(notice.Item{Notice: p.Notice}), PartyID: p.Party.ID, PartyName: p.Party.Name, Rule: string(p.Rule), RuleText: p.Rule.Chinese(),
		Traces: each(p.Traces, func(t model.Trace) traceView { return traceView(t) }),
		Deliveries: each(p.Deliveries, func(d model.OutboxMessage) deliveryView {
			return s.viewDelivery(d, p.Notice.Title, s.svc.Notice.Shown(p.Notice, d.Channel))
		}),
		Paper: each(p.Paper, viewPaper),
	}
	if p.Rule != model.NotServed {
		v.ServedAt = &p.ServedAt
	}
	return v
}

func (s *API) listProofs(ctx context.Context, by model.Actor, in proofQuery) (proofList, error) {
	list, err := s.svc.Notice.Proofs(ctx, by, in.ID, in.After, in.Limit)
	return proofList{
		Notices: each(list, s.viewProof), Next: next(list, in.Limit, func(p model.ServiceProof) int64 { return p.Notice.ID }),
	}, err
}

type consentRequest struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID int64  `json:"party_id" required:"true"`
	Act     string `json:"act" required:"true" enum:"given,withdrawn" description:"given 同意、withdrawn 撤回"`
	How     string `json:"how,omitempty" enum:"paper,oral" description:"由书记员记录时填写：paper 书面、oral 口头"`
	Note    string `json:"note,omitempty"`
}

type consentView struct {
	PartyID int64     `json:"party_id" required:"true"`
	Act     string    `json:"act" required:"true" enum:"given,withdrawn"`
	How     string    `json:"how" required:"true" enum:",in_app,paper,oral"`
	HowText string    `json:"how_text" required:"true"`
	Note    string    `json:"note" required:"true"`
	At      time.Time `json:"at" required:"true"`
}

type consentList struct {
	Consents []consentView `json:"consents" required:"true"`
}

func (s *API) recordConsent(ctx context.Context, by model.Actor, in consentRequest) (nothing, error) {
	return nothing{}, s.svc.Notice.Consent(ctx, by, model.Consent{
		CaseID: in.ID, PartyID: in.PartyID, Act: model.ConsentAct(in.Act), How: model.ConsentHow(in.How), Note: in.Note, IdemKey: in.Key,
	})
}

func (s *API) listConsents(ctx context.Context, by model.Actor, in idPath) (consentList, error) {
	list, err := s.svc.Notice.Consents(ctx, by, in.ID)
	return consentList{Consents: each(list, func(x model.Consent) consentView {
		return consentView{PartyID: x.PartyID, Act: string(x.Act), How: string(x.How), HowText: x.How.Chinese(), Note: x.Note, At: x.CreatedAt}
	})}, err
}

func (s *API) requestPaper(ctx context.Context, by model.Actor, in idPath) (nothing, error) {
	return nothing{}, s.svc.Notice.RequestPaper(ctx, by, in.ID)
}

type deliveryList struct {
	Deliveries []deliveryView `json:"deliveries" required:"true"`
	Next       int64          `json:"next" required:"true"`
}

type resendRequest struct {
	ID      int64  `path:"id" json:"-"`
	Channel string `json:"channel" required:"true" description:"原渠道为重新发送；sms 改用短信；paper 改用纸质"`
}

func (s *API) failedDeliveries(ctx context.Context, by model.Actor, in pageQuery) (deliveryList, error) {
	list, err := s.svc.Notice.Failed(ctx, by, in.After, in.Limit)
	return deliveryList{
		Deliveries: each(list, func(d notice.Delivery) deliveryView { return s.viewDelivery(d.OutboxMessage, d.Title, d.Shown) }),
		Next:       next(list, in.Limit, func(d notice.Delivery) int64 { return d.ID }),
	}, err
}

func (s *API) resend(ctx context.Context, by model.Actor, in resendRequest) (nothing, error) {
	return nothing{}, s.svc.Notice.Resend(ctx, by, in.ID, in.Channel)
}

type checkQuery struct {
	Code string `query:"code" json:"-" required:"true" description:"消息上的 8 位核验码"`
}

type checkView struct {
	Known bool       `json:"known" required:"true"`
	Court string     `json:"court" required:"true"`
	Title string     `json:"title" required:"true" description:"消息的种类"`
	On    model.Date `json:"on" required:"true"`
}

func (s *API) checkMessage(ctx context.Context, _ model.Actor, in checkQuery) (checkView, error) {
	m, err := s.svc.Notice.Check(ctx, in.Code)
	if m == nil || err != nil {
		return checkView{}, err
	}
	return checkView{Known: true, Court: m.Court, Title: m.Title, On: m.On}, nil
}
