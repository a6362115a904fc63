package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/desk/budget"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/posted"
)

// telling is a desk of three, all of whom are asked and hear of each other.
func telling(t *testing.T) *scenario {
	cfg := five(t)
	cfg.Staff, cfg.TellColleagues, cfg.Hold = cfg.Staff[:3], true, 2*time.Minute
	return play(t, cfg)
}

// news lists what a person was told of his colleagues.
func (s *scenario) news(who string) (list []store.Letter) {
	for _, l := range s.letters(who) {
		if l.Purpose == "news" {
			list = append(list, l)
		}
	}
	return list
}

// wantNews says how many mails about colleagues each has got.
func (s *scenario) wantNews(want map[string]int) {
	s.Helper()
	for _, who := range []string{anna, marco, carla, boss} {
		if got := s.news(who); len(got) != want[who] {
			s.Fatalf("%s was told %d times of a colleague, want %d: %+v", who, len(got), want[who], got)
		}
	}
}

// below holds that a mail stands below others in the reader's mail program.
func (s *scenario) below(l store.Letter, others ...store.Letter) {
	s.Helper()
	var ids []string
	for _, o := range others {
		ids = append(ids, mailparse.Parse(o.Bytes).MessageID)
	}
	m := mailparse.Parse(l.Bytes)
	if !slices.Equal(m.References, ids) || !slices.Equal(m.InReplyTo, ids[len(ids)-1:]) {
		s.Errorf("%q stands below %v, %v, want %v", m.Subject, m.InReplyTo, m.References, ids)
	}
}

// Whoever was asked hears that a colleague has answered: what the customer gets, when, in his own language, below the mail that asked him.
func TestColleaguesHearOfAnAnswer(t *testing.T) {
	s := telling(t)
	s.requested("Carrello", request)
	asked := s.last(carla)
	s.says(anna, "ok\n"+words)
	s.wantNews(map[string]int{marco: 1, carla: 1})
	s.wantText(carla, "Anna Verdi ha respondido a MB-1 (hoy 15:00).", "Salida: hoy 15:02.", mario, "il registro dei pagamenti")
	s.wantText(marco, "Anna Verdi has answered MB-1 (today 15:00).")
	s.below(s.last(carla), asked)
	m := mailparse.Parse(s.last(carla).Bytes)
	if raw := string(s.last(carla).Bytes); !strings.Contains(raw, "Auto-Submitted: auto-generated") || strings.Contains(m.Subject, "(rb:") || !strings.Contains(raw, "text/html") {
		t.Errorf("not as our other mails to staff:\n%s", raw)
	}
	s.at("15:10").tick()
	s.wantLetters(1)
	s.wantNews(map[string]int{marco: 1, carla: 1})
	for name, text := range s.evidence(1) {
		if strings.Contains(text, "ha respondido") {
			t.Errorf("%s of the evidence shows what is internal", name)
		}
	}
	s.checkFold()
}

// puts lets a mail be read in a folder of that role.
func (s *scenario) puts(role arrival.Role, m mail) {
	s.Helper()
	if role == arrival.Inbox {
		s.arrives(m)
		return
	}
	s.uid++
	in := desk.Incoming{UID: s.uid, Internal: s.now, Raw: s.raw(m)}
	if err := s.desk.Receive(s.Context(), desk.Batch{Folder: "Sent", Role: role, UIDValidity: 1, UID: s.uid, Now: s.now, Mails: []desk.Incoming{in}}); err != nil {
		s.Fatal(err)
	}
}

// Unless the desk wants it nobody is told anything.
func TestColleaguesAreLeftInPeace(t *testing.T) {
	s := telling(t)
	s.cfg.TellColleagues = false
	s.restart()
	s.requested("Carrello", request)
	s.says(anna, "take\nok\n"+words)
	s.wantNews(nil)
}

// A ticket taken or handed on is told, once, and not to whom the same mail asks.
func TestColleaguesHearWhoHasIt(t *testing.T) {
	s := telling(t)
	s.requested("Carrello", request)
	asked := s.last(marco)
	s.says(anna, "take")
	s.wantNews(map[string]int{marco: 1, carla: 1})
	s.wantText(marco, "Anna Verdi has taken MB-1 on (today 15:00).", "!registro")
	s.below(s.last(marco), asked)
	s.says(anna, "take")
	s.wantNews(map[string]int{marco: 1, carla: 1})
	s.says(anna, "assign marco")
	s.wantNews(map[string]int{marco: 1, carla: 2})
	s.wantText(carla, "Anna Verdi ha asignado MB-1 a Marco Neri (hoy 15:00).")
	s.says(anna, "note: nessuna novità\nstatus")
	s.wantNews(map[string]int{marco: 1, carla: 2})
	s.says(marco, "take\nok\n"+words)
	s.wantNews(map[string]int{anna: 1, marco: 1, carla: 3})
	s.checkFold()

	s = telling(t)
	s.requested("Carrello", request)
	s.says(anna, "assign marco\nok\n"+words)
	s.wantNews(map[string]int{carla: 1})
	s.wantText(carla, "Anna Verdi ha respondido a MB-1")
}

