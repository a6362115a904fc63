package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/store"
	"replyby/ticket"
)

// I8: a message that ends the program costs itself only. It is kept before anything reads it, so that the attempts are counted, and the
// mails around it in the same batch are none the worse.
func TestPoison(t *testing.T) {
	s := play(t, agency(t))
	bad := s.raw(mail{from: anna, subject: "Veleno", text: "ok"})
	s.uid++
	ends := 0
	batch := s.batch(4)
	poison := desk.Incoming{UID: 1, Internal: s.now, Raw: bad, Prove: func() desk.Auth {
		if b, err := s.store.Raw(t.Context(), ticket.Sum(bad)); err != nil || len(b) != len(bad) {
			t.Errorf("read before it was kept: %v", err)
		}
		ends++
		panic("the program ends here")
	}}
	batch.Mails = slices.Insert(batch.Mails, 2, poison)
	for range 4 {
		func() {
			defer func() { _ = recover() }()
			if err := s.desk.Receive(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
		}()
		s.restart()
	}
	if ends != 3 { // once in company, twice alone
		t.Errorf("the message was read %d times, want 3", ends)
	}
	stub := s.ticket(3)
	if !strings.Contains(strings.Join(stub.Verdict.Reasons, " "), "not read") || stub.Raw != ticket.Sum(bad) {
		t.Errorf("the poison is %+v", stub.Verdict)
	}
	for i, n := range []uint64{1, 2, 4, 5} {
		fine := s.ticket(n)
		if fine.Subject != fmt.Sprintf("URGENTE: carrello %d", i) || fine.Verdict.Urgency != "urgent" || fine.Customer.Addr != mario {
			t.Errorf("the mail around it is %q, %+v", fine.Subject, fine.Verdict)
		}
	}
	s.checkFold()
}

// I8: however often the program ends while a mail waits in company, that mail is read.
func TestInnocentOfAnotherEnd(t *testing.T) {
	s := play(t, agency(t))
	batch := s.batch(2)
	for range 10 {
		if _, err := s.store.PutRaw(t.Context(), batch.Mails[0].Raw, batch.Mails[1].Raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.desk.Receive(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	for n := range uint64(2) {
		if got := s.ticket(n + 1); got.Customer.Addr != mario {
			t.Errorf("ticket %d was not read: %+v", n+1, got.Verdict)
		}
	}
}

// batch is requests that were never handed over yet.
func (s *scenario) batch(n int) desk.Batch {
	b := desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, Now: s.now}
	for i := range n {
		raw := s.raw(mail{from: mario, subject: fmt.Sprintf("URGENTE: carrello %d", i), text: fmt.Sprintf("%s %d", request, i)})
		s.uid++
		b.Mails = append(b.Mails, desk.Incoming{UID: s.uid, Internal: s.now, Raw: raw})
	}
	b.UID = s.uid
	return b
}

// I1, I6: a batch is what its mails are one by one: the same tickets, entries, letters and cursor, whatever is in it twice.
func TestBatchIsItsMails(t *testing.T) {
	company, single := play(t, agency(t)), play(t, agency(t))
	b := company.batch(3)
	again := b.Mails[0]
	again.UID = 4
	copied := again
	copied.UID, copied.Raw = 5, append([]byte("X-Seen-By: another way\r\n"), again.Raw...)
	company.uid = 5
	reply := desk.Incoming{UID: 6, Internal: company.now, Raw: company.raw(mail{from: mario, subject: "Re: carrello", text: "Ancora io", reply: []string{"m2@client.example"}})}
	company.uid = 6
	list := desk.Incoming{UID: 7, Internal: company.now, Raw: company.raw(mail{from: mario, subject: "Fuori sede", text: "Torno lunedi.", head: []string{"Auto-Submitted: auto-replied"}})}
	b.Mails, b.UID = append(b.Mails, again, copied, reply, list), 9
	if err := company.desk.Receive(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	for _, in := range b.Mails {
		one := b
		one.Mails, one.UID = []desk.Incoming{in}, in.UID
		if err := single.desk.Receive(t.Context(), one); err != nil {
			t.Fatal(err)
		}
	}
	single.desk.Receive(t.Context(), desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 1, UID: 9, Now: b.Now})
	if got, want := told(company), told(single); got != want || !strings.Contains(got, "copy") {
		t.Errorf("together:\n%s\none by one:\n%s", got, want)
	}
	company.checkFold()
}

// told is what the log of a desk says, without what chance decides, with cursor and outbox.
func told(s *scenario) string {
	var b strings.Builder
	for r, err := range s.store.Log(s.Context(), s.cfg.Name, 1, -1) {
		if err != nil {
			s.Fatal(err)
		}
		e, err := r.Event()
		if err != nil {
			s.Fatal(err)
		}
		fmt.Fprintf(&b, "%d %d %s %s", r.Seq, r.Ticket, r.Kind, r.Cause)
		if m := e.Body.Message; m != nil {
			fmt.Fprintf(&b, " %s %s", m.Kind, m.Subject)
		}
		for _, l := range e.Body.Letters {
			fmt.Fprintf(&b, " %s %q", l.To, l.Purpose)
		}
		b.WriteByte('\n')
	}
	out, err := s.store.Outbox(s.Context(), s.cfg.Name, s.now, 0)
	cursor, err2 := s.store.Cursor(s.Context(), s.cfg.Name, "INBOX")
	fmt.Fprintln(&b, len(out), err, cursor, err2)
	return b.String()
}

// An engine that cannot take a batch in one step still gets every mail.
type apart struct{ store.Store }

// Together implements store.Store: it fails after everything was decided.
func (a apart) Together(ctx context.Context, f func(store.Store) error) error {
	return a.Store.Together(ctx, func(v store.Store) error { return errors.Join(f(v), errors.New("one of them is bad")) })
}

// I8: when a batch fails, its mails are taken in one by one.
func TestBatchThatFails(t *testing.T) {
	s := play(t, agency(t))
	b := s.batch(3)
	if err := s.hireAt(s.cfg, apart{s.store}).Receive(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	for n := range uint64(3) {
		if got := s.ticket(n + 1); got.Customer.Addr != mario {
			t.Errorf("ticket %d: %+v", n+1, got)
		}
	}
	s.checkFold()
}
