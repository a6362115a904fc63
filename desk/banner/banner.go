// Package banner knows the warnings that mail gateways write above mail from outside: "CAUTION: This email originated from outside of the
// organization", "[EXTERNAL]".
//
// It promises to take off only what is one for certain: a label alone on its line, or sentences each of which is known to be of a warning, the first
// of them saying that the mail comes from outside. Whatever else stands there makes all of it words. The package is pure and takes time linear in the text.
package banner

import (
	"regexp"
	"strings"
	"unicode"

	"replyby/desk/reply/plain"
)

// Bounds of what is looked at: gateways warn in a paragraph, and two of them may warn of one mail.
const (
	mostBanners = 3
	mostLines   = 8
	longest     = 900 // bytes of a line
)

// Below is a text without the warnings on top of it. Sure is false where the last of them may have taken a line of the writer's along: one that
// warns as they do, tightly below.
func Below(text string) (rest string, sure bool) {
	sure = true
	for range mostBanners {
		below, certain, found := one(text)
		if !found {
			break
		}
		text, sure = below, sure && certain
	}
	return text, sure
}

// one takes the topmost warning off, with the lines drawn around it.
func one(text string) (rest string, sure, found bool) {
	if below, ok := broken(undrawn(text)); ok {
		return undrawn(below), false, true
	}
	taken, below := 0, undrawn(text)
	for ; taken < mostLines; taken++ {
		line, more, _ := strings.Cut(below, "\n")
		if len(line) > longest || !closed(line, more) || !known(line, taken > 0) {
			break
		}
		below = more
		if label(line) {
			taken++
			break
		}
	}
	if taken == 0 {
		return text, true, false
	}
	return undrawn(below), taken == 1, true
}

// broken takes off a paragraph that is a warning where its lines are joined, if each is as long as programs make them. The last could be the writer's:
// what is below is then not sure.
func broken(text string) (rest string, ok bool) {
	const narrowest = 60 // of what programs break lines to
	joined := ""
	for n := 0; n < mostLines && len(joined) <= longest; n++ {
		line, below, _ := strings.Cut(text, "\n")
		joined, text = strings.TrimSpace(joined+" "+plain.Line(line)), below
		next, _, _ := strings.Cut(below, "\n")
		if strings.TrimSpace(next) == "" || drawn(next) {
			return below, n > 0 && len(joined) <= longest && known(joined, false)
		}
		if word, _, _ := strings.Cut(strings.TrimSpace(next), " "); len(strings.TrimSpace(line))+1+len(word) <= narrowest {
			return "", false
		}
	}
	return "", false
}

// closed reports whether a warning may end with a line: where its sentence does, or its paragraph.
func closed(line, below string) bool {
	next, _, _ := strings.Cut(below, "\n")
	line = strings.TrimRight(line, " \t\r*")
	return line != "" && strings.ContainsAny(line[len(line)-1:], ".!]") || strings.TrimSpace(next) == "" || drawn(next) || label(line)
}

// undrawn is a text without the blank lines and those drawn on top of it.
func undrawn(text string) string {
	for rest := text; rest != ""; {
		line, below, _ := strings.Cut(rest, "\n")
		if strings.TrimSpace(line) != "" && !drawn(line) {
			return rest
		}
		rest = below
	}
	return text
}

// drawn tells a line of signs. The mark of a signature is none that a gateway draws.
func drawn(line string) bool {
	const shortest = 3
	line = strings.TrimSpace(line)
	return len(line) >= shortest && strings.Trim(line, "-_=*#~+") == ""
}

