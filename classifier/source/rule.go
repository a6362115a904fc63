// Package source reads mail that carries somebody else's request: contact
// forms, marketplace notifications, forwarders. One Rule describes one carrier.
//
// It promises that nothing a customer typed acts as a label or a flag: both
// are read only above the mark where the customer's text begins, and below the
// line where the carrier's own footer starts. Values are what a stranger
// typed; nothing here decides on them. The carrier's address is never the
// customer.
//
// Patterns are RE2, so that no pattern and no mail takes more than linear time.
package source

// Rule describes a carrier. Of several rules the first that matches counts.
type Rule struct {
	Name  string `toml:"name" json:"name" doc:"short name, shown with the ticket and part of its thread key"`
	Match Match  `toml:"match" json:"match" doc:"which mail this carrier sends; all conditions given must hold"`

	Policy          string           `toml:"policy,omitempty" json:"policy,omitempty" doc:"policy of tickets from this source; goes before the contract's and the desk's"`
	Reply           string           `toml:"reply,omitempty" json:"reply,omitempty" doc:"email (default), or portal: answers are posted by hand where the carrier wants them"`
	Customer        CustomerOrder    `toml:"customer_email,omitempty" json:"customer_email" doc:"where the customer's address stands"`
	Message         Bounds           `toml:"message,omitempty" json:"message" doc:"where the customer's own text begins and ends"`
	Fields          map[string]Field `toml:"fields,omitempty" json:"fields,omitempty" doc:"values the carrier writes around the text"`
	Flags           map[string]Flag  `toml:"flags,omitempty" json:"flags,omitempty" doc:"facts the carrier states by a phrase"`
	UrgentFrom      string           `toml:"urgent_from,omitempty" json:"urgent_from,omitempty" doc:"what stands for the subject when urgency is read: subject_field (default), field_or_subject, select, first_line, subject or none"`
	OnNoMatchInBody string           `toml:"on_no_match_in_body,omitempty" json:"on_no_match_in_body,omitempty" doc:"ticket_without_fields (default): a mail without the mark of the message is a ticket all the same; next_rule: it is left to the other rules"`
}

// Match says which mail a rule is for. Empty conditions hold.
type Match struct {
	From         []string `toml:"from,omitempty" json:"from,omitempty" doc:"addresses in From"`
	FromDomain   []string `toml:"from_domain,omitempty" json:"from_domain,omitempty" doc:"domains in From, subdomains included"`
	FromOwn      bool     `toml:"from_own,omitempty" json:"from_own,omitempty" doc:"From is an address of the desk itself or one that takes no answers"`
	ReplyTo      bool     `toml:"reply_to,omitempty" json:"reply_to,omitempty" doc:"there is a Reply-To, as contact forms write for the visitor"`
	ReplyToAbove bool     `toml:"reply_to_above,omitempty" json:"reply_to_above,omitempty" doc:"the address in Reply-To is not that in From and stands above the mark of the message, as forms repeat what their visitor typed"`
	NotReply     bool     `toml:"not_reply,omitempty" json:"not_reply,omitempty" doc:"the mail answers no other: a customer's answer may quote the carrier's"`
	ListID       []string `toml:"list_id,omitempty" json:"list_id,omitempty" doc:"List-Id of a group that forwards to the desk"`
	Subject      string   `toml:"subject,omitempty" json:"subject,omitempty" doc:"pattern (RE2) found in the subject"`
	Text         string   `toml:"text,omitempty" json:"text,omitempty" doc:"pattern (RE2) found in the text"`
	RequireAuth  string   `toml:"require_auth,omitempty" json:"require_auth,omitempty" doc:"dkim or spf: our own server must have found it good for the domain in From; other mail is a ticket with a red mark"`
}

// CustomerOrder lists where to look for the customer's address.
type CustomerOrder struct {
	Order []string `toml:"order,omitempty" json:"order,omitempty" doc:"places in order: reply_to, original_from, from, sender, label:NAME; default reply_to, original_from"`
}

// Bounds says where the customer's text stands.
type Bounds struct {
	After []string `toml:"after,omitempty" json:"after,omitempty" doc:"labels above or beside which the text begins"`
	Until string   `toml:"until,omitempty" json:"until,omitempty" doc:"pattern (RE2) of the carrier's footer; the last match counts"`
}

// Field is one value. It has labels, a pattern, or both.
type Field struct {
	Labels    []string `toml:"labels,omitempty" json:"labels,omitempty" doc:"words at the start of a line, before a colon"`
	Regex     string   `toml:"regex,omitempty" json:"regex,omitempty" doc:"pattern (RE2) for the value; its first group if it has one"`
	Kind      string   `toml:"kind,omitempty" json:"kind,omitempty" doc:"text (default), url or email: other values are dropped"`
	Optional  bool     `toml:"optional,omitempty" json:"optional,omitempty" doc:"the carrier often leaves it out: its lack is not reported"`
	ThreadKey int      `toml:"thread_key,omitempty" json:"thread_key,omitempty" doc:"group of the pattern that names the carrier's conversation"`
}

// Flag is a fact with three values: yes, no and unknown.
type Flag struct {
	Any  []string `toml:"any" json:"any" doc:"phrases; one of them means yes"`
	In   []string `toml:"in,omitempty" json:"in,omitempty" doc:"where: subject, head (all above the text), first_lines:N; default head"`
	Else string   `toml:"else,omitempty" json:"else,omitempty" doc:"value when no phrase is found: unknown (default) or no"`
}

// Names a Rule uses for its choices.
const (
	ReplyEmail  = "email"
	ReplyPortal = "portal"

	fromSubjectField = "subject_field"
	fromEither       = "field_or_subject"
	fromSelect       = "select"
	fromFirstLine    = "first_line"
	fromSubject      = "subject"
	fromNone         = "none"

	withoutFields = "ticket_without_fields"
	nextRule      = "next_rule"

	yes     = "yes"
	no      = "no"
	unknown = "unknown"
)
