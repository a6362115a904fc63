package mailparse

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"replyby/mailparse/problem"
)

// hostile maps a name to a message of about n bytes built to cost more than it should.
func hostile() map[string]func(n int) []byte {
	fill := func(head, unit, tail string) func(int) []byte {
		return func(n int) []byte { return []byte(head + strings.Repeat(unit, n/len(unit)+1) + tail) }
	}
	return map[string]func(int) []byte{
		"nested multiparts":    nested,
		"same boundary nested": fill("Content-Type: multipart/mixed; boundary=x\n\n", "--x\nContent-Type: multipart/mixed; boundary=x\n\n", ""),
		"empty parts":          fill("Content-Type: multipart/mixed; boundary=x\n\n", "--x\n", ""),
		"almost boundaries":    fill("Content-Type: multipart/mixed; boundary=x\n\n", "--x-\n", ""),
		"header fields":        fill("", "A: b\n", "\ntext"),
		"bad header lines":     fill("A: b\n", "no field\n", "B: c\n\ntext"),
		"bad lines, fields":    fill("A: b;\n", "no field\nB: c;\n", "\ntext"),
		"one header line":      fill("Subject: ", "x", "\n\ntext"),
		"folded header":        fill("Subject: ", "x\n ", "\n\ntext"),
		"encoded words":        fill("Subject: ", "=?utf-8?q?a?= ", "\n\n"),
		"unended words":        fill("Subject: ", "=?utf-8?q?a ", "\n\n"),
		"words with late end":  fill("Subject: ", "=?", "?=\n\n"),
		"addresses":            fill("To: ", "a@b,", "\n\n"),
		"open quotes":          fill("To: ", "\"a ", "\n\n"),
		"open comments":        fill("To: ", "(", "\n\n"),
		"backslashes":          fill("To: \"", "\\", "\n\n"),
		"open angles":          fill("To: ", "<a ", "\n\n"),
		"angles with quotes":   fill("To: ", "<\"", "\n\n"),
		"colons":               fill("From: ", ":", "\n\n"),
		"references":           fill("References: ", "<a@b> ", "\n\n"),
		"open references":      fill("References: ", "<a@b ", "\n\n"),
		"parameters":           fill("Content-Type: text/plain", ";a*0*=b", "\n\n"),
		"open parameters":      fill("Content-Type: text/plain; a=", "\"x;", "\n\n"),
		"received":             fill("", "Received: from a (b) by c; x\n", "\n"),
		"comments in received": fill("Received: ", "(", "\n\n"),
		"long line":            fill("A: b\n\n", "x", ""),
		"no line ends":         fill("", "x", ""),
		"carriage returns":     fill("A: b\r\r", "x\r", ""),
		"bad base64":           fill("Content-Transfer-Encoding: base64\n\n", "=A", ""),
		"equals signs":         fill("Content-Transfer-Encoding: quoted-printable\n\n", "=", ""),
		"uuencode begins":      fill("A: b\n\n", "begin 644 x\n#AAAA\n", ""),
		"flowed":               fill("Content-Type: text/plain; format=flowed\n\n", "> x \n", ""),
		"utf-7":                fill("Content-Type: text/plain; charset=utf-7\n\n", "+A", ""),
		"tags":                 fill("Content-Type: text/html\n\n", "<div>", "x"),
		"blockquotes":          fill("Content-Type: text/html\n\n", "<blockquote>a<br>", ""),
		"lists":                fill("Content-Type: text/html\n\n", "<ul><li>a", ""),
		"links":                fill("Content-Type: text/html\n\n", "<a href=http://x>y", ""),
		"hidden":               fill("Content-Type: text/html\n\n", "<p style='display:none'>", "x"),
		"attributes":           fill("Content-Type: text/html\n\n<p ", "a=b ", ">x"),
		"open tags":            fill("Content-Type: text/html\n\n", "<a ", ""),
		"entities":             fill("Content-Type: text/html\n\n", "&amp", ""),
		"bounce addresses":     fill("From: mailer-daemon@x\nSubject: failure\n\n", "a@b.c failed\n", ""),
		"bounce fields":        fill("From: mailer-daemon@x\n\n", "Final-Recipient: rfc822;a@b\n\n", ""),
		"bounce headers":       fill("From: mailer-daemon@x\n\n", "To: a@b\n\nx\n", ""),
		"bounce one line":      fill("From: mailer-daemon@x\n\n", "a@b 550 5.1.1 ", ""),
	}
}

func nested(n int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	return b.Bytes()
}

func TestHostileInputIsRead(t *testing.T) {
	for name, build := range hostile() {
		checkMessage(t, name, Parse(build(300_000)))
	}
}

// TestTimeIsLinear compares n with 4n: a linear reader needs four times as long, a quadratic one sixteen times. The bound
// lies between, and small times are not compared, so that a busy machine does not decide.
func TestTimeIsLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	for name, build := range hostile() {
		small, large := build(50_000), build(200_000)
		guilty := true
		for runs := 1; guilty && runs <= 27; runs *= 3 { // a busy machine gets three more chances
			guilty = suspicious(small, large, runs)
		}
		if guilty {
			t.Errorf("%s: time grows faster than %d bytes do", name, len(large))
		}
	}
}

