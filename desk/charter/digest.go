package charter

import "time"

// NextDigest is the next digest hour after now on a day with service hours; zero where there is no digest.
func (c *Charter) NextDigest(now time.Time) time.Time {
	local := now.In(c.Zone)
	clock, err := time.Parse("15:04:05", c.DigestAt)
	if err != nil {
		if clock, err = time.Parse("15:04", c.DigestAt); err != nil {
			return time.Time{} // no digest configured
		}
	}
	const fortnight = 14
	for n := range fortnight {
		day := time.Date(local.Year(), local.Month(), local.Day()+n, 0, 0, 0, 0, c.Zone)
		at := time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), clock.Second(), 0, c.Zone)
		next := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, c.Zone)
		if at.After(now) && c.Service.Between(day, next) > 0 {
			return at.UTC()
		}
	}
	return now.AddDate(0, 0, fortnight) // a long closure; look again then
}
