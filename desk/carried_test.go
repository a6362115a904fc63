package desk_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"replyby/mailparse"
)

// picture is a part with a file of n bytes.
func picture(kind, name, id string, n int) string {
	data := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", n)))
	return "Content-Type: " + kind + "; name=" + name + "\r\nContent-ID: <" + id + ">\r\nContent-Disposition: inline; filename=" + name +
		"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + data
}

// Staff see what a customer shows: also what he pastes into his text, and what his program gives a type of its own or none.
func TestCarriedFiles(t *testing.T) {
	html := "Content-Type: text/html\r\n\r\n<p>Ecco l'errore:</p><img src=\"cid:shot\"><p>Mario</p><img src=\"cid:icon\">"
	for _, c := range []struct {
		name          string
		parts         []string
		carried, left string
	}{
		{"a screenshot in the text", []string{html, picture("image/png", "image001.png", "shot", 20000), picture("image/png", "image002.png", "icon", 900)},
			"image001.png", ""},
		{"files before pictures in the text", []string{html, picture("image/png", "image001.png", "shot", 20000), picture("application/pdf", "ordine.pdf", "x", 10)},
			"ordine.pdf image001.png", ""},
		{"photos of a telephone", []string{picture("image/heic", "IMG_1.HEIC", "a", 10), picture("video/quicktime", "IMG_2.MOV", "b", 10), picture("audio/ogg", "voce.opus", "c", 10)},
			"IMG_1.HEIC IMG_2.MOV voce.opus", ""},
		{"no type but a name", []string{picture("application/octet-stream", "foto.JPG", "a", 10), picture("application/octet-stream", "errori.log", "b", 10)},
			"foto.JPG errori.log", ""},
		{"what runs stays", []string{picture("application/octet-stream", "foto.jpg.exe", "a", 10), picture("image/svg+xml", "a.svg", "b", 10), picture("text/html", "a.html", "c", 10)},
			"", "foto.jpg.exe, a.svg, a.html"},
	} {
		s := play(t, agency(t))
		s.arrives(mail{from: mario, subject: "Carrello", kind: "multipart/related", parts: append([]string{"Content-Type: text/plain\r\n\r\nVedi sotto."}, c.parts...)})
		s.post()
		m := mailparse.Parse(s.last(anna).Bytes)
		var names []string
		for _, at := range m.Attachments {
			names = append(names, at.Name)
		}
		if got := strings.Join(names, " "); got != c.carried {
			t.Errorf("%s: carried %q, want %q", c.name, got, c.carried)
		}
		if c.left != "" && !strings.Contains(m.Text, c.left) {
			t.Errorf("%s: %q is not named:\n%s", c.name, c.left, m.Text)
		}
	}
}

// Staff are told that a request is encrypted, how to get it as it came, and that the customer may have to write anew.
func TestEncryptedRequest(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Carrello", kind: "multipart/encrypted; protocol=\"application/pgp-encrypted\"",
		parts: []string{"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1", "Content-Type: application/octet-stream; name=e.asc\r\n\r\n-----BEGIN PGP MESSAGE-----"}})
	s.arrives(mail{from: mario, subject: "Carrello", text: "Il carrello è vuoto."})
	s.post()
	all := s.letters(anna)
	const said = "La richiesta è cifrata e qui non si può leggere."
	if text := read(all[0]); !strings.Contains(text, said) || !strings.Contains(text, `e.asc (con "original" ricevi tutto il messaggio)`) {
		t.Errorf("nobody is told:\n%s", text)
	}
	if text := mailparse.Parse(all[1].Bytes).Text; strings.Contains(text, "cifrata") {
		t.Errorf("a plain request is called encrypted:\n%s", text)
	}
	s.says(anna, "original")
	if m := mailparse.Parse(s.last(anna).Bytes); len(m.Attachments) == 0 {
		t.Error("the mail as it came is not attached")
	}
}

