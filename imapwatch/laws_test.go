package imapwatch

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"replyby/imapwatch/link"
)

// No window of 15 minutes ever sees a fourth try.
func TestRefusalsLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
		var r refusals
		var tries []time.Time
		for range rapid.IntRange(1, 30).Draw(t, "tries") {
			now = now.Add(max(0, r.wait(now))).Add(time.Duration(rapid.IntRange(0, 1200).Draw(t, "pause")) * time.Second)
			tries = append(tries, now)
			r.add(now)
		}
		for i := triesAllowed; i < len(tries); i++ {
			if gap := tries[i].Sub(tries[i-triesAllowed]); gap < triesWindow {
				t.Fatalf("%d tries within %s", triesAllowed+1, gap)
			}
		}
	})
}

// Pauses double up to their bound, are never the bound for everybody at once, and never end: whatever fails, however often, the next
// try is between half of what is due and all of it.
func TestPausesLaw(t *testing.T) {
	w := New(Config{Secret: func(context.Context) (string, error) { return "same", nil }}, nil, nil)
	drawn, different := 0, map[time.Duration]bool{}
	rapid.Check(t, func(t *rapid.T) {
		failures := rapid.OneOf(rapid.IntRange(1, 30), rapid.IntRange(1, 1<<40)).Draw(t, "failures")
		err := rapid.SampledFrom([]error{ErrLost, ErrPort, ErrHost, ErrTLS, ErrBusy, ErrServer, ErrFolder}).Draw(t, "error")
		longest := longestPause
		if err == ErrBusy || err == ErrServer {
			longest = patientPause
		}
		due := longest
		if failures < 12 {
			due = min(longest, firstPause<<(failures-1))
		}
		got := w.pause(context.Background(), fmt.Errorf("wrapped: %w", err), failures, "same")
		if got < due/2 || got > due {
			t.Fatalf("after %d failures, %v: a pause of %s, want between %s and %s", failures, err, got, due/2, due)
		}
		drawn++
		different[got] = true
	})
	if len(different) < drawn/2 {
		t.Errorf("only %d different pauses in %d: nothing keeps watchers from coming back all at once", len(different), drawn)
	}
}

// Groups cover the entries in order, hold to the limits, and put nothing
// beside a mail that is under suspicion.
func TestGroupsLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := New(Config{MaxSize: groupSize * 2}, nil, nil)
		s := &session{cfg: w.cfg, w: w, open: folder{name: "INBOX", validity: 1}}
		var entries []link.Entry
		for i := range rapid.IntRange(1, 400).Draw(t, "mails") {
			entries = append(entries, link.Entry{UID: uint32(i + 1), Size: rapid.Int64Range(0, groupSize*3).Draw(t, "size")})
		}
		d := w.doubt(s.open)
		d.upTo, d.uid = uint32(rapid.IntRange(0, 50).Draw(t, "up to")), 3
		d.strikes = rapid.IntRange(0, 10).Draw(t, "strikes")
		for len(entries) > 0 {
			n, h := s.group(entries)
			if n < 1 || n > groupMails {
				t.Fatalf("group of %d", n)
			}
			sum := int64(0)
			for _, e := range entries[:n] {
				sum += e.Size
				if (h == whole) == (e.Size > w.cfg.MaxSize) && h < rescue {
					t.Fatalf("a mail of %d octets is read as %d", e.Size, h)
				}
			}
			if n > 1 && (entries[0].UID <= d.upTo || h == whole && sum > groupSize) {
				t.Fatalf("%d mails of %d octets together, the first is uid %d", n, sum, entries[0].UID)
			}
			entries = entries[n:]
		}
	})
}
