package mailauth_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"replyby/mailauth"
)

// plain is a staff mail as a client writes it: no trace, no signature.
const plain = "From: Alice Rossi <alice@ours.example>\r\n" +
	"To: support@desk.example\r\n" +
	"Subject: Re: [MB-1] request #token\r\n" +
	"Date: Fri, 20 Nov 2026 10:00:00 +0100\r\n" +
	"Message-ID: <1@ours.example>\r\n" +
	"MIME-Version: 1.0\r\n" +
	"Content-Type: text/plain; charset=utf-8\r\n" +
	"\r\n" +
	"ok\r\n\r\nThank you, we look at it today.\r\n"

// signer is a domain with a key of its own.
type signer struct {
	domain, selector string
	key              crypto.Signer
}

func newSigner(domain string) signer {
	seed := bytes.Repeat([]byte(domain[:1]), ed25519.SeedSize)
	return signer{domain, "s1", ed25519.NewKeyFromSeed(seed)}
}

func (s signer) name() string { return s.selector + "._domainkey." + s.domain }

func (s signer) record() string {
	if pub, ok := s.key.Public().(ed25519.PublicKey); ok {
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(pub)
	}
	der, _ := x509.MarshalPKIXPublicKey(s.key.Public())
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
}

// sign puts a signature on top; edit may change the options.
func (s signer) sign(t testing.TB, mail string, edit func(*dkim.SignOptions)) string {
	t.Helper()
	o := &dkim.SignOptions{
		Domain: s.domain, Selector: s.selector, Signer: s.key,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed,
		BodyCanonicalization:   dkim.CanonicalizationRelaxed,
		HeaderKeys:             []string{"From", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"},
	}
	if edit != nil {
		edit(o)
	}
	var out bytes.Buffer
	if err := dkim.Sign(&out, strings.NewReader(mail), o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func keys(signers ...signer) map[string]string {
	m := map[string]string{}
	for _, s := range signers {
		m[s.name()] = s.record()
	}
	return m
}

// noNetwork is the Lookup of tests whose keys are all fixed.
func noNetwork(_ context.Context, name string) ([]string, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func check(t testing.TB, cfg mailauth.Config, mail string) mailauth.Verdict {
	t.Helper()
	if cfg.Lookup == nil {
		cfg.Lookup = noNetwork
	}
	c, err := mailauth.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c.Check(t.Context(), []byte(mail))
}

// want fails unless the verdict has the outcome and its evidence the text.
func want(t testing.TB, v mailauth.Verdict, outcome mailauth.Outcome, evidence string) {
	t.Helper()
	if v.Outcome != outcome || !strings.Contains(v.Evidence, evidence) {
		t.Errorf("got %s %s %q, want %s with %q in the evidence", v.Outcome, v.Method, v.Evidence, outcome, evidence)
	}
	if strings.ContainsFunc(v.Evidence, func(r rune) bool { return r < ' ' || r > '~' }) || len(v.Evidence) > 600 {
		t.Errorf("evidence is not one short printable line: %q", v.Evidence)
	}
}

func TestUnprovenMailIsNotBelieved(t *testing.T) { // T01
	want(t, check(t, mailauth.Config{}, plain), mailauth.None, "not signed")
}

func TestDKIM(t *testing.T) {
	ours, sub, evil := newSigner("ours.example"), newSigner("mail.ours.example"), newSigner("zevil.example")
	deep := newSigner("x._domainkey.ours.example")
	good := ours.sign(t, plain, nil)
	base := mailauth.Config{Keys: keys(ours, sub, evil)}
	strict := base
	strict.StrictAlignment = true
	swap := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	fields := func(names ...string) func(*dkim.SignOptions) {
		return func(o *dkim.SignOptions) { o.HeaderKeys = names }
	}
	expired := func(o *dkim.SignOptions) { o.Expiration = time.Now().Add(-time.Hour) }
	withLength := strings.Replace(good, " bh=", " l=5; bh=", 1)

	cases := []struct {
		name     string
		cfg      mailauth.Config
		mail     string
		outcome  mailauth.Outcome
		evidence string
	}{
		{"second From on top (M9)", base, "From: alice@ours.example\r\n" + evil.sign(t, strings.Replace(plain, "alice@ours", "m@zevil", 1), nil), mailauth.Fail, "2 From fields"},
		{"second From below", base, swap("\r\n\r\nok", "\r\nFrom: m@zevil.example\r\n\r\nok"), mailauth.Fail, "2 From fields"},
		{"second Subject on top (M10, T05)", base, "Subject: other #token\r\n" + good, mailauth.Fail, "2 Subject fields"},
		{"second Message-ID", base, "message-id: <2@x>\r\n" + good, mailauth.Fail, "2 Message-ID fields"},
		{"second In-Reply-To", base, "In-Reply-To: <a@b>\r\nIN-REPLY-TO: <c@d>\r\n" + good, mailauth.Fail, "2 In-Reply-To fields"},
		{"second Content-Type", base, "Content-Type: text/html\r\n" + good, mailauth.Fail, "2 Content-Type fields"},
		{"no Message-ID", base, ours.sign(t, strings.Replace(plain, "Message-ID: <1@ours.example>\r\n", "", 1), nil), mailauth.Fail, "no Message-ID"},
		{"no Date", base, ours.sign(t, strings.Replace(plain, "Date: Fri, 20 Nov 2026 10:00:00 +0100\r\n", "", 1), nil), mailauth.Fail, "no Date"},
		{"other author's signature", base, evil.sign(t, plain, nil), mailauth.Fail, "not aligned"},
		{"author's public suffix", mailauth.Config{}, newSigner("example").sign(t, plain, nil), mailauth.Fail, "not aligned"},
		{"body changed", base, swap("today", "never"), mailauth.Fail, "body hash"},
		{"body appended", base, good + "ok\r\n", mailauth.Fail, "body hash"},
		{"signed field changed", base, swap("#token", "#other"), mailauth.Fail, "signature did not verify"},
		{"Subject not signed", base, ours.sign(t, plain, fields("From", "Date", "Message-ID")), mailauth.Fail, "does not sign subject"},
		{"Date not signed", base, ours.sign(t, plain, fields("From", "Subject", "Message-ID")), mailauth.Fail, "does not sign date"},
		{"Message-ID not signed", base, ours.sign(t, plain, fields("From", "Subject", "Date")), mailauth.Fail, "does not sign message-id"},
		{"body length (T06)", base, withLength, mailauth.Fail, "body length"},
		{"expired (T06)", base, ours.sign(t, plain, expired), mailauth.Fail, "expired"},
		{"rsa-sha1", base, swap("a=ed25519-sha256", "a=rsa-sha1"), mailauth.Fail, "too weak"},
		{"key on trial", mailauth.Config{Keys: map[string]string{ours.name(): ours.record() + "; t=s:y"}}, good, mailauth.Fail, "trial"},
		{"key revoked", mailauth.Config{Keys: map[string]string{ours.name(): "v=DKIM1; p="}}, good, mailauth.Fail, "revoked"},
		{"no key", mailauth.Config{}, good, mailauth.Fail, "no key record"},
		{"subdomain, strict (T08)", strict, sub.sign(t, plain, nil), mailauth.Fail, "not aligned"},
		{"subdomain that looks like a key, strict", mailauth.Config{StrictAlignment: true, Keys: keys(deep)}, deep.sign(t, plain, nil), mailauth.Fail, "not aligned"},
		{"subdomain, relaxed (T08)", base, sub.sign(t, plain, nil), mailauth.Pass, "d=mail.ours.example"},
		{"signed by us", base, good, mailauth.Pass, "signed by d=ours.example"},
		{"signed by us, strict", strict, good, mailauth.Pass, "signed by d=ours.example"},
		{"signed twice, the stranger on top", base, evil.sign(t, good, nil), mailauth.Pass, "signed by d=ours.example"},
		{"oversigned", base, ours.sign(t, plain, fields("From", "From", "Subject", "Subject", "Date", "Message-ID", "To", "Reply-To")), mailauth.Pass, "signed by"},
		{"bare line feeds", base, strings.ReplaceAll(good, "\r\n", "\n"), mailauth.Pass, "signed by"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { want(t, check(t, c.cfg, c.mail), c.outcome, c.evidence) })
	}
}

func TestPassNamesAuthorAndDomain(t *testing.T) {
	sub := newSigner("mail.ours.example")
	mail := sub.sign(t, strings.Replace(plain, "alice@ours.example", "Alice@OURS.example", 1), nil)
	v := check(t, mailauth.Config{Keys: keys(sub)}, mail)
	v.Evidence = ""
	want := mailauth.Verdict{Outcome: mailauth.Pass, Method: mailauth.DKIM, From: "Alice@ours.example", Domain: "mail.ours.example",
		Signed: "from,subject,date,message-id,mime-version,content-type"}
	if v != want {
		t.Errorf("got %+v", v)
	}
}

func TestRSAKeySize(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	s := signer{"ours.example", "rsa", key}
	mail := s.sign(t, plain, nil)
	want(t, check(t, mailauth.Config{Keys: keys(s)}, mail), mailauth.Pass, "signed by")
	want(t, check(t, mailauth.Config{Keys: keys(s), MinRSABits: 2048}, mail), mailauth.Fail, "1024 bits")
	pkcs1 := "k=rsa; p=" + base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PublicKey(&key.PublicKey))
	cfg := mailauth.Config{Keys: map[string]string{s.name(): pkcs1}, MinRSABits: 2048}
	want(t, check(t, cfg, mail), mailauth.Fail, "1024 bits")
}

func TestLookupTroubleIsTemporary(t *testing.T) {
	ours, evil := newSigner("ours.example"), newSigner("zevil.example")
	for name, failure := range map[string]error{
		"time-out":    &net.DNSError{Err: "i/o timeout", IsTimeout: true},
		"server fail": &net.DNSError{Err: "server misbehaving", IsTemporary: true},
		"unknown":     errors.New("no resolver"),
		"cancelled":   context.Canceled,
	} {
		t.Run(name, func(t *testing.T) {
			cfg := mailauth.Config{Lookup: func(context.Context, string) ([]string, error) { return nil, failure }}
			want(t, check(t, cfg, ours.sign(t, plain, nil)), mailauth.Temporary, failure.Error())
			want(t, check(t, cfg, evil.sign(t, plain, nil)), mailauth.Fail, "not aligned")
		})
	}
}

func TestManySignaturesCostLittle(t *testing.T) { // T06
	ours := newSigner("ours.example")
	mail := plain
	for range 200 {
		mail = ours.sign(t, mail, nil)
	}
	var asked atomic.Int32
	cfg := mailauth.Config{Lookup: func(context.Context, string) ([]string, error) {
		asked.Add(1)
		return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(make([]byte, 32))}, nil
	}}
	want(t, check(t, cfg, mail), mailauth.Fail, "did not verify")
	if n := asked.Load(); n > 5 {
		t.Errorf("%d look-ups", n)
	}
}

func TestHostileSelectorsAreNotLookedUp(t *testing.T) {
	good := newSigner("ours.example").sign(t, plain, nil)
	for _, selector := range []string{"a b", "*", "..", "x/y", "s1._domainkey.zevil.example.", strings.Repeat("x", 300)} {
		var asked []string
		cfg := mailauth.Config{Lookup: func(_ context.Context, name string) ([]string, error) {
			asked = append(asked, name)
			return nil, errors.New("asked")
		}}
		check(t, cfg, strings.Replace(good, "s=s1", "s="+selector, 1))
		for _, name := range asked {
			if !strings.HasSuffix(name, "._domainkey.ours.example") || len(name) > 253 || strings.ContainsAny(name, " /") || strings.Contains(name, "..") {
				t.Errorf("selector %q led to a look-up of %q", selector, name)
			}
		}
	}
}

func TestFromShapes(t *testing.T) { // T10, T11
	ours := newSigner("ours.example")
	refused := []string{
		`"alice@ours.example" <m@zevil.example>`,
		`alice@ours.example <m@zevil.example>`,
		`m@zevil.example, alice@ours.example`,
		`<alice@ours.example>, <m@zevil.example>`,
		`Staff: alice@ours.example;`,
		`"alice"@ours.example`,
		`"alice@ours.example\" <x"@zevil.example`,
		`=?utf-8?q?alice=40ours.example?=@zevil.example`,
		`<@zevil.example:alice@ours.example>`,
		`<alice@ours.example> <m@zevil.example>`,
		`alice@ours.example <`,
		`<<alice@ours.example>>`,
		`alice@[192.0.2.1]`,
		`alice@ours`,
		`al ice@ours.example`,
		`"unclosed <alice@ours.example>`,
		`alice@ours.example (unclosed`,
		"al\u0456ce@ours.example",
		"alice\uff20ours.example",
		"alice@\u043eurs.example",
		`alice@xn--urs-8cd.example`,
		`<>`, ``, `alice`, `"<" alice@ours.example ">"`,
	}
	for _, from := range refused {
		mail := ours.sign(t, strings.Replace(plain, "Alice Rossi <alice@ours.example>", from, 1), nil)
		v := check(t, mailauth.Config{Keys: keys(ours)}, mail)
		if v.Outcome == mailauth.Pass {
			t.Errorf("From %q was taken as %s", from, v.From)
		}
	}
	for _, from := range []string{
		`alice@ours.example`, `<alice@ours.example>`, `"Rossi, Alice" <alice@ours.example>`,
		`alice@ours.example (Alice Rossi)`, `=?utf-8?q?Al=C3=ACce?= <alice@ours.example>`,
		"Al\u00ecce \"R\" <alice@ours.example>", "Alice\r\n Rossi\r\n\t<alice@ours.example>",
		`alice@ours.example <alice@ours.example>`, `Alice (m@zevil.example) <alice@OURS.EXAMPLE>`,
	} {
		mail := ours.sign(t, strings.Replace(plain, "Alice Rossi <alice@ours.example>", from, 1), nil)
		v := check(t, mailauth.Config{Keys: keys(ours)}, mail)
		if v.Outcome != mailauth.Pass || v.From != "alice@ours.example" {
			t.Errorf("From %q: %+v", from, v)
		}
	}
}

func TestDirtyHeadersAreRefused(t *testing.T) {
	ours := newSigner("ours.example")
	good := ours.sign(t, plain, nil)
	for name, mail := range map[string]string{
		"empty":               "",
		"no end":              "From: alice@ours.example",
		"mbox line":           "From alice@ours.example Fri Nov 20\r\n" + good,
		"line without colon":  "hello\r\n" + good,
		"blank before colon":  "From : m@zevil.example\r\n" + good,
		"no-break space":      "From\u00a0: m@zevil.example\r\n" + good,
		"leading blank line":  " x: y\r\n" + good,
		"blank continuation":  strings.Replace(good, "To: ", "X: y\r\n \r\nTo: ", 1),
		"bare CR":             "X: y\rFrom: m@zevil.example\r\n" + good,
		"NUL":                 "X: y\x00\r\n" + good,
		"huge":                "X: " + strings.Repeat("y", 300<<10) + "\r\n" + good,
		"many fields":         strings.Repeat("X: y\r\n", 3000) + good,
		"many continuations":  "X: y\r\n" + strings.Repeat(" y\r\n", 3000) + good,
		"header only":         "\r\n" + good,
		"empty name":          ": y\r\n" + good,
		"8-bit in field name": "Fr\u00f6m: y\r\n" + good,
	} {
		v := check(t, mailauth.Config{Keys: keys(ours)}, mail)
		if v.Outcome != mailauth.Fail || !strings.HasPrefix(v.Evidence, "header: ") {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for name, cfg := range map[string]mailauth.Config{
		"unknown method":     {Methods: []mailauth.Method{"spf"}},
		"pattern of all":     {OwnHosts: []string{"*"}},
		"broken pattern":     {OwnHosts: []string{"[a"}},
		"no tenant":          {Methods: []mailauth.Method{mailauth.MicrosoftTenant}},
		"weak keys wanted":   {MinRSABits: 512},
		"empty host pattern": {OwnHosts: []string{""}},
	} {
		if _, err := mailauth.New(cfg); !errors.Is(err, mailauth.ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckTakesLinearTime(t *testing.T) {
	ours := newSigner("ours.example")
	run := func(filler string, n int) time.Duration {
		mail := "From: alice@ours.example\r\nDate: x\r\nMessage-ID: <a@b>\r\nDKIM-Signature: v=1\r\n"
		for _, name := range []string{"Received", "Authentication-Results"} {
			mail += name + ": " + strings.Repeat(filler, n/len(filler)) + "\r\n"
		}
		cfg := mailauth.Config{Keys: keys(ours), OwnHosts: []string{"*.ours.example"}, AuthservID: []string{"mx.ours.example"}}
		start := time.Now()
		check(t, cfg, mail+"\r\n")
		return time.Since(start)
	}
	for _, filler := range []string{"(", "\"", "()", "<", ";", "=", "a=b ", "\\", "x ", "by "} {
		if d := run(filler, 100<<10); d > time.Second {
			t.Errorf("%q repeated over 200 KB took %v", filler, d)
		}
	}
}

func ExampleChecker_Check() {
	c, err := mailauth.New(mailauth.Config{Methods: []mailauth.Method{mailauth.SameServer}, OwnHosts: []string{"mail.ours.example"}})
	if err != nil {
		panic(err)
	}
	trace := "Received: from laptop (unknown [192.0.2.7])\r\n\tby mail.ours.example (Postfix) with ESMTPSA id A1\r\n\tfor <support@desk.example>; Fri, 20 Nov 2026 10:00:01 +0100\r\n"
	v := c.Check(context.Background(), []byte(trace+plain))
	fmt.Println(v.Outcome, v.From, "-", v.Evidence)
	// Output: pass alice@ours.example - same-server: entered at mail.ours.example with "ESMTPSA"
}
