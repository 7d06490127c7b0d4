package api

import (
	"mime/multipart"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/agency"
	"microcourt/service/enquiry"
)

// agencyDeskRoutes are an agency's own door, by its account or its key: what it
// owes, what it is asked, and its answers. Another agency's things are not
// found. Files come by /uploads, without a case.
func (s *API) agencyDeskRoutes() []Route {
	onTask := []Reason{{model.NotFound, "duty_task.not_found"}, {model.NotFound, "path.not_found"}}
	onQuery := []Reason{{model.NotFound, "query.not_found"}, {model.NotFound, "path.not_found"}}
	return []Route{
		{Method: http.MethodGet, Path: "/agency", For: Agency, Act: model.ActAgencyDesk, Summary: "本单位的通讯录登记", Output: agencyEntry{}, Handle: s.ownAgency},
		{
			Method: http.MethodGet, Path: "/agency/tasks", For: Agency, Act: model.ActAgencyDesk, Summary: "本单位的任务（按时限先后；惩戒对象姓名遮挡）", Input: ownTaskQuery{},
			Output: dutyTaskList{}, Reasons: onTask[:1], Handle: s.listDutyTasks,
		},
		{
			Method: http.MethodGet, Path: "/agency/tasks/:id", For: Agency, Act: model.ActAgencyDesk, Summary: "一项任务、惩戒对象和报送（查看留痕）", Input: casePath{},
			Output: dutyTaskDetail{}, Reasons: onTask, Handle: s.readDutyTask,
		},
		{
			Method: http.MethodPost, Path: "/agency/tasks/:id/reports", For: Agency, Act: model.ActAgencyDesk, Summary: "报送完成情况和佐证材料", Input: reportInput{},
			Output: dutyReportView{}, Status: http.StatusCreated, Repeats: true, Handle: s.reportDuty, Reasons: append(slices.Clone(onTask),
				Reason{model.Invalid, "idempotency.required"}, Reason{model.Invalid, "report.text"}, Reason{model.Invalid, "report.done_on"},
				Reason{model.Invalid, "report.quantity"}, Reason{model.Invalid, "report.files"}, Reason{model.Conflict, "duty.reported"},
				Reason{model.Conflict, "duty.done"}, Reason{model.Conflict, "duty.void"}, Reason{model.Conflict, "report.key_reused"},
				Reason{model.NotFound, "file.not_found"}, Reason{model.Invalid, "file.damaged"}, Reason{model.Unavailable, "files.unavailable"}),
		},
		{
			Method: http.MethodGet, Path: "/agency/progress", For: Agency, Act: model.ActAgencyDesk, Summary: "本单位各事项的完成情况：时限在期间内的任务", Input: ownProgressQuery{},
			Output: progressView{}, Reasons: []Reason{{model.Invalid, "period.range"}}, Handle: s.dutyProgress,
		},
		{
			Method: http.MethodGet, Path: "/agency/queries", For: Agency, Act: model.ActAgencyDesk, Summary: "法院请本单位协助的查询（新的在前，不含被查询人）", Input: ownQueryFilter{},
			Output: addressedList{}, Handle: s.listAddressed,
		},
		{
			Method: http.MethodGet, Path: "/agency/queries/:id", For: Agency, Act: model.ActAgencyDesk, Summary: "一项查询：待答复的含被查询人，已答复的含本单位的答复（查看留痕）",
			Input: casePath{}, Output: addressedDetail{}, Reasons: onQuery, Handle: s.readAddressed,
		},
		{
			Method: http.MethodPost, Path: "/agency/queries/:id/answer", For: Agency, Act: model.ActAgencyDesk, Summary: "答复查询；没有查到的，findings 为空", Input: addressedAnswer{},
			Output: addressedView{}, Handle: s.answerAddressed, Reasons: append(slices.Clone(onQuery), Reason{model.Invalid, "idempotency.required"},
				Reason{model.Conflict, "query.state"}, Reason{model.Conflict, "query.changed"}, Reason{model.Invalid, "query.note"},
				Reason{model.Invalid, "query.finding"}, Reason{model.Invalid, "file.unknown"}, Reason{model.Invalid, "file.too_many"},
				Reason{model.Invalid, "file.damaged"}, Reason{model.Unavailable, "files.unavailable"}),
		},
		{
			Method: http.MethodGet, Path: "/agency/query-counts", For: Agency, Act: model.ActAgencyDesk, Summary: "某一期间法院请本单位协助查询的件次，按类别", Input: countFilter{},
			Output: queryCounts{}, Reasons: []Reason{{model.Invalid, "query.period"}}, Handle: s.countAddressed,
		},
	}
}

