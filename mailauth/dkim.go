package mailauth

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
	"golang.org/x/net/publicsuffix"
)

// maxVerifications bounds look-ups and arithmetic that a sender can cause.
const maxVerifications = 5

// mustSign are the fields whose change would change what a staff mail decides.
// To and In-Reply-To are not among them: Exchange Online does not sign those.
func mustSign() []string { return []string{"from", "subject", "date", "message-id"} }

// dkim verifies the mail's signatures. The library refuses l=, rsa-sha1 and
// expired signatures; alignment, coverage and key policy are judged here.
func (c *Checker) dkim(ctx context.Context, m mail) finding {
	if len(m.header.values("DKIM-Signature")) == 0 {
		return finding{outcome: None, text: "not signed"}
	}
	keys := keyFinder{c: c, ctx: ctx, from: m.domain}
	results, err := dkim.VerifyWithOptions(bytes.NewReader(m.raw), &dkim.VerifyOptions{
		LookupTXT:        keys.lookup,
		MaxVerifications: maxVerifications,
	})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return finding{outcome: Fail, text: err.Error()}
	}
	best := finding{outcome: None}
	for _, r := range results {
		if f := c.judge(r, m); rank(f.outcome) > rank(best.outcome) {
			best = f
		}
	}
	return best
}

func (c *Checker) judge(v *dkim.Verification, m mail) finding {
	f := finding{outcome: Fail, domain: strings.ToLower(v.Domain)}
	switch {
	case !c.aligned(f.domain, m.domain):
		f.text = fmt.Sprintf("d=%.80s is not aligned with %s", f.domain, m.domain)
	case v.Err != nil && dkim.IsTempFail(v.Err):
		f.outcome, f.text = Temporary, fmt.Sprintf("d=%.80s: %v", f.domain, v.Err)
	case v.Err != nil:
		f.text = fmt.Sprintf("d=%.80s: %v", f.domain, v.Err)
	case uncovered(v.HeaderKeys) != "":
		f.text = fmt.Sprintf("d=%.80s does not sign %s", f.domain, uncovered(v.HeaderKeys))
	default:
		f.signed = strings.ToLower(strings.Join(v.HeaderKeys, ","))
		f.outcome, f.text = Pass, fmt.Sprintf("signed by d=%s over %s", f.domain, f.signed)
	}
	return f
}

// uncovered names the first field a signature ought to cover and does not.
func uncovered(signed []string) string {
	for _, name := range mustSign() {
		if !slices.ContainsFunc(signed, func(s string) bool { return strings.EqualFold(s, name) }) {
			return name
		}
	}
	return ""
}

// aligned compares a signing domain with the From domain: equal, or of the same
// registered domain by the public suffix list (RFC 7489, section 3.1.1). A
// public suffix itself is aligned with nothing but itself.
func (c *Checker) aligned(signer, from string) bool {
	if signer == from {
		return true
	}
	if c.cfg.StrictAlignment || !isDotAtom(signer) {
		return false
	}
	a, errA := publicsuffix.EffectiveTLDPlusOne(signer)
	b, errB := publicsuffix.EffectiveTLDPlusOne(from)
	return errA == nil && errB == nil && a == b
}

// keyFinder looks up the keys for the signatures of one mail.
type keyFinder struct {
	c    *Checker
	ctx  context.Context
	from string
}

// temporary marks an error as worth another try for the DKIM library.
type temporary struct{ error }

func (temporary) Timeout() bool   { return false }
func (temporary) Temporary() bool { return true }

// lookup answers only for aligned domains: a stranger's extra signatures then
// neither cost look-ups nor turn a verdict temporary.
func (k keyFinder) lookup(name string) ([]string, error) {
	name = strings.ToLower(name)
	if !k.wanted(name) {
		return nil, errors.New("not aligned or no name, not looked up")
	}
	records, err := k.find(name)
	if err != nil {
		return nil, err
	}
	for _, record := range records {
		if err := k.c.acceptable(record); err != nil {
			return nil, err
		}
	}
	return records, nil
}

func (k keyFinder) wanted(name string) bool {
	const marker = "._domainkey."
	at := strings.LastIndex(name, marker)
	return at >= 0 && k.c.aligned(name[at+len(marker):], k.from) &&
		isDotAtom(name) && !strings.ContainsFunc(name, notInName)
}

// notInName tells characters that no DNS name we look up holds.
func notInName(r rune) bool {
	return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || strings.ContainsRune("-_.", r))
}

func (k keyFinder) find(name string) ([]string, error) {
	if record, ok := k.c.cfg.Keys[name]; ok {
		return []string{record}, nil
	}
	ctx, cancel := context.WithTimeout(k.ctx, k.c.cfg.LookupTimeout)
	defer cancel()
	records, err := k.c.cfg.Lookup(ctx, name)
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return nil, errors.New("no key record")
	}
	if err != nil {
		return nil, temporary{err}
	}
	return records, nil
}

// acceptable refuses keys that the library would take: RSA under MinRSABits,
// and keys that their owner still marks as a trial (RFC 6376, section 3.6.1, t=y).
// What it cannot read is left to the library to refuse.
func (c *Checker) acceptable(record string) error {
	tags := map[string]string{}
	for pair := range strings.SplitSeq(record, ";") {
		name, value, _ := strings.Cut(pair, "=")
		tags[strings.TrimSpace(name)] = strings.Join(strings.Fields(value), "")
	}
	if slices.Contains(strings.Split(tags["t"], ":"), "y") {
		return errors.New("the key is marked as a trial (t=y)")
	}
	if bits := rsaBits(tags["p"]); tags["k"] != "ed25519" && bits > 0 && bits < c.cfg.MinRSABits {
		return fmt.Errorf("the key has %d bits, %d are demanded", bits, c.cfg.MinRSABits)
	}
	return nil
}

// rsaBits is the size of a base64 RSA public key, 0 when it cannot be read.
func rsaBits(p string) int {
	der, err := base64.StdEncoding.DecodeString(p)
	if err != nil {
		return 0
	}
	if key, err := x509.ParsePKCS1PublicKey(der); err == nil {
		return key.N.BitLen()
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if rsaKey, ok := key.(*rsa.PublicKey); err == nil && ok {
		return rsaKey.N.BitLen()
	}
	return 0
}
