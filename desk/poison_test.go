package desk_test

import (
	"strings"
	"testing"

	"replyby/desk"
	"replyby/ticket"
)

// I8: a message that ends the program costs itself only. It is kept before anything reads it, so that the attempts are counted, and the
// mail behind it in the same batch is none the worse.
func TestPoison(t *testing.T) {
	s := play(t, agency(t))
	bad := s.raw(mail{from: anna, subject: "Veleno", text: "ok"})
	s.uid++
	good := s.raw(mail{from: mario, subject: "URGENTE: carrello", text: request})
	s.uid++
	ends := 0
	batch := desk.Batch{Folder: "INBOX", Role: "inbox", UIDValidity: 1, UID: s.uid, Now: s.now, Mails: []desk.Incoming{
		{UID: s.uid - 1, Internal: s.now, Raw: bad, Prove: func() desk.Auth {
			if b, err := s.store.Raw(t.Context(), ticket.Sum(bad)); err != nil || len(b) != len(bad) {
				t.Errorf("read before it was kept: %v", err)
			}
			ends++
			panic("the program ends here")
		}},
		{UID: s.uid, Internal: s.now, Raw: good},
	}}
	for range 3 {
		func() {
			defer func() { _ = recover() }()
			if err := s.desk.Receive(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
		}()
		s.restart()
	}
	if ends != 2 {
		t.Errorf("the message was read %d times, want 2", ends)
	}
	stub, fine := s.ticket(1), s.ticket(2)
	if !strings.Contains(strings.Join(stub.Verdict.Reasons, " "), "not read") || stub.Raw != ticket.Sum(bad) {
		t.Errorf("the poison is %+v", stub.Verdict)
	}
	if fine.Subject != "URGENTE: carrello" || fine.Verdict.Urgency != "urgent" || fine.Customer.Addr != mario {
		t.Errorf("the mail behind it is %q, %+v", fine.Subject, fine.Verdict)
	}
	s.checkFold()
}
