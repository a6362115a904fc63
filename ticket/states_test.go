package ticket_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	"replyby/ticket"
	"replyby/ticket/kind"
)

var update = flag.Bool("update", false, "write ../docs/states.md from the state table")

// kinds returns every kind that the vocabulary declares, read from its source so that none can be forgotten here.
func kinds() []kind.Kind {
	file, err := parser.ParseFile(token.NewFileSet(), "kind/kind.go", nil, 0)
	if err != nil {
		panic(err)
	}
	var all []kind.Kind
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			word, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				panic(err)
			}
			all = append(all, kind.Kind(word))
		}
		return true
	})
	return all
}

func states() []ticket.State {
	return []ticket.State{ticket.New, ticket.Open, ticket.Waiting, ticket.Resolved, ticket.Closed}
}

// stateTable draws what each kind of event makes of each state, by folding it. A dot is a state left alone.
func stateTable() string {
	var b strings.Builder
	b.WriteString("# States of a ticket\n\nDrawn from the fold by its tests; do not edit.\n\n")
	b.WriteString("| event | none yet | new | open | waiting | resolved | closed |\n|---|---|---|---|---|---|---|\n")
	for _, k := range kinds() {
		line, moves := fmt.Sprintf("| %s |", k), false
		for _, from := range append([]ticket.State{""}, states()...) {
			to := ticket.Ticket{State: from}.After(ticket.Event{Kind: k, Ticket: 1, At: minute(0), Body: ticket.Body{Message: &ticket.Message{}}}, 1).State
			cell := "·"
			if to != from {
				cell, moves = string(to), true
			}
			line += " " + cell + " |"
		}
		if moves {
			b.WriteString(line + "\n")
		}
	}
	b.WriteString("\nAny other event leaves the state alone. What depends on more than the kind of event: open means acknowledged, so a ticket whose\n" +
		"acknowledgement still runs, or runs again since its letter bounced, is new instead; and when it is met (by a letter that was accepted, an\n" +
		"answer seen from outside or one declared), new becomes open. When the letter bounces that asked the customer, waiting becomes open.\n" +
		"When a solution is taken back before it left, what waited for the customer before waits again.\n")
	return b.String()
}

func TestStateTable(t *testing.T) {
	const path = "../docs/states.md"
	got := stateTable()
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the state table changed; if that is meant, run go test ./ticket -update\n%s", got)
	}
}

// Closed ends everything: nothing runs, no token decides.
func TestClosedOwesNothing(t *testing.T) {
	for _, k := range []kind.Kind{kind.Closed, kind.Refused, kind.Refunded, kind.Merged} {
		closed := busy(t).After(ticket.Event{Kind: k, Ticket: 1, At: minute(50)}, 50)
		if closed.State != ticket.Closed || closed.IsOpen() || !closed.NextDue().IsZero() {
			t.Errorf("%s: state %s, open %t, due %s", k, closed.State, closed.IsOpen(), closed.NextDue())
		}
		for _, tok := range closed.Tokens {
			if tok.Spent == "" {
				t.Errorf("%s: a token still decides", k)
			}
		}
	}
}
