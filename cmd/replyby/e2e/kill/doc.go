// Package kill ends the program with SIGKILL, at every point of a whole story by name and at random moments, and looks at what is
// left. It holds tests and nothing else.
//
// The child is this test's own binary with the real office in it: the edges, the desk and the store are those of `replyby serve`.
// Only what the program already lets its caller choose is used to stand in its way: the connections it dials, and the store
// between it and the desk. So the program that is shipped has no point at which it could be told to die.
//
// The mailboxes and the SMTP server live in the parent, which survives. It plays the customers, who write and write again, and
// the person who answers them; it knows what the server has accepted, and keeps what was decided by whom.
//
// The flags -kills and -kill.seed say how often, and repeat the order of an earlier run.
package kill
