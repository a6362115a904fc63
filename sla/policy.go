package sla

import (
	"errors"
	"fmt"
	"time"

	"replyby/sla/calendar"
)

// ErrPolicy marks a policy that cannot be used as it stands.
var ErrPolicy = errors.New("sla: bad policy")

// Clock is the two readings of one promise. Target is the safest and drives
// order, colour and warnings; Limit is the one a lawyer would defend and drives
// "breached". An obligation without a contractual limit has the zero Limit.
type Clock struct {
	Target, Limit Term
}

// Obligation is something owed on a ticket: "ack", "fix", "next_reply", "eta",
// "next_update" or "resolution_notice".
type Obligation string

// The obligations, each with where its clock starts.
const (
	Ack              Obligation = "ack"               // receipt of the request
	Fix              Obligation = "fix"               // receipt of the request, for faults
	NextReply        Obligation = "next_reply"        // the oldest unanswered customer message
	ETA              Obligation = "eta"               // the instant itself by which the solution is promised
	NextUpdate       Obligation = "next_update"       // the instant itself by which news is promised
	ResolutionNotice Obligation = "resolution_notice" // the resolution
)

// Policy is what a contract promises and how its approach is announced.
type Policy struct {
	Name             string
	Calendar         *Calendar // the contract's own calendar
	Ack              Clock
	Fix              *Clock // nil: no limit on the fix
	NextReply        Clock
	ResolutionNotice *Clock        // nil: none owed
	Ladder           []Step        // ack, next_reply, resolution_notice; nil: the built-in one
	FixLadder        []Step        // fix; nil: the built-in one
	ETALadder        []Step        // eta, next_update; nil: the built-in one
	Near             time.Duration // with less service time to the target, one warning replaces those at fractions of it; 0: 30 minutes
	PersonalMin      int           // minimum length of the personal part of the first answer, in characters; 0: optional
	Estimate         bool          // an estimate is owed with the first answer, when foreseeable
	Faults           bool          // requests are told apart into faults and questions
}

// Due is when one obligation falls due. Each instant is its first late second:
// met if and only if done before it. A zero instant means there is none.
type Due struct {
	Obligation Obligation `json:"obligation"`
	From       time.Time  `json:"from"`
	Target     time.Time  `json:"target,omitzero"`
	Limit      time.Time  `json:"limit,omitzero"`
	ActBy      time.Time  `json:"act_by,omitzero"` // last instant of service hours before Limit (before Target where there is no limit)
	Calendar   string     `json:"calendar"`        // name and version of the contract's calendar as used
	Service    string     `json:"service"`         // the same of the service calendar
}

// Agency is the built-in policy of an agency's assistance contract: taken in
// charge in working hours within 4 hours of receipt, said by mail with an estimate
// if one is foreseeable, and the resolution said by mail too. cal is the desk's
// hours with its country's holidays.
func Agency(cal *Calendar) Policy {
	first := Clock{
		Target: Term{4, "h", "window_end_min30", receivedIn},
		Limit:  Term{4, "h", "elapsed_working", suspended},
	}
	return Policy{
		Name: "agency", Calendar: cal,
		Ack:              first,
		NextReply:        Clock{Target: first.Target},
		ResolutionNotice: &Clock{Target: first.Target},
		Estimate:         true,
	}
}

// BusinessCare is the built-in policy of a marketplace seller: a personal first
// answer in less than one working day, Monday to Friday whatever the holidays;
// faults corrected within 30 days (target: calendar days, limit: working days),
// else refunded. Only notified closures excuse, and only the first answer. cal is
// mon-fri 00:00-24:00 without holidays in the desk's zone: see MarketplaceSpec.
func BusinessCare(cal *Calendar) Policy {
	first := Clock{
		Target: Term{1, "wd", "act_by:workday_clock", receivedIn},
		Limit:  Term{1, "wd", "workday_clock", suspended},
	}
	return Policy{
		Name: "business-care", Calendar: cal,
		Ack: first,
		Fix: &Clock{
			Target: Term{30, "cd", "calendar_end", closuresPass},
			Limit:  Term{30, "wd", "workday_end", closuresPass},
		},
		NextReply:   Clock{Target: first.Target},
		PersonalMin: 40,
		Faults:      true,
	}
}

