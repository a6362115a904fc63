package holiday

import (
	"errors"
	"fmt"
	"strings"
	"time"

	ical "github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"
)

// starts expands RRULE, RDATE, EXDATE and replaced occurrences of an event into
// the starts of its occurrences, up to the end of 2050.
func (r *reader) starts(e ical.Event, first Event) ([]time.Time, error) {
	var set rrule.Set
	set.DTStart(first.From)
	if err := addRule(&set, e, first.From); err != nil {
		return nil, fmt.Errorf("RRULE: %w", err)
	}
	for _, list := range []struct {
		prop string
		add  func(time.Time)
	}{{ical.PropRecurrenceDates, set.RDate}, {ical.PropExceptionDates, set.ExDate}} {
		for _, prop := range e.Props[list.prop] {
			if err := r.eachDate(prop, first.AllDay, list.add); err != nil {
				return nil, fmt.Errorf("%s: %w", list.prop, err)
			}
		}
	}
	if e.Props.Get(ical.PropRecurrenceID) == nil {
		for _, at := range r.moved[text(e, ical.PropUID)] {
			set.ExDate(at)
		}
	}
	var starts []time.Time
	for next := set.Iterator(); ; {
		at, ok := next()
		if !ok || at.Year() > lastYear {
			return starts, nil
		}
		if starts = append(starts, at); len(starts) > maxOccurrences {
			return nil, fmt.Errorf("it repeats over %d times up to %d: give it an UNTIL", maxOccurrences, lastYear)
		}
	}
}

// addRule reads the RRULE of an event, days or longer only.
func addRule(set *rrule.Set, e ical.Event, start time.Time) error {
	opt, err := e.Props.RecurrenceRule()
	if err != nil {
		return err
	}
	if opt == nil {
		set.RDate(start)
		return nil
	}
	if opt.Freq > rrule.DAILY || len(opt.Byhour)+len(opt.Byminute)+len(opt.Bysecond) > 0 {
		return errors.New("it repeats within a day: only DAILY, WEEKLY, MONTHLY and YEARLY rules are read")
	}
	end := time.Date(lastYear, 12, 31, 23, 59, 59, 0, time.UTC)
	if opt.Until.IsZero() || opt.Until.After(end) {
		opt.Until = end
	}
	opt.Dtstart = start
	rule, err := rrule.NewRRule(*opt)
	if err != nil {
		return err
	}
	set.RRule(rule)
	return nil
}

// eachDate hands over every date of an RDATE or EXDATE, which may be a list.
func (r *reader) eachDate(prop ical.Prop, allDay bool, add func(time.Time)) error {
	for value := range strings.SplitSeq(prop.Value, ",") {
		one := prop
		one.Value = strings.TrimSpace(value)
		at, err := r.when(&one)
		if err != nil {
			return err
		}
		if allDay {
			at = civilDate(at)
		}
		add(at)
	}
	return nil
}
