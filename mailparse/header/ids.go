package header

import (
	"regexp"
	"strings"

	"replyby/mailparse/problem"
)

// MaxIDs bounds how many ids one field yields; a References line longer than that keeps its last ones.
const MaxIDs = 200

// idPattern finds what was meant as an id in fields that break the grammar: with or without brackets, commas between.
var idPattern = regexp.MustCompile(`<[ \t]*([^<>]+?)[ \t]*>|([^\s<>,;"()]+@[^\s<>,;"()]+)`)

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
	for _, m := range idPattern.FindAllStringSubmatch(raw, -1) {
		id := strings.Join(strings.Fields(m[1]+m[2]), "")
		if id = oneLine(strings.ToValidUTF8(id, "\uFFFD")); id == "" {
			clean = false
			continue
		}
		clean = clean && m[1] == id && strings.Contains(id, "@")
		ids = append(ids, id)
	}
	if len(ids) > MaxIDs {
		ids = ids[len(ids)-MaxIDs:]
	}
	return ids, clean
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
	return strings.Join(strings.Fields(Decode(raw)), ""), false
}
