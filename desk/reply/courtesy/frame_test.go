package courtesy

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFrame(t *testing.T) {
	for _, c := range []struct{ words, greeting, said, farewell string }{
		{"Buongiorno Mario,\n\nho visto.\n\nCordiali saluti,\nAnna Rossi\nMB Agenzia - tel. 055 123456", "Buongiorno Mario,", "ho visto.", "Cordiali saluti,\nAnna Rossi\nMB Agenzia - tel. 055 123456"},
		{"Gentile Sig.ra Bianchi,\nlo guardiamo noi.\nA presto", "Gentile Sig.ra Bianchi,", "lo guardiamo noi.", "A presto"},
		{"Ciao Mario!\nFatto.\n\nUn cordiale saluto\nAnna", "Ciao Mario!", "Fatto.", "Un cordiale saluto\nAnna"},
		{"Bonjour Madame Petit,\n\nc'est fait.\n\nBien à vous,\nAnna", "Bonjour Madame Petit,", "c'est fait.", "Bien à vous,\nAnna"},
		{"Hola Luis:\n\nYa está.\n\nUn saludo,\nAnna Rossi", "Hola Luis:", "Ya está.", "Un saludo,\nAnna Rossi"},
		{"Dear Bob,\nDone.\n\nAll the best,\nAnna", "Dear Bob,", "Done.", "All the best,\nAnna"},
		{"Good morning Bob\n\nDone.", "Good morning Bob", "Done.", ""},
		{"Fatto.\nGrazie e buona giornata\nA. Rossi", "", "Fatto.", "Grazie e buona giornata\nA. Rossi"},
		{"Fatto.\n\nAnna", "", "Fatto.", "Anna"},
		{"Buongiorno Mario, ho visto.\nLo guardiamo.", "Buongiorno Mario,", "ho visto.\nLo guardiamo.", ""},
		{"Ciao Mario! Fatto.", "Ciao Mario!", "Fatto.", ""},
		{"Madame, Monsieur,\nc'est fait.", "Madame, Monsieur,", "c'est fait.", ""},
		// What says something stays where it is.
		{"Good news!\nIt works.", "", "Good news!\nIt works.", ""},
		{"Salve, tutto bene? Sì.", "Salve,", "tutto bene? Sì.", ""},
		{"Buongiorno,ho visto.", "", "Buongiorno,ho visto.", ""},
		{"Hi, ", "", "Hi,", ""},
		{"Buongiorno,", "", "Buongiorno,", ""},
		{"Salve, tutto bene?\nSì.", "Salve,", "tutto bene?\nSì.", ""},
		{"Salve, ragazzi come va?\nBene.", "Salve,", "ragazzi come va?\nBene.", ""},
		{"Cari saluti a tutti voi che leggete\nla lettera", "", "Cari saluti a tutti voi che leggete\nla lettera", ""},
		{"Fatto.\n\nGrazie\nMi dica se va bene anche così, per favore.", "", "Fatto.\n\nGrazie\nMi dica se va bene anche così, per favore.", ""},
		{"Fatto.\n\nAnna Bianchi ha scritto il testo nuovo.", "", "Fatto.\n\nAnna Bianchi ha scritto il testo nuovo.", ""},
		{"Cordiali saluti\nAnna", "", "Cordiali saluti", "Anna"},
		{"", "", "", ""},
	} {
		greeting, said, farewell, _ := Frame(c.words, "Anna Rossi")
		if greeting != c.greeting || said != c.said || farewell != c.farewell {
			t.Errorf("%q: %q, %q, %q", c.words, greeting, said, farewell)
		}
	}
	for words, want := range map[string]bool{"Ok.\nSaluti\nAnna": true, "Ok.\nSaluti": false, "Ok.\nSaluti\nAR": true} {
		if _, _, _, signed := Frame(words, "Anna Rossi"); signed != want {
			t.Errorf("%q: signed %t", words, signed)
		}
	}
}

// Whatever is written, the three parts are all of it, in its order.
func TestFrameLosesNothing(t *testing.T) {
	line := rapid.SampledFrom([]string{"Buongiorno Mario,", "Ciao", "", "ho visto il guasto", "Cordiali saluti", "Anna", "Grazie", "tel. 055 123456", "Dear Bob,", "a presto", "  ", "?"})
	rapid.Check(t, func(t *rapid.T) {
		words := strings.Join(rapid.SliceOfN(line, 0, 20).Draw(t, "lines"), "\n")
		greeting, said, farewell, signed := Frame(words, "Anna Rossi")
		if got := strings.Fields(greeting + "\n" + said + "\n" + farewell); strings.Join(got, " ") != strings.Join(strings.Fields(words), " ") {
			t.Fatalf("%q: %q, %q, %q", words, greeting, said, farewell)
		}
		if greeting+farewell != "" && said == "" || signed && !strings.Contains(farewell, "Anna") {
			t.Fatalf("%q: %q, %q, %q", words, greeting, said, farewell)
		}
	})
}
