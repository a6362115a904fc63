package header

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"replyby/mailparse/charset"
)

// Decode returns a raw header value as clean one-line text: encoded words (RFC 2047) decoded, 8-bit bytes read as UTF-8.
func Decode(raw string) string {
	return decodeText(raw, "")
}

// decodeText is Decode with the charset to fall back to for raw 8-bit bytes. It forgives what mailers do: blanks inside an
// encoded word, characters cut between two words, words without blanks around them.
func decodeText(raw, fallback string) string {
	if !strings.Contains(raw, "=?") {
		return oneLine(plain(raw, fallback))
	}
	var out strings.Builder
	var run wordRun
	ends := strings.Count(raw, "?=") // terminators left: without one no word can end, and looking for it is wasted
	for ends > 0 {
		start := strings.Index(raw, "=?")
		if start < 0 {
			break
		}
		word, size := readWord(raw[start:])
		if size == 0 {
			run.flush(&out)
			out.WriteString(plain(raw[:start+2], fallback))
			ends -= strings.Count(raw[:start+2], "?=")
			raw = raw[start+2:]
			continue
		}
		if between := raw[:start]; run.charset == "" || strings.TrimSpace(between) != "" {
			run.flush(&out)
			out.WriteString(plain(between, fallback))
		}
		run.add(word, &out)
		ends -= strings.Count(raw[:start+size], "?=")
		raw = raw[start+size:]
	}
	run.flush(&out)
	out.WriteString(plain(raw, fallback))
	return oneLine(out.String())
}

// word is one encoded word: its charset and its bytes.
type word struct {
	charset string
	data    []byte
}

// wordRun gathers neighbouring words of one charset, because mailers cut characters between them.
type wordRun struct {
	charset string
	data    []byte
}

func (r *wordRun) add(w word, out *strings.Builder) {
	if !strings.EqualFold(r.charset, w.charset) {
		r.flush(out)
	}
	r.charset = w.charset
	r.data = append(r.data, w.data...)
}

func (r *wordRun) flush(out *strings.Builder) {
	if r.charset == "" {
		return
	}
	out.WriteString(charset.Decode(r.charset, r.data, nil))
	r.charset, r.data = "", nil
}

// readWord reads the encoded word at the start of s and returns its length, 0 if there is none.
func readWord(s string) (word, int) {
	const longest = 60 // of a charset's name
	name := strings.IndexByte(s[2:min(len(s), longest)], '?')
	if name <= 0 || len(s) < name+5 || s[name+4] != '?' {
		return word{}, 0
	}
	text := s[name+5:]
	end := strings.Index(text, "?=")
	if end < 0 {
		return word{}, 0
	}
	w := word{charset: s[2 : 2+name]}
	switch s[name+3] {
	case 'q', 'Q':
		w.data = decodeQ(text[:end])
	case 'b', 'B':
		w.data = decodeB(text[:end])
	default:
		return word{}, 0
	}
	return w, name + 5 + end + 2
}

// decodeQ reads the Q encoding: underscore is a blank, =XX a byte.
func decodeQ(text string) []byte {
	return unhex(nil, strings.ReplaceAll(text, "_", " "), '=')
}

// unhex appends text with each mark and two hexadecimal digits turned into the byte they stand for.
func unhex(out []byte, text string, mark byte) []byte {
	for i := 0; i < len(text); i++ {
		var b [1]byte
		if text[i] == mark && i+2 < len(text) {
			if _, err := hex.Decode(b[:], []byte(text[i+1:i+3])); err == nil {
				out = append(out, b[0])
				i += 2
				continue
			}
		}
		out = append(out, text[i])
	}
	return out
}

// decodeB reads base64 with or without padding, skipping foreign bytes.
func decodeB(text string) []byte {
	kept := strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (isAlnum(byte(r)) || r == '+' || r == '/') {
			return r
		}
		return -1
	}, text)
	if len(kept)%4 == 1 {
		kept = kept[:len(kept)-1]
	}
	out, _ := base64.RawStdEncoding.DecodeString(kept)
	return out
}

func isAlnum(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}

// plain reads the bytes outside encoded words.
func plain(raw, fallback string) string {
	if utf8.ValidString(raw) {
		return raw
	}
	return charset.Decode(fallback, []byte(raw), nil)
}

// oneLine removes control characters and turns line ends and tabs into blanks.
func oneLine(text string) string {
	text = charset.Sanitise(text)
	text = strings.ReplaceAll(text, "\n", " ")
	return strings.TrimSpace(strings.ReplaceAll(text, "\t", " "))
}
