package imapwatch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

const (
	firstPause   = time.Second
	longestPause = time.Minute      // for an ordinary loss of connection
	patientPause = 15 * time.Minute // where trying sooner makes it worse
	steady       = time.Minute      // a session this long starts the pauses anew

	// A mail on which the connection broke this often while it was fetched
	// alone is read no further than its header, then not at all.
	strikesWhole  = 5
	strikesHeader = 8
)

// Run watches until ctx ends and returns nil then, or at once with an error
// wrapping ErrConfig. After every other trouble it waits, longer each time and
// never exactly as long as another watcher would, and connects again.
func (w *Watcher) Run(ctx context.Context) error {
	if err := w.cfg.Check(); err != nil {
		return err
	}
	for failures := 1; ; failures++ {
		began := time.Now()
		secret, err := w.once(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if time.Since(began) >= steady {
			failures = 1
		}
		pause := w.pause(ctx, err, failures, secret)
		w.trouble(err)
		w.log.Warn("imap connection ended", "server", w.cfg.Addr, "error", err, "again_in", pause.Round(time.Second))
		if !sleep(ctx, pause) {
			return nil
		}
	}
}

// once lives through one connection and returns the secret it used and why it
// ended.
func (w *Watcher) once(ctx context.Context) (secret string, err error) {
	secret, err = w.cfg.Secret(ctx)
	if err != nil {
		return "", fmt.Errorf("get the secret of %s: %w", w.cfg.Username, err)
	}
	s, err := w.begin(ctx, secret)
	if err != nil {
		return secret, err
	}
	defer s.close()
	w.log.Info("imap connected", "server", w.cfg.Addr, "user", w.cfg.Username)
	return secret, s.watch(ctx)
}

// pause is how long to stay away after err. A refused secret is tried again
// soon only when it has changed, and never oftener than triesAllowed.
func (w *Watcher) pause(ctx context.Context, err error, failures int, used string) time.Duration {
	now := time.Now()
	longest := longestPause
	switch {
	case errors.Is(err, ErrRefused):
		w.refused.add(now)
		pause := triesPause
		if fresh, err := w.cfg.Secret(ctx); err == nil && fresh != used {
			pause = jitter(firstPause)
		}
		return max(pause, w.refused.wait(now))
	case errors.Is(err, ErrBusy), errors.Is(err, ErrServer):
		longest = patientPause
	}
	pause := longest
	if failures < 20 { // beyond that the shift is longer than any pause
		pause = min(firstPause<<(failures-1), longest)
	}
	return jitter(pause)
}

// jitter is between half of d and d.
func jitter(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }

// sleep reports false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// contact notes a completed command.
func (w *Watcher) contact(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status.LastContact = at
}

// healthy notes that all folders were looked at.
func (w *Watcher) healthy() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status.Connected, w.status.LastError, w.status.Since = true, "", time.Time{}
}

// trouble notes the end of a connection.
func (w *Watcher) trouble(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status.Connected, w.status.LastError = false, err.Error()
	if w.status.Since.IsZero() {
		w.status.Since = time.Now()
	}
}

func (w *Watcher) noteCursor(name string, c Cursor) {
	w.eachFolder(name, func(f *FolderStatus) { f.Cursor = c })
}

// noteFolder notes whether a folder could be read, and says so when that
// changes.
func (w *Watcher) noteFolder(name string, err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	w.eachFolder(name, func(f *FolderStatus) {
		if f.Error != text && err != nil {
			w.log.Error("imap folder cannot be read, the others go on", "folder", name, "error", err)
		}
		f.Error = text
	})
}

func (w *Watcher) eachFolder(name string, note func(*FolderStatus)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.status.Folders {
		if w.status.Folders[i].Name == name {
			note(&w.status.Folders[i])
		}
	}
}

// doubt remembers, across connections, where the fetching of mail broke them,
// so that one mail which the server cannot give does not hold up the rest.
type doubt struct {
	validity uint32
	upTo     uint32 // up to this UID mails are fetched one by one
	uid      uint32 // the mail the connection broke on when fetched alone
	strikes  int    // how often
}

// doubt returns what is held against the mails of a folder.
func (w *Watcher) doubt(f folder) *doubt {
	d := w.doubts[f.name]
	if d == nil || d.validity != f.validity {
		d = &doubt{validity: f.validity}
		w.doubts[f.name] = d
	}
	return d
}

// suspect notes that fetching the group broke the connection.
func (w *Watcher) suspect(f folder, group []entry) {
	d := w.doubt(f)
	last := group[len(group)-1].uid
	d.upTo = max(d.upTo, last)
	if len(group) > 1 {
		return
	}
	if d.uid != last {
		d.uid, d.strikes = last, 0
	}
	d.strikes++
}

// verdict is how much of a mail to ask for.
func (d *doubt) verdict(uid uint32) how {
	switch {
	case uid != d.uid || d.strikes < strikesWhole:
		return whole
	case d.strikes < strikesHeader:
		return rescue
	}
	return husk
}
