package model

import (
	"maps"
	"slices"
	"strings"
)

// Citation names a rule of law by what it decides. Every article that a screen,
// a paper, a notice or an error names is printed from the table of citations,
// never typed: articles are renumbered when a law is amended, and a paper names
// the article as it was numbered on the day of the act.
type Citation string

// law is a law, an interpretation or an official opinion.
type law struct {
	name  string // as a court's paper prints it, between 《 and 》
	short string // as people say it on screens
	// number is the document's own number, e.g. 法释〔2014〕8号, "" where the name
	// is enough.
	number   string
	versions []lawVersion // oldest first, without a gap
}

// lawVersion is a law as it read from a day until the day before the next one.
type lawVersion struct {
	label string // e.g. 2021年修正, printed when a newer one is in force
	from  Date
	until Date // the last day; zero while it is in force
	last  int  // its last article, 0 where its points are not articles
	// was is another name of the time: 民法总则 for what the 民法典 says today.
	was string
}

// place is where a version of a law has a rule.
type place struct {
	law                      *law
	version                  int // index into law.versions
	article, paragraph, item int // 0: the whole law, article or paragraph
}

func (p place) of() lawVersion { return p.law.versions[p.version] }

// covers tells whether the version was in force on the day.
func (p place) covers(day Date) bool {
	v := p.of()
	return !day.Before(v.from) && (v.until.IsZero() || !day.After(v.until))
}

// citation is a rule with its places, newest first.
type citation struct {
	sentence string // what the rule says, in its own words as far as one line holds them
	vector   string // the test that holds the program against it, "" while there is none
	places   []place
}

// CitationOf is the citation of that name, ok is false when the table has none.
func CitationOf(name string) (c Citation, ok bool) {
	_, ok = citations[Citation(name)]
	return Citation(name), ok
}

// Sentence is what the rule says.
func (c Citation) Sentence() string { return citations[c].sentence }

// String is the rule's place in the law in force, as a paper prints it:
// 《中华人民共和国民事诉讼法》第一百一十八条第二款.
func (c Citation) String() string { return Cites(c) }

// On is the rule's place as it was numbered on the day of an act; a rule that is
// newer than the day is named by its first place (see InForce).
func (c Citation) On(day Date) string { return CitesOn(day, c) }

// Short is the rule's place in the law in force, as screens and help print it:
// 民事诉讼法第一百一十八条第二款.
func (c Citation) Short() string { return CitesShort(c) }

// InForce tells whether the rule was law on the day.
func (c Citation) InForce(day Date) bool {
	return slices.ContainsFunc(citations[c].places, func(p place) bool { return p.covers(day) })
}

func (c Citation) on(day Date) place {
	places := citations[c].places
	for _, p := range places {
		if p.covers(day) {
			return p
		}
	}
	return places[len(places)-1]
}

// Cites prints several rules of the law in force; articles of one law follow
// each other: 《…》第十一条、第十二条；《…》第三条.
func Cites(cs ...Citation) string {
	return joinPlaces(cs, func(c Citation) place { return citations[c].places[0] }, place.title)
}

// CitesOn prints several rules as they were numbered on the day of an act, and
// leaves out those that were not yet law, or not any more, while others are.
func CitesOn(day Date, cs ...Citation) string {
	valid := slices.DeleteFunc(slices.Clone(cs), func(c Citation) bool { return !c.InForce(day) })
	if len(valid) > 0 {
		cs = valid
	}
	return joinPlaces(cs, func(c Citation) place { return c.on(day) }, place.title)
}

// CitesShort prints several rules for screens and help.
func CitesShort(cs ...Citation) string {
	return joinPlaces(cs, func(c Citation) place { return citations[c].places[0] }, func(p place) string { return p.law.short })
}

func joinPlaces(cs []Citation, at func(Citation) place, title func(place) string) string {
	var b strings.Builder
	last := ""
	for _, c := range cs {
		p := at(c)
		switch t := title(p); {
		case last == "":
			b.WriteString(t)
			last = t
		case t == last:
			b.WriteString("、")
		default:
			b.WriteString("；" + t)
			last = t
		}
		b.WriteString(p.number())
	}
	return b.String()
}

// title is the law's name with its number, and its version when a newer one is
// in force.
func (p place) title() string {
	v := p.of()
	name := p.law.name
	if v.was != "" {
		name = v.was
	}
	out := "《" + name + "》"
	if p.law.number != "" && v.until.IsZero() {
		out += "（" + p.law.number + "）"
	}
	if !v.until.IsZero() && v.was == "" {
		out += "（" + v.label + "）"
	}
	return out
}

// number writes 第一百一十八条第二款第三项.
func (p place) number() (out string) {
	for _, part := range []struct {
		n    int
		unit string
	}{{p.article, "条"}, {p.paragraph, "款"}, {p.item, "项"}} {
		if part.n > 0 {
			out += "第" + chineseNumber(part.n) + part.unit
		}
	}
	return out
}

// chineseNumber writes 1 to 9999 as articles are numbered: 十, 一百零四, 二百五十.
func chineseNumber(n int) string {
	if n < 100 {
		return chineseOrdinal(n)
	}
	digits := []rune("零一二三四五六七八九")
	var b strings.Builder
	gap := false
	for _, u := range []struct {
		value int
		name  string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / u.value % 10
		switch {
		case d > 0:
			if gap {
				b.WriteRune('零')
			}
			b.WriteRune(digits[d])
			b.WriteString(u.name)
			gap = false
		case b.Len() > 0:
			gap = n%u.value > 0
		}
	}
	return b.String()
}

// CitationNames lists the table's citations in order.
func CitationNames() []Citation { return slices.Sorted(maps.Keys(citations)) }
