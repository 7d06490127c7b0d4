// Package subscription keeps what people allow WeChat to show them: the answers
// that the phone reports and that WeChat itself pushes, and from both and from
// what was sent, which templates the mini-program should ask for next. A
// pushed message is stored before it is answered and applied later, so that
// none is lost and none counts twice.
package subscription

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"sync"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Config is what the area needs besides the database.
type Config struct {
	AppID string
	// Templates are the templates that the court's notices use, by kind.
	Templates map[model.NoticeKind]model.SubscriptionTemplate
	// Resend sends cards again that were lost without a trace; it needs WeChat's
	// events, so it is off without them.
	Resend bool
	// Followers asks WeChat who follows the service account; nil without one.
	Followers Followers
	// Outbox is told what leads to sending.
	Outbox Outbox
	// Pushes reads what WeChat pushes.
	Pushes Pushes
	// Pictures takes WeChat's answers on pictures.
	Pictures Pictures
	Logger   *slog.Logger
}

// Followers asks WeChat who follows the service account.
type Followers interface {
	Follower(ctx context.Context, openID string) (unionID string, follows bool, err error)
}

// Outbox sends messages.
type Outbox interface {
	// Wake says that there is something to send.
	Wake()
	// Reported is told of a report that decided what became of a message, after it
	// was written down.
	Reported(r storage.Reported, at time.Time, failed bool)
}

// Pushes reads a pushed message; it gives no lines for one about something else.
type Pushes interface {
	Read(message []byte) ([]model.PushedLine, error)
}

// Pictures takes WeChat's answer on a picture; known is false when it was not
// written down yet that it was asked.
type Pictures interface {
	PictureVerdict(ctx context.Context, tx *storage.DB, v model.ContentVerdict) (known bool, err error)
}

// Service is the area.
type Service struct {
	db   *storage.DB
	cfg  Config
	wake chan struct{}

	mu      sync.Mutex
	waiting []*waiting // pushed messages that the database could not take
	next    *group     // pushed messages that will be stored together
	storing sync.Mutex
}

// group are pushed messages that are stored in one transaction: after a burst of
// cards the platform's reports come by the thousand, and a COMMIT for each would
// keep the sender and the reports waiting for each other.
type group struct {
	messages [][]byte
	stored   chan struct{} // closed when err says what became of them
	err      error
}

