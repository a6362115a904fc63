package bolt

import (
	"context"
	"encoding/binary"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/ticket"
)

// chunkSize bounds one value: bbolt needs the pages of a value in one run.
const chunkSize = 1 << 20

// PutRaw implements [store.Store]. It is synced like a commit: bbolt cannot leave a sync out without risking the file.
func (s *Store) PutRaw(ctx context.Context, raws ...[]byte) ([]store.Raw, error) {
	if len(raws) == 0 {
		return nil, ctx.Err()
	}
	out := make([]store.Raw, 0, len(raws))
	err := s.write(ctx, func(tx *bbolt.Tx) error {
		for _, raw := range raws {
			r, err := putRaw(tx, raw)
			if err != nil {
				return fmt.Errorf("put raw message %s: %w", r.Hash, err)
			}
			out = append(out, r)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func putRaw(tx *bbolt.Tx, raw []byte) (store.Raw, error) {
	hash := ticket.Sum(raw)
	if err := putChunks(tx.Bucket([]byte(bucketRaw)), hash[:], raw); err != nil {
		return store.Raw{Hash: hash}, err
	}
	b := tx.Bucket([]byte(bucketAttempt))
	v, err := get(b, hash[:])
	if err != nil {
		return store.Raw{Hash: hash}, err
	}
	a, err := unpackAttempts(v)
	if err != nil {
		return store.Raw{Hash: hash}, err
	}
	a.count++
	return store.Raw{Hash: hash, Attempts: int(a.count), Kept: a.kept}, put(b, hash[:], a.pack())
}

// keep ends the counting of attempts for a message that was dealt with.
func keep(tx *bbolt.Tx, hash ticket.Hash) error {
	return put(tx.Bucket([]byte(bucketAttempt)), hash[:], attempts{kept: true}.pack())
}

// Raw implements [store.Store].
func (s *Store) Raw(ctx context.Context, hash ticket.Hash) (raw []byte, err error) {
	err = s.read(ctx, func(tx *bbolt.Tx) error {
		raw, err = getChunks(tx.Bucket([]byte(bucketRaw)), hash[:])
		return err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("raw message %s: %w", hash, err)
	case raw == nil:
		return nil, fmt.Errorf("raw message %s: %w", hash, store.ErrNotFound)
	case ticket.Sum(raw) != hash:
		return nil, fmt.Errorf("raw message %s: %w: other bytes", hash, store.ErrDamaged)
	}
	return raw, nil
}

// putChunks writes bytes under key, unless they are there. An empty message has one empty chunk.
func putChunks(b *bbolt.Bucket, key, data []byte) error {
	if b.Get(chunkKey(key, 0)) != nil {
		return nil
	}
	for i := uint32(0); ; i++ {
		n := min(len(data), chunkSize)
		if err := put(b, chunkKey(key, i), data[:n]); err != nil {
			return err
		}
		if data = data[n:]; len(data) == 0 {
			return nil
		}
	}
}

// getChunks returns a copy of what was put under key, nil when nothing was.
func getChunks(b *bbolt.Bucket, key []byte) ([]byte, error) {
	var data []byte
	for i := uint32(0); ; i++ {
		v, err := get(b, chunkKey(key, i))
		if err != nil || v == nil {
			return data, err
		}
		if data == nil {
			data = make([]byte, 0, len(v))
		}
		data = append(data, v...)
	}
}

func deleteChunks(b *bbolt.Bucket, key []byte) error {
	for i := uint32(0); ; i++ {
		k := chunkKey(key, i)
		if b.Get(k) == nil {
			return nil
		}
		if err := b.Delete(k); err != nil {
			return fmt.Errorf("delete: %w", err)
		}
	}
}

func chunkKey(key []byte, i uint32) []byte {
	return binary.BigEndian.AppendUint32(append(make([]byte, 0, len(key)+4), key...), i)
}
