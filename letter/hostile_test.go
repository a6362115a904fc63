package letter_test

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"
	"pgregory.net/rapid"

	"replyby/letter"
	"replyby/letter/beside"
	"replyby/letter/digest"
	"replyby/letter/enclosed"
	"replyby/letter/wire"
	"replyby/letter/words"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/note"
	"replyby/ticket/verdict"
)

// poison draws what must never become a header, a recipient, a part or markup (I12).
func poison(t *rapid.T, label string) string {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"x\r\nBcc: x@evil.example", "x\nBcc: x@evil.example", "x\rBcc: x@evil.example", "x\x00y", "%0d%0aBcc: x@evil.example", "x\u2028Bcc: x@evil.example",
			"=?utf-8?q?a=0D=0ABcc:_x@evil.example?=", "x\r\n\r\n--rb-p1\r\nContent-Type: text/html\r\n\r\n<b>", "<script>alert(1)</script>", `"><img src=https://evil.example/x.png>`,
			"</td></table>", "javascript:alert(1)", "{{.}}", "{subject}", "\u202egpj.exe", "x@evil.example, y@evil.example", `" <x@evil.example>`, strings.Repeat("x", 2000),
			strings.Repeat("é", 2000), "\xff\xfe", "\x1b[2J", "(rb:zzzzzzzzzzzzzzzzzzzzzzzzzz)", "", " ", "a\tb",
		}),
		rapid.String(), rapid.StringMatching(`[\x00-\x1f<>"'&=?:;,@ -~é]{0,60}`),
	).Draw(t, label)
}

// parsed is a message read back by another parser than the one that wrote it.
type parsed struct {
	mail.Header
	text, html string
	files      int
}

func parse(t interface{ Fatalf(string, ...any) }, raw []byte) parsed {
	e, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("read back: %v", err)
	}
	p := parsed{Header: mail.Header{Header: e.Header}}
	err = e.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil || part.MultipartReader() != nil {
			return err
		}
		data, err := io.ReadAll(part.Body)
		disposition, _, _ := part.Header.ContentDisposition()
		switch kind, _, _ := part.Header.ContentType(); {
		case disposition == "attachment":
			p.files++
		case kind == "text/html":
			p.html += string(data)
		default:
			p.text += string(data)
		}
		return err
	})
	if err != nil {
		t.Fatalf("read back: %v", err)
	}
	return p
}

func fieldNames(h mail.Header) []string {
	var names []string
	for f := h.Fields(); f.Next(); {
		names = append(names, strings.ToLower(f.Key()))
	}
	return names
}

// staffFields are the fields of every mail to staff; Reply-By may be there too.
func staffFields() []string {
	return []string{"from", "to", "subject", "date", "message-id", "reply-to", "x-replyby-letter", "auto-submitted", "x-auto-response-suppress", "mime-version", "content-type"}
}

