package filing

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// Heir is who stands in a party's place as a form or a push names him: a party of
// the case, or somebody who becomes one by it.
type Heir struct {
	model.Successor
	New *PartyInput // its ref and role are given here; nil for a party of the case
}

// Change is that others stand in a party's place.
type Change struct {
	CaseID      int64
	Entry       model.Succession
	Heirs       []Heir
	Obligations []int64 // of an assignment and the like what it is about; none: everything
}

// successorRef begins the refs of parties that came into a case here: the case
// system does not know them.
const successorRef = "succ-"

// Succeed records that others stand in a party's place from a day on, or takes
// such an entry back. What was paid stays with whom it was; from now on the
// successors owe and are owed what the entry moves, everyone concerned is told,
// and nobody acts any more for a party that is no more. Errors: NotFound for a case
// that is not the judge's, Invalid as model.Succession.Settle and Undo say.
func (s *Service) Succeed(ctx context.Context, by model.Actor, ch Change) (*model.Succession, error) {
	if err := by.Require(model.ActPartySucceed); err != nil {
		return nil, err
	}
	var out *model.Succession
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := tx.LockOwnCase(ctx, by, ch.CaseID)
		if err != nil {
			return err
		}
		r, err := s.roster(ctx, tx, cs.CourtID, tx.Now())
		if err != nil {
			return err
		}
		if err := tx.NothingUndoable(ctx, cs.ID); err != nil {
			return err
		}
		out, err = s.succeed(ctx, tx, by, model.ActPartySucceed, r, *cs, ch)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("record a successor in case %d: %w", ch.CaseID, err)
	}
	return out, nil
}

