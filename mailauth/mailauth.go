// Package mailauth says whether a mail that names a staff member as its
// author can be believed.
//
// It promises one thing: "pass" means that somebody we have reason to trust
// vouches for the From domain of exactly these bytes. Everything else is fail
// (the proof is wrong), none (there is no proof), or temporary (the proof
// could not be looked up yet); a caller lets nothing but pass decide.
//
// Four methods exist, each to be named in the configuration:
//
//   - dkim: our own check of a DKIM signature (RFC 6376, RFC 8301) aligned
//     with the From domain (RFC 7489, section 3.1.1) that covers From, Subject,
//     Date, Message-ID and the whole body.
//   - authres: the topmost Authentication-Results field (RFC 8601) of the
//     configured authserv-id says dmarc=pass for the From domain. RISK: the
//     provider must remove forged fields of its own name (RFC 8601, section 5).
//   - same-server: the Received lines (RFC 5321, section 4.4) of our own hosts
//     lead back to an authenticated submission (RFC 3848). RISK: it proves that
//     somebody with a password on those hosts wrote; a host shared with
//     strangers must not be listed unless it ties From to the log-in.
//   - microsoft-tenant: Exchange Online's own marks of mail inside one tenant,
//     which carries no signature at all. RISK: true only of a mailbox that
//     Exchange Online itself delivers to, since its header firewall is what
//     keeps outsiders from writing those marks.
//
// Before any of them the header has to be unambiguous: fields that occur once
// by RFC 5322, section 3.6, occur once, and no line is malformed. Otherwise a
// signature could cover one From while a reader sees another.
//
// It knows nothing of tickets, staff or tokens, and stores nothing. DKIM keys
// rotate, so ask once, when the mail arrives, and keep the answer.
package mailauth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"path"
	"slices"
	"strings"
	"time"
)

// Outcome is what a check came to.
type Outcome string

// The four outcomes. Only Pass lets a mail decide anything.
const (
	Pass      Outcome = "pass"      // a trusted party vouches for From
	Fail      Outcome = "fail"      // there is proof, and it is wrong or not enough
	None      Outcome = "none"      // no proof of any kind is in the mail
	Temporary Outcome = "temporary" // a key could not be looked up; ask again later
)

// Method names one way to prove who wrote a mail.
type Method string

// The methods, in the order in which they are tried.
const (
	DKIM            Method = "dkim"
	AuthRes         Method = "authres"
	SameServer      Method = "same-server"
	MicrosoftTenant Method = "microsoft-tenant"
)

// Verdict is the answer about one mail.
type Verdict struct {
	Outcome Outcome
	// Method that passed, or the one that came nearest; empty for None and
	// where the header itself was refused.
	Method Method
	// From is the address the verdict is about, its domain in lower case.
	// Empty when From could not be read. A caller that reads From with another
	// parser has to compare.
	From string
	// Domain that vouches: d= of the signature, header.from of the result, the
	// submitting host, or the tenant.
	Domain string
	// Signed names the fields that a signature covers, in lower case, with commas
	// between, if it is one that proves the mail: it holds wherever that is sent
	// on. Of the signature that AuthRes speaks of nothing is known: "*". Empty
	// where the author himself handed the mail in.
	Signed string
	// Evidence says in one printable line (ASCII, at most 600 bytes) what was
	// seen, for the ticket's history.
	Evidence string
}

// LookupFunc returns the TXT records of a name without final dot, for several
// callers at once. An error
// that is a *net.DNSError with IsNotFound means there is none; every other
// error counts as temporary.
type LookupFunc func(ctx context.Context, name string) ([]string, error)

// Config of a Checker. The zero value checks DKIM only, with the system's resolver.
type Config struct {
	// Methods allowed; empty means dkim, authres and same-server. Methods
	// whose settings are missing never apply.
	Methods []Method
	// AuthservID are the names under which our provider writes
	// Authentication-Results, as "check -online" reports them.
	AuthservID []string
	// OwnHosts are the names in the "by" part of Received lines that our own
	// servers write, and the peer names or addresses they relay for; "*" stands
	// for any run of characters ("*.ours.example", "2001:db8:*").
	OwnHosts []string
	// StrictAlignment demands that the signing domain equals the From domain.
	// Otherwise the same registered domain is enough, as DMARC has it by default.
	StrictAlignment bool
	// MicrosoftTenantID (a GUID) turns microsoft-tenant on.
	MicrosoftTenantID string
	// MicrosoftResults lets authres read the form without authserv-id that
	// Exchange Online writes.
	MicrosoftResults bool
	// Keys are DKIM key records by name ("selector._domainkey.domain"),
	// consulted before Lookup.
	Keys map[string]string
	// Lookup of key records; nil means the system's resolver.
	Lookup LookupFunc
	// LookupTimeout for one record; zero means 10 seconds.
	LookupTimeout time.Duration
	// MinRSABits of a signing key; zero means 1024 (RFC 8301, section 3.2).
	MinRSABits int
}

