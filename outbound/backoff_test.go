package outbound

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// within says that a pause is due and at most a tenth longer.
func within(pause, due time.Duration) bool { return due <= pause && pause <= due+due/10 }

// Pauses never come before they are due, end, and are not the same for everybody.
func TestSpread(t *testing.T) {
	drawn, different := 0, map[time.Duration]bool{}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.IntRange(1, 20), rapid.IntRange(1, 1<<40)).Draw(t, "failures")
		customer := rapid.Bool().Draw(t, "customer")
		for _, due := range []time.Duration{backoff(customer, n), reconnectAfter(n)} {
			got := spread(due)
			if due < time.Second || due > 2*time.Hour || !within(got, due) {
				t.Fatalf("after %d failures a pause of %s, due %s", n, got, due)
			}
			drawn++
			different[got] = true
		}
	})
	if len(different) < drawn/2 {
		t.Errorf("only %d different pauses of %d", len(different), drawn)
	}
}
