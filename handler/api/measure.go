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
	with := func(base []Reason, more ...Reason) []Reason { return slices.Concat(base, more) }
	return []Route{
		{
			Method: http.MethodGet, Path: "/enforcement-cases/:id/measures", Act: model.ActMeasureRead, Summary: "本案的强制措施及其经过（新的在前）",
			Do: do(s.caseMeasures), Reasons: []Reason{{model.NotFound, "enforcement.not_found"}},
		},
		{
			Method: http.MethodPost, Path: "/enforcement-cases/:id/measures", Act: model.ActMeasurePropose, Summary: "提出强制措施（系统先作合法性检查，错误中写明依据）",
			Status: http.StatusCreated, Do: do(s.proposeMeasure), Reasons: []Reason{
				{model.NotFound, "enforcement.not_found"},
				{model.Conflict, "enforcement.closed"},
				{model.Invalid, "measure.debtor"},
				{model.Invalid, "measure.kind"},
				{model.Invalid, "measure.relation"},
				{model.Invalid, "measure.subject"},
				{model.Invalid, "measure.subject_id"},
				{model.Invalid, "measure.person"},
				{model.Invalid, "measure.minor"},
				{model.Invalid, "measure.resistance"},
				{model.Invalid, "measure.ground"},
				{model.Invalid, "measure.text"},
				{model.Invalid, "measure.days"},
				{model.Invalid, "measure.amount"},
				{model.Invalid, "measure.pay_by"},
				{model.Invalid, "measure.extra"},
				{model.Invalid, "measure.grace"},
				{model.Invalid, "measure.until"},
				{model.Invalid, "measure.act_on"},
				{model.Conflict, "obligation.performed"},
				{model.Conflict, "measure.notice"},
				{model.Conflict, "measure.not_listed"},
				{model.Conflict, "measure.relist"},
				{model.Conflict, "measure.same_act"},
				{model.Conflict, "measure.other_act"},
				{model.Conflict, "measure.standing"},
				{model.Conflict, "repair.suspended"},
			},
		},
		{
			Method: http.MethodGet, Path: "/measures", For: PhoneStaff, Act: model.ActMeasureRead, Summary: "全院强制措施（新的在前）；waiting=1 为待院领导决定的",
			Do: do(s.listMeasures), Reasons: []Reason{{model.Invalid, "filter.unknown"}},
		},
		{
			Method: http.MethodGet, Path: "/measures/:id", For: PhoneStaff, Act: model.ActMeasureRead, Summary: "一项措施：经过、期限、救济申请",
			Reasons: notFound, Do: do(s.readMeasure),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/decide", For: PhoneStaff, Act: model.ActMeasureDecide, Summary: "决定（须院长批准的由院领导；其余由执行法官附合议意见）",
			Do: do(s.decideMeasure), Reasons: with(changed, Reason{model.Forbidden, "measure.leader"},
				Reason{model.Conflict, "measure.own_proposal"}, Reason{model.Invalid, "measure.opinion"}, Reason{model.Conflict, "obligation.performed"},
				Reason{model.Conflict, "repair.suspended"}),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/refuse", For: PhoneStaff, Act: model.ActMeasureApprove, Summary: "不予批准",
			Do: do(s.refuseMeasure), Reasons: with(changed, why, Reason{model.Conflict, "measure.own_proposal"}),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/withdraw", Act: model.ActMeasurePropose, Summary: "撤回尚未决定的措施",
			Do: do(s.withdrawMeasure), Reasons: with(changed, why),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/service-of-process", For: PhoneStaff, Act: model.ActMeasurePropose, Summary: "登记决定书的送达（救济期限由此起算）",
			Do: do(s.recordServiceOfProcess), Reasons: with(changed, Reason{model.Invalid, "measure.served_on"}, Reason{model.Invalid, "measure.how"}, file),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/detain", For: PhoneStaff, Act: model.ActMeasurePropose, Summary: "登记收拘（24 小时通知家属、到期释放的期限由此起算）",
			Do: do(s.recordDetention), Reasons: with(changed, Reason{model.Invalid, "measure.detained_at"}, Reason{model.Conflict, "obligation.performed"}),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/family", For: PhoneStaff, Act: model.ActMeasurePropose, Summary: "登记已通知家属（对象、方式、时间、证明）",
			Do: do(s.tellFamily), Reasons: with(notFound, Reason{model.Conflict, "measure.not_detained"}, Reason{model.Conflict, "task.done"},
				Reason{model.Invalid, "family.proof"}, Reason{model.Invalid, "family.at"}, file),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/effect", Act: model.ActMeasurePropose, Summary: "宽限期满，公布或者实施",
			Do: do(s.effectMeasure), Reasons: with(changed, Reason{model.Conflict, "measure.grace_runs"}, Reason{model.Conflict, "obligation.performed"},
				Reason{model.Conflict, "repair.suspended"}),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/posters", For: PhoneStaff, Act: model.ActMeasurePropose, Summary: "登记失信名单张榜（地点、照片）",
			Status: http.StatusCreated, Do: do(s.postMeasure), Reasons: with(notFound, Reason{model.Conflict, "poster.state"},
				Reason{model.Invalid, "poster.place"}, file),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/expire", Act: model.ActMeasurePropose, Summary: "期满终止：释放、删除、解除",
			Do: do(s.expireMeasure), Reasons: with(changed, Reason{model.Conflict, "measure.not_over"}, Reason{model.Invalid, "lift.proof"}, file),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/lift", Act: model.ActMeasureLift, Summary: "解除；须院长决定的，执行法官的请求转为提请",
			Do: do(s.liftMeasure), Reasons: with(changed, why, file, Reason{model.Invalid, "lift.ground"}, Reason{model.Invalid, "lift.term"},
				Reason{model.Invalid, "lift.proof"}, Reason{model.Conflict, "lift.asked"}, Reason{model.Conflict, "task.order"}, Reason{model.Conflict, "enforcement.not_performed"}),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/lift-answer", For: PhoneStaff, Act: model.ActMeasureApprove, Summary: "院领导对提请解除的决定",
			Do: do(s.answerLift), Reasons: with(changed, why, Reason{model.Conflict, "task.order"}, Reason{model.Conflict, "lift.own"}),
		},
		{
			Method: http.MethodPost, Path: "/measures/:id/reviews", For: Phone, Act: model.ActReviewAsk, Summary: "对措施申请复议、纠正或者提出异议",
			Status: http.StatusCreated, Do: do(s.askReview), Reasons: with(notFound, why, Reason{model.Conflict, "review.state"},
				Reason{model.Conflict, "review.late"}, Reason{model.Conflict, "review.open"}),
		},
		{
			Method: http.MethodPost, Path: "/measure-reviews/:id/result", Act: model.ActReviewRecord, Summary: "登记救济申请的结果（维持、变更、撤销）",
			Do: do(s.concludeReview), Reasons: []Reason{
				{model.NotFound, "review.not_found"},
				why,
				{model.Conflict, "review.decided"},
				{model.Conflict, "review.own"},
				{model.Invalid, "review.result"},
				{model.Invalid, "review.by_court"},
				{model.Invalid, "review.decided_on"},
				{model.Invalid, "measure.days"},
				{model.Invalid, "measure.amount"},
			},
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/measures", For: Phone, Act: model.ActMeasureOwn, Summary: "法院对我采取的措施（依法应当让我知道的）",
			Do: do(s.ownMeasures), Reasons: []Reason{{model.NotFound, "case.not_found"}},
		},
	}
}

