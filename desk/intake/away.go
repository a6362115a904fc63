package intake

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"replyby/desk/arrival"
	"replyby/desk/charter"
	"replyby/desk/dossier"
	"replyby/desk/handover"
	"replyby/desk/reply/when"
	"replyby/desk/sheet"
	"replyby/desk/thread"
	"replyby/desk/token"
	"replyby/ticket"
)

const (
	awayFor  = 24 * time.Hour      // how long an automatic reply without a date counts
	awayMost = 60 * 24 * time.Hour // no date in an automatic reply is believed beyond
)

// colleagueAway takes an automatic reply of a person of the staff to a mail of ours for what it is: he does not read it now. Others are
// asked until the date it names, or for a day. f is what the reply was filed with.
func (n *Intake) colleagueAway(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival) error {
	answers, err := n.answersUs(ctx, f.T, a)
	if err != nil || !answers {
		return err
	}
	own := f
	if f.T.Number != 0 {
		if own, err = n.own(ctx, a); err != nil {
			return err
		}
	}
	until := a.Now.Add(awayFor)
	if named, ok := comesBack(a.Verdict.Text, a.At.In(n.Zone)); ok {
		until = named
	}
	if until.After(own.Roster.Of(a.Staff.Addresses).Away) {
		own.Absent(sheet.Program, a.Staff, until, "automatic reply")
	}
	if own == f {
		return nil
	}
	f.Also = append(f.Also, own.Change)
	f.Roster = own.T.Roster
	if len(n.Staff) <= charter.AskAll || !f.T.IsOpen() || !a.Staff.Holds(f.T) {
		return nil
	}
	open, err := n.OpenByHolder(ctx)
	if err != nil {
		return err
	}
	return handover.Away(f, open)
}

// answersUs reports whether an automatic mail answers a letter of ours to that person: it names the letter, or carries the person's own token.
// Nobody else knows either.
func (n *Intake) answersUs(ctx context.Context, t ticket.Ticket, a *arrival.Arrival) (bool, error) {
	if a.Auth.Outcome == arrival.Fail {
		return false, nil
	}
	if code := token.InSubject(a.Mail.Subject); code != "" {
		if k, ok := t.Token(token.Hash(code)); ok && slices.Contains(a.Staff.Addresses, k.Person) {
			return true, nil
		}
	}
	return thread.AnswersStaffMail(ctx, n.Files, a)
}

// untilIs finds where an automatic reply says until when its author is away.
var untilIs = regexp.MustCompile(`(?i)\b(?:until|till|through|back on|return on|fino al|fino all['’]|sino al|torno il|rientro il|rientrerò il|hasta el|hasta|vuelvo el|jusqu['’]au|de retour le)\s+([^,;\n!?]{3,40})`)

// comesBack reads the last day of an absence where the words name it plainly.
func comesBack(text string, now time.Time) (time.Time, bool) {
	for _, m := range untilIs.FindAllStringSubmatch(text, 5) {
		words := strings.Fields(m[1])
		for n := min(len(words), 5); n > 0; n-- {
			at, err := when.Parse(strings.TrimRight(strings.Join(words[:n], " "), "."), now)
			switch {
			case err == nil && at.Sub(now) <= awayMost:
				return at, true
			case !errors.Is(err, when.ErrUnreadable):
				return time.Time{}, false // a date that is not believed; reading fewer of its words would make another date of it
			}
		}
	}
	return time.Time{}, false
}
