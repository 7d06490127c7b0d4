package enforcement_test

import (
	"testing"

	"microcourt/model"
	st "microcourt/service/servicetest"
)

// A COMMIT or its answer is lost while a measure is lifted: it is lifted once, with
// the proof that the agency carried it out.
func TestALiftingSurvivesALostCommit(t *testing.T) {
	t.Parallel()
	var c *st.Coerced
	seed := 2100
	st.EveryCommitLost(t, func(w *st.World) (func() (int64, error), func(int64)) {
		if c == nil {
			c = st.CoercedIn(w)
		}
		m := c.Take(model.MeasureTracing)
		seed++
		l := lifting(model.LiftFound, "已找到本人")
		l.FileID = c.Uploaded(c.Officer, c.F.ID, seed)
		before := c.Audited(model.AuditMeasureLift)
		return func() (int64, error) {
				m, err := c.Svc.Enforcement.LiftMeasure(t.Context(), c.Officer.Actor, m.ID, m.Version, l)
				if err != nil {
					return 0, err
				}
				return m.ID, nil
			}, func(id int64) {
				now := c.Measure(id)
				if n := c.Audited(model.AuditMeasureLift); now.State != model.MeasureLifted || now.LiftFileID != l.FileID || n != before+1 {
					t.Errorf("%+v, %d times in the audit trail", now.Measure, n-before)
				}
			}
	})
}

// The same with a leader's answer to the wish to lift.
func TestALeadersLiftingSurvivesALostCommit(t *testing.T) {
	t.Parallel()
	var c *st.Coerced
	st.EveryCommitLost(t, func(w *st.World) (func() (int64, error), func(int64)) {
		if c == nil {
			c = st.CoercedIn(w)
		}
		m := c.Take(model.MeasureListing)
		asked, err := c.Svc.Enforcement.LiftMeasure(t.Context(), c.Officer.Actor, m.ID, m.Version, lifting(model.LiftWrong, "对象有误"))
		if err != nil {
			t.Fatal(err)
		}
		return func() (int64, error) {
				m, err := c.Svc.Enforcement.AnswerLift(t.Context(), c.Leader.Actor, asked.ID, asked.Version, true, "同意")
				if err != nil {
					return 0, err
				}
				return m.ID, nil
			}, func(id int64) {
				if now := c.Measure(id); now.State != model.MeasureLifted || now.Version != asked.Version+1 {
					t.Errorf("%+v", now.Measure)
				}
			}
	})
}
