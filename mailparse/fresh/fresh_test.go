package fresh_test

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"replyby/mailparse/fresh"
)

// TestUncertain comes first: a wrong certainty sends words a person did not mean.
func TestUncertain(t *testing.T) {
	for name, text := range map[string]string{
		"text below a quote":       "ok\n\n> Il carrello non va\n\nforse domani",
		"only a forward":           "---------- Forwarded message ---------\nFrom: A <a@b.example>\nDate: Tue, Jan 01, 2019 at 12:00 PM\nSubject: x\nTo: <c@d.example>\n\nQuesto è il testo.",
		"unmarked signature":       "Va bene.\n\nAnna Verdi\nTel. +39 06 1234567\nwww.cliente.example",
		"attribution not dated":    "Va bene\n\nAnna <a@b.example> wrote:\n\nil testo di prima",
		"answer below a bare mark": "On 8 May 2017 17:34, \"Andy\" <a@b.example> wrote:\n\n    uno\n\ndue",
		"text below a footer":      "Ok\n\nSent from my iPhone\n\naltro testo",
		"all quoted":               "> solo questo",
	} {
		if f := fresh.Cut(text); !f.Uncertain || strings.TrimSpace(f.Text) == "" || len(f.Reasons) == 0 {
			t.Errorf("%s: got %+v, want a doubt and a text", name, f)
		}
	}
}

// TestOnTop holds texts whose first words are not the sender's, so that nothing in them may be taken for his orders.
func TestOnTop(t *testing.T) {
	for text, want := range map[string]bool{
		"ok":       true,
		"\n \n ok": true,
		"ok\n\nIl 23/11/2026, Anna ha scritto:\n> sì": true,
		"Il 23/11/2026, Anna ha scritto:\n> sì\n\nok": false,
		"-- \nok":                 false,
		"Inviato da iPhone\n\nok": false,
		"> sì\n>> no\nok":         false,
		"From: A\nSent: now\nTo: b\nSubject: x\n\nok": false,
		"": false,
	} {
		if f := fresh.Cut(text); f.OnTop != want {
			t.Errorf("%q: %v, want %v", text, f.OnTop, want)
		}
	}
}

func TestAttributions(t *testing.T) {
	for _, a := range []string{
		"Il giorno lun 23 nov 2026 alle ore 10:00 Anna Verdi <a@b.example> ha scritto:",
		"Il giorno lun 23 nov 2026 alle ore 10:00 Anna Verdi <\na@b.example> ha scritto:",
		"Il 23/11/2026 10:00, Anna Verdi ha scritto:",
		"Il 23 novembre 2026 alle 13.16 Anna <a@b.example> ha scritto:",
		"In data 23 novembre 2026 alle 10:00:12, Anna ha scritto:",
		"Anna Verdi <a@b.example> ha scritto il giorno 23 nov 2026, alle ore 10:00:",
		"El lun, 23 nov 2026 a las 10:00, Ana (<a@b.example>) escribió:",
		"El 23/11/2026 a las 10:00, Ana escribió:",
		"El lunes, 23 de noviembre de 2026, Ana escribió:",
		"Le lun. 23 nov. 2026 à 10:00, Anne <a@b.example> a écrit :",
		"Le lun. 23 nov. 2026 à 10:00, Anne <a@b.example> a\nécrit :",
		"Le 23/11/2026 à 10:00, Anne a écrit\u00a0:",
		"On Mon, Nov 23, 2026 at 10:00 AM Ann <a@b.example> wrote:",
		"On 23/11/2026 10:00, Ann wrote:",
		"On Mon, 23 Nov 2026 at 10:00, Ann Green via Support <\nsupport@desk.example> wrote:",
		"Am 23.11.2026 um 10:00 schrieb Anna Grün:",
		"Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb Anna <a@b.example>:",
		"Em seg., 23 de nov. de 2026 às 10:00, Ana <a@b.example> escreveu:",
		"A 23/11/2026 às 10:00, Ana escreveu:",
		"2026-11-23 10:00 GMT+01:00 Anna <a@b.example>:",
		"----- Mail original -----\nDe: Anne <a@b.example>\nÀ: Support\nEnvoyé: Lundi 23 Novembre 2026 10:00:00\nObjet: x",
		"-----Messaggio originale-----\nDa: Anna <a@b.example>\nInviato: lunedì 23 novembre 2026 10:00\nA: Assistenza\nOggetto: x",
		"________________________________\nDa: Anna <a@b.example>\nInviato: lunedì 23 novembre 2026 10:00\nA: Assistenza\nOggetto: x",
		"*Da:* Anna\n*Inviato:* lunedì 23 novembre 2026 10:00\n*A:* Assistenza\n*Oggetto:* x",
		"De: Ana <a@b.example>\nEnviado el: lunes, 23 de noviembre de 2026 10:00\nPara: Soporte\nAsunto: x",
		"De : Anne <a@b.example>\nEnvoyé : lundi 23 novembre 2026 10:00\nÀ : Support\nObjet : x",
		"From: Ann <a@b.example>\nSent: Monday, November 23, 2026 10:00 AM\nTo: Support\nSubject: x",
		"Von: Anna <a@b.example>\nGesendet: Montag, 23. November 2026 10:00\nAn: Support\nBetreff: x",
		"De: Ana <a@b.example>\nEnviada em: segunda-feira, 23 de novembro de 2026 10:00\nPara: Suporte\nAssunto: x",
		"Inizio messaggio inoltrato:\n\nDa: Anna <a@b.example>\nOggetto: x\nData: 23 novembre 2026\nA: b@c.example",
	} {
		for _, old := range []string{"> Il carrello non va", "Il carrello non va"} {
			f := fresh.Cut("Buongiorno,\nva bene.\n\n" + a + "\n\n" + old + "\n")
			if f.Text != "Buongiorno,\nva bene." || !strings.Contains(f.Quoted, "Il carrello") {
				t.Errorf("%q over %q: got %q, %q", a, old, f.Text, f.Reasons)
			}
		}
	}
}