// Who is on call and not of the staff is told that a request is encrypted, and of no command: his mail is answered by nothing.
func TestEncryptedRequestAtNight(t *testing.T) {
	const reachable = "reperibile@mb.example"
	cfg := agency(t)
	cfg.OnCall = reachable
	s := play(t, cfg)
	s.at("22:00").arrives(mail{from: mario, subject: "URGENTE: Carrello", kind: "multipart/encrypted; protocol=\"application/pgp-encrypted\"",
		parts: []string{"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1", "Content-Type: application/octet-stream; name=e.asc\r\n\r\n-----BEGIN PGP MESSAGE-----"}})
	s.post()
	s.wantText(reachable, "è cifrata", "!original", "!chiedi al cliente")
	s.wantText(anna, "è cifrata", `Con "original" la ricevi`)
	s.arrives(mail{from: luigi, subject: "URGENTE: [MB-1] Carrello", text: request})
	s.post()
	s.wantText(anna, `"customer mario@cliente.example" e sotto "merge MB-1"`)
	s.wantText(reachable, "!merge")
}

// A mail forwarded as a file is the request: its words and pictures are shown, whether the customer adds words of his own or not.
func TestMailForwardedAsFile(t *testing.T) {
	inner := "Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=\"errore.eml\"\r\n\r\nFrom: Lucia Bo <lucia@terzo.example>\r\nTo: " + mario +
		"\r\nSubject: ordine 123\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nContent-Type: text/plain\r\n\r\n" +
		"The payment stops with an error on the last page of the shop.\r\n--in\r\n" + picture("image/png", "shot.png", "s", 30) + "\r\n--in\r\n" + picture("application/zip", "db.zip", "z", 30) + "\r\n--in--\r\n"
	for _, own := range []string{"", "Vedi la mail di una cliente."} {
		s := play(t, agency(t))
		s.arrives(mail{from: mario, subject: "Fwd: errore", kind: "multipart/mixed", parts: []string{"Content-Type: text/plain\r\n\r\n" + own, inner}})
		s.post()
		m := mailparse.Parse(s.last(anna).Bytes)
		for _, want := range []string{own, "From: Lucia Bo <lucia@terzo.example>", "Subject: ordine 123", "| The payment stops with an error", "db.zip"} {
			if !strings.Contains(m.Text, want) {
				t.Errorf("%q is not shown:\n%s", want, m.Text)
			}
		}
		if len(m.Attachments) != 1 || m.Attachments[0].Name != "shot.png" || strings.Contains(m.Text, "errore.eml") {
			t.Errorf("carried %v\n%s", m.Attachments, m.Text)
		}
		if got := s.ticket(1).Verdict.Language; own == "" && got != "en" {
			t.Errorf("the words are English, the ticket is in %s", got)
		}
	}
}

// What a form says above its message is no part of the customer's words, and staff need it: the order, the product, a number to call.
func TestShownAboveTheMessage(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: support, subject: "Contatto", text: "Nome: Luca Neri\nEmail: luca@privato.example\nTelefono: 06 1234\nVersione: 8.1\n\nMessaggio: Il carrello è vuoto.", head: []string{"Reply-To: luca@privato.example"}})
	s.post()
	if text := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(text, "| Telefono: 06 1234\n| Versione: 8.1\n|\n| Il carrello è vuoto.") {
		t.Errorf("staff do not see what the form says:\n%s", text)
	}
	if got := s.ticket(1).Excerpt; strings.Contains(got, "Telefono") {
		t.Errorf("the form's words are the customer's: %q", got)
	}
}

// Staff read what they are invited to: many invitations say it to programs alone.
func TestInvitationIsShown(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Riunione", kind: "multipart/mixed", parts: []string{"Content-Type: text/calendar; method=REQUEST\r\n\r\n" +
		"BEGIN:VEVENT\r\nSUMMARY:Riunione\r\nDTSTART:20261124T100000Z\r\nDESCRIPTION:Parliamo del carrello.\r\nEND:VEVENT"}})
	s.post()
	if text := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(text, "| DTSTART: 2026-11-24 10:00 UTC\n") || !strings.Contains(text, "Parliamo del carrello.") {
		t.Errorf("the invitation is not shown:\n%s", text)
	}
}

// Whoever approves a letter sees which mail its address was read from: anybody can write a mail that looks like a form's.
func TestFormOfAnyone(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Password", text: "Nome: Mario Rossi\nEmail: mario.rossi@altrove.example\n\nMessaggio: Mi mandate le credenziali?", head: []string{"Reply-To: mario.rossi@altrove.example"}})
	s.post()
	if text := mailparse.Parse(s.last(anna).Bytes).Text; !strings.Contains(text, mario) {
		t.Errorf("nothing says who sent it:\n%s", text)
	}
}
