package sla

import (
	"errors"
	"strings"
	"testing"
	"time"
)

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
			due, err := Term{2000, "h", r, "suspend"}.Due(cal, nil, at)
			if err != nil || !due.IsZero() && due.Before(at) || at.Year() == 9999 && !due.IsZero() {
				t.Errorf("%s from %v: %v, %v", r, at, due, err)
			}
		}
		for _, r := range []Reading{"workday_clock", "workday_close", "workday_end"} {
			if due, err := (Term{400, "wd", r, "suspend"}).Due(cal, nil, at); err != nil || !due.IsZero() && due.Before(at) || at.Year() == 9999 && !due.IsZero() {
				t.Errorf("%s from %v: %v, %v", r, at, due, err)
			}
		}
		cal.IsOpen(at)
		cal.NextOpen(at)
		cal.Add(at, -1000*time.Hour)
	}
}
