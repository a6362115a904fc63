package evidence

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"replyby/letter/page"
	"replyby/letter/words"
	"replyby/mailparse"
	"replyby/sla/wording"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
	"replyby/ticket/outcome"
)

//go:embed words.txt
var catalogue string

//go:embed readme
var readmes embed.FS

// teller says what is in an archive, in one language.
type teller struct {
	*binder
	page *page.Page
	say  words.Voice
	when wording.Words
}

// pages adds the timeline in its two forms, and the text that says how to read it all.
func (b *binder) pages() error {
	book, err := words.Parse(catalogue)
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	when, err := wording.In(b.Language)
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	t := &teller{binder: b, say: book.In(when.Lang()), when: when}
	t.page = page.New(when.Lang(), t.say.Say("title", "ref", b.Ticket.Ref))
	t.request()
	t.clocks()
	t.letters()
	t.timeline()
	t.list()
	b.add(File{Path: nameText, Role: "timeline"}, []byte(t.page.Text()))
	b.add(File{Path: nameHTML, Role: "timeline"}, []byte(t.page.HTML()))
	readme, err := readmes.ReadFile("readme/" + when.Lang() + ".txt")
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	fill := strings.NewReplacer("{ref}", page.Line(b.Ticket.Ref), "{head}", b.Head.Hash.String()[:16]+"…")
	b.add(File{Path: nameReadme, Role: "readme"}, []byte(fill.Replace(string(readme))))
	return nil
}

func (t *teller) fact(name, value string) [2]string {
	return [2]string{t.say.Say("fact." + name), value}
}

// word says a word of the log in the language of the page, or as it stands where there is none.
func (t *teller) word(sort, word string) string {
	if key := sort + "." + word; t.say.Has(key) {
		return t.say.Say(key)
	}
	return word
}

// instant is an instant for people, with the exact one beside it; "" for none.
func (t *teller) instant(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return t.when.Instant(at, t.Zone) + " = " + exact(at)
}

// deadline is an instant like others, but midnight is the end of the day before, as in every mail.
func (t *teller) deadline(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return t.when.Due(at, t.Zone) + " = " + exact(at)
}

