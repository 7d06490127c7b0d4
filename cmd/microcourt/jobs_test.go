package main

import (
	"context"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/demo"
)

// Every recurring job runs on the storage as the program opens it, where on
// SQLite only transactions write, and is recorded as having gone well.
func TestEveryJobRunsAndIsRecorded(t *testing.T) {
	a := openTest(t, migrated(t), nil)
	defer func() { _ = a.close() }()
	ctx := context.Background()
	if _, err := demo.Seed(ctx, demo.Installation{DB: a.db, Services: a.svc, WeChat: a.fake, Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	admin := model.Actor{UserID: 1, CourtID: 1, Roles: []model.Role{model.RoleAdmin}}
	jobs := []string{"schedule", "tasks", "messages", "prison_letters", "duties", "certificates", "files", "sessions", "acts"}
	for _, name := range jobs {
		if err := a.svc.Operations.RunJob(ctx, admin, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	runs, err := a.db.JobRuns(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range jobs {
		if r, ok := runs[name]; !ok || r.Failed() || r.SucceededAt == nil {
			t.Errorf("%s is recorded as %+v", name, r)
		}
	}
}