// Who was told of a letter that was taken back hears that too, below it, whatever else the mail says that stops it; and of what goes in its place.
func TestColleaguesHearOfUndo(t *testing.T) {
	for _, said := range []string{"undo", "undo\nok ok ok", "undo\nmerge MB-77", "undo\nIl certificato vale ora per un anno."} {
		s := telling(t)
		s.requested("Carrello", request)
		asked := s.last(carla)
		s.says(anna, "ok\n"+words)
		told := s.last(carla)
		s.at("15:01").says(anna, said)
		s.wantNews(map[string]int{marco: 2, carla: 2})
		s.wantText(carla, "Anna Verdi ha detenido a tiempo la carta de MB-1", "el cliente no ha recibido nada", "con [MB-1] en el asunto")
		s.below(s.last(carla), asked, told)
		s.arrives(mail{from: carla, subject: "[MB-1]"})
		s.post()
		if l := s.last(carla); !tokenForm.MatchString(mailparse.Parse(l.Bytes).Subject) {
			t.Errorf("the mail with the draft does not come back: %q", l.Subject)
		}
		s.says(anna, "ok\nIl certificato vale ora per un anno.")
		if s.ticket(1).Decided < s.ticket(1).Draft.Version-1 {
			s.says(anna, "ok")
		}
		s.wantNews(map[string]int{marco: 3, carla: 3})
		s.wantText(carla, "Anna Verdi ha respondido a MB-1", "Il certificato vale ora per un anno.")
		s.at("15:10").tick()
		s.wantLetters(1)
		s.checkFold()
	}
}

func TestColleaguesHearWhatGoesInstead(t *testing.T) {
	s := telling(t)
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	s.at("15:01").says(anna, "undo\neta 2026-11-25 16:00\nVi tengo al corrente.")
	s.wantNews(map[string]int{marco: 2, carla: 2})
	s.wantText(carla, "La carta de la que ya leíste se ha detenido", "Vi tengo al corrente.", "!il registro dei pagamenti")
}

// Who approved a letter hears that a colleague has stopped it.
func TestAuthorHearsOfUndo(t *testing.T) {
	s := telling(t)
	s.requested("Carrello", request)
	asked, forMarco := s.last(anna), s.last(marco)
	s.says(anna, "ok\n"+words)
	receipt := s.last(anna)
	s.at("15:01").arrives(s.answer(forMarco, marco, "undo"))
	s.post()
	s.wantNews(map[string]int{anna: 1, marco: 1, carla: 2})
	s.wantText(anna, "Marco Neri ha fermato in tempo la lettera di MB-1")
	s.below(s.last(anna), asked, receipt)
}

// Words that came back as a draft, for a correction or for want of a proof, void the others' codes. They were asked all the same.
func TestColleaguesHearOfASecondVersion(t *testing.T) {
	s := telling(t)
	s.requested("Carrello", request)
	s.says(anna, words)
	s.wantNews(nil)
	s.says(anna, "ok")
	s.wantNews(map[string]int{marco: 1, carla: 1})

	s = telling(t)
	s.requested("Carrello", request)
	for _, said := range []string{"ok\n" + words, "ok"} {
		m := s.answer(s.last(anna), anna, said)
		m.auth = arrival.None
		s.arrives(m)
		s.post()
	}
	s.wantNews(map[string]int{marco: 1, carla: 1})
}

// Who has been told that it is answered is not told of the next letter, which he was not asked about.
func TestColleaguesHearOfWhatTheyWereAsked(t *testing.T) {
	s := telling(t)
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	s.at("15:10").tick()
	s.arrives(s.answer(s.letters(anna)[0], anna, "status"))
	s.post()
	s.says(anna, "ok\nUna cosa ancora: il certificato vale un anno.")
	s.wantNews(map[string]int{marco: 1, carla: 1})
	s.at("15:20").tick()
	s.wantLetters(2)
	s.arrives(s.answer(s.last(mario), mario, "Grazie, ma non funziona ancora niente."))
	s.post()
	s.says(marco, "ok\nGuardo subito.")
	s.wantNews(map[string]int{anna: 1, marco: 1, carla: 2})
}

