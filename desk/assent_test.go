package desk_test

import (
	"strings"
	"testing"

	"replyby/mailparse"
)

// How people in four languages say yes to a letter that they were shown: "sent" goes as it was shown, "asked" comes back with a question, "draft"
// is taken for words and comes back. None of them is read by the customer.
var assents = `
sent   ok | Ok. | OK! | O.K. | okay | Okey | ok… | ✅ ok | Ok 🙂 | “ok” | ok;
sent   Ok grazie | ok, grazie! | OK grazie mille | Ok, va bene | ok perfetto | Ok per me | per me ok | Ok invia | ok, invia pure | Invia pure | ok procedi pure | Sì, invia | Perfetto, invia | Manda pure | Inviala, grazie | ok Anna
sent   Vale, envía | ok gracias | Ok, perfecto | Envíalo, por favor | sí, envíalo | Ok, de acuerdo | ok, enviar
sent   Ok merci | OK merci ! | ok pour moi | C'est ok | Oui, envoie | Envoie-le | OK, c'est bon pour moi | ok vas-y
sent   ok thanks | OK, thank you! | ok go ahead | yes, send it | Send it, please | ok by me | Approved, thanks | ok ok
sent   ok: grazie | ok - grazie | OK — Anna | Ok – grazie mille | ok : merci
sent   Ok, va bene, invia pure così com'è | Va bene, puoi inviare | ok, puoi mandarla | Approvo l'invio | Todo bien, envíala | OK pour l'envoi | Tu peux envoyer | You can send it | ok to send | OK with me | That's fine, send it
asked  Per me va bene | Bene, procedi con l'invio | Me parece bien | Ça me va | Looks good to me
asked  va bene | Va bene così | D'accordo | d’accordo, grazie | Sì | confermo | Perfetto, grazie | 👍 | 👍🏻 | 👌 | Procedi pure
asked  vale | Vale, gracias | De acuerdo | sí | adelante | conforme | Perfecto
asked  D'accord | d’accord merci | C'est bon | oui | Parfait | vas-y | je valide
asked  yes | go ahead | Looks good, thanks | LGTM | fine | ok? | okk | ok: Giulio | ok - domani | ok Marco | Ok, grazie Marco!
draft  ok ma cambia la data | ok tranne l'ultima riga | non ok | ok no | Ok, non inviare | non inviare | ko | Ok, domani passo io | aspetta, ok? | va bene ma non ora | vale, pero no lo envíes | d'accord mais pas encore | send it tomorrow | don't send it | ok Giulio
`

// I2, I3: what honest people write for "ok" is heard or asked about; what holds a condition or a word nobody knows is never an approval.
func TestAssents(t *testing.T) {
	t.Parallel()
	n := 0
	for row := range strings.Lines(strings.TrimSpace(assents)) {
		want, list, _ := strings.Cut(row, " ")
		for line := range strings.SplitSeq(list, " | ") {
			line = strings.TrimSpace(line)
			if n%2 == 1 && want == "sent" {
				line = "Buongiorno,\n\n" + line
			}
			for _, end := range []string{"", "\n\nAnna Verdi\nMB srl\nTel. 02 1234567"} {
				if testing.Short() && end != "" && n%5 != 0 {
					continue
				}
				s := asked(t)
				s.says(anna, words)
				before := len(s.letters(anna))
				s.says(anna, line+end)
				n++
				got := "asked"
				switch {
				case len(s.letters(anna)) != before+1:
					got = "not answered once"
				case len(s.letters(mario)) == 1:
					got = "sent"
				case s.ticket(1).Draft.Personal != words:
					got = "draft"
				}
				if got != want || got == "sent" && s.decidedWords(1) != words {
					t.Errorf("%q is %s, want %s; the letter says %q", line+end, got, want, s.decidedWords(1))
				}
			}
		}
	}
	t.Logf("%d answers", n)
}

// I2: an "ok" sends the words that were shown, whatever people write below it to a colleague. What may be more than that comes back first.
func TestEndsAreNobodysWords(t *testing.T) {
	for end, sent := range map[string]bool{
		"Grazie": true, "Grazie,\nAnna": true, "Grazie mille!": true, "Cordiali saluti\nAnna Verdi": true, "Ciao, Anna": true, "A.V.": true, "AV": true, "👍": true, "🙏 Grazie": true,
		"Anna Verdi\nMB srl": true, "Anna Verdi | MB srl": true, "Anna Verdi\nMB srl\nTel. 02 1234567": true, "[image: logo.png]\nAnna": true, "[cid:image001.png@01DA]": true,
		"Grazie mille!\n\nAnna Verdi\nResponsabile dell'assistenza clienti\nMB srl - www.mb.example - Tel. +39 02 1234567": true,
		"Saludos,\nAnna": true, "Merci\nBien cordialement\nAnna Verdi": true, "Best regards,\nAnna Verdi\nSupport": true, "ok grazie": true,
		"MB srl\nAssistenza Clienti\nTel. 02 1234567": false,
		"Anna\n\nPS: la fattura arriva domani":        false, "Anna Verdi\nPS: mi chiami allo 02 1234567": false, "Anna\n\nScusate il ritardo di ieri.": false, "Anna\nMi scuso ancora per il ritardo": false,
	} {
		s := asked(t)
		s.says(anna, words)
		s.says(anna, "ok\n\n"+end)
		switch {
		case sent && (len(s.letters(mario)) != 1 || s.decidedWords(1) != words):
			t.Errorf("%q: %d letters, the last says %q", end, len(s.letters(mario)), s.decidedWords(1))
		case !sent && len(s.letters(mario)) > 0:
			t.Errorf("%q was lost or sent: %q", end, s.decidedWords(1))
		case !sent && !strings.Contains(mailparse.Parse(s.last(anna).Bytes).Text, "dove finisca"):
			t.Errorf("%q: the last mail says\n%.600s", end, mailparse.Parse(s.last(anna).Bytes).Text)
		}
	}
}

// A reaction that Gmail sends as a mail is a thumb and a line of Gmail's: its author is asked, and no word of it is the draft's.
func TestReactionIsAskedAbout(t *testing.T) {
	s := asked(t)
	s.says(anna, words)
	m := s.answer(s.last(anna), anna, "")
	m.kind = "multipart/alternative"
	m.parts = []string{part("text/plain", "👍\n\nAnna Verdi ha aggiunto una reazione tramite Gmail <https://www.google.com/gmail/about/?utm_source=gmail-in-product>\n\n"+quotedBelow),
		part("text/vnd.google.email-reaction+json", `{"version":1,"emoji":"👍"}`), part("text/html", "<p>👍</p><p>Anna Verdi ha aggiunto una reazione tramite Gmail</p>")}
	s.arrives(m)
	s.post()
	s.wantLetters(0)
	s.wantText(anna, "rispondi soltanto \"ok\"", "certificato scaduto")
	if d := s.ticket(1).Draft; d.Personal != words {
		t.Errorf("the draft says %q", d.Personal)
	}
}
