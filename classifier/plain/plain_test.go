package plain

import "testing"

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"URGENTE": "urgente", "Ｕrgent": "urgent", "𝗨𝗥𝗚": "urg", "Ⓤ": "u", "più": "piu", "Ärger": "arger", "n’est": "n'est",
		"UR\u200bGENTE": "urgente", "UR\u00adGENTE": "urgente", "\u202eabc": "abc", "a\u00a0b": "a b", "a\xffb": "a\ufffdb", "Ø": "ø",
	} {
		if got := Fold(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("È URGENTE")
	f.Add("\xff\u0345\u0300")
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if len(once) > 12*len(s)+4 {
			t.Errorf("folding %d bytes gave %d", len(s), len(once))
		}
	})
}
