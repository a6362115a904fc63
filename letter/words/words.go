// Package words holds what the program says in its own name to staff, in Italian, Spanish, French and English.
//
// The sentences live in words.txt, one block per key, or for several that say the same, with a line for each language, so that a translator needs no Go and
// a missing language is a failing test. Instants are said by their distance from the one at which a voice speaks. The package is pure and
// knows nothing of mail.
package words

import (
	_ "embed" // the catalogue
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"replyby/sla/wording"
)

//go:embed words.txt
var catalogue string

// Languages returns the languages of the catalogue in its order.
func Languages() []string { return []string{"it", "es", "fr", "en"} }

// Book is the whole catalogue: key, then language.
type Book struct {
	lines    map[string]map[string]string
	instants map[string]wording.Words // by language
}

// Load reads the embedded catalogue. The error names the line that is wrong.
func Load() (*Book, error) { return Parse(catalogue) }

// Parse reads another catalogue in the format of words.txt, complete in every language or an error.
func Parse(src string) (*Book, error) {
	b := &Book{lines: map[string]map[string]string{}, instants: map[string]wording.Words{}}
	for _, lang := range Languages() {
		said, err := wording.In(lang)
		if err != nil {
			return nil, err
		}
		b.instants[lang] = said
	}
	key := ""
	for i, line := range strings.Split(src, "\n") {
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case line[0] != ' ':
			said := map[string]string{}
			for key = range strings.FieldsSeq(line) {
				if b.lines[key] != nil {
					return nil, fmt.Errorf("words: line %d: key %q is given twice", i+1, key)
				}
				b.lines[key] = said
			}
		default:
			lang, said, _ := strings.Cut(strings.TrimSpace(line), " ")
			if key == "" || !slices.Contains(Languages(), lang) || b.lines[key][lang] != "" {
				return nil, fmt.Errorf("words: line %d: want one line \"it|es|fr|en words\" under key %q", i+1, key)
			}
			b.lines[key][lang] = strings.TrimSpace(said)
		}
	}
	return b, b.complete()
}

func (b *Book) complete() error {
	for _, key := range b.Keys() {
		for _, lang := range Languages() {
			if b.lines[key][lang] == "" {
				return fmt.Errorf("words: key %q has no %s", key, lang)
			}
		}
	}
	return nil
}

// Keys returns all keys in order.
func (b *Book) Keys() []string { return slices.Sorted(maps.Keys(b.lines)) }

// In returns the voice of a language; one the catalogue does not have speaks English.
func (b *Book) In(lang string) Voice {
	if !slices.Contains(Languages(), lang) {
		lang = "en"
	}
	return Voice{Lang: lang, book: b, zone: time.UTC}
}

// Voice says the words of a Book in one language, and instants as they are read at one instant in one zone: see [Voice.At].
type Voice struct {
	Lang string
	book *Book
	Now  time.Time // when it speaks
	zone *time.Location
}

// Has reports whether there are words for the key.
func (v Voice) Has(key string) bool { return v.book.lines[key] != nil }

// Say returns the words of a key. Pairs of name and value fill its {placeholders}; a value is data and never read again.
// An unknown key is said as itself: a mail with a strange word is better than none.
func (v Voice) Say(key string, pairs ...string) string {
	said, ok := v.book.lines[key][v.Lang]
	if !ok {
		return key
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(said, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		value, after, ok := put(rest, pairs)
		if said = after; !ok {
			value, said = "{", rest
		}
		if strings.HasSuffix(value, ".") && !strings.HasSuffix(value, "..") && closes(said) {
			said = said[1:] // that of "S.r.l." ends the sentence, too
		}
		b.WriteString(value)
	}
}

// closes reports whether words begin with the full stop of a sentence.
func closes(said string) bool {
	return strings.HasPrefix(said, ".") && (len(said) == 1 || said[1] == ' ' || said[1] == '\n')
}

// put returns the value of the placeholder that ends here behind its brace, and what follows it.
func put(rest string, pairs []string) (value, after string, ok bool) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if after, ok := strings.CutPrefix(rest, pairs[i]); ok && strings.HasPrefix(after, "}") {
			return pairs[i+1], after[1:], true
		}
	}
	return "", "", false
}

// Known says a name of a family of keys; one without words is said as it is.
func (v Voice) Known(family, name string) string {
	if v.Has(family + name) {
		return v.Say(family + name)
	}
	return name
}

// Listed joins what is said one behind the other; French has a space before its semicolon.
func (v Voice) Listed(said []string) string {
	if len(said) == 0 {
		return ""
	}
	all := said[0]
	for _, s := range said[1:] {
		all = v.Say("list.two", "one", all, "two", s)
	}
	return all
}

// Within makes words that begin a line fit for the middle of one.
func Within(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[n:]
}

// Count says key+".one" or key+".many" with {n}. French counts none as one, the others as many (CLDR, cardinal plurals).
func (v Voice) Count(key string, n int, pairs ...string) string {
	form := ".many"
	if n == 1 || n == 0 && v.Lang == "fr" {
		form = ".one"
	}
	return v.Say(key+form, append(pairs, "n", strconv.Itoa(n))...)
}
