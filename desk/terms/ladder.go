package terms

import (
	"fmt"
	"slices"
	"strings"

	"replyby/sla"
	"replyby/ticket"
)

// ToldAnew settles who hears of the steps of an obligation that are not taken yet.
func (t Terms) ToldAnew(o ticket.Obligation) (ticket.Obligation, error) {
	since := t.Ticket.IntakeAt
	if !sla.Obligation(o.Name).Promised() { // which starts nowhere but at its end
		since = later(o.From, since)
	}
	placed, err := t.rungs(dueOf(o), since)
	if err != nil {
		return o, err
	}
	o.Rungs = slices.Clone(o.Rungs)
	for i, r := range o.Rungs {
		if p, has := named(placed, r.Name); has && r.Done.IsZero() {
			o.Rungs[i].To = p.To
		}
	}
	return o, nil
}

// Repeated adds to an obligation the next of its reminders, which are listed one ahead.
func (t Terms) Repeated(o ticket.Obligation) (ticket.Obligation, error) {
	rungs, err := t.rungs(dueOf(o), o.From)
	if err != nil {
		return o, err
	}
	for _, r := range rungs {
		if _, listed := named(o.Rungs, r.Name); !listed && r.At.After(t.Now) {
			o.Rungs = append(o.Rungs, r)
		}
	}
	return o, nil
}

// Relisted are the running obligations whose ladder is another than before, after a policy, the service hours or whom it names may have
// changed, each with old, new and why. Their instants are those they have; those that moved had their ladders placed with them. A step that
// is new and would have been taken already is not announced.
func (t Terms) Relisted(moved []ticket.Obligation) (relisted []ticket.Obligation, why []string, err error) {
	if t.orphaned() {
		return nil, nil, nil
	}
	for _, o := range t.Ticket.Duties {
		if !o.Running() || slices.ContainsFunc(moved, func(m ticket.Obligation) bool { return m.Name == o.Name }) {
			continue
		}
		now, err := t.relist(o)
		if err != nil {
			return nil, nil, err
		}
		if slices.EqualFunc(o.Rungs, now.Rungs, sameStep) { // nearly always: nothing to put into words
			continue
		}
		if was, is := ahead(o.Rungs), ahead(now.Rungs); was != is {
			relisted = append(relisted, now)
			why = append(why, fmt.Sprintf("%s: ladder %s; was %s", o.Name, is, was))
		}
	}
	return relisted, why, nil
}

func (t Terms) relist(o ticket.Obligation) (ticket.Obligation, error) {
	if sla.Obligation(o.Name).Promised() { // where its steps stand depends on when it was promised
		return t.ToldAnew(o)
	}
	since := o.From
	if now, near := named(o.Rungs, sla.AtOnce); near {
		since = now.At // so near to its target that this is its ladder
	}
	placed, err := t.rungs(dueOf(o), since)
	if err != nil {
		return o, err
	}
	var rungs []ticket.Rung
	waits := false // a reminder is due, and lists the next when it is taken
	for _, r := range o.Rungs {
		due := r.Done.IsZero() && !r.At.After(t.Now)
		p, has := named(placed, r.Name)
		switch {
		case has && due && !p.At.After(t.Now):
			r.To = p.To
		case has:
			r = t.taken(r, p)
		case r.Means == "reminder" && due:
			next := slices.IndexFunc(placed, func(p ticket.Rung) bool { return p.Means == "reminder" })
			if next < 0 {
				continue
			}
			r.To = placed[next].To
		case r.Done.IsZero():
			continue
		}
		waits = waits || r.Means == "reminder" && due
		rungs = append(rungs, r)
	}
	for _, p := range placed {
		if _, had := named(o.Rungs, p.Name); !had && p.At.After(t.Now) && !(waits && p.Means == "reminder") {
			rungs = append(rungs, p)
		}
	}
	o.Rungs = rungs
	return o, nil
}

// stillTaken is a ladder placed anew with the steps that were taken on the old one.
func (t Terms) stillTaken(old, placed []ticket.Rung) []ticket.Rung {
	var gone []ticket.Rung // and may come back
	for _, r := range old {
		if i := slices.IndexFunc(placed, func(p ticket.Rung) bool { return p.Name == r.Name }); i >= 0 {
			placed[i] = t.taken(r, placed[i])
		} else if !r.Done.IsZero() {
			gone = append(gone, r)
		}
	}
	return append(gone, placed...)
}

// taken is a step as it is placed now, or as it was taken. What moved ahead of now has not come to pass yet and is to be taken again.
func (t Terms) taken(was, now ticket.Rung) ticket.Rung {
	if !was.Done.IsZero() && (!now.At.After(t.Now) || now.At.Equal(was.At)) {
		return was
	}
	return now
}

func named(rungs []ticket.Rung, name string) (ticket.Rung, bool) {
	i := slices.IndexFunc(rungs, func(r ticket.Rung) bool { return r.Name == name })
	if i < 0 {
		return ticket.Rung{}, false
	}
	return rungs[i], true
}

func sameStep(a, b ticket.Rung) bool {
	return a.Name == b.Name && a.At.Equal(b.At) && a.Done.Equal(b.Done) && slices.Equal(a.To, b.To)
}

// ahead lists the steps that are not taken yet, "limit 2026-11-24T16:00:00Z to team and managers", or "none".
func ahead(rungs []ticket.Rung) string {
	var steps []string
	for _, r := range rungs {
		if r.Done.IsZero() {
			steps = append(steps, fmt.Sprintf("%s %s to %s", r.Name, stamp(r.At), strings.Join(r.To, " and ")))
		}
	}
	slices.Sort(steps)
	if steps == nil {
		return "none"
	}
	return strings.Join(steps, ", ")
}
