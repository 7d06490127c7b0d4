package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/service/servicetest"
)

// paidBefore is money that somebody paid before the judgment.
func paidBefore(fen, proof int64) handlertest.Obj {
	return handlertest.Obj{
		"purpose": "restitution", "amount_fen": fen, "paid_on": "2026-03-02", "payer_kind": "relative", "payer_name": "彭大",
		"wish": "我自愿退赔被害人的损失，请法院代为保管。", "proof_file_id": proof,
	}
}

// A criminal case with prepayment and a victim: the family pays before there is a
// judgment and says what for, the judge verifies it, the prosecutor is told of it
// apart from any performance, the judgment is set off, and what is left goes back.
func TestACriminalCaseWithPrepaymentAndAVictim(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, family, victim := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone(""), w.Phone("")
	in := handlertest.CriminalInput()
	delete(in, "instruments")
	f := w.FileCriminal(clerk, in)
	family.Bind(clerk, f.ID, f.Convict)
	victim.Bind(clerk, f.ID, f.Victim)
	inCase := func(what string) string { return fmt.Sprintf("/cases/%d/%s", f.ID, what) }
	told := func(c *handlertest.Client, words string) bool {
		for _, n := range c.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices") {
			if strings.Contains(n.Str("title")+n.Str("body"), words) {
				return true
			}
		}
		return false
	}

	// Nobody asked them for a fine; what they pay is by their own wish, and no
	// receipt of a debtor.
	if !told(family, "判决之前，本院不要求缴纳") {
		t.Error("the accused is not told that nothing is asked of him")
	}
	proof := family.Uploaded(f.ID, 801)
	family.Refused(clash, "receipt.before_judgment", handlertest.Post, inCase("receipts"), handlertest.Claim(45000, proof))
	with := func(change ...any) handlertest.Obj {
		o := paidBefore(45000, proof)
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1] //nolint:forcetypeassert // of this test
		}
		return o
	}
	civil := w.File(clerk)
	family.Bind(clerk, civil.ID, civil.Debtor)
	refusedAll(t, []mistake{
		{family, handlertest.Bad, "deposit.wish", handlertest.Post, inCase("deposits"), with("wish", "自愿"), "wish"},
		{family, handlertest.Bad, "amount.positive", handlertest.Post, inCase("deposits"), with("amount_fen", 0), "amount_fen"},
		{family, handlertest.Bad, "date.future", handlertest.Post, inCase("deposits"), with("paid_on", "2026-03-03"), "paid_on"},
		{family, handlertest.Bad, "file.missing", handlertest.Post, inCase("deposits"), with("proof_file_id", 0), "proof_file_id"},
		{family, handlertest.Bad, "file.repeated", handlertest.Post, inCase("deposits"), with("wish_file_id", proof), "wish_file_id"},
		{family, handlertest.Bad, "file.unknown", handlertest.Post, inCase("deposits"), with("proof_file_id", 999999), "proof_file_id"},
		{victim, handlertest.Bad, "deposit.not_accused", handlertest.Post, inCase("deposits"), with(), "party_id"},
		{family, handlertest.Gone, "case.not_found", handlertest.Post, "/cases/999999/deposits", with(), ""},
		{family, clash, "penalty.not_criminal", handlertest.Post, fmt.Sprintf("/cases/%d/deposits", civil.ID), with(), ""},
		{family, clash, "penalty.not_criminal", handlertest.Get, fmt.Sprintf("/cases/%d/penalty", civil.ID), nil, ""},
		{family, handlertest.Gone, "case.not_found", handlertest.Get, "/cases/999999/penalty", nil, ""},
	})
	d := family.Must(http.StatusCreated, handlertest.Post, inCase("deposits"), with())
	at := func(verb string) string { return fmt.Sprintf("/deposits/%d/%s", d.ID("id"), verb) }
	arrived := func(fen int, version float64) handlertest.Obj {
		return handlertest.Obj{"amount_fen": fen, "version": version}
	}
	refusedAll(t, []mistake{
		{judge, handlertest.Bad, "amount.positive", handlertest.Post, at("confirm"), arrived(0, 1), "amount_fen"},
		{judge, clash, "deposit.changed", handlertest.Post, at("confirm"), arrived(45000, 7), ""},
		{judge, handlertest.Gone, "deposit.not_found", handlertest.Post, "/deposits/999999/confirm", arrived(45000, 1), ""},
		{judge, handlertest.Bad, "reason.required", handlertest.Post, at("return"), handlertest.Obj{"reason": " ", "version": 1}, "reason"},
		{judge, clash, "deposit.changed", handlertest.Post, at("return"), handlertest.Obj{"reason": "未到账", "version": 7}, ""},
		{judge, handlertest.Gone, "deposit.not_found", handlertest.Post, "/deposits/999999/return", handlertest.Obj{"reason": "未到账", "version": 1}, ""},
		{victim, handlertest.Gone, "deposit.not_found", handlertest.Post, at("take-back"), handlertest.Obj{"version": 1}, ""},
		{family, clash, "deposit.changed", handlertest.Post, at("take-back"), handlertest.Obj{"version": 7}, ""},
	})
	for range 2 { // the answer got lost
		d = judge.Must(http.StatusOK, handlertest.Post, at("confirm"), arrived(45000, 1))
	}
	if d.Str("state") != "held" || d.Num("held_fen") != 45000 || !told(victim, "450.00 元已暂存本院") {
		t.Errorf("%v", d)
	}
	refusedAll(t, []mistake{
		{judge, clash, "deposit.state", handlertest.Post, at("confirm"), arrived(45000, d.Num("version")), ""},
		{judge, clash, "deposit.state", handlertest.Post, at("return"), handlertest.Obj{"reason": "未到账", "version": d.Num("version")}, ""},
	})
	// Another one they think better of, and get it back; a third did not arrive.
	fine := family.Must(http.StatusCreated, handlertest.Post, inCase("deposits"), with("purpose", "fine", "proof_file_id", family.Uploaded(f.ID, 802)))
	fine = judge.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/deposits/%d/confirm", fine.ID("id")), arrived(45000, 1))
	fine = family.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/deposits/%d/take-back", fine.ID("id")), handlertest.Obj{"version": fine.Num("version")})
	if fine.Str("state") != "refunding" || fine.Num("refund_fen") != 45000 || fine.Str("refund_text") != "缴款人要求退还" {
		t.Errorf("%v", fine)
	}
	family.Refused(clash, "deposit.state", handlertest.Post, fmt.Sprintf("/deposits/%d/take-back", fine.ID("id")), handlertest.Obj{"version": fine.Num("version")})
	none := family.Must(http.StatusCreated, handlertest.Post, inCase("deposits"), with("proof_file_id", family.Uploaded(f.ID, 803)))
	none = judge.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/deposits/%d/return", none.ID("id")), handlertest.Obj{"reason": "账户没有收到", "version": 1})
	if none.Str("state") != "returned" || !told(family, "账户没有收到") {
		t.Errorf("%v", none)
	}
	page := family.Must(http.StatusOK, handlertest.Get, inCase("penalty"), nil).List("penalties")
	if len(page) != 1 || page[0]["judged"] != false || len(page[0].List("lines")) != 0 || len(page[0].List("deposits")) != 3 {
		t.Errorf("%v", page)
	}
	if list := victim.Must(http.StatusOK, handlertest.Get, inCase("penalty"), nil).List("penalties"); len(list) != 0 {
		t.Errorf("the victim sees %v", list)
	}

	// The prosecutor's paper: money held, no performance.
	desk := w.Visitor(clerk)
	cases := fmt.Sprintf("/cases/%d", f.ID)
	desk.Does(http.StatusSeeOther, cases+"/statements", "done=statement", url.Values{"key": {handlertest.FreshKey()}, "party": {fmt.Sprint(f.Convict)}, "to": {"宁波市镇海区人民检察院"}})

	// The judgment, and what it makes of the money.
	w.Clock.Advance(12 * 24 * time.Hour)
	for _, c := range []*handlertest.Client{judge, clerk, family} {
		c.Renew()
	}
	instrument := servicetest.CriminalInput().Instruments[0]
	instrument.MadeOn, instrument.EffectiveOn = model.NewDate(2026, 3, 3), model.NewDate(2026, 3, 14)
	for i := range instrument.Obligations {
		instrument.Obligations[i].DueOn = model.NewDate(2026, 4, 14)
	}
	if _, err := w.Svc.Filing.AddInstrument(t.Context(), clerk.Actor(), f.ID, instrument); err != nil {
		t.Fatal(err)
	}
	if err := w.Svc.Deposit.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	family.Refused(clash, "deposit.judged", handlertest.Post, inCase("deposits"), with("proof_file_id", family.Uploaded(f.ID, 804)))
	family.Refused(clash, "deposit.judged", handlertest.Post, at("take-back"), handlertest.Obj{"version": d.Num("version")})
	mine := w.Visitor(judge)
	desk = w.Visitor(clerk) // who logged in again
	form := func(d handlertest.Obj, more ...string) url.Values {
		v := url.Values{"deposit": {fmt.Sprint(d.ID("id"))}, "version": {fmt.Sprint(d.ID("version"))}}
		for i := 0; i < len(more); i += 2 {
			v.Set(more[i], more[i+1])
		}
		return v
	}
	mine.Does(http.StatusSeeOther, cases+"/deposits/set-off", "done=deposit_set_off", form(d))
	page = family.Must(http.StatusOK, handlertest.Get, inCase("penalty"), nil).List("penalties")
	prepaid := map[string]float64{}
	for _, l := range page[0].List("lines") {
		prepaid[l.Str("category")] = l.Num("prepaid_fen")
		if l.Num("paid_fen") != 0 {
			t.Errorf("%v was paid after the judgment", l)
		}
	}
	if page[0]["judged"] != true || prepaid["medical"] != 10000 || prepaid["restitution"] != 30000 || prepaid["fine"] != 0 {
		t.Errorf("%v", prepaid)
	}
	d = page[0].List("deposits")[0]
	if d.Str("state") != "refunding" || d.Num("refund_fen") != 5000 {
		t.Fatalf("%v", d)
	}
	// A correction of the set-off pays what the payer meant, and no more than that.
	kept, err := w.DB.DepositEntries(t.Context(), []int64{d.ID("id")})
	setOff := slices.IndexFunc(kept[d.ID("id")], func(e model.DepositEntry) bool { return e.ReceiptID != 0 })
	if err != nil || setOff < 0 {
		t.Fatalf("%v %v", kept, err)
	}
	receipt := fmt.Sprintf("/receipts/%d", kept[d.ID("id")][setOff].ReceiptID)
	judge.Refused(handlertest.Bad, "deposit.purpose", handlertest.Post, receipt+"/correct",
		handlertest.Obj{"version": judge.Must(http.StatusOK, handlertest.Get, receipt, nil).Num("version"), "amount_fen": 45000, "reason": "看错了金额"})
	repay := map[string]string{
		"key": handlertest.FreshKey(), "deposit": fmt.Sprint(d.ID("id")), "version": fmt.Sprint(d.ID("version")), "amount": "50", "paid_on": "2026-03-14", "bank_serial": "GD77",
	}
	if res, body := desk.SendForm(cases+"/deposits/repay", repay, handlertest.Picture(805)); !strings.Contains(res.Header.Get("Location"), "done=deposit_repaid") {
		t.Fatal(res.StatusCode, body)
	}
	d = family.Must(http.StatusOK, handlertest.Get, inCase("penalty"), nil).List("penalties")[0].List("deposits")[0]
	entries := d.List("entries")
	if last := entries[len(entries)-1]; d.Str("state") != "settled" || last.Str("kind") != "refund" || last.Num("amount_fen") != -5000 || last.Str("bank_serial") != "GD77" ||
		family.Call(handlertest.Get, fmt.Sprintf("/files/%d/view", last.ID("file_id")), nil).Status != http.StatusOK {
		t.Errorf("%v", d)
	}
	if !told(family, "已于2026年3月14日退还彭大") {
		t.Error("the family is not told that the rest came back")
	}
	desk.Does(http.StatusSeeOther, cases+"/statements", "done=statement", url.Values{"key": {handlertest.FreshKey()}, "party": {fmt.Sprint(f.Convict)}, "to": {"宁波市镇海区人民检察院"}})
}

