package filing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// Detail is a case with everything about it that the actor may see.
type Detail struct {
	Case         model.Case
	Judge        model.User
	Parties      []model.Party
	Own          []int64 // the parties for whom the actor acts
	Instruments  []model.Instrument
	Obligations  []model.Obligation
	Obligors     []model.Obligor
	Installments []model.Installment
	Paid         model.Payments
	Promises     []model.Promise
	Understood   []model.Understanding    // obligees who forgave the debtor as a person
	Entries      []model.PeriodEntry      // about application periods, for staff
	Successions  []model.Succession       // for staff
	Periods      model.ApplicationPeriods // of what the actor is owed, for staff of all
	Enforcement  []model.EnforcementFile
	Officers     map[int64]string // their names
	Today        model.Date
	Settings     model.CourtSettings
}

// Debts is who owes what to whom in it.
func (d *Detail) Debts() model.Debts {
	return model.Debts{
		Case: d.Case, Parties: d.Parties, Instruments: d.Instruments, Obligations: d.Obligations, Obligors: d.Obligors, Installments: d.Installments,
	}
}

// Reckon says what an instalment amounts to today.
func (d *Detail) Reckon(i model.Installment) model.Reckoning {
	return d.Debts().Reckon(i, d.Paid, d.Settings, d.Today)
}

// OwedBy tells whether the party owes the obligation, alone or jointly.
func (d *Detail) OwedBy(obligationID, partyID int64) bool {
	return slices.ContainsFunc(d.Obligors, func(o model.Obligor) bool {
		return o.ObligationID == obligationID && o.PartyID == partyID
	})
}

// Cases lists the cases that the actor may see.
func (s *Service) Cases(ctx context.Context, by model.Actor, f model.CaseFilter) ([]model.Case, error) {
	if err := by.Require(model.ActCaseRead); err != nil {
		return nil, err
	}
	return s.db.Cases(ctx, by, f)
}

// CountCases counts them, up to statistics.Ceiling.
func (s *Service) CountCases(ctx context.Context, by model.Actor, f model.CaseFilter) (int64, error) {
	if err := by.Require(model.ActCaseRead); err != nil {
		return 0, err
	}
	return s.db.CountCases(ctx, by, f)
}

// Faces are what identifies cases in lists, of those that the actor may see.
func (s *Service) Faces(ctx context.Context, by model.Actor, cases []int64) (map[int64]model.CaseFace, error) {
	if !by.May(model.ActCaseRead) {
		return nil, nil //nolint:nilnil // he sees no cases
	}
	return s.db.CaseFaces(ctx, by, cases)
}

// Labels name the cases and parties that a list of the actor's court mentions.
func (s *Service) Labels(ctx context.Context, by model.Actor, cases, parties []int64) (model.Labels, error) {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return model.Labels{}, err
	}
	return s.db.Labels(ctx, by.CourtID, cases, parties)
}

// Case is the case with everything about it that the actor may see: staff see
// all, an obligor what he owes, an obligee what he is owed. reveal asks for ID
// numbers and phones in full, which only clerk and judge get; the look is
// recorded.
func (s *Service) Case(ctx context.Context, by model.Actor, id int64, reveal bool) (*Detail, error) {
	if err := by.Require(model.ActCaseRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if reveal {
		if !by.Has(model.RoleClerk) && !by.Has(model.RoleJudge) && !by.Has(model.RoleOfficer) {
			return nil, model.E(model.Forbidden, "role.forbidden", "您的身份不能查看完整的证件号码和手机号")
		}
		err := s.db.AuditLook(ctx, by, by.RoleFor(model.ActCaseRead), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditPartyReveal, CaseID: id, Subject: model.ThingCase.Of(id),
		})
		if err != nil {
			return nil, err
		}
	}
	d := &Detail{Case: *cs, Today: model.DateOf(s.db.Now())}
	if err := s.load(ctx, d); err != nil {
		return nil, fmt.Errorf("case %d: %w", id, err)
	}
	if by.IsParty() {
		own, err := s.db.PartiesOf(ctx, id, by.UserID)
		if err != nil {
			return nil, err
		}
		for _, p := range own {
			d.Own = append(d.Own, p.ID)
		}
		d.narrow()
	}
	return d, nil
}

