package conversation

import (
	"context"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Page is some messages with their files.
type Page struct {
	Messages []model.Message // newest first
	Files    map[int64][]model.File
	// Pictures are what the check of contents said of the files.
	Pictures map[int64]model.ContentState
	// Reads are the marks of who opened the conversations.
	Reads []model.ConversationRead
}

// ReadAt is when the other side read a message, nil when it did not yet.
func (p Page) ReadAt(m model.Message) *time.Time { return m.ReadAt(p.Reads) }

// Hidden tells whether a file is not to be shown by itself.
func (p Page) Hidden(f model.File) bool { return p.Pictures[f.ID] == model.ContentRisky }

// Messages lists a case's messages, newest first: of every conversation that
// the actor may see, or of one party's.
func (s *Service) Messages(ctx context.Context, by model.Actor, caseID, partyID, before int64, limit int) (*Page, error) {
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
	return s.page(ctx, ids, before, limit)
}

func (s *Service) page(ctx context.Context, ids []int64, before int64, limit int) (*Page, error) {
	list, err := s.db.Messages(ctx, ids, before, limit)
	if err != nil {
		return nil, err
	}
	return s.withFiles(ctx, list)
}

func (s *Service) withFiles(ctx context.Context, list []model.Message) (*Page, error) {
	files, err := s.db.FilesOfMessages(ctx, list)
	if err != nil {
		return nil, err
	}
	pictures, err := s.db.PictureChecks(ctx, list)
	if err != nil {
		return nil, err
	}
	reads, err := s.reads(ctx, list)
	return &Page{list, files, pictures, reads}, err
}

// Written is the message that the actor just wrote, or wrote before under the
// same key, as lists show it.
func (s *Service) Written(ctx context.Context, m model.Message) (*Page, error) {
	return s.withFiles(ctx, []model.Message{m})
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

// Relatives are the relatives in conversations that the actor was shown.
func (s *Service) Relatives(ctx context.Context, list []model.Conversation) (map[int64]model.Relative, error) {
	var ids []int64
	for _, c := range list {
		if c.RelativeID != 0 {
			ids = append(ids, c.RelativeID)
		}
	}
	return s.db.RelativesByID(ctx, ids)
}

// Thread is one conversation as a page shows it.
type Thread struct {
	model.Conversation
	Page
	Case     model.Case
	CaseNo   string           // of the enforcement case in a relative's
	Party    *model.Party     // nil in a relative's
	Relative *model.Relative  // nil in a party's
	Calls    []Call           // the newest first
	Unsent   []Unsent         // answers from the desk that can still be taken back
	Own      bool             // it is the actor's to answer, or he stands in for who does
	Names    map[int64]string // of who wrote or spoke for the court, and of the owner
}

// Call is a call-back with its steps.
type Call struct {
	model.CallBack
	Steps []model.CallEntry
}

// Who is the other side's name.
func (t *Thread) Who() string {
	if t.Relative != nil {
		return t.Relative.Name
	}
	return t.Party.Name
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
	t.Case, t.CaseNo = *cs, cs.CaseNo
	if c.RelativeID != 0 {
		if t.Relative, err = s.db.RelativeByID(ctx, c.RelativeID); err == nil {
			t.CaseNo, err = s.db.EnforcementNumber(ctx, c.EnforcementCaseID)
		}
	} else {
		t.Party, err = s.db.Party(ctx, c.CaseID, c.PartyID)
	}
	if err != nil {
		return nil, err
	}
	page, err := s.page(ctx, []int64{id}, before, limit)
	if err != nil {
		return nil, err
	}
	t.Page = *page
	if t.Calls, err = s.calls(ctx, id); err != nil {
		return nil, err
	}
	if !by.IsParty() {
		if t.Unsent, err = s.unsent(ctx, id); err != nil {
			return nil, err
		}
	}
	if t.Own, err = s.db.StandsInFor(ctx, by.UserID, c.OwnerID); err != nil {
		return nil, err
	}
	people := []int64{c.OwnerID}
	for _, k := range t.Calls {
		for _, e := range k.Steps {
			if e.FromCourt && !slices.Contains(people, e.ByUserID) {
				people = append(people, e.ByUserID)
			}
		}
	}
	for _, m := range t.Messages {
		if m.FromCourt && !slices.Contains(people, m.UserID) {
			people = append(people, m.UserID)
		}
	}
	t.Names, err = s.db.UserNames(ctx, people)
	return t, err
}

// Waiting lists what the court is to answer, the most urgent first: the
// actor's own and that of those for whom he stands in, or the court's for who
// helps or leads.
func (s *Service) Waiting(ctx context.Context, by model.Actor, f model.WaitingFilter) ([]model.WaitingConversation, error) {
	if err := by.Require(model.ActMessageQueue); err != nil {
		return nil, err
	}
	return s.db.WaitingConversations(ctx, by.CourtID, by.TaskOwner(), f)
}

// callsShown is how many of a conversation's call-backs are shown.
const callsShown = 50

func (s *Service) calls(ctx context.Context, conversationID int64) ([]Call, error) {
	list, steps, err := s.db.Calls(ctx, conversationID, callsShown)
	out := make([]Call, len(list))
	for i, k := range list {
		out[i] = Call{k, steps[k.ID]}
	}
	return out, err
}

// Call is a call-back of a conversation that the actor may see.
func (s *Service) Call(ctx context.Context, by model.Actor, id int64) (*model.CallBack, error) {
	if err := by.Require(model.ActMessageRead); err != nil {
		return nil, err
	}
	return s.db.CallBack(ctx, by, id)
}

// Calls lists a conversation's call-backs, the newest first.
func (s *Service) Calls(ctx context.Context, by model.Actor, conversationID int64) ([]Call, error) {
	if err := by.Require(model.ActMessageRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Conversation(ctx, by, conversationID); err != nil {
		return nil, err
	}
	return s.calls(ctx, conversationID)
}

// CallSteps are the steps of a call-back that the actor may see.
func (s *Service) CallSteps(ctx context.Context, k model.CallBack) ([]model.CallEntry, error) {
	steps, err := s.db.CallSteps(ctx, []int64{k.ID})
	return steps[k.ID], err
}

// CallDays lists the times at which a call can be agreed on in a conversation.
func (s *Service) CallDays(ctx context.Context, by model.Actor, conversationID int64) ([]model.CallDay, error) {
	if err := by.Require(model.ActMessageRead); err != nil {
		return nil, err
	}
	c, err := s.db.Conversation(ctx, by, conversationID)
	if err != nil {
		return nil, err
	}
	court, err := s.db.Court(ctx, c.CourtID)
	if err != nil {
		return nil, err
	}
	days, err := s.db.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	now, calls := s.db.Now(), court.Settings.Calls
	taken, err := s.db.TakenCalls(ctx, c.OwnerID, calls.LastDay(now), 0)
	return calls.Days(days, taken, now), err
}

// Number is where somebody is to be called.
type Number struct {
	model.CallBack
	Number string
	Who    string
}

// CallNumber shows where to call whoever is to be called now; the look is
// recorded. Only who calls sees it.
func (s *Service) CallNumber(ctx context.Context, by model.Actor, id int64) (*Number, error) {
	if err := by.Require(model.ActCallNumber); err != nil {
		return nil, err
	}
	k, err := s.db.CallBack(ctx, by, id)
	if err != nil {
		return nil, err
	}
	out := &Number{CallBack: *k}
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		cs, err := tx.CaseByID(ctx, k.CaseID)
		if err != nil {
			return err
		}
		c, err := tx.ConversationByID(ctx, k.ConversationID)
		if err != nil {
			return err
		}
		d, err := callDesk(ctx, tx, by, cs, c)
		if err != nil {
			return err
		}
		if !k.Callable(tx.Now()) {
			return model.E(model.Conflict, "call.early", "约定的日期（"+model.CallTime(k.StartAt)+"）到了才显示号码")
		}
		if out.Number, out.Who = k.Phone, d.party.Name; k.Phone == "" {
			out.Number = d.onFile()
		}
		if d.relative != nil {
			out.Who = d.relative.Name
		}
		return tx.Audit(by, by.RoleFor(model.ActCallNumber), model.AuditEvent{
			CourtID: k.CourtID, CaseID: k.CaseID, Action: model.AuditCallLook, Subject: model.ThingCallBack.Of(id),
		})
	})
	return out, err
}
