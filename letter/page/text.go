package page

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

type (
	heading struct {
		s   string
		top bool
	}
	para struct {
		s     string
		small bool
	}
	alert struct {
		s    string
		late bool
	}
	quote struct {
		s      string
		letter bool
		mark   string
	}
	facts   [][2]string
	list    []string
	choices []Choice
	table   struct {
		head []string
		rows [][]string
	}
	chart struct {
		caption string
		bars    []Bar
	}
)

func (h heading) text() string {
	if h.top {
		return wrap(h.s, "", "")
	}
	return wrap(strings.ToUpper(h.s), "", "")
}

func (p para) text() string  { return wrap(p.s, "", "") }
func (a alert) text() string { return wrap(a.s, "!! ", "   ") }

// quote sets other people's words off by a bar, so that nobody takes them for ours; a letter stands between rules.
func (q quote) text() string {
	in := "| "
	if q.letter {
		in = "  "
	}
	var b strings.Builder
	for i, line := range strings.Split(strings.Trim(q.s, "\n"), "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.TrimRight(wrap(strings.TrimRight(line, " "), in, in), " "))
	}
	if !q.letter {
		return b.String()
	}
	rule := "  " + strings.Repeat("-", Width-2)
	return rule + "\n" + b.String() + "\n" + rule
}

func (f facts) text() string {
	w := 0
	for _, x := range f {
		w = max(w, width(x[0]))
	}
	w = min(w, 28)
	var lines []string
	for _, x := range f {
		lines = append(lines, wrap(x[1], "  "+pad(x[0], w)+"  ", strings.Repeat(" ", w+4)))
	}
	return strings.Join(lines, "\n")
}

func (l list) text() string {
	lines := make([]string, len(l))
	for i, s := range l {
		lines[i] = wrap(s, "  - ", "    ")
	}
	return strings.Join(lines, "\n")
}

func (c choices) text() string {
	w := 0
	for _, x := range c {
		w = max(w, width(x.Word))
	}
	w = min(w, 20)
	in := strings.Repeat(" ", w+4)
	lines := make([]string, len(c))
	for i, x := range c {
		word := Line(x.Word)
		if width(word) > w { // too long to stand beside what it does
			lines[i] = "  " + word + "\n" + wrap(Line(x.Does), in, in)
			continue
		}
		lines[i] = wrap(Line(x.Does), "  "+pad(word, w)+"  ", in)
	}
	return strings.Join(lines, "\n")
}

// maxWhen is the widest instant that stands in a column of its own; one that is wider has a line below, since nobody may guess at its end.
const maxWhen = 24

// rows is a list of tickets with the widths of its columns.
type rows struct {
	r              []Row
	ref, when, who int
}

func newRows(r []Row) rows {
	t := rows{r: make([]Row, 0, len(r))}
	for _, x := range r {
		x.Ref, x.Text, x.When, x.Who = Line(x.Ref), Line(x.Text), Line(x.When), Line(x.Who)
		if x.Urgent {
			x.Ref += "!"
		}
		t.ref, t.who = max(t.ref, width(x.Ref)), max(t.who, width(x.Who))
		if w := width(x.When); w <= maxWhen {
			t.when = max(t.when, w)
		}
		t.r = append(t.r, x)
	}
	t.ref, t.who = min(t.ref, 14), min(t.who, 14)
	return t
}

func (t rows) text() string {
	room := Width - 2 - t.ref - 1
	for _, w := range []int{t.when, t.who} {
		if w > 0 {
			room -= w + 2
		}
	}
	var lines []string
	for _, x := range t.r {
		notes := x.Notes
		if width(x.When) > maxWhen {
			notes, x.When = append([]string{x.When}, notes...), ""
		}
		line := "  " + pad(clip(x.Ref, t.ref), t.ref) + " " + pad(clip(x.Text, room), room)
		for _, c := range []struct {
			s string
			w int
		}{{x.When, t.when}, {x.Who, t.who}} {
			if c.w > 0 {
				line += "  " + pad(clip(c.s, c.w), c.w)
			}
		}
		lines = append(lines, strings.TrimRight(line, " "))
		for _, n := range notes {
			in := strings.Repeat(" ", 2+t.ref+1)
			lines = append(lines, wrap(Line(n), in, in))
		}
	}
	return strings.Join(lines, "\n")
}

func (t table) text() string {
	w := make([]int, len(t.head))
	for _, r := range append([][]string{t.head}, t.rows...) {
		for i := range w {
			w[i] = max(w[i], width(r[i]))
		}
	}
	var lines []string
	for _, r := range append([][]string{t.head}, t.rows...) {
		line := "  " + pad(r[0], w[0])
		for i := 1; i < len(w); i++ {
			line += strings.Repeat(" ", 2+w[i]-width(r[i])) + r[i]
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return strings.Join(lines, "\n")
}

func (c chart) text() string {
	lines := []string{wrap(c.caption, "  ", "  ")}
	w, most := 0, 1
	for _, b := range c.bars {
		w, most = max(w, width(b.Label)), max(most, b.Good+b.Bad)
	}
	for _, b := range c.bars {
		line := "  " + pad(b.Label, w) + "  " + b.text(most)
		if b.Note != "" {
			line += "  " + Line(b.Note)
		}
		lines = append(lines, clip(line, Width))
	}
	return strings.Join(lines, "\n")
}

// barMost is the length of the longest bar of a chart, in columns.
const barMost = 20

func (b Bar) text(most int) string {
	s := strings.Repeat("█", scaled(b.Good, most)) + strings.Repeat("▒", scaled(b.Bad, most))
	if s != "" {
		s += " "
	}
	return s + b.count()
}

func (b Bar) count() string {
	if b.Bad > 0 {
		return fmt.Sprintf("%d+%d", b.Good, b.Bad)
	}
	return fmt.Sprint(b.Good)
}

// scaled shrinks a count so that the largest fits; what is there at all stays visible.
func scaled(n, most int) int {
	if most <= barMost || n == 0 {
		return n
	}
	return max(1, n*barMost/most)
}

func width(s string) int { return utf8.RuneCountInString(s) }

func pad(s string, w int) string { return s + strings.Repeat(" ", max(0, w-width(s))) }

func clip(s string, w int) string {
	if width(s) <= w {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:w-1]), " ") + "…"
}

// unbroken joins what no line may begin or end with to its neighbour: French puts spaces around its punctuation.
func unbroken(words []string, glue string) []string {
	var out []string
	for i, word := range words {
		if i > 0 && (slices.Contains([]string{":", ";", "?", "!", "»"}, strings.TrimRight(word, ".,)")) || words[i-1] == "«") {
			out[len(out)-1] += glue + word
			continue
		}
		out = append(out, word)
	}
	return out
}

// wrap breaks s at spaces into lines of at most Width columns; the first begins with first, the others with rest.
func wrap(s, first, rest string) string {
	var b strings.Builder
	b.WriteString(first)
	n, fresh := width(first), true
	lead := s[:len(s)-len(strings.TrimLeft(s, " "))]
	b.WriteString(lead)
	n += len(lead)
	for _, word := range unbroken(strings.Fields(s), " ") {
		switch w := width(word); {
		case fresh:
			b.WriteString(word)
			n += w
		case n+1+w > Width:
			b.WriteString("\n" + rest + word)
			n = width(rest) + w
		default:
			b.WriteString(" " + word)
			n += 1 + w
		}
		fresh = false
	}
	return b.String()
}
