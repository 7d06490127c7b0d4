package certificate_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/certificate"
	"microcourt/service/document"
	"microcourt/service/filing"
	"microcourt/service/servicetest"
	"microcourt/storage"
)

// people are who take part in the stories.
type people struct {
	*servicetest.World
	judge, clerk, debtor servicetest.Person
}

func newPeople(t *testing.T) *people {
	t.Helper()
	w := servicetest.New(t)
	return &people{World: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk), debtor: w.Citizen()}
}

// issue gives the debtor of a case his certificate.
func (p *people) issue(by servicetest.Person, f servicetest.Filed) (*model.Certificate, bool, error) {
	return p.Svc.Certificate.Issue(context.Background(), by.Actor, f.ID, f.Instrument, f.Debtor)
}

// A certificate is for a debtor who performed everything: until then the list says
// what is missing, to him and to the judge. He applies, the judge issues, and is
// told once; the paper says what was paid and can be verified offline.
func TestACertificateIsIssuedForWhatWasPerformed(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Certificate
	f := p.File(p.clerk)
	p.Bind(p.debtor, p.clerk, f.ID, f.Debtor)
	p.Confirm(p.judge, p.Submit(p.debtor, f, 60000, 1), 60000)
	_, err := svc.Apply(ctx, p.debtor.Actor, f.ID, f.Instrument, f.Debtor)
	p.Refused(err, "certificate.not_eligible")
	_, _, err = p.issue(p.judge, f)
	p.Refused(err, "certificate.not_eligible")
	missing := func(by servicetest.Person) (codes []string) {
		t.Helper()
		list, err := svc.Eligibility(ctx, by.Actor, f.ID)
		if err != nil || len(list) != 1 || list[0].Party.ID != f.Debtor {
			t.Fatalf("%+v %v", list, err)
		}
		for _, r := range list[0].Requirements {
			if !r.Met {
				codes = append(codes, r.Code)
				if r.Missing == "" {
					t.Errorf("%s does not say what to do", r.Code)
				}
			}
		}
		if list[0].Eligible != (len(codes) == 0) {
			t.Errorf("%+v", list[0])
		}
		return codes
	}
	if a, b := missing(p.debtor), missing(p.judge); len(a) == 0 || !slices.Equal(a, b) {
		t.Errorf("missing for the debtor %v, for the judge %v", a, b)
	}
	// The creditor has nothing to ask for.
	creditor := p.Citizen()
	p.Bind(creditor, p.clerk, f.ID, f.Creditor)
	if list, err := svc.Eligibility(ctx, creditor.Actor, f.ID); err != nil || len(list) != 0 {
		t.Errorf("the creditor's list: %+v %v", list, err)
	}
	p.Confirm(p.judge, p.Submit(p.debtor, f, 40000, 2), 40000)
	if m := missing(p.judge); len(m) != 0 {
		t.Fatal(m)
	}
	application := servicetest.TwiceAtOnce(t, func() (int64, error) {
		a, err := svc.Apply(ctx, p.debtor.Actor, f.ID, f.Instrument, f.Debtor)
		if err != nil {
			return 0, err
		}
		return a.ID, nil
	})
	for _, by := range []servicetest.Person{p.judge, p.clerk} {
		if list, err := svc.Applications(ctx, by.Actor, 0, 10); err != nil || len(list) != 1 || list[0].ID != application {
			t.Errorf("the open applications: %+v %v", list, err)
		}
	}
	if list, err := svc.Applications(ctx, p.Staff("ji.wei", model.RoleJudge).Actor, 0, 10); err != nil || len(list) != 0 {
		t.Errorf("another judge's applications: %+v %v", list, err)
	}
	cert, created, err := p.issue(p.judge, f)
	if err != nil || !created || cert.Number != "镇法自履证〔2026〕1号" || cert.Timeliness != model.OnTime || cert.TotalFen != 100000 {
		t.Fatalf("%+v %v", cert, err)
	}
	if again, created, err := p.issue(p.judge, f); err != nil || created || again.ID != cert.ID {
		t.Errorf("issued again: %+v %v", again, err)
	}
	if list, err := svc.Applications(ctx, p.judge.Actor, 0, 10); err != nil || len(list) != 0 {
		t.Errorf("the application is still open: %+v %v", list, err)
	}
	if n := p.NoticesOf(p.debtor, model.NoticeCertificateIssued); n != 1 {
		t.Errorf("the debtor was told %d times", n)
	}
	pdf, _, err := svc.PDF(ctx, p.debtor.Actor, cert.ID)
	if err != nil {
		t.Fatal(err)
	}
	v, err := document.Verify(pdf, p.Signer.Certificate())
	if err != nil || !v.Trusted || v.Number != cert.Number || v.CheckCode != cert.CheckCode {
		t.Errorf("offline: %+v %v", v, err)
	}
	if again, _, err := svc.PDF(ctx, p.judge.Actor, cert.ID); err != nil || string(again) != string(pdf) {
		t.Error("the paper changed between two downloads:", err)
	}
	_, facts, err := svc.Certificate(ctx, p.debtor.Actor, cert.ID)
	if err != nil || len(facts.Performed) != 2 || facts.Performed[0].AmountFen != 60000 || facts.ObligorName != "甬兴建材有限公司" {
		t.Errorf("%+v %v", facts, err)
	}
	if n := p.Audited(model.AuditCertificateLook); n < 3 {
		t.Errorf("%d looks are recorded", n)
	}
	if list, err := svc.Certificates(ctx, p.debtor.Actor, 0, 0, 10); err != nil || len(list) != 1 {
		t.Errorf("%+v %v", list, err)
	}
}

