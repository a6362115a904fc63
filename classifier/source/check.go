package source

import (
	"slices"
	"strings"

	"replyby/mailparse"
)

// Finding is what one rule says about one mail, for a table.
type Finding struct {
	Rule    string
	Matched bool
	Found   Found // zero if not matched
}

// Check tries one rule on one mail.
func Check(r *Reader, m *mailparse.Message, d Desk) Finding {
	body := Body(m)
	if !r.Matches(m, body, d) {
		return Finding{Rule: r.Name()}
	}
	return Finding{Rule: r.Name(), Matched: true, Found: r.Read(m, body, d)}
}

// IsEnvelope tells the envelope of a certified mail, in which somebody's mail travels.
func IsEnvelope(m *mailparse.Message) bool {
	return transport(m) != "" || remSection(m, "original") >= 0
}

// Carrier is what an envelope came by. In one of an anomaly travels what the provider does not certify: ordinary mail to a certified mailbox, or an
// envelope that was tampered with.
func Carrier(m *mailparse.Message) string {
	if transport(m) == "errore" {
		return "pec_anomaly"
	}
	return "pec"
}

// transport is the kind of an Italian envelope, "" of any other mail.
func transport(m *mailparse.Message) string {
	switch kind := strings.ToLower(strings.TrimSpace(m.Header.Get("X-Trasporto"))); kind {
	case "posta-certificata", "errore":
		return kind
	}
	return ""
}

// remSection finds a section of a registered mail of the European kind (ETSI EN 319 532-3; ETSI TS 102 640-2 before), -1 if there is none.
func remSection(m *mailparse.Message, name string) int {
	return slices.IndexFunc(m.Parts, func(p mailparse.Part) bool {
		section := strings.ToLower(p.Header.Get("REM-Section-Type") + p.Header.Get("X-REM-Section-Type"))
		return strings.HasPrefix(section, "rem_message/") && strings.Contains(section, name)
	})
}

// IsReceipt tells what a service of registered mail writes of its own: evidence, and nobody's mail.
func IsReceipt(m *mailparse.Message) bool {
	return remSection(m, "evidence") >= 0 && remSection(m, "original") < 0
}

// Body returns the mail that a person wrote: the one inside a certified-mail
// envelope (RFC 6109, section 3.1: X-Trasporto, postacert.eml; or the original
// of a registered mail), else m itself.
func Body(m *mailparse.Message) *mailparse.Message {
	kind := transport(m)
	for i := range m.Parts {
		p := &m.Parts[i]
		if kind != "" && p.IsMessage() && (strings.EqualFold(p.Name, "postacert.eml") || kind == "errore") {
			return mailparse.Parse(p.Content())
		}
	}
	if i := remSection(m, "original"); i >= 0 && m.Parts[i].IsMessage() {
		return mailparse.Parse(m.Parts[i].Content())
	}
	return m
}
