package servicetest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"sync/atomic"

	"microcourt/model"
	"microcourt/service/administration"
	"microcourt/service/filing"
	"microcourt/service/performance"
)

var keys, cases atomic.Int64

// FreshKey is an idempotency key that nobody used.
func FreshKey() string { return fmt.Sprintf("test-key-%08d", keys.Add(1)) }

// NextCase is a number that no case of the tests has yet.
func NextCase() int64 { return cases.Add(1) }

// Filed is a case that is ready for receipts: one debtor, one creditor, 1,000
// yuan in two instalments.
type Filed struct {
	ID, Debtor, Creditor, Instrument int64
	Installments                     []int64
	No                               string
}

// CaseInput is the input of such a case, of the judge zhang.min.
func CaseInput() filing.CaseInput {
	no := fmt.Sprintf("（2026）浙0211民初%d号", NextCase())
	return filing.CaseInput{
		CaseNo: no, Cause: "买卖合同纠纷", FiledOn: model.NewDate(2026, 2, 2), Judge: "zhang.min",
		Parties: []filing.PartyInput{
			{Ref: "C1", Role: "plaintiff", Kind: "person", Name: "李某", IDNumber: "11010519491231002X", Phone: "13800138000"},
			{Ref: "D1", Role: "defendant", Kind: "organisation", Name: "甬兴建材有限公司", IDNumber: "91350100M000100Y43", Phone: "13900139000"},
		},
		Instruments: []filing.InstrumentInput{{
			Ref: "I1", Kind: "mediation", Number: no, EffectiveOn: model.NewDate(2026, 2, 10), Summary: "被告分两期支付货款1,000元",
			Obligations: []filing.ObligationInput{{
				Ref: "O1", Kind: "money", Obligors: []string{"D1"}, Obligee: "C1", AmountFen: 100000,
				Installments: []filing.InstallmentInput{
					{AmountFen: 60000, DueOn: model.NewDate(2026, 3, 31)}, {AmountFen: 40000, DueOn: model.NewDate(2026, 4, 30)},
				},
			}},
		}},
	}
}

// File files the case of CaseInput; the account zhang.min is there already.
func (w *World) File(clerk Person, change ...func(*filing.CaseInput)) Filed {
	w.T.Helper()
	in := CaseInput()
	for _, f := range change {
		f(&in)
	}
	ctx := context.Background()
	cs, _, err := w.Svc.Filing.File(ctx, clerk.Actor, in)
	if err != nil {
		w.T.Fatal(err)
	}
	return w.FiledCase(clerk, cs.ID)
}

// FiledCase is a case that is filed already.
func (w *World) FiledCase(reader Person, id int64) Filed {
	w.T.Helper()
	d, err := w.Svc.Filing.Case(context.Background(), reader.Actor, id, false)
	if err != nil {
		w.T.Fatal(err)
	}
	f := Filed{ID: d.Case.ID, No: d.Case.CaseNo}
	for _, p := range d.Parties {
		switch p.Ref {
		case "C1":
			f.Creditor = p.ID
		case "D1":
			f.Debtor = p.ID
		}
	}
	for _, in := range d.Instruments {
		f.Instrument = in.ID
	}
	for _, i := range d.Installments {
		f.Installments = append(f.Installments, i.ID)
	}
	return f
}

// PartyNamed is the party of a case with a name.
func (w *World) PartyNamed(reader Person, caseID int64, name string) int64 {
	w.T.Helper()
	d, err := w.Svc.Filing.Case(context.Background(), reader.Actor, caseID, false)
	if err != nil {
		w.T.Fatal(err)
	}
	for _, p := range d.Parties {
		if p.Name == name {
			return p.ID
		}
	}
	w.T.Fatal("no party is called " + name)
	return 0
}

// Picture is a JPEG that differs with seed.
func Picture(seed int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 240, 320))
	for y := range 320 {
		for x := range 240 {
			v := byte((x*x/7 + y*seed*3 + (x/16)*(y/16)*(seed+5)) % 256)
			img.SetRGBA(x, y, color.RGBA{v, byte(255 - int(v)), byte(x), 255})
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: 80})
	return b.Bytes()
}

