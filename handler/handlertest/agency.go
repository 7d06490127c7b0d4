package handlertest

import (
	"context"
	"net/http"

	"microcourt/model"
	"microcourt/service/agency"
	"microcourt/service/assetquery"
	"microcourt/service/servicetest"
)

// person is the client as the acts of servicetest know him.
func (c *Client) person() servicetest.Person {
	c.W.T.Helper()
	return servicetest.Person{Actor: c.Actor(), Login: c.Name, Phone: c.OpenID}
}

// Village adds a village and gives its id.
func (c *Client) Village(town, name string) int64 {
	c.W.T.Helper()
	return c.W.Village(c.person(), town, name)
}

// Liaison puts somebody on the roster and binds his phone.
func (w *World) Liaison(clerk *Client, name string, days int, villages ...int64) (phone *Client, id int64) {
	w.T.Helper()
	l, err := w.Svc.Liaison.Add(context.Background(), clerk.Actor(), w.LiaisonEntry(name, days), villages)
	if err != nil {
		w.T.Fatal(err)
	}
	phone = w.Phone("")
	phone.Become(clerk, l.ID)
	return phone, l.ID
}

// LiaisonCode is a code that the clerk prints for an entry of the roster.
func (c *Client) LiaisonCode(id int64) string {
	c.W.T.Helper()
	code, err := c.W.Svc.Liaison.IssueCode(context.Background(), c.Actor(), id)
	if err != nil {
		c.W.T.Fatal(err)
	}
	return code.Code
}

// Become makes a phone that of an entry of the roster.
func (c *Client) Become(clerk *Client, id int64) {
	c.W.T.Helper()
	code := clerk.LiaisonCode(id)
	c.Must(http.StatusCreated, Post, "/liaison-bindings", Obj{"code": code})
	c.Must(http.StatusCreated, Post, "/liaison-bindings", Obj{"code": code}) // the answer got lost
}

// AsksLiaison asks the liaison of a village to find a debtor, within three days.
func (c *Client) AsksLiaison(enforcementCase, debtor, village int64) *model.Assistance {
	c.W.T.Helper()
	a, err := c.W.Svc.Liaison.Ask(context.Background(), c.Actor(), model.Assistance{
		EnforcementCaseID: enforcementCase, PartyID: debtor, VillageID: village, Kind: model.AssistFindPerson, Detail: "常在村口小店，五十岁左右，戴眼镜",
		DueOn: c.W.Today().AddDays(3), IdemKey: FreshKey(),
	})
	if err != nil {
		c.W.T.Fatal(err)
	}
	return a
}

// AsksAbout asks for a query about a debtor, of an agency of the directory or, for
// 0, of nobody in particular.
func (c *Client) AsksAbout(enforcementCase, debtor int64, kind model.QueryKind, agencyID int64) *model.AssetQuery {
	c.W.T.Helper()
	e := &model.EnforcementFile{}
	e.ID = enforcementCase
	return c.W.AssetQuery(c.person(), e, debtor, kind, agencyID)
}

// SendsQuery puts a query to whom it was asked for.
func (c *Client) SendsQuery(q *model.AssetQuery) *model.AssetQuery {
	c.W.T.Helper()
	q, err := c.W.Svc.AssetQuery.Send(context.Background(), c.Actor(), q.ID, q.Version, assetquery.To{})
	if err != nil {
		c.W.T.Fatal(err)
	}
	return q
}

// PutsDuty puts a duty that is owed once on an agency.
func (c *Client) PutsDuty(agencyID int64, code string, dueOn model.Date) *model.AgencyDuty {
	c.W.T.Helper()
	d, _, err := c.W.Svc.Agency.AddDuty(context.Background(), c.Actor(), model.AgencyDuty{
		AgencyID: agencyID, Code: code, Kind: model.DutySanction, Requirement: "报送小结", Recurrence: model.RecurOnce, DueOn: dueOn,
	}, false)
	if err != nil {
		c.W.T.Fatal(err)
	}
	return d
}

// Suggested takes the suggested list of duties over, with its agencies.
func (w *World) Suggested(manager *Client) {
	w.T.Helper()
	rep, err := w.Svc.Agency.Adopt(context.Background(), manager.Actor(), agency.Loading{})
	if err != nil || rep.Created != 36 || rep.Agencies != 22 {
		w.T.Fatalf("the suggested list: %+v %v", rep, err)
	}
}

// Decides accepts a report, or returns it for a reason.
func (c *Client) Decides(report int64, reason string) error {
	c.W.T.Helper()
	var err error
	if reason == "" {
		_, err = c.W.Svc.Agency.Accept(context.Background(), c.Actor(), report)
	} else {
		_, err = c.W.Svc.Agency.Return(context.Background(), c.Actor(), report, reason)
	}
	return err
}
