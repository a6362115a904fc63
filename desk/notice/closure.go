package notice

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"replyby/desk/charter"
	"replyby/desk/clock"
	"replyby/desk/dossier"
	"replyby/desk/draft"
	"replyby/desk/sheet"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// remind is from how long before a closure on staff who have not decided are asked again every day.
const remind = 3 * 24 * time.Hour

// openClosure opens the ticket that asks about a closure. With nobody to tell nobody is asked: customers may still come.
func (b Board) openClosure(ctx context.Context, n ticket.Notice, now time.Time) ([]store.Change, error) {
	to, err := b.concerned(ctx, n, now)
	if err != nil {
		return nil, err
	}
	f, err := b.Blank(ctx, 0, now, "tick")
	if err != nil {
		return nil, err
	}
	n.Asks = true
	subject, _, _, err := said(f, n, b.Languages[0])
	if err != nil {
		return nil, err
	}
	d, err := proposal(f, n, to)
	if err != nil {
		return nil, err
	}
	begin(f, n, d, subject)
	f.Key(store.Notice, asking(n))
	if to.count() == 0 {
		f.Add(kind.Resolved, sheet.Program, ticket.Body{Reason: "nobody to tell yet"})
		return []store.Change{f.Change}, nil
	}
	return []store.Change{f.Change}, f.Ask(reviewers(f), letter.Review{Why: closure})
}

// proposal is the draft of a notice: who would get it, and the exact text of each language. Its text is what an approval is held against.
func proposal(f *dossier.Dossier, n ticket.Notice, to groups) (ticket.Draft, error) {
	d := ticket.Draft{Version: f.T.Draft.Version + 1, Template: draft.Closure, Language: f.Languages[0], Values: map[string]string{}}
	var parts []string
	for _, language := range to.inOrder() {
		subject, body, missing, err := said(f, n, language)
		if err != nil {
			return d, err
		}
		if len(missing) > 0 {
			body += "\n[" + strings.Join(missing, ", ") + "?]\n"
		}
		var names []string
		for _, a := range to[language] {
			names = append(names, a.Addr)
		}
		d.To = append(d.To, to[language]...)
		d.Values[language] = strconv.Itoa(len(names))
		parts = append(parts, fmt.Sprintf("[%s] %d: %s\n\n%s\n\n%s", language, len(names), strings.Join(names, ", "), f.Letter.SubjectLine(language, subject), body))
	}
	d.Text = strings.Join(parts, "\n")
	return d, nil
}

// recipients are those of a draft, by language as it counts them.
func recipients(d ticket.Draft) groups {
	g, rest := groups{}, d.To
	for _, language := range (groups{"it": d.To, "es": d.To, "fr": d.To, "en": d.To}).inOrder() {
		n, _ := strconv.Atoi(d.Values[language])
		n = min(n, len(rest))
		g[language], rest = rest[:n], rest[n:]
	}
	return g
}

// Announce makes what a person approved: one letter to each recipient of the draft who is still to be told, each in a ticket of its own.
// It returns how many, and when the last of them goes. Where the texts are others than he was shown nothing is made and all are asked
// again. A [dossier.Refusal] says that there is nothing to tell any more.
func (b Board) Announce(ctx context.Context, f *dossier.Dossier, who charter.Person, body ticket.Body) (int, time.Time, error) {
	n, to := f.T.Notice, recipients(f.T.Draft)
	if !b.planned(n, f.Now) {
		return 0, time.Time{}, dossier.Refusal{Code: "not_planned", Detail: n.Matter}
	}
	now, err := proposal(f, n, to)
	if err != nil {
		return 0, time.Time{}, err
	}
	if now.Text != f.T.Draft.Text {
		return 0, time.Time{}, b.ask(f, now, closure)
	}
	post := &mailing{Board: b, asked: f, who: who, auth: body.Auth, at: f.Now.Add(b.Hold)}
	head, err := b.Store.Head(ctx, b.Name)
	if err != nil {
		return 0, time.Time{}, err
	}
	post.next = head.Next + f.Newborn()
	still, err := b.concerned(ctx, n, f.Now)
	if err != nil {
		return 0, time.Time{}, err
	}
	owed := still.addresses()
	for _, language := range to.inOrder() {
		for _, a := range to[language] {
			if !owed[strings.ToLower(a.Addr)] {
				continue // told in the meantime, or no customer any more
			}
			if err := post.write(n, a, language); err != nil {
				return 0, time.Time{}, err
			}
		}
	}
	body.Reason = fmt.Sprintf("%d letters, the last at %s", post.sent, post.last().UTC().Format(time.RFC3339))
	body.Wake = post.last().Add(2 * time.Minute)
	f.Add(kind.Decided, who.Address(), body)
	return post.sent, post.last(), nil
}

