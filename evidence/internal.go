package evidence

import (
	"slices"
	"strings"
	"unicode"

	"replyby/letter/page"
	"replyby/mailparse"
	"replyby/mailparse/htmltext"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// internal reports whether the words of an event are for staff alone: notes, decisions that were refused, the mails that repeat to a person what
// he wrote, be it that it was done or that it was not understood, or what a colleague did, or that name another customer, what somebody wrote who
// was of the staff, the mails that show notes, and what was filed of all that when it came once more.
func (b *binder) internal(e ticket.Event) bool {
	m := e.Body.Message
	switch e.Kind {
	case kind.Noted, kind.DecisionRefused:
		return true
	case kind.ReviewAsked:
		return e.Body.Link != 0 || slices.Contains([]string{"receipt", "doubt", "news", "inside"}, e.Body.Reason) || b.showsNote(e)
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

// note keeps what staff wrote for each other, so that it is known again where a mail shows or quotes it.
func (b *binder) note(e ticket.Event) {
	const most = 12 // words: a mail may show, and a program quote, the beginning alone
	if said := wordsOf(page.Line(e.Body.Text)); e.Kind == kind.Noted && len(said) > 0 {
		b.notes = append(b.notes, spaced(said[:min(len(said), most)]))
	}
}

// showsNote reports whether an event mailed a note to staff.
func (b *binder) showsNote(e ticket.Event) bool {
	return slices.ContainsFunc(e.Body.Letters, func(l ticket.Letter) bool { return !l.Customer && b.hasNote(l.Text) })
}

// quotesNote reports whether a mail of staff repeats one, as programs do below an answer.
func (b *binder) quotesNote(raw []byte) bool {
	if len(b.notes) == 0 {
		return false
	}
	m := mailparse.Parse(raw)
	return b.hasNote(m.Text) || b.hasNote(htmltext.Text(m.HTML))
}

// hasNote looks for notes word by word: programs break lines anew, mark them, and change signs.
func (b *binder) hasNote(text string) bool {
	if len(b.notes) == 0 {
		return false
	}
	said := spaced(wordsOf(text))
	return slices.ContainsFunc(b.notes, func(n string) bool { return strings.Contains(said, n) })
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func spaced(words []string) string { return " " + strings.Join(words, " ") + " " }
