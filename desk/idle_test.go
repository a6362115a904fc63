package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"replyby/mailparse"
)

// idle is what the digest of a moment says of tickets that stand still, "" for nothing.
func (s *scenario) idle(when string) string {
	s.Helper()
	s.at(when)
	_, text, err := s.desk.Digest(s.Context(), s.now, "it")
	if err != nil {
		s.Fatal(err)
	}
	_, list, _ := strings.Cut(text, "\nFERME ")
	list, _, _ = strings.Cut(list, "\n\n\n")
	return list
}

// An acknowledged request without an estimate has no clock that runs. The digest names it once nobody has touched it for three whole working
// days, and what happens by itself is no touch.
func TestIdleTicketIsNamed(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello lento")
	s.until("2026-11-24 10:00")
	s.arrives(mail{from: mario, subject: "Re: [MB-1] Carrello lento", text: "Torno lunedì", head: []string{"Auto-Submitted: auto-replied"}})
	s.started()
	if list := s.idle("2026-11-26 14:00"); list != "" {
		t.Errorf("after two whole days: %s", list)
	}
	s.at("16:00").patronSaint() // of the Tuesday before: two days have been whole
	s.started()
	if list := s.idle("2026-11-27 14:00"); list != "" {
		t.Errorf("after two days and a holiday: %s", list)
	}
	list := s.idle("2026-11-30 14:00")
	for _, want := range []string{"(1)", "MB-1 Carrello lento", "da 7 giorni", "nessuno", "Mario Rossi: risposta di Anna Verdi, lun 23 nov"} {
		if !strings.Contains(list, want) {
			t.Errorf("%q is not said: %s", want, list)
		}
	}
	s.at("15:00").says(anna, "note chiamato, non risponde")
	if list := s.idle("2026-12-03 14:00"); list != "" {
		t.Errorf("a note was written on Monday: %s", list)
	}
	if list := s.idle("2026-12-04 14:00"); !strings.Contains(list, "nota di Anna Verdi, lun 30 nov") {
		t.Errorf("what was done last is not said: %s", list)
	}
	s.at("15:00").says(anna, "wait: il listino nuovo")
	if list := s.idle("2026-12-18 14:00"); strings.Contains(list, "MB-1 ") {
		t.Errorf("the customer's turn: %s", list)
	}
	s.checkFold()
}

// An estimate is a date that somebody looks after. When it is past, the digest names it for that.
func TestIdleTicketWithAnEstimate(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello lento", request)
	s.says(anna, "eta 18/12/2026 17:00\n\n"+words)
	for _, day := range []string{"2026-12-04", "2026-12-18", "2026-12-23"} {
		if list := s.idle(day + " 14:00"); list != "" {
			t.Errorf("on %s, with an estimate for the 18th: %s", day, list)
		}
	}
}

// What the digest names anyway it names once, and no day count means no list.
func TestIdleTicketsAreNamedOnce(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Mai risposto", request)
	s.post()
	if list := s.idle("2026-11-30 14:00"); list != "" {
		t.Errorf("what is late is named as late: %s", list)
	}
	s.cfg.IdleDays = 0
	s.restart()
	s.says(anna, "ok\n"+words)
	if list := s.idle("2026-12-30 14:00"); list != "" {
		t.Errorf("nobody asked for it: %s", list)
	}
}

// Longest first, and of many the rest is counted.
func TestManyIdleTickets(t *testing.T) {
	s := play(t, agency(t))
	for i := range 14 {
		s.at(fmt.Sprintf("15:%02d", i))
		s.arrives(mail{from: fmt.Sprintf("cliente%d@altro.example", i), subject: "Carrello", text: request})
		s.post()
		s.says(anna, "ok\n"+words+fmt.Sprintf("\nRif. %d", i))
	}
	list := s.idle("2026-11-30 14:00")
	if !strings.HasPrefix(list, "(14)") || strings.Count(list, "MB-") != 12 || strings.Contains(list, "MB-13 ") || !strings.Contains(list, "e altre 2") {
		t.Errorf("of 14 tickets: %s", list)
	}
	if first, second := strings.Index(list, "MB-1 "), strings.Index(list, "MB-2 "); first < 0 || second < first {
		t.Errorf("not the longest first: %s", list)
	}
}

// Whoever reads of a ticket in a digest answers that with its number in the subject, and gets the ticket to decide about, however old the mails
// that he has of it.
func TestIdleTicketIsTakenUpFromTheDigest(t *testing.T) {
	cfg := agency(t)
	cfg.Managers = []string{anna}
	s := play(t, cfg)
	s.acknowledged("Carrello lento")
	s.until("2026-11-30 14:00")
	d := s.last(anna)
	if text := mailparse.Parse(d.Bytes).Text; d.Purpose != "digest" || !strings.Contains(text, "FERME (1)") || !strings.Contains(text, "parentesi quadre") {
		t.Fatalf("no digest that names it and says what to do: %s", text)
	}
	m := s.answer(d, anna, "status")
	m.subject = "[MB-1] " + m.subject
	s.at("14:05").arrives(m)
	s.post()
	got := mailparse.Parse(s.last(anna).Bytes)
	if !strings.Contains(got.Subject, "[MB-1]") {
		t.Fatalf("the answer is about something else: %q\n%s", got.Subject, got.Text)
	}
	s.wantText(anna, "Hai indicato il numero di questa richiesta", "[qui le tue parole]", "!non ha avuto effetto")
	if _, text, err := s.desk.Digest(t.Context(), s.now, "it"); err != nil || strings.Contains(text, "rifiutat") {
		t.Errorf("the next digest counts it as refused: %v\n%s", err, text)
	}
	s.at("14:10").says(anna, "eta domani 17:00\n\n"+words+" Domani è a posto.")
	s.at("14:20").post()
	eta, ok := s.ticket(1).Duty("eta")
	if want := time.Date(2026, 12, 1, 16, 0, 0, 0, time.UTC); !ok || !eta.Limit.Equal(want) && !eta.Target.Equal(want) {
		t.Errorf("no promise came of it: %+v", eta)
	}
}

// A customer is waited for since a person last did something. What a machine of his answers, and deadlines that move, do not begin that anew.
func TestWaitingIsCountedFromTheQuestion(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello lento", request)
	s.says(anna, "ok\nwait: il listino nuovo\n\n"+words)
	s.at("2026-11-27 15:00").arrives(mail{from: mario, subject: "Re: [MB-1] Carrello lento", text: "Torno lunedì", head: []string{"Auto-Submitted: auto-replied"}})
	s.post()
	s.at("2026-11-30 14:00")
	_, text, err := s.desk.Digest(t.Context(), s.now, "it")
	if _, list, _ := strings.Cut(text, "ATTENDONO IL CLIENTE"); err != nil || !strings.Contains(list, "da 7 giorni") {
		t.Errorf("asked on Monday a week ago: %v\n%s", err, text)
	}
}
