package servicetest

import (
	"context"

	"microcourt/model"
)

// AgencyStaff is somebody with an account in the court's agency with the code.
func (w *World) AgencyStaff(code, login string) Person {
	w.T.Helper()
	a, err := w.DB.AgencyByCode(context.Background(), w.Court.ID, code)
	if err != nil {
		w.T.Fatal(err)
	}
	return w.StaffIn(w.Court, a.ID, login, model.RoleAgency)
}

// AssetQuery is the officer's request to ask an agency about the debtor; agencyID
// is 0 where the answer comes on paper.
func (w *World) AssetQuery(officer Person, e *model.EnforcementFile, debtor int64, kind model.QueryKind, agencyID int64) *model.AssetQuery {
	w.T.Helper()
	q, err := w.Svc.AssetQuery.Request(context.Background(), officer.Actor, model.AssetQuery{
		EnforcementCaseID: e.ID, PartyID: debtor, Kind: kind, Purpose: "查明可供执行的财产", AgencyID: agencyID, IdemKey: FreshKey(),
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return q
}
