package storage_test

import (
	"context"
	"slices"
	"testing"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// A part of a name is found through two neighbouring signs of it, also where they
// are common, and a name that changed is found as it is now.
func TestCasesAreFoundByPartsOfNames(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storagetest.Open(t, storagetest.NewClock().Now)
	court := model.Court{Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: model.DefaultCourtSettings()}
	judge := model.User{Name: "张某", State: model.UserActive}
	if err := db.Transact(ctx, func(tx *storage.DB) error {
		if err := tx.CreateCourt(ctx, &court); err != nil {
			return err
		}
		judge.CourtID = court.ID
		return tx.CreateUser(ctx, &judge)
	}); err != nil {
		t.Fatal(err)
	}
	leader := model.Actor{UserID: judge.ID, CourtID: court.ID, Roles: []model.Role{model.RoleLeader}}
	add := func(no string, names ...string) (cs model.Case, parties []model.Party) {
		t.Helper()
		list := []model.Case{{CourtID: court.ID, CaseNo: no, Kind: model.CaseCivil, Cause: "纠纷", FiledOn: model.NewDate(2026, 1, 5), JudgeID: judge.ID, Performance: model.PerformanceNone, Version: 1}}
		if err := db.Transact(ctx, func(tx *storage.DB) error {
			if err := storage.Insert(ctx, tx, list); err != nil {
				return err
			}
			for i, n := range names {
				parties = append(parties, model.Party{CourtID: court.ID, CaseID: list[0].ID, Ref: string(rune('A' + i)), Role: model.Defendant, Kind: model.Person, Name: n, NameNorm: model.NormalizeName(n)})
			}
			return storage.Insert(ctx, tx, parties)
		}); err != nil {
			t.Fatal(err)
		}
		return list[0], parties
	}
	found := func(text string) (out []string) {
		t.Helper()
		list, err := db.Cases(ctx, leader, model.CaseFilter{Text: text, Limit: 50})
		if err != nil {
			t.Fatal(text, err)
		}
		for _, cs := range list {
			out = append(out, cs.CaseNo)
		}
		n, err := db.CountCases(ctx, leader, model.CaseFilter{Text: text})
		if err != nil || int(n) != len(out) {
			t.Errorf("%q: %d are counted, %d listed, %v", text, n, len(out), err)
		}
		return out
	}
	one, parties := add("（2026）浙0211民初123号", "宁波甬江物流有限公司", "陈建国")
	two, _ := add("（2026）浙0211民初1230号", "陈建军")
	for text, want := range map[string][]string{
		"甬江": {one.CaseNo}, "甬江公司": {one.CaseNo}, "公司甬江": nil, "物流有限": {one.CaseNo}, "陈建": {two.CaseNo, one.CaseNo}, "建国": {one.CaseNo}, "陈国": nil,
		"123": {one.CaseNo}, "1230": {two.CaseNo}, "12": nil, "陈": nil, "%": nil, "无此人": nil,
	} {
		if got := found(text); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, not %q", text, got, want)
		}
	}
	parties[1].Name, parties[1].NameNorm = "林建国", "林建国"
	if err := db.Transact(ctx, func(tx *storage.DB) error { return tx.UpdateParty(ctx, &parties[1]) }); err != nil {
		t.Fatal(err)
	}
	if got := found("陈建"); !slices.Equal(got, []string{two.CaseNo}) {
		t.Errorf("the former name still finds %q", got)
	}
	if got := found("林建"); !slices.Equal(got, []string{one.CaseNo}) {
		t.Errorf("the new name finds %q", got)
	}
}
