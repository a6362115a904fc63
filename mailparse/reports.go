package mailparse

import (
	"strings"

	"replyby/mailparse/bounce"
)

// readReports fills Report, ReadReceipt and CalendarMethod from the machine-readable parts.
func (m *Message) readReports() {
	s := bounce.Source{Header: &m.Header, Text: m.Text}
	for i := range m.Parts {
		m.readReport(&m.Parts[i], &s)
	}
	m.Report = bounce.Read(s)
}

func (m *Message) readReport(p *Part, s *bounce.Source) {
	switch p.Type {
	case "message/delivery-status", "message/global-delivery-status", "message/xdelivery-status":
		s.Status = append(append(s.Status, p.Content()...), "\n\n"...) // some mailers put prose into one, fields into another
	case "message/feedback-report":
		s.Feedback = p.Content()
	case "message/rfc822", "message/global", "message/partial", "text/rfc822-headers", "text/rfc822-header",
		"message/rfc822-headers", "message/global-headers":
		if s.Original == nil {
			s.Original = p.Content()
		}
	case "message/disposition-notification", "message/global-disposition-notification":
		m.ReadReceipt = true
	case "text/calendar", "application/ics":
		m.CalendarMethod = calendarMethod(p)
	}
}

// calendarMethod returns the iTIP method (RFC 5546, 1.4) from the parameter or from the calendar itself.
func calendarMethod(p *Part) string {
	if method := p.Params["method"]; method != "" {
		return strings.ToUpper(method)
	}
	for line := range strings.SplitSeq(p.Text(), "\n") {
		if method, ok := strings.CutPrefix(line, "METHOD:"); ok {
			return strings.ToUpper(strings.TrimSpace(method))
		}
	}
	return "PUBLISH"
}
