package sla

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"replyby/sla/calendar"
)

// Step is one step of a ladder of warnings.
//
// At says when, always in the desk's service hours:
//
//	"50%"                     that part of the service time from receipt to target
//	"target", "limit"         at that instant
//	"30m before limit"        service time before (h, m, s); without a name, before the target
//	"0.5wd before"            that part of a working day's service time before
//	"5wd before"              the opening of the 5th working day before
//	"every working morning"   every opening after the limit (the target where there is
//	                          no limit), until somebody acts
//
// To names who: "assignee" (the team where nobody is assigned), "team",
// "managers", "on_call" or a mail address. on_call is left out outside service
// hours, unless the ticket is urgent or the customer bought hours of its own.
type Step struct {
	At string
	To []string
}

// Rung is a step placed in time. Name is stable and unique within one obligation:
// a rung once announced is known by it.
type Rung struct {
	Name  string    `json:"name"`
	At    time.Time `json:"at"`
	To    []string  `json:"to"`
	Means string    `json:"means"` // warning, target_passed, refund, limit_passed, promise_passed, reminder
}

// Situation is what the rungs of one obligation depend on.
type Situation struct {
	Due      Due
	Since    time.Time // when the ticket came in here or was last retimed: nothing is announced for before
	Now      time.Time // repeats are listed up to the first after it
	Service  *Calendar
	Urgent   bool
	OwnHours bool // the customer's agreement has its own calendar
}

// AtOnce names the step that replaces the early ones where the target is so near that it is announced as soon as the clock is set.
const AtOnce = "now"

// nearest is the service time under which fractions of it help nobody.
const nearest = 30 * time.Minute

// steps returns the ladder of an obligation.
func (p Policy) steps(o Obligation) []Step {
	switch {
	case o == Fix && p.FixLadder != nil:
		return p.FixLadder
	case o == Fix:
		return []Step{
			{"15wd before", []string{"assignee"}},
			{"5wd before", []string{"assignee", "team"}},
			{"1wd before", []string{"team", "managers"}},
			{"target", []string{"team", "managers"}},
			{"limit", []string{"team", "managers"}},
		}
	case o.Promised() && p.ETALadder != nil:
		return p.ETALadder
	case o.Promised():
		return []Step{{"0.5wd before", []string{"assignee"}}, {"target", []string{"assignee", "team", "managers"}}}
	case p.Ladder != nil:
		return p.Ladder
	}
	return []Step{
		{"50%", []string{"assignee"}},
		{"75%", []string{"team"}},
		{"90%", []string{"team", "managers"}},
		{"limit", []string{"team", "managers"}},
	}
}

// Rungs places the ladder of an obligation in time, in order. Where the target is
// none, past, or under 30 minutes of service time away, one immediate warning to
// team and managers ("now") stands for all steps before it, but of promised news
// none; steps at the target and at the limit stay. Of several steps already past at Since only the last
// remains. Errors wrap ErrPolicy.
func (p Policy) Rungs(s Situation) ([]Rung, error) {
	d := s.Due
	if d.Target.IsZero() && d.Limit.IsZero() {
		return nil, nil
	}
	near := d.Target.IsZero() || s.isNear(cmp.Or(p.Near, nearest))
	var early, fixed []Rung
	for _, step := range p.steps(d.Obligation) {
		m, err := parseMark(step.At)
		if err != nil {
			return nil, fmt.Errorf("%w %q: ladder step %q: %w", ErrPolicy, p.Name, step.At, err)
		}
		switch {
		case m.repeats:
			fixed = append(fixed, s.mornings(step)...)
		case m.instant() != "":
			fixed = append(fixed, s.anchored(m, step)...)
		case !near:
			early = append(early, s.before(m, step)...)
		}
	}
	soon := near && d.Obligation != NextUpdate // of news so near whoever promises it has just spoken
	if soon && !slices.ContainsFunc(fixed, func(r Rung) bool { return !r.At.After(s.Since) }) {
		early = []Rung{{AtOnce, s.Since, []string{"team", "managers"}, "warning"}}
	}
	return s.finish(append(lastPast(early, s.Since), fixed...)), nil
}

// isNear reports whether less service time than this is left to the target. It looks no further ahead than that: a target may be months away.
func (s Situation) isNear(least time.Duration) bool {
	at := s.Service.Add(s.Since, least)
	return at.IsZero() || at.After(s.Due.Target)
}

