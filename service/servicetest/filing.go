package servicetest

import (
	"context"
	"errors"
	"time"

	"microcourt/model"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage/storagetest"
)

// CaseSystem is the court's case system with a fresh key.
func (w *World) CaseSystem() Person {
	w.T.Helper()
	ctx := context.Background()
	secret, err := w.Svc.Identity.CreateAPIKey(ctx, model.System(), w.Court.ID, "审判系统")
	if err != nil {
		w.T.Fatal(err)
	}
	by, err := w.Svc.Identity.AuthenticateKey(ctx, secret)
	if err != nil {
		w.T.Fatal(err)
	}
	return Person{Actor: by}
}

// SQL runs statements as somebody who can write to the database and has no key.
func (w *World) SQL(statements ...string) {
	w.T.Helper()
	db := storagetest.Raw(w.T, w.DSN)
	defer func() { _ = db.Close() }()
	for _, s := range statements {
		if _, err := db.ExecContext(context.Background(), s); err != nil {
			w.T.Fatal(err)
		}
	}
}

// RefusedAt expects an error with a stable reason that names the field.
func (w *World) RefusedAt(err error, reason, field string) {
	w.T.Helper()
	w.Refused(err, reason)
	if model.FieldOf(err) != field {
		w.T.Errorf("got %v, want it at %q", err, field)
	}
}

// FieldsOf are the fields that an error names.
func FieldsOf(err error) []model.FieldError {
	if e, ok := errors.AsType[*model.Error](err); ok {
		return e.Fields
	}
	return nil
}

// Told are the kinds of the notices in somebody's inbox, the newest first.
func (w *World) Told(p Person) (kinds []model.NoticeKind) {
	w.T.Helper()
	list, _, err := w.Svc.Notice.Inbox(context.Background(), p.Actor, 0, 0, 100)
	if err != nil {
		w.T.Fatal(err)
	}
	for _, n := range list {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

// Until lets time go by, an hour at a time, as the server would live through it.
func (w *World) Until(t time.Time) {
	w.T.Helper()
	for w.Clock.Now().Before(t) {
		w.Clock.Set(w.Clock.Now().Add(time.Hour).Truncate(time.Hour))
		w.Work()
	}
}

// Work does once what the schedule and the outbox do by themselves.
func (w *World) Work() {
	w.T.Helper()
	ctx := context.Background()
	if err := w.Svc.Performance.PlanPass(ctx); err != nil {
		w.T.Fatal(err)
	}
	if err := w.Svc.Schedule.Pass(ctx); err != nil {
		w.T.Fatal(err)
	}
	if err := w.Svc.Notice.Drain(ctx); err != nil {
		w.T.Fatal(err)
	}
}

// At is an hour in the court's time zone in 2026.
func At(month time.Month, day, hour int) time.Time {
	return time.Date(2026, month, day, hour, 0, 0, 0, model.CourtZone)
}

// Due are the cards about due days that a phone shows, as "month-day hour kind".
func (w *World) Due(openID string) (out []string) {
	for _, card := range w.Fake.Inbox(openID) {
		if card.TemplateID == wechattest.TemplateDue {
			out = append(out, card.At.In(model.CourtZone).Format("01-02 15 ")+card.Rows[0].Value)
		}
	}
	return out
}
