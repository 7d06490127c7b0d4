package desk

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/enforcement"
)

func (d *Desk) measureRoutes() []Route {
	scanned := func(path string, act model.Act, f func(*gin.Context) error) Route {
		return Route{Method: http.MethodPost, Path: path, Act: act, MaxBody: 12 << 20, Timeout: time.Minute, handle: f}
	}
	return []Route{
		get("/enforcement/:id/measures", model.ActMeasureRead, d.caseMeasures),
		get("/enforcement/:id/measures/new", model.ActMeasurePropose, d.measureForm),
		post("/enforcement/:id/measures", model.ActMeasurePropose, d.proposeMeasure),
		scanned("/enforcement/:id/refusal-acts", model.ActMeasurePropose, d.keepRefusalAct),
		listed("/measures", model.ActMeasureRead, d.measures),
		listed("/decisions", model.ActMeasureApprove, d.decisions),
		get("/measures/:id", model.ActMeasureRead, d.measure),
		final(post("/measures/:id/decide", model.ActMeasureDecide, d.decideMeasure)),
		get("/measures/:id/draft", model.ActMeasureDecide, d.draftDecision),
		get("/prolongations/:id/draft", model.ActMeasureApprove, d.draftProlonging),
		post("/measures/:id/refuse", model.ActMeasureApprove, d.refuseMeasure),
		post("/measures/:id/withdraw", model.ActMeasurePropose, d.withdrawMeasure),
		scanned("/measures/:id/service-of-process", model.ActMeasurePropose, d.recordServiceOfProcess),
		scanned("/measures/:id/execution", model.ActMeasurePropose, d.executeMeasure),
		post("/measures/:id/detain", model.ActMeasurePropose, d.detainPerson),
		scanned("/measures/:id/family", model.ActMeasurePropose, d.tellFamily),
		final(post("/measures/:id/effect", model.ActMeasurePropose, d.effectMeasure)),
		scanned("/measures/:id/posters", model.ActMeasurePropose, d.postMeasure),
		scanned("/measures/:id/expire", model.ActMeasurePropose, d.expireMeasure),
		final(scanned("/measures/:id/lift", model.ActMeasureLift, d.liftMeasure)),
		finalUnless(post("/measures/:id/answer", model.ActMeasureApprove, d.answerLift), "yes", "0"),
		scanned("/measures/:id/spending", model.ActSpendingAsk, d.askSpending),
		post("/measures/:id/prolong", model.ActMeasurePropose, d.prolongListing),
		final(post("/measures/:id/prolong-decision", model.ActMeasureApprove, d.decideProlong)),
		final(post("/measures/:id/spending-decision", model.ActSpendingDecide, d.decideSpending)),
		post("/measures/:id/reviews", model.ActReviewAsk, d.askReview),
		post("/measures/:id/review-result", model.ActReviewRecord, d.concludeReview),
	}
}

// caseMeasuresData is the tab of an enforcement case.
type caseMeasuresData struct {
	*enforcementHead
	Measures []enforcement.MeasureDetail
	Kinds    []model.MeasureKind
	Propose  bool
	// Acts are those before the judgment's effect that are kept.
	Acts    []model.RefusalAct
	Debtors []model.Party
}

func (d *Desk) caseMeasures(c *gin.Context) error {
	data, err := d.caseMeasuresData(c)
	if err != nil {
		return err
	}
	return d.show(c, "measures", "强制措施", data)
}

func (d *Desk) caseMeasuresData(c *gin.Context) (*caseMeasuresData, error) {
	h, err := d.head(c, "/measures")
	if err != nil {
		return nil, err
	}
	by := web.Actor(c)
	data := &caseMeasuresData{enforcementHead: h, Kinds: model.MeasureKinds, Propose: h.proposes(by), Debtors: h.debtors()}
	if data.Measures, err = d.svc.Enforcement.MeasuresOf(c.Request.Context(), by, h.File.ID); err != nil {
		return nil, err
	}
	data.Acts, err = d.svc.Enforcement.RefusalActs(c.Request.Context(), by, h.File.ID)
	return data, err
}

