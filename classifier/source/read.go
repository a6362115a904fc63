package source

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"replyby/classifier/plain"
	"replyby/mailparse"
)

// maxText bounds how much of a mail's text rules look at, in bytes.
const maxText = 64 << 10

// Desk is what a rule has to know of the desk it works for.
type Desk struct {
	Own        []string // the desk's own addresses, lower case
	AuthservID string   // of our own server's Authentication-Results; empty: none can be believed
}

// Found is what a rule read from one mail.
type Found struct {
	Customer  mailparse.Address // zero if none was found
	Fields    map[string]string
	Flags     map[string]string // yes, no or unknown
	ThreadKey string            // rule name, colon, the carrier's conversation; empty if unknown
	Link      string            // the carrier's own page of that conversation; empty if unknown
	Reply     string            // email or portal
	Subject   string            // what stands for the subject when urgency is read
	NoSubject bool              // the form has no field for a subject
	SoftTerm  bool              // a term in Subject is not the contract's: it is not from a subject
	Text      string            // the customer's own text
	Above     string            // what the carrier wrote above it: labels and their values
	Missing   []string          // what the rule names and the mail lacks
	Reasons   []string
}

// Matches reports whether m comes from this carrier. body is the mail inside m
// if m is an envelope, else m itself.
func (r *Reader) Matches(m, body *mailparse.Message, d Desk) bool {
	c := r.rule.Match
	from := firstAddress(m.From)
	switch {
	case len(c.From) > 0 && !listedFold(c.From, from.Addr),
		len(c.FromDomain) > 0 && !underAny(from.Domain(), c.FromDomain),
		c.FromOwn && !listedFold(d.Own, from.Addr) && !IsNoReply(from),
		c.ReplyTo && len(m.ReplyTo) == 0,
		c.NotReply && len(m.InReplyTo)+len(m.References) > 0,
		c.ReplyToAbove && visitor(m) == "",
		isReport(m) && len(c.From)+len(c.FromDomain) == 0,
		len(c.ListID) > 0 && !hasListID(m, c.ListID),
		r.subject != nil && !r.subject.MatchString(m.Subject),
		r.text != nil && !r.text.MatchString(capped(body.Text)):
		return false
	}
	if r.rule.OnNoMatchInBody != nextRule && !c.ReplyToAbove {
		return true
	}
	s := r.split(body.Text)
	return s.marked && (!c.ReplyToAbove || repeats(s.head, m))
}

// isReport tells reports on the delivery or reading of another mail. They
// quote that mail, so that only a rule that names its sender may claim one.
func isReport(m *mailparse.Message) bool {
	return m.Report != nil && m.Report.Structured || m.ReadReceipt || m.ContentType == "multipart/report" || m.Header.Has("X-Ricevuta")
}

// Read takes a mail apart that the rule matches.
func (r *Reader) Read(m, body *mailparse.Message, d Desk) Found {
	s := r.split(body.Text)
	f := Found{
		Fields:  map[string]string{},
		Flags:   map[string]string{},
		Reply:   r.rule.Reply,
		Text:    s.text,
		Above:   strings.TrimSpace(strings.Join(s.head, "\n")),
		Reasons: []string{"source rule " + r.rule.Name + " matches"},
	}
	if f.Reply == "" {
		f.Reply = ReplyEmail
	}
	if !s.marked && len(r.after) > 0 {
		f.Missing = append(f.Missing, "message")
	}
	r.readFields(&f, s)
	r.readFlags(&f, s, m.Subject)
	r.readCustomer(&f, s, m, body, d)
	r.readAuth(&f, m, d)
	r.chooseSubject(&f, body)
	return f
}

// sections is a text parted into what the carrier wrote and what the customer did.
type sections struct {
	head   []string // lines above the mark
	text   string   // the customer's
	foot   string   // from the carrier's footer on
	marked bool     // the mark was found
}

