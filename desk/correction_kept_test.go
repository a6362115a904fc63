package desk_test

import (
	"testing"
	"time"
)

// proposed is a correction for MB-1, 2, 3 and 6 that anna has been shown.
func proposed(t *testing.T, hold time.Duration) *scenario {
	s := waiting(t, hold)
	s.arrives(s.answer(s.about(anna, "MB-1"), anna, "patch 1.2.3\n\n"+solved))
	s.post()
	return s
}

// A correction whose ticket turns out to be another customer's keeps its tickets: the list comes back for the new one, and one word sends it.
func TestCustomerOfACorrection(t *testing.T) {
	for _, said := range []string{"customer rossi@cliente.example", "customer rossi@cliente.example\nok", "customer rossi@cliente.example\nnote: ha scritto dal telefono"} {
		s := proposed(t, 0)
		s.says(anna, said)
		s.wantLetters(0)
		s.wantText(anna, "rossi@cliente.example", "MB-2", "MB-3", "MB-6", "Abbiamo corretto", "Il cliente di questa richiesta ora è rossi@cliente.example")
		s.says(anna, "ok")
		s.wantLetters(4)
		s.wantText("rossi@cliente.example", "nella versione 1.2.3", "Abbiamo corretto")
		if n := len(s.letters("c1@cliente.example")); n != 0 {
			t.Errorf("whose ticket it is not any more got %d letters", n)
		}
		s.checkFold()
	}
}

// A mail may say whose ticket it is, and propose the correction.
func TestCustomerAndCorrection(t *testing.T) {
	s := waiting(t, 0)
	s.arrives(s.answer(s.about(anna, "MB-1"), anna, "customer rossi@cliente.example\npatch 1.2.3\n"+solved))
	s.post()
	s.wantText(anna, "rossi@cliente.example", "MB-2", "MB-3", "MB-6")
	s.says(anna, "ok")
	s.wantLetters(4)
	s.checkFold()
}
