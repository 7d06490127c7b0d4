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

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/penalty"
)

// backlogFile is an import file with the usual titles: a criminal case, overdue
// and partly performed, and a civil one that is not due.
func backlogFile(clerk *handlertest.Client) string {
	template := string(clerk.Call(handlertest.Get, "/imports/template?format=csv", nil).Body)
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
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	file := backlogFile(clerk)
	a := clerk.FormFile("/imports?dry_run=1", file)
	if a.Status != http.StatusOK || len(a.Json.List("problems")) != 0 || a.Json["imported"] != false {
		t.Fatal(a.Status, string(a.Body))
	}
	line := a.Json.List("preview")[0]
	duty := line.List("duties")[0]
	if line.Str("filed_on") != "2026-01-02" || line.Str("effective_on") != "2026-01-06" || duty.Str("due_on") != "2026-01-31" || duty.Num("amount_fen") != 1200000 ||
		duty.Num("paid_fen") != 500000 || duty.Str("paid_on") != "2026-02-10" || line.Str("judge") != "zhang.min" {
		t.Errorf("the preview: %v", line)
	}
	if out := a.Json.Obj("outgoing"); out.Str("choice") != "held" || out.Str("why") == "" || out.List("lines")[0].Num("n") != 4 || out.Num("papers") == 0 {
		t.Errorf("what goes out: %v", out)
	}
	done := clerk.FormFile("/imports", file).Json
	id := done.ID("import_id")
	if done["imported"] != true || id == 0 || done.Num("payments") != 1 {
		t.Fatal(done)
	}
	at := fmt.Sprintf("/imports/%d", id)
	w.Runs()
	criminalID := clerk.Must(http.StatusOK, handlertest.Get, "/cases?text="+escaped("（2026）浙0211刑初9911号"), nil).List("cases")[0].ID("id")
	if list := clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/schedule", criminalID), nil).List("steps"); len(list) != 0 {
		t.Error("a held case is urged:", list)
	}
	if list := clerk.Must(http.StatusOK, handlertest.Get, "/imports", nil).List("imports"); len(list) != 1 || list[0].Str("state") != "held" {
		t.Error(list)
	}
	clerk.Refused(http.StatusConflict, "import.unseen", handlertest.Post, at+"/release", handlertest.Obj{})
	for _, x := range clerk.Must(http.StatusOK, handlertest.Get, at, nil).List("samples") {
		if s := clerk.Must(http.StatusOK, handlertest.Get, at+"/samples/"+x.Str("kind"), nil); s.Str("body") == "" || s.Str("title") == "" {
			t.Error(x, s)
		}
	}
	if v := clerk.Must(http.StatusOK, handlertest.Post, at+"/release", handlertest.Obj{}); v.Num("held") != 2 || v.Num("pending") != 1 {
		t.Error(v)
	}
	w.Runs()
	if v := clerk.Must(http.StatusOK, handlertest.Get, at, nil); v.Num("held") != 0 || v.Str("state") != "done" {
		t.Error(v)
	}
	// Until the judge decides, papers with a balance wait.
	party := int64(0)
	for _, p := range clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", criminalID), nil).List("parties") {
		if p.Str("ref") == "D1" {
			party = p.ID("id")
		}
	}
	state := func() error {
		_, err := w.Svc.Penalty.State(context.Background(), judge.Actor(), penalty.StatementRequest{CaseID: criminalID, PartyID: party, To: "浙江省某监狱", Key: handlertest.FreshKey()})
		return err
	}
	w.World.Refused(state(), "receipt.import_pending")
	for _, s := range judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/schedule", criminalID), nil).List("steps") {
		if s.Str("kind") == "demand.first" {
			judge.Refused(http.StatusConflict, "receipt.import_pending", handlertest.Post, fmt.Sprintf("/schedule/steps/%d/send", s.ID("id")), handlertest.Obj{"reason": "催告"})
		}
	}
	r := judge.Must(http.StatusOK, handlertest.Get, "/receipts", nil).List("receipts")[0]
	judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/receipts/%d", r.ID("id")), nil)
	judge.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), handlertest.Obj{"version": 1, "amount_fen": 500000})
	if err := state(); err != nil {
		t.Fatal(err)
	}

	for reason, path := range map[string]string{
		"import.notices": "/imports?notices=from", "date.format": "/imports?notices=from&from_on=2026-2-30",
	} {
		if a := clerk.FormFile(path, file); a.Status != handlertest.Bad || a.Json.Reason() != reason {
			t.Errorf("%s: %d %s", reason, a.Status, a.Body)
		}
	}
	for _, path := range []string{"", "/samples/case.filed"} {
		clerk.Refused(handlertest.Gone, "import.not_found", handlertest.Get, "/imports/999999"+path, nil)
		clerk.Refused(handlertest.Gone, "path.not_found", handlertest.Get, "/imports/x"+path, nil)
	}
	clerk.Refused(handlertest.Gone, "import.not_found", handlertest.Post, "/imports/999999/release", handlertest.Obj{})
	clerk.Refused(handlertest.Gone, "path.not_found", handlertest.Post, "/imports/x/release", handlertest.Obj{})
	clerk.Refused(handlertest.Gone, "import.no_sample", handlertest.Get, at+"/samples/judge.digest", nil)
}

