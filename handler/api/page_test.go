package api

import (
	"encoding/base64"
	"testing"
	"time"

	"microcourt/model"
)

// A cursor leads back to its place in its list, and nowhere else: neither one of
// another list nor one that was changed anywhere is taken for a place.
func TestACursorHoldsForItsListAlone(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 3, 5, 9, 30, 0, 123000, time.UTC)
	for _, at := range []place{{}, {ID: 1}, {ID: 9007199254740993}, {At: due, ID: 7}, {At: time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC), ID: 7}} {
		c := cursor{place: at, list: "/cases"}
		text := c.text()
		if got, err := readCursor("/cases", text); err != nil || got != c {
			t.Errorf("%v is read as %v: %v", c, got, err)
		}
		if got, err := readCursor("/notices", text); model.ReasonOf(err) != "cursor.unknown" || model.FieldOf(err) != "after" || got.place != (place{}) {
			t.Errorf("another list takes %v as %v: %v", c, got, err)
		}
		for i := range len(text) {
			for _, mangled := range []string{text[:i], text[:i] + text[i+1:], text[:i] + "A" + text[i+1:], text[:i] + "-" + text[i:], text + "="} {
				if got, err := readCursor("/cases", mangled); mangled != text && mangled != "" && model.ReasonOf(err) != "cursor.unknown" {
					t.Errorf("%q is read as %v: %v", mangled, got, err)
				}
			}
		}
	}
	for _, text := range []string{"7", "0", "-1", "abc", "%", base64.RawURLEncoding.EncodeToString([]byte("7")), base64.RawURLEncoding.EncodeToString(make([]byte, 40))} {
		if got, err := readCursor("/cases", text); model.ReasonOf(err) != "cursor.unknown" {
			t.Errorf("%q is read as %v: %v", text, got, err)
		}
	}
}
