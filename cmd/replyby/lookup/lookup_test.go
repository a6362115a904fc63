package lookup

import (
	"testing"
	"time"
)

// A closure that is read comes back the same when it is written in its own form; one that is not says why.
func FuzzClosure(f *testing.F) {
	for _, text := range []string{
		"", "..", "@", "2026-08-08", "2026-08-08..2026-08-23@", "2026-08-08..2026-08-23@now", "2026-02-30..2026-03-01",
		"2026-08-08..2026-08-23", "2026-08-08..2026-08-23@2026-07-20T09:00:00+02:00", "9999-12-31..0001-01-01",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseClosure(text)
		if err != nil {
			return
		}
		own := string(c.From) + ".." + string(c.To)
		if !c.NotifiedAt.IsZero() {
			own += "@" + c.NotifiedAt.Format(time.RFC3339Nano)
		}
		again, err := parseClosure(own)
		if err != nil || again.From != c.From || again.To != c.To || !again.NotifiedAt.Equal(c.NotifiedAt) {
			t.Errorf("%q is %v, and its own form %q is %v, %v", text, c, own, again, err)
		}
	})
}
