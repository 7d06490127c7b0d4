package demo

import (
	"microcourt/model"
	"microcourt/service/penalty"
)

// letter is a prison's letter about the convict of a criminal case.
func (s *seeder) letter(caseID int64) error {
	convict, err := s.party(caseID, "D1")
	if err != nil {
		return err
	}
	_, err = s.Services.Penalty.Register(s.ctx, s.staff["wan.tt"].actor, penalty.Letter{
		CaseID: caseID, PartyID: convict.ID, AskerKind: model.AskerPrison, Asker: "浙江省某监狱", DocumentNo: "浙某监函12号", ReceivedOn: s.today.AddDays(-2),
	})
	return err
}

// decision is what an agency asks the court to enforce.
func (s *seeder) decision(caseID int64) error {
	_, err := s.Services.NonLitigation.Enter(s.ctx, s.staff["wan.tt"].actor, model.AdministrativeDecision{
		CaseID: caseID, DecisionNo: "甬镇市监处罚66号", MadeOn: s.today.AddDays(-302), ServedOn: s.today.AddDays(-300), Basis: model.SuingDirect,
		AgencyDemandOn: s.today.AddDays(-100), AppliedOn: s.today.AddDays(-70), AcceptedOn: s.today.AddDays(-67), RuledOn: s.today.AddDays(-60),
		FineFen: model.Yuan(30_000), SurchargeFen: model.Yuan(30_000), PayBy: s.today.AddDays(-285), IdemKey: "demo-decision",
	})
	return err
}
