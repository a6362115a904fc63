package desk_test

import (
	"fmt"
	"replyby/desk/arrival"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// asked plays a desk with one request for which staff have been asked.
func asked(t *testing.T) *scenario {
	t.Helper()
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	return s
}

const quotedBelow = "Il giorno lun 23 nov 2026 alle 15:00 assistenza <" + support + "> ha scritto:\n> Buongiorno,\n> il carrello non va\n> Grazie\n"

// I3: the verb stands above whatever was quoted or signed. A word that only looks like one further down decides nothing.
func TestVerbOnlyAboveQuotes(t *testing.T) {
	for name, c := range map[string]struct{ text, code string }{
		"below a quote":            {quotedBelow + "\nok\n", "below"},
		"signature alone":          {"\n-- \nok\n", "empty"},
		"signature above a quote":  {"\n-- \nOk\nAnna Verdi\n\n" + quotedBelow, "empty"},
		"footer alone":             {"Inviato da iPhone\n\nok\n", "empty"},
		"below an unmarked quote":  {"-----Messaggio originale-----\nDa: assistenza <" + support + ">\nInviato: lunedì 23 novembre 2026 15:00\nA: Anna\nOggetto: Carrello\n\nok\n", "below"},
		"between two quotes":       {quotedBelow + "ok\n> e ancora\n", "below"},
		"rest of a broken quote":   {"Il 23/11/2026 15:00, assistenza ha scritto:\n> il carrello del nostro negozio non accetta\nok\n> più pagamenti da stamattina\n", "below"},
		"below the mark of a list": {"_____________\nok\n", "empty"},
	} {
		t.Run(name, func(t *testing.T) {
			s := asked(t)
			m := s.answer(s.last(anna), anna, "")
			m.text = c.text
			s.arrives(m)
			s.post()
			s.wantLetters(0)
			s.wantRefused(1, c.code)
			if v := s.ticket(1).Draft.Version; v != 1 {
				t.Errorf("quoted words became draft %d", v)
			}
		})
	}
}

// Whoever writes below the quote is told where to write, whoever has a character in his verb that he cannot see is told which; each in his
// own language. The answer to that goes through.
func TestSaysWhatToDoInstead(t *testing.T) {
	for language, say := range map[string][2]string{
		"it": {"scrivi sopra il testo citato", "riscrivila a mano"}, "es": {"escribe encima del texto citado", "vuelve a escribirla a mano"},
		"fr": {"écris au-dessus du texte cité", "retape-la à la main"}, "en": {"write above the quoted text", "type it anew by hand"},
	} {
		t.Run(language, func(t *testing.T) {
			s := play(t, agency(t))
			s.cfg.Staff[0].Language = language
			s.restart()
			s.arrives(mail{from: mario, subject: "Carrello", text: request})
			s.post()
			m := s.answer(s.last(anna), anna, "")
			m.text = quotedBelow + "\nok\n\n" + words
			s.arrives(m)
			s.post()
			s.wantReads(say[0])
			for mark, name := range map[string]string{"\u200b": "U+200B", "\u202e": "U+202E", "\u00ad": "U+00AD"} {
				s.says(anna, "o"+mark+"k\n\n"+words)
				s.wantReads(say[1])
				s.wantReads(name)
			}
			s.wantLetters(0)
			s.says(anna, "ok\n\n"+words)
			s.wantLetters(1)
		})
	}
}

// wantReads says that the latest mail to anna holds some words, wherever its lines are broken.
func (s *scenario) wantReads(words string) {
	s.Helper()
	if text := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(folded(text), words) {
		s.Errorf("anna is not told %q:\n%s", words, text)
	}
}

// A command in a list is a command: mail programs make lists of what begins with a dash or a number.
func TestCommandsInLists(t *testing.T) {
	for _, bullet := range []string{"- ", "* ", "1. ", "1) ", "• "} {
		s := asked(t)
		s.says(anna, bullet+"ok\n\n"+words)
		s.wantLetters(1)
	}
}

// A token counts in the conversation it was mailed in, not under the subject or the thread of another ticket.
func TestTokenOfAnotherTicket(t *testing.T) {
	for _, way := range []string{"thread", "number"} {
		t.Run(way, func(t *testing.T) {
			s := asked(t)
			one := s.last(anna)
			s.arrives(mail{from: "luigi@altro.example", subject: "Fattura", text: request})
			s.post()
			two := s.last(anna)
			m := s.answer(one, anna, "ok\n\n"+words)
			swap := tokenForm.FindString(mailparse.Parse(two.Bytes).Subject)
			m.subject = tokenForm.ReplaceAllString(m.subject, swap)
			if way == "number" {
				m.reply = nil
			}
			s.arrives(m)
			s.post()
			s.wantLetters(0)
			s.wantRefused(1, "foreign_token")
		})
	}
}

// T04: the order to send a letter in doubt again is good once, as every order that makes a letter.
func TestResendIsNotReplayed(t *testing.T) {
	s := asked(t)
	tries := 0
	s.server = func(l store.Letter) desk.Ended {
		if l.Customer {
			tries++
			return desk.Ended{Outcome: "unknown", Stage: "dot", At: s.now}
		}
		return desk.Ended{Outcome: "sent", At: s.now}
	}
	s.says(anna, "ok\n\n"+words)
	s.until("15:20")
	again := s.answer(s.last(anna), anna, "resend")
	for i := range 3 {
		again.head = []string{fmt.Sprintf("X-Mailer: %d", i)}
		s.arrives(again)
		s.until([]string{"15:40", "16:00", "16:20"}[i])
	}
	if tries != 2 {
		t.Errorf("the letter was tried %d times on one order to send it again", tries)
	}
	s.wantRefused(1, "superseded")
	s.says(anna, "resend")
	if tries != 3 {
		t.Errorf("an order with a fresh token was not heard: %d tries", tries)
	}
}

// I2: what goes out is the text that was shown, also when the ticket was called urgent in between.
func TestTextAsShown(t *testing.T) {
	s := asked(t)
	shown := s.last(anna)
	s.says(marco, "urgent")
	s.arrives(s.answer(shown, anna, "ok\n\n"+words))
	s.post()
	s.wantLetters(0)
	if text := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(text, "con priorità") || !strings.Contains(text, "certificato") {
		t.Fatalf("anna is not shown the text that fits now:\n%s", text)
	}
	s.says(anna, "ok")
	s.wantLetters(1)
}

// I2: words of one's own do not approve what somebody else put beside them into a draft one has not seen.
func TestUnseenEstimate(t *testing.T) {
	s := asked(t)
	m := s.answer(s.last(marco), marco, "eta 2026-11-24 17:00\n"+words)
	m.auth = arrival.None // goes two-step: a draft with an estimate that only marco was shown
	s.arrives(m)
	s.post()
	s.says(anna, "help")
	s.says(anna, "ok\n\nHo visto la richiesta e la seguo io da oggi pomeriggio.")
	s.wantLetters(0)
	if text := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(text, "24 novembre") {
		t.Errorf("anna is not shown the estimate that would go:\n%s", text)
	}
	s.says(anna, "ok")
	s.wantLetters(1)
}

// "domani" is the day after the mail came, whenever it is read.
func TestDatesAreReadAsOfArrival(t *testing.T) {
	late := func(text string) *scenario {
		s := asked(t)
		raw := s.raw(s.answer(s.last(anna), anna, text))
		in := desk.Incoming{UID: 9, Internal: s.now, Raw: raw, Prove: func() desk.Auth { return desk.Auth{Outcome: arrival.Pass, From: anna} }}
		s.at("2026-11-25 10:00") // the desk stood still for two days
		err := s.desk.Receive(t.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: 9, Mails: []desk.Incoming{in}, Now: s.now})
		if err != nil {
			t.Fatal(err)
		}
		s.post()
		return s
	}
	s := late("eta domani 17:00\n" + words)
	s.wantLetters(0) // that was yesterday
	if l := s.last(anna); l.Purpose != "review" {
		t.Errorf("anna's last mail is a %s, want a question", l.Purpose)
	}
	s = late("eta venerdì 17:00\n" + words)
	s.wantLetters(1)
	if text := mailparse.Parse(s.last(mario).Bytes).Text; !strings.Contains(text, "27 novembre") {
		t.Errorf("letter:\n%s", text)
	}
}

