// Package conversation is what people outside and the court write to each other
// about a case. A party asks from the phone; whoever handles the case answers
// from the desk, within the court's own clock.
package conversation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the area.
type Service struct{ db *storage.DB }

// New makes the service.
func New(db *storage.DB) *Service { return &Service{db} }

// Words is something to say, and where: in a conversation that exists, or in
// the one between a party of a case and the court.
type Words struct {
	ConversationID int64
	CaseID         int64
	PartyID        int64 // may be 0 for a user who acts for one party of the case
	Text           string
	Key            string
}

// Say adds a message to a conversation. A party writes in its own name, the
// court to whom it says. A repeat under the same key is the first message.
func (s *Service) Say(ctx context.Context, by model.Actor, w Words) (*model.Message, error) {
	if err := by.Require(model.ActMessageWrite); err != nil {
		return nil, err
	}
	text, err := model.CheckMessage(w.Text)
	if err != nil {
		return nil, err
	}
	var m *model.Message
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		var err error
		if m, err = tx.MessageByKey(ctx, by.UserID, w.Key); err != nil || m != nil {
			return err
		}
		cs, c, err := s.place(ctx, tx, by, w)
		if err != nil {
			return err
		}
		m = &model.Message{
			CourtID: cs.CourtID, CaseID: cs.ID, PartyID: c.PartyID, ConversationID: c.ID, UserID: by.UserID, FromCourt: !by.IsParty(), Body: text, IdemKey: w.Key,
		}
		if by.IsParty() {
			err = s.ask(ctx, tx, by, cs, c, m)
		} else {
			err = s.answer(ctx, tx, cs, c, m)
		}
		if err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActMessageWrite), model.AuditEvent{
			CourtID: cs.CourtID, Action: "message.say", CaseID: cs.ID, Subject: model.Subject("message", m.ID), After: m,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("say in conversation %d of case %d: %w", w.ConversationID, w.CaseID, err)
	}
	return m, nil
}

// place finds the conversation and locks its case.
func (s *Service) place(ctx context.Context, tx *storage.DB, by model.Actor, w Words) (*model.Case, *model.Conversation, error) {
	if w.ConversationID != 0 {
		return lock(ctx, tx, by, w.ConversationID)
	}
	cs, err := tx.LockCase(ctx, by, w.CaseID)
	if err != nil {
		return nil, nil, err
	}
	p, err := party(ctx, tx, by, cs.ID, w.PartyID)
	if err != nil {
		return nil, nil, err
	}
	enforcements, err := tx.EnforcementsOf(ctx, cs.ID)
	if err != nil {
		return nil, nil, err
	}
	fresh := model.Conversation{CourtID: cs.CourtID, CaseID: cs.ID, PartyID: p.ID, Counterpart: model.PartyCounterpart(p.ID)}
	fresh.OwnerID = fresh.Owner(*cs, enforcements)
	c, err := tx.OpenConversation(ctx, fresh)
	if err != nil {
		return nil, nil, err
	}
	// Some staff see the case and yet have no part in its conversations.
	if _, err := tx.Conversation(ctx, by, c.ID); err != nil {
		return nil, nil, model.E(model.NotFound, "case.not_found", "没有找到，或您无权查看").WithCause(err)
	}
	return cs, c, nil
}

