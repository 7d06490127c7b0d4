package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"microcourt/handler"
	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/storagetest"
)

// losing is a world whose database loses answers to COMMIT when told so.
type losing struct {
	*coerced
	fault *storagetest.Fault
	d     *client
	n     int
}

func newLosing(t *testing.T) *losing {
	t.Helper()
	l := &losing{}
	l.coerced = newCoercedWith(t, 2026, func(w *world) { w.db, l.fault = storagetest.OpenFaulty(t, w.clock.Now) })
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
		"message of a party": func(l *losing) (func() answer, func(answer)) {
			f := l.boundCase()
			return l.tells(l.d, fmt.Sprintf("/cases/%d/messages", f.id), l.d.uploaded(f.id, l.seed()), l.judge)
		},
		"answer of the court": func(l *losing) (func() answer, func(answer)) {
			f := l.boundCase()
			c := l.d.say(f, "何时开庭？")
			return l.tells(l.judge, fmt.Sprintf("/conversations/%d/messages", c.id("conversation_id")), l.judge.uploaded(f.id, l.seed()), l.d)
		},
		"message of a relative": func(l *losing) (func() answer, func(answer)) {
			wife, link := l.relative("admitted")
			m := l.matter(wife, link)
			return l.tells(wife, fmt.Sprintf("/conversations/%d/messages", m.id("conversation_id")), wife.uploaded(m.id("case_id"), l.seed()), l.officer)
		},
		"conversation for the file": func(l *losing) (func() answer, func(answer)) {
			f, key := l.boundCase(), freshKey()
			path := fmt.Sprintf("/conversations/%d/export", l.d.say(f, "何时开庭？").id("conversation_id"))
			return func() answer { return l.judge.callKey(http.MethodPost, path, nil, key) },
				func(a answer) { l.opens(l.judge, fmt.Sprintf("/documents/%d/pdf", a.json.id("id"))) }
		},
		"receipt of a relative": func(l *losing) (func() answer, func(answer)) {
			wife, link := l.relative("admitted")
			file := wife.uploaded(l.matter(wife, link).id("case_id"), l.seed())
			in := obj{"amount_fen": 1000, "paid_on": "2026-03-06", "proof_kind": "bank_receipt", "file_ids": []int64{file}}
			return l.attaches(wife, mine(link, "receipts"), in, file, l.officer)
		},
		"petition of a relative": func(l *losing) (func() answer, func(answer)) {
			wife, link := l.relative("admitted")
			file := wife.uploaded(l.matter(wife, link).id("case_id"), l.seed())
			return l.attaches(wife, mine(link, "petitions"), obj{"kind": "remorse", "file_id": file}, file, l.officer)
		},
		"report of an agency": func(l *losing) (func() answer, func(answer)) {
			agency, manager := l.agency(l.court, "SCJ"), l.staff(fmt.Sprintf("list.%d", l.seed()), model.RoleListManager)
			desk := l.of("SCJ", fmt.Sprintf("scjg.%d", l.seed()))
			manager.must(http.StatusCreated, post, "/duties", obj{
				"agency_id": agency.ID, "code": fmt.Sprintf("ZZ-%d", l.seed()), "kind": "sanction", "requirement": "限制登记", "recurrence": "once", "due_on": "2026-05-01",
			})
			own, file := tasks(desk, ""), desk.uploaded(0, l.seed())
			return l.attaches(desk, fmt.Sprintf("/agency/tasks/%d/reports", own[len(own)-1].id("id")), obj{"text": "已限制", "done_on": "2026-03-06", "file_ids": []int64{file}}, file, manager)
		},
		"answer of an agency": func(l *losing) (func() answer, func(answer)) {
			agency := l.agency(l.court, "GAJ")
			desk, q := l.of("GAJ", fmt.Sprintf("gaj.%d", l.seed())), l.query(agency.ID)
			file := desk.uploaded(0, l.seed())
			return l.attaches(desk, fmt.Sprintf("/agency/queries/%d/answer", q.id("id")), obj{"version": q.id("version"), "note": "没有", "file_ids": []int64{file}}, file, l.officer)
		},
		"recorded answer": func(l *losing) (func() answer, func(answer)) {
			q, file := l.query(0), l.officer.uploaded(l.f.id, l.seed())
			return l.attaches(l.officer, fmt.Sprintf("/asset-queries/%d/answer", q.id("id")), obj{"version": q.id("version"), "answered_on": "2026-03-06", "note": "没有", "file_ids": []int64{file}}, file, l.officer)
		},
		"answer of a liaison": func(l *losing) (func() answer, func(answer)) {
			n := l.seed()
			village := l.clerk.village("甲镇", fmt.Sprintf("%d村", n))
			helper, _ := l.liaison(l.clerk, "联络员", 60, village)
			a := l.officer.must(http.StatusCreated, post, fmt.Sprintf("/enforcement-cases/%d/assistance-requests", l.id), obj{
				"party_id": l.f.debtor, "village_id": village, "kind": "find_person", "detail": "常在村口小店", "due_on": "2026-03-20",
			})
			at := fmt.Sprintf("/my/assistance-requests/%d/", a.id("id"))
			v := helper.must(http.StatusOK, post, at+"accept", obj{"version": 1}).id("version")
			file := helper.uploaded(l.f.id, n)
			return l.attaches(helper, at+"answer", obj{"version": v, "text": "人在外地", "file_ids": []int64{file}}, file, l.officer)
		},
		"service of a measure": func(l *losing) (func() answer, func(answer)) {
			m, file := l.fine(), l.officer.uploaded(l.f.id, l.seed())
			return l.attaches(l.officer, on(m, "service"), obj{"on": "2026-03-06", "how": "本人签收", "file_id": file, "version": m.num("version")}, file, l.officer)
		},
		"lifting of a measure": func(l *losing) (func() answer, func(answer)) {
			m, file := l.fine(), l.officer.uploaded(l.f.id, l.seed())
			return l.attaches(l.officer, on(m, "lift"), obj{"ground": "wrong", "reason": "适用有误", "proof": "内部审批", "file_id": file, "version": m.num("version")}, file, l.officer)
		},
		"decision of a measure": func(l *losing) (func() answer, func(answer)) {
			n := l.seed()
			m := l.propose("fine", "act_text", fmt.Sprintf("行为%d", n), "other_act", "另一行为")
			in := obj{"opinion": "同意", "version": 1}
			return func() answer { return l.leader.call(post, on(m, "decide"), in) }, func(a answer) {
				l.opens(l.officer, fmt.Sprintf("/documents/%d/pdf", a.json.id("document_id")))
			}
		},
		"spending": func(l *losing) (func() answer, func(answer)) {
			list := l.officer.must(http.StatusOK, get, l.at, nil).list("measures")
			var m obj
			for _, k := range list {
				if k.str("kind") == "consumption" {
					m = k
				}
			}
			if m == nil {
				m = l.take("consumption")
			}
			for _, p := range l.debtor.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/spending-permits", l.f.id), nil).list("permits") {
				if p.str("state") == "open" {
					l.officer.must(http.StatusOK, post, fmt.Sprintf("/spending-permits/%d/decide", p.id("id")), obj{"decision": "refused", "reason": "没有凭据", "version": p.num("version")})
				}
			}
			file := l.debtor.uploaded(l.f.id, l.seed())
			return l.attaches(l.debtor, on(m, "spending-permits"), spends("file_ids", []int64{file}), file, l.officer)
		},
		"binding by WeChat's phone": func(l *losing) (func() answer, func(answer)) {
			f := l.file(l.clerk)
			phone := l.phone("13800138000")
			return func() answer { // each time the phone gives a code of WeChat's anew
					return phone.call(post, "/bindings/identity", obj{"name": "李某", "id_number": "11010519491231002X", "phone_code": l.phoneCode(phone), "case_no": f.no})
				}, func(answer) {
					phone.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d", f.id), nil)
				}
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

// lossRows says by which row of the table each route is proved that touches
// something outside the database; what does it by the same step of the program
// as another is proved with that one.
var lossRows = map[string]string{
	"POST /sessions/wechat": "log-in", "POST /bindings/identity": "binding by WeChat's phone", "POST /bindings/real-name/finish": "binding by WeChat's phone",
	"POST /uploads": "upload", "POST /uploads/:id/complete": "completion of a direct upload",
	"GET /files/:id/view": "viewing copy", "GET /files/:id/thumbnail": "viewing copy", "GET /files/:id/tiles/:n": "viewing copy",
	"POST /cases/:id/receipts": "receipt", "POST /my/relatives/:id/receipts": "receipt of a relative",
	"GET /certificates/:id/pdf": "certificate's paper", "POST /cases/:id/documents": "paper", "GET /documents/:id/pdf": "print of a paper",
	"POST /cases/:id/penalty-statements": "paper", "POST /conversations/:id/export": "conversation for the file",
	"POST /cases/:id/messages": "message of a party", "POST /conversations/:id/messages": "answer of the court",
	"POST /my/relatives/:id/petitions": "petition of a relative", "POST /enforcement-cases/:id/petitions": "petition of a relative",
	"POST /asset-queries/:id/answer": "recorded answer", "POST /agency/queries/:id/answer": "answer of an agency", "POST /agency/tasks/:id/reports": "report of an agency",
	"POST /my/assistance-requests/:id/answer": "answer of a liaison", "POST /measures/:id/spending-permits": "spending",
	"POST /measures/:id/service": "service of a measure", "POST /measures/:id/lift": "lifting of a measure",
	// A file that the actor uploaded is kept with the act by the one step keep, or
	// by KeepFile under it.
	"POST /measures/:id/family": "service of a measure", "POST /measures/:id/posters": "service of a measure", "POST /measures/:id/expire": "service of a measure",
	"POST /clean-up-steps/:id/done": "lifting of a measure", "POST /tasks/:id/finish": "service of a measure", "POST /inquiries/:id/answer": "recorded answer",
	"POST /cases/:id/surcharge-reductions": "service of a measure", "POST /cases/:id/repair-applications": "service of a measure",
}

// nothingOutside are routes that only read outside the database, or send a file
// that is read and not kept.
var nothingOutside = []string{
	"POST /sessions/scan/approve", "POST /bindings/real-name/start", "GET /files/:id/original", "POST /imports", "POST /enforcement-imports", "POST /duty-lists",
}

// A new route that touches something outside the database has a row, or says
// which one proves it.
func TestWhateverTouchesTheOutsideIsInTheTable(t *testing.T) {
	t.Parallel()
	table, known := lossTable(), map[string]bool{}
	for _, route := range handler.Outside() {
		known[route] = true
		row, ok := lossRows[route]
		switch {
		case !ok && !slices.Contains(nothingOutside, route):
			t.Errorf("%s touches something outside the database and has no row", route)
		case ok && table[row] == nil:
			t.Errorf("%s: there is no row %q", route, row)
		}
	}
	for route := range lossRows {
		if !known[route] {
			t.Errorf("%s touches nothing any more", route)
		}
	}
	// Whoever puts objects into the store does it for one of the rows, or for the
	// installation itself.
	puts := []string{
		"certificate/paper.go", "paper/paper.go", "performance/stream.go", "performance/upload.go", "performance/views.go", // rows
		"installation/installation.go", "recovery/journal.go", "recovery/restore.go",
	}
	err := fs.WalkDir(os.DirFS("../service"), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		b, err := os.ReadFile("../service/" + name)
		if putObject.Match(b) && !slices.Contains(puts, name) {
			t.Errorf("service/%s puts objects into the store, and no row is about it", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

var putObject = regexp.MustCompile(`(?i)objects\.Put\(`)

// seed is another number each time.
func (l *losing) seed() int { l.n++; return 1600 + l.n }

// attaches sends what a file belongs to; afterwards the file is there, for whoever
// is to see it.
func (l *losing) attaches(by *client, path string, in obj, file int64, reader *client) (func() answer, func(answer)) {
	key := freshKey()
	return func() answer { return by.callKey(http.MethodPost, path, in, key) }, func(answer) { l.opens(reader, fmt.Sprintf("/files/%d/view", file)) }
}

func (l *losing) tells(by *client, path string, picture int64, reader *client) (func() answer, func(answer)) {
	return l.attaches(by, path, obj{"text": "请看图片", "file_ids": []int64{picture}}, picture, reader)
}

// query is a question that was sent, to an agency or on paper.
func (l *losing) query(agency int64) obj {
	l.t.Helper()
	q := l.officer.must(http.StatusCreated, post, fmt.Sprintf("/enforcement-cases/%d/asset-queries", l.id), obj{"party_id": l.f.debtor, "kind": "vehicle", "purpose": "查明车辆", "agency_id": agency})
	return l.officer.must(http.StatusOK, post, fmt.Sprintf("/asset-queries/%d/send", q.id("id")), obj{"version": 1})
}

// fine is a decided fine for an act of its own.
func (l *losing) fine() obj {
	l.t.Helper()
	return l.take("fine", "act_text", fmt.Sprintf("行为%d", l.seed()), "other_act", "另一行为")
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