// Checker answers questions about mails; safe for concurrent use.
type Checker struct{ cfg Config }

// ErrConfig is wrapped by every error New returns.
var ErrConfig = errors.New("mailauth: configuration")

// New checks the configuration and starts nothing.
func New(cfg Config) (*Checker, error) {
	if len(cfg.Methods) == 0 {
		cfg.Methods = []Method{DKIM, AuthRes, SameServer}
	}
	if cfg.Lookup == nil {
		cfg.Lookup = systemLookup
	}
	cfg.MinRSABits = cmp.Or(cfg.MinRSABits, 1024)
	cfg.LookupTimeout = cmp.Or(cfg.LookupTimeout, 10*time.Second)
	if err := cfg.check(); err != nil {
		return nil, err
	}
	return &Checker{cfg}, nil
}

// methods in the order in which they are tried.
func methods() []Method { return []Method{DKIM, AuthRes, SameServer, MicrosoftTenant} }

func (c Config) check() error {
	for _, m := range c.Methods {
		if !slices.Contains(methods(), m) {
			return fmt.Errorf("%w: unknown method %q", ErrConfig, m)
		}
	}
	for _, host := range c.OwnHosts {
		if _, err := path.Match(host, ""); err != nil || strings.Trim(host, "*.") == "" {
			return fmt.Errorf("%w: own host %q is no usable pattern", ErrConfig, host)
		}
	}
	if slices.Contains(c.Methods, MicrosoftTenant) && len(c.MicrosoftTenantID) != 36 {
		return fmt.Errorf("%w: microsoft-tenant needs the tenant's id, 36 characters", ErrConfig)
	}
	if c.MinRSABits < 1024 {
		return fmt.Errorf("%w: keys under 1024 bits are never valid (RFC 8301)", ErrConfig)
	}
	return nil
}

func systemLookup(ctx context.Context, name string) ([]string, error) {
	return net.DefaultResolver.LookupTXT(ctx, name+".") // the dot keeps search domains out
}

// Check reads a whole mail as it came from the server and says whether its
// From can be believed. It never panics and never fails otherwise: what cannot
// be read is a Fail that says why. Look-ups end with ctx or LookupTimeout.
func (c *Checker) Check(ctx context.Context, raw []byte) Verdict {
	h, err := splitHeader(raw)
	if err != nil {
		return Verdict{Outcome: Fail, Evidence: printable("header: " + err.Error())}
	}
	from, err := h.author()
	if err != nil {
		return Verdict{Outcome: Fail, Evidence: printable("header: " + err.Error())}
	}
	m := mail{raw: raw, header: h, from: from, domain: from[strings.LastIndexByte(from, '@')+1:]}
	return c.best(ctx, m)
}

// mail is what the methods look at.
type mail struct {
	raw    []byte
	header header
	from   string // author's address, domain in lower case
	domain string
}

// finding is one method's answer; its text may hold anything the mail held.
type finding struct {
	outcome Outcome
	domain  string
	text    string
	signed  string
}

// best tries the methods in their fixed order until one passes. Without a pass
// a doubt that may clear up outranks a failure, and that outranks "nothing seen".
func (c *Checker) best(ctx context.Context, m mail) Verdict {
	v := Verdict{Outcome: None, From: m.from}
	var seen []string
	for _, method := range methods() {
		if !slices.Contains(c.cfg.Methods, method) {
			continue
		}
		f := c.try(ctx, method, m)
		seen = append(seen, string(method)+": "+f.text)
		if rank(f.outcome) > rank(v.Outcome) {
			v.Outcome, v.Method, v.Domain, v.Signed = f.outcome, method, printable(f.domain), f.signed
		}
		if f.outcome == Pass {
			seen = seen[len(seen)-1:]
			break
		}
	}
	v.Evidence = printable(strings.Join(seen, "; "))
	return v
}

func (c *Checker) try(ctx context.Context, method Method, m mail) finding {
	switch method {
	case DKIM:
		return c.dkim(ctx, m)
	case AuthRes:
		return c.authres(m)
	case SameServer:
		return c.sameServer(m)
	default:
		return c.microsoftTenant(m)
	}
}

func rank(o Outcome) int {
	return slices.Index([]Outcome{None, Fail, Temporary, Pass}, o)
}

// own reports whether a host name or address is one of the patterns.
func own(patterns []string, host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host != "" && slices.ContainsFunc(patterns, func(p string) bool {
		ok, _ := path.Match(strings.ToLower(p), host)
		return ok
	})
}

const maxEvidence = 600

// printable makes text out of a mail safe for one line of a log or terminal.
func printable(s string) string {
	if len(s) > maxEvidence {
		s = s[:maxEvidence-3] + "..."
	}
	return strings.Map(visible, s)
}

func visible(r rune) rune {
	switch {
	case strings.ContainsRune("\r\n\t", r):
		return ' '
	case r < ' ' || r > '~':
		return '?'
	}
	return r
}
