package conversation

import (
	"context"
	"slices"

	"microcourt/model"
)

// Page is some messages with their files.
type Page struct {
	Messages []model.Message // newest first
	Files    map[int64][]model.File
	// Pictures are what the check of contents said of the files.
	Pictures map[int64]model.ContentState
}

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
	files, err := s.db.FilesOfMessages(ctx, list)
	if err != nil {
		return nil, err
	}
	pictures, err := s.db.PictureChecks(ctx, list)
	return &Page{list, files, pictures}, err
}

// Files are the files of a message that the actor just wrote.
func (s *Service) Files(ctx context.Context, m model.Message) ([]model.File, error) {
	files, err := s.db.FilesOfMessages(ctx, []model.Message{m})
	return files[m.ID], err
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
	Page
	Case     model.Case
	CaseNo   string           // of the enforcement case in a relative's
	Party    *model.Party     // nil in a relative's
	Relative *model.Relative  // nil in a party's
	Names    map[int64]string // of who wrote for the court, and of the owner
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
// actor's own and that of those for whom he stands in, or the court's for who
// helps or leads.
func (s *Service) Waiting(ctx context.Context, by model.Actor, limit int) ([]model.WaitingConversation, error) {
	if err := by.Require(model.ActMessageQueue); err != nil {
		return nil, err
	}
	return s.db.WaitingConversations(ctx, by.CourtID, by.TaskOwner(), limit)
}
