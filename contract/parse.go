package contract

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSize bounds a file, in bytes: more contracts than a desk of people can have.
const maxSize = 4 << 20

// maxProblems is how many problems of a file are listed; one wrong separator makes every line wrong.
const maxProblems = 50

// Problem is one thing wrong in a file: the line (from 1), what, and what to do about it, "" where that is plain.
type Problem struct {
	Line int    `json:"line"`
	Text string `json:"problem"`
	Hint string `json:"hint,omitempty"`
}

// Parse reads a file of contracts (CSV as in RFC 4180, UTF-8). The first line names the columns, in any order:
//
//	customer  an address, or @domain for everybody there
//	kind      the policy that holds (agency, business-care, …), or on-call for an agreement that only adds that
//	product   product or site the contract is confined to (may be empty or missing; also called site)
//	from, to  first and last day, 2026-12-31 or 31/12/2026
//	on_call   yes, no, or the calendar in which this customer's clocks count (may be empty or missing)
//	note      for people (may be empty or missing)
//
// How a spreadsheet wrote it does not matter: a byte order mark, commas, semicolons or tabs between the cells, quotes, line
// ends, empty lines, "sep=;" on top; lines that begin with # are comments. What decides is taken as written or not at all: each
// line in doubt is a problem, and not in the book. The book is never nil.
func Parse(data []byte) (*Book, []Problem) {
	if p := unreadable(data); p != nil {
		return newBook("", nil), []Problem{*p}
	}
	r := reader{}
	r.read(data)
	r.clashes()
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return a.Line - b.Line })
	if more := len(r.problems) - maxProblems; more > 0 {
		r.problems = append(r.problems[:maxProblems], Problem{r.problems[maxProblems].Line, fmt.Sprintf("%d more problems from here on", more), ""})
	}
	return newBook(string(data), r.contracts), r.problems
}

// unreadable says why bytes are no text in UTF-8.
func unreadable(data []byte) *Problem {
	save := `save it again as "CSV UTF-8"`
	switch {
	case len(data) > maxSize:
		return &Problem{1, fmt.Sprintf("the file has more than %d MiB", maxSize>>20), "take out contracts that ended long ago"}
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return &Problem{1, "the file is in UTF-16", save}
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return &Problem{1, "the file is a workbook", save}
	}
	line := 1
	for rest := data; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && n == 1:
			return &Problem{line, fmt.Sprintf("byte %#x is no UTF-8: the file seems to be in an old encoding (Latin-1, Windows-1252)", rest[0]), save}
		case r == '\n', r == '\r' && !bytes.HasPrefix(rest, []byte("\r\n")):
			line++
		}
		rest = rest[n:]
	}
	return nil
}

// reader is a file being read.
type reader struct {
	columns   []string // the name of each column as we call it
	contracts []Contract
	problems  []Problem
}

func (r *reader) wrong(line int, hint, format string, args ...any) {
	r.problems = append(r.problems, Problem{line, fmt.Sprintf(format, args...), hint})
}

func (r *reader) read(data []byte) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	comma, skipped := separator(data)
	c := csv.NewReader(bytes.NewReader(data[skipped:]))
	c.Comma, c.Comment, c.FieldsPerRecord, c.TrimLeadingSpace = comma, '#', -1, comma != '\t'
	above := bytes.Count(data[:skipped], []byte("\n"))
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if bad, ok := errors.AsType[*csv.ParseError](err); ok {
			r.wrong(above+bad.StartLine, `a quote inside a cell is written twice: "Bar ""Roma"""`, "cells cannot be told apart: %v", bad.Err)
		} else {
			line, _ := c.FieldPos(0)
			r.row(above+line, cells)
		}
		if r.columns == nil && len(r.problems) > 0 {
			return
		}
	}
	if r.columns == nil {
		r.wrong(1, "the first line is: customer,kind,product,from,to,on_call,note", "the file is empty")
	}
}

// separator finds what parts the cells: what stands most often in the first line that counts. skipped is the length of a line
// "sep=;" above it, by which a spreadsheet is told.
func separator(data []byte) (comma rune, skipped int) {
	for line := range bytes.Lines(data) {
		text := strings.TrimSpace(string(line))
		if sep, ok := strings.CutPrefix(strings.ToLower(text), "sep="); ok && len(sep) == 1 && strings.Contains(",;", sep) {
			return rune(sep[0]), skipped + len(line)
		}
		if text != "" && !strings.HasPrefix(text, "#") {
			comma = ','
			for _, other := range ";\t" {
				if strings.Count(text, string(other)) > strings.Count(text, string(comma)) {
					comma = other
				}
			}
			return comma, 0
		}
		skipped += len(line)
	}
	return ',', 0
}

