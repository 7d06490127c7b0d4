package desk

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/certificate"
	"microcourt/service/deposit"
	"microcourt/service/filing"
	"microcourt/service/nonlitigation"
	"microcourt/service/paper"
	"microcourt/service/penalty"
	"microcourt/service/performance"
	"microcourt/service/schedule"
)

func (d *Desk) caseRoutes() []Route {
	return []Route{
		listed("/cases", model.ActCaseRead, d.cases),
		live("/cases/:id", model.ActCaseRead, d.caseFile),
		listed("/groups", model.ActCaseRead, d.group),
		post("/cases/:id/contacts", model.ActContactLog, d.logContact),
		post("/cases/:id/periods", model.ActPeriodRecord, d.recordPeriod),
		post("/cases/:id/burden", model.ActBurdenChoose, d.chooseBurden),
		post("/cases/:id/hand-over", model.ActCaseHandOver, d.handOver),
		post("/cases/:id/schedule", model.ActScheduleManage, d.manageSchedule),
		post("/steps/:id/act", model.ActScheduleManage, d.manageStep),
		post("/bindings/:id/end", model.ActBindingIssue, d.endBinding),
		post("/cases/:id/documents", model.ActDocumentMake, d.makeDocument),
		get("/documents/:id", model.ActDocumentRead, d.documentPDF),
		listed("/certificates", model.ActCertRead, d.certificates),
		get("/certificates/:id/pdf", model.ActCertOpen, d.certificatePDF),
		final(post("/cases/:id/certificates", model.ActCertIssue, d.issueCertificate)),
		final(post("/certificates/:id/revoke", model.ActCertRevoke, d.revokeCertificate)),
		post("/applications/:id/refuse", model.ActCertIssue, d.refuseApplication),
	}
}

// casePage and listPage are how much one page of a list has; a case of a
// hundred creditors has as many notices and papers at once.
const (
	casePage = 40
	listPage = 100
)

type casesData struct {
	Filter  map[string]string
	List    *listView
	Today   model.Date
	Filters []string
}

func (d *Desk) cases(c *gin.Context) error {
	ctx, by := c.Request.Context(), web.Actor(c)
	data := casesData{Filter: map[string]string{}, Today: model.DateOf(d.cfg.Now())}
	for _, k := range []string{"text", "performance", "kind", "overdue", "enforced", "group", "judge", "sort"} {
		data.Filter[k] = strings.TrimSpace(c.Query(k))
	}
	f := model.CaseFilter{
		Performance: model.Performance(data.Filter["performance"]), Kind: model.CaseKind(data.Filter["kind"]), Text: data.Filter["text"],
		GroupRef: data.Filter["group"], Enforced: data.Filter["enforced"] == "1", ByDue: data.Filter["sort"] == "due",
	}
	if data.Filter["overdue"] == "1" {
		f.OverdueOn = data.Today
	}
	asked := d.form(c)
	if f.JudgeID = asked.number("judge"); asked.err != nil {
		return asked.err
	}
	if f.Performance != "" && f.Performance.Chinese() == "" || f.Kind != "" && f.Kind.Chinese() == "" || len(f.Text) > 200 {
		return model.InvalidField("performance", "filter.unknown", "筛选条件不正确")
	}
	people, err := d.svc.Identity.Colleagues(ctx, by, model.RoleJudge)
	if err != nil {
		return err
	}
	judges := map[int64]string{}
	for _, j := range people {
		judges[j.UserID] = j.Name
	}
	first := int64(0) // the only case that was found
	read := func(ctx context.Context, from string, limit int) ([]model.Case, string, error) {
		f.Limit = limit
		if err := readCaseMark(&f, from); err != nil {
			return nil, "", err
		}
		list, err := d.svc.Filing.Cases(ctx, by, f)
		if len(list) == 1 && from == "" && model.CaseNoBeginning(f.Text) == list[0].CaseNo {
			first = list[0].ID
		}
		if err != nil || len(list) < limit {
			return list, "", err
		}
		return list, caseMark(f, list[len(list)-1]), nil
	}
	words := map[bool]string{true: "是"}
	t := table[faced[model.Case]]{
		title: "案件", columns: caseColumns(data.Today, judges, by.SupervisorOnly() == 0 && f.JudgeID == 0), cursor: "before", limit: casePage, ordered: true,
		read:  withFaces(d, c, read, func(cs model.Case) int64 { return cs.ID }),
		count: func(ctx context.Context) (int64, error) { return d.svc.Filing.CountCases(ctx, by, f) },
		conditions: []condition{
			{"查找", f.Text},
			{"履行状态", f.Performance.Chinese()},
			{"案件类型", f.Kind.Chinese()},
			{"承办法官", judges[f.JudgeID]},
			{"关联案件", f.GroupRef},
			{"已逾期", words[!f.OverdueOn.IsZero()]},
			{"已进入执行", words[f.Enforced]},
			{"排序", map[bool]string{true: "下一到期日"}[f.ByDue]},
		},
		empty: "没有符合条件的案件。可以输入案号或其中的序号（如 123）、姓名或名称的一部分（两个字以上）、手机号、证明书编号或执行案号。",
	}
	return answer(d, c, t, func(v *listView) error {
		if first != 0 {
			c.Redirect(http.StatusSeeOther, fmt.Sprintf("/desk/cases/%d", first))
			return nil
		}
		data.List = v
		return d.show(c, "cases", "案件", data)
	})
}

