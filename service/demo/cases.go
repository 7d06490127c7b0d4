package demo

import (
	"errors"
	"fmt"

	"microcourt/model"
	"microcourt/service/conversation"
	"microcourt/service/filing"
)

// ids makes valid citizens' numbers of people who do not exist: the birth day
// is in a region code that was never given out.
func citizenID(n int) string {
	body := fmt.Sprintf("999999198%d%02d%02d%03d", n%10, n%12+1, n%28+1, n%1000)
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += w * int(body[i]-'0')
	}
	return body + string("10X98765432"[sum%11])
}

func plaintiff(ref, name string, n int) filing.PartyInput {
	return filing.PartyInput{
		Ref: ref, Role: model.Plaintiff, Kind: model.Person, Name: name, IDNumber: citizenID(n), Phone: fmt.Sprintf("138%08d", n),
	}
}

func defendant(name string, n int) filing.PartyInput {
	p := plaintiff("D1", name, n)
	p.Role = model.Defendant
	return p
}

// simple is a case of one debtor and one creditor.
func (s *seeder) simple(seq int, cause, debtor, creditor string, amount model.Fen, due model.Date) filing.CaseInput {
	no := fmt.Sprintf("（%d）浙0211民初%d号", s.today.Year, 1200+seq)
	return filing.CaseInput{
		CaseNo: no, Cause: cause, FiledOn: s.today.AddDays(-60),
		Parties: []filing.PartyInput{plaintiff("C1", creditor, 100+seq), defendant(debtor, 200+seq)},
		Instruments: []filing.InstrumentInput{{
			Ref: "I1", Kind: model.Mediation, Number: no, EffectiveOn: s.today.AddDays(-40),
			Summary: fmt.Sprintf("被告于%s向原告支付%s元。", due.By(), amount.Yuan()),
			Obligations: []filing.ObligationInput{{
				Ref: "O1", Kind: model.ObligationMoney, Obligors: []string{"D1"}, Obligee: "C1", AmountFen: amount, DueOn: due,
			}},
		}},
	}
}

// cases makes ten cases in different states and returns the certificate that
// one of them has.
func (s *seeder) cases() (*model.Certificate, error) {
	if err := s.waitingCase(); err != nil {
		return nil, err
	}
	cert, err := s.performedCases()
	if err != nil {
		return nil, err
	}
	return cert, errors.Join(s.openCases(), s.publicLawCases(), s.nursery(), s.enforcedCase(), s.talk(), s.accounts(), s.coercion(), s.sanctionedCase(), s.families())
}

// talk is what the parties of the first case and its judge write to each
// other: one question is answered, one waits.
func (s *seeder) talk() error {
	debtor, creditor, judge := s.phones["陈建国"].actor, s.phones["周丽"].actor, s.staff["zhang.min"].actor
	for i, m := range []struct {
		by   model.Actor
		ref  string
		text string
	}{
		{debtor, "D1", "张法官您好，我可以把款项分两次汇到法院案款账户吗？第一笔本周五可以汇出。"},
		{judge, "D1", "可以。请在附言中写明案号，每次汇款后在小程序本案中上传汇款回执。期限届满前应全部付清。"},
		{creditor, "C1", "请问对方汇到法院账户的款项，多久可以转给我？需要我提供账户吗？"},
	} {
		cs, err := s.DB.LockCaseNo(s.ctx, fmt.Sprintf("（%d）浙0211民初1201号", s.today.Year))
		if err != nil {
			return err
		}
		p, err := s.party(cs.ID, m.ref)
		if err != nil {
			return err
		}
		_, err = s.Services.Conversation.Say(s.ctx, m.by, conversation.Words{CaseID: cs.ID, PartyID: p.ID, Text: m.text, Key: fmt.Sprintf("demo-message-%d", i)})
		if err != nil {
			return err
		}
	}
	return nil
}

// waitingCase waits for its debtor's receipt: the case to try things on.
func (s *seeder) waitingCase() error {
	cs, err := s.file(s.simple(1, "建设工程施工合同纠纷", "陈建国", "周丽", model.Yuan(130_000), s.today.AddDays(20)))
	if err != nil {
		return err
	}
	if _, err := s.bind("陈建国", "13900000201", cs.ID, "D1"); err != nil {
		return err
	}
	_, err = s.bind("周丽", "13800000101", cs.ID, "C1")
	return err
}

