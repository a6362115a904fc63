package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"replyby/cmd/replyby/command"
)

// What the page about clocks shows is what the program prints, and the cases it names are those computed elsewhere.
func TestClocksPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/clocks.md")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := os.ReadFile("../../sla/testdata/sla_cases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	printed, commands := "", 0
	for line := range strings.Lines(string(page)) {
		text, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "    ")
		if !ok {
			continue
		}
		if call, ok := strings.CutPrefix(text, "$ replyby "); ok {
			call, id, _ := strings.Cut(call, "   # ")
			printed = prints(t, call)
			commands++
			wantCase(t, string(rows), id, call)
			continue
		}
		if !strings.Contains(printed, "\n"+text+"\n") {
			t.Errorf("not printed: %s\nbut\n%s", text, printed)
		}
	}
	if commands < 15 {
		t.Errorf("%d commands on the page", commands)
	}
}

// prints runs a command line and returns its output.
func prints(t *testing.T, call string) string {
	t.Helper()
	var args []string
	for _, word := range regexp.MustCompile(`'[^']*'|\S+`).FindAllString(call, -1) {
		args = append(args, strings.Trim(word, "'"))
	}
	var out, errs strings.Builder
	code := program().Run(t.Context(), &command.Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Args: args, Dir: t.TempDir(), Now: time.Now})
	if code != command.Good {
		t.Errorf("%s: %s", call, errs.String())
	}
	return "\n" + out.String()
}

// wantCase checks that a case has the receipt of the command that shows it.
func wantCase(t *testing.T, rows, id, call string) {
	t.Helper()
	if id == "" {
		return
	}
	_, row, ok := strings.Cut(rows, "\n"+id+"\t")
	row, _, _ = strings.Cut(row, "\n")
	if cells := strings.Split(row, "\t"); !ok || !strings.Contains(call, "-received "+cells[6]) {
		t.Errorf("%s is no case of %s", id, call)
	}
}
