// Package urgency reads whether the subject of a mail calls the matter urgent.
//
// A contract that grants priority to requests with "the term URGENTE in the
// subject" is taken at its word: only the subject counts, only whole words, and
// a term that is denied ("non urgente", "Urgente: no") is not a term. Wider
// words (urgentissimo, urgent, dringend) put a request first but are not the
// contract's term. Text, X-Priority and the like only hint.
//
// It refuses to know what urgency leads to.
package urgency

import (
	"fmt"
	"slices"
	"strings"

	"replyby/classifier/plain"
)

// Label is the answer in one word.
type Label string

const (
	Urgent    Label = "urgent"     // some use of a term is not denied
	Negated   Label = "negated"    // terms are used, all of them denied
	NotUrgent Label = "not_urgent" // no term
)

// Verdict is the answer with its grounds.
type Verdict struct {
	Label    Label
	Contract bool     // the exact term of the contract stands undenied
	Hint     bool     // looks urgent, yet gives no priority
	Term     string   // the word that decided, folded; empty if none
	Reasons  []string // at least one
}

// Reader holds the terms of one desk. It is safe for concurrent use.
type Reader struct {
	contract []string
	products [][]string
}

// New prepares a reader. contractTerms are the exact words of the contract,
// one word each; none means "URGENTE". productNames are masked before
// reading, since a product may be called "Urgent Delivery".
func New(contractTerms, productNames []string) (*Reader, error) {
	if len(contractTerms) == 0 {
		contractTerms = []string{"URGENTE"}
	}
	r := &Reader{}
	for _, t := range contractTerms {
		words := wordsOf(t)
		if len(words) != 1 {
			return nil, fmt.Errorf("read contract term %q: want a single word", t)
		}
		r.contract = append(r.contract, words[0])
	}
	for _, p := range productNames {
		if words := wordsOf(p); len(words) > 0 {
			r.products = append(r.products, words)
		}
	}
	return r, nil
}

// Read judges a decoded subject.
func (r *Reader) Read(subject string) Verdict {
	if marker := spamTag(subject); marker != "" {
		return no("the subject was tagged as spam on the way: " + marker)
	}
	tokens := tokenize(strip(subject))
	maskProducts(tokens, r.products)
	return r.judge(tokens)
}

// Reply judges the subject of an answer in a known thread. last is the subject
// of the mail before it and lastByUs says that we wrote that one: a term which
// our own mail brought in and the customer's client only repeats says nothing.
func (r *Reader) Reply(subject, last string, lastByUs bool) Verdict {
	v := r.Read(subject)
	if v.Label != Urgent {
		return v
	}
	if lastByUs && slices.Equal(wordsOf(strip(subject)), wordsOf(strip(last))) {
		return no("our own last mail has the same subject")
	}
	return v
}

// Automatic is the verdict on mail that no person wrote, whatever it quotes.
func Automatic(kind string) Verdict { return no("mail of kind " + kind + " is never urgent") }

// NoSubject is the verdict on mail that came through a form without a field
// for the subject.
func NoSubject() Verdict { return no("the form it came through has no subject field") }

func no(reason string) Verdict {
	return Verdict{Label: NotUrgent, Reasons: []string{reason}}
}

// judge looks at every use of a term. One that is not denied is enough.
func (r *Reader) judge(tokens []token) Verdict {
	v := Verdict{Label: NotUrgent}
	for i, t := range tokens {
		if !isFamily(t) {
			if deniesByPrefix(t) {
				v.deny(t.text, "denied within the word")
			}
			continue
		}
		if by := denial(tokens, i); by != "" {
			v.deny(t.text, "denied by "+by)
			continue
		}
		exact := !t.stretched && slices.Contains(r.contract, t.text)
		if v.Label != Urgent || exact && !v.Contract {
			v.Label, v.Contract, v.Term = Urgent, exact, t.text
			v.Reasons = append(v.Reasons, why(t.text, exact))
		}
	}
	if v.Label == NotUrgent {
		v.Term, v.Hint = hint(tokens)
		v.Reasons = []string{"no term of urgency in the subject"}
		if v.Hint {
			v.Reasons = []string{fmt.Sprintf("%q only looks urgent", v.Term)}
		}
	}
	return v
}

func (v *Verdict) deny(term, how string) {
	v.Reasons = append(v.Reasons, fmt.Sprintf("%q is %s", term, how))
	if v.Label == NotUrgent {
		v.Label, v.Term = Negated, term
	}
}

func why(term string, exact bool) string {
	if exact {
		return fmt.Sprintf("%q in the subject is the term of the contract", term)
	}
	return fmt.Sprintf("%q in the subject is urgent, but not the term of the contract", term)
}

// Signs are what besides the subject may make a mail look urgent.
type Signs struct {
	XPriority  string // X-Priority or X-MSMail-Priority
	Importance string // Importance (RFC 2156)
	Priority   string // Priority (RFC 2156): normal, urgent, non-urgent
	Body       string // what the sender wrote
}

// Weigh adds a hint to a verdict that has no term. A denied term stays as it
// is: the words win over a flag.
func (r *Reader) Weigh(v Verdict, s Signs) Verdict {
	if v.Label != NotUrgent || v.Hint {
		return v
	}
	reason := ""
	switch {
	case strings.HasPrefix(strings.TrimSpace(s.XPriority), "1"), strings.HasPrefix(strings.TrimSpace(s.XPriority), "2"),
		strings.EqualFold(strings.TrimSpace(s.XPriority), "high"):
		reason = "X-Priority is high"
	case strings.EqualFold(strings.TrimSpace(s.Importance), "high"):
		reason = "Importance is high"
	case strings.EqualFold(strings.TrimSpace(s.Priority), "urgent"):
		reason = "Priority is urgent"
	case r.bodyUrgent(s.Body):
		reason = "the text calls it urgent, the subject does not"
	default:
		return v
	}
	v.Hint = true
	v.Reasons = append(v.Reasons, reason)
	return v
}

// mayHoldTerm looks for the stems of all terms, in whatever letters they are written.
func mayHoldTerm(line string) bool {
	if !plain.IsASCII(line) {
		line = plain.Fold(line)
	}
	for i := range len(line) {
		switch line[i] {
		case 'u', 'U':
			if hasStem(line[i:], "urg") {
				return true
			}
		case 'd', 'D':
			if hasStem(line[i:], "dring") {
				return true
			}
		case 'e', 'E':
			if hasStem(line[i:], "eil") {
				return true
			}
		}
	}
	return false
}

func hasStem(line, stem string) bool {
	return len(line) >= len(stem) && line[1]|0x20 == stem[1] && strings.EqualFold(line[:len(stem)], stem)
}

// bodyUrgent looks at the lines of a text that may hold a term.
func (r *Reader) bodyUrgent(body string) bool {
	const most = 16 << 10
	if len(body) > most {
		body = body[:most]
	}
	for line := range strings.Lines(body) {
		if !mayHoldTerm(line) {
			continue
		}
		tokens := tokenize(line)
		maskProducts(tokens, r.products)
		if r.judge(tokens).Label == Urgent {
			return true
		}
	}
	return false
}
