package letter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"replyby/letter/beside"
	"replyby/letter/enclosed"
	"replyby/letter/offer"
	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/verdict"
)

// Review asks a person for a decision. Why is one of
//
//	new            a request came in
//	again          the customer wrote again
//	replied        the customer wrote in answer to a letter that he had not asked for
//	merged         another ticket goes on in this one: Note says which
//	no_verb        the person wrote text without a verb: this is what would go
//	files          the person sent files and not a word: this is what would go
//	uncertain_cut  as no_verb, because it is not certain where the person's text ends
//	edited         the person wrote into the draft that his mail quotes, where nothing is read: this is what would go
//	doubt          Word is no command; Nearest may be the one meant ("" = none near), Doubt is the kind of doubt and Detail what it is about.
//	               Done says that a letter was stopped
//	unread         the person's mail asks for a text that the mail it answers did not show: this is what would go
//	changed        what would go is not what the person was shown
//	reopened       the person answers a mail of before the ticket was opened again: this is what would go
//	words          the person wrote text below commands of which none sends it: this is what would go. Done says that a letter was stopped
//	confirm        prove by answering that the approval was yours, or, where it was written to somebody else, Detail, that it is meant for us
//	bounced        a letter to the customer came back; Note says how
//	inside         somebody who may not decide, and is no customer, wrote about it: Detail is who, Word what adopts his mail
//	copied         a letter did not reach somebody who was copied; Note says whom, and how
//	put_off        a server has been putting off the person's letter; Note is its word
//	customer       the ticket is another customer's now
//	yours          the ticket was handed to the person
//	patch          a correction for several tickets: Others lists them, each with its text
//	status         asked for
//	closure        nobody wrote: customers are to be told of a closure; closure_more: those who came since
//	renewal        nobody wrote: a contract ends, and the customer may be reminded
//
// Note is a sentence more, shown as it is unless Doubt has words of its own. Request is what the customer wrote, or who wrote instead; Of
// says which message that is, where it is none of this ticket's. Files are the attachments people look at,
// bounded by the caller, and Left names those not carried. Recipients are those of Ticket.Draft; the customer's other Cc are
// shown as left out. Without a Token the mail only tells. Done is what the person's mail did before this was asked; Asides are texts that the
// draft does not hold.
type Review struct {
	Ticket        ticket.Ticket
	Person        Person
	Token         string
	Why           string
	Note          string
	Word, Nearest string
	Doubt, Detail string
	Related       []beside.Relation
	Request       string
	Of            Origin
	Thanks        bool // what he wrote says no more, and nothing else is to be done
	Files         []File
	Left          []string
	Others        []beside.Fellow
	Done          []Deed
	Asides        []beside.Aside
	Answered      beside.Written     // what the customer was last told, for whoever has not read it
	Dropped       []enclosed.Dropped // files of the person's mail that do not go with the draft
	Draft
	Facts Facts
}

// Origin tells a message by its subject and arrival.
type Origin struct {
	Subject string
	At      time.Time
}

// Draft is what a person is asked to approve: exactly what would go out, with Mark where the person's own words belong.
// Missing names the placeholders that still block it; Least is how many characters of a person's own words it still needs, 0 for none; Estimate
// says that the contract wants one with it, where one can be foreseen, and it has none; News that it can tell by when the customer hears again. By
// is the colleague who wrote what is personal in it, "" where the reader or nobody did.
// A mail that shows no draft offers no verb that would send one.
type Draft struct {
	DraftSubject string
	DraftText    string
	Mark         string
	Missing      []string
	Least        int
	Estimate     bool
	News         bool
	By           string
}

// offer is how to answer a mail that shows the draft.
func (d Draft) offer(link func(line string) string, why string, t ticket.Ticket, to Person) offer.Offer {
	return offer.Offer{
		Text: d.DraftText, Mark: d.Mark, Missing: d.Missing, Least: d.Least, Estimate: d.Estimate, News: d.News, Link: link, Why: why, Ticket: t,
		Reader: cmp.Or(to.Name, to.Address),
	}
}

