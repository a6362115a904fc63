package datafile

import (
	"encoding/binary"
	"fmt"
	"io"

	"replyby/store"
)

// Layout of a page of bbolt, in the byte order of every machine we run on: id, flags, count and overflow in 16 bytes, then elements of
// 16 bytes each, which say where their key and value are. A header page has magic, version, page size, flags, root, sequence, free
// list, high water mark, transaction and checksum instead.
const (
	pageHead  = 16
	elemSize  = 16
	isBranch  = 0x01
	isLeaf    = 0x02
	isFree    = 0x10
	hasBucket = 0x01 // of an element of a leaf: its value is a bucket, the root's number first
	noList    = ^uint64(0)
)

// tree follows every reference between pages. bbolt's own check trusts them: one that leads nowhere, or round in a circle, would end
// the program.
type tree struct {
	file io.ReaderAt
	size int
	high uint64
	seen map[uint64]bool
}

// followPages returns the first reference that cannot be right, as [store.ErrDamaged]. txid says which of the two headers counts.
func followPages(file io.ReaderAt, pageSize int, txid uint64) error {
	for n := range 2 {
		b := make([]byte, pageSize)
		if _, err := file.ReadAt(b, int64(n*pageSize)); err != nil {
			return fmt.Errorf("read header page %d: %w", n, err)
		}
		meta := b[pageHead:]
		if binary.LittleEndian.Uint64(meta[48:]) != txid {
			continue
		}
		t := &tree{file: file, size: pageSize, high: binary.LittleEndian.Uint64(meta[40:]), seen: map[uint64]bool{}}
		if list := binary.LittleEndian.Uint64(meta[32:]); list != noList {
			if _, err := t.page(list, isFree); err != nil {
				return err
			}
		}
		return t.follow(binary.LittleEndian.Uint64(meta[16:]))
	}
	return fmt.Errorf("%w: no header page of transaction %d", store.ErrDamaged, txid)
}

// page reads a page with its overflow, once.
func (t *tree) page(id uint64, flags uint16) ([]byte, error) {
	if id < 2 || id >= t.high || t.seen[id] {
		return nil, fmt.Errorf("%w: page %d is referred to twice or does not exist", store.ErrDamaged, id)
	}
	t.seen[id] = true
	head := make([]byte, pageHead)
	if _, err := t.file.ReadAt(head, int64(id)*int64(t.size)); err != nil {
		return nil, fmt.Errorf("read page %d: %w", id, err)
	}
	more := uint64(binary.LittleEndian.Uint32(head[12:]))
	if binary.LittleEndian.Uint64(head) != id || binary.LittleEndian.Uint16(head[8:])&flags == 0 || id+more >= t.high {
		return nil, fmt.Errorf("%w: page %d is not what it should be", store.ErrDamaged, id)
	}
	b := make([]byte, (1+int(more))*t.size)
	if _, err := t.file.ReadAt(b, int64(id)*int64(t.size)); err != nil {
		return nil, fmt.Errorf("read page %d: %w", id, err)
	}
	return b, nil
}

// follow walks what a page refers to.
func (t *tree) follow(id uint64) error {
	b, err := t.page(id, isBranch|isLeaf)
	if err != nil {
		return err
	}
	leaf := binary.LittleEndian.Uint16(b[8:])&isLeaf != 0
	for i := range int(binary.LittleEndian.Uint16(b[10:])) {
		to, err := reference(b, pageHead+i*elemSize, leaf)
		if err == nil && to != 0 {
			err = t.follow(to)
		}
		if err != nil {
			return fmt.Errorf("page %d: %w", id, err)
		}
	}
	return nil
}

// reference returns the page that the element of a page at an offset leads to, 0 when it leads to none.
func reference(b []byte, at int, leaf bool) (uint64, error) {
	if at+elemSize > len(b) {
		return 0, fmt.Errorf("%w: more rows than it has room for", store.ErrDamaged)
	}
	word := func(n int) uint64 { return uint64(binary.LittleEndian.Uint32(b[at+4*n:])) }
	if !leaf {
		if uint64(at)+word(0)+word(1) > uint64(len(b)) {
			return 0, fmt.Errorf("%w: a key beyond its end", store.ErrDamaged)
		}
		return binary.LittleEndian.Uint64(b[at+8:]), nil
	}
	value := uint64(at) + word(1) + word(2)
	switch {
	case value+word(3) > uint64(len(b)):
		return 0, fmt.Errorf("%w: a row beyond its end", store.ErrDamaged)
	case word(0)&hasBucket == 0:
		return 0, nil
	case word(3) < pageHead:
		return 0, fmt.Errorf("%w: a bucket without a root", store.ErrDamaged)
	}
	root := binary.LittleEndian.Uint64(b[value:])
	if root == 0 && !soundInline(b[value+pageHead:value+word(3)]) {
		return 0, fmt.Errorf("%w: a small bucket that is not what it should be", store.ErrDamaged)
	}
	return root, nil
}

// soundInline reports whether the page of a small bucket, which stands where others have only their root's number, is a leaf with room for
// its rows. Taken for a branch it would lead to itself.
func soundInline(page []byte) bool {
	if len(page) < pageHead || binary.LittleEndian.Uint16(page[8:]) != isLeaf {
		return false
	}
	return pageHead+elemSize*int(binary.LittleEndian.Uint16(page[10:])) <= len(page)
}
