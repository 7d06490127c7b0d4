package model

import (
	"fmt"
	"slices"
	"strings"
)

// An obligee may say that he forgives the debtor as a person (谅解). It ends no debt, as
// 免除 does, and is entered by the court as it was told; courts weigh it in a criminal
// case's sentence, and it is worth something to a debtor who pays many creditors back.
// The debtor reads who forgave him, a creditor what the record says of himself, and the
// certificate names those whom its instrument owes something.

// Understanding is that one party forgave, and when it said so last.
type Understanding struct {
	PartyID int64
	Name    string
	OnDay   Date
}

// UnderstandingsOf reads the contacts of a case, each party once with its last day.
func UnderstandingsOf(contacts []Contact, parties []Party) (out []Understanding) {
	for _, c := range contacts {
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
