//go:build !linux

package datafile

// advise is for kernels that count mapped pages as memory of the program, and whose way to say so we have tried.
func advise(uintptr, int64) {}

// mapped is little where nothing can be given back.
func mapped() (octets int64, known bool) { return 0, true }
