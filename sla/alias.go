package sla

import "replyby/sla/calendar"

// The calendars terms are counted in, for those who only hand them on; whoever reads feeds and complaints asks package calendar.
type (
	// Calendar is calendar.Calendar.
	Calendar = calendar.Calendar
	// Spec is calendar.Spec.
	Spec = calendar.Spec
	// Closure is calendar.Closure.
	Closure = calendar.Closure
	// Day is calendar.Day.
	Day = calendar.Day
	// Span is calendar.Span.
	Span = calendar.Span
)

// NewCalendar is calendar.New.
func NewCalendar(s Spec) (*Calendar, error) { return calendar.New(s) }
