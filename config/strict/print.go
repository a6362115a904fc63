package strict

import (
	"bytes"
	"encoding"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

const width = 100 // columns of an explaining comment

// Print writes the struct v (or the struct it points to) as a document in which a comment explains every key. A key that is
// unset stands as a comment, with its default or example; a list of tables without entries shows one such entry.
func Print(w io.Writer, v any) error {
	p := printer{explained: map[reflect.Type]string{}}
	p.table("", reflect.Indirect(reflect.ValueOf(v)), "")
	_, err := w.Write(bytes.TrimLeft(p.buf.Bytes(), "\n"))
	return err
}

type printer struct {
	buf       bytes.Buffer
	group     string                  // the group explained last
	explained map[reflect.Type]string // where the keys of a table were explained
}

// table prints plain keys before tables, as TOML demands. mute is "# " where the whole table is only shown. Keys are explained
// once: a further table of the same kind shows what is set.
func (p *printer) table(path string, v reflect.Value, mute string) {
	before, again := p.explained[v.Type()]
	if again {
		p.set(path, v, before, mute)
		return
	}
	p.explained[v.Type()] = path
	var tables []field
	for _, f := range fieldsOf(v.Type()) {
		if tableOf(f.Type) != nil {
			tables = append(tables, f)
			continue
		}
		p.key(f, v.FieldByIndex(f.Index), mute)
	}
	p.group = ""
	for _, f := range tables {
		p.inner(join(path, f.Key), f, v.FieldByIndex(f.Index), mute)
	}
}

// set prints the keys of a table that are set, without a word.
func (p *printer) set(path string, v reflect.Value, before, mute string) {
	if mute != "" {
		fmt.Fprintf(&p.buf, "# keys as in [%s]\n", before)
		return
	}
	var tables []field
	for _, f := range fieldsOf(v.Type()) {
		switch inner := v.FieldByIndex(f.Index); {
		case inner.IsZero():
		case tableOf(f.Type) != nil:
			tables = append(tables, f)
		default:
			fmt.Fprintf(&p.buf, "%s = %s\n", f.Key, Literal(inner.Interface()))
		}
	}
	for _, f := range tables {
		f.Doc = ""
		p.inner(join(path, f.Key), f, v.FieldByIndex(f.Index), mute)
	}
}

func (p *printer) key(f field, v reflect.Value, mute string) {
	if v.IsZero() && f.Group != "" {
		p.explainGroup(f.Group)
		return
	}
	p.buf.WriteByte('\n')
	p.comment(f.Doc)
	if v.IsZero() {
		fmt.Fprintf(&p.buf, "# %s = %s\n", f.Key, shown(f))
		return
	}
	fmt.Fprintf(&p.buf, "%s%s = %s\n", mute, f.Key, Literal(v.Interface()))
}

// explainGroup explains keys that were lent, once for all of them.
func (p *printer) explainGroup(doc string) {
	if doc != p.group {
		p.buf.WriteByte('\n')
		p.comment(doc)
	}
	p.group = doc
}

// shown is what stands for an unset key: its example, else its default, else nothing of its kind.
func shown(f field) string {
	if f.Example != "" {
		return f.Example
	}
	v := reflect.New(f.Type).Elem()
	if f.Default != "" {
		parse(v, f.Default)
	}
	return Literal(v.Interface())
}

// inner prints a table, a list of tables or a map of tables. Where there is none, or no key of it is set, one is shown, mute.
func (p *printer) inner(path string, f field, v reflect.Value, mute string) {
	p.buf.WriteByte('\n')
	p.comment(f.Doc)
	none := reflect.Zero(tableOf(f.Type))
	switch {
	case v.Kind() == reflect.Slice && v.Len() == 0:
		p.headed("[[%s]]", path, none, "# ")
	case v.Kind() == reflect.Slice:
		p.list(path, v, mute)
	case v.Kind() == reflect.Map && v.Len() == 0:
		p.headed("[%s]", path+".NAME", none, "# ")
	case v.Kind() == reflect.Map:
		p.entries(path, v, mute)
	case v.IsZero():
		p.headed("[%s]", path, none, "# ")
	default:
		p.headed("[%s]", path, reflect.Indirect(v), mute)
	}
}

func (p *printer) headed(header, path string, v reflect.Value, mute string) {
	fmt.Fprintf(&p.buf, mute+header+"\n", path)
	p.table(path, v, mute)
}

func (p *printer) list(path string, v reflect.Value, mute string) {
	for i := range v.Len() {
		if i > 0 {
			p.buf.WriteByte('\n')
		}
		p.headed("[[%s]]", path, reflect.Indirect(v.Index(i)), mute)
	}
}

func (p *printer) entries(path string, v reflect.Value, mute string) {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for i, key := range keys {
		if i > 0 {
			p.buf.WriteByte('\n')
		}
		p.headed("[%s]", path+"."+bare(key.String()), v.MapIndex(key), mute)
	}
}

// comment folds a text into comment lines.
func (p *printer) comment(text string) {
	line := "#"
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > width {
			p.buf.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	if line != "#" {
		p.buf.WriteString(line + "\n")
	}
}

// Shown is implemented by values that print otherwise than they are, because part of them may be secret.
type Shown interface{ Shown() any }

// Literal writes a plain value or list as TOML on one line.
func Literal(v any) string {
	switch plain := Plain(v).(type) {
	case string:
		return quote(plain)
	case time.Time:
		return plain.Format(time.RFC3339)
	case []any:
		items := make([]string, len(plain))
		for i, item := range plain {
			items[i] = Literal(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	default:
		return fmt.Sprint(plain)
	}
}

var bareKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// bare writes a key, in quotes where it cannot stand without.
func bare(key string) string {
	if bareKey.MatchString(key) {
		return key
	}
	return quote(key)
}

// quote writes a basic string (TOML 1.0, section String).
func quote(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}

// Plain turns a struct, list or value into what JSON and TOML have in common: maps by key, lists, text, numbers, booleans and
// instants. Unset keys are left out.
func Plain(v any) any {
	switch t := v.(type) {
	case Shown:
		return t.Shown()
	case time.Time:
		return t
	case encoding.TextMarshaler:
		text, err := t.MarshalText()
		if err != nil {
			return ""
		}
		return string(text)
	}
	return plain(reflect.ValueOf(v))
}

func plain(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		return Plain(v.Elem().Interface())
	case reflect.Slice:
		return plainList(v)
	case reflect.Map:
		return plainMap(v)
	case reflect.Struct:
		return plainTable(v)
	case reflect.String:
		return v.String()
	}
	return v.Interface()
}

func plainList(v reflect.Value) []any {
	list := make([]any, v.Len())
	for i := range list {
		list[i] = Plain(v.Index(i).Interface())
	}
	return list
}

func plainMap(v reflect.Value) map[string]any {
	table := map[string]any{}
	for _, key := range v.MapKeys() {
		table[key.String()] = Plain(v.MapIndex(key).Interface())
	}
	return table
}

func plainTable(v reflect.Value) map[string]any {
	table := map[string]any{}
	for _, f := range fieldsOf(v.Type()) {
		if inner := v.FieldByIndex(f.Index); !inner.IsZero() {
			table[f.Key] = Plain(inner.Interface())
		}
	}
	return table
}

// Entry writes one entry of a list of tables, to be pasted behind a file: a header in double brackets, then its keys.
func Entry(table string, v any) (string, error) {
	text, err := toml.Marshal(map[string][]any{table: {v}})
	if err != nil {
		return "", fmt.Errorf("write an entry of %s: %w", table, err)
	}
	return string(text), nil
}
