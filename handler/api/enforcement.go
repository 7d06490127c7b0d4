package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
)

// enforcementRoutes are about enforcement cases and what is to be done by when.
func (s *API) enforcementRoutes() []Route {
	notFound := []Reason{{model.NotFound, "enforcement.not_found"}, {model.NotFound, "path.not_found"}}
	move := []Reason{{model.Invalid, "reason.required"}, {model.Invalid, "officer.unknown"}, {model.Invalid, "officer.same"}}
	return []Route{
		{
			Method: http.MethodPut, Path: "/case-system/enforcement-cases/*case_no", For: CaseSystem, Act: model.ActEnforcementPut, Summary: "审判管理系统推送执行案件（幂等，按版本号）",
			Input: enforcementPut{}, Output: enforcementWritten{}, MaxBody: 8 << 20, Handle: s.putEnforcement, Reasons: []Reason{
				{model.Invalid, "case.invalid"},
				{model.Invalid, "version.format"},
				{model.Invalid, "case_no.mismatch"},
				{model.Invalid, "enforcement.exists"},
				{model.Conflict, "case.stale"},
				{model.Conflict, "case.version_reused"},
			},
		},
		{
			Method: http.MethodPost, Path: "/enforcement-cases", Act: model.ActEnforcementFile, Summary: "录入执行案件", Input: filing.EnforcementInput{},
			Output: enforcementWritten{}, Status: http.StatusCreated, MaxBody: 8 << 20, Handle: s.fileEnforcement,
			Reasons: []Reason{{model.Invalid, "case.invalid"}, {model.Invalid, "enforcement.exists"}},
		},
		{
			Method: http.MethodGet, Path: "/enforcement-cases", For: PhoneStaff, Act: model.ActEnforcementRead, Summary: "执行案件列表（新的在前）", Input: enforcementQuery{},
			Output: enforcementList{}, Handle: s.listEnforcement, Reasons: []Reason{{model.Invalid, "filter.unknown"}},
		},
		{
			Method: http.MethodGet, Path: "/enforcement-cases/:id", For: PhoneStaff, Act: model.ActEnforcementRead, Summary: "执行案件详情", Input: casePath{},
			Output: enforcementDetail{}, Reasons: notFound, Handle: s.readEnforcement,
		},
		{
			Method: http.MethodPost, Path: "/enforcement-cases/:id/hand-over", Act: model.ActEnforcementHandOver, Summary: "移交一件执行案件", Input: enforcementMove{},
			Status: http.StatusNoContent, Handle: s.moveEnforcement, Reasons: slices.Concat(notFound, move, []Reason{{model.Conflict, "enforcement.changed"}}),
		},
		{
			Method: http.MethodPost, Path: "/enforcement-hand-overs", Act: model.ActEnforcementHandOver, Summary: "移交一名执行法官的全部未结案件", Input: enforcementMoveAll{},
			Output: enforcementMoved{}, Handle: s.moveAllEnforcement, Reasons: move,
		},
		{
			Method: http.MethodPost, Path: "/enforcement-cases/:id/close", Act: model.ActEnforcementClose, Summary: "执行案件结案", Input: enforcementClosing{},
			Output: enforcementView{}, Handle: s.closeEnforcement, Reasons: slices.Concat(notFound, []Reason{
				{model.Conflict, "enforcement.changed"},
				{model.Conflict, "enforcement.closed"},
				{model.Conflict, "enforcement.not_performed"},
				{model.Invalid, "enforcement.close_type"},
				{model.Invalid, "enforcement.closed_on"},
				{model.Invalid, "reason.required"},
			}),
		},
		{
			Method: http.MethodGet, Path: "/enforcement-imports/template", Act: model.ActEnforcementFile, Summary: "下载执行案件导入模板（.csv）",
			Produces: "text/csv", Handle: s.enforcementTemplate,
		},
		{
			Method: http.MethodPost, Path: "/enforcement-imports", Act: model.ActEnforcementFile, Summary: "导入执行案件（.xlsx 或 .csv），全部通过检查才会写入",
			Input: importForm{}, Output: importView{}, MaxBody: 20 << 20, Timeout: 3 * time.Minute, Handle: s.importEnforcement, Reasons: []Reason{
				{model.Invalid, "import.columns"},
				{model.Invalid, "import.file"},
				{model.Invalid, "import.empty"},
				{model.Invalid, "import.too_many"},
				{model.Unavailable, "import.busy"},
				{model.Invalid, "file.missing"},
			},
		},
		{
			Method: http.MethodGet, Path: "/tasks", For: PhoneStaff, Act: model.ActTaskRead, Summary: "待办事项（期限近的在前）", Input: taskQuery{}, Output: taskList{},
			Handle: s.listTasks, Reasons: []Reason{{model.Invalid, "filter.unknown"}},
		},
		{
			Method: http.MethodPost, Path: "/tasks/:id/finish", For: PhoneStaff, Act: model.ActTaskDo, Summary: "办结事项", Input: taskResult{}, Output: taskView{}, Handle: s.finishTask,
			Reasons: []Reason{
				{model.NotFound, "task.not_found"},
				{model.NotFound, "path.not_found"},
				{model.Conflict, "task.by_act"},
				{model.Conflict, "task.changed"},
				{model.Conflict, "task.done"},
				{model.Invalid, "task.result"},
				{model.Invalid, "file.unknown"},
			},
		},
	}
}

