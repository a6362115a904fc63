package classifier_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"replyby/classifier"
	"replyby/mailparse"
)

// mail makes a message of header lines and a text.
func mail(text string, fields ...string) *mailparse.Message {
	return mailparse.Parse([]byte(strings.Join(fields, "\r\n") + "\r\n\r\n" + text + "\r\n"))
}

func plainDesk(t testing.TB) *classifier.Classifier {
	return desk(t, classifier.Config{Own: []string{"support@desk.example"}, Languages: []string{"it", "en"}})
}

// TestNeverLost comes first: what must stay a person's although it looks
// automatic.
func TestNeverLost(t *testing.T) {
	c := plainDesk(t)
	from := "From: Anna Verdi <anna@cliente.example>"
	for name, m := range map[string]*mailparse.Message{
		"auto-submitted no":           mail("ciao", from, "Subject: x", "Auto-Submitted: no"),
		"auto-submitted no, comment":  mail("ciao", from, "Subject: x", "Auto-Submitted: No (a person)"),
		"suppress header alone":       mail("ciao", from, "Subject: x", "X-Auto-Response-Suppress: OOF"),
		"own group's list id":         mail("ciao", from, "Subject: x", "List-Id: <support.desk.example>", "Precedence: list"),
		"own group's list id, named":  mail("ciao", from, "Subject: x", "List-Id: Help <support.desk.example>", "List-Unsubscribe: <mailto:x@desk.example>"),
		"reply to our acknowledgment": mail("grazie", from, "Subject: Re: [MB-1042] Presa in carico: URGENTE sito offline"),
		"from our own address":        mail("ciao", "From: Sito <support@desk.example>", "Reply-To: anna@cliente.example", "Subject: x"),
		"no-reply with a reply-to":    mail("ciao", "From: Form <no-reply@shop.example>", "Reply-To: anna@cliente.example", "Subject: x"),
		"invitation":                  mail("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR", from, "Subject: Riunione", "Content-Type: text/calendar; method=REQUEST"),
		"people write about them":     mail("aiuto", from, "Subject: La risposta automatica non parte"),
		"answer to a form":            mail("nuovo testo\r\n\r\nDa: x\r\nCorpo del messaggio:\r\nvecchio\r\n-- \r\nQuesta e-mail è stata inviata da un modulo di contatto su x", from, "Reply-To: anna@cliente.example", "In-Reply-To: <a@b.example>", "Subject: R: x"),
		"postmaster of a small shop":  mail("il sito non va", "From: Mario <postmaster@negozio.example>", "Subject: sito"),
		"50 hops":                     mail("ciao", append(strings.Split(strings.Repeat("Received: by a.example;", 50), ";")[:50], from, "Subject: x")...),
	} {
		if v := c.Classify(m); v.Kind != classifier.Person || v.Automatic {
			t.Errorf("%s: got %s, %q", name, v.Kind, v.Reasons)
		}
	}
}

