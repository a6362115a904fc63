// Package blank copies a file of bbolt without what stands in its free pages. Rows that were deleted stay there until the page is used
// again, and a copy has no use for them.
//
// It promises that all other pages come out as they go in. It trusts the list of free pages as far as bbolt itself does; where that cannot
// be read, nothing is left out.
package blank

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"slices"

	bbolt "go.etcd.io/bbolt"
)

// Layout of a page of bbolt, see package datafile. The number of free pages stands in front of them where the page's own count is too
// small for it.
const (
	pageHead = 16
	isFree   = 0x10
	manyFree = 0xFFFF
	maxPage  = 1 << 16
)

// Copy writes the file as a transaction sees it.
func Copy(to io.Writer, tx *bbolt.Tx) (int64, error) {
	file, err := os.Open(tx.DB().Path())
	if err != nil {
		return 0, err
	}
	defer file.Close()
	return tx.WriteTo(New(to, file))
}

// Writer passes a file on, from its first byte to its last.
type Writer struct {
	to   io.Writer
	from io.ReaderAt // the file, in which the list of free pages lies somewhere
	at   int64       // how much has come
	size int64       // of a page; 0 as long as nothing came
	free []uint64    // pages, in order
}

// New returns a writer to which the file must be written, its first page in one piece.
func New(to io.Writer, from io.ReaderAt) *Writer { return &Writer{to: to, from: from} }

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (int, error) {
	if w.at == 0 {
		w.begin(p)
	}
	if len(w.free) > 0 {
		p = w.blanked(p)
	}
	n, err := w.to.Write(p)
	w.at += int64(n)
	return n, err
}

// begin reads in the header of the file where the list of free pages is.
func (w *Writer) begin(header []byte) {
	if len(header) < pageHead+56 {
		return
	}
	h, meta := binary.LittleEndian, header[pageHead:]
	size, list, high := h.Uint32(meta[8:]), h.Uint64(meta[32:]), h.Uint64(meta[40:])
	if size < pageHead || size > maxPage || list < 2 || list >= high {
		return
	}
	w.size = int64(size)
	head := make([]byte, pageHead+8)
	if _, err := w.from.ReadAt(head, int64(list)*w.size); err != nil || h.Uint64(head) != list || h.Uint16(head[8:])&isFree == 0 {
		return
	}
	n, first, room := uint64(h.Uint16(head[10:])), int64(pageHead), w.size*(1+int64(h.Uint32(head[12:])))
	if n == manyFree {
		n, first = h.Uint64(head[pageHead:]), pageHead+8
	}
	if n > high || first+8*int64(n) > room {
		return
	}
	w.list(list, first, make([]byte, 8*n), high)
}

// list reads the numbers of free pages, all of them or none.
func (w *Writer) list(page uint64, first int64, ids []byte, high uint64) {
	if _, err := w.from.ReadAt(ids, int64(page)*w.size+first); err != nil {
		return
	}
	free := make([]uint64, 0, len(ids)/8)
	for last := uint64(1); len(ids) > 0; ids = ids[8:] {
		id := binary.LittleEndian.Uint64(ids)
		if id <= last || id >= high || id == page {
			return
		}
		last, free = id, append(free, id)
	}
	w.free = free
}

// blanked returns the next bytes of the file, zero where they are of free pages.
func (w *Writer) blanked(p []byte) []byte {
	out := bytes.Clone(p)
	for i := int64(0); i < int64(len(p)); {
		page := (w.at + i) / w.size
		end := min((page+1)*w.size-w.at, int64(len(p)))
		if _, is := slices.BinarySearch(w.free, uint64(page)); is {
			clear(out[i:end])
		}
		i = end
	}
	return out
}
