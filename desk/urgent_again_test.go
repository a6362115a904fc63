package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"replyby/classifier"
	"replyby/desk"
	"replyby/ticket/kind"
	"replyby/ticket/verdict"
)

// An answer repeats the subject of the ticket. That does not make urgent again what a person has lowered; the term written anew does.
func TestLoweredStaysLowered(t *testing.T) {
	for said, want := range map[string]verdict.Urgency{
		"":                           verdict.NotUrgent,
		"URGENTE: ":                  verdict.Urgent,
		"URGENTE pagamento fermo - ": verdict.Urgent,
	} {
		s := play(t, agency(t))
		s.arrives(mail{from: "Mario Rossi <" + mario + ">", subject: "URGENTE carrello vuoto", text: request})
		s.post()
		s.says(anna, "normal: non blocca le vendite\nok\n"+words)
		m := s.answer(s.last(mario), mario, "Grazie, il numero d'ordine è 4711.")
		m.subject = said + m.subject
		s.arrives(m)
		if got := s.ticket(1).Verdict.Urgency; got != want {
			t.Errorf("%q: %s, want %s", m.subject, got, want)
		}
		s.checkFold()
	}
}

// Who answers an old letter under another subject has another matter: staff read his subject, and that it is urgent now.
func TestAnswerUnderAnotherSubject(t *testing.T) {
	for subject, wants := range map[string][]string{
		"URGENTE pagamento con carta":  {"Oggetto   URGENTE pagamento con carta", "!! URGENTE per contratto"},
		"Pagamento con carta":          {"Oggetto   Pagamento con carta"},
		"Re: [MB-1] Risolto: Carrello": {"Oggetto   Carrello"},
		"R: Carrello":                  {"Oggetto   Carrello"},
		"":                             {"Oggetto   Carrello"},
	} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		s.says(anna, "fixed\n"+words)
		s.post()
		m := s.answer(s.last(mario), mario, "Il pagamento con carta dà errore.")
		m.subject = subject
		s.arrives(m)
		s.post()
		got := s.last(anna).Text
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%q: no %q in\n%s", subject, want, got)
			}
		}
		if urgent := strings.Contains(got, "!! URGENTE"); urgent != (len(wants) > 1) {
			t.Errorf("%q: urgent is %v", subject, urgent)
		}
	}
}

// I5: what only ends as the subject of the ticket does repeats nothing, and the term may stand there anew; staff read that subject.
func TestTermThatEndsTheSubject(t *testing.T) {
	for subject, want := range map[string]verdict.Urgency{
		"Re: [MB-1] Priorità della Sua richiesta: URGENTE": verdict.NotUrgent,
		"R: urgente": verdict.NotUrgent,
		"Re: [EXTERNAL] [MB-1] Priorità della Sua richiesta: URGENTE": verdict.NotUrgent,
		"[URGENTE!] Re: [MB-1] Priorità della Sua richiesta: URGENTE": verdict.Urgent,
		"Sito di nuovo offline, URGENTE":                              verdict.Urgent,
		"Pagamenti fermi: URGENTE":                                    verdict.Urgent,
	} {
		s := play(t, agency(t))
		s.arrives(mail{from: "Mario Rossi <" + mario + ">", subject: "URGENTE", text: request})
		s.post()
		s.says(anna, "normal: non blocca le vendite\nok\n"+words)
		s.post()
		m := s.answer(s.last(mario), mario, "Da stamattina nessuno può pagare.")
		m.subject = subject
		s.arrives(m)
		s.post()
		if got := s.ticket(1).Verdict.Urgency; got != want {
			t.Errorf("%q: %s, want %s", subject, got, want)
		}
		if text := s.last(anna).Text; want == verdict.Urgent && subject[0] != '[' && !strings.Contains(text, "Oggetto   "+subject) {
			t.Errorf("%q is not shown:\n%s", subject, text)
		}
	}
}

// A letter of ours about an urgent ticket has the term in its own subject. Who answers it when a person has lowered the ticket has not written that;
// nor has who answers what he wrote himself.
func TestOurTermIsNotTheCustomers(t *testing.T) {
	for subject, says := range map[string]string{
		"URGENTE carrello vuoto": "ok\n" + words,
		"Carrello vuoto":         "urgent: nessuno può comprare\nok\n" + words,
	} {
		s := play(t, agency(t))
		s.arrives(mail{from: "Mario Rossi <" + mario + ">", subject: subject, text: request})
		s.post()
		s.says(anna, says)
		s.now = s.now.Add(3 * time.Minute)
		s.post()
		m := s.answer(s.last(mario), mario, "Grazie, il numero d'ordine è 4711.")
		own := m.subject
		if !strings.Contains(own, "URGENTE, in lavorazione") {
			t.Fatalf("our letter is %q", own)
		}
		for before, want := range []verdict.Urgency{verdict.NotUrgent, verdict.Urgent, verdict.NotUrgent} {
			s.says(anna, "normal: le vendite vanno")
			m.subject = []string{"", "URGENTE: ", "Re: URGENTE: "}[before] + own
			m.text += "."
			s.arrives(m)
			s.post()
			if got := s.ticket(1).Verdict.Urgency; got != want {
				t.Errorf("%q: %s, want %s", m.subject, got, want)
			}
		}
		s.checkFold()
	}
}

