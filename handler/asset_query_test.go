package handler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/assetquery"
)

// A leader decides on his phone what an officer wants to ask about a debtor, and
// both read the answer there with its file, which nobody else opens.
func TestQueriesAboutADebtorOnThePhone(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, leader := w.Staff("wan.tt", model.RoleClerk), w.Staff("yuan.zhang", model.RoleLeader)
	officer, other := w.Staff("chen.zx", model.RoleOfficer, model.RoleLeader), w.Staff("other.zx", model.RoleOfficer)
	f := w.File(clerk)
	e := w.EnforcedBy(officer, f)
	bank, people, car := officer.AsksAbout(e.ID, f.Debtor, model.QueryBank, 0), officer.AsksAbout(e.ID, f.Debtor, model.QueryPopulation, 0), officer.AsksAbout(e.ID, f.Debtor, model.QueryVehicle, 0)
	one := func(q *model.AssetQuery) string { return fmt.Sprintf("/asset-queries/%d", q.ID) }
	if n := leader.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices"); len(n) == 0 || n[0].Str("kind") != "query.requested" || strings.Contains(n[0].Str("body"), "甬兴") {
		t.Errorf("the leader's inbox: %v", n)
	}
	yes := handlertest.Obj{"version": 1, "approve": true}
	refusedAll(t, []mistake{
		{other, handlertest.Gone, "query.not_found", handlertest.Get, one(bank), nil, ""},
		{clerk, http.StatusForbidden, "role.forbidden", handlertest.Get, one(bank), nil, ""},
		{leader, handlertest.Gone, "query.not_found", handlertest.Post, "/asset-queries/999999/decide", yes, ""},
		{officer, http.StatusConflict, "query.own", handlertest.Post, one(people) + "/decide", yes, ""},
		{other, http.StatusForbidden, "role.forbidden", handlertest.Post, one(people) + "/decide", yes, ""},
		{leader, http.StatusConflict, "query.changed", handlertest.Post, one(people) + "/decide", handlertest.Obj{"version": 9, "approve": true}, ""},
		{leader, handlertest.Bad, "reason.required", handlertest.Post, one(people) + "/decide", handlertest.Obj{"version": 1, "approve": false}, "reason"},
		{leader, http.StatusConflict, "query.state", handlertest.Post, one(car) + "/decide", yes, ""},
		{officer, handlertest.Bad, "field.format", handlertest.Get, "/asset-queries?enforcement_case_id=x", nil, "enforcement_case_id"},
	})
	d := leader.Must(http.StatusOK, handlertest.Post, one(bank)+"/decide", yes)
	if d.Str("state") != "approved" || d["needs_approval"] != true {
		t.Errorf("decided: %v", d)
	}
	bank.Version = d.ID("version")
	bank = officer.SendsQuery(bank)
	file := officer.Uploaded(f.ID, 911)
	_, err := w.Svc.AssetQuery.Answer(t.Context(), officer.Actor(), bank.ID, bank.Version, assetquery.Answer{
		On: w.Today(), Note: "截至答复日", Findings: []model.AssetFinding{{What: "活期账户 6222****8888", AmountFen: 1234567}}, Files: []int64{file}, IdemKey: handlertest.FreshKey(),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, by := range []*handlertest.Client{officer, leader} {
		d := by.Must(http.StatusOK, handlertest.Get, one(bank), nil)
		if len(d.List("findings")) != 1 || d.List("findings")[0].Num("amount_fen") != 1234567 || len(d.List("files")) != 1 {
			t.Errorf("the answer %v", d)
		}
	}
	look := fmt.Sprintf("/files/%d/view", file)
	if a := officer.Call(handlertest.Get, look, nil); a.Status != http.StatusOK {
		t.Errorf("the file: %d", a.Status)
	}
	clerk.Refused(handlertest.Gone, "file.not_found", handlertest.Get, look, nil)
	other.Refused(handlertest.Gone, "file.not_found", handlertest.Get, look, nil)
	if l := other.Must(http.StatusOK, handlertest.Get, "/asset-queries", nil).List("queries"); len(l) != 0 {
		t.Errorf("another officer's list: %v", l)
	}
	if l := officer.Must(http.StatusOK, handlertest.Get, "/asset-queries?state=answered&limit=1", nil); len(l.List("queries")) != 1 || l.Str("next") != "" || l.List("queries")[0].Str("case_no") != e.CaseNo {
		t.Errorf("the officer's list: %v", l)
	}
}
