package holiday

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// feed wraps event lines into an iCalendar file.
func feed(events ...string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//made for tests//EN\r\n")
	for i, e := range events {
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%d@test\r\nSUMMARY:Giorno\r\n%s\r\nEND:VEVENT\r\n", i, strings.ReplaceAll(strings.TrimSpace(e), "\n", "\r\n"))
	}
	b.WriteString("END:VCALENDAR\r\n")
	return []byte(b.String())
}

func TestBadFeeds(t *testing.T) {
	cases := []struct {
		name string
		data []byte
		says string
	}{
		{"empty", nil, "no event"},
		{"no calendar", []byte("Dear sirs,\r\n"), "no iCalendar file"},
		{"cut short", feed("DTSTART;VALUE=DATE:20261207")[:90], "no iCalendar file"},
		{"too large", make([]byte, maxFeed+1), "at most"},
		{"no start", feed("DTEND;VALUE=DATE:20261208"), `event 1 "Giorno": it has no DTSTART`},
		{"no end", feed("DTSTART;TZID=Europe/Rome:20261207T090000"), `event 1 "Giorno": it has neither DTEND nor DURATION`},
		{"backwards", feed("DTSTART;VALUE=DATE:20261207\nDTEND;VALUE=DATE:20261206"), "before it starts"},
		{"date and time", feed("DTSTART;VALUE=DATE:20261207\nDTEND:20261208T100000Z"), "DTEND"},
		{"no date", feed("DTSTART;VALUE=DATE:20261399"), "DTSTART"},
		{"unknown zone", feed("DTSTART;TZID=Rome Standard Time:20261207T090000\nDURATION:PT1H"), `zone "Rome Standard Time" is unknown`},
		{"by the second", feed("DTSTART;VALUE=DATE:20261207\nRRULE:FREQ=SECONDLY"), "within a day"},
		{"by the minute in disguise", feed("DTSTART;VALUE=DATE:20261207\nRRULE:FREQ=DAILY;BYMINUTE=1,2,3"), "within a day"},
		{"no rule", feed("DTSTART;VALUE=DATE:20261207\nRRULE:FREQ=SOMETIMES"), "RRULE"},
		{"every day for ever", feed("DTSTART;VALUE=DATE:20261207\nRRULE:FREQ=DAILY"), "UNTIL"},
		{"a very long day", feed("DTSTART;VALUE=DATE:19000101\nDTEND;VALUE=DATE:21991231"), "days off"},
		{"the year 1", feed("DTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY"), "year 1"},
		{"times of day", feed("DTSTART;TZID=Europe/Rome:20261207T090000\nDURATION:PT1H"), `event "Giorno" of 2026-12-07 has times`},
		{"the second event", feed("DTSTART;VALUE=DATE:20261207", "DTSTART:x"), "event 2"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]string{"local.ics"}, map[string][]byte{"local.ics": c.data})
			if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), `"local.ics"`) {
				t.Errorf("got %v, want an error saying %q", err, c.says)
			}
		})
	}
}

func TestManyHostileRules(t *testing.T) {
	var events []string
	for range maxRules + 1 {
		events = append(events, "DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;COUNT=1")
	}
	if _, err := Events(feed(events...), time.UTC); err == nil || !strings.Contains(err.Error(), "recurring events") {
		t.Errorf("%d rules: %v", len(events), err)
	}
}

