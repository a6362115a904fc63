package imapwatch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"replyby/imapwatch/link"
)

const (
	firstPause   = time.Second
	longestPause = time.Minute      // for an ordinary loss of connection
	patientPause = 15 * time.Minute // where trying sooner makes it worse
	steady       = time.Minute      // a session this long starts the pauses anew,
	steadier     = 10               // or one so many times as long as the pause before it

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
	var pause time.Duration
	for failures := 1; ; failures++ {
		secret, lived, err := w.once(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if lived >= steady || pause > 0 && lived >= steadier*pause {
			failures = 1
		}
		pause = w.pause(ctx, err, failures, secret)
		w.trouble(err)
		w.log.Warn("imap connection ended", "server", w.cfg.Addr, "error", err, "again_in", pause.Round(time.Second))
		if !w.stayAway(ctx, pause, err, secret) {
			return nil
		}
	}
}

// once lives through one connection and returns the secret it used, how long it
// was logged in, and why it ended.
func (w *Watcher) once(ctx context.Context) (secret string, lived time.Duration, err error) {
	secret, err = w.cfg.Secret(ctx)
	if err != nil {
		return "", 0, fmt.Errorf("get the secret of %s: %w", w.cfg.Username, err)
	}
	s, err := w.begin(ctx, secret)
	if err != nil {
		return secret, 0, err
	}
	defer s.Close()
	w.log.Info("imap connected", "server", w.cfg.Addr, "user", w.cfg.Username)
	began := time.Now()
	err = s.watch(ctx)
	return secret, time.Since(began), err
}

// pause is how long to stay away after err.
func (w *Watcher) pause(ctx context.Context, err error, failures int, used string) time.Duration {
	longest := longestPause
	switch {
	case errors.Is(err, ErrRefused):
		return w.pauseRefused(ctx, used)
	case errors.Is(err, ErrBusy), errors.Is(err, ErrServer):
		longest = patientPause
	}
	pause := longest
	if failures < 20 { // beyond that the shift is longer than any pause
		pause = min(firstPause<<(failures-1), longest)
	}
	return jitter(pause)
}

// pauseRefused asks for the secret once more: it is presented soon only when it
// has changed, and never oftener than triesAllowed.
func (w *Watcher) pauseRefused(ctx context.Context, used string) time.Duration {
	now, pause := time.Now(), triesPause
	w.refused.add(now)
	if fresh, err := w.cfg.Secret(ctx); err == nil && fresh != used {
		pause = jitter(firstPause)
	}
	return max(pause, w.refused.wait(now))
}

// stayAway waits for the next try. After a refused login that comes sooner where
// there is another secret meanwhile. It reports false when ctx ended first.
func (w *Watcher) stayAway(ctx context.Context, pause time.Duration, err error, used string) bool {
	until := time.Now().Add(pause)
	for errors.Is(err, ErrRefused) && time.Until(until) > lookAgain {
		if !sleep(ctx, lookAgain) {
			return false
		}
		if fresh, err := w.cfg.Secret(ctx); err == nil && fresh != used {
			return sleep(ctx, w.refused.wait(time.Now()))
		}
	}
	return sleep(ctx, time.Until(until))
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
	w.status.LastContact = at.UTC()
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
		w.status.Since = time.Now().UTC()
	}
}

// noteFolder notes whether a folder could be read, and says so when that
// changes.
func (w *Watcher) noteFolder(name string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.status.Folders {
		f := &w.status.Folders[i]
		if f.Name != name {
			continue
		}
		if err != nil && f.Error != err.Error() {
			w.log.Error("imap folder cannot be read, the others go on", "folder", name, "error", err)
		}
		f.Error = text(err)
	}
}

// text is what err says, nothing for no error.
func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
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
func (w *Watcher) suspect(f folder, group []link.Entry) {
	d, last := w.doubt(f), group[len(group)-1].UID
	d.upTo = max(d.upTo, last)
	if len(group) == 1 {
		d.strike(last)
	}
}

func (d *doubt) strike(uid uint32) {
	if d.uid != uid {
		d.uid, d.strikes = uid, 0
	}
	d.strikes++
}

// verdict is how much of a mail to ask for.
func (d *doubt) verdict(e link.Entry, maxSize int64) how {
	switch {
	case e.UID == d.uid && d.strikes >= strikesHeader:
		return husk
	case e.UID == d.uid && d.strikes >= strikesWhole:
		return rescue
	case e.Size > maxSize:
		return header
	}
	return whole
}
