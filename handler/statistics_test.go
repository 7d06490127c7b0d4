package handler_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"microcourt/handler/handlertest"
)

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
