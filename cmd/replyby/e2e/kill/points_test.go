package kill_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"replyby/store"
	"replyby/ticket/kind"
)

// points are the places at which the program is ended, in the order in which a mail passes them: P1 to P25 of its way through
// the program. "within" ends it somewhere inside a write of the store. A letter that an earlier run began is in doubt at the next
// start, so the points of that follow one which leaves such a letter behind.
func points() []string {
	return []string{
		"P1 imap dialled", "P1 imap log-in sent", "P2 folder asked for", "P3 mail asked for", "P4 mail half read",
		"P5 request's bytes before", "P5 request's bytes within", "P5 request's bytes after",
		"P7 request before", "P7 request within", "P7 request after", "P8 mark before", "P8 mark after",
		"P10 notice half out", "P10 notice dot out", "P11 notice's end before", "P11 notice's end after",
		"P12 answer's bytes before", "P12 answer's bytes within", "P12 answer's bytes after",
		"P15 approval before", "P15 approval within", "P15 approval after",
		"P16 sending before", "P16 sending within", "P16 sending after", "P22 doubt before", "P22 doubt within", "P16 sending after", "P22 doubt after",
		"P17 smtp dialled", "P17 smtp hello sent", "P17 smtp log-in sent",
		"P18 sender named", "P18 recipient named", "P18 data asked for", "P19 letter half out", "P19 letter out, no dot",
		"P20 dot out", "P21 answer read", "P22 sent before", "P22 sent within", "P22 sent after",
		"P23 copy's bytes before", "P23 copy's bytes after", "P23 copy before", "P23 copy within", "P23 copy after",
		"P7 further mail before", "P7 further mail within", "P7 further mail after",
		"P24 warning before", "P24 warning within", "P24 warning after",
		"P25 digest before", "P25 digest within", "P25 digest after",
	}
}

// reaper ends the process the n-th time it comes to a point.
type reaper struct {
	point string
	left  atomic.Int64
}

func (r *reaper) at(point string) {
	if point == r.point && r.left.Add(-1) == 0 {
		die()
	}
}

// within ends the process a moment after this call, in the middle of what comes then.
func (r *reaper) within(point string) {
	if point == r.point && r.left.Add(-1) == 0 {
		go func() {
			<-time.After(time.Duration(rand.IntN(1500)) * time.Microsecond)
			die()
		}()
	}
}

// die ends the process as kill -9 does: nothing deferred runs, nothing is flushed.
func die() {
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
	select {}
}

// watched is the store with a reaper before and behind every write.
type watched struct {
	store.Store
	*reaper
	customer *sync.Map // ids of letters to customers that were in the outbox
}

// around does a write of the store between the points of what it writes.
func (w watched) around(write func() error, steps ...string) error {
	w.opens(steps)
	err := write()
	for _, s := range steps {
		w.at(s + " after")
	}
	return err
}

func (w watched) opens(steps []string) {
	for _, s := range steps {
		w.at(s + " before")
		w.within(s + " within")
	}
}

// Tallies implements store.Store.
func (w watched) Tallies(ctx context.Context, desk, first, last string) ([]store.Tally, error) {
	return forgiving(w.Store.Tallies(ctx, desk, first, last))
}

// forgiving forgets the budgets of mails for a person, which are for an hour: here a day's work is done in a minute.
func forgiving(days []store.Tally, err error) ([]store.Tally, error) {
	for _, d := range days {
		for name := range d.Count {
			if strings.HasPrefix(name, "mails:") || strings.HasPrefix(name, "answers:") {
				delete(d.Count, name)
			}
		}
	}
	return days, err
}

// Outbox implements store.Store.
func (w watched) Outbox(ctx context.Context, desk string, at time.Time, limit int) ([]store.Letter, error) {
	letters, err := w.Store.Outbox(ctx, desk, at, limit)
	for _, l := range letters {
		if l.Customer {
			w.customer.Store(l.ID, true)
		}
	}
	return letters, err
}

// PutRaw implements store.Store.
func (w watched) PutRaw(ctx context.Context, raws ...[]byte) (kept []store.Raw, err error) {
	var steps []string
	for _, raw := range raws {
		steps = append(steps, origin(raw))
	}
	err = w.around(func() error {
		kept, err = w.Store.PutRaw(ctx, raws...)
		return err
	}, steps...)
	return kept, err
}

// origin names the keeping of a mail's bytes by who wrote it.
func origin(raw []byte) string {
	switch {
	case bytes.Contains(raw, []byte("\r\nX-Replyby-Letter:")):
		return "P23 copy's bytes"
	case bytes.Contains(raw, []byte("\r\nFrom: "+annaName)):
		return "P12 answer's bytes"
	}
	return "P5 request's bytes"
}

// Commit implements store.Store.
func (w watched) Commit(ctx context.Context, changes ...store.Change) error {
	return w.around(func() error { return w.Store.Commit(ctx, changes...) }, w.step(changes))
}

// Together implements store.Store. Nothing is written before the end.
func (w watched) Together(ctx context.Context, f func(store.Store) error) error {
	var steps []string
	err := w.Store.Together(ctx, func(view store.Store) error {
		err := f(joint{view, w, &steps})
		w.opens(steps)
		return err
	})
	for _, s := range steps {
		w.at(s + " after")
	}
	return err
}

// joint is the view of several decisions that are written in one step.
type joint struct {
	store.Store
	watched watched
	steps   *[]string
}

// Tallies implements store.Store.
func (j joint) Tallies(ctx context.Context, desk, first, last string) ([]store.Tally, error) {
	return forgiving(j.Store.Tallies(ctx, desk, first, last))
}

// Commit implements store.Store.
func (j joint) Commit(ctx context.Context, changes ...store.Change) error {
	*j.steps = append(*j.steps, j.watched.step(changes))
	return j.Store.Commit(ctx, changes...)
}

// step names what a commit does, by its events.
func (w watched) step(changes []store.Change) string {
	var kinds []kind.Kind
	for _, c := range changes {
		for _, e := range c.Events {
			if e.Kind == kind.Sent {
				if _, customer := w.customer.Load(e.Body.Delivery.Letter); !customer {
					return "P11 notice's end"
				}
			}
			kinds = append(kinds, e.Kind)
		}
	}
	for _, s := range []struct {
		kind kind.Kind
		name string
	}{
		{kind.Decided, "P15 approval"}, {kind.Sending, "P16 sending"}, {kind.Sent, "P22 sent"}, {kind.Unknown, "P22 doubt"},
		{kind.Settled, "P23 copy"}, {kind.Warned, "P24 warning"}, {kind.Breached, "P24 warning"}, {kind.DigestSent, "P25 digest"},
	} {
		if slices.Contains(kinds, s.kind) {
			return s.name
		}
	}
	switch {
	case !slices.Contains(kinds, kind.Received):
		return "other"
	case changes[0].Expect == 0:
		return "P7 request"
	}
	return "P7 further mail"
}
