package desk

import (
	"encoding/json"
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
	"microcourt/service/administration"
	"microcourt/service/identity"
	"microcourt/service/performance"
)

func (d *Desk) adminRoutes() []Route {
	return []Route{
		listed("/staff", model.ActStaffManage, d.staff),
		post("/staff", model.ActStaffManage, d.addStaff),
		post("/staff/:login/act", model.ActStaffManage, d.changeStaff),
		post("/staff/:login/roles", model.ActStaffManage, d.setRoles),
		post("/staff/:login/president-end", model.ActStaffManage, d.endPresident),
		{Method: http.MethodPost, Path: "/signing-authorities", Act: model.ActStaffManage, MaxBody: 12 << 20, Timeout: time.Minute, handle: d.authorise},
		get("/signing-authorities/:id/paper", model.ActStaffManage, d.authorityPaper),
		post("/signing-authorities/:id/end", model.ActStaffManage, d.endAuthority),
		post("/keys", model.ActStaffManage, d.addKey),
		post("/keys/revoke", model.ActStaffManage, d.revokeKey),
		get("/settings", model.ActCourtManage, d.settings),
		post("/settings", model.ActCourtManage, d.saveSettings),
		get("/templates", model.ActTemplateRead, d.templates),
		post("/templates/:kind", model.ActTemplateWrite, d.saveTemplate),
		post("/templates/:kind/preview", model.ActTemplateRead, d.previewTemplate),
		get("/operations", model.ActOperations, d.operations),
		{Method: http.MethodPost, Path: "/operations/jobs/:kind", Act: model.ActOperations, Timeout: time.Minute, handle: d.runJob},
		listed("/audit", model.ActAuditRead, d.audit),
		{Method: http.MethodGet, Path: "/audit/check", Act: model.ActAuditRead, Timeout: checkTime, handle: d.checkTrail},
	}
}

const staffPage = 100

type staffData struct {
	List    *listView
	Members []model.StaffMember
	Keys    []model.APIKey
	Roles   []model.Role
	Fresh   *identity.Credentials // shown once
	Secret  string                // a fresh API key, shown once
	Signing identity.Signing      // the president and whom he authorised
	Signed  []model.MeasureKind   // what he decides
	Today   model.Date
	Now     time.Time
}

// Holds tells whether a member of the list has a role, for the boxes.
func (staffData) Holds(m model.StaffMember, r model.Role) bool { return slices.Contains(m.Roles, r) }

func (d *Desk) staffData(c *gin.Context) (*staffData, error) {
	ctx, by := c.Request.Context(), web.Actor(c)
	data := &staffData{Roles: model.StaffRoles, Now: d.cfg.Now(), Signed: model.SignedMeasures(), Today: model.DateOf(d.cfg.Now())}
	var err error
	if data.Signing, err = d.svc.Identity.Signing(ctx, by); err != nil {
		return nil, err
	}
	if data.List, data.Members, err = viewOf(d, c, d.staffTable(c)); err != nil {
		return nil, err
	}
	data.Keys, err = d.svc.Identity.APIKeys(ctx, by, by.CourtID)
	return data, err
}

func (d *Desk) staff(c *gin.Context) error {
	data, err := d.staffData(c)
	if err != nil {
		return err
	}
	if as := c.Query("as"); as != "" {
		return export(d, c, d.staffTable(c), as)
	}
	return d.show(c, "staff", "人员", data)
}

func (d *Desk) refuseStaff(c *gin.Context, err error) error {
	data, again := d.staffData(c)
	if again != nil {
		return err
	}
	return d.again(c, "staff", "人员", data, err)
}

// credentials shows a one-time password, once: the answer
// to the form itself, never an address that could be opened again.
func (d *Desk) credentials(c *gin.Context, cred *identity.Credentials) error {
	data, err := d.staffData(c)
	if err != nil {
		return err
	}
	data.Fresh = cred
	return d.show(c, "staff", "人员", data)
}

func formRoles(c *gin.Context) []model.Role {
	var out []model.Role
	for _, r := range c.PostFormArray("role") {
		out = append(out, model.Role(r))
	}
	return out
}

