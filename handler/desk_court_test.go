package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/storage"
)

// A leader sees with whom a message lies that nobody answered in time, until it is
// answered; a judge does not.
func TestUnansweredMessagesReachTheLeaders(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	leader := w.Staff("chen.zj", model.RoleLeader)
	m := debtor.Say(f, "款项可以汇到法院账户吗？") // on Monday 2 March, to be answered by the 4th
	w.Clock.Set(at(3, 5, 9))
	judge.Renew()
	leader.Renew()
	for _, page := range []string{"", "/overview"} {
		if body := leader.Reads(page); !strings.Contains(body, "超过答复期限的留言") || !strings.Contains(body, "应答复日") || !strings.Contains(body, `<td class="nowrap">法官zhang.min</td>`) {
			t.Errorf("/desk%s does not say with whom it lies: %s", page, body)
		}
	}
	if body := judge.Reads(""); strings.Contains(body, "应答复日") {
		t.Error("a judge sees the leaders' list")
	}
	judge.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/conversations/%d/messages", m.ID("conversation_id")), handlertest.Obj{"text": "可以。"})
	if body := leader.Reads("/overview"); strings.Contains(body, "应答复日") {
		t.Error("what was answered is still late")
	}
}

// The leader's page counts receipts that wait too long by judge, and the number
// opens to exactly these.
func TestLateReceiptsOpenByJudge(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	leader, other := w.Staff("chen.zj", model.RoleLeader), w.Staff("ji.wei", model.RoleJudge)
	for i := range 3 {
		debtor.Submit(f, 1000, 60+i)
	}
	w.Clock.Advance(6 * 24 * time.Hour)
	for _, c := range []*handlertest.Client{judge, leader, other, debtor} {
		c.Renew()
	}
	debtor.Submit(f, 1000, 70) // is not late
	id := judge.UserID
	list := fmt.Sprintf("/receipts?late=1&judge=%d", id)
	if body := leader.Reads("/overview"); !strings.Contains(body, strings.ReplaceAll(list, "&", "&amp;")+`">3</a>`) {
		t.Errorf("the overview: %s", body)
	}
	rows := func(c *handlertest.Client, path string) int {
		return strings.Count(c.Reads(path), `href="/desk/receipts/`)
	}
	for path, want := range map[string]int{list: 3, fmt.Sprintf("/receipts?judge=%d", id): 4, fmt.Sprintf("/receipts?late=1&judge=%d", other.UserID): 0} {
		if n := rows(leader, path); n != want {
			t.Errorf("%s lists %d, want %d", path, n, want)
		}
	}
	if n := rows(other, list); n != 0 {
		t.Errorf("another judge sees %d of them", n)
	}
}

