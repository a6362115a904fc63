package imapwatch_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"replyby/imapwatch"
)

// Dovecot refuses at times to move into a folder that was made a moment ago, and a
// connection may end before its answer: what was taken in is marked later.
func TestMarkIsMadeLater(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		times  int
	}{
		"no such folder": {" NO [TRYCREATE] Mailbox doesn't exist: Tickets\r\n", 2},
		"busy":           {" NO [INUSE] Mailbox is locked\r\n", 2},
		"lost":           {hangUp, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake("one", "two")
			refused := 0
			f.answer = func(_ int, tag, command string) string {
				if !strings.HasPrefix(command, "UID MOVE") || refused == c.times {
					return ""
				}
				if refused++; c.answer == hangUp {
					return hangUp
				}
				return tag + c.answer
			}
			inBubble(t, f, func(t *testing.T, w *world) {
				w.cfg.Since, w.cfg.Mark = "all", imapwatch.Mark{MoveTo: "Tickets"}
				w.start()
				time.Sleep(10 * time.Minute)
				moves := f.commands("UID MOVE")
				if last := moves[len(moves)-1]; len(moves) != c.times+1 || last != `UID MOVE 1:2 "Tickets"` {
					t.Errorf("moves: %q", moves)
				}
			})
		})
	}
}

// A server that ends the connection at each mark holds up no mail.
func TestMarkEndsEachConnection(t *testing.T) {
	f := newFake("one")
	f.answer = func(_ int, _, command string) string {
		if strings.HasPrefix(command, "UID MOVE") {
			return hangUp
		}
		return ""
	}
	inBubble(t, f, func(t *testing.T, w *world) {
		w.cfg.Since, w.cfg.Mark = "all", imapwatch.Mark{MoveTo: "Tickets"}
		w.start()
		time.Sleep(time.Minute)
		f.put(map[uint32]string{1: "one", 2: "two"})
		time.Sleep(2 * time.Minute)
		if got := w.inbox.subjects(); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("got %q", got)
		}
		before := w.dialer.count()
		time.Sleep(time.Hour)
		if more := w.dialer.count() - before; more > 0 {
			t.Errorf("%d connections more in a quiet hour", more)
		}
	})
}

// Of a folder that begins anew nothing is marked by its old UIDs: they may be those
// of mail that nobody has read.
func TestNothingIsMarkedByOldUIDs(t *testing.T) {
	f := newFake("one", "two", "three")
	f.answer = func(_ int, tag, command string) string {
		if strings.HasPrefix(command, "UID STORE 1:3") {
			return tag + " NO [OVERQUOTA] Quota exceeded\r\n"
		}
		return ""
	}
	inBubble(t, f, func(t *testing.T, w *world) {
		w.cfg.Since, w.cfg.Mark = "all", imapwatch.Mark{Keyword: "$Replyby"}
		w.start()
		time.Sleep(10 * time.Second)
		f.put(map[uint32]string{2: "new"})
		time.Sleep(10 * time.Minute)
		marks := f.commands("UID STORE")
		marks = slices.DeleteFunc(marks, func(c string) bool { return strings.HasPrefix(c, "UID STORE 1:3") })
		if !slices.Equal(marks, []string{"UID STORE 2 +FLAGS.SILENT ($Replyby)"}) {
			t.Errorf("marks: %q", marks)
		}
	})
}

// A connection that ends where the folder to move to is made is tried once more, not for ever: mail would never be read again.
func TestMakingTheFolderEndsEachConnection(t *testing.T) {
	f := newFake("one")
	f.answer = func(_ int, tag, command string) string {
		switch {
		case strings.HasPrefix(command, "UID MOVE"):
			return tag + " NO [TRYCREATE] Mailbox doesn't exist: Tickets\r\n"
		case strings.HasPrefix(command, "CREATE"):
			return hangUp
		}
		return ""
	}
	inBubble(t, f, func(t *testing.T, w *world) {
		w.cfg.Since, w.cfg.Mark = "all", imapwatch.Mark{MoveTo: "Tickets"}
		w.start()
		time.Sleep(10 * time.Minute)
		f.put(map[uint32]string{1: "one", 2: "two"})
		time.Sleep(10 * time.Minute)
		if got := w.inbox.subjects(); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("got %q", got)
		}
		before := w.dialer.count()
		time.Sleep(time.Hour)
		if more := w.dialer.count() - before; more > 0 {
			t.Errorf("%d connections more in a quiet hour", more)
		}
	})
}

// A server without MOVE is asked to copy and then to delete. Nothing is deleted that was not copied, and nothing copied again where the server copies but does
// not let us delete: each look would add a copy.
func TestMoveWithoutMOVE(t *testing.T) {
	for refuses, want := range map[string][]string{
		"":           {`UID COPY 1:2 "Tickets"`, `UID STORE 1:2 +FLAGS.SILENT (\Deleted)`, "UID EXPUNGE 1:2"},
		"UID COPY":   nil,
		"UID STORE":  {`UID COPY 1:2 "Tickets"`},
		"UID EXPUNG": {`UID COPY 1:2 "Tickets"`, `UID STORE 1:2 +FLAGS.SILENT (\Deleted)`},
	} {
		t.Run(refuses, func(t *testing.T) {
			f := newFake("one", "two")
			f.caps = "IDLE SASL-IR AUTH=PLAIN UIDPLUS"
			var mu sync.Mutex
			var done []string
			f.answer = func(_ int, tag, command string) string {
				verb := strings.Join(strings.SplitN(command, " ", 3)[:min(2, strings.Count(command, " ")+1)], " ")
				if !slices.Contains([]string{"UID COPY", "UID STORE", "UID EXPUNGE"}, verb) {
					return ""
				}
				if refuses != "" && strings.HasPrefix(command, refuses) {
					return tag + " NO [NOPERM] not allowed\r\n"
				}
				mu.Lock()
				done = append(done, command)
				mu.Unlock()
				return tag + " OK done\r\n"
			}
			inBubble(t, f, func(t *testing.T, w *world) {
				w.cfg.Since, w.cfg.Mark = "all", imapwatch.Mark{MoveTo: "Tickets"}
				w.start()
				time.Sleep(10 * time.Minute)
				mu.Lock()
				defer mu.Unlock()
				if !slices.Equal(done, want) {
					t.Errorf("done: %q", done)
				}
			})
		})
	}
}
