package setup

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/desk"
)

// checkStaff is check -staff: it asks everybody for one answer who has not given it yet, and says what came of it so far.
func checkStaff(ctx context.Context, e *command.Env, path, name string, asJSON bool) int {
	return e.WithOffice(ctx, path, func(f *config.File, o command.House) int {
		if _, code, ok := e.Desk(f, name); !ok {
			return code
		}
		code := command.Good
		for i := range f.Desks {
			d := &f.Desks[i]
			if name != "" && d.Name != name {
				continue
			}
			if err := o.Desk(d.Name).Greet(ctx, e.Now()); err != nil {
				return e.Fail(command.Found, err)
			}
			people, err := o.Desk(d.Name).Colleagues(ctx)
			if err != nil {
				return e.Fail(command.Found, err)
			}
			for _, p := range people {
				said := introductionOf(d, p)
				code = max(code, e.Tell(asJSON, said, said.print))
				if said.Answered == nil {
					code = max(code, command.Found)
				}
			}
		}
		return code
	})
}

// introduction is what is known of a person, as check -staff -json prints it.
type introduction struct {
	Desk      string     `json:"desk"`
	Name      string     `json:"name"`
	Address   string     `json:"address"`
	Asked     *time.Time `json:"asked_at"`
	Answered  *time.Time `json:"answered_at"`
	Proof     string     `json:"proof"`     // what proved the answer, "" = nothing did
	Signature string     `json:"signature"` // learnt
	Junk      bool       `json:"junk"`      // our mail or the answer lay in junk
	AwayUntil *time.Time `json:"away_until"`

	zone *time.Location
}

func introductionOf(d *config.Desk, c desk.Colleague) introduction {
	at := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		return &t
	}
	return introduction{
		Desk: d.Name, Name: c.Name, Address: c.Address(), Asked: at(c.Greeted), Answered: at(c.Answered), Proof: c.Proof, Signature: c.Signature, Junk: c.Junk,
		AwayUntil: at(c.Away), zone: d.Service().Zone(),
	}
}

func (p introduction) print(w io.Writer) error {
	const day = "Mon 02 Jan 15:04"
	var b strings.Builder
	row := func(label, text string) { fmt.Fprintf(&b, "  %-10s %s\n", label, text) }
	fmt.Fprintf(&b, "%s <%s>, desk %s\n", command.Line(p.Name, 60), p.Address, p.Desk)
	if p.Answered == nil {
		row("answered", "not yet; asked "+p.Asked.In(p.zone).Format(day))
	} else {
		row("answered", p.Answered.In(p.zone).Format(day))
		row("proof", cmp.Or(command.Line(p.Proof, 100), "none in that answer: approvals take two steps unless 'check -online' names keys to add; then another answer to that mail shows it"))
		row("signature", p.learnt())
	}
	if p.Junk {
		row("junk", "this mail lay in a junk folder: mark it there as no junk")
	}
	if p.AwayUntil != nil {
		row("away", "until "+p.AwayUntil.In(p.zone).Format(day))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// learnt says how a signature begins.
func (p introduction) learnt() string {
	if p.Signature == "" {
		return "none"
	}
	lines := strings.Split(p.Signature, "\n")
	return fmt.Sprintf("%d lines, from %q on", len(lines), command.Line(lines[0], 60))
}
