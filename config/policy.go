package config

import (
	"cmp"
	"fmt"

	"replyby/sla"
)

// derive completes a promise: the target is read like the limit unless it says otherwise.
func (p *Policy) derive() {
	for _, t := range []*Promise{p.Ack, p.Fix, p.NextReply, p.Notice} {
		if t == nil {
			continue
		}
		if t.Target == "" && t.Limit != "none" {
			t.Target = t.Limit
		}
		t.Closures = cmp.Or(t.Closures, "suspend")
	}
}

// buildPolicy makes a policy for this desk. A name of the file goes before a built-in one.
func (d *Desk) buildPolicy(name string) {
	own, at := Policy{Name: name, Base: name}, d.at("policy")
	for i, p := range d.file.Policies {
		if p.Name == name {
			own, at = p, fmt.Sprintf("policy[%d]", i)
			if p.Base == "" && (name == "agency" || name == "business-care") {
				own.Base = name
			}
		}
	}
	policy, ok := d.compose(own, at)
	if !ok {
		return
	}
	if err := policy.Check(); err != nil {
		d.file.doc.Add(at, plain(err), "")
		return
	}
	d.built.policies[name] = &policy
}

func (d *Desk) compose(own Policy, at string) (sla.Policy, bool) {
	f := d.file
	before := len(f.doc.Problems)
	calendar := own.Calendar
	if own.Base != "" {
		f.oneOf(at+".base", own.Base, "agency", "business-care")
	} else if own.Ack == nil {
		f.doc.Add(at+".ack", "missing", `say when a request must be taken in charge, or name a base`)
	}
	if calendar == "" {
		calendar = map[string]string{"business-care": "marketplace"}[own.Base]
	}
	f.oneOf(at+".calendar", cmp.Or(calendar, "hours"), append(f.calendarNames(), "hours", "marketplace")...)
	if len(f.doc.Problems) > before {
		return sla.Policy{}, false
	}
	cal, ok := d.calendar(cmp.Or(calendar, "hours"))
	if !ok {
		return sla.Policy{}, false
	}
	p := base(own.Base, cal)
	p.Name = own.Name
	d.file.setClocks(&p, own, at)
	d.setManner(&p, own, at)
	return p, len(f.doc.Problems) == before
}

func base(name string, cal *sla.Calendar) sla.Policy {
	switch name {
	case "agency":
		return sla.Agency(cal)
	case "business-care":
		return sla.BusinessCare(cal)
	}
	return sla.Policy{Calendar: cal}
}

func (f *File) setClocks(p *sla.Policy, own Policy, at string) {
	if own.Ack != nil {
		p.Ack = f.clock(at+".ack", *own.Ack)
		p.NextReply = sla.Clock{Target: p.Ack.Target}
		if p.ResolutionNotice != nil {
			p.ResolutionNotice = &sla.Clock{Target: p.Ack.Target}
		}
	}
	if own.NextReply != nil {
		p.NextReply = f.clock(at+".next_reply", *own.NextReply)
	}
	if own.Fix != nil {
		c := f.clock(at+".fix", *own.Fix)
		p.Fix, p.Faults = &c, true
	}
	if own.Notice != nil {
		c := f.clock(at+".resolution_notice", *own.Notice)
		p.ResolutionNotice = &c
	}
}

// clock reads a promise. A closure lets the limit stand still, and the target only for what arrives during it: the safer
// reading for each.
func (f *File) clock(at string, t Promise) sla.Clock {
	f.oneOf(at+".closures", t.Closures, "suspend", "ignore")
	limit := sla.Term{Amount: t.Amount, Unit: sla.Unit(t.Unit), Reading: sla.Reading(t.Limit), Closures: sla.Mode(t.Closures)}
	target := limit
	target.Reading = sla.Reading(t.Target)
	if t.Closures == "suspend" {
		target.Closures = "received_inside"
	}
	if t.TargetAmount != 0 {
		target.Amount = t.TargetAmount
	}
	if t.TargetUnit != "" {
		target.Unit = sla.Unit(t.TargetUnit)
	}
	if t.Limit == "none" {
		limit = sla.Term{}
	} else if err := limit.Check(); err != nil {
		f.doc.Add(at, "limit: "+plain(err), "")
	}
	if err := target.Check(); err != nil && (t.Limit == "none" || t.Target != t.Limit) {
		f.doc.Add(at, "target: "+plain(err), "")
	}
	return sla.Clock{Target: target, Limit: limit}
}

// personalMin is the least a personal part may have, where one is required.
const personalMin = 40

func (d *Desk) setManner(p *sla.Policy, own Policy, at string) {
	f := d.file
	choose := func(key, word, yes, no string, set func(bool)) {
		if word != "" {
			f.oneOf(at+"."+key, word, yes, no)
			set(word == yes)
		}
	}
	choose("personal", own.Personal, "required", "optional", func(yes bool) {
		p.PersonalMin = map[bool]int{true: personalMin}[yes]
	})
	choose("estimate", own.Estimate, "owed", "optional", func(yes bool) { p.Estimate = yes })
	choose("faults", own.Faults, "apart", "alike", func(yes bool) { p.Faults = yes })
	for _, l := range []struct {
		key  string
		from []Step
		to   *[]sla.Step
	}{{"ladder", own.Ladder, &p.Ladder}, {"fix_ladder", own.FixLadder, &p.FixLadder}, {"eta_ladder", own.ETALadder, &p.ETALadder}} {
		for i, s := range l.from {
			for j, who := range s.To {
				d.apart(fmt.Sprintf("%s.%s[%d].to[%d]", at, l.key, i, j), who)
			}
			*l.to = append(*l.to, sla.Step{At: s.At, To: s.To})
		}
	}
}
