package datafile

import bbolt "go.etcd.io/bbolt"

// easeEvery is after how many steps mapped pages are given back. Each step touches some pages, and the kernel maps the sixteen around
// every one of them.
const easeEvery = 64

// Step says, within a transaction that reads much, that another part of it is done. What was read before stays valid.
func (f *File) Step(tx *bbolt.Tx) { f.ease(tx) }

// ease gives mapped pages of the file back from time to time. They stay in the kernel's cache and come back by themselves; without this
// all of a large file would in the end be counted as memory of the program. Within a transaction the mapping does not move.
func (f *File) ease(tx *bbolt.Tx) {
	if f.steps.Add(1)%easeEvery == 0 {
		advise(f.db.Info().Data, tx.Size())
	}
}
