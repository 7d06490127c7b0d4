package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/agency"
)

// dutyFields are what can be wrong with a duty that one types.
var dutyFields = []Reason{
	{model.Invalid, "duty.kind"},
	{model.Invalid, "duty.requirement"},
	{model.Invalid, "duty.basis"},
	{model.Invalid, "duty.evidence"},
	{model.Invalid, "duty.unit"},
	{model.Invalid, "duty.recurrence"},
	{model.Invalid, "duty.due"},
	{model.Invalid, "duty.days"},
	{model.Invalid, "duty.subjects"},
	{model.Invalid, "duty.measures"},
}

// dutyRoutes are the list of duties, the tasks that come of it, and what the
// court makes of agencies' reports.
func (s *API) dutyRoutes() []Route {
	on := []Reason{{model.NotFound, "duty.not_found"}, {model.NotFound, "path.not_found"}}
	report := []Reason{{model.NotFound, "report.not_found"}, {model.NotFound, "path.not_found"}, {model.Conflict, "report.decided"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/duties", Act: model.ActAgencyRead, Summary: "责任事项", Input: dutyQuery{}, Output: dutyListView{}, Handle: s.listDuties,
		},
		{
			Method: http.MethodPost, Path: "/duties", Act: model.ActAgencyManage, Summary: "新增责任事项（同一单位的同一编号视为重复提交）", Input: dutyInput{},
			Output: dutyView{}, Status: http.StatusCreated, Repeats: true, Handle: s.addDuty, Reasons: append(slices.Clone(dutyFields),
				Reason{model.NotFound, "agency.not_found"}, Reason{model.Invalid, "duty.code"}, Reason{model.Conflict, "duty.exists"}, Reason{model.Conflict, "agency.ended"}),
		},
		{
			Method: http.MethodGet, Path: "/duties/:id", Act: model.ActAgencyRead, Summary: "一项责任事项", Input: casePath{}, Output: dutyView{}, Reasons: on,
			Handle: s.readDuty,
		},
		{
			Method: http.MethodPut, Path: "/duties/:id", Act: model.ActAgencyManage, Summary: "修改责任事项", Input: dutyChange{}, Output: dutyView{}, Handle: s.changeDuty,
			Reasons: slices.Concat(on, dutyFields, []Reason{{model.Invalid, "duty.fixed"}, {model.Conflict, "duty.ended"}, {model.Conflict, "duty.changed"}}),
		},
		{
			Method: http.MethodPost, Path: "/duties/:id/end", Act: model.ActAgencyManage, Summary: "停用责任事项：尚未报送的任务取消，已采取的惩戒仍须解除",
			Input: versionOnly{}, Output: dutyView{}, Reasons: append(slices.Clone(on), Reason{model.Conflict, "duty.changed"}), Handle: s.endDuty,
		},
		{
			Method: http.MethodGet, Path: "/duty-lists", Act: model.ActAgencyRead, Summary: "事项清单的各版本（新的在前）", Output: dutyVersions{}, Handle: s.listDutyLists,
		},
		{
			Method: http.MethodGet, Path: "/duty-lists/template", Act: model.ActAgencyManage, Summary: "下载事项清单的模板，或者系统建议的清单", Input: listQuery{},
			Produces: "text/csv; charset=utf-8", Handle: s.dutyTemplate,
		},
		{
			Method: http.MethodPost, Path: "/duty-lists", Act: model.ActAgencyManage, Summary: "导入事项清单（.xlsx 或 .csv），整体替换上一版；有一行错误则不写入",
			Input: dutyImport{}, Output: dutyImportView{}, MaxBody: 20 << 20, Timeout: 3 * time.Minute, Handle: s.loadDuties,
			Reasons: []Reason{
				{model.Invalid, "import.columns"},
				{model.Invalid, "import.file"},
				{model.Invalid, "import.empty"},
				{model.Invalid, "import.too_many"},
				{model.Unavailable, "import.busy"},
				{model.Invalid, "file.missing"},
				{model.Conflict, "duty.list_changed"},
			},
		},
		{
			Method: http.MethodPost, Path: "/duty-lists/suggested", Act: model.ActDutyAdopt, Summary: "载入系统建议的清单，作为本院第一版；责任单位和时限为建议，须由法院核对",
			Input: dutyAdoption{}, Output: dutyImportView{}, Timeout: time.Minute, Handle: s.adoptDuties, Reasons: []Reason{{model.Conflict, "duty.list_exists"}},
		},
		{
			Method: http.MethodGet, Path: "/duty-backfills", Act: model.ActAgencyRead, Summary: "对已生效的措施补发任务的情况（新的在前）", Output: dutyBackfills{},
			Handle: s.listBackfills,
		},
		{
			Method: http.MethodGet, Path: "/duty-tasks", Act: model.ActDutyRead, Summary: "责任单位的任务（按时限先后；惩戒对象姓名遮挡）",
			Reasons: []Reason{{model.NotFound, "duty_task.not_found"}}, Do: do(s.courtDutyTasks),
		},
		{
			Method: http.MethodGet, Path: "/duty-tasks/:id", Act: model.ActDutyRead, Summary: "一项任务和报送（看到惩戒对象的留痕）",
			Reasons: []Reason{{model.NotFound, "duty_task.not_found"}}, Do: do(s.readDutyTask),
		},
		{
			Method: http.MethodPost, Path: "/duty-reports/:id/accept", Act: model.ActDutyDecide, Summary: "认可报送", Input: casePath{}, Output: dutyReportView{},
			Reasons: append(slices.Clone(report), Reason{model.Conflict, "duty.own"}), Handle: s.acceptReport,
		},
		{
			Method: http.MethodPost, Path: "/duty-reports/:id/return", Act: model.ActDutyDecide, Summary: "写明原因退回报送", Input: reportReturn{},
			Output: dutyReportView{}, Reasons: append(slices.Clone(report), Reason{model.Invalid, "reason.required"}, Reason{model.Conflict, "duty.own"}), Handle: s.returnReport,
		},
		{
			Method: http.MethodGet, Path: "/duty-progress", Act: model.ActAgencyRead, Summary: "各责任单位的完成情况：时限在期间内的任务",
			Reasons: []Reason{{model.Invalid, "period.range"}}, Do: do(s.dutyProgress),
		},
	}
}

