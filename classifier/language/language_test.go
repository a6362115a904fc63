package language

import (
	"testing"
	"unicode/utf8"
)

func TestHeldOut(t *testing.T) {
	d := New()
	for code, lines := range own(t, "held.tsv") {
		for _, line := range lines {
			if got, sure := d.Detect(line); got != code || !sure {
				t.Errorf("%q: got %s sure=%v, want %s", line, got, sure, code)
			}
		}
	}
}

// TestNotSure: little text, other scripts and what has no language.
func TestNotSure(t *testing.T) {
	d := New()
	for _, s := range []string{"", "ok", "12345", "Sito?", "https://www.example.com/it/carrello?a=1", "\xff\xfe\xfd",
		"Здравствуйте, сайт не работает с сегодняшнего утра", "您好，网站打不开了，请帮忙看看", "admin@example.com 500"} {
		if got, sure := d.Detect(s); sure {
			t.Errorf("%q: sure of %s", s, got)
		}
	}
}

// TestOther: a text in a language that the table does not know is taken for none that it knows, however near; technical words and names make
// none of ours foreign.
func TestOther(t *testing.T) {
	d := New()
	for _, s := range []string{
		"Dzień dobry, od wczoraj moduł nie działa i klienci nie mogą składać zamówień. Proszę o szybką pomoc, bo sklep stoi.",
		"Witam, po aktualizacji modulu do najnowszej wersji nie widze platnosci w koszyku. Prosze o informacje jak to naprawic. Pozdrawiam",
		"Dobrý den, od včerejška modul nefunguje a zákazníci nemohou objednávat. Můžete nám prosím pomoci co nejdříve?",
		"Jó napot, tegnap óta nem működik a modul, és a vásárlók nem tudnak rendelni. Tudnának segíteni minél hamarabb?",
		"Merhaba, dünden beri modül çalışmıyor ve müşteriler sipariş veremiyor. En kısa sürede yardımcı olabilir misiniz?",
		"Laba diena, nuo vakar modulis neveikia ir klientai negali pateikti užsakymų. Ar galėtumėte padėti kuo greičiau?",
		"Здравствуйте, сайт не работает с сегодняшнего утра",
		"Hei. Siden i går virker ikke modulen lenger, og kundene våre får ikke bestilt. Kan dere hjelpe oss?",
		"Hej. Siden i går virker modulet ikke længere, og vores kunder kan ikke bestille. Kan I hjælpe os?",
		"Hei, etter siste oppdatering av modulen er handlekurven tom, og ingen kunder kan kjøpe noe. Kan dere se på dette så snart som mulig?",
	} {
		if got, sure := d.Detect(s); got != Other || sure {
			t.Errorf("%q: got %s sure=%v, want none that we know", s, got, sure)
		}
	}
	for s, want := range map[string]string{
		"Buongiorno, modulo SEO Pro 3.2.1 su PrestaShop 8.1.7, dopo upgrade PHP 8.2 il backoffice mostra HTTP 500, debug on: undefined array key. Grazie": "it",
		"Hello, Szymon Wojciechowski from Krzysztof Przybylski Sp. z o.o. Our checkout shows wrong prices. Thanks":                                        "en",
		"salve nn riesco a installare il modulo mi da errore qnd clicco su configura cmq ho gia provato grz":                                              "it",
		"bjr le modul marche pas jai deja essaye de reinstaller mais rien ne change pouvez vous maider svp":                                               "fr",
		"Bon dia, des d'ahir el mòdul no funciona i els clients no poden fer comandes. Ens podeu ajudar, si us plau?":                                     "ca",
	} {
		if got, sure := d.Detect(s); got != want || !sure {
			t.Errorf("%q: got %s sure=%v, want %s", s, got, sure, want)
		}
	}
}

// TestMachinesWords: what a program wrote and a customer pasted says nothing of his own language; a text of nothing else is told as before.
func TestMachinesWords(t *testing.T) {
	const log = "\n\nPHP Fatal error: Uncaught Error: Call to undefined method Context::getContext() in /var/www/html/modules/seopro/seopro.php:120\n" +
		"Stack trace: #0 {main} thrown in file on line 120. Allowed memory size exhausted, tried to allocate more bytes\n" +
		"The server encountered an internal error or misconfiguration and was unable to complete your request.\n\n"
	d := New()
	for s, want := range map[string]string{
		"Bonjour, voici l'erreur que j'ai depuis hier :" + log + "Merci":                                        "fr",
		"Buongiorno, allego il log del modulo, da ieri il carrello non va:" + log + "Grazie":                    "it",
		"Hola, desde ayer sale este error en el carrito:" + log + "Gracias":                                     "es",
		"Hello, this is what the cart says since yesterday:" + log + "Thanks":                                   "en",
		"[PrestaShopException]" + log + "Bonjour, depuis hier le panier affiche ceci, pouvez-vous nous aider ?": "fr",
		log: "en",
	} {
		if got, sure := d.Detect(s); got != want || !sure {
			t.Errorf("%.60q: got %s sure=%v, want %s", s, got, sure, want)
		}
	}
}

func FuzzDetect(f *testing.F) {
	for _, s := range []string{"Buongiorno", "\xff", "Здравствуйте", "ＡＢＣ ａｂｃ", "a.b.c"} {
		f.Add(s)
	}
	d := New()
	f.Fuzz(func(t *testing.T, s string) {
		code, sure := d.Detect(s)
		if sure && code == "" || !utf8.ValidString(code) {
			t.Errorf("code %q sure %v", code, sure)
		}
	})
}

func BenchmarkDetect(b *testing.B) {
	d := New()
	text := ""
	for _, lines := range own(b, "own.tsv") {
		for _, l := range lines {
			text += l + "\n"
		}
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		d.Detect(text)
	}
}