// TestNoAttribution holds lines of people that only look like one.
// TestTightlyAbove holds texts with no blank line below: the attribution begins where it begins, and takes no line of the text along. What a mail
// program broke over lines stays one.
func TestTightlyAbove(t *testing.T) {
	const signed = "\n-- \nAna Luz\nTel. 954 000 111"
	for _, words := range []string{
		"Estos son los pasos:\nvacía la caché.", "El 3 de diciembre lo publico.", "Mira \"Ajustes\".", "Escribe a <b@c.example>.\nGracias.", "Para el 30/11/2026:\nel carrito.",
	} {
		for _, a := range []string{
			"El 30/11/26 a las 22:06, Ana escribió:", "El lun, 30 nov 2026 a las 22:06, Ana (<a@b.example>) escribió:", "El lun, 30 nov 2026 a las 22:06, Ana\n(<a@b.example>) escribió:",
			"On Mon, Nov 30, 2026 at 10:06 PM Anna\n<a@b.example> wrote:", "Il giorno lun 30 nov 2026 alle 22:06 Anna <\na@b.example> ha scritto:", "Le lun. 30 nov. 2026 à 22:06, Anne <a@b.example> a\nécrit :",
		} {
			if f := fresh.Cut(words + "\n" + a + "\n> antes\n"); f.Text != words || f.Uncertain {
				t.Errorf("above %q: %q, want %q; uncertain %v", a, f.Text, words, f.Uncertain)
			}
			if f := fresh.Cut(words + signed + "\n" + a + "\n> antes\n"); f.Text != words || "\n"+strings.Replace(f.Signature, "--\n", "-- \n", 1) != signed {
				t.Errorf("signed above %q: %q, signature %q", a, f.Text, f.Signature)
			}
		}
	}
}

func TestNoAttribution(t *testing.T) {
	for _, text := range []string{
		"On the product page you wrote:\nfree shipping.\nIt is not.",
		"Il giorno 23 novembre il sito non andava.\nPotete controllare?",
		"Da: Roma\nA: Milano\nQuanto costa la spedizione?",
		"Ecco i dati:\nNome: Anna\nEmail: a@b.example\nOggetto: fattura",
		"La stampa mostra --------- al posto del nome",
		"On Monday:\n\nthe cart was empty.",
	} {
		if f := fresh.Cut(text); f.Text != text {
			t.Errorf("%q: got %q, %q", text, f.Text, f.Reasons)
		}
	}
}