// caseMark is where a page of cases ended: at an id, or at a day and an id.
func caseMark(f model.CaseFilter, last model.Case) string {
	if f.ByDue {
		return fmt.Sprintf("%s.%d", last.NextDueOn, last.ID)
	}
	return strconv.FormatInt(last.ID, 10)
}

// readCaseMark reads caseMark.
func readCaseMark(f *model.CaseFilter, from string) (err error) {
	f.Before, f.After, f.AfterDue = 0, 0, model.Date{}
	if !f.ByDue || from == "" {
		f.Before, err = idMark("before", from)
		return err
	}
	due, id, _ := strings.Cut(from, ".")
	if f.AfterDue, err = model.ParseDate(due); err != nil {
		return model.InvalidField("before", "field.format", "分页参数不正确")
	}
	f.After, err = idMark("before", id)
	return err
}

// event is one line of a case's timeline.
type event struct {
	At   time.Time
	What string
	More string
	Href string
	Tone shade
}

// obligationLine is an obligation with what is paid of it.
type obligationLine struct {
	model.Obligation
	Instrument   model.Instrument
	Obligee      string
	Obligors     []string
	Installments []model.Installment
	Confirmed    model.Fen
	Open         model.Fen
	NextDue      model.Date
	Overdue      int             // days
	Sum          model.Reckoning // as of today
	Breach       model.Date      // the day after the first missed instalment
	State        model.Performance
	Stands       string // State in words, of dues as of today
	DuesWords    string // the rule of dues with its changes
}

type caseData struct {
	*filing.Detail
	Tab         string
	Tabs        []tab
	Own         bool // the actor supervises it
	Reveal      bool
	Lines       []obligationLine
	OwedFen     model.Fen
	ForgivenFen model.Fen // of it, by the creditors
	PaidFen     model.Fen
	NextDue     model.Date
	Overdue     int
	Events      []event
	Receipts    []performance.Detail
	Ledger      *performance.Ledger
	Plans       []performance.PlanView // the newest first
	Chosen      map[int64]bool         // instalments that the form named
	Timeline    *schedule.Timeline
	Nobody      map[int64]bool // notices of which nobody was told
	Contacts    []model.Contact
	Proofs      []model.ServiceProof
	Consents    []model.Consent
	Documents   []model.Document
	Prints      []model.PaperPrint
	Eligibility []certificate.Eligibility
	Issued      []model.Certificate
	Drafts      map[draftKey]draftLine // what could be issued
	Names       map[int64]string       // of parties
	Judges      []model.StaffMember
	PeriodEnd   model.Date // the earliest that runs
	Debtors     []model.Party
	Bound       map[int64][]model.Binding // by party
	Planned     []model.Step              // that will still go out
	Past        []model.Step
	Next        string          // of a list that goes on
	DocumentOf  map[int64]int64 // documents by notice
	Penalty     *penalty.View
	Deposits    []deposit.Penalty
	Agency      *nonlitigation.View
	Talks       []model.Conversation
	Kin         map[int64]model.Relative // of its families
	Thread      *thread                  // the one that is open
}

type tab struct{ Key, Name string }

