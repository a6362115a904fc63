package faults

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt"
)

// bits is how many single bits are turned at the start of every page, beside the five ways of damage.
var bits = flag.Int("bits", 1, "bits to turn in every page")

// reference is a database of the story, and the same a few steps earlier.
type reference struct {
	now, before []byte
	beside      map[string][]byte // the small files
	sum         uint64
}

func referred(t *testing.T) (r reference) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if out, err := tell(t, dir, 12).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r.before = read(t, filepath.Join(dir, database))
	if err := goOn(dir); err != nil {
		t.Fatal(err)
	}
	r.now, r.beside = read(t, filepath.Join(dir, database)), map[string][]byte{}
	for _, name := range []string{"store.id", markFile} {
		r.beside[name] = read(t, filepath.Join(dir, name))
	}
	var err error
	if r.sum, err = digest(dir); err != nil {
		t.Fatal(err)
	}
	return r
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What became of a harmed database.
const (
	refused  = "refused when opened"
	reported = "reported by verify"
	harmless = "in bytes that hold nothing" // every row reads as before and verify finds nothing
	silent   = "silent"
)

// verdict opens a harmed database and reads all of it.
func (r reference) verdict(t *testing.T, dir string, harmed []byte) string {
	t.Helper()
	put := func(name string, b []byte) {
		path := filepath.Join(dir, name)
		err := ignoreMissing(os.Remove(path)) // a new file: one that made bbolt panic stays locked
		if b != nil && err == nil {
			err = os.WriteFile(path, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put(database, harmed)
	for name, b := range r.beside {
		put(name, b)
	}
	s, err := bolt.Open(dir, bolt.Options{NoSync: true})
	if err != nil {
		if !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrMissing) {
			t.Errorf("refused for another reason: %v", err)
		}
		return refused
	}
	findings, err := s.Check(context.Background(), nil)
	s.Close()
	if err != nil || len(findings) > 0 {
		return reported
	}
	if sum, err := digest(dir); err != nil || sum != r.sum {
		return silent
	}
	return harmless
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// kinds names every page by what it holds.
func (r reference) kinds(t *testing.T) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), database)
	if err := os.WriteFile(path, r.now, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	kinds := make([]string, len(r.now)/os.Getpagesize())
	err = db.View(func(tx *bbolt.Tx) error {
		for n := 0; n < len(kinds); n++ {
			p, err := tx.Page(n)
			if err != nil {
				return err
			}
			if p == nil || p.Type == "free" {
				kinds[n] = "free"
				continue
			}
			kinds[n] = p.Type
			for range p.OverflowCount {
				n++
				kinds[n] = "overflow"
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

// I7: every page of a database damaged in five ways: refused, reported, or of no consequence because nothing is kept there.
func TestEveryPageDamaged(t *testing.T) {
	r, dir, page := referred(t), memoryDir(t), os.Getpagesize()
	dice := rand.New(rand.NewPCG(3, 3))
	ways := map[string]func(p []byte, n int){
		"zeroed":      func(p []byte, _ int) { clear(p) },
		"garbage":     func(p []byte, _ int) { fill(dice, p) },
		"one bit":     func(p []byte, _ int) { p[dice.IntN(len(p))] ^= 1 << dice.IntN(8) },
		"half of it":  func(p []byte, _ int) { clear(p[len(p)/2:]) },
		"another one": func(p []byte, n int) { copy(p, r.now[((n+1)*page)%len(r.now):]) },
	}
	for bit := range *bits {
		ways[fmt.Sprintf("bit %d", bit)] = func(p []byte, _ int) { p[dice.IntN(128)] ^= 1 << dice.IntN(8) } // headers of pages and rows stand first
	}
	counts := map[string]map[string]int{}
	for n, kind := range r.kinds(t) {
		for name, harm := range ways {
			if kind == "free" && strings.HasPrefix(name, "bit") {
				continue
			}
			harmed := bytes.Clone(r.now)
			harm(harmed[n*page:(n+1)*page], n)
			if bytes.Equal(harmed, r.now) {
				continue
			}
			v := r.verdict(t, dir, harmed)
			whole := name == "zeroed" || name == "garbage" || name == "another one"
			if v == silent || whole && v == harmless && kind != "free" && kind != "overflow" {
				t.Errorf("page %d, %s, %s: %s", n, kind, name, v)
			}
			if counts[kind] == nil {
				counts[kind] = map[string]int{}
			}
			counts[kind][v]++
		}
	}
	for kind, c := range counts {
		t.Logf("%s: %v", kind, c)
	}
}

func fill(dice *rand.Rand, b []byte) {
	for i := range b {
		b[i] = byte(dice.Uint32())
	}
}

// I7: a crash left changes in the journal that are not in the database yet. Whatever happens to the journal then, they come back, or the
// database is refused. Only what nobody has written to it may be harmed unnoticed.
func TestJournalDamaged(t *testing.T) {
	r, dir := crashed(t), memoryDir(t)
	dice, whole := rand.New(rand.NewPCG(5, 5)), r.beside[journal]
	counts := map[string]int{}
	try := func(what string, harmed []byte) {
		r.beside[journal] = harmed
		v := r.verdict(t, dir, r.now)
		counts[v]++
		if v == silent {
			t.Errorf("%s: %s", what, v)
		}
	}
	const block = 4096
	for at, step := 0, block; at < len(whole); at += step {
		if at == 8*block {
			step = 16 * block // nothing was written there
		}
		for n, harm := range []func(b []byte){
			func(b []byte) { clear(b) },
			func(b []byte) { fill(dice, b) },
			func(b []byte) { b[dice.IntN(24)] ^= 1 << dice.IntN(8) },
			func(b []byte) { b[dice.IntN(len(b))] ^= 1 << dice.IntN(8) },
			func(b []byte) { copy(b, whole[(at+block)%len(whole):]) },
		} {
			harmed := bytes.Clone(whole)
			harm(harmed[at:][:block])
			try(fmt.Sprintf("octet %d harmed in way %d", at, n), harmed)
		}
		try(fmt.Sprintf("cut short at %d", at), whole[:at])
	}
	try("gone", nil)
	if counts[refused] < 10 || counts[harmless] < 10 {
		t.Errorf("%v: the journal held next to nothing", counts)
	}
	t.Log(counts)
}

// crashed is a database after a crash in the middle of letters, and what it is once its journal is in it.
func crashed(t *testing.T) (r reference) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	c := tell(t, dir, 12)
	c.Env = append(c.Env, leaveEnv+"=1")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r.now, r.beside = read(t, filepath.Join(dir, database)), map[string][]byte{}
	for _, name := range []string{"store.id", markFile, journal} {
		r.beside[name] = read(t, filepath.Join(dir, name))
	}
	var err error
	if r.sum, err = digest(dir); err != nil {
		t.Fatal(err)
	}
	return r
}

// I7: cut short at every page, emptied, gone, or in the place of itself as it was before.
func TestWholeFileDamaged(t *testing.T) {
	r, dir, page := referred(t), memoryDir(t), os.Getpagesize()
	counts := map[string]int{}
	for size := 0; size < len(r.now); size += page {
		v := r.verdict(t, dir, r.now[:size])
		counts[fmt.Sprintf("cut short: %s", v)]++
		if v == silent {
			t.Errorf("%d of %d bytes: nobody noticed", size, len(r.now))
		}
	}
	if v := r.verdict(t, dir, r.before); v != refused {
		t.Errorf("an older copy: %s", v)
	}
	if v := r.verdict(t, dir, make([]byte, len(r.now))); v != refused {
		t.Errorf("zeros: %s", v)
	}
	t.Log(counts)
}
