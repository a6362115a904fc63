package outbound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"replyby/store"
)

// sink is a real SMTP server that keeps what it gets.
type sink struct {
	mu   sync.Mutex
	got  map[string]string // body by recipients
	n    int
	keep bool
}

func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return &sinkSession{sink: s}, nil }

type sinkSession struct {
	*sink
	to     []string
	logged bool
}

func (s *sinkSession) AuthMechanisms() []string { return []string{"XOAUTH2", "PLAIN", "LOGIN"} }

func (s *sinkSession) Auth(mech string) (sasl.Server, error) {
	if mech == "PLAIN" {
		return sasl.NewPlainServer(func(_, user, password string) error { return s.check(user + ":" + password) }), nil
	}
	return xoauth2{s}, nil
}

func (s *sinkSession) check(credentials string) error {
	if credentials != "desk:right" {
		return smtp.ErrAuthFailed
	}
	s.logged = true
	return nil
}

// xoauth2 answers a refused token with a challenge, as Google and Microsoft do.
type xoauth2 struct{ s *sinkSession }

func (x xoauth2) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil:
		return nil, false, nil
	case len(response) == 0:
		return nil, false, smtp.ErrAuthFailed
	}
	user, rest, _ := strings.Cut(strings.TrimPrefix(string(response), "user="), "\x01auth=Bearer ")
	if x.s.check(user+":"+strings.TrimRight(rest, "\x01")) != nil {
		return []byte(`{"status":"401"}`), false, nil
	}
	return nil, true, nil
}

func (s *sinkSession) Mail(string, *smtp.MailOptions) error {
	if !s.logged {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *sinkSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *sinkSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	if s.keep {
		s.got[strings.Join(s.to, ",")] = string(b)
	}
	return nil
}

func (s *sinkSession) Reset()        { s.to = nil }
func (s *sinkSession) Logout() error { return nil }

// serve starts the sink on a free loopback port.
func (s *sink) serve(t testing.TB, edit func(*smtp.Server)) Config {
	t.Helper()
	server := smtp.NewServer(s)
	server.Domain, server.EnableSMTPUTF8, server.AllowInsecureAuth = "sink", true, true
	server.ErrorLog = discard{}
	if edit != nil {
		edit(server)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return Config{
		Host: "127.0.0.1", TLS: "none", User: "desk", Port: l.Addr().(*net.TCPAddr).Port,
		Secret: func(context.Context) (string, error) { return "right", nil },
	}
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

func TestRealServer(t *testing.T) {
	server, client := authority(t, future())
	for name, edit := range map[string]func(*Config){
		"password over loopback":  func(*Config) {},
		"password over STARTTLS":  func(c *Config) { c.TLS = "starttls" },
		"token over loopback":     func(c *Config) { c.Auth = "xoauth2" },
		"token over STARTTLS":     func(c *Config) { c.Auth, c.TLS = "xoauth2", "starttls" },
		"second token is the one": func(c *Config) { c.Auth, c.Secret = "xoauth2", (&secrets{list: []string{"old", "right"}}).next },
	} {
		t.Run(name, func(t *testing.T) {
			s := &sink{got: map[string]string{}, keep: true}
			cfg := s.serve(t, func(s *smtp.Server) { s.TLSConfig = server })
			edit(&cfg)
			if cfg.TLS == "starttls" {
				port := cfg.Port
				cfg.Host, cfg.TLSConfig = testHost, client
				cfg.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
					return (&net.Dialer{}).DialContext(ctx, network, fmt.Sprintf("127.0.0.1:%d", port))
				}
			}
			if r, err := Probe(t.Context(), cfg); err != nil || !r.LoggedIn {
				t.Fatalf("probe: %+v, %v", r, err)
			}
			both := letter("A", true, func(l *store.Letter) { l.Bcc = []string{"desk@ours.example"} })
			sendAll(t, cfg, both, letter("B", false, nil))
			if s.n != 2 || s.got["customer@example.com,desk@ours.example"] != text || s.got["customer@example.com"] != text {
				t.Errorf("%d letters: %q", s.n, s.got)
			}
		})
	}
}

// sendAll runs a sender until every letter has ended as sent.
func sendAll(t testing.TB, cfg Config, letters ...store.Letter) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b := &countdown{box: newBox(t, letters...), left: len(letters), done: cancel}
	s, err := New(cfg, b, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(ctx); err != nil {
		t.Fatal(err)
	}
	for _, l := range letters {
		if r := b.last(l.ID); r.Outcome != Sent {
			t.Errorf("letter %s: %+v", l.ID, r)
		}
	}
}

type countdown struct {
	*box
	left int
	done func()
}

func (c *countdown) End(ctx context.Context, l store.Letter, r Result) error {
	if c.left--; c.left == 0 {
		defer c.done()
	}
	return c.box.End(ctx, l, r)
}

func (c *countdown) Turn(ctx context.Context, e Ended, next store.Letter, now time.Time) error {
	if err := c.End(ctx, e.Letter, e.Result); err != nil {
		return err
	}
	return c.Begin(ctx, next, now)
}

func TestWrongPasswordAtRealServer(t *testing.T) {
	s := &sink{}
	cfg := s.serve(t, nil)
	for _, auth := range []string{"password", "xoauth2"} {
		sec := &secrets{list: []string{"wrong"}}
		cfg.Auth, cfg.Secret = auth, sec.next
		if _, err := Probe(t.Context(), cfg); !errors.Is(err, ErrLogin) {
			t.Errorf("%s: %v", auth, err)
		}
	}
}

// BenchmarkSend sends 1,000 letters of 2 KB over one connection to a server on
// loopback, with records in memory.
func BenchmarkSend(b *testing.B) {
	s := &sink{}
	cfg := s.serve(b, nil)
	body := text + strings.Repeat("a line of forty characters, more or less\r\n", 45)
	for b.Loop() {
		letters := make([]store.Letter, 1000)
		for i := range letters {
			letters[i] = letter(fmt.Sprint(i), true, func(l *store.Letter) { l.Bytes = []byte(body) })
		}
		began := time.Now()
		sendAll(b, cfg, letters...)
		b.ReportMetric(1000/time.Since(began).Seconds(), "letters/s")
	}
}
