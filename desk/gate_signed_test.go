package desk_test

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"
)

// sealed is what an S/MIME program makes of an entity: wrapped in a signature (RFC 8551, 3.5.2), which nobody here verifies, or, by the other
// number, encrypted.
func sealed(number, entity string) string {
	tlv := func(tag byte, content ...string) string {
		all := strings.Join(content, "")
		return string(binary.BigEndian.AppendUint32([]byte{tag, 0x84}, uint32(len(all)))) + all
	}
	const id = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
	content := tlv(0x30, id+"\x01", tlv(0xa0, tlv(0x04, entity)))
	der := tlv(0x30, id+number, tlv(0xa0, tlv(0x30, "\x02\x01\x01", "\x31\x00", content)))
	kind := map[string]string{signature: "signed-data", encryption: "enveloped-data"}[number]
	return "Content-Type: application/pkcs7-mime; smime-type=" + kind + "; name=smime.p7m\r\nContent-Disposition: attachment; filename=smime.p7m\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(der)) + "\r\n"
}

const signature, encryption = "\x02", "\x03"

// cutShort is the signed entity of a mail of which the end was lost on its way: so many bytes of the base64, which decode without complaint.
func cutShort(whole string, keep int) string {
	return whole[:strings.Index(whole, "\r\n\r\n")+4+keep] + "\r\n"
}

func joined(kind string, parts ...string) string {
	return "Content-Type: " + kind + "; boundary=j\r\n\r\n--j\r\n" + strings.Join(parts, "\r\n--j\r\n") + "\r\n--j--\r\n"
}

// A person whose program signs by S/MIME is heard: what proves him is what proves any mail, and his signature is neither better nor worse than
// none. What is encrypted, and words beside a sealed part, are refused.
func TestSignedBySMIME(t *testing.T) {
	text := part("text/plain", "ok\n\n"+words+"\n\nIl 23/11/2026 15:00, assistenza <"+support+"> ha scritto:\n> Da approvare\n")
	both := alternative(text, part("text/html", "<p>ok</p><p>"+strings.ReplaceAll(words, "\n", "<br>")+"</p>"))
	p7s := "Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Disposition: attachment; filename=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n"
	const detached = "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256"
	for name, c := range map[string]struct {
		body  string
		heard bool
	}{
		"beside the text":                 {joined(detached, text, p7s), true},
		"beside both texts":               {joined(detached, both, p7s), true},
		"around the text":                 {sealed(signature, text), true},
		"around both texts":               {sealed(signature, both), true},
		"the company's around a person's": {sealed(signature, sealed(signature, both)), true},
		"encrypted":                       {sealed(encryption, text), false},
		"encrypted and signed":            {sealed(signature, sealed(encryption, text)), false},
		"above a footer":                  {joined("multipart/mixed", sealed(signature, text), part("text/plain", "ok")), false},
		"below other words":               {joined("multipart/mixed", text, sealed(signature, both)), false},
		"other words within":              {sealed(signature, joined("multipart/mixed", text, sealed(signature, both))), false},
		"three deep":                      {sealed(signature, sealed(signature, sealed(signature, both))), false},
	} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		head, _, _ := strings.Cut(string(s.raw(s.answer(s.last(anna), anna, ""))), "Content-Type: text/plain")
		s.delivers([]byte(head+c.body), "")
		s.post()
		letters := s.letters(mario)
		if (len(letters) == 1) != c.heard {
			t.Errorf("%s: %d letters; %+v", name, len(letters), s.ticket(1).Refusals)
			continue
		}
		if c.heard && folded(s.decidedWords(1)) != folded(words) {
			t.Errorf("%s: the letter says %q", name, s.decidedWords(1))
		}
		if !c.heard {
			s.wantRefused(1, "unreadable")
		}
		s.checkFold()
	}
}

// Of whose signed mail the end was lost on its way nothing is heard, for it is not known what else he said: he writes again.
func TestSignedMailCutShort(t *testing.T) {
	text := part("text/plain", "ok\n\n"+words+"\n\nNon mandate nulla prima di domani.\n")
	pieces := base64.StdEncoding.EncodeToString([]byte("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80\x24\x80\x04\x81\xc8" +
		(part("text/plain", "ok\n\n"+words+" ") + strings.Repeat("e", 200))[:200]))
	head, _, _ := strings.Cut(sealed(signature, text), "\r\n\r\n")
	for name, body := range map[string]string{
		"in its words":                  cutShort(sealed(signature, text), 240),
		"in those of another signature": sealed(signature, cutShort(sealed(signature, text), 240)),
		"between two pieces":            head + "\r\n\r\n" + pieces + "\r\n",
	} {
		s := play(t, agency(t))
		s.requested("Carrello", request)
		head, _, _ := strings.Cut(string(s.raw(s.answer(s.last(anna), anna, ""))), "Content-Type: text/plain")
		s.delivers([]byte(head+body), "")
		s.post()
		if n := len(s.letters(mario)); n != 0 {
			t.Errorf("%s: %d letters, with %q", name, n, s.decidedWords(1))
			continue
		}
		s.wantRefused(1, "unreadable")
		s.checkFold()
	}
}
