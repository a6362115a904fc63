package mailbox

import "testing"

func TestCertified(t *testing.T) {
	for host, want := range map[string]bool{
		"imaps.pec.aruba.it": true, "mbox.cert.legalmail.it": true, "PEC.example.it": true, "studio-pec.example": true, "pec-rossi.example": true, "mail.postecert.it": true,
		"imaps.aruba.it": false, "imap.example.it": false, "speck.example": false, "pecunia.example": false, "": false,
	} {
		if got := Certified(host); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
}
