package model

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Search is what somebody typed in search of a case, read as people name cases: by
// the number or its beginning, by the running number alone, by a part of a name, by
// a telephone or an identity number, by the number of a certificate or of an
// enforcement case.
type Search struct {
	// CaseNo is the beginning of the number of a case or of an enforcement case.
	CaseNo string
	// Running is the running number of one, 0 for none.
	Running int64
	// Phone and IDNumber are whole: they are found by their keyed hashes.
	Phone, IDNumber string
	// Certificate is a whole certificate number as NormalizeNumber folds it; Year and
	// Serial are its last parts alone.
	Certificate string
	Year        int
	Serial      int64
	// Name is the name as NormalizeName folds it, Parts its pieces of two signs, which
	// stand in the name in this order: 镇海法院 is 宁波市镇海区人民法院.
	Name  string
	Parts []string
}

var (
	runningOnly    = regexp.MustCompile(`^第?0*([1-9]\d{0,8})号?$`)
	certificateEnd = regexp.MustCompile(`\((\d{4})\)第?0*([1-9]\d{0,8})号?$`)
	mobileOnly     = regexp.MustCompile(`^1\d{10}$`)
	identityOnly   = regexp.MustCompile(`^\d{17}[\dX]$`)
)

// ReadSearch reads what somebody typed in search of a case.
func ReadSearch(typed string) Search {
	typed = strings.TrimSpace(typed)
	var s Search
	if no := CaseNoBeginning(typed); no != "" {
		s.CaseNo = no
	}
	folded := NormalizeName(typed)
	if m := certificateEnd.FindStringSubmatch(folded); m != nil && strings.Contains(folded, "证") {
		s.Certificate = NormalizeNumber(typed)
		s.Year, _ = strconv.Atoi(m[1])               // digits by the pattern
		s.Serial, _ = strconv.ParseInt(m[2], 10, 64) // and few of them
	}
	if s.CaseNo != "" || s.Certificate != "" {
		return s
	}
	digits := NormalizePhone(typed)
	switch id := NormalizeID(typed); {
	case runningOnly.MatchString(folded):
		s.Running, _ = strconv.ParseInt(runningOnly.FindStringSubmatch(folded)[1], 10, 64)
		return s
	case mobileOnly.MatchString(digits):
		s.Phone = digits
		return s
	case identityOnly.MatchString(id):
		s.IDNumber = id
		return s
	}
	s.Name, s.Parts = folded, nameParts(folded)
	return s
}

// Empty tells whether nothing was typed.
func (s Search) Empty() bool {
	return s.CaseNo == "" && s.Running == 0 && s.Phone == "" && s.IDNumber == "" && s.Certificate == "" && s.Name == ""
}

// nameParts are the pieces of two signs that a name is looked for by.
func nameParts(name string) (out []string) {
	for r := []rune(name); len(r) > 0; r = r[min(2, len(r)):] {
		out = append(out, string(r[:min(2, len(r))]))
	}
	return out
}

// SearchWords are the words under which a name is found: each two neighbouring
// signs of it, or the name itself when it is one sign.
func SearchWords(name string) (out []string) {
	r := []rune(NormalizeName(name))
	if len(r) == 1 {
		return []string{string(r)}
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(r); i++ {
		if w := string(r[i : i+2]); !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// RunningWord is the word under which a case is found by its running number, ""
// for a number that has none.
func RunningWord(caseNo string) string {
	m := runningOf.FindStringSubmatch(caseNo)
	if m == nil || utf8.RuneCountInString(m[1]) > 9 {
		return ""
	}
	return "#" + strings.TrimLeft(m[1], "0")
}

// runningOf is the running number in a case number, with what follows it.
var runningOf = regexp.MustCompile(`(\d+)号(?:之.{1,3})?$`)

// SearchWord says under which word a case is found, and because of which party (0
// for its own numbers). The rows are derived from names and numbers and kept so
// that a part of a name is found in a large court; a test proves them equal to a
// recount.
type SearchWord struct {
	CourtID int64  `gorm:"primaryKey;autoIncrement:false"`
	Word    string `gorm:"primaryKey"`
	CaseID  int64  `gorm:"primaryKey;autoIncrement:false"`
	PartyID int64  `gorm:"primaryKey;autoIncrement:false"`
}

// CaseFace is what identifies a case in lists besides its number.
type CaseFace struct {
	Creditors, Debtors string
	// AmountFen is what its instruments give, OpenFen what of that is not performed.
	AmountFen, OpenFen Fen
	// InterestFen is the interest of both kinds that is still owed where no principal is:
	// what keeps the case from being performed.
	InterestFen Fen
}

// Sides are the parties in a word: who owes, and to whom.
func (f CaseFace) Sides() string {
	switch {
	case f.Creditors == "":
		return f.Debtors
	case f.Debtors == "":
		return f.Creditors
	}
	return f.Creditors + " 与 " + f.Debtors
}
