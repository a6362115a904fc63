package bolt

import (
	"context"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/rows"
	"replyby/ticket"
)

// PutRaw implements [store.Store]. It is synced like a commit: bbolt cannot leave a sync out without risking the file.
func (s *Store) PutRaw(ctx context.Context, raws ...[]byte) ([]store.Raw, error) {
	if len(raws) == 0 {
		return nil, ctx.Err()
	}
	out := make([]store.Raw, 0, len(raws))
	err := s.in.Write(ctx, func(tx *bbolt.Tx) error {
		for _, raw := range raws {
			r, err := putRaw(tx, raw, len(raws) == 1)
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

func putRaw(tx *bbolt.Tx, raw []byte, alone bool) (store.Raw, error) {
	hash := ticket.Sum(raw)
	b := tx.Bucket([]byte(bucketAttempt))
	a, err := attemptsAt(b, hash)
	if err != nil {
		return store.Raw{Hash: hash}, err
	}
	if !a.erased {
		if err := rows.PutChunks(tx.Bucket([]byte(bucketRaw)), hash[:], raw); err != nil {
			return store.Raw{Hash: hash}, err
		}
	}
	a.count++
	if alone {
		a.alone++
	}
	return store.Raw{Hash: hash, Attempts: int(a.count), Alone: int(a.alone), Kept: a.kept}, rows.Put(b, hash[:], a.pack())
}

func attemptsAt(b *bbolt.Bucket, hash ticket.Hash) (attempts, error) {
	v, err := rows.Get(b, hash[:])
	if err != nil {
		return attempts{}, err
	}
	return unpackAttempts(v)
}

// keep ends the counting of attempts for a message that was dealt with.
func keep(tx *bbolt.Tx, hash ticket.Hash) error {
	b := tx.Bucket([]byte(bucketAttempt))
	a, err := attemptsAt(b, hash)
	if err != nil {
		return err
	}
	return rows.Put(b, hash[:], attempts{kept: true, erased: a.erased}.pack())
}

// forget takes away the bytes of a message for good.
func forget(tx *bbolt.Tx, hash ticket.Hash) error {
	if err := rows.DeleteChunks(tx.Bucket([]byte(bucketRaw)), hash[:]); err != nil {
		return err
	}
	return rows.Put(tx.Bucket([]byte(bucketAttempt)), hash[:], attempts{kept: true, erased: true}.pack())
}

// Raw implements [store.Store].
func (s *Store) Raw(ctx context.Context, hash ticket.Hash) (raw []byte, err error) {
	err = s.in.Read(ctx, func(tx *bbolt.Tx) error {
		raw, err = rows.GetChunks(tx.Bucket([]byte(bucketRaw)), hash[:])
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
