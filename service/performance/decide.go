package performance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// Decision is what a judge confirms, or corrects to.
type Decision struct {
	ReceiptID   int64
	Version     int64 // of the receipt that the judge saw
	AmountFen   model.Fen
	Allocations []model.Share // empty: the order of the law, the payer's choice, then the oldest due first
	OverReason  string        // why more than the outstanding amount is accepted
	OrderReason string        // why the allocation leaves the order of a criminal case, or what creditors usually get
	// Spreading is how money that is several creditors' is shared; "" is as when
	// nobody says anything, or by Allocations where there are some.
	Spreading   model.Spreading
	DoubtReason string // why a receipt is confirmed though it has flags
	// PerformedOn and Obligations say which conduct or delivery was done when.
	PerformedOn model.Date
	Obligations []int64
	Reason      string // of a correction
	IdemKey     string
	// SureFen is the amount of which the desk has asked whether it is meant: see
	// model.CheckClaimed.
	SureFen model.Fen
	// Stamp is the state of the ledger by which whoever decides saw the allocation (see
	// Preview): by another one nothing is booked. "" for who saw none.
	Stamp string `json:",omitempty"`
}

// Decided is the outcome of a decision.
type Decided struct {
	Receipt model.Receipt
	// Doubtful are the numbers of valid certificates that rest on what was just
	// corrected; the judge decides about each.
	Doubtful []string
}

// decide runs f on the locked receipt of a case whose supervision is the
// actor's; somebody else's receipt is not found. Who submitted it, at the window
// or by his own phone, decides nothing about it.
func (s *Service) decide(ctx context.Context, by model.Actor, receiptID int64, f func(tx *storage.DB, cs *model.Case, r *model.Receipt) error) error {
	if err := by.Require(model.ActReceiptDecide); err != nil {
		return err
	}
	return s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := tx.LockOwnCaseOf(ctx, by, receiptID)
		if err != nil {
			if model.KindOf(err) == model.NotFound {
				return model.E(model.NotFound, "receipt.not_found", "没有找到，或您无权查看")
			}
			return err
		}
		r, err := tx.LockReceipt(ctx, receiptID)
		if err != nil {
			return err
		}
		if !r.BelongsTo(by.UserID) { // it was handed over while we waited for the case
			return model.E(model.NotFound, "receipt.not_found", "没有找到，或您无权查看")
		}
		if err := tx.OtherEyes(ctx, model.MatterReceipt, by.UserID, r.UserID); err != nil {
			return err
		}
		return f(tx, cs, r)
	})
}

// decideNow is decide for a decision that takes effect at once: it is refused while
// another one about the receipt can be taken back, and what was decided of the other
// receipts of the case takes effect before it.
func (s *Service) decideNow(ctx context.Context, by model.Actor, receiptID int64, f func(tx *storage.DB, cs *model.Case, r *model.Receipt) error) error {
	return s.decide(ctx, by, receiptID, func(tx *storage.DB, cs *model.Case, r *model.Receipt) error {
		if err := s.settlePending(ctx, tx, by, cs, r); err != nil {
			return err
		}
		return f(tx, cs, r)
	})
}

// repeated tells whether the actor made this very decision before.
func repeated(ctx context.Context, tx *storage.DB, by model.Actor, r *model.Receipt, key string) (bool, []model.Confirmation, error) {
	entries, err := tx.Confirmations(ctx, r.CaseID, r.ID)
	return slices.ContainsFunc(entries, func(c model.Confirmation) bool {
		return c.IdemKey == key && c.ByUserID == by.UserID
	}), entries, err
}

