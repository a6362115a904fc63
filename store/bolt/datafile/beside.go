package datafile

import (
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

// mark is the number of the last transaction that was acknowledged, kept outside the database. It is written after the
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

// set notes an acknowledged transaction. Failing to is no reason to fail the commit: the mark then lags.
func (m *mark) set(tx uint64) { m.file.WriteAt(markLine(m.id, tx), 0) }

func (m *mark) close() { m.file.Close() }

// markLine has a fixed length and a checksum, so that a torn write is seen as no mark at all.
func markLine(id string, tx uint64) []byte {
	line := fmt.Sprintf("%s %020d", id, tx)
	return fmt.Appendf(nil, "%s %08x\n", line, rows.Checksum(nil, []byte(line)))
}

// checkMark refuses a database whose last transaction is older than its mark. A mark of another database or one that
// cannot be read says nothing.
func checkMark(dir, id string, tx uint64) error {
	path := filepath.Join(dir, fileMark)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	var of string
	var marked uint64
	if _, err := fmt.Sscanf(string(b), "%s %d", &of, &marked); err != nil || string(b) != string(markLine(of, marked)) {
		return nil
	}
	if of != id || marked <= tx {
		return nil
	}
	return fmt.Errorf("%w: %s ends at transaction %d, but %d was acknowledged; put back a newer copy, or go on without what is lost: replyby restore %[2]s",
		store.ErrMissing, filepath.Join(dir, fileDB), tx, marked)
}
