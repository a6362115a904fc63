package bolt

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
)

// packer writes values one behind the other: numbers as varints, text with its length before it. JSON would not do here:
// it replaces bytes that are not UTF-8, and what is hashed into the chain has to come back as it was.
type packer []byte

func (p *packer) uint(n uint64) { *p = binary.AppendUvarint(*p, n) }
func (p *packer) int(n int64)   { *p = binary.AppendVarint(*p, n) }
func (p *packer) raw(b []byte)  { *p = append(*p, b...) }
func (p *packer) text(s string) { p.uint(uint64(len(s))); *p = append(*p, s...) }

// unpacker reads what packer wrote. After the first value that is not there it returns zeros, and bad is set.
type unpacker struct {
	b   []byte
	bad bool
}

func (u *unpacker) uint() uint64 {
	n, size := binary.Uvarint(u.b)
	u.take(size)
	return n
}

func (u *unpacker) int() int64 {
	n, size := binary.Varint(u.b)
	u.take(size)
	return n
}

func (u *unpacker) text() string { return string(u.raw(u.uint())) }

func (u *unpacker) raw(n uint64) []byte {
	if n > uint64(len(u.b)) {
		u.bad = true
		return nil
	}
	head := u.b[:n:n]
	u.b = u.b[n:]
	return head
}

func (u *unpacker) take(size int) {
	if size <= 0 {
		u.bad, u.b = true, nil
		return
	}
	u.b = u.b[size:]
}

// end says whether everything was read and nothing is left.
func (u *unpacker) end(what string) error {
	if u.bad || len(u.b) > 0 {
		return fmt.Errorf("%w: %s cannot be decoded", store.ErrDamaged, what)
	}
	return nil
}

// packRecord leaves out desk and sequence number, which are the key. The body stands last, or is not there when erased.
func packRecord(r ticket.Record) []byte {
	p := make(packer, 0, 160+len(r.Actor)+len(r.Cause)+len(r.Body))
	p.text(string(r.Kind))
	p.uint(r.Ticket)
	p.text(r.Actor)
	p.text(r.Cause)
	p.int(r.At.UnixMicro())
	p.raw(r.BodyHash[:])
	p.raw(r.Prev[:])
	if r.Body != nil {
		p.text(string(r.Salt))
		p.text(string(r.Body))
	}
	return p
}

func unpackRecord(desk string, seq uint64, b []byte) (ticket.Record, error) {
	u := unpacker{b: b}
	r := ticket.Record{Envelope: ticket.Envelope{Desk: desk, Seq: seq}}
	r.Kind, r.Ticket, r.Actor, r.Cause = kind.Kind(u.text()), u.uint(), u.text(), u.text()
	r.At = time.UnixMicro(u.int()).UTC()
	copy(r.BodyHash[:], u.raw(uint64(len(r.BodyHash))))
	copy(r.Prev[:], u.raw(uint64(len(r.Prev))))
	if len(u.b) > 0 {
		r.Salt, r.Body = []byte(u.text()), json.RawMessage(u.text())
	}
	return r, u.end(fmt.Sprintf("record %d of desk %q", seq, desk))
}

// packCounts writes counters in order of name.
func packCounts(counts map[string]int64) []byte {
	var p packer
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		p.text(name)
		p.int(counts[name])
	}
	return p
}

func unpackCounts(b []byte) (map[string]int64, error) {
	u := unpacker{b: b}
	counts := map[string]int64{}
	for len(u.b) > 0 && !u.bad {
		name := u.text()
		counts[name] = u.int()
	}
	return counts, u.end("counters")
}

func packCursor(c store.Cursor) []byte {
	var p packer
	p.uint(uint64(c.UIDValidity))
	p.uint(uint64(c.UID))
	return p
}

func unpackCursor(folder string, b []byte) (store.Cursor, error) {
	u := unpacker{b: b}
	c := store.Cursor{Folder: folder, UIDValidity: uint32(u.uint()), UID: uint32(u.uint())}
	return c, u.end("cursor")
}

// packHead writes the end of a log and the next ticket number.
func packHead(h store.Head) []byte {
	var p packer
	p.uint(h.Seq)
	p.raw(h.Hash[:])
	p.uint(h.Next)
	return p
}

func unpackHead(b []byte) (store.Head, error) {
	u := unpacker{b: b}
	h := store.Head{Head: ticket.Head{Seq: u.uint()}}
	copy(h.Hash[:], u.raw(uint64(len(h.Hash))))
	h.Next = u.uint()
	return h, u.end("head of the log")
}

// attempts is what is known of a raw message that was put.
type attempts struct {
	count uint64
	kept  bool
}

func (a attempts) pack() []byte {
	var p packer
	p.uint(a.count)
	if a.kept {
		p.uint(1)
	}
	return p
}

func unpackAttempts(b []byte) (attempts, error) {
	if b == nil {
		return attempts{}, nil
	}
	u := unpacker{b: b}
	a := attempts{count: u.uint()}
	if len(u.b) > 0 {
		a.kept = u.uint() == 1
	}
	return a, u.end("count of attempts")
}
