package desks

import (
	"errors"
	"fmt"

	"replyby/store"
	"replyby/store/bolt/datafile"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// Rows of a desk beside its tables and the head of its log.
const (
	rowFold    = "fold"    // ticket.FoldVersion of the snapshots; absent while they are being recomputed, and before there were versions
	rowFolding = "folding" // while they are: the new version, and the first ticket that is not recomputed yet
	rowTorn    = "torn"    // where an index is known to be harmed: the next opening makes all of them anew
)

// Stale reports whether the snapshots are of an older [ticket.FoldVersion] and must be recomputed. Opened read-only they are good enough, unless
// recomputing was interrupted. The error says what else must be done before the database can be opened.
func (d Desk) Stale(readOnly bool) (bool, error) {
	fold, err := d.foldNumber()
	switch {
	case err != nil:
		return false, err
	case fold > ticket.FoldVersion:
		return false, fmt.Errorf("open store: %s was written by a newer replyby (fold %d, this one knows %d); install that release", d.where(rowFold), fold, ticket.FoldVersion)
	case readOnly && rows.Has(d.root, []byte(rowFolding)):
		return false, fmt.Errorf("open store: %s was left half renewed; start replyby serve, which goes on with it", d.where(rowFold))
	}
	return fold < ticket.FoldVersion && !readOnly, nil
}

// Torn reports whether an index is known to be harmed, or one that lists open tickets has a row that cannot be read, and all can be made anew: each
// ticket can be folded from its records. Where one cannot, they stay as they are: a ticket that cannot be read would be in none of them. See
// docs/decisions/0032. step is called for each row that is read.
func (d Desk) Torn(step func()) bool {
	torn, whole := false, true
	unread := datafile.Guard(func() error {
		marked := d.MarkedTorn()
		if torn = d.NoteTorn(marked, step) || marked; !torn {
			return nil
		}
		return d.each(0, func(_ ticket.Ticket, damage error) bool { step(); whole = damage == nil; return whole })
	})
	return torn && whole && unread == nil
}

// NoteTorn notes which indexes, all of them or those that list open tickets, have a row that cannot be read, and reports whether one has. step is
// called for each row that is read.
func (d Desk) NoteTorn(all bool, step func()) (torn bool) {
	d.tickets().Torn(all, step, func(index string, damage error) {
		torn = true
		d.harm.note(spot{desk: d.name, table: index}, damage)
	})
	return torn
}

// MarkTorn has the next opening make the indexes anew.
func (d Desk) MarkTorn() error { return rows.Put(d.root, []byte(rowTorn), nil) }

// MarkedTorn reports whether it does already.
func (d Desk) MarkedTorn() bool { return rows.Has(d.root, []byte(rowTorn)) }

// foldNumber returns the fold version of the desk's snapshots, 0 for those from before there were versions.
func (d Desk) foldNumber() (uint64, error) {
	v, err := rows.Get(d.root, []byte(rowFold))
	if err != nil || v == nil {
		return 0, err
	}
	u := rows.Unpack(v)
	return u.Uint(), u.End(d.where(rowFold))
}

func (d Desk) putFold() error {
	var p rows.Packer
	p.Uint(ticket.FoldVersion)
	return rows.Put(d.root, []byte(rowFold), p)
}

// BeginFolding returns the first ticket to recompute, and the number after the last. Indexes, which may follow differently from the new fold,
// are emptied at the beginning. From there to [Desk.EndFolding] the desk has no version, so that an older release recomputes it too instead of
// trusting a half renewed one.
func (d Desk) BeginFolding() (next, end uint64, err error) {
	head, err := d.Head()
	if err != nil {
		return 0, 0, err
	}
	v, err := rows.Get(d.root, []byte(rowFolding))
	if err != nil {
		return 0, 0, err
	}
	if v != nil {
		u := rows.Unpack(v)
		if by, next := u.Uint(), u.Uint(); by == ticket.FoldVersion {
			return next, head.Next, u.End(d.where(rowFolding))
		}
	}
	return 0, head.Next, errors.Join(rows.Delete(d.root, []byte(rowFold)), d.tickets().EmptyIndexes(), d.putFolding(0))
}

func (d Desk) putFolding(next uint64) error {
	var p rows.Packer
	p.Uint(ticket.FoldVersion)
	p.Uint(next)
	return rows.Put(d.root, []byte(rowFolding), p)
}

// FoldAnew recomputes the snapshots from a ticket up to end, which is not one of them, and their index rows, and notes how far that has come.
// A ticket with damaged or lost records keeps its snapshot, and one whose snapshot cannot be read either stays as it is: one ticket is no
// reason to stop the desk. each is called for every ticket with what is damaged of it, if anything.
func (d Desk) FoldAnew(first, end uint64, each func(number uint64, damage error)) error {
	for n := first; n < end; n++ {
		damage, err := d.foldTicket(n)
		if err != nil {
			return err
		}
		each(n, damage)
	}
	return d.putFolding(end)
}

func (d Desk) foldTicket(n uint64) (damage, err error) {
	old, unread := d.Ticket(n)
	switch {
	case store.Harmed(unread): // nor is it certain that all of its records are there
		return fmt.Errorf("%s, ticket %d: %w", d.where("ticket"), n, unread), d.tickets().ListUnread(n)
	case unread != nil:
		return nil, unread
	}
	var t ticket.Ticket
	damage = datafile.Guard(func() (err error) {
		t, err = d.log().Fold(n, func() error { return nil })
		return err
	})
	if damage == nil && t.Version != old.Version {
		damage = fmt.Errorf("%w: records up to %d of %d", store.ErrDamaged, t.Version, old.Version)
	}
	if damage != nil {
		damage = fmt.Errorf("%s, ticket %d: %w", d.where("log"), n, damage)
		t = old
	}
	if t.Version == 0 {
		return damage, nil // the desk's own file, before its first event
	}
	return damage, d.tickets().Put(ticket.Ticket{}, t)
}

// EndFolding says that every ticket is recomputed.
func (d Desk) EndFolding() error {
	return errors.Join(rows.Delete(d.root, []byte(rowFolding)), rows.Delete(d.root, []byte(rowTorn)), d.putFold())
}