type dutyQuery struct {
	pageQuery
	AgencyID int64  `query:"agency_id"`
	Kind     string `query:"kind" enum:",sanction,incentive"`
	Active   string `query:"active" enum:",1" description:"只列现行的"`
}

type dutyText struct {
	Kind        string     `json:"kind" required:"true" description:"sanction 联合惩戒、incentive 正向激励"`
	Requirement string     `json:"requirement" required:"true" description:"工作要求"`
	Basis       string     `json:"basis" description:"依据"`
	Evidence    string     `json:"evidence" description:"佐证材料"`
	Unit        string     `json:"unit" description:"计量单位，不计数量的不填"`
	Recurrence  string     `json:"recurrence" required:"true" description:"each 每案、once 一次、monthly 每月、quarterly 每季度、yearly 每年"`
	DueOn       model.Date `json:"due_on" description:"时限或者第一个截止日；每案的不填"`
	DueDays     int        `json:"due_days" description:"每案：采取措施后多少个工作日内落实"`
	LiftDays    int        `json:"lift_days" description:"每案：解除措施后多少个工作日内解除，0 为无需报送"`
	Measures    []string   `json:"measures" description:"每案：listing 失信被执行人名单、consumption 限制高消费"`
	Subjects    string     `json:"subjects" description:"每案：person 自然人、organisation 单位，不填为全部"`
}

func (t dutyText) duty() model.AgencyDuty {
	d := model.AgencyDuty{
		Kind: model.DutyKind(t.Kind), Requirement: t.Requirement, Basis: t.Basis, Evidence: t.Evidence, Unit: t.Unit, Recurrence: model.Recurrence(t.Recurrence),
		DueOn: t.DueOn, DueDays: t.DueDays, LiftDays: t.LiftDays, Subjects: model.SubjectKind(t.Subjects),
	}
	for _, k := range t.Measures {
		d.Measures = append(d.Measures, model.MeasureKind(k))
	}
	return d
}

type dutyInput struct {
	AgencyID int64  `json:"agency_id" required:"true"`
	Code     string `json:"code" required:"true" description:"事项编号，在该单位内唯一"`
	Backfill bool   `json:"backfill" description:"每案的事项：对已生效的措施补发任务，时限自今日起算"`
	dutyText
}

type dutyChange struct {
	ID      int64 `path:"id" json:"-"`
	Version int64 `json:"version" required:"true"`
	dutyText
}

type listQuery struct {
	List string `query:"list" enum:",default" description:"default 为系统建议的清单，否则为模板"`
}

