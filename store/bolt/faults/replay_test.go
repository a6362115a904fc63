package faults

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

const (
	database = "replyby.db"
	markFile = "replyby.mark"
	journal  = "replyby.journal"
)

// replay puts what a power cut may leave into a directory and opens it. It writes only the sectors that differ from the image before.
type replay struct {
	states []uint64
	disk   *disk
	dice   *rand.Rand
	dir    string
	at     int // calls played

	shown []byte       // the database as it is in the directory
	dirty map[int]bool // sectors of it that may differ from the synced state

	tried, checked, first int
	wrong                 []string
}

// Errorf notes what is wrong.
func (r *replay) Errorf(format string, args ...any) {
	r.wrong = append(r.wrong, fmt.Sprintf(format, args...))
}

func (r *replay) play(calls []call) {
	for _, c := range calls {
		if c.name == "said" {
			continue
		}
		if c.name == "fsync" || c.name == "fdatasync" {
			r.soil()
		}
		if err := r.disk.apply(c); err != nil {
			r.Errorf("%v", err)
		}
	}
}

// soil notes the sectors that a sync is about to make certain.
func (r *replay) soil() {
	if f := r.disk.files[database]; f != nil {
		for s := range f.pending {
			r.dirty[s] = true
		}
	}
}

// try makes the images of a moment: nothing of what is pending is on the disk, all of it, any part of it.
func (r *replay) try(m moment) {
	for n := range m.tries {
		r.image(m, n)
		if len(r.wrong) > 0 {
			return
		}
	}
}

func (r *replay) image(m moment, n int) {
	kind := min(n, some)
	names := r.disk.files
	if k := len(r.disk.later); k > 0 {
		names = r.disk.names([]int{0, k, r.dice.IntN(k + 1)}[kind])
	}
	if f := names[database]; m.acked >= 0 && f != nil && f == r.disk.files[database] {
		r.show(names, kind)
	} else {
		r.lay(names, kind)
	}
	sum, err := digest(r.dir)
	r.look()
	r.tried++
	switch {
	case err != nil:
		r.Errorf("after %d calls, image %d: does not open: %v", m.calls, n, err)
	case m.acked < 0:
		r.first++ // a new database, or the empty one that was being made
	case sum != r.states[m.acked] && (m.acked+1 == len(r.states) || sum != r.states[m.acked+1]):
		r.Errorf("after %d calls, image %d: the database is neither the state acknowledged last, %d, nor the one being written", m.calls, n, m.acked)
	}
	if r.tried%thorough == 0 && m.acked >= 0 {
		r.workOn(m, n)
	}
}

// lay writes every file of an image anew.
func (r *replay) lay(names map[string]*file, kind int) {
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		r.Errorf("%v", err)
	}
	for _, e := range entries {
		os.RemoveAll(filepath.Join(r.dir, e.Name()))
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		f := names[name]
		b := f.bytes(f.chance(r.dice, kind))
		if err := os.WriteFile(filepath.Join(r.dir, name), b, 0o600); err != nil {
			r.Errorf("%v", err)
		}
	}
	r.shown = nil
}

// show changes the directory into another image.
func (r *replay) show(names map[string]*file, kind int) {
	f := names[database]
	if r.shown == nil {
		r.lay(names, none)
		r.shown, r.dirty = slices.Clone(f.stable), map[int]bool{}
	}
	l := f.chance(r.dice, kind)
	out, err := os.OpenFile(filepath.Join(r.dir, database), os.O_RDWR, 0)
	if err != nil {
		r.Errorf("%v", err)
		return
	}
	defer out.Close()
	if len(r.shown) != l.length {
		if err := out.Truncate(int64(l.length)); err != nil {
			r.Errorf("%v", err)
		}
		had := len(r.shown)
		if l.length < had {
			r.shown = r.shown[:l.length]
			for s := l.length / sector; s*sector < had; s++ {
				r.dirty[s] = true
			}
		} else {
			r.shown = append(r.shown, make([]byte, l.length-had)...)
			for s := had / sector; s*sector < l.length; s++ {
				r.dirty[s] = true
			}
		}
	}
	for s := range f.pending {
		r.dirty[s] = true
	}
	for s := range r.dirty {
		r.write(out, f, s, l)
		if _, differs := l.sectors[s]; !differs {
			delete(r.dirty, s)
		}
	}
	for _, name := range []string{markFile, journal} {
		f, path := names[name], filepath.Join(r.dir, name)
		if f == nil {
			os.Remove(path)
		} else if err := os.WriteFile(path, f.bytes(f.chance(r.dice, kind)), 0o600); err != nil {
			r.Errorf("%v", err)
		}
	}
}

// look forgets what the database is where opening it has made again what was in the journal: that wrote one of the headers, if nothing else.
func (r *replay) look() {
	f, err := os.Open(filepath.Join(r.dir, database))
	if err != nil {
		r.shown = nil
		return
	}
	defer f.Close()
	headers := make([]byte, min(2*os.Getpagesize(), len(r.shown)))
	if _, err := f.ReadAt(headers, 0); err != nil || !slices.Equal(headers, r.shown[:len(headers)]) {
		r.shown = nil
	}
}

// write puts one sector on the disk unless it is there.
func (r *replay) write(out *os.File, f *file, s int, l left) {
	from := s * sector
	if from >= l.length {
		return
	}
	want, ok := l.sectors[s]
	if !ok {
		want = f.sectorOf(f.stable, s)
	}
	to := min(from+sector, l.length)
	want = want[:to-from]
	if slices.Equal(r.shown[from:to], want) {
		return
	}
	copy(r.shown[from:to], want)
	if _, err := out.WriteAt(want, int64(from)); err != nil {
		r.Errorf("%v", err)
	}
}

// workOn checks every promise of an image, and tells a story on a copy of it.
func (r *replay) workOn(m moment, n int) {
	r.checked++
	dir, err := os.MkdirTemp(r.dir, "on-*")
	if err != nil {
		r.Errorf("%v", err)
		return
	}
	defer os.RemoveAll(dir)
	for _, name := range []string{database, markFile, journal, "store.id"} {
		b, err := os.ReadFile(filepath.Join(r.dir, name))
		if name == journal && errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), b, 0o600)
		}
		if err != nil {
			r.Errorf("%v", err)
		}
	}
	if err := keeps(dir); err != nil {
		r.Errorf("after %d calls, image %d: %v", m.calls, n, err)
	}
	if err := goOn(dir); err != nil {
		r.Errorf("after %d calls, image %d, working on: %v", m.calls, n, err)
	}
}
