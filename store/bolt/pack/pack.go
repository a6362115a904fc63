// Package pack writes the values of rows as bytes and reads them back: each as short as it may be, and any bytes for words. What cannot be
// read is [store.ErrDamaged].
package pack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
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
	at := time.UnixMicro(0) // none
	if o, ok := t.NextTarget(); ok {
		if at = o.Target; at.IsZero() {
			at = o.Limit
		}
	}
	p.Int(at.UnixMicro())
	p.Word(domain(t))
	return string(p)
}

// ReadWaiting reads what is told of an open ticket, and the domain of its customer. Up to fold 5 it had none, and no target where there was none.
func ReadWaiting(desk string, number uint64, b []byte) (w store.Waiting, domain string, err error) {
	u := rows.Unpack(b)
	w = store.Waiting{Desk: desk, Ticket: number, Assignee: u.Word()}
	if u.More() {
		if at := u.Int(); at != 0 {
			w.At = time.UnixMicro(at).UTC()
		}
	}
	if u.More() {
		domain = u.Word()
	}
	return w, domain, u.End("open ticket")
}

// domain is that of a customer's address, in lower case. Longer ones than there are (RFC 1035, 2.3.4) would fill the list.
func domain(t ticket.Ticket) string {
	const longest = 255
	at := t.Customer.Addr[strings.LastIndexByte(t.Customer.Addr, '@')+1:]
	if len(at) > longest || len(at) == len(t.Customer.Addr) {
		return ""
	}
	return strings.ToLower(at)
}

// IsAt reports whether the customer of a ticket has an address at a domain or below it.
func IsAt(t ticket.Ticket, of string) bool { return below(domain(t), strings.ToLower(of)) }

func below(domain, of string) bool {
	rest, is := strings.CutSuffix(domain, of)
	return is && (rest == "" || strings.HasSuffix(rest, "."))
}

// WaitsAt is IsAt for what the list of open tickets tells of one, where the domain stands last: most rows are none of those.
func WaitsAt(b []byte, of string) (bool, error) {
	of = strings.ToLower(of)
	if !bytes.HasSuffix(b, []byte(of)) {
		return false, nil
	}
	_, domain, err := ReadWaiting("", 0, b)
	return below(domain, of), err
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
	if !c.Before.IsZero() { // releases before this one had two numbers
		p.Int(c.Before.Unix())
	}
	return p
}

// ReadCursor reads how far a folder was read.
func ReadCursor(folder string, b []byte) (store.Cursor, error) {
	u := rows.Unpack(b)
	c := store.Cursor{Folder: folder, UIDValidity: uint32(u.Uint()), UID: uint32(u.Uint())}
	if u.More() {
		c.Before = time.Unix(u.Int(), 0).UTC()
	}
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