// Review writes the mail.
func (w *Writer) Review(r Review, s Stamp) (Rendered, error) {
	v := w.voice(r.Person, s)
	if !v.Has("review.why." + r.Why) {
		return Rendered{}, fmt.Errorf("letter %s: review for unknown reason %q", s.ID, r.Why)
	}
	r.Ticket.Verdict.Contract = r.Ticket.Verdict.Contract || r.Facts.Term
	if r.Token == "" {
		return w.told(v, r, s)
	}
	subject := about(v, "review.subject."+r.astray(), r.Ticket)
	p := page.New(v.Lang, what(r.Ticket))
	lead(p, v, r)
	beside.Held(p, v, r.Ticket)
	if len(r.Done) > 0 {
		done(p, v, r.Done)
	}
	beside.Deadlines(p, v, r.Ticket)
	beside.Notes(p, v, r.Ticket)
	if r.Request != "" || !r.Ticket.Unasked() {
		request(p, v, r)
	}
	beside.Answered(p, v, r.Answered)
	seen := r.Draft
	seen.Missing = nil // said above
	if r.Why == "confirm" {
		r.Ticket.Draft.Unproven = ""
	}
	draft(p, v, r.Ticket, seen)
	enclosed.Write(p, v, r.Dropped)
	beside.Asides(p, v, r.Asides)
	if r.Why == "patch" {
		beside.Letters(p, v, r.Others, r.Ticket.Draft)
	} else {
		beside.Tickets(p, v, r.Others)
	}
	o := r.offer(w.links(subject, r.Token), r.Why, r.Ticket, r.Person)
	o.Thanks = r.Thanks
	o.Write(p, v)
	if !r.Ticket.Notice.Asks {
		p.Small(v.Say("review.how.free"))
		facts(p, v, r)
	}
	return w.staff(note{to: r.Person, purpose: "review", subject: subject, token: r.Token, by: replyBy(r.Ticket), page: p, files: r.Files}, s)
}

// told is a review for who is on call and not of the staff: he hears of the request, and there is nothing for him to approve.
func (w *Writer) told(v words.Voice, r Review, s Stamp) (Rendered, error) {
	p := page.New(v.Lang, what(r.Ticket))
	r.Related = nil // what to do about those only staff can do
	lead(p, v, r)
	beside.Deadlines(p, v, r.Ticket)
	p.Small(v.Say("warning.told"))
	request(p, v, r)
	facts(p, v, r)
	return w.staff(note{to: r.Person, purpose: "review", subject: about(v, "review.subject.told", r.Ticket), by: replyBy(r.Ticket), page: p, files: r.Files}, s)
}

// astray is why a mail is written, as its words are found.
func (r Review) astray() string {
	if r.Why == "confirm" && r.Detail != "" {
		return "confirm.astray"
	}
	return r.Why
}

func lead(p *page.Page, v words.Voice, r Review) {
	t, why := r.Ticket, r.astray()
	if len(r.Done) > 0 && v.Has("review.why."+why+".undone") {
		why += ".undone"
	}
	p.Para(v.Say("review.why."+why, "customer", caller(v, t), "word", page.Short(r.Word, 60), "name", page.Short(r.Detail, 120), "from", v.Day(t.Notice.From), "to", v.Day(t.Notice.Until.Add(-time.Second))))
	if first, _, _ := strings.Cut(r.Word, " "); r.Nearest != "" && (r.Doubt == "verb" || !strings.EqualFold(strings.TrimRight(first, ":,"), r.Nearest)) { // who wrote it meant it
		p.Para(v.Say("review.nearest", "verb", r.Nearest))
	}
	switch {
	case r.Doubt != "" && v.Has("doubt."+r.Doubt):
		p.Para(v.Say("doubt."+r.Doubt, "detail", r.Detail))
	case v.Has("note." + r.Note):
		p.Para(v.Say("note."+r.Note, "name", page.Short(r.Detail, 120)))
	case r.Note != "":
		p.Para(r.Note)
	}
	beside.Relations(p, v, r.Related)
	due, ok := t.NextTarget()
	by := v.Ahead(due.Target, due.Limit)
	switch {
	case ok && !due.Limit.IsZero() && !v.Now.Before(due.Limit):
		p.Alert(v.Say("review.alert.late"), true)
	case ok && !by.IsZero() && r.DraftText != "" && slices.Contains([]string{"new", "again", "replied", "merged", "bounced", "customer", "yours"}, r.Why):
		p.Para(v.Say("review.by", "when", v.Short(by)))
	}
	if r.Thanks {
		p.Para(v.Say("review.thanks"))
	}
	if len(r.Missing) > 0 {
		p.Alert(v.Say("review.missing", "names", offer.Blanks(v, r.Missing)), false)
	}
	if unaddressed(t, r.Draft) {
		p.Alert(v.Say("review.nobody"), false)
	}
	if carried := "review.carried." + t.Verdict.Source; r.DraftText != "" && v.Has(carried) {
		p.Alert(v.Say(carried), false)
	}
	switch ack, _ := t.Duty(duty.Ack); {
	case !ack.Running() && !r.Facts.Raised:
	case t.Verdict.Urgency == verdict.Urgent && t.Verdict.Contract:
		p.Alert(v.Say("review.alert.urgent"), false)
	case t.Verdict.Urgency == verdict.Urgent || t.Verdict.Hint:
		p.Alert(v.Say("review.alert.hint"), false)
	}
}

