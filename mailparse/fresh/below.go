package fresh

import (
	"strings"
	"unicode/utf8"

	"replyby/mailparse/pattern"
)

// postscriptRE: how people begin what they add below their name.
var postscriptRE = pattern.MustCompile(`(?i)^[\s*_(]*(?:p\. ?[sd]\.|n\. ?b\.|(?:ps|pd|nb|post ?scriptum|postdata|posdata)[ :.,;–—-])`)

// doubtSignatures says so where a signature holds what a person may have written to be read: what he adds below his name, or whole sentences, and
// whatever stands below a dash with room around it. What was learnt of him is no such thing, nor what programs add, nor a legal notice.
func (c *cutter) doubtSignatures() {
	for i := 0; i < len(c.lines) && !c.uncertain; {
		n := c.knownAt(i)
		switch line := c.lines[i]; {
		case c.places[i] != toSignature, strings.TrimSpace(line) == "", isFooter(line):
			n = 1
		case n > 0:
		case c.printed(i):
			n = c.signed(i)
		case postscriptRE.MatchString(line), c.isSentence(i), isDrawn(c.lines, i):
			c.doubt(i, "a signature holds what may have been written")
		default:
			n = 1
		}
		i += n
	}
}

// printed reports whether a notice or the word of a scanner begins at i, which reach to the end.
func (c *cutter) printed(i int) bool {
	const scanned = 3 // lines
	if s := signatureAt(c.lines, i); s.toEnd && !isDashes(strings.TrimSpace(c.lines[i])) {
		return true
	}
	return strings.Contains(join(c.lines[i:min(len(c.lines), i+scanned)]), "MailScanner")
}

// signed counts the lines from i on that are of the signature.
func (c *cutter) signed(i int) (n int) {
	for i+n < len(c.lines) && c.places[i+n] == toSignature {
		n++
	}
	return n
}

// isSentence tells a line that ends as sentences do and has words enough, with the line above where that one was full. Where somebody can be reached
// is none.
func (c *cutter) isSentence(i int) bool {
	const full, fewest, digitsOfPhone = 55, 4, 6
	line := c.lines[i]
	if i > 0 && c.places[i-1] == toSignature && len(c.lines[i-1]) >= full {
		line = c.lines[i-1] + " " + line
	}
	line = strings.TrimRight(line, " \t*_\"'”»)")
	last, _ := utf8.DecodeLastRuneInString(line)
	if !strings.ContainsRune(".!?…", last) || len(strings.Fields(line)) < fewest || strings.ContainsAny(line, "@|") || strings.Contains(line, "www.") || strings.Contains(line, "://") {
		return false
	}
	digits := 0
	for _, b := range []byte(line) {
		if '0' <= b && b <= '9' {
			digits++
		}
	}
	return digits < digitsOfPhone
}

// isDrawn tells a long dash between blank lines: people part paragraphs so, and programs their signatures by two short ones.
func isDrawn(lines []string, i int) bool {
	return strings.ContainsAny(lines[i], "–—") && isDashes(strings.TrimSpace(lines[i])) && i+1 < len(lines) && strings.TrimSpace(lines[i+1]) == "" && filled(lines[i+1:]) > 0
}
