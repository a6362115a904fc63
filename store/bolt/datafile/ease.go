package datafile

import bbolt "go.etcd.io/bbolt"

// Each step touches some pages, and the kernel maps the sixteen around every one of them.
const (
	easeEvery = 32      // steps between two looks at how much is mapped
	easeAt    = 6 << 20 // octets that may be mapped before they are given back
)

// Step says, within a transaction that reads much, that another part of it is done. What was read before stays valid.
func (f *File) Step(tx *bbolt.Tx) { f.ease(tx.Size(), 1) }

// ease gives mapped pages of the file back from time to time. They stay in the kernel's cache and come back by themselves; without this
// all of a large file would in the end be counted as memory of the program. To give them back takes longer than many reads, so it is
// done when there are enough of them. The mapping does not move within a transaction, nor while nobody else may write.
func (f *File) ease(size, steps int64) {
	if f.steps.Add(steps)%easeEvery >= steps {
		return
	}
	now, known := f.gauge.mapped()
	if known && now-f.rest.Load() < easeAt {
		return
	}
	advise(f.db.Info().Data, size)
	rest, _ := f.gauge.mapped() // what else the program has mapped, its own text above all
	f.rest.Store(rest)
}
