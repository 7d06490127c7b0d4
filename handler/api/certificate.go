package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/certificate"
)

func (s *API) certificateRoutes() []Route {
	notFound := []Reason{{model.NotFound, "certificate.not_found"}, {model.NotFound, "path.not_found"}}
	inCase := []Reason{
		{model.NotFound, "case.not_found"},
		{model.NotFound, "path.not_found"},
		{model.Conflict, "certificate.not_eligible"},
		{model.Invalid, "obligation.exists"},
	}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/certificate-eligibility", For: Phone, Act: model.ActCertRead, Summary: "能否出具自动履行证明书：逐项核对",
			Input: casePath{}, Output: eligibilityList{}, Reasons: inCase[:2], Handle: s.eligibility,
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/certificate-applications", For: Phone, Act: model.ActCertApply, Summary: "申请自动履行证明书",
			Input: certificateFor{}, Output: applicationView{}, Status: http.StatusCreated, Handle: s.applyCertificate,
			Reasons: append(inCase, Reason{model.Invalid, "party.not_obligor"}),
		},
		{
			Method: http.MethodGet, Path: "/certificate-applications", Act: model.ActReceiptQueue, Summary: "待处理的证明书申请", Input: pageQuery{},
			Output: applicationList{}, Handle: s.listApplications,
		},
		{
			Method: http.MethodPost, Path: "/certificate-applications/:id/refuse", Act: model.ActCertIssue, Summary: "不予出具证明书",
			Input: reasonOnly{}, Status: http.StatusNoContent, Handle: s.refuseApplication, Reasons: []Reason{
				{model.NotFound, "application.not_found"},
				{model.NotFound, "path.not_found"},
				{model.Conflict, "application.decided"},
				{model.Invalid, "reason.required"},
			},
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/certificates", Act: model.ActCertIssue, Summary: "出具自动履行证明书", Input: certificateFor{},
			Output: certificateView{}, Status: http.StatusCreated, Repeats: true, Reasons: inCase, Handle: s.issueCertificate,
		},
		{
			Method: http.MethodGet, Path: "/certificates", For: Phone, Act: model.ActCertRead, Summary: "证明书列表（新的在前）", Input: pageQuery{},
			Output: certificateList{}, Handle: s.listCertificates,
		},
		{
			Method: http.MethodGet, Path: "/certificates/:id", For: Phone, Act: model.ActCertOpen, Summary: "证明书详情", Input: certificatePath{},
			Output: certificateDetail{}, Reasons: notFound, Handle: s.readCertificate,
		},
		{
			Method: http.MethodGet, Path: "/certificates/:id/pdf", For: Phone, Act: model.ActCertOpen, Summary: "下载带电子签名的证明书 PDF", Input: certificatePath{},
			Produces: "application/pdf", Handle: s.certificatePDF, Reasons: printing(append(notFound, Reason{model.Unavailable, "files.unavailable"})),
		},
		{
			Method: http.MethodPost, Path: "/certificates/:id/revoke", Act: model.ActCertRevoke, Summary: "撤销证明书", Input: revocation{},
			Output: certificateView{}, Handle: s.revokeCertificate, Reasons: append(notFound, Reason{model.Conflict, "certificate.revoked"},
				Reason{model.Conflict, "certificate.changed"}, Reason{model.Invalid, "certificate.ground"}, Reason{model.Invalid, "reason.required"}),
		},
		{
			Method: http.MethodPost, Path: "/certificates/:id/share-codes", For: Phone, Act: model.ActCertShare, Summary: "生成一次性查看码", Input: certificatePath{},
			Output: shareView{}, Status: http.StatusCreated, Reasons: notFound, Handle: s.shareCertificate,
		},
		{
			Method: http.MethodGet, Path: "/certificates/:id/lookups", For: Phone, Act: model.ActCertOpen, Summary: "谁查验过该证明书", Input: lookupQuery{},
			Output: lookupList{}, Reasons: notFound, Handle: s.lookups,
		},
	}
}

