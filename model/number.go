package model

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// series is one series of a court's document numbers.
type series struct {
	kind    string // of the series
	name    string // 自动履行证明书
	field   string // of the settings
	pattern string
}

// series lists the court's series, certificates first.
func (s CourtSettings) series() []series {
	out := []series{{CertificateSeries, "自动履行证明书", "certificate_pattern", s.CertificatePattern}}
	for _, k := range DocumentKinds {
		field := "document_patterns." + string(k)
		switch k {
		case DocumentPerformanceNotice:
			field = "notice_pattern"
		case DocumentReminder:
			field = "demand_pattern"
		default: // has no key of its own
		}
		of := s.SeriesOf(k)
		if of == PunishmentSeries && slices.ContainsFunc(out, func(o series) bool { return o.kind == of }) {
			continue
		}
		out = append(out, series{of, k.Chinese(), field, s.Pattern(k)})
	}
	return out
}

// SeriesPatterns are the patterns of a court's document numbers by series.
func (s CourtSettings) SeriesPatterns() map[string]string {
	out := map[string]string{}
	for _, one := range s.series() {
		out[one.kind] = one.pattern
	}
	return out
}

// piece is a character of the numbers that a pattern makes, or any number of
// digits.
type piece struct {
	from, to rune
	more     bool // none or more of them
}

// pieces are what the numbers of a pattern are made of, as somebody types them
// who looks one up: brackets of any kind are one.
func pieces(pattern, short string) (out []piece) {
	for pattern = strings.ReplaceAll(pattern, "{short}", short); pattern != ""; {
		year, n := strings.Index(pattern, "{year}"), strings.Index(pattern, "{n}")
		end := len(pattern)
		for _, i := range []int{year, n} {
			if i >= 0 {
				end = min(end, i)
			}
		}
		for _, r := range NormalizeNumber(pattern[:end]) {
			out = append(out, piece{from: r, to: r})
		}
		switch end {
		case year:
			out = append(out, piece{from: '2', to: '2'}, piece{from: '0', to: '0'}, piece{from: '0', to: '9'}, piece{from: '0', to: '9'})
			end += len("{year}")
		case n:
			out = append(out, piece{from: '1', to: '9'}, piece{from: '0', to: '9', more: true})
			end += len("{n}")
		default: // the rest was text
		}
		pattern = pattern[end:]
	}
	return out
}

// coincide tells whether two patterns can make the same number. One that is
// empty makes none.
func coincide(a, b []piece) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	seen := map[[2]int]bool{}
	var meet func(i, j int) bool
	meet = func(i, j int) bool {
		if i == len(a) && j == len(b) {
			return true
		}
		if seen[[2]int{i, j}] {
			return false
		}
		seen[[2]int{i, j}] = true
		if i < len(a) && a[i].more && meet(i+1, j) || j < len(b) && b[j].more && meet(i, j+1) {
			return true
		}
		if i == len(a) || j == len(b) || a[i].to < b[j].from || b[j].to < a[i].from {
			return false
		}
		nextI, nextJ := i+1, j+1
		if a[i].more {
			nextI = i
		}
		if b[j].more {
			nextJ = j
		}
		return meet(nextI, nextJ)
	}
	return meet(0, 0)
}

// CheckNumbers refuses patterns by which two papers of the installation could
// bear one number: two kinds of this court's, or one of this court's and one of
// another's. The error names the field of the court's settings. A court that has
// the patterns and the short name already is not held up by them.
func (c Court) CheckNumbers(all []Court) error {
	own := c.Settings.series()
	if slices.ContainsFunc(all, func(o Court) bool {
		return o.ID == c.ID && o.ShortName == c.ShortName && slices.Equal(o.Settings.series(), own)
	}) {
		return nil
	}
	made := make([][]piece, len(own))
	for i, a := range own {
		made[i] = pieces(a.pattern, c.ShortName)
		for j, b := range own[:i] {
			if coincide(made[i], made[j]) {
				return InvalidField(a.field, "pattern.repeated", fmt.Sprintf("“%s”与“%s”的编号格式相同，或者会产生相同的编号：%s", a.name, b.name, a.pattern))
			}
		}
	}
	for _, other := range all {
		if other.ID == c.ID {
			continue
		}
		for _, b := range other.Settings.series() {
			theirs := pieces(b.pattern, other.ShortName)
			for i, a := range own {
				if coincide(made[i], theirs) {
					return InvalidField(a.field, "pattern.taken", fmt.Sprintf("按这个格式，“%s”的编号会与%s“%s”的编号相同，请在格式中写明本院的简称：%s", a.name, other.Name, b.name, a.pattern))
				}
			}
		}
	}
	return nil
}

// NumberReader reads document numbers by the patterns that the courts have
// today.
type NumberReader struct{ forms []numberForm }

type numberForm struct {
	courtID int64
	kind    string
	expr    *regexp.Regexp
	years   []bool // of each group: the year, else the serial number
}

var placeholder = regexp.MustCompile(`\\\{(year|n)\\\}`)

// NewNumberReader reads the numbers of these courts.
func NewNumberReader(courts []Court) *NumberReader {
	r := &NumberReader{}
	for _, c := range courts {
		for _, s := range c.Settings.series() {
			f := numberForm{courtID: c.ID, kind: s.kind}
			text := placeholder.ReplaceAllStringFunc(regexp.QuoteMeta(strings.ReplaceAll(s.pattern, "{short}", c.ShortName)), func(p string) string {
				year := p == `\{year\}`
				f.years = append(f.years, year)
				if year {
					return `(\d{4})`
				}
				return `([1-9]\d{0,11})`
			})
			f.expr = regexp.MustCompile("^" + text + "$") // everything else is quoted
			r.forms = append(r.forms, f)
		}
	}
	return r
}

// Read tells of which series, year and serial a number is: every reading there
// is, in the order of the courts, certificates first. Courts whose patterns
// were set before they were compared with each other may have two.
func (r *NumberReader) Read(number string) (out []SeriesMark) {
	for _, f := range r.forms {
		m := f.expr.FindStringSubmatch(number)
		if m == nil {
			continue
		}
		mark, agree := SeriesMark{CourtID: f.courtID, Kind: f.kind}, true
		for i, text := range m[1:] {
			v, _ := strconv.ParseInt(text, 10, 64) // at most twelve digits
			if f.years[i] {
				agree = agree && (mark.Year == 0 || mark.Year == int(v))
				mark.Year = int(v)
			} else {
				agree = agree && (mark.Last == 0 || mark.Last == v)
				mark.Last = v
			}
		}
		if agree && mark.Year > 0 && mark.Last > 0 {
			out = append(out, mark)
		}
	}
	return out
}
