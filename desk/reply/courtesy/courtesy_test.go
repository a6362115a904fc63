package courtesy

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"replyby/desk/reply/plain"
)

func TestAgrees(t *testing.T) {
	for line, want := range map[string]Agreement{
		"ok grazie": Plain, "Sì, invia pure!": Plain, "vale, envíalo": Plain, "OK merci !": Plain, "send it, please": Plain, "per me ok": Plain, "ok Anna": Plain, "**ok grazie**": Plain,
		"va bene": Vague, "D’accordo": Vague, "👍🏽": Vague, "C'est bon": Vague, "Oui": Vague, "ok grazie 👎": Vague,
		"": None, "grazie": None, "ok?": None, "ok ma": None, "non ok": None, "ok Marco": None, "send me": None, "ok 2": None, "o\u200bk grazie": None, "\u202eeizarg ko": None,
		"o\u0336k\u0336 grazie": None, "ok all": None, "ok grazie " + strings.Repeat("mille ", 40): None,
	} {
		if got := Agrees(line, "Anna Verdi"); got != want {
			t.Errorf("%q: %d, want %d", line, got, want)
		}
	}
}

func TestSignsOff(t *testing.T) {
	if got := Agrees("ok no", "Kim No"); got != None {
		t.Errorf("a name that says no agrees: %d", got)
	}
	for words, want := range map[string][2]bool{
		"": {true, false}, "Grazie": {true, false}, "Grazie,\n\nAnna": {true, true}, "A. Verdi": {true, true}, "Anna Verdi – MB srl": {true, true},
		"Anna\nMB srl\n\nwww.mb.example": {true, true}, "Dott.ssa Anna Verdi": {true, true}, "Sig.ra Verdi\nMB srl": {true, true}, "Anna\nServizio Assistenza Clienti": {true, true},
		"Anna\n\nMB srl\n\nA presto": {false, true}, "Anna\nMi scuso per il ritardo": {false, true}, "Anna\nPS chiami lo 02 1234567": {false, true},
		"Anna\nPuò chiamare lo 02 1234567?": {false, true}, "Anna ha scritto": {false, false}, "Grazie della pazienza": {false, false}, "Marco": {false, false},
		"Anna\n" + strings.Repeat("MB srl\n", 20): {false, true},
	} {
		if wholly, named := SignsOff(words, "Anna Verdi"); wholly != want[0] || named != want[1] {
			t.Errorf("%q: %t %t, want %t", words, wholly, named, want)
		}
	}
}

func TestOpened(t *testing.T) {
	for words, want := range map[string]string{
		"Ciao,\n\nok grazie\nAnna": "ok grazie\nAnna", "Buongiorno, grazie!\nok": "ok", "ok\nCiao": "ok\nCiao", "👍": "👍", "\n\n👍": "👍", "Grazie": "", "": "", "Ciao Mario,\nok": "Ciao Mario,\nok",
	} {
		if got := Opened(words); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}

// Of words that are known a line agrees; one word more, whatever it is, and it does not. Every word is on one list and as it is compared.
func TestOneWordMore(t *testing.T) {
	seen := map[string]bool{}
	for _, list := range []string{sends, agrees, beside, leaves} {
		here := map[string]bool{}
		for w := range strings.FieldsSeq(list) {
			if got := plain.Fold(w); got != w {
				t.Errorf("%q is compared as %q", w, got)
			}
			if seen[w] && !here[w] && (list == sends || list == agrees) {
				t.Errorf("%q agrees and does not", w)
			}
			seen[w], here[w] = true, true
		}
	}
	for _, no := range strings.Fields("non no not don't ne pas pero ma but mais se if cuando quando dopo later despues apres aspetta wait espera attends domani tomorrow manana demain tranne salvo except sauf senza sin sans without all tutti todos tous") {
		if seen[no] {
			t.Errorf("%q agrees to nothing", no)
		}
	}
	words := strings.Fields(sends + agrees + beside + leaves)
	rapid.Check(t, func(rt *rapid.T) {
		line := rapid.SliceOfN(rapid.SampledFrom(words), 1, 6).Draw(rt, "line")
		other := rapid.StringMatching(`[a-z]{2,12}|[0-9]{1,4}`).Filter(func(w string) bool { return !seen[w] && !names(w, "Anna Verdi") }).Draw(rt, "other")
		at := rapid.IntRange(0, len(line)).Draw(rt, "at")
		more := strings.Join(line[:at], " ") + " " + other + " " + strings.Join(line[at:], " ")
		if Agrees(more, "Anna Verdi") != None {
			rt.Fatalf("%q agrees", more)
		}
	})
}

func FuzzSignsOff(f *testing.F) {
	for _, s := range []string{"Grazie\nAnna", "Anna\nMB srl\n\nwww.mb.example", "\x00\xff", "[image: x]\n👍"} {
		f.Add(s, "Anna Verdi")
	}
	f.Fuzz(func(t *testing.T, s, writer string) {
		wholly, named := SignsOff(s, writer)
		if again, _ := SignsOff("\n"+s, writer); again != wholly {
			t.Errorf("%q: a blank line above changes it", s)
		}
		if how := Agrees(s, writer); how != None && strings.Contains(s, "?") {
			t.Errorf("%q is a question", s)
		}
		if wholly && named && strings.TrimSpace(writer) == "" {
			t.Errorf("%q: named without a name", s)
		}
	})
}
