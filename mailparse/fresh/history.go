package fresh

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"replyby/mailparse/pattern"
)

// history is the mark an older mail begins with.
type history struct {
	lines int    // 0: none here
	name  string // for the reasons
	weak  bool   // recognised without address or separator
}

// maxAttribution bounds the length of an attribution in bytes, and with it
// the work per line.
const maxAttribution = 500

// maxLooks bounds how many lines of a text are looked at closely for the start
// of an older mail. People write a handful of such lines; texts made to keep
// us busy write thousands.
const maxLooks = 1000

// mayBeHistory is the cheap test of a line before historyAt.
func mayBeHistory(line string) bool {
	return label(line) != 0 || isDelimiter(line) || beginsLikeSeparator(line) || endsLikeAttribution(line) || opensAttribution(line)
}

// historyAt looks at the lines from i on for an attribution line, a separator
// or a header block.
func historyAt(lines []string, i int) history {
	if h := separatorAt(lines, i); h.lines > 0 {
		return h
	}
	if n := headersAt(lines, i); n > 0 {
		return history{lines: n, name: "header block of an older mail"}
	}
	return attributionAt(lines, i)
}

var (
	// wroteRE ends an attribution in the languages of the desks and of the
	// clients their correspondents use; the colon or a run of dashes is part of it.
	wroteRE = pattern.MustCompile(`(?i)(?:\b(?:wrote|writes|ha scritto|scrive|schrieb|escribi[oó]|escreveu|a [eé]crit|geschreven|schreef|skrev|a scris|kirjoitti)|escribió|írta|napisał(?:\(a\)|a)?|написала?|написав|пише|пишет|napsal(?:\(a\)|a)?|写道)\s*(?:[:：]|-{2,})[\s>*_]*$`)

	// wroteMidRE: the verb stands before the date or the name ("schrieb X <x@y>:").
	wroteMidRE = pattern.MustCompile(`(?i)\b(?:schrieb|ha scritto (?:il|in data)|escribió el|a [eé]crit le|escreveu (?:em|no dia)|wrote on|schreef|skrev)\b.*[:：][\s>*_]*$`)

	// stampRE is the older Gmail form: date, name, address, no verb.
	stampRE = regexp.MustCompile(`^\d{4}[-/]\d{1,2}[-/]\d{1,2}(?: \d{1,2}:\d{2} (?:GMT|UTC)[+-]\d{1,2}:\d{2} \S.*|,? .*<[^<>\s]+@[^<>\s]+>\s*:?)$`)

	// datedRE is the same of other clients: day, time, name, address, colon.
	datedRE = pattern.MustCompile(`^(?:\p{L}{2,4}\.?,? )?\d{1,2}[./ -].*\d{1,2}:\d{2}.*<[^<>\s]+@[^<>\s]+>\s*:$`)

	// dayRE is a date of day and month at least.
	dayRE = regexp.MustCompile(`\b(?:19|20)\d{2}\b|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}`)

	dateRE = regexp.MustCompile(`\d{1,2}[:.h]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}`)
)

// attributionAt joins up to five lines and looks whether they say who wrote
// the quote below, and when.
func attributionAt(lines []string, i int) history {
	const most = 5
	size := 0
	for n := 1; n <= most && i+n <= len(lines); n++ {
		line := strings.TrimSpace(lines[i+n-1])
		if line == "" && !bracketFollows(lines, i+n) {
			return history{}
		}
		if n > 1 && isQuote(line) && !strings.HasPrefix(line, "> wr") && line != ">:" {
			return history{}
		}
		if n == 1 && !endsLikeAttribution(line) && !opensAttribution(line) {
			return history{}
		}
		if line != "" {
			size += len(line) + 1
		}
		if size > maxAttribution+1 {
			return history{}
		}
		ends := endsLikeAttribution(line)
		if !ends && !beginsLikeStamp(lines[i]) {
			continue
		}
		joined := join(lines[i : i+n])
		if !ends && !isStamp(joined) {
			continue
		}
		h := attribution(joined, n)
		if h.lines == 0 && nextIsQuote(lines, i+n) && introduces(joined, n) {
			h = history{lines: n, name: "attribution line"}
		}
		switch {
		case h.lines > 0 && !endsWhole(lines[i:i+n]):
			return h
		case h.lines > 0, n == 1 && !opensAttribution(line): // the colon or the dashes end something else
			return history{}
		}
	}
	return history{}
}

// endsWhole reports whether the last of several lines are an attribution by themselves, from its first word to its verb: what stands tightly above
// it is then somebody's text.
func endsWhole(lines []string) bool {
	for k := 1; k < len(lines); k++ {
		if below := lines[k:]; opensWithDay(below[0]) && attribution(join(below), len(below)).lines > 0 {
			return true
		}
	}
	return false
}

// join makes one line of several, blank ones left out.
func join(lines []string) string {
	joined := strings.TrimSpace(lines[0])
	for _, l := range lines[1:] {
		if l = strings.TrimSpace(l); l != "" {
			joined += " " + l
		}
	}
	return joined
}

// isStamp tries stampRE on what begins with a year.
func isStamp(joined string) bool {
	return beginsLikeStamp(joined) && stampRE.MatchString(joined)
}

func beginsLikeStamp(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "20") }

// opens reports whether a line begins with one of these words or with a number.
func opens(line string) bool {
	line = strings.TrimLeft(line, " *_-")
	if line == "" {
		return false
	}
	if line[0] >= '0' && line[0] <= '9' || strings.HasPrefix(line, "在") {
		return true
	}
	word := line
	if n := strings.IndexAny(line, " ,."); n >= 0 {
		word = line[:n]
	}
	return len(word) < 16 && isOpener(strings.ToLower(word))
}

