package text_test

import "testing"

// Our own subject says that it is urgent; a customer's that begins with the same word does not say it twice.
func TestUrgentOnce(t *testing.T) {
	x := texts(t)
	for _, c := range []struct{ id, lang, subject, want string }{
		{"ack_urgent", "it", "URGENTE: sito offline", "[MB-1] URGENTE, in lavorazione: sito offline"},
		{"ack_urgent", "it", "Urgente!! URGENTE - sito offline", "[MB-1] URGENTE, in lavorazione: sito offline"},
		{"ack_urgent", "it", "URGENTE", "[MB-1] URGENTE, in lavorazione"},
		{"ack_urgent", "fr", "URGENTE site en panne", "[MB-1] URGENT, en cours : site en panne"},
		{"ack_urgent_off_hours", "es", "¡URGENTE! tienda caída", "[MB-1] URGENTE, aviso recibido fuera de horario: tienda caída"},
		{"ack_urgent", "it", "Sito offline, URGENTE", "[MB-1] URGENTE, in lavorazione: Sito offline, URGENTE"},
		{"ack_urgent", "it", "Urgentemente cercasi aiuto", "[MB-1] URGENTE, in lavorazione: Urgentemente cercasi aiuto"},
		{"ack_eta", "it", "Presa elettrica rotta", "[MB-1] Presa in carico: Presa elettrica rotta"},
		{"resolved", "it", "URGENTE: sito offline", "[MB-1] Risolto: URGENTE: sito offline"},
	} {
		v := full()
		v["ref"], v["subject"] = "MB-1", c.subject
		f, err := x.Fill(c.id, c.lang, v)
		if err != nil || f.Subject != c.want {
			t.Errorf("%s %s %q: %q, %v, want %q", c.id, c.lang, c.subject, f.Subject, err, c.want)
		}
	}
}

// A request that came as an answer or was passed on is named by what it is about: neither the marks of mail programs nor our own earlier subject
// stand before it once more.
func TestSubjectWithoutItsWay(t *testing.T) {
	x := texts(t)
	for _, c := range []struct{ id, lang, subject, want string }{
		{"ack_eta", "it", "R: I: Fwd: Sito lento", "[MB-1] Presa in carico: Sito lento"},
		{"ack_urgent", "it", "Fwd: URGENTE sito offline", "[MB-1] URGENTE, in lavorazione: sito offline"},
		{"ack_urgent", "it", "Re: [MB-2] URGENTE, in lavorazione: sito offline", "[MB-1] URGENTE, in lavorazione: sito offline"},
		{"ack_eta", "fr", "TR : [MB-2] Demande prise en charge : Panier", "[MB-1] Demande prise en charge : Panier"},
		{"ack_eta", "es", "RE: [MB-2] Pregunta", "[MB-1] Solicitud en curso: Pregunta"},
		{"ack_eta", "it", "R: ANOMALIA MESSAGGIO: [MB-2] Presa in carico: Modulo", "[MB-1] Presa in carico: Modulo"},
		{"ack_eta", "it", "Re: POSTA CERTIFICATA: Modulo", "[MB-1] Presa in carico: Modulo"},
		{"ack_eta", "it", "Re:", "[MB-1] Presa in carico"},
		{"ack_eta", "it", "I: tempi di consegna", "[MB-1] Presa in carico: tempi di consegna"},
		{"ack_eta", "it", "Re-indirizzamento rotto", "[MB-1] Presa in carico: Re-indirizzamento rotto"},
		{"reply", "it", "Re: Sito lento", "[MB-1] Re: Sito lento"},
	} {
		v := full()
		v["ref"], v["subject"] = "MB-1", c.subject
		f, err := x.Fill(c.id, c.lang, v)
		if err != nil || f.Subject != c.want {
			t.Errorf("%s %s %q: %q, %v, want %q", c.id, c.lang, c.subject, f.Subject, err, c.want)
		}
	}
}