func (d *Desk) addStaff(c *gin.Context) error {
	by := web.Actor(c)
	cred, err := d.svc.Identity.AddStaff(c.Request.Context(), by, by.CourtID, c.PostForm("login"), c.PostForm("name"), formRoles(c))
	if err != nil {
		return d.refuseStaff(c, err)
	}
	return d.credentials(c, cred)
}

func (d *Desk) changeStaff(c *gin.Context) error {
	ctx, by, login, svc := c.Request.Context(), web.Actor(c), c.Param("login"), d.svc.Identity
	var err error
	stopped := 0
	what := c.PostForm("act")
	switch what {
	case "reset":
		cred, err := svc.ResetStaff(ctx, by, by.CourtID, login)
		if err != nil {
			return d.refuseStaff(c, err)
		}
		return d.credentials(c, cred)
	case "disabled":
		stopped, err = svc.DisableStaff(ctx, by, by.CourtID, login)
	case "enabled":
		err = svc.EnableStaff(ctx, by, by.CourtID, login)
	case "unlocked":
		err = svc.UnlockStaff(ctx, by, by.CourtID, login)
	case "unlinked":
		err = svc.UnlinkStaff(ctx, by, by.CourtID, login)
	case "sign_on":
		err = svc.OpenSignOn(ctx, by, by.CourtID, login)
	case "ended":
		err = svc.LogOutStaff(ctx, by, by.CourtID, login)
	case "president":
		err = svc.MarkPresident(ctx, by, by.CourtID, login)
	default:
		err = model.InvalidField("act", "field.format", "请选择要进行的操作")
	}
	if err != nil {
		return d.refuseStaff(c, err)
	}
	to := "/desk/staff"
	if stopped > 0 {
		to = address(to, "stopped", stopped)
	}
	return done(c, to, what)
}

func (d *Desk) setRoles(c *gin.Context) error {
	by := web.Actor(c)
	if err := d.svc.Identity.SetRoles(c.Request.Context(), by, by.CourtID, c.Param("login"), formRoles(c)); err != nil {
		return d.refuseStaff(c, err)
	}
	return done(c, "/desk/staff", "roles")
}

func (d *Desk) endPresident(c *gin.Context) error {
	by := web.Actor(c)
	if err := d.svc.Identity.EndPresident(c.Request.Context(), by, by.CourtID, c.Param("login"), c.PostForm("reason")); err != nil {
		return d.refuseStaff(c, err)
	}
	return done(c, "/desk/staff", "president_ended")
}

// authorise enters a written authorisation of the president with the signed paper.
func (d *Desk) authorise(c *gin.Context) error {
	f := d.form(c)
	a := model.SigningAuthority{IdemKey: f.key(), UserID: f.number("user_id"), Title: c.PostForm("title"), FromOn: f.date("from_on"), UntilOn: f.date("until_on")}
	for _, k := range c.PostFormArray("kind") {
		a.Kinds = append(a.Kinds, model.MeasureKind(k))
	}
	a.FileID = f.file(0, a.IdemKey)
	if err := f.do(func() error {
		_, err := d.svc.Identity.Authorise(c.Request.Context(), web.Actor(c), a)
		return err
	}); err != nil {
		return d.refuseStaff(c, err)
	}
	return done(c, "/desk/staff", "authorised")
}

// authorityPaper is the signed paper; the number is that of its file.
func (d *Desk) authorityPaper(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	o, f, mediaType, err := d.svc.Performance.OpenAuthority(c.Request.Context(), web.Actor(c), id)
	return sendFile(c, o, f, mediaType, performance.VariantView, err)
}

func (d *Desk) endAuthority(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	if err := d.svc.Identity.EndAuthority(c.Request.Context(), web.Actor(c), id, c.PostForm("reason")); err != nil {
		return d.refuseStaff(c, err)
	}
	return done(c, "/desk/staff", "authority_ended")
}