var caseTabs = []struct {
	tab
	act model.Act
}{
	{tab{"overview", "概况"}, model.ActCaseRead},
	{tab{"receipts", "回执与台账"}, model.ActCaseRead},
	{tab{"interest", "利息与抵充"}, model.ActCaseRead},
	{tab{"plan", "履行和解"}, model.ActPlanRead},
	{tab{"schedule", "督促时间表"}, model.ActScheduleRead},
	{tab{"notices", "通知与送达"}, model.ActServiceOfProcessRead},
	{tab{"documents", "文书"}, model.ActDocumentRead},
	{tab{"contacts", "联系记录"}, model.ActContactLog},
	{tab{"periods", "申请执行期间"}, model.ActCaseRead},
	{tab{"parties", "当事人变更"}, model.ActCaseRead},
	{tab{"conversation", "对话"}, model.ActMessageRead},
	{tab{"certificate", "证明书"}, model.ActCertRead},
	{tab{"penalty", "财产刑"}, model.ActPenaltyRead},
	{tab{"nonlitigation", "行政非诉"}, model.ActDecisionRead},
}

// hasTab tells whether the kind of case has the tab.
func hasTab(key string, cs model.Case) bool {
	switch key {
	case "penalty":
		return cs.Kind == model.CaseCriminal
	case "nonlitigation":
		return model.CaseNo(cs.CaseNo).IsNonLitigation()
	}
	return true
}

// casePageOf is the page that a tab is on.
func casePageOf(which string) string {
	if which == "penalty" || which == "nonlitigation" || which == "periods" || which == "interest" || which == "plan" || which == "parties" {
		return "case_" + which
	}
	return "case"
}

func (d *Desk) caseFile(c *gin.Context) error {
	data, err := d.caseData(c, c.DefaultQuery("tab", "overview"))
	if err != nil {
		return err
	}
	if data.Tab == "overview" || data.Tab == "receipts" {
		if err := d.noteUntold(c, data.Case.ID, 0); err != nil {
			return err
		}
	}
	return d.show(c, casePageOf(data.Tab), data.Case.CaseNo, data)
}

