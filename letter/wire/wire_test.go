package wire

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"
	"pgregory.net/rapid"
)

func message1(subject string) Message {
	return Message{Header: []Field{
		Mailboxes("From", [2]string{"Desk", "desk@ours.example"}),
		Text("Subject", subject, "(rb:abcdefghijklmnopqrstuvwxyz)"),
		Date("Date", time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)),
	}, Text: "hello\n", Boundary: "b"}
}

// TestChokePoint holds that nothing which could end a line or hide in one gets into a header.
func TestChokePoint(t *testing.T) {
	for name, bad := range map[string]string{
		"CRLF": "a\r\nBcc: x@evil.example", "LF": "a\nBcc: x@evil.example", "CR": "a\rBcc: x@evil.example", "NUL": "a\x00b",
		"ESC": "a\x1b[2J", "TAB": "a\tb", "DEL": "a\x7f", "C1": "a\u0085b", "line separator": "a\u2028b", "paragraph separator": "a\u2029b",
		"not UTF-8": "a\xff", "999 octets": strings.Repeat("x", 999), "999 octets in runes": strings.Repeat("é", 500),
	} {
		m := message1("fine")
		for field, f := range map[string]Field{
			"text": Text("Subject", bad, ""), "tail": Text("Subject", "x", bad), "name": Mailboxes("To", [2]string{bad, "a@b.example"}),
			"address": Mailboxes("To", [2]string{"", bad}), "atom": {"X-A", []string{bad}}, "field name": {"X-" + bad, []string{"x"}},
		} {
			m.Header = []Field{f}
			if b, err := m.Bytes(); !errors.Is(err, ErrRefused) || b != nil {
				t.Errorf("%s in %s: %q, %v, want it refused", name, field, b, err)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	for name, change := range map[string]func(*Message){
		"field twice":        func(m *Message) { m.Header = append(m.Header, Text("subject", "again", "")) },
		"our own field":      func(m *Message) { m.Header = append(m.Header, Text("Content-Type", "text/html", "")) },
		"empty field":        func(m *Message) { m.Header = append(m.Header, IDs("References", "<>", "a b")) },
		"no boundary":        func(m *Message) { m.Boundary = "" },
		"boundary":           func(m *Message) { m.Boundary = "a\r\nb" },
		"long boundary":      func(m *Message) { m.Boundary = strings.Repeat("x", 61) },
		"NUL in text":        func(m *Message) { m.Text = "a\x00" },
		"NUL in HTML":        func(m *Message) { m.HTML = "a\x00" },
		"boundaries in text": func(m *Message) { m.Text = m.Boundary + strings.Repeat("0", 70) },
		"text not UTF-8":     func(m *Message) { m.Text = "\xff" },
		"colon in a name":    func(m *Message) { m.Header = append(m.Header, Field{"X: y", []string{"x"}}) },
		"no name":            func(m *Message) { m.Header = append(m.Header, Field{"", []string{"x"}}) },
		"subject is empty":   func(m *Message) { m.Header[1] = Text("Subject", "", "") },
	} {
		m := message1("fine")
		change(&m)
		if _, err := m.Bytes(); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v, want it refused", name, err)
		}
	}
}

func TestCheckAddress(t *testing.T) {
	for _, bad := range []string{
		"", "a", "@b.example", "a@", "a@b@c", "a b@c.example", "<a@b.example>", "a@b.example>", "a@b.example,c@d.example", "a@b.example\r\n", "a@b.example\x00",
		`"a b"@c.example`, "a..b@c.example", ".a@c.example", "a@-c.example", "a@c..example", "a@[127.0.0.1]", "ä@c.example", "a@bücher.example", "a@c.example ",
		"a@c.example SIZE=1", strings.Repeat("a", 65) + "@c.example", "a@" + strings.Repeat("b.", 130) + "example",
	} {
		if err := CheckAddress(bad); !errors.Is(err, ErrRefused) {
			t.Errorf("%q: %v, want it refused", bad, err)
		}
	}
	for _, good := range []string{"a@b.example", "a.b+c=d@e-f.example", "o'hara@x.example", "A@B.EXAMPLE", "x@localhost", "a@xn--bcher-kva.example"} {
		if err := CheckAddress(good); err != nil {
			t.Error(err)
		}
	}
}

// TestSubject holds that a subject comes back as it was and that the token behind it is never encoded or broken.
func TestSubject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(
			rapid.StringMatching(`[ -~]{1,300}`), rapid.StringOfN(rapid.RuneFrom([]rune("aé漢🙂 =?_.\u202e(),\"<>@")), 1, 200, 900),
			rapid.SampledFrom([]string{"=?utf-8?q?a=0D=0ABcc:_x@evil.example?=", "a =?", "  a  b ", " ", "?=", "%0d%0aBcc: x"}),
		).Draw(t, "subject")
		b, err := message1(s).Bytes()
		if err != nil {
			t.Fatal(err)
		}
		lines(t, b)
		if n := bytes.Count(b, []byte("\r\nSubject: ")); n != 1 {
			t.Fatalf("%d subjects", n)
		}
		h, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(b))).ReadMIMEHeader()
		if err != nil || len(h) != 6 {
			t.Fatalf("%d fields, %v: %v", len(h), err, h)
		}
		raw := h.Get("Subject")
		if !strings.HasSuffix(raw, " (rb:abcdefghijklmnopqrstuvwxyz)") {
			t.Fatalf("token is broken: %q", raw)
		}
		got, err := (&mime.WordDecoder{}).DecodeHeader(strings.TrimSuffix(raw, " (rb:abcdefghijklmnopqrstuvwxyz)"))
		if err != nil || got != s {
			t.Fatalf("subject %q came back as %q, %v", s, got, err)
		}
	})
}

