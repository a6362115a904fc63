package imapwatch_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"replyby/imapwatch"
	"replyby/mailhost"
)

// certificate borrows the standard library's test certificate, which is for
// 127.0.0.1, and the pool that trusts it.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates}, &tls.Config{RootCAs: pool}
}

// secureHost serves the desk's mailbox on a socket.
func secureHost(t *testing.T, starttls, implicit *tls.Config) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if implicit != nil {
		l = tls.NewListener(l, implicit)
	}
	host, err := mailhost.New(mailhost.Config{Accounts: []mailhost.Account{desk}, TLS: starttls, IMAPListener: l})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- host.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	return host.IMAPAddr()
}

// Certificate trouble is loud and never passed over.
func TestTLS(t *testing.T) {
	server, trusted := certificate(t)
	implicit, starttls, plain := secureHost(t, nil, server), secureHost(t, server, nil), secureHost(t, nil, nil)
	for _, tc := range []struct {
		name, addr, mode string
		client           *tls.Config
		want             error
		hint             string
	}{
		{"unknown authority", implicit, "implicit", nil, imapwatch.ErrTLS, "nobody this machine trusts"},
		{"unknown authority after starttls", starttls, "starttls", nil, imapwatch.ErrTLS, "nobody this machine trusts"},
		{"other name", strings.Replace(implicit, "127.0.0.1", "localhost", 1), "implicit", trusted, imapwatch.ErrTLS, "another name"},
		{"plain port", plain, "implicit", trusted, imapwatch.ErrTLS, "does not speak tls"},
		{"no starttls", plain, "starttls", trusted, imapwatch.ErrTLS, "nothing was sent in plain text"},
		{"implicit", implicit, "implicit", trusted, nil, ""},
		{"starttls", starttls, "starttls", trusted, nil, ""},
		{"none", plain, "none", nil, nil, ""},
	} {
		cfg := imapwatch.Config{
			Addr: tc.addr, TLS: tc.mode, TLSConfig: tc.client, Username: desk.Address,
			Secret: func(context.Context) (string, error) { return desk.Password, nil },
		}
		report, err := imapwatch.Probe(t.Context(), cfg)
		if !errors.Is(err, tc.want) || err != nil && !strings.Contains(err.Error(), tc.hint) {
			t.Errorf("%s: got %v, want %v with %q", tc.name, err, tc.want, tc.hint)
		}
		if tc.want == nil && (report.Sent != "Sent" || report.Junk != "Junk" || !report.Idle) {
			t.Errorf("%s: report %+v", tc.name, report)
		}
	}
}

// T50: what somebody slips in behind the plain answer to STARTTLS is refused,
// and no credentials are sent.
func TestSTARTTLSInjection(t *testing.T) {
	f := newFake("one")
	f.answer = func(_ int, tag, command string) string {
		if command == "STARTTLS" {
			return tag + " OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nT1 OK in\r\n"
		}
		return ""
	}
	inBubble(t, f, func(t *testing.T, w *world) {
		w.cfg.TLS = "starttls"
		_, err := imapwatch.Probe(t.Context(), w.cfg)
		if !errors.Is(err, imapwatch.ErrTLS) {
			t.Errorf("got %v, want ErrTLS", err)
		}
		if got := f.commands("AUTHENTICATE"); len(got) != 0 {
			t.Errorf("credentials were sent: %q", got)
		}
	})
}

// A server that accepts and then says nothing is given up.
func TestSilentServer(t *testing.T) {
	for _, mode := range []string{"none", "starttls", "implicit"} {
		f := newFake()
		f.greeting = "* "
		inBubble(t, f, func(t *testing.T, w *world) {
			w.cfg.TLS = mode
			began := time.Now()
			_, err := imapwatch.Probe(t.Context(), w.cfg)
			if took := time.Since(began); err == nil || took > 2*time.Minute {
				t.Errorf("%s: %v after %s", mode, err, took)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	cfg := imapwatch.Config{
		Addr: "mail.test:993", Username: desk.Address,
		Secret: func(context.Context) (string, error) { return desk.Password, nil },
	}
	for want, cause := range map[error]error{
		imapwatch.ErrHost: &net.DNSError{Err: "no such host", Name: "mail.test", IsNotFound: true},
		imapwatch.ErrPort: errors.New("connection refused"),
	} {
		cfg.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, cause }
		if _, err := imapwatch.Probe(t.Context(), cfg); !errors.Is(err, want) || !errors.Is(err, cause) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

func TestUnfitServer(t *testing.T) {
	for auth, caps := range map[string]string{"password": "LOGINDISABLED", "xoauth2": "AUTH=PLAIN"} {
		f := newFake()
		f.caps = caps
		inBubble(t, f, func(t *testing.T, w *world) {
			w.cfg.Auth = auth
			if _, err := imapwatch.Probe(t.Context(), w.cfg); !errors.Is(err, imapwatch.ErrServer) {
				t.Errorf("%s: got %v, want ErrServer", auth, err)
			}
			if got := append(f.commands("LOGIN"), f.commands("AUTH")...); len(got) != 0 {
				t.Errorf("%s: credentials were sent: %q", auth, got)
			}
		})
	}
}

func TestConfigFaults(t *testing.T) {
	good := imapwatch.Config{
		Addr: "127.0.0.1:143", TLS: "none", Username: "u",
		Secret: func(context.Context) (string, error) { return "", nil },
	}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*imapwatch.Config){
		"no port":           func(c *imapwatch.Config) { c.Addr = "127.0.0.1" },
		"tls word":          func(c *imapwatch.Config) { c.TLS = "yes" },
		"plain over a net":  func(c *imapwatch.Config) { c.Addr = "192.0.2.1:143" },
		"plain by name":     func(c *imapwatch.Config) { c.Addr = "mail.test:143" },
		"auth word":         func(c *imapwatch.Config) { c.Auth = "cram-md5" },
		"no user":           func(c *imapwatch.Config) { c.Username = "" },
		"no secret":         func(c *imapwatch.Config) { c.Secret = nil },
		"since word":        func(c *imapwatch.Config) { c.Since = "yesterday" },
		"negative size":     func(c *imapwatch.Config) { c.MaxSize = -1 },
		"move into watched": func(c *imapwatch.Config) { c.Folders = []string{"INBOX", "Done"}; c.Mark.MoveTo = "Done" },
		"folder twice":      func(c *imapwatch.Config) { c.Folders = []string{"INBOX", "INBOX"} },
	} {
		cfg := good
		spoil(&cfg)
		if err := imapwatch.New(cfg, newInbox(), nil).Run(t.Context()); !errors.Is(err, imapwatch.ErrConfig) {
			t.Errorf("%s: run ended with %v, want ErrConfig", name, err)
		}
	}
}