func (d *Desk) addKey(c *gin.Context) error {
	by := web.Actor(c)
	secret, err := d.svc.Identity.CreateAPIKey(c.Request.Context(), by, by.CourtID, c.PostForm("name"))
	if err != nil {
		return d.refuseStaff(c, err)
	}
	data, err := d.staffData(c)
	if err != nil {
		return err
	}
	data.Secret = secret
	return d.show(c, "staff", "人员", data)
}

func (d *Desk) revokeKey(c *gin.Context) error {
	by := web.Actor(c)
	if err := d.svc.Identity.RevokeAPIKey(c.Request.Context(), by, by.CourtID, c.PostForm("name")); err != nil {
		return d.refuseStaff(c, err)
	}
	return done(c, "/desk/staff", "revoked_key")
}

// scheduleForm is a schedule of urging as one types it.
type scheduleForm struct {
	Kind                model.CaseKind
	Before              string // 7、3、1
	First, Second, Hour int
	Off                 bool
}

type settingsData struct {
	administration.Particulars
	DutyBefore, DutyAfter string
	CaseTypes             string // one a line
	Answers               string // ready ones, one a line
	AnswerLists           []administration.FormerAnswers
	Schedules             []scheduleForm
	Patterns              []patternForm
	// Criteria is the checklist for credit repair, with empty lines to add some.
	Criteria []model.RepairCriterion
}

// moreCriteria are the empty lines below the checklist.
const moreCriteria = 3

type patternForm struct {
	Key, Name, Value string
	Field            string // of the settings, as an error names it
	Example          string // the number that it makes
}

var channelOrder = []model.ChannelName{model.ChannelWeChat, model.ChannelService, model.ChannelSMS, model.ChannelPaper}

func settingsForm(p administration.Particulars, year int) settingsData {
	reminders := p.Settings.RemindsOfDuties()
	data := settingsData{Particulars: p, DutyBefore: days(reminders.Before), DutyAfter: days(reminders.After), CaseTypes: typedCaseTypes(p.Settings.CaseTypes), Answers: strings.Join(p.Settings.Answers(), "\n")}
	for _, k := range []model.CaseKind{model.CaseCivil, model.CaseCriminal, model.CaseAdministrative} {
		s := p.Settings.ScheduleFor(k)
		data.Schedules = append(data.Schedules, scheduleForm{
			Kind: k, Before: days(s.BeforeDays), First: s.FirstDemandDays, Second: s.SecondDemandDays, Hour: s.SendHour, Off: s.Off,
		})
	}
	data.Criteria = append(p.Settings.Criteria(), make([]model.RepairCriterion, moreCriteria)...)
	data.Patterns = []patternForm{
		{Key: "certificate", Field: "certificate_pattern", Name: "自动履行证明书", Value: p.Settings.CertificatePattern},
		{Key: "notice", Field: "notice_pattern", Name: "自动履行告知书", Value: p.Settings.NoticePattern},
		{Key: "demand", Field: "demand_pattern", Name: "自动履行催告书", Value: p.Settings.Demand()},
	}
	for _, k := range model.DocumentKinds {
		if k != model.DocumentPerformanceNotice && k != model.DocumentReminder {
			data.Patterns = append(data.Patterns, patternForm{Key: string(k), Field: "document_patterns." + string(k), Name: k.Chinese(), Value: p.Settings.Pattern(k)})
		}
	}
	for i, v := range data.Patterns {
		data.Patterns[i].Example = model.DocumentNumber(v.Value, p.ShortName, year, 1)
	}
	return data
}

func (d *Desk) settings(c *gin.Context) error {
	court, err := d.svc.Administration.Court(c.Request.Context(), web.Actor(c))
	if err != nil {
		return err
	}
	data := settingsForm(administration.ParticularsOf(*court), d.year())
	if data.AnswerLists, err = d.svc.Administration.AnswerLists(c.Request.Context(), web.Actor(c)); err != nil {
		return err
	}
	return d.show(c, "settings", "本院设置", data)
}

// year is the present one, for examples of numbers.
func (d *Desk) year() int { return model.DateOf(d.cfg.Now()).Year }

// days writes days as one types them.
func days(list []int) string {
	var out []string
	for _, n := range list {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, "、")
}

