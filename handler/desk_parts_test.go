package handler_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// A clerk ends a binding that fell into wrong hands, with a reason: that phone
// sees the case no more. Another court's clerk finds nothing to end.
func TestABindingIsEndedAtTheDesk(t *testing.T) {
	t.Parallel()
	w, _, debtor, _, f := urged(t)
	clerk, stranger := w.Staff("li.li", model.RoleClerk), w.StaffOf(w.AddCourt("浙0212", "宁波市鄞州区人民法院", "鄞法"), "elsewhere", model.RoleClerk)
	page := fmt.Sprintf("/cases/%d", f.ID)
	debtor.Must(http.StatusOK, handlertest.Get, page, nil)
	var forms []string
	for _, part := range strings.Split(clerk.Reads(page), `action="/desk`)[1:] {
		if path, _, _ := strings.Cut(part, `"`); strings.HasPrefix(path, "/bindings/") {
			forms = append(forms, path)
		}
	}
	if len(forms) != 2 {
		t.Fatalf("the page offers to end %v, want both sides' bindings", forms)
	}
	form := url.Values{"case": {fmt.Sprint(f.ID)}, "reason": {"绑定码被他人捡到"}}
	if status, body := clerk.Posts(forms[0], url.Values{"case": {fmt.Sprint(f.ID)}, "reason": {" "}}); status != http.StatusBadRequest || !strings.Contains(body, "请填写解除绑定的原因") {
		t.Errorf("without a reason: %d", status)
	}
	if status, _ := stranger.Posts(forms[0], form); status != http.StatusNotFound {
		t.Errorf("another court's clerk: %d", status)
	}
	for _, path := range append(forms, forms...) { // a repeat changes nothing
		if status, _ := clerk.Posts(path, form); status != http.StatusSeeOther {
			t.Errorf("%s answers %d", path, status)
		}
	}
	debtor.Refused(http.StatusNotFound, "case.not_found", handlertest.Get, page, nil)
	if body := clerk.Reads(page + "?done=unbound"); strings.Contains(body, "/bindings/") || !strings.Contains(body, "未绑定") || !strings.Contains(body, "已解除绑定") {
		t.Errorf("afterwards: %s", body)
	}
}

// The first page shows the newest messages and leads to the older ones; none is
// shown twice or left out.
func TestTheInboxGoesOn(t *testing.T) {
	t.Parallel()
	_, judge, debtor, _, f := urged(t)
	for i := range 15 {
		debtor.Submit(f, 1000, 60+i)
	}
	all := len(judge.Must(http.StatusOK, handlertest.Get, "/notices?limit=100", nil).List("notices"))
	seen := map[string]bool{}
	pages := 0
	for path := ""; pages < 9; pages++ {
		body := judge.Reads(path)
		for _, part := range strings.Split(body, `action="/desk/notices/`)[1:] {
			id, _, _ := strings.Cut(part, "/")
			if seen[id] {
				t.Errorf("notice %s is on two pages", id)
			}
			seen[id] = true
		}
		_, rest, more := strings.Cut(body, `<p class="more"><a href="/desk`)
		if !more {
			break
		}
		path, _, _ = strings.Cut(rest, `"`)
	}
	if len(seen) != all || all < 15 || pages != 1 {
		t.Errorf("%d pages show %d notices of %d", pages+1, len(seen), all)
	}
}

