package filing

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// EnforcementInput is an enforcement case as it comes in through any of the
// three doors: the case system, an import file, a form. It names the case whose
// obligations it enforces, or, for an instrument made elsewhere, brings it
// along.
type EnforcementInput struct {
	CaseNo      string          `json:"case_no" required:"true" description:"执行案号，如（2020）浙0211执88号；执、执恢、执保"`
	FiledOn     model.Date      `json:"filed_on" required:"true" description:"执行立案日期"`
	Officer     string          `json:"officer,omitempty" description:"执行法官的登录名；尚未分案的不填"`
	NotFirst    bool            `json:"not_first,omitempty" description:"不是首次执行；执恢、执保案件总不是首次执行"`
	AmountFen   model.Fen       `json:"amount_fen,omitempty" description:"申请执行标的（分）"`
	BasisNo     string          `json:"basis_no,omitempty" description:"执行依据所在的本院案件的案号"`
	Basis       *EnforcingBasis `json:"basis,omitempty" description:"执行依据不是本院受督促的案件（如仲裁裁决、公证债权文书、外院判决）时填写，与 basis_no 二选一"`
	Applicants  []string        `json:"applicants,omitempty" description:"申请执行人的 ref；不填则为所执行义务的全部权利人"`
	Debtors     []string        `json:"debtors,omitempty" description:"被执行人的 ref；不填则为所执行义务的全部义务人"`
	Obligations []string        `json:"obligations,omitempty" description:"所执行义务的 ref；不填则为申请执行人和被执行人之间尚未履行的全部义务"`
	DueBy       model.Date      `json:"due_by,omitempty" description:"分期履行的，执行到期日不晚于该日的各期；不填则为立案日前已经到期的各期，其余各期仍由义务人自动履行"`
	Accelerate  bool            `json:"accelerate,omitempty" description:"权利人依法律文书的约定，就尚未到期的各期一并申请执行"`
	ClosedOn    model.Date      `json:"closed_on,omitempty" description:"结案日期，未结案的不填"`
	CloseType   model.CloseType `json:"close_type,omitempty" enum:",performed,this_round,ended,cancelled,not_enforced,rejected"`
	CloseReason string          `json:"close_reason,omitempty"`
	// FiledByMistake: see model.EnforcementCase.
	FiledByMistake bool `json:"filed_by_mistake,omitempty" description:"立案有误：只用于销案；本案不作为进入执行程序，义务人的履行仍属自动履行"`
}

// PushedEnforcement is one push of the case system, in a request or in a file: an
// enforcement case with the case system's own version of it.
type PushedEnforcement struct {
	Version int64 `json:"version" required:"true" description:"从 1 开始递增"`
	EnforcementInput
}

// EnforcingBasis is what is enforced when this court did not try it.
type EnforcingBasis struct {
	Cause       string            `json:"cause" required:"true" description:"案由"`
	Parties     []PartyInput      `json:"parties" required:"true"`
	Instruments []InstrumentInput `json:"instruments" required:"true"`
}

func (in EnforcementInput) digest() string { return digestOf(in) }

