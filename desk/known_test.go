package desk_test

import (
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/intake"
)

// I1: a message that the mailbox has is a ticket, an entry of one, filed, older than the desk, or missing, and each is told.
func TestFate(t *testing.T) {
	b := boxed(t)
	b.tick() // the desk begins
	b.at("15:10").comes(b.raw(mail{from: mario, subject: "Carrello", text: request}))
	b.comes(b.raw(mail{from: "news@altro.example", subject: "Offerte", head: []string{"Precedence: bulk", "List-Id: <news.altro.example>"}, text: "Sconti."}))
	b.uid++
	unseen := desk.Incoming{UID: b.uid, Internal: b.now, Raw: b.raw(mail{from: mario, subject: "Altro", text: "Non mi avete letto."})}
	old := unseen
	old.Internal = b.now.Add(-48 * time.Hour)
	for i, c := range []struct {
		in   desk.Incoming
		want desk.Fate
	}{{b.mails[0], intake.WithTicket}, {b.mails[1], intake.SetAside}, {unseen, intake.Missing}, {old, intake.TooOld}} {
		if got, err := b.desk.Fate(t.Context(), c.in); err != nil || got != c.want {
			t.Errorf("message %d: %s, %v, want %s", i, got, err, c.want)
		}
	}
}
