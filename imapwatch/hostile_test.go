package imapwatch_test

import (
	"errors"
	"fmt"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"replyby/imapwatch"
)

// run lets a watcher that wants all mail work on a fake for some bubble time.
func run(t *testing.T, f *fake, change func(*imapwatch.Config), length time.Duration, check func(*world)) {
	t.Helper()
	inBubble(t, f, func(t *testing.T, w *world) {
		w.cfg.Since = "all"
		if change != nil {
			change(&w.cfg)
		}
		w.start()
		time.Sleep(length)
		synctest.Wait()
		check(w)
	})
}

// onFirst answers the first command with the prefix on the first connections.
func onFirst(conns int, prefix, reply string) func(int, string, string) string {
	return func(conn int, tag, command string) string {
		if conn <= conns && strings.HasPrefix(command, prefix) {
			return strings.ReplaceAll(reply, "TAG", tag)
		}
		return ""
	}
}

// F11, M5: a mail that stops in the middle is not taken for a short one.
func TestServerClosesInALiteral(t *testing.T) {
	f := newFake("one", "two")
	whole := string(letter("one"))
	f.answer = onFirst(3, "UID FETCH 1:2 (UID BODY", fmt.Sprintf("* 1 FETCH (UID 1 BODY[] {%d}\r\n%s%s", len(whole), whole[:40], hangUp))
	run(t, f, nil, time.Minute, func(w *world) {
		if got := w.inbox.mails(); len(got) != 2 || string(got[0].Raw) != whole || got[0].Cut {
			t.Errorf("got %+v", got)
		}
	})
}

// A mail on which the server breaks every time costs itself only (I8).
func TestPoisonMailIsIsolated(t *testing.T) {
	f := newFake("one", "poison", "three")
	f.answer = func(_ int, tag, command string) string {
		if !strings.HasPrefix(command, "UID FETCH ") || !strings.Contains(command, "BODY.PEEK") {
			return ""
		}
		if set := strings.Fields(command)[2]; f.contains(set, 2) {
			return "* 2 FETCH (UID 2 BODY[] {50}\r\nhalf" + hangUp
		}
		return ""
	}
	run(t, f, nil, time.Hour, func(w *world) {
		got := w.inbox.mails()
		if len(got) != 3 || !got[1].Cut || got[1].Why != "unreadable" || got[1].Raw != nil || got[0].Cut || got[2].Cut {
			t.Errorf("got %+v", got)
		}
		if !w.watcher.Status().Connected {
			t.Errorf("status %+v", w.watcher.Status())
		}
	})
}

// The same where only the body is poison: the header comes.
func TestPoisonBodyGivesHeader(t *testing.T) {
	f := newFake("one", "poison", "three")
	f.answer = func(_ int, tag, command string) string {
		if strings.Contains(command, "BODY.PEEK[]") && f.contains(strings.Fields(command)[2], 2) {
			return tag + " NO [SERVERBUG] cannot read it\r\n"
		}
		return ""
	}
	run(t, f, nil, 3*time.Hour, func(w *world) {
		if got := w.inbox.subjects(); !slices.Equal(got, []string{"one", "poison", "three"}) {
			t.Errorf("got %q", got)
		}
		if got := w.inbox.mails(); len(got) == 3 && got[1].Why != "unreadable" {
			t.Errorf("got %+v", got[1])
		}
	})
}

// A throttled account is not a poison mail, however long it takes.
func TestThrottlingCutsNoMail(t *testing.T) {
	f := newFake("one")
	f.answer = onFirst(15, "UID FETCH 1 (UID BODY", "TAG NO [OVERQUOTA] Account exceeded command or bandwidth limits\r\n")
	run(t, f, nil, 5*time.Hour, func(w *world) {
		if got := w.inbox.mails(); len(got) != 1 || got[0].Cut {
			t.Errorf("got %+v", got)
		}
	})
}

