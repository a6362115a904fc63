package mailauth_test

import (
	"strings"
	"testing"

	"replyby/mailauth"
)

// Trace lines in the shapes servers write them, all for the same staff mail.
const (
	border    = "Received: from relay.zevil.example (relay.zevil.example [203.0.113.9])\r\n\tby mx.ours.example (Postfix) with ESMTPS id B1; Fri, 20 Nov 2026 10:00:02 +0100\r\n"
	foreign   = "Received: from laptop (unknown [198.51.100.7]) by relay.zevil.example (Postfix) with ESMTPSA id Z1; Fri, 20 Nov 2026 10:00:01 +0100\r\n"
	lmtp      = "Received: from mail.ours.example\r\n\tby mail.ours.example with LMTP\r\n\tid AbC (envelope-from <alice@ours.example>)\r\n\tfor <support@ours.example>; Fri, 20 Nov 2026 10:00:03 +0100\r\n"
	reinject  = "Received: from localhost (localhost [127.0.0.1]) by mail.ours.example (Postfix) with ESMTP id C1; Fri, 20 Nov 2026 10:00:02 +0100\r\n"
	submitted = "Received: from [192.168.1.5] (host-9.isp.example [198.51.100.7])\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n\t(Client did not present a certificate)\r\n\tby mail.ours.example (Postfix) with ESMTPSA id S1\r\n\tfor <support@ours.example>; Fri, 20 Nov 2026 10:00:01 +0100\r\n"
	login     = "Received: from laptop (unknown [198.51.100.7]) (Authenticated sender: LOGIN)\r\n\tby mail.ours.example (Postfix) with ESMTPSA id S1; Fri, 20 Nov 2026 10:00:01 +0100\r\n"
	relayed   = "Received: from smtp.ours.example (smtp.ours.example [192.0.2.4]) by mail.ours.example with esmtpsa id R1; Fri, 20 Nov 2026 10:00:01 +0100\r\n"
	helo      = "Received: from mail.ours.example (unknown [203.0.113.9]) by mx.ours.example (Postfix) with ESMTP id H1; Fri, 20 Nov 2026 10:00:01 +0100\r\n"
	exim      = "Received: from host-9.isp.example ([198.51.100.7] helo=laptop) by mail.ours.example with esmtpsa (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) (envelope-from <alice@ours.example>) id 1a-2b-3c for support@ours.example; Fri, 20 Nov 2026 10:00:01 +0100\r\n"
	webmail   = "Received: from 198.51.100.7 by mail.ours.example with HTTP (HTTP/1.1 POST); Fri, 20 Nov 2026 10:00:00 +0100\r\n"
	websubmit = "Received: from mail.ours.example (localhost [127.0.0.1]) (Authenticated sender: alice@ours.example) by mail.ours.example (Postfix) with ESMTPA id W1; Fri, 20 Nov 2026 10:00:01 +0100\r\n"
)

