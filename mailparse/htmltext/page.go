package htmltext

import (
	"bytes"
	"strings"
)

// Bounds on what stands before a line, so that nesting cannot make the page longer than the document by more than a factor.
const (
	deepestQuote  = 10
	deepestIndent = 10
	mostNewlines  = 3
)

// page is the text being written: runs of blanks folded, line ends owed but not yet written, quote marks before each line.
type page struct {
	text    []byte
	owed    int  // line ends to write before the next text
	blank   bool // a blank to write before the next text of the same line
	inLine  bool // the current line has text
	tab     bool // a cell ends: a tab before the next text of the same line
	tall    bool // a line ended in the cell that is being written
	quote   int
	indent  int
	pre     int
	marker  string // of a list item that has no text yet
	quoteAt int    // quote depth of the line last written
}

// lines asks for at least n line ends before the next text; none at the head of the page.
func (p *page) lines(n int) {
	if n == 0 {
		return
	}
	if !p.inLine && p.owed > 0 || len(p.text) == 0 {
		p.owed = min(max(p.owed, n), mostNewlines)
		if len(p.text) == 0 {
			p.owed = 0
		}
		return
	}
	p.endLine()
	p.owed = max(p.owed, n)
}

// newline ends a line for certain, as <br> does: twice gives an empty line.
func (p *page) newline() {
	p.endLine()
	if len(p.text) > 0 {
		p.owed = min(p.owed+1, mostNewlines)
	}
}

// endLine drops blanks at the end of a line, except in the signature separator "-- ".
func (p *page) endLine() {
	if p.inLine && p.blank && bytes.HasSuffix(p.text, []byte("--")) && (len(p.text) == 2 || p.text[len(p.text)-3] == '\n') {
		p.text = append(p.text, ' ')
	}
	p.tall = p.tall || p.inLine
	p.inLine, p.blank, p.tab = false, false, false
}

// cell separates a table cell from the one before it: by a tab in the same line, or by a line end where that one has several lines.
func (p *page) cell() {
	if p.tall && p.inLine {
		p.lines(1)
	}
	p.tab, p.tall = p.inLine, false
}

// write adds text, folding blanks unless it is preformatted.
func (p *page) write(text []byte) {
	if p.pre > 0 {
		for i, line := range bytes.Split(text, []byte("\n")) {
			if i > 0 {
				p.newline()
			}
			if line = bytes.TrimRight(line, "\r"); len(line) > 0 {
				p.word(line)
			}
		}
		return
	}
	for len(text) > 0 {
		n := 0
		for n < len(text) && !isBlank(text[n]) {
			n++
		}
		if n > 0 {
			p.word(text[:n])
		}
		if n == len(text) {
			return
		}
		p.blank = p.inLine
		text = text[n+1:]
	}
}

func isBlank(b byte) bool {
	return b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == '\f'
}

// word writes one run without blanks, and before it what is owed.
func (p *page) word(word []byte) {
	if !p.inLine {
		p.beginLine()
	} else if p.tab {
		p.text = append(p.text, '\t')
	} else if p.blank {
		p.text = append(p.text, ' ')
	}
	p.blank, p.tab, p.inLine = false, false, true
	p.text = append(p.text, word...)
}

func (p *page) beginLine() {
	depth := min(p.quote, deepestQuote)
	for i := range p.owed {
		p.text = append(p.text, '\n')
		if between := min(depth, p.quoteAt); i+1 < p.owed && between > 0 {
			p.text = append(p.text, strings.Repeat(">", between)...)
		}
	}
	p.owed, p.quoteAt = 0, depth
	if depth > 0 {
		p.text = append(p.text, strings.Repeat(">", depth)+" "...)
	}
	p.text = append(p.text, strings.Repeat("  ", min(p.indent, deepestIndent))...)
	p.text = append(p.text, p.marker...)
	p.marker = ""
}

// String returns the page with no-break blanks made plain and lines trimmed.
func (p *page) String() string {
	text := p.text
	if noBreak := []byte("\u00A0"); bytes.Contains(text, noBreak) {
		text = bytes.ReplaceAll(text, noBreak, []byte(" "))
	}
	var out strings.Builder
	out.Grow(len(text))
	blanks := 0
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		if string(line) != "-- " {
			line = bytes.TrimRight(line, " \t")
		}
		if len(line) == 0 {
			blanks++
			continue
		}
		if out.Len() > 0 {
			out.WriteString("\n\n\n"[:min(blanks, 2)+1])
		}
		blanks = 0
		out.Write(line)
	}
	return out.String()
}
