package letter

import (
	"slices"
	"strings"
	"time"

	"replyby/letter/beside"
	"replyby/letter/enclosed"
	"replyby/letter/offer"
	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
)

// Deed is one thing a staff mail did. Verb is the command; Value its words (a name, a reason, minutes), At its instant.
type Deed struct {
	Verb, Value string
	At          time.Time
}

// Receipt answers a staff mail that did something. Letter is what goes to the customer because of it (nil = nothing), without the files
// Dropped; At is when it leaves, zero for at once. Undo is until when it can be recalled, zero when it cannot. Doubt says that it may have gone before
// the database was put back, so that it does not leave by itself.
type Receipt struct {
	Ticket  ticket.Ticket
	Person  Person
	Token   string
	Done    []Deed
	Letter  *ticket.Letter
	Dropped []enclosed.Dropped
	At      time.Time
	Undo    time.Time
	Doubt   bool
	// Attached goes with the receipt itself.
	Attached []File
	// Others are the other tickets concerned, and what became of each.
	Others []beside.Fellow
	Asides []beside.Aside
}

// Receipt writes the mail.
func (w *Writer) Receipt(r Receipt, s Stamp) (Rendered, error) {
	v := w.voice(r.Person, s)
	p := page.New(v.Lang, what(r.Ticket))
	done(p, v, r.Done)
	subject := about(v, "receipt.subject", r.Ticket)
	if !r.Ticket.Notice.Asks && r.Ticket.Number != 0 {
		sending(p, v, r)
	}
	beside.Tickets(p, v, r.Others)
	beside.Asides(p, v, r.Asides)
	if r.Ticket.Number == 0 || r.Letter != nil && r.Doubt { // nothing goes to anybody, so there is nothing to take back
		return w.staff(note{to: r.Person, purpose: "receipt", subject: subject, token: r.Token, page: p, files: r.Attached}, s)
	}
	p.Heading(v.Say("receipt.undo"))
	undo := page.Choice{Word: "undo", Does: v.Say("does.undo"), Link: w.answer(subject, r.Token, "undo\r\n")}
	switch {
	case r.Ticket.Notice.Asks:
		p.Para(v.Say("receipt.undo.notice"))
		p.Choices(undo)
	case r.Letter != nil && !r.Undo.IsZero():
		p.Para(v.Say("receipt.undo.until", "time", r.Undo.In(w.desk.Zone).Format("15:04")))
		p.Choices(undo)
	case r.Letter != nil:
		p.Para(v.Say("receipt.undo.gone"))
	case shuts(r.Done) && r.Ticket.State == ticket.Closed:
		p.Para(reopening(v, r.Done))
		p.Choices(page.Choice{Word: "reopen", Does: v.Say("does.reopen"), Link: w.answer(subject, r.Token, "reopen\r\n")})
	case stays(r.Done):
		p.Para(v.Say("receipt.undo.none"))
	default:
		p.Para(v.Say("receipt.undo.any"))
	}
	return w.staff(note{to: r.Person, purpose: "receipt", subject: subject, token: r.Token, page: p, files: r.Attached}, s)
}

// shuts reports whether a mail closed its ticket without a letter.
func shuts(done []Deed) bool {
	return slices.ContainsFunc(done, func(d Deed) bool { return slices.Contains([]string{"close", "spam", "merge"}, d.Verb) })
}

// reopening says what opening a ticket again brings back, and what stays where the ticket went on.
func reopening(v words.Voice, done []Deed) string {
	for _, d := range done {
		if d.Verb == "merge" {
			return v.Say("receipt.undo.merged", "value", d.Value)
		}
	}
	return v.Say("receipt.undo.closed")
}

// stays reports whether a mail did only what no other command takes back.
func stays(done []Deed) bool {
	other := func(d Deed) bool {
		return !slices.Contains([]string{"note", "consent", "adopt", "posted", "posted.draft", "posted.list", "original"}, d.Verb)
	}
	return len(done) > 0 && !slices.ContainsFunc(done, other)
}

func sending(p *page.Page, v words.Voice, r Receipt) {
	p.Heading(v.Say("receipt.sending"))
	l := r.Letter
	if l == nil {
		p.Para(v.Say("receipt.nothing"))
		beside.Held(p, v, r.Ticket)
		enclosed.Write(p, v, r.Dropped)
		return
	}
	switch {
	case r.Doubt:
		p.Para(v.Say("receipt.doubt"))
	case r.At.IsZero() || !r.At.After(v.Now):
		p.Para(v.Say("receipt.now"))
	default:
		p.Para(v.Say("receipt.at", "when", v.Short(r.At)))
	}
	p.Facts([2]string{v.Say("fact.to"), strings.Join(l.To, ", ")}, [2]string{v.Say("fact.subject"), l.Subject},
		[2]string{v.Say("fact.files"), enclosed.Names(v, l.Files)})
	p.Letter(l.Text, "")
	enclosed.Write(p, v, r.Dropped)
}

// done lists what a mail did.
func done(p *page.Page, v words.Voice, deeds []Deed) {
	p.Heading(v.Say("receipt.done"))
	var done []string
	for _, d := range deeds {
		done = append(done, deed(v, d))
	}
	p.List(done...)
}

