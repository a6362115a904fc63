// Package config reads the one configuration file of replyby, tells everything that is wrong with it at once, and composes
// from it the Config structs of the packages that do the work.
//
// It promises that a key it does not know is an error, that every value in force can be printed with its explanation
// ([File.PrintKeys]), and that no secret ever stands in the file or in what is printed: a secret is named by a file, an
// environment variable or a command and fetched when it is needed.
//
// It refuses to connect anywhere. It reads the file, the .ics files that calendars name, and nothing else until a secret is
// resolved.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"replyby/classifier/source"
	"replyby/config/mailbox"
	"replyby/config/strict"
	"replyby/config/value"
	"replyby/contract"
)

// ErrFile is wrapped by every error about what a configuration file says. Its text has one line per problem.
var ErrFile = errors.New("config")

// File is the configuration: what the file says, over the provider's preset, over the documented defaults.
type File struct {
	DataDir       string        `toml:"data_dir" default:"data" doc:"Folder of the database and of the socket through which commands reach a running serve. It holds customers' mail: keep it private."`
	ContractsFile string        `toml:"contracts_file" example:"\"contracts.csv\"" doc:"Table (CSV) of who has which contract from when to when; without it every sender is treated alike."`
	TextsDir      string        `toml:"texts_dir" example:"\"texts\"" doc:"Folder of texts to customers that replace the built-in ones, one file each: ack_eta.it, resolved.fr, …"`
	Store         Store         `toml:"store" doc:"Where tickets are kept."`
	Desks         []Desk        `toml:"desk" doc:"A desk is one support address with its people, its hours and its promise. At least one."`
	Calendars     []Calendar    `toml:"calendar" doc:"A calendar of your own, where a desk's hours and country do not say it. Optional."`
	Closures      []Closure     `toml:"closure" doc:"A time when nobody is in, such as two weeks in August. Optional."`
	Policies      []Policy      `toml:"policy" doc:"A promise of your own beside the built-in agency and business-care. Optional."`
	Sources       []source.Rule `toml:"source" doc:"A carrier of other people's requests: a contact form, a marketplace's notifications. 'replyby learn' proposes one from a sample. Optional."`

	dir   string
	feeds map[string][]byte // .ics files by the name in the file
	doc   *strict.Document

	contracts *contract.Book // nil where there is no file
}

// Store says where tickets are kept.
type Store struct {
	Engine  string     `toml:"engine" default:"bolt" doc:"bolt: one file in data_dir."`
	MinFree value.Size `toml:"min_free" default:"200 MB" doc:"With less free space on the disk of data_dir no mail is taken in: it waits in the mailbox, staff are told, and it goes on by itself."`
}

// Load reads and checks a file. Relative paths in it are relative to its folder. The error wraps ErrFile or is one of
// package os.
func Load(path string) (*File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	return Parse(path, data)
}

// Parse is Load for bytes at hand; path names the file in messages and is the base of relative paths.
func Parse(path string, data []byte) (*File, error) {
	f := &File{dir: filepath.Dir(path)}
	f.doc = strict.Decode(bytes.TrimPrefix(data, []byte("\ufeff")), f) // a mark that editors of Windows put there
	explainSecrets(f.doc)
	if len(f.doc.Problems) == 0 {
		f.settle()
		f.check()
	}
	if len(f.doc.Problems) > 0 {
		f.doc.Sort()
		return nil, &fileError{path: path, problems: f.doc.Problems}
	}
	return f, nil
}

// Path returns a path of the file as the system needs it: relative ones stand in the folder of the file.
func (f *File) Path(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(f.dir, name)
}

// PrintKeys writes the values in force as a file in which every key is explained.
func (f *File) PrintKeys(w io.Writer) error { return strict.Print(w, f) }

// Print is PrintKeys below a few lines that say where each secret comes from.
func (f *File) Print(w io.Writer) error {
	for i := range f.Desks {
		d := &f.Desks[i]
		for _, way := range []struct {
			name  string
			login mailbox.Login
		}{{"imap", d.IMAP.Over(d.Login)}, {"smtp", d.SMTP.Over(d.Login)}} {
			s := way.login.Secret(f.Path)
			if _, err := fmt.Fprintf(w, "# desk %s, %s: %v from %s\n", d.Name, way.name, s, s.Source()); err != nil {
				return err
			}
		}
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	return f.PrintKeys(w)
}

// Values returns the values in force by key, for JSON. Unset keys are left out.
func (f *File) Values() map[string]any { return strict.Plain(*f).(map[string]any) }

// fileError tells all problems of a file, one line each, hints below theirs.
type fileError struct {
	path     string
	problems []strict.Problem
}

func (e *fileError) Unwrap() error { return ErrFile }

func (e *fileError) Error() string {
	var lines []string
	for _, p := range e.problems {
		at := e.path
		if p.Line > 0 {
			at += fmt.Sprintf(":%d", p.Line)
		}
		if p.Path != "" {
			at += ": " + p.Path
		}
		lines = append(lines, at+": "+p.Text)
		if p.Hint != "" {
			lines = append(lines, "hint: "+p.Hint)
		}
	}
	return strings.Join(lines, "\n")
}

// explainSecrets answers an attempt to write a secret into the file, whatever the nearest key may be.
func explainSecrets(d *strict.Document) {
	for i, p := range d.Problems {
		last := p.Path[strings.LastIndexByte(p.Path, '.')+1:]
		if p.Text == "unknown key" && (last == "password" || last == "token" || last == "secret") {
			d.Problems[i].Hint = "a secret never stands in this file: use password_file, password_env, password_command or token_command"
		}
	}
}
