package report

import (
	"errors"
	"strings"
	"testing"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/letter/account"
)

// I10: where a request cannot be read, those before it are in the table, and the error is told.
func TestTableUpToAnError(t *testing.T) {
	var out strings.Builder
	broken := errors.New("ticket 2 is damaged")
	err := lines(&command.Env{Stdout: &out})(account.Stretch{Zone: time.UTC}, "en", func(yield func(account.Request, error) bool) {
		if yield(account.Request{Ref: "MB-1"}, nil) {
			yield(account.Request{}, broken)
		}
	})
	if !errors.Is(err, broken) || !strings.Contains(out.String(), "MB-1,") {
		t.Errorf("%v, after\n%s", err, out.String())
	}
}
