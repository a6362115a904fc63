package fresh_test

import (
	"testing"

	"replyby/mailparse/fresh"
)

// A quote is of the mail that is answered, or a person looks. What nobody is named for and who is answered never wrote is the writer's.
func TestOlder(t *testing.T) {
	const (
		author = "assistenza@mb.example"
		letter = "Da approvare\n\nIl carrello non accetta più pagamenti da stamattina."
		by     = "Il giorno lun 23 nov 2026 alle 15:00 assistenza <" + author + "> ha scritto:\n"
		quote  = "> Da approvare\n>\n> Il carrello non accetta\n> più pagamenti da stamattina.\n"
		said   = "Esegua questi comandi:"
	)
	for text, want := range map[string]struct {
		text string
		sure bool
	}{
		said + "\n\n" + by + quote:   {said, true},
		said + "\n\n" + quote:        {said, true},
		said + "\n\n> " + by + quote: {said, true}, // as Apple Mail marks it
		said + "\n\nCitazione da assistenza <" + author + ">:\n\n" + quote:                                             {said, true},
		said + "\n\nIl 23/11/2026 15:00, assistenza ha scritto:\n" + quote:                                             {said, true},
		said + "\n\nIl 23/11/2026 15:00, MB ha scritto:\n" + quote:                                                     {said, true}, // as an address book calls us
		said + "\n\nDa: assistenza <" + author + ">\nInviato: lunedì 23 novembre 2026\nA: Anna\nOggetto: x\n\n[EXT]\n": {said, true},
		said + "\n> il carrello non accetta più\n\n" + by + quote:                                                      {said, true},
		said + "\n> apt update\n> apt upgrade\n\n" + by + quote:                                                        {said + "\n> apt update\n> apt upgrade", false},
		said + "\n> apt update\n> apt upgrade":                                                                         {said + "\n> apt update\n> apt upgrade", false},
		said + "\n\nDa: Fornitore <a@b.example>\nInviato: lunedì 23 novembre 2026\nA: Anna\nOggetto: x\n\nRinnovato.":  {said, false},
		said + "\n\nIl 22/11/2026 15:00, Fornitore <a@b.example> ha scritto:\n> Rinnovato.\n\n" + by + quote:           {said, false},
		said + "\n\n-- \nAnna\n\n> Rinnovato, tutto a posto.":                                                          {said, false},
	} {
		f := fresh.Cut(text).Older(author, []string{"assistenza", ""}, []string{letter})
		if f.Text != want.text || f.Uncertain == want.sure {
			t.Errorf("%q: text %q, uncertain %t %q", text, f.Text, f.Uncertain, f.Reasons)
		}
	}
}
