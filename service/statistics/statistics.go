// Package statistics counts: the court's state today for its leaders, and what
// waits for one staff member. Every figure is counted from rows that open as a
// list.
package statistics

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the area.
type Service struct{ db *storage.DB }

// New makes the service.
func New(db *storage.DB) *Service { return &Service{db} }

// Overview is the court's state today.
type Overview struct {
	Today model.Date
	// Stages counts the cases by performance, Enforced those of them with an
	// enforcement case.
	Stages   map[model.Performance]int64
	Enforced int64
	Overdue  int64
	// Judges is what each judge's cases look like, the most overdue first.
	Judges []model.JudgeLoad
	// Valid and Revoked count this year's certificates.
	Valid, Revoked int64
	// Waiting counts receipts that no judge decided yet, Late those that wait
	// longer than lateDays.
	Waiting, Late int64
	// Tardy are the conversations that the court did not answer in time, the
	// oldest first, up to tardyLines; LateMessages is how many there are.
	Tardy        []model.WaitingConversation
	LateMessages int64
}

const tardyLines = 20

// LateDays is after how many days an undecided receipt stands out.
const LateDays = 5

// Overview counts the court's state today, for its leaders.
func (s *Service) Overview(ctx context.Context, by model.Actor) (*Overview, error) {
	if err := by.Require(model.ActOverview); err != nil {
		return nil, err
	}
	now := s.db.Now()
	o := &Overview{Today: model.DateOf(now), Stages: map[model.Performance]int64{}}
	var receipts map[int64]storage.Waiting
	var c counts
	c.add(true, func(ctx context.Context) (err error) {
		o.Judges, err = s.db.JudgeLoads(ctx, by.CourtID, o.Today)
		return err
	})
	c.add(true, func(ctx context.Context) (err error) {
		o.Valid, o.Revoked, err = s.db.CertificateCounts(ctx, by.CourtID, o.Today.Year)
		return err
	})
	c.add(true, func(ctx context.Context) (err error) {
		receipts, err = s.db.WaitingByJudge(ctx, by.CourtID, model.Owner{}, now.AddDate(0, 0, -LateDays))
		return err
	})
	c.add(true, func(ctx context.Context) (err error) {
		if _, o.LateMessages, err = s.db.WaitingMessages(ctx, by.CourtID, 0, o.Today); err == nil && o.LateMessages > 0 {
			o.Tardy, err = s.tardy(ctx, by, o.Today)
		}
		return err
	})
	if err := c.run(ctx); err != nil {
		return nil, fmt.Errorf("overview: %w", err)
	}
	for i := range o.Judges {
		j := &o.Judges[i]
		o.Overdue += j.Overdue
		o.Enforced += j.Enforced
		for stage, n := range j.Stages {
			o.Stages[stage] += n
		}
		j.Late = receipts[j.JudgeID].Late
	}
	for _, w := range receipts {
		o.Waiting, o.Late = o.Waiting+w.N, o.Late+w.Late
	}
	return o, nil
}

// counts are figures that do not hang on each other: several are asked for at
// once, so that a page waits for the slowest instead of for all.
type counts []func(context.Context) error

// atOnce is how many connections one page takes at the most.
const atOnce = 4

func (c *counts) add(wanted bool, count func(context.Context) error) {
	if wanted {
		*c = append(*c, count)
	}
}

func (c *counts) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for _, count := range *c {
		g.Go(func() error { return count(ctx) })
	}
	return g.Wait()
}

// tardy is what the court did not answer in time, the oldest first, and whose
// matter it is.
func (s *Service) tardy(ctx context.Context, by model.Actor, today model.Date) ([]model.WaitingConversation, error) {
	list, err := s.db.WaitingConversations(ctx, by.CourtID, 0, model.WaitingFilter{LateOn: today, Limit: tardyLines})
	return slices.DeleteFunc(list, func(w model.WaitingConversation) bool { return !w.AnswerBy.Before(today) }), err
}

