package strict

import (
	"reflect"
	"slices"
	"strings"
	"time"
)

// field is one key of a table.
type field struct {
	Key, Doc, Default, Example string
	Group                      string // doc of the embedded struct the key comes from, where it has one
	Type                       reflect.Type
	Index                      []int // for reflect.Value.FieldByIndex
}

// fieldsOf lists the keys of a struct in order; those of an embedded struct stand in its place.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		switch key := keyName(f); {
		case f.Anonymous && f.Tag.Get("toml") == "":
			fields = append(fields, lent(f, i)...)
		case f.IsExported() && key != "-":
			fields = append(fields, field{
				Key: key, Doc: f.Tag.Get("doc"), Default: f.Tag.Get("default"), Example: f.Tag.Get("example"),
				Type: f.Type, Index: []int{i},
			})
		}
	}
	return fields
}

// lent lists the keys that an embedded struct, field i of its own, lends.
func lent(f reflect.StructField, i int) []field {
	fields := fieldsOf(f.Type)
	for j := range fields {
		fields[j].Index = append([]int{i}, fields[j].Index...)
		fields[j].Group = f.Tag.Get("doc")
	}
	return fields
}

func keyName(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
	if key == "" {
		return strings.ToLower(f.Name)
	}
	return key
}

func index(fields []field, key string) int {
	return slices.IndexFunc(fields, func(f field) bool { return f.Key == key })
}

// tableOf returns the struct type of a key that is a table, or a list or a map of tables, else nil.
func tableOf(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return nil
	}
	return t
}

// meant guesses what an unknown key was to be: a key of this table that looks alike, else the same word in another table.
func (r *reader) meant(fields []field, path, key string) string {
	known := make([]string, len(fields))
	for i, f := range fields {
		known[i] = f.Key
	}
	if word := Nearest(key, known); word != "" {
		return "did you mean " + word + "?"
	}
	if place := find(r.root, "", key); place != "" {
		return key + " belongs into " + place
	}
	if path == "" {
		path = "the file"
	}
	return "known in " + dotted(path) + ": " + strings.Join(known, ", ")
}

// find returns the dotted path of the table that has the key.
func find(t reflect.Type, path, key string) string {
	for _, f := range fieldsOf(t) {
		if f.Key == key && path != "" {
			return "[" + path + "]"
		}
		if inner := tableOf(f.Type); inner != nil {
			if place := find(inner, join(path, f.Key), key); place != "" {
				return place
			}
		}
	}
	return ""
}

// Nearest returns the known word at the least edit distance, or "" when none is near enough to have been meant: a third of
// the word's letters, two at least.
func Nearest(word string, known []string) string {
	best, least := "", max(2, len(word)/3)+1
	for _, k := range known {
		if d := distance(strings.ToLower(word), k); d < least && d < len(k) {
			best, least = k, d
		}
	}
	return best
}

func differ(a, b byte) int {
	if a == b {
		return 0
	}
	return 1
}

// distance counts the insertions, deletions, substitutions and swaps of neighbours that turn a into b
// (optimal string alignment).
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+differ(a[i-1], b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