func (s *Service) load(ctx context.Context, d *Detail) (err error) {
	id := d.Case.ID
	court, err := s.db.Court(ctx, d.Case.CourtID)
	if err != nil {
		return err
	}
	d.Settings = court.Settings
	judge, err := s.db.User(ctx, d.Case.JudgeID)
	if err != nil {
		return err
	}
	d.Judge = *judge
	if d.Parties, err = s.db.Parties(ctx, id); err != nil {
		return err
	}
	if d.Instruments, err = s.db.Instruments(ctx, id); err != nil {
		return err
	}
	if d.Obligations, err = s.db.Obligations(ctx, id); err != nil {
		return err
	}
	if d.Obligors, err = s.db.Obligors(ctx, id); err != nil {
		return err
	}
	if d.Installments, err = s.db.Installments(ctx, id); err != nil {
		return err
	}
	record, err := s.db.PeriodRecord(ctx, id)
	if err != nil {
		return err
	}
	days, err := s.db.Calendar(ctx)
	if err != nil {
		return err
	}
	if d.Successions, err = s.db.Successions(ctx, id); err != nil {
		return err
	}
	d.Promises, d.Entries, d.Enforcement = record.Promises, record.Entries, record.Enforcement
	if d.Paid, err = s.db.PaymentsOf(ctx, id, record.Ledger.Entries, record.Ledger.Allocations); err != nil {
		return err
	}
	contacts, err := s.db.Contacts(ctx, id)
	if err != nil {
		return err
	}
	d.Understood = model.UnderstandingsOf(contacts, d.Parties)
	d.Installments = d.Debts().OnDay(d.Paid, d.Today)
	d.Periods = d.Debts().ApplicationPeriods(record, days, d.Today)
	if len(d.Enforcement) == 0 {
		return nil
	}
	var officers []int64
	for _, e := range d.Enforcement {
		officers = append(officers, e.OfficerID)
	}
	d.Officers, err = s.db.UserNames(ctx, officers)
	return err
}

// narrow leaves what concerns the actor's own parties: in a case with a
// hundred creditors each sees only his own line.
func (d *Detail) narrow() {
	mine := func(ob model.Obligation) bool {
		return slices.ContainsFunc(d.Own, ob.OwedTo) ||
			slices.ContainsFunc(d.Own, func(p int64) bool { return d.OwedBy(ob.ID, p) })
	}
	before := slices.ContainsFunc(d.Obligations, func(ob model.Obligation) bool { // others took his place
		return slices.ContainsFunc(d.Own, func(p int64) bool { return ob.EverOwedTo(p) || d.Debts().EverOwes(p, ob.ID) })
	})
	d.Obligations = slices.DeleteFunc(d.Obligations, func(ob model.Obligation) bool { return !mine(ob) })
	concerned := map[int64]bool{}
	kept := map[int64]bool{}
	for _, p := range d.Own {
		concerned[p] = true
	}
	for _, ob := range d.Obligations {
		kept[ob.ID] = true
		for _, id := range d.Debts().Concerned(ob) {
			concerned[id] = true
		}
		for _, f := range ob.Formers { // whose name stands on what was paid before
			for _, id := range slices.Concat([]int64{f.PartyID}, f.To, f.Renounced) {
				concerned[id] = true
			}
		}
		for _, o := range d.Obligors {
			if o.ObligationID == ob.ID {
				concerned[o.PartyID] = true
			}
		}
	}
	d.Installments = slices.DeleteFunc(d.Installments, func(i model.Installment) bool { return !kept[i.ObligationID] })
	d.Obligors = slices.DeleteFunc(d.Obligors, func(o model.Obligor) bool { return !kept[o.ObligationID] })
	d.Parties = slices.DeleteFunc(d.Parties, func(p model.Party) bool { return (before || len(d.Obligations) > 0) && !concerned[p.ID] })
	d.Enforcement = slices.DeleteFunc(d.Enforcement, func(e model.EnforcementFile) bool {
		return !slices.ContainsFunc(e.Parties, func(p model.EnforcementParty) bool { return slices.Contains(d.Own, p.PartyID) })
	})
	d.Promises = slices.DeleteFunc(d.Promises, func(p model.Promise) bool { return !concerned[p.PartyID] })
	d.Understood = slices.DeleteFunc(d.Understood, func(u model.Understanding) bool { return !concerned[u.PartyID] })
	// The court does not point out to a debtor what he might object (诉讼时效规定 2).
	d.Successions = nil
	d.Periods, d.Entries = slices.DeleteFunc(d.Periods, func(p model.ApplicationPeriod) bool {
		return !slices.ContainsFunc(d.Own, d.Debts().Obligation(p.ObligationID).OwedTo)
	}), nil
}

