package desk_test

import (
	"fmt"
	"strings"
)

// verbAttacks are genuine mails of anna in which no explicit verb stands on the first line of her own.
func verbAttacks() []attack {
	var all []attack
	for name, text := range map[string]string{
		"words alone":                words,
		"nothing":                    "",
		"blanks":                     " \n\t\n \u00a0 \n\u200b",
		"quoted":                     "> ok\n> " + words,
		"quoted below an objection":  "Così non va, lo riscrivo.\n\n" + quotedBelow + "> ok\n",
		"below the customer's words": quotedBelow + "\nok\n",
		"in the customer's words":    "Il 23/11/2026 15:00, Mario ha scritto:\n> ok\n> procedete\n",
		"signature":                  "-- \nok\nAnna Verdi\n",
		"signature without blank":    "--\nok\n",
		"signature below a quote":    quotedBelow + "\n-- \nok\n",
		"below a disclaimer":         "Ai sensi del D.Lgs. 196/2003 si precisa che le informazioni contenute in questo messaggio sono riservate.\n\nok\n",
		"below a footer":             "Inviato da iPhone\nok\n",
		"unmarked older mail":        "________________________________\nDa: assistenza <" + support + ">\nInviato: lunedì 23 novembre 2026 15:00\nA: Anna Verdi\nOggetto: Carrello\n\nok\n\nprocedete\n",
		"forwarded":                  "---------- Forwarded message ---------\nFrom: Mario <" + mario + ">\nDate: Mon, Nov 23, 2026 at 3:00 PM\nSubject: x\nTo: <" + support + ">\n\nok\n",
		"second line":                words + "\nok",
		"a sentence":                 "ok, la guardo domani mattina",
		"a question":                 "ok?",
		"denied":                     "non ok",
		"nearly":                     "okk\n" + words,
		"nearly again":               "ko\n" + words,
		"agreement":                  "Va bene, procedi.",
		"thumb":                      "\U0001f44d",
		"yes":                        "sì",
		"approved, in words":         "I approve this request",
		"shout":                      "OK MA NON ADESSO",
		"bullet":                     "- ok\n- invia",
		"markdown":                   "**ok**, domani",
		"homoglyph":                  "\u043ek\n" + words,
		"homoglyph k":                "o\u043a\n" + words,
		"reply above this line":      "##- Reply above this line -##\n\nok\n",
		"hundred commands":           strings.Repeat("take\n", 100) + "ok\n" + words,
		"hundred approvals":          strings.Repeat("ok\n", 100),
		"estimate half understood":   "eta quando posso\nok\n" + words,
		"estimate in the past":       "eta 2026-11-20 10:00\n" + words,
		"one good, one unknown":      "take\nokk\n" + words,
		"a ground there is not":      "refuse 9\nok\n" + words,
		"nobody of that name":        "assign Guglielmo\nok\n" + words,
		"signed in armour":           "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nok\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n",
		"encrypted in armour":        "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n",
		"placeholder for a token":    "(rb:abcdefghijklmnopqrstuvwxyz)\nok",
	} {
		all = append(all, attack{name: "verb " + name, change: func(_ *scenario, m *mail) { m.text = text }})
	}
	return all
}

// webPage replaces the body by a page.
func webPage(page string) func(*scenario, string) string {
	return func(_ *scenario, raw string) string {
		head, _, _ := strings.Cut(raw, "\r\n\r\n")
		return strings.Replace(head, "text/plain", "text/html", 1) + "\r\n\r\n" + page
	}
}

// coded declares the body to be in an encoding and a charset it is not in.
func coded(encoding, charset, body string) func(*scenario, string) string {
	return func(_ *scenario, raw string) string {
		head, _, _ := strings.Cut(raw, "\r\n\r\n")
		return strings.Replace(head, "charset=utf-8", "charset="+charset+"\r\nContent-Transfer-Encoding: "+encoding, 1) + "\r\n\r\n" + body
	}
}