type newMeasure struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID       int64      `json:"party_id" required:"true" description:"被执行人"`
	Kind          string     `json:"kind" required:"true" enum:"listing,consumption,tracing,exit_ban,detention,fine"`
	Relation      string     `json:"relation,omitempty" enum:",self,legal_rep,principal,direct,controller,guardian,assistant" description:"被采取措施的人与被执行人的关系，默认本人"`
	SubjectName   string     `json:"subject_name,omitempty" description:"不是本人时的姓名"`
	SubjectIDKind string     `json:"subject_id_kind,omitempty" enum:",citizen_id,resident,passport"`
	SubjectID     string     `json:"subject_id,omitempty"`
	Resistance    string     `json:"resistance" required:"true" enum:"evade,circumvent,defy" description:"逃避、规避、抗拒"`
	Ground        string     `json:"ground" required:"true" enum:"able_refuses,obstructs,sham_suit,property_report,consumption_order,settlement_broken,hides_property,disposes_secured,no_assistance,notice_missed,listed,unperformed,whereabouts" description:"法定事由"`
	ActOn         model.Date `json:"act_on,omitzero" description:"拘留、罚款所针对的行为发生的日期"`
	ActText       string     `json:"act_text,omitempty" description:"行为"`
	OtherAct      string     `json:"other_act,omitempty" description:"同日已有处罚时，说明为何是另一行为"`
	Facts         string     `json:"facts" required:"true" description:"事实和理由，印在决定书上"`
	ByCreditor    bool       `json:"by_creditor,omitempty" description:"依申请执行人的申请"`
	Days          int        `json:"days,omitempty" description:"拘留日数"`
	AmountFen     model.Fen  `json:"amount_fen,omitempty" description:"罚款金额（分）"`
	PayBy         model.Date `json:"pay_by,omitzero"`
	ExtraYears    int        `json:"extra_years,omitempty" description:"失信期限的延长年数"`
	ExtraReason   string     `json:"extra_reason,omitempty" enum:",violence,several"`
	GraceMonths   int        `json:"grace_months,omitempty" description:"宽限期（月）"`
	Until         model.Date `json:"until,omitzero" description:"截止日期，不填为至解除之日"`
}

