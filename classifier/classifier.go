// Package classifier says what a mail is: its kind, whether it is urgent, its
// language, and through which carrier it came. It is pure: a Message goes in,
// a Verdict with reasons comes out.
//
// It promises that only structure or headers file a mail as automatic; a
// subject that merely looks so quarantines it (SuspectAuto), since a wrong
// "automatic" loses a customer and a wrong "person" costs one look. Source
// rules go before every sign of automation, because carriers are machines.
// It refuses to know tickets, threads and staff.
//
// The parts: source (carriers), urgency, phrase (subjects of machines),
// language, plain (folding). Sources: RFC 3834 (Auto-Submitted), RFC 3464 and
// 6522 (reports), RFC 8098 (receipts), RFC 5546 (calendar answers), RFC 2919
// and 2369 (lists), RFC 6109 (certified mail).
package classifier

import (
	"fmt"
	"slices"
	"strings"

	"replyby/classifier/language"
	"replyby/classifier/phrase"
	"replyby/classifier/source"
	"replyby/classifier/urgency"
	"replyby/mailparse"
	"replyby/mailparse/fresh"
)

// Kind is what a mail is.
type Kind string

const (
	Person      Kind = "person"       // somebody wrote it, or a source rule claims it
	AutoReply   Kind = "auto_reply"   // absence notes and other automatic answers
	Automatic   Kind = "automatic"    // a machine wrote it to nobody in particular
	SuspectAuto Kind = "suspect_auto" // only the subject looks automatic: a person decides
	Bounce      Kind = "bounce"       // a delivery failed for good
	Delay       Kind = "delay"        // a delivery is late
	Receipt     Kind = "receipt"      // read, delivered, or accepted by certified mail
	Calendar    Kind = "calendar"     // answer to an invitation
	List        Kind = "list"         // mass mail or a foreign mailing list
	Voicemail   Kind = "voicemail"    // notice of a telephone exchange
	Own         Kind = "own"          // carries our letter mark; the desk proves it by hash
	Loop        Kind = "loop"         // goes in circles
)

// Source describes a carrier of requests.
type Source = source.Rule

// Urgency is the reading of a subject, with its grounds.
type Urgency = urgency.Verdict

// Config is what a desk says about its mail.
type Config struct {
	Own           []string // the desk's own addresses
	Sources       []Source // in order of precedence; built-in contact forms come behind them
	ContractTerms []string // exact words of the contract; none means URGENTE
	ProductNames  []string // masked when urgency is read
	Languages     []string // the desk's, the default first
	AuthservID    string   // of the server whose Authentication-Results are believed
	NoBuiltin     bool     // leave out the built-in contact forms
}

// Verdict is what a mail is, and why.
type Verdict struct {
	Kind         Kind
	Else         Kind // for own and loop: what it would be without our mark
	Suspect      bool // its subject is one of a machine's, whatever its words say
	Automatic    bool // no person wrote it: it never stops a clock, never reopens, never gets an answer
	Urgency      Urgency
	UrgencyIn    string // in what it was read: the subject, or what a rule takes for it
	Language     string // as package language has it; the desk's default where nothing can be told
	LanguageSure bool   // false: the thread's language goes before this guess
	Source       string // name of the carrier's rule, "pec" for certified mail without one, "pec_anomaly" for what came in its envelope uncertified, else empty
	Policy       string // the rule's policy, else empty
	Customer     mailparse.Address
	Fields       map[string]string // what the rule read
	Flags        map[string]string // yes, no or unknown
	Missing      []string          // what the rule names and the mail lacks
	ThreadKey    string            // the carrier's conversation, else empty
	Link         string            // the carrier's page of it, for people: never fetched
	Reply        string            // email or portal
	Subject      string            // of the mail a person wrote, inside an envelope
	Text         string            // the customer's, within the bounds of the rule
	Above        string            // what the carrier wrote above it, for people: nothing decides on it
	Fresh        fresh.Fresh       // Text taken apart
	Reasons      []string
}

// Classifier judges the mail of one desk. It is safe for concurrent use.
type Classifier struct {
	desk      source.Desk
	routes    []string // List-Ids through which the desk's own address is served
	rules     []*source.Reader
	urgency   *urgency.Reader
	phrases   *phrase.Table
	languages []string
	detector  *language.Detector
}

