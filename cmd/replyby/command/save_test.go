package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"replyby/config"
	"replyby/store"
)

// saver is a program whose one command writes a file, through serve where one runs, and fails where it is told to.
func saver() Program {
	return one(func(ctx context.Context, e *Env) int {
		fs := e.Flags()
		fail, big := fs.Bool("fail", false, ""), fs.Int("big", 1, "")
		args, code, ok := e.Parse(fs)
		if !ok {
			return code
		}
		return e.Save(args[0], func(e *Env) int {
			return e.WithStore(ctx, DefaultConfig, func(*config.File, store.Store) int {
				for i := range *big {
					fmt.Fprintf(e.Stdout, "line %d\n", i)
				}
				if *fail {
					return e.Fail(Found, fmt.Errorf("half way"))
				}
				return Good
			})
		})
	})
}

// A file that serve makes appears on the side of who asked: whole, private, and only if all went well.
func TestSave(t *testing.T) {
	dir, _ := whileServing(t, saver())
	name := filepath.Join(dir, "out.bin")
	if r := at(t, saver(), dir, "count", "-big", "20000", "out.bin"); r.Code != Good || !strings.HasPrefix(r.Out, "out.bin: ") || strings.Contains(r.Out, "line") {
		t.Fatalf("%+v", r)
	}
	whole, err := os.ReadFile(name)
	if err != nil || strings.Count(string(whole), "\n") != 20000 || !strings.HasSuffix(string(whole), "line 19999\n") {
		t.Fatalf("%d bytes, %v", len(whole), err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if r := at(t, saver(), dir, "count", "-fail", "out.bin"); r.Code != Found || !strings.Contains(r.Err, "half way") {
		t.Errorf("%+v", r)
	}
	if b, err := os.ReadFile(name); err != nil || string(b) != string(whole) {
		t.Errorf("what failed half way replaced the whole: %d bytes, %v", len(b), err)
	}
	if r := at(t, saver(), dir, "count", "no/such/folder.bin"); r.Code != Found || !strings.Contains(r.Err, "write no/such/folder.bin") {
		t.Errorf("%+v", r)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range entries {
		if strings.HasPrefix(x.Name(), ".") {
			t.Errorf("%s is left behind", x.Name())
		}
	}
}

// A folder, a device and a link such as /dev/stdout do not give way to a file, and nothing is read for one that can have no place.
func TestSaveNoFile(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "folder"), 0o700), os.Symlink(os.DevNull, filepath.Join(dir, "link"))); err != nil {
		t.Fatal(err)
	}
	p := one(func(_ context.Context, e *Env) int {
		return e.Save(e.Args[0], func(*Env) int { t.Error("the work began"); return Good })
	})
	for name, want := range map[string]string{
		"folder": "replyby: write folder: it is there, and no ordinary file\nhint: ",
		"link":   "replyby: write link: it is there, and no ordinary file\nhint: ",
		"no/x":   "replyby: write no/x: there is no folder no\nhint: ",
	} {
		if r := at(t, p, dir, "count", name); r.Code != Found || !strings.HasPrefix(r.Err, want) {
			t.Errorf("%s: %+v\nwant %s", name, r, want)
		}
	}
}

// A full disk is no success, whoever ignored the error on the way.
func TestSaveToFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here")
	}
	defer full.Close()
	o := &output{to: full}
	fmt.Fprintln(o, "lost")
	if o.err == nil {
		t.Error("the write is not remembered as failed")
	}
}
