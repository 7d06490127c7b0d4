package handler_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

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
