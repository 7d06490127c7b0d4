package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// An obligee may say that he forgives the debtor as a person (谅解). It ends no debt, as
// 免除 does; courts weigh it in a criminal case's sentence, and it is worth something to a
// debtor who pays many creditors back. He says it himself by phone, after he read what it
// does and what not, or the court enters what it was told: both are entries of the log of
// contacts. The debtor reads who forgave him, a creditor what the record says of himself,
// and the certificate names those whom its instrument owes something.
//
// No law says how a 谅解 is taken back. Ours: it has reached the other side at once, so
// that who gave it does not take it back by phone; where he was deceived or forced, or was
// not the one who could, the judge finds so by another entry, and it counts no more.

// Understanding is that one party forgave, and when it said so last.
type Understanding struct {
	PartyID int64
	Name    string
	OnDay   Date
}

// UnderstandingsOf reads the contacts of a case, each party once with its last day; what
// the judge found not to be one counts no more.
func UnderstandingsOf(contacts []Contact, parties []Party) (out []Understanding) {
	contacts = slices.SortedFunc(slices.Values(contacts), func(a, b Contact) int { return cmp.Compare(a.ID, b.ID) })
	for _, c := range contacts {
		if c.Channel == ContactUnforgiven {
			out = slices.DeleteFunc(out, func(o Understanding) bool { return o.PartyID == c.PartyID })
		}
		i := slices.IndexFunc(parties, func(p Party) bool { return p.ID == c.PartyID })
		if c.Channel != ContactForgiveness || i < 0 {
			continue
		}
		u := Understanding{c.PartyID, parties[i].Name, DateOf(c.HappenedAt)}
		if n := slices.IndexFunc(out, func(o Understanding) bool { return o.PartyID == c.PartyID }); n < 0 {
			out = append(out, u)
		} else if u.OnDay.After(out[n].OnDay) {
			out[n] = u
		}
	}
	slices.SortFunc(out, func(a, b Understanding) int { return int(a.PartyID - b.PartyID) })
	return out
}

// Words say it in one sentence.
func (u Understanding) Words() string { return u.Name + "于" + u.OnDay.Chinese() + "表示谅解" }

// Understandable tells whether a party can forgive in a case as one who was wronged or
// is owed something, and whom: the debtors of what it is owed, before a judgment of a
// crime the accused.
func (d Debts) Understandable(partyID int64) (debtors []string) {
	add := func(id int64) {
		if name := d.Party(id).Name; name != "" && !slices.Contains(debtors, name) {
			debtors = append(debtors, name)
		}
	}
	for _, ob := range d.Obligations {
		if !ob.EverOwedTo(partyID) {
			continue
		}
		for _, o := range d.Obligors {
			if o.ObligationID == ob.ID {
				add(o.PartyID)
			}
		}
	}
	if len(debtors) == 0 && d.Party(partyID).Role == Victim {
		for _, p := range d.Parties {
			if p.Role == Accused {
				add(p.ID)
			}
		}
	}
	return debtors
}

// UnderstandingEffect is what somebody reads before he forgives: what it does, and what
// not.
func (d Debts) UnderstandingEffect(partyID int64) string {
	text := d.Party(partyID).Name + "将对" + strings.Join(d.Understandable(partyID), "、") + "表示谅解。谅解不免除任何债务：尚欠的本金和利息仍应支付，您仍可以依法申请执行；不再要求支付的，须另行登记免除或者放弃。" +
		"对方会看到您表示谅解，其证明书上也会写明。"
	if d.Case.Kind == CaseCriminal {
		text += "在刑事案件中，谅解可能影响对被告人的量刑。"
	}
	return text + "请在自愿的情况下表示。表示后不能在小程序中撤回；受欺诈、胁迫或者并非本人真实意思的，请告知法院，由法院审查。"
}

// namedForgivers is how many the certificate names; of more it says the number.
const namedForgivers = 10

// Forgiven is the sentence about obligees who forgave the debtor, "" where none did.
func (f CertificateFacts) Forgiven() string {
	switch n := len(f.Understood); {
	case n == 0:
		return ""
	case n > namedForgivers:
		return fmt.Sprintf("%s等 %d 名权利人对义务人表示谅解。", strings.Join(f.Understood[:3], "、"), n)
	default:
		return "对义务人表示谅解的权利人：" + strings.Join(f.Understood, "、") + "。"
	}
}

// ConfirmationCloses adds to what a creditor is told of a confirmation what it closes,
// and what it does not.
func ConfirmationCloses(n Notice, r Receipt, partyID int64) Notice {
	if partyID != r.PartyID && r.CreditorID() == 0 && r.DistributionID == 0 {
		n.Body = paragraphs(n.Body, "确认的部分不再计算利息。确认不影响您的异议：款项没有到账或者金额不同的，您仍可以在回执中答复，由"+r.Responsible().Title()+"审查是否更正。")
	}
	return n
}
