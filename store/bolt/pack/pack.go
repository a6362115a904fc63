// Package pack writes the values of rows as bytes and reads them back: each as short as it may be, and any bytes for words. What cannot be
// read is [store.ErrDamaged].
package pack

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"replyby/store"
	"replyby/store/bolt/rows"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/logbook"
)

// Record leaves out desk and sequence number, which are the key. The body stands last, or is not there when erased.
func Record(r logbook.Record) []byte {
	p := make(rows.Packer, 0, 160+len(r.Actor)+len(r.Cause)+len(r.Body)+rows.Spare)
	p.Word(string(r.Kind))
	p.Uint(r.Ticket)
	p.Word(r.Actor)
	p.Word(r.Cause)
	p.Int(r.At.UnixMicro())
	p.Bytes(r.BodyHash[:])
	p.Bytes(r.Prev[:])
	if r.Body != nil {
		p.Word(string(r.Salt))
		p.Word(string(r.Body))
	}
	return p
}

// ReadRecord reads the record of a desk with that number.
func ReadRecord(desk string, seq uint64, b []byte) (logbook.Record, error) {
	u := rows.Unpack(b)
	r := logbook.Record{Envelope: logbook.Envelope{Desk: desk, Seq: seq}}
	r.Kind, r.Ticket, r.Actor, r.Cause = kind.Kind(u.Word()), u.Uint(), u.Word(), u.Word()
	r.At = time.UnixMicro(u.Int()).UTC()
	copy(r.BodyHash[:], u.Bytes(len(r.BodyHash)))
	copy(r.Prev[:], u.Bytes(len(r.Prev)))
	if u.More() {
		r.Salt, r.Body = []byte(u.Word()), json.RawMessage(u.Word())
	}
	return r, u.End(fmt.Sprintf("record %d of desk %q", seq, desk))
}

// Waiting writes what the list of open tickets tells of one.
func Waiting(t ticket.Ticket) string {
	var p rows.Packer
	p.Word(t.Assignee)
	if o, ok := t.NextTarget(); ok {
		at := o.Target
		if at.IsZero() {
			at = o.Limit
		}
		p.Int(at.UnixMicro())
	}
	return string(p)
}

// ReadWaiting reads what is told of an open ticket.
func ReadWaiting(desk string, number uint64, b []byte) (store.Waiting, error) {
	u := rows.Unpack(b)
	w := store.Waiting{Desk: desk, Ticket: number, Assignee: u.Word()}
	if u.More() {
		w.At = time.UnixMicro(u.Int()).UTC()
	}
	return w, u.End("open ticket")
}

// Counts writes counters in order of name.
func Counts(counts map[string]int64) []byte {
	var p rows.Packer
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		p.Word(name)
		p.Int(counts[name])
	}
	return p
}

// ReadCounts reads the counters of a day.
func ReadCounts(b []byte) (map[string]int64, error) {
	u := rows.Unpack(b)
	counts := map[string]int64{}
	for u.More() {
		name := u.Word()
		counts[name] = u.Int()
	}
	return counts, u.End("counters")
}

// Cursor writes how far a folder was read.
func Cursor(c store.Cursor) []byte {
	var p rows.Packer
	p.Uint(uint64(c.UIDValidity))
	p.Uint(uint64(c.UID))
	return p
}

// ReadCursor reads how far a folder was read.
func ReadCursor(folder string, b []byte) (store.Cursor, error) {
	u := rows.Unpack(b)
	c := store.Cursor{Folder: folder, UIDValidity: uint32(u.Uint()), UID: uint32(u.Uint())}
	return c, u.End("cursor")
}

// Head writes the end of a log and the next ticket number.
func Head(h store.Head) []byte {
	var p rows.Packer
	p.Uint(h.Seq)
	p.Bytes(h.Hash[:])
	p.Uint(h.Next)
	return p
}

// ReadHead reads the end of a log.
func ReadHead(b []byte) (store.Head, error) {
	u := rows.Unpack(b)
	h := store.Head{Head: logbook.Head{Seq: u.Uint()}}
	copy(h.Hash[:], u.Bytes(len(h.Hash)))
	h.Next = u.Uint()
	return h, u.End("head of the log")
}