type enforcementPut struct {
	CaseNo  string `path:"case_no" json:"-"`
	Version int64  `json:"version" required:"true" description:"从 1 开始递增"`
	filing.EnforcementInput
}

type enforcementWritten struct {
	ID      int64  `json:"id" required:"true"`
	CaseID  int64  `json:"case_id" required:"true" description:"执行依据所在的案件"`
	CaseNo  string `json:"case_no" required:"true"`
	Outcome string `json:"outcome" required:"true" enum:"created,updated,unchanged"`
	Version int64  `json:"version" required:"true"`
}

type enforcementQuery struct {
	Mine   string `query:"mine" enum:",1" description:"只看本人的"`
	Open   string `query:"open" enum:",1" description:"只看未结的"`
	Kind   string `query:"kind" enum:",enforcement,resumed,preservation"`
	Text   string `query:"text" description:"执行案号开头，或被执行人姓名（全称）"`
	Before int64  `query:"before"`
	Limit  int    `query:"limit"`
}

type enforcementView struct {
	ID          int64      `json:"id" required:"true"`
	CaseID      int64      `json:"case_id" required:"true"`
	CaseNo      string     `json:"case_no" required:"true"`
	Kind        string     `json:"kind" required:"true"`
	KindName    string     `json:"kind_name" required:"true"`
	First       bool       `json:"first" required:"true" description:"首次执行"`
	FiledOn     model.Date `json:"filed_on" required:"true"`
	AmountFen   model.Fen  `json:"amount_fen" required:"true"`
	PerformBy   model.Date `json:"perform_by" required:"true" description:"执行通知书的限期"`
	PerformedOn model.Date `json:"performed_on" required:"true"`
	State       string     `json:"state" required:"true" enum:"open,closed"`
	ClosedOn    model.Date `json:"closed_on" required:"true"`
	CloseType   string     `json:"close_type" required:"true"`
	CloseName   string     `json:"close_type_name" required:"true"`
	CloseReason string     `json:"close_reason" required:"true"`
	Version     int64      `json:"version" required:"true"`
}

type enforcementLine struct {
	enforcementView
	BasisNo string     `json:"basis_no" required:"true"`
	Debtors string     `json:"debtors" required:"true"`
	Officer string     `json:"officer" required:"true"`
	NextDue *time.Time `json:"next_due" required:"true" nullable:"true"`
	Late    int        `json:"late" required:"true" description:"已超期的事项数"`
}

type enforcementList struct {
	Cases []enforcementLine `json:"cases" required:"true"`
	Next  int64             `json:"next" required:"true"`
}

type enforcementParty struct {
	PartyID int64  `json:"party_id" required:"true"`
	Role    string `json:"role" required:"true" enum:"applicant,debtor"`
	Name    string `json:"name" required:"true"`
}

type enforcementDetail struct {
	enforcementView
	Officer       string             `json:"officer" required:"true"`
	BasisNo       string             `json:"basis_no" required:"true"`
	Parties       []enforcementParty `json:"parties" required:"true"`
	ObligationIDs []int64            `json:"obligation_ids" required:"true"`
	OwedFen       model.Fen          `json:"owed_fen" required:"true"`
	OpenFen       model.Fen          `json:"open_fen" required:"true"`
	InterestFen   model.Fen          `json:"interest_fen" required:"true" description:"截至今日的加倍部分债务利息"`
	FeeFen        model.Fen          `json:"fee_fen" required:"true" description:"执行申请费"`
	Tasks         []taskView         `json:"tasks" required:"true"`
}

type enforcementMove struct {
	ID        int64  `path:"id" json:"-"`
	ToOfficer string `json:"to_officer" required:"true" description:"接收法官的登录名"`
	Reason    string `json:"reason" required:"true"`
	Version   int64  `json:"version" required:"true"`
}

type enforcementMoveAll struct {
	FromOfficer string `json:"from_officer" required:"true" description:"移交人的登录名"`
	ToOfficer   string `json:"to_officer" required:"true"`
	Reason      string `json:"reason" required:"true"`
}

type enforcementMoved struct {
	Moved int `json:"moved" required:"true"`
}