type dutyImport struct {
	DryRun   string `query:"dry_run" enum:",1" description:"只检查，不写入"`
	Version  int64  `query:"version" description:"文件所替换的那一版，还没有清单时为 0"`
	Source   string `query:"source" description:"清单的来源，如文件名称和文号"`
	Backfill string `query:"backfill" enum:",1" description:"对已生效的措施补发任务，时限自导入之日起算"`
	importFile
}

type dutyAdoption struct {
	DryRun   bool `json:"dry_run" description:"只检查，不写入"`
	Backfill bool `json:"backfill" description:"对已生效的措施补发任务，时限自载入之日起算"`
}

type dutyTaskQuery struct {
	pageQuery
	AgencyID int64 `query:"agency_id" json:"-"`
	dutyTaskFilter
}

type reportReturn struct {
	ID     int64  `path:"id" json:"-"`
	Reason string `json:"reason" required:"true" description:"责任单位会看到"`
}

type progressQuery struct {
	AgencyID int64      `query:"agency_id" json:"-" description:"只看一个单位，按事项分列"`
	Kind     string     `query:"kind" json:"-" enum:",sanction,incentive"`
	From     model.Date `query:"from" json:"-" required:"true"`
	Until    model.Date `query:"until" json:"-" required:"true"`
}

type dutyView struct {
	ID             int64      `json:"id" required:"true"`
	AgencyID       int64      `json:"agency_id" required:"true"`
	Agency         string     `json:"agency" required:"true"`
	Code           string     `json:"code" required:"true"`
	Kind           string     `json:"kind" required:"true" enum:"sanction,incentive"`
	Requirement    string     `json:"requirement" required:"true"`
	Basis          string     `json:"basis" required:"true"`
	Evidence       string     `json:"evidence" required:"true"`
	Unit           string     `json:"unit" required:"true"`
	Recurrence     string     `json:"recurrence" required:"true" enum:"each,once,monthly,quarterly,yearly"`
	RecurrenceText string     `json:"recurrence_text" required:"true"`
	When           string     `json:"when" required:"true" description:"时限的文字说明"`
	DueOn          model.Date `json:"due_on"`
	DueDays        int        `json:"due_days" required:"true"`
	LiftDays       int        `json:"lift_days" required:"true"`
	Measures       []string   `json:"measures" required:"true"`
	Subjects       string     `json:"subjects" required:"true"`
	EndedOn        model.Date `json:"ended_on"`
	Version        int64      `json:"version" required:"true"`
}

type dutyListView struct {
	Duties []dutyView `json:"duties" required:"true"`
	Next   int64      `json:"next" required:"true" description:"下一页的 after，0 为没有"`
}

type dutyVersionView struct {
	ID        int64     `json:"id" required:"true"`
	Version   int64     `json:"version" required:"true"`
	Source    string    `json:"source" required:"true"`
	Duties    int       `json:"duties" required:"true"`
	Created   int       `json:"created" required:"true"`
	Changed   int       `json:"changed" required:"true"`
	Ended     int       `json:"ended" required:"true"`
	CreatedAt time.Time `json:"created_at" required:"true"`
}

type dutyVersions struct {
	Lists []dutyVersionView `json:"lists" required:"true"`
}

type dutyBackfillView struct {
	ListID   int64      `json:"list_id" required:"true" description:"因哪一版清单，0 为因单个事项"`
	DutyID   int64      `json:"duty_id" required:"true" description:"因哪一事项，0 为因清单"`
	FromOn   model.Date `json:"from_on" required:"true" description:"时限起算日"`
	Measures int        `json:"measures" required:"true" description:"已核对的措施"`
	Opened   int        `json:"opened" required:"true" description:"已补发的任务"`
	DoneAt   *time.Time `json:"done_at" description:"完成时间，没有则仍在进行"`
}

type dutyBackfills struct {
	Backfills []dutyBackfillView `json:"backfills" required:"true"`
}

type rowProblem struct {
	Row     int    `json:"row" required:"true"`
	Column  string `json:"column" required:"true"`
	Reason  string `json:"reason" required:"true"`
	Message string `json:"message" required:"true"`
}

type dutyImportView struct {
	Rows      int          `json:"rows" required:"true"`
	Agencies  int          `json:"agencies" required:"true" description:"新增的单位"`
	Created   int          `json:"created" required:"true"`
	Changed   int          `json:"changed" required:"true"`
	Unchanged int          `json:"unchanged" required:"true"`
	Ended     int          `json:"ended" required:"true" description:"新清单中没有而停用的"`
	Version   int64        `json:"version" required:"true" description:"现行版本"`
	Imported  bool         `json:"imported" required:"true"`
	Problems  []rowProblem `json:"problems" required:"true" description:"不为空时没有写入任何内容"`
}

