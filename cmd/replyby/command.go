package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"replyby/config"
	"replyby/config/strict"
	"replyby/sla/wording"
	"replyby/store"
)

// Exit codes.
const (
	good  = 0
	found = 1 // ran, and found something wrong
	usage = 2 // asked wrongly, or the configuration is wrong: nothing was done
)

// env is all that a command knows of the world, so that it runs as well inside serve, for somebody at its socket.
type env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Args           []string // what follows the command's name
	Dir            string   // folder that relative paths of the command line start from
	Now            func() time.Time

	served store.Store // inside a running serve: its store
}

// command is one entry of the table in commands.go.
type command struct {
	name  string
	help  string // one line, lower case
	usage string // arguments, and an example
	run   func(context.Context, *env) int
}

// run finds the command named first and gives it the rest.
func run(ctx context.Context, e *env) int {
	name := ""
	if len(e.Args) > 0 {
		name = e.Args[0]
	}
	switch name {
	case "":
		fmt.Fprint(e.Stderr, overview())
		return usage
	case "help", "-h", "-help", "--help":
		return help(e)
	}
	c, ok := find(name)
	if !ok {
		return e.fail(usage, unknown(name))
	}
	inner := *e
	inner.Args = e.Args[1:]
	return c.run(ctx, &inner)
}

func help(e *env) int {
	if len(e.Args) < 2 {
		fmt.Fprint(e.Stdout, overview())
		return good
	}
	c, ok := find(e.Args[1])
	if !ok {
		return e.fail(usage, unknown(e.Args[1]))
	}
	fmt.Fprint(e.Stdout, c.text())
	return good
}

func find(name string) (command, bool) {
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return all[i], true
}

func unknown(name string) error {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	hint := "'replyby help' lists the commands"
	if near := strict.Nearest(name, names); near != "" {
		hint = "did you mean " + near + "?"
	}
	return hinted(fmt.Errorf("no command %q", name), hint)
}

// overview is the help of the whole program: one screen.
func overview() string {
	var b strings.Builder
	b.WriteString(intro)
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-10s %s\n", c.name, c.help)
	}
	b.WriteString(outro)
	return b.String()
}

func (c command) text() string {
	return fmt.Sprintf("replyby %s: %s\n\nusage: %s\n", c.name, c.help, strings.TrimSpace(c.usage))
}

// flags starts the flag set of a command. It prints nothing by itself: parse does.
func (e *env) flags(name string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	return fs
}

// parse reads the command line. Flags may stand before and behind the arguments, which it returns. When ok is false the
// command ends with code: help was asked for, or the line is wrong.
func (e *env) parse(fs *flag.FlagSet) (args []string, code int, ok bool) {
	rest := e.Args
	for {
		err := fs.Parse(rest)
		if errors.Is(err, flag.ErrHelp) {
			c, _ := find(fs.Name())
			fmt.Fprint(e.Stdout, c.text())
			return nil, good, false
		}
		if err != nil {
			return nil, e.fail(usage, hinted(err, "'replyby help "+fs.Name()+"' shows the flags")), false
		}
		if fs.NArg() == 0 {
			return args, good, true
		}
		if at := len(rest) - fs.NArg(); at > 0 && rest[at-1] == "--" {
			return append(args, fs.Args()...), good, true
		}
		args = append(args, fs.Arg(0))
		rest = fs.Args()[1:]
	}
}

// parseAlone is parse for commands without arguments.
func (e *env) parseAlone(fs *flag.FlagSet) (code int, ok bool) {
	args, code, ok := e.parse(fs)
	if ok && len(args) > 0 {
		return e.fail(usage, hinted(fmt.Errorf("%s takes no argument %q", fs.Name(), args[0]), "'replyby help "+fs.Name()+"' shows the flags")), false
	}
	return code, ok
}

// tell prints a result, as an object or for reading.
func (e *env) tell(asJSON bool, v any, print func(io.Writer) error) int {
	err := error(nil)
	if asJSON {
		err = e.object(v)
	} else {
		err = print(e.Stdout)
	}
	if err != nil {
		return e.fail(found, fmt.Errorf("print: %w", err))
	}
	return good
}

// deskNamed finds the desk of that name, the first one for "".
func (e *env) deskNamed(f *config.File, name string) (d *config.Desk, code int, ok bool) {
	var names []string
	for i := range f.Desks {
		if name == "" || f.Desks[i].Name == name {
			return &f.Desks[i], good, true
		}
		names = append(names, f.Desks[i].Name)
	}
	return nil, e.fail(usage, unknownWord("desk", name, names)), false
}

// words are those of the language that -lang names.
func (e *env) words(lang string) (w wording.Words, code int, ok bool) {
	w, err := wording.In(lang)
	if err != nil {
		return w, e.fail(usage, unknownWord("lang", lang, []string{"it", "es", "fr", "en"})), false
	}
	return w, good, true
}

// path makes a path of the command line absolute.
func (e *env) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(e.Dir, name)
}

// configFlag adds the flag that all commands have.
func configFlag(fs *flag.FlagSet) *string {
	return fs.String("config", defaultConfig, "configuration file")
}

const defaultConfig = "replyby.toml"

// load reads the configuration. When ok is false the command ends with code.
func (e *env) load(name string) (f *config.File, code int, ok bool) {
	f, err := config.Load(e.path(name))
	switch {
	case err == nil:
		return f, good, true
	case !errors.Is(err, config.ErrFile):
		return nil, e.fail(usage, hinted(err, "name the file with -config, or write a first one with 'replyby init'")), false
	}
	fmt.Fprintln(e.Stderr, relative(err.Error(), e.Dir))
	return nil, usage, false
}

// relative shortens paths below the folder the caller stands in.
func relative(text, dir string) string {
	return strings.ReplaceAll(text, filepath.Clean(dir)+string(filepath.Separator), "")
}

// fail prints an error the way all commands do: one line, and what to do about it.
func (e *env) fail(code int, err error) int {
	line, _, _ := strings.Cut(relative(err.Error(), e.Dir), "\n")
	fmt.Fprintln(e.Stderr, "replyby: "+line)
	var h interface{ Hint() string }
	if errors.As(err, &h) && h.Hint() != "" {
		fmt.Fprintln(e.Stderr, "hint: "+relative(h.Hint(), e.Dir))
	}
	return code
}

// object prints one record of -json.
func (e *env) object(v any) error {
	enc := json.NewEncoder(e.Stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

type hintedError struct {
	error
	hint string
}

func (h hintedError) Hint() string  { return h.hint }
func (h hintedError) Unwrap() error { return h.error }

// hinted adds to an error what to do about it.
func hinted(err error, hint string) error { return hintedError{err, hint} }
