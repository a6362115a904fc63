package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
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
	if progress == nil {
		progress = func(int, int) {}
	}
	s.mu.Lock()
	tx, err := s.db.Begin(false)
	if err != nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("check store: %w", err)
	}
	defer tx.Rollback()
	c := &checker{ctx: ctx, tx: tx, progress: progress}
	c.stage("pages", c.pages)
	s.mu.Unlock()
	c.stage("size", func() error { c.total = c.rows(); return nil })
	c.stage("raw", c.raws)
	c.stage("desks", func() error {
		for _, d := range desks(tx, "") {
			if err := c.desk(d); err != nil {
				return err
			}
		}
		return nil
	})
	if err := ctx.Err(); err != nil {
		return c.findings, fmt.Errorf("check store: %w", err)
	}
	c.progress(c.done, c.done)
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
	if err := guard(walk); err != nil && c.ctx.Err() == nil {
		c.report(where, "cannot be walked to the end: %v", err)
	}
}

// walk calls f for every row of a bucket. A row that does not match its checksum, or that f has an error for, is a
// finding; the walk goes on.
func (c *checker) walk(b *bbolt.Bucket, where string, f func(key, value []byte) error) error {
	cur := b.Cursor()
	for k, sealed := cur.First(); k != nil; k, sealed = cur.Next() {
		if sealed == nil { // a bucket
			continue
		}
		v, err := unseal(k, sealed)
		if err == nil {
			err = f(k, v)
		}
		if err != nil {
			c.report(where, "%v", err)
		}
		if err := c.step(); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) step() error {
	const often = 1000
	if c.done++; c.done%often == 0 {
		c.progress(c.done, max(c.done, c.total))
	}
	return c.ctx.Err()
}

// rows estimates the rows of the walk from the heads of the logs and from the raw messages.
func (c *checker) rows() (n int) {
	b := c.tx.Bucket([]byte(bucketRaw)).Cursor()
	for k, _ := b.First(); k != nil; k, _ = b.Next() {
		n += 2 // itself and its attempts
	}
	for _, d := range desks(c.tx, "") {
		if head, err := d.head(); err == nil {
			n += 3*int(head.Seq) + 8*int(head.Next)
		}
	}
	return n
}

func (c *checker) pages() error {
	for err := range c.tx.Check() {
		c.report("pages", "%v", err)
	}
	return nil
}

// raws compares every message with its hash.
func (c *checker) raws() error {
	raw := c.tx.Bucket([]byte(bucketRaw))
	err := c.walk(raw, "raw", func(key, _ []byte) error {
		if binary.BigEndian.Uint32(key[32:]) != 0 {
			return nil // with its first chunk
		}
		return checkHash(raw, key[:32], ticket.Hash(key[:32]))
	})
	if err != nil {
		return err
	}
	return c.walk(c.tx.Bucket([]byte(bucketAttempt)), "attempts", func(_, v []byte) error {
		_, err := unpackAttempts(v)
		return err
	})
}

func checkHash(b *bbolt.Bucket, key []byte, want ticket.Hash) error {
	data, err := getChunks(b, key)
	switch {
	case err != nil:
		return err
	case data == nil:
		return fmt.Errorf("%w: bytes of hash %s are not there", store.ErrDamaged, want)
	case ticket.Sum(data) != want:
		return fmt.Errorf("%w: bytes do not have hash %s", store.ErrDamaged, want)
	}
	return nil
}

// desk checks everything of one desk.
func (c *checker) desk(d desk) error {
	head, err := d.head()
	if err != nil {
		c.report(d.where("head"), "%v", err)
	}
	for _, walk := range []func(desk, store.Head) error{c.chain, c.folds, c.letters, c.keys, c.small} {
		c.stage(d.where("walk"), func() error { return walk(d, head) })
		if err := c.ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (d desk) where(table string) string { return fmt.Sprintf("desk %q, %s", d.name, table) }

// chain verifies that every record follows the one before it, up to the head.
func (c *checker) chain(d desk, head store.Head) error {
	var end ticket.Head
	err := c.walk(d.table(tableLog), d.where(tableLog), func(key, v []byte) error {
		r, err := unpackRecord(d.name, binary.BigEndian.Uint64(key), v)
		if err != nil {
			return err
		}
		next, err := ticket.Verify(end, r)
		if err != nil { // say it once, then follow what is there
			next = ticket.Head{Seq: r.Seq, Hash: r.Hash()}
		}
		end = next
		if d.table(tableOf).Get(binary.BigEndian.AppendUint64(numberKey(r.Ticket), r.Seq)) == nil {
			err = errors.Join(err, fmt.Errorf("record %d is not listed under its ticket %d", r.Seq, r.Ticket))
		}
		return err
	})
	if err == nil && end != head.Head {
		c.report(d.where("head"), "the log ends at record %d, the head names %d or another hash", end.Seq, head.Seq)
	}
	return err
}

// folds compares the fold of every ticket's records with its snapshot, and the index rows with both.
func (c *checker) folds(d desk, head store.Head) error {
	want := map[string]int{tableOf: int(head.Seq)}
	for n := range head.Next {
		t, err := c.fold(d, n)
		if err != nil {
			c.report(d.where(fmt.Sprintf("ticket %d", n)), "%v", err)
		}
		if t.Version > 0 {
			want[tableTicket]++
		}
		for _, r := range indexRows(t) {
			want[r.table]++
			if d.table(r.table).Get([]byte(r.key)) == nil {
				c.report(d.where(r.table), "ticket %d is not listed", n)
			}
		}
		if err := c.step(); err != nil {
			return err
		}
	}
	for _, table := range []string{tableOf, tableTicket, tableOpen, tableDue, tableUpdated, tableCustomer} {
		if err := c.count(d, table, want[table]); err != nil {
			return err
		}
	}
	return nil
}

// count reads every row of a table and reports rows that nothing accounts for.
func (c *checker) count(d desk, table string, want int) error {
	rows := 0
	err := c.walk(d.table(table), d.where(table), func(_, _ []byte) error { rows++; return nil })
	if err == nil && rows > want {
		c.report(d.where(table), "%d rows, %d are accounted for", rows, want)
	}
	return err
}

// fold returns the fold of a ticket's records, and an error when the snapshot is another.
func (c *checker) fold(d desk, n uint64) (ticket.Ticket, error) {
	t := ticket.Ticket{Desk: d.name}
	err := scanPrefix(d.table(tableOf), numberKey(n), 0, func(seq uint64) (bool, error) {
		r, err := d.recordAt(seq)
		if err != nil {
			return false, err
		}
		t, err = ticket.Apply(t, r)
		return err == nil, errors.Join(err, c.step())
	})
	if err != nil {
		return t, err
	}
	have, err := get(d.table(tableTicket), numberKey(n))
	if err != nil {
		return t, err
	}
	want, err := json.Marshal(t)
	if err != nil {
		return t, fmt.Errorf("encode fold: %w", err)
	}
	switch {
	case t.Version == 0 && n > 0:
		return t, fmt.Errorf("%w: no records", store.ErrDamaged)
	case t.Version > 0 && !bytes.Equal(have, want):
		return t, fmt.Errorf("%w: the snapshot is not the fold of its %d records", store.ErrDamaged, t.Version)
	}
	return t, nil
}

// letters checks that every row of the outbox has its bytes and its places, and that nothing else has.
func (c *checker) letters(d desk, _ store.Head) error {
	want := map[string]int{}
	err := c.walk(d.table(tableLetter), d.where(tableLetter), func(key, _ []byte) error {
		l, _, err := d.letter(key)
		if err != nil {
			return err
		}
		places := []string{tableOutbox}
		if l.Sending {
			places = append(places, tableSending)
		}
		for _, table := range places {
			want[table]++
			if at, gerr := get(d.table(table), l.place()); gerr != nil || !bytes.Equal(at, key) {
				err = errors.Join(err, fmt.Errorf("letter %s is not listed in %s", l.ID, table))
			}
		}
		return errors.Join(err, checkHash(bytesOf(c.tx, d, l), bytesKey(l), l.Hash))
	})
	return errors.Join(err, c.count(d, tableOutbox, want[tableOutbox]), c.count(d, tableSending, want[tableSending]))
}

// keys checks that every key leads to a ticket that is there.
func (c *checker) keys(d desk, head store.Head) error {
	return c.walk(d.table(tableKey), d.where(tableKey), func(key, _ []byte) error {
		if n := number(key); n >= head.Next {
			return fmt.Errorf("a key leads to ticket %d, which is not there", n)
		}
		return nil
	})
}

// small checks what is left: cursors, counters and the bytes of letters to staff.
func (c *checker) small(d desk, _ store.Head) error {
	err := c.walk(d.table(tableTally), d.where(tableTally), func(_, v []byte) error {
		_, err := unpackCounts(v)
		return err
	})
	return errors.Join(err,
		c.walk(d.table(tableCursor), d.where(tableCursor), func(_, v []byte) error { _, err := unpackCursor("", v); return err }),
		c.walk(d.table(tableBytes), d.where(tableBytes), func(key, _ []byte) error {
			if d.table(tableLetter).Get(key[:32]) == nil {
				return errors.New("bytes of a letter that is not in the outbox")
			}
			return nil
		}))
}
