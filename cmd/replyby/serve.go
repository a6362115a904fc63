package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"

	"replyby/cmd/replyby/command"
	"replyby/cmd/replyby/office"
	"replyby/cmd/replyby/room"
	"replyby/cmd/replyby/setup"
	"replyby/config"
	"replyby/store"
)

const serveUsage = `replyby serve [-config FILE] [-log debug|info|warn]

Watches the mailboxes, keeps the clocks, sends what people decided. Runs until
it is told to stop by Ctrl-C or SIGTERM, lets the letter on its way end, and is
gone at once at a second one; it may be killed at any moment and loses nothing.

  -log LEVEL   least level of the log lines on standard error (default info)

example:
  replyby serve -config /etc/replyby.toml
`

// serveCommand is the command that works the desks until it is told to stop.
func serveCommand() command.Command {
	return command.Command{Name: "serve", Help: "watch the mailboxes, keep the clocks, send what people decided", Usage: serveUsage, Run: runServe}
}

func runServe(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	name := command.ConfigFlag(fs)
	level := slog.LevelInfo
	fs.TextVar(&level, "log", level, "least level of log lines")
	if code, ok := e.ParseAlone(fs); !ok {
		return code
	}
	f, code, ok := e.Load(*name)
	if !ok {
		return code
	}
	if err := staffed(f); err != nil {
		return e.Fail(command.Usage, err)
	}
	dir := f.Path(f.DataDir)
	if err := command.SocketFits(dir); err != nil {
		return e.Fail(command.Usage, err)
	}
	log := slog.New(slog.NewTextHandler(e.Stderr, &slog.HandlerOptions{Level: level}))
	plans, err := office.Plans(f)
	if err != nil {
		return e.Fail(command.Usage, err)
	}
	boundMemory()
	defer command.KeepOwner(dir)()
	o, err := office.Open(dir, plans, office.Options{Log: log, Room: room.New(dir, int64(f.Store.MinFree), nil), Serving: true})
	if err != nil {
		return e.Fail(command.Found, err)
	}
	defer o.Close()
	for _, p := range plans {
		log.Info("desk open", "desk", p.Desk.Name, "address", p.Desk.Address, "policy", p.Desk.Policy.Name, "hours", p.Desk.Hours,
			"zone", p.Desk.Zone, "imap", p.Mailbox.Addr, "smtp", p.Sender.Host)
	}
	if err := o.Run(ctx, e.Errands(f, o, log)); err != nil {
		return e.Fail(command.Found, command.Hinted(err, afterEnd(err)))
	}
	log.Info("stopped")
	return command.Good
}

// afterEnd is what to do where serve has ended by itself. What the system says of its disk goes first: a start would end the same way.
func afterEnd(err error) string {
	switch system := command.Hint(err); {
	case system != "":
		return system
	case errors.Is(err, store.ErrBroken):
		return "start it again: it reads back what was written"
	case errors.Is(err, store.ErrDamaged):
		return "replyby verify says what is harmed, replyby restore puts a copy back; the mailbox keeps what was not taken in"
	}
	return "the log above says more; the mailbox keeps what was not taken in"
}

// boundMemory has garbage collected sooner once the program's own memory comes to 40 MiB, so that a backlog or a long mail leaves little
// of it behind. It is no limit to what is in use, and GOMEMLIMIT comes before it.
func boundMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(40 << 20)
	}
}

// staffed refuses a desk whose people are still the placeholder that init wrote: requests would wait for somebody who never
// hears of them.
func staffed(f *config.File) error {
	for i := range f.Desks {
		d := &f.Desks[i]
		if nobody := setup.Unreachable(d); len(nobody) > 0 {
			return command.Hinted(fmt.Errorf("desk %s: no mail can reach %s of its staff", d.Name, nobody[0]), "put a person's own name and address under [[desk.staff]]")
		}
	}
	return nil
}
