package records

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/contract"
	"replyby/desk/contracts"
	"replyby/store"
)

const contractsUsage = `replyby contracts [-config FILE] [-json]
       replyby contracts check [-config FILE] [-json] [FILE]

Lists the contracts of contracts_file with their status today. One that ends
within 21 days, and that no other continues, is marked with "!".

check reads FILE (default: contracts_file) as serve would at its next start: it
says what is wrong with which line, else what changes against what serve loaded
last.

  -json   one object per contract; with check one per problem, else the changes

example:
  replyby contracts check contracts-2027.csv
`

// Contracts is the command that lists and checks contracts.
func Contracts() command.Command {
	return command.Command{Name: "contracts", Help: "list contracts with their status, check a new file of them", Usage: contractsUsage, Run: runContracts}
}

func runContracts(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path := command.ConfigFlag(fs)
	asJSON := fs.Bool("json", false, "one object per line")
	args, code, ok := e.Parse(fs)
	if !ok {
		return code
	}
	if len(args) > 2 || len(args) > 0 && args[0] != "check" {
		return e.Fail(command.Usage, command.Hinted(fmt.Errorf("contracts does not know %q", args[len(args)-1]), "replyby contracts check FILE"))
	}
	f, code, ok := e.Load(*path)
	if !ok {
		return code
	}
	if len(args) == 0 {
		return listContracts(e, f, *asJSON)
	}
	c := checked{name: f.ContractsFile, path: f.Path(f.ContractsFile)}
	if len(args) == 2 {
		c.name, c.path = args[1], e.Path(args[1])
	}
	return c.check(ctx, e, f, *path, *asJSON)
}

// agreement is a contract as contracts -json prints it.
type agreement struct {
	contract.Contract
	Status string `json:"status"` // active, expired, coming
	Ending bool   `json:"ending"` // soon, and nothing continues it
}

// soon is how many days before its end a contract is marked.
const soon = 21

func listContracts(e *command.Env, f *config.File, asJSON bool) int {
	book, err := f.Contracts()
	if err != nil {
		return e.Fail(command.Usage, err)
	}
	if f.ContractsFile == "" {
		return e.Fail(command.Usage, command.Hinted(errors.New("the configuration names no contracts_file"), "without one every sender is treated alike"))
	}
	list := agreements(book, e.Now().In(f.Desks[0].Service().Zone()))
	if !asJSON {
		return printContracts(e, list)
	}
	for _, a := range list {
		if err := e.Object(a); err != nil {
			return e.Fail(command.Found, err)
		}
	}
	return command.Good
}

// agreements are the contracts of a file with their status on the day of now.
func agreements(book *contract.Book, now time.Time) []agreement {
	ending := map[int]bool{}
	for _, c := range book.Ending(now, now.AddDate(0, 0, soon)) {
		ending[c.Line] = true
	}
	today := contract.DayOf(now)
	var list []agreement
	for _, c := range book.All() {
		a := agreement{Contract: c, Status: "active", Ending: ending[c.Line]}
		switch {
		case today < c.From:
			a.Status = "coming"
		case today > c.To:
			a.Status = "expired"
		}
		list = append(list, a)
	}
	return list
}

func printContracts(e *command.Env, list []agreement) int {
	w := tabwriter.NewWriter(e.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "STATUS\tCUSTOMER\tKIND\tFROM\tTO\tON CALL\tPRODUCT\tNOTE")
	for _, a := range list {
		mark := ""
		if a.Ending {
			mark = "!"
		}
		fmt.Fprintf(w, "%s%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", a.Status, mark, a.Customer, command.Line(a.Kind, 30), a.From, a.To,
			command.OrDash(command.Line(a.OnCall, 30)), command.OrDash(command.Line(a.Product, 40)), command.OrDash(command.Line(a.Note, 60)))
	}
	w.Flush()
	return command.Good
}

// checked is a file of contracts that somebody means to use.
type checked struct{ name, path string }

// comparison is what contracts check -json prints of a good file. LoadedAt is null before the first start.
type comparison struct {
	Hash      string     `json:"hash"`
	Contracts int        `json:"contracts"`
	LoadedAt  *time.Time `json:"loaded_at"`
	contract.Changes
}

func (c checked) check(ctx context.Context, e *command.Env, f *config.File, configFile string, asJSON bool) int {
	if c.name == "" {
		return e.Fail(command.Usage, command.Hinted(errors.New("check which file? the configuration names no contracts_file"), "replyby contracts check FILE"))
	}
	data, err := os.ReadFile(c.path)
	if err != nil {
		return e.Fail(command.Usage, err)
	}
	book, problems := f.ReadContracts(data)
	if len(problems) > 0 {
		return c.complain(e, problems, asJSON)
	}
	if kept, err := os.ReadDir(f.Path(f.DataDir)); err != nil || len(kept) == 0 { // no serve has ever run here
		return c.compare(e, book, contracts.Loaded{}, asJSON)
	}
	return e.WithStore(ctx, configFile, func(f *config.File, st store.Store) int {
		last, err := contracts.Last(ctx, st, f.Desks[0].Name) // every desk loads the same file
		if err != nil {
			return e.Fail(command.Found, err)
		}
		return c.compare(e, book, last, asJSON)
	})
}

func (c checked) complain(e *command.Env, problems []contract.Problem, asJSON bool) int {
	for _, p := range problems {
		if asJSON {
			e.Object(p)
			continue
		}
		fmt.Fprintln(e.Stdout, command.Printable(fmt.Sprintf("%s:%d: %s", c.name, p.Line, p.Text)))
		if p.Hint != "" {
			fmt.Fprintln(e.Stdout, "hint: "+p.Hint)
		}
	}
	return command.Found
}

func (c checked) compare(e *command.Env, book *contract.Book, last contracts.Loaded, asJSON bool) int {
	diff := comparison{Hash: book.Hash(), Contracts: len(book.All()), Changes: contract.Diff(last.Book, book)}
	if !last.At.IsZero() {
		diff.LoadedAt = &last.At
	}
	return e.Tell(asJSON, diff, func(w io.Writer) error {
		since := "nothing was loaded before"
		if diff.LoadedAt != nil {
			since = "against what was loaded on " + last.At.Format("2006-01-02 15:04 UTC")
		}
		fmt.Fprintf(w, "%s: good, %d contracts; %s: %s\n", c.name, diff.Contracts, since, diff.Changes)
		var err error
		for _, part := range []struct {
			mark  string
			lines []string
		}{{"+", diff.Added}, {"~", diff.Changed}, {"-", diff.Removed}} {
			for _, line := range part.lines {
				_, err = fmt.Fprintln(w, part.mark, command.Printable(line))
			}
		}
		return err
	})
}
