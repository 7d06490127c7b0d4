package assetquery_test

import (
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/assetquery"
	"microcourt/service/servicetest"
	"microcourt/storage/object"
)

// A query at an agency's own door: only the agency that is asked sees it, every
// look is recorded, and its answer with findings and files reaches the officer.
func TestAnAgencyAnswersAtItsOwnDoor(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t, nil)
	svc := c.Svc.AssetQuery
	police, bank := c.Agency(c.Court, "GAJ"), c.Agency(c.Court, "BANK")
	pd, bd := c.AgencyStaff("GAJ", "gaj.jg"), c.AgencyStaff("BANK", "bank.li")
	if list, err := svc.Agencies(ctx, c.officer.Actor, ""); err != nil || len(list) != 2 {
		t.Errorf("who can be asked: %v %v", list, err)
	}
	q := c.ask(model.QueryVehicle, police.ID)
	if q.Agency != police.Name || q.AgencyID != police.ID {
		t.Errorf("who is asked: %+v", q)
	}
	_, err := svc.AddressedQuery(ctx, pd.Actor, q.ID) // not sent yet
	c.Refused(err, "query.not_found")
	for range 2 {
		q = c.must(svc.Send(ctx, c.officer.Actor, q.ID, 1, assetquery.To{}))
	}
	if c.told(pd, model.NoticeQueryAddressed) != 1 || c.told(bd, model.NoticeQueryAddressed) != 0 {
		t.Error("who was told")
	}
	list, err := svc.AddressedTo(ctx, pd.Actor, model.AssetQueryFilter{State: model.QuerySent, Kind: model.QueryVehicle, Limit: 10})
	if err != nil || len(list) != 1 || list[0].CaseNo != c.e.CaseNo || list[0].Party != "" {
		t.Errorf("the agency's list %v %v", list, err)
	}
	if list, err := svc.AddressedTo(ctx, bd.Actor, model.AssetQueryFilter{Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("another agency's list %v %v", list, err)
	}
	d, err := svc.AddressedQuery(ctx, pd.Actor, q.ID)
	if err != nil || d.Letter == nil || d.Letter.IDNumber != "91350100M000100Y43" || d.Letter.Officer != c.officer.Name || c.Audited(model.AuditQueryLetter) != 1 {
		t.Errorf("the letter %+v %v, looks %d", d, err, c.Audited(model.AuditQueryLetter))
	}
	file, theirs := c.Uploaded(pd, 0, 1241), c.Uploaded(bd, 0, 1242)
	for _, m := range []struct {
		reason string
		by     servicetest.Person
		id     int64
		seen   int64
		answer assetquery.Answer
	}{
		{"query.not_found", bd, q.ID, 2, assetquery.Answer{}},
		{"query.not_found", pd, 999999, 2, assetquery.Answer{}},
		{"role.forbidden", c.officer, q.ID, 2, assetquery.Answer{}},
		{"query.changed", pd, q.ID, 9, assetquery.Answer{}},
		{"query.finding", pd, q.ID, 2, assetquery.Answer{Findings: []model.AssetFinding{{What: " "}}}},
		{"file.unknown", pd, q.ID, 2, assetquery.Answer{Files: []int64{theirs}}},
	} {
		m.answer.IdemKey = servicetest.FreshKey()
		_, err := svc.AnswerAddressed(ctx, m.by.Actor, m.id, m.seen, m.answer)
		c.Refused(err, m.reason)
	}
	_, err = svc.AddressedQuery(ctx, bd.Actor, q.ID)
	c.Refused(err, "query.not_found")
	_, err = svc.AddressedQuery(ctx, c.officer.Actor, q.ID)
	c.Refused(err, "role.forbidden")
	answer := assetquery.Answer{
		Findings: []model.AssetFinding{{What: "浙B·A1234 小型轿车", Place: "镇海", Note: "已抵押"}}, Files: []int64{file}, IdemKey: servicetest.FreshKey(),
	}
	for range 2 {
		a, err := svc.AnswerAddressed(ctx, pd.Actor, q.ID, 2, answer)
		if err != nil || a.Query.Found != 1 || a.CaseNo != c.e.CaseNo {
			t.Fatalf("the answer %+v %v", a, err)
		}
	}
	_, err = svc.AnswerAddressed(ctx, pd.Actor, q.ID, 3, assetquery.Answer{Note: "没有", IdemKey: servicetest.FreshKey()})
	c.Refused(err, "query.state")
	if c.told(c.officer, model.NoticeQueryAnswered) != 1 || len(c.clocks()) != 0 || c.Audited(model.AuditQueryAnswer) != 1 {
		t.Error("the officer was not told, or the clock runs on, or the answer counts twice")
	}
	if d, err := svc.Query(ctx, c.officer.Actor, q.ID); err != nil || len(d.Findings) != 1 || len(d.Files) != 1 {
		t.Errorf("to the officer %+v %v", d, err)
	}
	looks := c.Audited(model.AuditQueryLook)
	if d, err := svc.AddressedQuery(ctx, pd.Actor, q.ID); err != nil || d.Letter != nil || len(d.Findings) != 1 || c.Audited(model.AuditQueryLook) != looks+1 {
		t.Errorf("afterwards, to the agency: %+v %v", d, err)
	}
	from := model.NewDate(2026, 1, 1)
	for by, want := range map[*servicetest.Person]int64{&pd: 1, &bd: 0} {
		if n, err := svc.CountAddressed(ctx, by.Actor, from, c.Today()); err != nil || sentOf(n)[model.QueryVehicle].Sent != want {
			t.Errorf("件次 %v %v, want %d", n, err, want)
		}
	}
	_, err = svc.CountAddressed(ctx, pd.Actor, from, model.Date{})
	c.Refused(err, "query.period")

	// Taken back: the agency is told, and no longer sees whom it was about.
	q = c.sent(bank.ID)
	c.must(svc.Cancel(ctx, c.officer.Actor, q.ID, q.Version, "被执行人已履行"))
	if d, err := svc.AddressedQuery(ctx, bd.Actor, q.ID); err != nil || d.Letter != nil || d.Query.State != model.QueryCancelled || c.told(bd, model.NoticeQueryAddressed) != 2 {
		t.Errorf("taken back: %+v %v", d, err)
	}
}

