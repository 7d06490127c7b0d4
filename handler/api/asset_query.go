package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/assetquery"
)

func (s *API) assetQueryRoutes() []Route {
	onQuery := []Reason{{model.NotFound, "query.not_found"}}
	write := slices.Concat(onQuery, []Reason{{model.Conflict, "query.state"}, {model.Conflict, "query.changed"}})
	return []Route{
		{
			Method: http.MethodPost, Path: "/enforcement-cases/:id/asset-queries", Act: model.ActQueryRequest, Summary: "申请查询被执行人的车辆、房地产、人口信息或银行存款",
			Status: http.StatusCreated, Do: do(s.requestQuery), Reasons: []Reason{
				{model.NotFound, "enforcement.not_found"},
				{model.Invalid, "query.kind"},
				{model.Invalid, "query.person"},
				{model.Invalid, "query.purpose"},
				{model.Invalid, "query.agency"},
				{model.Invalid, "query.agency_kind"},
				{model.Conflict, "enforcement.closed"},
			},
		},
		{
			Method: http.MethodGet, Path: "/asset-queries", For: PhoneStaff, Act: model.ActQueryRead, Summary: "查询列表（新的在前）：执行法官本人案件的，院领导全院的",
			Do: do(s.listQueries),
		},
		{
			Method: http.MethodGet, Path: "/asset-query-agencies", Act: model.ActQueryRequest, Summary: "可以请其在线答复的责任单位及其可答复的类别",
			Do: do(s.queryAgencies),
		},
		{
			Method: http.MethodGet, Path: "/asset-query-counts", Act: model.ActQueryRead, Summary: "某一期间发出的查询件次，按类别",
			Reasons: []Reason{{model.Invalid, "query.period"}}, Do: do(s.countQueries),
		},
		{
			Method: http.MethodGet, Path: "/asset-queries/:id", For: PhoneStaff, Act: model.ActQueryRead, Summary: "一项查询及其答复（查看答复留痕）",
			Reasons: onQuery, Do: do(s.readQuery),
		},
		{
			Method: http.MethodGet, Path: "/asset-queries/:id/letter", Act: model.ActQueryRequest, Summary: "交给协助单位的查询函，含证件号码（留痕）",
			Reasons: append(onQuery, Reason{model.Conflict, "query.state"}), Do: do(s.readLetter),
		},
		{
			Method: http.MethodPost, Path: "/asset-queries/:id/decide", For: PhoneStaff, Act: model.ActQueryApprove, Summary: "审批查询",
			Do:      do(s.decideQuery),
			Reasons: append(slices.Clone(write), Reason{model.Conflict, "query.own"}, Reason{model.Invalid, "reason.required"}),
		},
		{
			Method: http.MethodPost, Path: "/asset-queries/:id/send", Act: model.ActQueryRequest, Summary: "发出查询，答复期限开始计算",
			Do:      do(s.sendQuery),
			Reasons: append(slices.Clone(write), Reason{model.Invalid, "query.agency"}, Reason{model.Invalid, "query.agency_kind"}, Reason{model.Unavailable, "query.door"}),
		},
		{
			Method: http.MethodPost, Path: "/asset-queries/:id/answer", Act: model.ActQueryRequest, Summary: "登记协助单位的答复；没有查到的，findings 为空",
			Do: do(s.answerQuery), Reasons: append(slices.Clone(write), Reason{model.Invalid, "query.answered_on"}, Reason{model.Invalid, "query.note"},
				Reason{model.Invalid, "query.finding"}, Reason{model.Invalid, "file.unknown"}, Reason{model.Invalid, "file.too_many"}),
		},
		{
			Method: http.MethodPost, Path: "/asset-queries/:id/cancel", Act: model.ActQueryRequest, Summary: "撤销尚未答复的查询",
			Do: do(s.cancelQuery), Reasons: append(slices.Clone(write), Reason{model.Invalid, "reason.required"}),
		},
	}
}

