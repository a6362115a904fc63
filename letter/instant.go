package letter

import (
	"regexp"
	"strings"
	"time"

	"replyby/letter/words"
	"replyby/sla/wording"
)

// in returns the words for instants of a voice; every language of the catalogue has some.
func in(v words.Voice) wording.Words {
	said, _ := wording.In(v.Lang)
	return said
}

// long says an instant in full: weekday, date, time and zone.
func (w *Writer) long(v words.Voice, t time.Time) string {
	return in(v).Instant(t.Truncate(time.Minute), w.desk.Zone)
}

// short says an instant as briefly as can be understood at now: "today 18:00", "mar 24 nov 18:00". A deadline of 00:00 is
// the end of the day before. Seconds are cut off, which is the safe side of a deadline.
func (w *Writer) short(v words.Voice, t, now time.Time) string {
	said, zone := in(v), w.desk.Zone
	t = t.Truncate(time.Minute)
	due := said.ShortDue(t, zone)
	for _, day := range []struct {
		key string
		at  time.Time
	}{
		{"instant.today", now}, {"instant.tomorrow", nextDay(now, zone, 1)}, {"instant.yesterday", nextDay(now, zone, -1)},
	} {
		if rest, ok := strings.CutPrefix(due, said.ShortDate(day.at, zone)); ok && t.Sub(now).Abs() < 72*time.Hour {
			return v.Say(day.key, "time", strings.TrimLeft(rest, ", "))
		}
	}
	return due
}

var (
	isoSpan = regexp.MustCompile(`\b(\d{4})-(\d\d)-(\d\d)\.\.(\d{4})-(\d\d)-(\d\d)\b`)
	isoDay  = regexp.MustCompile(`\b(\d{4})-(\d\d)-(\d\d)\b`)
)

// days puts the dates of a text that was written for the log into the form that people read.
func days(v words.Voice, said string) string {
	said = isoSpan.ReplaceAllString(said, v.Say("days.span", "from", "$3/$2/$1", "to", "$6/$5/$4"))
	return isoDay.ReplaceAllString(said, "$3/$2/$1")
}

// nextDay is noon of a day some days from now.
func nextDay(now time.Time, zone *time.Location, days int) time.Time {
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d+days, 12, 0, 0, 0, zone)
}

// Mark is what stands in a preview where the person's own words belong.
func (w *Writer) Mark(p Person) string { return w.voice(p).Say("mark.personal") }
