package letter_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"replyby/letter"
	"replyby/ticket"
)

const token = "abcdefghijklmnopqrstuvwxyz"

func rome(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func writer(t testing.TB) *letter.Writer {
	t.Helper()
	w, err := letter.New(letter.Desk{
		Name: "Assistenza Bianchi", Prefix: "MB", Address: "assistenza@bianchi.example", Team: "Studio Bianchi",
		Hours: "lun-ven 15:00-18:00", Zone: rome(t), Instance: "f00dfeed",
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func stamp(id string) letter.Stamp {
	return letter.Stamp{
		ID: id, MessageID: "rb." + id + "@bianchi.example", Boundary: "rb-" + id,
		Date: time.Date(2026, 11, 23, 14, 10, 5, 0, time.UTC),
	}
}

func request(t testing.TB) ticket.Ticket {
	at := func(s string) time.Time {
		x, err := time.ParseInLocation("2006-01-02 15:04", s, rome(t))
		if err != nil {
			t.Fatal(err)
		}
		return x.UTC()
	}
	return ticket.Ticket{
		Desk: "support", Number: 1042, Ref: "MB-1042", State: ticket.New,
		Customer: ticket.Address{Name: "Bottega Rossi", Addr: "ditta@rossi.example"},
		Cc:       []ticket.Address{{Name: "Contabilità", Addr: "conti@rossi.example"}},
		Subject:  "URGENTE: sito offline dopo l’aggiornamento",
		Excerpt: "Buongiorno,\n\nda stamattina il nostro sito mostra solo una pagina bianca. I clienti non riescono a comprare nulla e siamo " +
			"sotto Natale.\n\nPotete guardare subito?\n\nGrazie\nCarla Rossi",
		ReceivedAt: at("2026-11-23 15:05"), ReceivedBy: "Received line of mx.bianchi.example",
		Verdict:  ticket.Verdict{Urgency: "urgent", Contract: true, Language: "it", Category: "fault", Source: "email", Reasons: []string{"URGENTE in the subject"}},
		Assignee: "anna@bianchi.example",
		Duties: []ticket.Obligation{{
			Name: "ack", From: at("2026-11-23 15:05"), Target: at("2026-11-23 18:00"), Limit: at("2026-11-24 16:05"), ActBy: at("2026-11-24 16:05"),
			Count: "4 ore lavorative: lun 23 nov 15:05-18:00 (2 h 55 min), mar 24 nov 15:00-16:05 (1 h 5 min)",
		}},
		Draft: ticket.Draft{Version: 1, To: []ticket.Address{{Name: "Bottega Rossi", Addr: "ditta@rossi.example"}}},
	}
}

func TestSmoke(t *testing.T) {
	w := writer(t)
	for _, lang := range []string{"it", "es", "fr", "en"} {
		p := letter.Person{Name: "Anna Bianchi", Address: "anna@bianchi.example", Language: lang}
		r, err := w.Review(letter.Review{Ticket: request(t), Person: p, Token: token, Why: "new", Request: request(t).Excerpt,
			DraftSubject: "[MB-1042] URGENTE, in lavorazione: sito offline", DraftText: "Buongiorno,\n\n[qui le tue parole]\n\nCordiali saluti", Mark: "[qui le tue parole]"}, stamp("r1"))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s\n%s", r.Subject, r.Text)
		x, err := w.Warning(letter.Warning{Ticket: request(t), Person: p, Token: token, Duty: "ack", Left: 90 * time.Minute}, stamp("w1"))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s\n%s", x.Subject, x.Text)
		c, err := w.Receipt(letter.Receipt{Ticket: request(t), Person: p, Token: token, Done: []letter.Deed{{Verb: "eta", At: stamp("").Date}},
			Letter: &ticket.Letter{To: []string{"ditta@rossi.example"}, Subject: "x", Text: "y"}, Undo: stamp("").Date.Add(2 * time.Minute)}, stamp("c1"))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s\n%s", c.Subject, c.Text)
	}
	c, err := w.Customer(letter.Customer{Agent: letter.Person{Name: "Anna Bianchi"}, Purpose: "ack", To: []ticket.Address{request(t).Customer},
		Subject: "[MB-1042] Presa in carico: è offline", Text: "Buongiorno,\n\nperché?\n", InReplyTo: "a@b", References: []string{"x@y", "a@b"}}, stamp("k1"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", c.Bytes)
}
