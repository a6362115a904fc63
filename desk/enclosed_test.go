package desk_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"strings"
	"testing"
	"time"

	"replyby/desk/arrival"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket/posted"
)

// file is a part of a mail of staff. Cid is set where the text shows it.
type file struct{ name, kind, cid, data string }

// with is a mail of staff with files, written as mail programs do that have text and HTML.
func with(m mail, text string, files ...file) mail {
	html := "<p>" + strings.ReplaceAll(text, "\n", "<br>") + "</p>"
	for _, f := range files {
		if f.cid != "" {
			html += fmt.Sprintf(`<img src="cid:%s">`, f.cid)
		}
	}
	m.kind = "multipart/mixed"
	m.parts = []string{"Content-Type: multipart/alternative; boundary=\"=a\"\r\n\r\n--=a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n") +
		"\r\n--=a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html + "\r\n--=a--"}
	for _, f := range files {
		head := fmt.Sprintf("Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\n", f.kind)
		if f.cid == "" {
			head += "Content-Disposition: " + mime.FormatMediaType("attachment", map[string]string{"filename": f.name}) + "\r\n"
		} else {
			head += fmt.Sprintf("Content-Disposition: inline; filename=%q\r\nContent-ID: <%s>\r\n", f.name, f.cid)
		}
		m.parts = append(m.parts, head+"\r\n"+base64.StdEncoding.EncodeToString([]byte(f.data)))
	}
	return m
}

var (
	guide = file{"guida.pdf", "application/pdf", "", "%PDF-1.7 come si fa"}
	fixed = file{"modulo-2.1.zip", "application/zip", "", "PK\x03\x04 corretto"}
	logo  = file{"logo.png", "image/png", "logo@studio", "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 4000)}
)

// wantFiles checks the files that a letter brings, byte by byte.
func wantFiles(t *testing.T, l store.Letter, want ...file) {
	t.Helper()
	m := mailparse.Parse(l.Bytes)
	var got []string
	for _, at := range m.Attachments {
		got = append(got, at.Name+" "+at.Type+" "+string(m.Parts[at.Part].Content()))
	}
	var names []string
	for i, f := range want {
		names = append(names, f.name+" "+f.kind+" "+f.data)
		if i < len(l.Files) && (l.Files[i].Name != f.name || l.Files[i].Size != len(f.data)) {
			t.Errorf("the log names %+v of the letter", l.Files[i])
		}
	}
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", names) || len(l.Files) != len(want) {
		t.Errorf("the letter brings %q and the log names %d, want %q", got, len(l.Files), names)
	}
}

// I2: the files of a mail with ok go with the letter as they are, and the receipt names them with what does not go.
func TestFilesGoWithTheLetter(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Manuale", request)
	s.arrives(with(s.answer(s.last(anna), anna, ""), "ok\nEcco la guida.", guide, logo))
	s.post()
	s.wantText(anna, "guida.pdf (1 kB)")
	s.wantText(anna, "logo.png (immagine dentro il testo")
	s.post()
	wantFiles(t, s.last(mario), guide)
	s.wantText(mario, "Ecco la guida.")
	s.checkFold()
}

// I2: files without a command are part of the draft that comes back, and go with the ok to that; a file of the same name takes the place of
// the one before.
func TestFilesOfADraft(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Modulo", request)
	s.arrives(with(s.answer(s.last(anna), anna, ""), "Ecco il modulo corretto.", fixed))
	s.post()
	s.wantLetters(0)
	s.wantText(anna, "modulo-2.1.zip (1 kB)")
	again := fixed
	again.data += " davvero"
	again.name = "Modulo-2.1.ZIP" // as another machine writes it
	s.arrives(with(s.answer(s.last(anna), anna, ""), "next domani 17:00", again, guide))
	s.post()
	s.wantLetters(0)
	s.wantText(anna, "Modulo-2.1.ZIP (1 kB), guida.pdf (1 kB)", "!modulo-2.1.zip")
	s.arrives(s.answer(s.last(anna), anna, "ok"))
	s.post()
	wantFiles(t, s.last(mario), again, guide)
	s.wantText(mario, "Ecco il modulo corretto.")
	s.requested("Altro", request)
	if d := s.ticket(1).Draft; len(d.Files) != 0 {
		t.Errorf("the next draft has %+v", d.Files)
	}
	s.checkFold()
}

// Whoever has attached the wrong file takes it away again, and the letter says what it brings.
func TestDetach(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Modulo", request)
	s.arrives(with(s.answer(s.last(anna), anna, ""), "Ecco il modulo corretto.", fixed))
	s.post()
	s.arrives(s.answer(s.last(anna), anna, "stacca"))
	s.post()
	s.wantLetters(0)
	s.wantText(anna, "!modulo-2.1.zip")
	s.arrives(with(s.answer(s.last(anna), anna, ""), "ok\ndetach", guide)) // what was there goes, what comes with it stays
	s.post()
	wantFiles(t, s.last(mario), guide)
	s.checkFold()
}

