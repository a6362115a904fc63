package faults

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
)

const sector = 512 // what a disk writes as a whole

// file is one file of the disk: what is certainly on it, and what was written since, sector by sector, in every version.
type file struct {
	stable  []byte
	now     []byte
	pending map[int][][]byte
	lengths []int // every length it had since the last sync
}

// disk is a directory as a file system keeps it. What was synced is on the disk; of the rest any part may be, in any order, torn
// between sectors. Names appear, change and go in their order, and are certain when the directory is synced.
type disk struct {
	files  map[string]*file // as the names are on the disk for certain
	later  []naming         // what happened to names since
	cursor map[string]int   // where write goes on
}

// naming is one change of names.
type naming struct {
	name string // "" removes
	from string
	file *file
}

func newDisk() *disk { return &disk{files: map[string]*file{}, cursor: map[string]int{}} }

// names are the files after the first n changes of names.
func (d *disk) names(n int) map[string]*file {
	all := maps.Clone(d.files)
	for _, c := range d.later[:n] {
		if c.from != "" {
			delete(all, c.from)
		}
		if c.name != "" {
			all[c.name] = c.file
		}
	}
	return all
}

// apply plays a call. Writes are pending until their file is synced.
func (d *disk) apply(c call) error {
	now, name := d.names(len(d.later)), filepath.Base(c.path)
	f := now[name]
	switch c.name {
	case "openat":
		d.cursor[name] = 0
		if f == nil && strings.Contains(c.mode, "O_CREAT") {
			d.later = append(d.later, naming{name: name, file: &file{pending: map[int][][]byte{}}})
		} else if f != nil && strings.Contains(c.mode, "O_TRUNC") {
			f.resize(0)
		}
		return nil
	case "rename", "link":
		n := naming{name: filepath.Base(c.to), file: f}
		if c.name == "rename" {
			n.from = name
		}
		d.later = append(d.later, n)
		return nil
	case "unlink":
		d.later = append(d.later, naming{from: name})
		return nil
	case "fsync", "fdatasync":
		if f == nil { // the directory
			d.files, d.later = now, nil
			return nil
		}
		f.sync()
		return nil
	}
	if f == nil {
		return fmt.Errorf("%s of %s, which is not there", c.name, c.path)
	}
	switch c.name {
	case "pwrite64":
		f.write(int(c.at), c.data)
	case "write":
		f.write(d.cursor[name], c.data)
		d.cursor[name] += len(c.data)
	case "ftruncate":
		f.resize(int(c.at))
	}
	return nil
}

func (f *file) resize(n int) {
	if n < len(f.now) {
		f.now = slices.Clone(f.now[:n])
	} else {
		f.now = append(f.now, make([]byte, n-len(f.now))...)
	}
	f.lengths = append(f.lengths, n)
}

func (f *file) write(at int, b []byte) {
	if end := at + len(b); end > len(f.now) {
		f.resize(end)
	}
	copy(f.now[at:], b)
	for s := at / sector; s*sector < at+len(b); s++ {
		f.pending[s] = append(f.pending[s], slices.Clone(f.sectorOf(f.now, s)))
	}
}

// sectorOf is one sector, zeros beyond the end.
func (*file) sectorOf(b []byte, s int) []byte {
	out := make([]byte, sector)
	if s*sector < len(b) {
		copy(out, b[s*sector:])
	}
	return out
}

func (f *file) sync() {
	f.stable = append(f.stable[:0], f.now...)
	clear(f.pending)
	f.lengths = nil
}

// left is what of a file may be on the disk: a length, and sectors that are not as they were synced.
type left struct {
	length  int
	sectors map[int][]byte
}

// chance picks what is left of the unsynced writes. With all of them it is as if the disk had been in time, with none as if it had
// done nothing.
func (f *file) chance(dice *rand.Rand, kind int) left {
	l := left{length: len(f.stable), sectors: map[int][]byte{}}
	switch kind {
	case none:
		return l
	case all:
		l.length = len(f.now)
	default:
		if n := len(f.lengths); n > 0 && dice.IntN(2) == 0 {
			l.length = f.lengths[dice.IntN(n)]
		}
	}
	for s, versions := range f.pending {
		switch {
		case kind == all:
			l.sectors[s] = versions[len(versions)-1]
		case dice.IntN(2) == 0:
			l.sectors[s] = versions[dice.IntN(len(versions))]
		}
		if _, ok := l.sectors[s]; ok && kind != all {
			l.length = max(l.length, min((s+1)*sector, max(len(f.now), len(f.stable))))
		}
	}
	return l
}

// bytes is the file as it is left.
func (f *file) bytes(l left) []byte {
	b := make([]byte, l.length)
	copy(b, f.stable)
	for s, v := range l.sectors {
		if s*sector < len(b) {
			copy(b[s*sector:], v)
		}
	}
	return b
}

// How much of what is pending is on the disk.
const (
	none = iota
	all
	some
)
