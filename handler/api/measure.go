package api

import (
	"net/http"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/enforcement"
)

// measureRoutes are about coercive measures, applications against them, and
// the clean-up after payment.
func (s *API) measureRoutes() []Route {
	notFound := []Reason{{model.NotFound, "measure.not_found"}}
	changed := append(slices.Clone(notFound), Reason{model.Conflict, "measure.changed"})
	file := Reason{model.Invalid, "file.unknown"}
	why := Reason{model.Invalid, "reason.required"}
	president := Reason{model.Forbidden, "measure.president"}
	with := func(base []Reason, more ...Reason) []Reason { return slices.Concat(base, more) }
	return []Route{
		{
			Method: http.MethodGet, Path: "/measures", For: PhoneStaff, Act: model.ActMeasureRead, Summary: "全院强制措施（新的在前）；waiting=1 为待院领导决定的",
			Do: do(s.listMeasures),
		},
		{
			Method: http.MethodGet, Path: "/measures/:id", For: PhoneStaff, Act: model.ActMeasureRead, Summary: "一项措施：经过、期限、救济申请",
			Reasons: notFound, Do: do(s.readMeasure),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/decide", For: PhoneStaff, Act: model.ActMeasureDecide, Summary: "决定（须院长批准的由院长或者其书面授权的院领导；其余由执行法官附合议意见）",
			Do: do(s.decideMeasure), Reasons: with(changed, Reason{model.Forbidden, "measure.leader"}, president,
				Reason{model.Conflict, "measure.own_proposal"}, Reason{model.Invalid, "measure.opinion"}, Reason{model.Conflict, "obligation.performed"},
				Reason{model.Conflict, "repair.suspended"}),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/refuse", For: PhoneStaff, Act: model.ActMeasureApprove, Summary: "不予批准",
			Do: do(s.refuseMeasure), Reasons: with(changed, why, president, Reason{model.Conflict, "measure.own_proposal"}),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/service-of-process", For: PhoneStaff, Act: model.ActMeasurePropose, Summary: "登记决定书的送达（救济期限由此起算）",
			Do: do(s.recordServiceOfProcess), Reasons: with(changed, Reason{model.Invalid, "measure.served_on"}, Reason{model.Invalid, "measure.how"}, file),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/detain", For: PhoneStaff, Act: model.ActMeasurePropose, Summary: "登记收拘（24 小时通知家属、到期释放的期限由此起算）",
			Do: do(s.recordDetention), Reasons: with(changed, Reason{model.Invalid, "measure.detained_at"}, Reason{model.Invalid, "measure.place"}, Reason{model.Conflict, "obligation.performed"}),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/family", For: PhoneStaff, Act: model.ActMeasurePropose, Summary: "登记已通知家属（对象、方式、时间、证明）",
			Do: do(s.tellFamily), Reasons: with(notFound, Reason{model.Conflict, "measure.not_detained"}, Reason{model.Conflict, "task.done"},
				Reason{model.Invalid, "family.proof"}, Reason{model.Invalid, "family.at"}, file),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/posters", For: PhoneStaff, Act: model.ActMeasurePropose, Summary: "登记失信名单张榜（地点、照片）",
			Status: http.StatusCreated, Do: do(s.postMeasure), Reasons: with(notFound, Reason{model.Conflict, "poster.state"},
				Reason{model.Invalid, "poster.place"}, file),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/executions", For: PhoneStaff, Act: model.ActMeasurePropose, Summary: "登记决定的执行：已上传、已报公安、已释放等（时间、地点、回执）",
			Do: do(s.executeMeasure), Reasons: with(changed, Reason{model.Conflict, "measure.executed"}, Reason{model.Invalid, "measure.execution"}, file),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/lift-answer", For: PhoneStaff, Act: model.ActMeasureApprove, Summary: "院长或者其书面授权的院领导对提请解除的决定",
			Do: do(s.answerLift), Reasons: with(changed, why, president, Reason{model.Conflict, "task.order"}, Reason{model.Conflict, "lift.own"}),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/reviews", For: Phone, Act: model.ActReviewAsk, Summary: "对措施申请复议、纠正或者提出异议",
			Status: http.StatusCreated, Do: do(s.askReview), Reasons: with(notFound, why, Reason{model.Conflict, "review.state"},
				Reason{model.Conflict, "review.late"}, Reason{model.Conflict, "review.open"}),
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/measures", For: Phone, Act: model.ActMeasureOwn, Summary: "法院对我采取的措施（依法应当让我知道的）",
			Do: do(s.ownMeasures), Reasons: []Reason{{model.NotFound, "case.not_found"}},
		},
	}
}

