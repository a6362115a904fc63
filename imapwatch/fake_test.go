package imapwatch_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"

	"replyby/mailhost"
)

// hangUp as the answer of a fake closes the connection.
const hangUp = "hang up"

// fake is an IMAP server that holds to the protocol except where answer tells
// it otherwise.
type fake struct {
	caps     string            // besides IMAP4rev1
	greeting string            // instead of the usual one
	mails    map[uint32]string // of the only folder
	sizes    map[uint32]int    // RFC822.SIZE where it lies
	noNext   bool              // forget UIDNEXT
	// answer returns what to write instead of the usual answer; "" leaves
	// that. A text that ends in hangUp is written as far and the connection closed.
	answer func(conn int, tag, command string) string

	mu    sync.Mutex
	conns int
	heard []string
}

func newFake(subjects ...string) *fake {
	f := &fake{mails: map[uint32]string{}, caps: "IDLE SASL-IR AUTH=PLAIN UIDPLUS MOVE"}
	for i, s := range subjects {
		f.mails[uint32(i+1)] = string(letter(s))
	}
	return f
}

// serve takes connections until ctx ends and closes them then.
func (f *fake) serve(ctx context.Context, pipe *mailhost.PipeListener) {
	var wg sync.WaitGroup
	defer wg.Wait()
	defer context.AfterFunc(ctx, func() { pipe.Close() })()
	for {
		conn, err := pipe.Accept()
		if err != nil {
			return
		}
		f.mu.Lock()
		f.conns++
		n := f.conns
		f.mu.Unlock()
		wg.Go(func() {
			defer conn.Close()
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			f.talk(n, conn)
		})
	}
}

func (f *fake) talk(n int, conn net.Conn) {
	greeting := f.greeting
	if greeting == "" {
		greeting = "* OK [CAPABILITY IMAP4rev1 " + f.caps + "] ready\r\n"
	}
	if !f.write(conn, greeting) {
		return
	}
	idle := ""
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		tag, command, _ := strings.Cut(lines.Text(), " ")
		if tag == "DONE" {
			tag, command = idle, "DONE"
		}
		if command == "IDLE" {
			idle = tag
		}
		f.mu.Lock()
		f.heard = append(f.heard, command)
		f.mu.Unlock()
		reply := ""
		if f.answer != nil {
			reply = f.answer(n, tag, command)
		}
		if reply == "" {
			reply = f.usual(tag, command)
		}
		if !f.write(conn, reply) {
			return
		}
	}
}

func (f *fake) write(conn net.Conn, text string) bool {
	text, end := strings.CutSuffix(text, hangUp)
	_, err := io.WriteString(conn, text)
	return err == nil && !end
}

// put changes what the folder holds, to mails of these subjects by UID.
func (f *fake) put(subjects map[uint32]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mails = map[uint32]string{}
	for uid, s := range subjects {
		f.mails[uid] = string(letter(s))
	}
}

// commands are the ones heard so far that begin with prefix.
func (f *fake) commands(prefix string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.heard), func(c string) bool { return !strings.HasPrefix(c, prefix) })
}

func (f *fake) usual(tag, command string) string {
	ok := tag + " OK done\r\n"
	switch verb, rest, _ := strings.Cut(command, " "); verb {
	case "CAPABILITY":
		return "* CAPABILITY IMAP4rev1 " + f.caps + "\r\n" + ok
	case "AUTHENTICATE", "LOGIN":
		return tag + " OK [CAPABILITY IMAP4rev1 " + f.caps + "] in\r\n"
	case "IDLE":
		return "+ idling\r\n"
	case "SELECT", "EXAMINE":
		return f.selected() + ok
	case "UID":
		return f.fetch(rest) + ok
	case "FETCH": // the last message, by its number
		return f.fetch("FETCH *"+rest[strings.Index(rest, " "):]) + ok
	}
	return ok
}

func (f *fake) last() uint32 {
	last := uint32(0)
	for uid := range f.mails {
		last = max(last, uid)
	}
	return last
}

func (f *fake) selected() string {
	text := fmt.Sprintf("* %d EXISTS\r\n* FLAGS ()\r\n* OK [PERMANENTFLAGS (\\*)] kept\r\n* OK [UIDVALIDITY 7] valid\r\n", len(f.mails))
	if !f.noNext {
		text += fmt.Sprintf("* OK [UIDNEXT %d] next\r\n", f.last()+1)
	}
	return text
}

// fetch answers UID FETCH; other UID commands have no data.
func (f *fake) fetch(command string) string {
	rest, ok := strings.CutPrefix(command, "FETCH ")
	if !ok {
		return ""
	}
	set, items, _ := strings.Cut(rest, " ")
	var b strings.Builder
	for i, uid := range slices.Sorted(maps.Keys(f.mails)) {
		if f.contains(set, uid) {
			b.WriteString(f.message(i+1, uid, items))
		}
	}
	return b.String()
}

func (f *fake) message(seq int, uid uint32, items string) string {
	mail := f.mails[uid]
	head, _, _ := strings.Cut(mail, "\r\n\r\n")
	switch {
	case strings.Contains(items, "HEADER"):
		return fmt.Sprintf("* %d FETCH (UID %d BODY[HEADER]<0> {%d}\r\n%s\r\n\r\n)\r\n", seq, uid, len(head)+4, head)
	case strings.Contains(items, "BODY"):
		return fmt.Sprintf("* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n", seq, uid, len(mail), mail)
	}
	size, lies := f.sizes[uid]
	if !lies {
		size = len(mail)
	}
	return fmt.Sprintf("* %d FETCH (UID %d FLAGS () INTERNALDATE \"20-Nov-2026 10:00:00 +0100\" RFC822.SIZE %d)\r\n", seq, uid, size)
}

func (f *fake) contains(set string, uid uint32) bool {
	number := func(s string) uint32 {
		if s == "*" {
			return f.last()
		}
		n, _ := strconv.ParseUint(s, 10, 32)
		return uint32(n)
	}
	for part := range strings.SplitSeq(set, ",") {
		from, to, isRange := strings.Cut(part, ":")
		if !isRange {
			to = from
		}
		low, high := number(from), number(to)
		if min(low, high) <= uid && uid <= max(low, high) {
			return true
		}
	}
	return false
}
