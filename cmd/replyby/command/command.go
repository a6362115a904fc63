// Package command is what every subcommand stands on: the table they are found in, their flags, errors with hints, records of
// -json, and the way to the database, whether this process opens it or a running serve has it.
//
// It promises that a command sees the world only through its Env, so that it runs as well inside serve for somebody at its
// socket. It knows no subcommand.
package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"replyby/config/strict"
)

// Exit codes.
const (
	Good  = 0
	Found = 1 // ran, and found something wrong
	Usage = 2 // asked wrongly, or the configuration is wrong: nothing was done
)

// Command is one subcommand. Run returns an exit code.
type Command struct {
	Name  string
	Help  string // one line, lower case
	Usage string // arguments, flags, and an example at the end
	Run   func(context.Context, *Env) int
}

// Program is a table of subcommands, in the order of help, between the words that help starts and ends with.
type Program struct {
	Intro    string
	Commands []Command
	Outro    string
}

// Run finds the command that e.Args name first and gives it the rest. It returns the exit code.
func (p Program) Run(ctx context.Context, e *Env) int {
	name := ""
	if len(e.Args) > 0 {
		name = e.Args[0]
	}
	switch name {
	case "":
		fmt.Fprint(e.Stderr, p.Overview())
		return Usage
	case "help", "-h", "-help", "--help":
		return p.help(e)
	}
	c, ok := p.find(name)
	if !ok {
		return e.Fail(Usage, p.unknown(name))
	}
	out := &output{to: e.Stdout}
	inner := *e
	inner.Args, inner.Stdout, inner.program, inner.command = e.Args[1:], out, p, c
	code := c.Run(ctx, &inner)
	if err := out.failed(); err != nil && code == Good { // not every command looks, and the file it goes to may be all that is kept
		return e.Fail(Found, fmt.Errorf("print: %w", err))
	}
	return code
}

func (p Program) help(e *Env) int {
	if len(e.Args) < 2 {
		fmt.Fprint(e.Stdout, p.Overview())
		return Good
	}
	c, ok := p.find(e.Args[1])
	if !ok {
		return e.Fail(Usage, p.unknown(e.Args[1]))
	}
	fmt.Fprint(e.Stdout, c.Text())
	return Good
}

func (p Program) find(name string) (Command, bool) {
	i := slices.IndexFunc(p.Commands, func(c Command) bool { return c.Name == name })
	if i < 0 {
		return Command{}, false
	}
	return p.Commands[i], true
}

func (p Program) unknown(name string) error {
	var names []string
	for _, c := range p.Commands {
		names = append(names, c.Name)
	}
	hint := "'replyby help' lists the commands"
	if near := strict.Nearest(name, names); near != "" {
		hint = "did you mean " + near + "?"
	}
	return Hinted(fmt.Errorf("no command %q", name), hint)
}

// Overview is the help of the whole program: one screen.
func (p Program) Overview() string {
	var b strings.Builder
	b.WriteString(p.Intro)
	for _, c := range p.Commands {
		fmt.Fprintf(&b, "  %-10s %s\n", c.Name, c.Help)
	}
	b.WriteString(p.Outro)
	return b.String()
}

// Text is the help of one command.
func (c Command) Text() string {
	return fmt.Sprintf("replyby %s: %s\n\nusage: %s\n", c.Name, c.Help, strings.TrimSpace(c.Usage))
}
