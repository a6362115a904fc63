package header

import (
	"iter"
	"strings"
	"unicode"

	"replyby/mailparse/problem"
)

// MaxIDs bounds how many ids one field yields; a References line longer than that keeps its last ones.
const MaxIDs = 200

// IDs returns the message ids of the topmost field called name, in order and without brackets.
func (h *Header) IDs(name string, report *problem.List) []string {
	ids, clean := IDs(h.Raw(name))
	if !clean {
		report.Add(problem.MessageIDSyntax, name)
	}
	return ids
}

// ID returns the one message id of the topmost field called name.
func (h *Header) ID(name string, report *problem.List) string {
	id, clean := ID(h.Raw(name))
	if !clean {
		report.Add(problem.MessageIDSyntax, name)
	}
	return id
}

// IDs returns the message ids in a raw value without their brackets, in order (RFC 5322, 3.6.4). Blanks that folding left
// inside an id are removed. clean is false if the value does not follow the grammar.
func IDs(raw string) (ids []string, clean bool) {
	clean = true
	for found, bracketed := range candidates(raw) {
		id := oneLine(strings.ToValidUTF8(withoutBlanks(found), "\uFFFD"))
		if id == "" {
			clean = false
			continue
		}
		clean = clean && bracketed && found == id && strings.Contains(id, "@")
		ids = append(ids, id)
	}
	if len(ids) > MaxIDs {
		ids = ids[len(ids)-MaxIDs:]
	}
	return ids, clean
}

// candidates yields what was meant as an id, also in fields that break the grammar: in brackets whatever it is, without them a
// word with an "@" inside.
func candidates(raw string) iter.Seq2[string, bool] {
	return func(yield func(found string, bracketed bool) bool) {
		for raw != "" {
			n := strings.IndexAny(raw, outsideID)
			if n < 0 {
				n = len(raw)
			}
			if holdsAt(raw[:n]) && !yield(raw[:n], false) {
				return
			}
			inside, rest, ok := cutBrackets(raw[n:])
			if ok && !yield(inside, true) {
				return
			}
			raw = rest
		}
	}
}

// cutBrackets takes a pair of brackets from the start of s, or else one character.
func cutBrackets(s string) (inside, rest string, ok bool) {
	if !strings.HasPrefix(s, "<") {
		return "", s[min(len(s), 1):], false
	}
	end := strings.IndexAny(s[1:], "<>") + 1
	if end <= 1 || s[end] != '>' {
		return "", s[1:], false
	}
	return strings.Trim(s[1:end], " \t"), s[end+1:], true
}

// outsideID are the characters that part ids which stand without brackets.
const outsideID = " \t\r\n\f<>,;\"()"

// holdsAt reports an "@" that is neither the first nor the last character.
func holdsAt(word string) bool {
	return len(word) > 2 && strings.IndexByte(word[1:len(word)-1], '@') >= 0
}

// withoutBlanks removes all blanks; hardly any id has one.
func withoutBlanks(s string) string {
	if !strings.ContainsFunc(s, unicode.IsSpace) {
		return s
	}
	return strings.Join(strings.Fields(s), "")
}

// ID returns the one id of a raw Message-ID value. A value without brackets or "@" is taken as it stands, since another
// system made it and will quote it so.
func ID(raw string) (id string, clean bool) {
	if raw == "" {
		return "", true
	}
	ids, clean := IDs(raw)
	if len(ids) > 0 {
		return ids[0], clean && len(ids) == 1
	}
	return withoutBlanks(Decode(raw)), false
}
