package enforcement_test

import (
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/assetquery"
	st "microcourt/service/servicetest"
)

// 终结本次执行程序 is refused with all that is missing, is mended thing by thing, is
// approved by another person than who brought it, and ends the case only when the
// ruling was served. Source: 法〔2016〕373号 1 to 6.
func TestEndingThisRound(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	end := func() error {
		d, err := s.Case(ctx, c.Officer.Actor, c.ID)
		must(err)
		_, err = s.CloseCase(ctx, c.Officer.Actor, c.ID, d.File.Version, model.Closing{Type: model.CloseThisRound, On: c.Today(), Reason: "无财产"})
		return err
	}
	missing := func(want ...string) {
		t.Helper()
		r, err := s.ThisRound(ctx, c.Leader.Actor, c.ID)
		must(err)
		var have []string
		for _, a := range r.Answers() {
			if a.Missing != "" {
				have = append(have, strings.TrimPrefix(a.Code, "round."))
			}
		}
		if got := strings.Join(have, " "); got != strings.Join(want, " ") {
			t.Errorf("missing: %s, want %v", got, want)
		}
	}
	seed := 700
	say := func(by st.Person, kind model.RoundEntryKind, change func(*model.RoundEntry)) error {
		e := model.RoundEntry{EnforcementCaseID: c.ID, Kind: kind, Note: "见材料", OnDay: c.Today(), IdemKey: st.FreshKey()}
		if by.UserID == c.Officer.UserID {
			seed++
			e.FileID = c.Uploaded(c.Officer, c.F.ID, seed)
		}
		if change != nil {
			change(&e)
		}
		first, err := s.RecordRound(ctx, by.Actor, e)
		if err == nil {
			again, err := s.RecordRound(ctx, by.Actor, e)
			if err != nil || again.ID != first.ID {
				t.Errorf("the answer got lost: %v %v", again, err)
			}
		}
		return err
	}
	of := func(code string) func(*model.RoundEntry) { return func(e *model.RoundEntry) { e.Code = code } }
	creditor := func(e *model.RoundEntry) { e.PartyID = c.F.Creditor }

	missing("notice", "report", "consumption", "listing", "queries", "searched", "months", "missing_person", "obstruction", "told", "agreed", "ruling")
	c.Refused(end(), "round.missing")
	c.Take(model.MeasureConsumption)
	for _, k := range openTasks(c, model.TaskServiceOfProcess) {
		_, err := s.FinishOwnTask(ctx, c.Officer.Actor, k.ID, k.Version, "已邮寄送达", 0)
		must(err)
	}
	for _, r := range model.RoundConditions() {
		if r.Stated {
			must(say(c.Officer, model.RoundStatement, of(r.Code)))
		}
	}
	d, err := s.Case(ctx, c.Officer.Actor, c.ID)
	must(err)
	var bank int64
	for _, k := range []model.QueryKind{model.QueryBank, model.QueryVehicle, model.QueryRealEstate} {
		q := c.AssetQuery(c.Officer, &d.File, c.F.Debtor, k, 0)
		if q.State == model.QueryRequested {
			q, err = c.Svc.AssetQuery.Decide(ctx, c.Leader.Actor, q.ID, q.Version, true, "同意")
			must(err)
		}
		q, err = c.Svc.AssetQuery.Send(ctx, c.Officer.Actor, q.ID, q.Version, assetquery.To{})
		must(err)
		a := assetquery.Answer{On: c.Today(), IdemKey: st.FreshKey(), Note: "已查"}
		if k == model.QueryBank {
			bank = q.ID
			a.Findings = []model.AssetFinding{{What: "活期存款", AmountFen: 1234560}}
		}
		_, err = c.Svc.AssetQuery.Answer(ctx, c.Officer.Actor, q.ID, q.Version, a)
		must(err)
	}
	missing("finds", "months", "told", "agreed", "ruling")
	c.Pass(at(6, 8, 10))
	missing("finds", "told", "agreed", "ruling")
	must(say(c.Officer, model.RoundFind, func(e *model.RoundEntry) { e.Code, e.QueryID = string(model.FindDisposed), bank }))
	must(say(c.Officer, model.RoundTold, creditor))
	c.RefusedAll(
		st.No("a clerk", model.Forbidden, "role.forbidden", "", say(c.Clerk, model.RoundTold, creditor)),
		st.No("another officer", model.NotFound, "enforcement.not_found", "", say(c.Staff("lu.fg", model.RoleOfficer), model.RoundTold, creditor)),
		st.No("nothing to approve", model.Conflict, "round.no_panel", "", say(c.Leader, model.RoundApproval, nil)),
		st.No("the officer approves", model.Forbidden, "role.forbidden", "", say(c.Officer, model.RoundApproval, nil)),
		st.No("a ruling before", model.Conflict, "round.not_agreed", "", say(c.Officer, model.RoundRuling, creditor)),
	)
	must(say(c.Officer, model.RoundPanel, nil))
	if n := len(openTasks(c, model.TaskRoundApprove)); n != 1 {
		t.Errorf("%d tasks for the president", n)
	}
	must(say(c.Leader, model.RoundRefusal, nil))
	missing("agreed", "ruling")
	must(say(c.Officer, model.RoundPanel, nil))
	must(say(c.Leader, model.RoundApproval, nil))
	missing("ruling")
	c.Refused(end(), "round.missing")
	must(say(c.Officer, model.RoundRuling, creditor))
	must(end())
	if n := len(openTasks(c, model.TaskRoundApprove)); n != 0 {
		t.Errorf("%d tasks are left", n)
	}
	c.Refused(say(c.Officer, model.RoundTold, creditor), "enforcement.closed")
}
