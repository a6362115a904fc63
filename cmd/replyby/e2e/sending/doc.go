// Package sending plays every way in which the sending of one approved letter can go wrong: what the server or the network does, the
// point at which our own program dies, and how it is started again. It holds tests and nothing else.
//
// Desk, store and sender are the real ones, and so is the SMTP server behind the mail host; between them lies a wire that can be cut
// at any command. All of it runs in a bubble of time, so that an hour costs nothing.
//
// In each cell the server accepts the letter at most once, never less than the whole of it, and nobody is left in doubt: the copy,
// a delivery report or a person who was asked settles it.
package sending
