// Package samples finds, for tests and measurements, the collections of real mail that stand outside the repository: where REPLYBY_CORPORA
// says, else in ../shared/data/corpora beside the checkout.
//
// It refuses to be part of the program.
package samples

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Mail is a file of the collections, as their manifest has it.
type Mail struct {
	File     string // its path below Dir
	Source   string // the repository it comes from
	Category string // the collection, such as "b-bounce"
	Kind     string // "message" for a whole mail; the others are parts of one, or several
	Language string // of two letters, empty where nobody knows
	Expected []string
	Labels   map[string]string
}

// Dir is the folder of the collections. Without them it skips the test.
func Dir(t testing.TB) string {
	t.Helper()
	dir, found := find()
	if !found {
		t.Skipf("no collections of mail in %s: set REPLYBY_CORPORA", dir)
	}
	return dir
}

// All lists every file. Without the collections it skips the test.
func All(t testing.TB) (all []Mail) {
	t.Helper()
	manifest := string(Read(t, "MANIFEST.tsv"))
	_, rows, _ := strings.Cut(manifest, "\n")
	for row := range strings.Lines(rows) {
		f := strings.Split(row, "\t")
		if len(f) < 11 {
			continue
		}
		all = append(all, Mail{
			File: f[0], Source: f[1], Category: f[5], Kind: f[6], Language: f[7],
			Expected: strings.FieldsFunc(f[9], func(r rune) bool { return r == ';' }), Labels: labels(f[10]),
		})
	}
	return all
}

// Messages lists the whole mails of a collection.
func Messages(t testing.TB, category string) (of []Mail) {
	t.Helper()
	for _, m := range All(t) {
		if m.Category == category && m.Kind == "message" {
			of = append(of, m)
		}
	}
	return of
}

// Ordinary returns the mails that people write to each other, none without the collections.
func Ordinary(t testing.TB) (raws [][]byte) {
	t.Helper()
	if _, found := find(); !found {
		return nil
	}
	for _, m := range Messages(t, "e-ordinary") {
		raws = append(raws, Read(t, m.File))
	}
	return raws
}

// Read reads a file below Dir.
func Read(t testing.TB, file string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(Dir(t), file))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// find looks for the folder.
func find() (dir string, found bool) {
	if dir = os.Getenv("REPLYBY_CORPORA"); dir == "" {
		dir = filepath.Join(checkout(), "..", "shared", "data", "corpora")
	}
	_, err := os.Stat(filepath.Join(dir, "MANIFEST.tsv"))
	return dir, err == nil
}

// checkout is the folder of the module. A test runs in that of its package, which is some levels below.
func checkout() string {
	up := "."
	for range 8 {
		if _, err := os.Stat(filepath.Join(up, "go.mod")); err == nil {
			break
		}
		up = filepath.Join(up, "..")
	}
	return up
}

// labels reads "key=value; key=value". A value may hold a semicolon: what does not begin like a key goes on with the one before.
func labels(text string) map[string]string {
	all := map[string]string{}
	last := ""
	for part := range strings.SplitSeq(text, "; ") {
		key, value, ok := strings.Cut(part, "=")
		if !ok || strings.Contains(key, " ") || strings.ToLower(key) != key {
			all[last] += "; " + part
			continue
		}
		all[key] = value
		last = key
	}
	return all
}
