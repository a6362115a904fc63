package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

const (
	secondlyICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Tick\r\nDTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	patronICS   = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Patrono\r\nDTSTART;VALUE=DATE:20261207\r\nDTEND;VALUE=DATE:20261208\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)

// TestBadCalendars: every mistake is refused with a message that names it.
func TestBadCalendars(t *testing.T) {
	good := Spec{Name: "desk", Timezone: "Europe/Rome", Open: []string{"mon-fri 09:00-18:00"}}
	cases := []struct {
		name   string
		change func(*Spec)
		says   []string
	}{
		{"no zone", func(s *Spec) { s.Timezone = "" }, []string{`timezone ""`, "Europe/Rome"}},
		{"unknown zone", func(s *Spec) { s.Timezone = "Europe/Roma" }, []string{`"Europe/Roma" is unknown`}},
		{"the machine's zone", func(s *Spec) { s.Timezone = "Local" }, []string{`timezone "Local"`}},
		{"Windows zone", func(s *Spec) { s.Timezone = "W. Europe Standard Time" }, []string{"Windows name", `"Europe/Berlin"`}},
		{"no hours", func(s *Spec) { s.Open = nil }, []string{"no weekday is ever open"}},
		{"hours without weekday", func(s *Spec) { s.Open = []string{"09:00-18:00"} }, []string{"open line 1", "want weekdays"}},
		{"unknown weekday", func(s *Spec) { s.Open = []string{"mon-fri 09:00-18:00", "lun 09:00-10:00"} }, []string{"open line 2", `weekday "lun"`}},
		{"overlap", func(s *Spec) { s.Open = []string{"mon-fri 09:00-13:00 12:59-18:00"} }, []string{"open line 1", "12:59-18:00 overlaps 09:00-13:00 on monday"}},
		{"overlap across lines", func(s *Spec) { s.Open = []string{"mon-fri 09:00-13:00", "fri 08:00-15:00"} }, []string{"open line 2", "friday"}},
		{"25:00", func(s *Spec) { s.Open = []string{"mon-fri 09:00-25:00"} }, []string{`"25:00"`, "24:00"}},
		{"24:01", func(s *Spec) { s.Open = []string{"mon-fri 09:00-24:01"} }, []string{`"24:01"`}},
		{"09:60", func(s *Spec) { s.Open = []string{"mon-fri 09:60-18:00"} }, []string{`"09:60"`}},
		{"9:00", func(s *Spec) { s.Open = []string{"mon-fri 9:00-18:00"} }, []string{`"9:00"`}},
		{"backwards", func(s *Spec) { s.Open = []string{"mon-fri 22:00-06:00"} }, []string{"ends before it starts", "00:00-06:00"}},
		{"empty span", func(s *Spec) { s.Open = []string{"mon-fri 09:00-09:00"} }, []string{"ends before it starts"}},
		{"no span", func(s *Spec) { s.Open = []string{"mon-fri noon"} }, []string{`"noon"`}},
		{"unknown country", func(s *Spec) { s.Holidays = []string{"XX"} }, []string{`entry "XX"`, "unknown country"}},
		{"unknown region", func(s *Spec) { s.Holidays = []string{"IT", "ES-XX"} }, []string{`entry "ES-XX"`, "unknown region", "ES-MD"}},
		{"no such date", func(s *Spec) { s.Holidays = []string{"2026-02-30 nobody"} }, []string{`"2026-02-30"`}},
		{"file not read", func(s *Spec) { s.Holidays = []string{"local.ics"} }, []string{`"local.ics"`, "not read"}},
		{"rule by the second", func(s *Spec) {
			s.Holidays, s.Feeds = []string{"local.ics"}, map[string][]byte{"local.ics": []byte(secondlyICS)}
		}, []string{`"local.ics"`, `event 1 "Tick"`, "within a day"}},
		{"never open", func(s *Spec) {
			s.Open = []string{"mon 09:00-10:00"}
			s.Holidays, s.Feeds = []string{"mondays.ics"}, map[string][]byte{"mondays.ics": []byte(strings.NewReplacer("YEARLY", "WEEKLY", "20261207", "20260105", "20261208", "20260106").Replace(patronICS))}
		}, []string{"never open", "2025-12-29"}},
		{"closure backwards", func(s *Spec) {
			s.Closures = []Closure{{From: "2026-08-08", To: "2026-08-09"}, {From: "2026-08-23", To: "2026-08-08"}}
		},
			[]string{"closure 2", "before it starts"}},
		{"closure of no time", func(s *Spec) { s.Closures = []Closure{{From: "2026-08-08T10:00", To: "2026-08-08T10:00"}} }, []string{"closure 1"}},
		{"closure without end", func(s *Spec) { s.Closures = []Closure{{From: "2026-08-08"}} }, []string{"closure 1", "to:"}},
		{"closure in words", func(s *Spec) { s.Closures = []Closure{{From: "agosto", To: "2026-08-08"}} }, []string{"closure 1", "from:", `"agosto"`}},
		{"closure of years", func(s *Spec) { s.Closures = []Closure{{From: "2026-08-08", To: "2062-08-23"}} }, []string{"over a year"}},
	}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := good
			c.change(&s)
			cal, err := New(s)
			if !errors.Is(err, ErrSpec) || cal != nil {
				t.Fatalf("got %v, %v; want ErrSpec and no calendar", cal, err)
			}
			for _, say := range append(c.says, `"desk"`) {
				if !strings.Contains(err.Error(), say) {
					t.Errorf("message %q does not say %q", err, say)
				}
			}
		})
	}
}

