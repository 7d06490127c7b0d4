package api

import (
	"context"
	"net/http"
	"time"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/enforcement"
)

func (s *API) repairRoutes() []Route {
	why := Reason{model.Invalid, "reason.required"}
	return []Route{
		{
			Method: http.MethodPost, Path: "/cases/:id/repair-applications", For: Phone, Act: model.ActRepairApply, Summary: "申请信用修复（当事人），或由执行法官记录申请",
			Status: http.StatusCreated, Do: do(s.applyRepair), Reasons: []Reason{
				why,
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
			Reasons: []Reason{{model.NotFound, "case.not_found"}}, Do: do(s.caseRepairs),
		},
		{
			Method: http.MethodGet, Path: "/repair-applications", For: PhoneStaff, Act: model.ActRepairQueue, Summary: "信用修复申请列表：执行法官看本人的，院领导看全院的",
			Do: do(s.listRepairs),
		},
		{
			Method: http.MethodPost, Path: "/repair-applications/:id/decide", For: PhoneStaff, Act: model.ActRepairDecide, Summary: "决定信用修复申请",
			Do: do(s.decideRepair), Reasons: []Reason{
				why,
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
			Method: http.MethodGet, Path: "/listings", For: Public, Act: model.ActPublic, Summary: "本院公布的失信被执行人名单；暂缓公开的不在其中，屏蔽的隐去身份和事由",
			Limit: web.LimitVerify, Do: do(s.listPublishedListings), Reasons: []Reason{
				{model.NotFound, "court.not_found"},
				{model.Invalid, "listing.name"},
				{model.Invalid, "case_no.format"},
				{model.Invalid, "case_no.year"},
				{model.Invalid, "case_no.type"},
			},
		},
		{
			Method: http.MethodGet, Path: "/agency/listings", For: Agency, Act: model.ActListingFetch, Summary: "供责任单位使用的失信被执行人名单；此前取得而不在其中的，应停止惩戒",
			Do: do(s.agencyListings),
		},
	}
}

type repairRequest struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID int64 `json:"party_id" required:"true"`
	// MeasureID is the listing; without one it is whichever stands at the decision.
	MeasureID int64      `json:"measure_id,omitempty" description:"失信信息或者限制消费措施的编号；尚未纳入的不填"`
	Reason    string     `json:"reason" required:"true" description:"申请的事实和理由"`
	AppliedOn model.Date `json:"applied_on,omitzero" description:"执行法官记录书面申请的，填收到的日期，期限由此起算"`
	FileID    int64      `json:"file_id,omitempty" description:"书面申请的扫描件"`
}

type repairDecision struct {
	ID       int64      `path:"id" json:"-"`
	Decision string     `json:"decision" required:"true" enum:"suspended,masked,shortened,paused,refused" description:"suspended 暂缓纳入、masked 屏蔽、shortened 缩短期限、paused 暂停限制消费（申请针对限制消费措施的）、refused 不予修复"`
	Until    model.Date `json:"until,omitempty" description:"暂缓或者暂停至哪一日、屏蔽至哪一日（可不填），或缩短后的期限届满日；不予修复不填"`
	Reason   string     `json:"reason" required:"true"`
}

type listingQuery struct {
	Court  string `query:"court" json:"-" required:"true" description:"法院代字，如浙0211"`
	Name   string `query:"name" json:"-" description:"姓名或名称，须完整；因信用修复屏蔽的查不到"`
	CaseNo string `query:"case_no" json:"-" description:"执行案号"`
	pageQuery
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
	Next     string        `json:"next" required:"true"`
}

type repairQuery struct {
	State string `query:"state" json:"-" enum:"open,suspended,masked,shortened,paused,refused" description:"不填则为全部"`
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
	Next         string       `json:"next" required:"true"`
}

func viewRepair(v enforcement.RepairView) repairView {
	last := model.LastChecks(v.Checks)
	return repairView{
		ID: v.ID, CaseID: v.CaseID, PartyID: v.PartyID, MeasureID: v.MeasureID, ByOfficer: v.ByOfficer, AppliedOn: v.AppliedOn, Reason: v.Reason, State: string(v.State),
		StateText: v.State.Chinese(), Until: v.Until, Effect: v.Effect(), DecisionReason: v.DecisionReason, RevokedAt: v.RevokedAt, RevokeReason: v.RevokeReason, DueOn: v.DueOn, At: v.CreatedAt,
		Criteria: each(v.Criteria, func(c model.RepairCriterion) criterionView {
			t := last[c.Code]
			return criterionView{Code: c.Code, Text: c.Text, Required: c.Required, Checked: t.ID != 0, Met: t.Met, Note: t.Note}
		}),
	}
}

func viewRepairLine(l model.RepairLine) repairView {
	v := viewRepair(enforcement.RepairView{RepairApplication: l.RepairApplication})
	v.CaseNo, v.Name, v.Criteria = l.CaseNo, l.Name, []criterionView{}
	return v
}

// repairAfter is an application as it is after an act, unless err says why the
// act was not done.
func repairAfter(v *enforcement.RepairView, err error) (repairView, error) {
	if err != nil {
		return repairView{}, err
	}
	return viewRepair(*v), nil
}

func (s *API) applyRepair(ctx context.Context, by model.Actor, in repairRequest) (repairView, error) {
	return repairAfter(s.svc.Enforcement.ApplyRepair(ctx, by, enforcement.RepairInput{
		CaseID: in.ID, PartyID: in.PartyID, MeasureID: in.MeasureID, Reason: in.Reason, AppliedOn: in.AppliedOn, FileID: in.FileID, Key: in.Key,
	}))
}

func (s *API) caseRepairs(ctx context.Context, by model.Actor, in idPath) (caseRepairs, error) {
	list, err := s.svc.Enforcement.CaseRepairs(ctx, by, in.ID)
	return caseRepairs{Applications: each(list, viewRepair)}, err
}

func (s *API) listRepairs(ctx context.Context, by model.Actor, in repairQuery) (repairList, error) {
	list, err := s.svc.Enforcement.Repairs(ctx, by, model.RepairFilter{State: model.RepairState(in.State), After: in.After.ID, Limit: in.more()})
	return repairList{
		Applications: each(cut(in.pageQuery, list), viewRepairLine), Next: next(in.pageQuery, list, func(l model.RepairLine) int64 { return l.ID }),
	}, err
}

func (s *API) decideRepair(ctx context.Context, by model.Actor, in repairDecision) (repairView, error) {
	return repairAfter(s.svc.Enforcement.DecideRepair(ctx, by, in.ID, model.RepairState(in.Decision), in.Until, in.Reason))
}

func (s *API) listPublishedListings(ctx context.Context, by model.Actor, in listingQuery) (listingList, error) {
	list, err := s.svc.Enforcement.Listings(ctx, by, in.Court, model.ListingSearch{Name: in.Name, CaseNo: in.CaseNo}, in.After.ID, in.more())
	return viewListings(in.pageQuery, list, false), err
}

func (s *API) agencyListings(ctx context.Context, by model.Actor, in pageQuery) (listingList, error) {
	list, err := s.svc.Enforcement.AgencyListings(ctx, by, in.After.ID, in.more())
	return viewListings(in, list, true), err
}

func viewListings(in pageQuery, list []model.ListingLine, full bool) listingList {
	return listingList{
		Listings: each(cut(in, list), func(l model.ListingLine) listingView { return viewListing(l, full) }),
		Next:     next(in, list, func(l model.ListingLine) int64 { return l.ID }),
	}
}

func viewListing(l model.ListingLine, full bool) listingView {
	v := listingView{ID: l.ID, CaseNo: l.CaseNo, PublishedOn: model.DateOf(*l.FromAt), Until: l.Until, Masked: l.Masked}
	if v.Name, v.Number = l.Shown(full); !l.Masked {
		v.GroundText = l.Kind.GroundOf(l.Ground).Text
	}
	return v
}
