package office

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"replyby/desk"
)

const (
	aliveFile = "alive"
	aliveHead = "The time of this file is when replyby last worked here. What does not work stands below.\n"
)

// NotYet is what is said of a desk whose mailbox nobody has looked at since the start.
const NotYet = "not known yet: the mailbox has not been looked at since the start"

// Starting begins what is said before anything of that is known: a start may read all tickets anew.
const Starting = "serve is starting, since "

// firstLook is how long the start waits for the first look at a mailbox, to say what it showed.
const firstLook = time.Minute

// notYet reports whether a mailbox has not been looked at since the start, and nothing says why. One that is being read for long is no trouble.
func (f *Office) notYet(w *worked) bool {
	in := w.watcher.Status()
	return !in.Connected && in.LastError == "" && time.Since(f.began) < firstLook
}

// firstLooks waits until every mailbox has been looked at, or that has failed, and writes down what it showed: a monitor need not wait for the next beat.
func (f *Office) firstLooks(ctx context.Context) error {
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for slices.ContainsFunc(f.desks, f.notYet) {
		select {
		case <-ctx.Done():
			return nil
		case <-again.C:
		}
	}
	known := slices.DeleteFunc(slices.Clone(f.sick), func(s string) bool { return strings.HasSuffix(s, NotYet) })
	if f.alive.Before(f.began) || len(known) == len(f.sick) {
		return nil // no beat counted, or it knew all
	}
	for _, w := range f.desks {
		for _, s := range symptoms(w.plan.Desk.Name, w.health()) {
			if !slices.Contains(known, s) {
				known = append(known, s)
			}
		}
	}
	return f.noteAlive(f.alive, known)
}

// lastAlive is when a program last worked on this folder; zero if never.
func lastAlive(dir string) time.Time {
	info, err := os.Stat(filepath.Join(dir, aliveFile))
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// Alive says when a program last worked on a folder, zero if never, and what did not work then, one line for each trouble.
func Alive(dir string) (at time.Time, sick []string, err error) {
	b, err := os.ReadFile(filepath.Join(dir, aliveFile))
	if errors.Is(err, fs.ErrNotExist) {
		return at, nil, nil
	}
	if err != nil {
		return at, nil, fmt.Errorf("read whether the program lives: %w", err)
	}
	_, rest, _ := strings.Cut(string(b), "\n")
	for line := range strings.Lines(rest) {
		sick = append(sick, strings.TrimSpace(line))
	}
	return lastAlive(dir), sick, nil
}

// symptoms are the troubles of a desk, a line each. A way out that is broken cannot be told by mail, so a monitor has to look here.
func symptoms(name string, h desk.Health) []string {
	var sick []string
	say := func(what, trouble string) {
		if trouble != "" {
			sick = append(sick, symptom(name, what, trouble))
		}
	}
	say("cannot send", h.SendTrouble)
	say("cannot read", h.ReadTrouble)
	for _, trouble := range h.FolderTrouble {
		say("cannot read", trouble)
	}
	for _, trouble := range h.Harmed {
		say("the database is harmed", trouble)
	}
	return sick
}

// symptom is one trouble of a desk, in a line.
func symptom(name, what, trouble string) string {
	return name + ": " + what + ": " + strings.Join(strings.Fields(trouble), " ")
}

// noteAlive writes down that the program lives, and what does not work: the start after an outage says from when to when nothing was
// watched, and a monitor reads both. Only news are written: where the disk is full the time alone can still be set.
func (f *Office) noteAlive(now time.Time, sick []string) error {
	name := filepath.Join(f.dir, aliveFile)
	text := aliveHead
	for _, s := range sick {
		text += s + "\n"
	}
	if text != f.noted {
		if err := replace(name, text, now); err != nil {
			f.log.Warn("cannot note what does not work", "file", name, "error", err)
		} else {
			f.noted = text
		}
	}
	if err := os.Chtimes(name, now, now); err != nil {
		return fmt.Errorf("note that the program lives: %w", err)
	}
	return nil
}

// noteStarting writes down, where a program worked before, that this one is about to: a monitor would read what that one left, such as that it
// was stopped. what is said of how far it is, if anything.
func (f *Office) noteStarting(what string) {
	if !f.starts.IsZero() {
		f.leave(Starting + f.starts.UTC().Format(time.RFC3339) + what)
	}
}

// noteStopped writes down that the program does not work any more: who stops it has not to wait until its silence says so.
func (f *Office) noteStopped() {
	if f.noted != "" { // else it neither worked nor began to
		f.leave("serve was stopped")
	}
}

// leave writes down what a monitor is to read while no beat counts. The time stays that of the last beat.
func (f *Office) leave(said string) {
	name := filepath.Join(f.dir, aliveFile)
	if f.alive.IsZero() { // it never worked
		return
	}
	text := aliveHead + said + "\n"
	if err := replace(name, text, f.alive); err != nil {
		f.log.Warn("cannot note what the program does", "file", name, "note", said, "error", err)
		return
	}
	f.noted = text
}

// replace writes a file anew, whole or not at all, and as if at a time: who ends the program between the two would hide how long nothing was watched.
func replace(name, text string, at time.Time) error {
	err := os.WriteFile(name+".new", []byte(text), 0o600)
	if err == nil {
		err = os.Chtimes(name+".new", at, at)
	}
	if err == nil {
		err = os.Rename(name+".new", name)
	}
	if err != nil {
		os.Remove(name + ".new")
	}
	return err
}
