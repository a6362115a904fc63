package phrase

import (
	"os"
	"strings"
	"testing"
)

// TestTable reads testdata/auto_subjects.tsv, labelled by hand for this project.
func TestTable(t *testing.T) {
	b, err := os.ReadFile("../testdata/auto_subjects.tsv")
	if err != nil {
		t.Fatal(err)
	}
	table := New()
	rows := 0
	for i, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 || len(f) < 5 {
			continue
		}
		rows++
		id, kind, subject, alone := f[0], f[1], f[3], f[4] == "yes"
		want := Class(kind)
		switch {
		case kind == "human" || !alone:
			want = None
		case kind == "pec_receipt" || kind == "read_receipt":
			want = Receipt
		case kind == "abuse_report":
			want = Automatic
		}
		if got, words := table.Of(subject); got != want {
			t.Errorf("%s %q: got %q by %q, want %q", id, subject, got, words, want)
		}
	}
	if rows < 129 {
		t.Fatalf("read %d rows, want 129", rows)
	}
}

// TestPeople holds subjects of people that only look automatic.
func TestPeople(t *testing.T) {
	table := New()
	for _, s := range []string{
		"Re: [MB-1042] Presa in carico: URGENTE sito offline",
		"R: Letto: preventivo",
		"Consegna: tempi di spedizione sbagliati",
		"Accettazione condizioni nel checkout",
		"Messaggio vocale su WhatsApp non si apre",
		"Errore: undelivered mail returned to sender in log",
		"Auto usate: il filtro non funziona",
		"Vacation rentals theme broken",
		"Le message d'absence ne s'affiche pas",
		"Mancata consegna degli ordini",
		"Abwesenheiten im Kalender-Modul",
		"Read this please",
		"Out of stock products visible",
	} {
		if got, words := table.Of(s); got != None {
			t.Errorf("%q: got %q by %q, want none", s, got, words)
		}
	}
}

// TestExchanges holds what telephone exchanges write of a recording, with their own name before it or without.
func TestExchanges(t *testing.T) {
	table := New()
	for _, s := range []string{
		`[PBX]: New message 3 in mailbox 100 from "ROSSI" <3391234567>`,
		"[PBX]: New message 1 in mailbox 201",
		"New voicemail 2 in mailbox 100",
		"Nouveau message vocal de 0612345678",
		"Nuovo messaggio vocale da 3391234567",
		"Vous avez reçu un message vocal de 0612345678",
		"Ha ricevuto un nuovo messaggio vocale da 3391234567",
		"Ha recibido un nuevo mensaje de voz de 600123456",
		"Nuevo correo de voz de 600123456",
		"Voice message from 0612345678",
		"Voicemail from +33 6 12 34 56 78",
	} {
		if got, _ := table.Of(s); got != Voicemail {
			t.Errorf("%q: got %q, want voicemail", s, got)
		}
	}
}

func FuzzOf(f *testing.F) {
	for _, s := range []string{"R: Risposta automatica: x", "[Auto-Reply] x", "CONSEGNA: x", "\xff", "Re: Re: ("} {
		f.Add(s)
	}
	table := New()
	f.Fuzz(func(t *testing.T, s string) {
		if class, words := table.Of(s); (class == None) != (words == "") {
			t.Errorf("class %q with words %q", class, words)
		}
	})
}
