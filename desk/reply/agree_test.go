package reply

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"replyby/desk/reply/courtesy"
)

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
		{"ok: grazie", "ok", "", true},
		{"ok - grazie\n\nAnna", "ok", "", true},
		{"ok — Anna", "ok", "", true},
		{"Ciao,\nok: grazie", "ok", "", true},
		{"take\nok – grazie mille", "take ok", "", true},
		{"ok: grazie\nHo visto.", "", "", true}, // and these are questions, as "ok: ho visto" is
		{"ok: Marco", "", "", true},
		{"ok Marco", "", "", true}, // a colleague, or the customer?
		{"Ok, grazie Marco!\n\nAnna", "", "", true},
		{"ok Giulio", "", "ok Giulio", true},
		{"Grazie Marco", "", "Grazie Marco", true},
		{"take\nok Marco", "take", "ok Marco", true},
		{"ok - no", "", "", true},
		{"ok: grazie\nundo", "", "", true},
		{"ok: grazie\nrefuse 3", "", "", true},
		{"note: ok grazie", "note", "", true},
		{"ok\n\n@Marco puoi controllare?", "ok", "@Marco puoi controllare?", false}, // said to him, and not to the customer
		{"ok\n\nHo visto. (@marco bianchi, guardi tu?)", "ok", "Ho visto. (@marco bianchi, guardi tu?)", false},
		{"note chiamato\n@Marco puoi controllare?", "note", "@Marco puoi controllare?", true},
		{"ok\n\nScriva a info@marco.example, o a @Marcolini.", "ok", "Scriva a info@marco.example, o a @Marcolini.", true},
	} {
		r, sure := Parse(c.text, now(t)).From("Anna Verdi", "Marco Bianchi")
		if r.Verbs() != c.commands || r.Words != c.words || sure != c.sure || (r.Doubt != nil) != (c.commands == "" && c.words == "") {
			t.Errorf("%q: %q %q %t %+v", c.text, r.Verbs(), r.Words, sure, r.Doubt)
		}
	}
	if r, _ := Parse("undo\nok grazie", now(t)).From("Anna"); !r.Stops {
		t.Error("a doubt forgets what it is to stop")
	}
}

// A sign behind an ok changes nothing but what would have been asked: with courtesies behind it that is an approval, with any other word it is none.
func TestSignsBehindOK(t *testing.T) {
	known := strings.Fields("grazie mille Anna merci gracias thanks perfetto ciao")
	rapid.Check(t, func(rt *rapid.T) {
		sign := rapid.SampledFrom([]string{": ", " - ", " – ", " — ", ":"}).Draw(rt, "sign")
		behind := rapid.SliceOfN(rapid.SampledFrom(known), 1, 3).Draw(rt, "behind")
		line := "ok" + sign + strings.Join(behind, " ")
		if r, sure := Parse(line, now(t)).From("Anna Verdi"); !sure || r.Verbs() != "ok" || r.Words != "" {
			rt.Fatalf("%q: %+v", line, r)
		}
		other := rapid.StringMatching(`[a-z]{4,12}|[0-9]{2,4}`).Filter(func(w string) bool { return courtesy.Agrees("ok "+w, "Anna Verdi") == courtesy.None }).Draw(rt, "other")
		if r, _ := Parse(line+" "+other, now(t)).From("Anna Verdi"); len(r.Commands) > 0 {
			rt.Fatalf("%q: %+v", line+" "+other, r)
		}
		if r, _ := Parse(line+"\n"+other+" "+other, now(t)).From("Anna Verdi"); r.Verbs() == "ok" {
			rt.Fatalf("%q: %+v", line+"\n"+other, r)
		}
	})
}