// mailing decides the letters of one approval, one ticket each.
type mailing struct {
	Board
	asked *dossier.Dossier
	who   charter.Person
	auth  string
	at    time.Time // when the first goes
	next  uint64
	sent  int
}

// nth is when the n-th letter may be sent: only so many are sent in a minute.
func (m *mailing) nth(n int) time.Time {
	return m.at.Add(time.Duration(n) * time.Minute / time.Duration(max(1, m.Notices.PerMinute)))
}

func (m *mailing) last() time.Time { return m.nth(max(0, m.sent-1)) }

// write decides one letter.
func (m *mailing) write(n ticket.Notice, to ticket.Address, language string) error {
	f := m.asked.Beside(ticket.Ticket{Desk: m.Name, Number: m.next})
	subject, text, missing, err := said(m.asked, n, language)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return dossier.Refusal{Code: "incomplete", Detail: strings.Join(missing, ", ")}
	}
	n.Asks, n.To = false, to
	begin(f, n, ticket.Draft{Version: 1, Template: draft.Closure, Language: language, To: []ticket.Address{to}}, subject)
	r, err := m.render(f, subject, text)
	if err != nil {
		return err
	}
	body := ticket.Body{Verb: "ok", Auth: m.auth, Link: m.asked.T.Number, Reason: fmt.Sprintf("as approved in %s, version %d", m.asked.Ref(), m.asked.T.Draft.Version)}
	f.Enclose(&body, r)
	f.Add(kind.Decided, m.who.Address(), body)
	f.Add(kind.Resolved, sheet.Program, ticket.Body{Reason: "a notice wants no answer"})
	f.Key(store.Notice, telling(n))
	f.Key(store.Notice, tellingTo(n, to.Addr))
	m.asked.Also = append(m.asked.Also, f.Change)
	m.next, m.sent = m.next+1, m.sent+1
	return nil
}

// render writes a letter to the recipient of the draft alone, in the words that the person approved for everybody who reads them.
func (m *mailing) render(f *dossier.Dossier, subject, text string) (letter.Rendered, error) {
	c := letter.Customer{Agent: letter.Person{Name: m.Team, Address: m.Address}, Purpose: "notice", To: f.T.Draft.To, Subject: subject, Text: text}
	if m.ProveByCopy {
		c.Bcc = []string{m.Address}
	}
	r, err := f.Letter.Customer(c, f.Stamp())
	if err != nil {
		return r, dossier.Refusal{Code: "unsendable", Detail: err.Error()}
	}
	r.Draft, r.By, r.NotBefore = f.T.Draft.Version, m.who.Address(), m.nth(m.sent)
	return r, nil
}

// letters goes through the tickets of all letters of a notice: there is one for each customer.
func (b Board) letters(ctx context.Context, n ticket.Notice) iter.Seq2[ticket.Ticket, error] {
	return b.Store.Each(ctx, store.Query{Desk: b.Name, Key: store.Key{Kind: store.Notice, Value: telling(n)}})
}

// lettersTo are the tickets of the letters of a notice to one customer.
func (b Board) lettersTo(ctx context.Context, n ticket.Notice, addr string) ([]ticket.Ticket, error) {
	return b.Store.Find(ctx, store.Query{Desk: b.Name, Key: store.Key{Kind: store.Notice, Value: tellingTo(n, addr)}})
}

// Recall takes back the letters of a notice that have not left, and returns how many.
func (b Board) Recall(ctx context.Context, f *dossier.Dossier, who charter.Person) (int, error) {
	n := 0
	for t, err := range b.letters(ctx, f.T.Notice) {
		if store.Harmed(err) && t.Number > 0 {
			continue // its letter does not leave
		}
		if err != nil {
			return 0, err
		}
		p := t.Posted[0]
		if p.State != posted.Queued {
			continue
		}
		x := f.Beside(t)
		if err := clock.Withdraw(x.Sheet, who.Address(), p); err != nil {
			return 0, err
		}
		f.Also, n = append(f.Also, x.Change), n+1
	}
	if n > 0 {
		d := f.T.Draft
		d.Version++
		f.Add(kind.Drafted, who.Address(), ticket.Body{Draft: &d, Wake: f.Now, Reason: "taken back"})
	}
	return n, nil
}