// row reads the names of the columns, then a contract a line.
func (r *reader) row(line int, cells []string) {
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1] // a spreadsheet adds empty cells
	}
	switch {
	case len(cells) == 0:
	case r.columns == nil:
		r.head(line, cells)
	case len(cells) > len(r.columns):
		r.wrong(line, "put cells that contain the separator in quotes", "%d cells, but %d columns", len(cells), len(r.columns))
	default:
		r.contract(line, cells)
	}
}

func known() []string {
	return []string{"customer", "kind", "product", "from", "to", "on_call", "note"}
}

// head reads the names of the columns. A file whose columns are in doubt is not read on.
func (r *reader) head(line int, cells []string) {
	before := len(r.problems)
	var columns []string
	for _, cell := range cells {
		name := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(cell))
		if name == "site" || name == "product_or_site" {
			name = "product"
		}
		switch {
		case !slices.Contains(known(), name):
			r.wrong(line, "the columns are "+strings.Join(known(), ", "), "unknown column %q", cell)
		case slices.Contains(columns, name):
			r.wrong(line, "", "column %q stands twice", name)
		}
		columns = append(columns, name)
	}
	for _, name := range []string{"customer", "kind", "from", "to"} {
		if !slices.Contains(columns, name) {
			r.wrong(line, "the first line names the columns: customer,kind,product,from,to,on_call,note", "column %s is missing", name)
		}
	}
	if len(r.problems) == before {
		r.columns = columns
	}
}

// contract reads a line that is one.
func (r *reader) contract(line int, cells []string) {
	before := len(r.problems)
	cell := func(name string) string {
		if i := slices.Index(r.columns, name); i >= 0 && i < len(cells) {
			return cells[i]
		}
		return ""
	}
	for i, text := range cells {
		if strings.ContainsFunc(text, hidden) {
			r.wrong(line, "type the cell anew", "%s holds a line break or characters that nobody sees", r.columns[i])
		}
	}
	c := Contract{Line: line, Product: cell("product"), Note: cell("note"), Kind: kindOf(cell("kind")), OnCall: onCall(cell("on_call"))}
	var hint string
	var err error
	if c.Customer, hint, err = customer(cell("customer")); err != nil {
		r.wrong(line, hint, "customer: %v", err)
	}
	if c.Kind == "" {
		r.wrong(line, "agency, business-care, on-call, or a policy of the configuration", "kind: missing")
	}
	for _, d := range []struct {
		name string
		day  *Day
	}{{"from", &c.From}, {"to", &c.To}} {
		if *d.day, hint, err = date(cell(d.name)); err != nil {
			r.wrong(line, hint, "%s: %v", d.name, err)
		}
	}
	switch {
	case c.From != "" && c.To != "" && c.To < c.From:
		r.wrong(line, "", "ends (%s) before it begins (%s)", c.To, c.From)
	case c.extra() && c.OnCall == "" && cell("on_call") != "":
		r.wrong(line, "leave the cell empty, or write yes or a calendar", "on_call: %q for an on-call agreement", cell("on_call"))
	}
	if c.extra() && c.OnCall == "" {
		c.OnCall = Agreed
	}
	if len(r.problems) == before {
		r.contracts = append(r.contracts, c)
	}
}

// hidden reports whether a character breaks a line or turns its direction, so that a line would read otherwise than it is.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}

// clashes reports lines that cannot both hold: of one customer and product, on the same day. The later one is left out.
func (r *reader) clashes() {
	seen := map[string][]Contract{}
	r.contracts = slices.DeleteFunc(r.contracts, func(c Contract) bool {
		key := fmt.Sprint(c.Customer, "\x00", canonical(c.Product), c.extra())
		for _, other := range seen[key] {
			if c.From > other.To || other.From > c.To {
				continue
			}
			again := other
			if again.Line = c.Line; again == c {
				r.wrong(c.Line, "take one of them out", "the same as line %d", other.Line)
			} else {
				r.wrong(c.Line, "on a day only one contract can hold for a customer and product: end one the day before the other begins",
					"overlaps line %d (%s)", other.Line, other.Terms())
			}
			return true
		}
		seen[key] = append(seen[key], c)
		return false
	})
}
