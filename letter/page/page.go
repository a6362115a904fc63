// Package page lays out a mail to staff once and writes it twice: as plain text of 72 columns and as HTML that says the
// same on a desk, on a phone, in the light and in the dark.
//
// It is pure. All strings it is given are data: they are cleaned of control and direction characters on the way in and
// escaped in one place on the way out ([escape]). The HTML loads nothing: no image, no font, no sheet, no script; its only
// links are the mailto: links of [Page.Choices].
package page

import (
	"regexp"
	"strings"
	"unicode"
)

// Width is the number of columns of the text form.
const Width = 72

// block is one piece of a page in its two forms. The text form ends without a line break.
type block interface {
	text() string
	html(*strings.Builder)
}

// Page is a mail under construction. Blocks appear in the order in which they were added.
type Page struct {
	lang, title string
	blocks      []block
}

// New starts a page in a language (for screen readers and hyphenation) under a title.
func New(lang, title string) *Page {
	p := &Page{lang: lang, title: Line(title)}
	p.add(heading{p.title, true})
	return p
}

func (p *Page) add(b block) { p.blocks = append(p.blocks, b) }

// Heading starts a section.
func (p *Page) Heading(s string) { p.add(heading{Line(s), false}) }

// Para adds a paragraph of running text.
func (p *Page) Para(s string) { p.add(para{s: Line(s)}) }

// Small adds a paragraph of lesser weight.
func (p *Page) Small(s string) { p.add(para{s: Line(s), small: true}) }

// Alert adds a sentence that must not be overlooked; late says that it is already too late.
func (p *Page) Alert(s string, late bool) { p.add(alert{Line(s), late}) }

// Quote shows words that are not ours, line by line as they were written.
func (p *Page) Quote(s string) { p.add(quote{s: Lines(cells(s))}) }

// cellRE is a tab behind a word, not behind the mark of a list or a colon.
var cellRE = regexp.MustCompile(`([^\s•·*.):–-]) *\t[ \t]*([^\n])`)

// cells shows where the cells of a table end, which a tab does not: mail programs make one space of it, and columns run together.
func cells(s string) string {
	if !strings.Contains(s, "\t") {
		return s
	}
	for range 2 { // a cell of one character is the end of one place and the beginning of the next
		s = cellRE.ReplaceAllString(s, "$1 | $2")
	}
	return s
}

// Letter shows the letter that would go out. mark is the place held for a person's words; it stands out.
func (p *Page) Letter(s, mark string) { p.add(quote{s: Lines(s), letter: true, mark: Line(mark)}) }

// Facts adds a list of names and what they are. Pairs with an empty value are left out.
func (p *Page) Facts(pairs ...[2]string) {
	var f facts
	for _, x := range pairs {
		if x[1] = Line(x[1]); x[1] != "" {
			f = append(f, [2]string{Line(x[0]), x[1]})
		}
	}
	if len(f) > 0 {
		p.add(f)
	}
}

// List adds lines, each an item of its own.
func (p *Page) List(items ...string) {
	var l list
	for _, s := range items {
		if s = Line(s); s != "" {
			l = append(l, s)
		}
	}
	if len(l) > 0 {
		p.add(l)
	}
}

// Choice is one way to answer: the word to write, what it does, and a mailto: link that prepares it ("" = none).
type Choice struct {
	Word, Does, Link string
}

// Choices adds ways to answer: a list in the text, buttons in the HTML.
func (p *Page) Choices(c ...Choice) { p.add(choices(c)) }

// Row is a line of a list of tickets. Notes follow below it, smaller. Late makes its instant stand out.
type Row struct {
	Ref, Text, When, Who string
	Urgent, Late         bool
	Notes                []string
}

// Rows adds a list of tickets.
func (p *Page) Rows(r ...Row) {
	if len(r) > 0 {
		p.add(newRows(r))
	}
}

// Table adds figures: head names the columns, the first cell of a row its label; all others are set to the right.
func (p *Page) Table(head []string, rows [][]string) { p.add(table{head, rows}) }

// Bar is one bar of a chart: so many of one sort, so many of the other, and words behind it.
type Bar struct {
	Label     string
	Good, Bad int
	Note      string
}

// Bars adds a chart under a caption.
func (p *Page) Bars(caption string, bars ...Bar) {
	if len(bars) > 0 {
		p.add(chart{Line(caption), bars})
	}
}

// Text writes the page in lines of at most [Width] columns; only an unbroken word may be longer.
func (p *Page) Text() string {
	var b strings.Builder
	for i, x := range p.blocks {
		_, isHeading := x.(heading)
		switch {
		case i == 0:
		case isHeading:
			b.WriteString("\n\n")
		case i > 0 && p.underHeading(i):
			b.WriteString("\n")
		default:
			b.WriteString("\n\n")
		}
		b.WriteString(x.text())
	}
	return b.String() + "\n"
}

func (p *Page) underHeading(i int) bool {
	h, ok := p.blocks[i-1].(heading)
	return ok && !h.top
}

// Line makes a string fit for one line: no controls, no characters that change the direction of text or hide, single
// spaces.
func Line(s string) string { return strings.Join(strings.Fields(Lines(s)), " ") }

// Short is a string as one line of at most so many runes.
func Short(s string, runes int) string {
	s = Line(s)
	if r := []rune(s); len(r) > runes {
		return strings.TrimRight(string(r[:runes-1]), " ") + "…"
	}
	return s
}

// Lines makes a string fit to be shown: line breaks stay, other controls become spaces, invisible direction marks go.
func Lines(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && (r < ' ' || r > '~') }) {
		return s // nearly all of them
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
			return '\n'
		case unicode.IsControl(r):
			return ' '
		case r > unicode.MaxLatin1 && (unicode.Is(unicode.Bidi_Control, r) || r == '\ufeff' || r == '\u200b' || r == '\u2060'):
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n"))
}
