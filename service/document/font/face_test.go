package font

import (
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/signintech/gopdf"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

func kai(t testing.TB) *Face {
	t.Helper()
	f, err := Kai()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// composed are characters of the typeface that are put together from others.
func composed(f *Face) string {
	var buf sfnt.Buffer
	var out strings.Builder
	for r := rune(0x20); r < 0x30000; r++ {
		if b, err := f.outline(f.glyph(&buf, r)); err == nil && len(b) > 2 && be16(b, 0) >= 0x8000 {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// What a paper embeds draws every character as the whole typeface does.
func TestASubsetDrawsTheSame(t *testing.T) {
	t.Parallel()
	f := kai(t)
	together := composed(f)
	if together == "" {
		t.Fatal("the typeface has no character that is put together: the test needs another")
	}
	text := "宁波市镇海区人民法院（2026）浙0211民初1234号　阿卜杜·热合曼㛃𫖯䶮 Ag,.%" + together
	b, err := f.Subset(text + "🙂")
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 100_000 {
		t.Errorf("the subset has %d bytes", len(b))
	}
	small, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	em := fixed.I(f.unitsPerEm)
	var whole, cut sfnt.Buffer
	for _, r := range text {
		g, err := f.sfnt.GlyphIndex(&whole, r)
		if err != nil || g == 0 {
			t.Fatalf("%c is not in the typeface", r)
		}
		n, err := small.sfnt.GlyphIndex(&cut, r)
		if err != nil || n == 0 {
			t.Errorf("%c is not in the subset: %v", r, err)
			continue
		}
		want, err := f.sfnt.LoadGlyph(&whole, g, em, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := small.sfnt.LoadGlyph(&cut, n, em, nil)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%c is drawn otherwise: %v", r, err)
		}
		if small.bearing(int(n)) != f.bearing(int(g)) || small.Width(string(r)) != f.Width(string(r)) {
			t.Errorf("%c has another place or width", r)
		}
	}
	if got := string(small.Missing("院🙂\n海外🙂")); got != "🙂外" {
		t.Errorf("missing: %q", got)
	}
	// The printer measures as the layout does.
	pdf := &gopdf.GoPdf{}
	pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	if err := pdf.AddTTFFontData("kai", b); err != nil {
		t.Fatal(err)
	}
	if err := pdf.SetFont("kai", "", 14); err != nil {
		t.Fatal(err)
	}
	if w, err := pdf.MeasureTextWidth(text); err != nil || w != float64(f.Width(text))*(14/1000.0) {
		t.Errorf("%v thousandths are %v points of the printer, %v", f.Width(text), w, err)
	}
}

// A font that a court brings itself may be damaged.
func TestADamagedFontIsRefused(t *testing.T) {
	t.Parallel()
	b, err := kai(t).Subset("院")
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(b)-4; n += 7 {
		if _, err := Parse(b[:n]); err == nil {
			t.Errorf("%d bytes of %d are a font", n, len(b))
		}
	}
	if _, err := Parse([]byte("%PDF-1.7 not a font at all")); err == nil {
		t.Error("a PDF is a font")
	}
}

// Bursts of papers unpack the typeface once; an idle server lets it go.
func TestTheTypefaceIsKeptWhileItIsUsed(t *testing.T) {
	kaiFace.forget() // what another test used is not this test's
	kaiFace.kept = nil
	synctest.Test(t, func(t *testing.T) {
		first := kai(t)
		for range 5 {
			time.Sleep(keptFor - time.Second)
			if kai(t) != first {
				t.Fatal("it was unpacked again while papers were printed")
			}
		}
		time.Sleep(2 * keptFor)
		synctest.Wait()
		kaiFace.mu.Lock()
		defer kaiFace.mu.Unlock()
		if kaiFace.kept != nil {
			t.Error("an idle server holds it")
		}
	})
}
