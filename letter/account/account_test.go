package account

import (
	"strings"
	"testing"
	"time"

	"replyby/letter/words"
	"replyby/ticket/outcome"
)

// What is no request after all is not counted as one, but what was late on it stays so. Nothing owed is no line of the table.
func TestPutAway(t *testing.T) {
	book, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	a := Account{Stretch: Stretch{Team: "Help", From: day, To: day.AddDate(0, 0, 1), At: day, Zone: time.UTC}}
	if said := a.Page(book.In("en")).Text(); strings.Contains(said, "Acknowledgement") || !strings.Contains(said, "median time to answer  -") {
		t.Errorf("of nothing:\n%s", said)
	}
	a.Add(Request{Ref: "MB-1", Put: "merged", Duties: []Duty{{Name: "ack", Due: day, Limit: day, Outcome: outcome.Passed}}})
	a.Add(Request{Ref: "MB-2", Put: "spam", Urgent: true, Duties: []Duty{{Name: "ack", Outcome: outcome.Late}, {Name: "fix", Outcome: outcome.Void}}})
	a.Add(Request{Ref: "MB-3", Duties: []Duty{{Name: "ack", From: day, Done: day.Add(5 * time.Second), Outcome: outcome.Kept}, {Name: "unheard-of", Outcome: outcome.Running}}})
	said := a.Page(book.In("en")).Text()
	for _, want := range []string{
		"came on Tuesday 24 November 2026", "requests               1\n", "of them urgent         0\n", "median time to answer  1 min\n", "Acknowledgement  1/2 (50 %)     1        0\n",
		"unheard-of                -     0        1\n", "LATE, OR NEVER (1)", "Merged with another.", "Acknowledgement: missed (limit Mon 23 Nov, end of day)",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	for _, not := range []string{"Fix", "MB-2", "MB-3"} {
		if strings.Contains(said, not) {
			t.Errorf("%q in\n%s", not, said)
		}
	}
}
