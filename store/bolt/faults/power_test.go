package faults

import (
	"context"
	"encoding/binary"
	"flag"
	"hash/maphash"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	bbolt "go.etcd.io/bbolt"

	"replyby/store/bolt"
	"replyby/store/bolt/datafile"
)

// images is how many disks a power cut may leave are tried; -images=1000000 is for a release.
var images = flag.Int("images", 1000, "disk images after a power cut to try")

// thorough is how many images share one full check of all promises and one more story told on them.
const thorough = 500

// moment is the disk between two calls of the story, and what was acknowledged by then.
type moment struct {
	calls int // played before it
	acked int // states acknowledged
	tries int
}

// A power cut at any moment leaves any part of the unsynced writes on the disk, torn between sectors. Whatever is left, the database
// opens, and is row by row the state that was acknowledged last, or the one being written; each of these states was checked in full.
func TestPowerCut(t *testing.T) {
	steps := 40
	if testing.Short() {
		steps = 10
	}
	dir := filepath.Join(t.TempDir(), "data")
	calls := recorded(t, dir, steps)
	states := acknowledged(t, calls)
	plan := moments(t, calls, *images)
	began := time.Now()
	got := cut(t, calls, states, plan)
	for _, w := range got.wrong {
		t.Error(w)
	}
	ahead := 0
	for _, c := range calls {
		if c.name == "fdatasync" && filepath.Base(c.path) == journal {
			ahead++
		}
	}
	if ahead < 3 {
		t.Errorf("%d writes went to the journal: the story says nothing of it", ahead)
	}
	t.Logf("%d calls, %d acknowledged writes, %d of them to the journal, %d moments, %d images in %.0f s: 0 lost, 0 that do not open; %d before the first acknowledgement; %d of them checked in full and worked on",
		len(calls), len(states)-1, ahead, len(plan), got.tried, time.Since(began).Seconds(), got.first, got.checked)
}

// The same images of a program that never syncs its pages, or its journal, are found to be wrong.
func TestPowerCutWithoutSync(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	calls := recorded(t, dir, 10)
	states := acknowledged(t, calls)
	n := 0
	for name, unsynced := range map[string]func(call) bool{
		"pages":   func(c call) bool { n++; return n%2 == 1 },
		"journal": func(c call) bool { return filepath.Base(c.path) == journal },
	} {
		left := slices.DeleteFunc(slices.Clone(calls), func(c call) bool {
			return c.name == "fdatasync" && (name == "journal") == (filepath.Base(c.path) == journal) && unsynced(c)
		})
		if got := cut(t, left, states, moments(t, left, 3000)); len(got.wrong) == 0 {
			t.Errorf("%s not synced: %d images and nothing wrong", name, got.tried)
		}
	}
}

// cut tries the images of a plan, half of the moments each on two processors.
func cut(t *testing.T, calls []call, states []uint64, plan []moment) (sum replay) {
	t.Helper()
	const workers = 2
	var all sync.WaitGroup
	var parts [workers]*replay
	for w := range workers {
		r := &replay{states: states, disk: newDisk(), dirty: map[int]bool{}, dice: rand.New(rand.NewPCG(uint64(w), 1)), dir: memoryDir(t)}
		parts[w] = r
		all.Go(func() {
			for i, m := range plan {
				if i%workers == w && len(r.wrong) == 0 {
					r.play(calls[r.at:m.calls])
					r.at = m.calls
					r.try(m)
				}
			}
		})
	}
	all.Wait()
	for _, r := range parts {
		sum.tried, sum.first, sum.checked = sum.tried+r.tried, sum.first+r.first, sum.checked+r.checked
		sum.wrong = append(sum.wrong, r.wrong...)
	}
	return sum
}

// memoryDir is a directory in memory where there is one: the disks are many and of no use later.
func memoryDir(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "replyby-power-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// seed makes digests of all workers comparable.
var seed = maphash.MakeSeed()

// digest reads every row of a database and every page of its tree, once what is in its journal has been made again.
func digest(dir string) (sum uint64, err error) {
	if _, err := os.Stat(filepath.Join(dir, journal)); err == nil {
		s, err := bolt.Open(dir, bolt.Options{NoSync: true})
		if err != nil {
			return 0, err
		}
		if err := s.Close(); err != nil {
			return 0, err
		}
	}
	f, err := datafile.Open(dir, datafile.Options{NoSync: true}, func(*bbolt.Tx) error { return nil })
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var h maphash.Hash
	h.SetSeed(seed)
	err = f.Read(context.Background(), func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			return err
		}
		digestRows(&h, tx.Cursor().Bucket())
		return nil
	})
	return h.Sum64(), err
}

func digestRows(h *maphash.Hash, b *bbolt.Bucket) {
	c := b.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		var n [8]byte
		binary.LittleEndian.PutUint32(n[:], uint32(len(k)))
		binary.LittleEndian.PutUint32(n[4:], uint32(len(v)))
		h.Write(n[:])
		h.Write(k)
		if v == nil {
			digestRows(h, b.Bucket(k))
		}
		h.Write(v)
	}
}

// acknowledged plays the story to its end and returns the digest of every state that was acknowledged, each checked for every promise, also by
// working on.
func acknowledged(t *testing.T, calls []call) (states []uint64) {
	t.Helper()
	d, dir := newDisk(), memoryDir(t)
	for _, c := range calls {
		if c.name != "said" {
			if err := d.apply(c); err != nil {
				t.Fatal(err)
			}
			continue
		}
		for name, f := range d.names(len(d.later)) {
			if err := os.WriteFile(filepath.Join(dir, name), f.now, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := keeps(dir); err != nil {
			t.Fatalf("state %d: %v", len(states), err)
		}
		sum, err := digest(dir)
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, sum)
		if err := goOn(dir); err != nil {
			t.Fatalf("state %d, working on: %v", len(states)-1, err)
		}
	}
	return states
}

// keeps opens a database and checks every promise.
func keeps(dir string) error {
	s, err := bolt.Open(dir, bolt.Options{NoSync: true})
	if err != nil {
		return err
	}
	defer s.Close()
	return promises(s)
}

// moments spreads the images over the story: where few sectors are pending each subset is worth one, elsewhere as many as there are left.
func moments(t *testing.T, calls []call, images int) (plan []moment) {
	t.Helper()
	d, acked := newDisk(), -1
	var room []int
	for i, c := range calls {
		if c.name == "said" {
			acked++
		} else if err := d.apply(c); err != nil {
			t.Fatal(err)
		}
		pending := len(d.later)
		for name, f := range d.names(len(d.later)) {
			if name == database || name == journal || acked < 0 {
				pending += len(f.pending) + len(f.lengths)
			}
		}
		plan = append(plan, moment{calls: i + 1, acked: acked})
		room = append(room, 1<<min(pending, 20))
	}
	const creation = 50 // these moments are few, and bbolt does not promise them
	each := 1
	for total := 0; total < images; each++ {
		total = 0
		for i := range plan {
			plan[i].tries = min(room[i], each)
			if plan[i].acked < 0 {
				plan[i].tries = min(room[i], each*creation)
			}
			total += plan[i].tries
		}
	}
	return plan
}
