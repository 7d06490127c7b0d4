package model

import (
	"slices"
	"time"
)

// SubscriberStanding is in what positions somebody is in the court's cases now: only what he may
// hear of is worth asking for.
type SubscriberStanding struct {
	Party     bool // he acts for a party of some case
	Accused   bool // of a criminal case that is not judged
	Victim    bool // of one, or who is owed by it
	Awaits    bool // a case of his has no duty yet
	Owes      bool // something is open, and nobody enforces it
	Owed      bool // something is open that he is owed
	Performed bool // he owed, and everything is performed
	Enforced  bool // somebody enforces against him
	Applicant bool // somebody enforces for him
}

// needs says who can hear of a kind of notice. A kind that is not listed is for any
// party.
var needs = map[NoticeKind]func(SubscriberStanding) bool{
	NoticeFiled:              func(s SubscriberStanding) bool { return s.Awaits },
	NoticeInstrument:         func(s SubscriberStanding) bool { return s.Awaits },
	NoticeDueSoon:            func(s SubscriberStanding) bool { return s.Owes },
	NoticeFirstDemand:        func(s SubscriberStanding) bool { return s.Owes },
	NoticeSecondDemand:       func(s SubscriberStanding) bool { return s.Owes },
	NoticeReceiptReceived:    func(s SubscriberStanding) bool { return s.Owes || s.Enforced },
	NoticeReceiptReturned:    func(s SubscriberStanding) bool { return s.Owes || s.Enforced },
	NoticeReceiptConfirmed:   func(s SubscriberStanding) bool { return s.Owes || s.Enforced || s.Owed || s.Applicant },
	NoticeReceiptCorrected:   func(s SubscriberStanding) bool { return s.Party },
	NoticeObligeeAsked:       func(s SubscriberStanding) bool { return s.Owed || s.Applicant },
	NoticeCreditorSheet:      func(s SubscriberStanding) bool { return s.Owed },
	NoticePromise:            func(s SubscriberStanding) bool { return s.Owed },
	NoticeCertificateIssued:  func(s SubscriberStanding) bool { return s.Performed || s.Owes },
	NoticeCertificateRevoked: func(s SubscriberStanding) bool { return s.Performed || s.Owes },
	NoticeEnforcementFiled:   func(s SubscriberStanding) bool { return s.Owed },
	NoticeEnforcementNotice:  func(s SubscriberStanding) bool { return s.Owes || s.Enforced },
	NoticeEnforcementWarning: func(s SubscriberStanding) bool { return s.Enforced },
	NoticeMeasureDecided:     func(s SubscriberStanding) bool { return s.Enforced },
	NoticeMeasureLifted:      func(s SubscriberStanding) bool { return s.Enforced },
	NoticeMeasureReviewed:    func(s SubscriberStanding) bool { return s.Enforced },
	NoticeSpendingDecided:    func(s SubscriberStanding) bool { return s.Enforced },
	NoticeRepairDecided:      func(s SubscriberStanding) bool { return s.Enforced },
	NoticeCleanUp:            func(s SubscriberStanding) bool { return s.Enforced },
	NoticeDeposit:            func(s SubscriberStanding) bool { return s.Accused },
	NoticeDepositVictim:      func(s SubscriberStanding) bool { return s.Victim },
	NoticeCaseMoney:          func(s SubscriberStanding) bool { return s.Applicant },
	NoticeDistribution:       func(s SubscriberStanding) bool { return s.Enforced || s.Applicant },
}

// Hears tells whether somebody of the standing can get notices of the kind.
func (s SubscriberStanding) Hears(k NoticeKind) bool {
	if k.ForRelatives() || kinds[k].staff || !s.Party {
		return false
	}
	if f, ok := needs[k]; ok {
		return f(s)
	}
	return true
}

// How long somebody is not asked again for a template: after his own no, and after
// WeChat would not ask for it (ban, filter).
const (
	askAfterNo     = 7 * 24 * time.Hour
	askAfterSilent = 24 * time.Hour
)

// Neutral tells whether the entry says nothing of the user's will: WeChat did not ask.
func (e SubscriptionEntry) Neutral() bool {
	a := SubscriptionAnswer(e.Answer)
	return e.Answer != "" && !a.Accepts() && !a.Refuses()
}

// Rests tells whether a template is not asked for at the moment, by the last answer
// about it: the others go on. What was switched off in the settings does not rest by
// itself; the next pop-up says so.
func Rests(entries []SubscriptionEntry, now time.Time) bool {
	entries = slices.Clone(entries)
	entries = slices.DeleteFunc(entries, func(e SubscriptionEntry) bool { return e.Source == SubscriptionChange })
	if len(entries) == 0 {
		return false
	}
	last := slices.MaxFunc(entries, func(a, b SubscriptionEntry) int { return a.At.Compare(b.At) })
	switch {
	case last.Neutral():
		return now.Sub(last.At) < askAfterSilent
	case last.Accepted:
		return false
	}
	return now.Sub(last.At) < askAfterNo
}
