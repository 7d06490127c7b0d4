package web_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the pages' templates as they should be written")

// wide is how long a line of a template may be before what is in it is put on
// lines of its own.
const wide = 140

// piece is a part of a template: a tag with its attributes, an action, or text
// without white space at its ends.
type piece struct {
	kind piecekind
	name string // of a tag, or the word that an action begins with
	text string
	// gap says that white space stands before it that a reader may see.
	gap bool
	// free says that white space before it shows nothing: it begins a template, or
	// stands in an element whose children are laid out one by one.
	free bool
}

type piecekind int

const (
	text piecekind = iota
	open
	shut
	void
	action
	raw // an element whose white space counts, whole
)

// blocks are the elements beside and at the ends of which white space shows nothing.
var blocks = strings.Fields(`html head body meta link title script style header footer nav main div form p h1 h2 h3 h4 table thead tbody tfoot tr th td
	caption ul ol li dl dt dd details summary select option optgroup fieldset legend section article figure doctype`)

// laidOut are the classes of app.css whose children are laid out one by one, so
// that white space between them shows nothing.
var laidOut = strings.Fields("top frame cards filters row-fields acts review viewer viewer-bar fit tools beside reasons two main-side tabs side")

// lines are the classes of controls that have a line of their own.
var lines = strings.Fields("form-control form-select")

var voids = strings.Fields("meta link input br hr img source col doctype")

// asIs are elements whose content is not touched.
var asIs = strings.Fields("textarea pre script style title")

func (p piece) block() bool {
	return p.kind != text && p.kind != action && (slices.Contains(blocks, p.name) || p.has(lines) || strings.Contains(p.text, `type="hidden"`))
}

var classes = regexp.MustCompile(`^<[^>]*? class="([^"]*)"`)

// has tells whether a tag has one of the classes.
func (p piece) has(any []string) bool {
	m := classes.FindStringSubmatch(p.text)
	return m != nil && p.kind != text && p.kind != action && slices.ContainsFunc(strings.Fields(m[1]), func(c string) bool { return slices.Contains(any, c) })
}

// opens and shuts tell whether what follows is inside of the piece.
func (p piece) opens() bool {
	if p.kind == action {
		return slices.Contains([]string{"if", "range", "with", "define", "block", "else"}, p.name)
	}
	return p.kind == open
}

func (p piece) shuts() bool {
	if p.kind == action {
		return p.name == "end" || p.name == "else"
	}
	return p.kind == shut
}

func (p piece) control() bool { return p.kind == action && (p.opens() || p.shuts()) }

var (
	tagName = regexp.MustCompile(`^</?!?([a-zA-Z0-9]+)`)
	word    = regexp.MustCompile(`^[a-z]+`)
	spaces  = regexp.MustCompile(`[ \t\r\n]+`)
)

const white = " \t\r\n"

// tagEnd is the length of the tag that s begins with; an action in it may hold
// anything.
func tagEnd(s string) int {
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case strings.HasPrefix(s[i:], "{{"):
			i += strings.Index(s[i:], "}}") + 1
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return len(s)
}

// pieces takes a template apart. White space that nobody sees is gone, and so
// are the marks that trim it; other white space is a gap.
func pieces(s string) (out []piece) {
	gap := false
	add := func(p piece) {
		p.gap = gap
		gap = false
		out = append(out, p)
	}
	for s != "" {
		switch {
		case strings.ContainsRune(white, rune(s[0])):
			s, gap = strings.TrimLeft(s, white), true
		case strings.HasPrefix(s, "{{"):
			n := strings.Index(s, "}}") + 2
			inner := s[2 : n-2]
			s = s[n:]
			if strings.HasPrefix(inner, "- ") || strings.HasPrefix(inner, "-\n") {
				inner, gap = inner[1:], false
			}
			trims := strings.HasSuffix(inner, " -") || strings.HasSuffix(inner, "\n-")
			inner = strings.Trim(strings.TrimSuffix(inner, "-"), white)
			add(piece{kind: action, name: word.FindString(inner), text: "{{" + spaces.ReplaceAllString(inner, " ") + "}}"})
			if trims {
				s = strings.TrimLeft(s, white)
			}
		case tagName.MatchString(s):
			n := tagEnd(s)
			p := piece{kind: open, name: strings.ToLower(tagName.FindStringSubmatch(s)[1]), text: s[:n]}
			switch {
			case strings.HasPrefix(s, "</"):
				p.kind = shut
			case slices.Contains(voids, p.name):
				p.kind = void
			case slices.Contains(asIs, p.name):
				p.kind = raw
				n = strings.Index(s, "</"+p.name+">") + len("</"+p.name+">")
				p.text = s[:n]
			}
			s = s[n:]
			add(p)
		default:
			n := 1
			for n < len(s) && !strings.HasPrefix(s[n:], "{{") && !tagName.MatchString(s[n:]) && !strings.ContainsRune(white, rune(s[n])) {
				n++
			}
			add(piece{kind: text, text: s[:n]})
			s = s[n:]
		}
	}
	// Beside a block and at its ends white space shows nothing, nor does it between
	// templates and between what is laid out one by one.
	depth := 0
	var around []piece
	for i := range out {
		p := &out[i]
		p.free = depth == 0 || p.block() || i > 0 && out[i-1].block() || len(around) > 0 && around[len(around)-1].has(laidOut)
		if p.free {
			p.gap = false
		}
		switch {
		case p.kind == open:
			around = append(around, *p)
		case p.kind == shut:
			for n := len(around) - 1; n >= 0; n-- {
				if around[n].name == p.name {
					around = around[:n]
					break
				}
			}
		case p.kind == action && p.name != "else" && p.opens():
			depth++
		case p.kind == action && p.name == "end":
			depth--
		}
	}
	return out
}