// A job that failed says so in words; whoever runs it again sees that it
// works, and the trail says who did. Channels show what became of messages.
func TestOperations(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	store := &failing{Store: w.Objects}
	w.Objects = store
	w.Build()
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	admin, auditor := w.Staff("shen.ji", model.RoleAdmin), w.Staff("xu.he", model.RoleAuditor)
	w.Certified(judge, clerk, debtor)
	w.Work()
	err := w.DB.Transact(context.Background(), func(tx *storage.DB) error {
		if _, err := tx.AddRecovery(context.Background(), &model.Recovery{Cause: model.RecoveryObjects}); err != nil {
			return err
		}
		return tx.AddVoidNumbers(context.Background(), []model.VoidNumber{{
			CourtID: w.Court.ID, Kind: model.CertificateSeries, Year: 2026, Serial: 77, Number: "镇法自履证〔2026〕77号", Reason: "测试", VoidedAt: tx.Now(),
		}})
	})
	if err != nil {
		t.Fatal(err)
	}
	page := admin.Reads("/operations")
	if !strings.Contains(page, "microcourt reconcile") || !strings.Contains(page, "已作废的编号 1 个") || !strings.Contains(page, "镇法自履证〔2026〕77号") {
		t.Error("the page does not tell that the database is older than what belongs to it, or which numbers are void")
	}
	err = w.DB.Transact(context.Background(), func(tx *storage.DB) error { return tx.CloseRecoveries(context.Background()) })
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page, "尚未运行") || !strings.Contains(page, "打印并保存自动履行证明书") || !strings.Contains(page, "100.0%") {
		t.Errorf("at the start: %s", page)
	}
	store.fail(true)
	for range 2 {
		status, body := admin.Posts("/operations/jobs/certificates", url.Values{})
		if status != http.StatusConflict || !strings.Contains(body, "没有成功") || !strings.Contains(body, "再试一次") || !strings.Contains(body, "文件存储暂时不可用") {
			t.Fatalf("during an outage: %d %s", status, body)
		}
	}
	if page = admin.Reads("/operations"); !strings.Contains(page, "失败，连续 2 次") {
		t.Errorf("after the outage: %s", page)
	}
	store.fail(false)
	if status, body := admin.Posts("/operations/jobs/certificates", url.Values{}); status != http.StatusSeeOther {
		t.Fatalf("again: %d %s", status, body)
	}
	if page = admin.Reads("/operations"); strings.Contains(page, "再试一次") || !strings.Contains(page, `<span class="badge-state good">成功</span>`) || !strings.Contains(page, "待打印的证明书<strong>0</strong>") {
		t.Errorf("afterwards: %s", page)
	}
	if trail := auditor.Reads("/audit"); strings.Count(trail, "重新运行定时任务") != 3 || !strings.Contains(trail, "定时任务 打印并保存自动履行证明书") {
		t.Errorf("the trail: %s", trail)
	}
	if status, _ := admin.Posts("/operations/jobs/nothing", url.Values{}); status != http.StatusNotFound {
		t.Errorf("an unknown job answers %d", status)
	}
	// The program does each by itself, and stops when it is told to.
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Svc.Run(ctx) }()
	for range 200 {
		if page = admin.Reads("/operations"); strings.Count(page, "尚未运行") == 4 { // those that begin later
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	if err := <-ended; err != nil || strings.Count(page, "尚未运行") != 4 {
		t.Errorf("%v; by itself: %s", err, page)
	}
}

// settingsForm is the page of settings as it is sent when nothing was changed.
func settingsForm(admin *handlertest.Client) url.Values {
	v := url.Values{}
	for _, tag := range strings.Split(admin.Reads("/settings"), "<")[1:] {
		at := func(name string) string {
			_, rest, _ := strings.Cut(tag, " "+name+`="`)
			val, _, _ := strings.Cut(rest, `"`)
			return val
		}
		if strings.HasPrefix(tag, "input ") && at("type") != "checkbox" && at("name") != "text" && at("name") != "" {
			v.Add(at("name"), strings.NewReplacer("&#34;", `"`, "&amp;", "&").Replace(at("value")))
		}
	}
	v.Set("channel_0", "wechat_subscribe")
	for i := range v["criterion_text"] {
		v.Set(fmt.Sprintf("criterion_required_%d", i), "1")
	}
	return v
}

// Every setting of the court can be changed on its page, the checklist for
// credit repair among them; what cannot be followed changes nothing.
func TestEverySettingHasAField(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	admin := w.Staff("shen.ji", model.RoleAdmin)
	form := func() url.Values { return settingsForm(admin) }
	settings := func() model.CourtSettings {
		c, err := w.DB.Court(context.Background(), w.Court.ID)
		if err != nil {
			t.Fatal(err)
		}
		return c.Settings
	}
	v := form()
	for name, value := range map[string]string{"enforcement_days": "5", "query_days": "12", "release_days": "4", "repair_days": "15", "duty_before": "5、2", "duty_after": "3"} {
		if !v.Has(name) {
			t.Fatalf("there is no field %s in %v", name, v)
		}
		v.Set(name, value)
	}
	n := len(v["criterion_text"])
	v["criterion_text"][n-1] = "有社区的书面证明" // an empty line at the end
	v["criterion_text"][1] = " "
	v.Del(fmt.Sprintf("criterion_required_%d", n-1))
	if status, body := admin.Posts("/settings", v); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	s := settings()
	if s.EnforcementNoticeDays != 5 || s.QueryAnswerDays != 12 || s.ReleaseDays != 4 || s.RepairDays != 15 || fmt.Sprint(*s.DutyReminders) != "{[5 2] [3]}" {
		t.Errorf("the clocks became %+v", s)
	}
	list := s.RepairCriteria
	if last := len(list) - 1; last != n-4 || list[0].Code != "performing" || !list[0].Required || list[1].Code != "no_evasion" || list[last].Text != "有社区的书面证明" || list[last].Required {
		t.Errorf("the checklist became %+v", list)
	}
	for name, value := range map[string]string{"repair_days": "61", "release_days": "x", "query_days": "61", "enforcement_days": "31", "duty_after": "x"} {
		v := form()
		v.Set(name, value)
		if status, _ := admin.Posts("/settings", v); status != http.StatusBadRequest {
			t.Errorf("%s=%s answers %d", name, value, status)
		}
	}
	// A number that another court gives out, or another paper of one's own.
	w.AddCourt("浙0205", "宁波市江北区人民法院", "北法")
	for field, value := range map[string]string{"certificate": "北法自履证〔{year}〕{n}号", "demand": "镇法自履证〔{year}〕{n}号", "notice": "{short}告{n}号"} {
		v := form()
		v.Set("pattern_"+field, value)
		status, body := admin.Posts("/settings", v)
		if _, input, _ := strings.Cut(body, `name="pattern_`+field+`"`); status != http.StatusBadRequest || !strings.Contains(strings.SplitN(input, ">", 2)[0], "aria-invalid") {
			t.Errorf("the pattern of the %s answers %d and marks no field", field, status)
		}
	}
	if after := settings(); after.RepairDays != 15 || len(after.RepairCriteria) != len(list) {
		t.Errorf("refused settings changed them: %+v", after)
	}
	// A type code that the table lacks: added once, its numbers are accepted, and it
	// stays.
	v = form()
	v.Set("case_types", "民初 民事")
	if status, body := admin.Posts("/settings", v); status != http.StatusBadRequest || !strings.Contains(body, "已在案件类型代字表中") {
		t.Errorf("a code of the table: %d", status)
	}
	v = form()
	v.Set("case_types", "试调 民事\n")
	if status, body := admin.Posts("/settings", v); status != http.StatusSeeOther {
		t.Fatalf("a code: %d %s", status, body)
	}
	if no, err := model.ParseCaseNo("(2026)浙0211试调3号"); err != nil || no.Kind() != model.CaseCivil {
		t.Errorf("%s %v", no, err)
	}
	if status, body := admin.Posts("/settings", form()); status != http.StatusBadRequest || !strings.Contains(body, "不能删除") {
		t.Errorf("a code taken off: %d", status)
	}
}

// Who looked at whose data is found by the person who looked, by the case and
// by the person looked at, page after page; another court's looks never show.
func TestWhoLookedAtWhom(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, auditor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("shen.ji", model.RoleAuditor)
	f, second := w.File(clerk), w.File(clerk)
	otherCourt := w.AddCourt("浙0212", "宁波市鄞州区人民法院", "鄞法")
	look := func(court int64, who *handlertest.Client, f handlertest.Filed, subject model.Thing) {
		t.Helper()
		by := model.Actor{UserID: who.UserID, CourtID: court, Roles: []model.Role{model.RoleJudge}}
		if err := w.DB.AuditLook(context.Background(), by, model.RoleJudge, model.AuditEvent{CourtID: court, Action: model.AuditPartyReveal, CaseID: f.ID, Subject: subject}); err != nil {
			t.Fatal(err)
		}
	}
	debtor := model.ThingParty.Of(f.Debtor)
	for range 70 {
		look(w.Court.ID, judge, f, debtor)
	}
	look(w.Court.ID, clerk, f, debtor)
	look(w.Court.ID, judge, second, model.ThingParty.Of(second.Creditor))
	look(otherCourt.ID, judge, f, debtor)
	names := map[int64]string{}
	for _, p := range judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil).List("parties") {
		names[p.ID("id")] = p.Str("name")
	}
	// all is how many looks a search finds on all its pages.
	all := func(query string) (n int) {
		t.Helper()
		path := "/audit?looks=1&" + query
		for pages := 0; path != ""; pages++ {
			body := auditor.Reads(path)
			n += strings.Count(body, "<td>查看完整证件号码和手机号</td>")
			_, rest, more := strings.Cut(body, `<p class="more"><a href="/desk`)
			if path, _, _ = strings.Cut(rest, `"`); !more || pages > 5 {
				break
			}
			path = strings.ReplaceAll(path, "&amp;", "&")
		}
		return n
	}
	no := judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", second.ID), nil).Str("case_no")
	for query, want := range map[string]int{
		"":             72,
		"by=zhang.min": 71, "by=" + escaped("法官wan.tt"): 1,
		"case_no=" + escaped(no):                       1,
		"person=" + escaped(names[f.Debtor]):           72, // he is a party of both cases
		"by=wan.tt&person=" + escaped(names[f.Debtor]): 1,
		"by=zhang.min&case_no=" + escaped(no):          1,
	} {
		if n := all(query); n != want {
			t.Errorf("%q finds %d looks, want %d", query, n, want)
		}
	}
	if body := auditor.Reads("/audit?looks=1&by=wan.tt"); !strings.Contains(body, names[f.Debtor]) {
		t.Error("the list does not say whose data it was")
	}
	for query, says := range map[string]string{
		"by=nobody": "本院没有这个登录名或者姓名的工作人员", "person=" + escaped("查无此人"): "本院没有这个姓名的当事人",
		"case_no=1": "案号格式不正确", "person=" + escaped(names[f.Debtor]) + "&case_no=" + escaped("（2026）浙0211民初99999号"): "本院没有这个案号的案件",
	} {
		if body := auditor.Reads("/audit?" + query); !strings.Contains(body, says) {
			t.Errorf("%s does not say %q", query, says)
		}
	}
}

// The page of a template lists what it may print, with a sample, and what it
// must: each line can be put into the text as it stands.
func TestATemplateListsItsFields(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	admin := w.Staff("shen.ji", model.RoleAdmin)
	for _, kind := range model.DocumentKinds {
		body := admin.Reads("/templates?kind=" + string(kind))
		for _, name := range kind.VariableNames() {
			if _, inner, ok := strings.Cut(name, "."); ok {
				name = inner
			}
			if !strings.Contains(body, "<code>{{."+name+"}}</code>") && !strings.Contains(body, "<code>{{range ."+name+"}}</code>") && !strings.Contains(body, "<code>{{if ."+name+"}}</code>") {
				t.Errorf("%s does not list %s", kind.Chinese(), name)
			}
		}
		if n := strings.Count(body, "必需</span>"); n < len(kind.RequiredVariables()) {
			t.Errorf("%s marks %d of %d as required", kind.Chinese(), n, len(kind.RequiredVariables()))
		}
	}
	if body := admin.Reads("/templates?kind=reminder"); !strings.Contains(body, "<code>{{range .义务清单}}</code>") || !strings.Contains(body, "（2026）浙0211民初1234号") {
		t.Errorf("the reminder's fields: %s", body)
	}
}
