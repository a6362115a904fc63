package outbound

import (
	"context"
	"crypto/tls"
	"errors"
)

// Report is what a server offers to us.
type Report struct {
	Server   string // host:port
	TLS      string // protocol version, empty without TLS
	LoggedIn bool
}

// Probe connects, secures, logs in and leaves. It sends no mail. The error wraps one of this package's errors, and
// the report then holds what was learnt before it.
func Probe(ctx context.Context, cfg Config) (Report, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return Report{}, err
	}
	report := Report{Server: cfg.address()}
	for again := cfg.Auth == "xoauth2"; ; again = false {
		err = cfg.probe(ctx, &report)
		if !errors.Is(err, ErrLogin) || !again {
			return report, err
		}
	}
}

func (c Config) probe(ctx context.Context, report *Report) error {
	secret, err := c.secret(ctx)
	if err != nil {
		return err
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer s.quit()
	defer s.guard.endsWith(ctx, 0)()
	if state, ok := s.client.TLSConnectionState(); ok {
		report.TLS = tls.VersionName(state.Version)
	}
	if err := c.login(s, secret); err != nil {
		s.broken = true
		return err
	}
	report.LoggedIn = c.Auth != "none"
	return nil
}