// hostile fills every field of every mail to staff with poison.
func hostile(t *rapid.T, tb testing.TB, w *letter.Writer) (letter.Rendered, error) {
	p := func(label string) string { return poison(t, label) }
	tk := request(tb)
	tk.Ref, tk.Subject, tk.Excerpt, tk.ReceivedBy, tk.Assignee = p("ref"), p("subject"), p("excerpt"), p("by"), p("assignee")
	tk.Latest, tk.Notes = p("latest"), []note.Note{{At: tk.ReceivedAt, By: p("noter"), Text: p("note of")}}
	tk.Customer = ticket.Address{Name: p("customer"), Addr: p("address")}
	tk.Cc = []ticket.Address{{Name: p("cc"), Addr: p("cc address")}}
	tk.Draft.To, tk.Draft.Cc, tk.Draft.Files = tk.Cc, tk.Cc, []ticket.Enclosed{{Attachment: ticket.Attachment{Name: p("enclosed")}}}
	tk.Verdict = ticket.Verdict{Urgency: "urgent", Category: verdict.Category(p("category")), Source: p("source"), Reasons: []string{p("reason")}, Reply: "portal", Fields: map[string]string{"link": p("link")}}
	tk.Duties[0].Name, tk.Duties[0].Count = duty.Name(p("duty")), p("count")
	d := letter.Draft{DraftSubject: p("draft subject"), DraftText: p("draft"), Mark: p("mark"), Missing: []string{p("missing")}, By: p("writer")}
	me := letter.Person{Name: p("person"), Address: "anna@bianchi.example", Language: rapid.SampledFrom([]string{"it", "es", "fr", "en", "xx"}).Draw(t, "language")}
	s := stamp("p1")
	sent := ticket.Letter{To: []string{p("to")}, Subject: p("sent subject"), Text: p("sent"), Files: []ticket.Attachment{{Name: p("f")}}}
	others := []beside.Fellow{{Ticket: tk, Language: p("tongue"), Subject: p("other subject"), Text: p("other"), Left: rapid.SampledFrom([]string{"", p("left out")}).Draw(t, "left out")}}
	files := []letter.File{{Name: p("file"), Type: p("type"), Data: []byte(p("data"))}}
	switch rapid.IntRange(0, 8).Draw(t, "mail") {
	case 0:
		related := []beside.Relation{{How: "company", Join: "company", Ref: p("related"), Subject: p("subject"), From: p("from"), Domain: p("domain"), Customer: p("its customer"), Holder: p("holder")}}
		return w.Review(letter.Review{
			Related: related,
			Ticket:  tk, Person: me, Token: token, Why: rapid.SampledFrom([]string{"doubt", "patch"}).Draw(t, "review"), Others: others, Note: p("note"), Word: p("word"), Nearest: p("nearest"), Request: p("request"), Files: files,
			Left: []string{p("left")}, Draft: d, Facts: letter.Facts{Contract: p("contract"), Terms: p("terms"), Auth: p("auth"), Problems: []string{p("problem")}},
		}, s)
	case 1:
		return w.Receipt(letter.Receipt{Ticket: tk, Person: me, Token: token, Letter: &sent, Dropped: []enclosed.Dropped{{Name: p("d"), Why: "mail"}}, Attached: files, Others: others,
			Done: []letter.Deed{{Verb: p("verb"), Value: p("value")}, {Verb: "note", Value: p("noted")}}}, s)
	case 2:
		return w.Refused(letter.Refused{Ticket: tk, Person: me, Token: token, Reason: p("why"), Detail: p("detail"), Draft: d}, s)
	case 3:
		return w.Warning(letter.Warning{Ticket: tk, Person: me, Token: token, Duty: tk.Duties[0].Name, Late: true, Delay: time.Hour, Draft: d}, s)
	case 4:
		return w.Summary(letter.Summary{Person: me, Why: "budget", Tickets: []ticket.Ticket{tk}, Steps: map[uint64][]letter.Step{tk.Number: {{Duty: duty.Name(p("duty")), Means: p("note")}}}}, s)
	case 5:
		return w.Question(letter.Question{Ticket: tk, Person: me, Token: token, Letter: sent, Reply: p("reply")}, s)
	case 6:
		return w.Notice(letter.Notice{Person: me, What: p("what"), Detail: p("detail")}, s)
	case 7:
		return w.Help(tk, me, token, func(string) string { return p("name") }, s)
	}
	i := []digest.Item{{Ref: p("ref"), Subject: p("subject"), Customer: p("customer"), Duty: duty.Name(p("duty")), Who: p("who"), Urgent: true, Last: p("last"), By: p("by")}}
	return w.Digest(me, digest.Report{
		Desk: p("desk"), At: s.Date, Hours: p("hours"), Late: i, Today: i, Past: i, Promised: i, Idle: i, Waiting: i, Coming: []digest.Coming{{Kind: p("kind"), Name: p("name"), Ref: p("ref")}},
		Bills: []digest.Bill{{Ref: p("ref"), Subject: p("subject")}}, People: []digest.Person{{Name: p("name"), Away: s.Date, Asked: s.Date, Junk: true}}, Odd: []digest.Odd{{Kind: p("odd"), Refs: []string{p("refs")}, Mails: []digest.Mail{{ID: p("id"), From: p("from"), Subject: p("subject"), Ref: p("ref"), At: s.Date}}}},
		Blind: []digest.Blind{{Rule: p("rule"), Field: p("field"), Since: s.Date}},
		Fixes: digest.Horizon{Soon: 1, Next: p("next")}, Program: digest.Program{Trouble: []digest.Trouble{{Kind: "imap", What: p("trouble")}}, Head: p("head")},
	}, token, s)
}