// keepRefusalAct keeps an act before the judgment's effect.
func (d *Desk) keepRefusalAct(c *gin.Context) error {
	data, err := d.caseMeasuresData(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	a := model.RefusalAct{
		EnforcementCaseID: data.File.ID, IdemKey: f.key(), PartyID: f.number("party_id"), NotifiedOn: f.date("notified_on"), ActOn: f.date("refusal_on"), ActText: c.PostForm("refusal_text"),
	}
	a.FileID = f.scan(data.File.CaseID)
	if err := f.do(func() error {
		_, err := d.svc.Enforcement.KeepRefusalAct(c.Request.Context(), web.Actor(c), a)
		return err
	}); err != nil {
		return d.again(c, "measures", "强制措施", data, err)
	}
	return done(c, fmt.Sprintf("/desk/enforcement/%d/measures", data.File.ID), "refusal_kept")
}

// debtors are the parties against whom the case enforces.
func (h *enforcementHead) debtors() (out []model.Party) {
	for _, p := range h.Parties {
		if h.File.Has(p.ID, model.EnforcementDebtor) {
			out = append(out, p)
		}
	}
	return out
}

// proposes tells whether the actor may propose measures in the case.
func (h *enforcementHead) proposes(by model.Actor) bool {
	return h.Own && by.May(model.ActMeasurePropose) && h.File.State == model.EnforcementOpen && h.File.Kind.Enforces()
}

// measureFormData is the form for a proposal of one kind.
type measureFormData struct {
	*enforcementHead
	Kind      model.MeasureKind
	Kinds     []model.MeasureKind
	Debtors   []model.Party
	Penalties model.Penalties
	Terms     model.MeasureTerms
	Propose   bool
}

func (d *Desk) measureFormData(c *gin.Context, kind string) (*measureFormData, error) {
	h, err := d.head(c, "/measures")
	if err != nil {
		return nil, err
	}
	data := &measureFormData{
		enforcementHead: h, Kind: model.MeasureKind(kind), Kinds: model.MeasureKinds, Penalties: model.PenaltiesOn(h.Today), Terms: model.MeasureTermsOn(h.Today), Propose: h.proposes(web.Actor(c)),
	}
	if !data.Kind.Valid() {
		return nil, model.InvalidField("kind", "filter.unknown", "请选择要提出的措施")
	}
	data.Debtors = h.debtors()
	return data, nil
}

func (d *Desk) measureForm(c *gin.Context) error {
	data, err := d.measureFormData(c, c.Query("kind"))
	if err != nil {
		return err
	}
	return d.show(c, "measure_new", "提出"+data.Kind.Chinese(), data)
}

func (d *Desk) proposeMeasure(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	p := proposal(f, id)
	var m *model.Measure
	if err := f.do(func() (err error) {
		m, err = d.svc.Enforcement.ProposeMeasure(c.Request.Context(), web.Actor(c), p)
		return err
	}); err != nil {
		data, gone := d.measureFormData(c, c.PostForm("kind"))
		if gone != nil {
			return err
		}
		return d.again(c, "measure_new", "提出"+data.Kind.Chinese(), data, err)
	}
	return done(c, fmt.Sprintf("/desk/measures/%d", m.ID), "measure_proposed")
}

// proposal reads the form for a proposal.
func proposal(f *form, id int64) enforcement.Proposal {
	c := f.c
	answers := map[string]bool{}
	for _, q := range model.MeasureKind(c.PostForm("kind")).Questions() {
		if a := f.answer(q.Field()); a != nil {
			answers[q.Code] = *a
		}
	}
	return enforcement.Proposal{
		Answers:           answers,
		EnforcementCaseID: id, IdemKey: f.key(), Kind: model.MeasureKind(c.PostForm("kind")), PartyID: f.number("party_id"),
		Relation: model.MeasureRelation(c.PostForm("relation")), Resistance: model.Resistance(c.PostForm("resistance")), SubjectName: c.PostForm("subject_name"),
		SubjectIDKind: c.DefaultPostForm("subject_id_kind", string(model.IDCitizen)), SubjectID: c.PostForm("subject_id"), Ground: model.MeasureGround(c.PostForm("ground")),
		ActOn: f.date("act_on"), Days: f.count("days"), AmountFen: f.yuan("amount", "amount_fen"), PayBy: f.date("pay_by"),
		ActText: c.PostForm("act_text"), OtherAct: c.PostForm("other_act"), Facts: c.PostForm("facts"), ExtraYears: f.count("extra_years"),
		ExtraReason: model.ListingExtra(c.PostForm("extra_reason")), ByCreditor: f.is("by_creditor"), CreditorAskedOn: f.date("creditor_asked_on"), GraceMonths: f.count("grace_months"), Until: f.date("until"),
	}
}

// measureData is the page of one measure.
type measureData struct {
	*enforcementHead
	M       *enforcement.MeasureDetail
	Decides bool // the actor may decide the proposal
	Answers bool // the actor may answer the wish to lift
	// OwnHand and ReviewOwn are why the actor may not, because he proposed, asked or
	// took it down himself; "" when he did not.
	OwnHand, ReviewOwn string
	// NotSigner is why a leader may not decide about it, "" when he may.
	NotSigner string
	Next      int64 // the next one that waits for a leader, 0 when none
	Refusal   []string
	Lifts     bool
	Review    *model.MeasureReview // that is open
	Family    bool                 // the family is still to be told
	Over      bool
	Grace     bool // its days of grace are over
	Posted    []model.MeasureEntry
	// Spending are the applications to spend under a restriction, the newest first.
	Spending []model.SpendingPermit
	Grounds  []model.SpendingGround
	// Prolongations are the proposals to prolong a listing, the newest first;
	// Prolongs says that the officer may propose one.
	Prolongations []model.Prolongation
	Prolongs      bool
	Terms         model.MeasureTerms
}

// usualRefusals are the leaders' usual reasons; they may write their own.
var usualRefusals = []string{
	"事实不清、证据不足，请补充调查后重新提出。", "尚未穷尽说服督促，请先约谈被执行人。", "措施与行为的情节不相当，请考虑较轻的措施。", "法律文书或者送达手续不全，请补正。",
}

func (d *Desk) measureData(c *gin.Context) (*measureData, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	ctx, by := c.Request.Context(), web.Actor(c)
	data := &measureData{Refusal: usualRefusals}
	if data.M, err = d.svc.Enforcement.Measure(ctx, by, id); err != nil {
		return nil, err
	}
	m := data.M
	if data.enforcementHead, err = d.headOf(c, m.EnforcementCaseID, "/measures"); err != nil {
		return nil, err
	}
	signers, err := d.svc.Enforcement.Signers(ctx, by)
	if err != nil {
		return nil, err
	}
	signed := m.Kind.Signed() != ""
	if signed && by.May(model.ActMeasureApprove) && !signers.May(by.UserID, m.Kind) {
		data.NotSigner = signers.Rule(m.Kind)
	}
	data.Decides = m.State == model.MeasureProposed && (signed && by.May(model.ActMeasureApprove) && m.ProposedBy != by.UserID || !signed && m.Own)
	data.Answers = by.May(model.ActMeasureApprove) && m.LiftAskedAt != nil && m.State.Stands()
	switch {
	case m.State == model.MeasureProposed && signed && by.May(model.ActMeasureApprove):
		data.OwnHand = model.OwnHand(model.MatterMeasure, by.UserID, m.ProposedBy)
	case data.Answers:
		data.OwnHand = model.OwnHand(model.MatterLift, by.UserID, m.LiftAskedBy)
		data.Answers = data.OwnHand == ""
	}
	if data.NotSigner != "" {
		data.Decides, data.Answers = false, false
	}
	data.Lifts = m.State.Stands() && m.LiftAskedAt == nil && (m.Own || by.May(model.ActMeasureApprove))
	for i := range m.Reviews {
		if m.Reviews[i].State == model.ReviewOpen {
			data.Review = &m.Reviews[i]
			if !m.Kind.Remedy().Higher {
				data.ReviewOwn = model.OwnHand(model.MatterReview, by.UserID, data.Review.UserID)
			}
		}
	}
	for _, t := range m.Tasks {
		data.Family = data.Family || t.Kind == model.TaskFamily && t.State == model.TaskOpen
	}
	now := d.cfg.Now()
	today := model.DateOf(now)
	data.Grace = m.State == model.MeasureDecided && !m.GraceUntil.IsZero() && today.After(m.GraceUntil)
	data.Over = m.State == model.MeasureInForce && (m.EndsAt != nil && !now.Before(*m.EndsAt) || m.EndsAt == nil && !m.Until.IsZero() && today.After(m.Until))
	data.Posted = model.Posted(m.Entries, m.ID)
	if m.Kind == model.MeasureConsumption {
		data.Grounds = model.SpendingGrounds
		all, err := d.svc.Enforcement.SpendingPermits(ctx, by, m.CaseID)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			if p.MeasureID == m.ID {
				data.Spending = append(data.Spending, p)
			}
		}
	}
	if m := data.M; m.Kind == model.MeasureListing {
		if data.Prolongations, err = d.svc.Enforcement.Prolongations(ctx, by, id); err != nil {
			return nil, err
		}
		open := len(data.Prolongations) > 0 && data.Prolongations[0].State == model.ProlongOpen
		data.Terms = model.MeasureTermsOn(model.DateOf(d.cfg.Now()))
		data.Prolongs = m.Own && m.State == model.MeasureInForce && !m.Until.IsZero() && m.ExtraYears == 0 && !open
	}
	if by.May(model.ActMeasureApprove) {
		data.Next, err = d.svc.Enforcement.NextWaiting(ctx, by, id)
	}
	return data, err
}

