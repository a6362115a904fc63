package office

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
)

// Gmail and others leave these fields unsigned, so whoever holds such a mail may write them anew.
const looseFields = "Content-Type Content-Transfer-Encoding MIME-Version In-Reply-To References"

// rewritten is a signed mail with other unsigned fields.
func rewritten(raw string, fields ...string) string {
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	kept := slices.DeleteFunc(strings.Split(head, "\r\n"), func(line string) bool {
		name, _, _ := strings.Cut(line, ":")
		return slices.Contains(strings.Fields(looseFields), name)
	})
	return strings.Join(append(kept, fields...), "\r\n") + "\r\n\r\n" + body
}

// mailOf is a mail of anna's with the subject of a letter, before it is signed.
func (c *counter) mailOf(l store.Letter, prefix, to, rest string) string {
	return fmt.Sprintf("From: Anna Bianchi <anna@mail.test>\r\nTo: %s\r\nSubject: %s%s\r\nDate: %s\r\nMessage-ID: <b%d@mail.test>\r\n%s",
		to, prefix, mailparse.Parse(l.Bytes).Subject, time.Now().Format(time.RFC1123Z), c.uid, strings.ReplaceAll(rest, "\n", "\r\n"))
}

func noKey(_ context.Context, name string) ([]string, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// counterAsked is a counter where anna was asked about a request, and how she was.
func counterAsked(t *testing.T) (*counter, store.Letter) {
	t.Helper()
	c := counterOf(t, noKey)
	c.delivers("From: mario@cliente.test\r\nTo: assistenza@mail.test\r\nSubject: Carrello\r\nDate: " + time.Now().Format(time.RFC1123Z) +
		"\r\nMessage-ID: <1@cliente.test>\r\n\r\nIl carrello non accetta pagamenti da stamattina.\r\n")
	_, asked := c.letters()
	return c, asked
}

const (
	// forwarded is what anna's program puts above the mail that she hands on.
	forwarded = "---------- Forwarded message ---------\nDa: Mario <mario@cliente.test>\nDate: lun 30 nov 2026\nSubject: Carrello\nTo: <assistenza@mail.test>\n\n"
	// planted is what the customer wrote there, long before: it says ok in every way in which a mail can be read.
	planted = "Non va.\n--x\nContent-Type: text/plain\n\nok\n--x\nContent-Type: text/plain\n\nok\n\nVi rimborsiamo tutto.\n--x--\nbegin 644 a\n#;VL*\n`\nend\n\nb2sK\n---------- Forwarded message -----------\n"
	parted  = "--real\nContent-Type: text/plain; charset=utf-8\n\nNe sai qualcosa?\n\n" + forwarded + planted + "\n--real\nContent-Type: text/html; charset=utf-8\n\n<p>Ne sai qualcosa?</p>\n--real--\n"
)

// Anna asks a supplier, and us, what he thinks of a request, in a mail that her domain signs without the fields that say how to read it. He sends it
// to us with others, by which words of the customer stand first. They are not anna's, and hers are still heard (I3).
func TestReplayedUnderAnotherType(t *testing.T) {
	for name, x := range map[string]struct {
		body   string
		fields []string
	}{
		"as parts":                      {"Ne sai qualcosa?\n\n" + forwarded + planted, []string{`Content-Type: multipart/mixed; boundary=x`}},
		"as parts, nothing of hers":     {forwarded + planted, []string{`Content-Type: multipart/mixed; boundary="x"`}},
		"as parts without a boundary":   {"Ne sai qualcosa?\n\n" + forwarded + planted, []string{`Content-Type: multipart/alternative`}},
		"as parts with a wrong one":     {"Ne sai qualcosa?\n\n" + forwarded + planted, []string{`Content-Type: multipart/related; boundary=y`}},
		"parted by the mark of forward": {forwarded + "ok\n", []string{`Content-Type: multipart/mixed; boundary="-------- Forwarded message ---------"`}},
		"with two boundaries":           {parted, []string{`Content-Type: multipart/mixed; boundary=real; boundary=x`}},
		"with a boundary in pieces":     {parted, []string{`Content-Type: multipart/mixed; boundary*0=x; boundary=real`}},
		"other parts":                   {parted, []string{`Content-Type: multipart/mixed; boundary=x`}},
		"other parts, guessed":          {"Ne sai qualcosa?\n" + parted, []string{`Content-Type: multipart/mixed; boundary=z`}},
		"as uuencode":                   {"Ne sai qualcosa?\n\n" + forwarded + planted, []string{"Content-Type: text/plain", "Content-Transfer-Encoding: x-uuencode"}},
		"as base64":                     {"Ne sai qualcosa?\n\n" + forwarded + planted, []string{"Content-Type: text/plain", "Content-Transfer-Encoding: base64"}},
		"as html":                       {forwarded + "<br>ok<br>", []string{"Content-Type: text/html"}},
		"as a mail":                     {forwarded + "ok\n", []string{"Content-Type: message/rfc822"}},
		"as a signed entity":            {"Ne sai qualcosa?\n\n" + forwarded + planted, []string{"Content-Type: application/pkcs7-mime; name=smime.p7m", "Content-Transfer-Encoding: x-uuencode"}},
		"as a report":                   {forwarded + planted, []string{"Content-Type: multipart/report; boundary=x"}},
		"as alternatives":               {"--real\nContent-Type: text/html\n\n<p>Ne sai qualcosa?</p>\n--real\nContent-Type: text/plain\n\nok\n--real--\n", []string{"Content-Type: multipart/alternative; boundary=real"}},
		"below an explanation":          {"MIME: ne sai qualcosa?\n\n" + planted, []string{`Content-Type: multipart/mixed; boundary=x`}},
	} {
		t.Run(name, func(t *testing.T) {
			c, asked := counterAsked(t)
			signed := signature{key: 1, domain: "mail.test", fields: allFields}.on(c.mailOf(asked, "Fwd: ", "fornitore@altro.test, assistenza@mail.test", "MIME-Version: 1.0\n\n"+x.body))
			c.delivers(rewritten(signed, x.fields...))
			if got, _ := c.letters(); got != 0 {
				t.Errorf("%d letters", got)
			}
			c.saysOK(asked)
		})
	}
}

// Anna hands the mail that asks her on to a supplier, with "ok" on top. He sends it to us, as it is or with a copy line that nobody signed: it was not
// said to us. She is asked whether she meant it, and heard when she says so (I3). What she writes to him and to us is said to us.
func TestSentOnToUs(t *testing.T) {
	for name, x := range map[string]struct {
		to, fields string
		letters    int
	}{
		"to him":                  {"fornitore@altro.test", allFields, 0},
		"to him, a copy added":    {"fornitore@altro.test\r\nCc: assistenza@mail.test", allFields, 0},
		"to nobody":               {"undisclosed-recipients:;", allFields, 0},
		"to another desk of ours": {"Moduli <moduli@mail.test>", allFields, 0},
		"to him, by Exchange":     {"fornitore@altro.test", "From:Subject:Date:Message-ID", 0},
		"to both":                 {"fornitore@altro.test, Assistenza@mail.test", allFields, 1},
		"a copy to us":            {"fornitore@altro.test\r\nCc: <assistenza@mail.test>", allFields + ":Cc", 1},
		"a copy, by Exchange":     {"fornitore@altro.test\r\nCc: <assistenza@mail.test>", "From:Subject:Date:Message-ID", 1},
		"to us with a tag":        {"assistenza+mb@mail.test", allFields, 1},
	} {
		t.Run(name, func(t *testing.T) {
			c, asked := counterAsked(t)
			raw := c.mailOf(asked, "Fwd: ", x.to, "\nok\n\nHo visto la richiesta e la seguo io da oggi.\n")
			c.delivers(signature{key: 1, domain: "mail.test", fields: x.fields}.on(raw))
			if got, _ := c.letters(); got != x.letters {
				t.Errorf("%d letters, want %d", got, x.letters)
			}
			if x.letters == 0 {
				_, latest := c.letters()
				text := mailparse.Parse(latest.Bytes).Text
				if !slices.ContainsFunc([]string{"fornitore@altro.test", "moduli@mail.test", "undisclosed-recipients"}, func(to string) bool {
					return strings.Contains(x.to, to) && strings.Contains(text, to)
				}) {
					t.Errorf("she is not told whom she wrote to:\n%s", text)
				}
				c.saysOK(asked)
			}
		})
	}
}

// What else she says to somebody else is not done, and she reads why; only a letter that she wants stopped is stopped, since it would be gone before
// she answers.
func TestCommandsSentOnToUs(t *testing.T) {
	sentOn := func(c *counter, asked store.Letter, text string) (customers int, answer string) {
		c.delivers(signature{key: 1, domain: "mail.test", fields: allFields}.on(c.mailOf(asked, "Fwd: ", "fornitore@altro.test", "\n"+text+"\n")))
		customers, latest := c.letters()
		return customers, mailparse.Parse(latest.Bytes).Text
	}
	c, asked := counterAsked(t)
	if _, answer := sentOn(c, asked, "close"); !strings.Contains(answer, "fornitore@altro.test") || strings.Contains(answer, "Nothing proves") {
		t.Errorf("she reads\n%s", answer)
	}
	if tk, err := c.w.store.Load(t.Context(), "agency", 1); err != nil || tk.State == ticket.Closed {
		t.Errorf("closed, %v", err)
	}
	c.saysOK(asked)
	_, receipt := c.letters()
	if customers, answer := sentOn(c, receipt, "undo"); customers != 0 || !strings.Contains(answer, "fornitore@altro.test") {
		t.Errorf("%d letters wait; she reads\n%s", customers, answer)
	}
}

// saysOK is anna's answer to the latest mail that she got, by which one letter leaves.
func (c *counter) saysOK(asked store.Letter) {
	c.Helper()
	if _, latest := c.letters(); latest.MessageID != "" {
		asked = latest
	}
	c.delivers(signature{key: 1, domain: "mail.test", fields: allFields}.on(c.approval(asked)))
	if got, _ := c.letters(); got != 1 {
		c.Errorf("%d letters after an ok of hers", got)
	}
}

// Whoever has a provider that does not sign how his mail is to be read is heard as he was, whatever his program makes of it.
func TestUnsignedTypeOfHonestMail(t *testing.T) {
	const (
		plain = "Content-Type: text/plain; charset=utf-8\n\nok\n\nHo visto la richiesta e la seguo io da oggi.\n"
		html  = "Content-Type: text/html; charset=utf-8\n\n<div>ok</div><div><br></div><div>Ho visto la richiesta e la seguo io da oggi.</div>\n"
		pdf   = "Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERg==\n"
		both  = "Content-Type: multipart/alternative; boundary=\"in\"\n\n--in\n" + plain + "\n--in\n" + html + "\n--in--\n"
	)
	for name, rest := range map[string]string{
		"Gmail":               "Content-Type: multipart/alternative; boundary=\"0000000000003f2a\"\n\n--0000000000003f2a\n" + plain + "\n--0000000000003f2a\n" + html + "\n--0000000000003f2a--\n",
		"Gmail with a file":   "Content-Type: multipart/mixed; boundary=\"out\"\n\n--out\n" + both + "--out\n" + pdf + "--out--\n",
		"Thunderbird":         "Content-Type: multipart/alternative;\n boundary=\"------------2K0\"\n\nThis is a multi-part message in MIME format.\n--------------2K0\n" + plain + "\n--------------2K0\n" + html + "\n--------------2K0--\n",
		"Outlook":             "Content-Type: multipart/related; boundary=\"----=_NextPart_000\"\n\nThis is a multipart message in MIME format.\n\n------=_NextPart_000\n" + both + "\n------=_NextPart_000--\n",
		"Horde":               "Content-Type: multipart/mixed; boundary==_x\n\nThis message is in MIME format. Since your mail reader does not understand\nthis format, some or all of this message may not be legible.\n\n--=_x\n" + plain + "\n--=_x--\n",
		"Apple Mail":          "Content-Type: multipart/alternative;\n\tboundary=\"Apple-Mail=_1\"\n\n\n--Apple-Mail=_1\nContent-Transfer-Encoding: 7bit\n" + plain + "\n--Apple-Mail=_1\n" + html + "\n--Apple-Mail=_1--\n",
		"HTML alone":          html,
		"plain":               plain,
		"no type at all":      "\nok\n\nHo visto la richiesta e la seguo io da oggi.\n",
		"base64":              "Content-Transfer-Encoding: base64\nContent-Type: text/plain\n\nb2sKCkhvIHZpc3RvIGxhIHJpY2hpZXN0YSBlIGxhIHNlZ3VvIGlvIGRhIG9nZ2kuCg==\n",
		"base64 in two lines": "Content-Transfer-Encoding: base64\nContent-Type: text/plain\n\nb2sKCkhvIHZpc3RvIGxhIHJpY2hpZXN0YSBlIGxh\nIHNlZ3VvIGlvIGRhIG9nZ2kuCg==\n",
		"part without header": "Content-Type: multipart/mixed; boundary=p\n\n--p\n\nok\n\nHo visto la richiesta e la seguo io da oggi.\n--p--\n",
		"X- fields in a part": "Content-Type: multipart/mixed; boundary=p\n\n--p\nX-Note: a\nMIME-Version: 1.0\n" + plain + "--p--\n",
	} {
		t.Run(name, func(t *testing.T) {
			c, asked := counterAsked(t)
			c.delivers(signature{key: 1, domain: "mail.test", fields: allFields}.on(c.mailOf(asked, "Re: ", "assistenza@mail.test", "MIME-Version: 1.0\n"+rest)))
			if got, _ := c.letters(); got != 1 {
				tk, err := c.w.store.Load(t.Context(), "agency", 1)
				t.Errorf("%d letters, refusals %+v, %v", got, tk.Refusals, err)
			}
		})
	}
}

// A list of tickets that wait for the same correction is good for one ok of hers, said to us. Whoever gets it from her with "ok" on top has none; what
// she is asked then she may answer as she likes.
func TestListSentOnToUs(t *testing.T) {
	c, asked := counterAsked(t)
	says := func(l store.Letter, prefix, to, text string) (customers int, latest store.Letter) {
		c.delivers(signature{key: 1, domain: "mail.test", fields: allFields}.on(c.mailOf(l, prefix, to, "\n"+text+"\n")))
		return c.letters()
	}
	_, list := says(asked, "Re: ", "assistenza@mail.test", "patch 1.2.3\nfield product: Fatture\n\nHo provato la correzione nel Suo negozio.")
	customers, again := says(list, "Fwd: ", "fornitore@altro.test", "ok")
	if customers != 0 {
		t.Fatalf("%d letters by an ok to somebody else", customers)
	}
	if customers, _ := says(again, "Re: ", "assistenza@mail.test", "ok"); customers != 1 {
		t.Errorf("%d letters by an ok to us", customers)
	}
}
