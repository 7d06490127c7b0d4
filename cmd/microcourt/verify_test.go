package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/document"
)

// Every signed paper has the court's signature. Whoever asks whether a certificate
// is genuine must not be answered yes for a notice.
func TestVerifySaysWhichPaperWasSigned(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	signer, certPEM, _, err := document.GenerateSigner("宁波市镇海区人民法院", time.Now().Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	cert, printer := write("court.pem", certPEM), document.NewPrinter(signer, nil)
	today := model.DateOf(time.Now())
	facts := model.CertificateFacts{
		Number: "镇法自履证〔2026〕1号", CheckCode: "7KQ2MX9P4T", CourtName: "宁波市镇海区人民法院", ObligorName: "赵某", PerformedBy: model.PerformedByOthers, IssuedOn: today, LastPaidOn: today,
		VerifyURL: "https://court.example/verify?number=1&code=2", VerifyAt: "https://court.example/verify",
	}
	pdf, err := printer.Certificate(facts, nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := document.BuiltIn(model.DocumentReminder)
	if err != nil {
		t.Fatal(err)
	}
	paper, err := printer.Paper(t.Context(), model.SampleFacts(model.DocumentReminder, model.Court{Name: "宁波市镇海区人民法院"}, today), body, nil)
	if err != nil {
		t.Fatal(err)
	}
	certificate, reminder := write("certificate.pdf", pdf), write("reminder.pdf", paper)
	for _, c := range []struct {
		args []string
		code int
		says []string
	}{
		{[]string{certificate}, 0, []string{"签名有效", "义务履行完毕证明书", facts.Number, facts.CheckCode}},
		{[]string{reminder}, 1, []string{"不是履行证明书", "自动履行催告书"}},
		{[]string{"-any", reminder}, 0, []string{"签名有效", "自动履行催告书"}},
		{[]string{"-any", certificate}, 0, []string{facts.CheckCode}},
	} {
		code, out, errs := cli(nil, append([]string{"verify", "-cert", cert}, c.args...)...)
		if code != c.code {
			t.Errorf("%v: %d %s %s", c.args, code, out, errs)
		}
		for _, want := range c.says {
			if !strings.Contains(out+errs, want) {
				t.Errorf("%v: %q is not said: %s %s", c.args, want, out, errs)
			}
		}
	}
}
