package notice

import (
	"context"
	mathrand "math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"microcourt/model"
	"microcourt/storage"
)

// How the outbox is worked.
const (
	leaseMost = 128         // taken from the database at once
	leaseFor  = time.Minute // longer than any call takes
	pollEvery = time.Second
	// callLongest is how long a call to a channel takes at most, with its repeat.
	callLongest = 20 * time.Second
	// settleFor is how long the database may take to write outcomes down before
	// they are held. They outlive the work's context: a stop would wait for ever
	// for a database that is silent.
	settleFor = 10 * time.Second
	askEvery  = 5 * time.Second
)

// Run sends what is due until ctx ends, and asks for receipts beside it: a
// channel that does not answer keeps no message. What it holds then it finishes.
func (s *Service) Run(ctx context.Context) error {
	defer s.held.release()
	var g errgroup.Group
	g.Go(func() error { s.sendDue(ctx); return nil })
	g.Go(func() error { s.askDue(ctx); return nil })
	return g.Wait()
}

func (s *Service) sendDue(ctx context.Context) {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		n, err := s.work(ctx, false)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.cfg.Logger.ErrorContext(ctx, "outbox", "error", err.Error())
		}
		if n > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-poll.C:
		}
	}
}

func (s *Service) askDue(ctx context.Context) {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		if err := s.AskReceipts(ctx); err != nil && ctx.Err() == nil {
			s.cfg.Logger.ErrorContext(ctx, "outbox: receipts", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Drain sends what is due now, until nothing is or ctx ends.
func (s *Service) Drain(ctx context.Context) error {
	_, err := s.work(ctx, false)
	return err
}

// Pass leases and sends one batch and tells how many messages it held.
func (s *Service) Pass(ctx context.Context) (int, error) { return s.work(ctx, true) }

// sent is a message with what became of it.
type sent struct {
	storage.Settlement
	slower bool
}

// work keeps as many messages under way as the pace allows: as soon as some
// have ended, their outcomes are written together and others are taken. One slow
// answer holds up nobody but its addressee. With once it takes one batch only.
func (s *Service) work(ctx context.Context, once bool) (total int, err error) {
	s.held.adopt()
	if err := s.settleHeld(ctx); err != nil {
		return 0, err
	}
	// Once begun a message is finished, also when the server stops.
	finish := context.WithoutCancel(ctx)
	results := make(chan sent, paceMost)
	underWay := 0
	for more := true; ; {
		if room := s.pace.room(underWay); more && ctx.Err() == nil && err == nil && room > 0 {
			batch, lerr := s.db.LeaseOutbox(ctx, s.cfg.AppID, s.owner, s.paused(), min(room, leaseMost), leaseFor)
			err = lerr
			more = len(batch) > 0 && !once
			total += len(batch)
			underWay += len(batch)
			for _, m := range batch {
				go func() {
					ctx, cancel := context.WithTimeout(finish, leaseFor) // another may take it up then
					defer cancel()
					results <- s.deliver(ctx, m)
				}()
			}
			continue
		}
		if underWay == 0 {
			return total, err
		}
		group := []sent{<-results}
		for len(results) > 0 && len(group) < leaseMost {
			group = append(group, <-results)
		}
		s.pace.learn(group, underWay)
		underWay -= len(group)
		s.settle(finish, group)
		more = !once // who had been busy may have another message
	}
}

// deliver sends a message, unless it is known what became of it: its outcome
// could not be written down when it was sent.
func (s *Service) deliver(ctx context.Context, m storage.Leased) sent {
	if known, ok := s.held.of(m); ok {
		known.Leased, known.Owner = m, s.owner
		return sent{Settlement: known}
	}
	outcome, slower := s.send(ctx, m)
	return sent{storage.Settlement{Leased: m, Owner: s.owner, Outcome: outcome, FallBack: outcome.State.PassesOn()}, slower}
}

// settle writes outcomes down. What the database cannot take is held: a known
// outcome is never lost, and never sent again as if it were.
func (s *Service) settle(ctx context.Context, group []sent) (written bool) {
	list := make([]storage.Settlement, len(group))
	for i, g := range group {
		list[i] = g.Settlement
	}
	lost, err := s.write(ctx, list...)
	if err != nil && len(list) > 1 { // one that cannot be written must not keep the others
		for i, failures := 0, 0; i < len(group); i++ {
			if failures > 1 { // it is the database
				s.hold(ctx, list[i], err)
				continue
			}
			if s.settle(ctx, group[i:i+1]) {
				failures = 0
			} else {
				failures++
			}
		}
		return false
	}
	if err != nil {
		s.hold(ctx, list[0], err)
		return false
	}
	gone := map[int64]bool{}
	for _, m := range lost {
		gone[m.ID] = true
		s.late(ctx, m)
	}
	for _, m := range list {
		if !gone[m.ID] {
			s.held.drop(m.ID)
			s.observe(m)
		}
	}
	return true
}

// write gives the database its time to take outcomes.
func (s *Service) write(ctx context.Context, list ...storage.Settlement) (lost []storage.Settlement, err error) {
	short, cancel := context.WithTimeout(ctx, settleFor)
	defer cancel()
	return s.db.SettleOutbox(short, list...)
}

func (s *Service) hold(ctx context.Context, m storage.Settlement, err error) {
	s.held.put(m)
	s.cfg.Logger.ErrorContext(ctx, "outbox: the outcome is held until it can be written", "id", m.ID, "state", m.Outcome.State, "error", err.Error())
}

// late writes a known outcome of a message that another worker took up since.
func (s *Service) late(ctx context.Context, m storage.Settlement) {
	if !known(m.Outcome) {
		s.held.drop(m.ID)
		return
	}
	short, cancel := context.WithTimeout(ctx, settleFor)
	defer cancel()
	settled, err := s.db.SettleLate(short, m)
	switch {
	case err != nil:
		s.hold(ctx, m, err)
	case settled:
		s.held.drop(m.ID)
		s.observe(m)
	default:
		s.held.later(m) // the other one may not know yet
	}
}

// known tells whether an outcome says more than that nobody knows.
func known(m model.OutboxMessage) bool {
	return m.State != model.OutboxQueued && m.State != model.OutboxSending && m.State != model.OutboxUnknown
}

// settleHeld writes down what is held, as soon as the database takes it.
func (s *Service) settleHeld(ctx context.Context) error {
	failures := 0
	for _, m := range s.held.due() {
		lost, err := s.write(ctx, m)
		if err != nil {
			s.held.postpone(m.ID)
			if failures++; failures < 2 { // perhaps it is this one only
				continue
			}
			s.cfg.Logger.WarnContext(ctx, "outbox: outcomes are still held", "error", err.Error())
			if s.held.full() {
				return err // take nothing more on
			}
			return nil
		}
		if len(lost) > 0 {
			s.late(ctx, lost[0])
			continue
		}
		s.held.drop(m.ID)
		s.observe(m)
	}
	return nil
}

func (s *Service) observe(m storage.Settlement) {
	if s.cfg.Observe != nil {
		s.cfg.Observe(m.Notice.Kind, m.Channel, m.Outcome.State)
	}
	if s.cfg.Measure != nil && m.Outcome.State == model.OutboxAccepted && m.DueAt != nil && m.Outcome.AcceptedAt != nil {
		s.cfg.Measure(m.Channel, StageAccepted, max(m.Outcome.AcceptedAt.Sub(*m.DueAt), 0))
	}
}

// paused lists the channels that refuse everything for now.
func (s *Service) paused() (out []model.ChannelName) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, until := range s.pausedUntil {
		if until.After(s.cfg.Now()) {
			out = append(out, name)
		}
	}
	return out
}

// send sends a message and says how it is to be settled, and whether the
// platform asks for fewer at once.
func (s *Service) send(ctx context.Context, m storage.Leased) (settled model.OutboxMessage, slower bool) {
	now := s.cfg.Now().UTC()
	settled = model.OutboxMessage{NextAt: now}
	repeat := m.Lost || m.LastError == lostAnswer
	channel := s.cfg.Channels[m.Channel]
	switch {
	case channel == nil || !channel.Covers(m.Notice.Kind):
		settled.State = model.OutboxSkipped
		return settled, false
	case m.OpenID == "" && m.Phone == "": // e.g. he does not follow the service account any more
		settled.State = model.OutboxUnreachable
		return settled, false
	case now.After(m.Deadline) && repeat: // it may have arrived: the next channel does not follow
		settled.State, settled.LastError, settled.TemplateID = model.OutboxUnknown, m.LastError, m.TemplateID
		return settled, false
	case now.After(m.Deadline):
		settled.State = model.OutboxExpired
		return settled, false
	}
	// A message that waited until the night waits until the morning, whoever was
	// late: unless the law's clock would be missed.
	if at := m.Notice.CardAt(m.Quiet, now); at.After(now) {
		settled.State, settled.NextAt = model.OutboxQueued, at
		if repeat {
			settled.LastError = lostAnswer
		}
		return settled, false
	}
	message := model.Outgoing{
		ID: m.ID, OpenID: m.OpenID, Phone: m.Phone, CheckCode: m.Notice.CheckCode, Title: m.Notice.Title, CourtID: m.CourtID, Kind: m.Notice.Kind, Page: m.Notice.Page, Card: m.Notice.Card, At: m.Notice.CreatedAt,
		Repeat: repeat, Since: now.Sub(m.UpdatedAt) + callLongest,
	}
	if template, longTerm := channel.Template(m.Notice.Kind); repeat && template != "" {
		left, err := s.db.Allowance(ctx, m.UserID, m.OpenID, template, longTerm)
		if err != nil { // not sent; what is known of it stays
			settled.State, settled.NextAt, settled.LastError = model.OutboxQueued, now.Add(backoff(m.Attempts)), lostAnswer
			return settled, false
		}
		message.Left = left
	}
	out, err := channel.Send(ctx, message)
	settled.State, settled.LastCode, settled.MessageID, settled.TemplateID = out.State, out.Code, out.MessageID, out.Template
	if out.PauseFor > 0 {
		s.mu.Lock()
		s.pausedUntil[m.Channel] = now.Add(out.PauseFor)
		s.mu.Unlock()
		s.cfg.Logger.WarnContext(ctx, "outbox: channel paused", "code", out.Code, "for", out.PauseFor)
	}
	s.conclude(ctx, m, out, err, now, &settled)
	return settled, out.Slower || out.PauseFor > 0
}

// conclude says what follows from a channel's outcome.
func (s *Service) conclude(ctx context.Context, m storage.Leased, out model.Outcome, err error, now time.Time, settled *model.OutboxMessage) {
	switch out.State {
	case model.OutboxQueued:
		settled.NextAt = m.Quiet.After(now.Add(max(out.RetryIn, backoff(m.Attempts))))
		switch by := m.Notice.LegalBy; {
		case m.Lost || m.LastError == lostAnswer: // a repeat that did not leave says nothing of the first try
			settled.LastError = lostAnswer
		case settled.NextAt.After(m.Deadline),
			// The channel will not work before the day on which it must have arrived ends,
			// e.g. because its quota is used up: the next channel still can.
			!by.IsZero() && !model.DateOf(now).After(by) && model.DateOf(settled.NextAt).After(by):
			settled.State = model.OutboxExpired
		}
	case model.OutboxUnknown:
		switch {
		case out.RetryIn > 0: // whether a repeat is harmless is decided then
			settled.State, settled.NextAt, settled.LastError = model.OutboxQueued, now.Add(out.RetryIn), lostAnswer
		case m.Lost:
		case out.Refused:
			settled.LastError = storage.RepeatRefused
		default:
			settled.LastError = storage.NoAnswer
		}
	case model.OutboxInvalid, model.OutboxUnreachable:
		s.cfg.Logger.ErrorContext(ctx, "outbox: message refused", "id", m.ID, "kind", m.Notice.Kind, "code", out.Code, "error", text(err))
	case model.OutboxAccepted:
		at := s.cfg.Now().UTC()
		settled.AcceptedAt = &at
		if _, asks := s.cfg.Channels[m.Channel].(Asker); asks {
			next := at.Add(askFirst)
			settled.AskAt = &next
		}
	case model.OutboxNoConsent, model.OutboxExpired, model.OutboxSkipped, model.OutboxSending, model.OutboxFailed:
	}
}

const lostAnswer = storage.LostAnswer

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// backoff waits longer after each attempt, with jitter, so that many messages
// do not come back at once.
func backoff(attempts int) time.Duration {
	steps := []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 5 * time.Minute, 30 * time.Minute}
	d := steps[min(max(attempts-1, 0), len(steps)-1)]
	return d + time.Duration(mathrand.Int64N(int64(d)/4+1)) //nolint:gosec // jitter
}
