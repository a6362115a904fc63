package fresh

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// IsBy reports whether the lines which introduce an older mail, at the start of what was cut, name somebody as its author: by his address before
// any other or, as some programs do, by one of some names alone. The author stands in the first two lines, above whom the mail was to.
func IsBy(quoted, address string, names []string) bool {
	var above string
	lines := 0
	for line := range strings.Lines(quoted) {
		line = strings.ToLower(strings.Trim(line, "> \t\r\n"))
		if strings.Trim(line, "-_= ") == "" || strings.HasPrefix(line, "--") {
			continue // drawn above
		}
		if above += line + " "; lines == 1 {
			break
		}
		lines++
	}
	if first := strings.IndexByte(above, '@'); first >= 0 {
		at := strings.IndexByte(address, '@')
		return first >= at && strings.HasPrefix(above[first-at:], strings.ToLower(address))
	}
	return slices.ContainsFunc(names, func(name string) bool { return name != "" && strings.Contains(above, strings.ToLower(name)) })
}

// Above cuts once more a mail that answers one of this author's, where that one is introduced in a language that Cut does not know: by a
// block of labels whose first holds his address, or by a line that holds it with a date and ends in a colon. That it is an older mail nobody
// can tell for certain.
func (f Fresh) Above(author string) Fresh {
	lines := strings.Split(f.Text, "\n")
	for i := 1; i < len(lines); i++ {
		if !blockBy(lines[i:], author) && !lineBy(lines[i:], author) {
			continue
		}
		top := i
		for top > 0 && (strings.TrimSpace(lines[top-1]) == "" || isDelimiter(lines[top-1])) {
			top--
		}
		f.Uncertain = true
		f.Reasons = append(f.Reasons, "what looks like an older mail of "+author+" was taken for a quote")
		f.Quoted = strings.Trim(strings.Join(lines[top:], "\n")+"\n"+f.Quoted, "\n")
		f.Text = strings.Join(lines[:top], "\n")
		break
	}
	return f
}

// blockBy tells a block of labels with an author's address in its first line and a date below, in whatever language.
func blockBy(lines []string, author string) bool {
	const least, most = 3, 6
	n, dated := 0, false
	for ; n < min(most, len(lines)); n++ {
		name, value, found := strings.Cut(lines[n], ":")
		if !found || !mayBeLabel(name) || n == 0 && !mentions(value, author) {
			break
		}
		dated = dated || dateRE.MatchString(value)
	}
	return n >= least && dated
}

func mayBeLabel(s string) bool {
	const longest = 30
	s = strings.Trim(s, " \t*")
	return s != "" && len(s) <= longest && !strings.ContainsAny(s, "0123456789@<>") && len(strings.Fields(s)) <= 3
}

// lineBy tells a line, or two or three, with an author's address and a date in front of a colon.
func lineBy(lines []string, author string) bool {
	const most = 3
	if !mentions(lines[0], author) && !dateRE.MatchString(lines[0]) {
		return false
	}
	for n := 1; n <= min(most, len(lines)) && strings.TrimSpace(lines[n-1]) != ""; n++ {
		if endsLikeAttribution(lines[n-1]) {
			joined := join(lines[:n])
			return len(joined) <= maxAttribution && mentions(joined, author) && dateRE.MatchString(joined)
		}
	}
	return false
}

func mentions(line, address string) bool {
	return strings.Contains(strings.ToLower(line), strings.ToLower(address))
}

// Adds reports whether an older mail which nothing marks as a quote holds more than lines that introduce it and words of one of these letters:
// people answer within it, line by line.
func Adds(quoted string, letters []string) bool {
	lines, n := strings.Split(quoted, "\n"), 0
	if slices.ContainsFunc(lines, isQuote) {
		return false // who writes there leaves the marks away
	}
	for n < len(lines) && (n == 0 || strings.TrimSpace(lines[n]) == "" || isDelimiter(lines[n]) || label(lines[n]) != 0 || holdsAddress(lines[n])) {
		n++
	}
	rest := bare(strings.Join(lines[n:], ""))
	return !slices.ContainsFunc(letters, func(l string) bool { return strings.Contains(bare(l), rest) })
}

// AboveLetter is a text without what stands below it from the first word of one of these letters on, where that is the letter, or its
// beginning, word by word and nothing else: whatever a mail program puts around a quote or leaves away, these are not the writer's words.
func AboveLetter(text string, letters []string) (above string, found bool) {
	const least = 100 // bytes without blanks: more than two people write alike
	lines := strings.Split(text, "\n")
	var all strings.Builder
	starts := map[int]int{} // where a line begins in all of them
	for i, line := range lines {
		starts[all.Len()] = i // of several the last: those before have no words
		all.WriteString(bare(line))
	}
	for _, l := range letters {
		l = bare(l)
		if len(l) < least {
			continue
		}
		at := strings.LastIndex(all.String(), l[:least])
		if i, begins := starts[at]; begins && strings.HasPrefix(l, all.String()[at:]) {
			return strings.Join(lines[:i], "\n"), true
		}
	}
	return text, false
}

// Edited reports whether a quote holds a text that stood below its subject in the quoted mail, with other words in it. A quote that ends within the
// text is short, and one without the mark, where words were to be written, says no more than one with it.
func Edited(quoted, subject, text, mark string) bool {
	said := func(s string) string {
		return strings.ReplaceAll(bare(addition.ReplaceAllString(s, "")), bare(mark), "")
	}
	paragraphs := strings.Split(strings.TrimSpace(text), "\n\n")
	rest, head, whole := said(quoted), said(subject), said(text)
	first, last := said(paragraphs[0]), said(paragraphs[len(paragraphs)-1])
	edited := false
	for head != "" {
		_, below, found := strings.Cut(rest, head)
		if !found {
			break
		}
		rest = below
		_, tail, begins := strings.Cut(rest, first)
		if strings.Contains(rest, whole) || begins && strings.HasPrefix(whole, first+tail) {
			return false
		}
		edited = edited || begins || strings.Contains(rest, last)
	}
	return edited
}

// addition is what mail programs write beside the words that they quote: where a link leads.
var addition = regexp.MustCompile(`[<(\[]?(https?://|mailto:)[^\s>)\]]*[>)\]]?`)

// bare is a text without all that mail programs change in it: blanks, line ends, signs.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if !wordRune(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