type measureQuery struct {
	Kind    string `query:"kind" enum:",listing,consumption,tracing,exit_ban,detention,fine"`
	State   string `query:"state" enum:",proposed,decided,in_force,lifted,expired,refused,withdrawn"`
	Waiting bool   `query:"waiting" json:"-" description:"只看待院领导决定的"`
	Pending bool   `query:"pending" json:"-" description:"只看已决定、未执行的"`
	Mine    bool   `query:"mine" json:"-" description:"只看本人办理的案件"`
	pageQuery
}

type measureDecision struct {
	ID      int64  `path:"id" json:"-"`
	Opinion string `json:"opinion,omitempty" description:"批准意见或者合议庭意见"`
	Version int64  `json:"version" required:"true"`
}

type serviceOfProcessInput struct {
	ID      int64      `path:"id" json:"-"`
	On      model.Date `json:"on" required:"true"`
	How     string     `json:"how" required:"true" description:"方式和签收人"`
	FileID  int64      `json:"file_id,omitempty"`
	Version int64      `json:"version" required:"true"`
}

type measureDetain struct {
	ID      int64     `path:"id" json:"-"`
	At      time.Time `json:"at" required:"true"`
	Place   string    `json:"place,omitempty" description:"羁押的拘留所；不填为本院设置的拘留所"`
	Version int64     `json:"version" required:"true"`
}

type measureFamily struct {
	ID       int64     `path:"id" json:"-"`
	Name     string    `json:"name,omitempty"`
	Relation string    `json:"relation,omitempty" description:"与被拘留人的关系"`
	How      string    `json:"how" required:"true" description:"方式；通知不到的写明经过"`
	At       time.Time `json:"at" required:"true"`
	FileID   int64     `json:"file_id,omitempty"`
	Missed   bool      `json:"missed,omitempty" description:"未能通知到"`
}

type measureExecution struct {
	ID      int64     `path:"id" json:"-"`
	Phase   string    `json:"phase" required:"true" enum:"execute,undo"`
	At      time.Time `json:"at" required:"true"`
	Place   string    `json:"place,omitempty" description:"在哪里，或者由哪个单位执行"`
	Number  string    `json:"number,omitempty" description:"对方返回的编号"`
	Note    string    `json:"note,omitempty" description:"办理经过"`
	FileID  int64     `json:"file_id,omitempty" description:"回执"`
	Version int64     `json:"version" required:"true"`
}

type measurePoster struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Place  string `json:"place" required:"true"`
	FileID int64  `json:"file_id,omitempty" description:"照片"`
}

type measureAnswer struct {
	ID      int64  `path:"id" json:"-"`
	Yes     bool   `json:"yes" required:"true"`
	Note    string `json:"note,omitempty" description:"不同意的须填写理由"`
	Version int64  `json:"version" required:"true"`
}

type newReview struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Reason string `json:"reason" required:"true"`
}

type measureEntryView struct {
	Kind     string    `json:"kind" required:"true" enum:"proposed,decided,refused,withdrawn,served,in_force,family_told,posted,taken_down,lift_asked,lift_refused,lifted,expired,repaired,repair_ended,kept,prolong_asked,prolonged,not_prolonged,permitted,review_asked,review_result,executed,undone"`
	KindName string    `json:"kind_name" required:"true"`
	Note     string    `json:"note" required:"true"`
	Place    string    `json:"place" required:"true" description:"执行的地点或者单位"`
	Number   string    `json:"number" required:"true" description:"对方返回的编号"`
	FileID   int64     `json:"file_id" required:"true"`
	By       string    `json:"by" required:"true"`
	At       time.Time `json:"at" required:"true"`
}

type measureAnswerView struct {
	Question string `json:"question" required:"true" description:"法律规定的前提"`
	Answer   string `json:"answer" required:"true"`
	Record   bool   `json:"record" required:"true" description:"由系统记录核对；否则为执行法官的答复"`
	Rules    string `json:"rules" required:"true" description:"依据的条文"`
}