func TestSignatures(t *testing.T) {
	for _, s := range []string{
		"-- \nAnna Verdi\nBottega Rossi",
		"--\nAnna Verdi",
		"Inviato da iPhone",
		"Inviato dal mio telefono",
		"Inviato da Outlook per Android",
		"Enviado desde mi iPhone",
		"Envoyé de mon iPhone",
		"Télécharger Outlook pour Android<https://aka.ms/AAb9ysg>",
		"Sent from my Galaxy",
		"Get Outlook for iOS",
		"Von meinem iPhone gesendet",
		"Enviado do meu iPhone",
		"Ai sensi del D.Lgs. 196/2003 si precisa che le informazioni contenute in questo messaggio sono riservate.",
		"Le informazioni contenute in questa e-mail sono riservate e destinate solo a chi è indicato.",
		"Este mensaje y sus archivos van dirigidos exclusivamente a su destinatario y son confidenciales.",
		"Ce message et ses pièces jointes sont confidentiels et destinés à leur destinataire.",
		"This e-mail and any attachments are confidential and intended for the addressee only.",
		"Diese E-Mail enthält vertrauliche Informationen.",
		"Prima di stampare questa mail pensa all'ambiente",
	} {
		f := fresh.Cut("Va bene, grazie.\n\n" + s + "\n")
		if f.Text != "Va bene, grazie." || f.Signature == "" {
			t.Errorf("%q: got %q, signature %q", s, f.Text, f.Signature)
		}
	}
}

// TestFooterIsKnownToItsEnd: the whole lines of common programs are cut without
// a doubt, so that answers from a phone need no second step; what only begins
// like one, or like a notice, may be a sentence, and is cut with a doubt or not
// at all.
func TestFooterIsKnownToItsEnd(t *testing.T) {
	for _, s := range []string{
		"Inviato da iPhone", "Inviato dal mio iPhone", "Inviato da Outlook per Android", "Inviato da BlueMail per Android", "Inviato da Posta per Windows", "Inviato dal mio dispositivo Android con K-9 Mail. Perdonate la brevità.",
		"Sent from my iPhone", "Sent from Spark", "Sent with Airmail", "Sent from Mail for Windows 10", "Sent from Yahoo Mail on Android", "*Sent from my Samsung Galaxy*", "Get Outlook for iOS<https://aka.ms/o0ukef>", "Get Outlook for iOShttps://aka.ms/o0ukef",
		"Scarica Outlook per Android<https://aka.ms/AAb9ysg>", "Enviado desde mi iPhone", "Obtener Outlook para Android", "Enviado do meu iPhone", "Envoyé de mon iPhone", "Envoyé à partir de Courrier pour Windows", "Provenance : Courrier pour Windows 10",
		"Télécharger Outlook pour Android", "Von meinem iPhone gesendet", "Virus-free.www.avast.com", "Virus-free. www.avast.com <https://www.avast.com/sig-email?x=y>", "Virus-free.www.avast.com<https://www.avast.com/sig-email>", "Privo di virus.www.avast.com", "Mail priva di virus. www.avast.com", "Libre de virus.www.avast.com", "Garanti sans virus.www.avast.com", "Virenfrei.www.avast.com",
	} {
		if f := fresh.Cut("Va bene, grazie.\n\n" + s + "\n"); f.Text != "Va bene, grazie." || f.Uncertain {
			t.Errorf("%q: got %q, %q", s, f.Text, f.Reasons)
		}
	}
	for _, s := range []string{
		"Inviato da iPhone l'ordine resta bloccato, da PC no.", "Inviato dal mio collega stamattina, spedizione 1Z999AA1.", "Sent by the courier this morning, tracking 1Z999AA1.", "Sent from my Wiko RIDGE FAB 4G", "Envoyé par la poste ce matin.",
		"Enviado con el pedido 1234 esta mañana.", "Get Outlook for the new colleague, too.", "Prima di stampare le fatture aggiorni il modulo.", "Antes de imprimir las etiquetas actualice el módulo.", "Avertissement : faites une sauvegarde.",
	} {
		f := fresh.Cut("Va bene, grazie.\n\n" + s + "\n")
		if f.Text == "Va bene, grazie." && !f.Uncertain {
			t.Errorf("%q is cut without a doubt, %q", s, f.Reasons)
		}
	}
}

func TestKnownBlocks(t *testing.T) {
	text := "ok\nLa sistemiamo oggi.\n\nMario  Neri\n\nReparto tecnico\n[Scansionato dal gateway]\n"
	f := fresh.Cut(text, "Mario Neri\nReparto Tecnico", "[scansionato dal gateway]")
	if f.Text != "ok\nLa sistemiamo oggi." || f.Uncertain {
		t.Errorf("got %q uncertain=%v %q", f.Text, f.Uncertain, f.Reasons)
	}
}

