// Package bounce reads what a delivery report says about the delivery of another message.
//
// It reads the machine-readable parts of RFC 3464 (delivery status) and RFC 5965 (abuse reports), also where they stand in
// plain text, and otherwise the prose of mailers that write none: which address, which status, which message. It says what
// the report states, not whether to believe it: anyone can write one, so a bounce is proven only by our own Message-ID.
package bounce

import (
	"strings"

	"replyby/mailparse/header"
)

// Report is what a bounce, a delay notice or a complaint says about the delivery of one earlier message.
type Report struct {
	Recipients []Recipient
	// OriginalMessageID is the Message-ID of the message reported on, without brackets, "" if it is not quoted.
	OriginalMessageID string
	// Original is the quoted header of that message, empty if none is.
	Original header.Header
	// Structured says that the fate of recipients was given in fields, not read out of prose.
	Structured bool
	// Complaint says that it is an abuse report and not a failure of delivery.
	Complaint bool
}

// Recipient is the fate of one recipient.
type Recipient struct {
	Final      string // address the reporting host used, "" if not given
	Original   string // address the sender wrote, "" if not given
	Action     string // failed, delayed, delivered, relayed, expanded (RFC 3464, 2.3.3); failed or delayed if read from prose
	Status     string // enhanced status code (RFC 3463) such as 5.1.1, "" if not stated
	Diagnostic string // what the failing host said, one line
}

// Addr returns the final address, or the original one where no final is given.
func (r Recipient) Addr() string {
	if r.Final == "" {
		return r.Original
	}
	return r.Final
}

// Source is what a report is read from. Header and Text are those of the reporting message; the rest is the decoded content
// of its machine-readable parts, nil where it has none.
type Source struct {
	Header   *header.Header
	Text     string // what a person reads, any quoted original included
	Status   []byte // message/delivery-status
	Feedback []byte // message/feedback-report
	Original []byte // message/rfc822 or text/rfc822-headers: the message reported on
}

// Bounds on what is searched with patterns, in bytes: mailers write short, and the quoted mail behind may be long.
const (
	longestNotice  = 64 << 10
	longestSubject = 500
)

// head returns the first n bytes of text, without a character cut in two.
func head(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "")
}

// Read returns the report in a message, nil if it shows no sign of being one.
func Read(s Source) *Report {
	if s.Status == nil && s.Feedback == nil && !likely(s) {
		return nil
	}
	s.Text = head(s.Text, longestNotice)
	notice, quoted := cutOriginal(s.Text)
	if s.Original != nil {
		quoted = s.Original
	}
	r := &Report{Complaint: s.Feedback != nil}
	r.Original, _ = header.Parse(quoted, nil)
	r.readStatus(s, notice)
	said := r.readRest(s.Header, notice)
	r.OriginalMessageID = r.originalID(s)
	if !r.Structured && len(r.Recipients) == 0 && len(quoted) == 0 && !said {
		return nil
	}
	return r
}

// readRest fills what the fields left out from the notice, of a complaint from the quoted message. said reports whether
// the notice speaks of an answer with a code.
func (r *Report) readRest(h *header.Header, notice string) (said bool) {
	if r.Complaint {
		if len(r.Recipients) == 0 {
			p := newProse(h, notice)
			p.openOriginal(&r.Original)
			r.Recipients = p.found
		}
		return true
	}
	p := readProse(h, notice, &r.Original)
	r.takeProse(p)
	r.complete(p, notice)
	return p.said != ""
}

// likely reports the signs of a delivery report: sent by a mailer, or on the null path and not by a list or a person's
// vacation program, or naming failed recipients in its header.
func likely(s Source) bool {
	h := s.Header
	if h.Has("X-Failed-Recipients") || strings.Contains(strings.ToLower(h.Raw("Content-Type")), "report-type=delivery-status") {
		return true
	}
	from := strings.ToLower(head(h.Raw("From"), longestSubject))
	for _, daemon := range []string{"mailer-daemon", "post_master", "mail delivery s", "delivery subsystem", "mmdf", "<>"} {
		if strings.Contains(from, daemon) {
			return true
		}
	}
	path, subject := h.Raw("Return-Path"), head(h.Get("Subject"), longestSubject)
	post := strings.Contains(from, "postmaster") // people write from there, too
	if post && path == "<>" {
		return true
	}
	if post || path == "<>" || strings.Contains(strings.ToLower(path), "mailer-daemon") || from == "" {
		return failing.MatchString(subject) || s.Original != nil && failing.MatchString(head(s.Text, longestSubject))
	}
	return unmistakable.MatchString(subject)
}

// byMailer tells the headers that mailers write and mail programs of people do not.
func byMailer(h *header.Header) bool {
	from := strings.ToLower(head(h.Raw("From"), longestSubject))
	for _, daemon := range []string{"mailer-daemon", "postmaster", "mail delivery s", "delivery subsystem", "<>"} {
		if strings.Contains(from, daemon) {
			return true
		}
	}
	auto := strings.ToLower(strings.TrimSpace(h.Raw("Auto-Submitted")))
	return from == "" || strings.TrimSpace(h.Raw("Return-Path")) == "<>" || h.Has("X-Failed-Recipients") || auto != "" && auto != "no" ||
		strings.HasPrefix(strings.ToLower(strings.TrimSpace(h.Raw("Content-Type"))), "multipart/report")
}

// originalID finds the id of the message reported on: in its quoted header, anywhere in the text, or where Gmail puts it. A person who
// sends a report along answers another message than the one reported on.
func (r *Report) originalID(s Source) string {
	for _, name := range []string{"Message-ID", "Original-Message-ID", "X-Message-ID"} {
		if id, _ := header.ID(r.Original.Raw(name)); id != "" {
			return id
		}
	}
	for _, text := range []string{s.Text, string(s.Status), string(s.Feedback), string(s.Original)} {
		if m := quotedID.FindStringSubmatch(head(text, longestNotice)); m != nil {
			id, _ := header.ID("<" + m[1] + ">")
			return id
		}
	}
	for _, name := range []string{"X-Original-Message-ID", "In-Reply-To", "References"} {
		if !byMailer(s.Header) {
			break
		}
		if ids, _ := header.IDs(s.Header.Raw(name)); len(ids) > 0 {
			return ids[len(ids)-1]
		}
	}
	return ""
}
