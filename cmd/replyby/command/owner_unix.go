//go:build unix

package command

import (
	"io/fs"
	"os"
	"syscall"
)

// KeepOwner is to be called before root works on a data folder that is another user's; the function it returns, called after, gives
// that user the files made meanwhile, which a serve that runs as this user could not open else. It follows no links out of the folder and
// leaves files with a second name alone: nobody shall be given what lies elsewhere.
func KeepOwner(dir string) func() {
	if os.Geteuid() != 0 {
		return func() {}
	}
	folder, err := os.OpenRoot(dir)
	if err != nil {
		return func() {}
	}
	owner, ok := ownerOf(folder, "replyby.db")
	if !ok {
		owner, ok = ownerOf(folder, ".")
	}
	return func() {
		defer folder.Close()
		if ok && owner.Uid != 0 {
			handOver(folder, owner)
		}
	}
}

func handOver(folder *os.Root, owner *syscall.Stat_t) {
	entries, err := fs.ReadDir(folder.FS(), ".")
	if err != nil {
		return // serve says what it cannot open
	}
	for _, x := range entries {
		if has, ok := ownerOf(folder, x.Name()); ok && has.Uid == 0 && has.Nlink == 1 {
			_ = folder.Lchown(x.Name(), int(owner.Uid), int(owner.Gid)) // a file system without owners needs none
		}
	}
}

func ownerOf(folder *os.Root, name string) (*syscall.Stat_t, bool) {
	info, err := folder.Lstat(name)
	if err != nil {
		return nil, false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	return s, ok
}
