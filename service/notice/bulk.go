package notice

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// maxBulk is how many messages that reached nobody are looked at, and moved, at once.
const maxBulk = 2000

// ByPhone stands beside the channels: a clerk tells the addressee by telephone.
const ByPhone model.ChannelName = "phone"

// Reason is why messages did not arrive, with how many of them nobody has dealt with.
type Reason struct {
	Key       string
	Channel   model.ChannelName
	Explained model.Explanation
	N         int
}

// undone are the messages to parties that reached nobody and that go no other way
// yet.
func (s *Service) undone(ctx context.Context, by model.Actor) ([]Delivery, error) {
	if err := by.Require(model.ActDeliveryManage); err != nil {
		return nil, err
	}
	list, err := s.Failed(ctx, by, 0, maxBulk)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]int64, len(list))
	for i, m := range list {
		ids[i] = m.NoticeID
	}
	others, err := s.db.Deliveries(ctx, ids)
	if err != nil {
		return nil, err
	}
	papers, err := s.db.PaperTasksOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	goes := map[int64]bool{} // by notice: another way is under way, or was taken
	for _, t := range papers {
		goes[t.NoticeID] = true
	}
	for _, o := range others {
		switch o.State {
		case model.OutboxQueued, model.OutboxSending:
			goes[o.NoticeID] = true
		case model.OutboxAccepted:
			goes[o.NoticeID] = goes[o.NoticeID] || !o.Unconfirmed(s.cfg.Now())
		default:
		}
	}
	return slices.DeleteFunc(list, func(d Delivery) bool { return d.To == 0 || goes[d.NoticeID] }), nil
}

// Reasons groups the messages that reached nobody, and that go no other way yet, by
// why they did not, the most frequent first.
func (s *Service) Reasons(ctx context.Context, by model.Actor) ([]Reason, error) {
	list, err := s.undone(ctx, by)
	if err != nil {
		return nil, err
	}
	var out []Reason
	for _, d := range list {
		key := d.ReasonKey(s.cfg.Now())
		i := slices.IndexFunc(out, func(r Reason) bool { return r.Key == key })
		if i < 0 {
			out = append(out, Reason{Key: key, Channel: d.Channel, Explained: d.Explained})
			i = len(out) - 1
		}
		out[i].N++
	}
	slices.SortStableFunc(out, func(a, b Reason) int { return b.N - a.N })
	return out, nil
}

// OfReason are the messages that did not arrive for one reason and go no other way
// yet.
func (s *Service) OfReason(ctx context.Context, by model.Actor, key string) ([]Delivery, error) {
	list, err := s.undone(ctx, by)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(d Delivery) bool { return d.ReasonKey(s.cfg.Now()) != key }), nil
}

// Move sends messages that reached nobody another way: by text message, on paper, or
// by a clerk's call. All or none are moved; one that goes another way already is left
// alone, so that a repeat moves nothing twice. It tells how many were.
func (s *Service) Move(ctx context.Context, by model.Actor, ids []int64, to model.ChannelName) (n int, err error) {
	if err := by.Require(model.ActDeliveryManage); err != nil {
		return 0, err
	}
	switch {
	case len(ids) == 0 || len(ids) > maxBulk:
		return 0, model.InvalidField("message", "delivery.none", fmt.Sprintf("请选择消息，一次最多 %d 条", maxBulk))
	case to != model.ChannelSMS && to != model.ChannelPaper && to != ByPhone:
		return 0, model.InvalidField("to", "channel.unknown", "请选择改用短信、纸质或者电话")
	case to == model.ChannelSMS && s.cfg.Channels[to] == nil:
		return 0, model.InvalidField("to", "channel.off", "本院未开通短信，请改用纸质或者电话")
	}
	open, err := s.undone(ctx, by)
	if err != nil {
		return 0, err
	}
	open = slices.DeleteFunc(open, func(d Delivery) bool { return !slices.Contains(ids, d.ID) })
	notices := make([]int64, len(open))
	for i, d := range open {
		notices[i] = d.NoticeID
	}
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		n = 0
		if len(open) == 0 {
			return nil
		}
		court, err := tx.Court(ctx, by.CourtID)
		if err != nil {
			return err
		}
		list, err := tx.NoticesByID(ctx, notices)
		if err != nil {
			return err
		}
		var moved []string
		for _, d := range open {
			channel, cause := to, model.PaperFallback
			if to == ByPhone {
				channel, cause = model.ChannelPaper, model.PaperPhone
			}
			notice, ok := list[d.NoticeID]
			if !ok || notice.CourtID != by.CourtID {
				continue
			}
			if err := tx.SendBy(ctx, notice, *court, channel, cause, by.UserID); err != nil {
				return err
			}
			moved = append(moved, fmt.Sprint(d.ID))
			n++
		}
		return tx.Audit(by, by.RoleFor(model.ActDeliveryManage), model.AuditEvent{
			CourtID: by.CourtID, Action: model.AuditDeliveryResend, Subject: model.ThingOutbox.Of(open[0].ID), After: map[string]any{"to": to, "messages": strings.Join(moved, " ")},
		})
	})
	if err != nil {
		return 0, fmt.Errorf("move %d messages: %w", len(ids), err)
	}
	s.Wake()
	return n, nil
}

