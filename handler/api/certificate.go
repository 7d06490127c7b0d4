package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"microcourt/model"
	"microcourt/service/certificate"
)

func (s *API) certificateRoutes() []Route {
	notFound := []Reason{{model.NotFound, "certificate.not_found"}}
	inCase := []Reason{
		{model.NotFound, "case.not_found"},
		{model.Conflict, "certificate.not_eligible"},
		{model.Invalid, "obligation.exists"},
	}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/certificate-eligibility", For: Phone, Act: model.ActCertRead, Summary: "能否出具自动履行证明书：逐项核对",
			Reasons: inCase[:1], Do: do(s.checkEligibility),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/certificate-applications", For: Phone, Act: model.ActCertApply, Summary: "申请自动履行证明书",
			Status: http.StatusCreated, Do: do(s.applyCertificate),
			Reasons: append(inCase, Reason{model.Invalid, "party.not_obligor"}),
		},
		{
			Method: http.MethodGet, Path: "/certificates", For: Phone, Act: model.ActCertRead, Summary: "证明书列表（新的在前）", Do: do(s.listCertificates),
		},
		{
			Method: http.MethodGet, Path: "/certificates/:id", For: Phone, Act: model.ActCertOpen, Summary: "证明书详情", Reasons: notFound, Do: do(s.readCertificate),
		},
		{
			Method: http.MethodGet, Path: "/certificates/:id/pdf", For: Phone, Act: model.ActCertOpen, Summary: "下载带电子签名的证明书 PDF", Produces: "application/pdf", Do: do(s.certificatePDF), Reasons: printing(append(notFound, Reason{model.Unavailable, "files.unavailable"})),
		},
		{
			Method: http.MethodPost, Path: "/certificates/:id/share-codes", For: Phone, Act: model.ActCertShare, Summary: "生成一次性查看码", Status: http.StatusCreated, Reasons: notFound, Do: do(s.shareCertificate),
		},
		{
			Method: http.MethodGet, Path: "/certificates/:id/lookups", For: Phone, Act: model.ActCertOpen, Summary: "谁查验过该证明书", Reasons: notFound, Do: do(s.listLookups),
		},
	}
}

type certificateFor struct {
	ID           int64 `path:"id" json:"-"`
	InstrumentID int64 `json:"instrument_id" required:"true"`
	PartyID      int64 `json:"party_id" required:"true"`
}

type requirementView struct {
	Code    string `json:"code" required:"true"`
	Met     bool   `json:"met" required:"true"`
	Text    string `json:"text" required:"true"`
	Missing string `json:"missing" required:"true" description:"未满足时应怎样做"`
}

type eligibilityView struct {
	InstrumentID int64             `json:"instrument_id" required:"true"`
	InstrumentNo string            `json:"instrument_no" required:"true"`
	PartyID      int64             `json:"party_id" required:"true"`
	PartyName    string            `json:"party_name" required:"true"`
	Eligible     bool              `json:"eligible" required:"true"`
	PerformedBy  string            `json:"performed_by" required:"true" enum:"own,shared,others"`
	Title        string            `json:"title" required:"true" description:"将出具的证明书的名称"`
	Requirements []requirementView `json:"requirements" required:"true"`
}

type eligibilityList struct {
	Items []eligibilityView `json:"items" required:"true"`
}

type applicationView struct {
	ID           int64     `json:"id" required:"true"`
	CaseID       int64     `json:"case_id" required:"true"`
	InstrumentID int64     `json:"instrument_id" required:"true"`
	PartyID      int64     `json:"party_id" required:"true"`
	State        string    `json:"state" required:"true" enum:"open,granted,refused"`
	At           time.Time `json:"at" required:"true"`
}

type certificateView struct {
	ID             int64      `json:"id" required:"true"`
	CaseID         int64      `json:"case_id" required:"true"`
	PartyID        int64      `json:"party_id" required:"true"`
	Number         string     `json:"number" required:"true"`
	State          string     `json:"state" required:"true" enum:"valid,revoked"`
	StateName      string     `json:"state_name" required:"true"`
	Timeliness     string     `json:"timeliness" required:"true" enum:",on_time,as_agreed,before_enforcement,in_enforcement"`
	TimelinessName string     `json:"timeliness_name" required:"true"`
	PerformedBy    string     `json:"performed_by" required:"true" enum:"own,shared,others"`
	Title          string     `json:"title" required:"true" description:"证明书名称；全部由他人履行的，不是自动履行证明书"`
	TotalFen       model.Fen  `json:"total_fen" required:"true"`
	LastPaidOn     model.Date `json:"last_paid_on" required:"true"`
	IssuedAt       time.Time  `json:"issued_at" required:"true"`
	RevokeGround   string     `json:"revoke_ground" required:"true"`
	RevokeReason   string     `json:"revoke_reason" required:"true"`
	Version        int64      `json:"version" required:"true"`
}

type certificateDetail struct {
	certificateView
	CheckCode string                 `json:"check_code" required:"true"`
	Facts     model.CertificateFacts `json:"facts" required:"true"`
}

type certificateList struct {
	Certificates []certificateView `json:"certificates" required:"true"`
	Next         string            `json:"next" required:"true"`
}

type shareView struct {
	Code      string    `json:"code" required:"true" description:"只显示这一次，只能使用一次"`
	ExpiresAt time.Time `json:"expires_at" required:"true"`
}

type lookupQuery struct {
	ID int64 `path:"id" json:"-"`
	pageQuery
}

type lookupView struct {
	ID     int64     `json:"id" required:"true"`
	At     time.Time `json:"at" required:"true"`
	Method string    `json:"method" required:"true" enum:"number_code,share_code"`
	Result string    `json:"result" required:"true" enum:"valid,revoked"`
	From   string    `json:"from" required:"true" description:"查验来源的网段"`
}

