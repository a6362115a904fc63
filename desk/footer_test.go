package desk_test

import (
	"strings"
	"testing"

	"replyby/mailparse"
)

// An approval sends the text that was shown: the line a mail program or a scanner adds, or a bare name, is nobody's words.
func TestFooterIsNobodysWords(t *testing.T) {
	for _, foot := range []string{
		"Virus-free.www.avast.com",
		"Privo di virus.www.avast.com",
		"Mail priva di virus. www.avast.com",
		"Envoyé à partir de Courrier pour Windows",
		"Sent from Spark",
		"Inviato da BlueMail per Android",
		"Inviato con l'email sicura Proton Mail.",
		"Enviado con el correo electrónico seguro de Proton Mail.",
		"Inviato con Aqua Mail per Android",
		"Sent from my Galaxy S24",
		"Sent from eM Client",
		"Anna",
	} {
		t.Run(foot, func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: mario, subject: "Carrello", text: request})
			s.post()
			s.says(anna, words) // no verb: exactly these words come back as the draft
			s.wantLetters(0)
			s.says(anna, "ok\n\n"+foot) // and are approved as shown
			for _, l := range s.letters(mario) {
				text := mailparse.Parse(l.Bytes).Text
				if !strings.Contains(text, "certificato scaduto") || strings.Contains(text, "\n"+foot+"\n\nLe scrivo") {
					t.Errorf("the customer got\n%s", text)
				}
			}
		})
	}
}

// Words of a person go out whole, or come back first: `ok` with text goes in one step only where the cut is certain.
func TestNoWordsAreLost(t *testing.T) {
	for _, c := range []struct{ text, word string }{
		{"Abbiamo trovato l'errore nel modulo fatture.\n\nPrima di stampare le fatture di oggi aggiorni il modulo alla 2.1, altrimenti i numeri si ripetono.\n\nPoi svuoti la cache.", "2.1"},
		{"Hemos encontrado el error.\n\nAntes de imprimir las etiquetas actualice el módulo a la 2.1.\n\nDespués vacíe la caché.", "2.1"},
		{"Nous avons trouvé l'erreur.\n\nAvertissement : faites une sauvegarde de la base avant d'installer la 2.1.\n\nVidez ensuite le cache.", "2.1"},
		{"We have replaced the part.\nSent by the courier this morning, tracking 1Z999AA1.", "1Z999AA1"},
		{"Nous avons changé la pièce.\nEnvoyé par la poste ce matin, suivi 6A1234.", "6A1234"},
		{"Hemos cambiado la pieza.\nEnviado con el pedido 1234 esta mañana.", "1234"},
		{"Abbiamo sostituito il pezzo.\nInviato dal mio collega stamattina, spedizione 1Z999AA1.", "1Z999AA1"},
		{"Abbiamo sostituito il pezzo.\n\n-- \nAnna Verdi\nMB srl\n\nPS: la spedizione è 1Z999AA1", "1Z999AA1"},
		{"Passo uno: apra il pannello.\n\n—\n\nPasso due: aggiorni il modulo alla 2.1", "2.1"},
		{"Esegua nel terminale:\n> composer require mb/fatture:2.1", "2.1"},
		{"Il fornitore ci ha risposto così:\n\nDa: Fornitore <a@altro.example>\nInviato: lunedì 23 novembre 2026 10:00\nA: Anna\nOggetto: Modulo\n\nUsate la 2.1.", "2.1"},
		{"Step one: open the panel.\n--\nStep two: update the module to 2.1 please.", "2.1"},
	} {
		t.Run(c.text[:20], func(t *testing.T) {
			s := play(t, agency(t))
			s.arrives(mail{from: mario, subject: "Modulo fatture", text: request})
			s.post()
			s.says(anna, "ok\n\n"+c.text)
			for _, l := range s.letters(mario) {
				if text := mailparse.Parse(l.Bytes).Text; !strings.Contains(text, c.word) {
					t.Errorf("anna wrote\n%s\nand the customer got\n%s", c.text, text)
				}
			}
		})
	}
}

// Outlook marks no line that it quotes. Who answers within our mail there has not said all above it, and is shown what would go.
func TestAnsweredWithinQuote(t *testing.T) {
	for name, x := range map[string]struct {
		change func(old string) string
		sent   int
	}{
		"quoted as it was": {func(old string) string { return old }, 1},
		"broken otherwise": {func(old string) string { return strings.Join(strings.Fields(old), "\n") }, 1},
		"below a gateway's notice": {func(old string) string {
			return "Questa mail arriva da fuori: fate attenzione.\n\n" + old + "\n\nMB srl è iscritta al registro delle imprese."
		}, 1},
		"answered within": {func(old string) string {
			return strings.Replace(old, "SCADENZE", "Il certificato era scaduto ieri.\n\nSCADENZE", 1)
		}, 0},
		"answered within a part": {func(old string) string {
			return strings.Replace(old, "ho preso in carico", "Il certificato era scaduto ieri.\nho preso in carico", 1)
		}, 0},
	} {
		s := asked(t)
		l := s.last(anna)
		m := s.answer(l, anna, "")
		m.text = "ok\n\nLe rispondo nel testo qui sotto.\n\nDa: assistenza <" + support + ">\nInviato: lunedì 23 novembre 2026 15:00\nA: Anna Verdi\nOggetto: " + mailparse.Parse(l.Bytes).Subject + "\n\n" +
			x.change(mailparse.Parse(l.Bytes).Text)
		s.arrives(m)
		s.post()
		if n := len(s.letters(mario)); n != x.sent {
			t.Errorf("%s: %d letters, want %d; the last mail says\n%.500s", name, n, x.sent, mailparse.Parse(s.last(anna).Bytes).Text)
		}
	}
}
