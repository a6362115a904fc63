package outbound

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

const testHost = "smtp.ours.example"

// authority makes a certificate for testHost and a client configuration that trusts it.
func authority(t testing.TB, until time.Time) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: []string{testHost},
		NotBefore: until.AddDate(-50, 0, 0), NotAfter: until, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	server = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	return server, &tls.Config{RootCAs: pool}
}

func future() time.Time { return time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC) }

// secrets hands out one secret after the other, the last for ever.
type secrets struct {
	list  []string
	calls int
}

func (s *secrets) next(context.Context) (string, error) {
	s.calls++
	return s.list[min(s.calls, len(s.list))-1], nil
}

func TestPasswordsOnlyOverTLS(t *testing.T) { // T50
	server, client := authority(t, future())
	_, stranger := authority(t, future())
	expired, expiredClient := authority(t, time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC))
	cases := map[string]struct {
		mode   string
		ehlo   []string
		script map[string]string
		server *tls.Config
		client *tls.Config
		host   string
	}{
		"STARTTLS not offered":         {mode: "starttls", ehlo: []string{"AUTH PLAIN"}},
		"STARTTLS refused":             {mode: "starttls", script: map[string]string{"starttls": "454 not now"}},
		"answers injected behind it":   {mode: "starttls", script: map[string]string{"starttls": "220 go\r\n250-fake\r\n250 AUTH PLAIN"}},
		"authority unknown":            {mode: "starttls", client: stranger},
		"certificate expired":          {mode: "starttls", server: expired, client: expiredClient},
		"certificate for another host": {mode: "starttls", host: "smtp.zevil.example"},
		"plain text where TLS is due":  {mode: "implicit"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{ehlo: c.ehlo, script: c.script, tls: server}
				cfg := Config{Host: testHost, TLS: c.mode, TLSConfig: client, User: "desk", Secret: (&secrets{list: []string{"hunter2"}}).next, Dial: f.dial}
				if f.ehlo == nil {
					f.ehlo = []string{"STARTTLS", "AUTH PLAIN LOGIN"}
				}
				if c.server != nil {
					f.tls = c.server
				}
				if c.client != nil {
					cfg.TLSConfig = c.client
				}
				if c.host != "" {
					cfg.Host = c.host
				}
				_, err := Probe(t.Context(), cfg)
				if !errors.Is(err, ErrTLS) {
					t.Errorf("got %v", err)
				}
				f.wg.Wait()
				for _, line := range f.commands {
					if strings.HasPrefix(line, "AUTH") {
						t.Errorf("the server was told %q", line)
					}
				}
			})
		})
	}
}

func TestProbe(t *testing.T) {
	server, client := authority(t, future())
	for _, offered := range []string{"AUTH PLAIN LOGIN", "AUTH LOGIN PLAIN XOAUTH2"} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{tls: server, ehlo: []string{"STARTTLS", offered, "SIZE 1000", "8BITMIME"}}
			r, err := Probe(t.Context(), Config{Host: testHost, TLS: "starttls", TLSConfig: client, User: "desk", Secret: (&secrets{list: []string{"hunter2"}}).next, Dial: f.dial})
			if err != nil || !r.LoggedIn || r.TLS != "TLS 1.3" || r.Server != testHost+":587" {
				t.Errorf("%+v, %v", r, err)
			}
			f.wg.Wait()
			want := "AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00desk\x00hunter2"))
			if !slices.Contains(f.commands, want) || f.commands[len(f.commands)-1] != "QUIT" {
				t.Errorf("commands %q", f.commands)
			}
		})
	}
}

func TestProbeNamesWhatIsWrong(t *testing.T) {
	ok := []string{"AUTH PLAIN"}
	cases := map[string]struct {
		edit   func(*Config)
		ehlo   []string
		script map[string]string
		want   error
	}{
		"not reached":       {func(c *Config) { c.Dial = (&fake{}).fail }, ok, nil, ErrDial},
		"silent":            {nil, ok, map[string]string{"greet": "silent"}, ErrGreeting},
		"dripping":          {nil, ok, map[string]string{"greet": "drip"}, ErrGreeting},
		"endless line":      {nil, ok, map[string]string{"greet": "flood"}, ErrGreeting},
		"busy":              {nil, ok, map[string]string{"greet": "421 too many"}, ErrGreeting},
		"no log-in offered": {nil, nil, nil, ErrNoLogin},
		"other log-in":      {nil, []string{"AUTH CRAM-MD5"}, nil, ErrNoLogin},
		"no token":          {func(c *Config) { c.Secret = noSecret }, ok, nil, ErrSecret},
		"refused":           {nil, ok, map[string]string{"auth": "535 5.7.8 bad password"}, ErrLogin},
		"no host":           {func(c *Config) { c.Host = "" }, ok, nil, ErrConfig},
		"plain text abroad": {func(c *Config) { c.Host = "smtp.zevil.example" }, ok, nil, ErrConfig},
		"unknown tls":       {func(c *Config) { c.TLS = "ssl" }, ok, nil, ErrConfig},
		"unknown auth":      {func(c *Config) { c.Auth = "ntlm" }, ok, nil, ErrConfig},
		"no user":           {func(c *Config) { c.User, c.Auth = "", "password" }, ok, nil, ErrConfig},
		"sender no address": {func(c *Config) { c.Sender = "a b@c" }, ok, nil, ErrConfig},
		"hello with space":  {func(c *Config) { c.Hello = "a b" }, ok, nil, ErrConfig},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{ehlo: c.ehlo, script: c.script}
				cfg := Config{Host: "127.0.0.1", TLS: "none", User: "desk", Secret: (&secrets{list: []string{"hunter2"}}).next, Dial: f.dial}
				if c.edit != nil {
					c.edit(&cfg)
				}
				_, err := Probe(t.Context(), cfg)
				if !errors.Is(err, c.want) {
					t.Errorf("got %v, want %v", err, c.want)
				}
				if err != nil && (strings.Contains(err.Error(), "hunter2") || strings.ContainsAny(err.Error(), "\r\n")) {
					t.Errorf("the error gives too much away: %q", err)
				}
				f.wg.Wait()
			})
		})
	}
}

