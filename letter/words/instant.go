package words

import (
	"regexp"
	"strings"
	"time"

	"replyby/sla/wording"
)

// At returns the voice as it speaks at an instant, with the times of a zone.
func (v Voice) At(now time.Time, zone *time.Location) Voice {
	v.Now, v.zone = now, zone
	return v
}

// said returns the words for instants.
func (v Voice) said() wording.Words { return v.book.instants[v.Lang] }

// Hours says opening hours as a configuration has them.
func (v Voice) Hours(hours string) string { return v.said().Hours(hours) }

// Long says an instant in full: weekday, date, time and zone.
func (v Voice) Long(t time.Time) string { return v.said().Instant(t.Truncate(time.Minute), v.zone) }

// Short says an instant as briefly as can be understood now: "today 18:00", "mar 24 nov 18:00". A deadline of 00:00 is the end of the day
// before. Seconds are cut off, which is the safe side of a deadline.
func (v Voice) Short(t time.Time) string {
	for _, day := range []struct {
		key string
		at  time.Time
	}{{"instant.today", v.Now}, {"instant.tomorrow", v.noon(1)}, {"instant.yesterday", v.noon(-1)}} {
		if clock, ok := v.clock(t, day.at); ok {
			return v.Say(day.key, "time", clock)
		}
	}
	return v.due(t)
}

// Today is Short with the time alone where it is today, else day and time.
func (v Voice) Today(t time.Time) string {
	if clock, ok := v.clock(t, v.Now); ok {
		return clock
	}
	return v.due(t)
}

func (v Voice) due(t time.Time) string { return v.said().ShortDue(t.Truncate(time.Minute), v.zone) }

// clock is the time of day of an instant, if that is on a day near now.
func (v Voice) clock(t, day time.Time) (string, bool) {
	clock, ok := strings.CutPrefix(v.due(t), v.said().ShortDate(day, v.zone))
	near := t.Truncate(time.Minute).Sub(v.Now).Abs() < 72*time.Hour // a day of another year is called the same
	return strings.TrimLeft(clock, ", "), ok && near
}

// noon is the middle of a day some days from now.
func (v Voice) noon(days int) time.Time {
	y, m, d := v.Now.In(v.zone).Date()
	return time.Date(y, m, d+days, 12, 0, 0, 0, v.zone)
}

// Day is a date without its year; "" for none.
func (v Voice) Day(t time.Time) string {
	if t.Year() < 2 {
		return ""
	}
	return v.said().ShortDate(t, v.zone)
}

// Date is a date in full.
func (v Voice) Date(t time.Time) string { return v.said().Date(t, v.zone) }

var (
	isoSpan = regexp.MustCompile(`\b(\d{4})-(\d\d)-(\d\d)\.\.(\d{4})-(\d\d)-(\d\d)\b`)
	isoDay  = regexp.MustCompile(`\b(\d{4})-(\d\d)-(\d\d)\b`)
)

// Dates puts the dates of a text that was written for the log into the form that people read.
func (v Voice) Dates(said string) string {
	said = isoSpan.ReplaceAllString(said, v.Say("days.span", "from", "$3/$2/$1", "to", "$6/$5/$4"))
	return isoDay.ReplaceAllString(said, "$3/$2/$1")
}

// Ahead is the first of some instants that is still to come; zero if none is.
func (v Voice) Ahead(of ...time.Time) time.Time {
	for _, at := range of {
		if v.Now.Before(at) {
			return at
		}
	}
	return time.Time{}
}