func TestKinds(t *testing.T) {
	c := plainDesk(t)
	from := "From: Anna Verdi <anna@cliente.example>"
	received := strings.Split(strings.Repeat("Received: by a.example;", 51), ";")[:51]
	for name, x := range map[string]struct {
		want classifier.Kind
		m    *mailparse.Message
	}{
		"replied":              {"auto_reply", mail("x", from, "Subject: x", "Auto-Submitted: auto-replied (vacation)")},
		"replied, parameters":  {"auto_reply", mail("x", from, "Subject: x", "Auto-Submitted: Auto-Replied; owner-email=\"a@b.example\"")},
		"notified":             {"automatic", mail("x", from, "Subject: x", "Auto-Submitted: auto-notified")},
		"generated":            {"automatic", mail("x", from, "Subject: x", "Auto-Submitted: auto-generated")},
		"one no and one yes":   {"auto_reply", mail("x", from, "Subject: x", "Auto-Submitted: no", "Auto-Submitted: auto-replied")},
		"x-autoreply":          {"auto_reply", mail("x", from, "Subject: x", "X-Autoreply: yes")},
		"x-autorespond":        {"auto_reply", mail("x", from, "Subject: Re: x", "X-Autorespond: x")},
		"precedence":           {"auto_reply", mail("x", from, "Subject: x", "Precedence: auto_reply")},
		"exchange":             {"auto_reply", mail("x", from, "Subject: Risposta automatica: x", "X-Auto-Response-Suppress: All")},
		"phrase, null path":    {"auto_reply", mail("x", "Return-Path: <>", from, "Subject: Abwesenheitsnotiz: x")},
		"answer, null path":    {"auto_reply", mail("x", "Return-Path: <>", from, "Subject: x", "In-Reply-To: <a@b.example>")},
		"junk with a phrase":   {"auto_reply", mail("x", from, "Subject: Out of office", "Precedence: junk")},
		"weak subject, header": {"auto_reply", mail("x", from, "Subject: In ferie fino al 24 agosto", "Auto-Submitted: auto-replied")},
		"null path":            {"automatic", mail("x", "Return-Path: <>", from, "Subject: x")},
		"no-reply":             {"automatic", mail("x", "From: no-reply@x.example", "Subject: x")},
		"list":                 {"list", mail("x", from, "Subject: x", "List-Id: <foreign.example>")},
		"bulk":                 {"list", mail("x", from, "Subject: x", "Precedence: bulk")},
		"unsubscribe":          {"list", mail("x", from, "Subject: x", "List-Unsubscribe: <mailto:u@x.example>")},
		"phrase alone":         {"suspect_auto", mail("x", from, "Subject: Automatic reply: x")},
		"bounce phrase alone":  {"suspect_auto", mail("x", from, "Subject: Undeliverable: x")},
		"daemon":               {"bounce", mail("x", "From: MAILER-DAEMON@x.example", "Subject: Mail delivery failed")},
		"daemon, delay":        {"delay", mail("x", "From: Mail Delivery System <mailer-daemon@x.example>", "Subject: Warning: could not send message for past 4 hours")},
		"calendar answer":      {"calendar", mail("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR", from, "Subject: Accettato: x", "Content-Type: text/calendar; method=REPLY")},
		"pec accepted":         {"receipt", mail("x", from, "Subject: ACCETTAZIONE: x", "X-Ricevuta: accettazione")},
		"pec not delivered":    {"bounce", mail("x", from, "Subject: AVVISO DI MANCATA CONSEGNA: x", "X-Ricevuta: errore-consegna")},
		"pec late":             {"delay", mail("x", from, "Subject: x", "X-Ricevuta: preavviso-errore-consegna")},
		"voicemail":            {"voicemail", mail("x", from, "Subject: Chiamata persa da 0612345678", "Auto-Submitted: auto-generated")},
		"voicemail, recorded":  {"voicemail", mail("x", from, "Subject: Nuovo messaggio vocale da 0612345678", "Content-Type: audio/wav")},
		"absence on a form":    {"auto_reply", mail("x", from, "Subject: Risposta automatica: [Shop] Messaggio da modulo di contatto [no_sync]", "Auto-Submitted: auto-replied")},
		"own":                  {"own", mail("x", "From: support@desk.example", "Subject: x", "X-Replyby-Letter: L1")},
		"twice marked":         {"loop", mail("x", "From: support@desk.example", "Subject: x", "X-Replyby-Letter: L1", "X-Replyby-Letter: L2")},
		"too many hops":        {"loop", mail("x", append(received, from, "Subject: x")...)},
	} {
		v := c.Classify(x.m)
		if v.Kind != x.want {
			t.Errorf("%s: got %s, want %s; %q", name, v.Kind, x.want, v.Reasons)
		}
		if want := v.Kind != classifier.SuspectAuto; v.Automatic != want {
			t.Errorf("%s: automatic is %v", name, v.Automatic)
		}
	}
}

