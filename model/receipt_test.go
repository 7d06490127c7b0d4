package model

import (
	"testing"
	"time"
)

// domain.md §3.3: submitted → confirmed | returned | withdrawn, confirmed →
// corrected; what is decided is decided.
func TestReceiptStates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, CourtZone)
	acts := map[string]struct {
		act   func(*Receipt) error
		to    ReceiptState
		from  map[ReceiptState]bool
		wrong string
	}{
		"confirm":  {func(r *Receipt) error { return r.Confirm(100, 8, now) }, ReceiptConfirmed, map[ReceiptState]bool{ReceiptSubmitted: true}, "receipt.decided"},
		"return":   {func(r *Receipt) error { return r.Return("图片不清", 8, now) }, ReceiptReturned, map[ReceiptState]bool{ReceiptSubmitted: true}, "receipt.decided"},
		"withdraw": {func(r *Receipt) error { return r.Withdraw(now) }, ReceiptWithdrawn, map[ReceiptState]bool{ReceiptSubmitted: true}, "receipt.decided"},
		"correct":  {func(r *Receipt) error { return r.Correct(90, 8, now) }, ReceiptCorrected, map[ReceiptState]bool{ReceiptConfirmed: true, ReceiptCorrected: true}, "receipt.not_confirmed"},
	}
	for name, a := range acts {
		for _, from := range ReceiptStates {
			r := Receipt{State: from}
			want := a.wrong
			if a.from[from] {
				want = ""
			}
			reasonIs(t, name+" "+string(from), a.act(&r), want)
			if end := map[bool]ReceiptState{true: a.to, false: from}[want == ""]; r.State != end || !from.Valid() {
				t.Errorf("%s %s: %s", name, from, r.State)
			}
		}
	}
	for name, tt := range map[string]struct {
		act    func(*Receipt) error
		reason string
	}{
		"confirmed nothing":      {func(r *Receipt) error { return r.Confirm(0, 8, now) }, "amount.positive"},
		"confirmed below zero":   {func(r *Receipt) error { return r.Confirm(-1, 8, now) }, "amount.positive"},
		"conduct has no amount":  {func(r *Receipt) error { r.ProofKind = ProofConduct; return r.Confirm(0, 8, now) }, ""},
		"returned without a why": {func(r *Receipt) error { return r.Return("", 8, now) }, "reason.required"},
		"corrected below zero":   {func(r *Receipt) error { r.State = ReceiptConfirmed; return r.Correct(-1, 8, now) }, "amount.negative"},
		"corrected to nothing":   {func(r *Receipt) error { r.State = ReceiptConfirmed; return r.Correct(0, 8, now) }, ""},
		"seen as it is":          {func(r *Receipt) error { return r.CheckVersion(1) }, ""},
		"changed since":          {func(r *Receipt) error { return r.CheckVersion(0) }, "receipt.changed"},
		"decided since":          {func(r *Receipt) error { r.State = ReceiptReturned; return r.CheckVersion(0) }, "receipt.decided"},
	} {
		reasonIs(t, name, tt.act(&Receipt{State: ReceiptSubmitted, Version: 1}), tt.reason)
	}
}

// domain.md §3.11: who performed is part of what was performed.
func TestWhoPaidInWords(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]Receipt{
		"李某":         {PayerName: "李某", PayerKind: PayerSelf},
		"周某（亲属代为履行）": {PayerName: "周某", PayerKind: PayerRelative},
		"周某（代为履行，被执行人的配偶）": {PayerName: "周某", PayerKind: PayerRelative, PayerRelation: RelationSpouse},
		"甬兴公司（他人代付）":       {PayerName: "甬兴公司", PayerKind: PayerCompany},
		"赵某（他人代付）":         {PayerName: "赵某", PayerKind: PayerOther},
	} {
		if got := r.Payer(); got != want || !r.PayerKind.Valid() {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if PayerKind("").Valid() || ProofImported.Valid() || !ProofCash.Valid() {
		t.Error("what people may submit")
	}
}
