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

// journal is a file of entries beside the database: what was acknowledged and is not in the database yet. It has its full length from the
// beginning, so that a sync writes an entry and nothing about the file. It is there only while the database is open, and after a crash.
//
// An entry begins a block of its own: to write one touches nothing that was acknowledged. It names the transaction of the database that it
// follows and its place behind that. The next one is written when it is durable, so one that cannot be read before one that can is damaged,
// and a last one that cannot be read was never acknowledged, unless the mark says so.
type journal struct {
	dir, id string // of the database
	noSync  bool
	file    *os.File // nil: nothing was added yet
	base    uint64
	entries int
	end     int
}

const (
	block      = 4096
	entryHead  = 24 // magic, length, transaction, place, checksum
	entryMagic = 0x79627972
)

// journaled is an entry as it was found.
type journaled struct {
	base  uint64
	place int
	entry []byte
}

// ready reports whether an entry of some length, behind a transaction of the database, finds room. Where the file cannot be made, it does not:
// nothing is lost by that but time.
func (j *journal) ready(base uint64, n int) bool {
	if base != j.base {
		j.base, j.entries, j.end = base, 0, 0
	}
	return j.end+blocks(n) <= maxJournal && j.create() == nil
}

// add makes an entry durable behind those that were added for the same transaction. It must be ready.
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

// blocks is how many octets of the file an entry of some length takes.
func blocks(n int) int { return (entryHead + n + block - 1) / block * block }

func (j *journal) checksum(b []byte) uint32 {
	return rows.Checksum([]byte(j.id), append(bytes.Clone(b[:entryHead-4]), b[entryHead:]...))
}

// create makes the file when there is something to write. It appears whole, in the place of one whose entries are all in the database.
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

// close takes the file away where nothing that it holds is needed any more.
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

// ahead returns what was acknowledged after a transaction of the database and has to be done again.
func (j *journal) ahead(tx uint64) ([][]byte, error) {
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

// following reads the entries for a transaction, and says where the last of them ends.
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

// at reads the entry that begins somewhere, if one does.
func (j *journal) at(b []byte, at int) (e journaled, ok bool) {
	h := binary.LittleEndian
	if at+entryHead > len(b) || h.Uint32(b[at:]) != entryMagic {
		return e, false
	}
	n := int(h.Uint32(b[at+4:]))
	if n > len(b)-at-entryHead || h.Uint32(b[at+20:]) != j.checksum(b[at:at+entryHead+n]) {
		return e, false
	}
	return journaled{h.Uint64(b[at+8:]), int(h.Uint32(b[at+16:])), b[at+entryHead:][:n:n]}, true
}
