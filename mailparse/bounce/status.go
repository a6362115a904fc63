package bounce

import (
	"regexp"
	"strings"

	"replyby/mailparse/header"
)

// enhanced finds an enhanced status code that is no part of an address, a version or a longer number.
var enhanced = regexp.MustCompile(`(?:^|[^0-9A-Za-z.])([245]\.\d\.\d{1,3})(?:$|[^0-9A-Za-z.]|\.(?:\D|$))`)

// replied finds an enhanced status code behind a reply code of SMTP (RFC 2034).
var replied = regexp.MustCompile(`(?:^|[^0-9.])[245][0-5]\d[ -]+['"(#]*([245]\.\d\.\d{1,3})(?:$|[^0-9A-Za-z.])`)

// maxRecipients bounds a report; a mailer that lists more says nothing new.
const maxRecipients = 200

// readStatus reads the fields of a report, from their own part or from the text.
func (r *Report) readStatus(s Source, notice string) {
	fields := s.Status
	if s.Feedback != nil {
		fields = s.Feedback
	}
	if !hasRecipient(fields) {
		at := strings.Index(strings.ToLower(notice), "final-recipient:")
		if at < 0 {
			return
		}
		if group := strings.LastIndex(notice[:at], "\n\n"); group >= 0 {
			at = group + 2
		}
		fields = []byte(notice[at:])
	}
	r.Structured = true
	for _, group := range header.Groups(fields[:min(len(fields), longestNotice)]) {
		if r.readGroup(group); len(r.Recipients) >= maxRecipients {
			break
		}
	}
}

func hasRecipient(fields []byte) bool {
	lower := strings.ToLower(string(fields))
	return strings.Contains(lower, "-recipient:") || strings.Contains(lower, "-rcpt-to:")
}

// readGroup reads one block of fields. Blocks of several recipients run together in some reports: a field that comes again
// begins the next recipient.
func (r *Report) readGroup(group header.Header) {
	var now Recipient
	seen := map[string]bool{}
	for _, f := range group.Fields {
		name := strings.ToLower(f.Name)
		switch name {
		case "final-recipient", "original-recipient", "x-actual-recipient", "original-rcpt-to",
			"removal-recipient", "action", "status", "diagnostic-code":
		default:
			continue
		}
		if seen[name] && name != "diagnostic-code" {
			r.add(now)
			now = Recipient{}
			clear(seen)
		}
		seen[name] = true
		now.set(name, f.Raw)
	}
	r.add(now)
}

func (r *Report) add(one Recipient) {
	if one.Addr() != "" || one.Action != "" || one.Status != "" {
		r.Recipients = append(r.Recipients, one)
	}
}

func (one *Recipient) set(name, raw string) {
	value := header.Decode(raw)
	switch name {
	case "final-recipient":
		one.Final = typedAddress(raw)
	case "original-recipient", "original-rcpt-to", "removal-recipient":
		one.Original = typedAddress(raw)
	case "x-actual-recipient":
		if one.Original == "" {
			one.Original = typedAddress(raw)
		}
	case "action":
		one.Action, _, _ = strings.Cut(strings.ToLower(value), " ")
	case "status":
		one.Status = statusIn(value)
	case "diagnostic-code":
		if _, said, ok := strings.Cut(value, ";"); ok && len(value)-len(said) < 20 {
			value = strings.TrimSpace(said)
		}
		one.Diagnostic = strings.TrimSpace(one.Diagnostic + " " + value)
	}
}

// typedAddress reads "rfc822; user@host" (RFC 3464, 2.3.1).
func typedAddress(value string) string {
	if _, addr, ok := strings.Cut(value, ";"); ok {
		value = addr
	}
	if !strings.Contains(value, "<") {
		value = "<" + value + ">"
	}
	if found := header.ParseAddresses(value); len(found) > 0 && strings.Contains(found[0].Addr, "@") {
		return found[0].Addr
	}
	return ""
}

func statusIn(text string) string {
	if m := enhanced.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// complete fills what the fields left out or left vague (5.0.0) from what the failing host said, then from the notice.
func (r *Report) complete(p *prose, notice string) {
	for i := range r.Recipients {
		one := &r.Recipients[i]
		one.prefer(saidStatus(one.Diagnostic))
		if j, ok := p.byAddr[strings.ToLower(one.Addr())]; ok && (one.Status == "" || vague(one.Status)) {
			one.prefer(p.found[j].Status)
		}
		if (one.Status == "" || vague(one.Status)) && len(r.Recipients) == 1 {
			one.prefer(failureIn(notice))
		}
	}
}

// prefer takes a status over the one given, unless it says less.
func (one *Recipient) prefer(status string) {
	if status != "" && (one.Status == "" || !vague(status)) {
		one.Status = status
	}
}

// saidStatus returns the status a failing host answered with: the last one behind a reply code, since mailers quote the
// answer of the host behind them inside their own ("5.1.0 - Unknown address error 550-'5.2.2 ..."); else the first one.
func saidStatus(text string) string {
	if all := replied.FindAllStringSubmatch(text, -1); len(all) > 0 {
		return all[len(all)-1][1]
	}
	return statusIn(text)
}

// failureIn returns the first status of class 4 or 5 in a notice, which may hold a transcript with good answers.
func failureIn(notice string) string {
	for _, m := range enhanced.FindAllStringSubmatch(notice, -1) {
		if m[1][0] != '2' {
			return m[1]
		}
	}
	return ""
}

// vague reports a status that names only its class: "other or undefined" (RFC 3463, 3.1).
func vague(status string) bool {
	return strings.HasSuffix(status, ".0.0")
}
