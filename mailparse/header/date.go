package header

import (
	"strconv"
	"strings"
	"time"
)

// Date reads a Date value or the date of a trace line (RFC 5322, 3.3 and 4.3) in whatever order its parts come, as ctime
// writes it, and as ISO 8601. It is UTC, truncated to microseconds; false if no day, month and year are found.
func Date(raw string) (time.Time, bool) {
	const longest = 200
	raw = raw[:min(len(raw), longest)]
	if t, err := time.Parse(time.RFC3339, strings.TrimSpace(raw)); err == nil {
		return t.UTC().Truncate(time.Microsecond), true
	}
	d := dateParts{zone: time.UTC}
	for _, word := range strings.FieldsFunc(raw, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '/' }) {
		if strings.HasPrefix(word, "(") {
			break // a comment naming the zone, or a client's remark
		}
		d.take(word)
	}
	return d.time()
}

type dateParts struct {
	day, year        int
	month            time.Month
	hour, min, sec   int
	hasTime, hasZone bool
	zone             *time.Location
	pm, am           bool
}

// take sorts one word into its place.
func (d *dateParts) take(word string) {
	n, err := strconv.Atoi(word)
	switch {
	case d.hasTime && len(word) >= 5 && (word[0] == '+' || word[0] == '-'):
		d.takeOffset(word)
	case strings.Contains(word, ":"):
		d.takeClock(word)
	case err == nil && d.day == 0 && n >= 1 && n <= 31 && len(word) <= 2:
		d.day = n
	case err == nil && d.year == 0 && n >= 0:
		d.year = fullYear(n, len(word))
	case strings.Count(word, "-") == 2:
		for part := range strings.SplitSeq(word, "-") {
			d.take(part)
		}
	case err != nil:
		d.takeName(word)
	}
}

func (d *dateParts) takeName(word string) {
	const months = "janfebmaraprmayjunjulaugsepoctnovdec"
	lower := strings.ToLower(word)
	if len(lower) >= 3 && d.month == 0 {
		if i := strings.Index(months, lower[:3]); i >= 0 && i%3 == 0 {
			d.month = time.Month(i/3 + 1)
			return
		}
	}
	switch lower {
	case "pm":
		d.pm = true
	case "am":
		d.am = true
	default:
		if offset, ok := zoneOffset(lower); ok && !d.hasZone {
			d.zone, d.hasZone = time.FixedZone("", offset), true
		}
	}
}

// zoneOffset knows the zone names of RFC 5322, 4.3 and the European ones mailers write; others count as UTC.
func zoneOffset(name string) (int, bool) {
	hours := map[string]int{"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
		"cet": 1, "met": 1, "cest": 2, "mest": 2, "wet": 0, "west": 1, "bst": 1, "eet": 2, "eest": 3, "msk": 3, "jst": 9}
	h, ok := hours[name]
	return h * 3600, ok
}

func (d *dateParts) takeClock(word string) {
	if i := strings.IndexAny(word, "+-"); i > 0 {
		d.takeOffset(word[i:])
		word = word[:i]
	}
	if d.hasTime {
		return
	}
	parts := strings.Split(strings.SplitN(word, ".", 2)[0], ":")
	values := [3]int{}
	for i := range min(len(parts), 3) {
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < 0 {
			return
		}
		values[i] = n
	}
	d.hour, d.min, d.sec, d.hasTime = values[0], values[1], min(values[2], 59), true
}

func (d *dateParts) takeOffset(word string) {
	digits := strings.ReplaceAll(word[1:], ":", "")
	n, err := strconv.Atoi(digits[:min(len(digits), 4)])
	if err != nil || len(digits) < 4 || n/100 > 15 || n%100 > 59 || d.hasZone {
		return
	}
	offset := n/100*3600 + n%100*60
	if word[0] == '-' {
		offset = -offset
	}
	d.zone, d.hasZone = time.FixedZone("", offset), true
}

// fullYear reads years of two and three digits as RFC 5322, 4.3 asks.
func fullYear(n, digits int) int {
	switch {
	case digits == 2 && n < 50:
		return n + 2000
	case digits == 2 || digits == 3:
		return n + 1900
	}
	return n
}

func (d *dateParts) time() (time.Time, bool) {
	if d.day == 0 || d.month == 0 || d.year < 1900 || d.year > 9999 || d.hour > 24 || d.min > 59 {
		return time.Time{}, false
	}
	return time.Date(d.year, d.month, d.day, d.hour24(), d.min, d.sec, 0, d.zone).UTC(), true
}

func (d *dateParts) hour24() int {
	switch {
	case d.pm && d.hour < 12:
		return d.hour + 12
	case d.am && d.hour == 12:
		return 0
	}
	return d.hour
}
