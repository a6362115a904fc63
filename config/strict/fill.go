package strict

import (
	"encoding"
	"fmt"
	"reflect"

	"github.com/pelletier/go-toml/v2"
)

// Fill sets every unset key of the struct that into points to, and of the tables in it, to its documented default. A table
// behind a nil pointer stays absent. A default that does not fit its field is a fault of the program and panics.
func Fill(into any) { fill(reflect.ValueOf(into).Elem()) }

func fill(v reflect.Value) {
	for _, f := range fieldsOf(v.Type()) {
		fv := v.FieldByIndex(f.Index)
		if f.Default != "" && fv.IsZero() {
			parse(fv, f.Default)
		}
		each(fv, fill)
	}
}

// each calls do for every table that a value holds.
func each(v reflect.Value, do func(reflect.Value)) {
	switch {
	case tableOf(v.Type()) == nil:
	case v.Kind() == reflect.Pointer:
		if !v.IsNil() {
			each(v.Elem(), do)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			each(v.Index(i), do)
		}
	case v.Kind() == reflect.Map:
		for _, key := range v.MapKeys() {
			entry := reflect.New(v.Type().Elem()).Elem()
			entry.Set(v.MapIndex(key))
			each(entry, do)
			v.SetMapIndex(key, entry)
		}
	default:
		do(v)
	}
}

// parse reads a default: a word for text, else a TOML value.
func parse(v reflect.Value, text string) {
	if v.Kind() == reflect.Pointer { // of a key that may be set to nothing
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	var err error
	switch u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); {
	case ok:
		err = u.UnmarshalText([]byte(text))
	case v.Kind() == reflect.String:
		v.SetString(text)
	default:
		holder := reflect.New(reflect.MapOf(reflect.TypeFor[string](), v.Type()))
		if err = toml.Unmarshal([]byte("v = "+text), holder.Interface()); err == nil {
			v.Set(holder.Elem().MapIndex(reflect.ValueOf("v")))
		}
	}
	if err != nil {
		panic(fmt.Sprintf("strict: default %q: %v", text, err))
	}
}

// Overlay sets every unset key of the struct that into points to to the value it has in from, a struct of the same type.
// Tables are overlaid key by key, lists as a whole.
func Overlay(into, from any) {
	overlay(reflect.ValueOf(into).Elem(), reflect.ValueOf(from).Elem())
}

func overlay(into, from reflect.Value) {
	for _, f := range fieldsOf(into.Type()) {
		to, have := into.FieldByIndex(f.Index), from.FieldByIndex(f.Index)
		switch {
		case to.Kind() == reflect.Struct && tableOf(to.Type()) != nil:
			overlay(to, have)
		case to.IsZero():
			to.Set(have)
		}
	}
}
