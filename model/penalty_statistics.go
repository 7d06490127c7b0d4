package model

// PenaltyFigures are a court's criminal property penalties in a period. Performed
// is counted by case on the day of the confirmation that completed it: a case of
// which anything is open does not count. Adjudged is what the instruments that
// took effect in the period adjudged.
type PenaltyFigures struct {
	From, Until   Date
	Cases         int64 // fully performed
	AdjudgedCases int64
	Performed     map[Category]Fen
	Adjudged      map[Category]Fen
}

// PerformedFen is what the performed cases amount to.
func (f PenaltyFigures) PerformedFen() Fen { return sumOf(f.Performed) }

// AdjudgedFen is what was adjudged in the period.
func (f PenaltyFigures) AdjudgedFen() Fen { return sumOf(f.Adjudged) }

// Share is performed of adjudged, — when nothing was adjudged.
func (f PenaltyFigures) Share() string { return Percent(f.PerformedFen(), f.AdjudgedFen()) }

// Categories lists those of which there is anything, in the order of payment.
func (f PenaltyFigures) Categories() (out []Category) {
	for _, c := range append(CriminalCategories(), CategoryNone) {
		if f.Performed[c] != 0 || f.Adjudged[c] != 0 {
			out = append(out, c)
		}
	}
	return out
}

func sumOf(m map[Category]Fen) (sum Fen) {
	for _, f := range m {
		sum += f
	}
	return sum
}

// PenaltyCaseFilter chooses the cases behind one of the figures.
type PenaltyCaseFilter struct {
	From, Until Date
	Adjudged    bool // those adjudged; otherwise those performed
	After       int64
	Limit       int
}

// PenaltyCase is a case behind a figure.
type PenaltyCase struct {
	ID          int64
	CaseNo      string
	Cause       string
	Performance Performance
	Judge       string
	AdjudgedFen Fen
	ArrivedFen  Fen
}
