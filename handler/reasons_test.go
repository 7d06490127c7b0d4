package handler_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/handler"
	"microcourt/storage/object/objecttest"
)

// unprovoked are the listed errors that no test can bring about without
// breaking the machine, and why.
var unprovoked = map[string]string{
	"internal":        "a fault of the program itself; a known one would be mended",
	"upload.no_space": "the disk of the machine is full",
	"file.busy":       "a crowd of files that each take seconds",
	"import.busy":     "a crowd of tables that each take seconds",
	"request.timeout": "a request that takes half a minute",
}

// TestMain proves the other half of the API document: every error that a route
// lists really occurs in some test of a whole run. That no other occurs is
// checked with each answer.
func TestMain(m *testing.M) {
	if os.Getenv("WORKER_DSN") != "" { // this process is a worker of another one's test
		fmt.Println(worker())
		os.Exit(1)
	}
	code := m.Run()
	if code == 0 && whole() {
		if missing := missingReasons(); len(missing) > 0 {
			fmt.Printf("%d errors are listed in the API document and occur in no test:\n%s\n", len(missing), strings.Join(missing, "\n"))
			code = 1
		}
		if missing := unrepeated(); len(missing) > 0 {
			fmt.Printf("forms with a key that no test sent again with another content:\n%s\n", strings.Join(missing, "\n"))
			code = 1
		}
	}
	os.Exit(code)
}

// whole tells whether all tests ran.
func whole() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.bench"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return true
}

func missingReasons() (out []string) {
	common := map[string]bool{}
	for _, row := range handler.Rows() {
		path := documented(row.Path)
		for _, r := range row.Reasons {
			if _, seen := handlertest.Occurred.Load(row.Method + " " + path + " " + r); !seen && unprovoked[r] == "" && !elsewhere(path, r) {
				out = append(out, row.Method+" "+path+" "+r)
			}
		}
		for _, r := range handler.CommonReasons() {
			if _, seen := handlertest.Occurred.Load(row.Method + " " + path + " " + r); seen {
				common[r] = true
			}
		}
	}
	for _, r := range handler.CommonReasons() {
		if !common[r] && unprovoked[r] == "" {
			out = append(out, "any route "+r)
		}
	}
	slices.Sort(out)
	return out
}

// documented is a route's path as the API document writes it.
func documented(path string) string {
	return "/api/v1" + parameter.ReplaceAllStringFunc(path, func(p string) string { return "{" + p[1:] + "}" })
}

// elsewhere tells whether an error occurs only on the storage that this run
// does not use; the other run provokes it.
func elsewhere(path, reason string) bool {
	direct := strings.HasSuffix(path, "/uploads/presigned") || strings.HasSuffix(path, "/uploads/{id}/complete")
	if objecttest.OnMinIO() {
		return reason == "upload.direct_off"
	}
	return direct && reason != "upload.direct_off" && !strings.HasSuffix(reason, ".not_found")
}
