package main

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"replyby/config"
	"replyby/store"
	"replyby/store/bolt"
)

const verifyUsage = `
replyby verify [-json]

Reads the whole database and proves it: pages, checksums, the chain of every log, every
ticket against its events, every index, every raw message against its hash.

example: replyby verify`

// finding is one thing wrong, as verify -json prints it.
type finding struct {
	Where   string `json:"where"`
	Finding string `json:"finding"`
}

func runVerify(ctx context.Context, e *env, _ *config.File, st store.Store) int {
	fs := e.flags("verify")
	configFlag(fs)
	asJSON := fs.Bool("json", false, "one object per line")
	if _, code, ok := e.parse(fs); !ok {
		return code
	}
	b, ok := st.(*bolt.Store)
	if !ok {
		return e.fail(found, fmt.Errorf("this store cannot be verified here"))
	}
	wrong, err := b.Check(ctx, nil)
	if err != nil {
		return e.fail(found, err)
	}
	for _, w := range wrong {
		if *asJSON {
			e.object(finding{w.Where, w.What})
			continue
		}
		fmt.Fprintln(e.Stdout, printable(w.Where+": "+w.What))
	}
	if len(wrong) > 0 {
		return e.fail(found, hinted(fmt.Errorf("%d findings: the database does not agree with itself", len(wrong)), "stop serve, keep a copy of the data folder, and restore the latest backup"))
	}
	if !*asJSON {
		fmt.Fprintln(e.Stdout, "all good: logs, tickets, indexes and messages agree")
	}
	return good
}

// printable takes out what would move the cursor or turn the direction of a line.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}
