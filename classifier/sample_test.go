package classifier_test

import (
	"os"
	"path/filepath"
	"testing"

	"replyby/classifier"
	"replyby/classifier/source"
	"replyby/mailparse"
)

// marketplace is the rule a desk would write for the invented notifications
// in testdata/samples (made for this project).
func marketplace() classifier.Source {
	return classifier.Source{
		Name:   "marketplace",
		Match:  source.Match{FromDomain: []string{"marketplace.example"}, RequireAuth: "dkim", Subject: `(?i)nuovo messaggio|nuevo mensaje|nouveau message|new message`},
		Policy: "business-care", Reply: "portal",
		Message: source.Bounds{After: []string{"Messaggio", "Mensaje", "Message"}, Until: `(?m)^(Risponda dal|Responda desde|Répondez depuis|Reply from)`},
		Fields: map[string]source.Field{
			"customer_name": {Labels: []string{"Cliente", "Client", "Customer"}},
			"product":       {Labels: []string{"Prodotto", "Producto", "Produit", "Product"}},
			"version":       {Labels: []string{"Versione del prodotto", "Versión del producto"}},
			"ps_version":    {Labels: []string{"Versione PrestaShop"}},
			"shop_url":      {Labels: []string{"Negozio", "Tienda"}, Kind: "url"},
			"order":         {Labels: []string{"Ordine", "Pedido"}, Regex: "#?([A-Z0-9-]{3,20})"},
			"thread_url":    {Regex: `https://marketplace\.example/messages/(\d+)`, ThreadKey: 1},
		},
		Flags: map[string]source.Flag{
			"presale":     {Any: []string{"Prevendita", "Preventa", "Pre-sale"}, In: []string{"subject", "first_lines:5"}},
			"care_active": {Any: []string{"Business Care in corso"}, Else: "unknown"},
		},
	}
}

func sample(t testing.TB, name string) *mailparse.Message {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata/samples", name))
	if err != nil {
		t.Fatal(err)
	}
	return mailparse.Parse(raw)
}

func TestSamples(t *testing.T) {
	c := desk(t, classifier.Config{
		Own: []string{"support@seller.example", "assistenza@agency.example", "support@agency.example"}, Languages: []string{"it"},
		AuthservID: "mx.seller.example", Sources: []classifier.Source{marketplace()},
	})
	tests := []struct {
		file, source, customer, language, text string
		kind                                   classifier.Kind
		urgent                                 string
		contract, hint                         bool
		fields, flags                          map[string]string
		thread, reply                          string
	}{
		{file: "01_marketplace_ticket_it.eml", kind: "person", source: "marketplace", language: "it", urgent: "not_urgent",
			text:   "Buongiorno, dopo l'aggiornamento alla 3.2.1 la pagina categorie\nmostra errore 500. Potete aiutarmi?",
			fields: map[string]string{"customer_name": "Bottega Rossi", "product": "Modulo SEO Pro", "version": "3.2.1", "ps_version": "8.1.7", "shop_url": "https://www.bottegarossi.example/", "order": "123456"},
			flags:  map[string]string{"presale": "unknown", "care_active": "yes", "authentic": "yes"}, thread: "marketplace:8841", reply: "portal"},
		{file: "02_marketplace_presale_es.eml", kind: "person", source: "marketplace", language: "es", urgent: "not_urgent",
			text:   "Hola, ¿es compatible con PrestaShop 9?",
			fields: map[string]string{"customer_name": "Tienda López", "product": "Módulo SEO Pro"},
			flags:  map[string]string{"presale": "yes", "care_active": "unknown"}, thread: "marketplace:8842", reply: "portal"},
		{file: "03_prestashop_contactform_it.eml", kind: "person", source: "prestashop", customer: "anna.verdi@cliente.example", language: "it",
			urgent: "not_urgent", hint: true, text: "URGENTE il carrello non si apre.\nIndirizzo e-mail: questa riga fa parte del testo del cliente", reply: "email"},
		{file: "04_wordpress_cf7_it.eml", kind: "person", source: "contact-form-7", customer: "luca.neri@cliente.example", language: "it",
			urgent: "urgent", contract: true, text: "Da questa mattina il sito mostra una pagina bianca.", reply: "email",
			fields: map[string]string{"subject": "URGENTE sito bloccato", "customer_name": "Luca Neri"}},
		{file: "05_pec_envelope.eml", kind: "person", source: "pec", customer: "ditta@pec.cliente.example", language: "it",
			urgent: "urgent", contract: true, text: "Il sito non risponde da un'ora.", reply: "email"},
		{file: "06_voicemail.eml", kind: "voicemail", customer: "centralino@pbx.example", urgent: "not_urgent", language: "it", text: "-", reply: "email"},
		{file: "07_out_of_office_it.eml", kind: "auto_reply", customer: "anna.verdi@cliente.example", urgent: "not_urgent", language: "it", text: "-", reply: "email"},
		{file: "08_prestashop_contactform_en_unreplaced.eml", kind: "person", source: "prestashop", customer: "john@customer.example", language: "en",
			urgent: "not_urgent", text: "The checkout page stays blank.", reply: "email"},
	}
	for _, x := range tests {
		v := c.Classify(sample(t, x.file))
		if v.Kind != x.kind || v.Source != x.source || v.Customer.Addr != x.customer || v.Language != x.language || v.Reply != x.reply || v.ThreadKey != x.thread {
			t.Errorf("%s: got kind %s source %q customer %q language %s reply %s thread %q; %q", x.file, v.Kind, v.Source, v.Customer.Addr, v.Language, v.Reply, v.ThreadKey, v.Reasons)
		}
		if string(v.Urgency.Label) != x.urgent || v.Urgency.Contract != x.contract || v.Urgency.Hint != x.hint {
			t.Errorf("%s: got urgency %+v", x.file, v.Urgency)
		}
		if x.text != "-" && v.Text != x.text && v.Fresh.Text != x.text {
			t.Errorf("%s: got text %q, fresh %q", x.file, v.Text, v.Fresh.Text)
		}
		for k, want := range x.fields {
			if v.Fields[k] != want {
				t.Errorf("%s: field %s is %q, want %q", x.file, k, v.Fields[k], want)
			}
		}
		for k, want := range x.flags {
			if v.Flags[k] != want {
				t.Errorf("%s: flag %s is %q, want %q", x.file, k, v.Flags[k], want)
			}
		}
		if len(v.Reasons) == 0 || len(v.Urgency.Reasons) == 0 {
			t.Errorf("%s: a verdict without reasons", x.file)
		}
	}
}
