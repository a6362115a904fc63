package desk_test

import (
	"strings"
	"testing"
)

// Where help is asked for beside other things it comes beside their answer.
func TestHelpBesideOtherCommands(t *testing.T) {
	for said, want := range map[string]string{
		"undo\nhelp":                  "il registro dei pagamenti",
		"help\nnote: in attesa":       "in attesa",
		"help\nstatus":                "SCADENZE",
		"help\nnext 2026-11-25 16:00": "SCADENZE",
		"help":                        "",
	} {
		s := held(t)
		s.requested("Carrello", request)
		s.says(anna, "ok\n"+words)
		before := len(s.letters(anna))
		s.at("15:01").says(anna, said)
		got := s.letters(anna)[before:]
		helps, answers := 0, 0
		for _, l := range got {
			if strings.Contains(l.Text, "absent until") {
				helps++
			} else if want != "" && strings.Contains(l.Text, want) {
				answers++
			}
		}
		if wanted := map[bool]int{true: 1}[want != ""]; helps != 1 || answers != wanted || len(got) != 1+wanted {
			t.Errorf("%q: %d mails, %d with help, %d with %q", said, len(got), helps, answers, want)
		}
		s.checkFold()
	}
}

// Help names each command in the reader's language too, and every name it gives is understood.
func TestHelpNamesInTheReadersLanguage(t *testing.T) {
	for language, want := range map[string][]string{
		"it": {"In italiano: previsione.", "In italiano: guasto, domanda, prevendita, urgente, normale.", "In italiano: chiudi, riapri."},
		"es": {"En español: previsión.", "En español: asigna."}, "fr": {"En français : résolu.", "En français : fermer, rouvrir."}, "en": {"!In English"},
	} {
		cfg := agency(t)
		cfg.Staff[0].Language = language
		s := play(t, cfg)
		s.requested("Carrello", request)
		s.says(anna, "help")
		for _, w := range want {
			s.wantText(anna, w)
		}
	}
}