// Desk is what waits for one staff member now. Counts stop at Ceiling.
type Desk struct {
	Receipts, Late int64
	// Urges says that he looks after voluntary performance, so that the next two
	// are counted.
	Urges        bool
	Applications int64
	Overdue      int64 // his cases, or the court's for whoever sees them all
	Papers       int64
	Unreached    int64 // parties to whom something was to be told and nobody was
	Failed       int64 // messages that reached nobody
	// Unfiled counts what is not in the electronic files of his cases, UnfiledFailed
	// what somebody has to look at of it.
	Unfiled, UnfiledFailed int64
	// Ready counts the certificates that could be issued, Accounts the accounts of
	// creditors that wait for a judge.
	Ready, Accounts int64
	// Tasks counts what is due today and not late, LateTasks what is late.
	Tasks, LateTasks int64
	// Messages counts the conversations in which the court is to answer, Unanswered
	// those of them whose clock ran out.
	Messages, Unanswered int64
	// Decisions counts the measures and liftings that wait for the leaders'
	// signature, Releases the release reviews.
	Decisions, Releases int64
	// Duties counts the tasks of the agencies, an agency's own for itself; Queries
	// what an agency is to answer.
	Duties  storage.DutyTaskCounts
	Queries int64
	// Tardy are the oldest of the unanswered ones, for whoever leads.
	Tardy []model.WaitingConversation
}

// Ceiling is the highest number that Desk counts to.
const Ceiling = storage.CountCeiling

// Desk counts what waits for the actor.
func (s *Service) Desk(ctx context.Context, by model.Actor) (*Desk, error) {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return nil, err
	}
	d := &Desk{}
	now, own := s.db.Now(), by.Owner()
	today, tomorrow := model.DateOf(now), model.DateOf(now).AddDays(1).Start()
	d.Urges = by.May(model.ActReceiptQueue) && (own.JudgeID != 0 || own.OfficerID == 0)
	tasks := func(into *int64, from, before time.Time) func(context.Context) error {
		return func(ctx context.Context) (err error) {
			*into, err = s.db.CountTasks(ctx, by.CourtID, model.TaskFilter{OwnerID: by.TaskOwner(), State: model.TaskOpen, DueFrom: from, DueBefore: before})
			return err
		}
	}
	var c counts
	c.add(by.May(model.ActReceiptQueue), func(ctx context.Context) (err error) {
		d.Receipts, d.Late, err = s.db.WaitingReceipts(ctx, by.CourtID, own, now.AddDate(0, 0, -LateDays))
		return err
	})
	c.add(d.Urges, func(ctx context.Context) (err error) {
		d.Applications, err = s.db.OpenApplications(ctx, by.CourtID, own.JudgeID)
		return err
	})
	c.add(d.Urges, func(ctx context.Context) (err error) {
		d.Overdue, err = s.db.OverdueCases(ctx, by.CourtID, own.JudgeID, today)
		return err
	})
	c.add(by.May(model.ActTaskRead), tasks(&d.Tasks, now, tomorrow))
	c.add(by.May(model.ActTaskRead), tasks(&d.LateTasks, time.Time{}, now))
	c.add(by.May(model.ActMessageQueue), func(ctx context.Context) (err error) {
		d.Messages, d.Unanswered, err = s.db.WaitingMessages(ctx, by.CourtID, by.TaskOwner(), today)
		if err == nil && by.Has(model.RoleLeader) && d.Unanswered > 0 {
			d.Tardy, err = s.tardy(ctx, by, today)
		}
		return err
	})
	c.add(by.May(model.ActMeasureApprove), func(ctx context.Context) (err error) {
		d.Decisions, d.Releases, err = s.decisions(ctx, by)
		return err
	})
	c.add(by.May(model.ActDutyRead) || by.May(model.ActAgencyDesk), func(ctx context.Context) (err error) {
		d.Duties, err = s.db.CountDutyTasks(ctx, by, today)
		return err
	})
	c.add(by.May(model.ActAgencyDesk), func(ctx context.Context) (err error) {
		d.Queries, err = s.db.CountAgencyQueries(ctx, by)
		return err
	})
	c.add(by.May(model.ActPaperDo), func(ctx context.Context) (err error) {
		d.Papers, err = s.db.OpenPaperTasks(ctx, by.CourtID)
		return err
	})
	c.add(by.May(model.ActPaperDo), func(ctx context.Context) (err error) {
		d.Unreached, err = s.db.CountUnreached(ctx, by.CourtID, model.UnreachedFilter{})
		return err
	})
	c.add(d.Urges, func(ctx context.Context) (err error) {
		d.Ready, err = s.db.CountReadyCertificates(ctx, by)
		return err
	})
	c.add(by.May(model.ActAccountCall), func(ctx context.Context) (err error) {
		d.Accounts, err = s.db.CountWaitingAccounts(ctx, by)
		return err
	})
	c.add(by.May(model.ActDossierRead), func(ctx context.Context) (err error) {
		d.Unfiled, d.UnfiledFailed, err = s.db.CountUnfiled(ctx, by)
		return err
	})
	c.add(by.May(model.ActDeliveryManage), func(ctx context.Context) (err error) {
		d.Failed, err = s.db.FailedCount(ctx, by.CourtID)
		return err
	})
	if err := c.run(ctx); err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	return d, nil
}