// Untold is a notice that told nobody: where its party stands.
type Untold struct {
	Notice model.Notice
	Party  model.Party
	// Bound says that the notice waits in the inbox of somebody who acts for him.
	Bound bool
	// Explained is why it did not reach his phone.
	Explained model.Explanation
	OnPaper   bool // a clerk is to tell him on paper or by telephone
}

// Untold are the notices of a kind to the parties of a case that reached no phone and
// that nobody has read: whoever decided something knows that it is not known yet.
func (s *Service) Untold(ctx context.Context, by model.Actor, caseID int64, kind model.NoticeKind) ([]Untold, error) {
	if err := by.Require(model.ActServiceOfProcessRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	list, err := s.db.CaseNotices(ctx, caseID, 0, 200)
	list = slices.DeleteFunc(list, func(n model.Notice) bool { return n.Kind != kind || n.PartyID == 0 })
	if err != nil || len(list) == 0 {
		return nil, err
	}
	f, err := s.facts(ctx, *cs, list)
	if err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	var out []Untold
	for _, n := range list {
		p := f.proof(n)
		u := Untold{Notice: n, Party: p.Party, Bound: p.Bound, OnPaper: len(p.Paper) > 0, Explained: noWay}
		if u.Bound {
			u.Explained = model.Explanation{Means: "通知在对方小程序的收件箱中，但没有提醒到他的手机。", Whose: "对方（没有允许接收提醒）", Do: "着急的请书记员打印送达，或者打电话告知。"}
		}
		reach := p.Reach()
		told := reach == model.ReachServed || reach == model.ReachTold || slices.ContainsFunc(f.reads, func(r model.NoticeRead) bool { return r.NoticeID == n.ID })
		for _, d := range p.Deliveries {
			switch d.State {
			case model.OutboxQueued, model.OutboxSending:
				told = true // under way
			case model.OutboxAccepted:
				told = told || !d.Unconfirmed(now)
			case model.OutboxSkipped:
			default:
				u.Explained = d.Explain(now)
			}
		}
		if !told {
			out = append(out, u)
		}
	}
	return out, nil
}

// Unreachable tells whether nothing could tell a party of a case anything: nobody who
// acts for him has the mini-program, and the court sends no text messages, or has no
// number of his. nil when something can.
func (s *Service) Unreachable(ctx context.Context, by model.Actor, caseID, partyID int64) (*Untold, error) {
	if err := by.Require(model.ActServiceOfProcessRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	parties, err := s.db.Parties(ctx, caseID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(parties, func(p model.Party) bool { return p.ID == partyID })
	if i < 0 {
		return nil, nil
	}
	bindings, err := s.db.CaseBindings(ctx, caseID)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(bindings, func(b model.Binding) bool { return b.PartyID == partyID && b.EndedAt == nil }) || parties[i].Phone != "" && s.Has(model.ChannelSMS) {
		return nil, nil
	}
	return &Untold{Party: parties[i], Explained: noWay}, nil
}

var noWay = model.Explanation{
	Means: "对方没有绑定小程序，也没有可以使用的短信，没有任何方式能提醒到他。", Whose: "对方", Do: "请书记员打印送达，或者打电话告知。",
}