// suspicious reports whether the quickest of some runs over the large message took far more than four times as long.
func suspicious(small, large []byte, runs int) bool {
	const bound, floor = 10, 5 * time.Millisecond
	few, many := quickest(small, runs), quickest(large, runs)
	return many > floor && many > bound*max(few, floor/bound)
}

func quickest(raw []byte, runs int) time.Duration {
	best := time.Hour
	for range runs {
		began := time.Now()
		Parse(raw)
		best = min(best, time.Since(began))
	}
	return best
}

// checkMessage asserts what every Message promises, whatever the input.
func checkMessage(t *testing.T, name string, m *Message) {
	t.Helper()
	if len(m.Parts) == 0 || len(m.Parts) > MaxParts {
		t.Errorf("%s: %d parts", name, len(m.Parts))
	}
	if len(m.Text) > MaxText {
		t.Errorf("%s: text of %d bytes", name, len(m.Text))
	}
	checkText(t, name+": text", m.Text, true)
	checkText(t, name+": html", m.HTML, true)
	lines := append([]string{m.Subject, m.MessageID, m.ContentType, m.CalendarMethod}, m.InReplyTo...)
	lines = append(lines, m.References...)
	for _, a := range slicesOf(m.From, m.Sender, m.ReplyTo, m.To, m.Cc) {
		lines = append(lines, a.Name, a.Addr)
	}
	for _, a := range m.Attachments {
		lines = append(lines, a.Name, a.Type)
	}
	for _, h := range m.Hops {
		lines = append(lines, h.From, h.By, h.With, h.Raw)
	}
	for _, p := range m.Problems {
		lines = append(lines, p.Detail)
	}
	if m.Report != nil {
		lines = append(lines, m.Report.OriginalMessageID)
		for _, r := range m.Report.Recipients {
			lines = append(lines, r.Final, r.Original, r.Action, r.Status, r.Diagnostic)
		}
	}
	for _, line := range lines {
		checkText(t, name, line, false)
	}
}

func slicesOf(lists ...[]Address) (all []Address) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func checkText(t *testing.T, name, text string, manyLines bool) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s: not valid UTF-8: %.60q", name, text)
	}
	for _, r := range text {
		if r == '\n' && manyLines || r == '\t' {
			continue
		}
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			t.Errorf("%s: control character %U in %.60q", name, r, text)
			return
		}
	}
}

func TestLimits(t *testing.T) {
	tests := []struct {
		name string
		raw  []byte
		want problem.Code
	}{
		{"depth 21", nested(21 * 48), problem.TooDeep},
		{"depth 10,000", nested(10_000 * 50), problem.TooDeep},
		{"1,000,000 parts", []byte("Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\n\na\n", 1_000_000)), problem.TooManyParts},
		{"2 MB subject", []byte("Subject: " + strings.Repeat("x", 2<<20) + "\n\ntext"), problem.HeaderTooLong},
		{"150,000 fields", []byte(strings.Repeat("A: b\n", 150_000) + "\ntext"), problem.HeaderTooMany},
		{"10 MB text", []byte("A: b\n\n" + strings.Repeat("x", 10<<20)), problem.TextTruncated},
	}
	for _, tt := range tests {
		m := Parse(tt.raw)
		checkMessage(t, tt.name, m)
		if !has(m, tt.want) {
			t.Errorf("%s: problems %v, want %s", tt.name, m.Problems, tt.want)
		}
	}
	if m := Parse(nested(19 * 46)); has(m, problem.TooDeep) {
		t.Errorf("depth below the limit refused: %v", m.Problems)
	}
}

func TestTextBehindAnOversizedHeaderIsFound(t *testing.T) {
	for _, head := range []string{"Subject: " + strings.Repeat("x", 2<<20) + "\n", strings.Repeat("A: b\n", 150_000)} {
		if m := Parse([]byte(head + "\ntext")); m.Text != "text" {
			t.Errorf("got text %.40q", m.Text)
		}
	}
}

func has(m *Message, code problem.Code) bool {
	for _, p := range m.Problems {
		if p.Code == code {
			return true
		}
	}
	return false
}

func FuzzParse(f *testing.F) {
	for _, build := range hostile() {
		f.Add(build(200))
	}
	f.Add([]byte("From: a@b\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\n<c@d>: 550 5.1.1 no\r\n--x--\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw)
		checkMessage(t, "fuzz", m)
		for i := range m.Parts {
			if p := &m.Parts[i]; len(p.Content()) != p.Size {
				t.Errorf("part %d: size %d, content %d", i, p.Size, len(p.Content()))
			}
		}
		if again := Parse(raw); !reflect.DeepEqual(m, again) || m.ContentHash() != again.ContentHash() {
			t.Error("parsing twice gives two messages")
		}
	})
}
