package desk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"replyby/classifier"
	"replyby/classifier/source"
	"replyby/desk/arrival"
	"replyby/mailparse"
	"replyby/ticket/kind"
	"replyby/ticket/verdict"
)

// portal is a rule as a seller writes one for notifications whose layout was invented for this project.
func portal() classifier.Source {
	return classifier.Source{
		Name: "marketplace", Policy: "business-care", Reply: "portal",
		Match:   source.Match{FromDomain: []string{"marketplace.example"}, RequireAuth: "dkim"},
		Message: source.Bounds{After: []string{"Messaggio", "Mensaje"}, Until: `(?m)^(Risponda dal|Responda desde)`},
		Fields: map[string]source.Field{
			"customer_name": {Labels: []string{"Cliente"}},
			"product":       {Labels: []string{"Prodotto", "Producto"}},
			"thread_url":    {Regex: `https://marketplace\.example/messages/(\d+)`, ThreadKey: 1},
		},
		Flags: map[string]source.Flag{
			"presale":     {Any: []string{"Prevendita", "Preventa"}, In: []string{"subject", "first_lines:5"}},
			"care_active": {Any: []string{"Business Care in corso"}},
		},
	}
}

// seller sells modules on a marketplace: its own server is mx.seller.example.
func seller(t *testing.T) *scenario {
	s := play(t, careDesk(t))
	s.judge.Sources, s.judge.AuthservID = []classifier.Source{portal()}, "mx.seller.example"
	s.restart()
	return s
}

// notice is a notification of the portal about a conversation; proof is what our server says of it.
func (s *scenario) notice(conversation, proof, text string) {
	s.Helper()
	s.arrives(mail{from: "Marketplace <no-reply@marketplace.example>", subject: "Nuovo messaggio", text: "Cliente: Bottega Rossi\nProdotto: Modulo SEO\n\nMessaggio:\n" + text +
		"\n\nRisponda dal suo conto: https://marketplace.example/messages/" + conversation,
		head: []string{"Authentication-Results: mx.seller.example; dkim=" + proof + " header.d=marketplace.example", "Auto-Submitted: auto-generated"}})
}

// A conversation id is written by anybody: only a notification proven to be the carrier's joins, and only a ticket that such a one opened.
func TestPortalThread(t *testing.T) {
	s := seller(t)
	s.notice("8841", "fail", "Un falso, che vuole occupare la conversazione.")
	s.notice("8841", "pass", "Buongiorno, la pagina mostra un errore.")
	s.notice("8841", "pass", "Ancora nessuna risposta?")
	s.notice("8841", "fail", "Un altro falso.")
	s.notice("8842", "pass", "Un'altra conversazione.")
	if a, b := s.count(1, kind.Received), s.count(2, kind.Received); a != 1 || b != 2 {
		t.Fatalf("the forged ticket has %d messages, the proven one %d; want 1 and 2", a, b)
	}
	if s.ticket(2).Links[0] != 1 || s.ticket(3).Links[0] != 2 || len(s.ticket(4).Links) != 0 {
		t.Errorf("links %v %v %v: what may belong together is suggested", s.ticket(2).Links, s.ticket(3).Links, s.ticket(4).Links)
	}
	s.post()
	text := read(s.letters(anna)[1])
	if !strings.Contains(text, `Nomina la stessa conversazione di MP-1, ma nulla prova che l'abbia scritta il portale. Se è così, rispondi "merge MP-1".`) {
		t.Errorf("the suggestion is not shown in the reader's language:\n%s", text)
	}
	if strings.Contains(text, "nell'oggetto.") || strings.Contains(text, "<>") {
		t.Errorf("what is posted in a portal has no subject, and its customer no address:\n%s", text)
	}
	s.checkFold()
}

// A short text tells no language: the thread's goes before the desk's.
func TestLanguageOfThread(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: mario, subject: "Shopping cart", text: "Good morning, the shopping cart of our store has not accepted any payment since this morning. Could you please have a look?"})
	s.post()
	s.says(anna, "ok\n\n"+words)
	ours := []string{mailparse.Parse(s.last(mario).Bytes).MessageID}
	s.arrives(mail{from: mario, subject: "Re: x", reply: ours, text: "ok!"})
	if got := s.ticket(1).Verdict.Language; got != "en" {
		t.Fatalf("two letters turned the thread to %s", got)
	}
	s.arrives(mail{from: mario, subject: "[MB-1] ?", text: "?"})
	if got := s.ticket(2).Verdict.Language; got != "en" {
		t.Errorf("the linked ticket is in %s", got)
	}
	s.arrives(mail{from: mario, subject: "Re: x", reply: ours, text: "Buongiorno, adesso vi scrivo in italiano perché il problema del carrello riguarda anche il mio collega, che non sa l'inglese."})
	if got := s.ticket(1).Verdict.Language; got != "it" || s.count(1, kind.Received) != 3 {
		t.Errorf("the customer turned to Italian, the ticket is in %s", got)
	}
}

