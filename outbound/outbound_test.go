package outbound

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"replyby/store"
)

// I4: whatever a server does at whatever stage, it accepts a customer's letter
// at most once, never a truncated one, and the outcome tells the truth.
func TestOutcomeOfEveryStageAndFault(t *testing.T) {
	type fault struct {
		plan string
		want Outcome // before the final dot
		dot  Outcome // after it
	}
	faults := []fault{
		{"421 4.3.2 closing & drop", Deferred, Deferred},
		{"451 4.7.1 come back later", Deferred, Deferred},
		{"452 4.2.2 full", Deferred, Deferred},
		{"550 5.1.1 no such user", Refused, Refused},
		{"554 5.7.1 spam & drop", Refused, Refused},
		{"drop", Deferred, Unknown},
		{"silent", Deferred, Unknown},
		{"drip", Deferred, Unknown},
		{"flood", Deferred, Unknown},
		{"garbage", Deferred, Unknown},
		{"250-half an answer & drop", Deferred, Unknown},
		{"199 what is this", Deferred, Unknown},
		{"334 what is this", Deferred, Unknown},
	}
	for _, customer := range []bool{true, false} {
		for _, stage := range []string{"mail", "rcpt", "rcpt2", "data", "body", "dot"} {
			for _, c := range faults {
				want := c.want
				if stage == "dot" {
					want = c.dot
				}
				if stage == "body" {
					want = Deferred // the dot is not out: certainly not accepted
				}
				t.Run(fmt.Sprintf("customer=%v/%s/%s", customer, stage, c.plan), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { runFault(t, customer, stage, c.plan, want) })
				})
			}
		}
	}
}

func runFault(t *testing.T, customer bool, stage, plan string, want Outcome) {
	f := &fake{script: map[string]string{stage: plan}, times: 1}
	body := text
	if stage == "body" {
		body += strings.Repeat("a letter longer than what fits on the way\r\n", 5000)
	}
	b := newBox(t, letter("L", customer, func(l *store.Letter) {
		l.Bcc, l.Bytes = []string{"second@example.com"}, []byte(body)
	}))
	_, stop := start(t, Config{}, f, b)
	time.Sleep(2 * time.Hour)
	stop()

	got := b.results["L"]
	if len(got) == 0 || got[0].Outcome != want {
		t.Fatalf("results %+v, want first %s", got, want)
	}
	if wantStage := strings.TrimSuffix(stage, "2"); got[0].Stage != wantStage {
		t.Errorf("stage %s, want %s", got[0].Stage, wantStage)
	}
	copies := map[Outcome]int{Sent: 1, Deferred: 1, Refused: 0, Unknown: 1}[want]
	if len(f.accepted) > 1 || len(f.accepted) != copies {
		t.Errorf("the server accepted %d copies, want %d; results %+v", len(f.accepted), copies, got)
	}
	for _, a := range f.accepted {
		if a != strings.ReplaceAll(body, "\r\n", "\n") {
			t.Errorf("the server accepted other bytes: %q", a)
		}
	}
	attempts := 1
	if want == Deferred {
		attempts = 2
		if got[len(got)-1].Outcome != Sent {
			t.Errorf("a deferred letter did not go out in the end: %+v", got)
		}
	}
	if len(got) != attempts || customer && b.began["L"] != attempts {
		t.Errorf("%d ends, %d begins, want %d", len(got), b.began["L"], attempts)
	}
}

func TestAcceptedIsSentWhateverFollows(t *testing.T) { // M1
	for _, plan := range []string{"250 ok & drop", "250 2.0.0 queued as ABC", "251 ok", "250-two\r\n250 lines"} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{script: map[string]string{"dot": plan, "rset": "drop", "quit": "drop"}}
			b := newBox(t, letter("A", true, nil), letter("B", true, nil))
			_, stop := start(t, Config{}, f, b)
			time.Sleep(24 * time.Hour)
			stop()
			if len(f.accepted) != 2 || b.last("A").Outcome != Sent || b.last("B").Outcome != Sent || len(b.results["B"]) != 1 {
				t.Errorf("%q: %d accepted, results %+v", plan, len(f.accepted), b.results)
			}
		})
	}
}

