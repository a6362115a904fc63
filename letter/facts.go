package letter

import (
	"cmp"
	"strings"
	"time"

	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
	"replyby/ticket/verdict"
)

// Facts is what staff should know of a request beyond the ticket. Contract is active, expired, unknown or ""; Terms says
// which contract and until when; Away what the customer's automatic reply said; ReplyTo where he wants answers (RFC 5322, 3.6.2), if that is
// not where he wrote from, for nothing goes there by itself; Sender the address that a form's or a portal's mail came from, for anybody can
// write one that names a customer; Raised says that this message made the request urgent, by the Term of the contract or by other words;
// Problems the codes of what is malformed; Cut the folder where the whole of a mail is of which only the header was read; Encrypted says that
// there is nothing to read in it; Apart that nobody could look up where it belongs, since the database is harmed there.
type Facts struct {
	Contract, Terms  string
	Away, ReplyTo    string
	Sender, Auth     string
	Raised, Term     bool
	Problems         []string
	Cut              string
	Encrypted, Apart bool
}

func facts(p *page.Page, v words.Voice, r Review) {
	t, f := r.Ticket, r.Facts
	contract := ""
	if f.Contract != "" {
		contract = v.Known("contract.", f.Contract)
		if f.Terms != "" {
			contract = v.Say("done.why", "done", contract, "why", v.Dates(f.Terms))
		}
	}
	assignee := cmp.Or(t.Assignee, v.Say("fact.nobody"))
	p.Heading(v.Say("review.known"))
	p.Facts([2]string{v.Say("fact.reply_to"), f.ReplyTo}, [2]string{v.Say("fact.away"), f.Away}, [2]string{v.Say("fact.assignee"), assignee}, [2]string{v.Say("fact.contract"), contract},
		[2]string{v.Say("fact.category"), v.Known("category.", string(t.Verdict.Category))}, [2]string{v.Say("fact.source"), v.Known("carrier.", t.Verdict.Source)},
		[2]string{v.Say("fact.portal"), t.Verdict.Fields["link"]},
		[2]string{v.Say("fact.urgency"), urgency(v, t.Verdict)}, [2]string{v.Say("fact.auth"), f.Auth},
		[2]string{v.Say("fact.reading"), clock(t.ReceivedBy)}, [2]string{v.Say("fact.problems"), problems(v, f)})
}

// urgency says why a request counts as urgent or does not, "" where nobody spoke of urgency. The log keeps the grounds in full.
func urgency(v words.Voice, said ticket.Verdict) string {
	switch {
	case said.Urgency == verdict.Urgent && said.Contract:
		return v.Say("urgency.term")
	case said.Urgency == verdict.Urgent:
		return v.Say("urgency.other")
	case said.Hint:
		return v.Say("urgency.hint")
	case said.Urgency == verdict.Negated:
		return v.Say("urgency.negated")
	}
	return ""
}

func problems(v words.Voice, f Facts) string {
	var said []string
	if f.Apart {
		said = append(said, v.Say("problems.apart"))
	}
	if len(f.Problems) > 0 {
		said = append(said, v.Say("problems.form", "names", strings.Join(f.Problems, ", ")))
	}
	if f.Cut != "" {
		said = append(said, v.Say("problems.cut", "name", f.Cut))
	}
	return v.Listed(said)
}

// clock is which clock gave the time of arrival, without the time as that clock has it: it stands above in the desk's zone, and 07:12Z
// beside 08:12 is one hour too many for a tired reader.
func clock(by string) string {
	i := strings.LastIndex(by, " ") + 1
	if _, err := time.Parse(time.RFC3339, by[i:]); err != nil {
		return by
	}
	return strings.TrimRight(by[:i], "; ")
}
