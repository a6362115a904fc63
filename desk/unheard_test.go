package desk_test

import (
	"slices"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/store"
	"replyby/ticket/kind"
)

// The clock of the next reply runs from the oldest message nobody has answered, also where a letter on its way was decided before.
func TestNextReplyOldest(t *testing.T) {
	cfg := agency(t)
	cfg.Hold = 5 * time.Minute
	s := play(t, cfg)
	writes := func(text string) {
		s.arrives(mail{from: mario, subject: "Re: Carrello", reply: s.ticket(1).Thread[:1], text: text})
	}
	want := func(what, from string) {
		t.Helper()
		next, ok := s.ticket(1).Duty("next_reply")
		got := ""
		if ok && next.Running() {
			got = next.From.In(s.cfg.Zone).Format("15:04")
		}
		if got != from {
			t.Errorf("%s: the next reply is owed from %q, want %q", what, got, from)
		}
	}
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	s.at("15:10").says(anna, "ok\n\n"+words)
	s.at("15:12")
	writes("Adesso non si apre nemmeno la pagina.")
	s.at("15:13")
	writes("E mancano le immagini.")
	want("while the letter waits, the first clock runs", "")
	s.until("15:20")
	s.wantLetters(1)
	want("after a letter decided before it", "15:12")

	s.at("15:30").says(anna, "ok\n\nLe immagini tornano tra poco, la pagina si apre di nuovo.")
	s.at("15:31")
	writes("Anche il modulo dei contatti è fermo.")
	s.at("15:32")
	writes("Ci siete?")
	want("the older clock still runs", "15:12")
	s.until("15:40")
	s.wantLetters(2)
	want("after the second letter", "15:31")
	s.at("15:45").says(anna, "ok\n\nCi siamo, anche il modulo dei contatti funziona.")
	s.until("15:55")
	s.wantLetters(3)
	want("all answered", "")
	s.checkFold()
}

// An answer given elsewhere takes up only what was written before it.
func TestOutsideAnswerBeforeMessage(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.tick()
	first := s.ticket(1).Thread[0]
	answer := s.raw(mail{from: anna, to: mario, subject: "Re: Carrello", reply: []string{first}, text: "Ci guardo io, Mario."})
	s.at("15:20").arrives(mail{from: mario, subject: "Re: Carrello", reply: []string{first}, text: "Altra cosa: le fatture."})
	s.at("15:21").says(anna, "ok\n\n"+words)
	s.at("15:25").arrives(mail{from: mario, subject: "Re: Carrello", reply: []string{first}, text: "Terza cosa: le immagini."})
	s.uid++ // the copy of the answer of 15:00 is seen only now
	err := s.desk.Receive(t.Context(), desk.Batch{Folder: "Sent", Role: arrival.Sent, UIDValidity: 1, UID: s.uid, Now: s.now,
		Mails: []desk.Incoming{{UID: s.uid, Internal: s.now.Add(-25 * time.Minute), Raw: answer}}})
	if err != nil {
		t.Fatal(err)
	}
	if s.count(1, kind.AnsweredOutside) != 1 {
		t.Fatal("the answer was not recognised")
	}
	if next, ok := s.ticket(1).Duty("next_reply"); !ok || !next.Running() {
		t.Error("an answer of 15:00 stopped the clock of a message of 15:25")
	}
	s.checkFold()
}

// The second copy of a letter takes up what the first one did: refused for good, it leaves the customer's message without an answer.
func TestSecondCopyRefused(t *testing.T) {
	cfg := agency(t)
	cfg.Hold = 5 * time.Minute
	s := play(t, cfg)
	s.requested("Carrello", request)
	s.says(anna, "ok\n\n"+words)
	s.at("15:02").arrives(mail{from: mario, subject: "Re: Carrello", reply: s.ticket(1).Thread[:1], text: "E la fattura di ottobre?"})
	s.post()
	s.at("15:03").says(anna, "ok\n\nLa fattura di ottobre parte stasera.")
	var first, second store.Letter
	s.server = func(l store.Letter) desk.Ended {
		if !l.Customer {
			return desk.Ended{Outcome: "sent", At: s.now}
		}
		switch {
		case first.ID == "":
			first = l
			return desk.Ended{Outcome: "sent", At: s.now}
		case second.ID == "":
			second = l
			return desk.Ended{Outcome: "unknown", Stage: "dot", At: s.now}
		}
		return desk.Ended{Outcome: "refused", Code: 550, Reply: "550 no such user", At: s.now}
	}
	s.until("15:30")
	s.says(anna, "resend")
	s.until("15:32")
	next, _ := s.ticket(1).Duty("next_reply")
	if at := s.ticket(1).UnheardAt.In(s.cfg.Zone).Format("15:04"); !next.Running() || next.From.In(s.cfg.Zone).Format("15:04") != "15:02" || at != "15:02" {
		t.Fatalf("the message of 15:02 has no answer: next reply %+v, unheard since %s", next, at)
	}
	s.server = nil
	s.at("15:40").delivers(second.Bytes, "") // the first copy had arrived after all
	if next, _ := s.ticket(1).Duty("next_reply"); next.Running() || !s.ticket(1).UnheardAt.IsZero() {
		t.Errorf("the letter has arrived: next reply %+v, unheard since %s", next, s.ticket(1).UnheardAt)
	}
	s.checkFold()
}

// An answer given elsewhere, seen after a newer mail of the customer's, leaves that one to be answered, and somebody is warned of it; also
// where a letter that had taken up both is taken back.
func TestOutsideAnswerLeavesNewerMessage(t *testing.T) {
	for _, decided := range []bool{false, true} {
		cfg := agency(t)
		if decided {
			cfg.Hold = 5 * time.Minute
		}
		s := play(t, cfg)
		s.requested("Carrello", request)
		first := s.ticket(1).Thread[:1]
		answer := s.at("15:15").raw(mail{from: anna, to: mario, subject: "Re: Carrello", reply: first, text: "Ci guardo io, Mario."})
		came := s.now
		s.at("15:16").arrives(mail{from: mario, subject: "Re: Carrello", reply: first, text: "Altra cosa: le fatture."})
		s.post()
		if decided {
			s.says(marco, "ok\n\n"+words)
		}
		s.at("15:17").uid++
		err := s.desk.Receive(t.Context(), desk.Batch{Folder: "Sent", Role: arrival.Sent, UIDValidity: 1, UID: s.uid, Now: s.now,
			Mails: []desk.Incoming{{UID: s.uid, Internal: came, Raw: answer}}})
		if err != nil || s.count(1, kind.AnsweredOutside) != 1 {
			t.Fatalf("the answer was not recognised: %v", err)
		}
		if decided {
			s.says(marco, "undo")
		}
		next, _ := s.ticket(1).Duty("next_reply")
		if at := next.From.In(s.cfg.Zone).Format("15:04"); !next.Running() || at != "15:16" {
			t.Fatalf("decided %v: the message of 15:16 has no clock: %+v", decided, next)
		}
		before := len(s.sent)
		s.hourly("2026-11-25 16:00")
		if !slices.ContainsFunc(s.sent[before:], func(l store.Letter) bool { return l.Purpose == "warning" }) {
			t.Errorf("decided %v: nobody was warned that the message of 15:16 waits", decided)
		}
		s.checkFold()
	}
}
