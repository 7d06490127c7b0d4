package demo

import (
	"fmt"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
	"microcourt/storage"
)

// coercion is the officer's and the leader's day: a debtor on the list and
// restricted, a detention that waits for the leader, and a clean-up after
// payment of which a step is late.
func (s *seeder) coercion() error {
	e, err := s.underEnforcement(12, "葛亮", "顾青", 621)
	if err != nil {
		return err
	}
	if err := s.take(e, model.MeasureListing, model.GroundShamSuit); err != nil { // restricts spending as well
		return err
	}
	if _, err := s.propose(e, model.MeasureDetention, model.GroundHidesProperty); err != nil {
		return err
	}
	if err := s.money(e); err != nil {
		return err
	}
	if err := s.sharing(e, "顾青"); err != nil {
		return err
	}
	return s.lateCleanUp()
}

// money is what came into the court's account: a sum for the case, of which the
// execution fee waits for a leader and then for the bank, and one of nobody's yet.
func (s *seeder) money(e *model.EnforcementFile) error {
	clerk, officer, leader := s.staff["wan.tt"].actor, s.staff["lu.ning"].actor, s.staff["chen.zj"].actor
	enter := func(ref string, fen model.Fen, payer, remark, no string) (*model.CaseMoney, error) {
		return s.Services.CaseMoney.Enter(s.ctx, clerk, model.CaseMoney{
			Source: model.MoneyDeducted, ArrivedOn: s.today.AddDays(-1), AmountFen: fen, PayerName: payer, BankRef: ref, Remark: remark, IdemKey: "demo-money-" + ref,
		}, no)
	}
	if _, err := enter("NB20260002", model.Yuan(3_200), "某物流有限公司", "货款", ""); err != nil {
		return err
	}
	m, err := enter("NB20260001", model.Yuan(8_000), "镇海某银行", "执行款", e.CaseNo)
	if err != nil {
		return err
	}
	for i, yuan := range []int64{100, 190} {
		p, err := s.Services.CaseMoney.Prepare(s.ctx, officer, m.Version+int64(i), model.Payout{
			CaseMoneyID: m.ID, Kind: model.PayoutFee, AmountFen: model.Yuan(yuan), Payee: "某区财政局", Number: "33010000111122", Bank: "某银行", IdemKey: fmt.Sprintf("demo-payout-%d", i),
		})
		if err == nil && i == 0 {
			_, err = s.Services.CaseMoney.Decide(s.ctx, leader, p.ID, p.Version, model.PayoutApproved, "")
			m.Version++
		}
		if err != nil {
			return err
		}
	}
	_, err = s.Services.CaseMoney.AskDelay(s.ctx, officer, model.PayoutDelay{
		CaseMoneyID: m.ID, Ground: model.DelayShared, Reason: "被执行人另有债权人申请参与分配", UntilOn: s.today.AddDays(45), IdemKey: "demo-delay",
	})
	return err
}

// sharing is a plan that the officer draws up of what was taken from a debtor, for his
// creditor here, one of another court and a bank with a mortgage.
func (s *seeder) sharing(e *model.EnforcementFile, creditor string) error {
	officer := s.staff["lu.ning"].actor
	plan := model.Distribution{
		EnforcementCaseID: e.ID, Rule: model.ShareParticipation, AmountFen: model.Yuan(30_000), CostsFen: model.Yuan(1_200), AsOf: s.today.AddDays(-1),
		Source: "变价车辆所得", Reason: "名下没有其他可供执行的财产，不能清偿所有债权", IdemKey: "demo-distribution",
	}
	for _, party := range e.Parties {
		if party.Role == model.EnforcementDebtor {
			plan.PartyID = party.PartyID
		}
	}
	d, err := s.Services.Enforcement.DraftDistribution(s.ctx, officer, plan)
	if err != nil {
		return err
	}
	for _, c := range []model.DistributionClaim{
		{CaseNo: e.CaseNo, Creditor: creditor},
		{CaseNo: fmt.Sprintf("（%d）浙0212执318号", s.today.Year), OfCourt: "宁波市鄞州区人民法院", Creditor: "郑桥", AmountFen: model.Yuan(18_000), AppliedOn: s.today.AddDays(-3)},
		{ //nolint:gosec // a number of a register
			CaseNo: "机动车抵押登记第2207号", OfCourt: "优先权人直接申请", Creditor: "某银行宁波分行", AmountFen: model.Yuan(9_000), PriorFen: model.Yuan(9_000), PriorRank: 1, PriorGround: "车辆抵押登记",
			AppliedOn: s.today.AddDays(-3),
		},
	} {
		if d, err = s.Services.Enforcement.AddClaim(s.ctx, officer, d.ID, d.Version, c); err != nil {
			return err
		}
	}
	return nil
}

