package certificate_test

import (
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/document"
	"microcourt/storage"
)

// ascii is how a keyboard without a court's brackets writes a number.
var ascii = strings.NewReplacer("〔", "[", "〕", "]", "【", "[", "】", "]", "（", "(", "）", ")", " ", "")

// A court writes its numbers with the brackets it likes; whoever looks one up types
// those that his keyboard has. What is printed is as the court writes it.
func TestACertificateIsFoundHoweverItsNumberIsWritten(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ pattern, printed, void string }{
		{"{short}自履证〔{year}〕{n}号", "镇法自履证〔2026〕1号", "镇法自履证〔2026〕77号"},
		{"({year}){short}证【{n}】号", "(2026)镇法证【1】号", "(2026)镇法证【77】号"},
		{"（{year}） {short}证 [{n}] 号", "（2026） 镇法证 [1] 号", "（2026） 镇法证 [77] 号"},
		{"{short}人民法院自动履行证明书专用编号（试行）第〔{year}〕年度第{n}号", "镇法人民法院自动履行证明书专用编号（试行）第〔2026〕年度第1号", "镇法人民法院自动履行证明书专用编号（试行）第〔2026〕年度第77号"},
	} {
		t.Run(row.pattern, func(t *testing.T) {
			t.Parallel()
			ctx, p := t.Context(), newPeople(t)
			p.SetCourt(func(s *model.CourtSettings) { s.CertificatePattern = row.pattern })
			if err := p.DB.Transact(ctx, func(tx *storage.DB) error {
				return tx.AddVoidNumbers(ctx, []model.VoidNumber{{
					CourtID: p.Court.ID, Kind: model.CertificateSeries, Year: 2026, Serial: 77, Number: row.void, CheckCode: "ABCDEFGHJK", Reason: "测试", VoidedAt: tx.Now(),
				}})
			}); err != nil {
				t.Fatal(err)
			}
			_, cert := p.Certified(p.judge, p.clerk, p.debtor)
			pdf, _, err := p.Svc.Certificate.PDF(ctx, p.debtor.Actor, cert.ID)
			if err != nil || cert.Number != row.printed {
				t.Fatalf("printed as %s; %v", cert.Number, err)
			}
			if v, err := document.Verify(pdf, p.Signer.Certificate()); err != nil || v.Number != row.printed || v.CheckCode != cert.CheckCode {
				t.Fatalf("%+v %v", v, err)
			}
			for number, want := range map[string]struct {
				code  string
				state model.CertificateState
			}{row.printed: {cert.CheckCode, model.CertificateValid}, row.void: {"ABCDEFGHJK", model.CertificateVoid}} {
				for _, typed := range []string{number, model.NormalizeNumber(number), ascii.Replace(number)} {
					if got, err := p.Svc.Certificate.Verify(ctx, model.Actor{}, typed, want.code); err != nil || got.State != want.state || got.Number != number {
						t.Errorf("%s: %+v %v", typed, got, err)
					}
				}
			}
		})
	}
}