// PutEnforcement takes an enforcement case from the case system. version is as
// in Put.
func (s *Service) PutEnforcement(ctx context.Context, by model.Actor, in EnforcementInput, version int64) (e *model.EnforcementFile, out Outcome, err error) {
	if err := by.Require(model.ActEnforcementPut); err != nil {
		return nil, "", err
	}
	if version < 1 {
		return nil, "", model.InvalidField("version", "version.format", "版本号应为从 1 开始递增的整数")
	}
	err = s.againIfRaced(ctx, func(tx *storage.DB) error {
		e, out, err = s.putEnforcement(ctx, tx, by, model.ActEnforcementPut, in, version)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("put enforcement case: %w", err)
	}
	return e, out, nil
}

// FileEnforcement takes an enforcement case from a form. The case number is its
// natural key: the same form again changes nothing, another one is refused.
func (s *Service) FileEnforcement(ctx context.Context, by model.Actor, in EnforcementInput) (e *model.EnforcementFile, out Outcome, err error) {
	return s.FileEnforcementAsked(ctx, by, in, in.AmountFen)
}

// FileEnforcementAsked is FileEnforcement for a person, who is asked once about a sum out
// of proportion: sure is the sum of which he was asked before. See model.AskApplied.
func (s *Service) FileEnforcementAsked(ctx context.Context, by model.Actor, in EnforcementInput, sure model.Fen) (e *model.EnforcementFile, out Outcome, err error) {
	if err := by.Require(model.ActEnforcementFile); err != nil {
		return nil, "", err
	}
	err = s.againIfRaced(ctx, func(tx *storage.DB) error {
		e, out, err = s.putEnforcement(ctx, tx, by, model.ActEnforcementFile, in, 0)
		if err != nil || out == Unchanged {
			return err
		}
		return askApplied(ctx, tx, *e, in, sure)
	})
	if err != nil {
		return nil, "", fmt.Errorf("file enforcement case: %w", err)
	}
	return e, out, nil
}

// askApplied asks whether the sum is meant for which a form applies. What the case system
// and sheets say is not asked about: nobody is there to answer.
func askApplied(ctx context.Context, tx *storage.DB, e model.EnforcementFile, in EnforcementInput, sure model.Fen) error {
	if in.AmountFen == 0 || !e.Kind.Enforces() {
		return nil
	}
	cs, err := tx.LockCaseByID(ctx, e.CaseID)
	if err != nil {
		return err
	}
	d, err := tx.Debts(ctx, *cs)
	if err != nil {
		return err
	}
	sum, err := tx.EnforcedSum(ctx, d, e)
	if err != nil {
		return err
	}
	return model.AskApplied(in.AmountFen, sum.OpenFen, sum.OpenFen+sum.OrdinaryFen+sum.InterestFen, sure)
}

// putEnforcement adds an enforcement case or brings it to a newer version; 0
// is the version of what people file.
func (s *Service) putEnforcement(ctx context.Context, tx *storage.DB, by model.Actor, act model.Act, in EnforcementInput, version int64) (
	*model.EnforcementFile, Outcome, error,
) {
	r, err := s.roster(ctx, tx, by.CourtID, tx.Now())
	if err != nil {
		return nil, "", err
	}
	c := &checker{}
	want := c.enforcement(in, r)
	if len(c.problems) > 0 {
		return nil, "", invalid(c.problems)
	}
	want.SourceVersion, want.SourceDigest = version, in.digest()
	old, err := tx.LockEnforcementNo(ctx, want.CaseNo)
	if err != nil {
		return nil, "", err
	}
	switch {
	case old != nil && old.CourtID != by.CourtID, old != nil && version == 0 && old.OfficerID != 0 && old.SourceDigest != want.SourceDigest:
		return nil, "", model.InvalidField("case_no", "enforcement.exists", "该执行案号已经录入，且内容不同，请核对")
	case old != nil && old.SourceVersion == version && old.SourceDigest == want.SourceDigest:
		return old, Unchanged, nil
	case old != nil && version > 0 && old.SourceVersion == version:
		return nil, "", model.E(model.Conflict, "case.version_reused", "同一版本号已提交过不同的内容，请使用新的版本号")
	case old != nil && old.SourceVersion > version:
		return nil, "", model.E(model.Conflict, "case.stale", "已有更新的版本，本次提交已过时")
	}
	cs, err := s.enforcedCase(ctx, tx, by, in, r, old, want)
	if err != nil {
		return nil, "", err
	}
	want.CaseID = cs.ID
	if err := endPlans(ctx, tx, cs, in, want); err != nil {
		return nil, "", err
	}
	if err := linkEnforcement(ctx, tx, cs.ID, in, want); err != nil {
		return nil, "", err
	}
	out := Created
	if old != nil {
		out = Updated
	}
	if err := s.writeEnforcement(ctx, tx, by, act, in, cs, old, want); err != nil {
		return nil, "", err
	}
	return want, out, nil
}

// enforcement checks what can be checked without the case.
func (c *checker) enforcement(in EnforcementInput, r roster) *model.EnforcementFile {
	no, err := model.ParseCaseNo(in.CaseNo)
	kind := model.EnforcementKindOf(no)
	switch {
	case err != nil:
		c.addErr("case_no", err)
	case kind == "":
		c.add("case_no", "case_no.type", "这不是执行案件的案号（执、执恢、执保）")
	case !no.Legacy() && no.CourtCode() != r.court.Code:
		c.add("case_no", "case_no.court", "案号中的法院代字不是本院（"+r.court.Code+"）")
	}
	e := &model.EnforcementFile{EnforcementCase: bareEnforcement(r.court.ID, no, in.FiledOn)}
	e.First, e.AmountFen = e.First && !in.NotFirst, in.AmountFen
	if c.day("filed_on", in.FiledOn, r.today) && (in.FiledOn.IsZero() || in.FiledOn.After(r.today)) {
		c.add("filed_on", "date.future", "请填写执行立案日期，不能晚于今天")
	}
	if in.Officer != "" {
		if e.OfficerID = r.officers[model.NormalizeLogin(in.Officer)]; e.OfficerID == 0 {
			c.add("officer", "officer.unknown", "本院没有登录名为“"+in.Officer+"”的执行法官")
		}
	}
	if in.AmountFen < 0 {
		c.add("amount_fen", "amount.negative", "申请执行标的不能小于 0")
	}
	switch {
	case in.BasisNo == "" && in.Basis == nil:
		c.add("basis_no", "field.required", "请填写执行依据所在案件的案号，或录入执行依据")
	case in.BasisNo != "" && in.Basis != nil:
		c.add("basis", "basis.both", "本院案件的案号和执行依据只能填写一项")
	case in.Basis != nil && e.OfficerID == 0:
		c.add("officer", "field.required", "执行依据不是本院案件的，应指定执行法官")
	}
	switch on := in.ClosedOn; {
	case on.IsZero() || !c.day("closed_on", on, r.today):
	case in.CloseType.Chinese() == "":
		c.add("close_type", "enforcement.close_type", "请填写结案方式")
	case on.After(r.today) || on.Before(in.FiledOn):
		c.add("closed_on", "enforcement.closed_on", "结案日期应在立案日与今天之间")
	}
	if err := in.CloseType.CheckMistake(in.FiledByMistake); err != nil {
		c.addErr("filed_by_mistake", err)
	}
	c.lines("close_reason", in.CloseReason, false, 500)
	return e
}

// enforcedCase is the case whose obligations are enforced, locked. What this
// court did not try is filed under the enforcement case's own number, as the
// officer's.
func (s *Service) enforcedCase(ctx context.Context, tx *storage.DB, by model.Actor, in EnforcementInput, r roster, old, want *model.EnforcementFile) (*model.Case, error) {
	if old != nil {
		return tx.LockCaseByID(ctx, old.CaseID)
	}
	if in.Basis == nil {
		c := &checker{}
		no, err := model.ParseCaseNo(in.BasisNo)
		if err != nil {
			c.addErr("basis_no", err)
			return nil, invalid(c.problems)
		}
		cs, err := tx.LockCaseNo(ctx, string(no))
		if err == nil && (cs == nil || cs.CourtID != by.CourtID) {
			c.add("basis_no", "case.not_found", "本院没有案号为“"+string(no)+"”的案件，请先录入，或者填写执行依据")
			err = invalid(c.problems)
		}
		return cs, err
	}
	c := &checker{}
	p := &plan{cs: model.Case{
		CourtID: r.court.ID, CaseNo: want.CaseNo, Kind: model.CaseCivil, Cause: model.Clean(in.Basis.Cause), FiledOn: in.FiledOn, JudgeID: want.OfficerID,
		Performance: model.PerformanceNone, Version: 1, SourceDigest: digestOf(in.Basis), EnforcementFiledOn: in.FiledOn,
	}}
	c.text("basis.cause", in.Basis.Cause, true, 100)
	c.parties(in.Basis.Parties, r, p)
	refs := map[string]bool{}
	for _, party := range in.Basis.Parties {
		refs[party.Ref] = true
	}
	p.instruments = c.instruments("basis.instruments", in.Basis.Instruments, refs, r)
	if len(in.Basis.Instruments) == 0 {
		c.add("basis.instruments", "field.required", "请填写执行依据及其确定的义务")
	}
	if len(c.problems) > 0 {
		return nil, invalid(c.problems)
	}
	if err := s.insert(ctx, tx, by, model.ActEnforcementFile, r.court, []*plan{p}); err != nil {
		return nil, err
	}
	return &p.cs, nil
}

// linkEnforcement finds who enforces what against whom.
func linkEnforcement(ctx context.Context, tx *storage.DB, caseID int64, in EnforcementInput, want *model.EnforcementFile) error {
	cs, err := tx.LockCaseByID(ctx, caseID)
	if err != nil {
		return err
	}
	d, err := tx.Debts(ctx, *cs)
	if err != nil {
		return err
	}
	c := &checker{}
	if want.Kind.Enforces() { // nothing is enforced before there is what is enforced
		if err := model.Past("执行依据作出", d.FirstMade(), model.DateOf(tx.Now())).Check("filed_on", "date.range", want.FiledOn); err != nil {
			c.addErr("filed_on", err)
		}
	}
	if err := accelerate(ctx, tx, d, in, want.FiledOn, c); err != nil {
		return err
	}
	others, err := tx.EnforcementsOf(ctx, caseID)
	if err != nil {
		return err
	}
	var names []model.PartyName
	for _, p := range d.Parties {
		names = append(names, model.PartyName{Role: p.Role, Name: p.Name})
	}
	ids := func(field string, refs []string) map[int64]bool {
		out := map[int64]bool{}
		for i, ref := range refs {
			if k := slices.IndexFunc(d.Parties, func(p model.Party) bool { return p.Ref == ref }); k >= 0 {
				out[d.Parties[k].ID] = true
				continue
			}
			named, err := model.NamedParties(ref, names) // as a clerk writes them
			if err != nil {
				c.addErr(fmt.Sprintf("%s[%d]", field, i), err)
			}
			for _, k := range named {
				out[d.Parties[k].ID] = true
			}
		}
		for _, ob := range d.Obligations { // who is named by an earlier name stands for those who took his place
			for _, f := range ob.Formers {
				for _, id := range f.To {
					if out[f.PartyID] {
						out[id] = true
					}
				}
			}
		}
		return out
	}
	applicants, debtors := ids("applicants", in.Applicants), ids("debtors", in.Debtors)
	for i, ref := range in.Obligations {
		if !slices.ContainsFunc(d.Obligations, func(o model.Obligation) bool { return !o.Replaced() && (o.Ref == ref || o.ShareRef == ref) }) {
			c.add(fmt.Sprintf("obligations[%d]", i), "obligation.unknown", "该案没有这项义务："+ref)
		}
	}
	roles := map[int64]model.EnforcementRole{}
	for _, ob := range d.Obligations {
		named := slices.Contains(in.Obligations, ob.Ref) || ob.ShareRef != "" && slices.Contains(in.Obligations, ob.ShareRef)
		if ob.Replaced() || len(in.Obligations) > 0 && !named || len(applicants) > 0 && !slices.ContainsFunc(ob.Obligees(), func(id int64) bool { return applicants[id] }) {
			continue
		}
		if len(in.Obligations) == 0 && model.PerformanceOf(d.InstallmentsOf(ob.ID)) == model.PerformanceFulfilled {
			continue
		}
		part := enforced(d, ob, in, want, others)
		if !in.DueBy.IsZero() && len((model.EnforcementFile{Obligations: []model.EnforcedObligation{part}}).Installments(d.InstallmentsOf(ob.ID))) == 0 {
			continue // nothing of it is due by that day
		}
		against := false
		for _, o := range d.Obligors {
			if o.ObligationID == ob.ID && (len(debtors) == 0 || debtors[o.PartyID]) {
				against, roles[o.PartyID] = true, model.EnforcementDebtor
			}
		}
		if !against {
			continue
		}
		want.Obligations = append(want.Obligations, part)
		for _, id := range ob.Obligees() {
			if roles[id] == "" {
				roles[id] = model.EnforcementApplicant
			}
		}
	}
	if len(want.Obligations) == 0 && len(c.problems) == 0 {
		message := "没有可以执行的义务：所列当事人之间没有尚未履行的义务"
		if !in.DueBy.IsZero() {
			message += "，或者没有在" + in.DueBy.Chinese() + "以前到期的"
		}
		c.add("obligations", "enforcement.nothing", message)
	}
	for id, role := range roles {
		want.Parties = append(want.Parties, model.EnforcementParty{PartyID: id, Role: role})
	}
	slices.SortFunc(want.Parties, func(a, b model.EnforcementParty) int { return int(a.PartyID - b.PartyID) })
	if len(c.problems) > 0 {
		return invalid(c.problems)
	}
	return nil
}

// enforced says which instalments of an obligation a case enforces.
func enforced(d *model.Debts, ob model.Obligation, in EnforcementInput, want *model.EnforcementFile, others []model.EnforcementFile) model.EnforcedObligation {
	out := model.EnforcedObligation{ObligationID: ob.ID, DueBy: in.DueBy}
	for _, e := range others { // a newer version that says no more of it
		for _, o := range e.Obligations {
			if e.CaseNo == want.CaseNo && o.ObligationID == ob.ID && in.DueBy.IsZero() && !in.Accelerate {
				return model.EnforcedObligation{ObligationID: ob.ID, DueBy: o.DueBy, DueAfter: o.DueAfter}
			}
		}
	}
	if out.DueBy.IsZero() {
		out.DueBy = model.EnforcedUntil(d.InstallmentsOf(ob.ID), want.FiledOn)
	}
	for _, e := range others { // what another open case enforces is not enforced twice
		if e.CaseNo == want.CaseNo || !e.Coercive() || e.State != model.EnforcementOpen {
			continue
		}
		for _, o := range e.Obligations {
			if o.ObligationID == ob.ID && o.DueBy.After(out.DueAfter) && (out.DueBy.IsZero() || o.DueBy.Before(out.DueBy)) {
				out.DueAfter = o.DueBy
			}
		}
	}
	return out
}

// accelerate makes due what the instrument makes due: by itself, or because the
// creditor applies for everything.
func accelerate(ctx context.Context, tx *storage.DB, d *model.Debts, in EnforcementInput, filedOn model.Date, c *checker) error {
	asked := false
	for i := range d.Obligations {
		ob := &d.Obligations[i]
		breach := model.Breach(d.InstallmentsOf(ob.ID), filedOn)
		if !in.Accelerate || ob.Acceleration != model.AccelerationOptional || breach.IsZero() || len(in.Obligations) > 0 && !slices.Contains(in.Obligations, ob.Ref) {
			continue
		}
		if asked = true; ob.AcceleratedFor(breach) {
			continue
		}
		ob.AcceleratedOn = filedOn
		if err := tx.SetAccelerated(ctx, ob.ID, filedOn); err != nil {
			return err
		}
	}
	if in.Accelerate && !asked {
		c.add("accelerate", "enforcement.accelerate", "法律文书没有约定权利人可以就剩余全部款项一并申请执行，或者没有逾期的分期")
	}
	changed, err := tx.Accelerate(ctx, d)
	if err != nil || len(changed) == 0 {
		return err
	}
	for _, n := range d.AcceleratedNotices(changed) {
		if _, err := tx.AddNoticeOnce(ctx, n); err != nil {
			return err
		}
	}
	return tx.SetPerformance(ctx, d.Case.ID, d.Installments)
}

// writeEnforcement writes a new or newer enforcement case and what follows from
// it: the end of voluntary performance, and the officer's work.
func (s *Service) writeEnforcement(ctx context.Context, tx *storage.DB, by model.Actor, act model.Act, in EnforcementInput, cs *model.Case, old, want *model.EnforcementFile) error {
	var before any
	if old == nil {
		if err := tx.CreateEnforcement(ctx, want); err != nil {
			return err
		}
	} else {
		before = old
		if err := mergeEnforcement(ctx, tx, old, want); err != nil {
			return err
		}
	}
	if err := tx.SetEnforced(ctx, cs.ID); err != nil {
		return err
	}
	if !in.ClosedOn.IsZero() && want.State == model.EnforcementOpen {
		// Whoever closed it elsewhere had the whole file; the ledger here shows what
		// was confirmed here.
		want.State, want.ClosedOn, want.CloseType, want.CloseReason = model.EnforcementClosed, in.ClosedOn, in.CloseType, strings.TrimSpace(in.CloseReason)
		want.FiledByMistake = in.FiledByMistake
		if err := tx.UpdateEnforcement(ctx, &want.EnforcementCase, want.Version); err != nil {
			return err
		}
		if err := tx.TakeBackAcceleration(ctx, want); err != nil {
			return err
		}
		if err := tx.SetEnforced(ctx, cs.ID); err != nil {
			return err
		}
	}
	if s.cfg.Enforcement != nil {
		if err := s.cfg.Enforcement.Filed(ctx, tx, by, *cs, want); err != nil {
			return err
		}
	}
	if err := officerMoved(ctx, tx, by, *cs, old, want); err != nil {
		return err
	}
	action := model.AuditEnforcementFile
	if old != nil {
		action = model.AuditEnforcementUpdate
	}
	return tx.Audit(by, by.RoleFor(act), model.AuditEvent{
		CourtID: cs.CourtID, Action: action, CaseID: cs.ID, Subject: model.ThingEnforcement.Of(want.ID), Before: before, After: want,
	})
}

// mergeEnforcement brings an enforcement case to what a newer version says.
// Nothing vanishes: who and what it enforces is only added to, and an officer
// or a term that was set here stays unless the push names another.
func mergeEnforcement(ctx context.Context, tx *storage.DB, old, want *model.EnforcementFile) error {
	var parties []model.EnforcementParty
	for _, p := range want.Parties {
		if !old.Has(p.PartyID, p.Role) && !slices.ContainsFunc(old.Parties, func(o model.EnforcementParty) bool { return o.PartyID == p.PartyID }) {
			parties = append(parties, p)
		}
	}
	var obligations []model.EnforcedObligation
	for _, o := range want.Obligations {
		switch i := slices.IndexFunc(old.Obligations, func(x model.EnforcedObligation) bool { return x.ObligationID == o.ObligationID }); {
		case i < 0:
			obligations = append(obligations, o)
		case !old.Obligations[i].DueBy.IsZero() && (o.DueBy.IsZero() || o.DueBy.After(old.Obligations[i].DueBy)): // more is due
			old.Obligations[i].DueBy = o.DueBy
			if err := tx.WidenEnforced(ctx, old.Obligations[i]); err != nil {
				return err
			}
		}
	}
	next := old.EnforcementCase
	next.FiledOn, next.First, next.SourceVersion, next.SourceDigest = want.FiledOn, want.First, want.SourceVersion, want.SourceDigest
	if want.OfficerID != 0 {
		next.OfficerID = want.OfficerID
	}
	if want.AmountFen != 0 {
		next.AmountFen = want.AmountFen
	}
	if err := tx.UpdateEnforcement(ctx, &next, old.Version); err != nil {
		return err
	}
	if old.OfficerID != next.OfficerID {
		if err := tx.MoveTasks(ctx, old.ID, old.OfficerID, next.OfficerID); err != nil {
			return err
		}
	}
	want.EnforcementCase = next
	if err := tx.AddEnforcementParts(ctx, want, parties, obligations); err != nil {
		return err
	}
	want.Parties, want.Obligations = append(slices.Clone(old.Parties), parties...), append(slices.Clone(old.Obligations), obligations...)
	return nil
}

// enforceAll records the enforcement cases that a trial's system knows of. They
// enforce everything that the case's debtors owe until PutEnforcement says
// more.
func enforceAll(ctx context.Context, tx *storage.DB, p *plan) error {
	if len(p.filings) == 0 {
		return nil
	}
	d, err := tx.Debts(ctx, p.cs)
	if err != nil {
		return err
	}
	for _, bare := range p.filings {
		f, err := tx.LockEnforcementNo(ctx, bare.CaseNo)
		if err != nil {
			return err
		}
		switch {
		case f != nil && f.CaseID != p.cs.ID:
			return invalid([]model.FieldError{{Field: "enforcement", Reason: "enforcement.exists", Message: "执行案件 " + bare.CaseNo + " 已登记在其他案件之下，请核对"}})
		case f != nil && (f.OfficerID != 0 || f.SourceDigest != ""):
			continue // more is known of it already
		case f == nil:
			f = &model.EnforcementFile{EnforcementCase: bare}
			f.CaseID = p.cs.ID
			if err := tx.CreateEnforcement(ctx, f); err != nil {
				return err
			}
		}
		var parties []model.EnforcementParty
		var obligations []model.EnforcedObligation
		add := func(id int64, role model.EnforcementRole) {
			known := func(q model.EnforcementParty) bool { return q.PartyID == id }
			if id != 0 && !slices.ContainsFunc(f.Parties, known) && !slices.ContainsFunc(parties, known) {
				parties = append(parties, model.EnforcementParty{PartyID: id, Role: role})
			}
		}
		for _, o := range d.Obligors {
			add(o.PartyID, model.EnforcementDebtor)
		}
		for _, ob := range d.Obligations {
			if ob.Replaced() {
				continue
			}
			for _, id := range ob.Obligees() {
				add(id, model.EnforcementApplicant)
			}
			if !f.Enforces(ob.ID) {
				obligations = append(obligations, model.EnforcedObligation{ObligationID: ob.ID, DueBy: model.EnforcedUntil(d.InstallmentsOf(ob.ID), f.FiledOn)})
			}
		}
		if err := tx.AddEnforcementParts(ctx, f, parties, obligations); err != nil {
			return err
		}
	}
	return tx.SetEnforced(ctx, p.cs.ID)
}