// Attend looks again at a ticket that asks about a closure: whether all letters have ended, whether others are to be told by now, whether
// it is time to ask again.
func (b Board) Attend(ctx context.Context, f *dossier.Dossier) error {
	n := f.T.Notice
	if !f.Now.Before(n.Until) {
		f.Add(kind.Closed, sheet.Program, ticket.Body{Reason: "the closure is over"})
		return nil
	}
	s, err := b.Standing(ctx, n)
	if err != nil {
		return err
	}
	if f.T.Decided == f.T.Draft.Version && f.T.State != ticket.Resolved {
		return b.settle(f, s)
	}
	to, err := b.concerned(ctx, n, f.Now)
	if err != nil {
		return err
	}
	d, err := proposal(f, n, to)
	if err != nil {
		return err
	}
	why := closure
	if s.Told > 0 {
		why = "closure_more"
	}
	pending := f.T.Decided < f.T.Draft.Version && f.T.State != ticket.Resolved
	last := f.Now.Before(n.From) && n.From.Sub(f.Now) < remind // once it has begun, those who are asked are away as well
	switch {
	case to.count() == 0 && pending:
		reason := "nobody is left to tell"
		if !b.planned(n, f.Now) {
			reason = "this closure is not planned any more, or was told elsewhere"
		}
		f.Add(kind.Resolved, sheet.Program, ticket.Body{Reason: reason, Wake: nextLook(f, look)})
	case to.count() == 0:
		f.Add(kind.Noted, sheet.Program, ticket.Body{Reason: "nobody new to tell", Wake: nextLook(f, look)})
	case !pending || d.Text != f.T.Draft.Text || last || !answerable(f.T):
		return b.ask(f, d, why)
	default:
		f.Add(kind.Noted, sheet.Program, ticket.Body{Reason: "not decided yet", Wake: nextLook(f, look)})
	}
	return nil
}

// ask proposes a draft to those who may decide.
func (b Board) ask(f *dossier.Dossier, d ticket.Draft, why string) error {
	if f.T.State == ticket.Resolved {
		f.Add(kind.Reopened, sheet.Program, ticket.Body{Reason: "others are to be told"})
	}
	f.Add(kind.Drafted, sheet.Program, ticket.Body{Draft: &d, Wake: nextLook(f, look)})
	return f.Ask(reviewers(f), letter.Review{Why: why})
}

// nextLook is when to look at the ticket again: after a while, but no later than the end of the closure.
func nextLook(f *dossier.Dossier, in time.Duration) time.Time {
	if at := f.Now.Add(in); at.Before(f.T.Notice.Until) {
		return at
	}
	return f.T.Notice.Until
}

// answerable reports whether somebody holds a token for the draft as it stands.
func answerable(t ticket.Ticket) bool {
	for _, k := range t.Tokens {
		if k.Spent == "" && k.Draft == t.Draft.Version && k.Purpose == token.Decide {
			return true
		}
	}
	return false
}

// settle resolves the ticket of a notice, with a record of who was told and who was not, once every letter has ended. Until then it looks again
// soon.
func (b Board) settle(f *dossier.Dossier, s Standing) error {
	if s.OnTheirWay > 0 {
		const soon = 15 * time.Minute
		f.Add(kind.Noted, sheet.Program, ticket.Body{Reason: fmt.Sprintf("%d letters have not ended yet", s.OnTheirWay), Wake: nextLook(f, soon)})
		return nil
	}
	said := []string{fmt.Sprintf("%d told, %d not", s.Told, len(s.Untold))}
	for _, number := range s.Torn {
		said = append(said, fmt.Sprintf("%s-%d cannot be read", b.Prefix, number))
	}
	reason := strings.Join(append(said, s.Untold...), "; ")
	f.Add(kind.ClosureAnnounced, sheet.Program, ticket.Body{Reason: reason})
	f.Add(kind.Resolved, sheet.Program, ticket.Body{Wake: nextLook(f, look)})
	return nil
}

// Standing counts the letters of a notice by how far they have come. Untold names the customers who were not reached, "MB-7 mario@cliente.example".
type Standing struct {
	Told, OnTheirWay int
	Untold           []string
	Torn             []uint64 // tickets of letters that cannot be read
}

// Standing says how far the letters of a closure have come.
func (b Board) Standing(ctx context.Context, n ticket.Notice) (s Standing, err error) {
	for t, err := range b.letters(ctx, n) {
		if store.Harmed(err) && t.Number > 0 {
			s.Torn = append(s.Torn, t.Number)
			continue
		}
		if err != nil {
			return s, err
		}
		_, told := toldAt(t)
		switch {
		case told:
			s.Told++
		case slices.ContainsFunc(t.Posted, onItsWay):
			s.OnTheirWay++
		case t.Posted[0].State != posted.Recalled:
			s.Untold = append(s.Untold, t.Ref+" "+t.Customer.Addr)
		}
	}
	return s, nil
}

// onItsWay reports whether a notice, or the copy of it that a person had sent again, may still arrive.
func onItsWay(p ticket.Posted) bool {
	return p.Customer && p.Draft == 1 && p.State.MayArrive()
}
