package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"replyby/config/strict"
	"replyby/contract"
)

// loadContracts reads contracts_file. Each of its problems is one of the configuration; that it is not there (yet) is none: serve
// refuses to start then, and check says so.
func (f *File) loadContracts() {
	if f.ContractsFile == "" {
		return
	}
	data, err := os.ReadFile(f.Path(f.ContractsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		f.doc.Add("contracts_file", err.Error(), "")
		return
	}
	book, problems := f.ReadContracts(data)
	for _, p := range problems {
		f.doc.Add("contracts_file", fmt.Sprintf("%s:%d: %s", f.ContractsFile, p.Line, p.Text), p.Hint)
	}
	f.contracts = book
}

// Contracts are those of contracts_file, nil where the configuration names none. The error is that of a file that is not there.
func (f *File) Contracts() (*contract.Book, error) {
	if f.ContractsFile != "" && f.contracts == nil {
		return nil, fmt.Errorf("contracts_file: open %s: %w", f.Path(f.ContractsFile), fs.ErrNotExist)
	}
	return f.contracts, nil
}

// ReadContracts reads a file of contracts as contracts_file would be: the policies and calendars it names must be those of the
// configuration.
func (f *File) ReadContracts(data []byte) (*contract.Book, []contract.Problem) {
	book, problems := contract.Parse(data)
	for _, c := range book.All() {
		if kinds := append(f.policyNames(), contract.OnCall); !slices.Contains(kinds, c.Kind) {
			problems = append(problems, contract.Problem{Line: c.Line, Text: fmt.Sprintf("kind: %q is no policy", c.Kind), Hint: among(c.Kind, kinds)})
		}
		if known := append(f.calendarNames(), contract.Agreed); c.OnCall != "" && !slices.Contains(known, c.OnCall) {
			hint := among(c.OnCall, known) + "; a calendar of your own is a [[calendar]]"
			problems = append(problems, contract.Problem{Line: c.Line, Text: fmt.Sprintf("on_call: %q is no calendar", c.OnCall), Hint: hint})
		}
	}
	slices.SortStableFunc(problems, func(a, b contract.Problem) int { return cmp.Compare(a.Line, b.Line) })
	return book, problems
}

// among says which of the known words may have been meant, or all of them.
func among(word string, known []string) string {
	if near := strict.Nearest(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	return "known: " + strings.Join(known, ", ")
}
