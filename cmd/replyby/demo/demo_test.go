package demo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"replyby/cmd/replyby/demo"
)

// I2, I3, I5 as a reader of the README sees them: the story plays to its end within its half minute, and in it nothing reaches a
// customer before a person decided.
func TestStory(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	var out bytes.Buffer
	if err := demo.Run(ctx, demo.Options{Out: &out, Dir: t.TempDir(), Once: true, JSON: true}); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	decided, steps := map[string]bool{}, map[string]int{}
	for lines := json.NewDecoder(&out); lines.More(); {
		var s struct{ Step, Ticket, By, Language, Reason string }
		if err := lines.Decode(&s); err != nil {
			t.Fatal(err)
		}
		steps[s.Step]++
		switch s.Step {
		case "decided":
			decided[s.Ticket] = true
		case "sent":
			if !decided[s.Ticket] {
				t.Errorf("%s: a letter was sent before anybody decided", s.Ticket)
			}
		}
	}
	for step, n := range map[string]int{"received": 3, "review": 3, "decided": 2, "sent": 2, "refused": 1, "warned": 2, "digest": 1} {
		if steps[step] < n {
			t.Errorf("%d steps %q, want at least %d: %v", steps[step], step, n, steps)
		}
	}
	if decided["DEMO-3"] {
		t.Error("nobody answered the third request, and yet somebody decided")
	}
}
