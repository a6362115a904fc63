package rows

import (
	"encoding/binary"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"
)

// chunkSize bounds one value: bbolt needs the pages of a value in one run.
const chunkSize = 1 << 20

// PutChunks adds bytes of any length under key, those of them that are not there yet. No bytes are one empty chunk.
func PutChunks(b *bbolt.Bucket, key, data []byte) error { return PutPart(b, key, data, 0, len(data)) }

// PutPart adds the chunks of data that begin at or after one octet and before another: where data is long, so that a transaction need not
// hold all of it.
func PutPart(b *bbolt.Bucket, key, data []byte, from, to int) error {
	for at := (from + chunkSize - 1) / chunkSize * chunkSize; at < min(to, len(data)) || at == 0; at += chunkSize {
		k := chunkKey(key, uint32(at/chunkSize))
		if Has(b, k) {
			continue
		}
		if _, err := b.NextSequence(); err != nil {
			return fmt.Errorf("count a chunk: %w", err)
		}
		if err := Put(b, k, data[at:min(at+chunkSize, len(data))]); err != nil {
			return err
		}
	}
	return nil
}

// GetChunks returns a copy of what was put under key, nil when nothing was.
func GetChunks(b *bbolt.Bucket, key []byte) ([]byte, error) {
	var data []byte
	for i := uint32(0); ; i++ {
		v, err := Get(b, chunkKey(key, i))
		if err != nil || v == nil {
			return data, err
		}
		if data == nil {
			data = make([]byte, 0, len(v))
		}
		data = append(data, v...)
	}
}

// DeleteChunks takes away what was put under key.
func DeleteChunks(b *bbolt.Bucket, key []byte) error {
	for i := uint32(0); ; i++ {
		k := chunkKey(key, i)
		if !Has(b, k) {
			return nil
		}
		if err := errors.Join(Delete(b, k), b.SetSequence(max(b.Sequence(), 1)-1)); err != nil {
			return err
		}
	}
}

// ChunkOf splits the key of a row that PutChunks wrote.
func ChunkOf(row []byte) (key []byte, i uint32) {
	n := len(row) - 4
	return row[:n:n], binary.BigEndian.Uint32(row[n:])
}

func chunkKey(key []byte, i uint32) []byte {
	return binary.BigEndian.AppendUint32(append(make([]byte, 0, len(key)+4), key...), i)
}
