package fresh

import (
	"strings"
	"testing"
)

// What a company has its server write below every mail is nobody's words, however a program breaks its lines; it is cut with a doubt, so that a person
// looks at what goes out.
func TestNotices(t *testing.T) {
	const words = "Il certificato è scaduto, lo rinnovo oggi."
	for _, notice := range []string{
		"Questo messaggio e i suoi allegati sono indirizzati esclusivamente alle persone indicate. La diffusione è vietata.",
		"Questo messaggio, e gli eventuali file allegati, è ad uso esclusivo del soggetto a cui è indirizzato.",
		"Il presente messaggio è diretto esclusivamente al soggetto indicato.",
		"Le informazioni trasmesse sono destinate esclusivamente alla persona o alla società in indirizzo.",
		"Le informazioni riportate in questa mail sono riservate.",
		"Il contenuto di questa e-mail è rivolto unicamente alle persone cui è indirizzato.",
		"Si precisa che le informazioni contenute in questo messaggio sono riservate.",
		"Qualora il messaggio in parola Le fosse pervenuto per errore, La preghiamo di cancellarlo.",
		"Chiunque riceva il presente messaggio per errore è pregato di cancellarlo.",
		"Se avete ricevuto questo messaggio per errore vi preghiamo di distruggerlo.",
		"P Rispetta l'ambiente: se non ti è necessario, non stampare questa mail.",
		"Non stampare questa mail se non è necessario.",
		"Informativa ai sensi del Regolamento UE 2016/679.",
		"Ce message et toutes les pièces jointes (ci-après le « message ») sont établis à l'intention exclusive de ses destinataires et sont confidentiels.",
		"L'intégrité de ce message n'étant pas assurée sur Internet, MB ne peut être tenue responsable de son contenu.",
		"L’intégrité de ce message n’étant pas assurée sur Internet, MB ne peut être tenue responsable de son contenu.",
		"Si vous avez reçu ce message par erreur, merci de le détruire.",
		"Si vous n'êtes pas le destinataire de ce message, merci de le détruire.",
		"N'imprimez ce message que si cela est nécessaire.",
		"Les informations contenues dans le présent courriel sont réservées.",
		"Este mensaje y, en su caso, los ficheros anexos son confidenciales y van dirigidos a su destinatario.",
		"Le informamos de que sus datos personales son tratados por MB.",
		"Si ha recibido este mensaje por error, le rogamos que lo elimine.",
		"Si usted no es el destinatario de este correo, elimínelo.",
		"De acuerdo con lo establecido en el Reglamento (UE) 2016/679, sus datos son tratados por MB.",
		"Conforme a lo dispuesto en el RGPD, sus datos son tratados por MB.",
		"Protección de datos: el responsable es MB.",
		"Por favor, piense en el medio ambiente antes de imprimir este correo.",
		"The information transmitted is intended only for the person to which it is addressed.",
		"If you are not the addressee of this message, please delete it.",
		"Think before you print.",
	} {
		for _, width := range []int{40, 72, 1000} {
			f := Cut(words + "\n\n" + wrap(notice, width) + "\n")
			if f.Text != words || !f.Uncertain {
				t.Errorf("at %d: %q, uncertain %t", width, f.Text, f.Uncertain)
			}
		}
	}
}

func wrap(s string, width int) string {
	var lines []string
	for _, w := range strings.Fields(s) {
		if n := len(lines) - 1; n >= 0 && len(lines[n])+1+len(w) <= width {
			lines[n] += " " + w
			continue
		}
		lines = append(lines, w)
	}
	return strings.Join(lines, "\n")
}

// What a person writes to a customer about his messages, prints and data is no notice.
func TestWordsLikeNotices(t *testing.T) {
	for _, words := range []string{
		"Questo messaggio compare perché il certificato è scaduto.",
		"Il messaggio che vede è di PrestaShop.",
		"Le informazioni che ci ha mandato bastano.",
		"Se ha ricevuto la mail di conferma, il pagamento è andato a buon fine.",
		"Si precisa che l'intervento è in garanzia.",
		"Qualora il problema si ripetesse, ci scriva.",
		"Non stampare le etichette prima di domani.",
		"P.S. La fattura arriva a parte.",
		"P2 è la priorità.",
		"I dati presenti in questo ordine sono sbagliati.",
		"Il contenuto di questa mail non si vede.",
		"Questo messaggio di errore appare esclusivamente ai clienti del negozio.",
		"Se invio una mail dal modulo ricevo un messaggio per errore di pagamento.",
		"Se ricevo questa mail che cosa devo fare?",
		"Privacy: il banner non compare.",
		"Protección de datos: el aviso no sale en la portada.",
		"Según el reglamento del marketplace, el pago llega mañana.",
		"Si vous avez reçu la facture, il n'y a rien à faire.",
		"L'intégrité de la base est vérifiée.",
		"N'imprimez pas encore les étiquettes.",
		"Si ha recibido el pedido, puede probarlo.",
		"De acuerdo, lo hacemos mañana.",
		"Le informamos de que el módulo está publicado.",
		"Conforme a lo acordado, lo hacemos mañana.",
		"The information you sent is enough.",
		"If you are not able to log in, write to me.",
		"Think about the new plan.",
	} {
		if f := Cut("Buongiorno,\n\n" + words + "\n"); !strings.Contains(f.Text, words) || f.Uncertain {
			t.Errorf("%q: %q, uncertain %t", words, f.Text, f.Uncertain)
		}
	}
}
