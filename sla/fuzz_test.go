package sla

import (
	"errors"
	"testing"
	"time"
)

// FuzzSpec: no text in a calendar's specification panics, and what is taken works.
func FuzzSpec(f *testing.F) {
	f.Add("mon-fri 09:00-13:00 14:00-18:00", "IT-32", "2026-08-08", "2026-08-23", "Europe/Rome")
	f.Add("24x7", "12-07 Sant'Ambrogio", "2026-11-23T16:00", "2026-11-23T17:00:01", "Pacific/Apia")
	f.Add("sun,mon 00:00-24:00", "2026-12-07", "2011-12-30", "2011-12-30", "W. Europe Standard Time")
	f.Fuzz(func(t *testing.T, open, holiday, from, to, zone string) {
		cal, err := NewCalendar(Spec{Name: "f", Timezone: zone, Open: []string{open}, Holidays: []string{holiday},
			Closures: []Closure{{From: from, To: to, NotifiedAt: time.Unix(0, 0)}}})
		if err != nil {
			if !errors.Is(err, ErrCalendar) || cal != nil {
				t.Fatalf("%v, %v", cal, err)
			}
			return
		}
		at := time.Unix(1_790_000_000, 0)
		due, err := Term{4, "h", "elapsed_working", "suspend"}.Due(cal, nil, at)
		if err != nil || !due.After(at) {
			t.Fatalf("due %v, %v", due, err)
		}
	})
}

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