type queryRequest struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID  int64  `json:"party_id" required:"true" description:"本案的被执行人"`
	Kind     string `json:"kind" required:"true" description:"vehicle 车辆、real_estate 房地产、population 人口信息、bank 银行存款；后两种须经院领导审批"`
	Purpose  string `json:"purpose" required:"true" description:"查询用途"`
	Agency   string `json:"agency" description:"协助查询的单位；不填则为该类别通常的单位"`
	AgencyID int64  `json:"agency_id" description:"由通讯录中的责任单位在其账号中答复时填写，优先于 agency"`
}

type queryFilter struct {
	pageQuery
	EnforcementCaseID int64  `query:"enforcement_case_id" json:"-"`
	State             string `query:"state" json:"-" enum:",requested,approved,refused,sent,answered,cancelled"`
	Kind              string `query:"kind" json:"-" enum:",vehicle,real_estate,population,bank"`
}

type queryKindFilter struct {
	Kind string `query:"kind" json:"-" enum:",vehicle,real_estate,population,bank" description:"只列答复该类别的"`
}

type countFilter struct {
	From  model.Date `query:"from" json:"-" required:"true" description:"起始日期"`
	Until model.Date `query:"until" json:"-" required:"true" description:"终止日期（含）"`
}

type queryDecision struct {
	ID      int64  `path:"id" json:"-"`
	Version int64  `json:"version" required:"true"`
	Approve bool   `json:"approve" required:"true"`
	Reason  string `json:"reason" description:"不同意的必须填写"`
}

type querySending struct {
	ID       int64  `path:"id" json:"-"`
	Version  int64  `json:"version" required:"true"`
	Agency   string `json:"agency" description:"改由其他单位协助时填写"`
	AgencyID int64  `json:"agency_id" description:"改由通讯录中的责任单位在其账号中答复时填写"`
}

type findingInput struct {
	What      string `json:"what" required:"true" description:"查到了什么，如车牌号、不动产坐落、账号"`
	Place     string `json:"place" description:"在哪里"`
	Value     string `json:"value" description:"价值、面积等文字说明"`
	AmountFen int64  `json:"amount_fen" description:"金额（分）"`
	Note      string `json:"note"`
}

type queryAnswer struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Version    int64          `json:"version" required:"true"`
	AnsweredOn model.Date     `json:"answered_on" required:"true" description:"单位答复的日期"`
	Note       string         `json:"note"`
	Findings   []findingInput `json:"findings"`
	Files      []int64        `json:"file_ids" description:"先在本案上传的答复材料，最多 9 个"`
}

type queryCancelling struct {
	ID      int64  `path:"id" json:"-"`
	Version int64  `json:"version" required:"true"`
	Reason  string `json:"reason" required:"true"`
}

type queryView struct {
	ID                int64      `json:"id" required:"true"`
	EnforcementCaseID int64      `json:"enforcement_case_id" required:"true"`
	CaseID            int64      `json:"case_id" required:"true"`
	PartyID           int64      `json:"party_id" required:"true"`
	Kind              string     `json:"kind" required:"true" enum:"vehicle,real_estate,population,bank"`
	KindText          string     `json:"kind_text" required:"true"`
	Purpose           string     `json:"purpose" required:"true"`
	Agency            string     `json:"agency" required:"true"`
	AgencyID          int64      `json:"agency_id" required:"true" description:"在其账号中答复的责任单位，0 为其他方式"`
	State             string     `json:"state" required:"true" enum:"requested,approved,refused,sent,answered,cancelled"`
	StateText         string     `json:"state_text" required:"true"`
	NeedsApproval     bool       `json:"needs_approval" required:"true"`
	Rule              string     `json:"rule" required:"true" description:"由谁决定，为什么"`
	Reason            string     `json:"reason" required:"true" description:"审批意见或撤销理由"`
	Reference         string     `json:"reference" required:"true" description:"协助单位的受理编号"`
	SentAt            *time.Time `json:"sent_at,omitempty"`
	DueOn             model.Date `json:"due_on" description:"答复期限"`
	AnsweredOn        model.Date `json:"answered_on"`
	Found             int        `json:"found" required:"true" description:"答复中的项数"`
	Version           int64      `json:"version" required:"true"`
	CreatedAt         time.Time  `json:"created_at" required:"true"`
}

