package config_test

import (
	"strconv"
	"strings"
	"testing"

	"replyby/config"
)

// A port of the preset goes with its way of encryption; where the file wants another way, the port is that way's, and the port that is known
// for a way stands for it.
func TestPresetPort(t *testing.T) {
	for _, c := range []struct{ set, tls, port string }{
		{"", "implicit", "465"},
		{`smtp.tls = "starttls"`, "starttls", "587"},
		{`smtp.tls = "implicit"`, "implicit", "465"},
		{"smtp.tls = \"starttls\"\nsmtp.port = 2587", "starttls", "2587"},
		{"smtp.port = 587", "starttls", "587"},
		{"smtp.port = 4650", "implicit", "4650"},
		{"smtp.port = 587\nsmtp.tls = \"implicit\"", "implicit", "587"},
	} {
		f, err := config.Parse("x.toml", []byte(strings.Replace(small, `provider = "aruba"`, "provider = \"aruba\"\n"+c.set, 1)))
		if err != nil {
			t.Errorf("%s: %v", c.set, err)
			continue
		}
		if s := f.Desks[0].SMTP; s.TLS != c.tls || strconv.Itoa(s.Port) != c.port {
			t.Errorf("%q: tls %s, port %d, want %s, %s", c.set, s.TLS, s.Port, c.tls, c.port)
		}
	}
	f, err := config.Parse("x.toml", []byte(strings.Replace(small, `provider = "aruba"`, "imap = {host = \"h.it\", tls = \"starttls\"}\nsmtp = {host = \"h.it\", port = 587}\nprovider = \"dovecot\"", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if d := f.Desks[0]; d.IMAP.Port != 143 || d.SMTP.TLS != "starttls" {
		t.Errorf("imap on port %d, smtp by %s", d.IMAP.Port, d.SMTP.TLS)
	}
}
