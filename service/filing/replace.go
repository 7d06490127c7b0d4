package filing

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// replacing are what the obligations of an input say that they replace, by the field
// that says it.
type replacing struct {
	at   string
	refs []string
	by   int64 // the new obligation
}

// replace puts the obligations that came in with a new instrument in the place of
// those that they name, and tells everyone concerned. known are the obligations that
// were on record before: of those nothing is replaced anew, and a push that says
// again what it said before changes nothing.
func (s *Service) replace(ctx context.Context, tx *storage.DB, by model.Actor, act model.Act, cs model.Case, list []InstrumentInput, known map[int64]bool) error {
	if !slices.ContainsFunc(list, func(in InstrumentInput) bool {
		return slices.ContainsFunc(in.Obligations, func(o ObligationInput) bool { return len(o.Replaces) > 0 })
	}) {
		return nil
	}
	now, err := tx.CaseByID(ctx, cs.ID) // with what follows from the ledger and from enforcement
	if err != nil {
		return err
	}
	d, err := tx.Debts(ctx, *now)
	if err != nil {
		return err
	}
	if d.Obligors, err = tx.AllObligors(ctx, cs.ID); err != nil {
		return err
	}
	c := &checker{}
	for i, in := range list {
		var all []replacing
		var fresh int64 // the instrument whose obligations are new
		for j, o := range in.Obligations {
			at := fmt.Sprintf("instruments[%d].obligations[%d].replaces", i, j)
			for _, ob := range d.Obligations {
				if len(o.Replaces) == 0 || ob.Ref != o.Ref && ob.ShareRef != o.Ref {
					continue
				}
				if known[ob.ID] {
					c.saysAgain(at, *d, ob, o.Replaces)
					continue
				}
				fresh = ob.InstrumentID
				all = append(all, replacing{at: at, refs: o.Replaces, by: ob.ID})
			}
		}
		if fresh == 0 {
			continue
		}
		r, err := c.replacement(ctx, tx, d, all)
		if err != nil {
			return err
		}
		if len(c.problems) > 0 {
			break
		}
		if err := s.writeReplacement(ctx, tx, by, act, d, r); err != nil {
			return err
		}
	}
	if len(c.problems) > 0 {
		return invalid(c.problems)
	}
	return nil
}

// named are the obligations that a ref names: one, or the shares of a several one.
func named(d model.Debts, ref string) (out []model.Obligation) {
	for _, ob := range d.Obligations {
		if ob.Ref == ref || ob.ShareRef != "" && ob.ShareRef == ref {
			out = append(out, ob)
		}
	}
	return out
}

// saysAgain refuses that an obligation on record is said to replace what it did not:
// only a new instrument does that.
func (c *checker) saysAgain(at string, d model.Debts, ob model.Obligation, refs []string) {
	for _, ref := range refs {
		for _, old := range named(d, ref) {
			if slices.Contains(ob.Replaces, old.ID) {
				continue
			}
			c.add(at, "replaces.fixed", "已录入的义务不能再取代其他义务，只有新的法律文书可以："+ref)
		}
		if len(named(d, ref)) == 0 {
			c.add(at, "replaces.unknown", "该案没有这项义务："+ref)
		}
	}
}

// replacement checks what the obligations of a new instrument replace.
func (c *checker) replacement(ctx context.Context, tx *storage.DB, d *model.Debts, all []replacing) (model.Replacement, error) {
	var r model.Replacement
	for _, x := range all {
		is := d.Obligation(x.by)
		for _, ref := range x.refs {
			list := named(*d, ref)
			if len(list) == 0 {
				c.add(x.at, "replaces.unknown", "该案没有这项义务："+ref)
			}
			for _, old := range list {
				certified, err := tx.CertificatesFor(ctx, old)
				if err != nil {
					return r, err
				}
				if err := d.CheckReplacement(old, is, certified); err != nil {
					c.addErr(x.at, err)
					continue
				}
				if !slices.Contains(is.Replaces, old.ID) {
					is.Replaces = append(is.Replaces, old.ID)
				}
				if !slices.ContainsFunc(r.Old, func(o model.Obligation) bool { return o.ID == old.ID }) {
					old.ReplacedOn = d.Instrument(is.InstrumentID).EffectiveOn
					r.Old = append(r.Old, old)
				}
			}
		}
		r.By, r.New = d.Instrument(is.InstrumentID), append(r.New, is)
	}
	return r, nil
}

func (s *Service) writeReplacement(ctx context.Context, tx *storage.DB, by model.Actor, act model.Act, d *model.Debts, r model.Replacement) error {
	if s.cfg.Ledger == nil {
		return fmt.Errorf("obligations of case %d are replaced without a ledger", d.Case.ID)
	}
	concerned := concernedBy(*d, r)
	before := slices.Clone(r.Old)
	for i := range before {
		before[i].ReplacedOn = model.Date{}
	}
	if err := s.cfg.Ledger.Replace(ctx, tx, by, &d.Case, &r); err != nil {
		return err
	}
	for i, ob := range r.Old {
		err := tx.Audit(by, by.RoleFor(act), model.AuditEvent{
			CourtID: ob.CourtID, Action: model.AuditObligationReplace, CaseID: ob.CaseID, Subject: model.ThingObligation.Of(ob.ID), Before: before[i], After: []any{ob, r.New},
		})
		if err == nil {
			err = tx.EndTasks(ctx, model.TaskDone, by.UserID, "义务已由新的法律文书取代", model.TaskMatch{CaseID: ob.CaseID, Kinds: []model.TaskKind{model.TaskConvert}, Subject: model.ThingObligation.Of(ob.ID)})
		}
		if err != nil {
			return err
		}
	}
	fresh, err := tx.Debts(ctx, d.Case)
	if err != nil {
		return err
	}
	*d = *fresh
	if d.Case.Held { // told with the rest of the case
		return nil
	}
	for _, id := range concerned {
		if err := tx.AddNotice(ctx, d.ReplacedNotice(r, id)); err != nil {
			return err
		}
	}
	return tx.AddNotice(ctx, d.ReplacedForJudge(r))
}

// concernedBy are who owed or was owed the old obligations, or the new ones.
func concernedBy(d model.Debts, r model.Replacement) (out []int64) {
	for _, ob := range slices.Concat(r.Old, r.New) {
		for _, id := range d.Concerned(ob) {
			if id != 0 && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// obligationIDs are the obligations of a case that are on record.
func obligationIDs(ctx context.Context, tx *storage.DB, caseID int64) (map[int64]bool, error) {
	list, err := tx.Obligations(ctx, caseID)
	out := map[int64]bool{}
	for _, ob := range list {
		out[ob.ID] = true
	}
	return out, err
}
