package letter_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"replyby/letter"
	"replyby/letter/beside"
	"replyby/letter/digest"
	"replyby/letter/enclosed"
	"replyby/letter/news"
	"replyby/letter/text"
	"replyby/ticket"
	"replyby/ticket/note"
)

const token = "abcdefghijklmnopqrstuvwxyz"

func rome(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func writer(t testing.TB) *letter.Writer {
	t.Helper()
	w, err := letter.New(letter.Desk{
		Name: "Assistenza Bianchi", Prefix: "MB", Address: "assistenza@bianchi.example", Team: "Studio Bianchi",
		Hours: "mon-fri 15:00-18:00", Zone: rome(t), Instance: "f00dfeed",
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func stamp(id string) letter.Stamp {
	return letter.Stamp{
		ID: id, MessageID: "rb." + id + "@bianchi.example", Boundary: "rb-" + id,
		Date: time.Date(2026, 11, 23, 14, 10, 5, 0, time.UTC),
	}
}

func anna(lang string) letter.Person {
	return letter.Person{Name: "Anna Bianchi", Address: "anna@bianchi.example", Language: lang}
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	x, err := time.ParseInLocation("2006-01-02 15:04", s, rome(t))
	if err != nil {
		t.Fatal(err)
	}
	return x.UTC()
}

func request(t testing.TB) ticket.Ticket {
	return ticket.Ticket{
		Desk: "support", Number: 1042, Ref: "MB-1042", State: ticket.New,
		Customer: ticket.Address{Name: "Bottega Rossi", Addr: "ditta@rossi.example"},
		Cc:       []ticket.Address{{Name: "Contabilità Rossi", Addr: "conti@rossi.example"}},
		Subject:  "URGENTE: sito offline dopo l’aggiornamento",
		Excerpt: "Buongiorno,\n\nda stamattina il nostro sito mostra solo una pagina bianca. I clienti non riescono a comprare nulla e siamo " +
			"sotto Natale.\n\nhttps://rossi.example/ordine?passo=3&carrello=8812\n\nPotete guardare subito?\n\nGrazie\nCarla Rossi",
		ReceivedAt: at(t, "2026-11-23 15:05"), ReceivedBy: "Received, mx.bianchi.example",
		Verdict: ticket.Verdict{
			Urgency: "urgent", Contract: true, Language: "it", Category: "fault", Source: "email", Reasons: []string{"URGENTE (subject)"},
		},
		Assignee: "Anna Bianchi",
		Duties: []ticket.Obligation{{
			Name: "ack", From: at(t, "2026-11-23 15:05"), Target: at(t, "2026-11-23 18:00"), Limit: at(t, "2026-11-24 16:05"), ActBy: at(t, "2026-11-24 16:05"),
			Count: "4 h: lun 23 nov 15:05-18:00 (2 h 55 min), mar 24 nov 15:00-16:05 (1 h 5 min)",
		}, {
			Name: "resolution_notice", From: at(t, "2026-11-23 15:05"),
		}},
		Draft: ticket.Draft{Version: 1, To: []ticket.Address{{Name: "Bottega Rossi", Addr: "ditta@rossi.example"}}},
	}
}

// personal is what a person might write for this case.
const personal = "Ho visto anch'io la pagina bianca: viene dal tema, che non è compatibile con la versione nuova. Lo sto riportando a ieri sera."

// draft fills the acknowledgement to the customer with words of a person, or a mark.
func draft(t testing.TB, words string) text.Filled {
	t.Helper()
	texts, err := text.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	tk := request(t)
	f, err := texts.Fill("ack_urgent", "it", map[string]string{
		"ref": tk.Ref, "customer": "Carla Rossi", "subject": "sito offline dopo l’aggiornamento", "agent": "Anna Bianchi", "team": "Studio Bianchi",
		"received": "lunedì 23 novembre 2026, ore 15:05 (ora italiana)", "personal": words, "eta": "lunedì 23 novembre 2026, ore 18:00 (ora italiana)",
	})
	if err != nil || f.Missing != nil {
		t.Fatal(f.Missing, err)
	}
	return f
}

func review(t testing.TB, lang, why string) letter.Review {
	p := anna(lang)
	mark := writer(t).Mark(p)
	d := draft(t, mark)
	return letter.Review{
		Ticket: request(t), Person: p, Token: token, Why: why, Request: request(t).Excerpt,
		Files: []letter.File{{Name: "schermata è.png", Type: "image/png", Data: []byte("\x89PNG\r\n\x1a\n not really")}},
		Left:  []string{"database.zip"},
		Draft: letter.Draft{DraftSubject: d.Subject, DraftText: d.Body, Mark: mark},
		Facts: letter.Facts{Contract: "active", Terms: "agency 2026-01-01..2026-12-31", Problems: []string{"charset_wrong"}},
	}
}

// several is a correction for four tickets, of which one is left out.
func several(t testing.TB, lang string) letter.Review {
	r := review(t, lang, "patch")
	r.Files, r.Left = nil, nil
	const tested = "Ho provato la versione nuova con il Suo tema: la pagina si apre di nuovo e il carrello funziona."
	fill := func(lang string, v map[string]string) text.Filled {
		v["product"], v["version"], v["link"], v["agent"], v["team"] = "Modulo SEO", "1.2.3", "https://bianchi.example/seo-1.2.3.zip", "Anna Bianchi", "Studio Bianchi"
		f, err := mustTexts(t).Fill("resolved_patch", lang, v)
		if err != nil || f.Missing != nil {
			t.Fatal(f.Missing, err)
		}
		return f
	}
	mine := fill("it", map[string]string{"ref": r.Ticket.Ref, "customer": "Bottega Rossi", "received": "lunedì 23 novembre 2026, ore 15:05 (ora italiana)", "personal": tested})
	r.Ticket.Subject, r.Ticket.Cc = "Pagina bianca con il Modulo SEO", nil
	r.Ticket.Verdict.Urgency, r.Ticket.Verdict.Contract = "", false
	r.DraftSubject, r.DraftText, r.Mark = mine.Subject, mine.Body, ""
	r.Ticket.Draft.Language, r.Ticket.Draft.Personal = "it", tested
	fellow := func(ref, name, addr, language, left string) beside.Fellow {
		f := fill(language, map[string]string{"ref": ref, "customer": name, "received": map[string]string{
			"it": "venerdì 20 novembre 2026, ore 16:30 (ora italiana)", "es": "viernes 20 de noviembre de 2026, a las 16:30 (hora italiana)",
		}[language]})
		return beside.Fellow{
			Ticket:   ticket.Ticket{Ref: ref, Subject: "Pagina bianca", Customer: ticket.Address{Name: name, Addr: addr}, ReceivedAt: at(t, "2026-11-20 16:30")},
			Language: language, Subject: f.Subject, Text: f.Body, Left: left,
		}
	}
	r.Others = []beside.Fellow{
		fellow("MB-1031", "Bottega Verdi", "info@verdi.example", "it", ""), fellow("MB-1033", "Tienda López", "tienda@lopez.example", "es", ""),
		fellow("MB-1035", "Casa Ruiz", "casa@ruiz.example", "es", ""), fellow("MB-1036", "Studio Neri", "studio@neri.example", "it", "personal"),
	}
	r.Others[0].Ticket.Cc = []ticket.Address{{Name: "Contabilità Verdi", Addr: "conti@verdi.example"}}
	r.Others[0].Drafted = "Marco Neri"
	return r
}

// samples are one mail of every sort for one reader.
func samples(t testing.TB, lang string) map[string]letter.Rendered {
	t.Helper()
	w, out := writer(t), map[string]letter.Rendered{}
	keep := func(name string) func(letter.Rendered, error) {
		return func(r letter.Rendered, err error) {
			t.Helper()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			out[name] = r
		}
	}
	p, tk := anna(lang), request(t)
	keep("review")(w.Review(review(t, lang, "new"), stamp("r1")))
	keep("patch")(w.Review(several(t, lang), stamp("p1")))
	confirm := review(t, lang, "no_verb")
	confirm.DraftText, confirm.Mark, confirm.Files, confirm.Left = draft(t, personal).Body, "", nil, nil
	confirm.Ticket.Draft.Files = []ticket.Enclosed{{Attachment: ticket.Attachment{Name: "modulo-2.1.zip", Size: 3 << 19}}, {Attachment: ticket.Attachment{Name: "guida.pdf", Size: 240 << 10}}}
	keep("confirm")(w.Review(confirm, stamp("r2")))
	doubt := review(t, lang, "doubt")
	doubt.Word, doubt.Nearest, doubt.Doubt = "oky invia", "ok", "verb"
	keep("doubt")(w.Review(doubt, stamp("r3")))
	sent := ticket.Letter{To: []string{"ditta@rossi.example"}, Subject: draft(t, personal).Subject, Text: draft(t, personal).Body,
		Files: []ticket.Attachment{{Name: "guida.pdf", Size: 240 << 10}}}
	keep("receipt")(w.Receipt(letter.Receipt{
		Ticket: tk, Person: p, Token: token, Letter: &sent, Dropped: []enclosed.Dropped{{Name: "logo.png", Why: "picture"}, {Name: "schermata è.png", Why: "theirs"}},
		Done: []letter.Deed{{Verb: "ok"}, {Verb: "eta", At: at(t, "2026-11-23 18:00")}, {Verb: "note", Value: "tema vecchio in /themes/old"}},
		At:   at(t, "2026-11-23 15:12"), Undo: at(t, "2026-11-23 15:12"),
	}, stamp("c1")))
	short := review(t, lang, "new").Draft
	short.Least, short.Estimate = 40, true
	keep("refused")(w.Refused(letter.Refused{Ticket: tk, Person: p, Token: token, Reason: "too_short", Detail: "12/40", Draft: short}, stamp("c2")))
	keep("informed")(w.Refused(letter.Refused{Ticket: tk, Person: p, Token: token, Reason: "news", Draft: review(t, lang, "new").Draft}, stamp("c8")))
	keep("fetched")(w.Refused(letter.Refused{Ticket: tk, Person: p, Token: token, Reason: "by_number", Draft: review(t, lang, "new").Draft}, stamp("c7")))
	keep("raced")(w.Refused(letter.Refused{Ticket: tk, Person: p, Token: token, Reason: "spent", Detail: "marco@bianchi.example, 23/11/2026 15:08", Draft: review(t, lang, "new").Draft}, stamp("c4")))
	keep("noted")(w.Receipt(letter.Receipt{Ticket: tk, Person: p, Token: token, Done: []letter.Deed{{Verb: "note", Value: "tema vecchio in /themes/old"}}}, stamp("c6")))
	keep("known")(w.Receipt(letter.Receipt{Ticket: ticket.Ticket{Ref: "MB"}, Person: p, Token: token, Done: []letter.Deed{{Verb: "hello", Value: "Anna Bianchi"}}}, stamp("c5")))
	keep("warning")(w.Warning(letter.Warning{Ticket: tk, Person: p, Token: token, Duty: "ack", Left: 90 * time.Minute}, stamp("w1")))
	late := stamp("w2")
	late.Date = at(t, "2026-11-24 16:06")
	keep("late")(w.Warning(letter.Warning{Ticket: tk, Person: p, Token: token, Duty: "ack", Late: true}, late))
	reply, err := mustTexts(t).Fill("reply", "it", map[string]string{"ref": tk.Ref, "customer": "Carla Rossi", "subject": "sito offline", "agent": "Anna Bianchi", "personal": writer(t).Mark(p)})
	if err != nil {
		t.Fatal(err)
	}
	awaited := tk
	awaited.Duties = []ticket.Obligation{{Name: "next_update", From: at(t, "2026-11-24 17:00"), Target: at(t, "2026-11-24 17:00")}}
	awaited.Latest, awaited.CustomerAt = "Ci sono novità?\n\nCarla Rossi", at(t, "2026-11-23 16:20")
	awaited.Notes = []note.Note{
		{At: at(t, "2026-11-20 17:05"), By: "Marco Bianchi", Text: "Il tema vecchio sta in /themes/old, la copia di ieri sera su NAS2."},
		{At: at(t, "2026-11-23 15:40"), By: "Anna Bianchi", Text: "Chiamata la signora Rossi: va bene anche domani mattina."},
	}
	keep("promise")(w.Warning(letter.Warning{
		Ticket: awaited, Person: p, Token: token, Duty: "next_update", Left: 90 * time.Minute,
		Draft: letter.Draft{DraftSubject: reply.Subject, DraftText: reply.Body, Mark: writer(t).Mark(p), Least: 1, News: true},
	}, stamp("w4")))
	other := tk
	other.Number, other.Ref, other.Subject, other.Verdict.Urgency, other.Assignee = 1041, "MB-1041", "Carrello lento", "", ""
	keep("summary")(w.Summary(letter.Summary{
		Person: p, Why: "outage", Tickets: []ticket.Ticket{tk, other}, From: at(t, "2026-11-22 22:00"), To: at(t, "2026-11-23 15:00"),
		Steps: map[uint64][]letter.Step{1042: {{Duty: "ack", Means: "warning"}}, 1041: {{Duty: "ack", Means: "warning"}, {Duty: "ack", Means: "limit_passed"}, {Duty: "next_reply", Means: "target_passed"}}},
	}, stamp("s1")))
	keep("question")(w.Question(letter.Question{Ticket: tk, Person: p, Token: token, Letter: sent, At: at(t, "2026-11-23 15:12"), Reply: "EOF"}, stamp("q1")))
	keep("notice")(w.Notice(letter.Notice{Person: p, What: "password", Detail: "535 5.7.8 Error: authentication failed", Since: at(t, "2026-11-23 14:58")}, stamp("n1")))
	unasked(t, lang, keep)
	blocked := several(t, lang)
	blocked.Others, blocked.Missing = nil, []string{"product", "link"}
	keep("blocked")(w.Review(blocked, stamp("p2")))
	again := review(t, lang, "again")
	again.Ticket.CustomerAt = at(t, "2026-11-23 15:09")
	again.Request, again.Files, again.Left = "Ora il sito si apre, ma il carrello è vuoto.", nil, nil
	again.Related = []beside.Relation{{How: "mentions", Ref: "MB-1031", Join: "customer", Customer: "conti@rossi.example"}, {How: "twin", Ref: "BC-12", Desk: "moduli"},
		{How: "open", Ref: "MB-1038", Join: "same", Subject: "Il sito è lento", Since: at(t, "2026-11-20 16:40"), Holder: "Giulia Conti"},
		{How: "open", Ref: "MB-1012", Join: "same", Subject: "Modifica del listino", Since: at(t, "2026-11-12 16:20")},
		{How: "company", Ref: "MB-1040", Join: "company", Customer: "mario@bar-luna.it", From: "Mario Rossi <mario@bar-luna.it>", Domain: "bar-luna.it",
			Subject: "Sito offline", Since: at(t, "2026-11-23 14:05"), Holder: "Giulia Conti"}}
	keep("again")(w.Review(again, stamp("r4")))
	bounced := review(t, lang, "bounced")
	bounced.Note, bounced.Files, bounced.Left = "5.1.1 550 5.1.1 no such user", nil, nil
	bounced.Ticket.ReceivedBy = "Received by mx.bianchi.example; 2026-11-23T14:05:00Z"
	bounced.Asides = []beside.Aside{{By: "Marco Neri", Text: "Buongiorno,\n\nil tema è a posto: può provare il carrello?\n\nMarco Neri"}}
	keep("bounced")(w.Review(bounced, stamp("r6")))
	yours := review(t, lang, "yours")
	yours.Note, yours.Detail, yours.Files, yours.Left = "away", "Marco Neri", nil, nil
	yours.Answered = beside.Written{At: at(t, "2026-11-23 15:12"), By: "Marco Neri", Subject: "[MB-1042] Presa in carico: Sito offline", Words: "Ho ripristinato il tema.\nPuò provare il carrello?"}
	keep("yours")(w.Review(yours, stamp("r7")))
	told := review(t, lang, "new")
	told.Token, told.Draft = "", letter.Draft{}
	keep("on_call")(w.Review(told, stamp("r5")))
	keep("manager")(w.Warning(letter.Warning{Ticket: tk, Person: letter.Person{Address: "titolare@bianchi.example", Language: lang}, Duty: "ack", Left: 20 * time.Minute}, stamp("w3")))
	keep("budget")(w.Summary(letter.Summary{Person: p, Why: "budget", Tickets: []ticket.Ticket{tk, other}, Also: map[uint64]int{1041: 12}, All: 14}, stamp("s2")))
	keep("life")(w.Receipt(letter.Receipt{
		Ticket: tk, Person: p, Token: token, Done: []letter.Deed{
			{Verb: "normal", Value: "il sito si apre"}, {Verb: "bill.offer", Value: "30"}, {Verb: "consent", At: at(t, "2026-11-23 15:30")}, {Verb: "bill", Value: "30"},
			{Verb: "wait.letter", Value: "la versione del tema"}, {Verb: "refuse", Value: "contract"}, {Verb: "refuse", Value: "3"}, {Verb: "refund", Value: "49,00 EUR"},
			{Verb: "fixed"}, {Verb: "fixed", Value: "tema riportato a ieri"}, {Verb: "close.letter"}, {Verb: "absent", At: at(t, "2026-11-27 18:00")}, {Verb: "assign", Value: "Marco"},
		},
	}, stamp("c3")))
	about := letter.News{Ticket: tk, Person: p, What: news.Answered, By: "Giulia Conti", Heir: "Marco Neri", Letter: sent, Thread: []string{"rb.r1@bianchi.example"}}
	about.Letter.NotBefore = at(t, "2026-11-23 15:12")
	keep("answered")(w.News(about, stamp("m1")))
	about.What, about.Thread = news.Undone, append(about.Thread, "rb.m1@bianchi.example")
	keep("undone")(w.News(about, stamp("m2")))
	about.What, about.Instead, about.Letter.NotBefore = news.Answered, true, time.Time{}
	keep("instead")(w.News(about, stamp("m3")))
	about.What, about.Thread, about.Instead = news.Taken, about.Thread[:1], false
	keep("taken")(w.News(about, stamp("m4")))
	about.What = news.Assigned
	keep("assigned")(w.News(about, stamp("m5")))
	about.Words = "Ripristinato dalla copia di questa notte.\nIl carrello funziona."
	for i, what := range []string{news.Posted, news.Outside, news.Closed, news.Spam, news.Reopened} {
		if about.What, about.Instead, about.Yours = what, what == news.Posted, what == news.Outside; what == news.Spam {
			about.Words = ""
		}
		keep(what)(w.News(about, stamp(fmt.Sprint("m", 6+i))))
	}
	keep("hello")(w.Hello(p, token, stamp("h1")))
	keep("help")(w.Help(tk, p, token, func(command string) string {
		verb, _, _ := strings.Cut(command, " ")
		return map[string]string{"it eta": "previsione", "it close,": "chiudi, riapri", "es eta": "previsión", "fr eta": "prévision"}[lang+" "+verb]
	}, stamp("h2")))
	keep("digest")(w.Digest(p, report(t), token, stamp("d1")))
	keep("heartbeat")(w.Digest(p, digest.Report{
		At: at(t, "2026-11-23 14:00"), Hours: "15:00-18:00",
		Program: digest.Program{LastRead: at(t, "2026-11-23 13:58"), Entries: 1, Head: "9f3a71c022be04d1"},
	}, "", stamp("d2")))
	keep("customer")(w.Customer(answer(t), stamp("k1")))
	return out
}

func answer(t testing.TB) letter.Customer {
	d := draft(t, personal)
	return letter.Customer{
		Agent: letter.Person{Name: "Anna Bianchi"}, Purpose: "ack", To: []ticket.Address{{Name: "Bottega Rossi", Addr: "ditta@rossi.example"}},
		Bcc: []string{"assistenza@bianchi.example"}, Subject: d.Subject, Text: d.Body, InReplyTo: "CAF=1@rossi.example",
		References: []string{"CAF=0@rossi.example", "CAF=1@rossi.example"},
	}
}

func report(t testing.TB) digest.Report {
	return digest.Report{
		At: at(t, "2026-11-23 14:00"), Hours: "15:00-18:00",
		Late: []digest.Item{{Ref: "MB-1038", Subject: "Modulo contatti muto", Customer: "Bottega Rossi", Duty: "ack", When: at(t, "2026-11-20 18:00"), Who: "Marco"}},
		Today: []digest.Item{
			{Ref: "MB-1042", Subject: "Sito offline dopo l’aggiornamento di stanotte", Customer: "Bottega Rossi", Duty: "ack", When: at(t, "2026-11-23 18:00"), Who: "Anna", Urgent: true},
			{Ref: "MB-1041", Subject: "Carrello lento", Customer: "Studio Verdi", Duty: "next_reply", When: at(t, "2026-11-23 18:00")},
			{Ref: "MP-0217", Subject: "SEO Pro, errore 500", Customer: "shop.example", Duty: "ack", When: at(t, "2026-11-24 00:00"), Who: "Marco"},
		},
		Past:     []digest.Item{{Ref: "MB-1024", Subject: "Il listino dà un errore", Customer: "Marco Neri", Duty: "fix", When: at(t, "2026-12-02 18:00"), Who: "Marco"}},
		Promised: []digest.Item{{Ref: "MB-1029", Subject: "Backup da ripristinare", Customer: "Studio Verdi", When: at(t, "2026-11-23 17:00"), Who: "Anna", Waits: at(t, "2026-11-20 17:00")}},
		Idle: []digest.Item{
			{Ref: "MB-1012", Subject: "Modifica del listino", Customer: "Bottega Rossi", When: at(t, "2026-11-12 16:20"), Who: "Anna Bianchi", Last: "decided", By: "Anna Bianchi"},
			{Ref: "MB-1017", Subject: "Newsletter che non parte dal gestionale", Customer: "Studio Verdi", When: at(t, "2026-11-16 10:05"), Last: "received"},
			{Ref: "MB-1018", Subject: "Rinnovo del contratto", Customer: "shop.example", When: at(t, "2026-11-17 09:00")},
		},
		IdleMore: 2,
		Waiting:  []digest.Item{{Ref: "MB-1020", Subject: "Accesso FTP", When: at(t, "2026-11-17 10:00")}, {Ref: "MP-0209", Subject: "Versione del negozio", When: at(t, "2026-11-22 23:50")}},
		Since:    at(t, "2026-11-20 00:00"),
		Recent:   digest.Figures{New: 5, Kept: 4, Missed: 1, Solved: 4, Median: 70 * time.Minute},
		Month:    digest.Figures{New: 94, Kept: 91, Missed: 3, Solved: 88, TargetMissed: 2, Median: 92 * time.Minute},
		Days: []digest.Day{
			{Date: at(t, "2026-11-16 12:00"), Kept: 6}, {Date: at(t, "2026-11-17 12:00"), Kept: 9}, {Date: at(t, "2026-11-18 12:00"), Kept: 6, Missed: 1},
			{Date: at(t, "2026-11-19 12:00"), Kept: 7}, {Date: at(t, "2026-11-20 12:00"), Kept: 4, Missed: 1},
		},
		Ages: digest.Ages{6, 4, 2, 1}, Fixes: digest.Horizon{Soon: 1, Later: 2, Far: 3, Next: "MP-0175"},
		Coming: []digest.Coming{
			{From: at(t, "2026-11-26 12:00"), Kind: "fix", Ref: "MP-0175", Name: "errore sconto"},
			{From: at(t, "2026-12-08 12:00"), Kind: "holiday_runs", Name: "Immacolata"},
			{From: at(t, "2026-12-15 12:00"), Kind: "contract", Name: "Studio Verdi"},
			{From: at(t, "2026-12-24 12:00"), Until: at(t, "2027-01-06 12:00"), Kind: "closure_untold"},
		},
		Bills:  []digest.Bill{{Ref: "MB-1031", Subject: "Intervento prioritario", Minutes: 45, Consent: at(t, "2026-11-19 10:00")}},
		Blind:  []digest.Blind{{Rule: "marketplace", Field: "version", Since: at(t, "2026-11-17 00:00")}, {Rule: "contatti", Since: at(t, "2026-11-12 00:00")}},
		People: []digest.Person{{Name: "Carla Neri", Away: at(t, "2026-11-27 18:00")}, {Name: "Luca Verdi", Asked: at(t, "2026-11-20 09:00"), Junk: true}},
		Odd: []digest.Odd{{Kind: "filed:auto_reply", N: 2, Mails: []digest.Mail{
			{ID: "3f9a2c417be0", From: "anna.verdi@cliente.example", Subject: "Risposta automatica: Presa in carico", Ref: "MB-1042", At: at(t, "2026-11-23 12:40")},
			{ID: "77b01d5e9a3c", From: "luca@rossi.example", Subject: "Fuori ufficio", At: at(t, "2026-11-20 17:02")},
		}}, {Kind: "bounced", N: 1, Refs: []string{"MB-1036"}}, {Kind: "filed:martian", N: 3}},
		Program: digest.Program{
			LastRead: at(t, "2026-11-23 13:58"), LastSent: at(t, "2026-11-23 12:01"), Entries: 4812, Head: "9f3a71c022be04d1aaaa",
		},
	}
}
