package desk_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"replyby/desk"
	"replyby/store"
)

// weighed is a store that notes how much is in use when something is committed.
type weighed struct {
	store.Store
	most *uint64
}

// Commit implements store.Store.
func (w weighed) Commit(ctx context.Context, changes ...store.Change) error {
	err := w.Store.Commit(ctx, changes...)
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	*w.most = max(*w.most, m.HeapAlloc)
	runtime.KeepAlive(changes)
	return err
}

// After a stop over every deadline the steps of all requests are taken: what is in use meanwhile, beyond what was before.
func BenchmarkLate(b *testing.B) {
	for _, n := range []int{500, 1000, 2000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := play(b, agency(b))
			s.tick()
			for range n / 100 {
				s.takesIn(100, s.now)
			}
			var before runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			most := before.HeapAlloc
			late := s.hireAt(s.cfg, weighed{s.store, &most})
			s.at("2026-11-27 10:00")
			b.ResetTimer()
			if err := late.Tick(b.Context(), desk.Moment{Now: s.now, Alive: s.alive}); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(most-before.HeapAlloc)/1e6, "MB")
		})
	}
}
