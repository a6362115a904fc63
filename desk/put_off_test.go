package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/ending"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket/posted"
)

// putOff lets the server put off every letter to a customer.
func (s *scenario) putOff() {
	s.server = func(l store.Letter) desk.Ended {
		if l.Customer {
			return desk.Ended{Outcome: "deferred", Code: 451, Reply: "451 4.7.1 try again later", At: s.now, Next: s.now.Add(2 * time.Hour)}
		}
		return desk.Ended{Outcome: "sent", At: s.now}
	}
}

// I10: a letter that the server puts off for days stands in each digest, and in the queue.
func TestPutOffForDays(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	s.putOff()
	s.says(anna, "ok\n\nServe il numero d'ordine per continuare, me lo manda?")
	s.hourly("2026-11-26 18:00")
	d := s.digests()
	for _, text := range d[len(d)-2:] {
		if !strings.Contains(text, "1 lettera a un cliente che il server rimanda") || !strings.Contains(text, "MB-1") || strings.Contains(text, "In coda: 0") {
			t.Errorf("a letter has not gone for days, and the digest says\n%s", text)
		}
	}
}

// A warning does not say that nobody has answered where an approved answer waits for the server: who obeyed would write a second one.
func TestWarningKnowsOfTheWaitingLetter(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.putOff()
	s.says(anna, "ok\n\n"+words)
	s.until("17:00")
	if l := s.last(anna); l.Purpose != "warning" {
		t.Fatalf("a %s", l.Purpose)
	}
	s.wantText(anna, "!Nessuno ha ancora risposto", "451 4.7.1 try again later", "non è ancora arrivata")
}

// I10: what came back and what is in doubt stands in the next digest.
func TestDigestSaysWhatCameBackAndWhatIsInDoubt(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.at("15:30").says(anna, "ok\n\n"+words)
	s.comesBack(s.last(mario))
	s.arrives(mail{from: "luigi@altro.example", subject: "Dubbio", text: request})
	s.post()
	s.server = func(l store.Letter) desk.Ended {
		return desk.Ended{Outcome: map[bool]ending.Outcome{true: "unknown", false: "sent"}[l.Customer], At: s.now, Stage: "data"}
	}
	s.says(anna, "ok\n\n"+words+" Di nuovo.")
	s.server = nil
	s.hourly("2026-11-25 14:00")
	d := s.digests()
	first, second := d[len(d)-2], d[len(d)-1]
	for text, want := range map[string][2]bool{first: {true, true}, second: {false, true}} {
		back, doubt := strings.Contains(text, "1 lettera a un cliente tornata indietro"), strings.Contains(text, "1 lettera di cui non si sa l'esito")
		if back != want[0] || doubt != want[1] {
			t.Errorf("a letter came back on Monday (said %v), one is in doubt since (said %v):\n%s", back, doubt, text)
		}
	}
}

// What is due until the end of today is due today: the 30 days of a correction end at midnight.
func TestDigestOfTheLastDay(t *testing.T) {
	s := play(t, careDesk(t))
	s.requested("Il modulo non stampa", request)
	s.at("15:30").says(anna, "fault\nok\n\n"+words)
	s.hourly("2026-12-23 14:00")
	d := s.digests()
	if last := d[len(d)-1]; strings.Contains(last, "niente in scadenza oggi") || !strings.Contains(last, "DA FARE OGGI (1)") {
		t.Errorf("the 30 days end today, and the digest says:\n%.300s", last)
	}
}

// I10: who approved a letter that the server puts off hears of it once, after about an hour, with the server's word and the way to take it
// back; a letter that only meets a greylist is no news.
func TestPutOffIsToldOnce(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	tries := 0
	s.server = func(l store.Letter) desk.Ended {
		if !l.Customer {
			return desk.Ended{Outcome: "sent", At: s.now}
		}
		tries++
		return desk.Ended{Outcome: "deferred", Code: 451, Reply: "451 4.7.1 try again later", At: s.now, Next: s.now.Add(15 * time.Minute)}
	}
	s.says(anna, "ok\n\nServe il numero d'ordine per continuare, me lo manda?")
	before := len(s.letters(anna))
	s.until("15:30")
	if got := len(s.letters(anna)) - before; got != 0 || tries < 2 {
		t.Errorf("%d mails after %d tries, want none yet", got, tries)
	}
	s.until("17:30")
	if got := len(s.letters(anna)) - before; got != 1 || tries < 8 {
		t.Fatalf("%d mails after %d tries, want one", got, tries)
	}
	s.wantText(anna, "451 4.7.1 try again later", "non è ancora partita")
	s.says(anna, "undo")
	s.until("18:00")
	if !s.posted(1, posted.Recalled) {
		t.Error("undo did not take it back")
	}
}

// I2: `undo` in answer to the mail about a letter that is put off takes back that letter, also where another one waits.
func TestPutOffIsAboutItsLetter(t *testing.T) {
	s := play(t, agency(t))
	s.acknowledged("Carrello")
	s.putOff()
	s.says(anna, "ok\n\nServe il numero d'ordine per continuare, me lo manda?")
	for _, next := range []string{"15:02", "17:10", "19:20", "21:30", "23:40"} {
		s.until(next)
	}
	told := s.last(anna)
	if !strings.Contains(mailparse.Parse(told.Bytes).Text, "non è ancora partita") {
		t.Fatalf("anna's last mail is a %s", told.Purpose)
	}
	s.arrives(mail{from: mario, subject: "Re: Carrello", reply: s.ticket(1).Thread[:1], text: "Il numero d'ordine è 1234."})
	s.post()
	s.says(marco, "ok\n\nHo trovato il numero d'ordine, non serve altro.")
	s.arrives(s.answer(told, anna, "undo"))
	var states []string
	for _, p := range s.ticket(1).Posted {
		if p.Customer {
			states = append(states, p.By+" "+string(p.State))
		}
	}
	want := []string{anna + " sent", anna + " recalled", marco + " queued"}
	if !slices.Equal(states, want) {
		t.Errorf("letters %q, want %q", states, want)
	}
}
