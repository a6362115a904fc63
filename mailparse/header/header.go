// Package header reads the header of a message or of a part: its fields as they stand, and the grammar inside them
// (addresses, message ids, dates, parameters, trace lines, encoded words).
//
// Every reader takes any string, runs in linear time, and gives the best it finds; what had to be guessed is noted as a
// Problem. Sources: RFC 5322 (fields, addresses, dates), RFC 2047 (encoded words), RFC 2231 (parameters), RFC 5321 4.4
// (trace lines).
package header

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"replyby/mailparse/problem"
)

// Limits of one header block. What lies beyond is skipped and said so; the body behind it is still found.
const (
	MaxBytes  = 256 << 10
	MaxFields = 2000
)

// lookahead is how many lines are searched for a further field when a line is none.
const lookahead = 3

// Field is one header field. Name is as written, Raw the unfolded value without outer blanks, bytes as they came.
type Field struct {
	Name, Raw string
}

// Header is the list of fields, topmost first. Charset is the charset raw 8-bit values are read in when they are not
// UTF-8; empty means Windows-1252.
type Header struct {
	Fields  []Field
	Charset string
}

// called compares names, which are ASCII (RFC 5322, 2.2): the length is asked first, because most differ in it.
func (f *Field) called(name string) bool {
	return len(f.Name) == len(name) && strings.EqualFold(f.Name, name)
}

// Values yields the unfolded undecoded values of name, topmost first.
func (h *Header) Values(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range h.Fields {
			if h.Fields[i].called(name) && !yield(h.Fields[i].Raw) {
				return
			}
		}
	}
}

// Raw returns the topmost of Values, "" if there is none.
func (h *Header) Raw(name string) string {
	for i := range h.Fields {
		if h.Fields[i].called(name) {
			return h.Fields[i].Raw
		}
	}
	return ""
}

// Get returns the topmost value of name with encoded words decoded, clean and in one line; "" if there is none.
func (h *Header) Get(name string) string {
	return decodeText(h.Raw(name), h.Charset)
}

// All returns every value of name, topmost first, decoded as Get does.
func (h *Header) All(name string) []string {
	var all []string
	for raw := range h.Values(name) {
		all = append(all, decodeText(raw, h.Charset))
	}
	return all
}

// Count returns how often name occurs. Singleton rules (RFC 5322, 3.6) are checked with it.
func (h *Header) Count(name string) int {
	n := 0
	for range h.Values(name) {
		n++
	}
	return n
}

// Has reports whether name occurs at all, even empty.
func (h *Header) Has(name string) bool {
	return slices.ContainsFunc(h.Fields, func(f Field) bool { return f.called(name) })
}

// Parse cuts raw into its header and the body behind the empty line. The block of a message may hold lines that are no
// fields: they are skipped as long as fields follow, and taken as the start of the body otherwise.
func Parse(raw []byte, report *problem.List) (Header, []byte) {
	s := scanner{raw: raw, report: report}
	body := s.run()
	return Header{Fields: s.fields}, body
}

// ParsePart is Parse for a part of a multipart. A part that does not begin with a field has no header: its text may stand
// directly behind the boundary.
func ParsePart(raw []byte, report *problem.List) (Header, []byte) {
	line, rest := cutLine(raw)
	if len(line) == 0 {
		return Header{}, rest
	}
	if nameLen(line) < 0 {
		if len(bytes.TrimSpace(line)) == 0 {
			return Header{}, rest
		}
		report.Add(problem.PartHeader, "part begins without a header field")
		return Header{}, raw
	}
	return Parse(raw, report)
}

type scanner struct {
	raw    []byte
	text   strings.Builder // names and values, one behind the other
	fields []Field
	report *problem.List
	full   bool
	start  int // of the field being gathered, -1 if none
}

// run walks the lines and returns what lies behind the header.
func (s *scanner) run() []byte {
	s.start = -1
	pos := 0
	for pos < len(s.raw) {
		line, rest := cutLine(s.raw[pos:])
		next := len(s.raw) - len(rest)
		switch {
		case len(line) == 0:
			s.flush(pos)
			return rest
		case line[0] == ' ' || line[0] == '\t':
			if len(bytes.TrimSpace(line)) == 0 && endsHeader(rest) {
				s.flush(pos)
				return rest
			}
		case nameLen(line) > 0:
			s.flush(pos)
			s.start = pos
		case s.continues(line, pos):
			s.report.Add(problem.HeaderLine, string(line))
		default:
			s.flush(pos)
			s.report.Add(problem.HeaderLine, string(line))
			if bodyStarts(line, rest) {
				return s.raw[pos:]
			}
		}
		pos = next
	}
	s.flush(pos)
	return nil
}