// Confirm records that an amount was performed, which may differ from the
// claim, and spreads it over instalments. Two judges, or two clicks, at once
// make one entry: the second gets a Conflict, a repeat under the same key the
// first result.
func (s *Service) Confirm(ctx context.Context, by model.Actor, dec Decision) (*Decided, error) {
	var out Decided
	err := s.decideNow(ctx, by, dec.ReceiptID, func(tx *storage.DB, cs *model.Case, r *model.Receipt) error {
		err := s.confirm(ctx, tx, by, cs, r, dec)
		out.Receipt = *r
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("confirm receipt %d: %w", dec.ReceiptID, err)
	}
	return &out, nil
}

// confirm is Confirm on a locked receipt.
func (s *Service) confirm(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt, dec Decision) error {
	if r.State != model.ReceiptSubmitted { // only then can there be an entry
		again, _, err := repeated(ctx, tx, by, r, dec.IdemKey)
		if err != nil || again {
			return err
		}
	}
	if err := r.CheckVersion(dec.Version); err != nil {
		return err
	}
	flags, err := tx.Flags(ctx, r.ID)
	if err != nil {
		return err
	}
	before := *r
	if err := r.Confirm(dec.AmountFen, by.UserID, tx.Now()); err != nil {
		return err
	}
	var doubtful error // is said last: the reason stays what it is when an amount is mended
	dec.DoubtReason, doubtful = model.CheckDoubt(flags, dec.DoubtReason)
	d, err := loadDecided(ctx, tx, cs)
	if err == nil {
		err = d.seen(dec.Stamp)
	}
	if err != nil {
		return err
	}
	told, err := s.book(ctx, tx, by, cs, r, d, dec)
	if err == nil {
		err = doubtful
	}
	if err != nil {
		return err
	}
	if cs.Held { // nobody has been told of the case yet
		told = nil
	}
	notices, err := s.tellConfirmed(ctx, tx, cs, r, d, told)
	if err != nil {
		return err
	}
	if err := tx.AddNotices(ctx, notices); err != nil {
		return err
	}
	if err := tellRelative(ctx, tx, r); err != nil {
		return err
	}
	return tx.Audit(by, by.RoleFor(model.ActReceiptDecide), model.AuditEvent{
		CourtID: cs.CourtID, Action: model.AuditReceiptConfirm, CaseID: cs.ID, Subject: model.ThingReceipt.Of(r.ID), Detail: dec.DoubtReason, Before: before, After: r,
	})
}

// SetOff enters, in the caller's transaction, that money which was paid before
// the judgment pays items of it. r is filled in but for its state: what it
// enters is a receipt like any other, confirmed by whoever sets off, so that it
// stands in the ledger and can be corrected there. reason is why a later item is
// paid while an earlier one is open.
func (s *Service) SetOff(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt, shares []model.Share, reason string) error {
	dec := Decision{AmountFen: r.ClaimedFen, Allocations: shares, OrderReason: reason, IdemKey: r.IdemKey, Version: 1}
	r.State, r.Version, r.SubmittedAt = model.ReceiptSubmitted, dec.Version, tx.Now()
	d, err := loadDecided(ctx, tx, cs)
	if err != nil {
		return err
	}
	if created, err := tx.CreateReceipt(ctx, r); err != nil || !created {
		return err
	}
	before := *r
	if err := r.Confirm(dec.AmountFen, by.UserID, tx.Now()); err != nil {
		return err
	}
	told, err := s.book(ctx, tx, by, cs, r, d, dec)
	if err != nil {
		return err
	}
	told = slices.DeleteFunc(told, func(p int64) bool { return p == r.PartyID }) // who is told of the deposit itself
	notices, err := s.tellConfirmed(ctx, tx, cs, r, d, told)
	if err != nil {
		return err
	}
	if err := tx.AddNotices(ctx, notices); err != nil {
		return err
	}
	return tx.Audit(by, by.RoleFor(model.ActDepositDecide), model.AuditEvent{
		CourtID: cs.CourtID, Action: model.AuditReceiptConfirm, CaseID: cs.ID, Subject: model.ThingReceipt.Of(r.ID), Before: before, After: r,
	})
}

// book enters a confirmed receipt in the ledger, with all that follows from it, and
// returns the parties concerned.
func (s *Service) book(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt, d *debt, dec Decision) ([]int64, error) {
	told, err := s.enter(ctx, tx, by, r, d, dec)
	if err != nil {
		return nil, err
	}
	if err := d.complete(ctx, tx, cs); err != nil {
		return nil, err
	}
	if err := tx.UpdateReceipt(ctx, r, dec.Version); err != nil {
		return nil, err
	}
	return told, s.settled(ctx, tx, by, cs, d.installments)
}

// reopenDeposit follows a correction of what was set off: what no longer pays an
// item is held again, what pays more is taken from what is held.
func reopenDeposit(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt, before model.Fen, reason string) error {
	if r.DepositID == 0 || r.ConfirmedFen == before {
		return nil
	}
	d, err := tx.DepositByID(ctx, r.DepositID)
	if err != nil {
		return err
	}
	e := model.DepositEntry{
		Kind: model.DepositEntryReopen, AmountFen: before - r.ConfirmedFen, HappenedOn: model.DateOf(tx.Now()), ReceiptID: r.ID, Reason: reason, ByUserID: by.UserID,
	}
	if e.AmountFen < 0 {
		e.Kind = model.DepositEntrySetOff
	}
	if err := d.Enter(e); err != nil {
		return err
	}
	if err := tx.UpdateDeposit(ctx, d, d.Version, &e); err != nil {
		return err
	}
	if d.HeldFen == 0 {
		err := tx.EndTasks(ctx, model.TaskDone, by.UserID, "已全部抵充", model.TaskMatch{
			CaseID: d.CaseID, Kinds: []model.TaskKind{model.TaskDepositSettle}, Subject: model.ThingDeposit.Of(d.ID),
		})
		if err != nil {
			return err
		}
	}
	return tx.AddNotice(ctx, model.DepositStandsNotice(*cs, *d, e))
}

// settled keeps what follows from a changed ledger: the state of the case, and
// whatever another area has to do about it.
func (s *Service) settled(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, all []model.Installment) error {
	extended, err := tx.ExtendDues(ctx, cs.ID) // whoever pays ahead has not performed for good
	if err == nil && extended {
		all, err = tx.Installments(ctx, cs.ID)
	}
	if err != nil {
		return err
	}
	if err := s.followPlans(ctx, tx, cs, all); err != nil {
		return err
	}
	if err := tx.SetPerformance(ctx, cs.ID, all); err != nil {
		return err
	}
	if s.cfg.Enforcement == nil || cs.EnforcementFiledOn.IsZero() {
		return nil
	}
	return s.cfg.Enforcement.Settled(ctx, tx, by, *cs, all)
}

// enter writes the ledger entry of a confirmation and returns the parties
// concerned.
func (s *Service) enter(ctx context.Context, tx *storage.DB, by model.Actor, r *model.Receipt, d *debt, dec Decision) ([]int64, error) {
	if err := s.checkOtherwise(ctx, tx, r, d, dec); err != nil {
		return nil, err
	}
	to, err := s.allocate(ctx, tx, r, d, dec)
	if err != nil {
		return nil, err
	}
	if len(to.asks) > 0 {
		return nil, to.asks[0]
	}
	spread := to.Spread
	dec.OrderReason = to.orderReason
	c := &model.Confirmation{
		CourtID: r.CourtID, CaseID: r.CaseID, ReceiptID: r.ID, Kind: model.EntryConfirm, AmountFen: dec.AmountFen, PaidOn: r.PaidOn,
		Reason: dec.Reason, OverReason: dec.OverReason, OrderReason: dec.OrderReason, DoubtReason: dec.DoubtReason, Spreading: to.kept, OverFen: spread.RestFen, ByUserID: by.UserID, IdemKey: dec.IdemKey,
	}
	told := []int64{r.PartyID}
	var allocations []model.Allocation
	for n, sh := range slices.Concat(spread.Shares, spread.Ordinary, spread.Doubled) {
		part := model.PartPrincipal
		switch {
		case n >= len(spread.Shares)+len(spread.Ordinary):
			part = model.PartDoubled
		case n >= len(spread.Shares):
			part = model.PartOrdinary
		}
		i := slices.IndexFunc(d.installments, func(i model.Installment) bool { return i.ID == sh.InstallmentID })
		ob := d.obligation(d.installments[i].ObligationID)
		d.touched = append(d.touched, sh.InstallmentID)
		allocations = append(allocations, model.Allocation{
			CourtID: r.CourtID, CaseID: r.CaseID, ReceiptID: r.ID, ObligationID: ob.ID, InstallmentID: sh.InstallmentID, Part: part, AmountFen: sh.AmountFen,
		})
		for _, p := range ob.Obligees() {
			if !slices.Contains(told, p) {
				told = append(told, p)
			}
		}
	}
	if err := tx.AddConfirmation(ctx, c, allocations, d.installments); err != nil {
		return nil, err
	}
	done, err := s.performConduct(ctx, tx, r, d, dec)
	for _, p := range done {
		if !slices.Contains(told, p) {
			told = append(told, p)
		}
	}
	return told, err
}

// checkOtherwise refuses to confirm a set-off whose claim is not certain.
func (s *Service) checkOtherwise(ctx context.Context, tx *storage.DB, r *model.Receipt, d *debt, dec Decision) error {
	if r.SetOff == nil && r.ProofKind != model.ProofNone {
		return nil
	}
	lines, err := tx.Responses(ctx, r.ID)
	if err != nil {
		return err
	}
	if r.SetOff == nil {
		return r.CheckUnproven(lines, model.DateOf(tx.Now()), strings.TrimSpace(dec.Reason))
	}
	answer := model.ResponseAsked
	for _, l := range lines {
		if l.PartyID == r.SetOff.CreditorID {
			answer = l.State
		}
	}
	return r.SetOff.CheckBasis(d.enforcedTowards(r.PartyID, r.SetOff.CreditorID), answer, dec.Reason)
}

// spreadDeposit is spread for money that was paid before the judgment: it pays what
// its payer meant and nothing else, also when its set-off is corrected.
func spreadDeposit(ctx context.Context, tx *storage.DB, r *model.Receipt, d *debt, dec Decision) (model.Spread, error) {
	from, err := tx.DepositByID(ctx, r.DepositID)
	if err != nil {
		return model.Spread{}, err
	}
	open, shares := d.openOf(r.PartyID), dec.Allocations
	if len(shares) == 0 {
		var rest model.Fen
		if shares, rest = from.Shares(d.order, d.obligations, open, dec.AmountFen); rest > 0 {
			return model.Spread{}, model.InvalidField("amount_fen", "deposit.purpose",
				"与用途（"+from.Purpose.Chinese()+"）相应的判项只剩 "+(dec.AmountFen-rest).Yuan()+" 元未付；多出的部分请转回暂存后退还")
		}
	}
	if _, err := model.CheckShares(dec.AmountFen, open, 0, shares); err != nil {
		return model.Spread{}, err
	}
	for _, sh := range shares {
		i := slices.IndexFunc(open, func(i model.Installment) bool { return i.ID == sh.InstallmentID })
		if !from.Purpose.Fits(d.obligation(open[i].ObligationID).Category) {
			return model.Spread{}, model.InvalidField("allocations", "deposit.purpose", "暂存款只能抵充与用途（"+from.Purpose.Chinese()+"）相应的判项")
		}
	}
	return model.Spread{Shares: shares}, nil
}

// withInterest names the interest that is owed besides, "" when none is.
func withInterest(r model.Reckoning) string {
	var parts []string
	if r.OrdinaryFen > 0 {
		parts = append(parts, "一般债务利息 "+r.OrdinaryFen.Yuan()+" 元")
	}
	if r.DoubledFen > 0 {
		parts = append(parts, "加倍部分债务利息 "+r.DoubledFen.Yuan()+" 元")
	}
	if len(parts) == 0 {
		return ""
	}
	return "（另有截至付款日的" + strings.Join(parts, "、") + "）"
}

// performConduct records conduct and delivery that the judge found done, and
// returns the obligees.
func (s *Service) performConduct(ctx context.Context, tx *storage.DB, r *model.Receipt, d *debt, dec Decision) ([]int64, error) {
	if r.ProofKind == model.ProofConduct && len(dec.Obligations) == 0 {
		return nil, model.InvalidField("obligation_ids", "field.required", "请选择已经完成的行为或交付义务")
	}
	if len(dec.Obligations) == 0 {
		return nil, nil
	}
	on := dec.PerformedOn
	if on.IsZero() {
		on = r.PaidOn
	}
	if on.After(model.DateOf(tx.Now())) {
		return nil, model.InvalidField("performed_on", "date.future", "完成日期不能晚于今天")
	}
	var obligees []int64
	for _, id := range dec.Obligations {
		ob := d.obligation(id)
		if ob.ID == 0 || ob.Kind == model.ObligationMoney || ob.Replaced() || !d.everOwed(r.PartyID, id) {
			return nil, model.InvalidField("obligation_ids", "obligation.unknown", "所选义务不存在，或不是该义务人的行为、交付义务")
		}
		for k := range d.installments {
			if d.installments[k].ObligationID == id {
				d.installments[k].PerformedOn = on
				if err := tx.SetPerformed(ctx, d.installments[k].ID, on); err != nil {
					return nil, err
				}
			}
		}
		obligees = append(obligees, ob.Obligees()...)
	}
	return obligees, nil
}

// Return sends a receipt back with a reason; the payer may replace it.
func (s *Service) Return(ctx context.Context, by model.Actor, receiptID, seen int64, reason string) (*model.Receipt, error) {
	var out model.Receipt
	err := s.decideNow(ctx, by, receiptID, func(tx *storage.DB, cs *model.Case, r *model.Receipt) error {
		err := s.sendBack(ctx, tx, by, cs, r, Decision{Version: seen, Reason: reason})
		out = *r
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("return receipt %d: %w", receiptID, err)
	}
	return &out, nil
}

// sendBack is Return on a locked receipt.
func (s *Service) sendBack(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt, dec Decision) error {
	reason := strings.TrimSpace(dec.Reason)
	if utf8.RuneCountInString(reason) > 500 {
		return model.InvalidField("reason", "field.too_long", "退回原因不能超过 500 字")
	}
	if done, err := tx.Repeated(ctx, by, model.ThingReceipt.Of(r.ID), dec.Version, r.Version, "return", reason); err != nil || done {
		return err
	}
	if err := r.CheckVersion(dec.Version); err != nil {
		return err
	}
	before := *r
	if err := r.Return(reason, by.UserID, tx.Now()); err != nil {
		return err
	}
	if err := tx.UpdateReceipt(ctx, r, dec.Version); err != nil {
		return err
	}
	if r.ImportID == 0 { // the debtor did not submit what an import brought
		notice := model.ReceiptReturnedNotice(model.Court{}, *r)
		if r.DistributionID != 0 { // nor what a plan gave to a creditor
			notice = model.ShareReturnedNotice(*r)
		}
		if err := tx.AddNotice(ctx, notice); err != nil {
			return err
		}
	}
	if err := tellRelative(ctx, tx, r); err != nil {
		return err
	}
	return tx.Audit(by, by.RoleFor(model.ActReceiptDecide), model.AuditEvent{
		CourtID: cs.CourtID, Action: model.AuditReceiptReturn, CaseID: cs.ID, Subject: model.ThingReceipt.Of(r.ID), Before: before, After: r,
	})
}

// Correct takes a wrong confirmation back by a reversing entry and, when the
// right amount is not zero, enters that. Nothing in the ledger is changed.
func (s *Service) Correct(ctx context.Context, by model.Actor, dec Decision) (*Decided, error) {
	if err := checkCorrection(&dec); err != nil {
		return nil, err
	}
	var out Decided
	err := s.decideNow(ctx, by, dec.ReceiptID, func(tx *storage.DB, cs *model.Case, r *model.Receipt) error {
		err := s.correct(ctx, tx, by, cs, r, dec)
		if err == nil {
			out.Receipt = *r
			out.Doubtful, err = tx.ValidCertificates(ctx, cs.ID)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("correct receipt %d: %w", dec.ReceiptID, err)
	}
	return &out, nil
}

// checkCorrection asks for the reason of a correction.
func checkCorrection(dec *Decision) error {
	dec.Reason = strings.TrimSpace(dec.Reason)
	if dec.Reason == "" || utf8.RuneCountInString(dec.Reason) > 500 {
		return model.InvalidField("reason", "reason.required", "请填写更正原因，不超过 500 字")
	}
	return nil
}

// correct is Correct on a locked receipt.
func (s *Service) correct(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt, dec Decision) error {
	if err := checkCorrection(&dec); err != nil {
		return err
	}
	again, entries, err := repeated(ctx, tx, by, r, dec.IdemKey)
	if err != nil || again {
		return err
	}
	if r.Version != dec.Version {
		return model.E(model.Conflict, "receipt.changed", "该回执刚刚被其他人更新，请刷新后再处理")
	}
	dec.DoubtReason = "" // as it was when the receipt was confirmed
	for _, e := range entries {
		dec.DoubtReason = cmp.Or(e.DoubtReason, dec.DoubtReason)
	}
	before := *r
	if err := r.Correct(dec.AmountFen, by.UserID, tx.Now()); err != nil {
		return err
	}
	d, err := loadDecided(ctx, tx, cs)
	if err == nil {
		err = d.seen(dec.Stamp)
	}
	if err != nil {
		return err
	}
	told, entry, err := s.reverse(ctx, tx, by, r, d, dec, entries)
	if err != nil {
		return err
	}
	if err := d.complete(ctx, tx, cs); err != nil {
		return err
	}
	if dec.AmountFen > 0 || len(dec.Obligations) > 0 {
		more, err := s.enter(ctx, tx, by, r, d, dec)
		if err != nil {
			return err
		}
		for _, p := range more {
			if !slices.Contains(told, p) {
				told = append(told, p)
			}
		}
		if err := d.complete(ctx, tx, cs); err != nil {
			return err
		}
	}
	if err := tx.UpdateReceipt(ctx, r, dec.Version); err != nil {
		return err
	}
	if err := reopenDeposit(ctx, tx, by, cs, r, before.ConfirmedFen, dec.Reason); err != nil {
		return err
	}
	if err := s.settled(ctx, tx, by, cs, d.installments); err != nil {
		return err
	}
	if cs.Held {
		told = nil
	}
	if err := tellCorrected(ctx, tx, r, d, told, dec.Reason, entry); err != nil {
		return err
	}
	if err := tellRelative(ctx, tx, r); err != nil {
		return err
	}
	return tx.Audit(by, by.RoleFor(model.ActReceiptDecide), model.AuditEvent{
		CourtID: cs.CourtID, Action: model.AuditReceiptCorrect, CaseID: cs.ID, Subject: model.ThingReceipt.Of(r.ID), Before: before, After: r,
	})
}

// reverse takes the receipt's standing entry back.
func (s *Service) reverse(ctx context.Context, tx *storage.DB, by model.Actor, r *model.Receipt, d *debt, dec Decision, entries []model.Confirmation) (
	told []int64, entryID int64, err error,
) {
	told = []int64{r.PartyID}
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		if e.Kind != model.EntryConfirm || slices.ContainsFunc(entries, func(o model.Confirmation) bool { return o.ReversesID == e.ID }) {
			continue
		}
		all, err := tx.Allocations(ctx, r.CaseID)
		if err != nil {
			return nil, 0, err
		}
		var back []model.Allocation
		for _, a := range all {
			if a.ConfirmationID != e.ID {
				continue
			}
			for _, p := range d.obligation(a.ObligationID).Obligees() {
				if !slices.Contains(told, p) {
					told = append(told, p)
				}
			}
			d.touched = append(d.touched, a.InstallmentID)
			a.ID, a.ConfirmationID, a.AmountFen, a.CreatedAt = 0, 0, -a.AmountFen, tx.Now()
			back = append(back, a)
		}
		c := &model.Confirmation{
			CourtID: r.CourtID, CaseID: r.CaseID, ReceiptID: r.ID, Kind: model.EntryReverse, AmountFen: -e.AmountFen, PaidOn: e.PaidOn,
			ReversesID: e.ID, Reason: dec.Reason, OverFen: -e.OverFen, ByUserID: by.UserID, IdemKey: dec.IdemKey,
		}
		if err := tx.AddConfirmation(ctx, c, back, d.installments); err != nil {
			return nil, 0, err
		}
		return told, c.ID, s.reopenConduct(ctx, tx, r, d)
	}
	return told, 0, nil // an amount of zero was corrected before; there is nothing to take back
}

// reopenConduct takes back that conduct was done, when the receipt corrected
// was its proof.
func (s *Service) reopenConduct(ctx context.Context, tx *storage.DB, r *model.Receipt, d *debt) error {
	if r.ProofKind != model.ProofConduct {
		return nil
	}
	for k := range d.installments {
		i := &d.installments[k]
		if d.obligation(i.ObligationID).Kind == model.ObligationMoney || !d.everOwed(r.PartyID, i.ObligationID) {
			continue
		}
		i.PerformedOn = model.Date{}
		if err := tx.SetPerformed(ctx, i.ID, model.Date{}); err != nil {
			return err
		}
	}
	return nil
}
