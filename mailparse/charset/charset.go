// Package charset turns bytes of a named charset into clean UTF-8.
//
// It knows the charsets of the WHATWG index, those IANA adds to it, the misnamed ones real mail uses, and UTF-7 as old
// Exchange bounces write it. It never fails: an unknown name or foreign bytes give replacement characters and a Problem,
// and what it returns is always valid UTF-8 without control characters other than TAB and LF.
package charset

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"replyby/mailparse/problem"
)

// Decode returns data, written in the charset called label, as clean UTF-8. Oddities go to report, which may be nil.
//
// Text without a label, or labelled as plain ASCII or a Latin charset, that is valid UTF-8 with characters beyond ASCII
// is read as UTF-8: the chance that Latin text looks like that is nil, the mislabelling is common.
func Decode(label string, data []byte, report *problem.List) string {
	name := clean(label)
	if ascii(data) && !stateful(name) {
		return sanitise(data)
	}
	if latin(name) && utf8.Valid(data) {
		if name != "" {
			report.Add(problem.CharsetWrong, "utf-8 text declared as "+name)
		}
		return sanitise(data)
	}
	switch name {
	case "", "us-ascii":
		report.Add(problem.CharsetWrong, "8-bit text without a charset")
		return decodeWith(charmap.Windows1252, data)
	case "utf-8":
		return decodeUTF8(data, report)
	case "utf-7":
		return Sanitise(decodeUTF7(data))
	case "iso-2022-kr":
		return decodeWith(korean.EUCKR, shiftedToEUC(data))
	case "iso-2022-cn":
		return decodeWith(simplifiedchinese.GB18030, shiftedToEUC(data))
	case "utf-16":
		return decodeWith(guessUTF16(data), data)
	}
	enc := lookup(name)
	if enc == nil {
		report.Add(problem.CharsetUnknown, label)
		return sanitise(data)
	}
	return decodeWith(enc, data)
}

func decodeWith(enc encoding.Encoding, data []byte) string {
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		out = append(out, "\uFFFD"...) // a stateful decoder stopped early
	}
	return sanitise(out)
}

// decodeUTF8 reads text declared as UTF-8. If no multi-byte sequence in it is valid, it is the other common charset.
func decodeUTF8(data []byte, report *problem.List) string {
	if utf8.Valid(data) {
		return sanitise(data)
	}
	report.Add(problem.CharsetWrong, "text is not valid utf-8")
	if !hasMultiByte(data) {
		return decodeWith(charmap.Windows1252, data)
	}
	return sanitise(data)
}

func hasMultiByte(data []byte) bool {
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r != utf8.RuneError && size > 1 {
			return true
		}
		data = data[size:]
	}
	return false
}

func ascii(data []byte) bool {
	const word, high = 8, 0x8080808080808080 // bytes, and the bits that ASCII leaves unset
	for ; len(data) >= word; data = data[word:] {
		if binary.LittleEndian.Uint64(data)&high != 0 {
			return false
		}
	}
	for _, b := range data {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// stateful reports charsets that write other characters with bytes below 128.
func stateful(name string) bool {
	return strings.HasPrefix(name, "iso-2022") || strings.HasPrefix(name, "utf-7") || strings.HasPrefix(name, "utf-16") ||
		strings.HasPrefix(name, "utf-32") || strings.HasPrefix(name, "hz") || strings.HasPrefix(name, "ibm0") ||
		strings.HasPrefix(name, "ibm1") || strings.HasPrefix(name, "csiso2022")
}

func latin(name string) bool {
	switch name {
	case "", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252":
		return true
	}
	return false
}

// lookup finds a charset by its cleaned name; nil if there is none.
func lookup(name string) encoding.Encoding {
	switch name {
	case "hz-gb-2312":
		return simplifiedchinese.HZGB2312
	case "gb2312", "gbk":
		return simplifiedchinese.GB18030 // the superset: mail labelled GB2312 uses all of it
	case "utf-32", "utf-32be":
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case "utf-32le":
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	}
	enc, err := htmlindex.Get(name)
	if err != nil || enc == encoding.Replacement {
		enc, err = ianaindex.MIME.Encoding(name)
	}
	if err != nil || enc == encoding.Replacement {
		return nil
	}
	return enc
}

// guessUTF16 chooses the byte order: a byte order mark says it, otherwise the side on which the zero bytes of ASCII
// characters lie. RFC 2781, 4.3 would have it big-endian; real mail without a mark mostly is not.
func guessUTF16(data []byte) encoding.Encoding {
	order := unicode.LittleEndian
	even := 0
	for i := 0; i < len(data) && i < 512; i++ {
		if data[i] == 0 {
			even += 1 - 2*(i%2)
		}
	}
	if even > 0 {
		order = unicode.BigEndian
	}
	return unicode.UTF16(order, unicode.UseBOM)
}

// shiftedToEUC turns the two-byte runs between SO and SI of ISO-2022-KR and -CN (RFC 1557, RFC 1922) into EUC form.
func shiftedToEUC(data []byte) []byte {
	out := make([]byte, 0, len(data))
	shifted := false
	for i := 0; i < len(data); i++ {
		switch b := data[i]; {
		case b == 0x0e:
			shifted = true
		case b == 0x0f || b == '\n':
			shifted = false
			if b == '\n' {
				out = append(out, b)
			}
		case b == 0x1b && bytes.HasPrefix(data[i:], []byte("\x1b$)")):
			i += 3
		case shifted && b > 0x20:
			out = append(out, b|0x80)
		default:
			out = append(out, b)
		}
	}
	return out
}
