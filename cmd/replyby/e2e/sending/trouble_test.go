package sending_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"replyby/mailhost"
)

// trouble is what goes wrong once, at the first letter. At is a stage of the server (with "copy" for its second recipient), a point
// of the wire, "greeting" or "tls"; How is a reply, "cut", "slow", or what is read instead of an answer.
type trouble struct{ at, how string }

func (t trouble) String() string { return t.at + " " + strings.TrimSpace(t.how) }

// slowly is longer than our patience with a final dot, and shorter than the time after which a person is asked.
const slowly = 14 * time.Minute

func troubles() []trouble {
	all := []trouble{
		{"nothing", ""}, {"greeting", "421 4.3.2 closing"}, {"greeting", "554 5.3.2 no service"},
		{"wire half", "cut"}, {"wire no dot", "cut"},
		{"reply", "cut"}, {"reply", "slow"}, {"wire dot", "drip"}, {"wire dot", "what is this\r\n"}, {"wire dot", "199 2.0.0 wait\r\n"}, {"wire dot", "334 go on\r\n"},
		{"tls", "expired"}, {"tls", "other name"}, {"tls", "unknown authority"}, {"tls", "cut"},
	}
	for _, stage := range []string{"hello", "auth", "mail", "rcpt", "copy", "data", "dot"} {
		for _, how := range []string{"421 4.3.2 closing", "451 4.7.1 later", "554 5.7.1 no", "cut", "slow"} {
			all = append(all, trouble{stage, how})
		}
	}
	return all
}

// secure says that the connections of the cell are encrypted.
func (t trouble) secure() bool { return t.at == "tls" }

// play is the trouble as the server's: once.
func (t trouble) play() func(mailhost.Stage, mailhost.Transaction) error {
	var done atomic.Bool // sessions of two connections may overlap
	return func(at mailhost.Stage, x mailhost.Transaction) error {
		stage := string(at)
		if at == mailhost.StageRcpt && x.To[len(x.To)-1] == support {
			stage = "copy"
		}
		if stage != t.at || at == mailhost.StageRcpt && !slices.Contains(x.To, mario) || done.Swap(true) {
			return nil
		}
		switch t.how {
		case "cut":
			return mailhost.ErrDrop
		case "slow":
			<-time.After(slowly)
			return nil
		}
		code := map[byte]int{'4': 451, '5': 554}[t.how[0]]
		if strings.HasPrefix(t.how, "421") {
			code = 421
		}
		return mailhost.Refusal{Code: code, Text: t.how[4:]}
	}
}

// damage is the trouble as the wire's: once.
func (t trouble) damage() func(string) string {
	done := false
	return func(point string) string {
		if done || t.at != "wire "+point {
			return ""
		}
		done = true
		return t.how
	}
}

// certificates are the right one and those of the troubles, all signed by themselves; the pool knows all but one.
func certificates(t testing.TB) (map[string]tls.Certificate, *x509.CertPool) {
	t.Helper()
	pool, all := x509.NewCertPool(), map[string]tls.Certificate{}
	for _, name := range []string{"right", "expired", "other name", "unknown authority"} {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		c := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{hostName}, NotBefore: epoch.AddDate(-1, 0, 0), NotAfter: epoch.AddDate(9, 0, 0), IsCA: true, BasicConstraintsValid: true}
		switch name {
		case "expired":
			c.NotAfter = epoch.AddDate(0, 0, -1)
		case "other name":
			c.DNSNames = []string{"elsewhere.test"}
		}
		der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
		if leaf, err := x509.ParseCertificate(der); err != nil {
			t.Fatal(err)
		} else if name != "unknown authority" {
			pool.AddCert(leaf)
		}
	}
	return all, pool
}