type progressCount struct {
	AgencyID    int64  `json:"agency_id" required:"true"`
	Agency      string `json:"agency" required:"true"`
	DutyID      int64  `json:"duty_id" required:"true" description:"只看一个单位时为事项编号，否则为 0"`
	Requirement string `json:"requirement" required:"true"`
	Due         int64  `json:"due" required:"true" description:"时限在期间内的任务"`
	Done        int64  `json:"done" required:"true" description:"其中已认可"`
	Late        int64  `json:"late" required:"true" description:"已认可中逾期报送的"`
	Waiting     int64  `json:"waiting" required:"true" description:"等待法院审核"`
	Overdue     int64  `json:"overdue" required:"true" description:"逾期未报送"`
	Open        int64  `json:"open" required:"true" description:"未到时限"`
}

type progressView struct {
	From  model.Date      `json:"from" required:"true"`
	Until model.Date      `json:"until" required:"true"`
	Lines []progressCount `json:"lines" required:"true"`
	Total progressCount   `json:"total" required:"true"`
}

func viewDuty(d model.AgencyDuty, name string) dutyView {
	v := dutyView{
		ID: d.ID, AgencyID: d.AgencyID, Agency: name, Code: d.Code, Kind: string(d.Kind), Requirement: d.Requirement, Basis: d.Basis, Evidence: d.Evidence, Unit: d.Unit,
		Recurrence: string(d.Recurrence), RecurrenceText: d.Recurrence.Chinese(), When: d.When(), DueOn: d.DueOn, DueDays: d.DueDays, LiftDays: d.LiftDays,
		Measures: []string{}, Subjects: string(d.Subjects), EndedOn: d.EndedOn, Version: d.Version,
	}
	for _, k := range d.Measures {
		v.Measures = append(v.Measures, string(k))
	}
	return v
}