// formAttacks are mails in a form that cannot be read, or not wholly.
func formAttacks() []attack {
	all := []attack{
		{name: "signed opaquely", raw: func(_ *scenario, raw string) string {
			return strings.Replace(raw, "Content-Type: text/plain; charset=utf-8", "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", 1)
		}},
		{name: "signed opaquely, with words beside", raw: parts("multipart/mixed", okPart, "Content-Type: application/x-pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n")},
		{name: "encrypted", raw: parts("multipart/encrypted; protocol=\"application/pgp-encrypted\"", "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n", "Content-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n")},
		{name: "encrypted, with words beside", raw: parts("multipart/mixed", okPart, "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n")},
		{name: "image alone", raw: parts("multipart/mixed", "Content-Type: image/png; name=ok.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n")},
		{name: "attachment alone", raw: parts("multipart/mixed", "Content-Type: text/plain; name=ok.txt\r\nContent-Disposition: attachment; filename=ok.txt\r\n\r\nok\r\n")},
		{name: "file shown inline alone", raw: parts("multipart/mixed", "Content-Type: text/plain; name=ok.txt\r\nContent-Disposition: inline; filename=ok.txt\r\n\r\nok\r\n")},
		{name: "file shown inline below nothing", raw: parts("multipart/mixed", "Content-Type: text/plain\r\n\r\n\r\n", "Content-Type: text/plain; name=ok.txt\r\nContent-Disposition: inline\r\n\r\nok\r\n")},
		{name: "message alone", raw: parts("multipart/mixed", "Content-Type: message/rfc822\r\n\r\nFrom: anna@mb.example\r\nSubject: x\r\n\r\nok\r\n")},
		{name: "no body", raw: func(_ *scenario, raw string) string { head, _, _ := strings.Cut(raw, "\r\n\r\n"); return head + "\r\n" }},
		{name: "no parts", raw: parts("multipart/mixed")},
		{name: "page of nothing", raw: webPage("<html><head><title>ok</title><style>ok</style></head><body><!-- ok --><script>ok</script></body></html>")},
		{name: "page with a picture", raw: webPage("<html><body><img alt=\"\" src=\"cid:x\"></body></html>")},
		{name: "page, verb hidden", raw: webPage("<div style=\"display:none\">ok</div><div>Aspetta, non mandarla.</div>")},
		{name: "page, verb in a quote", raw: webPage("<blockquote type=\"cite\">ok<br>procedete</blockquote>")},
		{name: "page, verb below a quote", raw: webPage("<div class=\"gmail_quote\">Il 23/11/2026 15:00, Mario ha scritto:<blockquote>sì</blockquote></div><div>ok</div>")},
		{name: "base64 cut off", raw: coded("base64", "utf-8", "b2sKCkNpIHBlbnNvIGlvLCBpbCBjZXJ0aWZpY2F0byDDqCBzY2FkdXQ$%&")},
		{name: "base64 that is none", raw: coded("base64", "utf-8", "ok\r\n\r\n"+words)},
		{name: "unknown encoding", raw: coded("x-secret", "utf-8", "ok\r\n\r\n"+words)},
		{name: "unknown charset", raw: coded("8bit", "x-secret", "ok\r\n\r\nperch\xe9 \xe8 scaduto il certificato del negozio")},
		{name: "wrong charset", raw: coded("8bit", "utf-8", "ok\r\n\r\nperch\xe9 \xe8 scaduto il certificato del negozio")},
		{name: "broken quoted-printable", raw: coded("quoted-printable", "utf-8", "ok\r\n\r\nperch=C3 =ZZ =E8 scaduto il certificato")},
		{name: "cut off in a part", raw: func(s *scenario, raw string) string {
			raw = parts("multipart/mixed", "Content-Type: text/plain; charset=utf-8\r\n\r\nok\r\n\r\nIl pagamento non")(s, raw)
			return strings.TrimSuffix(raw, "\r\n--=b--\r\n")
		}},
		{name: "boundary that never comes", raw: func(s *scenario, raw string) string {
			return strings.Replace(raw, "text/plain; charset=utf-8", "multipart/mixed; boundary=never", 1)
		}},
		{name: "over the size limit", cut: true},
		{name: "10 MB of words", change: func(_ *scenario, m *mail) { m.text = "ok\n\n" + strings.Repeat("Parole e ancora parole.\n", 10<<20/24) }},
		{name: "a megabyte of verbs", change: func(_ *scenario, m *mail) { m.text = strings.Repeat("ok\n", 1<<20/3) }},
		{name: "deep", raw: func(s *scenario, raw string) string {
			inner := okPart + "\r\n" + words
			for i := range 40 {
				inner = fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n%s\r\n--b%d--\r\n", i, i, inner, i)
			}
			return parts("multipart/mixed", inner)(s, raw)
		}},
		{name: "header without end", raw: func(_ *scenario, raw string) string {
			return strings.Replace(raw, "\r\n\r\n", "\r\n"+strings.Repeat("X-Fill: "+strings.Repeat("x", 900)+"\r\n", 300)+"\r\n", 1)
		}},
		{name: "lone carriage returns", raw: func(_ *scenario, raw string) string { return strings.ReplaceAll(raw, "\r\n", "\r") }},
		{name: "line that is no field", change: func(_ *scenario, m *mail) { m.head = append(m.head, "this is no field") }},
		{name: "mail without header", raw: func(_ *scenario, _ string) string { return "ok\r\n\r\n" + words }},
	}
	return all
}
