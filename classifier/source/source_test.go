package source_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"replyby/classifier/source"
	"replyby/mailparse"
)

func rule() source.Rule {
	return source.Rule{
		Name:  "carrier",
		Match: source.Match{FromDomain: []string{"carrier.example"}, RequireAuth: "dkim"},
		Message: source.Bounds{
			After: []string{"Messaggio", "Message"},
			Until: `(?m)^Rispondi da`,
		},
		Customer: source.CustomerOrder{Order: []string{"reply_to", "label:Email"}},
		Fields: map[string]source.Field{
			"customer_name": {Labels: []string{"Cliente"}},
			"shop_url":      {Labels: []string{"Negozio"}, Kind: "url"},
			"order":         {Labels: []string{"Ordine"}, Regex: "#?([A-Z0-9-]{3,20})"},
			"thread":        {Regex: `https://carrier\.example/t/(\d+)`, ThreadKey: 1},
		},
		Flags: map[string]source.Flag{
			"care":    {Any: []string{"Business Care in corso"}},
			"presale": {Any: []string{"Prevendita"}, In: []string{"subject", "first_lines:2"}, Else: "no"},
		},
	}
}

func compile(t testing.TB, r source.Rule) *source.Reader {
	t.Helper()
	out, err := source.New(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func carrierMail(text string, fields ...string) *mailparse.Message {
	fields = append([]string{"From: Carrier <no-reply@carrier.example>", "Content-Type: text/plain; charset=utf-8"}, fields...)
	return mailparse.Parse([]byte(strings.Join(fields, "\r\n") + "\r\n\r\n" + text))
}

func find(t testing.TB, r source.Rule, m *mailparse.Message) source.Found {
	t.Helper()
	f := source.Check(compile(t, r), m, source.Desk{Own: []string{"support@desk.example"}, AuthservID: "mx.desk.example"})
	if !f.Matched {
		t.Fatal("the rule does not match")
	}
	return f.Found
}

// TestCustomerTextIsNoLabel: nothing typed into the message, or into a field,
// becomes a field, a flag, a key or an address.
func TestCustomerTextIsNoLabel(t *testing.T) {
	m := carrierMail("Cliente: Business Care in corso\nNegozio: javascript:alert(1)\n\nMessaggio:\nOrdine: #EVIL-1\nBusiness Care in corso\nPrevendita\nEmail: evil@evil.example\nhttps://carrier.example/t/666\nRispondi da solo\nfine\nRispondi da https://carrier.example/t/7\n")
	f := find(t, rule(), m)
	if diff := cmp.Diff(map[string]string{"customer_name": "Business Care in corso", "thread": "https://carrier.example/t/7"}, f.Fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"care": "unknown", "presale": "no", "authentic": "unknown"}, f.Flags); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
	if f.ThreadKey != "carrier:7" || f.Customer.Addr != "" {
		t.Errorf("got key %q customer %q", f.ThreadKey, f.Customer.Addr)
	}
	if !strings.HasPrefix(f.Text, "Ordine: #EVIL-1") || !strings.HasSuffix(f.Text, "fine") {
		t.Errorf("got text %q", f.Text)
	}
}

// TestNoMark: without the mark the whole text may be the customer's.
func TestNoMark(t *testing.T) {
	f := find(t, rule(), carrierMail("Cliente: Anna\nBusiness Care in corso\nCiao"))
	if len(f.Fields) != 0 || f.Flags["care"] != "unknown" || !strings.Contains(f.Text, "Cliente: Anna") {
		t.Errorf("got %+v", f)
	}
	if !strings.Contains(strings.Join(f.Missing, " "), "message") {
		t.Errorf("the missing mark is not reported: %q", f.Missing)
	}
	r := rule()
	r.OnNoMatchInBody = "next_rule"
	if source.Check(compile(t, r), carrierMail("Ciao"), source.Desk{}).Matched {
		t.Error("next_rule matches without the mark")
	}
}

func TestReads(t *testing.T) {
	m := carrierMail("Prevendita\n\nCLIENTE :\n  Anna Verdi\nnegozio: https://a.example/\nÒrdine: n. #AB-12\nStato: Business Care in corso\n\nMessaggio\nCiao\n", "Reply-To: anna@cliente.example")
	f := find(t, rule(), m)
	want := map[string]string{"customer_name": "Anna Verdi", "shop_url": "https://a.example/", "order": "AB-12"}
	if diff := cmp.Diff(want, f.Fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if f.Flags["care"] != "yes" || f.Flags["presale"] != "yes" || f.Customer.Addr != "anna@cliente.example" || f.Customer.Name != "Anna Verdi" || f.Text != "Ciao" {
		t.Errorf("got %+v", f)
	}
	if diff := cmp.Diff([]string{"thread"}, f.Missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
}

// TestCustomerIsNotTheCarrier: whatever stands in the usual places.
func TestCustomerIsNotTheCarrier(t *testing.T) {
	r := rule()
	r.Customer.Order = []string{"reply_to", "label:Email", "from", "sender"}
	for _, addr := range []string{"no-reply@carrier.example", "help@mail.carrier.example", "support@desk.example", "noreply@elsewhere.example"} {
		f := find(t, r, carrierMail("Email: "+addr+"\nMessaggio:\nx", "Reply-To: "+addr, "Sender: "+addr))
		if f.Customer.Addr != "" {
			t.Errorf("%s became the customer", addr)
		}
	}
}

func TestAuth(t *testing.T) {
	for results, want := range map[string]string{
		"mx.desk.example; dkim=pass header.d=carrier.example":                                                       "yes",
		"mx.desk.example 1; spf=fail; dkim=pass header.i=@mail.carrier.example":                                     "yes",
		"MX.desk.example; dkim=pass (2048 bit) header.d=carrier.example":                                            "yes",
		"mx.other.example; dkim=pass header.d=carrier.example":                                                      "unknown",
		"mx.desk.example; dkim=fail header.d=carrier.example":                                                       "unknown",
		"mx.desk.example; dkim=pass header.d=evil.example":                                                          "unknown",
		"mx.desk.example; dkim=pass header.d=example":                                                               "unknown",
		"mx.desk.example; spf=pass smtp.mailfrom=carrier.example":                                                   "unknown",
		"mx.desk.example; dkim=fail (; dkim=pass header.d=carrier.example)":                                         "unknown",
		`mx.desk.example; dkim=fail reason="; dkim=pass header.d=carrier.example"`:                                  "unknown",
		"mx.desk.example; dkim=none\r\nAuthentication-Results: mx.desk.example; dkim=pass header.d=carrier.example": "unknown",
	} {
		f := find(t, rule(), carrierMail("Messaggio:\nx", "Authentication-Results: "+results))
		if f.Flags["authentic"] != want {
			t.Errorf("%q: got %s, want %s", results, f.Flags["authentic"], want)
		}
	}
}

func TestErrors(t *testing.T) {
	for want, change := range map[string]func(*source.Rule){
		"name":                 func(r *source.Rule) { r.Name = "" },
		"match":                func(r *source.Rule) { r.Match = source.Match{} },
		"match.subject":        func(r *source.Rule) { r.Match.Subject = "(" },
		"reply":                func(r *source.Rule) { r.Reply = "fax" },
		"urgent_from":          func(r *source.Rule) { r.UrgentFrom = "moon" },
		"match.require_auth":   func(r *source.Rule) { r.Match.RequireAuth = "arc" },
		"message.until":        func(r *source.Rule) { r.Message.Until = "[" },
		"message.after":        func(r *source.Rule) { r.Message.After = nil },
		"customer_email.order": func(r *source.Rule) { r.Customer.Order = []string{"label:"} },
		"fields.x":             func(r *source.Rule) { r.Fields["x"] = source.Field{} },
		"fields.x.thread_key":  func(r *source.Rule) { r.Fields["x"] = source.Field{Regex: "a", ThreadKey: 1} },
		"fields.x.kind":        func(r *source.Rule) { r.Fields["x"] = source.Field{Regex: "a", Kind: "path"} },
		"flags.x.any":          func(r *source.Rule) { r.Flags["x"] = source.Flag{} },
		"flags.x.in":           func(r *source.Rule) { r.Flags["x"] = source.Flag{Any: []string{"a"}, In: []string{"first_lines:0"}} },
		"flags.x.else":         func(r *source.Rule) { r.Flags["x"] = source.Flag{Any: []string{"a"}, Else: "yes"} },
	} {
		r := rule()
		change(&r)
		if _, err := source.New(r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

func sample(t testing.TB, name string) *mailparse.Message {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("../testdata/samples", name))
	if err != nil {
		t.Fatal(err)
	}
	return mailparse.Parse(raw)
}

// TestLearn: a learnt rule compiles, matches the mail it was learnt from, and
// finds what a person would.
func TestLearn(t *testing.T) {
	for file, want := range map[string]struct {
		fields, customer, thread, text string
	}{
		"01_marketplace_ticket_it.eml":     {"customer_name order product ps_version shop_url thread_url version", "", "marketplace:8841", "Buongiorno, dopo"},
		"02_marketplace_presale_es.eml":    {"customer_name product thread_url", "", "marketplace:8842", "Hola, ¿es"},
		"03_prestashop_contactform_it.eml": {"", "anna.verdi@cliente.example", "", "URGENTE il carrello"},
		"04_wordpress_cf7_it.eml":          {"customer_name subject", "luca.neri@cliente.example", "", "Da questa mattina"},
	} {
		m := sample(t, file)
		p := source.Learn(m)
		r, err := source.New(p.Rule)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		f := source.Check(r, m, source.Desk{})
		var names []string
		for _, n := range []string{"customer_name", "order", "product", "ps_version", "shop_url", "subject", "thread_url", "version"} {
			if f.Found.Fields[n] != "" {
				names = append(names, n)
			}
		}
		if !f.Matched || strings.Join(names, " ") != want.fields || f.Found.Customer.Addr != want.customer || f.Found.ThreadKey != want.thread || !strings.HasPrefix(f.Found.Text, want.text) {
			t.Errorf("%s: got %t, customer %q, fields %q, key %q, text %q\nrule %+v", file, f.Matched, f.Found.Customer.Addr, names, f.Found.ThreadKey, f.Found.Text, p.Rule)
		}
	}
}

// TestLearnFlags: what a marketplace states by a published phrase becomes a
// flag; a heading becomes no field; a mail without a sender makes no rule.
func TestLearnFlags(t *testing.T) {
	for file, want := range map[string]string{
		"01_marketplace_ticket_it.eml": "care_active", "02_marketplace_presale_es.eml": "presale", "03_prestashop_contactform_it.eml": "",
	} {
		r := source.Learn(sample(t, file)).Rule
		if names := slices.Sorted(maps.Keys(r.Flags)); strings.Join(names, " ") != want {
			t.Errorf("%s: flags %q, want %q", file, names, want)
		}
		if file[1] == '3' && len(r.Fields) != 0 {
			t.Errorf("%s: fields %v from headings", file, r.Fields)
		}
	}
	if _, err := source.New(source.Learn(mailparse.Parse([]byte("Messaggio:\nx"))).Rule); err == nil {
		t.Error("a mail of nobody makes a rule")
	}
}

// TestPortalKeepsTheAddress: only a rule that says where the address stands
// misses it.
func TestPortalKeepsTheAddress(t *testing.T) {
	r := rule()
	r.Reply, r.Customer.Order, r.Fields = "portal", nil, nil
	if f := find(t, r, carrierMail("Messaggio:\nx")); len(f.Missing) != 0 {
		t.Errorf("missing %q", f.Missing)
	}
	r.Customer.Order = []string{"label:Email"}
	if f := find(t, r, carrierMail("Messaggio:\nx")); len(f.Missing) != 1 {
		t.Errorf("missing %q, want the customer", f.Missing)
	}
}

// TestTOML: a learnt rule survives being written into a configuration file.
func TestTOML(t *testing.T) {
	want := struct {
		Source []source.Rule `toml:"source"`
	}{append(source.Builtin(), rule(), source.Learn(sample(t, "01_marketplace_ticket_it.eml")).Rule)}
	b, err := toml.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got := want
	got.Source = nil
	if err := toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields().Decode(&got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, b)
	}
}

// TestHandMade: a form sent from the desk's own address is the visitor's.
func TestHandMade(t *testing.T) {
	m := mailparse.Parse([]byte("From: support@desk.example\r\nSubject: Nuovo contatto\r\n\r\nNome: Anna\nCognome: Verdi\nEmail: anna@cliente.example\nTelefono: 06 123\nMessaggio: il sito non va\nEmail: no@no.example\n"))
	d := source.Desk{Own: []string{"support@desk.example"}}
	for _, r := range source.Builtin() {
		f := source.Check(compile(t, r), m, d)
		if f.Matched != (r.Name == "form") {
			t.Errorf("%s: matched is %v", r.Name, f.Matched)
		}
		if f.Matched && (f.Found.Customer.Addr != "anna@cliente.example" || !strings.HasPrefix(f.Found.Text, "il sito non va") || f.Found.Fields["phone"] != "06 123") {
			t.Errorf("got %+v", f.Found)
		}
	}
}

// TestOfSite: a form that writes in a shop's name is its visitor's, with the carrier's lines off; a person's mail is his own, wherever he
// wants answers.
func TestOfSite(t *testing.T) {
	for name, c := range map[string]struct {
		head, text, customer, message string
	}{
		"shop system": {"Reply-To: Luca <luca@privato.example>", "Name: Luca Neri\nEmail: luca@privato.example\nPhone Number: 333\n\nComment: Il pagamento non va\n", "luca@privato.example", "Il pagamento non va"},
		"page builder": {"Reply-To: luca@privato.example", "Nome: Luca\nEmail: luca@privato.example\nMessaggio: Il pagamento non va\n\n---\n\nData: 23 Novembre 2026\nOra: 14:00\nPowered by: Elementor\n",
			"luca@privato.example", "Il pagamento non va"},
		"labels alone":     {"Reply-To: luca@privato.example", "Nome\nLuca\nEmail\nluca@privato.example\nCommento o messaggio\nIl pagamento non va\n", "luca@privato.example", "Il pagamento non va"},
		"a person":         {"Reply-To: luca@privato.example", "Buongiorno,\nNote: il pagamento non va\nEmail: luca@privato.example\n", "", ""},
		"an order":         {"Reply-To: luca@privato.example", "Email: luca@privato.example\nNote: consegna rapida\n", "", ""},
		"no Reply-To":      {"X: y", "Email: luca@privato.example\nMessaggio: Il pagamento non va\n", "", ""},
		"Reply-To as From": {"Reply-To: INFO@bottega.example", "Email: info@bottega.example\nMessaggio: Il pagamento non va\n", "", ""},
		"an answer":        {"In-Reply-To: <1@x>\r\nReply-To: luca@privato.example", "Email: luca@privato.example\nMessaggio: Il pagamento non va\n", "", ""},
	} {
		m := mailparse.Parse([]byte("From: Bottega <info@bottega.example>\r\nSubject: URGENTE pagamento\r\n" + c.head + "\r\n\r\n" + c.text))
		for _, r := range source.Builtin() {
			f := source.Check(compile(t, r), m, source.Desk{Own: []string{"support@desk.example"}})
			if f.Matched != (r.Name == "site-form" && c.customer != "") {
				t.Errorf("%s, %s: matched is %v", name, r.Name, f.Matched)
			}
			if f.Matched && (f.Found.Customer.Addr != c.customer || f.Found.Text != c.message || f.Found.Subject != m.Subject) {
				t.Errorf("%s: %s got %+v", name, r.Name, f.Found)
			}
		}
	}
}

// TestFormsAsTheyCome: forms in a table of two columns, with labels above their values, and with the footers that one extension has written
// since: each is its visitor's, and the subject that he typed counts.
func TestFormsAsTheyCome(t *testing.T) {
	const table = "Content-Type: text/html; charset=utf-8"
	for name, c := range map[string]struct{ from, head, text, rule, subject, visitor string }{
		"two columns": {"noreply@site.example", table, "<table><tr><th>Nom</th><td>Claire Petit</td></tr><tr><th>E-mail</th><td>claire@privato.example</td></tr>" +
			"<tr><th>Sujet</th><td>URGENT panier</td></tr><tr><th>Message</th><td>Le panier est vide.</td></tr></table>", "form", "URGENT panier", "Claire Petit"},
		"label above value": {"site@site.example", table + "\r\nReply-To: claire@privato.example", "<table><tr><td colspan=2><b>Nom</b></td></tr><tr><td>&nbsp;</td><td>Claire Petit</td></tr>" +
			"<tr><td colspan=2><b>Email</b></td></tr><tr><td>&nbsp;</td><td><a href='mailto:claire@privato.example'>claire@privato.example</a></td></tr>" +
			"<tr><td colspan=2><b>Sujet</b></td></tr><tr><td>&nbsp;</td><td>URGENT panier</td></tr><tr><td colspan=2><b>Message</b></td></tr><tr><td>&nbsp;</td><td>Le panier est vide.</td></tr></table>",
			"site-form", "URGENT panier", "Claire Petit"},
		"a shop's body": {"mailer@site.example", "Reply-To: claire@privato.example", "Name:\nClaire Petit\n\nEmail:\nclaire@privato.example\n\nBody:\nLe panier est vide.\n", "site-form", "Formulaire", "Claire Petit"},
		"English footer": {"wordpress@site.example", "Reply-To: claire@privato.example", "From: Claire Petit claire@privato.example\nSubject: URGENT panier\n\nMessage Body:\nLe panier est vide.\n\n-- \n" +
			"This is a notification that a contact form was submitted on your website (Site https://site.example).\n", "contact-form-7", "URGENT panier", "Claire Petit"},
		"Spanish footer": {"wordpress@site.example", "Reply-To: claire@privato.example", "De: Claire Petit <claire@privato.example>\nAsunto: URGENTE carrito\n\nCuerpo del mensaje:\nLe panier est vide.\n\n-- \n" +
			"Esto es un aviso de que se ha enviado un formulario de contacto en tu web (Site https://site.example).\n", "contact-form-7", "URGENTE carrito", "Claire Petit"},
		"French footer": {"wordpress@site.example", "Reply-To: claire@privato.example", "De : Claire Petit claire@privato.example\nObjet : URGENT panier\n\nCorps du message :\nLe panier est vide.\n\n-- \n" +
			"Ceci est une notification indiquant qu'un formulaire de contact a été soumis sur votre site (Site https://site.example).\n", "contact-form-7", "URGENT panier", "Claire Petit"},
		"labels that address the visitor": {"noreply@site.example", "X: y", "Votre nom : Claire Petit\nVotre adresse e-mail : claire@privato.example\nSujet : URGENT panier\nVotre message :\nLe panier est vide.\n", "form", "URGENT panier", "Claire Petit"},
		"labels in Spanish":               {"noreply@site.example", "X: y", "Tu nombre: Claire Petit\nTu correo electrónico: claire@privato.example\nAsunto: URGENTE carrito\nTu mensaje: Le panier est vide.\n", "form", "URGENTE carrito", "Claire Petit"},
		"labels in English":               {"noreply@site.example", "X: y", "Full name: Claire Petit\nEmail address: claire@privato.example\nSubject: URGENT cart\nYour message: Le panier est vide.\n", "form", "URGENT cart", "Claire Petit"},
		"labels in Italian":               {"noreply@site.example", "X: y", "Il tuo nome: Claire Petit\nLa tua email: claire@privato.example\nOggetto: URGENTE carrello\nIl tuo messaggio: Le panier est vide.\n", "form", "URGENTE carrello", "Claire Petit"},
		"no footer":                       {"wordpress@site.example", "Reply-To: claire@privato.example", "Da: Claire Petit claire@privato.example\nOggetto: URGENTE carrello\n\nCorpo del messaggio:\nLe panier est vide.\n", "site-form", "URGENTE carrello", ""},
	} {
		m := mailparse.Parse([]byte("From: Site <" + c.from + ">\r\nSubject: Formulaire\r\n" + c.head + "\r\n\r\n" + c.text))
		for _, r := range source.Builtin() {
			f := source.Check(compile(t, r), m, source.Desk{Own: []string{"support@desk.example"}})
			if !f.Matched && r.Name != c.rule {
				continue
			}
			if r.Name != c.rule || f.Found.Customer.Addr != "claire@privato.example" || f.Found.Customer.Name != c.visitor || f.Found.Text != "Le panier est vide." || f.Found.Subject != c.subject {
				t.Errorf("%s: %s got %+v", name, r.Name, f.Found)
			}
			break // the first rule that matches has it
		}
	}
}

// FuzzRead: no text makes a reader fail, and values never come from below the
// mark.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"Cliente: a\nMessaggio:\nx", "Messaggio: x", ":", "Messaggio：", "\xff:\xff", "Cliente:\n\n\nOrdine:\n1"} {
		f.Add(s)
	}
	r := compile(f, rule())
	f.Fuzz(func(t *testing.T, s string) {
		m := carrierMail("Messaggio:\n" + s)
		got := source.Check(r, m, source.Desk{})
		if got.Found.Fields["customer_name"] != "" || got.Found.Flags["care"] == "yes" {
			t.Errorf("customer text acts as a label: %+v", got.Found)
		}
		source.Check(r, carrierMail(s), source.Desk{})
	})
}

// FuzzLearn: a proposal compiles whatever the mail, unless it has no sender.
func FuzzLearn(f *testing.F) {
	f.Add("Cliente: a\nMessaggio:\nx\n\n--\nhttps://a.example/t/1234", "Subject [x]")
	f.Add("a|b: c\nTesto:\n", "[*]")
	f.Fuzz(func(t *testing.T, text, subject string) {
		if _, err := source.New(source.Learn(carrierMail(text, "Subject: "+subject)).Rule); err != nil {
			t.Error(err)
		}
	})
}
