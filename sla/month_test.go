package sla

import (
	"testing"
	"time"

	"replyby/sla/calendar"
)

func TestMonth(t *testing.T) {
	desk := caseCalendar(t, "office_it", "Europe/Rome", "2026-12-24..2027-01-06@2026-12-29T10:00:00+01:00|2026-12-14T10:00..2026-12-14T11:00")
	days := desk.Month(2026, time.December)
	if len(days) != 31 || days[0].Date != "2026-12-01" || days[30].Date != "2026-12-31" {
		t.Fatalf("%d days from %s", len(days), days[0].Date)
	}
	for _, want := range []Day{
		{Date: "2026-12-05", Why: "off"},
		{Date: "2026-12-08", Why: "holiday", Name: "Immacolata Concezione"},
		{Date: "2026-12-14", Name: "2026-12-14 - 2026-12-14", Notice: "none"},
		{Date: "2026-12-24", Why: "closure", Name: "2026-12-24 - 2027-01-06", Notice: "none"},
		{Date: "2026-12-25", Why: "holiday", Name: "Natale", Notice: "none"},
		{Date: "2026-12-29", Why: "closure", Name: "2026-12-24 - 2027-01-06", Notice: "partly"},
		{Date: "2026-12-30", Why: "closure", Name: "2026-12-24 - 2027-01-06", Notice: "notified"},
	} {
		at, _ := time.Parse(time.DateOnly, want.Date)
		got := days[at.Day()-1]
		if got.Why != want.Why || got.Name != want.Name || got.Notice != want.Notice {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if open := days[13].Open; len(open) != 3 {
		t.Errorf("14 December, shut from 10 to 11, has openings %v", open)
	}
}

// TestUncovered: the days that cost money are those on which only the contract works.
func TestUncovered(t *testing.T) {
	closures := "2026-12-28..2026-12-29@2026-12-01T10:00:00+01:00|2026-12-30..2026-12-31"
	desk := caseCalendar(t, "mb_15_18", "Europe/Rome", closures)
	market := caseCalendar(t, "mp_mon_fri", "Europe/Rome", closures)
	var got []string
	for _, d := range desk.Uncovered(market, 2026, time.December) {
		got = append(got, d.Date[8:]+" "+d.Why)
	}
	want := []string{"08 holiday", "25 holiday", "30 closure", "31 closure"}
	if len(got) != len(want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestFeedClosures: a feed shuts the desk and excuses nobody.
func TestFeedClosures(t *testing.T) {
	const feed = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n" +
		"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Ferie\r\nDTSTART;VALUE=DATE:20260810\r\nDTEND;VALUE=DATE:20260815\r\nEND:VEVENT\r\n" +
		"BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Corso\r\nDTSTART;TZID=Romance Standard Time:20260817T150000\r\nDURATION:PT90M\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	closures, err := calendar.FeedClosures([]byte(feed), "Europe/Rome")
	if err != nil || len(closures) != 2 {
		t.Fatalf("%v, %v", closures, err)
	}
	cal, err := caseCalendar(t, "mb_15_18", "Europe/Rome", "-").WithClosures(closures)
	if err != nil {
		t.Fatal(err)
	}
	received := rome(t, "2026-08-07 17:00")
	if got, want := cal.NextOpen(rome(t, "2026-08-10 15:00")), rome(t, "2026-08-17 16:30"); !got.Equal(want) {
		t.Errorf("next opening %v, want %v", got, want)
	}
	limit, err := Agency(cal).Ack.Limit.Due(cal, nil, received)
	if want := rome(t, "2026-08-10 18:00"); err != nil || !limit.Equal(want) {
		t.Errorf("limit %v (%v), want %v: nobody was told", limit, err, want)
	}
	if _, err := calendar.FeedClosures([]byte(feed), "Nowhere"); err == nil {
		t.Error("an unknown zone was taken")
	}
	if _, err := calendar.FeedClosures([]byte("nothing"), "Europe/Rome"); err == nil {
		t.Error("no calendar was taken for one")
	}
}

// TestBuiltIn: the two contracts, as their texts and our decisions say.
func TestBuiltIn(t *testing.T) {
	summer := "2026-08-08..2026-08-23@2026-07-20T09:00:00+02:00"
	desk := caseCalendar(t, "mb_15_18", "Europe/Rome", summer)
	market, err := NewCalendar(MarketplaceSpec("Europe/Rome", parseClosures(t, summer)))
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		policy               Policy
		obligation           Obligation
		from                 string
		target, limit, actBy string // "" for none
	}{
		{Agency(desk), Ack, "2026-11-20 17:30", "2026-11-20 18:00", "2026-11-24 15:30", "2026-11-24 15:30"},
		{Agency(desk), Ack, "2026-08-07 17:00", "2026-08-07 18:00", "2026-08-24 18:00", "2026-08-24 18:00"},
		{Agency(desk), Fix, "2026-11-20 17:30", "", "", ""},
		{Agency(desk), NextReply, "2026-11-20 17:45", "2026-11-23 18:00", "", "2026-11-23 18:00"},
		{Agency(desk), ResolutionNotice, "2026-11-20 17:30", "2026-11-20 18:00", "", "2026-11-20 18:00"},
		{Agency(desk), ETA, "2026-11-24 20:00", "2026-11-24 20:00", "", "2026-11-24 18:00"},
		{BusinessCare(market), Ack, "2026-11-23 10:00", "2026-11-23 18:00", "2026-11-24 10:00", "2026-11-23 18:00"},
		{BusinessCare(market), Ack, "2026-08-07 16:00", "2026-08-07 18:00", "2026-08-24 16:00", "2026-08-24 16:00"},
		{BusinessCare(market), Ack, "2026-12-24 18:30", "", "2026-12-25 18:30", ""},
		{BusinessCare(market), Fix, "2026-11-23 10:00", "2026-12-24 00:00", "2027-01-05 00:00", "2027-01-04 18:00"},
		{BusinessCare(market), Fix, "2026-07-27 10:00", "2026-08-27 00:00", "2026-09-08 00:00", "2026-09-07 18:00"},
		{BusinessCare(market), ResolutionNotice, "2026-11-23 10:00", "", "", ""},
	}
	for _, c := range cases {
		if err := c.policy.Check(); err != nil {
			t.Fatal(err)
		}
		due, err := c.policy.Due(c.obligation, rome(t, c.from), desk)
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range []struct {
			what, want string
			got        time.Time
		}{{"target", c.target, due.Target}, {"limit", c.limit, due.Limit}, {"act_by", c.actBy, due.ActBy}} {
			got := ""
			if !pair.got.IsZero() {
				got = pair.got.In(desk.Zone()).Format("2006-01-02 15:04")
			}
			if got != pair.want {
				t.Errorf("%s %s from %s: %s %q, want %q", c.policy.Name, c.obligation, c.from, pair.what, got, pair.want)
			}
		}
	}
}

// TestElapsedClockClosures: clock time stands still while notified as shut, and
// nothing ends in the middle of a closure.
func TestElapsedClockClosures(t *testing.T) {
	cases := []struct{ closure, received, want string }{
		{"-", "2026-11-23 12:00", "2026-11-23 16:00"},
		{"2026-11-23T16:00..2026-11-23T17:00@2026-11-01T00:00:00Z", "2026-11-23 12:00", "2026-11-23 16:00"},
		{"2026-11-23T15:00..2026-11-23T16:00@2026-11-01T00:00:00Z", "2026-11-23 12:00", "2026-11-23 17:00"},
		{"2026-11-23T15:00..2026-11-23T16:00", "2026-11-23 12:00", "2026-11-23 16:00"},
		{"2026-11-23T15:00..2026-11-23T20:00@2026-11-01T00:00:00Z", "2026-11-23 12:00", "2026-11-24 15:00"},
		{"2026-11-24..2026-11-24@2026-11-01T00:00:00Z", "2026-11-23 18:30", "2026-11-25 15:00"},
	}
	for _, c := range cases {
		cal := caseCalendar(t, "mb_15_18", "Europe/Rome", c.closure)
		due, err := Term{4, "h", "elapsed_clock", "suspend"}.Due(cal, nil, rome(t, c.received))
		if want := rome(t, c.want); err != nil || !due.Equal(want) {
			t.Errorf("closure %s, received %s: due %v (%v), want %s", c.closure, c.received, due.In(cal.Zone()), err, c.want)
		}
	}
}

// TestBeforeClosure: a request that comes when nobody is in any more before a closure that customers were told of has the target of one that
// comes during it. One that can still be answered before has not.
func TestBeforeClosure(t *testing.T) {
	const august = "2026-08-08..2026-08-23@2026-07-20T09:00:00+02:00"
	desk := caseCalendar(t, "mb_15_18", "Europe/Rome", august)
	agency, care := Agency(desk), BusinessCare(caseCalendar(t, "mp_mon_fri", "Europe/Rome", august))
	weekend := Agency(caseCalendar(t, "mb_15_18", "Europe/Rome", "2026-08-10..2026-08-21@2026-07-20T09:00:00+02:00"))
	two := Agency(caseCalendar(t, "mb_15_18", "Europe/Rome", "2026-08-07..2026-08-07@2026-07-20T09:00:00+02:00|2026-08-10..2026-08-14@2026-07-20T09:00:00+02:00"))
	for _, c := range []struct {
		name         string
		policy       Policy
		received, by string
	}{
		{"half an hour left", agency, "2026-08-07 17:30", "2026-08-07 18:00"},
		{"too little left", agency, "2026-08-07 17:45", "2026-08-24 18:00"},
		{"after hours", agency, "2026-08-07 18:30", "2026-08-24 18:00"},
		{"the weekend before", weekend, "2026-08-09 10:00", "2026-08-24 18:00"},
		{"a weekend between two", two, "2026-08-07 16:00", "2026-08-17 18:00"},
		{"still in", care, "2026-08-07 16:00", "2026-08-07 18:00"},
		{"after our hours", care, "2026-08-07 20:00", "2026-08-24 18:00"},
	} {
		due, err := c.policy.Due(Ack, rome(t, c.received), desk)
		if err != nil || !due.Target.Equal(rome(t, c.by)) {
			t.Errorf("%s: target %v, %v; want %s", c.name, due.Target, err, c.by)
		}
	}
}

// TestBeforeTimedClosure: what counts is how long somebody is in before the closure begins, whatever of the opening it takes and however many
// openings before it are too short.
func TestBeforeTimedClosure(t *testing.T) {
	const christmas = "2026-12-24T17:00..2027-01-06T23:59:59@2026-12-01T10:00:00+01:00"
	desk := caseCalendar(t, "mb_15_18", "Europe/Rome", christmas)
	spec := Spec{Name: "short", Timezone: "Europe/Rome", Open: []string{"mon-fri 15:00-18:00", "sat 10:00-10:20 11:00-11:20"}, Closures: parseClosures(t, "2026-08-09..2026-08-23@2026-07-20T09:00:00+02:00")}
	short, err := NewCalendar(spec)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name         string
		cal          *Calendar
		received, by string
	}{
		{"half an hour before it", desk, "2026-12-24 16:30", "2026-12-24 18:00"},
		{"a quarter before it", desk, "2026-12-24 16:45", "2027-01-07 18:00"},
		{"too short, twice", short, "2026-08-07 17:45", "2026-08-24 18:00"},
	} {
		due, err := Agency(c.cal).Due(Ack, rome(t, c.received), c.cal)
		if err != nil || !due.Target.Equal(rome(t, c.by)) || due.Target.After(due.Limit) {
			t.Errorf("%s: target %v, limit %v, %v; want %s", c.name, due.Target, due.Limit, err, c.by)
		}
	}
}
