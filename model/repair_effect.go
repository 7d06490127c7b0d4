package model

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Exposure is how much of a listing others than the court and its subject see.
type Exposure string

// The exposures, the least first.
const (
	ExposureHidden Exposure = "suspended" // 暂缓公开
	ExposureMasked Exposure = "masked"    // 屏蔽
	ExposurePaused Exposure = "paused"    // 暂停, of a consumption restriction
	ExposureShown  Exposure = "shown"     // 公开
)

// Chinese is the exposure's name on screens.
func (e Exposure) Chinese() string {
	return map[Exposure]string{ExposureHidden: "暂缓公开", ExposureMasked: "已屏蔽", ExposurePaused: "暂停限制消费", ExposureShown: "公开"}[e]
}

// apply lets a grant work on the listing that stands, or keeps one away that
// does not stand yet.
func (a *RepairApplication) apply(to RepairState, until Date, listing *Measure) error {
	switch {
	case to == RepairPaused && (listing == nil || listing.Kind != MeasureConsumption || listing.State != MeasureInForce):
		return E(Conflict, "repair.not_restricted", "申请所针对的限制消费措施没有在实施中，不能暂停")
	case to != RepairPaused && listing != nil && listing.Kind == MeasureConsumption:
		return E(Conflict, "repair.not_listed", "该申请针对限制消费措施，只能暂停限制消费或者不予修复")
	case listing == nil && (to != RepairSuspended || a.MeasureID != 0), listing != nil && a.MeasureID != 0 && a.MeasureID != listing.ID:
		return E(Conflict, "repair.not_listed", "申请所针对的失信信息已经删除或者尚未纳入，不能屏蔽或者缩短；尚未纳入的，可以暂缓纳入")
	case to != RepairSuspended && listing.State != MeasureInForce:
		return E(Conflict, "repair.not_listed", "失信信息尚未公布，不能屏蔽或者缩短，可以暂缓纳入")
	case to == RepairShortened && listing.Until.IsZero():
		return E(Conflict, "repair.no_term", "该失信信息没有纳入期限，至履行完毕为止，不能缩短，依据"+CiteListingTerm.String())
	case to == RepairShortened && !listing.Until.After(until):
		return InvalidField("until", "repair.until", "缩短后的期限应早于现在的期限（"+listing.Until.Chinese()+"）")
	}
	if listing == nil {
		return nil
	}
	a.MeasureID = listing.ID
	if to == RepairShortened {
		a.FormerUntil, listing.Until = listing.Until, until
	}
	return nil
}

// Holds tells whether a grant works on a day.
func (a RepairApplication) Holds(on Date) bool {
	return a.State.Grants() && a.RevokedAt == nil && (a.Until.IsZero() || !on.After(a.Until))
}

// about tells whether the application is about a listing. One that suspends is
// about every listing of its debtor in the case, also a later one.
func (a RepairApplication) about(m Measure) bool {
	if a.State == RepairPaused {
		return m.Kind == MeasureConsumption && a.MeasureID == m.ID
	}
	return m.Kind == MeasureListing && a.PartyID == m.PartyID && a.EnforcementCaseID == m.EnforcementCaseID && (a.State == RepairSuspended || a.MeasureID == m.ID)
}

// ExposureOf is how much of a listing is seen on a day, with the grants to its
// subject.
func ExposureOf(m Measure, grants []RepairApplication, on Date) Exposure {
	out := ExposureShown
	for _, a := range grants {
		switch {
		case !a.about(m) || !a.Holds(on):
		case a.State == RepairSuspended:
			return ExposureHidden
		case a.State == RepairMasked:
			out = ExposureMasked
		case a.State == RepairPaused:
			out = ExposurePaused
		}
	}
	return out
}

// Shortened tells whether a grant that holds shortened the listing: a term is
// shortened once.
func Shortened(m Measure, grants []RepairApplication, on Date) bool {
	return slices.ContainsFunc(grants, func(a RepairApplication) bool {
		return a.State == RepairShortened && a.about(m) && a.Holds(on)
	})
}

