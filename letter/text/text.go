// Package text fills the texts that people send to customers, in Italian, Spanish, French and English.
//
// The texts are data: they live in texts.md beside this file and can be replaced one by one. What customers and staff wrote
// is data too: a value is put in once and never read again as a text, so braces in it stay braces. The package is pure. It
// promises that a text with an unfilled required placeholder is never complete, and that a sentence whose optional
// placeholder is empty is left out whole rather than said with a hole in it.
package text

import (
	"cmp"
	_ "embed" // the built-in texts
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed texts.md
var builtIn string

// Languages returns the languages every text exists in.
func Languages() []string { return []string{"it", "es", "fr", "en"} }

// Placeholders returns the names a text may use. Instants arrive as words, already in the reader's language.
func Placeholders() []string {
	return strings.Fields(`customer ref tag subject received personal eta next_update why_no_eta agent team hours email product
		version shop_url missing reply_by ground alternative what_was_done link from from_day to to_day back during work rate estimate order
		amount days urgent expiry renew_how old_eta eta_reason`)
}

// byHand are the placeholders whose words a person writes for this one case; they make up [Filled.Share].
func byHand() []string {
	return []string{"greeting", "personal", "farewell", "why_no_eta", "missing", "alternative", "what_was_done", "eta_reason", "during", "work"}
}

// Texts is a checked set of texts.
type Texts struct {
	all map[string]source // "id.lang"
}

// source is one text before it is filled. Subject is empty for a paragraph that goes into another text. File is the name of what
// replaced the built-in one, and first the line its body begins at.
type source struct {
	subject, body, file string
	first               int
}

var (
	title       = regexp.MustCompile(`(?m)^### ([a-z0-9_]+) / ([a-z]{2})\n`)
	placeholder = regexp.MustCompile(`\{([a-z_]+)(\??)\}`)
	braces      = regexp.MustCompile(`[{}]`)
)

// maxText bounds a replaced text, in bytes.
const maxText = 64 << 10

// New returns the built-in texts with some replaced. A key is "id.lang", as in "ack_eta.it"; a file ending behind it
// (".txt", ".md") is ignored. The error names every text that cannot be used and why.
func New(overrides map[string][]byte) (*Texts, error) {
	t := &Texts{all: split(builtIn)}
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(overrides)) {
		if err := t.replace(name, overrides[name]); err != nil {
			wrong = append(wrong, err.Error())
		}
	}
	for _, key := range slices.Sorted(maps.Keys(t.all)) {
		t.all[key] = unbroken(key, t.all[key])
		if err := t.all[key].check(); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s:%v", cmp.Or(t.all[key].file, key), err))
		}
	}
	if wrong != nil {
		return nil, fmt.Errorf("texts: %s", strings.Join(wrong, "; "))
	}
	return t, nil
}

// split reads the blocks of the built-in file.
func split(src string) map[string]source {
	all := map[string]source{}
	at := title.FindAllStringSubmatchIndex(src, -1)
	for i, m := range at {
		end := len(src)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		block := src[m[1]:end]
		_, block, _ = strings.Cut(block, "```\n")
		block, _, _ = strings.Cut(block, "\n```")
		all[src[m[2]:m[3]]+"."+src[m[4]:m[5]]] = read(block)
	}
	return all
}

// read takes a text apart: an optional Subject line and an empty line, then the body.
func read(block string) source {
	block = strings.TrimPrefix(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(block), "\ufeff")
	if rest, ok := strings.CutPrefix(block, "Subject:"); ok {
		subject, body, _ := strings.Cut(rest, "\n")
		text := strings.Trim(body, "\n ")
		return source{subject: strings.TrimSpace(subject), body: text, first: 2 + strings.Count(body[:len(body)-len(strings.TrimLeft(body, "\n "))], "\n")}
	}
	return source{body: strings.Trim(block, "\n "), first: 1 + strings.Count(block[:len(block)-len(strings.TrimLeft(block, "\n "))], "\n")}
}

// unbroken keeps the punctuation of a French body from beginning or ending a line, wherever a customer's mail program breaks it.
func unbroken(key string, s source) source {
	if strings.HasSuffix(key, ".fr") {
		const solid = "\u00a0"
		s.body = strings.NewReplacer(" :", solid+":", " ;", solid+";", " ?", solid+"?", " !", solid+"!", " »", solid+"»", "« ", "«"+solid).Replace(s.body)
	}
	return s
}

func (t *Texts) replace(name string, data []byte) error {
	id, rest, _ := strings.Cut(name, ".")
	lang, _, _ := strings.Cut(rest, ".")
	old, ok := t.all[id+"."+lang]
	switch {
	case !ok:
		return fmt.Errorf("%s: there is no such text: want id.language such as %q", name, "ack_eta.it")
	case len(data) > maxText || !utf8.Valid(data) || strings.ContainsRune(string(data), 0):
		return fmt.Errorf("%s: want at most %d bytes of UTF-8 text", name, maxText)
	}
	s := read(string(data))
	if (s.subject == "") != (old.subject == "") {
		return fmt.Errorf("%s:1: want a first line \"Subject: …\" exactly where the built-in text has one", name)
	}
	if strings.Contains(old.body, "{personal}") && !strings.Contains(s.body, "{personal}") {
		return fmt.Errorf("%s: {personal} is missing: a person's own words need their place", name)
	}
	s.file = name
	t.all[id+"."+lang] = s
	return nil
}

// check finds what cannot be filled. The error begins with the line it is in.
func (s source) check() error {
	if s.body == "" {
		return fmt.Errorf("1: it is empty")
	}
	if strings.Contains(s.subject, "\n") || strings.Contains(s.subject, "{personal}") {
		return fmt.Errorf("1: a subject is one line without {personal}")
	}
	if what := fault(s.subject); what != "" {
		return fmt.Errorf("1: %s", what)
	}
	for i, line := range strings.Split(s.body, "\n") {
		if what := fault(line); what != "" {
			return fmt.Errorf("%d: %s", s.first+i, what)
		}
	}
	return nil
}

// fault is what is wrong with the placeholders of a line.
func fault(line string) string {
	for _, m := range placeholder.FindAllStringSubmatch(line, -1) {
		if !slices.Contains(Placeholders(), m[1]) {
			return "unknown placeholder {" + m[1] + "}"
		}
	}
	if braces.MatchString(placeholder.ReplaceAllString(line, "")) {
		return "a brace that belongs to no placeholder"
	}
	return ""
}

// IDs returns the names of the texts in order.
func (t *Texts) IDs() []string {
	var ids []string
	for key := range t.all {
		id, _, _ := strings.Cut(key, ".")
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Source returns a text as it is written, for a preview.
func (t *Texts) Source(id, lang string) (subject, body string, ok bool) {
	s, ok := t.all[id+"."+lang]
	return s.subject, s.body, ok
}

// Needs returns the placeholders a text cannot be sent without.
func (t *Texts) Needs(id, lang string) []string {
	s := t.all[id+"."+lang]
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(s.subject+"\n"+s.body, -1) {
		if m[2] == "" && m[1] != "personal" && !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// Replaced names the file that replaced a built-in text, "" for none.
func (t *Texts) Replaced(id, lang string) string { return t.all[id+"."+lang].file }
