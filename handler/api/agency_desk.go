package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/agency"
	"microcourt/service/assetquery"
)

// agencyDeskRoutes are an agency's own door, by its account or its key: what it
// owes, what it is asked, and its answers. Another agency's things are not
// found. Files come by /uploads, without a case.
func (s *API) agencyDeskRoutes() []Route {
	onTask := []Reason{{model.NotFound, "duty_task.not_found"}}
	onQuery := []Reason{{model.NotFound, "query.not_found"}}
	return []Route{
		{Method: http.MethodGet, Path: "/agency", For: Agency, Act: model.ActAgencyDesk, Summary: "本单位的通讯录登记", Do: do(s.ownAgency)},
		{
			Method: http.MethodGet, Path: "/agency/tasks", For: Agency, Act: model.ActAgencyDesk, Summary: "本单位的任务（按时限先后；惩戒对象姓名遮挡）",
			Reasons: onTask, Do: do(s.ownDutyTasks),
		},
		{
			Method: http.MethodGet, Path: "/agency/tasks/:id", ID: "readOwnDutyTask", For: Agency, Act: model.ActAgencyDesk, Summary: "一项任务、惩戒对象和报送（查看留痕）",
			Reasons: onTask, Do: do(s.readDutyTask),
		},
		{
			Method: http.MethodPost, Path: "/agency/tasks/:id/reports", For: Agency, Act: model.ActAgencyDesk, Summary: "报送完成情况和佐证材料",
			Status: http.StatusCreated, Do: do(s.reportDuty), Reasons: append(slices.Clone(onTask), Reason{model.Invalid, "report.text"}, Reason{model.Invalid, "report.done_on"},
				Reason{model.Invalid, "report.quantity"}, Reason{model.Invalid, "report.files"}, Reason{model.Conflict, "duty.reported"},
				Reason{model.Conflict, "duty.done"}, Reason{model.Conflict, "duty.void"},
				Reason{model.NotFound, "file.not_found"}, Reason{model.Invalid, "file.damaged"}, Reason{model.Unavailable, "files.unavailable"}),
		},
		{
			Method: http.MethodGet, Path: "/agency/progress", For: Agency, Act: model.ActAgencyDesk, Summary: "本单位各事项的完成情况：时限在期间内的任务",
			Reasons: []Reason{{model.Invalid, "period.range"}}, Do: do(s.ownDutyProgress),
		},
		{
			Method: http.MethodGet, Path: "/agency/queries", For: Agency, Act: model.ActAgencyDesk, Summary: "法院请本单位协助的查询（新的在前，不含被查询人）",
			Do: do(s.listAddressed),
		},
		{
			Method: http.MethodGet, Path: "/agency/queries/:id", For: Agency, Act: model.ActAgencyDesk, Summary: "一项查询：待答复的含被查询人，已答复的含本单位的答复（查看留痕）",
			Reasons: onQuery, Do: do(s.readAddressed),
		},
		{
			Method: http.MethodPost, Path: "/agency/queries/:id/answer", For: Agency, Act: model.ActAgencyDesk, Summary: "答复查询；没有查到的，findings 为空",
			Do: do(s.answerAddressed), Reasons: append(slices.Clone(onQuery),
				Reason{model.Conflict, "query.state"}, Reason{model.Conflict, "query.changed"}, Reason{model.Invalid, "query.note"},
				Reason{model.Invalid, "query.finding"}, Reason{model.Invalid, "file.unknown"}, Reason{model.Invalid, "file.too_many"},
				Reason{model.Invalid, "file.damaged"}, Reason{model.Unavailable, "files.unavailable"}),
		},
		{
			Method: http.MethodGet, Path: "/agency/query-counts", For: Agency, Act: model.ActAgencyDesk, Summary: "某一期间法院请本单位协助查询的件次，按类别",
			Reasons: []Reason{{model.Invalid, "query.period"}}, Do: do(s.countAddressed),
		},
	}
}

type ownTaskQuery struct {
	pageQuery
	DutyID int64      `query:"duty_id" json:"-"`
	Kind   string     `query:"kind" json:"-" enum:",sanction,incentive"`
	State  string     `query:"state" json:"-" enum:",open,overdue,reported,done,void" description:"不填为所有未办结的"`
	Phase  string     `query:"phase" json:"-" enum:",apply,lift"`
	From   model.Date `query:"from" json:"-" description:"时限不早于"`
	Until  model.Date `query:"until" json:"-" description:"时限不晚于"`
}

