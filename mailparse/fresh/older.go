package fresh

import (
	"slices"
	"strings"
)

// Older doubts a cut above what is no older mail of this author's: a quote that neither he, by his address or one of his names, is said to have
// written nor begins with words of one of these letters. The person may have quoted somebody to be read, or marked with ">" what is his own, which goes
// back to his words where nobody is named for it.
func (f Fresh) Older(author string, names, letters []string) Fresh {
	lines := strings.Split(f.Quoted, "\n")
	unmarked := make([]string, len(lines))
	for i, l := range lines {
		unmarked[i] = strings.TrimLeft(l, "> \t")
	}
	named := max(introduced(lines), introduced(unmarked)) // some programs mark also who wrote it
	switch {
	case f.Quoted == "" || f.Text == "":
		return f
	case answered(lines, letters):
		f.Uncertain = true
		f.Reasons = append(f.Reasons, "there are words within the quote")
		return f
	case named > 0 && IsBy(f.Quoted, author, names), beginsLetter(unmarked[named:], letters):
		return f
	}
	own := named == 0 && f.Signature == "" && !f.Uncertain // and so above it is all the text
	f.Uncertain = true
	f.Reasons = append(f.Reasons, "what was taken for a quote is of nobody who is answered")
	if own {
		n := slices.IndexFunc(lines, func(l string) bool { return !isQuote(l) })
		if n < 0 {
			n = len(lines)
		}
		f.Text += "\n" + strings.Join(lines[:n], "\n")
		f.Quoted = strings.Trim(strings.Join(lines[n:], "\n"), "\n")
	}
	return f
}

// introduced counts the lines that say at the top whose an older mail is.
func introduced(lines []string) int {
	i := slices.IndexFunc(lines, func(l string) bool { return strings.TrimSpace(l) != "" })
	if i < 0 || !mayBeHistory(lines[i]) {
		return 0
	}
	if h := historyAt(lines, i); h.lines > 0 {
		return i + h.lines
	}
	return 0
}

// beginsLetter reports whether lines begin with words that stand in one of these letters, or have none.
func beginsLetter(lines, letters []string) bool {
	const enough = 12 // bytes: fewer stand anywhere
	var words string
	for _, l := range lines {
		if words += bare(l); len(words) >= enough {
			break
		}
	}
	return words == "" || slices.ContainsFunc(letters, func(l string) bool { return strings.Contains(bare(l), words) })
}

// answered reports whether lines stand between those of a letter that are in none, where no line is marked as a quote. Short ones and links count for
// nothing, since programs write those anew; so does what a gateway adds above or below.
func answered(lines, letters []string) bool {
	const enough, most = 12, 500
	if slices.ContainsFunc(lines, isQuote) {
		return false
	}
	var all strings.Builder
	for _, l := range letters {
		all.WriteString(bare(l) + "\n")
	}
	ours, others := false, false
	for _, l := range lines[:min(len(lines), most)] {
		words := bare(l)
		switch {
		case len(words) < enough || holdsAddress(l) || strings.Contains(l, "://"):
		case strings.Contains(all.String(), words):
			if others {
				return true
			}
			ours = true
		case ours:
			others = true
		}
	}
	return false
}
