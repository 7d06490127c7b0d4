package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// criminal is a case with a victim's medical costs, restitution, a fine and a
// confiscation; the fine falls due first, the medical costs last.
type criminal struct {
	id, convict, victim int64
	no                  string
	// instalments and obligations by category
	installment, obligation map[string]int64
}

func criminalInput() obj {
	in := caseInput()
	no := strings.Replace(in["case_no"].(string), "民初", "刑初", 1)
	duty := func(ref, category, obligee string, fen int64, due string) obj {
		o := obj{"ref": ref, "kind": "money", "obligors": []string{"D1"}, "amount_fen": fen, "due_on": due, "category": category}
		if obligee == "" {
			o["to_court"] = true
		} else {
			o["obligee"] = obligee
		}
		return o
	}
	in["case_no"], in["cause"] = no, "盗窃罪"
	in["parties"] = []obj{
		{"ref": "C1", "role": "victim", "kind": "person", "name": "李某", "id_number": "11010519491231002X", "phone": "13800138000"},
		{"ref": "D1", "role": "accused", "kind": "person", "name": "彭某", "id_number": "34052419800101001X", "phone": "13900139000"},
	}
	in["instruments"] = []obj{{
		"ref": "I1", "kind": "judgment", "number": no, "made_on": "2026-01-26", "effective_on": "2026-02-06", "summary": "罚金、退赔、赔偿和没收",
		"obligations": []obj{
			duty("O1", "", "", 40000, "2026-03-06"), // not said and to the court: the fine
			duty("O2", "confiscation", "", 20000, "2026-03-06"),
			duty("O3", "restitution", "C1", 30000, "2026-04-06"),
			duty("O4", "medical", "C1", 10000, "2026-06-06"),
		},
	}}
	return in
}

func (w *world) fileCriminal(clerk *client, in obj) criminal {
	w.t.Helper()
	res := clerk.must(http.StatusCreated, post, "/cases", in)
	f := criminal{id: res.id("id"), no: res.str("case_no"), installment: map[string]int64{}, obligation: map[string]int64{}}
	d := clerk.must(http.StatusOK, get, fmt.Sprintf("/cases/%d", f.id), nil)
	for _, p := range d.list("parties") {
		if p.str("ref") == "D1" {
			f.convict = p.id("id")
		} else {
			f.victim = p.id("id")
		}
	}
	for _, in := range d.list("instruments") {
		for _, ob := range in.list("obligations") {
			f.obligation[ob.str("category")] = ob.id("id")
			f.installment[ob.str("category")] = ob.list("installments")[0].id("id")
		}
	}
	return f
}

// pays submits a receipt and gives it back.
func (f criminal) pays(by *client, fen int64, seed int, change obj) obj {
	by.w.t.Helper()
	c := claim(fen, by.uploaded(f.id, seed))
	c["payer_name"], c["payee_name"], c["proof_kind"] = "彭某", "", "court_account"
	for k, v := range change {
		c[k] = v
	}
	return by.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/receipts", f.id), c)
}

func (f criminal) penalty(by *client) obj {
	by.w.t.Helper()
	return by.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/penalty", f.id), nil)
}

// arrived is what arrived of each category.
func arrived(v obj) map[string]int64 {
	out := map[string]int64{}
	for _, l := range v.list("convicts")[0].list("lines") {
		out[l.str("category")] = int64(l.num("prepaid_fen") + l.num("paid_fen"))
	}
	return out
}

