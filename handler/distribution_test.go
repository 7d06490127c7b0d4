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
)

// The officer shares what enforcement brought on the desk: a plan that shows its
// sums before it is served, fifteen days to object, and each part in its case's
// queue, where somebody else confirms it; a form that is sent again does nothing new.
func TestSharingAmongCreditorsOnTheDesk(t *testing.T) {
	t.Parallel()
	x := enforcing(t)
	officer, judge := x.w.Visitor(x.officer), x.w.Visitor(x.judge)
	page := fmt.Sprintf("/enforcement/%d/distribution", x.id)
	sees := func(v *handlertest.Visitor, path string, parts ...string) string {
		t.Helper()
		res, body := v.Send(http.MethodGet, path, nil, nil)
		for _, p := range parts {
			if res.StatusCode != http.StatusOK || !strings.Contains(body, p) {
				t.Errorf("%s: %d lacks %q: %s", path, res.StatusCode, p, body)
			}
		}
		return body
	}
	does := func(status int, path, part string, form url.Values) {
		t.Helper()
		for range 2 { // the answer got lost
			res, body := officer.Send(http.MethodPost, path, form, nil)
			if res.StatusCode != status || !strings.Contains(body, part) {
				t.Fatalf("%s: %d %s", path, res.StatusCode, body)
			}
		}
	}
	no := strings.Replace(x.f.No, "民初", "执", 1)
	sees(officer, page, "没有分配方案", "拟定分配方案")
	if body := sees(judge, page, "没有分配方案"); strings.Contains(body, "拟定分配方案") {
		t.Error("a judge draws no plan")
	}
	in := url.Values{
		"key": {handlertest.FreshKey()}, "party": {fmt.Sprint(x.f.Debtor)}, "rule": {"participation"}, "legal_person": {"1"}, "amount": {"600"}, "costs": {"100"}, "as_of": {"2026-03-02"},
		"source": {"存款"},
	}
	does(http.StatusBadRequest, page, "不适用参与分配", in)
	in.Del("legal_person")
	does(http.StatusBadRequest, page, "参与分配的，请写明", in)
	in.Set("reason", "名下无其他财产")
	does(http.StatusSeeOther, page, "", in)
	plan := "1"
	about := func(version int, fields ...string) url.Values {
		v := url.Values{"plan": {plan}, "version": {fmt.Sprint(version)}}
		for i := 0; i < len(fields); i += 2 {
			v.Set(fields[i], fields[i+1])
		}
		return v
	}
	does(http.StatusSeeOther, page+"/claims", "", about(1, "case_no", no, "creditor", "李某"))
	does(http.StatusBadRequest, page+"/claims", "请填写执行法院", about(2, "case_no", "（2026）浙0212执9号", "creditor", "孙某", "amount", "1000"))
	does(http.StatusSeeOther, page+"/claims", "", about(2, "case_no", "（2026）浙0212执9号", "of_court", "某某法院", "creditor", "孙某", "amount", "1000", "applied_on", "2026-03-02"))
	does(http.StatusSeeOther, page+"/claims", "", about(3, "case_no", "登记一号", "of_court", "直接申请", "creditor", "误登", "amount", "100", "prior", "100", "prior_rank", "1", "prior_ground", "抵押", "applied_on", "2026-03-02"))
	does(http.StatusSeeOther, page+"/strike", "", about(4, "claim", "3"))
	sees(officer, page, "250.00", "误登，已删去", "某某法院", "第五百零八条")
	does(http.StatusBadRequest, page+"/serve", "最后一名债权人", about(5, "served_on", "2026-03-03"))
	does(http.StatusSeeOther, page+"/serve", "", about(5, "served_on", "2026-03-02"))
	sees(officer, page, "异议期限至", "登记书面异议")
	does(http.StatusConflict, page+"/allocate", "届满后才能分配", about(6))
	does(http.StatusSeeOther, page+"/objections", "", about(6, "objector", "孙某", "filed_on", "2026-03-02", "content", "债权数额有误"))
	x.w.Clock.Advance(17 * 24 * time.Hour)
	x.officer.Renew()
	x.judge.Renew()
	officer, judge = x.w.Visitor(x.officer), x.w.Visitor(x.judge)
	does(http.StatusConflict, page+"/allocate", "还有异议没有处理", about(7))
	// A transaction that was tried again took an id on MariaDB.
	found := regexp.MustCompile(`name="objection" value="(\d+)"`).FindStringSubmatch(sees(officer, page))
	if found == nil {
		t.Fatal("no objection waits for its answer")
	}
	does(http.StatusBadRequest, page+"/answers", "期限尚未届满", about(7, "objection", found[1], "state", "accepted", "notified_on", "2026-03-18", "result", "无人反对"))
	does(http.StatusSeeOther, page+"/answers", "", about(7, "objection", found[1], "state", "dropped", "notified_on", "2026-03-03", "result", "异议人撤回"))
	does(http.StatusSeeOther, page+"/allocate", "", about(8))
	sees(officer, page, "已分配", "待确认的回执")
	list := x.judge.Must(http.StatusOK, handlertest.Get, "/receipts?state=submitted", nil).List("receipts")
	if len(list) != 1 || list[0].Num("claimed_fen") != 25000 {
		t.Fatalf("%v", list)
	}
	sees(judge, fmt.Sprintf("/receipts/%d", list[0].ID("id")), "分配方案已把这笔款项分给李某")
	does(http.StatusConflict, page+"/withdraw", "分配方案已分配", about(9, "reason", "重新拟定"))
	in.Set("key", handlertest.FreshKey())
	does(http.StatusSeeOther, page, "", in)
	plan = "2"
	does(http.StatusSeeOther, page+"/withdraw", "", about(1, "reason", "重新拟定"))
	sees(officer, page, "撤销原因：重新拟定")
}