// I3: an answer to such a mail is one without a code: it decides nothing, and its writer hears why, with the draft and a code. The digest does not
// take it for a decision that somebody should look at.
func TestAnswerToNewsDecidesNothing(t *testing.T) {
	for _, said := range []string{"ok\nRispondo io.", "take", "Rispondo io."} {
		s := telling(t)
		s.requested("Carrello", request)
		s.says(anna, "take")
		s.says(carla, said)
		s.wantRefused(1, "news")
		s.wantText(carla, "un mensaje solo informativo", "nadie más lee lo que has escrito", "!Falta el código", "!no ha tenido efecto")
		if l := s.last(carla); l.Purpose != "receipt" || !tokenForm.MatchString(mailparse.Parse(l.Bytes).Subject) {
			t.Errorf("%q was answered by %q", said, l.Subject)
		}
		s.at("15:10").tick()
		s.wantLetters(0)
		if s.ticket(1).Assignee != anna {
			t.Errorf("%q gave the ticket to %s", said, s.ticket(1).Assignee)
		}
		if _, text, err := s.desk.Digest(t.Context(), s.now, "it"); err != nil || strings.Contains(text, "decision") {
			t.Errorf("%v: the digest speaks of decisions refused:\n%s", err, text)
		}
		s.says(carla, "ok\nRispondo io.")
		s.at("15:20").tick()
		s.wantLetters(1)
		s.checkFold()
	}
}

// A person who has had his share of mails is not told, and no summary makes up for it; he is told that a letter he knows of was stopped.
func TestNewsIsWithinTheBudget(t *testing.T) {
	s := telling(t)
	s.requested("Carrello", request)
	s.requested("Listino", strings.Replace(request, "Buongiorno", "Salve", 1))
	forAnna := s.letters(anna)
	s.arrives(s.answer(forAnna[0], anna, "ok\n"+words))
	s.post()
	s.wantNews(map[string]int{marco: 1, carla: 1})
	for i := range budget.Ordinary {
		s.requested(fmt.Sprint("Altro ", i), fmt.Sprint(request, i))
		s.arrives(mail{from: fmt.Sprintf("c%d@cliente.example", i), subject: "Carrello", text: request})
		s.post()
	}
	unsaid := s.ticket(2).Unsaid
	s.arrives(s.answer(forAnna[1], anna, "ok\nIl listino è in allegato alla fattura di ieri."))
	s.post()
	s.wantNews(map[string]int{marco: 1, carla: 1})
	if got := s.ticket(2).Unsaid; len(got) != len(unsaid) {
		t.Errorf("left for a summary: %v", got)
	}
	s.at("15:01").arrives(s.answer(forAnna[0], anna, "undo"))
	s.post()
	if got := s.ticket(1).Unsaid; len(got) != 2 {
		t.Errorf("nobody is told that the letter was stopped: %v", got)
	}
	s.wantBudgets()
	s.checkFold()
}

// Whoever was asked hears also of what sends no letter: an answer given in the portal or from somebody's own mail program, what was closed and
// what was put away as spam. Once, and not again with the next letter, which he was not asked about.
func TestColleaguesHearOfWhatSendsNoLetter(t *testing.T) {
	for said, want := range map[string]string{
		"posted\n" + words:   "Anna Verdi ha respondido a MB-1 en el portal (hoy 15:00). | il registro dei pagamenti",
		"posted":             "Anna Verdi ha respondido a MB-1 en el portal (hoy 15:00).",
		"posted\nclose":      "Anna Verdi ha respondido a MB-1 en el portal (hoy 15:00).",
		"take\nposted":       "Anna Verdi ha respondido a MB-1 en el portal (hoy 15:00).",
		"close":              "Anna Verdi ha cerrado MB-1 (hoy 15:00), sin más cartas al cliente.",
		"close: già risolto": "Anna Verdi ha cerrado MB-1 (hoy 15:00), sin más cartas al cliente. | già risolto",
		"spam":               "Anna Verdi ha apartado MB-1 como correo no deseado (hoy 15:00).",
	} {
		s := telling(t)
		s.requested("Carrello", request)
		asked := s.last(carla)
		s.says(anna, said)
		s.wantNews(map[string]int{marco: 1, carla: 1})
		s.wantText(carla, strings.Split(want, " | ")...)
		s.below(s.last(carla), asked)
		s.says(anna, "status")
		if !strings.Contains(said, "posted") || strings.Contains(said, "close") {
			continue
		}
		s.says(anna, "ok\nUna cosa ancora: il certificato vale un anno.")
		s.wantNews(map[string]int{marco: 1, carla: 1})
		s.at("15:10").tick()
		s.wantLetters(1)
		s.arrives(s.answer(s.last(mario), mario, "Grazie, ma non funziona ancora niente."))
		s.post()
		s.says(marco, "ok\nGuardo subito.")
		s.wantNews(map[string]int{anna: 1, marco: 1, carla: 2})
		s.checkFold()
	}
}