// decisions counts what waits for a leader: the measures that he may decide, as the
// president or for him, and the court's release reviews.
func (s *Service) decisions(ctx context.Context, by model.Actor) (measures, releases int64, err error) {
	signers, err := s.db.Signers(ctx, by.CourtID)
	if err != nil {
		return 0, 0, err
	}
	if measures, err = s.db.WaitingDecisions(ctx, by.CourtID, signers.Kinds(by.UserID)); err != nil {
		return 0, 0, err
	}
	releases, err = s.db.WaitingReleases(ctx, by.CourtID)
	return measures, releases, err
}

// State is the little that a page asks for again and again.
type State struct {
	Receipts  int64 // that wait for a decision
	Messages  int64 // conversations in which the court is to answer
	Decisions int64 // measures that wait for the leaders' signature
	Releases  int64 // release reviews that wait for the leaders
	Relatives int64 // families' requests that wait for a decision
	Mark      string
}

// State counts what waits, and makes a mark that changes when anything new
// came for the actor.
func (s *Service) State(ctx context.Context, by model.Actor) (st State, err error) {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return st, err
	}
	own := by.Owner()
	if by.May(model.ActReceiptQueue) {
		if st.Receipts, _, err = s.db.WaitingReceipts(ctx, by.CourtID, own, s.db.Now()); err != nil {
			return st, fmt.Errorf("state: %w", err)
		}
	}
	if by.May(model.ActMessageQueue) {
		if st.Messages, _, err = s.db.WaitingMessages(ctx, by.CourtID, by.TaskOwner(), model.DateOf(s.db.Now())); err != nil {
			return st, fmt.Errorf("state: %w", err)
		}
	}
	if by.May(model.ActRelativeRead) {
		if st.Relatives, err = s.db.CountRelatives(ctx, by, model.RelativeAsked); err != nil {
			return st, fmt.Errorf("state: %w", err)
		}
	}
	if by.May(model.ActMeasureApprove) {
		if st.Decisions, st.Releases, err = s.decisions(ctx, by); err != nil {
			return st, fmt.Errorf("state: %w", err)
		}
	}
	st.Mark, err = s.Mark(ctx, by)
	return st, err
}

// Mark changes whenever something new came for the actor.
func (s *Service) Mark(ctx context.Context, by model.Actor) (string, error) {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return "", err
	}
	own := by.Owner()
	var receipt, message int64
	var err error
	if by.May(model.ActReceiptQueue) {
		if receipt, err = s.db.LastReceipt(ctx, by.CourtID, own); err != nil {
			return "", fmt.Errorf("state: %w", err)
		}
	}
	if by.May(model.ActMessageQueue) {
		if message, err = s.db.LastMessage(ctx, by.CourtID, by.TaskOwner()); err != nil {
			return "", fmt.Errorf("state: %w", err)
		}
	}
	notice, err := s.db.LastNoticeOf(ctx, by.UserID)
	if err != nil {
		return "", fmt.Errorf("state: %w", err)
	}
	return fmt.Sprintf("%d.%d.%d", receipt, message, notice), nil
}