func TestFeedDays(t *testing.T) {
	cases := []struct {
		name, event, on, off string
	}{
		{"a date without end is one day", "DTSTART;VALUE=DATE:20261207", "2026-12-07", "2026-12-08"},
		{"the end is exclusive", "DTSTART;VALUE=DATE:20261207\nDTEND;VALUE=DATE:20261209", "2026-12-07 2026-12-08", "2026-12-06 2026-12-09"},
		{"midnight to midnight, zone of Outlook", "DTSTART;TZID=W. Europe Standard Time:20261207T000000\nDTEND;TZID=W. Europe Standard Time:20261208T000000", "2026-12-07", "2026-12-06 2026-12-08"},
		{"midnight to midnight on the day of a clock change", "DTSTART;TZID=Europe/Rome:20261025T000000\nDTEND;TZID=Europe/Rome:20261026T000000", "2026-10-25", "2026-10-24 2026-10-26"},
		{"transparent", "DTSTART;VALUE=DATE:20261207\nTRANSP:TRANSPARENT", "2026-12-07", "2026-12-08"},
		{"cancelled", "DTSTART;VALUE=DATE:20261207\nSTATUS:CANCELLED", "", "2026-12-07"},
		{"yearly", "DTSTART;VALUE=DATE:20261207\nRRULE:FREQ=YEARLY", "2026-12-07 2030-12-07 2050-12-07", "2025-12-07 2027-12-08"},
		{"the first Monday of May", "DTSTART;VALUE=DATE:20260504\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=1MO;UNTIL=20281231", "2026-05-04 2027-05-03 2028-05-01", "2029-05-07"},
		{"but one", "DTSTART;VALUE=DATE:20261207\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20271207,20281207", "2026-12-07 2029-12-07", "2027-12-07 2028-12-07"},
		{"and some", "DTSTART;VALUE=DATE:20261207\nRDATE;VALUE=DATE:20270105,20270107", "2026-12-07 2027-01-05 2027-01-07", "2027-01-06"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			data := feed(c.event, "DTSTART;VALUE=DATE:20000101")
			s := parse(t, map[string][]byte{"local.ics": data}, "local.ics")
			for _, date := range strings.Fields(c.on) {
				if name, ok := s.On(day(t, date)); !ok || name != "Giorno" {
					t.Errorf("%s: %q, %v; want a holiday", date, name, ok)
				}
			}
			for _, date := range strings.Fields(c.off) {
				if _, ok := s.On(day(t, date)); ok {
					t.Errorf("%s is a holiday", date)
				}
			}
		})
	}
}

func TestMovedOccurrence(t *testing.T) {
	data := strings.ReplaceAll(string(feed(
		"DTSTART;VALUE=DATE:20261207\nRRULE:FREQ=YEARLY",
		"DTSTART;VALUE=DATE:20271209\nRECURRENCE-ID;VALUE=DATE:20271207",
	)), "UID:1@test", "UID:0@test")
	s := parse(t, map[string][]byte{"a.ics": []byte(data)}, "a.ics")
	for date, want := range map[string]bool{"2026-12-07": true, "2027-12-07": false, "2027-12-09": true, "2028-12-07": true} {
		if _, ok := s.On(day(t, date)); ok != want {
			t.Errorf("%s: holiday %v, want %v", date, ok, want)
		}
	}
}

// FuzzEvents: no file panics, hangs or gives events that end before they start.
func FuzzEvents(f *testing.F) {
	f.Add(feed("DTSTART;VALUE=DATE:20261207\nRRULE:FREQ=YEARLY;BYDAY=1MO\nEXDATE;VALUE=DATE:20271207"))
	f.Add(feed("DTSTART;TZID=W. Europe Standard Time:20261207T000000\nDURATION:P1D"))
	f.Add([]byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		events, err := Events(data, time.UTC)
		if err != nil && events != nil {
			t.Errorf("half applied: %d events and %v", len(events), err)
		}
		for _, e := range events {
			if !e.From.Before(e.To) {
				t.Errorf("%v", e)
			}
		}
	})
}

// TestHostileRules: rules that never match, overflow or contradict themselves end,
// and soon.
func TestHostileRules(t *testing.T) {
	for _, rule := range []string{
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=100",
		"FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=YEARLY;INTERVAL=9223372036854775807", "FREQ=MONTHLY;INTERVAL=2147483647",
		"FREQ=WEEKLY;INTERVAL=1000000000", "FREQ=DAILY;INTERVAL=9223372036854775807", "FREQ=YEARLY;COUNT=2000000000;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;UNTIL=00010101",
		"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366", "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYDAY=99MO", "FREQ=YEARLY;BYEASTER=0",
		"FREQ=YEARLY;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31",
	} {
		for _, start := range []string{"20260101", "99991231"} {
			done := make(chan struct{})
			go func() {
				defer close(done)
				events, err := Events(feed("DTSTART;VALUE=DATE:"+start+"\nRRULE:"+rule), time.UTC)
				if len(events) > maxOccurrences || err != nil && !strings.Contains(err.Error(), `event 1 "Giorno"`) {
					t.Errorf("%s from %s: %d events, %v", rule, start, len(events), err)
				}
			}()
			select {
			case <-done:
			case <-time.After(time.Minute):
				t.Fatalf("%s from %s does not end", rule, start)
			}
		}
	}
}
