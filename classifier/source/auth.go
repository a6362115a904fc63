package source

import (
	"strings"

	"replyby/mailparse"
)

// readAuth checks what the rule demands. A mail that lacks it is still a
// ticket, but says so: anyone can write "new message" into a subject.
func (r *Reader) readAuth(f *Found, m *mailparse.Message, d Desk) {
	want := r.rule.Match.RequireAuth
	if want == "" {
		return
	}
	if authenticated(m, want, d.AuthservID) {
		f.Flags["authentic"] = yes
		return
	}
	f.Flags["authentic"] = unknown
	f.Reasons = append(f.Reasons, "our server did not find "+want+" good for the domain in From")
}

// authenticated looks into the topmost Authentication-Results (RFC 8601), if
// it is our own server's, for method=pass aligned with the domain in From.
func authenticated(m *mailparse.Message, method, authserv string) bool {
	results := m.Header.All("Authentication-Results")
	domain := firstAddress(m.From).Domain()
	if authserv == "" || len(results) == 0 || domain == "" {
		return false
	}
	parts := strings.Split(dropComments(results[0]), ";")
	id := strings.Fields(parts[0])
	if len(id) == 0 || !strings.EqualFold(id[0], authserv) {
		return false
	}
	for _, p := range parts[1:] {
		if passes(strings.Fields(strings.ToLower(p)), method, domain) {
			return true
		}
	}
	return false
}

// passes reads one result: method=pass, then properties.
func passes(words []string, method, domain string) bool {
	if len(words) == 0 || words[0] != method+"=pass" {
		return false
	}
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, "=")
		switch name {
		case "header.d", "header.i", "smtp.mailfrom", "smtp.helo":
			value = strings.Trim(value, `"`)
			value = value[strings.LastIndexByte(value, '@')+1:]
			if aligned(value, domain) {
				return true
			}
		}
	}
	return false
}

// aligned is relaxed alignment (RFC 7489, section 3.1) as far as it goes
// without a list of public suffixes: equal, or one is below the other with at
// least two labels left.
func aligned(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	return a == b || strings.Count(b, ".") >= 1 && strings.HasSuffix(a, "."+b)
}

// dropComments removes parenthesised comments and keeps quoted strings whole,
// so that nothing a sender put into them is read as a result.
func dropComments(s string) string {
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch ch := s[i]; {
		case ch == '\\' && (quoted || depth > 0):
			i++
		case ch == '"' && depth == 0:
			quoted = !quoted
		case quoted:
			if ch != ';' && ch != ' ' {
				b.WriteByte(ch)
			}
		case ch == '(':
			depth++
		case ch == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteByte(ch)
		}
	}
	return b.String()
}