// Numbers have no gaps under concurrency, and an obligor has one certificate.
func TestCertificatesAreNumberedWithoutGaps(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	const n = 6
	var cases []servicetest.Filed
	for range n {
		cases = append(cases, p.Performed(p.judge, p.clerk, p.Citizen()))
	}
	var mu sync.Mutex
	numbers := map[string]int{}
	created := 0
	var wg sync.WaitGroup
	for i := range 3 * n {
		wg.Go(func() {
			cert, anew, err := p.issue(p.judge, cases[i%n])
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
				return
			}
			numbers[cert.Number]++
			if anew {
				created++
			}
		})
	}
	wg.Wait()
	for i := range n {
		if numbers[fmt.Sprintf("镇法自履证〔2026〕%d号", i+1)] != 3 {
			t.Errorf("numbers: %v", numbers)
		}
	}
	if created != n {
		t.Errorf("%d certificates were created for %d debtors", created, n)
	}
}

// The answer to a COMMIT may be lost, or the COMMIT: the certificate is there once,
// and its paper can be opened.
func TestIssuingSurvivesALostCommit(t *testing.T) {
	t.Parallel()
	var judge, clerk servicetest.Person
	servicetest.EveryCommitLost(t, func(w *servicetest.World) (func() (int64, error), func(int64)) {
		if judge.Login == "" {
			judge, clerk = w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
		}
		debtor := w.Citizen()
		f := w.Performed(judge, clerk, debtor)
		return func() (int64, error) {
				c, _, err := w.Svc.Certificate.Issue(context.Background(), judge.Actor, f.ID, f.Instrument, f.Debtor)
				if err != nil {
					return 0, err
				}
				return c.ID, nil
			}, func(id int64) {
				if b, _, err := w.Svc.Certificate.PDF(context.Background(), debtor.Actor, id); err != nil || len(b) < 1000 {
					t.Errorf("the paper of certificate %d has %d bytes, %v", id, len(b), err)
				}
			}
	})
}

