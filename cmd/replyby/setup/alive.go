package setup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/cmd/replyby/office"
)

// silent is how long serve may say nothing before it counts as stopped; it speaks every minute.
const silent = 3 * time.Minute

// pulse is what check -alive -json prints.
type pulse struct {
	LastWork time.Time `json:"last_work,omitzero"`
	Trouble  []string  `json:"trouble"`
}

// firstLook is how long somebody who asks just after a start waits for an answer.
const firstLook = 8 * time.Second

// alive is office.Alive, a little later where that is not known yet.
func alive(ctx context.Context, dir string) (at time.Time, sick []string, err error) {
	for until := time.Now().Add(firstLook); ; {
		at, sick, err = office.Alive(dir)
		open := starting(sick) || slices.ContainsFunc(sick, func(s string) bool { return strings.HasSuffix(s, office.NotYet) })
		if !open || time.Now().After(until) {
			return at, sick, err
		}
		select {
		case <-ctx.Done():
			return at, sick, ctx.Err()
		case <-time.After(firstLook / 40):
		}
	}
}

// starting reports whether serve has said that it is about to work, and no more.
func starting(sick []string) bool {
	return len(sick) == 1 && strings.HasPrefix(sick[0], office.Starting)
}

// checkAlive is check -alive: whether serve works on a data folder, and what does not work.
func checkAlive(ctx context.Context, e *command.Env, dir string, asJSON bool) int {
	at, sick, err := alive(ctx, dir)
	switch {
	case err != nil:
		return e.Fail(command.Found, err)
	case at.IsZero():
		return e.Fail(command.Found, command.Hinted(errors.New("serve has never worked on "+dir), "replyby serve"))
	case e.Now().Sub(at) > silent && starting(sick): // which may take long, or have been cut short
		sick = append(sick, "it last worked at "+at.UTC().Format(time.RFC3339))
	case e.Now().Sub(at) > silent:
		sick = append([]string{"serve does not run: it last worked at " + at.UTC().Format(time.RFC3339)}, sick...)
	}
	code := e.Tell(asJSON, pulse{at, append([]string{}, sick...)}, func(w io.Writer) error {
		if len(sick) == 0 {
			sick = []string{"all is well"}
		}
		for _, s := range sick {
			if _, err := fmt.Fprintln(w, command.Printable(s)); err != nil {
				return err
			}
		}
		return nil
	})
	if len(sick) > 0 && sick[0] != "all is well" {
		return command.Found
	}
	return code
}
