package report

import (
	"errors"
	"fmt"
	"time"

	"replyby/cmd/replyby/command"
)

// period reads a stretch of time from the arguments of a command: from the beginning of the first to the end of the last, each a year, a month
// or a day of a zone. Without any it is the month before the one of now. The end is the first instant that is not of it any more.
func period(args []string, now time.Time, zone *time.Location) (from, end time.Time, err error) {
	switch len(args) {
	case 0:
		y, m, _ := now.In(zone).Date()
		return time.Date(y, m-1, 1, 0, 0, 0, 0, zone), time.Date(y, m, 1, 0, 0, 0, 0, zone), nil
	case 1, 2:
		from, _, err = dates(args[0], zone)
		if err != nil {
			return from, end, err
		}
		_, end, err = dates(args[len(args)-1], zone)
		if err == nil && !from.Before(end) {
			err = command.Hinted(fmt.Errorf("%s comes after %s", args[0], args[1]), "write the earlier one first")
		}
		return from, end, err
	}
	return from, end, command.Hinted(errors.New("a stretch of time has one beginning and one end"), "write 2026-11, or 2026-10 2026-12")
}

// dates is the beginning and the end of a year, a month or a day.
func dates(text string, zone *time.Location) (from, end time.Time, err error) {
	for layout, next := range map[string][3]int{"2006": {1, 0, 0}, "2006-01": {0, 1, 0}, time.DateOnly: {0, 0, 1}} {
		if from, err = time.ParseInLocation(layout, text, zone); err == nil {
			return from, from.AddDate(next[0], next[1], next[2]), nil
		}
	}
	return from, end, command.Hinted(fmt.Errorf("%q is no year, month or day", text), "write 2026, 2026-11 or 2026-11-24")
}