// TestWordsAgainstTheSubject: shops sell deliveries, refuse payments and name modules after absences. Where the words are a customer's, he is
// heard, whatever his subject looks like; a machine's are set aside as before.
func TestWordsAgainstTheSubject(t *testing.T) {
	c := plainDesk(t)
	for _, x := range []struct {
		kind          classifier.Kind
		subject, text string
	}{
		{classifier.Person, "Auto : le filtre par véhicule", "Bonjour, le filtre par véhicule ne trouve plus aucun modèle depuis la mise à jour."},
		{classifier.Person, "Refusé : paiement par carte", "Bonjour, tous les paiements par carte sont refusés par le module depuis hier soir."},
		{classifier.Person, "Errore di consegna", "Buongiorno, il modulo calcola male la spesa quando scelgo il corriere.\r\nGrazie\r\nMario Rossi - mario@cliente.example"},
		{classifier.Person, "Assenza - pulsante acquista", "Buongiorno, nelle schede dei prodotti manca il pulsante per comprare. Potete guardare?"},
		{classifier.Person, "CONSEGNA: METODO NON VISIBILE", "Buongiorno, il metodo con corriere espresso non si vede nel carrello."},
		{classifier.Person, "Rechazado: pago con tarjeta", "Hola, desde ayer por la tarde el módulo rechaza todos los pagos con tarjeta."},
		{classifier.Person, "Remise impossible", "Bonjour, le code promo ne marche pas dans le panier avec votre module, pouvez-vous regarder ?"},
		{classifier.Person, "Lu - merci", "Bonjour, merci pour les explications, mais le problème est toujours là ce matin."},
		{classifier.Person, "Vacation: wrong prices", "Hello, the module shows wrong prices for all our rentals since yesterday. Please have a look."},
		{classifier.SuspectAuto, "Risposta automatica: carrello", "Gentile cliente, sono assente fino al 30 novembre. Per necessità scrivere ai colleghi."},
		{classifier.SuspectAuto, "Réponse automatique : panier", "Bonjour, je suis en congés jusqu'au 30 novembre et je vous répondrai à mon retour."},
		{classifier.SuspectAuto, "Fuera de la oficina: carrito", "Hola, estoy de vacaciones hasta el 30 de noviembre y responderé cuando vuelva."},
		{classifier.SuspectAuto, "Out of office: cart", "Hello, I am travelling until 30 November and will answer when I am back in town. For help, please call the office."},
		{classifier.SuspectAuto, "Auto-reply: cart", "Thank you, we have received your message and will answer as soon as we can."},
		{classifier.SuspectAuto, "Undelivered Mail Returned to Sender", "This message could not be sent to the following recipient: luca@altro.example. The mailbox is full."},
		{classifier.SuspectAuto, "Letto: preventivo", "Il messaggio per Mario con oggetto preventivo è stato letto il lunedì 23 novembre 2026."},
		{classifier.SuspectAuto, "Automatyczna odpowiedź: koszyk", "Dzień dobry, jestem na urlopie do 30 listopada i odpowiem na wiadomość po powrocie do biura."},
	} {
		if v := c.Classify(mail(x.text, "From: Mario Rossi <mario@cliente.example>", "Subject: "+x.subject, "Content-Type: text/plain; charset=utf-8")); v.Kind != x.kind {
			t.Errorf("%q: %s, want %s, %v", x.subject, v.Kind, x.kind, v.Reasons)
		}
	}
}

// TestPassedOn: what a mailbox rule of Exchange passes on to the desk is the request of who wrote it, though Exchange marks it as automatic; what
// such a rule answers is not.
func TestPassedOn(t *testing.T) {
	c := plainDesk(t)
	rule := []string{"Auto-Submitted: auto-generated", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", "X-MS-Exchange-Inbox-Rules-Loop: info@agenzia.example",
		"Content-Type: text/plain; charset=utf-8"}
	const request = "Buongiorno, il carrello è bloccato da stamattina e non riusciamo a vendere.\r\nLea Blu"
	for name, x := range map[string]struct {
		kind     classifier.Kind
		customer string
		head     []string
		text     string
	}{
		"forwarded": {classifier.Person, "lea@cliente.example", []string{"From: Info <info@agenzia.example>", "Subject: I: Carrello bloccato", "In-Reply-To: <1@cliente.example>"},
			"________________________________\r\nDa: Lea Blu <lea@cliente.example>\r\nInviato: lunedì 23 novembre 2026 15:00:00\r\nA: Info <info@agenzia.example>\r\nOggetto: Carrello bloccato\r\n\r\n" + request},
		"redirected": {classifier.Person, "lea@cliente.example", []string{"Resent-From: <info@agenzia.example>", "From: Lea Blu <lea@cliente.example>", "Subject: Carrello bloccato"}, request},
		"answered":   {classifier.Automatic, "info@agenzia.example", []string{"From: Info <info@agenzia.example>", "Subject: R: Carrello bloccato", "In-Reply-To: <1@cliente.example>"}, "Grazie del messaggio, lo leggeremo."},
		"newsletter": {classifier.List, "news@altro.example", []string{"Resent-From: <info@agenzia.example>", "From: news@altro.example", "Subject: Novità", "List-Unsubscribe: <mailto:u@altro.example>"}, request},
	} {
		v := c.Classify(mail(x.text, append(x.head, rule...)...))
		if v.Kind != x.kind || v.Customer.Addr != x.customer {
			t.Errorf("%s: a mail of kind %s, of %s; want %s, %s; %q", name, v.Kind, v.Customer.Addr, x.kind, x.customer, v.Reasons)
		}
	}
}

