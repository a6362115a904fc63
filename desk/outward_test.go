package desk_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-message"
	othermail "github.com/emersion/go-message/mail"
	"pgregory.net/rapid"

	"replyby/contract"
	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
)

// alphabets are what attacks are written with.
func alphabets() map[string][]string {
	return map[string][]string{
		"line ends":     {"\r\n", "\n", "\r", "\r\n\r\n", "\u0085", "\u2028", "\u2029", "Bcc: eve@evil.example", "X"},
		"controls":      {"\x00", "\x1b[2J", "\x7f", "\b\b", "\x0b", "\x0c", "\t", "a"},
		"bidi":          {"\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "gpj.exe", "abc"},
		"zero width":    {"\u200b", "\u200d", "\ufeff", "\u00ad", "\U000e0041", "\u2060", "o", "k"},
		"encoded words": {"=?utf-8?q?=0D=0ABcc:_eve@evil.example?=", "=?utf-8?b?DQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=", "=?", "?=", "=?utf-7?q?+AA0ACg-?=", "=?x?z?y?=", " "},
		"very long":     {strings.Repeat("x", 1500), strings.Repeat("é", 700), strings.Repeat("a ", 900), strings.Repeat("<", 1200)},
		"fields":        {"Bcc: eve@evil.example", "Cc: eve@evil.example", "To: eve@evil.example", "Content-Type: text/html", "Reply-To: eve@evil.example", "\r\n", " ", ":"},
		"addresses":     {"eve@evil.example", ", ", "; ", "<eve@evil.example>", "undisclosed:", "mario@cliente.example", "@", "%"},
		"angles":        {"<", ">", "><", "<<", ">>", `"`, `\"`, `\`, "(", ")", "eve@evil.example", "><eve@evil.example>"},
		"8-bit":         {"\xff", "\xfe", "\xc3", "\xe9", "\x80", "\xed\xa0\x80", "é", "漢字"},
		"mime":          {"--rb-", "\r\n--", "Content-Transfer-Encoding: base64", "=\r\n", "=0D=0A", ".\r\n", "\r\n.\r\n", "multipart/mixed; boundary=\"x\""},
		"templates":     {"{subject}", "{personal}", "{{.}}", "${HOME}", "%s", "%!d", "{customer}", "[...]"},
		"markup":        {"<script>alert(1)</script>", `"><img src=https://evil.example/x.png>`, "javascript:alert(1)", "</table>", "<!--", "&lt;", "mailto:eve@evil.example"},
		"codes":         {"(rb:zzzzzzzzzzzzzzzzzzzzzzzzzz)", "(rb:", "TOKEN", "rb:", ")", "MB-1", "[MB-1]", "ok"},
	}
}

// places are the fields that others fill.
func places() []string {
	return []string{"subject", "name", "address", "cc name", "cc address", "words", "references", "message-id", "file", "carrier name", "carrier product",
		"reply", "note", "reason", "token", "desk", "team", "staff", "contract", "product"}
}

// hostile is a play in which one field, or all, hold what an attacker put there.
type hostile struct {
	*scenario
	at     func(place, otherwise string) string
	tokens map[string]string // token -> whose
	toAll  map[string]bool   // letters that a person sent to all, by id
}

// I2, I12: whatever others write into any field, each letter that leaves has the recipients that were approved, the fields we know and each
// once, no line too long, and reads the same to two other parsers; a person's code goes to nobody else.
func TestEveryFieldEveryAlphabet(t *testing.T) {
	t.Parallel() // a long one
	letters, customers := 0, 0
	for name, alphabet := range alphabets() {
		for i, place := range places() {
			if testing.Short() && i%3 != len(name)%3 {
				continue
			}
			h := &hostile{at: func(p, otherwise string) string {
				if p != place {
					return otherwise
				}
				return strings.Join(alphabet, []string{"", "b"}[i%2])
			}}
			n, c := h.run(t, name+" in "+place)
			letters, customers = letters+n, customers+c
		}
	}
	t.Logf("%d letters held against %d alphabets in %d fields, %d of them to customers", letters, len(alphabets()), len(places()), customers)
	if customers < letters/20 {
		t.Errorf("%d of %d letters went to customers: the plays do not get that far", customers, letters)
	}
}

// The same with every field filled at once, from everything.
func TestOutwardProperty(t *testing.T) {
	t.Parallel() // a long one
	if testing.Short() {
		t.Skip("one field at a time is enough for a short run")
	}
	all := slices.Concat(slices.Collect(maps.Values(alphabets()))...)
	slices.Sort(all)
	rapid.Check(t, func(rt *rapid.T) {
		h := &hostile{at: func(place, otherwise string) string {
			if rapid.IntRange(0, 2).Draw(rt, "spare "+place) > 0 {
				return otherwise
			}
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(all), 1, 6).Draw(rt, place), rapid.SampledFrom([]string{"", " ", "a"}).Draw(rt, "between"))
		}}
		h.run(t, "everything")
	})
}

