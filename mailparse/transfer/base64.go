package transfer

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"replyby/mailparse/problem"
)

// decodeBase64 decodes line by line. Lines in order go the quick way; from the first one that is not, the rest is read
// letter by letter.
func decodeBase64(data []byte, report *problem.List) []byte {
	out, rest := decodeLines(make([]byte, 0, len(data)/4*3+3), data)
	return decodeLoose(out, rest, report)
}

// sumBase64 hashes what decodeBase64 returns, a piece at a time as long as its lines are in order.
func sumBase64(data []byte, report *problem.List) (size int, sum [sha256.Size]byte) {
	hash := sha256.New()
	piece := make([]byte, 0, min(len(data)/4*3, 4<<10))
	for {
		decoded, rest := decodeLines(piece, data)
		if len(rest) == len(data) {
			break
		}
		hash.Write(decoded)
		size, data = size+len(decoded), rest
	}
	last := decodeBase64(data, report)
	hash.Write(last)
	return size + len(last), [sha256.Size]byte(hash.Sum(nil))
}

// decodeLines appends what lines in order say, as long as out has room, and returns the lines it did not read.
func decodeLines(out, data []byte) (grown, rest []byte) {
	for len(data) > 0 {
		line, below, _ := bytes.Cut(data, []byte("\n"))
		line = bytes.TrimRight(line, "\r \t")
		if len(line)%4 != 0 || base64.StdEncoding.DecodedLen(len(line)) > cap(out)-len(out) {
			break
		}
		decoded, err := base64.StdEncoding.AppendDecode(out, line)
		if err != nil {
			break
		}
		out, data = decoded, below
	}
	return out, data
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
