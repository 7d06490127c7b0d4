package main

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"microcourt/storage/storagetest"
)

// Whoever reports a fault says which program it was: `version` works on a
// machine without configuration and without a database.
func TestVersion(t *testing.T) {
	t.Parallel()
	code, out, errs := cli([]string{"MICROCOURT_DATABASE__DRIVER=mysql", "MICROCOURT_DATABASE__DSN=nobody@tcp(127.0.0.1:1)/none"}, "version")
	if code != 0 || errs != "" || !strings.Contains(out, runtime.Version()+" "+runtime.GOOS+"/"+runtime.GOARCH+"\n") {
		t.Fatal(code, out, errs)
	}
	// The schema is the one that a migrated database really has.
	v, err := storagetest.Open(t, nil).SchemaVersion(context.Background())
	if err != nil || v.Database == 0 || !strings.Contains(out, fmt.Sprintf("\nschema    %d\n", v.Database)) {
		t.Errorf("the database has %+v (%v), the command says\n%s", v, err, out)
	}
	if code, _, _ := cli(nil, "version", "more"); code != 2 {
		t.Error("an argument that means nothing was taken:", code)
	}
}

func TestVersionOfASource(t *testing.T) {
	t.Parallel()
	settings := []debug.BuildSetting{{Key: "vcs.revision", Value: "d2c9dd3"}, {Key: "vcs.time", Value: "2026-11-29T14:45:00Z"}, {Key: "vcs.modified", Value: "true"}}
	system := runtime.GOOS + "/" + runtime.GOARCH
	for _, tt := range []struct {
		info debug.BuildInfo
		want string
	}{
		{
			debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "v0.1.0"}, Settings: settings},
			"version   v0.1.0\nrevision  d2c9dd3 (modified)\ntime      2026-11-29T14:45:00Z\ngo        go1.26.8 " + system + "\nschema    10\n",
		},
		{
			debug.BuildInfo{GoVersion: "go1.26.8"},
			"version   unknown\nrevision  unknown\ntime      unknown\ngo        go1.26.8 " + system + "\nschema    10\n",
		},
	} {
		var out bytes.Buffer
		if err := printVersion(&out, &tt.info, 10); err != nil || out.String() != tt.want {
			t.Errorf("%v\n%s\nwant\n%s", err, out.String(), tt.want)
		}
	}
}
