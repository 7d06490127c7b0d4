package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// decided is the number of the decision that a form of the desk led to.
func decided(t *testing.T, v *handlertest.Visitor, path string, form url.Values) (id string, at string) {
	t.Helper()
	form.Set("key", handlertest.FreshKey())
	res, body := v.Send(http.MethodPost, path, form, nil)
	u, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != http.StatusSeeOther || u.Query().Get("decision") == "" {
		t.Fatalf("%s: %d %s %s", path, res.StatusCode, res.Header.Get("Location"), body)
	}
	return u.Query().Get("decision"), strings.TrimPrefix(u.RequestURI(), "/desk")
}

func noticesAbout(c *handlertest.Client) (out []string) {
	c.W.T.Helper()
	for _, n := range c.Must(http.StatusOK, http.MethodGet, "/notices", nil).List("notices") {
		out = append(out, n.Str("kind"))
	}
	return out
}

func has(list []string, k model.NoticeKind) (n int) {
	for _, v := range list {
		if v == string(k) {
			n++
		}
	}
	return n
}

// Act A, take it back, act B: the line names case and amount, parties hear of B alone,
// no page says that A was done, and what was typed is there again.
func TestTheDeskTakesADecisionBack(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	r := debtor.Submit(f, 60000, 3101)
	desk, page := w.Visitor(judge), fmt.Sprintf("/receipts/%d", r.ID("id"))

	// Another amount than was claimed is asked about once.
	body := desk.Does(http.StatusBadRequest, page+"/confirm", "不一致", url.Values{"key": {handlertest.FreshKey()}, "version": {"1"}, "amount": {"500"}})
	if !strings.Contains(body, `name="differs" value="500"`) {
		t.Error("the form does not know that it asked")
	}
	a, after := decided(t, desk, page+"/confirm", url.Values{"version": {"1"}, "amount": {"500"}, "differs": {"500"}, "order_reason": {"当事人另有约定"}, fmt.Sprintf("part_%d", f.Installments[1]): {"400"}, fmt.Sprintf("part_%d", f.Installments[0]): {"100"}})
	desk.Sees(after, "已确认 "+f.No+" 的回执（500.00 元）", "秒内可以撤销", "data-undo", "没有符合条件的回执")
	desk.Sees(page, "已确认（可撤销）", "data-undo")
	desk.Sees("/cases", "data-undo") // wherever he goes
	desk.Sees(fmt.Sprintf("/cases/%d?tab=receipts", f.ID), "已确认（可撤销）")
	if list := judge.Must(http.StatusOK, http.MethodGet, "/receipts", nil).List("receipts"); len(list) != 0 {
		t.Errorf("the queue has it still: %v", list)
	}

	// Outside the court nothing has happened, and nothing else can be done with it.
	at := fmt.Sprintf("/receipts/%d", r.ID("id"))
	if got := debtor.Must(http.StatusOK, http.MethodGet, at, nil); got.Str("state") != "submitted" || got.Str("state_name") != "待确认" {
		t.Errorf("the debtor reads %s", got.Str("state"))
	}
	debtor.Refused(http.StatusConflict, "receipt.deciding", http.MethodPost, at+"/withdraw", handlertest.Obj{"version": 1})
	judge.Refused(http.StatusConflict, "receipt.pending", http.MethodPost, at+"/confirm", handlertest.Obj{"version": 1, "amount_fen": 60000})
	judge.Refused(http.StatusConflict, "receipt.pending", http.MethodPost, at+"/return", handlertest.Obj{"version": 1, "reason": "看不清"})
	judge.Refused(http.StatusConflict, "receipt.pending", http.MethodPost, at+"/correct", handlertest.Obj{"version": 1, "amount_fen": 1, "reason": "看错"})

	// Nobody else takes it back; he does, and finds what he typed.
	if res, _ := w.Visitor(w.Staff("ji.wei", model.RoleJudge)).Send(http.MethodPost, page+"/undo", url.Values{"decision": {a}}, nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("another judge takes it back: %d", res.StatusCode)
	}
	res, _ := desk.Send(http.MethodPost, page+"/undo", url.Values{"decision": {a}}, nil)
	back := strings.TrimPrefix(res.Header.Get("Location"), "/desk")
	body = desk.Sees(back, "已撤销对 "+f.No+" 的回执（500.00 元）的确认，没有通知任何人", `name="order_reason" maxlength="500" value="当事人另有约定"`)
	for _, typed := range []string{`name="amount" inputmode="decimal" value="500.00"`, fmt.Sprintf(`name="part_%d" inputmode="decimal" value="400.00"`, f.Installments[1])} {
		if !strings.Contains(body, typed) {
			t.Errorf("%s is lost", typed)
		}
	}
	if body := desk.Sees(after, "已撤销"); strings.Contains(body, "已确认 "+f.No) || strings.Contains(body, "data-undo") {
		t.Error("the page before says that it was confirmed")
	}

	b, after := decided(t, desk, page+"/return", url.Values{"version": {"1"}, "reason": {"图片不清晰"}})
	w.CarryOut()
	if body := desk.Sees(after, "已退回", "当事人会看到退回原因"); strings.Contains(body, "data-undo") {
		t.Error("what took effect can be taken back")
	}
	list := noticesAbout(debtor)
	if has(list, model.NoticeReceiptReturned) != 1 || has(list, model.NoticeReceiptConfirmed) != 0 {
		t.Errorf("the debtor was told %v", list)
	}
	desk.Does(http.StatusConflict, page+"/undo", "撤销的时间已过", url.Values{"decision": {b}})
	if got := debtor.Must(http.StatusOK, http.MethodGet, at, nil); got.Str("state") != "returned" || got.Str("return_reason") != "图片不清晰" {
		t.Errorf("%v", got)
	}
}