type measureQuery struct {
	Kind    string `query:"kind" enum:",listing,consumption,tracing,exit_ban,detention,fine"`
	State   string `query:"state" enum:",proposed,decided,in_force,lifted,expired,refused,withdrawn"`
	Waiting bool   `query:"waiting" json:"-" description:"只看待院领导决定的"`
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

type measurePoster struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Place  string `json:"place" required:"true"`
	FileID int64  `json:"file_id,omitempty" description:"照片"`
}

type measureExpiry struct {
	ID      int64  `path:"id" json:"-"`
	Proof   string `json:"proof" required:"true" description:"外部系统的回执或者办理经过"`
	FileID  int64  `json:"file_id,omitempty"`
	Version int64  `json:"version" required:"true"`
}

type measureLift struct {
	ID      int64  `path:"id" json:"-"`
	Ground  string `json:"ground" required:"true" enum:"performed,settlement_performed,creditor,no_assets,stayed,not_enforced,terminated,early,guarantee,found,remorse,unfit,fine_paid,credit_repair,post_changed,wrong,review_revoked"`
	Reason  string `json:"reason" required:"true"`
	Proof   string `json:"proof,omitempty" description:"外部系统的回执或者办理经过"`
	FileID  int64  `json:"file_id,omitempty"`
	Version int64  `json:"version" required:"true"`
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

type reviewResult struct {
	ID        int64      `path:"id" json:"-"`
	Result    string     `json:"result" required:"true" enum:"upheld,changed,revoked"`
	Text      string     `json:"text" required:"true" description:"理由，申请人可见"`
	ByCourt   string     `json:"by_court,omitempty" description:"作出复议决定的上一级人民法院"`
	Number    string     `json:"number,omitempty" description:"决定书文号"`
	DecidedOn model.Date `json:"decided_on" required:"true"`
	Days      int        `json:"days,omitempty" description:"变更后的拘留日数"`
	AmountFen model.Fen  `json:"amount_fen,omitempty" description:"变更后的罚款金额"`
}

type measureEntryView struct {
	Kind     string    `json:"kind" required:"true" enum:"proposed,decided,refused,withdrawn,served,in_force,family_told,posted,taken_down,lift_asked,lift_refused,lifted,expired,repaired,repair_ended,kept,prolong_asked,prolonged,not_prolonged,permitted,review_asked,review_result"`
	KindName string    `json:"kind_name" required:"true"`
	Note     string    `json:"note" required:"true"`
	FileID   int64     `json:"file_id" required:"true"`
	By       string    `json:"by" required:"true"`
	At       time.Time `json:"at" required:"true"`
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
	ID                int64              `json:"id" required:"true"`
	EnforcementCaseID int64              `json:"enforcement_case_id" required:"true"`
	CaseID            int64              `json:"case_id" required:"true"`
	CaseNo            string             `json:"case_no" required:"true"`
	Kind              string             `json:"kind" required:"true" enum:"listing,consumption,tracing,exit_ban,detention,fine"`
	KindName          string             `json:"kind_name" required:"true"`
	PartyID           int64              `json:"party_id" required:"true"`
	Debtor            string             `json:"debtor" required:"true"`
	Relation          string             `json:"relation" required:"true" enum:",self,legal_rep,principal,direct,controller,guardian,assistant"`
	RelationName      string             `json:"relation_name" required:"true"`
	Subject           string             `json:"subject" required:"true"`
	SubjectID         string             `json:"subject_id" required:"true" description:"遮盖后的证件号码"`
	Resistance        string             `json:"resistance" required:"true" enum:",evade,circumvent,defy"`
	Ground            string             `json:"ground" required:"true" enum:",able_refuses,obstructs,sham_suit,property_report,consumption_order,settlement_broken,hides_property,disposes_secured,no_assistance,notice_missed,listed,unperformed,whereabouts"`
	GroundText        string             `json:"ground_text" required:"true"`
	Citation          string             `json:"citation" required:"true"`
	Facts             string             `json:"facts" required:"true"`
	ActOn             model.Date         `json:"act_on" required:"true"`
	ActText           string             `json:"act_text" required:"true"`
	Opinion           string             `json:"opinion" required:"true"`
	Term              string             `json:"term" required:"true"`
	Days              int                `json:"days" required:"true"`
	AmountFen         model.Fen          `json:"amount_fen" required:"true"`
	PayBy             model.Date         `json:"pay_by" required:"true"`
	State             string             `json:"state" required:"true" enum:"proposed,decided,in_force,lifted,expired,refused,withdrawn"`
	StateName         string             `json:"state_name" required:"true"`
	Number            string             `json:"number" required:"true"`
	DocumentID        int64              `json:"document_id" required:"true"`
	DecidedAt         *time.Time         `json:"decided_at" required:"true" nullable:"true"`
	DecideNote        string             `json:"decide_note" required:"true"`
	ServedOn          model.Date         `json:"served_on" required:"true"`
	GraceUntil        model.Date         `json:"grace_until" required:"true"`
	FromAt            *time.Time         `json:"from_at" required:"true" nullable:"true"`
	EndsAt            *time.Time         `json:"ends_at" required:"true" nullable:"true"`
	Until             model.Date         `json:"until" required:"true"`
	Exposure          string             `json:"exposure" required:"true" enum:"shown,masked,suspended,paused" description:"信用修复：shown 没有、masked 失信信息已屏蔽、suspended 暂缓公开、paused 暂停限制消费"`
	LiftAsked         bool               `json:"lift_asked" required:"true" description:"已提请院领导决定解除"`
	LiftGround        string             `json:"lift_ground" required:"true" enum:",performed,settlement_performed,creditor,no_assets,stayed,not_enforced,terminated,early,guarantee,found,remorse,unfit,fine_paid,credit_repair,post_changed,wrong,review_revoked"`
	LiftGroundName    string             `json:"lift_ground_name" required:"true"`
	LiftReason        string             `json:"lift_reason" required:"true"`
	LiftProof         string             `json:"lift_proof" required:"true"`
	LiftedAt          *time.Time         `json:"lifted_at" required:"true" nullable:"true"`
	ReviewUntil       model.Date         `json:"review_until" required:"true" description:"申请复议的最后一日"`
	Entries           []measureEntryView `json:"entries" required:"true"`
	Reviews           []reviewView       `json:"reviews" required:"true"`
	Tasks             []taskView         `json:"tasks" required:"true"`
	Version           int64              `json:"version" required:"true"`
}

type measureList struct {
	Measures []measureView `json:"measures" required:"true"`
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
	NextTitle         string     `json:"next_title" required:"true" description:"最近一项待办"`
	NextDue           *time.Time `json:"next_due" required:"true" nullable:"true"`
	Version           int64      `json:"version" required:"true"`
}

type measureLines struct {
	Measures []measureLineView `json:"measures" required:"true"`
	Next     int64             `json:"next" required:"true"`
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
		Ground: string(d.Ground), GroundText: g.Text, Citation: g.Citation, Facts: d.Facts, ActOn: d.ActOn, ActText: d.ActText, Opinion: d.Opinion, Term: d.Term(), Days: d.Days,
		AmountFen: d.AmountFen, PayBy: d.PayBy, State: string(d.State), StateName: d.State.Chinese(), Number: d.Number, DocumentID: d.DocumentID, DecidedAt: d.DecidedAt,
		DecideNote: d.DecideNote, ServedOn: d.ServedOn, GraceUntil: d.GraceUntil, FromAt: d.FromAt, EndsAt: d.EndsAt, Until: d.Until, Exposure: string(d.Exposure), LiftAsked: d.LiftAskedAt != nil && d.State.Stands(),
		LiftGround: string(d.LiftGround), LiftGroundName: d.LiftGround.Chinese(), LiftReason: d.LiftReason, LiftProof: d.LiftProof, LiftedAt: d.LiftedAt, ReviewUntil: d.ReviewUntil,
		Entries: []measureEntryView{}, Reviews: each(d.Reviews, viewReview), Tasks: []taskView{}, Version: d.Version,
	}
	for _, e := range d.Entries {
		by := d.Names[e.ByUserID]
		if e.ByUserID == 0 {
			by = "系统"
		}
		v.Entries = append(v.Entries, measureEntryView{Kind: string(e.Kind), KindName: e.Kind.Chinese(), Note: e.Note, FileID: e.FileID, By: by, At: e.At.UTC()})
	}
	for _, t := range d.Tasks {
		v.Tasks = append(v.Tasks, s.viewTask(model.TaskLine{Task: t, CaseNo: d.CaseNo}))
	}
	return v
}

func viewMeasureLine(l model.MeasureLine) measureLineView {
	v := measureLineView{
		ID: l.ID, EnforcementCaseID: l.EnforcementCaseID, CaseNo: l.CaseNo, Kind: string(l.Kind), KindName: l.Kind.Chinese(), Subject: l.SubjectName, State: string(l.State),
		StateName: l.State.Chinese(), Officer: l.Officer, LiftAsked: l.LiftAskedAt != nil && l.State.Stands(), NextTitle: l.Next.Title, Version: l.Version,
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
		LiftReason: d.LiftGround.Chinese(), Remedy: d.RemedyText(), ReviewName: d.Kind.Remedy().Name, ReviewUntil: d.ReviewUntil, Reviews: each(d.Reviews, viewReview),
	}
	if d.Kind == model.MeasureTracing { // its paper is not for him
		v.Number, v.DocumentID, v.Facts = "", 0, ""
	}
	if d.State.Stands() {
		v.LiftReason = ""
	}
	return v
}
