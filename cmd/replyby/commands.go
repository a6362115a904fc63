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
		{"init", "write a first configuration file", initUsage(), runInit},
		{"serve", "watch the mailboxes, keep the clocks, send what people decided", serveUsage, runServe},
		{"demo", "play the whole story on this machine, in half a minute", demoUsage, runDemo},
		{"tickets", "list open tickets", ticketsUsage, withStore("tickets", runTickets)},
		{"show", "print a ticket and everything that happened to it", showUsage, withStore("show", runShow)},
		{"verify", "prove that the database agrees with itself", verifyUsage, withStore("verify", runVerify)},
		{"check", "read the configuration and say what it comes to", checkUsage, runCheck},
		{"config", "print every key, explained, with its value in force", configUsage, runConfig},
		{"due", "compute a deadline and explain it day by day", dueUsage, runDue},
		{"calendar", "print a month: open hours, holidays, closures", calendarUsage, runCalendar},
		{"learn", "propose a rule for a carrier from one saved mail", learnUsage, runLearn},
		{"explain", "say what a saved mail would be taken for", explainUsage, runExplain},
	}
}
