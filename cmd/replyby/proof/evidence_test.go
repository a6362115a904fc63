package proof

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/evidence"
	"replyby/store/bolt"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

// rewritten is the evidence of a request that came at an instant, with the true end of the log: the hash of a digest.
func rewritten(t *testing.T, came time.Time, end logbook.Head, chain bool) string {
	t.Helper()
	e := ticket.Event{Kind: kind.Received, Ticket: 1, Actor: "customer", At: came, Body: ticket.Body{Ref: "MB-1", Message: &ticket.Message{ReceivedAt: came}}}
	r, err := logbook.Seal("a", logbook.Head{}, e, []byte("salt"))
	if err != nil {
		t.Fatal(err)
	}
	c := evidence.Case{Language: "en", Zone: time.UTC, Records: []logbook.Record{r}, Head: end}
	if c.Ticket, err = logbook.Apply(ticket.Ticket{}, r); err != nil {
		t.Fatal(err)
	}
	if chain {
		c.Head, c.Chain = logbook.Head{Seq: r.Seq, Hash: r.Hash()}, []logbook.Envelope{r.Envelope}
	}
	var b bytes.Buffer
	if err := evidence.Write(&b, c); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "MB-1.zip")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// I11: short evidence hangs on no log. Whoever writes all of its records anew names the true end of the log and needs no hash, so verify does
// not send anybody to compare that with a digest.
func TestVerifyShortEvidence(t *testing.T) {
	for _, chain := range []bool{false, true} {
		var b bytes.Buffer
		e := &command.Env{Stdout: &b, Stderr: &b}
		name := rewritten(t, time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), logbook.Head{Seq: 812, Hash: ticket.Sum([]byte("what the digest says"))}, chain)
		if code := verifyEvidence(e, name, "", false); code != command.Good {
			t.Fatalf("exit %d: %s", code, &b)
		}
		compare, warns := strings.Contains(b.String(), "compare that with a digest"), strings.Contains(b.String(), "nothing ties these records to it")
		if compare != chain || warns == chain {
			t.Errorf("with a chain %v: %s", chain, &b)
		}
		if !strings.Contains(b.String(), "where it differs, log.jsonl counts") {
			t.Errorf("nobody is told that the timeline is its writer's: %s", &b)
		}
	}
}

// A copy of the database is no evidence that somebody changed, and alone in a folder it can be proven, as verify says.
func TestVerifyCopy(t *testing.T) {
	st, err := bolt.Open(t.TempDir(), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	var b bytes.Buffer
	if _, err := st.Backup(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "replyby.db")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	code := verifyEvidence(&command.Env{Stdout: &said, Stderr: &said}, name, "", false)
	if code != command.Found || !strings.Contains(said.String(), "is a copy of the database") || strings.Contains(said.String(), "changed") {
		t.Errorf("exit %d: %s", code, &said)
	}
	alone, err := bolt.Open(dir, bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	if wrong, err := alone.Check(t.Context(), nil); err != nil || len(wrong) > 0 {
		t.Errorf("%v %v", wrong, err)
	}
}
