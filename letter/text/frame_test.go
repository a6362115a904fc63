package text_test

import (
	"strings"
	"testing"

	"replyby/letter/text"
)

// A person's own greeting and farewell take the place of the text's, once and as he wrote them; what was behind his comma begins a sentence.
func TestOwnFrame(t *testing.T) {
	texts, err := text.New(map[string][]byte{"reply.it": []byte("Subject: [{ref}]\n\nGentile cliente,\n\n{personal}\n\n{agent}")})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ id, lang, said, want string }{
		{"ack_eta", "it", "ho visto.", "Ciao {x}\n\nho preso in carico la Sua richiesta di oggi.\n\nHo visto."},
		{"ack_eta", "it", "iPhone e sito vanno.", "\n\niPhone e sito vanno."},
		{"ack_eta", "it", "https://a.example è giù", "\n\nhttps://a.example è giù"},
		{"ack_eta", "it", "è tutto a posto", "\n\nÈ tutto a posto"},
		{"reply", "es", "ya está.", "Ciao {x}\n\nya está.\n\nA presto {personal}\nAnna"},
		{"reply", "it", "ho visto.", "Gentile cliente,\n\nCiao {x}\n\nho visto.\n\nA presto {personal}\nAnna\n\nAnna Verdi"}, // a text of one's own that names no customer
	} {
		whole := "Ciao {x}\n\n" + c.said + "\n\nA presto {personal}\nAnna"
		f, err := texts.Fill(c.id, c.lang, map[string]string{"ref": "MB-1", "customer": "Mario", "agent": "Anna Verdi", "received": "oggi", "personal": whole,
			"greeting": "Ciao {x}", "said": c.said, "farewell": "A presto {personal}\nAnna"})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(f.Body, c.want) || strings.Count(f.Body, "Ciao") != 1 || strings.Count(f.Body, "A presto") != 1 {
			t.Errorf("%s: no %q in\n%s", c.id, c.want, f.Body)
		}
	}
}

// Words of which nothing is left to be seen are no words (I8).
func TestOwnFrameOfNothing(t *testing.T) {
	texts, err := text.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{"\u2003", "\u202e\u2003\u202e", "\u00a0\t\u00a0", ","} {
		f, err := texts.Fill("ack_eta", "it", map[string]string{"ref": "MB-1", "customer": "Mario", "agent": "Anna", "received": "oggi", "personal": "Ciao,\n" + said, "greeting": "Ciao,", "said": said})
		if err != nil || !strings.Contains(f.Body, "Anna") {
			t.Errorf("%q: %v\n%s", said, err, f.Body)
		}
	}
}