// readSettings reads the form over the present particulars, in the order of the
// page.
func readSettings(f *form, p *administration.Particulars) {
	c, s := f.c, &p.Settings
	p.Name, p.ShortName, p.Phone, p.Address, p.Account = c.PostForm("name"), c.PostForm("short_name"), c.PostForm("phone"), c.PostForm("address"), c.PostForm("account")
	s.PaymentAccount = model.CourtAccount{Payee: f.text("account_payee"), Number: model.NormalizeAccount(c.PostForm("account_number")), Bank: f.text("account_bank")}
	s.ObligeeAnswerDays = f.integer("obligee_days", "答复期限")
	s.MessageAnswerDays = f.integer("message_days", "留言答复期限")
	s.ReadyAnswers = nil
	for line := range strings.SplitSeq(c.PostForm("ready_answers"), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			s.ReadyAnswers = append(s.ReadyAnswers, line)
		}
	}
	s.Calls.Weeks = f.integer("call_weeks", "回电预约提前的周数")
	s.Calls.Hours = strings.FieldsFunc(c.PostForm("call_hours"), func(r rune) bool { return strings.ContainsRune("、，,；; 　", r) })
	s.BindingCodeDays = f.integer("binding_days", "绑定码有效期")
	s.ShareCodeHours = f.integer("share_hours", "查看码有效期")
	s.ForgivenessRefusalDays = f.integer("refusal_days", "义务人拒绝免除的期限")
	s.EnforcementNoticeDays = f.integer("enforcement_days", "执行通知书的履行期限")
	s.QueryAnswerDays = f.integer("query_days", "查询答复期限")
	s.ReleaseDays = f.integer("release_days", "解除审查的期限")
	s.SpendingDays = f.integer("spending_days", "消费申请的决定期限")
	s.ExecutionDays = f.integer("execution_days", "决定作出后执行的期限")
	s.RepairDays = f.integer("repair_days", "信用修复的期限")
	s.HigherCourt, s.DetentionHouse = model.Clean(c.PostForm("higher_court")), model.Clean(c.PostForm("detention_house"))
	s.CaseTypes = f.caseTypes()
	s.InterestFirstDayCounts = f.is("first_day")
	s.CourtCostsBearDoubled = f.is("court_costs_doubled")
	s.RepairCriteria = formCriteria(c)
	s.Schedules = map[model.CaseKind]model.Schedule{}
	for _, k := range []model.CaseKind{model.CaseCivil, model.CaseCriminal, model.CaseAdministrative} {
		what := k.Chinese() + "案件的催告天数和发送时间"
		s.Schedules[k] = model.Schedule{
			BeforeDays: f.days("before_"+string(k), "到期前提醒的天数"), FirstDemandDays: f.integer("first_"+string(k), what),
			SecondDemandDays: f.integer("second_"+string(k), what), SendHour: f.integer("hour_"+string(k), what), Off: f.is("off_" + string(k)),
		}
	}
	s.DutyReminders = &model.DutyReminders{Before: f.days("duty_before", "到期前提醒责任单位的天数"), After: f.days("duty_after", "到期后提醒责任单位的天数")}
	s.QuietHours = &model.QuietHours{From: f.integer("quiet_from", "免打扰开始"), Until: f.integer("quiet_until", "免打扰结束")}
	s.Channels = nil
	for i := range channelOrder {
		if ch := c.PostForm(fmt.Sprintf("channel_%d", i)); ch != "" && !slices.Contains(s.Channels, ch) {
			s.Channels = append(s.Channels, ch)
		}
	}
	if len(s.Channels) == 0 {
		f.wrong("channel_0", model.InvalidField("channel_0", "channel.unknown", "请至少选择一个渠道"))
	}
	s.CertificatePattern, s.NoticePattern, s.DemandPattern = c.PostForm("pattern_certificate"), c.PostForm("pattern_notice"), c.PostForm("pattern_demand")
	s.DocumentPatterns = map[model.DocumentKind]string{}
	for _, k := range model.DocumentKinds {
		if v := c.PostForm("pattern_" + string(k)); v != "" {
			s.DocumentPatterns[k] = v
		}
	}
}

