// Package value holds the kinds of values a configuration file has beside text, numbers and lists: times of day, days, lengths
// of time and sizes. Each says what is wrong with a word that is not one.
package value

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Clock is a local time of day, "14:00".
type Clock string

// UnmarshalText accepts "14:00" and 14:00:00.
func (c *Clock) UnmarshalText(text []byte) error {
	t, err := time.Parse("15:04", string(text))
	if err != nil {
		t, err = time.Parse("15:04:05", string(text))
	}
	if err != nil {
		return fmt.Errorf("%q is no time of day: write 09:00, from 00:00 to 23:59", text)
	}
	*c = Clock(t.Format("15:04"))
	return nil
}

// MarshalText gives the form "14:00".
func (c Clock) MarshalText() ([]byte, error) { return []byte(c), nil }

// Day is a local date, "2026-08-08", or a local date and time, "2026-11-23T16:00".
type Day string

// UnmarshalText accepts both, with seconds too.
func (d *Day) UnmarshalText(text []byte) error {
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05"} {
		t, err := time.Parse(layout, string(text))
		if err == nil {
			*d = Day(t.Format(strings.Replace(layout, " ", "T", 1)))
			return nil
		}
	}
	return fmt.Errorf("%q is no day: write 2026-08-08, or 2026-11-23T16:00 in local time", text)
}

// MarshalText gives the ISO 8601 form.
func (d Day) MarshalText() ([]byte, error) { return []byte(d), nil }

// Duration is a length of time, "90s", "5m", "1h30m".
type Duration time.Duration

// UnmarshalText accepts what time.ParseDuration does, but nothing negative.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(strings.ReplaceAll(string(text), " ", ""))
	if err != nil || v < 0 {
		return fmt.Errorf("%q is no length of time: write 30s, 5m or 1h", text)
	}
	*d = Duration(v)
	return nil
}

// MarshalText gives the shortest form, "1h" rather than "1h0m0s".
func (d Duration) MarshalText() ([]byte, error) {
	s := time.Duration(d).String()
	s = strings.TrimSuffix(s, "m0s") + map[bool]string{true: "m"}[strings.HasSuffix(s, "m0s")]
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return []byte(s), nil
}

// Size is a number of octets, "50 MB".
type Size int64

var sizeForm = regexp.MustCompile(`^(\d{1,6}) ?(kB|KB|MB|GB)$`)

func sizeUnit(name string) int64 {
	return map[string]int64{"kB": 1 << 10, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}[name]
}

// UnmarshalText accepts a number with kB, MB or GB (of 1024).
func (s *Size) UnmarshalText(text []byte) error {
	m := sizeForm.FindStringSubmatch(string(text))
	if m == nil {
		return fmt.Errorf("%q is no size: write 500 kB or 50 MB", text)
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return fmt.Errorf("%q is no size: %w", text, err)
	}
	*s = Size(n * sizeUnit(m[2]))
	return nil
}

// MarshalText gives the largest unit that is exact.
func (s Size) MarshalText() ([]byte, error) {
	for _, unit := range []string{"GB", "MB", "kB"} {
		if n := sizeUnit(unit); int64(s)%n == 0 && s != 0 {
			return fmt.Appendf(nil, "%d %s", int64(s)/n, unit), nil
		}
	}
	return fmt.Appendf(nil, "%d", int64(s)), nil
}
