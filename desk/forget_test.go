package desk_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/desk/trace"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// lies puts a mail into a folder, at an instant of the server's clock.
func (s *scenario) lies(folder string, role arrival.Role, internal time.Time, raw []byte) ticket.Hash {
	s.Helper()
	s.uid++
	in := desk.Incoming{UID: s.uid, Internal: internal, Raw: raw}
	if err := s.desk.Receive(s.Context(), desk.Batch{Folder: folder, Role: role, UIDValidity: 1, UID: s.uid, Mails: []desk.Incoming{in}, Now: s.now}); err != nil {
		s.Fatal(err)
	}
	return ticket.Sum(raw)
}

// forgets has the desk forget Mario, whose ticket is MB-1.
func (s *scenario) forgets() trace.Traces {
	s.Helper()
	found, err := s.desk.Forget(s.Context(), trace.Person{Address: strings.ToUpper(mario), Refs: []string{"MB-1"}}, anna, s.now)
	if err != nil {
		s.Fatal(err)
	}
	return found
}

// is reports whether the bytes of a mail are kept.
func (s *scenario) is(h ticket.Hash) bool {
	s.Helper()
	_, err := s.store.Raw(s.Context(), h)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		s.Fatal(err)
	}
	return err == nil
}

// I11: what a desk keeps of a person outside his tickets goes when he asks for it: mail that was set aside, mail that no event names, and what
// digests said of him. What is of others stays, the log verifies, and the same mail read again is nothing new.
func TestForget(t *testing.T) {
	b := asksToErase(t)
	b.tick()
	list := func(from string) mail {
		return mail{from: from, subject: "Novità", text: "Saluti da Mario.", head: []string{"Precedence: bulk"}}
	}
	old, sent := mail{from: mario, subject: "Un anno fa", text: "Cara Anna"}, mail{from: support, to: mario, subject: "Auguri", text: "Caro Mario"}
	olderRaw := b.raw(old)
	older := b.lies("INBOX", arrival.Inbox, b.now.AddDate(0, 0, -20), olderRaw)
	gone := []ticket.Hash{
		older, b.lies("Sent", arrival.Sent, b.now, b.raw(sent)),
		b.lies("Junk", arrival.Junk, b.now, b.raw(mail{from: mario, subject: "Vinca", text: "Mario, clicca."})),
		b.lies("INBOX", arrival.Inbox, b.now, b.raw(list(mario))),
	}
	stays := []ticket.Hash{
		b.lies("INBOX", arrival.Inbox, b.now, b.raw(list("altra@rivista.example"))),
		b.lies("INBOX", arrival.Inbox, b.now, b.raw(list("sanmario@cliente.example"))),
		b.lies("INBOX", arrival.Inbox, b.now, b.raw(mail{from: "luigi@altro.example", subject: "Altro", text: "Con copia", head: []string{"Cc: " + mario}})),
	}
	b.until("2026-11-24 14:00")
	if _, err := b.desk.Erase(t.Context(), 1, anna, b.now); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.onRecord(0), mario) || b.count(0, kind.DigestSent) == 0 {
		t.Fatalf("nothing to forget: %v", b.events(0))
	}
	found := b.forgets()
	if len(found.Mails) != len(gone) || found.Waiting || found.Contracted || !slices.Equal(found.Tickets, []string{"MB-3"}) {
		t.Errorf("found %+v", found)
	}
	for i, h := range gone {
		if b.is(h) {
			t.Errorf("mail %d is still there", i)
		}
	}
	for i, h := range stays {
		if !b.is(h) {
			t.Errorf("mail %d of others is gone", i)
		}
	}
	own := b.onRecord(0)
	for _, secret := range []string{"\"" + mario, "Vinca", "MB-1"} {
		if i := strings.Index(own, secret); i >= 0 {
			t.Errorf("%q is still there: …%s", secret, own[max(0, i-200):i+50])
		}
	}
	if filed := b.ticket(0).Filed; len(filed) != 2 || filed[0].From != "altra@rivista.example" {
		t.Errorf("set aside are %+v", filed)
	}
	if wrong, err := b.store.Check(t.Context(), nil); err != nil || len(wrong) > 0 {
		t.Errorf("verify: %v, %v", wrong, err)
	}
	b.checkFold()
	n := b.count(0, kind.Erased)
	b.lies("INBOX", arrival.Inbox, b.now.AddDate(0, 0, -20), olderRaw)
	if again := b.forgets(); len(again.Records)+len(again.Mails) > 0 || b.is(older) || b.count(0, kind.Erased) != n {
		t.Errorf("again there was %+v", again)
	}
	b.arrives(list("terza@rivista.example"))
	if x := b.ticket(0).Filed; x[len(x)-1].From != "terza@rivista.example" {
		t.Errorf("what is set aside since says nothing: %+v", x)
	}
	b.until("2026-11-25 14:00")
	b.checkFold()
}

// I11: a mail to staff that names the person and is still to go stays until it has gone, and is said; so is a file of contracts that names him.
func TestForgetWhatWaits(t *testing.T) {
	b := asksToErase(t)
	b.tick()
	b.lies("Junk", arrival.Junk, b.now, b.raw(mail{from: mario, subject: "Vinca", text: "Mario, clicca."}))
	b.at("2026-11-24 14:00")
	if err := b.desk.Tick(t.Context(), desk.Moment{Now: b.now, Alive: b.alive}); err != nil {
		t.Fatal(err)
	}
	if found := b.forgets(); !found.Waiting || len(found.Mails) != 1 {
		t.Errorf("found %+v", found)
	}
	b.post()
	if found := b.forgets(); found.Waiting || len(found.Records) == 0 || strings.Contains(b.onRecord(0), mario) {
		t.Errorf("found %+v", found)
	}
	b.checkFold()
}
