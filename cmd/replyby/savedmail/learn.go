package savedmail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"replyby/classifier"
	"replyby/classifier/source"
	"replyby/cmd/replyby/command"
	"replyby/config/strict"
	"replyby/mailparse"
)

const learnUsage = `replyby learn [-config FILE] [-desk NAME] [-json] FILE

Reads one saved mail (.eml) of a carrier, such as a contact form or a
marketplace's notification, and prints a [[source]] for it, ready to be pasted
into the configuration, with what was seen in the mail and what a person should
check. "-" reads the mail from standard input. Nothing is changed.

  -desk NAME   for this desk (default: the first one)
  -json        one object: the rule, the labels seen, what it finds, notes

example:
  replyby learn notification.eml >> replyby.toml
`

// Learn is the command that proposes a rule for a carrier.
func Learn() command.Command {
	return command.Command{Name: "learn", Help: "propose a rule for a carrier from one saved mail", Usage: learnUsage, Run: runLearn}
}

func runLearn(_ context.Context, e *command.Env) int {
	fs := e.Flags()
	path, name := command.ConfigFlag(fs), fs.String("desk", "", "")
	asJSON := fs.Bool("json", false, "")
	files, code, ok := e.Parse(fs)
	if !ok {
		return code
	}
	if len(files) != 1 {
		return e.Fail(command.Usage, command.Hinted(errors.New("learn needs one saved mail"), "replyby learn notification.eml"))
	}
	rules, code, ok := rulesOf(e, *path, *name)
	if !ok {
		return code
	}
	raw, err := read(e, files[0])
	if err != nil {
		return e.Fail(command.Found, fmt.Errorf("read mail: %w", err))
	}
	l, err := learn(mailparse.Parse(raw), rules)
	if err != nil {
		return e.Fail(command.Found, command.Hinted(fmt.Errorf("no rule for %s: %w", files[0], err), "save the mail whole, with its header, as the mailbox has it"))
	}
	return e.Tell(*asJSON, l, l.print)
}

// learnt is a proposed rule and what it was made from, as learn -json prints it.
type learnt struct {
	Rule   source.Rule `json:"rule"`
	Labels []string    `json:"labels"` // seen above the message, as written
	Finds  foundIn     `json:"finds"`  // what the rule reads from the very mail
	Notes  []string    `json:"notes"`  // what a person should check
}

// learn proposes a rule and tries it on its own mail.
func learn(m *mailparse.Message, c classifier.Config) (learnt, error) {
	p := source.Learn(m)
	c.Sources, c.NoBuiltin = []source.Rule{p.Rule}, true
	judge, err := classifier.New(c)
	if err != nil {
		return learnt{}, err
	}
	return learnt{Rule: p.Rule, Labels: listOf(p.Labels), Finds: newFoundIn(judge.Check(m)[0].Found), Notes: listOf(p.Notes)}, nil
}

// print writes the rule with everything else as comments, so that all of it may go into the file.
func (l learnt) print(w io.Writer) error {
	text, err := strict.Entry("source", l.Rule)
	if err != nil {
		return err
	}
	var b strings.Builder
	say := func(label, value string) {
		if value != "" {
			fmt.Fprintf(&b, "# %-10s %s\n", label, command.Line(value, 200))
		}
	}
	b.WriteString("\n# Proposed by 'replyby learn' from one mail; 'replyby check -sources FOLDER' tries it on others.\n")
	say("labels", strings.Join(l.Labels, ", "))
	for _, n := range l.Notes {
		say("check", n)
	}
	for _, fact := range l.Finds.rows() {
		say("finds", fact)
	}
	say("misses", strings.Join(l.Finds.Missing, ", "))
	b.WriteString(text)
	_, err = io.WriteString(w, b.String())
	return err
}
