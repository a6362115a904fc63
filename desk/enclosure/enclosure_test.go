package enclosure

import (
	"fmt"
	"strings"
	"testing"

	"replyby/mailparse"
	"replyby/ticket"
)

// Each shape in which mail programs write an answer with files brings what the person meant, and nothing that the program adds.
func TestShapes(t *testing.T) {
	const text = "Content-Type: text/plain\n\nok\nEcco.\n"
	picture := strings.Repeat("x", 3000)
	for _, c := range []struct{ name, mail, want string }{
		{"iPhone, plain: a photo between lines", mixed(text, "Content-Type: image/jpeg; name=IMG_1.jpeg\nContent-Disposition: inline; filename=IMG_1.jpeg\nContent-Id: <x@y>\n\n"+picture,
			"Content-Type: text/plain\n\nInviato da iPhone\n"), "IMG_1.jpeg"},
		{"Apple Mail: a PDF in the text, a logo below", part("multipart/alternative", text, part("multipart/related",
			"Content-Type: text/html\n\n<p>ok</p><object type=\"application/pdf\" data=\"cid:pdf@mac\" apple-inline=\"yes\"></object><img src=\"cid:logo@mac\">\n",
			"Content-Type: application/pdf; name=guida.pdf\nContent-Disposition: inline; filename=guida.pdf\nContent-Id: <pdf@mac>\n\n%PDF",
			"Content-Type: image/png; name=logo.png\nContent-Disposition: inline; filename=logo.png\nContent-Id: <logo@mac>\n\n"+picture)), "guida.pdf -logo.png(picture)"},
		{"Outlook: logos of the signature, a file", mixed(part("multipart/related", part("multipart/alternative", text, "Content-Type: text/html\n\n<p>ok</p><img src=\"cid:image001.png@01DA.8F\">\n"),
			"Content-Type: image/png; name=image001.png\nContent-Description: image001.png\nContent-Disposition: inline; filename=image001.png; size=3000\nContent-ID: <image001.png@01DA.8F>\n\n"+picture),
			"Content-Type: application/vnd.openxmlformats-officedocument.wordprocessingml.document; name=\"Guida.docx\"\nContent-Disposition: attachment; filename=\"Guida.docx\"\n\nPK"), "Guida.docx -image001.png(picture)"},
		{"iPhone, HTML: a photo between lines", part("multipart/related", part("multipart/alternative", text, "Content-Type: text/html\n\n<div>ok</div><img src=\"cid:1@phone\">\n"),
			"Content-Type: image/jpeg; name=IMG_2.jpeg\nContent-Disposition: inline; filename=IMG_2.jpeg\nContent-ID: <1@phone>\n\n"+strings.Repeat("x", photo)), "IMG_2.jpeg"},
		{"Exchange: the text behind a photo", mixed(text, "Content-Type: image/jpeg; name=foto.jpg\nContent-Disposition: inline; filename=foto.jpg\n\n"+picture,
			"Content-Type: text/html; name=ATT00001.htm\nContent-Disposition: attachment; filename=ATT00001.htm\n\n<p>> (rb:x)</p>\n"), "foto.jpg -ATT00001.htm(card)"},
		{"Gmail: a file with a Content-ID that nothing shows", mixed(part("multipart/alternative", text, "Content-Type: text/html\n\n<div>ok</div>\n"),
			"Content-Type: image/png; name=schermata.png\nContent-Disposition: attachment; filename=schermata.png\nContent-ID: <f_lx1>\nX-Attachment-Id: f_lx1\n\n"+picture), "schermata.png"},
		{"Thunderbird: OpenPGP", part("multipart/signed", mixed(text, "Content-Type: application/pdf; name=guida.pdf\nContent-Disposition: attachment; filename=guida.pdf\n\n%PDF",
			"Content-Type: application/pgp-keys; name=OpenPGP_0x1.asc\nContent-Disposition: attachment; filename=OpenPGP_0x1.asc\n\n-----BEGIN"),
			"Content-Type: application/pgp-signature; name=OpenPGP_signature.asc\nContent-Disposition: attachment; filename=OpenPGP_signature\n\n-----BEGIN"), "guida.pdf -OpenPGP_0x1.asc(card)"},
		{"a text file, shown in the text", mixed(text, "Content-Type: text/plain; name=log.txt\nContent-Disposition: inline; filename=log.txt\n\nerrore 500\n"), "log.txt"},
		{"a document signed with a card", mixed(text, "Content-Type: application/pkcs7-mime; name=contratto.pdf.p7m\nContent-Disposition: attachment; filename=contratto.pdf.p7m\n\n0\x80"), "contratto.pdf.p7m"},
		{"a page under a name of its own", mixed(text, "Content-Type: text/html; name=pagina.html\nContent-Disposition: attachment; filename=pagina.html\n\n<p>ok</p>\n"), "pagina.html"},
		{"the same file twice", mixed(text, "Content-Type: image/png; name=a.png\nContent-Disposition: attachment; filename=a.png\n\n"+picture, "Content-Type: image/png; name=a.png\nContent-Disposition: attachment; filename=a.png\n\n"+picture), "a.png"},
	} {
		m := mailparse.Parse([]byte("From: anna@mb.example\nMIME-Version: 1.0\n" + c.mail))
		files, left := Of(m, ticket.Hash{1}, nil)
		var got []string
		for _, f := range files {
			got = append(got, f.Name)
		}
		for _, d := range left {
			got = append(got, fmt.Sprintf("-%s(%s)", d.Name, d.Why))
		}
		if strings.Join(got, " ") != c.want || !strings.HasPrefix(m.Text, "ok\n") || strings.Contains(m.Text, "500") {
			t.Errorf("%s: %q, want %q; says %q", c.name, got, c.want, m.Text)
		}
		if _, err := Read(func(ticket.Hash) ([]byte, error) {
			return []byte("From: anna@mb.example\nMIME-Version: 1.0\n" + c.mail), nil
		}, files); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func mixed(parts ...string) string { return part("multipart/mixed", parts...) }

// part is a multipart, with a boundary that its parts do not have.
func part(kind string, parts ...string) string {
	mark := fmt.Sprintf("=%d", strings.Count(strings.Join(parts, ""), "boundary="))
	return fmt.Sprintf("Content-Type: %s; boundary=%[2]q\n\n--%[2]s\n%s\n--%[2]s--\n", kind, mark, strings.Join(parts, "\n--"+mark+"\n"))
}
