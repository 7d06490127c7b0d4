package conversation

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// sent is an answer from the desk as it waits to be sent.
type sent struct {
	Text  string
	Files []int64
	UpTo  int64 // the newest message when it was written, -1 when there was none
}

// Answer is what the desk does in place of Say: the answer is checked by the same rules
// and entered at once, and is sent when its time is over, so that whoever wrote it can
// take it back before the other side sees it. A repeat under its key is the first, as it
// stands by then.
func (s *Service) Answer(ctx context.Context, by model.Actor, w Words) (*model.DeskAct, error) {
	if err := by.Require(model.ActMessageWrite); err != nil {
		return nil, err
	}
	if by.IsParty() {
		return nil, model.E(model.Forbidden, "role.forbidden", "只有法院工作人员可以在工作台回复")
	}
	text, err := model.CheckMessage(w.Text, len(w.Files))
	if err != nil {
		return nil, err
	}
	var out *model.DeskAct
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, c, err := s.place(ctx, tx, by, w)
		if err != nil {
			return err
		}
		if out, err = tx.DeskActByKey(ctx, by.UserID, model.DecideAnswer, w.Key); err != nil || out != nil {
			if out != nil && out.ConversationID != c.ID {
				return model.ErrKeyReused
			}
			return err
		}
		now, err := tx.Clock(ctx)
		if err != nil {
			return err
		}
		asked, err := json.Marshal(sent{text, w.Files, cmp.Or(c.LastMessageID, -1)})
		if err != nil {
			return err
		}
		number := cs.CaseNo
		if c.RelativeID != 0 { // whoever answers a relative need not see the case
			if number, err = tx.EnforcementNumber(ctx, c.EnforcementCaseID); err != nil {
				return err
			}
		}
		out = &model.DeskAct{
			CourtID: cs.CourtID, CaseID: cs.ID, CaseNo: number, ConversationID: c.ID, Kind: model.DecideAnswer, State: model.DecisionPending,
			Asked: string(asked), ByUserID: by.UserID, ByName: by.Name, ByRole: by.RoleFor(model.ActMessageWrite), IP: by.IP, RequestID: by.RequestID,
			IdemKey: w.Key, MadeAt: now, EndsAt: now.Add(s.cfg.UndoFor),
		}
		if err := tx.Trial(ctx, func() error { return s.send(ctx, tx, cs, out) }); err != nil {
			return err
		}
		if err := tx.CreateDeskAct(ctx, out); err != nil {
			return err
		}
		if s.cfg.UndoFor <= 0 {
			return s.CarryOut(ctx, tx, cs, out, 0)
		}
		return tx.Audit(by, out.ByRole, model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditMessageAnswer, CaseID: cs.ID, Subject: out.Subject(), After: out,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("answer in conversation %d of case %d: %w", w.ConversationID, w.CaseID, err)
	}
	return out, nil
}

// send writes the message that an answer is, under the name of whoever wrote it, also
// when the conversation is another's by now.
func (s *Service) send(ctx context.Context, tx *storage.DB, cs *model.Case, d *model.DeskAct) error {
	var a sent
	if err := json.Unmarshal([]byte(d.Asked), &a); err != nil {
		return fmt.Errorf("answer %d: %w", d.ID, err)
	}
	c, err := tx.ConversationByID(ctx, d.ConversationID)
	if err != nil {
		return err
	}
	m := &model.Message{
		CourtID: d.CourtID, CaseID: d.CaseID, PartyID: c.PartyID, RelativeID: c.RelativeID, ConversationID: c.ID, UserID: d.ByUserID, FromCourt: true,
		Body: a.Text, IdemKey: d.IdemKey, UpToID: a.UpTo,
	}
	if err := s.answer(ctx, tx, cs, c, m); err != nil {
		return err
	}
	return s.finish(ctx, tx, d.Actor(), m, a.Files)
}

// CarryOut sends an answer whose time is over. The case is locked.
func (s *Service) CarryOut(ctx context.Context, tx *storage.DB, cs *model.Case, d *model.DeskAct, early int64) error {
	return tx.CarryOut(ctx, d, early, func() error { return s.send(ctx, tx, cs, d) })
}

// Asked is the text of an answer as it was written, and how many files go with it.
func Asked(d model.DeskAct) (text string, files int) {
	var a sent
	_ = json.Unmarshal([]byte(d.Asked), &a) // it was written by Answer
	return a.Text, len(a.Files)
}

// Unsent is an answer that the other side does not see yet.
type Unsent struct {
	model.DeskAct
	Text  string
	Files int
}

// unsent lists the answers of a conversation that can still be taken back.
func (s *Service) unsent(ctx context.Context, id int64) ([]Unsent, error) {
	list, err := s.db.PendingAnswers(ctx, id)
	out := make([]Unsent, len(list))
	for i, d := range list {
		out[i].DeskAct = d
		out[i].Text, out[i].Files = Asked(d)
	}
	return out, err
}
