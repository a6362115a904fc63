package bolt

import (
	"testing"
	"time"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

func TestCommitLoadFind(t *testing.T) {
	s, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	e := ticket.Event{Kind: kind.Received, Ticket: 1, Actor: "a@b.example", At: at, Body: ticket.Body{Message: &ticket.Message{From: ticket.Address{Addr: "A@b.example"}, ReceivedAt: at}}}
	if err := s.Commit(t.Context(), store.Change{Desk: "d", Ticket: 1, Events: []ticket.Event{e}, Keys: []store.Key{{Kind: store.Seen, Value: "x"}}}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Find(t.Context(), store.Query{Desk: "d", Customer: "a@B.example"})
	if err != nil || len(got) != 1 || got[0].State != ticket.New {
		t.Fatal(got, err)
	}
}
