package enforcement

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// Ledger is the ledger of performance.
type Ledger interface {
	// Arrive enters, in the caller's transaction, one creditor's part of money that
	// was shared: a receipt that whoever decides about the case confirms as any other.
	Arrive(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt) error
}

// DistributionView is a plan with its claims and objections; of one that is
// drafted the shares are what they would be now.
type DistributionView struct {
	model.Distribution
	Debtor     string
	Claims     []model.DistributionClaim
	Objections []model.DistributionObjection
}

// Distributions are the plans of an enforcement case that the actor may see, the
// newest first.
func (s *Service) Distributions(ctx context.Context, by model.Actor, enforcementID int64) ([]DistributionView, error) {
	if err := by.Require(model.ActShareRead); err != nil {
		return nil, err
	}
	e, err := s.db.EnforcementCase(ctx, by, enforcementID)
	if err != nil {
		return nil, err
	}
	parties, err := s.db.Parties(ctx, e.CaseID)
	if err != nil {
		return nil, err
	}
	list, err := s.db.Distributions(ctx, enforcementID)
	if err != nil {
		return nil, err
	}
	out, ids := make([]DistributionView, len(list)), make([]int64, len(list))
	for n, d := range list {
		out[n].Distribution, ids[n] = d, d.ID
		if at := slices.IndexFunc(parties, func(p model.Party) bool { return p.ID == d.PartyID }); at >= 0 {
			out[n].Debtor = parties[at].Name
		}
	}
	claims, err := s.db.DistributionClaims(ctx, ids...)
	if err != nil {
		return nil, err
	}
	objections, err := s.db.DistributionObjections(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for n := range out {
		v := &out[n]
		for _, c := range claims {
			if c.DistributionID == v.ID {
				v.Claims = append(v.Claims, c)
			}
		}
		for _, o := range objections {
			if o.DistributionID == v.ID {
				v.Objections = append(v.Objections, o)
			}
		}
		if v.State == model.DistributionDrafted {
			v.Claims, v.RestFen = v.Share(v.Claims)
		}
	}
	return out, nil
}

// DraftDistribution begins a plan for money that came in by an enforcement case
// of the officer. A repeat under the same key is the first. Errors: NotFound for a
// case that is not his, Invalid as model.Distribution.Check says.
func (s *Service) DraftDistribution(ctx context.Context, by model.Actor, d model.Distribution) (*model.Distribution, error) {
	if err := by.Require(model.ActShareManage); err != nil {
		return nil, err
	}
	var out *model.Distribution
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		d := d
		e, cs, err := tx.LockOwnEnforcement(ctx, by, d.EnforcementCaseID)
		if err != nil {
			return err
		}
		if out, err = tx.DistributionByKey(ctx, by.UserID, d.IdemKey); err != nil || out != nil {
			return err
		}
		if !e.Kind.Enforces() {
			return model.E(model.Conflict, "distribution.preservation", "财产保全案件没有执行所得，不能分配")
		}
		if !e.Has(d.PartyID, model.EnforcementDebtor) {
			return model.InvalidField("party_id", "party.not_debtor", "所选的当事人不是该执行案件的被执行人")
		}
		debtor, err := tx.Party(ctx, cs.ID, d.PartyID)
		if err != nil {
			return err
		}
		d.LegalPerson = d.LegalPerson && debtor.Kind == model.Organisation // nobody is one by birth
		if err := d.Check(e.FiledOn, model.DateOf(tx.Now())); err != nil {
			return err
		}
		d.CourtID, d.CaseID, d.State, d.ByUserID = cs.CourtID, cs.ID, model.DistributionDrafted, by.UserID
		if err := tx.CreateDistribution(ctx, &d); err != nil {
			return err
		}
		out = &d
		return auditShare(tx, by, model.AuditShareDraft, nil, d)
	})
	if err != nil {
		return nil, fmt.Errorf("draft a distribution: %w", err)
	}
	return out, nil
}

func auditShare(tx *storage.DB, by model.Actor, action model.AuditAction, before any, d model.Distribution) error {
	return tx.Audit(by, by.RoleFor(model.ActShareManage), model.AuditEvent{
		CourtID: d.CourtID, Action: action, CaseID: d.CaseID, Subject: model.ThingDistribution.Of(d.ID), Before: before, After: d,
	})
}

// planned is a plan that is about to change, with what belongs to it.
type planned struct {
	*model.Distribution
	e      *model.EnforcementFile
	cs     *model.Case
	claims []model.DistributionClaim
	today  model.Date
}

