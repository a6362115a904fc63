package text

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"replyby/letter/page"
)

// Filled is a text for one case. Missing names the required placeholders still empty: while there is one, the text must not
// be sent, and it shows them in braces. Dropped lists the sentences left out. Share is the part of the body, from 0 to 1,
// that a person wrote for this case.
type Filled struct {
	Subject, Body    string
	Missing, Dropped []string
	Share            float64
}

// maxSubject bounds what a customer's subject adds to ours, in runes.
const maxSubject = 90

// Fill puts values into a text. Values of unknown names are ignored. An empty {personal} takes its paragraph with it; the
// caller decides whether that may be sent, and for a preview passes a mark instead. Where those words have a greeting or a farewell of their own,
// the values "greeting", "farewell" and "said", what stands between, say so.
func (t *Texts) Fill(id, lang string, values map[string]string) (Filled, error) {
	s, ok := t.all[id+"."+lang]
	if !ok {
		return Filled{}, fmt.Errorf("text %q in %q: there is no such text", id, lang)
	}
	f := filling{values: map[string]string{}}
	for name, v := range values {
		f.values[name] = clean(name, v)
	}
	f.values["subject"] = once(s.subject, bare(s.subject, f.values["subject"]))
	subject := f.line(s.subject)
	f.values["subject"] = clean("subject", values["subject"])
	written := f.written
	var paragraphs []string
	for _, p := range f.framed(strings.Split(s.body, "\n\n")) {
		if p = f.paragraph(p); p != "" {
			paragraphs = append(paragraphs, p)
		}
	}
	body := strings.Join(paragraphs, "\n\n")
	if s.subject != "" {
		body += "\n"
	}
	done := Filled{Subject: page.Line(subject), Body: body, Missing: f.missing, Dropped: f.dropped}
	if n := utf8.RuneCountInString(strings.TrimSpace(body)); n > 0 {
		done.Share = float64(f.written-written) / float64(n)
	}
	return done, nil
}

// way are the marks that mail programs put before a subject on its way, and the number of an earlier ticket behind them.
var way = regexp.MustCompile(`(?i)^(?:\s*(?:re|r|rif|i|fw|fwd|tr|rv|aw|wg|res|ref|enc|posta certificata|anomalia messaggio)\s?:)+\s*(?:\[[a-z0-9]{1,12}-\d{1,9}\]\s*)?`)

// bare is a customer's subject without its way, and without the heading of ours that an answer to a letter brings back, where our own subject has
// a heading in front of it. Plain replies keep the subject as it is.
func bare(ours, theirs string) string {
	heading, _, _ := strings.Cut(ours, "{subject")
	heading = strings.TrimLeft(strings.TrimPrefix(heading, "[{ref}]"), " ")
	if heading == "" {
		return theirs
	}
	return strings.TrimPrefix(theirs[len(way.FindString(theirs)):], heading)
}

// shouted is a word in capitals, as the texts and people write urgency.
var shouted = regexp.MustCompile(`\p{Lu}{5,}`)

// once is a customer's subject without a first word that our own subject shouts already, in whatever language of ours: "URGENTE, in
// lavorazione: URGENTE: sito offline" says it twice.
func once(ours, theirs string) string {
	for _, loud := range shouted.FindAllString(ours, -1) {
		for {
			word := strings.TrimLeft(theirs, " !¡*-")
			rest := strings.TrimLeftFunc(word, unicode.IsLetter)
			word = strings.ToUpper(strings.TrimSuffix(word, rest))
			if word != loud && word != loud+"E" && word+"E" != loud { // URGENT, URGENTE
				break
			}
			theirs = strings.TrimLeft(rest, " :,;.!-–—*")
		}
	}
	return theirs
}

// clean makes a value fit to be put in: lines where people write lines, one line elsewhere.
func clean(name, v string) string {
	switch name {
	case "personal", "said", "farewell", "missing", "what_was_done", "alternative", "ground", "during", "work", "team":
		return strings.Trim(page.Lines(v), "\n ")
	case "subject":
		v = page.Line(v)
		if r := []rune(v); len(r) > maxSubject {
			v = strings.TrimRight(string(r[:maxSubject-1]), " ") + "…"
		}
		return v
	}
	return page.Line(v)
}