// Whatever rests on the ledger is refused with the way out beside it, and goes on
// after that.
func TestTheDeskEndsADecisionFirst(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	r := debtor.Submit(f, 100000, 3102)
	desk := w.Visitor(judge)
	decided(t, desk, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), url.Values{"version": {"1"}, "amount": {"1000"}})
	issue := url.Values{"instrument": {fmt.Sprint(f.Instrument)}, "party": {fmt.Sprint(f.Debtor)}, "stamp": {"0123"}, "read": {"1"}}
	from := fmt.Sprintf("/desk/cases/%d?tab=certificate&done=saved", f.ID)
	res, body := desk.Send(http.MethodPost, fmt.Sprintf("/cases/%d/certificates", f.ID), issue, map[string]string{"Referer": w.URL + from})
	to := regexp.MustCompile(`action="/desk/receipt-decisions/carry-out">\s*<input type="hidden" name="to" value="([^"]*)"`).FindStringSubmatch(body)
	if res.StatusCode != http.StatusConflict || !strings.Contains(body, "立即生效") || to == nil {
		t.Fatalf("%d %s", res.StatusCode, body)
	}
	desk.Does(http.StatusSeeOther, "/receipt-decisions/carry-out", fmt.Sprintf("/desk/cases/%d?tab=certificate&done=carried_out", f.ID), url.Values{"to": {strings.ReplaceAll(to[1], "&amp;", "&")}})
	issue["stamp"] = stampIn(t, desk.Sees(fmt.Sprintf("/cases/%d?tab=certificate", f.ID)))
	desk.Does(http.StatusSeeOther, fmt.Sprintf("/cases/%d/certificates", f.ID), "done=issued", issue)
}

