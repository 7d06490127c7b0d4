package model_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"microcourt/model"
)

func TestAllowanceOfATemplate(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2026, 3, 2, 2, minute, 0, 0, time.UTC) }
	entry := func(source model.SubscriptionSource, accepted bool, minute int) model.SubscriptionEntry {
		return model.SubscriptionEntry{ID: int64(minute + 1), Source: source, Accepted: accepted, At: at(minute)}
	}
	sent := func(minute int) model.SubscriptionUse {
		return model.SubscriptionUse{State: model.OutboxAccepted, At: at(minute)}
	}
	refused := func(minute int) model.SubscriptionUse {
		return model.SubscriptionUse{State: model.OutboxNoConsent, At: at(minute)}
	}
	const claim, popup, change = model.SubscriptionClaim, model.SubscriptionPopup, model.SubscriptionChange
	for name, tt := range map[string]struct {
		longTerm bool
		entries  []model.SubscriptionEntry
		uses     []model.SubscriptionUse
		want     int
	}{
		"nothing":                                {},
		"two answers, one message":               {entries: []model.SubscriptionEntry{entry(popup, true, 0), entry(popup, true, 5)}, uses: []model.SubscriptionUse{sent(6)}, want: 1},
		"the phone and WeChat tell of one":       {entries: []model.SubscriptionEntry{entry(claim, true, 1), entry(popup, true, 0)}, want: 1},
		"the phone told, WeChat did not":         {entries: []model.SubscriptionEntry{entry(claim, true, 1)}, want: 1},
		"two answers far apart":                  {entries: []model.SubscriptionEntry{entry(claim, true, 1), entry(popup, true, 30)}, want: 2},
		"a refusal in the pop-up takes nothing":  {entries: []model.SubscriptionEntry{entry(popup, true, 0), entry(popup, false, 5)}, want: 1},
		"switched off in the settings":           {entries: []model.SubscriptionEntry{entry(popup, true, 0), entry(change, false, 5)}},
		"and on again":                           {entries: []model.SubscriptionEntry{entry(popup, true, 0), entry(change, false, 5), entry(popup, true, 9)}, want: 1},
		"WeChat said no":                         {entries: []model.SubscriptionEntry{entry(popup, true, 0), entry(popup, true, 1)}, uses: []model.SubscriptionUse{refused(5)}},
		"a message that nobody had allowed":      {entries: []model.SubscriptionEntry{entry(popup, true, 9)}, uses: []model.SubscriptionUse{sent(3)}, want: 1},
		"long-term stands":                       {longTerm: true, entries: []model.SubscriptionEntry{entry(popup, true, 0)}, uses: []model.SubscriptionUse{sent(3), sent(4)}, want: 1},
		"long-term refused later":                {longTerm: true, entries: []model.SubscriptionEntry{entry(popup, true, 0), entry(claim, false, 9)}},
		"long-term, the phone's word came first": {longTerm: true, entries: []model.SubscriptionEntry{entry(claim, false, 8), entry(popup, true, 9)}, want: 1},
	} {
		if got := model.Allowance(tt.longTerm, tt.entries, tt.uses); got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
	// Whatever the order of arrival, the outcome is the same.
	random := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		var entries []model.SubscriptionEntry
		var uses []model.SubscriptionUse
		for m := range 12 {
			switch random.IntN(5) {
			case 0:
				entries = append(entries, entry(claim, random.IntN(2) == 0, m))
			case 1:
				entries = append(entries, entry(popup, random.IntN(3) > 0, m))
			case 2:
				entries = append(entries, entry(change, false, m))
			case 3:
				uses = append(uses, sent(m))
			case 4:
				uses = append(uses, refused(m))
			}
		}
		for _, longTerm := range []bool{true, false} {
			want := model.Allowance(longTerm, entries, uses)
			random.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
			random.Shuffle(len(uses), func(i, j int) { uses[i], uses[j] = uses[j], uses[i] })
			if got := model.Allowance(longTerm, entries, uses); got != want || got < 0 || longTerm && got > 1 {
				t.Fatalf("%d in one order and %d in another: %v %v", want, got, entries, uses)
			}
		}
	}
}

func TestNeverAskForAMixtureNorForMoreThanThree(t *testing.T) {
	t.Parallel()
	list := []model.SubscriptionTemplate{{ID: "o1"}, {ID: "l1", LongTerm: true}, {ID: "o2"}, {ID: "o2"}, {ID: "o3", Left: 2}, {ID: "o4"}, {ID: "o5"}}
	ids, longTerm := model.Wanted(list)
	if len(ids) != 1 || ids[0] != "l1" || !longTerm {
		t.Error(ids, longTerm)
	}
	list[1].Left = 1
	ids, longTerm = model.Wanted(list)
	if len(ids) != 3 || ids[0] != "o1" || ids[1] != "o2" || ids[2] != "o4" || longTerm {
		t.Error(ids, longTerm)
	}
}