// caseData reads what a tab of the case's page shows.
func (d *Desk) caseData(c *gin.Context, which string) (*caseData, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	before, err := after(c, "before")
	if err != nil {
		return nil, err
	}
	ctx, by := c.Request.Context(), web.Actor(c)
	data := &caseData{Tab: which, Reveal: c.Query("reveal") == "1", Names: map[int64]string{}}
	if data.Detail, err = d.svc.Filing.Case(ctx, by, id, data.Reveal); err != nil {
		return nil, err
	}
	data.Own = data.Case.JudgeID == by.UserID && by.Has(model.RoleJudge)
	for _, t := range caseTabs {
		if by.May(t.act) && hasTab(t.Key, data.Case) {
			data.Tabs = append(data.Tabs, t.tab)
		}
	}
	for _, p := range data.Parties {
		data.Names[p.ID] = p.Name
	}
	data.obligations()
	load, ok := map[string]func() error{
		"overview": func() error { return d.overviewTab(c, data) },
		"receipts": func() (err error) {
			if data.Receipts, err = d.svc.Performance.CaseReceipts(ctx, by, id); err != nil {
				return err
			}
			data.Ledger, err = d.svc.Performance.Ledger(ctx, by, id)
			return err
		},
		"schedule": func() (err error) {
			if data.Timeline, err = d.svc.Schedule.Timeline(ctx, by, id); err != nil {
				return err
			}
			for _, s := range data.Timeline.Steps {
				if s.State == model.StepPlanned || s.State == model.StepPaused {
					data.Planned = append(data.Planned, s)
				} else {
					data.Past = append(data.Past, s)
				}
			}
			return d.nobodyTold(c, data) //nolint:contextcheck // the context is the request's
		},
		"notices": func() (err error) {
			if data.Proofs, err = d.svc.Notice.Proofs(ctx, by, id, before, listPage); err != nil {
				return err
			}
			if len(data.Proofs) == listPage {
				data.Next = with(c, "before", data.Proofs[listPage-1].Notice.ID)
			}
			if data.Consents, err = d.svc.Notice.Consents(ctx, by, id); err != nil {
				return err
			}
			return d.nobodyTold(c, data) //nolint:contextcheck // the context is the request's
		},
		"documents": func() (err error) {
			if data.Prints, err = d.svc.Paper.Prints(ctx, by, id); err != nil {
				return err
			}
			data.Documents, err = d.svc.Paper.Documents(ctx, by, id, before, listPage)
			if len(data.Documents) == listPage {
				data.Next = with(c, "before", data.Documents[listPage-1].ID)
			}
			return err
		},
		"conversation": func() error { return d.conversationTab(c, data) },
		"periods":      func() error { return nil }, // the case itself says it
		"parties":      func() error { return nil },
		"contacts":     func() (err error) { data.Contacts, err = d.svc.Filing.Contacts(ctx, by, id); return err },
		"certificate": func() (err error) {
			if data.Eligibility, err = d.svc.Certificate.Eligibility(ctx, by, id); err != nil {
				return err
			}
			if data.Issued, err = d.svc.Certificate.Certificates(ctx, by, id, 0, 50); err != nil {
				return err
			}
			data.Eligibility = slices.DeleteFunc(data.Eligibility, func(e certificate.Eligibility) bool { return holds(data.Issued, e) })
			return d.drafts(c, data) //nolint:contextcheck // the context is the request's
		},
		"interest": func() (err error) {
			data.Ledger, err = d.svc.Performance.Ledger(ctx, by, id)
			return err
		},
		"plan": func() (err error) {
			data.Plans, err = d.svc.Performance.Plans(ctx, by, id)
			slices.Reverse(data.Plans)
			data.Chosen = map[int64]bool{}
			for _, v := range c.PostFormArray("installments") { // of a form that comes back
				n, _ := strconv.ParseInt(v, 10, 64)
				data.Chosen[n] = true
			}
			return err
		},
		"penalty": func() (err error) {
			if data.Penalty, err = d.svc.Penalty.Case(ctx, by, id); err != nil {
				return err
			}
			data.Deposits, err = d.svc.Deposit.Penalties(ctx, by, id)
			return err
		},
		"nonlitigation": func() error { return d.nonLitigationTab(c, data) },
	}[which]
	if !ok {
		return nil, model.E(model.NotFound, "path.not_found", "没有找到，或您无权查看")
	}
	if err := load(); err != nil {
		return nil, err
	}
	if data.Own || by.Has(model.RoleLeader) {
		if data.Judges, err = d.svc.Identity.Colleagues(ctx, by, model.RoleJudge); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// holds tells whether the obligor has a valid certificate of the instrument
// already, so that nothing is to be decided.
func holds(issued []model.Certificate, e certificate.Eligibility) bool {
	return slices.ContainsFunc(issued, func(k model.Certificate) bool {
		return k.State == model.CertificateValid && k.PartyID == e.Party.ID && k.InstrumentID == e.Instrument.ID && len(e.Continues) == 0
	})
}

// names are parties by name, one after the other.
func (d *caseData) names(parties []int64) string {
	var out []string
	for _, id := range parties {
		out = append(out, d.Names[id])
	}
	return strings.Join(out, "、")
}

// obligations joins what the page shows of each obligation.
func (d *caseData) obligations() {
	instruments := map[int64]model.Instrument{}
	for _, in := range d.Instruments {
		instruments[in.ID] = in
	}
	debtors := map[int64]bool{}
	for _, ob := range d.Obligations {
		l := obligationLine{Obligation: ob, Instrument: instruments[ob.InstrumentID], Obligee: d.names(ob.Obligees())}
		if ob.ToCourt {
			l.Obligee = "法院账户"
		}
		for _, o := range d.Obligors {
			if o.ObligationID == ob.ID {
				l.Obligors = append(l.Obligors, d.Names[o.PartyID])
				debtors[o.PartyID] = true
			}
		}
		for _, i := range d.Installments {
			if i.ObligationID != ob.ID {
				continue
			}
			l.Installments = append(l.Installments, i)
			l.Confirmed += i.ConfirmedFen
			l.Open += i.OutstandingFen()
			if !i.Done() {
				l.Overdue = max(l.Overdue, model.OverdueDays(i.Due(), d.Today, d.Settings.InterestFirstDayCounts))
			}
		}
		l.Sum = d.Debts().ReckonAll(l.Installments, d.Paid, d.Settings, d.Today)
		l.Breach = model.Breach(l.Installments, d.Today)
		l.NextDue, l.State = model.NextDue(l.Installments), d.Debts().Performance(l.Installments, d.Paid, d.Settings, d.Today)
		l.Stands = d.Debts().PerformanceWords(l.State, l.Installments, d.Paid.Entries, d.Today)
		if s := d.Debts().ReplacedWords(ob); s != "" {
			l.Stands = s
		}
		l.DuesWords = ob.DuesWords(d.Paid.Entries, d.Today)
		if !ob.Replaced() {
			d.OwedFen += ob.AmountFen
		}
		d.PaidFen += l.Confirmed
		d.ForgivenFen += l.Sum.ForgivenFen
		d.Overdue = max(d.Overdue, l.Overdue)
		d.Lines = append(d.Lines, l)
	}
	d.NextDue = model.NextDue(d.Installments)
	for _, p := range d.Parties {
		if debtors[p.ID] {
			d.Debtors = append(d.Debtors, p)
		}
	}
	d.PeriodEnd = d.Periods.First()
}

// timelineLength bounds how many lines the overview shows.
const timelineLength = 60

// overviewTab tells everything that happened, newest first.
func (d *Desk) overviewTab(c *gin.Context, data *caseData) error {
	ctx, by, id := c.Request.Context(), web.Actor(c), data.Case.ID
	add := func(e event) { data.Events = append(data.Events, e) }
	add(event{At: data.Case.FiledOn.Start(), What: "立案"})
	for _, in := range data.Instruments {
		if !in.EffectiveOn.IsZero() {
			add(event{At: in.EffectiveOn.Start(), What: in.Kind.Chinese() + "生效", More: in.Summary})
		}
	}
	for _, p := range data.Promises {
		add(event{At: p.CreatedAt, What: data.Names[p.PartyID] + "承诺履行", More: p.Text})
	}
	for _, f := range data.Enforcement {
		add(event{At: f.FiledOn.Start(), What: "进入强制执行：" + f.CaseNo, Tone: "bad"})
	}
	receipts, err := d.svc.Performance.CaseReceipts(ctx, by, id)
	if err != nil {
		return err
	}
	for _, r := range receipts {
		href := fmt.Sprintf("/desk/receipts/%d", r.Receipt.ID)
		what := r.Names[r.Receipt.PartyID] + "提交回执 "
		if r.Receipt.Hand() != model.HandedBySelf {
			what = r.Names[r.Receipt.PartyID] + "的回执 "
		}
		add(event{At: r.Receipt.SubmittedAt, What: what + r.Receipt.ClaimedFen.Yuan() + " 元", More: r.Receipt.HandedIn(), Href: href})
		if r.Receipt.DecidedAt != nil {
			add(event{At: *r.Receipt.DecidedAt, What: "回执" + r.Receipt.State.Chinese() + " " + r.Receipt.ConfirmedFen.Yuan() + " 元", More: r.Receipt.ReturnReason, Href: href, Tone: tone(r.Receipt.State)})
		}
		for _, a := range r.Responses {
			if a.RespondedAt != nil {
				add(event{At: *a.RespondedAt, What: r.Names[a.PartyID] + "：" + a.State.Chinese(), More: a.Reason, Href: href, Tone: tone(a.State)})
			}
		}
	}
	if by.May(model.ActScheduleRead) {
		if data.Timeline, err = d.svc.Schedule.Timeline(ctx, by, id); err != nil {
			return err
		}
		for _, s := range sentTogether(data.Timeline.Steps) {
			to := data.Names[s[0].PartyID]
			if len(s) > 1 {
				to = fmt.Sprintf("%s等 %d 人", to, len(s))
			}
			add(event{At: s[0].UpdatedAt, What: "作出致" + to + "的" + s[0].Kind.Chinese(), Href: address(fmt.Sprintf("/desk/cases/%d", id), "tab", "notices")})
		}
		for _, a := range data.Timeline.Acts {
			add(event{At: a.CreatedAt, What: scheduleActs[a.Kind], More: a.Reason})
		}
	}
	if by.May(model.ActContactLog) {
		if data.Contacts, err = d.svc.Filing.Contacts(ctx, by, id); err != nil {
			return err
		}
		for _, k := range data.Contacts {
			add(event{At: k.HappenedAt, What: strings.TrimSpace(k.Channel.Chinese() + " " + data.Names[k.PartyID]), More: k.Note})
		}
	}
	if by.May(model.ActMessageRead) {
		messages, err := d.svc.Conversation.Messages(ctx, by, id, 0, 0, timelineLength)
		if err != nil {
			return err
		}
		for _, m := range messages.Messages {
			who := data.Names[m.PartyID]
			if m.RelativeID != 0 {
				who = "家属"
			}
			e := event{At: m.CreatedAt, What: who + "留言", More: m.Body, Href: threadAddress(id, m.ConversationID, m.RelativeID)}
			if m.FromCourt {
				e.What = "回复" + who + "的留言"
			}
			add(e)
		}
	}
	if data.Issued, err = d.svc.Certificate.Certificates(ctx, by, id, 0, 50); err != nil {
		return err
	}
	for _, k := range data.Issued {
		add(event{At: k.IssuedAt, What: "出具证明书 " + k.Number, Href: address(fmt.Sprintf("/desk/cases/%d", id), "tab", "certificate"), Tone: "good"})
		if k.RevokedAt != nil {
			add(event{At: *k.RevokedAt, What: "撤销证明书 " + k.Number, More: k.RevokeReason, Tone: "bad"})
		}
	}
	if by.May(model.ActBindingIssue) {
		list, err := d.svc.Identity.CaseBindings(ctx, by, id)
		if err != nil {
			return err
		}
		data.Bound = map[int64][]model.Binding{}
		for _, b := range list {
			data.Bound[b.PartyID] = append(data.Bound[b.PartyID], b)
		}
	}
	slices.SortStableFunc(data.Events, func(a, b event) int { return b.At.Compare(a.At) })
	if c.Query("all") != "1" && len(data.Events) > timelineLength {
		data.Events = data.Events[:timelineLength]
	}
	return nil
}

// sentTogether are the steps that went out, those of one kind in one minute
// together: a hundred creditors are told on one line.
func sentTogether(steps []model.Step) (out [][]model.Step) {
	at := map[string]int{}
	for _, s := range steps {
		if s.State != model.StepSent {
			continue
		}
		key := string(s.Kind) + s.UpdatedAt.Format("200601021504")
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key], out = i, append(out, nil)
		}
		out[i] = append(out[i], s)
	}
	return out
}