type certificatePath struct {
	ID int64 `path:"id" json:"-"`
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

type applicationList struct {
	Applications []applicationView `json:"applications" required:"true"`
	Next         int64             `json:"next" required:"true"`
}

type certificateView struct {
	ID             int64      `json:"id" required:"true"`
	CaseID         int64      `json:"case_id" required:"true"`
	PartyID        int64      `json:"party_id" required:"true"`
	Number         string     `json:"number" required:"true"`
	State          string     `json:"state" required:"true" enum:"valid,revoked"`
	StateName      string     `json:"state_name" required:"true"`
	Timeliness     string     `json:"timeliness" required:"true"`
	TimelinessName string     `json:"timeliness_name" required:"true"`
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
	Next         int64             `json:"next" required:"true"`
}

type revocation struct {
	ID      int64  `path:"id" json:"-"`
	Ground  string `json:"ground" required:"true" enum:"false_receipt,payment_reversed,confirmation_forged,judgment_overturned,later_enforcement"`
	Reason  string `json:"reason" required:"true"`
	Version int64  `json:"version" required:"true"`
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
	Next    int64        `json:"next" required:"true"`
}

func viewCertificate(c model.Certificate) certificateView {
	return certificateView{
		ID: c.ID, CaseID: c.CaseID, PartyID: c.PartyID, Number: c.Number, State: string(c.State), StateName: c.State.Chinese(),
		Timeliness: string(c.Timeliness), TimelinessName: c.Timeliness.Chinese(), TotalFen: c.TotalFen, LastPaidOn: c.LastPaidOn,
		IssuedAt: c.IssuedAt, RevokeGround: c.RevokeGround.Chinese(), RevokeReason: c.RevokeReason, Version: c.Version,
	}
}

func viewApplication(a model.CertificateApplication) applicationView {
	return applicationView{
		ID: a.ID, CaseID: a.CaseID, InstrumentID: a.InstrumentID, PartyID: a.PartyID, State: string(a.State), At: a.CreatedAt,
	}
}

func (s *API) eligibility(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	list, err := s.svc.Certificate.Eligibility(c.Request.Context(), web.Actor(c), caseID)
	if err != nil {
		return err
	}
	out := eligibilityList{Items: []eligibilityView{}}
	for _, e := range list {
		v := eligibilityView{
			InstrumentID: e.Instrument.ID, InstrumentNo: e.Instrument.Number, PartyID: e.Party.ID, PartyName: e.Party.Name, Eligible: e.Eligible,
			Requirements: []requirementView{},
		}
		for _, r := range e.Requirements {
			v.Requirements = append(v.Requirements, requirementView(r))
		}
		out.Items = append(out.Items, v)
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) applyCertificate(c *gin.Context) error {
	caseID, req, err := posted[certificateFor](c)
	if err != nil {
		return err
	}
	a, err := s.svc.Certificate.Apply(c.Request.Context(), web.Actor(c), caseID, req.InstrumentID, req.PartyID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewApplication(*a))
	return nil
}

func (s *API) listApplications(c *gin.Context) error {
	after, limit, err := page(c)
	if err != nil {
		return err
	}
	list, err := s.svc.Certificate.Applications(c.Request.Context(), web.Actor(c), after, limit)
	if err != nil {
		return err
	}
	out := applicationList{Applications: []applicationView{}}
	for _, a := range list {
		out.Applications = append(out.Applications, viewApplication(a))
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) refuseApplication(c *gin.Context) error {
	applicationID, req, err := posted[reasonOnly](c)
	if err != nil {
		return err
	}
	if err := s.svc.Certificate.Refuse(c.Request.Context(), web.Actor(c), applicationID, req.Reason); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *API) issueCertificate(c *gin.Context) error {
	caseID, req, err := posted[certificateFor](c)
	if err != nil {
		return err
	}
	cert, created, err := s.svc.Certificate.Issue(c.Request.Context(), web.Actor(c), caseID, req.InstrumentID, req.PartyID)
	if err != nil {
		return err
	}
	status := http.StatusCreated
	if !created {
		status = http.StatusOK
	}
	c.JSON(status, viewCertificate(*cert))
	return nil
}

func (s *API) listCertificates(c *gin.Context) error {
	before, limit, err := page(c)
	if err != nil {
		return err
	}
	list, err := s.svc.Certificate.Certificates(c.Request.Context(), web.Actor(c), 0, before, limit)
	if err != nil {
		return err
	}
	out := certificateList{Certificates: []certificateView{}}
	for _, cert := range list {
		out.Certificates = append(out.Certificates, viewCertificate(cert))
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) readCertificate(c *gin.Context) error {
	certID, err := id(c, "id")
	if err != nil {
		return err
	}
	cert, facts, err := s.svc.Certificate.Certificate(c.Request.Context(), web.Actor(c), certID)
	if err != nil {
		return err
	}
	if facts.Performed == nil {
		facts.Performed = []model.PerformedItem{}
	}
	c.JSON(http.StatusOK, certificateDetail{certificateView: viewCertificate(*cert), CheckCode: cert.CheckCode, Facts: *facts})
	return nil
}

func (s *API) certificatePDF(c *gin.Context) error {
	certID, err := id(c, "id")
	if err != nil {
		return err
	}
	b, _, err := s.svc.Certificate.PDF(c.Request.Context(), web.Actor(c), certID)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="certificate-`+strconv.FormatInt(certID, 10)+`.pdf"`)
	c.Data(http.StatusOK, "application/pdf", b)
	return nil
}

func (s *API) revokeCertificate(c *gin.Context) error {
	certID, req, err := posted[revocation](c)
	if err != nil {
		return err
	}
	cert, err := s.svc.Certificate.Revoke(c.Request.Context(), web.Actor(c), certID, req.Version, model.RevocationGround(req.Ground), req.Reason)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewCertificate(*cert))
	return nil
}

func (s *API) shareCertificate(c *gin.Context) error {
	certID, err := id(c, "id")
	if err != nil {
		return err
	}
	code, expires, err := s.svc.Certificate.Share(c.Request.Context(), web.Actor(c), certID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, shareView{Code: code, ExpiresAt: expires})
	return nil
}

func (s *API) lookups(c *gin.Context) error {
	certID, err := id(c, "id")
	if err != nil {
		return err
	}
	before, limit, err := page(c)
	if err != nil {
		return err
	}
	list, err := s.svc.Certificate.Lookups(c.Request.Context(), web.Actor(c), certID, before, limit)
	if err != nil {
		return err
	}
	out := lookupList{Lookups: []lookupView{}}
	for _, l := range list {
		out.Lookups = append(out.Lookups, lookupView{ID: l.ID, At: l.CreatedAt, Method: string(l.Method), Result: string(l.Result), From: l.IP})
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// verification is what anyone may learn: the state, and why it was revoked.
type verification struct {
	State     string     `json:"state" required:"true" enum:"valid,revoked,void,unknown"`
	StateName string     `json:"state_name" required:"true"`
	Number    string     `json:"number" required:"true"`
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
		State: string(r.State), StateName: r.State.Chinese(), Number: r.Number, IssuedOn: r.IssuedOn, RevokedOn: r.RevokedOn,
		Ground: r.Ground.Chinese(), Reason: r.Reason,
	}
}
