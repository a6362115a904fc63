package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts run the program as a person does, on a Friday afternoon: 20 November 2026, 17:30 in Rome.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"replyby": func() {
		dir, err := os.Getwd()
		if err != nil {
			panic(err)
		}
		friday := func() time.Time { return time.Date(2026, 11, 20, 16, 30, 0, 0, time.UTC) }
		os.Exit(run(context.Background(), &env{
			Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Args: os.Args[1:], Dir: dir, Now: friday,
		}))
	}})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: false, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("GORACE", "atexit_sleep_ms=0") // else the race detector waits a second at the end of each command
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": status},
	})
}

// status runs replyby with the given exit status: "status 2 replyby check".
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status CODE COMMAND [ARGS]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("exit status %s, want %s", code, args[0])
	}
}

// Every command explains itself: in one line of lower case, and with a usage that fits a screen and ends with an example.
func TestHelp(t *testing.T) {
	withoutExample := map[string]bool{"serve": true, "demo": true, "tickets": true, "show": true, "verify": true}
	for _, c := range commands() {
		text := strings.TrimSpace(c.usage)
		if c.help == "" || strings.ToLower(c.help[:1]) != c.help[:1] || strings.HasSuffix(c.help, ".") {
			t.Errorf("%s: help %q", c.name, c.help)
		}
		_, example, ok := strings.Cut(text, "\nexample:\n")
		if !withoutExample[c.name] && (!ok || !strings.HasPrefix(strings.TrimSpace(example), "replyby "+c.name)) {
			t.Errorf("%s: usage does not end with an example", c.name)
		}
		if !strings.HasPrefix(text, "replyby "+c.name) || strings.Count(c.text(), "\n") > 34 {
			t.Errorf("%s: usage of %d lines, starting %.20q", c.name, strings.Count(c.text(), "\n"), text)
		}
		for line := range strings.Lines(text) {
			if len(line) > 90 {
				t.Errorf("%s: line of %d columns: %s", c.name, len(line), line)
			}
		}
	}
	if n := strings.Count(overview(), "\n"); n > 40 {
		t.Errorf("the overview has %d lines", n)
	}
}
