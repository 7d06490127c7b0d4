package servicetest

import (
	"context"
	"time"

	"microcourt/model"
	"microcourt/service/absence"
	"microcourt/service/conversation"
	"microcourt/service/relative"
)

// Wife connects the debtor's wife, whom the officer admits; conversation is hers.
func (c *Coerced) Wife() (wife Person, link *model.Relative, conversation int64) {
	c.T.Helper()
	ctx := context.Background()
	p := c.Citizen()
	code, err := c.Svc.Relative.Print(ctx, c.Officer.Actor, c.ID, c.F.Debtor)
	if err == nil {
		link, err = c.Svc.Relative.Ask(ctx, p.Actor, relative.Asking{Code: code.Code, Relative: model.Relative{
			Name: "王秀英", Relation: model.RelationSpouse, Phone: "13700137000", DebtorName: "赵明", IdemKey: FreshKey(),
		}})
	}
	if err == nil {
		link, err = c.Svc.Relative.Decide(ctx, c.Officer.Actor, link.ID, relative.Decision{State: model.RelativeAdmitted, Version: link.Version})
	}
	if err != nil {
		c.T.Fatal(err)
	}
	list, err := c.Svc.Conversation.Conversations(ctx, c.Officer.Actor, c.F.ID)
	if err != nil {
		c.T.Fatal(err)
	}
	for _, t := range list {
		if t.RelativeID == link.ID {
			return c.Again(p), link, t.ID
		}
	}
	c.T.Fatal("the relative has no conversation")
	return p, link, 0
}

// Say writes in the conversation of a party of a case; partyID is 0 for the
// party itself.
func (w *World) Say(by Person, caseID, partyID int64, text string) *model.Message {
	w.T.Helper()
	m, err := w.Svc.Conversation.Say(context.Background(), by.Actor, conversation.Words{CaseID: caseID, PartyID: partyID, Text: text, Key: FreshKey()})
	if err != nil {
		w.T.Fatal(err)
	}
	return m
}

// Reply writes in a conversation that is there.
func (w *World) Reply(by Person, id int64, text string) *model.Message {
	w.T.Helper()
	m, err := w.Svc.Conversation.Say(context.Background(), by.Actor, conversation.Words{ConversationID: id, Text: text, Key: FreshKey()})
	if err != nil {
		w.T.Fatal(err)
	}
	return m
}

// ProposeCall asks for a call or offers one.
func (w *World) ProposeCall(by Person, id int64, at time.Time) *model.CallBack {
	w.T.Helper()
	k, err := w.Svc.Conversation.ProposeCall(context.Background(), by.Actor, conversation.CallProposal{ConversationID: id, At: at, Key: FreshKey()})
	if err != nil {
		w.T.Fatal(err)
	}
	return k
}

// AnswerCall brings a call on.
func (w *World) AnswerCall(by Person, k *model.CallBack, a conversation.CallAnswer) *model.CallBack {
	w.T.Helper()
	a.Version = k.Version
	k, err := w.Svc.Conversation.AnswerCall(context.Background(), by.Actor, k.ID, a)
	if err != nil {
		w.T.Fatal(err)
	}
	return k
}

// Away puts a substitute in somebody's place.
func (w *World) Away(by, substitute Person, from, to model.Date) {
	w.T.Helper()
	_, err := w.Svc.Absence.Add(context.Background(), by.Actor, absence.Away{Substitute: substitute.Login, FromOn: from, ToOn: to, Reason: "外出培训"})
	if err != nil {
		w.T.Fatal(err)
	}
}

// TalksPass lets the conversations' worker run once.
func (w *World) TalksPass() {
	w.T.Helper()
	if err := w.Svc.Conversation.Pass(context.Background()); err != nil {
		w.T.Fatal(err)
	}
}

// RecountConversations proves the clocks that are kept equal to a recount of
// the messages.
func (w *World) RecountConversations() {
	w.T.Helper()
	ctx := context.Background()
	all, err := w.DB.Courts(ctx)
	if err != nil {
		w.T.Fatal(err)
	}
	for _, court := range all {
		leader := model.Actor{CourtID: court.ID, Roles: []model.Role{model.RoleLeader}}
		cases, err := w.DB.Cases(ctx, leader, model.CaseFilter{Limit: 1000})
		if err != nil {
			w.T.Fatal(err)
		}
		for _, cs := range cases {
			list, err := w.DB.Conversations(ctx, leader, cs.ID)
			if err != nil {
				w.T.Fatal(err)
			}
			for _, c := range list {
				messages, err := w.DB.Messages(ctx, []int64{c.ID}, 0, 1000)
				if err != nil {
					w.T.Fatal(err)
				}
				if want := c.Recount(messages); want != c.AnswerBy {
					w.T.Errorf("conversation %d waits until %v, recounted %v", c.ID, c.AnswerBy, want)
				}
			}
		}
	}
}
