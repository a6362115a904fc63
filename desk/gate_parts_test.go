package desk_test

import (
	"strings"
	"testing"
)

// Text in parts of its own below the answer may be what a server added: the person sees what would go. A signature there is no words.
func TestFurtherPartsComeBack(t *testing.T) {
	plain := func(s string) string { return part("text/plain", s) }
	page := func(s string) string { return part("text/html", "<p>"+strings.ReplaceAll(s, "\n", "<br>")+"</p>") }
	pdf := "Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: inline; filename=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n"
	said := "ok\n\n" + words
	for name, c := range map[string]struct {
		parts []string
		sent  bool
	}{
		"a server's words":             {[]string{plain(said), page("Controllato dal gateway di MB.")}, false},
		"below both forms":             {[]string{alternative(plain(said), page(said)), plain("Controllato dal gateway di MB.")}, false},
		"below a file":                 {[]string{plain(said), pdf, plain("Controllato dal gateway di MB.")}, false},
		"a signature":                  {[]string{plain(said), pdf, plain("-- \nAnna Verdi\nMB srl")}, true},
		"nothing, as Apple Mail does":  {[]string{plain(said), pdf, plain("\n\n\n")}, true},
		"what is answered, and a file": {[]string{plain(said + "\n\n" + quotedBelow), pdf}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := asked(t)
			m := s.answer(s.last(anna), anna, "")
			m.kind, m.parts = "multipart/mixed", c.parts
			s.arrives(m)
			s.post()
			if sent := len(s.letters(mario)) == 1; sent != c.sent {
				t.Errorf("sent is %t; %+v", sent, s.ticket(1).Refusals)
			}
			if c.sent && folded(s.decidedWords(1)) != folded(words) {
				t.Errorf("the letter says %q", s.decidedWords(1))
			}
		})
	}
}