type reviewView struct {
	ID         int64      `json:"id" required:"true"`
	MeasureID  int64      `json:"measure_id" required:"true"`
	Reason     string     `json:"reason" required:"true"`
	State      string     `json:"state" required:"true" enum:"open,decided"`
	At         time.Time  `json:"at" required:"true"`
	DueOn      model.Date `json:"due_on" required:"true"`
	DueReason  string     `json:"due_reason" required:"true"`
	Result     string     `json:"result" required:"true" enum:",upheld,changed,revoked"`
	ResultName string     `json:"result_name" required:"true"`
	ResultText string     `json:"result_text" required:"true"`
	ByCourt    string     `json:"by_court" required:"true"`
	Number     string     `json:"number" required:"true"`
	DecidedOn  model.Date `json:"decided_on" required:"true"`
}

type measureView struct {
	ID                int64               `json:"id" required:"true"`
	EnforcementCaseID int64               `json:"enforcement_case_id" required:"true"`
	CaseID            int64               `json:"case_id" required:"true"`
	CaseNo            string              `json:"case_no" required:"true"`
	Kind              string              `json:"kind" required:"true" enum:"listing,consumption,tracing,exit_ban,detention,fine"`
	KindName          string              `json:"kind_name" required:"true"`
	PartyID           int64               `json:"party_id" required:"true"`
	Debtor            string              `json:"debtor" required:"true"`
	Relation          string              `json:"relation" required:"true" enum:",self,legal_rep,principal,direct,controller,guardian,assistant"`
	RelationName      string              `json:"relation_name" required:"true"`
	Subject           string              `json:"subject" required:"true"`
	SubjectID         string              `json:"subject_id" required:"true" description:"遮盖后的证件号码"`
	Resistance        string              `json:"resistance" required:"true" enum:",evade,circumvent,defy"`
	Ground            string              `json:"ground" required:"true" enum:",able_refuses,obstructs,sham_suit,property_report,consumption_order,settlement_broken,hides_property,disposes_secured,no_assistance,notice_missed,listed,unperformed,whereabouts"`
	GroundText        string              `json:"ground_text" required:"true"`
	Citation          string              `json:"citation" required:"true"`
	Facts             string              `json:"facts" required:"true"`
	Answers           []measureAnswerView `json:"answers" required:"true" description:"提出时核对的法定前提"`
	ActOn             model.Date          `json:"act_on" required:"true"`
	ActText           string              `json:"act_text" required:"true"`
	Opinion           string              `json:"opinion" required:"true"`
	Term              string              `json:"term" required:"true"`
	Days              int                 `json:"days" required:"true"`
	AmountFen         model.Fen           `json:"amount_fen" required:"true"`
	PayBy             model.Date          `json:"pay_by" required:"true"`
	State             string              `json:"state" required:"true" enum:"proposed,decided,in_force,lifted,expired,refused,withdrawn"`
	StateName         string              `json:"state_name" required:"true"`
	Number            string              `json:"number" required:"true"`
	DocumentID        int64               `json:"document_id" required:"true"`
	DecidedAt         *time.Time          `json:"decided_at" required:"true" nullable:"true"`
	DecideNote        string              `json:"decide_note" required:"true"`
	ExecutedAt        *time.Time          `json:"executed_at" required:"true" nullable:"true" description:"决定实际执行的时间"`
	UndoneAt          *time.Time          `json:"undone_at" required:"true" nullable:"true" description:"解除实际执行的时间"`
	Pending           string              `json:"pending" required:"true" description:"已决定、未执行，或者已决定解除、未执行；没有等待执行的为空"`
	ServedOn          model.Date          `json:"served_on" required:"true"`
	GraceUntil        model.Date          `json:"grace_until" required:"true"`
	FromAt            *time.Time          `json:"from_at" required:"true" nullable:"true"`
	EndsAt            *time.Time          `json:"ends_at" required:"true" nullable:"true"`
	Until             model.Date          `json:"until" required:"true"`
	Exposure          string              `json:"exposure" required:"true" enum:"shown,masked,suspended,paused" description:"信用修复：shown 没有、masked 失信信息已屏蔽、suspended 暂缓公开、paused 暂停限制消费"`
	LiftAsked         bool                `json:"lift_asked" required:"true" description:"已提请院领导决定解除"`
	LiftGround        string              `json:"lift_ground" required:"true" enum:",performed,settlement_performed,creditor,no_assets,stayed,not_enforced,terminated,struck,rejected,early,guarantee,found,remorse,unfit,fine_paid,credit_repair,post_changed,wrong,review_revoked"`
	LiftGroundName    string              `json:"lift_ground_name" required:"true"`
	LiftReason        string              `json:"lift_reason" required:"true"`
	LiftProof         string              `json:"lift_proof" required:"true"`
	LiftedAt          *time.Time          `json:"lifted_at" required:"true" nullable:"true"`
	ReviewUntil       model.Date          `json:"review_until" required:"true" description:"申请复议的最后一日"`
	Entries           []measureEntryView  `json:"entries" required:"true"`
	Reviews           []reviewView        `json:"reviews" required:"true"`
	Tasks             []taskView          `json:"tasks" required:"true"`
	Version           int64               `json:"version" required:"true"`
}