type queryLine struct {
	queryView
	CaseNo  string `json:"case_no" required:"true"`
	Party   string `json:"party" required:"true"`
	Officer string `json:"officer" required:"true"`
}

type queryList struct {
	Queries []queryLine `json:"queries" required:"true"`
	Next    int64       `json:"next" required:"true" description:"下一页的 after，0 为没有"`
}

type queryAgency struct {
	ID         int64    `json:"id" required:"true"`
	Code       string   `json:"code" required:"true"`
	Name       string   `json:"name" required:"true"`
	QueryKinds []string `json:"query_kinds" required:"true" description:"可答复的查询类别"`
}

type queryAgencies struct {
	Agencies []queryAgency `json:"agencies" required:"true"`
}

type findingView struct {
	What      string `json:"what" required:"true"`
	Place     string `json:"place" required:"true"`
	Value     string `json:"value" required:"true"`
	AmountFen int64  `json:"amount_fen" required:"true"`
	Note      string `json:"note" required:"true"`
}

type queryDetail struct {
	queryView
	CaseNo     string        `json:"case_no" required:"true"`
	Party      string        `json:"party" required:"true"`
	AnswerNote string        `json:"answer_note" required:"true"`
	Findings   []findingView `json:"findings" required:"true"`
	Files      []fileView    `json:"files" required:"true"`
}

type letterView struct {
	Agency   string `json:"agency" required:"true"`
	Name     string `json:"name" required:"true"`
	IDNumber string `json:"id_number" required:"true"`
	Text     string `json:"text" required:"true"`
}

type queryCount struct {
	Kind     string `json:"kind" required:"true"`
	KindText string `json:"kind_text" required:"true"`
	Sent     int64  `json:"sent" required:"true" description:"发出的件次"`
	Answered int64  `json:"answered" required:"true" description:"其中已答复"`
	Found    int64  `json:"found" required:"true" description:"其中查到的"`
}

type queryCounts struct {
	Counts []queryCount `json:"counts" required:"true"`
}

func viewQuery(q model.AssetQuery) queryView {
	reason := q.DecideReason
	if q.State == model.QueryCancelled {
		reason = q.CancelReason
	}
	return queryView{
		ID: q.ID, EnforcementCaseID: q.EnforcementCaseID, CaseID: q.CaseID, PartyID: q.PartyID, Kind: string(q.Kind), KindText: q.Kind.Chinese(),
		Purpose: q.Purpose, Agency: q.Agency, AgencyID: q.AgencyID, State: string(q.State), StateText: q.State.Chinese(), NeedsApproval: q.Kind.Rule().Approval,
		Rule: q.Kind.Rule().Why, Reason: reason, Reference: q.Reference, SentAt: q.SentAt, DueOn: q.DueOn, AnsweredOn: q.AnsweredOn, Found: q.Found,
		Version: q.Version, CreatedAt: q.CreatedAt,
	}
}

func (s *API) requestQuery(ctx context.Context, by model.Actor, in queryRequest) (queryView, error) {
	return writtenQuery(s.svc.AssetQuery.Request(ctx, by, model.AssetQuery{
		EnforcementCaseID: in.ID, PartyID: in.PartyID, Kind: model.QueryKind(in.Kind), Purpose: in.Purpose, Agency: in.Agency, AgencyID: in.AgencyID, IdemKey: in.Key,
	}))
}

func writtenQuery(q *model.AssetQuery, err error) (queryView, error) {
	if err != nil {
		return queryView{}, err
	}
	return viewQuery(*q), nil
}

func (s *API) decideQuery(ctx context.Context, by model.Actor, in queryDecision) (queryView, error) {
	return writtenQuery(s.svc.AssetQuery.Decide(ctx, by, in.ID, in.Version, in.Approve, in.Reason))
}

