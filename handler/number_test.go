package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/document"
	"microcourt/storage"
)

// A court writes its numbers with the brackets it likes; whoever looks one up
// types those that his keyboard has.
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
			ctx := context.Background()
			w := handlertest.New(t)
			judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
			err := w.DB.Transact(ctx, func(tx *storage.DB) error {
				c, err := tx.Court(ctx, w.Court.ID)
				if err != nil {
					return err
				}
				c.Settings.CertificatePattern = row.pattern
				if err := tx.UpdateCourt(ctx, c); err != nil {
					return err
				}
				return tx.AddVoidNumbers(ctx, []model.VoidNumber{{
					CourtID: c.ID, Kind: model.CertificateSeries, Year: 2026, Serial: 77, Number: row.void, CheckCode: "ABCDEFGHJK", Reason: "测试", VoidedAt: tx.Now(),
				}})
			})
			if err != nil {
				t.Fatal(err)
			}
			f := w.File(clerk)
			debtor.Bind(clerk, f.ID, f.Debtor)
			judge.Confirm(debtor.Submit(f, 100000, 10), 100000)
			cert := judge.Issues(f)
			if cert.Str("number") != row.printed {
				t.Fatalf("printed as %s", cert.Str("number"))
			}
			pdf := debtor.Call(http.MethodGet, fmt.Sprintf("/certificates/%d/pdf", cert.ID("id")), nil)
			v, err := document.Verify(pdf.Body, w.Signer.Certificate())
			if err != nil || v.Number != row.printed {
				t.Fatalf("%+v %v", v, err)
			}
			for number, want := range map[string]struct{ code, state, printed string }{
				row.printed: {v.CheckCode, "valid", row.printed}, row.void: {"ABCDEFGHJK", "void", row.void},
			} {
				for _, typed := range []string{number, model.NormalizeNumber(number), asciiBrackets.Replace(number)} {
					got := w.Public().Must(http.StatusOK, http.MethodGet, "/verify/certificates?number="+url.QueryEscape(typed)+"&code="+want.code, nil)
					if got.Str("state") != want.state || got.Str("number") != want.printed {
						t.Errorf("%s: %v", typed, got)
					}
				}
			}
		})
	}
}

var asciiBrackets = strings.NewReplacer("〔", "[", "〕", "]", "【", "[", "】", "]", "（", "(", "）", ")", " ", "")
