package datafile

import (
	"fmt"
	"os"
	"syscall"
)

// advise tells the kernel that mapped pages are not needed now; they stay in its cache.
func advise(at uintptr, length int64) {
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, at, uintptr(length), syscall.MADV_DONTNEED) // where it is refused, nothing is lost
}

// mapped is how many octets of files are in the program's memory (proc_pid_statm(5), shared); where nobody says so, it is unknown.
func mapped() (octets int64, known bool) {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	var size, resident, shared int64
	if _, err := fmt.Sscan(string(b), &size, &resident, &shared); err != nil {
		return 0, false
	}
	return shared * int64(os.Getpagesize()), true
}