// T51, M7, M8: lines, literals, storms and lies without end cost the connection and little memory; when they end the mail comes.
func TestEndlessAnswers(t *testing.T) {
	flood := strings.Repeat("* OK still here\r\n", 4<<20/17)
	behaviours, worst := 0, uint64(0)
	for name, reply := range map[string]string{
		"nested":          "* 1 FETCH (UID 1 BODYSTRUCTURE " + strings.Repeat("(", 30_000) + "\r\nTAG OK done\r\n",
		"expunges":        strings.Repeat("* 1 EXPUNGE\r\n", 100_000) + "TAG BAD no\r\n",
		"exists":          strings.Repeat("* 4294967295 EXISTS\r\n", 10_000) + "TAG BAD no\r\n",
		"uid zero":        "* 1 FETCH (UID 0 FLAGS () INTERNALDATE \"20-Nov-2026 10:00:00 +0100\" RFC822.SIZE 5)\r\nTAG BAD no\r\n",
		"size negative":   "* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"20-Nov-2026 10:00:00 +0100\" RFC822.SIZE -5)\r\nTAG BAD no\r\n",
		"date impossible": "* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"99-Foo-2026 10:00:00 +0100\" RFC822.SIZE 5)\r\nTAG BAD no\r\n",
		"many literals":   strings.Repeat("* 1 FETCH (UID 7 BODY[] {3}\r\nabc)\r\n", 100_000) + "TAG BAD no\r\n",
		"other's tag":     "A9999 OK done\r\nA9998 NO no\r\nTAG BAD no\r\n",
		"capabilities":    "* CAPABILITY " + strings.Repeat("X-MORE ", 9_000) + "\r\nTAG BAD no\r\n",
		"sets":            "* OK [COPYUID 7 1:4294967295 1:4294967295] copied\r\n* SEARCH 1 2 3\r\n* ESEARCH UID ALL 1:4294967295\r\nTAG BAD no\r\n",
		"half a line":     "* 1 FET" + hangUp,
		"line":            "* OK " + strings.Repeat("x", 1<<20),
		"text":            "* 1 FETCH (UID 1 FLAGS (" + strings.Repeat("flag ", 1<<18),
		"literal":         "* 1 FETCH (UID 1 BODY[] {2000000000}\r\nxx",
		"long literal":    "* 1 FETCH (UID 1 ENVELOPE ({99999999999999}\r\nxx",
		"envelope":        "* 1 FETCH (UID 1 ENVELOPE ({900000}\r\n" + strings.Repeat("x", 900000),
		"unknown":         "* 1 FETCH (UID 1 X-ODD yes)\r\nTAG OK done\r\n",
		"vanished":        "* VANISHED 1:4294967295\r\nTAG OK done\r\n",
		"garbage":         "\x00\xff\x16\x03\r\n",
		"bye":             "* BYE [UNAVAILABLE] going down\r\n" + hangUp,
		"silence":         "* OK wait\r\n",
		"flood":           flood + "TAG BAD no\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			for n, command := range []string{"UID FETCH 1 (", "UID FETCH 1 (UID BODY", "SELECT", "AUTHENTICATE", "IDLE"} {
				if testing.Short() && (n+len(name))%5 != 0 {
					continue
				}
				f := newFake("one")
				f.answer = onFirst(2, command, reply)
				peak := peakMemory()
				run(t, f, func(c *imapwatch.Config) { c.MaxSize = 500_000 }, 2*time.Hour, func(w *world) {
					if got := w.inbox.subjects(); !slices.Equal(got, []string{"one"}) {
						t.Errorf("at %s: got %q, status %+v", command, got, w.watcher.Status())
					}
				})
				most := peak()
				if most > 128<<20 {
					t.Errorf("at %s: %d MiB were in use", command, most>>20)
				}
				behaviours, worst = behaviours+1, max(worst, most)
			}
		})
	}
	t.Logf("%d hostile behaviours, at most %d MiB in use", behaviours, worst>>20)
}

// peakMemory measures how much memory the program has in objects, dead ones included, until the returned function is called.
func peakMemory() (end func() uint64) {
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		peak, again := uint64(0), time.NewTicker(200*time.Microsecond)
		defer again.Stop()
		for sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}; ; {
			metrics.Read(sample)
			peak = max(peak, sample[0].Value.Uint64())
			select {
			case <-again.C:
			case <-stop:
				most <- peak
				return
			}
		}
	}()
	return func() uint64 { close(stop); return <-most }
}

// A server that only estimates sizes still gets its mail through.
func TestWrongSizeIsAcceptedWhenTwoFetchesAgree(t *testing.T) {
	f := newFake("one", "two", "three")
	f.sizes = map[uint32]int{1: 10, 2: 100_000}
	run(t, f, nil, time.Minute, func(w *world) {
		got := w.inbox.subjects()
		if !slices.Equal(got, []string{"one", "two", "three"}) {
			t.Errorf("got %q", got)
		}
		for _, m := range w.inbox.mails() {
			if m.Cut {
				t.Errorf("uid %d is cut: %s", m.UID, m.Why)
			}
		}
	})
}

