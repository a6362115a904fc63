package office

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// reading coordinates the reading of mail between the desks of an office. A mail whose reading ends the program ends it for all desks, so one
// that is suspected of that is read while nothing else is.
type reading struct{ sync.RWMutex }

// parallel reads n mails on all processors but one: that one is left for the decisions on the batch before, which are made one at a time.
func (r *reading) parallel(n int, read func(i int)) {
	r.RLock()
	defer r.RUnlock()
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, max(1, runtime.GOMAXPROCS(0)-1)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				read(i)
			}
		})
	}
	all.Wait()
}

// exclusive runs f while no mail is being read by parallel.
func (r *reading) exclusive(f func() error) error {
	r.Lock()
	defer r.Unlock()
	return f()
}
