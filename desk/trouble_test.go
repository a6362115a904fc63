package desk_test

import (
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/mailparse"
	"replyby/ticket/kind"
)

// I10: a mailbox that cannot be read reaches team and managers within five minutes, once.
func TestMailboxTrouble(t *testing.T) {
	s := play(t, agency(t))
	s.tick()
	began := s.now
	for _, step := range []struct {
		after   time.Duration
		trouble string
		mails   int
	}{
		{time.Minute, "connection refused", 0},
		{4 * time.Minute, "connection refused", 1},
		{20 * time.Minute, "no route to host", 1},
		{21 * time.Minute, "", 1},
		{22 * time.Minute, "", 1},
	} {
		s.now = began.Add(step.after)
		h := desk.Health{ReadTrouble: step.trouble, ReadSince: began}
		if err := s.desk.Tick(t.Context(), desk.Moment{Now: s.now, Alive: s.now, Health: h}); err != nil {
			t.Fatal(err)
		}
		s.post()
		if a, b := len(s.letters(anna)), len(s.letters(boss)); a != step.mails || b != step.mails {
			t.Errorf("after %s: anna has %d mails, the manager %d, want %d", step.after, a, b, step.mails)
		}
	}
	if s.count(0, kind.Outage) != 2 {
		t.Errorf("%d events, want the trouble and its end", s.count(0, kind.Outage))
	}
	s.checkFold()
}

// F03: a disk that runs full is told at once, and in its own words.
func TestDiskTrouble(t *testing.T) {
	s := play(t, agency(t))
	s.tick()
	h := desk.Health{ReadTrouble: "3 MB are free on the disk of /data, at least 200 MB are wanted", ReadSince: s.now, ReadWhat: "disk"}
	for range 3 {
		if err := s.desk.Tick(t.Context(), desk.Moment{Now: s.now, Alive: s.now, Health: h}); err != nil {
			t.Fatal(err)
		}
		s.post()
	}
	if a, b := s.notices(anna), s.notices(boss); a != 1 || b != 1 {
		t.Fatalf("anna has %d notices, the manager %d, want 1", a, b)
	}
	if m := mailparse.Parse(s.last(boss).Bytes); !strings.Contains(m.Subject, "disco") || !strings.Contains(m.Text, "3 MB are free") {
		t.Errorf("%s\n%s", m.Subject, m.Text)
	}
	s.tick()
	if s.ticket(0).Trouble != "" {
		t.Error("the trouble does not end")
	}
}

// I10: a folder beside the inbox that cannot be read stands in the digest, as often as it is so.
func TestFolderTrouble(t *testing.T) {
	s := play(t, agency(t))
	s.tick()
	for _, day := range []string{"2026-11-24 14:00", "2026-11-25 14:00"} {
		s.at(day)
		h := desk.Health{FolderTrouble: []string{`imap folder "Sent": NO no such mailbox`}}
		if err := s.desk.Tick(t.Context(), desk.Moment{Now: s.now, Alive: s.now, Health: h}); err != nil {
			t.Fatal(err)
		}
		s.post()
		if d := s.digests(); len(d) == 0 || !strings.Contains(d[len(d)-1], `"Sent"`) {
			t.Errorf("the digest of %s does not say it: %q", day, d)
		}
	}
}