func TestLostReplyWaitsTenMinutes(t *testing.T) { // F19
	synctest.Test(t, func(t *testing.T) {
		f := &fake{script: map[string]string{"dot": "silent"}}
		b := newBox(t, letter("A", true, nil))
		_, stop := start(t, Config{}, f, b)
		defer stop()
		time.Sleep(9 * time.Minute)
		if r := b.last("A"); r.Outcome != "" {
			t.Errorf("gave up early: %+v", r)
		}
		time.Sleep(2 * time.Minute)
		if r := b.last("A"); r.Outcome != Unknown || r.Stage != "dot" {
			t.Errorf("got %+v", r)
		}
	})
}

// M3, M4: nothing is ever said on a connection after the body broke off, so
// nothing can complete half a letter, not even a server that reads on later.
func TestHalfALetterIsNeverCompleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{script: map[string]string{"body": "stall"}, times: 1}
		body := text + strings.Repeat("a letter longer than what fits on the way\r\n", 5000)
		b := newBox(t, letter("A", true, func(l *store.Letter) { l.Bytes = []byte(body) }), letter("B", true, nil))
		_, stop := start(t, Config{}, f, b)
		time.Sleep(2 * time.Hour)
		stop()
		if f.cutShort != 1 || len(f.accepted) != 2 || len(f.accepted[0])+len(f.accepted[1]) != len(strings.ReplaceAll(text+body, "\r\n", "\n")) {
			t.Errorf("%d cut short, %d accepted, results %+v", f.cutShort, len(f.accepted), b.results)
		}
		if f.conns != 3 || b.results["A"][0].Stage != "body" || len(b.results["B"]) != 1 {
			t.Errorf("%d connections, results %+v", f.conns, b.results)
		}
	})
}

// Once the dot may be under way nobody knows, even if the write itself failed.
func TestFailedDotIsUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{script: map[string]string{"body": "all but the dot"}, times: 1}
		b := newBox(t, letter("A", true, nil))
		_, stop := start(t, Config{}, f, b)
		time.Sleep(time.Hour)
		stop()
		if r := b.last("A"); r.Outcome != Unknown || r.Stage != "dot" || len(b.results["A"]) != 1 || len(f.accepted) != 0 {
			t.Errorf("results %+v", b.results["A"])
		}
	})
}

// An answer sent before its question counts for nothing: here 250 for the
// letter comes with the go-ahead, and the server never reads the letter.
func TestEarlyAnswerIsNotBelieved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{script: map[string]string{"data": "354 go\r\n250 2.0.0 queued"}, times: 1}
		b := newBox(t, letter("A", true, nil))
		_, stop := start(t, Config{}, f, b)
		time.Sleep(time.Hour)
		stop()
		if r := b.results["A"]; len(r) != 2 || r[0].Outcome != Deferred || r[1].Outcome != Sent {
			t.Errorf("results %+v", r)
		}
	})
}

func TestOneRefusedRecipientStopsTheLetter(t *testing.T) { // F18
	synctest.Test(t, func(t *testing.T) {
		f := &fake{script: map[string]string{"rcpt2": "550 5.1.1 no such user"}}
		two := letter("A", true, func(l *store.Letter) { l.To = append(l.To, "second@example.com") })
		b := newBox(t, two, letter("B", true, nil))
		_, stop := start(t, Config{}, f, b)
		time.Sleep(time.Hour)
		stop()
		r := b.last("A")
		if r.Outcome != Refused || r.Code != 550 || r.Reply != "5.1.1 no such user (second@example.com)" {
			t.Errorf("got %+v", r)
		}
		if len(f.accepted) != 1 || f.conns != 1 || b.last("B").Outcome != Sent {
			t.Errorf("%d accepted over %d connections, B %+v", len(f.accepted), f.conns, b.last("B"))
		}
	})
}

