package main

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

// commands is the table, in the order of help.
func commands() []command {
	return []command{
		{"init", "write a first configuration file", initUsage, runInit},
		{"check", "read the configuration and say what it comes to", checkUsage, runCheck},
		{"config", "print every key, explained, with its value in force", configUsage, runConfig},
		{"due", "compute a deadline and explain it day by day", dueUsage, runDue},
		{"calendar", "print a month: open hours, holidays, closures", calendarUsage, runCalendar},
		{"explain", "say what a saved mail would be taken for", explainUsage, runExplain},
	}
}
