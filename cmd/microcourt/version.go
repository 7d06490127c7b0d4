package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"microcourt/storage/migrations"
)

// version prints which program this is. It needs no configuration and opens no
// database; `microcourt migrate` tells what a database lacks.
func version(c *call) error {
	if rest, err := c.parse(); err != nil || len(rest) > 0 {
		return errors.Join(errUsage, err)
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{GoVersion: runtime.Version()}
	}
	schema, err := migrations.Latest()
	if err != nil {
		return err
	}
	return printVersion(c.stdout, info, schema)
}

// printVersion says what a report of a fault needs: one line for each fact,
// name first, so that scripts can read it too. The revision and the time are
// those of the source; they are unknown when the program was built outside of
// a repository.
func printVersion(w io.Writer, info *debug.BuildInfo, schema int64) error {
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	revision := cmp.Or(set["vcs.revision"], "unknown")
	if set["vcs.modified"] == "true" {
		revision += " (modified)"
	}
	_, err := fmt.Fprintf(w, "version   %s\nrevision  %s\ntime      %s\ngo        %s %s/%s\nschema    %d\n",
		cmp.Or(info.Main.Version, "unknown"), revision, cmp.Or(set["vcs.time"], "unknown"), info.GoVersion, runtime.GOOS, runtime.GOARCH, schema)
	return err
}
