package desk_test

import (
	"testing"
	"time"
)

// I10: while a letter waits for its moment no mail lets its author think that nothing goes: whoever meant to stop it and said so in words, with a note or
// below the quote reads when it goes, and undo to that mail stops it.
func TestLetterStillToGo(t *testing.T) {
	for _, text := range []string{"Non inviarla ancora.", "note: aspetta", "anulla la lettera: 5", quotedBelow + "\nundo\n"} {
		cfg := agency(t)
		cfg.Hold = 5 * time.Minute
		s := play(t, cfg)
		s.requested("Carrello", request)
		s.says(anna, "ok\nCi guardo subito io.")
		s.at("15:02")
		s.says(anna, text)
		s.wantText(anna, "La lettera approvata prima parte oggi 15:05.")
		if text != "note: aspetta" {
			s.wantText(anna, "undo Ferma la lettera approvata prima")
		}
		s.at("15:03")
		s.says(anna, "undo")
		s.at("15:10").tick()
		s.post()
		s.wantLetters(0)
		s.wantText(anna, "!La lettera approvata prima")
	}
}