// A body that is shorter than its mail though well framed is asked for again.
func TestShortBodyIsAskedForAgain(t *testing.T) {
	f := newFake("one")
	asked := 0
	f.answer = func(_ int, tag, command string) string {
		if !strings.Contains(command, "BODY.PEEK") {
			return ""
		}
		if asked++; asked > 1 {
			return ""
		}
		return "* 1 FETCH (UID 1 BODY[] {4}\r\nhalf)\r\n" + tag + " OK done\r\n"
	}
	run(t, f, nil, time.Minute, func(w *world) {
		if got := w.inbox.subjects(); !slices.Equal(got, []string{"one"}) || asked != 2 {
			t.Errorf("got %q after %d fetches", got, asked)
		}
	})
}

// Another client's change of flags can arrive in the place of the answer; such
// a message was not fetched, it is not empty.
func TestFlagsInsteadOfBody(t *testing.T) {
	f := newFake("one", "two")
	noise := "* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n"
	seen := map[string]bool{}
	f.answer = func(_ int, tag, command string) string {
		if !strings.HasPrefix(command, "UID FETCH") || seen[command] {
			return ""
		}
		seen[command] = true
		_, rest, _ := strings.Cut(command, " ")
		return noise + f.fetch(rest) + tag + " OK done\r\n"
	}
	run(t, f, nil, time.Minute, func(w *world) {
		if got := w.inbox.subjects(); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("got %q", got)
		}
	})
}

// F14: what vanishes between listing and reading is accounted for.
func TestVanishedMailIsNoted(t *testing.T) {
	f := newFake("one", "gone", "deleted", "four")
	f.answer = func(_ int, tag, command string) string {
		if strings.Contains(command, "BODY.PEEK") {
			delete(f.mails, 2)
		} else if strings.HasPrefix(command, "UID FETCH 1:4 (") {
			_, rest, _ := strings.Cut(command, " ")
			return strings.Replace(f.fetch(rest), "UID 3 FLAGS ()", "UID 3 FLAGS (\\Deleted)", 1) + tag + " OK done\r\n"
		}
		return ""
	}
	run(t, f, nil, time.Minute, func(w *world) {
		if got := w.inbox.subjects(); !slices.Equal(got, []string{"one", "four"}) {
			t.Errorf("got %q", got)
		}
		var skipped []imapwatch.Skipped
		for _, b := range w.inbox.all() {
			skipped = append(skipped, b.Skipped...)
		}
		want := []imapwatch.Skipped{{UID: 2, Why: "expunged"}, {UID: 3, Why: "deleted"}}
		if !slices.Equal(skipped, want) {
			t.Errorf("skipped %+v, want %+v", skipped, want)
		}
	})
}

func TestServerWithoutUIDNext(t *testing.T) {
	for _, since := range []string{"now", "all", "2999-01-01"} {
		f := newFake("one", "two")
		f.noNext = true
		run(t, f, func(c *imapwatch.Config) { c.Since = since }, time.Minute, func(w *world) {
			if c, _ := w.inbox.Cursor(t.Context(), "INBOX"); c != (imapwatch.Cursor{UIDValidity: 7, UID: 2}) {
				t.Errorf("since %s: cursor %+v", since, c)
			}
			if got := len(w.inbox.mails()); (got == 2) != (since == "all") {
				t.Errorf("since %s: %d mails", since, got)
			}
			// Who compares mailbox and database reads up to there: without an end he would never have read enough.
			if r, err := imapwatch.Probe(w.ctx, w.cfg); err != nil || r.UIDNext != 3 {
				t.Errorf("since %s: the probe finds %+v, %v", since, r, err)
			}
		})
	}
}

func TestServerWithoutUIDValidityIsRefused(t *testing.T) {
	f := newFake("one")
	f.answer = onFirst(1<<30, "SELECT", "* 1 EXISTS\r\nTAG OK done\r\n")
	run(t, f, nil, time.Hour, func(w *world) {
		if s := w.watcher.Status(); !strings.Contains(s.LastError, "uidvalidity") || s.Since.IsZero() || len(w.inbox.all()) != 0 {
			t.Errorf("status %+v, batches %+v", s, w.inbox.all())
		}
	})
}

func TestPreauthIsRefused(t *testing.T) {
	f := newFake("one")
	f.greeting = "* PREAUTH welcome\r\n"
	run(t, f, nil, time.Minute, func(w *world) {
		if got := f.commands("SELECT"); len(got) != 0 || !strings.Contains(w.watcher.Status().LastError, "intruder") {
			t.Errorf("commands %q, status %+v", got, w.watcher.Status())
		}
	})
}