type enforcementClosing struct {
	ID        int64      `path:"id" json:"-"`
	CloseType string     `json:"close_type" required:"true" enum:"performed,this_round,ended,cancelled,not_enforced,rejected"`
	ClosedOn  model.Date `json:"closed_on" required:"true"`
	Reason    string     `json:"reason,omitempty"`
	Version   int64      `json:"version" required:"true"`
}

type taskQuery struct {
	State string `query:"state" enum:",open,done,cancelled" description:"默认待办"`
	After string `query:"after" description:"上一页返回的 next"`
	Limit int    `query:"limit"`
}

type taskView struct {
	ID                int64     `json:"id" required:"true"`
	CaseID            int64     `json:"case_id" required:"true"`
	EnforcementCaseID int64     `json:"enforcement_case_id" required:"true"`
	CaseNo            string    `json:"case_no" required:"true"`
	Kind              string    `json:"kind" required:"true"`
	Title             string    `json:"title" required:"true"`
	DueAt             time.Time `json:"due_at" required:"true"`
	DueReason         string    `json:"due_reason" required:"true"`
	Late              bool      `json:"late" required:"true"`
	State             string    `json:"state" required:"true" enum:"open,done,cancelled"`
	Result            string    `json:"result" required:"true"`
	Owner             string    `json:"owner" required:"true"`
	Version           int64     `json:"version" required:"true"`
}

type taskList struct {
	Tasks []taskView `json:"tasks" required:"true"`
	Next  string     `json:"next" required:"true"`
}

type taskResult struct {
	ID      int64  `path:"id" json:"-"`
	Result  string `json:"result" required:"true"`
	FileID  int64  `json:"file_id,omitempty" description:"证明材料（已上传到本案的文件）"`
	Version int64  `json:"version" required:"true"`
}

func viewEnforcement(e model.EnforcementCase) enforcementView {
	return enforcementView{
		ID: e.ID, CaseID: e.CaseID, CaseNo: e.CaseNo, Kind: string(e.Kind), KindName: e.Kind.Chinese(), First: e.First, FiledOn: e.FiledOn, AmountFen: e.AmountFen,
		PerformBy: e.PerformBy, PerformedOn: e.PerformedOn, State: string(e.State), ClosedOn: e.ClosedOn, CloseType: string(e.CloseType),
		CloseName: e.CloseType.Chinese(), CloseReason: e.CloseReason, Version: e.Version,
	}
}

func (s *API) viewTask(t model.TaskLine) taskView {
	return taskView{
		ID: t.ID, CaseID: t.CaseID, EnforcementCaseID: t.EnforcementCaseID, CaseNo: t.CaseNo, Kind: string(t.Kind), Title: t.Title, DueAt: t.DueAt.UTC(),
		DueReason: t.DueReason, Late: t.Late(s.cfg.Now()), State: string(t.State), Result: t.Result, Owner: t.Owner, Version: t.Version,
	}
}

func (s *API) putEnforcement(c *gin.Context) error {
	var req enforcementPut
	if err := bind(c, &req); err != nil {
		return err
	}
	no, err := model.ParseCaseNo(strings.TrimPrefix(c.Param("case_no"), "/"))
	if err != nil {
		return err
	}
	if body, err := model.ParseCaseNo(req.EnforcementInput.CaseNo); err != nil || body != no {
		return model.InvalidField("case_no", "case_no.mismatch", "地址中的案号与内容中的案号不一致")
	}
	e, out, err := s.svc.Filing.PutEnforcement(c.Request.Context(), web.Actor(c), req.EnforcementInput, req.Version)
	return writeEnforcement(c, http.StatusOK, e, out, err)
}

func (s *API) fileEnforcement(c *gin.Context) error {
	var req filing.EnforcementInput
	if err := bind(c, &req); err != nil {
		return err
	}
	e, out, err := s.svc.Filing.FileEnforcement(c.Request.Context(), web.Actor(c), req)
	return writeEnforcement(c, http.StatusCreated, e, out, err)
}

func writeEnforcement(c *gin.Context, status int, e *model.EnforcementFile, out filing.Outcome, err error) error {
	if err != nil {
		return err
	}
	c.JSON(status, enforcementWritten{ID: e.ID, CaseID: e.CaseID, CaseNo: e.CaseNo, Outcome: string(out), Version: e.Version})
	return nil
}

