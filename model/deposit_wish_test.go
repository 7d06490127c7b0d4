package model_test

import (
	"fmt"
	"strings"
	"testing"

	"microcourt/model"
)

// The paper of a wish says what is on record of the deposit, nothing that is sealed,
// and is made only while no signed one is kept.
func TestTheWishOfADeposit(t *testing.T) {
	t.Parallel()
	d := model.Deposit{
		State: model.DepositHeld, Purpose: model.DepositFine, AmountFen: 12_345, PaidOn: model.NewDate(2026, 3, 2), PayerKind: model.PayerRelative, PayerName: "彭大",
		PayerAccount: "6222000011112222", Wish: "自愿代为缴纳",
	}
	f, err := d.WishFacts(model.Court{Name: "某某人民法院"}, model.Case{CaseNo: "（2026）浙0211刑初1号"}, model.Party{Name: "彭某", Role: model.Accused}, "张某", model.NewDate(2026, 3, 3))
	if err != nil {
		t.Fatal(err)
	}
	v := f.Variables()
	if v["缴款人"] != "彭大（亲属代为缴纳）" || v["用途"] != "拟缴罚金" || v["金额"] != "123.45" || v["受送达人"] != "彭某" || v["付款日期"] != "2026年3月2日" {
		t.Errorf("%v", v)
	}
	if s := fmt.Sprintf("%+v %+v", f, *f.DepositWish); strings.Contains(s, "6222") || strings.Contains(s, "自愿代为") {
		t.Error(s)
	}
	if err := d.SignWish(0); model.ReasonOf(err) != "deposit.wish" {
		t.Error(err)
	}
	if err := d.SignWish(7); err != nil || d.WishFileID != 7 {
		t.Error(err)
	}
	if err := d.SignWish(8); model.ReasonOf(err) != "deposit.wish_kept" || d.WishFileID != 7 {
		t.Error(err)
	}
	if _, err := d.WishFacts(model.Court{}, model.Case{}, model.Party{}, "", model.Date{}); model.ReasonOf(err) != "deposit.wish_kept" {
		t.Error(err)
	}
	gone := model.Deposit{State: model.DepositWithdrawn}
	if _, err := gone.WishFacts(model.Court{}, model.Case{}, model.Party{}, "", model.Date{}); err == nil {
		t.Error("a deposit that is no more has a paper")
	}
}