// A convict's money follows the law's order, a relative's counts as his own, the
// prison's letter is answered in time with the statement and proof, twice never.
func TestCriminalPropertyPenalties(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk, phone := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.phone("")
	leader := w.staff("chen.zj", model.RoleLeader)
	f := w.fileCriminal(clerk, criminalInput())
	phone.bind(clerk, f.id, f.convict)
	if v := f.penalty(judge); fmt.Sprint(v["order"]) != "[medical restitution civil fine confiscation]" || len(v.list("fine_terms")) != 1 ||
		v.list("fine_terms")[0].str("limit_on") != "2026-05-06" || v.list("fine_terms")[0]["within"] != true || f.obligation["fine"] == 0 {
		t.Fatal(v, f.obligation)
	}
	decide := func(r obj, fen int64, more obj) answer {
		in := obj{"version": r.id("version"), "amount_fen": fen}
		for k, v := range more {
			in[k] = v
		}
		return judge.call(post, fmt.Sprintf("/receipts/%d/confirm", r.id("id")), in)
	}
	// Before the judgment he prepaid for the fine: the payer names it, the law
	// does not care, the judge may.
	pre := f.pays(phone, 5000, 41, obj{"paid_on": "2026-01-20", "installment_ids": []int64{f.installment["fine"]}})
	byHand := obj{"allocations": []obj{{"installment_id": f.installment["fine"], "amount_fen": 5000}}}
	if a := decide(pre, 5000, byHand); a.status != bad || a.json.reason() != "allocation.order" || a.json.obj("error").str("field") != "order_reason" {
		t.Fatalf("against the order without a reason: %d %s", a.status, a.body)
	}
	byHand["order_reason"] = strings.Repeat("长", 501)
	if a := decide(pre, 5000, byHand); a.json.reason() != "field.too_long" {
		t.Fatalf("%s", a.body)
	}
	byHand["order_reason"] = "判决前预缴的罚金"
	if a := decide(pre, 5000, byHand); a.status != http.StatusOK {
		t.Fatalf("%s", a.body)
	}
	against := obj{"version": pre.id("version") + 1, "amount_fen": 4000, "reason": "银行更正", "allocations": []obj{{"installment_id": f.installment["fine"], "amount_fen": 4000}}}
	judge.refused(bad, "allocation.order", post, fmt.Sprintf("/receipts/%d/correct", pre.id("id")), against)
	// A relative pays; it goes to the medical costs, then restitution.
	if a := decide(f.pays(phone, 25000, 42, obj{"payer_kind": "relative", "payer_name": "彭某某", "installment_ids": []int64{f.installment["fine"]}}), 25000, nil); a.status != http.StatusOK {
		t.Fatalf("%s", a.body)
	}
	v := f.penalty(judge)
	if got := arrived(v); got["medical"] != 10000 || got["restitution"] != 15000 || got["fine"] != 5000 || got["confiscation"] != 0 {
		t.Fatal(got)
	}
	k := v.list("convicts")[0]
	if k.num("own_fen") != 30000 || k.num("relatives_fen") != 25000 || k.str("share") != "30.00%" || k.list("lines")[0].str("category") != "medical" || k.list("lines")[2].num("prepaid_fen") != 5000 {
		t.Error(k)
	}
	ledger := judge.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/ledger", f.id), nil)
	if e := ledger.list("entries"); e[0].str("order_reason") != "判决前预缴的罚金" || e[1].str("order_reason") != "" {
		t.Error(e)
	}

	// A prison asks on the 24th; the seventh day is a Tuesday.
	letter := obj{"party_id": f.convict, "asker_kind": "prison", "asker": "浙江省某监狱", "document_no": "浙某监函〔2026〕12号", "received_on": "2026-03-02"}
	inquiries := fmt.Sprintf("/cases/%d/inquiries", f.id)
	q := clerk.must(http.StatusCreated, post, inquiries, letter)
	again := clerk.must(http.StatusCreated, post, inquiries, letter)
	if q.str("due_on") != "2026-03-09" || !strings.Contains(q.str("due_reason"), "次日起算7日") || q.num("days_left") != 7 || again.id("id") != q.id("id") {
		t.Fatal(q, again)
	}
	tasks := func() []obj { return judge.must(http.StatusOK, get, "/tasks?state=open", nil).list("tasks") }
	if list := tasks(); len(list) != 1 || !strings.Contains(list[0].str("title"), "浙江省某监狱") {
		t.Fatal(list)
	}
	if list := judge.must(http.StatusOK, get, "/inquiries?state=open", nil).list("inquiries"); len(list) != 1 || list[0].str("convict") != "彭某" {
		t.Fatal(list)
	}
	// Two days before the end the judge is reminded, once; afterwards he and the leaders are told.
	count := func(c *client, kind string) (n int) {
		for _, m := range c.must(http.StatusOK, get, "/notices?limit=100", nil).list("notices") {
			if m.str("kind") == kind {
				n++
			}
		}
		return n
	}
	for day, want := range []int{0, 0, 0, 0, 0, 1, 1} {
		if err := w.svc.Penalty.Pass(context.Background()); err != nil {
			t.Fatal(err)
		}
		judge.renew()
		if n := count(judge, "inquiry.due"); n != want {
			t.Errorf("after %d days %d reminders", day, n)
		}
		w.clock.Advance(24 * time.Hour)
	}
	w.clock.Advance(24 * time.Hour)
	for _, c := range []*client{judge, clerk, leader} {
		c.renew()
	}
	phone.login()
	if err := w.svc.Enforcement.Pass(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n, m := count(judge, "task.late"), count(leader, "task.late"); n != 1 || m != 1 {
		t.Errorf("the judge was told %d times, the leader %d times", n, m)
	}
	if list := leader.must(http.StatusOK, get, "/inquiries?late=1", nil).list("inquiries"); len(list) != 1 || list[0]["late"] != true || list[0].num("days_left") >= 0 {
		t.Fatal(list)
	}

	// The statement says how far it is, with the closing notice or none.
	statements := fmt.Sprintf("/cases/%d/penalty-statements", f.id)
	closing := obj{"party_id": f.convict, "inquiry_id": q.id("id"), "closing_no": "（2026）浙0211执88号结案通知书", "closed_on": "2026-03-08"}
	clerk.refused(bad, "statement.closing_file", post, statements, closing)
	closing["closing_file_id"] = clerk.uploaded(f.id, 43)
	a := clerk.callKey(post, statements, closing, "statement-key-1")
	b := clerk.callKey(post, statements, closing, "statement-key-1")
	if a.status != http.StatusCreated || b.json.id("id") != a.json.id("id") || a.json.str("title") != "财产性判项履行情况说明" || !strings.Contains(a.json.str("number"), "财说") {
		t.Fatalf("%s %s", a.body, b.body)
	}
	text := pdfText(t, judge.call(get, fmt.Sprintf("/documents/%d/pdf", a.json.id("id")), nil).body)
	for _, want := range []string{"浙江省某监狱", "彭某", "340524********001X", "30.00%", "视为本人履行", "判决前预缴", "结案通知书", "浙某监函"} {
		if !strings.Contains(text, want) {
			t.Errorf("the statement does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "34052419800101001X") {
		t.Error("the whole ID number is on the paper")
	}
	if n := len(phone.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/documents", f.id), nil).list("documents")); n != 1 {
		t.Errorf("the convict sees %d papers, and not only his notice", n)
	}
	// Answered: the task ends; a repeat is the first, another answer is refused.
	reply := func() obj {
		return obj{"version": q.id("version"), "document_id": a.json.id("id"), "sent_on": model.DateOf(w.clock.Now()).String(), "method": "mail", "proof": "EMS 1234567890123"}
	}
	path := fmt.Sprintf("/inquiries/%d/answer", q.id("id"))
	var wg sync.WaitGroup
	answers := make([]answer, 4)
	for i := range answers {
		who := []*client{judge, clerk}[i%2]
		wg.Go(func() { answers[i] = who.callKey(post, path, reply(), fmt.Sprintf("answer-key-%d", i)) })
	}
	wg.Wait()
	ok := 0
	for i, x := range answers {
		switch {
		case x.status == http.StatusOK:
			ok++
			who := []*client{judge, clerk}[i%2]
			if r := who.callKey(post, path, reply(), fmt.Sprintf("answer-key-%d", i)); r.status != http.StatusOK || r.json.str("proof") != "EMS 1234567890123" {
				t.Errorf("the answer repeated: %s", r.body)
			}
		case x.status != http.StatusConflict || x.json.reason() != "inquiry.answered":
			t.Errorf("%d %s", x.status, x.body)
		}
	}
	if ok != 1 {
		t.Errorf("%d answers at once", ok)
	}
	judge.refused(http.StatusConflict, "inquiry.answered", post, fmt.Sprintf("/inquiries/%d/void", q.id("id")), obj{"version": 1, "reason": "登记错误"})
	if list := tasks(); len(list) != 0 {
		t.Error("the task is still open:", list)
	}
	if got := judge.must(http.StatusOK, get, fmt.Sprintf("/inquiries/%d", q.id("id")), nil); got.str("state") != "answered" || got["late"] != true {
		t.Error("answered after the clock:", got)
	}
	// A letter registered by mistake is void, and may come in again.
	letter["document_no"] = "浙某监函〔2026〕13号"
	wrong := clerk.must(http.StatusCreated, post, inquiries, letter)
	letter["received_on"] = "2026-03-03"
	clerk.refused(bad, "inquiry.exists", post, inquiries, letter)
	for range 2 {
		clerk.must(http.StatusOK, post, fmt.Sprintf("/inquiries/%d/void", wrong.id("id")), obj{"version": wrong.id("version"), "reason": "收到日期登记有误"})
	}
	if second := clerk.must(http.StatusCreated, post, inquiries, letter); second.id("id") == wrong.id("id") || second.str("due_on") != "2026-03-10" {
		t.Error(second)
	}
	// A procuratorate asks: the clock runs by analogy, the statement is to it.
	asked := clerk.must(http.StatusCreated, post, inquiries, obj{
		"party_id": f.convict, "asker_kind": "procuratorate", "asker": "宁波市某区人民检察院", "document_no": "甬检函〔2026〕3号", "received_on": "2026-03-04",
	})
	if asked.str("due_on") != "2026-03-11" || !strings.Contains(asked.str("due_reason"), "参照") {
		t.Error(asked)
	}
	told := clerk.must(http.StatusCreated, post, statements, obj{"party_id": f.convict, "inquiry_id": asked.id("id")})
	if text := pdfText(t, judge.call(get, fmt.Sprintf("/documents/%d/pdf", told.id("id")), nil).body); !strings.Contains(text, "宁波市某区人民检察院") || !strings.Contains(text, "视为本人履行") {
		t.Errorf("the statement for the procuratorate: %s", text)
	}
	clerk.must(http.StatusOK, post, fmt.Sprintf("/inquiries/%d/void", asked.id("id")), obj{"version": asked.id("version"), "reason": "检察机关撤回"})
	// A new judge takes the clock over with the case.
	other := w.staff("ji.wei", model.RoleJudge)
	cs := judge.must(http.StatusOK, get, fmt.Sprintf("/cases/%d", f.id), nil)
	judge.must(http.StatusNoContent, post, fmt.Sprintf("/cases/%d/hand-over", f.id), obj{"to_judge": "ji.wei", "reason": "调岗", "version": cs.id("version")})
	if n := len(other.must(http.StatusOK, get, "/tasks?state=open", nil).list("tasks")); n != 1 || len(tasks()) != 0 {
		t.Errorf("after the hand-over the new judge has %d tasks, the old one %d", n, len(tasks()))
	}
	judge.refused(gone, "inquiry.not_found", get, fmt.Sprintf("/inquiries/%d", q.id("id")), nil)
}

// pdfText is the text of a PDF.
func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(out), "\n", "")
}

// A new calendar moves the clock of an open inquiry, and its task's.
func TestCalendarMovesInquiries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f := w.fileCriminal(clerk, criminalInput())
	q := clerk.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/inquiries", f.id),
		obj{"party_id": f.convict, "asker_kind": "procuratorate", "asker": "镇海区人民检察院", "document_no": "甬镇检函1号", "received_on": "2026-03-02"})
	if !strings.Contains(q.str("due_reason"), "参照") {
		t.Error(q.str("due_reason"))
	}
	var days strings.Builder
	for _, h := range model.ShippedCalendar().Year(2026) {
		fmt.Fprintf(&days, "%s,%s,%s\n", h.On, map[bool]string{true: "rest", false: "work"}[h.Rest], h.Name)
	}
	days.WriteString("2026-03-09,rest,临时放假\n")
	if _, err := w.svc.Calendar.Load(context.Background(), model.System(), "国办发明电〔2026〕9号", strings.NewReader(days.String())); err != nil {
		t.Fatal(err)
	}
	if got := clerk.must(http.StatusOK, get, fmt.Sprintf("/inquiries/%d", q.id("id")), nil); got.str("due_on") != "2026-03-10" || !strings.Contains(got.str("due_reason"), "顺延") {
		t.Error(got)
	}
	if list := judge.must(http.StatusOK, get, "/tasks?state=open", nil).list("tasks"); len(list) != 1 || list[0].str("due_at") != "2026-03-10T15:59:59Z" {
		t.Error(list)
	}
}

