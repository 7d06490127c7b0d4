package handlertest

import (
	"context"
	"fmt"
	"net/http"

	"microcourt/model"
)

// Issues gives the debtor of a performed case his certificate, as its judge
// reads it afterwards.
func (c *Client) Issues(f Filed) Obj {
	c.W.T.Helper()
	cert, _, err := c.W.Svc.Certificate.Issue(context.Background(), c.Actor(), f.ID, f.Instrument, f.Debtor)
	if err != nil {
		c.W.T.Fatal(err)
	}
	return c.Must(http.StatusOK, Get, fmt.Sprintf("/certificates/%d", cert.ID), nil)
}

// Revokes revokes a certificate that somebody read.
func (c *Client) Revokes(cert Obj, ground model.RevocationGround, reason string) {
	c.W.T.Helper()
	if _, err := c.W.Svc.Certificate.Revoke(context.Background(), c.Actor(), cert.ID("id"), cert.ID("version"), ground, reason); err != nil {
		c.W.T.Fatal(err)
	}
}
