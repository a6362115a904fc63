package evidence

import (
	"strings"
	"testing"
	"time"

	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

// What a letter promised is owed since it was decided, not since the promised instant, and the letter's way says which promise it was.
func TestPromises(t *testing.T) {
	c := story(t, "fr")
	c.Chain = nil
	due := at("14:00:00").Add(96 * time.Hour)
	e := ticket.Event{Kind: kind.Promised, Ticket: 1, Actor: "anna@mb.example", At: at("14:23:00"), Body: ticket.Body{
		Verb: "next", Delivery: &ticket.Delivery{Letter: "l1"}, Obligations: []ticket.Obligation{{Name: "next_update", From: due, Target: due}}}}
	r, err := logbook.Seal("assistenza", c.Head, e, []byte("a salt of its own"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Ticket, err = logbook.Apply(c.Ticket, r); err != nil {
		t.Fatal(err)
	}
	c.Records, c.Head = append(c.Records, r), logbook.Head{Seq: r.Seq, Hash: r.Hash()}
	text := strings.Join(strings.Fields(string(unzip(t, archive(t, c))[nameText])), " ")
	for _, want := range []string{
		"Prochaine nouvelle Court depuis lundi 23 novembre 2026 à 15:20 (",
		"15:23:00 +01:00 · promesse faite · Prochaine nouvelle : vendredi 27 novembre 2026 à 15:00",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("not told: %q\n%s", want, text)
		}
	}
}