// run plays a request with an answer of the customer, and everything a person may do with it. It returns how many letters left, and how
// many of them to customers.
func (h *hostile) run(t *testing.T, name string) (letters, customers int) {
	t.Helper()
	cfg := agency(t)
	cfg.Name, cfg.Team = h.at("desk", cfg.Name), h.at("team", cfg.Team)
	cfg.Name = cfg.Name[:min(len(cfg.Name), 200)] // as long as the configuration lets it be
	cfg.Staff[0].Name = h.at("staff", cfg.Staff[0].Name)
	if b, problems := contract.Parse([]byte("customer,kind,product,from,to,on_call\nmario@cliente.example,business-care," + h.at("contract", "SEO") + ",2026-01-01,2027-01-01,\n")); len(problems) == 0 {
		cfg.Contracts = b
	}
	s := &scenario{TB: t, dir: t.TempDir(), cfg: cfg}
	s.judge.Sources = append(s.judge.Sources, portal())
	s.judge.Sources[0].Reply, s.judge.Sources[0].Match.RequireAuth = "email", ""
	s.judge.Sources[0].Policy = ""
	s.open()
	defer s.store.Close()
	s.at(monday + " 15:00")
	h.scenario, h.toAll = s, map[string]bool{}
	h.customer()
	h.carrier()
	h.post()
	for _, say := range []func() string{
		func() string { return "note " + h.at("note", "vecchio tema") },
		func() string { return "assign " + h.at("note", "Marco") },
		func() string { return h.at("reply", "Parole senza verbo, per vedere la lettera.") },
		func() string { return "noeta " + h.at("reason", "aspetto il fornitore") + "\n" + h.at("reply", words) },
		func() string { return "ok all\n\n" + h.at("reply", words) },
		func() string { return "ok\n\nParole mie, per questo caso soltanto, e per nessun altro." },
		func() string { return "fixed\n\n" + h.at("reply", "Ora funziona di nuovo.") },
		func() string { return "status" },
	} {
		h.speak(anna, say())
	}
	h.speak(marco, "ok\n\nWords of my own, for this case alone, and for no other.")
	for _, l := range s.sent {
		if l.Customer {
			h.follow(l)
			break
		}
	}
	h.scenario.at("15:30")
	h.tick()
	h.collect()
	for _, l := range s.sent {
		h.inspect(name, l)
		if l.Customer {
			customers++
		}
	}
	return len(s.sent), customers
}

// encoded is a value as an encoded word that hides it from whoever does not decode (RFC 2047).
func encoded(s string) string {
	return "=?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?="
}

// customer writes the request: each field once as it is, and in a second mail as encoded words.
func (h *hostile) customer() {
	for _, form := range []func(string) string{encoded, func(s string) string { return s }} {
		h.uid++
		var b strings.Builder
		fmt.Fprintf(&b, "Received: from client by mx.mb.example with ESMTP; %s\r\n", h.now.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
		fmt.Fprintf(&b, "From: %s <%s>\r\nTo: %s\r\nCc: %s <%s>\r\n", form(h.at("name", "Mario")), h.at("address", mario), support, form(h.at("cc name", "Socio")), h.at("cc address", "socio@cliente.example"))
		fmt.Fprintf(&b, "Subject: %s\r\nMessage-ID: <%s>\r\nReferences: %s\r\n", form(h.at("subject", "Carrello")), h.at("message-id", fmt.Sprintf("h%d@cliente.example", h.uid)), h.at("references", "<old@cliente.example>"))
		fmt.Fprintf(&b, "Date: %s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n", h.now.Format("Mon, 02 Jan 2006 15:04:05 -0700"), base64.StdEncoding.EncodeToString([]byte(h.at("words", request))))
		fmt.Fprintf(&b, "--outer\r\nContent-Type: image/png; name=\"%s\"\r\nContent-Disposition: attachment; filename=\"%s\"\r\n\r\nPNG\r\n--outer--\r\n", form(h.at("file", "a.png")), form(h.at("file", "a.png")))
		h.plays([]byte(b.String()))
	}
}

func (h *hostile) carrier() {
	h.plays(h.raw(notification(h.at("carrier name", "Bottega"), h.at("carrier product", "Modulo"))))
}

// notification is a carrier's notification.
func notification(name, product string) mail {
	return mail{from: "Marketplace <luigi@marketplace.example>", subject: "Nuovo messaggio", text: "Cliente: " + name + "\nProdotto: " + product +
		"\n\nMessaggio:\nLa pagina mostra un errore.\n\nRisponda dal suo conto: https://marketplace.example/messages/88"}
}

// plays delivers bytes: no input stops the line (I8).
func (h *hostile) plays(raw []byte) {
	h.uid++
	in := desk.Incoming{UID: h.uid, Internal: h.now, Raw: raw, Prove: func() desk.Auth {
		return desk.Auth{Outcome: arrival.Pass, From: mailparse.Parse(raw).From[0].Addr, Evidence: "test"}
	}}
	if err := h.desk.Receive(h.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: h.uid, Mails: []desk.Incoming{in}, Now: h.now}); err != nil {
		h.Fatalf("%q: %v", raw, err)
	}
}