// performedCases: one with a certificate, one fulfilled and applied for.
func (s *seeder) performedCases() (*model.Certificate, error) {
	var cert *model.Certificate
	for i, debtor := range []string{"甬江物流（个体）吴强", "郑晓燕"} {
		cs, err := s.file(s.simple(2+i, "买卖合同纠纷", debtor, "钱伟", model.Yuan(48_600), s.today.AddDays(-5)))
		if err != nil {
			return nil, err
		}
		p, err := s.bind(debtor, "", cs.ID, "D1")
		if err != nil {
			return nil, err
		}
		err = s.confirm(s.submit(p, slip{cs.ID, debtor, "钱伟", model.Yuan(48_600), s.today.AddDays(-9), model.ProofBankReceipt}))
		if err != nil {
			return nil, err
		}
		in, err := s.DB.Instruments(s.ctx, cs.ID)
		if err != nil {
			return nil, err
		}
		party, err := s.party(cs.ID, "D1")
		if err != nil {
			return nil, err
		}
		if i == 0 {
			cert, _, err = s.Services.Certificate.Issue(s.ctx, s.staff["zhang.min"].actor, cs.ID, in[0].ID, party.ID)
		} else {
			_, err = s.Services.Certificate.Apply(s.ctx, p.actor, cs.ID, in[0].ID, party.ID)
		}
		if err != nil {
			return nil, err
		}
	}
	return cert, nil
}

// openCases: waiting in the queue, partly paid by instalments, sent back,
// overdue.
func (s *seeder) openCases() error {
	waiting, err := s.file(s.simple(4, "民间借贷纠纷", "孙立", "冯军", model.Yuan(20_000), s.today.AddDays(9)))
	if err != nil {
		return err
	}
	p, err := s.bind("孙立", "", waiting.ID, "D1")
	if err != nil {
		return err
	}
	if _, err := s.submit(p, slip{waiting.ID, "孙立", "冯军", model.Yuan(20_000), s.today.AddDays(-1), model.ProofScreenshot}); err != nil {
		return err
	}
	in := s.simple(5, "房屋租赁合同纠纷", "何敏", "韩梅", model.Yuan(36_000), model.Date{})
	in.Instruments[0].Obligations[0].Installments = []filing.InstallmentInput{
		{AmountFen: model.Yuan(12_000), DueOn: s.today.AddDays(-30)},
		{AmountFen: model.Yuan(12_000), DueOn: s.today.AddDays(5)},
		{AmountFen: model.Yuan(12_000), DueOn: s.today.AddDays(36)},
	}
	partly, err := s.file(in)
	if err != nil {
		return err
	}
	if p, err = s.bind("何敏", "", partly.ID, "D1"); err != nil {
		return err
	}
	if err := s.confirm(s.submit(p, slip{partly.ID, "何敏", "韩梅", model.Yuan(12_000), s.today.AddDays(-31), model.ProofCounterSlip})); err != nil {
		return err
	}
	returned, err := s.file(s.simple(6, "劳务合同纠纷", "许涛", "丁宁", model.Yuan(8_800), s.today.AddDays(3)))
	if err != nil {
		return err
	}
	if p, err = s.bind("许涛", "", returned.ID, "D1"); err != nil {
		return err
	}
	r, err := s.submit(p, slip{returned.ID, "许涛", "丁宁", model.Yuan(8_800), s.today.AddDays(-2), model.ProofScreenshot})
	if err != nil {
		return err
	}
	_, err = s.Services.Performance.Return(s.ctx, s.staff["zhang.min"].actor, r.ID, r.Version, "截图显示“处理中”，请到账后重新上传银行回单")
	if err != nil {
		return err
	}
	_, err = s.file(s.simple(7, "物业服务合同纠纷", "曹亮", "镇海某物业", model.Yuan(5_240), s.today.AddDays(-18)))
	return err
}

// enforcedCase is a debtor who did not pay: the officer's case to try things
// on.
func (s *seeder) enforcedCase() error {
	cs, err := s.file(s.simple(11, "民间借贷纠纷", "罗进", "方圆", model.Yuan(80_000), s.today.AddDays(-35)))
	if err != nil {
		return err
	}
	if _, err := s.bind("罗进", "13900000211", cs.ID, "D1"); err != nil {
		return err
	}
	_, _, err = s.Services.Filing.FileEnforcement(s.ctx, s.staff["wan.tt"].actor, filing.EnforcementInput{
		CaseNo: fmt.Sprintf("（%d）浙0211执611号", s.today.Year), FiledOn: s.today.AddDays(-12), Officer: "lu.ning", BasisNo: cs.CaseNo, AmountFen: model.Yuan(80_000),
	})
	return err
}

