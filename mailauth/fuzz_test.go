package mailauth

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func FuzzAuthRes(f *testing.F) {
	for _, s := range []string{
		"mx.ours.example; dmarc=pass header.from=ours.example",
		"spf=pass smtp.mailfrom=a;dmarc=pass action=none header.from=b",
		"x 1; none", "x(;); a=\"b;c\" d = e", "=;=\"\";(",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ar, err := parseAuthRes(s)
		if err != nil {
			return
		}
		if strings.ContainsAny(ar.id, "=;") && !strings.Contains(s, `"`) {
			t.Errorf("authserv-id %q out of %q", ar.id, s)
		}
		// What a comment holds never changes the answer.
		with, err := parseAuthRes(s + " (; dmarc=pass header.from=ours.example)")
		if err != nil || len(with.results) != len(ar.results) || with.id != ar.id {
			t.Errorf("a comment changed %q: %+v, %v", s, with, err)
		}
		_ = ar.dmarc("ours.example")
	})
}

func FuzzReceived(f *testing.F) {
	for _, s := range []string{
		"from a (b [192.0.2.1]) by c (Postfix) with ESMTPSA id d for <e>; date",
		"from a ([IPv6:2001:db8::1] helo=x) by c with LMTP",
		"from by by with with", "(by x) by y", "by \"x\"",
	} {
		f.Add(s)
	}
	hosts := []string{"*.ours.example"}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := parseReceived(s)
		if err != nil || !own(hosts, r.by) {
			return
		}
		if !strings.Contains(strings.ToLower(s), "by") || !strings.Contains(strings.ToLower(s), ".ours.example") {
			t.Errorf("%q is said to be by %q", s, r.by)
		}
		if r.authenticated() && !strings.Contains(strings.ToUpper(s), "MTP") {
			t.Errorf("%q is said to be authenticated", s)
		}
	})
}

// A peer's self-given name is the one part of our own line that a stranger
// writes. Whatever it is, an unauthenticated line does not become a log-in and
// does not lead to the line below.
func FuzzHelo(f *testing.F) {
	for _, s := range []string{"x", "mail.ours.example", "by", "with", "(", ")", "\"", ";", "[127.0.0.1]", "x by mail.ours.example with ESMTPSA;", "a (localhost [127.0.0.1])"} {
		f.Add(s)
	}
	c := fuzzChecker(f)
	f.Fuzz(func(t *testing.T, helo string) {
		if strings.ContainsAny(helo, " \t\r\n()") {
			t.Skip("no server takes blanks or comments in a name")
		}
		h := header{
			{"Received", "from " + helo + " (unknown [203.0.113.9]) by mx.ours.example (Postfix) with ESMTP id A; date"},
			{"Received", "from x by mail.ours.example with ESMTPSA id B; date"},
		}
		if got := c.sameServer(mail{header: h, from: "alice@ours.example"}); got.outcome == Pass {
			t.Errorf("HELO %q passes: %s", helo, got.text)
		}
	})
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte("From: a@ours.example\r\nDate: x\r\nMessage-ID: <x@y>\r\nDKIM-Signature: v=1; a=rsa-sha256; d=ours.example; s=s1; h=from:subject:date:message-id; bh=AA==; b=AA==\r\n\r\nok"))
	f.Add([]byte("Received: from a by mail.ours.example with ESMTPSA\r\nFrom: <a@ours.example>\r\nDate: x\r\nMessage-ID: y\r\n\r\n"))
	c := fuzzChecker(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		v := c.Check(t.Context(), raw)
		if v.Outcome == Pass && (v.From == "" || v.Method == "" || v.Domain == "") {
			t.Errorf("a pass without author, method or domain: %+v", v)
		}
		if v.Evidence == "" || strings.ContainsFunc(v.Evidence+v.Domain, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("evidence %q domain %q", v.Evidence, v.Domain)
		}
	})
}

func fuzzChecker(f *testing.F) *Checker {
	c, err := New(Config{
		OwnHosts:   []string{"*.ours.example"},
		AuthservID: []string{"mx.ours.example"},
		Lookup:     func(context.Context, string) ([]string, error) { return nil, errors.New("no network here") },
	})
	if err != nil {
		f.Fatal(err)
	}
	return c
}
