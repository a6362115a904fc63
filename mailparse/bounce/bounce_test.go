package bounce

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"replyby/mailparse/header"
)

func source(head, text string) Source {
	h, _ := header.Parse([]byte(head+"\n"), nil)
	return Source{Header: &h, Text: text}
}

func TestNoReport(t *testing.T) {
	tests := []struct{ name, head, text string }{
		{"person quoting an error", "From: ann@a.example\nSubject: Delivery problem\n", "I get 550 5.1.1 <x@y.example> user unknown"},
		{"forwarded bounce", "From: ann@a.example\nSubject: Fwd: Undelivered Mail\n", "<x@y.example>: 550 5.1.1 unknown"},
		{"vacation on the null path", "Return-Path: <>\nFrom: ann@a.example\nSubject: Out of office\n", "I am away"},
		{"a shop's delivery notice", "Return-Path: <>\nFrom: shop@a.example\nSubject: Your delivery\n", "It comes on Monday"},
		{"postmaster's words", "From: postmaster@a.example\nSubject: Hello\n", "Write to x@y.example: 550 5.1.1 is gone"},
	}
	for _, tt := range tests {
		if got := Read(source(tt.head, tt.text)); got != nil {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

func TestProse(t *testing.T) {
	const daemon = "From: MAILER-DAEMON (Mail Delivery System)\nTo: me@ours.example\nSubject: failure notice\n"
	tests := []struct {
		name, text string
		want       []Recipient
	}{
		{"address line", "Sorry.\n\n<x@y.example>:\nRemote host said: 550 5.1.1 no such user\n\nReceived: from a\nFrom: me@ours.example\nMessage-ID: <1@ours>\nTo: z@y.example\n",
			[]Recipient{{Final: "x@y.example", Action: "failed", Status: "5.1.1", Diagnostic: "Remote host said: 550 5.1.1 no such user"}}},
		{"two recipients", "a@y.example: 550 5.1.1 unknown\nb@y.example: 552 5.2.2 full\n",
			[]Recipient{{Final: "a@y.example", Action: "failed", Status: "5.1.1", Diagnostic: "550 5.1.1 unknown"}, {Final: "b@y.example", Action: "failed", Status: "5.2.2", Diagnostic: "552 5.2.2 full"}}},
		{"within a line", "From: me@ours.example\nDelivery to x@y.example has failed: 4.4.7 expired\n",
			[]Recipient{{Final: "x@y.example", Action: "failed", Status: "4.4.7", Diagnostic: "Delivery to x@y.example has failed: 4.4.7 expired"}}},
		{"a version is no status", "<x@y.example>: exim 4.5.6.7 said no, 192.5.1.1 too\n", []Recipient{{Final: "x@y.example", Action: "failed"}}},
		{"delay", "<x@y.example>: 451 4.4.1 no answer\nwill be retried for 4 days\n",
			[]Recipient{{Final: "x@y.example", Action: "delayed", Status: "4.4.1", Diagnostic: "451 4.4.1 no answer"}}},
	}
	for _, tt := range tests {
		got := Read(source(daemon, tt.text))
		if got == nil {
			t.Errorf("%s: no report", tt.name)
		} else if diff := cmp.Diff(tt.want, got.Recipients); diff != "" || got.Structured {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func TestFields(t *testing.T) {
	s := source("From: x@y\n", "")
	s.Status = []byte("Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; <x@Y.example>\nOriginal-Recipient: rfc822;o@y.example\nAction: Failed (x)\n" +
		"Status: 5.0.0\nDiagnostic-Code: smtp; 550-'5.1.0 wrapped' 550 5.7.1 no\n\nAction: delayed\nFinal-Recipient: rfc822;=?utf-8?q?b?=@y.example\nStatus: 4.2.2 (full)\n" +
		"Final-Recipient: rfc822;@relay.example:c@y.example\n")
	s.Original = []byte("Message-ID: <1@ours.example>\nTo: o@y.example\n\nbody")
	got := Read(s)
	want := []Recipient{
		{Final: "x@y.example", Original: "o@y.example", Action: "failed", Status: "5.7.1", Diagnostic: "550-'5.1.0 wrapped' 550 5.7.1 no"},
		{Final: "=?utf-8?q?b?=@y.example", Action: "delayed", Status: "4.2.2"},
		{Final: "c@y.example"},
	}
	if diff := cmp.Diff(want, got.Recipients); diff != "" || !got.Structured || got.OriginalMessageID != "1@ours.example" || got.Original.Get("To") != "o@y.example" {
		t.Errorf("%+v %s", got, diff)
	}
	if got.Recipients[2].Addr() != "c@y.example" || (Recipient{Original: "o"}).Addr() != "o" {
		t.Error("wrong Addr")
	}
}

func TestFieldsInText(t *testing.T) {
	got := Read(source("From: postmaster@a\nSubject: Delivery Status Notification\n", "Technical report:\n\nReporting-MTA: dns; a\n\nAction: failed\nFinal-Recipient: rfc822; x@y.example\nStatus: 5.1.1\n"))
	if got == nil || !got.Structured || len(got.Recipients) != 1 || got.Recipients[0].Status != "5.1.1" || got.Recipients[0].Action != "failed" {
		t.Errorf("got %+v", got)
	}
}

func TestComplaint(t *testing.T) {
	s := source("From: abuse@a\n", "x@y.example complains, see 5.1.1")
	s.Feedback = []byte("Feedback-Type: abuse\nOriginal-Rcpt-To: <c@d.example>\n")
	if got := Read(s); !got.Complaint || len(got.Recipients) != 1 || got.Recipients[0].Original != "c@d.example" {
		t.Errorf("got %+v", got)
	}
}

func TestOriginalMessageID(t *testing.T) {
	for name, s := range map[string]Source{
		"in the text":     source("From: mailer-daemon@a\n", "<x@y.example> failed\n\n  Message-Id: <1@ours.example>\n"),
		"in the report":   source("From: mailer-daemon@a\nIn-Reply-To: <1@ours.example>\n", "<x@y.example> failed"),
		"quoted headers":  source("From: mailer-daemon@a\n", "<x@y.example> failed\n\nReceived: a\nTo: b@c\nMessage-ID: <1@ours.example>\n"),
		"of a whole mail": {Header: &header.Header{}, Status: []byte("Final-Recipient: rfc822;a@b\n"), Original: []byte("message-id:<1@ours.example>\n\n")},
	} {
		if got := Read(s); got == nil || got.OriginalMessageID != "1@ours.example" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A person's mail answers another message than the one that the report he sends along is about.
func TestAnswerOfAPersonIsNoOriginal(t *testing.T) {
	s := source("From: Mario <mario@cliente.example>\nReturn-Path: <mario@cliente.example>\nAuto-Submitted: no\nIn-Reply-To: <1@ours.example>\n", "Allego il rapporto.")
	s.Status = []byte("Final-Recipient: rfc822; luca@altro.example\nAction: failed\n")
	if got := Read(s); got == nil || got.OriginalMessageID != "" {
		t.Errorf("got %+v", got)
	}
}

func TestManyRecipientsAreBounded(t *testing.T) {
	var text strings.Builder
	for i := range 10 * maxRecipients {
		text.WriteString(strings.Repeat("x", i%50+1) + string(rune('a'+i%26)) + "@y.example\n")
	}
	if got := Read(source("From: mailer-daemon@a\n", text.String())); len(got.Recipients) > maxRecipients {
		t.Errorf("%d recipients", len(got.Recipients))
	}
}

func FuzzRead(f *testing.F) {
	f.Add("From: mailer-daemon@a\nSubject: failure\n", "<a@b>: 550 5.1.1\nReceived: x\nTo: c@d\nMessage-ID: <1@2>\n", []byte("Final-Recipient: rfc822;a@b\nStatus: 5.1.1\n"))
	f.Add("Return-Path: <>\nX-Failed-Recipients: a@b\n", "Final-Recipient: x", []byte(nil))
	f.Fuzz(func(t *testing.T, head, text string, status []byte) {
		s := source(head, strings.ToValidUTF8(text, "?"))
		s.Status = status
		if r := Read(s); r != nil && len(r.Recipients) > maxRecipients+1 {
			t.Errorf("%d recipients", len(r.Recipients))
		}
	})
}
