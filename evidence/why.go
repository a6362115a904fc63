package evidence

import (
	"strconv"
	"strings"
)

// reasons are the words in which the log says why a request was judged as it was, and the key of the same in the catalogue. What stands
// in quotes before them is the {term}.
func reasons() []struct{ log, key string } {
	return []struct{ log, key string }{
		{"in the subject is the term of the contract", "why.contract"},
		{"in the subject is urgent, but not the term of the contract", "why.urgent"},
		{"only looks urgent", "why.looks"},
		{"is denied", "why.denied"},
		{"no term of urgency in the subject", "why.none"},
		{"X-Priority is high", "why.flag"},
		{"Importance is high", "why.flag"},
		{"Priority is urgent", "why.flag"},
		{"the text calls it urgent, the subject does not", "why.text"},
		{"our own last mail has the same subject", "why.ours"},
		{"the form it came through has no subject field", "why.form"},
		{"customer read from the message inside", "why.inside"},
		{"From was rewritten on the way", "why.rewritten"},
		{"From is no customer", "why.nobody"},
		{"source rule ", "why.source"},
		{"customer read from ", "why.place"},
		{"no address of the customer found", "why.nowhere"},
		{"our server did not find ", "why.unproven"},
		{"read from the text, so not the contract's term", "why.text"},
		{"certified mail: the message inside the envelope is read", "why.certified"},
		{"certified mail: the message inside the envelope is not", "why.sealed"},
		{"not certified: the message inside", "why.anomaly"},
		{"only the subject looks automatic", "why.suspect"},
		{"no sign of automation", "why.person"},
	}
}

// why says the reasons of a verdict in the language of the page. One that has no words here stands as it is in the log.
func (t *teller) why(log []string) string {
	said := ""
	for i, reason := range log {
		if i == 0 {
			said = t.reason(reason)
			continue
		}
		said = t.say.Say("semicolon", "one", said, "two", t.reason(reason))
	}
	return said
}

func (t *teller) reason(log string) string {
	term, rest := "", log
	if quoted, err := strconv.QuotedPrefix(log); err == nil {
		term, _ = strconv.Unquote(quoted)
		rest = strings.TrimSpace(log[len(quoted):])
	}
	for _, r := range reasons() {
		if strings.HasPrefix(rest, r.log) {
			return t.say.Say(r.key, "term", term)
		}
	}
	return log
}