// Of a mail without a letter, no file goes anywhere, and its author hears so. What the customer sent, mails and what programs attach go to nobody.
func TestFilesThatDoNotGo(t *testing.T) {
	s := play(t, agency(t))
	own := file{"errore.png", "image/png", "", "\x89PNG errore"}
	s.arrives(with(mail{from: mario, subject: "Carrello"}, request, own))
	s.post()
	s.arrives(with(s.answer(s.last(anna), anna, ""), "note: visto", guide))
	s.post()
	s.wantText(anna, "guida.pdf (con questo messaggio non parte nessuna lettera)")
	if len(s.ticket(1).Draft.Files) != 0 {
		t.Error("a note brought a file into the letter")
	}
	inner := file{"interno.eml", "message/rfc822", "", "From: a@b.example\r\nSubject: interno\r\n\r\nMargine 40%\r\n"}
	card := file{"anna.vcf", "text/vcard", "", "BEGIN:VCARD\r\nEND:VCARD"}
	s.arrives(with(s.answer(s.about(anna, "MB-1"), anna, ""), "ok\nEcco la guida.", own, inner, card, guide))
	s.post()
	s.wantText(anna, `errore.png (l'ha mandato il cliente), interno.eml (un messaggio allegato), anna.vcf (allegato dal tuo programma di posta)`)
	s.post()
	wantFiles(t, s.last(mario), guide)
	if bytes.Contains(s.last(mario).Bytes, []byte("Margine")) {
		t.Error("a mail inside the firm went out")
	}
}

// I3: of a mail that nothing proves no file is taken: the name and the size are all that a person sees of one, and whoever got hold of a code could
// put his own in the place of hers. One that comes with the confirmation is shown before it goes.
func TestUnprovenFiles(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Modulo", request)
	says := func(l store.Letter, text string, files ...file) {
		m := with(s.answer(l, anna, ""), text, files...)
		m.auth = arrival.None
		s.arrives(m)
		s.post()
	}
	says(s.last(anna), "ok\nEcco il modulo corretto.", fixed)
	s.wantText(anna, "modulo-2.1.zip (allegalo alla risposta con cui confermi)")
	says(s.last(anna), "ok", fixed)
	s.wantLetters(0)
	s.wantText(anna, "Allegati modulo-2.1.zip (1 kB)")
	other := fixed
	other.data = "un altro"
	shown := s.last(anna)
	says(s.letters(anna)[0], "Altro testo", other) // a code that leaked
	says(shown, "ok")
	wantFiles(t, s.last(mario), fixed)
}

// I2: a signature that a mail program has attached to what staff sign is no file for the customer, whatever type a gateway gave it.
func TestSignaturesAreNoFiles(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Modulo", request)
	var signed []file
	for _, name := range []string{"smime.p7s", "signature.asc", "OpenPGP_signature", "OpenPGP_signature.asc", "OpenPGP_0xA1B2C3.asc"} {
		signed = append(signed, file{name, "application/octet-stream", "", name})
	}
	s.arrives(with(s.answer(s.last(anna), anna, ""), "ok\nEcco la guida.", append(signed, guide)...))
	s.post()
	s.wantText(anna, "smime.p7s (allegato dal tuo programma di posta)")
	wantFiles(t, s.last(mario), guide)
}

// Files too large for mail are refused with what to do instead, and nothing else of the mail counts.
func TestFilesTooLarge(t *testing.T) {
	s := play(t, agency(t))
	s.requested("Modulo", request)
	large := fixed
	large.data = strings.Repeat("0123456789abcdef", 1<<20)
	s.arrives(with(s.answer(s.last(anna), anna, ""), "ok\ntake\nEcco il modulo.", large))
	s.post()
	s.wantLetters(0)
	s.wantRefused(1, "files_large")
	s.wantText(anna, "Gli allegati sono troppo grandi per la posta (16.0/15 MB)")
	if s.ticket(1).Assignee != "" {
		t.Error("half of the mail was done")
	}
}

// A letter that is taken back brings its files into the draft again.
func TestUndoneFiles(t *testing.T) {
	cfg := agency(t)
	cfg.Hold = 2 * time.Minute
	s := play(t, cfg)
	s.requested("Modulo", request)
	s.arrives(with(s.answer(s.last(anna), anna, ""), "ok\nEcco il modulo corretto.", fixed))
	s.post()
	s.arrives(s.answer(s.last(anna), anna, "undo"))
	s.post()
	s.wantText(anna, "modulo-2.1.zip (1 kB)")
	s.arrives(s.answer(s.last(anna), anna, "ok"))
	s.at("15:10")
	s.post()
	wantFiles(t, s.last(mario), fixed)
	if p := s.ticket(1).Posted; len(p) < 2 || p[len(p)-1].State != posted.Sent {
		t.Errorf("letters: %+v", p)
	}
}

// One approval sends a correction with its file to everybody who waits for it, and each list says that it comes.
func TestFilesOfACorrection(t *testing.T) {
	s := waiting(t, 0)
	s.arrives(with(s.answer(s.about(anna, "MB-1"), anna, ""), "patch 1.2.3\n\n"+solved, fixed))
	s.post()
	s.wantLetters(0)
	s.wantText(anna, "modulo-2.1.zip (1 kB)")
	s.arrives(s.answer(s.last(anna), anna, "ok"))
	s.post()
	n := 0
	for _, l := range s.sent {
		if l.Customer {
			wantFiles(t, l, fixed)
			n++
		}
	}
	if n < 2 {
		t.Errorf("%d letters, want one to each", n)
	}
	s.checkFold()
}

// Whoever takes a letter back and says it anew in one mail means its files too, unless he takes them away.
func TestFilesOfALetterSaidAnew(t *testing.T) {
	for _, c := range []struct {
		said string
		want []file
	}{{"undo\nfixed\nEcco il modulo, quello giusto.", []file{fixed}}, {"undo\ndetach\nfixed\nNon serve nessun modulo.", nil}} {
		cfg := agency(t)
		cfg.Hold = 2 * time.Minute
		s := play(t, cfg)
		s.requested("Modulo", request)
		s.arrives(with(s.answer(s.last(anna), anna, ""), "ok\nEcco il modulo coretto.", fixed))
		s.post()
		s.arrives(s.answer(s.last(anna), anna, c.said))
		s.at("15:10")
		s.post()
		s.wantLetters(1)
		wantFiles(t, s.last(mario), c.want...)
	}
}
