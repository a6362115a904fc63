// Package transfer undoes content transfer encodings (RFC 2045, 6) and uuencode, forgiving what real mail does to them.
//
// Decoding never grows the data and never stops at a foreign byte: base64 skips it, quoted-printable keeps it.
package transfer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"replyby/mailparse/problem"
)

// Encoding is a content transfer encoding as this package understands it.
type Encoding string

// The encodings. Identity stands for 7bit, 8bit and binary.
const (
	Identity        Encoding = ""
	Base64          Encoding = "base64"
	QuotedPrintable Encoding = "quoted-printable"
	UUEncode        Encoding = "x-uuencode"
)

// Name reads a Content-Transfer-Encoding value. What is no encoding (a media type, "8 bits", an encoded word) is Identity;
// known is false where that is a guess.
func Name(value string) (enc Encoding, known bool) {
	switch name := strings.ToLower(strings.Trim(value, " \t\"';,.")); name {
	case "", "7bit", "8bit", "binary":
		return Identity, true
	case "base64":
		return Base64, true
	case "quoted-printable":
		return QuotedPrintable, true
	case "x-uuencode", "x-uue", "uuencode", "uue":
		return UUEncode, true
	case "quoted printable", "quotedprintable", "quoted_printable", "qp":
		return QuotedPrintable, false
	case "base-64", "base 64", "b64", "x-base64":
		return Base64, false
	default:
		return Identity, false
	}
}

// Decode returns the decoded bytes. For Identity they are data itself, not a copy.
func Decode(enc Encoding, data []byte, report *problem.List) []byte {
	switch enc {
	case Base64:
		return decodeBase64(data, report)
	case QuotedPrintable:
		return decodeQuotedPrintable(data, report)
	case UUEncode:
		if files, _ := SplitUU(data); len(files) > 0 {
			return files[0].Data
		}
		report.Add(problem.EncodingDamaged, "uuencode without a begin line")
	}
	return data
}

// Measure returns the size and the hash of what Decode returns. A file in base64 is not held as a whole for it.
func Measure(enc Encoding, data []byte, report *problem.List) (size int, sum [sha256.Size]byte) {
	if enc == Base64 {
		return sumBase64(data, report)
	}
	content := Decode(enc, data, report)
	return len(content), sha256.Sum256(content)
}

// decodeQuotedPrintable follows RFC 2045, 6.7: soft line breaks go, blanks at a line's end go. An equals sign that begins
// nothing is kept as it stands.
func decodeQuotedPrintable(data []byte, report *problem.List) []byte {
	if bytes.IndexByte(data, '=') < 0 {
		return data
	}
	out := make([]byte, 0, len(data))
	bad := false
	for len(data) > 0 {
		line, rest, ended := bytes.Cut(data, []byte("\n"))
		data = rest
		trimmed := bytes.TrimRight(line, " \t\r")
		if kept, soft := bytes.CutSuffix(trimmed, []byte("=")); soft {
			out = appendQP(out, kept, &bad)
			continue
		}
		out = appendQP(out, trimmed, &bad)
		if bytes.HasSuffix(line, []byte("\r")) {
			out = append(out, '\r')
		}
		if ended {
			out = append(out, '\n')
		}
	}
	if bad {
		report.Add(problem.EncodingDamaged, "quoted-printable with a lone equals sign")
	}
	return out
}

func appendQP(out, line []byte, bad *bool) []byte {
	for {
		eq := bytes.IndexByte(line, '=')
		if eq < 0 {
			return append(out, line...)
		}
		out = append(out, line[:eq]...)
		var b [1]byte
		if eq+2 < len(line) {
			if _, err := hex.Decode(b[:], line[eq+1:eq+3]); err == nil {
				out, line = append(out, b[0]), line[eq+3:]
				continue
			}
		}
		*bad = true
		out, line = append(out, '='), line[eq+1:]
	}
}