// TestPersonOnUndeliveredMail: a subject, and words about mail that came back,
// never make a person's mail a bounce: at most it is set aside to be looked at.
func TestPersonOnUndeliveredMail(t *testing.T) {
	c := plainDesk(t)
	for _, subject := range []string{"Delivery failure of our order confirmations", "Delivery failure: order confirmations", "Mail delivery problem", "Undeliverable mail from our shop",
		"Mail delivery failed", "Delivery notification module", "Undeliverable", "Mail system error"} {
		for _, text := range []string{"Hello,\r\nsince this morning mail of our shop to luca@altro.example comes back. Can you help?\r\nThanks, Mario", "Hello, our shop's mail comes back with 550 5.7.1. Please look."} {
			v := c.Classify(mail(text, "From: Mario Rossi <mario@cliente.example>", "Subject: "+subject, "Return-Path: <mario@cliente.example>", "User-Agent: Mozilla Thunderbird"))
			if v.Kind != classifier.Person && v.Kind != classifier.SuspectAuto {
				t.Errorf("%q, %.50q: %s, %v", subject, text, v.Kind, v.Reasons)
			}
		}
	}
}

// TestElse: a foreign desk's letter carries the mark too; the desk has to know
// what it is without it.
func TestElse(t *testing.T) {
	v := plainDesk(t).Classify(mail("x", "From: a@b.example", "Subject: x", "X-Replyby-Letter: L1"))
	if v.Kind != classifier.Own || v.Else != classifier.Person {
		t.Errorf("got %s, else %s", v.Kind, v.Else)
	}
}

// TestAutoSubjects sends each subject of testdata/auto_subjects.tsv (labelled
// by hand for this project) alone, and with a header that says so.
func TestAutoSubjects(t *testing.T) {
	b, err := os.ReadFile("testdata/auto_subjects.tsv")
	if err != nil {
		t.Fatal(err)
	}
	c := plainDesk(t)
	rows := 0
	for i, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 {
			continue
		}
		rows++
		want := classifier.SuspectAuto
		if f[1] == "human" || f[4] == "no" {
			want = classifier.Person
		}
		fields := []string{"From: Anna <anna@cliente.example>", "Subject: " + f[3]}
		if v := c.Classify(mail("x", fields...)); v.Kind != want {
			t.Errorf("%s %q alone: got %s, want %s; %q", f[0], f[3], v.Kind, want, v.Reasons)
		}
		v := c.Classify(mail("x", append(fields, "Auto-Submitted: auto-generated")...))
		want = map[string]classifier.Kind{"human": "automatic", "pec_receipt": "receipt", "read_receipt": "receipt", "abuse_report": "automatic"}[f[1]]
		if want == "" {
			want = classifier.Kind(f[1])
		}
		if f[4] == "no" {
			want = classifier.Automatic
		}
		if v.Kind != want {
			t.Errorf("%s %q with a header: got %s, want %s; %q", f[0], f[3], v.Kind, want, v.Reasons)
		}
	}
	if rows < 129 {
		t.Fatalf("read %d rows, want 129", rows)
	}
}

