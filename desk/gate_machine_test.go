package desk_test

import (
	"fmt"
	"slices"
	"strings"
)

// mailer is a program that answers for people who are away: how it changes the subject, and what it writes into the header.
type mailer struct {
	name string
	re   func(subject, auto string) string
	head []string
}

func mailers() []mailer {
	same := func(subject, _ string) string { return subject }
	marked := func(subject, auto string) string { return auto + ": " + strings.TrimPrefix(subject, "Re: ") }
	return []mailer{
		{"exchange", marked, []string{"X-Auto-Response-Suppress: All", "Auto-Submitted: auto-generated", "X-MS-Exchange-Inbox-Rules-Loop: anna@mb.example"}},
		{"exchange without a mark", marked, []string{"X-MS-Has-Attach:"}},
		{"outlook.com", marked, []string{"Auto-Submitted: auto-replied", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent"}},
		{"gmail", same, []string{"Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes"}},
		{"gmail, precedence alone", same, []string{"Precedence: bulk"}},
		{"notes", func(subject, auto string) string {
			return "AUTO: Anna Verdi " + auto + " (torna 30/11/2026) " + tokenForm.FindString(subject)
		}, []string{"Auto-Submitted: auto-generated"}},
		{"vacation(1)", same, []string{"Precedence: junk", "Return-Path: <>"}},
		{"sieve", func(subject, _ string) string { return "Auto: " + subject }, []string{"Auto-Submitted: auto-replied (vacation)"}},
		{"zoho", same, []string{"X-Zoho-Virus-Status: 1", "X-Autoreply: true"}},
		{"icloud", same, []string{"Auto-Submitted: auto-replied", "X-Apple-Action: VACATION"}},
		{"icloud, its own mark alone", same, []string{"X-Apple-Action: VACATION"}},
		{"autoresponder", same, []string{"X-Autorespond: " + support, "X-Precedence: auto_reply"}},
		{"null path alone", same, []string{"Return-Path: <>"}},
	}
}

// away holds what people leave behind in six languages: how programs mark the subject, and notes.
func away() map[string][2]string {
	return map[string][2]string{
		"it": {"Risposta automatica", "ok\n\nSono in ferie fino al 30 novembre e leggerò il messaggio al rientro."},
		"es": {"Respuesta automática", "ok\n\nEstoy de vacaciones hasta el 30 de noviembre y leeré su mensaje a mi vuelta."},
		"fr": {"Réponse automatique", "ok\n\nJe suis en congé jusqu'au 30 novembre et lirai votre message à mon retour."},
		"en": {"Automatic reply", "ok\n\nI am out of the office until 30 November. I approve all requests that come in meanwhile."},
		"de": {"Automatische Antwort", "ok\n\nIch bin bis zum 30. November nicht im Büro und lese Ihre Nachricht danach."},
		"pt": {"Resposta automática", "ok\n\nEstou de férias até 30 de novembro e lerei a sua mensagem no regresso."},
	}
}

func awayAttacks() []attack {
	var all []attack
	for language, note := range away() {
		for _, p := range mailers() {
			all = append(all, attack{name: "away " + p.name + " " + language, change: func(_ *scenario, m *mail) {
				m.subject, m.text, m.head = p.re(m.subject, note[0]), note[1], append(m.head, p.head...)
			}})
		}
	}
	for _, text := range []string{"I approve all requests while I am away.", "Approvo tutte le richieste.", "ok, sono in ferie fino al 30", "Ok! Sono fuori ufficio fino al 30.", "send me an SMS if it is urgent, I approve everything"} {
		all = append(all, attack{name: fmt.Sprintf("away without any mark %q", text), change: func(_ *scenario, m *mail) { m.text = text }})
	}
	return all
}

// parts replaces the body by a multipart.
func parts(kind string, bodies ...string) func(*scenario, string) string {
	return func(_ *scenario, raw string) string {
		head, _, _ := strings.Cut(raw, "\r\n\r\n")
		head = strings.Replace(head, "Content-Type: text/plain; charset=utf-8", "Content-Type: "+kind+"; boundary=\"=b\"", 1)
		return head + "\r\n\r\n--=b\r\n" + strings.Join(bodies, "\r\n--=b\r\n") + "\r\n--=b--\r\n"
	}
}

// within puts what an attack makes of a mail into another entity.
func within(a attack, wrap func(entity string) string) func(*scenario, string) string {
	return func(s *scenario, raw string) string {
		raw = a.raw(s, raw)
		i := strings.Index(raw, "Content-Type: ")
		return raw[:i] + wrap(raw[i:])
	}
}

const okPart = "Content-Type: text/plain\r\n\r\nok\r\n"

func machineAttacks() []attack {
	all := []attack{
		{name: "read receipt", raw: parts("multipart/report; report-type=disposition-notification", okPart,
			"Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; anna@mb.example\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n")},
		{name: "read receipt as mixed", raw: parts("multipart/mixed", okPart, "Content-Type: message/disposition-notification\r\n\r\nDisposition: automatic-action/MDN-sent-automatically; displayed\r\n")},
		{name: "report of an unknown type", raw: parts("multipart/report; report-type=x", okPart)},
		{name: "delivery report", raw: parts("multipart/report; report-type=delivery-status", okPart, "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.mb.example\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n")},
		{name: "delay report", raw: parts("multipart/report; report-type=delivery-status", okPart, "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.mb.example\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n")},
		{name: "good report", raw: parts("multipart/report; report-type=delivery-status", okPart, "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.mb.example\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: relayed\r\nStatus: 2.0.0\r\n")},
		{name: "complaint", raw: parts("multipart/report; report-type=feedback-report", okPart, "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n")},
		{name: "bounce from a daemon", change: func(_ *scenario, m *mail) { m.from = "MAILER-DAEMON@mb.example" }},
	}
	for _, report := range slices.Clone(all[:7]) { // as a gateway sends it on that signs all mail of a company, or puts a notice below
		all = append(all, attack{name: report.name + ", signed in one piece", raw: within(report, func(entity string) string { return sealed(signature, entity) })},
			attack{name: report.name + ", above a notice", raw: within(report, func(entity string) string {
				return joined("multipart/mixed", entity, part("text/plain", "Questo messaggio è riservato."))
			})})
	}
	for _, method := range []string{"REPLY", "COUNTER", "REQUEST", "CANCEL", "REFRESH", "ADD"} {
		all = append(all, attack{name: "calendar " + method, raw: parts("multipart/alternative", okPart,
			"Content-Type: text/calendar; method="+method+"\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:"+method+"\r\nEND:VCALENDAR\r\n")})
	}
	for _, kind := range []string{"accettazione", "avvenuta-consegna", "non-accettazione", "errore-consegna", "preavviso-errore-consegna", "presa-in-carico", "rilevazione-virus"} {
		all = append(all, attack{name: "certified mail " + kind, change: func(_ *scenario, m *mail) {
			m.head = append(m.head, "X-Ricevuta: "+kind)
		}})
	}
	for _, head := range []string{
		"Auto-Submitted: auto-notified", "Auto-Submitted: AUTO-REPLIED", "Auto-Submitted: no\r\nAuto-Submitted: auto-replied", "Auto-Submitted: yes", "auto-submitted: auto-generated; owner-email=\"a@b\"", "Auto-Submitted:",
		"Precedence: list", "Precedence: Auto_Reply", "X-Precedence: junk", "List-Id: <staff.mb.example>", "List-Unsubscribe: <mailto:a@b.example>", "List-Post: <mailto:a@b.example>", "X-Autoresponse: yes",
		"X-Mail-Autoreply: yes", "X-Autogenerated: reply", "X-FC-MachineGenerated: true", "X-Amazon-Mail-Relay-Type: notification", "X-Failed-Recipients: a@b.example", "Feedback-Type: abuse",
		strings.Repeat("Received: from a by b; Mon, 23 Nov 2026 15:00:00 +0100\r\n", 55) + "X-End: 1", "X-Replyby-Letter: a/b\r\nX-Replyby-Letter: c/d",
	} {
		all = append(all, attack{name: fmt.Sprintf("mark %.40q", head), change: func(_ *scenario, m *mail) { m.head = append(m.head, head) }})
	}
	for _, prefix := range []string{"Letto", "Read", "Accettata", "Accepted", "Declined", "Undeliverable", "Out of Office", "Fuori ufficio", "Absence", "Abwesenheitsnotiz", "Fuera de la oficina", "Delivery Status Notification (Failure)"} {
		all = append(all, attack{name: "subject " + prefix, change: func(_ *scenario, m *mail) { m.subject = prefix + ": " + strings.TrimPrefix(m.subject, "Re: ") }})
	}
	return all
}
