package datafile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"replyby/store"
	"replyby/store/bolt/rows"
)

// journal is a redo log: a file beside the database that holds, as entries, the pending writes. It exists only while the database is open,
// and after a crash. It has its full length from the beginning, so that a sync writes one entry and no metadata of the file.
//
// Each entry starts at a block of its own, so that a torn write cannot damage an earlier one. It names the transaction of the database that
// it follows (base) and its position after it. An entry is written only when the one before it is durable. So an unreadable entry before a
// readable one is damage, while an unreadable last one was never acknowledged, unless the mark says that it was.
type journal struct {
	dir, id string // of the database
	noSync  bool
	file    *os.File // nil until the first entry is added
	base    uint64
	entries int
	end     int
}

const (
	block      = 4096
	entryHead  = 24 // magic, length, transaction, place, checksum
	entryMagic = 0x79627972
)

// journalEntry is an entry as read back.
type journalEntry struct {
	base  uint64
	place int
	entry []byte
}

// hasRoom reports whether an entry of n octets after transaction base fits. Where the file cannot be created nothing fits, and everything is
// committed to the database instead, which is only slower.
func (j *journal) hasRoom(base uint64, n int) bool {
	if base != j.base {
		j.base, j.entries, j.end = base, 0, 0
	}
	return j.end+blocks(n) <= maxJournal && j.create() == nil
}

// add appends an entry after transaction base and syncs it. hasRoom must have said that it fits.
func (j *journal) add(base uint64, entry []byte) error {
	b := make([]byte, blocks(len(entry)))
	h := binary.LittleEndian
	h.PutUint32(b, entryMagic)
	h.PutUint32(b[4:], uint32(len(entry)))
	h.PutUint64(b[8:], base)
	h.PutUint32(b[16:], uint32(j.entries))
	copy(b[entryHead:], entry)
	h.PutUint32(b[20:], j.checksum(b[:entryHead+len(entry)]))
	_, err := j.file.WriteAt(b, int64(j.end))
	if err == nil && !j.noSync {
		err = syncData(j.file)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", j.file.Name(), err)
	}
	j.entries, j.end = j.entries+1, j.end+len(b)
	return nil
}

// blocks is how many octets of the file an entry of n octets occupies.
func blocks(n int) int { return (entryHead + n + block - 1) / block * block }

func (j *journal) checksum(b []byte) uint32 {
	return rows.Checksum([]byte(j.id), append(bytes.Clone(b[:entryHead-4]), b[entryHead:]...))
}

// create creates the file unless it is open. It replaces one whose entries are all in the database, by a rename: a crash leaves the old file
// or the new one.
func (j *journal) create() error {
	if j.file != nil {
		return nil
	}
	path := filepath.Join(j.dir, fileJournal)
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("create %s: %w", path, err)
	}
	_, err = f.Write(make([]byte, maxJournal))
	if err == nil && !j.noSync {
		err = f.Sync()
	}
	if err == nil {
		err = publish(path+".new", path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("create %s: %w", path, err), f.Close(), os.Remove(path+".new"))
	}
	j.file = f
	return nil
}

// close closes the file, and removes it unless its entries are still needed.
func (j *journal) close(needed bool) error {
	var failed error
	if j.file != nil {
		failed = j.file.Close()
	}
	if needed {
		return failed
	}
	err := os.Remove(filepath.Join(j.dir, fileJournal))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(failed, err)
}

// after returns the entries that follow transaction tx, which a crash kept from being committed.
func (j *journal) after(tx uint64) ([][]byte, error) {
	path := filepath.Join(j.dir, fileJournal)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	entries, end := j.following(b, tx)
	for ; end < len(b); end += block {
		e, ok := j.at(b, end)
		switch {
		case ok && e.base > tx:
			return nil, fmt.Errorf("%w: %s follows transaction %d, %s ends at %d; put a newer copy back, or go on without what is lost: replyby restore",
				store.ErrMissing, path, e.base, fileDB, tx)
		case ok && e.base == tx:
			return nil, fmt.Errorf("%w: change %d in %s cannot be read, change %d can; keep the file and put the latest backup back with replyby restore",
				store.ErrDamaged, len(entries), path, e.place)
		}
	}
	return entries, nil
}

// following reads the unbroken run of entries that follow transaction tx, and returns where the last of them ends.
func (j *journal) following(b []byte, tx uint64) (entries [][]byte, end int) {
	for {
		e, ok := j.at(b, end)
		if !ok || e.base != tx || e.place != len(entries) {
			return entries, end
		}
		entries = append(entries, e.entry)
		end += blocks(len(e.entry))
	}
}

// at reads the entry at an offset; ok is false when there is none that is whole.
func (j *journal) at(b []byte, at int) (e journalEntry, ok bool) {
	h := binary.LittleEndian
	if at+entryHead > len(b) || h.Uint32(b[at:]) != entryMagic {
		return e, false
	}
	n := int(h.Uint32(b[at+4:]))
	if n > len(b)-at-entryHead || h.Uint32(b[at+20:]) != j.checksum(b[at:at+entryHead+n]) {
		return e, false
	}
	return journalEntry{h.Uint64(b[at+8:]), int(h.Uint32(b[at+16:])), b[at+entryHead:][:n:n]}, true
}
