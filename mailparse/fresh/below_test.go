package fresh_test

import (
	"testing"

	"replyby/mailparse/fresh"
)

// What stands below the mark of a signature is no words of a letter, and where it may be words all the same a person looks.
func TestBelowSignature(t *testing.T) {
	const known = "Anna Verdi\nMB srl\nLa Sua assistenza, ogni giorno."
	for below, sure := range map[string]bool{
		"-- \nAnna Verdi\nMB srl": true,
		"--\n\nAnna Verdi\nTel. 02 1234567, ogni giorno dalle 9 alle 18.\nwww.mb.example":                    true,
		"-- \nAnna Verdi\nVia Roma 1, 20100 Milano, P.IVA 01234567890, codice fiscale\ndel socio unico ecc.": true,
		"-- \n" + known: true,
		known:           true,
		"-- \nAnna Verdi\n\nQuesto messaggio è riservato ai destinatari indicati. Se non siete tra questi, cancellatelo.":              true,
		"-- \nThis message has been scanned for viruses and\ndangerous content by MailScanner, and is\nbelieved to be clean.":          true,
		"-- \nInviato dal mio dispositivo Android con K-9 Mail. Perdonate la brevità.":                                                 true,
		"-- \nAnna Verdi\n\nIl 23/11/2026 15:00, assistenza ha scritto:\n> Da approvare: questa è la bozza della risposta al cliente.": true,
		"—\nAnna": true,
		"-- \nAnna Verdi\n\nPS: la fattura arriva domani":                                                                     false,
		"-- \nAnna Verdi\n\nP.S. la fattura arriva domani":                                                                    false,
		known + "\n\nP.D. la factura llega mañana":                                                                            false,
		known + "\n\nLa fattura arriva domani mattina.":                                                                       false,
		"--\n\nPasso due: svuoti la cache del negozio.\nPasso tre: riprovi il pagamento.":                                     false,
		"--\nPasso due: svuoti la cache del negozio e poi riprovi con calma\nil pagamento.":                                   false,
		"—\n\nPasso due: svuoti la cache del negozio":                                                                         false,
		"-- \nAnna Verdi\n\n¿Puede decirme qué navegador usa?\n\nIl 23/11/2026 15:00, assistenza ha scritto:\n> Da approvare": false,
	} {
		f := fresh.Cut("Passo uno: entri nel pannello.\n\n"+below, known)
		if f.Text != "Passo uno: entri nel pannello." || f.Uncertain == sure {
			t.Errorf("%q: text %q, uncertain %t %q", below, f.Text, f.Uncertain, f.Reasons)
		}
	}
}