func TestCustomer(t *testing.T) {
	c := plainDesk(t)
	for name, x := range map[string]struct {
		want string
		m    *mailparse.Message
	}{
		"plain":                           {"anna@cliente.example", mail("x", "From: Anna <anna@cliente.example>", "Reply-To: other@x.example")},
		"via a group":                     {"mario@cliente.example", mail("x", "From: \"Mario Neri via Support\" <group@desk.example>", "Reply-To: mario@cliente.example", "X-Original-From: Mario Neri <mario@cliente.example>")},
		"own address, reply-to":           {"anna@cliente.example", mail("x", "From: support@desk.example", "Reply-To: anna@cliente.example")},
		"own address alone":               {"", mail("x", "From: support@desk.example")},
		"reply-to ourselves":              {"", mail("x", "From: no-reply@shop.example", "Reply-To: support@desk.example")},
		"no from":                         {"", mail("x", "Subject: x")},
		"a form of unknown words":         {"anna@cliente.example", mail("Hai un messaggio dal negozio.\r\n\r\nPaese:\r\n\r\nIT\r\n\r\nE-mail:\r\n\r\nanna@cliente.example\r\n\r\nCorpo:\r\n\r\nIl carrello è vuoto.", "From: Bottega (Shop) <mailer@shop.example>", "Reply-To: Anna <anna@cliente.example>")},
		"a form in an unknown tongue":     {"jan@klient.example", mail("Imię: Jan\r\nE-mail: jan@klient.example\r\nTreść: Koszyk jest pusty.", "From: Sklep <www@shop.example>", "Reply-To: jan@klient.example")},
		"a person signs with another one": {"anna@cliente.example", mail("Buongiorno,\r\nil carrello è vuoto.\r\nAnna Verdi\r\nE-mail: anna@privato.example\r\nTel: 06 123", "From: Anna <anna@cliente.example>", "Reply-To: anna@privato.example")},
		"a person of the same domain":     {"anna@cliente.example", mail("Sito: b.example\r\nE-mail: info@cliente.example\r\nTel: 06 123", "From: Anna <anna@cliente.example>", "Reply-To: info@cliente.example")},
		"a person's short mail":           {"anna@cliente.example", mail("Buongiorno: il sito non va.\r\nAnna Verdi\r\nE-mail: anna@privato.example\r\nTel: 06 123", "From: Anna <anna@cliente.example>", "Reply-To: anna@privato.example")},
		"a signature between labels":      {"anna@cliente.example", mail("Buongiorno,\r\ndalle 10:30 il sito non va.\r\nSaluti\r\nAnna Verdi\r\nTel: 06 123\r\nE-mail: anna@privato.example\r\nWeb: cliente.example", "From: Anna <anna@cliente.example>", "Reply-To: anna@privato.example")},
		"a person quotes a mail":          {"anna@cliente.example", mail("Che ne dite?\r\n> Data: oggi\r\n> Da: Anna <anna@privato.example>\r\n> Oggetto: x\r\n>\r\n> ciao", "From: Anna <anna@cliente.example>", "Reply-To: anna@privato.example")},
		"an answer":                       {"anna@cliente.example", mail("Nome: A\r\nE-mail: anna@privato.example\r\nTesto: x", "From: Anna <anna@cliente.example>", "Reply-To: anna@privato.example", "In-Reply-To: <1@x>")},
	} {
		if v := c.Classify(x.m); v.Customer.Addr != x.want {
			t.Errorf("%s: got %q, want %q; %q", name, v.Customer.Addr, x.want, v.Reasons)
		}
	}
}

