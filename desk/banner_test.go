package desk_test

import "testing"

// Whoever sits behind a gateway that breaks its warning over two lines can approve what he was shown, and his words come back without the warning.
func TestBrokenWarningOfAGateway(t *testing.T) {
	t.Parallel()
	const above = "CAUTION: This email originated from outside of the organization. Do not\nclick links or open attachments unless you recognize the sender and know\nthe content is safe.\n\n"
	s := asked(t)
	s.says(anna, above+"ok\n\n"+words)
	if got := s.ticket(1).Draft.Personal; got != words {
		t.Errorf("the draft says %q", got)
	}
	s.wantLetters(0)
	s.says(anna, above+"ok")
	s.wantLetters(1)
	if got := s.decidedWords(1); got != words {
		t.Errorf("the letter says %q", got)
	}
}

// A gateway warns of every mail from outside, also of those of colleagues who write from home: their answers are heard as they are without that. Where
// it is not certain what is the gateway's, the answer comes back as ever.
func TestWarningOfAGateway(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		above string
		sent  bool
	}{
		{"CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender and know the content is safe.\n\n", true},
		{"[EXTERNAL]\n", true},
		{"ATTENZIONE: questa mail proviene dall'esterno.\n________________________________\n", true},
		{"Attention : ce message provient de l'extérieur.\n\n", true},
		{"AVISO: este correo procede de fuera de la organización.\n\n", true},
		{"ATTENZIONE: il cliente ha fretta.\n\n", false},
		{"ATTENZIONE: questa mail proviene dall'esterno.\nNon aprire gli allegati della mail ricevuta.\n\n", false},
	} {
		s := asked(t)
		s.says(anna, x.above+"ok\n\n"+words)
		if sent := len(s.letters(mario)) == 1; sent != x.sent || sent && s.decidedWords(1) != words {
			t.Errorf("%q: sent is %t; the letter says %q", x.above, sent, s.decidedWords(1))
		}
		s = asked(t)
		s.says(anna, words)
		s.says(anna, x.above+"ok\n\nAnna Verdi\nMB srl\nTel. 02 1234567")
		if sent := len(s.letters(mario)) == 1; sent && s.decidedWords(1) != words {
			t.Errorf("%q: the letter says %q", x.above, s.decidedWords(1))
		}
	}
}
