package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// After the last payment the certificate is offered on the very next page; the list
// has a count, the preview is the paper with 预览 and no number, and a batch that
// was looked at is issued with what changed since left out.
func TestAFinalPaymentOffersTheCertificate(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	v := w.Visitor(judge)
	file := func(seed int) (f handlertest.Filed, offer string) {
		t.Helper()
		f = w.File(clerk)
		debtor.Bind(clerk, f.ID, f.Debtor)
		for i, fen := range []int64{60000, 40000} {
			r := debtor.Submit(f, fen, seed+i)
			res, _ := v.Send(handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), url.Values{
				"key": {handlertest.FreshKey()}, "version": {"1"}, "amount": {fmt.Sprintf("%d", fen/100)}, "doubt_reason": {"已与权利人核实"},
			}, nil)
			to := res.Header.Get("Location")
			if strings.Contains(to, "ready=") != (i == 1) {
				t.Fatalf("after part %d one goes to %q", i, to)
			}
			offer = to
		}
		return f, offer
	}
	a, offer := file(610)
	tab := fmt.Sprintf("/cases/%d?tab=certificate", a.ID)
	v.Sees(strings.TrimPrefix(offer, "/desk"), "该案义务已履行完毕", `href="/desk`+tab+`"`)
	b, _ := file(620)
	c, _ := file(630)
	w.CarryOut()
	v.Sees("/certificates", "履行完毕、尚未出具（3）")
	list := v.Sees("/certificates/ready", a.No, b.No, c.No, "查看所选的证明书")
	if html := clerk.Reads("/certificates/ready"); !strings.Contains(html, a.No) || strings.Contains(html, `name="pick"`) {
		t.Error("the clerk sees the list, and nothing to issue")
	}
	picks := regexp.MustCompile(`name="pick" value="([^"]+)"`).FindAllStringSubmatch(list, -1)
	if len(picks) != 3 {
		t.Fatalf("%d to pick", len(picks))
	}
	v.Does(http.StatusBadRequest, "/certificates/look", "请至少选择一份", url.Values{})
	v.Does(http.StatusBadRequest, "/certificates/look", "请返回列表重新选择", url.Values{"pick": {"1-2"}})
	page := v.Does(http.StatusOK, "/certificates/look", "出具勾选的证明书", url.Values{"pick": {picks[0][1], picks[1][1], picks[2][1], "9999-1-1"}})
	items := regexp.MustCompile(`name="item" value="([^"]+)"`).FindAllStringSubmatch(page, -1)
	frames := regexp.MustCompile(`<iframe class="paper" src="/desk([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(items) != 3 || len(frames) != 3 || !strings.Contains(page, "不能出具") {
		t.Fatalf("%d items, %d previews: %.800s", len(items), len(frames), page)
	}
	res, body := v.Send(handlertest.Get, strings.ReplaceAll(frames[0][1], "&amp;", "&"), nil, nil)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(body, "%PDF") || res.Header.Get("X-Frame-Options") != "SAMEORIGIN" {
		t.Errorf("the preview: %d %v", res.StatusCode, res.Header)
	}
	if n := w.Audited(model.AuditCertificateIssue); n != 0 {
		t.Errorf("looking issued %d", n)
	}
	// The second gets another payment reversed meanwhile.
	receipts := judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/receipts", b.ID), nil).List("receipts")
	judge.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/receipts/%d/correct", receipts[0].ID("id")), handlertest.Obj{
		"version": receipts[0].Num("version"), "amount_fen": 59000, "reason": "银行实际入账五百九十元",
	})
	form := url.Values{"item": {items[0][1], items[1][1], items[2][1]}}
	v.Does(handlertest.Bad, "/certificates/batch", "请先阅读", form)
	form.Set("read", "1")
	for _, told := range []string{"已出具 2 份，1 份没有出具", "（此前已经出具）"} {
		if html := v.Does(http.StatusOK, "/certificates/batch", told, form); !strings.Contains(html, "尚不符合出具条件") || !strings.Contains(html, "镇法自履证〔2026〕2号") {
			t.Errorf("%.1200s", html)
		}
	}
	v.Sees(tab, "镇法自履证〔2026〕1号")
	v.Sees("/certificates", "履行完毕、尚未出具（0）")
	// Alone: what was seen is in the form, and something else is not issued.
	d, _ := file(640)
	w.CarryOut()
	one := v.Sees(fmt.Sprintf("/cases/%d?tab=certificate", d.ID), "证明书预览", `name="stamp"`)
	issue := url.Values{"instrument": {fmt.Sprint(d.Instrument)}, "party": {fmt.Sprint(d.Debtor)}, "stamp": {"0123"}, "read": {"1"}}
	v.Does(http.StatusConflict, fmt.Sprintf("/cases/%d/certificates", d.ID), "请重新查看后出具", issue)
	issue.Set("stamp", " ") // what nobody looked at is not issued alone either
	v.Does(http.StatusConflict, fmt.Sprintf("/cases/%d/certificates", d.ID), "没有查看过这份证明书", issue)
	issue["stamp"] = stampIn(t, one)
	v.Does(http.StatusSeeOther, fmt.Sprintf("/cases/%d/certificates", d.ID), "done=issued", issue)
}

// stampIn is the stamp of what a visitor sees of the certificate that his case offers.
func stampIn(t *testing.T, page string) []string {
	t.Helper()
	m := regexp.MustCompile(`name="stamp" value="([^"]+)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("nothing to issue: %.600s", page)
	}
	return m[1:]
}
