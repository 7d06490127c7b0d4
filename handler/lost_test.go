package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/storagetest"
)

// losing is a world whose database loses answers to COMMIT when told so.
type losing struct {
	*world
	fault           *storagetest.Fault
	judge, clerk, d *client
}

func newLosing(t *testing.T) *losing {
	t.Helper()
	l := &losing{}
	l.world = newWorldWith(t, func(w *world) { w.db, l.fault = storagetest.OpenFaulty(t, w.clock.Now) })
	l.judge, l.clerk = l.staff("zhang.min", model.RoleJudge), l.staff("wan.tt", model.RoleClerk)
	l.d = l.phone("")
	return l
}

// boundCase is a fresh case to which the debtor is bound.
func (l *losing) boundCase() filed {
	f := l.file(l.clerk)
	l.d.bind(l.clerk, f.id, f.debtor)
	return f
}

// A request loses the answer to one of its COMMITs, or one COMMIT altogether,
// by a cut connection or by one that stays and is silent; each of them in turn. It succeeds all the same, or says 503 and succeeds when
// it is sent again; what it made can be used, and a further repeat makes nothing
// new. Nothing that belongs to it outside the database was undone.
func TestAWriteSurvivesALostCommit(t *testing.T) {
	t.Parallel()
	for name, row := range lossTable() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLosing(t)
			for _, fate := range []storagetest.Fate{{Unheard: true}, {Dropped: true}, {Unheard: true, Open: true}, {Dropped: true, Open: true}} {
				if fate.Open && l.fault.Proxy == nil {
					continue // a file does not fall silent
				}
				for skip, lost := 0, true; lost; skip++ {
					send, use := row(l)
					before := l.fault.Lost()
					l.fault.Arm(skip, fate)
					a := send()
					l.fault.Disarm()
					lost = l.fault.Lost() > before
					if a.status == http.StatusServiceUnavailable {
						if reason := a.json.reason(); !lost || reason != "commit.uncertain" || a.header.Get("Retry-After") == "" ||
							!strings.Contains(a.json.obj("error").str("message"), "重复提交是安全的") {
							t.Fatalf("COMMIT %d (lost %v): %s", skip, lost, a.body)
						}
						a = send()
					}
					if a.status/100 != 2 {
						t.Fatalf("COMMIT %d (%+v): %d %s", skip, fate, a.status, a.body)
					}
					use(a)
					if again := send(); again.status/100 != 2 || again.json.id("id") != a.json.id("id") {
						t.Fatalf("COMMIT %d (%+v): %d %s, then %d %s", skip, fate, a.status, a.body, again.status, again.body)
					}
					if skip == 0 && !lost {
						t.Fatal("nothing was lost")
					}
				}
			}
		})
	}
}

