package sla

import "testing"

// FuzzMark: no step of a ladder panics, and its name reads as the same step.
func FuzzMark(f *testing.F) {
	for _, seed := range []string{"50%", "limit", "30 min before limit", "0.5wd before", "every working morning", "1e3h before target"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseMark(text)
		if err != nil {
			return
		}
		again, err := parseMark(m.name())
		if err != nil || again.name() != m.name() || again.time != m.time || again.days != m.days || again.percent != m.percent {
			t.Fatalf("%q is %+v; its name %q is %+v, %v", text, m, m.name(), again, err)
		}
	})
}
