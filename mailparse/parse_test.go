package mailparse

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"replyby/mailparse/problem"
)

// TestDirt holds what strict readers lose. Each line: a message, the text and file names a person must see, the problem.
func TestDirt(t *testing.T) {
	const multi = "Content-Type: multipart/mixed; boundary=x\n\n"
	tests := []struct {
		name, raw, text string
		files           []string
		code            problem.Code
	}{
		{"no bytes", "", "", nil, problem.Empty},
		{"only blanks", " \r\n\t\r\n", "", nil, problem.Empty},
		{"no header", "Hello\nworld", "Hello\nworld", nil, problem.NoHeader},
		{"header line without colon", "A: b\nrubbish\nSubject: s\n\ntext", "text", nil, problem.HeaderLine},
		{"CR only", "A: b\rC: d\r\rtext\rmore", "text\nmore", nil, problem.LineEnds},
		{"CR CR LF", "A: b\r\r\n\r\r\ntext\r\r\n", "text\n", nil, problem.LineEnds},
		{"mbox line", "From x@y Mon Nov 23\nA: b\n\ntext", "text", nil, ""},
		{"byte order mark", "\uFEFFA: b\n\ntext", "text", nil, ""},
		{"pasted with blanks before", "\n\n   A: b\n\ntext", "text", nil, ""},
		{"unknown encoding", "Content-Transfer-Encoding: 8bits\n\ntext", "text", nil, problem.EncodingUnknown},
		{"unknown encoding of a part", multi + "--x\nContent-Transfer-Encoding: base9000\n\na\n--x\n\nb\n--x--\n", "a\n\nb", nil, problem.EncodingUnknown},
		{"unknown charset", "Content-Type: text/plain; charset=nowhere\n\ncaf\xe9", "caf\uFFFD", nil, problem.CharsetUnknown},
		{"no closing boundary", multi + "--x\n\na\n--x\nContent-Type: application/pdf; name=b.pdf\n\n%PDF", "a", []string{"b.pdf"}, problem.BoundaryNotClosed},
		{"no boundary parameter", "Content-Type: multipart/mixed\n\n--y\nContent-Type: text/plain\n\na\n--y--\n", "a", nil, problem.BoundaryMissing},
		{"wrong boundary parameter", "Content-Type: multipart/mixed; boundary=z\n\n--y\nContent-Type: text/plain\n\na\n--y--\n", "a", nil, problem.BoundaryMissing},
		{"no boundary at all", "Content-Type: multipart/mixed; boundary=z\n\njust text", "just text", nil, problem.BoundaryMissing},
		{"inner boundary equal to outer", multi + "--x\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\na\n--x--\n", "a", nil, problem.BoundaryMissing},
		{"inner boundary begins with outer", multi + "--x\nContent-Type: multipart/mixed; boundary=xy\n\n--xy\n\na\n--xy--\n--x\n\nb\n--x--\n", "a\n\nb", nil, ""},
		{"part without header", multi + "--x\ntext at once\n--x--\n", "text at once", nil, problem.PartHeader},
		{"bad line in a part header", multi + "--x\nContent-Type: text/plain\nrubbish\nA: b\n\na\n--x\n\nb\n--x--\n", "a\n\nb", nil, problem.HeaderLine},
		{"bad base64", "Content-Transfer-Encoding: base64\n\naGVs*bG8=", "hello", nil, problem.EncodingDamaged},
		{"name with blanks", multi + "--x\nContent-Type: application/pdf; name=my file.pdf\n\n%PDF\n--x--\n", "", []string{"my file.pdf"}, problem.NameGuessed},
		{"encoded name", multi + "--x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename==?utf-8?q?=C3=A4.pdf?=\n\n%PDF\n--x--\n", "", []string{"ä.pdf"}, problem.NameGuessed},
		{"uuencode in text", "A: b\n\nsee\nbegin 644 c.txt\n#86)C\n`\nend\n", "see\n", []string{"c.txt"}, ""},
		{"uuencode as encoding", "Content-Type: application/pdf; name=a\nContent-Transfer-Encoding: uuencode\n\nbegin 644 c\n#86)C\nend\n", "", []string{"a"}, ""},
		{"not TNEF", "Content-Type: application/ms-tnef; name=winmail.dat\n\nrubbish", "", []string{"winmail.dat"}, problem.TNEFDamaged},
		{"text under a strange type", "Content-Type: text/x-own>\n\na", "a", nil, ""},
		{"type without subtype", "Content-Type: text\n\na", "a", nil, ""},
		{"NUL and escapes", "A: b\n\na\x00b\x1b[31mc", "ab[31mc", nil, ""},
	}
	for _, tt := range tests {
		m := Parse([]byte(tt.raw))
		checkMessage(t, tt.name, m)
		var names []string
		for _, a := range m.Attachments {
			names = append(names, a.Name)
		}
		if m.Text != tt.text || !slices.Equal(names, tt.files) {
			t.Errorf("%s: text %q, files %q", tt.name, m.Text, names)
		}
		if tt.code == "" && len(m.Problems) > 0 || tt.code != "" && !has(m, tt.code) {
			t.Errorf("%s: problems %v, want %q", tt.name, m.Problems, tt.code)
		}
	}
}