type ownProgressQuery struct {
	Kind  string     `query:"kind" json:"-" enum:",sanction,incentive"`
	From  model.Date `query:"from" json:"-" required:"true"`
	Until model.Date `query:"until" json:"-" required:"true"`
}

type ownQueryFilter struct {
	pageQuery
	State string `query:"state" json:"-" enum:",sent,answered,cancelled"`
	Kind  string `query:"kind" json:"-" enum:",vehicle,real_estate,population,bank"`
}

type reportInput struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Text     string     `json:"text" required:"true" description:"完成情况"`
	DoneOn   model.Date `json:"done_on" required:"true" description:"完成日期"`
	Quantity *int64     `json:"quantity" description:"按事项的计量单位；不计数量的不填"`
	FileIDs  []int64    `json:"file_ids" description:"先以 /uploads（不填 case_id）上传的佐证材料，最多 9 个"`
}

type addressedAnswer struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Version  int64          `json:"version" required:"true"`
	Note     string         `json:"note"`
	Findings []findingInput `json:"findings"`
	FileIDs  []int64        `json:"file_ids" description:"先以 /uploads（不填 case_id）上传的答复材料，最多 9 个"`
}

type agencyView struct {
	ID         int64      `json:"id" required:"true"`
	Code       string     `json:"code" required:"true"`
	Name       string     `json:"name" required:"true"`
	Kind       string     `json:"kind" required:"true" enum:"party,government,judicial,financial,utility,town,other"`
	KindText   string     `json:"kind_text" required:"true"`
	QueryKinds []string   `json:"query_kinds" required:"true" description:"可答复的查询"`
	EndedOn    model.Date `json:"ended_on" description:"停用日期"`
	Version    int64      `json:"version" required:"true"`
}

type agencyContactView struct {
	ID        int64      `json:"id" required:"true"`
	Role      string     `json:"role" required:"true" enum:"head,liaison"`
	RoleText  string     `json:"role_text" required:"true"`
	Name      string     `json:"name" required:"true"`
	Title     string     `json:"title" required:"true"`
	Phone     string     `json:"phone" required:"true"`
	TermFrom  model.Date `json:"term_from"`
	TermUntil model.Date `json:"term_until"`
	EndedOn   model.Date `json:"ended_on"`
	Version   int64      `json:"version" required:"true"`
}

type agencyEntry struct {
	agencyView
	Contacts []agencyContactView `json:"contacts" required:"true"`
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
	Next  string         `json:"next" required:"true"`
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
	Next    string          `json:"next" required:"true"`
}

type addressedDetail struct {
	addressedView
	Letter     *letterView   `json:"letter,omitempty" description:"待答复时：查询函，含被查询人"`
	AnswerNote string        `json:"answer_note" required:"true"`
	Findings   []findingView `json:"findings" required:"true"`
	Files      []fileView    `json:"files" required:"true"`
}

func kindNames(list []model.QueryKind) []string {
	return each(list, func(k model.QueryKind) string { return string(k) })
}

func viewAgency(a model.Agency) agencyView {
	return agencyView{
		ID: a.ID, Code: a.Code, Name: a.Name, Kind: string(a.Kind), KindText: a.Kind.Chinese(), EndedOn: a.EndedOn, Version: a.Version,
		QueryKinds: kindNames(a.QueryKinds),
	}
}

func viewAgencyContact(p model.AgencyContact) agencyContactView {
	return agencyContactView{
		ID: p.ID, Role: string(p.Role), RoleText: p.Role.Chinese(), Name: p.Name, Title: p.Title, Phone: p.Phone, TermFrom: p.TermFrom, TermUntil: p.TermUntil,
		EndedOn: p.EndedOn, Version: p.Version,
	}
}

