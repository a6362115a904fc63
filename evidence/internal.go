package evidence

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"replyby/letter/page"
	"replyby/mailparse"
	"replyby/mailparse/fresh"
	"replyby/mailparse/htmltext"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// internal reports whether the words of an event are for staff alone: notes, decisions that were refused, the mails that repeat to a person what
// he wrote, be it that it was done or that it was not understood, or what a colleague did, or that name other customers, what somebody wrote who
// was of the staff, the mails that show notes, and what was filed of all that when it came once more.
func (b *binder) internal(e ticket.Event) bool {
	m := e.Body.Message
	switch e.Kind {
	case kind.Noted, kind.DecisionRefused:
		return true
	case kind.ReviewAsked:
		return e.Body.Link != 0 || slices.Contains([]string{"receipt", "doubt", "news", "inside", "patch"}, e.Body.Reason) || b.showsNote(e)
	case kind.Warned, kind.Breached:
		return b.showsNote(e)
	case kind.AutoFiled: // of persons only staff's is filed as such; another copy proves what the first does, unless it is our own answer
		return m != nil && (m.Kind == "own" || m.Kind == "person" || m.Kind == "inside" || m.Kind == "copy" && !strings.EqualFold(m.From.Addr, b.Address))
	}
	return false
}

// mayBeInternal reports whether events of a kind may be: what is, cannot be told any more once the words are gone.
func mayBeInternal(k kind.Kind) bool {
	return slices.Contains([]kind.Kind{kind.Noted, kind.DecisionRefused, kind.ReviewAsked, kind.Warned, kind.Breached, kind.AutoFiled}, k)
}

// note keeps what staff wrote for each other, so that it is known again where a mail shows or quotes it: notes, lines that were to be one and were not
// understood, and words of former colleagues.
func (b *binder) note(e ticket.Event) {
	const most = 12 // words: a mail may show, and a program quote, the beginning alone
	text, m := "", e.Body.Message
	switch {
	case e.Kind == kind.Noted, e.Kind == kind.ReviewAsked:
		text = e.Body.Text
	case e.Kind == kind.AutoFiled && m != nil && m.Kind == "inside":
		text = cmp.Or(fresh.Cut(m.Text).Text, m.Text)
	}
	said := wordsOf(page.Line(text))
	if len(said) == 0 {
		return
	}
	begins := spaced(said[:min(len(said), most)])
	if b.notes = append(b.notes, begins); len(said) == 1 && hasAny([]string{begins}, b.shown) {
		return // "ok": any answer may have it, whatever it quotes
	}
	b.told = append(b.told, begins)
}

var reference = regexp.MustCompile(`[\pL\d]{1,12}-\d{1,9}`)

// naming keeps which other tickets an internal mail names because they are of other customers, or else what the mail shows.
func (b *binder) naming(e ticket.Event, internal bool) {
	prefix, _, _ := strings.Cut(b.Ticket.Ref, "-")
	for _, l := range e.Body.Letters {
		switch {
		case l.Customer:
		case !internal:
			b.shown += spaced(wordsOf(l.Text))
		case e.Body.Link != 0 || e.Body.Reason == "patch":
			for _, ref := range reference.FindAllString(l.Text, -1) {
				before, number, _ := strings.Cut(ref, "-")
				if ref != b.Ticket.Ref && (before == prefix || number == strconv.FormatUint(e.Body.Link, 10)) {
					b.told = append(b.told, spaced(wordsOf(ref)))
				}
			}
		}
	}
}

// showsNote reports whether an event mailed a note to staff.
func (b *binder) showsNote(e ticket.Event) bool {
	return slices.ContainsFunc(e.Body.Letters, func(l ticket.Letter) bool { return !l.Customer && hasAny(b.notes, spaced(wordsOf(l.Text))) })
}

// quotes reports whether a mail of staff repeats what is internal, as programs do below an answer or in the mail that they attach to it.
func (b *binder) quotes(m *mailparse.Message) bool {
	if len(b.told) == 0 {
		return false
	}
	return hasAny(b.told, spaced(wordsOf(m.Text))) || hasAny(b.told, spaced(wordsOf(htmltext.Text(m.HTML)))) || slices.ContainsFunc(m.Enclosed(), b.quotes)
}

// hasAny looks for the beginnings of notes word by word: programs break lines anew, mark them, and change signs.
func hasAny(notes []string, said string) bool {
	return slices.ContainsFunc(notes, func(n string) bool { return strings.Contains(said, n) })
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func spaced(words []string) string { return " " + strings.Join(words, " ") + " " }
