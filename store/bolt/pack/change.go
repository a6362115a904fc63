package pack

import (
	"fmt"
	"maps"
	"slices"

	"replyby/store"
	"replyby/store/bolt/rows"
	"replyby/ticket"
	"replyby/ticket/logbook"
)

// AppendChange writes a change with the records that its events became, which say what they are.
func AppendChange(b []byte, c store.Change, records []logbook.Record) []byte {
	p := rows.Packer(b)
	p.Word(c.Desk)
	p.Uint(c.Ticket)
	p.Uint(c.Expect)
	each(&p, records, func(r logbook.Record) {
		p.Uint(r.Seq)
		p.Word(string(Record(r)))
	})
	each(&p, c.Letters, func(l store.Letter) {
		p.Word(l.ID)
		p.Word(string(l.Bytes))
	})
	each(&p, c.Sending, p.Word)
	each(&p, c.Done, p.Word)
	each(&p, c.Keys, func(k store.Key) {
		p.Word(string(k.Kind))
		p.Word(k.Value)
	})
	hash := func(h ticket.Hash) { p.Bytes(h[:]) }
	each(&p, c.Raw, hash)
	each(&p, c.Erase, hash)
	var cursors []store.Cursor
	if c.Cursor != nil {
		cursors = []store.Cursor{*c.Cursor}
	}
	each(&p, cursors, func(c store.Cursor) {
		p.Word(c.Folder)
		p.Word(string(Cursor(c)))
	})
	p.Word(c.Day)
	each(&p, slices.Sorted(maps.Keys(c.Count)), func(name string) {
		p.Word(name)
		p.Int(c.Count[name])
	})
	return p
}

// each writes how many there are, and each of them.
func each[T any](p *rows.Packer, all []T, write func(T)) {
	p.Uint(uint64(len(all)))
	for _, one := range all {
		write(one)
	}
}

// ReadChange reads what AppendChange wrote, with the events that the records say.
func ReadChange(u *rows.Unpacker) (c store.Change, records []logbook.Record, err error) {
	c.Desk, c.Ticket, c.Expect = u.Word(), u.Uint(), u.Uint()
	note := func(failed error) {
		if err == nil {
			err = failed
		}
	}
	records = list(u, func() logbook.Record {
		r, bad := ReadRecord(c.Desk, u.Uint(), []byte(u.Word()))
		note(bad)
		e, bad := r.Event()
		note(bad)
		c.Events = append(c.Events, e)
		return r
	})
	c.Letters = list(u, func() (l store.Letter) {
		l.ID, l.Bytes = u.Word(), []byte(u.Word())
		return l
	})
	c.Sending, c.Done = list(u, u.Word), list(u, u.Word)
	c.Keys = list(u, func() store.Key { return store.Key{Kind: store.KeyKind(u.Word()), Value: u.Word()} })
	hash := func() (h ticket.Hash) { copy(h[:], u.Bytes(len(h))); return h }
	c.Raw, c.Erase = list(u, hash), list(u, hash)
	for _, at := range list(u, func() store.Cursor {
		cursor, bad := ReadCursor(u.Word(), []byte(u.Word()))
		note(bad)
		return cursor
	}) {
		c.Cursor = &at
	}
	c.Day, c.Count = u.Word(), map[string]int64{}
	list(u, func() string {
		name := u.Word()
		c.Count[name] = u.Int()
		return name
	})
	if err != nil {
		return c, nil, fmt.Errorf("change of ticket %d of desk %q: %w", c.Ticket, c.Desk, err)
	}
	return c, records, u.Sound("change")
}

// list reads how many there are, and each of them.
func list[T any](u *rows.Unpacker, read func() T) (all []T) {
	for n := u.Uint(); n > 0 && u.Sound("list") == nil; n-- {
		all = append(all, read())
	}
	return all
}