var (
	labelIs = regexp.MustCompile(`^(?:ext|external|esterno|esterna|externo|externa|externe)(?: (?:e-?mail|mail|sender|message|source|mittente|messaggio|correo|remitente|mensaje|message|expediteur|courriel))?$|` +
		`^(?:e-?mail|mail|mittente|messaggio|correo|remitente|mensaje|message|expediteur|courriel) (?:esterno|esterna|externo|externa|externe)$`)
	warns = regexp.MustCompile(`^(?:(?:security |safety )?(?:caution|warning|attention|alert|notice|important|attenzione|avviso|avvertenza|importante|atencion|aviso|advertencia|precaucion|cuidado|alerta|avertissement|prudence|avis|` +
		`external(?: (?:e-?mail|sender|message))?|(?:e-?mail|mail|messaggio|mittente) esterno|(?:correo|remitente|mensaje) externo|(?:e-?mail|message|expediteur|courriel) externe)[\]*]* ?[:!.–—-]+ ?|` +
		`(?:external|ext)\] ?)[*]*`)
	origin = regexp.MustCompile(`^(?:(?:this|the) (?:e-?mail|message) (?:originate[sd]|was sent|was received|has been sent|is|came|comes|has come)(?: from)? (?:an? |someone |a sender |anyone )?(?:external|outside)\b|` +
		`(?:quest[ao]|l[ao]|il) (?:presente )?(?:e-?mail|mail|messaggio|comunicazione)(?: di posta elettronica| e-?mail)? (?:proviene|arriva|e arrivat[oa]|e stat[oa] (?:inviat|spedit|ricevut)[oa]|ha origine|e di provenienza)\b.{0,25}\b(?:estern[oa]|fuori)\b|` +
		`(?:ce|cet|le) (?:present )?(?:message|e-?mail|courriel|mail|courrier)(?: electronique)? (?:provient|vient|emane|a ete (?:envoye|emis|recu))\b.{0,25}\b(?:exterieur|externe|hors)\b|` +
		`(?:este|el) (?:presente )?(?:correo|mensaje|e-?mail)(?: electronico)? (?:procede|proviene|viene|llega|se origino|se ha originado|se envio|ha sido enviado|fue enviado)\b.{0,25}\b(?:fuera|externo|externa|exterior)\b)[^,;:?]{0,80}$`)
	advice = regexp.MustCompile(`^(?:please |kindly )?(?:do not|don't|never|use caution|be (?:careful|cautious|wary|vigilant)|exercise|take care|treat|think before|only click|verify|avoid)\b.{0,200}\b(?:links?|attachments?|sender|content|caution|suspicious)\b.{0,120}$|` +
		`^(?:si (?:prega|raccomanda|consiglia)(?: di)? )?(?:non (?:clicc(?:are|ate)|fa(?:re|te) clic|apri(?:re|te))|prest(?:are|ate|a)|fa(?:re|te)?|fai|usa(?:re|te)?|evita(?:re|te)?|verifica(?:re|te)?)\b.{0,200}\b(?:link|collegament[oi]|allegat[oi]|mittente|attenzione|cautela)\b.{0,120}$|` +
		`^(?:merci de |veuillez )?(?:ne (?:pas )?(?:cliquez|cliquer|ouvrez|ouvrir)|n'ouvrez|soyez|faites|verifiez|restez|evitez)\b.{0,200}\b(?:liens?|pieces? jointes?|expediteur|prudents?|vigilants?|attention)\b.{0,120}$|` +
		`^(?:por favor,? )?(?:no (?:haga|abra|pulse)|tenga|evite|verifique|compruebe|extreme)\b.{0,200}\b(?:enlaces?|adjuntos?|remitente|cuidado|precaucion(?:es)?)\b.{0,120}$`)
	rarely = regexp.MustCompile(`^(?:some people who received this message don't often get e-?mail from|you don't often get e-?mail from|non (?:si ricevono|ricevi|si riceve) spesso|vous n'(?:obtenez|recevez) pas souvent|` +
		`certaines personnes|alcune persone|algunas personas|no suele recibir)\b.{0,300}https?://aka\.ms/learnaboutsenderidentification$`)
)

// known reports whether a line is of a warning: of one that goes on, what it advises, or else its beginning.
func known(line string, on bool) bool {
	if label(line) {
		return !on
	}
	said := strings.TrimRight(bare(line), ".! ")
	if rarely.MatchString(said) {
		return !on
	}
	for i, s := range sentences(strings.TrimLeft(warns.ReplaceAllString(said, ""), "*[ ")) {
		if first := i == 0 && !on; first && !origin.MatchString(s) || !first && !advice.MatchString(s) {
			return false
		}
	}
	return said != ""
}

// label tells "[EXTERNAL]" and its like: in brackets or stars, or in capitals. In small letters it could be a word.
func label(line string) bool {
	line = strings.TrimSpace(line)
	marked := strings.Trim(line, "[]*()<>#!-:. ")
	return line != "" && (strings.ContainsRune("[*(<", rune(line[0])) || strings.ToUpper(marked) == marked) && labelIs.MatchString(bare(marked))
}

// bare is a text as it is compared, without what is put around a warning.
func bare(s string) string {
	return strings.TrimRight(strings.TrimLeft(plain.Fold(plain.Line(s)), "[*(<#!⚠️ "), "])*># ")
}

// sentences cuts a folded text at the ends of its sentences. A point within a name, as in "S.r.l.", may end none: then the text is no warning.
func sentences(said string) []string {
	return strings.FieldsFunc(strings.NewReplacer(". ", "\n", "! ", "\n", ".* ", "\n").Replace(said), func(r rune) bool { return r == '\n' || unicode.IsControl(r) })
}