var scheduleActs = map[model.ScheduleActKind]string{
	model.SchedulePause: "暂停督促", model.ScheduleResume: "恢复督促", model.ScheduleStop: "停止督促", model.ScheduleSkip: "跳过一次通知",
	model.ScheduleSend: "立即发出一次通知",
}

// groupData is the common plan of a group of cases.
type groupData struct {
	Ref                 string
	List                *listView
	Lines               []model.GroupLine
	Owed, Paid          model.Fen
	Cases, Open, Listed int
	Text                string
	OnlyOpen            bool
}

func (d *Desk) group(c *gin.Context) error {
	data := groupData{Ref: c.Query("ref"), Text: strings.TrimSpace(c.Query("text")), OnlyOpen: c.Query("open") == "1"}
	lines, err := d.svc.Filing.Group(c.Request.Context(), web.Actor(c), data.Ref)
	if err != nil {
		return err
	}
	cases := map[int64]bool{}
	for _, l := range lines {
		data.Owed += l.AmountFen
		data.Paid += l.ConfirmedFen
		cases[l.CaseID] = true
		if !l.NextDueOn.IsZero() {
			data.Open++
		}
		if data.OnlyOpen && l.NextDueOn.IsZero() {
			continue
		}
		if data.Text == "" || strings.Contains(l.Obligee, data.Text) || strings.Contains(l.CaseNo, data.Text) {
			data.Lines = append(data.Lines, l)
		}
	}
	data.Cases, data.Listed = len(cases), len(lines)
	t := groupTable(data.Ref, []condition{{"查找", data.Text}, {"范围", map[bool]string{true: "未履行完毕的"}[data.OnlyOpen]}}, data.Lines)
	return answerOwn(d, c, t, func(v *listView, lines []model.GroupLine) error {
		data.List, data.Lines = v, lines
		return d.show(c, "group", "关联案件履行方案", data)
	})
}

