package desk_test

import (
	"testing"

	"replyby/desk/arrival"
	"replyby/ticket/kind"
)

// I3: the code mailed to an address that nothing else proves is good for the text shown with it, and for nothing more.
func TestConfirmationOfOneText(t *testing.T) {
	for _, more := range []string{"ok\n\nAltre parole, che nessuno ha visto.", "ok all", "eta 2026-12-24 17:00", "ok\neta 2026-12-24 17:00", "noeta non si sa", "fixed", "ok\nclose", "resend", "take", "close"} {
		t.Run(more, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: mario, subject: "Carrello", text: request, head: []string{"Cc: socio@cliente.example"}})
			s.post()
			weak := func(text string) {
				m := s.answer(s.last(anna), anna, text)
				m.auth = arrival.None
				s.arrives(m)
				s.post()
			}
			weak("ok\n\n" + words)
			before := s.ticket(1)
			weak(more)
			s.wantLetters(0)
			if tk := s.ticket(1); tk.State != before.State || tk.Assignee != before.Assignee {
				t.Errorf("%s by %q without proof", tk.State, tk.Assignee)
			}
			if more == "ok all" { // was shown with its further recipient, and asked for again
				weak("ok")
				s.wantLetters(1)
			}
		})
	}
}

// What a mail without proof says besides the letter is not done, neither then nor with the confirmation; the mail that asks for that says so.
func TestConfirmationSaysWhatIsLeft(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	for i, said := range []string{"note: ha due negozi\ntake\nok\n\n" + words, "ok"} {
		m := s.answer(s.last(anna), anna, said)
		m.auth = arrival.None
		s.arrives(m)
		s.post()
		if i == 0 {
			s.wantText(anna, "Non fatto, perché nulla prova che il messaggio venga da te: note, take.")
		}
	}
	s.wantLetters(1)
	if tk := s.ticket(1); tk.Assignee != "" || s.count(1, kind.Noted) != 0 {
		t.Errorf("assigned to %q: %v", tk.Assignee, s.events(1))
	}
}