// Urging is paused by opening the reasons and choosing one, and goes on by one
// click; only the judge of the case may.
func TestPauseInTwoClicks(t *testing.T) {
	t.Parallel()
	w, judge, _, _, f := urged(t)
	w.Work()
	other := w.Staff("ji.wei", model.RoleJudge)
	page := fmt.Sprintf("/cases/%d", f.ID)
	if body := judge.Reads(page); strings.Count(body, `<button class="btn btn-sm btn-outline-secondary" name="reason" value="双方正在协商">`) != 1 {
		t.Fatalf("the page offers no reason: %s", body)
	}
	act := func(c *handlertest.Client, act, reason string) (int, string) {
		return c.Posts(page+"/schedule", url.Values{"key": {handlertest.FreshKey()}, "act": {act}, "tab": {"overview"}, "reason": {reason}})
	}
	if status, _ := act(other, "pause", "双方正在协商"); status != http.StatusNotFound {
		t.Errorf("another judge: %d", status)
	}
	if status, body := act(judge, "pause", "双方正在协商"); status != http.StatusSeeOther {
		t.Fatalf("pausing: %d %s", status, body)
	}
	if body := judge.Reads(page); !strings.Contains(body, "督促已暂停。") {
		t.Errorf("paused: %s", body)
	}
	if standing, _ := judge.Schedule(f); standing != "pause" {
		t.Errorf("the schedule stands at %s", standing)
	}
	if status, _ := act(judge, "resume", "暂停的原因已消除"); status != http.StatusSeeOther || strings.Contains(judge.Reads(page), "督促已暂停。") {
		t.Errorf("resuming: %d", status)
	}
}

// Duties name parties by their names on the form: a name that no party has is
// refused with the row it stands in and who there is, and what was typed stays.
func TestFilingNamesParties(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	form := func(obligors, obligee string) url.Values {
		return url.Values{
			"case_no": {"（2026）浙0211民初8801号"}, "cause": {"民间借贷纠纷"}, "filed_on": {"2026-02-02"}, "judge": {"zhang.min"},
			"party_role": {"plaintiff", "defendant", "defendant"}, "party_kind": {"person", "person", "person"}, "party_name": {"李某", "赵明", "钱亮"},
			"party_id": {"", "", ""}, "party_phone": {"", "", ""},
			"instrument_kind": {"judgment"}, "instrument_number": {"（2026）浙0211民初8801号"}, "effective_on": {"2026-02-10"}, "summary": {"被告归还借款"},
			"duty_kind": {"money"}, "duty_category": {""}, "duty_obligors": {obligors}, "duty_obligee": {obligee}, "duty_amount": {"50,000"}, "duty_description": {""},
			"duty_due_on": {"判决生效之日起十五日内"}, "duty_installments": {""},
		}
	}
	for _, wrong := range [][2]string{{"赵大明", "李某"}, {"赵明、9", "李某"}, {"赵明", "钱某"}, {"二", "李某"}, {"", "李某"}, {"赵明", ""}, {"赵明", "李某、钱亮"}} {
		status, body := clerk.Posts("/filing", form(wrong[0], wrong[1]))
		if status != http.StatusBadRequest || !strings.Contains(body, "义务 1：") || !strings.Contains(body, `value="赵明"`) || !strings.Contains(body, `value="50,000"`) {
			t.Errorf("%v: %d %s", wrong, status, body)
		}
	}
	if list := clerk.Must(http.StatusOK, handlertest.Get, "/cases", nil).List("cases"); len(list) != 0 {
		t.Errorf("refused forms left %v", list)
	}
	if status, body := clerk.Posts("/filing", form("赵明、被告钱亮", "李某")); status != http.StatusSeeOther {
		t.Errorf("the right names: %d %s", status, body)
	}
}

