package fresh

import (
	"strings"
)

// role is what a label of a header block stands for.
type role uint8

const (
	roleFrom role = 1 << iota
	roleDate
	roleTo
	roleSubject
	roleOther
)

// Labels of a header block by what they stand for, as Outlook and others write
// them above the mail they quote.
const (
	fromLabels    = "|from|da|de|von|van|från|fra|от|发件人|"
	dateLabels    = "|sent|date|inviato|inviato il|data|data invio|enviado|enviado el|enviado em|enviado a|enviada|enviada em|fecha|envoyé|envoyé le|message du|gesendet|gesendet am|datum|skickat|sendt|dato|verzonden|отправлено|дата|发送时间|发送日期|"
	toLabels      = "|to|a|à|para|an|till|til|aan|кому|收件人|"
	subjectLabels = "|subject|oggetto|asunto|objet|sujet|betreff|assunto|ämne|emne|onderwerp|тема|主题|"
	otherLabels   = "|cc|cco|ccn|bcc|copia|copie|copie à|kopie|копия|抄送|reply-to|risposta|rispondi a|responder a|répondre à|antwort an|importance|importanza|priorità|priority|priorité|importancia|wichtigkeit|attachments|allegati|adjuntos|pièces jointes|anlagen|categories|organization|"
)

// roleOf sorts a label in lower case; 0 if it is none.
func roleOf(label string) role {
	label = "|" + label + "|"
	switch {
	case strings.Contains(fromLabels, label):
		return roleFrom
	case strings.Contains(dateLabels, label):
		return roleDate
	case strings.Contains(toLabels, label):
		return roleTo
	case strings.Contains(subjectLabels, label):
		return roleSubject
	case strings.Contains(otherLabels, label):
		return roleOther
	}
	return 0
}

// headersAt returns the length of the header block at i: labels for an author
// and at least two of date, recipient and subject within a few lines, drawn
// line above included. Fewer labels are somebody's form.
func headersAt(lines []string, i int) int {
	start := i
	if isDelimiter(lines[i]) {
		for start++; start < len(lines) && strings.TrimSpace(lines[start]) == ""; {
			start++
		}
	}
	if start >= len(lines) || start > i+3 || label(lines[start]) == 0 {
		return 0
	}
	end, seen := readLabels(lines, start)
	if seen&roleFrom == 0 || countRoles(seen) < 3 {
		return 0
	}
	return end - i
}

// readLabels walks over label lines, their continuations and single blank
// lines between them. It returns the index behind the last label line and what
// was seen.
func readLabels(lines []string, i int) (end int, seen role) {
	const longest, slack = 24, 2
	missed := 0
	for k := i; k < len(lines) && k < i+longest; k++ {
		m := label(lines[k])
		switch {
		case m != 0:
			seen |= m
			end, missed = k+1, 0
		case strings.TrimSpace(lines[k]) == "" && countRoles(seen) >= 3 && seen&roleSubject != 0:
			return end, seen
		default:
			if missed++; missed > slack {
				return end, seen
			}
		}
	}
	return end, seen
}

// label returns the role of a line that begins with a label and a colon, with
// or without stars around the label.
func label(line string) role {
	const within = 30
	line = line[:min(len(line), within)]
	n := strings.IndexByte(line, ':')
	if n < 0 {
		n = strings.Index(line, "：")
	}
	if n < 1 {
		return 0
	}
	name := strings.Trim(line[:n], " \t*")
	if name == "" || strings.Contains(name, "|") {
		return 0
	}
	return roleOf(strings.ToLower(name))
}

func countRoles(r role) int {
	n := 0
	for _, one := range []role{roleFrom, roleDate, roleTo, roleSubject} {
		if r&one != 0 {
			n++
		}
	}
	return n
}