func (f *fake) fail(context.Context, string, string) (net.Conn, error) {
	return nil, errors.New("connection refused")
}

func noSecret(context.Context) (string, error) { return "", errors.New("command ended with 1") }

// A refused password is tried three times in a quarter of an hour and no more.
func TestRefusedLoginsDoNotStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{ehlo: []string{"AUTH PLAIN"}, script: map[string]string{"auth": "535 5.7.8 bad password"}}
		b := newBox(t, letter("A", true, nil))
		s, stop := start(t, Config{Host: "localhost", TLS: "none", User: "desk", Secret: (&secrets{list: []string{"x"}}).next}, f, b)
		for range 1000 {
			time.Sleep(time.Second)
			s.Wake()
		}
		if n := countAuth(f); n < 2 || n > 5 {
			t.Errorf("%d log-ins in 1,000 s", n)
		}
		time.Sleep(24 * time.Hour)
		if n := countAuth(f); n > 3*(24*4+2) {
			t.Errorf("%d log-ins in a day", n)
		}
		st := s.Status()
		if !strings.Contains(st.Trouble, "535") || st.NextTry.IsZero() {
			t.Errorf("status %+v", st)
		}
		if b.began["A"] != 0 || len(b.results["A"]) != 0 {
			t.Error("the letter was charged with a refused log-in")
		}
		f.mu.Lock()
		clear(f.script)
		f.mu.Unlock()
		time.Sleep(16 * time.Minute)
		stop()
		if b.last("A").Outcome != Sent || s.Status().Trouble != "" {
			t.Errorf("%+v, status %+v", b.last("A"), s.Status())
		}
	})
}

// A refused password is not tried again and again, so that there is a try left for the right one, and that is tried within a minute.
func TestAnotherPasswordIsTriedSoon(t *testing.T) {
	for _, later := range []time.Duration{time.Second, 3 * time.Minute, 11 * time.Minute, 5 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{ehlo: []string{"AUTH PLAIN"}, script: map[string]string{"auth": "535 5.7.8 bad password"}}
			b := newBox(t, letter("A", true, nil))
			var secret atomic.Pointer[string]
			old, right := "old", "right"
			secret.Store(&old)
			s, stop := start(t, Config{Host: "localhost", TLS: "none", User: "desk", Secret: func(context.Context) (string, error) { return *secret.Load(), nil }}, f, b)
			time.Sleep(later)
			if st := s.Status(); !strings.Contains(st.Trouble, "535") {
				t.Errorf("status %+v", st)
			}
			secret.Store(&right)
			f.mu.Lock()
			clear(f.script)
			f.mu.Unlock()
			time.Sleep(65 * time.Second)
			stop()
			if b.last("A").Outcome != Sent || s.Status().Trouble != "" {
				t.Errorf("changed after %s: %+v, status %+v", later, b.last("A"), s.Status())
			}
		})
	}
}

func countAuth(f *fake) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, c := range f.commands {
		if strings.HasPrefix(c, "AUTH") {
			n++
		}
	}
	return n
}

// A token that the server refuses is fetched anew at once, and only once.
func TestTokenIsFetchedAnew(t *testing.T) { // F16
	synctest.Test(t, func(t *testing.T) {
		f := &fake{ehlo: []string{"AUTH XOAUTH2"}, script: map[string]string{"auth": "535 5.7.3 token expired"}, times: 1}
		b := newBox(t, letter("A", true, nil))
		sec := &secrets{list: []string{"old", "new"}}
		_, stop := start(t, Config{Host: "localhost", TLS: "none", Auth: "xoauth2", User: "desk", Secret: sec.next}, f, b)
		time.Sleep(time.Second)
		stop()
		if b.last("A").Outcome != Sent || sec.calls != 2 {
			t.Errorf("%+v after %d tokens", b.last("A"), sec.calls)
		}
		want := base64.StdEncoding.EncodeToString([]byte("user=desk\x01auth=Bearer new\x01\x01"))
		if !slices.Contains(f.commands, "AUTH XOAUTH2 "+want) {
			t.Errorf("commands %q", f.commands)
		}
	})
}

// Trouble on the way to a connection backs off and heals by itself; letters wait.
func TestOutageIsSurvived(t *testing.T) { // F20
	for _, plan := range []string{"drop", "421 4.3.2 busy", "flood", "silent"} {
		t.Run(plan, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{script: map[string]string{"greet": plan}}
				b := newBox(t, letter("A", true, nil))
				s, stop := start(t, Config{}, f, b)
				time.Sleep(10 * 24 * time.Hour)
				synctest.Wait()
				if f.conns > 10*24*60/5+20 || s.Status().Trouble == "" {
					t.Errorf("%d connections, status %+v", f.conns, s.Status())
				}
				f.mu.Lock()
				clear(f.script)
				f.mu.Unlock()
				time.Sleep(6 * time.Minute)
				stop()
				if len(f.accepted) != 1 || len(b.results["A"]) != 1 || b.began["A"] != 1 {
					t.Errorf("%d accepted, results %+v", len(f.accepted), b.results["A"])
				}
			})
		})
	}
}

func Example_backoff() {
	for attempt := 1; attempt <= 6; attempt++ {
		fmt.Print(backoff(true, attempt), " ")
	}
	// Output: 1m0s 7m30s 15m0s 30m0s 1h0m0s 2h0m0s
}