// TestNames holds that a display name comes back as it was, whatever it looks like, and adds no recipient.
func TestNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := strings.Join(strings.Fields(rapid.OneOf(
			rapid.StringMatching(`[ -~]{0,80}`), rapid.SampledFrom([]string{`x" <x@evil.example>, "`, "a, b@evil.example", `\`, `"`, "=?utf-8?q?x?=", "é <x@evil.example>"}),
		).Draw(t, "name")), " ")
		m := message1("x")
		m.Header = append(m.Header, Mailboxes("To", [2]string{name, "a@b.example"}, [2]string{"", "c@d.example"}))
		b, err := m.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		lines(t, b)
		e, err := message.Read(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		list, err := addresses(e)
		if err != nil || len(list) != 2 || list[0].Address != "a@b.example" || list[0].Name != name || list[1].Address != "c@d.example" {
			t.Fatalf("%q came back as %v, %v", name, list, err)
		}
	})
}

// lines holds RFC 5322, 2.1.1 and 2.3: every line ends in CRLF, none is over 998 octets, none of a body over 76.
func lines(t *rapid.T, b []byte) {
	for _, l := range strings.SplitAfter(string(b), "\r\n") {
		if strings.ContainsAny(strings.TrimSuffix(l, "\r\n"), "\r\n") || len(l) > 1000 {
			t.Fatalf("line %q", l)
		}
	}
	if !bytes.HasSuffix(b, []byte("\r\n")) {
		t.Fatalf("the last line has no end")
	}
}

// TestBody holds that texts and files come back as they were, in every shape of message.
func TestBody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("a. é漢=\n\r \t-_>F")), 0, 400, -1)
		m := message1("x")
		m.Boundary = "rb-0" + strings.Repeat("7", 20)
		m.Text = text.Draw(t, "text")
		want := []string{canonical(m.Text)}
		if rapid.Bool().Draw(t, "html") {
			m.HTML = "x" + text.Draw(t, "HTML")
			want = append(want, canonical(m.HTML))
		}
		for i := rapid.IntRange(0, 2).Draw(t, "files"); i > 0; i-- {
			f := File{rapid.String().Draw(t, "name"), rapid.SampledFrom([]string{"image/png", "", "message/rfc822", "text/plain; x=y\r\n", "a/b\r\nX: y"}).Draw(t, "type"),
				rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "data")}
			m.Files = append(m.Files, f)
			want = append(want, string(f.Data))
		}
		b, err := m.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		lines(t, b)
		e, err := message.Read(bytes.NewReader(b))
		if err != nil || e.Header.Len() > 6 {
			t.Fatalf("%v, %d fields", err, e.Header.Len())
		}
		var got []string
		if err := e.Walk(func(_ []int, part *message.Entity, err error) error {
			if err != nil || part.MultipartReader() != nil {
				return err
			}
			data, err := io.ReadAll(part.Body)
			got = append(got, string(data))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if strings.Join(got, "\x01") != strings.Join(want, "\x01") {
			t.Fatalf("got  %q\nwant %q", got, want)
		}
	})
}

func canonical(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return strings.ReplaceAll(s, "\n", "\r\n")
}

func TestFileNames(t *testing.T) {
	for in, want := range map[string]string{
		"": "file", "../../etc/passwd": "passwd", `C:\x\y.txt`: "y.txt", "a\r\nb.txt": "a__b.txt", "..": "file", " . ": "file", "fattura è.pdf": "fattura è.pdf", "attivita\u0300.pdf": "attività.pdf",
		"\u202efdp.exe": "_fdp.exe", "a\x00b": "a_b", `a"b;c.txt`: "a_b_c.txt", strings.Repeat("x", 200) + ".txt": strings.Repeat("x", 40) + "~" + strings.Repeat("x", 15) + ".txt",
	} {
		if got := FileName(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func addresses(e *message.Entity) ([]*mail.Address, error) {
	h := mail.Header{Header: e.Header}
	return h.AddressList("To")
}
