package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/enforcement"
)

func (s *API) repairRoutes() []Route {
	path := Reason{model.NotFound, "path.not_found"}
	key := Reason{model.Invalid, "idempotency.required"}
	why := Reason{model.Invalid, "reason.required"}
	return []Route{
		{
			Method: http.MethodPost, Path: "/cases/:id/repair-applications", For: Phone, Act: model.ActRepairApply, Summary: "申请信用修复（当事人），或由执行法官记录申请",
			Input: repairRequest{}, Output: repairView{}, Status: http.StatusCreated, Handle: s.applyRepair, Reasons: []Reason{
				path, key, why,
				{model.NotFound, "case.not_found"},
				{model.Invalid, "repair.party"},
				{model.Invalid, "repair.measure"},
				{model.Invalid, "repair.applied_on"},
				{model.Invalid, "file.unknown"},
				{model.Conflict, "repair.not_enforced"},
				{model.Conflict, "repair.open"},
			},
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/repair-applications", For: Phone, Act: model.ActRepairRead, Summary: "案件的信用修复申请；当事人只看到本人的",
			Input: casePath{}, Output: caseRepairs{}, Reasons: []Reason{path, {model.NotFound, "case.not_found"}}, Handle: s.caseRepairs,
		},
		{
			Method: http.MethodGet, Path: "/repair-applications", For: PhoneStaff, Act: model.ActRepairQueue, Summary: "信用修复申请列表：执行法官看本人的，院领导看全院的",
			Input: repairQuery{}, Output: repairList{}, Handle: s.listRepairs,
		},
		{
			Method: http.MethodPost, Path: "/repair-applications/:id/check", Act: model.ActRepairCheck, Summary: "逐项核查信用修复条件（以最后一次为准）",
			Input: repairTick{}, Output: repairView{}, Handle: s.checkRepair, Reasons: []Reason{
				path, key,
				{model.NotFound, "repair.not_found"},
				{model.Conflict, "repair.decided"},
				{model.Invalid, "repair.code"},
				{model.Invalid, "repair.note"},
			},
		},
		{
			Method: http.MethodPost, Path: "/repair-applications/:id/decide", For: PhoneStaff, Act: model.ActRepairDecide, Summary: "决定信用修复申请", Input: repairDecision{},
			Output: repairView{}, Handle: s.decideRepair, Reasons: []Reason{
				path, why,
				{model.NotFound, "repair.not_found"},
				{model.Conflict, "repair.decided"},
				{model.Invalid, "repair.decision"},
				{model.Invalid, "repair.until"},
				{model.Conflict, "repair.unchecked"},
				{model.Conflict, "repair.unmet"},
				{model.Conflict, "repair.own"},
				{model.Conflict, "repair.not_listed"},
				{model.Conflict, "repair.not_restricted"},
				{model.Conflict, "repair.listed"},
				{model.Conflict, "repair.no_term"},
				{model.Conflict, "repair.shortened"},
			},
		},
		{
			Method: http.MethodPost, Path: "/repair-applications/:id/revoke", Act: model.ActRepairDecide, Summary: "撤销信用修复（条件不再具备）；失信信息恢复原状",
			Input: reasonOnly{}, Output: repairView{}, Handle: s.revokeRepair, Reasons: []Reason{
				path, why,
				{model.NotFound, "repair.not_found"},
				{model.Conflict, "repair.ended"},
			},
		},
		{
			Method: http.MethodGet, Path: "/listings", For: Public, Act: model.ActPublic, Summary: "本院公布的失信被执行人名单；暂缓公开的不在其中，屏蔽的隐去身份和事由",
			Input: listingQuery{}, Output: listingList{}, Limit: web.LimitVerify, Handle: s.listings, Reasons: []Reason{
				{model.NotFound, "court.not_found"},
				{model.Invalid, "listing.name"},
				{model.Invalid, "case_no.format"},
				{model.Invalid, "case_no.year"},
				{model.Invalid, "case_no.type"},
			},
		},
		{
			Method: http.MethodGet, Path: "/agency/listings", For: Agency, Act: model.ActListingFetch, Summary: "供责任单位使用的失信被执行人名单；此前取得而不在其中的，应停止惩戒",
			Input: beforeQuery{}, Output: listingList{}, Handle: s.agencyListings,
		},
	}
}

type repairRequest struct {
	ID      int64  `path:"id" json:"-"`
	Key     string `header:"Idempotency-Key" json:"-" required:"true"`
	PartyID int64  `json:"party_id" required:"true"`
	// MeasureID is the listing; without one it is whichever stands at the decision.
	MeasureID int64      `json:"measure_id,omitempty" description:"失信信息或者限制消费措施的编号；尚未纳入的不填"`
	Reason    string     `json:"reason" required:"true" description:"申请的事实和理由"`
	AppliedOn model.Date `json:"applied_on,omitzero" description:"执行法官记录书面申请的，填收到的日期，期限由此起算"`
	FileID    int64      `json:"file_id,omitempty" description:"书面申请的扫描件"`
}