func exact(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.999999Z") }

func (t *teller) request() {
	x := t.Ticket
	t.page.Heading(t.say.Say("head.request"))
	if slices.ContainsFunc(t.Records, func(r logbook.Record) bool { return r.Kind == kind.Erased }) {
		t.page.Alert(t.say.Say("erased"), false)
	}
	hash := ""
	if !x.Raw.IsZero() {
		hash = x.Raw.String()
	}
	t.page.Facts(
		t.fact("desk", x.Desk+" <"+t.Address+">"),
		t.fact("customer", person(x.Customer)),
		t.fact("subject", x.Subject),
		t.fact("received", t.instant(x.ReceivedAt)),
		t.fact("clock", x.ReceivedBy),
		t.fact("intake", t.instant(x.IntakeAt)),
		t.fact("urgency", t.word("urgency", string(x.Verdict.Urgency))),
		t.fact("reasons", t.why(x.Verdict.Reasons)),
		t.fact("policy", x.Verdict.Policy),
		t.fact("source", t.word("source", x.Verdict.Source)),
		t.fact("state", t.word("state", string(x.State))),
		t.fact("assignee", x.Assignee),
		t.fact("hash", hash),
	)
	if x.Excerpt != "" {
		t.page.Quote(x.Excerpt)
	}
}

func person(a ticket.Address) string {
	if a.Addr == "" {
		return a.Name
	}
	return strings.TrimSpace(a.Name + " <" + a.Addr + ">")
}

// clocks shows each obligation with its instants, the count, and what became of it.
func (t *teller) clocks() {
	t.page.Heading(t.say.Say("head.clocks"))
	if len(t.Ticket.Duties) == 0 {
		t.page.Para(t.say.Say("none.clocks"))
	}
	for _, o := range t.Ticket.Duties {
		t.page.Para(t.word("duty", string(o.Name)))
		t.page.Facts(
			t.fact("from", t.instant(begun(o))),
			t.fact("target", t.deadline(o.Target)),
			t.fact("limit", t.deadline(o.Limit)),
			t.fact("act_by", t.deadline(o.ActBy)),
			t.fact("reading", o.Reading),
			t.fact("count", o.Count),
			t.fact("calendar", o.Calendar),
			t.fact("met", t.instant(o.MetAt)),
			t.fact("by", t.metBy(o.MetBy)),
			t.fact("outcome", t.say.Say("outcome."+string(outcome.Of(o)))),
		)
	}
}

func (t *teller) metBy(by string) string {
	switch by {
	case "":
		return ""
	case "observed", "declared":
		return t.say.Say("by." + by)
	}
	return t.letterNo(by)
}

// letterNo is how the timeline calls a letter: by its number among those to the customer, else by its id.
func (t *teller) letterNo(id string) string {
	n := 0
	for _, p := range t.Ticket.Posted {
		if p.Customer {
			if n++; p.ID == id {
				return t.say.Say("letter.number", "n", strconv.Itoa(n))
			}
		}
	}
	return id
}

// letters shows every letter to the customer: who approved it and how that is known, what it says, and how its delivery went.
func (t *teller) letters() {
	t.page.Heading(t.say.Say("head.letters"))
	none := true
	for _, p := range t.Ticket.Posted {
		if p.Customer {
			t.letter(p)
			none = false
		}
	}
	if none {
		t.page.Para(t.say.Say("none.letters"))
	}
}

func (t *teller) letter(p ticket.Posted) {
	decided, l := t.decision(p.ID)
	t.page.Para(t.letterNo(p.ID))
	t.page.Facts(
		t.fact("approved", cmp.Or(p.By, decided.Actor)),
		t.fact("decided", t.instant(decided.At)),
		t.fact("command", decided.Body.Verb),
		t.fact("proof", decided.Body.Auth),
		t.fact("approval", t.elsewhere(decided)),
		t.fact("own", t.share(decided.Body, l.Text)),
		t.fact("to", join(p.To)),
		t.fact("subject", p.Subject),
		t.fact("files", enclosures(p.Files)),
		t.fact("message_id", "<"+p.MessageID+">"),
		t.fact("marks", t.marks(p.Hash)),
		t.fact("file", t.pathOf(p.Hash)),
		t.fact("hash", p.Hash.String()),
	)
	t.page.List(t.delivery(p.ID)...)
	if l.Text != "" {
		t.page.Quote(l.Text)
	}
}

// enclosures names the files that a letter brought, each with the hash of its bytes.
func enclosures(files []ticket.Attachment) string {
	var said []string
	for _, f := range files {
		said = append(said, f.Name+" (SHA-256 "+f.Hash.String()+")")
	}
	return join(said)
}

// decision finds the event that decided a letter, and the letter as it was decided; both are empty once erased.
func (t *teller) decision(id string) (ticket.Event, ticket.Letter) {
	for _, e := range t.events {
		for _, l := range e.Body.Letters {
			if l.ID == id {
				return e, l
			}
		}
	}
	return ticket.Event{}, ticket.Letter{}
}

// elsewhere says where an approval of letters to several customers was given, "" for one that is in the archive.
func (t *teller) elsewhere(decided ticket.Event) string {
	if decided.Body.Link == 0 {
		return ""
	}
	prefix, _, _ := strings.Cut(t.Ticket.Ref, "-")
	return t.say.Say("elsewhere", "ref", prefix+"-"+strconv.FormatUint(decided.Body.Link, 10), "hash", strings.TrimPrefix(decided.Cause, "raw:"))
}

// share says how much of a letter the person wrote himself.
func (t *teller) share(decided ticket.Body, all string) string {
	own := decided.Text
	if own == "" && decided.Share == 0 {
		return ""
	}
	count := func(s string) string { return strconv.Itoa(utf8.RuneCountInString(s)) }
	return t.say.Say("own.share", "n", count(own), "all", count(all)) + percent(decided.Share)
}

// percent is the share that was reckoned when the letter was written: it counts everything that a person put into the text.
func percent(share int) string {
	if share == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d %%)", share)
}

// marks says which marks of automation the bytes of a letter carry: a person's letter has none.
func (t *teller) marks(h ticket.Hash) string {
	data, ok := t.Bytes[h]
	if !ok {
		return ""
	}
	return cmp.Or(mailparse.Parse(data).Header.Get("Auto-Submitted"), t.say.Say("marks.none"))
}

