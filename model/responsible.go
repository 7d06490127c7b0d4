package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Hotline is the courts' own number throughout the country, for a court that has
// not said another one.
const Hotline = "12368"

// CallAt is the number at which people reach the court.
func (c Court) CallAt() string { return cmp.Or(c.Phone, Hotline) }

// Responsible is who in the court sees to a matter now: the judge of the case or,
// as soon as somebody is enforced against, the officer.
type Responsible struct {
	UserID int64
	Role   Role
	Name   string
}

// Title is what people call him: nobody who is enforced against looks for a trial
// judge.
func (r Responsible) Title() string {
	if r.Role == RoleOfficer {
		return RoleOfficer.Chinese()
	}
	return RoleJudge.Chinese()
}

// ResponsibleFor is who sees to what an officer enforces, if anybody does, and to
// what a judge has otherwise.
func ResponsibleFor(judgeID, officerID int64) Responsible {
	if officerID != 0 {
		return Responsible{UserID: officerID, Role: RoleOfficer}
	}
	return Responsible{UserID: judgeID, Role: RoleJudge}
}

// Responsible is who decides about the receipt now. The judge may as well while
// somebody enforces, but it is not he who waits for it.
func (r Receipt) Responsible() Responsible { return ResponsibleFor(r.JudgeID, r.OfficerID) }

// BelongsTo tells whether the receipt is a user's to decide: the judge's of its case, or
// the officer's who enforces against its debtor. Others of the court may see it as well.
func (r Receipt) BelongsTo(userID int64) bool { return r.JudgeID == userID || r.OfficerID == userID }

// MayGiveCopy tells whether the actor lets a creditor see a blacked-out copy of the
// receipt: whoever decides it, or a clerk of the court for him.
func (r Receipt) MayGiveCopy(by Actor) bool {
	return by.May(ActReceiptCopy) && (by.Has(RoleClerk) || r.BelongsTo(by.UserID))
}

// inCharge stands in a text for the title of whoever is responsible when the notice
// is made: most texts are written by a rule that does not know it. The marks around
// it are not seen, so that what somebody typed is never taken for it.
const inCharge = "\u2060承办法官\u2060"

// actedAs is the title of who did something that is told: of the trial judge where he
// did it, also when an officer is responsible by now; else of who is responsible.
func actedAs(by, judgeID int64) string {
	if by != 0 && by == judgeID {
		return RoleJudge.Chinese()
	}
	return inCharge
}

// decider is the title of who decided the receipt: the judge may while somebody enforces
// as well, and then it is not told as the officer's act.
func (r Receipt) decider() string {
	switch r.DecidedBy {
	case 0:
		return r.Responsible().Title()
	case r.OfficerID:
		return RoleOfficer.Chinese()
	case r.JudgeID:
		return RoleJudge.Chinese()
	}
	return "本院" // who decided has handed the case over since
}

// Addressee is whom a notice is for, and who in the court answers for it.
type Addressee struct {
	Name        string // "" for staff and relatives, whom a notice does not name
	Responsible Responsible
	CallAt      string
}

// About says who is responsible for what the notice speaks of, where that is not
// simply whoever is for its addressee.
func (n Notice) About(r Responsible) Notice { n.responsible = r; return n }

// Responsible is what About said, zero when it said nothing.
func (n Notice) Responsible() Responsible { return n.responsible }

// ownText are the kinds whose whole text is the court's own, written by rules that papers
// of the trial share: in it the judge's title stands for whoever is responsible.
var ownText = []NoticeKind{
	NoticeFiled, NoticeInstrument, NoticeDueSoon, NoticeFirstDemand, NoticeSecondDemand, NoticeCreditorSheet, NoticeEnforcementFiled, NoticeEnforcementNotice,
	NoticeEnforcementWarning,
}

// Addressed names in a notice its addressee, and who can be asked about it and
// where. What stands there already is not said twice.
func (n Notice) Addressed(to Addressee) Notice {
	title := to.Responsible.Title()
	n.Title, n.Body = strings.ReplaceAll(n.Title, inCharge, title), strings.ReplaceAll(n.Body, inCharge, title)
	if judge, officer := RoleJudge.Chinese(), RoleOfficer.Chinese(); title == officer && slices.Contains(ownText, n.Kind) {
		n.Body = strings.NewReplacer(judge+"或者"+officer, officer, judge, officer).Replace(n.Body)
	}
	if to.Name == "" {
		return n
	}
	if !strings.Contains(n.Body, to.Name+"：\n") {
		n.Body = to.Name + "：\n" + n.Body
	}
	call := fmt.Sprintf("联系电话：%s。", to.CallAt)
	if to.Responsible.Name != "" {
		call = title + "：" + to.Responsible.Name + "，" + call
	}
	if !strings.Contains(n.Body, call) {
		n.Body += "\n" + call
	}
	return n
}

// JudgeChangedNotice tells a party, or a relative, who sees to the matter from now on.
func JudgeChangedNotice(court Court, cs Case, partyID, handoverID int64, caseNo string, was, now Responsible) Notice {
	n := caseNotice(NoticeJudgeChanged, cs, fmt.Sprintf("%d:%s:%d:%d", handoverID, caseNo, now.UserID, partyID), "承办人员变更",
		judgeChanged(court, caseNo, was, now)).to(partyID).About(now)
	return n
}

// RelativeOfficerNotice tells a relative who is connected that somebody else answers
// him now.
func RelativeOfficerNotice(court Court, r Relative, handoverID int64, now Responsible) Notice {
	return relativeNotice(NoticeRelativeOfficer, r, fmt.Sprint(handoverID), "执行法官变更", fmt.Sprintf(
		"与您联系的执行法官已变更为%s，联系电话：%s。此前的对话和已提交的凭证一并转交，不需要重新提交。", now.Name, court.CallAt()))
}

func judgeChanged(_ Court, caseNo string, was, now Responsible) string {
	from := ""
	if was.Name != "" {
		from = "由" + was.Name
	}
	return fmt.Sprintf("%s的%s已%s变更为%s。此前的留言、回执和已确认的履行记录一并转交，不需要重新提交。", caseNo, now.Title(), from, now.Name)
}
