package imapwatch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"replyby/imapwatch"
	"replyby/mailhost/dovecot"
)

func realConfig(s *dovecot.Server) imapwatch.Config {
	return imapwatch.Config{
		Addr: s.IMAPAddr(), TLS: "none", Username: desk.Address,
		Secret: func(context.Context) (string, error) { return desk.Password, nil },
	}
}

// watch runs a watcher until the test ends or the returned stop is called, and
// waits until it has looked at everything once.
func watch(t *testing.T, cfg imapwatch.Config, in *inbox) (*imapwatch.Watcher, func()) {
	t.Helper()
	w := imapwatch.New(cfg, in, logger(t))
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := w.Run(ctx); err != nil {
			t.Errorf("run ended with %v", err)
		}
	})
	stop := sync.OnceFunc(func() { cancel(); wg.Wait() })
	t.Cleanup(stop)
	eventually(t, "connected", func() bool { return w.Status().Connected })
	return w, stop
}

// eventually waits for what a process outside brings about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("not within 20 s: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// next waits for one mail.
func next(t *testing.T, in *inbox) imapwatch.Mail {
	t.Helper()
	select {
	case m := <-in.came:
		return m
	case <-time.After(20 * time.Second):
		t.Fatal("no mail within 20 s")
		return imapwatch.Mail{}
	}
}

// other is a second client of the same mailbox.
func other(t *testing.T, s *dovecot.Server) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialInsecure(s.IMAPAddr(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login(desk.Address, desk.Password).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

func numbered(n int) []string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("mail %d", i))
	}
	return names
}

func TestDovecotWrongPassword(t *testing.T) {
	s := dovecot.Start(t, desk)
	cfg := realConfig(s)
	cfg.Secret = func(context.Context) (string, error) { return "wrong", nil }
	if _, err := imapwatch.Probe(t.Context(), cfg); !errors.Is(err, imapwatch.ErrRefused) {
		t.Errorf("probe with a wrong password: %v, want ErrRefused", err)
	}
}

// I1, promptly: a new mail is with the handler well within a second.
func TestDovecotNewMailWithinASecond(t *testing.T) {
	s := dovecot.Start(t, desk)
	in := newInbox()
	watch(t, realConfig(s), in)
	var times []time.Duration
	for i := range 10 {
		subject := fmt.Sprintf("mail %d", i)
		s.Deliver("anna@customer.test", desk.Address, letter(subject))
		began := time.Now()
		m := next(t, in)
		times = append(times, time.Since(began))
		if !bytes.Contains(m.Raw, letter(subject)[30:]) {
			t.Errorf("mail %d: got %q", i, m.Raw)
		}
	}
	slices.Sort(times)
	t.Logf("delivered to handler: median %s, worst %s", times[len(times)/2], times[len(times)-1])
	if worst := times[len(times)-1]; worst > time.Second {
		t.Errorf("worst %s, want under 1 s", worst)
	}
}

// What was there before the first contact is left alone unless asked for.
func TestDovecotSince(t *testing.T) {
	s := dovecot.Start(t, desk)
	s.Deliver("anna@customer.test", desk.Address, letter("old"))
	for _, tc := range []struct {
		since string
		want  []string
	}{
		{"now", []string{"new"}},
		{"all", []string{"old", "new"}},
		{time.Now().Add(time.Hour).UTC().Format(time.RFC3339), nil},
	} {
		cfg, in := realConfig(s), newInbox()
		cfg.Since = tc.since
		_, stop := watch(t, cfg, in)
		if tc.since == "now" {
			s.Deliver("anna@customer.test", desk.Address, letter("new"))
		}
		for range tc.want {
			next(t, in)
		}
		stop()
		if got := in.subjects(); !slices.Equal(got, tc.want) {
			t.Errorf("since %s: got %q, want %q", tc.since, got, tc.want)
		}
		if c := in.cursors["INBOX"]; c.UID != 2 || c.UIDValidity == 0 {
			t.Errorf("since %s: cursor %+v, want uid 2", tc.since, c)
		}
	}
}

