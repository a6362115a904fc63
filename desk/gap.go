package desk

import (
	"context"
	"fmt"
	"time"

	"replyby/desk/clock"
	"replyby/desk/sheet"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// gap records, in the desk's own file, that two ticks lie too far apart or in the wrong order: the program was stopped, the machine slept, or
// its clock was set. Deadlines are instants and do not move; the note explains what is late around it.
func (d *Desk) gap(ctx context.Context, m Moment) error {
	by := m.Now.Sub(m.Alive).Round(time.Second)
	if m.Alive.IsZero() || by.Abs() <= clock.LateAfter {
		return nil
	}
	why := fmt.Sprintf("nothing was watched for %s, from %s: stopped, asleep, or the clock was set ahead", by, m.Alive.UTC().Format(time.RFC3339))
	if by < 0 {
		why = fmt.Sprintf("the clock was set back by %s, from %s", -by, m.Alive.UTC().Format(time.RFC3339))
	}
	return d.decide(ctx, "note a gap in time", func(d *Desk) ([]store.Change, error) {
		f, err := d.Load(ctx, 0, m.Now, "tick")
		if err != nil {
			return nil, err
		}
		f.Add(kind.Noted, sheet.Program, ticket.Body{Verb: "clock", Reason: why})
		return []store.Change{f.Change}, nil
	})
}
