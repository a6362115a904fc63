package office

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/imapwatch"
	"replyby/mailauth"
	"replyby/mailparse"
	"replyby/store"
)

// signature is what a server of a person's domain puts above his mail (RFC 6376; RFC 8463), made here by hand so that it may be wrong.
type signature struct {
	key    byte // of whom, and which
	domain string
	fields string
	expire time.Time
	length string
}

func keyOf(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

func record(n byte) string {
	return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(keyOf(n).Public().(ed25519.PublicKey))
}

const allFields = "From:To:Subject:Date:Message-ID"

// on signs a mail, header and body taken as they are (simple/simple).
func (s signature) on(raw string) string {
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	digest := sha256.Sum256([]byte(strings.TrimRight(body, "\r\n") + "\r\n"))
	tags := ""
	if !s.expire.IsZero() {
		tags += fmt.Sprintf(" t=%d; x=%d;", s.expire.Add(-time.Hour).Unix(), s.expire.Unix())
	}
	if s.length != "" {
		tags += " l=" + s.length + ";"
	}
	field := fmt.Sprintf("DKIM-Signature: v=1; a=ed25519-sha256; c=simple/simple; d=%s; s=key; h=%s;%s bh=%s; b=", s.domain, s.fields, tags,
		base64.StdEncoding.EncodeToString(digest[:]))
	signed := ""
	for name := range strings.SplitSeq(s.fields, ":") {
		for _, line := range slices.Backward(strings.Split(head, "\r\n")) {
			if strings.HasPrefix(line, name+":") {
				signed += line + "\r\n"
				break
			}
		}
	}
	sum := sha256.Sum256([]byte(signed + field))
	return field + base64.StdEncoding.EncodeToString(ed25519.Sign(keyOf(s.key), sum[:])) + "\r\n" + raw
}

// counter is an office with one desk whose mailbox and way out are the test's hands.
type counter struct {
	*testing.T
	w   *worked
	uid uint32
}

// counterOf opens an office that takes DKIM alone for a proof, with the key of anna's domain from the configuration and every other from lookup.
func counterOf(t *testing.T, lookup func(context.Context, string) ([]string, error)) *counter {
	t.Helper()
	plans := OneDesk(t)
	plans[0].Trust.Methods = []mailauth.Method{mailauth.DKIM}
	plans[0].Trust.Keys = map[string]string{"key._domainkey.mail.test": record(1)}
	plans[0].Trust.Lookup = lookup
	o, err := Open(t.TempDir(), plans, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.store.Close() })
	return &counter{T: t, w: o.desks[0]}
}

func (c *counter) delivers(raw string) {
	c.Helper()
	c.uid++
	m := imapwatch.Mail{UID: c.uid, InternalDate: time.Now(), Raw: []byte(raw)}
	b := imapwatch.Batch{Folder: "INBOX", Cursor: imapwatch.Cursor{UIDValidity: 1, UID: c.uid}, Mails: []imapwatch.Mail{m}}
	receive, err := inbox{c.w}.Prepare(c.Context(), b)
	if err == nil {
		err = receive()
	}
	if err != nil {
		c.Fatal(err)
	}
}

// letters are those that wait to be sent: to customers, and the latest to anna.
func (c *counter) letters() (customers int, latest store.Letter) {
	c.Helper()
	all, err := outbox{c.w}.Next(c.Context(), time.Now().Add(time.Minute), 0)
	if err != nil {
		c.Fatal(err)
	}
	for _, l := range all {
		if l.Customer {
			customers++
		} else if slices.Contains(l.To, "anna@mail.test") && strings.Contains(mailparse.Parse(l.Bytes).Subject, "(rb:") {
			latest = l
		}
	}
	return customers, latest
}

// approval is anna's answer to a letter, as her mail program writes it.
func (c *counter) approval(l store.Letter) string {
	m := mailparse.Parse(l.Bytes)
	return fmt.Sprintf("From: Anna Bianchi <anna@mail.test>\r\nTo: assistenza@mail.test\r\nSubject: Re: %s\r\nDate: %s\r\nMessage-ID: <a%d@mail.test>\r\nIn-Reply-To: <%s>\r\n"+
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nok\r\n\r\nHo visto la richiesta e la seguo io da oggi.\r\n",
		m.Subject, time.Now().Format(time.RFC1123Z), c.uid, m.MessageID)
}

