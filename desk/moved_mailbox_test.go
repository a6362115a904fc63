package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
)

// I1, I10: a mailbox that goes to another provider is copied there, and not every program that does so keeps the date at which a mail came. What the desk
// knows stays what it was; mail from before the desk began, to which nobody waits for an answer, makes no tickets: it is set aside, the digest tells of it,
// and a person can adopt it. New mail is a ticket as ever, though its writer's clock is wrong.
func TestMailboxMovedWithNewDates(t *testing.T) {
	b := boxed(t)
	b.now = b.now.AddDate(0, -2, 0)
	var old []desk.Incoming
	for n := range 12 {
		b.uid++
		old = append(old, desk.Incoming{Raw: b.raw(mail{from: fmt.Sprintf("cliente%d@altri.example", n), subject: "Vecchia", text: request})})
	}
	b.now = b.now.AddDate(0, 2, 0)
	b.tick()
	b.comes(b.raw(mail{from: mario, subject: "Carrello", text: request}))
	b.post()
	b.now = b.now.AddDate(0, 0, 20)
	b.tick()
	b.post()
	b.now = b.now.Add(time.Minute)
	before := len(b.letters(anna))
	fresh := b.raw(mail{from: "giulia@altri.example", subject: "Nuova", text: request})
	odd := string(b.raw(mail{from: "piero@altri.example", subject: "Orologio", text: request}))
	odd = strings.Replace(odd, "\r\nDate: ", "\r\nDate: Thu, 1 Jan 2026 10:00:00 +0100\r\nX-Was: ", 1)
	batch := desk.Batch{Folder: "INBOX", Role: arrival.Inbox, UIDValidity: 2, Now: b.now}
	for n, in := range append(append(old, b.mails...), desk.Incoming{Raw: fresh}, desk.Incoming{Raw: []byte(odd)}) {
		in.UID, in.Internal = uint32(n+1), b.now
		batch.Mails = append(batch.Mails, in)
	}
	batch.UID = uint32(len(batch.Mails))
	for range 2 { // and once more
		if err := b.desk.Receive(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		batch.UIDValidity++
	}
	if head, err := b.store.Head(t.Context(), b.cfg.Name); err != nil || head.Next != 4 {
		t.Fatalf("%d tickets, %v, want 3: the one there was and two new ones", head.Next-1, err)
	}
	for n, subject := range []string{"Carrello", "Nuova", "Orologio"} {
		if got := b.ticket(uint64(n + 1)).Subject; got != subject {
			t.Errorf("ticket %d is %q, want %q", n+1, got, subject)
		}
	}
	b.post()
	if n := len(b.letters(anna)) - before; n > 6 {
		t.Errorf("Anna got %d mails", n)
	}
	if aside, err := b.desk.SetAside(t.Context(), b.now.AddDate(0, 0, -1)); err != nil || len(aside) != 12 {
		t.Errorf("%d mails are set aside, %v, want 12", len(aside), err)
	}
	if fate, err := b.desk.Fate(t.Context(), batch.Mails[0]); err != nil || fate != "filed" {
		t.Errorf("an old mail is %q, %v", fate, err)
	}
	b.now = b.now.AddDate(0, 0, 1)
	b.tick()
	b.post()
	if said := b.digests(); len(said) == 0 || !strings.Contains(said[len(said)-1], "12 messaggi più vecchi del registro") {
		t.Errorf("the digest says nothing of them: %q", said)
	}
	if _, err := b.desk.Adopt(t.Context(), b.aside(0), marco, b.now); err != nil {
		t.Errorf("adopt: %v", err)
	}
	b.checkFold()
}
