package filing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// update brings a case to a newer version of the case system's. Things are
// matched by ref; nothing may vanish, and what is confirmed stays confirmed.
func (s *Service) update(ctx context.Context, tx *storage.DB, by model.Actor, court model.Court, old *model.Case, p *plan) (*model.Case, error) {
	have, err := loadPlan(ctx, tx, old)
	if err != nil {
		return nil, err
	}
	c := &checker{}
	c.nothingVanishes(have, p)
	fresh := matchParties(have, p)
	c.matchInstruments(have, p)
	if len(c.problems) > 0 {
		return nil, invalid(c.problems)
	}
	before := *old
	cs := p.cs
	cs.ID, cs.Version, cs.CreatedAt, cs.UpdatedAt = old.ID, old.Version+1, old.CreatedAt, tx.Now()
	cs.ImportID, cs.Held, cs.ToldOn = old.ImportID, old.Held, old.ToldOn
	p.cs = cs
	if err := tx.UpdateCase(ctx, &cs, old.Version); err != nil {
		return nil, err
	}
	if cs.JudgeID != old.JudgeID {
		// The case system moved the duty; receipts follow as in a hand-over.
		if err := tx.SetJudge(ctx, cs.ID, cs.Version, cs.JudgeID); err != nil {
			return nil, err
		}
		cs.Version++
		if err := judgeMoved(ctx, tx, by, court, cs, old.JudgeID); err != nil {
			return nil, err
		}
	}
	if err := writeParts(ctx, tx, court, p, fresh); err != nil {
		return nil, err
	}
	if err := corrected(ctx, tx, by, have, p); err != nil {
		return nil, err
	}
	if err := keepTerms(ctx, tx, by, have, p); err != nil {
		return nil, err
	}
	if err := inherit(ctx, tx, court, cs, have); err != nil {
		return nil, err
	}
	if err := tx.RefreshCase(ctx, cs.ID); err != nil {
		return nil, err
	}
	if !cs.Held { // a number that was missing may be known now
		if err := carry(ctx, tx, court, []model.Case{cs}); err != nil {
			return nil, err
		}
	}
	if err := tellReplanned(ctx, tx, cs, have); err != nil {
		return nil, err
	}
	return &cs, tx.Audit(by, by.RoleFor(model.ActCasePut), model.AuditEvent{
		CourtID: court.ID, Action: model.AuditCaseUpdate, CaseID: cs.ID, Subject: model.ThingCase.Of(cs.ID), Before: before, After: cs,
	})
}

