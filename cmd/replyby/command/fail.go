package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"

	"replyby/config/strict"
)

// Fail prints an error the way all commands do, one line and what to do about it, and returns code. Where somebody interrupted the command
// it says that alone: whatever broke then broke for that reason.
func (e *Env) Fail(code int, err error) int {
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	line, _, _ := strings.Cut(relative(err.Error(), e.Dir), "\n")
	fmt.Fprintln(e.Stderr, Printable("replyby: "+line))
	if hint := Hint(err); hint != "" {
		fmt.Fprintln(e.Stderr, Printable("hint: "+relative(hint, e.Dir)))
	}
	return code
}

type hintedError struct {
	error
	hint string
}

func (h hintedError) Hint() string  { return h.hint }
func (h hintedError) Unwrap() error { return h.error }

// Hinted adds to an error what to do about it.
func Hinted(err error, hint string) error { return hintedError{err, hint} }

// Hint is what an error says to do about it, "" if nothing.
func Hint(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return hintOfSystem(err)
}

// hintOfSystem is what to do about an error of the system that any command may meet.
func hintOfSystem(err error) string {
	var at *fs.PathError
	switch {
	case errors.Is(err, syscall.EROFS):
		return "the disk is mounted read-only; name a folder that can be written as data_dir"
	case errors.Is(err, syscall.ENOSPC):
		return "the disk is full; what was written before is kept"
	case errors.Is(err, fs.ErrPermission) && errors.As(err, &at):
		return "run it as the user who owns " + filepath.Dir(at.Path)
	}
	return ""
}

// UnknownWord is the error of a flag whose value is none of those known, with the nearest one for a hint.
func UnknownWord(flag, word string, known []string) error {
	hint := "known: " + strings.Join(known, ", ")
	if near := strict.Nearest(word, known); near != "" {
		hint = "did you mean " + near + "?"
	}
	return Hinted(fmt.Errorf("-%s %q is not known", flag, word), hint)
}

// Problem is the first problem of a configuration, and what to do about it, without its line, which means nothing to somebody who typed
// flags.
func Problem(err error) (text, hint string) {
	text, rest, _ := strings.Cut(err.Error(), "\n")
	if _, bare, ok := strings.Cut(text, ": "); ok {
		text = bare
	}
	if next, _, _ := strings.Cut(rest, "\n"); strings.HasPrefix(next, "hint: ") {
		hint = strings.TrimPrefix(next, "hint: ")
	}
	return text, hint
}