// onDistribution changes a plan of an enforcement case of the officer as he saw
// it. A repeat of the very act changes nothing.
func (s *Service) onDistribution(ctx context.Context, by model.Actor, id, seen int64, action model.AuditAction, asked []any, f func(tx *storage.DB, p *planned) error) (*model.Distribution, error) {
	if err := by.Require(model.ActShareManage); err != nil {
		return nil, err
	}
	var out *model.Distribution
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		out = nil
		d, err := tx.Distribution(ctx, id)
		if err != nil {
			return err
		}
		p := &planned{today: model.DateOf(tx.Now())}
		if p.e, p.cs, err = tx.LockOwnEnforcement(ctx, by, d.EnforcementCaseID); err != nil {
			if model.KindOf(err) == model.NotFound {
				return model.E(model.NotFound, "distribution.not_found", "没有找到，或您无权查看").WithCause(err)
			}
			return err
		}
		if p.Distribution, err = tx.Distribution(ctx, id); err != nil { // as it is under the lock
			return err
		}
		out = p.Distribution
		if done, err := tx.Repeated(ctx, by, model.ThingDistribution.Of(id), seen, out.Version, append([]any{action}, asked...)...); err != nil || done {
			return err
		}
		if err := out.CheckVersion(seen); err != nil {
			return err
		}
		if p.claims, err = tx.DistributionClaims(ctx, id); err != nil {
			return err
		}
		before := *out
		if err := f(tx, p); err != nil {
			return err
		}
		if err := tx.UpdateDistribution(ctx, out, before.Version); err != nil {
			return err
		}
		return auditShare(tx, by, action, before, *out)
	})
	if err != nil {
		return nil, fmt.Errorf("distribution %d: %w", id, err)
	}
	return out, nil
}

// AddClaim enters a creditor's claim in a drafted plan. Of an enforcement case of
// this court creditor and debtor are looked up by its number and his name, and the
// claim is what the ledger says on the plan's day, unless the officer names less or
// more.
func (s *Service) AddClaim(ctx context.Context, by model.Actor, id, seen int64, c model.DistributionClaim) (*model.Distribution, error) {
	c.Creditor, c.OfCourt, c.CaseNo, c.PriorGround = model.Clean(c.Creditor), model.Clean(c.OfCourt), strings.TrimSpace(c.CaseNo), strings.TrimSpace(c.PriorGround)
	if no, err := model.ParseCaseNo(c.CaseNo); err == nil {
		c.CaseNo = string(no)
	}
	return s.onDistribution(ctx, by, id, seen, model.AuditShareClaim, []any{c}, func(tx *storage.DB, p *planned) error {
		if err := p.CheckDrafted(); err != nil {
			return err
		}
		c := c
		if err := s.ownClaim(ctx, tx, p, &c); err != nil {
			return err
		}
		if err := p.CheckClaim(c, p.e.FiledOn, p.today); err != nil {
			return err
		}
		if slices.ContainsFunc(p.claims, func(o model.DistributionClaim) bool {
			return !o.Struck && o.CaseNo == c.CaseNo && model.NormalizeName(o.Creditor) == model.NormalizeName(c.Creditor)
		}) {
			return model.InvalidField("creditor", "distribution.twice", "该债权人的这项债权已经登记")
		}
		c.DistributionID, c.CourtID, c.ByUserID = p.ID, p.CourtID, by.UserID
		return tx.AddDistributionClaim(ctx, &c)
	})
}

