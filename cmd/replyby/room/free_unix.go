//go:build unix

package room

import (
	"fmt"
	"syscall"
)

// Free is how many octets an ordinary user may still write on the disk that dir is on.
func Free(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("ask for the free space of %s: %w", dir, err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