// An agency is asked only what it answers, and only while it is in the
// directory: both are asked again when the query goes out.
func TestAnAgencyIsAskedOnlyWhatItAnswers(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t, nil)
	svc := c.Svc.AssetQuery
	manager := c.Staff("list.zg", model.RoleListManager)
	a := c.Agency(c.Court, "GAJ")
	answers := func(version int64, kinds ...model.QueryKind) {
		t.Helper()
		if _, err := c.Svc.Agency.Change(ctx, manager.Actor, a.ID, version, a.Name, a.Kind, kinds); err != nil {
			t.Fatal(err)
		}
	}
	answers(1, model.QueryBank, model.QueryVehicle)
	for kind, want := range map[model.QueryKind]int{"": 1, model.QueryVehicle: 1, model.QueryPopulation: 0} {
		if list, err := svc.Agencies(ctx, c.officer.Actor, kind); err != nil || len(list) != want {
			t.Errorf("who answers %q: %v %v", kind, list, err)
		}
	}
	request := func(kind model.QueryKind, agency int64) error {
		_, err := svc.Request(ctx, c.officer.Actor, model.AssetQuery{
			EnforcementCaseID: c.e.ID, PartyID: c.f.Debtor, Kind: kind, Purpose: "查明财产", AgencyID: agency, IdemKey: servicetest.FreshKey(),
		})
		return err
	}
	c.Refused(request(model.QueryPopulation, a.ID), "query.agency_kind")
	c.Refused(request(model.QueryVehicle, 999999), "query.agency")
	q, other := c.ask(model.QueryVehicle, a.ID), c.ask(model.QueryVehicle, 0)
	answers(2, model.QueryBank)
	_, err := svc.Send(ctx, c.officer.Actor, q.ID, 1, assetquery.To{})
	c.Refused(err, "query.agency_kind")
	_, err = svc.Send(ctx, c.officer.Actor, other.ID, 1, assetquery.To{AgencyID: a.ID})
	c.Refused(err, "query.agency_kind")
	answers(3, model.QueryBank, model.QueryVehicle)
	if sent := c.must(svc.Send(ctx, c.officer.Actor, other.ID, 1, assetquery.To{AgencyID: a.ID})); sent.AgencyID != a.ID || sent.Agency != a.Name {
		t.Errorf("sent to another than was asked for: %+v", sent)
	}
	// On paper after all: whoever is named is no longer the agency of the directory.
	if sent := c.must(svc.Send(ctx, c.officer.Actor, q.ID, 1, assetquery.To{Name: "外省车管所"})); sent.AgencyID != 0 || sent.Agency != "外省车管所" {
		t.Errorf("on paper: %+v", sent)
	}
	if _, err := c.Svc.Agency.End(ctx, manager.Actor, a.ID, 4); err != nil {
		t.Fatal(err)
	}
	c.Refused(request(model.QueryVehicle, a.ID), "query.agency")
	_, err = svc.Agencies(ctx, c.leader.Actor, "")
	c.Refused(err, "role.forbidden")
}

// A file that cannot be decoded keeps the whole answer out: what becomes part of
// the record can be shown.
func TestAnAnswerWithAFileThatCannotBeShown(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t, nil)
	police := c.Agency(c.Court, "GAJ")
	pd := c.AgencyStaff("GAJ", "gaj.jg")
	q := c.sent(police.ID)
	file := c.Uploaded(pd, 0, 1243)
	f, err := c.DB.File(ctx, file)
	if err == nil {
		err = c.Objects.Remove(ctx, f.OriginalKey)
	}
	if err == nil { // as a store gives it back that lost the rest
		err = c.Objects.Put(ctx, f.OriginalKey, strings.NewReader("\xff\xd8\xff\xe0"), 4, object.PutOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Svc.AssetQuery.AnswerAddressed(ctx, pd.Actor, q.ID, q.Version, assetquery.Answer{Files: []int64{file}, IdemKey: servicetest.FreshKey()})
	c.Refused(err, "file.damaged")
	if d, err := c.Svc.AssetQuery.AddressedQuery(ctx, pd.Actor, q.ID); err != nil || d.Query.State != model.QuerySent || len(d.Files) != 0 {
		t.Errorf("the query is answered by what cannot be shown: %+v %v", d, err)
	}
}
