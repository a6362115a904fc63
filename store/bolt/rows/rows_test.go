package rows

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"replyby/store"
)

// within runs f on an empty bucket.
func within(t testing.TB, f func(*bbolt.Bucket)) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "db"), 0o600, &bbolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket([]byte("b"))
		if err == nil {
			f(b)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A value that was altered, cut, or put under another key is damaged, for every way to read it.
func TestAlteredRowIsDamaged(t *testing.T) {
	for name, harm := range map[string]func(sealed []byte) []byte{
		"a bit of the value":    func(s []byte) []byte { s[0] ^= 1; return s },
		"a bit of the checksum": func(s []byte) []byte { s[len(s)-1] ^= 1; return s },
		"cut":                   func(s []byte) []byte { return s[:len(s)-1] },
		"longer":                func(s []byte) []byte { return append(s, 0) },
		"nothing left":          func([]byte) []byte { return []byte{} },
		"of another key":        func([]byte) []byte { return []byte("value\x00\x00\x00\x00") },
	} {
		within(t, func(b *bbolt.Bucket) {
			if err := Put(b, []byte("key"), []byte("value")); err != nil {
				t.Fatal(err)
			}
			if err := b.Put([]byte("key"), harm(bytes.Clone(b.Get([]byte("key"))))); err != nil {
				t.Fatal(err)
			}
			if v, err := Get(b, []byte("key")); !errors.Is(err, store.ErrDamaged) {
				t.Errorf("%s: get: %q, %v", name, v, err)
			}
			err := Scan(b, nil, func(_, v []byte) (bool, error) { t.Errorf("%s: scan: %q", name, v); return true, nil })
			if !errors.Is(err, store.ErrDamaged) {
				t.Errorf("%s: scan: %v", name, err)
			}
			err = Walk(b, func(_, _ []byte, damage error) error { return damage })
			if !errors.Is(err, store.ErrDamaged) {
				t.Errorf("%s: walk: %v", name, err)
			}
		})
	}
}

func TestRowOfAnotherKeyIsDamaged(t *testing.T) {
	within(t, func(b *bbolt.Bucket) {
		if err := Put(b, []byte("key"), []byte("value")); err != nil {
			t.Fatal(err)
		}
		if err := b.Put([]byte("kez"), bytes.Clone(b.Get([]byte("key")))); err != nil {
			t.Fatal(err)
		}
		if _, err := Get(b, []byte("kez")); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("get: %v, want %v", err, store.ErrDamaged)
		}
	})
}

// Keys order as what they encode does, and give it back.
func TestKeysOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := rapid.Uint64().Draw(rt, "a"), rapid.Uint64().Draw(rt, "b")
		if got := bytes.Compare(NumberKey(a), NumberKey(b)); (got < 0) != (a < b) || Number(NumberKey(a)) != a {
			rt.Errorf("numbers %d and %d compare as %d", a, b, got)
		}
		at := func(what string) time.Time {
			return time.UnixMicro(rapid.Int64Range(-62135596800000000, 253402300799999999).Draw(rt, what)).UTC()
		}
		x, y := at("x"), at("y")
		if got := bytes.Compare(AppendTime(nil, x), AppendTime(nil, y)); got != x.Compare(y) || Time(AppendTime(nil, x)) != x {
			rt.Errorf("instants %s and %s compare as %d", x, y, got)
		}
	})
}

func TestWordsDoNotRunTogether(t *testing.T) {
	seen := map[string][]string{}
	for _, words := range [][]string{{}, {""}, {"", ""}, {"ab"}, {"a", "b"}, {"", "ab"}, {"ab", ""}, {"a\x00b"}} {
		k := string(WordKey(words...))
		if other, ok := seen[k]; ok {
			t.Errorf("%q and %q have one key", words, other)
		}
		seen[k] = words
	}
}

