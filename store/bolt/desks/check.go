package desks

import (
	"fmt"
	"slices"

	"replyby/store/bolt/outbox"
	"replyby/store/bolt/pack"
	"replyby/store/bolt/records"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// Part is what can be checked of a desk by itself: where damaged pages end the walk of one, the others go on.
type Part struct {
	Where string // the desk and a table of it
	// Walk calls row for every row with where it is and what is wrong with it, if anything. An error of row ends it.
	Walk func(row func(where string, damage error) error) error
}

// row is told of every row of a table, or of the ticket that where names.
type row func(where string, damage error) error

// Parts are all there is to check of a desk: that everything can be read, the chain of the log, that the fold of every ticket's records is its
// snapshot, and that the indexes say what the snapshots do, no less and no more.
func (d Desk) Parts() []Part {
	head, damage := d.Head()
	var parts []Part
	add := func(table string, walk func(row) error) {
		parts = append(parts, Part{Where: d.where(table), Walk: func(tell func(string, error) error) error {
			return walk(func(where string, damage error) error { return tell(d.where(where), damage) })
		}})
	}
	if damage != nil {
		add(records.RowHead, func(tell row) error { return tell(records.RowHead, damage) })
	}
	add("tables", d.checkNames)
	add("log", func(tell row) error { return d.log().Check(head, tell) })
	add("ticket", func(tell row) error { return d.checkFolds(head.Next, tell) })
	add("key", func(tell row) error { return d.tickets().CheckKeys(head.Next, tell.of("key")) })
	add("outbox", func(tell row) error { return d.outbox().Check(tell.of("outbox")) })
	for _, table := range counted() {
		add(table, func(tell row) error { return d.checkCounted(table, tell) })
	}
	return parts
}

// of is row for one table.
func (tell row) of(table string) func(damage error) error {
	return func(damage error) error { return tell(table, damage) }
}

// checkNames compares what a desk has beside and in its tables with what it should. A name that was harmed hides what it names, and not every
// loss of that is missed elsewhere.
func (d Desk) checkNames(tell row) error {
	inDesk := slices.Concat(tables(), outbox.Buckets())
	beside := []string{records.RowHead, rowFold, rowFolding, rowTorn}
	return rows.Names(d.root, func(name []byte, table bool, damage error) error {
		known := beside
		if table {
			known = inDesk
		}
		if damage == nil && !slices.Contains(known, string(name)) {
			damage = fmt.Errorf("%q is no name of a table or row", name)
		}
		return tell("tables", damage)
	})
}

// checkFolds compares the fold of every ticket's records with its snapshot, and the index rows with both.
func (d Desk) checkFolds(next uint64, tell row) error {
	fold, err := d.foldNumber()
	if err != nil {
		return err
	}
	if fold < ticket.FoldVersion { // not renewed yet: snapshots and indexes come from an older fold
		return d.checkReadable(next, tell)
	}
	return d.tickets().Check(next, func(number uint64) (ticket.Ticket, error) { return d.foldTelling(number, tell) }, tell)
}

// checkReadable folds every ticket's records without comparing the result, to find records that cannot be read.
func (d Desk) checkReadable(next uint64, tell row) error {
	for n := range next {
		if _, damage := d.foldTelling(n, tell); damage != nil {
			if err := tell(fmt.Sprintf("ticket %d", n), damage); err != nil {
				return err
			}
		}
	}
	return nil
}

// foldTelling folds a ticket's records and tells of each of them, so that the walk counts them.
func (d Desk) foldTelling(number uint64, tell row) (ticket.Ticket, error) {
	return d.log().Fold(number, func() error { return tell("log", nil) })
}

// checkCounted reads every row of a table that no other table can be compared with, and checks by its count that none is missing.
func (d Desk) checkCounted(table string, tell row) error {
	read := func(v []byte) error { _, err := pack.ReadCursor("", v); return err }
	if table == tableTally {
		read = func(v []byte) error { _, err := pack.ReadCounts(v); return err }
	}
	n := 0
	err := rows.Walk(d.table(table), func(_, v []byte, damage error) error {
		if damage == nil {
			n++
			damage = read(v)
		}
		return tell(table, damage)
	})
	if err != nil {
		return err
	}
	return tell(table, rows.Complete(d.table(table), n))
}

// countedSound returns the first thing that is wrong with such a table.
func (d Desk) countedSound(table string) error {
	return d.checkCounted(table, func(_ string, damage error) error { return damage })
}
