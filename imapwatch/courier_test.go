package imapwatch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"replyby/imapwatch"
)

// eager is an inbox that prepares batches ahead of their turn. It refuses to receive those of which fail says so.
type eager struct {
	*inbox
	prepared chan string // one word for each step
	fail     func(b imapwatch.Batch) error
}

func (e *eager) Prepare(_ context.Context, b imapwatch.Batch) (func() error, error) {
	e.prepared <- fmt.Sprint("prepare ", b.Cursor.UID)
	return func() error {
		time.Sleep(time.Minute) // the next is prepared meanwhile
		if err := e.fail(b); err != nil {
			return err
		}
		e.prepared <- fmt.Sprint("receive ", b.Cursor.UID)
		return e.receive(b)
	}, nil
}

// watchEager lets an eager inbox take in a folder of 450 mails for two hours and returns its steps.
func watchEager(t *testing.T, fail func(b imapwatch.Batch) error) (steps []string, in *inbox) {
	var subjects []string
	for i := range 450 {
		subjects = append(subjects, fmt.Sprint("mail ", i))
	}
	inBubble(t, newFake(subjects...), func(t *testing.T, w *world) {
		w.cfg.Since = "all"
		e := &eager{w.inbox, make(chan string, 1000), fail}
		in = w.inbox
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- imapwatch.New(w.cfg, e, logger(t)).Run(ctx) }()
		time.Sleep(2 * time.Hour)
		cancel()
		<-done
		synctest.Wait()
		close(e.prepared)
		for s := range e.prepared {
			steps = append(steps, s)
		}
	})
	return steps, in
}

// A batch behind one that failed is never received: its cursor would step over what failed.
func TestNothingIsReceivedBehindAFailure(t *testing.T) {
	times := 0
	steps, in := watchEager(t, func(b imapwatch.Batch) error {
		if b.Cursor.UID == 125 && times < 2 {
			times++
			return errors.New("disk full")
		}
		return nil
	})
	var received []string
	for _, s := range steps {
		if s[0] == 'r' {
			received = append(received, s)
		}
	}
	if want := []string{"receive 125", "receive 250", "receive 375", "receive 450"}; !slices.Equal(received, want) {
		t.Errorf("received %q, want %q, after %q", received, want, steps)
	}
	if n := len(in.mails()); n != 450 || times != 2 {
		t.Errorf("%d mails came, after %d failures", n, times)
	}
}

// The next two batches are prepared while one is received, and no further one.
func TestPreparedAhead(t *testing.T) {
	steps, in := watchEager(t, func(imapwatch.Batch) error { return nil })
	want := []string{
		"prepare 125", "prepare 250", "prepare 375", "receive 125", "prepare 450", "receive 250", "receive 375", "receive 450",
	}
	if !slices.Equal(steps, want) {
		t.Errorf("steps %q, want %q", steps, want)
	}
	if n := len(in.mails()); n != 450 {
		t.Errorf("%d mails came", n)
	}
}
