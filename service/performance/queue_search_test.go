package performance_test

import (
	"context"
	"strings"
	"testing"

	"microcourt/model"
)

// A receipt is found by what its case is found by: a part of either party's name, the
// running number alone, a telephone or identity number; and by what it says itself.
func TestReceiptsAreFoundAsCasesAre(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	r := p.Submit(p.debtor, p.f, 10000, 86)
	cs, err := p.Svc.Filing.Case(ctx, p.judge.Actor, p.f.ID, true)
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]string{
		"its case's number": p.f.No, "the number's beginning": "（2026）浙0211民初", "its serial": p.receipt(p.judge, r.ID).Receipt.BankSerial,
		"the running number": strings.TrimSuffix(p.f.No[strings.Index(p.f.No, "民初")+len("民初"):], "号"),
	}
	for _, party := range cs.Parties {
		words["the beginning of "+party.Name] = string([]rune(party.Name)[:2])
		if party.Phone != "" {
			words["the telephone of "+party.Name] = party.Phone
		}
		if n := []rune(party.Name); len(n) > 3 {
			words["a part of "+party.Name] = string(n[1:3])
		}
	}
	// Another court's judge and another case of the same judge are not in it.
	other := p.File(p.clerk)
	p.Bind(p.debtor, p.clerk, other.ID, other.Debtor)
	find := func(text string) (ids []int64) {
		list, _, err := svc.Queue(ctx, p.judge.Actor, model.QueueFilter{State: model.ReceiptSubmitted, Text: text, Limit: 10})
		if err != nil {
			t.Fatal(text, err)
		}
		for _, l := range list {
			ids = append(ids, l.ID)
		}
		return ids
	}
	if len(words) < 7 {
		t.Errorf("only %v", words)
	}
	for what, text := range words {
		if ids := find(text); text == "" || len(ids) != 1 || ids[0] != r.ID {
			t.Errorf("%s (%q) finds %v", what, text, ids)
		}
		place, err := svc.QueuePlace(ctx, p.judge.Actor, model.QueueFilter{State: model.ReceiptSubmitted, Text: text}, r.ID)
		if err != nil || place.Place != 1 || place.Total != 1 {
			t.Errorf("%s: %+v %v", what, place, err)
		}
	}
	p.Submit(p.debtor, other, 10000, 87)
	if ids := find(p.f.No); len(ids) != 1 || ids[0] != r.ID {
		t.Errorf("another case's receipt is found by %s: %v", p.f.No, ids)
	}
	for _, none := range []string{"99999999", "无此人名", "13011112222"} {
		if ids := find(none); len(ids) != 0 {
			t.Errorf("%s finds %v", none, ids)
		}
	}
}
