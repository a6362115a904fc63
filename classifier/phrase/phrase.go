// Package phrase knows the subjects that mail programs, and hardly ever
// people, write: automatic replies, delivery reports, receipts, answers to
// invitations, voicemail notices.
//
// A phrase proves nothing. It counts only at the start of a subject and before
// a colon, a dash or the end, since people write about automatic replies too.
package phrase

import (
	_ "embed"
	"strings"

	"replyby/classifier/plain"
	"replyby/mailparse/pattern"
)

// Class is what a phrase speaks of.
type Class string

const (
	None      Class = ""
	AutoReply Class = "auto_reply"
	Bounce    Class = "bounce"
	Delay     Class = "delay"
	Receipt   Class = "receipt"  // read receipts, and receipts of certified mail
	Calendar  Class = "calendar" // answers to invitations
	Voicemail Class = "voicemail"
	Automatic Class = "automatic" // abuse reports

	certified Class = "pec"
)

//go:embed phrases.txt
var phrases string

// Table is the list made ready. It is safe for concurrent use.
type Table struct {
	classes map[string]Class
}

// New reads the built-in list.
func New() *Table {
	t := &Table{classes: map[string]Class{}}
	for line := range strings.Lines(phrases) {
		class, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(class, "#") {
			continue
		}
		for p := range strings.SplitSeq(list, "|") {
			if _, taken := t.classes[plain.Fold(p)]; !taken {
				t.classes[plain.Fold(p)] = Class(class)
			}
		}
	}
	return t
}

// Of returns the class of a decoded subject and the words that decided.
func (t *Table) Of(subject string) (Class, string) {
	const longest = 400
	if len(subject) > longest {
		subject = strings.ToValidUTF8(subject[:longest], "")
	}
	bare := replyRE.ReplaceAllString(subject, "")
	isReply := bare != subject
	folded := strings.Trim(strings.Join(strings.Fields(plain.Fold(bare)), " "), "*! ")
	class, words := t.lookup(folded)
	if class == None {
		class, words = freeForm(folded)
	}
	switch class {
	case certified:
		// Providers write these in capitals and with a colon, and our own
		// letters say "presa in carico" too.
		if isReply || !isCapitals(bare, len(words)) {
			return None, ""
		}
		class = Receipt
	case Receipt, Calendar:
		if isReply {
			return None, ""
		}
	}
	return class, words
}

var replyRE = pattern.MustCompile(`(?i)^(?:\s*(?:re|r|rif|i|fw|fwd|tr|rv|aw|wg|enc|res|ref|antw|sv|vs)\s*(?:\[\d{1,3}\])?\s*[:：])+\s*`)

// lookup finds the phrase before a colon, a dash, a bracket or the end, or in
// square brackets at the start.
func (t *Table) lookup(folded string) (Class, string) {
	if rest, ok := strings.CutPrefix(folded, "["); ok {
		inside, _, closed := strings.Cut(rest, "]")
		if closed && strings.ContainsAny(inside, " -") && t.classes[inside] != None {
			return t.classes[inside], inside
		}
	}
	for _, head := range heads(folded) {
		if class, ok := t.classes[head]; ok {
			return class, head
		}
	}
	return None, ""
}

// heads returns what may be the phrase, longest first.
func heads(folded string) []string {
	out := []string{strings.TrimRight(folded, ".!* ")}
	for _, end := range []string{" - ", " – ", ":", "：", " ("} {
		if head, _, ok := strings.Cut(folded, end); ok {
			out = append(out, strings.TrimSpace(head))
		}
	}
	return out
}

// isCapitals reports whether the first n bytes of s hold no small letter.
func isCapitals(s string, n int) bool {
	s = strings.TrimSpace(s)
	s = s[:min(n, len(s))]
	return s == strings.ToUpper(s)
}