// deed says what a verb did; a verb without words of its own is said as it was written.
func deed(v words.Voice, d Deed) string {
	when := ""
	if !d.At.IsZero() {
		when = v.Long(d.At)
	}
	if !v.Has("done." + d.Verb) {
		return strings.TrimSpace(d.Verb + " " + d.Value)
	}
	value, name := page.Short(d.Value, 400), ""
	switch d.Verb {
	case "refuse":
		value = v.Known("ground.", value)
	case "care":
		value = v.Known("care.", value)
	case "field", "field.kept":
		name, value, _ = strings.Cut(value, ": ")
		name = v.Known("blank.", name)
	}
	said := v.Say("done."+d.Verb, "value", value, "when", when, "name", name)
	if d.Value != "" && slices.Contains([]string{"fixed", "fault", "question", "presale", "urgent", "normal", "close", "close.letter"}, d.Verb) {
		return v.Say("done.why", "done", strings.TrimSuffix(said, "."), "why", value)
	}
	return said
}

// Refused tells a person why his mail decided nothing. Reason is a code this package has words for (see words.txt,
// refused.*), or else a sentence shown as it is. Detail is added to it. The draft, where there is one, is shown again: the
// token is good for it. Done is what could not wait and was done all the same, Others the other tickets concerned by that.
type Refused struct {
	Ticket         ticket.Ticket
	Person         Person
	Token          string
	Reason, Detail string
	Done           []Deed
	Others         []beside.Fellow
	Asides         []beside.Aside
	Dropped        []enclosed.Dropped // files of the mail, which has to bring them again
	Draft
}

// Refused writes the mail.
func (w *Writer) Refused(r Refused, s Stamp) (Rendered, error) {
	v := w.voice(r.Person, s)
	if v.Has("fetched."+r.Reason) && len(r.Done) == 0 {
		return w.fetched(v, r, s)
	}
	subject := about(v, "refused.subject", r.Ticket)
	p := page.New(v.Lang, what(r.Ticket))
	lead := "refused.lead"
	if _, running := r.Ticket.NextTarget(); running {
		lead = "refused.lead.running"
	}
	if len(r.Done) > 0 {
		lead = "refused.lead.undone"
	}
	p.Alert(v.Say(lead), false)
	beside.Held(p, v, r.Ticket)
	if len(r.Done) > 0 {
		done(p, v, r.Done)
		beside.Tickets(p, v, r.Others)
	}
	p.Heading(v.Say("refused.why"))
	if slices.Contains([]string{"contract_active", "not_ending", "expired"}, r.Reason) {
		r.Detail = v.Dates(r.Detail)
	}
	why, todo := r.Reason, v.Say("refused.do.any")
	if v.Has("refused.because." + r.Reason) {
		why = v.Say("refused.because."+r.Reason, "detail", page.Short(r.Detail, 200))
		switch {
		case r.Reason == "incomplete":
			why = v.Say("refused.because.incomplete", "detail", offer.Blanks(v, strings.Split(r.Detail, ", ")))
		case r.Reason == "too_short" && strings.HasSuffix(r.Detail, "/1"): // any words will do: nothing to count
			why = v.Say("refused.because.no_words")
		case r.Detail != "" && v.Has("refused.because."+r.Reason+".by"):
			why = v.Say("refused.because."+r.Reason+".by", "detail", page.Short(r.Detail, 200))
		}
		switch {
		case r.Reason == "incomplete" && offer.Lines(r.Detail) != nil:
			todo = v.Say("refused.then.incomplete.lines")
		case r.Detail != "" && v.Has("refused.then."+r.Reason+".by"):
			todo = v.Say("refused.then." + r.Reason + ".by")
		case v.Has("refused.then." + r.Reason):
			todo = v.Say("refused.then." + r.Reason)
		}
	} else if r.Detail != "" {
		why += ": " + r.Detail
	}
	p.Para(why)
	beside.Deadlines(p, v, r.Ticket)
	p.Heading(v.Say("refused.do"))
	p.Para(todo)
	if r.Reason == "incomplete" {
		p.List(offer.Lines(r.Detail)...)
	}
	enclosed.Write(p, v, r.Dropped)
	p.Small(v.Say("refused.not.you"))
	beside.Asides(p, v, r.Asides)
	if r.DraftText != "" {
		draft(p, v, r.Ticket, r.Draft)
		r.offer(w.links(subject, r.Token), "", r.Ticket, r.Person).Write(p, v)
	}
	return w.staff(note{to: r.Person, purpose: "receipt", subject: subject, token: r.Token, by: replyBy(r.Ticket), page: p}, s)
}

// fetched brings the draft to whoever asked for it by the number of its ticket, or answered a mail without a code. He did what was to be done,
// and is not told off.
func (w *Writer) fetched(v words.Voice, r Refused, s Stamp) (Rendered, error) {
	subject := about(v, "fetched.subject."+r.Reason, r.Ticket)
	p := page.New(v.Lang, what(r.Ticket))
	p.Para(v.Say("fetched." + r.Reason))
	beside.Held(p, v, r.Ticket)
	enclosed.Write(p, v, r.Dropped)
	beside.Deadlines(p, v, r.Ticket)
	beside.Asides(p, v, r.Asides)
	if r.DraftText != "" {
		draft(p, v, r.Ticket, r.Draft)
		r.offer(w.links(subject, r.Token), "", r.Ticket, r.Person).Write(p, v)
	}
	p.Small(v.Say("refused.not.you"))
	return w.staff(note{to: r.Person, purpose: "receipt", subject: subject, token: r.Token, by: replyBy(r.Ticket), page: p}, s)
}
