package desk

import (
	"context"
	"time"

	"replyby/store"
	"replyby/ticket/roster"
)

// Colleague is a person of the staff and what the desk has learnt of him.
type Colleague struct {
	Person
	roster.Entry
}

// Colleagues lists the staff in the order of the configuration.
func (d *Desk) Colleagues(ctx context.Context) ([]Colleague, error) {
	known, err := d.Informed(ctx)
	if err != nil {
		return nil, err
	}
	var list []Colleague
	for _, p := range d.Staff {
		list = append(list, Colleague{p, known.Roster.Of(p.Addresses)})
	}
	return list, nil
}

// greetAgain is how long a person who has not answered is left alone.
const greetAgain = 24 * time.Hour

// Greet asks everybody of the staff who has not answered yet for one answer, at most once a day: the answer shows what proves his mail and
// where his words end.
func (d *Desk) Greet(ctx context.Context, now time.Time) error {
	return d.decide(ctx, "ask the staff for one answer", func(d *Desk) ([]store.Change, error) {
		own, err := d.Load(ctx, 0, now, "command line")
		if err != nil {
			return nil, err
		}
		for _, p := range d.Staff {
			known := own.Roster.Of(p.Addresses)
			if !known.Answered.IsZero() || now.Sub(known.Greeted) < greetAgain {
				continue
			}
			if err := own.Greet(p); err != nil {
				return nil, err
			}
		}
		if len(own.Change.Events) == 0 {
			return nil, nil
		}
		return []store.Change{own.Change}, nil
	})
}
