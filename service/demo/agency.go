package demo

import (
	"errors"
	"fmt"

	"microcourt/model"
	"microcourt/service/agency"
	"microcourt/service/assetquery"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
	"microcourt/storage"
)

// sanctionedCase is a debtor on the list of dishonest ones: every agency has
// its duties because of him. One agency has reported on one of them, another
// is asked about his vehicles, and one duty is overdue.
func (s *seeder) sanctionedCase() error {
	cs, err := s.file(s.simple(31, "民间借贷纠纷", "郭立", "沈月", model.Yuan(46_000), s.today.AddDays(-50)))
	if err != nil {
		return err
	}
	e, _, err := s.Services.Filing.FileEnforcement(s.ctx, s.staff["wan.tt"].actor, filing.EnforcementInput{
		CaseNo: fmt.Sprintf("（%d）浙0211执631号", s.today.Year), FiledOn: s.today.AddDays(-40), Officer: "lu.ning", BasisNo: cs.CaseNo, AmountFen: model.Yuan(46_000),
	})
	if err != nil {
		return err
	}
	officer := s.staff["lu.ning"].actor
	err = s.DB.Transact(s.ctx, func(tx *storage.DB) error { // the notice was served on the day of the filing
		now, _, err := tx.LockEnforcement(s.ctx, officer, e.ID)
		if err != nil {
			return err
		}
		now.PerformBy = s.today.AddDays(-30)
		return tx.UpdateEnforcement(s.ctx, &now.EnforcementCase, now.Version)
	})
	if err != nil {
		return err
	}
	debtor, err := s.party(cs.ID, "D1")
	if err != nil {
		return err
	}
	m, err := s.Services.Enforcement.ProposeMeasure(s.ctx, officer, enforcement.Proposal{
		EnforcementCaseID: e.ID, PartyID: debtor.ID, Kind: model.MeasureListing, Resistance: model.ResistEvade, Ground: model.GroundShamSuit,
		Facts: "名下有车辆和工资收入，收到执行通知后拒不履行，也不报告财产。", IdemKey: "demo-listing", Answers: model.MeasureListing.Allowing(),
	})
	if err != nil {
		return err
	}
	if _, err := s.Services.Enforcement.DecideMeasure(s.ctx, s.staff["chen.zj"].actor, m.ID, m.Version, "同意纳入"); err != nil {
		return err
	}
	return errors.Join(s.agencyReports(), s.agencyQuery(e.ID, debtor.ID))
}

// adoptDuties takes the suggested list over, and says which agencies answer
// queries.
func (s *seeder) adoptDuties() error {
	by := model.System()
	by.CourtID, by.Roles = s.court.ID, []model.Role{model.RoleListManager}
	rep, err := s.Services.Agency.Adopt(s.ctx, by, agency.Loading{})
	if err != nil {
		return err
	}
	if len(rep.Problems) > 0 {
		return fmt.Errorf("suggested list: %s", rep.Problems[0].Reason)
	}
	for code, kinds := range map[string][]model.QueryKind{
		"GAJ": {model.QueryVehicle, model.QueryPopulation}, "ZRJ": {model.QueryRealEstate}, "JRB": {model.QueryBank},
	} {
		a, err := s.DB.AgencyByCode(s.ctx, s.court.ID, code)
		if err != nil {
			return err
		}
		if _, err := s.Services.Agency.Change(s.ctx, by, a.ID, a.Version, a.Name, a.Kind, kinds); err != nil {
			return err
		}
	}
	return nil
}

// agencyReports: one report waits for the court, one duty is overdue.
func (s *seeder) agencyReports() error {
	market, manager := s.staff["zhou.qi"].actor, s.staff["lin.mei"].actor
	for i, p := range []model.AgencyContact{
		{Role: model.ContactHead, Name: "方正", Title: "副局长", Phone: "0574-86280011"}, {Role: model.ContactLiaison, Name: "周启", Title: "信用监管科科长", Phone: "13800000311"},
	} {
		if _, _, err := s.Services.Agency.AddContact(s.ctx, manager, market.AgencyID, p, fmt.Sprintf("demo-contact-%d", i)); err != nil {
			return err
		}
	}
	_, _, err := s.Services.Agency.AddDuty(s.ctx, manager, model.AgencyDuty{
		AgencyID: market.AgencyID, Kind: model.DutySanction, Code: "XJ-01", Requirement: "报送上季度联合惩戒工作小结", Evidence: "工作小结", Recurrence: model.RecurOnce,
		DueOn: s.today.AddDays(-4),
	}, false)
	if err != nil {
		return err
	}
	list, err := s.Services.Agency.Tasks(s.ctx, market, model.AgencyTaskFilter{Limit: 100})
	if err != nil {
		return err
	}
	for _, t := range list {
		if t.Duty.Code != "CJ-28" {
			continue
		}
		_, _, err := s.Services.Agency.Report(s.ctx, market, t.ID, model.AgencyReport{
			Text: "已在登记注册系统中设置任职限制，经核查该人现任一家公司监事，已通知其限期办理变更。", DoneOn: s.today, IdemKey: "demo-report-1",
		})
		return err
	}
	return errors.New("the market regulator has no task to report on")
}

// agencyQuery asks the police about the debtor's vehicles at their own door.
func (s *seeder) agencyQuery(enforcementID, debtorID int64) error {
	officer := s.staff["lu.ning"].actor
	q, err := s.Services.AssetQuery.Request(s.ctx, officer, model.AssetQuery{
		EnforcementCaseID: enforcementID, PartyID: debtorID, Kind: model.QueryVehicle, Purpose: "查明可供执行的车辆", AgencyID: s.staff["chu.ning"].actor.AgencyID, IdemKey: "demo-query-1",
	})
	if err != nil {
		return err
	}
	_, err = s.Services.AssetQuery.Send(s.ctx, officer, q.ID, q.Version, assetquery.To{})
	return err
}