// speak lets a person answer the latest mail he got about the first ticket.
func (h *hostile) speak(who, text string) {
	mine := h.letters(who)
	mine = slices.DeleteFunc(mine, func(l store.Letter) bool { return l.Ticket != 1 || !tokenForm.Match(l.Bytes) })
	if len(mine) == 0 {
		return
	}
	l := mine[len(mine)-1]
	token := tokenForm.FindString(mailparse.Parse(l.Bytes).Subject)
	all := strings.HasPrefix(text, "ok all")
	for _, cc := range h.ticket(1).Draft.Cc { // a draft that was asked for with all of them shows them
		all = all || strings.Contains(decoded(l.Bytes), cc.Addr)
	}
	h.plays(h.raw(mail{from: who, subject: "Re: " + h.at("token", "[MB-1]") + " " + token, text: strings.ReplaceAll(text, "TOKEN", token), reply: []string{l.MessageID}}))
	before := len(h.sent)
	h.post()
	for _, l := range h.sent[before:] {
		h.toAll[l.ID] = all
	}
}

func (h *hostile) follow(l store.Letter) {
	h.plays(h.raw(mail{from: l.To[0], subject: "Re: " + h.at("subject", "Carrello"), text: h.at("words", "Ancora rotto."), reply: []string{l.MessageID}}))
	h.post()
}

func (h *hostile) collect() {
	h.tokens = map[string]string{}
	for _, l := range h.sent {
		if m := tokenForm.FindString(mailparse.Parse(l.Bytes).Subject); m != "" && !l.Customer {
			h.tokens[strings.TrimSuffix(strings.TrimPrefix(m, "(rb:"), ")")] = l.To[0]
		}
	}
}

// singleFields are those our mails may have, each once.
func singleFields(customer bool) []string {
	f := []string{"From", "To", "Subject", "Date", "Message-Id", "Reply-To", "X-Replyby-Letter", "Mime-Version", "Content-Type", "Content-Transfer-Encoding"}
	if customer {
		return append(f, "Cc", "In-Reply-To", "References")
	}
	return append(f, "Auto-Submitted", "X-Auto-Response-Suppress", "Reply-By")
}

// inspect holds one letter against everything that was approved of it.
func (h *hostile) inspect(name string, l store.Letter) {
	h.Helper()
	bad := func(format string, args ...any) {
		h.Helper()
		h.Fatalf("%s: %s letter %s: "+format+"\n%q", append([]any{name, l.Purpose, l.ID}, append(args, clip(l.Bytes))...)...)
	}
	for line := range bytes.SplitSeq(bytes.TrimSuffix(l.Bytes, []byte("\r\n")), []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n\x00") {
			bad("line of %d octets", len(line))
		}
	}
	m, err := netmail.ReadMessage(bytes.NewReader(l.Bytes))
	if err != nil {
		bad("%v", err)
	}
	for field, values := range m.Header {
		if len(values) != 1 || !slices.Contains(singleFields(l.Customer), field) {
			bad("field %s: %q", field, values)
		}
	}
	h.sameToBoth(m, l, bad)
	h.approved(m, l, bad)
	h.secrets(l, bad)
}