func (s *API) listEnforcement(c *gin.Context) error {
	before, limit, err := pageFrom(c, "before")
	if err != nil {
		return err
	}
	f := model.EnforcementFilter{Open: c.Query("open") == "1", Kind: model.EnforcementKind(c.Query("kind")), Text: c.Query("text"), Before: before, Limit: limit}
	if f.Kind != "" && f.Kind.Chinese() == "" || len(f.Text) > 200 {
		return model.InvalidField("kind", "filter.unknown", "筛选条件不正确")
	}
	if c.Query("mine") == "1" {
		f.OfficerID = web.Actor(c).UserID
	}
	list, err := s.svc.Enforcement.Cases(c.Request.Context(), web.Actor(c), f)
	if err != nil {
		return err
	}
	out := enforcementList{Cases: []enforcementLine{}}
	for _, l := range list {
		v := enforcementLine{enforcementView: viewEnforcement(l.EnforcementCase), BasisNo: l.BasisNo, Debtors: l.Debtors, Officer: l.Officer, Late: l.Late}
		if !l.NextDue.IsZero() {
			at := l.NextDue.UTC()
			v.NextDue = &at
		}
		out.Cases = append(out.Cases, v)
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) readEnforcement(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	d, err := s.svc.Enforcement.Case(c.Request.Context(), web.Actor(c), caseID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, s.viewEnforcementDetail(d))
	return nil
}

func (s *API) viewEnforcementDetail(d *enforcement.Detail) enforcementDetail {
	v := enforcementDetail{
		enforcementView: viewEnforcement(d.File.EnforcementCase), Officer: d.Officer, BasisNo: d.Case.CaseNo, OwedFen: d.OwedFen, OpenFen: d.OpenFen,
		InterestFen: d.InterestFen, FeeFen: d.FeeFen, Parties: []enforcementParty{}, ObligationIDs: []int64{}, Tasks: []taskView{},
	}
	for _, p := range d.File.Parties {
		v.Parties = append(v.Parties, enforcementParty{PartyID: p.PartyID, Role: string(p.Role), Name: d.Party(p.PartyID)})
	}
	for _, o := range d.File.Obligations {
		v.ObligationIDs = append(v.ObligationIDs, o.ObligationID)
	}
	for _, t := range d.Tasks {
		v.Tasks = append(v.Tasks, s.viewTask(t))
	}
	return v
}

func (s *API) moveEnforcement(c *gin.Context) error {
	caseID, req, err := posted[enforcementMove](c)
	if err != nil {
		return err
	}
	if err := s.svc.Enforcement.HandOver(c.Request.Context(), web.Actor(c), caseID, req.Version, req.ToOfficer, req.Reason); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *API) moveAllEnforcement(c *gin.Context) error {
	var req enforcementMoveAll
	if err := bind(c, &req); err != nil {
		return err
	}
	n, err := s.svc.Enforcement.HandOverAll(c.Request.Context(), web.Actor(c), req.FromOfficer, req.ToOfficer, req.Reason)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, enforcementMoved{n})
	return nil
}

func (s *API) closeEnforcement(c *gin.Context) error {
	caseID, req, err := posted[enforcementClosing](c)
	if err != nil {
		return err
	}
	e, err := s.svc.Enforcement.Close(c.Request.Context(), web.Actor(c), caseID, req.Version, model.CloseType(req.CloseType), req.ClosedOn, req.Reason)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewEnforcement(e.EnforcementCase))
	return nil
}

func (s *API) enforcementTemplate(c *gin.Context) error {
	c.Header("Content-Disposition", `attachment; filename="enforcement.csv"`)
	c.Header("Content-Type", "text/csv; charset=utf-8")
	return filing.EnforcementTemplateCSV(c.Writer)
}

func (s *API) importEnforcement(c *gin.Context) error {
	part, err := firstFile(c)
	if err != nil {
		return err
	}
	dry := c.Query("dry_run") == "1"
	rep, err := s.svc.Filing.ImportEnforcement(c.Request.Context(), web.Actor(c), part, dry)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewImport(rep, dry))
	return nil
}

func (s *API) listTasks(c *gin.Context) error {
	_, limit, err := pageFrom(c, "")
	if err != nil {
		return err
	}
	f := model.TaskFilter{State: model.TaskState(c.DefaultQuery("state", string(model.TaskOpen))), Limit: limit}
	if f.State.Chinese() == "" {
		return model.InvalidField("state", "filter.unknown", "筛选条件不正确")
	}
	if err := f.ReadMark(c.Query("after")); err != nil {
		return err
	}
	list, err := s.svc.Enforcement.Tasks(c.Request.Context(), web.Actor(c), f)
	if err != nil {
		return err
	}
	out := taskList{Tasks: []taskView{}}
	for _, t := range list {
		out.Tasks = append(out.Tasks, s.viewTask(t))
	}
	if len(list) == limit {
		out.Next = list[limit-1].Mark()
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) finishTask(c *gin.Context) error {
	taskID, req, err := posted[taskResult](c)
	if err != nil {
		return err
	}
	t, err := s.svc.Enforcement.Finish(c.Request.Context(), web.Actor(c), taskID, req.Version, req.Result, req.FileID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, s.viewTask(model.TaskLine{Task: *t}))
	return nil
}
