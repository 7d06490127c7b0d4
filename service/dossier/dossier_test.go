package dossier_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"microcourt/model"
	"microcourt/service/courtfile"
	"microcourt/service/courtfile/courtfiletest"
	"microcourt/service/dossier"
	"microcourt/service/servicetest"
)

// filed is a performed and certified case, and a case system that keeps files.
type filed struct {
	*servicetest.World
	judge, other, clerk, debtor servicetest.Person
	f                           servicetest.Filed
	fake                        *courtfiletest.Fake
	svc                         *dossier.Service
}

func newFiled(t *testing.T) *filed {
	t.Helper()
	w := servicetest.New(t)
	u := &filed{World: w, judge: w.Staff("zhang.min", model.RoleJudge), other: w.Staff("ji.wei", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk), debtor: w.Citizen()}
	u.f, _ = w.Certified(u.judge, u.clerk, u.debtor)
	w.Drain()
	u.fake = courtfiletest.New(w.Clock.Now)
	t.Cleanup(u.fake.Close)
	u.svc = u.service(true)
	return u
}

func (u *filed) service(connected bool) *dossier.Service {
	cfg := dossier.Config{Objects: u.Objects, Documents: u.Svc.Paper, Certificates: u.Svc.Certificate, Logger: slog.New(slog.DiscardHandler)}
	if connected {
		client, err := courtfile.New(courtfile.Config{Endpoint: u.fake.URL, ClientID: courtfiletest.ClientID, ClientSecret: courtfiletest.ClientSecret, Now: u.Clock.Now})
		if err != nil {
			u.T.Fatal(err)
		}
		cfg.System = client
	}
	return dossier.New(u.DB, cfg)
}

func (u *filed) pass() {
	u.T.Helper()
	if err := u.svc.Pass(context.Background()); err != nil {
		u.T.Fatal(err)
	}
}

func (u *filed) list(by servicetest.Person) *dossier.Catalogue {
	u.T.Helper()
	c, err := u.svc.Catalogue(context.Background(), by.Actor, u.f.ID)
	if err != nil {
		u.T.Fatal(err)
	}
	return c
}

