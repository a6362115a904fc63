package setup

import (
	"context"
	"io"

	"replyby/cmd/replyby/command"
	"replyby/config"
)

const configUsage = `replyby config [-config FILE] [-json | -example]

Prints the configuration as it is in force: what the file says, over the
provider's preset, over the defaults; each key with its explanation. A secret
prints as <secret>.

  -example   print an example of every key instead; no file is read
  -json      print the values alone, one object

example:
  replyby config -example > replyby.toml
`

// Config is the command that prints the configuration in force.
func Config() command.Command {
	return command.Command{Name: "config", Help: "print every key, explained, with its value in force", Usage: configUsage, Run: runConfig}
}

func runConfig(_ context.Context, e *command.Env) int {
	fs := e.Flags()
	path := command.ConfigFlag(fs)
	asJSON, example := fs.Bool("json", false, ""), fs.Bool("example", false, "")
	if code, ok := e.ParseAlone(fs); !ok {
		return code
	}
	if *example {
		return e.Tell(false, nil, func(w io.Writer) error { _, err := w.Write(config.Example()); return err })
	}
	f, code, ok := e.Load(*path)
	if !ok {
		return code
	}
	return e.Tell(*asJSON, f.Values(), f.Print)
}