// Anybody with number and check code learns the state and nothing else; a wrong
// code and a wrong number look the same; the holder sees every look-up. After the
// revocation everybody is told so, with the reason.
func TestAnybodyVerifies(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Certificate
	_, cert := p.Certified(p.judge, p.clerk, p.debtor)
	bank := model.Actor{IP: "203.0.113.77"}
	ask := func(number, code string) *certificate.Result {
		t.Helper()
		r, err := svc.Verify(ctx, bank, number, code)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := ask("镇法自履证[2026]1号", strings.ToLower(cert.CheckCode)); !r.Known || r.State != model.CertificateValid || r.Number != cert.Number || r.IssuedOn != p.Today() ||
		r.Title != "自动履行证明书" || r.Holder != "甬兴建材有限公司" || r.CaseNo == "" || r.Amount != "人民币壹仟元整" {
		t.Errorf("as it is typed: %+v", r)
	}
	if a, b := ask(cert.Number, "WRONGCODE1"), ask("镇法自履证〔2026〕99号", cert.CheckCode); *a != *b || a.Known {
		t.Errorf("a wrong code %+v, a wrong number %+v", a, b)
	}
	for _, typed := range [][2]string{{"", cert.CheckCode}, {cert.Number, " "}, {cert.Number, strings.Repeat("A", 33)}, {strings.Repeat("1", 101), cert.CheckCode}} {
		_, err := svc.Verify(ctx, bank, typed[0], typed[1])
		p.Refused(err, "verify.incomplete")
	}
	// A number that was given out before a backup was restored, and has no record.
	err := p.DB.Transact(ctx, func(tx *storage.DB) error {
		return tx.AddVoidNumbers(ctx, []model.VoidNumber{{
			CourtID: p.Court.ID, Kind: model.CertificateSeries, Year: 2026, Serial: 77, Number: "镇法自履证〔2026〕77号", CheckCode: "ABCDEFGHJK", Reason: "测试", VoidedAt: tx.Now(),
		}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := ask("镇法自履证〔2026〕77号", "abcdefghjk"); !r.Known || r.State != model.CertificateVoid || !strings.Contains(r.Reason, "作废") {
		t.Errorf("a void number: %+v", r)
	}
	if r := ask("镇法自履证〔2026〕77号", "WRONGCODE1"); r.Known {
		t.Errorf("a void number with another code: %+v", r)
	}
	list, err := svc.Lookups(ctx, p.debtor.Actor, cert.ID, 0, 10)
	if err != nil || len(list) != 1 || list[0].IP != "203.0.113.0/24" && list[0].IP != "203.0.113.0" {
		t.Errorf("the holder sees %+v %v", list, err)
	}
	for range 2 { // the answer got lost
		if c, err := svc.Revoke(ctx, p.judge.Actor, cert.ID, cert.Version, model.GroundPaymentReversed, "银行退票"); err != nil || c.State != model.CertificateRevoked {
			t.Fatal(c, err)
		}
	}
	if r := ask(cert.Number, cert.CheckCode); r.State != model.CertificateRevoked || r.Reason != "银行退票" || r.Ground != model.GroundPaymentReversed || r.RevokedOn != p.Today() {
		t.Errorf("after the revocation: %+v", r)
	}
	if n := p.NoticesOf(p.debtor, model.NoticeCertificateRevoked); n != 1 || p.Audited(model.AuditCertificateRevoke) != 1 {
		t.Errorf("the debtor was told %d times", n)
	}
	_, err = svc.Revoke(ctx, p.judge.Actor, cert.ID, cert.Version, model.GroundFalseReceipt, "另一事由")
	p.Refused(err, "certificate.revoked")
}

// Many look at once: every look-up is written before it is answered.
func TestEveryLookUpIsRecorded(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	_, cert := p.Certified(p.judge, p.clerk, p.debtor)
	const n = 60
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			r, err := p.Svc.Certificate.Verify(ctx, model.Actor{IP: fmt.Sprintf("2001:db8:%x::1", i)}, cert.Number, cert.CheckCode)
			if err != nil || !r.Known {
				t.Error(r, err)
			}
		})
	}
	wg.Wait()
	if list, err := p.Svc.Certificate.Lookups(ctx, p.debtor.Actor, cert.ID, 0, 100); err != nil || len(list) != n {
		t.Errorf("%d of %d look-ups are recorded, %v", len(list), n, err)
	}
}

// A one-time code shows the details once, until it runs out; who tries codes is
// stopped, and others are not.
func TestAOneTimeCodeShowsTheDetailsOnce(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Certificate
	_, cert := p.Certified(p.judge, p.clerk, p.debtor)
	bank := model.Actor{IP: "203.0.113.77"}
	code, _, err := svc.Share(ctx, p.debtor.Actor, cert.ID)
	if err != nil {
		t.Fatal(err)
	}
	r, facts, err := svc.Details(ctx, bank, strings.ToLower(strings.ReplaceAll(code, "-", " ")))
	if err != nil || r.State != model.CertificateValid || facts.ObligorName != "甬兴建材有限公司" || facts.TotalFen != 100000 {
		t.Fatalf("%+v %+v %v", r, facts, err)
	}
	_, _, err = svc.Details(ctx, bank, code)
	p.Refused(err, "share_code.wrong")
	late, expires, err := svc.Share(ctx, p.debtor.Actor, cert.ID)
	if err != nil {
		t.Fatal(err)
	}
	p.Clock.Set(expires)
	_, _, err = svc.Details(ctx, bank, late)
	p.Refused(err, "share_code.wrong")
	for range 19 { // and the late one
		_, _, err = svc.Details(ctx, bank, "AAAA-BBBB-CCCC")
		p.Refused(err, "share_code.wrong")
	}
	good, _, err := svc.Share(ctx, p.debtor.Actor, cert.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = svc.Details(ctx, bank, good)
	p.Refused(err, "share_code.blocked")
	if _, _, err := svc.Details(ctx, model.Actor{IP: "198.51.100.9"}, good); err != nil {
		t.Error("another address:", err)
	}
	if list, err := svc.Lookups(ctx, p.judge.Actor, cert.ID, 0, 10); err != nil || len(list) != 2 {
		t.Errorf("%+v %v", list, err)
	}
}

// What could not be printed when it was issued is printed later; a paper that was
// changed in the store is not handed out.
func TestPapersAreMadeLater(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Certificate
	_, cert := p.Certified(p.judge, p.clerk, p.debtor)
	ids, err := p.DB.CertificatesWithoutPDF(ctx, 0, 10)
	if err != nil || len(ids) != 1 {
		t.Fatal(ids, err)
	}
	if err := svc.Pass(ctx); err != nil {
		t.Fatal(err)
	}
	if ids, err = p.DB.CertificatesWithoutPDF(ctx, 0, 10); err != nil || len(ids) != 0 {
		t.Fatal(ids, err)
	}
	// The runner prints as soon as one is issued.
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- svc.Run(running) }()
	_, second := p.Certified(p.judge, p.clerk, p.Citizen())
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		c, err := p.DB.CertificateByID(ctx, second.ID)
		if err != nil || time.Now().After(deadline) {
			t.Fatal("no paper was made:", err)
		}
		if c.PDFKey != "" {
			break
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	stored, err := p.DB.CertificateByID(ctx, cert.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(stored.ContentSHA256) != 64 || stored.ContentSHA256 == stored.PDFSHA256 {
		t.Errorf("what was signed is not on record: %+v", stored)
	}
	p.Overwrite(stored.PDFKey, []byte("%PDF-1.7 another paper"))
	if _, _, err := svc.PDF(ctx, p.debtor.Actor, cert.ID); err == nil || !strings.Contains(err.Error(), "was changed") {
		t.Error("a paper that was changed is handed out:", err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Certificate
	other, stranger := p.Staff("ji.wei", model.RoleJudge), p.Citizen()
	f, cert := p.Certified(p.judge, p.clerk, p.debtor)
	second := p.Performed(p.judge, p.clerk, p.debtor)
	issue := func(by servicetest.Person, caseID, instrument, party int64) error {
		_, _, err := svc.Issue(ctx, by.Actor, caseID, instrument, party)
		return err
	}
	apply := func(by servicetest.Person, instrument, party int64) error {
		_, err := svc.Apply(ctx, by.Actor, f.ID, instrument, party)
		return err
	}
	revoke := func(by servicetest.Person, version int64, ground model.RevocationGround, reason string) error {
		_, err := svc.Revoke(ctx, by.Actor, cert.ID, version, ground, reason)
		return err
	}
	refuse := func(by servicetest.Person, id int64, reason string) error {
		return svc.Refuse(ctx, by.Actor, id, reason)
	}
	_, _, looked := svc.Certificate(ctx, stranger.Actor, cert.ID)
	_, _, printed := svc.PDF(ctx, stranger.Actor, cert.ID)
	_, _, shared := svc.Share(ctx, stranger.Actor, cert.ID)
	_, _, judgeShares := svc.Share(ctx, p.judge.Actor, cert.ID)
	_, lookups := svc.Lookups(ctx, stranger.Actor, cert.ID, 0, 10)
	_, applications := svc.Applications(ctx, p.debtor.Actor, 0, 10)
	_, eligible := svc.Eligibility(ctx, stranger.Actor, f.ID)
	application, err := svc.Apply(ctx, p.debtor.Actor, second.ID, second.Instrument, second.Debtor)
	if err != nil {
		t.Fatal(err)
	}
	reversed := model.GroundPaymentReversed
	no, forbidden, bad, gone, clash := servicetest.No, model.Forbidden, model.Invalid, model.NotFound, model.Conflict
	p.RefusedAll(
		no("a clerk issues", forbidden, "role.forbidden", "", issue(p.clerk, second.ID, second.Instrument, second.Debtor)),
		no("another judge issues", gone, "case.not_found", "", issue(other, second.ID, second.Instrument, second.Debtor)),
		no("no case", gone, "case.not_found", "", issue(p.judge, 999999, second.Instrument, second.Debtor)),
		no("no instrument", bad, "obligation.exists", "instrument_id", issue(p.judge, f.ID, 999999, f.Debtor)),
		no("another case's certificate", gone, "case.not_found", "", issue(p.judge, second.ID, f.Instrument, f.Debtor)),
		no("a creditor", bad, "obligation.exists", "instrument_id", issue(p.judge, second.ID, second.Instrument, second.Creditor)),
		no("he has one", clash, "certificate.not_eligible", "", apply(p.debtor, f.Instrument, f.Debtor)),
		no("no instrument", bad, "obligation.exists", "instrument_id", apply(p.debtor, 999999, f.Debtor)),
		no("for somebody else", bad, "party.not_obligor", "party_id", apply(p.debtor, f.Instrument, f.Creditor)),
		no("a stranger applies", gone, "case.not_found", "", apply(stranger, f.Instrument, f.Debtor)),
		no("a judge applies", forbidden, "role.forbidden", "", apply(p.judge, f.Instrument, f.Debtor)),
		no("a clerk revokes", forbidden, "role.forbidden", "", revoke(p.clerk, cert.Version, reversed, "银行退票")),
		no("another judge revokes", gone, "certificate.not_found", "", revoke(other, cert.Version, reversed, "银行退票")),
		no("on a whim", bad, "certificate.ground", "ground", revoke(p.judge, cert.Version, "whim", "银行退票")),
		no("without a reason", bad, "reason.required", "reason", revoke(p.judge, cert.Version, reversed, " ")),
		no("an old page", clash, "certificate.changed", "", revoke(p.judge, 99, reversed, "银行退票")),
		no("no application", gone, "application.not_found", "", refuse(p.judge, 999999, "材料不全")),
		no("another judge refuses", gone, "application.not_found", "", refuse(other, application.ID, "材料不全")),
		no("a clerk refuses", forbidden, "role.forbidden", "", refuse(p.clerk, application.ID, "材料不全")),
		no("refused without a reason", bad, "reason.required", "reason", refuse(p.judge, application.ID, " ")),
		no("a stranger looks", gone, "certificate.not_found", "", looked),
		no("a stranger prints", gone, "certificate.not_found", "", printed),
		no("a stranger shares", gone, "certificate.not_found", "", shared),
		no("a judge shares", forbidden, "role.forbidden", "", judgeShares),
		no("a stranger sees who looked", gone, "certificate.not_found", "", lookups),
		no("a party lists applications", forbidden, "role.forbidden", "", applications),
		no("a stranger asks what is missing", gone, "case.not_found", "", eligible),
	)
	for range 2 { // the answer got lost
		if err := refuse(p.judge, application.ID, "需核实付款人身份"); err != nil {
			t.Fatal(err)
		}
	}
	if n := p.Audited(model.AuditCertificateRefuse); n != 1 {
		t.Errorf("refused %d times", n)
	}
	// An application that the judge granted cannot be refused any more.
	granted, err := svc.Apply(ctx, p.debtor.Actor, second.ID, second.Instrument, second.Debtor)
	if err == nil {
		err = issue(p.judge, second.ID, second.Instrument, second.Debtor)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.Refused(refuse(p.judge, granted.ID, "材料不全"), "application.decided")
	p.Refused(refuse(p.judge, application.ID, "另一原因"), "application.decided")
}

// 民法典 519, 520 and 524: the paper names who performed every amount. A joint
// debtor whose debt the other discharged did not perform: his paper has another
// title and says so, and it does not decide between the two.
func TestTheCertificateSaysWhoPerformed(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	joint := func(in *filing.CaseInput) {
		in.Parties = append(in.Parties, filing.PartyInput{Ref: "D2", Role: "defendant", Kind: "person", Name: "赵明远", IDNumber: "34052419800101001X", Phone: "13900139000"})
		in.Instruments[0].Obligations[0].Obligors = []string{"D1", "D2"}
	}
	type payment struct {
		debtor int // 1 or 2
		kind   model.PayerKind
		name   string
		fen    model.Fen
	}
	for name, c := range map[string]struct {
		paid         []payment
		first, other model.PerformedBy // of D1, of D2
		who          []string          // as D1's paper names them
	}{
		"each for himself":    {[]payment{{1, "self", "甬兴建材有限公司", 60000}, {2, "self", "赵明远", 40000}}, "shared", "shared", []string{"本人", "连带债务人赵明远"}},
		"one for both":        {[]payment{{2, "self", "赵明远", 100000}}, "others", "own", []string{"连带债务人赵明远"}},
		"the other's sister":  {[]payment{{2, "relative", "赵小妹", 100000}}, "others", "own", []string{"连带债务人赵明远（亲属赵小妹代为履行）"}},
		"somebody for one":    {[]payment{{1, "other", "钱某", 70000}, {1, "self", "甬兴建材有限公司", 30000}}, "shared", "others", []string{"第三人钱某代为履行", "本人"}},
		"a company for one":   {[]payment{{1, "company", "顺达公司", 100000}}, "others", "others", []string{"第三人顺达公司代为履行"}},
		"a relative of a man": {[]payment{{2, "self", "赵明远", 1}, {2, "relative", "赵小妹", 99999}}, "others", "own", []string{"连带债务人赵明远", "连带债务人赵明远（亲属赵小妹代为履行）"}},
	} {
		f := p.File(p.clerk, joint)
		second := p.PartyNamed(p.clerk, f.ID, "赵明远")
		first, other := p.Citizen(), p.Citizen()
		p.Bind(first, p.clerk, f.ID, f.Debtor)
		p.Bind(other, p.clerk, f.ID, second)
		for i, pay := range c.paid {
			by, party := first, f.Debtor
			if pay.debtor == 2 {
				by, party = other, second
			}
			claim := servicetest.Claim(f, pay.fen, p.Uploaded(by, f.ID, int(f.ID)*10+i))
			claim.PartyID, claim.PayerKind, claim.PayerName, claim.PaidOn = party, pay.kind, pay.name, model.NewDate(2026, 2, 20+i)
			r, err := p.Svc.Performance.Submit(ctx, by.Actor, claim)
			if err != nil {
				t.Fatal(name, err)
			}
			p.Confirm(p.judge, r, pay.fen)
		}
		for party, want := range map[int64]model.PerformedBy{f.Debtor: c.first, second: c.other} {
			cert, _, err := p.Svc.Certificate.Issue(ctx, p.judge.Actor, f.ID, f.Instrument, party)
			if err != nil {
				t.Fatal(name, err)
			}
			_, facts, err := p.Svc.Certificate.Certificate(ctx, p.judge.Actor, cert.ID)
			if err != nil {
				t.Fatal(name, err)
			}
			if cert.PerformedBy != want || facts.PerformedBy != want || (facts.Title() == "自动履行证明书") == (want == model.PerformedByOthers) || (facts.Recourse() == "") != (want == model.PerformedOwn) {
				t.Errorf("%s: %s, %+v; want %s", name, cert.PerformedBy, facts, want)
			}
			var who []string
			for _, it := range facts.Performed {
				who = append(who, it.Who)
			}
			if party == f.Debtor && !slices.Equal(who, c.who) {
				t.Errorf("%s: %q, want %q", name, who, c.who)
			}
		}
	}
}

// The sentence about enforcement follows from the register: none, or only cases
// that should never have been filed; one that came after performance is named;
// with one that came before there is no certificate.
func TestWhatTheCertificateSaysOfEnforcement(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	officer := p.Staff("ji.fg", model.RoleOfficer)
	enforce := func(f servicetest.Filed, on model.Date) *model.EnforcementFile {
		t.Helper()
		e, _, err := p.Svc.Filing.FileEnforcement(ctx, p.clerk.Actor, filing.EnforcementInput{
			CaseNo: fmt.Sprintf("（2026）浙0211执%d号", servicetest.NextCase()), FiledOn: on, Officer: officer.Login, BasisNo: f.No, Obligations: []string{"O1"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	strike := func(e *model.EnforcementFile, mistake bool) {
		t.Helper()
		closing := model.Closing{Type: model.CloseCancelled, On: p.Today(), Reason: "申请执行人撤回申请", FiledByMistake: mistake}
		if _, err := p.Svc.Enforcement.CloseCase(ctx, officer.Actor, e.ID, e.Version, closing); err != nil {
			t.Fatal(err)
		}
	}
	pay := func(f servicetest.Filed) { // of 1 March
		t.Helper()
		p.Confirm(p.judge, p.Submit(p.debtor, f, 100000, int(f.ID)), 100000)
	}
	before, after := model.NewDate(2026, 2, 28), p.Today()
	for name, c := range map[string]struct {
		story func(servicetest.Filed) *model.EnforcementFile
		says  string // "" when there is no certificate
	}{
		"no case":                  {func(f servicetest.Filed) *model.EnforcementFile { pay(f); return nil }, "未有强制执行案件立案"},
		"filed after performance":  {func(f servicetest.Filed) *model.EnforcementFile { pay(f); return enforce(f, after) }, "立案在后"},
		"filed before performance": {func(f servicetest.Filed) *model.EnforcementFile { defer pay(f); return enforce(f, before) }, ""},
		"struck, before performance": {func(f servicetest.Filed) *model.EnforcementFile {
			strike(enforce(f, before), false)
			pay(f)
			return nil
		}, ""},
		"filed by mistake": {func(f servicetest.Filed) *model.EnforcementFile { strike(enforce(f, before), true); pay(f); return nil }, "未有强制执行案件立案"},
	} {
		f := p.File(p.clerk)
		p.Bind(p.debtor, p.clerk, f.ID, f.Debtor)
		e := c.story(f)
		cert, _, err := p.issue(p.judge, f)
		if c.says == "" {
			p.Refused(err, "certificate.not_eligible")
			continue
		}
		if err != nil {
			t.Fatal(name, err)
		}
		_, facts, err := p.Svc.Certificate.Certificate(ctx, p.judge.Actor, cert.ID)
		if err != nil || !strings.Contains(facts.Enforcement(), c.says) {
			t.Errorf("%s: %q %v", name, facts.Enforcement(), err)
		}
		if e != nil && !strings.Contains(facts.Enforcement(), e.CaseNo) {
			t.Errorf("%s: the case's number is not on the paper: %q", name, facts.Enforcement())
		}
	}
}

// Instruments that this court did not make, or made without a trial, are filed,
// paid and certified by what they are called.
func TestOtherInstrumentsLeadToACertificate(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	for n, kind := range []model.InstrumentKind{model.ArbitralAward, model.NotarisedDebt, model.ConfirmationRuling, model.PaymentOrder} {
		debtor := w.Citizen()
		f := w.File(clerk, func(in *filing.CaseInput) {
			in.Instruments[0].Kind, in.Instruments[0].Number = kind, fmt.Sprintf("甬字第%d号", n)
		})
		w.Bind(debtor, clerk, f.ID, f.Debtor)
		w.Confirm(judge, w.Submit(debtor, f, 100000, 60+n), 100000)
		list, err := w.Svc.Certificate.Eligibility(t.Context(), judge.Actor, f.ID)
		if err != nil || len(list) != 1 || !list[0].Eligible || list[0].Instrument.Kind != kind {
			t.Errorf("%s: %+v %v", kind, list, err)
			continue
		}
		c, _, err := w.Svc.Certificate.Issue(t.Context(), judge.Actor, f.ID, f.Instrument, f.Debtor)
		if err != nil || !strings.Contains(string(c.Facts), kind.Chinese()) || !strings.Contains(string(c.Facts), fmt.Sprintf("甬字第%d号", n)) || !slices.Contains(model.InstrumentKinds, kind) {
			t.Errorf("%s: %+v %v", kind, c, err)
		}
	}
}
