package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"replyby/letter/digest"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/duty"
)

// survey is what one look at each open ticket adds to a report, and what it keeps for later.
type survey struct {
	Source
	r     *digest.Report
	end   time.Time // of today
	days  []time.Time
	next  int       // the day from today that days goes on with
	still time.Time // what nobody has touched since then stands still; zero: that is not looked at
	fixes []digest.Coming
	moved []string // refs of those whose deadlines a change of the configuration moved
	odd   leftover
}

// all looks at every open ticket, in order of number.
func (s *survey) all(ctx context.Context) error {
	for t, err := range s.Store.Each(ctx, store.Query{Desk: s.Name, Open: true}) {
		if err == nil {
			s.look(&t)
		} else if err := s.spare(s.r, t.Number, err); err != nil {
			return fmt.Errorf("list open tickets: %w", err)
		}
	}
	for _, list := range [][]digest.Item{s.r.Late, s.r.Broken, s.r.Today, s.r.Past, s.r.Promised, s.r.Idle, s.r.Waiting} {
		slices.SortStableFunc(list, func(a, b digest.Item) int { return a.When.Compare(b.When) })
	}
	if len(s.fixes) > 0 {
		s.r.Fixes.Next = slices.MinFunc(s.fixes, func(a, b digest.Coming) int { return a.From.Compare(b.From) }).Ref
	}
	shown := min(len(s.r.Idle), idleShown)
	s.r.Idle, s.r.IdleMore = s.r.Idle[:shown], len(s.r.Idle)-shown
	return nil
}

func (s *survey) look(t *ticket.Ticket) {
	t.Assignee = s.Called(t.Assignee)
	cared, before := t.State == ticket.Waiting, s.listed()
	for _, o := range t.Duties {
		if o.Running() {
			cared = list(s.r, t, o, s.end) || cared
		}
	}
	if t.State == ticket.Waiting && s.listed() == before { // else its row says that it waits
		s.r.Waiting = append(s.r.Waiting, itemOf(t, "", touched(t)))
	}
	if !t.Unasked() { // else nobody wrote it but ourselves
		s.r.Ages[ageClass(s.r.At.Sub(t.ReceivedAt))]++
	}
	if fix, ok := t.Duty(duty.Fix); ok && fix.Running() && s.r.At.Before(fix.Limit) {
		cared = s.fix(t, fix) || cared
	}
	if !cared {
		s.idle(t)
	}
	if t.RetimedAt.After(s.odd.last) {
		s.moved = append(s.moved, t.Ref)
	}
	s.odd.posted(t)
	if !t.UpdatedAt.Before(s.odd.last) {
		s.odd.touched(t)
	}
}

// listed counts the rows for what is owed.
func (s *survey) listed() int {
	return len(s.r.Late) + len(s.r.Broken) + len(s.r.Today) + len(s.r.Past) + len(s.r.Promised)
}

// A 30-day limit is near with so many working days left, and far with more than so many.
const (
	fixNear = 5
	fixFar  = 15
)

// fix counts a 30-day limit that lies ahead by the working days left, and names it where it is near.
func (s *survey) fix(t *ticket.Ticket, o ticket.Obligation) (named bool) {
	fixes := &s.r.Fixes
	switch left := s.workdays(o.Limit); {
	case left <= fixNear:
		fixes.Soon++
		named = true
		s.fixes = append(s.fixes, digest.Coming{From: o.Limit.Add(-time.Second), Kind: "fix", Ref: t.Ref, Name: t.Subject})
	case left <= fixFar:
		fixes.Later++
	default:
		fixes.Far++
	}
	return named
}

// workdays counts the working days that begin before a limit, from today on and no further than it takes to call it far. They are the
// same for every ticket, so they are looked up once.
func (s *survey) workdays(limit time.Time) int {
	for ; len(s.days) <= fixFar && s.midnight(s.r.At, s.next).Before(limit); s.next++ {
		if s.works(s.r.At, s.next) {
			s.days = append(s.days, s.midnight(s.r.At, s.next))
		}
	}
	n, _ := slices.BinarySearchFunc(s.days, limit, time.Time.Compare)
	return n
}
