package demo

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"replyby/mailhost"
	"replyby/mailparse"
	"replyby/ticket"
	"replyby/ticket/duty"
	"replyby/ticket/kind"
)

// teller prints the story: for people, mails and a line for each step; with JSON one object for each step and nothing else.
type teller struct {
	out   io.Writer
	json  *json.Encoder
	start time.Time
	zone  *time.Location // of the desk
}

func newTeller(o Options, zone *time.Location) *teller {
	t := &teller{out: o.Out, start: time.Now(), zone: zone}
	if o.JSON {
		t.json = json.NewEncoder(o.Out)
		t.json.SetEscapeHTML(false)
	}
	return t
}

// step is one thing that happened, as -json prints it.
type step struct {
	Step     string    `json:"step"` // received, review, decided, sent, refused, warned, digest
	Seconds  float64   `json:"seconds"`
	Ticket   string    `json:"ticket,omitempty"`
	By       string    `json:"by,omitempty"`
	To       []string  `json:"to,omitempty"`
	Subject  string    `json:"subject,omitempty"`
	Urgent   string    `json:"urgent,omitempty"`
	Language string    `json:"language,omitempty"`
	Target   time.Time `json:"target,omitzero"`
	Limit    time.Time `json:"limit,omitzero"`
	Verb     string    `json:"verb,omitempty"`
	Rung     string    `json:"rung,omitempty"`
	Reply    string    `json:"reply,omitempty"`
	Reason   string    `json:"reason,omitempty"`
}

// event tells one event of the log; most are details and are left out.
func (t *teller) event(e ticket.Event, x ticket.Ticket) {
	s := step{Ticket: x.Ref, By: e.Actor, Verb: e.Body.Verb, Reason: e.Body.Reason, Seconds: time.Since(t.start).Round(time.Millisecond).Seconds()}
	for _, l := range e.Body.Letters {
		s.To = append(s.To, l.To...)
	}
	switch e.Kind {
	case kind.Received:
		s.Step, s.Subject, s.By = "received", e.Body.Message.Subject, x.Customer.Addr
		s.Urgent, s.Language = string(x.Verdict.Urgency), x.Verdict.Language
		if ack, ok := x.Duty(duty.Ack); ok {
			s.Target, s.Limit = ack.Target, ack.Limit
		}
	case kind.ReviewAsked:
		if s.Reason == "receipt" || s.Reason == "news" {
			return
		}
		s.Step = "review"
	case kind.Decided:
		s.Step = "decided"
	case kind.Sent:
		p, ok := x.Letter(e.Body.Delivery.Letter)
		if !ok || !p.Customer {
			return
		}
		s.Step, s.By, s.To, s.Subject, s.Reply = "sent", p.By, p.To, p.Subject, e.Body.Delivery.Reply
	case kind.DecisionRefused:
		s.Step = "refused"
	case kind.Warned, kind.Breached:
		s.Step = "warned"
		if e.Body.Rung != nil {
			s.Rung = string(e.Body.Obligation) + " " + e.Body.Rung.Name
		}
	case kind.DigestSent:
		s.Step = "digest"
	default:
		return
	}
	t.print(s)
}

func (t *teller) print(s step) {
	if t.json != nil {
		t.json.Encode(s)
		return
	}
	said := []string{s.Ticket, s.Subject, s.Rung, s.Verb, s.Reason}
	if s.By != "" && s.By != "replyby" {
		said = append(said, "by "+s.By)
	}
	if len(s.To) > 0 {
		said = append(said, "to "+strings.Join(s.To, ", "))
	}
	if !s.Target.IsZero() {
		said = append(said, "answer by "+s.Target.In(t.zone).Format("15:04:05"))
	}
	said = append(said, s.Reply)
	var words []string
	for _, w := range said {
		if w != "" {
			words = append(words, w)
		}
	}
	fmt.Fprintf(t.out, "\n%6.1fs  %-9s %s\n", s.Seconds, strings.ToUpper(s.Step), strings.Join(words, "  "))
}

// say is a line of the narrator.
func (t *teller) say(words string) {
	if t.json == nil {
		fmt.Fprintf(t.out, "\n--- %s\n", words)
	}
}

// mail prints a mail as it passes, its text only.
func (t *teller) mail(who string, raw []byte) {
	if t.json != nil {
		return
	}
	m := mailparse.Parse(raw)
	fmt.Fprintf(t.out, "\n  | %s\n", who)
	for _, name := range []string{"From", "To", "Subject", "Reply-By", "Auto-Submitted"} {
		if v := m.Header.Get(name); v != "" {
			fmt.Fprintf(t.out, "  | %s: %s\n", name, v)
		}
	}
	fmt.Fprintln(t.out, "  |")
	for _, l := range strings.Split(strings.TrimRight(m.Text, "\n"), "\n") {
		fmt.Fprintln(t.out, "  | "+l)
	}
}

// invite tells how to join with a mail client.
func (t *teller) invite(h *mailhost.Host) {
	if t.json != nil {
		return
	}
	fmt.Fprintf(t.out, `
--- The desk stays open. Join with your own mail client:

  IMAP   %s   no encryption, password login
  SMTP   %s   no encryption, password login
  user   %s (staff), %s (manager),
         %s (customer)
  password  %s

  Write to %s as the customer; answer the review mail as Anna.
  Or from a shell:  curl -s --url imap://%s/INBOX -u %s:%s -X 'FETCH 1:* (BODY[HEADER.FIELDS (SUBJECT)])'
  Ctrl-C ends the demo and removes what it kept.
`, h.IMAPAddr(), h.SMTPAddr(), anna, manager, mario, password, support, h.IMAPAddr(), anna, password)
}
