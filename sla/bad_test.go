package sla

import (
	"errors"
	"strings"
	"testing"
	"time"
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
	if _, err := NewCalendar(good); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := good
			c.change(&s)
			cal, err := NewCalendar(s)
			if !errors.Is(err, ErrCalendar) || cal != nil {
				t.Fatalf("got %v, %v; want ErrCalendar and no calendar", cal, err)
			}
			for _, say := range append(c.says, `"desk"`) {
				if !strings.Contains(err.Error(), say) {
					t.Errorf("message %q does not say %q", err, say)
				}
			}
		})
	}
}

func TestBadTerms(t *testing.T) {
	cal := caseCalendar(t, "mb_15_18", "Europe/Rome", "-")
	cases := []struct {
		term Term
		says string
	}{
		{Term{}, "unknown reading"},
		{Term{4, "h", "act_by:", "suspend"}, "unknown reading"},
		{Term{4, "h", "act_by:act_by:window_end", "suspend"}, "unknown reading"},
		{Term{4, "hours", "window_end", "suspend"}, "unknown unit"},
		{Term{4, "wd", "elapsed_working", "suspend"}, "counts hours"},
		{Term{30, "h", "workday_end", "suspend"}, "counts working days"},
		{Term{30, "wd", "calendar_end", "suspend"}, "counts calendar days"},
		{Term{0, "h", "window_end", "suspend"}, "at least 1"},
		{Term{-4, "h", "elapsed_working", "suspend"}, "at least 1"},
		{Term{1 << 60, "s", "elapsed_working", "suspend"}, "over ten years"},
		{Term{5000, "wd", "workday_end", "suspend"}, "over ten years"},
		{Term{4, "h", "elapsed_working", "pause"}, "unknown mode"},
		{Term{4, "h", "act_by:elapsed_working", "suspend"}, "service calendar"},
	}
	for _, c := range cases {
		due, err := c.term.Due(cal, nil, time.Unix(0, 0))
		if !errors.Is(err, ErrTerm) || !strings.Contains(err.Error(), c.says) || !due.IsZero() {
			t.Errorf("%v: %v, %v; want ErrTerm saying %q", c.term, due, err, c.says)
		}
		if _, err := c.term.Count(cal, nil, time.Unix(0, 0)); !errors.Is(err, ErrTerm) {
			t.Errorf("count of %v: %v", c.term, err)
		}
	}
}

func TestBadPolicies(t *testing.T) {
	cal := caseCalendar(t, "mb_15_18", "Europe/Rome", "-")
	ladder := func(at string, to ...string) func(*Policy) {
		return func(p *Policy) { p.Ladder = []Step{{At: at, To: to}} }
	}
	cases := []struct {
		change func(*Policy)
		says   string
	}{
		{func(p *Policy) { p.Calendar = nil }, "no calendar"},
		{func(p *Policy) { p.PersonalMin = -1 }, "-1 characters"},
		{func(p *Policy) { p.Ack.Limit.Amount = -4 }, "ack: limit"},
		{func(p *Policy) { p.NextReply.Target.Reading = "soon" }, "next_reply: target"},
		{func(p *Policy) { p.Fix = &Clock{} }, "fix: target"},
		{ladder("0%", "team"), "percentage"},
		{ladder("100%", "team"), "percentage"},
		{ladder("half", "team"), `"half"`},
		{ladder("30 parsecs before limit", "team"), "unknown unit"},
		{ladder("-3h before", "team"), "no amount"},
		{ladder("NaNh before", "team"), "no amount"},
		{ladder("1.5wd before", "team"), "whole"},
		{ladder("3h before lunch", "team"), `"lunch"`},
		{ladder("50%"), "names nobody"},
		{ladder("50%", "bob"), `"bob"`},
		{ladder("50%", "a@b.example\r\nBcc: x@y.example"), "no mail address"},
		{func(p *Policy) {
			p.Ladder = []Step{{"30m before", []string{"team"}}, {"30 m  before target", []string{"team"}}}
		}, "twice"},
	}
	for _, c := range cases {
		p := Agency(cal)
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		c.change(&p)
		if err := p.Check(); !errors.Is(err, ErrPolicy) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("got %v, want ErrPolicy saying %q", err, c.says)
		}
	}
	if _, err := (Policy{}).Due(Ack, time.Unix(0, 0), cal); !errors.Is(err, ErrPolicy) {
		t.Errorf("a policy without calendar: %v", err)
	}
	if _, err := Agency(cal).Due("tea", time.Unix(0, 0), cal); !errors.Is(err, ErrPolicy) {
		t.Errorf("an unknown obligation: %v", err)
	}
}

// TestAbsurdInstants: no instant and no amount hangs or overflows.
func TestAbsurdInstants(t *testing.T) {
	cal := caseCalendar(t, "mb_15_18", "Europe/Rome", "2026-08-08..2026-08-23@2026-07-20T09:00:00+02:00")
	for _, at := range []time.Time{{}, time.Unix(0, 0), time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2400, 2, 29, 0, 0, 0, 0, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)} {
		for _, r := range []Reading{"elapsed_working", "window_end", "window_end_min30", "elapsed_clock"} {
			due, err := Term{87600, "h", r, "suspend"}.Due(cal, nil, at)
			if err != nil || !due.IsZero() && due.Before(at) || at.Year() == 9999 && !due.IsZero() {
				t.Errorf("%s from %v: %v, %v", r, at, due, err)
			}
		}
		for _, r := range []Reading{"workday_clock", "workday_close", "workday_end"} {
			if due, err := (Term{3660, "wd", r, "suspend"}).Due(cal, nil, at); err != nil || !due.IsZero() && due.Before(at) || at.Year() == 9999 && !due.IsZero() {
				t.Errorf("%s from %v: %v, %v", r, at, due, err)
			}
		}
		cal.IsOpen(at)
		cal.NextOpen(at)
		cal.Add(at, -1000*time.Hour)
	}
}