// MarketplaceSpec is the calendar of BusinessCare in a zone: every hour of Monday
// to Friday, no holidays.
func MarketplaceSpec(timezone string, closures []Closure) Spec {
	return Spec{Name: "marketplace", Timezone: timezone, Open: []string{"mon-fri 00:00-24:00"}, Closures: closures}
}

// Check returns an error wrapping ErrPolicy when the policy cannot be used as it stands.
func (p Policy) Check() error {
	if p.Calendar == nil {
		return fmt.Errorf("%w %q: it has no calendar", ErrPolicy, p.Name)
	}
	if p.PersonalMin < 0 {
		return fmt.Errorf("%w %q: personal part of %d characters", ErrPolicy, p.Name, p.PersonalMin)
	}
	for _, o := range []Obligation{Ack, Fix, NextReply, ResolutionNotice} {
		if err := p.clock(o).check(); err != nil {
			return fmt.Errorf("%w %q: %s: %w", ErrPolicy, p.Name, o, err)
		}
	}
	return p.checkLadders()
}

func (c *Clock) check() error {
	if c == nil {
		return nil
	}
	if err := c.Target.Check(); err != nil {
		return fmt.Errorf("target: %w", err)
	}
	if c.Limit == (Term{}) {
		return nil
	}
	if err := c.Limit.Check(); err != nil {
		return fmt.Errorf("limit: %w", err)
	}
	return nil
}

// known reports whether o is one of the obligations above.
func (o Obligation) known() bool {
	switch o {
	case Ack, Fix, NextReply, ETA, NextUpdate, ResolutionNotice:
		return true
	}
	return false
}

// Promised reports whether an obligation is a person's word and not a term of the contract: nothing but another word moves it.
func (o Obligation) Promised() bool { return o == ETA || o == NextUpdate }

// clock returns the terms of an obligation, nil when it is not owed. What is
// promised has no term.
func (p Policy) clock(o Obligation) *Clock {
	switch o {
	case Ack:
		return &p.Ack
	case Fix:
		return p.Fix
	case NextReply:
		return &p.NextReply
	case ResolutionNotice:
		return p.ResolutionNotice
	}
	return nil
}

// Due returns when an obligation that starts at from falls due; service is the
// calendar of the desk's own people. Of what is promised, from is the instant. An
// obligation the policy does not owe has no instants. Errors wrap ErrPolicy or ErrTerm.
func (p Policy) Due(o Obligation, from time.Time, service *Calendar) (Due, error) {
	if p.Calendar == nil || service == nil {
		return Due{}, fmt.Errorf("%w %q: due of %s needs the policy's and the desk's calendar", ErrPolicy, p.Name, o)
	}
	if !o.known() {
		return Due{}, fmt.Errorf("%w %q: unknown obligation %q", ErrPolicy, p.Name, o)
	}
	d := Due{Obligation: o, From: calendar.At(from.Unix()), Calendar: p.Calendar.Label(), Service: service.Label()}
	if o.Promised() {
		d.Target = d.From
		d.ActBy = service.LastOpen(time.Time{}, d.Target)
		return d, nil
	}
	c := p.clock(o)
	if c == nil {
		return d, nil
	}
	var err error
	if d.Target, err = c.Target.Due(p.Calendar, service, from); err != nil {
		return Due{}, err
	}
	last := d.Target
	if c.Limit != (Term{}) {
		if d.Limit, err = c.Limit.Due(p.Calendar, service, from); err != nil {
			return Due{}, err
		}
		last = d.Limit
	}
	d.ActBy = service.LastOpen(from, last)
	return d, nil
}