func viewEntry(e agency.Entry) agencyEntry {
	return agencyEntry{agencyView: viewAgency(e.Agency), Contacts: each(e.Contacts, viewAgencyContact)}
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

func (s *API) ownAgency(ctx context.Context, by model.Actor, _ nothing) (agencyEntry, error) {
	e, err := s.svc.Agency.Own(ctx, by)
	if err != nil {
		return agencyEntry{}, err
	}
	return viewEntry(*e), nil
}

func (s *API) ownDutyTasks(ctx context.Context, by model.Actor, in ownTaskQuery) (dutyTaskList, error) {
	list, err := s.svc.Agency.Tasks(ctx, by, model.AgencyTaskFilter{
		DutyID: in.DutyID, Kind: model.DutyKind(in.Kind), State: model.AgencyTaskState(in.State), Phase: model.TaskPhase(in.Phase), From: in.From, To: in.Until,
		After: in.After.ID, Limit: in.more(),
	})
	return dutyTaskList{Tasks: each(cut(in.pageQuery, list), viewTask), Next: next(in.pageQuery, list, func(l agency.TaskLine) int64 { return l.ID })}, err
}

func (s *API) readDutyTask(ctx context.Context, by model.Actor, in idPath) (dutyTaskDetail, error) {
	d, err := s.svc.Agency.Task(ctx, by, in.ID)
	if err != nil {
		return dutyTaskDetail{}, err
	}
	out := dutyTaskDetail{dutyTaskView: viewTask(d.TaskLine), Reports: each(d.Reports, viewReport)}
	if d.MeasureID != 0 {
		m := d.On
		out.Sanctioned = &sanctionedView{
			Name: m.SubjectName, IDKind: m.SubjectIDKind, IDNumber: d.IDNumber, CaseNo: m.CaseNo, Number: m.Number, Measure: string(m.Kind), From: m.FromAt, Until: m.Until,
			LiftedAt: m.LiftedAt,
		}
	}
	return out, nil
}

func (s *API) reportDuty(ctx context.Context, by model.Actor, in reportInput) (repeatable[dutyReportView], error) {
	r, created, err := s.svc.Agency.Report(ctx, by, in.ID, model.AgencyReport{
		IdemKey: in.Key, Text: in.Text, DoneOn: in.DoneOn, Quantity: in.Quantity, FileIDs: in.FileIDs,
	})
	if err != nil {
		return repeatable[dutyReportView]{}, err
	}
	return repeatable[dutyReportView]{viewReport(*r), !created}, nil
}

func (s *API) ownDutyProgress(ctx context.Context, by model.Actor, in ownProgressQuery) (progressView, error) {
	p, err := s.svc.Agency.Progress(ctx, by, 0, model.DutyKind(in.Kind), in.From, in.Until)
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

func viewAddressed(q model.AssetQuery, caseNo string) addressedView {
	return addressedView{
		ID: q.ID, Kind: string(q.Kind), KindText: q.Kind.Chinese(), CaseNo: caseNo, Purpose: q.Purpose, State: string(q.State), StateText: q.State.Chinese(),
		SentAt: q.SentAt, DueOn: q.DueOn, AnsweredOn: q.AnsweredOn, Found: q.Found, Version: q.Version,
	}
}

func (s *API) listAddressed(ctx context.Context, by model.Actor, in ownQueryFilter) (addressedList, error) {
	list, err := s.svc.AssetQuery.AddressedTo(ctx, by, model.AssetQueryFilter{
		State: model.QueryState(in.State), Kind: model.QueryKind(in.Kind), Before: in.After.ID, Limit: in.more(),
	})
	return addressedList{
		Queries: each(cut(in.pageQuery, list), func(q model.AssetQueryLine) addressedView { return viewAddressed(q.AssetQuery, q.CaseNo) }),
		Next:    next(in.pageQuery, list, func(q model.AssetQueryLine) int64 { return q.ID }),
	}, err
}

func (s *API) readAddressed(ctx context.Context, by model.Actor, in idPath) (addressedDetail, error) {
	d, err := s.svc.AssetQuery.AddressedQuery(ctx, by, in.ID)
	if err != nil {
		return addressedDetail{}, err
	}
	out := addressedDetail{
		addressedView: viewAddressed(d.Query, d.CaseNo), AnswerNote: d.Query.AnswerNote, Findings: each(d.Findings, viewFinding), Files: viewFileList(d.Files),
	}
	if l := d.Letter; l != nil {
		out.Letter = &letterView{Agency: l.Agency, Name: l.Name, IDNumber: l.IDNumber, Text: l.Text()}
	}
	return out, nil
}

func (s *API) answerAddressed(ctx context.Context, by model.Actor, in addressedAnswer) (addressedView, error) {
	d, err := s.svc.AssetQuery.AnswerAddressed(ctx, by, in.ID, in.Version, assetquery.Answer{
		Note: in.Note, Files: in.FileIDs, IdemKey: in.Key, Findings: each(in.Findings, finding),
	})
	if err != nil {
		return addressedView{}, err
	}
	return viewAddressed(d.Query, d.CaseNo), nil
}

func (s *API) countAddressed(ctx context.Context, by model.Actor, in countFilter) (queryCounts, error) {
	list, err := s.svc.AssetQuery.CountAddressed(ctx, by, in.From, in.Until)
	return queryCounts{Counts: each(list, viewCount)}, err
}
