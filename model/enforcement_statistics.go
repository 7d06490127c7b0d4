package model

// EnforcementFigure names a figure of a court's enforcement in a period.
type EnforcementFigure string

// The figures that do not belong to one kind of measure.
const (
	FigureFiled        EnforcementFigure = "filed"
	FigureResumed      EnforcementFigure = "filed_resumed"
	FigurePreserved    EnforcementFigure = "filed_preservation"
	FigureClosed       EnforcementFigure = "closed"
	FigurePerformed    EnforcementFigure = "closed_performed"
	FigureArrived      EnforcementFigure = "arrived"
	FigureRelatives    EnforcementFigure = "arrived_relatives"
	FigureCleanUps     EnforcementFigure = "clean_ups"
	FigureCleanUpsLate EnforcementFigure = "clean_ups_late"
	FigureSettled      EnforcementFigure = "settlements"
	FigureKept         EnforcementFigure = "settlements_performed"
	FigureBroken       EnforcementFigure = "settlements_resumed"
	FigureReleased     EnforcementFigure = "releases_approved"
	FigureNotReleased  EnforcementFigure = "releases_refused"
	FigureQueries      EnforcementFigure = "queries"
)

// The figures of measures are those of a kind decided, and lifted, in the period.
const (
	figureDecided = "decided_"
	figureLifted  = "lifted_"
)

// FigureDecided is the figure of the measures of a kind that were decided.
func FigureDecided(k MeasureKind) EnforcementFigure {
	return figureDecided + EnforcementFigure(k)
}

// FigureLifted is the figure of the measures of a kind that were lifted.
func FigureLifted(k MeasureKind) EnforcementFigure { return figureLifted + EnforcementFigure(k) }

// Measure tells which kind of measure the figure counts, and whether its lifting.
func (f EnforcementFigure) Measure() (kind MeasureKind, lifted, ok bool) {
	for _, k := range MeasureKinds {
		if f == FigureDecided(k) || f == FigureLifted(k) {
			return k, f == FigureLifted(k), true
		}
	}
	return "", false, false
}

// FigureInfo is how a figure is named and counted.
type FigureInfo struct {
	Figure      EnforcementFigure
	Group, Name string
	Unit        string // figures of different units are never added up
	Money       bool   // a sum in fen belongs to it
}

// EnforcementFigures lists the figures in the order of screens.
func EnforcementFigures() []FigureInfo {
	out := []FigureInfo{
		{Figure: FigureFiled, Group: "案件", Name: "立案执行", Unit: "件", Money: true},
		{Figure: FigureResumed, Group: "案件", Name: "其中恢复执行", Unit: "件", Money: true},
		{Figure: FigurePreserved, Group: "案件", Name: "财产保全", Unit: "件", Money: true},
		{Figure: FigureClosed, Group: "案件", Name: "结案", Unit: "件"},
		{Figure: FigurePerformed, Group: "案件", Name: "其中执行完毕", Unit: "件"},
		{Figure: FigureArrived, Group: "到位", Name: "立案后确认到位", Unit: "笔", Money: true},
		{Figure: FigureRelatives, Group: "到位", Name: "其中亲属代为履行", Unit: "笔", Money: true},
	}
	for _, k := range MeasureKinds {
		out = append(out, FigureInfo{Figure: FigureDecided(k), Group: "措施", Name: k.Chinese() + "（决定）", Unit: k.Unit(), Money: k == MeasureFine})
	}
	for _, k := range MeasureKinds {
		if k != MeasureFine {
			out = append(out, FigureInfo{Figure: FigureLifted(k), Group: "解除", Name: k.Chinese() + "（解除）", Unit: k.Unit()})
		}
	}
	return append(out,
		FigureInfo{Figure: FigureCleanUps, Group: "解除", Name: "履行后解除办结", Unit: "人次"},
		FigureInfo{Figure: FigureCleanUpsLate, Group: "解除", Name: "其中有事项超过期限", Unit: "人次"},
		FigureInfo{Figure: FigureSettled, Group: "和解", Name: "和解协议（含变更）", Unit: "份"},
		FigureInfo{Figure: FigureKept, Group: "和解", Name: "履行完毕", Unit: "份"},
		FigureInfo{Figure: FigureBroken, Group: "和解", Name: "违约后恢复执行", Unit: "份"},
		FigureInfo{Figure: FigureReleased, Group: "和解", Name: "解除审查同意", Unit: "件"},
		FigureInfo{Figure: FigureNotReleased, Group: "和解", Name: "解除审查不同意", Unit: "件"},
		FigureInfo{Figure: FigureQueries, Group: "查控", Name: "发出查询", Unit: "件次"},
	)
}

// Info is how the figure is named and counted; ok is false for none of them.
func (f EnforcementFigure) Info() (info FigureInfo, ok bool) {
	for _, i := range EnforcementFigures() {
		if i.Figure == f {
			return i, true
		}
	}
	return FigureInfo{}, false
}

// EnforcementCount is a figure of a period.
type EnforcementCount struct {
	FigureInfo
	N   int64
	Fen Fen // 0 where no money belongs to it
}

// EnforcementCountFilter chooses what one figure counted.
type EnforcementCountFilter struct {
	Figure      EnforcementFigure
	From, Until Date
	After       int64
	Limit       int
}

// EnforcementCountLine is one thing that a figure counted.
type EnforcementCountLine struct {
	ID                int64 // of what was counted
	EnforcementCaseID int64
	CaseNo            string // of the enforcement case
	Officer           string
	Subject           string // the person it concerns, or the payer
	Fen               Fen
}
