package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// The desk: the suggested list is looked at and taken over, a duty is added.
func TestDeskOfTheSuggestedList(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	c.take("listing")
	manager := c.Staff("list.zg", model.RoleListManager)
	ld, md, od := c.Visitor(c.leader), c.Visitor(manager), c.Visitor(c.officer)
	_, body := ld.Send(handlertest.Get, "/duties", nil, nil)
	if !strings.Contains(body, "载入建议清单") || strings.Contains(body, "/desk/duties/new") {
		t.Errorf("a leader's page: %.2000s", body)
	}
	if _, body := ld.Send(handlertest.Get, "/duties/suggested", nil, nil); !strings.Contains(body, "将新增 22 个责任单位、36 项责任事项") || !strings.Contains(body, "二（三）5 招录") {
		t.Errorf("the preview: %.2000s", body)
	}
	if res, _ := od.Send(handlertest.Get, "/duties/suggested", nil, nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("an officer sees it: %d", res.StatusCode)
	}
	if res, _ := ld.Send(handlertest.Post, "/duties/suggested", url.Values{"backfill": {"1"}}, nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("taking it over: %d", res.StatusCode)
	}
	if err := c.Svc.Agency.Pass(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, body := ld.Send(handlertest.Get, "/duties", nil, nil); !strings.Contains(body, "33 项") || strings.Contains(body, "进行中") {
		t.Errorf("the versions: %.3000s", body)
	}
	if _, body := md.Send(handlertest.Get, "/duties/suggested", nil, nil); !strings.Contains(body, "本院已有事项清单") {
		t.Errorf("again: %.2000s", body)
	}
	market, err := c.DB.AgencyByCode(context.Background(), c.Court.ID, "SCJ")
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{
		"agency_id": {fmt.Sprint(market.ID)}, "code": {"CJ-37"}, "duty_kind": {"sanction"}, "requirement": {"公示"}, "recurrence": {"each"}, "due_days": {"5"}, "lift_days": {"3"}, "backfill": {"1"},
	}
	if res, body := md.Send(handlertest.Post, "/duties/new", form, nil); res.StatusCode != handlertest.Bad || !strings.Contains(body, "请选择适用的措施") || !strings.Contains(body, "公示</textarea>") {
		t.Errorf("without a measure: %d %.2000s", res.StatusCode, body)
	}
	form["measure"] = []string{"listing"}
	res, _ := md.Send(handlertest.Post, "/duties/new", form, nil)
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("a new duty: %d", res.StatusCode)
	}
	at, _, _ := strings.Cut(strings.TrimPrefix(res.Header.Get("Location"), "/desk"), "?")
	if _, body := md.Send(handlertest.Get, at, nil, nil); !strings.Contains(body, "采取措施后 5 个工作日内") || !strings.Contains(body, "0 项，进行中") {
		t.Errorf("the new duty: %.2000s", body)
	}
	once := url.Values{"agency_id": form["agency_id"], "code": {"XJ-01"}, "duty_kind": {"incentive"}, "requirement": {"降低抽查频次"}, "recurrence": {"once"}, "due_on": {"2026-12-31"}}
	if res, _ = md.Send(handlertest.Post, "/duties/new", once, nil); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("a duty owed once: %d", res.StatusCode)
	}
	at, _, _ = strings.Cut(strings.TrimPrefix(res.Header.Get("Location"), "/desk"), "?")
	later := url.Values{"version": {"1"}, "requirement": {"降低抽查频次"}, "due_on": {"2027-01-31"}}
	if res, body := md.Send(handlertest.Post, at, later, nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("a later deadline: %d %.2000s", res.StatusCode, body)
	}
	if _, body := md.Send(handlertest.Get, at, nil, nil); !strings.Contains(body, "2027") {
		t.Errorf("the later deadline: %.2000s", body)
	}
}