// An earlier run's open end is unknown: a customer's letter is not offered again.
func TestLeftoverOfACrashIsUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		left := func(l *store.Letter) { l.Sending, l.Attempt = true, 1 }
		b := newBox(t, letter("A", true, left), letter("S", false, left))
		_, stop := start(t, Config{}, f, b)
		time.Sleep(time.Hour)
		stop()
		if r := b.last("A"); r.Outcome != Unknown || r.Stage != "restart" {
			t.Errorf("customer: %+v", r)
		}
		if len(f.accepted) != 1 || b.last("S").Outcome != Sent {
			t.Errorf("staff: %d accepted, %+v", len(f.accepted), b.last("S"))
		}
	})
}

func TestWithdrawnLetterIsNotOffered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		b := newBox(t, letter("A", true, nil), letter("S", false, nil))
		b.refuse = fmt.Errorf("draft 3 is newer: %w", ErrWithdrawn)
		_, stop := start(t, Config{}, f, b)
		time.Sleep(time.Minute)
		stop()
		if len(f.accepted) != 1 || len(b.results["A"]) != 0 || b.last("S").Outcome != Sent {
			t.Errorf("%d accepted, results %+v", len(f.accepted), b.results)
		}
	})
}

// A store that cannot say what is on record ends the run before anything is sent.
func TestOutboxErrorsEndRun(t *testing.T) {
	f := &fake{}
	b := newBox(t, letter("A", true, nil))
	b.refuse = store.ErrBroken
	s, err := New(Config{Host: "localhost", TLS: "none", Dial: f.dial}, b, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context()); !errors.Is(err, store.ErrBroken) {
		t.Errorf("run: %v", err)
	}
	f.wg.Wait()
	if len(f.accepted) != 0 {
		t.Error("a letter went out without a record")
	}
}

type forgetful struct{ *box }

func (forgetful) End(context.Context, store.Letter, Result) error { return nil }

func TestLetterThatEndedIsNotSentAgain(t *testing.T) {
	f := &fake{}
	s, err := New(Config{Host: "localhost", TLS: "none", Dial: f.dial}, forgetful{newBox(t, letter("A", false, nil))}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "in the outbox again") {
		t.Errorf("run: %v", err)
	}
	f.wg.Wait()
	if len(f.accepted) != 1 {
		t.Errorf("%d accepted", len(f.accepted))
	}
}

func TestOneConnectionPerBatchWithoutChatter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		var letters []store.Letter
		for i := range 120 {
			letters = append(letters, letter(fmt.Sprint(i), i%2 == 0, nil))
		}
		b := newBox(t, letters...)
		_, stop := start(t, Config{}, f, b)
		time.Sleep(time.Second)
		stop()
		if len(f.accepted) != 120 || f.conns != 1 || len(f.commands) != 120*3+2 {
			t.Errorf("%d accepted, %d connections, %d commands", len(f.accepted), f.conns, len(f.commands))
		}
		if last := f.commands[len(f.commands)-1]; last != "QUIT" {
			t.Errorf("the talk ends with %s", last)
		}
	})
}

// A server may end a connection between two letters; nothing is lost by it.
func TestStaleConnectionIsReplacedOnce(t *testing.T) {
	for _, plan := range []string{"250 ok & drop", "250 ok\r\n421 4.3.2 idle too long", "250 ok\r\n250 ok"} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{script: map[string]string{"dot": plan}}
			b := newBox(t, letter("A", true, nil), letter("B", true, nil), letter("C", true, nil))
			_, stop := start(t, Config{}, f, b)
			time.Sleep(time.Minute)
			stop()
			if len(f.accepted) != 3 || b.began["B"] != 1 || b.last("C").Attempt != 1 {
				t.Errorf("%q: %d accepted, results %+v", plan, len(f.accepted), b.results)
			}
		})
	}
}