// TestPoisonToStaff holds T36, T37 and I12 for mail to staff: whatever strangers write, one message to one reader goes
// out, with the fields it should have and no others, no markup of theirs and no link but ours.
func TestPoisonToStaff(t *testing.T) {
	w := writer(t)
	rapid.Check(t, func(rt *rapid.T) {
		r, err := hostile(rt, t, w)
		if err != nil {
			rt.Fatalf("a mail to staff was not written: %v", err)
		}
		m := parse(rt, r.Bytes)
		names := slices.DeleteFunc(fieldNames(m.Header), func(n string) bool { return n == "reply-by" })
		if !slices.Equal(names, staffFields()) {
			rt.Fatalf("fields %v", names)
		}
		to, err := m.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "anna@bianchi.example" || !slices.Equal(r.To, []string{"anna@bianchi.example"}) || r.Bcc != nil {
			rt.Fatalf("recipients %v, %v, %v", to, r.To, err)
		}
		checkHTML(rt, m.html)
		if m.files > 1 {
			rt.Fatalf("%d files", m.files)
		}
		if strings.Contains(r.Text+r.Subject, token) {
			rt.Fatalf("the token is kept in clear")
		}
		if strings.ContainsAny(r.Subject, "\r\n\x00") {
			rt.Fatalf("subject %q", r.Subject)
		}
	})
}

var (
	tags  = regexp.MustCompile(`<(/?[a-z0-9]+)`)
	links = regexp.MustCompile(`(?i)(href|src|background|action|url)\s*[=(]\s*"?([^" )]*)`)
)

// checkHTML holds that a page has only our own elements, and no link or resource but mailto: the desk.
func checkHTML(t interface{ Fatalf(string, ...any) }, page string) {
	ours := strings.Fields("html head meta title style body table tr td h1 h2 p div span br ul li a")
	for _, m := range tags.FindAllStringSubmatch(page, -1) {
		if name := strings.TrimPrefix(m[1], "/"); !slices.Contains(ours, name) {
			t.Fatalf("element %q", name)
		}
	}
	for _, m := range regexp.MustCompile(`<[^>]*>`).FindAllString(page, -1) {
		for _, l := range links.FindAllStringSubmatch(m, -1) {
			if !strings.HasPrefix(l[2], "mailto:assistenza@bianchi.example?subject=Re%3A%20") {
				t.Fatalf("link %q in %q", l[2], m)
			}
		}
	}
	for _, closed := range []string{"html", "body", "table", "td", "div"} {
		if strings.Count(page, "<"+closed) != strings.Count(page, "</"+closed+">") {
			t.Fatalf("<%s> is not closed", closed)
		}
	}
}

// TestPoisonToCustomer holds I2 and T37 for letters to customers: what is sent is exactly what was given, or nothing is.
func TestPoisonToCustomer(t *testing.T) {
	w := writer(t)
	addr := func(t *rapid.T, label string) string {
		return rapid.OneOf(rapid.StringMatching(`[a-z]{1,8}@[a-z]{1,8}\.example`), rapid.Custom(func(t *rapid.T) string { return poison(t, label) })).Draw(t, label)
	}
	text := func(t *rapid.T, label string) string {
		return rapid.OneOf(rapid.Just("fine"), rapid.Custom(func(t *rapid.T) string { return poison(t, label) })).Draw(t, label)
	}
	rapid.Check(t, func(rt *rapid.T) {
		c := letter.Customer{
			Agent: letter.Person{Name: text(rt, "agent")}, To: []ticket.Address{{Name: poison(rt, "name"), Addr: addr(rt, "to")}}, Subject: text(rt, "subject"),
			Text: text(rt, "text"), InReplyTo: poison(rt, "in reply to"), References: []string{poison(rt, "reference"), "a@b.example"},
		}
		if rapid.Bool().Draw(rt, "copies") {
			c.Cc = []ticket.Address{{Name: poison(rt, "cc name"), Addr: addr(rt, "cc")}}
			c.Bcc = []string{addr(rt, "bcc")}
		}
		r, err := w.Customer(c, stamp("p1"))
		if err != nil {
			if !errors.Is(err, wire.ErrRefused) || r.Bytes != nil {
				rt.Fatalf("%v", err)
			}
			return
		}
		m := parse(rt, r.Bytes)
		checkCustomer(rt, c, r, m)
	})
}

