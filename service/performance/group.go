package performance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// GroupClaim is one payment for several cases of a debtor, as the payer submits it.
// CaseID is the case to which the files were uploaded; Parts say what goes to which
// case, none when the court is to share it. Of a relative who pays, RelativeID is his
// link in the case of the files; the payment reaches the cases in which he is admitted
// to the same debtor, and shows him no other.
type GroupClaim struct {
	Claim
	Parts []model.GroupShare
}

// Grouped is a payment for several cases with its receipts, one a case.
type Grouped struct {
	Payment  model.GroupPayment
	Receipts []model.Receipt
}

// check refuses what is no payment of money, and what belongs to one case alone.
func (cl *GroupClaim) check(today model.Date) error {
	if cl.SetOff != nil || cl.Lodged != nil || cl.Foreign != nil || cl.ProofKind == model.ProofConduct || cl.ReplacesID != 0 || len(cl.Targets) > 0 {
		return model.InvalidField("proof_kind", "group.money", "一笔款项用于几个案件的，只能是人民币付款；指定期次、替换被退回的回执、抵销、提存和外币，请在各案分别提交")
	}
	return cl.Claim.check(today)
}

// SubmitGroup takes one payment for several cases of a debtor. Each case that it
// reaches gets a receipt for its part, decided by its own judge; what proves the
// payment is stored once, and the parts are no second use of each other. A repeat
// under the same key is the first. Errors: as Submit, and Conflict group.none, Invalid
// group.money, group.case, group.sum.
func (s *Service) SubmitGroup(ctx context.Context, by model.Actor, cl GroupClaim) (*Grouped, error) {
	if err := by.Require(submitting(by)); err != nil {
		return nil, err
	}
	if err := s.db.CheckAsked(ctx, by); err != nil {
		return nil, err
	}
	if old, err := s.grouped(ctx, s.db, by.UserID, cl.IdemKey); err != nil || old != nil {
		return old, err
	}
	if err := s.groupPayer(ctx, by, &cl); err != nil {
		return nil, err
	}
	if err := cl.check(model.DateOf(s.db.Now())); err != nil {
		return nil, err
	}
	if err := s.decodeFiles(ctx, by, cl.Claim); err != nil {
		return nil, err
	}
	var out *Grouped
	err := s.db.Once(ctx, by, func(tx *storage.DB) (err error) {
		out, err = s.grouped(ctx, tx, by.UserID, cl.IdemKey)
		if err == nil && out == nil {
			out, err = s.submitGroup(ctx, tx, by, cl)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("submit payment for a group: %w", err)
	}
	return out, nil
}

// groupPayer is who submits: somebody of the first case, or a relative whose link says
// for whom he pays.
func (s *Service) groupPayer(ctx context.Context, by model.Actor, cl *GroupClaim) error {
	if cl.RelativeID != 0 {
		return s.onBehalf(ctx, by, &cl.Claim)
	}
	_, err := s.db.Case(ctx, by, cl.CaseID)
	return err
}

// grouped is what the user submitted under a key, nil when he did not.
func (s *Service) grouped(ctx context.Context, tx *storage.DB, userID int64, key string) (*Grouped, error) {
	g, err := tx.GroupPaymentByKey(ctx, userID, key)
	if err != nil || g == nil {
		return nil, err
	}
	out := &Grouped{Payment: *g}
	out.Receipts, err = tx.GroupReceipts(ctx, g.ID)
	return out, err
}

// groupCase is one case that a payment can reach.
type groupCase struct {
	model.GroupShare
	cs    *model.Case
	party *model.Party
	debt  *debt
	link  *model.Relative // by which a relative pays in this case, nil for others
}

// GroupShares says what a debtor owes in the cases of a group and how a payment of
// his would be shared among them where he says nothing. Errors: NotFound
// case.not_found, Conflict group.none.
func (s *Service) GroupShares(ctx context.Context, by model.Actor, cl GroupClaim) ([]model.GroupShare, error) {
	if err := by.Require(submitting(by)); err != nil {
		return nil, err
	}
	if err := s.groupPayer(ctx, by, &cl); err != nil {
		return nil, err
	}
	if cl.PaidOn.IsZero() {
		cl.PaidOn = model.DateOf(s.db.Now())
	}
	list, err := s.groupCases(ctx, s.db, by, cl, s.db.CaseByID)
	if err != nil {
		return nil, err
	}
	out := make([]model.GroupShare, len(list))
	for n, c := range list {
		out[n] = c.GroupShare
	}
	model.ShareCases(cl.AmountFen, out)
	return out, nil
}

// groupCases are the cases of the group in which the debtor of a claim owes money
// that it can pay, in the order of their ids. What one creditor received is his: it
// reaches the cases in which he is owed something, and no other.
func (s *Service) groupCases(ctx context.Context, tx *storage.DB, by model.Actor, cl GroupClaim, read func(context.Context, int64) (*model.Case, error)) ([]groupCase, error) {
	links, err := groupLinks(ctx, tx, by, cl)
	if err != nil {
		return nil, err
	}
	first, err := groupFirst(ctx, tx, by, cl)
	if err != nil {
		return nil, err
	}
	none := model.E(model.Conflict, "group.none", "本案没有登记关联案件，或者该义务人在其他关联案件中没有尚未履行的款项，请在本案单独提交回执")
	if first.GroupRef == "" {
		return nil, none
	}
	cases, err := groupOf(ctx, tx, by, first, links)
	if err != nil {
		return nil, err
	}
	firstDebt, err := loadDebt(ctx, tx, first.ID)
	if err != nil {
		return nil, err
	}
	debtor, err := s.obligor(ctx, tx, by, cl.Claim, firstDebt)
	if err != nil {
		return nil, err
	}
	himself, err := actsHimself(ctx, tx, by, debtor)
	if err != nil {
		return nil, err
	}
	var out []groupCase
	var received bool
	for _, c := range cases {
		if len(cl.Parts) > 0 && !slices.ContainsFunc(cl.Parts, func(p model.GroupShare) bool { return p.CaseID == c.ID }) {
			continue
		}
		cs, err := read(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		one, err := s.groupCase(ctx, tx, by, cl, cs, debtor, himself, links[c.ID])
		if err != nil {
			return nil, err
		}
		if one == nil {
			continue
		}
		received = received || one.payeeID(cl) != 0
		out = append(out, *one)
	}
	if received {
		out = slices.DeleteFunc(out, func(c groupCase) bool { return c.payeeID(cl) == 0 })
	}
	if len(out) == 0 {
		return nil, none
	}
	return out, nil
}

// groupLinks are the links of a relative who pays, by their cases: those that were
// admitted to him, of this very moment; nil for whoever pays his own debt. He may be
// admitted to several debtors of one case; the link by which he pays is the first.
func groupLinks(ctx context.Context, tx *storage.DB, by model.Actor, cl GroupClaim) (map[int64][]model.Relative, error) {
	if cl.RelativeID == 0 {
		return nil, nil
	}
	list, err := tx.AdmittedRelatives(ctx, by)
	if err != nil {
		return nil, err
	}
	out := map[int64][]model.Relative{}
	for _, l := range list {
		if l.ID == cl.RelativeID {
			out[l.CaseID] = slices.Insert(out[l.CaseID], 0, l)
		} else {
			out[l.CaseID] = append(out[l.CaseID], l)
		}
	}
	if first := out[cl.CaseID]; len(first) == 0 || first[0].ID != cl.RelativeID {
		return nil, model.E(model.NotFound, "relative.not_found", "没有找到，或您无权查看")
	}
	return out, nil
}

// groupFirst is the case of the files, for whoever groupPayer let through.
func groupFirst(ctx context.Context, tx *storage.DB, by model.Actor, cl GroupClaim) (*model.Case, error) {
	if cl.RelativeID != 0 {
		return tx.CaseByID(ctx, cl.CaseID)
	}
	return tx.Case(ctx, by, cl.CaseID)
}

// groupOf are the cases of a group that the payer can reach: of a relative those of his
// links, of others those that he sees.
func groupOf(ctx context.Context, tx *storage.DB, by model.Actor, first *model.Case, links map[int64][]model.Relative) ([]model.Case, error) {
	if links == nil {
		return tx.GroupCases(ctx, by, first.CourtID, first.GroupRef)
	}
	cases, err := tx.CasesOf(ctx, slices.Sorted(maps.Keys(links)))
	return slices.DeleteFunc(cases, func(c model.Case) bool { return c.CourtID != first.CourtID || c.GroupRef != first.GroupRef }), err
}

// actsHimself tells whether the actor is bound to a party as that very person, not as
// somebody who acts for it: he may act for several of one name.
func actsHimself(ctx context.Context, tx *storage.DB, by model.Actor, p *model.Party) (bool, error) {
	if !by.IsParty() {
		return false, nil
	}
	bound, err := tx.CaseBindings(ctx, p.CaseID)
	return slices.ContainsFunc(bound, func(b model.Binding) bool {
		return b.UserID == by.UserID && b.PartyID == p.ID && b.EndedAt == nil && b.Capacity == model.CapacitySelf
	}), err
}

// sameDebtor is the party among those of a case that owes and is the debtor of
// another, nil for none. himself says that the actor is that debtor.
func sameDebtor(ctx context.Context, tx *storage.DB, by model.Actor, d *debt, own []model.Party, debtor *model.Party, himself bool) (*model.Party, error) {
	for i := range own {
		p := &own[i]
		if !d.owes(p.ID) {
			continue
		}
		if p.ID == debtor.ID || model.SamePerson(*p, *debtor) {
			return p, nil
		}
		if himself && model.SameName(*p, *debtor) {
			if here, err := actsHimself(ctx, tx, by, p); err != nil || here {
				return p, err
			}
		}
	}
	return nil, nil //nolint:nilnil // documented
}

// groupCase is a case in which the same debtor owes something, nil where he does not.
func (s *Service) groupCase(
	ctx context.Context, tx *storage.DB, by model.Actor, cl GroupClaim, cs *model.Case, debtor *model.Party, himself bool, links []model.Relative,
) (*groupCase, error) {
	d, err := loadDecided(ctx, tx, cs)
	if err != nil {
		return nil, err
	}
	if d.instruments, err = tx.Instruments(ctx, cs.ID); err != nil {
		return nil, err
	}
	own := d.parties
	switch {
	case len(links) > 0:
		own = slices.DeleteFunc(slices.Clone(own), func(p model.Party) bool { return linkTo(links, p.ID) == nil })
	case by.IsParty():
		if own, err = tx.PartiesOf(ctx, cs.ID, by.UserID); err != nil {
			return nil, err
		}
	}
	who, err := sameDebtor(ctx, tx, by, d, own, debtor, himself)
	if err != nil || who == nil {
		return nil, err
	}
	out := &groupCase{cs: cs, party: who, debt: d, link: linkTo(links, who.ID)}
	out.CaseID, out.PartyID = cs.ID, who.ID
	if out.link == nil { // a relative sees nothing of the case besides what is owed
		out.CaseNo = cs.CaseNo
	}
	p := d.payment(out.receipt(cl), 0, nil)
	of := p.Of(d.in, d.of(who.ID))
	out.OpenFen = d.in.ReckonAll(of, d.paid, d.settings, cl.PaidOn).SumFen()
	of = slices.DeleteFunc(of, func(i model.Installment) bool { return i.Due().IsZero() || i.Due().After(cl.PaidOn) })
	out.DueFen = d.in.ReckonAll(of, d.paid, d.settings, cl.PaidOn).SumFen()
	if out.OpenFen == 0 {
		return nil, nil //nolint:nilnil // documented
	}
	return out, nil
}

// linkTo is the link of a relative to a debtor, nil for none.
func linkTo(links []model.Relative, partyID int64) *model.Relative {
	i := slices.IndexFunc(links, func(l model.Relative) bool { return l.PartyID == partyID })
	if i < 0 {
		return nil
	}
	return &links[i]
}

// receipt is the claim as a receipt of the case, as far as it says whose money it is.
func (c *groupCase) receipt(cl GroupClaim) *model.Receipt {
	return &model.Receipt{PartyID: c.party.ID, PaidOn: cl.PaidOn, ProofKind: cl.ProofKind, PayeeName: model.Clean(cl.PayeeName)}
}

// payeeID is the creditor of the case who received the money, 0 for nobody alone.
func (c *groupCase) payeeID(cl GroupClaim) int64 {
	return c.debt.payment(c.receipt(cl), 0, nil).PayeeID
}

func (s *Service) submitGroup(ctx context.Context, tx *storage.DB, by model.Actor, cl GroupClaim) (*Grouped, error) {
	lock := func(ctx context.Context, id int64) (*model.Case, error) { return tx.LockCase(ctx, by, id) }
	if cl.RelativeID != 0 {
		lock = tx.LockCaseByID // his links say which
	}
	list, err := s.groupCases(ctx, tx, by, cl, lock)
	if err != nil {
		return nil, err
	}
	shares := make([]model.GroupShare, len(list))
	for n, c := range list {
		shares[n] = c.GroupShare
	}
	if len(cl.Parts) > 0 {
		if err := model.CheckGroupParts(cl.AmountFen, cl.Parts, shares); err != nil {
			return nil, err
		}
		for n := range shares {
			i := slices.IndexFunc(cl.Parts, func(p model.GroupShare) bool { return p.CaseID == shares[n].CaseID })
			shares[n].AmountFen = cl.Parts[i].AmountFen
		}
	} else if rest := model.ShareCases(cl.AmountFen, shares); rest > 0 {
		return nil, model.InvalidField("amount_fen", "amount.over_debt", "金额超过各关联案件尚未履行的合计 "+(cl.AmountFen-rest).Yuan()+
			" 元（含截至付款日的利息），请核对；如确实多付，请按尚未履行的金额提交并在备注中说明")
	}
	files, err := s.claimedFiles(ctx, tx, by, cl.Claim)
	if err != nil {
		return nil, err
	}
	g := &model.GroupPayment{CourtID: list[0].cs.CourtID, UserID: by.UserID, IdemKey: cl.IdemKey, GroupRef: list[0].cs.GroupRef, AmountFen: cl.AmountFen, CreatedAt: tx.Now()}
	if created, err := tx.CreateGroupPayment(ctx, g); err != nil || !created {
		if err != nil {
			return nil, err
		}
		return s.grouped(ctx, tx, by.UserID, cl.IdemKey)
	}
	out := &Grouped{Payment: *g}
	for n, c := range list {
		if shares[n].AmountFen == 0 {
			continue
		}
		part := cl.Claim
		part.CaseID, part.PartyID, part.AmountFen, part.IdemKey = c.cs.ID, c.party.ID, shares[n].AmountFen, partKey(cl.IdemKey, c.cs.ID)
		if c.link != nil {
			part.RelativeID, part.relative = c.link.ID, c.link
		}
		if part.Files = cl.Files; c.cs.ID != cl.CaseID {
			if part.Files, err = tx.CopyFiles(ctx, files, c.cs.ID); err != nil {
				return nil, err
			}
		}
		r := newReceipt(by, part, c.cs, c.party, c.debt.openOf(c.party.ID), tx.Now())
		r.GroupID = g.ID
		if r, err = s.keep(ctx, tx, by, part, r, files, c.debt); err != nil {
			return nil, err
		}
		out.Receipts = append(out.Receipts, *r)
	}
	if !slices.ContainsFunc(out.Receipts, func(r model.Receipt) bool { return r.CaseID == cl.CaseID }) {
		// What was uploaded stays evidence though its own case gets nothing of it.
		for _, id := range cl.Files {
			if err := tx.KeepFile(ctx, id, cl.CaseID, by.UserID); err != nil {
				return nil, err
			}
		}
	}
	if cl.relative != nil {
		if err := tx.AddNotice(ctx, g.RelativeNotice(*cl.relative, out.Receipts)); err != nil {
			return nil, err
		}
	}
	return out, tx.AddNotice(ctx, g.ReceivedNotice(out.Receipts))
}

// partKey is the key of one part of a payment for several cases.
func partKey(key string, caseID int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", key, caseID))
	return hex.EncodeToString(sum[:])
}

// checkPart refuses more of a payment for several cases than the others leave.
func checkPart(ctx context.Context, tx *storage.DB, r *model.Receipt, amount model.Fen) error {
	if r.GroupID == 0 {
		return nil
	}
	g, err := tx.GroupPayments(ctx, []int64{r.GroupID})
	if err != nil {
		return err
	}
	parts, err := tx.GroupReceipts(ctx, r.GroupID)
	if err != nil {
		return err
	}
	return g[r.GroupID].CheckPart(parts, r.ID, amount)
}

// Part is one case's part of a payment for several cases, as its sisters show it.
type Part struct {
	ReceiptID    int64
	CaseNo       string
	State        model.ReceiptState
	ClaimedFen   model.Fen
	ConfirmedFen model.Fen
}

// OfGroup is the payment for several cases of which a receipt is a part.
type OfGroup struct {
	Payment model.GroupPayment
	Parts   []Part
}

// groupsOf loads the payments of which receipts are parts, by receipt.
func (s *Service) groupsOf(ctx context.Context, list []model.Receipt) (map[int64]*OfGroup, error) {
	var ids []int64
	for _, r := range list {
		if r.GroupID != 0 {
			ids = append(ids, r.GroupID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	payments, err := s.db.GroupPayments(ctx, ids)
	if err != nil {
		return nil, err
	}
	parts, err := s.db.GroupReceipts(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := map[int64]*OfGroup{}
	for _, r := range list {
		if r.GroupID == 0 {
			continue
		}
		g := &OfGroup{Payment: payments[r.GroupID]}
		for _, p := range parts {
			if p.GroupID == r.GroupID {
				g.Parts = append(g.Parts, Part{p.ID, p.CaseNo, p.State, p.ClaimedFen, p.ConfirmedFen})
			}
		}
		out[r.ID] = g
	}
	return out, nil
}
