package act_test

import (
	"testing"

	"replyby/ticket/act"
	"replyby/ticket/kind"
)

func TestActs(t *testing.T) {
	const anna = "anna@desk.example"
	for _, c := range []struct {
		kind     kind.Kind
		actor    string
		ofLetter bool
		want     bool
	}{
		{kind.Received, act.Customer, false, true},
		{kind.Reclassified, act.Customer, false, false}, // he wrote in another language: the message counts
		{kind.Decided, anna, false, true},
		{kind.Noted, anna, false, true},
		{kind.Assigned, anna, false, true},
		{kind.Drafted, anna, false, true},
		{kind.Promised, anna, false, true}, // when the customer hears next
		{kind.Promised, anna, true, false}, // by a letter that has arrived
		{kind.Recalled, anna, true, true},
		{kind.Settled, anna, true, true},
		{kind.Consent, anna, true, true},
		{kind.DecisionRefused, anna, false, false},
		{kind.Erased, anna, false, false},
		{kind.Assigned, act.Program, false, false},
		{kind.Warned, act.Program, false, false},
		{kind.Retimed, act.Program, false, false},
		{kind.Sent, act.Program, true, false},
		{kind.Classified, "", false, false},
	} {
		if got := act.Acts(c.kind, c.actor, c.ofLetter); got != c.want {
			t.Errorf("%s by %q, of a letter: %t: %t, want %t", c.kind, c.actor, c.ofLetter, got, c.want)
		}
	}
}
