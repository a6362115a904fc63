package datafile

import "syscall"

// advise tells the kernel that mapped pages are not needed now; they stay in its cache.
func advise(at uintptr, length int64) {
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, at, uintptr(length), syscall.MADV_DONTNEED) // where it is refused, nothing is lost
}