func TestSameServer(t *testing.T) {
	cfg := mailauth.Config{Methods: []mailauth.Method{mailauth.SameServer}, OwnHosts: []string{"*.ours.example"}}
	cases := []struct {
		name, trace string
		outcome     mailauth.Outcome
		evidence    string
	}{
		{"nothing", "", mailauth.None, "no Received"},
		{"foreign line on top", foreign + submitted, mailauth.None, "does not name"},
		{"from outside, no log-in", border, mailauth.Fail, "no log-in"},
		{"from outside, forged submission below", border + submitted, mailauth.Fail, "no log-in"},
		{"from outside, HELO in our name", helo + submitted, mailauth.Fail, "no log-in"},
		{"HELO holds a clause", strings.Replace(helo, "from mail.ours.example", "from by", 1) + submitted, mailauth.Fail, "two"},
		{"HELO opens a comment", strings.Replace(helo, "from mail.ours.example", "from (x", 1) + submitted, mailauth.Fail, "unbalanced"},
		{"HELO opens a quote", strings.Replace(helo, "from mail.ours.example", "from \"x", 1) + submitted, mailauth.Fail, "unbalanced"},
		{"HELO is an own address", strings.Replace(helo, "from mail.ours.example", "from [127.0.0.1]", 1) + submitted, mailauth.Fail, "no log-in"},
		{"peer name not confirmed (Sendmail)", strings.Replace(helo, "(unknown [203.0.113.9])", "(mail.ours.example [203.0.113.9] (may be forged))", 1) + submitted, mailauth.Fail, "no log-in"},
		{"backup host that logs in to relay", relayed + strings.ReplaceAll(border, "mx.ours", "smtp.ours") + submitted, mailauth.Fail, "no log-in"},
		{"log-in named only in a comment", strings.Replace(border, "ESMTPS id", "ESMTPS (with ESMTPSA) id", 1), mailauth.Fail, "no log-in"},
		{"colleague's log-in", strings.Replace(login, "LOGIN", "bob@ours.example", 1), mailauth.Fail, "not the author"},
		{"colleague's short log-in", strings.Replace(login, "LOGIN", "bob", 1), mailauth.Fail, "not the author"},
		{"look-alike host", strings.ReplaceAll(submitted, "by mail.ours.example", "by mail.ours.example.zevil.example"), mailauth.None, "does not name"},
		{"no by clause", "Received: (qmail 1 invoked by uid 89); Fri, 20 Nov 2026\r\n" + submitted, mailauth.None, "names no server"},
		{"local program without log-in", "Received: by mail.ours.example (Postfix, from userid 33) id P1; Fri, 20 Nov 2026\r\n" + submitted, mailauth.Fail, "no log-in"},

		{"submission", submitted, mailauth.Pass, "ESMTPSA"},
		{"submission, then delivery", lmtp + submitted, mailauth.Pass, "ESMTPSA"},
		{"submission, filter, delivery", lmtp + reinject + submitted, mailauth.Pass, "ESMTPSA"},
		{"submission at a second host", lmtp + strings.Replace(relayed, "esmtpsa", "ESMTP", 1) + strings.ReplaceAll(submitted, "mail.ours", "smtp.ours"), mailauth.Pass, "smtp.ours.example"},
		{"Exim", exim, mailauth.Pass, "ESMTPSA"},
		{"own log-in, full", strings.Replace(login, "LOGIN", "Alice@ours.example", 1), mailauth.Pass, "ESMTPSA"},
		{"own log-in, short", strings.Replace(login, "LOGIN", "alice", 1), mailauth.Pass, "ESMTPSA"},
		{"webmail on our host", lmtp + websubmit + webmail, mailauth.Pass, "ESMTPA"},
		{"client's own line below", submitted + foreign, mailauth.Pass, "ESMTPSA"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { want(t, check(t, cfg, c.trace+plain), c.outcome, c.evidence) })
	}
}

const results = "Authentication-Results: mx.ours.example; dmarc=pass (p=reject) header.from=ours.example;\r\n\tspf=pass smtp.mailfrom=alice@ours.example\r\n"