// TestCertifiedMail: an absence note inside an envelope is one, and an anomaly
// envelope holds a person's mail.
func TestCertifiedMail(t *testing.T) {
	inner := func(fields string) *mailparse.Message {
		return mail("--b\r\nContent-Type: text/plain\r\n\r\nbusta\r\n--b\r\nContent-Type: message/rfc822; name=postacert.eml\r\n\r\n"+fields+"\r\n\r\nIl sito non va più da ieri sera\r\n--b--",
			"From: \"Per conto di: ditta@pec.example\" <posta-certificata@gestore.example>", "Reply-To: ditta@pec.example", "Subject: ANOMALIA MESSAGGIO: URGENTE sito",
			"X-Trasporto: errore", "Content-Type: multipart/mixed; boundary=b")
	}
	c := plainDesk(t)
	v := c.Classify(inner("From: ditta@pec.example\r\nSubject: URGENTE sito"))
	if v.Kind != classifier.Person || v.Customer.Addr != "ditta@pec.example" || !v.Urgency.Contract || v.Source != "pec_anomaly" || !strings.HasPrefix(v.Text, "Il sito") || v.Subject != "URGENTE sito" {
		t.Errorf("got %+v", v)
	}
	if !slices.ContainsFunc(v.Reasons, func(r string) bool { return strings.HasPrefix(r, "not certified") }) {
		t.Errorf("an anomaly is said to be certified: %q", v.Reasons)
	}
	// Of a mail over the largest size only the header is there: the envelope still says that somebody wrote.
	bare := mailparse.Parse([]byte("Return-Path: <>\r\nFrom: \"Per conto di: ditta@pec.example\" <posta-certificata@gestore.example>\r\nReply-To: ditta@pec.example\r\n" +
		"Subject: POSTA CERTIFICATA: URGENTE sito\r\nX-Trasporto: posta-certificata\r\nContent-Type: multipart/signed; boundary=x\r\n\r\n"))
	if v := c.Classify(bare); v.Kind != classifier.Person || v.Customer.Addr != "ditta@pec.example" || v.Source != "pec" || !v.Urgency.Contract {
		t.Errorf("an envelope alone: %+v", v)
	}
	if v := c.Classify(inner("From: ditta@pec.example\r\nSubject: x\r\nAuto-Submitted: auto-replied")); v.Kind != classifier.AutoReply {
		t.Errorf("got %s, want auto_reply; %q", v.Kind, v.Reasons)
	}
}

func TestNewErrors(t *testing.T) {
	for name, c := range map[string]classifier.Config{
		"two words": {ContractTerms: []string{"MOLTO URGENTE"}},
		"no match":  {Sources: []classifier.Source{{Name: "x"}}},
	} {
		if _, err := classifier.New(c); err == nil || !strings.Contains(err.Error(), "want") {
			t.Errorf("%s: got %v, want an error that says what is wanted", name, err)
		}
	}
}

// FuzzClassify: any bytes get a kind, reasons and a language.
func FuzzClassify(f *testing.F) {
	for _, s := range []string{"", "Subject: x\r\n\r\nx", "From: a@b\r\nX-Trasporto: posta-certificata\r\nContent-Type: message/rfc822\r\n\r\nFrom: c@d\r\n\r\nx", "\xff\x00"} {
		f.Add([]byte(s))
	}
	samples, _ := filepath.Glob("testdata/samples/*.eml")
	for _, name := range samples {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	c := plainDesk(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		v := c.Classify(mailparse.Parse(raw))
		if v.Kind == "" || v.Language == "" || len(v.Reasons) == 0 || len(v.Urgency.Reasons) == 0 {
			t.Errorf("incomplete: %s", fmt.Sprintf("%+v", v))
		}
	})
}

// TestRegisteredMail: in the European kind of certified mail the customer's mail is a section of its own; evidence alone is nobody's mail.
func TestRegisteredMail(t *testing.T) {
	c := plainDesk(t)
	rem := func(sections ...string) *mailparse.Message {
		return mailparse.Parse([]byte("Return-Path: <>\r\nFrom: REM service <rem@provider.example>\r\nSubject: REM dispatch: URGENTE sito\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
			"--b\r\nREM-Section-Type: rem_message/introduction\r\n\r\nThe service forwards a mail.\r\n" + strings.Join(sections, "") + "--b--\r\n"))
	}
	original := "--b\r\nContent-Type: message/rfc822; name=AttachedMimeMessage\r\nREM-Section-Type: rem_message/original\r\n\r\nFrom: ditta@rem.example\r\nSubject: URGENTE sito\r\n\r\nIl sito non va.\r\n"
	evidence := "--b\r\nContent-Type: application/xml; name=SubmissionAcceptance.xml\r\nREM-Section-Type: rem_message/rem_evidence\r\n\r\n<x/>\r\n"
	if v := c.Classify(rem(original, evidence)); v.Kind != classifier.Person || v.Customer.Addr != "ditta@rem.example" || v.Text != "Il sito non va." || !v.Urgency.Contract {
		t.Errorf("dispatch: %s of %s, %q, %q", v.Kind, v.Customer.Addr, v.Text, v.Reasons)
	}
	if v := c.Classify(rem(evidence)); v.Kind != classifier.Receipt {
		t.Errorf("receipt: %s, %q", v.Kind, v.Reasons)
	}
}