// ownClaim fills in the rows and the amount of a claim of this court's.
func (s *Service) ownClaim(ctx context.Context, tx *storage.DB, p *planned, c *model.DistributionClaim) error {
	found, err := tx.EnforcementsByNo(ctx, []string{c.CaseNo})
	if err != nil {
		return err
	}
	e, ours := found[c.CaseNo]
	if !ours || e.CourtID != p.CourtID || !e.Kind.Enforces() || c.OfCourt != "" {
		return nil
	}
	file, err := tx.EnforcementFileByID(ctx, e.ID)
	if err != nil {
		return err
	}
	cs, err := tx.CaseByID(ctx, e.CaseID)
	if err != nil {
		return err
	}
	debts, err := tx.Debts(ctx, *cs)
	if err != nil {
		return err
	}
	debtor, err := tx.Party(ctx, p.CaseID, p.PartyID)
	if err != nil {
		return err
	}
	for _, o := range debts.Parties {
		if file.Has(o.ID, model.EnforcementDebtor) && o.Same(*debtor) {
			c.DebtorID = o.ID
		}
	}
	if c.DebtorID == 0 {
		return model.InvalidField("case_no", "distribution.other_debtor", "该执行案件的被执行人不是"+debtor.Name)
	}
	enforced := debts.EnforcedOf(*file, c.DebtorID)
	creditor, theirs := debts.ClaimOf(enforced, c.Creditor)
	if creditor == 0 {
		return model.InvalidField("creditor", "distribution.no_creditor", "该执行案件中没有这名债权人，请核对姓名或名称")
	}
	c.CreditorID = creditor
	for _, o := range p.claims {
		if _, has := debts.ClaimOf(theirs, debts.Party(o.CreditorID).Name); !o.Struck && o.OfEnforcementID == e.ID && o.CreditorID != creditor && len(has) > 0 {
			return model.InvalidField("creditor", "distribution.twice", "该项债权由几人共同享有，已以"+debts.Party(o.CreditorID).Name+"的名义登记")
		}
	}
	var secured model.Fen
	for n, i := range theirs {
		ob := debts.Obligation(i.ObligationID)
		if !ob.Foreign.Accepts("") {
			return model.InvalidField("case_no", "distribution.foreign", "该债权人有以外币履行的债权，执行所得的人民币不能直接抵充：请先由承办法官登记权利人主张以人民币计算及其汇率，再登记参加分配（"+model.CiteForeignCurrency.Short()+"）")
		}
		if !slices.ContainsFunc(theirs[:n], func(o model.Installment) bool { return o.ObligationID == ob.ID }) {
			secured += ob.SecurityFen
		}
	}
	if c.PriorFen == 0 && c.PriorGround != "" {
		c.PriorFen = secured
	}
	paid, err := tx.Payments(ctx, cs.ID)
	if err != nil {
		return err
	}
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return err
	}
	c.OfCaseID, c.OfEnforcementID, c.Creditor = cs.ID, e.ID, debts.Party(c.CreditorID).Name
	if r := debts.ReckonAll(theirs, paid, court.Settings, p.AsOf); c.AmountFen == 0 && c.DoubledFen == 0 {
		c.AmountFen, c.DoubledFen = r.PrincipalFen+r.OrdinaryFen, r.DoubledFen
	}
	c.PriorFen = min(c.PriorFen, c.AmountFen)
	return nil
}

// StrikeClaim takes a claim out of a drafted plan that was entered by mistake; it
// stays readable.
func (s *Service) StrikeClaim(ctx context.Context, by model.Actor, id, seen, claimID int64) (*model.Distribution, error) {
	return s.onDistribution(ctx, by, id, seen, model.AuditShareStrike, []any{claimID}, func(tx *storage.DB, p *planned) error {
		if err := p.CheckDrafted(); err != nil {
			return err
		}
		at := slices.IndexFunc(p.claims, func(c model.DistributionClaim) bool { return c.ID == claimID && !c.Struck })
		if at < 0 {
			return model.E(model.NotFound, "distribution_claim.not_found", "没有找到，或您无权查看")
		}
		c := p.claims[at]
		c.Struck = true
		return tx.UpdateDistributionClaim(ctx, c)
	})
}

// ServeDistribution records that the plan reached everybody: the shares stand from
// now on, and the days to object run. The parties of this court's cases are told on
// their phones as well.
func (s *Service) ServeDistribution(ctx context.Context, by model.Actor, id, seen int64, on model.Date) (*model.Distribution, error) {
	return s.onDistribution(ctx, by, id, seen, model.AuditShareServe, []any{on}, func(tx *storage.DB, p *planned) error {
		days, err := tx.Calendar(ctx)
		if err != nil {
			return err
		}
		live := slices.DeleteFunc(slices.Clone(p.claims), func(c model.DistributionClaim) bool { return c.Struck })
		if err := p.Serve(on, len(live), days, p.today); err != nil {
			return err
		}
		live, p.RestFen = p.Share(live)
		for _, c := range live {
			if err := tx.UpdateDistributionClaim(ctx, c); err != nil {
				return err
			}
			if !c.Own() {
				continue
			}
			if err := p.tell(ctx, tx, c, model.DistributionServedNotice); err != nil {
				return err
			}
		}
		return nil
	})
}

// tell gives notice of the plan to those of a case of this court whom a claim
// concerns.
func (p *planned) tell(ctx context.Context, tx *storage.DB, c model.DistributionClaim, notice func(model.Case, model.Distribution, model.DistributionClaim, int64) model.Notice) error {
	cs, err := tx.CaseByID(ctx, c.OfCaseID)
	if err != nil {
		return err
	}
	told, err := concerned(ctx, tx, c)
	if err != nil {
		return err
	}
	for _, party := range told {
		if err := tx.AddNotice(ctx, notice(*cs, *p.Distribution, c, party)); err != nil {
			return err
		}
	}
	return nil
}

// concerned are the parties of a case of this court who are told of a claim: its
// debtor, its creditor and whoever is owed it together with him.
func concerned(ctx context.Context, tx *storage.DB, c model.DistributionClaim) ([]int64, error) {
	out := []int64{c.CreditorID, c.DebtorID}
	obligations, err := tx.Obligations(ctx, c.OfCaseID)
	for _, ob := range obligations {
		if !ob.OwedTo(c.CreditorID) {
			continue
		}
		for _, party := range ob.Obligees() {
			if !slices.Contains(out, party) {
				out = append(out, party)
			}
		}
	}
	return out, err
}

