package evidence

import (
	"bytes"
	"strings"
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

// A digest gives the digits in fours, with blanks between that may be any by the time they are copied out of a mail.
func TestFindHeadAsADigestGivesIt(t *testing.T) {
	c := story(t, "it")
	b := archive(t, c)
	h := c.Head.Hash.String()
	for _, head := range []string{
		h[:4] + " " + h[4:8] + " " + h[8:12] + " " + h[12:16], " " + h[:4] + "\u00a0" + h[4:8] + "\n" + h[8:16] + " ", strings.ToUpper(h[:16]), h[:16] + "…", h,
	} {
		if seq, found := FindHead(bytes.NewReader(b), int64(len(b)), head); !found || seq != c.Head.Seq {
			t.Errorf("%q: record %d, %v", head, seq, found)
		}
	}
	for _, head := range []string{"", "1234 1234 1234 1234", h[:12] + "    ", h[:15] + "…", h + "0"} {
		if _, found := FindHead(bytes.NewReader(b), int64(len(b)), head); found {
			t.Errorf("%q is found", head)
		}
	}
}
