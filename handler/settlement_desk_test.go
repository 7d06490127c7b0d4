package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler/handlertest"
)

// The officer records, proposes and resumes on the desk, the leader decides
// there; both see promised against arrived.
func TestSettlementsAndRepairOnTheDesk(t *testing.T) {
	t.Parallel()
	x := enforcing(t)
	officer, leader := x.w.Visitor(x.officer), x.w.Visitor(x.leader)
	page := fmt.Sprintf("/enforcement/%d/settlement", x.id)
	sees := func(v *handlertest.Visitor, path string, parts ...string) {
		t.Helper()
		res, body := v.Send(http.MethodGet, path, nil, nil)
		for _, p := range parts {
			if res.StatusCode != http.StatusOK || !strings.Contains(body, p) {
				t.Errorf("%s: %d lacks %q: %s", path, res.StatusCode, p, body)
			}
		}
	}
	does := func(v *handlertest.Visitor, status int, path, part string, form url.Values) {
		t.Helper()
		res, body := v.Send(http.MethodPost, path, form, nil)
		if res.StatusCode != status || !strings.Contains(body, part) {
			t.Errorf("%s: %d %s", path, res.StatusCode, body)
		}
	}
	sees(officer, page, "没有记录执行和解")
	in := url.Values{"key": {handlertest.FreshKey()}, "replaces": {"0"}, "form": {"joint"}, "signed_on": {"2026-03-01"}, "text": {"分两期付清"}, "parts": {"400.00 2026-03-20\n六百多 2026-04-20"}}
	does(officer, http.StatusBadRequest, page, "第 2 行应为", in)
	in.Set("parts", "57000.00 2026-03-20")
	does(officer, http.StatusBadRequest, page, `name="differs" value="57000.00"`, in) // asked once; he meant less
	in.Set("parts", "400.00 2026-03-20\n600元，2026-04-20")
	does(officer, http.StatusSeeOther, page, "", in)
	sees(officer, page, "第 1 版", "约定 1,000.00 元", "未到期", "提请院领导决定")
	sees(leader, page, "履行中")
	settlement := fmt.Sprint(x.last(x.officer).ID("id"))
	release := fmt.Sprintf("/enforcement/%d/release", x.id)
	ask := url.Values{"key": {handlertest.FreshKey()}, "settlement": {settlement}, "subject": {"限制消费"}, "reason": {"申请执行人同意"}}
	does(officer, http.StatusConflict, release, "书面申请", ask)
	ask.Set("measure_ids", "甲")
	does(officer, http.StatusBadRequest, release, "所选措施不正确", ask)
	ask.Del("measure_ids")
	ask.Set("creditor_asked_on", "2026-03-02")
	does(officer, http.StatusSeeOther, release, "", ask)
	sees(leader, "/releases", "限制消费", "执行法官的理由", "同意解除")
	review := fmt.Sprintf("/releases/%d", x.last(x.officer).List("reviews")[0].ID("id"))
	does(leader, http.StatusBadRequest, review, "请填写理由", url.Values{"decision": {"approved"}, "reason": {""}, "read": {"1"}})
	does(leader, http.StatusBadRequest, review, "请先阅读", url.Values{"decision": {"approved"}, "reason": {"同意"}})
	does(leader, http.StatusSeeOther, review, "", url.Values{"read": {"1"}, "decision": {"approved"}, "reason": {"同意"}})
	sees(leader, "/releases?state=all", "同意解除")
	resume := fmt.Sprintf("/enforcement/%d/resume", x.id)
	does(officer, http.StatusBadRequest, resume, "请先阅读", url.Values{"settlement": {settlement}, "ground": {"anticipatory"}, "reason": {"已明确表示不再付款"}})
	does(officer, http.StatusConflict, resume, "不予恢复执行", url.Values{"read": {"1"}, "settlement": {settlement}, "ground": {"not_performed"}, "reason": {"理由"}})
	does(officer, http.StatusSeeOther, resume, "", url.Values{"read": {"1"}, "settlement": {settlement}, "ground": {"anticipatory"}, "reason": {"已明确表示不再付款"}})
	sees(officer, page, "已恢复执行", "明确表示")

	a := x.debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/repair-applications", x.f.ID), handlertest.Obj{"party_id": x.f.Debtor, "reason": "投标需要"})
	repair := fmt.Sprintf("/repairs/%d", a.ID("id"))
	sees(officer, "/repairs", "甬兴建材有限公司", "审查中")
	does(officer, http.StatusBadRequest, repair+"/check", "请填写核查情况", url.Values{"key": {handlertest.FreshKey()}, "code": {"reported"}, "met": {"yes"}})
	does(officer, http.StatusSeeOther, repair+"/check", "", url.Values{"key": {handlertest.FreshKey()}, "code": {"reported"}, "met": {"yes"}, "note": {"已报告"}})
	sees(leader, repair, "已报告", "未核查", "不予修复")
	does(leader, http.StatusBadRequest, repair+"/decide", "请先阅读", url.Values{"decision": {"refused"}, "reason": {"尚不具备条件"}})
	does(leader, http.StatusConflict, repair+"/decide", "尚未核查", url.Values{"read": {"1"}, "decision": {"masked"}, "reason": {"同意"}})
	does(leader, http.StatusSeeOther, repair+"/decide", "", url.Values{"read": {"1"}, "decision": {"refused"}, "reason": {"尚不具备条件"}})
	sees(leader, "/repairs?state=all", "不予修复")
	sees(leader, repair, "尚不具备条件")
}