// sameToBoth reads the letter with another parser as well.
func (h *hostile) sameToBoth(m *netmail.Message, l store.Letter, bad func(string, ...any)) {
	e, err := message.Read(bytes.NewReader(l.Bytes))
	if err != nil {
		bad("%v", err)
	}
	other := othermail.Header{Header: e.Header}
	subject, err := (&mime.WordDecoder{}).DecodeHeader(m.Header.Get("Subject"))
	if s, err2 := other.Subject(); err != nil || err2 != nil || subject != s || strings.ContainsAny(subject, "\r\n\x00") {
		bad("subject %q and %q, %v, %v", subject, s, err, err2)
	}
	for _, field := range []string{"From", "To", "Cc", "Reply-To"} {
		if m.Header.Get(field) == "" && !other.Has(field) {
			continue
		}
		list, err := m.Header.AddressList(field)
		theirs, err2 := other.AddressList(field)
		if err != nil || err2 != nil || len(list) != len(theirs) {
			bad("%s: %v, %v and %v, %v", field, err, list, err2, theirs)
		}
		for i, a := range list {
			if a.Address != theirs[i].Address || a.Name != theirs[i].Name || strings.ContainsAny(a.Name, "\r\n\x00") {
				bad("%s: %q and %q", field, a, theirs[i])
			}
		}
	}
	id, err := other.MessageID()
	if own := strings.Trim(m.Header.Get("Message-Id"), "<>"); err != nil || id != own || id != l.MessageID {
		bad("message id %q, %q, %q, %v", id, own, l.MessageID, err)
	}
}

// approved holds the envelope and the fields for readers against the decision.
func (h *hostile) approved(m *netmail.Message, l store.Letter, bad func(string, ...any)) {
	var shown []string
	for _, field := range []string{"To", "Cc"} {
		list, _ := m.Header.AddressList(field)
		for _, a := range list {
			shown = append(shown, a.Address)
		}
	}
	if !slices.Equal(shown, l.To) {
		bad("the header names %q, the envelope %q", shown, l.To)
	}
	if from, err := m.Header.AddressList("From"); err != nil || len(from) != 1 || from[0].Address != support {
		bad("from %v", from)
	}
	if !l.Customer {
		if len(l.To) != 1 || !slices.Contains([]string{anna, marco, boss}, l.To[0]) || len(l.Bcc) > 0 {
			bad("to %q, hidden %q", l.To, l.Bcc)
		}
		return
	}
	t := h.ticket(l.Ticket)
	allowed := []string{t.Customer.Addr}
	for _, c := range t.Cc {
		if h.toAll[l.ID] {
			allowed = append(allowed, c.Addr)
		}
	}
	if l.To[0] != t.Customer.Addr || slices.ContainsFunc(l.To, func(a string) bool { return !slices.Contains(allowed, a) }) || !slices.Equal(l.Bcc, []string{support}) {
		bad("to %q, hidden %q; the customer is %q, in copy %q", l.To, l.Bcc, t.Customer, t.Cc)
	}
	if l.Hash != ticket.Sum(l.Bytes) {
		bad("other bytes than decided")
	}
}

// secrets holds that no code of a person stands in a letter to anybody else, in whatever encoding.
func (h *hostile) secrets(l store.Letter, bad func(string, ...any)) {
	all := string(l.Bytes) + decoded(l.Bytes)
	for _, token := range codeLike.FindAllString(all, -1) {
		if owner := h.tokens[strings.ToLower(token)]; owner != "" && (l.Customer || owner != l.To[0]) {
			bad("the code of %s", owner)
		}
	}
	if l.Customer && tokenForm.MatchString(all) && !strings.Contains(all, "(rb:zzzzzzzzzzzzzzzzzzzzzzzzzz)") {
		bad("the form of a code")
	}
}

var codeLike = regexp.MustCompile(`(?i)[a-z2-7]{26}`)

// decoded is every part of a mail in plain bytes, read by the standard library.
func decoded(raw []byte) string {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return ""
	}
	return plainParts(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
}

func plainParts(contentType, encoding string, body io.Reader) string {
	kind, params, _ := mime.ParseMediaType(contentType)
	if !strings.HasPrefix(kind, "multipart/") {
		switch encoding {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		b, _ := io.ReadAll(body)
		return string(b)
	}
	all, r := "", multipart.NewReader(body, params["boundary"])
	for {
		p, err := r.NextRawPart()
		if err != nil {
			return all
		}
		all += plainParts(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p) + p.Header.Get("Content-Disposition")
	}
}

func clip(b []byte) []byte { return b[:min(len(b), 3000)] }
