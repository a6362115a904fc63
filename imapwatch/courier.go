package imapwatch

import (
	"context"
	"errors"
	"fmt"
)

// courier hands batches to the inbox, in order, while the next one is being
// fetched. Whether a batch was taken in is known, and its mail marked, only
// after settle.
type courier struct {
	inFlight []*delivery // at most maxInFlight, oldest first
}

// maxInFlight is how many batches may be in flight: one that is being received,
// one that is being prepared meanwhile, and one between the two.
const maxInFlight = 3

// delivery is a batch in flight. err may be read once done is closed.
type delivery struct {
	batch Batch
	done  chan struct{}
	err   error
}

// errBehind ends a delivery after one that failed: its cursor would step over
// mail that was not taken in.
var errBehind = errors.New("the batch before it was not taken in")

// hand starts the delivery of a batch once there is room for it. A large batch
// waits until no other is in flight, since their mails are held in memory.
func (c *courier) hand(ctx context.Context, s *session, b Batch) error {
	room := maxInFlight - 1
	if b.size() > groupSize {
		room = 0
	}
	for len(c.inFlight) > room {
		if err := c.settleFirst(s); err != nil {
			return err
		}
	}
	d := &delivery{batch: b, done: make(chan struct{})}
	var before *delivery
	if len(c.inFlight) > 0 {
		before = c.inFlight[len(c.inFlight)-1]
	}
	c.inFlight = append(c.inFlight, d)
	go func() {
		defer close(d.done)
		d.err = deliver(ctx, s.w.inbox, b, before)
	}()
	return nil
}

// deliver prepares a batch and has it received when the one before has been.
func deliver(ctx context.Context, in Inbox, b Batch, before *delivery) error {
	receive, err := in.Prepare(ctx, b)
	if err != nil {
		return err
	}
	if before != nil {
		<-before.done
		if before.err != nil {
			return errBehind
		}
	}
	return receive()
}

// settle waits until no batch is in flight, moves the cursors of those that were
// received and marks their mail. It returns the first error.
func (c *courier) settle(s *session) (err error) {
	for len(c.inFlight) > 0 {
		if failed := c.settleFirst(s); err == nil {
			err = failed
		}
	}
	return err
}

func (c *courier) settleFirst(s *session) error {
	d := c.inFlight[0]
	c.inFlight = c.inFlight[1:]
	b := &d.batch
	<-d.done
	if errors.Is(d.err, errBehind) {
		return nil // the error of the batch that failed was returned before
	}
	if d.err != nil {
		return fmt.Errorf("hand over %d mails of %s: %w", len(b.Mails), b.Folder, d.err)
	}
	s.cursors[b.Folder] = b.Cursor
	return s.mark(b)
}

// size is how many octets of mail a batch holds.
func (b *Batch) size() (n int) {
	for _, m := range b.Mails {
		n += len(m.Raw)
	}
	return n
}
