package handler_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// backlogFile is an import file with the usual titles: a criminal case, overdue
// and partly performed, and a civil one that is not due.
func backlogFile() string {
	head, _, _ := strings.Cut(handlertest.ImportTemplate(), "\n")
	return head + "\n" +
		"（2026）浙0211刑初9911号,盗窃罪,2026-01-02,法官zhang.min,李某,自然人,,,彭某,自然人,,,刑事判决书,（2026）浙0211刑初9911号,2026年1月6日,退赔,1.2万,,2026/1/31,退赔被害人损失,,,5000,2026.2.10,\n" +
		"（2026）浙0211民初9912号,买卖合同纠纷,2026-01-05,zhang.min,李某,自然人,,,某某建材有限公司,单位,,,民事调解书,（2026）浙0211民初9912号,2026-02-01,支付货款,100,,2026-03-31,,,,,,\n"
}

// A backlog on the desk: the choice, what goes out, the preview, the samples and
// the release.
func TestBacklogOnTheDesk(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	v := w.Visitor(clerk)
	file := []byte(backlogFile())
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
	imports, err := w.Svc.Filing.Imports(t.Context(), clerk.Actor(), 0, 10)
	if err != nil || len(imports) != 1 {
		t.Fatal(imports, err)
	}
	id := imports[0].ID
	at := fmt.Sprintf("/import/%d", id)
	v.Sees(at, "请逐一查看", "未查看", "1 笔待承办法官确认")
	v.Does(http.StatusConflict, at+"/release", "样张，再放行通知", nil)
	state, err := w.Svc.Filing.Imported(t.Context(), clerk.Actor(), id)
	if err != nil || len(state.Samples) == 0 {
		t.Fatal(state, err)
	}
	for _, x := range state.Samples {
		v.Sees(at+"?sample="+string(x.Kind), "样张：", "已查看")
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
	file, v := backlogFile(), w.Visitor(clerk)
	var slow []*io.PipeWriter
	answered := make(chan bool)
	for range 4 {
		r, more := io.Pipe()
		slow = append(slow, more)
		req, err := http.NewRequest(http.MethodPost, w.URL+"/desk/import", r)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		go func() {
			if res, err := v.Http.Do(req); err == nil {
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
	if res, page := v.SendForm("/import", nil, []byte(file)); res.StatusCode != http.StatusOK || !strings.Contains(page, "检查通过") {
		t.Errorf("beside four slow ones: %d %s", res.StatusCode, page)
	}
	if took := time.Since(begin); took > time.Minute {
		t.Errorf("it took %v", took)
	}
	for _, more := range slow {
		_ = more.CloseWithError(errors.New("the client leaves"))
		<-answered
	}
}
