package arrival

import (
	"slices"
	"strings"

	"replyby/mailparse"
	"replyby/ticket"
)

// Failure is what a report of non-delivery says, in one line.
func (a *Arrival) Failure() string {
	for _, r := range a.Mail.Report.Recipients {
		if words := strings.Join(strings.Fields(r.Status+" "+r.Diagnostic), " "); words != "" {
			return Clip(words, 300)
		}
	}
	return "returned without a reason"
}

// MissedBy is whom a report of non-delivery is about if it names only people who were copied, or our own copy. None where it may be about
// the customer: his mail may be forwarded to an address that nobody here knows.
func (a *Arrival) MissedBy(l ticket.Letter) (copied []string) {
	if len(l.To) == 0 || !a.Mail.Report.Structured {
		return nil
	}
	others := append(slices.Clone(l.To[1:]), l.Bcc...)
	for _, r := range a.Mail.Report.Recipients {
		if r.Action != "failed" {
			continue
		}
		if !named(r, others) || named(r, l.To[:1]) {
			return nil
		}
		copied = append(copied, r.Addr())
	}
	return copied
}

func named(r mailparse.Recipient, among []string) bool {
	return slices.ContainsFunc(among, func(addr string) bool { return strings.EqualFold(addr, r.Final) || strings.EqualFold(addr, r.Original) })
}