// What a case system, an import and a mistake may say about categories.
func TestCategoriesComeInThroughEveryDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk, system := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.caseSystem()
	in := criminalInput()
	no := in["case_no"].(string)
	in["version"] = 1
	duties := in["instruments"].([]obj)[0]["obligations"].([]obj)
	delete(duties[2], "category")
	system.must(http.StatusOK, put, "/case-system/cases/"+no, in)
	id := clerk.must(http.StatusOK, get, "/cases?text="+escaped(no), nil).list("cases")[0].id("id")
	f := criminal{id: id}
	v := f.penalty(judge)
	if len(v.list("convicts")[0].list("lines")) != 4 || len(v["unsaid"].([]any)) != 1 {
		t.Fatal(v)
	}
	unsaid := int64(v["unsaid"].([]any)[0].(float64))
	judge.must(http.StatusOK, post, fmt.Sprintf("/cases/%d/categories", id), obj{"obligation_id": unsaid, "category": "restitution", "reason": "判决主文第三项"})
	// A newer push that says nothing leaves what was entered here.
	in["version"], in["cause"] = 2, "诈骗罪"
	system.must(http.StatusOK, put, "/case-system/cases/"+no, in)
	if v := f.penalty(judge); len(v["unsaid"].([]any)) != 0 || arrived(v)["restitution"] != 0 {
		t.Error(v)
	}
	wrong := func(change func(duty obj, in obj)) obj {
		in := criminalInput()
		change(in["instruments"].([]obj)[0]["obligations"].([]obj)[2], in["instruments"].([]obj)[0])
		return in
	}
	for reason, in := range map[string]obj{
		"category.unknown":   wrong(func(d, _ obj) { d["category"] = "surcharge" }),
		"category.to_court":  wrong(func(d, _ obj) { d["category"] = "fine" }),
		"instrument.days":    wrong(func(_, i obj) { i["made_on"] = "2026-02-07" }),
		"surcharge.over_cap": surchargeInput(30000, 30001),
	} {
		a := clerk.call(post, "/cases", in)
		if a.status != bad || a.json.reason() != "case.invalid" || !strings.Contains(string(a.body), reason) {
			t.Errorf("%s: %d %s", reason, a.status, a.body)
		}
	}
	// The import's last column is new: files without it are read, words are known.
	template := string(clerk.call(get, "/imports/template?format=csv", nil).body)
	head, _, _ := strings.Cut(template, "\n")
	row := "（2026）浙0211刑初9901号,盗窃罪,2026-02-02,zhang.min,李某,自然人,,,彭某,自然人,,,判决书,（2026）浙0211刑初9901号,2026-02-06,退赔,100,,2026-05-06"
	old := head[:strings.LastIndex(head, ",")] + "\n" + row + "\n"
	if a := clerk.formFile("/imports", old); a.status != http.StatusOK {
		t.Errorf("a file without the column: %d %s", a.status, a.body)
	}
	if a := clerk.formFile("/imports", head+"\n"+strings.Replace(row, "9901", "9902", 2)+",悬赏\n"); !strings.Contains(string(a.body), "category.unknown") || !strings.Contains(string(a.body), "判项类别") {
		t.Errorf("an unknown word: %s", a.body)
	}
	if a := clerk.formFile("/imports", head+"\n"+strings.Replace(row, "9901", "9903", 2)+",退赔\n"); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	imported := criminal{id: clerk.must(http.StatusOK, get, "/cases?text="+escaped("（2026）浙0211刑初9903号"), nil).list("cases")[0].id("id")}
	if _, said := arrived(imported.penalty(judge))["restitution"]; !said {
		t.Error("the import's category is lost")
	}
}

