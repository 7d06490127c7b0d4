// Package filing takes cases and enforcement cases in: from the case system
// (Put), from a file (Import), from a clerk's form (File). It holds the notices of
// an imported backlog until somebody looked at them, and keeps what belongs to a
// case besides its money: hand-over, contact log, promises.
package filing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Config is what the area needs besides the database.
type Config struct {
	// Enforcement, when set, is told of the cases that officers get.
	Enforcement Enforcement
	// Ledger, when set, takes what had been performed before cases were imported.
	Ledger Ledger
}

// Enforcement is the officers' work.
type Enforcement interface {
	// Filed is told of an enforcement case that was filed or changed, in the same
	// transaction: the officer's work begins.
	Filed(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, e *model.EnforcementFile) error
}

// Ledger is what was performed.
type Ledger interface {
	// ClaimImported enters what had been performed before cases were imported, in
	// the same transaction, for their judges to confirm.
	ClaimImported(ctx context.Context, tx *storage.DB, by model.Actor, importID int64, list []model.ImportedPayment) error
	// Replace puts the obligations of a new instrument in the place of earlier ones, in
	// the same transaction: what was confirmed on those counts on, and it says how much.
	Replace(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Replacement) error
}

// Service is the area.
type Service struct {
	db  *storage.DB
	cfg Config
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service {
	return &Service{db: db, cfg: cfg}
}

// Outcome is what a write did.
type Outcome string

// The outcomes.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
)

func asError(err error) (*model.Error, bool) { return errors.AsType[*model.Error](err) }

func invalid(problems []model.FieldError) error {
	return &model.Error{
		Kind: model.Invalid, Reason: "case.invalid", Message: fmt.Sprintf("有 %d 处内容不正确，请按提示修改后重新提交", len(problems)),
		Fields: problems,
	}
}

func (s *Service) roster(ctx context.Context, db *storage.DB, courtID int64, now time.Time) (roster, error) {
	court, err := db.Court(ctx, courtID)
	if err != nil {
		return roster{}, err
	}
	days, err := db.Calendar(ctx)
	if err != nil {
		return roster{}, err
	}
	r := roster{court: *court, today: model.DateOf(now), calendar: days, hash: db.LookupHash}
	if r.judges, err = db.StaffLogins(ctx, courtID, model.RoleJudge); err != nil {
		return roster{}, err
	}
	if r.clerks, err = db.StaffLogins(ctx, courtID, model.RoleClerk); err != nil {
		return roster{}, err
	}
	r.officers, err = db.StaffLogins(ctx, courtID, model.RoleOfficer)
	return r, err
}

