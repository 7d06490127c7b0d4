package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// The judge issues, refuses and revokes on the desk; the clerk, who prepares all
// of it, gets no button for it.
func TestCertificatesOnTheDesk(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	tab := fmt.Sprintf("/cases/%d?tab=certificate", f.ID)
	issue := fmt.Sprintf("/cases/%d/certificates", f.ID)
	form := url.Values{"instrument": {fmt.Sprint(f.Instrument)}, "party": {fmt.Sprint(f.Debtor)}, "stamp": {"0123"}, "read": {"1"}}
	if status, body := judge.Posts(issue, form); status != http.StatusConflict || !strings.Contains(body, "尚不符合出具条件") {
		t.Errorf("nothing is paid: %d %.300s", status, body)
	}
	judge.Confirm(debtor.Submit(f, 100000, 91), 100000)
	apply := func() {
		t.Helper()
		debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/certificate-applications", f.ID), handlertest.Obj{"instrument_id": f.Instrument, "party_id": f.Debtor})
	}
	apply()
	list := judge.Reads("/certificates")
	_, after, found := strings.Cut(list, `action="/desk/applications/`)
	id, _, _ := strings.Cut(after, "/refuse")
	if !found || !strings.Contains(list, "待处理的申请（1）") || !strings.Contains(list, "甬兴建材有限公司") {
		t.Fatalf("the application is not listed: %.600s", list)
	}
	if html := clerk.Reads("/certificates"); !strings.Contains(html, "待处理的申请（1）") || strings.Contains(html, "/refuse") {
		t.Error("the clerk sees the application, and no button to refuse it")
	}
	v := w.Visitor(judge)
	v.Does(http.StatusBadRequest, "/applications/"+id+"/refuse", "请填写不予出具的原因", url.Values{"reason": {" "}})
	v.Does(http.StatusSeeOther, "/applications/"+id+"/refuse", "done=refused", url.Values{"reason": {"需核实付款人身份"}})
	if strings.Contains(judge.Reads("/certificates"), "待处理的申请") {
		t.Error("the application is still listed")
	}
	apply()
	form["stamp"] = stampIn(t, judge.Reads(tab))
	v.Does(http.StatusSeeOther, issue, "done=issued", form)
	page := judge.Reads(tab)
	_, after, found = strings.Cut(page, `action="/desk/certificates/`)
	id, _, _ = strings.Cut(after, "/revoke")
	if !found || !strings.Contains(page, "镇法自履证〔2026〕1号") || strings.Contains(judge.Reads("/certificates"), "待处理的申请") {
		t.Fatalf("the certificate is not on its page: %.600s", page)
	}
	if html := clerk.Reads(tab); !strings.Contains(html, "镇法自履证〔2026〕1号") || strings.Contains(html, "/revoke") {
		t.Error("the clerk sees the certificate, and no button to revoke it")
	}
	if status, _ := clerk.Posts("/certificates/"+id+"/revoke", url.Values{"version": {"1"}, "ground": {"payment_reversed"}, "reason": {"银行退票"}}); status != http.StatusForbidden {
		t.Errorf("the clerk's revocation answers %d", status)
	}
	v.Does(http.StatusBadRequest, "/certificates/"+id+"/revoke", "事由", url.Values{"read": {"1"}, "version": {"1"}, "ground": {"whim"}, "reason": {"银行退票"}})
	v.Does(http.StatusSeeOther, "/certificates/"+id+"/revoke", "done=revoked", url.Values{"read": {"1"}, "version": {"1"}, "ground": {"payment_reversed"}, "reason": {"银行退票"}})
	v.Sees(tab, "已撤销", "银行退票")
}
