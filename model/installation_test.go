package model

import (
	"strings"
	"testing"
)

// A database is never opened with other keys than those by which its data was
// sealed, looked up and chained.
func TestKeysThatDoNotFitTheDatabase(t *testing.T) {
	t.Parallel()
	marks := []InstallationMark{
		{Kind: MarkSealKey, Name: "k1", Value: "aaaaaaaaaaaaaaaa", State: MarkRetired},
		{Kind: MarkSealKey, Name: "k2", Value: "bbbb", State: MarkCurrent},
		{Kind: MarkSealKey, Name: "k0", Value: "zzzz", State: MarkEnded},
		{Kind: MarkSealKey, Name: "k3", Value: "yyyy", State: MarkKnown},
		{Kind: MarkLookupKey, Name: "lookup", Value: "cccc", State: MarkCurrent},
		{Kind: MarkAuditKey, Name: "audit", Value: "dddd", State: MarkCurrent},
	}
	k1, k2 := KeyCheck{MarkSealKey, "k1", "aaaaaaaaaaaaaaaa", false}, KeyCheck{MarkSealKey, "k2", "bbbb", true}
	lookup, audit := KeyCheck{MarkLookupKey, "lookup", "cccc", false}, KeyCheck{MarkAuditKey, "audit", "dddd", false}
	for name, c := range map[string]struct {
		keys []KeyCheck
		says []string // one for each problem
	}{
		"the same":                        {[]KeyCheck{k1, k2, lookup, audit}, nil},
		"and a new one":                   {[]KeyCheck{k1, k2, {MarkSealKey, "k9", "eeee", false}, lookup, audit}, nil},
		"another key under the name":      {[]KeyCheck{k1, {MarkSealKey, "k2", "eeee", true}, lookup, audit}, []string{`seal key "k2"`}},
		"the old one is lost":             {[]KeyCheck{k2, lookup, audit}, []string{`seal key "k1": personal data may still be sealed`}},
		"the old one is active again":     {[]KeyCheck{{MarkSealKey, "k1", "aaaaaaaaaaaaaaaa", true}, k2, lookup, audit}, []string{"make its successor active"}},
		"another look-up key":             {[]KeyCheck{k1, k2, {MarkLookupKey, "lookup", "eeee", false}, audit}, []string{"lookup key"}},
		"the same under another name":     {[]KeyCheck{k1, k2, {MarkLookupKey, "renamed", "cccc", false}, audit}, nil},
		"another court's keys altogether": {[]KeyCheck{{MarkSealKey, "x", "eeee", true}, {MarkLookupKey, "lookup", "e", false}, {MarkAuditKey, "audit", "e", false}}, []string{"lookup key", "audit key", `"k1"`, `"k2"`}},
	} {
		got := CompareKeys(marks, c.keys)
		if len(got) != len(c.says) {
			t.Errorf("%s: %q", name, got)
			continue
		}
		for i, s := range c.says {
			if !strings.Contains(got[i], s) {
				t.Errorf("%s: %q does not say %q", name, got[i], s)
			}
		}
	}
	if got := CompareKeys(nil, []KeyCheck{k1}); got != nil {
		t.Errorf("an empty database refuses its first key: %q", got)
	}
}
