package handler_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/handler"
)

// update rewrites what is compared with a kept file:
//
//	go test ./handler -run TestTheDocumentIsTheKeptOne -update
var update = flag.Bool("update", false, "rewrite the kept API document")

const keptDocument = "testdata/openapi.json"

// The API is a promise to programs that others wrote. A change of it is a line
// in the kept document, which whoever reviews the change sees.
func TestTheDocumentIsTheKeptOne(t *testing.T) {
	raw, err := handler.Document()
	if err != nil {
		t.Fatal(err)
	}
	var now bytes.Buffer
	if err := json.Indent(&now, raw, "", "  "); err != nil {
		t.Fatal(err)
	}
	now.WriteByte('\n')
	if *update {
		if err := os.WriteFile(keptDocument, now.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(keptDocument)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(kept, now.Bytes()) {
		return
	}
	a, b := strings.Split(string(kept), "\n"), strings.Split(now.String(), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("line %d of %s says %q, the routes say %q; if that is meant, run this test with -update", i+1, keptDocument, a[i], b[i])
		}
	}
	t.Fatalf("%s has %d lines, the routes make %d; if that is meant, run this test with -update", keptDocument, len(a), len(b))
}

// Every route is for somebody's program. Those of the list have none: people do
// that at the desk. They go together with their tests; the list only gets shorter.
func TestEveryRouteIsForSomebody(t *testing.T) {
	raw, err := os.ReadFile("testdata/routes_without_client.txt")
	if err != nil {
		t.Fatal(err)
	}
	going := strings.FieldsFunc(string(raw), func(r rune) bool { return r == '\n' })
	for _, r := range handler.Rows() {
		row, listed := r.Method+" "+r.Path, false
		if i := slices.Index(going, r.Method+" "+r.Path); i >= 0 {
			going, listed = slices.Delete(going, i, i+1), true
		}
		switch {
		case len(r.Clients) == 0 && !listed:
			t.Errorf("%s is for nobody: say whose program needs it, or do it at the desk", row)
		case len(r.Clients) > 0 && listed:
			t.Errorf("%s is for %v: take it off the list", row, r.Clients)
		}
	}
	for _, row := range going {
		t.Errorf("%s is gone: take it off the list", row)
	}
}

// A program's author gets the part of the document that is his.
func TestTheDocumentIsServedPerClient(t *testing.T) {
	w := handlertest.New(t)
	get := func(query string) map[string]handlertest.Obj {
		a := w.Public().Call("GET", "/openapi.json"+query, nil)
		if a.Status != 200 {
			t.Fatalf("%s: %d %s", query, a.Status, a.Body)
		}
		var d struct{ Paths map[string]handlertest.Obj }
		if err := json.Unmarshal(a.Body, &d); err != nil {
			t.Fatal(err)
		}
		return d.Paths
	}
	whole := get("")
	for client, path := range map[string]string{
		"phone": "/api/v1/cases/{id}/receipts", "phone_staff": "/api/v1/receipts/{id}/confirm", "case_system": "/api/v1/case-system/cases/{case_no}",
		"agency": "/api/v1/agency/tasks", "bank": "/api/v1/verify/certificates", "public": "/api/v1/openapi.json",
	} {
		part := get("?for=" + client)
		if part[path] == nil || len(part) >= len(whole) {
			t.Errorf("%s: %d of %d paths, %s: %v", client, len(part), len(whole), path, part[path] != nil)
		}
	}
	w.Public().Refused(400, "filter.unknown", "GET", "/openapi.json?for=everybody", nil)
	w.Public().Refused(400, "field.unknown", "GET", "/openapi.json?client=phone", nil)
}

// A generated client has methods of the operations' names.
func TestOperationsAreNamed(t *testing.T) {
	raw, err := handler.Document()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			ID string `json:"operationId"`
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	name, seen := regexp.MustCompile(`^[a-z]+([A-Z][a-z]*)*$`), map[string]string{}
	for path, methods := range doc.Paths {
		for method, o := range methods {
			at := method + " " + path
			if !name.MatchString(o.ID) || seen[o.ID] != "" {
				t.Errorf("%s is named %q, as is %q", at, o.ID, seen[o.ID])
			}
			seen[o.ID] = at
		}
	}
}

// Whoever asks by a method that an address does not have is told which it has,
// at every door.
func TestAWrongMethodIsNamed(t *testing.T) {
	w := handlertest.New(t)
	for _, tt := range []struct{ method, path, allow string }{
		{"DELETE", "/api/v1/cases/1", "GET"},
		{"PUT", "/api/v1/openapi.json", "GET"},
		{"GET", "/api/v1/uploads", "POST"},
		{"DELETE", "/desk/cases", "GET"},
		{"PUT", "/desk/filing", "POST, GET"},
		{"POST", "/verify", "GET"},
		{"GET", "/verify/details", "POST"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, w.URL+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		a, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(a.Body)
		_ = a.Body.Close()
		if a.StatusCode != http.StatusMethodNotAllowed || a.Header.Get("Allow") != tt.allow || !strings.Contains(string(body), "method.not_allowed") {
			t.Errorf("%s %s: %d, Allow %q, %s %v", tt.method, tt.path, a.StatusCode, a.Header.Get("Allow"), body, err)
		}
	}
}
