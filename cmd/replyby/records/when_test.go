package records

import (
	"testing"
	"time"

	"replyby/cmd/replyby/command"
)

// Midnight is the end of the day before, as in every count.
func TestWhen(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	e := &command.Env{Now: func() time.Time { return now }}
	for at, want := range map[time.Time]string{
		{}:                                  "-",
		now.Add(time.Hour):                  "Mon 23 Nov 15:00",
		now.Add(10 * time.Hour):             "Mon 23 Nov 24:00",
		now.Add(-14 * time.Hour):            "Sun 22 Nov 24:00 late",
		now.Add(10*time.Hour + time.Second): "Tue 24 Nov 00:00",
	} {
		if got := when(e, at, time.UTC); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}
