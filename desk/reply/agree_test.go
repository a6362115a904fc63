package reply

import "testing"

// What a writer's name and courtesies are taken for depends on the commands above them.
func TestFrom(t *testing.T) {
	for _, c := range []struct {
		text, commands, words string
		sure                  bool
	}{
		{"note chiamato\n\nAnna", "note", "", true},
		{"note chiamato\nGrazie", "note", "Grazie", true}, // a note keeps what it says
		{"note chiamato\nok grazie", "note", "ok grazie", true},
		{"posted\n\nHo risposto nel portale.\nAnna", "posted", "Ho risposto nel portale.\nAnna", true},
		{"ok\n\nAnna\nMB srl", "ok", "", true},
		{"ok\n\nAnna\n\nCi sentiamo domani.", "ok", "Anna\n\nCi sentiamo domani.", false},
		{"eta domani 17:00\nok grazie", "eta", "", true},
		{"eta domani 17:00\nva bene", "eta", "va bene", true},
		{"take\nok grazie", "take ok", "", true},
		{"Ciao,\nok grazie\nAnna", "ok", "", true},
		{"ok grazie\nCi penso io.", "", "ok grazie\nCi penso io.", true},
		{"Grazie", "", "Grazie", true},
		{"undo\nok grazie", "", "", true}, // contradict each other
		{"va bene", "", "", true},         // a question
	} {
		r, sure := Parse(c.text, now(t)).From("Anna Verdi")
		if r.Verbs() != c.commands || r.Words != c.words || sure != c.sure || (r.Doubt != nil) != (c.commands == "" && c.words == "") {
			t.Errorf("%q: %q %q %t %+v", c.text, r.Verbs(), r.Words, sure, r.Doubt)
		}
	}
	if r, _ := Parse("undo\nok grazie", now(t)).From("Anna"); !r.Stops {
		t.Error("a doubt forgets what it is to stop")
	}
}