// 88 criminal cases, 14.62 million, 70.77 % of what was adjudged: the report's
// half year from data of its shape, counted on the day of confirmation.
func TestPenaltyStatistics(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk, leader, phone := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.staff("chen.zj", model.RoleLeader), w.phone("")
	// 87 of them are made as rows; the last one goes through the ledger.
	const half = 16_613_600 // fen, 87 × 166,136.00 and the rest make 14,620,000.00
	w.penaltyRows(judge.userID, 87, half, true)
	w.penaltyRows(judge.userID, 30, 20_000_000, false) // not performed
	in := criminalInput()
	duties := in["instruments"].([]obj)[0]["obligations"].([]obj)
	in["instruments"].([]obj)[0]["obligations"] = duties[:1]
	duties[0]["amount_fen"] = 1_462_000_000 - 87*half
	f := w.fileCriminal(clerk, in)
	phone.bind(clerk, f.id, f.convict)
	figures := func(from, until string) obj {
		return leader.must(http.StatusOK, get, "/statistics/penalties?from="+from+"&until="+until, nil)
	}
	if v := figures("2026-01-01", "2026-06-30"); v.num("cases") != 87 {
		t.Fatal(v)
	}
	r := f.pays(phone, 1_462_000_000-87*half, 44, nil)
	judge.must(http.StatusOK, post, fmt.Sprintf("/receipts/%d/confirm", r.id("id")), obj{"version": r.id("version"), "amount_fen": 1000})
	if v := figures("2026-01-01", "2026-06-30"); v.num("cases") != 87 {
		t.Error("partly performed counts:", v)
	}
	r = f.pays(phone, 1_462_000_000-87*half-1000, 45, nil)
	judge.must(http.StatusOK, post, fmt.Sprintf("/receipts/%d/confirm", r.id("id")), obj{"version": r.id("version"), "amount_fen": 1_462_000_000 - 87*half - 1000})
	v := figures("2026-01-01", "2026-06-30")
	if v.num("cases") != 88 || v.num("performed_fen") != 1_462_000_000 || v.num("adjudged_fen") != 1_462_000_000+30*20_000_000 || v.str("share") != "70.90%" || v.num("adjudged_cases") != 118 {
		t.Error(v)
	}
	if v := figures("2025-01-01", "2025-12-31"); v.num("cases") != 0 || v.str("share") != "—" || len(v.list("categories")) != 0 {
		t.Error("nothing was adjudged:", v)
	}
	// Every figure opens to its cases.
	listed := func(of string) (n int, performed int64) {
		for after := int64(0); ; {
			l := leader.must(http.StatusOK, get, fmt.Sprintf("/statistics/penalties/cases?from=2026-01-01&until=2026-06-30&limit=50&of=%s&after=%d", of, after), nil)
			for _, c := range l.list("cases") {
				n++
				performed += c.id("adjudged_fen")
			}
			if after = l.id("next"); after == 0 {
				return n, performed
			}
		}
	}
	if n, fen := listed("performed"); n != 88 || fen != 1_462_000_000 {
		t.Error(n, fen)
	}
	if n, fen := listed("adjudged"); n != 118 || fen != 1_462_000_000+30*20_000_000 {
		t.Error(n, fen)
	}
	refusedAll(t, []mistake{
		{leader, bad, "period.format", get, "/statistics/penalties?from=2026-06-30&until=2026-01-01", nil, "from"},
		{leader, bad, "date.format", get, "/statistics/penalties?from=2026-13-01&until=2026-01-01", nil, "from"},
		{leader, bad, "period.format", get, "/statistics/penalties/cases", nil, "from"},
		{leader, bad, "date.format", get, "/statistics/penalties/cases?from=x&until=2026-01-01", nil, "from"},
		{leader, bad, "filter.unknown", get, "/statistics/penalties/cases?from=2026-01-01&until=2026-06-30&of=all", nil, "of"},
	})
}

