package servicetest

import (
	"context"

	"microcourt/model"
)

// Village is a village of the court's district.
func (w *World) Village(clerk Person, town, name string) int64 {
	w.T.Helper()
	v, err := w.Svc.Liaison.AddVillage(context.Background(), clerk.Actor, model.Village{Town: town, Name: name})
	if err != nil {
		w.T.Fatal(err)
	}
	return v.ID
}

// LiaisonEntry is an entry of the roster for so many days from yesterday.
func (w *World) LiaisonEntry(name string, days int) model.Liaison {
	return model.Liaison{Name: name, Phone: "13700137000", FromOn: w.Today().AddDays(-1), UntilOn: w.Today().AddDays(days), IdemKey: FreshKey()}
}

// Liaison puts somebody on the roster and binds his phone.
func (w *World) Liaison(clerk Person, name string, days int, villages ...int64) (Person, *model.LiaisonLine) {
	w.T.Helper()
	l, err := w.Svc.Liaison.Add(context.Background(), clerk.Actor, w.LiaisonEntry(name, days), villages)
	if err != nil {
		w.T.Fatal(err)
	}
	p := w.Citizen()
	return w.Become(p, clerk, l.ID), l
}

// Become makes a person's phone that of an entry of the roster.
func (w *World) Become(p, clerk Person, id int64) Person {
	w.T.Helper()
	code, err := w.Svc.Liaison.IssueCode(context.Background(), clerk.Actor, id)
	if err == nil {
		_, err = w.Svc.Liaison.Bind(context.Background(), p.Actor, code.Code)
	}
	if err != nil {
		w.T.Fatal(err)
	}
	p.Roles = append(p.Roles, model.RoleLiaison)
	return p
}