// A doubtful receipt: the API and the desk ask for the reason, the desk shows the
// earlier one and ready reasons, the reason stands on the case's page and in the
// audit trail.
func TestADoubtfulReceiptIsConfirmedWithAReason(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	auditor := w.Staff("shen.ji", model.RoleAuditor)
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	claim := func(seed int) handlertest.Obj {
		c := handlertest.Claim(30000, debtor.Uploaded(f.ID, seed))
		c["bank_serial"] = "9900112233"
		return debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.ID), c)
	}
	first, second := claim(3103), claim(3104)
	at, page := fmt.Sprintf("/receipts/%d", second.ID("id")), fmt.Sprintf("/receipts/%d", second.ID("id"))
	refusedAll(t, []mistake{{judge, handlertest.Bad, "receipt.doubtful", handlertest.Post, at + "/confirm", handlertest.Obj{"version": 1, "amount_fen": 30000}, "doubt_reason"}})
	if flags := judge.Must(http.StatusOK, http.MethodGet, at, nil).List("flags"); len(flags) != 2 || flags[0]["doubtful"] != true || flags[1]["kind"] != "same_payment" {
		t.Errorf("%v", flags)
	}
	desk := w.Visitor(judge)
	desk.Sees(page, "此前的回执", f.No, "300.00", fmt.Sprintf(`href="/desk/receipts/%d"`, first.ID("id")), "/thumbnail", `name="doubt_reason"`, "流水号填写有误")
	desk.Does(http.StatusBadRequest, page+"/confirm", "请填写理由", url.Values{"key": {handlertest.FreshKey()}, "version": {"1"}, "amount": {"300"}})
	decided(t, desk, page+"/confirm", url.Values{"version": {"1"}, "amount": {"300"}, "doubt_reason": {"流水号填写有误，已核对。"}})
	w.CarryOut()
	desk.Sees(page, "有提示仍确认：流水号填写有误，已核对。")
	desk.Sees(fmt.Sprintf("/cases/%d?tab=receipts", f.ID), "有提示仍确认：流水号填写有误，已核对。")
	w.Visitor(auditor).Sees("/audit", "流水号填写有误，已核对。")
	if e := debtor.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/ledger", f.ID), nil).List("entries"); len(e) != 1 || e[0].Str("doubt_reason") != "" {
		t.Errorf("the debtor reads %v", e)
	}
	if e := judge.Must(http.StatusOK, http.MethodGet, at, nil).List("entries"); len(e) != 1 || e[0].Str("doubt_reason") == "" {
		t.Errorf("the judge's phone reads %v", e)
	}
}

// The list and its receipts: where one stands, its neighbours by the list's own filter
// and order, what is compared with the case, and who else looks.
func TestAReceiptKnowsItsList(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor, creditor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone(""), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	var list []handlertest.Obj
	for i, fen := range []int64{10000, 30000, 20000} {
		list = append(list, debtor.Submit(f, fen, 3110+i))
		w.Clock.Advance(time.Minute)
	}
	creditor.Must(http.StatusOK, http.MethodPost, fmt.Sprintf("/receipts/%d/dispute", list[2].ID("id")), handlertest.Obj{"reason": "没有收到"})
	desk := w.Visitor(judge)
	of := func(i int) string { return fmt.Sprintf("/receipts/%d", list[i].ID("id")) }
	to := func(i int, query string) string {
		return fmt.Sprintf(`href="/desk/receipts/%d%s"`, list[i].ID("id"), query)
	}
	desk.Sees(of(1), "第 2 件，共 3 件", to(0, ""), to(2, ""), "等于", "是权利人", "是义务人本人", "尚未答复", "此前的回执")
	// The largest first: 300, 200, 100.
	desk.Sees("/receipts?sort=amount", to(1, "?sort=amount"), "李某", "1,000.00", "/thumbnail")
	desk.Sees(of(2)+"?sort=amount", "第 2 件，共 3 件", to(1, "?sort=amount"), to(0, "?sort=amount"))
	desk.Sees(of(2)+"?answer=disputed", "第 1 件，共 1 件", "提出异议")
	if body := desk.Sees("/receipts?answer=disputed", "有异议"); strings.Contains(body, to(0, "")) || strings.Count(body, `href="/desk/receipts/`) != 1 {
		t.Errorf("the filter by answer: %s", body)
	}
	if body := desk.Sees("/receipts?sort=answer"); strings.Index(body, to(2, "?sort=answer")) > strings.Index(body, to(0, "?sort=answer")) {
		t.Error("the disputed one is not the first")
	}
	// What was decided goes on in the list's order.
	_, after := decided(t, desk, of(1)+"/confirm?sort=amount", url.Values{"version": {"1"}, "amount": {"300"}})
	if !strings.HasPrefix(after, of(2)) || !strings.Contains(after, "sort=amount") {
		t.Errorf("went on to %s", after)
	}
	desk.Sees(after, "第 1 件，共 2 件")
	// A second who may decide it opens it: each knows of the other.
	officer := w.Staff("zhou.zh", model.RoleOfficer)
	w.Visitor(officer).Sees(of(0))
	desk.Sees(of(0), "正由法官zhou.zh查看")
	w.Clock.Advance(4 * time.Minute)
	if body := desk.Sees(of(0)); strings.Contains(body, "查看</span>") {
		t.Error("he looks at it for ever")
	}
	if res, _ := desk.Send(http.MethodGet, "/receipts?sort=payer", nil, nil); res.StatusCode != http.StatusBadRequest {
		t.Errorf("an order that there is not: %d", res.StatusCode)
	}
}