// A letter that was told and stopped is said with what was done in its place, and that nothing is open any more.
func TestColleaguesHearWhatWasDoneInstead(t *testing.T) {
	s := telling(t)
	s.requested("Carrello", request)
	s.says(anna, "ok\n"+words)
	told := s.last(carla)
	s.at("15:01").says(anna, "undo\nposted")
	s.wantNews(map[string]int{marco: 2, carla: 2})
	s.wantText(carla, "Anna Verdi ha detenido a tiempo la carta de MB-1", "Anna Verdi ha respondido a MB-1 en el portal", "!vuelve a estar pendiente")
	if m := mailparse.Parse(s.last(carla).Bytes); !slices.Contains(m.References, mailparse.Parse(told.Bytes).MessageID) {
		t.Errorf("stands below %v", m.References)
	}
}

// So is an answer that a colleague, or somebody in the shared mailbox, wrote to the customer without the program.
func TestColleaguesHearOfAnAnswerFromOutside(t *testing.T) {
	for by, want := range map[string]string{anna: "Anna Verdi", support: support} {
		s := telling(t)
		s.requested("Carrello", request)
		asked := s.last(carla)
		m := mail{from: by, to: mario, subject: "Re: Carrello", text: "Ci guardo subito, Mario.\n\nIl 23/11/2026 Mario ha scritto:\n> " + request, reply: []string{s.ticket(1).Thread[0]}}
		role, heard := arrival.Sent, map[string]int{anna: 1, marco: 1, carla: 1}
		if by == anna {
			role, heard[anna], m.head = arrival.Inbox, 0, []string{"Cc: " + support}
		}
		for range 2 {
			s.puts(role, m)
			s.post()
			s.wantNews(heard)
		}
		s.wantText(carla, "El cliente de MB-1 ya tiene respuesta, en un correo de "+want, "Ci guardo subito, Mario.", "!ha scritto", "!vuelve a estar pendiente")
		s.below(s.last(carla), asked)
		s.says(carla, "ok\nRispondo io.")
		s.wantLetters(0)
		s.checkFold()
	}
}

// A correction for several tickets, a notice to many and an erased ticket are told to nobody.
func TestNoNewsOfWhatListsItself(t *testing.T) {
	s := waiting(t, 2*time.Minute)
	s.cfg.TellColleagues = true
	s.restart()
	s.saysOf(anna, "MB-1", "patch 1.2.3\n\n"+solved)
	s.says(anna, "ok")
	s.at("15:01").saysOf(marco, "MB-1", "undo")
	if p := s.ticket(2).Posted; len(p) == 0 || p[0].State != posted.Recalled {
		t.Errorf("nothing was stopped: %+v", p)
	}
	s.wantNews(nil)

	s = closing(t)
	s.cfg.TellColleagues = true
	s.restart()
	n := len(s.news(marco))
	s.says(anna, "take")
	s.says(anna, "ok")
	if len(s.news(marco)) != n {
		t.Errorf("told of a notice to many: %+v", s.news(marco))
	}
}

// Whoever is no longer of the staff is told nothing, and a person with several addresses once.
func TestNewsGoesToStaff(t *testing.T) {
	s := telling(t)
	s.requested("Carrello", request)
	s.cfg.Staff = []desk.Person{s.cfg.Staff[0], {Name: "Carla Blu", Addresses: []string{"carla.blu@mb.example", carla}, Language: "es"}}
	s.restart()
	s.says(anna, "take")
	s.wantNews(nil)
	if got := s.news("carla.blu@mb.example"); len(got) != 1 {
		t.Errorf("%d mails to the new address", len(got))
	}
	if s.ticket(1).State != ticket.New {
		t.Error("taking answers nobody")
	}
}