// TestVersion: the version changes with all that decides an answer, and with nothing else.
func TestVersion(t *testing.T) {
	base := Spec{Name: "desk", Timezone: "Europe/Rome", Open: []string{"mon-fri 09:00-13:00 14:00-18:00"}, Holidays: []string{"IT"},
		Closures: []Closure{{From: "2026-08-08", To: "2026-08-23", NotifiedAt: time.Date(2026, 7, 20, 0, 0, 0, 0, time.UTC)}}}
	version := func(change func(*Spec)) string {
		s := base
		s.Closures = append([]Closure(nil), base.Closures...)
		change(&s)
		cal, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		return cal.Version()
	}
	same := version(func(*Spec) {})
	for name, change := range map[string]func(*Spec){
		"name":           func(s *Spec) { s.Name = "other" },
		"order of spans": func(s *Spec) { s.Open = []string{"mon-fri 14:00-18:00 09:00-13:00"} },
		"note":           func(s *Spec) { s.Closures[0].Note = "summer" },
		"closure as two": func(s *Spec) {
			second := s.Closures[0]
			second.From, s.Closures[0].To = "2026-08-15", "2026-08-14"
			s.Closures = append(s.Closures, second)
		},
	} {
		if got := version(change); got != same {
			t.Errorf("%s decides nothing but changes the version", name)
		}
	}
	for name, change := range map[string]func(*Spec){
		"zone":     func(s *Spec) { s.Timezone = "Atlantic/Canary" },
		"hours":    func(s *Spec) { s.Open = []string{"mon-fri 09:00-13:00 14:00-18:01"} },
		"holidays": func(s *Spec) { s.Holidays = []string{"IT", "IT-BZ"} },
		"closure":  func(s *Spec) { s.Closures[0].To = "2026-08-24" },
		"notice":   func(s *Spec) { s.Closures[0].NotifiedAt = time.Time{} },
	} {
		if got := version(change); got == same {
			t.Errorf("%s decides answers but leaves the version", name)
		}
	}
}

// FuzzSpec: no text in a calendar's specification panics, and what is taken works.
func FuzzSpec(f *testing.F) {
	f.Add("mon-fri 09:00-13:00 14:00-18:00", "IT-32", "2026-08-08", "2026-08-23", "Europe/Rome")
	f.Add("24x7", "12-07 Sant'Ambrogio", "2026-11-23T16:00", "2026-11-23T17:00:01", "Pacific/Apia")
	f.Add("sun,mon 00:00-24:00", "2026-12-07", "2011-12-30", "2011-12-30", "W. Europe Standard Time")
	f.Fuzz(func(t *testing.T, open, holiday, from, to, zone string) {
		cal, err := New(Spec{Name: "f", Timezone: zone, Open: []string{open}, Holidays: []string{holiday},
			Closures: []Closure{{From: from, To: to, NotifiedAt: time.Unix(0, 0)}}})
		if err != nil {
			if !errors.Is(err, ErrSpec) || cal != nil {
				t.Fatalf("%v, %v", cal, err)
			}
			return
		}
		at := time.Unix(1_790_000_000, 0)
		if end := cal.Add(at, time.Hour); !end.After(at) || cal.Between(at, end) != time.Hour {
			t.Fatalf("an hour from %v ends %v", at, end)
		}
	})
}
