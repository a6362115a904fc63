// Package gate says which mails of staff may decide, and what they say.
//
// Only a mail that is whole, not automatic, proven to come from an enrolled person, and holds that person's unspent token passes. The
// gate reads a ticket and a mail and writes nothing: what becomes of a mail that passed, or did not, is up to package decision.
package gate

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"replyby/desk/arrival"
	"replyby/desk/banner"
	"replyby/desk/dossier"
	"replyby/desk/reply"
	"replyby/desk/token"
	"replyby/mailparse"
	"replyby/mailparse/fresh"
	"replyby/mailparse/htmltext"
	"replyby/ticket"
)

// ByNumber is why a mail decides nothing that asks for the draft of a ticket by its number, as a digest says to do.
const ByNumber = "by_number"

// News is why a mail decides nothing that answers one which only told what a colleague has done.
const News = "news"

// Ballot is what a mail that passed brings: with which right, how well proven, and what it says.
type Ballot struct {
	Token ticket.Token // the zero value in a mail that needs none
	Proof Proof
	// Astray is to whom a mail was written that is proven and was not written to the desk, "" of any other.
	Astray string
	Text   fresh.Fresh // Uncertain also where words may be missing or changed
	Said   reply.Reply
	// Edited says that the draft has other words where the mail quotes it: their author means them, and nothing quoted is read.
	Edited bool
}

// Proof says how well a mail is known to come from the person.
type Proof int

// Proofs, the weakest first.
const (
	Disproven Proof = iota // there is proof to the contrary, or it could not be looked up
	Missing                // the person's provider gives none, or he wrote to somebody else: an approval goes two-step
	Confirmed              // none, but the mail holds what was mailed to the enrolled address for this very purpose
	Proven
)

// Archive looks up what was mailed about a ticket to a person with these addresses.
type Archive interface {
	MailedTo(ctx context.Context, number uint64, addresses []string) ([]ticket.Letter, error)
}

// gate is a staff mail before the ticket that it is about.
type gate struct {
	*arrival.Arrival
	file    *dossier.Dossier
	archive Archive
	Ballot
}

// Pass checks the conditions under which a mail may decide about a ticket, in the order in which their failure is worth telling. Its error
// is a [dossier.Refusal], or says that the archive could not be read.
func Pass(ctx context.Context, f *dossier.Dossier, a *arrival.Arrival, archive Archive) (Ballot, error) {
	g := &gate{Arrival: a, file: f, archive: archive}
	err := g.pass(ctx)
	return g.Ballot, err
}

// PassOwn lets through a mail that holds no token, if it is proven. It may decide what concerns its writer alone.
func PassOwn(f *dossier.Dossier, a *arrival.Arrival) (Ballot, bool) {
	g := &gate{Arrival: a, file: f, Ballot: Ballot{Proof: Proven}}
	if !a.Proven() || a.Cut || automatic(a) || whole(a.Mail) != nil || readable(a.Mail) != nil {
		return g.Ballot, false
	}
	g.Text = g.cut(shown(a.Mail))
	err := g.read()
	return g.Ballot, err == nil
}

func (g *gate) pass(ctx context.Context) error {
	if automatic(g.Arrival) {
		return refuse("automatic", "")
	}
	if err := whole(g.Mail); err != nil {
		return err
	}
	if g.Cut {
		return refuse("too_large", "")
	}
	if err := g.right(ctx, token.InSubject(g.Mail.Subject)); err != nil {
		return err
	}
	if g.Auth.Outcome == arrival.Temporary {
		return refuse("temporary", g.Auth.Evidence)
	}
	if g.Proof = g.proof(); g.Proof == Disproven {
		return refuse("unproven", cmp.Or(g.Auth.Evidence, "no proof asked or found"))
	}
	if g.Proof == Confirmed && g.Proven() && g.file.T.Draft.Unproven != g.Staff.Address() {
		g.Proof = Missing // said to somebody else, and no mail has asked him yet whether he meant us
	}
	if err := readable(g.Mail); err != nil {
		return err
	}
	if err := g.takeApart(ctx); err != nil {
		return err
	}
	g.Edited = g.edited()
	return g.read()
}

// edited reports whether a person has written into the draft that his mail quotes.
func (g *gate) edited() bool {
	if g.file.T.Number == 0 || g.Token.Purpose == token.Speak {
		return false
	}
	d, err := g.file.Case().Shown(g.Staff, g.file.Letter.Mark(g.Staff.Reader()))
	return err == nil && fresh.Edited(g.Text.Quoted, d.DraftSubject, d.DraftText, d.Mark)
}

// right finds the token among those of the ticket and checks that it is this person's.
func (g *gate) right(ctx context.Context, code string) error {
	k, ok := g.file.T.Token(token.Hash(code))
	switch {
	case g.file.T.Erased():
		return refuse("erased", "") // with the tokens went everybody whom an answer could be for
	case !ok && g.Numbered && g.Proven():
		return refuse(ByNumber, "")
	case code == "":
		return g.uncoded(ctx)
	case !ok:
		return refuse("foreign_token", "")
	case !g.Staff.Owns(mailparse.Address{Addr: k.Person}):
		return refuse("other_person", k.Person)
	case token.Expired(k, g.file.Now):
		return refuse("expired", k.Given.In(g.file.Zone).Format(time.DateOnly))
	}
	g.Token = k
	return nil
}

