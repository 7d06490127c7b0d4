package operations

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"microcourt/model"
	"microcourt/storage"
)

// Job is something that the program does again and again. Every process does
// it; each is safe to do twice.
type Job struct {
	Name    string
	Chinese string
	Every   time.Duration
	Later   bool // not at the start
	// CatchUp says that it makes due what its time brings, without sending anything:
	// after an outage it is done before messages leave again.
	CatchUp bool
	Run     func(ctx context.Context) error
}

// job is a Job and what is known of its last run in this process.
type job struct {
	Job

	one      sync.Mutex // one run at a time in this process
	recorded time.Time
	failed   bool
}

// recordEvery spares the database a row's change for each run of a job that
// runs every few seconds and goes well.
const recordEvery = 30 * time.Second

// ownJobs are those that belong to no other area.
func (s *Service) ownJobs() []Job {
	return []Job{
		{Name: "watch", Chinese: "检查系统自身的问题", Every: 10 * time.Minute, Run: s.watch},
		{Name: "tallies", Chinese: "核对各承办法官的案件数", Every: 24 * time.Hour, Later: true, Run: func(ctx context.Context) error {
			wrong, err := s.db.RecountCases(ctx)
			if err == nil && wrong > 0 {
				s.cfg.Logger.WarnContext(ctx, "tallies of cases were wrong", "lines", wrong)
			}
			return err
		}},
		{Name: "sessions", Chinese: "清理过期的登录", Every: time.Hour, Later: true, Run: func(ctx context.Context) error {
			return s.db.Transact(ctx, func(tx *storage.DB) error { return tx.SweepSessions(ctx) })
		}},
		{Name: "acts", Chinese: "清理用于识别重复提交的旧记录", Every: 24 * time.Hour, Run: func(ctx context.Context) error {
			return s.db.Transact(ctx, func(tx *storage.DB) error { return tx.SweepActs(ctx) })
		}},
	}
}

// CatchUp does what became due while the database was away.
func (s *Service) CatchUp(ctx context.Context) error {
	var errs error
	for _, j := range s.jobs {
		if j.CatchUp {
			errs = errors.Join(errs, s.runJob(ctx, j))
		}
	}
	return errs
}

// Run does every job at its times until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, j := range s.jobs {
		g.Go(func() error {
			t := time.NewTicker(j.Every)
			defer t.Stop()
			for first := true; ; first = false {
				if !first || !j.Later {
					_ = s.runJob(ctx, j) // it is logged and recorded
				}
				select {
				case <-ctx.Done():
					return nil
				case <-t.C:
				}
			}
		})
	}
	return g.Wait()
}

// runJob does a job once and records how it went.
func (s *Service) runJob(ctx context.Context, j *job) error {
	j.one.Lock()
	defer j.one.Unlock()
	r := model.JobRun{Name: j.Name, StartedAt: s.db.Now()}
	err := j.Run(ctx)
	if ctx.Err() != nil {
		return ctx.Err() // the program stops, or who asked went away
	}
	if err != nil {
		r.Problem = "内部错误，详情见系统日志"
		if e := (*model.Error)(nil); errors.As(err, &e) && e.Message != "" {
			r.Problem = e.Message
		}
		s.cfg.Logger.ErrorContext(ctx, "job", "name", j.Name, "error", err.Error())
	}
	r.EndedAt = s.db.Now()
	r.NextAt = r.EndedAt.Add(j.Every)
	if err == nil && !j.failed && r.EndedAt.Sub(j.recorded) < recordEvery && !r.EndedAt.Before(j.recorded) {
		return nil
	}
	// In a transaction: on SQLite only those write.
	if again := s.db.Transact(ctx, func(tx *storage.DB) error { return tx.RecordJob(ctx, r) }); again != nil {
		s.cfg.Logger.ErrorContext(ctx, "job", "name", j.Name, "error", again.Error())
		return errors.Join(err, again)
	}
	j.recorded, j.failed = r.EndedAt, err != nil
	return err
}

// JobHealth is a job and how it went the last time.
type JobHealth struct {
	model.JobRun
	Chinese string
	Every   time.Duration
	Ran     bool // at least once
}

// jobHealth lists every job, those that failed first.
func (s *Service) jobHealth(ctx context.Context) ([]JobHealth, error) {
	runs, err := s.db.JobRuns(ctx)
	if err != nil {
		return nil, err
	}
	var failed, well []JobHealth
	for _, j := range s.jobs {
		r, ran := runs[j.Name]
		r.Name = j.Name
		h := JobHealth{JobRun: r, Chinese: j.Chinese, Every: j.Every, Ran: ran}
		if r.Failed() {
			failed = append(failed, h)
		} else {
			well = append(well, h)
		}
	}
	return append(failed, well...), nil
}

// RunJob does a job now, because somebody asked for it.
func (s *Service) RunJob(ctx context.Context, by model.Actor, name string) error {
	if err := by.Require(model.ActOperations); err != nil {
		return err
	}
	for _, j := range s.jobs {
		if j.Name != name {
			continue
		}
		failure := s.runJob(ctx, j)
		outcome := map[string]bool{"succeeded": failure == nil}
		err := s.db.AuditLook(ctx, by, by.RoleFor(model.ActOperations), model.AuditEvent{
			CourtID: by.CourtID, Action: model.AuditJobRun, Subject: model.ThingJob.Of(0), Detail: j.Chinese, After: outcome,
		})
		if failure != nil {
			err = errors.Join(model.E(model.Conflict, "job.failed", "已重新运行，但没有成功：请查看下表中的原因").WithCause(failure), err)
		}
		if err != nil {
			return fmt.Errorf("run job %s: %w", name, err)
		}
		return nil
	}
	return model.E(model.NotFound, "job.not_found", "没有找到，或您无权查看")
}
