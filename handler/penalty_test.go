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

	"microcourt/handler/handlertest"

	"microcourt/model"
)

var criminalInput = handlertest.CriminalInput

// arrived is what arrived of each category.
func arrived(v handlertest.Obj) map[string]int64 {
	out := map[string]int64{}
	for _, l := range v.List("convicts")[0].List("lines") {
		out[l.Str("category")] = int64(l.Num("prepaid_fen") + l.Num("paid_fen"))
	}
	return out
}

// A convict's money follows the law's order, a relative's counts as his own, the
// prison's letter is answered in time with the statement and proof, twice never.
func TestCriminalPropertyPenalties(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, phone := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	leader := w.Staff("chen.zj", model.RoleLeader)
	f := w.FileCriminal(clerk, criminalInput())
	phone.Bind(clerk, f.ID, f.Convict)
	if v := f.Penalty(judge); fmt.Sprint(v["order"]) != "[medical restitution civil fine confiscation]" || len(v.List("fine_terms")) != 1 ||
		v.List("fine_terms")[0].Str("limit_on") != "2026-05-06" || v.List("fine_terms")[0]["within"] != true || f.Obligation["fine"] == 0 {
		t.Fatal(v, f.Obligation)
	}
	decide := func(r handlertest.Obj, fen int64, more handlertest.Obj) handlertest.Answer {
		in := handlertest.Obj{"version": r.ID("version"), "amount_fen": fen}
		for k, v := range more {
			in[k] = v
		}
		return judge.Call(handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), in)
	}
	// Before the judgment he prepaid for the fine: the payer names it, the law
	// does not care, the judge may.
	pre := f.Pays(phone, 5000, 41, handlertest.Obj{"paid_on": "2026-01-20", "installment_ids": []int64{f.Installment["fine"]}})
	byHand := handlertest.Obj{"allocations": []handlertest.Obj{{"installment_id": f.Installment["fine"], "amount_fen": 5000}}}
	if a := decide(pre, 5000, byHand); a.Status != handlertest.Bad || a.Json.Reason() != "allocation.order" || a.Json.Obj("error").Str("field") != "order_reason" {
		t.Fatalf("against the order without a reason: %d %s", a.Status, a.Body)
	}
	byHand["order_reason"] = strings.Repeat("长", 501)
	if a := decide(pre, 5000, byHand); a.Json.Reason() != "field.too_long" {
		t.Fatalf("%s", a.Body)
	}
	byHand["order_reason"] = "判决前预缴的罚金"
	if a := decide(pre, 5000, byHand); a.Status != http.StatusOK {
		t.Fatalf("%s", a.Body)
	}
	against := handlertest.Obj{"version": pre.ID("version") + 1, "amount_fen": 4000, "reason": "银行更正", "allocations": []handlertest.Obj{{"installment_id": f.Installment["fine"], "amount_fen": 4000}}}
	judge.Refused(handlertest.Bad, "allocation.order", handlertest.Post, fmt.Sprintf("/receipts/%d/correct", pre.ID("id")), against)
	// A relative pays; it goes to the medical costs, then restitution.
	if a := decide(f.Pays(phone, 25000, 42, handlertest.Obj{"payer_kind": "relative", "payer_name": "彭某某", "installment_ids": []int64{f.Installment["fine"]}}), 25000, nil); a.Status != http.StatusOK {
		t.Fatalf("%s", a.Body)
	}
	v := f.Penalty(judge)
	if got := arrived(v); got["medical"] != 10000 || got["restitution"] != 15000 || got["fine"] != 5000 || got["confiscation"] != 0 {
		t.Fatal(got)
	}
	k := v.List("convicts")[0]
	if k.Num("own_fen") != 30000 || k.Num("relatives_fen") != 25000 || k.Str("share") != "30.00%" || k.List("lines")[0].Str("category") != "medical" || k.List("lines")[2].Num("prepaid_fen") != 5000 {
		t.Error(k)
	}
	ledger := judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil)
	if e := ledger.List("entries"); e[0].Str("order_reason") != "判决前预缴的罚金" || e[1].Str("order_reason") != "" {
		t.Error(e)
	}

	// A prison asks on the 24th; the seventh day is a Tuesday.
	letter := handlertest.Obj{"party_id": f.Convict, "asker_kind": "prison", "asker": "浙江省某监狱", "document_no": "浙某监函〔2026〕12号", "received_on": "2026-03-02"}
	letters := fmt.Sprintf("/cases/%d/prison-letters", f.ID)
	q := clerk.Must(http.StatusCreated, handlertest.Post, letters, letter)
	again := clerk.Must(http.StatusCreated, handlertest.Post, letters, letter)
	if q.Str("due_on") != "2026-03-09" || !strings.Contains(q.Str("due_reason"), "次日起算7日") || q.Num("days_left") != 7 || again.ID("id") != q.ID("id") {
		t.Fatal(q, again)
	}
	tasks := func() []handlertest.Obj {
		return judge.Must(http.StatusOK, handlertest.Get, "/tasks?state=open", nil).List("tasks")
	}
	if list := tasks(); len(list) != 1 || !strings.Contains(list[0].Str("title"), "浙江省某监狱") {
		t.Fatal(list)
	}
	if list := judge.Must(http.StatusOK, handlertest.Get, "/prison-letters?state=open", nil).List("prison_letters"); len(list) != 1 || list[0].Str("convict") != "彭某" {
		t.Fatal(list)
	}
	// Two days before the end the judge is reminded, once; afterwards he and the leaders are told.
	count := func(c *handlertest.Client, kind string) (n int) {
		for _, m := range c.Must(http.StatusOK, handlertest.Get, "/notices?limit=100", nil).List("notices") {
			if m.Str("kind") == kind {
				n++
			}
		}
		return n
	}
	for day, want := range []int{0, 0, 0, 0, 0, 1, 1} {
		if err := w.Svc.Penalty.Pass(context.Background()); err != nil {
			t.Fatal(err)
		}
		judge.Renew()
		if n := count(judge, "prison_letter.due"); n != want {
			t.Errorf("after %d days %d reminders", day, n)
		}
		w.Clock.Advance(24 * time.Hour)
	}
	w.Clock.Advance(24 * time.Hour)
	for _, c := range []*handlertest.Client{judge, clerk, leader} {
		c.Renew()
	}
	phone.Login()
	if err := w.Svc.Enforcement.Pass(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n, m := count(judge, "task.late"), count(leader, "task.late"); n != 1 || m != 1 {
		t.Errorf("the judge was told %d times, the leader %d times", n, m)
	}
	if list := leader.Must(http.StatusOK, handlertest.Get, "/prison-letters?late=1", nil).List("prison_letters"); len(list) != 1 || list[0]["late"] != true || list[0].Num("days_left") >= 0 {
		t.Fatal(list)
	}

	// The statement says how far it is, with the closing notice or none.
	statements := fmt.Sprintf("/cases/%d/penalty-statements", f.ID)
	closing := handlertest.Obj{"party_id": f.Convict, "prison_letter_id": q.ID("id"), "closing_no": "（2026）浙0211执88号结案通知书", "closed_on": "2026-03-08"}
	clerk.Refused(handlertest.Bad, "statement.closing_file", handlertest.Post, statements, closing)
	closing["closing_file_id"] = clerk.Uploaded(f.ID, 43)
	a := clerk.CallKey(handlertest.Post, statements, closing, "statement-key-1")
	b := clerk.CallKey(handlertest.Post, statements, closing, "statement-key-1")
	if a.Status != http.StatusCreated || b.Json.ID("id") != a.Json.ID("id") || a.Json.Str("title") != "财产性判项履行情况说明" || !strings.Contains(a.Json.Str("number"), "财说") {
		t.Fatalf("%s %s", a.Body, b.Body)
	}
	text := pdfText(t, judge.Call(handlertest.Get, fmt.Sprintf("/documents/%d/pdf", a.Json.ID("id")), nil).Body)
	for _, want := range []string{"浙江省某监狱", "彭某", "340524********001X", "30.00%", "视为本人履行", "判决前预缴", "结案通知书", "浙某监函"} {
		if !strings.Contains(text, want) {
			t.Errorf("the statement does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "34052419800101001X") {
		t.Error("the whole ID number is on the paper")
	}
	if n := len(phone.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/documents", f.ID), nil).List("documents")); n != 1 {
		t.Errorf("the convict sees %d papers, and not only his notice", n)
	}
	// Answered: the task ends; a repeat is the first, another answer is refused.
	reply := func() handlertest.Obj {
		return handlertest.Obj{"version": q.ID("version"), "document_id": a.Json.ID("id"), "sent_on": model.DateOf(w.Clock.Now()).String(), "method": "mail", "proof": "EMS 1234567890123"}
	}
	path := fmt.Sprintf("/prison-letters/%d/answer", q.ID("id"))
	var wg sync.WaitGroup
	answers := make([]handlertest.Answer, 4)
	for i := range answers {
		who := []*handlertest.Client{judge, clerk}[i%2]
		wg.Go(func() { answers[i] = who.CallKey(handlertest.Post, path, reply(), fmt.Sprintf("answer-key-%d", i)) })
	}
	wg.Wait()
	ok := 0
	for i, x := range answers {
		switch {
		case x.Status == http.StatusOK:
			ok++
			who := []*handlertest.Client{judge, clerk}[i%2]
			if r := who.CallKey(handlertest.Post, path, reply(), fmt.Sprintf("answer-key-%d", i)); r.Status != http.StatusOK || r.Json.Str("proof") != "EMS 1234567890123" {
				t.Errorf("the answer repeated: %s", r.Body)
			}
		case x.Status != http.StatusConflict || x.Json.Reason() != "prison_letter.answered":
			t.Errorf("%d %s", x.Status, x.Body)
		}
	}
	if ok != 1 {
		t.Errorf("%d answers at once", ok)
	}
	judge.Refused(http.StatusConflict, "prison_letter.answered", handlertest.Post, fmt.Sprintf("/prison-letters/%d/void", q.ID("id")), handlertest.Obj{"version": 1, "reason": "登记错误"})
	if list := tasks(); len(list) != 0 {
		t.Error("the task is still open:", list)
	}
	if got := judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/prison-letters/%d", q.ID("id")), nil); got.Str("state") != "answered" || got["late"] != true {
		t.Error("answered after the clock:", got)
	}
	// A letter registered by mistake is void, and may come in again.
	letter["document_no"] = "浙某监函〔2026〕13号"
	wrong := clerk.Must(http.StatusCreated, handlertest.Post, letters, letter)
	letter["received_on"] = "2026-03-03"
	clerk.Refused(handlertest.Bad, "prison_letter.exists", handlertest.Post, letters, letter)
	for range 2 {
		clerk.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/prison-letters/%d/void", wrong.ID("id")), handlertest.Obj{"version": wrong.ID("version"), "reason": "收到日期登记有误"})
	}
	if second := clerk.Must(http.StatusCreated, handlertest.Post, letters, letter); second.ID("id") == wrong.ID("id") || second.Str("due_on") != "2026-03-10" {
		t.Error(second)
	}
	// A procuratorate asks: the clock runs by analogy, the statement is to it.
	asked := clerk.Must(http.StatusCreated, handlertest.Post, letters, handlertest.Obj{
		"party_id": f.Convict, "asker_kind": "procuratorate", "asker": "宁波市某区人民检察院", "document_no": "甬检函〔2026〕3号", "received_on": "2026-03-04",
	})
	if asked.Str("due_on") != "2026-03-11" || !strings.Contains(asked.Str("due_reason"), "参照") {
		t.Error(asked)
	}
	told := clerk.Must(http.StatusCreated, handlertest.Post, statements, handlertest.Obj{"party_id": f.Convict, "prison_letter_id": asked.ID("id")})
	if text := pdfText(t, judge.Call(handlertest.Get, fmt.Sprintf("/documents/%d/pdf", told.ID("id")), nil).Body); !strings.Contains(text, "宁波市某区人民检察院") || !strings.Contains(text, "视为本人履行") {
		t.Errorf("the statement for the procuratorate: %s", text)
	}
	clerk.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/prison-letters/%d/void", asked.ID("id")), handlertest.Obj{"version": asked.ID("version"), "reason": "检察机关撤回"})
	// A new judge takes the clock over with the case.
	other := w.Staff("ji.wei", model.RoleJudge)
	cs := judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil)
	judge.Must(http.StatusNoContent, handlertest.Post, fmt.Sprintf("/cases/%d/hand-over", f.ID), handlertest.Obj{"to_judge": "ji.wei", "reason": "调岗", "version": cs.ID("version")})
	if n := len(other.Must(http.StatusOK, handlertest.Get, "/tasks?state=open", nil).List("tasks")); n != 1 || len(tasks()) != 0 {
		t.Errorf("after the hand-over the new judge has %d tasks, the old one %d", n, len(tasks()))
	}
	judge.Refused(handlertest.Gone, "prison_letter.not_found", handlertest.Get, fmt.Sprintf("/prison-letters/%d", q.ID("id")), nil)
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

// A new calendar moves the clock of an open prison's letter, and its task's.
func TestCalendarMovesPrisonLetters(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.FileCriminal(clerk, criminalInput())
	q := clerk.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/prison-letters", f.ID),
		handlertest.Obj{"party_id": f.Convict, "asker_kind": "procuratorate", "asker": "镇海区人民检察院", "document_no": "甬镇检函1号", "received_on": "2026-03-02"})
	if !strings.Contains(q.Str("due_reason"), "参照") {
		t.Error(q.Str("due_reason"))
	}
	var days strings.Builder
	for _, h := range model.ShippedCalendar().Year(2026) {
		fmt.Fprintf(&days, "%s,%s,%s\n", h.On, map[bool]string{true: "rest", false: "work"}[h.Rest], h.Name)
	}
	days.WriteString("2026-03-09,rest,临时放假\n")
	if _, err := w.Svc.Calendar.Load(context.Background(), model.System(), "国办发明电〔2026〕9号", strings.NewReader(days.String())); err != nil {
		t.Fatal(err)
	}
	if got := clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/prison-letters/%d", q.ID("id")), nil); got.Str("due_on") != "2026-03-10" || !strings.Contains(got.Str("due_reason"), "顺延") {
		t.Error(got)
	}
	if list := judge.Must(http.StatusOK, handlertest.Get, "/tasks?state=open", nil).List("tasks"); len(list) != 1 || list[0].Str("due_at") != "2026-03-10T15:59:59Z" {
		t.Error(list)
	}
}

