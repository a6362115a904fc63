package main

import (
	"context"
	"fmt"
	"os"

	"replyby/cmd/replyby/demo"
)

const demoUsage = `
replyby demo [-once] [-json]

Starts a mail server of its own on this machine, a desk whose windows are minutes long,
three customers, a staff member, a manager and a forger; plays their story in half a
minute and prints each mail as it passes. Then it stays up, so that you can join with
your own mail client, until Ctrl-C. -once ends with the story; -json prints one object
for each step.

example: replyby demo`

func runDemo(ctx context.Context, e *env) int {
	fs := e.flags("demo")
	once := fs.Bool("once", false, "end with the story")
	asJSON := fs.Bool("json", false, "one object per step")
	if args, code, ok := e.parse(fs); !ok {
		return code
	} else if len(args) > 0 {
		return e.fail(usage, fmt.Errorf("demo takes no arguments, got %q", args[0]))
	}
	dir, err := os.MkdirTemp("", "replyby-demo-")
	if err != nil {
		return e.fail(found, fmt.Errorf("make a folder for the demo: %w", err))
	}
	defer os.RemoveAll(dir)
	if err := demo.Run(ctx, demo.Options{Out: e.Stdout, Dir: dir, Once: *once, JSON: *asJSON}); err != nil {
		return e.fail(found, err)
	}
	return good
}