// F12: a restart of the server loses and doubles nothing.
func TestDovecotRestart(t *testing.T) {
	s := dovecot.Start(t, desk)
	in := newInbox()
	w, _ := watch(t, realConfig(s), in)
	s.Deliver("anna@customer.test", desk.Address, letter("mail 0"))
	next(t, in)
	s.Stop()
	eventually(t, "the loss is noticed", func() bool { return !w.Status().Connected && w.Status().LastError != "" })
	s.Resume()
	s.Deliver("anna@customer.test", desk.Address, letter("mail 1"))
	next(t, in)
	if got := in.subjects(); !slices.Equal(got, numbered(2)) {
		t.Errorf("got %q", got)
	}
}

// T52: after a change of UIDVALIDITY everything is read again and said to be so.
func TestDovecotUIDValidityReset(t *testing.T) {
	s := dovecot.Start(t, desk)
	in := newInbox()
	_, stop := watch(t, realConfig(s), in)
	for _, subject := range numbered(3) {
		s.Deliver("anna@customer.test", desk.Address, letter(subject))
		next(t, in)
	}
	stop()
	s.Stop()
	s.ResetUIDValidity(desk.Address)
	s.Resume()
	s.Deliver("anna@customer.test", desk.Address, letter("mail 3"))
	before := len(in.all())
	watch(t, realConfig(s), in)
	for range 4 {
		next(t, in)
	}
	var again []string
	for _, b := range in.all()[before:] {
		if b.Reason != imapwatch.Reset {
			t.Errorf("batch after the reset has reason %q", b.Reason)
		}
		for _, m := range b.Mails {
			_, subject, _ := strings.Cut(string(m.Raw), "Subject: ")
			again = append(again, strings.SplitN(subject, "\r\n", 2)[0])
		}
	}
	slices.Sort(again)
	if !slices.Equal(again, numbered(4)) {
		t.Errorf("read again: %q", again)
	}
}

