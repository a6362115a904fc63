package datafile

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// advise tells the kernel that mapped pages are not needed now; they stay in its cache.
func advise(at uintptr, length int64) {
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, at, uintptr(length), syscall.MADV_DONTNEED) // where it is refused, nothing is lost
}

// gauge tells how much is mapped; kept open, since opening takes longer than asking.
type gauge struct{ statm *os.File }

func openGauge() gauge {
	f, _ := os.Open("/proc/self/statm") // where it is not there, what is mapped is unknown
	return gauge{f}
}

// mapped is how many octets of files are in the program's memory (proc_pid_statm(5), shared).
func (g gauge) mapped() (octets int64, known bool) {
	var b [128]byte
	if g.statm == nil {
		return 0, false
	}
	n, _ := g.statm.ReadAt(b[:], 0)
	words := strings.Fields(string(b[:n]))
	if len(words) < 3 {
		return 0, false
	}
	shared, err := strconv.ParseInt(words[2], 10, 64)
	return shared * int64(os.Getpagesize()), err == nil
}

func (g gauge) close() {
	if g.statm != nil {
		g.statm.Close()
	}
}