func TestAuthenticationResults(t *testing.T) { // T07, T08
	cfg := mailauth.Config{
		Methods:    []mailauth.Method{mailauth.AuthRes},
		AuthservID: []string{"mx.ours.example"}, OwnHosts: []string{"mx.ours.example"},
	}
	field := func(value string) string { return "Authentication-Results: " + value + "\r\n" }
	failed := field("mx.ours.example; dmarc=fail header.from=ours.example")
	cases := []struct {
		name, trace string
		outcome     mailauth.Outcome
		evidence    string
	}{
		{"none at all", border, mailauth.None, "no results"},
		{"forged one below the real one", failed + results + border, mailauth.Fail, "dmarc=fail"},
		{"forged one below the border and the real one", border + failed + results, mailauth.Fail, "dmarc=fail"},
		{"below a foreign Received line", border + foreign + results, mailauth.None, "no results"},
		{"another server's name", field("mx.zevil.example; dmarc=pass header.from=ours.example") + border, mailauth.None, "no results"},
		{"our name in a comment", field("(mx.ours.example) mx.zevil.example; dmarc=pass header.from=ours.example") + border, mailauth.None, "no results"},
		{"our name as version", field("mx.zevil.example mx.ours.example; dmarc=pass header.from=ours.example") + border, mailauth.None, "no results"},
		{"our name as prefix", field("mx.ours.example.zevil.example; dmarc=pass header.from=ours.example") + border, mailauth.None, "no results"},
		{"without name, not configured", field("dmarc=pass header.from=ours.example") + border, mailauth.None, "no results"},
		{"pass in a comment", field("mx.ours.example; dmarc=fail (dmarc=pass header.from=ours.example) header.from=ours.example"), mailauth.Fail, "dmarc=fail"},
		{"pass in quotes", field(`mx.ours.example; spf=fail smtp.mailfrom="x; dmarc=pass header.from=ours.example"`), mailauth.Fail, "0 dmarc results"},
		{"pass smuggled in beside", field("mx.ours.example; spf=fail smtp.mailfrom=x; dmarc=pass header.from=ours.example; dmarc=fail header.from=ours.example"), mailauth.Fail, "2 dmarc results"},
		{"comment not closed", field("mx.ours.example; (dmarc=pass header.from=ours.example"), mailauth.Fail, "unbalanced"},
		{"other From", field("mx.ours.example; dmarc=pass header.from=zevil.example"), mailauth.Fail, "zevil.example"},
		{"two From", field("mx.ours.example; dmarc=pass header.from=zevil.example header.from=ours.example"), mailauth.Fail, "dmarc=pass"},
		{"From missing", field("mx.ours.example; dmarc=pass"), mailauth.Fail, "dmarc=pass"},
		{"only SPF and DKIM", field("mx.ours.example; spf=pass smtp.mailfrom=ours.example; dkim=pass header.d=ours.example"), mailauth.Fail, "0 dmarc"},
		{"guessed", field("mx.ours.example; dmarc=bestguesspass header.from=ours.example"), mailauth.Fail, "bestguesspass"},
		{"trouble at our provider", field("mx.ours.example; dmarc=temperror header.from=ours.example"), mailauth.Fail, "temperror"},
		{"no results", field("mx.ours.example 1; none"), mailauth.Fail, "0 dmarc"},
		{"too many", field("mx.ours.example" + strings.Repeat("; spf=pass", 200)), mailauth.Fail, "too many"},

		{"above the border line", results + border, mailauth.Pass, "dmarc=pass"},
		{"below the border line", border + results + foreign, mailauth.Pass, "dmarc=pass"},
		{"another server's above", field("filter.zevil.example; none") + results + border, mailauth.Pass, "dmarc=pass"},
		{"with comments and blanks", field("mx.ours.example(a (b) c) 1;\r\n dkim = pass header.b=Ab+/=c=; dmarc/1=pass (p=none) header.from=ours.example") + border, mailauth.Pass, "dmarc=pass"},
		{"upper case, quoted, spaced", field("MX.Ours.Example 1; DMARC = PASS (x) Header.From = \"Ours.Example\"") + border, mailauth.Pass, "dmarc=pass"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { want(t, check(t, cfg, c.trace+plain), c.outcome, c.evidence) })
	}
}

const (
	microsoftResults = "Authentication-Results: spf=pass (sender IP is 203.0.113.9)\r\n smtp.mailfrom=ours.example; dkim=pass (signature was verified)\r\n header.d=ours.example;dmarc=pass action=none\r\n header.from=ours.example;compauth=pass reason=100\r\n"
	microsoftBorder  = "Received: from relay.zevil.example (203.0.113.9) by\r\n DB5EUR03FT011.mail.protection.outlook.com (10.152.20.95) with Microsoft SMTP\r\n Server (version=TLS1_2, cipher=TLS_ECDHE_RSA) id 15.20.1.1 via Frontend\r\n Transport; Fri, 20 Nov 2026 09:00:01 +0000\r\n"
	microsoftHop     = "Received: from AM9P1.eurprd01.prod.outlook.com (2603:10a6:20b::1)\r\n by DB8P2.eurprd01.prod.outlook.com (2603:10a6:10::2) with\r\n HTTPS; Fri, 20 Nov 2026 09:00:02 +0000\r\n"
	microsoftMapi    = "Received: from AM9P1.eurprd01.prod.outlook.com\r\n ([fe80::1]) by AM9P1.eurprd01.prod.outlook.com\r\n ([fe80::1%4]) with mapi id 15.20.1.1; Fri, 20 Nov 2026 09:00:00 +0000\r\n"
	tenant           = "0f0e0d0c-1111-2222-3333-444455556666"
	microsoftMarks   = "X-MS-Exchange-Organization-AuthAs: Internal\r\nX-MS-Exchange-Organization-AuthMechanism: 04\r\nX-MS-Exchange-Organization-AuthSource:\r\n AM9P1.eurprd01.prod.outlook.com\r\nX-MS-Exchange-CrossTenant-AuthAs: Internal\r\nX-MS-Exchange-CrossTenant-Id: " + tenant + "\r\n"
)

