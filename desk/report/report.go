// Package report gathers what the daily digest says: open tickets from the store, figures from the counters of days, never from the
// history. It decides nothing and writes nothing.
package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"replyby/desk/charter"
	"replyby/desk/figure"
	"replyby/letter/digest"
	"replyby/sla"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/verdict"
)

const (
	figureDays = 30 // the longer stretch of the figures
	chartDays  = 10 // working days of the chart
	lookAhead  = 21 // days of what is coming
)

// Health is what the digest says of the program itself.
type Health struct {
	LastRead    time.Time
	ReadTrouble string    // why the mailbox cannot be read; "" = it can
	ReadSince   time.Time // since when
	ReadWhat    string    // what it is that holds up: disk, or "" = the mailbox
	Unread      bool      // the program has just started and has not looked at the mailbox yet
	LastSent    time.Time
	SendTrouble string
	// FolderTrouble says why folders beside the inbox cannot be read: answers written outside and mail taken for spam are not seen.
	FolderTrouble []string
	Missing       []digest.Mail // in the mailbox and not in the database
	Harmed        []string      // what is harmed in the database and was made up for
}

// Source is where a report takes its facts from.
type Source struct {
	*charter.Charter
	Store store.Store
}

// Gather makes the report of a moment. own is the desk's own file.
func (d Source) Gather(ctx context.Context, own ticket.Ticket, now time.Time, h Health) (digest.Report, error) {
	last := own.DigestAt
	if last.IsZero() { // the first one does not go through all that was ever taken over
		last = now.AddDate(0, 0, -1)
	}
	r := digest.Report{Desk: cmp.Or(d.Team, d.Name), At: now, Zone: d.Zone}
	r.Hours, r.Shut = d.today(now)
	open := survey{Source: d, r: &r, end: d.midnight(now, 1), still: d.idleSince(now), odd: leftover{last: last}}
	if err := open.all(ctx); err != nil {
		return r, err
	}
	d.ahead(&r, open.fixes)
	if err := d.closures(ctx, &r); err != nil {
		return r, err
	}
	var err error
	if r.Odd, err = d.odd(ctx, &r, open.odd); err != nil {
		return r, err
	}
	if n := len(open.moved); n > 0 {
		r.Odd = append(r.Odd, digest.Odd{Kind: "moved", N: n, Refs: open.moved})
	}
	if n := len(h.Missing); n > 0 {
		r.Odd = append(r.Odd, digest.Odd{Kind: "missing", N: n, Mails: h.Missing[:min(n, mailsShown)]})
	}
	r.People = d.people(own, now)
	untold, err := d.untold(ctx, &r)
	if err != nil {
		return r, err
	}
	r.Odd = append(r.Odd, untold...)
	if err := d.figures(ctx, &r); err != nil {
		return r, err
	}
	return r, d.program(ctx, &r, own, h)
}

// list puts a running obligation where it belongs: late past its limit, a promise broken past its instant, else due today or
// promised for today, or a correction past its target alone. It reports whether it is looked after: it belongs somewhere, or a person has promised it for later.
func list(r *digest.Report, t *ticket.Ticket, o ticket.Obligation, end time.Time) bool {
	limit, target := o.Limit, o.Target
	if limit.IsZero() {
		limit = target
	}
	if target.IsZero() {
		target = limit
	}
	switch {
	case sla.Obligation(o.Name).Promised() && !r.At.Before(target):
		r.Broken = append(r.Broken, itemOf(t, o.Name, target))
	case !limit.IsZero() && !r.At.Before(limit):
		r.Late = append(r.Late, itemOf(t, o.Name, limit))
	case target.IsZero() || target.After(end): // the midnight that ends the day is today's
		return sla.Obligation(o.Name).Promised()
	case sla.Obligation(o.Name).Promised():
		r.Promised = append(r.Promised, itemOf(t, o.Name, target))
	default:
		next := nextOf(r.At, target, o.ActBy, limit)
		if next.After(end) && sla.Obligation(o.Name) == sla.Fix { // an answer that is late already is for today
			r.Past = append(r.Past, itemOf(t, o.Name, next))
			break
		}
		r.Today = append(r.Today, itemOf(t, o.Name, next))
	}
	return true
}

