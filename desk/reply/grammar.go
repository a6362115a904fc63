package reply

import (
	"strings"

	"replyby/desk/reply/plain"
	"replyby/desk/reply/verb"
)

// takes says what may follow a verb.
type takes string

const (
	nothing  takes = ""                                      // with words behind it the line is words ("ok, I will look at it")
	everyone takes = "[all]"                                 // nothing, or "all"
	instant  takes = "<when>"                                // a date and time, as package when reads them
	promise  takes = "<when>[: why]"                         // an instant, and why it changed
	until    takes = "until <when>"                          // the same, with or without "until"
	text     takes = "<text>"                                // words, kept as they are
	reason   takes = "[why]"                                 // nothing, or words
	because  takes = "[: why]"                               // the same, but only behind a colon: the name also begins ordinary sentences
	behind   takes = "[: what]"                              // words, but only behind a colon; anything else is words for the customer
	person   takes = "<name>"                                // up to four words
	version  takes = "<version>[: tickets]"                  // 1.2.3, or 1.2.3: MB-3 MB-7
	ground   takes = "1-6, care, contract[: what was found]" // why a request may be refused
	amount   takes = "[amount]"                              // nothing, or a sum with its currency
	field    takes = "<field>: <words>"                      // one of the places of a text, and what stands there
	yesNo    takes = "yes, no"                               // in any of the languages
	address  takes = "<address>"                             // one plain mail address
	ref      takes = "<ticket>"                              // MB-12, [MB-12], #12, 12
	id       takes = "<message>"                             // one word
	minutes  takes = "<minutes>[: work]"                     // 90, 90 min, 1h30, 1.5 h, and the work
)

// names are the synonyms of a verb by language: as people read them, parted by commas, without hyphens. The verb itself is the
// first English one of its first row.
type names struct{ en, it, es, fr string }

// all are the names as they are read: folded.
func (n names) all() []string {
	var all []string
	for _, list := range []string{n.en, n.it, n.es, n.fr} {
		if list != "" {
			all = append(all, strings.Split(plain.Fold(list), ", ")...)
		}
	}
	return all
}

// Names are what the verbs of commands, written as help lists them ("close, reopen", "wait: <what>"), are called in a language.
func Names(commands, language string) string {
	var all []string
	for command := range strings.SplitSeq(commands, ", ") {
		word, rest, _ := strings.Cut(strings.TrimSpace(command), " ")
		name := nameOf(verb.Verb(strings.TrimSuffix(word, ":")), language)
		if name != "" && rest == "all" { // without it the command is another
			name += " " + map[string]string{"it": "a tutti", "es": "a todos", "fr": "à tous"}[language]
		}
		if name != "" {
			all = append(all, name)
		}
	}
	return strings.Join(all, ", ")
}

// nameOf is what a verb is called in a language, beside the one spelling that all understand; "" where that is the only one.
func nameOf(v verb.Verb, language string) string {
	for _, r := range grammar() {
		name, _, _ := strings.Cut(map[string]string{"it": r.names.it, "es": r.names.es, "fr": r.names.fr}[language], ", ")
		if r.verb == v && name != "" && name != string(v) {
			return name
		}
	}
	return ""
}

// row is a verb with synonyms that take the same argument. Effect is for the page about the language.
type row struct {
	verb   verb.Verb
	takes  takes
	names  names
	effect string
}

// grammar is the whole language. A name that begins ordinary sentences takes nothing, or its argument only in a shape that a
// sentence does not have.
func grammar() []row {
	return append(answers(), chores()...)
}