// New compiles the rules. An error names the rule and the key.
func New(c Config) (*Classifier, error) {
	words, err := urgency.New(c.ContractTerms, c.ProductNames)
	if err != nil {
		return nil, fmt.Errorf("read terms of urgency: %w", err)
	}
	out := &Classifier{
		desk:      source.Desk{Own: c.Own, AuthservID: c.AuthservID},
		urgency:   words,
		phrases:   phrase.New(),
		languages: c.Languages,
		detector:  language.New(),
	}
	for _, own := range c.Own { // a group's List-Id at the common hosts is its address with a dot for the @
		out.routes = append(out.routes, strings.ToLower(strings.Replace(own, "@", ".", 1)))
	}
	rules := slices.Clone(c.Sources)
	if !c.NoBuiltin {
		rules = append(rules, source.Builtin()...)
	}
	names := map[string]bool{}
	for _, r := range rules {
		reader, err := source.New(r)
		if err != nil {
			return nil, err
		}
		if !names[r.Name] {
			out.rules = append(out.rules, reader)
		}
		names[r.Name] = true
	}
	return out, nil
}

// Classify judges one mail.
func (c *Classifier) Classify(m *mailparse.Message) Verdict {
	v := c.judge(m)
	if kind, reason := ourMark(m); kind != "" {
		v.Else, v.Kind, v.Automatic = v.Kind, kind, true
		v.Reasons = append([]string{reason}, v.Reasons...)
		v.Urgency = urgency.Automatic(string(kind))
	}
	return v
}

// judge reads a mail as if it carried no mark of ours.
func (c *Classifier) judge(m *mailparse.Message) Verdict {
	body := source.Body(m)
	v := Verdict{Kind: Person, Reply: source.ReplyEmail, Subject: body.Subject, Text: body.Text}
	found, claimed := c.claim(&v, m, body)
	if !claimed {
		c.readKind(&v, m, body)
		c.readCustomer(&v, m, body)
	}
	v.Automatic = v.Kind != Person && v.Kind != SuspectAuto
	if !v.Automatic {
		v.Text = withEnclosed(v.Text, body)
	}
	v.Fresh = fresh.Cut(v.Text)
	c.readUrgency(&v, body, found, claimed)
	c.readLanguage(&v)
	return v
}

// withEnclosed is a text with what the mail says beside it: an invitation, which programs show in their own way, and the mails attached, as
// if they had been forwarded within the text.
func withEnclosed(text string, body *mailparse.Message) string {
	said := []string{body.Invitation()}
	for _, inner := range body.Enclosed() {
		said = append(said, inner.Forwarded())
	}
	for _, more := range said {
		if more != "" {
			text = strings.TrimLeft(strings.TrimRight(text, "\n")+"\n\n"+more, "\n")
		}
	}
	return text
}

// claim applies the first source rule that matches.
func (c *Classifier) claim(v *Verdict, m, body *mailparse.Message) (source.Found, bool) {
	for _, r := range c.rules {
		if !r.Matches(m, body, c.desk) {
			continue
		}
		f := r.Read(m, body, c.desk)
		v.Source, v.Policy, v.Reply = r.Name(), r.Policy(), f.Reply
		v.Customer, v.Fields, v.Flags = f.Customer, f.Fields, f.Flags
		v.Missing, v.ThreadKey, v.Link, v.Text, v.Above = f.Missing, f.ThreadKey, f.Link, f.Text, f.Above
		v.Reasons = append(v.Reasons, f.Reasons...)
		if f.Subject != "" && !f.SoftTerm {
			v.Subject = f.Subject
		}
		return f, true
	}
	return source.Found{}, false
}

func (c *Classifier) readUrgency(v *Verdict, body *mailparse.Message, f source.Found, claimed bool) {
	switch {
	case v.Automatic:
		v.Urgency = urgency.Automatic(string(v.Kind))
		return
	case claimed && f.NoSubject:
		v.Urgency = urgency.NoSubject()
	case claimed:
		v.Urgency, v.UrgencyIn = c.urgency.Read(f.Subject), f.Subject
		if f.SoftTerm && v.Urgency.Contract {
			v.Urgency.Contract = false
			v.Urgency.Reasons = append(v.Urgency.Reasons, "read from the text, so not the contract's term in a subject")
		}
	default:
		v.Urgency, v.UrgencyIn = c.urgency.Read(body.Subject), body.Subject
	}
	h := &body.Header
	v.Urgency = c.urgency.Weigh(v.Urgency, urgency.Signs{
		XPriority: h.Get("X-Priority"), Importance: h.Get("Importance"), Priority: h.Get("Priority"), Body: v.Fresh.Text,
	})
}

// Urgent judges the subject of an answer in a known thread: last is the
// subject of the mail before it, lastByUs says that we wrote that one. With an
// empty last it is the judgement of a subject alone.
func (c *Classifier) Urgent(subject, last string, lastByUs bool) Urgency {
	return c.urgency.Reply(subject, last, lastByUs)
}

// Check tries every rule on one mail and says what each finds, in order of
// precedence.
func (c *Classifier) Check(m *mailparse.Message) []source.Finding {
	var out []source.Finding
	for _, r := range c.rules {
		out = append(out, source.Check(r, m, c.desk))
	}
	return out
}