func TestMicrosoftResults(t *testing.T) { // M11
	cfg := mailauth.Config{Methods: []mailauth.Method{mailauth.AuthRes}, MicrosoftResults: true}
	want(t, check(t, cfg, foreign+microsoftResults+plain), mailauth.None, "no results")
	want(t, check(t, cfg, microsoftHop+microsoftBorder+foreign+microsoftResults+plain), mailauth.None, "no results")
	want(t, check(t, cfg, microsoftHop+strings.Replace(microsoftResults, "dmarc=pass", "dmarc=none", 1)+microsoftResults+microsoftBorder+plain), mailauth.Fail, "dmarc=none")
	want(t, check(t, cfg, microsoftHop+microsoftResults+microsoftBorder+plain), mailauth.Pass, "dmarc=pass")
}

func TestMicrosoftTenant(t *testing.T) {
	cfg := mailauth.Config{Methods: []mailauth.Method{mailauth.MicrosoftTenant}, MicrosoftTenantID: tenant}
	internal := microsoftHop + microsoftMapi
	replace := func(old, new string) string { return internal + strings.Replace(microsoftMarks, old, new, 1) }
	cases := []struct {
		name, trace string
		outcome     mailauth.Outcome
		evidence    string
	}{
		{"no marks", internal, mailauth.None, "no mark"},
		{"outside mail", replace("Organization-AuthAs: Internal", "Organization-AuthAs: Anonymous"), mailauth.Fail, "Anonymous"},
		{"another tenant's people", replace(tenant, strings.Replace(tenant, "0f", "ff", 1)), mailauth.Fail, "CrossTenant-Id"},
		{"tenant missing", replace("X-MS-Exchange-CrossTenant-Id", "X-Other"), mailauth.Fail, "CrossTenant-Id"},
		{"marks twice", internal + microsoftMarks + microsoftMarks, mailauth.Fail, "AuthAs"},
		{"nearly internal", replace("Organization-AuthAs: Internal", "Organization-AuthAs: NotInternal"), mailauth.Fail, "NotInternal"},
		{"source elsewhere", replace("AM9P1.eurprd01.prod.outlook.com", "mail.zevil.example"), mailauth.Fail, "AuthSource"},
		{"through a foreign host", microsoftHop + foreign + microsoftMarks, mailauth.Fail, "passed through"},
		{"not delivered by Microsoft", border + internal + microsoftMarks, mailauth.Fail, "passed through"},
		{"no trace", microsoftMarks, mailauth.Fail, "no Received"},
		{"inside the tenant", internal + microsoftMarks, mailauth.Pass, tenant},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { want(t, check(t, cfg, c.trace+plain), c.outcome, c.evidence) })
	}
}

// The methods are alternatives: one that passes is enough, doubt outranks
// failure, and a method that is not named is never used.
func TestMethodsCombine(t *testing.T) {
	ours := newSigner("ours.example")
	cfg := mailauth.Config{OwnHosts: []string{"*.ours.example"}, AuthservID: []string{"mx.ours.example"}, Keys: keys(ours)}
	broken := strings.Replace(ours.sign(t, plain, nil), "today", "never", 1)
	want(t, check(t, cfg, border+broken), mailauth.Fail, "same-server: entered")
	if v := check(t, cfg, results+border+broken); v.Outcome != mailauth.Pass || v.Method != mailauth.AuthRes {
		t.Errorf("%+v", v)
	}
	if v := check(t, cfg, submitted+plain); v.Outcome != mailauth.Pass || v.Method != mailauth.SameServer || v.Domain != "mail.ours.example" {
		t.Errorf("%+v", v)
	}
	want(t, check(t, cfg, "Subject: other\r\n"+submitted+plain), mailauth.Fail, "2 Subject")
	cfg.Methods = []mailauth.Method{mailauth.DKIM}
	want(t, check(t, cfg, results+submitted+plain), mailauth.None, "not signed")
}
