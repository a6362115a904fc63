package classifier

import (
	"slices"
	"strings"

	"replyby/classifier/phrase"
	"replyby/classifier/source"
	"replyby/mailparse"
)

// letterMark is the header every mail of ours carries.
const letterMark = "X-Replyby-Letter"

// ourMark tells mail of ours coming back, and mail that goes in circles: our
// mark on it twice, or more hops than any route has (RFC 5321, section 6.3).
func ourMark(m *mailparse.Message) (Kind, string) {
	const mostHops = 50
	switch n := m.Header.Count(letterMark); {
	case m.Header.Count("Received") > mostHops:
		return Loop, "more than 50 Received lines"
	case n > 1:
		return Loop, "our letter mark stands on it more than once"
	case n == 1:
		return Own, "it carries our letter mark"
	}
	return "", ""
}

// sign is one piece of evidence.
type sign struct {
	kind   Kind
	reason string
}

// readKind asks structure, then headers, then the subject.
func (c *Classifier) readKind(v *Verdict, m, body *mailparse.Message) {
	class, words := c.phrases.Of(m.Subject)
	if body == m && source.IsEnvelope(m) { // which a machine sends, so its fields say nothing
		v.Source = source.Carrier(m)
		v.Reasons = append(v.Reasons, "certified mail: the message inside the envelope is not there to be read")
		return
	}
	if body != m {
		v.Source = source.Carrier(m)
		reason := "certified mail: the message inside the envelope is read"
		if v.Source != "pec" {
			reason = "not certified: the message inside an envelope of an anomaly is read"
		}
		v.Reasons = append(v.Reasons, reason)
		m = body
		class, words = c.phrases.Of(m.Subject)
	}
	v.Suspect = class != phrase.None
	s := structure(m, class)
	if s.kind == "" {
		s = c.headers(m, class)
	}
	switch {
	case s.kind != "":
		v.Kind = s.kind
		v.Reasons = append(v.Reasons, s.reason)
	case class != phrase.None && c.confirmed(m, class):
		v.Kind = SuspectAuto
		v.Reasons = append(v.Reasons, "only the subject looks automatic: "+words)
	case class != phrase.None:
		v.Reasons = append(v.Reasons, "only the subject looks automatic, and the text says nothing of the kind: "+words)
	default:
		v.Reasons = append(v.Reasons, "no sign of automation")
	}
}

// confirmed reports whether the text of a mail, too, is that of the machine which its subject looks like. Words that cannot be read speak neither way:
// they are of a language whose machines nobody here knows, and the subject stands.
func (c *Classifier) confirmed(m *mailparse.Message, class phrase.Class) bool {
	if class == phrase.Calendar && slices.ContainsFunc(m.Parts, func(p mailparse.Part) bool { return p.Type == "text/calendar" || p.Type == "application/ics" }) {
		return true
	}
	text := m.Text
	if domain := first(m.From).Domain(); domain != "" {
		text = strings.ReplaceAll(text, "@"+domain, "") // a signature's; delivery programs speak of others' addresses
	}
	_, sure := c.detector.Detect(text)
	return !sure || phrase.Confirms(class, text)
}

// structure looks at what the mail is made of.
func structure(m *mailparse.Message, class phrase.Class) sign {
	switch receipt := strings.ToLower(strings.TrimSpace(m.Header.Get("X-Ricevuta"))); receipt {
	case "":
	case "non-accettazione", "errore-consegna", "rilevazione-virus":
		return sign{Bounce, "certified mail reports a failure: " + receipt}
	case "preavviso-errore-consegna":
		return sign{Delay, "certified mail reports a delay: " + receipt}
	default:
		return sign{Receipt, "receipt of certified mail: " + receipt}
	}
	if source.IsReceipt(m) {
		return sign{Receipt, "evidence of registered mail, without a mail"}
	}
	if answersInvitation(m) {
		return sign{Calendar, "text/calendar with METHOD " + m.CalendarMethod}
	}
	if m.ReadReceipt && (byMailer(m) || stands(m, "message/disposition-notification")) {
		return sign{Receipt, "disposition notification"}
	}
	if class == phrase.Voicemail && hasAudio(m) {
		return sign{Voicemail, "a recording is attached, and the subject is a telephone exchange's"}
	}
	return report(m, class)
}

// answersInvitation tells the answers of calendar programs (RFC 5546) from a calendar file that a person attached.
func answersInvitation(m *mailparse.Message) bool {
	switch m.CalendarMethod {
	case "REPLY", "COUNTER", "REFRESH":
		return stands(m, "text/calendar", "application/ics")
	}
	return false
}

