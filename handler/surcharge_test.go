package handler_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/service/servicetest"
)

// The fine added to an unpaid one follows from the ledger: a part of the fine that was
// paid before today makes it less, on the debtor's phone, in the ledger and for the
// judge alike, and it grows by less from then on (行政处罚法 72).
func TestASurchargeFallsWithAPayment(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.FileSurcharge(clerk, 1_000_000, 1_000_000)
	debtor.Bind(clerk, f.ID, f.Debtor)
	if _, err := w.Svc.NonLitigation.Enter(t.Context(), clerk.Actor(), model.AdministrativeDecision{
		CaseID: f.ID, DecisionNo: "甬镇市监处罚〔2025〕66号", MadeOn: model.NewDate(2025, 3, 10), ServedOn: model.NewDate(2025, 3, 12), Basis: model.SuingDirect,
		FineFen: 1_000_000, SurchargeFen: 1_000_000, PayBy: model.NewDate(2026, 2, 25), IdemKey: servicetest.FreshKey(),
	}); err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/cases/%d", f.ID)
	// owed is what the case, the ledger and its sum say of the added fine, and of all.
	owed := func(c *handlertest.Client) (surcharge, all int64, fine handlertest.Obj) {
		t.Helper()
		for _, o := range c.Must(http.StatusOK, handlertest.Get, path, nil).List("instruments")[0].List("obligations") {
			if o.ID("id") == f.Surcharge {
				surcharge = o.ID("outstanding_fen")
			} else {
				fine = o.List("installments")[0]
			}
		}
		return surcharge, c.Must(http.StatusOK, handlertest.Get, path+"/ledger", nil).ID("outstanding_fen"), fine
	}
	says := func(when string, surcharge, all int64) (fine handlertest.Obj) {
		t.Helper()
		for _, c := range []*handlertest.Client{debtor, judge} {
			s, sum, i := owed(c)
			if fine = i; s != surcharge || sum != all {
				t.Errorf("%s: the surcharge is %d, all is %d; want %d and %d", when, s, sum, surcharge, all)
			}
		}
		return fine
	}
	fine := says("five days of 3 % of ten thousand yuan", 150_000, 1_150_000)
	claim := handlertest.Claim(500_000, debtor.Uploaded(f.ID, 4100))
	claim["paid_on"], claim["installment_ids"] = "2026-02-28", []int64{fine.ID("id")}
	r := debtor.Must(http.StatusCreated, handlertest.Post, path+"/receipts", claim)
	judge.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), handlertest.Obj{"amount_fen": 500_000, "version": 1, "doubt_reason": "已与申请机关核实。"})
	says("three days of all and two of half of it", 120_000, 620_000)
	w.Clock.Advance(24 * time.Hour)
	judge.Renew()
	debtor.Login()
	says("a day later", 135_000, 635_000)
}
