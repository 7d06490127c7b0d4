package enforcement

import (
	"context"
	"fmt"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// Proposal is a measure that an officer proposes.
type Proposal struct {
	EnforcementCaseID int64
	PartyID           int64 // the debtor
	Kind              model.MeasureKind
	Relation          model.MeasureRelation // "" is the debtor himself
	// Who acts for the debtor, when it is not the debtor himself.
	SubjectName, SubjectIDKind, SubjectID string
	Resistance                            model.Resistance
	Ground                                model.MeasureGround
	ActOn                                 model.Date
	ActText, OtherAct                     string
	Facts                                 string
	ByCreditor                            bool
	Days                                  int
	AmountFen                             model.Fen
	PayBy                                 model.Date
	ExtraYears                            int
	ExtraReason                           model.ListingExtra
	GraceMonths                           int
	Until                                 model.Date
	IdemKey                               string
}

func (p Proposal) measure(e *model.EnforcementFile, debtor model.Party) *model.Measure {
	m := &model.Measure{
		CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, PartyID: p.PartyID, Kind: p.Kind, Relation: p.Relation, SubjectKind: model.Person,
		SubjectName: model.Clean(p.SubjectName), SubjectIDKind: p.SubjectIDKind, SubjectID: model.NormalizeID(p.SubjectID), Resistance: p.Resistance, Ground: p.Ground,
		ActOn: p.ActOn, ActText: strings.TrimSpace(p.ActText), ActKey: model.ActKeyOf(p.ActText), OtherAct: strings.TrimSpace(p.OtherAct), Facts: strings.TrimSpace(p.Facts),
		ByCreditor: p.ByCreditor, Days: p.Days, AmountFen: p.AmountFen, PayBy: p.PayBy, ExtraYears: p.ExtraYears, ExtraReason: p.ExtraReason, GraceMonths: p.GraceMonths,
		Until: p.Until, State: model.MeasureProposed, IdemKey: p.IdemKey,
	}
	if m.Relation == "" || m.Relation == model.RelationSelf {
		m.Relation = model.RelationSelf
		m.SubjectKind, m.SubjectName, m.SubjectIDKind, m.SubjectID = debtor.Kind, debtor.Name, debtor.IDKind, debtor.IDNumber
	}
	return m
}

// ProposeMeasure enters a measure that the actor, the officer of the case, wants. The
// law is asked at once and again at the decision. A repeat under the same key
// is the first proposal.
func (s *Service) ProposeMeasure(ctx context.Context, by model.Actor, p Proposal) (*model.Measure, error) {
	if err := by.Require(model.ActMeasurePropose); err != nil {
		return nil, err
	}
	var m *model.Measure
	err := s.db.Once(ctx, func(tx *storage.DB) error {
		e, cs, err := tx.LockOwnEnforcement(ctx, by, p.EnforcementCaseID)
		if err != nil {
			return err
		}
		if m, err = tx.MeasureByKey(ctx, by.UserID, p.IdemKey); err != nil || m != nil {
			return err
		}
		if e.State != model.EnforcementOpen || !e.Kind.Enforces() {
			return model.E(model.Conflict, "enforcement.closed", "该执行案件已结案或者只办理财产保全，不能采取强制措施")
		}
		if !e.Has(p.PartyID, model.EnforcementDebtor) {
			return model.InvalidField("party_id", "measure.debtor", "请选择本案的被执行人")
		}
		debtor, err := tx.Party(ctx, cs.ID, p.PartyID)
		if err != nil {
			return err
		}
		m = p.measure(e, *debtor)
		m.ProposedBy, m.ProposedAt = by.UserID, tx.Now()
		if m.SubjectHash = tx.LookupHash(storage.LookupIDNumber, m.SubjectID); m.SubjectHash == "" {
			m.SubjectHash = model.Subject("party", p.PartyID)
		}
		if err := checkLaw(ctx, tx, cs, e, *debtor, m); err != nil {
			return err
		}
		m.ActiveKey = m.Active()
		if created, err := tx.CreateMeasure(ctx, m); err != nil || !created {
			return err
		}
		if err := s.addEntry(ctx, tx, by, m, model.EntryProposed, m.Facts); err != nil {
			return err
		}
		if m.Kind.Signed() != "" {
			err := s.tellLeaders(ctx, tx, m.CourtID, func(user int64) model.Notice { return model.MeasureProposedNotice(*cs, *e, *m, user) })
			if err != nil {
				return err
			}
		}
		return auditMeasure(tx, by, m, model.AuditMeasurePropose, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("propose %s: %w", p.Kind, err)
	}
	return m, nil
}

// checkLaw asks the law about a measure, with the facts as they are under the
// case's lock.
func checkLaw(ctx context.Context, tx *storage.DB, cs *model.Case, e *model.EnforcementFile, debtor model.Party, m *model.Measure) error {
	others, err := tx.MeasuresAgainst(ctx, m.CourtID, m.SubjectHash, m.PartyID)
	if err != nil {
		return err
	}
	d, err := tx.Debts(ctx, *cs)
	if err != nil {
		return err
	}
	grants, err := tx.RepairsOf(ctx, e.ID, m.PartyID)
	if err != nil {
		return err
	}
	today := model.DateOf(tx.Now())
	return model.MeasureCase{
		Measure: *m, Debtor: debtor, NoticeUntil: e.PerformBy, Performed: d.PerformedBy(*e, m.PartyID), Others: others, Today: today,
		SuspendedUntil: model.SuspendedUntil(grants, e.ID, m.PartyID, today),
	}.Check()
}

// addEntry adds a line to a measure's history, at the moment of the transaction.
func (*Service) addEntry(ctx context.Context, tx *storage.DB, by model.Actor, m *model.Measure, kind model.MeasureEntryKind, note string) error {
	_, err := tx.AddMeasureEntry(ctx, &model.MeasureEntry{CourtID: m.CourtID, CaseID: m.CaseID, MeasureID: m.ID, Kind: kind, Note: note, ByUserID: by.UserID})
	return err
}

func auditMeasure(tx *storage.DB, by model.Actor, m *model.Measure, action model.AuditAction, before any) error {
	role := by.RoleFor(model.ActMeasureRead)
	if by.IsSystem() {
		role = ""
	}
	return tx.Audit(by, role, model.AuditEvent{
		CourtID: m.CourtID, Action: action, CaseID: m.CaseID, Subject: model.Subject("measure", m.ID), Before: before, After: m,
	})
}

// tellLeaders adds a notice for each of the court's leaders.
func (*Service) tellLeaders(ctx context.Context, tx *storage.DB, courtID int64, notice func(user int64) model.Notice) error {
	leaders, err := tx.StaffWith(ctx, courtID, model.RoleLeader)
	if err != nil {
		return err
	}
	for _, l := range leaders {
		if err := tx.AddNotice(ctx, notice(l.UserID)); err != nil {
			return err
		}
	}
	return nil
}

// lockedMeasure is a measure with everything that a use case needs, locked.
type lockedMeasure struct {
	m      *model.Measure
	e      *model.EnforcementFile
	cs     *model.Case
	before model.Measure // as it was
}

// lockMeasure gives a measure to the officer whose case it is, to the officer who now
// enforces against its debtor, or to a leader; for everyone else it is not
// found. The case is locked first, as everywhere.
func lockMeasure(ctx context.Context, tx *storage.DB, by model.Actor, id int64) (*lockedMeasure, error) {
	seen, err := tx.Measure(ctx, by, id)
	if err != nil {
		return nil, err
	}
	p := &lockedMeasure{}
	if p.e, p.cs, err = tx.LockEnforcement(ctx, by, seen.EnforcementCaseID); err != nil {
		return nil, err
	}
	now, err := tx.OfficerOf(ctx, seen.PartyID)
	if err != nil {
		return nil, err
	}
	if by.UserID == 0 || by.UserID != p.e.OfficerID && by.UserID != now && !by.Has(model.RoleLeader) {
		return nil, model.E(model.NotFound, "measure.not_found", "没有找到，或您无权查看")
	}
	if p.m, err = tx.LockMeasure(ctx, id); err != nil {
		return nil, err
	}
	p.before = *p.m
	return p, nil
}

// saveMeasure saves what a use case made of the measure, with a line of its history
// and of the audit trail. It is the last step.
func (s *Service) saveMeasure(ctx context.Context, tx *storage.DB, by model.Actor, p *lockedMeasure, kind model.MeasureEntryKind, note string, action model.AuditAction) error {
	if err := tx.UpdateMeasure(ctx, p.m, p.before.Version); err != nil {
		return err
	}
	if err := s.addEntry(ctx, tx, by, p.m, kind, note); err != nil {
		return err
	}
	return auditMeasure(tx, by, p.m, action, p.before)
}

// changeMeasure runs f on a measure that the actor may change.
func (s *Service) changeMeasure(ctx context.Context, by model.Actor, may model.Act, id int64, f func(tx *storage.DB, p *lockedMeasure) error) (*model.Measure, error) {
	if err := by.Require(may); err != nil {
		return nil, err
	}
	var out *model.Measure
	err := s.db.Once(ctx, func(tx *storage.DB) error {
		p, err := lockMeasure(ctx, tx, by, id)
		if err != nil {
			return err
		}
		out = p.m
		return f(tx, p)
	})
	if err != nil {
		return nil, fmt.Errorf("measure %d: %w", id, err)
	}
	return out, nil
}

// keepFile makes a file that the actor uploaded in the case part of its record.
func keepFile(ctx context.Context, tx *storage.DB, by model.Actor, caseID, fileID int64) error {
	if fileID == 0 {
		return nil
	}
	if err := tx.KeepFile(ctx, fileID, caseID, by.UserID); err != nil {
		return model.InvalidField("file_id", "file.unknown", "没有这个文件，请重新上传").WithCause(err)
	}
	return nil
}

// MeasureDetail is a measure with what its page shows.
type MeasureDetail struct {
	model.Measure
	CaseNo  string // of the enforcement case
	Debtor  string
	Entries []model.MeasureEntry
	Names   map[int64]string // of the staff in its history
	Reviews []model.MeasureReview
	Tasks   []model.Task
	// ReviewUntil is the last day for an application against it, zero when none.
	ReviewUntil model.Date
	Exposure    model.Exposure // of a listing
	Today       model.Date
	Own         bool // the actor carries it out
}

// Measure is one measure with its history.
func (s *Service) Measure(ctx context.Context, by model.Actor, id int64) (*MeasureDetail, error) {
	if err := by.Require(model.ActMeasureRead); err != nil {
		return nil, err
	}
	m, err := s.db.Measure(ctx, by, id)
	if err != nil {
		return nil, err
	}
	list, err := s.measureDetails(ctx, by, []model.Measure{*m})
	if err != nil {
		return nil, err
	}
	e, err := s.db.EnforcementCase(ctx, by, m.EnforcementCaseID)
	if err != nil {
		return nil, err
	}
	now, err := s.db.OfficerOf(ctx, m.PartyID)
	if err != nil {
		return nil, err
	}
	list[0].Own = by.May(model.ActMeasurePropose) && (by.UserID == e.OfficerID || by.UserID == now)
	return &list[0], nil
}

// NextWaiting is the measure that waits for a leader after the one with the id,
// or the first of all; 0 when none does.
func (s *Service) NextWaiting(ctx context.Context, by model.Actor, id int64) (int64, error) {
	if err := by.Require(model.ActMeasureApprove); err != nil {
		return 0, err
	}
	for _, from := range []int64{id, 0} {
		list, err := s.db.Measures(ctx, by.CourtID, model.MeasureFilter{Waiting: true, Oldest: true, After: from, Limit: 2})
		if err != nil {
			return 0, err
		}
		for _, l := range list {
			if l.ID != id {
				return l.ID, nil
			}
		}
	}
	return 0, nil
}

// MeasuresOf lists the measures of an enforcement case with their history, the
// newest first.
func (s *Service) MeasuresOf(ctx context.Context, by model.Actor, enforcementCaseID int64) ([]MeasureDetail, error) {
	if err := by.Require(model.ActMeasureRead); err != nil {
		return nil, err
	}
	if _, err := s.db.EnforcementCase(ctx, by, enforcementCaseID); err != nil {
		return nil, err
	}
	all, err := s.db.MeasuresOf(ctx, enforcementCaseID, 0)
	if err != nil {
		return nil, err
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return s.measureDetails(ctx, by, all)
}

// measureDetails adds to measures of one case what their pages show, in seven queries
// however many there are.
func (s *Service) measureDetails(ctx context.Context, by model.Actor, list []model.Measure) ([]MeasureDetail, error) {
	out := make([]MeasureDetail, len(list))
	if len(list) == 0 {
		return out, nil
	}
	days, err := s.db.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	parties, err := s.db.Parties(ctx, list[0].CaseID)
	if err != nil {
		return nil, err
	}
	numbers := map[int64]string{}
	enforcements, err := s.db.EnforcementsOf(ctx, list[0].CaseID)
	if err != nil {
		return nil, err
	}
	for _, e := range enforcements {
		numbers[e.ID] = e.CaseNo
	}
	grants, err := s.db.CaseRepairs(ctx, list[0].CaseID)
	if err != nil {
		return nil, err
	}
	at := map[int64]int{}
	ids := make([]int64, len(list))
	subjects := map[string]int{}
	for i, m := range list {
		ids[i], at[m.ID], subjects[model.Subject("measure", m.ID)] = m.ID, i, i
		out[i] = MeasureDetail{Measure: m, CaseNo: numbers[m.EnforcementCaseID], Debtor: model.Debts{Parties: parties}.Party(m.PartyID).Name, Names: map[int64]string{}, ReviewUntil: m.ReviewUntil(days), Today: model.DateOf(s.db.Now())}
		out[i].Exposure = model.ExposureOf(m, grants, out[i].Today)
	}
	entries, err := s.db.MeasureEntries(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var people []int64
	for _, e := range entries {
		d := &out[at[e.MeasureID]]
		d.Entries, people = append(d.Entries, e), append(people, e.ByUserID)
	}
	names, err := s.db.UserNames(ctx, people)
	if err != nil {
		return nil, err
	}
	reviews, err := s.db.Reviews(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for _, r := range reviews {
		d := &out[at[r.MeasureID]]
		d.Reviews = append(d.Reviews, r)
	}
	if by.IsParty() {
		return out, nil
	}
	tasks, err := s.db.CaseTasks(ctx, list[0].CaseID)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		if i, ok := subjects[t.Subject]; ok {
			out[i].Tasks = append(out[i].Tasks, t)
		}
	}
	for i := range out {
		out[i].Names = names
	}
	return out, nil
}

// Measures lists the court's measures, the newest first: a judge's those of his
// cases.
func (s *Service) Measures(ctx context.Context, by model.Actor, f model.MeasureFilter) ([]model.MeasureLine, error) {
	if err := by.Require(model.ActMeasureRead); err != nil {
		return nil, err
	}
	f.JudgeID = by.SupervisorOnly()
	return s.db.Measures(ctx, by.CourtID, f)
}

// OwnMeasures lists the measures of a case against the parties for whom the
// actor acts, as far as they may know of them.
func (s *Service) OwnMeasures(ctx context.Context, by model.Actor, caseID int64) ([]MeasureDetail, error) {
	if err := by.Require(model.ActMeasureOwn); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	list, err := s.db.OwnMeasures(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	return s.measureDetails(ctx, by, list)
}

// MeasureCounts counts the measures that were decided from one day to another,
// both included, by kind and each in its own unit.
func (s *Service) MeasureCounts(ctx context.Context, by model.Actor, from, until model.Date) ([]model.MeasureCount, error) {
	if err := by.Require(model.ActMeasureRead); err != nil {
		return nil, err
	}
	return s.db.CountMeasures(ctx, by.CourtID, from.Start(), until.AddDays(1).Start())
}
