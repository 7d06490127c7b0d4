package handlertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/schedule"
	"microcourt/service/servicetest"
)

// Actor is the client as the services see him: whoever holds his session or key.
func (c *Client) Actor() model.Actor {
	c.W.T.Helper()
	ask := c.W.Svc.Identity.Authenticate
	kind, secret, _ := strings.Cut(c.Auth, " ")
	if kind == "ApiKey" {
		ask = c.W.Svc.Identity.AuthenticateKey
	}
	by, err := ask(context.Background(), secret)
	if err != nil {
		c.W.T.Fatal(err)
	}
	return by
}

// BindingCode is the code that the clerk gives a party for himself.
func (w *World) BindingCode(clerk *Client, caseID, partyID int64) string {
	w.T.Helper()
	code, err := w.Svc.Identity.IssueBindingCode(context.Background(), clerk.Actor(), caseID, partyID, "", "")
	if err != nil {
		w.T.Fatal(err)
	}
	return code.Code
}

// Bind makes the client a party by a code that the clerk prints.
func (c *Client) Bind(clerk *Client, caseID, partyID int64) {
	c.W.T.Helper()
	c.Must(201, Post, "/bindings/code", Obj{"code": c.W.BindingCode(clerk, caseID, partyID)})
}

// Filed is a case that is ready for receipts.
type Filed = servicetest.Filed

// CaseInput is the input of such a case, of the judge zhang.min.
func CaseInput() Obj {
	no := fmt.Sprintf("（2026）浙0211民初%d号", servicetest.NextCase())
	return Obj{
		"case_no": no, "cause": "买卖合同纠纷", "filed_on": "2026-02-02", "judge": "zhang.min",
		"parties": []Obj{
			{"ref": "C1", "role": "plaintiff", "kind": "person", "name": "李某", "id_number": "11010519491231002X", "phone": "13800138000"},
			{"ref": "D1", "role": "defendant", "kind": "organisation", "name": "甬兴建材有限公司", "id_number": "91350100M000100Y43", "phone": "13900139000"},
		},
		"instruments": []Obj{{
			"ref": "I1", "kind": "mediation", "number": no, "effective_on": "2026-02-10", "summary": "被告分两期支付货款1,000元",
			"obligations": []Obj{{
				"ref": "O1", "kind": "money", "obligors": []string{"D1"}, "obligee": "C1", "amount_fen": 100000,
				"installments": []Obj{{"amount_fen": 60000, "due_on": "2026-03-31"}, {"amount_fen": 40000, "due_on": "2026-04-30"}},
			}},
		}},
	}
}

func (w *World) File(clerk *Client) Filed {
	w.T.Helper()
	return w.FileInput(clerk, CaseInput())
}

// Case is the case that an input in JSON describes.
func (in Obj) Case() (out filing.CaseInput, err error) {
	b, err := json.Marshal(in)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	return out, err
}

// file files a case as a clerk's form does.
func (w *World) file(clerk *Client, in Obj) (id int64) {
	w.T.Helper()
	input, err := in.Case()
	if err != nil {
		w.T.Fatal(err)
	}
	cs, _, err := w.Svc.Filing.File(context.Background(), clerk.Actor(), input)
	if err != nil {
		w.T.Fatal(err)
	}
	return cs.ID
}

// FileInput files a case and gives it as the clerk sees it.
func (w *World) FileInput(clerk *Client, in Obj) Filed {
	w.T.Helper()
	return w.FiledCase(clerk.person(), w.file(clerk, in))
}

// FileCriminal is FileInput for a case whose duties have categories.
func (w *World) FileCriminal(clerk *Client, in Obj) servicetest.Criminal {
	w.T.Helper()
	return w.ByCategory(clerk.person(), w.file(clerk, in))
}

// HandOver gives a case of the client's to another judge.
func (c *Client) HandOver(caseID int64, to, reason string) {
	c.W.T.Helper()
	ctx, by := context.Background(), c.Actor()
	d, err := c.W.Svc.Filing.Case(ctx, by, caseID, false)
	if err == nil {
		err = c.W.Svc.Filing.HandOver(ctx, by, caseID, d.Case.Version, to, reason)
	}
	if err != nil {
		c.W.T.Fatal(err)
	}
}

// Timeline is when a case's parties are urged.
func (c *Client) Timeline(caseID int64) *schedule.Timeline {
	c.W.T.Helper()
	t, err := c.W.Svc.Schedule.Timeline(context.Background(), c.Actor(), caseID)
	if err != nil {
		c.W.T.Fatal(err)
	}
	return t
}

// Schedule is the case's timeline as "kind days due-day state" lines in order of time.
func (c *Client) Schedule(f Filed) (standing model.ScheduleActKind, lines []string) {
	c.W.T.Helper()
	t := c.Timeline(f.ID)
	for _, s := range t.Steps {
		lines = append(lines, fmt.Sprintf("%s %v %s %s", s.Kind, s.Days, s.DueOn, s.State))
	}
	return t.Standing, lines
}

// ImportTemplate is the import template as text.
func ImportTemplate() string {
	var b strings.Builder
	if err := filing.TemplateCSV(&b); err != nil {
		panic(err)
	}
	return b.String()
}

// Refusal expects a use case to be refused for a reason, and to say at which field.
func (w *World) Refusal(err error, kind model.Kind, reason, field string) {
	w.T.Helper()
	e, _ := errors.AsType[*model.Error](err)
	if e == nil || e.Kind != kind || e.Reason != reason || field != "" && e.Field != field {
		w.T.Errorf("got %v, want %v %s at %q", err, kind, reason, field)
	}
}
