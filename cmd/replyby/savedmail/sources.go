package savedmail

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"replyby/classifier"
	"replyby/classifier/source"
	"replyby/cmd/replyby/command"
	"replyby/mailparse"
)

// tried is what the rules make of one saved mail, as check -sources -json prints it.
type tried struct {
	File string   `json:"file"`
	Rule string   `json:"rule"` // the first that matches is the one that counts; "" = none
	Also []string `json:"also"` // others that match too and come too late
	foundIn
}

// foundIn is what a rule read from one mail.
type foundIn struct {
	Customer string            `json:"customer"`
	Fields   map[string]string `json:"fields"`
	Flags    map[string]string `json:"flags"`
	Thread   string            `json:"thread_key"`
	Reply    string            `json:"reply"`
	Text     string            `json:"text"`
	Missing  []string          `json:"missing"`
	Reasons  []string          `json:"reasons"`
}

func newFoundIn(f source.Found) foundIn {
	return foundIn{
		Customer: f.Customer.Addr, Fields: named(f.Fields), Flags: named(f.Flags), Thread: f.ThreadKey, Reply: f.Reply, Text: f.Text,
		Missing: listOf(f.Missing), Reasons: listOf(f.Reasons),
	}
}

// rows says what was found, one fact each; a customer that was not found stands among what is missing.
func (x foundIn) rows() []string {
	var list []string
	if x.Customer != "" {
		list = append(list, "customer: "+x.Customer)
	}
	list = append(list, pairs(x.Fields)...)
	for _, f := range pairs(x.Flags) {
		list = append(list, "flag "+f)
	}
	if x.Thread != "" {
		list = append(list, "conversation "+x.Thread)
	}
	return list
}

// tally is how often one rule matched and found each of its fields, as check -sources -json prints it behind the mails.
type tally struct {
	Rule    string         `json:"rule"`
	Matched int            `json:"matched"`
	Fields  map[string]int `json:"fields"` // 0 = named by the rule and never found
}

// TrySources is check -sources: it tries the rules of a desk on the saved mails in a folder, prints what each finds and misses,
// and returns the exit code.
func TrySources(e *command.Env, dir string, rules classifier.Config, asJSON bool) int {
	judge, err := classifier.New(rules)
	if err != nil {
		return e.Fail(command.Usage, err)
	}
	files, err := mailsIn(e.Path(dir))
	if err != nil {
		return e.Fail(command.Found, command.Hinted(err, "check -sources wants a folder of saved mails (.eml)"))
	}
	var list []tried
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return e.Fail(command.Found, fmt.Errorf("read mail: %w", err))
		}
		list = append(list, try(file, judge.Check(mailparse.Parse(raw))))
	}
	tallies := talliesOf(list, rules.Sources)
	if asJSON {
		for _, x := range list {
			err = cmp.Or(err, e.Object(x))
		}
		for _, x := range tallies {
			err = cmp.Or(err, e.Object(x))
		}
	} else {
		err = printTried(e, list, tallies)
	}
	if err != nil {
		return e.Fail(command.Found, fmt.Errorf("print: %w", err))
	}
	if slices.ContainsFunc(list, func(x tried) bool { return len(x.Missing) > 0 }) {
		return command.Found
	}
	return command.Good
}

// mailsIn lists the files of a folder that are saved mails, in order of name.
func mailsIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("list saved mails: %w", err)
	}
	var files []string
	for _, x := range entries {
		if !x.IsDir() && strings.EqualFold(filepath.Ext(x.Name()), ".eml") {
			files = append(files, filepath.Join(dir, x.Name()))
		}
	}
	if len(files) == 0 {
		return nil, errors.New("no .eml file in " + dir)
	}
	return files, nil
}

// try reads one mail by the first rule that matches.
func try(file string, findings []source.Finding) tried {
	x := tried{File: filepath.Base(file), Also: []string{}, foundIn: newFoundIn(source.Found{})}
	for _, f := range findings {
		switch {
		case !f.Matched:
		case x.Rule == "":
			x.Rule, x.foundIn = f.Rule, newFoundIn(f.Found)
		default:
			x.Also = append(x.Also, f.Rule)
		}
	}
	return x
}

// talliesOf counts by rule: those of the file in their order, also where they matched nothing, then built-in ones that matched.
func talliesOf(list []tried, rules []source.Rule) []tally {
	var all []tally
	for _, r := range rules {
		all = append(all, tally{Rule: r.Name, Fields: map[string]int{}})
	}
	for _, x := range list {
		if x.Rule == "" {
			continue
		}
		i := slices.IndexFunc(all, func(t tally) bool { return t.Rule == x.Rule })
		if i < 0 {
			i, all = len(all), append(all, tally{Rule: x.Rule, Fields: map[string]int{}})
		}
		all[i].Matched++
		for name := range x.Fields {
			all[i].Fields[name]++
		}
		for _, name := range x.Missing {
			all[i].Fields[name] += 0
		}
	}
	return all
}

func printTried(e *command.Env, list []tried, tallies []tally) error {
	w := tabwriter.NewWriter(e.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "MAIL\tRULE\tREPLY\tMISSING\tFOUND")
	for _, x := range list {
		if x.Rule == "" {
			fmt.Fprintf(w, "%s\t-\t-\t-\t-\n", command.Line(x.File, 40))
			continue
		}
		rule := x.Rule
		if len(x.Also) > 0 {
			rule += " (before " + strings.Join(x.Also, ", ") + ")"
		}
		facts := x.rows()
		for i, f := range facts {
			facts[i] = command.Line(f, 60)
		}
		first := fmt.Sprintf("%s\t%s\t%s", command.Line(x.File, 40), rule, x.Reply)
		for i := range max(1, len(facts), len(x.Missing)) {
			fmt.Fprintf(w, "%s\t%s\t%s\n", first, item(x.Missing, i), item(facts, i))
			first = "\t\t"
		}
	}
	fmt.Fprintln(w, "\nRULE\tMAILS\tFIELDS")
	for _, t := range tallies {
		var counts []string
		for _, name := range slices.Sorted(maps.Keys(t.Fields)) {
			counts = append(counts, fmt.Sprintf("%s %d/%d", name, t.Fields[name], t.Matched))
		}
		fmt.Fprintf(w, "%s\t%d of %d\t%s\n", t.Rule, t.Matched, len(list), command.OrDash(strings.Join(counts, ", ")))
	}
	return w.Flush()
}

// item is the i-th of a list, "" behind its end.
func item(list []string, i int) string {
	if i >= len(list) {
		return ""
	}
	return list[i]
}