type importFile struct {
	File multipart.File `formData:"file" required:"true"`
}

type ownTaskQuery struct {
	pageQuery
	DutyID int64  `query:"duty_id"`
	Kind   string `query:"kind" enum:",sanction,incentive"`
	State  string `query:"state" enum:",open,overdue,reported,done,void" description:"不填为所有未办结的"`
	Phase  string `query:"phase" enum:",apply,lift"`
	From   string `query:"from" description:"时限不早于"`
	Until  string `query:"until" description:"时限不晚于"`
}

type ownProgressQuery struct {
	Kind  string `query:"kind" enum:",sanction,incentive"`
	From  string `query:"from" required:"true"`
	Until string `query:"until" required:"true"`
}

type ownQueryFilter struct {
	pageQuery
	State string `query:"state" enum:",sent,answered,cancelled"`
	Kind  string `query:"kind" enum:",vehicle,real_estate,population,bank"`
}

type reportInput struct {
	ID       int64      `path:"id" json:"-"`
	Key      string     `header:"Idempotency-Key" json:"-" required:"true"`
	Text     string     `json:"text" required:"true" description:"完成情况"`
	DoneOn   model.Date `json:"done_on" required:"true" description:"完成日期"`
	Quantity *int64     `json:"quantity" description:"按事项的计量单位；不计数量的不填"`
	FileIDs  []int64    `json:"file_ids" description:"先以 /uploads（不填 case_id）上传的佐证材料，最多 9 个"`
}

type addressedAnswer struct {
	ID       int64          `path:"id" json:"-"`
	Key      string         `header:"Idempotency-Key" json:"-" required:"true"`
	Version  int64          `json:"version" required:"true"`
	Note     string         `json:"note"`
	Findings []findingInput `json:"findings"`
	FileIDs  []int64        `json:"file_ids" description:"先以 /uploads（不填 case_id）上传的答复材料，最多 9 个"`
}

type dutyTaskView struct {
	ID          int64      `json:"id" required:"true"`
	AgencyID    int64      `json:"agency_id" required:"true"`
	Agency      string     `json:"agency" required:"true"`
	DutyID      int64      `json:"duty_id" required:"true"`
	Code        string     `json:"code" required:"true"`
	Requirement string     `json:"requirement" required:"true"`
	Evidence    string     `json:"evidence" required:"true"`
	Unit        string     `json:"unit" required:"true"`
	Kind        string     `json:"kind" required:"true" enum:"sanction,incentive"`
	Phase       string     `json:"phase" required:"true" enum:",apply,lift" description:"apply 落实惩戒、lift 解除惩戒，按期的为空"`
	Measure     string     `json:"measure" required:"true" description:"法院采取的措施，按期的为空"`
	Subject     string     `json:"subject" required:"true" description:"惩戒对象，姓名遮挡"`
	DueOn       model.Date `json:"due_on" required:"true"`
	State       string     `json:"state" required:"true" enum:"open,overdue,reported,done,void"`
	StateText   string     `json:"state_text" required:"true"`
	DaysLeft    int        `json:"days_left" required:"true"`
	ReportedOn  model.Date `json:"reported_on"`
}

type dutyTaskList struct {
	Tasks []dutyTaskView `json:"tasks" required:"true"`
	Next  int64          `json:"next" required:"true" description:"下一页的 after，0 为没有"`
}

type sanctionedView struct {
	Name     string     `json:"name" required:"true"`
	IDKind   string     `json:"id_kind" required:"true"`
	IDNumber string     `json:"id_number" required:"true" description:"仅责任单位看到完整号码"`
	CaseNo   string     `json:"case_no" required:"true"`
	Number   string     `json:"number" required:"true" description:"决定书文号"`
	Measure  string     `json:"measure" required:"true" enum:"listing,consumption"`
	From     *time.Time `json:"from,omitempty"`
	Until    model.Date `json:"until" description:"名单的期限"`
	LiftedAt *time.Time `json:"lifted_at,omitempty"`
}