// The same on the desk: the choice, what goes out, the preview, the samples and
// the release.
func TestBacklogOnTheDesk(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	v := w.Visitor(clerk)
	file := []byte(backlogFile(clerk))
	_, page := v.SendForm("/import", map[string]string{"notices": ""}, file)
	for _, want := range []string{"检查通过", "暂不通知，查看样张后放行", "已逾期的义务和已履行的记录", "自动履行告知书", "编号文书", "12,000.00", "2026-01-31", "5,000.00（2026-02-10）", "2026-01-06"} {
		if !strings.Contains(page, want) {
			t.Errorf("the check does not show %q", want)
		}
	}
	if _, page = v.SendForm("/import", map[string]string{"notices": "from"}, file); !strings.Contains(page, "开始通知的日期应在今天至一年之内") {
		t.Error("no day was given:", page)
	}
	if _, page = v.SendForm("/import", map[string]string{"write": "1"}, file); !strings.Contains(page, "查看样张并放行通知") || !strings.Contains(page, "1 笔已履行记录待承办法官确认") {
		t.Error("the import:", page)
	}
	id := clerk.Must(http.StatusOK, handlertest.Get, "/imports", nil).List("imports")[0].ID("id")
	at := fmt.Sprintf("/import/%d", id)
	v.Sees(at, "请逐一查看", "未查看", "1 笔待承办法官确认")
	v.Does(http.StatusConflict, at+"/release", "样张，再放行通知", nil)
	for _, x := range clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/imports/%d", id), nil).List("samples") {
		v.Sees(at+"?sample="+x.Str("kind"), "样张：", "已查看")
	}
	v.Sees(at, "放行：通知 2 件案件的当事人")
	v.Does(http.StatusSeeOther, at+"/release", "", nil)
	w.Runs()
	v.Sees(at, "已通知")
	list := judge.Must(http.StatusOK, handlertest.Get, "/receipts", nil).List("receipts")
	w.Visitor(judge).Sees(fmt.Sprintf("/receipts/%d", list[0].ID("id")), "没有附件", "由导入的已履行记录", "法院原有履行记录（由导入）")
}

// However many send a table slowly, or not to its end, whoever sends his at once
// is answered.
func TestASlowTableHoldsNobodysTurn(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	file := backlogFile(clerk)
	var slow []*io.PipeWriter
	answered := make(chan bool)
	for range 4 {
		r, more := io.Pipe()
		slow = append(slow, more)
		req, err := http.NewRequest(http.MethodPost, w.URL+"/api/v1/imports?dry_run=1", r)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		req.Header.Set("Authorization", clerk.Auth)
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
	if a := clerk.FormFile("/imports?dry_run=1", file); a.Status != http.StatusOK {
		t.Errorf("beside four slow ones: %d %s", a.Status, a.Body)
	}
	if took := time.Since(begin); took > time.Minute {
		t.Errorf("it took %v", took)
	}
	for _, more := range slow {
		_ = more.CloseWithError(errors.New("the client leaves"))
		<-answered
	}
}
