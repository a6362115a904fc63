package desk_test

import (
	"strings"
	"testing"

	"replyby/mailparse"
)

// I10: a mail that is forwarded as a file often has no name, and may be all there is of a request: staff are told that it is there.
func TestUnnamedFilesAreTold(t *testing.T) {
	s := play(t, agency(t))
	s.delivers([]byte("From: Mario <"+mario+">\r\nTo: "+support+"\r\nSubject: I: Carrello\r\nDate: Mon, 23 Nov 2026 15:00:00 +0100\r\nMessage-ID: <f@cliente.example>\r\n"+
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\nSubject: Carrello\r\n\r\nNon va.\r\n"+
		"--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n"), "")
	s.post()
	said := strings.Join(strings.Fields(mailparse.Parse(s.last(anna).Bytes).Text), " ")
	for _, want := range []string{"Allegati image/png", "Non allegati qui message/rfc822"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
}
