package handler_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"microcourt/model"
)

// runs does what runs by itself: notices of imports, and the schedule.
func (w *world) runs() {
	w.t.Helper()
	ctx := context.Background()
	if err := errors.Join(w.svc.Filing.Pass(ctx), w.svc.Schedule.Pass(ctx)); err != nil {
		w.t.Fatal(err)
	}
}

// backlogFile is an import file with the usual titles: a criminal case, overdue
// and partly performed, and a civil one that is not due.
func backlogFile(clerk *client) string {
	template := string(clerk.call(get, "/imports/template?format=csv", nil).body)
	head, _, _ := strings.Cut(template, "\n")
	return head + "\n" +
		"（2026）浙0211刑初9911号,盗窃罪,2026-01-02,法官zhang.min,李某,自然人,,,彭某,自然人,,,刑事判决书,（2026）浙0211刑初9911号,2026年1月6日,退赔,1.2万,,2026/1/31,退赔被害人损失,,,5000,2026.2.10,\n" +
		"（2026）浙0211民初9912号,买卖合同纠纷,2026-01-05,zhang.min,李某,自然人,,,某某建材有限公司,单位,,,民事调解书,（2026）浙0211民初9912号,2026-02-01,支付货款,100,,2026-03-31,,,,,,\n"
}

// A backlog over the API: the preview shows days and amounts as understood and
// what goes out, nothing goes before somebody has looked, and no paper names a
// balance before the judge has decided; who imported it does not decide.
func TestBacklogOverTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	file := backlogFile(clerk)
	a := clerk.formFile("/imports?dry_run=1", file)
	if a.status != http.StatusOK || len(a.json.list("problems")) != 0 || a.json["imported"] != false {
		t.Fatal(a.status, string(a.body))
	}
	line := a.json.list("preview")[0]
	duty := line.list("duties")[0]
	if line.str("filed_on") != "2026-01-02" || line.str("effective_on") != "2026-01-06" || duty.str("due_on") != "2026-01-31" || duty.num("amount_fen") != 1200000 ||
		duty.num("paid_fen") != 500000 || duty.str("paid_on") != "2026-02-10" || line.str("judge") != "zhang.min" {
		t.Errorf("the preview: %v", line)
	}
	if out := a.json.obj("outgoing"); out.str("choice") != "held" || out.str("why") == "" || out.list("lines")[0].num("n") != 4 || out.num("papers") == 0 {
		t.Errorf("what goes out: %v", out)
	}
	done := clerk.formFile("/imports", file).json
	id := done.id("import_id")
	if done["imported"] != true || id == 0 || done.num("payments") != 1 {
		t.Fatal(done)
	}
	at := fmt.Sprintf("/imports/%d", id)
	w.runs()
	criminalID := clerk.must(http.StatusOK, get, "/cases?text="+escaped("（2026）浙0211刑初9911号"), nil).list("cases")[0].id("id")
	if list := clerk.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/schedule", criminalID), nil).list("steps"); len(list) != 0 {
		t.Error("a held case is urged:", list)
	}
	if list := clerk.must(http.StatusOK, get, "/imports", nil).list("imports"); len(list) != 1 || list[0].str("state") != "held" {
		t.Error(list)
	}
	clerk.refused(http.StatusConflict, "import.unseen", post, at+"/release", obj{})
	for _, x := range clerk.must(http.StatusOK, get, at, nil).list("samples") {
		if s := clerk.must(http.StatusOK, get, at+"/samples/"+x.str("kind"), nil); s.str("body") == "" || s.str("title") == "" {
			t.Error(x, s)
		}
	}
	if v := clerk.must(http.StatusOK, post, at+"/release", obj{}); v.num("held") != 2 || v.num("pending") != 1 {
		t.Error(v)
	}
	w.runs()
	if v := clerk.must(http.StatusOK, get, at, nil); v.num("held") != 0 || v.str("state") != "done" {
		t.Error(v)
	}
	// Until the judge decides, papers with a balance wait.
	party := int64(0)
	for _, p := range clerk.must(http.StatusOK, get, fmt.Sprintf("/cases/%d", criminalID), nil).list("parties") {
		if p.str("ref") == "D1" {
			party = p.id("id")
		}
	}
	statement := obj{"party_id": party, "to": "浙江省某监狱"}
	judge.refused(http.StatusConflict, "receipt.import_pending", post, fmt.Sprintf("/cases/%d/penalty-statements", criminalID), statement)
	for _, s := range judge.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/schedule", criminalID), nil).list("steps") {
		if s.str("kind") == "demand.first" {
			judge.refused(http.StatusConflict, "receipt.import_pending", post, fmt.Sprintf("/schedule/steps/%d/send", s.id("id")), obj{"reason": "催告"})
		}
	}
	r := judge.must(http.StatusOK, get, "/receipts", nil).list("receipts")[0]
	judge.must(http.StatusOK, get, fmt.Sprintf("/receipts/%d", r.id("id")), nil)
	judge.must(http.StatusOK, post, fmt.Sprintf("/receipts/%d/confirm", r.id("id")), obj{"version": 1, "amount_fen": 500000})
	judge.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/penalty-statements", criminalID), statement)

	for reason, path := range map[string]string{
		"import.notices": "/imports?notices=from", "date.format": "/imports?notices=from&from_on=2026-2-30",
	} {
		if a := clerk.formFile(path, file); a.status != bad || a.json.reason() != reason {
			t.Errorf("%s: %d %s", reason, a.status, a.body)
		}
	}
	for _, path := range []string{"", "/samples/case.filed"} {
		clerk.refused(gone, "import.not_found", get, "/imports/999999"+path, nil)
		clerk.refused(gone, "path.not_found", get, "/imports/x"+path, nil)
	}
	clerk.refused(gone, "import.not_found", post, "/imports/999999/release", obj{})
	clerk.refused(gone, "path.not_found", post, "/imports/x/release", obj{})
	clerk.refused(gone, "import.no_sample", get, at+"/samples/judge.digest", nil)
}

