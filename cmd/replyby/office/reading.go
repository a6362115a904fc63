package office

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// reading keeps order among those who read mail of the office's desks: what ends the program while it is read would end it for all of
// them.
type reading struct{ sync.RWMutex }

// abreast reads n mails in company, one on each processor at a time but for one: that decides about the batch before meanwhile, which
// cannot be shared.
func (r *reading) abreast(n int, read func(i int)) {
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

// apart does something while nobody reads in company.
func (r *reading) apart(f func() error) error {
	r.Lock()
	defer r.Unlock()
	return f()
}
