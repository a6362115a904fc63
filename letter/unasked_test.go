package letter_test

import (
	"testing"

	"replyby/letter"
	"replyby/letter/text"
	"replyby/ticket"
	"replyby/ticket/verdict"
)

// unasked adds the reviews of what no customer has asked for: a closure, who came since, a contract that ends, a call in a portal's desk.
func unasked(t testing.TB, lang string, keep func(string) func(letter.Rendered, error)) {
	t.Helper()
	w, texts := writer(t), mustTexts(t)
	fill := func(id string, v map[string]string) text.Filled {
		f, err := texts.Fill(id, "it", v)
		if err != nil || f.Missing != nil {
			t.Fatalf("%s: %v, %v", id, f.Missing, err)
		}
		return f
	}
	closure := ticket.Ticket{Desk: "support", Number: 1050, Ref: "MB-1050", State: ticket.New, Subject: "Assistenza chiusa da gio 24 dic a mer 6 gen"}
	closure.Notice = ticket.Notice{Kind: "closure", Asks: true, From: at(t, "2026-12-24 00:00"), Until: at(t, "2027-01-07 00:00")}
	f := fill("closure_notice", map[string]string{
		"from": "giovedì 24 dicembre 2026", "from_day": "gio 24 dic", "to_day": "mer 6 gen", "to": "mercoledì 6 gennaio 2027", "back": "giovedì 7 gennaio 2027, ore 15:00 (ora italiana)",
		"email": "assistenza@bianchi.example", "urgent": "URGENTE", "team": "Studio Bianchi",
	})
	shown := letter.Draft{DraftSubject: f.Subject, DraftText: "[it] 2: ditta@rossi.example, info@verdi.example\n\n" + w.SubjectLine("it", f.Subject) + "\n\n" + f.Body}
	for _, why := range []string{"closure", "closure_more"} {
		keep(why)(w.Review(letter.Review{Ticket: closure, Person: anna(lang), Token: token, Why: why, Draft: shown}, stamp("n1")))
	}
	renewal := ticket.Ticket{Desk: "support", Number: 1051, Ref: "MB-1051", State: ticket.New, Subject: "ditta@rossi.example, rossi.example"}
	renewal.Notice = ticket.Notice{Kind: "renewal", Until: at(t, "2027-01-01 00:00"), To: ticket.Address{Name: "Bottega Rossi", Addr: "ditta@rossi.example"}}
	renewal.Draft.To = []ticket.Address{renewal.Notice.To}
	mark := w.Mark(anna(lang))
	f = fill("renewal_reminder", map[string]string{"customer": "Bottega Rossi", "expiry": "giovedì 31 dicembre 2026", "personal": mark, "agent": "Anna Bianchi", "team": "Studio Bianchi"})
	keep("renewal")(w.Review(letter.Review{
		Ticket: renewal, Person: anna(lang), Token: token, Why: "renewal",
		Draft: letter.Draft{DraftSubject: f.Subject, DraftText: f.Body, Mark: mark}, Facts: letter.Facts{Contract: "active", Terms: "agency 2026-01-01..2026-12-31"},
	}, stamp("n2")))
	call := ticket.Ticket{Desk: "support", Number: 1052, Ref: "MB-1052", State: ticket.New, Subject: "Chiamata persa da +39 333 1234567", ReceivedAt: at(t, "2026-11-23 14:40"), Verdict: ticket.Verdict{Category: verdict.Phone, Language: "it"}}
	f = fill("phone_redirect", map[string]string{
		"received": "lunedì 23 novembre 2026, ore 14:40 (ora italiana)", "personal": mark, "email": "assistenza@bianchi.example", "urgent": "URGENTE", "agent": "Anna Bianchi", "team": "Studio Bianchi",
		"hours": "lun-ven 15:00-18:00",
	})
	call.Draft.Template = "phone_redirect"
	keep("call")(w.Review(letter.Review{
		Ticket: call, Person: anna(lang), Token: token, Why: "new", Request: "Ha ricevuto una chiamata da +39 333 1234567. Durata 0:00.",
		Draft: letter.Draft{DraftSubject: f.Subject, DraftText: f.Body, Mark: mark},
	}, stamp("n3")))
	info := review(t, lang, "no_verb")
	f = fill("need_info", map[string]string{
		"ref": "MB-1042", "customer": "Bottega Rossi", "subject": info.Ticket.Subject, "personal": personal, "missing": "la versione del tema e una schermata",
		"agent": "Anna Bianchi", "team": "Studio Bianchi",
	})
	info.Draft, info.Files, info.Left = letter.Draft{DraftSubject: f.Subject, DraftText: f.Body}, nil, nil
	keep("needinfo")(w.Review(info, stamp("r5")))
	portal := review(t, lang, "new")
	portal.Ticket.Customer, portal.Ticket.Cc, portal.Ticket.Draft.To = ticket.Address{}, nil, nil
	portal.Ticket.Verdict = ticket.Verdict{Reply: "portal", Source: "marketplace", Language: "it", Fields: map[string]string{"link": "https://marketplace.example/messages/4711"}}
	keep("portal")(w.Review(portal, stamp("r6")))
}

func mustTexts(t testing.TB) *text.Texts {
	t.Helper()
	texts, err := text.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
