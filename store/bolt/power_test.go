package bolt

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// images is how many disks a power cut may leave are tried; -images=100000 is for a release.
var images = flag.Int("images", 60, "disk images after a power cut to try")

const sector = 512 // what a disk writes as a whole

// A power cut in a commit leaves any part of its data pages on the disk, in any order, but no header before all of them.
// Whatever is left, the store opens on what was acknowledged before, whole; with the header, on the new state, whole.
func TestPowerCut(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "replyby.db")
	furnished(t, dir)
	const rounds = 6
	for n := uint64(3); n < 3+rounds; n++ {
		before, mark := contents(t, path), contents(t, filepath.Join(dir, "replyby.mark"))
		s := open(t, dir)
		if err := s.Commit(t.Context(), arrival(n)); err != nil {
			t.Fatal(err)
		}
		s.Close()
		after := contents(t, path)
		for i := range max(2, *images/rounds) {
			image, want := torn(before, after, i)
			left := t.TempDir()
			for name, b := range map[string][]byte{"replyby.db": image, "replyby.mark": mark, "store.id": contents(t, filepath.Join(dir, "store.id"))} {
				if err := os.WriteFile(filepath.Join(left, name), b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s := open(t, left)
			sound(t, s)
			if h, err := s.Head(t.Context(), "support"); err != nil || h.Next != n+want {
				t.Fatalf("image %d: next ticket %d, %v, want %d", i, h.Next, err, n+want)
			}
			if err := s.Commit(t.Context(), arrival(n+want)); err != nil { // and it goes on
				t.Fatal(err)
			}
			sound(t, s)
			s.Close()
		}
	}
}

// torn returns a disk between two states, and whether the commit is on it: image 0 has all but the header, image 1 all.
func torn(before, after []byte, i int) (image []byte, committed uint64) {
	image = make([]byte, len(after))
	copy(image, before)
	headers := 2 * os.Getpagesize()
	for at := 0; at < len(after); at += sector {
		end := min(at+sector, len(after))
		if bytes.Equal(image[at:end], after[at:end]) || at < headers && i != 1 || i > 1 && rand.IntN(2) == 0 {
			continue
		}
		copy(image[at:end], after[at:end])
	}
	if i == 1 {
		committed = 1
	}
	return image, committed
}

func contents(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
