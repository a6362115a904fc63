package records

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"replyby/cmd/replyby/command"
	"replyby/config"
	"replyby/desk"
)

const importUsage = `replyby import [-config FILE] [-desk NAME] [-by ADDRESS] [-at TIME]
               [-json] FILE...

Makes saved mails (.eml) tickets: a request that came to somebody's own
address, or one that was in the mailbox before replyby began. Staff get it for
review like any other. Its clock began when the mail came: when the server that
took it says so in the mail, else its date. A mail that the desk knows makes no
second ticket.

  -at TIME     when it came, where the mail does not say it rightly:
               2026-11-20T17:30:00+01:00, or local time without an offset
  -by ADDRESS  who says that it is a request, for the history
               (default: "command line")
  -desk NAME   the desk that it is for, where there are several
  -json        one object per ticket

example:
  replyby import -by anna@example.it richiesta.eml
`

// Import is the command that makes saved mails tickets.
func Import() command.Command {
	return command.Command{Name: "import", Help: "make saved mails tickets", Usage: importUsage, Run: runImport}
}

func runImport(ctx context.Context, e *command.Env) int {
	fs := e.Flags()
	path, name := command.ConfigFlag(fs), fs.String("desk", "", "")
	at, by := fs.String("at", "", ""), fs.String("by", "command line", "")
	asJSON := fs.Bool("json", false, "")
	files, code, ok := e.Parse(fs)
	switch {
	case !ok:
		return code
	case len(files) == 0:
		return e.Fail(command.Usage, command.Hinted(errors.New("import needs a saved mail"), "replyby import richiesta.eml"))
	}
	return e.WithOffice(ctx, *path, func(f *config.File, o command.House) int {
		d, code, ok := e.Desk(f, *name)
		if !ok {
			return code
		}
		if *name == "" && len(f.Desks) > 1 {
			return e.Fail(command.Usage, command.Hinted(errors.New("there are several desks, and the mail is for one"), "-desk "+d.Name))
		}
		came, err := cameAt(*at, d)
		if err != nil {
			return e.Fail(command.Usage, err)
		}
		for _, file := range files {
			code = max(code, importOne(ctx, e, imported{o.Desk(d.Name), file, desk.Saved{At: came, By: *by}, int64(d.IMAP.MaxSize), *asJSON}))
		}
		return code
	})
}

// cameAt reads -at, which may be left out.
func cameAt(text string, d *config.Desk) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return command.Instant("at", text, d.Service().Zone())
}

// imported is a file that shall be a ticket.
type imported struct {
	desk *desk.Desk
	file string
	desk.Saved
	most   int64 // octets
	asJSON bool
}

// importOne makes one saved mail a ticket and prints it.
func importOne(ctx context.Context, e *command.Env, i imported) int {
	var err error
	if i.Raw, err = readMail(e.Path(i.file), i.most); err != nil {
		return e.Fail(command.Found, err)
	}
	t, err := i.desk.Import(ctx, i.Saved, e.Now())
	if err != nil {
		return e.Fail(command.Found, i.why(err))
	}
	return e.Tell(i.asJSON, briefOf(t), func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s %s\n", t.Ref, command.Line(t.Subject, 100))
		return err
	})
}

func readMail(path string, most int64) ([]byte, error) {
	switch info, err := os.Stat(path); {
	case err != nil:
		return nil, fmt.Errorf("read mail: %w", err)
	case !info.Mode().IsRegular():
		return nil, command.Hinted(fmt.Errorf("read mail: %s is no file", path), "name saved mails: replyby import folder/*.eml")
	case info.Size() > most:
		return nil, command.Hinted(fmt.Errorf("%s has %d MB, and max_size of the desk is %d MB", path, info.Size()>>20, most>>20), "raise imap.max_size")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read mail: %w", err)
	}
	return raw, nil
}

// why says why a file is no ticket, and what to do.
func (i imported) why(err error) error {
	r, ok := errors.AsType[desk.Refusal](err)
	if !ok {
		return err
	}
	var what, hint string
	switch r.Code {
	case "adopted":
		what, hint = "is ticket "+r.Detail+" already", "replyby show "+r.Detail
	case "filed":
		what, hint = "is known and was set aside", "replyby adopt "+r.Detail
	case "our_letter":
		what, hint = "is a letter that replyby wrote", "import what the customer wrote"
	case "from_staff":
		what, hint = "is from one of the staff", "import what the customer wrote: save that mail itself, not the one it was forwarded in"
	case "no_time":
		what, hint = "does not say when it came", "-at 2026-11-20T17:30"
	case "future":
		what, hint = "would have come in the future", "say when it came: -at 2026-11-20T17:30"
	default:
		what, hint = "is no mail: it names nobody in From", "save the mail as .eml, with all its headers"
	}
	return command.Hinted(fmt.Errorf("%s %s", i.file, what), hint)
}
