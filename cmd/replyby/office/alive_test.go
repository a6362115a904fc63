package office

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"replyby/desk"
	"replyby/imapwatch"
)

// The first digest waits for the first look at the mailbox: not for one that is in trouble, and not for ever.
func TestUnread(t *testing.T) {
	for _, c := range []struct {
		began time.Duration
		in    imapwatch.Status
		want  bool
	}{
		{0, imapwatch.Status{}, true}, {0, imapwatch.Status{LastContact: time.Now()}, true}, {0, imapwatch.Status{Connected: true}, false},
		{0, imapwatch.Status{LastError: "connection refused"}, false}, {-patience, imapwatch.Status{}, false},
	} {
		f := &Office{began: time.Now().Add(c.began)}
		if got := f.unread(c.in); got != c.want {
			t.Errorf("%s after the start, %+v: %t", -c.began, c.in, got)
		}
	}
}

// I10: whoever asks in the first minute is not told that all is well before anybody looked: that it is not known yet stands there until the first look at the
// mailbox has ended, and not a minute longer.
func TestAliveBeforeTheFirstLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, time.December, 14, 9, 0, 0, 0, time.UTC)))
		plan := OneDesk(t)[0]
		plan.Mailbox.Secret = func(context.Context) (string, error) { return "secret", nil }
		plan.Mailbox.Dial = func(context.Context, string, string) (net.Conn, error) {
			time.Sleep(5 * time.Second)
			return nil, errors.New("no route to host")
		}
		plan.Sender.Secret, plan.Sender.Dial = plan.Mailbox.Secret, plan.Mailbox.Dial
		dir := t.TempDir()
		o, err := Open(dir, []Plan{plan}, Options{Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- o.Run(ctx) }()
		for _, want := range []string{"agency: " + NotYet, "agency: cannot read: "} {
			time.Sleep(4 * time.Second)
			if _, sick, err := Alive(dir); err != nil || len(sick) != 1 || !strings.HasPrefix(sick[0], want) {
				t.Errorf("a monitor reads %q, %v, want %s", sick, err, want)
			}
		}
		stop()
		if err := errors.Join(<-ended, o.Close()); err != nil {
			t.Error(err)
		}
	})
}

// I10: what a broken way out keeps mail from telling stands in a file for a monitor, and goes away with the trouble.
func TestAlive(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	if at, sick, err := Alive(dir); !at.IsZero() || sick != nil || err != nil {
		t.Errorf("before the first start: %s %q %v", at, sick, err)
	}
	f := &Office{dir: dir, log: slog.New(slog.DiscardHandler)}
	down := symptoms("agenzia", desk.Health{SendTrouble: "dial tcp:\nconnection refused", ReadTrouble: "no space"})
	for i, want := range [][]string{nil, {"agenzia: cannot send: dial tcp: connection refused", "agenzia: cannot read: no space"}, nil} {
		beat := now.Add(time.Duration(i) * time.Minute)
		if i == 1 {
			want = slices.Clone(down)
		}
		if err := f.noteAlive(beat, want); err != nil {
			t.Fatal(err)
		}
		if at, sick, err := Alive(dir); !at.Equal(beat) || !slices.Equal(sick, want) || err != nil {
			t.Errorf("beat %d: %s %q %v, want %q", i, at, sick, err, want)
		}
	}
	if len(down) != 2 || down[0] != "agenzia: cannot send: dial tcp: connection refused" {
		t.Errorf("symptoms %q", down)
	}
	f.alive = now.Add(2 * time.Minute)
	f.noteStopped()
	if at, sick, err := Alive(dir); !at.Equal(f.alive) || len(sick) != 1 || err != nil {
		t.Errorf("once it was stopped: %s %q %v", at, sick, err)
	}
	if err := os.Mkdir(filepath.Join(dir, aliveFile+".new"), 0o700); err != nil { // nothing new can be written
		t.Fatal(err)
	}
	later := now.Add(time.Hour)
	if err := f.noteAlive(later, down); err != nil || !lastAlive(dir).Equal(later) {
		t.Errorf("where nothing can be written the time is not set: %v, %s", err, lastAlive(dir))
	}
}

// I10: between the start and the first beat, which a start that reads tickets anew puts off, a monitor reads that serve is starting, not what the program
// before left; a start that comes to nothing leaves that it was stopped. Another command that opens the database says nothing, nor does a second serve.
func TestAliveWhileStarting(t *testing.T) {
	dir, last := t.TempDir(), time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	f := &Office{dir: dir, log: slog.New(slog.DiscardHandler), alive: last}
	if err := f.noteAlive(last, nil); err != nil {
		t.Fatal(err)
	}
	f.noteStopped()
	reads := func(when, want string) {
		t.Helper()
		if at, sick, err := Alive(dir); !at.Equal(last) || len(sick) != 1 || !strings.HasPrefix(sick[0], want) || err != nil {
			t.Errorf("%s: %s %q %v, want %s", when, at, sick, err, want)
		}
	}
	open := func(serving bool, plans ...Plan) *Office {
		o, _ := Open(dir, plans, Options{Log: slog.New(slog.DiscardHandler), Serving: serving})
		return o
	}
	command := open(false, OneDesk(t)...)
	reads("beside another command", "serve was stopped")
	if err := command.Close(); err != nil {
		t.Fatal(err)
	}
	o := open(true, OneDesk(t)...)
	defer o.Close()
	reads("at the start", Starting)
	o.renewing()(500, 3000, nil)
	reads("while tickets are read anew", Starting+o.starts.UTC().Format(time.RFC3339)+": tickets are read anew from their records, 500 of 3000")
	if second := open(true, OneDesk(t)...); second != nil {
		t.Fatal("two offices work one database")
	}
	reads("after a second serve", Starting)
	ended, end := context.WithCancel(t.Context())
	end()
	if err := o.Run(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("a start that was cut short ends with %v", err)
	}
	reads("after a start that was cut short", "serve was stopped")
}

// I5: the file never has another time than that of the last beat, not even for the moment in which a note is written into it: a start reads there how long
// nothing was watched, and may be cut short.
func TestNoteKeepsTheTimeAtEachMoment(t *testing.T) {
	name, last := filepath.Join(t.TempDir(), aliveFile), time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	if err := replace(name, "x", last); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || !info.ModTime().Equal(last) {
		t.Errorf("%v, %v", info.ModTime(), err)
	}
}