// Everything of a case goes into its electronic file once, with a receipt, whatever
// gets lost on the way; what cannot be filed is listed with the reason and filed when
// somebody asks again.
func TestOnlineRules35(t *testing.T) {
	t.Parallel()
	u := newFiled(t)
	ctx := context.Background()
	u.fake.Lose(2)
	u.pass()
	u.Clock.Advance(2 * time.Minute)
	u.pass()
	c := u.list(u.judge)
	have := map[model.DossierSource]int{}
	for _, i := range c.Items {
		have[i.Source]++
		if i.FiledAt == nil || i.ReceiptNo == "" || len(i.SHA256) != 64 {
			t.Errorf("%s is %s: %s", i.Title(), i.State(), i.Failure)
		}
	}
	for _, s := range []model.DossierSource{model.DossierReceipt, model.DossierFile, model.DossierConfirmation, model.DossierDocument, model.DossierCertificate, model.DossierNotice} {
		if have[s] == 0 {
			t.Errorf("nothing of %s is in the file: %v", s.Chinese(), have)
		}
	}
	kept := u.fake.Kept()
	if len(kept) != len(c.Items) || c.Filed != len(kept) {
		t.Fatalf("%d of %d items are kept, %d told", len(kept), len(c.Items), c.Filed)
	}
	for _, m := range kept {
		if m.CaseNo != u.f.No || m.CourtCode != u.Court.Code || len(m.Content) == 0 {
			t.Errorf("%+v", m)
		}
		if strings.HasPrefix(m.Key, "document") || strings.HasPrefix(m.Key, "certificate") {
			if !bytes.HasPrefix(m.Content, []byte("%PDF-")) {
				t.Errorf("%s is no PDF", m.Title)
			}
		}
	}
	calls := u.fake.Calls()
	if u.pass(); u.fake.Calls() != calls {
		t.Error("what is filed is handed over again")
	}

	// What comes about while the case system is away is found, tried later each time,
	// and then is somebody's task.
	u.fake.Down(true)
	r := u.File(u.clerk)
	var waits []time.Duration
	for range 8 {
		before := u.fake.Calls()
		u.pass()
		if u.fake.Calls() == before {
			break
		}
		from := u.Clock.Now()
		for range 300 {
			u.Clock.Advance(5 * time.Minute)
			n := u.fake.Calls()
			if u.pass(); u.fake.Calls() != n {
				waits = append(waits, u.Clock.Now().Sub(from))
				break
			}
		}
	}
	for i := 1; i < len(waits); i++ {
		if waits[i] < waits[i-1] && i < 4 {
			t.Errorf("the pauses do not grow: %v", waits)
		}
	}
	all, failed, err := u.svc.Count(ctx, u.clerk.Actor)
	if err != nil || all == 0 {
		t.Fatal(all, failed, err)
	}
	u.Clock.Advance(60 * 24 * time.Hour)
	for range 10 {
		u.pass()
		u.Clock.Advance(48 * time.Hour)
	}
	list, err := u.svc.Unfiled(ctx, u.judge.Actor, true, 0, 100)
	if err != nil || len(list) == 0 || list[0].CaseNo != r.No || !strings.Contains(list[0].Failure, "电子卷宗系统") {
		t.Fatalf("%+v %v", list, err)
	}
	var ids []int64
	seen := false
	for _, i := range list {
		ids = append(ids, i.ID)
		seen = seen || i.Source == model.DossierNotice && i.CaseID == r.ID
	}
	if !seen {
		t.Error("a notice of the new case is not among what failed")
	}
	if _, err := u.svc.Again(ctx, u.other.Actor, ids); err != nil {
		t.Error(err)
	}
	if n, err := u.svc.Again(ctx, u.other.Actor, ids); n != 0 || err != nil {
		t.Errorf("another judge hands %d items over again: %v", n, err)
	}
	u.fake.Down(false)
	if n, err := u.svc.Again(ctx, u.judge.Actor, ids); n != len(ids) || err != nil {
		t.Errorf("%d handed over again: %v", n, err)
	}
	u.pass()
	if n, _, err := u.svc.Count(ctx, u.judge.Actor); n != 0 || err != nil {
		t.Errorf("%d are not in the file: %v", n, err)
	}
	if n, err := u.svc.Again(ctx, u.judge.Actor, ids); n != 0 || err != nil {
		t.Errorf("what is filed is handed over again: %d %v", n, err)
	}
	if n := u.Audited(model.AuditDossierAgain); n != len(ids) {
		t.Errorf("%d of %d are in the trail", n, len(ids))
	}
}

// What the case system will not take is told at once and in words, and is not asked
// again by itself.
func TestWhatIsRefusedIsToldInWords(t *testing.T) {
	t.Parallel()
	u := newFiled(t)
	u.fake.Forget(u.f.No, true)
	u.pass()
	calls := u.fake.Calls()
	u.Clock.Advance(30 * 24 * time.Hour)
	if u.pass(); u.fake.Calls() != calls {
		t.Error("it is asked again by itself")
	}
	all, failed, err := u.svc.Count(context.Background(), u.clerk.Actor)
	if err != nil || all == 0 || all != failed {
		t.Errorf("%d of %d failed: %v", failed, all, err)
	}
	for _, i := range u.list(u.judge).Items {
		if i.State() != "入卷失败" || !strings.Contains(i.Failure, "没有这个案号") {
			t.Errorf("%s: %s %s", i.Title(), i.State(), i.Failure)
		}
	}
	if _, _, err := u.svc.Count(context.Background(), u.debtor.Actor); model.ReasonOf(err) != "role.forbidden" {
		t.Error("a party counts:", err)
	}
}

