package charter

import (
	"slices"
	"strings"
	"unicode"

	"replyby/ticket"
)

// Product is what a ticket is about: what its carrier says, else the one product of ours that its subject names; "" where that is none, or can mean
// two. Contracts go by the carrier's word alone: a subject may name anything.
func (c *Charter) Product(t ticket.Ticket) string {
	if said := t.Verdict.Fields["product"]; said != "" {
		return said
	}
	var named []string
	for _, p := range c.Products {
		if holds(t.Subject, p) && !slices.ContainsFunc(named, func(q string) bool { return holds(q, p) }) {
			named = append(slices.DeleteFunc(named, func(q string) bool { return holds(p, q) }), p)
		}
	}
	if len(named) != 1 {
		return ""
	}
	return named[0]
}

// holds reports whether a text has the words of a name, whatever stands between them.
func holds(text, name string) bool {
	apart := func(s string) string {
		return " " + strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ") + " "
	}
	return apart(name) != "  " && strings.Contains(apart(text), apart(name))
}