// refuseOnCase shows a tab of the case again with what was wrong.
func (d *Desk) refuseOnCase(c *gin.Context, which string, err error) error {
	data, again := d.caseData(c, which)
	if again != nil {
		return err
	}
	return d.again(c, casePageOf(which), data.Case.CaseNo, data, err)
}

func caseAddress(id int64, which string) string {
	return address(fmt.Sprintf("/desk/cases/%d", id), "tab", which)
}

func (d *Desk) logContact(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	k := model.Contact{
		CaseID: id, IdemKey: f.key(), Channel: model.ContactChannel(c.PostForm("channel")), PartyID: f.number("party"), HappenedAt: d.cfg.Now(),
		Note: strings.TrimSpace(c.PostForm("outcome") + c.PostForm("note")),
	}
	if f.text("happened_at") != "" {
		k.HappenedAt = f.time("happened_at")
	}
	if err := f.do(func() error {
		_, err := d.svc.Filing.LogContact(c.Request.Context(), web.Actor(c), k)
		return err
	}); err != nil {
		return d.refuseOnCase(c, "contacts", err)
	}
	return done(c, caseAddress(id, c.DefaultPostForm("tab", "contacts")), "contact")
}

// PeriodsOf are an obligation's periods for applying for enforcement.
func (d *caseData) PeriodsOf(obligationID int64) model.ApplicationPeriods {
	return d.Periods.Of(obligationID)
}

// What says what happened to a period.
func (d *caseData) What(e model.PeriodEvent) string { return e.What(d.Debts()) }

