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
