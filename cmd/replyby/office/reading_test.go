package office

import (
	"sync"
	"sync/atomic"
	"testing"
)

// Everything is read once, and nothing at all while one mail is read alone.
func TestReading(t *testing.T) {
	var r reading
	var now atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			read := make([]int, 100)
			r.parallel(len(read), func(i int) {
				now.Add(1)
				read[i]++ // two at once would be a race
				now.Add(-1)
			})
			for i, n := range read {
				if n != 1 {
					t.Errorf("%d was read %d times", i, n)
				}
			}
		})
		all.Go(func() {
			_ = r.exclusive(func() error {
				if n := now.Load(); n != 0 {
					t.Errorf("%d are read together while one is read alone", n)
				}
				return nil
			})
		})
	}
	all.Wait()
}