// I10: the copy of a letter that has bounced, read late from another folder, proves nothing any more.
func TestCopyAfterBounce(t *testing.T) {
	s := asked(t)
	s.says(anna, "ok\n\n"+words)
	l := s.last(mario)
	s.at("15:30").delivers([]byte(strings.ReplaceAll(bounce, "MESSAGE-ID", mailparse.Parse(l.Bytes).MessageID)), "")
	s.delivers(append([]byte("Received: from smtp.test by mx.mb.example with ESMTP; "+s.now.Format(time.RFC1123Z)+"\r\n"), l.Bytes...), "")
	if p, _ := s.ticket(1).Letter(l.ID); p.State != posted.Bounced {
		t.Errorf("letter is %q", p.State)
	}
	if ack, _ := s.ticket(1).Duty("ack"); !ack.Running() {
		t.Error("a bounced letter stopped the clock")
	}
}

// An automatic answer that a server put among sent mail is nobody's answer.
func TestAutomaticMailAmongSent(t *testing.T) {
	for name, head := range map[string][]string{"person": nil, "auto": {"Auto-Submitted: auto-replied"}, "list": {"Precedence: bulk"}} {
		t.Run(name, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: mario, subject: "Carrello", text: request})
			thread := s.ticket(1).Thread[0]
			raw := s.raw(mail{from: support, to: mario, subject: "Re: Carrello", reply: []string{thread}, head: head, text: "Abbiamo ricevuto la richiesta."})
			s.receives("Sent", arrival.Sent, raw, desk.Auth{})
			if ack, _ := s.ticket(1).Duty("ack"); ack.Running() == (head == nil) {
				t.Errorf("the clock runs: %v", ack.Running())
			}
		})
	}
}

