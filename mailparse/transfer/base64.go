package transfer

import (
	"bytes"
	"encoding/base64"
	"strings"

	"replyby/mailparse/problem"
)

// decodeBase64 decodes line by line. Lines in order go the quick way; from the first one that is not, the rest is read
// letter by letter.
func decodeBase64(data []byte, report *problem.List) []byte {
	out := make([]byte, 0, len(data)/4*3+3)
	for len(data) > 0 {
		line, rest := data, []byte(nil)
		if n := bytes.IndexByte(data, '\n'); n >= 0 {
			line, rest = data[:n], data[n+1:]
		}
		line = bytes.TrimRight(line, "\r \t")
		if len(line)%4 != 0 {
			return decodeLoose(out, data, report)
		}
		grown, err := base64.StdEncoding.AppendDecode(out, line)
		if err != nil {
			return decodeLoose(out, data, report)
		}
		out, data = grown, rest
	}
	return out
}

// decodeLoose appends what the base64 letters in data say. Foreign bytes are skipped; padding ends a block and another
// may follow, since some mailers join several.
func decodeLoose(out, data []byte, report *problem.List) []byte {
	var word uint32
	have := 0
	foreign := false
	for _, b := range data {
		v := letter(b)
		switch {
		case v < 64:
			word = word<<6 | uint32(v)
			if have++; have == 4 {
				out = append(out, byte(word>>16), byte(word>>8), byte(word))
				have = 0
			}
		case b == '=':
			out = appendRest(out, word, have)
			have = 0
		case b != '\n' && b != '\r' && b != ' ' && b != '\t':
			foreign = true
		}
	}
	if foreign || have != 0 {
		report.Add(problem.EncodingDamaged, "base64 with foreign bytes or cut off")
	}
	return appendRest(out, word, have)
}

// appendRest writes the whole bytes of an unfinished group of letters.
func appendRest(out []byte, word uint32, have int) []byte {
	switch have {
	case 2:
		return append(out, byte(word>>4))
	case 3:
		return append(out, byte(word>>10), byte(word>>2))
	}
	return out
}

// letter returns the value of a base64 letter, 255 for anything else.
func letter(b byte) byte {
	return byte(strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", b))
}
