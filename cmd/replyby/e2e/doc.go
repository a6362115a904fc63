// Package e2e holds the tests of the whole program, and nothing else: replyby runs as a child process with a configuration
// file, on a real Dovecot behind a real SMTP hop, and people write to it as people do.
//
// The tests see what a user sees: mails in mailboxes, what commands print, exit codes. They name the promise they hold,
// I1 to I12. Every program that a test starts must end cleanly when it is told to, must never report a data race, and must
// leave a database in which `replyby verify` finds nothing wrong.
//
// Variables: REPLYBY_KILLS is how often the program is killed in the story of kills (15), REPLYBY_SEED repeats the moments of
// an earlier run, REPLYBY_LATENCY turns the measurement on and says how many deliveries it takes.
package e2e