// underEnforcement is a case of one debtor whose enforcement was filed.
func (s *seeder) underEnforcement(seq int, debtor, creditor string, no int) (*model.EnforcementFile, error) {
	cs, err := s.file(s.simple(seq, "买卖合同纠纷", debtor, creditor, model.Yuan(26_000), s.today.AddDays(-40)))
	if err != nil {
		return nil, err
	}
	if _, err := s.bind(debtor, "", cs.ID, "D1"); err != nil {
		return nil, err
	}
	e, _, err := s.Services.Filing.FileEnforcement(s.ctx, s.staff["wan.tt"].actor, filing.EnforcementInput{
		CaseNo: fmt.Sprintf("（%d）浙0211执%d号", s.today.Year, no), FiledOn: s.today.AddDays(-20), Officer: "lu.ning", BasisNo: cs.CaseNo, AmountFen: model.Yuan(26_000),
	})
	return e, err
}

func (s *seeder) propose(e *model.EnforcementFile, kind model.MeasureKind, ground model.MeasureGround) (*model.Measure, error) {
	p := enforcement.Proposal{
		EnforcementCaseID: e.ID, Kind: kind, Resistance: model.ResistEvade, Ground: ground, Facts: "收到执行通知后未申报名下车辆，并将其无偿转让给他人。",
		IdemKey: fmt.Sprintf("demo-measure-%d-%s", e.ID, kind), Answers: kind.Allowing(),
	}
	for _, party := range e.Parties {
		if party.Role == model.EnforcementDebtor {
			p.PartyID = party.PartyID
		}
	}
	if kind == model.MeasureDetention {
		p.Days, p.ActOn, p.ActText = 10, s.today.AddDays(-3), "将车辆无偿转让给他人"
	}
	return s.Services.Enforcement.ProposeMeasure(s.ctx, s.staff["lu.ning"].actor, p)
}

// take proposes a measure and lets whoever may decide it do so.
func (s *seeder) take(e *model.EnforcementFile, kind model.MeasureKind, ground model.MeasureGround) error {
	m, err := s.propose(e, kind, ground)
	if err != nil {
		return err
	}
	by := "lu.ning"
	if kind.Signed() != "" {
		by = "chen.zj"
	}
	_, err = s.Services.Enforcement.DecideMeasure(s.ctx, s.staff[by].actor, m.ID, m.Version, "同意")
	return err
}

// lateCleanUp is a debtor who paid two days ago and whom the police would still
// take: the first step of his clean-up is late.
func (s *seeder) lateCleanUp() error {
	e, err := s.underEnforcement(13, "石磊", "白露", 622)
	if err != nil {
		return err
	}
	for _, m := range []struct {
		kind   model.MeasureKind
		ground model.MeasureGround
	}{{model.MeasureTracing, model.GroundWhereabouts}, {model.MeasureListing, model.GroundShamSuit}} {
		if err := s.take(e, m.kind, m.ground); err != nil {
			return err
		}
	}
	debtor := s.phones["石磊"]
	if err := s.confirm(s.submit(debtor, slip{e.CaseID, "石磊", "白露", model.Yuan(26_000), s.today.AddDays(-2), model.ProofBankReceipt})); err != nil {
		return err
	}
	// The clock of the court cannot be turned back for it, so the step's own is.
	return s.DB.Transact(s.ctx, func(tx *storage.DB) error {
		list, err := tx.CaseTasks(s.ctx, e.CaseID)
		if err != nil {
			return err
		}
		for i := range list {
			if t := &list[i]; t.Kind == model.TaskLift && t.Seq == 1 {
				t.DueAt = t.DueAt.Add(-48 * time.Hour)
				t.DueReason = strings.ReplaceAll(t.DueReason, s.today.Chinese(), s.today.AddDays(-2).Chinese())
				if err := tx.UpdateTask(s.ctx, t, t.Version); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
