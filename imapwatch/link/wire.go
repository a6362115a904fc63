package link

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"
)

const (
	maxLine   = 64 << 10         // octets of one response outside its literals
	maxNest   = 100              // lists in lists; the library's time and memory grow with the square
	slack     = 64 << 10         // octets a literal may exceed the largest mail by
	stall     = 45 * time.Second // silence allowed while an answer is due
	patience  = 2 * time.Minute  // time for an answer, beyond that for its octets
	slowest   = 16 << 10         // octets per second below which a server is a trap
	byeLength = 200              // how much of a parting word is kept
)

var errTooLong = errors.New("more than mail ever needs")

// wire is the connection under the IMAP library, which itself knows neither
// limits of size nor deadlines of its user: a line without end, an enormous
// literal, silence and a drip all end as an error of Read.
type wire struct {
	net.Conn
	maxLiteral int64

	// Only the reader touches these.
	line    []byte // of the current line
	before  int    // octets of the current response before line, without literals
	literal int64  // octets still to come of the current literal
	nest    int    // lists of the current response that are open, those in quoted text counted as well

	mu    sync.Mutex
	until time.Time // answers are due until then; zero: none is due
	cause error     // why the connection ended
	bye   string    // the server's parting word
}

// Read implements net.Conn.
func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if spent := w.count(p[:n]); spent != nil {
		w.cut(spent)
		return 0, spent
	}
	if err != nil {
		w.cut(err)
		return n, err
	}
	w.extend()
	return n, nil
}

// SetReadDeadline implements net.Conn by doing nothing: the library knows no
// more than that it reads, expect and relax know what is due.
func (w *wire) SetReadDeadline(time.Time) error { return nil }

// expect starts the clock for an answer of about size octets.
func (w *wire) expect(size int64) {
	w.mu.Lock()
	w.until = time.Now().Add(patience + time.Duration(size/slowest)*time.Second)
	w.mu.Unlock()
	w.extend()
}

// relax stops the clock.
func (w *wire) relax() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.until = time.Time{}
	_ = w.Conn.SetReadDeadline(time.Time{}) // fails on a closed connection only, as Read will say
}

// extend grants another stretch of silence, within the answer's own time.
func (w *wire) extend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.until.IsZero() {
		return
	}
	deadline := time.Now().Add(stall)
	if deadline.After(w.until) {
		deadline = w.until
	}
	_ = w.Conn.SetReadDeadline(deadline) // as in relax
}

// cut closes the connection; the first cause stays.
func (w *wire) cut(cause error) {
	w.mu.Lock()
	if w.cause == nil {
		w.cause = cause
	}
	w.mu.Unlock()
	w.Conn.Close()
}

// ending returns what the server said in its BYE and why the connection ended,
// nil while it lives.
func (w *wire) ending() (bye string, cause error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bye, w.cause
}

// count follows the response syntax just far enough to tell lines from
// literals (RFC 9051, 4.3) and returns an error once either is too long.
func (w *wire) count(p []byte) error {
	for len(p) > 0 {
		if w.literal > 0 {
			n := min(w.literal, int64(len(p)))
			w.literal -= n
			p = p[n:]
			continue
		}
		part, rest, ended := p, []byte(nil), false
		if i := bytes.IndexByte(p, '\n'); i >= 0 {
			part, rest, ended = p[:i+1], p[i+1:], true
		}
		if w.before+len(w.line)+len(part) > maxLine {
			return fmt.Errorf("response line over %d octets: %w", maxLine, errTooLong)
		}
		if err := w.nesting(part); err != nil {
			return err
		}
		w.line, p = append(w.line, part...), rest
		if ended {
			if err := w.endLine(); err != nil {
				return err
			}
		}
	}
	return nil
}

// nesting returns an error once lists are nested deeper than any answer needs.
func (w *wire) nesting(part []byte) error {
	for _, c := range part {
		switch c {
		case '(':
			w.nest++
		case ')':
			w.nest--
		}
		if w.nest > maxNest {
			return fmt.Errorf("lists nested deeper than %d: %w", maxNest, errTooLong)
		}
	}
	return nil
}

// endLine looks at a complete line: it announces a literal, or ends a response.
func (w *wire) endLine() error {
	line := w.line
	w.line = w.line[:0]
	size, ok := literalSize(line)
	if !ok {
		w.before, w.nest = 0, 0
		w.noteBye(line)
		return nil
	}
	if size > w.maxLiteral {
		return fmt.Errorf("literal of %d octets, at most %d: %w", size, w.maxLiteral, errTooLong)
	}
	w.before += len(line)
	w.literal = size
	return nil
}

// literalSize reads the {n} or {n+} at the end of a line.
func literalSize(line []byte) (int64, bool) {
	line = bytes.TrimRight(line, "\r\n")
	open := bytes.LastIndexByte(line, '{')
	if open < 0 || line[len(line)-1] != '}' {
		return 0, false
	}
	digits := bytes.TrimSuffix(line[open+1:len(line)-1], []byte("+"))
	size, err := strconv.ParseUint(string(digits), 10, 63)
	return int64(size), err == nil
}

// noteBye keeps the text of a BYE, which the library drops.
func (w *wire) noteBye(line []byte) {
	if len(line) < 6 || !bytes.EqualFold(line[:6], []byte("* BYE ")) {
		return
	}
	text := bytes.TrimSpace(line[6:])
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bye = string(text[:min(len(text), byeLength)])
}
