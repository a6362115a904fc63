package mailbox

import "testing"

// Every preset names both servers, by encrypted ways only.
func TestProviders(t *testing.T) {
	for name, p := range Providers() {
		if p.Title == "" || name != "dovecot" && (p.IMAP.Host == "" || p.SMTP.Host == "") {
			t.Errorf("%s: %+v", name, p)
		}
		for _, tls := range []string{p.IMAP.TLS, p.SMTP.TLS} {
			if tls != "implicit" && tls != "starttls" {
				t.Errorf("%s: tls %q", name, tls)
			}
		}
	}
}
