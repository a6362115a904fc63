package roster

import (
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// The person is known by each of his addresses, in any order and case, and a later word counts.
func TestOf(t *testing.T) {
	r := Roster(nil).With("Anna@mb.example", func(e *Entry) { e.Away, e.AwayWhy = noon, "first" }).
		With("anna@home.example", func(e *Entry) {
			e.Away, e.AwayWhy, e.Answered, e.Signature = noon.Add(time.Hour), "second", noon, "Anna\nVerdi"
		})
	for _, addresses := range [][]string{{"anna@mb.example", "anna@home.example"}, {"anna@home.example", "ANNA@mb.example"}} {
		if e := r.Of(addresses); e.AwayWhy != "second" || e.Signature != "Anna\nVerdi" {
			t.Errorf("%v: %+v", addresses, e)
		}
	}
	for at, away := range map[time.Duration]bool{0: true, 59 * time.Minute: true, time.Hour: false} {
		if got := r.Away([]string{"anna@mb.example", "anna@home.example"}, noon.Add(at)); got != away {
			t.Errorf("away after %s: %t", at, got)
		}
	}
	if r.Away([]string{"marco@mb.example"}, noon) || r.Away(nil, noon) || len(r.Signatures([]string{"anna@mb.example"})) != 0 {
		t.Error("somebody else's entry counts")
	}
}

// A roster is a value: who holds the one before sees no change.
func TestWithChangesNothingBefore(t *testing.T) {
	before := Roster(nil).With("anna@mb.example", func(e *Entry) { e.Greeted = noon })
	after := before.With("anna@mb.example", func(e *Entry) { e.Greeted = noon.Add(time.Hour) }).With("", func(e *Entry) { e.Junk = true })
	if !before["anna@mb.example"].Greeted.Equal(noon) || len(after) != 1 || !after["anna@mb.example"].Greeted.Equal(noon.Add(time.Hour)) {
		t.Errorf("before %+v, after %+v", before, after)
	}
}