// Uploaded is a picture that somebody put into a case.
func (w *World) Uploaded(by Person, caseID int64, seed int) int64 {
	w.T.Helper()
	b := Picture(seed)
	f, _, err := w.Svc.Performance.Upload(context.Background(), by.Actor, performance.Upload{
		CaseID: caseID, Key: FreshKey(), Name: "receipt.jpg", Size: int64(len(b)), Body: bytes.NewReader(b),
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return f.ID
}

// Claim is what a debtor says of a payment of his own.
func Claim(f Filed, amount model.Fen, files ...int64) performance.Claim {
	return performance.Claim{
		CaseID: f.ID, AmountFen: amount, PaidOn: model.NewDate(2026, 3, 1), PayerKind: "self", PayerName: "甬兴建材有限公司", PayeeName: "李某",
		ProofKind: "bank_receipt", BankSerial: FreshKey(), Files: files, IdemKey: FreshKey(),
	}
}

// Submit hands in a receipt with a picture of its own.
func (w *World) Submit(by Person, f Filed, amount model.Fen, seed int) *model.Receipt {
	w.T.Helper()
	r, err := w.Svc.Performance.Submit(context.Background(), by.Actor, Claim(f, amount, w.Uploaded(by, f.ID, seed)))
	if err != nil {
		w.T.Fatal(err)
	}
	return r
}

// Confirm records that the amount was performed.
func (w *World) Confirm(judge Person, r *model.Receipt, amount model.Fen) *performance.Decided {
	w.T.Helper()
	d, err := w.Svc.Performance.Confirm(context.Background(), judge.Actor, performance.Decision{
		ReceiptID: r.ID, Version: r.Version, AmountFen: amount, IdemKey: FreshKey(), DoubtReason: "已核实。",
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return d
}

// Performed is a case whose debtor has paid everything in one receipt.
func (w *World) Performed(judge, clerk, debtor Person) Filed {
	w.T.Helper()
	f := w.File(clerk)
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	w.Confirm(judge, w.Submit(debtor, f, 100000, int(f.ID)), 100000)
	return f
}

// Certified is a performed case with the debtor's certificate.
func (w *World) Certified(judge, clerk, debtor Person) (Filed, *model.Certificate) {
	w.T.Helper()
	f := w.Performed(judge, clerk, debtor)
	c, _, err := w.Svc.Certificate.Issue(context.Background(), judge.Actor, f.ID, f.Instrument, f.Debtor)
	if err != nil {
		w.T.Fatal(err)
	}
	return f, c
}

// EnforcedBy is an enforcement case of the officer on a case, filed today.
func (w *World) EnforcedBy(officer Person, f Filed) *model.EnforcementFile {
	w.T.Helper()
	e, _, err := w.Svc.Filing.FileEnforcement(context.Background(), officer.Actor, filing.EnforcementInput{
		CaseNo: fmt.Sprintf("（2026）浙0211执%d号", NextCase()), FiledOn: w.Today(), Officer: officer.Login, BasisNo: f.No,
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return e
}

// Refused expects an error with a stable reason.
func (w *World) Refused(err error, reason string) {
	w.T.Helper()
	if model.ReasonOf(err) != reason {
		w.T.Errorf("got %v, want %s", err, reason)
	}
}

// Audited counts the entries of the court's audit trail with an action.
func (w *World) Audited(action model.AuditAction) (n int) {
	w.T.Helper()
	list, err := w.Svc.Administration.Entries(context.Background(), model.Actor{CourtID: w.Court.ID, Roles: []model.Role{model.RoleAuditor}}, administration.Wanted{}, model.AuditFilter{Limit: 1000})
	if err != nil {
		w.T.Fatal(err)
	}
	for _, e := range list {
		if e.Action == action {
			n++
		}
	}
	return n
}