type repairTick struct {
	ID   int64  `path:"id" json:"-"`
	Key  string `header:"Idempotency-Key" json:"-" required:"true"`
	Code string `json:"code" required:"true" description:"条件的代码"`
	Met  bool   `json:"met" required:"true"`
	Note string `json:"note" required:"true" description:"核查情况"`
}

type repairDecision struct {
	ID       int64      `path:"id" json:"-"`
	Decision string     `json:"decision" required:"true" enum:"suspended,masked,shortened,paused,refused" description:"suspended 暂缓纳入、masked 屏蔽、shortened 缩短期限、paused 暂停限制消费（申请针对限制消费措施的）、refused 不予修复"`
	Until    model.Date `json:"until,omitempty" description:"暂缓或者暂停至哪一日、屏蔽至哪一日（可不填），或缩短后的期限届满日；不予修复不填"`
	Reason   string     `json:"reason" required:"true"`
}

type listingQuery struct {
	Court  string `query:"court" required:"true" description:"法院代字，如浙0211"`
	Name   string `query:"name" description:"姓名或名称，须完整；因信用修复屏蔽的查不到"`
	CaseNo string `query:"case_no" description:"执行案号"`
	beforeQuery
}

type listingView struct {
	ID          int64      `json:"id" required:"true"`
	Name        string     `json:"name" required:"true"`
	Number      string     `json:"number" required:"true" description:"证件号码；公开的名单隐去自然人号码的中间部分，屏蔽的为空"`
	CaseNo      string     `json:"case_no" required:"true"`
	GroundText  string     `json:"ground_text" required:"true" description:"失信行为，屏蔽的为空"`
	PublishedOn model.Date `json:"published_on" required:"true"`
	Until       model.Date `json:"until,omitempty" description:"期限届满日，没有期限的不填"`
	Masked      bool       `json:"masked" required:"true" description:"因信用修复屏蔽"`
}

type listingList struct {
	Listings []listingView `json:"listings" required:"true"`
	Next     int64         `json:"next" required:"true"`
}

type repairQuery struct {
	State string `query:"state" enum:"open,suspended,masked,shortened,paused,refused" description:"不填则为全部"`
	pageQuery
}

type criterionView struct {
	Code     string `json:"code" required:"true"`
	Text     string `json:"text" required:"true"`
	Required bool   `json:"required" required:"true" description:"不具备则不能准予"`
	Checked  bool   `json:"checked" required:"true"`
	Met      bool   `json:"met" required:"true"`
	Note     string `json:"note" required:"true"`
}

type repairView struct {
	ID             int64           `json:"id" required:"true"`
	CaseID         int64           `json:"case_id" required:"true"`
	PartyID        int64           `json:"party_id" required:"true"`
	CaseNo         string          `json:"case_no,omitempty"`
	Name           string          `json:"name,omitempty"`
	MeasureID      int64           `json:"measure_id" required:"true" description:"所针对的失信信息，没有为 0"`
	ByOfficer      bool            `json:"by_officer" required:"true" description:"由执行法官记录"`
	AppliedOn      model.Date      `json:"applied_on" required:"true"`
	Reason         string          `json:"reason" required:"true"`
	State          string          `json:"state" required:"true" enum:"open,suspended,masked,shortened,paused,refused"`
	StateText      string          `json:"state_text" required:"true"`
	Until          model.Date      `json:"until,omitempty"`
	Effect         string          `json:"effect" required:"true" description:"决定的效力和起止日期"`
	DecisionReason string          `json:"decision_reason" required:"true"`
	RevokedAt      *time.Time      `json:"revoked_at,omitempty" description:"撤销的时间"`
	RevokeReason   string          `json:"revoke_reason" required:"true"`
	DueOn          model.Date      `json:"due_on" required:"true" description:"决定期限"`
	At             time.Time       `json:"at" required:"true"`
	Criteria       []criterionView `json:"criteria" required:"true"`
}

type caseRepairs struct {
	Applications []repairView `json:"applications" required:"true"`
}

type repairList struct {
	Applications []repairView `json:"applications" required:"true" description:"不含核查情况"`
	Next         int64        `json:"next" required:"true"`
}

func viewRepair(v enforcement.RepairView) repairView {
	out := repairView{
		ID: v.ID, CaseID: v.CaseID, PartyID: v.PartyID, MeasureID: v.MeasureID, ByOfficer: v.ByOfficer, AppliedOn: v.AppliedOn, Reason: v.Reason, State: string(v.State),
		StateText: v.State.Chinese(), Until: v.Until, Effect: v.Effect(), DecisionReason: v.DecisionReason, RevokedAt: v.RevokedAt, RevokeReason: v.RevokeReason, DueOn: v.DueOn, At: v.CreatedAt, Criteria: []criterionView{},
	}
	last := model.LastChecks(v.Checks)
	for _, c := range v.Criteria {
		t := last[c.Code]
		out.Criteria = append(out.Criteria, criterionView{Code: c.Code, Text: c.Text, Required: c.Required, Checked: t.ID != 0, Met: t.Met, Note: t.Note})
	}
	return out
}

