package api

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"time"

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
	on := []Reason{{model.NotFound, "duty.not_found"}}
	report := []Reason{{model.NotFound, "report.not_found"}, {model.Conflict, "report.decided"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/duties", Act: model.ActAgencyRead, Summary: "责任事项", Do: do(s.listDuties),
		},
		{
			Method: http.MethodPost, Path: "/duties", Act: model.ActAgencyManage, Summary: "新增责任事项（同一单位的同一编号视为重复提交）",
			Status: http.StatusCreated, Do: do(s.addDuty), Reasons: append(slices.Clone(dutyFields),
				Reason{model.NotFound, "agency.not_found"}, Reason{model.Invalid, "duty.code"}, Reason{model.Conflict, "duty.exists"}, Reason{model.Conflict, "agency.ended"}),
		},
		{
			Method: http.MethodGet, Path: "/duties/:id", Act: model.ActAgencyRead, Summary: "一项责任事项", Reasons: on,
			Do: do(s.readDuty),
		},
		{
			Method: http.MethodPut, Path: "/duties/:id", Act: model.ActAgencyManage, Summary: "修改责任事项", Do: do(s.changeDuty),
			Reasons: slices.Concat(on, dutyFields, []Reason{{model.Invalid, "duty.fixed"}, {model.Conflict, "duty.ended"}, {model.Conflict, "duty.changed"}}),
		},
		{
			Method: http.MethodPost, Path: "/duties/:id/end", Act: model.ActAgencyManage, Summary: "停用责任事项：尚未报送的任务取消，已采取的惩戒仍须解除",
			Reasons: append(slices.Clone(on), Reason{model.Conflict, "duty.changed"}), Do: do(s.endDuty),
		},
		{
			Method: http.MethodGet, Path: "/duty-lists", Act: model.ActAgencyRead, Summary: "事项清单的各版本（新的在前）", Do: do(s.listDutyLists),
		},
		{
			Method: http.MethodGet, Path: "/duty-lists/template", Act: model.ActAgencyManage, Summary: "下载事项清单的模板，或者系统建议的清单",
			Produces: "text/csv; charset=utf-8", Do: do(s.dutyTemplate),
		},
		{
			Method: http.MethodPost, Path: "/duty-lists", Act: model.ActAgencyManage, Summary: "导入事项清单（.xlsx 或 .csv），整体替换上一版；有一行错误则不写入",
			MaxBody: 20 << 20, Timeout: 3 * time.Minute, Do: do(s.loadDuties),
			Reasons: []Reason{
				{model.Invalid, "import.columns"},
				{model.Invalid, "import.file"},
				{model.Invalid, "import.empty"},
				{model.Invalid, "import.too_many"},
				{model.Unavailable, "import.busy"},
				{model.Conflict, "duty.list_changed"},
			},
		},
		{
			Method: http.MethodPost, Path: "/duty-lists/suggested", Act: model.ActDutyAdopt, Summary: "载入系统建议的清单，作为本院第一版；责任单位和时限为建议，须由法院核对",
			Timeout: time.Minute, Do: do(s.adoptDuties), Reasons: []Reason{{model.Conflict, "duty.list_exists"}},
		},
		{
			Method: http.MethodGet, Path: "/duty-backfills", Act: model.ActAgencyRead, Summary: "对已生效的措施补发任务的情况（新的在前）",
			Do: do(s.listBackfills),
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
			Method: http.MethodPost, Path: "/duty-reports/:id/accept", Act: model.ActDutyDecide, Summary: "认可报送",
			Reasons: append(slices.Clone(report), Reason{model.Conflict, "duty.own"}), Do: do(s.acceptReport),
		},
		{
			Method: http.MethodPost, Path: "/duty-reports/:id/return", Act: model.ActDutyDecide, Summary: "写明原因退回报送",
			Reasons: append(slices.Clone(report), Reason{model.Invalid, "reason.required"}, Reason{model.Conflict, "duty.own"}), Do: do(s.returnReport),
		},
		{
			Method: http.MethodGet, Path: "/duty-progress", Act: model.ActAgencyRead, Summary: "各责任单位的完成情况：时限在期间内的任务",
			Reasons: []Reason{{model.Invalid, "period.range"}}, Do: do(s.dutyProgress),
		},
	}
}

type dutyQuery struct {
	pageQuery
	AgencyID int64  `query:"agency_id" json:"-" minimum:"0"`
	Kind     string `query:"kind" json:"-" enum:",sanction,incentive"`
	Active   string `query:"active" json:"-" enum:",1" description:"只列现行的"`
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
	List string `query:"list" json:"-" enum:",default" description:"default 为系统建议的清单，否则为模板"`
}

type dutyImport struct {
	DryRun   string   `query:"dry_run" json:"-" enum:",1" description:"只检查，不写入"`
	Version  int64    `query:"version" json:"-" minimum:"0" description:"文件所替换的那一版，还没有清单时为 0"`
	Source   string   `query:"source" json:"-" description:"清单的来源，如文件名称和文号"`
	Backfill string   `query:"backfill" json:"-" enum:",1" description:"对已生效的措施补发任务，时限自导入之日起算"`
	File     filePart `formData:"file" required:"true"`
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
	return dutyView{
		ID: d.ID, AgencyID: d.AgencyID, Agency: name, Code: d.Code, Kind: string(d.Kind), Requirement: d.Requirement, Basis: d.Basis, Evidence: d.Evidence, Unit: d.Unit,
		Recurrence: string(d.Recurrence), RecurrenceText: d.Recurrence.Chinese(), When: d.When(), DueOn: d.DueOn, DueDays: d.DueDays, LiftDays: d.LiftDays,
		Measures: each(d.Measures, func(k model.MeasureKind) string { return string(k) }), Subjects: string(d.Subjects), EndedOn: d.EndedOn, Version: d.Version,
	}
}

