package reply

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"replyby/desk/reply/plain"
	"replyby/desk/reply/verb"
)

// parser reads lines.
type parser struct {
	lexicon lexicon
	now     time.Time
}

// lexicon finds a row by any of its names.
type lexicon map[string]row

func lexiconOf(rows []row) lexicon {
	l := lexicon{}
	for _, r := range rows {
		for _, n := range r.names.all() {
			l[n] = r
		}
	}
	return l
}

// said is a line taken apart: what may be a verb, and what stands behind it.
type said struct {
	head string // the words that may be a verb, as written
	name string // the same, folded and bare
	mark rune   // what parts them from the rest: ':' (or a dash), ',' or 0
	rest string
}

// line reads one line that is not blank. Both results are nil when it is words.
func (p parser) line(raw string) (*Command, *Doubt) {
	long := len(raw) > maxLine
	if long {
		raw = raw[:maxLine]
	}
	line := plain.Line(raw)
	if strings.HasPrefix(line, ">") || strings.HasPrefix(line, "|") {
		return nil, nil // a quote, and what is quoted is somebody else's
	}
	body := bare(line)
	for n := longestName; n > 0; n-- {
		s := part(body, n)
		r, ok := p.lexicon[s.name]
		if !ok {
			continue
		}
		c, doubt := p.command(r, s, line)
		if c != nil && plain.Reversed(raw) {
			c, doubt = nil, unseen(line, r.verb)
		}
		if long && (c != nil || doubt != nil) {
			return nil, &Doubt{Line: line[:60], Nearest: r.verb, Code: "long", Reason: "the line is too long for a command"}
		}
		return c, doubt
	}
	if r, ok := p.nearest(part(body, 1)); ok && !long {
		return nil, &Doubt{Line: line, Nearest: r.verb, Code: "verb", Reason: "no such command"}
	}
	return nil, nil
}

// unseen is the doubt about a line in which there is something that a reader cannot see. It names the first such character.
func unseen(line string, v verb.Verb) *Doubt {
	d := &Doubt{Line: line, Nearest: v, Code: "hidden", Reason: "there are invisible characters in this line; type it anew"}
	for _, c := range line {
		if plain.Invisible(c) {
			d.Detail = fmt.Sprintf("U+%04X", c)
			break
		}
	}
	return d
}

// command reads a line whose first words are a verb.
func (p parser) command(r row, s said, line string) (*Command, *Doubt) {
	c := &Command{Verb: r.verb, Line: tidy(bare(line))}
	err := argument(c, r.takes, s, p.now)
	switch {
	case errors.Is(err, errWords):
		return nil, nil
	case plain.Hidden(s.head):
		return nil, unseen(line, r.verb)
	case err != nil:
		_, detail, _ := strings.Cut(err.Error(), ": ")
		return nil, &Doubt{Line: line, Nearest: r.verb, Code: code(err), Detail: detail, Reason: err.Error()}
	}
	return c, nil
}

// part takes the first n words of a line apart from the rest.
func part(line string, n int) said {
	var s said
	s.rest = line
	for range n {
		w, rest, _ := strings.Cut(s.rest, " ")
		s.head, s.rest = strings.TrimSpace(s.head+" "+w), rest
	}
	if i := strings.IndexAny(s.head, ":="); i > 0 && n == 1 { // "note:text"
		s.rest, s.head = plain.Line(s.head[i:i+1]+" "+s.head[i+1:]+" "+s.rest), s.head[:i]
	}
	s.name = plain.Fold(s.head)
	if unpunctuated := strings.TrimRight(s.name, ".,:;!…*_`\"'»”"); unpunctuated != "" {
		switch tail := s.name[len(unpunctuated):]; {
		case strings.ContainsRune(tail, ':'):
			s.mark = ':'
		case strings.ContainsRune(tail, ','):
			s.mark = ','
		}
		s.name = unpunctuated
	}
	s.name = strings.ReplaceAll(strings.TrimLeft(s.name, "*_`\"'«“"), "-", "")
	if marked := strings.TrimLeft(s.rest, ":=-–— "); marked != s.rest && tidy(s.rest) != "" {
		s.mark, s.rest = ':', marked
	}
	return s
}

// bare takes off what mail programs and people put around a command: bullets, marks of bold, quotes, brackets, emoji in front.
// A ">" stays, for it makes a quote.
func bare(line string) string {
	line = strings.TrimLeftFunc(line, ornament)
	for _, bullet := range []string{"- ", "– ", "— ", "* ", "+ ", "· ", "•", "‣", "◦", "-"} {
		if rest, ok := strings.CutPrefix(line, bullet); ok {
			line = strings.TrimLeft(rest, " ")
			break
		}
	}
	if n := strings.IndexAny(line, ".)"); n > 0 && n <= 2 && strings.Trim(line[:n], "0123456789") == "" && strings.HasPrefix(line[n+1:], " ") {
		line = line[n+2:]
	}
	for range 4 {
		before := line
		for _, pair := range []string{"**", "__", "``", `""`, "''", "«»", "»«", "“”", "„“", "‘’", "()", "[]", "<>"} {
			open, end := []rune(pair)[0], []rune(pair)[1]
			inside, ok := strings.CutPrefix(tidy(line), string(open))
			if inside, closed := strings.CutSuffix(inside, string(end)); ok && closed {
				line = strings.TrimSpace(inside)
			}
		}
		if line == before {
			break
		}
	}
	return line
}

// ornament is a picture in a line: an emoji, its colour, its frame.
func ornament(r rune) bool {
	return r == ' ' || unicode.Is(unicode.So, r) || r >= 0x1F3FB && r <= 0x1F3FF || r == '\u20e3' || plain.Invisible(r)
}

// tidy takes off what stands behind a command and says nothing: full stops, emoji, smileys.
func tidy(s string) string {
	for {
		before := s
		s = strings.TrimRightFunc(s, func(r rune) bool { return ornament(r) || strings.ContainsRune(".,;:!…", r) })
		for _, smiley := range []string{":)", ":-)", ";)", ";-)", ":D", "^^"} {
			s = strings.TrimSuffix(s, smiley)
		}
		if s == before {
			return s
		}
	}
}

// nearest finds a verb whose name is one edit away from the first word, if the rest of the line would fit it.
func (p parser) nearest(s said) (row, bool) {
	word := []rune(s.name)
	if len(word) > 20 || ordinary(s.name) || s.mark == ',' { // "Mike," is a salutation
		return row{}, false
	}
	for _, r := range grammar() {
		for _, n := range r.names.all() {
			name := []rune(n)
			if len(name) < 2 || !oneEdit(word, name) {
				continue
			}
			if argument(&Command{Verb: r.verb}, r.takes, s, p.now) == nil {
				return r, true
			}
		}
	}
	return row{}, false
}

// oneEdit reports whether one insertion, deletion, replacement or swap of neighbours makes one word of the other.
func oneEdit(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 0:
		if i == len(a) {
			return false
		}
		swap := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
		return swap || slices.Equal(a[i+1:], b[i+1:])
	case 1:
		return slices.Equal(a[i:], b[i+1:])
	}
	return false
}
