package service

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"microcourt/model"
	"microcourt/service/document"
	"microcourt/service/performance"
	"microcourt/storage"
)

// job is something that the program does again and again. Every process does
// it; each is safe to do twice.
type job struct {
	name    string
	chinese string
	every   time.Duration
	later   bool // not at the start
	run     func(ctx context.Context) error

	one      sync.Mutex // one run at a time in this process
	recorded time.Time
	failed   bool
}

// recordEvery spares the database a row's change for each run of a job that
// runs every few seconds and goes well.
const recordEvery = 30 * time.Second

func (s *Services) makeJobs() []*job {
	return []*job{
		{name: "schedule", chinese: "排定并发出到期的提醒和催告", every: 2 * time.Second, run: s.Schedule.Pass},
		{name: "imports", chinese: "通知已放行的导入案件的当事人", every: 5 * time.Second, run: s.Filing.Pass},
		{name: "tasks", chinese: "通知超期的办理事项，处理到期的措施和和解款项", every: 30 * time.Second, run: s.Enforcement.Pass},
		{name: "messages", chinese: "通知超过答复期限的留言，终止过时的回电预约，送检图片", every: 20 * time.Second, run: s.Conversation.Pass},
		{name: "prison_letters", chinese: "提醒即将到期的财产刑公函", every: time.Hour, run: s.Penalty.Pass},
		{name: "duties", chinese: "为责任单位生成到期事项并提醒", every: 10 * time.Minute, run: s.Agency.Pass},
		{name: "certificates", chinese: "打印并保存自动履行证明书", every: 30 * time.Second, run: s.Certificate.Pass},
		{name: "files", chinese: "清理不属于任何案件的上传文件", every: time.Hour, later: true, run: func(ctx context.Context) error {
			rep, err := s.Performance.Sweep(ctx)
			if err == nil && rep != (performance.SweepReport{}) {
				s.log.InfoContext(ctx, "sweep", "orphans", rep.Orphans, "expired", rep.Expired, "strays_listed", rep.Strays, "strays_ended", rep.Ended)
			}
			return err
		}},
		{name: "endings", chinese: "检查证书、放假安排和微信模板是否将到期", every: 6 * time.Hour, run: s.Expiry.Pass},
		{name: "watch", chinese: "检查系统自身的问题", every: 10 * time.Minute, run: s.watch},
		{name: "tallies", chinese: "核对各承办法官的案件数", every: 24 * time.Hour, later: true, run: func(ctx context.Context) error {
			wrong, err := s.db.RecountCases(ctx)
			if err == nil && wrong > 0 {
				s.log.WarnContext(ctx, "tallies of cases were wrong", "lines", wrong)
			}
			return err
		}},
		{name: "sessions", chinese: "清理过期的登录", every: time.Hour, later: true, run: func(ctx context.Context) error {
			return s.db.Transact(ctx, func(tx *storage.DB) error { return tx.SweepSessions(ctx) })
		}},
		{name: "acts", chinese: "清理用于识别重复提交的旧记录", every: 24 * time.Hour, run: func(ctx context.Context) error {
			return s.db.Transact(ctx, func(tx *storage.DB) error { return tx.SweepActs(ctx) })
		}},
	}
}

// readPaper reads the number of a signed paper.
func readPaper(pdf []byte) (number, checkCode string, err error) {
	v, err := document.Verify(pdf)
	if err != nil {
		return "", "", err
	}
	return v.Number, v.CheckCode, nil
}

// catchUp does what became due while the database was away.
func (s *Services) catchUp(ctx context.Context) error {
	var errs error
	for _, j := range s.jobs {
		switch j.name {
		case "schedule", "tasks", "messages", "prison_letters", "duties":
			errs = errors.Join(errs, s.runJob(ctx, j))
		}
	}
	return errs
}

// runJobs does every job at its times until ctx ends.
func (s *Services) runJobs(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, j := range s.jobs {
		g.Go(func() error {
			t := time.NewTicker(j.every)
			defer t.Stop()
			for first := true; ; first = false {
				if !first || !j.later {
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
func (s *Services) runJob(ctx context.Context, j *job) error {
	j.one.Lock()
	defer j.one.Unlock()
	r := model.JobRun{Name: j.name, StartedAt: s.db.Now()}
	err := j.run(ctx)
	if ctx.Err() != nil {
		return ctx.Err() // the program stops, or who asked went away
	}
	if err != nil {
		r.Problem = "内部错误，详情见系统日志"
		if e := (*model.Error)(nil); errors.As(err, &e) && e.Message != "" {
			r.Problem = e.Message
		}
		s.log.ErrorContext(ctx, "job", "name", j.name, "error", err.Error())
	}
	r.EndedAt = s.db.Now()
	r.NextAt = r.EndedAt.Add(j.every)
	if err == nil && !j.failed && r.EndedAt.Sub(j.recorded) < recordEvery && !r.EndedAt.Before(j.recorded) {
		return nil
	}
	// In a transaction: on SQLite only those write.
	if again := s.db.Transact(ctx, func(tx *storage.DB) error { return tx.RecordJob(ctx, r) }); again != nil {
		s.log.ErrorContext(ctx, "job", "name", j.name, "error", again.Error())
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
func (s *Services) jobHealth(ctx context.Context) ([]JobHealth, error) {
	runs, err := s.db.JobRuns(ctx)
	if err != nil {
		return nil, err
	}
	var failed, well []JobHealth
	for _, j := range s.jobs {
		r, ran := runs[j.name]
		r.Name = j.name
		h := JobHealth{JobRun: r, Chinese: j.chinese, Every: j.every, Ran: ran}
		if r.Failed() {
			failed = append(failed, h)
		} else {
			well = append(well, h)
		}
	}
	return append(failed, well...), nil
}

// RunJob does a job now, because somebody asked for it.
func (s *Services) RunJob(ctx context.Context, by model.Actor, name string) error {
	if err := by.Require(model.ActOperations); err != nil {
		return err
	}
	for _, j := range s.jobs {
		if j.name != name {
			continue
		}
		failure := s.runJob(ctx, j)
		outcome := map[string]bool{"succeeded": failure == nil}
		err := s.db.AuditLook(ctx, by, by.RoleFor(model.ActOperations), model.AuditEvent{
			CourtID: by.CourtID, Action: "job.run", Subject: "job:" + j.chinese, After: outcome,
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
