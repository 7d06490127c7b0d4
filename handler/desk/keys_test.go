package desk

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
)

var (
	tagWithKey = regexp.MustCompile(`<([a-z]+)\b[^<]*?data-key="([^"]*)"[^<]*?>`)
	formAction = regexp.MustCompile(`<form\b[^<]*?action="([^"]*)"`)
)

// undoable are the forms that a key may submit: what they do waits, and can be taken
// back.
var undoable = map[string]bool{"/desk/receipts/{{$r.ID}}/confirm{{$d.Query}}": true}

// A key has the same finality on every page: it goes somewhere, shows something, or
// submits what can be taken back. No key signs, serves or decides for good.
func TestNoKeyDoesWhatCannotBeTakenBack(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		b, err := fs.ReadFile(pageFiles, name)
		if err != nil {
			t.Fatal(err)
		}
		page := string(b)
		for _, at := range tagWithKey.FindAllStringSubmatchIndex(page, -1) {
			found++
			tag, element := page[at[0]:at[1]], page[at[2]:at[3]]
			if element != "button" || strings.Contains(tag, `type="button"`) {
				continue
			}
			action := ""
			if all := formAction.FindAllStringSubmatch(page[:at[0]], -1); len(all) > 0 {
				action = all[len(all)-1][1]
			}
			if !undoable[action] {
				t.Errorf("%s: the key %s submits %s for good: %s", path.Base(name), page[at[4]:at[5]], action, tag)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d keys were found", found)
	}
}

// A key that nobody registered is refused when pages are parsed, so that ? shows all.
func TestAPageWithAnUnregisteredKeyIsRefused(t *testing.T) {
	t.Parallel()
	for page, good := range map[string]bool{
		`<a data-key="n">x</a>`:                      true,
		`<button data-key="{{add $i 1}}">x</button>`: true,
		`<a data-key="k">x</a>`:                      false,
		`<a data-key="Esc">x</a>`:                    false, // is for what is being typed
	} {
		if err := checkKeys(page); (err == nil) != good {
			t.Errorf("%s: %v", page, err)
		}
	}
}
