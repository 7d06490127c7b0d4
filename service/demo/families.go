package demo

import (
	"errors"
	"fmt"

	"microcourt/model"
	"microcourt/service/conversation"
	"microcourt/service/relative"
)

// families are the officer's conversations: a wife who was let in and asks how
// to pay, a son who searched and waits, and a debtor's statement of remorse.
func (s *seeder) families() error {
	officer := s.staff["lu.ning"].actor
	e, debtor, err := s.enforcedDebtor(officer, 611)
	if err != nil {
		return err
	}
	code, err := s.Services.Relative.Print(s.ctx, officer, e.ID, debtor)
	if err != nil {
		return err
	}
	wife, err := s.phone("沈芳", "13900000231")
	if err != nil {
		return err
	}
	s.phones["沈芳"] = wife
	r, err := s.Services.Relative.Ask(s.ctx, wife.actor, relative.Asking{Code: code.Code, Relative: model.Relative{
		Name: "沈芳", Relation: model.RelationSpouse, Phone: "13900000231", DebtorName: "罗进", IdemKey: "demo-relative-1",
	}})
	if err != nil {
		return err
	}
	if r, err = s.Services.Relative.Decide(s.ctx, officer, r.ID, relative.Decision{State: model.RelativeAdmitted, Version: r.Version}); err != nil {
		return err
	}
	matter, err := s.Services.Relative.Matter(s.ctx, wife.actor, r.ID)
	if err != nil {
		return err
	}
	for i, m := range []struct {
		by   model.Actor
		text string
	}{
		{wife.actor, "陆法官您好，我是罗进的妻子，想替他先还一部分，应该汇到哪里？"},
		{officer, "可以代为履行。请汇入法院案款账户，在附言中写明缴款识别码，汇款后在小程序中上传回执。"},
		{wife.actor, "好的，我周五去银行办理。剩下的部分可以分两个月付清吗？"},
	} {
		_, err := s.Services.Conversation.Say(s.ctx, m.by, conversation.Words{ConversationID: matter.ConversationID, Text: m.text, Key: fmt.Sprintf("demo-family-%d", i)})
		if err != nil {
			return err
		}
	}
	return errors.Join(s.familyCalls(officer, wife.actor, matter.ConversationID), s.familyAsks(officer), s.remorse(officer))
}

// familyCalls are a call that the officer declined, and one that waits for him.
func (s *seeder) familyCalls(officer, wife model.Actor, talk int64) error {
	days, err := s.Services.Conversation.CallDays(s.ctx, wife, talk)
	if err != nil {
		return err
	}
	ask := func(day, slot int, note string) (*model.CallBack, error) {
		return s.Services.Conversation.ProposeCall(s.ctx, wife, conversation.CallProposal{
			ConversationID: talk, At: days[day].Slots[slot], Note: note, Key: fmt.Sprintf("demo-call-%d", day),
		})
	}
	first, err := ask(1, 0, "")
	if err != nil {
		return err
	}
	_, err = s.Services.Conversation.AnswerCall(s.ctx, officer, first.ID, conversation.CallAnswer{State: model.CallDeclined, Note: "该时间已排定开庭，请另选时间。", Version: first.Version})
	if err != nil {
		return err
	}
	_, err = ask(3, 2, "想问分两个月付清的事，上午方便接听。")
	return err
}

// familyAsks is a request by somebody who searched for the officer.
func (s *seeder) familyAsks(officer model.Actor) error {
	son, err := s.phone("葛小舟", "13900000232")
	if err != nil {
		return err
	}
	s.phones["葛小舟"] = son
	_, err = s.Services.Relative.Ask(s.ctx, son.actor, relative.Asking{Relative: model.Relative{
		Name: "葛小舟", Relation: model.RelationChild, Phone: "13900000232", DebtorName: "葛亮", OfficerID: officer.UserID, Note: "想了解父亲还欠多少，替他还款。", IdemKey: "demo-relative-2",
	}})
	return err
}

// remorse is a debtor's own statement, which waits for the officer.
func (s *seeder) remorse(officer model.Actor) error {
	e, debtor, err := s.enforcedDebtor(officer, 621)
	if err != nil {
		return err
	}
	_, err = s.Services.Petition.Make(s.ctx, s.phones["葛亮"].actor, model.Petition{
		EnforcementCaseID: e.ID, PartyID: debtor, Kind: model.PetitionRemorse, IdemKey: "demo-petition-1",
		Body: "本人未如实申报名下车辆并将其转让，现已认识到错误，保证追回车辆并在一个月内履行完毕，今后不再隐匿、转移财产。",
	})
	return err
}

// enforcedDebtor is the enforcement case with a number, and its debtor.
func (s *seeder) enforcedDebtor(officer model.Actor, no int) (*model.EnforcementFile, int64, error) {
	list, err := s.Services.Enforcement.Cases(s.ctx, officer, model.EnforcementFilter{Text: fmt.Sprintf("（%d）浙0211执%d号", s.today.Year, no), Limit: 1})
	if err != nil || len(list) == 0 {
		return nil, 0, errors.Join(err, fmt.Errorf("there is no enforcement case %d", no))
	}
	d, err := s.Services.Enforcement.Case(s.ctx, officer, list[0].ID)
	if err != nil {
		return nil, 0, err
	}
	for _, p := range d.File.Parties {
		if p.Role == model.EnforcementDebtor {
			return &d.File, p.PartyID, nil
		}
	}
	return nil, 0, fmt.Errorf("enforcement case %d has no debtor", no)
}