func (d *Desk) measure(c *gin.Context) error {
	data, err := d.measureData(c)
	if err != nil {
		return err
	}
	return d.show(c, "measure", data.M.Kind.Chinese(), data)
}

type measuresData struct {
	Filter map[string]string
	Kinds  []model.MeasureKind
	States []model.MeasureState
	// Pending are the measures whose decision is not carried out, in whatever state.
	Pending bool
	List    *listView
	Soon    model.Date // what ends by then ends soon
	Now     time.Time
	Whole   bool
}

// soonDays is within how many days a measure is about to end.
const soonDays = 7

// pendingState asks for what is decided and not carried out.
const pendingState model.MeasureState = "pending"

// measures lists the court's measures: those in force unless asked otherwise,
// by kind, or by when they end.
func (d *Desk) measures(c *gin.Context) error {
	data := measuresData{
		Filter: map[string]string{}, Kinds: model.MeasureKinds, Now: d.cfg.Now(),
		States: []model.MeasureState{model.MeasureInForce, model.MeasureDecided, model.MeasureProposed, model.MeasureLifted, model.MeasureExpired, model.MeasureRefused, model.MeasureWithdrawn},
	}
	data.Soon = model.DateOf(data.Now).AddDays(soonDays)
	for _, k := range []string{"kind", "state", "ends", "whose"} {
		data.Filter[k] = strings.TrimSpace(c.Query(k))
	}
	f := model.MeasureFilter{Kind: model.MeasureKind(data.Filter["kind"]), Limit: casePage}
	state := model.MeasureState(data.Filter["state"])
	data.Pending = state == pendingState
	if state == "" || data.Pending {
		state = model.MeasureInForce
	}
	if f.States = []model.MeasureState{state}; data.Pending {
		f.States, f.Unexecuted = nil, true
	}
	if f.Kind != "" && !f.Kind.Valid() || !slices.Contains(data.States, state) {
		return model.InvalidField("kind", "filter.unknown", "筛选条件不正确")
	}
	asked := d.form(c)
	if f.EndsBy = asked.dateAsked("ends"); asked.err != nil {
		return asked.err
	}
	by := web.Actor(c)
	if data.Whole = !by.Has(model.RoleOfficer) || data.Filter["whose"] == "all"; !data.Whole {
		f.OfficerID = by.UserID
	}
	read := func(ctx context.Context, from string, limit int) ([]model.MeasureLine, string, error) {
		f.Limit = limit
		if err := pageOfMeasures(from, &f); err != nil {
			return nil, "", err
		}
		list, err := d.svc.Enforcement.Measures(ctx, by, f)
		if err != nil || len(list) < limit {
			return list, "", err
		}
		last := list[len(list)-1]
		if !f.EndsBy.IsZero() {
			return list, fmt.Sprintf("%s.%d", last.Until, last.ID), nil
		}
		return list, strconv.FormatInt(last.ID, 10), nil
	}
	t := table[faced[model.MeasureLine]]{
		title: "强制措施", columns: measureColumns(data.Now, data.Whole), cursor: "after", limit: casePage,
		read: withFaces(d, c, read, func(l model.MeasureLine) int64 { return l.CaseID }),
		conditions: []condition{
			{"类别", f.Kind.Chinese()},
			{"状态", map[bool]string{true: "已决定、未执行", false: state.Chinese()}[data.Pending]},
			{"期满不晚于", map[bool]string{false: f.EndsBy.String()}[f.EndsBy.IsZero()]},
			{"范围", map[bool]string{true: "全院", false: "我办理的"}[data.Whole]},
		},
		empty: "没有符合条件的措施。",
	}
	return answer(d, c, t, func(v *listView) error {
		data.List = v
		return d.show(c, "measure_list", "强制措施", data)
	})
}

