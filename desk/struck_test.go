package desk_test

import (
	"regexp"
	"testing"
)

// What a page shows struck out was taken back by its writer: it is no command, and no words of a letter.
func TestStruckOutIsNotSaid(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]int{
		"<p><b>ok</b></p>":           1,
		"<p><s>ok</s></p>":           0,
		"<p><strike>ok</strike></p>": 0,
		"<p><del>ok</del></p>":       0,
		`<p><span style="text-decoration: line-through">ok</span></p>`:                        0,
		`<p><span style="font-size:11pt;text-decoration:underline line-through">ok</span>`:    0,
		`<p style="text-decoration-line:line-through">ok</p>`:                                 0,
		`<p><span style="text-decoration:none">ok</span></p>`:                                 1,
		"<p><s>refuse 3</s></p><p>ok</p>":                                                     1, // he thought better of it
		"<p><s>refuse 3</s></p><p><s>ok</s></p>":                                              0,
		"<p><s>ok</s></p><p>undo</p>":                                                         0,
		"<p>ok</p><p><s>refuse 3</s></p>":                                                     1,
		"<p><s>o</s>k</p>":                                                                    0,
		`<p><span style="text-decoration:line-through"><span>ok</span></span> forse no</p>`:   0,
		`<p><span style="text-decoration:line-through"><span></span>ok</span></p><p>ciao</p>`: 0,
	} {
		plain := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, "") // as programs write it beside: without the stroke
		for _, parts := range [][]string{{part("text/html", page)}, {part("text/plain", plain), part("text/html", page)}} {
			s := asked(t)
			s.says(anna, words)
			m := s.answer(s.last(anna), anna, "")
			m.kind, m.parts = "multipart/alternative", parts
			s.arrives(m)
			s.post()
			if got := len(s.letters(mario)); got != want {
				t.Errorf("%q, %d parts: %d letters, want %d; the draft says %q", page, len(parts), got, want, s.ticket(1).Draft.Personal)
			}
		}
	}
}

// Struck out words go to no customer: the draft comes back without them, since who strikes things out may also mean that they are done.
func TestStruckOutWordsComeBack(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		"<p>ok</p><p><s>La rimborsiamo.</s></p><p>Il certificato è scaduto, lo rinnovo oggi.</p>":   "Il certificato è scaduto, lo rinnovo oggi.",
		"<p>ok</p><p>Il certificato è scaduto, lo rinnovo <s>domani</s> oggi.</p>":                  "Il certificato è scaduto, lo rinnovo oggi.",
		"<p><s>ok</s></p><p>ok</p><p>Il certificato è scaduto, <del>non</del> lo rinnovo oggi.</p>": "Il certificato è scaduto, lo rinnovo oggi.",
	} {
		s := asked(t)
		m := s.answer(s.last(anna), anna, "")
		m.kind, m.parts = "multipart/alternative", []string{part("text/html", page)}
		s.arrives(m)
		s.post()
		if got := s.ticket(1).Draft.Personal; got != want {
			t.Errorf("%q: the draft says %q", page, got)
		}
		s.wantLetters(0)
	}
}
