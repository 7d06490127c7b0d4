package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/service/paper"

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
	d     *handlertest.Client
	n     int
}

func newLosing(t *testing.T) *losing {
	t.Helper()
	l := &losing{}
	l.coerced = newCoercedWith(t, 2026, func(w *handlertest.World) { w.DB, l.fault = storagetest.OpenFaulty(t, w.Clock.Now) })
	l.d = l.Phone("")
	return l
}

// boundCase is a fresh case to which the debtor is bound.
func (l *losing) boundCase() handlertest.Filed {
	f := l.File(l.clerk)
	l.d.Bind(l.clerk, f.ID, f.Debtor)
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
					if a.Status == http.StatusServiceUnavailable {
						if reason := a.Json.Reason(); !lost || reason != "commit.uncertain" || a.Header.Get("Retry-After") == "" ||
							!strings.Contains(a.Json.Obj("error").Str("message"), "重复提交是安全的") {
							t.Fatalf("COMMIT %d (lost %v): %s", skip, lost, a.Body)
						}
						a = send()
					}
					if a.Status/100 != 2 {
						t.Fatalf("COMMIT %d (%+v): %d %s", skip, fate, a.Status, a.Body)
					}
					use(a)
					if again := send(); again.Status/100 != 2 || again.Json.ID("id") != a.Json.ID("id") {
						t.Fatalf("COMMIT %d (%+v): %d %s, then %d %s", skip, fate, a.Status, a.Body, again.Status, again.Body)
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
func lossTable() map[string]func(l *losing) (send func() handlertest.Answer, use func(handlertest.Answer)) {
	return map[string]func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)){
		"upload": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			f, key, file := l.boundCase(), handlertest.FreshKey(), handlertest.Picture(7)
			return func() handlertest.Answer { return l.d.Upload(f.ID, key, file) }, func(a handlertest.Answer) { l.usable(f, a) }
		},
		"streamed upload": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			f, key, file := l.boundCase(), handlertest.FreshKey(), bigPicture(100<<10)
			return func() handlertest.Answer {
				return l.d.UploadStated(f.ID, key, file, map[string]string{"size": fmt.Sprint(len(file))})
			}, func(a handlertest.Answer) { l.usable(f, a) }
		},
		"completion of a direct upload": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			f, file := l.boundCase(), handlertest.Picture(11)
			id := l.quarantined(f, file)
			return func() handlertest.Answer {
				return l.d.Call(http.MethodPost, fmt.Sprintf("/uploads/%d/complete", id), nil)
			}, func(a handlertest.Answer) { l.usable(f, a) }
		},
		"receipt": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			f, key := l.boundCase(), handlertest.FreshKey()
			in := handlertest.Claim(1000, l.d.Uploaded(f.ID, 8))
			return func() handlertest.Answer {
					return l.d.CallKey(http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.ID), in, key)
				}, func(a handlertest.Answer) {
					if a.Json.Str("state") != "submitted" || len(l.d.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/receipts", f.ID), nil).List("receipts")) != 1 {
						l.T.Errorf("%s", a.Body)
					}
				}
		},
		"binding": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			f := l.File(l.clerk)
			code := l.BindingCode(l.clerk, f.ID, f.Debtor)
			return func() handlertest.Answer {
					return l.d.Call(http.MethodPost, "/bindings/code", handlertest.Obj{"code": code})
				}, func(a handlertest.Answer) {
					if a.Json.ID("binding_id") == 0 {
						l.T.Errorf("%s", a.Body)
					}
					l.d.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d", f.ID), nil)
				}
		},
		"certificate's paper": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			f := l.paidCase()
			c := l.judge.Issues(f)
			path := fmt.Sprintf("/certificates/%d/pdf", c.ID("id"))
			return func() handlertest.Answer { return l.d.Call(http.MethodGet, path, nil) }, func(handlertest.Answer) { l.opens(l.judge, path) }
		},
		"print of a paper": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			f := l.boundCase()
			d := l.judge.Makes(paper.Request{Kind: model.DocumentCreditorSheet, CaseID: f.ID, PartyID: f.Creditor, InstrumentID: f.Instrument})
			path := fmt.Sprintf("/documents/%d/pdf", d.ID("id"))
			return func() handlertest.Answer { return l.judge.Call(http.MethodGet, path, nil) }, func(handlertest.Answer) { l.opens(l.judge, path) }
		},
		"redacted copy": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			f := l.boundCase()
			creditor := l.Phone("")
			creditor.Bind(l.clerk, f.ID, f.Creditor)
			r := l.d.Submit(f, 1000, 12)
			path, file := fmt.Sprintf("/receipts/%d", r.ID("id")), r.List("files")[0].ID("id")
			form := url.Values{"key": {handlertest.FreshKey()}, "file": {fmt.Sprint(file)}, "party": {fmt.Sprint(f.Creditor)}, "rects": {"0,0,50,50"}}
			return func() handlertest.Answer {
					res, body := l.Visitor(l.judge).Send(http.MethodPost, path+"/redactions", form, nil)
					a := handlertest.Answer{Status: res.StatusCode, Header: res.Header, Body: []byte(body)}
					switch {
					case a.Status == http.StatusSeeOther:
						a.Status = http.StatusOK
					case strings.Contains(body, "重复提交是安全的"): // the page of an uncertain COMMIT
						a.Json = handlertest.Obj{"error": map[string]any{"reason": "commit.uncertain", "message": "重复提交是安全的"}}
					}
					return a
				}, func(handlertest.Answer) {
					files := creditor.Must(http.StatusOK, http.MethodGet, path, nil).List("files")
					if len(files) == 0 {
						l.T.Fatal("the creditor sees no copy")
					}
					for _, x := range files {
						l.opens(creditor, fmt.Sprintf("/files/%d/view", x.ID("id")))
					}
				}
		},
		"viewing copy": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			f := l.boundCase()
			path := fmt.Sprintf("/files/%d/view", l.d.Uploaded(f.ID, 9))
			return func() handlertest.Answer { return l.d.Call(http.MethodGet, path, nil) }, func(handlertest.Answer) { l.opens(l.d, path) }
		},
		"money before the judgment": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			in := handlertest.CriminalInput()
			in["case_no"] = fmt.Sprintf("（2026）浙0211刑初%d号", l.seed())
			delete(in, "instruments")
			f, family := l.FileCriminal(l.clerk, in), l.Phone("")
			family.Bind(l.clerk, f.ID, f.Convict)
			file := family.Uploaded(f.ID, l.seed())
			return l.attaches(family, fmt.Sprintf("/cases/%d/deposits", f.ID), paidBefore(45000, file), file, l.judge)
		},
		"message of a party": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			f := l.boundCase()
			return l.tells(l.d, fmt.Sprintf("/cases/%d/messages", f.ID), l.d.Uploaded(f.ID, l.seed()), l.judge)
		},
		"answer of the court": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			f := l.boundCase()
			c := l.d.Say(f, "何时开庭？")
			return l.tells(l.judge, fmt.Sprintf("/conversations/%d/messages", c.ID("conversation_id")), l.judge.Uploaded(f.ID, l.seed()), l.d)
		},
		"message of a relative": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			wife, link := l.relative("admitted")
			m := l.matter(wife, link)
			return l.tells(wife, fmt.Sprintf("/conversations/%d/messages", m.ID("conversation_id")), wife.Uploaded(m.ID("case_id"), l.seed()), l.officer)
		},
		"receipt of a relative": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			wife, link := l.relative("admitted")
			file := wife.Uploaded(l.matter(wife, link).ID("case_id"), l.seed())
			in := handlertest.Obj{"amount_fen": 1000, "paid_on": "2026-03-06", "proof_kind": "bank_receipt", "file_ids": []int64{file}}
			return l.attaches(wife, mine(link, "receipts"), in, file, l.officer)
		},
		"petition of a relative": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			wife, link := l.relative("admitted")
			file := wife.Uploaded(l.matter(wife, link).ID("case_id"), l.seed())
			return l.attaches(wife, mine(link, "petitions"), handlertest.Obj{"kind": "remorse", "file_id": file}, file, l.officer)
		},
		"report of an agency": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			agency, manager := l.Agency(l.Court, "SCJ"), l.Staff(fmt.Sprintf("list.%d", l.seed()), model.RoleListManager)
			desk := l.Of("SCJ", fmt.Sprintf("scjg.%d", l.seed()))
			manager.PutsDuty(agency.ID, fmt.Sprintf("ZZ-%d", l.seed()), model.NewDate(2026, 5, 1))
			own, file := tasks(desk, ""), desk.Uploaded(0, l.seed())
			return l.attaches(desk, fmt.Sprintf("/agency/tasks/%d/reports", own[len(own)-1].ID("id")), handlertest.Obj{"text": "已限制", "done_on": "2026-03-06", "file_ids": []int64{file}}, file, manager)
		},
		"answer of an agency": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			agency := l.Agency(l.Court, "GAJ")
			desk := l.Of("GAJ", fmt.Sprintf("gaj.%d", l.seed()))
			q := l.officer.SendsQuery(l.officer.AsksAbout(l.id, l.f.Debtor, model.QueryVehicle, agency.ID))
			file := desk.Uploaded(0, l.seed())
			return l.attaches(desk, fmt.Sprintf("/agency/queries/%d/answer", q.ID), handlertest.Obj{"version": q.Version, "note": "没有", "file_ids": []int64{file}}, file, l.officer)
		},
		"answer of a liaison": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			n := l.seed()
			village := l.clerk.Village("甲镇", fmt.Sprintf("%d村", n))
			helper, _ := l.Liaison(l.clerk, "联络员", 60, village)
			a := l.officer.AsksLiaison(l.id, l.f.Debtor, village)
			at := fmt.Sprintf("/my/assistance-requests/%d/", a.ID)
			v := helper.Must(http.StatusOK, handlertest.Post, at+"accept", handlertest.Obj{"version": 1}).ID("version")
			file := helper.Uploaded(l.f.ID, n)
			return l.attaches(helper, at+"answer", handlertest.Obj{"version": v, "text": "人在外地", "file_ids": []int64{file}}, file, l.officer)
		},
		"service of a measure": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			m, file := l.fine(), l.officer.Uploaded(l.f.ID, l.seed())
			return l.attaches(l.officer, on(m, "service-of-process"), handlertest.Obj{"on": "2026-03-06", "how": "本人签收", "file_id": file, "version": m.Num("version")}, file, l.officer)
		},
		"decision of a measure": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			n := l.seed()
			m := l.propose("fine", "act_text", fmt.Sprintf("行为%d", n), "other_act", "另一行为")
			in := handlertest.Obj{"opinion": "同意", "version": 1}
			return func() handlertest.Answer { return l.leader.Call(handlertest.Post, on(m, "decide"), in) }, func(a handlertest.Answer) {
				l.opens(l.officer, fmt.Sprintf("/documents/%d/pdf", a.Json.ID("document_id")))
			}
		},
		"spending": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			list := l.officer.Measures(l.id)
			var m handlertest.Obj
			for _, k := range list {
				if k.Str("kind") == "consumption" {
					m = k
				}
			}
			if m == nil {
				m = l.take("consumption")
			}
			for _, p := range l.debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/spending-permits", l.f.ID), nil).List("permits") {
				if p.Str("state") == "open" {
					l.officer.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/spending-permits/%d/decide", p.ID("id")), handlertest.Obj{"decision": "refused", "reason": "没有凭据", "version": p.Num("version")})
				}
			}
			file := l.debtor.Uploaded(l.f.ID, l.seed())
			return l.attaches(l.debtor, on(m, "spending-permits"), spends("file_ids", []int64{file}), file, l.officer)
		},
		"binding by WeChat's phone": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			f := l.File(l.clerk)
			phone := l.Phone("13800138000")
			return func() handlertest.Answer { // each time the phone gives a code of WeChat's anew
					return phone.Call(handlertest.Post, "/bindings/identity", handlertest.Obj{"name": "李某", "id_number": "11010519491231002X", "phone_code": l.PhoneCode(phone), "case_no": f.No})
				}, func(handlertest.Answer) {
					phone.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d", f.ID), nil)
				}
		},
		"log-in": func(l *losing) (func() handlertest.Answer, func(handlertest.Answer)) {
			phone := l.Phone("")
			return func() handlertest.Answer { return phone.LogIn() }, func(a handlertest.Answer) {
				phone.Auth = "Bearer " + a.Json.Str("token")
				phone.Must(http.StatusOK, http.MethodGet, "/me", nil)
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
	"GET /pictures/:token": "viewing copy", "POST /cases/:id/group-receipts": "receipt", "POST /my/relatives/:id/group-receipts": "receipt",
	"POST /cases/:id/receipts": "receipt", "POST /cases/:id/set-offs": "receipt", "POST /cases/:id/lodgements": "receipt", "POST /cases/:id/deposits": "money before the judgment", "POST /my/relatives/:id/deposits": "money before the judgment",
	"POST /deposits/:id/wishes": "money before the judgment", "POST /my/relatives/:id/receipts": "receipt of a relative",
	"GET /certificates/:id/pdf": "certificate's paper", "GET /documents/:id/pdf": "print of a paper",
	"POST /cases/:id/messages": "message of a party", "POST /conversations/:id/messages": "answer of the court",
	"POST /my/relatives/:id/petitions": "petition of a relative", "POST /enforcement-cases/:id/petitions": "petition of a relative",
	"POST /agency/queries/:id/answer": "answer of an agency", "POST /agency/tasks/:id/reports": "report of an agency",
	"POST /my/assistance-requests/:id/answer": "answer of a liaison", "POST /measures/:id/spending-permits": "spending",
	"POST /measures/:id/service-of-process": "service of a measure",
	// A file that the actor uploaded is kept with the act by the one step keep, or
	// by KeepFile under it.
	"POST /measures/:id/family": "service of a measure", "POST /measures/:id/executions": "service of a measure", "POST /measures/:id/posters": "service of a measure",
	"POST /receipts/:id/received": "service of a measure", "POST /tasks/:id/finish": "service of a measure", "POST /cases/:id/repair-applications": "service of a measure",
}

// nothingOutside are routes that only read outside the database, or send a file
// that is read and not kept.
var nothingOutside = []string{
	"POST /sessions/scan/approve", "POST /bindings/real-name/start", "GET /wechat/pictures/:token", "POST /agency/report-sheet",
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
		"certificate/paper.go", "paper/paper.go", "performance/stream.go", "performance/redact.go", "performance/upload.go", "performance/views.go", // rows
		"installation/installation.go", "recovery/journal.go", "recovery/restore.go",
	}
	err := fs.WalkDir(os.DirFS("../service"), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "servicetest/") {
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
func (l *losing) attaches(by *handlertest.Client, path string, in handlertest.Obj, file int64, reader *handlertest.Client) (func() handlertest.Answer, func(handlertest.Answer)) {
	key := handlertest.FreshKey()
	return func() handlertest.Answer { return by.CallKey(http.MethodPost, path, in, key) }, func(handlertest.Answer) { l.opens(reader, fmt.Sprintf("/files/%d/view", file)) }
}

func (l *losing) tells(by *handlertest.Client, path string, picture int64, reader *handlertest.Client) (func() handlertest.Answer, func(handlertest.Answer)) {
	return l.attaches(by, path, handlertest.Obj{"text": "请看图片", "file_ids": []int64{picture}}, picture, reader)
}

// fine is a decided fine for an act of its own.
func (l *losing) fine() handlertest.Obj {
	l.T.Helper()
	return l.take("fine", "act_text", fmt.Sprintf("行为%d", l.seed()), "other_act", "另一行为")
}

// quarantined is what is there after a phone has sent a file by form, straight
// to the object store.
func (l *losing) quarantined(f handlertest.Filed, file []byte) int64 {
	l.T.Helper()
	ctx := context.Background()
	row := &model.File{
		CourtID: l.Court.ID, CaseID: f.ID, UserID: l.d.UserID, UploadKey: handlertest.FreshKey(), State: model.FileQuarantine,
		OriginalKey: "quarantine/" + handlertest.FreshKey(), Name: "回执", MediaType: "image/jpeg", Size: int64(len(file)),
	}
	err := l.DB.Transact(ctx, func(tx *storage.DB) error {
		_, err := tx.CreateFile(ctx, row)
		return err
	})
	if err == nil {
		err = l.Objects.Put(ctx, row.OriginalKey, bytes.NewReader(file), row.Size, object.PutOptions{ContentType: row.MediaType})
	}
	if err != nil {
		l.T.Fatal(err)
	}
	return row.ID
}

// paidCase is a fresh case whose debt is paid and confirmed.
func (l *losing) paidCase() handlertest.Filed {
	l.T.Helper()
	f := l.boundCase()
	l.judge.Confirm(l.d.Submit(f, 100000, 10), 100000)
	return f
}

func (l *losing) opens(c *handlertest.Client, path string) {
	l.T.Helper()
	if a := c.Call(http.MethodGet, path, nil); a.Status != http.StatusOK || len(a.Body) == 0 {
		l.T.Errorf("%s: %d %s", path, a.Status, a.Body)
	}
}

// usable opens a file and hands it in.
func (l *losing) usable(f handlertest.Filed, a handlertest.Answer) {
	l.T.Helper()
	file := a.Json.ID("id")
	for _, variant := range []string{"view", "thumbnail"} {
		if a := l.d.Call(http.MethodGet, fmt.Sprintf("/files/%d/%s", file, variant), nil); a.Status != http.StatusOK {
			l.T.Fatalf("%s of the file: %d %s", variant, a.Status, a.Body)
		}
	}
	if a := l.d.Call(http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.ID), handlertest.Claim(1000, file)); a.Status != http.StatusCreated {
		l.T.Fatalf("handed in: %d %s", a.Status, a.Body)
	}
	l.judge.Reads(fmt.Sprintf("/files/%d/original", file))
}