// answers are the verbs about the letter to the customer.
func answers() []row {
	return []row{
		{verb.OK, everyone, names{"ok, okay, o.k, send, approve, approved", "invia, approvo, approva, approvato", "enviar, envia, envíalo, envíala, okey, apruebo, aprobar, aprobado", "envoyer, envoie, envoyez, approuver, approuve, valider, validé"},
			"Sends the draft shown; words below it become its personal part. `ok all` also copies the people the customer copied."},
		{verb.ETA, promise, names{"eta, estimate", "previsione, stima", "previsión, estimación, plazo", "prévision, estimation, échéance, délai"},
			"Promises when it will be solved, and sends the draft. Where an estimate was given before, the letter says why it changed."},
		{verb.NoETA, text, names{"noeta", "nostima", "sinprevisión", "sansprévision"},
			"Says why that cannot be promised yet, and sends the draft."},
		{verb.Next, instant, names{"next, next update", "aggiornamento, prossimo aggiornamento", "actualización, próxima actualización", "prochain point, point suivant, pointsuivant"},
			"Promises when the customer hears from you next."},
		{verb.Fixed, behind, names{"fixed, solved, resolved", "risolto, risolta", "resuelto, resuelta, solucionado", "résolu, résolue, corrigé"},
			"Tells the customer that it is solved, with your words and what was done."},
		{verb.Patch, version, names{"patch", "correzione", "parche", "correctif"},
			"Tells every customer with the same fault that the corrected version is published: open tickets about the same product, or those you name. You see all of them, and every text, before anything goes."},
		{verb.Refuse, ground, names{"refuse, reject, decline", "rifiuta, rifiuto, respingi", "rechazar, rechaza, rechazo", "refuser, refuse"},
			"Refuses on that ground of the contract, with its text and your words: one of the six, no Business Care, or no contract. Grounds 5 and 6 need what was found."},
		{verb.Refund, amount, names{"refund", "rimborso, rimborsa", "reembolso, reembolsar", "remboursement, rembourser"},
			"Agrees the refund of that amount; Business Care ends with it."},
		{verb.Posted, nothing, names{"posted, published", "pubblicato, pubblicata", "publicado, publicada", "publié, publiée"},
			"You posted the answer in the marketplace portal; the words below are kept as that answer."},
		{verb.Resend, nothing, names{"resend", "rispedisci, reinvia", "reenviar, reenvia", "renvoyer, renvoie, renvoyez"},
			"Sends a letter whose fate is unknown once more."},
		{verb.Leave, nothing, names{"leave", "lascia", "dejar, deja", "laisser, laisse"},
			"Lets such a letter rest: you take it as delivered."},
		{verb.Undo, nothing, names{"undo", "annulla", "deshacer, anular, anula, cancelar, cancela", "annuler, annule, annulez"},
			"Takes back a letter that has not left yet. What it said is the draft again, with the words below in place of its own."},
	}
}