// waiting is a pushed message that the database could not take.
type waiting struct {
	message []byte
	tries   int // that failed for another reason than an outage
	next    time.Time
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service {
	return &Service{db: db, cfg: cfg, wake: make(chan struct{}, 1)}
}

// waitingMost bounds the pushed messages that wait in memory for the database.
const waitingMost = 2000

// Receive stores a pushed message; WeChat repeats it word for word when our
// answer was late. WeChat gives up after some seconds: a message that the
// database cannot take is refused, so that it is repeated, and kept in memory as
// well, so that it is not lost when the outage lasts longer.
func (s *Service) Receive(ctx context.Context, message []byte) error {
	if err := s.storeTogether(ctx, message); err != nil {
		s.mu.Lock()
		if len(s.waiting) < waitingMost && model.KindOf(err) != model.Invalid {
			s.waiting = append(s.waiting, &waiting{message: message})
		}
		s.mu.Unlock()
		return fmt.Errorf("receive push: %w", err)
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return nil
}

// storeTogether keeps a pushed message once, together with those that came while
// others were being stored: whoever comes first of them stores for all. A group
// that the database refuses is tried one by one, so that none spoils the others.
func (s *Service) storeTogether(ctx context.Context, message []byte) error {
	s.mu.Lock()
	g := s.next
	first := g == nil || len(g.messages) >= batch
	if first {
		g = &group{stored: make(chan struct{})}
		s.next = g
	}
	g.messages = append(g.messages, message)
	s.mu.Unlock()
	if first {
		s.storeGroup(context.WithoutCancel(ctx), g)
	}
	select {
	case <-g.stored:
	case <-ctx.Done():
		return model.E(model.Unavailable, "request.timeout", "系统繁忙，请稍后重试").WithCause(ctx.Err())
	}
	if g.err != nil && len(g.messages) > 1 && ctx.Err() == nil {
		return s.store(ctx, message)
	}
	return g.err
}

func (s *Service) storeGroup(ctx context.Context, g *group) {
	s.storing.Lock()
	defer s.storing.Unlock()
	defer close(g.stored)
	s.mu.Lock()
	if s.next == g {
		s.next = nil // whoever comes now is in the next group
	}
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	g.err = s.store(ctx, g.messages...)
}

// store keeps pushed messages, each once.
func (s *Service) store(ctx context.Context, messages ...[]byte) error {
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		for _, message := range messages {
			sum := sha256.Sum256(message)
			_, err := tx.CreatePushEvent(ctx, &model.PushEvent{
				Digest: hex.EncodeToString(sum[:]), Message: message, State: model.PushWaiting, NextAt: tx.Now(), ReceivedAt: tx.Now(),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// storeWaiting stores what came while the database was away. A message that the
// database does not take though it is there lets the others pass; after some
// tries its beginning is kept as one that failed.
func (s *Service) storeWaiting(ctx context.Context) error {
	s.mu.Lock()
	list := slices.Clone(s.waiting)
	s.mu.Unlock()
	var errs error
	for _, w := range list {
		now := s.db.Now()
		if now.Before(w.next) {
			continue
		}
		err := s.store(ctx, w.message)
		if away(ctx, err) {
			return errors.Join(errs, err)
		}
		if err != nil {
			w.tries++
			w.next = now.Add(again(w.tries))
			errs = errors.Join(errs, fmt.Errorf("a pushed message cannot be stored: %w", err))
			if w.tries < tries || s.storeFailed(ctx, w.message) != nil {
				continue
			}
		}
		s.mu.Lock()
		s.waiting = slices.DeleteFunc(s.waiting, func(o *waiting) bool { return o == w })
		s.mu.Unlock()
	}
	return errs
}

// storeFailed keeps the beginning of a message that cannot be stored, for a
// person to see. It is not applied.
func (s *Service) storeFailed(ctx context.Context, message []byte) error {
	sum := sha256.Sum256(message)
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		_, err := tx.CreatePushEvent(ctx, &model.PushEvent{
			Digest: hex.EncodeToString(sum[:]), Message: append([]byte{}, message[:min(len(message), 1024)]...), State: model.PushFailed, Attempts: tries,
			NextAt: tx.Now().AddDate(100, 0, 0), ReceivedAt: tx.Now(),
		})
		return err
	})
}

// away tells whether an error is an outage, or the end of the program, and says
// nothing of what was to be written.
func away(ctx context.Context, err error) bool {
	return err != nil && (ctx.Err() != nil || model.KindOf(err) == model.Unavailable)
}

// How pushed messages are worked.
const (
	batch     = 100
	pollEvery = 5 * time.Second
	// storeWithin bounds the storing of a group: the platform waits five seconds.
	storeWithin = 4 * time.Second
	// An event about a message may come before we wrote down its id, which takes a
	// moment in a burst, or before we knew that its answer was lost.
	retryAfter = time.Second
	patience   = 24 * time.Hour
	// silence is how long WeChat may take to tell of a delivery.
	silence = 30 * time.Minute
	// tries is how often a message that cannot be applied or stored is tried before
	// it is set aside; then it is tried once a day.
	tries      = 5
	oncePerDay = 24 * time.Hour
	// askAgain is when WeChat is asked again who a follower is after it failed.
	askAgain = 10 * time.Minute
)

// again is when an event about an unknown message is looked at next.
func again(attempts int) time.Duration { return min(retryAfter<<min(attempts-1, 9), 5*time.Minute) }

// Run applies pushed messages until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	retry := time.NewTicker(retryAfter)
	defer retry.Stop()
	for work := s.Drain; ; {
		if err := work(ctx); err != nil && ctx.Err() == nil {
			s.cfg.Logger.ErrorContext(ctx, "pushed messages", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
			work = s.applyDue // what silence means can wait for the next poll
		case <-retry.C:
			work = s.applyDue
		case <-poll.C:
			work = s.Drain
		}
	}
}

// Drain applies what is due now, and looks at what nothing was heard of.
func (s *Service) Drain(ctx context.Context) error {
	errs := errors.Join(s.storeWaiting(ctx), s.applyDue(ctx), s.ask(ctx))
	if away(ctx, errs) || !s.cfg.Resend {
		return errs
	}
	var n int64
	err := s.db.Transact(ctx, func(tx *storage.DB) (err error) {
		n, err = tx.RequeueSilent(ctx, silence)
		return err
	})
	if n > 0 {
		s.cfg.Outbox.Wake()
	}
	return errors.Join(errs, err)
}

// applyDue applies what is due, many in one transaction. When that fails they are
// applied one by one: what cannot be applied keeps no other.
func (s *Service) applyDue(ctx context.Context) error {
	for {
		n := 0
		err := s.db.Transact(ctx, func(tx *storage.DB) error {
			due, err := tx.DuePushEvents(ctx, batch)
			n = len(due)
			for i := range due {
				if err == nil {
					err = s.apply(ctx, tx, &due[i])
				}
			}
			return err
		})
		switch {
		case away(ctx, err):
			return err
		case err != nil:
			return s.applyEach(ctx)
		case n < batch:
			return nil
		}
	}
}

func (s *Service) applyEach(ctx context.Context) error {
	_, err := s.db.Pass(ctx, "pushed message", batch,
		func(n int) ([]int64, error) { return s.db.DuePushIDs(ctx, n) },
		func(tx *storage.DB, id int64) error {
			e, err := tx.LockPushEvent(ctx, id)
			if err != nil || e == nil {
				return err
			}
			if err = s.apply(ctx, tx, e); err == nil || away(ctx, err) {
				return err
			}
			return &applyError{id, err}
		}, s.setAside)
	return err
}

// applyError is a pushed message that could not be applied.
type applyError struct {
	event int64
	cause error
}

func (e *applyError) Error() string { return e.cause.Error() }

func (e *applyError) Unwrap() error { return e.cause }

// setAside notes that a message could not be applied.
func (s *Service) setAside(ctx context.Context, tx *storage.DB, err error) error {
	failure, ok := errors.AsType[*applyError](err)
	if !ok {
		return nil
	}
	e, err := tx.LockPushEvent(ctx, failure.event)
	if err != nil || e == nil { // another worker applied it meanwhile, or is at it
		return err
	}
	e.Attempts++
	e.NextAt = tx.Now().Add(again(e.Attempts))
	if e.State == model.PushFailed || e.Attempts >= tries {
		e.State, e.NextAt = model.PushFailed, tx.Now().Add(oncePerDay)
	}
	return tx.UpdatePushEvent(ctx, e)
}

// ask asks WeChat who the new followers are, a few at a time, outside any
// transaction.
func (s *Service) ask(ctx context.Context) error {
	if s.cfg.Followers == nil {
		return nil
	}
	list, err := s.db.FollowersToAsk(ctx, batch)
	if err != nil {
		return err
	}
	var errs error
	for _, openID := range list {
		union, follows, err := s.cfg.Followers.Follower(ctx, openID)
		var again *time.Time
		if err != nil {
			s.cfg.Logger.WarnContext(ctx, "follower", "error", err.Error())
			later := s.db.Now().Add(askAgain)
			union, follows, again = "", true, &later
		}
		err = s.db.Transact(ctx, func(tx *storage.DB) error { return tx.SetFollower(ctx, openID, union, follows, again) })
		if away(ctx, err) {
			return errors.Join(errs, err)
		}
		errs = errors.Join(errs, err)
	}
	return errs
}

func (s *Service) apply(ctx context.Context, tx *storage.DB, e *model.PushEvent) error {
	now := tx.Now()
	e.Attempts++
	lines, err := s.cfg.Pushes.Read(e.Message)
	switch {
	case err != nil:
		s.cfg.Logger.WarnContext(ctx, "a pushed message cannot be read", "id", e.ID, "error", err.Error())
		e.State = model.PushUnknown
	case len(lines) == 0:
		e.State = model.PushIgnored
	default:
		e.State = model.PushApplied
	}
	for i, line := range lines {
		if line.Source != "" {
			_, err := tx.CreateSubscriptionEntry(ctx, &model.SubscriptionEntry{
				OpenID: line.OpenID, TemplateID: line.TemplateID, Source: line.Source, Accepted: line.Accepted, At: line.At,
				EventKey: fmt.Sprintf("%s:%d", e.Digest, i),
			})
			if err != nil {
				return err
			}
			continue
		}
		if line.Follow != model.NoFollow {
			if err := tx.SetFollowing(ctx, line.OpenID, line.Follow == model.Followed, line.At); err != nil {
				return err
			}
			continue
		}
		known, err := s.tell(ctx, tx, line)
		switch {
		case err != nil:
			return err
		case !known && now.Sub(e.ReceivedAt) < patience:
			e.State = model.PushWaiting
		case !known && e.State != model.PushWaiting:
			e.State = model.PushUnknown
		}
	}
	if e.State == model.PushWaiting {
		e.NextAt = now.Add(again(e.Attempts))
	} else {
		e.AppliedAt = &now
	}
	return tx.UpdatePushEvent(ctx, e)
}

// tell applies what WeChat says of a picture or of a message, and tells whether
// there is such a one.
func (s *Service) tell(ctx context.Context, tx *storage.DB, line model.PushedLine) (known bool, err error) {
	if line.Picture != nil {
		return s.cfg.Pictures.PictureVerdict(ctx, tx, *line.Picture)
	}
	report := storage.Report{Channel: line.Channel, MessageID: line.MessageID, At: line.At, Failure: line.Failure}
	got, err := tx.MarkDelivered(ctx, report)
	if err == nil && !got.Known && line.Channel == model.ChannelWeChat {
		got, err = tx.ReconcileUnknown(ctx, s.cfg.AppID, line.OpenID, line.TemplateID, report)
	}
	if err == nil && got.Counted {
		tx.OnCommit(func() { s.cfg.Outbox.Reported(got, line.At, line.Failure != "") })
	}
	return got.Known, err
}

// Answers are a user's answers by template id, as wx.requestSubscribeMessage
// gives them: accept, reject, ban, filter, and words that are not documented.
type Answers map[string]string

// answerPattern is the form of an answer; the list of them is WeChat's and open.
var answerPattern = regexp.MustCompile(`^[A-Za-z]{1,40}$`)

// understood are the answers that say something about a template of the court. What
// WeChat says besides (a template that was taken out of use, a word to come) is left
// out one by one: it must not cost the user his other answers.
func (s *Service) understood(answers Answers) Answers {
	known := map[string]bool{}
	for _, t := range s.cfg.Templates {
		known[t.ID] = true
	}
	out := Answers{}
	for id, word := range answers {
		a := model.SubscriptionAnswer(word)
		if known[id] && answerPattern.MatchString(word) && (a.Accepts() || a.Refuses() || a == model.AnswerBan || a == model.AnswerFilter) {
			out[id] = word
		}
	}
	return out
}

// Claim records what the phone says the user answered. It can be forged; WeChat's
// own event counts before it. A repeat under the same key changes nothing.
func (s *Service) Claim(ctx context.Context, by model.Actor, answers Answers, key string) error {
	if err := by.Require(model.ActSubscribe); err != nil {
		return err
	}
	if len(answers) == 0 {
		return model.InvalidField("answers", "field.required", "请提交订阅消息的选择结果")
	}
	answers = s.understood(answers)
	return s.db.Once(ctx, by, func(tx *storage.DB) error {
		repeat := false
		for _, id := range slices.Sorted(maps.Keys(answers)) {
			answer := model.SubscriptionAnswer(answers[id])
			created, err := tx.CreateSubscriptionEntry(ctx, &model.SubscriptionEntry{
				OpenID: by.OpenID, TemplateID: id, Source: model.SubscriptionClaim, Accepted: answer.Accepts(), Answer: string(answer), At: tx.Now(),
				EventKey: fmt.Sprintf("%d:%s:%s", by.UserID, key, id),
			})
			if err != nil {
				return err
			}
			repeat = repeat || !created
		}
		if repeat || len(answers) == 0 {
			return nil
		}
		return tx.Audit(by, model.RoleParty, model.AuditEvent{
			Action: model.AuditSubscriptionClaim, Subject: model.ThingUser.Of(by.UserID), After: answers,
		})
	})
}

// Ledger lists what is left of every template of the court for the actor's
// WeChat account, sorted by id.
func (s *Service) Ledger(ctx context.Context, by model.Actor) ([]model.SubscriptionTemplate, error) {
	if err := by.Require(model.ActSubscribe); err != nil {
		return nil, err
	}
	entries, err := s.db.SubscriptionEntries(ctx, by.OpenID)
	if err != nil {
		return nil, err
	}
	uses, err := s.db.SubscriptionUses(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var out []model.SubscriptionTemplate
	for _, t := range s.cfg.Templates {
		if seen[t.ID] {
			continue
		}
		seen[t.ID] = true
		own := slices.DeleteFunc(slices.Clone(entries), func(e model.SubscriptionEntry) bool { return e.TemplateID != t.ID })
		t.Rests = model.Rests(own, s.db.Now())
		t.Left = model.Allowance(t.LongTerm, own,
			slices.DeleteFunc(slices.Clone(uses), func(u model.SubscriptionUse) bool { return u.TemplateID != t.ID }))
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b model.SubscriptionTemplate) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out, nil
}

// Wanted tells which templates the mini-program should ask for at a button: only those
// of what the actor may hear of, as his cases stand.
func (s *Service) Wanted(ctx context.Context, by model.Actor, at model.Moment) (ids []string, longTerm bool, err error) {
	if at.Kinds() == nil {
		return nil, false, model.InvalidField("at", "subscription.moment", "时机应为 login、case、receipt 或 certificate")
	}
	ledger, err := s.Ledger(ctx, by)
	if err != nil {
		return nil, false, err
	}
	standing, err := s.db.StandingOf(ctx, by.UserID)
	if err != nil {
		return nil, false, err
	}
	var list []model.SubscriptionTemplate
	for _, kind := range at.Kinds() {
		if t, ok := s.cfg.Templates[kind]; ok && standing.Hears(kind) {
			i := slices.IndexFunc(ledger, func(o model.SubscriptionTemplate) bool { return o.ID == t.ID })
			list = append(list, ledger[i])
		}
	}
	ids, longTerm = model.Wanted(list)
	return ids, longTerm, nil
}