type dutyReportView struct {
	ID        int64      `json:"id" required:"true"`
	TaskID    int64      `json:"task_id" required:"true"`
	State     string     `json:"state" required:"true" enum:"waiting,accepted,returned"`
	StateText string     `json:"state_text" required:"true"`
	Text      string     `json:"text" required:"true"`
	DoneOn    model.Date `json:"done_on" required:"true"`
	Quantity  *int64     `json:"quantity,omitempty"`
	Who       string     `json:"who" required:"true"`
	Files     []fileView `json:"files" required:"true"`
	Decider   string     `json:"decider" required:"true"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
	Reason    string     `json:"reason" required:"true" description:"退回原因"`
	CreatedAt time.Time  `json:"created_at" required:"true"`
}

type dutyTaskDetail struct {
	dutyTaskView
	Sanctioned *sanctionedView  `json:"sanctioned,omitempty"`
	Reports    []dutyReportView `json:"reports" required:"true" description:"新的在前"`
}

type addressedView struct {
	ID         int64      `json:"id" required:"true"`
	Kind       string     `json:"kind" required:"true" enum:"vehicle,real_estate,population,bank"`
	KindText   string     `json:"kind_text" required:"true"`
	CaseNo     string     `json:"case_no" required:"true"`
	Purpose    string     `json:"purpose" required:"true"`
	State      string     `json:"state" required:"true" enum:"sent,answered,cancelled"`
	StateText  string     `json:"state_text" required:"true"`
	SentAt     *time.Time `json:"sent_at,omitempty"`
	DueOn      model.Date `json:"due_on"`
	AnsweredOn model.Date `json:"answered_on"`
	Found      int        `json:"found" required:"true"`
	Version    int64      `json:"version" required:"true"`
}

type addressedList struct {
	Queries []addressedView `json:"queries" required:"true"`
	Next    int64           `json:"next" required:"true" description:"下一页的 after，0 为没有"`
}

type addressedDetail struct {
	addressedView
	Letter     *letterView   `json:"letter,omitempty" description:"待答复时：查询函，含被查询人"`
	AnswerNote string        `json:"answer_note" required:"true"`
	Findings   []findingView `json:"findings" required:"true"`
	Files      []fileView    `json:"files" required:"true"`
}

func viewTask(l agency.TaskLine) dutyTaskView {
	v := dutyTaskView{
		ID: l.ID, AgencyID: l.AgencyID, Agency: l.Agency, DutyID: l.DutyID, Code: l.Duty.Code, Requirement: l.Duty.Requirement, Evidence: l.Duty.Evidence, Unit: l.Duty.Unit,
		Kind: string(l.Kind), Phase: string(l.Phase), DueOn: l.DueOn, State: string(l.Standing()), StateText: l.Standing().Chinese(), DaysLeft: l.Left(),
		ReportedOn: l.ReportedOn,
	}
	if l.MeasureID != 0 {
		v.Measure, v.Subject = l.On.Kind.Chinese(), l.Subject()
	}
	return v
}

func viewReport(r agency.ReportLine) dutyReportView {
	return dutyReportView{
		ID: r.ID, TaskID: r.TaskID, State: string(r.State), StateText: r.State.Chinese(), Text: r.Text, DoneOn: r.DoneOn, Quantity: r.Quantity, Who: r.Who,
		Files: viewFileList(r.Files), Decider: r.Decider, DecidedAt: r.DecidedAt, Reason: r.Reason, CreatedAt: r.CreatedAt,
	}
}

func (s *API) ownAgency(c *gin.Context) error {
	e, err := s.svc.Agency.Own(c.Request.Context(), web.Actor(c))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewEntry(*e))
	return nil
}

// listDutyTasks lists tasks to the court's people and to an agency alike: the
// storage gives each what is theirs.
func (s *API) listDutyTasks(c *gin.Context) error {
	after, limit, err := page(c)
	if err != nil {
		return err
	}
	f := model.AgencyTaskFilter{
		Kind: model.DutyKind(c.Query("kind")), State: model.AgencyTaskState(c.Query("state")), Phase: model.TaskPhase(c.Query("phase")), After: after, Limit: limit,
	}
	if f.AgencyID, err = web.QueryNumber(c, "agency_id"); err != nil {
		return err
	}
	if f.DutyID, err = web.QueryNumber(c, "duty_id"); err != nil {
		return err
	}
	if f.From, f.To, err = days(c); err != nil {
		return err
	}
	list, err := s.svc.Agency.Tasks(c.Request.Context(), web.Actor(c), f)
	if err != nil {
		return err
	}
	out := dutyTaskList{Tasks: []dutyTaskView{}}
	for _, l := range list {
		out.Tasks = append(out.Tasks, viewTask(l))
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) readDutyTask(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	d, err := s.svc.Agency.Task(c.Request.Context(), web.Actor(c), n)
	if err != nil {
		return err
	}
	out := dutyTaskDetail{dutyTaskView: viewTask(d.TaskLine), Reports: []dutyReportView{}}
	if d.MeasureID != 0 {
		m := d.On
		out.Sanctioned = &sanctionedView{
			Name: m.SubjectName, IDKind: m.SubjectIDKind, IDNumber: d.IDNumber, CaseNo: m.CaseNo, Number: m.Number, Measure: string(m.Kind), From: m.FromAt, Until: m.Until,
			LiftedAt: m.LiftedAt,
		}
	}
	for _, r := range d.Reports {
		out.Reports = append(out.Reports, viewReport(r))
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) reportDuty(c *gin.Context) error {
	n, key, req, err := keyed[reportInput](c)
	if err != nil {
		return err
	}
	r, created, err := s.svc.Agency.Report(c.Request.Context(), web.Actor(c), n, model.AgencyReport{
		IdemKey: key, Text: req.Text, DoneOn: req.DoneOn, Quantity: req.Quantity, FileIDs: req.FileIDs,
	})
	if err != nil {
		return err
	}
	c.JSON(made(created), viewReport(*r))
	return nil
}

func viewAddressed(q model.AssetQuery, caseNo string) addressedView {
	return addressedView{
		ID: q.ID, Kind: string(q.Kind), KindText: q.Kind.Chinese(), CaseNo: caseNo, Purpose: q.Purpose, State: string(q.State), StateText: q.State.Chinese(),
		SentAt: q.SentAt, DueOn: q.DueOn, AnsweredOn: q.AnsweredOn, Found: q.Found, Version: q.Version,
	}
}

func (s *API) listAddressed(c *gin.Context) error {
	before, limit, err := page(c)
	if err != nil {
		return err
	}
	list, err := s.svc.Enquiry.AddressedTo(c.Request.Context(), web.Actor(c), model.AssetQueryFilter{
		State: model.QueryState(c.Query("state")), Kind: model.QueryKind(c.Query("kind")), Before: before, Limit: limit,
	})
	if err != nil {
		return err
	}
	out := addressedList{Queries: []addressedView{}}
	for _, q := range list {
		out.Queries = append(out.Queries, viewAddressed(q.AssetQuery, q.CaseNo))
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) readAddressed(c *gin.Context) error {
	n, err := id(c, "id")
	if err != nil {
		return err
	}
	d, err := s.svc.Enquiry.AddressedQuery(c.Request.Context(), web.Actor(c), n)
	if err != nil {
		return err
	}
	out := addressedDetail{
		addressedView: viewAddressed(d.Query, d.CaseNo), AnswerNote: d.Query.AnswerNote, Findings: viewFindings(d.Findings), Files: viewFileList(d.Files),
	}
	if l := d.Letter; l != nil {
		out.Letter = &letterView{Agency: l.Agency, Name: l.Name, IDNumber: l.IDNumber, Text: l.Text()}
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) answerAddressed(c *gin.Context) error {
	n, key, req, err := keyed[addressedAnswer](c)
	if err != nil {
		return err
	}
	a := enquiry.Answer{Note: req.Note, Files: req.FileIDs, IdemKey: key, Findings: findings(req.Findings)}
	d, err := s.svc.Enquiry.AnswerAddressed(c.Request.Context(), web.Actor(c), n, req.Version, a)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewAddressed(d.Query, d.CaseNo))
	return nil
}

func (s *API) countAddressed(c *gin.Context) error {
	from, until, err := days(c)
	if err != nil {
		return err
	}
	list, err := s.svc.Enquiry.CountAddressed(c.Request.Context(), web.Actor(c), from, until)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewCounts(list))
	return nil
}
