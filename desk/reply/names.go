package reply

import "replyby/desk/reply/verb"

// Verb is [verb.Verb].
type Verb = verb.Verb

// Verbs under the names the desk has for them; package verb is the whole vocabulary.
const (
	OK       = verb.OK
	ETA      = verb.ETA
	NoETA    = verb.NoETA
	Next     = verb.Next
	Note     = verb.Note
	Wait     = verb.Wait
	Fixed    = verb.Fixed
	Posted   = verb.Posted
	Take     = verb.Take
	Assign   = verb.Assign
	Fault    = verb.Fault
	Question = verb.Question
	Presale  = verb.Presale
	Urgent   = verb.Urgent
	Normal   = verb.Normal
	Close    = verb.Close
	Reopen   = verb.Reopen
	Resend   = verb.Resend
	Leave    = verb.Leave
	Undo     = verb.Undo
	Status   = verb.Status
	Help     = verb.Help
	Adopt    = verb.Adopt
)