// So it is with a request that a person took up, and with one that goes on in another: who answers what he wrote there repeats it.
func TestTermOfWhatWasTakenUpIsRepeated(t *testing.T) {
	s := play(t, agency(t))
	if _, err := s.desk.Import(t.Context(), desk.Saved{Raw: s.raw(mail{from: mario, to: anna, subject: "URGENTE carrello vuoto", text: request}), By: anna}, s.now); err != nil {
		t.Fatal(err)
	}
	s.uid++
	s.post()
	s.says(anna, "normal: le vendite vanno")
	m := mail{from: mario, subject: "Re: URGENTE carrello vuoto", text: laterWords, reply: s.ticket(1).Thread}
	s.arrives(m)
	if got := s.ticket(1).Verdict.Urgency; got != verdict.NotUrgent {
		t.Errorf("taken up: %s", got)
	}

	s = play(t, agency(t))
	s.requested("Listino", request)
	s.at("15:01").requested("URGENTE carrello vuoto", request+" Da stamattina.")
	s.post()
	s.saysOf(anna, "MB-2", "normal: le vendite vanno\nmerge MB-1")
	m.reply = s.ticket(2).Thread
	s.at("15:10").arrives(m)
	if got := s.ticket(1).Verdict.Urgency; s.ticket(2).MergedInto != 1 || s.count(1, kind.Received) != 2 || got != verdict.NotUrgent {
		t.Errorf("merged: %s, %v", got, s.events(1))
	}
	m.subject, m.text = "URGENTE adesso non paga più nessuno", "Non va più nulla."
	s.arrives(m)
	if got := s.ticket(1).Verdict.Urgency; got != verdict.Urgent {
		t.Errorf("written anew: %s", got)
	}
}

// I5: an urgent request stays urgent where it goes on, until a person lowers that, with the text for a customer who called it urgent; and again where he
// does once more.
func TestUrgentGoesOnWithAMerge(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Listino", request)
	s.at("15:01").requested("URGENTE carrello vuoto", request+" Da stamattina.")
	s.post()
	s.saysOf(anna, "MB-2", "merge MB-1")
	if s.ticket(2).MergedInto != 1 || s.ticket(1).Verdict.Urgency != verdict.Urgent {
		t.Errorf("merged into %d, which is %s", s.ticket(2).MergedInto, s.ticket(1).Verdict.Urgency)
	}
	s.wantText(marco, "URGENT")
	for i := range 2 {
		s.saysOf(anna, "MB-1", fmt.Sprintf("normal: le vendite vanno\nok\n%s (%d)", words, i))
		var chosen string
		for r, err := range s.store.Log(s.Context(), s.cfg.Name, 1, 1) {
			if err != nil {
				t.Fatal(err)
			}
			if r.Kind == kind.Decided {
				chosen = s.event(r).Body.Draft.Template
			}
		}
		if got := s.ticket(1).Verdict.Urgency; got != verdict.NotUrgent || chosen != "urgent_not_met" {
			t.Errorf("%s, and the letter is %q", got, chosen)
		}
		s.at(fmt.Sprintf("15:1%d", i)).arrives(mail{from: mario, subject: fmt.Sprint("URGENTE, volta ", i), text: laterWords, reply: s.ticket(1).Thread})
		s.post()
	}
	s.checkFold()
}

// I5: all notifications of a portal have the same subject. Where the rule reads urgency from the first line of the message, that line counts in a further one too.
func TestTermInTheFirstLineOfAFurtherNotification(t *testing.T) {
	s := play(t, careDesk(t))
	rule := portal()
	rule.UrgentFrom = "first_line"
	s.judge.Sources, s.judge.AuthservID = []classifier.Source{rule}, "mx.seller.example"
	s.restart()
	s.notice("8841", "pass", "Buongiorno, la pagina mostra un errore.")
	s.notice("8841", "pass", "URGENTE: adesso nessuno può pagare.")
	if got := s.ticket(1).Verdict.Urgency; got != verdict.Urgent || s.count(1, kind.Received) != 2 {
		t.Errorf("%s after %d messages", got, s.count(1, kind.Received))
	}
}

// I5: nor does a subject that has the term and is the same in all of them, so that it never made anything urgent, keep that line from doing so.
func TestTermInTheFirstLineBelowASubjectWithTheTerm(t *testing.T) {
	s := play(t, careDesk(t))
	rule := portal()
	rule.UrgentFrom = "first_line"
	s.judge.Sources, s.judge.AuthservID = []classifier.Source{rule}, "mx.seller.example"
	s.restart()
	for i, want := range []verdict.Urgency{verdict.NotUrgent, verdict.Urgent} {
		s.arrives(mail{from: "Marketplace <no-reply@marketplace.example>", subject: "Messaggio urgente da leggere",
			text: "Cliente: Bottega Rossi\nProdotto: Modulo SEO\n\nMessaggio:\n" + []string{"Buongiorno, un errore.", "URGENTE: nessuno può pagare."}[i] +
				"\n\nRisponda dal suo conto: https://marketplace.example/messages/8841",
			head: []string{"Authentication-Results: mx.seller.example; dkim=pass header.d=marketplace.example", "Auto-Submitted: auto-generated"}})
		if got := s.ticket(1).Verdict.Urgency; got != want || s.count(1, kind.Received) != i+1 {
			t.Errorf("%s, want %s: %v", got, want, s.events(1))
		}
	}
}