// endsHeader reports whether a line of blanks ends the header: what follows is neither field nor continuation.
func endsHeader(rest []byte) bool {
	line, _ := cutLine(rest)
	return nameLen(line) < 0 && (len(line) == 0 || line[0] != ' ' && line[0] != '\t')
}

// continues reports whether a line that is no field was meant to continue the one before and lost its indent: that field is
// a trace line or breaks off at a separator.
func (s *scanner) continues(line []byte, pos int) bool {
	if s.start < 0 || bytes.HasPrefix(line, []byte("--")) {
		return false
	}
	const trace = "received:"
	so := bytes.TrimRight(s.raw[s.start:pos], " \t\r\n")
	if len(so) >= len(trace) && bytes.EqualFold(so[:len(trace)], []byte(trace)) {
		return true
	}
	return bytes.HasSuffix(so, []byte(";")) || bytes.HasSuffix(so, []byte(","))
}

// bodyStarts decides about a line that is no field: a boundary begins the body, and so does a line that no field follows
// within the next few lines.
func bodyStarts(line, rest []byte) bool {
	if bytes.HasPrefix(line, []byte("--")) {
		return true
	}
	for range lookahead {
		if line, rest = cutLine(rest); len(line) == 0 {
			return true
		}
		if nameLen(line) > 0 {
			return false
		}
	}
	return true
}

// flush ends the field that began at s.start.
func (s *scanner) flush(end int) {
	start := s.start
	s.start = -1
	if start < 0 || s.full {
		return
	}
	if len(s.fields) >= MaxFields {
		s.report.Add(problem.HeaderTooMany, "")
		s.full = true
		return
	}
	if end > MaxBytes {
		s.report.Add(problem.HeaderTooLong, "")
		s.full = true
		end = max(start, MaxBytes)
	}
	s.add(s.raw[start:end])
}

func (s *scanner) add(block []byte) {
	n := nameLen(block)
	if n <= 0 {
		return
	}
	if s.fields == nil {
		s.makeRoom()
	}
	colon := n + bytes.IndexByte(block[n:], ':')
	if colon > n {
		s.report.Add(problem.HeaderName, string(block[:n]))
	}
	start := s.text.Len()
	s.text.Write(block[:n])
	s.unfold(block[colon+1:])
	text := s.text.String()[start:]
	s.fields = append(s.fields, Field{Name: text[:n], Raw: text[n:]})
}

// makeRoom asks for all memory that a header of this length and so many lines can need.
func (s *scanner) makeRoom() {
	size, fields := 0, 0
	for rest := s.raw; size < MaxBytes; size = len(s.raw) - len(rest) {
		var line []byte
		if line, rest = cutLine(rest); len(line) == 0 {
			break
		}
		if line[0] != ' ' && line[0] != '\t' {
			fields++
		}
	}
	s.text.Grow(min(size, MaxBytes))
	s.fields = make([]Field, 0, min(fields, MaxFields))
}

// nameLen returns the length of the field name line begins with, -1 if it begins with none. Blanks before the colon are
// obsolete syntax (RFC 5322, 4.5) and a known trick; they are accepted here and noted by the caller.
func nameLen(line []byte) int {
	n := 0
	for n < len(line) && line[n] > ' ' && line[n] < 0x7f && line[n] != ':' {
		n++
	}
	end := n
	for end < len(line) && (line[end] == ' ' || line[end] == '\t') {
		end++
	}
	if n == 0 || end == len(line) || line[end] != ':' {
		return -1
	}
	return n
}

// cutLine returns the first line of data without its line end, and what follows it.
func cutLine(data []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(data, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

// unfold writes the lines of a value as one (RFC 5322, 2.2.3), trimmed.
func (s *scanner) unfold(value []byte) {
	value = bytes.TrimSpace(value)
	for len(value) > 0 {
		var line []byte
		line, value = cutLine(value)
		s.text.Write(line)
	}
}

// Groups reads blocks of fields separated by empty lines, as the machine-readable part of a report holds them (RFC 3464,
// 2.1). Blocks without a field are left out, and no more than MaxFields blocks are read.
func Groups(data []byte) []Header {
	var groups []Header
	for len(groups) < MaxFields {
		if data = bytes.TrimLeft(data, "\r\n"); len(data) == 0 {
			break
		}
		end := emptyLine(data)
		if h, _ := Parse(data[:end], nil); len(h.Fields) > 0 {
			groups = append(groups, h)
		}
		data = data[end:]
	}
	return groups
}

// emptyLine returns where the first empty line begins.
func emptyLine(data []byte) int {
	for pos := 0; pos < len(data); {
		line, rest := cutLine(data[pos:])
		if len(line) == 0 {
			return pos
		}
		pos = len(data) - len(rest)
	}
	return len(data)
}
