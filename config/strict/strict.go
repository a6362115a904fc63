// Package strict reads a TOML document (TOML 1.0) into a struct and forgives nothing: an unknown key, a value of the wrong
// kind and a word that a type refuses are problems, all of them reported at once, each with its line, its dotted path and
// what was probably meant. It also prints such a struct back as a document in which every key is explained.
//
// A field is described by its tags: `toml:"name"`, `doc:"one or two sentences"`, `default:"value in force when unset"`,
// `example:"TOML value shown where the key is unset"`. An embedded struct lends its keys to the struct around it; where it has
// a doc of its own, that stands once for all of its unset keys.
//
// It knows nothing of what the keys mean.
package strict

import (
	"cmp"
	"encoding"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// Problem is one thing wrong in a document.
type Problem struct {
	Line int    // from 1; 0 when the document as a whole is meant
	Path string // dotted, "desk.imap.host"; "" for the document
	Text string // what is wrong
	Hint string // what to do, may be empty
}

// Document is what was read, with the place of every key.
type Document struct {
	lines    map[string]int // by indexed path, "desk[0].imap.host"
	Problems []Problem
}

// Decode reads data into the struct that into points to. Nothing is stored there unless the document has no problems.
func Decode(data []byte, into any) *Document {
	d := &Document{lines: places(data)}
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		d.Problems = append(d.Problems, syntax(err))
		return d
	}
	target := reflect.ValueOf(into).Elem()
	read := reflect.New(target.Type()).Elem()
	read.Set(target)
	r := reader{doc: d, root: target.Type()}
	r.table("", read, tree)
	if len(d.Problems) == 0 {
		target.Set(read)
	}
	return d
}

// Add reports a problem of the value at an indexed path, such as "desk[0].hours". An index beyond the value leads to the
// line of the value itself; a key that is not in the document to the line of its table.
func (d *Document) Add(path, text, hint string) {
	d.Problems = append(d.Problems, Problem{Line: d.line(path), Path: dotted(path), Text: text, Hint: hint})
}

// Sort puts the problems in the order of the document.
func (d *Document) Sort() {
	slices.SortStableFunc(d.Problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
}

func (d *Document) line(path string) int {
	for path != "" {
		if n, ok := d.lines[path]; ok {
			return n
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return 0
}

// dotted takes the indexes out of a path.
func dotted(path string) string {
	var b strings.Builder
	skip := false
	for _, r := range path {
		switch {
		case r == '[':
			skip = true
		case r == ']':
			skip = false
		case !skip:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// form is what a line must look like that cannot be read at all.
const form = `a line is key = value: text in straight quotes, "so"; a list in brackets, ["so", "and so"]; true or false without quotes`

func syntax(err error) Problem {
	p := Problem{Text: strings.TrimPrefix(err.Error(), "toml: "), Hint: form}
	if at, ok := errors.AsType[*toml.DecodeError](err); ok {
		p.Line, _ = at.Position()
		p.Path = strings.Join(at.Key(), ".")
	}
	return p
}

// reader moves a generic tree into a struct, key by key, and reports what does not fit. go-toml's own way into a struct ends
// at the first misfit and takes no local date for text.
type reader struct {
	doc  *Document
	root reflect.Type
}

func (r *reader) table(path string, into reflect.Value, tree map[string]any) {
	fields := fieldsOf(into.Type())
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		at := join(path, key)
		i := index(fields, key)
		if i < 0 {
			r.doc.Add(at, "unknown key", r.meant(fields, path, key))
			continue
		}
		r.value(at, into.FieldByIndex(fields[i].Index), tree[key])
	}
}

func (r *reader) value(path string, into reflect.Value, v any) {
	t := into.Type()
	switch {
	case t.Kind() == reflect.Pointer:
		into.Set(reflect.New(t.Elem()))
		r.value(path, into.Elem(), v)
	case t == reflect.TypeFor[time.Time]():
		r.instant(path, into, v)
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		r.text(path, into, v)
	case t.Kind() == reflect.Struct:
		if tree, ok := v.(map[string]any); ok {
			r.table(path, into, tree)
		} else {
			r.wrong(path, "a table", v)
		}
	case t.Kind() == reflect.Slice:
		r.list(path, into, v)
	case t.Kind() == reflect.Map:
		r.entries(path, into, v)
	default:
		r.scalar(path, into, v)
	}
}

func (r *reader) instant(path string, into reflect.Value, v any) {
	at, ok := v.(time.Time)
	if !ok {
		r.doc.Add(path, "wants a date and time with an offset, has "+kindOf(v), "write it like 2026-07-20T09:00:00+02:00, without quotes")
		return
	}
	into.Set(reflect.ValueOf(at))
}

func (r *reader) list(path string, into reflect.Value, v any) {
	items, ok := v.([]any)
	if !ok {
		hint := "write [" + literal(v) + "]"
		if _, table := v.(map[string]any); table {
			hint = "write [[" + dotted(path) + "]]"
		}
		r.doc.Add(path, "wants a list, has "+kindOf(v), hint)
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(items), len(items)))
	for i, item := range items {
		r.value(fmt.Sprintf("%s[%d]", path, i), into.Index(i), item)
	}
}

func (r *reader) entries(path string, into reflect.Value, v any) {
	tree, ok := v.(map[string]any)
	if !ok {
		r.wrong(path, "a table", v)
		return
	}
	into.Set(reflect.MakeMap(into.Type()))
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		entry := reflect.New(into.Type().Elem()).Elem()
		r.value(join(path, key), entry, tree[key])
		into.SetMapIndex(reflect.ValueOf(key), entry)
	}
}

func (r *reader) scalar(path string, into reflect.Value, v any) {
	number, whole := v.(int64)
	switch {
	case whole && into.CanFloat():
		into.SetFloat(float64(number))
	case whole && (into.CanInt() || into.CanUint()):
		r.number(path, into, number)
	case reflect.TypeOf(v).Kind() == into.Kind():
		into.Set(reflect.ValueOf(v).Convert(into.Type()))
	default:
		r.wrong(path, want(into.Type()), v)
	}
}

func (r *reader) number(path string, into reflect.Value, n int64) {
	if !fits(into, n) {
		r.doc.Add(path, fmt.Sprintf("%d is out of range", n), "")
		return
	}
	into.Set(reflect.ValueOf(n).Convert(into.Type()))
}

func fits(into reflect.Value, n int64) bool {
	if into.CanUint() {
		return n >= 0 && !into.OverflowUint(uint64(n))
	}
	return !into.OverflowInt(n)
}

// text lets the type itself judge the word; dates may stand without quotes.
func (r *reader) text(path string, into reflect.Value, v any) {
	word, ok := v.(string)
	if at, local := v.(fmt.Stringer); local && kindOf(v) == "a date or time" {
		word, ok = at.String(), true
	}
	if !ok {
		r.wrong(path, "text in quotes", v)
		return
	}
	if err := into.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(word)); err != nil {
		r.doc.Add(path, err.Error(), "")
	}
}

func (r *reader) wrong(path, want string, v any) {
	r.doc.Add(path, "wants "+want+", has "+kindOf(v), "")
}

func want(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "text in quotes"
	case reflect.Bool:
		return "true or false"
	default:
		return "a number"
	}
}

func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case bool:
		return "true or false"
	case int64, float64:
		return "a number"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	default:
		return "a date or time"
	}
}

// literal writes a scalar for a hint; what may be long or secret is not repeated.
func literal(v any) string {
	switch v.(type) {
	case map[string]any, []any:
		return "…"
	case string:
		return `"…"`
	}
	return fmt.Sprint(v)
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
