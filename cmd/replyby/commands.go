package main

import (
	"replyby/cmd/replyby/backup"
	"replyby/cmd/replyby/command"
	"replyby/cmd/replyby/lookup"
	"replyby/cmd/replyby/proof"
	"replyby/cmd/replyby/records"
	"replyby/cmd/replyby/report"
	"replyby/cmd/replyby/savedmail"
	"replyby/cmd/replyby/setup"
)

const intro = `replyby turns a support mailbox into tickets with contractual clocks.

usage: replyby COMMAND [flags] [arguments]

`

const outro = `
'replyby help COMMAND' tells more. Every command takes -config FILE (default
replyby.toml); those that print records take -json. Exit status: 0 good,
1 something is wrong, 2 wrong usage or configuration.

example:
  replyby init -provider aruba -address assistenza@example.it -policy agency
  replyby check && replyby serve
`

// program is the table of subcommands, in the order of help.
func program() command.Program {
	return command.Program{Intro: intro, Outro: outro, Commands: []command.Command{
		setup.Init(),
		serveCommand(),
		demoCommand(),
		records.Tickets(),
		records.Show(),
		records.Digest(),
		report.Command(),
		records.Adopt(),
		records.Import(),
		records.Claim(),
		records.Contracts(),
		proof.Evidence(),
		proof.Verify(),
		backup.Backup(),
		backup.Restore(),
		backup.Reconcile(),
		records.Erase(),
		setup.Check(),
		setup.Config(),
		lookup.Due(),
		lookup.Calendar(),
		lookup.Texts(),
		savedmail.Learn(),
		savedmail.Explain(),
	}}
}
