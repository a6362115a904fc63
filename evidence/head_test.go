package evidence

import (
	"bytes"
	"testing"
)

// The head that a digest gave is found in the chain, at its record; any other is not, nor one too short to prove anything.
func TestFindHead(t *testing.T) {
	c := story(t, "it")
	b := archive(t, c)
	find := func(head string) (uint64, bool) { return FindHead(bytes.NewReader(b), int64(len(b)), head) }
	for _, e := range c.Chain {
		if seq, ok := find(e.Hash().String()[:16]); !ok || seq != e.Seq {
			t.Errorf("head of record %d: %d, %v", e.Seq, seq, ok)
		}
	}
	if len(c.Chain) == 0 {
		t.Error("no chain")
	}
	end := c.Head.Hash.String()
	for _, head := range []string{"", end[:15], "0000000000000000", end + "0", end[1:17]} {
		if seq, ok := find(head); ok {
			t.Errorf("head %q is found at %d", head, seq)
		}
	}
	if _, ok := FindHead(bytes.NewReader([]byte("no archive")), 10, end); ok {
		t.Error("found in what is no archive")
	}
}