// tellReplanned tells those whom it concerns what a newer version changed of the
// instalments of an instrument that they know, and which duties it added to it.
func tellReplanned(ctx context.Context, tx *storage.DB, cs model.Case, have *plan) error {
	if cs.Held {
		return nil // told with the rest of the case
	}
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return err
	}
	for _, ob := range d.Obligations {
		at := slices.IndexFunc(have.instruments, func(o instrumentPlan) bool { return o.in.ID == ob.InstrumentID })
		if at < 0 || have.instruments[at].in.EffectiveOn.IsZero() || ob.Recurs != nil {
			continue // told of it as of a new one
		}
		var was []model.Installment
		if i := have.instruments[at].obligation(ob.Ref); i >= 0 {
			was = have.instruments[at].obligations[i].installments
		}
		for _, party := range d.Concerned(ob) {
			if n, ok := d.ReplannedNotice(ob, was, party); ok {
				if err := tx.AddNotice(ctx, n); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// keepTerms enters what a newer version says of ordinary interest, so that the
// earlier terms stay readable, and sees what that does to what was performed.
func keepTerms(ctx context.Context, tx *storage.DB, by model.Actor, have, p *plan) error {
	var changed []model.DebtEntry
	for _, ip := range p.instruments {
		at := have.instrument(ip.in.Ref)
		if at < 0 {
			continue
		}
		for _, op := range ip.obligations {
			old := have.instruments[at].obligation(op.ob.Ref)
			if old < 0 || have.instruments[at].obligations[old].ob.Interest.Text() == op.ob.Interest.Text() {
				continue
			}
			changed = append(changed, model.VersionTerms(p.cs, op.ob, have.instruments[at].obligations[old].ob.Interest, by.UserID, model.DateOf(tx.Now())))
		}
	}
	if err := tx.AddDebtEntries(ctx, changed); err != nil {
		return err
	}
	d, err := tx.Debts(ctx, p.cs)
	if err != nil {
		return err
	}
	return tx.SetCompletions(ctx, *d, func(i model.Installment) bool {
		return slices.ContainsFunc(changed, func(e model.DebtEntry) bool { return e.ObligationID == i.ObligationID })
	})
}

// loadPlan reads a case back in the shape of a plan.
func loadPlan(ctx context.Context, tx *storage.DB, cs *model.Case) (*plan, error) {
	p := &plan{cs: *cs}
	var err error
	if p.entries, err = tx.DebtEntries(ctx, cs.ID); err != nil {
		return nil, err
	}
	if p.parties, err = tx.Parties(ctx, cs.ID); err != nil {
		return nil, err
	}
	instruments, err := tx.Instruments(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	obligations, err := tx.Obligations(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	installments, err := tx.AllInstallments(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	for _, in := range instruments {
		ip := instrumentPlan{in: in}
		for _, ob := range obligations {
			if ob.InstrumentID != in.ID {
				continue
			}
			op := obligationPlan{ob: ob, entries: p.entries}
			for _, i := range installments {
				if i.ObligationID == ob.ID {
					op.installments = append(op.installments, i)
				}
			}
			ip.obligations = append(ip.obligations, op)
		}
		p.instruments = append(p.instruments, ip)
	}
	return p, nil
}

func (p *plan) party(ref string) int {
	return slices.IndexFunc(p.parties, func(o model.Party) bool { return o.Ref == ref })
}

// successor is the party that came in here before the case system knew it.
func (p *plan) successor(of model.Party) int {
	return slices.IndexFunc(p.parties, func(o model.Party) bool {
		return strings.HasPrefix(o.Ref, successorRef) && o.NameNorm == of.NameNorm && (o.IDNumberHash == of.IDNumberHash || o.IDNumberHash == "")
	})
}

func (p *plan) instrument(ref string) int {
	return slices.IndexFunc(p.instruments, func(o instrumentPlan) bool { return o.in.Ref == ref })
}

func (i instrumentPlan) obligation(ref string) int {
	return slices.IndexFunc(i.obligations, func(o obligationPlan) bool { return o.ob.Ref == ref })
}

func (c *checker) nothingVanishes(have, p *plan) {
	for _, o := range have.parties {
		if p.party(o.Ref) < 0 && !strings.HasPrefix(o.Ref, successorRef) {
			c.add("parties", "part.missing", "缺少原有的当事人 "+o.Ref+"（"+o.Name+"）；当事人不能删除")
		}
	}
	for _, o := range have.instruments {
		i := p.instrument(o.in.Ref)
		if i < 0 {
			c.add("instruments", "part.missing", "缺少原有的法律文书 "+o.in.Ref)
			continue
		}
		for _, ob := range o.obligations {
			if p.instruments[i].obligation(ob.ob.Ref) < 0 && ob.ob.ArisesFrom == 0 {
				c.add(fmt.Sprintf("instruments[%d].obligations", i), "part.missing", "缺少原有的义务 "+ob.ob.Ref)
			}
		}
	}
}

// matchParties gives known parties their ids and returns the refs of new ones.
func matchParties(have, p *plan) map[string]bool {
	fresh := map[string]bool{}
	for i := range p.parties {
		j := have.party(p.parties[i].Ref)
		if j < 0 {
			j = have.successor(p.parties[i])
		}
		if j >= 0 {
			p.parties[i].ID, p.parties[i].CaseID = have.parties[j].ID, have.cs.ID
		} else {
			p.parties[i].CaseID = have.cs.ID
			fresh[p.parties[i].Ref] = true
		}
	}
	return fresh
}

func (c *checker) matchInstruments(have, p *plan) {
	for i := range p.instruments {
		j := have.instrument(p.instruments[i].in.Ref)
		if j < 0 {
			continue
		}
		old := have.instruments[j]
		p.instruments[i].in.ID, p.instruments[i].in.CaseID = old.in.ID, have.cs.ID
		for k := range p.instruments[i].obligations {
			op := &p.instruments[i].obligations[k]
			l := old.obligation(op.ob.Ref)
			if l < 0 {
				continue
			}
			if model.RepeatsTerms(have.entries, old.obligations[l].ob.ID, op.ob.Interest) {
				op.interested = false
			}
			c.matchObligation(fmt.Sprintf("instruments[%d].obligations[%d]", i, k), old.obligations[l], op)
		}
	}
}

func (c *checker) matchObligation(at string, old obligationPlan, op *obligationPlan) {
	if old.ob.Replaced() { // it stays as it was, whatever is said of it
		op.ob, op.installments = old.ob, nil
		return
	}
	op.ob.Replaces = old.ob.Replaces
	op.ob.ID, op.ob.CaseID, op.ob.InstrumentID, op.ob.ObligeeID = old.ob.ID, old.ob.CaseID, old.ob.InstrumentID, old.ob.ObligeeID
	if !op.categorised {
		op.ob.Category = old.ob.Category
	}
	if !op.interested {
		op.ob.Interest = old.ob.Interest
		if err := model.CheckInterest(op.ob.Interest, op.ob, len(op.installments)); err != nil {
			c.addErr(at+".interest", err)
		}
	}
	if !op.ranked {
		op.ob.SecurityFen, op.ob.Weight = old.ob.SecurityFen, old.ob.Weight
	}
	keepClauses(&op.ob.Terms, old.ob.Terms)
	if !op.foreign(old) {
		c.add(at+".currency", "currency.fixed", "义务的币种不能更改；确有更正的，请另录一项义务")
		return
	}
	if op.ob.Recurs != nil || old.ob.Recurs != nil {
		c.keepDues(at, old, op)
		return
	}
	op.ob.AmountFen -= old.ob.ReducedFen // the case system does not know what an agreement took off
	// A newer version may name fewer: the last ones are left out and stay on record.
	for n := len(op.installments); n < len(old.installments); n++ {
		o := old.installments[n]
		if !o.DroppedOn.IsZero() {
			continue
		}
		if err := o.CheckDrop(); err != nil {
			c.addErr(fmt.Sprintf("%s.installments[%d]", at, n), err)
			continue
		}
		op.dropped = append(op.dropped, o)
	}
	for n := range op.installments {
		in := &op.installments[n]
		in.CaseID, in.ObligationID = old.ob.CaseID, old.ob.ID
		if n >= len(old.installments) {
			continue
		}
		o := old.installments[n]
		in.ID, in.ConfirmedFen, in.ForgivenFen, in.PerformedOn = o.ID, o.ConfirmedFen, o.ForgivenFen, o.PerformedOn
		in.AmountFen -= o.ReducedFen
		due := o.DueOn
		if !o.AgreedDueOn.IsZero() {
			due = o.AgreedDueOn
		}
		switch {
		case o.Planned() && (in.AmountFen != o.AmountFen || in.DueOn != due):
			c.add(fmt.Sprintf("%s.installments[%d]", at, n), "plan.agreed", "该期正按各方达成的和解协议履行，不能以新版本变更；请由承办法官记录新的协议，或者推送新的法律文书")
		case in.AmountFen < o.ConfirmedFen+o.ForgivenFen:
			words := "金额不能少于该期已确认履行的 " + o.ConfirmedFen.Yuan() + " 元"
			if o.ForgivenFen > 0 {
				words = "金额不能少于该期已确认履行和权利人已免除的合计 " + (o.ConfirmedFen + o.ForgivenFen).Yuan() + " 元"
			}
			c.add(fmt.Sprintf("%s.installments[%d].amount_fen", at, n), "amount.below_confirmed", words)
		case in.OutstandingFen() > 0 && in.AmountFen > 0:
			in.PerformedOn = model.Date{} // more is owed again
		}
	}
}

// foreign keeps by which rate a debt in another currency is booked, and books by it
// what a newer version fixes; it tells false for another currency.
func (op *obligationPlan) foreign(old obligationPlan) bool {
	was, is := old.ob.Foreign, op.ob.Foreign
	switch {
	case was == nil && is == nil:
		return true
	case was == nil || is == nil || was.Currency != is.Currency || len(op.installments) != 1:
		return false
	}
	is.Rate, is.InYuan = was.Rate, was.InYuan
	if is.Rate != nil {
		op.ob.AmountFen = is.Rate.Fen(is.Currency, is.Minor)
		op.installments[0].AmountFen = op.ob.AmountFen
	}
	return true
}

// keepDues keeps dues as they were filed, with what was entered and paid since: a
// version that says otherwise is refused, because it names no day from which it
// holds. One that has the amount of the last change says again what is on record.
func (c *checker) keepDues(at string, old obligationPlan, op *obligationPlan) {
	said, kept := op.ob.Recurs, old.ob.Recurs
	if said != nil && kept != nil {
		same := *said
		if said.AmountFen == old.ob.DuesAmount(old.entries, model.NewDate(2999, 1, 1)) {
			same.AmountFen = kept.AmountFen
		}
		if same != *kept {
			said = nil
		}
	}
	if said == nil || kept == nil {
		c.add(at+".recurs", "dues.changed", "按期给付的约定有变更：请由承办法官在案件的“利息与抵充”中登记变更的起始日、终止日和依据，再推送")
	}
	op.ob.Recurs, op.ob.ExtendOn, op.ob.AmountFen, op.installments = old.ob.Recurs, old.ob.ExtendOn, old.ob.AmountFen, old.installments
}

// keepClauses keeps what an instrument says of its breach where a newer version says
// nothing of it, since the case system may not know of clauses that were entered
// here, and what the judge chose by.
func keepClauses(t *model.Terms, old model.Terms) {
	t.AcceleratedOn = old.AcceleratedOn
	if t.Acceleration == model.AccelerationNone {
		t.Acceleration, t.AccelerationText = old.Acceleration, old.AccelerationText
	}
	if t.BurdenFen == 0 || old.BurdenChoice != model.BurdenOpen {
		t.BurdenFen, t.BurdenText = old.BurdenFen, old.BurdenText
	}
}

// writeParts writes what is new or changed below the case.
func writeParts(ctx context.Context, tx *storage.DB, court model.Court, p *plan, fresh map[string]bool) error {
	for i := range p.parties {
		party := &p.parties[i]
		if !fresh[party.Ref] {
			if err := tx.UpdateParty(ctx, party); err != nil {
				return err
			}
			continue
		}
		one := []model.Party{*party}
		if err := storage.Insert(ctx, tx, one); err != nil {
			return err
		}
		*party = one[0]
		if p.cs.Held { // he is told with the others
			continue
		}
		judges, err := judgeNames(ctx, tx, []*plan{p})
		if err != nil {
			return err
		}
		if err := welcome(ctx, tx, court, p.cs, *party, judges[p.cs.JudgeID]); err != nil {
			return err
		}
	}
	for i := range p.instruments {
		ip := &p.instruments[i]
		if ip.in.ID == 0 {
			continue
		}
		if err := tx.UpdateInstrument(ctx, &ip.in); err != nil {
			return err
		}
		for k := range ip.obligations {
			if err := writeObligation(ctx, tx, &ip.obligations[k]); err != nil {
				return err
			}
		}
	}
	if err := errors.Join(createInstruments(ctx, tx, []*plan{p}), enforceAll(ctx, tx, p)); err != nil {
		return err
	}
	if p.cs.Held {
		return nil
	}
	for _, n := range instrumentNotices(court, p) {
		if err := tx.AddNotice(ctx, n); err != nil { // once for each party and instrument
			return err
		}
	}
	return nil
}

func writeObligation(ctx context.Context, tx *storage.DB, op *obligationPlan) error {
	if op.ob.ID == 0 {
		return nil // createInstruments adds it
	}
	if op.ob.Replaced() {
		return nil
	}
	if err := tx.UpdateObligation(ctx, &op.ob); err != nil {
		return err
	}
	for _, in := range op.dropped {
		in.DroppedOn = model.DateOf(tx.Now())
		if err := tx.UpdateInstallment(ctx, &in); err != nil {
			return err
		}
	}
	for n := range op.installments {
		in := op.installments[n]
		if in.ID == 0 {
			if err := storage.Insert(ctx, tx, []model.Installment{in}); err != nil {
				return err
			}
			continue
		}
		if err := tx.UpdateInstallment(ctx, &in); err != nil {
			return err
		}
	}
	return nil
}
