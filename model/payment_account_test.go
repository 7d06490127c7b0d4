package model

import "testing"

// The court's account is read from the line that is printed, in whatever way its
// parts are named; of a line that names none nothing is made up.
func TestTheCourtsAccountInParts(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]CourtAccount{
		"户名：镇海法院案款专户，账号：3901 1200 0000 0000 001": {Payee: "镇海法院案款专户", Number: "3901120000000000001"},
		"收款人:镇海法院；开户银行:工行镇海支行；帐号:3901-1200-0000": {Payee: "镇海法院", Bank: "工行镇海支行", Number: "390112000000"},
		"案款专户 3901 1200 0000": {},
		"户名：镇海法院，账号：见通知":      {},
		"": {},
	} {
		if got := (Court{Name: "镇海法院", Account: line}).PayAccount(); got != want {
			t.Errorf("%q: %+v", line, got)
		}
	}
	set := Court{Name: "镇海法院", Account: "户名：旧账户，账号：11112222", Settings: CourtSettings{PaymentAccount: CourtAccount{Number: "33334444"}}}
	if got := set.PayAccount(); got.Number != "33334444" || got.Payee != "镇海法院" {
		t.Errorf("%+v", got)
	}
	s := DefaultCourtSettings()
	s.PaymentAccount = CourtAccount{Payee: "镇海法院", Number: "12"}
	if err := s.Check(); ReasonOf(err) != "payment_account.number" || FieldOf(err) != "account_number" {
		t.Error(err)
	}
}
