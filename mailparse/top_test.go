package mailparse

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"replyby/mailparse/problem"
)

// planted are words that stand within the mails of others, in every way in which they could be taken for the first of a mail.
const planted = "--x\nContent-Type: text/plain\n\nPLANTED\n--x\n\nPLANTED\n--x--\nbegin 644 a\n'4$Q!3E1%1```\n`\nend\n\nUExBTlRFRAo=\n<br>PLANTED<br>\n+AFAATABBAE4AVABFAEQ-\n" +
	"\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\nUExBTlRFRAo=\n"

// bodies are what a person's provider signed, each beginning with his words or with none.
func bodies() []string {
	const forwarded = "---------- Forwarded message ---------\nDa: MIME <m@x.example>\nSubject: MIME\n\n" + planted
	return []string{
		"Ne sai qualcosa?\n\n" + forwarded,
		forwarded,
		"\n\n-- \nAnna\n\n" + forwarded,
		"-----Original Message-----\nFrom: MIME\nSubject: x\n\n" + planted,
		"--real\nContent-Type: text/plain\n\nNe sai qualcosa?\n" + planted + "\n--real\nContent-Type: text/html\n\n<p>Ne sai qualcosa?\n--real--\n",
		"This is a multi-part message in MIME format.\n--real\nContent-Type: text/html\n\n<p>Ne sai qualcosa?<br>" + planted + "--real--\n",
		"<div>Ne sai qualcosa?</div><blockquote>" + planted + "</blockquote>",
		"Q2lhbwo=\n",
		"--real\nContent-Type: text/html\n\n<p>Ne sai qualcosa?\n--real\nContent-Type: text/plain\nContent-Disposition: inline\n\nPLANTED\n--real--\n",
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(line)
}

func checkTop(t interface{ Errorf(string, ...any) }, head, body string) {
	m := Parse([]byte(head + "\n\n" + body))
	if firstLine(m.Text) == "PLANTED" && !has(m, problem.TopSkipped) {
		t.Errorf("%q makes what stands within a mail its first line:\n%s", head, body)
	}
}

// Whatever the fields that say how to read it are made to say, a body begins with its beginning, or that is told.
func TestTopOfAnyType(t *testing.T) {
	kinds := []string{"text/plain", "text/html", "text", "message/rfc822", "application/pkcs7-mime", "application/ms-tnef", "application/octet-stream", "multipart/mixed",
		"multipart/alternative", "multipart/related", "multipart/digest", "multipart/signed", "multipart/report", "multipart/strange"}
	rapid.Check(t, func(rt *rapid.T) {
		body := rapid.SampledFrom(bodies()).Draw(rt, "body")
		var boundaries []string
		for line := range strings.Lines(body) {
			if drawn, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "--"); ok {
				boundaries = append(boundaries, drawn, strings.TrimSuffix(drawn, "--"))
			}
		}
		boundary := rapid.SampledFrom(append(boundaries, "x", "", "other")).Draw(rt, "boundary")
		head := "Content-Type: " + rapid.SampledFrom(kinds).Draw(rt, "kind")
		for range rapid.IntRange(0, 2).Draw(rt, "params") {
			head += fmt.Sprintf(rapid.SampledFrom([]string{"; boundary=%q", "; boundary=%s", "; boundary*0=%q", "; boundary*=utf-8''%s", ";\n\tBOUNDARY=\"%s\""}).Draw(rt, "form"), boundary)
			boundary = "real"
		}
		head += rapid.SampledFrom([]string{"", "; charset=utf-7", "; charset=utf-16", "; format=flowed; delsp=yes", "; name=smime.p7m", "; name=a.eml"}).Draw(rt, "more")
		head += rapid.SampledFrom([]string{"", "\nContent-Transfer-Encoding: base64", "\nContent-Transfer-Encoding: x-uuencode", "\nContent-Transfer-Encoding: quoted-printable"}).Draw(rt, "encoding")
		checkTop(rt, head, body)
	})
}

func FuzzTop(f *testing.F) {
	for i := range bodies() {
		f.Add("Content-Type: multipart/mixed; boundary=x", i)
		f.Add("Content-Type: text/plain\nContent-Transfer-Encoding: uue", i)
	}
	f.Fuzz(func(t *testing.T, head string, i int) {
		head = "Subject: a\n" + strings.NewReplacer("\r", " ", "\n\n", "\n", "\n", "\n ").Replace(strings.Trim(head, "\r\n"))
		checkTop(t, strings.ReplaceAll(head, "\n Content-", "\nContent-"), bodies()[max(i, 0)%len(bodies())])
	})
}

// What honest programs write above the first part, and around what they encode, is no text that is skipped.
func TestTopOfHonestMail(t *testing.T) {
	const part = "--b\nContent-Type: text/plain\n\nciao\n--b--\n"
	for _, raw := range []string{
		"Content-Type: multipart/mixed; boundary=b\n\n" + part,
		"Content-Type: multipart/mixed; boundary=b\n\n\n\n" + part,
		"Content-Type: multipart/mixed; boundary=b\n\nThis is an OpenPGP/MIME signed message (RFC 4880 and 3156)\n" + part,
		"Content-Type: multipart/mixed; boundary=b\n\nDies ist eine mehrteilige Nachricht im MIME-Format.\n\n" + part,
		"Content-Type: multipart/mixed; boundary=b\n\n  This message is in MIME format.  The first part should be readable text,\n  while the remaining parts are likely unreadable without MIME-aware tools.\n" +
			"  Send mail to mime@docserver.cac.washington.edu for more info.\n\n" + part, // Pine
		"Content-Type: multipart/mixed; boundary=b\n\nThis is a MIME message. If you are reading this text, you may want to \nconsider changing to a mail reader or gateway that understands how to \n" +
			"properly handle MIME multipart messages.\n\n" + part, // GroupWise
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nciao\n--b--\n",
		"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; protected-headers=v1\nFrom: a@x.example\nSubject: a\n\nciao\n--b--\n",
		"Content-Type: multipart/mixed; boundary=z\n\nbefore",
		"Content-Transfer-Encoding: base64\n\n\nY2lhbw==\n",
		"Content-Transfer-Encoding: base64\n\n",
		"Content-Transfer-Encoding: uuencode\nContent-Type: application/x\n\nbegin 644 c\n#86)C\nend\n",
	} {
		if m := Parse([]byte(raw)); has(m, problem.TopSkipped) {
			t.Errorf("%q: %v", raw, m.Problems)
		}
	}
	for _, m := range []*Message{
		Parse([]byte("Content-Type: multipart/mixed; boundary=b\n\nciao\n" + part)),
		Parse([]byte("Content-Type: multipart/mixed; boundary=b\n\nC'entra il MIME?\nNon credo.\nMandate tutto.\n" + part)),
		Parse([]byte("Content-Type: multipart/mixed; boundary=b\n\nC'entra il MIME?\nSend mail to mime@docserver.cac.washington.edu for more info.\n" + part)),
		Parse([]byte("Content-Type: multipart/mixed; boundary=b\n\n--b\nFrom: a\n\nciao\n--b--\n")),
		Parse([]byte("Content-Transfer-Encoding: base64\n\nciao!\nY2lhbw==\n")),
	} {
		if !has(m, problem.TopSkipped) || slices.ContainsFunc(m.Problems, func(p Problem) bool { return p.Detail == "" }) {
			t.Errorf("%q: %v", m.Text, m.Problems)
		}
	}
}
