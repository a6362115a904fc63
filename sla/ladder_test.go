package sla

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// rome reads a wall clock of Rome.
func rome(t testing.TB, text string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// show prints rungs as "name time who", one to a line.
func show(rungs []Rung, loc *time.Location) string {
	var lines []string
	for _, r := range rungs {
		lines = append(lines, fmt.Sprintf("%s | %s | %s | %s", r.Name, r.At.In(loc).Format("Mon 2006-01-02 15:04"), strings.Join(r.To, ","), r.Means))
	}
	return strings.Join(lines, "\n")
}

func TestRungs(t *testing.T) {
	desk := caseCalendar(t, "mb_15_18", "Europe/Rome", "-")
	shut := caseCalendar(t, "mb_15_18", "Europe/Rome", "2026-12-21..2027-01-10")
	agency, care := Agency(desk), BusinessCare(caseCalendar(t, "mp_mon_fri", "Europe/Rome", "-"))
	custom := agency
	custom.Ladder = []Step{{"30 min before limit", []string{"assignee"}}, {"limit", []string{"on_call"}}, {"every working morning", []string{"managers"}}}
	cases := []struct {
		name        string
		policy      Policy
		obligation  Obligation
		from, since string
		change      func(*Situation)
		want        string
	}{
		{"target none", care, Ack, "2026-12-24 18:30", "2026-12-24 18:30", nil, `
now | Thu 2026-12-24 18:30 | team,managers | warning
limit | Fri 2026-12-25 18:30 | team,managers | limit_passed`},
		{"target past at intake", agency, Ack, "2026-11-20 15:00", "2026-11-20 19:00", nil, `
now | Fri 2026-11-20 19:00 | team,managers | warning
limit | Mon 2026-11-23 16:00 | team,managers | limit_passed`},
		{"target in 29 minutes", agency, Ack, "2026-11-23 16:00", "2026-11-23 17:31", nil, `
now | Mon 2026-11-23 17:31 | team,managers | warning
limit | Tue 2026-11-24 17:00 | team,managers | limit_passed`},
		{"limit past at intake: said once", agency, Ack, "2026-11-16 16:00", "2026-11-23 15:00", nil, `
limit | Mon 2026-11-23 15:00 | team,managers | limit_passed`},
		{"target in 30 minutes", agency, Ack, "2026-11-23 17:30", "2026-11-23 17:30", nil, `
50% | Mon 2026-11-23 17:45 | assignee | warning
75% | Mon 2026-11-23 17:52 | team | warning
90% | Mon 2026-11-23 17:57 | team,managers | warning
limit | Wed 2026-11-25 15:30 | team,managers | limit_passed`},
		{"two steps already past: the last one counts", agency, Ack, "2026-11-23 15:00", "2026-11-23 17:20", nil, `
75% | Mon 2026-11-23 17:20 | team | warning
90% | Mon 2026-11-23 17:42 | team,managers | warning
limit | Tue 2026-11-24 16:00 | team,managers | limit_passed`},
		{"fractions over a weekend", care, Ack, "2026-11-20 17:00", "2026-11-20 17:00", nil, `
50% | Mon 2026-11-23 15:30 | assignee | warning
75% | Mon 2026-11-23 16:15 | team | warning
90% | Mon 2026-11-23 16:42 | team,managers | warning
limit | Mon 2026-11-23 17:00 | team,managers | limit_passed`},
		{"thirty days", care, Fix, "2026-11-23 10:00", "2026-11-23 10:00", nil, `
15wd before target | Tue 2026-12-01 15:00 | assignee | warning
5wd before target | Wed 2026-12-16 15:00 | assignee,team | warning
1wd before target | Tue 2026-12-22 15:00 | team,managers | warning
target | Thu 2026-12-24 00:00 | team,managers | refund
limit | Tue 2027-01-05 00:00 | team,managers | limit_passed`},
		{"thirty days, found to be a fault three weeks later", care, Fix, "2026-11-23 10:00", "2026-12-18 16:00", nil, `
5wd before target | Fri 2026-12-18 16:00 | assignee,team | warning
1wd before target | Tue 2026-12-22 15:00 | team,managers | warning
target | Thu 2026-12-24 00:00 | team,managers | refund
limit | Tue 2027-01-05 00:00 | team,managers | limit_passed`},
		{"warnings move before a closure nobody announced", care, Fix, "2026-11-23 10:00", "2026-11-23 10:00", func(s *Situation) { s.Service = shut }, `
15wd before target | Thu 2026-11-26 15:00 | assignee | warning
5wd before target | Fri 2026-12-11 15:00 | assignee,team | warning
1wd before target | Thu 2026-12-17 15:00 | team,managers | warning
target | Thu 2026-12-24 00:00 | team,managers | refund
limit | Tue 2027-01-05 00:00 | team,managers | limit_passed`},
		{"a promise", agency, ETA, "2026-11-24 15:30", "2026-11-23 15:00", nil, `
0.5wd before target | Mon 2026-11-23 17:00 | assignee | warning
target | Tue 2026-11-24 15:30 | assignee,team,managers | promise_passed`},
		{"an unanswered message", agency, NextReply, "2026-11-23 15:00", "2026-11-23 15:00", nil, `
50% | Mon 2026-11-23 16:30 | assignee | warning
75% | Mon 2026-11-23 17:15 | team | warning
90% | Mon 2026-11-23 17:42 | team,managers | warning`},
		{"no fix is owed", agency, Fix, "2026-11-23 15:00", "2026-11-23 15:00", nil, ``},
		{"offset, on call in hours, next morning", custom, Ack, "2026-11-23 15:00", "2026-11-23 15:00", nil, `
30min before limit | Tue 2026-11-24 15:30 | assignee | warning
limit | Tue 2026-11-24 16:00 | on_call | limit_passed
morning 2026-11-25 | Wed 2026-11-25 15:00 | managers | reminder`},
		{"of mornings missed only the last is told", custom, Ack, "2026-11-23 15:00", "2026-11-23 15:00", func(s *Situation) { s.Now = rome(t, "2026-12-01 16:00") }, `
30min before limit | Tue 2026-11-24 15:30 | assignee | warning
limit | Tue 2026-11-24 16:00 | on_call | limit_passed
morning 2026-12-01 | Tue 2026-12-01 15:00 | managers | reminder
morning 2026-12-02 | Wed 2026-12-02 15:00 | managers | reminder`},
		{"mornings go on over a holiday", custom, Ack, "2026-12-03 15:00", "2026-12-03 15:00", func(s *Situation) { s.Now = rome(t, "2026-12-07 20:00") }, `
30min before limit | Fri 2026-12-04 15:30 | assignee | warning
limit | Fri 2026-12-04 16:00 | on_call | limit_passed
morning 2026-12-07 | Mon 2026-12-07 15:00 | managers | reminder
morning 2026-12-09 | Wed 2026-12-09 15:00 | managers | reminder`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			due, err := c.policy.Due(c.obligation, rome(t, c.from), desk)
			if err != nil {
				t.Fatal(err)
			}
			s := Situation{Due: due, Since: rome(t, c.since), Service: desk}
			if c.change != nil {
				c.change(&s)
			}
			rungs, err := c.policy.Rungs(s)
			if err != nil {
				t.Fatal(err)
			}
			if got := show(rungs, desk.Zone()); got != strings.TrimSpace(c.want) {
				t.Errorf("got\n%s\nwant\n%s", got, strings.TrimSpace(c.want))
			}
		})
	}
}

