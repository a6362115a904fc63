package phrase

import (
	"strings"

	"replyby/classifier/plain"
	"replyby/mailparse/pattern"
)

// Confirms reports whether the words of a mail confirm the class of its subject, as far as few words or none can tell. Shops sell deliveries, refuse
// payments and name modules after absences, so that what people write about looks like a machine's subject; but each kind of machine also
// says what it has to say. An answer to an invitation has a calendar file, which is not for words to show.
func Confirms(class Class, text string) bool {
	const enough = 5 // words; fewer say nothing against the subject
	if len(strings.Fields(text)) < enough {
		return true
	}
	switch class {
	case AutoReply:
		return absenceRE.MatchString(plain.Fold(text))
	case Bounce, Delay:
		return undeliveredRE.MatchString(plain.Fold(text))
	case Receipt:
		return receiptRE.MatchString(plain.Fold(text))
	case Voicemail:
		return callRE.MatchString(plain.Fold(text))
	case Calendar:
		return false
	}
	return true
}

var (
	absenceRE = pattern.MustCompile(`\b(?:assen[tz]|assent|ferie\b|fuori (?:sede|ufficio)|rientr|di ritorno|in ufficio|chius[oaie]\b|vacanz|ausen|vacaciones|oficina|regres|de vuelta|volver|estare\b|absen|conges?\b|` +
		`vacances|retour|ferme[es]{0,2}\b|bureaux?\b|joignable|office|away\b|vacation|holiday|leave\b|return|back (?:on|in|at)\b|unavailable|limited access|no longer|abwesen|urlaub|im (?:buro|haus)\b|zuruck|` +
		`ferias|escritorio|regress|auto-?(?:reply|response|risposta|respuesta|reponse|antwort)|` +
		`(?:risposta|messaggio|respuesta|mensaje|reponse|message|mail|reply|response|resposta|mensagem) (?:e |est |es |is )?auto(?:matic|matis|mated)|auto(?:matic|mated|matische?) (?:e-?mail|reply|response|message|antwort|nachricht)|automatically|` +
		`(?:abbiamo|ho) ricevuto (?:la|il|correttamente)|hemos recibido|he recibido su|bien recu|recu votre|received your|haben ihre|recebemos|unbeaufsichtigt|unattended|non (?:e )?presidiat)`)

	undeliveredRE = pattern.MustCompile(`\S@\S+\.\S|\b[245]\.\d{1,3}\.\d{1,3}\b|\bsmtp\b`)

	receiptRE = pattern.MustCompile(`\b(?:was read|been read|letto il|lu le|leido|gelesen|lida? em|return receipt|read receipt|ricevuta|identificativo|posta certificata|recibo|acuse|accuse de|bestatigung|without being read|senza essere lett|sans avoir ete lu|sin leer)`)

	callRE = pattern.MustCompile(`\b(?:vocal|voce\b|voice|voz\b|segreteria|chiamat|calle[dr]|missed call|appel|llamad|durat|duree|duracion|anruf|sprach|nachricht|chamada|correio)`)
)