func TestRepeatedHeadersAreSaid(t *testing.T) {
	m := Parse([]byte("From: evil@x.example\nSubject: a\nFrom: alice@ours.example\nsubject: b\n\n"))
	if m.Header.Count("From") != 2 || !has(m, problem.HeaderRepeated) || m.Subject != "a" || len(m.From) != 2 {
		t.Errorf("got %v, %v", m.From, m.Problems)
	}
}

func TestHeaderFields(t *testing.T) {
	m := Parse([]byte("Return-Path: <>\r\nReceived: from a by b; Mon, 23 Nov 2026 16:04:05 +0100\r\n" +
		"From: =?utf-8?q?Zo=C3=AB?= <Zoe@EXAMPLE.org>\r\nSender: s@x\r\nReply-To: r@x\r\nTo: a@x, b@x\r\nCc: c@x\r\n" +
		"Subject: Re:\r\n =?utf-8?q?a?=\r\nMessage-ID: <1@x>\r\nIn-Reply-To: <2@x>\r\nReferences: <3@x>\r\n <2@x>\r\nDate: Mon, 23 Nov 2026 16:04:05 +0100\r\n\r\nhi\r\n"))
	at := time.Date(2026, 11, 23, 15, 4, 5, 0, time.UTC)
	if diff := cmp.Diff([]Address{{Name: "Zoë", Addr: "Zoe@example.org"}}, m.From); diff != "" {
		t.Error(diff)
	}
	got := []string{m.Sender[0].Addr, m.ReplyTo[0].Addr, m.To[1].Addr, m.Cc[0].Addr, m.Subject, m.MessageID, m.InReplyTo[0], strings.Join(m.References, " "), m.Text}
	if diff := cmp.Diff([]string{"s@x", "r@x", "b@x", "c@x", "Re: a", "1@x", "2@x", "3@x 2@x", "hi\n"}, got); diff != "" {
		t.Error(diff)
	}
	if !m.Date.Equal(at) || len(m.Hops) != 1 || !m.Hops[0].At.Equal(at) || m.ReturnPath == nil || *m.ReturnPath != "" || len(m.Problems) != 0 {
		t.Errorf("date %v, hops %v, path %v, problems %v", m.Date, m.Hops, m.ReturnPath, m.Problems)
	}
	if m := Parse([]byte("Return-Path: <a@b>\n\n")); m.ReturnPath == nil || *m.ReturnPath != "a@b" {
		t.Errorf("path %v", m.ReturnPath)
	}
	if m := Parse([]byte("A: b\n\n")); m.ReturnPath != nil {
		t.Errorf("path %v", m.ReturnPath)
	}
}

