package outbound

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"replyby/store"
)

func TestWhatWouldNotBeOffered(t *testing.T) {
	long := strings.Repeat("x", 999)
	cases := map[string]func(*store.Letter){
		"no recipients":       func(l *store.Letter) { l.To = nil },
		"recipient with CRLF": func(l *store.Letter) { l.To = []string{"a@b.example>\r\nRCPT TO:<evil@b.example"} },
		"recipient with LF":   func(l *store.Letter) { l.To = []string{"a@b.example\nx"} },
		"recipient with NUL":  func(l *store.Letter) { l.To = []string{"a\x00@b.example"} },
		"recipient bracketed": func(l *store.Letter) { l.To = []string{"<a@b.example>"} },
		"recipient spaced":    func(l *store.Letter) { l.To = []string{"a@b.example SIZE=1"} },
		"recipient quoted":    func(l *store.Letter) { l.To = []string{`"a b"@b.example`} },
		"two in one":          func(l *store.Letter) { l.To = []string{"a@b.example,c@d.example"} },
		"no-break space":      func(l *store.Letter) { l.To = []string{"a\u00a0b@b.example"} },
		"line separator":      func(l *store.Letter) { l.To = []string{"a\u2028b@b.example"} },
		"bidi":                func(l *store.Letter) { l.To = []string{"a\u202eb@b.example"} },
		"sender":              func(l *store.Letter) { l.From = "x y@ours.example" },
		"Bcc":                 func(l *store.Letter) { l.Bcc = []string{"x"} },
		"other bytes":         func(l *store.Letter) { l.Hash[0] = 1 },
		"lone LF":             func(l *store.Letter) { l.Bytes = []byte("Subject: x\r\n\r\na\n.\nb\r\n") },
		"lone CR":             func(l *store.Letter) { l.Bytes = []byte("Subject: x\r\n\r\na\r.\rb\r\n") },
		"CR at the end":       func(l *store.Letter) { l.Bytes = []byte("Subject: x\r\n\r\na\r") },
		"NUL":                 func(l *store.Letter) { l.Bytes = []byte("Subject: x\r\n\r\na\x00\r\n") },
		"long line":           func(l *store.Letter) { l.Bytes = []byte("Subject: x\r\n\r\n" + long + "\r\n") },
		"8-bit body":          func(l *store.Letter) { l.Bytes = []byte("Subject: x\r\n\r\n\u00e8\r\n") },
		"8-bit header":        func(l *store.Letter) { l.Bytes = []byte("Subject: \u00e8\r\n\r\nx\r\n") },
		"UTF-8 recipient":     func(l *store.Letter) { l.To = []string{"\u00e8@b.example"} },
		"too large":           func(l *store.Letter) { l.Bytes = []byte("Subject: x\r\n\r\n" + strings.Repeat("x\r\n", 2000)) },
	}
	for name, edit := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{ehlo: []string{"SIZE 5000"}}
				b := newBox(t, letter("A", true, edit))
				_, stop := start(t, Config{}, f, b)
				time.Sleep(time.Hour)
				stop()
				if r := b.last("A"); r.Outcome != Refused || r.Stage != "message" || r.Reply == "" || len(b.results["A"]) != 1 {
					t.Errorf("got %+v", b.results["A"])
				}
				for _, c := range f.commands {
					if strings.HasPrefix(c, "MAIL") || strings.HasPrefix(c, "RCPT") {
						t.Errorf("the server was told %q", c)
					}
				}
			})
		})
	}
}

func TestExtensionsAreUsedOnlyWhereNeeded(t *testing.T) {
	cases := map[string]struct {
		edit func(*store.Letter)
		want string
	}{
		"plain": {nil, fmt.Sprintf("MAIL FROM:<desk@ours.example> SIZE=%d", len(text))},
		"8-bit": {func(l *store.Letter) { l.Bytes = []byte("Subject: x\r\n\r\n\u00e8\r\n") }, "MAIL FROM:<desk@ours.example> SIZE=18 BODY=8BITMIME"},
		"UTF-8": {func(l *store.Letter) { l.To = []string{"\u00e8@b.example"} }, fmt.Sprintf("MAIL FROM:<desk@ours.example> SIZE=%d SMTPUTF8", len(text))},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{ehlo: []string{"SIZE 0", "8BITMIME", "SMTPUTF8"}}
				b := newBox(t, letter("A", false, c.edit))
				_, stop := start(t, Config{}, f, b)
				time.Sleep(time.Minute)
				stop()
				if len(f.commands) < 2 || f.commands[1] != c.want || b.last("A").Outcome != Sent {
					t.Errorf("commands %q, result %+v", f.commands, b.last("A"))
				}
			})
		})
	}
}

func FuzzStuffing(f *testing.F) {
	for _, s := range []string{text, ".", "..", "\r\n.\r\n", "a\r\n.b", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if checkLines(b) != nil {
			return
		}
		got := "\r\n" + string(appendStuffed(nil, b))
		if strings.Contains(got, "\r\n.\r\n") {
			t.Errorf("%q ends the letter early", got)
		}
		want := strings.TrimSuffix(string(b), "\r\n")
		if back := strings.TrimSuffix(strings.ReplaceAll(got, "\r\n.", "\r\n")[2:], "\r\n"); back != want {
			t.Errorf("%q comes back as %q", want, back)
		}
	})
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"a@b.example", "\u00e8@\u00e8.example", "a@[192.0.2.1]", "a@[IPv6:::1]", "a b@c", "a@b>\r\n", "@", "a@b@c", "\xff@b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if validAddress(s) && (strings.ContainsAny(s, "\r\n\x00\t <>\"(),;\\") || strings.Count(s, "@") != 1 || len(s) > 320) {
			t.Errorf("%q passes", s)
		}
	})
}
