package desk_test

import (
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// I5: a letter that says by when the customer will hear again is a word that somebody has to keep. Whoever holds the ticket is warned before, all
// when it has passed, and the digest names it; any letter to the customer keeps it.
func TestPromisedNews(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "ok\nnext 2026-11-25 17:00\n\n"+words)
	due := time.Date(2026, 11, 25, 16, 0, 0, 0, time.UTC)
	if news, ok := s.ticket(1).Duty("next_update"); !ok || !news.Running() || !news.Target.Equal(due) || !news.Limit.IsZero() {
		t.Fatalf("owed is %+v", s.ticket(1).Duties)
	}
	s.until("2026-11-25 16:55")
	warned := s.warned(anna)
	if len(warned) != 1 {
		t.Errorf("before the promise anna was warned %q", warned)
	}
	if soon := mailparse.Parse(s.last(anna).Bytes); !strings.Contains(soon.Text, "next domani 17:00") {
		t.Errorf("the warning does not say how to promise other news:\n%s", soon.Text)
	}
	s.until("2026-11-25 17:01")
	m := mailparse.Parse(s.last(anna).Bytes)
	if len(s.warned(anna)) != 2 || !strings.Contains(m.Text, "Avevamo promesso notizie per oggi 17:00") {
		t.Errorf("when it passed anna got %q:\n%s", m.Subject, m.Text)
	}
	if _, text, err := s.desk.Digest(t.Context(), s.now, "it"); err != nil || !strings.Contains(text, "notizie promesse") {
		t.Errorf("%v: the digest does not name it:\n%s", err, text)
	}
	s.says(anna, "ok\nnext 2026-11-27 17:00\n\nIl fornitore non ha ancora risposto.") // as the mail offers
	if news, _ := s.ticket(1).Duty("next_update"); news.Target.Day() != 27 || !news.Running() {
		t.Errorf("after the next promise it is %+v", news)
	}
	s.until("2026-11-25 17:20")
	s.says(anna, "ok\n\nIl fornitore risponde domani, La aggiorno appena so di più.")
	if news, _ := s.ticket(1).Duty("next_update"); news.Running() || news.MetBy == "" {
		t.Errorf("after a letter it is %+v", news)
	}
	s.checkFold()
}

// A warning offers no promise of other news where the text in hand has no place for it: it would be refused.
func TestWarningOffersWhatTheTextCanSay(t *testing.T) {
	s := held(t)
	s.requested("Carrello", request)
	s.says(anna, "ok\nnext 2026-11-25 17:00\n\n"+words)
	s.at("2026-11-25 15:10").tick()
	s.says(anna, "fixed\n"+words+" Ora funziona.")
	s.says(anna, "undo")
	s.until("2026-11-25 17:01")
	s.wantText(anna, "Avevamo promesso notizie", "è risolta", "!next domani 17:00")
	s.says(anna, "ok\nnext domani 17:00\n\nIl fornitore non ha ancora risposto.")
	s.wantRefused(1, "no_place")
	s.checkFold()
}

// Whoever gives his word, and whose letter went, has to keep it: what nobody holds is his, and he alone is warned before. What a colleague holds
// stays his, and a letter taken back has changed nothing.
func TestWhoPromisesHolds(t *testing.T) {
	for _, promise := range []string{"ok\nnext 2026-11-25 17:00", "eta 2026-11-25 17:00"} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		s.says(anna, promise+"\n\n"+words)
		if got := s.ticket(1).Assignee; got != anna {
			t.Errorf("%q: held by %q", promise, got)
		}
		told := len(s.warned(marco))
		s.until("2026-11-25 16:55")
		if got := s.warned(marco)[told:]; len(got) > 0 || len(s.warned(anna)) == 0 {
			t.Errorf("%q: marco is warned %q of what anna has promised", promise, got)
		}
		s.checkFold()
	}
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(marco, "take")
	s.says(anna, "ok\nnext 2026-11-25 17:00\n\n"+words)
	if got := s.ticket(1).Assignee; got != marco {
		t.Errorf("what marco has taken is held by %q", got)
	}
	s = play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "ok\nnext 2026-11-25 17:00\n\n"+words)
	first := s.last(mario)
	s.at("15:20").says(marco, "status")
	s.says(marco, "ok\nnext 2026-11-26 17:00\n\nServe ancora un giorno, La aggiorno io.")
	for _, c := range []struct {
		back store.Letter
		want string
	}{{first, marco}, {s.last(mario), ""}} {
		s.comesBack(c.back)
		if got := s.ticket(1).Assignee; got != c.want {
			t.Errorf("when %s came back it is held by %q, want %q", c.back.ID, got, c.want)
		}
	}
	s.checkFold()
	held := agency(t)
	held.Hold = 2 * time.Minute
	s = play(t, held)
	s.requested("Carrello", request)
	s.says(anna, "ok\nnext 2026-11-25 17:00\n\n"+words)
	s.says(anna, "undo")
	if got := s.ticket(1).Assignee; got != "" {
		t.Errorf("after undo it is held by %q", got)
	}
}

