package datafile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"replyby/store"
	"replyby/store/bolt/rows"
)

// writeHolder says for people who has the database open. The lock itself is the kernel's, on the database file.
func writeHolder(dir string) error {
	host, err := os.Hostname()
	if err != nil {
		host = "this host"
	}
	line := fmt.Sprintf("pid %d on %s\n", os.Getpid(), host)
	if err := os.WriteFile(filepath.Join(dir, fileHolder), []byte(line), 0o600); err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	return nil
}

// removeHolder is a courtesy: a line left behind is overwritten by the next holder and read only while there is one.
func removeHolder(dir string) { os.Remove(filepath.Join(dir, fileHolder)) }

func holder(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, fileHolder))
	if line := strings.TrimSpace(string(b)); err == nil && line != "" {
		return line
	}
	return "another process"
}

// acknowledged is how far the database had got: its last transaction, and how many entries of the journal follow that.
type acknowledged struct {
	tx      uint64
	entries int
}

// before reports whether less was acknowledged here than there.
func (a acknowledged) before(b acknowledged) bool {
	return a.tx < b.tx || a.tx == b.tx && a.entries < b.entries
}

// mark is what was acknowledged last, kept outside the database. It is written after the
// database was synced and is itself not synced, so it may lag behind the database but never runs ahead: a database that
// is behind its mark has lost acknowledged transactions (a damaged header page, an older copy put back by hand).
type mark struct {
	file *os.File
	id   string
}

func openMark(dir, id string) (*mark, error) {
	f, err := os.OpenFile(filepath.Join(dir, fileMark), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return &mark{file: f, id: id}, nil
}

// set notes what is acknowledged now. Failing to is no reason to fail the commit: the mark then lags.
func (m *mark) set(a acknowledged) { m.file.WriteAt(markLine(m.id, a), 0) }

func (m *mark) close() { m.file.Close() }

// markLine has a fixed length and a checksum, so that a torn write is seen as no mark at all.
func markLine(id string, a acknowledged) []byte {
	return sealedLine(fmt.Sprintf("%s %020d %06d", id, a.tx, a.entries))
}

func sealedLine(line string) []byte {
	return fmt.Appendf(nil, "%s %08x\n", line, rows.Checksum(nil, []byte(line)))
}

// readMark reads a mark. One that cannot be read says nothing. Before there was a journal it named a transaction alone.
func readMark(line []byte) (id string, a acknowledged) {
	if _, err := fmt.Sscanf(string(line), "%s %d %d", &id, &a.tx, &a.entries); err == nil && bytes.Equal(line, markLine(id, a)) {
		return id, a
	}
	if bytes.Equal(line, sealedLine(fmt.Sprintf("%s %020d", id, a.tx))) {
		return id, acknowledged{tx: a.tx}
	}
	return "", acknowledged{}
}

// checkMark refuses a database that has less than its mark says. A mark of another database says nothing.
func checkMark(dir, id string, have acknowledged) error {
	b, err := os.ReadFile(filepath.Join(dir, fileMark))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	of, marked := readMark(b)
	if of != id || !have.before(marked) {
		return nil
	}
	return fmt.Errorf("%w: %s ends at transaction %d, with %d changes behind it in %s, but %d with %d was acknowledged; put back a newer copy, or go on without what is lost: replyby restore %[2]s",
		store.ErrMissing, filepath.Join(dir, fileDB), have.tx, have.entries, fileJournal, marked.tx, marked.entries)
}
