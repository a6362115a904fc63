package records

import (
	"context"
	"fmt"
	"io"

	"replyby/cmd/replyby/command"
	"replyby/config"
)

const claimUsage = `replyby claim [-config FILE] [-desk NAME] [-by ADDRESS] [-json]

Says that this installation alone works the mailbox. When letters of another
one are seen there, nothing more goes to customers, so that nobody gets a letter
twice; staff are told. Stop the other installation first, look at what it sent,
and then run this: the letters that waited go.

  -by ADDRESS  who says so, for the history (default: "command line")
  -desk NAME   this desk only
  -json        one object per desk

example:
  replyby claim -desk agency
`

// Claim is the command that ends the alarm about another installation.
func Claim() command.Command {
	return command.Command{Name: "claim", Help: "say that no other installation works the mailbox", Usage: claimUsage, Run: runClaim}
}

// claimed is what claim -json prints of a desk. Seen is empty where nothing stood in the way.
type claimed struct {
	Desk string `json:"desk"`
	Seen string `json:"seen"`
}

func runClaim(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path, name := command.ConfigFlag(fs), fs.String("desk", "", "")
	by, asJSON := fs.String("by", "command line", ""), fs.Bool("json", false, "")
	if code, ok := e.ParseAlone(fs); !ok {
		return code
	}
	return e.WithOffice(ctx, *path, func(f *config.File, o command.House) int {
		if _, code, ok := e.Desk(f, *name); !ok {
			return code
		}
		code := command.Good
		for _, d := range command.DesksOf(f, *name) {
			seen, err := o.Desk(d.Name).Claim(ctx, *by, e.Now())
			if err != nil {
				return e.Fail(command.Found, err)
			}
			code = max(code, e.Tell(*asJSON, claimed{d.Name, seen}, func(w io.Writer) error {
				what := "letters go again; seen was: " + command.Line(seen, 120)
				if seen == "" {
					what = "no other installation was seen, nothing to do"
				}
				_, err := fmt.Fprintf(w, "%s: %s\n", d.Name, what)
				return err
			}))
		}
		return code
	})
}
