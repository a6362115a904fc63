package datafile

import (
	"os"
	"syscall"
)

// syncData makes what was written to a file durable, and leaves its times to the kernel.
func syncData(f *os.File) error {
	if err := syscall.Fdatasync(int(f.Fd())); err != nil {
		return os.NewSyscallError("fdatasync", err)
	}
	return nil
}
