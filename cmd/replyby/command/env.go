package command

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"replyby/config"
	"replyby/sla/wording"
)

// Env is all that a command knows of the world.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Terminal       bool     // Stderr is one, where somebody may watch progress
	Args           []string // what follows the command's name
	Dir            string   // folder that relative paths of the command line start from
	Now            func() time.Time

	program Program
	command Command
	served  *serving // inside a running serve
	answer  *frames  // what it says there
}

// Holding says that the command holds the database as it is while it writes. The running serve waits as long as it takes for whoever reads an
// answer in a pager, but a database that is held cannot grow: then a reader who takes nothing for a minute is cut off.
func (e *Env) Holding() {
	if e.answer != nil {
		e.answer.holding.Store(true)
	}
}

// Flags starts the flag set of the command. It prints nothing by itself: Parse does.
func (e *Env) Flags() *flag.FlagSet {
	fs := flag.NewFlagSet(e.command.Name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	return fs
}

// Parse reads the command line. Flags may stand before and behind the arguments, which it returns. When ok is false the
// command ends with code: help was asked for, or the line is wrong.
func (e *Env) Parse(fs *flag.FlagSet) (args []string, code int, ok bool) {
	rest := e.Args
	for {
		err := fs.Parse(rest)
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(e.Stdout, e.command.Text())
			return nil, Good, false
		}
		if err != nil {
			return nil, e.Fail(Usage, Hinted(err, "'replyby help "+fs.Name()+"' shows the flags")), false
		}
		if fs.NArg() == 0 {
			return args, Good, true
		}
		if at := len(rest) - fs.NArg(); at > 0 && rest[at-1] == "--" {
			return append(args, fs.Args()...), Good, true
		}
		args = append(args, fs.Arg(0))
		rest = fs.Args()[1:]
	}
}

// ParseAlone is Parse for commands without arguments.
func (e *Env) ParseAlone(fs *flag.FlagSet) (code int, ok bool) {
	args, code, ok := e.Parse(fs)
	if ok && len(args) > 0 {
		return e.Fail(Usage, Hinted(fmt.Errorf("%s takes no argument %q", fs.Name(), args[0]), "'replyby help "+fs.Name()+"' shows the flags")), false
	}
	return code, ok
}

// List is a flag that may be repeated.
type List []string

// String implements flag.Value.
func (l *List) String() string { return strings.Join(*l, ", ") }

// Set implements flag.Value.
func (l *List) Set(s string) error { *l = append(*l, s); return nil }

// Tell prints a result, as an object or for reading.
func (e *Env) Tell(asJSON bool, v any, print func(io.Writer) error) int {
	err := error(nil)
	if asJSON {
		err = e.Object(v)
	} else {
		err = print(e.Stdout)
	}
	if err != nil {
		return e.Fail(Found, fmt.Errorf("print: %w", err))
	}
	return Good
}

// Object prints one record of -json.
func (e *Env) Object(v any) error {
	enc := json.NewEncoder(e.Stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// DefaultConfig is the configuration where -config names none, in the folder the command line starts from.
const DefaultConfig = "replyby.toml"

// ConfigFlag adds the flag that all commands have.
func ConfigFlag(fs *flag.FlagSet) *string {
	return fs.String("config", DefaultConfig, "configuration file")
}

// Path makes a path of the command line absolute.
func (e *Env) Path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(e.Dir, name)
}

// Load reads the configuration. When ok is false the command ends with code.
func (e *Env) Load(name string) (f *config.File, code int, ok bool) {
	f, err := config.Load(e.Path(name))
	switch {
	case err == nil:
		return f, Good, true
	case errors.Is(err, fs.ErrNotExist):
		return nil, e.Fail(Usage, Hinted(err, "name the file with -config, or write a first one with 'replyby init'")), false
	case errors.Is(err, fs.ErrPermission):
		return nil, e.Fail(Usage, err), false // with the system's own hint
	case !errors.Is(err, config.ErrFile):
		return nil, e.Fail(Usage, Hinted(err, "name a file with -config")), false
	}
	fmt.Fprintln(e.Stderr, relative(err.Error(), e.Dir))
	return nil, Usage, false
}

// Desk finds the desk of that name, the first one for "". When ok is false the command ends with code.
func (e *Env) Desk(f *config.File, name string) (d *config.Desk, code int, ok bool) {
	var names []string
	for i := range f.Desks {
		if name == "" || f.Desks[i].Name == name {
			return &f.Desks[i], Good, true
		}
		names = append(names, f.Desks[i].Name)
	}
	err := UnknownWord("desk", name, names)
	if e.served != nil {
		err = Hinted(err, Hint(err)+"; a desk that is new in the file is there when serve is started again")
	}
	return nil, e.Fail(Usage, err), false
}

// Words are those of the language that -lang names. When ok is false the command ends with code.
func (e *Env) Words(lang string) (w wording.Words, code int, ok bool) {
	w, err := wording.In(lang)
	if err != nil {
		return w, e.Fail(Usage, UnknownWord("lang", lang, []string{"it", "es", "fr", "en"})), false
	}
	return w, Good, true
}

// relative shortens paths below the folder the caller stands in.
func relative(text, dir string) string {
	return strings.ReplaceAll(text, filepath.Clean(dir)+string(filepath.Separator), "")
}
