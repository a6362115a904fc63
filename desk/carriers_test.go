package desk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"replyby/classifier"
	"replyby/classifier/source"
	"replyby/mailparse"
	"replyby/ticket/kind"
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
	if text := mailparse.Parse(s.letters(anna)[1].Bytes).Text; !strings.Contains(text, "MP-1: names the same conversation") {
		t.Errorf("the suggestion is not shown:\n%s", text)
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
	other := &scenario{T: t, cfg: two, now: s.now, store: s.store, desk: s.hire(two)}
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