func TestShutdown(t *testing.T) {
	cases := map[string]struct {
		script  map[string]string
		want    Outcome
		atMost  time.Duration
		connect bool
	}{
		"while the server thinks about the dot": {map[string]string{"dot": "silent"}, Unknown, 30 * time.Second, true},
		"while it thinks about MAIL":            {map[string]string{"mail": "silent"}, Deferred, 30 * time.Second, true},
		"while it thinks about a greeting":      {map[string]string{"greet": "silent"}, "", 0, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{script: c.script}
				b := newBox(t, letter("A", true, nil), letter("B", true, nil))
				_, stop := start(t, Config{}, f, b)
				time.Sleep(10 * time.Second)
				begin := time.Now()
				stop()
				if d := time.Since(begin); d > c.atMost {
					t.Errorf("took %v", d)
				}
				if r := b.last("A"); r.Outcome != c.want || len(b.results["B"]) != 0 {
					t.Errorf("results %+v", b.results)
				}
			})
		})
	}
}

func TestWakeSendsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		b := newBox(t)
		s, stop := start(t, Config{Poll: time.Hour}, f, b)
		defer stop()
		synctest.Wait()
		b.mu.Lock()
		b.rows = append(b.rows, letter("A", true, nil))
		b.mu.Unlock()
		s.Wake()
		synctest.Wait()
		if b.last("A").Outcome != Sent || s.Status().Ended != 1 || s.Status().LastSent.IsZero() {
			t.Errorf("%+v, status %+v", b.last("A"), s.Status())
		}
	})
}

func TestBackoff(t *testing.T) {
	m := time.Minute
	for customer, want := range map[bool][]time.Duration{
		false: {m, m, 2 * m, 5 * m, 10 * m, 15 * m, 15 * m, 15 * m},
		true:  {m, m, 450 * time.Second, 15 * m, 30 * m, 60 * m, 120 * m, 120 * m},
	} {
		for attempt, d := range want {
			if got := backoff(customer, attempt); got != d {
				t.Errorf("backoff(%v, %d) = %v, want %v", customer, attempt, got, d)
			}
		}
	}
	if a, b := reconnectAfter(1), reconnectAfter(1000); a != 5*time.Second || b != 5*m {
		t.Errorf("reconnect after %v, at most %v", a, b)
	}
}

func TestDeferredLettersComeBackOnSchedule(t *testing.T) { // F17
	for _, customer := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{script: map[string]string{"rcpt": "450 4.2.0 greylisted"}}
			b := newBox(t, letter("A", customer, nil))
			_, stop := start(t, Config{}, f, b)
			time.Sleep(24 * time.Hour)
			stop()
			for i, r := range b.results["A"] {
				if r.Attempt != i+1 || !within(r.NotBefore.Sub(r.At), backoff(customer, i+1)) {
					t.Fatalf("attempt %d: %+v", i+1, r)
				}
			}
			if n := len(b.results["A"]); customer && (n < 15 || n > 17) || !customer && n < 85 {
				t.Errorf("%d attempts in a day", n)
			}
		})
	}
}

// A server that takes its time with one letter lets another, deferred before in the same emptying, fall due again.
func TestDeferredLetterFallsDueWhileAnotherIsSlow(t *testing.T) { // F17
	for _, customer := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{script: map[string]string{"rcpt": "450 4.2.0 greylisted", "dot": "silent"}, times: 1}
			b := newBox(t, letter("A", customer, nil), letter("B", false, nil))
			_, stop := start(t, Config{}, f, b)
			time.Sleep(time.Hour)
			stop()
			if a := b.results["A"]; len(a) != 2 || a[0].Outcome != Deferred || a[1].Attempt != 2 {
				t.Errorf("attempts at the letter that was deferred: %+v", a)
			}
		})
	}
}
