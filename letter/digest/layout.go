package digest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/sla/wording"
)

// layout is a report on its way onto a page.
type layout struct {
	Report
	v words.Voice
}

func (l layout) subject() string {
	var parts []string
	for _, c := range []struct {
		key string
		n   int
	}{{"digest.subject.late", len(l.Late)}, {"digest.subject.broken", len(l.Broken)}, {"digest.subject.today", len(l.Today)}, {"digest.subject.promised", len(l.Promised)}, {"digest.subject.trouble", len(l.Program.Trouble) + min(1, len(l.Damaged))}} {
		if c.n > 0 {
			parts = append(parts, l.v.Count(c.key, c.n))
		}
	}
	switch {
	case parts != nil:
	case l.Quiet():
		parts = []string{l.v.Say("digest.subject.quiet")}
	default:
		parts = []string{l.v.Say("digest.subject.look")}
	}
	return l.v.Say("digest.subject", "desk", l.Desk, "date", l.v.Day(l.At), "what", strings.Join(parts, ", "))
}

func (l layout) top(p *page.Page) {
	hours := l.v.Say("digest.closed")
	switch {
	case l.Hours != "":
		hours = l.v.Say("digest.hours", "hours", l.Hours)
	case l.Shut != "":
		hours = l.v.Say("digest.shut", "name", l.Shut)
	}
	p.Para(l.v.Say("digest.at", "time", l.At.In(l.Zone).Format("15:04")) + " " + hours)
	for _, t := range l.Program.Trouble {
		p.Alert(l.v.Say("trouble."+t.Kind, "what", t.What, "date", l.v.Day(t.Day)), true)
	}
	if n := len(l.Damaged); n > 0 {
		p.Alert(l.v.Count("digest.damaged", n, "names", strings.Join(l.Damaged, ", ")), true)
	}
	if l.Quiet() {
		p.Para(l.v.Say("digest.quiet"))
	}
}

// lists are the first screen: what somebody has to do.
func (l layout) lists(p *page.Page) {
	l.list(p, "digest.late", l.Late, func(i Item) (string, string) {
		return l.v.Today(i.When), l.duty(i)
	})
	l.list(p, "digest.broken", l.Broken, func(i Item) (string, string) { return l.v.Today(i.When), l.duty(i) })
	l.list(p, "digest.today", l.Today, func(i Item) (string, string) {
		return l.v.Say("digest.by", "when", l.v.Today(i.When)), l.duty(i)
	})
	l.list(p, "digest.past", l.Past, func(i Item) (string, string) {
		return l.v.Say("digest.by", "when", l.v.Today(i.When)), l.duty(i)
	})
	l.list(p, "digest.promised", l.Promised, func(i Item) (string, string) { return l.v.Today(i.When), l.duty(i) })
	l.idle(p)
	l.list(p, "digest.waiting", l.Waiting, func(i Item) (string, string) { return l.since(i.When), "" })
	if l.Address != "" && len(l.Late)+len(l.Broken)+len(l.Today)+len(l.Past)+len(l.Promised)+len(l.Idle)+len(l.Waiting) > 0 {
		p.Small(l.v.Say("summary.how.budget", "desk", l.Address))
	}
}

// idle lists what stands still, with what was done last.
func (l layout) idle(p *page.Page) {
	l.list(p, "digest.idle", l.Idle, func(i Item) (string, string) { return l.since(i.When), l.last(i) }, l.IdleMore)
	if l.IdleMore > 0 {
		p.Small(l.v.Count("digest.idle.more", l.IdleMore))
	}
}

// since says for how many days something has been so.
func (l layout) since(t time.Time) string {
	n := l.days(t)
	if n == 0 {
		return l.v.Say("digest.days.none")
	}
	return l.v.Count("digest.days", n)
}

// last says what was done last with a ticket, on which day and by whom.
func (l layout) last(i Item) string {
	switch {
	case i.Last == "":
		return l.v.Say("act.none")
	case i.By == "":
		return l.v.Say("act.on", "what", l.act(i.Last), "date", l.v.Day(i.When))
	}
	return l.v.Say("act.by", "what", l.act(i.Last), "name", i.By, "date", l.v.Day(i.When))
}

func (l layout) act(kind string) string {
	if !l.v.Has("act." + kind) {
		kind = "other"
	}
	return l.v.Say("act." + kind)
}