// What a case system, an import and a mistake may say about categories.
func TestCategoriesComeInThroughEveryDoor(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, system := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.CaseSystem()
	in := criminalInput()
	no := in["case_no"].(string)
	in["version"] = 1
	duties := in["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)
	delete(duties[2], "category")
	system.Must(http.StatusOK, handlertest.Put, "/case-system/cases/"+no, in)
	id := clerk.Must(http.StatusOK, handlertest.Get, "/cases?text="+escaped(no), nil).List("cases")[0].ID("id")
	f := handlertest.Criminal{ID: id}
	v := f.Penalty(judge)
	if len(v.List("convicts")[0].List("lines")) != 4 || len(v["unsaid"].([]any)) != 1 {
		t.Fatal(v)
	}
	unsaid := int64(v["unsaid"].([]any)[0].(float64))
	judge.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/cases/%d/categories", id), handlertest.Obj{"obligation_id": unsaid, "category": "restitution", "reason": "判决主文第三项"})
	// A newer push that says nothing leaves what was entered here.
	in["version"], in["cause"] = 2, "诈骗罪"
	system.Must(http.StatusOK, handlertest.Put, "/case-system/cases/"+no, in)
	if v := f.Penalty(judge); len(v["unsaid"].([]any)) != 0 || arrived(v)["restitution"] != 0 {
		t.Error(v)
	}
	wrong := func(change func(duty handlertest.Obj, in handlertest.Obj)) handlertest.Obj {
		in := criminalInput()
		change(in["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)[2], in["instruments"].([]handlertest.Obj)[0])
		return in
	}
	for reason, in := range map[string]handlertest.Obj{
		"category.unknown":   wrong(func(d, _ handlertest.Obj) { d["category"] = "surcharge" }),
		"category.to_court":  wrong(func(d, _ handlertest.Obj) { d["category"] = "fine" }),
		"instrument.days":    wrong(func(_, i handlertest.Obj) { i["made_on"] = "2026-02-07" }),
		"surcharge.over_cap": handlertest.SurchargeInput(30000, 30001),
	} {
		a := clerk.Call(handlertest.Post, "/cases", in)
		if a.Status != handlertest.Bad || a.Json.Reason() != "case.invalid" || !strings.Contains(string(a.Body), reason) {
			t.Errorf("%s: %d %s", reason, a.Status, a.Body)
		}
	}
	// The import's last column is new: files without it are read, words are known.
	template := string(clerk.Call(handlertest.Get, "/imports/template?format=csv", nil).Body)
	head, _, _ := strings.Cut(template, "\n")
	row := "（2026）浙0211刑初9901号,盗窃罪,2026-02-02,zhang.min,李某,自然人,,,彭某,自然人,,,判决书,（2026）浙0211刑初9901号,2026-02-06,退赔,100,,2026-05-06"
	old := head[:strings.LastIndex(head, ",")] + "\n" + row + "\n"
	if a := clerk.FormFile("/imports", old); a.Status != http.StatusOK {
		t.Errorf("a file without the column: %d %s", a.Status, a.Body)
	}
	if a := clerk.FormFile("/imports", head+"\n"+strings.Replace(row, "9901", "9902", 2)+",悬赏\n"); !strings.Contains(string(a.Body), "category.unknown") || !strings.Contains(string(a.Body), "判项类别") {
		t.Errorf("an unknown word: %s", a.Body)
	}
	if a := clerk.FormFile("/imports", head+"\n"+strings.Replace(row, "9901", "9903", 2)+",退赔\n"); a.Status != http.StatusOK {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	imported := handlertest.Criminal{ID: clerk.Must(http.StatusOK, handlertest.Get, "/cases?text="+escaped("（2026）浙0211刑初9903号"), nil).List("cases")[0].ID("id")}
	if _, said := arrived(imported.Penalty(judge))["restitution"]; !said {
		t.Error("the import's category is lost")
	}
}

// 88 criminal cases, 14.62 million, 70.77 % of what was adjudged: the report's
// half year from data of its shape, counted on the day of confirmation.
func TestPenaltyStatistics(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, leader, phone := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zj", model.RoleLeader), w.Phone("")
	// 87 of them are made as rows; the last one goes through the ledger.
	const half = 16_613_600 // fen, 87 × 166,136.00 and the rest make 14,620,000.00
	w.PenaltyRows(judge.UserID, 87, half, true)
	w.PenaltyRows(judge.UserID, 30, 20_000_000, false) // not performed
	in := criminalInput()
	duties := in["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)
	in["instruments"].([]handlertest.Obj)[0]["obligations"] = duties[:1]
	duties[0]["amount_fen"] = 1_462_000_000 - 87*half
	f := w.FileCriminal(clerk, in)
	phone.Bind(clerk, f.ID, f.Convict)
	figures := func(from, until string) handlertest.Obj {
		return leader.Must(http.StatusOK, handlertest.Get, "/statistics/penalties?from="+from+"&until="+until, nil)
	}
	if v := figures("2026-01-01", "2026-06-30"); v.Num("cases") != 87 {
		t.Fatal(v)
	}
	r := f.Pays(phone, 1_462_000_000-87*half, 44, nil)
	judge.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), handlertest.Obj{"version": r.ID("version"), "amount_fen": 1000})
	if v := figures("2026-01-01", "2026-06-30"); v.Num("cases") != 87 {
		t.Error("partly performed counts:", v)
	}
	r = f.Pays(phone, 1_462_000_000-87*half-1000, 45, nil)
	judge.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), handlertest.Obj{"version": r.ID("version"), "amount_fen": 1_462_000_000 - 87*half - 1000})
	v := figures("2026-01-01", "2026-06-30")
	if v.Num("cases") != 88 || v.Num("performed_fen") != 1_462_000_000 || v.Num("adjudged_fen") != 1_462_000_000+30*20_000_000 || v.Str("share") != "70.90%" || v.Num("adjudged_cases") != 118 {
		t.Error(v)
	}
	if v := figures("2025-01-01", "2025-12-31"); v.Num("cases") != 0 || v.Str("share") != "—" || len(v.List("categories")) != 0 {
		t.Error("nothing was adjudged:", v)
	}
	// Every figure opens to its cases.
	listed := func(of string) (n int, performed int64) {
		for after := int64(0); ; {
			l := leader.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/statistics/penalties/cases?from=2026-01-01&until=2026-06-30&limit=50&of=%s&after=%d", of, after), nil)
			for _, c := range l.List("cases") {
				n++
				performed += c.ID("adjudged_fen")
			}
			if after = l.ID("next"); after == 0 {
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
		{leader, handlertest.Bad, "period.format", handlertest.Get, "/statistics/penalties?from=2026-06-30&until=2026-01-01", nil, "from"},
		{leader, handlertest.Bad, "date.format", handlertest.Get, "/statistics/penalties?from=2026-13-01&until=2026-01-01", nil, "from"},
		{leader, handlertest.Bad, "period.format", handlertest.Get, "/statistics/penalties/cases", nil, "from"},
		{leader, handlertest.Bad, "date.format", handlertest.Get, "/statistics/penalties/cases?from=x&until=2026-01-01", nil, "from"},
		{leader, handlertest.Bad, "filter.unknown", handlertest.Get, "/statistics/penalties/cases?from=2026-01-01&until=2026-06-30&of=all", nil, "of"},
	})
}

func TestPenaltiesRefuse(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, other := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("ji.wei", model.RoleJudge)
	f, civil := w.FileCriminal(clerk, criminalInput()), w.File(clerk)
	second := w.FileCriminal(clerk, criminalInput())
	adm := w.FileSurcharge(clerk, 30000, 30000)
	in := func(path string) string { return fmt.Sprintf("/cases/%d/%s", f.ID, path) }
	long := strings.Repeat("长", 501)
	category := func(ob int64, c, reason string) handlertest.Obj {
		return handlertest.Obj{"obligation_id": ob, "category": c, "reason": reason}
	}
	statement := func(k string, v any) handlertest.Obj {
		o := handlertest.Obj{"party_id": f.Convict, "to": "浙江省某监狱"}
		o[k] = v
		return o
	}
	letter := func(k string, v any) handlertest.Obj {
		o := handlertest.Obj{"party_id": f.Convict, "asker_kind": "prison", "asker": "浙江省某监狱", "document_no": "函1号", "received_on": "2026-03-01"}
		o[k] = v
		return o
	}
	q := clerk.Must(http.StatusCreated, handlertest.Post, in("prison-letters"), letter("note", ""))
	old := clerk.Must(http.StatusCreated, handlertest.Post, in("penalty-statements"), statement("note", ""))
	foreign := clerk.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/penalty-statements", second.ID), handlertest.Obj{"party_id": second.Convict, "to": "浙江省某监狱"})
	w.Clock.Advance(24 * time.Hour)
	for _, c := range []*handlertest.Client{judge, clerk, other} {
		c.Renew()
	}
	later := clerk.Must(http.StatusCreated, handlertest.Post, in("prison-letters"), letter("document_no", "函2号"))
	fresh := clerk.Must(http.StatusCreated, handlertest.Post, in("penalty-statements"), statement("note", ""))
	answered := func(k string, v any) handlertest.Obj {
		o := handlertest.Obj{"version": q.ID("version"), "document_id": fresh.ID("id"), "sent_on": "2026-03-03", "method": "hand", "proof": "王某签收"}
		o[k] = v
		return o
	}
	at := fmt.Sprintf("/prison-letters/%d/", q.ID("id"))
	closing := func(no, on string) handlertest.Obj {
		o := statement("closing_no", no)
		o["closed_on"], o["closing_file_id"] = on, 999999
		return o
	}
	newer := w.LateLetter(clerk, f)
	list := []mistake{
		{judge, handlertest.Gone, "case.not_found", handlertest.Get, "/cases/999999/penalty", nil, ""},
		{judge, http.StatusConflict, "penalty.not_criminal", handlertest.Get, fmt.Sprintf("/cases/%d/penalty", civil.ID), nil, ""},
		{clerk, handlertest.Gone, "case.not_found", handlertest.Post, "/cases/999999/categories", category(1, "fine", "主文"), ""},
		{clerk, handlertest.Gone, "obligation.not_found", handlertest.Post, in("categories"), category(999999, "fine", "主文"), ""},
		{clerk, handlertest.Bad, "reason.required", handlertest.Post, in("categories"), category(f.Obligation["fine"], "confiscation", " "), "reason"},
		{clerk, handlertest.Bad, "category.unknown", handlertest.Post, in("categories"), category(f.Obligation["fine"], "surcharge", "主文"), "category"},
		{clerk, handlertest.Bad, "category.to_court", handlertest.Post, in("categories"), category(f.Obligation["medical"], "fine", "主文"), "category"},
		{clerk, handlertest.Bad, "category.to_party", handlertest.Post, in("categories"), category(f.Obligation["fine"], "medical", "主文"), "category"},
		{clerk, handlertest.Bad, "surcharge.over_cap", handlertest.Post, fmt.Sprintf("/cases/%d/categories", adm.ID), category(adm.Principal, "surcharge", "决定书"), "surcharge_fen"},
		{clerk, handlertest.Gone, "case.not_found", handlertest.Post, "/cases/999999/penalty-statements", statement("note", ""), ""},
		{clerk, http.StatusConflict, "penalty.not_criminal", handlertest.Post, fmt.Sprintf("/cases/%d/penalty-statements", civil.ID), statement("note", ""), ""},
		{clerk, handlertest.Gone, "party.not_found", handlertest.Post, in("penalty-statements"), statement("party_id", 999999), ""},
		{clerk, handlertest.Bad, "party.not_obligor", handlertest.Post, in("penalty-statements"), statement("party_id", f.Victim), "party_id"},
		{clerk, handlertest.Bad, "prison_letter.unknown", handlertest.Post, in("penalty-statements"), statement("prison_letter_id", 999999), "prison_letter_id"},
		{clerk, handlertest.Bad, "field.required", handlertest.Post, in("penalty-statements"), statement("to", " "), "to"},
		{clerk, handlertest.Bad, "field.too_long", handlertest.Post, in("penalty-statements"), statement("note", long), "note"},
		{clerk, handlertest.Bad, "statement.closing", handlertest.Post, in("penalty-statements"), closing("结案1号", ""), "closing_no"},
		{clerk, handlertest.Bad, "date.future", handlertest.Post, in("penalty-statements"), closing("结案1号", "2026-03-04"), "closed_on"},
		{clerk, handlertest.Bad, "statement.closing_file", handlertest.Post, in("penalty-statements"), closing("", ""), "closing_file_id"},
		{clerk, handlertest.Bad, "file.unknown", handlertest.Post, in("penalty-statements"), closing("结案1号", "2026-03-01"), "closing_file_id"},
		{clerk, handlertest.Gone, "case.not_found", handlertest.Post, "/cases/999999/prison-letters", letter("note", ""), ""},
		{clerk, http.StatusConflict, "penalty.not_criminal", handlertest.Post, fmt.Sprintf("/cases/%d/prison-letters", civil.ID), letter("party_id", civil.Debtor), ""},
		{clerk, handlertest.Gone, "party.not_found", handlertest.Post, in("prison-letters"), letter("party_id", 999999), ""},
		{clerk, handlertest.Bad, "party.not_obligor", handlertest.Post, in("prison-letters"), letter("party_id", f.Victim), "party_id"},
		{clerk, handlertest.Bad, "prison_letter.asker", handlertest.Post, in("prison-letters"), letter("asker_kind", "bank"), "asker_kind"},
		{clerk, handlertest.Bad, "field.required", handlertest.Post, in("prison-letters"), letter("asker", " "), "asker"},
		{clerk, handlertest.Bad, "date.future", handlertest.Post, in("prison-letters"), letter("received_on", "2026-03-04"), "received_on"},
		{clerk, handlertest.Bad, "field.too_long", handlertest.Post, in("prison-letters"), letter("note", long), "note"},
		{clerk, handlertest.Bad, "prison_letter.exists", handlertest.Post, in("prison-letters"), letter("asker_kind", "court"), "document_no"},
		{clerk, handlertest.Bad, "filter.unknown", handlertest.Get, "/prison-letters?state=lost", nil, "state"},
		{other, handlertest.Gone, "prison_letter.not_found", handlertest.Get, fmt.Sprintf("/prison-letters/%d", q.ID("id")), nil, ""},
		{other, handlertest.Gone, "prison_letter.not_found", handlertest.Post, at + "answer", answered("proof", "签收"), ""},
		{other, handlertest.Gone, "prison_letter.not_found", handlertest.Post, at + "void", handlertest.Obj{"version": 1, "reason": "撤回"}, ""},
		{clerk, http.StatusConflict, "prison_letter.changed", handlertest.Post, at + "answer", answered("version", 99), ""},
		{clerk, http.StatusConflict, "prison_letter.changed", handlertest.Post, at + "void", handlertest.Obj{"version": 99, "reason": "撤回"}, ""},
		{clerk, handlertest.Bad, "reason.required", handlertest.Post, at + "void", handlertest.Obj{"version": q.ID("version"), "reason": " "}, "reason"},
		{clerk, handlertest.Bad, "statement.unknown", handlertest.Post, at + "answer", answered("document_id", 999999), "document_id"},
		{clerk, handlertest.Bad, "statement.unknown", handlertest.Post, at + "answer", answered("document_id", foreign.ID("id")), "document_id"},
		{clerk, handlertest.Bad, "statement.old", handlertest.Post, fmt.Sprintf("/prison-letters/%d/answer", newer.ID("id")), answered("document_id", old.ID("id")), "document_id"},
		{clerk, handlertest.Bad, "prison_letter.method", handlertest.Post, at + "answer", answered("method", "pigeon"), "method"},
		{clerk, handlertest.Bad, "prison_letter.sent_on", handlertest.Post, at + "answer", answered("sent_on", "2026-03-04"), "sent_on"},
		{clerk, handlertest.Bad, "prison_letter.proof", handlertest.Post, at + "answer", answered("proof", " "), "proof"},
		{clerk, handlertest.Bad, "file.unknown", handlertest.Post, at + "answer", answered("proof_file_id", 999999), "proof_file_id"},
	}
	refusedAll(t, list)
	clerk.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/prison-letters/%d/void", later.ID("id")), handlertest.Obj{"version": later.ID("version"), "reason": "来函机关撤回"})
	refusedAll(t, []mistake{
		{clerk, http.StatusConflict, "prison_letter.answered", handlertest.Post, fmt.Sprintf("/prison-letters/%d/answer", later.ID("id")), answered("version", 2), ""},
		{clerk, http.StatusConflict, "prison_letter.answered", handlertest.Post, fmt.Sprintf("/prison-letters/%d/void", later.ID("id")), handlertest.Obj{"version": 2, "reason": "另一原因"}, ""},
	})
	// Conduct cannot be a fine or medical costs.
	in2 := criminalInput()
	in2["instruments"].([]handlertest.Obj)[0]["obligations"] = []handlertest.Obj{{"ref": "O1", "kind": "conduct", "obligors": []string{"D1"}, "obligee": "C1", "description": "赔礼道歉"}}
	g := w.FileCriminal(clerk, in2)
	refusedAll(t, []mistake{{clerk, handlertest.Bad, "category.money", handlertest.Post, fmt.Sprintf("/cases/%d/categories", g.ID), category(g.Obligation[""], "medical", "主文"), "category"}})
}
