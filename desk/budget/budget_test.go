package budget_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"replyby/desk/budget"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// book is the counters of a day.
type book map[string]int64

func (b book) ask(m budget.Mail, now time.Time) bool {
	counters, ok := budget.Ask(m, now, func(c string) int64 { return b[c] })
	for _, c := range counters {
		b[c]++
	}
	return ok
}

// admitted counts how many of n mails are let through.
func (b book) admitted(n int, mail func(i int) budget.Mail) int {
	yes := 0
	for i := range n {
		if b.ask(mail(i), noon.Add(time.Duration(i)*time.Millisecond)) {
			yes++
		}
	}
	return yes
}

func from(i int) string { return fmt.Sprintf("c%d@cliente.example", i) }

func TestBounds(t *testing.T) {
	for name, c := range map[string]struct {
		mail func(i int) budget.Mail
		want int
	}{
		"many customers":      {func(i int) budget.Mail { return budget.Mail{To: "anna", Customer: from(i)} }, budget.Ordinary},
		"many urgent":         {func(i int) budget.Mail { return budget.Mail{To: "anna", Customer: from(i), Urgent: true} }, budget.Ordinary + budget.Reserve},
		"one customer":        {func(int) budget.Mail { return budget.Mail{To: "anna", Customer: from(1)} }, budget.Apiece},
		"one customer urgent": {func(int) budget.Mail { return budget.Mail{To: "anna", Customer: from(1), Urgent: true} }, budget.Apiece},
		"one in other case": {func(i int) budget.Mail {
			return budget.Mail{To: "anna", Customer: []string{"A@b.example", "a@B.example"}[i%2]}
		}, budget.Apiece},
		"about no customer": {func(int) budget.Mail { return budget.Mail{To: "anna"} }, budget.Ordinary},
		"answers":           {func(i int) budget.Mail { return budget.Mail{To: "anna", Ticket: uint64(i), Answer: true} }, budget.Answers},
		"alarms":            {func(int) budget.Mail { return budget.Mail{To: "anna", Alarm: true} }, budget.Alarms},
		"news":              {func(i int) budget.Mail { return budget.Mail{To: "anna", Customer: from(i), Urgent: true, News: true} }, budget.Ordinary},
		"answers on one":    {func(int) budget.Mail { return budget.Mail{To: "anna", Ticket: 1, Answer: true} }, budget.Again},
	} {
		if got := (book{}).admitted(1000, c.mail); got != c.want {
			t.Errorf("%s: %d mails in an hour, want %d", name, got, c.want)
		}
	}
}

// T57: whoever writes a thousand urgent mails takes nothing from another customer.
func TestNobodyBuriesAnother(t *testing.T) {
	b := book{}
	b.admitted(1000, func(int) budget.Mail { return budget.Mail{To: "anna", Customer: "loud@x.example", Urgent: true} })
	if !b.ask(budget.Mail{To: "anna", Customer: "quiet@y.example"}, noon) {
		t.Error("another customer's mail is held back")
	}
	b.admitted(1000, func(i int) budget.Mail { return budget.Mail{To: "anna", Customer: from(i)} })
	if b.ask(budget.Mail{To: "anna", Customer: "quiet@y.example"}, noon) {
		t.Error("over the budget, and yet let through")
	}
	if !b.ask(budget.Mail{To: "anna", Customer: "quiet@y.example", Urgent: true}, noon) {
		t.Error("what is urgent has no reserve")
	}
	if !b.ask(budget.Mail{To: "marco", Customer: "quiet@y.example"}, noon) {
		t.Error("one person's budget is another's")
	}
	if !b.ask(budget.Mail{To: "anna", Customer: "quiet@y.example"}, noon.Add(time.Hour)) {
		t.Error("the next hour begins with nothing")
	}
}

// News that is left out is announced to no summary.
func TestNewsOwesNothing(t *testing.T) {
	b := book{}
	b.admitted(100, func(i int) budget.Mail { return budget.Mail{To: "anna", Customer: from(i), News: true} })
	if budget.Waiting(slices.Collect(maps.Keys(b)), budget.Slot(noon), budget.Slot(noon).Add(budget.Pause)) {
		t.Error("a summary waits")
	}
}

func TestWaiting(t *testing.T) {
	b := book{}
	b.admitted(100, func(i int) budget.Mail { return budget.Mail{To: "anna", Customer: from(i)} })
	names := slices.Collect(maps.Keys(b))
	slot := budget.Slot(noon)
	for name, c := range map[string]struct {
		from, to time.Time
		want     bool
	}{
		"the slot itself":  {slot, slot.Add(budget.Pause), true},
		"while it lasts":   {slot.Add(-budget.Pause), slot, false},
		"told already":     {slot.Add(budget.Pause), slot.Add(time.Hour), false},
		"after a downtime": {slot.Add(-time.Hour), slot.Add(time.Hour), true},
	} {
		if got := budget.Waiting(names, c.from, c.to); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