func (s *API) listDuties(c *gin.Context) error {
	after, limit, err := page(c)
	if err != nil {
		return err
	}
	f := model.AgencyDutyFilter{Kind: model.DutyKind(c.Query("kind")), Active: c.Query("active") == "1", After: after, Limit: limit}
	if f.AgencyID, err = web.QueryNumber(c, "agency_id"); err != nil {
		return err
	}
	list, err := s.svc.Agency.Duties(c.Request.Context(), web.Actor(c), f)
	if err != nil {
		return err
	}
	out := dutyListView{Duties: []dutyView{}}
	for _, d := range list {
		out.Duties = append(out.Duties, viewDuty(d.AgencyDuty, d.Agency))
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// writeDuty answers with a duty as it now stands, and its agency's name.
func (s *API) writeDuty(c *gin.Context, status int, d *model.AgencyDuty, err error) error {
	if err != nil {
		return err
	}
	l, err := s.svc.Agency.Duty(c.Request.Context(), web.Actor(c), d.ID)
	if err != nil {
		return err
	}
	c.JSON(status, viewDuty(*d, l.Agency))
	return nil
}

func (s *API) addDuty(c *gin.Context) error {
	var req dutyInput
	if err := bind(c, &req); err != nil {
		return err
	}
	d := req.duty()
	d.AgencyID, d.Code = req.AgencyID, req.Code
	out, created, err := s.svc.Agency.AddDuty(c.Request.Context(), web.Actor(c), d, req.Backfill)
	return s.writeDuty(c, made(created), out, err)
}

func (s *API) readDuty(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	d, err := s.svc.Agency.Duty(c.Request.Context(), web.Actor(c), n)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewDuty(d.AgencyDuty, d.Agency))
	return nil
}

func (s *API) changeDuty(c *gin.Context) error {
	n, req, err := posted[dutyChange](c)
	if err != nil {
		return err
	}
	d, err := s.svc.Agency.ChangeDuty(c.Request.Context(), web.Actor(c), n, req.Version, req.duty())
	return s.writeDuty(c, http.StatusOK, d, err)
}

func (s *API) endDuty(c *gin.Context) error {
	n, req, err := posted[versionOnly](c)
	if err != nil {
		return err
	}
	d, err := s.svc.Agency.EndDuty(c.Request.Context(), web.Actor(c), n, req.Version)
	return s.writeDuty(c, http.StatusOK, d, err)
}

func (s *API) listDutyLists(c *gin.Context) error {
	list, err := s.svc.Agency.Lists(c.Request.Context(), web.Actor(c))
	if err != nil {
		return err
	}
	out := dutyVersions{Lists: []dutyVersionView{}}
	for _, l := range list {
		out.Lists = append(out.Lists, dutyVersionView{
			ID: l.ID, Version: l.Version, Source: l.Source, Duties: l.Duties, Created: l.Created, Changed: l.Changed, Ended: l.Ended, CreatedAt: l.CreatedAt,
		})
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) listBackfills(c *gin.Context) error {
	list, err := s.svc.Agency.Backfills(c.Request.Context(), web.Actor(c))
	if err != nil {
		return err
	}
	out := dutyBackfills{Backfills: []dutyBackfillView{}}
	for _, b := range list {
		out.Backfills = append(out.Backfills, dutyBackfillView{ListID: b.ListID, DutyID: b.DutyID, FromOn: b.FromOn, Measures: b.Measures, Opened: b.Opened, DoneAt: b.DoneAt})
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) dutyTemplate(c *gin.Context) error {
	c.Header("Content-Disposition", `attachment; filename="duties.csv"`)
	c.Header("Content-Type", "text/csv; charset=utf-8")
	if c.Query("list") == "default" {
		_, err := c.Writer.Write(agency.SuggestedCSV())
		return err
	}
	return agency.TemplateCSV(c.Writer)
}

func (s *API) loadDuties(c *gin.Context) error {
	seen, err := web.QueryNumber(c, "version")
	if err != nil {
		return err
	}
	part, err := firstFile(c)
	if err != nil {
		return err
	}
	l := agency.Loading{DryRun: c.Query("dry_run") == "1", Seen: seen, Source: c.Query("source"), Backfill: c.Query("backfill") == "1"}
	rep, err := s.svc.Agency.Load(c.Request.Context(), web.Actor(c), part, l)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewLoading(rep, l))
	return nil
}

func (s *API) adoptDuties(c *gin.Context) error {
	var req dutyAdoption
	if err := bind(c, &req); err != nil {
		return err
	}
	l := agency.Loading{DryRun: req.DryRun, Backfill: req.Backfill}
	rep, err := s.svc.Agency.Adopt(c.Request.Context(), web.Actor(c), l)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewLoading(rep, l))
	return nil
}

func viewLoading(rep *agency.LoadReport, l agency.Loading) dutyImportView {
	v := dutyImportView{
		Rows: rep.Rows, Agencies: rep.Agencies, Created: rep.Created, Changed: rep.Changed, Unchanged: rep.Unchanged, Ended: rep.Ended, Version: rep.Version,
		Imported: !l.DryRun && len(rep.Problems) == 0, Problems: []rowProblem{},
	}
	for _, p := range rep.Problems {
		v.Problems = append(v.Problems, rowProblem(p))
	}
	return v
}

func (s *API) acceptReport(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	r, err := s.svc.Agency.Accept(c.Request.Context(), web.Actor(c), n)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewReport(*r))
	return nil
}

func (s *API) returnReport(c *gin.Context) error {
	n, req, err := posted[reportReturn](c)
	if err != nil {
		return err
	}
	r, err := s.svc.Agency.Return(c.Request.Context(), web.Actor(c), n, req.Reason)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewReport(*r))
	return nil
}

func (s *API) courtDutyTasks(ctx context.Context, by model.Actor, in dutyTaskQuery) (dutyTaskList, error) {
	return s.dutyTasks(ctx, by, in.AgencyID, in.dutyTaskFilter, in.pageQuery)
}

func (s *API) dutyProgress(ctx context.Context, by model.Actor, in progressQuery) (progressView, error) {
	p, err := s.svc.Agency.Progress(ctx, by, in.AgencyID, model.DutyKind(in.Kind), in.From, in.Until)
	if err != nil {
		return progressView{}, err
	}
	return progressView{
		From: p.From, Until: p.To, Lines: each(p.Lines, viewProgress), Total: viewProgress(agency.ProgressLine{DutyCount: p.Total}),
	}, nil
}

func viewProgress(n agency.ProgressLine) progressCount {
	return progressCount{
		AgencyID: n.AgencyID, Agency: n.Agency, DutyID: n.DutyID, Requirement: n.Duty.Requirement, Due: n.Due, Done: n.Done, Late: n.Late, Waiting: n.Waiting, Overdue: n.Overdue, Open: n.Open,
	}
}
