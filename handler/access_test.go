package handler_test

import (
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/handler"
	"microcourt/model"
)

var parameter = regexp.MustCompile(`[:*][a-z_]+`)

// Every cell of routes × roles is tried over HTTP: who may do the act gets
// past the door, whoever may not is refused by name. The table is printed.
func TestEveryRouteAgainstEveryRole(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	clerk := w.Staff("roster.clerk", model.RoleClerk)
	village := clerk.Village("镇", "村")
	as := map[model.Role]func() *handlertest.Client{}
	for i, role := range model.Roles {
		switch role {
		case model.RolePublic:
			as[role] = w.Public
		case model.RoleParty, model.RoleRelative: // every WeChat user is both; what he is to a case is another table
			as[role] = func() *handlertest.Client { return w.Phone("") }
		case model.RoleCaseSystem:
			as[role] = w.CaseSystem
		case model.RoleLiaison: // a WeChat user with an entry in the roster
			as[role] = func() *handlertest.Client {
				c, _ := w.Liaison(clerk, "联络员", 300, village)
				return c
			}
		default:
			n := 0
			as[role] = func() *handlertest.Client {
				n++
				return w.Staff(fmt.Sprintf("role-%d-%d", i, n), role)
			}
		}
	}
	clients := map[model.Role]*handlertest.Client{}
	for role, make := range as {
		clients[role] = make()
	}
	var table strings.Builder
	cells, inputs := 0, handler.Inputs()
	for _, row := range handler.Rows() {
		path := parameter.ReplaceAllString(row.Path, "999999")
		if strings.HasSuffix(row.Path, "*case_no") {
			path = strings.TrimSuffix(row.Path, "*case_no") + "%EF%BC%882026%EF%BC%89%E6%B5%990211%E6%B0%91%E5%88%9D999999%E5%8F%B7"
		}
		fmt.Fprintf(&table, "%-7s%-48s", row.Method, row.Path)
		for _, role := range model.Roles {
			c := clients[role]
			if row.Path == "/sessions/current" {
				c = as[role]() // the call ends the session
			}
			var body any
			if row.Method == http.MethodPost || row.Method == http.MethodPut {
				body = empty(inputs[row.Method+" "+row.Path])
			}
			a := c.Call(row.Method, path, body)
			cells++
			mark := "·"
			may := row.Act == model.ActPublic || role.May(row.Act)
			if role == model.RoleParty || role == model.RoleRelative || role == model.RoleLiaison {
				may = may || model.RoleParty.May(row.Act) || model.RoleRelative.May(row.Act)
			}
			if may {
				mark = "✓"
			}
			fmt.Fprintf(&table, " %s", mark)
			refused := a.Status == http.StatusForbidden && a.Json.Reason() == "role.forbidden" ||
				a.Status == http.StatusUnauthorized && a.Json.Reason() == "session.required"
			// A first log-in has no roles yet: these public routes ask for a session themselves.
			if row.Path == "/me/password" || row.Path == "/me/second-factor" {
				continue
			}
			switch {
			case may && refused:
				t.Errorf("%s %s: %s may, but got %d %s", row.Method, row.Path, role, a.Status, a.Body)
			case !may && role == model.RolePublic && a.Status != http.StatusUnauthorized,
				!may && role != model.RolePublic && (a.Status != http.StatusForbidden || a.Json.Reason() != "role.forbidden"):
				t.Errorf("%s %s: %s may not, but got %d %s", row.Method, row.Path, role, a.Status, a.Body)
			}
		}
		table.WriteString("\n")
	}
	var head []string
	for _, r := range model.Roles {
		head = append(head, string(r))
	}
	t.Logf("%d cells tried; columns: %s\n%s", cells, strings.Join(head, " "), table.String())
}

// empty is a body that has every field that is required, and says nothing in it.
func empty(t reflect.Type) handlertest.Obj {
	out := handlertest.Obj{}
	if t == nil {
		return out
	}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "" || name == "-" || f.Tag.Get("required") != "true" {
			continue
		}
		switch {
		case f.Type == reflect.TypeFor[time.Time]():
			out[name] = "2026-01-05T09:00:00+08:00"
		case f.Type == reflect.TypeFor[model.Date](), f.Type.Kind() == reflect.String:
			out[name] = ""
		case f.Type.Kind() == reflect.Slice:
			out[name] = []any{}
		case f.Type.Kind() == reflect.Struct:
			out[name] = empty(f.Type)
		default:
			out[name] = reflect.Zero(f.Type).Interface()
		}
	}
	return out
}