// split parts the text. Without the mark all of it may be the customer's, so
// nothing of it is head. The last footer counts: a customer can type one, but
// only above the carrier's.
func (r *Reader) split(text string) sections {
	text = capped(text)
	var s sections
	if r.until != nil {
		if all := r.until.FindAllStringIndex(text, -1); len(all) > 0 {
			at := all[len(all)-1][0]
			text, s.foot = text[:at], text[at:]
		}
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		rest, ok := r.afterMark(l)
		if !ok {
			continue
		}
		s.head, s.marked = lines[:i], true
		s.text = strings.TrimSpace(rest + "\n" + strings.Join(lines[i+1:], "\n"))
		return s
	}
	s.text = strings.TrimSpace(text)
	return s
}

// afterMark reports whether a line begins the message: a mark and a colon
// with or without text behind it, or a mark alone.
func (r *Reader) afterMark(line string) (rest string, ok bool) {
	if !r.mayMark(line) && !slices.Contains(r.after, "") { // which is that of a blank line
		return "", false
	}
	label, rest, parted := cutLabel(line)
	if !parted {
		label = foldLabel(line)
	}
	return rest, slices.Contains(r.after, label)
}

// mayMark spares folding each line of a mail: a mark and the line it stands in
// begin with the same letter, unless that is none of ASCII. Folding takes blanks
// away, and before it cutLabel the sign of a list.
func (r *Reader) mayMark(line string) bool {
	const blanks = " \t\v\f\r"
	for _, begin := range [...]string{strings.TrimLeft(line, blanks), strings.TrimLeft(strings.TrimLeft(line, " \t*-"), blanks)} {
		if begin != "" && (begin[0] >= utf8.RuneSelf || strings.Contains(r.initial, strings.ToLower(begin[:1]))) {
			return true
		}
	}
	return false
}

// cutLabel parts a line at its first colon, or where a cell of a table ends,
// and folds the part before it.
func cutLabel(line string) (label, rest string, ok bool) {
	const longest = 80
	line = strings.TrimLeft(line, " \t*-•")
	line = strings.Replace(line, "：", ":", 1)
	at := strings.IndexAny(line, ":\t")
	if at < 0 || at > longest {
		return "", "", false
	}
	return foldLabel(strings.Trim(line[:at], "* ")), strings.TrimSpace(strings.TrimLeft(line[at+1:], "*")), true
}

func (r *Reader) readFields(f *Found, s sections) {
	for _, field := range r.fields {
		value, key, ok := field.find(s)
		if !ok && field.Optional {
			continue
		}
		if !ok {
			f.Missing = append(f.Missing, field.name)
			continue
		}
		f.Fields[field.name] = value
		if key != "" {
			f.ThreadKey = r.rule.Name + ":" + key
			if urlRE.MatchString(value) {
				f.Link = value
			}
		}
	}
}

// find returns the value of a field and the key of the conversation in it.
// A field without labels may also stand in the footer, as links do.
func (f *field) find(s sections) (value, key string, ok bool) {
	if !s.marked {
		return "", "", false
	}
	places := []string{strings.Join(s.head, "\n"), s.foot}
	if len(f.labels) > 0 {
		places = labelled(s.head, f.labels)
	}
	for _, text := range places {
		if value, key, ok = f.value(text); ok {
			return value, key, true
		}
	}
	return "", "", false
}

func (f *field) value(text string) (value, key string, ok bool) {
	value = strings.TrimSpace(text)
	if f.regex != nil {
		m := f.regex.FindStringSubmatch(text)
		if m == nil {
			return "", "", false
		}
		value = m[0]
		if len(m) > 1 && f.ThreadKey == 0 && m[1] != "" {
			value = m[1]
		}
		if f.ThreadKey > 0 {
			key = m[f.ThreadKey]
		}
	}
	const longest = 500
	value = strings.ToValidUTF8(value[:min(len(value), longest)], "")
	value = strings.TrimSpace(value)
	return value, key, value != "" && hasKind(value, f.Kind)
}