// TestOnCall: out of hours the on-call person hears only of what is urgent or paid for.
func TestOnCall(t *testing.T) {
	desk := caseCalendar(t, "mb_15_18", "Europe/Rome", "-")
	p := BusinessCare(caseCalendar(t, "mp_mon_fri", "Europe/Rome", "-"))
	p.Ladder = []Step{{"limit", []string{"on_call", "managers"}}}
	due, err := p.Due(Ack, rome(t, "2026-11-23 10:00"), desk) // limit Tuesday 10:00, nobody in
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		urgent, own bool
		steps       []string
		want        string
	}{
		{false, false, []string{"on_call", "managers"}, "managers"},
		{false, false, []string{"on_call"}, "team"},
		{true, false, []string{"on_call", "managers"}, "on_call,managers"},
		{false, true, []string{"on_call"}, "on_call"},
	} {
		p.Ladder[0].To = c.steps
		rungs, err := p.Rungs(Situation{Due: due, Since: due.From, Service: desk, Urgent: c.urgent, OwnHours: c.own})
		if err != nil || len(rungs) != 1 {
			t.Fatalf("%v, %v", rungs, err)
		}
		if got := strings.Join(rungs[0].To, ","); got != c.want {
			t.Errorf("urgent %v, own hours %v, %v: told %s, want %s", c.urgent, c.own, c.steps, got, c.want)
		}
	}
	if p.Ladder[0].To[0] != "on_call" {
		t.Error("the policy's own ladder was written to")
	}
}

// TestLawsRungs: rungs are in order, unique, never before the ticket came in, and
// a warning never comes after what it warns of.
func TestLawsRungs(t *testing.T) {
	desk := caseCalendar(t, "mb_15_18", "Europe/Rome", "2026-12-24..2027-01-06@2026-12-01T10:00:00+01:00")
	market := caseCalendar(t, "mp_mon_fri", "Europe/Rome", "2026-12-24..2027-01-06@2026-12-01T10:00:00+01:00")
	policies := []Policy{Agency(desk), BusinessCare(market)}
	start := rome(t, "2026-11-02 00:00")
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(policies).Draw(t, "policy")
		o := rapid.SampledFrom([]Obligation{Ack, Fix, NextReply, ETA, ResolutionNotice}).Draw(t, "obligation")
		from := start.Add(time.Duration(rapid.IntRange(0, 90*86400).Draw(t, "from")) * time.Second)
		due, err := p.Due(o, from, desk)
		if err != nil {
			t.Fatal(err)
		}
		s := Situation{Due: due, Since: from.Add(time.Duration(rapid.IntRange(0, 10*86400).Draw(t, "late")) * time.Second), Service: desk}
		rungs, err := p.Rungs(s)
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for i, r := range rungs {
			if names[r.Name] || r.At.Before(s.Since) || i > 0 && r.At.Before(rungs[i-1].At) {
				t.Fatalf("rung %d %v of %v", i, r, rungs)
			}
			names[r.Name] = true
			if r.Means == "warning" && r.Name != "now" && r.At.After(due.Target) {
				t.Fatalf("%v comes after the target %v", r, due.Target)
			}
		}
		if !due.Limit.IsZero() && !names["limit"] {
			t.Fatalf("no step at the limit: %v", rungs)
		}
		if owed := !due.Target.IsZero() || !due.Limit.IsZero(); owed == (len(rungs) == 0) {
			t.Fatalf("%v: %d rungs", due, len(rungs))
		}
		again, err := p.Rungs(s)
		if err != nil || !slices.EqualFunc(rungs, again, func(a, b Rung) bool { return a.Name == b.Name && a.At.Equal(b.At) }) {
			t.Fatalf("asked again: %v", again)
		}
	})
}