// uncoded is why a mail without a code decides nothing: the mail that it answers had none, or it was lost.
func (g *gate) uncoded(ctx context.Context) error {
	answered := g.Earlier()
	if len(answered) == 0 || g.file.T.Number == 0 {
		return refuse("no_token", "")
	}
	mailed, err := g.archive.MailedTo(ctx, g.file.T.Number, g.Staff.Addresses)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(mailed, func(l ticket.Letter) bool { return l.Purpose == News && l.MessageID == answered[0] }) {
		return refuse(News, "")
	}
	return refuse("no_token", "")
}

func (g *gate) proof() Proof {
	switch proven := g.Proven(); {
	case proven && meant(g.Arrival, g.file.Address):
		return Proven
	case proven:
		g.Astray = addressee(g.Mail)
	case g.Auth.Outcome != arrival.None:
		return Disproven
	}
	if g.Token.Purpose == token.Confirm || g.Token.Purpose == token.Several {
		return Confirmed
	}
	return Missing
}

// takeApart parts what the person says from what stands below it. The words of what was mailed to him are no words of his: a program
// that quotes them without a mark and an introduction, and perhaps their beginning alone, leaves nothing else to know them by.
func (g *gate) takeApart(ctx context.Context) error {
	text := shown(g.Mail)
	g.Text = g.cut(text)
	if g.file.T.Number == 0 {
		return nil // the desk's own file is long, and its mails ask for nothing but commands
	}
	mailed, err := g.archive.MailedTo(ctx, g.file.T.Number, g.Staff.Addresses)
	if err != nil {
		return err
	}
	var texts []string
	for _, l := range mailed {
		texts = append(texts, l.Text)
	}
	if above, found := fresh.AboveLetter(text, texts); found {
		closer := g.cut(above)
		closer.Uncertain = closer.Uncertain || !strings.ContainsAny(lastRune(closer.Text), ".!?…)") // the last line may introduce the quote
		if less := len(closer.Text) - len(g.Text.Text); less < 0 || less == 0 && g.Text.Uncertain {
			g.Text = closer
		}
	}
	g.Text = g.Text.Older(g.file.Address, []string{g.file.Name, g.file.Team}, texts)
	return nil
}

// cut finds what stands above every quote and signature, and below what a gateway warns of: all that may be somebody else's words.
func (g *gate) cut(text string) fresh.Fresh {
	below, sure := banner.Below(text)
	cut := fresh.Cut(below, g.file.Roster.Signatures(g.Staff.Addresses)...).Above(g.file.Address)
	cut.Uncertain = cut.Uncertain || !sure
	return cut
}

// goesOn reports whether words stand in parts of their own below the first: those a server may have added.
func (g *gate) goesOn() bool {
	first := g.Mail.FirstText
	return first < len(g.Mail.Text) && len(g.cut(g.Mail.Text[:first]).Text) < len(g.Text.Text)
}

func lastRune(s string) string {
	_, n := utf8.DecodeLastRuneInString(s)
	return s[len(s)-n:]
}

// read finds what the person says.
func (g *gate) read() error {
	switch {
	case fromFile(g.Mail):
		return refuse("empty", "")
	case !g.Text.OnTop && g.Text.Text != "" && g.Text.Quoted != "":
		return refuse("below", "")
	case !g.Text.OnTop && g.Edited:
		return refuse("edited", "")
	case !g.Text.OnTop && (g.file.T.Number == 0 || len(g.Body.Attachments) == 0):
		return refuse("empty", "")
	case !g.Text.OnTop:
		return nil // files alone, or above a signature: they may be part of a draft, and say nothing
	}
	g.Text.Uncertain = g.Text.Uncertain || damaged(g.Mail) || g.goesOn()
	if reacted(g.Mail) {
		g.Text.Text, _, _ = strings.Cut(g.Text.Text, "\n")
	}
	said := reply.Parse(g.Text.Text, g.written().In(g.file.Zone))
	if left := strings.TrimSpace(htmltext.Unstruck(said.Words)); left != said.Words && len(said.Commands) > 0 {
		said.Words, g.Text.Uncertain = left, true // taken back, or done
	}
	said, sure := said.From(g.Staff.Name, g.file.Names()...)
	g.Said, g.Text.Uncertain = said, g.Text.Uncertain || !sure
	for _, c := range g.Said.Commands {
		if !c.At.IsZero() && !c.At.After(g.file.Now) {
			g.Said = reply.Reply{Stops: g.Said.Stops, Doubt: &reply.Doubt{Line: c.Line, Nearest: c.Verb, Code: "late", Reason: "the mail was read late, and that is past"}}
			break
		}
	}
	return nil
}

// written is the instant as of which the dates of a mail are meant: when it came, however late it is read.
func (g *gate) written() time.Time {
	if g.At.After(g.file.Now) {
		return g.file.Now // the server's clock is fast
	}
	return g.At
}

func refuse(code, detail string) error { return dossier.Refusal{Code: code, Detail: detail} }
