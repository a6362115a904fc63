package strict

import (
	"bytes"
	"encoding"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
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
		if f.Group != p.group {
			p.buf.WriteByte('\n')
			p.comment(f.Group)
		}
		p.group = f.Group
		return
	}
	p.buf.WriteByte('\n')
	p.comment(f.Doc)
	if !v.IsZero() {
		fmt.Fprintf(&p.buf, "%s%s = %s\n", mute, f.Key, Literal(v.Interface()))
		return
	}
	shown := f.Example
	if shown == "" && f.Default != "" {
		shown = shownDefault(f)
	}
	if shown == "" {
		shown = Literal(v.Interface())
	}
	fmt.Fprintf(&p.buf, "# %s = %s\n", f.Key, shown)
}

// shownDefault writes a default as TOML: text gets its quotes.
func shownDefault(f field) string {
	v := reflect.New(f.Type).Elem()
	parse(v, f.Default)
	return Literal(v.Interface())
}

// inner prints a table, a list of tables or a map of tables. Where there is none, or no key of it is set, one is shown, mute.
func (p *printer) inner(path string, f field, v reflect.Value, mute string) {
	doc := f.Doc
	show := func(header, path string, v reflect.Value, mute string) {
		p.buf.WriteByte('\n')
		p.comment(doc)
		fmt.Fprintf(&p.buf, mute+header+"\n", path)
		p.table(path, v, mute)
		doc = ""
	}
	none := reflect.Zero(tableOf(f.Type))
	switch {
	case v.Kind() == reflect.Slice && v.Len() == 0:
		show("[[%s]]", path, none, "# ")
	case v.Kind() == reflect.Slice:
		each(v, func(v reflect.Value) { show("[[%s]]", path, v, mute) })
	case v.Kind() == reflect.Map && v.Len() == 0:
		show("[%s]", path+".NAME", none, "# ")
	case v.Kind() == reflect.Map:
		for _, key := range slices.Sorted(maps.Keys(stringKeys(v))) {
			show("[%s]", path+"."+bare(key), v.MapIndex(reflect.ValueOf(key)), mute)
		}
	case v.IsZero():
		show("[%s]", path, none, "# ")
	default:
		show("[%s]", path, reflect.Indirect(v), mute)
	}
}

func stringKeys(v reflect.Value) map[string]bool {
	keys := map[string]bool{}
	for _, k := range v.MapKeys() {
		keys[k.String()] = true
	}
	return keys
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
		list := make([]any, v.Len())
		for i := range list {
			list[i] = Plain(v.Index(i).Interface())
		}
		return list
	case reflect.Map:
		table := map[string]any{}
		for _, key := range v.MapKeys() {
			table[key.String()] = Plain(v.MapIndex(key).Interface())
		}
		return table
	case reflect.Struct:
		table := map[string]any{}
		for _, f := range fieldsOf(v.Type()) {
			if inner := v.FieldByIndex(f.Index); !inner.IsZero() {
				table[f.Key] = Plain(inner.Interface())
			}
		}
		return table
	case reflect.String:
		return v.String()
	}
	return v.Interface()
}
