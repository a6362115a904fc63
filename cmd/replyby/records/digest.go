package records

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"replyby/cmd/replyby/command"
	"replyby/config"
)

const digestUsage = `replyby digest [-config FILE] [-desk NAME] [-lang L] [-json]

What the daily digest would say at this moment. Nothing is sent, and the next
digest comes when it is due.

  -desk NAME   this desk only
  -lang L      it, es, fr or en (default: the first of the desk's languages)
  -json        one object per desk: desk, subject, text

example:
  replyby digest -lang en
`

// told is a digest as digest -json prints it.
type told struct {
	Desk    string `json:"desk"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// Digest is the command that prints the digest.
func Digest() command.Command {
	return command.Command{Name: "digest", Help: "print what the daily digest would say now", Usage: digestUsage, Run: runDigest}
}

func runDigest(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path, name, lang := command.ConfigFlag(fs), fs.String("desk", "", ""), fs.String("lang", "", "")
	asJSON := fs.Bool("json", false, "")
	if code, ok := e.ParseAlone(fs); !ok {
		return code
	}
	if _, code, ok := e.Words(cmp.Or(*lang, "en")); !ok {
		return code
	}
	return e.WithOffice(ctx, *path, func(f *config.File, o command.House) int {
		if _, code, ok := e.Desk(f, *name); !ok {
			return code
		}
		for _, d := range command.DesksOf(f, *name) {
			desk := o.Desk(d.Name)
			subject, text, err := desk.Digest(ctx, e.Now(), cmp.Or(*lang, desk.Languages[0]))
			if err != nil {
				return e.Fail(command.Found, err)
			}
			if code := e.Tell(*asJSON, told{d.Name, subject, text}, func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "%s\n\n%s\n", subject, text)
				return err
			}); code != command.Good {
				return code
			}
		}
		return command.Good
	})
}
