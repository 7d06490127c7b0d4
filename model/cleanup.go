package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// CleanUpState is how far a clean-up has come.
type CleanUpState string

// The states of a clean-up.
const (
	CleanUpOpen      CleanUpState = "open"      // 进行中
	CleanUpHeld      CleanUpState = "held"      // 暂缓: interest is still owed
	CleanUpDone      CleanUpState = "done"      // 已办结
	CleanUpCancelled CleanUpState = "cancelled" // 已终止: the performance was taken back
)

// Chinese is the state's name on screens.
func (s CleanUpState) Chinese() string {
	return map[CleanUpState]string{CleanUpOpen: "进行中", CleanUpHeld: "暂缓", CleanUpDone: "已办结", CleanUpCancelled: "已终止"}[s]
}

// Runs tells whether there is still something to do.
func (s CleanUpState) Runs() bool { return s == CleanUpOpen || s == CleanUpHeld }

// CleanUp is the lifting of all that burdens a debtor after he has performed
// (履行后清理): one for each debtor of an enforcement case.
type CleanUp struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64
	PartyID           int64
	// Cause is why everything is lifted: performance, or an end of the enforcement
	// by which the law lifts (终结执行, 不予执行).
	Cause LiftGround
	State CleanUpState
	// InterestFen is the doubled part of the interest as it was when the clean-up
	// opened; the ledger does not hold it.
	InterestFen Fen
	OpenedAt    time.Time
	HoldReason  string
	HeldBy      int64
	HeldAt      *time.Time
	CloseReason string
	ClosedAt    *time.Time
	ActiveKey   *string // enforcement case and debtor while it runs
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Group is the key of its tasks.
func (c CleanUp) Group() string { return ThingCleanUp.Key(c.ID) }

// CleanUpLine is a line of a list of clean-ups.
type CleanUpLine struct {
	CleanUp
	CaseNo  string // of the enforcement case
	Debtor  string
	Officer string
	Open    int       `gorm:"-"` // tasks still to do
	Late    int       `gorm:"-"`
	NextDue time.Time `gorm:"-"`
}

// CleanUpFilter narrows a list of clean-ups that run.
type CleanUpFilter struct {
	OfficerID int64 // of the enforcement case; 0 for the whole court
	JudgeID   int64 // only of cases whose supervision is this judge's; 0 for all
	Late      bool  // only those of which a step is late
	Before    int64 // ids below this one; 0 for the first page
	Limit     int
}

// CleanUpKey allows one running clean-up a debtor.
func CleanUpKey(enforcementID, partyID int64) string {
	return fmt.Sprintf("%d:%d", enforcementID, partyID)
}

// CleanUpStep is one thing to lift, with its place in the order and its clock.
type CleanUpStep struct {
	MeasureID int64
	Kind      MeasureKind
	PosterID  int64 // the entry of a poster to take down, 0 for the measure itself
	Title     string
	Seq       int // a later one waits for all earlier ones
	DueOn     Date
	Reason    string
}

// posterSeq is the place of the posters in the villages: the last.
const posterSeq = 5

// promptDays are the working days within which a court lifts what the law says
// to lift promptly (及时), and takes posters down.
const promptDays = 3

// cleanUpEvents are the causes of a clean-up, as its clocks name them.
var cleanUpEvents = map[LiftGround]string{
	LiftPerformed: "确认履行完毕", LiftTerminated: "裁定终结执行", LiftNotEnforced: "裁定不予执行", LiftStruck: "销案", LiftRejected: "裁定驳回执行申请",
}