// An import tells how far it is; a wrong row is named with its column and
// nothing is written; a right sheet is shown before it is written.
func TestImportTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	sheet := []byte(handlertest.ImportTemplate())
	// run sends the sheet and gives the steps that were told and the result.
	run := func(sheet []byte, write bool) (steps []string, result string) {
		t.Helper()
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		if write {
			_ = m.WriteField("write", "1")
		}
		part, err := m.CreateFormFile("file", "cases.csv")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(sheet)
		_ = m.Close()
		req, err := http.NewRequest(http.MethodPost, w.URL+"/desk/import", &b)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", m.FormDataContentType())
		req.Header.Set("HX-Request", "true")
		res, err := w.Visitor(clerk).Http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		all, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatal(res.Status, err)
		}
		for event := range strings.SplitSeq(strings.TrimSpace(string(all)), "\n\n") {
			name, data, _ := strings.Cut(strings.TrimPrefix(event, "event: "), "\ndata: ")
			if name == "finished" {
				if err := json.Unmarshal([]byte(data), &result); err != nil {
					t.Fatal(err)
				}
				continue
			}
			var v struct {
				Step        string
				Walked, All int
			}
			if err := json.Unmarshal([]byte(data), &v); err != nil || v.Step == "" || v.Walked > v.All {
				t.Fatalf("%q: %v", data, err)
			}
			if len(steps) == 0 || steps[len(steps)-1] != v.Step {
				steps = append(steps, v.Step)
			}
		}
		return steps, result
	}
	cases := func() int { return len(clerk.Must(http.StatusOK, handlertest.Get, "/cases", nil).List("cases")) }
	_, result := run(bytes.ReplaceAll(sheet, []byte("zhang.min"), []byte("nobody")), false)
	if !strings.Contains(result, "没有写入任何案件") || !strings.Contains(result, "<td>2</td>") || !strings.Contains(result, `download="cases-已标出错误.csv"`) || !strings.Contains(result, `href="data:text/csv;base64,`) || !strings.Contains(result, "本院没有叫“nobody”的承办法官") || cases() != 0 {
		t.Errorf("a wrong row: %s", result)
	}
	steps, result := run(sheet, false)
	if len(steps) == 0 || !strings.Contains(result, "检查通过") || !strings.Contains(result, "写入") || !strings.Contains(result, "法官zhang.min") || cases() != 0 {
		t.Errorf("the preview after %q: %s", steps, result)
	}
	steps, result = run(sheet, true)
	if len(steps) < 2 || !strings.Contains(result, "已写入：新增") || cases() == 0 {
		t.Errorf("writing after %q: %s", steps, result)
	}
	n := cases()
	if _, result = run(sheet, true); !strings.Contains(result, "新增 0 件") || cases() != n {
		t.Errorf("a repeat: %s", result)
	}
}

// figure is the number on a card of a page.
func figure(t *testing.T, body, card string) string {
	t.Helper()
	_, cards, _ := strings.Cut(body, `<div class="cards">`)
	m := regexp.MustCompile(`(?s)` + card + `(?:<[^>]*>|[^<])*?<strong>(\d+)</strong>`).FindStringSubmatch(cards)
	if m == nil {
		t.Fatalf("no card says %s", card)
	}
	return m[1]
}

// The first page tells leaders, list managers and agencies what waits for them,
// and each figure follows what is done.
func TestHomeTellsWhatWaits(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	home := func(login string) string {
		res, body := w.Visitor(people[login]).Send(http.MethodGet, "", nil, nil)
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s gets %d", login, res.StatusCode)
		}
		return body
	}
	leader := people["chen.zj"]
	waiting := leader.Must(http.StatusOK, http.MethodGet, "/measures?waiting=1", nil).List("measures")
	if n := figure(t, home("chen.zj"), "待决定的措施"); n != "1" || len(waiting) != 1 {
		t.Fatalf("%s measures wait on the first page, %d in the list", n, len(waiting))
	}
	m := waiting[0]
	leader.Must(http.StatusOK, http.MethodPost, fmt.Sprintf("/measures/%d/decide", m.ID("id")), handlertest.Obj{"version": m["version"], "opinion": "同意"})
	if n := figure(t, home("chen.zj"), "待决定的措施"); n != "0" {
		t.Errorf("%s measures wait after the only one was decided", n)
	}

	open, queries := figure(t, home("zhou.qi"), "待报送的事项"), figure(t, home("chu.ning"), "待答复的协助查询")
	if open == "0" || queries != "1" {
		t.Errorf("an agency is to report %s and to answer %s", open, queries)
	}
	if n := figure(t, home("lin.mei"), "待审核的报送"); n != "1" {
		t.Errorf("%s reports wait for the list manager", n)
	}
	if strings.Contains(home("zhang.min"), "待报送") || strings.Contains(home("zhou.qi"), "待审核") {
		t.Error("a figure is shown to whom it does not concern")
	}
}
