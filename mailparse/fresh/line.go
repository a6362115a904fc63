package fresh

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// splitLines splits at LF, CRLF and CR, with trailing blanks removed. Judged
// lines have the blanks of typography (no-break space, zero-width marks) made
// ordinary, since mail clients sprinkle them through attribution lines. Written
// lines keep the zero-width marks within words: there no mail client puts one,
// and a reader of commands has to know of it.
func splitLines(text string) (judged, written []string) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	written = strings.Split(text, "\n")
	judged = make([]string, len(written))
	for i, l := range written {
		if isASCII(l) {
			judged[i] = strings.TrimRight(l, " \t")
			written[i] = judged[i]
			continue
		}
		l = strings.Map(plainBlank, l)
		judged[i] = strings.TrimRight(strings.Map(seen, l), " \t")
		written[i] = strings.TrimRight(withinWords(l), " \t")
	}
	return judged, written
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func plainBlank(r rune) rune {
	switch r {
	case '\u00a0', '\u202f', '\u2007':
		return ' '
	case '\u1427':
		return -1 // what a Gmail mail tracker leaves behind
	}
	return r
}

// seen drops marks without width.
func seen(r rune) rune {
	switch r {
	case '\u200b', '\u200e', '\u200f', '\u2060', '\ufeff':
		return -1
	}
	return r
}

// withinWords drops marks without width but between two letters or digits.
func withinWords(line string) string {
	if !strings.ContainsFunc(line, func(r rune) bool { return seen(r) < 0 }) {
		return line
	}
	all := []rune(line)
	var kept []rune
	for i, r := range all {
		between := len(kept) > 0 && wordRune(kept[len(kept)-1]) && i+1 < len(all) && wordRune(all[i+1])
		if seen(r) >= 0 || between {
			kept = append(kept, r)
		}
	}
	return string(kept)
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// isQuote tells a line marked with ">" (RFC 3676, section 4.5). Two blanks
// before it are tolerated; more is somebody's drawing.
func isQuote(line string) bool {
	for i := 0; i <= 2 && i < len(line); i++ {
		if line[i] != ' ' && line[i] != '\t' {
			return line[i] == '>'
		}
	}
	return false
}

// isPiped tells a line marked with "|", which some clients use for ">". In
// other text it is a table.
func isPiped(line string) bool { return strings.HasPrefix(line, "|") }

// isNamedQuote tells the initials before a ">" that some Usenet readers write.
func isNamedQuote(line string) bool {
	n := strings.IndexByte(line, '>')
	if n < 1 || n > 3 || len(line) > n+1 && line[n+1] != ' ' {
		return false
	}
	for _, b := range []byte(line[:n]) {
		if b < 'A' || b > 'Z' {
			return false
		}
	}
	return true
}

// foldBlocks prepares known blocks for comparison.
func foldBlocks(blocks []string) [][]string {
	var folded [][]string
	for _, b := range blocks {
		var lines []string
		judged, _ := splitLines(b)
		for _, l := range judged {
			if l = foldLine(l); l != "" {
				lines = append(lines, l)
			}
		}
		if len(lines) > 0 {
			folded = append(folded, lines)
		}
	}
	return folded
}

func foldLine(l string) string {
	return strings.ToLower(strings.Join(strings.Fields(l), " "))
}

// knownAt returns how many lines from i on are one of the known blocks; blank
// lines between them do not count.
func (c *cutter) knownAt(i int) int {
	for _, block := range c.known {
		if n := matchBlock(c.lines[i:], block); n > 0 {
			return n
		}
	}
	return 0
}

func matchBlock(lines, block []string) int {
	k := 0
	for n, l := range lines {
		l = foldLine(l)
		if l == "" && k > 0 {
			continue
		}
		if l != block[k] {
			return 0
		}
		if k++; k == len(block) {
			return n + 1
		}
	}
	return 0
}

// isDelimiter tells a line made only of one of the characters people and
// programs draw lines with.
func isDelimiter(line string) bool {
	line = strings.TrimSpace(line)
	if line == "" {
		return false
	}
	switch first, _ := utf8.DecodeRuneInString(line); first {
	case '-', '_', '=', '*', '#', '~', '+', '–', '—':
		return len(line) >= 2 && strings.Trim(line, string(first)) == ""
	}
	return false
}

// trimDelimiters drops blank and drawn lines from the end, blank ones from the start.
func trimDelimiters(text string) string {
	for text != "" {
		end := strings.LastIndexByte(text, '\n')
		if last := text[end+1:]; strings.TrimSpace(last) != "" && (!isDelimiter(last) || isFence(last)) {
			break
		}
		text = text[:max(end, 0)]
	}
	for {
		first, rest, more := strings.Cut(text, "\n")
		if !more || strings.TrimSpace(first) != "" {
			return text
		}
		text = rest
	}
}

func isFence(line string) bool {
	return strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~") && len(line) == 3
}
