package identity_test

import (
	"context"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/storage/storagetest"
)

// sql runs statements as somebody who can write to the database and has no key.
func (w *world) sql(statements ...string) {
	w.t.Helper()
	db := storagetest.Raw(w.t, w.cfg.DSN)
	defer func() { _ = db.Close() }()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			w.t.Fatal(err)
		}
	}
}

// Who can write to the database makes no way into another's account: neither
// by exchanging what two accounts keep of their passwords, nor by one of his
// own that he made without the key.
func TestAPasswordMovedToAnotherAccountOpensNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	a := w.member("zhang.min", "张敏", model.RoleJudge)
	b := w.member("li.qiang", "李强", model.RoleJudge)
	const other = "walnut ferry eleven cobalt"
	if err := w.svc.ChangePassword(ctx, w.as(w.in(b, from("192.0.2.1"))), ownPassword, other, ""); err != nil {
		t.Fatal(err)
	}
	b.password = other
	tries := func(m *member, password string) error {
		w.t.Helper()
		w.sql("DELETE FROM attempts")
		_, err := w.svc.LoginStaff(ctx, from("192.0.2.1"), m.login, password, w.code(m.secret))
		w.clock.Advance(31 * time.Second)
		return err
	}
	if err := tries(a, a.password); err != nil {
		t.Fatal(err)
	}
	// Exchanged, so that each has the password of the other.
	w.sql("CREATE TABLE kept AS SELECT user_id, password_hash FROM staff_accounts",
		"UPDATE staff_accounts SET password_hash = (SELECT k.password_hash FROM kept k WHERE k.user_id <> staff_accounts.user_id)")
	for name, err := range map[string]error{
		"the first with the other's password":  tries(a, b.password),
		"the second with the other's password": tries(b, a.password),
		"the first with his own":               tries(a, a.password),
		"the second with his own":              tries(b, b.password),
	} {
		if model.ReasonOf(err) != "login.wrong" {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Made by the same function, without the key.
	made, err := w.svc.HashPassword(ctx, "a password that he knows")
	if err != nil {
		t.Fatal(err)
	}
	w.sql("UPDATE staff_accounts SET password_hash = '" + string(made) + "'")
	w.reason("login.wrong", tries(a, "a password that he knows"))
	// Everything that was refused was refused for the password.
	w.sql("UPDATE staff_accounts SET password_hash = (SELECT k.password_hash FROM kept k WHERE k.user_id = staff_accounts.user_id)", "DROP TABLE kept")
	for _, m := range []*member{a, b} {
		if err := tries(m, m.password); err != nil {
			t.Errorf("%s with his own again: %v", m.login, err)
		}
	}
	// Nor does his second factor serve another: it does not even open there.
	w.sql("CREATE TABLE kept AS SELECT user_id, totp_secret FROM staff_accounts",
		"UPDATE staff_accounts SET totp_secret = (SELECT k.totp_secret FROM kept k WHERE k.user_id <> staff_accounts.user_id)", "DROP TABLE kept")
	a.secret, b.secret = b.secret, a.secret
	for _, m := range []*member{a, b} {
		if err := tries(m, m.password); err == nil {
			t.Errorf("%s logged in with the second factor of another", m.login)
		}
	}
}