var (
	autoReplyRE = pattern.MustCompile(`^(?:i am|i'm|i will be|i'll be|we are) (?:currently |now |still )?(?:out of (?:the )?office|away from (?:the |my )?(?:office|desk)|on (?:annual |maternity |paternity |parental )?leave\b|on vacation\b)` +
		`|^out[- ]of[- ](?:the[- ])?office (?:until|till|from|on|today|this week|re:|reply|auto)` +
		`|^(?:sono|saro|siamo) (?:assente|assenti|fuori ufficio|fuori sede|in ferie) (?:fino|dal|da|sino)` +
		`|^(?:estoy|estare) (?:fuera de (?:la )?oficina|ausente|de vacaciones) (?:hasta|desde|del)` +
		`|^je (?:suis|serai) (?:actuellement )?(?:absent(?:e|\(e\))?|en (?:conge|conges|vacances)) (?:du|jusqu|de|a partir)` +
		`|^ich bin (?:derzeit |zurzeit |momentan |bis |vom )(?:.{0,30})?(?:nicht im (?:buro|haus)|im urlaub|abwesend|außer haus)` +
		`|\bis (?:currently )?out of (?:the )?office\b` +
		`|\((?:automatic|automated|auto) ?-?(?:response|reply)\)$` +
		`|(?:: | - |\| )(?:risposta automatica|respuesta automatica|reponse automatique|automatic reply|automatische antwort|resposta automatica|auto-?reply|out of office)$`)

	bounceRE = pattern.MustCompile(`^(?:your )?(?:message|mail|e-?mail)(?: to .{1,80})? (?:could not be delivered|was not delivered|not delivered|has been (?:rejected|returned)|is undeliverable)` +
		`|^undeliver(?:ed|able) mail\b|^mail delivery fail(?:ed|ure)\b|^failure notice\b|^delivery (?:status )?notification\s*\(?fail|^returned mail\b|^non-?delivery\b|^delivery failure\b` +
		`|^warning: (?:e-?mail|message|mail) (?:delivery failure|could not be delivered)|^\W*message you sent blocked|^mail system error - returned mail`)

	delayRE = pattern.MustCompile(`^warning: (?:could not send message for|message .{1,80} delayed|still unable to deliver|message still undelivered)|^delivery (?:status )?notification\s*\(?delay|^delayed mail|^message .{1,80} delayed \d+ h|^mail delivery (?:is )?delayed|is delayed \d+ hours`)

	voicemailRE = pattern.MustCompile(`^(?:\[[^\]]{1,20}\]:? )?new (?:message|voicemail) \d+ in mailbox \d` + // Asterisk's, with a name for the exchange
		`|^(?:(?:hai|ha|avete) (?:ricevuto )?(?:un )?)?(?:nuovo )?(?:messaggio (?:vocale|in segreteria|di segreteria|di posta vocale)|chiamata persa|segreteria telefonica|voicemail)` + caller +
		`|^(?:you have (?:received )?(?:a |an )?)?(?:new )?(?:voice ?mail(?: message)?|voice message|missed call|voicemail notification)` + caller +
		`|^(?:vous avez )?(?:recu )?(?:un )?(?:nouveau )?(?:message vocal|appel manque|appel en absence|messagerie vocale)` + caller +
		`|^(?:tiene |ha recibido )?(?:un )?(?:nuevo )?(?:mensaje de voz|correo de voz|llamada perdida|buzon de voz)` + caller +
		`|^(?:neue )?(?:sprachnachricht|voicemail|mailbox-nachricht|verpasster anruf|anruf in abwesenheit)` + caller +
		`|^(?:nova )?(?:mensagem de voz|chamada perdida|chamada nao atendida|correio de voz)` + caller)

	complaintRE = pattern.MustCompile(`^complaint about message from|^(?:\[?abuse\]?|spam) (?:report|complaint)\b|^(?:email )?feedback report\b|^report domain: `)
)

// caller is how a notice of a telephone exchange goes on.
const caller = `(?: ?\(\d+\))?(?: (?:da|dal|dalla|from|de|du|del|von|per|for|pour) .{0,40}[\d+]|: |\s*$| - |,)`

// freeForm tries the subjects that go on with names, numbers or hours.
func freeForm(folded string) (Class, string) {
	for _, try := range []struct {
		class Class
		re    *pattern.Pattern
	}{{Delay, delayRE}, {Bounce, bounceRE}, {AutoReply, autoReplyRE}, {Voicemail, voicemailRE}, {Automatic, complaintRE}} {
		if words := try.re.FindString(folded); words != "" {
			return try.class, words
		}
	}
	return None, ""
}