// CleanUpSteps are what is to be lifted after full performance on a day, in the
// order of the court: tracing first and at once, because the police would still
// take a man who owes nothing, and with it who is detained; then the list, the
// consumption restriction, the exit ban, and last the posters. Fines stay: they
// punish what was done. When the case ends otherwise, the table of endings says what
// becomes of each.
func CleanUpSteps(end CaseEnding, cause LiftGround, measures []Measure, entries []MeasureEntry, on Date, days *Calendar) (out []CleanUpStep) {
	event := cleanUpEvents[cause]
	for _, m := range measures {
		k := measureKinds[m.Kind]
		kept := slices.ContainsFunc(entries, func(e MeasureEntry) bool { return e.MeasureID == m.ID && e.Kind == EntryKept })
		if kept {
			continue
		}
		if fate := FateOf(m.Ends(), end); m.State.Stands() && (fate == FateLifted || fate == FateReviewed) {
			s := CleanUpStep{MeasureID: m.ID, Kind: m.Kind, Seq: k.seq, Title: "解除" + k.name + "：" + m.SubjectName}
			p := days.WorkdaysPeriod(on, promptDays, event)
			s.DueOn, s.Reason = p.Last, p.Reason+"；法律要求及时解除，依据"+m.Kind.LiftCitation(LiftPerformed)
			switch {
			case m.Kind == MeasureTracing:
				s.DueOn, s.Reason = on, on.Chinese()+event+"，当日立即通知公安机关解除"
			case m.Kind == MeasureDetention:
				s.Title = "提前解除拘留并释放：" + m.SubjectName
				if fate == FateReviewed {
					s.Title = "审查是否提前解除拘留：" + m.SubjectName
				}
				s.DueOn, s.Reason = on, on.Chinese()+event+"，当日提请院长决定，依据"+m.Kind.LiftCitation(LiftRemorse)
				if m.State == MeasureDecided {
					s.Title, s.Reason = "不再实施拘留："+m.SubjectName, on.Chinese()+event+"，当日撤销尚未实施的拘留"
				}
			case m.Kind == MeasureFine:
				s.Title, s.Reason = "审查是否撤销罚款："+m.SubjectName, p.Reason+"；立案有误的，审查原决定是否不当，依据"+m.Kind.LiftCitation(LiftWrong)
			case m.Kind == MeasureListing && fate == FateReviewed && end != EndPerformed:
				s.Title = "审查是否纠正失信信息：" + m.SubjectName
				s.Reason = p.Reason + "；有纳入期限的（至" + m.Until.Chinese() + "）不因结案当然删除，不应当纳入的应予纠正，依据" + Cites(CiteListingDeletedTerm, CiteListingCorrection)
			case m.Kind == MeasureListing && m.Until.IsZero():
				p := days.WorkdaysPeriod(on, listingLawOn(on).deleteDays, event)
				s.Title, s.DueOn, s.Reason = "删除失信信息："+m.SubjectName, p.Last, p.Reason+"，依据"+CiteListingDeleted.String()
			case m.Kind == MeasureListing:
				s.Title = "审查是否提前删除失信信息：" + m.SubjectName
				s.Reason = p.Reason + "；有纳入期限的（至" + m.Until.Chinese() + "）不因履行当然删除，可以决定提前删除，依据" + Cites(CiteListingEarly, CiteListingDeletedTerm)
			}
			out = append(out, s)
		}
		if m.Kind != MeasureListing {
			continue
		}
		for _, e := range Posted(entries, m.ID) {
			p := days.WorkdaysPeriod(on, promptDays, event)
			out = append(out, CleanUpStep{
				MeasureID: m.ID, Kind: m.Kind, PosterID: e.ID, Title: "撤下张榜：" + e.Note, Seq: posterSeq, DueOn: p.Last, Reason: p.Reason + "；撤下后拍照留证",
			})
		}
	}
	slices.SortStableFunc(out, func(a, b CleanUpStep) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.MeasureID, b.MeasureID), cmp.Compare(a.PosterID, b.PosterID))
	})
	return out
}

// Posted are the posters of a listing that still hang. A poster's place is the
// note of its entry; the entry that takes it down names it by its number.
func Posted(entries []MeasureEntry, measureID int64) (out []MeasureEntry) {
	for _, e := range entries {
		if e.MeasureID != measureID || e.Kind != EntryPosted {
			continue
		}
		down := func(d MeasureEntry) bool {
			return d.Kind == EntryTakenDown && strings.HasPrefix(d.Note, PosterMark(e.ID))
		}
		if !slices.ContainsFunc(entries, down) {
			out = append(out, e)
		}
	}
	return out
}

// PosterMark names a poster in the entry that takes it down.
func PosterMark(entryID int64) string { return fmt.Sprintf("（第 %d 号）", entryID) }

// DeletionPeriod is until when a listing whose term is over is to be deleted.
func (m Measure) DeletionPeriod(days *Calendar) Period {
	p := days.WorkdaysPeriod(m.Until, listingLawOn(m.Until).deleteDays, "纳入期限届满")
	p.Reason += "，依据" + CiteListingDeletedTerm.String()
	return p
}

// Hold stops a clean-up because interest is still owed.
func (c *CleanUp) Hold(reason string, by, seen int64, now time.Time) error {
	if c.Version != seen || !CleanUpMachine.May(c.State, CleanUpHeld) {
		return E(Conflict, "clean_up.changed", "清理的状态刚刚改变（"+c.State.Chinese()+"），请刷新后再操作")
	}
	if err := CheckReason(reason); err != nil {
		return err
	}
	if c.InterestFen <= 0 {
		return E(Conflict, "clean_up.no_interest", "系统计算没有尚欠的迟延履行利息，不能暂缓清理")
	}
	c.State, c.HoldReason, c.HeldBy, c.HeldAt = CleanUpHeld, strings.TrimSpace(reason), by, &now
	return nil
}

// Resume goes on with a clean-up; its clocks begin anew.
func (c *CleanUp) Resume(seen int64) error {
	if c.Version != seen || !CleanUpMachine.May(c.State, CleanUpOpen) {
		return E(Conflict, "clean_up.changed", "清理的状态刚刚改变（"+c.State.Chinese()+"），请刷新后再操作")
	}
	c.State, c.HoldReason, c.HeldBy, c.HeldAt = CleanUpOpen, "", 0, nil
	return nil
}

// Close ends a clean-up.
func (c *CleanUp) Close(s CleanUpState, reason string, now time.Time) {
	c.State, c.CloseReason, c.ClosedAt, c.ActiveKey = s, reason, &now, nil
}
