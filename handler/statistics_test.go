package handler_test

import (
	"fmt"
	"net/http"
	"testing"

	"microcourt/model"
)

// figures are the court's figures of enforcement in March by name; every figure
// is as long as the list behind it.
func (c *coerced) figures() map[model.EnforcementFigure]obj {
	c.t.Helper()
	out := map[model.EnforcementFigure]obj{}
	march := "from=2026-03-01&until=2026-03-31"
	for _, f := range c.leader.must(http.StatusOK, get, "/statistics/enforcement?"+march, nil).list("figures") {
		of := f.str("figure")
		out[model.EnforcementFigure(of)] = f
		var n, sum float64
		for after := int64(0); ; {
			l := c.leader.must(http.StatusOK, get, fmt.Sprintf("/statistics/enforcement/lines?%s&of=%s&limit=1&after=%d", march, of, after), nil)
			for _, v := range l.list("lines") {
				n, sum = n+1, sum+v.num("fen")
				if v.id("enforcement_case_id") == 0 || v.str("case_no") == "" {
					c.t.Errorf("%s: a line without a case: %v", of, v)
				}
			}
			if after = l.id("next"); after == 0 {
				break
			}
		}
		if n != f.num("n") || f.num("fen") != 0 && sum != f.num("fen") {
			c.t.Errorf("%s counts %v with %v fen, its list %v with %v", of, f.num("n"), f.num("fen"), n, sum)
		}
	}
	return out
}

// counts fails unless exactly the figures given are not zero.
func (c *coerced) counts(want map[model.EnforcementFigure]float64) {
	c.t.Helper()
	for of, f := range c.figures() {
		if f.num("n") != want[of] {
			c.t.Errorf("%s is %v, not %v", of, f.num("n"), want[of])
		}
	}
}

// The leaders' figures follow what happens, each counted once and in its own
// unit; what is taken back does not count.
func TestEnforcementFigures(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	c.counts(map[model.EnforcementFigure]float64{model.FigureFiled: 1})
	second := c.fileInput(c.clerk, personInput(func(d obj) { d["name"], d["id_number"] = "钱亮", "11010519491231002X" }))
	c.enforce(c.clerk, second, "ji.fg")
	c.take("listing") // restricts consumption too
	c.propose("fine")
	c.counts(map[model.EnforcementFigure]float64{
		model.FigureFiled: 2, model.FigureDecided(model.MeasureListing): 1, model.FigureDecided(model.MeasureConsumption): 1,
	})
	c.pay(c.judge, 31)
	f := c.figures()[model.FigureArrived]
	if f.num("n") != 1 || f.num("fen") != 100000 || f.str("unit") != "笔" {
		t.Errorf("what arrived: %v", f)
	}
	refusedAll(t, []mistake{
		{c.leader, bad, "filter.unknown", get, "/statistics/enforcement/lines?from=2026-03-01&until=2026-03-31&of=all", nil, "of"},
		{c.leader, bad, "period.format", get, "/statistics/enforcement/lines?from=2026-03-31&until=2026-03-01&of=filed", nil, "from"},
		{c.leader, bad, "date.format", get, "/statistics/enforcement/lines?from=2026-03-41&until=2026-03-01&of=filed", nil, "from"},
		{c.leader, bad, "period.format", get, "/statistics/enforcement", nil, "from"},
		{c.leader, bad, "date.format", get, "/statistics/enforcement?from=x&until=2026-03-01", nil, "from"},
	})
}