type measureLineView struct {
	ID                int64      `json:"id" required:"true"`
	EnforcementCaseID int64      `json:"enforcement_case_id" required:"true"`
	CaseNo            string     `json:"case_no" required:"true"`
	Kind              string     `json:"kind" required:"true" enum:"listing,consumption,tracing,exit_ban,detention,fine"`
	KindName          string     `json:"kind_name" required:"true"`
	Subject           string     `json:"subject" required:"true"`
	State             string     `json:"state" required:"true" enum:"proposed,decided,in_force,lifted,expired,refused,withdrawn"`
	StateName         string     `json:"state_name" required:"true"`
	Officer           string     `json:"officer" required:"true"`
	LiftAsked         bool       `json:"lift_asked" required:"true"`
	Pending           string     `json:"pending" required:"true" description:"已决定、未执行，或者已决定解除、未执行；没有等待执行的为空"`
	NextTitle         string     `json:"next_title" required:"true" description:"最近一项待办"`
	NextDue           *time.Time `json:"next_due" required:"true" nullable:"true"`
	Version           int64      `json:"version" required:"true"`
}

type measureLines struct {
	Measures []measureLineView `json:"measures" required:"true"`
	Next     string            `json:"next" required:"true"`
}

// ownMeasure is what a person may know of a measure against him.
type ownMeasure struct {
	ID          int64        `json:"id" required:"true"`
	CaseNo      string       `json:"case_no" required:"true"`
	Kind        string       `json:"kind" required:"true" enum:"listing,consumption,tracing,exit_ban,detention,fine"`
	KindName    string       `json:"kind_name" required:"true"`
	State       string       `json:"state" required:"true" enum:"proposed,decided,in_force,lifted,expired,refused,withdrawn"`
	StateName   string       `json:"state_name" required:"true"`
	Number      string       `json:"number" required:"true"`
	DocumentID  int64        `json:"document_id" required:"true"`
	GroundText  string       `json:"ground_text" required:"true"`
	Facts       string       `json:"facts" required:"true"`
	Term        string       `json:"term" required:"true"`
	AmountFen   model.Fen    `json:"amount_fen" required:"true"`
	FromAt      *time.Time   `json:"from_at" required:"true" nullable:"true"`
	EndsAt      *time.Time   `json:"ends_at" required:"true" nullable:"true"`
	GraceUntil  model.Date   `json:"grace_until" required:"true"`
	Until       model.Date   `json:"until" required:"true"`
	Exposure    string       `json:"exposure" required:"true" enum:"shown,masked,suspended,paused" description:"信用修复：shown 没有、masked 失信信息已屏蔽、suspended 暂缓公开、paused 暂停限制消费"`
	LiftedAt    *time.Time   `json:"lifted_at" required:"true" nullable:"true"`
	LiftReason  string       `json:"lift_reason" required:"true"`
	Remedy      string       `json:"remedy" required:"true" description:"怎样救济"`
	ReviewName  string       `json:"review_name" required:"true" description:"申请复议、申请纠正或者提出执行异议"`
	ReviewUntil model.Date   `json:"review_until" required:"true"`
	Reviews     []reviewView `json:"reviews" required:"true"`
}

type ownMeasureList struct {
	Measures []ownMeasure `json:"measures" required:"true"`
}

func viewReview(r model.MeasureReview) reviewView {
	return reviewView{
		ID: r.ID, MeasureID: r.MeasureID, Reason: r.Reason, State: string(r.State), At: r.AskedAt.UTC(), DueOn: r.DueOn, DueReason: r.DueReason, Result: string(r.Result),
		ResultName: r.Result.Chinese(), ResultText: r.ResultText, ByCourt: r.ByCourt, Number: r.Number, DecidedOn: r.DecidedOn,
	}
}

