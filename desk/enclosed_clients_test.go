package desk_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/desk/arrival"
	"replyby/store"
	"replyby/ticket"
)

// I11: once a ticket is erased, neither the bytes nor the names of the files that went with its letters are kept.
func TestErasedFiles(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Modulo", request)
	draft := s.raw(with(s.answer(s.last(anna), anna, ""), "Ecco il modulo per Mario Rossi.", fixed))
	s.delivers(draft, "")
	s.post()
	sent := s.raw(with(s.answer(s.last(anna), anna, ""), "ok", guide))
	s.delivers(sent, "")
	s.post()
	letter := s.last(mario)
	wantFiles(t, letter, fixed, guide)
	s.says(anna, "close")
	s.at("15:40")
	if _, err := s.desk.Erase(t.Context(), 1, anna, s.now); err != nil {
		t.Fatal(err)
	}
	for i, raw := range [][]byte{draft, sent, letter.Bytes} {
		if s.is(ticket.Sum(raw)) {
			t.Errorf("the bytes of mail %d are kept", i)
		}
	}
	for _, name := range []string{guide.name, fixed.name} {
		if all := s.onRecord(1) + s.onRecord(0); strings.Contains(all, name) {
			t.Errorf("%s is still named", name)
		}
	}
	wrong, err := s.store.Check(t.Context(), nil)
	if err != nil || len(wrong) > 0 {
		t.Errorf("verify: %v, %v", wrong, err)
	}
	s.checkFold()
}

// A mail that waited for its proof brings its files all the same.
func TestFilesOfAPostponedMail(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Modulo", request)
	from := s.now.Add(2 * time.Minute)
	s.prove = func(context.Context, []byte) desk.Auth {
		outcome := arrival.Pass
		if s.now.Before(from) {
			outcome = arrival.Temporary
		}
		return desk.Auth{Outcome: outcome, From: anna, Evidence: "test"}
	}
	s.restart()
	m := with(s.answer(s.last(anna), anna, ""), "ok\nEcco il modulo.", fixed)
	m.auth = arrival.Temporary
	s.arrives(m)
	s.post()
	s.wantLetters(0)
	s.minutes(3)
	s.post()
	wantFiles(t, s.last(mario), fixed)
}

// I10: of a mail that did nothing no file is kept, and who attached it is told to do so again.
func TestFilesOfAMailWithoutEffect(t *testing.T) {
	for _, text := range []string{"okk\nEcco la guida.", "ok\nmerge MB-77\nEcco la guida.", quotedBelow + "\nok\n"} {
		s := play(t, agency(t))
		s.requested("Modulo", request)
		s.says(anna, "ok\nCi guardo subito io.")
		s.arrives(with(s.answer(s.last(anna), anna, ""), text, guide, logo))
		s.post()
		s.wantLetters(1)
		s.wantText(anna, "guida.pdf (va allegato di nuovo)")
		s.wantText(anna, "!logo.png")
	}
}

// I2, I3: files without a word of one's own, above a quote, a footer or nothing, are in the draft that comes back, and go with the words and the ok to
// that; but of a mail that nothing proves they are to come with the confirmation. A mail with nothing but a logo says nothing, as before.
func TestFilesWithoutWords(t *testing.T) {
	for name, below := range map[string]string{"nothing": "", "a quote": quotedBelow, "a footer": "\nInviato da iPhone\n\n" + quotedBelow, "a signature": "\n-- \nAnna Verdi\n"} {
		for proof, files := range map[arrival.Outcome]int{arrival.Pass: 1, arrival.None: 0} {
			s := play(t, agency(t))
			s.requested("Modulo", request)
			m := with(s.answer(s.last(anna), anna, ""), below, guide, logo)
			m.auth = proof
			s.arrives(m)
			s.post()
			s.wantLetters(0)
			s.wantText(anna, map[int]string{0: "guida.pdf (allegalo alla risposta con cui confermi)", 1: "guida.pdf (1 kB)"}[files])
			s.wantText(anna, "aveva solo file, senza parole")
			if n := len(s.ticket(1).Draft.Files); n != files {
				t.Fatalf("above %s: %d files in the draft, want %d", name, n, files)
			}
			s.says(anna, "ok\nEcco la guida che ti avevo promesso.")
			s.wantLetters(1)
			wantFiles(t, s.last(mario), []file{guide}[:files]...)
			s.checkFold()
		}
	}
	s := play(t, agency(t))
	s.requested("Modulo", request)
	s.arrives(with(s.answer(s.last(anna), anna, ""), quotedBelow, logo))
	s.post()
	s.wantRefused(1, "empty")
}