// anchored places a step at the target or the limit itself.
func (s Situation) anchored(m mark, step Step) []Rung {
	at := s.anchor(m.anchor)
	if at.IsZero() {
		return nil
	}
	if at.Before(s.Since) {
		at = s.Since
	}
	return []Rung{{m.name(), at, step.To, s.means(m.anchor)}}
}

// means says what has happened when an anchor is reached.
func (s Situation) means(anchor string) string {
	switch {
	case anchor == "limit":
		return "limit_passed"
	case s.Due.Obligation == Fix:
		return "refund"
	case s.Due.Obligation.Promised():
		return "promise_passed"
	}
	return "target_passed"
}

func (s Situation) anchor(name string) time.Time {
	if name == "limit" {
		return s.Due.Limit
	}
	return s.Due.Target
}

// before places a step that precedes its anchor.
func (s Situation) before(m mark, step Step) []Rung {
	anchor := s.anchor(m.anchor)
	if anchor.IsZero() {
		return nil
	}
	var at time.Time
	switch {
	case m.percent > 0:
		from := s.Due.From
		if !from.Before(anchor) {
			from = s.Since // an eta has no start of its own: count from when it was promised
		}
		whole := s.Service.Between(from, anchor) / time.Second
		at = s.Service.Add(from, whole*time.Duration(m.percent)/100*time.Second)
	case m.days > 0:
		at = daysBefore(s.Service, anchor, m.days)
	default:
		at = s.Service.Add(anchor, -m.time)
	}
	if at.IsZero() {
		return nil
	}
	return []Rung{{m.name(), at, step.To, "warning"}}
}

// daysBefore goes back whole working days, to the opening of that day, or a part
// of the last working day's service time.
func daysBefore(c *Calendar, anchor time.Time, days float64) time.Time {
	last := c.LastOpen(time.Time{}, anchor)
	if last.IsZero() {
		return time.Time{}
	}
	w := c.Walk(c.Closed())
	day := w.Day(last.Unix() - 1)
	if days < 1 {
		part := float64(w.Between(w.Midnight(day), w.Midnight(day+1))) * days
		return calendar.At(w.Sub(anchor.Unix(), int64(part)))
	}
	for n := int(days); n > 0 && day > -calendar.LastDay; {
		if day--; w.Works(day) {
			n--
		}
	}
	w.Load(day)
	return calendar.At(w.Net[0].From)
}

// mornings lists the last opening up to Now and the first after it, of those
// after the obligation's end.
func (s Situation) mornings(step Step) []Rung {
	end := s.Due.Limit
	if end.IsZero() {
		end = s.Due.Target
	}
	now := s.Now
	if now.Before(end) {
		now = end
	}
	w := s.Service.Walk(s.Service.Closed())
	day := w.Day(now.Unix())
	var rungs []Rung
	for d := day - 14; d < calendar.LastDay; d++ {
		if !w.Works(d) || w.Net[0].From <= end.Unix() {
			continue
		}
		at := calendar.At(w.Net[0].From)
		rungs = append(rungs, Rung{"morning " + calendar.Date(d).Format(time.DateOnly), at, step.To, "reminder"})
		if at.After(now) {
			break
		}
	}
	return rungs[max(0, len(rungs)-2):]
}

// lastPast keeps of the rungs that were due at or before since only the last,
// and lets it be announced at since.
func lastPast(rungs []Rung, since time.Time) []Rung {
	sortRungs(rungs)
	i := 0
	for i+1 < len(rungs) && !rungs[i+1].At.After(since) {
		i++
	}
	rungs = rungs[i:]
	if len(rungs) > 0 && rungs[0].At.Before(since) {
		rungs[0].At = since
	}
	return rungs
}

// finish sorts the rungs and settles who is told: out of hours the on-call person
// only where that was agreed or is urgent, and always somebody.
func (s Situation) finish(rungs []Rung) []Rung {
	sortRungs(rungs)
	for i, r := range rungs {
		if s.Urgent || s.OwnHours || !slices.Contains(r.To, "on_call") || s.Service.IsOpen(r.At) {
			continue
		}
		to := slices.DeleteFunc(slices.Clone(r.To), func(who string) bool { return who == "on_call" })
		if len(to) == 0 {
			to = []string{"team"}
		}
		rungs[i].To = to
	}
	return rungs
}

func sortRungs(rungs []Rung) {
	slices.SortStableFunc(rungs, func(a, b Rung) int {
		return a.At.Compare(b.At)
	})
}
