package desk_test

import (
	"testing"

	"replyby/mailparse"
	"replyby/ticket/kind"
)

// A customer who answers through a group of his company is heard, once; what a list sends of its own is filed.
func TestAnswerThroughAList(t *testing.T) {
	s := asked(t)
	s.says(anna, "ok\n\n"+words)
	ours := []string{mailparse.Parse(s.last(mario).Bytes).MessageID}
	group := []string{"List-Id: <ufficio.cliente.example>", "Precedence: list", "List-Unsubscribe: <mailto:x@cliente.example>"}
	before := len(s.letters(anna))
	s.arrives(mail{from: mario, subject: "URGENTE Re: carrello", reply: ours, text: "Ancora vuoto.", head: group})
	s.post()
	if s.count(1, kind.Received) != 2 || len(s.letters(anna)) != before+1 || s.ticket(1).Verdict.Urgency != "urgent" {
		t.Errorf("the answer is not heard: %v, urgency %q", s.events(1), s.ticket(1).Verdict.Urgency)
	}
	m := mail{from: mario, subject: "Re: carrello", reply: ours, text: "Grazie."}
	direct := s.raw(m)
	s.delivers(direct, "")
	s.uid-- // the same Message-ID
	m.head, m.text = group, "Grazie.\n\n-- \nufficio"
	s.delivers(s.raw(m), "")
	s.arrives(mail{from: mario, subject: "Novità di Natale", text: "Sconti!", head: group})
	s.arrives(mail{from: "x@altro.example", subject: "Re: carrello", reply: ours, text: "Io no.", head: group})
	if got := s.count(1, kind.Received); got != 3 {
		t.Errorf("%d messages, want 3: %v", got, s.events(1))
	}
	if h, err := s.store.Head(s.Context(), s.cfg.Name); err != nil || h.Next != 2 {
		t.Errorf("a list's mail became a ticket: %+v, %v", h, err)
	}
	s.checkFold()
}
