package desk

import (
	"context"
	"time"

	"replyby/ticket"
	"replyby/ticket/kind"
)

// nextDigest is the next digest hour after now on a day with service hours.
func (d *Desk) nextDigest(now time.Time) time.Time {
	local := now.In(d.cfg.Zone)
	clock, err := time.Parse("15:04:05", d.cfg.DigestAt)
	if err != nil {
		if clock, err = time.Parse("15:04", d.cfg.DigestAt); err != nil {
			return time.Time{} // no digest configured
		}
	}
	const fortnight = 14
	for n := range fortnight {
		day := time.Date(local.Year(), local.Month(), local.Day()+n, 0, 0, 0, 0, d.cfg.Zone)
		at := time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), clock.Second(), 0, d.cfg.Zone)
		next := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, d.cfg.Zone)
		if at.After(now) && d.cfg.Service.Between(day, next) > 0 {
			return at.UTC()
		}
	}
	return now.AddDate(0, 0, fortnight) // a long closure; look again then
}

// digest writes the daily mail to the managers and sets the next one. A day without anything to say has one too: no digest is
// itself an alarm.
func (f *dossier) digest(ctx context.Context, m Moment) error {
	r, err := f.report(ctx, m)
	if err != nil {
		return err
	}
	body := ticket.Body{Wake: f.desk.nextDigest(m.Now)}
	for _, p := range f.desk.managers() {
		done, err := f.desk.letter.Digest(reader(p), r, f.stamp())
		if err != nil {
			return err
		}
		f.enclose(&body, done)
	}
	f.add(kind.DigestSent, program, body)
	return nil
}
