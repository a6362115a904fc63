package outbox

import (
	"bytes"
	"errors"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"replyby/store/bolt/chunks"
	"replyby/store/bolt/rows"
)

// Check reports what is wrong: rows that do not match their checksum, letters without their bytes or their places, and
// places or bytes without a letter. It calls each for every row, with nil when the row is right, and stops when each
// returns an error.
func (b Box) Check(each func(error) error) error {
	listed := map[*bbolt.Bucket]int{}
	err := rows.Walk(b.letters, func(key, _ []byte, damage error) error {
		if damage != nil {
			return each(damage)
		}
		l, _, err := b.get(key)
		if err != nil {
			return each(err)
		}
		_, err = b.body(l)
		places := []*bbolt.Bucket{b.ready}
		if l.Sending {
			places = append(places, b.sending)
		}
		for _, in := range places {
			listed[in]++
			if at, damage := rows.Get(in, l.place()); damage != nil || !bytes.Equal(at, key) {
				err = errors.Join(err, fmt.Errorf("letter %s is not in its place", l.ID))
			}
		}
		return each(err)
	})
	if err != nil {
		return err
	}
	for _, in := range []*bbolt.Bucket{b.ready, b.sending} {
		if err := checkCount(in, listed[in], each); err != nil {
			return err
		}
	}
	return b.checkBytes(each)
}

func checkCount(in *bbolt.Bucket, want int, each func(error) error) error {
	n := 0
	err := rows.Walk(in, func(_, _ []byte, damage error) error {
		n++
		return each(damage)
	})
	if err != nil || n == want {
		return err
	}
	return each(fmt.Errorf("%d places for %d letters", n, want))
}

func (b Box) checkBytes(each func(error) error) error {
	return rows.Walk(b.bytes, func(row, _ []byte, damage error) error {
		if key, _ := chunks.Of(row); !rows.Has(b.letters, key) {
			damage = errors.Join(damage, errors.New("bytes of a letter that is not there"))
		}
		return each(damage)
	})
}
