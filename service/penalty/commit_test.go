package penalty_test

import (
	"fmt"
	"testing"

	"microcourt/model"
	"microcourt/service/penalty"
	"microcourt/service/servicetest"
)

// A COMMIT or its answer is lost while a prison's letter is registered, answered
// with its proof, or taken back: it happened once, and the judge was told once.
func TestAPrisonsLetterSurvivesALostCommit(t *testing.T) {
	t.Parallel()
	registered := func(q *model.PrisonLetter, err error) (int64, error) {
		if err != nil {
			return 0, err
		}
		return q.ID, nil
	}
	for name, act := range map[string]func(p *people, n int) (act func() (*model.PrisonLetter, error), used func(q *model.PrisonLetter)){
		"registered": func(p *people, n int) (func() (*model.PrisonLetter, error), func(*model.PrisonLetter)) {
			l, told := p.letter(fmt.Sprintf("狱函%d号", n)), p.NoticesOf(p.judge, model.NoticePrisonLetterRegistered)
			return func() (*model.PrisonLetter, error) { return p.Svc.Penalty.Register(t.Context(), p.clerk.Actor, l) },
				func(q *model.PrisonLetter) {
					if now := p.NoticesOf(p.judge, model.NoticePrisonLetterRegistered); q.State != model.PrisonLetterOpen || now != told+1 {
						t.Errorf("%+v, the judge was told %d times", q, now-told)
					}
				}
		},
		"answered": func(p *people, n int) (func() (*model.PrisonLetter, error), func(*model.PrisonLetter)) {
			q := p.register(p.letter(fmt.Sprintf("狱函%d号", n)))
			d, before := p.state(penalty.StatementRequest{CaseID: p.f.ID, PartyID: p.f.Convict, PrisonLetterID: q.ID}), p.Audited(model.AuditPrisonLetterAnswer)
			r := penalty.Reply{
				PrisonLetterID: q.ID, Version: q.Version, DocumentID: d.ID, SentOn: p.Today(), Method: model.AnswerByMail, Proof: "EMS 1234567890123",
				ProofFileID: p.Uploaded(p.clerk, p.f.ID, 2000+n), Key: servicetest.FreshKey(),
			}
			return func() (*model.PrisonLetter, error) { return p.Svc.Penalty.Answer(t.Context(), p.clerk.Actor, r) },
				func(q *model.PrisonLetter) {
					if now := p.Audited(model.AuditPrisonLetterAnswer); q.State != model.PrisonLetterAnswered || q.ProofFileID != r.ProofFileID || now != before+1 {
						t.Errorf("%+v, %d times in the audit trail", q, now-before)
					}
				}
		},
		"taken back": func(p *people, n int) (func() (*model.PrisonLetter, error), func(*model.PrisonLetter)) {
			q, before := p.register(p.letter(fmt.Sprintf("狱函%d号", n))), p.Audited(model.AuditPrisonLetterVoid)
			return func() (*model.PrisonLetter, error) {
					return p.Svc.Penalty.Void(t.Context(), p.clerk.Actor, q.ID, q.Version, "监狱来电撤回")
				}, func(q *model.PrisonLetter) {
					if now := p.Audited(model.AuditPrisonLetterVoid); q.State != model.PrisonLetterVoid || now != before+1 {
						t.Errorf("%+v, %d times in the audit trail", q, now-before)
					}
				}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p *people
			n := 0
			servicetest.EveryCommitLost(t, func(w *servicetest.World) (func() (int64, error), func(int64)) {
				if p == nil {
					p = peopleIn(w)
				}
				n++
				do, used := act(p, n)
				return func() (int64, error) { return registered(do()) }, func(id int64) {
					q, err := p.Svc.Penalty.PrisonLetter(t.Context(), p.judge.Actor, id)
					if err != nil {
						t.Fatal(err)
					}
					used(q)
				}
			})
		})
	}
}
