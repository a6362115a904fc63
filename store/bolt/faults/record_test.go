package faults

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// call is a system call of the story that changes what a disk holds, or a word of the story itself.
type call struct {
	name string // openat, pwrite64, write, ftruncate, fsync, fdatasync, renameat, unlinkat, linkat; said
	path string
	to   string // of renameat and linkat; what was said
	data []byte
	at   int64 // offset, or new length
	mode string
}

// recorded plays a story under strace and returns its calls inside a directory, in order.
func recorded(t *testing.T, dir string, steps int) []call {
	t.Helper()
	trace := filepath.Join(t.TempDir(), "trace")
	const watched = "openat,pwrite64,write,ftruncate,fdatasync,fsync,rename,renameat,renameat2,unlink,unlinkat,link,linkat"
	c := tell(t, dir, steps, "-y", "-xx", "-s", "16777216", "-e", "trace="+watched, "-o", trace)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("record: %v\n%s", err, out)
	}
	f, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	calls, err := parse(f, dir)
	if err != nil {
		t.Fatal(err)
	}
	return calls
}

// tell makes the command that plays a story in a process of its own, under strace where there are options for it.
func tell(t *testing.T, dir string, steps int, strace ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	words := []string{self}
	if len(strace) > 0 {
		tool, err := exec.LookPath("strace")
		if err != nil {
			t.Skip("strace is not there: apt-get install strace")
		}
		words = append(append([]string{tool, "-f", "--seccomp-bpf"}, strace...), self)
	}
	c := exec.Command(words[0], words[1:]...)
	c.Env = append(os.Environ(), storyEnv+"="+dir, fmt.Sprintf("%s=%d", stepsEnv, steps))
	return c
}

// parse reads what strace wrote. A call that another thread interrupted stands where it ended.
func parse(r io.Reader, dir string) ([]call, error) {
	var calls []call
	begun := map[string]string{}
	in := bufio.NewReaderSize(r, 1<<20)
	for {
		line, err := in.ReadString('\n')
		if err == io.EOF {
			return calls, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read trace: %w", err)
		}
		thread, words, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		words = strings.TrimLeft(words, " ")
		if start, cut := strings.CutSuffix(words, " <unfinished ...>"); cut {
			begun[thread] = start
			continue
		}
		if strings.HasPrefix(words, "<... ") {
			_, rest, _ := strings.Cut(words, " resumed>")
			words = begun[thread] + rest
		}
		name, args, _ := strings.Cut(words, "(")
		end := strings.LastIndex(args, ") ")
		if end < 0 || strings.Contains(args[end:], "= -") {
			continue // a signal, an end, a call that failed
		}
		c, err := understand(name, args[:end])
		if err != nil {
			return nil, err
		}
		if c.name == "said" || c.path == dir || strings.HasPrefix(c.path, dir+"/") {
			calls = append(calls, c)
		}
	}
}

// understand reads the arguments of one call.
func understand(name, args string) (call, error) {
	c := call{name: strings.TrimSuffix(strings.TrimSuffix(name, "2"), "at")}
	if name == "openat" {
		c.name = name
	}
	var texts [][]byte
	for i, part := range strings.Split(args, `"`) {
		if i%2 == 0 {
			continue
		}
		b, err := unescape(part)
		if err != nil {
			return c, err
		}
		texts = append(texts, b)
	}
	if _, named, ok := strings.Cut(args, "<"); ok {
		named, _, _ = strings.Cut(named, ">")
		if b, err := unescape(named); err == nil {
			c.path = string(b)
		}
	}
	switch c.name {
	case "openat":
		c.path, c.mode = string(texts[0]), args[strings.LastIndex(args, `"`):]
	case "rename", "link":
		c.path, c.to = string(texts[0]), string(texts[1])
	case "unlink":
		c.path = string(texts[0])
	case "write", "pwrite64":
		c.data = texts[0]
		if word, ok := bytes.CutPrefix(c.data, []byte(sayMark)); ok {
			return call{name: "said", to: strings.TrimSpace(string(word))}, nil
		}
		if c.name == "pwrite64" {
			return c, number(args, &c.at)
		}
	case "ftruncate":
		return c, number(args, &c.at)
	}
	return c, nil
}

// number reads the last argument.
func number(args string, to *int64) (err error) {
	*to, err = strconv.ParseInt(strings.TrimSpace(args[strings.LastIndex(args, ",")+1:]), 10, 64)
	if err != nil {
		return fmt.Errorf("read trace: %w", err)
	}
	return nil
}

// unescape reads bytes written as \x00\x01.
func unescape(s string) ([]byte, error) {
	b, err := hex.DecodeString(strings.ReplaceAll(s, `\x`, ""))
	if err != nil {
		return nil, fmt.Errorf("read trace: %w", err)
	}
	return b, nil
}
