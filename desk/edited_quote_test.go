package desk_test

import (
	"strings"
	"testing"

	"replyby/mailparse"
)

// People answer by writing into the draft that their mail program quotes. What stands there is not read, so that `ok` above it would send another
// text than the one they left: nothing goes, and they are told where to write.
func TestEditsInTheQuotedDraft(t *testing.T) {
	const mark, end = "[qui le tue parole]", "Le scrivo in ogni caso"
	for name, c := range map[string]struct {
		above string
		edit  func(quote string) string
		held  bool
	}{
		"in the place of the mark": {"ok", func(q string) string { return strings.Replace(q, mark, words, 1) }, true},
		"beside words above":       {"ok\nLo guardo oggi stesso, prima di pranzo.", func(q string) string { return strings.Replace(q, mark, words, 1) }, true},
		"a sentence of the text":   {"ok\n" + words, func(q string) string { return strings.Replace(q, end, "Domani Le scrivo", 1) }, true},
		"a sentence taken out":     {"ok\n" + words, func(q string) string { return strings.Replace(q, end, "", 1) }, true},
		"nothing":                  {"ok\n" + words, func(q string) string { return q }, false},
		"the mark taken out":       {"ok\n" + words, func(q string) string { return strings.Replace(q, mark, "", 1) }, false},
		"broken otherwise":         {"ok\n" + words, func(q string) string { return strings.ReplaceAll(q, " a ", "\n> a ") }, false},
		"cut short":                {"ok\n" + words, func(q string) string { return q[:strings.Index(q, end)] }, false},
		"other lines of the mail":  {"ok\n" + words, func(q string) string { return strings.Replace(q, "SCADENZE", "visto", 1) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := play(t, agency(t))
			s.requested("Carrello", request)
			m := s.answer(s.last(anna), anna, c.above)
			above, quote, _ := strings.Cut(m.text, "\n\nIl giorno ")
			m.text = above + "\n\nIl giorno " + c.edit(quote)
			s.arrives(m)
			s.post()
			if !c.held {
				s.wantLetters(1)
				return
			}
			s.wantLetters(0)
			got := s.last(anna)
			if text := folded(mailparse.Parse(got.Bytes).Text); !strings.Contains(text, "hai cambiato la bozza nel testo citato") {
				t.Fatalf("not told why:\n%s", text)
			}
			s.says(anna, "ok\n"+words)
			s.wantLetters(1)
			s.checkFold()
		})
	}
}

// Whoever writes nowhere but there hears what was not read.
func TestOnlyEditsInTheQuotedDraft(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	m := s.answer(s.last(anna), anna, "")
	m.text = strings.Replace(m.text, "[qui le tue parole]", words, 1)
	s.arrives(m)
	s.post()
	s.wantLetters(0)
	s.wantRefused(1, "edited")
	if text := folded(mailparse.Parse(s.last(anna).Bytes).Text); !strings.Contains(text, "Hai scritto nella bozza citata") {
		t.Errorf("not told why:\n%s", text)
	}
}