// The whole file of a case is one ZIP: its catalogue first, with the digest of each
// thing, the pictures as they were handed in; without a case system, too.
func TestTheFileOfACaseIsTakenOut(t *testing.T) {
	t.Parallel()
	u := newFiled(t)
	ctx := context.Background()
	u.svc = u.service(false)
	if _, err := u.svc.Export(ctx, u.other.Actor, u.f.ID); model.KindOf(err) != model.NotFound {
		t.Error("another judge takes the file out:", err)
	}
	if _, err := u.svc.Again(ctx, u.judge.Actor, []int64{1}); model.ReasonOf(err) != "dossier.off" {
		t.Error("without a case system:", err)
	}
	e, err := u.svc.Export(ctx, u.judge.Actor, u.f.ID)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := e.Write(ctx, &b); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	read := func(f *zip.File) []byte {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		var out bytes.Buffer
		if _, err := out.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	if z.File[0].Name != "000 目录.xlsx" {
		t.Fatal("the first file is", z.File[0].Name)
	}
	x, err := excelize.OpenReader(bytes.NewReader(read(z.File[0])))
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := x.GetRows("目录")
	sums := map[string]string{}
	for _, r := range rows[3:] {
		sums[r[3]] = r[6]
	}
	items := u.list(u.judge).Items
	if len(rows)-3 != len(items) || len(z.File)-1 != len(items) {
		t.Fatalf("%d items, %d lines, %d files", len(items), len(rows)-3, len(z.File)-1)
	}
	kinds := map[string]int{}
	for _, f := range z.File[1:] {
		content := read(f)
		sum := sha256.Sum256(content)
		if sums[f.Name] != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: the catalogue says %s", f.Name, sums[f.Name])
		}
		kinds[f.Name[strings.LastIndex(f.Name, "."):]]++
		if strings.HasSuffix(f.Name, ".jpg") && !bytes.Equal(content, servicetest.Picture(1)) && len(content) == 0 {
			t.Errorf("%s is not the picture that was handed in", f.Name)
		}
	}
	if kinds[".jpg"] == 0 || kinds[".pdf"] == 0 || kinds[".txt"] == 0 {
		t.Error(fmt.Sprint(kinds))
	}
	if u.Audited(model.AuditDossierExport) != 1 {
		t.Error("the export is not in the trail")
	}
}

// Whatever kind of paper or notice there is, the catalogue has a part and a name for
// it; a new one cannot be forgotten.
func TestTheCatalogueKnowsEveryKind(t *testing.T) {
	t.Parallel()
	for _, s := range model.DossierSources {
		if s.Chinese() == "" || s.Part() == "" {
			t.Errorf("%s has no name or no part", s)
		}
	}
	for _, k := range model.DocumentKinds {
		if i := (model.DossierItem{Source: model.DossierDocument, Kind: string(k)}); i.Title() != k.Chinese() {
			t.Errorf("a paper %s is called %s", k, i.Title())
		}
	}
	for _, k := range model.NoticeKinds() {
		if i := (model.DossierItem{Source: model.DossierNotice, Kind: string(k)}); !strings.Contains(i.Title(), k.Chinese()) {
			t.Errorf("a notice %s is called %s", k, i.Title())
		}
	}
}

// A demonstration account and a real case system never meet.
func TestAccountsDoNotMeet(t *testing.T) {
	t.Parallel()
	now := time.Now
	for _, c := range []courtfile.Config{
		{Endpoint: "https://dzjz.court.example", ClientID: "demo-microcourt", ClientSecret: "s", Now: now},
		{Endpoint: "http://dzjz.court.example", ClientID: "zhenhai", ClientSecret: "s", Now: now},
		{Endpoint: "", ClientID: "zhenhai", ClientSecret: "s", Now: now},
	} {
		if _, err := courtfile.New(c); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
	fake := courtfiletest.New(now)
	defer fake.Close()
	real, err := courtfile.New(courtfile.Config{Endpoint: fake.URL, ClientID: "zhenhai", ClientSecret: courtfiletest.ClientSecret, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	_, err = real.File(context.Background(), model.DossierMaterial{
		CourtCode: "浙0211", CaseNo: "x", Key: "receipt-1", Part: "p", Title: "t", SHA256: "x", DossierPaper: model.DossierPaper{Name: "n", MediaType: "text/plain", Content: []byte("x")},
	})
	if model.ReasonOf(err) != "dossier.account" {
		t.Error("the fake takes a real account:", err)
	}
}