// caseTypeKinds are the words by which settings name the kind of an added type code.
var caseTypeKinds = map[string]model.CaseKind{"民事": model.CaseCivil, "刑事": model.CaseCriminal, "行政": model.CaseAdministrative}

// caseTypes reads the added type codes: one a line, with its kind of case.
func (f *form) caseTypes() map[string]model.CaseKind {
	out := map[string]model.CaseKind{}
	for line := range strings.SplitSeq(f.c.PostForm("case_types"), "\n") {
		code, kind, _ := strings.Cut(strings.TrimSpace(line), " ")
		if code == "" {
			continue
		}
		out[code] = caseTypeKinds[strings.TrimSpace(kind)]
	}
	return out
}

// typedCaseTypes writes them as they are typed.
func typedCaseTypes(of map[string]model.CaseKind) string {
	var out []string
	for _, code := range slices.Sorted(maps.Keys(of)) {
		line := code
		for word, kind := range caseTypeKinds {
			if kind == of[code] {
				line += " " + word
			}
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// formCriteria reads the checklist for credit repair. A line without text is
// taken off, a new one gets a code of its own, which ticks are kept under.
func formCriteria(c *gin.Context) []model.RepairCriterion {
	var out []model.RepairCriterion
	taken := map[string]bool{}
	codes := c.PostFormArray("criterion_code")
	for _, code := range codes {
		taken[code] = true
	}
	for i, text := range c.PostFormArray("criterion_text") {
		k := model.RepairCriterion{Text: strings.TrimSpace(text), Required: c.PostForm(fmt.Sprintf("criterion_required_%d", i)) == "1"}
		if k.Text == "" || i >= len(codes) {
			continue
		}
		k.Code = codes[i]
		for n := 1; k.Code == ""; n++ {
			if code := fmt.Sprintf("own_%d", n); !taken[code] {
				k.Code, taken[code] = code, true
			}
		}
		out = append(out, k)
	}
	return out
}

func (d *Desk) saveSettings(c *gin.Context) error {
	ctx, by := c.Request.Context(), web.Actor(c)
	court, err := d.svc.Administration.Court(ctx, by)
	if err != nil {
		return err
	}
	p, f := administration.ParticularsOf(*court), d.form(c)
	readSettings(f, &p)
	if err := f.do(func() error { return d.svc.Administration.SetCourt(ctx, by, court.ID, p) }); err != nil {
		return d.again(c, "settings", "本院设置", settingsForm(p, d.year()), err)
	}
	return done(c, "/desk/settings", "saved")
}

type templatesData struct {
	Kind     model.DocumentKind
	Kinds    []model.DocumentKind
	Versions []model.DocumentTemplate
	Body     string
	Shown    int
	Write    bool
	Fields   []model.DocumentField
}

func (d *Desk) templatesData(c *gin.Context, kind model.DocumentKind) (*templatesData, error) {
	ctx, by := c.Request.Context(), web.Actor(c)
	data := &templatesData{Kind: kind, Kinds: model.DocumentKinds, Write: by.May(model.ActTemplateWrite)}
	var err error
	if data.Versions, err = d.svc.Paper.Templates(ctx, by, kind); err != nil {
		return nil, err
	}
	data.Shown = data.Versions[0].Version
	if v := c.Query("version"); v != "" {
		if data.Shown, err = strconv.Atoi(v); err != nil {
			return nil, model.InvalidField("version", "field.format", "版本号应为数字")
		}
	}
	t, err := d.svc.Paper.Template(ctx, by, kind, data.Shown)
	if err != nil {
		return nil, err
	}
	data.Body = t.Body
	data.Fields, err = d.svc.Paper.Fields(ctx, by, kind)
	return data, err
}

func (d *Desk) templates(c *gin.Context) error {
	data, err := d.templatesData(c, model.DocumentKind(c.DefaultQuery("kind", string(model.DocumentPerformanceNotice))))
	if err != nil {
		return err
	}
	return d.show(c, "templates", "文书模板", data)
}

func (d *Desk) saveTemplate(c *gin.Context) error {
	kind := model.DocumentKind(c.Param("kind"))
	f := d.form(c)
	key := f.key()
	if err := f.do(func() error {
		_, err := d.svc.Paper.SaveTemplate(c.Request.Context(), web.Actor(c), kind, formBody(c), key)
		return err
	}); err != nil {
		data, again := d.templatesData(c, kind)
		if again != nil {
			return err
		}
		data.Body = formBody(c)
		return d.again(c, "templates", "文书模板", data, err)
	}
	return done(c, address("/desk/templates", "kind", kind), "saved")
}

// formBody is a template as the browser sent it, with its line ends.
func formBody(c *gin.Context) string { return strings.ReplaceAll(c.PostForm("body"), "\r\n", "\n") }

func (d *Desk) previewTemplate(c *gin.Context) error {
	b, err := d.svc.Paper.Preview(c.Request.Context(), web.Actor(c), model.DocumentKind(c.Param("kind")), formBody(c))
	if err != nil {
		return err
	}
	sendPDF(c, "预览", b)
	return nil
}

func (d *Desk) operations(c *gin.Context) error {
	o, err := d.svc.Operations.Overview(c.Request.Context(), web.Actor(c))
	if err != nil {
		return err
	}
	return d.show(c, "operations", "系统运行", o)
}

// runJob does a job at once, e.g. one that failed.
func (d *Desk) runJob(c *gin.Context) error {
	ctx, by := c.Request.Context(), web.Actor(c)
	err := d.svc.Operations.RunJob(ctx, by, c.Param("kind"))
	if err == nil {
		return done(c, "/desk/operations", "ran")
	}
	o, again := d.svc.Operations.Overview(ctx, by)
	if again != nil {
		return err
	}
	return d.again(c, "operations", "系统运行", o, err)
}

const auditPage = 60

type auditData struct {
	List    *listView
	Entries []administration.Entry
	Looks   bool
	Wanted  administration.Wanted
	Problem string
}

func (d *Desk) audit(c *gin.Context) error {
	text := func(name string) string { return strings.TrimSpace(c.Query(name)) }
	data := auditData{Looks: text("looks") == "1", Wanted: administration.Wanted{CaseNo: text("case_no"), By: text("by"), Person: text("person")}}
	if as := c.Query("as"); as != "" {
		return export(d, c, d.auditTable(c, data.Wanted, data.Looks), as)
	}
	var err error
	data.List, data.Entries, err = viewOf(d, c, d.auditTable(c, data.Wanted, data.Looks))
	if k := model.KindOf(err); err != nil && model.FieldOf(err) != sortBy && data.Wanted != (administration.Wanted{}) && (k == model.Invalid || k == model.NotFound) {
		data.Problem, data.List, err = web.Describe(err).Message, nil, nil
	}
	if err != nil {
		return err
	}
	return d.show(c, "audit", "审计", data)
}

// stream answers with events: how far a long job is, and how it ended.
func stream(c *gin.Context) func(event string, v any) {
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	rc := http.NewResponseController(c.Writer)
	return func(event string, v any) {
		b, err := json.Marshal(v)
		if err != nil {
			return
		}
		_ = rc.SetWriteDeadline(time.Now().Add(time.Minute)) // not every test server supports it
		_, _ = c.Writer.WriteString("event: " + event + "\ndata: " + string(b) + "\n\n")
		c.Writer.Flush()
	}
}

// checkTime bounds a walk over the audit chain.
const checkTime = 10 * time.Minute

// checkTrail walks the audit chain and tells how far it is while it does.
func (d *Desk) checkTrail(c *gin.Context) error {
	leave, ok := d.open.enter(d.streamKey(c, "long"), maxLongStreams)
	if !ok {
		return errStreamBusy
	}
	defer leave()
	by, send := web.Actor(c), stream(c)
	check, err := d.svc.Administration.CheckTrail(c.Request.Context(), by, func(walked, all int64) {
		send("progress", map[string]int64{"walked": walked, "all": all})
	})
	if err != nil {
		d.cfg.Logger.ErrorContext(c.Request.Context(), "audit check", "error", err.Error())
		send("failed", "检查没有完成，请稍后重试")
		return nil
	}
	send("finished", check)
	return nil
}
