package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
)

// enforcementRoutes are about enforcement cases and what is to be done by when.
func (s *API) enforcementRoutes() []Route {
	notFound := []Reason{{model.NotFound, "enforcement.not_found"}}
	return []Route{
		{
			Method: http.MethodPut, Path: "/case-system/enforcement-cases/*case_no", For: CaseSystem, Act: model.ActEnforcementPut, Summary: "审判管理系统推送执行案件（幂等，按版本号）",
			MaxBody: 8 << 20, Do: do(s.putEnforcement), Reasons: []Reason{
				{model.Invalid, "case.invalid"},
				{model.Invalid, "version.format"},
				{model.Invalid, "case_no.mismatch"},
				{model.Invalid, "enforcement.exists"},
				{model.Conflict, "case.stale"},
				{model.Conflict, "case.version_reused"},
			},
		},
		{
			Method: http.MethodGet, Path: "/enforcement-cases", For: PhoneStaff, Act: model.ActEnforcementRead, Summary: "执行案件列表（新的在前）",
			Do: do(s.listEnforcement),
		},
		{
			Method: http.MethodGet, Path: "/enforcement-cases/:id", For: PhoneStaff, Act: model.ActEnforcementRead, Summary: "执行案件详情",
			Reasons: notFound, Do: do(s.readEnforcement),
		},
		{
			Method: http.MethodGet, Path: "/tasks", For: PhoneStaff, Act: model.ActTaskRead, Summary: "待办事项（期限近的在前）",
			Do: do(s.listTasks),
		},
		{
			Method: http.MethodPost, Path: "/tasks/:id/finish", For: PhoneStaff, Act: model.ActTaskDo, Summary: "办结事项", Do: do(s.finishTask),
			Reasons: []Reason{
				{model.NotFound, "task.not_found"},
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
	Address string `path:"case_no" json:"-"`
	filing.PushedEnforcement
}

type enforcementWritten struct {
	ID      int64  `json:"id" required:"true"`
	CaseID  int64  `json:"case_id" required:"true" description:"执行依据所在的案件"`
	CaseNo  string `json:"case_no" required:"true"`
	Outcome string `json:"outcome" required:"true" enum:"created,updated,unchanged"`
	Version int64  `json:"version" required:"true"`
}

type enforcementQuery struct {
	Mine string `query:"mine" json:"-" enum:",1" description:"只看本人的"`
	Open string `query:"open" json:"-" enum:",1" description:"只看未结的"`
	Kind string `query:"kind" json:"-" enum:",enforcement,resumed,preservation"`
	Text string `query:"text" json:"-" description:"执行案号开头，或被执行人姓名（全称）"`
	pageQuery
}

type enforcementView struct {
	ID          int64      `json:"id" required:"true"`
	CaseID      int64      `json:"case_id" required:"true"`
	CaseNo      string     `json:"case_no" required:"true"`
	Kind        string     `json:"kind" required:"true" enum:"enforcement,resumed,preservation"`
	KindName    string     `json:"kind_name" required:"true"`
	First       bool       `json:"first" required:"true" description:"首次执行"`
	FiledOn     model.Date `json:"filed_on" required:"true"`
	AmountFen   model.Fen  `json:"amount_fen" required:"true"`
	PerformBy   model.Date `json:"perform_by" required:"true" description:"执行通知书的限期"`
	PerformedOn model.Date `json:"performed_on" required:"true"`
	State       string     `json:"state" required:"true" enum:"open,closed"`
	ClosedOn    model.Date `json:"closed_on" required:"true"`
	CloseType   string     `json:"close_type" required:"true" enum:",performed,this_round,ended,cancelled,not_enforced,rejected"`
	CloseName   string     `json:"close_type_name" required:"true"`
	CloseReason string     `json:"close_reason" required:"true"`
	Mistake     bool       `json:"filed_by_mistake" required:"true" description:"销案，且立案有误：不作为进入执行程序"`
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
	Next  string            `json:"next" required:"true"`
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
	OrdinaryFen   model.Fen          `json:"ordinary_fen" required:"true" description:"截至今日尚欠的一般债务利息"`
	FeeFen        model.Fen          `json:"fee_fen" required:"true" description:"执行申请费"`
	Tasks         []taskView         `json:"tasks" required:"true"`
}

type taskQuery struct {
	State string `query:"state" json:"-" enum:",open,done,cancelled" default:"open" description:"默认待办"`
	pageQuery
}

type taskView struct {
	ID                int64     `json:"id" required:"true"`
	CaseID            int64     `json:"case_id" required:"true"`
	EnforcementCaseID int64     `json:"enforcement_case_id" required:"true"`
	CaseNo            string    `json:"case_no" required:"true"`
	Kind              string    `json:"kind" required:"true" enum:"service_of_process,case.close,case.check,petition,call.back,prison_letter.answer,deposit.verify,deposit.settle,deposit.refund,query.answer,assistance.answer,listing.decide,prolong.decide,repair.review,settlement.breach,release.decide,release.carry_out,repair.check,repair.decide,detention.family,detention.release,measure.publish,measure.over,measure.review,spending.decide,spending.approve,clean_up.lift,clean_up.poster,clean_up.reopened"`
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
		CloseName: e.CloseType.Chinese(), CloseReason: e.CloseReason, Mistake: e.FiledByMistake, Version: e.Version,
	}
}

func (s *API) viewTask(t model.TaskLine) taskView {
	return taskView{
		ID: t.ID, CaseID: t.CaseID, EnforcementCaseID: t.EnforcementCaseID, CaseNo: t.CaseNo, Kind: string(t.Kind), Title: t.Title, DueAt: t.DueAt.UTC(),
		DueReason: t.DueReason, Late: t.Late(s.cfg.Now()), State: string(t.State), Result: t.Result, Owner: t.Owner, Version: t.Version,
	}
}

func (s *API) putEnforcement(ctx context.Context, by model.Actor, in enforcementPut) (enforcementWritten, error) {
	no, err := model.ParseCaseNo(strings.TrimPrefix(in.Address, "/"))
	body, bodyErr := model.ParseCaseNo(in.CaseNo)
	if err != nil || bodyErr != nil || body != no {
		return enforcementWritten{}, model.InvalidField("case_no", "case_no.mismatch", "地址中的案号与内容中的案号不一致")
	}
	return viewWritten(s.svc.Filing.PutEnforcement(ctx, by, in.EnforcementInput, in.Version))
}

func viewWritten(e *model.EnforcementFile, out filing.Outcome, err error) (enforcementWritten, error) {
	if err != nil {
		return enforcementWritten{}, err
	}
	return enforcementWritten{ID: e.ID, CaseID: e.CaseID, CaseNo: e.CaseNo, Outcome: string(out), Version: e.Version}, nil
}

// maxFilterText bounds what lists are searched for, in bytes.
const maxFilterText = 200

func (s *API) listEnforcement(ctx context.Context, by model.Actor, in enforcementQuery) (enforcementList, error) {
	if len(in.Text) > maxFilterText {
		return enforcementList{}, model.InvalidField("text", "filter.unknown", "筛选条件不正确")
	}
	f := model.EnforcementFilter{Open: in.Open == "1", Kind: model.EnforcementKind(in.Kind), Text: in.Text, Before: in.After.ID, Limit: in.more()}
	if in.Mine == "1" {
		f.OfficerID = by.UserID
	}
	list, err := s.svc.Enforcement.Cases(ctx, by, f)
	return enforcementList{
		Cases: each(cut(in.pageQuery, list), viewEnforcementLine), Next: next(in.pageQuery, list, func(l model.EnforcementLine) int64 { return l.ID }),
	}, err
}

func viewEnforcementLine(l model.EnforcementLine) enforcementLine {
	v := enforcementLine{enforcementView: viewEnforcement(l.EnforcementCase), BasisNo: l.BasisNo, Debtors: l.Debtors, Officer: l.Officer, Late: l.Late}
	if !l.NextDue.IsZero() {
		at := l.NextDue.UTC()
		v.NextDue = &at
	}
	return v
}

func (s *API) readEnforcement(ctx context.Context, by model.Actor, in idPath) (enforcementDetail, error) {
	d, err := s.svc.Enforcement.Case(ctx, by, in.ID)
	if err != nil {
		return enforcementDetail{}, err
	}
	return s.viewEnforcementDetail(d), nil
}

func (s *API) viewEnforcementDetail(d *enforcement.Detail) enforcementDetail {
	return enforcementDetail{
		enforcementView: viewEnforcement(d.File.EnforcementCase), Officer: d.Officer, BasisNo: d.Case.CaseNo, OwedFen: d.OwedFen, OpenFen: d.OpenFen,
		InterestFen: d.InterestFen, OrdinaryFen: d.OrdinaryFen, FeeFen: d.FeeFen,
		Parties: each(d.File.Parties, func(p model.EnforcementParty) enforcementParty {
			return enforcementParty{PartyID: p.PartyID, Role: string(p.Role), Name: d.Party(p.PartyID)}
		}),
		ObligationIDs: each(d.File.Obligations, func(o model.EnforcedObligation) int64 { return o.ObligationID }),
		Tasks:         each(d.Tasks, s.viewTask),
	}
}

func (s *API) listTasks(ctx context.Context, by model.Actor, in taskQuery) (taskList, error) {
	list, err := s.svc.Enforcement.Tasks(ctx, by, model.TaskFilter{
		State: model.TaskState(in.State), AfterDue: in.After.At, AfterID: in.After.ID, Limit: in.more(),
	})
	return taskList{Tasks: each(cut(in.pageQuery, list), s.viewTask), Next: nextOf(in.pageQuery, list, func(l model.TaskLine) place { return place{l.DueAt, l.ID} })}, err
}

func (s *API) finishTask(ctx context.Context, by model.Actor, in taskResult) (taskView, error) {
	t, err := s.svc.Enforcement.FinishOwnTask(ctx, by, in.ID, in.Version, in.Result, in.FileID)
	if err != nil {
		return taskView{}, err
	}
	return s.viewTask(*t), nil
}