// A payer changes by phone what his money is for; the judge declines one wish and
// accepts the next, and every wish stays readable.
func TestChangingWhatMoneyIsForByPhone(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, family, victim := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone(""), w.Phone("")
	in := handlertest.CriminalInput()
	delete(in, "instruments")
	f := w.FileCriminal(clerk, in)
	family.Bind(clerk, f.ID, f.Convict)
	victim.Bind(clerk, f.ID, f.Victim)
	made := family.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/deposits", f.ID), paidBefore(45000, family.Uploaded(f.ID, 821)))
	wishes := fmt.Sprintf("/deposits/%d/wishes", made.ID("id"))
	wish := func(change ...any) handlertest.Obj {
		o := handlertest.Obj{"purpose": "fine", "wish": "我要求把这笔款项改为拟缴罚金。"}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1] //nolint:forcetypeassert // of this test
		}
		return o
	}
	family.Refused(clash, "deposit.state", handlertest.Post, wishes, wish())
	judge.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/deposits/%d/confirm", made.ID("id")), handlertest.Obj{"amount_fen": 45000, "version": 1})
	refusedAll(t, []mistake{
		{victim, handlertest.Gone, "deposit.not_found", handlertest.Post, wishes, wish(), ""},
		{family, handlertest.Bad, "deposit.same_purpose", handlertest.Post, wishes, wish("purpose", "restitution"), "purpose"},
		{family, handlertest.Bad, "deposit.wish", handlertest.Post, wishes, wish("wish", "改"), "wish"},
		{family, handlertest.Bad, "file.unknown", handlertest.Post, wishes, wish("wish_file_id", 999999), "wish_file_id"},
	})
	d := family.Must(http.StatusCreated, handlertest.Post, wishes, wish())
	family.Refused(clash, "wish.open", handlertest.Post, wishes, wish())
	first := d.List("wishes")[0].Num("id")
	says := func(wish, version float64, accept bool, reason string) handlertest.Obj {
		return handlertest.Obj{"wish_id": wish, "version": version, "accept": accept, "reason": reason}
	}
	refusedAll(t, []mistake{
		{judge, handlertest.Bad, "reason.required", handlertest.Post, wishes + "/decide", says(first, 2, false, ""), "reason"},
		{judge, handlertest.Gone, "wish.not_found", handlertest.Post, wishes + "/decide", says(999999, 2, true, ""), ""},
		{judge, handlertest.Gone, "deposit.not_found", handlertest.Post, "/deposits/999999/wishes/decide", says(first, 2, true, ""), ""},
		{judge, clash, "deposit.changed", handlertest.Post, wishes + "/decide", says(first, 7, true, ""), ""},
	})
	d = judge.Must(http.StatusOK, handlertest.Post, wishes+"/decide", says(first, 2, false, "须本人当面说明"))
	if d.Str("purpose") != "restitution" || d.List("wishes")[0].Str("state") != "declined" {
		t.Errorf("%v", d)
	}
	judge.Refused(clash, "wish.state", handlertest.Post, wishes+"/decide", says(first, 3, true, ""))
	second := family.Must(http.StatusCreated, handlertest.Post, wishes, wish()).List("wishes")[1].Num("id")
	for range 2 { // the answer got lost
		d = judge.Must(http.StatusOK, handlertest.Post, wishes+"/decide", says(second, 3, true, ""))
	}
	entries := d.List("entries")
	if last := entries[len(entries)-1]; d.Str("purpose") != "fine" || d.Str("wish") != "我自愿退赔被害人的损失，请法院代为保管。" || last.Str("kind") != "purpose" || d.Num("held_fen") != 45000 {
		t.Errorf("%v", d)
	}
}

