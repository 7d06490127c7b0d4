package paper_test

import (
	"fmt"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/paper"
	"microcourt/service/servicetest"
)

// A COMMIT or its answer is lost while a paper is made by hand: it is there once,
// can be printed, and no number is missing.
func TestAPaperByHandSurvivesALostCommit(t *testing.T) {
	t.Parallel()
	var u *urging
	made := 0
	servicetest.EveryCommitLost(t, func(w *servicetest.World) (func() (int64, error), func(int64)) {
		if u == nil {
			u = urgingIn(w)
		}
		made++
		number := fmt.Sprintf("%d号", made)
		r := paper.Request{Kind: model.DocumentCreditorSheet, CaseID: u.f.ID, PartyID: u.f.Creditor, InstrumentID: u.f.Instrument, Key: servicetest.FreshKey()}
		return func() (int64, error) {
				d, err := u.make(u.judge, r)
				if err != nil {
					return 0, err
				}
				return d.ID, nil
			}, func(id int64) {
				list := u.papers(u.judge, u.f, model.DocumentCreditorSheet)
				b, _, err := u.Svc.Paper.PDF(t.Context(), u.judge.Actor, id)
				if err != nil || len(b) < 1000 || len(list) != made || list[0].ID != id || !strings.HasSuffix(list[0].Number, number) {
					t.Fatalf("paper %d of %d, %v: %d bytes, %v", id, len(list), list[0].Number, len(b), err)
				}
			}
	})
}
