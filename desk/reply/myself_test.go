package reply

import (
	"testing"

	"replyby/desk/reply/verb"
)

// Whoever hands a ticket to himself takes it.
func TestToMyself(t *testing.T) {
	for _, line := range []string{
		"assign me", "assign to me", "Assign it to me", "assign myself", "assign: me",
		"assegna a me", "assegna me", "assegnami", "assegna a me stesso", "assegnala a me",
		"asigna a mí", "asignar a mi", "asigna a mí mismo", "asígname", "asígnala a mí",
		"assigne-moi", "assigner à moi", "attribue-moi", "attribuer à moi-même", "attribue à moi", "assigne moi",
	} {
		r := Parse(line, now(t))
		if r.Doubt != nil || len(r.Commands) != 1 || r.Commands[0].Verb != verb.Take || r.Commands[0].Args != "" {
			t.Errorf("%q: %+v", line, r)
		}
	}
	for _, line := range []string{"assign Mia", "assegna a Meo", "asigna Mia", "attribuer à Moïse", "assegna a Marco"} {
		if r := Parse(line, now(t)); len(r.Commands) != 1 || r.Commands[0].Verb != verb.Assign {
			t.Errorf("%q: %+v", line, r)
		}
	}
}
