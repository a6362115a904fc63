package bolt

import (
	"context"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store/bolt/datafile"
	"replyby/store/bolt/desks"
	"replyby/store/bolt/messages"
)

// Finding is one thing that is wrong with the database.
type Finding struct {
	Where string // "pages", "raw", or a desk and a table of it
	What  string
}

// Check walks everything: pages, the checksum of every value, the hash of every message, the chain of every log, that
// the fold of every ticket's records is its snapshot, and that the indexes say what the snapshots do, no less and no more.
// It reads one state of the store; writers wait only while pages are walked. progress may be nil; it is told now and then
// how many of about total rows were read. The error says that the walk itself could not be finished.
func (s *Store) Check(ctx context.Context, progress func(done, total int)) ([]Finding, error) {
	c := &checker{ctx: ctx, progress: progress}
	page := func(damage error) { c.report("pages", "%v", damage) }
	err := s.file.Inspect(ctx, page, func(tx *bbolt.Tx) error {
		c.tx = tx
		c.stage("store", func() error { c.total = c.estimate(); return nil })
		c.stage("raw", c.raws)
		c.stage("desks", func() error {
			for _, d := range desks.All(tx, "", desks.Around{}) { // which makes up for nothing
				desks.Of(tx, d.Name(), s.around).NoteTorn(true, func() { s.file.Step(tx) })
				for _, part := range d.Parts() {
					c.stage(part.Where, func() error { return part.Walk(c.row) })
				}
			}
			return nil
		})
		return ctx.Err()
	})
	if err != nil {
		return c.findings, fmt.Errorf("check store: %w", err)
	}
	return c.findings, nil
}

// Harm lists what reads of a desk came upon that was harmed and was told all the same, from what it follows from. What has been written anew is
// listed once, anything else as long as it is harmed. The next opening makes a harmed index anew.
func (s *Store) Harm(ctx context.Context, desk string) (all []error, err error) {
	if !s.around.Harm.Of(desk) {
		return nil, nil
	}
	torn := false
	err = s.in.Read(ctx, func(tx *bbolt.Tx) error {
		all, torn = s.around.Harm.Left(tx, desk)
		torn = torn && !desks.Of(tx, desk, s.around).MarkedTorn()
		return nil
	})
	if err == nil && torn {
		err = s.in.Write(ctx, func(tx *bbolt.Tx) error { return desks.Of(tx, desk, s.around).MarkTorn() })
	}
	if err != nil {
		return nil, fmt.Errorf("look for harm: %w", err)
	}
	return all, nil
}

// checker walks one state of the store.
type checker struct {
	ctx         context.Context
	tx          *bbolt.Tx
	progress    func(done, total int)
	done, total int
	findings    []Finding
}

func (c *checker) report(where, format string, args ...any) {
	c.findings = append(c.findings, Finding{Where: where, What: fmt.Sprintf(format, args...)})
}

// stage runs one part of the walk. Damaged pages may end it early; the other parts go on.
func (c *checker) stage(where string, walk func() error) {
	if err := datafile.Guard(walk); err != nil && c.ctx.Err() == nil {
		c.report(where, "cannot be walked to the end: %v", err)
	}
}

// row counts a row and reports what is wrong with it. Its own error ends the walk.
func (c *checker) row(where string, damage error) error {
	if damage != nil {
		c.report(where, "%v", damage)
	}
	const often = 1000
	if c.done++; c.done%often == 0 && c.progress != nil {
		c.progress(c.done, max(c.done, c.total))
	}
	return c.ctx.Err()
}

// estimate counts the rows of the walk from the heads of the logs and the raw messages, roughly.
func (c *checker) estimate() (n int) {
	n = messages.Of(c.tx).Count()
	for _, d := range desks.All(c.tx, "", desks.Around{}) {
		if head, err := d.Head(); err == nil {
			n += 3*int(head.Seq) + 8*int(head.Next)
		}
	}
	return n
}

// raws compares every message with its hash.
func (c *checker) raws() error { return messages.Of(c.tx).Check(c.row) }