// pageOfMeasures reads where a list goes on: by number, or by the end and the
// number.
func pageOfMeasures(from string, f *model.MeasureFilter) (err error) {
	f.Before, f.After, f.AfterEnd = 0, 0, model.Date{}
	if f.EndsBy.IsZero() || from == "" {
		f.Before, err = idMark("after", from)
		return err
	}
	end, id, _ := strings.Cut(from, ".")
	if f.AfterEnd, err = model.ParseDate(end); err != nil {
		return model.InvalidField("after", "field.format", "分页参数不正确")
	}
	f.After, err = idMark("after", id)
	return err
}

type decisionsData struct {
	List *listView
	// Others is what waits for somebody else, and for whom.
	Others []enforcement.Others
}

// decisions is what waits for a leader, what waits longest first.
func (d *Desk) decisions(c *gin.Context) error {
	by := web.Actor(c)
	read := byID("after", func(ctx context.Context, from int64, limit int) ([]model.MeasureLine, error) {
		return d.svc.Enforcement.WaitingMeasures(ctx, by, from, limit)
	}, func(l model.MeasureLine) int64 { return l.ID })
	t := table[faced[model.MeasureLine]]{
		title: "待决定的措施", columns: decisionColumns(), cursor: "after", limit: queuePage,
		read:  withFaces(d, c, read, func(l model.MeasureLine) int64 { return l.CaseID }),
		empty: "没有待您决定的措施。",
	}
	return answer(d, c, t, func(v *listView) error {
		v.firstKey("o")
		others, err := d.svc.Enforcement.WaitingForOthers(c.Request.Context(), by)
		if err != nil {
			return err
		}
		return d.show(c, "decisions", "待决定的措施", decisionsData{v, others})
	})
}