func TestUnpackSaysWhatIsMissing(t *testing.T) {
	var p Packer
	p.Word("word")
	p.Uint(1 << 40)
	p.Int(-5)
	p.Bytes([]byte("tail"))
	for n := range len(p) {
		u := Unpack(p[:n])
		u.Word()
		u.Uint()
		u.Int()
		u.Bytes(4)
		if err := u.End("it"); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%d of %d bytes: %v", n, len(p), err)
		}
	}
	u := Unpack(p)
	if w, n, i, b := u.Word(), u.Uint(), u.Int(), u.Bytes(4); w != "word" || n != 1<<40 || i != -5 || string(b) != "tail" || u.End("it") != nil {
		t.Error(w, n, i, b, u.End("it"))
	}
	if u := Unpack(append(p, 0)); u.Word() == "" || u.End("it") == nil {
		t.Error("bytes that are left over are no error")
	}
}

// From behind a prefix has the same numbers as from before, in the other order, across pages and at both ends of the bucket.
func TestScanBack(t *testing.T) {
	within(t, func(b *bbolt.Bucket) {
		for n := range uint64(3000) {
			if err := Put(b, append([]byte{byte('a' + n%3)}, NumberKey(n)...), nil); err != nil {
				t.Fatal(err)
			}
		}
		for _, prefix := range []string{"`", "a", "b", "c", "d"} {
			for _, bound := range []uint64{0, 1500, 2999, 3000} {
				var on, back []uint64
				add := func(to *[]uint64) func(uint64) (bool, error) {
					return func(n uint64) (bool, error) { *to = append(*to, n); return true, nil }
				}
				err := errors.Join(ScanPrefix(b, []byte(prefix), bound, add(&on)), ScanBack(b, []byte(prefix), bound, add(&back)))
				if slices.Reverse(back); err != nil || !slices.Equal(on, back) {
					t.Errorf("%s from %d: %d and %d, %v", prefix, bound, len(on), len(back), err)
				}
			}
		}
	})
}

// A damaged row is no reason to refuse those beside it, unless it may have been one of them, as one bit of its key is another, or what is next to
// it is damaged too.
func TestScanPrefixPastAnother(t *testing.T) {
	a, b, c := bytes.Repeat([]byte{0x11}, 32), bytes.Repeat([]byte{0x55}, 32), bytes.Repeat([]byte{0x77}, 32)
	row := func(prefix []byte, n uint64) []byte { return append(bytes.Clone(prefix), NumberKey(n)...) }
	changed := func(prefix []byte, n uint64) []byte { key := row(prefix, n); key[31] ^= 0x20; return key }
	for name, x := range map[string]struct {
		harmed [][]byte
		sought []byte
		want   []uint64
		damage bool
	}{
		"nothing there, another follows":    {[][]byte{row(b, 1)}, bytes.Repeat([]byte{0x33}, 32), nil, false},
		"nothing there, several follow":     {[][]byte{row(b, 1), row(b, 2)}, bytes.Repeat([]byte{0x33}, 32), nil, true},
		"another follows":                   {[][]byte{row(b, 1)}, a, []uint64{1, 2}, false},
		"the row itself":                    {[][]byte{row(b, 1)}, b, nil, true},
		"the row itself with another key":   {[][]byte{changed(b, 1)}, b, nil, true},
		"another of the same":               {[][]byte{row(c, 2)}, c, nil, true},
		"behind them, with another's bytes": {[][]byte{append(bytes.Repeat([]byte{0x60}, 32), NumberKey(1)...)}, b, []uint64{1, 2}, false},
	} {
		within(t, func(in *bbolt.Bucket) {
			for _, prefix := range [][]byte{a, b, c} {
				for n := range uint64(2) {
					if err := Put(in, row(prefix, n+1), nil); err != nil {
						t.Fatal(err)
					}
				}
			}
			for _, key := range x.harmed {
				if err := in.Put(key, []byte("????")); err != nil {
					t.Fatal(err)
				}
			}
			var got []uint64
			err := ScanPrefix(in, x.sought, 0, func(n uint64) (bool, error) { got = append(got, n); return true, nil })
			if errors.Is(err, store.ErrDamaged) != x.damage || !x.damage && !slices.Equal(got, x.want) {
				t.Errorf("%s: %d, %v", name, got, err)
			}
		})
	}
}
