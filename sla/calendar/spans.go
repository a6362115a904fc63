package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// span is one opening of a weekday on the wall clock, seconds since 00:00,
// half-open: 0 <= from < to <= 86400.
type span struct{ from, to int64 }

// week holds the spans of each weekday, sorted and disjoint, indexed by time.Weekday.
type week [7][]span

// parseWeek reads lines such as "mon-fri 09:00-13:00 14:00-18:00" or "24x7".
func parseWeek(lines []string) (week, error) {
	var w week
	for i, line := range lines {
		if err := w.add(line); err != nil {
			return week{}, fmt.Errorf("open line %d %q: %w", i+1, line, err)
		}
	}
	open := false
	for _, spans := range w {
		open = open || len(spans) > 0
	}
	if !open {
		return week{}, fmt.Errorf("no weekday is ever open: give at least one line such as \"mon-fri 09:00-18:00\"")
	}
	return w, nil
}

func (w *week) add(line string) error {
	if line == "24x7" {
		line = "mon-sun 00:00-24:00"
	}
	words := strings.Fields(line)
	if len(words) < 2 {
		return fmt.Errorf("want weekdays and at least one span, such as \"mon-fri 09:00-18:00\"")
	}
	days, err := parseDays(words[0])
	if err != nil {
		return err
	}
	for _, word := range words[1:] {
		s, err := parseSpan(word)
		if err != nil {
			return err
		}
		for _, d := range days {
			if err := w.insert(d, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// insert keeps a weekday's spans sorted. Spans that touch are two openings
// written side by side; spans that overlap are a slip of the pen.
func (w *week) insert(d time.Weekday, s span) error {
	for _, other := range w[d] {
		if s.from < other.to && other.from < s.to {
			return fmt.Errorf("span %s overlaps %s on %s", s, other, strings.ToLower(d.String()))
		}
	}
	w[d] = append(w[d], s)
	slices.SortFunc(w[d], func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return nil
}

// parseDays reads "mon", "mon-fri", "fri-mon" or "mon,wed,fri-sat".
func parseDays(text string) ([]time.Weekday, error) {
	var days []time.Weekday
	for _, part := range strings.Split(text, ",") {
		first, last, ranged := strings.Cut(part, "-")
		from, err := parseWeekday(first)
		if err != nil {
			return nil, err
		}
		to := from
		if ranged {
			if to, err = parseWeekday(last); err != nil {
				return nil, err
			}
		}
		for d := from; ; d = (d + 1) % 7 {
			days = append(days, d)
			if d == to {
				break
			}
		}
	}
	return days, nil
}

func parseWeekday(text string) (time.Weekday, error) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(text, d.String()[:3]) {
			return d, nil
		}
	}
	return 0, fmt.Errorf("unknown weekday %q: use mon tue wed thu fri sat sun", text)
}

// parseSpan reads "09:00-13:00". The end may be 24:00; a night shift is two
// spans, "22:00-24:00" and "00:00-06:00" of the next day.
func parseSpan(text string) (span, error) {
	first, last, ok := strings.Cut(text, "-")
	if !ok {
		return span{}, fmt.Errorf("span %q: want from-to, such as 09:00-18:00", text)
	}
	from, err := parseClock(first)
	if err != nil {
		return span{}, fmt.Errorf("span %q: %w", text, err)
	}
	to, err := parseClock(last)
	if err != nil {
		return span{}, fmt.Errorf("span %q: %w", text, err)
	}
	if to <= from {
		return span{}, fmt.Errorf("span %q ends before it starts: write a night as 22:00-24:00 and, on the next day, 00:00-06:00", text)
	}
	return span{from, to}, nil
}

// parseClock reads HH:MM or HH:MM:SS up to 24:00 and returns seconds since midnight.
func parseClock(text string) (int64, error) {
	parts := strings.Split(text, ":")
	if len(parts) != 2 && len(parts) != 3 {
		return 0, fmt.Errorf("%q is no time of day: want HH:MM", text)
	}
	var total int64
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 8)
		if err != nil || len(part) != 2 || i > 0 && n > 59 {
			return 0, fmt.Errorf("%q is no time of day: want HH:MM", text)
		}
		total = total*60 + int64(n)
	}
	if len(parts) == 2 {
		total *= 60
	}
	if total > DaySeconds {
		return 0, fmt.Errorf("%q is no time of day: a day ends at 24:00", text)
	}
	return total, nil
}

// String prints a span as it is written in the configuration.
func (s span) String() string { return clock(s.from) + "-" + clock(s.to) }

// clock prints seconds since midnight as HH:MM, or HH:MM:SS where seconds matter.
func clock(sec int64) string {
	text := fmt.Sprintf("%02d:%02d", sec/3600, sec/60%60)
	if sec%60 != 0 {
		text += fmt.Sprintf(":%02d", sec%60)
	}
	return text
}