// unaddressed reports whether a letter is drafted to nobody, such as the answer to a call or the reminder of a whole company.
func unaddressed(t ticket.Ticket, d Draft) bool {
	return d.DraftText != "" && len(t.Draft.To) == 0 && !t.Notice.Asks && t.Verdict.Reply != verdict.Portal
}

// replyBy is the first instant something is owed: the earliest target, or limit where there is no target.
func replyBy(t ticket.Ticket) time.Time {
	o, ok := t.NextTarget()
	switch {
	case !ok:
		return time.Time{}
	case o.Target.IsZero():
		return o.Limit
	}
	return o.Target
}

func request(p *page.Page, v words.Voice, r Review) {
	t := r.Ticket
	heading := "review.request"
	if r.Request == t.Excerpt && t.Latest != "" && r.Why != "again" && r.Why != "replied" { // what came first says not what is to be answered now
		heading = "review.first"
		beside.Latest(p, v, t)
	}
	said, customer := strings.TrimSpace(r.Request), beside.Person(t.Customer)
	switch {
	case r.Why == "inside":
		p.Heading(v.Say("review.message"))
		customer = ""
	case len(said) == 0:
		p.Heading(v.Say("review.about"))
	default:
		p.Heading(v.Say(heading))
	}
	came, received, subject := t.ReceivedAt, "", t.Subject
	switch {
	case r.Of != Origin{}:
		came, subject = r.Of.At, r.Of.Subject
	case (r.Why == "again" || r.Why == "replied") && !t.CustomerAt.IsZero():
		came = t.CustomerAt
	}
	if !came.IsZero() {
		received = v.Long(came)
	}
	names := make([]string, len(r.Files))
	for i, f := range r.Files {
		names[i] = cmp.Or(f.Name, f.Type)
	}
	left := strings.Join(r.Left, ", ")
	if left != "" && r.Token != "" {
		left = v.Say("fact.files.left.how", "names", left)
	}
	p.Facts([2]string{v.Say("fact.customer"), customer}, [2]string{v.Say("fact.sender"), r.Facts.Sender}, [2]string{v.Say("fact.subject"), subject},
		[2]string{v.Say("fact.received"), received}, [2]string{v.Say("fact.files"), strings.Join(names, ", ")},
		[2]string{v.Say("fact.files.left"), left})
	switch { // who is only told has no command
	case r.Facts.Encrypted && r.Token == "":
		p.Alert(v.Say("review.encrypted.told"), false)
	case r.Facts.Encrypted:
		p.Alert(v.Say("review.encrypted"), false)
	}
	if len(said) > 0 {
		beside.Quote(p, v, said)
	}
}

func draft(p *page.Page, v words.Voice, t ticket.Ticket, d Draft) {
	if !t.Unasked() {
		p.Heading(v.Say("review.draft"))
	} else {
		p.Heading(v.Say("question.letter"))
	}
	if t.State == ticket.Closed {
		p.Para(v.Say("review.closed"))
	}
	if d.DraftText == "" {
		p.Para(v.Say("review.nodraft"))
		return
	}
	to, cc := t.Draft.To, t.Draft.Cc
	left := slices.DeleteFunc(slices.Clone(t.Cc), func(a ticket.Address) bool {
		return slices.ContainsFunc(slices.Concat(to, cc), func(b ticket.Address) bool { return strings.EqualFold(a.Addr, b.Addr) })
	})
	out := ""
	if len(left) > 0 {
		out = v.Say("fact.leftout.how", "names", beside.People(left))
	}
	p.Facts([2]string{v.Say("fact.writer"), d.By}, [2]string{v.Say("fact.to"), beside.People(to)}, [2]string{v.Say("fact.cc"), beside.People(cc)},
		[2]string{v.Say("fact.leftout"), out}, [2]string{v.Say("fact.subject"), d.DraftSubject},
		[2]string{v.Say("fact.files"), enclosed.Drafted(v, t.Draft.Files)})
	if who := t.Draft.Unproven; who != "" {
		p.Alert(v.Say("review.unproven", "name", who), false)
	}
	p.Letter(d.DraftText, d.Mark)
	if len(d.Missing) > 0 {
		p.Alert(v.Say("review.missing", "names", offer.Blanks(v, d.Missing)), false)
	}
}
