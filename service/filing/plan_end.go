package filing

import (
	"context"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// endPlans ends the agreements on changed plans whose debts an enforcement case is
// filed for, before it is seen what of them is due: the instrument is enforced, and
// what was paid is deducted. Only a breach entitles the creditor to apply; that there
// was none is recorded and told, and is for the debtor to object (执行和解规定 19).
func endPlans(ctx context.Context, tx *storage.DB, cs *model.Case, in EnforcementInput, want *model.EnforcementFile) error {
	list, err := tx.Plans(ctx, cs.ID)
	if err != nil || len(list) == 0 || !want.Coercive() || want.FiledByMistake {
		return err
	}
	d, err := tx.Debts(ctx, *cs)
	if err != nil {
		return err
	}
	enforces := func(id int64) bool {
		i := slices.IndexFunc(d.Installments, func(i model.Installment) bool { return i.ID == id })
		return i >= 0 && (len(in.Obligations) == 0 || slices.Contains(in.Obligations, d.Obligation(d.Installments[i].ObligationID).Ref))
	}
	for i := range list {
		p := &list[i]
		if !model.PlanMachine.May(p.State, model.PlanEnded) || !slices.ContainsFunc(p.InstallmentIDs, enforces) {
			continue
		}
		reason := "立案时协议尚在履行，没有逾期的款项"
		if p.State == model.PlanBroken {
			reason = "协议自" + p.BrokenOn.Chinese() + "起逾期未履行"
		}
		p.State, p.EndedOn, p.NextDueOn, p.EndReason = model.PlanEnded, want.FiledOn, model.Date{}, want.CaseNo+"已立案执行，"+reason
		if err := tx.UpdatePlan(ctx, p); err != nil {
			return err
		}
		if err := tx.SetPlanFront(ctx, p.Front(d.Installments, model.SettlementProgress{}), d.Installments); err != nil {
			return err
		}
		err := tx.EndTasks(ctx, model.TaskCancelled, 0, "协议"+p.State.Chinese(), model.TaskMatch{CaseID: cs.ID, Kinds: []model.TaskKind{model.TaskPlanBroken}, Subject: model.ThingPlan.Of(p.ID)})
		if err != nil {
			return err
		}
		for _, party := range p.Concerned(*d) {
			if cs.Held { // told with the rest of the case
				break
			}
			if err := tx.AddNotice(ctx, model.PlanEndedNotice(*cs, *p, party)); err != nil {
				return err
			}
		}
	}
	return tx.SetPerformance(ctx, cs.ID, d.Installments)
}
