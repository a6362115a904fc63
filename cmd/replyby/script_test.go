package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"

	"replyby/cmd/replyby/command"
)

// The scripts run the program as a person does, on a Friday afternoon: 20 November 2026, 17:30 in Rome.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"replyby": func() {
		dir, err := os.Getwd()
		if err != nil {
			panic(err)
		}
		friday := func() time.Time { return time.Date(2026, 11, 20, 16, 30, 0, 0, time.UTC) }
		os.Exit(program().Run(context.Background(), &command.Env{
			Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Args: os.Args[1:], Dir: dir, Now: friday,
		}))
	}})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: false, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("GORACE", "atexit_sleep_ms=0") // else the race detector waits a second at the end of each command
			repository, err := filepath.Abs("../..")
			e.Setenv("REPOSITORY", repository)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": status, "service-page": servicePage},
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
	for _, c := range program().Commands {
		text := strings.TrimSpace(c.Usage)
		if c.Help == "" || strings.ToLower(c.Help[:1]) != c.Help[:1] || strings.HasSuffix(c.Help, ".") {
			t.Errorf("%s: help %q", c.Name, c.Help)
		}
		_, example, ok := strings.Cut(text, "\nexample:\n")
		if !ok || !strings.HasPrefix(strings.TrimSpace(example), "replyby "+c.Name) {
			t.Errorf("%s: usage does not end with an example", c.Name)
		}
		if !strings.HasPrefix(text, "replyby "+c.Name) || strings.Count(c.Text(), "\n") > 34 {
			t.Errorf("%s: usage of %d lines, starting %.20q", c.Name, strings.Count(c.Text(), "\n"), text)
		}
		for line := range strings.Lines(c.Text()) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 {
				t.Errorf("%s: line of %d columns: %s", c.Name, n, line)
			}
		}
	}
	if n := strings.Count(program().Overview(), "\n"); n > 40 {
		t.Errorf("the overview has %d lines", n)
	}
}