// F14: while a second client flags, moves and expunges, every mail that stays
// for one poll is handed over once, and every other UID is accounted for or
// was gone before it was seen.
func TestDovecotSecondClientMovesMail(t *testing.T) {
	s := dovecot.Start(t, desk)
	in := newInbox()
	second := other(t, s)
	if err := second.Create("Elsewhere", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	cfg := realConfig(s)
	cfg.Poll = time.Second
	watch(t, cfg, in)
	const mails = 60
	for i := range mails {
		s.Deliver("anna@customer.test", desk.Address, letter(fmt.Sprintf("mail %d", i)))
		uid := imap.UIDSetNum(imap.UID(i + 1))
		var err error
		switch i % 4 {
		case 1:
			err = second.Store(uid, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close()
		case 2:
			_, err = second.Move(uid, "Elsewhere").Wait()
		case 3:
			err = second.Store(uid, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s.Deliver("anna@customer.test", desk.Address, letter("last"))
	count := map[string]int{}
	eventually(t, "the last mail arrives", func() bool { return slices.Contains(in.subjects(), "last") })
	for _, subject := range in.subjects() {
		count[subject]++
	}
	for i := range mails {
		subject := fmt.Sprintf("mail %d", i)
		stays := i%4 < 2
		if stays && count[subject] != 1 || count[subject] > 1 {
			t.Errorf("%s (stays: %t) was handed over %d times", subject, stays, count[subject])
		}
	}
}

// A mail over the size limit comes as its header; small ones around it whole.
func TestDovecotOversize(t *testing.T) {
	s := dovecot.Start(t, desk)
	in := newInbox()
	cfg := realConfig(s)
	cfg.MaxSize = 100_000
	cfg.Since = "all"
	s.Deliver("anna@customer.test", desk.Address, letter("before"))
	big := append(letter("big"), bytes.Repeat([]byte("0123456789abcdef\r\n"), 20_000)...)
	s.Deliver("anna@customer.test", desk.Address, big)
	s.Deliver("anna@customer.test", desk.Address, letter("after"))
	watch(t, cfg, in)
	before, cut, after := next(t, in), next(t, in), next(t, in)
	if before.Cut || after.Cut || !strings.Contains(string(after.Raw), "Text of after.") {
		t.Errorf("the mails around the large one: %+v, %+v", before, after)
	}
	if !cut.Cut || cut.Why != "size" || cut.Size < int64(len(big)) ||
		!strings.Contains(string(cut.Raw), "Subject: big\r\n") || strings.Contains(string(cut.Raw), "Text of") {
		t.Errorf("large mail: size %d, cut %t (%s), %d octets", cut.Size, cut.Cut, cut.Why, len(cut.Raw))
	}
}

// The keyword is set after Receive, and only then.
func TestDovecotKeyword(t *testing.T) {
	s := dovecot.Start(t, desk)
	in := newInbox()
	cfg := realConfig(s)
	cfg.Mark = imapwatch.Mark{Keyword: "$Replyby"}
	watch(t, cfg, in)
	s.Deliver("anna@customer.test", desk.Address, letter("one"))
	next(t, in)
	second := other(t, s)
	eventually(t, "the keyword", func() bool {
		got, err := second.Fetch(imap.UIDSetNum(1), &imap.FetchOptions{Flags: true}).Collect()
		return err == nil && len(got) == 1 && slices.Contains(got[0].Flags, "$Replyby") && !slices.Contains(got[0].Flags, imap.FlagSeen)
	})
}

// The target folder is made where it is missing.
func TestDovecotMove(t *testing.T) {
	s := dovecot.Start(t, desk)
	in := newInbox()
	cfg := realConfig(s)
	cfg.Mark = imapwatch.Mark{MoveTo: "Taken in"}
	cfg.Poll = 200 * time.Millisecond // a move into a folder that Dovecot has just made it refuses at times
	watch(t, cfg, in)
	for _, subject := range numbered(3) {
		s.Deliver("anna@customer.test", desk.Address, letter(subject))
		next(t, in)
	}
	second := other(t, s)
	eventually(t, "the move", func() bool {
		data, err := second.Select("Taken in", nil).Wait()
		return err == nil && data.NumMessages == 3
	})
}

// A missing folder is told, and the others go on.
func TestDovecotMissingFolder(t *testing.T) {
	s := dovecot.Start(t, desk)
	in := newInbox()
	cfg := realConfig(s)
	cfg.Folders = []string{"INBOX", "No such folder", "Junk"}
	cfg.Poll = 200 * time.Millisecond
	w, _ := watch(t, cfg, in)
	c := other(t, s)
	spam := letter("in junk")
	put := c.Append("Junk", int64(len(spam)), nil)
	if _, err := put.Write(spam); err != nil {
		t.Fatal(err)
	}
	if err := put.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := put.Wait(); err != nil {
		t.Fatal(err)
	}
	if m := next(t, in); m.Folder != "Junk" || string(m.Raw) != string(spam) {
		t.Errorf("got %+v", m)
	}
	s.Deliver("anna@customer.test", desk.Address, letter("one"))
	if m := next(t, in); m.Folder != "INBOX" {
		t.Errorf("got %+v", m)
	}
	folders := w.Status().Folders
	if folders[1].Error == "" || folders[0].Error != "" || folders[2].Error != "" {
		t.Errorf("status of folders: %+v", folders)
	}
}

func TestDovecotProbe(t *testing.T) {
	s := dovecot.Start(t, desk)
	s.Deliver("anna@customer.test", desk.Address, letter("one"))
	got, err := imapwatch.Probe(t.Context(), realConfig(s))
	if err != nil {
		t.Fatal(err)
	}
	if got.Sent != "Sent" || got.Junk != "Junk" || got.Messages != 1 || got.UIDNext != 2 ||
		!got.Keywords || !got.Idle || !got.Move || len(got.Folders) < 3 {
		t.Errorf("report: %+v", got)
	}
}
