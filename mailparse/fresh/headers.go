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

// roleOf sorts the labels of a header block, in lower case, as Outlook and
// others write them above the mail they quote; 0 if it is none.
func roleOf(label string) role {
	switch label {
	case "from", "da", "de", "von", "van", "från", "fra", "от", "发件人":
		return roleFrom
	case "sent", "date", "inviato", "inviato il", "data", "data invio", "enviado", "enviado el", "enviado em", "enviado a",
		"enviada", "enviada em", "fecha", "envoyé", "envoyé le", "message du", "gesendet", "gesendet am", "datum", "skickat",
		"sendt", "dato", "verzonden", "отправлено", "дата", "发送时间", "发送日期":
		return roleDate
	case "to", "a", "à", "para", "an", "till", "til", "aan", "кому", "收件人":
		return roleTo
	case "subject", "oggetto", "asunto", "objet", "sujet", "betreff", "assunto", "ämne", "emne", "onderwerp", "тема", "主题":
		return roleSubject
	case "cc", "cco", "ccn", "bcc", "copia", "copie", "copie à", "kopie", "копия", "抄送", "reply-to", "risposta", "rispondi a",
		"responder a", "répondre à", "antwort an", "importance", "importanza", "priorità", "priority", "priorité", "importancia",
		"wichtigkeit", "attachments", "allegati", "adjuntos", "pièces jointes", "anlagen", "categories", "organization":
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
	return roleOf(strings.ToLower(strings.Trim(line[:n], " \t*")))
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