// list adds a section of tickets, and counts more that are not listed; tell gives the words for when and for what.
func (l layout) list(p *page.Page, key string, items []Item, tell func(Item) (when, what string), more ...int) {
	if len(items) == 0 {
		return
	}
	n := len(items)
	for _, further := range more {
		n += further
	}
	p.Heading(l.v.Say(key) + " (" + strconv.Itoa(n) + ")")
	rows := make([]page.Row, len(items))
	for i, x := range items {
		when, what := tell(x)
		if !x.Waits.IsZero() && key != "digest.waiting" {
			what = strings.TrimPrefix(what+", "+l.v.Say("digest.waits", "when", l.since(x.Waits)), ", ")
		}
		who := x.Who
		if who == "" && key != "digest.waiting" {
			who = l.v.Say("fact.nobody")
		}
		rows[i] = page.Row{Ref: x.Ref, Text: x.Subject, When: when, Who: who, Urgent: x.Urgent, Late: key == "digest.late" || key == "digest.broken", Notes: l.notes(x.Customer, what)}
	}
	p.Rows(rows...)
}

// notes puts who and what on one line.
func (l layout) notes(customer, what string) []string {
	switch {
	case customer != "" && what != "":
		return []string{l.v.Say("done.why", "done", customer, "why", what)}
	case customer+what != "":
		return []string{customer + what}
	}
	return nil
}

func (l layout) duty(i Item) string {
	name := string(i.Duty)
	if name == "" || !l.v.Has("duty."+name) {
		return name
	}
	return words.Within(l.v.Say("duty." + name))
}

// days counts calendar days between a past instant and the report, by date.
func (l layout) days(t time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(l.Zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(l.At).Sub(day(t)) / (24 * time.Hour)) // UTC days are all 24 h long
}

func (l layout) figures(p *page.Page) {
	y, m := l.Recent, l.Month
	if y == (Figures{}) && m == (Figures{}) && len(l.Days) == 0 {
		return
	}
	p.Heading(l.v.Say("digest.figures"))
	row := func(key, a, b string) []string { return []string{l.v.Say(key), a, b} }
	span, recent := "", l.v.Say("digest.yesterday")
	if !l.Since.IsZero() && l.days(l.Since) > 1 {
		span, recent = l.v.Say("digest.until"), l.v.Say("digest.since", "date", l.v.Day(l.Since)) // today is not over
	}
	p.Table([]string{span, recent, l.v.Say("digest.month")}, [][]string{
		row("digest.new", strconv.Itoa(y.New), strconv.Itoa(m.New)),
		row("digest.kept", y.share(), m.share()),
		row("digest.median", y.median(), m.median()),
		row("digest.solved", strconv.Itoa(y.Solved), strconv.Itoa(m.Solved)),
		row("digest.target", strconv.Itoa(y.TargetMissed), strconv.Itoa(m.TargetMissed)),
	})
	var bars []page.Bar
	for _, d := range l.Days {
		bars = append(bars, page.Bar{Label: l.v.Day(d.Date), Good: d.Kept, Bad: d.Missed})
	}
	if slices.ContainsFunc(l.Days, func(d Day) bool { return d.Kept+d.Missed > 0 }) {
		p.Bars(l.v.Count("digest.bars", len(bars)), bars...)
	}
	if l.Ages != (Ages{}) {
		bars = nil
		for i, key := range []string{"0-1", "2-5", "6-15", "> 15"} {
			bars = append(bars, page.Bar{Label: l.v.Say("digest.age", "days", key), Good: l.Ages[i]})
		}
		p.Bars(l.v.Say("digest.ages"), bars...)
	}
	if h := l.Fixes; h != (Horizon{}) {
		p.Bars(l.v.Say("digest.fixes"), page.Bar{Label: l.v.Say("digest.workdays", "days", "1-5"), Good: h.Soon, Note: h.Next},
			page.Bar{Label: l.v.Say("digest.workdays", "days", "6-15"), Good: h.Later}, page.Bar{Label: l.v.Say("digest.far"), Good: h.Far})
	}
}

// share says how many limits were kept of those that fell due.
func (f Figures) share() string {
	due := f.Kept + f.Missed
	if due == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d (%d %%)", f.Kept, due, f.Kept*100/due) // in HTML two spaces are one, and 4/5 80 % is no sum
}

func (f Figures) median() string {
	if f.Median <= 0 {
		return "-"
	}
	return wording.Duration(max(f.Median.Truncate(time.Minute), time.Minute))
}

