// Package conversation is what people outside and the court write to each other
// about a case. A party, or a relative of a debtor, asks from the phone;
// whoever handles the case answers from the desk, within the court's own clock.
package conversation

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Config is what the area needs besides the database.
type Config struct {
	// Content checks what people outside write; nil for no check.
	Content ContentCheck
	// PictureAddress is where the checker fetches a picture, by its token; nil
	// when pictures are not checked: they would be given to somebody else.
	PictureAddress func(token string) string
	NewCode        func() string // crypto/rand.Text when nil
	Logger         *slog.Logger
	// UndoFor is how long an answer from the desk can be taken back; 0 turns that off.
	UndoFor time.Duration
}

// Service is the area.
type Service struct {
	db  *storage.DB
	cfg Config
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service {
	if cfg.NewCode == nil {
		cfg.NewCode = rand.Text
	}
	return &Service{db, cfg}
}

// Words is something to say, and where: in a conversation that exists, or in
// the one between a party of a case and the court.
type Words struct {
	ConversationID int64
	CaseID         int64
	PartyID        int64 // may be 0 for a user who acts for one party of the case
	Text           string
	Files          []int64 // uploaded before, for the same case
	Key            string
}

// Say adds a message to a conversation. A party or a relative writes in its own
// name, the court to whom it says. A repeat under the same key is the first
// message.
func (s *Service) Say(ctx context.Context, by model.Actor, w Words) (*model.Message, error) {
	if err := by.Require(model.ActMessageWrite); err != nil {
		return nil, err
	}
	text, err := model.CheckMessage(w.Text, len(w.Files))
	if err != nil {
		return nil, err
	}
	checked, err := s.check(ctx, by, w, text)
	if err != nil {
		return nil, err
	}
	var m *model.Message
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, c, err := s.place(ctx, tx, by, w)
		if err != nil {
			return err
		}
		if m, err = tx.MessageByKey(ctx, by.UserID, w.Key); err != nil || m != nil {
			return err
		}
		m = &model.Message{
			CourtID: cs.CourtID, CaseID: cs.ID, PartyID: c.PartyID, RelativeID: c.RelativeID, ConversationID: c.ID, UserID: by.UserID, FromCourt: !by.IsParty(),
			Body: text, ContentCheck: checked, IdemKey: w.Key,
		}
		if by.IsParty() {
			err = s.ask(ctx, tx, by, cs, c, m)
		} else {
			err = s.answer(ctx, tx, cs, c, m)
		}
		if err != nil {
			return err
		}
		return s.finish(ctx, tx, by, m, w.Files)
	})
	if err != nil {
		return nil, fmt.Errorf("say in conversation %d of case %d: %w", w.ConversationID, w.CaseID, err)
	}
	return m, nil
}

// finish adds its files to a message that was written, and enters it.
func (s *Service) finish(ctx context.Context, tx *storage.DB, by model.Actor, m *model.Message, files []int64) error {
	if err := tx.AttachToMessage(ctx, m, files); err != nil {
		if k := model.KindOf(err); k == model.NotFound || k == model.Conflict {
			return model.InvalidField("file_ids", "file.unknown", "有文件不存在或者已经用过，请重新上传").WithCause(err)
		}
		return err
	}
	if err := s.queuePictures(ctx, tx, by, m, files); err != nil {
		return err
	}
	return tx.Audit(by, by.RoleFor(model.ActMessageWrite), model.AuditEvent{
		CourtID: m.CourtID, Action: model.AuditMessageSay, CaseID: m.CaseID, Subject: model.ThingMessage.Of(m.ID), After: m,
	})
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
	fresh := model.Conversation{CourtID: cs.CourtID, CaseID: cs.ID, PartyID: p.ID, Counterpart: model.ThingParty.Of(p.ID)}
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

// ask is a message from outside: the court's clock starts with the first that
// waits.
func (s *Service) ask(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, c *model.Conversation, m *model.Message) error {
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return err
	}
	windows := court.Settings.MessageLimits.Windows()
	counts, err := tx.MessagesAgo(ctx, by.UserID, windows)
	if err != nil {
		return err
	}
	for i, w := range windows {
		if counts[i] >= int64(w.Limit) {
			return model.E(model.TooMany, "message.too_many", fmt.Sprintf("您留言较多（%s最多 %d 条），请稍后再发；急事请拨打法院电话", w.Name, w.Limit))
		}
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
	return tellAsked(ctx, tx, cs, c, m)
}

// tellAsked tells the owner, and whoever stands in for him, that somebody
// wrote.
func tellAsked(ctx context.Context, tx *storage.DB, cs *model.Case, c *model.Conversation, m *model.Message) error {
	people, err := tx.Substitutes(ctx, c.OwnerID)
	if err != nil {
		return err
	}
	var notice func(user int64) model.Notice
	if c.RelativeID != 0 {
		r, err := tx.RelativeByID(ctx, c.RelativeID)
		if err != nil {
			return err
		}
		notice = func(user int64) model.Notice { return model.RelativeMessageNotice(*cs, *r, *m, user) }
	} else {
		p, err := tx.Party(ctx, cs.ID, c.PartyID)
		if err != nil {
			return err
		}
		notice = func(user int64) model.Notice { return model.MessageNotice(*cs, *p, *m, user) }
	}
	for _, user := range append(people, c.OwnerID) {
		if err := tx.AddNotice(ctx, notice(user)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) answer(ctx context.Context, tx *storage.DB, cs *model.Case, c *model.Conversation, m *model.Message) error {
	if err := tx.CreateMessage(ctx, m); err != nil {
		return err
	}
	c.AnswerBy, c.LateToldAt, c.LastMessageID, c.LastAt = model.Date{}, nil, m.ID, tx.Now()
	rest, err := tx.AskedAfter(ctx, c.ID, max(m.Answers(), c.SettledID))
	if err != nil {
		return err
	}
	if rest != nil { // it came while the answer could be taken back, and is not answered by it
		c.AnswerBy = rest.AnswerBy
		if err := tellAsked(ctx, tx, cs, c, rest); err != nil {
			return err
		}
	}
	if err := tx.UpdateConversation(ctx, c); err != nil {
		return err
	}
	if c.RelativeID == 0 {
		return tx.AddNotice(ctx, model.ReplyNotice(*cs, m.PartyID, *m))
	}
	r, err := tx.RelativeByID(ctx, c.RelativeID)
	if err != nil || r.State != model.RelativeAdmitted {
		return err
	}
	return tx.AddNotice(ctx, model.RelativeReplyNotice(*r, *m))
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
			CourtID: c.CourtID, Action: model.AuditMessageSettle, CaseID: c.CaseID, Subject: model.ThingConversation.Of(id), Before: before, After: c,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("settle conversation %d: %w", id, err)
	}
	return c, nil
}
