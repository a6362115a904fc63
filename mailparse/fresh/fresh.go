// Package fresh finds what a person wrote in a mail: the text above or between
// quotes, without quoted history, attribution lines, header blocks of an older
// mail, signatures and legal notices.
//
// It promises that every line of the input ends up in exactly one of Text,
// Quoted and Signature (lines drawn below the text vanish), that it takes
// linear time, and that a cut it is not
// sure of is said so (Uncertain): a staff reply with an uncertain cut has to be
// confirmed before its words go anywhere.
//
// It works on text alone. Quotes are lines that begin with ">" (RFC 3676,
// section 4.5); a caller with HTML renders blockquotes that way first. It
// refuses to know who wrote the mail and what a word of it means.
package fresh

import (
	"fmt"
	"strings"
)

// Fresh is one text, taken apart.
type Fresh struct {
	Text      string   // what the sender wrote, without blank lines around it
	Quoted    string   // older mail: quotes, attribution lines, header blocks, forwarded text
	Signature string   // signature, mobile footer, legal notice, list footer
	Uncertain bool     // a person should look before the text is used in his name
	OnTop     bool     // the text begins with the first line: no quote, signature or footer stands above it
	Reasons   []string // one sentence per cut, in the order of the text
}

// place says where a line of the input went.
type place uint8

const (
	toText place = iota
	toQuoted
	toSignature
)

// Cut takes text apart. Each known block (one or more lines, such as a
// person's learnt signature or a footer a gateway adds) ends the fresh text
// where all its lines are met one below the other; it is compared without
// regard to spaces and letter case.
func Cut(text string, known ...string) Fresh {
	c := cutter{known: foldBlocks(known)}
	c.lines, c.written = splitLines(text)
	c.places = make([]place, len(c.lines))
	for i := 0; i < len(c.lines); {
		i = c.step(i)
	}
	c.keepOwnQuotes()
	c.restoreEmpty()
	c.doubtSignatures()
	return c.result()
}

type cutter struct {
	lines   []string // as they are judged
	written []string // as they were written
	places  []place
	known   [][]string

	wrote       bool // some line of text was seen
	quoted      bool // some quoted line was seen
	attributed  bool // an attribution line or a header block was seen
	pipes       bool // lines beginning with | are quotes: an attribution said so
	footer      bool // a footer of a mail program was seen
	inSignature bool
	looks       int // lines looked at closely

	uncertain bool
	reasons   []string
}

// step places the line at i, or the run that begins there, and returns the
// index of the next line to look at.
func (c *cutter) step(i int) int {
	if strings.TrimSpace(c.lines[i]) == "" {
		c.places[i] = c.current()
		return i + 1
	}
	if n := c.knownAt(i); n > 0 {
		c.note(i, "known signature or footer")
		c.inSignature = true
		return c.put(i, n, toSignature)
	}
	if n := c.quoteAt(i); n > 0 {
		c.quoted, c.inSignature = true, false
		return c.put(i, n, toQuoted)
	}
	c.pipes = false
	if h := c.look(c.lines, i); h.lines > 0 {
		return c.history(i, h)
	}
	if !c.inSignature {
		if s := signatureAt(c.lines, i); s.lines > 0 {
			return c.signature(i, s)
		}
		c.text(i)
	}
	c.places[i] = c.current()
	return i + 1
}

// look is historyAt within the bound on close looks.
func (c *cutter) look(lines []string, i int) history {
	if !mayBeHistory(lines[i]) {
		return history{}
	}
	if c.looks++; c.looks == maxLooks {
		c.doubt(i, "too many lines look like the start of an older mail")
	}
	if c.looks >= maxLooks {
		return history{}
	}
	return historyAt(lines, i)
}

// current is where a line goes that says nothing by itself.
func (c *cutter) current() place {
	if c.inSignature {
		return toSignature
	}
	return toText
}

func (c *cutter) text(i int) {
	switch {
	case c.quoted && !c.uncertain:
		c.doubt(i, "text goes on below a quote")
	case c.footer && !c.uncertain:
		c.doubt(i, "text goes on below a footer")
	}
	c.wrote = true
}

// history handles the line or block that introduces an older mail. Quoted
// lines below it: only they go, so that answers below and between survive.
// Nothing above it: the mail is a forward or an answer below an unmarked
// quote, and all we can do is keep the body. Otherwise the older mail reaches
// to the end.
func (c *cutter) history(i int, h history) int {
	c.attributed, c.inSignature = true, false
	next := i + h.lines
	for next < len(c.lines) && strings.TrimSpace(c.lines[next]) == "" {
		next++
	}
	switch {
	case next == len(c.lines) || isQuote(c.lines[next]) || isPiped(c.lines[next]):
		c.note(i, h.name)
		c.pipes = true
	case !c.wrote:
		c.doubt(i, h.name+" with nothing above it; the text below is kept")
	default:
		if h.weak {
			c.doubt(i, h.name+", by its look alone")
		} else {
			c.note(i, h.name)
		}
		return c.put(i, len(c.lines)-i, toQuoted)
	}
	c.quoted = c.quoted || c.wrote
	return c.put(i, next-i, toQuoted)
}

func (c *cutter) signature(i int, s signature) int {
	if s.weak {
		c.doubt(i, s.name+", by its look alone")
	} else {
		c.note(i, s.name)
	}
	c.inSignature, c.footer = s.toEnd, true
	return c.put(i, s.lines, toSignature)
}