// Corrected tells whether another entry took the place of one.
func (d *caseData) Corrected(id int64) bool {
	return slices.ContainsFunc(d.Entries, func(e model.PeriodEntry) bool { return e.CorrectsID == id })
}

// recordPeriod puts on record what interrupts or suspends periods, or corrects
// such an entry.
func (d *Desk) recordPeriod(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	e := model.PeriodEntry{
		CaseID: id, IdemKey: f.key(), Cause: model.PeriodCause(f.text("cause")), PartyID: f.number("party"), HappenedOn: f.date("happened_on"),
		EndedOn: f.date("ended_on"), Reason: f.text("reason"), CorrectsID: f.number("corrects"),
		ObligationIDs: f.several("obligations", model.InvalidField("obligations", "obligation.unknown", "该案没有这项义务，请刷新后重新选择")),
	}
	if err := f.do(func() error {
		_, err := d.svc.Filing.RecordPeriod(c.Request.Context(), web.Actor(c), e)
		return err
	}); err != nil {
		return d.refuseOnCase(c, "periods", err)
	}
	return done(c, caseAddress(id, "periods"), "period")
}

// chooseBurden records what follows from the breach of a mediation.
func (d *Desk) chooseBurden(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	obligation := f.number("obligation")
	if err := f.do(func() error {
		return d.svc.Filing.ChooseBurden(c.Request.Context(), web.Actor(c), id, obligation, model.BurdenChoice(f.text("choice")), f.text("reason"))
	}); err != nil {
		return d.refuseOnCase(c, "overview", err)
	}
	return done(c, caseAddress(id, "overview"), "burden")
}

func (d *Desk) handOver(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	seen := f.version()
	if err := f.do(func() error {
		return d.svc.Filing.HandOver(c.Request.Context(), web.Actor(c), id, seen, c.PostForm("to_judge"), c.PostForm("reason"))
	}); err != nil {
		return d.refuseOnCase(c, "overview", err)
	}
	return done(c, "/desk/cases", "handed") // the old judge does not see the case any more
}

func (d *Desk) manageSchedule(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	kind := model.ScheduleActKind(c.PostForm("act"))
	said, ok := map[model.ScheduleActKind]string{model.SchedulePause: "paused", model.ScheduleResume: "resumed", model.ScheduleStop: "stopped"}[kind]
	if !ok {
		return model.InvalidField("act", "field.format", "请选择暂停、恢复或者停止")
	}
	f := d.form(c)
	act := schedule.Act{CaseID: id, Kind: kind, Reason: c.PostForm("reason"), Ground: model.StopGround(c.PostForm("ground")), IdemKey: f.key()}
	if err := f.do(func() error { return d.svc.Schedule.Do(c.Request.Context(), web.Actor(c), act) }); err != nil {
		return d.refuseOnCase(c, "schedule", err)
	}
	return done(c, caseAddress(id, c.DefaultPostForm("tab", "schedule")), said)
}

func (d *Desk) manageStep(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	act, said := schedule.Act{StepID: id, Kind: model.ScheduleSkip, IdemKey: f.key(), Reason: c.PostForm("reason")}, "skipped"
	if c.PostForm("act") == string(model.ScheduleSend) {
		act.Kind, said = model.ScheduleSend, "sent"
	}
	caseID := f.number("case")
	if err := f.do(func() error { return d.svc.Schedule.Do(c.Request.Context(), web.Actor(c), act) }); err != nil {
		return err
	}
	return done(c, caseAddress(caseID, "schedule"), said)
}

func (d *Desk) endBinding(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	caseID := f.number("case")
	if err := f.do(func() error {
		return d.svc.Identity.EndBinding(c.Request.Context(), web.Actor(c), id, c.PostForm("reason"))
	}); err != nil {
		return err
	}
	return done(c, caseAddress(caseID, "overview"), "unbound")
}

func (d *Desk) makeDocument(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	r := paper.Request{
		CaseID: id, Key: f.key(), Kind: model.DocumentKind(c.PostForm("kind")), PartyID: f.number("party"), InstrumentID: f.number("instrument"),
		ContactID: f.number("contact"), NoticeID: f.number("notice"), DepositID: f.number("deposit"),
	}
	if err := f.do(func() error {
		_, err := d.svc.Paper.MakeByHand(c.Request.Context(), web.Actor(c), r)
		return err
	}); err != nil {
		return d.refuseOnCase(c, "documents", err)
	}
	return done(c, caseAddress(id, "documents"), "made")
}

