package identity_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/identity"
)

// A password opens under another cost of new ones, and an account's row cannot
// name a cost that no setting has.
func TestAPasswordKeepsItsCost(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	m := w.member("zhang.min", "张敏", model.RoleJudge)
	logIn := func() error {
		w.t.Helper()
		w.sql("DELETE FROM attempts")
		_, err := w.svc.LoginStaff(ctx, from("192.0.2.1"), m.login, m.password, w.code(m.secret))
		w.clock.Advance(31 * time.Second)
		return err
	}
	w.svc = identity.New(w.db, identity.Config{AppID: "wxapp", WeChat: platform{}, Now: w.clock.Now, PasswordMemory: 128})
	if err := logIn(); err != nil {
		t.Errorf("after the setting changed: %v", err)
	}
	made, err := w.svc.HashPassword(ctx, "walnut ferry eleven cobalt")
	if err != nil || !strings.HasPrefix(string(made), "argon2id$1$128$2$") {
		t.Errorf("%q %v", made, err)
	}
	for _, cost := range []string{"1$4000000000", "1$131072", "9$64", "1$8", "1$-64"} {
		w.sql("UPDATE staff_accounts SET password_hash = REPLACE(password_hash, 'argon2id$1$64$', 'argon2id$" + cost + "$')")
		w.reason("login.wrong", logIn())
		w.sql("UPDATE staff_accounts SET password_hash = REPLACE(password_hash, 'argon2id$" + cost + "$', 'argon2id$1$64$')")
	}
	if err := logIn(); err != nil {
		t.Errorf("as it was: %v", err)
	}
}