// filling is a text half filled.
type filling struct {
	values           map[string]string
	missing, dropped []string
	written          int // runes written by hand so far
}

// framed are the paragraphs of a text in which a person's own greeting and farewell stand in the place of the text's: its first paragraph, which
// names the customer, and its last, which names who answers. A replaced text that begins or ends otherwise keeps both, and his words stay whole.
func (f *filling) framed(paragraphs []string) []string {
	first, last := 0, len(paragraphs)-1
	if !slices.Contains(paragraphs, "{personal}") || !strings.Contains(paragraphs[first], "{customer") || !strings.Contains(paragraphs[last], "{agent}") || f.values["said"] == "" {
		return paragraphs
	}
	f.values["personal"] = f.values["said"]
	if f.values["greeting"] != "" && paragraphs[1] != "{personal}" { // a sentence stands between the two now
		f.values["personal"] = capital(f.values["said"])
	}
	for at, name := range map[int]string{first: "greeting", last: "farewell"} {
		if f.values[name] != "" {
			paragraphs[at] = "{" + name + "}"
		}
	}
	return paragraphs
}

// capital makes words begin as a sentence does. A link, or a name that is written otherwise, stays as it is.
func capital(said string) string {
	words := strings.Fields(said)
	if len(words) == 0 {
		return said
	}
	first, _, _ := strings.Cut(words[0], ",")
	if strings.ContainsFunc(first, func(r rune) bool { return !unicode.IsLower(r) && r != '\'' && r != '’' }) {
		return said
	}
	r, n := utf8.DecodeRuneInString(said)
	return string(unicode.ToUpper(r)) + said[n:]
}

func (f *filling) paragraph(p string) string {
	if p == "{personal}" && f.values["personal"] == "" {
		return ""
	}
	var lines []string
	for _, l := range strings.Split(p, "\n") {
		if l = f.line(l); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n")
}

// line fills one line of a text: its alternative if it has one and would lose a sentence, else without that sentence.
func (f *filling) line(l string) string {
	first, other, ok := strings.Cut(l, " || ")
	if ok && slices.ContainsFunc(sentences(first), f.hollow) {
		first = other
	}
	var kept []string
	for _, s := range sentences(first) {
		if f.hollow(s) {
			f.dropped = append(f.dropped, s)
			continue
		}
		kept = append(kept, f.put(s))
	}
	return strings.Join(kept, " ")
}

// hollow reports whether an optional placeholder of the sentence is empty.
func (f *filling) hollow(sentence string) bool {
	for _, m := range placeholder.FindAllStringSubmatch(sentence, -1) {
		if m[2] != "" && f.values[m[1]] == "" {
			return true
		}
	}
	return false
}

func (f *filling) put(sentence string) string {
	return placeholder.ReplaceAllStringFunc(sentence, func(m string) string {
		name := strings.Trim(m, "{?}")
		v := f.values[name]
		switch {
		case v == "" && name == "personal":
			return ""
		case v == "":
			if !slices.Contains(f.missing, name) {
				f.missing = append(f.missing, name)
			}
			return m
		case slices.Contains(byHand(), name):
			f.written += utf8.RuneCountInString(v)
		}
		return v
	})
}

// sentences cuts a line of a text (before anything is put in) behind each sentence. A placeholder that stands alone is a
// sentence.
func sentences(line string) []string {
	var out []string
	start := 0
	for i := 0; i < len(line); i++ {
		if strings.IndexByte(".!?", line[i]) >= 0 && i+1 < len(line) && line[i+1] == ' ' {
			out = append(out, strings.TrimSpace(line[start:i+1]))
			start = i + 2
		}
	}
	if rest := strings.TrimSpace(line[start:]); rest != "" {
		out = append(out, rest)
	}
	return out
}
