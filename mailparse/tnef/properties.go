package tnef

import "encoding/binary"

// property is one MAPI property with its first value.
type property struct {
	kind, id uint16
	value    []byte
}

// Property types (MS-OXCDATA 2.11.1).
const (
	typeObject  = 0x000d
	typeString  = 0x001e
	typeUnicode = 0x001f
	typeBinary  = 0x0102
	multiValued = 0x1000
)

// properties calls visit for each property in a MsgPropertyList (MS-OXTNEF 2.1.3.4) and stops at the first that does not
// fit, since nothing behind it can be found.
func properties(data []byte, visit func(property)) {
	c := cursor{rest: data}
	for n := c.uint32(); n > 0 && !c.bad; n-- {
		p := property{kind: c.uint16(), id: c.uint16()}
		if p.id >= 0x8000 {
			c.skipName()
		}
		p.value = c.value(p.kind)
		if !c.bad {
			visit(p)
		}
	}
}

// cursor walks over bytes; once it runs out it is bad and gives zeroes.
type cursor struct {
	rest []byte
	bad  bool
}

func (c *cursor) take(n uint64) []byte {
	if n > uint64(len(c.rest)) {
		c.bad, c.rest = true, nil
		return nil
	}
	taken := c.rest[:n]
	c.rest = c.rest[n:]
	return taken
}

func (c *cursor) uint16() uint16 {
	if b := c.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (c *cursor) uint32() uint32 {
	if b := c.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// padded takes n bytes and the padding to a multiple of four behind them, which the last value may lack.
func (c *cursor) padded(n uint32) []byte {
	taken := c.take(uint64(n))
	c.take(min(uint64(-n&3), uint64(len(c.rest))))
	return taken
}

// skipName passes the name of a named property.
func (c *cursor) skipName() {
	const guid = 16
	c.take(guid)
	if kind := c.uint32(); kind == 0 {
		c.uint32()
		return
	}
	c.padded(c.uint32())
}

// value takes the value of a type and returns the first of several.
func (c *cursor) value(kind uint16) []byte {
	base := kind &^ multiValued
	var first []byte
	for i, count := uint32(0), c.count(kind, base); i < count && !c.bad; i++ {
		if v := c.padded(c.size(base)); i == 0 {
			first = v
		}
	}
	return first
}

// count takes the number of values, which only types that may have several state.
func (c *cursor) count(kind, base uint16) uint32 {
	if !variable(base) && kind == base {
		return 1
	}
	n := c.uint32()
	if !variable(base) && fixedSize(base) == 0 {
		return min(n, 1) // values without bytes: nothing but the number would end them
	}
	return n
}

// size takes the length of one value, which only types of varying length state.
func (c *cursor) size(base uint16) uint32 {
	if variable(base) {
		return c.uint32()
	}
	return fixedSize(base)
}

func variable(base uint16) bool {
	return base == typeString || base == typeUnicode || base == typeBinary || base == typeObject
}

// fixedSize is the length of a value of a type without a length of its own.
func fixedSize(kind uint16) uint32 {
	switch kind {
	case 0x05, 0x06, 0x07, 0x14, 0x40:
		return 8
	case 0x48:
		return 16
	case 0x01:
		return 0
	}
	return 4
}
