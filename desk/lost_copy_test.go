package desk_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"replyby/store"
	"replyby/store/bolt"
	"replyby/store/bolt/harm"
)

// I1, I9: a copy of the database from before staff were asked about a closure knows neither the question nor the letters. What we wrote
// ourselves, read again, is set aside and told; the approval is refused with a word. Neither is anybody's request.
func TestRestoreBeforeAskedAboutNotice(t *testing.T) {
	b := &box{scenario: play(t, shuts(t))}
	b.contracts(mario+",business-care,,2026-01-01,2027-12-31,", luigi+",business-care,,2026-01-01,2027-12-31,")
	b.scenario.at("2026-12-09 23:00").tick()
	copied := b.backup()
	b.scenario.at("2026-12-10 09:00").tick()
	b.comes(b.raw(b.answer(b.last(anna), anna, "ok")))
	b.until("09:05")
	for _, who := range []string{luigi, mario} {
		b.copyBack(b.last(who))
	}
	b.scenario.at("2026-12-10 10:00")
	b.restore(copied)
	if h, err := b.store.Head(t.Context(), b.cfg.Name); err != nil || h.Next != 1 {
		t.Errorf("the mail of before the restore has become %d tickets, the first %q, %v", h.Next-1, b.ticket(1).Subject, err)
	}
	if l := b.last(anna); !strings.HasPrefix(l.Text, "[MP]") || !strings.Contains(l.Text, "Il codice nell'oggetto") {
		t.Errorf("anna's last mail is a %s:\n%s", l.Purpose, l.Text)
	}
	if _, said, err := b.desk.Digest(t.Context(), b.now, "en"); err != nil || !strings.Contains(said, "2 letters of ours from before the restore") {
		t.Errorf("the digest does not name the letters, %v:\n%s", err, said)
	}
	b.tick()
	asks, err := b.store.Find(t.Context(), store.Query{Desk: b.cfg.Name, Open: true})
	if err != nil || len(asks) != 1 || !asks[0].Notice.Asks {
		t.Errorf("open are %d tickets, want the one that asks, %v", len(asks), err)
	}
	b.wantTold(luigi, mario)
	b.checkFold()
}

// I8: a ticket of the customer that cannot be read keeps no letter of before the restore from being known for ours.
func TestRestoreBesideUnreadTicket(t *testing.T) {
	b := &box{scenario: play(t, shuts(t))}
	b.contracts(mario + ",business-care,,2026-01-01,2027-12-31,")
	b.scenario.at("2026-12-09 23:00").tick()
	b.comes(b.raw(mail{from: mario, subject: "Carrello", text: request}))
	copied := b.backup()
	b.scenario.at("2026-12-10 09:00").tick()
	ask := b.last(anna)
	b.comes(b.raw(b.answer(ask, anna, "ok")))
	b.until("09:05")
	b.copyBack(b.last(mario))
	b.scenario.at("2026-12-10 10:00")
	b.restore(b.unread(copied, 1))
	if h, err := b.store.Head(t.Context(), b.cfg.Name); err != nil || h.Next != 2 {
		t.Errorf("the letter has become ticket %d, %q, %v", h.Next-1, b.ticket(h.Next-1).Subject, err)
	}
}

// unread is a copy of the database in which a ticket cannot be read.
func (b *box) unread(copied []byte, number uint64) []byte {
	b.Helper()
	dir := b.TempDir()
	_, err := bolt.Restore(dir, bytes.NewReader(copied))
	if err = errors.Join(err, harm.Ticket(dir, b.cfg.Name, number), harm.Records(dir, b.cfg.Name, number)); err != nil {
		b.Fatal(err)
	}
	s, err := bolt.Open(dir, bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var out bytes.Buffer
	if _, err := s.Backup(b.Context(), &out); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}
