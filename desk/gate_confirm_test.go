package desk_test

import (
	"testing"
	"time"

	"replyby/desk/arrival"
	"replyby/store"
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

// I10: whoever answers the mail that told him why nothing went out hears also why his next try does not go, and at once: silence would read as
// consent. The same mail sent again brings nothing more.
func TestEachTryIsTold(t *testing.T) {
	for name, auth := range map[string]arrival.Outcome{"proven": arrival.Pass, "no proof": arrival.None} {
		t.Run(name, func(t *testing.T) {
			s := play(t, careDesk(t))
			s.requested("Carrello", request)
			first := s.last(anna)
			says := func(l store.Letter, text string) int {
				s.at(s.now.Add(time.Minute).In(s.cfg.Zone).Format("15:04"))
				m := s.answer(l, anna, text)
				m.auth = auth
				s.arrives(m)
				s.post()
				return len(s.letters(anna))
			}
			before := says(first, "ok")
			s.wantText(anna, "0/40")
			if got := says(s.last(anna), "ok\n\nGuardo subito."); got != before+1 {
				t.Fatalf("%d mails to her, want %d", got, before+1)
			}
			s.wantText(anna, "14/40")
			if got := says(first, "ok"); auth == arrival.None && got != before+1 {
				t.Errorf("a code that was answered brings %d mails more", got-before-1)
			}
			s.wantLetters(0)
		})
	}
}

// What asks for a confirmation offers nothing that would only bring another: words beside its ok ask for another text.
func TestConfirmationOffersOkAlone(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	m := s.answer(s.last(anna), anna, "ok")
	m.auth = arrival.None
	s.arrives(m)
	s.post()
	s.wantText(anna, "ok Invia la bozza così com'è.", "!diventa la parte personale")
}
