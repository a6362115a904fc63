package sla

import (
	"testing"
	"time"
)

func benchCalendars(b *testing.B) (desk, market *Calendar) {
	const summer = "2026-08-08..2026-08-23@2026-07-20T09:00:00+02:00|2026-12-24..2027-01-06@2026-12-01T10:00:00+01:00"
	return caseCalendar(b, "office_it", "Europe/Rome", summer), caseCalendar(b, "mp_mon_fri", "Europe/Rome", summer)
}

// BenchmarkLimit30 is a limit 30 working days away, across a clock change.
// Budget: 20 µs, 40 allocations.
func BenchmarkLimit30(b *testing.B) {
	_, market := benchCalendars(b)
	term := Term{30, "wd", "workday_end", "suspend"}
	received := rome(b, "2026-10-01 12:00")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := term.Due(market, nil, received); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkElapsed30 is the same span in open hours of a split day.
func BenchmarkElapsed30(b *testing.B) {
	desk, _ := benchCalendars(b)
	term := Term{240, "h", "elapsed_working", "suspend"}
	received := rome(b, "2026-10-01 12:00")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := term.Due(desk, nil, received); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTicket is target, limit, act_by and ladder of one ticket. Budget: 60 µs.
func BenchmarkTicket(b *testing.B) {
	desk, market := benchCalendars(b)
	p := BusinessCare(market)
	received := rome(b, "2026-11-20 17:00")
	b.ReportAllocs()
	for b.Loop() {
		ticket(b, p, desk, Ack, received)
	}
}

// BenchmarkFixTicket is the same for the thirty days of a fault.
func BenchmarkFixTicket(b *testing.B) {
	desk, market := benchCalendars(b)
	p := BusinessCare(market)
	received := rome(b, "2026-10-01 12:00")
	b.ReportAllocs()
	for b.Loop() {
		ticket(b, p, desk, Fix, received)
	}
}

func ticket(b *testing.B, p Policy, desk *Calendar, o Obligation, received time.Time) {
	due, err := p.Due(o, received, desk)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := p.Rungs(Situation{Due: due, Since: received, Service: desk}); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRecompute is 100,000 open tickets after a calendar was edited: ack and
// fix of each, with ladders. Budget: 10 s on two cores; this uses one.
func BenchmarkRecompute(b *testing.B) {
	desk, market := benchCalendars(b)
	p := BusinessCare(market)
	start := rome(b, "2026-10-01 12:00")
	for b.Loop() {
		for i := range 100_000 {
			at := start.Add(time.Duration(i) * 37 * time.Second)
			ticket(b, p, desk, Ack, at)
			ticket(b, p, desk, Fix, at)
		}
	}
}

// BenchmarkCount is the explanation of a limit 30 working days away.
func BenchmarkCount(b *testing.B) {
	_, market := benchCalendars(b)
	term := Term{30, "wd", "workday_end", "suspend"}
	received := rome(b, "2026-10-01 12:00")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := term.Count(market, nil, received); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNewCalendar is reading a calendar with holidays of 31 years.
func BenchmarkNewCalendar(b *testing.B) {
	for b.Loop() {
		if _, err := NewCalendar(Spec{Name: "desk", Timezone: "Europe/Rome", Open: []string{"mon-fri 15:00-18:00"}, Holidays: []string{"IT"}}); err != nil {
			b.Fatal(err)
		}
	}
}
