package main

import (
	"context"
	"io"

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

func runConfig(_ context.Context, e *env) int {
	fs := e.flags("config")
	path := configFlag(fs)
	asJSON, example := fs.Bool("json", false, ""), fs.Bool("example", false, "")
	if code, ok := e.parseAlone(fs); !ok {
		return code
	}
	if *example {
		return e.tell(false, nil, func(w io.Writer) error { _, err := w.Write(config.Example()); return err })
	}
	f, code, ok := e.load(*path)
	if !ok {
		return code
	}
	return e.tell(*asJSON, f.Values(), f.Print)
}