// kin invites somebody of an accused's family by the accused's own side, who is
// connected by it: no officer has the case yet.
func kin(w *handlertest.World, family *handlertest.Client, caseID, convict int64) (phone *handlertest.Client, link string) {
	w.T.Helper()
	code := family.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/relative-invitations", caseID), handlertest.Obj{"party_id": convict}).Str("code")
	phone = w.Phone("")
	r := phone.Must(http.StatusCreated, handlertest.Post, "/relatives", asks("code", code, "name", "彭小妹", "relation", "sibling"))
	family.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/invited-relatives/%d/decide", r.ID("id")), handlertest.Obj{"state": "admitted", "version": 1})
	return phone, fmt.Sprintf("/my/relatives/%d", r.ID("id"))
}

// A sister of an accused hands in by her own phone what she paid before the judgment
// with her own wish, sees what became of it and nothing else, and it goes back to her;
// the accused's side sees it and disposes of nothing of it.
func TestARelativePaysBeforeTheJudgmentByPhone(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, family, victim := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone(""), w.Phone("")
	in := handlertest.CriminalInput()
	delete(in, "instruments")
	f := w.FileCriminal(clerk, in)
	family.Bind(clerk, f.ID, f.Convict)
	victim.Bind(clerk, f.ID, f.Victim)
	victim.Refused(clash, "relative.no_enforcement", handlertest.Post, fmt.Sprintf("/cases/%d/relative-invitations", f.ID), handlertest.Obj{"party_id": f.Victim})
	sister, link := kin(w, family, f.ID, f.Convict)
	matter := sister.Must(http.StatusOK, handlertest.Get, link+"/matter", nil)
	if matter.ID("case_id") != f.ID || matter.Num("open_fen") != 0 || matter.Str("reference") != "" {
		t.Errorf("%v", matter)
	}
	proof := sister.Uploaded(f.ID, 841)
	with := func(change ...any) handlertest.Obj {
		o := handlertest.Obj{"purpose": "restitution", "amount_fen": 30000, "paid_on": "2026-03-02", "wish": "我自愿代哥哥退赔被害人的损失。", "payer_account": "6222020200001234", "proof_file_id": proof}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1] //nolint:forcetypeassert // of this test
		}
		return o
	}
	sister.Refused(handlertest.Gone, "case.not_found", handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil)
	sister.Refused(clash, "receipt.before_judgment", handlertest.Post, link+"/receipts",
		handlertest.Obj{"amount_fen": 100, "paid_on": "2026-03-02", "proof_kind": "bank_receipt", "file_ids": []int64{sister.Uploaded(f.ID, 842)}})
	refusedAll(t, []mistake{
		{sister, handlertest.Bad, "deposit.wish", handlertest.Post, link + "/deposits", with("wish", "自愿"), "wish"},
		{sister, handlertest.Bad, "amount.positive", handlertest.Post, link + "/deposits", with("amount_fen", 0), "amount_fen"},
		{sister, handlertest.Bad, "date.future", handlertest.Post, link + "/deposits", with("paid_on", "2026-03-03"), "paid_on"},
		{sister, handlertest.Bad, "file.missing", handlertest.Post, link + "/deposits", with("proof_file_id", 0), "proof_file_id"},
		{sister, handlertest.Bad, "file.repeated", handlertest.Post, link + "/deposits", with("wish_file_id", proof), "wish_file_id"},
		{sister, handlertest.Bad, "file.unknown", handlertest.Post, link + "/deposits", with("proof_file_id", 999999), "proof_file_id"},
		{victim, handlertest.Gone, "relative.not_found", handlertest.Post, link + "/deposits", with(), ""},
		{victim, handlertest.Gone, "relative.not_found", handlertest.Get, link + "/deposits", nil, ""},
	})
	d := sister.Must(http.StatusCreated, handlertest.Post, link+"/deposits", with())
	if d.Str("payer_name") != "彭小妹" || d.Str("payer_kind") != "relative" || d.ID("party_id") != f.Convict {
		t.Errorf("%v", d)
	}
	at := func(verb string) string { return fmt.Sprintf("/deposits/%d/%s", d.ID("id"), verb) }
	d = judge.Must(http.StatusOK, handlertest.Post, at("confirm"), handlertest.Obj{"amount_fen": 30000, "version": 1})
	if seen := family.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/penalty", f.ID), nil).List("penalties")[0].List("deposits"); len(seen) != 1 || seen[0].Str("payer_account") != "" || d.Str("payer_account") == "" {
		t.Errorf("the accused's side sees %v, the judge %v", seen, d)
	}
	family.Refused(clash, "deposit.payer_only", handlertest.Post, at("take-back"), handlertest.Obj{"version": 2})
	family.Refused(clash, "deposit.payer_only", handlertest.Post, at("wishes"), handlertest.Obj{"purpose": "fine", "wish": "把这笔款项改为拟缴罚金。"})
	wished := sister.Must(http.StatusCreated, handlertest.Post, at("wishes"), handlertest.Obj{"purpose": "fine", "wish": "把这笔款项改为拟缴罚金。"})
	judge.Must(http.StatusOK, handlertest.Post, at("wishes/decide"), handlertest.Obj{"wish_id": wished.List("wishes")[0].Num("id"), "version": 2, "accept": true})
	d = sister.Must(http.StatusOK, handlertest.Post, at("take-back"), handlertest.Obj{"version": 3})
	if d.Str("state") != "refunding" || d.Num("refund_fen") != 30000 || d.Str("purpose") != "fine" {
		t.Errorf("%v", d)
	}
	mine := sister.Must(http.StatusOK, handlertest.Get, link+"/deposits", nil).List("deposits")
	if len(mine) != 1 || mine[0].Num("refund_fen") != 30000 {
		t.Errorf("%v", mine)
	}
	told := 0
	for _, n := range sister.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices") {
		if n.Str("kind") == "relative.deposit" {
			told++
			if strings.Contains(n.Str("body"), f.No) {
				t.Error("the case is named to a relative")
			}
		}
	}
	if told != 4 { // entered, verified, changed, to go back
		t.Errorf("told %d times", told)
	}
	// Once there is a judgment there is something to perform.
	w.Clock.Advance(12 * 24 * time.Hour)
	for _, c := range []*handlertest.Client{clerk, sister} {
		c.Renew()
	}
	instrument := servicetest.CriminalInput().Instruments[0]
	instrument.MadeOn, instrument.EffectiveOn = model.NewDate(2026, 3, 3), model.NewDate(2026, 3, 14)
	for i := range instrument.Obligations {
		instrument.Obligations[i].DueOn = model.NewDate(2026, 4, 14)
	}
	if _, err := w.Svc.Filing.AddInstrument(t.Context(), clerk.Actor(), f.ID, instrument); err != nil {
		t.Fatal(err)
	}
	sister.Refused(clash, "deposit.judged", handlertest.Post, link+"/deposits", with("proof_file_id", sister.Uploaded(f.ID, 844)))
	// A link that came with enforcement is for performance, not for this.
	c := newCoerced(t)
	civil, asked := c.relative("admitted")
	civil.Refused(clash, "penalty.not_criminal", handlertest.Post, fmt.Sprintf("/my/relatives/%d/deposits", asked.ID("id")), with("proof_file_id", civil.Uploaded(c.f.ID, 843)))
}

