package handlertest

import (
	"context"

	"microcourt/model"
	"microcourt/service/paper"
	"microcourt/service/servicetest"
)

// Makes makes a paper by hand, as the desk's form does, and gives it as the
// list of papers shows it.
func (c *Client) Makes(r paper.Request) Obj {
	c.W.T.Helper()
	if r.Key == "" {
		r.Key = servicetest.FreshKey()
	}
	d, err := c.W.Svc.Paper.MakeByHand(context.Background(), c.Actor(), r)
	if err != nil {
		c.W.T.Fatal(err)
	}
	for _, o := range c.Documents(Filed{ID: r.CaseID}, r.Kind) {
		if o.ID("id") == d.ID {
			return o
		}
	}
	c.W.T.Fatalf("the paper %s is not in the list", d.Number)
	return nil
}

// ProofOf is what is known of the service of the newest notice of a kind to a
// party.
func (c *Client) ProofOf(f Filed, kind model.NoticeKind, partyID int64) model.ServiceProof {
	c.W.T.Helper()
	return c.W.ProofOf(c.Actor(), f, kind, partyID)
}
