package token_test

import (
	"testing"
	"time"

	"replyby/desk/token"
	"replyby/letter"
	"replyby/ticket"
)

// Whatever a person sees of a draft is part of what he approves.
func TestSight(t *testing.T) {
	of := func(change func(t *ticket.Ticket, d *letter.Draft)) ticket.Hash {
		a := func(s string) []ticket.Address { return []ticket.Address{{Name: s, Addr: s + "@x.example"}} }
		tk := ticket.Ticket{Cc: a("c"), Draft: ticket.Draft{To: a("a"), Cc: a("b")}}
		d := letter.Draft{DraftSubject: "s", DraftText: "t"}
		change(&tk, &d)
		return token.Sight(tk, d)
	}
	same := of(func(*ticket.Ticket, *letter.Draft) {})
	if same != of(func(*ticket.Ticket, *letter.Draft) {}) {
		t.Fatal("the same draft looks different")
	}
	for name, change := range map[string]func(t *ticket.Ticket, d *letter.Draft){
		"address":      func(t *ticket.Ticket, _ *letter.Draft) { t.Draft.To[0].Addr = "e@x.example" },
		"name":         func(t *ticket.Ticket, _ *letter.Draft) { t.Draft.To[0].Name = "e" },
		"copy":         func(t *ticket.Ticket, _ *letter.Draft) { t.Draft.Cc = nil },
		"left out":     func(t *ticket.Ticket, _ *letter.Draft) { t.Cc = nil },
		"subject":      func(_ *ticket.Ticket, d *letter.Draft) { d.DraftSubject = "s " },
		"text":         func(_ *ticket.Ticket, d *letter.Draft) { d.DraftText = "" },
		"other border": func(_ *ticket.Ticket, d *letter.Draft) { d.DraftSubject, d.DraftText = "s\" \"t", "" },
	} {
		if of(change) == same {
			t.Errorf("%s: looks the same", name)
		}
	}
}

func TestExpired(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for age, want := range map[time.Duration]bool{0: false, 30 * 24 * time.Hour: false, 30*24*time.Hour + 1: true, -time.Hour: false} {
		k := ticket.Token{Purpose: token.Decide, Given: now.Add(-age)}
		if token.Expired(k, now) != want {
			t.Errorf("after %s: %v", age, !want)
		}
		if k.Purpose = token.Greet; token.Expired(k, now) {
			t.Errorf("a first mail expires after %s", age)
		}
	}
	if !token.Expired(ticket.Token{Purpose: token.Decide}, now) {
		t.Error("a token without an instant never expires")
	}
}
