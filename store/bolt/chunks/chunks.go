// Package chunks keeps bytes of any length under a key, in rows of at most a mebibyte: bbolt needs the pages of a value in one run.
package chunks

import (
	"encoding/binary"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store/bolt/rows"
)

// size is how many bytes one row has.
const size = 1 << 20

// Put adds bytes of any length under key, those of them that are not there yet. No bytes are one empty chunk.
func Put(b *bbolt.Bucket, key, data []byte) error { return PutPart(b, key, data, 0, len(data)) }

// PutPart adds the chunks of data that begin at or after one octet and before another: where data is long, so that a transaction need not
// hold all of it.
func PutPart(b *bbolt.Bucket, key, data []byte, from, to int) error {
	for at := (from + size - 1) / size * size; at < min(to, len(data)) || at == 0; at += size {
		k := place(key, uint32(at/size))
		if rows.Has(b, k) {
			continue
		}
		if _, err := b.NextSequence(); err != nil {
			return fmt.Errorf("count a chunk: %w", err)
		}
		if err := rows.Put(b, k, data[at:min(at+size, len(data))]); err != nil {
			return err
		}
	}
	return nil
}

// Get returns a copy of what was put under key, nil when nothing was.
func Get(b *bbolt.Bucket, key []byte) ([]byte, error) {
	var data []byte
	for i := uint32(0); ; i++ {
		v, err := rows.Get(b, place(key, i))
		if err != nil || v == nil {
			return data, err
		}
		if data == nil {
			data = make([]byte, 0, len(v))
		}
		data = append(data, v...)
	}
}

// Delete takes away what was put under key.
func Delete(b *bbolt.Bucket, key []byte) error {
	for i := uint32(0); ; i++ {
		k := place(key, i)
		if !rows.Has(b, k) {
			return nil
		}
		if err := errors.Join(rows.Delete(b, k), b.SetSequence(max(b.Sequence(), 1)-1)); err != nil {
			return err
		}
	}
}

// Of splits the key of a row that Put wrote.
func Of(row []byte) (key []byte, i uint32) {
	n := len(row) - 4
	return row[:n:n], binary.BigEndian.Uint32(row[n:])
}

func place(key []byte, i uint32) []byte {
	return binary.BigEndian.AppendUint32(append(make([]byte, 0, len(key)+4), key...), i)
}
