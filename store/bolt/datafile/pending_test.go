package datafile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/rows"
)

var errOdd = errors.New("a row that nobody can write")

// again makes entries again that are numbers of rows.
func again(tx *bbolt.Tx, entry []byte) error {
	for u := rows.Unpack(entry); u.More(); {
		if err := rows.Put(tx.Bucket([]byte(bucket)), rows.NumberKey(u.Uint()), []byte("row")); err != nil {
			return err
		}
	}
	return nil
}

func openAhead(t testing.TB, dir string) *File {
	t.Helper()
	f, err := Open(dir, Options{NoSync: true, Redo: again}, layout)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// small writes one row that can be written again; n > 1000 fails after it wrote.
func small(t testing.TB, f *File, n uint64) error {
	entry := rows.Packer{}
	entry.Uint(n)
	return f.WriteRedoable(t.Context(), func(tx *bbolt.Tx) error {
		if err := again(tx, entry); err != nil || n <= 1000 {
			return err
		}
		return errOdd
	}, func() []byte { return entry })
}

func smalls(t testing.TB, f *File, numbers ...uint64) {
	t.Helper()
	for _, n := range numbers {
		if err := small(t, f, n); err != nil {
			t.Fatal(err)
		}
	}
}

// has says which rows somebody reads.
func has(t testing.TB, f *File) string {
	t.Helper()
	var found []string
	err := f.Read(t.Context(), func(tx *bbolt.Tx) error {
		return rows.Walk(tx.Bucket([]byte(bucket)), func(key, _ []byte, damage error) error {
			found = append(found, fmt.Sprint(rows.Number(key)))
			return damage
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(found, " ")
}

// inJournal is how many entries a crash now would leave.
func inJournal(t testing.TB, f *File) int {
	t.Helper()
	entries, err := f.journal.after(f.journal.base)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// crash copies the directory as it is now.
func crash(t testing.TB, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func wants(t testing.TB, f *File, rows string) {
	t.Helper()
	if got := has(t, f); got != rows {
		t.Errorf("rows %q, want %q", got, rows)
	}
}

// Small writes that follow each other are in the journal, whoever reads finds them, and a crash does.
func TestAhead(t *testing.T) {
	dir := t.TempDir()
	f := openAhead(t, dir)
	smalls(t, f, 1, 2, 3)
	if n := inJournal(t, f); n != 2 {
		t.Errorf("%d entries in the journal, want those of the second and third write", n)
	}
	wants(t, openAhead(t, crash(t, dir)), "1 2 3")
	wants(t, f, "1 2 3")
	smalls(t, f, 4, 5)
	wants(t, openAhead(t, crash(t, dir)), "1 2 3 4 5")
	if err := f.Write(t.Context(), func(tx *bbolt.Tx) error { return again(tx, rows.Packer{6}) }); err != nil {
		t.Fatal(err)
	}
	smalls(t, f, 7, 8)
	wants(t, openAhead(t, crash(t, dir)), "1 2 3 4 5 6 7 8")
	wants(t, f, "1 2 3 4 5 6 7 8")
}

// A write that fails takes nothing along of what was acknowledged before it in the same transaction.
func TestAheadOfAFailure(t *testing.T) {
	dir := t.TempDir()
	f := openAhead(t, dir)
	smalls(t, f, 1, 2)
	if err := small(t, f, 1001); !errors.Is(err, errOdd) {
		t.Fatal(err)
	}
	smalls(t, f, 3)
	func() {
		defer func() { _ = recover() }()
		_ = f.Together(t.Context(), func(*Joint) error { panic("in the middle") })
	}()
	smalls(t, f, 4)
	wants(t, openAhead(t, crash(t, dir)), "1 2 3 4")
	wants(t, f, "1 2 3 4")
}

// Who opens a database for reading after a crash sees what was acknowledged.
func TestAheadForReaders(t *testing.T) {
	dir := t.TempDir()
	smalls(t, openAhead(t, dir), 1, 2, 3)
	f, err := Open(crash(t, dir), Options{ReadOnly: true, Redo: again}, layout)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	wants(t, f, "1 2 3")
}

// The journal goes when the database is closed in order, since nothing needs it, and makes room when it is full.
func TestJournalEnds(t *testing.T) {
	dir := t.TempDir()
	f := openAhead(t, dir)
	for n := range uint64(2*maxJournal/block + 3) {
		smalls(t, f, n%1000)
	}
	if n := inJournal(t, f); n == 0 || n > maxJournal/block {
		t.Errorf("%d entries in the journal", n)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, fileJournal)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the journal is still there: %v", err)
	}
	if got := len(strings.Fields(has(t, openAhead(t, dir)))); got != 259 {
		t.Errorf("%d rows", got)
	}
}

// Where the journal cannot be made, everything is committed.
func TestNoJournal(t *testing.T) {
	dir := t.TempDir()
	f := openAhead(t, dir)
	if err := os.MkdirAll(filepath.Join(dir, fileJournal, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	smalls(t, f, 1, 2, 3)
	if err := os.RemoveAll(filepath.Join(dir, fileJournal)); err != nil {
		t.Fatal(err)
	}
	wants(t, openAhead(t, crash(t, dir)), "1 2 3")
}

// I7: a change that is missing before another one is damage, also where no mark says how many there were. The last alone may have been
// under way, and only the mark knows better.
func TestHoleInJournal(t *testing.T) {
	dir := t.TempDir()
	smalls(t, openAhead(t, dir), 1, 2, 3, 4)
	for _, c := range []struct {
		block  int
		marked bool
		want   error
	}{
		{0, true, store.ErrDamaged}, {0, false, store.ErrDamaged}, {1, false, store.ErrDamaged}, {2, true, store.ErrMissing}, {2, false, nil}, {3, true, nil},
	} {
		at := crash(t, dir)
		path := filepath.Join(at, fileJournal)
		b := read(t, path)
		copy(b[c.block*block:], bytes.Repeat([]byte{7}, block))
		put(t, path, b)
		if !c.marked {
			os.Remove(filepath.Join(at, fileMark))
		}
		f, err := Open(at, Options{NoSync: true, Redo: again}, layout)
		if !errors.Is(err, c.want) {
			t.Errorf("block %d, marked %v: %v, want %v", c.block, c.marked, err, c.want)
		}
		if err == nil {
			f.Close()
		}
	}
}

// A database that is older than its journal has lost something, also where its mark went with it.
func TestOlderThanJournal(t *testing.T) {
	dir := t.TempDir()
	f := openAhead(t, dir)
	smalls(t, f, 1)
	wants(t, f, "1")
	older := read(t, filepath.Join(dir, fileDB))
	smalls(t, f, 2)
	wants(t, f, "1 2")
	smalls(t, f, 3, 4)
	at := crash(t, dir)
	put(t, filepath.Join(at, fileDB), older)
	os.Remove(filepath.Join(at, fileMark))
	if _, err := Open(at, Options{Redo: again}, layout); !errors.Is(err, store.ErrMissing) {
		t.Errorf("%v, want %v", err, store.ErrMissing)
	}
}

// The marks of releases that had no journal still hold.
func TestOlderMark(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir)
	id := openAhead(t, crash(t, dir)).ID()
	put(t, filepath.Join(dir, fileMark), sealedLine(fmt.Sprintf("%s %020d", id, 1<<40)))
	refused(t, dir, store.ErrMissing, "restore")
}

// A copy put back takes the place of a database with its journal, which both stay beside it.
func TestRestoreSetsJournalAside(t *testing.T) {
	dir := t.TempDir()
	f := openAhead(t, dir)
	smalls(t, f, 1, 2)
	var saved bytes.Buffer
	if _, err := f.Backup(t.Context(), &saved); err != nil {
		t.Fatal(err)
	}
	smalls(t, f, 3, 4, 5)
	at := crash(t, dir)
	if _, err := Restore(at, &saved); err != nil {
		t.Fatal(err)
	}
	wants(t, openAhead(t, at), "1 2")
	back := t.TempDir()
	put(t, filepath.Join(back, fileDB), read(t, filepath.Join(at, fileDB+before)))
	put(t, filepath.Join(back, fileJournal), read(t, filepath.Join(at, fileJournal+before)))
	wants(t, openAhead(t, back), "1 2 3 4 5")
}

// What cannot be committed in the end is still read, and still there when the database is opened again.
func TestAheadOfABrokenDisk(t *testing.T) {
	dir := t.TempDir()
	f := openAhead(t, dir)
	smalls(t, f, 1, 2, 3)
	f.broken = errors.New("the disk is gone")
	wants(t, f, "1 2 3")
	if err := small(t, f, 4); !errors.Is(err, store.ErrBroken) {
		t.Errorf("%v, want %v", err, store.ErrBroken)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	wants(t, openAhead(t, dir), "1 2 3")
}

// Who still reads when such a database is closed is not told of damage.
func TestReadBehindABrokenDisk(t *testing.T) {
	f := openAhead(t, t.TempDir())
	smalls(t, f, 1, 2, 3)
	f.broken = errors.New("the disk is full")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	err := f.Read(t.Context(), func(tx *bbolt.Tx) error {
		_, err := rows.Get(tx.Bucket([]byte(bucket)), rows.NumberKey(1))
		return err
	})
	if err == nil || errors.Is(err, store.ErrDamaged) {
		t.Errorf("%v, want an error that is no damage", err)
	}
}

// A copy holds what was acknowledged, or there is none: what cannot be committed is not in the file that is copied.
func TestBackupOfABrokenDisk(t *testing.T) {
	f := openAhead(t, t.TempDir())
	smalls(t, f, 1, 2, 3)
	f.broken = errors.New("the disk is full")
	var saved bytes.Buffer
	if _, err := f.Backup(t.Context(), &saved); !errors.Is(err, store.ErrBroken) || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("%v, want %v and why", err, store.ErrBroken)
	}
}

// I7: pages that are damaged where only the writing of the journal into them shows it are refused like others.
func TestJournalOverDamagedPages(t *testing.T) {
	dir := t.TempDir()
	f := openAhead(t, dir)
	smalls(t, f, 1, 2, 3)
	at := crash(t, dir)
	path := filepath.Join(at, fileDB)
	b := read(t, path)
	size, h := f.db.Info().PageSize, binary.LittleEndian
	meta := b[16:]
	if newer := b[size+16:]; h.Uint64(newer[48:]) > h.Uint64(meta[48:]) {
		meta = newer
	}
	root, free := h.Uint64(meta[16:]), b[int(h.Uint64(meta[32:]))*size:]
	h.PutUint16(free[10:], 1) // the page that all others hang from is free
	h.PutUint64(free[16:], root)
	put(t, path, b)
	if f, err := Open(at, Options{NoSync: true, Redo: again}, layout); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("%v, %v, want %v", f, err, store.ErrDamaged)
	}
}
