// Package secret fetches passwords and tokens from where the configuration says they are: a file, an environment variable, or
// a command. It keeps none, prints none, and repeats none in an error.
package secret

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Err is wrapped by every error about fetching a secret.
var Err = errors.New("secret")

// commandTime is how long a secret's command may take: it may ask a server for a token, not a person for a password.
const commandTime = 30 * time.Second

// Secret says where a password or token is to be had: exactly one of its fields is set. It never holds it, and prints as
// <secret>.
type Secret struct {
	File, Env string
	Command   Command
}

// Command is a program and its arguments, one item each. The arguments may hold something secret, so they are never printed.
type Command []string

// Shown hides the arguments.
func (c Command) Shown() any {
	if len(c) < 2 {
		return []any{strings.Join(c, "")}
	}
	return []any{c[0], "<secret>"}
}

func (s Secret) String() string   { return "<secret>" }
func (s Secret) GoString() string { return "<secret>" }

// Source says in words where the secret comes from.
func (s Secret) Source() string {
	switch {
	case s.File != "":
		return "file " + s.File
	case s.Env != "":
		return "environment variable " + s.Env
	case len(s.Command) > 0:
		return "command " + s.Command[0]
	}
	return "nowhere"
}

// Resolve fetches the secret: anew each time, since tokens expire and passwords change. One line end after it is dropped.
// Errors wrap Err and never hold any of it.
func (s Secret) Resolve(ctx context.Context) (string, error) {
	value, err := s.fetch(ctx)
	if err != nil {
		return "", fmt.Errorf("%w from %s: %w", Err, s.Source(), err)
	}
	text := strings.TrimSuffix(strings.TrimSuffix(string(value), "\n"), "\r")
	switch {
	case text == "":
		return "", fmt.Errorf("%w from %s: empty", Err, s.Source())
	case strings.ContainsAny(text, "\r\n\x00"):
		return "", fmt.Errorf("%w from %s: more than one line", Err, s.Source())
	}
	return text, nil
}

func (s Secret) fetch(ctx context.Context) ([]byte, error) {
	switch {
	case s.File != "":
		return s.read()
	case s.Env != "":
		value, ok := os.LookupEnv(s.Env)
		if !ok {
			return nil, errors.New("not set")
		}
		return []byte(value), nil
	default:
		return s.run(ctx)
	}
}

func (s Secret) read() ([]byte, error) {
	info, err := os.Stat(s.File)
	if err != nil {
		return nil, err
	}
	if mode := info.Mode(); mode.IsRegular() && mode.Perm()&0o077 != 0 {
		return nil, &loose{file: s.File, mode: mode.Perm()}
	}
	text, err := os.ReadFile(s.File)
	return bytes.TrimPrefix(text, []byte("\ufeff")), err // a mark that editors of Windows put there
}

// run starts the program itself, no shell: an argument is what stands between its quotes, whatever it holds.
func (s Secret) run(ctx context.Context) ([]byte, error) {
	if len(s.Command) == 0 {
		return nil, errors.New("no way to fetch it is configured")
	}
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.Command[0], s.Command[1:]...)
	cmd.WaitDelay = time.Second
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n")
		return nil, fmt.Errorf("%w: %.200s", err, line)
	}
	return out.Bytes(), nil
}

// loose is the error of a secret's file that others than its owner may read.
type loose struct {
	file string
	mode os.FileMode
}

func (e *loose) Error() string { return fmt.Sprintf("others may read it (mode %04o)", e.mode) }

// Hint says what to do.
func (e *loose) Hint() string { return "chmod 600 " + e.file }

// Look returns an error when the secret could not be fetched. It runs no command and keeps nothing.
func (s Secret) Look() error {
	if len(s.Command) == 0 {
		_, err := s.Resolve(context.Background())
		return err
	}
	if _, err := exec.LookPath(s.Command[0]); err != nil {
		return fmt.Errorf("%w from %s: %w", Err, s.Source(), err)
	}
	return nil
}