// labelled returns the values behind one of the labels: the rest of the line,
// or the next line that is not blank and no label itself. What stands below a
// label without a colon comes last: it may be a heading.
func labelled(head, labels []string) []string {
	var values, below []string
	for i, line := range head {
		label, rest, ok := cutLabel(line)
		if !ok {
			label = foldLabel(strings.Trim(line, " \t*-•"))
		}
		if !slices.Contains(labels, label) {
			continue
		}
		if rest == "" {
			rest = nextValue(head[i+1:])
		}
		switch {
		case rest == "":
		case ok:
			values = append(values, rest)
		default:
			below = append(below, rest)
		}
	}
	return append(values, below...)
}

func nextValue(lines []string) string {
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			continue
		}
		if _, _, ok := cutLabel(l); ok && !strings.Contains(l, "://") {
			return ""
		}
		return strings.TrimSpace(l)
	}
	return ""
}

// readFlags looks for phrases the carrier states. In the head a phrase begins
// its line or is the value of a label that is no field: fields hold what a
// customer typed.
func (r *Reader) readFlags(f *Found, s sections, subject string) {
	for _, flag := range r.flags {
		f.Flags[flag.name] = flag.other
		for _, p := range flag.places {
			if p.subject && containsAny(foldLabel(subject), flag.any) || !p.subject && r.states(firstLines(s.head, p.lines), flag.any) {
				f.Flags[flag.name] = yes
				f.Reasons = append(f.Reasons, "flag "+flag.name+" is stated")
				break
			}
		}
	}
}

func (r *Reader) states(lines []string, phrases []string) bool {
	for _, l := range lines {
		if label, value, ok := cutLabel(l); ok && !r.isField(label) && beginsWithAny(foldLabel(value), phrases) {
			return true
		} else if beginsWithAny(foldLabel(strings.TrimLeft(l, " \t*-•[(")), phrases) {
			return true
		}
	}
	return false
}

func (r *Reader) isField(label string) bool {
	return slices.ContainsFunc(r.fields, func(f field) bool { return slices.Contains(f.labels, label) })
}

// firstLines returns the first n lines that are not blank; all for 0.
func firstLines(lines []string, n int) []string {
	if n == 0 {
		return lines
	}
	var out []string
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			continue
		}
		if out = append(out, l); len(out) == n {
			break
		}
	}
	return out
}

// chooseSubject says what stands for the subject when urgency is read. In a
// form's mail the subject is the carrier's and cannot be the customer's.
func (r *Reader) chooseSubject(f *Found, body *mailparse.Message) {
	switch r.rule.UrgentFrom {
	case "", fromSubjectField:
		f.Subject = f.Fields["subject"]
	case fromEither:
		f.Subject = cmp.Or(f.Fields["subject"], body.Subject)
	case fromSelect:
		f.Subject = f.Fields["select"]
	case fromFirstLine:
		f.Subject, _, _ = strings.Cut(f.Text, "\n")
		f.SoftTerm = true
	case fromSubject:
		f.Subject = body.Subject
	}
	f.NoSubject = strings.TrimSpace(f.Subject) == ""
}

func hasKind(value, kind string) bool {
	switch kind {
	case "url":
		return urlRE.MatchString(value)
	case "email":
		return addressRE.FindString(value) == value
	}
	return true
}

var urlRE = regexp.MustCompile(`(?i)^https?://[^\s<>"]+$`)

func capped(text string) string {
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	return text
}

func listedFold(list []string, s string) bool {
	return s != "" && slices.ContainsFunc(list, func(l string) bool { return strings.EqualFold(l, s) })
}

func containsAny(folded string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(folded, p) })
}

func beginsWithAny(folded string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.HasPrefix(folded, p) })
}

func underAny(domain string, domains []string) bool {
	for _, d := range domains {
		d = plain.Fold(strings.TrimPrefix(d, "@"))
		if domain == d || strings.HasSuffix(domain, "."+d) {
			return domain != ""
		}
	}
	return false
}

func hasListID(m *mailparse.Message, ids []string) bool {
	value := strings.ToLower(m.Header.Get("List-Id"))
	for _, id := range ids {
		id = strings.ToLower(strings.Trim(id, "<> "))
		if id != "" && (strings.Contains(value, "<"+id+">") || strings.TrimSpace(value) == id) {
			return true
		}
	}
	return false
}