// publicLawCases: a criminal fine to the court's account, and an
// administrative case that enforcement has overtaken.
func (s *seeder) publicLawCases() error {
	fine := s.simple(8, "盗窃罪", "彭某", "", model.Yuan(10_000), s.today.AddDays(30))
	fine.CaseNo = fmt.Sprintf("（%d）浙0211刑初88号", s.today.Year)
	fine.Parties = []filing.PartyInput{defendant("彭某", 208)}
	fine.Parties[0].Role = model.Accused
	fine.Instruments[0].Kind, fine.Instruments[0].Number = model.Judgment, fine.CaseNo
	fine.Instruments[0].Obligations[0].Obligee, fine.Instruments[0].Obligations[0].ToCourt = "", true
	filed, err := s.file(fine)
	if err != nil {
		return err
	}
	if err := s.letter(filed.ID); err != nil {
		return err
	}
	adm := s.simple(9, "市场监管行政处罚", "永盛小吃店（个体）", "镇海区市场监督管理局", model.Yuan(30_000), s.today.AddDays(-25))
	adm.CaseNo = fmt.Sprintf("（%d）浙0211行审74号", s.today.Year)
	adm.Parties[0] = filing.PartyInput{Ref: "C1", Role: model.Applicant, Kind: model.Organisation, Name: "宁波市镇海区市场监督管理局"}
	adm.Parties[1].Role = model.Respondent
	adm.Instruments[0].Kind, adm.Instruments[0].Number = model.Ruling, adm.CaseNo
	adm.Enforcement = []filing.FilingInput{{CaseNo: fmt.Sprintf("（%d）浙0211执512号", s.today.Year), FiledOn: s.today.AddDays(-6)}}
	administrative, err := s.file(adm)
	if err != nil {
		return err
	}
	return s.decision(administrative.ID)
}

// nursery is a closed nursery's debt to the parents: one plan, many obligees.
func (s *seeder) nursery() error {
	names := []string{
		"王芳", "李静", "张伟", "刘洋", "陈杰", "杨帆", "黄磊", "赵敏", "吴倩", "徐明", "朱琳", "马超", "胡月", "郭峰", "林娜", "罗斌", "梁爽", "宋佳", "唐宁",
		"董洁", "袁野", "邓超凡", "傅雪", "沈悦",
	}
	no := fmt.Sprintf("（%d）浙0211民初1210号", s.today.Year)
	in := filing.CaseInput{
		CaseNo: no, Cause: "教育培训合同纠纷", FiledOn: s.today.AddDays(-50), GroupRef: "小太阳托班",
		Parties:     []filing.PartyInput{defendant("陈建国", 210)},
		Instruments: []filing.InstrumentInput{{Ref: "I1", Kind: model.Mediation, Number: no, EffectiveOn: s.today.AddDays(-35), Summary: "被告分两期向各原告退还剩余托费。"}},
	}
	for i, name := range names {
		ref := fmt.Sprintf("C%d", i+1)
		in.Parties = append(in.Parties, plaintiff(ref, name, 300+i))
		half := model.Yuan(int64(900 + 50*(i%6)))
		in.Instruments[0].Obligations = append(in.Instruments[0].Obligations, filing.ObligationInput{
			Ref: fmt.Sprintf("O%d", i+1), Kind: model.ObligationMoney, Obligors: []string{"D1"}, Obligee: ref, AmountFen: 2 * half,
			Installments: []filing.InstallmentInput{{AmountFen: half, DueOn: s.today.AddDays(-8)}, {AmountFen: half, DueOn: s.today.AddDays(22)}},
		})
	}
	cs, err := s.file(in)
	if err != nil {
		return err
	}
	p, err := s.bind("陈建国", "", cs.ID, "D1")
	if err != nil {
		return err
	}
	if _, err := s.bind("王芳", "13800000300", cs.ID, "C1"); err != nil {
		return err
	}
	return s.confirm(s.submit(p, slip{cs.ID, "陈建国", "各家长", model.Yuan(12_400), s.today.AddDays(-10), model.ProofBankReceipt}))
}