func viewDutyLine(l agency.DutyLine) dutyView { return viewDuty(l.AgencyDuty, l.Agency) }

func (s *API) listDuties(ctx context.Context, by model.Actor, in dutyQuery) (dutyListView, error) {
	list, err := s.svc.Agency.Duties(ctx, by, model.AgencyDutyFilter{
		AgencyID: in.AgencyID, Kind: model.DutyKind(in.Kind), Active: in.Active == "1", After: in.After, Limit: in.Limit,
	})
	return dutyListView{Duties: each(list, viewDutyLine), Next: next(list, in.Limit, func(l agency.DutyLine) int64 { return l.ID })}, err
}

// dutyAfter is a duty as it now stands, with its agency's name, unless err says
// why an act on it was not done.
func (s *API) dutyAfter(ctx context.Context, by model.Actor, d *model.AgencyDuty, err error) (dutyView, error) {
	if err != nil {
		return dutyView{}, err
	}
	return s.readDuty(ctx, by, idPath{d.ID})
}

func (s *API) addDuty(ctx context.Context, by model.Actor, in dutyInput) (repeatable[dutyView], error) {
	d := in.duty()
	d.AgencyID, d.Code = in.AgencyID, in.Code
	out, created, err := s.svc.Agency.AddDuty(ctx, by, d, in.Backfill)
	v, err := s.dutyAfter(ctx, by, out, err)
	return repeatable[dutyView]{v, !created}, err
}

func (s *API) readDuty(ctx context.Context, by model.Actor, in idPath) (dutyView, error) {
	l, err := s.svc.Agency.Duty(ctx, by, in.ID)
	if err != nil {
		return dutyView{}, err
	}
	return viewDutyLine(*l), nil
}

func (s *API) changeDuty(ctx context.Context, by model.Actor, in dutyChange) (dutyView, error) {
	d, err := s.svc.Agency.ChangeDuty(ctx, by, in.ID, in.Version, in.duty())
	return s.dutyAfter(ctx, by, d, err)
}

func (s *API) endDuty(ctx context.Context, by model.Actor, in versionOnly) (dutyView, error) {
	d, err := s.svc.Agency.EndDuty(ctx, by, in.ID, in.Version)
	return s.dutyAfter(ctx, by, d, err)
}

func (s *API) listDutyLists(ctx context.Context, by model.Actor, _ nothing) (dutyVersions, error) {
	list, err := s.svc.Agency.Lists(ctx, by)
	return dutyVersions{Lists: each(list, func(l model.DutyList) dutyVersionView {
		return dutyVersionView{
			ID: l.ID, Version: l.Version, Source: l.Source, Duties: l.Duties, Created: l.Created, Changed: l.Changed, Ended: l.Ended, CreatedAt: l.CreatedAt,
		}
	})}, err
}

func (s *API) listBackfills(ctx context.Context, by model.Actor, _ nothing) (dutyBackfills, error) {
	list, err := s.svc.Agency.Backfills(ctx, by)
	return dutyBackfills{Backfills: each(list, func(b model.DutyBackfill) dutyBackfillView {
		return dutyBackfillView{ListID: b.ListID, DutyID: b.DutyID, FromOn: b.FromOn, Measures: b.Measures, Opened: b.Opened, DoneAt: b.DoneAt}
	})}, err
}

func (s *API) dutyTemplate(_ context.Context, _ model.Actor, in listQuery) (content, error) {
	out := content{mediaType: "text/csv; charset=utf-8", name: "duties.csv"}
	if in.List == "default" {
		out.body = agency.SuggestedCSV()
		return out, nil
	}
	var b bytes.Buffer
	err := agency.TemplateCSV(&b)
	out.body = b.Bytes()
	return out, err
}

func (s *API) loadDuties(ctx context.Context, by model.Actor, in dutyImport) (dutyImportView, error) {
	l := agency.Loading{DryRun: in.DryRun == "1", Seen: in.Version, Source: in.Source, Backfill: in.Backfill == "1"}
	rep, err := s.svc.Agency.Load(ctx, by, in.File, l)
	return viewLoading(rep, l, err)
}

func (s *API) adoptDuties(ctx context.Context, by model.Actor, in dutyAdoption) (dutyImportView, error) {
	l := agency.Loading{DryRun: in.DryRun, Backfill: in.Backfill}
	rep, err := s.svc.Agency.Adopt(ctx, by, l)
	return viewLoading(rep, l, err)
}

func viewLoading(rep *agency.LoadReport, l agency.Loading, err error) (dutyImportView, error) {
	if err != nil {
		return dutyImportView{}, err
	}
	return dutyImportView{
		Rows: rep.Rows, Agencies: rep.Agencies, Created: rep.Created, Changed: rep.Changed, Unchanged: rep.Unchanged, Ended: rep.Ended, Version: rep.Version,
		Imported: !l.DryRun && len(rep.Problems) == 0, Problems: each(rep.Problems, func(p agency.Problem) rowProblem { return rowProblem(p) }),
	}, nil
}

func (s *API) acceptReport(ctx context.Context, by model.Actor, in idPath) (dutyReportView, error) {
	r, err := s.svc.Agency.Accept(ctx, by, in.ID)
	if err != nil {
		return dutyReportView{}, err
	}
	return viewReport(*r), nil
}

func (s *API) returnReport(ctx context.Context, by model.Actor, in reportReturn) (dutyReportView, error) {
	r, err := s.svc.Agency.Return(ctx, by, in.ID, in.Reason)
	if err != nil {
		return dutyReportView{}, err
	}
	return viewReport(*r), nil
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
