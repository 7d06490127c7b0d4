package handler_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/service/document"
)

// sendsKeyed sends a form with a key of its own to the desk, which goes on to the
// page that says done. The visitor sends it once more, and another one under the key.
func sendsKeyed(v *handlertest.Visitor, path, done string, fields map[string]string, file ...[]byte) {
	fields = maps.Clone(fields)
	fields["key"] = handlertest.FreshKey()
	if len(file) > 0 {
		v.SendsForm(path, "done="+done, fields, file...)
		return
	}
	form := url.Values{}
	for name, value := range fields {
		form.Set(name, value)
	}
	v.Does(http.StatusSeeOther, path, "done="+done, form)
}

// Forms of the desk that no story sends: a key stands for one request there, too.
func TestDeskFormsStandForOneRequest(t *testing.T) {
	t.Parallel()
	t.Run("a case", func(t *testing.T) {
		t.Parallel()
		c := newCoerced(t)
		judge, debtor := c.Visitor(c.judge), fmt.Sprint(c.f.Debtor)
		in := func(what string) string { return fmt.Sprintf("/cases/%d/%s", c.f.ID, what) }
		sendsKeyed(judge, in("messages"), "answered", map[string]string{"party": debtor, "text": "请于三日内答复"})
		sendsKeyed(c.Visitor(c.clerk), in("payment-accounts"), "account_entered", map[string]string{"party": fmt.Sprint(c.f.Creditor), "payee": "李某", "number": "6228480000000001011", "bank": "镇海农商银行"})
		sendsKeyed(judge, in("contacts"), "contact", map[string]string{"party": debtor, "channel": "phone", "outcome": "已接通"})
		sendsKeyed(judge, in("consents"), "consent", map[string]string{"party": debtor, "act": "given", "how": "paper", "note": "当面签署"}, handlertest.Picture(2101))
		sendsKeyed(judge, in("documents"), "made", map[string]string{"kind": string(model.DocumentContactRecord), "contact": "1"})
		r := c.debtor.Submit(c.f, 1000, 2102)
		receipt := fmt.Sprintf("/receipts/%d", r.ID("id"))
		sendsKeyed(judge, receipt+"/confirm", "confirmed", map[string]string{"version": "1", "amount": "9.00", "differs": "9.00"})
		c.CarryOut()
		sendsKeyed(judge, receipt+"/correct", "corrected", map[string]string{"version": "2", "amount": "8.00", "reason": "看错了金额"})
		unclear := fmt.Sprintf("/receipts/%d", c.debtor.Submit(c.f, 1000, 2105).ID("id"))
		sendsKeyed(judge, unclear+"/return", "returned", map[string]string{"version": "1", "reason": "图片不清楚"})
	})
	t.Run("enforcement", func(t *testing.T) {
		t.Parallel()
		c := newCoerced(t)
		officer := c.Visitor(c.officer)
		listing := c.take("listing")
		sendsKeyed(officer, fmt.Sprintf("/enforcement/%d/repair", c.id), "repair",
			map[string]string{"party": fmt.Sprint(c.f.Debtor), "listing": fmt.Sprint(listing.ID("id")), "applied_on": "2026-03-06", "reason": "已达成和解并按约履行"}, handlertest.Picture(2103))
		m := c.take("detention", "days", 3, "act_text", "推搡", "other_act", "另一行为")
		c.pass(at(3, 6, 15))
		m = c.officer.Must(http.StatusOK, handlertest.Post, on(m, "detain"), handlertest.Obj{"at": at(3, 6, 14), "version": m.Num("version")})
		c.pass(at(3, 9, 15))
		c.officer.Renew()
		m = c.measure(m)
		sendsKeyed(c.Visitor(c.officer), on(m, "expire"), "lifted", map[string]string{"version": fmt.Sprint(m.Num("version")), "proof": "拘留所已释放"}, handlertest.Picture(2104))
	})
	t.Run("a criminal case", func(t *testing.T) {
		t.Parallel()
		w := handlertest.New(t)
		w.Staff("zhang.min", model.RoleJudge)
		clerk := w.Staff("wan.tt", model.RoleClerk)
		f := w.FileCriminal(clerk, handlertest.CriminalInput())
		in := func(what string) string { return fmt.Sprintf("/cases/%d/%s", f.ID, what) }
		desk := w.Visitor(clerk)
		desk.Does(http.StatusSeeOther, in("prison-letters"), "done=prison_letter", url.Values{
			"asker_kind": {"prison"}, "asker": {"浙江省某监狱"}, "document_no": {"浙某监函〔2026〕12号"}, "received_on": {"2026-03-02"}, "party": {fmt.Sprint(f.Convict)},
		})
		sendsKeyed(desk, in("statements"), "statement", map[string]string{"party": fmt.Sprint(f.Convict), "prison_letter": "1", "note": "已履行完毕"})
		made := regexp.MustCompile(`<option value="(\d+)"[^>]*>[^<]*镇法财说`).FindStringSubmatch(desk.Sees(fmt.Sprintf("/cases/%d?tab=penalty", f.ID), "浙江省某监狱"))
		if made == nil {
			t.Fatal("the statement cannot be chosen")
		}
		sendsKeyed(desk, in("prison-letter-answers"), "replied", map[string]string{
			"prison_letter": "1", "version": "1", "document": made[1], "sent_on": "2026-03-02", "method": "platform", "proof": "平台流水号七十七",
		})
	})
	t.Run("an administrative case", func(t *testing.T) {
		t.Parallel()
		w := handlertest.New(t)
		judge := w.Staff("zhang.min", model.RoleJudge)
		clerk := w.Staff("wan.tt", model.RoleClerk)
		f := w.FileSurcharge(clerk, 3000000, 3000000)
		in := func(what string) string { return fmt.Sprintf("/cases/%d/%s", f.ID, what) }
		sendsKeyed(w.Visitor(clerk), in("administrative-decision"), "decision", map[string]string{
			"decision_no": "甬镇市监处罚〔2025〕66号", "made_on": "2025-03-10", "served_on": "2025-03-12", "basis": string(model.SuingDirect), "agency_demand_on": "2025-09-22",
			"applied_on": "2025-11-03", "accepted_on": "2025-11-06", "ruled_on": "2025-11-14", "fine": "30000", "surcharge": "30000", "pay_by": "2025-03-27",
		})
		sendsKeyed(w.Visitor(judge), in("reductions"), "reduced", map[string]string{
			"obligation": fmt.Sprint(f.Surcharge), "amount": "1.00", "agreed_on": "2026-02-27", "remedied": "1", "remedy": "已补办许可", "reason": "不损害公共利益",
		}, handlertest.Picture(2105))
	})
	t.Run("a template", func(t *testing.T) {
		t.Parallel()
		w := handlertest.New(t)
		admin := w.Staff("shen.ji", model.RoleAdmin)
		kind := model.DocumentPerformanceNotice
		body, err := document.BuiltIn(kind)
		if err != nil {
			t.Fatal(err)
		}
		sendsKeyed(w.Visitor(admin), "/templates/"+string(kind), "saved", map[string]string{"body": body + "\n"})
	})
	if slices.Contains(unrepeated(), "no pages") {
		t.Error("the pages of the desk are not where this test looks for them")
	}
}
