package reply

import "testing"

// A line that says undo counts also beside a doubt, but not one that is in doubt itself, and none among words.
func TestStops(t *testing.T) {
	for text, want := range map[string]bool{
		"undo": true, "Anula.": true, "cancelar": true, "ok\nundo": true, "annulla\nok": true, "assgin marco\n\n- deshacer": true, "undo\nannuler": true, "eta domani 25:00\nundo": true,
		"ok": false, "undoo": false, "undo: lettera": false, "un\u200bdo\nok": false, "okk\nGrazie.\nundo": false, "ok\nundo la lettera": false, "> undo\nokk": false,
	} {
		if r := Parse(text, now(t)); r.Stops != want {
			t.Errorf("%q: %+v", text, r)
		}
	}
}