// sendPDF answers with a paper that the browser shows.
func sendPDF(c *gin.Context, name string, b []byte) {
	h := c.Writer.Header()
	h.Set("Content-Disposition", "inline; filename*=UTF-8''"+escapeName(name)+".pdf")
	h.Set("Cache-Control", "no-store")
	c.Data(http.StatusOK, "application/pdf", b)
}

func (d *Desk) documentPDF(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	b, doc, err := d.svc.Paper.PDF(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	framed(c)
	sendPDF(c, doc.Number, b)
	return nil
}

func (d *Desk) certificatePDF(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	b, cert, err := d.svc.Certificate.PDF(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	sendPDF(c, cert.Number, b)
	return nil
}

type certificatesData struct {
	Applications []model.CertificateApplication
	List         *listView
	Labels       model.Labels
	Ready        int64 // who performed everything and has none
	Filter       map[string]string
}

func (d *Desk) certificates(c *gin.Context) error {
	ctx, by := c.Request.Context(), web.Actor(c)
	data := certificatesData{Filter: map[string]string{"state": c.Query("state"), "year": c.Query("year")}}
	asked := d.form(c)
	f := model.CertificateFilter{State: model.CertificateState(data.Filter["state"]), Year: asked.count("year")}
	if asked.err != nil {
		return asked.err
	}
	labels := &model.Labels{Cases: map[int64]string{}, Parties: map[int64]string{}}
	name := func(ctx context.Context, cases, parties []int64) error {
		more, err := d.svc.Filing.Labels(ctx, by, cases, parties)
		maps.Copy(labels.Cases, more.Cases)
		maps.Copy(labels.Parties, more.Parties)
		return err
	}
	var err error
	if by.May(model.ActReceiptQueue) && c.Query("before") == "" && c.Query("as") == "" && data.Filter["state"] == "" {
		if data.Applications, err = d.svc.Certificate.Applications(ctx, by, 0, 100); err != nil {
			return err
		}
		var cases, parties []int64
		for _, a := range data.Applications {
			cases, parties = append(cases, a.CaseID), append(parties, a.PartyID)
		}
		if err := name(ctx, cases, parties); err != nil {
			return err
		}
	}
	if by.May(model.ActReceiptQueue) && c.Query("as") == "" { // no sheet says it
		if data.Ready, err = d.svc.Certificate.CountReady(ctx, by); err != nil {
			return err
		}
	}
	read := byID("before", func(ctx context.Context, from int64, limit int) ([]model.Certificate, error) {
		f.Before, f.Limit = from, limit
		list, err := d.svc.Certificate.Issued(ctx, by, f)
		if err != nil {
			return nil, err
		}
		var cases, parties []int64
		for _, k := range list {
			cases, parties = append(cases, k.CaseID), append(parties, k.PartyID)
		}
		return list, name(ctx, cases, parties)
	}, func(k model.Certificate) int64 { return k.ID })
	t := table[model.Certificate]{
		title: "自动履行证明书", unit: "份", columns: certificateColumns(labels.Parties, labels.Cases), cursor: "before", limit: casePage, read: read,
		conditions: []condition{{"状态", f.State.Chinese()}, {"年度", data.Filter["year"]}}, empty: "还没有出具过证明书。",
	}
	return answer(d, c, t, func(v *listView) error {
		data.List, data.Labels = v, *labels
		return d.show(c, "certificates", "证明书", data)
	})
}

func (d *Desk) issueCertificate(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	of := certificate.Paper{CaseID: id, InstrumentID: f.number("instrument"), PartyID: f.number("party"), Stamp: f.text("stamp")}
	if err := f.do(func() error {
		_, _, err := d.svc.Certificate.IssueSeen(c.Request.Context(), web.Actor(c), of)
		return err
	}); err != nil {
		return d.refuseOnCase(c, "certificate", err)
	}
	return done(c, caseAddress(id, "certificate"), "issued")
}

func (d *Desk) revokeCertificate(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	seen := f.version()
	var cert *model.Certificate
	if err := f.do(func() (err error) {
		cert, err = d.svc.Certificate.Revoke(c.Request.Context(), web.Actor(c), id, seen, model.RevocationGround(c.PostForm("ground")), c.PostForm("reason"))
		return err
	}); err != nil {
		return err
	}
	return done(c, caseAddress(cert.CaseID, "certificate"), "revoked")
}

func (d *Desk) refuseApplication(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	if err := d.svc.Certificate.Refuse(c.Request.Context(), web.Actor(c), id, c.PostForm("reason")); err != nil {
		return err
	}
	return done(c, "/desk/certificates", "refused")
}