// receives delivers a mail to any folder with a proof of any kind.
func (s *scenario) receives(folder string, role arrival.Role, raw []byte, auth desk.Auth) {
	s.Helper()
	s.uid++
	in := desk.Incoming{UID: s.uid, Internal: s.now, Raw: raw, Prove: func() desk.Auth { return auth }}
	err := s.desk.Receive(s.Context(), desk.Batch{Folder: folder, Role: role, UIDValidity: 1, UID: s.uid, Mails: []desk.Incoming{in}, Now: s.now})
	if err != nil {
		s.Fatal(err)
	}
}

// The header has to say once, and has to say, who wrote when: the signature covers no field that is not there.
func TestFieldsThatMustBeThere(t *testing.T) {
	for _, name := range []string{"Date", "Message-ID"} {
		s := asked(t)
		raw := string(s.raw(s.answer(s.last(anna), anna, "ok\n\n"+words)))
		at := strings.Index(raw, "\r\n"+name+":") + 2
		raw = raw[:at] + "X-Was-" + raw[at:]
		s.delivers([]byte(raw), "")
		s.post()
		s.wantLetters(0)
		s.wantRefused(1, "unreadable: no "+name)
	}
	for _, line := range []string{"Content-Type: text/html", "Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: 7bit", "MIME-Version: 1.0", "Bcc: a@b.example\r\nBcc: c@d.example"} {
		s := asked(t)
		m := s.answer(s.last(anna), anna, "ok\n\n"+words)
		m.head = []string{line}
		s.arrives(m)
		s.post()
		s.wantLetters(0)
		s.wantRefused(1, "repeated_field")
	}
}

// A letter to a customer never shows a token, whoever pasted it.
func TestTokenNeverReachesCustomer(t *testing.T) {
	s := asked(t)
	pasted := tokenForm.FindString(mailparse.Parse(s.last(marco).Bytes).Subject)
	for _, text := range []string{"ok\n\nLa richiesta " + pasted + " è in lavorazione.", "ok\n\nVedi " + strings.ToUpper(pasted[4:len(pasted)-1]) + ", ci penso io."} {
		s.at(s.now.In(s.cfg.Zone).Add(time.Minute).Format("15:04")).says(anna, text)
		s.wantLetters(0)
		s.wantRefused(1, "unsendable")
	}
}

// Whoever comes second is told who was first, and when.
func TestSecondIsToldWhoAndWhen(t *testing.T) {
	s := asked(t)
	second := s.last(marco)
	s.at("15:07").says(anna, "ok\n\n"+words)
	s.at("15:19").arrives(s.answer(second, marco, "ok\n\nUn altro testo, del tutto diverso dal primo."))
	s.post()
	s.wantLetters(1)
	if text := mailparse.Parse(s.last(marco).Bytes).Text; !strings.Contains(text, "Anna Verdi, 23/11/2026 15:07") {
		t.Errorf("marco is not told who decided and when:\n%s", text)
	}
}

// A form that looks like a request must not hide that a program wrote the mail.
func TestFormDoesNotHideAutomation(t *testing.T) {
	for _, head := range []string{"X-Autoreply: yes", "Precedence: bulk", "Return-Path: <>", "List-Id: <tutti.mb.example>", "X-Autorespond: ferie", "Auto-Submitted: auto-generated"} {
		s := asked(t)
		m := s.answer(s.last(anna), anna, "ok\n\n"+words)
		m.reply, m.subject = nil, strings.TrimPrefix(m.subject, "Re: ")
		m.text = "ok\n\n" + words + "\n\nQuesta e-mail è stata inviata da un modulo di contatto su mb.example\n"
		m.head = []string{"Reply-To: " + anna, head}
		s.arrives(m)
		s.post()
		s.wantLetters(0)
		if s.count(1, kind.Decided) != 0 {
			t.Errorf("%s: decided", head)
		}
	}
}

// T26: an invitation decides nothing, whatever stands in it.
func TestInvitationsDecideNothing(t *testing.T) {
	for _, method := range []string{"REQUEST", "REPLY", "CANCEL", "COUNTER"} {
		s := asked(t)
		l := s.last(anna)
		m := s.answer(l, anna, "ok")
		raw := string(s.raw(m))
		raw = strings.Replace(raw, "Content-Type: text/plain; charset=utf-8", "Content-Type: multipart/alternative; boundary=b", 1)
		head, _, _ := strings.Cut(raw, "\r\n\r\n")
		raw = head + "\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nok\r\n--b\r\nContent-Type: text/calendar; method=" + method + "\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:" + method + "\r\nEND:VCALENDAR\r\n--b--\r\n"
		s.delivers([]byte(raw), "")
		s.post()
		s.wantLetters(0)
		if slices.Contains(s.events(1), kind.Decided) {
			t.Errorf("%s: decided", method)
		}
	}
}
