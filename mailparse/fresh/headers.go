package fresh

import (
	"regexp"
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

// labelRE reads the label of one line of a header block, as Outlook and others
// write it above the mail they quote, starred or not.
var labelRE = regexp.MustCompile(`(?i)^[\s*]*(` +
	`from|da|de|von|van|från|fra|от|发件人|` +
	`sent|date|inviato(?: il)?|data|data invio|enviado(?: el| em| a)?|enviada(?: em)?|fecha|envoyé(?: le)?|gesendet(?: am)?|datum|skickat|sendt|dato|verzonden|message du|отправлено|дата|发送时间|发送日期|` +
	`to|a|à|para|an|till|til|aan|кому|收件人|` +
	`subject|oggetto|asunto|objet|betreff|assunto|ämne|emne|onderwerp|тема|主题|` +
	`cc|cco|ccn|bcc|copia|copie|copie à|kopie|копия|抄送|reply-to|risposta|rispondi a|responder a|répondre à|antwort an|importance|importanza|priorit[àyé]|importancia|wichtigkeit|attachments|allegati|adjuntos|pièces jointes|anlagen|categories|organization` +
	`)\s?\*?\s?[:：]`)

// roleOf sorts the words above: author, recipient, subject, others; the rest are dates.
func roleOf(label string) role {
	switch strings.ToLower(label) {
	case "from", "da", "de", "von", "van", "från", "fra", "от", "发件人":
		return roleFrom
	case "to", "a", "à", "para", "an", "till", "til", "aan", "кому", "收件人":
		return roleTo
	case "subject", "oggetto", "asunto", "objet", "betreff", "assunto", "ämne", "emne", "onderwerp", "тема", "主题":
		return roleSubject
	case "cc", "cco", "ccn", "bcc", "copia", "copie", "copie à", "kopie", "копия", "抄送", "reply-to", "risposta", "rispondi a", "responder a",
		"répondre à", "antwort an", "importance", "importanza", "priorità", "priority", "priorité",
		"importancia", "wichtigkeit", "attachments", "allegati", "adjuntos", "pièces jointes", "anlagen",
		"categories", "organization":
		return roleOther
	}
	return roleDate
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
	if start >= len(lines) || start > i+3 || !mayBeLabel(lines[start]) {
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

func label(line string) role {
	if !mayBeLabel(line) {
		return 0
	}
	m := labelRE.FindStringSubmatch(line)
	if m == nil {
		return 0
	}
	return roleOf(m[1])
}

// mayBeLabel is the cheap test before the regular expression: a colon near
// the start of the line.
func mayBeLabel(line string) bool {
	const within = 30
	n := strings.IndexByte(line, ':')
	if n < 0 {
		n = strings.Index(line, "：")
	}
	return n > 0 && n <= within
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
