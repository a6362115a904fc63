package reply

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	isoDate   = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:t| |$)`)
	shortDate = regexp.MustCompile(`^(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?(?: |$)`)
	clock     = regexp.MustCompile(`^(?:alle|ore|h|a las|las|a|at|by|entro|antes de las|à|vers)? ?(\d{1,2})(?:[:.h](\d{2})|h)? ?(am|pm)?$`)
)

// endOfDay is meant when a date is given without a time.
const endOfDay = 18

// When reads a date and time as people write them, in the zone of now: an ISO date, 24/11, "domani", "tomorrow", a weekday,
// each with an optional time ("17:00", "ore 18", "17h", "5pm"). A date alone means 18:00. The instant must lie after now.
func When(s string, now time.Time) (time.Time, error) {
	text := fold(strings.TrimSpace(s))
	if at, err := time.Parse(time.RFC3339, strings.TrimSpace(s)); err == nil {
		return future(at, now, s)
	}
	day, rest, err := date(text, now)
	if err != nil {
		return time.Time{}, err
	}
	hour, minute := endOfDay, 0
	if rest = strings.TrimSpace(rest); rest != "" {
		m := clock.FindStringSubmatch(rest)
		if m == nil {
			return time.Time{}, fmt.Errorf("cannot read %q as a time of day", rest)
		}
		if hour, minute, err = timeOfDay(m); err != nil {
			return time.Time{}, err
		}
	}
	return future(time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, now.Location()), now, s)
}

func future(at, now time.Time, s string) (time.Time, error) {
	if !at.After(now) {
		return time.Time{}, fmt.Errorf("%q is %s, which is past", s, at.In(now.Location()).Format("2006-01-02 15:04"))
	}
	return at, nil
}

// date reads the day a text begins with and returns what follows it.
func date(text string, now time.Time) (time.Time, string, error) {
	if m := isoDate.FindStringSubmatch(text); m != nil {
		return dayOf(m[1], m[2], m[3], text[len(m[0]):], now)
	}
	if m := shortDate.FindStringSubmatch(text); m != nil {
		year := m[3]
		if year == "" {
			year = strconv.Itoa(nearestYear(m[2], m[1], now))
		}
		return dayOf(year, m[2], m[1], text[len(m[0]):], now)
	}
	word, rest, _ := strings.Cut(text, " ")
	if n, ok := relativeDays(strings.TrimRight(word, ",")); ok {
		return now.AddDate(0, 0, n), rest, nil
	}
	if wd, ok := weekday(strings.TrimRight(word, ",")); ok {
		n := (int(wd) - int(now.Weekday()) + 7) % 7
		if n == 0 {
			n = 7
		}
		return now.AddDate(0, 0, n), rest, nil
	}
	if clock.MatchString(text) && strings.ContainsAny(text, ":.h") {
		return now, text, nil
	}
	return time.Time{}, "", fmt.Errorf("cannot read %q as a date; write for example 2026-11-24 17:00", text)
}

func dayOf(y, m, d, rest string, now time.Time) (time.Time, string, error) {
	year, _ := strconv.Atoi(y)
	month, _ := strconv.Atoi(m)
	day, _ := strconv.Atoi(d)
	at := time.Date(year, time.Month(month), day, 12, 0, 0, 0, now.Location())
	if at.Month() != time.Month(month) || at.Day() != day {
		return time.Time{}, "", fmt.Errorf("there is no day %s-%s-%s", y, m, d)
	}
	return at, rest, nil
}

// nearestYear takes this year, or the next where the day is already past.
func nearestYear(m, d string, now time.Time) int {
	month, _ := strconv.Atoi(m)
	day, _ := strconv.Atoi(d)
	if int(now.Month()) > month || int(now.Month()) == month && now.Day() > day {
		return now.Year() + 1
	}
	return now.Year()
}

func timeOfDay(m []string) (int, int, error) {
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi("0" + m[2])
	if m[3] != "" {
		if hour < 1 || hour > 12 {
			return 0, 0, fmt.Errorf("there is no hour %s %s", m[1], m[3])
		}
		if hour %= 12; m[3] == "pm" {
			hour += 12
		}
	}
	if hour > 23 || minute > 59 {
		return 0, 0, fmt.Errorf("there is no time %s:%s", m[1], m[2])
	}
	return hour, minute, nil
}

func relativeDays(word string) (int, bool) {
	for n, names := range [][]string{
		{"oggi", "hoy", "aujourd'hui", "today"},
		{"domani", "manana", "demain", "tomorrow"},
		{"dopodomani", "pasado", "apres-demain", "overmorrow"},
	} {
		if slices.Contains(names, word) {
			return n, true
		}
	}
	return 0, false
}

func weekday(word string) (time.Weekday, bool) {
	for n, names := range [][]string{
		{"domenica", "domingo", "dimanche", "sunday", "dom", "dim", "sun"},
		{"lunedi", "lunes", "lundi", "monday", "lun", "mon"},
		{"martedi", "martes", "mardi", "tuesday", "mar", "tue"},
		{"mercoledi", "miercoles", "mercredi", "wednesday", "mer", "mie", "wed"},
		{"giovedi", "jueves", "jeudi", "thursday", "gio", "jue", "jeu", "thu"},
		{"venerdi", "viernes", "vendredi", "friday", "ven", "vie", "fri"},
		{"sabato", "sabado", "samedi", "saturday", "sab", "sam", "sat"},
	} {
		if slices.Contains(names, word) {
			return time.Weekday(n), true
		}
	}
	return 0, false
}
