package handler_test

import (
	"fmt"
	"net/http"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// figures are the court's figures of enforcement in March by name; every figure
// is as long as the list behind it.
func (c *coerced) figures() map[model.EnforcementFigure]handlertest.Obj {
	c.T.Helper()
	out := map[model.EnforcementFigure]handlertest.Obj{}
	march := "from=2026-03-01&until=2026-03-31"
	for _, f := range c.leader.Must(http.StatusOK, handlertest.Get, "/statistics/enforcement?"+march, nil).List("figures") {
		of := f.Str("figure")
		out[model.EnforcementFigure(of)] = f
		var n, sum float64
		for after := int64(0); ; {
			l := c.leader.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/statistics/enforcement/lines?%s&of=%s&limit=1&after=%d", march, of, after), nil)
			for _, v := range l.List("lines") {
				n, sum = n+1, sum+v.Num("fen")
				if v.ID("enforcement_case_id") == 0 || v.Str("case_no") == "" {
					c.T.Errorf("%s: a line without a case: %v", of, v)
				}
			}
			if after = l.ID("next"); after == 0 {
				break
			}
		}
		if n != f.Num("n") || f.Num("fen") != 0 && sum != f.Num("fen") {
			c.T.Errorf("%s counts %v with %v fen, its list %v with %v", of, f.Num("n"), f.Num("fen"), n, sum)
		}
	}
	return out
}

// counts fails unless exactly the figures given are not zero.
func (c *coerced) counts(want map[model.EnforcementFigure]float64) {
	c.T.Helper()
	for of, f := range c.figures() {
		if f.Num("n") != want[of] {
			c.T.Errorf("%s is %v, not %v", of, f.Num("n"), want[of])
		}
	}
}

// The leaders' figures follow what happens, each counted once and in its own
// unit; what is taken back does not count.
func TestEnforcementFigures(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	c.counts(map[model.EnforcementFigure]float64{model.FigureFiled: 1})
	second := c.FileInput(c.clerk, personInput(func(d handlertest.Obj) { d["name"], d["id_number"] = "钱亮", "11010519491231002X" }))
	c.Enforce(c.clerk, second, "ji.fg")
	c.take("listing") // restricts consumption too
	c.propose("fine")
	c.counts(map[model.EnforcementFigure]float64{
		model.FigureFiled: 2, model.FigureDecided(model.MeasureListing): 1, model.FigureDecided(model.MeasureConsumption): 1,
	})
	c.pay(c.judge, 31)
	f := c.figures()[model.FigureArrived]
	if f.Num("n") != 1 || f.Num("fen") != 100000 || f.Str("unit") != "笔" {
		t.Errorf("what arrived: %v", f)
	}
	refusedAll(t, []mistake{
		{c.leader, handlertest.Bad, "filter.unknown", handlertest.Get, "/statistics/enforcement/lines?from=2026-03-01&until=2026-03-31&of=all", nil, "of"},
		{c.leader, handlertest.Bad, "period.format", handlertest.Get, "/statistics/enforcement/lines?from=2026-03-31&until=2026-03-01&of=filed", nil, "from"},
		{c.leader, handlertest.Bad, "date.format", handlertest.Get, "/statistics/enforcement/lines?from=2026-03-41&until=2026-03-01&of=filed", nil, "from"},
		{c.leader, handlertest.Bad, "period.format", handlertest.Get, "/statistics/enforcement", nil, "from"},
		{c.leader, handlertest.Bad, "date.format", handlertest.Get, "/statistics/enforcement?from=x&until=2026-03-01", nil, "from"},
	})
}
