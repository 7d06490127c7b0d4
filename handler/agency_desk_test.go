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

// Agencies on the desk, as forms without scripts send them: the court keeps the
// directory and the list, an agency reports with a file at its own door and
// answers a query, the court returns and accepts.
func TestDeskOfAgencies(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	md, ad, kd, cd, od := s.Visitor(s.manager), s.Visitor(s.admin), s.Visitor(s.market), s.Visitor(s.civil), s.Visitor(s.officer)
	submit := func(v *handlertest.Visitor, path string, form url.Values, want int, text string) string {
		t.Helper()
		res, body := v.Send(handlertest.Post, path, form, nil)
		if res.StatusCode != want || !strings.Contains(body, text) {
			t.Fatalf("POST %s: %d, want %d with %q: %.2000s", path, res.StatusCode, want, text, body)
		}
		at, _, _ := strings.Cut(strings.TrimPrefix(res.Header.Get("Location"), "/desk"), "?")
		return at
	}
	see := func(v *handlertest.Visitor, path string, texts ...string) string {
		t.Helper()
		res, body := v.Send(handlertest.Get, path, nil, nil)
		for _, x := range texts {
			if res.StatusCode != http.StatusOK || !strings.Contains(body, x) {
				t.Errorf("GET %s: %d without %q: %.3000s", path, res.StatusCode, x, body)
			}
		}
		return body
	}
	// The directory.
	submit(md, "/agencies", url.Values{"code": {"局"}, "name": {"审计局"}, "kind": {"government"}}, handlertest.Bad, "单位代码应为")
	office := submit(md, "/agencies", url.Values{"code": {"SHENJ"}, "name": {"审计局"}, "kind": {"government"}}, http.StatusSeeOther, "")
	contact := url.Values{"key": {handlertest.FreshKey()}, "role": {"liaison"}, "person": {"周某"}, "phone": {"12"}}
	submit(md, office+"/contacts", contact, handlertest.Bad, "请填写联系电话")
	contact.Set("phone", "13800138000")
	submit(md, office+"/contacts", contact, http.StatusSeeOther, "")
	see(md, office, "13800138000", "新增", "周某")
	person := url.Values{"contact": {"1"}, "version": {"1"}, "role": {"head"}, "person": {"周某"}, "phone": {"13800138001"}}
	submit(md, office+"/contacts/change", person, http.StatusSeeOther, "")
	submit(md, office+"/contacts/change", url.Values{"contact": {"1"}, "version": {"2"}, "act": {"end"}}, http.StatusSeeOther, "")
	submit(md, office, url.Values{"version": {"1"}, "name": {"区审计局"}, "kind": {"government"}, "query_kind": {"bank"}}, http.StatusSeeOther, "")
	submit(ad, office+"/accounts", url.Values{"login": {"x"}, "account": {"周某"}}, handlertest.Bad, "登录名应为")
	submit(ad, office+"/accounts", url.Values{"login": {"shenj.zhou"}, "account": {"周某"}}, http.StatusOK, "初始密码")
	submit(ad, office+"/keys", url.Values{"key_name": {"审计系统"}}, http.StatusOK, "mck_")
	submit(ad, office+"/keys/revoke", url.Values{"key_id": {"1"}}, http.StatusSeeOther, "")
	see(ad, office, "shenj.zhou", "审计系统", "区审计局", "13800138001")
	submit(md, office+"/end", url.Values{"version": {"2"}}, http.StatusSeeOther, "")
	see(md, "/agencies", "区审计局", "停用")

	// The list: checked, wrong, written.
	see(md, "/duties", "建议清单", "CJ-01", "须由法院核对")
	row := "SCJ,,,CJ-28,联合惩戒,限制登记为企业高级管理人员,,限制登记记录,人次,每案,5个工作日,失信被执行人名单,自然人,3个工作日\n"
	for file, text := range map[string]string{dutyHead + row: "检查通过", dutyHead + strings.Replace(row, "5个", "x个", 1): "没有写入任何内容"} {
		if res, body := md.SendForm("/duties", map[string]string{"version": "1"}, []byte(file)); res.StatusCode != http.StatusOK || !strings.Contains(body, text) {
			t.Errorf("checking a list: %d %.2000s", res.StatusCode, body)
		}
	}
	if res, body := md.SendForm("/duties", map[string]string{"version": "1", "write": "1"}); res.StatusCode != handlertest.Bad || !strings.Contains(body, "请先选择") {
		t.Errorf("no file: %d %.1000s", res.StatusCode, body)
	}
	if res, _ := md.SendForm("/duties", map[string]string{"version": "1", "write": "1", "source": "镇信用办〔2026〕3号"}, []byte(dutyHead+row)); res.StatusCode != http.StatusSeeOther {
		t.Errorf("writing a list: %d", res.StatusCode)
	}
	see(md, "/duties", "镇信用办〔2026〕3号")
	see(md, "/duties/template", "适用措施")
	duties, err := s.Svc.Agency.Duties(t.Context(), s.manager.Actor(), model.AgencyDutyFilter{Active: true, Limit: 1})
	if err != nil || len(duties) != 1 {
		t.Fatal(duties, err)
	}
	duty := duties[0]
	at := fmt.Sprintf("/duties/%d", duty.ID)
	edit := url.Values{"version": {fmt.Sprint(duty.Version)}, "requirement": {" "}, "due_days": {"6"}, "lift_days": {"3"}, "unit": {"人次"}}
	submit(md, at, edit, handlertest.Bad, "请填写工作要求")
	edit.Set("requirement", "限制登记")
	submit(md, at, edit, http.StatusSeeOther, "")
	see(md, at, "采取措施后 6 个工作日内")

	// The agency's door.
	s.take("listing")
	own := tasks(s.market, "")[0].ID("id")
	mine := fmt.Sprintf("/own/tasks/%d", own)
	see(kd, "/own/tasks", "CJ-28", "赵*")
	see(kd, mine, "赵明", "34052419800101001X", "佐证材料")
	if res, _ := cd.Send(handlertest.Get, mine, nil, nil); res.StatusCode != handlertest.Gone {
		t.Errorf("another agency's task: %d", res.StatusCode)
	}
	if res, body := kd.SendForm(mine+"/report", map[string]string{"key": handlertest.FreshKey(), "text": " ", "done_on": "2026-03-06"}); res.StatusCode != handlertest.Bad || !strings.Contains(body, "请填写完成情况") {
		t.Errorf("an empty report: %d %.1000s", res.StatusCode, body)
	}
	for range 2 { // returned, then accepted
		if res, body := kd.SendForm(mine+"/report", map[string]string{"key": handlertest.FreshKey(), "text": "已限制登记", "done_on": "2026-03-06", "quantity": "1"}, handlertest.Picture(1261)); res.StatusCode != http.StatusSeeOther {
			t.Fatalf("a report: %d %.2000s", res.StatusCode, body)
		}
		see(kd, mine, "待审核", "佐证材料 1")
		see(md, "/duty-tasks?state=reported", "CJ-28")
		task := fmt.Sprintf("/duty-tasks/%d", own)
		reports := s.market.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/agency/tasks/%d", own), nil).List("reports")
		form := url.Values{"report": {fmt.Sprint(reports[0].ID("id"))}, "decision": {"return"}}
		if len(reports) == 1 {
			submit(md, task+"/decide", form, handlertest.Bad, "请写明退回原因")
			form.Set("reason", "请附截图")
		} else {
			form.Set("decision", "accept")
		}
		submit(md, task+"/decide", form, http.StatusSeeOther, "")
	}
	see(kd, mine, "已认可", "退回原因：请附截图")
	see(md, "/duties", "区市场监督管理局")
	submit(md, at+"/end", url.Values{"version": {fmt.Sprint(duty.Version + 1)}}, http.StatusSeeOther, "")

	// A query to its door.
	query := s.officer.AsksAbout(s.id, s.f.Debtor, model.QueryVehicle, 0)
	page := fmt.Sprintf("/queries/%d", query.ID)
	market := tasks(s.market, "?state=done")[0].ID("agency_id")
	where := fmt.Sprintf("/agencies/%d", market)
	submit(md, where, url.Values{"version": {"1"}, "name": {"区市场监督管理局"}, "kind": {"government"}, "query_kind": {"vehicle"}}, http.StatusSeeOther, "")
	see(md, where, "可答复的查询：车辆")
	see(od, "/queries/new?case="+fmt.Sprint(s.id), "optgroup label=\"车辆\"")
	see(od, page, "或者由责任单位在线答复")
	submit(od, page+"/send", url.Values{"version": {"1"}, "agency": {"公安机关"}, "agency_id": {fmt.Sprint(market)}}, http.StatusSeeOther, "")
	asked := fmt.Sprintf("/own/queries/%d", query.ID)
	see(kd, "/own/queries", "车辆", "1 件次")
	see(kd, asked, "34052419800101001X", "协助查询函")
	fields := map[string]string{"key": handlertest.FreshKey(), "version": "2", "what": "浙B·A1234", "place": "镇海", "value": "小型轿车", "amount": "x"}
	if res, body := kd.SendForm(asked+"/answer", fields); res.StatusCode != handlertest.Bad || !strings.Contains(body, "金额格式不正确") {
		t.Errorf("a wrong answer: %d %.1000s", res.StatusCode, body)
	}
	fields["amount"] = "12345.67"
	if res, body := kd.SendForm(asked+"/answer", fields, handlertest.Picture(1262)); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the answer: %d %.2000s", res.StatusCode, body)
	}
	if body := see(kd, asked, "浙B·A1234", "12,345.67"); strings.Contains(body, "34052419800101001X") {
		t.Error("whom it was about is still shown")
	}
	see(od, page, "浙B·A1234", "答复材料 1")
	for _, role := range []model.Role{model.RoleListManager, model.RoleAgency} {
		see(kd, "/guide/"+string(role), "责任")
	}
}
