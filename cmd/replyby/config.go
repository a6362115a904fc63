package main

import "context"

const configUsage = `replyby config [-config FILE] [-json | -example]

Prints the configuration as it is in force: what the file says, over the
provider's preset, over the defaults; each key with its explanation. A secret
prints as <secret>.

  -example   print an example of all keys instead; no file is read
  -json      print the values alone, one object

example:
  replyby config | less
`

func runConfig(_ context.Context, e *env) int {
	fs := e.flags("config")
	path := configFlag(fs)
	if _, code, ok := e.parse(fs); !ok {
		return code
	}
	f, code, ok := e.load(*path)
	if !ok {
		return code
	}
	if err := f.Print(e.Stdout); err != nil {
		return e.fail(found, err)
	}
	return good
}
