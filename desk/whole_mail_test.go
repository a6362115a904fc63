package desk_test

import (
	"strings"
	"testing"
)

// People write whole mails, with a greeting and a farewell. The letter has each once, and theirs: in it nobody is greeted twice. So has the draft.
func TestWholeMail(t *testing.T) {
	whole := "Buongiorno Mario,\n\n" + words + "\n\nCordiali saluti,\nAnna Verdi\nMB srl - tel. 055 123456"
	for name, said := range map[string][]string{"at once": {"ok\n" + whole}, "a draft first": {whole, "ok"}} {
		t.Run(name, func(t *testing.T) {
			s := play(t, agency(t))
			s.requested("Carrello", request)
			for _, x := range said {
				s.says(anna, x)
			}
			s.post()
			s.wantLetters(1)
			got := s.last(mario).Text
			for _, once := range []string{"Buongiorno", "Cordiali saluti", "Anna Verdi", "tel. 055 123456", words} {
				if n := strings.Count(got, once); n != 1 {
					t.Errorf("%d times %q in\n%s", n, once, got)
				}
			}
			if !strings.HasPrefix(got, "Buongiorno Mario,\n") || !strings.HasSuffix(strings.TrimSpace(got), "Anna Verdi\nMB srl - tel. 055 123456") {
				t.Errorf("%s", got)
			}
			s.checkFold()
		})
	}
}

// So does a greeting on the line of the first words, which begin a sentence of their own then.
func TestGreetingBeforeTheWords(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "ok\nCiao Mario, sto guardando il registro dei pagamenti.")
	s.post()
	if got := s.last(mario).Text; !strings.HasPrefix(got, "Ciao Mario,\n\nho preso in carico") || !strings.Contains(got, "\n\nSto guardando il registro dei pagamenti.\n") {
		t.Errorf("%s", got)
	}
	s.says(anna, "ok\nCiao Mario, il certificato è rinnovato.")
	s.post()
	if got := s.last(mario).Text; !strings.HasPrefix(got, "Ciao Mario,\n\nil certificato è rinnovato.\n") {
		t.Errorf("%s", got)
	}
}

// Who signs with nobody's name is named all the same.
func TestFarewellWithoutName(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words+"\n\nA presto")
	s.post()
	if got := strings.TrimSpace(s.last(mario).Text); !strings.Contains(got, "Buongiorno Mario Rossi,") || !strings.HasSuffix(got, "\n\nA presto\nAnna Verdi\nAssistenza MB") || strings.Contains(got, "Cordiali saluti") {
		t.Errorf("%s", got)
	}
}

// A first name below the words is no farewell: the letter has that of the text, with the whole name and whom it is for.
func TestNameAlone(t *testing.T) {
	for _, name := range []string{"Anna", "Anna Verdi", "AV"} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		s.says(anna, "ok\n"+words+"\n\n"+name)
		s.post()
		s.wantLetters(1)
		if got := strings.TrimSpace(s.last(mario).Text); !strings.HasSuffix(got, "\n\nCordiali saluti\nAnna Verdi\nAssistenza MB") || strings.Count(got, "Anna") != 1 {
			t.Errorf("%s: %s", name, got)
		}
	}
}
