package desk_test

import (
	"strings"
	"testing"
)

// I10: files often have no name, and may be all there is of a request: staff are told that they are there. A mail among them is shown.
func TestUnnamedFilesAreTold(t *testing.T) {
	s := play(t, agency(t))
	s.delivers([]byte("From: Mario <"+mario+">\r\nTo: "+support+"\r\nSubject: I: Carrello\r\nDate: Mon, 23 Nov 2026 15:00:00 +0100\r\nMessage-ID: <f@cliente.example>\r\n"+
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\nSubject: Carrello\r\n\r\nNon va.\r\n"+
		"--b\r\nContent-Type: application/zip\r\n\r\nPK\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n"), "")
	s.post()
	said := s.text(anna)
	for _, want := range []string{"Allegati image/png", "Non allegati qui application/zip", "| Non va."} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
}