// stands reports whether a part of some types is in the mail itself, not attached to it.
func stands(m *mailparse.Message, types ...string) bool {
	return slices.ContainsFunc(m.Parts, func(p mailparse.Part) bool { return slices.Contains(types, p.Type) && p.Disposition != "attachment" })
}

func hasAudio(m *mailparse.Message) bool {
	for i := range m.Parts {
		if strings.HasPrefix(m.Parts[i].Type, "audio/") {
			return true
		}
	}
	return false
}

// report judges delivery reports, structured or in prose. Both count only
// with another sign, since people forward bounces and send reports along.
func report(m *mailparse.Message, class phrase.Class) sign {
	r := m.Report
	if r == nil {
		if m.ContentType != "multipart/report" || !strings.EqualFold(m.Params["report-type"], "delivery-status") {
			return sign{}
		}
		r = &mailparse.Report{Structured: true}
	}
	switch {
	case !byMailer(m):
		return sign{}
	case r.Complaint:
		return sign{Automatic, "abuse report (RFC 5965)"}
	}
	return byAction(r, class)
}

// byMailer looks for a sign that a program wrote of the delivery or reading of
// another mail: a report is a multipart/report (RFC 6522) or comes from a
// mailer. The subject is none, since people write of mail that came back; nor
// is a postmaster who writes through a list or in somebody's name.
func byMailer(m *mailparse.Message) bool {
	if m.ContentType == "multipart/report" || nullPath(m) || isMailerDaemon(m) || isNoReply(m.From) || first(m.From).Addr == "" ||
		autoSubmitted(m) != "" || m.Header.Has("X-Failed-Recipients") {
		return true
	}
	own := m.ReturnPath == nil || strings.EqualFold(*m.ReturnPath, first(m.From).Addr)
	return fromDaemon(m) && own
}

// byAction tells failure from delay (RFC 3464, section 2.3.3).
func byAction(r *mailparse.Report, class phrase.Class) sign {
	failed, delayed, good := false, false, false
	for _, to := range r.Recipients {
		switch to.Action {
		case "failed":
			failed = true
		case "delayed":
			delayed = true
		case "delivered", "relayed", "expanded":
			good = true
		}
	}
	switch {
	case failed:
		return sign{Bounce, "delivery report: failed"}
	case delayed:
		return sign{Delay, "delivery report: delayed"}
	case good && class != phrase.Bounce:
		return sign{Receipt, "delivery report: delivered"}
	case class == phrase.Delay:
		return sign{Delay, "delivery report without an action; the subject says delay"}
	}
	return sign{Bounce, "delivery report"}
}

// headers looks for what mail programs say of themselves.
func (c *Classifier) headers(m *mailparse.Message, class phrase.Class) sign {
	if s := daemon(m, class); s.kind != "" {
		return s
	}
	if reason := autoReplyHeader(m, class); reason != "" {
		return sign{ofClass(class, AutoReply), reason}
	}
	if reason := automaticHeader(m); reason != "" {
		kind := ofClass(class, Automatic)
		if kind == Automatic && len(m.InReplyTo) > 0 && nullPath(m) {
			kind = AutoReply
		}
		return sign{kind, reason}
	}
	if reason := c.listHeader(m); reason != "" {
		if class == phrase.AutoReply {
			return sign{AutoReply, reason + ", and the subject is an automatic answer's"}
		}
		return sign{List, reason}
	}
	return sign{}
}

// daemon judges mail of delivery programs that no report could be read from.
func daemon(m *mailparse.Message, class phrase.Class) sign {
	failed := m.Header.Has("X-Failed-Recipients")
	if !failed && !fromDaemon(m) && !(nullPath(m) && (class == phrase.Bounce || class == phrase.Delay)) {
		return sign{}
	}
	switch {
	case class == phrase.Delay:
		return sign{Delay, "a delivery program reports a delay"}
	case class == phrase.Bounce, failed:
		return sign{Bounce, "a delivery program reports a failure"}
	case nullPath(m) || m.ContentType == "multipart/report" || isMailerDaemon(m):
		return sign{ofClass(class, Bounce), "mail of a delivery program"}
	}
	return sign{}
}

// ofClass is the kind a phrase stands for, or fallback.
func ofClass(class phrase.Class, fallback Kind) Kind {
	switch class {
	case phrase.None, phrase.Automatic:
		return fallback
	case phrase.AutoReply:
		return AutoReply
	}
	return Kind(class)
}

