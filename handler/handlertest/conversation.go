package handlertest

import (
	"context"

	"microcourt/model"
)

// Recorded puts a conversation on paper for the case file, as the desk does for a
// staff member of the role.
func (c *Client) Recorded(conversation int64, role model.Role) Obj {
	c.W.T.Helper()
	d, err := c.W.Svc.Paper.RecordConversation(context.Background(), c.ActorOf(role), conversation)
	if err != nil {
		c.W.T.Fatal(err)
	}
	return Obj{"id": float64(d.ID), "number": d.Number, "title": d.Kind.Chinese()}
}