// opensWithDay reports whether a line begins with such a word, no number, and names a day: the second line of an attribution may name the rest of one.
func opensWithDay(line string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(line, " *_-"))
	return unicode.IsLetter(first) && opens(line) && dayRE.MatchString(line)
}

// isOpener knows the words attributions begin with: prepositions and days.
func isOpener(word string) bool {
	switch word {
	case "on", "at", "il", "in", "le", "el", "en", "am", "em", "a", "op", "den", "dnia", "w", "dne", "在", "lun", "mar", "mer",
		"mié", "gio", "jue", "jeu", "ven", "vie", "sab", "sáb", "sam", "dom", "dim", "mon", "tue", "wed", "thu", "fri", "sat",
		"sun", "mo", "di", "mi", "do", "fr", "sa", "so", "seg", "ter", "qua", "qui", "sex", "lunedì", "martedì", "mercoledì",
		"giovedì", "venerdì", "sabato", "domenica", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo",
		"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "monday", "tuesday", "wednesday", "thursday",
		"friday", "saturday", "sunday", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
		"segunda", "terça", "quarta", "quinta", "sexta", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira",
		"sexta-feira":
		return true
	}
	return false
}

// opensAttribution reports whether a line can be the first of several: it opens
// with a preposition or a day and holds a digit, or holds a quoted name or the
// beginning of an address.
func opensAttribution(line string) bool {
	return strings.ContainsAny(line, `<"`) || strings.ContainsAny(line, "0123456789") && opens(line) ||
		holdsAddress(line)
}

// holdsAddress reports whether an "@" stands between two characters that can belong to an address.
func holdsAddress(s string) bool {
	if strings.IndexByte(s, '@') < 0 {
		return false
	}
	for i := 1; i+1 < len(s); i++ {
		if s[i] == '@' && strings.IndexByte(" \t\r\n\f<>\"(", s[i-1]) < 0 && strings.IndexByte(" \t\r\n\f<>\")", s[i+1]) < 0 {
			return true
		}
	}
	return false
}

// bracketFollows tells the one client that leaves blank lines inside an
// attribution, around the address in angle brackets.
func bracketFollows(lines []string, i int) bool {
	return i < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[i]), "<")
}

func endsLikeAttribution(line string) bool {
	line = strings.TrimRight(line, " >*_")
	return strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：") || strings.HasSuffix(line, "--")
}

func attribution(joined string, n int) history {
	if isStamp(joined) || strings.Contains(joined, "@") && datedRE.MatchString(joined) {
		return history{lines: n, name: "attribution line"}
	}
	ends := wroteRE.MatchString(joined)
	if !ends && !wroteMidRE.MatchString(joined) {
		return history{}
	}
	dated, addressed := dateRE.MatchString(joined), holdsAddress(joined)
	if !dated && (!addressed || !ends) || !opens(joined) && !addressed {
		return history{}
	}
	return history{lines: n, name: "attribution line", weak: !dated || n > 1 && !addressed}
}

// introduces tells an attribution by the quote below it: it says "wrote" or
// holds an address or a day, in whatever language.
func introduces(joined string, n int) bool {
	if n == 1 && wroteRE.MatchString(joined) {
		return true
	}
	return holdsAddress(joined) || dayRE.MatchString(joined)
}

func nextIsQuote(lines []string, i int) bool {
	for i < len(lines) && strings.TrimSpace(lines[i]) == "" {
		i++
	}
	return i < len(lines) && isQuote(lines[i])
}

var separatorRE = pattern.MustCompile(`(?i)^[\s*_]*(?:` +
	`[-_=]{2,}\s*(?:original message|original appointment|messaggio originale|messaggio inoltrato|mensaje original|mensaje reenviado|message d['’]origine|(?:message|mail|courriel) original|message transf[eé]r[eé]|message transmis|message r[eé]exp[eé]di[eé]|urspr[uü]ngliche nachricht|original-?nachricht|originalnachricht|weitergeleitete nachricht|mensagem original|mensagem encaminhada|forwarded message|forwarded by .*|reply message|oorspronkelijk bericht|doorgestuurd bericht|ursprungligt meddelande|opprinnelig melding|oprindelig meddelelse|исходное сообщение|пересылаемое сообщение|wiadomość oryginalna)\s*[-_=]{2,}` +
	`|begin forwarded message|inizio messaggio inoltrato|d[eé]but du message (?:r[eé]exp[eé]di[eé]|transf[eé]r[eé])|inicio del mensaje reenviado|anfang der weitergeleiteten nachricht|in[ií]cio da mensagem (?:encaminhada|reencaminhada)` +
	`|#{2,}.*(?:reply|type your reply).*above (?:this|the) line.*|-{2,}.*reply above this line.*` +
	`)[\s*_:]*$`)

// beginsLikeSeparator spares most lines the regular expression.
func beginsLikeSeparator(line string) bool {
	line = strings.TrimLeft(line, " \t*_")
	if line != "" && strings.IndexByte("-=#_", line[0]) >= 0 {
		return true
	}
	switch firstWord(line) {
	case "begin", "inizio", "début", "debut", "inicio", "anfang", "início":
		return true
	}
	return false
}

// separatorAt finds the line mail programs draw above an older mail, with the
// header block below it.
func separatorAt(lines []string, i int) history {
	line := lines[i]
	if len(line) < 12 || len(line) > 200 || !beginsLikeSeparator(line) || !separatorRE.MatchString(line) {
		return history{}
	}
	n := 1
	for k := i + 1; k < len(lines) && k <= i+2; k++ {
		if h := headersAt(lines, k); h > 0 {
			n = k - i + h
			break
		}
	}
	return history{lines: n, name: "separator above an older mail"}
}
