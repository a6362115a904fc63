package bolt

import (
	"context"
	"fmt"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/datafile"
	"replyby/store/bolt/messages"
	"replyby/store/bolt/outbox"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/records"
	"replyby/store/bolt/rows"
	"replyby/ticket"
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
			for _, d := range desks(tx, "", nil) {
				c.desk(d)
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

// walk calls f for every row of a bucket. A row that does not match its checksum, or that f has an error for, is a
// finding; the walk goes on.
func (c *checker) walk(b *bbolt.Bucket, where string, f func(key, value []byte) error) error {
	return rows.Walk(b, func(key, value []byte, err error) error {
		if err == nil {
			err = f(key, value)
		}
		return c.row(where, err)
	})
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
	for _, d := range desks(c.tx, "", nil) {
		if head, err := d.head(); err == nil {
			n += 3*int(head.Seq) + 8*int(head.Next)
		}
	}
	return n
}

// raws compares every message with its hash.
func (c *checker) raws() error { return messages.Of(c.tx).Check(c.row) }

// desk checks everything of one desk.
func (c *checker) desk(d desk) {
	head, err := d.head()
	if err != nil {
		c.report(d.where(records.RowHead), "%v", err)
	}
	c.stage(d.where("tables"), func() error { return c.names(d) })
	for _, part := range []struct {
		table string
		walk  func(desk, store.Head) error
	}{
		{"log", c.log}, {"ticket", c.folds}, {"key", c.keys}, {"outbox", c.letters}, {tableTally, c.tallies}, {tableCursor, c.cursors},
	} {
		c.stage(d.where(part.table), func() error { return part.walk(d, head) })
	}
}

// names compares what a desk has beside and in its tables with what it should. A name that was harmed hides what it names, and not every
// loss of that is missed elsewhere.
func (c *checker) names(d desk) error {
	inDesk := slices.Concat(tables(), outbox.Buckets())
	beside := []string{records.RowHead, rowFold, rowFolding}
	return rows.Names(d.root, func(name []byte, table bool, damage error) error {
		known := beside
		if table {
			known = inDesk
		}
		if damage == nil && !slices.Contains(known, string(name)) {
			damage = fmt.Errorf("%q is no name of a table or row", name)
		}
		return c.row(d.where("tables"), damage)
	})
}

func (d desk) where(table string) string { return fmt.Sprintf("desk %q, %s", d.name, table) }

// at is row for the tables of a desk.
func (c *checker) at(d desk) func(table string, damage error) error {
	return func(table string, damage error) error { return c.row(d.where(table), damage) }
}

func (c *checker) log(d desk, head store.Head) error {
	return d.log().Check(head, c.at(d))
}

// folds compares the fold of every ticket's records with its snapshot, and the index rows with both.
func (c *checker) folds(d desk, head store.Head) error {
	fold, err := d.foldNumber()
	if err != nil {
		return err
	}
	if fold < ticket.FoldVersion { // not renewed yet: snapshots and indexes come from an older fold
		return c.readable(d, head)
	}
	of := func(number uint64) (ticket.Ticket, error) {
		return d.log().Fold(number, func() error { return c.row("", nil) })
	}
	return d.tickets().Check(head.Next, of, c.at(d))
}

// readable folds every ticket's records without comparing the result, to find records that cannot be read.
func (c *checker) readable(d desk, head store.Head) error {
	for n := range head.Next {
		if _, err := d.log().Fold(n, func() error { return c.row("", nil) }); err != nil {
			c.report(d.where(fmt.Sprintf("ticket %d", n)), "%v", err)
		}
	}
	return c.ctx.Err()
}

func (c *checker) letters(d desk, _ store.Head) error {
	return d.outbox().Check(func(damage error) error { return c.row(d.where("outbox"), damage) })
}

// whole walks a table that no other table can be compared with, and checks by its count that no row is missing.
func (c *checker) whole(d desk, table string, f func(key, value []byte) error) error {
	n := 0
	err := c.walk(d.table(table), d.where(table), func(key, value []byte) error { n++; return f(key, value) })
	if err != nil {
		return err
	}
	return c.row(d.where(table), rows.Complete(d.table(table), n))
}

func (c *checker) keys(d desk, head store.Head) error {
	return d.tickets().CheckKeys(head.Next, func(damage error) error { return c.row(d.where("key"), damage) })
}

func (c *checker) tallies(d desk, _ store.Head) error {
	return c.whole(d, tableTally, func(_, v []byte) error {
		_, err := pack.ReadCounts(v)
		return err
	})
}

func (c *checker) cursors(d desk, _ store.Head) error {
	return c.whole(d, tableCursor, func(_, v []byte) error {
		_, err := pack.ReadCursor("", v)
		return err
	})
}
