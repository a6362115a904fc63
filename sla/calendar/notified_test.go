package calendar

import (
	"testing"
	"time"
)

func closed(t testing.TB, closures ...Closure) *Calendar {
	t.Helper()
	c, err := New(Spec{Name: "office", Timezone: "Europe/Rome", Open: []string{"mon-fri 15:00-18:00"}, Holidays: []string{"IT"}, Closures: closures})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Who was told by himself has the calendar of a desk that told everybody then; who was told of other days has the calendar as it is.
func TestNotified(t *testing.T) {
	at := time.Date(2026, 7, 20, 9, 0, 0, 0, time.UTC)
	summer, later := Closure{From: "2026-08-08", To: "2026-08-23"}, at.Add(24*time.Hour)
	c := closed(t, summer)
	for _, other := range []map[string]time.Time{nil, {}, {"2026-08-08..2026-08-22": at}, {"": at}} {
		if c.Notified(other) != c {
			t.Errorf("told of %v, and it counts", other)
		}
	}
	all := summer
	all.NotifiedAt = at
	told := c.Notified(map[string]time.Time{summer.Days(): at})
	if told.Version() != closed(t, all).Version() || told.Version() == c.Version() {
		t.Errorf("version %s, want that of a calendar whose closure all were told of", told.Version())
	}
	if len(c.Excused()) != 0 {
		t.Errorf("the desk's own calendar changed: %v", c.Excused())
	}
	if known := closed(t, all); known.Notified(map[string]time.Time{summer.Days(): later}) != known {
		t.Error("a later letter made what all were told of later")
	}
}

func BenchmarkNotified(b *testing.B) {
	c, told := closed(b, Closure{From: "2026-08-08", To: "2026-08-23"}), map[string]time.Time{"2026-08-08..2026-08-23": time.Unix(1, 0)}
	for b.Loop() {
		c.Notified(told)
	}
}