// FuzzCut: every line stands in exactly one part; only drawn lines vanish.
func FuzzCut(f *testing.F) {
	for _, s := range []string{"ok\n\nOn 1 Jan 2020, A <a@b> wrote:\n> x", "> a\n> b", "-- \nx", "From: a\nSent: b\nTo: c\nSubject: d\n\ne", "\r\r\n", "___\n_____\n", "C> a\nC> b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r", "\n"), "?")
		got := fresh.Cut(s, "known\nblock")
		parts := letters(got.Text) + letters(got.Quoted) + letters(got.Signature)
		if parts != letters(s) {
			t.Errorf("%d letters went in and %d came out", letters(s), parts)
		}
	})
}

// letters counts what cannot be part of a drawn line, a blank or a mark.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) && r != '\u1427' {
			n++
		}
	}
	return n
}

// TestLinear compares texts of the shapes that make cutters quadratic with texts four times as long: quadratic work takes sixteen times as
// long. The bound lies between, and a busy machine gets more chances.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	for name, line := range map[string]string{
		"attribution starts": "On 1 Jan 2020 <a@b.example>\n", "labels": "From: a\n", "quotes": "> a <b@c.example> wrote:\n", "blanks": "2020 a@b.example:\n\n\n\n",
		"dashes": "--\nSent from my iPhone\n", "known": "known\n\n", "one long line": "On 2020 ",
	} {
		const bound, floor = 10, 5 * time.Millisecond
		guilty := true
		for runs := 1; guilty && runs <= 27; runs *= 3 {
			guilty = quickest(strings.Repeat(line, 16000), runs) > bound*max(quickest(strings.Repeat(line, 4000), runs), floor/bound)
		}
		if guilty {
			t.Errorf("%s: time grows faster than the text", name)
		}
	}
}

func quickest(text string, runs int) time.Duration {
	least := time.Hour
	for range runs {
		start := time.Now()
		fresh.Cut(text, "known\nblock")
		least = min(least, time.Since(start))
	}
	return least
}

func BenchmarkCut(b *testing.B) {
	text := strings.Repeat("Buongiorno, il carrello del negozio non funziona da questa mattina.\nPotete controllare: grazie.\n\n", 40) +
		"Il giorno lun 23 nov 2026 alle ore 10:00 Anna <a@b.example> ha scritto:\n" + strings.Repeat("> una riga di prima\n", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		fresh.Cut(text)
	}
}

