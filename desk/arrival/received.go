package arrival

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"replyby/mailparse"
)

// The mails with which 'check -online' tries a mailbox out bear this field and say this.
const (
	TrialField = "X-Replyby-Check"
	TrialText  = "replyby tries out this mailbox. This mail can be deleted."
)

// trusted is how far before INTERNALDATE a Received or Date line is believed.
const trusted = 24 * time.Hour

// receivedAt says when our mail server got a message, in whole seconds, and which clock said so: the Received line of our own
// server, else INTERNALDATE (RFC 9051, 2.3.3). Through our own forwarding the oldest line in the unbroken run of our hosts
// counts. A portal wrote its mail a little after the request was made, so there the Date field counts where it is earlier;
// nowhere else, since any sender can write any Date.
func receivedAt(m *mailparse.Message, internal time.Time, portal bool, own []string) (time.Time, string) {
	at, by := internal, "INTERNALDATE "+internal.UTC().Format(time.RFC3339)
	if hop, ok := ourHop(m.Hops, own); ok && believable(hop.At, internal) {
		at, by = hop.At, fmt.Sprintf("Received by %s; %s", hop.By, hop.At.UTC().Format(time.RFC3339))
	}
	if portal && believable(m.Date, at) {
		at, by = m.Date, "Date of the portal "+m.Date.UTC().Format(time.RFC3339)
	}
	return at.UTC().Truncate(time.Second), by
}

// Copied returns when a mail came to a mailbox, by the last server to take it and by its writer, where it was put into ours more than a day later:
// as a copy under a new date. Else the zero time.
func (a *Arrival) Copied() time.Time {
	if a.Unread || len(a.Mail.Hops) == 0 || a.Mail.Hops[0].At.IsZero() || a.Mail.Date.IsZero() {
		return time.Time{}
	}
	came := a.Mail.Hops[0].At
	if a.Mail.Date.After(came) {
		came = a.Mail.Date
	}
	if a.Internal.Sub(came) <= trusted {
		return time.Time{}
	}
	return came
}

// savedAt is when a mail came that was saved as a file: when the last server to take it wrote so (RFC 5321, 4.4), else its Date, else zero.
func savedAt(m *mailparse.Message, own []string) (time.Time, string) {
	at, by := m.Date, "Date "+m.Date.UTC().Format(time.RFC3339)
	if hop, ok := ourHop(m.Hops, own); ok && !hop.At.IsZero() {
		at, by = hop.At, fmt.Sprintf("Received by %s; %s", hop.By, hop.At.UTC().Format(time.RFC3339))
	}
	return at.UTC().Truncate(time.Second), by
}

func ourHop(hops []mailparse.Hop, own []string) (mailparse.Hop, bool) {
	if len(hops) == 0 {
		return mailparse.Hop{}, false
	}
	ours := hops[0]
	for _, h := range hops {
		if !ownHost(h.By, own) {
			break
		}
		ours = h
	}
	return ours, true
}

// ownHost reports whether a name is one of our servers'. A pattern that cannot be read matches nothing: the proof of authenticity has
// refused it at the start.
func ownHost(name string, own []string) bool {
	return slices.ContainsFunc(own, func(pattern string) bool {
		ours, err := path.Match(strings.ToLower(pattern), strings.ToLower(name))
		return ours && err == nil
	})
}

func believable(at, reference time.Time) bool {
	return !at.IsZero() && !at.After(reference) && reference.Sub(at) <= trusted
}
