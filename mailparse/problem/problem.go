// Package problem names what was odd in a message.
//
// Parsing mail never fails; what a strict parser would refuse is said here instead, so that people can see it, rules can
// weigh it (a repeated From header makes a mail no command), and nobody has to guess why a text looks strange.
package problem

import (
	"strings"
	"unicode"
)

// Code is the stable, machine-readable name of an oddity; it is what rules and tables compare.
type Code string

// The codes. Each line says when it is given.
const (
	Empty             Code = "empty"               // no bytes, or nothing but blanks
	NoHeader          Code = "no_header"           // no header field at all: everything was taken as body
	LineEnds          Code = "line_ends"           // lone CR or CR CR LF instead of CRLF
	HeaderLine        Code = "header_line"         // a header line that is no field and no continuation
	HeaderName        Code = "header_name"         // blanks between a field's name and its colon
	HeaderTooLong     Code = "header_too_long"     // a header block beyond the limit: the rest was ignored
	HeaderTooMany     Code = "header_too_many"     // more fields than the limit: the rest was ignored
	HeaderRepeated    Code = "header_repeated"     // a field that may occur once occurs again (RFC 5322, 3.6)
	AddressSyntax     Code = "address_syntax"      // an address list that had to be guessed
	AddressGroup      Code = "address_group"       // group syntax where a person is expected
	MessageIDSyntax   Code = "message_id_syntax"   // a Message-ID, In-Reply-To or References without proper <id@host>
	DateSyntax        Code = "date_syntax"         // a Date that could not be read
	CharsetUnknown    Code = "charset_unknown"     // no such charset: decoded with replacement characters
	CharsetWrong      Code = "charset_wrong"       // the bytes are not in the declared charset
	EncodingUnknown   Code = "encoding_unknown"    // no such Content-Transfer-Encoding: taken as it is
	EncodingDamaged   Code = "encoding_damaged"    // base64, quoted-printable or uuencode with foreign bytes or cut off
	BoundaryMissing   Code = "boundary_missing"    // multipart without a boundary parameter, or one that never occurs
	BoundaryNotClosed Code = "boundary_not_closed" // the closing boundary is missing: perhaps truncated
	TopSkipped        Code = "top_skipped"         // the body begins with words that nobody is shown: it may not be what its header says
	PartHeader        Code = "part_header"         // a part without a readable header
	TooDeep           Code = "too_deep"            // nesting beyond the limit: kept as one opaque part
	TooManyParts      Code = "too_many_parts"      // more parts than the limit: the rest was ignored
	TextTruncated     Code = "text_truncated"      // a text beyond the limit was cut
	SignedTruncated   Code = "signed_truncated"    // an S/MIME signature around a text that ends before its end
	NameGuessed       Code = "name_guessed"        // a file name written against RFC 2231
	TNEFDamaged       Code = "tnef_damaged"        // winmail.dat that could not be read to its end
)

// maxDetails bounds how many details are kept per code, so that a hostile message cannot fill a ticket with complaints.
const maxDetails = 3

// maxDetailLen bounds one detail, in bytes.
const maxDetailLen = 120

// Problem is one oddity: its code and a short detail for people, possibly empty.
type Problem struct {
	Code   Code
	Detail string
}

// List collects problems, a few per code. The zero value is ready to use; a nil list takes and forgets.
type List struct {
	all []Problem
}

// Add notes a problem unless the same was noted before or its code was noted often enough.
func (l *List) Add(code Code, detail string) {
	if l == nil {
		return
	}
	detail = printable(detail[:min(len(detail), maxDetailLen)])
	seen := 0
	for _, p := range l.all {
		if p.Code != code {
			continue
		}
		if seen++; seen >= maxDetails || p.Detail == detail {
			return
		}
	}
	l.all = append(l.all, Problem{code, detail})
}

// All returns the problems in the order they were met.
func (l *List) All() []Problem {
	return l.all
}

// printable makes a detail out of a mail safe to print in one line.
func printable(detail string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(detail, "?"))
}
