package desk_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"replyby/desk/arrival"
	"replyby/letter/text"
	"replyby/mailparse"
	"replyby/ticket"
)

// reworded replaces texts of letters, as an administrator does between two starts: each gets a further sentence behind its greeting.
func (s *scenario) reworded(sentence string, names ...string) {
	s.Helper()
	built, err := text.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	s.texts = maps.Clone(s.texts)
	if s.texts == nil {
		s.texts = map[string][]byte{}
	}
	for _, name := range names {
		id, language, _ := strings.Cut(name, ".")
		subject, body, ok := built.Source(id, language)
		if !ok {
			s.Fatalf("no text %s", name)
		}
		if subject != "" {
			subject = "Subject: " + subject + "\n\n"
		}
		s.texts[name] = []byte(subject + body + "\n" + sentence + "\n")
	}
	s.restart()
}

const newSentence = "Questa frase nessuno l'ha ancora letta."

// I2: an approval is good for the text that its mail showed. Whatever makes another text of it meanwhile (an override, a name, the terms,
// the hours) brings the new text back; only the answer to that sends it.
func TestOtherTextThanShown(t *testing.T) {
	for name, change := range map[string]func(s *scenario){
		"text override": func(s *scenario) { s.reworded(newSentence, "ack_eta.it") },
		"name of the person": func(s *scenario) {
			s.cfg.Staff[0].Name = "Anna Verdi Bianchi"
			s.restart()
		},
		"name of the team": func(s *scenario) {
			s.cfg.Team = "Assistenza del Negozio"
			s.restart()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := asked(t)
			change(s)
			s.says(anna, "ok\n\n"+words)
			s.wantLetters(0)
			back := mailparse.Parse(s.last(anna).Bytes).Text
			if !strings.Contains(back, "certificato scaduto") {
				t.Fatalf("the new text did not come back with her words:\n%s", back)
			}
			s.says(anna, "ok")
			s.wantLetters(1)
		})
	}
}

// The same where the mail itself says what to write: what it does not say has to be what was shown.
func TestOtherTextThanShownWithEstimate(t *testing.T) {
	s := asked(t)
	s.reworded(newSentence, "ack_eta.it")
	s.says(anna, "eta 2026-11-24 17:00\n"+words)
	s.wantLetters(0)
	if back := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(back, newSentence) || !strings.Contains(back, "24 novembre") {
		t.Fatalf("the new text did not come back:\n%s", back)
	}
	s.says(anna, "ok")
	s.wantLetters(1)
}

// A receipt shows no draft; the words of one's own answer to it stand in the text of that time, or come back.
func TestOtherTextThanAtTheReceipt(t *testing.T) {
	s := asked(t)
	s.says(anna, "take")
	s.reworded(newSentence, "ack_eta.it")
	s.says(anna, "ok\n\n"+words)
	s.wantLetters(0)
	s.says(anna, "ok")
	s.wantLetters(1)
}

// Where nothing proves the sender, the confirmation is good for its text alone, and the new one again wants a confirmation.
func TestOtherTextThanConfirmed(t *testing.T) {
	s := asked(t)
	unproven := func(text string) {
		m := s.answer(s.last(anna), anna, text)
		m.auth = arrival.None
		s.arrives(m)
		s.post()
	}
	unproven("ok\n\n" + words)
	s.reworded(newSentence, "ack_eta.it")
	unproven("ok")
	s.wantLetters(0)
	unproven("ok")
	s.wantLetters(1)
}

// Of one approval for several tickets every letter is held against what was shown, that of the ticket which asked as well.
func TestOtherTextOfCorrection(t *testing.T) {
	s := play(t, agency(t))
	for _, who := range []string{mario, "luigi@altro.example"} {
		s.arrives(mail{from: who, subject: "Modulo spedizioni", text: request})
	}
	s.post()
	s.says(anna, "patch 2.1: MB-1 MB-2\nfield product: Spedizioni\n\nAbbiamo trovato e corretto l'errore che avete segnalato.")
	s.reworded(newSentence, "resolved_patch.it")
	s.says(anna, "ok")
	s.wantLetters(0)
	if back := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(back, newSentence) {
		t.Fatalf("the new texts did not come back:\n%s", back)
	}
	s.says(anna, "ok")
	s.wantLetters(2)
}

// A text that names the next opening names another one once that is past. It changes from day to day, not from minute to minute, or
// nobody could ever approve it.
func TestOtherInstantThanShown(t *testing.T) {
	s := play(t, agency(t))
	s.at("2026-11-28 10:00") // a Saturday
	s.arrives(mail{from: mario, subject: "URGENTE: sito fermo", text: request + "\nIl negozio è fermo, è urgente."})
	s.post()
	if d := s.ticket(1).Draft.Template; d != "ack_urgent_off_hours" {
		t.Fatalf("the draft is %s", d)
	}
	s.at("2026-11-30 19:10")
	s.says(anna, "ok\n\n"+words)
	s.wantLetters(0)
	s.at("19:20")
	s.says(anna, "ok")
	s.wantLetters(1)
	if text := mailparse.Parse(s.last(mario).Bytes).Text; !strings.Contains(text, "1 dicembre") {
		t.Errorf("the customer is told of another opening:\n%s", text)
	}
}