// nextOf is the first of some instants, in their order, that is not past.
func nextOf(now time.Time, at ...time.Time) time.Time {
	for _, t := range at {
		if t.After(now) {
			return t
		}
	}
	return at[len(at)-1]
}

func itemOf(t *ticket.Ticket, owed duty.Name, when time.Time) digest.Item {
	i := digest.Item{
		Ref: t.Ref, Subject: t.Subject, Customer: cmp.Or(t.Customer.Name, t.Customer.Addr), Duty: owed, When: when, Who: t.Assignee,
		Urgent: t.Verdict.Urgency == verdict.Urgent,
	}
	if t.State == ticket.Waiting {
		i.Waits = touched(t)
	}
	return i
}

func ageClass(age time.Duration) int {
	const day = 24 * time.Hour
	for i, most := range []time.Duration{2 * day, 6 * day, 16 * day} {
		if age < most {
			return i
		}
	}
	return 3
}

// midnight is the start of the local day n days after the one of an instant.
func (d Source) midnight(at time.Time, n int) time.Time {
	y, m, day := at.In(d.Zone).Date()
	return time.Date(y, m, day+n, 0, 0, 0, 0, d.Zone)
}

// works reports whether our people are in at all on the day n days after that of an instant.
func (d Source) works(at time.Time, n int) bool {
	return d.Service.Between(d.midnight(at, n), d.midnight(at, n+1)) > 0
}

// today says our hours of this day, or why we are shut.
func (d Source) today(now time.Time) (hours, shut string) {
	at := now.In(d.Zone)
	for _, day := range d.Service.Month(at.Year(), at.Month()) {
		if day.Date == at.Format(time.DateOnly) && len(day.Open) > 0 {
			return inDay(day.Open, d.Zone), ""
		}
	}
	name, _ := d.Service.Holiday(now)
	return "", name
}

// inDay writes the openings of one day, "09:00-13:00, 14:00-18:00".
func inDay(open []sla.Span, zone *time.Location) string {
	said := make([]string, len(open))
	for i, s := range open {
		until := s.To.In(zone).Format("15:04")
		if until == "00:00" {
			until = "24:00"
		}
		said[i] = s.From.In(zone).Format("15:04") + "-" + until
	}
	return strings.Join(said, ", ")
}

// ahead looks at the days to come: holidays, the 30-day limits that are near, and contracts that end.
func (d Source) ahead(r *digest.Report, fixes []digest.Coming) {
	for n := 1; n <= lookAhead; n++ {
		day := d.midnight(r.At, n)
		name, holiday := d.Service.Holiday(day)
		if !holiday || day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			continue
		}
		kind := "holiday"
		if d.Policy.Calendar.Between(day, d.midnight(r.At, n+1)) > 0 {
			kind = "holiday_runs"
		}
		r.Coming = append(r.Coming, digest.Coming{From: day, Kind: kind, Name: name})
	}
	r.Coming = append(r.Coming, fixes...)
	d.ending(r)
	slices.SortStableFunc(r.Coming, func(a, b digest.Coming) int { return a.From.Compare(b.From) })
}

// lastWorked is which day before that of an instant our people were last in: -1 is yesterday, also where they were in on none of many days.
func (d Source) lastWorked(at time.Time) int {
	for n := -1; n > -figureDays; n-- {
		if d.works(at, n) {
			return n
		}
	}
	return -1
}