// Files sent to a notice to many go nowhere, and nobody is asked to attach them again.
func TestFilesToANotice(t *testing.T) {
	for _, text := range []string{"", "Ecco l'avviso."} {
		s := closing(t)
		s.arrives(with(s.answer(s.last(anna), anna, ""), text, guide))
		s.post()
		s.wantTold()
		s.wantText(anna, "Questo è un avviso a più clienti insieme")
		s.wantText(anna, "guida.pdf (la lettera va a più clienti)")
	}
}

// What mail programs make of the text behind a picture, and mails under the name of a file, go to nobody.
func TestFilesInDisguise(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Modulo", request)
	s.arrives(with(s.answer(s.last(anna), anna, ""), "ok\nEcco la guida.", guide,
		file{"ATT00001.htm", "text/html", "", "<p>Il cliente non paga</p>"}, file{"MB-1.eml", "application/octet-stream", "", "Subject: x (rb:abc)\r\n\r\nMargine"},
		file{"inoltro.msg", "application/vnd.ms-outlook", "", "\xd0\xcf\x11\xe0"}))
	s.post()
	wantFiles(t, s.last(mario), guide)
}

// I2, I12: a file goes under the name that was shown, and that is only a name.
func TestHostileNames(t *testing.T) {
	for name, want := range map[string]string{
		"../../etc/passwd": "passwd", "fattura\u202efdp.exe": "fattura_fdp.exe", "a\u001b[31m.pdf": "a[31m.pdf", strings.Repeat("x", 200) + ".pdf": strings.Repeat("x", 40) + "~" + strings.Repeat("x", 15) + ".pdf",
		"": "pdf", "a\\r\\nBcc: x@y.example": "nBcc_ x@y.example",
	} {
		s := play(t, agency(t))
		s.requested("Modulo", request)
		s.arrives(with(s.answer(s.last(anna), anna, ""), "Ecco.", file{name, "application/pdf", "", "%PDF"}))
		s.post()
		d := s.ticket(1).Draft
		s.wantText(anna, want+" (1 kB)")
		s.says(anna, "ok")
		wantFiles(t, s.last(mario), file{want, "application/pdf", "", "%PDF"})
		if len(d.Files) != 1 || d.Files[0].Name != want {
			t.Errorf("%.40q is %+v in the draft", name, d.Files)
		}
	}
}

// Whoever sends files that his server does not take reads how he answers without them.
func TestFilesTheServerDoesNotTake(t *testing.T) {
	for _, end := range []desk.Ended{
		{Outcome: "refused", Reply: "letter of 19157000 bytes, the server takes 10485760", Stage: "message"},
		{Outcome: "refused", Code: 552, Reply: "5.3.4 Message size exceeds fixed limit", Stage: "mail"},
	} {
		s := play(t, agency(t))
		s.requested("Modulo", request)
		s.server = func(l store.Letter) desk.Ended {
			if !l.Customer {
				return desk.Ended{Outcome: "sent", At: s.now}
			}
			end.At = s.now
			return end
		}
		s.arrives(with(s.answer(s.last(anna), anna, ""), "ok\nEcco il modulo.", fixed))
		s.post()
		s.post()
		s.wantText(anna, "detach Se il server non accetta gli allegati")
		s.server = nil
		s.says(anna, "detach")
		s.says(anna, "ok")
		wantFiles(t, s.last(mario))
	}
}

// A document that is signed with a card is a file as any other: it makes no sealed mail of the answer that brings it.
func TestSignedDocument(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Contratto", request)
	contract := file{"contratto.pdf.p7m", "application/pkcs7-mime", "", "0\x80\x06\x09*\x86H"}
	s.arrives(with(s.answer(s.last(anna), anna, ""), "ok\nEcco il contratto firmato.", contract))
	s.post()
	wantFiles(t, s.last(mario), contract)
}