// Who answers in service hours is at work: an urgent request that came before them is not told that work resumes on another day.
func TestUrgentFromBeforeTheHours(t *testing.T) {
	s := play(t, agency(t))
	s.at("2026-11-24 10:00")
	s.arrives(mail{from: mario, subject: "URGENTE: sito fermo", text: request + "\nIl negozio è fermo, è urgente."})
	s.post()
	if got := s.text(anna); !strings.Contains(got, "Riprendo il lavoro al più tardi martedì 24 novembre") {
		t.Errorf("out of hours the draft does not say when somebody is in:\n%s", got)
	}
	s.at("15:10")
	s.says(anna, "ok\n\n"+words)
	s.at("18:10") // she reads what came back and is no longer in: it still says what it said
	s.says(anna, "ok")
	s.wantLetters(1)
	if got := s.text(mario); !strings.Contains(got, "ci sto lavorando con priorità") || strings.Contains(got, "mercoledì") {
		t.Errorf("the customer reads:\n%s", got)
	}
}

// A warning in service hours shows what its ok would send.
func TestUrgentWarnedInTheHours(t *testing.T) {
	s := play(t, agency(t))
	s.at("2026-11-24 10:00")
	s.arrives(mail{from: mario, subject: "URGENTE: sito fermo", text: request + "\nIl negozio è fermo, è urgente."})
	s.until("2026-11-24 16:50")
	if got := s.text(anna); !strings.Contains(got, "Scade") && !strings.Contains(got, "scade") || !strings.Contains(got, "ci sto lavorando con priorità") {
		t.Fatalf("the warning shows:\n%s", got)
	}
	s.says(anna, "ok\n\n"+words)
	s.wantLetters(1)
}

// A token older than its lifetime does nothing at all, and its person gets one that does.
func TestTokenLifetime(t *testing.T) {
	for name, c := range map[string]struct {
		age  time.Duration
		text string
		sent int
	}{
		"a minute before":   {30*24*time.Hour - time.Minute, "ok\n\n" + words, 1},
		"a minute after":    {30*24*time.Hour + time.Minute, "ok\n\n" + words, 0},
		"words alone after": {30*24*time.Hour + time.Minute, words, 0},
		"a command after":   {90 * 24 * time.Hour, "close", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := asked(t)
			old := s.last(anna)
			s.now = s.now.Add(c.age)
			s.arrives(s.answer(old, anna, c.text))
			s.post()
			s.wantLetters(c.sent)
			if c.sent > 0 {
				return
			}
			s.wantRefused(1, "expired")
			if now := s.ticket(1); now.State == ticket.Closed || now.Draft.Version != 1 {
				t.Errorf("an expired token changed the ticket: %s, draft %d", now.State, now.Draft.Version)
			}
			s.says(anna, "ok\n\n"+words)
			s.wantLetters(1)
		})
	}
}

// Whoever asks for a letter in answer to a mail that did not show it reads that nothing has gone: "where it stands" alone sounds as if it had.
func TestUnshownLetterSaysThatNothingWent(t *testing.T) {
	for _, said := range []string{"fixed: cache svuotata", "ok", "next domani 12:00"} {
		t.Run(said, func(t *testing.T) {
			s := asked(t)
			s.says(anna, "ok\n\n"+words)
			s.wantLetters(1)
			s.says(anna, said)
			s.wantLetters(1)
			if back := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(back, "Non è ancora partito nulla") {
				t.Errorf("the answer to %q does not say that nothing has gone:\n%s", said, back)
			}
		})
	}
}

// I10: words that nothing proves to be a colleague's are the draft of all who work on the ticket. Whoever is shown them hears that, until somebody
// who is known writes others.
func TestUnprovenWordsAreToldToColleagues(t *testing.T) {
	s := asked(t)
	old := s.last(marco)
	m := s.answer(s.last(anna), anna, "Paghi sul nuovo conto IT00X, grazie.")
	m.auth = arrival.None
	s.arrives(m)
	s.post()
	const told = "Nothing proves that anna@mb.example wrote this text"
	s.arrives(s.answer(old, marco, "ok"))
	s.post()
	s.wantLetters(0)
	s.wantText(marco, told, "IT00X")
	s.says(marco, "field product: Cassa")
	s.wantText(marco, told)
	s.says(marco, "I will look at it today, the certificate has expired.")
	s.wantText(marco, "!"+told)
	s.says(marco, "ok")
	s.wantLetters(1)
	if s.ticket(1).Draft.Unproven != "" {
		t.Error("the next draft is unproven, too")
	}
}
