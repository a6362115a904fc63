package desk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"replyby/desk"
	"replyby/letter"
	"replyby/mailparse"
	"replyby/store"
	"replyby/ticket/kind"
)

// cut is a store that takes so many commits and no more, as if the program had been killed then.
type cut struct {
	store.Store
	left *int
	most *int // changes of one commit
}

var errCut = errors.New("killed")

// Commit implements store.Store.
func (c cut) Commit(ctx context.Context, changes ...store.Change) error {
	if *c.left--; *c.left < 0 {
		return errCut
	}
	*c.most = max(*c.most, len(changes))
	return c.Store.Commit(ctx, changes...)
}

// Together implements store.Store.
func (c cut) Together(ctx context.Context, f func(store.Store) error) error {
	return c.Store.Together(ctx, func(view store.Store) error { return f(cut{view, c.left, c.most}) })
}

// I5: what is late after a stop is taken by pages, and one summary tells each person of all of it, wherever the program is killed in between.
func TestLateByPages(t *testing.T) {
	const many = 250 // more than a page
	for killed, ended := 0, false; !ended; killed++ {
		s := play(t, agency(t))
		s.tick()
		s.takesIn(many, s.now)
		s.post()
		s.at("2026-11-25 10:00") // every limit has passed, and the day's digest
		left, most := killed, 0
		err := s.hireAt(s.cfg, cut{s.store, &left, &most}).Tick(t.Context(), desk.Moment{Now: s.now, Alive: s.alive})
		if ended = err == nil; !ended && !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		if most > 201 {
			t.Fatalf("%d changes in one commit", most)
		}
		alive := s.alive
		s.restart()
		s.now = s.now.Add(90 * time.Second)
		if err := s.desk.Tick(t.Context(), desk.Moment{Now: s.now, Alive: alive}); err != nil {
			t.Fatal(err)
		}
		s.post()
		for _, who := range []string{anna, marco, boss} {
			if n := s.toldOfLate(who, many); n != 1 {
				t.Errorf("killed after %d commits: %s got %d mails about what was late", killed, who, n)
			}
		}
		for _, n := range []int64{1, many/2 + 1, many} {
			if steps := s.count(n, kind.Breached) + s.count(n, kind.Warned); steps != 4 {
				t.Errorf("killed after %d commits: ticket %d has %d steps, want 4", killed, n, steps)
			}
		}
		s.checkFold()
	}
}

// toldOfLate counts the summaries of late tickets that a person got; each of them must tell of all.
func (s *scenario) toldOfLate(who string, tickets int) (n int) {
	for _, l := range s.letters(who) {
		m := mailparse.Parse(l.Bytes)
		if !strings.Contains(m.Subject, "Dopo una pausa") && !strings.Contains(m.Subject, "After a gap") {
			continue
		}
		if !strings.Contains(m.Subject, fmt.Sprint(tickets)) || strings.Count(m.Text, "MB-") < letter.MaxRows {
			s.Errorf("%s: %q does not tell of all:\n%s", who, m.Subject, m.Text)
		}
		n++
	}
	return n
}