// Marks without width go where mail clients leave them; within a word they stay, for whoever reads commands to see.
func TestMarksWithoutWidth(t *testing.T) {
	for in, want := range map[string]string{
		"o\u200bk": "o\u200bk", "o\u200b\u2060k": "o\u2060k", "\ufeffok\u200b": "ok", "ok \u200b ciao": "ok  ciao", "\u200b\nok": "ok", "ciao\u1427": "ciao",
		"e\u200f.": "e.", "\u200b> cita\nok": "> cita\nok",
	} {
		if got := fresh.Cut(in).Text; got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// An older mail of a known author is found in any language, and his address in somebody's own sentence is no older mail.
func TestAbove(t *testing.T) {
	const author = "info@mb.example"
	for _, c := range []struct{ text, want string }{
		{"Hello.\n\nFeladó: MB <info@mb.example>\nElküldve: 2026. november 23. 15:00\nTárgy: x\n\nold", "Hello."},
		{"Hello.\n____\nOd: MB <INFO@mb.example>\nDo: x\nData: 23.11.2026\n\nold", "Hello."},
		{"Hello.\n\nMB <info@mb.example> ezt írta ekkor: 2026. nov. 23. 15:00:\n\nold", "Hello."},
		{"Hello.\nWrite to info@mb.example by 24/11/2026:\nwe answer", "Hello."}, // as well a sentence as an attribution: it is said to be uncertain
		{"Hello.\nWrite to info@mb.example by 24/11/2026.\nWe answer.", ""},
		{"Hello.\nMail: info@mb.example\nTel: 02 123456\nOpen: mon-fri", ""},
		{"Hello.\nFrom: other@mb.example\nSent: 2026-11-23 15:00\nTo: info@mb.example", ""},
		{"MB <info@mb.example> ezt írta ekkor: 2026. nov. 23. 15:00:\n\nold", ""}, // nothing above it
	} {
		whole := fresh.Fresh{Text: c.text, Quoted: "> older"}
		got := whole.Above(author)
		if c.want == "" && (got.Text != c.text || got.Uncertain) || c.want != "" && (got.Text != c.want || !got.Uncertain || !strings.HasSuffix(got.Quoted, "\n> older")) {
			t.Errorf("%q: %+v", c.text, got)
		}
	}
}

// Words within an older mail that nothing marks are found, however its lines are broken.
func TestAdds(t *testing.T) {
	const ours = "Buongiorno,\n\nquale codice cliente ha, e da quando?\nAttendo una risposta.\n\nAnna"
	above := "Da: MB <info@mb.example>\nInviato: oggi\nA: Mario\n\n"
	for quoted, want := range map[string]bool{
		above + ours: false,
		above + "Buongiorno, quale codice\ncliente ha, e da quando? Attendo\n\nuna risposta.":     false,
		above + "Buongiorno,\n\nquale codice cliente ha, e da quando?\nsì\nAttendo una risposta.": true,
		above + ours + "\n\n4711":                                              true,
		above + "4711\n" + ours:                                                true,
		"Il 23/11/2026 MB <info@mb.example> ha scritto:\n\n" + ours:            false,
		"Il 23/11/2026 alle 10:00 MB\n<info@mb.example> ha scritto:\n" + ours:  false,
		"Il 23/11/2026 MB <info@mb.example> ha scritto:\n> quale codice?\n> 1": false, // marked: what is his has no mark
		above: false,
	} {
		if got := fresh.Adds(quoted, []string{"Altro.", ours}); got != want {
			t.Errorf("%q: %v, want %v", quoted, got, want)
		}
	}
}

func TestAboveLetter(t *testing.T) {
	letter := "[MB-1] Carrello\n\nNuova richiesta di Mario, che scrive da un telefono: il carrello è vuoto.\n\nRispondi con ok, e il testo che scrivi sotto diventa la parte personale.\n"
	for name, c := range map[string]struct {
		text, above string
		found       bool
	}{
		"bare":            {"ok\n\nSubito.\n\n" + letter, "ok\n\nSubito.\n", true},
		"marked":          {"ok\n" + strings.ReplaceAll(letter, "\n", "\n> "), "ok", true},
		"broken anew":     {"ok\n" + strings.Join(strings.Fields(letter), "\n"), "ok", true},
		"its beginning":   {"ok\n" + letter[:150], "ok", true},
		"drawn above":     {"ok\n---\n\n" + letter, "ok\n---\n", true},
		"nothing above":   {letter, "", true},
		"words below":     {"ok\n" + letter + "\nDomani.", "", false},
		"words within":    {"ok\n" + strings.Replace(letter, "Rispondi", "No. Rispondi", 1), "", false},
		"within a line":   {"ok " + letter, "", false},
		"a few words":     {"ok\n[MB-1] Carrello\n", "", false},
		"another's words": {"ok\n" + strings.Repeat("Tutt'altro. ", 20), "", false},
	} {
		above, found := fresh.AboveLetter(c.text, []string{"Un'altra lettera.", letter})
		if found != c.found || found && above != c.above {
			t.Errorf("%s: %t, %q", name, found, above)
		}
	}
}

// A quote is edited where its text has other words, whatever a mail program makes of blanks, signs and links, and wherever the quote ends.
func TestEdited(t *testing.T) {
	const subject, text, mark = "[MB-1] Presa in carico: Modulo", "Buongiorno Mario,\n\nl'ho vista su https://shop.example/a.\n\n[qui le tue parole]\n\nLe scrivo presto.\n\nCordiali saluti\nAnna", "[qui le tue parole]"
	shown := "> Oggetto  " + subject + "\n> Allegati  guida.pdf\n> -----\n> " + strings.ReplaceAll(text, "\n", "\n> ") + "\n> -----\n> COME RISPONDERE\n> ok"
	for name, c := range map[string]struct {
		quoted string
		want   bool
	}{
		"as shown":           {shown, false},
		"links written out":  {strings.Replace(shown, "https://shop.example/a.", "https://shop.example/a <https://safe.example/?u=a>.", 1), false},
		"marks left away":    {strings.ReplaceAll(shown, "> ", ""), false},
		"ends in the text":   {shown[:strings.Index(shown, "scrivo")], false},
		"ends above it":      {shown[:strings.Index(shown, "guida")], false},
		"the mark taken out": {strings.Replace(shown, mark, "", 1), false},
		"another sentence":   {strings.Replace(shown, mark, "Fatto.", 1), true},
		"another greeting":   {strings.Replace(shown, "Buongiorno Mario", "Ciao", 1), true},
		"a word less":        {strings.Replace(shown, "presto", "", 1), true},
		"another mail":       {"> Buongiorno,\n> il carrello non va.", false},
		"nothing":            {"", false},
	} {
		if got := fresh.Edited(c.quoted, subject, text, mark); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