// Nothing is marked while the inbox refuses, and the mail comes once it does not.
func TestNothingIsMarkedBeforeReceive(t *testing.T) {
	f := newFake("one")
	inBubble(t, f, func(t *testing.T, w *world) {
		w.cfg.Since, w.cfg.Mark = "all", imapwatch.Mark{Keyword: "$Replyby"}
		w.inbox.setRefuse(errors.New("disk full"))
		w.start()
		time.Sleep(10 * time.Minute)
		if got := f.commands("UID STORE"); len(got) != 0 {
			t.Errorf("marked although refused: %q", got)
		}
		if s := w.watcher.Status(); !strings.Contains(s.LastError, "disk full") {
			t.Errorf("status %+v", s)
		}
		w.inbox.setRefuse(nil)
		time.Sleep(2 * time.Minute)
		if got := w.inbox.subjects(); !slices.Equal(got, []string{"one"}) {
			t.Errorf("got %q", got)
		}
		if got := f.commands("UID STORE"); len(got) != 1 || got[0] != "UID STORE 1 +FLAGS.SILENT ($Replyby)" {
			t.Errorf("marks: %q", got)
		}
	})
}

// A provider that puts a mailbox back from a copy keeps its UIDVALIDITY, and
// gives new mail UIDs that were given before (RFC 9051, 2.3.1.1 forbids it).
func TestFolderPutBack(t *testing.T) {
	f := newFake("one", "two", "three", "four", "five")
	inBubble(t, f, func(t *testing.T, w *world) {
		w.cfg.Since = "all"
		w.start()
		time.Sleep(time.Minute)
		f.put(map[uint32]string{1: "one", 2: "two", 3: "new"})
		time.Sleep(3 * time.Minute)
		if got := w.inbox.subjects(); !slices.Contains(got, "new") {
			t.Errorf("got %q", got)
		}
		batches := len(w.inbox.all())
		time.Sleep(time.Hour)
		if again := len(w.inbox.all()) - batches; again > 0 {
			t.Errorf("%d batches more in a quiet hour", again)
		}
	})
}

// A UIDNEXT that is wrong while the mail is there has nothing read again.
func TestWrongUIDNextIsNoReset(t *testing.T) {
	f := newFake("one", "two")
	f.answer = func(_ int, tag, command string) string {
		if strings.HasPrefix(command, "SELECT") {
			return strings.Replace(f.selected(), "UIDNEXT 3", "UIDNEXT 1", 1) + tag + " OK done\r\n"
		}
		return ""
	}
	run(t, f, nil, time.Hour, func(w *world) {
		if got := w.inbox.subjects(); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("got %q", got)
		}
	})
}

// Some servers announce at the start of each IDLE what there is, new or not.
func TestAnnouncementsWithoutNewsAreNoHurry(t *testing.T) {
	f := newFake("one")
	f.answer = func(_ int, _, command string) string {
		if command == "IDLE" {
			return "+ idling\r\n* 1 EXISTS\r\n"
		}
		return ""
	}
	inBubble(t, f, func(t *testing.T, w *world) {
		w.watcher = imapwatch.New(w.cfg, w.inbox, logger(t))
		w.wg.Go(func() { w.watcher.Run(w.ctx) })
		time.Sleep(time.Minute)
		if n := len(f.commands("IDLE")); n > 60 {
			t.Errorf("%d times IDLE in a minute", n)
		}
	})
}

// A mark is a hint: that a mailbox over its quota takes no copy holds nothing up.
func TestMarkOverQuota(t *testing.T) {
	for _, mark := range []imapwatch.Mark{{Keyword: "$Replyby"}, {MoveTo: "Tickets"}} {
		f := newFake(numbered(1000)...)
		f.answer = func(_ int, tag, command string) string {
			if strings.HasPrefix(command, "UID STORE") || strings.HasPrefix(command, "UID MOVE") {
				return tag + " NO [OVERQUOTA] Quota exceeded (mailbox for user is full)\r\n"
			}
			return ""
		}
		run(t, f, func(c *imapwatch.Config) { c.Mark = mark }, 10*time.Second, func(w *world) {
			if got := w.inbox.subjects(); len(got) != 1000 {
				t.Errorf("%+v: %d mails in ten seconds", mark, len(got))
			}
			if s := w.watcher.Status(); !s.Connected || w.dialer.count() != 1 {
				t.Errorf("%+v: %d connections, status %+v", mark, w.dialer.count(), s)
			}
		})
	}
}