func (t *teller) pathOf(h ticket.Hash) string {
	for _, f := range t.files {
		if f.SHA256 == h {
			return f.Path
		}
	}
	return ""
}

// delivery lists what is known of a letter's way, with the server's words.
func (t *teller) delivery(id string) []string {
	var all []string
	for _, e := range t.events {
		if d := e.Body.Delivery; d != nil && d.Letter == id {
			all = append(all, t.line(e, append([]string{d.Server, answer(*d), d.Proof}, t.owed(e)...)...))
		}
	}
	return all
}

// answer is what the server said, with its code.
func answer(d ticket.Delivery) string {
	code := strconv.Itoa(d.Code)
	if d.Code == 0 || strings.HasPrefix(d.Reply, code) {
		return d.Reply
	}
	return code + " " + d.Reply
}

// line is one event: instant, what happened, and what there is to say.
func (t *teller) line(e ticket.Event, more ...string) string {
	more = slices.DeleteFunc(more, func(s string) bool { return strings.TrimSpace(s) == "" })
	at := e.At.In(t.Zone).Format("2006-01-02 15:04:05 -07:00")
	return strings.Join(append([]string{at, t.word("kind", string(e.Kind))}, more...), " · ")
}

func (t *teller) timeline() {
	t.page.Heading(t.say.Say("head.events"))
	var all []string
	for i, e := range t.events {
		all = append(all, t.line(e, append([]string{t.word("actor", e.Actor)}, t.details(t.Records[i], e)...)...))
	}
	t.page.List(all...)
	t.page.Facts(t.fact("head", fmt.Sprintf("%d, %s", t.Head.Seq, t.Head.Hash)))
}

// details are the few words that tell one event from another of its kind.
func (t *teller) details(r logbook.Record, e ticket.Event) []string {
	switch {
	case r.Body == nil && mayBeInternal(r.Kind):
		return []string{t.say.Say("left_out")}
	case r.Body == nil:
		return []string{t.say.Say("bare")}
	}
	b := e.Body
	said := []string{b.Verb}
	if b.Obligation != "" {
		said = append(said, t.word("duty", string(b.Obligation)))
	}
	if b.Rung != nil {
		said = append(said, b.Rung.Name)
	}
	said = append(said, t.owed(e)...)
	for _, l := range b.Letters {
		said = append(said, l.Purpose+" -> "+join(l.To))
	}
	if d := b.Delivery; d != nil {
		said = append(said, t.letterNo(d.Letter), answer(*d), d.Proof)
	}
	if m := b.Message; m != nil {
		said = append(said, m.Subject, t.pathOf(m.Raw), t.part(m.Cut))
	}
	if b.Draft != nil {
		said = append(said, "v"+strconv.Itoa(b.Draft.Version)+" "+b.Draft.Template)
	}
	if b.Minutes != 0 {
		said = append(said, strconv.Itoa(b.Minutes)+" min")
	}
	return append(said, b.Person, b.Reason, b.Auth)
}

// part says that of a mail the header alone was kept, "" where all of it was.
func (t *teller) part(cut bool) string {
	if !cut {
		return ""
	}
	return t.say.Say("cut")
}

// due is the deadline of an obligation as it was set then.
func (t *teller) due(o ticket.Obligation) string {
	at := o.Limit
	if at.IsZero() {
		at = o.Target
	}
	if at.IsZero() {
		return "-"
	}
	return t.when.Due(at, t.Zone)
}

// list names every file so far with what it is.
func (t *teller) list() {
	t.page.Heading(t.say.Say("head.files"))
	var all []string
	for _, f := range t.files {
		said := []string{f.Path, t.say.Say("role." + f.Role), t.part(f.cut), f.SHA256.String()}
		all = append(all, strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), " · "))
	}
	t.page.List(all...)
	if len(t.missing) > 0 {
		t.page.Heading(t.say.Say("head.missing"))
		var gone []string
		for _, h := range t.missing {
			gone = append(gone, h.String())
		}
		t.page.List(gone...)
	}
}

func join(addresses []string) string { return strings.Join(addresses, ", ") }
