package handler

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/model"
	"microcourt/service/enforcement"
)

func (s *server) repairRoutes() []route {
	path := reason{model.NotFound, "path.not_found"}
	key := reason{model.Invalid, "idempotency.required"}
	why := reason{model.Invalid, "reason.required"}
	return []route{
		{
			method: http.MethodPost, path: "/cases/:id/repair-applications", act: model.ActRepairApply, summary: "申请信用修复（当事人），或由执行法官记录申请",
			input: repairRequest{}, output: repairView{}, status: http.StatusCreated, handle: s.applyRepair, reasons: []reason{
				path, key, why,
				{model.NotFound, "case.not_found"},
				{model.Invalid, "repair.party"},
				{model.Conflict, "repair.not_enforced"},
				{model.Conflict, "repair.open"},
			},
		},
		{
			method: http.MethodGet, path: "/cases/:id/repair-applications", act: model.ActRepairRead, summary: "案件的信用修复申请；当事人只看到本人的",
			input: casePath{}, output: caseRepairs{}, reasons: []reason{path, {model.NotFound, "case.not_found"}}, handle: s.caseRepairs,
		},
		{
			method: http.MethodGet, path: "/repair-applications", act: model.ActRepairQueue, summary: "信用修复申请列表：执行法官看本人的，院领导看全院的",
			input: repairQuery{}, output: repairList{}, handle: s.listRepairs,
		},
		{
			method: http.MethodPost, path: "/repair-applications/:id/check", act: model.ActRepairCheck, summary: "逐项核查信用修复条件（以最后一次为准）",
			input: repairTick{}, output: repairView{}, handle: s.checkRepair, reasons: []reason{
				path, key,
				{model.NotFound, "repair.not_found"},
				{model.Conflict, "repair.decided"},
				{model.Invalid, "repair.code"},
				{model.Invalid, "repair.note"},
			},
		},
		{
			method: http.MethodPost, path: "/repair-applications/:id/decide", act: model.ActRepairDecide, summary: "决定信用修复申请", input: repairDecision{},
			output: repairView{}, handle: s.decideRepair, reasons: []reason{
				path, why,
				{model.NotFound, "repair.not_found"},
				{model.Conflict, "repair.decided"},
				{model.Invalid, "repair.decision"},
				{model.Invalid, "repair.until"},
				{model.Conflict, "repair.unchecked"},
				{model.Conflict, "repair.unmet"},
			},
		},
	}
}

type repairRequest struct {
	ID      int64  `path:"id" json:"-"`
	Key     string `header:"Idempotency-Key" json:"-" required:"true"`
	PartyID int64  `json:"party_id" required:"true"`
	Reason  string `json:"reason" required:"true" description:"申请的事实和理由"`
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
	Decision string     `json:"decision" required:"true" enum:"suspended,masked,shortened,refused" description:"suspended 暂缓纳入、masked 屏蔽、shortened 缩短期限、refused 不予修复"`
	Until    model.Date `json:"until,omitempty" description:"暂缓至哪一日，或缩短后的期限届满日；其他决定不填"`
	Reason   string     `json:"reason" required:"true"`
}

type repairQuery struct {
	State string `query:"state" enum:"open,suspended,masked,shortened,refused" description:"不填则为全部"`
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
	ByOfficer      bool            `json:"by_officer" required:"true" description:"由执行法官记录"`
	Reason         string          `json:"reason" required:"true"`
	State          string          `json:"state" required:"true" enum:"open,suspended,masked,shortened,refused"`
	StateText      string          `json:"state_text" required:"true"`
	Until          model.Date      `json:"until,omitempty"`
	DecisionReason string          `json:"decision_reason" required:"true"`
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
		ID: v.ID, CaseID: v.CaseID, PartyID: v.PartyID, ByOfficer: v.ByOfficer, Reason: v.Reason, State: string(v.State), StateText: v.State.Chinese(), Until: v.Until,
		DecisionReason: v.DecisionReason, DueOn: v.DueOn, At: v.CreatedAt, Criteria: []criterionView{},
	}
	last := model.LastChecks(v.Checks)
	for _, c := range v.Criteria {
		t := last[c.Code]
		out.Criteria = append(out.Criteria, criterionView{Code: c.Code, Text: c.Text, Required: c.Required, Checked: t.ID != 0, Met: t.Met, Note: t.Note})
	}
	return out
}

func (s *server) applyRepair(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	var req repairRequest
	if err := bind(c, &req); err != nil {
		return err
	}
	v, err := s.svc.Enforcement.ApplyRepair(c.Request.Context(), actor(c), n, req.PartyID, req.Reason, key)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewRepair(*v))
	return nil
}

func (s *server) caseRepairs(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	list, err := s.svc.Enforcement.CaseRepairs(c.Request.Context(), actor(c), n)
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

func (s *server) listRepairs(c *gin.Context) error {
	after, limit, err := page(c)
	if err != nil {
		return err
	}
	list, err := s.svc.Enforcement.Repairs(c.Request.Context(), actor(c), model.RepairFilter{State: model.RepairState(c.Query("state")), After: after, Limit: limit})
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

func (s *server) checkRepair(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	var req repairTick
	if err := bind(c, &req); err != nil {
		return err
	}
	v, err := s.svc.Enforcement.CheckRepair(c.Request.Context(), actor(c), n, model.RepairCheck{Code: req.Code, Met: req.Met, Note: req.Note, IdemKey: key})
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewRepair(*v))
	return nil
}

func (s *server) decideRepair(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	var req repairDecision
	if err := bind(c, &req); err != nil {
		return err
	}
	v, err := s.svc.Enforcement.DecideRepair(c.Request.Context(), actor(c), n, model.RepairState(req.Decision), req.Until, req.Reason)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewRepair(*v))
	return nil
}
