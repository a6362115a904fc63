package dossier

import (
	"slices"

	"replyby/desk/clock"
	"replyby/desk/ending"
	"replyby/desk/sheet"
	"replyby/desk/token"
	"replyby/letter"
	"replyby/store"
	"replyby/ticket"
	"replyby/ticket/kind"
	"replyby/ticket/posted"
)

// tellPutOff is the attempt after which staff are told that a letter is being deferred: the fifth comes almost an hour after the first.
const tellPutOff = 5

// End records how an attempt to send a letter ended.
func (f *Dossier) End(l store.Letter, e ending.Ended) error {
	del := &ticket.Delivery{Letter: l.ID, At: f.Now, Code: e.Code, Reply: e.Reply, Server: e.Server, Stage: e.Stage}
	body := ticket.Body{Delivery: del}
	if e.Outcome != ending.Deferred {
		f.Change.Done = append(f.Change.Done, l.ID)
	}
	what := e.Outcome.Kind()
	before, _ := f.T.Letter(l.ID)
	if before.State == posted.Bounced { // the bounce arrived first and has been dealt with
		f.Add(what, sheet.Program, body)
		return nil
	}
	switch what {
	case kind.Sent:
		return clock.Accepted(f.Sheet, l.Letter, what, body)
	case kind.Held:
		if l.Customer && l.Attempt+1 == tellPutOff {
			f.Add(what, sheet.Program, body)
			r := letter.Review{Why: "put_off", Note: e.Reply, Request: f.T.Excerpt}
			return f.askFor(f.answerable(before), r, ticket.Token{Purpose: token.Decide, Letter: l.ID})
		}
	case kind.Failed:
		f.Count("failed")
		if l.Customer {
			return f.tellFailed(l, body)
		}
	case kind.Unknown:
		if l.Customer {
			f.Count("unknown")
		}
	}
	f.Add(what, sheet.Program, body)
	return nil
}

// Meant is the letter in a state that a staff mail is about: the one named, or else the only one there is. Where none is named and there are
// several, nobody guesses.
func (f *Dossier) Meant(state posted.State, named string) (ticket.Posted, bool) {
	about := slices.DeleteFunc(slices.Clone(f.T.Posted), func(p ticket.Posted) bool {
		return !p.Customer || p.State != state || named != "" && p.ID != named
	})
	if len(about) != 1 {
		return ticket.Posted{}, false
	}
	return about[0], true
}