// The same on the desk: the choice, what goes out, the preview, the samples and
// the release.
func TestBacklogOnTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	v := w.visitor(clerk)
	file := []byte(backlogFile(clerk))
	_, page := v.sendForm("/import", map[string]string{"notices": ""}, file)
	for _, want := range []string{"检查通过", "暂不通知，查看样张后放行", "已逾期的义务和已履行的记录", "自动履行告知书", "编号文书", "12,000.00", "2026-01-31", "5,000.00（2026-02-10）", "2026-01-06"} {
		if !strings.Contains(page, want) {
			t.Errorf("the check does not show %q", want)
		}
	}
	if _, page = v.sendForm("/import", map[string]string{"notices": "from"}, file); !strings.Contains(page, "开始通知的日期应在今天至一年之内") {
		t.Error("no day was given:", page)
	}
	if _, page = v.sendForm("/import", map[string]string{"write": "1"}, file); !strings.Contains(page, "查看样张并放行通知") || !strings.Contains(page, "1 笔已履行记录待承办法官确认") {
		t.Error("the import:", page)
	}
	id := clerk.must(http.StatusOK, get, "/imports", nil).list("imports")[0].id("id")
	at := fmt.Sprintf("/import/%d", id)
	v.sees(at, "请逐一查看", "未查看", "1 笔待承办法官确认")
	v.does(http.StatusConflict, at+"/release", "样张，再放行通知", nil)
	for _, x := range clerk.must(http.StatusOK, get, fmt.Sprintf("/imports/%d", id), nil).list("samples") {
		v.sees(at+"?sample="+x.str("kind"), "样张：", "已查看")
	}
	v.sees(at, "放行：通知 2 件案件的当事人")
	v.does(http.StatusSeeOther, at+"/release", "", nil)
	w.runs()
	v.sees(at, "已通知")
	list := judge.must(http.StatusOK, get, "/receipts", nil).list("receipts")
	w.visitor(judge).sees(fmt.Sprintf("/receipts/%d", list[0].id("id")), "没有附件", "由导入的已履行记录", "法院原有履行记录（由导入）")
}

// However many send a table slowly, or not to its end, whoever sends his at once
// is answered.
func TestASlowTableHoldsNobodysTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	file := backlogFile(clerk)
	var slow []*io.PipeWriter
	answered := make(chan bool)
	for range 4 {
		r, more := io.Pipe()
		slow = append(slow, more)
		req, err := http.NewRequest(http.MethodPost, w.url+"/api/v1/imports?dry_run=1", r)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		req.Header.Set("Authorization", clerk.auth)
		go func() {
			if res, err := http.DefaultClient.Do(req); err == nil {
				_ = res.Body.Close()
			}
			answered <- true
		}()
		if _, err := io.WriteString(more, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"+file); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(200 * time.Millisecond) // the server is within the files by now
	begin := time.Now()
	if a := clerk.formFile("/imports?dry_run=1", file); a.status != http.StatusOK {
		t.Errorf("beside four slow ones: %d %s", a.status, a.body)
	}
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
	for _, more := range slow {
		_ = more.CloseWithError(errors.New("the client leaves"))
		<-answered
	}
}
