package when

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"replyby/desk/reply/plain"
)

type kind int

const (
	word    kind = iota // a meaning of the table, in text
	number              // a is the number
	ordinal             // a is a day of a month
	date                // a year (0: not said), b month, c day
	clock               // a hour, b minute
	dotted              // a.b, a date or a time of day
	offset              // a is minutes east of UTC
)

// token is a thing of a date: a number in one of its shapes, or a word with its meaning.
type token struct {
	kind    kind
	a, b, c int
	text    string // the meaning of a word; of numbers what was written
}

func (t token) is(meanings ...string) bool {
	return t.kind == word && slices.Contains(meanings, t.text)
}

// shape is a way to write numbers: which group of the pattern is which number of the token, 0 for none.
type shape struct {
	pattern *regexp.Regexp
	kind    kind
	groups  [3]int
}

var (
	isoDate   = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:t|\b)`) // RFC 3339, and with other separators
	fullDate  = regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})\b`)
	wallClock = regexp.MustCompile(`^(\d{1,2}) ?: ?(\d{2})(?::\d{2}(?:\.\d{1,9})?)?`)
	hClock    = regexp.MustCompile(`^(\d{1,2}) ?h ?(\d{2})(?: ?[h:])?`)
	twoTimes  = regexp.MustCompile(`h ?\d{2} ?[h:]$`) // "17h 18h": the second number is no minute of the first
	shortDate = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})\b`)
	dottedTwo = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\b`)
	nth       = regexp.MustCompile(`^(\d{1,2})(?:(?:st|nd|rd|th|er|o)\b|°)`)
	plainInt  = regexp.MustCompile(`^(\d{1,4})`)
	zone      = regexp.MustCompile(`^ ?([+-])(\d{2}):?(\d{2})\b`)
	letters   = regexp.MustCompile(`^[a-z]+`)
)

// shapes are tried in this order where a digit stands.
func shapes() []shape {
	return []shape{
		{isoDate, date, [3]int{1, 2, 3}}, {fullDate, date, [3]int{3, 2, 1}}, {wallClock, clock, [3]int{1, 2}}, {hClock, clock, [3]int{1, 2}},
		{shortDate, date, [3]int{0, 2, 1}}, {dottedTwo, dotted, [3]int{1, 2}}, {nth, ordinal, [3]int{1}}, {plainInt, number, [3]int{1}},
	}
}

// scan takes a whole text apart. It fails at the first thing it has no name for.
func scan(text string) ([]token, error) {
	var toks []token
	rest, meanings := separated(text), phrases()
	for {
		if t, n := utcOffset(rest, toks); n > 0 {
			toks, rest = append(toks, t), rest[n:]
			continue
		}
		rest = strings.TrimLeft(rest, " ,;!.")
		if strings.HasPrefix(rest, "-") && behindClock(toks) {
			rest = rest[1:] // what follows is a second time
		}
		if rest == "" {
			return toks, nil
		}
		if t, n := numeric(rest); n > 0 {
			toks, rest = append(toks, t), rest[n:]
			continue
		}
		meaning, n := phrase(rest, meanings)
		if n == 0 {
			first, _, _ := strings.Cut(rest, " ")
			return nil, fmt.Errorf("%w: %q", ErrUnreadable, first)
		}
		toks, rest = append(toks, words(meaning)...), rest[n:]
	}
}

// separated folds a text and parts what apostrophes and hyphens join; a sign in front of a digit stays. Behind the letter of
// "17h-18h" a hyphen becomes a comma, so that the two times stay two.
func separated(text string) string {
	out := []byte(strings.NewReplacer("'", " ", "–", "-", "—", "-").Replace(plain.Fold(text)))
	for i, c := range out {
		before, after := i > 0 && out[i-1] >= 'a', i+1 < len(out) && digit(out[i+1])
		switch {
		case c == '-' && before && after:
			out[i] = ','
		case c == '-' && (before || !after):
			out[i] = ' '
		}
	}
	return string(out)
}

func digit(b byte) bool { return '0' <= b && b <= '9' }

func behindClock(before []token) bool { return len(before) > 0 && before[len(before)-1].kind == clock }

// utcOffset reads the offset from UTC behind a time of day; the length is 0 if none is there. "15:00-16:00" is a range of hours: but for
// the form of RFC 3339 a blank stands before the sign, and what may as well be the end of a range is none.
func utcOffset(rest string, before []token) (token, int) {
	m := zone.FindStringSubmatch(rest)
	if m == nil || !behindClock(before) {
		return token{}, 0
	}
	const west, farEast = -12 * 60, 14 * 60
	at, east := before[len(before)-1], atoi(m[2])*60+atoi(m[3])
	later := m[1] == "-" && east > at.a*60+at.b
	if m[1] == "-" {
		east = -east
	}
	full := len(before) > 1 && before[len(before)-2].kind == date && strings.HasSuffix(before[len(before)-2].text, "t")
	if east < west || east > farEast || !full && (later || m[0][0] != ' ') {
		return token{}, 0
	}
	return token{kind: offset, a: east, text: m[0]}, len(m[0])
}

// numeric reads a number in one of its shapes; the length is 0 if none is there.
func numeric(rest string) (token, int) {
	for _, s := range shapes() {
		if m := s.pattern.FindStringSubmatch(rest); m != nil && !twoTimes.MatchString(m[0]) {
			group := func(n int) int {
				if s.groups[n] == 0 {
					return 0
				}
				return atoi(m[s.groups[n]])
			}
			return token{kind: s.kind, a: group(0), b: group(1), c: group(2), text: m[0]}, len(m[0])
		}
	}
	return token{}, 0
}

// atoi reads a few digits that a pattern has found.
func atoi(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// phrase finds the longest phrase of the table a text begins with, and its length in bytes.
func phrase(rest string, meanings map[string]string) (meaning string, length int) {
	said := ""
	for n, i := 0, 0; n < longest; n++ {
		w := letters.FindString(rest[i:])
		if w == "" {
			break
		}
		said, i = strings.TrimPrefix(said+" "+w, " "), i+len(w)
		if m, ok := meanings[said]; ok {
			meaning, length = m, i
		}
		i += len(rest[i:]) - len(strings.TrimLeft(rest[i:], " ."))
	}
	return meaning, length
}

// words are the tokens of a meaning.
func words(meaning string) []token {
	if meaning == "skip" {
		return nil
	}
	var toks []token
	for _, m := range strings.Fields(meaning) {
		t := token{text: m}
		if digit(m[0]) {
			t.kind, t.a = number, atoi(m)
		}
		toks = append(toks, t)
	}
	return toks
}