func TestReadingText(t *testing.T) {
	alternative := func(plain, html string) string {
		return "Content-Type: multipart/alternative; boundary=x\n\n--x\n\n" + plain + "\n--x\nContent-Type: text/html\n\n" + html + "\n--x--\n"
	}
	tests := []struct {
		name, raw, text, html string
		fromHTML              bool
	}{
		{"plain wins", alternative("plain", "<p>rich"), "plain", "<p>rich", false},
		{"empty plain loses", alternative(" ", "<p>rich"), "rich", "<p>rich", true},
		{"plain stub loses", alternative("To view the message, please use an HTML compatible email viewer!", "<p>rich"), "rich", "<p>rich", true},
		{"plain stub loses, wrapped", alternative("Il tuo programma di posta\nnon supporta l'HTML.\n", "<p>rich"), "rich", "<p>rich", true},
		{"words about html win", alternative("L'HTML non si vede.", "<p>L'HTML non\n<b>si vede.</b>"), "L'HTML non si vede.", "<p>L'HTML non\n<b>si vede.</b>", false},
		{"plain stub of nothing wins", alternative("please use an HTML viewer", "<img src=x>"), "please use an HTML viewer", "<img src=x>", false},
		{"only HTML", "Content-Type: text/html\n\na<blockquote>b</blockquote>", "a\n> b", "a<blockquote>b</blockquote>", true},
		{"a page not called one", "\n<html><body>\n<p>a &egrave; b</p></body></html>\n", "a è b", "<html><body>\n<p>a &egrave; b</p></body></html>\n", true},
		{"a page called plain", "Content-Type: text/plain\n\n<!DOCTYPE HTML>\n<html lang=it><p>a<blockquote>b</blockquote></html>", "a\n> b", "<!DOCTYPE HTML>\n<html lang=it><p>a<blockquote>b</blockquote></html>", true},
		{"a page without words", "\n<html><script>a</script></html>", "<html><script>a</script></html>", "", false},
		{"words about a page", "\n<html> manca in testa, e </html>\nin fondo", "<html> manca in testa, e </html>\nin fondo", "", false},
		{"two texts", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--x\n\nlist footer\n--x--\n", "a\n\nlist footer", "", false},
		{"attached text is a file", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--x\nContent-Disposition: attachment\n\nlog\n--x--\n", "a", "", false},
		{"named text is a file", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--x\nContent-Type: text/plain; name=l.log\n\nlog\n--x--\n", "a", "", false},
		{"flowed", "Content-Type: text/plain; format=flowed\n\none \ntwo\n> q \n> r\n>> s\n-- \nAnn \nB\n", "one two\n> q r\n>> s\n-- \nAnn B\n", "", false},
		{"delsp", "Content-Type: text/plain; format=flowed; delsp=yes\n\none \ntwo\n", "onetwo\n", "", false},
		{"attached mail is not read", "Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--x\nContent-Type: message/rfc822\n\nSubject: b\n\nc\n--x--\n", "a", "", false},
	}
	for _, tt := range tests {
		if m := Parse([]byte(tt.raw)); m.Text != tt.text || m.HTML != tt.html || m.TextFromHTML != tt.fromHTML {
			t.Errorf("%s: %q, %q, %v", tt.name, m.Text, m.HTML, m.TextFromHTML)
		}
	}
}

func TestAttachments(t *testing.T) {
	body := base64.StdEncoding.EncodeToString([]byte("picture"))
	m := Parse([]byte("Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/related; boundary=y\n\n--y\nContent-Type: text/html\n\nhi<img src=cid:l@x>\n" +
		"--y\nContent-Type: image/png\nContent-ID: <l@x>\nContent-Transfer-Encoding: base64\n\n" + body + "\n--y--\n" +
		"--x\nContent-Type: message/rfc822\n\nSubject: inner\n\nwords\n--x\nContent-Type: application/octet-stream; name=postacert.eml\n\nSubject: pec\n\n--x\nContent-Type: application/pgp-signature\n\nsig\n--x--\n"))
	var got []string
	for _, a := range m.Attachments {
		p := &m.Parts[a.Part]
		got = append(got, strings.Join([]string{a.Type, a.Name, map[bool]string{true: "inline", false: "attached"}[a.Inline], map[bool]string{true: "mail"}[p.IsMessage()]}, " "))
		if a.Size != len(p.Content()) || a.SHA256 != p.SHA256 {
			t.Errorf("%+v disagrees with its part", a)
		}
	}
	want := []string{"image/png  inline ", "message/rfc822  attached mail", "application/octet-stream postacert.eml attached mail"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if p := &m.Parts[1]; string(p.Content()) != "picture" || p.ContentID != "l@x" || p.Within != "multipart/related" {
		t.Errorf("part %+v", p)
	}
	if inner := Parse(m.Parts[m.Attachments[1].Part].Content()); inner.Subject != "inner" || inner.Text != "words" {
		t.Errorf("inner mail %q %q", inner.Subject, inner.Text)
	}
}

func TestAppleDouble(t *testing.T) {
	m := Parse([]byte("Content-Type: multipart/appledouble; boundary=y\n\n--y\nContent-Type: application/applefile; name=a.jpg\n\nfork\n--y\nContent-Type: image/jpeg; name=a.jpg\n\njpg\n--y--\n"))
	if len(m.Attachments) != 1 || m.Attachments[0].Type != "image/jpeg" {
		t.Errorf("attachments %+v", m.Attachments)
	}
}

func TestReports(t *testing.T) {
	m := Parse([]byte("From: mailer-daemon@a.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\nSorry\n" +
		"--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;a\n\nFinal-Recipient: rfc822;b@c.example\nAction: failed\nStatus: 5.1.1\n\n" +
		"--x\nContent-Type: text/rfc822-headers\n\nMessage-ID: <1@ours.example>\n--x--\n"))
	if m.Report == nil || m.Report.OriginalMessageID != "1@ours.example" || m.Report.Recipients[0].Status != "5.1.1" || m.Text != "Sorry" || m.Params["report-type"] != "delivery-status" {
		t.Errorf("report %+v, text %q", m.Report, m.Text)
	}
	m = Parse([]byte("From: ann@a.example\nContent-Type: multipart/report; report-type=disposition-notification; boundary=x\n\n--x\n\nRead\n" +
		"--x\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;ann@a.example\nOriginal-Message-ID: <1@ours.example>\n" +
		"Disposition: manual-action/MDN-sent-manually; Displayed/error\n--x--\n"))
	if !m.ReadReceipt || m.Report != nil {
		t.Errorf("read receipt %t, report %v", m.ReadReceipt, m.Report)
	}
	for raw, want := range map[string]string{"Content-Type: text/calendar; method=reply\n\n": "REPLY", "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n": "REQUEST", "Content-Type: text/calendar\n\nx": "PUBLISH", "A: b\n\n": ""} {
		if m := Parse([]byte(raw)); m.CalendarMethod != want {
			t.Errorf("%q: method %q", raw, m.CalendarMethod)
		}
	}
}

// TestContentHash: what travels may change, what was written may not (promise I1: the same mail twice is one).
func TestContentHash(t *testing.T) {
	const mail = "Received: from a by b; x\nMessage-ID: <1@x>\nDate: Mon, 23 Nov 2026 16:04:05 +0100\nFrom: a@b\nTo: c@d\nCc: e@f\nSubject: s\n\nbody\nmore\n"
	hash := func(raw string) [32]byte { return Parse([]byte(raw)).ContentHash() }
	for name, same := range map[string]string{
		"CRLF":         strings.ReplaceAll(mail, "\n", "\r\n"),
		"other trace":  strings.Replace(mail, "Received: from a", "X-Spam: no\nReceived: from z", 1),
		"folded":       strings.Replace(mail, "Subject: s", "Subject:\n s", 1),
		"mbox line":    "From x@y\n" + mail,
		"other order":  strings.Replace(strings.Replace(mail, "To: c@d\n", "", 1), "Received", "To: c@d\nReceived", 1),
		"name in caps": strings.Replace(mail, "Subject", "SUBJECT", 1),
	} {
		if hash(same) != hash(mail) {
			t.Errorf("%s: another hash", name)
		}
	}
	for _, part := range []string{"1@x", "16:04", "a@b", "c@d", "e@f", "Subject: s", "body", "more"} {
		if hash(strings.Replace(mail, part, part+"!", 1)) == hash(mail) {
			t.Errorf("%s changed: the same hash", part)
		}
	}
	if hash("Subject: s\n\na\nb") == hash("Subject: s\n\nab") || hash("To: a\n\n") == hash("Cc: a\n\n") {
		t.Error("different mails share a hash")
	}
}

func TestTNEFIsOpened(t *testing.T) {
	// signature, key; title "a.txt" and content "abc" of one attachment, each with level, id, length, checksum
	raw := []byte("\x78\x9f\x3e\x22\x01\x00" + "\x02\x02\x90\x06\x00\x00\x00\x00\x00\x00\x00" +
		"\x02\x10\x80\x01\x00\x06\x00\x00\x00a.txt\x00\x00\x00" + "\x02\x0f\x80\x06\x00\x03\x00\x00\x00abc\x00\x00" + "\x01\x0c\x80\x02\x00\x05\x00\x00\x00words\x00\x00")
	var mail bytes.Buffer
	mail.WriteString("Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(raw))
	m := Parse(mail.Bytes())
	if len(m.Attachments) != 1 || m.Attachments[0].Name != "a.txt" || string(m.Parts[1].Content()) != "abc" || m.Text != "words" || len(m.Problems) != 0 {
		t.Errorf("attachments %+v, text %q, problems %v", m.Attachments, m.Text, m.Problems)
	}
}

// Apple Mail parts the HTML around a file that stands within it: a picture of the last piece is within the text as one of the first is.
func TestInlineInEachPiece(t *testing.T) {
	raw := strings.ReplaceAll(`From: a@b.example
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=1

--1
Content-Type: text/plain

Ecco la guida.
--1
Content-Type: multipart/mixed; boundary=2

--2
Content-Type: text/html

<p>Ecco la guida.</p>
--2
Content-Type: application/pdf; name=guida.pdf
Content-Disposition: inline; filename=guida.pdf

%PDF
--2
Content-Type: multipart/related; boundary=3

--3
Content-Type: text/html

<p>Anna</p><img apple-inline="yes" src="cid:logo@mac">
--3
Content-Type: image/png; name=logo.png
Content-Disposition: inline; filename=logo.png
Content-Id: <logo@mac>

PNG
--3--
--2--
--1--
`, "\n", "\r\n")
	m := Parse([]byte(raw))
	if len(m.Attachments) != 2 || m.Attachments[0].Inline || !m.Attachments[1].Inline {
		t.Errorf("attachments %+v", m.Attachments)
	}
}
