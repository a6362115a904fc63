package source

import (
	"slices"
	"strings"

	"replyby/mailparse"
)

// repeats reports whether the lines above a message hold the address of the visitor.
func repeats(head []string, m *mailparse.Message) bool {
	who := visitor(m)
	return slices.ContainsFunc(head, func(line string) bool {
		return slices.ContainsFunc(addressRE.FindAllString(line, -1), func(a string) bool { return strings.EqualFold(a, who) })
	})
}

// visitor is the address in Reply-To where that is not the one in From, else "".
// Few mails have one, so that hardly any text is looked through for it.
func visitor(m *mailparse.Message) string {
	who := firstAddress(m.ReplyTo).Addr
	if strings.EqualFold(who, firstAddress(m.From).Addr) {
		return ""
	}
	return who
}

// Visitor is who filled in a form that no rule knows and that writes in the name of a site, zero for any other mail: the address in Reply-To where
// the mail itself repeats it near its top, as the value of one label among others. What people sign with stands below their words, and has their domain.
func Visitor(m *mailparse.Message) mailparse.Address {
	who := firstAddress(m.ReplyTo)
	if visitor(m) == "" || IsNoReply(who) || strings.EqualFold(who.Domain(), firstAddress(m.From).Domain()) || len(m.InReplyTo)+len(m.References) > 0 {
		return mailparse.Address{}
	}
	const near, most = 12, 60 // lines
	lines := filled(capped(m.Text), most)
	at := slices.IndexFunc(lines[:min(near, len(lines))], func(l string) bool {
		return strings.Contains(l, "@") && strings.EqualFold(addressRE.FindString(l), who.Addr)
	})
	if at < 1 {
		return mailparse.Address{}
	}
	above, below := lines[:at], lines[at+1:]
	if bare := strings.Trim(lines[at], "<>() \t"); strings.EqualFold(bare, who.Addr) { // its label is a line of its own
		if !isLabel(above[at-1]) {
			return mailparse.Address{}
		}
		above = above[:at-1]
	} else if !isLabel(lines[at]) {
		return mailparse.Address{}
	}
	if !beginsForm(above) || !slices.ContainsFunc(below, isLabel) {
		return mailparse.Address{}
	}
	return who
}

// beginsForm tells lines that are fields of a form up to the last, below what it begins with. Who signs has written more above, or his name stands between.
func beginsForm(lines []string) bool {
	const most = 2 // lines of words above
	first := len(lines)
	for first > 0 {
		switch {
		case isLabel(lines[first-1]):
			first--
		case first > 1 && isBare(lines[first-2]): // its value is a line of its own
			first -= 2
		default:
			return first < len(lines) && first <= most
		}
	}
	return len(lines) > 0
}

// isBare tells a label without a value.
func isBare(line string) bool {
	_, rest, _ := cutLabel(line)
	return isLabel(line) && rest == ""
}

// filled are the first lines of a text that are not blank.
func filled(text string, most int) []string {
	var out []string
	for l := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(l) == "" {
			continue
		}
		if out = append(out, l); len(out) == most {
			break
		}
	}
	return out
}

// isLabel tells a line that begins with a few words and a colon, as forms write what they asked.
func isLabel(line string) bool {
	const longest = 40
	label, rest, ok := cutLabel(line)
	return ok && label != "" && label[0] != '>' && len(label) <= longest && len(strings.Fields(label)) <= 4 && !strings.HasPrefix(rest, "//")
}
