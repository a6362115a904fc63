package main

import (
	"context"
	"fmt"

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
	args, code, ok := e.parse(fs)
	if !ok {
		return code
	}
	if len(args) > 0 {
		return e.fail(usage, hinted(fmt.Errorf("config takes no argument %q", args[0]), "name the file with -config"))
	}
	if *example {
		if _, err := e.Stdout.Write(config.Example()); err != nil {
			return e.fail(found, err)
		}
		return good
	}
	f, code, ok := e.load(*path)
	if !ok {
		return code
	}
	var err error
	if *asJSON {
		err = e.object(f.Values())
	} else {
		err = f.Print(e.Stdout)
	}
	if err != nil {
		return e.fail(found, err)
	}
	return good
}
