package handler_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// figures are the court's figures of enforcement in March by name; every figure
// is as long as the list behind it.
func (c *coerced) figures() map[model.EnforcementFigure]model.EnforcementCount {
	c.T.Helper()
	ctx, by := context.Background(), c.leader.Actor()
	from, until := model.NewDate(2026, 3, 1), model.NewDate(2026, 3, 31)
	list, err := c.Svc.Statistics.Enforcement(ctx, by, from, until)
	if err != nil {
		c.T.Fatal(err)
	}
	out := map[model.EnforcementFigure]model.EnforcementCount{}
	for _, f := range list {
		out[f.Figure] = f
		var n int64
		var sum model.Fen
		for after := int64(0); ; {
			lines, err := c.Svc.Statistics.EnforcementLines(ctx, by, model.EnforcementCountFilter{Figure: f.Figure, From: from, Until: until, After: after, Limit: 1})
			if err != nil {
				c.T.Fatal(err)
			}
			for _, v := range lines {
				n, sum, after = n+1, sum+v.Fen, v.ID
				if v.EnforcementCaseID == 0 || v.CaseNo == "" {
					c.T.Errorf("%s: a line without a case: %+v", f.Figure, v)
				}
			}
			if len(lines) == 0 {
				break
			}
		}
		if n != f.N || f.Fen != 0 && sum != f.Fen {
			c.T.Errorf("%s counts %d with %v, its list %d with %v", f.Figure, f.N, f.Fen, n, sum)
		}
	}
	return out
}

// counts fails unless exactly the figures given are not zero.
func (c *coerced) counts(want map[model.EnforcementFigure]int64) {
	c.T.Helper()
	for of, f := range c.figures() {
		if f.N != want[of] {
			c.T.Errorf("%s is %d, not %d", of, f.N, want[of])
		}
	}
}

// The leaders' figures follow what happens, each counted once and in its own
// unit; what is taken back does not count.
func TestEnforcementFigures(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	c.counts(map[model.EnforcementFigure]int64{model.FigureFiled: 1})
	second := c.FileInput(c.clerk, personInput(func(d handlertest.Obj) { d["name"], d["id_number"] = "钱亮", "11010519491231002X" }))
	c.Enforce(c.clerk, second, "ji.fg")
	c.take("listing") // restricts consumption too
	c.propose("fine")
	c.counts(map[model.EnforcementFigure]int64{
		model.FigureFiled: 2, model.FigureDecided(model.MeasureListing): 1, model.FigureDecided(model.MeasureConsumption): 1,
	})
	c.pay(c.judge, 31)
	f := c.figures()[model.FigureArrived]
	if f.N != 1 || f.Fen != 100000 || f.Unit != "笔" {
		t.Errorf("what arrived: %+v", f)
	}
}

// The pages of statistics show the figures, and each opens to its cases; others
// than leaders do not get them.
func TestStatisticsOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	no, f := "", c.FileCriminal(c.clerk, handlertest.CriminalInput())
	if e, err := c.DB.EnforcementFileByID(context.Background(), c.id); err == nil {
		no = e.CaseNo
	}
	march := "since=2026-03-01&until=2026-03-31"
	if html := c.leader.Reads("/statistics/enforcement?" + march); !strings.Contains(html, "of=filed") || strings.Contains(html, no) {
		t.Error("the figures do not open to their cases")
	}
	if html := c.leader.Reads("/statistics/enforcement?" + march + "&of=filed"); no == "" || !strings.Contains(html, no) {
		t.Errorf("%q is not behind its figure", no)
	}
	year := "since=2026-01-01&until=2026-12-31"
	cs, err := c.Svc.Filing.Case(context.Background(), c.clerk.Actor(), f.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	if html := c.leader.Reads("/penalties?" + year + "&of=adjudged"); !strings.Contains(html, cs.Case.CaseNo) || !strings.Contains(html, "1,000.00") {
		t.Error("the criminal case is not behind what was adjudged")
	}
	for path, status := range map[string]int{
		"/statistics/enforcement?" + march + "&of=all": http.StatusBadRequest, "/statistics/enforcement?since=2026-03-31&until=2026-03-01": http.StatusBadRequest,
		"/penalties?since=2026-13-01&until=2026-12-31": http.StatusBadRequest, "/penalties?" + year + "&of=all": http.StatusBadRequest,
	} {
		if res, _ := c.Visitor(c.leader).Send(http.MethodGet, path, nil, nil); res.StatusCode != status {
			t.Errorf("%s answers %d", path, res.StatusCode)
		}
	}
	if res, _ := c.Visitor(c.officer).Send(http.MethodGet, "/statistics/enforcement?"+march, nil, nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("an officer's figures answer %d", res.StatusCode)
	}
}
