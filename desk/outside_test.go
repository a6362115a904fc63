package desk_test

import (
	"cmp"
	"strings"
	"testing"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/ticket/kind"
)

// I5, I9: an answer that a person wrote to the customer himself stops the clock, with its proof, where it is provably his, to the customer
// and in the conversation. Whatever looks like one and is not stops nothing.
func TestAnswerOutside(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*mail)
		role   arrival.Role
		stops  bool
	}{
		"copied to us, proven":                 {stops: true},
		"in our folder of sent mail":           {role: arrival.Sent, change: func(m *mail) { m.auth = arrival.None; m.head = nil }, stops: true},
		"copied to us, the proof fails":        {change: func(m *mail) { m.auth = arrival.Fail }},
		"copied to us, nothing proves it":      {change: func(m *mail) { m.auth = arrival.None }},
		"by nobody of the staff":               {change: func(m *mail) { m.from = "annna@mb.example" }},
		"a note of absence":                    {change: func(m *mail) { m.head = append(m.head, "Auto-Submitted: auto-replied") }},
		"to somebody else":                     {change: func(m *mail) { m.to = "luigi@altro.example" }},
		"in no conversation of his":            {change: func(m *mail) { m.reply = []string{"x@altrove.example"} }},
		"answering nothing":                    {change: func(m *mail) { m.reply = nil }},
		"the number in the subject, no thread": {change: func(m *mail) { m.reply = nil; m.subject = "Re: [MB-1] Carrello" }},
	} {
		t.Run(name, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: mario, subject: "Carrello", text: request})
			s.post()
			shown := s.last(anna)
			m := mail{from: anna, to: mario, subject: "Re: Carrello", text: "Ci guardo subito, Mario.", reply: []string{s.ticket(1).Thread[0]}, head: []string{"Cc: " + support}}
			if c.change != nil {
				c.change(&m)
			}
			s.at("15:20")
			s.puts(cmp.Or(c.role, arrival.Inbox), m)
			s.post()
			s.wantLetters(0) // nothing goes out for it in any case
			ack, _ := s.ticket(1).Duty("ack")
			if met := !ack.MetAt.IsZero(); met != c.stops || (s.count(1, kind.AnsweredOutside) == 1) != c.stops {
				t.Fatalf("the clock stopped: %v, want %v; %v", met, c.stops, s.events(1))
			}
			if c.stops {
				if ack.MetBy != "observed" {
					t.Errorf("met by %q, want observed", ack.MetBy)
				}
				s.arrives(s.answer(shown, anna, "ok\n\n"+words)) // the draft that was shown is withdrawn
				s.post()
				s.wantLetters(0)
				s.wantRefused(1, "superseded")
			}
			s.checkFold()
		})
	}
}

// An answer from the shared mailbox counts by its copy in our folder of sent mail, once, also where the copy to ourselves was read first.
// That one alone opens no ticket and stops no clock: our address in From is something that anybody can write.
func TestAnswerFromTheSharedMailboxCopiedToItself(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	raw := s.raw(mail{from: "Assistenza MB <" + support + ">", to: mario, subject: "Re: Carrello", text: "Ci guardo subito, Mario.",
		reply: []string{s.ticket(1).Thread[0]}, head: []string{"Cc: " + support}})
	s.at("15:20").delivers(raw, arrival.None) // INBOX is watched through IDLE, Sent is polled
	if ack, _ := s.ticket(1).Duty("ack"); !ack.Running() || s.count(1, kind.AnsweredOutside) != 0 || len(s.events(2)) > 0 {
		t.Errorf("the copy alone: %v; a second ticket: %v", s.events(1), s.events(2))
	}
	_, inSent, _ := strings.Cut(string(raw), "\r\n")
	for range 2 { // the server may give the folder new numbers
		s.uid++
		in := desk.Incoming{UID: s.uid, Internal: s.now, Raw: []byte(inSent)}
		if err := s.desk.Receive(t.Context(), desk.Batch{Folder: "Sent", Role: arrival.Sent, UIDValidity: s.uid, UID: s.uid, Now: s.now, Mails: []desk.Incoming{in}}); err != nil {
			t.Fatal(err)
		}
		if ack, _ := s.ticket(1).Duty("ack"); ack.Running() || s.count(1, kind.AnsweredOutside) != 1 || len(s.events(2)) > 0 {
			t.Errorf("the customer has his answer: %v; a second ticket: %v", s.events(1), s.events(2))
		}
	}
	s.checkFold()
}

// The copy of an answer in our folder of sent mail counts also where the one in INBOX lost its thread on the way and went elsewhere.
func TestAnswerWhoseOtherCopyIsElsewhere(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", text: request})
	s.post()
	sent := string(s.raw(mail{from: support, to: mario, subject: "Re: Carrello", text: "Ci guardo subito, Mario.", reply: []string{s.ticket(1).Thread[0]}, head: []string{"Cc: " + support}}))
	s.at("15:20").delivers([]byte(strings.NewReplacer("In-Reply-To", "X-In-Reply-To", "References", "X-References").Replace(sent)), arrival.None)
	s.uid++
	in := desk.Incoming{UID: s.uid, Internal: s.now, Raw: []byte(sent)}
	if err := s.desk.Receive(t.Context(), desk.Batch{Folder: "Sent", Role: arrival.Sent, UIDValidity: 1, UID: s.uid, Now: s.now, Mails: []desk.Incoming{in}}); err != nil {
		t.Fatal(err)
	}
	if ack, _ := s.ticket(1).Duty("ack"); ack.Running() || s.count(1, kind.AnsweredOutside) != 1 {
		t.Errorf("the customer has his answer, and the clock runs: %v", s.events(1))
	}
}
