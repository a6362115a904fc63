package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// I1, I4, I7: a copy is taken while serve works, before a letter is approved; the letter goes; the copy is put back. What came since is
// read again, the letter is not sent again, and its copy in the mailbox settles it.
func TestRestore(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency())
	s := h.serve()
	review := h.open(requests(support)[0], "MB-1")
	h.has(h.good("backup", "-o", "copy.db"), "copy.db: ", " bytes")
	if r := h.run("restore", "copy.db"); r.code != 1 || !strings.Contains(r.err, "serve works on the database") {
		t.Errorf("restore under a running serve: exit %d, %s", r.code, r.err)
	}
	h.reply(anna, review, "ok\n\nLo guardo subito.")
	h.awaitTicket("MB-1", "has its answer", func(s shown) bool { return s.letter().State == "sent" && s.count("settled") > 0 })
	h.open(requests(support)[1], "MB-2")
	s.stop()
	h.spoilCopy()
	h.has(h.good("restore", "copy.db"), "is in place")
	if _, err := os.Stat(filepath.Join(h.dir, "data", "replyby.db.before")); err != nil {
		t.Errorf("the database that was replaced: %v", err)
	}
	h.verify()
	h.serve()
	x := h.awaitTicket("MB-1", "has its answer again", func(s shown) bool { return s.letter().State == "sent" })
	if _, _, _, met := x.ack(t); met.IsZero() || x.count("sending") != 0 {
		t.Errorf("acknowledged %s, %v", met, kinds(x))
	}
	h.awaitTicket("MB-1", "knows the copy", func(s shown) bool { return s.count("settled") > 0 })
	h.awaitTicket("MB-2", "is there again", func(s shown) bool { return s.State == "new" })
	if got := len(h.tickets()); got != 2 {
		t.Errorf("I1: %d tickets, want 2", got)
	}
	h.onlyOnce(mario)
}

// I6: a copy never takes the place of the database it is of, nor of the one that a restore kept: serve would write on into a file that has
// no name any more, and all of it be gone when it ends.
func TestBackupOntoTheDatabase(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency())
	s := h.serve()
	h.open(requests(support)[0], "MB-1")
	for _, name := range []string{"data/replyby.db", "./data/../data/replyby.db", "data/replyby.db.before"} {
		if r := h.run("backup", "-o", name); r.code != 1 || !strings.Contains(r.err, "belongs to the database itself") {
			t.Errorf("backup -o %s: exit %d, %s%s", name, r.code, r.out, r.err)
		}
	}
	h.good("backup", "-o", "data/copy.db")
	h.open(requests(support)[1], "MB-2")
	s.stop()
	h.verify()
	if got := len(h.tickets()); got != 2 {
		t.Errorf("%d tickets are there, want 2", got)
	}
}

// spoilCopy tries to restore what is no good copy: nothing is replaced.
func (h *house) spoilCopy() {
	h.t.Helper()
	b, err := os.ReadFile(filepath.Join(h.dir, "copy.db"))
	if err != nil {
		h.t.Fatal(err)
	}
	h.write("half.db", string(b[:len(b)/2]))
	if strings.Contains(string(b), "Lo guardo subito") {
		h.t.Fatal("the copy knows what was decided after it")
	}
	h.write("flipped.db", strings.ReplaceAll(string(b), "carrello", "cartello")) // everywhere: one place may be a free page
	before := h.good("show", "MB-2", "-json")
	for _, name := range []string{"half.db", "flipped.db", "nowhere.db", "password"} {
		if r := h.run("restore", name); r.code != 1 || r.err == "" {
			h.t.Errorf("restore %s: exit %d, %s", name, r.code, r.err)
		}
	}
	if h.good("show", "MB-2", "-json") != before {
		h.t.Error("a refused copy changed the database")
	}
}

// I1: every message of the folder is known to the database; one that was slipped past it is named.
func TestReconcile(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency())
	s := h.serve()
	h.open(requests(support)[0], "MB-1")
	h.has(h.good("reconcile"), "agency, INBOX: 1 with a ticket, 0 filed, 0 from before the desk, 0 not read yet, 0 missing")
	h.good("backup", "-o", "copy.db")
	h.open(requests(support)[1], "MB-2")
	s.stop()
	h.has(h.good("reconcile"), "2 with a ticket")
	h.good("restore", "copy.db")
	h.has(h.good("reconcile", "-json"), `"tickets":1`, `"waiting":1`, `"missing":[]`)
}

// I11: the evidence of a ticket is the same with serve and without, verifies anywhere, and one changed byte is found. After an erasure
// nothing of the customer is left in it, and the database verifies.
func TestEvidenceAndErasure(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, agency())
	s := h.serve()
	review := h.open(requests(support)[0], "MB-1")
	h.reply(anna, review, "ok\n\nLo guardo subito.")
	h.awaitTicket("MB-1", "has its answer", func(s shown) bool { return s.count("sent") > 0 && s.count("settled") > 0 })
	h.good("evidence", "MB-1", "-o", "while.zip")
	proven := h.good("verify", "while.zip")
	h.has(proven, "all good: MB-1 of agency", "the log ended at record")
	_, end, _ := strings.Cut(proven, " with ")
	h.has(h.good("verify", "-head", end[:16], "while.zip"), "up to there nothing was changed")
	if r := h.run("verify", "-head", strings.Repeat("0", 16), "while.zip"); r.code != 1 {
		t.Errorf("a head of another log: %+v", r)
	}
	if r := h.run("erase", "-yes", "MB-1"); r.code != 1 || !strings.Contains(r.err, "MB-1 is still open") {
		t.Errorf("erase an open ticket: exit %d, %s", r.code, r.err)
	}
	s.stop()
	h.good("evidence", "-lang", "en", "-o", "after.zip", "MB-1")
	h.good("evidence", "-lang", "en", "-o", "again.zip", "MB-1")
	after, again := h.read("after.zip"), h.read("again.zip")
	if after != again {
		t.Error("the evidence of one ticket is not the same twice")
	}
	h.has(h.good("verify", "after.zip"), "all good")
	h.write("changed.zip", strings.ReplaceAll(after, "SHA256SUMS", "SHA256SUMZ"))
	if r := h.run("verify", "changed.zip"); r.code != 1 || !strings.Contains(r.out, "SHA256SUM") {
		t.Errorf("verify changed evidence: exit %d, %s%s", r.code, r.out, r.err)
	}
	h.serve()
	h.reply(anna, h.awaitMail(anna, "[MB-1]", 2), "close")
	h.awaitTicket("MB-1", "is closed", func(s shown) bool { return s.State == "closed" })
	h.has(h.good("erase", "-yes", "-by", anna, "MB-1"), "MB-1 is erased")
	if out := h.ask("show", "MB-1", "-json"); strings.Contains(out, mario) || strings.Contains(out, "carrello") {
		t.Errorf("the customer is still there:\n%s", out)
	}
	h.good("evidence", "MB-1", "-o", "erased.zip")
	h.has(h.good("verify", "erased.zip"), "all good", "nobody has it any more")
}

func (h *house) read(name string) string {
	h.t.Helper()
	b, err := os.ReadFile(filepath.Join(h.dir, name))
	if err != nil {
		h.t.Fatal(err)
	}
	return string(b)
}
