// Package cms reads the content that a signature is wrapped around: the signed-data of S/MIME (RFC 5652, 5; RFC 8551, 3.5.2), in which
// the text of an opaquely signed mail stands.
//
// It promises linear time and no panic for any bytes. It verifies nothing: whether a signature is good is not asked, and nobody may take
// the content for proven. It refuses everything that is encrypted.
package cms

import "bytes"

// Tags of the universal types met on the way (X.690, 8), and that of an explicit [0].
const (
	tagOctets      = 0x04
	tagOctetPieces = 0x24
	tagOID         = 0x06
	tagSequence    = 0x30
	tagZero        = 0xa0
)

// maxDepth bounds values within values.
const maxDepth = 20

// signedData is the object identifier 1.2.840.113549.1.7.2, data is 1.2.840.113549.1.7.1.
const (
	signedData = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
	data       = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
)

// Signed returns the content of a signed-data that holds its content, and whether raw is one. Whole says that the content was read to its end;
// else the end of raw is missing. It reads BER, of which DER is a part, since programs that stream leave lengths open.
func Signed(raw []byte) (content []byte, whole, ok bool) {
	r := &reader{rest: raw}
	r.enter(tagSequence)
	r.oid(signedData)
	r.enter(tagZero)
	r.enter(tagSequence)
	r.skip(0) // version
	r.skip(0) // digest algorithms
	r.enter(tagSequence)
	r.oid(data)
	r.enter(tagZero)
	var out bytes.Buffer
	r.octets(&out, 0)
	return out.Bytes(), !r.cut, !r.failed
}

// reader walks down into a value. What lies behind the content is of no interest, so ends are checked against the bytes alone.
type reader struct {
	rest   []byte
	failed bool
	cut    bool // something ended before its end
}

// header is the tag of the next value, the length of its content, -1 where that is left open.
func (r *reader) header() (tag byte, length int) {
	if len(r.rest) < 2 || r.rest[0]&0x1f == 0x1f {
		r.failed = true
		return 0, 0
	}
	tag, first := r.rest[0], int(r.rest[1])
	r.rest = r.rest[2:]
	switch n := first & 0x7f; {
	case first < 0x80:
		length = first
	case n == 0:
		return tag, -1
	case n > 4 || n > len(r.rest):
		r.failed = true
		return 0, 0
	default:
		for _, b := range r.rest[:n] {
			length = length<<8 | int(b)
		}
		r.rest = r.rest[n:]
	}
	return tag, length
}

// enter goes into a value of the given tag.
func (r *reader) enter(tag byte) {
	if r.failed {
		return
	}
	if got, _ := r.header(); got != tag {
		r.failed = true
	}
}

// take returns the next n bytes, or as many as there are: the end of a mail may be cut off.
func (r *reader) take(n int) []byte {
	r.cut = r.cut || n > len(r.rest)
	n = max(0, min(n, len(r.rest)))
	out := r.rest[:n]
	r.rest = r.rest[n:]
	return out
}

func (r *reader) oid(want string) {
	if r.failed {
		return
	}
	tag, n := r.header()
	if tag != tagOID || string(r.take(n)) != want {
		r.failed = true
	}
}

// skip goes behind the next value.
func (r *reader) skip(depth int) {
	if r.failed || depth > maxDepth {
		r.failed = true
		return
	}
	_, n := r.header()
	if n >= 0 {
		r.take(n)
		return
	}
	for !r.failed && !r.ended() {
		r.skip(depth + 1)
	}
}

// ended takes the two zeros that end a value of open length.
func (r *reader) ended() bool {
	switch {
	case len(r.rest) == 0:
		r.cut = true
		return true
	case bytes.HasPrefix(r.rest, []byte{0, 0}):
		r.rest = r.rest[2:]
		return true
	}
	return false
}

// octets reads a string of bytes, whole or in pieces.
func (r *reader) octets(out *bytes.Buffer, depth int) {
	if r.failed || depth > maxDepth {
		r.failed = true
		return
	}
	tag, n := r.header()
	switch {
	case tag == tagOctets && n >= 0:
		out.Write(r.take(n))
	case tag == tagOctetPieces && n < 0:
		for !r.failed && !r.ended() {
			r.octets(out, depth+1)
		}
	case tag == tagOctetPieces:
		within := &reader{rest: r.take(n)}
		for !within.failed && len(within.rest) > 0 {
			within.octets(out, depth+1)
		}
		r.failed, r.cut = within.failed, r.cut || within.cut
	default:
		r.failed = true
	}
}