func checkCustomer(t *rapid.T, c letter.Customer, r letter.Rendered, m parsed) {
	want := []string{"from", "to", "subject", "date", "message-id", "reply-to", "x-replyby-letter", "in-reply-to", "references", "cc", "mime-version", "content-type", "content-transfer-encoding"}
	names := fieldNames(m.Header)
	for i, n := range names {
		if !slices.Contains(want, n) || slices.Contains(names[:i], n) {
			t.Fatalf("fields %v", names)
		}
	}
	var seen, given []string
	for _, field := range []string{"To", "Cc"} {
		list, err := m.AddressList(field)
		if err != nil {
			t.Fatalf("%s: %v", field, err)
		}
		for _, a := range list {
			seen = append(seen, a.Address)
		}
	}
	for _, a := range slices.Concat(c.To, c.Cc) {
		given = append(given, a.Addr)
	}
	if !slices.Equal(seen, given) || !slices.Equal(r.To, given) || !slices.Equal(r.Bcc, c.Bcc) {
		t.Fatalf("recipients %v and %v, given %v", seen, r.To, given)
	}
	if got, err := m.Subject(); err != nil || got != c.Subject || r.Subject != c.Subject {
		t.Fatalf("subject %q, given %q, %v", got, c.Subject, err)
	}
	lf := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	if got, want := strings.TrimSuffix(lf.Replace(m.text), "\n"), strings.TrimSuffix(lf.Replace(c.Text), "\n"); got != want || r.Text != c.Text || m.html != "" {
		t.Fatalf("text %q, given %q", got, want)
	}
}

// TestStaffMail holds what the gate and mail clients rely on, for every sort of mail in every language.
func TestStaffMail(t *testing.T) {
	for _, lang := range words.Languages() {
		for name, r := range samples(t, lang) {
			if name == "customer" {
				continue
			}
			m := parse(t, r.Bytes)
			raw := m.Get("Subject")
			hasToken := strings.Contains(string(r.Bytes), token)
			if hasToken != strings.HasSuffix(raw, " (rb:"+token+")") || strings.Count(raw, token) > 1 || strings.Contains(m.text, token) {
				t.Errorf("%s %s: token in subject %q or text", name, lang, raw)
			}
			if s, err := m.Subject(); err != nil || strings.Replace(s, token, "…", 1) != r.Subject {
				t.Errorf("%s %s: subject %q, kept as %q", name, lang, s, r.Subject)
			}
			if m.Get("Auto-Submitted") != "auto-generated" || m.Get("X-Auto-Response-Suppress") != "DR, RN, NRN, AutoReply" || m.Get("X-Replyby-Letter") != "f00dfeed/"+r.ID {
				t.Errorf("%s %s: marks of automatic mail are missing", name, lang)
			}
			if by := m.Get("Reply-By"); by != "" {
				if _, err := time.Parse(time.RFC1123Z, by); err != nil {
					t.Errorf("%s %s: Reply-By %q", name, lang, by)
				}
			}
			if strings.ReplaceAll(m.text, "\r\n", "\n") != r.Text {
				t.Errorf("%s %s: kept text differs from the one sent", name, lang)
			}
			checkHTML(t, m.html)
			checkBody(t, r)
		}
	}
}

func checkBody(t *testing.T, r letter.Rendered) {
	t.Helper()
	_, body, _ := bytes.Cut(r.Bytes, []byte("\r\n\r\n"))
	if r.Hash != ticket.Sum(r.Bytes) || r.BodyHash != ticket.Sum(body) || r.MessageID != "rb."+r.ID+"@bianchi.example" || r.From != "assistenza@bianchi.example" {
		t.Errorf("%s: the kept letter does not describe its bytes", r.ID)
	}
	for i, l := range strings.Split(r.Text, "\n") {
		if n := len([]rune(l)); n > 72 && len(strings.Fields(l)) > 2 {
			t.Errorf("%s: line %d has %d columns: %q", r.ID, i+1, n, l)
		}
	}
}

// TestLinks holds that every mailto: link prepares an answer the gate would take: to the desk, the token at the end of
// the subject, a verb on the first line.
func TestLinks(t *testing.T) {
	verbs := map[string]bool{}
	for name, r := range samples(t, "fr") {
		for _, l := range regexp.MustCompile(`href="(mailto:[^"]*)"`).FindAllStringSubmatch(parse(t, r.Bytes).html, -1) {
			u, err := url.Parse(strings.ReplaceAll(l[1], "&amp;", "&"))
			if err != nil {
				t.Fatal(err)
			}
			q, err := url.ParseQuery(u.RawQuery)
			if err != nil || u.Opaque != "assistenza@bianchi.example" || !strings.HasSuffix(q.Get("subject"), " (rb:"+token+")") || strings.Contains(u.RawQuery, "+") {
				t.Errorf("%s: link %q, %v", name, l[1], err)
			}
			first, _, _ := strings.Cut(q.Get("body"), "\r\n")
			verbs[strings.Fields(first)[0]] = true
		}
	}
	for _, v := range []string{"ok", "eta", "note", "take", "help", "undo", "resend", "leave", "status"} {
		if !verbs[v] {
			t.Errorf("no link for %q", v)
		}
	}
}