// A letter that calls the problem solved by tomorrow and promises news for Friday says two things: it does not go.
func TestNewsAfterSolution(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "ok\neta 2026-11-24 17:00\nnext 2026-11-27 17:00\n\n"+words)
	s.wantLetters(0)
	s.wantRefused(1, "late_news")
	if text := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(text, "Il testo direbbe che è risolto") {
		t.Errorf("anna is not told why:\n%s", text)
	}
	s.says(anna, "next 2026-11-27 17:00\n\n"+words) // comes back as a draft
	s.says(anna, "eta 2026-11-24 17:00")
	s.wantLetters(0)
	s.says(anna, "eta 2026-11-24 17:00\nnext 2026-11-24 12:00")
	s.wantLetters(1)
}

// Who cannot tell when it will be solved says when he writes again, also where he named no day. That is a promise; that work goes on in the
// morning is none. Nobody is warned the minute he has given his word.
func TestNewsWithoutDate(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	before := len(s.warned(anna))
	s.says(anna, "noeta attendo il fornitore\nok\n\n"+words)
	news, ok := s.ticket(1).Duty("next_update")
	if !ok || !news.Target.Equal(time.Date(2026, 11, 24, 14, 0, 0, 0, time.UTC)) {
		t.Errorf("owed is %+v", s.ticket(1).Duties)
	}
	s.says(anna, "ok\nnext 15:20\n\nLa richiamo tra poco.")
	s.until("15:19")
	if n := len(s.warned(anna)); n != before {
		t.Errorf("warned %d times of a promise just given", n-before)
	}
	night := play(t, agency(t))
	night.at("22:00").arrives(mail{from: mario, subject: "URGENTE: carrello", text: request})
	night.post()
	night.says(anna, "ok\n\n"+words)
	night.wantLetters(1)
	if o, ok := night.ticket(1).Duty("next_update"); ok {
		t.Errorf("a promise that nobody gave: %+v", o)
	}
}

// A letter that comes back has promised nothing, and has not kept what the one before it promised.
func TestNewsComesBack(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "ok\nnext 2026-11-25 17:00\n\n"+words)
	s.at("15:20").says(anna, "ok\nnext 2026-11-27 17:00\n\nServe ancora un giorno.")
	day := func() int {
		o, _ := s.ticket(1).Duty("next_update")
		if !o.Running() {
			return 0
		}
		return o.Target.Day()
	}
	if day() != 27 {
		t.Fatalf("promised for the %dth", day())
	}
	s.at("15:25").comesBack(s.last(mario))
	if day() != 25 {
		t.Errorf("the customer has the promise of the 25th, it runs for the %dth", day())
	}
	s.checkFold()
}

// Any letter keeps the word of those before it: one that comes back later finds nothing to renew. And a letter that comes back has kept nothing.
func TestNewsWasKept(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "ok\nnext 2026-11-25 17:00\n\n"+words)
	s.at("15:20").says(anna, "ok\n\nAbbiamo trovato la causa, domani la correggiamo.")
	running := func() bool { o, _ := s.ticket(1).Duty("next_update"); return o.Running() }
	if running() {
		t.Fatal("a letter did not keep the word")
	}
	s.at("15:30").says(anna, "ok\nnext 2026-11-27 17:00\n\nServe ancora un giorno.")
	s.at("15:35").comesBack(s.last(mario))
	if running() {
		t.Errorf("a word that was kept runs again: %+v", s.ticket(1).Duties)
	}
	other := play(t, agency(t))
	other.requested("Carrello", request)
	other.says(anna, "ok\nnext 2026-11-25 17:00\n\n"+words)
	other.at("15:20").says(anna, "ok\n\nAbbiamo trovato la causa, domani la correggiamo.")
	other.at("15:35").comesBack(other.last(mario))
	if o, _ := other.ticket(1).Duty("next_update"); !o.Running() {
		t.Errorf("the letter that kept the word has reached nobody: %+v", o)
	}
	s.checkFold()
	other.checkFold()
}

// The copy of a letter in our own mailbox proves that it has gone, and is not the news that it promises.
func TestNewsAndCopy(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.server = func(l store.Letter) desk.Ended {
		if l.Customer { // the copy is faster than the answer of the server
			s.receives("Sent", arrival.Sent, l.Bytes, desk.Auth{})
		}
		return desk.Ended{Outcome: "sent", Code: 250, At: s.now}
	}
	s.says(anna, "ok\nnext 2026-11-25 17:00\n\n"+words)
	if n := s.count(1, kind.Settled); n != 1 {
		t.Fatalf("%d copies settled the letter", n)
	}
	if o, _ := s.ticket(1).Duty("next_update"); !o.Running() {
		t.Errorf("the copy of its own letter keeps the word: %+v", o)
	}
	s.checkFold()
}

// An answer that a person gave without us keeps the word as well.
func TestNewsFromOutside(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Carrello", request)
	s.says(anna, "ok\nnext 2026-11-25 17:00\n\n"+words)
	s.at("16:00").says(anna, "posted\n\nTelefonato: domani è a posto.")
	if o, _ := s.ticket(1).Duty("next_update"); o.Running() || o.MetBy != "declared" {
		t.Errorf("after a call it is %+v", o)
	}
	s.wantState(1, ticket.Open)
}
