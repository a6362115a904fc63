// Package ending says how an attempt to send a letter ended, in the desk's words.
package ending

import (
	"time"

	"replyby/ticket/kind"
)

// Outcome is how an attempt ended.
type Outcome string

// The outcomes. Any other is as good as Unknown.
const (
	Sent     Outcome = "sent"     // the server took the letter
	Deferred Outcome = "deferred" // not now: it is to be offered again
	Refused  Outcome = "refused"  // for good
	Unknown  Outcome = "unknown"  // nobody can say
)

// Ended is the end of an attempt.
type Ended struct {
	Outcome Outcome
	Code    int
	Reply   string // the server's words
	Server  string
	Stage   string
	At      time.Time
	Next    time.Time // deferred: when to try again
}

// Kind is the event that records it.
func (o Outcome) Kind() kind.Kind {
	switch o {
	case Sent:
		return kind.Sent
	case Deferred:
		return kind.Held
	case Refused:
		return kind.Failed
	}
	return kind.Unknown
}
