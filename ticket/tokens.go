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

// spend makes a token worthless and keeps the reason. The first reason stays.
func (k *Token) spend(why string) {
	if k.Spent == "" {
		k.Spent, k.Shown = why, Hash{}
	}
}

// hear records that the author of a letter had read all that the customer has written so far: the letter answers it.
func (t *Ticket) hear(letter string) {
	for i := range t.Posted {
		if t.Posted[i].ID == letter {
			t.Posted[i].Heard = t.UnheardAt
		}
	}
	t.UnheardAt = time.Time{}
}

// repeat makes a second copy of a letter count like the first: decided at the same instant and answering the same messages.
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

// spend spends every token of a draft.
func (t *Ticket) spend(draft int, why string) {
	for i := range t.Tokens {
		if k := &t.Tokens[i]; k.Draft == draft {
			k.spend(why)
		}
	}
}

// keepTokens adds new tokens and drops old ones, spent ones first. A long conversation would collect them without end, since every mail to
// staff brings some.
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
