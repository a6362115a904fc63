package reply

import (
	"slices"

	"replyby/desk/reply/verb"
)

// Asks reports whether one of the commands has one of these verbs.
func (r Reply) Asks(any ...verb.Verb) bool {
	return slices.ContainsFunc(r.Commands, func(c Command) bool { return slices.Contains(any, c.Verb) })
}

// Writes reports whether it asks for a letter to the customer.
func (r Reply) Writes() bool {
	return slices.ContainsFunc(r.Commands, func(c Command) bool { return c.Verb.Writes() })
}

// Drafts reports whether it changes the letter to the customer and does not ask for it.
func (r Reply) Drafts() bool { return !r.Writes() && r.Asks(verb.Next, verb.Field, verb.Detach) }

// OpenToDoubt reports whether it has words beside a command that may have been meant to go with a letter, and none that sends one.
func (r Reply) OpenToDoubt() bool {
	return !r.Writes() && r.Words != "" && r.Asks(verb.Wait, verb.Close, verb.Bill)
}

// Noted reports whether its words are those of its note, or of the answer posted in a portal, and so of no letter.
func (r Reply) Noted() bool {
	return r.Asks(verb.Note, verb.Posted) && !r.Writes() && !r.Drafts() && !r.OpenToDoubt()
}

// Replaces reports whether it says what goes in place of a letter that it takes back. A date or a version alone is for the words of that letter.
func (r Reply) Replaces() bool {
	return slices.ContainsFunc(r.Commands, func(c Command) bool {
		alone := slices.Contains([]verb.Verb{verb.ETA, verb.NoETA, verb.Patch}, c.Verb) && r.Words == ""
		return c.Verb.Writes() && !alone
	})
}

// ToOne is the line that asks for a letter to the customer of one ticket and nobody else, "" if none does.
func (r Reply) ToOne() string {
	for _, c := range r.Commands {
		if c.Verb.Writes() && c.Verb != verb.OK && c.Verb != verb.Patch {
			return c.Line
		}
	}
	return ""
}

// AboutLetter reports whether it is about the letter to the customer, so that files sent with it are for him.
func (r Reply) AboutLetter() bool {
	switch {
	case r.Asks(verb.Resend), r.Noted():
		return false
	case len(r.Commands) == 0, r.Writes(), r.Drafts(), r.OpenToDoubt(), r.Asks(verb.Customer):
		return true
	}
	return r.Asks(verb.Undo) && !r.Replaces()
}