func (s *API) applyRepair(c *gin.Context) error {
	n, key, req, err := keyed[repairRequest](c)
	if err != nil {
		return err
	}
	v, err := s.svc.Enforcement.ApplyRepair(c.Request.Context(), web.Actor(c), enforcement.RepairInput{
		CaseID: n, PartyID: req.PartyID, MeasureID: req.MeasureID, Reason: req.Reason, AppliedOn: req.AppliedOn, FileID: req.FileID, Key: key,
	})
	return answerRepair(c, http.StatusCreated, v, err)
}

// answerRepair answers with an application as it is now, unless err says why
// not.
func answerRepair(c *gin.Context, status int, v *enforcement.RepairView, err error) error {
	if err != nil {
		return err
	}
	c.JSON(status, viewRepair(*v))
	return nil
}

func (s *API) caseRepairs(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	list, err := s.svc.Enforcement.CaseRepairs(c.Request.Context(), web.Actor(c), n)
	if err != nil {
		return err
	}
	out := caseRepairs{Applications: []repairView{}}
	for _, v := range list {
		out.Applications = append(out.Applications, viewRepair(v))
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) listRepairs(c *gin.Context) error {
	after, limit, err := page(c)
	if err != nil {
		return err
	}
	list, err := s.svc.Enforcement.Repairs(c.Request.Context(), web.Actor(c), model.RepairFilter{State: model.RepairState(c.Query("state")), After: after, Limit: limit})
	if err != nil {
		return err
	}
	out := repairList{Applications: []repairView{}}
	for _, l := range list {
		v := viewRepair(enforcement.RepairView{RepairApplication: l.RepairApplication})
		v.CaseNo, v.Name, v.Criteria = l.CaseNo, l.Name, []criterionView{}
		out.Applications = append(out.Applications, v)
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) checkRepair(c *gin.Context) error {
	n, key, req, err := keyed[repairTick](c)
	if err != nil {
		return err
	}
	v, err := s.svc.Enforcement.CheckRepair(c.Request.Context(), web.Actor(c), n, model.RepairCheck{Code: req.Code, Met: req.Met, Note: req.Note, IdemKey: key})
	return answerRepair(c, http.StatusOK, v, err)
}

func (s *API) decideRepair(c *gin.Context) error {
	n, req, err := posted[repairDecision](c)
	if err != nil {
		return err
	}
	v, err := s.svc.Enforcement.DecideRepair(c.Request.Context(), web.Actor(c), n, model.RepairState(req.Decision), req.Until, req.Reason)
	return answerRepair(c, http.StatusOK, v, err)
}

func (s *API) revokeRepair(c *gin.Context) error {
	n, req, err := posted[reasonOnly](c)
	if err != nil {
		return err
	}
	v, err := s.svc.Enforcement.RevokeRepair(c.Request.Context(), web.Actor(c), n, req.Reason)
	return answerRepair(c, http.StatusOK, v, err)
}

func (s *API) listings(c *gin.Context) error {
	return answerListings(c, false, func(before int64, limit int) ([]model.ListingLine, error) {
		return s.svc.Enforcement.Listings(c.Request.Context(), web.Actor(c), c.Query("court"), model.ListingSearch{Name: c.Query("name"), CaseNo: c.Query("case_no")}, before, limit)
	})
}

func (s *API) agencyListings(c *gin.Context) error {
	return answerListings(c, true, func(before int64, limit int) ([]model.ListingLine, error) {
		return s.svc.Enforcement.AgencyListings(c.Request.Context(), web.Actor(c), before, limit)
	})
}

func answerListings(c *gin.Context, full bool, read func(before int64, limit int) ([]model.ListingLine, error)) error {
	before, limit, err := pageFrom(c, "before")
	if err != nil {
		return err
	}
	list, err := read(before, limit)
	if err != nil {
		return err
	}
	out := listingList{Listings: []listingView{}}
	for _, l := range list {
		out.Listings = append(out.Listings, viewListing(l, full))
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func viewListing(l model.ListingLine, full bool) listingView {
	v := listingView{ID: l.ID, CaseNo: l.CaseNo, PublishedOn: model.DateOf(*l.FromAt), Until: l.Until, Masked: l.Masked}
	if v.Name, v.Number = l.Shown(full); !l.Masked {
		v.GroundText = l.Kind.GroundOf(l.Ground).Text
	}
	return v
}
