package value_test

import (
	"encoding"
	"testing"

	"pgregory.net/rapid"

	"replyby/config/value"
)

func TestWords(t *testing.T) {
	for _, c := range []struct {
		into       encoding.TextUnmarshaler
		word, want string // "": refused
	}{
		{new(value.Clock), "24:00", ""},
		{new(value.Clock), "9", ""},
		{new(value.Clock), "", ""},
		{new(value.Clock), "09:05", "09:05"},
		{new(value.Clock), "14:00:00", "14:00"},
		{new(value.Day), "2026-02-30", ""},
		{new(value.Day), "8 August", ""},
		{new(value.Day), "2026-08-08T25:00", ""},
		{new(value.Day), "2026-08-08", "2026-08-08"},
		{new(value.Day), "2026-08-08 16:00", "2026-08-08T16:00"},
		{new(value.Day), "2026-08-08T16:00:30", "2026-08-08T16:00:30"},
		{new(value.Duration), "5", ""},
		{new(value.Duration), "-5m", ""},
		{new(value.Duration), "1 week", ""},
		{new(value.Duration), "60m", "1h"},
		{new(value.Duration), "90m", "1h30m"},
		{new(value.Duration), "90 s", "1m30s"},
		{new(value.Duration), "10m", "10m"},
		{new(value.Duration), "0s", "0s"},
		{new(value.Size), "50", ""},
		{new(value.Size), "-1 MB", ""},
		{new(value.Size), "1.5 GB", ""},
		{new(value.Size), "9999999 GB", ""},
		{new(value.Size), "50MB", "50 MB"},
		{new(value.Size), "2048 kB", "2 MB"},
	} {
		err := c.into.UnmarshalText([]byte(c.word))
		if c.want == "" {
			if err == nil {
				t.Errorf("%T takes %q", c.into, c.word)
			}
			continue
		}
		text, merr := c.into.(encoding.TextMarshaler).MarshalText()
		if err != nil || merr != nil || string(text) != c.want {
			t.Errorf("%T: %q becomes %q, want %q (%v)", c.into, c.word, text, c.want, err)
		}
	}
}

// What is printed reads back as what it was.
func TestReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := value.Duration(rapid.Int64Range(0, 1<<50).Draw(t, "duration"))
		text, err := d.MarshalText()
		var back value.Duration
		if err != nil || back.UnmarshalText(text) != nil || back != d {
			t.Fatalf("%d prints as %q and reads as %d", d, text, back)
		}
	})
}
