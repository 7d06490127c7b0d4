package demo

import (
	"fmt"

	"microcourt/model"
	"microcourt/service/payment"
)

// accounts are two creditors' accounts: one that the judge confirmed, one that
// waits for him.
func (s *seeder) accounts() error {
	clerk, judge := s.staff["wan.tt"].actor, s.staff["zhang.min"].actor
	for i, a := range []struct {
		seq           int
		payee, number string
	}{{1201, "周丽", "6228 4800 0000 0001 011"}, {1205, "韩梅", "6214 8300 0000 0005 055"}} {
		cs, err := s.DB.LockCaseNo(s.ctx, fmt.Sprintf("（%d）浙0211民初%d号", s.today.Year, a.seq))
		if err != nil {
			return err
		}
		p, err := s.party(cs.ID, "C1")
		if err != nil {
			return err
		}
		made, err := s.Services.Payment.Enter(s.ctx, clerk, model.PaymentAccount{
			CaseID: cs.ID, PartyID: p.ID, Payee: a.payee, Number: a.number, Bank: "镇海农商银行骆驼支行", IdemKey: fmt.Sprintf("demo-account-%d", i),
		})
		if err != nil {
			return err
		}
		if i > 0 {
			return nil
		}
		_, err = s.Services.Payment.Decide(s.ctx, judge, payment.Decision{AccountID: made.ID, Version: made.Version, To: model.AccountInUse})
		if err != nil {
			return err
		}
	}
	return nil
}
