// Command replyby turns a support mailbox into tickets with contractual clocks and lets nothing but a named human's words
// answer a customer. This package is the table of its subcommands, and the two that wire the other packages together: serve and
// demo. The rest stand in folders, a file each.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	_ "time/tzdata" // deadlines must not depend on what the machine has installed

	"replyby/cmd/replyby/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the first signal asks; a second one ends the program where it stands, which loses nothing
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	code := program().Run(ctx, &command.Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Terminal: isTerminal(os.Stderr), Args: os.Args[1:], Dir: dir, Now: time.Now,
	})
	stop()
	os.Exit(code)
}

// isTerminal takes the null device for one too, which does no harm: nobody sees what is printed there.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