// ObjectToDistribution enters a written objection that came in time.
func (s *Service) ObjectToDistribution(ctx context.Context, by model.Actor, id, seen int64, o model.DistributionObjection) (*model.Distribution, error) {
	return s.onDistribution(ctx, by, id, seen, model.AuditShareObject, []any{o}, func(tx *storage.DB, p *planned) error {
		o := o
		if err := p.Object(&o, p.today); err != nil {
			return err
		}
		o.DistributionID, o.CourtID, o.ByUserID = p.ID, p.CourtID, by.UserID
		return tx.AddDistributionObjection(ctx, &o)
	})
}

// AnswerObjection enters what became of an objection; while a suit about it is
// pending the disputed part of a share stays with the court.
func (s *Service) AnswerObjection(ctx context.Context, by model.Actor, id, seen int64, r model.DistributionObjection) (*model.Distribution, error) {
	return s.onDistribution(ctx, by, id, seen, model.AuditShareAnswer, []any{r}, func(tx *storage.DB, p *planned) error {
		all, err := tx.DistributionObjections(ctx, id)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(o model.DistributionObjection) bool { return o.ID == r.ID })
		if at < 0 {
			return model.E(model.NotFound, "distribution_objection.not_found", "没有找到，或您无权查看")
		}
		days, err := tx.Calendar(ctx)
		if err != nil {
			return err
		}
		o := all[at]
		if err := o.Answer(r, p.claims, days, p.today); err != nil {
			return err
		}
		if err := tx.UpdateDistributionObjection(ctx, o); err != nil {
			return err
		}
		for _, c := range p.claims {
			if c.ID == o.ClaimID {
				c.HeldFen += o.HeldFen
				return tx.UpdateDistributionClaim(ctx, c)
			}
		}
		return nil
	})
}

// AllocateDistribution makes the plan final: what each creditor of this court
// gets is entered in the ledger of his case as money that is his, where whoever
// decides about the case confirms it. What others get is handed to their courts.
func (s *Service) AllocateDistribution(ctx context.Context, by model.Actor, id, seen int64) (*model.Distribution, error) {
	return s.onDistribution(ctx, by, id, seen, model.AuditShareAllocate, nil, func(tx *storage.DB, p *planned) error {
		objections, err := tx.DistributionObjections(ctx, id)
		if err != nil {
			return err
		}
		if err := p.Allocate(objections, p.today); err != nil {
			return err
		}
		own := slices.DeleteFunc(slices.Clone(p.claims), func(c model.DistributionClaim) bool { return c.Struck || !c.Own() || c.SumFen() <= c.HeldFen })
		slices.SortStableFunc(own, func(a, b model.DistributionClaim) int { return int(a.OfCaseID - b.OfCaseID) }) // locks in one order
		for _, c := range own {
			cs, err := tx.LockCaseByID(ctx, c.OfCaseID)
			if err != nil {
				return err
			}
			debtor, err := tx.Party(ctx, cs.ID, c.DebtorID)
			if err != nil {
				return err
			}
			creditor, err := tx.Party(ctx, cs.ID, c.CreditorID)
			if err != nil {
				return err
			}
			r := &model.Receipt{
				PartyID: c.DebtorID, UserID: by.UserID, DistributionID: p.ID, IdemKey: fmt.Sprintf("%s:%d", model.ThingDistribution.Key(p.ID), c.ID),
				ClaimedFen: c.SumFen() - c.HeldFen, PaidOn: p.AsOf, PayerKind: model.PayerSelf, PayerName: debtor.Name, PayeeName: creditor.Name,
				ProofKind: model.ProofCourtAccount, Remark: "按分配方案分得：" + p.Rule.Chinese(),
			}
			if err := s.cfg.Ledger.Arrive(ctx, tx, by, cs, r); err != nil {
				return err
			}
			c.ReceiptID = r.ID
			if err := tx.UpdateDistributionClaim(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// WithdrawDistribution ends a plan by which nothing was allocated: another takes
// its place, for instance one that an objection mended. Whoever was told of it hears
// that it does not count any more.
func (s *Service) WithdrawDistribution(ctx context.Context, by model.Actor, id, seen int64, reason string) (*model.Distribution, error) {
	return s.onDistribution(ctx, by, id, seen, model.AuditShareWithdraw, []any{reason}, func(tx *storage.DB, p *planned) error {
		served := p.State == model.DistributionServed
		if err := p.Withdraw(reason); err != nil || !served {
			return err
		}
		for _, c := range p.claims {
			if c.Struck || !c.Own() {
				continue
			}
			if err := p.tell(ctx, tx, c, model.DistributionWithdrawnNotice); err != nil {
				return err
			}
		}
		return nil
	})
}