// penaltyRows adds n criminal cases with one fine each, performed or not.
func (w *world) penaltyRows(judgeID int64, n int, fen model.Fen, performed bool) {
	w.t.Helper()
	ctx, on := context.Background(), model.NewDate(2026, 2, 6)
	err := w.db.Transact(ctx, func(tx *storage.DB) error {
		for i := range n {
			state := model.PerformancePending
			if performed {
				state = model.PerformanceFulfilled
			}
			cases := []model.Case{{
				CourtID: w.court.ID, CaseNo: fmt.Sprintf("（2026）浙0211刑初%d号", 50_000+int64(fen/100)%1000*1000+int64(i)), Kind: model.CaseCriminal, Cause: "盗窃罪", FiledOn: on, JudgeID: judgeID,
				Performance: state, Version: 1,
			}}
			if err := storage.Insert(ctx, tx, cases); err != nil {
				return err
			}
			in := []model.Instrument{{CourtID: w.court.ID, CaseID: cases[0].ID, Ref: "I1", Kind: model.Judgment, Number: cases[0].CaseNo, EffectiveOn: on, Summary: "罚金"}}
			if err := storage.Insert(ctx, tx, in); err != nil {
				return err
			}
			obs := []model.Obligation{{CourtID: w.court.ID, CaseID: cases[0].ID, InstrumentID: in[0].ID, Ref: "O1", Kind: model.ObligationMoney, ToCourt: true, Category: model.CategoryFine, AmountFen: fen}}
			if err := storage.Insert(ctx, tx, obs); err != nil {
				return err
			}
			part := model.Installment{CourtID: w.court.ID, CaseID: cases[0].ID, ObligationID: obs[0].ID, Seq: 1, AmountFen: fen}
			if performed {
				part.ConfirmedFen, part.PerformedOn = fen, on
			}
			parts := []model.Installment{part}
			if err := storage.Insert(ctx, tx, parts); err != nil {
				return err
			}
			if !performed {
				continue
			}
			parties := []model.Party{{CourtID: w.court.ID, CaseID: cases[0].ID, Ref: "D1", Role: model.Accused, Kind: model.Person, Name: "彭某", NameNorm: "彭某"}}
			if err := storage.Insert(ctx, tx, parties); err != nil {
				return err
			}
			r := &model.Receipt{
				CourtID: w.court.ID, CaseID: cases[0].ID, PartyID: parties[0].ID, UserID: judgeID, JudgeID: judgeID, IdemKey: fmt.Sprintf("rows-%d", cases[0].ID), State: model.ReceiptConfirmed,
				ClaimedFen: fen, PaidOn: on, PayerKind: model.PayerSelf, PayerName: "彭某", ProofKind: model.ProofCourtAccount, CaseNo: cases[0].CaseNo, CaseKind: model.CaseCriminal,
				ConfirmedFen: fen, Version: 2, SubmittedAt: tx.Now(),
			}
			if _, err := tx.CreateReceipt(ctx, r); err != nil {
				return err
			}
			k := []model.Confirmation{{CourtID: w.court.ID, CaseID: cases[0].ID, ReceiptID: r.ID, Kind: model.EntryConfirm, AmountFen: fen, PaidOn: on, ByUserID: judgeID, IdemKey: r.IdemKey}}
			if err := storage.Insert(ctx, tx, k); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestPenaltiesRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk, other := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.staff("ji.wei", model.RoleJudge)
	f, civil := w.fileCriminal(clerk, criminalInput()), w.file(clerk)
	second := w.fileCriminal(clerk, criminalInput())
	adm := w.fileSurcharge(clerk, 30000, 30000)
	in := func(path string) string { return fmt.Sprintf("/cases/%d/%s", f.id, path) }
	long := strings.Repeat("长", 501)
	category := func(ob int64, c, reason string) obj { return obj{"obligation_id": ob, "category": c, "reason": reason} }
	statement := func(k string, v any) obj {
		o := obj{"party_id": f.convict, "to": "浙江省某监狱"}
		o[k] = v
		return o
	}
	letter := func(k string, v any) obj {
		o := obj{"party_id": f.convict, "asker_kind": "prison", "asker": "浙江省某监狱", "document_no": "函1号", "received_on": "2026-03-01"}
		o[k] = v
		return o
	}
	q := clerk.must(http.StatusCreated, post, in("inquiries"), letter("note", ""))
	old := clerk.must(http.StatusCreated, post, in("penalty-statements"), statement("note", ""))
	foreign := clerk.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/penalty-statements", second.id), obj{"party_id": second.convict, "to": "浙江省某监狱"})
	w.clock.Advance(24 * time.Hour)
	for _, c := range []*client{judge, clerk, other} {
		c.renew()
	}
	later := clerk.must(http.StatusCreated, post, in("inquiries"), letter("document_no", "函2号"))
	fresh := clerk.must(http.StatusCreated, post, in("penalty-statements"), statement("note", ""))
	answered := func(k string, v any) obj {
		o := obj{"version": q.id("version"), "document_id": fresh.id("id"), "sent_on": "2026-03-03", "method": "hand", "proof": "王某签收"}
		o[k] = v
		return o
	}
	at := fmt.Sprintf("/inquiries/%d/", q.id("id"))
	closing := func(no, on string) obj {
		o := statement("closing_no", no)
		o["closed_on"], o["closing_file_id"] = on, 999999
		return o
	}
	newer := w.lateLetter(clerk, f)
	list := []mistake{
		{judge, gone, "case.not_found", get, "/cases/999999/penalty", nil, ""},
		{judge, http.StatusConflict, "penalty.not_criminal", get, fmt.Sprintf("/cases/%d/penalty", civil.id), nil, ""},
		{clerk, gone, "case.not_found", post, "/cases/999999/categories", category(1, "fine", "主文"), ""},
		{clerk, gone, "obligation.not_found", post, in("categories"), category(999999, "fine", "主文"), ""},
		{clerk, bad, "reason.required", post, in("categories"), category(f.obligation["fine"], "confiscation", " "), "reason"},
		{clerk, bad, "category.unknown", post, in("categories"), category(f.obligation["fine"], "surcharge", "主文"), "category"},
		{clerk, bad, "category.to_court", post, in("categories"), category(f.obligation["medical"], "fine", "主文"), "category"},
		{clerk, bad, "category.to_party", post, in("categories"), category(f.obligation["fine"], "medical", "主文"), "category"},
		{clerk, bad, "surcharge.over_cap", post, fmt.Sprintf("/cases/%d/categories", adm.id), category(adm.principal, "surcharge", "决定书"), "surcharge_fen"},
		{clerk, gone, "case.not_found", post, "/cases/999999/penalty-statements", statement("note", ""), ""},
		{clerk, http.StatusConflict, "penalty.not_criminal", post, fmt.Sprintf("/cases/%d/penalty-statements", civil.id), statement("note", ""), ""},
		{clerk, gone, "party.not_found", post, in("penalty-statements"), statement("party_id", 999999), ""},
		{clerk, bad, "party.not_obligor", post, in("penalty-statements"), statement("party_id", f.victim), "party_id"},
		{clerk, bad, "inquiry.unknown", post, in("penalty-statements"), statement("inquiry_id", 999999), "inquiry_id"},
		{clerk, bad, "field.required", post, in("penalty-statements"), statement("to", " "), "to"},
		{clerk, bad, "field.too_long", post, in("penalty-statements"), statement("note", long), "note"},
		{clerk, bad, "statement.closing", post, in("penalty-statements"), closing("结案1号", ""), "closing_no"},
		{clerk, bad, "date.future", post, in("penalty-statements"), closing("结案1号", "2026-03-04"), "closed_on"},
		{clerk, bad, "statement.closing_file", post, in("penalty-statements"), closing("", ""), "closing_file_id"},
		{clerk, bad, "file.unknown", post, in("penalty-statements"), closing("结案1号", "2026-03-01"), "closing_file_id"},
		{clerk, gone, "case.not_found", post, "/cases/999999/inquiries", letter("note", ""), ""},
		{clerk, http.StatusConflict, "penalty.not_criminal", post, fmt.Sprintf("/cases/%d/inquiries", civil.id), letter("party_id", civil.debtor), ""},
		{clerk, gone, "party.not_found", post, in("inquiries"), letter("party_id", 999999), ""},
		{clerk, bad, "party.not_obligor", post, in("inquiries"), letter("party_id", f.victim), "party_id"},
		{clerk, bad, "inquiry.asker", post, in("inquiries"), letter("asker_kind", "bank"), "asker_kind"},
		{clerk, bad, "field.required", post, in("inquiries"), letter("asker", " "), "asker"},
		{clerk, bad, "date.future", post, in("inquiries"), letter("received_on", "2026-03-04"), "received_on"},
		{clerk, bad, "field.too_long", post, in("inquiries"), letter("note", long), "note"},
		{clerk, bad, "inquiry.exists", post, in("inquiries"), letter("asker_kind", "court"), "document_no"},
		{clerk, bad, "filter.unknown", get, "/inquiries?state=lost", nil, "state"},
		{other, gone, "inquiry.not_found", get, fmt.Sprintf("/inquiries/%d", q.id("id")), nil, ""},
		{other, gone, "inquiry.not_found", post, at + "answer", answered("proof", "签收"), ""},
		{other, gone, "inquiry.not_found", post, at + "void", obj{"version": 1, "reason": "撤回"}, ""},
		{clerk, http.StatusConflict, "inquiry.changed", post, at + "answer", answered("version", 99), ""},
		{clerk, http.StatusConflict, "inquiry.changed", post, at + "void", obj{"version": 99, "reason": "撤回"}, ""},
		{clerk, bad, "reason.required", post, at + "void", obj{"version": q.id("version"), "reason": " "}, "reason"},
		{clerk, bad, "statement.unknown", post, at + "answer", answered("document_id", 999999), "document_id"},
		{clerk, bad, "statement.unknown", post, at + "answer", answered("document_id", foreign.id("id")), "document_id"},
		{clerk, bad, "statement.old", post, fmt.Sprintf("/inquiries/%d/answer", newer.id("id")), answered("document_id", old.id("id")), "document_id"},
		{clerk, bad, "inquiry.method", post, at + "answer", answered("method", "pigeon"), "method"},
		{clerk, bad, "inquiry.sent_on", post, at + "answer", answered("sent_on", "2026-03-04"), "sent_on"},
		{clerk, bad, "inquiry.proof", post, at + "answer", answered("proof", " "), "proof"},
		{clerk, bad, "file.unknown", post, at + "answer", answered("proof_file_id", 999999), "proof_file_id"},
	}
	refusedAll(t, list)
	clerk.must(http.StatusOK, post, fmt.Sprintf("/inquiries/%d/void", later.id("id")), obj{"version": later.id("version"), "reason": "来函机关撤回"})
	refusedAll(t, []mistake{
		{clerk, http.StatusConflict, "inquiry.answered", post, fmt.Sprintf("/inquiries/%d/answer", later.id("id")), answered("version", 2), ""},
		{clerk, http.StatusConflict, "inquiry.answered", post, fmt.Sprintf("/inquiries/%d/void", later.id("id")), obj{"version": 2, "reason": "另一原因"}, ""},
	})
	// Conduct cannot be a fine or medical costs.
	in2 := criminalInput()
	in2["instruments"].([]obj)[0]["obligations"] = []obj{{"ref": "O1", "kind": "conduct", "obligors": []string{"D1"}, "obligee": "C1", "description": "赔礼道歉"}}
	g := w.fileCriminal(clerk, in2)
	refusedAll(t, []mistake{{clerk, bad, "category.money", post, fmt.Sprintf("/cases/%d/categories", g.id), category(g.obligation[""], "medical", "主文"), "category"}})
}

// lateLetter is a letter that came in today.
func (w *world) lateLetter(clerk *client, f criminal) obj {
	w.t.Helper()
	return clerk.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/inquiries", f.id), obj{
		"party_id": f.convict, "asker_kind": "court", "asker": "宁波市中级人民法院", "document_no": "函3号", "received_on": model.DateOf(w.clock.Now()).String(),
	})
}
