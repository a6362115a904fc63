package secret_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"replyby/config/secret"
)

func TestResolve(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	put := func(text string, mode os.FileMode) {
		if err := errors.Join(os.WriteFile(file, []byte(text), mode), os.Chmod(file, mode)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("REPLYBY_TEST_SECRET", "from env")
	for _, c := range []struct {
		s          secret.Secret
		text       string
		mode       os.FileMode
		want, fail string
	}{
		{secret.Secret{File: file}, "geheim\n", 0o644, "", "others may read it (mode 0644)"},
		{secret.Secret{File: file}, "geheim\n", 0o640, "", "others may read it"},
		{secret.Secret{File: file}, "", 0o600, "", "empty"},
		{secret.Secret{File: file}, "two\nlines\n", 0o600, "", "more than one line"},
		{secret.Secret{File: file + "x"}, "", 0o600, "", "no such file"},
		{secret.Secret{Env: "REPLYBY_TEST_UNSET"}, "", 0o600, "", "not set"},
		{secret.Secret{Command: secret.Command{"false"}}, "", 0o600, "", "exit status 1"},
		{secret.Secret{Command: secret.Command{"replyby-no-such-program"}}, "", 0o600, "", "not found"},
		{secret.Secret{}, "", 0o600, "", "from nowhere"},
		{secret.Secret{File: file}, "ge heim \r\n", 0o600, "ge heim ", ""},
		{secret.Secret{File: file}, "\ufeffgeheim\r\n", 0o600, "geheim", ""},
		{secret.Secret{Env: "REPLYBY_TEST_SECRET"}, "", 0o600, "from env", ""},
		{secret.Secret{Command: secret.Command{"echo", "a  b; $HOME"}}, "", 0o600, "a  b; $HOME", ""},
	} {
		put(c.text, c.mode)
		got, err := c.s.Resolve(context.Background())
		if got != c.want || (err == nil) != (c.fail == "") || err != nil && (!errors.Is(err, secret.Err) || !strings.Contains(err.Error(), c.fail)) {
			t.Errorf("%s: %q, %v; want %q, %s", c.s.Source(), got, err, c.want, c.fail)
		}
		if err != nil && strings.Contains(err.Error(), "geheim") {
			t.Errorf("an error tells the secret: %v", err)
		}
		if c.s.String() != "<secret>" || c.s.GoString() != "<secret>" {
			t.Errorf("prints as %v", c.s)
		}
	}
}

// A look finds what is missing and runs nothing.
func TestLook(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "ran")
	if err := (secret.Secret{Command: secret.Command{"touch", mark}}).Look(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("the command was run")
	}
	for _, s := range []secret.Secret{{Command: secret.Command{"replyby-no-such-program"}}, {File: mark}, {Env: "REPLYBY_TEST_UNSET"}, {}} {
		if err := s.Look(); !errors.Is(err, secret.Err) {
			t.Errorf("%s: %v", s.Source(), err)
		}
	}
}

// A command that waits does not outlive the question.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (secret.Secret{Command: secret.Command{"sleep", "60"}}).Resolve(ctx); !errors.Is(err, secret.Err) {
		t.Error(err)
	}
}
