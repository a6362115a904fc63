package desk_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/mailauth"
	"replyby/mailparse"
)

// attack is one mail that must not send a letter: a genuine approval with something changed, as a mail or in its bytes.
type attack struct {
	name   string
	change func(s *scenario, m *mail)
	raw    func(s *scenario, raw string) string
	cut    bool // over the size limit
}

// vouched is what our server writes about mail that it could prove (RFC 8601).
const vouched = "Authentication-Results: mx.mb.example; dmarc=pass header.from=mb.example"

// prover is the real proof of authenticity, without a network.
func prover(t *testing.T) *mailauth.Checker {
	t.Helper()
	c, err := mailauth.New(mailauth.Config{AuthservID: []string{"mx.mb.example"}, Lookup: func(context.Context, string) ([]string, error) {
		return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// hears delivers a mail to the inbox as the program does: proof is asked where it claims to come from staff.
func (s *scenario) hears(c *mailauth.Checker, raw []byte, cut bool) {
	s.Helper()
	s.uid++
	in := desk.Incoming{UID: s.uid, Internal: s.now, Raw: raw, Cut: cut}
	in.Prove = func() desk.Auth {
		v := c.Check(s.Context(), raw)
		return desk.Auth{Outcome: arrival.Outcome(v.Outcome), From: v.From, Evidence: v.Evidence}
	}
	err := s.desk.Receive(s.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: s.uid, Mails: []desk.Incoming{in}, Now: s.now})
	if err != nil {
		s.Fatal(err)
	}
	s.post()
}

// approval is what anna would answer to the review mail she got.
func (s *scenario) approval() mail {
	m := s.answer(s.last(anna), anna, "ok\n\n"+words)
	m.head = []string{vouched}
	return m
}

// bytes writes the attack on the ticket at hand.
func (a attack) bytes(s *scenario) []byte {
	m := s.approval()
	if a.change != nil {
		a.change(s, &m)
	}
	raw := string(s.raw(m))
	if a.raw != nil {
		raw = a.raw(s, raw)
	}
	return []byte(raw)
}

// I2, I3: no mail but a genuine approval brings a letter to a customer.
func TestForgeries(t *testing.T) {
	t.Parallel() // a long one
	c := prover(t)
	s := asked(t)
	s.hears(c, attack{}.bytes(s), false)
	s.wantLetters(1) // what the attacks change would be good unchanged
	n := 0
	for _, group := range [][]attack{fromAttacks(), proofAttacks(), fieldAttacks(), tokenAttacks(), verbAttacks(), awayAttacks(), machineAttacks(), formAttacks()} {
		for _, a := range group {
			if n++; testing.Short() && n%5 != 0 {
				continue
			}
			t.Run(a.name, func(t *testing.T) {
				s := asked(t)
				s.hears(c, a.bytes(s), a.cut)
				s.tick()
				s.wantLetters(0)
				s.onlyStaffWritten()
				if ack, _ := s.ticket(1).Duty("ack"); !ack.MetAt.IsZero() {
					t.Error("the clock stopped")
				}
			})
		}
	}
	if t.Logf("forgeries: %d", n); n < 150 {
		t.Errorf("only %d", n)
	}
}

// onlyStaffWritten says that every mail went to an enrolled address or a manager.
func (s *scenario) onlyStaffWritten() {
	s.Helper()
	for _, l := range s.sent {
		for _, to := range slices.Concat(l.To, l.Bcc) {
			if !slices.Contains([]string{anna, marco, boss}, to) {
				s.Errorf("a mail went to %q", to)
			}
		}
	}
}

func fromAttacks() []attack {
	var all []attack
	for _, from := range []string{
		`"Anna Verdi" <anna@mb.example.evil.example>`, `anna@mb.example <eve@evil.example>`, `"anna@mb.example" <eve@evil.example>`,
		`"Anna Verdi <anna@mb.example>" <eve@evil.example>`, `anna@mb.example, eve@evil.example`, `eve@evil.example, anna@mb.example`,
		`<anna@mb.example> <eve@evil.example>`, `<eve@evil.example> <anna@mb.example>`, `Staff: anna@mb.example;`, `Staff: anna@mb.example, eve@evil.example;`,
		`=?utf-8?q?anna=40mb.example?= <eve@evil.example>`, `=?utf-8?q?anna=40mb.example?=`, `<=?utf-8?q?anna?=@mb.example>`, `=?utf-8?b?YW5uYUBtYi5leGFtcGxl?=`,
		`"anna@mb.example"@evil.example`, `anna@mb.example@evil.example`, `"anna"@evil.example`, `<@evil.example:anna@mb.example>`, `<@evil.example,@b.example:anna@mb.example>`,
		"\u0430nna@mb.example", "anna@mb.\u0435xample", "anna\uff20mb.example", "anna@\uff4db.example", "\uff41nna@mb.example", "anna@xn--mb-fka.example", "anna@mb.xn--xample-2of",
		"anna\u200b@mb.example", "anna@mb.exam\u00adple", "\u202eanna@mb.example", "anna@mb.example\u200b.evil.example", "<an\x00na@mb.example>", "<anna @mb.example>", "<anna@ mb.example>",
		"mailto:anna@mb.example", "<mailto:anna@mb.example>", "'anna@mb.example' <eve@evil.example>", "anna+ok@mb.example", "anna@sub.mb.example", "anna@mb.example.", "annaa@mb.example", "ann@mb.example",
		"", "<>", ",", "undisclosed-recipients:;", "anna", "anna@@mb.example", "anna(a)@(b)mb.example <eve@evil.example>", "anna@mb.example\r\n\tx <eve@evil.example>", "capo@mb.example", support, mario,
	} {
		all = append(all, attack{name: fmt.Sprintf("from %q", from), change: func(_ *scenario, m *mail) { m.from = from }})
	}
	return all
}

func proofAttacks() []attack {
	var all []attack
	for _, head := range []string{
		"X-Nothing: at all",
		"Authentication-Results: mx.evil.example; dmarc=pass header.from=mb.example",
		"Authentication-Results: mx.mb.example; dmarc=fail header.from=mb.example",
		"Authentication-Results: mx.mb.example; dmarc=none header.from=mb.example",
		"Authentication-Results: mx.mb.example; dmarc=pass header.from=evil.example",
		"Authentication-Results: mx.mb.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=eve@evil.example",
		"Authentication-Results: mx.mb.example; spf=pass smtp.mailfrom=anna@mb.example",
		"Authentication-Results: mx.mb.example; none",
		"Authentication-Results: (mx.mb.example; dmarc=pass header.from=mb.example) mx.evil.example; none",
		"Authentication-Results: mx.mb.example; dkim=fail reason=\"dmarc=pass header.from=mb.example\"",
		"Authentication-Results: mx.mb.example; x=y (dmarc=pass header.from=mb.example)",
		"Authentication-Results: spf=pass smtp.mailfrom=mb.example; dmarc=pass action=none header.from=mb.example",
		"Authentication-Results: mx.mb.example.evil.example; dmarc=pass header.from=mb.example",
		"Authentication-Results: mx.mb.example; dmarc=fail header.from=mb.example\r\n" + vouched,
		"X-" + vouched, "ARC-" + vouched, "Authentication-Results : mx.mb.example; dmarc=pass header.from=mb.example",
		"Received-SPF: pass (mx.mb.example: domain of anna@mb.example)",
		"X-MS-Exchange-Organization-AuthAs: Internal\r\nX-MS-Exchange-CrossTenant-AuthAs: Internal",
		"DKIM-Signature: v=1; a=rsa-sha256; d=mb.example; s=s; h=from:subject:date:message-id; bh=AAAA; b=AAAA",
		"DKIM-Signature: v=1; a=rsa-sha1; d=mb.example; s=s; l=0; h=from; bh=AAAA; b=AAAA",
		"Received: from evil by mail.mb.example with ESMTPSA; Mon, 23 Nov 2026 15:00:00 +0100",
	} {
		all = append(all, attack{name: fmt.Sprintf("proof %.60q", head), change: func(_ *scenario, m *mail) { m.head = []string{head} }})
	}
	return append(all, attack{name: "proof in the body", change: func(_ *scenario, m *mail) { m.head, m.text = nil, vouched+"\n\n"+m.text }})
}

func fieldAttacks() []attack {
	var all []attack
	for _, line := range []string{
		"From: eve@evil.example", "From: anna@mb.example", "from: anna@mb.example", "From : anna@mb.example", "Subject: va bene", "SUBJECT: va bene", "Subject : va bene",
		"To: " + mario, "Cc: " + mario + "\r\nCc: eve@evil.example", "Date: Mon, 23 Nov 2026 15:00:00 +0100", "Message-ID: <another@client.example>", "Message-Id: <another@client.example>",
		"In-Reply-To: <another@client.example>", "References: <another@client.example>", "Reply-To: a@evil.example\r\nReply-To: b@evil.example", "Sender: a@evil.example\r\nSender: b@evil.example",
		"MIME-Version: 1.0", "Content-Type: text/html", "content-type: text/plain", "Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: 7bit",
	} {
		all = append(all, attack{name: fmt.Sprintf("field %q", line), change: func(_ *scenario, m *mail) { m.head = append(m.head, line) }})
		if strings.Count(line, ":") == 1 {
			all = append(all, attack{name: fmt.Sprintf("field below %q", line), raw: func(_ *scenario, raw string) string {
				head, body, _ := strings.Cut(raw, "\r\n\r\n")
				return head + "\r\n" + line + "\r\n\r\n" + body
			}})
		}
	}
	return all
}

// subject changes the subject by its token.
func subject(name string, change func(s *scenario, subject, token string) string) attack {
	return attack{name: "token " + name, change: func(s *scenario, m *mail) { m.subject = change(s, m.subject, tokenForm.FindString(m.subject)) }}
}

func tokenAttacks() []attack {
	swap := func(name string, with func(s *scenario, token string) string) attack {
		return subject(name, func(s *scenario, subject, token string) string {
			return strings.Replace(subject, token, with(s, token), 1)
		})
	}
	all := []attack{
		swap("none", func(_ *scenario, _ string) string { return "" }),
		swap("empty", func(_ *scenario, _ string) string { return "(rb:)" }),
		swap("first letter gone", func(_ *scenario, k string) string { return "(rb:" + k[5:] }),
		swap("last letter gone", func(_ *scenario, k string) string { return k[:len(k)-2] + ")" }),
		swap("one letter more", func(_ *scenario, k string) string { return k[:len(k)-1] + "a)" }),
		swap("twice as long", func(_ *scenario, k string) string { return k[:len(k)-1] + k[4:] }),
		swap("upper case", func(_ *scenario, k string) string { return strings.ToUpper(k) }),
		swap("upper case letters", func(_ *scenario, k string) string { return "(rb:" + strings.ToUpper(k[4:]) }),
		swap("no brackets", func(_ *scenario, k string) string { return k[1 : len(k)-1] }),
		swap("square brackets", func(_ *scenario, k string) string { return "[" + k[1:len(k)-1] + "]" }),
		swap("fullwidth", func(_ *scenario, k string) string {
			return strings.Map(func(r rune) rune {
				if r >= 'a' && r <= 'z' {
					return r + 0xfee0
				}
				return r
			}, k)
		}),
		swap("space within", func(_ *scenario, k string) string { return k[:15] + " " + k[15:] }),
		swap("folded within", func(_ *scenario, k string) string { return k[:15] + "\r\n " + k[15:] }),
		swap("other letters", func(_ *scenario, k string) string { return "(rb:" + strings.Repeat("a", 26) + ")" }),
		swap("digits it cannot have", func(_ *scenario, k string) string { return "(rb:0189" + k[8:] }),
		swap("hash of it", func(_ *scenario, k string) string { return "(rb:" + fmt.Sprintf("%x", k)[:26] + ")" }),
		swap("marco's", func(s *scenario, _ string) string {
			return tokenForm.FindString(mailparse.Parse(s.last(marco).Bytes).Subject)
		}),
		swap("swapped halves", func(_ *scenario, k string) string { return "(rb:" + k[17:30] + k[4:17] + ")" }),
		swap("reversed", func(_ *scenario, k string) string {
			b := []byte(k[4:30])
			slices.Reverse(b)
			return "(rb:" + string(b) + ")"
		}),
		swap("masked", func(_ *scenario, _ string) string { return "(rb:…)" }),
		subject("in the middle", func(_ *scenario, subject, token string) string { return subject + " urgente" }),
		subject("before another", func(_ *scenario, subject, token string) string {
			return subject + " (rb:" + strings.Repeat("z", 26) + ")"
		}),
		{name: "token in the body", change: func(_ *scenario, m *mail) {
			k := tokenForm.FindString(m.subject)
			m.subject, m.text = strings.Replace(m.subject, k, "", 1), "ok "+k+"\n\n"+m.text
		}},
		{name: "token in the name", change: func(_ *scenario, m *mail) {
			k := tokenForm.FindString(m.subject)
			m.subject, m.from = strings.Replace(m.subject, k, "", 1), `"`+k+`" <anna@mb.example>`
		}},
		{name: "token in another field", change: func(_ *scenario, m *mail) {
			k := tokenForm.FindString(m.subject)
			m.subject, m.head = strings.Replace(m.subject, k, "", 1), append(m.head, "X-Subject: "+k, "Comments: "+k, "Thread-Topic: "+k)
		}},
		{name: "token leaked to marco", change: func(_ *scenario, m *mail) { m.from = marco }},
		{name: "token leaked to the customer", change: func(_ *scenario, m *mail) { m.from = mario }},
		{name: "token leaked to a stranger", change: func(_ *scenario, m *mail) { m.from = "eve@evil.example" }},
		{name: "token leaked to the manager", change: func(_ *scenario, m *mail) { m.from = boss }},
		{name: "token superseded", change: func(s *scenario, _ *mail) { s.says(marco, "Un altro testo per la bozza, scritto da Marco.") }},
		{name: "ticket closed", change: func(s *scenario, _ *mail) { s.says(marco, "close") }},
		{name: "ticket closed and opened again", change: func(s *scenario, _ *mail) { s.says(marco, "close\nreopen") }},
	}
	for i := range 20 {
		random := []byte(fmt.Sprintf("%026d", i*7919))
		for j := range random {
			random[j] = 'a' + (random[j]-'0'+byte(j*i))%26
		}
		all = append(all, swap(fmt.Sprintf("guess %d", i), func(*scenario, string) string { return "(rb:" + string(random) + ")" }))
	}
	return all
}
