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
		"<p><s>refuse 3</s></p><p>ok</p>":                                                     0,
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