func (l layout) ahead(p *page.Page) {
	if len(l.Coming) > 0 {
		p.Heading(l.v.Say("digest.coming"))
		facts := make([][2]string, len(l.Coming))
		for i, c := range l.Coming {
			day := l.v.Day(c.From)
			if !c.Until.IsZero() {
				day += " - " + l.v.Day(c.Until)
			}
			said := c.Name
			if l.v.Has("coming." + c.Kind) {
				said = l.v.Say("coming."+c.Kind, "name", c.Name, "ref", c.Ref)
			}
			facts[i] = [2]string{day, said}
		}
		p.Facts(facts...)
	}
	if len(l.Bills) > 0 {
		p.Heading(l.v.Say("digest.bills") + " (" + strconv.Itoa(len(l.Bills)) + ")")
		rows := make([]page.Row, len(l.Bills))
		for i, b := range l.Bills {
			rows[i] = page.Row{Ref: b.Ref, Text: b.Subject, When: fmt.Sprintf("%d min", b.Minutes), Notes: []string{l.v.Say("digest.consent.none")}}
			if !b.Consent.IsZero() {
				rows[i].Notes[0] = l.v.Say("digest.consent", "date", l.v.Day(b.Consent))
			}
		}
		p.Rows(rows...)
	}
}

// people says who is away, and with whom mail does not work yet.
func (l layout) people(p *page.Page) {
	if len(l.People) == 0 {
		return
	}
	p.Heading(l.v.Say("digest.people"))
	var lines []string
	for _, who := range l.People {
		if !who.Away.IsZero() {
			lines = append(lines, l.v.Say("digest.people.away", "name", who.Name, "when", l.v.Today(who.Away)))
		}
		if !who.Asked.IsZero() {
			lines = append(lines, l.v.Say("digest.people.silent", "name", who.Name, "date", l.v.Day(who.Asked)))
		}
		if who.Junk {
			lines = append(lines, l.v.Say("digest.people.junk", "name", who.Name))
		}
	}
	p.List(lines...)
}

// aside lists what was counted, then each mail of it that is worth a look, with the word that makes it a ticket.
func (l layout) aside(p *page.Page) {
	if len(l.Odd)+len(l.Blind) == 0 {
		return
	}
	p.Heading(l.v.Say("digest.odd"))
	var lines []string
	for _, b := range l.Blind {
		lines = append(lines, l.blind(b))
	}
	var rows []page.Row
	adoptable := ""
	for _, o := range l.Odd {
		lines = append(lines, l.odd(o))
		for _, m := range o.Mails {
			rows = append(rows, page.Row{Ref: m.ID, Text: m.Subject, When: l.v.Today(m.At), Notes: l.notes(m.From, m.Ref)})
			adoptable = cmp.Or(adoptable, m.ID)
		}
	}
	p.List(lines...)
	p.Rows(rows...)
	if adoptable != "" {
		p.Small(l.v.Say("digest.adopt", "word", "adopt "+adoptable))
	}
}

func (l layout) odd(o Odd) string {
	line := fmt.Sprintf("%s: %d", o.Kind, o.N)
	if l.v.Has("odd." + o.Kind + ".one") {
		line = l.v.Count("odd."+o.Kind, o.N)
	}
	if len(o.Refs) > 0 {
		line += " (" + strings.Join(o.Refs, ", ") + ")"
	}
	return line
}

func (l layout) blind(b Blind) string {
	key := "digest.rule.silent"
	if b.Field != "" {
		key = "digest.rule.field"
	}
	return l.v.Say(key, "name", b.Rule, "value", b.Field, "date", l.v.Day(b.Since))
}

func (l layout) program(p *page.Page) {
	x := l.Program
	p.Heading(l.v.Say("digest.program"))
	var facts [][2]string
	fact := func(key, value string) { facts = append(facts, [2]string{l.v.Say(key), value}) }
	if !x.LastRead.IsZero() {
		fact("program.read", l.v.Today(x.LastRead))
	}
	if !x.LastSent.IsZero() {
		fact("program.sent", l.v.Today(x.LastSent))
	}
	fact("program.queue", strconv.Itoa(x.Queue))
	if x.Head != "" {
		fact("program.log", l.v.Count("program.entries", int(x.Entries), "head", grouped(x.Head)))
	}
	p.Facts(facts...)
}

// grouped shows the first 16 characters of a hash in fours, which people can compare.
func grouped(s string) string {
	var b strings.Builder
	for i, r := range []rune(s)[:min(16, len([]rune(s)))] {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
