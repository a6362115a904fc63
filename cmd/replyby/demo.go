package main

import (
	"context"
	"fmt"
	"os"

	"replyby/cmd/replyby/command"
	"replyby/cmd/replyby/demo"
)

const demoUsage = `replyby demo [-once] [-json]

Starts a mail server of its own on this machine, a desk whose windows are
minutes long, three customers, a staff member, a manager and a forger; plays
their story in half a minute and prints each mail as it passes. Then it stays
up, so that you can join with your own mail client, until Ctrl-C.

  -once   end with the story
  -json   one object for each step

example:
  replyby demo
`

// demoCommand is the command that plays the story.
func demoCommand() command.Command {
	return command.Command{Name: "demo", Help: "play the whole story on this machine, in half a minute", Usage: demoUsage, Run: runDemo}
}

func runDemo(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	once := fs.Bool("once", false, "end with the story")
	asJSON := fs.Bool("json", false, "one object per step")
	if code, ok := e.ParseAlone(fs); !ok {
		return code
	}
	dir, err := os.MkdirTemp("", "replyby-demo-")
	if err != nil {
		return e.Fail(command.Found, fmt.Errorf("make a folder for the demo: %w", err))
	}
	defer os.RemoveAll(dir)
	if err := demo.Run(ctx, demo.Options{Out: e.Stdout, Dir: dir, Once: *once, JSON: *asJSON}); err != nil {
		return e.Fail(command.Found, err)
	}
	return command.Good
}