// The proof of a signature, played through the wiring of the program: anna's approval makes a letter where her domain signed exactly what
// we read, with the key it has, and in no other case. After each refusal the same words, rightly signed, are heard.
func TestSignedApproval(t *testing.T) {
	good := signature{key: 1, domain: "mail.test", fields: allFields}
	with := func(change func(s *signature)) func(string) string {
		s := good
		change(&s)
		return s.on
	}
	later := func(change func(raw string) string) func(string) string {
		return func(raw string) string { return change(good.on(raw)) }
	}
	swap := func(old, new string) func(string) string {
		return func(raw string) string { return strings.Replace(raw, old, new, 1) }
	}
	for name, x := range map[string]struct {
		write func(raw string) string
		code  string
	}{
		"signed":                        {good.on, ""},
		"rotated key":                   {with(func(s *signature) { s.key = 2 }), "unproven"},
		"key of a domain that has none": {with(func(s *signature) { s.domain = "other.mail.test" }), "unproven"},
		"expired":                       {with(func(s *signature) { s.expire = time.Now().Add(-time.Minute) }), "unproven"},
		"From not signed":               {with(func(s *signature) { s.fields = "To:Subject:Date:Message-ID" }), "unproven"},
		"Subject not signed":            {with(func(s *signature) { s.fields = "From:To:Date:Message-ID" }), "unproven"},
		"Date not signed":               {with(func(s *signature) { s.fields = "From:To:Subject:Message-ID" }), "unproven"},
		"Message-ID not signed":         {with(func(s *signature) { s.fields = "From:To:Subject:Date" }), "unproven"},
		"part of the body (l=)":         {with(func(s *signature) { s.length = "4" }), "unproven"},
		"signed by somebody else":       {with(func(s *signature) { s.key, s.domain = 3, "zevil.example" }), "unproven"},
		// Nobody knows whose mail that is, so it is nobody's of the staff.
		"second From on top": {later(func(raw string) string { return "From: m@zevil.example\r\n" + raw }), "-"},
		"second From below":  {later(swap("\r\n\r\nok", "\r\nFrom: anna@mail.test\r\n\r\nok")), "-"},

		"second Subject on top": {later(func(raw string) string { return "Subject: ciao\r\n" + raw }), "repeated_field"},
		"second Message-ID":     {later(func(raw string) string { return "Message-ID: <b@mail.test>\r\n" + raw }), "repeated_field"},
		"body changed":          {later(swap("la seguo io", "non la seguo")), "unproven"},
		"body longer":           {later(func(raw string) string { return raw + "e grazie\r\n" }), "unproven"},
		"Subject changed":       {later(swap("Subject: Re: ", "Subject: RE: ")), "unproven"},
		"Date changed":          {later(swap("Date: ", "Date:  ")), "unproven"},
	} {
		t.Run(name, func(t *testing.T) {
			c := counterOf(t, func(_ context.Context, name string) ([]string, error) {
				if name == "key._domainkey.zevil.example" {
					return []string{record(3)}, nil
				}
				return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
			})
			c.delivers("From: mario@cliente.test\r\nTo: assistenza@mail.test\r\nSubject: Carrello\r\nDate: " + time.Now().Format(time.RFC1123Z) +
				"\r\nMessage-ID: <1@cliente.test>\r\n\r\nIl carrello non accetta pagamenti da stamattina.\r\n")
			_, asked := c.letters()
			c.delivers(x.write(c.approval(asked)))
			got, _ := c.letters()
			if x.code == "" {
				if got != 1 {
					t.Fatalf("%d letters after an approval that is signed", got)
				}
				return
			}
			if got != 0 {
				t.Fatalf("%d letters", got)
			}
			tk, err := c.w.store.Load(t.Context(), "agency", 1)
			if err != nil {
				t.Fatal(err)
			}
			if x.code != "-" && (len(tk.Refusals) != 1 || !strings.HasPrefix(tk.Refusals[0].Reason, x.code)) {
				t.Errorf("refusals %+v, want one that is %q", tk.Refusals, x.code)
			}
			c.delivers(good.on(c.approval(asked)))
			if got, _ := c.letters(); got != 1 {
				t.Errorf("%d letters after the same words rightly signed", got)
			}
		})
	}
}

// A key that is looked up as the program does it, and is another one tomorrow: the new one counts, the old one no more.
func TestSignedWithRotatedKey(t *testing.T) {
	current := byte(4)
	c := counterOf(t, func(_ context.Context, name string) ([]string, error) {
		if name == "key._domainkey.post.mail.test" {
			return []string{record(current)}, nil
		}
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	})
	for n, step := range []struct {
		published, used byte
		letters         int
	}{{4, 4, 1}, {5, 4, 1}, {5, 5, 2}} {
		current = step.published
		c.delivers(fmt.Sprintf("From: mario%d@cliente.test\r\nTo: assistenza@mail.test\r\nSubject: Carrello %d\r\nDate: %s\r\nMessage-ID: <%d@cliente.test>\r\n\r\nIl carrello non accetta pagamenti.\r\n",
			n, n, time.Now().Format(time.RFC1123Z), n))
		_, asked := c.letters()
		c.delivers(signature{key: step.used, domain: "post.mail.test", fields: allFields}.on(c.approval(asked)))
		if got, _ := c.letters(); got != step.letters {
			t.Errorf("step %d: %d letters, want %d", n, got, step.letters)
		}
	}
}