// SuspendedUntil is until when a debtor is not to be listed in an enforcement
// case, zero when nothing forbids it.
func SuspendedUntil(grants []RepairApplication, enforcementCaseID, partyID int64, on Date) (until Date) {
	for _, a := range grants {
		if a.State == RepairSuspended && a.EnforcementCaseID == enforcementCaseID && a.PartyID == partyID && a.Holds(on) && a.Until.After(until) {
			until = a.Until
		}
	}
	return until
}

// Revoke ends a grant because its condition was broken. The listing is seen
// again as it was, and a shortened term ends on its former day; a listing that
// was deleted meanwhile does not come back.
func (a *RepairApplication) Revoke(reason string, listing *Measure, by int64, now time.Time) error {
	if err := CheckReason(reason); err != nil {
		return err
	}
	if !a.Holds(DateOf(now)) {
		return E(Conflict, "repair.ended", "该申请没有准予修复，或者修复已经届满、已经撤销，请刷新后查看")
	}
	a.RevokeReason, a.RevokedBy, a.RevokedAt = strings.TrimSpace(reason), by, &now
	if a.State == RepairShortened && listing != nil && listing.ID == a.MeasureID && listing.Until == a.Until {
		listing.Until = a.FormerUntil
	}
	return nil
}

// Effect is what became of the application in words, with its days.
func (a RepairApplication) Effect() string {
	s := a.State.Chinese()
	if a.DecidedAt != nil && a.State.Grants() {
		s += "，自" + DateOf(*a.DecidedAt).Chinese() + "起"
	}
	switch {
	case a.State == RepairShortened:
		s += "，期限由" + a.FormerUntil.Chinese() + "缩短至" + a.Until.Chinese()
	case !a.Until.IsZero():
		s += "，至" + a.Until.Chinese()
	}
	if a.RevokedAt != nil {
		s += "；" + DateOf(*a.RevokedAt).Chinese() + "撤销"
	}
	return s
}

// ListingLine is a line of the published list of dishonest debtors (失信被执行人名单).
type ListingLine struct {
	Measure
	CaseNo string // of the enforcement case
	Masked bool
}

// ListingSearch narrows the published list; zero fields do not. A name and a
// number find nobody who is masked: that would name him.
type ListingSearch struct {
	Name   string
	Number string // of the ID, in full
	CaseNo string // of the enforcement case
}

// Check tidies what was typed.
func (s *ListingSearch) Check() error {
	s.Name, s.Number, s.CaseNo = Clean(s.Name), NormalizeID(s.Number), string(TypedCaseNo(s.CaseNo))
	var wrong Faults
	wrong.If(utf8.RuneCountInString(s.Name) > 100, "name", "listing.name", "姓名或名称不能超过 100 字")
	wrong.If(len(s.Number) > 32, "number", "listing.number", "证件号码不正确，请核对后重试")
	if s.CaseNo != "" {
		no, err := ParseCaseNo(s.CaseNo)
		s.CaseNo = string(no)
		wrong.Add(AtField(err, "case_no"))
	}
	return wrong.Err()
}

// Empty tells whether nothing is searched for.
func (s ListingSearch) Empty() bool { return s == ListingSearch{} }

// TableName is the table of measures: what is sealed there opens only under its
// name.
func (ListingLine) TableName() string { return "measures" }

// Shown are the subject's name and number as others see them: full for whoever
// owes a sanction, with the number's middle hidden for the public, and next to
// nothing once masked.
func (l ListingLine) Shown(full bool) (name, number string) {
	switch {
	case l.Masked:
		return MaskName(Person, l.SubjectName), ""
	case full || l.SubjectKind == Organisation:
		return l.SubjectName, l.SubjectID
	}
	return l.SubjectName, MaskID(l.SubjectID)
}