// within is the number of pieces of the element or action that begins at i, with
// its end; 1 when it has none.
func within(all []piece, i int) int {
	if !all[i].opens() || all[i].name == "else" {
		return 1
	}
	depth := 0
	for n := i; n < len(all); n++ {
		p := all[n]
		if (p.kind == action) != (all[i].kind == action) || p.kind != action && p.name != all[i].name {
			continue
		}
		if p.shuts() && p.name != "else" {
			depth--
		} else if p.opens() && p.name != "else" {
			depth++
		}
		if depth == 0 {
			return n - i + 1
		}
	}
	return len(all) - i
}

func join(all []piece) string {
	var b strings.Builder
	for i, p := range all {
		if p.gap && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// short tells whether pieces may share a line: no block is inside of them and
// they are not too long.
func short(all []piece, indent int) bool {
	for i, p := range all {
		if p.block() && p.name != "option" && i > 0 && i < len(all)-1 || strings.Contains(p.text, "\n") {
			return false
		}
	}
	return indent+len([]rune(join(all))) <= wide
}

// format writes a template with one element a line. What it shows is the same:
// a line ends only where white space shows nothing, where there was some, or
// beside an action that trims it.
func format(s string) string {
	all := pieces(strings.TrimSpace(s))
	var b strings.Builder
	indent, line, alone := 0, false, false // line: something stands on the current one; alone: an action that goes over several
	var depths []int
	for i := 0; i < len(all); {
		p, n := all[i], 1
		if p.shuts() {
			if p.kind == action && len(depths) > 0 {
				indent = depths[len(depths)-1]
			} else if p.kind != action {
				indent = max(0, indent-1)
			}
		}
		if p.opens() {
			if n = within(all, i); !short(all[i:i+n], indent) || p.name == "define" {
				n = 1
			}
		}
		run := all[i : i+n]
		out := join(run)
		// Where does it stand?
		after := i > 0 && all[i-1].control()
		free := i == 0 || p.gap || p.free
		switch {
		case i == 0:
		case free && (!p.gap || alone || n == 1 && p.control() || !fits(&b, run)):
			b.WriteByte('\n')
			line = false
		case p.gap:
			b.WriteByte(' ')
		case n > 1 || p.control() || after:
			// An action ends the line and takes the white space with it.
			switch {
			case p.kind == action:
				b.WriteByte('\n')
				out, line = "{{- "+out[2:], false
			case all[i-1].kind == action && strings.HasSuffix(b.String(), "}}"):
				cut := strings.TrimSuffix(b.String(), "}}")
				b.Reset()
				b.WriteString(cut + " -}}\n")
				line = false
			}
		}
		if !line {
			b.WriteString(strings.Repeat("\t", indent))
		}
		b.WriteString(out)
		line, alone = true, n == 1 && p.control()
		if n == 1 && p.opens() {
			if p.kind == action {
				if p.name != "else" {
					depths = append(depths, indent)
				}
				indent++
			} else {
				indent++
			}
		}
		if n == 1 && p.kind == action && p.name == "end" && len(depths) > 0 {
			indent, depths = depths[len(depths)-1], depths[:len(depths)-1]
		}
		i += n
	}
	return b.String() + "\n"
}

// fits tells whether pieces still stand on the line that is being written.
func fits(b *strings.Builder, run []piece) bool {
	last := b.String()[strings.LastIndexByte(b.String(), '\n')+1:]
	return short(run, len([]rune(last))+1)
}

// Every page's template is written with one element a line.
func TestPagesAreFormatted(t *testing.T) {
	t.Parallel()
	var files []string
	for _, pattern := range []string{"../desk/pages/*.html", "../public/pages/*.html"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := format(string(b))
		if got, was := join(pieces(want)), join(pieces(string(b))); got != was {
			t.Fatalf("%s would show something else:\n%s\nnot\n%s", file, got, was)
		}
		if again := format(want); again != want {
			t.Errorf("%s is written differently each time", file)
		}
		switch {
		case want == string(b):
		case *update:
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil { //nolint:gosec // a source file
				t.Fatal(err)
			}
		default:
			t.Errorf("%s has several elements on a line; go test ./handler/web -run TestPagesAreFormatted -update writes it", file)
		}
	}
}