// Staff enter, correct and give back on the desk; a form that is refused keeps
// the page.
func TestDepositsOnTheDesk(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	in := handlertest.CriminalInput()
	delete(in, "instruments")
	f := w.FileCriminal(clerk, in)
	cases := fmt.Sprintf("/cases/%d", f.ID)
	desk, mine := w.Visitor(clerk), w.Visitor(judge)
	enter := map[string]string{
		"key": handlertest.FreshKey(), "party": fmt.Sprint(f.Convict), "purpose": "restitution", "amount": "300", "paid_on": "2026-03-02", "payer_kind": "relative",
		"payer_name": "彭大", "wish": "自愿",
	}
	if res, body := desk.SendForm(cases+"/deposits", enter, handlertest.Picture(811)); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "请写明自愿缴纳的意愿") {
		t.Errorf("%d", res.StatusCode)
	}
	enter["wish"] = "彭大本人到窗口，自愿代为退赔。"
	if res, body := desk.SendForm(cases+"/deposits", enter, handlertest.Picture(811)); res.StatusCode != http.StatusSeeOther {
		t.Fatal(res.StatusCode, body)
	}
	page, err := w.Svc.Deposit.Penalties(t.Context(), judge.Actor(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	d := page[0].Deposits[0]
	form := func(version int, more ...string) url.Values {
		v := url.Values{"deposit": {fmt.Sprint(d.ID)}, "version": {fmt.Sprint(version)}}
		for i := 0; i < len(more); i += 2 {
			v.Set(more[i], more[i+1])
		}
		return v
	}
	desk.Does(http.StatusForbidden, cases+"/deposits/confirm", "", form(1, "amount", "300"))
	mine.Does(http.StatusBadRequest, cases+"/deposits/return", "请填写退回原因", form(1, "reason", ""))
	mine.Does(http.StatusSeeOther, cases+"/deposits/confirm", "done=deposit", form(1, "amount", "300"))
	mine.Does(http.StatusSeeOther, cases+"/deposits/correct", "done=deposit", form(2, "amount", "20", "less", "1", "reason", "银行更正"))
	wish := url.Values{"key": {handlertest.FreshKey()}, "deposit": {fmt.Sprint(d.ID)}, "new_purpose": {"fine"}, "new_wish": {"改"}}
	desk.Does(http.StatusBadRequest, cases+"/deposits/wish", "请写明自愿缴纳的意愿", wish)
	wish.Set("new_wish", "彭大到窗口，要求改为拟缴罚金。")
	for range 2 { // the answer got lost
		desk.Does(http.StatusSeeOther, cases+"/deposits/wish", "done=deposit_wish", wish)
	}
	mine.Does(http.StatusBadRequest, cases+"/deposits/wish-decide", "请填写不接受的理由", form(3, "wish", "1", "accept", ""))
	for range 2 {
		mine.Does(http.StatusSeeOther, cases+"/deposits/wish-decide", "done=deposit", form(3, "wish", "1", "accept", "1"))
	}
	if _, body := mine.Send(http.MethodGet, cases+"?tab=penalty", nil, nil); !strings.Contains(body, "彭大到窗口，要求改为拟缴罚金。") || !strings.Contains(body, "彭大本人到窗口，自愿代为退赔。") {
		t.Error("both wishes stay readable")
	}
	if _, body := mine.Send(http.MethodGet, cases+"?tab=penalty", nil, nil); !strings.Contains(body, "暂存 280.00 元") || !strings.Contains(body, "登记时没有绑定的辩护人") {
		t.Error("the page does not show what is held")
	}
	mine.Does(http.StatusConflict, cases+"/deposits/set-off", "判决还没有生效", form(4))
	mine.Does(http.StatusBadRequest, cases+"/deposits/refund", "不超过暂存的 280.00 元", form(4, "amount", "281", "ground", "terminated"))
	mine.Does(http.StatusSeeOther, cases+"/deposits/refund", "done=deposit_refund", form(4, "amount", "280", "ground", "terminated", "reason", "检察院撤回起诉"))
	if _, body := mine.Send(http.MethodGet, cases+"?tab=penalty", nil, nil); !strings.Contains(body, "登记已退还") {
		t.Error("the page has no form for what is to go back")
	}
	// Its payer cannot be found: it is lodged for him.
	lodged := map[string]string{
		"key": handlertest.FreshKey(), "deposit": fmt.Sprint(d.ID), "version": "5", "amount": "280", "paid_on": w.Today().String(), "ground": "missing", "fact": "账户已注销，电话停机",
		"with": "宁波市镇海公证处", "notice_by": "无法通知，已公告",
	}
	if res, body := desk.SendForm(cases+"/deposits/repay", lodged, handlertest.Picture(812)); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "提存证书、提存通知书的文号") {
		t.Errorf("no number: %d", res.StatusCode)
	}
	lodged["key"], lodged["number"] = handlertest.FreshKey(), "（2026）浙甬镇证提字第6号"
	if res, body := desk.SendForm(cases+"/deposits/repay", lodged, handlertest.Picture(813)); !strings.Contains(res.Header.Get("Location"), "done=deposit_repaid") {
		t.Fatal(res.StatusCode, body)
	}
	desk.Sees(cases+"?tab=penalty", "不能退还，提存", "宁波市镇海公证处", "前可以领取")
}