// The same mail to two desks is two tickets that know each other.
func TestTwins(t *testing.T) {
	one, two := agency(t), careDesk(t)
	two.Name, two.Address, two.Prefix = "moduli", "moduli@mb.example", "MP"
	one.Sisters, two.Sisters = []string{two.Name}, []string{one.Name}
	s := play(t, one)
	other := &scenario{TB: t, cfg: two, now: s.now, store: s.store, desk: s.hire(two)}
	m := mail{from: mario, to: one.Address + ", " + two.Address, subject: "Carrello", text: request}
	raw := s.raw(m)
	s.delivers(raw, "")
	other.delivers(append([]byte("Delivered-To: moduli@mb.example\r\n"), raw...), "")
	other.delivers(raw, "") // and again
	if s.count(1, kind.Linked) != 1 || other.count(1, kind.Linked) != 1 {
		t.Fatalf("%v\n%v", s.events(1), other.events(1))
	}
	other.post()
	if text := mailparse.Parse(other.last(anna).Bytes).Text; !strings.Contains(text, "MB-1") {
		t.Errorf("staff are not told of the other ticket:\n%s", text)
	}
	s.checkFold()
	other.checkFold()
}

func sample(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("../classifier/testdata/samples", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// What the samples of carriers become, end to end: a ticket of the real customer or a filed message, its fields, its way of answering.
func TestSamples(t *testing.T) {
	for _, c := range []struct {
		file, customer, name, policy, subject, language string
		reply                                           verdict.Reply
		category                                        verdict.Category
		fields                                          map[string]string
		fix                                             bool
	}{
		{file: "01_marketplace_ticket_it.eml", name: "Bottega Rossi", reply: "portal", policy: "business-care", fix: true, language: "it",
			subject: "Nuovo messaggio da Bottega Rossi – Modulo SEO Pro",
			fields:  map[string]string{"product": "Modulo SEO Pro", "link": "https://marketplace.example/messages/8841"}},
		{file: "02_marketplace_presale_es.eml", name: "Tienda López", reply: "portal", policy: "business-care", category: "presale", language: "es",
			subject: "[Preventa] Nuevo mensaje sobre Módulo SEO Pro", fields: map[string]string{"product": "Módulo SEO Pro"}},
		{file: "03_prestashop_contactform_it.eml", customer: "anna.verdi@cliente.example", reply: "email", fix: true, language: "it",
			subject: "[Bottega Bianchi] Messaggio da modulo di contatto [no_sync]"},
		{file: "04_wordpress_cf7_it.eml", customer: "luca.neri@cliente.example", name: "Luca Neri", reply: "email", fix: true, language: "it",
			subject: "URGENTE sito bloccato", fields: map[string]string{"customer_name": "Luca Neri"}},
		{file: "05_pec_envelope.eml", customer: "ditta@pec.cliente.example", reply: "email", fix: true, subject: "URGENTE sito offline", language: "it"},
		{file: "08_prestashop_contactform_en_unreplaced.eml", customer: "john@customer.example", reply: "email", fix: true, language: "en",
			subject: "[Example Shop] Message from contact form [no_sync]"},
	} {
		t.Run(c.file, func(t *testing.T) {
			s := seller(t)
			s.delivers(sample(t, c.file), "")
			tk := s.ticket(1)
			v := tk.Verdict
			if tk.Customer.Addr != c.customer || tk.Customer.Name != c.name || tk.Subject != c.subject {
				t.Errorf("customer %+v, subject %q", tk.Customer, tk.Subject)
			}
			if v.Reply != c.reply || v.Category != c.category || v.Policy != c.policy || v.Language != c.language {
				t.Errorf("reply %s, category %q, policy %q, language %s", v.Reply, v.Category, v.Policy, v.Language)
			}
			for name, want := range c.fields {
				if v.Fields[name] != want {
					t.Errorf("field %s is %q, want %q", name, v.Fields[name], want)
				}
			}
			if _, fix := tk.Duty("fix"); fix != c.fix {
				t.Errorf("a clock for the correction: %v", fix)
			}
			s.post()
			s.says(anna, "ok\n\n"+words)
			if c.reply == "portal" {
				s.wantLetters(0)
				s.wantRefused(1, "no_reply_address")
				return
			}
			s.wantLetters(1)
			if l := s.last(c.customer); !l.Customer || len(l.To) != 1 {
				t.Errorf("a %s to %v", l.Purpose, l.To)
			}
		})
	}
	for file, what := range map[string]string{"06_voicemail.eml": "voicemail", "07_out_of_office_it.eml": "auto_reply"} {
		s := seller(t)
		s.delivers(sample(t, file), "")
		if own := s.ticket(0); len(own.Filed) != 1 || own.Filed[0].Kind != what || s.count(-1, kind.Received) != 0 {
			t.Errorf("%s: filed %+v", file, own.Filed)
		}
	}
}

// A portal's ticket is answered there: words without a verb come back as the text to post, and no verb sends mail.
func TestPortalIsNeverMailed(t *testing.T) {
	s := seller(t)
	s.notice("8841", "pass", "Buongiorno, la pagina mostra un errore.")
	s.post()
	s.says(anna, words)
	l := s.last(anna)
	if text := mailparse.Parse(l.Bytes).Text; l.Purpose != "review" || !strings.Contains(text, "certificato scaduto") || !strings.Contains(text, "https://marketplace.example/messages/8841") {
		t.Fatalf("the text to post is not shown, or not where:\n%s", text)
	}
	for i, text := range []string{"ok", "fixed\n\n" + words, "eta 2026-11-25 17:00\n\n" + words, "resend"} {
		s.at([]string{"15:01", "15:02", "15:03", "15:04"}[i])
		s.arrives(s.answer(l, anna, text))
	}
	weak := s.answer(l, anna, "ok")
	weak.auth = arrival.None
	s.arrives(weak)
	s.tick()
	s.wantLetters(0)
	s.arrives(s.answer(l, anna, "posted\n\n"+words))
	if ack, _ := s.ticket(1).Duty("ack"); ack.Running() || ack.MetBy != "declared" {
		t.Errorf("after posting: %+v", ack)
	}
	s.checkFold()
}

// A customer who is away: his note is filed with the ticket, stops nothing, and the next review says it.
func TestCustomerAway(t *testing.T) {
	s := play(t, agency(t))
	s.arrives(mail{from: "Anna Verdi <anna.verdi@cliente.example>", subject: "Carrello", text: request})
	s.post()
	s.says(marco, "ok\n\n"+words)
	ours := mailparse.Parse(s.last("anna.verdi@cliente.example").Bytes).MessageID
	note := strings.ReplaceAll(string(sample(t, "07_out_of_office_it.eml")), "ack-1042@agency.example", ours)
	s.at("15:40").delivers([]byte(note), "")
	tk := s.ticket(1)
	if len(tk.Filed) != 1 || s.count(1, kind.Received) != 1 || len(s.ticket(0).Filed) != 0 {
		t.Fatalf("filed %+v", tk.Filed)
	}
	if _, owed := tk.Duty("next_reply"); owed {
		t.Error("a note of absence is owed an answer")
	}
	away := func() string {
		s.says(marco, "status")
		return s.text(marco)
	}
	if text := away(); !strings.Contains(text, "2026-11-23: Sono fuori sede fino al 30 novembre") {
		t.Errorf("the review does not say that the customer is away:\n%s", text)
	}
	s.at("16:00").arrives(mail{from: "anna.verdi@cliente.example", subject: "Re: x", reply: []string{ours}, text: "Sono tornata prima."})
	s.post()
	if text := away(); strings.Contains(text, "fuori sede") {
		t.Error("he is back and still said to be away")
	}
}

// I10: a carrier that changes its mail is in the digest, with the field that was lost and since when.
func TestBlindRuleInDigest(t *testing.T) {
	s := seller(t)
	s.tick()
	for i, day := range []string{"23", "24", "25", "26", "27"} {
		s.at("2026-11-" + day + " 15:30")
		s.notice("100"+string(rune('0'+i)), "pass", "Buongiorno, una domanda.")
	}
	s.at("2026-11-30 15:30").arrives(mail{from: "Marketplace <no-reply@marketplace.example>", subject: "Nuovo messaggio",
		text: "Cliente: Bottega Rossi\nArticolo: Modulo SEO\n\nMessaggio:\nBuongiorno.\n\nRisponda dal suo conto: https://marketplace.example/messages/1009"})
	s.at("2026-12-01 14:00").tick()
	if d := s.digests(); len(d) != 1 || !strings.Contains(d[0], `La regola marketplace non trova più "product" da lun 30 nov`) {
		t.Errorf("the digest does not name the lost field:\n%s", strings.Join(d, "\n"))
	}
	s.at("2026-12-04 14:00").tick()
	if d := s.digests(); len(d) != 2 || !strings.Contains(folded(d[1]), "La regola marketplace non trova più nulla da mar 1 dic") {
		t.Errorf("the digest does not name the silent rule:\n%s", strings.Join(d[1:], "\n"))
	}
}
