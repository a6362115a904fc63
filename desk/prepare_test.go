package desk_test

import (
	"slices"
	"testing"

	"replyby/desk"
)

// What is prepared while the batch before is not admitted yet becomes the same as when each has its turn, the same mail in both included;
// and what is prepared and never admitted is taken in later as if nothing had been.
func TestPreparedAhead(t *testing.T) {
	ahead, turns := play(t, agency(t)), play(t, agency(t))
	first := ahead.batch(3)
	second := ahead.batch(3)
	copied := first.Mails[1]
	copied.UID = 7
	second.Mails = append(second.Mails, copied)
	second.UID = 7
	prepare := func(b desk.Batch) *desk.Prepared {
		p, err := ahead.desk.Prepare(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	prepare(first) // and the program ends
	ahead.restart()
	one, two := prepare(first), prepare(second)
	for _, p := range []*desk.Prepared{one, two} {
		if err := ahead.desk.Admit(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	for b := range slices.Values([]desk.Batch{first, second}) {
		if err := turns.desk.Receive(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := told(ahead), told(turns); got != want {
		t.Errorf("ahead:\n%s\neach in its turn:\n%s", got, want)
	}
	ahead.checkFold()
}