// Put takes a case from the court's case system. version orders the pushes of
// one case: the same push again changes nothing, an older one is refused as
// stale (Conflict case.stale), another content under the same version too.
func (s *Service) Put(ctx context.Context, by model.Actor, in CaseInput, version int64) (cs *model.Case, out Outcome, err error) {
	if err := by.Require(model.ActCasePut); err != nil {
		return nil, "", err
	}
	if version < 1 {
		return nil, "", model.InvalidField("version", "version.format", "版本号应为从 1 开始递增的整数")
	}
	err = s.againIfRaced(ctx, func(tx *storage.DB) error {
		cs, out, err = s.put(ctx, tx, by, in, version)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("put case: %w", err)
	}
	return cs, out, nil
}

// againIfRaced runs f in a transaction. When somebody else files the same case
// at the same moment, the loser runs again and sees the winner's row.
func (s *Service) againIfRaced(ctx context.Context, f func(tx *storage.DB) error) error {
	err := s.db.Transact(ctx, f)
	if model.KindOf(err) == model.Conflict && (model.ReasonOf(err) == "case.exists" || model.ReasonOf(err) == "enforcement.exists") {
		err = s.db.Transact(ctx, f)
	}
	return err
}

func (s *Service) put(ctx context.Context, tx *storage.DB, by model.Actor, in CaseInput, version int64) (*model.Case, Outcome, error) {
	r, err := s.roster(ctx, tx, by.CourtID, tx.Now())
	if err != nil {
		return nil, "", err
	}
	p, problems := check(in, r)
	if problems != nil {
		return nil, "", invalid(problems)
	}
	p.cs.SourceVersion = version
	old, err := tx.LockCaseNo(ctx, p.cs.CaseNo)
	if err != nil {
		return nil, "", err
	}
	switch {
	case old == nil:
		if err := s.create(ctx, tx, by, model.ActCasePut, r.court, []*plan{p}); err != nil {
			return nil, "", err
		}
		if err := s.replace(ctx, tx, by, model.ActCasePut, p.cs, in.Instruments, nil); err != nil {
			return nil, "", err
		}
		return &p.cs, Created, s.pushed(ctx, tx, by, r, p.cs, in.Successions)
	case old.SourceVersion == version && old.SourceDigest == p.cs.SourceDigest:
		return old, Unchanged, nil
	case old.SourceVersion == version:
		return nil, "", model.E(model.Conflict, "case.version_reused", "同一版本号已提交过不同的内容，请使用新的版本号")
	case old.SourceVersion > version:
		return nil, "", model.E(model.Conflict, "case.stale", "已有更新的版本，本次提交已过时")
	}
	known, err := obligationIDs(ctx, tx, old.ID)
	if err != nil {
		return nil, "", err
	}
	cs, err := s.update(ctx, tx, by, r.court, old, p)
	if err == nil {
		err = s.replace(ctx, tx, by, model.ActCasePut, *cs, in.Instruments, known)
	}
	if err == nil {
		err = s.pushed(ctx, tx, by, r, *cs, in.Successions)
	}
	return cs, Updated, err
}

// File takes a case from a clerk's form. The case number is its natural key:
// the same form again changes nothing, another one is refused.
func (s *Service) File(ctx context.Context, by model.Actor, in CaseInput) (cs *model.Case, out Outcome, err error) {
	if err := by.Require(model.ActCaseFile); err != nil {
		return nil, "", err
	}
	err = s.againIfRaced(ctx, func(tx *storage.DB) error {
		cs, out = nil, ""
		r, err := s.roster(ctx, tx, by.CourtID, tx.Now())
		if err != nil {
			return err
		}
		p, problems := check(in, r)
		if problems != nil {
			return invalid(problems)
		}
		old, err := tx.LockCaseNo(ctx, p.cs.CaseNo)
		if err != nil {
			return err
		}
		if old != nil {
			if old.CourtID != by.CourtID || old.SourceDigest != p.cs.SourceDigest {
				return model.InvalidField("case_no", "case.exists", "该案号已经录入，且内容不同，请核对")
			}
			cs, out = old, Unchanged
			return nil
		}
		cs, out = &p.cs, Created
		if err := s.create(ctx, tx, by, model.ActCaseFile, r.court, []*plan{p}); err != nil {
			return err
		}
		return s.replace(ctx, tx, by, model.ActCaseFile, p.cs, in.Instruments, nil)
	})
	if err != nil {
		return nil, "", fmt.Errorf("file case: %w", err)
	}
	return cs, out, nil
}

// create writes new cases of one court, batch by batch, with their notices of
// performance (自动履行告知书) and audit entries.
func (s *Service) create(ctx context.Context, tx *storage.DB, by model.Actor, act model.Act, court model.Court, plans []*plan) error {
	if err := s.insert(ctx, tx, by, act, court, plans); err != nil {
		return err
	}
	cases := make([]model.Case, len(plans))
	for i, p := range plans {
		cases[i] = p.cs
	}
	if err := carry(ctx, tx, court, cases); err != nil {
		return err
	}
	return s.notifyFiled(ctx, tx, court, plans)
}

// insert writes new cases of one court without telling anybody.
func (s *Service) insert(ctx context.Context, tx *storage.DB, by model.Actor, act model.Act, court model.Court, plans []*plan) error {
	cases := make([]model.Case, len(plans))
	for i, p := range plans {
		var all []model.Installment
		for _, in := range p.instruments {
			for _, ob := range in.obligations {
				all = append(all, ob.installments...)
			}
		}
		p.cs.Performance, p.cs.NextDueOn, p.cs.VoluntaryDueOn = model.PerformanceOf(all), model.NextDue(all), model.VoluntaryDue(all)
		cases[i] = p.cs
	}
	if err := storage.Insert(ctx, tx, cases); err != nil {
		return err
	}
	var parties []model.Party
	for i, p := range plans {
		p.cs = cases[i]
		for j := range p.parties {
			p.parties[j].CaseID = p.cs.ID
		}
		parties = append(parties, p.parties...)
	}
	if err := storage.Insert(ctx, tx, parties); err != nil {
		return err
	}
	for i, n := 0, 0; i < len(plans); i++ {
		n += copy(plans[i].parties, parties[n:n+len(plans[i].parties)])
	}
	if err := createInstruments(ctx, tx, plans); err != nil {
		return err
	}
	for _, p := range plans {
		if err := enforceAll(ctx, tx, p); err != nil {
			return err
		}
	}
	for _, p := range plans {
		err := tx.Audit(by, by.RoleFor(act), model.AuditEvent{
			CourtID: court.ID, Action: model.AuditCaseCreate, CaseID: p.cs.ID, Subject: model.ThingCase.Of(p.cs.ID), After: p.cs,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// createInstruments writes the instruments of the plans that have no id yet,
// and below them the obligations, obligors and instalments.
func createInstruments(ctx context.Context, tx *storage.DB, plans []*plan) error {
	var instruments []model.Instrument
	var iAt []*model.Instrument
	for _, p := range plans {
		for i := range p.instruments {
			in := &p.instruments[i].in
			if in.ID == 0 {
				in.CaseID = p.cs.ID
				instruments, iAt = append(instruments, *in), append(iAt, in)
			}
		}
	}
	if err := storage.Insert(ctx, tx, instruments); err != nil {
		return err
	}
	for i := range instruments {
		*iAt[i] = instruments[i]
	}
	var obligations []model.Obligation
	var oAt []*obligationPlan
	ids := map[*obligationPlan]map[string]int64{}
	for _, p := range plans {
		refs := map[string]int64{}
		for _, party := range p.parties {
			refs[party.Ref] = party.ID
		}
		for i := range p.instruments {
			for j := range p.instruments[i].obligations {
				op := &p.instruments[i].obligations[j]
				if op.ob.ID != 0 {
					continue
				}
				op.ob.CaseID, op.ob.InstrumentID, op.ob.ObligeeID = p.cs.ID, p.instruments[i].in.ID, refs[op.obligee]
				obligations, oAt = append(obligations, op.ob), append(oAt, op)
				ids[op] = refs
			}
		}
	}
	if err := storage.Insert(ctx, tx, obligations); err != nil {
		return err
	}
	if err := convertTasks(ctx, tx, plans, obligations); err != nil {
		return err
	}
	var obligors []model.Obligor
	var installments []model.Installment
	for i, op := range oAt {
		op.ob = obligations[i]
		for _, ref := range op.obligors {
			obligors = append(obligors, model.Obligor{ObligationID: op.ob.ID, PartyID: ids[op][ref], CaseID: op.ob.CaseID})
		}
		for k := range op.installments {
			op.installments[k].CaseID, op.installments[k].ObligationID = op.ob.CaseID, op.ob.ID
		}
		installments = append(installments, op.installments...)
	}
	if err := errors.Join(storage.Insert(ctx, tx, obligors), storage.Insert(ctx, tx, installments)); err != nil {
		return err
	}
	for n := 0; len(oAt) > 0; oAt = oAt[1:] {
		n += copy(oAt[0].installments, installments[n:n+len(oAt[0].installments)])
	}
	return nil
}

// notifyFiled makes the notices of new cases, in batches.
func (s *Service) notifyFiled(ctx context.Context, tx *storage.DB, court model.Court, plans []*plan) error {
	n := 0
	for _, p := range plans {
		n += len(p.parties)
	}
	year := model.DateOf(tx.Now()).Year
	serial, err := tx.NextSerials(ctx, court.ID, "notice", year, n)
	if err != nil {
		return err
	}
	judges, err := judgeNames(ctx, tx, plans)
	if err != nil {
		return err
	}
	var notices, others []model.Notice
	var papers []model.Document
	for _, p := range plans {
		for _, party := range p.parties {
			number := model.DocumentNumber(court.Settings.NoticePattern, court.ShortName, year, serial)
			serial++
			notices = append(notices, model.FiledNotice(court, p.cs, party, number))
			papers = append(papers, filedPaper(court, p.cs, party, judges[p.cs.JudgeID], number, tx.Now()))
		}
		others = append(others, instrumentNotices(court, p)...)
	}
	if err := tx.AddNotices(ctx, notices); err != nil {
		return err
	}
	for i := range papers {
		papers[i].NoticeID = notices[i].ID
	}
	return errors.Join(tx.AddNotices(ctx, others), tx.CreateDocuments(ctx, papers))
}

func judgeNames(ctx context.Context, tx *storage.DB, plans []*plan) (map[int64]string, error) {
	var ids []int64
	for _, p := range plans {
		if !slices.Contains(ids, p.cs.JudgeID) {
			ids = append(ids, p.cs.JudgeID)
		}
	}
	return tx.UserNames(ctx, ids)
}

// filedPaper is the 《自动履行告知书》 as a numbered paper.
func filedPaper(court model.Court, cs model.Case, p model.Party, judge, number string, now time.Time) model.Document {
	return model.Document{
		CourtID: cs.CourtID, CaseID: cs.ID, PartyID: p.ID, Kind: model.DocumentPerformanceNotice, Number: number,
		Facts:     model.CaseFacts(model.DocumentPerformanceNotice, court, cs, p, judge, number, model.DateOf(now)),
		DedupeKey: fmt.Sprintf("filed:%d:%d", cs.ID, p.ID),
	}
}

// instrumentNotices tells everyone concerned what each instrument with
// obligations says.
func instrumentNotices(court model.Court, p *plan) []model.Notice {
	byRef := map[string]model.Party{}
	for _, party := range p.parties {
		byRef[party.Ref] = party
	}
	var out []model.Notice
	for _, in := range p.instruments {
		duties := map[string][]model.Duty{}
		for _, op := range in.obligations {
			to := court.Name
			if op.obligee != "" {
				to = byRef[op.obligee].Name
			}
			for _, ref := range op.joint {
				to += "、" + byRef[ref].Name
			}
			for _, i := range told(op) {
				if op.ob.Foreign != nil {
					op.ob.Description, i.AmountFen = op.ob.Foreign.Words(), 0
				}
				d := model.Duty{Description: op.ob.Description, AmountFen: i.AmountFen, DueOn: i.DueOn, DueReason: i.DueReason, Regime: p.cs.RegimeOf(op.ob), ToCourt: op.ob.ToCourt, Interest: op.ob.Interest.Chinese(), Dues: op.ob.Recurs.Chinese()}
				var names string
				for k, ref := range op.obligors {
					if k > 0 {
						names += "、"
					}
					names += byRef[ref].Name
					owed := d
					owed.ToName, owed.Owes = to, true
					duties[ref] = append(duties[ref], owed)
				}
				for _, ref := range append([]string{op.obligee}, op.joint...) {
					if ref == "" {
						continue
					}
					d.ToName = names
					duties[ref] = append(duties[ref], d)
				}
			}
		}
		for _, party := range p.parties {
			if len(duties[party.Ref]) > 0 {
				out = append(out, model.InstrumentNotice(court, p.cs, party, in.in, duties[party.Ref]))
			}
		}
	}
	return out
}

// convertTasks ask the judges for the rates of debts in another currency: until then
// nothing is booked.
func convertTasks(ctx context.Context, tx *storage.DB, plans []*plan, obligations []model.Obligation) error {
	for _, ob := range obligations {
		i := slices.IndexFunc(plans, func(p *plan) bool { return p.cs.ID == ob.CaseID })
		if ob.Foreign.Converted() || i < 0 {
			continue
		}
		days, err := tx.Calendar(ctx)
		if err != nil {
			return err
		}
		if _, err := tx.AddTask(ctx, model.ConvertTask(plans[i].cs, ob, days, model.DateOf(tx.Now()))); err != nil {
			return err
		}
	}
	return nil
}

// told are the instalments that a notice of an instrument lists: of dues that come
// again and again, whose rule it says, only the next.
func told(op obligationPlan) []model.Installment {
	if op.ob.Recurs == nil {
		return op.installments
	}
	for i, one := range op.installments {
		if !one.Done() {
			return op.installments[i : i+1]
		}
	}
	return nil
}

// AddInstrument adds an instrument once it was made, with its obligations. Its
// ref is the natural key: a repeat changes nothing.
func (s *Service) AddInstrument(ctx context.Context, by model.Actor, caseID int64, in InstrumentInput) (*model.Instrument, error) {
	if err := by.Require(model.ActCaseFile); err != nil {
		return nil, err
	}
	var out model.Instrument
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		out = model.Instrument{}
		cs, err := tx.LockCase(ctx, by, caseID)
		if err != nil {
			return err
		}
		p := &plan{cs: *cs}
		if p.parties, err = tx.Parties(ctx, caseID); err != nil {
			return err
		}
		refs := map[string]bool{}
		for _, party := range p.parties {
			refs[party.Ref] = true
		}
		r, err := s.roster(ctx, tx, cs.CourtID, tx.Now())
		if err != nil {
			return err
		}
		r.kind = cs.Kind
		c := &checker{}
		p.instruments = c.instruments("instruments", []InstrumentInput{in}, refs, r)
		if len(c.problems) > 0 {
			return invalid(c.problems)
		}
		existing, err := tx.Instruments(ctx, caseID)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(existing, func(o model.Instrument) bool { return o.Ref == in.Ref }); i >= 0 {
			out = existing[i]
			if out.Number != in.Number || out.Kind != in.Kind || out.Summary != in.Summary {
				return model.InvalidField("ref", "instrument.exists", "本案已有相同标识的法律文书，且内容不同")
			}
			return nil
		}
		known, err := obligationIDs(ctx, tx, caseID)
		if err != nil {
			return err
		}
		if err := createInstruments(ctx, tx, []*plan{p}); err != nil {
			return err
		}
		out = p.instruments[0].in
		if err := s.replace(ctx, tx, by, model.ActCaseFile, *cs, []InstrumentInput{in}, known); err != nil {
			return err
		}
		for _, n := range instrumentNotices(r.court, p) {
			if cs.Held { // told with the rest of the case
				break
			}
			if err := tx.AddNotice(ctx, n); err != nil {
				return err
			}
		}
		if err := tx.RefreshCase(ctx, caseID); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActCaseFile), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditInstrumentAdd, CaseID: caseID, Subject: model.ThingInstrument.Of(out.ID), After: out,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("add instrument: %w", err)
	}
	return &out, nil
}
