package notice

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Delivery is one outside message with what its addressee sees.
type Delivery struct {
	model.OutboxMessage
	Title  string
	CaseID int64
	To     int64 // the party, 0 for staff
	Shown  []model.ShownLine
	// What is known of it in words.
	StateText string
	Explained model.Explanation
}

// Shown is what the addressee of a notice sees of it over a channel.
func (s *Service) Shown(n model.Notice, channel model.ChannelName) []model.ShownLine {
	if c := s.cfg.Channels[channel]; c != nil && c.Covers(n.Kind) {
		return c.Shows(n)
	}
	return nil
}

// confirming lists the channels that say what became of what they took.
func (s *Service) confirming() (out []model.ChannelName) {
	for name, c := range s.cfg.Channels {
		if c.Confirms() {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Unconfirmed counts the court's messages of which their channel did not say
// within model.ConfirmWithin what became of them.
func (s *Service) Unconfirmed(ctx context.Context, courtID int64) (int64, error) {
	return s.db.UnconfirmedCount(ctx, courtID, s.confirming())
}

// Failed lists the court's messages that reached nobody, and those of which
// nobody confirmed for days that they did, oldest first.
func (s *Service) Failed(ctx context.Context, by model.Actor, after int64, limit int) ([]Delivery, error) {
	return s.Undelivered(ctx, by, "", after, limit)
}

// Which of the messages that did not surely arrive are meant, "" for all.
const (
	OnlyFailed = "failed" // that reached nobody
	OnlySilent = "silent" // that nobody confirmed
)

// Undelivered is Failed for some of them.
func (s *Service) Undelivered(ctx context.Context, by model.Actor, only string, after int64, limit int) ([]Delivery, error) {
	if err := by.Require(model.ActDeliveryManage); err != nil {
		return nil, err
	}
	var list, silent []model.OutboxMessage
	var err error
	if only != OnlySilent {
		if list, err = s.db.FailedDeliveries(ctx, by.CourtID, after, limit); err != nil {
			return nil, err
		}
	}
	if only != OnlyFailed {
		if silent, err = s.db.Unconfirmed(ctx, by.CourtID, s.confirming(), after, limit); err != nil {
			return nil, err
		}
	}
	list = append(list, silent...)
	slices.SortFunc(list, func(a, b model.OutboxMessage) int { return cmp.Compare(a.ID, b.ID) })
	if list = list[:min(len(list), limit)]; len(list) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(list))
	for i, m := range list {
		ids[i] = m.NoticeID
	}
	notices, err := s.db.NoticesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	out := make([]Delivery, len(list))
	for i, m := range list {
		n := notices[m.NoticeID]
		out[i] = Delivery{OutboxMessage: m, Title: n.Title, To: n.PartyID, StateText: m.StateText(now), Explained: m.Explain(now)}
		if by.May(model.ActCaseRead) { // an administrator sees to the channels, but reads no cases
			out[i].CaseID, out[i].Shown = n.CaseID, s.Shown(n, m.Channel)
		}
	}
	return out, nil
}

// Resend sends a message that failed once more, or hands it to another channel.
func (s *Service) Resend(ctx context.Context, by model.Actor, id int64, channel model.ChannelName) error {
	if err := by.Require(model.ActDeliveryManage); err != nil {
		return err
	}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		m, err := tx.LockDelivery(ctx, by.CourtID, id)
		if err != nil {
			return err
		}
		// A repeat is known by the try that the act made: the message may be sent once
		// more by others afterwards.
		present := m.Deadline.UnixMicro()
		switch channel {
		case m.Channel:
			err = tx.Requeue(ctx, m)
		case model.ChannelSMS, model.ChannelPaper:
			err = s.another(ctx, tx, by, m, channel)
		default:
			err = model.InvalidField("channel", "channel.unknown", "请选择重新发送、改用短信或者改用纸质")
		}
		subject := model.ThingOutbox.Of(id)
		if model.KindOf(err) == model.Conflict { // perhaps by this very request, whose answer was lost
			if done, derr := tx.Did(ctx, by, subject, present, "resend", channel); derr != nil || done {
				return derr
			}
		}
		if err == nil {
			err = tx.NoteAct(ctx, by, subject, m.Deadline.UnixMicro(), "resend", channel)
		}
		if err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActDeliveryManage), model.AuditEvent{
			CourtID: m.CourtID, Action: model.AuditDeliveryResend, Subject: model.ThingOutbox.Of(id), After: channel,
		})
	})
	if err != nil {
		return fmt.Errorf("resend %d: %w", id, err)
	}
	s.Wake()
	return nil
}

func (s *Service) another(ctx context.Context, tx *storage.DB, by model.Actor, m *model.OutboxMessage, channel model.ChannelName) error {
	if channel == model.ChannelSMS && s.cfg.Channels[channel] == nil {
		return model.InvalidField("channel", "channel.off", "本院未开通短信，请改用纸质")
	}
	n, err := tx.CourtNotice(ctx, by.CourtID, m.NoticeID)
	if err != nil {
		return err
	}
	court, err := tx.Court(ctx, m.CourtID)
	if err != nil {
		return err
	}
	return tx.SendBy(ctx, *n, *court, channel, model.PaperFallback, by.UserID)
}

// Checked is what anybody learns from the code on a message.
type Checked struct {
	Court string
	Title string
	On    model.Date
}

// Check tells whether the court sent a message with this code, and what kind
// of message; nil when it did not. It names nobody.
func (s *Service) Check(ctx context.Context, code string) (*Checked, error) {
	code = model.NormalizeCode(code)
	if len(code) != 8 {
		return nil, model.InvalidField("code", "check.format", "核验码为 8 位字母和数字，请核对后重新输入")
	}
	n, err := s.db.NoticeByCheckCode(ctx, code)
	if err != nil || n == nil {
		return nil, err
	}
	court, err := s.db.Court(ctx, n.CourtID)
	if err != nil {
		return nil, err
	}
	return &Checked{Court: court.Name, Title: n.Title, On: model.DateOf(n.CreatedAt)}, nil
}
