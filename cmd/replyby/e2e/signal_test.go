package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// A command that waits for something else than the first Ctrl-C, here for a mail on standard input, ends at the next.
func TestSecondInterrupt(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Getenv(programVar), "explain", "one.eml", "-")
	cmd.Dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(cmd.Dir, "one.eml"), []byte("Subject: one\r\n\r\none\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mail, err := cmd.StdinPipe() // stays open
	if err != nil {
		t.Fatal(err)
	}
	defer mail.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil { // it is past its beginning, where one signal would do
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = cmd.Wait() }()
	defer func() { _ = cmd.Process.Kill(); <-ended }()
	eventually(t, "interrupts end the program", func() bool {
		_ = cmd.Process.Signal(syscall.SIGINT) // fails once it has ended
		select {
		case <-ended:
			return true
		default:
			return false
		}
	})
	if s, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || s.Signal() != syscall.SIGINT {
		t.Errorf("it ended with %v", cmd.ProcessState)
	}
}