type lookupList struct {
	Lookups []lookupView `json:"lookups" required:"true"`
	Next    string       `json:"next" required:"true"`
}

func viewCertificate(c model.Certificate) certificateView {
	return certificateView{
		ID: c.ID, CaseID: c.CaseID, PartyID: c.PartyID, Number: c.Number, State: string(c.State), StateName: c.State.Chinese(),
		Timeliness: string(c.Timeliness), TimelinessName: c.Timeliness.Chinese(), PerformedBy: string(c.PerformedBy), Title: c.PerformedBy.Title(), TotalFen: c.TotalFen, LastPaidOn: c.LastPaidOn,
		IssuedAt: c.IssuedAt, RevokeGround: c.RevokeGround.Chinese(), RevokeReason: c.RevokeReason, Version: c.Version,
	}
}

func viewApplication(a model.CertificateApplication) applicationView {
	return applicationView{
		ID: a.ID, CaseID: a.CaseID, InstrumentID: a.InstrumentID, PartyID: a.PartyID, State: string(a.State), At: a.CreatedAt,
	}
}

func (s *API) checkEligibility(ctx context.Context, by model.Actor, in idPath) (eligibilityList, error) {
	list, err := s.svc.Certificate.Eligibility(ctx, by, in.ID)
	return eligibilityList{Items: each(list, func(e certificate.Eligibility) eligibilityView {
		return eligibilityView{
			InstrumentID: e.Instrument.ID, InstrumentNo: e.Instrument.Number, PartyID: e.Party.ID, PartyName: e.Party.Name, Eligible: e.Eligible, PerformedBy: string(e.PerformedBy), Title: e.PerformedBy.Title(),
			Requirements: each(e.Requirements, func(r model.Requirement) requirementView { return requirementView(r) }),
		}
	})}, err
}

func (s *API) applyCertificate(ctx context.Context, by model.Actor, in certificateFor) (applicationView, error) {
	a, err := s.svc.Certificate.Apply(ctx, by, in.ID, in.InstrumentID, in.PartyID)
	if err != nil {
		return applicationView{}, err
	}
	return viewApplication(*a), nil
}

func (s *API) listCertificates(ctx context.Context, by model.Actor, in pageQuery) (certificateList, error) {
	list, err := s.svc.Certificate.Certificates(ctx, by, 0, in.After.ID, in.more())
	return certificateList{
		Certificates: each(cut(in, list), viewCertificate), Next: next(in, list, func(c model.Certificate) int64 { return c.ID }),
	}, err
}

func (s *API) readCertificate(ctx context.Context, by model.Actor, in idPath) (certificateDetail, error) {
	cert, facts, err := s.svc.Certificate.Certificate(ctx, by, in.ID)
	if err != nil {
		return certificateDetail{}, err
	}
	return certificateDetail{certificateView: viewCertificate(*cert), CheckCode: cert.CheckCode, Facts: *facts}, nil
}

func (s *API) certificatePDF(ctx context.Context, by model.Actor, in idPath) (content, error) {
	b, _, err := s.svc.Certificate.PDF(ctx, by, in.ID)
	return pdfContent(fmt.Sprintf("certificate-%d.pdf", in.ID), b), err
}

func (s *API) shareCertificate(ctx context.Context, by model.Actor, in idPath) (shareView, error) {
	code, expires, err := s.svc.Certificate.Share(ctx, by, in.ID)
	return shareView{Code: code, ExpiresAt: expires}, err
}

func (s *API) listLookups(ctx context.Context, by model.Actor, in lookupQuery) (lookupList, error) {
	list, err := s.svc.Certificate.Lookups(ctx, by, in.ID, in.After.ID, in.more())
	return lookupList{
		Lookups: each(cut(in.pageQuery, list), func(l model.Lookup) lookupView {
			return lookupView{ID: l.ID, At: l.CreatedAt, Method: string(l.Method), Result: string(l.Result), From: l.IP}
		}),
		Next: next(in.pageQuery, list, func(l model.Lookup) int64 { return l.ID }),
	}, err
}

// verification is what anyone may learn who holds the number and the code: the
// state, why it was revoked, and what a changed paper would contradict.
type verification struct {
	State     string     `json:"state" required:"true" enum:"valid,revoked,void,unknown"`
	StateName string     `json:"state_name" required:"true"`
	Number    string     `json:"number" required:"true"`
	Title     string     `json:"title" required:"true" description:"证明书名称"`
	Holder    string     `json:"holder" required:"true" description:"履行义务人，自然人的姓名隐去中间的字"`
	CaseNo    string     `json:"case_no" required:"true" description:"案号"`
	Amount    string     `json:"amount" required:"true" description:"履行金额大写，没有金钱义务的为空"`
	IssuedOn  model.Date `json:"issued_on" required:"true"`
	RevokedOn model.Date `json:"revoked_on" required:"true"`
	Ground    string     `json:"revoke_ground" required:"true"`
	Reason    string     `json:"revoke_reason" required:"true"`
}

func viewVerification(r *certificate.Result) verification {
	if !r.Known {
		return verification{State: "unknown", StateName: "未查到"}
	}
	return verification{
		State: string(r.State), StateName: r.State.Chinese(), Number: r.Number, Title: r.Title, Holder: r.Holder, CaseNo: r.CaseNo, Amount: r.Amount, IssuedOn: r.IssuedOn, RevokedOn: r.RevokedOn,
		Ground: r.Ground.Chinese(), Reason: r.Reason,
	}
}
