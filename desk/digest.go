package desk

import (
	"context"
	"time"

	"replyby/desk/dossier"
	"replyby/desk/report"
	"replyby/desk/sheet"
	"replyby/letter"
	"replyby/letter/digest"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// digestWithin is more than the time to any next digest.
const digestWithin = 15 * 24 * time.Hour

// digest writes the daily mail to the managers and sets the next one. A day without anything to say has one too: no digest is
// itself an alarm.
func (d *Desk) digest(ctx context.Context, f *dossier.Dossier, m Moment) error {
	r, err := d.report(ctx, f, m)
	if err != nil {
		return err
	}
	body := ticket.Body{Wake: d.NextDigest(m.Now)}
	for _, p := range d.Leads() {
		token := ""
		if d.Enrolled(p) {
			token = f.Lend(p, &body)
		}
		done, err := d.Letter.Digest(p.Reader(), r, token, f.Stamp())
		if err != nil {
			return err
		}
		f.Enclose(&body, done)
	}
	f.Add(kind.DigestSent, sheet.Program, body)
	return nil
}

func (d *Desk) report(ctx context.Context, f *dossier.Dossier, m Moment) (digest.Report, error) {
	return report.Source{Charter: d.Charter, Store: d.Store}.Gather(ctx, f.T, m.Now, m.Health)
}

// Digest returns the subject and the text of the digest as of this moment, in a language. Nothing is recorded and nothing sent, and
// when the mailbox was last read stands in none: only a running program knows.
func (d *Desk) Digest(ctx context.Context, now time.Time, language string) (subject, text string, err error) {
	f, err := d.Load(ctx, 0, now, "command line")
	if err != nil {
		return "", "", err
	}
	r, err := d.report(ctx, f, Moment{Now: now})
	if err != nil {
		return "", "", err
	}
	done, err := d.Letter.Digest(letter.Person{Name: d.Team, Address: d.Address, Language: language}, r, "", f.Stamp())
	return done.Subject, done.Text, err
}
