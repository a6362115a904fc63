package mailparse

import (
	"regexp"
	"slices"
	"strings"
)

// Invitation is what the first event of a calendar part says (RFC 5545, 3.6.1), for people: what, when, where, and its description where
// the mail has no text. "" where there is none.
func (m *Message) Invitation() string {
	i := slices.IndexFunc(m.Parts, func(p Part) bool { return p.Type == "text/calendar" })
	if i < 0 {
		return ""
	}
	_, event, found := strings.Cut(unfolded(m.Parts[i].Text()), "BEGIN:VEVENT\n")
	if !found {
		return ""
	}
	event, _, _ = strings.Cut(event, "END:VEVENT")
	wanted := []string{"SUMMARY", "DTSTART", "DTEND", "LOCATION"}
	if strings.TrimSpace(m.Text) == "" {
		wanted = append(wanted, "DESCRIPTION")
	}
	var said []string
	for _, name := range wanted {
		if value := property(event, name); value != "" {
			said = append(said, name+": "+value)
		}
	}
	return strings.Join(said, "\n")
}

// unfolded puts lines together that were broken (RFC 5545, 3.1).
func unfolded(text string) string {
	return strings.NewReplacer("\r\n ", "", "\r\n\t", "", "\n ", "", "\n\t", "", "\r\n", "\n").Replace(text)
}

// stamp is a date, with its time (RFC 5545, 3.3.4 and 3.3.5).
var stamp = regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$`)

// property is the value of the first property of that name, a date as people write it.
func property(event, name string) string {
	for line := range strings.SplitSeq(event, "\n") {
		head, value, found := strings.Cut(line, ":")
		field, params, _ := strings.Cut(head, ";")
		if !found || !strings.EqualFold(field, name) {
			continue
		}
		value = strings.TrimSpace(strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(value))
		at := stamp.FindStringSubmatch(value)
		if at == nil {
			return value
		}
		value = strings.Join(at[1:4], "-")
		if at[4] != "" {
			value += " " + at[4] + ":" + at[5]
		}
		zone := strings.TrimPrefix(params, "TZID=")
		switch {
		case at[6] == "Z":
			value += " UTC"
		case zone != params:
			value += " " + zone
		}
		return value
	}
	return ""
}