// Group is the common plan of the cases against one debtor, one line for each
// obligation, as far as the actor may see it; at most groupLines.
func (s *Service) Group(ctx context.Context, by model.Actor, ref string) ([]model.GroupLine, error) {
	if err := by.Require(model.ActCaseRead); err != nil {
		return nil, err
	}
	if by.IsParty() || ref == "" { // parties see their own lines, each in his case
		return nil, model.E(model.NotFound, "case.not_found", "没有找到，或您无权查看")
	}
	lines, err := s.db.GroupLines(ctx, by, ref, groupLines)
	if err == nil && len(lines) == 0 {
		err = model.E(model.NotFound, "case.not_found", "没有找到，或您无权查看")
	}
	for n := range lines {
		if err == nil && lines[n].Category == model.CategorySurcharge {
			err = s.onDay(ctx, &lines[n])
		}
	}
	return lines, err
}

// onDay makes the line of a fine added to an unpaid one what is owed of it today, as
// the case itself says.
func (s *Service) onDay(ctx context.Context, line *model.GroupLine) error {
	cs, err := s.db.CaseByID(ctx, line.CaseID)
	if err != nil {
		return err
	}
	debts, err := s.db.Debts(ctx, *cs)
	if err != nil {
		return err
	}
	line.AmountFen = 0
	for _, i := range debts.Installments { // as they are today
		if i.ObligationID == line.ObligationID {
			line.AmountFen += i.AmountFen
		}
	}
	return nil
}

// groupLines bounds how many obligations of a group are read at once.
const groupLines = 2000

// HandOver moves the duty of supervision to another judge of the court, with
// the case and its receipts. The old judge does not see the case any more.
func (s *Service) HandOver(ctx context.Context, by model.Actor, caseID, seen int64, toLogin, reason string) error {
	if err := by.Require(model.ActCaseHandOver); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" || utf8.RuneCountInString(reason) > 500 {
		return model.InvalidField("reason", "reason.required", "请填写移交原因，不超过 500 字")
	}
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		// Whoever asks once more may not see the case any more.
		if cs, err := tx.LockCaseByID(ctx, caseID); err == nil && cs.CourtID == by.CourtID {
			if done, err := tx.Repeated(ctx, by, model.ThingCase.Of(caseID), seen, cs.Version, "hand over", toLogin, reason); err != nil || done {
				return err
			}
		}
		cs, err := tx.LockCase(ctx, by, caseID)
		if err != nil {
			return err
		}
		to, err := tx.StaffInCourt(ctx, cs.CourtID, model.NormalizeLogin(toLogin), model.RoleJudge)
		if err != nil && model.KindOf(err) == model.NotFound {
			return model.InvalidField("to_judge", "judge.unknown", "本院没有这位承办法官")
		}
		if err != nil {
			return err
		}
		if to.ID == cs.JudgeID {
			return model.InvalidField("to_judge", "judge.same", "该案已由这位法官承办")
		}
		if err := tx.SetJudge(ctx, caseID, seen, to.ID); err != nil {
			return err
		}
		h := model.Handover{
			CourtID: cs.CourtID, CaseID: caseID, FromJudgeID: cs.JudgeID, ToJudgeID: to.ID, Reason: reason, ByUserID: by.UserID,
		}
		if err := tx.CreateHandover(ctx, &h); err != nil {
			return err
		}
		court, err := tx.Court(ctx, cs.CourtID)
		if err != nil {
			return err
		}
		if err := tx.AddNotice(ctx, model.HandedOverNotice(*court, *cs, to.ID, h.ID)); err != nil {
			return err
		}
		if err := tx.TellJudgeChanged(ctx, *cs, h); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActCaseHandOver), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditCaseHandover, CaseID: caseID, Subject: model.ThingCase.Of(caseID), Before: cs, After: h,
		})
	})
	if err != nil {
		return fmt.Errorf("hand over case %d: %w", caseID, err)
	}
	return nil
}

