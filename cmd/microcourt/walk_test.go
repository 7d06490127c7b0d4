package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The walk of deploy/docs/walk.md is run as whoever tries the program runs it:
// its commands, in a shell, against the demonstration.
func TestTheWalk(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "deploy", "docs", "walk.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, script, found := strings.Cut(string(text), "```sh\n")
	script, _, closed := strings.Cut(script, "```")
	if !found || !closed {
		t.Fatal("the walk has no commands")
	}
	dir := t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	said, out := io.Pipe()
	ended := make(chan int, 1)
	var errs bytes.Buffer
	go func() {
		code := run(ctx, []string{"demo", "-listen", "127.0.0.1:0", "-data", filepath.Join(dir, "data")}, nil, out, &errs)
		_ = out.Close()
		ended <- code
	}()
	t.Cleanup(func() {
		stop()
		_ = said.Close() // whoever still prints is not waited for
		if code := <-ended; code != 0 {
			t.Errorf("the demonstration ended with %d: %s", code, errs.String())
		}
	})
	env := exports(t, said)
	go func() { _, _ = io.Copy(io.Discard, said) }() // it ends with the pipe
	shell, done := context.WithTimeout(ctx, time.Minute)
	defer done()
	cmd := exec.CommandContext(shell, "bash", "-e", "-u", "-o", "pipefail", "-c", script)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var answers, noise bytes.Buffer
	cmd.Stdout, cmd.Stderr = &answers, &noise
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, answers.String(), noise.String())
	}
	valid, revoked, _ := strings.Cut(answers.String(), `"state":"valid"`)
	if !strings.Contains(valid, `"state":"confirmed"`) || !strings.Contains(revoked, `"state":"revoked"`) || !strings.Contains(revoked, `"revoke_reason":"银行退票"`) {
		t.Errorf("the walk says\n%s", answers.String())
	}
}

// exports are the variables that the demonstration prints for the walk.
func exports(t *testing.T, r io.Reader) []string {
	t.Helper()
	var all strings.Builder
	buf := make([]byte, 4<<10)
	for {
		n, err := r.Read(buf)
		all.Write(buf[:n])
		if _, line, found := strings.Cut(all.String(), "\nexport "); found && strings.Contains(line, "\n") {
			line, _, _ = strings.Cut(line, "\n")
			return strings.Fields(line)
		}
		if err != nil {
			t.Fatalf("the demonstration printed %q, %v", all.String(), err)
		}
	}
}
