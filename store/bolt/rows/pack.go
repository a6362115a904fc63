package rows

import (
	"encoding/binary"
	"fmt"
	"math"

	"replyby/store"
)

// Packer writes values one behind the other: numbers as varints, words with their length before them. JSON would not do
// for words from outside: it replaces bytes that are not UTF-8.
type Packer []byte

// Uint writes a number.
func (p *Packer) Uint(n uint64) { *p = binary.AppendUvarint(*p, n) }

// Int writes a number that may be negative.
func (p *Packer) Int(n int64) { *p = binary.AppendVarint(*p, n) }

// Bytes writes bytes of a length that the reader knows.
func (p *Packer) Bytes(b []byte) { *p = append(*p, b...) }

// Word writes bytes of any length.
func (p *Packer) Word(s string) {
	p.Uint(uint64(len(s)))
	*p = append(*p, s...)
}

// Unpacker reads what a Packer wrote. From the first value that is not there it returns zeros, and End an error.
type Unpacker struct {
	rest []byte
	bad  bool
}

// Unpack starts reading.
func Unpack(b []byte) *Unpacker { return &Unpacker{rest: b} }

// More reports whether anything is left to read.
func (u *Unpacker) More() bool { return len(u.rest) > 0 && !u.bad }

// End returns [store.ErrDamaged] unless the value was read to its very end. what names the value in the error.
func (u *Unpacker) End(what string) error {
	u.bad = u.bad || len(u.rest) > 0
	return u.Sound(what)
}

// Sound returns [store.ErrDamaged] when more was read than the value holds.
func (u *Unpacker) Sound(what string) error {
	if u.bad {
		return fmt.Errorf("%w: %s cannot be decoded", store.ErrDamaged, what)
	}
	return nil
}

// Uint reads a number.
func (u *Unpacker) Uint() uint64 {
	n, size := binary.Uvarint(u.rest)
	u.skip(size)
	return n
}

// Int reads a number that may be negative.
func (u *Unpacker) Int() int64 {
	n, size := binary.Varint(u.rest)
	u.skip(size)
	return n
}

// Word reads bytes of any length.
func (u *Unpacker) Word() string {
	n := u.Uint()
	if n > math.MaxInt32 {
		u.bad = true
		return ""
	}
	return string(u.Bytes(int(n)))
}

// Bytes reads n bytes. They are not copied.
func (u *Unpacker) Bytes(n int) []byte {
	if n > len(u.rest) {
		u.bad = true
		return nil
	}
	head := u.rest[:n:n]
	u.rest = u.rest[n:]
	return head
}

func (u *Unpacker) skip(size int) {
	if size <= 0 {
		u.bad, u.rest = true, nil
		return
	}
	u.rest = u.rest[size:]
}
