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
	if t, ok := parseISO(strings.TrimSpace(raw)); ok {
		return t, true
	}
	d := dateParts{zone: time.UTC}
	for word := range strings.FieldsFuncSeq(raw, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '/' }) {
		if strings.HasPrefix(word, "(") {
			break // a comment naming the zone, or a client's remark
		}
		d.take(word)
	}
	return d.time()
}

// parseISO reads ISO 8601 as RFC 3339 has it. Hardly any mail writes it, so the look of it is asked first.
func parseISO(raw string) (time.Time, bool) {
	const looks = "2006-01-02T15:04"
	if len(raw) < len(looks) || raw[4] != looks[4] || raw[7] != looks[7] || raw[10] != looks[10] {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, raw)
	return t.UTC().Truncate(time.Microsecond), err == nil
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
	n, isNumber := number(word)
	switch {
	case d.hasTime && len(word) >= 5 && (word[0] == '+' || word[0] == '-'):
		d.takeOffset(word)
	case strings.Contains(word, ":"):
		d.takeClock(word)
	case isNumber && d.day == 0 && n >= 1 && n <= 31 && len(word) <= 2:
		d.day = n
	case isNumber && d.year == 0 && n >= 0:
		d.year = fullYear(n, len(word))
	case strings.Count(word, "-") == 2:
		for part := range strings.SplitSeq(word, "-") {
			d.take(part)
		}
	case !isNumber:
		d.takeName(word)
	}
}

// number is Atoi without an error to build for every word that is none.
func number(word string) (n int, ok bool) {
	for i := range len(word) {
		if b := word[i]; (b < '0' || b > '9') && b != '+' && b != '-' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(word)
	return n, err == nil
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
	hours := 0
	switch name {
	case "wet":
	case "cet", "met", "west", "bst":
		hours = 1
	case "cest", "mest", "eet":
		hours = 2
	case "eest", "msk":
		hours = 3
	case "jst":
		hours = 9
	case "edt":
		hours = -4
	case "est", "cdt":
		hours = -5
	case "cst", "mdt":
		hours = -6
	case "mst", "pdt":
		hours = -7
	case "pst":
		hours = -8
	default:
		return 0, false
	}
	return hours * 3600, true
}

func (d *dateParts) takeClock(word string) {
	if i := strings.IndexAny(word, "+-"); i > 0 {
		d.takeOffset(word[i:])
		word = word[:i]
	}
	if d.hasTime {
		return
	}
	word, _, _ = strings.Cut(word, ".")
	values := [3]int{}
	for i := range values {
		part, rest, more := strings.Cut(word, ":")
		n, ok := number(part)
		if !ok || n < 0 {
			return
		}
		if values[i], word = n, rest; !more {
			break
		}
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