// quoteAt returns how many lines from i on are a quote.
func (c *cutter) quoteAt(i int) int {
	line := c.lines[i]
	if isQuote(line) || c.pipes && isPiped(line) {
		if c.wrappedAt(i + 1) {
			c.doubt(i+1, "line between two quoted lines taken for a wrapped quote")
			return 2
		}
		return 1
	}
	if isNamedQuote(line) && i+1 < len(c.lines) && isNamedQuote(c.lines[i+1]) {
		return 2
	}
	if isNamedQuote(line) && i > 0 && c.places[i-1] == toQuoted && isNamedQuote(c.lines[i-1]) {
		return 1
	}
	return 0
}

// wrappedAt tells the rest of a long quoted line that a mail client broke
// without repeating the ">": one line, tightly between quotes, the one above long.
func (c *cutter) wrappedAt(i int) bool {
	const long = 66
	return i+1 < len(c.lines) && len(c.lines[i-1]) >= long && len(c.lines[i]) < long &&
		strings.TrimSpace(c.lines[i]) != "" && !isQuote(c.lines[i]) && isQuote(c.lines[i+1])
}

func (c *cutter) put(i, n int, p place) int {
	for k := i; k < i+n; k++ {
		c.places[k] = p
	}
	return i + n
}

func (c *cutter) note(i int, what string) {
	const most = 20
	if len(c.reasons) < most {
		c.reasons = append(c.reasons, fmt.Sprintf("line %d: %s", i+1, what))
	}
}

func (c *cutter) doubt(i int, what string) {
	c.uncertain = true
	c.note(i, what)
}

// keepOwnQuotes gives back ">" lines that nobody is named for and that text
// follows: more likely the sender quotes a log or marks a passage than that a
// client quoted without saying whom.
func (c *cutter) keepOwnQuotes() {
	last := len(c.places) - 1
	for last >= 0 && (c.places[last] != toText || strings.TrimSpace(c.lines[last]) == "") {
		last--
	}
	if c.attributed || !c.quoted || !c.wrote || c.nested() || c.historyWithin() >= 0 {
		return
	}
	for i := range last {
		if c.places[i] == toQuoted {
			c.places[i] = toText
		}
	}
}

// nested tells quotes of quotes.
func (c *cutter) nested() bool {
	for i, l := range c.lines {
		if c.places[i] == toQuoted && strings.HasPrefix(strings.TrimLeft(strings.TrimLeft(l, " "), ">"), " >") || strings.HasPrefix(l, ">>") {
			return true
		}
	}
	return false
}

// restoreEmpty keeps a mail readable whose every line was cut: first what
// stood behind a signature mark, else a text that is all ">", up to where it
// names the author of an older mail.
func (c *cutter) restoreEmpty() {
	if c.wrote {
		return
	}
	from, end := toSignature, len(c.lines)
	if !c.has(from) {
		from = toQuoted
		if at := c.historyWithin(); at >= 0 {
			end = at
		}
	}
	if c.attributed {
		return
	}
	for i, p := range c.places[:end] {
		if p == from && !isFooter(c.lines[i]) && !isDelimiter(c.lines[i]) && strings.TrimSpace(c.lines[i]) != "" {
			c.places[i] = toText
			c.wrote = true
		}
	}
	if c.wrote {
		c.doubt(0, "nothing else was left, so the cut text is kept")
	}
}

func (c *cutter) has(p place) bool {
	for i, got := range c.places {
		if got == p && strings.TrimSpace(c.lines[i]) != "" {
			return true
		}
	}
	return false
}

// historyWithin returns the line where a quote says within itself whose words
// it holds, or -1.
func (c *cutter) historyWithin() int {
	bare := make([]string, len(c.lines))
	for i, l := range c.lines {
		bare[i] = strings.TrimLeft(l, "> \t")
	}
	for i := range bare {
		if c.places[i] == toQuoted && bare[i] != "" && c.look(bare, i).lines > 0 {
			return i
		}
	}
	return -1
}

// onTop looks at the first line that is not blank.
func (c *cutter) onTop() bool {
	for i, l := range c.lines {
		if strings.TrimSpace(l) != "" {
			return c.places[i] == toText
		}
	}
	return false
}

// sizes counts the bytes of each part, line ends included.
func (c *cutter) sizes() (sizes [3]int) {
	for i, l := range c.written {
		sizes[c.places[i]] += len(l) + 1
	}
	return sizes
}

func (c *cutter) result() Fresh {
	var parts [3]strings.Builder
	for p, size := range c.sizes() {
		parts[p].Grow(size)
	}
	for i, l := range c.written {
		b := &parts[c.places[i]]
		b.WriteString(l)
		b.WriteByte('\n')
	}
	f := Fresh{
		OnTop:     c.onTop(),
		Text:      trimDelimiters(parts[toText].String()),
		Quoted:    strings.Trim(parts[toQuoted].String(), "\n"),
		Signature: strings.Trim(parts[toSignature].String(), "\n"),
		Uncertain: c.uncertain,
		Reasons:   c.reasons,
	}
	if endsInContacts(f.Text) {
		f.Uncertain = true
		f.Reasons = append(f.Reasons, "the last lines look like a signature without a mark")
	}
	return f
}
