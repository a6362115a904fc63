package mailparse

import (
	"bytes"
	"slices"
	"strings"

	"replyby/mailparse/header"
	"replyby/mailparse/problem"
)

// node is one entity of the MIME tree: a leaf with an index into the message's parts, or a multipart with children.
type node struct {
	kind     string // media type
	part     int    // -1 for a multipart
	children []*node
}

// splitter cuts a message into its tree. Each level scans its bytes once and MaxDepth bounds the levels, so time is linear.
type splitter struct {
	parts  []Part
	report *problem.List
}

// entity reads the body below header h, which says that it is of type media.
func (s *splitter) entity(h Header, media mediaType, body []byte, within []string) *node {
	if !strings.HasPrefix(media.name, "multipart/") {
		return s.leaf(h, media, body, within)
	}
	if len(within) >= MaxDepth {
		s.report.Add(problem.TooDeep, "")
		return s.leaf(h, media, body, within)
	}
	above, chunks := s.split(body, media.params["boundary"])
	if len(chunks) == 0 {
		return s.leaf(plainHeader(h), mediaType{name: "text/plain"}, body, within)
	}
	s.parts = slices.Grow(s.parts, min(len(chunks), MaxParts))
	n := &node{kind: media.name, part: -1, children: make([]*node, 0, len(chunks))}
	inner := append(within[:len(within):len(within)], media.name)
	for i, chunk := range chunks {
		if len(s.parts) >= MaxParts {
			s.report.Add(problem.TooManyParts, "")
			break
		}
		h, body := header.ParsePart(chunk, s.report)
		if i == 0 && len(within) == 0 && (!explains(above) || !ofPart(h)) {
			s.report.Add(problem.TopSkipped, "above the first part")
		}
		n.children = append(n.children, s.entity(h, readMediaType(&h, typeWithin(media.name)), body, inner))
	}
	return n
}

// typeWithin is the media type of a part that names none (RFC 2046, 5.1.5).
func typeWithin(multipart string) string {
	if multipart == "multipart/digest" {
		return "message/rfc822"
	}
	return "text/plain"
}

// plainHeader drops the Content-Type of a multipart without parts, so that its body is read as text.
func plainHeader(h Header) Header {
	kept := Header{Charset: h.Charset}
	for _, f := range h.Fields {
		if !strings.EqualFold(f.Name, "Content-Type") {
			kept.Fields = append(kept.Fields, f)
		}
	}
	return kept
}

func (s *splitter) leaf(h Header, media mediaType, body []byte, within []string) *node {
	p := newPart(h, media, body, s.report)
	if len(within) > 0 {
		p.Within = within[len(within)-1]
	} else if !encodedFromTop(p.encoding, body) {
		s.report.Add(problem.TopSkipped, "above what is encoded")
	}
	s.parts = append(s.parts, p)
	if n := s.unwrap(len(s.parts)-1, within); n != nil {
		return n
	}
	return &node{kind: p.Type, part: len(s.parts) - 1}
}

// split cuts a multipart body at its boundary lines. Where the declared boundary is missing or never occurs, one is guessed
// from the body. The last part may lack its closing line. What stands above the first part is no part.
func (s *splitter) split(body []byte, boundary string) (above []byte, chunks [][]byte) {
	above, chunks, closed := cutAt(body, boundary)
	if len(chunks) == 0 {
		s.report.Add(problem.BoundaryMissing, boundary)
		guessed := guessBoundary(body)
		if guessed == "" {
			return nil, nil
		}
		above, chunks, closed = cutAt(body, guessed)
	}
	if !closed {
		s.report.Add(problem.BoundaryNotClosed, "")
	}
	return above, chunks
}

// cutAt returns the parts between boundary lines (RFC 2046, 5.1.1), one more than MaxParts at most, without the line end that
// belongs to the boundary, and what stands above the first.
func cutAt(body []byte, boundary string) (above []byte, chunks [][]byte, closed bool) {
	if boundary == "" {
		return nil, nil, false
	}
	delimiter := []byte("--" + boundary)
	start := -1
	for pos := 0; pos < len(body); {
		at := bytes.Index(body[pos:], delimiter)
		if at < 0 {
			break
		}
		at += pos
		pos = at + len(delimiter)
		next, closing, ok := boundaryEnd(body, at, pos)
		if !ok {
			continue
		}
		if start < 0 {
			above = body[:at]
		} else {
			chunks = append(chunks, body[start:max(start, lineEndBefore(body, at))])
		}
		if closing || len(chunks) > MaxParts {
			return above, chunks, true
		}
		start, pos = next, next
	}
	if start >= 0 && start < len(body) {
		chunks = append(chunks, body[start:])
	}
	return above, chunks, false
}

// boundaryEnd checks that the delimiter at [at,end) is a whole line but for blanks and the closing "--", and returns where
// the next line begins.
func boundaryEnd(body []byte, at, end int) (next int, closing, ok bool) {
	if at > 0 && body[at-1] != '\n' {
		return 0, false, false
	}
	rest := body[end:]
	if next = len(body); bytes.IndexByte(rest, '\n') >= 0 {
		rest = rest[:bytes.IndexByte(rest, '\n')]
		next = end + len(rest) + 1
	}
	rest = bytes.TrimRight(rest, " \t\r")
	closing = bytes.Equal(rest, []byte("--"))
	return next, closing, closing || len(rest) == 0
}

// lineEndBefore returns at without the line end in front of it.
func lineEndBefore(body []byte, at int) int {
	if at > 0 && body[at-1] == '\n' {
		at--
	}
	if at > 0 && body[at-1] == '\r' {
		at--
	}
	return at
}

// guessBoundary takes the first line that begins with "--" and is followed by a Content- field, or else comes again as a
// closing line.
func guessBoundary(body []byte) string {
	for pos := 0; pos < len(body); {
		end := bytes.IndexByte(body[pos:], '\n')
		if end < 0 {
			return ""
		}
		line := bytes.TrimRight(body[pos:pos+end], " \t\r")
		pos += end + 1
		const longest = 200
		if len(line) < 3 || len(line) > longest || !bytes.HasPrefix(line, []byte("--")) {
			continue
		}
		if next := body[pos:min(len(body), pos+8)]; bytes.EqualFold(next, []byte("content-")) {
			return string(line[2:])
		}
	}
	return ""
}