// TestNothingUnseenIsApproved holds I2: a mail offers "ok" only where it shows what would go out.
func TestNothingUnseenIsApproved(t *testing.T) {
	w := writer(t)
	for _, d := range []letter.Draft{{}, review(t, "en", "new").Draft} {
		a, err := w.Warning(letter.Warning{Ticket: request(t), Person: anna("en"), Token: token, Duty: "ack", Draft: d}, stamp("x"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := w.Refused(letter.Refused{Ticket: request(t), Person: anna("en"), Token: token, Reason: "spent", Draft: d}, stamp("x"))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []letter.Rendered{a, b} {
			if offers := strings.Contains(r.Text, "\n  ok "); offers != (d.DraftText != "") {
				t.Errorf("offers ok: %v, shows a draft: %v\n%s", offers, d.DraftText != "", r.Text)
			}
		}
	}
}

func TestRefusedArguments(t *testing.T) {
	w := writer(t)
	good := letter.Review{Ticket: request(t), Person: anna("en"), Token: token, Why: "new"}
	for name, change := range map[string]func(*letter.Review, *letter.Stamp){
		"unknown reason":  func(r *letter.Review, _ *letter.Stamp) { r.Why = "because" },
		"short token":     func(r *letter.Review, _ *letter.Stamp) { r.Token = token[1:] },
		"token injection": func(r *letter.Review, _ *letter.Stamp) { r.Token = token[:24] + "\r\n" },
		"reader":          func(r *letter.Review, _ *letter.Stamp) { r.Person.Address = "a@b, c@d" },
		"letter id":       func(_ *letter.Review, s *letter.Stamp) { s.ID = "a b" },
		"message id":      func(_ *letter.Review, s *letter.Stamp) { s.MessageID = "a@b>\r\nX: <y" },
		"boundary":        func(_ *letter.Review, s *letter.Stamp) { s.Boundary = "" },
	} {
		r, s := good, stamp("x")
		change(&r, &s)
		if done, err := w.Review(r, s); err == nil || done.Bytes != nil {
			t.Errorf("%s: %v, want it refused", name, err)
		}
	}
	for name, d := range map[string]letter.Desk{
		"address":  {Address: "a b@c", Instance: "x"},
		"instance": {Address: "a@b.example", Instance: "x\r\ny"},
		"none":     {Address: "a@b.example"},
	} {
		if _, err := letter.New(d); !errors.Is(err, wire.ErrRefused) {
			t.Errorf("desk %s: %v, want it refused", name, err)
		}
	}
	c := answer(t)
	c.To = nil
	if _, err := w.Customer(c, stamp("x")); !errors.Is(err, wire.ErrRefused) {
		t.Errorf("no recipient: %v", err)
	}
	c = answer(t)
	c.Cc = c.To
	if _, err := w.Customer(c, stamp("x")); !errors.Is(err, wire.ErrRefused) {
		t.Errorf("recipient twice: %v", err)
	}
}

// TestCustomerLetter holds that nothing in a letter to a customer says that a program had a hand in it.
func TestCustomerLetter(t *testing.T) {
	r := samples(t, "it")["customer"]
	for _, word := range []string{"Auto-Submitted", "Precedence", "List-", "User-Agent", "X-Mailer", "X-Auto", "(rb:", "Bcc"} {
		if bytes.Contains(r.Bytes, []byte(word)) {
			t.Errorf("the letter has %q in it", word)
		}
	}
	c := answer(t)
	for len(c.References) < 100 {
		c.References = append(c.References, strings.Repeat("x", 60)+"@rossi.example")
	}
	c.References[99] = "last@rossi.example"
	r, err := writer(t).Customer(c, stamp("x"))
	if err != nil {
		t.Fatal(err)
	}
	m := parse(t, r.Bytes)
	refs := strings.Fields(m.Get("References"))
	if len(refs) != 20 || refs[0] != "<CAF=0@rossi.example>" || refs[19] != "<last@rossi.example>" {
		t.Errorf("%d references: %v", len(refs), refs)
	}
}