// chores are the verbs about the ticket.
func chores() []row {
	return []row{
		{verb.Note, text, names{"note", "nota, annota", "nota, anota", "note"}, "Keeps an internal note."},
		{verb.Wait, because, names{"wait, waiting", "attesa", "espera", "attente"}, "Waiting for the customer; with a letter it asks for what stands behind the colon. The clocks of the contract run on."},
		{verb.Wait, nothing, names{"", "attendo", "espero, esperar", "attendre, attends"}, ""},
		{verb.Fault, reason, names{"fault", "", "", ""}, "It is about a fault: the clock of the correction runs, from the request."},
		{verb.Fault, because, names{"bug", "guasto, anomalia, difetto", "fallo, avería, anomalía", "panne, anomalie"}, ""},
		{verb.Question, because, names{"question", "domanda", "pregunta, consulta", "question"}, "It is a question, no fault."},
		{verb.Presale, reason, names{"presale, presales", "prevendita", "preventa", "avantvente"}, "It comes before a purchase."},
		{verb.Urgent, reason, names{"urgent", "", "", ""}, "It is urgent."},
		{verb.Urgent, because, names{"", "urgente", "urgente", ""}, ""},
		{verb.Normal, reason, names{"normal", "", "", ""}, "It is not urgent. Against the customer's word a reason is needed."},
		{verb.Normal, because, names{"not urgent", "normale, non urgente", "no urgente", "pas urgent"}, ""},
		{verb.Care, yesNo, names{"care, business care", "care", "care", "care"}, "You have checked: the customer has Business Care, or has not."},
		{verb.Take, nothing, names{"take, mine", "prendo, mio, mia, assegnami", "tomo, asígname", "prends, assignemoi, attribuemoi"}, "You take the ticket."},
		{verb.Assign, person, names{"assign", "assegna, assegnala", "asigna, asignar, asígnala", "attribuer, attribue, assigner, assigne"}, "Hands it to a colleague; `assign me` takes it."},
		{verb.Absent, until, names{"absent, away", "assente", "ausente", "absent, absente"}, "Until then others are asked."},
		{verb.Customer, address, names{"customer", "cliente", "cliente", "client"}, "Says whose ticket it is."},
		{verb.Merge, ref, names{"merge", "unisci, unire", "unir, fusionar", "fusionner, fusionne"}, "Goes on in another ticket."},
		{verb.Adopt, id, names{"adopt", "adotta", "adoptar, adopta", "adopter"}, "Makes a ticket of a message set aside."},
		{verb.Close, behind, names{"close", "chiudi, chiudo", "cerrar, cierra, cierro", "fermer, ferme, clôturer, clôture"}, "No further work; with a letter the customer is told."},
		{verb.Reopen, nothing, names{"reopen", "riapri", "reabrir, reabre", "rouvrir, rouvre"}, "Work again."},
		{verb.Bill, minutes, names{"bill", "fatturare, addebita", "facturar", "facturer"}, "The minutes to bill for the ticket in all, once the customer has agreed. With `ok` before that: offers the work."},
		{verb.Consent, nothing, names{"consent", "consenso, consente", "consentimiento, consiente", "consentement"}, "The customer's latest message agrees to the work offered."},
		{verb.Field, field, names{"field", "campo", "campo", "champ"}, "Fills a place of the text: product, version, shop, order, alternative, rate, estimate, link."},
		{verb.Detach, nothing, names{"detach", "stacca", "quitar adjuntos, sin adjuntos, desadjuntar, desadjunta", "détacher, détache"}, "Takes all files out of the letter. Files attached to your mail go with the letter that it is about."},
		{verb.Spam, nothing, names{"spam, junk", "spam", "spam", "spam"}, "Puts it away without an answer."},
		{verb.Original, nothing, names{"original", "originale", "original", "original"}, "Mails you the customer's own message."},
		{verb.Status, nothing, names{"status, status?", "stato, stato?", "estado, estado?", "état, statut"}, "Tells where the ticket stands."},
		{verb.Help, nothing, names{"help, help?, ?", "aiuto, aiuto?", "ayuda, ayuda?", "aide, aide?"}, "Lists this language."},
	}
}

// longestName is the number of words in the longest name.
const longestName = 2

// rivals are verbs that cannot both be meant. To close and reopen is odd, but means what it says in this order.
func rivals() [][]verb.Verb {
	return [][]verb.Verb{
		{verb.ETA, verb.NoETA}, {verb.Fixed, verb.Patch, verb.Refuse, verb.Refund}, {verb.Resend, verb.Leave, verb.OK},
		{verb.Fault, verb.Question, verb.Presale}, {verb.Urgent, verb.Normal}, {verb.Take, verb.Assign},
		{verb.Wait, verb.Refuse, verb.Refund, verb.Close}, {verb.Spam, verb.OK}, {verb.Undo, verb.OK}, {verb.Undo, verb.Resend}, {verb.Posted, verb.OK},
		// The letter that is sent again says what it said.
		{verb.Resend, verb.ETA}, {verb.Resend, verb.NoETA}, {verb.Resend, verb.Next}, {verb.Resend, verb.Field}, {verb.Resend, verb.Fixed},
		{verb.Resend, verb.Patch}, {verb.Resend, verb.Refuse}, {verb.Resend, verb.Refund}, {verb.Resend, verb.Wait}, {verb.Resend, verb.Close}, {verb.Resend, verb.Detach},
	}
}
