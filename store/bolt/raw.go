package bolt

import (
	"context"
	"fmt"
	"iter"

	bbolt "go.etcd.io/bbolt"

	"replyby/store"
	"replyby/store/bolt/messages"
	"replyby/ticket"
)

// PutRaw implements [store.Store]. It is synced like a commit: bbolt cannot leave a sync out without risking the file.
func (s *Store) PutRaw(ctx context.Context, raws ...[]byte) ([]store.Raw, error) {
	if len(raws) == 0 {
		return nil, ctx.Err()
	}
	hashes := make([]ticket.Hash, len(raws)) // outside the transaction, so that others may write meanwhile
	for i, raw := range raws {
		hashes[i] = ticket.Sum(raw)
		if err := s.putAhead(ctx, hashes[i], raw); err != nil {
			return nil, err
		}
	}
	out := make([]store.Raw, 0, len(raws))
	err := s.in.Write(ctx, func(tx *bbolt.Tx) error {
		box := messages.Of(tx)
		for i, raw := range raws {
			r, err := box.Put(hashes[i], raw, len(raws) == 1)
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

// partSize is how many octets of a long message are written in one transaction, which holds them in memory three times.
const partSize = 4 << 20

// putAhead writes all but the last part of a long message, in transactions of its own. In a view it does nothing, since a view is one
// transaction.
func (s *Store) putAhead(ctx context.Context, hash ticket.Hash, raw []byte) error {
	if len(raw) <= partSize || s.around.Held != nil {
		return nil
	}
	for from := 0; from+partSize < len(raw); from += partSize {
		err := s.in.Write(ctx, func(tx *bbolt.Tx) error { return messages.Of(tx).PutPart(hash, raw, from, from+partSize) })
		if err != nil {
			return fmt.Errorf("put raw message %s: %w", hash, err)
		}
	}
	return nil
}

// Raw implements [store.Store].
func (s *Store) Raw(ctx context.Context, hash ticket.Hash) (raw []byte, err error) {
	err = s.in.Read(ctx, func(tx *bbolt.Tx) error {
		raw, err = messages.Of(tx).Get(hash)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("raw message %s: %w", hash, err)
	}
	return raw, nil
}

// Messages implements [store.Store].
func (s *Store) Messages(ctx context.Context) iter.Seq2[ticket.Hash, error] {
	return func(yield func(ticket.Hash, error) bool) {
		after, some, err := ticket.Hash{}, []ticket.Hash(nil), error(nil)
		step := func(tx *bbolt.Tx) error {
			some, err = messages.Of(tx).Kept(after, logStep)
			return err
		}
		for more := true; more; more = len(some) == logStep {
			if err := s.in.Read(ctx, step); err != nil {
				yield(ticket.Hash{}, fmt.Errorf("list the messages: %w", err))
				return
			}
			for _, after = range some {
				if !yield(after, nil) {
					return
				}
			}
		}
	}
}