func (s *API) sendQuery(ctx context.Context, by model.Actor, in querySending) (queryView, error) {
	return writtenQuery(s.svc.AssetQuery.Send(ctx, by, in.ID, in.Version, assetquery.To{AgencyID: in.AgencyID, Name: in.Agency}))
}

func (s *API) answerQuery(ctx context.Context, by model.Actor, in queryAnswer) (queryView, error) {
	return writtenQuery(s.svc.AssetQuery.Answer(ctx, by, in.ID, in.Version, assetquery.Answer{
		On: in.AnsweredOn, Note: in.Note, Files: in.Files, IdemKey: in.Key, Findings: each(in.Findings, finding),
	}))
}

func (s *API) cancelQuery(ctx context.Context, by model.Actor, in queryCancelling) (queryView, error) {
	return writtenQuery(s.svc.AssetQuery.Cancel(ctx, by, in.ID, in.Version, in.Reason))
}

func (s *API) listQueries(ctx context.Context, by model.Actor, in queryFilter) (queryList, error) {
	list, err := s.svc.AssetQuery.Queries(ctx, by, model.AssetQueryFilter{
		EnforcementCaseID: in.EnforcementCaseID, State: model.QueryState(in.State), Kind: model.QueryKind(in.Kind), Before: in.After, Limit: in.Limit,
	})
	return queryList{
		Queries: each(list, func(q model.AssetQueryLine) queryLine {
			return queryLine{queryView: viewQuery(q.AssetQuery), CaseNo: q.CaseNo, Party: q.Party, Officer: q.Officer}
		}),
		Next: next(list, in.Limit, func(q model.AssetQueryLine) int64 { return q.ID }),
	}, err
}

func viewFileList(list []model.File) []fileView { return each(list, viewFile) }

func (s *API) readQuery(ctx context.Context, by model.Actor, in idPath) (queryDetail, error) {
	d, err := s.svc.AssetQuery.Query(ctx, by, in.ID)
	if err != nil {
		return queryDetail{}, err
	}
	return queryDetail{
		queryView: viewQuery(d.Query), CaseNo: d.CaseNo, Party: d.Party, AnswerNote: d.Query.AnswerNote, Findings: each(d.Findings, viewFinding),
		Files: viewFileList(d.Files),
	}, nil
}

func (s *API) readLetter(ctx context.Context, by model.Actor, in idPath) (letterView, error) {
	l, err := s.svc.AssetQuery.Letter(ctx, by, in.ID)
	if err != nil {
		return letterView{}, err
	}
	return letterView{Agency: l.Agency, Name: l.Name, IDNumber: l.IDNumber, Text: l.Text()}, nil
}

func (s *API) queryAgencies(ctx context.Context, by model.Actor, in queryKindFilter) (queryAgencies, error) {
	list, err := s.svc.AssetQuery.Agencies(ctx, by, model.QueryKind(in.Kind))
	return queryAgencies{Agencies: each(list, func(a model.Agency) queryAgency {
		return queryAgency{ID: a.ID, Code: a.Code, Name: a.Name, QueryKinds: kindNames(a.QueryKinds)}
	})}, err
}

func (s *API) countQueries(ctx context.Context, by model.Actor, in countFilter) (queryCounts, error) {
	list, err := s.svc.AssetQuery.Counts(ctx, by, in.From, in.Until)
	return queryCounts{Counts: each(list, viewCount)}, err
}

func viewCount(n model.QueryCount) queryCount {
	return queryCount{Kind: string(n.Kind), KindText: n.Kind.Chinese(), Sent: n.Sent, Answered: n.Answered, Found: n.Found}
}

func viewFinding(f model.AssetFinding) findingView {
	return findingView{What: f.What, Place: f.Place, Value: f.Value, AmountFen: int64(f.AmountFen), Note: f.Note}
}

func finding(f findingInput) model.AssetFinding {
	return model.AssetFinding{What: f.What, Place: f.Place, Value: f.Value, AmountFen: model.Fen(f.AmountFen), Note: f.Note}
}
