package ticket

import (
	"slices"
	"time"
)

// propose makes d the current draft. Tokens given for an earlier version are void.
func (t *Ticket) propose(d *Draft) {
	if d == nil {
		return
	}
	t.Draft = *d
	for i := range t.Tokens {
		if k := &t.Tokens[i]; k.Draft < d.Version {
			k.spend("superseded by a newer draft")
		}
	}
}

// decide spends every token of the draft that was decided: the first valid decision wins.
func (t *Ticket) decide(e Event) {
	if t.Notice.Asks { // its letters are those of other tickets
		t.Decided = t.Draft.Version
		t.spend(t.Decided, "decided by "+e.Actor)
	}
	for _, l := range e.Body.Letters {
		if !l.Customer {
			continue
		}
		if l.Draft > t.Decided {
			t.hear(l.ID)
		} else { // the same letter once more, written before
			t.repeat(l)
		}
		t.Decided = l.Draft
		t.spend(l.Draft, "decided by "+e.Actor)
	}
}

// spend takes a token's worth, and with it what it was bound to. It is spent once.
func (k *Token) spend(why string) {
	if k.Spent == "" {
		k.Spent, k.Shown = why, Hash{}
	}
}

// hear lets a letter take up what the customer has written.
func (t *Ticket) hear(letter string) {
	for i := range t.Posted {
		if t.Posted[i].ID == letter {
			t.Posted[i].Heard = t.UnheardAt
		}
	}
	t.UnheardAt = time.Time{}
}

// repeat lets a second copy of a letter stand for the first: it says what that said, was written when that was, and takes up the same.
func (t *Ticket) repeat(l Letter) {
	var first Posted
	for i := range t.Posted {
		switch p := &t.Posted[i]; {
		case p.ID == l.ID && first.ID != "":
			p.Heard, p.DecidedAt = first.Heard, first.DecidedAt
		case p.MessageID == l.MessageID:
			first = *p
		}
	}
}

// spend takes the worth from every token of a draft.
func (t *Ticket) spend(draft int, why string) {
	for i := range t.Tokens {
		if k := &t.Tokens[i]; k.Draft == draft {
			k.spend(why)
		}
	}
}

// keepTokens takes in new tokens and forgets old ones, first those that are spent: every mail in a long conversation brings some.
func (t *Ticket) keepTokens(fresh []Token) {
	spent := 0
	for _, k := range t.Tokens {
		if k.Spent != "" {
			spent++
		}
	}
	t.Tokens = slices.DeleteFunc(t.Tokens, func(k Token) bool {
		if k.Spent == "" || spent <= keepSpent {
			return false
		}
		spent--
		return true
	})
	t.Tokens = withLast(t.Tokens, keepTokens, fresh...)
}
