// Command replyby turns a support mailbox into tickets with contractual clocks and lets nothing but a named human's words
// answer a customer. This package wires the others together, owns every goroutine, and gives each subcommand a file.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	_ "time/tzdata" // deadlines must not depend on what the machine has installed
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	code := run(ctx, &env{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Args: os.Args[1:], Dir: dir, Now: time.Now})
	stop()
	os.Exit(code)
}
