package command

import (
	"fmt"
	"time"
)

// Instant reads the value of a flag: an instant (RFC 3339), or a wall-clock time of the zone.
func Instant(flag, text string, zone *time.Location) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, Hinted(fmt.Errorf("-%s %q is no instant", flag, text), "write 2026-11-20T17:30:00+01:00, or 2026-11-20T17:30 in local time")
}