func (s *API) viewMeasure(d enforcement.MeasureDetail) measureView {
	g := d.Kind.GroundOf(d.Ground)
	v := measureView{
		ID: d.ID, EnforcementCaseID: d.EnforcementCaseID, CaseID: d.CaseID, CaseNo: d.CaseNo, Kind: string(d.Kind), KindName: d.Kind.Chinese(), PartyID: d.PartyID, Debtor: d.Debtor,
		Relation: string(d.Relation), RelationName: d.Relation.Chinese(), Subject: d.SubjectName, SubjectID: model.MaskID(d.SubjectID), Resistance: string(d.Resistance),
		Ground: string(d.Ground), GroundText: g.Text, Citation: g.Citation.String(), Facts: d.Facts, ActOn: d.ActOn, ActText: d.ActText, Opinion: d.Opinion, Term: d.Term(), Days: d.Days,
		AmountFen: d.AmountFen, PayBy: d.PayBy, State: string(d.State), StateName: d.State.Chinese(), Number: d.Number, DocumentID: d.DocumentID, DecidedAt: d.DecidedAt,
		DecideNote: d.DecideNote, ServedOn: d.ServedOn, GraceUntil: d.GraceUntil, FromAt: d.FromAt, EndsAt: d.EndsAt, Until: d.Until, Exposure: string(d.Exposure), LiftAsked: d.LiftAskedAt != nil && d.State.Stands(),
		LiftGround: string(d.LiftGround), LiftGroundName: d.LiftGround.Chinese(), LiftReason: d.LiftReason, LiftProof: d.LiftProof, LiftedAt: d.LiftedAt, ReviewUntil: d.ReviewUntil,
		ExecutedAt: d.ExecutedAt, UndoneAt: d.UndoneAt, Pending: d.Pending(),
		Answers: []measureAnswerView{}, Entries: []measureEntryView{}, Reviews: each(d.Reviews, viewReview), Tasks: []taskView{}, Version: d.Version,
	}
	for _, a := range d.Answers {
		v.Answers = append(v.Answers, measureAnswerView{Question: a.Question, Answer: a.Chinese(), Record: a.Record(), Rules: a.Rules})
	}
	for _, e := range d.Entries {
		by := d.Names[e.ByUserID]
		if e.ByUserID == 0 {
			by = "系统"
		}
		v.Entries = append(v.Entries, measureEntryView{Kind: string(e.Kind), KindName: e.Kind.Chinese(), Note: e.Note, Place: e.Place, Number: e.Number, FileID: e.FileID, By: by, At: e.At.UTC()})
	}
	for _, t := range d.Tasks {
		v.Tasks = append(v.Tasks, s.viewTask(model.TaskLine{Task: t, CaseNo: d.CaseNo}))
	}
	return v
}

func viewMeasureLine(l model.MeasureLine) measureLineView {
	v := measureLineView{
		ID: l.ID, EnforcementCaseID: l.EnforcementCaseID, CaseNo: l.CaseNo, Kind: string(l.Kind), KindName: l.Kind.Chinese(), Subject: l.SubjectName, State: string(l.State),
		StateName: l.State.Chinese(), Officer: l.Officer, LiftAsked: l.LiftAskedAt != nil && l.State.Stands(), Pending: l.Pending(), NextTitle: l.Next.Title, Version: l.Version,
	}
	if l.Next.ID != 0 {
		at := l.Next.DueAt.UTC()
		v.NextDue = &at
	}
	return v
}

func viewOwnMeasure(d enforcement.MeasureDetail) ownMeasure {
	v := ownMeasure{
		ID: d.ID, CaseNo: d.CaseNo, Kind: string(d.Kind), KindName: d.Kind.Chinese(), State: string(d.State), StateName: d.State.Chinese(), Number: d.Number, DocumentID: d.DocumentID,
		GroundText: d.Kind.GroundOf(d.Ground).Text, Facts: d.Facts, Term: d.Term(), AmountFen: d.AmountFen, FromAt: d.FromAt, EndsAt: d.EndsAt, GraceUntil: d.GraceUntil,
		Until: d.Until, Exposure: string(d.Exposure), LiftedAt: d.LiftedAt,
		LiftReason: d.LiftGround.Chinese(), Remedy: d.RemedyText(d.HigherCourt), ReviewName: d.Kind.Remedy().Name, ReviewUntil: d.ReviewUntil, Reviews: each(d.Reviews, viewReview),
	}
	if d.Kind == model.MeasureTracing { // its paper is not for him
		v.Number, v.DocumentID, v.Facts = "", 0, ""
	}
	if d.State.Stands() {
		v.LiftReason = ""
	}
	return v
}