// lock is the conversation with its case locked, if the actor may see it.
func lock(ctx context.Context, tx *storage.DB, by model.Actor, id int64) (*model.Case, *model.Conversation, error) {
	c, err := tx.Conversation(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	cs, err := tx.LockCaseByID(ctx, c.CaseID)
	if err != nil {
		return nil, nil, err
	}
	c, err = tx.Conversation(ctx, by, id) // as it is under the lock
	return cs, c, err
}

// ask is a party's message: the court's clock starts with the first that
// waits.
func (s *Service) ask(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, c *model.Conversation, m *model.Message) error {
	n, err := tx.MessagesSince(ctx, by.UserID, tx.Now().Add(-time.Hour))
	if err != nil {
		return err
	}
	if n >= model.MaxMessagesAnHour {
		return model.E(model.TooMany, "message.too_many", "您留言较多，请稍后再发；急事请拨打法院电话")
	}
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return err
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	m.AnswerBy = days.Workdays(model.DateOf(tx.Now()), court.Settings.AnswerDays())
	if err := tx.CreateMessage(ctx, m); err != nil {
		return err
	}
	first := !c.Waits() // of later ones the owner knows already
	if first {
		c.AnswerBy = m.AnswerBy
	}
	c.LastMessageID, c.LastAt = m.ID, tx.Now()
	if err := tx.UpdateConversation(ctx, c); err != nil || !first {
		return err
	}
	p, err := tx.Party(ctx, cs.ID, c.PartyID)
	if err != nil {
		return err
	}
	return tx.AddNotice(ctx, model.MessageNotice(*c, *cs, *p, *m))
}

func (s *Service) answer(ctx context.Context, tx *storage.DB, cs *model.Case, c *model.Conversation, m *model.Message) error {
	if err := tx.CreateMessage(ctx, m); err != nil {
		return err
	}
	c.AnswerBy, c.LateToldAt, c.LastMessageID, c.LastAt = model.Date{}, nil, m.ID, tx.Now()
	if err := tx.UpdateConversation(ctx, c); err != nil {
		return err
	}
	return tx.AddNotice(ctx, model.ReplyNotice(*cs, m.PartyID, *m))
}

// party finds the party in whose conversation the actor writes.
func party(ctx context.Context, tx *storage.DB, by model.Actor, caseID, partyID int64) (*model.Party, error) {
	if !by.IsParty() {
		p, err := tx.Party(ctx, caseID, partyID)
		if err != nil {
			return nil, model.InvalidField("party_id", "party.unknown", "本案没有这位当事人").WithCause(err)
		}
		return p, nil
	}
	own, err := tx.PartiesOf(ctx, caseID, by.UserID)
	if err != nil {
		return nil, err
	}
	own = slices.DeleteFunc(own, func(p model.Party) bool { return partyID != 0 && p.ID != partyID })
	switch len(own) {
	case 0:
		return nil, model.InvalidField("party_id", "party.unknown", "本案没有这位当事人，或您无权代其留言")
	case 1:
		return &own[0], nil
	}
	return nil, model.InvalidField("party_id", "party.ambiguous", "您代理多名当事人，请选择以谁的名义留言")
}

// Messages lists a case's messages, newest first: of every conversation that
// the actor may see, or of one party's.
func (s *Service) Messages(ctx context.Context, by model.Actor, caseID, partyID, before int64, limit int) ([]model.Message, error) {
	list, err := s.Conversations(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, c := range list {
		if partyID == 0 || c.PartyID == partyID {
			ids = append(ids, c.ID)
		}
	}
	return s.db.Messages(ctx, ids, before, limit)
}

// Conversations lists those of a case that the actor may see, what waits
// first.
func (s *Service) Conversations(ctx context.Context, by model.Actor, caseID int64) ([]model.Conversation, error) {
	if err := by.Require(model.ActMessageRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	return s.db.Conversations(ctx, by, caseID)
}

// Thread is one conversation as a page shows it.
type Thread struct {
	model.Conversation
	Case     model.Case
	Party    *model.Party
	Messages []model.Message  // newest first
	Names    map[int64]string // of who wrote for the court, and of the owner
}

// Thread reads a conversation with its newest messages.
func (s *Service) Thread(ctx context.Context, by model.Actor, id, before int64, limit int) (*Thread, error) {
	if err := by.Require(model.ActMessageRead); err != nil {
		return nil, err
	}
	c, err := s.db.Conversation(ctx, by, id)
	if err != nil {
		return nil, err
	}
	t := &Thread{Conversation: *c}
	cs, err := s.db.CaseByID(ctx, c.CaseID)
	if err != nil {
		return nil, err
	}
	t.Case = *cs
	if t.Party, err = s.db.Party(ctx, c.CaseID, c.PartyID); err != nil {
		return nil, err
	}
	if t.Messages, err = s.db.Messages(ctx, []int64{id}, before, limit); err != nil {
		return nil, err
	}
	people := []int64{c.OwnerID}
	for _, m := range t.Messages {
		if m.FromCourt && !slices.Contains(people, m.UserID) {
			people = append(people, m.UserID)
		}
	}
	t.Names, err = s.db.UserNames(ctx, people)
	return t, err
}

// Waiting lists what the court is to answer, the most urgent first: the
// actor's own, or the court's for who helps or leads.
func (s *Service) Waiting(ctx context.Context, by model.Actor, limit int) ([]model.WaitingConversation, error) {
	if err := by.Require(model.ActMessageQueue); err != nil {
		return nil, err
	}
	return s.db.WaitingConversations(ctx, by.CourtID, by.TaskOwner(), limit)
}

// Settle ends the court's clock of a conversation whose last message needs no
// answer, e.g. thanks. A repeat changes nothing.
func (s *Service) Settle(ctx context.Context, by model.Actor, id int64) (*model.Conversation, error) {
	if err := by.Require(model.ActMessageSettle); err != nil {
		return nil, err
	}
	var c *model.Conversation
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		var err error
		if _, c, err = lock(ctx, tx, by, id); err != nil || !c.Waits() {
			return err
		}
		before := *c
		c.AnswerBy, c.LateToldAt, c.SettledID = model.Date{}, nil, c.LastMessageID
		if err := tx.UpdateConversation(ctx, c); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActMessageSettle), model.AuditEvent{
			CourtID: c.CourtID, Action: "message.settle", CaseID: c.CaseID, Subject: model.Subject("conversation", id), Before: before, After: c,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("settle conversation %d: %w", id, err)
	}
	return c, nil
}