// The wish of a payer is printed from the record at the desk, read on the phone of the
// accused's side, and the signed paper is kept with the deposit, once.
func TestThePaperOfAWish(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	_, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	in := handlertest.CriminalInput()
	delete(in, "instruments")
	f := w.FileCriminal(clerk, in)
	phone := w.Phone("")
	phone.Bind(clerk, f.ID, f.Convict)
	cases := fmt.Sprintf("/cases/%d", f.ID)
	desk := w.Visitor(clerk)
	enter := map[string]string{
		"key": handlertest.FreshKey(), "party": fmt.Sprint(f.Convict), "purpose": "restitution", "amount": "300", "paid_on": "2026-03-02", "payer_kind": "relative",
		"payer_name": "彭大", "wish": "彭大本人到窗口，自愿代为退赔。", "payer_account": "6222000011112222",
	}
	if res, body := desk.SendForm(cases+"/deposits", enter, handlertest.Picture(821)); res.StatusCode != http.StatusSeeOther {
		t.Fatal(res.StatusCode, body)
	}
	tab := clerk.Reads(cases + "?tab=penalty")
	if !strings.Contains(tab, "制作缴款意愿书") || !strings.Contains(tab, "存入签名的意愿书") {
		t.Error("the page does not offer the paper")
	}
	paper := url.Values{"key": {handlertest.FreshKey()}, "kind": {"deposit_wish"}, "deposit": {"1"}}
	for range 2 { // the button was pressed twice
		desk.Does(http.StatusSeeOther, cases+"/documents", "", paper)
	}
	list := phone.Must(http.StatusOK, handlertest.Get, cases+"/documents", nil).List("documents")
	var wishes []handlertest.Obj
	for _, d := range list {
		if d["kind"] == "deposit_wish" {
			wishes = append(wishes, d)
		}
	}
	if len(wishes) != 1 || wishes[0]["title"] != "暂存款缴款意愿书" {
		t.Fatalf("%v", list)
	}
	says := pdfText(t, phone.Pdf(wishes[0]))
	for _, want := range []string{"彭大（亲属代为缴纳）", "300.00元", "2026年3月2日", "退赔、赔偿损失", "不要求缴纳款项"} {
		if !strings.Contains(says, want) {
			t.Errorf("%q lacks %q", says, want)
		}
	}
	for _, never := range []string{"从宽", "从轻", "减刑", "6222000011112222", "自愿代为退赔"} {
		if strings.Contains(says, never) {
			t.Errorf("the paper says %q", never)
		}
	}
	signed := map[string]string{"key": handlertest.FreshKey(), "deposit": "1"}
	for range 2 { // the answer got lost
		if res, body := desk.SendForm(cases+"/deposits/signed-wish", signed, handlertest.Picture(822)); res.StatusCode != http.StatusSeeOther || !strings.Contains(res.Header.Get("Location"), "deposit_wish_signed") {
			t.Fatal(res.StatusCode, body)
		}
	}
	signed["key"] = handlertest.FreshKey()
	if res, body := desk.SendForm(cases+"/deposits/signed-wish", signed, handlertest.Picture(823)); res.StatusCode != http.StatusConflict || !strings.Contains(body, "已有签名的书面意愿") {
		t.Error(res.StatusCode)
	}
	if tab = clerk.Reads(cases + "?tab=penalty"); !strings.Contains(tab, ">书面意愿</a>") || strings.Contains(tab, "制作缴款意愿书") {
		t.Error("the signed wish is not shown")
	}
	paper.Set("key", handlertest.FreshKey())
	desk.Does(http.StatusConflict, cases+"/documents", "已有签名的书面意愿", paper)
	paper.Set("deposit", "99")
	desk.Does(http.StatusNotFound, cases+"/documents", "", paper)
}