// succeed is Succeed in a transaction that has locked the case.
func (s *Service) succeed(ctx context.Context, tx *storage.DB, by model.Actor, act model.Act, r roster, cs model.Case, ch Change) (*model.Succession, error) {
	all, err := tx.Successions(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	e := ch.Entry
	if i := slices.IndexFunc(all, func(o model.Succession) bool { return o.IdemKey == e.IdemKey && o.ByUserID == by.UserID }); i >= 0 {
		return &all[i], nil
	}
	e.CourtID, e.CaseID, e.ByUserID = cs.CourtID, cs.ID, by.UserID
	fresh, err := s.heirs(ctx, tx, r, cs, &e, ch.Heirs)
	if err != nil {
		return nil, err
	}
	before, err := tx.Debts(ctx, cs)
	if err != nil {
		return nil, err
	}
	if e.UndoesID != 0 {
		err = succeedBack(ctx, tx, &e, all, *before)
	} else {
		err = succeedOn(ctx, tx, r, &e, ch.Obligations, *before)
	}
	if err != nil {
		return nil, err
	}
	if err := tx.SetEnforced(ctx, cs.ID); err != nil {
		return nil, err
	}
	if err := tx.RefreshCase(ctx, cs.ID); err != nil {
		return nil, err
	}
	after, err := tx.Debts(ctx, cs)
	if err != nil {
		return nil, err
	}
	if err := s.tellSuccession(ctx, tx, r, e, *before, *after, fresh); err != nil {
		return nil, err
	}
	return &e, tx.Audit(by, by.RoleFor(act), model.AuditEvent{
		CourtID: cs.CourtID, Action: model.AuditPartySucceed, CaseID: cs.ID, Subject: model.ThingSuccession.Of(e.ID), After: e,
	})
}

// heirs makes those parties that the case does not have yet, and names them all
// in the entry; it returns the new ones.
func (s *Service) heirs(ctx context.Context, tx *storage.DB, r roster, cs model.Case, e *model.Succession, list []Heir) (fresh []model.Party, err error) {
	if len(list) > 0 {
		e.Successors = nil
	}
	parties, err := tx.Parties(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	role := model.ThirdParty
	for _, p := range parties {
		if p.ID == e.PartyID {
			role = p.Role
		}
	}
	for n, h := range list {
		if h.New != nil {
			p, err := newHeir(ctx, tx, r, cs, *h.New, role, len(parties)+n+1, fmt.Sprintf("successors[%d]", n))
			if err != nil {
				return nil, err
			}
			fresh, h.PartyID = append(fresh, *p), p.ID
		}
		e.Successors = append(e.Successors, h.Successor)
	}
	return fresh, nil
}

func newHeir(ctx context.Context, tx *storage.DB, r roster, cs model.Case, in PartyInput, role model.PartyRole, n int, at string) (*model.Party, error) {
	in.Ref, in.Role = successorRef+strconv.Itoa(n), role
	c, p := &checker{}, &plan{cs: cs}
	c.parties([]PartyInput{in}, r, p)
	if len(c.problems) > 0 {
		for i := range c.problems {
			c.problems[i].Field = at + strings.TrimPrefix(c.problems[i].Field, "parties[0]")
		}
		return nil, invalid(c.problems)
	}
	one := p.parties
	one[0].CaseID = cs.ID
	if err := storage.Insert(ctx, tx, one); err != nil {
		return nil, err
	}
	return &one[0], nil
}

func succeedOn(ctx context.Context, tx *storage.DB, r roster, e *model.Succession, only []int64, d model.Debts) error {
	paid, err := tx.Payments(ctx, d.Case.ID)
	if err != nil {
		return err
	}
	open := func(ob model.Obligation) bool {
		list := d.InstallmentsOf(ob.ID)
		return model.PerformanceOf(list) != model.PerformanceFulfilled || d.ReckonAll(list, paid, r.court.Settings, r.today).SumFen() > 0
	}
	if err := e.Settle(d, only, open, r.today); err != nil {
		return err
	}
	if _, err := tx.CreateSuccession(ctx, e); err != nil {
		return err
	}
	moved := e.Move(d)
	if err := tx.SetCreditors(ctx, moved.Obligations); err != nil {
		return err
	}
	leaving := e.DebtIDs
	if e.Ground == model.SuccessionJoining {
		leaving = nil
	}
	if err := tx.SucceedDebtor(ctx, e.ID, e.PartyID, leaving, moved.Entering); err != nil {
		return err
	}
	if e.Ground.Ends() {
		if err := tx.SetGone(ctx, d.Party(e.PartyID), e.ID, "当事人变更："+e.Ground.Chinese()); err != nil {
			return err
		}
	}
	after, files, err := debtsAndFiles(ctx, tx, d.Case)
	if err != nil {
		return err
	}
	return tx.SucceedEnforced(ctx, files, *e, *after)
}

func succeedBack(ctx context.Context, tx *storage.DB, e *model.Succession, all []model.Succession, d model.Debts) error {
	of, err := e.Undo(all, d)
	if err != nil {
		return err
	}
	if _, err := tx.CreateSuccession(ctx, e); err != nil {
		return err
	}
	back := of.MoveBack(d)
	if err := tx.SetCreditors(ctx, back); err != nil {
		return err
	}
	if err := tx.RestoreDebtor(ctx, of.ID, e.ID, back); err != nil {
		return err
	}
	if of.Ground.Ends() {
		if err := tx.SetGone(ctx, d.Party(of.PartyID), 0, ""); err != nil {
			return err
		}
	}
	after, files, err := debtsAndFiles(ctx, tx, d.Case)
	if err != nil {
		return err
	}
	return tx.RestoreEnforced(ctx, files, of, e.ID, *after)
}

// debtsAndFiles are a case's debts as they are now, and its enforcement cases.
func debtsAndFiles(ctx context.Context, tx *storage.DB, cs model.Case) (*model.Debts, []model.EnforcementFile, error) {
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return nil, nil, err
	}
	files, err := tx.EnforcementsOf(ctx, cs.ID)
	return d, files, err
}

// tellSuccession tells everyone concerned; those who come into the case by it get
// its papers, and those who are owed something now are asked about receipts that
// wait.
func (s *Service) tellSuccession(ctx context.Context, tx *storage.DB, r roster, e model.Succession, before, after model.Debts, fresh []model.Party) error {
	cs := after.Case
	if cs.Held { // told with the rest of the case
		return nil
	}
	judges, err := tx.UserNames(ctx, []int64{cs.JudgeID})
	if err != nil {
		return err
	}
	for _, p := range fresh {
		if err := welcome(ctx, tx, r.court, cs, p, judges[cs.JudgeID]); err != nil {
			return err
		}
	}
	for _, n := range instrumentNotices(r.court, planOf(after)) {
		if slices.ContainsFunc(fresh, func(p model.Party) bool { return p.ID == n.PartyID }) {
			if err := tx.AddNotice(ctx, n); err != nil {
				return err
			}
		}
	}
	for _, id := range after.SuccessionConcerns(e, before) {
		if err := tx.AddNotice(ctx, after.SuccessionNotice(e, id)); err != nil {
			return err
		}
	}
	return s.askSuccessors(ctx, tx, r, e, after)
}

// askSuccessors asks those who took a creditor's place about the receipts that
// nobody has decided yet.
func (s *Service) askSuccessors(ctx context.Context, tx *storage.DB, r roster, e model.Succession, d model.Debts) error {
	receipts, err := tx.CaseReceipts(ctx, d.Case.ID)
	if err != nil {
		return err
	}
	due := r.today.AddDays(r.court.Settings.ObligeeAnswerDays)
	for _, receipt := range receipts {
		if receipt.State != model.ReceiptSubmitted {
			continue
		}
		lines, err := tx.Responses(ctx, receipt.ID)
		if err != nil {
			return err
		}
		for _, ob := range d.Obligations {
			if !slices.Contains(e.ClaimIDs, ob.ID) || !d.EverOwes(receipt.PartyID, ob.ID) {
				continue
			}
			for _, id := range ob.Obligees() {
				if slices.ContainsFunc(lines, func(l model.ObligeeResponse) bool { return l.PartyID == id }) {
					continue
				}
				one := []model.ObligeeResponse{{
					CourtID: receipt.CourtID, CaseID: receipt.CaseID, ReceiptID: receipt.ID, PartyID: id, State: model.ResponseAsked, DueOn: due,
				}}
				if err := storage.Insert(ctx, tx, one); err != nil {
					return err
				}
				lines = append(lines, one[0])
				if err := tx.NoteAnswer(ctx, receipt.ID); err != nil {
					return err
				}
				if err := tx.AddNotice(ctx, model.ObligeeAskedNotice(r.court, receipt, id, due)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// welcome gives a party that comes into a case its 《自动履行告知书》.
func welcome(ctx context.Context, tx *storage.DB, court model.Court, cs model.Case, p model.Party, judge string) error {
	year := model.DateOf(tx.Now()).Year
	n, err := tx.NextSerial(ctx, court.ID, "notice", year)
	if err != nil {
		return err
	}
	number := model.DocumentNumber(court.Settings.NoticePattern, court.ShortName, year, n)
	told := []model.Notice{model.FiledNotice(court, cs, p, number)}
	if err := tx.AddNotices(ctx, told); err != nil {
		return err
	}
	paper := filedPaper(court, cs, p, judge, number, tx.Now())
	paper.NoticeID = told[0].ID
	return tx.CreateDocuments(ctx, []model.Document{paper})
}

// SuccessionInput is that others stand in a party's place, as the case system
// knows it.
type SuccessionInput struct {
	Ref         string                 `json:"ref" required:"true" description:"本案内不变的标识；再次推送相同的标识不重复登记"`
	Ground      model.SuccessionGround `json:"ground" required:"true" enum:"death,divorce,merger,division,ended,assignment,assumption,joining" description:"death 死亡或者宣告死亡、divorce 离婚分割、merger 合并、division 分立、ended 单位终止、assignment 债权转让、assumption 债务转移、joining 债务加入"`
	Party       string                 `json:"party" required:"true" description:"原当事人的 ref"`
	Successors  []SuccessorInput       `json:"successors" required:"true" description:"承继人，应在 parties 中"`
	OnDay       model.Date             `json:"on_day" required:"true" description:"死亡、登记或者协议的日期"`
	NoticedOn   model.Date             `json:"noticed_on,omitzero" description:"债权转让通知到达义务人的日期，或者权利人同意债务转移的日期；其他事由不填"`
	Paper       string                 `json:"paper" required:"true" description:"依据的材料，如变更裁定书文号"`
	Obligations []string               `json:"obligations,omitempty" description:"债权转让、债务转移、债务加入、离婚分割所涉义务的 ref；不填的为全部"`
}

// SuccessorInput is one of them.
type SuccessorInput struct {
	Party     string    `json:"party" required:"true" description:"承继人的 ref"`
	Share     string    `json:"share,omitempty" description:"份额，如二分之一"`
	Limited   bool      `json:"limited,omitempty" description:"责任有限额：继承人以所得遗产为限，加入债务的人以其承诺为限"`
	LimitFen  model.Fen `json:"limit_fen,omitempty" description:"责任限额（分）；尚未查明的不填"`
	Renounced bool      `json:"renounced,omitempty" description:"放弃继承"`
}

// inherit gives what a newer version adds for a party that is no more to those who
// took its place, by the entry that says so; they are told of the instrument.
func inherit(ctx context.Context, tx *storage.DB, court model.Court, cs model.Case, have *plan) error {
	all, err := tx.Successions(ctx, cs.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	known := func(ob model.Obligation) bool {
		return slices.ContainsFunc(have.instruments, func(in instrumentPlan) bool {
			return slices.ContainsFunc(in.obligations, func(o obligationPlan) bool { return o.ob.ID == ob.ID })
		})
	}
	var heirs []int64
	for _, e := range model.StandingSuccessions(all) {
		if !e.Ground.Ends() {
			continue
		}
		d, err := tx.Debts(ctx, cs)
		if err != nil {
			return err
		}
		e.ClaimIDs, e.DebtIDs = nil, nil
		for _, ob := range d.Obligations {
			if known(ob) {
				continue
			}
			if ob.OwedTo(e.PartyID) {
				e.ClaimIDs = append(e.ClaimIDs, ob.ID)
			}
			if d.Owes(e.PartyID, ob.ID) {
				e.DebtIDs = append(e.DebtIDs, ob.ID)
			}
		}
		if len(e.ClaimIDs)+len(e.DebtIDs) == 0 {
			continue
		}
		moved := e.Move(*d)
		if err := tx.SetCreditors(ctx, moved.Obligations); err != nil {
			return err
		}
		if err := tx.SucceedDebtor(ctx, e.ID, e.PartyID, e.DebtIDs, moved.Entering); err != nil {
			return err
		}
		for _, x := range e.Successors {
			heirs = append(heirs, x.PartyID)
		}
	}
	if len(heirs) == 0 || cs.Held {
		return nil
	}
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return err
	}
	for _, n := range instrumentNotices(court, planOf(*d)) { // once for each party and instrument
		if slices.Contains(heirs, n.PartyID) {
			if err := tx.AddNotice(ctx, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// pushed puts what a push says of successors on record. What is on record
// already stays, also when a later push names the earlier party only.
func (s *Service) pushed(ctx context.Context, tx *storage.DB, by model.Actor, r roster, cs model.Case, list []SuccessionInput) error {
	if len(list) == 0 {
		return nil
	}
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return err
	}
	party := func(ref string) int64 {
		i := slices.IndexFunc(d.Parties, func(p model.Party) bool { return p.Ref == ref })
		if i < 0 {
			return 0
		}
		return d.Parties[i].ID
	}
	for n, in := range list {
		ch := Change{CaseID: cs.ID, Entry: model.Succession{
			Ground: in.Ground, PartyID: party(in.Party), OnDay: in.OnDay, NoticedOn: in.NoticedOn, Paper: in.Paper, IdemKey: "push:" + in.Ref,
		}}
		for _, x := range in.Successors {
			ch.Heirs = append(ch.Heirs, Heir{Successor: model.Successor{PartyID: party(x.Party), Share: x.Share, Limited: x.Limited, LimitFen: x.LimitFen, Renounced: x.Renounced}})
		}
		for _, ref := range in.Obligations {
			i := slices.IndexFunc(d.Obligations, func(o model.Obligation) bool { return o.Ref == ref })
			if i < 0 {
				return invalid([]model.FieldError{{Field: fmt.Sprintf("successions[%d].obligations", n), Reason: "obligation.unknown", Message: "该案没有这项义务：" + ref}})
			}
			ch.Obligations = append(ch.Obligations, d.Obligations[i].ID)
		}
		if _, err := s.succeed(ctx, tx, by, model.ActCasePut, r, cs, ch); err != nil {
			if e, ok := asError(err); ok && e.Kind == model.Invalid {
				return invalid([]model.FieldError{{Field: fmt.Sprintf("successions[%d].%s", n, fieldOf(err)), Reason: e.Reason, Message: e.Message}})
			}
			return err
		}
	}
	return nil
}