// LogContact records that the court spoke with a party outside the system, or
// that an obligee forgave (谅解).
func (s *Service) LogContact(ctx context.Context, by model.Actor, c model.Contact) (*model.Contact, error) {
	if err := by.Require(model.ActContactLog); err != nil {
		return nil, err
	}
	switch {
	case c.Channel.Chinese() == "":
		return nil, model.InvalidField("channel", "contact.channel", "请选择联系方式")
	case strings.TrimSpace(c.Note) == "" || utf8.RuneCountInString(c.Note) > 2000:
		return nil, model.InvalidField("note", "contact.note", "请填写联系情况，不超过 2000 字")
	case c.HappenedAt.After(s.db.Now().Add(5 * time.Minute)):
		return nil, model.InvalidField("happened_at", "date.future", "联系时间不能晚于现在")
	case (c.Channel == model.ContactForgiveness || c.Channel == model.ContactUnforgiven) && c.PartyID == 0:
		return nil, model.InvalidField("party_id", "field.required", "请选择表示谅解的权利人")
	}
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, c.CaseID)
		if err != nil {
			return err
		}
		if c.PartyID != 0 {
			if _, err := tx.Party(ctx, c.CaseID, c.PartyID); err != nil {
				return err
			}
		}
		if c.Channel == model.ContactUnforgiven {
			old, err := tx.ContactByKey(ctx, by.UserID, c.IdemKey)
			if err == nil && old == nil {
				err = checkUnforgiven(ctx, tx, by, *cs, c)
			}
			if err != nil {
				return err
			}
		}
		c.CourtID, c.ByUserID, c.HappenedAt = cs.CourtID, by.UserID, c.HappenedAt.UTC().Truncate(time.Microsecond)
		created, err := tx.CreateContact(ctx, &c)
		if err != nil || !created {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActContactLog), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditContactLog, CaseID: c.CaseID, Subject: model.ThingContact.Of(c.ID), After: c,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("log contact: %w", err)
	}
	return &c, nil
}

// Contacts lists a case's contact log for staff.
func (s *Service) Contacts(ctx context.Context, by model.Actor, caseID int64) ([]model.Contact, error) {
	if err := by.Require(model.ActContactLog); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	return s.db.Contacts(ctx, caseID)
}

// Promise records a debtor's promise to pay. It interrupts the periods for
// applying for enforcement that run, after their end it bars the objection, and
// every obligee is told how his stand (执行程序若干问题的解释 20; 民法典 192).
func (s *Service) Promise(ctx context.Context, by model.Actor, p model.Promise) (*model.Promise, error) {
	if err := by.Require(model.ActPromise); err != nil {
		return nil, err
	}
	if strings.TrimSpace(p.Text) == "" || utf8.RuneCountInString(p.Text) > 1000 {
		return nil, model.InvalidField("text", "promise.text", "请填写承诺内容，不超过 1000 字")
	}
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, p.CaseID)
		if err != nil {
			return err
		}
		today := model.DateOf(tx.Now())
		if !p.PayBy.IsZero() && p.PayBy.Before(today) {
			return model.InvalidField("pay_by", "date.past", "承诺的履行日期不能早于今天")
		}
		if err := model.Lasting("今天", today, model.CeilingPromise).Check("pay_by", "date.range", p.PayBy); err != nil {
			return err
		}
		own, err := tx.PartiesOf(ctx, cs.ID, by.UserID)
		if err != nil {
			return err
		}
		d, err := tx.Debts(ctx, *cs)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(own, func(o model.Party) bool {
			return (p.PartyID == 0 || p.PartyID == o.ID) &&
				slices.ContainsFunc(d.Obligors, func(ob model.Obligor) bool { return ob.PartyID == o.ID })
		})
		if i < 0 {
			return model.InvalidField("party_id", "party.not_obligor", "只有本案的义务人可以作出履行承诺")
		}
		p.PartyID, p.CourtID, p.UserID = own[i].ID, cs.CourtID, by.UserID
		created, err := tx.CreatePromise(ctx, &p)
		if err != nil || !created {
			return err
		}
		return s.tellPromise(ctx, tx, by, *d, p)
	})
	if err != nil {
		return nil, fmt.Errorf("promise: %w", err)
	}
	return &p, nil
}

func (s *Service) tellPromise(ctx context.Context, tx *storage.DB, by model.Actor, d model.Debts, p model.Promise) error {
	periods, err := tx.Periods(ctx, d)
	if err != nil {
		return err
	}
	told := map[int64]bool{}
	for _, ob := range d.Obligations {
		for _, id := range ob.Obligees() {
			if told[id] || !d.Owes(p.PartyID, ob.ID) {
				continue
			}
			told[id] = true
			own := slices.DeleteFunc(periods.For(d, id, 0), func(x model.ApplicationPeriod) bool { return !d.Owes(p.PartyID, x.ObligationID) })
			if err := tx.AddNotice(ctx, d.PromiseNotice(p, id, own)); err != nil {
				return err
			}
		}
	}
	return tx.Audit(by, model.RoleParty, model.AuditEvent{
		CourtID: p.CourtID, Action: model.AuditPromiseMake, CaseID: p.CaseID, Subject: model.ThingPromise.Of(p.ID), After: p,
	})
}