// figures reads the counters since the last working day, of the longer stretch, and of the days of the chart.
func (d Source) figures(ctx context.Context, r *digest.Report) error {
	day := func(n int) string { return d.midnight(r.At, n).Format(time.DateOnly) }
	tallies, err := d.Store.Tallies(ctx, d.Name, day(-figureDays), day(0))
	if err != nil {
		return fmt.Errorf("read the counters of days: %w", err)
	}
	r.Blind = d.blind(tallies, r.At)
	if err := d.bills(ctx, r, tallies); err != nil {
		return err
	}
	tallies = slices.DeleteFunc(tallies, func(t store.Tally) bool { return t.Day == day(0) }) // not over yet
	since := d.lastWorked(r.At)
	r.Since = d.midnight(r.At, since)
	var recent []store.Tally
	byDay := map[string]store.Tally{}
	for _, t := range tallies {
		byDay[t.Day] = t
		if t.Day >= day(since) {
			recent = append(recent, t)
		}
		if t.Day >= day(since) && t.Count[store.Lost] > 0 {
			lost, _ := time.ParseInLocation(time.DateOnly, t.Day, d.Zone) // the store's own form
			r.Program.Trouble = append(r.Program.Trouble, digest.Trouble{Kind: "counters", Day: lost})
		}
	}
	r.Recent, r.Month = figuresOf(recent), figuresOf(tallies)
	for n := -1; n > -figureDays && len(r.Days) < chartDays; n-- {
		if d.works(r.At, n) {
			c := byDay[day(n)].Count
			r.Days = append(r.Days, digest.Day{Date: d.midnight(r.At, n), Kept: max(0, int(c["kept"])), Missed: max(0, int(c["missed"]))})
		}
	}
	slices.Reverse(r.Days)
	return nil
}

func figuresOf(days []store.Tally) digest.Figures {
	var f digest.Figures
	minutes := map[int]int64{}
	for _, t := range days {
		f.New += int(t.Count["new"])
		f.Kept += int(t.Count["kept"])
		f.Missed += int(t.Count["missed"])
		f.Solved += int(t.Count["resolved"])
		f.TargetMissed += int(t.Count["target_missed"])
		for name, n := range t.Count {
			if m, ok := strings.CutPrefix(name, figure.AckMinutes); ok {
				if v, err := strconv.Atoi(m); err == nil {
					minutes[v] += n
				}
			}
		}
	}
	f.Kept, f.Missed, f.Solved = max(0, f.Kept), max(0, f.Missed), max(0, f.Solved) // what is taken back may have been counted before
	f.Median = median(minutes)
	return f
}

// median is the middle of counted minutes.
func median(counts map[int]int64) time.Duration {
	var values []int
	var total int64
	for v, n := range counts {
		values = append(values, v)
		total += n
	}
	slices.Sort(values)
	var below int64
	for _, v := range values {
		if below += counts[v]; 2*below >= total {
			return time.Duration(v) * time.Minute
		}
	}
	return 0
}

// program says how the program itself is.
func (d Source) program(ctx context.Context, r *digest.Report, own ticket.Ticket, h Health) error {
	queue, err := d.Store.Outbox(ctx, d.Name, r.At.AddDate(1, 0, 0), 0) // those put off too
	if err := d.spare(r, 0, err); err != nil {
		return fmt.Errorf("count the outbox: %w", err)
	}
	head, err := d.Store.Head(ctx, d.Name)
	if err != nil {
		return fmt.Errorf("read the end of the log: %w", err)
	}
	r.Program = digest.Program{
		LastRead: h.LastRead, LastSent: h.LastSent, Queue: len(queue), Entries: head.Seq, Head: head.Hash.String()[:16], Trouble: r.Program.Trouble,
	}
	trouble := func(kind string, what ...string) {
		for _, w := range what {
			if w != "" {
				r.Program.Trouble = append(r.Program.Trouble, digest.Trouble{Kind: kind, What: w})
			}
		}
	}
	trouble("foreign", own.Foreign)
	trouble("harmed", h.Harmed...)
	trouble(cmp.Or(h.ReadWhat, "imap"), h.ReadTrouble)
	trouble("smtp", h.SendTrouble)
	trouble("folder", h.FolderTrouble...)
	return nil
}
