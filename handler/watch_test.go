package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"microcourt/model"
)

// What the system leaves undone becomes a finding for whoever is to see to it,
// and is gone when it is mended.
func TestTheSystemFindsWhatItLeftUndone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	l := newLosing(t)
	admin := l.staff("shen.ji", model.RoleAdmin)
	by := model.Actor{UserID: admin.userID, CourtID: l.court.ID, Roles: []model.Role{model.RoleAdmin}}
	kinds := func() (out []model.DefectKind) {
		found, err := l.svc.Findings(ctx, by)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if f.N < 1 || f.Kind.Means() == "" || f.Kind.Fault() == "" || f.Kind.Do() == "" {
				t.Errorf("%+v", f)
			}
			out = append(out, f.Kind)
		}
		return out
	}
	has := func(k model.DefectKind) bool { return slices.Contains(kinds(), k) }
	f := l.paidCase()
	cert := l.judge.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/certificates", f.id), obj{"instrument_id": f.instrument, "party_id": f.debtor})
	file := l.d.uploaded(f.id, 12)
	if out := kinds(); len(out) != 0 {
		t.Errorf("found at once: %v", out)
	}
	l.clock.Advance(3 * time.Hour)
	for _, k := range []model.DefectKind{model.DefectUnprinted, model.DefectUnseen, model.DefectJob} {
		if !has(k) {
			t.Errorf("%s is not found", k)
		}
	}
	l.opens(l.d, fmt.Sprintf("/certificates/%d/pdf", cert.id("id")))
	l.opens(l.d, fmt.Sprintf("/files/%d/view", file))
	if has(model.DefectUnprinted) || has(model.DefectUnseen) {
		t.Errorf("mended and still found: %v", kinds())
	}
	// A judge has nothing to see to.
	own, err := l.svc.Findings(ctx, model.Actor{CourtID: l.court.ID, Roles: []model.Role{model.RoleJudge}})
	if err != nil || len(own) != 0 {
		t.Errorf("%v %v", own, err)
	}
}
