package source

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"replyby/classifier/plain"
	"replyby/mailparse/pattern"
)

// Reader is a Rule made ready. It is safe for concurrent use.
type Reader struct {
	rule    Rule
	subject *pattern.Pattern // nil: any
	text    *pattern.Pattern
	until   *regexp.Regexp
	after   []string // folded
	initial string   // the first octets of those
	places  []string // where the customer's address is looked for
	fields  []field  // by name
	flags   []flag   // by name
}

type field struct {
	name   string
	labels []string // folded
	regex  *regexp.Regexp
	Field
}

type flag struct {
	name   string
	any    []string // folded
	places []place
	other  string
}

type place struct {
	subject bool
	lines   int // first lines of the head; 0: all
}

// New compiles a rule. Errors name the rule, the key and what it wants.
func New(r Rule) (*Reader, error) {
	c := compiler{rule: r.Name}
	if strings.TrimSpace(r.Name) == "" {
		c.fail("name", "want a name")
	}
	c.oneOf("reply", r.Reply, ReplyEmail, ReplyPortal)
	c.oneOf("urgent_from", r.UrgentFrom, fromSubjectField, fromEither, fromSelect, fromFirstLine, fromSubject, fromNone)
	c.oneOf("on_no_match_in_body", r.OnNoMatchInBody, withoutFields, nextRule)
	c.oneOf("match.require_auth", r.Match.RequireAuth, "dkim", "spf")
	m := r.Match
	if len(m.From)+len(m.FromDomain)+len(m.ListID)+len(m.Subject)+len(m.Text) == 0 && !m.FromOwn && !m.ReplyToAbove {
		c.fail("match", "want at least one of from, from_domain, from_own, reply_to_above, list_id, subject, text")
	}
	out := &Reader{
		rule:    r,
		subject: c.match("match.subject", m.Subject),
		text:    c.match("match.text", m.Text),
		until:   c.regex("message.until", r.Message.Until),
		after:   foldAll(r.Message.After),
		places:  c.places(r.Customer.Order),
		fields:  c.fields(r),
		flags:   c.flags(r),
	}
	if c.err != nil {
		return nil, c.err
	}
	out.initial = initials(out.after)
	return out, nil
}

// Name returns the name of the rule.
func (r *Reader) Name() string { return r.rule.Name }

// compiler keeps the first error met.
type compiler struct {
	rule string
	err  error
}

func (c *compiler) fail(key, want string) {
	if c.err == nil {
		c.err = fmt.Errorf("read source %q: %s: %s", c.rule, key, want)
	}
}

// oneOf refuses a value that is given and not allowed.
func (c *compiler) oneOf(key, value string, allowed ...string) {
	if value != "" && !slices.Contains(allowed, value) {
		c.fail(key, fmt.Sprintf("%q is none of %s", value, strings.Join(allowed, ", ")))
	}
}

func (c *compiler) regex(key, pattern string) *regexp.Regexp {
	if pattern == "" {
		return nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		c.fail(key, err.Error())
		return nil
	}
	return re
}

// match compiles a pattern that is tried on every mail.
func (c *compiler) match(key, expr string) *pattern.Pattern {
	if expr == "" {
		return nil
	}
	p, err := pattern.Compile(expr)
	if err != nil {
		c.fail(key, err.Error())
	}
	return p
}

func (c *compiler) places(order []string) []string {
	if len(order) == 0 {
		return []string{"reply_to", "original_from"}
	}
	var places []string
	for _, p := range order {
		label, isLabel := strings.CutPrefix(p, "label:")
		switch {
		case isLabel && strings.TrimSpace(label) != "":
			p = "label:" + foldLabel(label)
		case p == "reply_to", p == "original_from", p == "from", p == "sender":
		default:
			c.fail("customer_email.order", fmt.Sprintf("%q is none of reply_to, original_from, from, sender, label:NAME", p))
		}
		places = append(places, p)
	}
	return places
}

func (c *compiler) fields(r Rule) []field {
	var out []field
	for name, f := range r.Fields {
		key := "fields." + name
		if len(f.Labels) == 0 && f.Regex == "" {
			c.fail(key, "want labels, regex or both")
		}
		if len(r.Message.After) == 0 {
			c.fail(key, "want message.after: fields are read only above the customer's text")
		}
		c.oneOf(key+".kind", f.Kind, "text", "url", "email")
		re := c.regex(key+".regex", f.Regex)
		if f.ThreadKey < 0 || f.ThreadKey > 0 && (re == nil || f.ThreadKey > re.NumSubexp()) {
			c.fail(key+".thread_key", "want the number of a group of regex")
		}
		out = append(out, field{name: name, labels: foldAll(f.Labels), regex: re, Field: f})
	}
	slices.SortFunc(out, func(a, b field) int { return strings.Compare(a.name, b.name) })
	return out
}

func (c *compiler) flags(r Rule) []flag {
	var out []flag
	for name, f := range r.Flags {
		key := "flags." + name
		if len(f.Any) == 0 {
			c.fail(key+".any", "want at least one phrase")
		}
		c.oneOf(key+".else", f.Else, unknown, no)
		other := f.Else
		if other == "" {
			other = unknown
		}
		out = append(out, flag{name: name, any: foldAll(f.Any), places: c.flagPlaces(key, f.In, len(r.Message.After) > 0), other: other})
	}
	slices.SortFunc(out, func(a, b flag) int { return strings.Compare(a.name, b.name) })
	return out
}

func (c *compiler) flagPlaces(key string, in []string, bounded bool) []place {
	if len(in) == 0 {
		in = []string{"head"}
	}
	var places []place
	for _, s := range in {
		number, isLines := strings.CutPrefix(s, "first_lines:")
		n, err := strconv.Atoi(number)
		switch {
		case s == "subject":
			places = append(places, place{subject: true})
			continue
		case s == "head":
			places = append(places, place{})
		case isLines && err == nil && n > 0:
			places = append(places, place{lines: n})
		default:
			c.fail(key+".in", fmt.Sprintf("%q is none of subject, head, first_lines:N", s))
		}
		if !bounded {
			c.fail(key, "want message.after: flags are read only above the customer's text")
		}
	}
	return places
}

func foldAll(list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, foldLabel(s))
	}
	return out
}

// initials are the first octets of some words.
func initials(words []string) string {
	var all []byte
	for _, w := range words {
		if w != "" {
			all = append(all, w[0])
		}
	}
	return string(all)
}

// foldLabel folds a label or phrase; colon and blanks around it are no part of it.
func foldLabel(s string) string {
	return strings.Join(strings.Fields(strings.TrimRight(plain.Fold(s), ": ")), " ")
}

// Policy returns the policy the rule names, or "".
func (r *Reader) Policy() string { return r.rule.Policy }
