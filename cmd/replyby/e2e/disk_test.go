package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mounted puts a disk of so many megabytes in memory in the place of a folder, which only root can.
func mounted(t *testing.T, dir, megabytes string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command("mount", "-t", "tmpfs", "-o", "mode=700,size="+megabytes+"m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no small disk can be mounted here: %v: %s", err, said)
	}
	t.Cleanup(func() {
		if said, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, said)
		}
	})
}

// F03: on a disk without a free octet serve takes no mail in and goes on all the same; staff are told, by mail; and when there is space
// again the mail that waited is taken in without anybody's doing.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency())
	data := filepath.Join(h.dir, "data")
	mounted(t, data, "80")
	config, err := os.ReadFile(h.config)
	if err != nil {
		t.Fatal(err)
	}
	h.write("replyby.toml", string(config)+"\n[store]\nmin_free = \"24 MB\"\n")
	h.serve().stop() // sets space aside
	filler := filepath.Join(data, "filler")
	if err := os.WriteFile(filler, make([]byte, 100<<20), 0o600); err == nil {
		t.Fatal("the disk is larger than it should be")
	}
	if r := h.run("check"); r.code != 1 || !strings.Contains(r.out, "0 MB are free on the disk") {
		t.Errorf("check on a full disk: exit %d\n%s%s", r.code, r.out, r.err)
	}

	s := h.launch()
	notice := h.awaitMail(manager, "il disco è quasi pieno", 1)
	h.has(fold(notice.text), "at least 24 MB are wanted", "Libera spazio")
	h.outside(mario, support, h.compose(requests(support)[0].message))
	eventually(t, "serve refuses to read the mailbox", func() bool { return s.log.count("mail stays in the mailbox") > 1 })
	if got := h.tickets(); len(got) != 0 || s.ended() {
		t.Errorf("%d tickets on a full disk, ended %t", len(got), s.ended())
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	h.awaitTicket("MB-1", "is there", func(shown) bool { return true })
	if n := len(h.byInstance(manager, "disco")); n != 1 {
		t.Errorf("the manager was told by %d installations", n)
	}
	s.stop()
	h.verify()
}
