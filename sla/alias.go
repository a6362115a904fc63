package sla

import "replyby/sla/calendar"

// The calendars terms are counted in, under the names their users know them by.
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

// ErrCalendar marks every error of a calendar's specification.
var ErrCalendar = calendar.ErrSpec

// NewCalendar is calendar.New.
func NewCalendar(s Spec) (*Calendar, error) { return calendar.New(s) }

// FeedClosures is calendar.FeedClosures.
func FeedClosures(data []byte, timezone string) ([]Closure, error) {
	return calendar.FeedClosures(data, timezone)
}