func autoReplyHeader(m *mailparse.Message, class phrase.Class) string {
	h := &m.Header
	if strings.HasPrefix(autoSubmitted(m), "auto-replied") {
		return "Auto-Submitted: auto-replied"
	}
	for _, name := range []string{"X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Auto-Reply", "X-Mail-Autoreply",
		"X-AutoReply-From", "X-Autoreply-Domain", "X-Autoresponder", "X-Vacation"} {
		if !h.Has(name) {
			continue
		}
		if value := strings.ToLower(strings.TrimSpace(h.Get(name))); value != "no" && value != "false" {
			return name
		}
	}
	switch strings.ToLower(strings.TrimSpace(h.Get("Precedence"))) {
	case "auto_reply", "auto-reply", "autoreply":
		return "Precedence: auto_reply"
	}
	if strings.Contains(strings.ToLower(h.Get("X-POST-MessageClass")), "autoresponder") || strings.EqualFold(h.Get("Delivered-To"), "autoresponder") {
		return "marked by an autoresponder"
	}
	if strings.EqualFold(strings.TrimSpace(h.Get("X-Apple-Action")), "VACATION") {
		return "X-Apple-Action: VACATION"
	}
	if h.Has("X-Auto-Response-Suppress") && class == phrase.AutoReply {
		return "X-Auto-Response-Suppress, and the subject is an automatic answer's"
	}
	return ""
}

// autoSubmitted returns the first word of Auto-Submitted (RFC 3834, section 5)
// in lower case; parameters do not count.
func autoSubmitted(m *mailparse.Message) string {
	for _, value := range m.Header.All("Auto-Submitted") {
		word, _, _ := strings.Cut(value, ";")
		word, _, _ = strings.Cut(word, "(")
		if word = strings.ToLower(strings.TrimSpace(word)); word != "no" && word != "" {
			return word
		}
	}
	return ""
}

func automaticHeader(m *mailparse.Message) string {
	h := &m.Header
	if word := autoSubmitted(m); word != "" && !passedOn(m) {
		return "Auto-Submitted: " + word
	}
	if nullPath(m) {
		return "null Return-Path"
	}
	if m.ContentType == "multipart/report" {
		return "multipart/report"
	}
	for _, name := range []string{"X-Autogenerated", "X-Auto-Generated", "Feedback-Type"} {
		if h.Has(name) {
			return name
		}
	}
	if strings.EqualFold(strings.TrimSpace(h.Get("X-FC-MachineGenerated")), "true") {
		return "X-FC-MachineGenerated"
	}
	if strings.EqualFold(strings.TrimSpace(h.Get("X-Amazon-Mail-Relay-Type")), "notification") {
		return "X-Amazon-Mail-Relay-Type: notification"
	}
	if isNoReply(m.From) && (len(m.ReplyTo) == 0 || isNoReply(m.ReplyTo)) {
		return "From takes no answers"
	}
	return ""
}

// listHeader tells mass mail. The List-Id of one of the desk's own groups is a
// route by which mail arrives.
func (c *Classifier) listHeader(m *mailparse.Message) string {
	h := &m.Header
	if c.ownRoute(h.Get("List-Id")) {
		return ""
	}
	for _, name := range []string{"List-Id", "List-Unsubscribe", "List-Post"} {
		if h.Has(name) {
			return name
		}
	}
	for _, name := range []string{"Precedence", "X-Precedence"} {
		switch value := strings.ToLower(strings.TrimSpace(h.Get(name))); value {
		case "bulk", "junk", "list":
			return name + ": " + value
		}
	}
	return ""
}

func (c *Classifier) ownRoute(listID string) bool {
	listID = strings.ToLower(strings.TrimSpace(listID))
	return slices.ContainsFunc(c.routes, func(id string) bool { return listID == id || strings.Contains(listID, "<"+id+">") })
}

func nullPath(m *mailparse.Message) bool { return m.ReturnPath != nil && *m.ReturnPath == "" }

func isMailerDaemon(m *mailparse.Message) bool {
	return len(m.From) > 0 && strings.HasPrefix(strings.ToLower(m.From[0].Local()+m.From[0].Addr), "mailer-daemon")
}

// fromDaemon tells the addresses delivery programs write from.
func fromDaemon(m *mailparse.Message) bool {
	if isMailerDaemon(m) {
		return true
	}
	if len(m.From) == 0 {
		return false
	}
	local := source.Unpunctuated(strings.ToLower(m.From[0].Local()))
	return local == "postmaster" || local == "maildaemon" || local == "mdaemon" || local == "mmdf"
}