// lossTable are writes that touch something outside the database. Each makes
// what it needs afresh and gives the request and what to do with its answer.
func lossTable() map[string]func(l *losing) (send func() answer, use func(answer)) {
	return map[string]func(l *losing) (func() answer, func(answer)){
		"upload": func(l *losing) (func() answer, func(answer)) {
			f, key, file := l.boundCase(), freshKey(), picture(7)
			return func() answer { return l.d.upload(f.id, key, file) }, func(a answer) { l.usable(f, a) }
		},
		"streamed upload": func(l *losing) (func() answer, func(answer)) {
			f, key, file := l.boundCase(), freshKey(), bigPicture(100<<10)
			return func() answer {
				return l.d.uploadStated(f.id, key, file, map[string]string{"size": fmt.Sprint(len(file))})
			}, func(a answer) { l.usable(f, a) }
		},
		"completion of a direct upload": func(l *losing) (func() answer, func(answer)) {
			f, file := l.boundCase(), picture(11)
			id := l.quarantined(f, file)
			return func() answer { return l.d.call(http.MethodPost, fmt.Sprintf("/uploads/%d/complete", id), nil) }, func(a answer) { l.usable(f, a) }
		},
		"receipt": func(l *losing) (func() answer, func(answer)) {
			f, key := l.boundCase(), freshKey()
			in := claim(1000, l.d.uploaded(f.id, 8))
			return func() answer { return l.d.callKey(http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.id), in, key) }, func(a answer) {
				if a.json.str("state") != "submitted" || len(l.d.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/receipts", f.id), nil).list("receipts")) != 1 {
					l.t.Errorf("%s", a.body)
				}
			}
		},
		"binding": func(l *losing) (func() answer, func(answer)) {
			f := l.file(l.clerk)
			code := l.clerk.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/parties/%d/binding-codes", f.id, f.debtor), obj{}).str("code")
			return func() answer { return l.d.call(http.MethodPost, "/bindings/code", obj{"code": code}) }, func(a answer) {
				if a.json.id("binding_id") == 0 {
					l.t.Errorf("%s", a.body)
				}
				l.d.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d", f.id), nil)
			}
		},
		"certificate": func(l *losing) (func() answer, func(answer)) {
			f := l.paidCase()
			in := obj{"instrument_id": f.instrument, "party_id": f.debtor}
			return func() answer { return l.judge.call(http.MethodPost, fmt.Sprintf("/cases/%d/certificates", f.id), in) },
				func(a answer) { l.opens(l.d, fmt.Sprintf("/certificates/%d/pdf", a.json.id("id"))) }
		},
		"certificate's paper": func(l *losing) (func() answer, func(answer)) {
			f := l.paidCase()
			c := l.judge.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/certificates", f.id), obj{"instrument_id": f.instrument, "party_id": f.debtor})
			path := fmt.Sprintf("/certificates/%d/pdf", c.id("id"))
			return func() answer { return l.d.call(http.MethodGet, path, nil) }, func(answer) { l.opens(l.judge, path) }
		},
		"paper": func(l *losing) (func() answer, func(answer)) {
			f, key := l.boundCase(), freshKey()
			in := obj{"kind": "creditor_sheet", "party_id": f.creditor, "instrument_id": f.instrument}
			return func() answer {
					return l.judge.callKey(http.MethodPost, fmt.Sprintf("/cases/%d/documents", f.id), in, key)
				},
				func(a answer) { l.opens(l.judge, fmt.Sprintf("/documents/%d/pdf", a.json.id("id"))) }
		},
		"print of a paper": func(l *losing) (func() answer, func(answer)) {
			f := l.boundCase()
			d := l.judge.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/documents", f.id), obj{"kind": "creditor_sheet", "party_id": f.creditor, "instrument_id": f.instrument})
			path := fmt.Sprintf("/documents/%d/pdf", d.id("id"))
			return func() answer { return l.judge.call(http.MethodGet, path, nil) }, func(answer) { l.opens(l.judge, path) }
		},
		"viewing copy": func(l *losing) (func() answer, func(answer)) {
			f := l.boundCase()
			path := fmt.Sprintf("/files/%d/view", l.d.uploaded(f.id, 9))
			return func() answer { return l.d.call(http.MethodGet, path, nil) }, func(answer) { l.opens(l.d, path) }
		},
		"log-in": func(l *losing) (func() answer, func(answer)) {
			phone := l.phone("")
			return func() answer { return phone.logIn() }, func(a answer) {
				phone.auth = "Bearer " + a.json.str("token")
				phone.must(http.StatusOK, http.MethodGet, "/me", nil)
			}
		},
	}
}

// quarantined is what is there after a phone has sent a file by form, straight
// to the object store.
func (l *losing) quarantined(f filed, file []byte) int64 {
	l.t.Helper()
	ctx := context.Background()
	row := &model.File{
		CourtID: l.court.ID, CaseID: f.id, UserID: l.d.userID, UploadKey: freshKey(), State: model.FileQuarantine,
		OriginalKey: "quarantine/" + freshKey(), Name: "回执", MediaType: "image/jpeg", Size: int64(len(file)),
	}
	err := l.db.Transact(ctx, func(tx *storage.DB) error {
		_, err := tx.CreateFile(ctx, row)
		return err
	})
	if err == nil {
		err = l.objects.Put(ctx, row.OriginalKey, bytes.NewReader(file), row.Size, object.PutOptions{ContentType: row.MediaType})
	}
	if err != nil {
		l.t.Fatal(err)
	}
	return row.ID
}

// paidCase is a fresh case whose debt is paid and confirmed.
func (l *losing) paidCase() filed {
	l.t.Helper()
	f := l.boundCase()
	l.judge.confirm(l.d.submit(f, 100000, 10), 100000)
	return f
}

// logIn logs in with a fresh code, as a phone does each time.
func (c *client) logIn() answer {
	c.w.t.Helper()
	code, err := c.w.fake.LoginCode(c.openID)
	if err != nil {
		c.w.t.Fatal(err)
	}
	c.auth = ""
	return c.call(http.MethodPost, "/sessions/wechat", obj{"code": code})
}

func (l *losing) opens(c *client, path string) {
	l.t.Helper()
	if a := c.call(http.MethodGet, path, nil); a.status != http.StatusOK || len(a.body) == 0 {
		l.t.Errorf("%s: %d %s", path, a.status, a.body)
	}
}

// usable opens a file and hands it in.
func (l *losing) usable(f filed, a answer) {
	l.t.Helper()
	file := a.json.id("id")
	for _, variant := range []string{"view", "thumbnail"} {
		if a := l.d.call(http.MethodGet, fmt.Sprintf("/files/%d/%s", file, variant), nil); a.status != http.StatusOK {
			l.t.Fatalf("%s of the file: %d %s", variant, a.status, a.body)
		}
	}
	if a := l.d.call(http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.id), claim(1000, file)); a.status != http.StatusCreated {
		l.t.Fatalf("handed in: %d %s", a.status, a.body)
	}
	if a := l.judge.call(http.MethodGet, fmt.Sprintf("/files/%d/original", file), nil); a.status != http.StatusOK {
		l.t.Fatalf("the original: %d %s", a.status, a.body)
	}
}
